/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Golden screens: after these keys it looks like that, text and roles, at five sizes. A screen that changed on purpose
 * is written anew with UPDATE_GOLDEN=1, and looked at before it is kept.
 */
#include "tests.h"

#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/random.h"

static const struct {
	const char *name, *keys;
	bool empty, ascii, readonly, works;
} scenes[] = {
	{ "first-run", "", true, false, false, false },
	{ "accounts", "", false, false, false, false },
	{ "accounts-ascii", "", false, true, false, false },
	{ "accounts-reconnect", "j", false, false, false, false },
	{ "types", "Tab", false, false, false, false },
	{ "types-guard", "Tab G k", false, false, false, false },
	{ "types-failed", "Tab x", false, false, false, false },
	{ "log", "Tab Tab", false, false, false, false },
	{ "log-view", "4", false, false, false, false },
	{ "attention", "2", false, false, false, false },
	{ "attention-fix", "2 Enter", false, false, false, false },
	{ "log-filter", "4 & 'state:failed' Enter", false, false, false, false },
	{ "log-search", "4 / 'not allowed' Enter j j Space", false, false, false, false },
	{ "attempt", "4 Enter", false, false, false, false },
	{ "records", "Tab Enter", false, false, false, false },
	{ "records-filter", "Tab Enter / 'TotalAmt<0' Enter", false, false, false, false },
	{ "records-filter-wrong", "Tab Enter / 'TotalAmt<'", false, false, false, false },
	{ "records-sorted", "Tab Enter > > I j j", false, false, false, false },
	{ "record", "Tab Enter Enter", false, false, false, false },
	{ "record-raw", "Tab Enter Enter v", false, false, false, false },
	{ "dialog", "D", false, false, false, false },
	{ "dialog-ascii", "D", false, true, false, false },
	{ "keys", "?", false, false, false, false },
	{ "keys-readonly", "?", false, false, true, false },
	{ "palette", ": 'va'", false, false, false, false },
	{ "command", ": 'types Invoice' Enter", false, false, false, false },
	{ "unknown-command", ": 'syn' Enter", false, false, false, false },
	{ "jobs", "5", false, false, false, true },
	{ "jobs-waiting", "5 j", false, true, false, false },
	{ "jobs-commands", "P 5 j", false, false, false, true },
	{ "messages", "5 r M", false, false, false, false },
};
static const struct {
	int columns, rows;
} sizes[] = { { 20, 5 }, { 60, 10 }, { 80, 24 }, { 132, 43 }, { 250, 70 } };

/* As scene `i` begins. */
static void open_scene(struct stage *stage, size_t i)
{
	struct account account;
	struct error err = { 0 };

	stage_open(stage, scenes[i].empty);
	stage->app.readonly = scenes[i].readonly;
	if (!scenes[i].works)
		return;
	stage_work(stage);
	assert_true(accounts_find(stage->store, "Acme", &account, &err));
	stage_progress(stage, account.id, "Invoice", 12450, 48000);
}

static void compare(const char *name, const struct str *got)
{
	AUTO(str_clear) struct str path = STR_INIT(1000);
	AUTO(str_clear) struct str want = STR_INIT(1 << 20);
	const char *top = env_variable("SOURCE_DIR"), *update = env_variable("UPDATE_GOLDEN");
	struct error err = { 0 };

	str_addf(&path, "%s/tests/deck/golden/%s.txt", top ? top : ".", name);
	if (update && *update) {
		assert_true(file_write(path.text, got->text, got->len, 0644, &err));
		return;
	}
	if (!file_read(path.text, 1 << 20, &want, &err))
		fail_msg("%s", err.text);
	if (strcmp(want.text, got->text) != 0)
		fail_msg("%s is not as it was.\nexpected:\n%s\ngot:\n%s", name, want.text, got->text);
}

static void test_scenes(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(scenes); i++) {
		struct stage stage;

		open_scene(&stage, i);
		stage_deck(&stage, 24, 80, scenes[i].ascii ? TEXT_ASCII : TEXT_SAFE);
		deck_paint(&stage.deck, &stage.deck.canvas);
		stage_keys(&stage, scenes[i].keys);
		for (size_t k = 0; k < ARRAY_LEN(sizes); k++) {
			AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
			char name[80];

			stage_resize(&stage, sizes[k].rows, sizes[k].columns);
			/* Twice: what fits is known only once it was drawn. */
			deck_paint(&stage.deck, &stage.deck.canvas);
			stage_settle(&stage);
			stage_dump(&stage, &text);
			if (sizes[k].columns == 80) {
				str_add(&text, "--- roles\n");
				canvas_dump_roles(&stage.deck.canvas, &text);
			}
			snprintf(name, sizeof(name), "%s-%dx%d", scenes[i].name, sizes[k].columns, sizes[k].rows);
			compare(name, &text);
		}
		stage_close(&stage);
	}
}

/* Every size that a terminal can have can be drawn, whatever is shown. */
static void test_all_sizes(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(scenes); i++) {
		struct stage stage;

		open_scene(&stage, i);
		stage_deck(&stage, 24, 80, TEXT_SAFE);
		stage_keys(&stage, scenes[i].keys);
		for (int rows = 1; rows <= 30; rows += rows < 12 ? 1 : 6)
			for (int columns = 1; columns <= 210; columns += columns < 30 ? 1 : 45) {
				stage_resize(&stage, rows, columns);
				deck_paint(&stage.deck, &stage.deck.canvas);
			}
		stage_close(&stage);
	}
}

/* Any size a terminal has, any key that moves, in any of the scenes: seeds are printed, so that a failure can be had again. */
static void test_any_size(void **state)
{
	static const char *const moves[] = { "j", "k", "g", "G", "C-d", "C-u", "PgUp", "PgDn", "Tab", "S-Tab", "Left", "Right", "Space", "Esc",
					     "w", "I", ">", "<", "n", "[", "]", "-", "p" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(scenes); i++) {
		struct random random;
		struct stage stage;

		print_message("scene %s, seed %d\n", scenes[i].name, (int)i);
		random_seed(&random, i);
		open_scene(&stage, i);
		stage_deck(&stage, 24, 80, scenes[i].ascii ? TEXT_ASCII : random_below(&random, 2) ? TEXT_FULL : TEXT_SAFE);
		stage_keys(&stage, scenes[i].keys);
		for (int k = 0; k < 40; k++) {
			stage_resize(&stage, 1 + (int)random_below(&random, 100), 1 + (int)random_below(&random, 300));
			deck_paint(&stage.deck, &stage.deck.canvas);
			stage_keys(&stage, moves[random_below(&random, ARRAY_LEN(moves))]);
			deck_paint(&stage.deck, &stage.deck.canvas);
		}
		stage_close(&stage);
	}
}

int test_golden(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scenes),
		cmocka_unit_test(test_all_sizes),
		cmocka_unit_test(test_any_size),
	};

	return cmocka_run_group_tests_name("golden", tests, NULL, NULL);
}
