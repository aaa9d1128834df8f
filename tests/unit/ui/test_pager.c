/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Long texts: wrapped behind their labels, scrolled and searched, and at the same place when the width changes. */
#include "ui/pager.h"

#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "tests.h"

static void draw(struct pager *pager, int rows, int columns, struct str *out)
{
	AUTO(canvas_clear) struct canvas canvas;

	canvas_init(&canvas, TEXT_SAFE);
	canvas_resize(&canvas, rows, columns);
	pager_draw(pager, &canvas, (struct rect){ 0, 0, rows, columns });
	str_reset(out);
	canvas_dump(&canvas, out);
}

static void labels_hang(void **state)
{
	AUTO(pager_clear) struct pager pager = { .label_columns = 6 };
	AUTO(str_clear) struct str text = STR_INIT(4000);

	(void)state;
	pager_field(&pager, "Why", ROLE_TEXT, "one two three four");
	pager_field(&pager, "Empty", ROLE_TEXT, "");
	pager_field(&pager, "Longer", ROLE_TEXT, "x");
	pager_add(&pager, ROLE_TEXT, "a\nb");
	draw(&pager, 6, 14, &text);
	assert_string_equal(text.text, "Why   one two\n      three\n      four\nLonger x\na\nb\n");
	str_reset(&text);
	pager_add_text(&pager, &text);
	assert_string_equal(text.text, "Why   one two three four\nLonger x\na\nb\n");
}

static void moves_and_finds(void **state)
{
	AUTO(pager_clear) struct pager pager = { 0 };
	AUTO(str_clear) struct str text = STR_INIT(4000);

	(void)state;
	for (int i = 0; i < 50; i++)
		pager_addf(&pager, ROLE_TEXT, "line %d%s", i, i % 20 == 7 ? " Needle" : "");
	draw(&pager, 10, 40, &text);
	assert_true(pager_act(&pager, ACTION_LAST));
	assert_int_equal(pager.top, 40);
	assert_true(pager_act(&pager, ACTION_PAGE_UP));
	assert_int_equal(pager.top, 31);
	assert_true(pager_act(&pager, ACTION_FIRST));
	assert_true(pager_search(&pager, "needle"));
	assert_int_equal(pager.top, 7);
	pager_act(&pager, ACTION_NEXT_MATCH);
	assert_int_equal(pager.top, 27);
	pager_act(&pager, ACTION_NEXT_MATCH);
	pager_act(&pager, ACTION_NEXT_MATCH);
	assert_int_equal(pager.top, 7);
	pager_act(&pager, ACTION_LAST_MATCH);
	assert_int_equal(pager.top, 47);
	assert_false(pager_search(&pager, "nowhere"));
	assert_true(pager_search(&pager, ""));
	assert_false(pager_act(&pager, ACTION_OPEN));
}

static void place_stays(void **state)
{
	AUTO(pager_clear) struct pager pager = { 0 };
	AUTO(str_clear) struct str text = STR_INIT(8000);

	(void)state;
	for (int i = 0; i < 40; i++)
		pager_addf(&pager, ROLE_TEXT, "number %d and more words than fit", i);
	draw(&pager, 5, 40, &text);
	for (int i = 0; i < 20; i++)
		pager_act(&pager, ACTION_DOWN);
	draw(&pager, 5, 10, &text);
	assert_memory_equal(text.text, "number 20\n", 10);
	draw(&pager, 5, 100, &text);
	assert_memory_equal(text.text, "number 20 ", 10);
	draw(&pager, 1, 1, &text);
}

int test_pager(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(labels_hang),
		cmocka_unit_test(moves_and_finds),
		cmocka_unit_test(place_stays),
	};

	return cmocka_run_group_tests_name("pager", tests, NULL, NULL);
}
