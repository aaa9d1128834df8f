/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows that are held around a cursor: they come and go, and it stays with its own. */
#include "ui/window.h"

#include "ledgerdeck/core/memory.h"
#include "tests.h"

struct held {
	struct window_rows rows;
	struct table table;
};

static int released;

static void release(void *row)
{
	released += *(int *)row;
}

/* Rows `from` to before `to`, as numbers. */
static void add(struct held *held, size_t at, int from, int to)
{
	struct window_rows more = { .size = sizeof(int) };

	for (int i = from; i < to; i++)
		window_add(&more, &i);
	window_insert(&held->rows, &held->table, at, more.items, more.count);
	window_clear(&more);
}

static struct held hold(int from, int to)
{
	struct held held = { .rows = { .size = sizeof(int), .release = release }, .table = { .page = 10 } };

	released = 0;
	add(&held, 0, from, to);
	return held;
}

static int row_here(const struct held *held)
{
	return *(int *)window_row(&held->rows, held->table.cursor);
}

static void the_cursor_stays_with_its_row(void **state)
{
	struct held held = hold(100, 150);

	(void)state;
	table_go(&held.table, 30);
	table_place(&held.table, 4);
	add(&held, 50, 150, 200);
	add(&held, 0, 60, 100);
	assert_int_equal(row_here(&held), 130);
	assert_int_equal(held.table.cursor - held.table.top, 4);
	assert_int_equal(held.table.count, 140);
	window_drop(&held.rows, &held.table, 0, 40);
	window_drop(&held.rows, &held.table, 40, 60);
	assert_int_equal(row_here(&held), 130);
	assert_int_equal(held.table.cursor - held.table.top, 4);
	assert_null(window_row(&held.rows, 40));
	assert_null(window_row(&held.rows, -1));
	/* 60 to 99, and 140 to 199. */
	assert_int_equal(released, 40 * 159 / 2 + 60 * 339 / 2);
	window_clear(&held.rows);
}

static void what_is_far_goes(void **state)
{
	struct held held = hold(0, 100);

	(void)state;
	assert_int_equal(window_trim(&held.rows, &held.table, 100), 0);
	assert_int_equal(window_trim(&held.rows, &held.table, 80), -20);
	assert_int_equal(held.rows.count, 80);
	table_go(&held.table, 79);
	assert_int_equal(window_trim(&held.rows, &held.table, 30), 50);
	assert_int_equal(row_here(&held), 79);
	/* Nothing of what is seen, however few are wanted. */
	assert_int_equal(window_trim(&held.rows, &held.table, 1), 20);
	assert_int_equal(held.rows.count, 10);
	assert_int_equal(held.table.top, 0);
	window_clear(&held.rows);
}

static void keys_are_owed(void **state)
{
	struct held held = hold(0, 20);

	(void)state;
	assert_int_equal(window_move(&held.table, 5, false, false), 0);
	assert_int_equal(window_move(&held.table, 20, false, false), 6);
	assert_int_equal(held.table.cursor, 19);
	add(&held, 20, 20, 40);
	assert_int_equal(window_move(&held.table, 6, false, true), 0);
	assert_int_equal(held.table.cursor, 25);
	assert_int_equal(window_move(&held.table, 100, false, true), 0);
	assert_int_equal(held.table.cursor, 39);
	assert_int_equal(window_move(&held.table, -50, false, true), -11);
	assert_int_equal(window_move(&held.table, -50, true, true), 0);
	window_clear(&held.rows);
}

static void more_is_asked_for_before_the_edge(void **state)
{
	struct held held = hold(0, 100);

	(void)state;
	table_go(&held.table, 50);
	assert_int_equal(window_lacks(&held.table, 0, false, false), 0);
	table_go(&held.table, 90);
	assert_int_equal(window_lacks(&held.table, 0, false, false), 1);
	assert_int_equal(window_lacks(&held.table, 0, false, true), 0);
	assert_int_equal(window_lacks(&held.table, -1, false, false), -1);
	table_go(&held.table, 10);
	assert_int_equal(window_lacks(&held.table, 0, false, false), -1);
	assert_int_equal(window_lacks(&held.table, 0, true, false), 0);
	assert_int_equal(window_lacks(&held.table, 1, false, false), 1);
	/* What is owed where the list ends hides nothing else that is missing. */
	assert_int_equal(window_lacks(&held.table, 1, false, true), -1);
	window_clear(&held.rows);
}

int test_window(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_cursor_stays_with_its_row),
		cmocka_unit_test(what_is_far_goes),
		cmocka_unit_test(keys_are_owed),
		cmocka_unit_test(more_is_asked_for_before_the_edge),
	};

	return cmocka_run_group_tests_name("window", tests, NULL, NULL);
}
