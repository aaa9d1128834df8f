/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is hard to take back asks first: it says what it would do, rests on Cancel, and looks once more before it acts. */
#include "tests.h"

#include <stdio.h>
#include <string.h>

#include "dialog.h"
#include "ledgerdeck/core/memory.h"

static void open_stage(struct stage *stage)
{
	stage_open(stage, false);
	stage_deck(stage, 24, 80, TEXT_SAFE);
	deck_paint(&stage->deck, &stage->deck.canvas);
}

/*
 * Another machine works for all companies, as it may: this engine leaves them as they are. By itself it would soon find out
 * that they have no tokens, and mark them.
 */
static void work_elsewhere(struct stage *stage)
{
	static const char *const names[] = { "Acme", "Beta", "Korn" };
	AUTO(store_end) struct store *transaction = stage->store;
	struct error err = { 0 };
	int64_t fence;
	bool taken;

	assert_true(store_begin(transaction, &err));
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct account account = { 0 };

		assert_true(accounts_find(transaction, names[i], &account, &err));
		assert_true(lease_take(transaction, account.id, "elsewhere:1:1:1", NOW, 60000, &taken, &fence, &err) && taken);
	}
	assert_true(store_commit(transaction, &err));
}

/* With a vault, so that there is an engine that could do it. */
static void unlock(struct stage *stage)
{
	stage_keys(stage, ": 'vault init' Enter 'a' Enter 'a' Enter 1");
	assert_non_null(stage->app.sync);
	deck_paint(&stage->deck, &stage->deck.canvas);
}

static void set_state(struct stage *stage, const char *name, enum account_state state, const char *reason)
{
	AUTO(store_end) struct store *transaction = stage->store;
	struct account account = { 0 };
	struct error err = { 0 };

	assert_true(accounts_find(stage->store, name, &account, &err));
	account.state = state;
	snprintf(account.reason, sizeof(account.reason), "%s", reason);
	assert_true(store_begin(transaction, &err) && accounts_save(transaction, &account, &err) && store_commit(transaction, &err));
}

static enum account_state state_of(struct stage *stage, const char *name)
{
	struct account account = { 0 };
	struct error err = { 0 };

	assert_true(accounts_find(stage->store, name, &account, &err));
	return account.state;
}

/* Nothing but the name does it, and the screen says whose. */
static void test_disconnect(void **state)
{
	struct stage stage;
	size_t jobs;

	(void)state;
	open_stage(&stage);
	work_elsewhere(&stage);
	unlock(&stage);
	jobs = stage.deck.job_count;
	stage_keys(&stage, "D");
	stage_expect(&stage, "PRODUCTION  Acme Bank AS");
	stage_expect(&stage, "What is mirrored stays");
	stage_expect(&stage, "To disconnect, type Acme:");
	stage_keys(&stage, "Enter");
	assert_null(stage.deck.dialog);
	stage_expect(&stage, "Nothing was done.");
	stage_keys(&stage, "D 'Beta' Enter");
	stage_expect(&stage, "That is not 'Acme'");
	assert_non_null(stage.deck.dialog);
	stage_keys(&stage, "'qQy' Esc");
	assert_null(stage.deck.dialog);
	assert_int_equal(stage.deck.job_count, jobs);
	assert_int_equal(state_of(&stage, "Acme"), ACCOUNT_OK);
	stage_close(&stage);
}

/* What has changed since it was looked at is shown, and nothing is done. */
static void test_changed(void **state)
{
	struct stage stage;
	size_t jobs;

	(void)state;
	open_stage(&stage);
	work_elsewhere(&stage);
	unlock(&stage);
	jobs = stage.deck.job_count;
	stage_keys(&stage, "D");
	set_state(&stage, "Acme", ACCOUNT_RECONNECT, "the ledger no longer takes its tokens");
	stage_keys(&stage, "'acme' Enter");
	stage_expect(&stage, "It has changed meanwhile, so nothing was done:");
	stage_expect(&stage, "+ It is 'needs reconnect' now: the ledger no longer takes its tokens");
	stage_keys(&stage, "y");
	assert_int_equal(stage.deck.job_count, jobs);
	stage_keys(&stage, "Enter");
	assert_null(stage.deck.dialog);
	/* What is not there any more cannot be done at all. */
	set_state(&stage, "Acme", ACCOUNT_OK, "");
	deck_store_changed(&stage.deck);
	stage_settle(&stage);
	stage_keys(&stage, "D");
	set_state(&stage, "Acme", ACCOUNT_DISCONNECTED, "by ann");
	stage_keys(&stage, "'Acme' Enter");
	stage_expect(&stage, "It is disconnected already.");
	assert_int_equal(stage.deck.job_count, jobs);
	stage_close(&stage);
}

/* How many and which: the sweep's own list. Enter is no answer. */
static void test_approve(void **state)
{
	struct stage stage;

	(void)state;
	open_stage(&stage);
	stage_sweep(&stage, "Acme", "Invoice", 38);
	work_elsewhere(&stage);
	unlock(&stage);
	stage_keys(&stage, "Tab A");
	stage_expect(&stage, "Approve deletions");
	stage_expect(&stage, "Invoice: a sweep found 2 of 40 records gone at once");
	stage_expect(&stage, "39  1039");
	stage_expect(&stage, "40  1040");
	stage_expect_not(&stage, "38  1038");
	stage_keys(&stage, "Enter");
	stage_expect(&stage, "Nothing was done.");
	/* Another sweep has found others. */
	stage_keys(&stage, "A");
	stage_sweep(&stage, "Acme", "Invoice", 37);
	stage_keys(&stage, "y");
	stage_expect(&stage, "It has changed meanwhile");
	stage_expect(&stage, "+   38  1038");
	stage_keys(&stage, "Esc A");
	stage_keys(&stage, "y");
	assert_null(stage.deck.dialog);
	stage_expect(&stage, "Invoice of 'Acme Bank AS' is read now.");
	stage_close(&stage);
}

/* While it is open nothing else happens: keys are its, and a question of a command waits. */
static void test_modal(void **state)
{
	struct stage stage;

	(void)state;
	open_stage(&stage);
	work_elsewhere(&stage);
	unlock(&stage);
	stage_keys(&stage, "D");
	deck_paste(&stage.deck, secret_copy("Ac\nme", 5));
	stage_keys(&stage, "Backspace");
	stage_expect(&stage, "type Acme: Acm");
	stage_keys(&stage, "4 M Q ?");
	assert_int_equal(stage.deck.view_count, 1);
	assert_non_null(stage.deck.dialog);
	for (int rows = 1; rows < 30; rows++)
		for (int columns = 1; columns < 100; columns += 9) {
			stage_resize(&stage, rows, columns);
			deck_paint(&stage.deck, &stage.deck.canvas);
		}
	stage_resize(&stage, 24, 80);
	stage_keys(&stage, "C-c");
	assert_null(stage.deck.dialog);
	stage.app.readonly = true;
	stage_keys(&stage, "D");
	assert_null(stage.deck.dialog);
	stage_expect(&stage, "--readonly forbids it");
	stage_close(&stage);
}

static void test_short_names(void **state)
{
	static const struct {
		const char *name, *word;
	} cases[] = {
		{ "Acme Bank AS", "Acme" }, { "S\xc3\xb6hne & Meier", "Meier" }, { "\xe6\x9d\xb1\xe4\xba\xac", "0444" }, { "A B C", "0444" }, { "", "0444" },
		{ "  Two  blanks", "Two" }, { "3M", "3M" }, { "\033[2J", "0444" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct account account = { .realm_tail = "0444" };
		char word[ACCOUNT_NAME_MAX];

		snprintf(account.name, sizeof(account.name), "%s", cases[i].name);
		assert_string_equal(dialog_short_name(&account, word), cases[i].word);
	}
}

/* What can be taken back is done at once, and says how; back and forth, several steps. */
static void test_undo(void **state)
{
	struct stage stage;

	(void)state;
	open_stage(&stage);
	stage_keys(&stage, "u");
	stage_expect(&stage, "Nothing was done that could be taken back.");
	stage_keys(&stage, "P");
	stage_expect(&stage, "'Acme Bank AS' is paused; u undoes it.");
	assert_int_equal(state_of(&stage, "Acme"), ACCOUNT_PAUSED);
	stage_keys(&stage, "G P");
	assert_int_equal(state_of(&stage, "Korn"), ACCOUNT_PAUSED);
	stage_keys(&stage, "u");
	assert_int_equal(state_of(&stage, "Korn"), ACCOUNT_OK);
	assert_int_equal(state_of(&stage, "Acme"), ACCOUNT_PAUSED);
	stage_keys(&stage, "u");
	assert_int_equal(state_of(&stage, "Acme"), ACCOUNT_OK);
	stage_keys(&stage, "u");
	stage_expect(&stage, "Nothing was done that could be taken back.");
	stage_keys(&stage, "C-r");
	assert_int_equal(state_of(&stage, "Acme"), ACCOUNT_PAUSED);
	stage_keys(&stage, "C-r C-r");
	stage_expect(&stage, "Nothing was taken back.");
	assert_int_equal(state_of(&stage, "Korn"), ACCOUNT_PAUSED);
	stage_close(&stage);
}

/* To leave stops what is read first, says so meanwhile, and goes at once when asked again. */
static void test_ending(void **state)
{
	struct stage stage;

	(void)state;
	open_stage(&stage);
	unlock(&stage);
	deck_leave(&stage.deck);
	if (!stage.deck.leaving) {
		stage_expect(&stage, "ENDING");
		stage_expect(&stage, "once more leaves at once");
		stage_keys(&stage, "q");
	}
	assert_true(stage.deck.leaving);
	stage_close(&stage);
	open_stage(&stage);
	unlock(&stage);
	deck_leave(&stage.deck);
	while (!stage.deck.leaving)
		stage_settle(&stage);
	assert_false(stage.deck.leave_at_once);
	assert_null(stage.app.sync);
	stage_close(&stage);
}

int test_dialog(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_disconnect),  cmocka_unit_test(test_changed), cmocka_unit_test(test_approve), cmocka_unit_test(test_modal),
		cmocka_unit_test(test_short_names), cmocka_unit_test(test_undo),    cmocka_unit_test(test_ending),
	};

	return cmocka_run_group_tests_name("dialog", tests, NULL, NULL);
}
