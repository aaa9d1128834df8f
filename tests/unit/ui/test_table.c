/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which rows are seen, where the cursor goes, and which columns get room. */
#include "ui/table.h"

#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "tests.h"

static void cell(void *ctx, int64_t row, size_t column, struct table_cell *cell)
{
	(void)ctx;
	table_format(cell, ROLE_TEXT, "%c%d", (char)('a' + column), (int)row);
}

static const struct table_source source = { .cell = cell };
static const struct table_column columns[] = {
	{ "FIRST", 5, 8, 0, 0 }, { "SECOND", 6, 6, 2, 0 }, { "THIRD", 5, 20, 1, COLUMN_GROWS }, { "LAST", 4, 4, 3, COLUMN_RIGHT },
};

static void draw(struct table *table, int rows, int width, struct str *out)
{
	AUTO(canvas_clear) struct canvas canvas;

	canvas_init(&canvas, TEXT_SAFE);
	canvas_resize(&canvas, rows, width);
	table_draw(table, &canvas, (struct rect){ 0, 0, rows, width }, columns, ARRAY_LEN(columns), &source, true, true);
	str_reset(out);
	canvas_dump(&canvas, out);
}

static void columns_get_room(void **state)
{
	struct table table = { .count = 1 };
	AUTO(str_clear) struct str text = STR_INIT(4000);

	(void)state;
	draw(&table, 2, 60, &text);
	assert_string_equal(text.text, "  FIRST    SECOND THIRD                                 LAST\n> a0       b0     c0                                      d0\n");
	/* The greatest rank goes first. */
	draw(&table, 2, 22, &text);
	assert_string_equal(text.text, "  FIRST   SECOND THIRD\n> a0      b0     c0\n");
	draw(&table, 2, 14, &text);
	assert_string_equal(text.text, "  FIRST  THIRD\n> a0     c0\n");
	draw(&table, 2, 9, &text);
	assert_string_equal(text.text, "  FIRST\n> a0\n");
}

/* What is worth less than names that can be read comes once they can. */
static void names_come_before_extras(void **state)
{
	static const struct table_column named[] = {
		{ "NAME", 4, 12, 0, COLUMN_ENOUGH(8) }, { "MUST", 4, 4, 1, 0 }, { "EXTRA", 5, 5, 2, COLUMN_EXTRA },
	};
	static const struct {
		int width;
		const char *head;
	} cases[] = {
		{ 11, "  NAME MUST\n" }, { 15, "  NAME     MUST\n" }, { 20, "  NAME         MUST\n" },
		{ 21, "  NAME     MUST EXTRA\n" }, { 25, "  NAME         MUST EXTRA\n" }, { 40, "  NAME         MUST EXTRA\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct table table = { .count = 1 };
		AUTO(str_clear) struct str text = STR_INIT(4000);
		AUTO(canvas_clear) struct canvas canvas;

		canvas_init(&canvas, TEXT_SAFE);
		canvas_resize(&canvas, 2, cases[i].width);
		table_draw(&table, &canvas, (struct rect){ 0, 0, 2, cases[i].width }, named, ARRAY_LEN(named), &source, true, true);
		canvas_dump(&canvas, &text);
		assert_memory_equal(text.text, cases[i].head, strlen(cases[i].head));
	}
}

static void cursor_moves(void **state)
{
	struct table table = { .count = 100 };
	AUTO(str_clear) struct str text = STR_INIT(4000);

	(void)state;
	draw(&table, 11, 40, &text);
	assert_int_equal(table.page, 10);
	assert_true(table_act(&table, ACTION_DOWN));
	assert_int_equal(table.cursor, 1);
	assert_true(table_act(&table, ACTION_PAGE_DOWN));
	assert_int_equal(table.cursor, 10);
	assert_int_equal(table.top, 1);
	assert_true(table_act(&table, ACTION_LAST));
	assert_int_equal(table.cursor, 99);
	assert_int_equal(table.top, 90);
	assert_true(table_act(&table, ACTION_HALF_UP));
	assert_int_equal(table.cursor, 94);
	assert_int_equal(table.top, 90);
	assert_true(table_act(&table, ACTION_FIRST));
	assert_true(table_act(&table, ACTION_UP));
	assert_int_equal(table.cursor, 0);
	assert_false(table_act(&table, ACTION_OPEN));
}

/* Others come before it: it stays on its row of the screen, as long as there are rows. */
static void thing_stays(void **state)
{
	struct table table = { .count = 100 };
	AUTO(str_clear) struct str text = STR_INIT(4000);

	(void)state;
	draw(&table, 11, 40, &text);
	table_go(&table, 50);
	table_move(&table, -3);
	assert_int_equal(table.cursor - table.top, 6);
	table_keep(&table, 120, 67);
	assert_int_equal(table.cursor, 67);
	assert_int_equal(table.cursor - table.top, 6);
	/* Few are left. */
	table_keep(&table, 3, 67);
	assert_int_equal(table.cursor, 2);
	assert_int_equal(table.top, 0);
	table_keep(&table, 0, 0);
	assert_int_equal(table.cursor, 0);
	draw(&table, 3, 20, &text);
	assert_null(strchr(text.text, '>'));
}

int test_table(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_get_room), cmocka_unit_test(names_come_before_extras), cmocka_unit_test(cursor_moves),
		cmocka_unit_test(thing_stays),
	};

	return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
