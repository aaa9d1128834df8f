/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Policies: what is shown, what is told before one is changed, and that it can be taken back. */
#include "tests.h"

#include <stdio.h>
#include <string.h>

static void open_policies(struct stage *stage, bool readonly, struct account *ret_account)
{
	struct plan plan;

	stage_open(stage, false);
	stage->app.readonly = readonly;
	stage_books(stage, ret_account);
	stage_rule(stage, ret_account->id, TARGET_ITEM, "DESIGN", "12", "Services:Design");
	stage_plan(stage, ret_account->id, &plan);
	stage_deck(stage, 43, 132, TEXT_SAFE);
	deck_paint(&stage->deck, &stage->deck.canvas);
	stage_keys(stage, "9");
}

static void expect_policy(struct stage *stage, const char *account_id, enum policy policy, const char *value)
{
	struct policies policies;
	struct error err = { 0 };

	assert_true(policies_get(stage->store, account_id, &policies, &err));
	assert_string_equal(policies.values[policy], value);
}

static void expect_all(struct stage *stage, bool there)
{
	char count[40];

	snprintf(count, sizeof(count), "%d policies", POLICY_COUNT);
	(there ? stage_expect : stage_expect_not)(stage, count);
}

/* Each choice says what it does and what a plan would come to; saved it counts at once, and is taken back with one key. */
static void test_choice(void **state)
{
	struct stage stage;
	struct account account;

	(void)state;
	open_policies(&stage, false, &account);
	expect_all(&stage, true);
	stage_expect(&stage, "policies, 0 not as usual");
	stage_keys(&stage, "/ 'direction' Enter Enter");
	stage_expect(&stage, "It is so now.");
	stage_keys(&stage, "Enter");
	stage_expect(&stage, "It is so already.");
	stage_keys(&stage, "G");
	stage_expect_cursor(&stage, "pull");
	stage_expect(&stage, "A plan would come to 9 skip; as it is now, to 4 create, 4 blocked, 1 decide.");
	expect_policy(&stage, account.id, POLICY_DIRECTION, "push");
	stage_keys(&stage, "Enter");
	expect_policy(&stage, account.id, POLICY_DIRECTION, "pull");
	stage_expect(&stage, "direction is pull now; u undoes it.");
	stage_expect(&stage, "> direction        pull                 push");
	stage_keys(&stage, "u");
	expect_policy(&stage, account.id, POLICY_DIRECTION, "push");
	stage_keys(&stage, "C-r");
	expect_policy(&stage, account.id, POLICY_DIRECTION, "pull");
	stage_close(&stage);
}

/* A choice with a text of one's own asks for it; what the policy can't have is said and not saved. */
static void test_choice_with_text(void **state)
{
	struct stage stage;
	struct account account;

	(void)state;
	open_policies(&stage, false, &account);
	stage_keys(&stage, "/ 'numbering' Enter Enter G");
	stage_expect_cursor(&stage, "prefix=AC-");
	stage_expect(&stage, "your document's number behind a text of the account's own");
	stage_keys(&stage, "Enter");
	stage_keys(&stage, "'A B'");
	stage_expect(&stage, "numbering prefix=A B");
	stage_keys(&stage, "Enter");
	stage_expect(&stage, "numbering is one of: keep ledger prefix=AC-.");
	expect_policy(&stage, account.id, POLICY_NUMBERING, "keep");
	stage_keys(&stage, "Enter 'UK/' Enter");
	expect_policy(&stage, account.id, POLICY_NUMBERING, "prefix=UK/");
	stage_expect(&stage, "numbering is prefix=UK/ now; u undoes it.");
	stage_keys(&stage, "u");
	expect_policy(&stage, account.id, POLICY_NUMBERING, "keep");
	stage_close(&stage);
}

/* A typed value is checked with each key; a wrong one is not saved. */
static void test_typed(void **state)
{
	struct stage stage;
	struct account account;

	(void)state;
	open_policies(&stage, false, &account);
	stage_keys(&stage, "/ 'go-live' Enter Enter '2026-02-3'");
	stage_expect(&stage, "go-live takes a day such as 2026-01-31, or nothing.");
	stage_keys(&stage, "Enter");
	expect_policy(&stage, account.id, POLICY_GO_LIVE, "");
	stage_keys(&stage, "1");
	stage_expect(&stage, "go-live takes a day");
	stage_keys(&stage, "C-u '2027-02-28'");
	stage_expect(&stage, "A plan would come to ");
	stage_keys(&stage, "Enter");
	expect_policy(&stage, account.id, POLICY_GO_LIVE, "2027-02-28");
	stage_expect(&stage, "go-live is 2027-02-28 now; u undoes it.");
	stage_keys(&stage, "Enter C-u Enter");
	expect_policy(&stage, account.id, POLICY_GO_LIVE, "");
	stage_keys(&stage, "u");
	expect_policy(&stage, account.id, POLICY_GO_LIVE, "2027-02-28");
	/* What no plan depends on. */
	stage_keys(&stage, "/ C-u 'approve-count' Enter Enter C-u '12'");
	stage_expect(&stage, "It changes nothing that a plan holds");
	stage_close(&stage);
}

/* It is reached by its command, too, of any account; without leave to change it only shows. */
static void test_ways(void **state)
{
	struct stage stage;
	struct account account;

	(void)state;
	open_policies(&stage, true, &account);
	stage_keys(&stage, "j Enter j Enter");
	stage_expect(&stage, "--readonly forbids it");
	expect_policy(&stage, account.id, POLICY_DUPLICATE, "ask");
	stage_keys(&stage, "1 : 'policy' Enter");
	expect_all(&stage, true);
	stage_keys(&stage, "1 : 'policy nobody' Enter");
	stage_expect(&stage, "nobody");
	expect_all(&stage, false);
	stage_keys(&stage, "1 : 'policy Beta' Enter");
	stage_expect(&stage, "Beta");
	expect_all(&stage, true);
	stage_close(&stage);
}

int test_policies(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_choice),
		cmocka_unit_test(test_choice_with_text),
		cmocka_unit_test(test_typed),
		cmocka_unit_test(test_ways),
	};

	return cmocka_run_group_tests_name("policies", tests, NULL, NULL);
}
