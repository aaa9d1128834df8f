/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The filter language: what each word means, and what is said about words that mean nothing. */
#include <string.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/model/filter.h"

#include "tests.h"

static const char rows[] = "provider = demo\n"
			   "key = Id\n"
			   "[Sale]\n"
			   "query = sales\n"
			   "field = Number text\n"
			   "field = Balance money\n"
			   "field = Rate number\n"
			   "field = Day date\n"
			   "field = Seen time\n"
			   "field = Paid flag\n"
			   "field = Who.name text\n"
			   "field = Title text\n";

enum { NUMBER, BALANCE, RATE, DAY, SEEN, PAID, WHO, TITLE };

static int setup(void **state)
{
	*state = catalogue_of(rows);
	return 0;
}

static int teardown(void **state)
{
	catalogue_free(*state);
	return 0;
}

static struct filter parsed(void *catalogue, const char *text)
{
	struct filter filter;
	struct error err = { 0 };

	if (!filter_parse(catalogue_at(catalogue, 0), text, PERSONAL_SHOWN, &filter, &err))
		fail_msg("'%s': %s", text, err.text);
	return filter;
}

struct expected {
	const char *text;
	enum filter_subject subject;
	size_t field;
	enum filter_operator op;
	int64_t integer;
	const char *value; /* NULL: an integer */
};

static const struct expected expected[] = {
	{ "Balance>0", FILTER_FIELD, BALANCE, FILTER_GREATER, 0, NULL },
	{ "Balance>=1200.50", FILTER_FIELD, BALANCE, FILTER_GREATER_EQUAL, 1200500000, NULL },
	{ "balance<-1", FILTER_FIELD, BALANCE, FILTER_LESS, -1000000, NULL },
	{ "Rate<=1e-3", FILTER_FIELD, RATE, FILTER_LESS_EQUAL, 1000, NULL },
	{ "Rate!=3", FILTER_FIELD, RATE, FILTER_NOT_EQUAL, 3000000, NULL },
	{ "Day=2026-01-31", FILTER_FIELD, DAY, FILTER_EQUAL, 20484, NULL },
	{ "Day:2026-01-31", FILTER_FIELD, DAY, FILTER_EQUAL, 20484, NULL },
	{ "Seen>2026-01-31T12:00:00-08:00", FILTER_FIELD, SEEN, FILTER_GREATER,
	  INT64_C(1769889600000), NULL },
	{ "Seen>2026-01-31", FILTER_FIELD, SEEN, FILTER_GREATER_EQUAL, INT64_C(1769904000000),
	  NULL },
	{ "Seen>=2026-01-31", FILTER_FIELD, SEEN, FILTER_GREATER_EQUAL, INT64_C(1769817600000),
	  NULL },
	{ "Seen<2026-01-31", FILTER_FIELD, SEEN, FILTER_LESS, INT64_C(1769817600000), NULL },
	{ "changed<=2026-01-31", FILTER_CHANGED, 0, FILTER_LESS, INT64_C(1769904000000), NULL },
	{ "Paid=yes", FILTER_FIELD, PAID, FILTER_EQUAL, 1, NULL },
	{ "Paid!=True", FILTER_FIELD, PAID, FILTER_NOT_EQUAL, 1, NULL },
	{ "Paid:0", FILTER_FIELD, PAID, FILTER_EQUAL, 0, NULL },
	{ "state:inactive", FILTER_STATE, 0, FILTER_EQUAL, RECORD_INACTIVE, NULL },
	{ "state!=Voided", FILTER_STATE, 0, FILTER_NOT_EQUAL, RECORD_VOIDED, NULL },
	{ "id=12", FILTER_ID, 0, FILTER_EQUAL, 0, "12" },
	{ "ID=12", FILTER_ID, 0, FILTER_EQUAL, 0, "12" },
	{ "title~acme", FILTER_TITLE, 0, FILTER_CONTAINS, 0, "acme" },
	{ "Title~acme", FILTER_FIELD, TITLE, FILTER_CONTAINS, 0, "acme" },
	{ "Who.name~acme", FILTER_FIELD, WHO, FILTER_CONTAINS, 0, "acme" },
	{ "who.NAME=\"Acme \\\"Birds\\\" Ltd\"", FILTER_FIELD, WHO, FILTER_EQUAL, 0,
	  "Acme \"Birds\" Ltd" },
	{ "Number=a=b<c", FILTER_FIELD, NUMBER, FILTER_EQUAL, 0, "a=b<c" },
	{ "Number=\"x y\"z", FILTER_FIELD, NUMBER, FILTER_EQUAL, 0, "x yz" },
	{ "acme", FILTER_TITLE, 0, FILTER_CONTAINS, 0, "acme" },
	{ "\"acme = birds\"", FILTER_TITLE, 0, FILTER_CONTAINS, 0, "acme = birds" },
	{ "1>2", FILTER_TITLE, 0, FILTER_CONTAINS, 0, "1>2" },
	{ "caf\xc3\xa9", FILTER_TITLE, 0, FILTER_CONTAINS, 0, "caf\xc3\xa9" },
};

static void words_mean_conditions(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
		struct filter filter;
		const struct filter_condition *condition = &filter.conditions[0];
		struct error err = { 0 };

		if (!filter_parse(catalogue_at(*state, 0), expected[i].text, PERSONAL_SHOWN, &filter, &err))
			fail_msg("'%s': %s", expected[i].text, err.text);
		assert_int_equal(filter.count, 1);
		assert_int_equal(condition->subject, expected[i].subject);
		assert_int_equal(condition->op, expected[i].op);
		if (condition->subject == FILTER_FIELD)
			assert_int_equal(condition->field, expected[i].field);
		assert_int_equal(condition->value.kind,
				 expected[i].value ? CELL_TEXT : CELL_INTEGER);
		if (expected[i].value) {
			assert_string_equal(condition->value.text, expected[i].value);
			assert_int_equal(condition->value.len, strlen(expected[i].value));
			assert_ptr_equal(condition->value.text, condition->text);
		} else {
			assert_int_equal(condition->value.integer, expected[i].integer);
		}
	}
}

static void all_words_are_meant(void **state)
{
	struct filter filter = parsed(*state, "  Balance>0\tacme\n state:live ");

	assert_int_equal(filter.count, 3);
	assert_int_equal(filter.conditions[0].subject, FILTER_FIELD);
	assert_int_equal(filter.conditions[1].subject, FILTER_TITLE);
	assert_int_equal(filter.conditions[2].subject, FILTER_STATE);
	assert_true(filter.names_state);
	filter = parsed(*state, "Balance>0");
	assert_false(filter.names_state);
	assert_int_equal(parsed(*state, " \t").count, 0);
}

static void a_day_is_a_range_of_instants(void **state)
{
	struct filter filter = parsed(*state, "changed=2026-01-31");

	assert_int_equal(filter.count, 2);
	assert_int_equal(filter.conditions[0].op, FILTER_GREATER_EQUAL);
	assert_int_equal(filter.conditions[0].value.integer, INT64_C(1769817600000));
	assert_int_equal(filter.conditions[1].subject, FILTER_CHANGED);
	assert_int_equal(filter.conditions[1].op, FILTER_LESS);
	assert_int_equal(filter.conditions[1].value.integer, INT64_C(1769817600000) + DAY_MS);
}

static void any_state_is_no_condition(void **state)
{
	struct filter filter = parsed(*state, "state:any Balance>0");

	assert_int_equal(filter.count, 1);
	assert_int_equal(filter.conditions[0].subject, FILTER_FIELD);
	assert_true(filter.names_state);
}

static void mistakes_are_told_with_the_nearest_name(void **state)
{
	static const struct {
		const char *text, *error;
	} cases[] = {
		{ "Balanse>0", "Sale has no field 'Balanse', did you mean 'Balance'?" },
		{ "xyz>0", "Sale has no field 'xyz'" },
		{ "stat:live", "Sale has no field 'stat', did you mean 'state'?" },
		{ "Balance>much", "'Balance' takes a number such as 1200.50, not 'much'" },
		{ "Balance>1,200", "'Balance' takes a number such as 1200.50, not '1,200'" },
		{ "Balance>0.0000001",
		  "'Balance' takes a number such as 1200.50, not '0.0000001'" },
		{ "Balance~5", "'~' does not go with 'Balance', which is a number" },
		{ "Day=31.1.2026", "'Day' takes a date such as 2026-01-31, not '31.1.2026'" },
		{ "Day~2026", "'~' does not go with 'Day', which is a date" },
		{ "Seen=noon",
		  "'Seen' takes a day or a time such as 2026-01-31T12:00:00Z, not 'noon'" },
		{ "Seen~2026", "'~' does not go with 'Seen', which is a time" },
		{ "changed!=2026-01-31",
		  "'!=' does not go with 'changed', which is a day: use < or >" },
		{ "Paid>yes", "'>' does not go with 'Paid', which is yes or no" },
		{ "Paid=often", "'Paid' takes yes or no, not 'often'" },
		{ "state:liv", "there is no state 'liv', did you mean 'live'?" },
		{ "state>live", "'>' does not go with 'state', which is a word" },
		{ "state!=any", "there is no state 'any'" },
		{ "Number=", "'Number=' has no value" },
		{ "Number=\"\"", "'Number=' has no value" },
		{ "\"\"", "there is nothing between the quotes" },
		{ "Number=\"abc", "the quotes that open before 'abc' are not closed" },
		{ "\xff", "a filter is a text in UTF-8" },
		{ "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17",
		  "a filter has at most 16 conditions" },
		{ "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 changed=2026-01-01",
		  "a filter has at most 16 conditions" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct filter filter;
		struct error err = { 0 };

		if (filter_parse(catalogue_at(*state, 0), cases[i].text, PERSONAL_SHOWN, &filter, &err))
			fail_msg("accepted: %s", cases[i].text);
		assert_int_equal(err.code, ERROR_INPUT);
		assert_string_equal(err.text, cases[i].error);
	}
}

static void long_values_are_refused_not_cut(void **state)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	struct filter filter;
	struct error err = { 0 };

	str_add(&text, "Number=");
	for (int i = 0; i < 199; i++)
		str_add_char(&text, 'x');
	assert_true(filter_parse(catalogue_at(*state, 0), text.text, PERSONAL_SHOWN, &filter, &err));
	assert_int_equal(filter.conditions[0].value.len, 199);
	str_add_char(&text, 'x');
	assert_false(filter_parse(catalogue_at(*state, 0), text.text, PERSONAL_SHOWN, &filter, &err));
	assert_string_equal(err.text, "a value of a filter has at most 199 bytes");
}

int test_filter(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_mean_conditions),
		cmocka_unit_test(all_words_are_meant),
		cmocka_unit_test(a_day_is_a_range_of_instants),
		cmocka_unit_test(any_state_is_no_condition),
		cmocka_unit_test(mistakes_are_told_with_the_nearest_name),
		cmocka_unit_test(long_values_are_refused_not_cut),
	};

	return cmocka_run_group_tests_name("filter", tests, setup, teardown);
}
