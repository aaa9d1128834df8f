/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bars: lowest for nothing, higher with more digits, never wider than what they count. */
#include "ui/spark.h"

#include "ledgerdeck/core/memory.h"
#include "tests.h"

static void expect(const char *bars, const char *signs, const int64_t *values, size_t count)
{
	AUTO(str_clear) struct str utf8 = STR_INIT(400);
	AUTO(str_clear) struct str ascii = STR_INIT(400);

	spark_add(&utf8, values, count, false);
	spark_add(&ascii, values, count, true);
	assert_string_equal(utf8.text, bars);
	assert_string_equal(ascii.text, signs);
}

static void bars(void **state)
{
	static const int64_t quiet[] = { 0, 0, 1, 0 };
	static const int64_t few[] = { 1, 3, 7, 15, 31, 63, 127 };
	static const int64_t much[] = { 1000000, 10, 0, SPARK_FAILED, 1000 };
	static const int64_t most[] = { INT64_MAX, 1, 0 };

	(void)state;
	expect("", "", quiet, 0);
	/* One record among none is no tower. */
	expect("▁▁▂▁", "__._", quiet, ARRAY_LEN(quiet));
	expect("▂▃▄▅▆▇█", ".:-=+*#", few, ARRAY_LEN(few));
	expect("█▃▁x▅", "#:_x=", much, ARRAY_LEN(much));
	expect("█▂▁", "#._", most, ARRAY_LEN(most));
}

int test_spark(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bars),
	};

	return cmocka_run_group_tests_name("spark", tests, NULL, NULL);
}
