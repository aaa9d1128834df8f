/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of keys, both ways. */
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/command/key.h"

#include "tests.h"

static struct key parsed(const char *name)
{
	struct key key = { 0 };

	if (!key_parse(name, strlen(name), &key))
		fail_msg("'%s' is no key", name);
	return key;
}

static void every_key_has_a_name_that_means_it(void **state)
{
	char name[KEY_NAME_MAX];

	(void)state;
	for (uint32_t code = INPUT_UP; code <= INPUT_F12; code++)
		for (int bits = 0; bits < 4; bits++) {
			struct key key = { .code = code, .control = bits & 1, .alt = bits & 2 };

			if (key.control && code >= INPUT_BACKSPACE)
				continue; /* no terminal sends it */
			assert_ptr_equal(key_text(key, name), name);
			assert_true(key_equal(parsed(name), key));
		}
	for (uint32_t code = ' '; code < 0x110000; code = code < 0x3000 ? code + 1 : code + 977) {
		struct key key = { .code = code };

		if ((code >= 0x7f && code <= 0xa0) || (code >= 0xd800 && code < 0xe000))
			continue;
		key_text(key, name);
		assert_true(key_equal(parsed(name), key));
		key.alt = true;
		key_text(key, name);
		assert_true(key_equal(parsed(name), key));
	}
	for (uint32_t code = 'a'; code <= 'z'; code++) {
		struct key key = { .code = code, .control = true };

		key_text(key, name);
		assert_int_equal(strlen(name), 3);
		if (!strchr("ijmh", (int)code))
			assert_true(key_equal(parsed(name), key));
	}
}

static void names_are_as_hints_show_them(void **state)
{
	static const struct {
		struct key key;
		const char *name;
	} keys[] = {
		{ { .code = 'j' }, "j" },
		{ { .code = 'd', .control = true }, "C-d" },
		{ { .code = ' ' }, "Space" },
		{ { .code = ' ', .control = true }, "C-Space" },
		{ { .code = INPUT_ENTER }, "Enter" },
		{ { .code = INPUT_PAGE_DOWN }, "PgDn" },
		{ { .code = INPUT_F1 }, "F1" },
		{ { .code = INPUT_F12 }, "F12" },
		{ { .code = INPUT_BACK_TAB }, "S-Tab" },
		{ { .code = 'x', .alt = true }, "A-x" },
		{ { .code = 'x', .alt = true, .control = true }, "C-A-x" },
		{ { .code = 0x6f22 }, "漢" },
		{ { .code = '-' }, "-" },
	};
	char name[KEY_NAME_MAX];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		assert_string_equal(key_text(keys[i].key, name), keys[i].name);
		assert_true(key_equal(parsed(keys[i].name), keys[i].key));
	}
}

/* What has no key of its own in a terminal is the key that it sends. */
static void names_mean_what_terminals_send(void **state)
{
	static const struct {
		const char *name, *same;
	} names[] = {
		{ "C-i", "Tab" },	  { "C-m", "Enter" },  { "C-j", "Enter" },     { "C-[", "Esc" },   { "C-h", "Backspace" },
		{ "C-?", "Backspace" },	  { "C-D", "C-d" },    { "C-/", "C-_" },       { "C-@", "C-Space" }, { "enter", "Enter" },
		{ "return", "Enter" },	  { "escape", "Esc" }, { "pagedown", "PgDn" }, { "Delete", "Del" }, { "A-C-x", "C-A-x" },
		{ "C", "C" },		  { "A", "A" },	       { "C-\\", "C-\\" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		assert_true(key_equal(parsed(names[i].name), parsed(names[i].same)));
	assert_false(key_equal(parsed("j"), parsed("J")));
	assert_false(key_equal(parsed("j"), parsed("A-j")));
}

static void names_end_at_a_blank(void **state)
{
	struct key key;

	(void)state;
	assert_true(key_parse("PgDn next", 9, &key));
	assert_int_equal(key.code, INPUT_PAGE_DOWN);
	assert_true(key_parse("j\tdown", 6, &key));
	assert_int_equal(key.code, 'j');
	assert_true(key_parse("F12", 2, &key));
	assert_int_equal(key.code, INPUT_F1);
}

static void what_is_no_key_is_refused(void **state)
{
	static const char *const names[] = { "",     " j",    "jj",    "F0",   "F13",   "C-",	  "A-",	   "C-C-x", "A-A-x", "C-1",
					     "C-é", "C-F1x", "C-Tab", "C-F1", "Nokey", "no key", "\x7f",  "\xff",  "\xc2\x85" };
	struct key key = { .code = 'k' };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (key_parse(names[i], strlen(names[i]), &key))
			fail_msg("'%s' is taken for a key", names[i]);
		assert_int_equal(key.code, 'k');
	}
}

static void what_has_no_name_is_told_in_words(void **state)
{
	char name[KEY_NAME_MAX];

	(void)state;
	assert_string_equal(key_text((struct key){ .code = INPUT_PASTE }, name), "a paste");
	assert_string_equal(key_text((struct key){ .code = INPUT_UNKNOWN }, name), "an unknown key");
	assert_string_equal(key_text((struct key){ .code = INPUT_NONE }, name), "no key");
}

int test_key(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_has_a_name_that_means_it),
		cmocka_unit_test(names_are_as_hints_show_them),
		cmocka_unit_test(names_mean_what_terminals_send),
		cmocka_unit_test(names_end_at_a_blank),
		cmocka_unit_test(what_is_no_key_is_refused),
		cmocka_unit_test(what_has_no_name_is_told_in_words),
	};

	return cmocka_run_group_tests_name("key", tests, NULL, NULL);
}
