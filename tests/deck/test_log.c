/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The log view: only a stretch of the log is held, and nobody notices; the cursor belongs to an attempt whatever comes, and
 * what is tried again says what came of it.
 */
#include "tests.h"

#include <stdio.h>
#include <string.h>

#include "job.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/log.h"

/* Acme, and a log of so many attempts that all went well, types numbered so that each row can be told. */
static void open_log(struct stage *stage, int attempts, struct account *ret_account)
{
	AUTO(store_end) struct store *transaction = NULL;
	struct error err = { 0 };

	stage_open(stage, false);
	assert_true(accounts_find(stage->store, "Acme", ret_account, &err));
	transaction = stage->store;
	assert_true(store_begin(stage->store, &err));
	for (int i = 0; i < attempts; i++) {
		struct attempt attempt = { .run = 1, .job = "changes", .cause = "schedule", .started_ms = NOW - 50000 + i, .tries = 1, .took_ms = 5 };

		snprintf(attempt.account_id, sizeof(attempt.account_id), "%s", ret_account->id);
		snprintf(attempt.type, sizeof(attempt.type), "Type%d", i);
		if (i % 1000 == 500)
			error_set(&attempt.error, ERROR_REMOTE, "needle number %d", i);
		attempt.took_ms = -1;
		assert_true(attempt_start(stage->store, &attempt, &err));
		attempt.took_ms = 5;
		assert_true(attempt_end(stage->store, &attempt, "", &err));
	}
	assert_true(store_commit(stage->store, &err));
	transaction = NULL;
	stage_deck(stage, 24, 120, TEXT_SAFE);
	deck_paint(&stage->deck, &stage->deck.canvas);
	stage_keys(stage, "4");
	deck_paint(&stage->deck, &stage->deck.canvas);
}

/* Keys as fast as they come, as a terminal hands them over: no answer between them. */
static void press(struct stage *stage, char key, int times)
{
	for (int i = 0; i < times; i++)
		deck_key(&stage->deck, (struct key){ .code = (unsigned char)key });
	stage_settle(stage);
}

static void test_all_of_it(void **state)
{
	struct stage stage;
	struct account account;

	(void)state;
	open_log(&stage, 5000, &account);
	stage_expect_cursor(&stage, "Type4999 ");
	stage_keys(&stage, "G");
	/* Those that the stage began with are the oldest. */
	stage_expect_cursor(&stage, "Invoice");
	stage_keys(&stage, "k k k");
	stage_expect_cursor(&stage, "Type0 ");
	stage_keys(&stage, "g");
	stage_expect_cursor(&stage, "Type4999 ");
	/* Each step is one row, also where the next stretch has not come yet. */
	press(&stage, 'j', 3210);
	stage_expect_cursor(&stage, "Type1789 ");
	press(&stage, 'k', 2000);
	stage_expect_cursor(&stage, "Type3789 ");
	press(&stage, 'k', 9999);
	stage_expect_cursor(&stage, "Type4999 ");
	for (int i = 0; i < 50; i++)
		stage_keys(&stage, "PgDn");
	stage_expect_cursor(&stage, "Type4099 ");
	for (int i = 0; i < 50; i++)
		stage_keys(&stage, "PgUp");
	stage_expect_cursor(&stage, "Type4999 ");
	stage_close(&stage);
}

/* What comes does not move what one looks at; at the newest one may follow. */
static void test_news(void **state)
{
	AUTO(str_clear) struct str before = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str after = STR_INIT(STR_NO_LIMIT);
	struct stage stage;
	struct account account;
	int64_t runs;

	(void)state;
	open_log(&stage, 400, &account);
	stage_expect(&stage, "log, following");
	stage_attempt(&stage, account.id, "Newer1", 0, ERROR_NONE, "");
	stage_news(&stage);
	stage_expect_cursor(&stage, "Newer1 ");
	stage_keys(&stage, "j");
	stage_expect_cursor(&stage, "Type399 ");
	stage_expect_not(&stage, "following");
	stage_dump(&stage, &before);
	for (int i = 0; i < 30; i++)
		stage_attempt(&stage, account.id, "Newer2", 0, ERROR_NONE, "");
	stage_news(&stage);
	stage_dump(&stage, &after);
	stage_expect_cursor(&stage, "Type399 ");
	assert_string_equal(strstr(after.text, "\n> "), strstr(before.text, "\n> "));
	stage_keys(&stage, "F");
	stage_expect_cursor(&stage, "Newer2 ");
	/* One that runs shows its end where it stands. */
	runs = stage_begin(&stage, account.id, "Runner");
	stage_news(&stage);
	stage_expect_cursor(&stage, "~ running");
	stage_attempt(&stage, account.id, "Behind", 0, ERROR_NONE, "");
	stage_end(&stage, runs, ERROR_NONE, "");
	stage_news(&stage);
	stage_keys(&stage, "j");
	stage_expect_cursor(&stage, "Runner ");
	stage_expect_cursor(&stage, "= ok");
	stage_close(&stage);
}

/* Failed only: what failed while nobody saw it run comes in at its place. */
static void test_failed_only(void **state)
{
	struct stage stage;
	struct account account;
	int64_t runs;

	(void)state;
	open_log(&stage, 2100, &account);
	stage_keys(&stage, "x");
	stage_expect(&stage, "log, failed only");
	stage_expect_cursor(&stage, "Type1500 ");
	stage_expect_not(&stage, "Type1499 ");
	runs = stage_begin(&stage, account.id, "Early");
	stage_attempt(&stage, account.id, "Late", 0, ERROR_REMOTE, "late failure");
	stage_news(&stage);
	stage_expect_cursor(&stage, "Late ");
	stage_expect_not(&stage, "Early");
	stage_end(&stage, runs, ERROR_REMOTE, "early failure");
	stage_news(&stage);
	stage_expect_cursor(&stage, "Late ");
	stage_keys(&stage, "j");
	stage_expect_cursor(&stage, "Early ");
	stage_keys(&stage, "j");
	stage_expect_cursor(&stage, "Type1500 ");
	/* What was stopped on request has not failed. */
	stage_attempt(&stage, account.id, "Stopped", 0, ERROR_CANCELLED, "stopped");
	stage_news(&stage);
	stage_expect_not(&stage, "Stopped");
	/* Without the filter the same attempt is under the cursor. */
	stage_keys(&stage, "x");
	stage_expect_cursor(&stage, "Type1500 ");
	stage_expect(&stage, "Type1499 ");
	stage_close(&stage);
}

static void test_filter(void **state)
{
	struct stage stage;
	struct account account;

	(void)state;
	open_log(&stage, 3000, &account);
	stage_keys(&stage, "& 'state:failed needle' Enter");
	stage_expect_cursor(&stage, "Type2500 ");
	stage_expect(&stage, "Type1500 ");
	stage_expect(&stage, "Type500 ");
	stage_expect_not(&stage, "= ok");
	stage_keys(&stage, "Esc & 'stat:failed'");
	stage_expect(&stage, "did you mean 'state'");
	stage_keys(&stage, "Esc & 'account:korn' Enter");
	stage_expect_cursor(&stage, "Kornblum");
	stage_expect_not(&stage, "Acme");
	stage_keys(&stage, "Esc & 'nothing of the kind' Enter");
	stage_expect(&stage, "Nothing fits the filter");
	stage_close(&stage);
}

/* "/" goes from place to place and leaves out nothing. */
static void test_search(void **state)
{
	struct stage stage;
	struct account account;

	(void)state;
	open_log(&stage, 5000, &account);
	stage_keys(&stage, "/ 'needle' Enter");
	stage_expect_cursor(&stage, "Type4500 ");
	stage_expect(&stage, "Type4499 ");
	stage_keys(&stage, "n n");
	stage_expect_cursor(&stage, "Type2500 ");
	stage_keys(&stage, "N");
	stage_expect_cursor(&stage, "Type3500 ");
	press(&stage, 'n', 3);
	stage_expect_cursor(&stage, "Type500 ");
	stage_keys(&stage, "n");
	stage_expect(&stage, "stands in no older attempt");
	stage_expect_cursor(&stage, "Type500 ");
	/* One step back ends the search, the next one the view. */
	stage_keys(&stage, "Esc n");
	stage_expect(&stage, "Nothing is looked for");
	stage_close(&stage);
}

static void test_marks(void **state)
{
	struct stage stage;
	struct account account;

	(void)state;
	open_log(&stage, 3000, &account);
	stage_keys(&stage, "Space Space");
	stage_expect(&stage, "2 marked");
	stage_expect(&stage, " *");
	stage_attempt(&stage, account.id, "Newer", 0, ERROR_NONE, "");
	stage_news(&stage);
	stage_keys(&stage, "g Space");
	stage_expect(&stage, "3 marked");
	stage_keys(&stage, "Esc");
	stage_expect_not(&stage, "marked");
	/* Those of a range, and all that fit, held or not. */
	stage_keys(&stage, "g Space PgDn PgDn C-Space");
	stage_expect(&stage, "38 marked");
	stage_keys(&stage, "Esc & 'state:ok type:type' Enter *");
	stage_expect(&stage, "2997 marked");
	stage_keys(&stage, "*");
	stage_expect_not(&stage, "marked");
	/* Marks are taken back before the filter. */
	stage_keys(&stage, "Space Esc");
	stage_expect(&stage, "state:ok type:type");
	stage_keys(&stage, "Esc");
	stage_expect_not(&stage, "state:ok type:type");
	stage_close(&stage);
}

/* Many at once are asked about, with their count; then it is one command. */
static void test_retry_many(void **state)
{
	struct stage stage;
	struct account account;
	size_t jobs;

	(void)state;
	open_log(&stage, 40, &account);
	stage_keys(&stage, ": 'vault init' Enter 'a' Enter 'a' Enter");
	stage_keys(&stage, "1 4 & 'type:type' Enter *");
	jobs = stage.deck.job_count;
	stage_keys(&stage, "r");
	stage_expect(&stage, "40 attempts are marked");
	stage_keys(&stage, "Enter");
	assert_int_equal(stage.deck.job_count, jobs);
	stage_keys(&stage, "r y");
	assert_int_equal(stage.deck.job_count, jobs + 1);
	assert_memory_equal(stage.deck.jobs[jobs]->title, "retry ", 6);
	stage_close(&stage);
}

/* What became of what failed stands in its row. */
static void test_fates(void **state)
{
	struct stage stage;
	struct account account;

	(void)state;
	open_log(&stage, 10, &account);
	stage_attempt(&stage, account.id, "Customer", 7200000, ERROR_REMOTE, "broken then");
	stage_news(&stage);
	stage_expect(&stage, "again ok 13:13; 3100 broken");
	stage_object(&stage, account.id, "Customer", OBJECT_RUNNING, ERROR_NONE, "");
	stage_news(&stage);
	stage_expect(&stage, "again running; 3100 broken");
	stage_close(&stage);
}

/* The log of one account, of one type. */
static void test_of_one(void **state)
{
	struct stage stage;
	struct account account;

	(void)state;
	open_log(&stage, 20, &account);
	stage_keys(&stage, "1 j j L");
	stage_expect(&stage, "log of Kornblum");
	stage_expect_cursor(&stage, "Invoice");
	stage_expect_not(&stage, "Type");
	stage_keys(&stage, "1 k k Tab L");
	stage_expect(&stage, "log of Invoice in Acme");
	stage_expect_not(&stage, "Type19");
	stage_expect_not(&stage, "Kornblum");
	stage_close(&stage);
}

int test_log(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_of_it), cmocka_unit_test(test_news),  cmocka_unit_test(test_failed_only),
		cmocka_unit_test(test_filter),    cmocka_unit_test(test_search), cmocka_unit_test(test_marks),
		cmocka_unit_test(test_retry_many), cmocka_unit_test(test_fates),     cmocka_unit_test(test_of_one),
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
