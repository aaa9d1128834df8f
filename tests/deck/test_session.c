/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A reconciliation is worked through by keys: accepted one by one, explained, in bulk, taken back, signed, and then left alone. */
#include "tests.h"

#include <stdio.h>
#include <string.h>

#include "dialog.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"

static void open_session(struct stage *stage, struct session *ret_session, const char *keys)
{
	struct account account;

	stage_open(stage, false);
	stage_books(stage, &account);
	stage_rule(stage, account.id, TARGET_ITEM, "FREIGHT OUT", "13", "Freight out");
	stage_session(stage, account.id, ret_session);
	stage_deck(stage, 43, 132, TEXT_SAFE);
	deck_paint(&stage->deck, &stage->deck.canvas);
	stage_keys(stage, keys);
	deck_paint(&stage->deck, &stage->deck.canvas);
}

static bool take_one(void *ctx, const struct session_exception *exception)
{
	struct session_exception *wanted = ctx;

	if (strcmp(exception->ref, wanted->ref) != 0)
		return true;
	*wanted = *exception;
	return false;
}

static struct session_exception exception_of(struct stage *stage, const struct session *session, const char *ref)
{
	struct session_exception_query query = { .session = session->no, .reason = -1 };
	struct session_exception exception = { 0 };
	struct error err = { 0 };

	snprintf(exception.ref, sizeof(exception.ref), "%s", ref);
	assert_true(session_exceptions(stage->store, &query, take_one, &exception, &err));
	return exception;
}

static enum session_state state_of(struct stage *stage, const struct session *session)
{
	struct session now;
	struct error err = { 0 };

	assert_true(sessions_find(stage->store, NULL, session->id, &now, &err));
	return now.state;
}

static void test_lists(void **state)
{
	struct stage stage;
	struct session session;

	(void)state;
	open_session(&stage, &session, "8");
	stage_expect(&stage, "2 sessions, 6 exceptions open");
	stage_expect(&stage, "= signed");
	stage_expect(&stage, "ann, ruth");
	stage_keys(&stage, "Enter");
	stage_expect(&stage, "! -109.40 USD unexplained of source");
	stage_expect(&stage, "2 of 6 matched, 2 suggested, 6 open; 2/4 sums tie");
	stage_expect_cursor(&stage, "suggested");
	stage_keys(&stage, "Tab");
	stage_expect_cursor(&stage, "x receivables");
	stage_keys(&stage, "Enter");
	stage_expect(&stage, "Invoice 900  -9.00");
	stage_keys(&stage, "Enter");
	stage_expect(&stage, "INV-7");
	stage_close(&stage);
}

/* One key accepts and goes on to the next; what it says is what the store has. */
static void test_accept(void **state)
{
	struct stage stage;
	struct session session;

	(void)state;
	open_session(&stage, &session, "8 Enter");
	stage_expect_cursor(&stage, "INV-7");
	stage_keys(&stage, "a");
	stage_expect_cursor(&stage, "INV-8");
	stage_expect(&stage, "Exception 4 is accepted; u undoes it.");
	assert_int_equal(exception_of(&stage, &session, "INV-7").state, EXCEPTION_ACCEPTED);
	stage_keys(&stage, "X");
	assert_int_equal(exception_of(&stage, &session, "INV-8").state, EXCEPTION_ACCEPTED);
	stage_expect(&stage, "3 of 6 matched, 0 suggested, 4 open");
	stage_keys(&stage, "u k a");
	stage_expect(&stage, "Accepted, because:");
	stage_keys(&stage, "Esc X");
	stage_keys(&stage, "u u");
	assert_int_equal(exception_of(&stage, &session, "INV-7").state, EXCEPTION_OPEN);
	assert_int_equal(exception_of(&stage, &session, "INV-8").state, EXCEPTION_OPEN);
	stage_expect(&stage, "2 of 6 matched, 2 suggested, 6 open");
	stage_close(&stage);
}

/* A difference is accepted, or left out, with a reason in words; without one nothing is done. */
static void test_words(void **state)
{
	struct stage stage;
	struct session session;

	(void)state;
	open_session(&stage, &session, "8 Enter / 'INV-2' Enter a");
	stage_expect(&stage, "Accepted, because:");
	stage_keys(&stage, "Enter");
	stage_expect(&stage, "Without words nothing was done.");
	stage_keys(&stage, "a 'never' Esc");
	assert_int_equal(exception_of(&stage, &session, "INV-2").state, EXCEPTION_ASSIGNED);
	stage_keys(&stage, "a 'a discount of 4' Enter");
	assert_int_equal(exception_of(&stage, &session, "INV-2").state, EXCEPTION_ACCEPTED);
	stage_expect(&stage, "ann: a discount");
	stage_keys(&stage, "u @ 'bob' Enter e 'asked again' Enter");
	assert_int_equal(exception_of(&stage, &session, "INV-2").state, EXCEPTION_EXPLAINED);
	assert_string_equal(exception_of(&stage, &session, "INV-2").assignee, "bob");
	stage_expect(&stage, "ann: asked again");
	stage_close(&stage);
}

/* A step that its reason does not offer says which are. */
static void test_refused(void **state)
{
	struct stage stage;
	struct session session;

	(void)state;
	open_session(&stage, &session, "8 Enter p");
	stage_expect(&stage, "what 'suggested' stands for is not put right by that; there are accept reject reread");
	stage_keys(&stage, "/ '27' Enter X");
	stage_expect(&stage, "'reject' (X): what 'not-in-source' stands for");
	stage_keys(&stage, "Esc / 'signed' Enter * Esc Esc [ G j 8 G Enter");
	stage_expect(&stage, "= signed");
	stage_keys(&stage, "Esc S");
	stage_expect(&stage, "both have signed it");
	stage_close(&stage);
}

/* All of one cause at once: asked about, with how many and how much. */
static void test_bulk(void **state)
{
	struct stage stage;
	struct session session;

	(void)state;
	open_session(&stage, &session, "8 Enter / 'INV-5' Enter Esc C");
	stage_expect(&stage, "2 are marked");
	stage_keys(&stage, "o 'next month' Enter");
	stage_expect(&stage, "2 exceptions are left out:");
	stage_expect(&stage, "2 with -92.50 USD");
	stage_keys(&stage, "Enter");
	assert_int_equal(exception_of(&stage, &session, "INV-5").state, EXCEPTION_OPEN);
	stage_keys(&stage, "o 'next month' Enter y");
	assert_int_equal(exception_of(&stage, &session, "INV-5").state, EXCEPTION_ACCEPTED);
	assert_int_equal(exception_of(&stage, &session, "INV-6").state, EXCEPTION_ACCEPTED);
	stage_expect_not(&stage, "2 marked");
	stage_keys(&stage, "u");
	assert_int_equal(exception_of(&stage, &session, "INV-6").state, EXCEPTION_OPEN);
	/* One that does not offer it stops all. */
	stage_keys(&stage, "* a");
	stage_expect(&stage, "is not put right by that");
	stage_close(&stage);
}

/* A correction is a plan, which comes up by itself, and again by the same key. */
static void test_correct(void **state)
{
	struct stage stage;
	struct session session;

	(void)state;
	open_session(&stage, &session, "8 Enter / 'INV-5' Enter p");
	assert_int_equal(exception_of(&stage, &session, "INV-5").state, EXCEPTION_CORRECTED);
	stage_expect(&stage, "2026-09 \xe2\x80\xba plan");
	stage_expect(&stage, "INV-5");
	stage_keys(&stage, "q");
	stage_expect_cursor(&stage, "~ corrected");
	stage_keys(&stage, "p");
	stage_expect(&stage, "2026-09 \xe2\x80\xba plan");
	stage_close(&stage);
}

static void test_one(void **state)
{
	struct stage stage;
	struct session session;

	(void)state;
	open_session(&stage, &session, "8 Enter / 'INV-2' Enter Enter");
	stage_expect(&stage, "1250.00 USD -> 1200.00 USD");
	stage_expect(&stage, "ann: asked Amy about the discount");
	stage_expect(&stage, "@ assigned");
	stage_keys(&stage, "e 'a discount of forty' Enter");
	stage_expect(&stage, "+ explained");
	stage_expect(&stage, "ann: a discount of forty");
	stage_keys(&stage, "u q Esc / '27' Enter v");
	stage_expect(&stage, "1027");
	stage_close(&stage);
}

/* Signed twice; then nothing in it moves any more, and it says so. */
static void test_sign(void **state)
{
	struct stage stage;
	struct session session;

	(void)state;
	open_session(&stage, &session, "8 Enter");
	stage_keys(&stage, "S");
	stage_expect(&stage, "6 exceptions are open.");
	stage_keys(&stage, "Enter");
	assert_int_equal(state_of(&stage, &session), SESSION_OPEN);
	stage_keys(&stage, "S y");
	assert_int_equal(state_of(&stage, &session), SESSION_OPEN);
	stage_expect(&stage, "6 exceptions of session");
	stage_keys(&stage, "* e 'all of it is known' Enter y S y");
	assert_int_equal(state_of(&stage, &session), SESSION_PREPARED);
	stage_keys(&stage, "a");
	stage_expect(&stage, "the session is signed by who prepared it; Z takes that back");
	stage_keys(&stage, "Z");
	assert_int_equal(state_of(&stage, &session), SESSION_OPEN);
	stage_keys(&stage, "S y");
	snprintf(stage.app.who, sizeof(stage.app.who), "ruth");
	stage_keys(&stage, "S");
	stage_expect(&stage, "ann has prepared it; you sign as reviewer.");
	stage_keys(&stage, "y");
	assert_int_equal(state_of(&stage, &session), SESSION_SIGNED);
	stage_keys(&stage, "e");
	stage_expect(&stage, "it does not change any more");
	stage_keys(&stage, "u");
	stage_expect(&stage, "it does not change any more");
	stage_close(&stage);
}

static void test_evidence(void **state)
{
	AUTO(str_clear) struct str path = STR_INIT(200), keys = STR_INIT(300);
	struct stage stage;
	struct session session;

	(void)state;
	open_session(&stage, &session, "8 Enter");
	str_addf(&keys, "P '%s/one' Enter", stage.directory);
	stage_keys(&stage, keys.text);
	stage_expect(&stage, "The evidence stands in");
	str_addf(&path, "%s/one/MANIFEST.sha256", stage.directory);
	assert_true(file_exists(path.text));
	str_reset(&keys);
	/* The same again is there already; something else is not put over it. */
	str_addf(&keys, ": 'evidence %s/one' Enter", stage.directory);
	stage_keys(&stage, keys.text);
	stage_expect(&stage, "The evidence is written");
	stage_keys(&stage, "e 'more is known' Enter");
	stage_keys(&stage, keys.text);
	stage_expect(&stage, "holds another pack");
	stage_close(&stage);
}

#define MANY 100000

static void put_many(struct stage *stage, const struct session *session)
{
	struct session_exception exception = { .reason = EXCEPTION_NOT_IN_LEDGER, .currency = "USD", .cause = "never written", .type = "invoice",
					       .text = "it was never written; a plan would create it" };
	struct error err = { 0 };

	for (int i = 1; i <= MANY; i++) {
		/* The last one is the largest. */
		exception.amount = (int64_t)i * 10000;
		snprintf(exception.ref, sizeof(exception.ref), "M-%06d", i);
		snprintf(exception.key, sizeof(exception.key), "%s", exception.ref);
		if (!session_add_exception(stage->store, session, &exception, NOW, &err))
			fail_msg("%s", err.text);
	}
}

/* However many there are: each can be come to, by moving, looking, sorting and filtering, and something be done about it. */
static void test_many(void **state)
{
	struct stage stage;
	struct session session;

	(void)state;
	open_session(&stage, &session, "");
	stage_round(&stage, &session, put_many);
	stage_keys(&stage, "8 Enter");
	stage_expect(&stage, "100000 open");
	stage_expect_not(&stage, "are shown");
	/* Behind them only what agrees by now. */
	stage_keys(&stage, "x");
	stage_expect_cursor(&stage, "M-000001");
	stage_keys(&stage, "G");
	stage_expect_cursor(&stage, "M-100000");
	stage_keys(&stage, "g > > > >");
	stage_expect(&stage, "by amount, downwards");
	stage_keys(&stage, "g");
	stage_expect_cursor(&stage, "M-100000");
	stage_keys(&stage, "/ '50001' Enter");
	stage_expect_cursor(&stage, "M-050001");
	stage_keys(&stage, "e 'far behind' Enter Esc");
	assert_int_equal(exception_of(&stage, &session, "M-050001").state, EXCEPTION_EXPLAINED);
	stage_keys(&stage, "C");
	stage_expect(&stage, "99999 are marked");
	/* That it can be refused is looked at for each of them. */
	stage_keys(&stage, "a");
	stage_expect(&stage, "is not put right by that");
	stage_close(&stage);
}

/* What others do meanwhile moves no cursor; what has vanished says so. */
static void test_live(void **state)
{
	const int64_t last = 6;
	struct stage stage;
	struct session session;
	struct reconcile_act act = { .session = &session, .exceptions = &last, .count = 1, .note = "by somebody else", .who = "bob" };
	struct error err = { 0 };

	(void)state;
	open_session(&stage, &session, "8 Enter j j");
	stage_expect_cursor(&stage, "INV-5");
	act.env = stage.app.env;
	assert_true(reconcile_note(stage.store, &act, &err));
	stage_news(&stage);
	stage_expect_cursor(&stage, "INV-5");
	stage_expect(&stage, "+ explained");
	stage_round(&stage, &session, NULL);
	stage_news(&stage);
	stage_expect(&stage, "- closed");
	stage_expect_cursor(&stage, "INV-5");
	stage_close(&stage);
}

/* By causes, by the greatest amounts, and narrowed to what is open. */
static void test_order(void **state)
{
	struct stage stage;
	struct session session;

	(void)state;
	open_session(&stage, &session, "8 Enter > > > > g");
	stage_expect(&stage, "by amount, downwards");
	stage_expect_cursor(&stage, "INV-5");
	stage_keys(&stage, "I g");
	stage_expect_cursor(&stage, "INV-7");
	stage_keys(&stage, "a x");
	stage_expect(&stage, "Exceptions 5, by amount, open only");
	stage_expect_not(&stage, "= accepted");
	stage_keys(&stage, ": 'cli' Enter");
	stage_expect(&stage, "ledgerdeck exceptions rcn_");
	stage_close(&stage);
}

/* A file is looked for again where it is now; what it is a statement of is known. */
static void test_file(void **state)
{
	struct error err = { 0 };
	struct stage stage;
	struct session session, bank;

	(void)state;
	open_session(&stage, &session, "1");
	bank = (struct session){ .from = date_of(2026, 9, 2), .to = date_of(2026, 9, 9), .source = "bank.csv", .statement = "35", .currency = "USD",
				 .made_ms = NOW, .changed_ms = NOW };
	snprintf(bank.account_id, sizeof(bank.account_id), "%s", session.account_id);
	memset(bank.source_digest, 'a', sizeof(bank.source_digest) - 1);
	stage_round(&stage, &bank, NULL);
	stage_keys(&stage, "8 r");
	stage_expect(&stage, "2026-09-02..2026-09-09");
	stage_expect(&stage, "--period 2026-09-02..2026-09-09 --statement 35 --source");
	stage_keys(&stage, "Esc");
	/* Where it was compared last is where it is looked for. */
	snprintf(bank.path, sizeof(bank.path), "%s/moved/bank.csv", stage.directory);
	snprintf(bank.profile, sizeof(bank.profile), "%s/moved/columns", stage.directory);
	*bank.statement = '\0';
	assert_true(store_begin(stage.store, &err) && sessions_save(stage.store, &bank, &err) && store_commit(stage.store, &err));
	stage_news(&stage);
	stage_keys(&stage, "8 r");
	stage_expect(&stage, "moved/columns");
	stage_close(&stage);
}

/* A period is begun where an account is under the cursor; what is no period is the command's. */
static void test_begin(void **state)
{
	struct stage stage;
	struct session session;

	(void)state;
	open_session(&stage, &session, "8 b");
	stage_expect(&stage, "Period of Acme");
	stage_keys(&stage, "'September' Enter");
	stage_expect(&stage, "'September' is no period");
	stage_keys(&stage, "1 : 'reconcile 2026-09' Enter");
	stage_expect(&stage, "dashboard \xe2\x80\xba 2026-09");
	stage_expect(&stage, "2 of 6 matched");
	/* Without the engine nothing can be compared. */
	stage_keys(&stage, "1 : 'reconcile 2026-07' Enter");
	stage_expect(&stage, "Nothing of that period was kept");
	stage_close(&stage);
}

int test_session(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lists), cmocka_unit_test(test_accept), cmocka_unit_test(test_words), cmocka_unit_test(test_refused),
		cmocka_unit_test(test_bulk), cmocka_unit_test(test_correct), cmocka_unit_test(test_one), cmocka_unit_test(test_sign),
		cmocka_unit_test(test_evidence), cmocka_unit_test(test_live), cmocka_unit_test(test_order), cmocka_unit_test(test_begin),
		cmocka_unit_test(test_file), cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
