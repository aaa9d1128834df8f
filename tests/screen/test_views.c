/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The deck's views on terminals of several kinds, one after the other on the same screen: what stands in each cell is what
 * its view has drawn there, and looks as the theme says for so many colours. What the views draw and what themes say are golden
 * in tests/deck.
 */
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "deck/scenes.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/utf8.h"
#include "terminal.h"
#include "tests.h"

#define ROWS 24
#define COLUMNS 80
#define MARKED 4 /* characters in a cell */

static const struct mode {
	const char *type, *theme, *locale;
	bool colour;
	int colours; /* that the theme is asked for */
} modes[] = {
	{ "xterm-256color", "dark", "LC_ALL=C.UTF-8", true, 256 },
	{ "xterm-256color", "light", "LC_ALL=C.UTF-8", true, 256 },
	{ "xterm-256color", "clear", "LC_ALL=C.UTF-8", true, 256 },
	{ "xterm", "dark", "LC_ALL=C.UTF-8", true, 8 },
	/* Not xterm: libvterm wraps one cell early behind a repeated character. */
	{ "screen", "light", "LC_ALL=C", true, 8 },
	{ "xterm-256color", "dark", "LC_ALL=C.UTF-8", false, 0 },
	{ "vt100", "dark", "LC_ALL=C", true, 0 },
};

/* What is to be shown, for the children: memory that they share with the test. */
static struct drawn {
	int cursor_y, cursor_x;
	bool last;
	struct canvas_cell cells[ROWS * COLUMNS];
} *drawn;
static const struct mode *mode; /* of the child that is started */

static void run(struct child *child)
{
	const struct screen_options options = { .theme = mode->theme, .colour = mode->colour };

	child_open(child, &options);
	for (child_step(child); !drawn->last; child_step(child)) {
		memcpy(child->canvas.cells, drawn->cells, sizeof(drawn->cells));
		child->canvas.cursor_y = drawn->cursor_y;
		child->canvas.cursor_x = drawn->cursor_x;
		screen_show(child->screen, &child->canvas);
	}
}

/* Of many marks curses hands over the first few. */
static bool same_text(const struct canvas_cell *cell, const VTermScreenCell *seen)
{
	size_t len = strnlen(cell->bytes, sizeof(cell->bytes)), at = 0, count = 0;

	/* A blank that was never written to. */
	if (seen->chars[0] == 0)
		return len == 1 && cell->bytes[0] == ' ';
	for (size_t i = 0; i < VTERM_MAX_CHARS_PER_CELL && seen->chars[i]; i++) {
		size_t step = utf8_len(cell->bytes + at, len - at);

		if (step == 0 || utf8_decode(cell->bytes + at, step) != seen->chars[i])
			return false;
		at += step;
		count++;
	}
	return (at == len || count >= MARKED) && cell->width == seen->width;
}

static bool same_colour(int wanted, const VTermColor *seen, bool is_default)
{
	return wanted < 0 ? is_default : VTERM_COLOR_IS_INDEXED(seen) && seen->indexed.idx == wanted;
}

/* Blanks have neither ink nor weight. */
static bool same_look(struct look look, bool under_cursor, bool is_blank, const VTermScreenCell *seen)
{
	bool reverse = look.attributes & LOOK_REVERSE, bold = look.attributes & LOOK_BOLD;

	if (under_cursor) {
		look.foreground = look.background = -1;
		reverse = !reverse;
		bold = false;
	}
	return same_colour(look.background, &seen->bg, VTERM_COLOR_IS_DEFAULT_BG(&seen->bg)) &&
	       (is_blank || same_colour(look.foreground, &seen->fg, VTERM_COLOR_IS_DEFAULT_FG(&seen->fg))) &&
	       (is_blank || bold == seen->attrs.bold) && reverse == seen->attrs.reverse &&
	       ((look.attributes & LOOK_UNDERLINE) != 0) == (seen->attrs.underline != VTERM_UNDERLINE_OFF);
}

static void expect_drawn(struct terminal *terminal, const struct theme *theme, const char *scene, const struct mode *shown)
{
	for (int y = 0; y < ROWS; y++)
		for (int x = 0; x < COLUMNS; x++) {
			const struct canvas_cell *cell = &drawn->cells[y * COLUMNS + x];
			VTermScreenCell seen = terminal_cell(terminal, y, x);
			bool is_blank = strcmp(cell->bytes, " ") == 0;

			if (cell->width == 0)
				continue;
			if (!same_text(cell, &seen) || !same_look(theme->looks[cell->role], cell->cursor, is_blank, &seen))
				fail_msg("%s on %s, %s: row %d, column %d is not '%s' of role %d, but U+%04x, bold %d, underline %d, reverse %d: '%s'",
					 scene, shown->type, shown->theme, y, x, cell->bytes, cell->role, (unsigned)seen.chars[0],
					 seen.attrs.bold, seen.attrs.underline, seen.attrs.reverse, terminal_row(terminal, y));
		}
	if (drawn->cursor_y >= 0) {
		assert_int_equal(terminal_cursor(terminal).row, drawn->cursor_y);
		assert_int_equal(terminal_cursor(terminal).col, drawn->cursor_x);
	}
}

static void take(const struct canvas *canvas)
{
	assert_int_equal(canvas->rows * canvas->columns, ROWS * COLUMNS);
	assert_null(canvas->raw.text);
	memcpy(drawn->cells, canvas->cells, sizeof(drawn->cells));
	drawn->cursor_y = canvas->cursor_y;
	drawn->cursor_x = canvas->cursor_x;
}

static void show_scene(size_t scene, struct terminal *terminals, const struct theme *themes)
{
	struct stage stage;

	scene_open(&stage, scene);
	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		if (strcmp(modes[i].locale, "LC_ALL=C") == 0 || stage.deck.canvas.ascii)
			scene_mode(&stage, TEXT_ASCII);
		else
			scene_mode(&stage, TEXT_SAFE);
		take(&stage.deck.canvas);
		terminal_next(&terminals[i]);
		expect_drawn(&terminals[i], &themes[i], scene_name(scene), &modes[i]);
	}
	stage_close(&stage);
}

static void views_look_alike_everywhere(void **state)
{
	struct terminal terminals[ARRAY_LEN(modes)];
	struct theme themes[ARRAY_LEN(modes)];
	struct error err = { 0 };

	(void)state;
	drawn = mmap(NULL, sizeof(*drawn), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(drawn != MAP_FAILED);
	/* Before the deck has threads. */
	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		const char *const variables[] = { modes[i].locale, NULL };

		mode = &modes[i];
		terminal_start(&terminals[i], &(struct terminal_options){ .type = mode->type, .variables = variables }, run);
		terminal_step(&terminals[i]);
		assert_true(theme_load(mode->theme, mode->colours, &themes[i], &err));
	}
	for (size_t scene = 0; scene < scene_count; scene++)
		show_scene(scene, terminals, themes);
	drawn->last = true;
	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		terminal_go(&terminals[i]);
		assert_int_equal(terminal_wait(&terminals[i]), 0);
		terminal_expect_sane(&terminals[i]);
		terminal_clear(&terminals[i]);
	}
	munmap(drawn, sizeof(*drawn));
}

int test_views(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(views_look_alike_everywhere),
	};

	return cmocka_run_group_tests_name("screen_views", tests, NULL, NULL);
}
