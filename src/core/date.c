/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Dates and instants in the Gregorian calendar, counted and written. No time zone rules: an
 * offset is what somebody says it is, and the clock is env.c's.
 */
#include "ledgerdeck/core/date.h"

#include <stdio.h>
#include <string.h>

#define ERA_DAYS 146097 /* the days of 400 years */
#define ERA_SHIFT 719468 /* from 0000-03-01 to 1970-01-01 */
#define OFFSET_HOURS_MAX 23

static int64_t floor_divide(int64_t value, int64_t by)
{
	int64_t quotient = value / by;

	return value % by < 0 ? quotient - 1 : quotient;
}

static bool is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int date_month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	if (month < 1 || month > 12)
		return 0;
	return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/*
 * Years are counted from March, so that the leap day is the last of its year and the months
 * before it follow one rule: 153 days in five months. Months may run over the year's end too.
 */
struct date date_of(int year, int month, int day)
{
	int64_t months = (int64_t)year * 12 + month - 3;
	int64_t march_year = floor_divide(months, 12);
	int64_t march_month = months - march_year * 12;
	int64_t era = floor_divide(march_year, 400);
	int64_t year_of_era = march_year - era * 400;
	int64_t day_of_year = (153 * march_month + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return (struct date){ .day = (int32_t)(era * ERA_DAYS + day_of_era - ERA_SHIFT) };
}

struct calendar date_calendar(struct date date)
{
	int64_t shifted = (int64_t)date.day + ERA_SHIFT;
	int64_t era = floor_divide(shifted, ERA_DAYS);
	int64_t day_of_era = shifted - era * ERA_DAYS;
	int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
			       day_of_era / 146096) / 365;
	int64_t day_of_year = day_of_era -
			      (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t march_month = (5 * day_of_year + 2) / 153;
	bool is_next_year = march_month >= 10;

	return (struct calendar){
		.year = (int)(year_of_era + era * 400 + (is_next_year ? 1 : 0)),
		.month = (int)(is_next_year ? march_month - 9 : march_month + 3),
		.day = (int)(day_of_year - (153 * march_month + 2) / 5 + 1),
	};
}

/* 1970-01-01 was a Thursday. */
int date_weekday(struct date date)
{
	int64_t day = (int64_t)date.day + 4;

	return (int)(day - floor_divide(day, 7) * 7);
}

struct date date_of_ms(int64_t ms, int offset_s)
{
	int64_t day = floor_divide(ms, DAY_MS);

	/* Apart, so that even the greatest instants don't overflow. */
	day += floor_divide(ms - day * DAY_MS + (int64_t)offset_s * 1000, DAY_MS);
	return (struct date){ .day = (int32_t)day };
}

/* ---- Central European time ---- */

#define HOUR_MS INT64_C(3600000)

/* 01:00 UTC on the last Sunday of a month with 31 days. */
static int64_t last_sunday_ms(int year, int month)
{
	struct date last = date_of(year, month, 31);

	return (int64_t)(last.day - date_weekday(last)) * DAY_MS + HOUR_MS;
}

int central_european_offset_s(int64_t utc_ms)
{
	int year = date_calendar(date_of_ms(utc_ms, 0)).year;

	return utc_ms >= last_sunday_ms(year, 3) && utc_ms < last_sunday_ms(year, 10) ? 7200 : 3600;
}

int64_t central_european_to_utc(int64_t local_ms)
{
	int64_t summer_ms = local_ms - 2 * HOUR_MS;

	return central_european_offset_s(summer_ms) == 7200 ? summer_ms : local_ms - HOUR_MS;
}

/* A place in a text that is being read. */
struct reader {
	const char *at, *end;
};

/* Exactly `count` digits; stays where it is if they aren't there. */
static bool read_digits(struct reader *from, int count, int *ret_value)
{
	int value = 0;

	if (from->end - from->at < count)
		return false;
	for (int i = 0; i < count; i++) {
		char c = from->at[i];

		if (c < '0' || c > '9')
			return false;
		value = value * 10 + (c - '0');
	}
	from->at += count;
	*ret_value = value;
	return true;
}

static bool read_char(struct reader *from, char c)
{
	if (from->at == from->end || *from->at != c)
		return false;
	from->at++;
	return true;
}

static bool read_date(struct reader *from, struct date *ret_date)
{
	int year, month, day;

	if (!read_digits(from, 4, &year) || !read_char(from, '-') ||
	    !read_digits(from, 2, &month) || !read_char(from, '-') ||
	    !read_digits(from, 2, &day))
		return false;
	if (year < 1 || day < 1 || day > date_month_days(year, month))
		return false;
	*ret_date = date_of(year, month, day);
	return true;
}

/* "12:00:00" and an optional fraction, of which milliseconds are kept. */
static bool read_time(struct reader *from, int64_t *ret_ms)
{
	int hour, minute, second, worth = 100;
	int64_t ms;

	if (!read_digits(from, 2, &hour) || !read_char(from, ':') ||
	    !read_digits(from, 2, &minute) || !read_char(from, ':') ||
	    !read_digits(from, 2, &second))
		return false;
	if (hour > 23 || minute > 59 || second > 59)
		return false;
	ms = ((int64_t)hour * 3600 + minute * 60 + second) * 1000;
	if (read_char(from, '.')) {
		int digit;

		if (!read_digits(from, 1, &digit))
			return false;
		do {
			ms += digit * worth;
			worth /= 10;
		} while (read_digits(from, 1, &digit));
	}
	*ret_ms = ms;
	return true;
}

/* "Z", "+hh:mm", "+hhmm" or nothing. */
static bool read_offset(struct reader *from, int64_t *ret_ms, bool *ret_has_offset)
{
	int sign = 1, hours, minutes;

	*ret_ms = 0;
	*ret_has_offset = from->at < from->end;
	if (!*ret_has_offset || read_char(from, 'Z'))
		return true;
	if (read_char(from, '-'))
		sign = -1;
	else if (!read_char(from, '+'))
		return false;
	if (!read_digits(from, 2, &hours))
		return false;
	read_char(from, ':');
	if (!read_digits(from, 2, &minutes) || hours > OFFSET_HOURS_MAX || minutes > 59)
		return false;
	*ret_ms = (int64_t)sign * (hours * 60 + minutes) * 60000;
	return true;
}

bool date_parse(const char *text, size_t len, struct date *ret_date)
{
	struct reader from = { text, len ? text + len : text };
	struct date date;

	if (!read_date(&from, &date) || from.at != from.end)
		return false;
	*ret_date = date;
	return true;
}

bool stamp_parse(const char *text, size_t len, int64_t *ret_ms, bool *ret_has_offset)
{
	struct reader from = { text, len ? text + len : text };
	int64_t time_ms = 0, offset_ms = 0;
	bool has_offset = false;
	struct date date;

	if (!read_date(&from, &date))
		return false;
	if (from.at < from.end) {
		if (!read_char(&from, 'T') || !read_time(&from, &time_ms) ||
		    !read_offset(&from, &offset_ms, &has_offset))
			return false;
	}
	if (from.at != from.end)
		return false;
	*ret_ms = date.day * DAY_MS + time_ms - offset_ms;
	*ret_has_offset = has_offset;
	return true;
}

/* The last `count` digits of `value`, which is not below zero; returns the place behind them. */
static char *write_digits(char *out, int64_t value, int count)
{
	for (int i = count - 1; i >= 0; i--) {
		out[i] = (char)('0' + value % 10);
		value /= 10;
	}
	return out + count;
}

static char *write_date(char *out, struct date date)
{
	struct calendar calendar = date_calendar(date);

	/* Years that the contract leaves out are written wrong, but inside `out`. */
	out = write_digits(out, calendar.year < 0 ? 0 : calendar.year, 4);
	*out++ = '-';
	out = write_digits(out, calendar.month, 2);
	*out++ = '-';
	return write_digits(out, calendar.day, 2);
}

char *date_format(struct date date, char *out)
{
	*write_date(out, date) = '\0';
	return out;
}

char *stamp_format(int64_t ms, int offset_s, bool with_ms, char *out)
{
	struct date date = date_of_ms(ms, offset_s);
	int64_t time_ms = ms + (int64_t)offset_s * 1000 - date.day * DAY_MS;
	int offset_minutes = (offset_s < 0 ? -offset_s : offset_s) / 60;
	char *at = write_date(out, date);

	*at++ = 'T';
	at = write_digits(at, time_ms / 3600000, 2);
	*at++ = ':';
	at = write_digits(at, time_ms / 60000 % 60, 2);
	*at++ = ':';
	at = write_digits(at, time_ms / 1000 % 60, 2);
	if (with_ms) {
		*at++ = '.';
		at = write_digits(at, time_ms % 1000, 3);
	}
	*at++ = offset_s < 0 ? '-' : '+';
	at = write_digits(at, offset_minutes / 60, 2);
	*at++ = ':';
	*write_digits(at, offset_minutes % 60, 2) = '\0';
	return out;
}

bool duration_parse(const char *text, size_t len, int64_t *ret_s)
{
	static const char units[] = "smhdw";
	static const int64_t unit_s[] = { 1, 60, 3600, 86400, 7 * 86400 };
	size_t digits = 0;
	const char *unit;
	int64_t count = 0;

	while (digits < len && digits < 9 && text[digits] >= '0' && text[digits] <= '9')
		count = 10 * count + text[digits++] - '0';
	if (digits == 0 || digits == 9 || len != digits + 1 || text[digits] == '\0')
		return false;
	unit = strchr(units, text[digits]);
	if (!unit)
		return false;
	*ret_s = count * unit_s[unit - units];
	return true;
}

char *stamp_format_name(int64_t ms, char *out)
{
	char text[STAMP_TEXT_MAX], *at = out;

	stamp_format(ms, 0, false, text);
	for (const char *from = text; *from != '+'; from++)
		if (*from != '-' && *from != ':')
			*at++ = *from;
	*at++ = 'Z';
	*at = '\0';
	return out;
}

/* ---- as HTTP writes it */

static bool read_word(struct reader *from, char *out, size_t size)
{
	size_t len = 0;

	while (from->at < from->end && ((*from->at >= 'A' && *from->at <= 'Z') || (*from->at >= 'a' && *from->at <= 'z')) && len + 1 < size)
		out[len++] = *from->at++;
	out[len] = '\0';
	return len > 0;
}

/* "Nov" is 11. */
static bool read_month(struct reader *from, int *ret_month)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char word[12];

	if (!read_word(from, word, sizeof(word)) || strlen(word) != 3)
		return false;
	for (int month = 0; month < 12; month++)
		if (memcmp(months + 3 * month, word, 3) == 0) {
			*ret_month = month + 1;
			return true;
		}
	return false;
}

/* "06", and where the older form has a blank before it, " 6". */
static bool read_day(struct reader *from, int *ret_day)
{
	return read_digits(from, read_char(from, ' ') ? 1 : 2, ret_day);
}

/* " GMT": it is always that, under whatever name. */
static bool read_zone(struct reader *from)
{
	char word[8];

	if (!read_char(from, ' '))
		return false;
	if (read_char(from, '+')) {
		int none;

		return read_digits(from, 4, &none) && none == 0;
	}
	return read_word(from, word, sizeof(word)) && (strcmp(word, "GMT") == 0 || strcmp(word, "UTC") == 0);
}

char *stamp_format_http(int64_t ms, char *out)
{
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char *const names[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	struct date date = date_of_ms(ms, 0);
	struct calendar day = date_calendar(date);
	int second = (int)((ms - (int64_t)date.day * DAY_MS) / 1000);

	snprintf(out, STAMP_TEXT_MAX, "%s, %02u %s %04u %02u:%02u:%02u GMT", days[date_weekday(date)], (unsigned)day.day % 100,
		 names[day.month - 1], (unsigned)day.year % 10000, (unsigned)second / 3600 % 100, (unsigned)second / 60 % 60, (unsigned)second % 60);
	return out;
}

bool stamp_parse_http(const char *text, size_t len, int64_t *ret_ms)
{
	struct reader from = { text, len ? text + len : text };
	int year = 0, month = 0, day = 0;
	int64_t time_ms = 0;
	bool good, dashes;
	char weekday[12];

	if (!read_word(&from, weekday, sizeof(weekday)))
		return false;
	if (read_char(&from, ',')) {
		good = read_char(&from, ' ') && read_digits(&from, 2, &day);
		dashes = read_char(&from, '-');
		good = good && (dashes || read_char(&from, ' ')) && read_month(&from, &month) && read_char(&from, dashes ? '-' : ' ') &&
		       read_digits(&from, dashes ? 2 : 4, &year) && read_char(&from, ' ') && read_time(&from, &time_ms) && read_zone(&from);
		if (dashes)
			year += year < 70 ? 2000 : 1900;
	} else {
		good = read_char(&from, ' ') && read_month(&from, &month) && read_char(&from, ' ') && read_day(&from, &day) &&
		       read_char(&from, ' ') && read_time(&from, &time_ms) && read_char(&from, ' ') && read_digits(&from, 4, &year);
	}
	if (!good || from.at != from.end || year < 1 || day < 1 || day > date_month_days(year, month))
		return false;
	*ret_ms = date_of(year, month, day).day * DAY_MS + time_ms;
	return true;
}
