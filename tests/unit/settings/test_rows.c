/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table itself: names, built-in values, help, and the names that other services have. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "settings/rows.h"
#include "settings/value.h"

#include "tests.h"

static const struct setting_row *find(const char *name)
{
	size_t count;
	const struct setting_row *rows = settings_rows(&count);

	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}

static void names_are_unique_and_well_formed(void **state)
{
	size_t count;
	const struct setting_row *rows = settings_rows(&count);

	(void)state;
	assert_true(count > 40);
	for (size_t i = 0; i < count; i++) {
		const char *point = strchr(rows[i].name, '.');

		/* "section.key", as an environment variable can say it. */
		if (!point || point == rows[i].name || !point[1] || strchr(point + 1, '.') ||
		    strspn(rows[i].name, "abcdefghijklmnopqrstuvwxyz_.") != strlen(rows[i].name) || strstr(rows[i].name, "__"))
			fail_msg("'%s' is no name", rows[i].name);
		assert_ptr_equal(find(rows[i].name), &rows[i]);
	}
}

/* Sections stand together, so that the man page reads well. */
static void sections_are_in_one_piece(void **state)
{
	size_t count;
	const struct setting_row *rows = settings_rows(&count);

	(void)state;
	for (size_t i = 1; i < count; i++) {
		size_t len = strcspn(rows[i].name, ".") + 1;

		if (strncmp(rows[i].name, rows[i - 1].name, len) == 0)
			continue;
		for (size_t k = 0; k < i; k++)
			if (strncmp(rows[i].name, rows[k].name, len) == 0)
				fail_msg("the section of '%s' is in two pieces", rows[i].name);
	}
}

static void built_in_values_are_valid(void **state)
{
	size_t count;
	const struct setting_row *rows = settings_rows(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		const char *want = "";
		int64_t number;

		if (!setting_value_check(&rows[i], rows[i].value, &number, &want))
			fail_msg("'%s' may not be '%s'", rows[i].name, rows[i].value);
		/* Nobody ships a secret. */
		if (rows[i].flags & SETTING_SENSITIVE)
			assert_string_equal(rows[i].value, "");
	}
}

static void kinds_have_what_they_need(void **state)
{
	size_t count;
	const struct setting_row *rows = settings_rows(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		bool counted = rows[i].kind == SETTING_NUMBER || rows[i].kind == SETTING_DURATION || rows[i].kind == SETTING_SIZE;

		if (counted ? rows[i].max <= rows[i].min : rows[i].max != 0 || rows[i].min != 0)
			fail_msg("the limits of '%s'", rows[i].name);
		if (rows[i].kind == SETTING_WORD ? !rows[i].words || !strchr(rows[i].words, '|')
						 : rows[i].words && rows[i].kind != SETTING_ADDRESS)
			fail_msg("the words of '%s'", rows[i].name);
		/* What a file that comes with a directory must not decide: where secrets and data go. */
		if ((rows[i].kind == SETTING_ADDRESS || rows[i].kind == SETTING_PATH || (rows[i].flags & SETTING_SENSITIVE)) &&
		    !(rows[i].flags & SETTING_NOT_LOCAL))
			fail_msg("'%s' may be set by a file of the directory", rows[i].name);
	}
}

static void every_row_has_help(void **state)
{
	size_t count;
	const struct setting_row *rows = settings_rows(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		const char *help = rows[i].help;

		if (!help || strlen(help) < 10 || strchr(help, '\n') || help[strlen(help) - 1] == '.')
			fail_msg("the help of '%s'", rows[i].name);
	}
}

static void aliases_name_rows(void **state)
{
	static const char *const environments[] = { "production", "sandbox", "local" };
	char name[100];

	(void)state;
	for (size_t i = 0; i < settings_alias_count; i++) {
		const struct settings_alias *alias = &settings_aliases[i];

		for (size_t k = 0; k < 3; k++) {
			snprintf(name, sizeof(name), "%s%s", alias->name, alias->form == ALIAS_REDIRECT ? environments[k] : "");
			if (!find(name))
				fail_msg("'%s' means '%s', which is none", alias->variable, name);
		}
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(alias->variable, settings_aliases[k].variable);
		/* Words that any program may use in its environment count only in a file that was named. */
		assert_int_equal(alias->file_only, strncmp(alias->variable, "QB", 2) != 0 &&
							   strncmp(alias->variable, "QUICKBOOKS_", 11) != 0 &&
							   strncmp(alias->variable, "SETTINGS__", 10) != 0);
	}
}

static void variables_of_a_setting(void **state)
{
	static const struct { const char *setting, *variable; bool file_only; } pairs[] = {
		{ "sync.interval", "SYNC_INTERVAL_MINUTES", true },
		{ "log.level", "LOG_LEVEL", true },
		{ "quickbooks.realm_id", "QB_REALM_ID", false },
		{ "quickbooks.redirect_production", "QB_REDIRECT_URI", false },
		{ "quickbooks.redirect_local", "QB_REDIRECT_URI", false },
	};
	size_t found = 0, count;
	const struct setting_row *rows = settings_rows(&count);
	bool file_only = false;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		size_t at = 0;

		assert_string_equal(settings_variable(pairs[i].setting, &at, &file_only), pairs[i].variable);
		assert_int_equal(file_only, pairs[i].file_only);
	}
	/* Each is found somewhere; a redirect address in three places. */
	for (size_t i = 0; i < count; i++)
		for (size_t at = 0; settings_variable(rows[i].name, &at, &file_only);)
			found++;
	assert_int_equal(found, settings_alias_count + 2 * 2);
	found = 0;
	assert_null(settings_variable("quickbooks.redirect_allowed", &found, &file_only));
}

int test_rows(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_unique_and_well_formed),
		cmocka_unit_test(sections_are_in_one_piece),
		cmocka_unit_test(built_in_values_are_valid),
		cmocka_unit_test(kinds_have_what_they_need),
		cmocka_unit_test(every_row_has_help),
		cmocka_unit_test(aliases_name_rows),
		cmocka_unit_test(variables_of_a_setting),
	};

	return cmocka_run_group_tests_name("rows", tests, NULL, NULL);
}
