/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys files: what they change, and that what contradicts itself is told with its line. */
#include "ledgerdeck/command/keys.h"

#include <string.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"
#include "tests.h"

static struct keys *parsed(const char *text)
{
	struct keys *keys;
	struct error err = { 0 };

	if (!keys_parse(text, "keys", &keys, &err))
		fail_msg("%s", err.text);
	return keys;
}

static enum action started(const struct keys *keys, const char *name, unsigned where)
{
	struct key key;

	assert_true(key_parse(name, strlen(name), &key));
	return keys_action(keys, key, where);
}

static void rows_replace_keys(void **state)
{
	AUTO(keys_freep) struct keys *keys = parsed("# mine\n\n  retry   F5 C-r \r\ndisconnect\tnone\nfilter #");
	AUTO(str_clear) struct str text = STR_INIT(200);

	(void)state;
	assert_int_equal(started(keys, "F5", WHERE_ACCOUNT), ACTION_RETRY);
	assert_int_equal(started(keys, "C-r", WHERE_ACCOUNT), ACTION_RETRY);
	assert_int_equal(started(keys, "r", WHERE_ACCOUNT), ACTION_NONE);
	assert_int_equal(started(keys, "D", WHERE_ACCOUNT), ACTION_NONE);
	assert_int_equal(started(keys, "#", WHERE_LIST), ACTION_FILTER);
	assert_int_equal(started(keys, "/", WHERE_LIST), ACTION_NONE);
	assert_int_equal(started(keys, "A", WHERE_ACCOUNT), ACTION_APPROVE);
	keys_add_names(keys, ACTION_RETRY, &text);
	assert_string_equal(text.text, "F5 C-r");
	str_reset(&text);
	keys_add_origin(keys, ACTION_RETRY, &text);
	assert_string_equal(text.text, "keys:3");
	str_reset(&text);
	keys_add_origin(keys, ACTION_APPROVE, &text);
	assert_string_equal(text.text, "built in");
}

/* What stands nearer wins over what counts everywhere, whatever the file says. */
static void nearer_wins(void **state)
{
	AUTO(keys_freep) struct keys *keys = parsed("messages r\n");

	(void)state;
	assert_int_equal(started(keys, "r", WHERE_ALL | WHERE_ACCOUNT), ACTION_RETRY);
	assert_int_equal(started(keys, "r", WHERE_ALL | WHERE_TEXT), ACTION_MESSAGES);
}

static void errors_name_the_line(void **state)
{
	static const struct {
		const char *text, *error;
	} cases[] = {
		{ "\nretri r", "keys:2: 'retri' is no action, did you mean 'retry'?" },
		{ "retry C-", "keys:1: 'C-' is no key" },
		{ "retry Entr", "keys:1: 'Entr' is no key" },
		{ "retry", "keys:1: 'retry' needs its keys, or 'none'" },
		{ "retry none r", "keys:1: 'none' stands alone" },
		{ "retry r none", "keys:1: 'none' stands alone" },
		{ "retry a b c d e f g i z", "keys:1: 'retry' has more than 8 keys" },
		{ "retry F5\n#\nretry F6", "keys:3: 'retry' stands in line 1 already" },
		{ "pause r", "keys:1: 'r' would be both 'retry' and 'pause' in one place" },
		{ "pause F5\nrenew F5", "keys:2: 'F5' would be both 'pause' and 'renew' in one place" },
		{ "help q", "keys:1: 'q' would be both 'close' and 'help' in one place" },
		{ "quit none\nclose none\ncommand none\ncancel none", "keys: no key would be left that leads out of the deck" },
		{ "reconnect F9", "keys:1: 'reconnect' is no action" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct keys *keys;
		struct error err = { 0 };

		if (keys_parse(cases[i].text, "keys", &keys, &err))
			fail_msg("'%s' was taken", cases[i].text);
		if (strncmp(err.text, cases[i].error, strlen(cases[i].error)) != 0)
			fail_msg("'%s' gives '%s'", cases[i].text, err.text);
		assert_int_equal(err.code, ERROR_INPUT);
	}
}

/* A page with an address has no rows and no text: its keys may be theirs, too. */
static void places_apart_do_not_clash(void **state)
{
	AUTO(keys_freep) struct keys *keys = parsed("qr x\nsave-address F\naccept-all L\n");

	(void)state;
	assert_int_equal(started(keys, "x", WHERE_ALL | WHERE_ADDRESS), ACTION_QR);
	assert_int_equal(started(keys, "F", WHERE_ALL | WHERE_LOG), ACTION_FOLLOW);
	assert_int_equal(started(keys, "L", WHERE_ALL | WHERE_MAPPING), ACTION_ACCEPT_ALL);
	assert_int_equal(started(keys, "L", WHERE_ALL | WHERE_RECORD), ACTION_LOG_OF);
}

static void texts_name_keys(void **state)
{
	AUTO(keys_freep) struct keys *keys = parsed("retry none\nunlock %\n");
	AUTO(str_clear) struct str text = STR_INIT(200);
	char name[KEYS_NAME_MAX];

	(void)state;
	keys_add_text(keys, "{help} or {retry}, {nothing} {} {help", &text);
	assert_string_equal(text.text, "? or :retry, {nothing} {} {help");
	assert_string_equal(keys_format(keys, "{unlock} %d", &text), "%% %d");
	assert_string_equal(keys_name(keys, ACTION_RETRY, name), ":retry");
	assert_false(keys_has(keys, ACTION_RETRY));
}

/* With every row made to count it is in order, and its rows are there. */
static void example_is_in_order(void **state)
{
	AUTO(keys_freep) struct keys *keys = NULL;
	AUTO(str_clear) struct str path = STR_INIT(4000);
	AUTO(str_clear) struct str text = STR_INIT(1 << 16);
	AUTO(str_clear) struct str rows = STR_INIT(1 << 16);
	const char *top = env_variable("SOURCE_DIR");
	struct error err = { 0 };

	(void)state;
	str_addf(&path, "%s/data/keys", top ? top : ".");
	assert_true(file_read(path.text, 1 << 16, &text, &err));
	/* "#retry r" is a row that was put away; with a blank behind the sign it is words. */
	for (const char *at = text.text; *at; at += strcspn(at, "\n"), at += *at == '\n') {
		const char *start = at[0] == '#' && at[1] > ' ' ? at + 1 : at;

		str_add_bytes(&rows, start, strcspn(start, "\n"));
		str_add_char(&rows, '\n');
	}
	if (!keys_parse(rows.text, "keys", &keys, &err))
		fail_msg("%s", err.text);
	assert_int_equal(started(keys, "F5", WHERE_ACCOUNT), ACTION_RETRY);
	assert_int_equal(started(keys, "D", WHERE_ACCOUNT), ACTION_NONE);
}

int test_keymap(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_replace_keys),	      cmocka_unit_test(nearer_wins),
		cmocka_unit_test(errors_name_the_line),	      cmocka_unit_test(places_apart_do_not_clash),
		cmocka_unit_test(texts_name_keys),	      cmocka_unit_test(example_is_in_order),
	};

	return cmocka_run_group_tests_name("keymap", tests, NULL, NULL);
}
