/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line as a struct. What is refused, and with which words, is tests/cli's to see. */
#include "options.h"

#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

#include "test_simulator.h"

#define ARGUMENTS_MAX 24

/* Parse the arguments, which NULL ends; getopt_long() may reorder its copy of them. */
static bool parse(struct options *options, char **argv, struct error *err, const char *const *arguments)
{
	static char name[] = "ledgerdeck-simulator";
	int argc = 0;

	argv[argc++] = name;
	for (; arguments[argc - 1]; argc++)
		argv[argc] = memory_copy_text(arguments[argc - 1]);
	argv[argc] = NULL;
	return options_parse(options, argc, argv, err);
}

static void parse_free(struct options *options, char **argv)
{
	options_clear(options);
	for (int i = 1; argv[i]; i++)
		free(argv[i]);
}

#define PARSE(...) parse(&options, argv, &err, (const char *const[]){ __VA_ARGS__ __VA_OPT__(,) NULL })

static void nothing_gives_the_defaults(void **state)
{
	char *argv[ARGUMENTS_MAX];
	struct options options;
	struct error err;

	(void)state;
	unsetenv("LEDGERDECK_SIMULATOR_CLIENT_SECRET");
	assert_true(PARSE());
	assert_int_equal(options.action, OPTIONS_RUN);
	assert_string_equal(options.server.address, "127.0.0.1");
	assert_int_equal(options.server.port, 8620);
	assert_int_equal(options.server.idle_timeout_s, 30);
	assert_true(options.server.memory_limit == INT64_C(1) << 30);
	assert_false(options.server.verbose);
	assert_int_equal(options.simulator.seed, 1);
	assert_true(options.simulator.start_ms == -1);
	assert_int_equal(options.simulator.company_count, 0);
	assert_null(options.simulator.state_path);
	assert_null(options.simulator.client_id);
	assert_null(options.simulator.client_secret);
	assert_null(options.simulator.redirect_uris);
	assert_false(options.simulator.auto_consent);
	assert_int_equal(options.setting_count, 0);
	assert_false(options.quiet || options.exit_with_parent);
	parse_free(&options, argv);
}

static void options_may_stand_in_any_form(void **state)
{
	char *argv[ARGUMENTS_MAX];
	struct options options;
	struct error err;

	(void)state;
	assert_true(PARSE("--port=0", "-qv", "--seed", "7", "--clock", "2026-01-31", "--idle", "5",
			  "--memory-limit", "16", "--exit-with-parent=12", "--state", "a b", "--port", "9",
			  "--client-id", "app", "--auto-consent", "--port-file", "p"));
	assert_int_equal(options.server.port, 9);
	assert_true(options.quiet && options.server.verbose);
	assert_int_equal(options.simulator.seed, 7);
	assert_true(options.simulator.start_ms == INT64_C(1769817600000));
	assert_int_equal(options.server.idle_timeout_s, 5);
	assert_true(options.server.memory_limit == 16 << 20);
	assert_true(options.exit_with_parent);
	assert_true(options.parent == 12);
	assert_string_equal(options.simulator.state_path, "a b");
	assert_string_equal(options.simulator.client_id, "app");
	assert_true(options.simulator.auto_consent);
	assert_string_equal(options.port_file, "p");
	parse_free(&options, argv);
}

static void companies_keep_their_parts(void **state)
{
	const struct simulator_company *companies;
	char *argv[ARGUMENTS_MAX];
	struct options options;
	struct error err;

	(void)state;
	assert_true(PARSE("--company", "us,customers=5,name=Smith, Jones & Co, Ltd,realm=12", "--invoices", "70",
			  "--company", "eu", "--company", "small,invoices=0"));
	companies = options.simulator.companies;
	assert_int_equal(options.simulator.company_count, 3);
	assert_string_equal(companies[0].kind, "us");
	assert_string_equal(companies[0].name, "Smith, Jones & Co, Ltd");
	assert_string_equal(companies[0].realm, "12");
	assert_true(companies[0].customers == 5 && companies[0].invoices == 70);
	assert_string_equal(companies[1].kind, "eu");
	assert_null(companies[1].name);
	assert_null(companies[1].realm);
	assert_true(companies[1].customers == -1 && companies[1].invoices == 70);
	assert_true(companies[2].customers == -1 && companies[2].invoices == 0);
	parse_free(&options, argv);
}

static void numbers_alone_make_the_usual_companies(void **state)
{
	char *argv[ARGUMENTS_MAX];
	struct options options;
	struct error err;

	(void)state;
	assert_true(PARSE("--customers", "3"));
	assert_int_equal(options.simulator.company_count, 4);
	assert_string_equal(options.simulator.companies[3].kind, "closed");
	for (size_t i = 0; i < 4; i++)
		assert_true(options.simulator.companies[i].customers == 3 &&
			    options.simulator.companies[i].invoices == -1);
	parse_free(&options, argv);
}

static void lists_keep_their_order(void **state)
{
	char *argv[ARGUMENTS_MAX];
	struct options options;
	struct error err;

	(void)state;
	assert_true(PARSE("--set", "limits=off", "--redirect-uri", "http://a/", "--set", "in-max=3",
			  "--redirect-uri", "app://b"));
	assert_int_equal(options.setting_count, 2);
	assert_string_equal(options.settings[0].name, "limits");
	assert_string_equal(options.settings[0].value, "off");
	assert_string_equal(options.settings[1].name, "in-max");
	assert_string_equal(options.simulator.redirect_uris[0], "http://a/");
	assert_string_equal(options.simulator.redirect_uris[1], "app://b");
	assert_null(options.simulator.redirect_uris[2]);
	parse_free(&options, argv);
}

static void a_refusal_leaves_nothing_behind(void **state)
{
	char *argv[ARGUMENTS_MAX];
	struct options options;
	struct error err;

	(void)state;
	assert_false(PARSE("--company", "us,realm=x", "--set", "limits=on"));
	assert_int_equal(err.code, ERROR_INPUT);
	parse_free(&options, argv);
	assert_false(PARSE("--set", "no equals sign"));
	assert_int_equal(err.code, ERROR_INPUT);
	parse_free(&options, argv);
}

static void help_comes_first(void **state)
{
	char *argv[ARGUMENTS_MAX];
	struct options options;
	struct error err;

	(void)state;
	assert_true(PARSE("--help", "--bogus"));
	assert_int_equal(options.action, OPTIONS_HELP);
	parse_free(&options, argv);
	assert_true(PARSE("-V", "--bogus"));
	assert_int_equal(options.action, OPTIONS_VERSION);
	parse_free(&options, argv);
	assert_true(PARSE("--list-switches", "--bogus"));
	assert_int_equal(options.action, OPTIONS_SWITCHES);
	parse_free(&options, argv);
}

/* Help is read on terminals of 80 columns. */
static void help_fits(void **state)
{
	AUTO(str_clear) struct str help = STR_INIT(STR_NO_LIMIT);

	(void)state;
	options_add_help(&help);
	for (const char *line = help.text; *line; line += strcspn(line, "\n") + 1)
		assert_in_range(strcspn(line, "\n"), 0, 80);
}

int test_options(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_gives_the_defaults),
		cmocka_unit_test(options_may_stand_in_any_form),
		cmocka_unit_test(companies_keep_their_parts),
		cmocka_unit_test(numbers_alone_make_the_usual_companies),
		cmocka_unit_test(lists_keep_their_order),
		cmocka_unit_test(a_refusal_leaves_nothing_behind),
		cmocka_unit_test(help_comes_first),
		cmocka_unit_test(help_fits),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
