/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Windows, read and looked at. */
#include "ledgerdeck/model/window.h"

#include <string.h>
#include <strings.h>

#define DAY 1440 /* minutes */
#define ALL_DAYS 0x7f

static int digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : -100;
}

/* "22:00"; a negative number where it is no time. */
static int take_time(const char *text)
{
	int hours, minutes;

	if (strlen(text) < 5 || text[2] != ':')
		return -1;
	hours = digit(text[0]) * 10 + digit(text[1]);
	minutes = digit(text[3]) * 10 + digit(text[4]);
	if (hours < 0 || minutes < 0 || minutes > 59 || hours * 60 + minutes > DAY)
		return -1;
	return hours * 60 + minutes;
}

/* "Mon"; a negative number where it is no day. */
static int take_day(const char *text)
{
	static const char names[] = "SunMonTueWedThuFriSat";

	for (int day = 0; day < 7; day++)
		if (strncasecmp(text, names + (size_t)day * 3, 3) == 0)
			return day;
	return -1;
}

/* "Mon-Fri,Sun" and the blanks behind it. */
static bool take_days(const char **text, unsigned *ret_days)
{
	const char *at = *text;

	*ret_days = 0;
	for (;;) {
		int from = take_day(at), to = from;

		if (from < 0)
			return false;
		at += 3;
		if (*at == '-') {
			to = take_day(at + 1);
			if (to < 0)
				return false;
			at += 4;
		}
		for (int day = from;; day = (day + 1) % 7) {
			*ret_days |= 1u << day;
			if (day == to)
				break;
		}
		if (*at != ',')
			break;
		at++;
	}
	*text = at + strspn(at, " ");
	return *at == ' ';
}

bool window_parse(const char *text, struct window *ret_window)
{
	struct window window = { .days = ALL_DAYS };

	if (digit(*text) < 0 && !take_days(&text, &window.days))
		return false;
	window.from = take_time(text);
	if (window.from < 0 || window.from == DAY || strlen(text) != 11 || text[5] != '-')
		return false;
	window.to = take_time(text + 6);
	/* What is always open needs no window. */
	if (window.to < 0 || window.to == window.from || window.to % DAY == window.from)
		return false;
	*ret_window = window;
	return true;
}

int window_opens_in(const struct window *window, int weekday, int minute)
{
	bool over = window->to <= window->from;

	if ((window->days & 1u << weekday) && minute >= window->from && (over || minute < window->to))
		return 0;
	if (over && (window->days & 1u << (weekday + 6) % 7) && minute < window->to)
		return 0;
	for (int days = 0; days < 7; days++)
		if ((window->days & 1u << (weekday + days) % 7) && days * DAY + window->from > minute)
			return days * DAY + window->from - minute;
	return 7 * DAY + window->from - minute;
}
