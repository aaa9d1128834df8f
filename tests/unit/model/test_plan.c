/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of plans, writes and policies: each comes back as what it was, and what a person can answer is known. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/plan.h"
#include "ledgerdeck/model/policy.h"

#include "tests.h"

static void words_come_back(void **state)
{
	enum plan_act act;
	enum plan_reason reason;
	enum intent_state intent;

	(void)state;
	for (int i = 0; i < PLAN_ACT_COUNT; i++)
		assert_true(plan_act_parse(plan_act_word((enum plan_act)i), &act) && act == (enum plan_act)i);
	for (int i = 0; i < REASON_COUNT; i++)
		assert_true(plan_reason_parse(plan_reason_word((enum plan_reason)i), &reason) && reason == (enum plan_reason)i);
	for (int i = 0; i < INTENT_STATE_COUNT; i++)
		assert_true(intent_state_parse(intent_state_word((enum intent_state)i), &intent) && intent == (enum intent_state)i);
	assert_false(plan_act_parse("creat", &act));
	assert_false(plan_reason_parse("", &reason));
	assert_false(intent_state_parse("sent", &intent));
}

/* No line both writes and waits; what is open is not a person's; signs are told apart. */
static void kinds_do_not_overlap(void **state)
{
	char signs[PLAN_ACT_COUNT + 1] = "";

	(void)state;
	for (int i = 0; i < PLAN_ACT_COUNT; i++) {
		assert_false(plan_act_writes((enum plan_act)i) && plan_act_waits((enum plan_act)i));
		assert_null(strchr(signs, plan_act_sign((enum plan_act)i)));
		signs[i] = plan_act_sign((enum plan_act)i);
	}
	for (int i = 0; i < INTENT_STATE_COUNT; i++) {
		assert_false(intent_is_open((enum intent_state)i) && intent_needs_person((enum intent_state)i));
		assert_int_equal(intent_is_owed((enum intent_state)i),
				 intent_is_open((enum intent_state)i) || intent_needs_person((enum intent_state)i));
	}
	assert_false(intent_is_owed(INTENT_CONFIRMED) || intent_is_owed(INTENT_CANCELLED) || intent_is_owed(INTENT_SUPERSEDED));
}

/* Whatever a policy can ask has an answer: one that goes on, and one that ends it. */
static void what_is_asked_can_be_answered(void **state)
{
	static const enum plan_reason asked[] = { REASON_DUPLICATE, REASON_CONFLICT, REASON_GONE, REASON_APPROVAL, REASON_CLOSED, REASON_TAX };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(asked); i++)
		if (!strchr(plan_reason_decisions(asked[i]), ' '))
			fail_msg("%s has the decisions '%s'", plan_reason_word(asked[i]), plan_reason_decisions(asked[i]));
	assert_string_equal(plan_reason_decisions(REASON_UNMAPPED), "");
}

static bool takes(const char *name, const char *value)
{
	enum policy policy;
	struct error err = { 0 };

	assert_true(policy_find(name, &policy, &err));
	return policy_check(policy, value, &err);
}

static void policies_take_what_they_say(void **state)
{
	enum policy policy;
	struct error err = { 0 };
	struct policies usual;

	(void)state;
	policies_init(&usual);
	for (int i = 0; i < POLICY_COUNT; i++) {
		assert_true(policy_find(policy_row((enum policy)i)->name, &policy, &err) && policy == (enum policy)i);
		if (!policy_check((enum policy)i, usual.values[i], &err))
			fail_msg("%s", err.text);
	}
	assert_true(takes("tax-variance", "ask") && takes("confirm", "always") && takes("go-live", "") && takes("go-live", "2026-02-28"));
	assert_true(takes("debounce", "off") && takes("debounce", "5m") && takes("approve-amount", "1000.50") && takes("approve-amount", ""));
	assert_true(takes("tolerance", "0") && takes("tolerance", "") && takes("tolerance", "0.05 JPY=5") && takes("tolerance", "EUR=1  0.2 "));
	assert_false(takes("tolerance", "x") || takes("tolerance", "-1") || takes("tolerance", "jpy=5") || takes("tolerance", "JPY="));
	assert_false(takes("tax-variance", "as") || takes("tax-variance", "accept block") || takes("tax-variance", ""));
	assert_false(takes("go-live", "2026-02-30") || takes("debounce", "soon") || takes("approve-count", "-1") || takes("approve-count", "many"));
	assert_false(policy_find("tax-varience", &policy, &err));
	assert_non_null(strstr(err.text, "tax-variance"));
}

int test_plan(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_come_back),
		cmocka_unit_test(kinds_do_not_overlap),
		cmocka_unit_test(what_is_asked_can_be_answered),
		cmocka_unit_test(policies_take_what_they_say),
	};

	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
