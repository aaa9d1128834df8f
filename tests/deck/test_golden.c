/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Golden screens: after these keys it looks like that, text and roles, at five sizes. A screen that changed on purpose
 * is written anew with UPDATE_GOLDEN=1, and looked at before it is kept.
 */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"
#include "scenes.h"
#include "theme.h"

static const struct {
	int columns, rows;
} sizes[] = { { 20, 5 }, { 60, 10 }, { 80, 24 }, { 132, 43 }, { 250, 70 } };

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

/* What does not change with the size is shown for the usual one: what each place means, and the screen in ASCII. */
static void add_modes(struct stage *stage, struct str *text)
{
	enum text_mode mode = stage->deck.canvas.mode;

	str_add(text, "--- roles\n");
	canvas_dump_roles(&stage->deck.canvas, text);
	if (mode == TEXT_ASCII)
		return;
	str_add(text, "--- ASCII\n");
	scene_mode(stage, TEXT_ASCII);
	canvas_dump(&stage->deck.canvas, text);
	scene_mode(stage, mode);
}

static void test_scenes(void **state)
{
	(void)state;
	for (size_t i = 0; i < scene_count; i++) {
		struct stage stage;

		scene_open(&stage, i);
		for (size_t k = 0; k < ARRAY_LEN(sizes); k++) {
			AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
			char name[80];

			scene_size(&stage, sizes[k].rows, sizes[k].columns);
			canvas_dump(&stage.deck.canvas, &text);
			if (sizes[k].columns == 80)
				add_modes(&stage, &text);
			snprintf(name, sizeof(name), "%s-%dx%d", scene_name(i), sizes[k].columns, sizes[k].rows);
			compare(name, &text);
		}
		stage_close(&stage);
	}
}

/* Every size that a terminal can have can be drawn, whatever is shown. */
static void test_all_sizes(void **state)
{
	(void)state;
	for (size_t i = 0; i < scene_count; i++) {
		struct stage stage;

		scene_open(&stage, i);
		for (int rows = 1; rows <= 30; rows += rows < 12 ? 1 : 6)
			for (int columns = 1; columns <= 210; columns += columns < 30 ? 1 : 45) {
				stage_resize(&stage, rows, columns);
				deck_paint(&stage.deck, &stage.deck.canvas);
			}
		stage_close(&stage);
	}
}

/* ---- looks */

/* One of a role in few letters: colours, then attributes. */
static void add_look(const struct look *look, struct str *out)
{
	static const struct {
		unsigned attribute;
		char letter;
	} letters[] = { { LOOK_BOLD, 'b' }, { LOOK_DIM, 'd' }, { LOOK_UNDERLINE, 'u' }, { LOOK_REVERSE, 'r' } };
	char text[32] = "";

	if (look->background >= 0)
		snprintf(text, sizeof(text), "%d/%d ", look->foreground, look->background);
	else if (look->foreground >= 0)
		snprintf(text, sizeof(text), "%d ", look->foreground);
	for (size_t i = 0; i < ARRAY_LEN(letters); i++)
		if (look->attributes & letters[i].attribute)
			snprintf(text + strlen(text), sizeof(text) - strlen(text), "%c", letters[i].letter);
	str_addf(out, "%-12s", *text ? text : "-");
}

/* How each role looks in each theme by the colours of the terminal; a row is a role, in the order of enum role. */
static void test_looks(void **state)
{
	static const struct {
		const char *theme;
		int colours;
	} modes[] = { { "dark", 256 }, { "dark", 8 }, { "dark", 0 }, { "light", 256 }, { "light", 8 }, { "clear", 256 }, { "clear", 8 },
		      { "mono", 256 } };
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	struct theme themes[ARRAY_LEN(modes)];
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		char name[32];

		assert_true(theme_load(modes[i].theme, modes[i].colours, &themes[i], &err));
		snprintf(name, sizeof(name), "%s %d", modes[i].theme, modes[i].colours);
		str_addf(&text, "%-12s", name);
	}
	for (int role = 0; role < ROLE_COUNT; role++) {
		str_add(&text, "\n");
		for (size_t i = 0; i < ARRAY_LEN(modes); i++)
			add_look(&themes[i].looks[role], &text);
	}
	str_add(&text, "\n");
	compare("looks", &text);
}

int test_golden(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scenes),
		cmocka_unit_test(test_all_sizes),
		cmocka_unit_test(test_looks),
	};

	return cmocka_run_group_tests_name("golden", tests, NULL, NULL);
}
