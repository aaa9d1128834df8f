/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Windows: what is one, and when it opens. */
#include "tests.h"

#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/policy.h"
#include "ledgerdeck/model/window.h"

enum { SUN, MON, TUE, WED, THU, FRI, SAT };
#define AT(hours, minutes) ((hours) * 60 + (minutes))

static void test_words(void **state)
{
	static const char *const bad[] = { "", "22:00", "22-05", "22:00-", "22:00-5:00", "24:00-05:00", "22:60-05:00", "25:00-05:00", "22:00-24:01",
					   "22:00-22:00", "00:00-24:00", "22:00-05:00 ", " 22:00-05:00", "Mon", "Mon 22:00", "Mon-Fri22:00-05:00",
					   "Mon-22:00-05:00", "Mon,22:00-05:00", "Mo 22:00-05:00", "Monday 22:00-05:00", "22:00-05:00 Mon", "22:00-05:00 CET" };
	struct window window = { .from = 7 };
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (window_parse(bad[i], &window) || window.from != 7)
			fail_msg("'%s' was taken for a window", bad[i]);
	assert_true(window_parse("22:00-05:00", &window));
	assert_true(window.days == 0x7f && window.from == AT(22, 0) && window.to == AT(5, 0));
	assert_true(window_parse("08:30-24:00", &window));
	assert_int_equal(window.to, AT(24, 0));
	assert_true(window_parse("mon-Wed,Sat  22:00-05:00", &window));
	assert_int_equal(window.days, 1u << MON | 1u << TUE | 1u << WED | 1u << SAT);
	assert_true(window_parse("Fri-Mon 01:00-02:00", &window));
	assert_int_equal(window.days, 1u << FRI | 1u << SAT | 1u << SUN | 1u << MON);
	assert_true(policy_check(POLICY_WINDOW, "", NULL));
	assert_true(policy_check(POLICY_WINDOW, "Mon,Tue,Wed,Thu,Fri,Sat,Sun 22:00-05:00", NULL));
	assert_false(policy_check(POLICY_WINDOW, "at night", &err));
	assert_non_null(strstr(err.text, "window takes hours such as 22:00-05:00"));
}

static void expect(const char *text, int weekday, int minute, int opens_in)
{
	struct window window;
	int found;

	assert_true(window_parse(text, &window));
	found = window_opens_in(&window, weekday, minute);
	if (found != opens_in)
		fail_msg("%s on day %d at %02d:%02d: in %d minutes, not %d", text, weekday, minute / 60, minute % 60, found, opens_in);
}

static void test_open(void **state)
{
	(void)state;
	expect("08:00-17:00", WED, AT(7, 59), 1);
	expect("08:00-17:00", WED, AT(8, 0), 0);
	expect("08:00-17:00", WED, AT(16, 59), 0);
	expect("08:00-17:00", WED, AT(17, 0), AT(15, 0));
	expect("22:00-05:00", WED, AT(21, 0), 60);
	expect("22:00-05:00", WED, AT(22, 0), 0);
	expect("22:00-05:00", WED, AT(0, 0), 0);
	expect("22:00-05:00", WED, AT(4, 59), 0);
	expect("22:00-05:00", WED, AT(5, 0), AT(17, 0));
	expect("22:00-24:00", WED, AT(23, 59), 0);
	expect("22:00-24:00", WED, AT(0, 0), AT(22, 0));
	/* The night from Friday is Friday's. */
	expect("Mon-Fri 22:00-05:00", FRI, AT(23, 0), 0);
	expect("Mon-Fri 22:00-05:00", SAT, AT(4, 0), 0);
	expect("Mon-Fri 22:00-05:00", SAT, AT(5, 0), AT(48 + 17, 0));
	expect("Mon-Fri 22:00-05:00", SUN, AT(4, 0), AT(24 + 18, 0));
	expect("Mon-Fri 22:00-05:00", MON, AT(4, 0), AT(18, 0));
	/* Once a week, just missed. */
	expect("Sun 10:00-11:00", SUN, AT(11, 0), AT(7 * 24 - 1, 0));
	expect("Sun 10:00-11:00", SUN, AT(9, 0), 60);
}

int test_window(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_open),
	};

	return cmocka_run_group_tests_name("window", tests, NULL, NULL);
}
