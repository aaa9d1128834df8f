/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What records were: the versions of one, and all as they were at a time. */
#include "tests.h"

#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

/* Field by field what changed, the newest first; a version as a whole, and back. */
static void test_versions(void **state)
{
	struct list list;
	int number;

	(void)state;
	list_open(&list);
	number = title_here(&list.stage) - 1000;
	stage_invoice(&list.stage, list.account.id, number, "Cool Cars", "77.50");
	deck_store_changed(&list.stage.deck);
	stage_settle(&list.stage);
	stage_keys(&list.stage, "H");
	stage_expect(&list.stage, "2 versions, the newest first");
	stage_expect(&list.stage, "-> 77.50");
	stage_expect(&list.stage, "The first that the mirror had.");
	stage_keys(&list.stage, "Tab Tab Enter");
	stage_expect(&list.stage, "a version");
	stage_expect(&list.stage, "\"SyncToken\"");
	stage_expect_not(&list.stage, "77.50");
	stage_keys(&list.stage, "Esc");
	stage_expect(&list.stage, "2 versions");
	stage_keys(&list.stage, "Esc");
	stage_expect(&list.stage, "TotalAmt");
	stage_expect_not(&list.stage, "versions");
	list_close(&list);
}

/* The list and a record as they were, sorted and filtered by what they had then; a time that nobody knows of changes nothing. */
static void test_as_of(void **state)
{
	struct list list;
	int number;

	(void)state;
	list_open(&list);
	stage_break(&list.stage, "UPDATE object SET whole_ms = 1790000000000 WHERE type = 'Invoice'");
	number = title_here(&list.stage) - 1000;
	list.stage.now_ms += 3600000;
	stage_invoice(&list.stage, list.account.id, number, "Cool Cars", "77777.50");
	stage_gone(&list.stage, list.account.id, "Invoice", "55");
	stage_invoices(&list.stage, list.account.id, LONG_LIST + 1, LONG_LIST + 3);
	deck_store_changed(&list.stage.deck);
	stage_settle(&list.stage);
	stage_expect(&list.stage, "1,202 Invoice, by");
	stage_keys(&list.stage, "j");
	stage_expect_cursor(&list.stage, "77777.50");
	stage_keys(&list.stage, "@ '2026-09-21T14:30:00Z' Enter");
	stage_expect(&list.stage, "1,200 Invoice, as of 2026-09-21 14:30:00Z, by time of change");
	assert_int_equal(title_here(&list.stage), 1000 + number);
	stage_expect_not(&list.stage, "77777.50");
	/* Every row is there, the deleted one, too, and none that came later. */
	stage_keys(&list.stage, "g");
	for (int place = 0; place < LONG_LIST; place++) {
		assert_int_equal(title_here(&list.stage), title_at(place));
		stage_keys(&list.stage, "j");
	}
	stage_keys(&list.stage, "g / 'TotalAmt>70000' Enter");
	stage_expect(&list.stage, "0 Invoice that fit, as of 2026-09-21 14:30:00Z");
	stage_keys(&list.stage, "/ C-u 'id:55' Enter");
	stage_expect(&list.stage, "1 Invoice that fit, as of 2026-09-21 14:30:00Z");
	stage_expect_cursor(&list.stage, "1055");
	stage_resize(&list.stage, 24, 150);
	stage_keys(&list.stage, ": 'cli' Enter");
	stage_expect(&list.stage, "--as-of 2026-09-21T14:30:00Z");
	/* The record, from there. */
	stage_keys(&list.stage, "Enter");
	stage_expect(&list.stage, "55, as of 2026-09-21 14:30:00Z");
	stage_expect(&list.stage, "live Invoice");
	stage_expect(&list.stage, "Until");
	stage_expect_not(&list.stage, "\"");
	stage_keys(&list.stage, ": 'cli' Enter");
	stage_expect(&list.stage, "show");
	stage_expect(&list.stage, "--as-of 2026-09-21T14:30:00Z");
	stage_keys(&list.stage, ": 'as-of now' Enter");
	stage_expect(&list.stage, "deleted Invoice");
	stage_expect_not(&list.stage, "as of");
	stage_keys(&list.stage, ": 'as-of 3d' Enter");
	stage_expect(&list.stage, "nobody knows what was at 2026-09-18");
	stage_expect(&list.stage, "deleted Invoice");
	stage_keys(&list.stage, ": 'as-of yesterday' Enter");
	stage_expect(&list.stage, "as-of takes a time such as");
	stage_expect(&list.stage, "deleted Invoice");
	/* Back step by step: the time, then the filter. */
	stage_keys(&list.stage, "q");
	stage_expect(&list.stage, "1 Invoice that fit, as of");
	stage_keys(&list.stage, "Esc");
	stage_expect(&list.stage, "0 Invoice that fit, by");
	stage_keys(&list.stage, "Esc");
	stage_expect(&list.stage, "1,202 Invoice, by");
	stage_keys(&list.stage, ": 'as-of 3d ago' Enter");
	stage_expect(&list.stage, "nobody knows all that was at 2026-09-18");
	stage_expect(&list.stage, "1,202 Invoice, by");
	list_close(&list);
}

/* A deck on one invoice's history, which has these versions besides what the stage made. */
static void history_open(struct list *list)
{
	struct error err = { 0 };

	stage_open(&list->stage, false);
	assert_true(accounts_find(list->stage.store, "Kornblum", &list->account, &err));
}

static void history_show(struct list *list)
{
	stage_deck(&list->stage, 24, 100, TEXT_SAFE);
	deck_paint(&list->stage.deck, &list->stage.deck.canvas);
	stage_keys(&list->stage, "G Tab Enter");
	deck_paint(&list->stage.deck, &list->stage.deck.canvas);
	stage_keys(&list->stage, "H");
}

/* Of more versions than are held the last are shown, each with what changed in it, and that there are more is said. */
static void test_history_is_long(void **state)
{
	struct list list;

	(void)state;
	history_open(&list);
	stage_versions(&list.stage, list.account.id, 1, 1000);
	history_show(&list);
	stage_expect(&list.stage, " 1,000 versions, the newest first");
	stage_expect_not(&list.stage, "The last 1,000");
	stage_keys(&list.stage, "G");
	stage_expect(&list.stage, "1.00 -> 2.00");
	stage_expect(&list.stage, "The first that the mirror had.");
	stage_expect_not(&list.stage, "Older versions");
	stage_versions(&list.stage, list.account.id, 1, 1);
	stage_news(&list.stage);
	stage_keys(&list.stage, "g");
	stage_expect(&list.stage, "The last 1,000 versions, the newest first");
	stage_expect(&list.stage, "1000.00 -> 1.00");
	stage_keys(&list.stage, "G");
	stage_expect(&list.stage, "1.00 -> 2.00");
	stage_expect_not(&list.stage, "The first that the mirror had.");
	stage_expect(&list.stage, "Older versions are kept, too, and not shown here");
	list_close(&list);
}

static void add_note(struct list *list, char letter, size_t len, const char *amount)
{
	AUTO(str_clear) struct str raw = STR_INIT(STR_NO_LIMIT);

	str_add(&raw, "{\"Id\":\"1\",\"SyncToken\":\"0\",\"PrivateNote\":\"");
	for (size_t i = 0; i < len; i++)
		str_add_char(&raw, letter);
	str_addf(&raw, "\\nsecond line of %c\",\"TotalAmt\":%s,"
		 "\"MetaData\":{\"LastUpdatedTime\":\"2026-09-01T08:00:00Z\"}}", letter, amount);
	stage_record(&list->stage, list->account.id, "Invoice", raw.text);
}

/* What changed in a text of several lines is told whole; what is too long to be told is counted. */
static void test_history_is_wide(void **state)
{
	struct list list;

	(void)state;
	history_open(&list);
	add_note(&list, 'a', 5, "1");
	add_note(&list, 'b', 5, "2");
	history_show(&list);
	stage_expect(&list.stage, "aaaaa second line of a -> bbbbb second line of b");
	stage_expect_not(&list.stage, "too long");
	add_note(&list, 'c', 70000, "3");
	stage_news(&list.stage);
	stage_expect(&list.stage, " more field");
	stage_expect(&list.stage, " changed: too long to be shown here.");
	stage_expect_not(&list.stage, "ccccc");
	list_close(&list);
}

int test_history(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_versions),
		cmocka_unit_test(test_history_is_long),
		cmocka_unit_test(test_history_is_wide),
		cmocka_unit_test(test_as_of),
	};

	return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
