/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Central European time by the rule that holds since 1996: summer time from the last Sunday of
 * March to that of October, each at one o'clock UTC.
 */
#include "xledger/zone.h"

#include <string.h>

#define STANDARD_S 3600
#define SUMMER_S 7200
#define SHORT_LEN 19 /* "2026-01-31T12:00:00" */

/* One o'clock UTC on the last Sunday of a month of 31 days. */
static int64_t change_ms(int year, int month)
{
	struct date last = date_of(year, month, 31);

	return (last.day - date_weekday(last)) * DAY_MS + INT64_C(3600000);
}

int central_offset_s(int64_t ms)
{
	int year = date_calendar(date_of_ms(ms, STANDARD_S)).year;

	return ms >= change_ms(year, 3) && ms < change_ms(year, 10) ? SUMMER_S : STANDARD_S;
}

char *central_format(int64_t ms, char *out)
{
	char text[STAMP_TEXT_MAX];

	stamp_format(ms, central_offset_s(ms), false, text);
	memcpy(out, text, SHORT_LEN);
	out[SHORT_LEN] = '\0';
	return out;
}

bool central_parse(const char *text, size_t len, int64_t *ret_ms)
{
	bool has_offset;
	int64_t ms;

	if (!stamp_parse(text, len, &ms, &has_offset))
		return false;
	if (!has_offset) {
		/* What spring leaves out is an hour later; what autumn has twice is the second. */
		int64_t guess_ms = ms - STANDARD_S * INT64_C(1000);

		ms -= central_offset_s(guess_ms) * INT64_C(1000);
	}
	*ret_ms = ms;
	return true;
}

struct date central_today(int64_t ms)
{
	return date_of_ms(ms, central_offset_s(ms));
}
