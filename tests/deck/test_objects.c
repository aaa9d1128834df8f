/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All objects of all accounts: placed on what was under the cursor, sorted and filtered around it, and many done at once. */
#include "tests.h"

#include <stdio.h>
#include <string.h>

#include "dialog.h"
#include "job.h"
#include "ledgerdeck/core/memory.h"
#include "view/objects.h"

static void open_objects(struct stage *stage, const char *keys)
{
	stage_open(stage, false);
	stage_deck(stage, 24, 120, TEXT_SAFE);
	deck_paint(&stage->deck, &stage->deck.canvas);
	stage_keys(stage, keys);
	deck_paint(&stage->deck, &stage->deck.canvas);
}

static void expect_cursor(struct stage *stage, const char *company, const char *type)
{
	stage_expect_cursor(stage, company);
	stage_expect_cursor(stage, type);
}

/* Where one comes from is where one is. */
static void test_placed(void **state)
{
	static const struct {
		const char *keys, *company, *type;
	} ways[] = {
		{ "3", "Acme", "Invoice" },           { "G 3", "Kornblum", "Invoice" }, { "Tab j j 3", "Acme", "Payment" },
		{ "Tab Tab j 3", "Kornblum", "Invoice" }, { "4 3", "Acme", "Customer" }, { "Tab Enter 3", "Acme", "Invoice" },
		/* The same view comes up again, whatever was filtered in it. */
		{ "3 / 'korn' Enter 4 3", "Acme", "Customer" }, { "3 G 3", "Kornblum", "Invoice" },
		/* An account of which nothing was read has no row. */
		{ "j 3", "Acme", "Invoice" },
		{ ": 'objects' Enter", "Acme", "Invoice" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		struct stage stage;

		open_objects(&stage, ways[i].keys);
		assert_string_equal(deck_top(&stage.deck)->kind->name, "objects");
		expect_cursor(&stage, ways[i].company, ways[i].type);
		stage_close(&stage);
	}
}

/* The records of the row, and back to it. */
static void test_opens(void **state)
{
	struct stage stage;

	(void)state;
	open_objects(&stage, "3 Enter");
	stage_expect(&stage, "40 Invoice");
	stage_keys(&stage, "Esc G Enter");
	assert_string_equal(deck_top(&stage.deck)->kind->name, "records");
	stage_expect(&stage, "Kornblum");
	stage_keys(&stage, "Esc");
	expect_cursor(&stage, "Kornblum", "Invoice");
	stage_keys(&stage, "L");
	stage_expect(&stage, "log of Invoice in Kornblum");
	stage_close(&stage);
}

/* By every column and turned round: all rows are there, and the cursor is with its object. */
static void test_sorted(void **state)
{
	static const char *const first[] = { "type", "live", "off", "gone", "lag", "ran", "next", "failed", "why", "state", "company" };
	struct stage stage;

	(void)state;
	open_objects(&stage, "3 j j");
	expect_cursor(&stage, "Acme", "Payment");
	for (size_t i = 0; i < ARRAY_LEN(first); i++) {
		char by[40];

		stage_keys(&stage, ">");
		snprintf(by, sizeof(by), "accounts, by %s", first[i]);
		stage_expect(&stage, by);
		expect_cursor(&stage, "Acme", "Payment");
		stage_keys(&stage, "I");
		stage_expect(&stage, by);
		expect_cursor(&stage, "Acme", "Payment");
		stage_expect(&stage, "6 objects of 3 accounts");
	}
	stage_keys(&stage, "< < < < g");
	stage_expect(&stage, "by next  ");
	stage_keys(&stage, "> g");
	stage_expect(&stage, "by failed, the greatest first");
	expect_cursor(&stage, "Acme", "Customer");
	stage_keys(&stage, "I G");
	stage_expect(&stage, "by failed  ");
	expect_cursor(&stage, "Acme", "Payment");
	stage_keys(&stage, "> > g");
	stage_expect(&stage, "by state");
	expect_cursor(&stage, "x failed", "Customer");
	stage_close(&stage);
}

/* What has no room below the list is scrolled to, and the list stays; another row's begins at its beginning. */
static void test_details(void **state)
{
	struct stage stage;

	(void)state;
	stage_open(&stage, false);
	stage_deck(&stage, 24, 80, TEXT_SAFE);
	deck_paint(&stage.deck, &stage.deck.canvas);
	stage_keys(&stage, "Tab x");
	stage_expect_cursor(&stage, "Customer");
	stage_expect(&stage, " J 1 more ");
	stage_expect_not(&stage, "gateway in between.");
	stage_keys(&stage, "K");
	stage_expect(&stage, "it begins there");
	stage_keys(&stage, "J");
	stage_expect_cursor(&stage, "Customer");
	stage_expect(&stage, "gateway in between.");
	stage_expect_not(&stage, " more ");
	stage_keys(&stage, "J");
	stage_expect(&stage, "all of it is shown");
	stage_keys(&stage, "K");
	stage_expect(&stage, "The ledger answered with something that cannot be used.");
	stage_keys(&stage, "J j k");
	stage_expect(&stage, "The ledger answered with something that cannot be used.");
	stage_close(&stage);
}

static void test_filtered(void **state)
{
	struct stage stage;

	(void)state;
	open_objects(&stage, "3 / 'acme inv' Enter");
	stage_expect(&stage, "1 object that fit of 6");
	expect_cursor(&stage, "Acme", "Invoice");
	stage_keys(&stage, "/ C-u 'not allowed' Enter");
	expect_cursor(&stage, "Acme", "Customer");
	stage_keys(&stage, "/ C-u 'nothing' Enter");
	stage_expect(&stage, "Nothing fits the filter; Esc shows all.");
	stage_keys(&stage, "Esc x");
	stage_expect(&stage, "3 objects of 6");
	stage_expect(&stage, "failed only");
	stage_keys(&stage, "Space Esc");
	stage_expect(&stage, "3 objects of 6");
	stage_keys(&stage, "Esc");
	stage_expect(&stage, "6 objects of 3 accounts");
	stage_keys(&stage, "Esc");
	assert_int_equal(stage.deck.view_count, 1);
	stage_close(&stage);
}

/* Marked ones are paused with one command for each account, and go on with it; the cursor is with its object. */
static void test_pauses(void **state)
{
	struct stage stage;

	(void)state;
	open_objects(&stage, "3 j P");
	stage_expect(&stage, "Customer of 'Acme Bank AS' is paused; u undoes it.");
	stage_news(&stage);
	expect_cursor(&stage, ". paused", "Customer");
	stage_keys(&stage, "u");
	stage_news(&stage);
	expect_cursor(&stage, "x failed", "Customer");
	stage_keys(&stage, "g Space Space G Space P");
	assert_int_equal(stage.deck.job_count, 4);
	assert_non_null(strstr(stage.deck.jobs[2]->title, "--type Invoice,Customer"));
	assert_non_null(strstr(stage.deck.jobs[3]->title, "--type Invoice"));
	stage_news(&stage);
	stage_expect_not(&stage, "marked");
	expect_cursor(&stage, ". paused", "Invoice");
	/* Of some that are paused and one that is not, the one is paused, too; then all go on. */
	stage_keys(&stage, "* P");
	assert_non_null(strstr(stage.deck.jobs[4]->title, "pause"));
	stage_news(&stage);
	stage_keys(&stage, "* P");
	assert_non_null(strstr(stage.deck.jobs[6]->title, "resume"));
	stage_news(&stage);
	stage_expect_not(&stage, ". paused");
	stage_close(&stage);
}

/* More than a screen of them is asked about first; what is marked then is what is meant. */
static void test_asks(void **state)
{
	struct stage stage;

	(void)state;
	stage_open(&stage, false);
	for (int i = 0; i < 25; i++) {
		struct account account;
		char name[40];

		snprintf(name, sizeof(name), "Branch %02d", i);
		stage_account(&stage, name, ENVIRONMENT_SANDBOX, ACCOUNT_OK, &account);
		stage_object(&stage, account.id, "Item", OBJECT_OK, ERROR_NONE, "");
	}
	stage_deck(&stage, 24, 120, TEXT_SAFE);
	stage_keys(&stage, "3 / 'branch' Enter * P");
	stage_expect(&stage, "25 objects of 25 accounts are marked.");
	stage_keys(&stage, "Enter");
	assert_int_equal(stage.deck.job_count, 0);
	stage_keys(&stage, "P y");
	assert_int_equal(stage.deck.job_count, 25);
	stage_news(&stage);
	stage_expect(&stage, ". paused");
	stage_close(&stage);
}

/* What cannot be done says why; what is marked is tried, and each account tells for itself. */
static void test_retries(void **state)
{
	struct account account;
	struct stage stage;
	struct error err = { 0 };

	(void)state;
	stage_open(&stage, false);
	assert_true(accounts_find(stage.store, "Beta", &account, &err));
	stage_object(&stage, account.id, "Bill", OBJECT_OK, ERROR_NONE, "");
	stage_deck(&stage, 24, 120, TEXT_SAFE);
	stage_keys(&stage, "3 r");
	stage_expect(&stage, "The vault is locked: U opens it.");
	stage_keys(&stage, "* r");
	stage_expect(&stage, "The vault is locked: U opens it.");
	assert_int_equal(stage.deck.job_count, 0);
	stage_keys(&stage, "Esc / 'beta' Enter r");
	stage_expect(&stage, "it must be connected again first: c.");
	stage_keys(&stage, "A");
	stage_expect(&stage, "no sweep waits for approval here");
	stage_keys(&stage, "/ C-u 'nothing' Enter P");
	stage_expect(&stage, "nothing is under the cursor");
	stage_close(&stage);
}

/* What vanishes from under the cursor says so, and no key means what has come in its place. */
static void test_gone(void **state)
{
	struct objects_view *view;
	struct stage stage;

	(void)state;
	open_objects(&stage, "3 j j");
	expect_cursor(&stage, "Acme", "Payment");
	/* As it is after a restore of a store that has not got it. */
	view = (struct objects_view *)deck_top(&stage.deck);
	snprintf(view->list.cursor, sizeof(view->list.cursor), "ldgr_gone Payment");
	stage_news(&stage);
	stage_expect(&stage, "> gone");
	stage_keys(&stage, "P");
	stage_expect(&stage, "What was under the cursor is gone; nothing was done.");
	assert_int_equal(stage.deck.job_count, 0);
	stage_close(&stage);
}

/* Nothing to show says what to do. */
static void test_empty(void **state)
{
	struct account account;
	struct stage stage;
	struct error err = { 0 };

	(void)state;
	stage_open(&stage, true);
	stage_deck(&stage, 24, 80, TEXT_SAFE);
	stage_keys(&stage, "3");
	stage_expect(&stage, "No accounts yet. Press c to connect one.");
	stage_keys(&stage, "j r P A Enter > I x * Space y q");
	assert_true(store_open(stage.path, STORE_CREATE, 0, &stage.store, &err));
	stage_news(&stage);
	stage_keys(&stage, "3");
	stage_expect(&stage, "No accounts yet. Press c to connect one.");
	stage_account(&stage, "Quiet", ENVIRONMENT_SANDBOX, ACCOUNT_OK, &account);
	stage_news(&stage);
	stage_expect(&stage, "Nothing was read yet. 1 shows the accounts; r reads the one under the cursor.");
	stage_close(&stage);
}

int test_objects(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_placed), cmocka_unit_test(test_opens), cmocka_unit_test(test_sorted), cmocka_unit_test(test_details), cmocka_unit_test(test_filtered),
		cmocka_unit_test(test_pauses), cmocka_unit_test(test_asks), cmocka_unit_test(test_retries), cmocka_unit_test(test_gone),
		cmocka_unit_test(test_empty),
	};

	return cmocka_run_group_tests_name("objects", tests, NULL, NULL);
}
