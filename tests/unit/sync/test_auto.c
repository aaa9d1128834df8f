/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much of a plan goes by itself, by what it comes to. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/sync/push.h"
#include "tests.h"

#define ACT(act, type, currency, count, total) \
	"{\"act\":\"" act "\",\"type\":\"" type "\",\"currency\":\"" currency "\",\"count\":" count ",\"total\":" total ",\"tax\":0.00}"
#define HEAD(acts) "{\"acts\":[" acts "],\"causes\":[],\"effects\":[],\"same\":0,\"writes\":0}"

static void set(struct policies *policies, enum policy policy, const char *value)
{
	assert_true(policy_check(policy, value, NULL));
	snprintf(policies->values[policy], POLICY_VALUE_MAX, "%s", value);
}

static void expect(const struct policies *policies, const char *head, int64_t goes, int64_t waits, const char *why)
{
	struct push_auto found;

	push_auto(head, policies, &found);
	if (found.goes != goes || found.waits != waits || !strstr(found.why, why) || (*why == '\0') != (*found.why == '\0'))
		fail_msg("%s: %lld go, %lld wait: %s", head, (long long)found.goes, (long long)found.waits, found.why);
}

static void its_kind_may_wait(void **state)
{
	struct policies policies;
	static const char head[] = HEAD(ACT("create", "customer", "", "2", "0.00") "," ACT("create", "invoice", "USD", "5", "50.00") ","
					ACT("link", "invoice", "USD", "1", "9.00") "," ACT("void", "invoice", "USD", "3", "7.00") ","
					ACT("blocked", "bill", "USD", "4", "1.00") "," ACT("update", "customer", "", "1", "0.00"));

	(void)state;
	policies_init(&policies);
	expect(&policies, head, 7, 5, "what is made void is applied by a person (policy auto-void)");
	set(&policies, POLICY_AUTO_VOID, "go");
	expect(&policies, head, 10, 2, "a new customer is applied by a person (policy auto-new)");
	set(&policies, POLICY_AUTO_NEW, "go");
	expect(&policies, head, 12, 0, "");
	expect(&policies, HEAD(""), 0, 0, "");
	expect(&policies, "{}", 0, 0, "");
}

static void its_size_may_wait(void **state)
{
	struct policies policies;
	static const char head[] = HEAD(ACT("create", "invoice", "USD", "5", "50.00") "," ACT("create", "bill", "USD", "2", "50.01") ","
					ACT("create", "invoice", "EUR", "3", "99.99") "," ACT("link", "invoice", "USD", "9", "9999.00"));

	(void)state;
	policies_init(&policies);
	expect(&policies, head, 19, 0, "");
	/* What is linked is not written. */
	set(&policies, POLICY_AUTO_COUNT, "10");
	expect(&policies, head, 19, 0, "");
	set(&policies, POLICY_AUTO_COUNT, "9");
	expect(&policies, head, 0, 19, "10 writes are more than go by themselves (policy auto-count 9)");
	set(&policies, POLICY_AUTO_COUNT, "");
	set(&policies, POLICY_AUTO_AMOUNT, "100.01");
	expect(&policies, head, 19, 0, "");
	set(&policies, POLICY_AUTO_AMOUNT, "100");
	expect(&policies, head, 0, 19, "100.01 USD is more than goes by itself (policy auto-amount 100)");
	/* The default lets a hundred go at once. */
	policies_init(&policies);
	expect(&policies, HEAD(ACT("update", "invoice", "USD", "100", "1.00")), 100, 0, "");
	expect(&policies, HEAD(ACT("update", "invoice", "USD", "101", "1.00")), 0, 101, "101 writes");
}

int test_auto(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(its_kind_may_wait),
		cmocka_unit_test(its_size_may_wait),
	};

	return cmocka_run_group_tests_name("auto", tests, NULL, NULL);
}
