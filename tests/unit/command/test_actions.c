/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of actions: every key has a name, none means two things in one place, and the manual has them all. */
#include "ledgerdeck/command/keys.h"

#include <ctype.h>
#include <string.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "tests.h"

/* Where the action counts, its key starts it: nothing else is nearer. */
static void starts_it(const struct keys *keys, struct key key, int action)
{
	const struct action_row *row = action_row((enum action)action);

	for (unsigned where = 1; where_word(where); where <<= 1) {
		enum action started;

		if (!(row->where & where))
			continue;
		started = keys_action(keys, key, where);
		if (started != (enum action)action)
			fail_msg("'%s' is started as '%s'", row->id, action_row(started)->id);
	}
}

static void keys_are_clear(void **state)
{
	AUTO(keys_freep) struct keys *keys = keys_new();

	(void)state;
	for (int i = 1; i < ACTION_COUNT; i++) {
		const char *names = action_row((enum action)i)->keys;

		while (*names) {
			size_t len = strcspn(names, " ");
			struct key key;

			if (!key_parse(names, len, &key))
				fail_msg("action %d: there is no key '%.*s'", i, (int)len, names);
			starts_it(keys, key, i);
			names += len + (names[len] == ' ');
		}
	}
}

/* Every place has a word, and every action a place that has one, but for those that are only behind ":". */
static void places_have_words(void **state)
{
	unsigned all = 0;

	(void)state;
	for (unsigned place = 1; where_word(place); place <<= 1)
		all |= place;
	for (int i = 1; i < ACTION_COUNT; i++)
		assert_int_equal(action_row((enum action)i)->where & ~all, 0);
}

/* The table passes what a keys file must pass: each of its rows, written into one. */
static void table_is_a_keys_file(void **state)
{
	AUTO(keys_freep) struct keys *keys = NULL;
	AUTO(str_clear) struct str file = STR_INIT(1 << 16);
	struct error err = { 0 };

	(void)state;
	for (int i = 1; i < ACTION_COUNT; i++) {
		const struct action_row *row = action_row((enum action)i);

		if (row->where)
			str_addf(&file, "%s %s\n", row->id, *row->keys ? row->keys : "none");
	}
	if (!keys_parse(file.text, "table", &keys, &err))
		fail_msg("%s", err.text);
}

static void ids_are_unique(void **state)
{
	(void)state;
	for (int i = 1; i < ACTION_COUNT; i++) {
		const struct action_row *row = action_row((enum action)i);

		assert_true(row->id && *row->id);
		assert_true(row->help && islower((unsigned char)row->help[0]));
		assert_int_equal(action_by_id(row->id), i);
	}
	assert_int_equal(action_by_id("nothing of the kind"), ACTION_NONE);
}

/* What leads out of a view, and what cannot be taken back, lies on no key that a hand finds by itself. */
static void nothing_hard_is_near(void **state)
{
	static const char *const reflexes[] = { "Enter", "Space", "Backspace", "Delete", "C-d", "C-k", "C-u", "C-w", "C-s", "C-q", "C-a",
						"C-e", "j", "k", "h", "l", "d", "x", "u", "i", "a", "o", "p" };
	AUTO(keys_freep) struct keys *keys = keys_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(reflexes); i++) {
		struct key key;
		enum action action;

		assert_true(key_parse(reflexes[i], strlen(reflexes[i]), &key));
		action = keys_action(keys, key, ~0U);
		assert_true(action != ACTION_DISCONNECT && action != ACTION_QUIT && action != ACTION_APPROVE);
	}
}

static void add_roff(struct str *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '-')
			str_add(out, "\\-");
		else if (text[i] == '\\')
			str_add(out, "\\e");
		else
			str_add_char(out, text[i]);
	}
}

static void manual_has_them(void **state)
{
	AUTO(str_clear) struct str path = STR_INIT(4000);
	AUTO(str_clear) struct str page = STR_INIT(1 << 20);
	const char *top = env_variable("SOURCE_DIR");
	struct error err = { 0 };

	(void)state;
	str_addf(&path, "%s/man/ledgerdeck.1.in", top ? top : ".");
	if (!file_read(path.text, 1 << 20, &page, &err))
		fail_msg("%s", err.text);
	for (int i = 1; i < ACTION_COUNT; i++) {
		const struct action_row *row = action_row((enum action)i);
		AUTO(str_clear) struct str part = STR_INIT(1000);
		const char *keys = row->keys;

		if (!*keys)
			continue;
		str_add(&part, ".TP\n");
		while (*keys) {
			size_t len = strcspn(keys, " ");

			str_add(&part, keys == row->keys ? "\\fB" : ", \\fB");
			add_roff(&part, keys, len);
			str_add(&part, "\\fR");
			keys += len + (keys[len] == ' ');
		}
		str_add(&part, " (");
		add_roff(&part, row->id, strlen(row->id));
		str_add(&part, ")\n");
		str_add_char(&part, (char)toupper((unsigned char)row->help[0]));
		add_roff(&part, row->help + 1, strlen(row->help + 1));
		str_add(&part, ".\n");
		if (!strstr(page.text, part.text))
			fail_msg("the manual lacks:\n%s", part.text);
	}
}

int test_actions(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_clear), cmocka_unit_test(ids_are_unique), cmocka_unit_test(nothing_hard_is_near),
		cmocka_unit_test(places_have_words), cmocka_unit_test(table_is_a_keys_file),
		cmocka_unit_test(manual_has_them),
	};

	return cmocka_run_group_tests_name("actions", tests, NULL, NULL);
}
