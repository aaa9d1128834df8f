/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names and texts of strangers: nothing of them controls the terminal, turns an amount round or shifts a column. */
#include "tests.h"

#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/text.h"

static void check_grid(struct stage *stage)
{
	const struct canvas *canvas = &stage->deck.canvas;

	deck_paint(&stage->deck, &stage->deck.canvas);
	for (int y = 0; y < canvas->rows; y++) {
		int columns = 0;

		for (int x = 0; x < canvas->columns; x++) {
			const struct canvas_cell *cell = canvas_at(canvas, y, x);

			for (size_t i = 0; i < CANVAS_BYTES && cell->bytes[i]; i++)
				assert_true((unsigned char)cell->bytes[i] >= ' ' && cell->bytes[i] != 0x7f);
			/* U+202E and its kind. */
			assert_null(strstr(cell->bytes, "\xe2\x80\xae"));
			columns += cell->width;
		}
		assert_int_equal(columns, canvas->columns);
	}
}

static void test_names(void **state)
{
	static const char *const names[] = {
		"\033[2J\033]0;gone\007 Ltd", ("Amount \xe2\x80\xae" "0001"), "tab\there", "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7 family",
		"\xe6\x9d\xb1\xe4\xba\xac\xe6\xa0\xaa\xe5\xbc\x8f\xe4\xbc\x9a\xe7\xa4\xbe", "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81", "\xff\xfe broken",
	};
	struct stage stage;
	struct account account;

	(void)state;
	stage_open(&stage, false);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		stage_account(&stage, names[i], ENVIRONMENT_SANDBOX, ACCOUNT_OK, &account);
	stage_deck(&stage, 24, 80, TEXT_SAFE);
	for (size_t i = 0; i < ARRAY_LEN(names) + 3; i++) {
		check_grid(&stage);
		stage_keys(&stage, "j");
	}
	for (int columns = 1; columns < 130; columns += 7) {
		stage_resize(&stage, 20, columns);
		check_grid(&stage);
	}
	stage_close(&stage);
}

static void test_hostile_records(void **state)
{
	struct stage stage;
	struct account account;

	(void)state;
	stage_open(&stage, false);
	stage_account(&stage, "Zeta", ENVIRONMENT_SANDBOX, ACCOUNT_OK, &account);
	stage_invoice(&stage, account.id, 1, "\033[31mred\033[0m \xe2\x80\xae" "99\n\n", "123456789.01");
	stage_invoice(&stage, account.id, 2, "\xe6\x9d\xb1\xe4\xba\xac", "-0.01");
	stage_deck(&stage, 24, 80, TEXT_SAFE);
	deck_paint(&stage.deck, &stage.deck.canvas);
	stage_keys(&stage, "G Tab Enter");
	check_grid(&stage);
	stage_expect(&stage, "123456789.01");
	stage_keys(&stage, "Enter");
	check_grid(&stage);
	stage_keys(&stage, "v");
	check_grid(&stage);
	/* No amount is ever cut: without room it is no amount at all. */
	stage_keys(&stage, "Esc");
	for (int columns = 20; columns < 80; columns++) {
		AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
		const char *at;

		stage_resize(&stage, 20, columns);
		check_grid(&stage);
		stage_dump(&stage, &text);
		for (at = strstr(text.text, "1234567"); at; at = strstr(at + 1, "1234567"))
			assert_memory_equal(at, "123456789.01", 12);
	}
	stage_close(&stage);
}

/* What is pasted where nothing is asked is never run as keys. */
static void test_paste(void **state)
{
	struct stage stage;

	(void)state;
	stage_open(&stage, false);
	stage_deck(&stage, 24, 80, TEXT_SAFE);
	deck_paste(&stage.deck, secret_copy("Q\rD\rqqq", 7));
	stage_settle(&stage);
	assert_false(stage.deck.leaving);
	stage_expect(&stage, "not run as keys");
	stage_close(&stage);
}

int test_hostile(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names), cmocka_unit_test(test_hostile_records), cmocka_unit_test(test_paste),
	};

	return cmocka_run_group_tests_name("hostile", tests, NULL, NULL);
}
