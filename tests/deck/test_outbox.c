/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The outbox: what needs a person says why, and is done once, only where its state lets. */
#include "tests.h"

#include <stdio.h>
#include <string.h>

#include "dialog.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/requests.h"

static void open_outbox(struct stage *stage, struct plan *ret_plan, const char *keys)
{
	struct account account;

	stage_open(stage, false);
	stage_books(stage, &account);
	stage_rule(stage, account.id, TARGET_ITEM, "DESIGN", "12", "Services:Design");
	stage_outbox(stage, account.id, ret_plan);
	stage_deck(stage, 43, 132, TEXT_SAFE);
	deck_paint(&stage->deck, &stage->deck.canvas);
	stage_keys(stage, keys);
	deck_paint(&stage->deck, &stage->deck.canvas);
}

static enum intent_state state_of(struct stage *stage, const struct plan *plan, size_t place)
{
	AUTO(memory_freep) struct intents *intents = memory_new(sizeof(*intents));

	stage_intents(stage, plan->id, intents);
	return intents->items[place].state;
}

static void test_list(void **state)
{
	struct stage stage;
	struct plan plan;

	(void)state;
	open_outbox(&stage, &plan, "B");
	stage_expect(&stage, "1 queued  1 uncertain  1 different  1 rejected");
	stage_expect(&stage, "? uncertain");
	stage_expect(&stage, "no answer came within 120 s");
	stage_keys(&stage, "x");
	stage_expect_not(&stage, ". queued");
	stage_expect(&stage, "x rejected");
	stage_close(&stage);
}

#define COPIES 6000 /* more than a list holds */

/* Copies of a write that was refused, newer than all others. */
static void add_copies(struct stage *stage)
{
	char sql[2000];

	snprintf(sql, sizeof(sql),
		 "INSERT INTO intent (id, account_id, plan, line, resource, revision, act, record_type, record_id, version, generation, state,"
		 " since_ms, made_ms, next_ms, currency, number, who, why, len, body) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1"
		 " FROM n WHERE i < %d) SELECT 'copy' || i, account_id, plan, line, resource, revision, act, record_type, record_id, version,"
		 " generation, state, since_ms, made_ms, next_ms, currency, 'COPY-' || i, who, why, len, body FROM intent, n WHERE state = %d",
		 COPIES, INTENT_REJECTED);
	stage_break(stage, sql);
}

/* Of very many the newest are shown, all are counted, and a filter finds each. */
static void test_many(void **state)
{
	struct stage stage;
	struct plan plan;

	(void)state;
	open_outbox(&stage, &plan, "B");
	add_copies(&stage);
	stage_news(&stage);
	stage_expect(&stage, "1 queued  1 uncertain  1 different  6001 rejected  (the newest 5000 are shown, a filter finds all)");
	stage_expect_not(&stage, "? uncertain");
	stage_keys(&stage, "/ 'uncertain' Enter");
	stage_expect(&stage, "? uncertain");
	stage_keys(&stage, "/ C-u 'COPY-17' Enter G");
	stage_expect_cursor(&stage, "COPY-17 ");
	stage_keys(&stage, "/ C-u 'nothing such' Enter");
	stage_expect(&stage, "Nothing fits; Esc shows all.");
	stage_keys(&stage, "Esc");
	stage_expect(&stage, "COPY-6000");
	/* Those that need a person are not those of the newest alone. */
	stage_keys(&stage, "x / 'different' Enter");
	stage_expect(&stage, "! different");
	stage_keys(&stage, "/ C-u 'queued' Enter");
	stage_expect(&stage, "Nothing fits");
	stage_close(&stage);
}

/* So are sync requests. */
static void test_many_requests(void **state)
{
	struct stage stage;
	struct account account;
	char sql[800];

	(void)state;
	stage_open(&stage, false);
	stage_books(&stage, &account);
	stage_requests(&stage, account.id);
	snprintf(sql, sizeof(sql),
		 "INSERT INTO request (id, organization, resource, operation, unconfirmed, status, message, made_ms, changed_ms) WITH RECURSIVE"
		 " n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) SELECT 'sync_copy' || i, organization, resource, operation,"
		 " unconfirmed, status, 'copy', made_ms, changed_ms FROM request, n WHERE status = %d", COPIES, REQUEST_SUCCEEDED);
	stage_break(&stage, sql);
	stage_deck(&stage, 43, 132, TEXT_SAFE);
	stage_keys(&stage, "E");
	stage_expect(&stage, "6001 succeeded");
	stage_expect(&stage, "(the newest 5000 are shown, a filter finds all)");
	stage_expect_not(&stage, "x failed    ");
	stage_keys(&stage, "/ 'failed' Enter");
	stage_expect_cursor(&stage, "x failed");
	stage_keys(&stage, "Esc x g");
	stage_expect(&stage, "x failed    ");
	stage_expect_not(&stage, "= succeeded");
	stage_keys(&stage, "/ 'sync_copy17' Enter");
	stage_expect(&stage, "Nothing fits");
	stage_keys(&stage, "Esc / 'sync_copy17' Enter");
	stage_expect(&stage, "= succeeded");
	stage_close(&stage);
}

/* What of a plan was not sent is paused by one key, in the outbox and in the plan, and each says why. */
static void test_pause(void **state)
{
	struct stage stage;
	struct plan plan;

	(void)state;
	open_outbox(&stage, &plan, "B P");
	stage_expect(&stage, "is paused, what is being sent is brought to its end; u undoes it.");
	stage_expect(&stage, "1 paused");
	stage_expect_not(&stage, "1 queued");
	stage_keys(&stage, "/ 'paused' Enter");
	stage_expect(&stage, "paused by ");
	stage_keys(&stage, "Esc u");
	stage_expect(&stage, "1 queued");
	stage_keys(&stage, "C-r");
	stage_expect(&stage, "1 paused");
	/* The next P goes on with it, from whatever row of its outbox. */
	stage_keys(&stage, "/ 'paused' Enter P");
	stage_expect(&stage, "goes on; u undoes it.");
	stage_keys(&stage, "Esc");
	stage_expect(&stage, "1 queued");
	stage_close(&stage);
}

/* Every step, what landed otherwise, and the ledger's own words. */
static void test_one(void **state)
{
	struct stage stage;
	struct plan plan;

	(void)state;
	open_outbox(&stage, &plan, "B j Enter");
	stage_expect(&stage, "total: foretold 1250.00, is 1250.01");
	stage_expect(&stage, "different, by engine: the ledger made something else of it");
	stage_keys(&stage, "q j Enter");
	stage_expect(&stage, "Duplicate Document Number Error");
	stage_expect(&stage, "6140");
	stage_close(&stage);
}

/* A document has a log of its own, also where it has no record. */
static void test_log_of_one(void **state)
{
	struct stage stage;
	struct plan plan;

	(void)state;
	open_outbox(&stage, &plan, "B j L");
	stage_expect(&stage, "log of INV-3 in Acme");
	stage_keys(&stage, "q i L");
	stage_expect(&stage, "log of INV-3 in Acme");
	stage_keys(&stage, "q q Enter L");
	stage_expect(&stage, "log of INV-3 in Acme");
	stage_expect(&stage, "Nothing of it was sent yet.");
	stage_keys(&stage, ": 'cli' Enter");
	stage_expect(&stage, "--document INV-3");
	stage_close(&stage);
}

/* The error stands on the document's page before all else, and from there the write is a key away, both ways. */
static void test_document(void **state)
{
	struct stage stage;
	struct plan plan;

	(void)state;
	open_outbox(&stage, &plan, "B j j i");
	stage_expect(&stage, "x rejected in Acme Bank AS: the number is taken");
	stage_expect(&stage, "6140");
	stage_expect(&stage, "r plans it anew; Enter shows every step of the write.");
	stage_keys(&stage, "Enter");
	stage_expect(&stage, "Duplicate Document Number Error");
	stage_keys(&stage, "i");
	stage_expect(&stage, "x rejected in Acme Bank AS: the number is taken");
	stage_keys(&stage, "r");
	stage_expect(&stage, "\xe2\x80\xba plan ");
	/* A record of the ledger's own has none. */
	stage_keys(&stage, "3 / 'invoice' Enter Enter i");
	stage_expect(&stage, "no document of yours is linked with Invoice");
	stage_close(&stage);
}

static void test_accept(void **state)
{
	struct stage stage;
	struct plan plan;

	(void)state;
	open_outbox(&stage, &plan, "B a");
	stage_expect(&stage, "only what landed otherwise than planned is accepted");
	stage_keys(&stage, "j a");
	assert_int_equal(state_of(&stage, &plan, 1), INTENT_CONFIRMED);
	stage_expect(&stage, "is well as the ledger has it.");
	stage_close(&stage);
}

/* What was not sent is taken back; what may have been written is not. */
static void test_take_back(void **state)
{
	AUTO(memory_freep) struct intents *intents = memory_new(sizeof(*intents));
	struct error err = { 0 };
	struct stage stage;
	struct plan plan;

	(void)state;
	open_outbox(&stage, &plan, "B X");
	stage_expect(&stage, "what became of it is looked up first");
	assert_int_equal(state_of(&stage, &plan, 0), INTENT_UNCERTAIN);
	stage_keys(&stage, "j X");
	stage_expect(&stage, "it was written: a takes it as it landed");
	stage_intents(&stage, plan.id, intents);
	assert_false(push_cancel(stage.store, intents->items[1].no, "bob", NOW, &err));
	assert_int_equal(state_of(&stage, &plan, 1), INTENT_DIFFERENT);
	stage_keys(&stage, "G X");
	assert_int_equal(state_of(&stage, &plan, 3), INTENT_CANCELLED);
	stage_close(&stage);
}

/* After an outcome that nobody could tell: it is asked, since it may be there twice. */
static void test_settle(void **state)
{
	struct stage stage;
	struct plan plan;

	(void)state;
	open_outbox(&stage, &plan, "B 0");
	stage_expect(&stage, "Somebody has looked into the ledger, and it is not there.");
	stage_keys(&stage, "Enter");
	assert_int_equal(state_of(&stage, &plan, 0), INTENT_UNCERTAIN);
	stage_keys(&stage, "=");
	stage_expect(&stage, "--record");
	stage_keys(&stage, "'900' Enter Esc");
	assert_int_equal(state_of(&stage, &plan, 0), INTENT_CONFIRMED);
	stage_close(&stage);
}

/* The queue: what holds it up, and what waits behind; a failed one is done once more, any open one skipped, asked first. */
static void test_requests(void **state)
{
	struct stage stage;
	struct account account;

	(void)state;
	stage_open(&stage, false);
	stage_books(&stage, &account);
	stage_requests(&stage, account.id);
	stage_deck(&stage, 43, 132, TEXT_SAFE);
	deck_paint(&stage.deck, &stage.deck.canvas);
	stage_keys(&stage, ": 'requests' Enter");
	stage_expect(&stage, "1 blocked  1 queued  1 succeeded  1 failed  1 skipped");
	stage_expect(&stage, "waits for sync_00000000000000000000000003");
	stage_keys(&stage, "r");
	stage_expect(&stage, "only a failed one is done once more");
	stage_keys(&stage, "x G");
	stage_expect_not(&stage, "queued     update");
	stage_expect_cursor(&stage, "x failed");
	stage_keys(&stage, "r");
	stage_expect(&stage, "INV-2 is done once more, by the next plan");
	stage_keys(&stage, "x g X");
	stage_expect(&stage, "What was written of it stays in the ledger.");
	stage_keys(&stage, "y");
	stage_expect(&stage, "2 skipped");
	stage_keys(&stage, "X");
	stage_expect(&stage, "it has ended");
	stage_close(&stage);
}

static void test_unwritten(void **state)
{
	struct stage stage;
	struct plan plan;

	(void)state;
	open_outbox(&stage, &plan, "B 0 y");
	assert_int_equal(state_of(&stage, &plan, 0), INTENT_QUEUED);
	stage_expect(&stage, "It is sent anew.");
	stage_close(&stage);
}

static void test_readonly(void **state)
{
	struct account account;
	struct stage stage;
	struct plan plan;

	(void)state;
	stage_open(&stage, false);
	stage_books(&stage, &account);
	stage_rule(&stage, account.id, TARGET_ITEM, "DESIGN", "12", "Services:Design");
	stage_outbox(&stage, account.id, &plan);
	stage.app.readonly = true;
	stage_deck(&stage, 43, 132, TEXT_SAFE);
	deck_paint(&stage.deck, &stage.deck.canvas);
	stage_keys(&stage, "B 0");
	stage_expect(&stage, "--readonly forbids it");
	stage_keys(&stage, "= j a G X");
	assert_int_equal(stage.deck.job_count, 0);
	stage_close(&stage);
}

/* What was refused is planned anew from where that is seen, alone. */
static void test_again(void **state)
{
	struct stage stage;
	struct plan plan;

	(void)state;
	open_outbox(&stage, &plan, "B r");
	stage_expect(&stage, "Enter shows all of it first");
	stage_keys(&stage, "Enter r");
	stage_expect(&stage, "it is under way");
	stage_keys(&stage, "q j j Enter r");
	stage_expect(&stage, "outbox \xe2\x80\xba INV-2 \xe2\x80\xba plan");
	assert_int_equal(stage.deck.job_count, 1);
	stage_close(&stage);
}

/* What others do to it shows by itself. */
static void test_live(void **state)
{
	AUTO(memory_freep) struct intents *intents = memory_new(sizeof(*intents));
	struct error err = { 0 };
	struct stage stage;
	struct plan plan;

	(void)state;
	open_outbox(&stage, &plan, "B");
	stage_intents(&stage, plan.id, intents);
	assert_true(push_cancel(stage.store, intents->items[3].no, "bob", NOW, &err));
	stage_news(&stage);
	stage_expect_not(&stage, "1 queued");
	stage_keys(&stage, ": 'outbox' Enter");
	stage_expect(&stage, "1 uncertain  1 different  1 rejected");
	stage_close(&stage);
}

int test_outbox(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_list), cmocka_unit_test(test_many), cmocka_unit_test(test_many_requests),
		cmocka_unit_test(test_pause),
		cmocka_unit_test(test_one), cmocka_unit_test(test_log_of_one), cmocka_unit_test(test_document),
		cmocka_unit_test(test_requests), cmocka_unit_test(test_accept), cmocka_unit_test(test_take_back),
		cmocka_unit_test(test_settle), cmocka_unit_test(test_unwritten), cmocka_unit_test(test_readonly), cmocka_unit_test(test_live), cmocka_unit_test(test_again),
	};

	return cmocka_run_group_tests_name("outbox", tests, NULL, NULL);
}
