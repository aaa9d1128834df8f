/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The audit: read a page at a time from either end, narrowed and searched, its chain checked beside that. */
#include "tests.h"

#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/log.h"
#include "view/audit.h"

/* So many entries, numbered in what was done. */
static void open_audit(struct stage *stage, int entries, const char *keys)
{
	AUTO(store_end) struct store *transaction = NULL;
	struct account account;
	struct error err = { 0 };

	stage_open(stage, false);
	assert_true(accounts_find(stage->store, "Acme", &account, &err));
	transaction = stage->store;
	assert_true(store_begin(stage->store, &err));
	for (int i = 1; i <= entries; i++) {
		char what[40], after[40];

		snprintf(what, sizeof(what), "act %d", i);
		snprintf(after, sizeof(after), i % 500 == 7 ? "needle %d" : "hay %d", i);
		assert_true(audit_add(stage->store, i % 2 ? "ann" : "bob from 10.0.0.7", what, i % 3 ? account.id : "", "", after,
				      NOW - (entries - i) * INT64_C(1000), &err));
	}
	assert_true(store_commit(stage->store, &err));
	transaction = NULL;
	stage_deck(stage, 24, 100, TEXT_SAFE);
	deck_paint(&stage->deck, &stage->deck.canvas);
	stage_keys(stage, keys);
	deck_paint(&stage->deck, &stage->deck.canvas);
}

/* Keys as fast as they come: no answer between them. */
static void press(struct stage *stage, char key, int times)
{
	for (int i = 0; i < times; i++)
		deck_key(&stage->deck, (struct key){ .code = (unsigned char)key });
	stage_settle(stage);
}

/* Each step is one entry, also where the next page has not come yet, and from either end. */
static void test_pages(void **state)
{
	struct stage stage;

	(void)state;
	open_audit(&stage, 6000, "W");
	stage_expect_cursor(&stage, "act 6000 ");
	press(&stage, 'j', 3210);
	stage_expect_cursor(&stage, "act 2790 ");
	press(&stage, 'k', 2000);
	stage_expect_cursor(&stage, "act 4790 ");
	stage_keys(&stage, "G");
	stage_expect_cursor(&stage, "act 1 ");
	stage_keys(&stage, "k k");
	stage_expect_cursor(&stage, "act 3 ");
	for (int i = 0; i < 30; i++)
		stage_keys(&stage, "PgUp");
	stage_expect_cursor(&stage, "act 513 ");
	for (int i = 0; i < 30; i++)
		stage_keys(&stage, "PgDn");
	stage_expect_cursor(&stage, "act 3 ");
	stage_keys(&stage, "g");
	stage_expect_cursor(&stage, "act 6000 ");
	press(&stage, 'j', 9999);
	stage_expect_cursor(&stage, "act 1 ");
	/* Nothing more is held than is needed around the cursor. */
	assert_true(((struct audit_view *)deck_top(&stage.deck))->held.rows.count < 4000);
	stage_close(&stage);
}

static void test_narrowed(void **state)
{
	struct stage stage;

	(void)state;
	open_audit(&stage, 6000, "W & 'what:\"act 42\" account:acme' Enter");
	stage_expect_cursor(&stage, "act 4298 ");
	stage_keys(&stage, "G");
	stage_expect_cursor(&stage, "act 421 ");
	stage_keys(&stage, "& C-u 'who:bob needle' Enter");
	/* Those are odd, and bob's are even. */
	stage_expect(&stage, "Nothing fits the filter; Esc shows all.");
	stage_keys(&stage, "& C-u 'who:ann needle' Enter g");
	stage_expect_cursor(&stage, "needle 5507");
	stage_keys(&stage, "G");
	stage_expect_cursor(&stage, "needle 7");
	stage_keys(&stage, "& C-u 'state:ok'");
	stage_expect(&stage, "the audit has no 'state'");
	stage_keys(&stage, "Esc Esc");
	/* All of it again, around the same entry. */
	stage_expect_cursor(&stage, "needle 7");
	stage_keys(&stage, "k");
	stage_expect_cursor(&stage, "hay 8");
	stage_close(&stage);
}

static void test_searched(void **state)
{
	struct stage stage;

	(void)state;
	open_audit(&stage, 6000, "W / 'needle' Enter");
	stage_expect_cursor(&stage, "needle 5507");
	stage_keys(&stage, "n n");
	stage_expect_cursor(&stage, "needle 4507");
	stage_keys(&stage, "N");
	stage_expect_cursor(&stage, "needle 5007");
	stage_keys(&stage, "N N");
	stage_expect(&stage, "'needle' stands in no newer entry.");
	stage_expect_cursor(&stage, "needle 5507");
	stage_keys(&stage, "/ C-u 'unheard of' Enter");
	stage_expect(&stage, "'unheard of' stands in no older entry.");
	stage_keys(&stage, "Esc n");
	stage_expect(&stage, "Nothing is looked for; / begins.");
	stage_keys(&stage, "Esc");
	assert_int_equal(stage.deck.view_count, 1);
	stage_close(&stage);
}

/* The chain is checked to its end in pieces, beside what one does; what comes is shown and checked, too. */
static void test_sound(void **state)
{
	struct stage stage;

	(void)state;
	open_audit(&stage, 12345, "W");
	stage_expect(&stage, "= 12,345 entries, each fits to the one before");
	stage_act(&stage, "", "ann", "the newest", "", "", 0);
	stage_news(&stage);
	stage_expect_cursor(&stage, "the newest");
	stage_expect(&stage, "= 12,346 entries");
	stage_keys(&stage, "j j j");
	stage_expect_cursor(&stage, "act 12343 ");
	stage_act(&stage, "", "ann", "newer still", "", "", 0);
	stage_news(&stage);
	stage_expect_cursor(&stage, "act 12343 ");
	stage_expect(&stage, "= 12,347 entries");
	stage_keys(&stage, "g");
	stage_expect_cursor(&stage, "newer still");
	stage_close(&stage);
}

/* What somebody did to it is told with its place and what to do; what comes behind it heals nothing. */
static void test_broken(void **state)
{
	struct stage stage;

	(void)state;
	open_audit(&stage, 40, "W");
	stage_expect(&stage, "= 40 entries");
	stage_break(&stage, "UPDATE audit SET after = 'nothing' WHERE no = 30");
	/* What was checked is checked again when that is asked for. */
	stage_keys(&stage, "R");
	stage_expect(&stage, "x Entry 30 does not fit to the one before it");
	stage_expect(&stage, "with that of a backup.");
	stage_expect(&stage, "dashboard \xe2\x80\xba audit, not sound");
	for (int i = 0; i < 10; i++)
		stage_keys(&stage, "j");
	stage_expect_cursor(&stage, "x does not fit");
	stage_act(&stage, "", "ann", "later", "", "", 0);
	stage_news(&stage);
	stage_expect(&stage, "x Entry 30 does not fit");
	stage_close(&stage);
	open_audit(&stage, 40, "");
	stage_break(&stage, "DELETE FROM audit WHERE no > 35");
	stage_keys(&stage, "W");
	stage_expect(&stage, "x Something is missing behind entry 35");
	stage_close(&stage);
}

static void test_entry(void **state)
{
	struct stage stage;

	(void)state;
	stage_open(&stage, false);
	stage_audit(&stage);
	stage_deck(&stage, 30, 100, TEXT_SAFE);
	stage_keys(&stage, "W j j Enter");
	stage_expect(&stage, "dashboard \xe2\x80\xba audit \xe2\x80\xba entry 7");
	stage_expect(&stage, "bob from 10.0.0.7");
	stage_expect(&stage, "Invoice       300 -> 60");
	stage_expect(&stage, "Vendor        (was not there) -> 900");
	stage_expect(&stage, "Bill          300 -> (is not there)");
	stage_expect(&stage, "PRODUCTION  Acme Bank AS");
	stage_keys(&stage, "Esc k Enter");
	stage_expect(&stage, "Before        ok");
	stage_expect(&stage, "After         paused");
	stage_keys(&stage, "Esc G Enter");
	stage_expect(&stage, "vault init");
	stage_expect(&stage, "Before        (nothing)");
	stage_expect(&stage, "Company       (none)");
	stage_keys(&stage, "1");
	deck_push(&stage.deck, audit_entry_new(4711));
	stage_settle(&stage);
	stage_expect(&stage, "the audit has no entry 4711");
	/* The reason stays where the entry would be, also when there is still none. */
	stage_keys(&stage, "y Enter R");
	stage_expect(&stage, "the audit has no entry 4711");
	stage_close(&stage);
}

static void test_empty(void **state)
{
	struct stage stage;
	struct error err = { 0 };

	(void)state;
	stage_open(&stage, true);
	stage_deck(&stage, 24, 100, TEXT_SAFE);
	stage_keys(&stage, ": 'audit' Enter");
	stage_expect(&stage, "Nothing was done yet. c makes a vault and connects a company");
	stage_keys(&stage, "Enter y j n G g PgDn");
	assert_true(store_open(stage.path, STORE_CREATE, 0, &stage.store, &err));
	stage_news(&stage);
	stage_expect(&stage, "Nothing was done yet that is kept here");
	stage_expect(&stage, "= 0 entries");
	stage_act(&stage, "", "ann", "vault init", "", "key file", 0);
	stage_news(&stage);
	stage_expect_cursor(&stage, "vault init");
	stage_expect(&stage, "= 1 entry,");
	stage_keys(&stage, ": 'audit --verify' Enter");
	assert_int_equal(stage.deck.job_count, 1);
	stage_close(&stage);
}

int test_audit(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pages), cmocka_unit_test(test_narrowed), cmocka_unit_test(test_searched), cmocka_unit_test(test_sound),
		cmocka_unit_test(test_broken), cmocka_unit_test(test_entry), cmocka_unit_test(test_empty),
	};

	return cmocka_run_group_tests_name("audit", tests, NULL, NULL);
}
