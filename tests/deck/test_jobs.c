/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands in the deck: what they say, what they ask, what becomes of the vault that they open. */
#include "tests.h"

#include <string.h>

#include "job.h"
#include "ledgerdeck/core/memory.h"

static void paste(struct stage *stage, const char *text)
{
	deck_paste(&stage->deck, secret_copy(text, strlen(text)));
	stage_settle(stage);
}

/* The first run: c makes a vault, which asks twice, then leads to the app's keys. Nothing that was typed is shown. */
static void test_begin(void **state)
{
	struct stage stage;

	(void)state;
	stage_open(&stage, true);
	stage_deck(&stage, 24, 100, TEXT_SAFE);
	stage_expect(&stage, "One terminal for every set of books");
	stage_keys(&stage, "c");
	stage_expect(&stage, "Which accounting system is it in?");
	stage_expect(&stage, "1 QuickBooks Online  2 Xledger");
	/* Neither: no vault is made, nothing runs. */
	stage_keys(&stage, "3 Enter");
	stage_expect_not(&stage, "Which accounting system");
	assert_int_equal(stage.deck.job_count, 0);
	stage_keys(&stage, "c 1");
	stage_expect(&stage, "New passphrase for the vault:");
	stage_keys(&stage, "'correct horse' Enter");
	stage_expect(&stage, "The same again:");
	stage_expect_not(&stage, "correct");
	stage_keys(&stage, "'another' Enter");
	stage_expect(&stage, "the two passphrases differ");
	stage_close(&stage);
}

/* The other way of the first run: a token, which is not shown, and when it ends. */
static void test_begin_by_token(void **state)
{
	struct stage stage;

	(void)state;
	stage_open(&stage, true);
	stage_deck(&stage, 24, 100, TEXT_SAFE);
	stage_keys(&stage, "c 2");
	stage_keys(&stage, "'correct horse' Enter");
	paste(&stage, "correct horse");
	stage_keys(&stage, "Enter");
	stage_expect(&stage, "API token (not shown):");
	paste(&stage, "marked-token-0123456789");
	stage_expect_not(&stage, "marked");
	stage_keys(&stage, "Enter");
	stage_expect(&stage, "It ends on (YYYY-MM-DD, empty if unknown):");
	stage_keys(&stage, "'2001-01-31' Enter");
	stage_expect(&stage, "2001-01-31 is over: a token that has ended can't be used");
	stage_expect_not(&stage, "marked");
	assert_non_null(stage.app.vault);
	/* The vault is there now: nobody is asked for another. */
	stage_keys(&stage, "1 c 2");
	stage_expect(&stage, "API token (not shown):");
	stage_keys(&stage, "'short' Enter");
	stage_expect(&stage, "that is too short for a token");
	stage_close(&stage);
}

/* A vault that was made by a command is the deck's from then on; locked, it must be opened again. */
static void test_vault(void **state)
{
	struct stage stage;

	(void)state;
	stage_open(&stage, false);
	stage_deck(&stage, 24, 100, TEXT_SAFE);
	stage_keys(&stage, ": 'vault init' Enter");
	stage_keys(&stage, "'secret word' Enter");
	paste(&stage, "secret word");
	stage_keys(&stage, "Enter");
	assert_non_null(stage.app.vault);
	assert_non_null(stage.app.sync);
	stage_keys(&stage, "1 : 'vault lock' Enter");
	assert_null(stage.app.vault);
	assert_null(stage.app.sync);
	stage_expect(&stage, "LOCKED");
	stage_keys(&stage, "U");
	stage_expect(&stage, "Passphrase of the vault:");
	stage_keys(&stage, "'wrong' Enter");
	stage_expect(&stage, "That was not it");
	stage_keys(&stage, "'secret word' Enter");
	stage_expect(&stage, "LIVE");
	assert_non_null(stage.app.sync);
	stage_keys(&stage, "1 M");
	stage_expect_not(&stage, "secret word");
	stage_close(&stage);
}

/* Escape leaves the vault closed, and all can be looked at. */
static void test_stay_locked(void **state)
{
	struct stage stage;

	(void)state;
	stage_open(&stage, false);
	stage_deck(&stage, 24, 100, TEXT_SAFE);
	stage_keys(&stage, ": 'vault init' Enter 'a' Enter 'a' Enter");
	stage_keys(&stage, "1 : 'vault lock' Enter U Esc");
	stage_expect(&stage, "LOCKED");
	stage_expect(&stage, "Acme Bank AS");
	stage_keys(&stage, "Tab Enter");
	stage_expect(&stage, "40 Invoice");
	stage_close(&stage);
}

/* A question that comes while something is typed waits: no passphrase goes where it is shown. */
static void test_question_waits(void **state)
{
	struct stage stage;

	(void)state;
	stage_open(&stage, false);
	stage_deck(&stage, 24, 100, TEXT_SAFE);
	stage_keys(&stage, ": 'vault init' Enter 'a' Enter 'a' Enter");
	stage_keys(&stage, "1 : 'vault lock' Enter / 'acm'");
	engine_open(&stage.deck, true);
	stage_settle(&stage);
	assert_string_equal(deck_top(&stage.deck)->kind->name, "dashboard");
	stage_expect(&stage, "5 asks");
	stage_keys(&stage, "'e' Enter");
	stage_expect(&stage, "Accounts 1");
	stage_keys(&stage, "5 Enter");
	stage_expect(&stage, "Passphrase of the vault:");
	stage_keys(&stage, "'a' Enter");
	stage_expect(&stage, "LIVE");
	stage_close(&stage);
}

static void test_words(void **state)
{
	static const struct {
		const char *text;
		bool good;
		size_t count;
		const char *last;
	} cases[] = {
		{ "", true, 0, NULL },          { "  ", true, 0, NULL },        { "a b", true, 2, "b" },
		{ "a 'b c'", true, 2, "b c" },  { "a \"b' c\"", true, 2, "b' c" }, { "a b\\ c", true, 2, "b c" },
		{ "a ''", true, 2, "" },        { "a 'b", false, 2, "b" },      { "a\\", true, 1, "a\\" },
		{ "x'y'z", true, 1, "xyz" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(words_free) char **words = NULL;
		size_t count;

		assert_int_equal(words_split(cases[i].text, &words, &count), cases[i].good);
		assert_int_equal(count, cases[i].count);
		if (count > 0)
			assert_string_equal(words[count - 1], cases[i].last);
		assert_null(words[count]);
	}
}

/* What a command of the shell would go on showing is a view that does so by itself. */
static void test_follow(void **state)
{
	struct stage stage;

	(void)state;
	stage_open(&stage, false);
	stage_deck(&stage, 24, 100, TEXT_SAFE);
	stage_keys(&stage, ": 'log --follow' Enter");
	assert_string_equal(deck_top(&stage.deck)->kind->name, "log");
	assert_int_equal(stage.deck.job_count, 0);
	stage_close(&stage);
}

/* Leaving while a command runs asks; no is no, yes ends it. */
static void test_leave(void **state)
{
	struct stage stage;

	(void)state;
	stage_open(&stage, true);
	stage_deck(&stage, 24, 100, TEXT_SAFE);
	stage_keys(&stage, "c 1");
	stage_keys(&stage, "C-c");
	stage_expect(&stage, "stopped");
	stage_keys(&stage, "1 c 1");
	stage_expect(&stage, "New passphrase");
	deck_act(&stage.deck, ACTION_QUIT);
	stage_expect(&stage, "These commands run still:");
	stage_expect(&stage, "connect quickbooks, which asks something");
	stage_keys(&stage, "n");
	assert_false(stage.deck.leaving);
	deck_act(&stage.deck, ACTION_QUIT);
	stage_keys(&stage, "Enter");
	assert_false(stage.deck.ending);
	deck_act(&stage.deck, ACTION_QUIT);
	stage_keys(&stage, "q");
	assert_true(stage.deck.leaving);
	assert_false(stage.deck.leave_at_once);
	stage_close(&stage);
}

/* What runs is told with its share only where that is known; what another process does, with its name. */
static void test_work(void **state)
{
	struct account acme, korn;
	struct stage stage;
	struct error err = { 0 };
	int64_t no;

	(void)state;
	stage_open(&stage, false);
	no = stage_work(&stage);
	assert_true(accounts_find(stage.store, "Acme", &acme, &err) && accounts_find(stage.store, "Korn", &korn, &err));
	/* Nobody has this account: a crash has left it. */
	stage_begin(&stage, korn.id, "Bill");
	stage_deck(&stage, 24, 132, TEXT_SAFE);
	stage_keys(&stage, "5");
	stage_expect(&stage, "jobs, 1 running, 4 waiting");
	stage_expect(&stage, "by books:42");
	stage_expect(&stage, "1:23");
	stage_expect(&stage, "in 4 min");
	stage_expect_not(&stage, "in 0 min");
	stage_progress(&stage, acme.id, "Invoice", 12450, -1);
	stage_settle(&stage);
	stage_expect(&stage, "12,450");
	stage_expect(&stage, "150/s");
	stage_expect_not(&stage, "%");
	stage_progress(&stage, acme.id, "Invoice", 24000, 48000);
	stage_settle(&stage);
	stage_expect(&stage, "24,000/48,000");
	stage_expect(&stage, "50 %");
	stage_keys(&stage, "j k Enter");
	assert_string_equal(deck_top(&stage.deck)->kind->name, "attempt");
	stage_keys(&stage, "Esc");
	stage_end(&stage, no, ERROR_NONE, "");
	stage_news(&stage);
	stage_expect(&stage, "jobs, 0 running, 5 waiting");
	stage_close(&stage);
}

/* P pauses the account under the cursor and lets it go on again, from the row that is left of it. */
static void test_pause(void **state)
{
	struct account account;
	struct stage stage;
	struct error err = { 0 };

	(void)state;
	stage_open(&stage, false);
	stage_deck(&stage, 30, 120, TEXT_SAFE);
	stage_keys(&stage, "5 P");
	stage_news(&stage);
	assert_true(accounts_find(stage.store, "Acme", &account, &err));
	assert_int_equal(account.state, ACCOUNT_PAUSED);
	stage_expect(&stage, "> . paused  all types");
	stage_expect(&stage, "jobs, 0 running, 1 waiting");
	stage_keys(&stage, "r");
	stage_expect(&stage, "it is paused");
	stage_keys(&stage, "P");
	stage_news(&stage);
	assert_true(accounts_find(stage.store, "Acme", &account, &err));
	assert_int_equal(account.state, ACCOUNT_OK);
	stage_expect(&stage, "jobs, 0 running, 5 waiting");
	/* Altogether, as a command; its row is in the pane below. */
	stage_keys(&stage, ": 'pause --all' Enter");
	stage_keys(&stage, "5");
	stage_news(&stage);
	stage_expect(&stage, "jobs, 0 running, 0 waiting");
	stage_keys(&stage, "Tab G");
	stage_expect(&stage, "> = done");
	stage_close(&stage);
}

int test_jobs(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_begin), cmocka_unit_test(test_begin_by_token), cmocka_unit_test(test_vault), cmocka_unit_test(test_stay_locked),
		cmocka_unit_test(test_question_waits),
		cmocka_unit_test(test_words), cmocka_unit_test(test_leave), cmocka_unit_test(test_follow),
		cmocka_unit_test(test_work), cmocka_unit_test(test_pause),
	};

	return cmocka_run_group_tests_name("jobs", tests, NULL, NULL);
}
