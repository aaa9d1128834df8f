/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mapping: what is told before a rule is made, what is asked, and what is not done. */
#include "tests.h"

#include <stdio.h>
#include <string.h>

#include "dialog.h"
#include "ledgerdeck/core/memory.h"

static void open_mapping(struct stage *stage, struct account *ret_account)
{
	stage_open(stage, false);
	stage_books(stage, ret_account);
	stage_deck(stage, 43, 132, TEXT_SAFE);
	deck_paint(&stage->deck, &stage->deck.canvas);
	stage_keys(stage, "6");
	deck_paint(&stage->deck, &stage->deck.canvas);
}

static void expect_rule(struct stage *stage, const char *account_id, enum target target, const char *code, const char *record_id)
{
	struct mapping rule;
	struct error err = { 0 };
	bool found;

	assert_true(mappings_get(stage->store, account_id, target, code, &rule, &found, &err));
	assert_string_equal(found ? rule.record_id : "", record_id);
}

/* What is unmapped comes first, with what it would free; the suggestion is taken with one key, and taken back with one. */
static void test_accept(void **state)
{
	struct stage stage;
	struct account account;

	(void)state;
	open_mapping(&stage, &account);
	stage_expect(&stage, "x unmapped DESIGN");
	stage_expect(&stage, "Mapping it frees 4 documents, 5000.00 USD.");
	stage_expect(&stage, "Services:Design is suggested, 92 of 100: the same name below");
	stage_keys(&stage, "a");
	expect_rule(&stage, account.id, TARGET_ITEM, "DESIGN", "12");
	stage_expect(&stage, "item 'DESIGN' stands for Services:Design now.");
	stage_expect(&stage, "= mapped   DESIGN");
	stage_keys(&stage, "u");
	expect_rule(&stage, account.id, TARGET_ITEM, "DESIGN", "");
	stage_expect(&stage, "x unmapped DESIGN");
	stage_close(&stage);
}

/* Each press goes one rule further back, and each of the other one forward: never to and fro. */
static void test_undo(void **state)
{
	struct stage stage;
	struct account account;

	(void)state;
	open_mapping(&stage, &account);
	stage_keys(&stage, "a g a");
	expect_rule(&stage, account.id, TARGET_ITEM, "DESIGN", "12");
	expect_rule(&stage, account.id, TARGET_ITEM, "FREIGHT OUT", "13");
	stage_keys(&stage, "u u");
	expect_rule(&stage, account.id, TARGET_ITEM, "DESIGN", "");
	expect_rule(&stage, account.id, TARGET_ITEM, "FREIGHT OUT", "");
	stage_expect(&stage, "C-r makes version 5 again. u takes back version 4: set by hand, by ann");
	stage_keys(&stage, "C-r");
	expect_rule(&stage, account.id, TARGET_ITEM, "DESIGN", "12");
	expect_rule(&stage, account.id, TARGET_ITEM, "FREIGHT OUT", "");
	stage_expect(&stage, "Version 5 of the rules was made again");
	stage_keys(&stage, "C-r");
	expect_rule(&stage, account.id, TARGET_ITEM, "FREIGHT OUT", "13");
	stage_keys(&stage, "C-r");
	stage_expect(&stage, "nothing was taken back that could be made again");
	/* A rule that is made anew ends what could be made again. */
	stage_keys(&stage, "u g / 'out' Enter a Esc C-r");
	stage_expect(&stage, "nothing was taken back that could be made again");
	stage_keys(&stage, "u u");
	expect_rule(&stage, account.id, TARGET_ITEM, "DESIGN", "");
	expect_rule(&stage, account.id, TARGET_ITEM, "FREIGHT OUT", "");
	stage_close(&stage);
}

/* Which documents use a code, and from there the page of each. */
static void test_used(void **state)
{
	struct stage stage;
	struct account account;

	(void)state;
	open_mapping(&stage, &account);
	stage_keys(&stage, "i");
	stage_expect(&stage, "4 documents use item 'DESIGN'");
	stage_expect(&stage, "used by, DESIGN");
	stage_keys(&stage, "/ 'nothing such' Enter");
	stage_expect(&stage, "Nothing fits the filter; Esc shows all.");
	stage_keys(&stage, "Esc Enter");
	stage_expect(&stage, "DESIGN");
	stage_expect(&stage, "invoice INV-4");
	stage_expect(&stage, "In Acme Bank AS");
	stage_close(&stage);
}

/* All that are as good or better: told with how many, what they free, and nothing else is touched. */
static void test_accept_all(void **state)
{
	struct stage stage;
	struct account account;

	(void)state;
	open_mapping(&stage, &account);
	stage_keys(&stage, "x");
	stage_expect_not(&stage, "C-AMY");
	stage_keys(&stage, "x A");
	stage_expect(&stage, "2 rules are made, by suggestions of 92 or more:");
	stage_expect(&stage, "item 'FREIGHT OUT' -> Freight out");
	stage_expect(&stage, "6 documents use what changes by that.");
	stage_expect(&stage, "It frees 6 of them, 5092.50 USD");
	stage_keys(&stage, "Enter");
	expect_rule(&stage, account.id, TARGET_ITEM, "DESIGN", "");
	stage_keys(&stage, "A y");
	expect_rule(&stage, account.id, TARGET_ITEM, "DESIGN", "12");
	expect_rule(&stage, account.id, TARGET_ITEM, "FREIGHT OUT", "13");
	expect_rule(&stage, account.id, TARGET_ITEM, "OLD", "15");
	expect_rule(&stage, account.id, TARGET_CUSTOMER, "C-NEW", "");
	stage_close(&stage);
}

/* What does not fit is dim, says why, and is refused; the search narrows the right pane alone. */
static void test_choose(void **state)
{
	struct stage stage;
	struct account account;

	(void)state;
	open_mapping(&stage, &account);
	stage_keys(&stage, "Tab / 'packing' Enter");
	stage_expect(&stage, "Packing does not fit: the item has no income account, so");
	stage_expect(&stage, "FREIGHT OUT");
	stage_keys(&stage, "Enter");
	expect_rule(&stage, account.id, TARGET_ITEM, "DESIGN", "");
	stage_expect(&stage, "'open' (Enter): the item has no income account, so it can't be sold.");
	stage_keys(&stage, "Esc / 'freight' Enter Enter");
	expect_rule(&stage, account.id, TARGET_ITEM, "DESIGN", "13");
	stage_close(&stage);
}

/* A rule in use is not overwritten, nor taken away, without telling what goes elsewhere by that. */
static void test_overwrite(void **state)
{
	struct stage stage;
	struct account account;

	(void)state;
	open_mapping(&stage, &account);
	stage_keys(&stage, "/ 'widget' Enter j j Tab / 'freight' Enter");
	stage_keys(&stage, "S-Tab");
	stage_expect(&stage, "Another rule moves 2 documents, 109.00 USD, from Widget");
	stage_keys(&stage, "Tab Enter");
	stage_expect(&stage, "item 'WIDGET' stands for Freight out.");
	stage_expect(&stage, "it stands for something else than now: not for Widget");
	expect_rule(&stage, account.id, TARGET_ITEM, "WIDGET", "16");
	stage_keys(&stage, "y");
	expect_rule(&stage, account.id, TARGET_ITEM, "WIDGET", "13");
	stage_keys(&stage, "S-Tab X");
	stage_expect(&stage, "2 of them would be held up until their codes stand for something.");
	stage_keys(&stage, "y");
	expect_rule(&stage, account.id, TARGET_ITEM, "WIDGET", "");
	stage_close(&stage);
}

/* Whoever only looks changes nothing. */
static void test_readonly(void **state)
{
	struct stage stage;
	struct account account;

	(void)state;
	stage_open(&stage, false);
	stage_books(&stage, &account);
	stage.app.readonly = true;
	stage_deck(&stage, 43, 132, TEXT_SAFE);
	deck_paint(&stage.deck, &stage.deck.canvas);
	stage_keys(&stage, "6 a");
	stage_expect(&stage, "--readonly forbids it");
	stage_keys(&stage, "A");
	assert_null(stage.deck.dialog);
	stage_keys(&stage, "Tab Enter");
	stage_expect(&stage, "--readonly forbids it");
	stage_keys(&stage, "X u");
	expect_rule(&stage, account.id, TARGET_ITEM, "DESIGN", "");
	expect_rule(&stage, account.id, TARGET_ITEM, "WIDGET", "16");
	stage_close(&stage);
}

/* It is about the account under the cursor; where its settings are not read yet, it says what to do. */
static void test_account(void **state)
{
	struct stage stage;
	struct account account;

	(void)state;
	open_mapping(&stage, &account);
	stage_expect(&stage, "Acme Bank AS");
	stage_keys(&stage, "1 j 6");
	stage_expect(&stage, "not mirrored yet");
	stage_keys(&stage, "1 k 6");
	stage_expect(&stage, "x unmapped DESIGN");
	stage_close(&stage);
}

int test_mapping(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accept),    cmocka_unit_test(test_accept_all), cmocka_unit_test(test_choose),
		cmocka_unit_test(test_overwrite), cmocka_unit_test(test_readonly),   cmocka_unit_test(test_account),
		cmocka_unit_test(test_undo), cmocka_unit_test(test_used),
	};

	return cmocka_run_group_tests_name("mapping", tests, NULL, NULL);
}
