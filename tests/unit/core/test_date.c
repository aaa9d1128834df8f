/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Dates against a calendar that is counted up day by day, and instants against texts that are
 * known to be right.
 */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/random.h"

#include "tests.h"

static int days_in(int year, int month)
{
	if (month == 2)
		return (year % 4 == 0) - (year % 100 == 0) + (year % 400 == 0) + 28;
	return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

static void check_day(int year, int month, int day, int32_t number, int weekday)
{
	struct date date = date_of(year, month, day), parsed = { 0 };
	struct calendar calendar = date_calendar(date);
	char expected[40], text[DATE_TEXT_MAX];

	snprintf(expected, sizeof(expected), "%04d-%02d-%02d", year, month, day);
	if (date.day != number || date_weekday(date) != weekday)
		fail_msg("%s: got day %d of the week %d, expected %d and %d", expected, date.day,
			 date_weekday(date), number, weekday);
	if (calendar.year != year || calendar.month != month || calendar.day != day)
		fail_msg("%s: got %d-%d-%d back", expected, calendar.year, calendar.month,
			 calendar.day);
	if (date_format(date, text) != text || strcmp(text, expected) != 0)
		fail_msg("%s: written as %s", expected, text);
	if (!date_parse(text, 10, &parsed) || parsed.day != number)
		fail_msg("%s: read as %d, expected %d", expected, parsed.day, number);
}

/* 0001-01-01 is 719162 days before 1970-01-01 and a Monday. */
static void every_day_of_9999_years(void **state)
{
	int32_t number = -719162;
	int weekday = 1;

	(void)state;
	for (int year = 1; year <= 9999; year++) {
		for (int month = 1; month <= 12; month++) {
			int days = days_in(year, month);

			if (date_month_days(year, month) != days)
				fail_msg("%d-%d: %d days, expected %d", year, month,
					 date_month_days(year, month), days);
			for (int day = 1; day <= days; day++) {
				check_day(year, month, day, number, weekday);
				number++;
				weekday = (weekday + 1) % 7;
			}
		}
	}
	assert_int_equal(number, date_of(10000, 1, 1).day);
}

static void known_days(void **state)
{
	(void)state;
	assert_int_equal(date_of(1970, 1, 1).day, 0);
	assert_int_equal(date_of(1969, 12, 31).day, -1);
	assert_int_equal(date_of(2000, 2, 29).day, 11016);
	assert_int_equal(date_of(2026, 1, 31).day, 20484);
	assert_int_equal(date_weekday(date_of(2026, 1, 31)), 6);
	assert_int_equal(date_month_days(1900, 2), 28);
	assert_int_equal(date_month_days(2000, 2), 29);
	assert_int_equal(date_month_days(2026, 0), 0);
	assert_int_equal(date_month_days(2026, 13), 0);
}

static void days_run_over(void **state)
{
	(void)state;
	for (int year = 1999; year <= 2005; year++) {
		for (int month = 1; month <= 12; month++) {
			for (int day = -800; day <= 800; day++)
				assert_int_equal(date_of(year, month, day).day,
						 date_of(year, month, 1).day + day - 1);
		}
	}
	assert_int_equal(date_of(2026, 13, 1).day, date_of(2027, 1, 1).day);
	assert_int_equal(date_of(2026, 25, 31).day, date_of(2028, 1, 31).day);
	assert_int_equal(date_of(2026, 0, 1).day, date_of(2025, 12, 1).day);
	assert_int_equal(date_of(2026, -11, 1).day, date_of(2025, 1, 1).day);
}

static void bad_dates_are_refused(void **state)
{
	static const char *const bad[] = {
		"", "2026", "2026-01", "2026-01-3", "2026-1-31", "26-01-31", "2026-01-31 ",
		" 2026-01-31", "2026-01-32", "2026-02-29", "2026-02-30", "1900-02-29", "2026-13-01",
		"2026-00-10", "2026-01-00", "0000-01-01", "2026/01/31", "2026-01/31", "20260131",
		"-026-01-31", "+026-01-31", "2026-01-31T", "2026-0a-31", "2026-01- 1", "2026--1-01",
		"2026-04-31", "2026-06-31", "2026-09-31", "2026-11-31", "02026-01-31",
	};
	struct date date = { .day = 4711 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		if (date_parse(bad[i], strlen(bad[i]), &date))
			fail_msg("'%s' was read", bad[i]);
	}
	assert_false(date_parse("2026-01-31", 9, &date));
	assert_false(date_parse(NULL, 0, &date));
	assert_int_equal(date.day, 4711);
}

struct stamp_row {
	const char *text;
	int64_t ms;
	bool has_offset;
};

static const struct stamp_row stamp_rows[] = {
	{ "1970-01-01", 0, false },
	{ "2026-01-31", INT64_C(1769817600000), false },
	{ "2026-01-31T00:00:00", INT64_C(1769817600000), false },
	{ "2026-01-31T12:00:00Z", INT64_C(1769860800000), true },
	{ "2026-01-31T12:00:00+00:00", INT64_C(1769860800000), true },
	{ "2026-01-31T12:00:00-00:00", INT64_C(1769860800000), true },
	{ "2026-01-31T12:00:00-08:00", INT64_C(1769889600000), true },
	{ "2026-01-31T12:00:00-0800", INT64_C(1769889600000), true },
	{ "2026-01-31T12:00:00+05:30", INT64_C(1769841000000), true },
	{ "2026-01-31T12:00:00+0530", INT64_C(1769841000000), true },
	{ "2026-01-31T12:00:00.5", INT64_C(1769860800500), false },
	{ "2026-01-31T12:00:00.05", INT64_C(1769860800050), false },
	{ "2026-01-31T12:00:00.123Z", INT64_C(1769860800123), true },
	{ "2026-01-31T12:00:00.1239999999999999999999Z", INT64_C(1769860800123), true },
	{ "2026-01-31T12:00:00.000000-01:00", INT64_C(1769864400000), true },
	{ "2026-01-31T23:59:59.999", INT64_C(1769903999999), false },
	{ "1969-12-31T23:59:59.999Z", -1, true },
	{ "1970-01-01T00:00:00+23:59", INT64_C(-86340000), true },
	{ "0001-01-01T00:00:00Z", INT64_C(-62135596800000), true },
	{ "9999-12-31T23:59:59.999Z", INT64_C(253402300799999), true },
};

static void stamps_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(stamp_rows); i++) {
		const struct stamp_row *row = &stamp_rows[i];
		bool has_offset = !row->has_offset;
		int64_t ms = 0;

		if (!stamp_parse(row->text, strlen(row->text), &ms, &has_offset))
			fail_msg("'%s' was refused", row->text);
		if (ms != row->ms || has_offset != row->has_offset)
			fail_msg("'%s' is %lld, expected %lld", row->text, (long long)ms,
				 (long long)row->ms);
	}
}

static void bad_stamps_are_refused(void **state)
{
	static const char *const bad[] = {
		"", "2026-02-30T12:00:00Z", "2026-01-31T", "2026-01-31Z", "2026-01-31T12",
		"2026-01-31T12:00", "2026-01-31T12:00Z", "2026-01-31T24:00:00Z",
		"2026-01-31T12:60:00Z", "2026-01-31T12:00:60Z", "2026-01-31T12:00:00.Z",
		"2026-01-31T12:00:00.", "2026-01-31T12:00:00z", "2026-01-31T12:00:00ZZ",
		"2026-01-31T12:00:00+", "2026-01-31T12:00:00+1", "2026-01-31T12:00:00+08",
		"2026-01-31T12:00:00+08:", "2026-01-31T12:00:00+08:0", "2026-01-31T12:00:00+08:60",
		"2026-01-31T12:00:00+24:00", "2026-01-31T12:00:00+08:000",
		"2026-01-31T12:00:00 +08:00", "2026-01-31T12:00:00 ", "2026-01-31T1:00:00",
		"2026-01-31T12:0:00", "2026-01-31T-1:00:00", "2026-01-31T12.00.00",
		"2026-01-31T12:00:00.1.2", "2026-01-31T12:00:00,5", "2026-01-31TT12:00:00",
	};
	bool has_offset = true;
	int64_t ms = 4711;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		if (stamp_parse(bad[i], strlen(bad[i]), &ms, &has_offset))
			fail_msg("'%s' was read", bad[i]);
	}
	assert_false(stamp_parse(NULL, 0, &ms, &has_offset));
	assert_true(ms == 4711);
	assert_true(has_offset);
}

/* What is no stamp with a byte less must not be read past its end either. */
static void stamps_end_where_they_end(void **state)
{
	static const char text[] = "2026-01-31T12:00:00.250-08:00";
	int64_t ms;
	bool has_offset;

	(void)state;
	for (size_t len = 0; len <= strlen(text); len++) {
		AUTO(memory_freep) char *exact = memory_resize(NULL, len);
		/* Alone, with a time, each digit of the fraction, and the whole. */
		bool whole = len == 10 || len == 19 || (len >= 21 && len <= 23) || len == 29;

		memcpy(exact, text, len);
		assert_int_equal(stamp_parse(exact, len, &ms, &has_offset), whole);
	}
}

static void stamps_are_written(void **state)
{
	static const struct {
		int64_t ms;
		int offset_s;
		bool with_ms;
		const char *text;
	} rows[] = {
		{ 0, 0, false, "1970-01-01T00:00:00+00:00" },
		{ 0, 0, true, "1970-01-01T00:00:00.000+00:00" },
		{ -1, 0, true, "1969-12-31T23:59:59.999+00:00" },
		{ -1, 0, false, "1969-12-31T23:59:59+00:00" },
		{ INT64_C(1769889600000), -28800, false, "2026-01-31T12:00:00-08:00" },
		{ INT64_C(1769889600007), -28800, true, "2026-01-31T12:00:00.007-08:00" },
		{ INT64_C(1769841000000), 19800, false, "2026-01-31T12:00:00+05:30" },
		{ INT64_C(1769817600000), -1800, false, "2026-01-30T23:30:00-00:30" },
		{ INT64_C(1769903999999), 1800, true, "2026-02-01T00:29:59.999+00:30" },
	};
	char text[STAMP_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_string_equal(stamp_format(rows[i].ms, rows[i].offset_s, rows[i].with_ms,
						 text), rows[i].text);
}

static void stamps_name_files(void **state)
{
	char text[STAMP_TEXT_MAX];

	(void)state;
	assert_string_equal(stamp_format_name(0, text), "19700101T000000Z");
	assert_string_equal(stamp_format_name(INT64_C(1790000000999), text), "20260921T141320Z");
}

static void stamps_come_back(void **state)
{
	char text[STAMP_TEXT_MAX];
	struct random random;

	(void)state;
	random_seed(&random, 20260131);
	for (int i = 0; i < 100000; i++) {
		int64_t ms = (int64_t)random_below(&random, UINT64_C(315000000000000)) -
			     INT64_C(62000000000000);
		int offset_s = ((int)random_below(&random, 2879) - 1439) * 60;
		int64_t local_ms = ms + (int64_t)offset_s * 1000, read_ms = 0;
		bool has_offset = false;
		struct date date;

		stamp_format(ms, offset_s, true, text);
		assert_int_equal(strlen(text), 29);
		assert_true(stamp_parse(text, 29, &read_ms, &has_offset));
		assert_true(read_ms == ms && has_offset);
		stamp_format(ms, offset_s, false, text);
		assert_true(stamp_parse(text, strlen(text), &read_ms, &has_offset));
		assert_true(read_ms <= ms && read_ms > ms - 1000 && read_ms % 1000 == 0);
		date = date_of_ms(ms, offset_s);
		assert_true(date.day * DAY_MS <= local_ms && local_ms < (date.day + 1) * DAY_MS);
	}
}

/* ---- Central European time ---- */

static int64_t instant(const char *text)
{
	bool has_offset;
	int64_t ms;

	assert_true(stamp_parse(text, strlen(text), &ms, &has_offset));
	return ms;
}

static void summer_begins_and_ends_as_the_directive_says(void **state)
{
	static const struct {
		const char *utc, *local; /* and back; NULL: that local time means another instant */
		bool back;
	} rows[] = {
		{ "2026-01-15T12:00:00Z", "2026-01-15T13:00:00", true },
		{ "2026-07-15T12:00:00Z", "2026-07-15T14:00:00", true },
		{ "2025-12-31T23:30:00Z", "2026-01-01T00:30:00", true },
		{ "2026-03-29T00:59:59Z", "2026-03-29T01:59:59", true },
		{ "2026-03-29T01:00:00Z", "2026-03-29T03:00:00", true },
		{ "2026-10-25T00:59:59Z", "2026-10-25T02:59:59", true },
		{ "2026-10-25T01:00:00Z", "2026-10-25T02:00:00", false }, /* for the second time */
		{ "2026-10-25T01:59:59Z", "2026-10-25T02:59:59", false },
		{ "2026-10-25T02:00:00Z", "2026-10-25T03:00:00", true },
		{ "2024-03-31T01:00:00Z", "2024-03-31T03:00:00", true }, /* the 31st is a Sunday */
		{ "2027-10-31T00:59:59Z", "2027-10-31T02:59:59", true },
		{ "2027-10-31T02:00:00Z", "2027-10-31T03:00:00", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int64_t utc = instant(rows[i].utc), local = instant(rows[i].local);

		if (utc + central_european_offset_s(utc) * INT64_C(1000) != local)
			fail_msg("%s is not %s there", rows[i].utc, rows[i].local);
		if ((central_european_to_utc(local) == utc) != rows[i].back)
			fail_msg("%s there", rows[i].local);
	}
	/* The hour that March leaves out. */
	assert_int_equal(central_european_to_utc(instant("2026-03-29T02:30:00")), instant("2026-03-29T01:30:00Z"));
}

static void http_writes_its_own(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} cases[] = {
		{ "Sun, 06 Nov 1994 08:49:37 GMT", INT64_C(784111777000) },  { "Sunday, 06-Nov-94 08:49:37 GMT", INT64_C(784111777000) },
		{ "Sun Nov  6 08:49:37 1994", INT64_C(784111777000) },	     { "Sun Nov 16 08:49:37 1994", INT64_C(784975777000) },
		{ "Thu, 01 Jan 1970 00:00:00 GMT", 0 },			     { "Wednesday, 31-Dec-69 23:59:59 GMT", INT64_C(3155759999000) },
		{ "Thursday, 01-Jan-70 00:00:00 GMT", 0 },		     { "Tue, 29 Feb 2028 23:59:59 UTC", INT64_C(1835481599000) },
		{ "Tue, 29 Feb 2028 23:59:59 +0000", INT64_C(1835481599000) },
	};
	static const char *const bad[] = {
		"", "Sun", "Sun,", "Sun, ", "Sun, 06", "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 94 08:49:37 GMT", "Sun, 06-Nov-1994 08:49:37 GMT",
		"Sun, 06 nov 1994 08:49:37 GMT", "Sun, 06 November 1994 08:49:37 GMT", "Sun, 06 ovD 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Nov 1994 08:49:37 +0100",
		"Sun, 06 Nov 1994 08:49:37GMT", "Sun, 29 Feb 2026 08:49:37 GMT", "Sun, 00 Nov 1994 08:49:37 GMT", "Sun Nov 6 08:49:37 1994",
		"Sun Nov  6 08:49:37 1994 GMT", "Sun, 06-Nov 1994 08:49:37 GMT", "784111777", "1994-11-06T08:49:37Z", " Sun, 06 Nov 1994 08:49:37 GMT",
		"Sun, 06 Nov 1994 08:49:37 GMT ", "Sunnnnnnnnnnnnnnnnday, 06 Nov 1994 08:49:37 GMT",
	};
	int64_t ms = 4711;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (stamp_parse_http(bad[i], strlen(bad[i]), &ms))
			fail_msg("'%s' was read", bad[i]);
	assert_true(ms == 4711);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (!stamp_parse_http(cases[i].text, strlen(cases[i].text), &ms) || ms != cases[i].ms)
			fail_msg("'%s' is %lld, expected %lld", cases[i].text, (long long)ms, (long long)cases[i].ms);
		/* Its end is where it is said to be. */
		for (size_t len = 0; len < strlen(cases[i].text); len++)
			assert_false(stamp_parse_http(cases[i].text, len, &ms));
	}
}

int test_date(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_day_of_9999_years),
		cmocka_unit_test(known_days),
		cmocka_unit_test(days_run_over),
		cmocka_unit_test(bad_dates_are_refused),
		cmocka_unit_test(stamps_are_read),
		cmocka_unit_test(bad_stamps_are_refused),
		cmocka_unit_test(stamps_end_where_they_end),
		cmocka_unit_test(stamps_are_written),
		cmocka_unit_test(stamps_name_files),
		cmocka_unit_test(stamps_come_back),
		cmocka_unit_test(http_writes_its_own),
		cmocka_unit_test(summer_begins_and_ends_as_the_directive_says),
	};

	return cmocka_run_group_tests_name("date", tests, NULL, NULL);
}
