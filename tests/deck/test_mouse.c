/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The wheel and clicks do what keys do, on what was painted; who types or is asked is left alone. */
#include "tests.h"

#include <string.h>

#include "dialog.h"
#include "ledgerdeck/core/memory.h"
#include "table.h"

static void open_stage(struct stage *stage, int rows, int columns)
{
	stage_open(stage, false);
	stage_deck(stage, rows, columns, TEXT_ASCII);
	deck_paint(&stage->deck, &stage->deck.canvas);
}

/* Where a text stands that is seen once at least: the `skip`th from above. */
static struct mouse find(struct stage *stage, const char *text, int skip)
{
	AUTO(str_clear) struct str screen = STR_INIT(STR_NO_LIMIT);
	int y = 0;

	stage_dump(stage, &screen);
	for (const char *line = screen.text; *line; line += strcspn(line, "\n") + 1, y++) {
		const char *at = strstr(line, text);

		if (at && at < line + strcspn(line, "\n") && skip-- == 0)
			return (struct mouse){ .y = y, .x = (int)(at - line) };
	}
	fail_msg("'%s' is not on the screen:\n%s", text, screen.text);
	return (struct mouse){ 0 };
}

static void do_at(struct stage *stage, enum mouse_kind kind, const char *text, int skip)
{
	struct mouse mouse = find(stage, text, skip);

	mouse.kind = kind;
	deck_mouse(&stage->deck, mouse);
	stage_settle(stage);
	deck_paint(&stage->deck, &stage->deck.canvas);
}

static void click(struct stage *stage, const char *text)
{
	do_at(stage, MOUSE_CLICK, text, 0);
}

static void expect_top(struct stage *stage, const char *name)
{
	assert_string_equal(deck_top(&stage->deck)->kind->name, name);
}

/* A click chooses, a second one opens. */
static void test_rows(void **state)
{
	struct stage stage;

	(void)state;
	open_stage(&stage, 24, 80);
	click(&stage, "Beta Rentals");
	stage_expect(&stage, "sandbox Beta Rentals");
	expect_top(&stage, "dashboard");
	click(&stage, "Acme Bank AS");
	stage_expect(&stage, "PRODUCTION  Acme Bank AS");
	/* The name of a pane, then a type, which opens its records. */
	click(&stage, "Types");
	stage_expect(&stage, "Customer");
	click(&stage, "Payment");
	expect_top(&stage, "dashboard");
	click(&stage, "Payment");
	expect_top(&stage, "records");
	stage_close(&stage);
}

/* Views by their names, from any view; beside them nothing happens. */
static void test_tabs(void **state)
{
	static const char *const tabs[][2] = { { "4 log", "log" }, { "M messages", "messages" }, { "5 jobs", "jobs" },
					       { "2 attention", "attention" }, { "1 dashboard", "dashboard" } };
	struct stage stage;

	(void)state;
	open_stage(&stage, 24, 200);
	for (size_t i = 0; i < ARRAY_LEN(tabs); i++) {
		click(&stage, tabs[i][0]);
		expect_top(&stage, tabs[i][1]);
	}
	deck_mouse(&stage.deck, (struct mouse){ .y = 0, .x = 1 });
	deck_mouse(&stage.deck, (struct mouse){ .y = 23, .x = 1 });
	deck_mouse(&stage.deck, (struct mouse){ .y = 5000, .x = 99999 });
	deck_mouse(&stage.deck, (struct mouse){ .y = -1, .x = -1 });
	expect_top(&stage, "dashboard");
	assert_int_equal(stage.deck.view_count, 1);
	stage_close(&stage);
}

#define CURSOR "> " /* and before it once in the path */

/* Turned often enough, it ends where the key goes. */
static void expect_end(struct stage *stage, enum mouse_kind kind, const char *key)
{
	AUTO(str_clear) struct str by_wheel = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str by_key = STR_INIT(STR_NO_LIMIT);

	for (int i = 0; i < 20; i++)
		do_at(stage, kind, CURSOR, 1);
	stage_dump(stage, &by_wheel);
	stage_keys(stage, key);
	stage_dump(stage, &by_key);
	assert_string_equal(by_wheel.text, by_key.text);
}

/* The list goes on below the cursor, as far as there are rows, and back. */
static void test_wheel(void **state)
{
	struct stage stage;
	struct mouse first;

	(void)state;
	open_stage(&stage, 24, 100);
	stage_keys(&stage, "Tab / 'Invoice' Enter Enter");
	expect_top(&stage, "records");
	deck_paint(&stage.deck, &stage.deck.canvas);
	first = find(&stage, CURSOR, 1);
	do_at(&stage, MOUSE_WHEEL_DOWN, CURSOR, 1);
	/* Three further, on the same row of the screen. */
	assert_int_equal(find(&stage, CURSOR, 1).y, first.y);
	do_at(&stage, MOUSE_CLICK, CURSOR, 1);
	expect_top(&stage, "record");
	stage_expect(&stage, "Title                  1024"); /* 1027 is the first */
	/* In a text it steps, too. */
	do_at(&stage, MOUSE_WHEEL_DOWN, "1024", 0);
	expect_top(&stage, "record");
	stage_keys(&stage, "Esc");
	expect_end(&stage, MOUSE_WHEEL_DOWN, "G");
	expect_end(&stage, MOUSE_WHEEL_UP, "g");
	stage_close(&stage);
}

/* Panes side by side: what is pointed at gets the keys; its cursor's row is opened by the second click only. */
static void test_panes(void **state)
{
	struct stage stage;

	(void)state;
	open_stage(&stage, 50, 200);
	do_at(&stage, MOUSE_CLICK, "Invoice ", 0);
	expect_top(&stage, "dashboard");
	stage_keys(&stage, "g");
	deck_paint(&stage.deck, &stage.deck.canvas);
	click(&stage, "Beta Rentals");
	stage_expect(&stage, "sandbox Beta Rentals");
	stage_keys(&stage, "k");
	stage_expect(&stage, "PRODUCTION  Acme Bank AS");
	do_at(&stage, MOUSE_WHEEL_DOWN, "Beta Rentals", 0);
	stage_expect(&stage, "local Kornblum");
	stage_close(&stage);
}

/* What was painted is meant: under a view that was opened since then, in a dialog, and while one types, nothing is hit. */
static void test_elsewhere(void **state)
{
	struct stage stage;
	struct mouse beta;

	(void)state;
	open_stage(&stage, 24, 80);
	beta = find(&stage, "Beta Rentals", 0);
	stage_keys(&stage, "4");
	deck_mouse(&stage.deck, beta);
	expect_top(&stage, "log");
	assert_int_equal(stage.deck.view_count, 2);
	stage_keys(&stage, "1 :");
	deck_paint(&stage.deck, &stage.deck.canvas);
	deck_mouse(&stage.deck, beta);
	stage_keys(&stage, "Esc");
	stage_expect(&stage, "PRODUCTION  Acme Bank AS");
	dialog_open(&stage.deck, &(struct dialog_wish){ .title = "Title", .verb = "do it", .target = "", .size = 1, .text = "a\nb" });
	deck_paint(&stage.deck, &stage.deck.canvas);
	deck_mouse(&stage.deck, beta);
	deck_mouse(&stage.deck, (struct mouse){ .y = beta.y, .x = beta.x, .kind = MOUSE_WHEEL_DOWN });
	assert_non_null(stage.deck.dialog);
	stage_keys(&stage, "Esc");
	stage_expect(&stage, "PRODUCTION  Acme Bank AS");
	stage_close(&stage);
}

static void test_set(void **state)
{
	struct stage stage;

	(void)state;
	open_stage(&stage, 24, 120);
	assert_false(stage.deck.mouse);
	stage_keys(&stage, ": 'set mouse on' Enter");
	assert_true(stage.deck.mouse);
	stage_expect(&stage, "a click chooses");
	stage_keys(&stage, ": 'set mouse perhaps' Enter");
	stage_expect(&stage, "'mouse' is on or off");
	assert_true(stage.deck.mouse);
	stage_keys(&stage, ": 'set ui.mouse off' Enter");
	assert_false(stage.deck.mouse);
	stage_close(&stage);
}

int test_mouse(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),  cmocka_unit_test(test_tabs),	cmocka_unit_test(test_wheel),
		cmocka_unit_test(test_panes), cmocka_unit_test(test_elsewhere), cmocka_unit_test(test_set),
	};

	return cmocka_run_group_tests_name("mouse", tests, NULL, NULL);
}
