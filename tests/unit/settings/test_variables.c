/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Variables from the environment and from files like it. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "settings/variables.h"

#include "tests.h"

/* All of them in one text: "NAME=value@line;". */
static void join(const struct variables *variables, struct str *out)
{
	for (size_t i = 0; i < variables->count; i++)
		str_addf(out, "%.*s=%s@%d;", (int)variables->items[i].name_len, variables->items[i].name,
			 variables->items[i].value, variables->items[i].line);
}

static void the_environment(void **state)
{
	static const char *const environment[] = { "A=1", "B=", "C=x=y", "no value", "=odd", NULL };
	AUTO(variables_clear) struct variables variables = VARIABLES_INIT;
	AUTO(str_clear) struct str text = STR_INIT(1000);

	(void)state;
	variables_add_environment(&variables, NULL);
	assert_int_equal(variables.count, 0);
	variables_add_environment(&variables, environment);
	join(&variables, &text);
	assert_string_equal(text.text, "A=1@0;B=@0;C=x=y@0;=odd@0;");
}

static void lines_of_a_file(void **state)
{
	static const struct {
		const char *line, *expected;
	} cases[] = {
		{ "", "" },
		{ "\n\n", "" },
		{ "A=1", "A=1@1;" },
		{ "A=1\n", "A=1@1;" },
		{ "A=1\r\nB=2\r\n", "A=1@1;B=2@2;" },
		{ "# A=1\n  # B=2\nC=3", "C=3@3;" },
		{ "  A=1  ", "A=1@1;" },
		{ "export A=1", "A=1@1;" },
		{ "export \t A=1", "A=1@1;" },
		{ "\texport A=1", "A=1@1;" },
		{ "exported=1", "exported=1@1;" },
		{ "export=1", "export=1@1;" },
		{ "A=", "A=@1;" },
		{ "A", "" },
		{ "A=\"\"", "A=@1;" },
		{ "A=\"a b\"", "A=a b@1;" },
		{ "A='a b'", "A=a b@1;" },
		{ "A=\"a'b\"", "A=a'b@1;" },
		{ "A='a\"b'", "A=a\"b@1;" },
		{ "A=\"a\\\"b\\\\c\\$d\\`e\\nf\"", "A=a\"b\\c$d`e\\nf@1;" },
		{ "A='a\\b'", "A=a\\b@1;" },
		{ "A=\"a\"  # why", "A=a@1;" },
		{ "A=\"a # b\"", "A=a # b@1;" },
		{ "A=a # why", "A=a@1;" },
		{ "A=a#b", "A=a#b@1;" },
		{ "A=# why", "A=@1;" },
		{ "A=a'b", "A=a'b@1;" },
		{ "A=a=b==", "A=a=b==@1;" },
		{ "A=1\nA=2", "A=1@1;A=2@2;" },
		{ "A = 1", "A = 1@1;" }, /* a shell would not take it for A either */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(layers_clear) struct layers layers;
		AUTO(variables_clear) struct variables variables = VARIABLES_INIT;
		AUTO(str_clear) struct str text = STR_INIT(1000);
		struct error err = { 0 };

		layers_init(&layers);
		layers_write(&layers, FILE_ENV, cases[i].line);
		if (!variables_add_file(&variables, layers.paths[FILE_ENV], &err))
			fail_msg("'%s': %s", cases[i].line, err.text);
		join(&variables, &text);
		if (strcmp(text.text, cases[i].expected) != 0)
			fail_msg("'%s': expected '%s', got '%s'", cases[i].line, cases[i].expected, text.text);
	}
}

static void quotes_that_do_not_close(void **state)
{
	static const char *const bad[] = { "A=\"", "A='", "A=\"a", "A='a", "A=\"a\\\"", "A=\"a\"b", "A='a' b", "A='a\nb'" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		AUTO(layers_clear) struct layers layers;
		AUTO(variables_clear) struct variables variables = VARIABLES_INIT;
		AUTO(str_clear) struct str text = STR_INIT(1000);
		struct error err = { 0 };

		layers_init(&layers);
		str_addf(&text, "FIRST=1\n%s\nLAST=1\n", bad[i]);
		layers_write(&layers, FILE_ENV, text.text);
		if (variables_add_file(&variables, layers.paths[FILE_ENV], &err))
			fail_msg("'%s' is taken", bad[i]);
		assert_int_equal(err.code, ERROR_INPUT);
		assert_non_null(strstr(err.text, layers_place(&layers, FILE_ENV, 2)));
	}
}

static void what_is_no_such_file(void **state)
{
	AUTO(layers_clear) struct layers layers;
	AUTO(variables_clear) struct variables variables = VARIABLES_INIT;
	struct error err = { 0 };

	(void)state;
	layers_init(&layers);
	assert_false(variables_add_file(&variables, layers.paths[FILE_ENV], &err));
	assert_int_equal(err.code, ERROR_INPUT);
	assert_non_null(strstr(err.text, "cannot read --env-file"));
	assert_false(variables_add_file(&variables, layers.directory, &err));
	assert_non_null(strstr(err.text, "is not a file"));
	layers_write_bytes(&layers, FILE_ENV, "A=1\0B=2", 7);
	assert_false(variables_add_file(&variables, layers.paths[FILE_ENV], &err));
	assert_non_null(strstr(err.text, "NUL"));
}

int test_variables(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_environment),
		cmocka_unit_test(lines_of_a_file),
		cmocka_unit_test(quotes_that_do_not_close),
		cmocka_unit_test(what_is_no_such_file),
	};

	return cmocka_run_group_tests_name("variables", tests, NULL, NULL);
}
