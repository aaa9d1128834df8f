/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of records when it is long: held in part, looked through a few milliseconds at a time. */
#include "tests.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

static void type_keys(struct stage *stage, const char *keys, int times)
{
	struct key key;

	assert_true(key_parse(keys, strlen(keys), &key));
	/* All at once, as a held key or a slow line brings them: nobody waits in between. */
	for (int i = 0; i < times; i++)
		deck_key(&stage->deck, key);
	stage_settle(stage);
}

static void test_every_row_in_order(void **state)
{
	struct list list;

	(void)state;
	list_open(&list);
	stage_expect(&list.stage, "1,200 Invoice");
	for (int place = 0; place < LONG_LIST; place += 1) {
		if (place > 0)
			stage_keys(&list.stage, "j");
		if (place % 97 == 0)
			assert_int_equal(title_here(&list.stage), title_at(place));
	}
	assert_int_equal(title_here(&list.stage), title_at(LONG_LIST - 1));
	stage_keys(&list.stage, "j");
	assert_int_equal(title_here(&list.stage), title_at(LONG_LIST - 1));
	stage_expect(&list.stage, " 1,200\n");
	for (int place = LONG_LIST - 1; place > 0; place--)
		stage_keys(&list.stage, "k");
	assert_int_equal(title_here(&list.stage), title_at(0));
	list_close(&list);
}

static void test_keys_are_not_lost(void **state)
{
	struct list list;

	(void)state;
	list_open(&list);
	type_keys(&list.stage, "j", 777);
	assert_int_equal(title_here(&list.stage), title_at(777));
	stage_expect(&list.stage, " 778\n");
	type_keys(&list.stage, "k", 600);
	assert_int_equal(title_here(&list.stage), title_at(177));
	/* More than there are. */
	type_keys(&list.stage, "j", 5000);
	assert_int_equal(title_here(&list.stage), title_at(LONG_LIST - 1));
	type_keys(&list.stage, "k", 5000);
	assert_int_equal(title_here(&list.stage), title_at(0));
	list_close(&list);
}

static const struct view_kind *counted_kind;
static int answers;

static void count_answer(struct view *view, struct question *question)
{
	answers++;
	counted_kind->answer(view, question);
}

/*
 * Nothing is painted on the way, and what is asked on it waits for no frame. A reader that is quick has the next answer ready
 * before the deck has looked whether there is one more: answers are counted, not deliveries.
 */
static void test_what_is_owed_is_painted_once(void **state)
{
	struct list list;
	struct deck *deck = &list.stage.deck;
	struct view_kind kind;

	(void)state;
	list_open(&list);
	counted_kind = deck_top(deck)->kind;
	kind = *counted_kind;
	kind.answer = count_answer;
	deck_top(deck)->kind = &kind;
	answers = 0;
	for (int i = 0; i < 777; i++)
		deck_key(deck, (struct key){ .code = 'j' });
	assert_true(deck_top(deck)->owes);
	deck->urgent = false;
	while (deck_top(deck)->owes) {
		struct pollfd answered = { .fd = reader_fd(deck->reader), .events = POLLIN };

		assert_true(deck_top(deck)->asking && deck_top(deck)->keyed);
		assert_false(deck->urgent);
		assert_int_equal(poll(&answered, 1, 60000), 1);
		deck_deliver(deck);
	}
	deck_top(deck)->kind = counted_kind;
	assert_in_range(answers, 2, 4);
	assert_true(deck->urgent);
	assert_int_equal(title_here(&list.stage), title_at(777));
	list_close(&list);
}

static void press(struct stage *stage, const char *keys)
{
	for (; *keys; keys++) {
		struct key key;

		assert_true(key_parse(keys, 1, &key));
		deck_key(&stage->deck, key);
	}
	stage_settle(stage);
}

static void test_first_and_last(void **state)
{
	struct list list;

	(void)state;
	list_open(&list);
	stage_keys(&list.stage, "G");
	assert_int_equal(title_here(&list.stage), title_at(LONG_LIST - 1));
	stage_expect(&list.stage, " 1,200\n");
	stage_keys(&list.stage, "PgUp");
	stage_keys(&list.stage, "PgDn");
	assert_int_equal(title_here(&list.stage), title_at(LONG_LIST - 1));
	/* What comes behind the key is meant for where it leads. */
	press(&list.stage, "gjjj");
	assert_int_equal(title_here(&list.stage), title_at(3));
	press(&list.stage, "Gkk");
	assert_int_equal(title_here(&list.stage), title_at(LONG_LIST - 3));
	list_close(&list);
}

/* In the middle, far from either end, the record stays where it is; how many are before it is known only about. */
static void test_middle_stays(void **state)
{
	struct list list;
	int before;

	(void)state;
	list_open(&list);
	type_keys(&list.stage, "j", 600);
	before = title_here(&list.stage);
	for (int number = 2001; number < 2010; number++)
		stage_invoice(&list.stage, list.account.id, number * 28 + 27, "Newcomer", "1.00");
	deck_store_changed(&list.stage.deck);
	stage_settle(&list.stage);
	assert_int_equal(title_here(&list.stage), before);
	stage_expect(&list.stage, "~601\n");
	stage_keys(&list.stage, "g");
	stage_expect(&list.stage, " 1\n");
	list_close(&list);
}

/* A record that was deleted under the cursor says so until the next key. */
static void test_gone(void **state)
{
	struct list list;
	char id[20];
	int before;

	(void)state;
	list_open(&list);
	type_keys(&list.stage, "j", 5);
	before = title_here(&list.stage);
	snprintf(id, sizeof(id), "%d", before - 1000);
	stage_gone(&list.stage, list.account.id, "Invoice", id);
	deck_store_changed(&list.stage.deck);
	stage_settle(&list.stage);
	stage_expect(&list.stage, "> gone");
	stage_keys(&list.stage, "Enter");
	stage_expect_not(&list.stage, "> gone");
	assert_int_equal(title_here(&list.stage), title_at(6));
	list_close(&list);
}

static void test_sorted(void **state)
{
	struct list list;

	(void)state;
	list_open(&list);
	/* Amounts are number * 7919 % 10000: by them, not by their texts. */
	stage_keys(&list.stage, "< < I");
	stage_expect(&list.stage, "by TotalAmt, the greatest first");
	stage_expect(&list.stage, " 9991.89 ");
	type_keys(&list.stage, "j", 1150);
	type_keys(&list.stage, "k", 1149);
	stage_expect(&list.stage, "> = live     1173 ");
	stage_expect(&list.stage, " 2\n");
	/* Turned round, the record stays under the cursor. */
	stage_keys(&list.stage, "I");
	stage_expect(&list.stage, "> = live     1173 ");
	stage_keys(&list.stage, "G");
	stage_expect(&list.stage, " 9991.89 ");
	stage_expect(&list.stage, " 1,200\n");
	list_close(&list);
}

/* Two looks at the clock use up the time that there is: everything comes in many pieces, and comes. */
static void test_slices(void **state)
{
	struct list list;

	(void)state;
	list_open(&list);
	list.stage.tick_ms = 20;
	stage_keys(&list.stage, "/ 'TotalAmt<0' Enter");
	stage_expect(&list.stage, "Nothing fits the filter");
	stage_keys(&list.stage, "Esc / 'CustomerRef.name~cool' Enter");
	stage_expect(&list.stage, "400 Invoice that fit");
	type_keys(&list.stage, "j", 399);
	stage_expect(&list.stage, " 400\n");
	stage_keys(&list.stage, "> > > I");
	stage_expect(&list.stage, "400 Invoice that fit, by ");
	list_close(&list);
}

static bool is_shown(struct stage *stage, const char *part)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);

	stage_dump(stage, &text);
	return strstr(text.text, part) != NULL;
}

/* Esc stops what takes long; what was found so far stays, and nothing starts again by itself. */
static void test_stop(void **state)
{
	struct list list;

	(void)state;
	list_open(&list);
	stage_keys(&list.stage, "/ 'TotalAmt<'");
	/* The first piece takes as many looks at the clock; the second is held before it begins. */
	list.stage.tick_ms = 30;
	atomic_store(&list.stage.looks, 3);
	deck_key(&list.stage.deck, (struct key){ .code = '0' });
	while (!is_shown(&list.stage, "stops it"))
		deck_deliver(&list.stage.deck);
	deck_key(&list.stage.deck, (struct key){ .code = INPUT_ENTER });
	deck_key(&list.stage.deck, (struct key){ .code = INPUT_ESCAPE });
	atomic_store(&list.stage.let_go, true);
	stage_settle(&list.stage);
	stage_expect_not(&list.stage, "stops it");
	stage_expect(&list.stage, "that fit");
	stage_keys(&list.stage, "Esc");
	stage_expect(&list.stage, "1,200 Invoice, by");
	list_close(&list);
}

static void test_marks(void **state)
{
	struct list list;

	(void)state;
	list_open(&list);
	stage_keys(&list.stage, "Space Space");
	stage_expect(&list.stage, "Invoice, 2 marked");
	stage_keys(&list.stage, "Esc *");
	stage_expect(&list.stage, "Invoice, 1200 marked");
	stage_keys(&list.stage, "*");
	stage_expect_not(&list.stage, "marked");
	stage_keys(&list.stage, "/ 'CustomerRef.name~cool' Enter *");
	stage_expect(&list.stage, "Invoice, 400 marked");
	/* One step back at a time: marks, filter, view. */
	stage_keys(&list.stage, "Esc");
	stage_expect_not(&list.stage, "marked");
	stage_expect(&list.stage, "that fit");
	stage_keys(&list.stage, "Esc");
	stage_expect_not(&list.stage, "that fit");
	list_close(&list);
}

/* Without marks it is the row's id that is copied, else all that are marked. A deck of lines says what it copies. */
static void test_copy(void **state)
{
	struct list list;
	char id[40];

	(void)state;
	list_open(&list);
	list.stage.deck.plain = true;
	stage_keys(&list.stage, "y");
	snprintf(id, sizeof(id), "Id: %d", title_at(0) - 1000);
	assert_string_equal(deck_message(&list.stage.deck, 0)->text, id);
	stage_keys(&list.stage, "G k k k Space Space Space Space y");
	assert_string_equal(deck_message(&list.stage.deck, 0)->text, "4 ids: 28\n56\n84\n112");
	stage_keys(&list.stage, "4 y");
	assert_string_equal(deck_message(&list.stage.deck, 0)->text, "Attempt: 3");
	stage_keys(&list.stage, "Space Space y");
	assert_string_equal(deck_message(&list.stage.deck, 0)->text, "2 attempts: 2\n3");
	list_close(&list);
}

/* Columns by a panel, by their names, and the same again after a restart. */
static void test_columns(void **state)
{
	struct list list;

	(void)state;
	list_open(&list);
	stage_keys(&list.stage, "o");
	stage_expect(&list.stage, "[x] TITLE");
	stage_expect(&list.stage, "[ ] ID");
	/* The state goes, and what was second comes first. */
	stage_keys(&list.stage, "Space Esc");
	stage_expect_not(&list.stage, "[x]");
	stage_expect_not(&list.stage, "= live");
	stage_keys(&list.stage, ": 'columns id,TotalAmt,docnumber' Enter");
	stage_expect(&list.stage, "ID   TotalAmt DocNumber");
	stage_keys(&list.stage, "o > Esc");
	stage_expect(&list.stage, "TotalAmt ID   DocNumber");
	stage_keys(&list.stage, ": 'columns id,Nonsense' Enter");
	stage_expect(&list.stage, "Invoice has no column 'Nonsense'");
	/* The type is so wherever it is listed, and other types are as they were. */
	deck_push(&list.stage.deck, records_new(list.account.id, catalogue_find(list.stage.catalogue, "quickbooks", "Invoice")));
	stage_settle(&list.stage);
	stage_expect(&list.stage, "TotalAmt ID   DocNumber");
	stage_keys(&list.stage, ": 'columns id' Enter");
	deck_push(&list.stage.deck, records_new(list.account.id, catalogue_find(list.stage.catalogue, "quickbooks", "Bill")));
	stage_settle(&list.stage);
	stage_expect_not(&list.stage, "ID ");
	stage_keys(&list.stage, "q q");
	stage_expect_not(&list.stage, "TotalAmt");
	stage_expect(&list.stage, "ID");
	list_close(&list);
}

/* From an invoice to its customer, and from there back to all invoices that point to it. */
static void test_references(void **state)
{
	struct list list;

	(void)state;
	list_open(&list);
	stage_record(&list.stage, list.account.id, "Customer", "{\"Id\":\"7\",\"SyncToken\":\"0\",\"DisplayName\":\"Amy \\\"A\\\"\",\"MetaData\":"
		     "{\"LastUpdatedTime\":\"2026-09-01T08:00:00Z\"}}");
	stage_keys(&list.stage, "Enter");
	stage_expect(&list.stage, "CustomerRef.value");
	deck_paint(&list.stage.deck, &list.stage.deck.canvas);
	stage_keys(&list.stage, "Tab Enter");
	stage_expect(&list.stage, "Amy \"A\"");
	stage_expect(&list.stage, "Pointed to by");
	for (int i = 0; i < 40 && !is_shown(&list.stage, "1,200 Invoice that fit"); i++) {
		for (int k = 0; k <= i; k++)
			stage_keys(&list.stage, "Tab");
		stage_keys(&list.stage, "Enter");
		if (strcmp(deck_top(&list.stage.deck)->kind->name, "records") == 0 && !is_shown(&list.stage, "1,200 Invoice that fit"))
			stage_keys(&list.stage, "q");
	}
	stage_expect(&list.stage, "1,200 Invoice that fit");
	list_close(&list);
}

#define META ",\"MetaData\":{\"LastUpdatedTime\":\"2026-09-01T08:00:00Z\"}}"

/* What is linked in lists is told with its title, and followed both ways; what is not mirrored is told, too. */
static void test_references_in_lists(void **state)
{
	struct list list;
	const char *id;

	(void)state;
	list_open(&list);
	id = list.account.id;
	stage_record(&list.stage, id, "Invoice", "{\"Id\":\"99067\",\"SyncToken\":\"0\",\"DocNumber\":\"K-67\",\"LinkedTxn\":[{\"TxnId\":\"42\","
		     "\"TxnType\":\"Payment\"},{\"TxnId\":\"7\",\"TxnType\":\"Estimate\"}],\"Line\":[{\"LinkedTxn\":[{\"TxnId\":\"7\","
		     "\"TxnType\":\"Estimate\"}]},{\"LinkedTxn\":[{\"TxnId\":\"8\",\"TxnType\":\"Charge\"}]}]" META);
	stage_record(&list.stage, id, "Payment", "{\"Id\":\"42\",\"SyncToken\":\"0\",\"PaymentRefNum\":\"R-42\",\"TotalAmt\":20,\"Line\":["
		     "{\"Amount\":1,\"LinkedTxn\":[{\"TxnId\":\"1\",\"TxnType\":\"Invoice\"}]},"
		     "{\"Amount\":19,\"LinkedTxn\":[{\"TxnId\":\"99067\",\"TxnType\":\"Invoice\"}]}]" META);
	deck_push(&list.stage.deck, record_new(id, catalogue_find(list.stage.catalogue, "quickbooks", "Payment"), "42"));
	stage_settle(&list.stage);
	stage_expect(&list.stage, "Points to, in lists: 2");
	stage_expect(&list.stage, "99067  K-67");
	stage_expect(&list.stage, "Pointed to by, in lists: 1");
	stage_keys(&list.stage, "q");
	deck_push(&list.stage.deck, record_new(id, catalogue_find(list.stage.catalogue, "quickbooks", "Invoice"), "99067"));
	stage_settle(&list.stage);
	stage_expect(&list.stage, "Points to, in lists: 3");
	stage_expect(&list.stage, "42  R-42");
	stage_expect(&list.stage, "7  not in the mirror");
	stage_expect(&list.stage, "8  not a type that is mirrored");
	stage_expect(&list.stage, "Pointed to by, in lists: 1");
	stage_keys(&list.stage, "Tab Enter");
	stage_expect(&list.stage, "R-42");
	stage_expect(&list.stage, "TotalAmt");
	/* Once it is gone it points nowhere. */
	stage_gone(&list.stage, id, "Payment", "42");
	stage_keys(&list.stage, "q");
	stage_expect(&list.stage, "42  R-42  deleted");
	stage_expect_not(&list.stage, "Pointed to by, in lists");
	list_close(&list);
}

/* Of what was sent together, the log of a record tells of this one. */
static void test_log_of_one(void **state)
{
	AUTO(str_clear) struct str id = STR_INIT(RECORD_ID_MAX);
	struct attempt_item item = { .type = "Invoice" };
	struct attempt attempt;
	struct error err = { 0 };
	struct list list;
	bool found;

	(void)state;
	list_open(&list);
	assert_true(attempts_get(list.stage.store, stage_attempt(&list.stage, list.account.id, "Invoice", 5000, ERROR_REMOTE, "1 of 30 writes were refused"),
				 &attempt, NULL, &found, &err) && found);
	stage_keys(&list.stage, "Enter L");
	stage_expect(&list.stage, "No attempt was about this record alone");
	stage_keys(&list.stage, "q q L");
	stage_expect(&list.stage, "No attempt was about this record alone");
	stage_keys(&list.stage, "q Enter");
	deck_top(&list.stage.deck)->kind->title(deck_top(&list.stage.deck), &id);
	snprintf(item.record_id, sizeof(item.record_id), "%s", id.text);
	snprintf(item.error.text, sizeof(item.error.text), "written");
	assert_true(store_begin(list.stage.store, &err) && attempt_items_put(list.stage.store, &attempt, &item, 1, &err) &&
		    store_commit(list.stage.store, &err));
	stage_keys(&list.stage, "L");
	stage_expect_cursor(&list.stage, "= ok");
	stage_expect_cursor(&list.stage, "written");
	stage_keys(&list.stage, "x");
	stage_expect(&list.stage, "No attempt about it has failed.");
	stage_keys(&list.stage, "x : 'cli' Enter");
	stage_expect(&list.stage, "--record Invoice/");
	/* The attempt itself tells of all. */
	stage_keys(&list.stage, "Enter");
	stage_expect(&list.stage, "1 of 30 writes were refused");
	stage_expect(&list.stage, ": written");
	list_close(&list);
}

/* The keys that a text names are those in force, and Tab is only offered where something leads further. */
static void test_names_of_keys(void **state)
{
	struct list list;
	struct error err = { 0 };
	struct keys *keys;

	(void)state;
	list_open(&list);
	stage_resize(&list.stage, 60, 120);
	stage_keys(&list.stage, "Enter");
	stage_expect(&list.stage, "v shows the record as the ledger sent it, H its history, L its log.");
	stage_expect(&list.stage, "Tab goes through what it points to, and Enter to where it leads.");
	stage_expect(&list.stage, "Tab link");
	stage_expect_not(&list.stage, "Tab pane");
	stage_keys(&list.stage, "v");
	stage_expect_not(&list.stage, "Tab link");
	stage_keys(&list.stage, "Tab");
	stage_expect(&list.stage, "nothing here leads further");
	assert_true(keys_parse("raw F5\nhistory F6\nnext-pane F7\n", "test", &keys, &err));
	keys_free(list.stage.deck.keys);
	list.stage.deck.keys = keys;
	stage_keys(&list.stage, "F5");
	stage_expect(&list.stage, "F5 shows the record as the ledger sent it, F6 its history, L its log.");
	stage_expect(&list.stage, "F7 goes through what it points to");
	stage_keys(&list.stage, "F6");
	stage_expect(&list.stage, "F7 and Enter show one as a whole.");
	list_close(&list);
}

/* What is copied is what was under the cursor, in the form that was asked for; a list reads the record for it. */
static void test_copies(void **state)
{
	struct stage stage;

	(void)state;
	stage_open(&stage, false);
	stage_deck(&stage, 24, 120, TEXT_SAFE);
	deck_paint(&stage.deck, &stage.deck.canvas);
	stage_keys(&stage, "Tab Enter Y");
	stage_expect(&stage, "https://");
	stage_expect(&stage, "w web address  i id  j JSON  t row with tabs  a account id  c command");
	/* Without a screen there is no clipboard: as lines, what would be copied is told. */
	stage.deck.plain = true;
	stage_keys(&stage, "j");
	stage_expect(&stage, "JSON: {");
	stage_keys(&stage, "Y i");
	stage_expect(&stage, "Id: ");
	stage_keys(&stage, "Y Enter");
	stage_expect(&stage, "Nothing was done.");
	stage_keys(&stage, "Enter Y j");
	stage_expect(&stage, "JSON: {");
	stage_keys(&stage, "Y w");
	stage_expect(&stage, "Web address: https://");
	stage_keys(&stage, "Y c");
	stage_expect(&stage, "Command: ledgerdeck show ");
	stage.deck.plain = false;
	stage_close(&stage);
}

int test_records(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_row_in_order),
		cmocka_unit_test(test_keys_are_not_lost),
		cmocka_unit_test(test_what_is_owed_is_painted_once),
		cmocka_unit_test(test_first_and_last),
		cmocka_unit_test(test_middle_stays),
		cmocka_unit_test(test_gone),
		cmocka_unit_test(test_sorted),
		cmocka_unit_test(test_slices),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_marks),
		cmocka_unit_test(test_copy),
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_references), cmocka_unit_test(test_references_in_lists), cmocka_unit_test(test_log_of_one),
		cmocka_unit_test(test_names_of_keys),
		cmocka_unit_test(test_copies),
	};

	return cmocka_run_group_tests_name("records", tests, NULL, NULL);
}
