/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is drawn where, what is cut and what never is, and that nothing is drawn outside. */
#include "ui/canvas.h"

#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "tests.h"

#define WIDE "\xe6\x9d\xb1\xe4\xba\xac" /* two characters of two columns */

static void make(struct canvas *canvas, int rows, int columns)
{
	canvas_init(canvas, TEXT_SAFE);
	canvas_resize(canvas, rows, columns);
}

static void expect(const struct canvas *canvas, const char *text)
{
	AUTO(str_clear) struct str got = STR_INIT(100000);

	canvas_dump(canvas, &got);
	assert_string_equal(got.text, text);
}

static void text_is_cut(void **state)
{
	static const struct {
		const char *text, *shown;
		int columns, used;
	} cases[] = {
		{ "abc", "abc", 5, 3 },          { "abcde", "abcde", 5, 5 },       { "abcdef", "abcd\xe2\x80\xa6", 5, 5 },
		{ WIDE, WIDE, 4, 4 },            { WIDE, "\xe6\x9d\xb1\xe2\x80\xa6", 3, 3 }, { WIDE "x", "\xe6\x9d\xb1\xe2\x80\xa6", 4, 3 },
		{ "a", "", 0, 0 },               { "ab", "\xe2\x80\xa6", 1, 1 },   { "", "", 5, 0 },
		/* What has no width at the end does not make it cut. */
		{ "abcde\xe2\x80\x8b", "abcde", 5, 5 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(canvas_clear) struct canvas canvas;
		AUTO(str_clear) struct str want = STR_INIT(200);

		make(&canvas, 1, 20);
		assert_int_equal(canvas_add(&canvas, 0, 0, cases[i].columns, ROLE_TEXT, cases[i].text), cases[i].used);
		str_add(&want, cases[i].shown);
		str_add_char(&want, '\n');
		expect(&canvas, want.text);
	}
}

static void amounts_are_whole(void **state)
{
	AUTO(canvas_clear) struct canvas canvas;

	(void)state;
	make(&canvas, 3, 10);
	canvas_amount(&canvas, 0, 0, 8, ROLE_TEXT, "-12.50");
	canvas_amount(&canvas, 1, 0, 5, ROLE_TEXT, "-12.50");
	canvas_right(&canvas, 2, 2, 6, ROLE_TEXT, "ab");
	expect(&canvas, "  -12.50\n#####\n      ab\n");
}

/* Half a wide character is none, from either side. */
static void halves_vanish(void **state)
{
	AUTO(canvas_clear) struct canvas canvas;

	(void)state;
	make(&canvas, 1, 6);
	canvas_add(&canvas, 0, 0, 4, ROLE_TEXT, WIDE);
	canvas_add(&canvas, 0, 1, 1, ROLE_TEXT, "x");
	expect(&canvas, " x\xe4\xba\xac\n");
	canvas_add(&canvas, 0, 2, 1, ROLE_TEXT, "y");
	expect(&canvas, " xy\n");
	canvas_add(&canvas, 0, 5, 4, ROLE_TEXT, WIDE);
	expect(&canvas, " xy\n");
}

static void clips_hold(void **state)
{
	AUTO(canvas_clear) struct canvas canvas;
	struct rect all, inner;

	(void)state;
	make(&canvas, 3, 6);
	all = canvas_enter(&canvas, (struct rect){ 1, 2, 1, 3 });
	canvas_fill(&canvas, (struct rect){ -5, -5, 50, 50 }, ROLE_TEXT);
	canvas_add(&canvas, 1, 0, 6, ROLE_TEXT, "abcdef");
	canvas_add(&canvas, 0, 0, 6, ROLE_TEXT, "nothing");
	inner = canvas_enter(&canvas, (struct rect){ 0, 0, 100, 3 });
	canvas_add(&canvas, 1, 0, 6, ROLE_TEXT, "ABCDEF");
	canvas_leave(&canvas, inner);
	canvas_leave(&canvas, all);
	canvas_add(&canvas, 2, 5, 9, ROLE_TEXT, "x");
	expect(&canvas, "\n  Cde\n     x\n");
	assert_null(canvas_at(&canvas, 3, 0));
	assert_null(canvas_at(&canvas, 0, -1));
}

static void words_wrap(void **state)
{
	static const struct {
		const char *text;
		int columns, rows;
		const char *shown;
	} cases[] = {
		{ "one two three", 7, 2, "one two\nthree\n\n" }, { "one two three", 5, 3, "one\ntwo\nthree\n" },
		{ "abcdefghij", 4, 3, "abcd\nefgh\nij\n" },      { "a\n\nb", 5, 3, "a\n\nb\n" },
		{ "", 5, 0, "\n\n\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(canvas_clear) struct canvas canvas;
		struct rect rect = { 0, 0, 3, cases[i].columns };

		make(&canvas, 3, 12);
		assert_int_equal(canvas_wrap(&canvas, rect, ROLE_TEXT, cases[i].text, strlen(cases[i].text), false), cases[i].rows);
		expect(&canvas, "\n\n\n");
		canvas_wrap(&canvas, rect, ROLE_TEXT, cases[i].text, strlen(cases[i].text), true);
		expect(&canvas, cases[i].shown);
	}
}

static void equal_is_what_is_seen(void **state)
{
	AUTO(canvas_clear) struct canvas a;
	AUTO(canvas_clear) struct canvas b;

	(void)state;
	make(&a, 2, 5);
	make(&b, 2, 5);
	assert_true(canvas_equal(&a, &b));
	canvas_add(&a, 0, 0, 5, ROLE_TEXT, "x");
	assert_false(canvas_equal(&a, &b));
	canvas_add(&b, 0, 0, 5, ROLE_WARN, "x");
	assert_false(canvas_equal(&a, &b));
	canvas_add(&b, 0, 0, 5, ROLE_TEXT, "x");
	assert_true(canvas_equal(&a, &b));
	a.cursor_y = 1;
	assert_false(canvas_equal(&a, &b));
	b.cursor_y = 1;
	canvas_raw(&a, 1, 0, "http://x");
	assert_false(canvas_equal(&a, &b));
}

static void nothing_has_no_size(void **state)
{
	AUTO(canvas_clear) struct canvas canvas;

	(void)state;
	make(&canvas, 0, 0);
	canvas_add(&canvas, 0, 0, 5, ROLE_TEXT, "x");
	canvas_hline(&canvas, 0, 0, 5);
	canvas_raw(&canvas, 0, 0, "address");
	canvas_cursor_row(&canvas, 0, 0, 5);
	expect(&canvas, "");
}

int test_canvas(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_cut),  cmocka_unit_test(amounts_are_whole),     cmocka_unit_test(halves_vanish),
		cmocka_unit_test(clips_hold),   cmocka_unit_test(words_wrap),            cmocka_unit_test(equal_is_what_is_seen),
		cmocka_unit_test(nothing_has_no_size),
	};

	return cmocka_run_group_tests_name("canvas", tests, NULL, NULL);
}
