/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a frame costs: bytes, and pieces. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledgerdeck/core/memory.h"
#include "terminal.h"
#include "tests.h"

static const struct screen_options colours = { .theme = "dark", .colour = true };
static const struct terminal_options usual = { 0 };

static void show(struct child *child)
{
	if (!screen_show(child->screen, &child->canvas))
		child_tell(child, "gone");
	child_step(child);
}

static const struct {
	enum role role;
	const char *word, *object, *rest;
} table[] = {
	{ ROLE_FAILED, "x failed", "invoices", "12       3  paused" },
	{ ROLE_RUNNING, "~ running", "customers", " 4       0  41%" },
	{ ROLE_OK, "= ok", "vendors", " 0       0  09:53" },
	{ ROLE_WARN, "! warn", "journal-entries", " 0       0  token 6 d left" },
};

static void table_row(struct child *child, int y, int number, bool full)
{
	char text[100]; /* a row */

	for (int x = 0; x < 80; x++)
		child_text(child, y, x, ROLE_TEXT, " ");
	child_text(child, y, 2, table[number % 4].role, table[number % 4].word);
	snprintf(text, sizeof(text), "%-16s  09:%02d          %s", table[number % 4].object, number, table[number % 4].rest);
	child_text(child, y, 13, ROLE_TEXT, text);
	for (int x = 13; full && x < 80; x++)
		child_text(child, y, x, ROLE_TEXT, (char[]){ (char)('a' + (x + number) % 26), '\0' });
}

static void fill_table(struct child *child, int from, bool full)
{
	for (int y = 2; y < 22; y++)
		table_row(child, y, from + y, full);
}

static void step_down(struct child *child, bool full)
{
	child_size(child, 24, 80);
	child_text(child, 0, 0, ROLE_BAR, "local  Acme Bank AS");
	fill_table(child, 0, full);
	child_bar(child, 2, true);
	show(child);
	for (int y = 2; y < 20; y++) {
		child_bar(child, y, false);
		child_bar(child, y + 1, true);
		show(child);
	}
}

/* Writes of this process so far; -1: the system does not count them. */
static int count_writes(void)
{
	FILE *file = fopen("/proc/self/io", "re");
	char line[80];
	int count = -1;

	while (file && fgets(line, sizeof(line), file))
		if (strncmp(line, "syscw: ", 7) == 0)
			count = (int)strtol(line + 7, NULL, 10);
	if (file)
		fclose(file);
	return count;
}

static void run_frames(struct child *child)
{
	char counted[40];

	child_open(child, &colours);
	show(child);
	for (int i = 0; i < 2; i++) {
		int before = count_writes();

		fill_table(child, 7 * i, true);
		child_bar(child, 5 + 9 * i, true);
		if (!screen_show(child->screen, &child->canvas))
			_exit(6);
		snprintf(counted, sizeof(counted), "%d", before < 0 ? 1 : count_writes() - before);
		child_tell(child, counted);
	}
	child_step(child);
}

/* Each is a packet over SSH, and wakes whoever reads. */
static void a_frame_is_one_write(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;

	(void)state;
	terminal_start(&terminal, &usual, run_frames);
	terminal_step(&terminal);
	terminal_go(&terminal);
	/* The cursor comes up behind the first one. */
	assert_in_range(strtol(terminal_told(&terminal), NULL, 10), 1, 2);
	assert_string_equal(terminal_told(&terminal), "1");
	terminal_step(&terminal);
	terminal_go(&terminal);
	assert_int_equal(terminal_wait(&terminal), 0);
}

static void run_table(struct child *child)
{
	child_open(child, &colours);
	step_down(child, true);
	step_down(child, false);
	/* The list scrolls by one row, below the cursor. */
	child_bar(child, 20, false);
	fill_table(child, 1, false);
	child_bar(child, 20, true);
	show(child);
}

static size_t dearest_step(struct terminal *terminal)
{
	size_t most = 0;

	for (int y = 3; y < 21; y++) {
		size_t cost = terminal_next(terminal);

		most = cost > most ? cost : most;
		assert_int_equal(terminal_cursor(terminal).row, y);
		assert_int_equal(terminal_cursor(terminal).col, 0);
		assert_true(terminal->cursor_visible);
		for (int x = 0; x < 80; x++) {
			assert_true(terminal_cell(terminal, y, x).attrs.reverse);
			assert_false(terminal_cell(terminal, y - 1, x).attrs.reverse);
		}
	}
	return most;
}

static void steps_cost_little(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;
	size_t full, usual_most, scrolled;

	(void)state;
	terminal_start(&terminal, &usual, run_table);
	terminal_step(&terminal);
	full = dearest_step(&terminal);
	terminal_next(&terminal);
	usual_most = dearest_step(&terminal);
	scrolled = terminal_next(&terminal);
	assert_non_null(strstr(terminal_row(&terminal, 2), "journal-entries   09:03"));
	assert_non_null(strstr(terminal_row(&terminal, 21), "vendors           09:22"));
	print_message("a step down costs at most %zu bytes, %zu on rows without any blank, a row of scrolling %zu\n", usual_most, full,
		      scrolled);
	assert_in_range(usual_most, 1, 200);
	/* 160 are the text of two rows. */
	assert_in_range(full, 1, 220);
	assert_in_range(scrolled, 1, 400);
	terminal_go(&terminal);
	assert_int_equal(terminal_wait(&terminal), 0);
}

int test_cost(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps_cost_little),
		cmocka_unit_test(a_frame_is_one_write),
	};

	return cmocka_run_group_tests_name("screen_cost", tests, NULL, NULL);
}
