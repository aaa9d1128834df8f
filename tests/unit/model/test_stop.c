/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stop rules: what is one, and when it is met. */
#include "tests.h"

#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/policy.h"
#include "ledgerdeck/model/stop.h"

static void test_words(void **state)
{
	static const char *const bad[] = { "", " ", "never 5", "never never x", "0", "-1", "1.5", "5 6", "0%", "101%", "25% 30%", "%", "often", "untold,5",
					   "99999999999" };
	struct stop_rule rule = { .errors = 7 };
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (stop_parse(bad[i], &rule) || rule.errors != 7)
			fail_msg("'%s' was taken for a rule", bad[i]);
	assert_true(stop_parse(" untold  5 25%", &rule));
	assert_true(rule.untold && !rule.uncertain && rule.errors == 5 && rule.percent == 25);
	assert_true(stop_parse("uncertain 1", &rule));
	assert_true(!rule.untold && rule.uncertain && rule.errors == 1 && rule.percent == 0);
	assert_true(stop_parse("never", &rule));
	assert_true(!rule.untold && !rule.uncertain && rule.errors == 0 && rule.percent == 0);
	assert_false(policy_check(POLICY_STOP, "sometimes", &err));
	assert_non_null(strstr(err.text, "stop takes untold, uncertain, a number of errors such as 5"));
}

static void expect(const char *text, struct stop_seen seen, const char *why)
{
	struct stop_rule rule;
	char said[STOP_WHY_MAX] = "";

	assert_true(stop_parse(text, &rule));
	if (stop_is_met(&rule, &seen, said) != (*why != '\0') || !strstr(said, why))
		fail_msg("%s: '%s', not '%s'", text, said, why);
}

static void test_met(void **state)
{
	struct policies policies;

	(void)state;
	expect("never", (struct stop_seen){ 5, 5, 500, 500 }, "");
	expect("untold", (struct stop_seen){ .uncertain = 3, .errors = 40, .answered = 40 }, "");
	expect("untold", (struct stop_seen){ .untold = 1, .errors = 1, .answered = 90 }, "could not be told (policy stop: untold)");
	expect("uncertain", (struct stop_seen){ .uncertain = 1 }, "is not known (policy stop: uncertain)");
	expect("uncertain", (struct stop_seen){ .errors = 9, .answered = 9 }, "");
	expect("1", (struct stop_seen){ .answered = 1000 }, "");
	expect("1", (struct stop_seen){ .errors = 1, .answered = 1000 }, "1 write has gone wrong (policy stop: 1)");
	expect("3", (struct stop_seen){ .errors = 2, .answered = 2 }, "");
	expect("3", (struct stop_seen){ .errors = 4, .answered = 9 }, "4 writes have gone wrong (policy stop: 3)");
	/* All of nine is few; a quarter of forty is much. */
	expect("25%", (struct stop_seen){ .errors = 9, .answered = 9 }, "");
	expect("25%", (struct stop_seen){ .errors = 10, .answered = 41 }, "");
	expect("25%", (struct stop_seen){ .errors = 10, .answered = 40 }, "10 of 40 writes have gone wrong (policy stop: 25%)");
	/* A ledger that refuses a few, and whose answers are lost now and then, wakes nobody. */
	policies_init(&policies);
	expect(policies.values[POLICY_STOP], (struct stop_seen){ .uncertain = 30, .errors = 200, .answered = 1000 }, "");
}

int test_stop(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_met),
	};

	return cmocka_run_group_tests_name("stop", tests, NULL, NULL);
}
