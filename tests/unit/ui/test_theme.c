/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Themes: the rules that the built-in ones keep, what few colours make of them, and every mistake of a row. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "ui/theme.h"

#include "tests.h"

#define BLUE 4
#define BRIGHT_BLUE 12

extern const char *const themes_builtin[][2];

static const int depths[] = { 0, 8, 16, 256 };

static struct theme loaded(const char *name, int colours)
{
	struct theme theme = { 0 };
	struct error err = { 0 };

	if (!theme_load(name, colours, &theme, &err))
		fail_msg("%s", err.text);
	assert_string_equal(theme.name, name);
	return theme;
}

static struct theme parsed(const char *text, int colours)
{
	struct theme theme = { 0 };
	struct error err = { 0 };

	if (!theme_parse(text, "mine.theme", colours, &theme, &err))
		fail_msg("%s", err.text);
	return theme;
}

/* ---- the built-in ones ---- */

static void all_that_are_named_are_built_in(void **state)
{
	const char *const *names = theme_names();
	size_t count = 0, built_in = 0;

	(void)state;
	for (; names[count]; count++)
		for (size_t i = 0; i < ARRAY_LEN(depths); i++)
			loaded(names[count], depths[i]);
	while (themes_builtin[built_in][0])
		built_in++;
	assert_int_equal(count, built_in);
	assert_string_equal(names[0], "dark");
}

static void each_names_every_role(void **state)
{
	(void)state;
	for (size_t i = 0; themes_builtin[i][0]; i++) {
		int rows = 0;

		for (const char *at = themes_builtin[i][1]; *at; at += strcspn(at, "\n") + 1)
			rows += *at != '#' && *at != '\n';
		/* None stands twice: that is an error. */
		if (rows != ROLE_COUNT)
			fail_msg("%s has %d roles of %d", themes_builtin[i][0], rows, ROLE_COUNT);
	}
}

static bool paints(int role)
{
	return role == ROLE_MATCH || role == ROLE_PRODUCTION || role == ROLE_CODE;
}

static void expect_rules(const struct theme *theme, int colours)
{
	int most = colours == 0 ? -1 : colours - 1;

	for (int role = 0; role < ROLE_COUNT; role++) {
		struct look look = theme->looks[role], plain = theme->plain[role];

		assert_in_range(look.foreground + 1, 0, most + 1);
		assert_in_range(look.background + 1, 0, most + 1);
		assert_int_not_equal(look.foreground, BLUE);
		assert_int_not_equal(look.foreground, BRIGHT_BLUE);
		/* Bold black cannot be seen on many screens, and the terminal's background is its own. */
		assert_false(look.foreground == 0 && (look.attributes & LOOK_BOLD) && look.background < 0);
		assert_false(look.foreground == 8);
		if (!paints(role))
			assert_int_equal(look.background, -1);
		else
			assert_true(look.background < 0 || look.foreground != look.background);
		assert_int_equal(plain.foreground, -1);
		assert_int_equal(plain.background, -1);
	}
	/* What must be seen is seen without any colour. */
	assert_true(theme->looks[ROLE_FAILED].attributes & LOOK_BOLD);
	assert_true(theme->plain[ROLE_FAILED].attributes & LOOK_BOLD);
	assert_true(theme->plain[ROLE_WARN].attributes & LOOK_BOLD);
	assert_true(theme->plain[ROLE_STALE].attributes & LOOK_UNDERLINE);
	assert_true(theme->plain[ROLE_PRODUCTION].attributes & LOOK_REVERSE);
	assert_false(theme->plain[ROLE_BAR].attributes & LOOK_REVERSE);
	assert_int_equal(theme->plain[ROLE_TEXT].attributes, 0);
	assert_int_equal(theme->looks[ROLE_TEXT].foreground, -1);
}

static void all_keep_the_rules(void **state)
{
	(void)state;
	for (size_t i = 0; theme_names()[i]; i++)
		for (size_t j = 0; j < ARRAY_LEN(depths); j++) {
			struct theme theme = loaded(theme_names()[i], depths[j]);

			expect_rules(&theme, depths[j]);
		}
}

static void the_colours_are_those_that_people_expect(void **state)
{
	static const char *const coloured[] = { "dark", "light", "clear" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(coloured); i++) {
		struct theme theme = loaded(coloured[i], 16);

		assert_int_equal(theme.looks[ROLE_FAILED].foreground, 1);
		assert_int_equal(theme.looks[ROLE_RUNNING].foreground, 6);
		assert_int_equal(theme.looks[ROLE_STALE].foreground, 5);
		assert_int_equal(theme.looks[ROLE_PRODUCTION].foreground, 7);
		assert_int_equal(theme.looks[ROLE_PRODUCTION].background, 1);
		assert_int_equal(theme.looks[ROLE_OK].foreground, -1);
	}
	assert_int_equal(loaded("dark", 16).looks[ROLE_WARN].foreground, 3);
	/* Yellow on white cannot be read. */
	assert_int_equal(loaded("light", 16).looks[ROLE_WARN].foreground, -1);
	assert_int_equal(loaded("light", 256).looks[ROLE_WARN].attributes, LOOK_BOLD);
	for (int role = 0; role < ROLE_COUNT; role++)
		assert_int_equal(loaded("mono", 256).looks[role].foreground, -1);
}

/* Who sees no difference of hue tells states by their attributes. */
static void the_clear_one_does_not_need_hues(void **state)
{
	static const enum role states[] = { ROLE_OK, ROLE_WAITING, ROLE_WARN, ROLE_FAILED, ROLE_STALE };
	struct theme theme = loaded("clear", 256);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(states); i++)
		for (size_t j = 0; j < i; j++)
			assert_int_not_equal(theme.looks[states[i]].attributes, theme.looks[states[j]].attributes);
}

/* ---- contrast ---- */

/* What a number of the 256 looks like, in parts of 255: the cube's steps and the greys are the same everywhere. */
static void rgb_of(int colour, int rgb[3])
{
	static const int steps[] = { 0, 95, 135, 175, 215, 255 }, places[] = { 36, 6, 1 };

	for (int i = 0; i < 3; i++)
		rgb[i] = colour >= 232 ? 8 + 10 * (colour - 232) : steps[(colour - 16) / places[i] % 6];
}

/* How light it is, in parts of 10000: what a screen makes of its steps are squares, near enough. */
static int light_of(int colour)
{
	static const int weights[] = { 2126, 7152, 722 };
	int rgb[3], sum = 0;

	rgb_of(colour, rgb);
	for (int i = 0; i < 3; i++)
		sum += rgb[i] * rgb[i] * weights[i] / (255 * 255);
	return sum;
}

/* A hundred times the ratio that guidelines ask for: 450 for text, 300 for what is told by more than its colour. */
static int contrast(int light, int other)
{
	int more = (light > other ? light : other) + 500, less = (light > other ? other : light) + 500;

	return 100 * more / less;
}

static void what_is_coloured_can_be_read(void **state)
{
	static const struct {
		const char *name;
		int background; /* light, in parts of 10000 */
		int least;
	} themes[] = { { "dark", 0, 450 }, { "light", 10000, 450 }, { "clear", 0, 300 }, { "clear", 10000, 300 } };

	(void)state;
	assert_int_equal(contrast(light_of(231), light_of(16)), 2100);
	for (size_t i = 0; i < ARRAY_LEN(themes); i++) {
		struct theme theme = loaded(themes[i].name, 256);

		for (int role = 0; role < ROLE_COUNT; role++) {
			struct look look = theme.looks[role];
			int ratio;

			/* The sixteen are as the operator has them. */
			if (look.foreground < 16 || (look.background >= 0 && look.background < 16))
				continue;
			ratio = contrast(light_of(look.foreground), look.background < 0 ? themes[i].background : light_of(look.background));
			if (ratio < themes[i].least && !(look.background >= 0 && ratio >= 300))
				fail_msg("%s: role %d has a contrast of %d.%02d", themes[i].name, role, ratio / 100, ratio % 100);
		}
	}
}

/* ---- rows ---- */

static void fewer_colours_take_what_stands_in(void **state)
{
	static const char text[] = "failed 203/bright-red default - bold\n"
				   "dim bright-black default - -\n"
				   "production bright-white bright-red bold reverse\n"
				   "link 9 12 underline -\n"
				   "waiting 242/default default underline dim\n";
	struct theme theme = parsed(text, 256);

	(void)state;
	assert_int_equal(theme.looks[ROLE_FAILED].foreground, 203);
	assert_int_equal(theme.looks[ROLE_LINK].foreground, 9);
	assert_int_equal(theme.looks[ROLE_LINK].background, 12);
	assert_int_equal(theme.looks[ROLE_WAITING].foreground, 242);
	assert_int_equal(theme.looks[ROLE_WAITING].attributes, LOOK_UNDERLINE);
	theme = parsed(text, 16);
	/* Where the terminal's own colour stands in, the attributes without colour do. */
	assert_int_equal(theme.looks[ROLE_WAITING].foreground, -1);
	assert_int_equal(theme.looks[ROLE_WAITING].attributes, LOOK_DIM);
	assert_int_equal(theme.looks[ROLE_FAILED].foreground, 9);
	assert_int_equal(theme.looks[ROLE_FAILED].attributes, 0);
	assert_int_equal(theme.looks[ROLE_DIM].foreground, 8);
	theme = parsed(text, 8);
	assert_int_equal(theme.looks[ROLE_FAILED].foreground, 1);
	assert_int_equal(theme.looks[ROLE_FAILED].attributes, LOOK_BOLD);
	assert_int_equal(theme.looks[ROLE_DIM].foreground, -1);
	assert_int_equal(theme.looks[ROLE_DIM].attributes, LOOK_DIM);
	assert_int_equal(theme.looks[ROLE_PRODUCTION].foreground, 7);
	assert_int_equal(theme.looks[ROLE_PRODUCTION].background, 1);
	assert_int_equal(theme.looks[ROLE_LINK].background, 4);
	theme = parsed(text, 0);
	assert_int_equal(theme.looks[ROLE_FAILED].foreground, -1);
	assert_int_equal(theme.looks[ROLE_FAILED].attributes, LOOK_BOLD);
	assert_int_equal(theme.plain[ROLE_PRODUCTION].attributes, LOOK_REVERSE);
}

static void roles_that_are_left_out_look_like_text(void **state)
{
	struct theme theme = parsed("# none\n\n  text\tcyan default bold+underline dim \r\nok red default - - # a note\n", 16);

	(void)state;
	assert_string_equal(theme.name, "mine");
	assert_int_equal(theme.looks[ROLE_OK].foreground, 1);
	assert_int_equal(theme.looks[ROLE_ERROR].foreground, 6);
	assert_int_equal(theme.looks[ROLE_ERROR].attributes, LOOK_BOLD | LOOK_UNDERLINE);
	assert_int_equal(theme.plain[ROLE_ERROR].attributes, LOOK_DIM);
	/* None at all: as the terminal is. */
	theme = parsed("", 16);
	assert_int_equal(theme.looks[ROLE_FAILED].foreground, -1);
	assert_int_equal(theme.looks[ROLE_FAILED].attributes, 0);
}

static void mistakes_are_told_with_their_place(void **state)
{
	static const struct {
		const char *row, *said;
	} mistakes[] = {
		{ "faild red default - -", "mine.theme:3: 'faild' is no role, did you mean 'failed'?" },
		{ "failed rad default - -", "mine.theme:3: 'rad' is no colour, did you mean 'red'?" },
		{ "failed red defualt - -", "mine.theme:3: 'defualt' is no colour, did you mean 'default'?" },
		{ "failed red default blod -", "mine.theme:3: 'blod' is no attribute, did you mean 'bold'?" },
		{ "failed red default bold+ -", "mine.theme:3: '' is no attribute" },
		{ "failed red default - bold,dim", "mine.theme:3: 'bold,dim' is no attribute" },
		{ "failed 203 default - -", "mine.theme:3: colour 203 needs a name for terminals with fewer colours, as in '203/red'" },
		{ "failed 256/red default - -", "mine.theme:3: '256/red' is no colour: a number is 0 to 255" },
		{ "failed 99999999999999999999/red default - -", "is no colour: a number is 0 to 255" },
		{ "failed 20x/red default - -", "mine.theme:3: '20x/red' is no colour" },
		{ "failed 203/ default - -", "mine.theme:3: '' is no colour" },
		{ "failed 203/crimson default - -", "mine.theme:3: 'crimson' is no colour" },
		{ "failed red default -", "mine.theme:3: a row has role, foreground, background, attributes" },
		{ "failed red default - - -", "mine.theme:3: a row has role, foreground, background, attributes" },
		{ "text red default - -", "mine.theme:3: 'text' stands here twice" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mistakes); i++) {
		AUTO(str_clear) struct str text = STR_INIT(400);
		struct theme theme = { .name = "untouched" };
		struct error err = { 0 };

		str_addf(&text, "# mine\ntext default default - -\n%s\n", mistakes[i].row);
		if (theme_parse(text.text, "mine.theme", 16, &theme, &err))
			fail_msg("'%s' is taken", mistakes[i].row);
		assert_int_equal(err.code, ERROR_INPUT);
		if (!strstr(err.text, mistakes[i].said))
			fail_msg("'%s' is told as '%s'", mistakes[i].row, err.text);
		assert_string_equal(theme.name, "untouched");
	}
}

static void unknown_themes_have_a_nearest_one(void **state)
{
	struct theme theme;
	struct error err = { 0 };

	(void)state;
	assert_false(theme_load("ligth", 16, &theme, &err));
	assert_int_equal(err.code, ERROR_INPUT);
	assert_string_equal(err.text, "unknown theme 'ligth', did you mean 'light'? (there are dark, light, mono, clear)");
	assert_false(theme_load("", 16, &theme, &err));
	assert_false(theme_load("dark.theme", 16, &theme, &err));
}

/* A file of the user's own is a theme, and comes before one that is built in; its faults are told with file and line. */
static void own_themes(void **state)
{
	static const char text[] = "text default default - -\nfailed 9/red default bold bold\n";
	char directory[] = "/tmp/theme-test-XXXXXX", folder[100], path[120];
	struct theme theme;
	struct error err = { 0 };

	(void)state;
	assert_non_null(mkdtemp(directory));
	snprintf(folder, sizeof(folder), "%s/ledgerdeck/themes", directory);
	assert_true(file_make_private_directory(folder, &err));
	setenv("XDG_CONFIG_HOME", directory, 1);
	snprintf(path, sizeof(path), "%s/mine.theme", folder);
	assert_true(file_write(path, text, strlen(text), 0600, &err));
	assert_true(theme_load("mine", 256, &theme, &err));
	assert_string_equal(theme.name, "mine");
	assert_int_equal(theme.looks[ROLE_FAILED].foreground, 9);
	assert_true(theme_load("dark", 256, &theme, &err));
	assert_true(file_write(path, "text default\n", 13, 0600, &err));
	assert_false(theme_load("mine", 256, &theme, &err));
	assert_non_null(strstr(err.text, "/mine.theme:1:"));
	error_clear(&err);
	assert_false(theme_load("../themes/mine", 256, &theme, &err));
	unlink(path);
	snprintf(path, sizeof(path), "%s/dark.theme", folder);
	assert_true(file_write(path, text, strlen(text), 0600, &err));
	assert_true(theme_load("dark", 256, &theme, &err));
	assert_int_equal(theme.looks[ROLE_FAILED].foreground, 9);
	unlink(path);
	rmdir(folder);
	*strrchr(folder, '/') = '\0';
	rmdir(folder);
	rmdir(directory);
	unsetenv("XDG_CONFIG_HOME");
}

int test_theme(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_that_are_named_are_built_in),
		cmocka_unit_test(each_names_every_role),
		cmocka_unit_test(all_keep_the_rules),
		cmocka_unit_test(the_colours_are_those_that_people_expect),
		cmocka_unit_test(the_clear_one_does_not_need_hues),
		cmocka_unit_test(what_is_coloured_can_be_read),
		cmocka_unit_test(fewer_colours_take_what_stands_in),
		cmocka_unit_test(roles_that_are_left_out_look_like_text),
		cmocka_unit_test(mistakes_are_told_with_their_place),
		cmocka_unit_test(unknown_themes_have_a_nearest_one),
		cmocka_unit_test(own_themes),
	};

	return cmocka_run_group_tests_name("theme", tests, NULL, NULL);
}
