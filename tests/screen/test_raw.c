/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text that reaches the terminal in one piece, and what becomes of it when all around it changes. */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledgerdeck/core/memory.h"
#include "terminal.h"
#include "tests.h"

#define ADDRESS \
	"https://appcenter.intuit.com/connect/oauth2?client_id=ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefgh&response_type=code" \
	"&scope=com.intuit.quickbooks.accounting&redirect_uri=https%3A%2F%2Fbooks.example%2Fconnect&state=0123456789abcdefghij"
#define SHORTER "https://short.example/?" ADDRESS_TAIL
#define ADDRESS_TAIL "state=abc"

static const struct screen_options colours = { .theme = "dark", .colour = true };
static const struct terminal_options usual = { 0 };

/* As canvas_raw() does it. */
static void set_raw(struct child *child, int y, int x, const char *text)
{
	struct canvas *canvas = &child->canvas;
	size_t at = (size_t)(y * canvas->columns + x), end = at + (text ? strlen(text) : 0);
	size_t all = (size_t)canvas->rows * (size_t)canvas->columns;

	for (size_t i = 0; i < all; i++)
		canvas->cells[i].raw = 0;
	canvas->raw.text = text;
	canvas->raw.y = y;
	canvas->raw.x = x;
	canvas->raw.columns = canvas->columns;
	/* Whole rows are its own. */
	for (size_t i = at; text && i < all && i < (end + (size_t)canvas->columns - 1) / (size_t)canvas->columns * (size_t)canvas->columns; i++) {
		canvas->cells[i] = (struct canvas_cell){ .bytes = " ", .width = 1, .raw = 1 };
	}
}

static void show(struct child *child)
{
	if (!screen_show(child->screen, &child->canvas))
		child_tell(child, "gone");
	child_step(child);
}

static void expect_address(struct terminal *terminal, int y, const char *text, int columns)
{
	int len = (int)strlen(text);

	for (int i = 0; i < len; i++)
		assert_int_equal(terminal_cell(terminal, y + i / columns, i % columns).chars[0], text[i]);
}

/* How often the whole text came in one piece. */
static int times_sent(struct terminal *terminal, const char *text)
{
	int count = 0;

	for (const char *at = terminal->bytes.text; (at = strstr(at, text)); at++)
		count++;
	return count;
}

static void run_raw(struct child *child)
{
	child_open(child, &colours);
	for (int y = 0; y < 24; y++)
		child_text(child, y, 0, ROLE_TEXT, "what stood here before, from one end to the other ....................");
	show(child);
	set_raw(child, 5, 0, ADDRESS);
	show(child);
	show(child);
	/* A key is typed elsewhere. */
	child_text(child, 12, 3, ROLE_INPUT, "typed");
	show(child);
	/* All below and above goes: curses clears to the end of the screen in one go. */
	for (int y = 0; y < 24; y++)
		for (int x = 0; x < 80; x++)
			if (!child->canvas.cells[y * 80 + x].raw)
				child_text(child, y, x, ROLE_TEXT, " ");
	show(child);
	/* The cursor rests on it, and moves on it. */
	child->canvas.cursor_y = 5;
	child->canvas.cursor_x = 7;
	show(child);
	child->canvas.cursor_x = 3;
	show(child);
	/* A shorter one. */
	set_raw(child, 5, 0, SHORTER);
	show(child);
	screen_repaint(child->screen);
	show(child);
	/* None. */
	set_raw(child, 0, 0, NULL);
	show(child);
}

static void raw_text_is_one_line(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;

	(void)state;
	terminal_start(&terminal, &usual, run_raw);
	terminal_step(&terminal);
	terminal_next(&terminal);
	assert_int_equal(times_sent(&terminal, ADDRESS), 1);
	expect_address(&terminal, 5, ADDRESS, 80);
	assert_string_equal(terminal_row(&terminal, 7), &ADDRESS[160]);
	assert_non_null(strstr(terminal_row(&terminal, 4), "what stood here before"));
	assert_non_null(strstr(terminal_row(&terminal, 8), "what stood here before"));
	assert_int_equal(terminal_next(&terminal), 0);
	/* Rewriting it would undo a selection that somebody makes just now. */
	assert_in_range(terminal_next(&terminal), 5, 60);
	assert_int_equal(times_sent(&terminal, ADDRESS), 1);
	expect_address(&terminal, 5, ADDRESS, 80);
	terminal_next(&terminal);
	expect_address(&terminal, 5, ADDRESS, 80);
	assert_int_equal(times_sent(&terminal, ADDRESS), 1);
	assert_string_equal(terminal_row(&terminal, 4), "");
	assert_string_equal(terminal_row(&terminal, 8), "");
	for (int x = 7; x >= 3; x -= 4) {
		terminal_next(&terminal);
		expect_address(&terminal, 5, ADDRESS, 80);
		assert_int_equal(terminal_cursor(&terminal).row, 5);
		assert_int_equal(terminal_cursor(&terminal).col, x);
	}
	terminal_next(&terminal);
	assert_string_equal(terminal_row(&terminal, 5), SHORTER);
	assert_string_equal(terminal_row(&terminal, 6), "");
	assert_string_equal(terminal_row(&terminal, 7), "");
	terminal_next(&terminal);
	assert_string_equal(terminal_row(&terminal, 5), SHORTER);
	assert_int_equal(times_sent(&terminal, SHORTER), 2);
	terminal_next(&terminal);
	assert_string_equal(terminal_row(&terminal, 5), "");
	terminal_go(&terminal);
	assert_int_equal(terminal_wait(&terminal), 0);
	terminal_expect_sane(&terminal);
}

#define SPLIT "https://short.example/?a;b\\c"
#define LINKED "\033]8;id=ledgerdeck;https://short.example/?a%3Bb\\c\033\\" SPLIT "\033]8;;\033\\"

/* Longer than a hyperlink's target may be: it fills twenty rows. */
static const char *too_long(void)
{
	static char text[1200] = "https://short.example/?";

	for (size_t i = strlen(text); i < sizeof(text) - 1; i++)
		text[i] = 'x';
	return text;
}

static void run_links(struct child *child)
{
	const struct screen_options linked = { .theme = "dark", .colour = true, .links = true };

	child_open(child, &linked);
	set_raw(child, 2, 0, SPLIT);
	show(child);
	set_raw(child, 2, 0, too_long());
	show(child);
	screen_links_on(child->screen, false);
	set_raw(child, 2, 0, SPLIT);
	show(child);
	screen_links_on(child->screen, true);
	show(child);
}

/* Where that is wanted an address is a hyperlink, too: whole, closed again, and not when the terminal would cut it. */
static void an_address_is_a_link(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;

	(void)state;
	terminal_start(&terminal, &usual, run_links);
	terminal_step(&terminal);
	assert_int_equal(times_sent(&terminal, LINKED), 1);
	assert_string_equal(terminal_row(&terminal, 2), SPLIT);
	terminal_next(&terminal);
	assert_int_equal(times_sent(&terminal, "\033]8;id"), 1);
	expect_address(&terminal, 2, too_long(), 80);
	terminal_next(&terminal);
	assert_int_equal(times_sent(&terminal, "\033]8;id"), 1);
	assert_string_equal(terminal_row(&terminal, 2), SPLIT);
	terminal_next(&terminal);
	assert_int_equal(times_sent(&terminal, LINKED), 2);
	terminal_go(&terminal);
	assert_int_equal(terminal_wait(&terminal), 0);
	terminal_expect_sane(&terminal);
}

static void run_raw_sizes(struct child *child)
{
	int rows, columns;

	child_open(child, &colours);
	for (int i = 0; i < 3; i++) {
		screen_size(child->screen, &rows, &columns);
		child_size(child, rows, columns);
		child_text(child, 0, 0, ROLE_TITLE, "top");
		set_raw(child, rows > 1, 0, ADDRESS);
		show(child);
		screen_resize(child->screen);
	}
	/* Where there is no place it is not written, and what is no printable ASCII never is. */
	set_raw(child, 1, 0, "https://\033]0;x\007\xff");
	child->canvas.raw.y = 99;
	show(child);
	child->canvas.raw.y = 1;
	show(child);
}

static void raw_text_never_scrolls(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;

	(void)state;
	terminal_start(&terminal, &(struct terminal_options){ .rows = 3, .columns = 40 }, run_raw_sizes);
	terminal_step(&terminal);
	assert_string_equal(terminal_row(&terminal, 0), "top");
	expect_address(&terminal, 1, "https://appcenter.intuit.com/connect/oauth2?client_id=ABCDEFGHIJKLMNOPQRSTUVWXYZ", 40);
	terminal_resize(&terminal, 1, 1);
	terminal_next(&terminal);
	assert_string_equal(terminal_row(&terminal, 0), "h");
	terminal_resize(&terminal, 10, 60);
	terminal_next(&terminal);
	assert_string_equal(terminal_row(&terminal, 0), "top");
	expect_address(&terminal, 1, ADDRESS, 60);
	terminal_next(&terminal);
	assert_string_equal(terminal_row(&terminal, 1), "");
	terminal_next(&terminal);
	assert_string_equal(terminal_row(&terminal, 1), "https://?]0;x??");
	terminal_go(&terminal);
	assert_int_equal(terminal_wait(&terminal), 0);
}

/* Lists scroll around it, over it, and it moves with them: curses lets the terminal scroll what it can. */
#define SCROLLS 60

static int list_row(int y, int scroll)
{
	return y + (scroll % 20 < 10 ? scroll : 40 - scroll) * (scroll % 3 + 1);
}

static int raw_row(int scroll)
{
	return scroll < SCROLLS / 2 ? 8 : 4 + scroll % 5;
}

static void list_text(char text[40], int y, int scroll)
{
	snprintf(text, 40, "row %d of the list, %x", list_row(y, scroll), (unsigned)list_row(y, scroll) * 2654435761U);
}

static void run_scrolling(struct child *child)
{
	char text[40];

	child_open(child, &colours);
	for (int scroll = 0; scroll < SCROLLS; scroll++) {
		child_size(child, 24, 80);
		for (int y = 0; y < 24; y++) {
			list_text(text, y, scroll);
			child_text(child, y, 0, ROLE_TEXT, text);
		}
		set_raw(child, raw_row(scroll), 0, ADDRESS);
		show(child);
	}
}

static void raw_text_stays_where_rows_scroll(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;

	(void)state;
	terminal_start(&terminal, &usual, run_scrolling);
	for (int scroll = 0; scroll < SCROLLS; scroll++) {
		terminal_step(&terminal);
		expect_address(&terminal, raw_row(scroll), ADDRESS, 80);
		for (int y = 0; y < 24; y++) {
			char text[40];

			list_text(text, y, scroll);
			if (y < raw_row(scroll) || y > raw_row(scroll) + 2)
				assert_string_equal(terminal_row(&terminal, y), text);
		}
		terminal_go(&terminal);
	}
	assert_int_equal(terminal_wait(&terminal), 0);
}

/* ---- whatever a canvas holds, the terminal shows ---- */

#define FRAMES 1500

struct random {
	uint32_t state;
};

static uint32_t draw_number(struct random *random, uint32_t below)
{
	random->state = random->state * 1664525U + 1013904223U;
	return (random->state >> 8) % below;
}

static void random_text(struct child *child, struct random *random)
{
	static const struct {
		const char *bytes;
		int width;
	} samples[] = { { "a", 1 }, { "b", 1 }, { "7", 1 }, { " ", 1 }, { "é", 1 }, { "漢", 2 }, { "─", 1 }, { "│", 1 }, { "o\xcc\x88", 1 } };
	int y = (int)draw_number(random, (uint32_t)child->canvas.rows);
	int x = (int)draw_number(random, (uint32_t)child->canvas.columns);
	int count = 1 + (int)draw_number(random, 30);
	enum role role = (enum role)draw_number(random, ROLE_COUNT);
	bool blank = draw_number(random, 3) == 0;

	while (count-- > 0 && x < child->canvas.columns) {
		/* The last one has a mark, which libvterm 0.1 loses in the last column. */
		size_t which = blank ? 3 : draw_number(random, ARRAY_LEN(samples) - (x == child->canvas.columns - 1));

		child_cell(child, y, x, role, samples[which].bytes, samples[which].width);
		x += samples[which].width;
	}
}

/* The same on both sides: the child shows it, the test looks for it. */
static void next_frame(struct child *child, struct random *random)
{
	uint32_t kind = draw_number(random, 10);
	int rows = child->canvas.rows, columns = child->canvas.columns;

	if (kind == 0)
		child_size(child, rows, columns);
	if (kind == 1) { /* scroll */
		memmove(child->canvas.cells, child->canvas.cells + columns, (size_t)((rows - 1) * columns) * sizeof(struct canvas_cell));
		for (int x = 0; x < columns; x++)
			child_cell(child, rows - 1, x, ROLE_TEXT, " ", 1);
	}
	if (kind == 2) {
		int y = (int)draw_number(random, (uint32_t)rows);

		for (int i = 0; i < rows; i++)
			child_bar(child, i, false);
		child_bar(child, y, true);
	}
	if (kind == 3)
		set_raw(child, (int)draw_number(random, (uint32_t)rows), 0, draw_number(random, 3) == 0 ? NULL : ADDRESS);
	for (uint32_t i = 0; kind > 3 && i < kind; i++)
		random_text(child, random);
	if (child->canvas.raw.text)
		set_raw(child, child->canvas.raw.y, 0, child->canvas.raw.text);
	/* What was half overwritten is no cluster any more. */
	for (int y = 0; y < rows; y++)
		for (int x = 0; x < columns; x++) {
			struct canvas_cell *cell = &child->canvas.cells[y * columns + x];
			bool has_right = x + 1 < columns && cell[1].width == 0;

			if ((cell->width == 2 && !has_right) || (cell->width == 0 && (x == 0 || cell[-1].width != 2))) {
				uint8_t cursor = cell->cursor;

				child_cell(child, y, x, ROLE_TEXT, "?", 1);
				cell->cursor = cursor;
			}
		}
}

static void run_random(struct child *child)
{
	struct random random = { .state = 20261129 };

	child_open(child, &colours);
	for (int i = 0; i < FRAMES; i++) {
		next_frame(child, &random);
		show(child);
	}
}

static void expect_cell(struct terminal *terminal, const struct canvas_raw *raw, const struct canvas_cell *cell, int y, int x,
			int frame)
{
	VTermScreenCell is = terminal_cell(terminal, y, x);
	char bytes[CANVAS_BYTES * 4] = "";
	VTermRect at = { .start_row = y, .end_row = y + 1, .start_col = x, .end_col = x + 1 };

	if (cell->width == 0)
		return;
	if (cell->raw) {
		size_t index = (size_t)((y - raw->y) * 40 + x);

		if (index < strlen(raw->text) ? is.chars[0] != (uint32_t)raw->text[index] : is.chars[0] != 0 && is.chars[0] != ' ')
			fail_msg("frame %d, row %d, column %d: the address is damaged", frame, y, x);
		return;
	}
	vterm_screen_get_text(terminal->cells, bytes, sizeof(bytes), at);
	if (!bytes[0] || bytes[0] == '\n')
		snprintf(bytes, sizeof(bytes), " ");
	if (strcmp(bytes, cell->bytes) != 0)
		fail_msg("frame %d, row %d, column %d: '%s', not '%s'", frame, y, x, bytes, cell->bytes);
	if (cell->cursor) {
		if ((cell->role == ROLE_TEXT && !is.attrs.reverse) || (cell->role == ROLE_FOCUS && is.attrs.reverse))
			fail_msg("frame %d, row %d, column %d: the cursor's row looks wrong", frame, y, x);
	} else if (cell->role == ROLE_FAILED && bytes[0] != ' ') {
		assert_true(is.attrs.bold);
		assert_int_equal(is.fg.indexed.idx, 1);
	}
}

static void random_frames_are_shown_as_they_are(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;
	struct child mirror = { 0 };
	struct random random = { .state = 20261129 };

	(void)state;
	child_size(&mirror, 12, 40);
	terminal_start(&terminal, &(struct terminal_options){ .rows = 12, .columns = 40 }, run_random);
	for (int i = 0; i < FRAMES; i++) {
		if (i > 0)
			terminal_go(&terminal);
		terminal_step(&terminal);
		next_frame(&mirror, &random);
		for (int y = 0; y < 12; y++)
			for (int x = 0; x < 40; x++)
				expect_cell(&terminal, &mirror.canvas.raw, &mirror.canvas.cells[y * 40 + x], y, x, i);
		if (mirror.canvas.cursor_y >= 0)
			assert_int_equal(terminal_cursor(&terminal).row, mirror.canvas.cursor_y);
	}
	terminal_go(&terminal);
	assert_int_equal(terminal_wait(&terminal), 0);
	terminal_expect_sane(&terminal);
	child_close(&mirror);
}

int test_raw(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(raw_text_is_one_line),
		cmocka_unit_test(an_address_is_a_link),
		cmocka_unit_test(raw_text_never_scrolls),
		cmocka_unit_test(raw_text_stays_where_rows_scroll),
		cmocka_unit_test(random_frames_are_shown_as_they_are),
	};

	return cmocka_run_group_tests_name("screen_raw", tests, NULL, NULL);
}
