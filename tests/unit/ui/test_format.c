/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers and times in few letters. */
#include "ui/format.h"

#include <stdlib.h>
#include <time.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/memory.h"
#include "tests.h"

#define NOW INT64_C(1790000000000) /* 2026-09-21 14:13:20 UTC */

static void times(void **state)
{
	char text[FORMAT_MAX];

	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	assert_string_equal(format_clock(0, NOW, text), "-");
	assert_string_equal(format_clock(INT64_MAX, NOW, text), "-");
	assert_string_equal(format_clock(NOW - 3600000, NOW, text), "13:13");
	assert_string_equal(format_clock(NOW - DAY_MS, NOW, text), "20 Sep");
	assert_string_equal(format_clock(NOW + 120 * DAY_MS, NOW, text), "19 Jan");
	assert_string_equal(format_clock(NOW - 900 * DAY_MS, NOW, text), "2024");
	assert_string_equal(format_stamp(NOW, text), "2026-09-21 14:13:20");
	assert_string_equal(format_took(-1, text), "-");
	assert_string_equal(format_took(1290, text), "1.2 s");
	assert_string_equal(format_took(123000, text), "2:03");
	assert_string_equal(format_took(3723000, text), "1:02:03");
	assert_string_equal(format_left(-1, text), "ended");
	assert_string_equal(format_left(90 * DAY_MS + 5, text), "90 d");
	assert_string_equal(format_left(DAY_MS, text), "24 h");
	assert_string_equal(format_left(600000, text), "10 min");
}

static void numbers(void **state)
{
	static const struct {
		int64_t value;
		const char *count, *bytes;
	} cases[] = {
		{ 0, "0", "0 B" },
		{ 999, "999", "999 B" },
		{ 1000, "1,000", "1.0 kB" },
		{ 20480, "20,480", "20.4 kB" },
		{ 1234567, "1,234,567", "1.2 MB" },
		{ INT64_MAX, "9,223,372,036,854,775,807", "9223372.0 TB" },
	};
	char text[FORMAT_MAX];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_string_equal(format_count(cases[i].value, text), cases[i].count);
		assert_string_equal(format_bytes(cases[i].value, text), cases[i].bytes);
	}
	assert_string_equal(format_count(-1234, text), "-1,234");
	assert_string_equal(format_count(-123, text), "-123");
}

int test_format(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times),
		cmocka_unit_test(numbers),
	};

	return cmocka_run_group_tests_name("format", tests, NULL, NULL);
}
