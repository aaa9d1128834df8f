/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is typed into a line and what becomes of it. */
#include "ui/line.h"

#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "tests.h"

#define ACUTE "e\xcc\x81" /* a letter with its mark: one thing */

static void press(struct line *line, const char *keys)
{
	while (*keys) {
		size_t len = strcspn(keys, " ");
		struct key key;

		assert_true(key_parse(keys, len, &key));
		line_key(line, key);
		keys += len + (keys[len] == ' ');
	}
}

static void keys_edit(void **state)
{
	static const struct {
		const char *before, *keys, *after;
		size_t at;
	} cases[] = {
		{ "", "a b c", "abc", 3 },
		{ "abc", "Backspace", "ab", 2 },
		{ "abc", "Left x", "abxc", 3 },
		{ "abc", "C-a Delete", "bc", 0 },
		{ "abc", "Home C-d C-d C-d C-d", "", 0 },
		{ "abc def", "C-w", "abc ", 4 },
		{ "abc def  ", "C-w", "abc ", 4 },
		{ "abc def", "C-b C-b C-k", "abc d", 5 },
		{ "abc def", "C-b C-b C-u", "ef", 0 },
		{ "abc", "C-a C-f C-e Right", "abc", 3 },
		{ "abc", "Home Backspace Left", "abc", 0 },
		/* A letter goes with its marks. */
		{ "x" ACUTE, "Backspace", "x", 1 },
		{ "x" ACUTE "y", "Left Left", "x" ACUTE "y", 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct line line = { 0 };

		line_set(&line, cases[i].before);
		press(&line, cases[i].keys);
		assert_string_equal(line_text(&line), cases[i].after);
		assert_int_equal(line.at, cases[i].at);
		line_clear(&line);
		assert_string_equal(line_text(&line), "");
	}
}

/* Line breaks and controls of a paste are left out; what is too long is said to be. */
static void pastes_are_one_line(void **state)
{
	char many[LINE_MAX_BYTES + 10];
	struct line line = { 0 };

	(void)state;
	assert_true(line_insert(&line, "a\r\nb\tc\033[31m", 11));
	assert_string_equal(line_text(&line), "abc[31m");
	memset(many, 'x', sizeof(many));
	assert_false(line_insert(&line, many, sizeof(many)));
	assert_int_equal(line.len, LINE_MAX_BYTES - 1);
	line_clear(&line);
}

static void other_keys_are_not_its_own(void **state)
{
	static const char *const names[] = { "Enter", "Tab", "Up", "PgDn", "F1", "C-c", "C-x", "Esc" };
	struct line line = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct key key;

		assert_true(key_parse(names[i], strlen(names[i]), &key));
		assert_false(line_key(&line, key));
	}
	assert_false(line_key(&line, (struct key){ .code = 'a', .alt = true }));
	assert_int_equal(line.len, 0);
}

static void is_scrolled_and_hidden(void **state)
{
	AUTO(canvas_clear) struct canvas canvas;
	AUTO(str_clear) struct str text = STR_INIT(200);
	struct line line = { 0 };

	(void)state;
	canvas_init(&canvas, TEXT_SAFE);
	canvas_resize(&canvas, 1, 6);
	line_set(&line, "abcdefgh");
	line_draw(&line, &canvas, 0, 0, 6);
	canvas_dump(&canvas, &text);
	assert_string_equal(text.text, "defgh\n");
	assert_int_equal(canvas.cursor_x, 5);
	str_reset(&text);
	line.hidden = true;
	canvas_blank(&canvas);
	line_draw(&line, &canvas, 0, 0, 6);
	canvas_dump(&canvas, &text);
	assert_string_equal(text.text, "\n");
	assert_int_equal(canvas.cursor_x, 0);
	line_clear(&line);
}

int test_line(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_edit),
		cmocka_unit_test(pastes_are_one_line),
		cmocka_unit_test(other_keys_are_not_its_own),
		cmocka_unit_test(is_scrolled_and_hidden),
	};

	return cmocka_run_group_tests_name("line", tests, NULL, NULL);
}
