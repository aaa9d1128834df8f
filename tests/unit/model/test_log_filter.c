/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log's filter language: what each word means, and what is said about words that mean nothing. */
#include "ledgerdeck/model/log_filter.h"

#include <string.h>

#include "ledgerdeck/core/memory.h"

#include "tests.h"

#define NOW INT64_C(1790000000000)

static struct log_filter parsed(const char *text)
{
	struct log_filter filter;
	struct error err = { 0 };

	if (!log_filter_parse(text, NOW, &filter, &err))
		fail_msg("'%s': %s", text, err.text);
	return filter;
}

static void words_mean_something(void **state)
{
	struct log_filter filter = parsed("account:\"Acme Bank\" TYPE=Invoice state:failed code:31 since:2h until:2026-01-31 run:12 slow \"a:b c\"");

	(void)state;
	assert_string_equal(filter.account.text, "Acme Bank");
	assert_false(filter.account.whole);
	assert_string_equal(filter.type.text, "Invoice");
	assert_true(filter.type.whole);
	assert_int_equal(filter.state, LOG_FAILED);
	assert_string_equal(filter.code.text, "31");
	assert_true(filter.since_ms == NOW - 7200000);
	assert_true(filter.until_ms == INT64_C(1769817600000));
	assert_int_equal(filter.run, 12);
	assert_int_equal(filter.text_count, 2);
	assert_string_equal(filter.texts[0], "slow");
	assert_string_equal(filter.texts[1], "a:b c");
	assert_false(log_filter_is_empty(&filter));
	filter = parsed("  ");
	assert_true(log_filter_is_empty(&filter));
	filter = parsed("state:any");
	assert_true(log_filter_is_empty(&filter));
}

/* The audit has the same words, names of its own, and says whose they are. */
static void the_audit_has_its_own(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "state:failed", "the audit has no 'state': it has account, who, what, since and until" },
		{ "code:3100", "the audit has no 'code'" },
		{ "hwo:anna", "the audit has no 'hwo', did you mean 'who'" },
		{ "who>a", "a filter of the audit takes ':' or '='" },
	};
	struct log_filter filter;
	struct error err = { 0 };

	(void)state;
	assert_true(audit_filter_parse("account=Acme WHO:\"anna from\" what:pause since:7d until:1h Invoice", NOW, &filter, &err));
	assert_true(filter.account.whole);
	assert_string_equal(filter.who.text, "anna from");
	assert_string_equal(filter.what.text, "pause");
	assert_true(filter.since_ms == NOW - INT64_C(604800000));
	assert_true(filter.until_ms == NOW - 3600000);
	assert_string_equal(filter.texts[0], "Invoice");
	assert_false(log_filter_is_empty(&filter));
	assert_true(audit_filter_parse("what:x", NOW, &filter, &err));
	assert_false(log_filter_is_empty(&filter));
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_false(audit_filter_parse(cases[i].text, NOW, &filter, &err));
		if (!strstr(err.text, cases[i].says))
			fail_msg("'%s': '%s' lacks '%s'", cases[i].text, err.text, cases[i].says);
	}
	assert_false(log_filter_parse("who:anna", NOW, &filter, &err));
	assert_non_null(strstr(err.text, "the log has no 'who'"));
}

static void mistakes_are_told(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "acount:x", "did you mean 'account'" },  { "zzzzzz:x", "stands in quotes" },
		{ "state:faild", "did you mean 'failed'" }, { "since:soon", "takes a time such as" },
		{ "run:x", "takes a number" },             { "type:", "has no value" },
		{ "type>3", "takes ':' or '='" },          { "\"open", "not closed" },
		{ "\"\"", "nothing between" },             { "a b c d e f g h i", "at most 8 texts" },
		{ "\xff", "UTF-8" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct log_filter filter;
		struct error err = { 0 };

		assert_false(log_filter_parse(cases[i].text, NOW, &filter, &err));
		assert_int_equal(err.code, ERROR_INPUT);
		if (!strstr(err.text, cases[i].says))
			fail_msg("'%s': '%s' lacks '%s'", cases[i].text, err.text, cases[i].says);
	}
}

/* Whatever a value is, a filter that is made of it means it. */
static void values_come_back(void **state)
{
	static const char *const values[] = { "Acme", "Acme Bank AS", "a\"b", "back\\slash", "x:y=z", "S\xc3\xb6hne", "tab\there" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		AUTO(str_clear) struct str text = STR_INIT(200);
		struct log_filter filter;

		str_add(&text, "account=");
		log_filter_add_value(&text, values[i]);
		filter = parsed(text.text);
		assert_string_equal(filter.account.text, values[i]);
		assert_true(log_match_fits(&filter.account, values[i]));
	}
}

int test_log_filter(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_mean_something), cmocka_unit_test(mistakes_are_told), cmocka_unit_test(values_come_back),
		cmocka_unit_test(the_audit_has_its_own),
	};

	return cmocka_run_group_tests_name("log filter", tests, NULL, NULL);
}
