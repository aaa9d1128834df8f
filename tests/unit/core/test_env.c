/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The real world: clocks that run forwards, bytes that differ, settings that come and go. */
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/env.h"

#include "tests.h"

static void wall_is_this_century(void **state)
{
	struct env env = env_real();
	struct calendar today = date_calendar(date_of_ms(env.wall_ms(env.ctx), 0));

	(void)state;
	assert_in_range(today.year, 2025, 2100);
}

static void ticks_never_go_back(void **state)
{
	struct env env = env_real();
	int64_t first = env.ticks_ms(env.ctx), before = first;

	(void)state;
	/* Ends as soon as the clock has moved, so it is milliseconds, not seconds. */
	while (before - first < 3) {
		int64_t now = env.ticks_ms(env.ctx);

		assert_true(now >= before);
		assert_true(now - before < 60000);
		before = now;
	}
}

static void random_fills_exactly(void **state)
{
	static unsigned char first[5000], second[5000];
	struct env env = env_real();
	size_t equal = 0;

	(void)state;
	env.random(env.ctx, first + 1, sizeof(first) - 2);
	env.random(env.ctx, second + 1, sizeof(second) - 2);
	assert_int_equal(first[0] | first[sizeof(first) - 1], 0);
	/* One in 256 is equal by chance, about 20; a hundred never. */
	for (size_t i = 1; i < sizeof(first) - 1; i++)
		equal += first[i] == second[i];
	assert_true(equal < 100);
	env.random(env.ctx, first, 0);
	assert_int_equal(first[0], 0);
}

static void variable_comes_and_goes(void **state)
{
	static const char name[] = "LEDGERDECK__TEST__VARIABLE";

	(void)state;
	unsetenv(name);
	assert_null(env_variable(name));
	setenv(name, "", 1);
	assert_string_equal(env_variable(name), "");
	setenv(name, "harbor", 1);
	assert_string_equal(env_variable(name), "harbor");
	unsetenv(name);
	assert_null(env_variable(name));
}

int test_env(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wall_is_this_century),
		cmocka_unit_test(ticks_never_go_back),
		cmocka_unit_test(random_fills_exactly),
		cmocka_unit_test(variable_comes_and_goes),
	};

	return cmocka_run_group_tests_name("env", tests, NULL, NULL);
}
