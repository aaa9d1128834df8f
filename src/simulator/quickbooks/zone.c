/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The clock of the US Pacific coast, by rule and without the machine's zone files: the rule of
 * 2007 holds for all years, which is exact for every time that the simulated books can hold.
 */
#include "quickbooks/zone.h"

#include "ledgerdeck/core/date.h"

#define STANDARD_S (-8 * 3600)
#define SUMMER_S (-7 * 3600)

/* The n-th Sunday of a month. */
static struct date nth_sunday(int year, int month, int n)
{
	struct date first = date_of(year, month, 1);

	return date_of(year, month, 1 + (7 - date_weekday(first)) % 7 + 7 * (n - 1));
}

int zone_pacific_offset_s(int64_t ms)
{
	int year = date_calendar(date_of_ms(ms, STANDARD_S)).year;
	/* Summer time begins at two o'clock standard time and ends at two o'clock summer time. */
	int64_t begin_ms =
		nth_sunday(year, 3, 2).day * DAY_MS + (2 * 3600 - STANDARD_S) * INT64_C(1000);
	int64_t end_ms =
		nth_sunday(year, 11, 1).day * DAY_MS + (2 * 3600 - SUMMER_S) * INT64_C(1000);

	return ms >= begin_ms && ms < end_ms ? SUMMER_S : STANDARD_S;
}

bool zone_parse_stamp(const char *text, size_t len, bool pacific, int64_t *ret_ms)
{
	bool has_offset;
	int64_t ms;

	if (!stamp_parse(text, len, &ms, &has_offset))
		return false;
	if (!has_offset && pacific) {
		/* `ms` is the wall clock as if in UTC. What spring leaves out is an hour later. */
		int64_t guess_ms = ms - STANDARD_S * INT64_C(1000);

		ms -= zone_pacific_offset_s(ms - zone_pacific_offset_s(guess_ms) * INT64_C(1000)) *
		      INT64_C(1000);
	}
	*ret_ms = ms;
	return true;
}

void zone_add_stamp(struct str *out, int64_t ms, bool with_ms)
{
	char text[STAMP_TEXT_MAX];

	str_add(out, stamp_format(ms, zone_pacific_offset_s(ms), with_ms, text));
}
