/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an operator sees, and how many bytes it costs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledgerdeck/core/memory.h"
#include "terminal.h"
#include "tests.h"
#include "ui/copy.h"

static const struct screen_options colours = { .theme = "dark", .colour = true };
static const struct screen_options no_colour = { .theme = "dark" };
static const struct terminal_options usual = { 0 };

static void show(struct child *child)
{
	if (!screen_show(child->screen, &child->canvas))
		child_tell(child, "gone");
	child_step(child);
}

static uint32_t char_at(struct terminal *terminal, int y, int x)
{
	return terminal_cell(terminal, y, x).chars[0];
}

/* ---- cells ---- */

static void run_words(struct child *child)
{
	child_open(child, &colours);
	child_text(child, 0, 0, ROLE_TEXT, "plain");
	child_text(child, 0, 10, ROLE_FAILED, "failed");
	child_text(child, 23, 77, ROLE_TEXT, "end");
	show(child);
	show(child);
	child_text(child, 0, 0, ROLE_TEXT, "plainer");
	show(child);
	screen_repaint(child->screen);
	show(child);
}

static void words_are_shown(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;
	VTermScreenCell failed;

	(void)state;
	terminal_start(&terminal, &usual, run_words);
	terminal_step(&terminal);
	assert_true(terminal.second_screen);
	assert_true(terminal.pastes);
	assert_string_equal(terminal_row(&terminal, 0), "plain     failed");
	assert_true(terminal_cell(&terminal, 0, 10).attrs.bold);
	assert_int_equal(terminal_cell(&terminal, 0, 10).fg.indexed.idx, 1);
	failed = terminal_cell(&terminal, 0, 10);
	assert_true(VTERM_COLOR_IS_DEFAULT_BG(&failed.bg));
	assert_false(terminal_cell(&terminal, 0, 0).attrs.bold);
	/* The last cell of all, and nothing has scrolled. */
	assert_int_equal(char_at(&terminal, 23, 79), 'd');
	/* Nothing visible differs: no byte. */
	assert_int_equal(terminal_next(&terminal), 0);
	/* Two letters, and going there and back. */
	assert_in_range(terminal_next(&terminal), 3, 20);
	assert_string_equal(terminal_row(&terminal, 0), "plainer   failed");
	assert_in_range(terminal_next(&terminal), 20, 400);
	assert_string_equal(terminal_row(&terminal, 0), "plainer   failed");
	terminal_go(&terminal);
	assert_int_equal(terminal_wait(&terminal), 0);
	terminal_expect_sane(&terminal);
}

static void run_wide(struct child *child)
{
	child_open(child, &colours);
	child_cell(child, 0, 0, ROLE_TEXT, "漢", 2);
	child_cell(child, 0, 2, ROLE_TEXT, "字", 2);
	child_cell(child, 1, 0, ROLE_TEXT, "e\xcc\x81", 1);
	child_text(child, 1, 1, ROLE_TEXT, "x");
	/* A flag is two characters of one column each; a family is several of two. */
	child_cell(child, 2, 0, ROLE_TEXT, "\xf0\x9f\x87\xb3\xf0\x9f\x87\xb4", 2);
	child_text(child, 2, 2, ROLE_TEXT, "x");
	child_cell(child, 3, 0, ROLE_TEXT, "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9", 2);
	child_text(child, 3, 2, ROLE_TEXT, "x");
	/* Counted otherwise by the C library, no UTF-8, a control character, half of one at the edge, a right half alone. */
	child_cell(child, 4, 0, ROLE_TEXT, "a", 2);
	child_cell(child, 4, 2, ROLE_TEXT, "\xff", 1);
	child_cell(child, 4, 3, ROLE_TEXT, "\033", 1);
	child_text(child, 4, 4, ROLE_TEXT, "x");
	child_cell(child, 5, 79, ROLE_TEXT, "漢", 2);
	child_cell(child, 6, 0, ROLE_TEXT, "", 0);
	child_text(child, 6, 1, ROLE_TEXT, "x");
	show(child);
	/* The left one becomes narrow, the right one wide over a former border. */
	child_text(child, 0, 0, ROLE_TEXT, "a");
	child_cell(child, 0, 1, ROLE_TEXT, "界", 2);
	child_text(child, 0, 3, ROLE_TEXT, "b");
	show(child);
}

static void wide_cells_are_whole(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;

	(void)state;
	terminal_start(&terminal, &usual, run_wide);
	terminal_step(&terminal);
	assert_int_equal(char_at(&terminal, 0, 0), 0x6f22);
	assert_int_equal(terminal_cell(&terminal, 0, 0).width, 2);
	assert_int_equal(char_at(&terminal, 0, 2), 0x5b57);
	assert_int_equal(terminal_cell(&terminal, 1, 0).chars[1], 0x301);
	assert_int_equal(char_at(&terminal, 1, 1), 'x');
	assert_int_equal(char_at(&terminal, 2, 0), 0x1f1f3);
	assert_int_equal(char_at(&terminal, 2, 2), 'x');
	assert_int_equal(char_at(&terminal, 3, 0), 0x1f468);
	assert_int_equal(terminal_cell(&terminal, 3, 0).chars[1], 0);
	assert_int_equal(char_at(&terminal, 3, 2), 'x');
	assert_string_equal(terminal_row(&terminal, 4), "? ??x");
	assert_string_equal(terminal_row(&terminal, 5), "");
	assert_string_equal(terminal_row(&terminal, 6), " x");
	assert_in_range(terminal_next(&terminal), 5, 40);
	assert_string_equal(terminal_row(&terminal, 0), "a界b");
	terminal_go(&terminal);
	assert_int_equal(terminal_wait(&terminal), 0);
}

/* ---- looks ---- */

static void run_looks(struct child *child)
{
	struct error err = { 0 };

	child_open(child, &colours);
	child_text(child, 0, 0, ROLE_RUNNING, "running");
	child_text(child, 1, 0, ROLE_FAILED, "failed");
	child_text(child, 1, 10, ROLE_MATCH, "match");
	child_text(child, 2, 0, ROLE_PRODUCTION, "PRODUCTION");
	child_text(child, 3, 0, ROLE_WARN, "warn");
	child_bar(child, 1, true);
	show(child);
	screen_theme(child->screen, "light", &err);
	show(child);
	if (screen_theme(child->screen, "nonesuch", &err))
		child_tell(child, "took an unknown theme");
	show(child);
	screen_theme(child->screen, "mono", &err);
	show(child);
}

static void themes_change_the_looks(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;
	VTermScreenCell cell;

	(void)state;
	terminal_start(&terminal, &usual, run_looks);
	terminal_step(&terminal);
	assert_int_equal(terminal_cell(&terminal, 0, 0).fg.indexed.idx, 6);
	cell = terminal_cell(&terminal, 1, 0);
	assert_true(cell.attrs.reverse && !cell.attrs.bold && VTERM_COLOR_IS_DEFAULT_FG(&cell.fg));
	cell = terminal_cell(&terminal, 2, 0);
	assert_true(cell.attrs.bold);
	assert_int_equal(cell.fg.indexed.idx, 7);
	assert_int_equal(cell.bg.indexed.idx, 1);
	assert_int_equal(terminal_cell(&terminal, 3, 0).fg.indexed.idx, 3);
	assert_in_range(terminal_next(&terminal), 20, 250);
	assert_int_equal(terminal_cell(&terminal, 0, 0).fg.indexed.idx, 23);
	cell = terminal_cell(&terminal, 3, 0);
	assert_true(cell.attrs.bold && VTERM_COLOR_IS_DEFAULT_FG(&cell.fg));
	assert_int_equal(terminal_next(&terminal), 0);
	terminal_next(&terminal);
	cell = terminal_cell(&terminal, 0, 0);
	assert_true(VTERM_COLOR_IS_DEFAULT_FG(&cell.fg));
	terminal_go(&terminal);
	assert_int_equal(terminal_wait(&terminal), 0);
}

static void run_no_colour(struct child *child)
{
	child_open(child, &no_colour);
	child_text(child, 0, 0, ROLE_FAILED, "failed");
	child_text(child, 1, 0, ROLE_STALE, "stale");
	child_text(child, 2, 0, ROLE_PRODUCTION, "PRODUCTION");
	show(child);
}

static void expect_attributes_only(struct terminal *terminal)
{
	for (int y = 0; y < 3; y++) {
		VTermScreenCell cell = terminal_cell(terminal, y, 0);

		assert_true(VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) && VTERM_COLOR_IS_DEFAULT_BG(&cell.bg));
	}
	assert_true(terminal_cell(terminal, 0, 0).attrs.bold);
	assert_true(terminal_cell(terminal, 1, 0).attrs.underline);
	assert_true(terminal_cell(terminal, 2, 0).attrs.reverse);
	assert_false(terminal_sent(terminal, "\033[31m") || terminal_sent(terminal, "\033[35m") || terminal_sent(terminal, "\033[41m"));
	assert_string_equal(terminal_row(terminal, 2), "PRODUCTION");
}

static void no_colour_is_obeyed(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;

	(void)state;
	terminal_start(&terminal, &usual, run_no_colour);
	terminal_step(&terminal);
	expect_attributes_only(&terminal);
	terminal_go(&terminal);
	assert_int_equal(terminal_wait(&terminal), 0);
	terminal_expect_sane(&terminal);
}

static void run_colour(struct child *child)
{
	child_open(child, &colours);
	child_text(child, 0, 0, ROLE_FAILED, "failed");
	child_text(child, 1, 0, ROLE_STALE, "stale");
	child_text(child, 2, 0, ROLE_PRODUCTION, "PRODUCTION");
	show(child);
}

static void mono_terminals_get_attributes(void **state)
{
	static const char *const types[] = { "vt100", "xterm-mono", "vt220" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		AUTO(terminal_clear) struct terminal terminal;

		terminal_start(&terminal, &(struct terminal_options){ .type = types[i] }, run_colour);
		terminal_step(&terminal);
		expect_attributes_only(&terminal);
		terminal_go(&terminal);
		assert_int_equal(terminal_wait(&terminal), 0);
		terminal_expect_sane(&terminal);
	}
}

/* ---- kinds of terminals and character sets ---- */

static void run_kind(struct child *child)
{
	child_open(child, &colours);
	child_tell(child, child->note ? child->note : "known");
	child_tell(child, screen_speaks_utf8(child->screen) ? "UTF-8" : "ASCII");
	child_text(child, 0, 0, ROLE_TEXT, "plain ");
	child_cell(child, 0, 6, ROLE_TEXT, "é", 1);
	child_cell(child, 0, 7, ROLE_TEXT, "漢", 2);
	child_text(child, 0, 9, ROLE_TEXT, "x");
	show(child);
}

static void expect_kind(const struct terminal_options *options, const char *note, const char *set, const char *row)
{
	AUTO(terminal_clear) struct terminal terminal;

	terminal_start(&terminal, options, run_kind);
	terminal_step(&terminal);
	assert_non_null(strstr(terminal_told(&terminal), note));
	assert_string_equal(terminal_told(&terminal), set);
	assert_string_equal(terminal_row(&terminal, 0), row);
	terminal_go(&terminal);
	assert_int_equal(terminal_wait(&terminal), 0);
	terminal_expect_sane(&terminal);
}

static void unknown_terminals_are_taken_for_a_usual_one(void **state)
{
	(void)state;
	expect_kind(&(struct terminal_options){ .type = "xterm-kitty-of-tomorrow" }, "xterm-256color", "UTF-8", "plain é漢x");
	expect_kind(&(struct terminal_options){ .type = "" }, "xterm-256color", "UTF-8", "plain é漢x");
	expect_kind(&(struct terminal_options){ .type = "linux" }, "known", "UTF-8", "plain é漢x");
}

static void character_sets_are_told_by_the_locale(void **state)
{
	static const char *const c[] = { "LC_ALL=C", NULL };
	static const char *const absent[] = { "LC_ALL=", "LANG=xx_XX.utf8", NULL };
	static const char *const absent_other[] = { "LC_ALL=xx_XX.ISO-8859-1", "LANG=C.UTF-8", NULL };
	static const char *const none[] = { "LC_ALL=", NULL };

	(void)state;
	expect_kind(&(struct terminal_options){ .variables = c }, "known", "ASCII", "plain ?? x");
	expect_kind(&(struct terminal_options){ .variables = absent }, "known", "UTF-8", "plain é漢x");
	expect_kind(&(struct terminal_options){ .variables = absent_other }, "known", "ASCII", "plain ?? x");
	expect_kind(&(struct terminal_options){ .variables = none }, "known", "ASCII", "plain ?? x");
}

static void run_refused(struct child *child)
{
	child_open(child, &colours);
}

static void dumb_terminals_are_refused(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;
	int status;

	(void)state;
	terminal_start(&terminal, &(struct terminal_options){ .type = "dumb" }, run_refused);
	assert_non_null(strstr(terminal_told(&terminal), "'dumb' cannot move its cursor"));
	status = terminal_wait(&terminal);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 3);
	terminal_expect_sane(&terminal);
}

static void run_bad_theme(struct child *child)
{
	const struct screen_options options = { .theme = "drak", .colour = true };

	child_open(child, &options);
}

static void unknown_themes_are_refused_before_anything_changes(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;

	(void)state;
	terminal_start(&terminal, &usual, run_bad_theme);
	assert_non_null(strstr(terminal_told(&terminal), "did you mean 'dark'?"));
	assert_int_equal(WEXITSTATUS(terminal_wait(&terminal)), 3);
	assert_int_equal(terminal.bytes.len, 0);
	terminal_expect_sane(&terminal);
}

/* ---- size ---- */

static void run_sizes(struct child *child)
{
	int rows, columns;
	char text[32];

	child_open(child, &colours);
	for (int i = 0; i < 5; i++) {
		screen_size(child->screen, &rows, &columns);
		snprintf(text, sizeof(text), "%dx%d", rows, columns);
		child_tell(child, text);
		child_size(child, rows, columns);
		for (int y = 0; y < rows; y++)
			child_text(child, y, 0, ROLE_TEXT, "0123456789");
		child_text(child, rows - 1, columns - 1, ROLE_FAILED, "#");
		show(child);
		screen_resize(child->screen);
	}
}

static void sizes_go_down_to_one_cell_and_back(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;

	(void)state;
	terminal_start(&terminal, &usual, run_sizes);
	assert_string_equal(terminal_told(&terminal), "24x80");
	terminal_step(&terminal);
	terminal_resize(&terminal, 1, 1);
	terminal_next(&terminal);
	assert_string_equal(terminal_told(&terminal), "1x1");
	assert_string_equal(terminal_row(&terminal, 0), "#");
	terminal_resize(&terminal, 3, 7);
	terminal_next(&terminal);
	assert_string_equal(terminal_told(&terminal), "3x7");
	assert_string_equal(terminal_row(&terminal, 0), "0123456");
	assert_string_equal(terminal_row(&terminal, 2), "012345#");
	/* A terminal that does not tell keeps its size. */
	terminal_resize(&terminal, 0, 0);
	vterm_set_size(terminal.vterm, 3, 7);
	terminal_next(&terminal);
	assert_string_equal(terminal_told(&terminal), "3x7");
	terminal_resize(&terminal, 30, 100);
	terminal_next(&terminal);
	assert_string_equal(terminal_told(&terminal), "30x100");
	for (int y = 0; y < 30; y++)
		assert_int_equal(char_at(&terminal, y, 9), '9');
	assert_int_equal(char_at(&terminal, 29, 99), '#');
	terminal_go(&terminal);
	assert_int_equal(terminal_wait(&terminal), 0);
	terminal_expect_sane(&terminal);
}

#define SIZES 80

/* Every size works, and the corners are where they belong. */
static void run_any_size(struct child *child)
{
	int rows, columns;

	child_open(child, &colours);
	for (int i = 0; i < SIZES; i++) {
		screen_resize(child->screen);
		screen_size(child->screen, &rows, &columns);
		child_size(child, rows, columns);
		child_bar(child, rows / 2, true);
		child_text(child, rows - 1, 0, ROLE_FAILED, "3");
		child_text(child, 0, columns - 1, ROLE_TEXT, "2");
		child_text(child, rows - 1, columns - 1, ROLE_WARN, "4");
		child_text(child, 0, 0, ROLE_TEXT, "1");
		/* What was painted for another size is shown as far as it goes. */
		if (i % 7 == 3)
			child->canvas.rows = rows / 2 + 1;
		show(child);
		child->canvas.rows = rows;
	}
}

static void any_size_is_painted(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;
	uint32_t number = 4711;

	(void)state;
	terminal_start(&terminal, &usual, run_any_size);
	for (int i = 0; i < SIZES; i++) {
		int rows, columns;

		vterm_get_size(terminal.vterm, &rows, &columns);
		terminal_step(&terminal);
		assert_int_equal(char_at(&terminal, 0, 0), '1');
		if (rows > 1 && columns > 1 && i % 7 != 3) {
			assert_int_equal(char_at(&terminal, 0, columns - 1), '2');
			assert_int_equal(char_at(&terminal, rows - 1, 0), '3');
			assert_int_equal(char_at(&terminal, rows - 1, columns - 1), '4');
			assert_int_equal(terminal_cursor(&terminal).row, rows / 2);
		}
		number = number * 1664525U + 1013904223U;
		terminal_resize(&terminal, 1 + (int)((number >> 8) % (i % 2 ? 100 : 8)), 1 + (int)((number >> 16) % (i % 3 ? 300 : 8)));
		terminal_go(&terminal);
	}
	assert_int_equal(terminal_wait(&terminal), 0);
	terminal_expect_sane(&terminal);
}

static void sizes_of_the_environment_do_not_count(void **state)
{
	static const char *const variables[] = { "LINES=5", "COLUMNS=9", NULL };
	AUTO(terminal_clear) struct terminal terminal;

	(void)state;
	terminal_start(&terminal, &(struct terminal_options){ .variables = variables }, run_sizes);
	assert_string_equal(terminal_told(&terminal), "24x80");
	terminal_step(&terminal);
	assert_int_equal(char_at(&terminal, 23, 79), '#');
}

/* ---- what others say ---- */

static void run_chatter(struct child *child)
{
	child_open(child, &colours);
	show(child);
	printf("chatter of a library\n");
	fflush(stdout);
	fprintf(stderr, "and its complaint\n");
	show(child);
	screen_leave(child->screen);
	printf("a pager's page\r\n");
	fflush(stdout);
	screen_show(child->screen, &child->canvas); /* not ours now: nothing */
	child_step(child);
	screen_return(child->screen);
	show(child);
}

static void chatter_does_not_reach_the_screen(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;

	(void)state;
	terminal_start(&terminal, &usual, run_chatter);
	terminal_step(&terminal);
	assert_int_equal(terminal_next(&terminal), 0);
	terminal_next(&terminal);
	terminal_expect_sane(&terminal);
	assert_true(terminal_sent(&terminal, "a pager's page"));
	terminal_next(&terminal);
	assert_true(terminal.second_screen && terminal.pastes);
	terminal_go(&terminal);
	assert_int_equal(terminal_wait(&terminal), 0);
	terminal_expect_sane(&terminal);
	assert_false(terminal_sent(&terminal, "chatter"));
	assert_false(terminal_sent(&terminal, "complaint"));
}

static void run_logged(struct child *child)
{
	char line[64] = "";
	int ends[2];
	struct screen_options options = colours;

	if (pipe(ends) != 0)
		_exit(9);
	options.log_fd = ends[1];
	child_open(child, &options);
	fprintf(stderr, "for the log\n");
	if (read(ends[0], line, sizeof(line) - 1) < 0)
		_exit(9);
	line[strcspn(line, "\n")] = '\0';
	child_tell(child, line);
	child_step(child);
}

static void chatter_goes_where_it_is_wanted(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;

	(void)state;
	terminal_start(&terminal, &usual, run_logged);
	terminal_step(&terminal);
	assert_string_equal(terminal_told(&terminal), "for the log");
	terminal_go(&terminal);
	assert_int_equal(terminal_wait(&terminal), 0);
}

/* ---- the clipboard ---- */

static void run_copy(struct child *child)
{
	char report[200];

	child_open(child, &colours);
	show(child);
	copy_text(child->screen, "ldgr_1", report, sizeof(report));
	child_tell(child, report);
	copy_text(child->screen, "", report, sizeof(report));
	child_tell(child, report);
	child_step(child);
	show(child);
}

static void what_is_copied_reaches_the_terminal(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;

	(void)state;
	terminal_start(&terminal, &usual, run_copy);
	terminal_step(&terminal);
	assert_int_equal(terminal_next(&terminal), strlen("\033]52;c;bGRncl8x\033\\"));
	assert_string_equal(terminal_told(&terminal), "sent to the terminal (OSC 52), not confirmed");
	assert_string_equal(terminal_told(&terminal), "not copied: there is nothing");
	assert_true(terminal_sent(&terminal, "\033]52;c;bGRncl8x\033\\"));
	assert_int_equal(terminal_next(&terminal), 0);
	terminal_go(&terminal);
	assert_int_equal(terminal_wait(&terminal), 0);
}

int test_show(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_shown),
		cmocka_unit_test(wide_cells_are_whole),
		cmocka_unit_test(themes_change_the_looks),
		cmocka_unit_test(no_colour_is_obeyed),
		cmocka_unit_test(mono_terminals_get_attributes),
		cmocka_unit_test(unknown_terminals_are_taken_for_a_usual_one),
		cmocka_unit_test(character_sets_are_told_by_the_locale),
		cmocka_unit_test(dumb_terminals_are_refused),
		cmocka_unit_test(unknown_themes_are_refused_before_anything_changes),
		cmocka_unit_test(sizes_go_down_to_one_cell_and_back),
		cmocka_unit_test(any_size_is_painted),
		cmocka_unit_test(sizes_of_the_environment_do_not_count),
		cmocka_unit_test(chatter_does_not_reach_the_screen),
		cmocka_unit_test(chatter_goes_where_it_is_wanted),
		cmocka_unit_test(what_is_copied_reaches_the_terminal),
	};

	return cmocka_run_group_tests_name("screen_show", tests, NULL, NULL);
}
