/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Documents: words, values, fragments, variables, and what is wrong with them. */
#include <string.h>

#include "ledgerdeck/core/memory.h"

#include "ledger_x.h"
#include "test_simulator.h"
#include "xledger/parser.h"
#include "xledger/zone.h"

static const char *parse(struct arena *arena, const char *text, struct gql_document *document)
{
	static struct error err;

	error_clear(&err);
	return gql_parse(text, strlen(text), arena, document, &err) ? NULL : err.text;
}

static void refuses_bad_grammar(void **state)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{ "", "found <EOF>" },
		{ "{", "found <EOF>" },
		{ "{}", "found }" },
		{ "{a(}", "Expected Name" },
		{ "{a()}", "Expected Name" },
		{ "{a(b:)}", "a value" },
		{ "{a(b:01)}", "Invalid number" },
		{ "{a(b:1.)}", "Invalid number" },
		{ "{a(b:1x)}", "Invalid number" },
		{ "{a(b:-)}", "Invalid number" },
		{ "{a(b:\"x)}", "Unterminated string" },
		{ "{a(b:\"\\q\")}", "escape sequence" },
		{ "{a(b:\"\"\"x\")}", "Unterminated string" },
		{ "{a(b:1,b:2)}", "only one input field named \"b\"" },
		{ "query($a:Int=$b){a}", "a value" },
		{ "query($a:Int,$a:Int){a}", "only one variable" },
		{ "subscription{a}", "a query or a mutation" },
		{ "fragment on on X{a}", "a fragment's name" },
		{ "fragment x on X{a}", "a query or a mutation" },
		{ "{a}%", "Unexpected character" },
		{ "{a ..b}", "Unexpected character" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena arena = { 0 };
		struct gql_document document;
		const char *why = parse(&arena, rows[i].text, &document);

		if (!why || !strstr(why, rows[i].why))
			fail_msg("%s: %s, not %s", rows[i].text, why ? why : "taken", rows[i].why);
		arena_clear(&arena);
	}
}

static void reads_values(void **state)
{
	static const char text[] =
		"\xef\xbb\xbf# note\n{ k: f(a: -1.5e3, b: \"\\u00e5\\ud83d\\ude00\\n\", c: [1 2,3], d: {x: null, y: RED}, e: "
		"\"\"\"\n    one\n      two \\\"\"\"\n    \"\"\", v: $v) }";
	struct arena arena = { 0 };
	struct gql_document document;
	const struct gql_selection *field;
	const struct gql_value *value;

	(void)state;
	assert_null(parse(&arena, text, &document));
	field = document.operations->selections;
	assert_string_equal(field->alias, "k");
	assert_string_equal(field->name, "f");
	value = gql_member(field->arguments, "a");
	assert_int_equal(value->kind, GQL_FLOAT);
	assert_string_equal(value->text, "-1.5e3");
	assert_string_equal(gql_member(field->arguments, "b")->text, "\xc3\xa5\xf0\x9f\x98\x80\n");
	assert_string_equal(gql_member(field->arguments, "c")->first->next->next->text, "3");
	assert_int_equal(gql_member(gql_member(field->arguments, "d")->first, "x")->kind, GQL_NULL);
	assert_int_equal(gql_member(gql_member(field->arguments, "d")->first, "y")->kind, GQL_ENUM);
	assert_string_equal(gql_member(field->arguments, "e")->text, "one\n  two \"\"\"");
	assert_int_equal(gql_member(field->arguments, "v")->kind, GQL_VARIABLE);
	arena_clear(&arena);
}

static void depth_has_an_end(void **state)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	struct arena arena = { 0 };
	struct gql_document document;

	(void)state;
	for (int i = 0; i < 100000; i++)
		str_add(&text, "{a");
	assert_non_null(strstr(parse(&arena, text.text, &document), "nested deeper"));
	str_reset(&text);
	str_add(&text, "{a(b:");
	for (int i = 0; i < 100000; i++)
		str_add(&text, "[");
	assert_non_null(strstr(parse(&arena, text.text, &document), "nested deeper"));
	arena_clear(&arena);
}

/* Each document, its variables, and a part of the answer. */
static void validates(void **state)
{
	static const struct {
		const char *query, *variables, *has;
	} rows[] = {
		{ "{customers{edges{node{foo}}}}", NULL, "Cannot query field \\\"foo\\\" on type \\\"Customer\\\"." },
		{ "{nothing}", NULL, "Cannot query field \\\"nothing\\\" on type \\\"Query\\\"." },
		{ "{customers(size:1){__typename}}", NULL, "Unknown argument \\\"size\\\" on field \\\"customers\\\"" },
		{ "{customers}", NULL, "must have a selection of subfields" },
		{ "{customers{edges{cursor{x}}}}", NULL, "must not have a selection" },
		{ "{customers(first:\"1\"){__typename}}", NULL, "Expected type \\\"Int\\\"" },
		{ "{customers(first:$n){__typename}}", NULL, "Variable \\\"$n\\\" is not defined." },
		{ "query($n:Int!){customers(first:$n){__typename}}", NULL,
		  "Variable \\\"$n\\\" of required type \\\"Int!\\\" was not provided." },
		{ "query($n:String){customers(first:$n){__typename}}", "{\"n\":\"1\"}",
		  "of type \\\"String\\\" used in position expecting type \\\"Int\\\"" },
		{ "query($n:Int){customers(first:$n){__typename}}", "{\"n\":\"1\"}", "\\\"$n\\\" got an invalid value" },
		{ "query($n:Nix){customers(first:$n){__typename}}", NULL, "Unknown type \\\"Nix\\\"" },
		{ "query($i:[Int64String!]){customers(filter:{dbId_in:$i}){__typename}}", "{\"i\":[\"1\"]}",
		  "expecting type \\\"[Int!]\\\"" },
		{ "query($i:[Int!]){timesheets(filter:{dbId_in:$i}){__typename}}", "{\"i\":[1]}",
		  "expecting type \\\"[Int64String!]\\\"" },
		{ "query($i:[Int!]){customers(filter:{dbId_in:$i}){__typename}}", "{\"i\":[1]}", "\"data\":{\"customers\"" },
		{ "{customers(ownerSet:BELOW){__typename}}", NULL, "Expected type \\\"OwnerSet\\\"" },
		{ "{customers(filter:{nix:1}){__typename}}", NULL, "is not defined by type \\\"Customer_Filter\\\"" },
		{ "query($f:ARTransaction_Filter){arTransactions(filter:$f,first:0){__typename}}",
		  "{\"f\":{\"matchId\":0,\"AND\":[{\"invoiceDate_gte\":\"2026-01-01\"}]}}", "\"data\":{\"arTransactions\"" },
		{ "{...f} fragment f on Query{__typename}", NULL, "{\"data\":{\"__typename\":\"Query\"}}" },
		{ "{...f}", NULL, "Unknown fragment \\\"f\\\"." },
		{ "{...f} fragment f on Query{...f}", NULL, "spreads itself" },
		{ "{...on Customer{code}}", NULL, "can never be of type \\\"Customer\\\"" },
		{ "query($s:Boolean!){a:__typename @skip(if:$s) b:__typename @include(if:$s)}", "{\"s\":true}",
		  "{\"data\":{\"b\":\"Query\"}}" },
		{ "{__typename @live}", NULL, "Unknown directive \\\"@live\\\"" },
		{ "{a:__typename a:__type(name:\"Int\"){name}}", NULL, "conflict because they have different names" },
		{ "{customers(first:1){__typename} customers(first:2){__typename}}", NULL,
		  "conflict because they have different arguments" },
		{ "{customers(first:0){__typename} customers(first:0){pageInfo{hasNextPage}}}", NULL,
		  "{\"__typename\":\"CustomerConnection\",\"pageInfo\":{\"hasNextPage\":true}}" },
		{ "query A{__typename} query B{__typename}", NULL, "Must provide operation name" },
		{ "mutation{removeWebhooks{numAffected}}", NULL, "argument \\\"dbIds\\\" is required" },
	};
	struct xclient *client = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		xclient_ask(client, rows[i].query, rows[i].variables);
		assert_int_equal(client->status, 200);
		xclient_has(client, rows[i].has);
	}
	xclient_set(client, "xledger-validation-status", "400");
	xclient_ask(client, "{nothing}", NULL);
	assert_int_equal(client->status, 400);
	xclient_has(client, "Cannot query field");
}

static void many_fragments_have_an_end(void **state)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	struct xclient *client = *state;

	str_add(&text, "{...f0}");
	for (int i = 0; i < 30; i++)
		str_addf(&text, "fragment f%d on Query{...f%d ...f%d}", i, i + 1, i + 1);
	str_add(&text, "fragment f30 on Query{__typename}");
	xclient_ask(client, text.text, NULL);
	xclient_has(client, "asks for more than");
	/* Types lead to types: ten levels would be more than there is memory for. */
	str_reset(&text);
	str_add(&text, "{__schema{types{");
	for (int i = 0; i < 10; i++)
		str_add(&text, "fields{type{");
	str_add(&text, "name");
	for (int i = 0; i < 10; i++)
		str_add(&text, "}}");
	str_add(&text, "}}}");
	xclient_ask(client, text.text, NULL);
	xclient_has(client, "Your query timed out.");
}

static void tells_of_itself(void **state)
{
	struct xclient *client = *state;
	bool found = false;

	xclient_ask(client, "{__type(name:\"Customer\"){kind fields{name type{kind name ofType{name}} args{name}}}}", NULL);
	assert_string_equal(xclient_text(client, "data.__type.kind", -1, NULL), "OBJECT");
	for (size_t i = 0; i < xclient_count(client, "data.__type.fields") && !found; i++) {
		found = strcmp(xclient_text(client, "data.__type.fields", (int)i, "name"), "company") == 0;
		if (found)
			assert_string_equal(xclient_text(client, "data.__type.fields", (int)i, "type.name"), "Company");
	}
	assert_true(found);
	xclient_ask(client, "{__type(name:\"Timesheet_Filter\"){inputFields{name type{kind ofType{kind ofType{name}}}}}}",
		    NULL);
	assert_string_equal(xclient_text(client, "data.__type.inputFields", 1, "name"), "dbId_in");
	assert_string_equal(xclient_text(client, "data.__type.inputFields", 1, "type.kind"), "LIST");
	assert_string_equal(xclient_text(client, "data.__type.inputFields", 1, "type.ofType.ofType.name"), "Int64String");
	xclient_ask(client, "{__schema{queryType{name fields{name args{name type{name}} type{name}}} types{name}}}", NULL);
	xclient_has(client, "{\"name\":\"arTransaction_deltas\",\"args\":[{\"name\":\"first\",\"type\":{\"name\":\"Int\"}}");
	xclient_lacks(client, "\"__schema\",");
	xclient_ask(client, "{__schema{mutationType{fields{name}}}}", NULL);
	xclient_has(client, "{\"name\":\"addGLImportItems\"}");
	xclient_lacks(client, "removeCustomers");
}

static void summer_time_is_right(void **state)
{
	static const struct {
		int64_t ms;
		const char *text;
	} rows[] = {
		{ INT64_C(1774745999000), "2026-03-29T01:59:59" }, { INT64_C(1774746000000), "2026-03-29T03:00:00" },
		{ INT64_C(1792889999000), "2026-10-25T02:59:59" }, { INT64_C(1792890000000), "2026-10-25T02:00:00" },
		{ INT64_C(1767225600000), "2026-01-01T01:00:00" },
	};
	char text[CENTRAL_TEXT_MAX];
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_string_equal(central_format(rows[i].ms, text), rows[i].text);
	/* 12:00 on the clock there, as if it were UTC; with an offset it is an instant. */
	assert_true(central_parse("2026-07-01T12:00:00", 19, &ms));
	assert_int_equal(ms, INT64_C(1782907200000));
	assert_true(central_parse("2026-07-01T12:00:00Z", 20, &ms));
	assert_int_equal(ms, INT64_C(1782914400000));
	/* 00:59 UTC of that day is 02:59 there, and ten minutes later it is 02:09. */
	assert_true(central_local(INT64_C(1792889940000)) > central_local(INT64_C(1792890540000)));
}

int test_graphql(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_bad_grammar),
		cmocka_unit_test(reads_values),
		cmocka_unit_test(depth_has_an_end),
		cmocka_unit_test_setup_teardown(validates, xclient_setup, xclient_teardown),
		cmocka_unit_test_setup_teardown(many_fragments_have_an_end, xclient_setup, xclient_teardown),
		cmocka_unit_test_setup_teardown(tells_of_itself, xclient_setup, xclient_teardown),
		cmocka_unit_test(summer_time_is_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
