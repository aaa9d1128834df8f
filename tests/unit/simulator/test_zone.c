/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Pacific coast's clock, at the hours where it jumps above all. */
#include "quickbooks/zone.h"

#include <string.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/memory.h"

#include "test_simulator.h"

static int64_t utc(const char *text)
{
	int64_t ms;
	bool has_offset;

	assert_true(stamp_parse(text, strlen(text), &ms, &has_offset));
	return ms;
}

static void test_offsets(void **state)
{
	static const struct {
		const char *utc;
		int hours;
	} cases[] = {
		{ "2026-01-31T12:00:00Z", -8 },
		{ "2026-07-01T00:00:00Z", -7 },
		/* 2026-03-08, 02:00 */
		{ "2026-03-08T09:59:59Z", -8 },
		{ "2026-03-08T10:00:00Z", -7 },
		/* 2026-11-01, 02:00 summer time */
		{ "2026-11-01T08:59:59Z", -7 },
		{ "2026-11-01T09:00:00Z", -8 },
		/* years whose March or November begins on a Sunday */
		{ "2020-03-08T09:59:59Z", -8 },
		{ "2020-03-08T10:00:00Z", -7 },
		{ "2020-11-01T09:00:00Z", -8 },
		{ "2015-03-08T10:00:00Z", -7 },
		{ "2015-11-01T08:59:59Z", -7 },
		{ "2015-11-01T09:00:00Z", -8 },
		{ "2028-03-12T09:59:59Z", -8 },
		{ "2028-03-12T10:00:00Z", -7 },
		{ "2028-11-05T09:00:00Z", -8 },
		/* the turn of the year in UTC, not yet on the coast */
		{ "2026-01-01T07:59:59Z", -8 },
		{ "2025-12-31T23:59:59Z", -8 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (zone_pacific_offset_s(utc(cases[i].utc)) != cases[i].hours * 3600)
			fail_msg("%s: expected %d hours", cases[i].utc, cases[i].hours);
}

static void test_stamps(void **state)
{
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);

	(void)state;
	zone_add_stamp(&out, utc("2026-01-31T20:00:00.045Z"), true);
	str_add_char(&out, ' ');
	zone_add_stamp(&out, utc("2026-07-04T06:59:59.999Z"), false);
	assert_string_equal(out.text, "2026-01-31T12:00:00.045-08:00 2026-07-03T23:59:59-07:00");
}

static void test_parse(void **state)
{
	static const struct {
		const char *text;
		bool pacific;
		const char *utc;
	} cases[] = {
		{ "2026-01-31T12:00:00-08:00", true, "2026-01-31T20:00:00Z" },
		{ "2026-01-31T12:00:00Z", true, "2026-01-31T12:00:00Z" },
		{ "2026-01-31T12:00:00", true, "2026-01-31T20:00:00Z" },
		{ "2026-01-31T12:00:00", false, "2026-01-31T12:00:00Z" },
		{ "2026-07-31", true, "2026-07-31T07:00:00Z" },
		{ "2026-07-31", false, "2026-07-31T00:00:00Z" },
		{ "2026-03-08T01:59:59", true, "2026-03-08T09:59:59Z" },
		{ "2026-03-08T03:00:00", true, "2026-03-08T10:00:00Z" },
		{ "2026-03-08T02:30:00", true, "2026-03-08T10:30:00Z" }, /* does not exist */
		{ "2026-11-01T00:59:59", true, "2026-11-01T07:59:59Z" },
		{ "2026-11-01T02:00:00", true, "2026-11-01T10:00:00Z" },
	};
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		if (!zone_parse_stamp(cases[i].text, strlen(cases[i].text), cases[i].pacific, &ms))
			fail_msg("'%s' was refused", cases[i].text);
		if (ms != utc(cases[i].utc))
			fail_msg("'%s' is not %s but %lld ms from it", cases[i].text, cases[i].utc,
				 (long long)(ms - utc(cases[i].utc)));
	}
	assert_false(zone_parse_stamp("yesterday", 9, true, &ms));
	assert_false(zone_parse_stamp("2026-02-30T12:00:00Z", 20, true, &ms));
}

int test_zone(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_offsets),
		cmocka_unit_test(test_stamps),
		cmocka_unit_test(test_parse),
	};

	return cmocka_run_group_tests_name("zone", tests, NULL, NULL);
}
