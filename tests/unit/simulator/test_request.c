/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests taken apart, as clients send them and as nobody should. */
#include "request.h"

#include <string.h>

#include "ledgerdeck/core/memory.h"

#include "test_simulator.h"

static struct simulator_request get(const char *target)
{
	return (struct simulator_request){ .method = "GET", .target = target };
}

static void splits_path_and_query(void **state)
{
	AUTO(request_clear) struct request request = { 0 };
	struct simulator_request raw =
		get("/v3/company/46208/"
		    "query?query=SELECT+%2A+FROM%20Customer&minorversion=75&flag&&empty=");
	const char *why = NULL;

	(void)state;
	assert_true(request_parse(&raw, &request, &why));
	assert_int_equal(request.segment_count, 4);
	assert_string_equal(request.segments[0], "v3");
	assert_string_equal(request.segments[2], "46208");
	assert_string_equal(request.segments[3], "query");
	assert_string_equal(request.path, "/v3/company/46208/query");
	assert_int_equal(request.parameter_count, 4);
	assert_string_equal(request_parameter(&request, "query"), "SELECT * FROM Customer");
	assert_string_equal(request_parameter(&request, "minorversion"), "75");
	assert_string_equal(request_parameter(&request, "flag"), "");
	assert_string_equal(request_parameter(&request, "empty"), "");
	assert_null(request_parameter(&request, "Query"));
	assert_null(request_field(&request, "query"));
	assert_true(request_is(&request, "get"));
	assert_false(request_is(&request, "POST"));
	assert_false(request.as_other);
}

/* Decoding comes after splitting: an escaped slash is part of its segment, a plus is a plus. */
static void decodes_segments_apart(void **state)
{
	AUTO(request_clear) struct request request = { 0 };
	struct simulator_request raw = get("//v3/a%2Fb//c+d/%C3%BC/?a%3Db=c%26d");
	const char *why = NULL;

	(void)state;
	assert_true(request_parse(&raw, &request, &why));
	assert_int_equal(request.segment_count, 4);
	assert_string_equal(request.segments[1], "a/b");
	assert_string_equal(request.segments[2], "c+d");
	assert_string_equal(request.segments[3], "\xc3\xbc");
	assert_string_equal(request.path, "//v3/a/b//c+d/\xc3\xbc/");
	assert_string_equal(request_parameter(&request, "a=b"), "c&d");
}

static void refuses_nonsense(void **state)
{
	static const struct {
		const char *target, *why;
	} rows[] = {
		{ "", "The address does not begin with a slash." },
		{ "v3/company", "The address does not begin with a slash." },
		{ "http://127.0.0.1/v3", "The address does not begin with a slash." },
		{ "*", "The address does not begin with a slash." },
		{ "/v3/%", "The address has a bad percent escape." },
		{ "/v3/%zz", "The address has a bad percent escape." },
		{ "/v3/%00", "The address has a bad percent escape." },
		{ "/v3?a=%2", "The address has a bad percent escape." },
		{ "/v3?%gg=1", "The address has a bad percent escape." },
		{ "/v3/%ff", "The address is not UTF-8." },
		{ "/v3/\xc3", "The address is not UTF-8." },
		{ "/v3/%C3/%BC", "The address is not UTF-8." },
		{ "/v3?a=%ED%A0%80", "The address is not UTF-8." },
		{ "/1/2/3/4/5/6/7/8/9/10/11/12/13", "The path has too many parts." },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		AUTO(request_clear) struct request request = { 0 };
		struct simulator_request raw = get(rows[i].target);
		const char *why = NULL;

		assert_false(request_parse(&raw, &request, &why));
		assert_string_equal(why, rows[i].why);
		assert_null(request.path);
		assert_int_equal(request.segment_count, 0);
	}
}

static void limits_parameters(void **state)
{
	AUTO(request_clear) struct request request = { 0 };
	AUTO(str_clear) struct str target = STR_INIT(STR_NO_LIMIT);
	struct simulator_request raw;
	const char *why = NULL;

	(void)state;
	str_add(&target, "/v3?");
	for (int i = 0; i < REQUEST_PARAMETERS_MAX; i++)
		str_addf(&target, "p%d=%d&", i, i);
	raw = get(target.text);
	assert_true(request_parse(&raw, &request, &why));
	assert_int_equal(request.parameter_count, REQUEST_PARAMETERS_MAX);
	assert_string_equal(request_parameter(&request, "p63"), "63");
	request_clear(&request);
	str_add(&target, "more");
	raw = get(target.text);
	assert_false(request_parse(&raw, &request, &why));
	assert_string_equal(why, "The query has too many parameters.");
}

/* Clients ask for JSON in many ways; whoever does not gets XML, as from the real service. */
static void knows_who_wants_xml(void **state)
{
	static const struct {
		const char *accept, *target;
		bool xml;
	} rows[] = {
		{ "application/json", "/v3", false },
		{ "Application/JSON", "/v3", false },
		{ "application/json;charset=utf-8", "/v3", false },
		{ "application/json, text/plain, */*", "/v3", false },
		{ "text/plain ,application/json", "/v3", false },
		{ "application/json ; q=0.9", "/v3", false },
		{ "*/*", "/v3", true },
		{ "application/xml", "/v3", true },
		{ "application/jsonp", "/v3", true },
		{ "text/application/json", "/v3", true },
		{ "", "/v3", true },
		{ NULL, "/v3", true },
		{ NULL, "/v3?format=json", false },
		{ "application/xml", "/v3?format=JSON", false },
		{ "application/xml", "/v3?format=xml", true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		AUTO(request_clear) struct request request = { 0 };
		struct simulator_header header = { "accept", rows[i].accept };
		struct simulator_request raw = get(rows[i].target);
		const char *why = NULL;

		raw.headers = &header;
		raw.header_count = rows[i].accept ? 1 : 0;
		assert_true(request_parse(&raw, &request, &why));
		assert_int_equal(request.wants_xml, rows[i].xml);
	}
}

/* Parses a POST with that type and body; the caller clears. */
static bool post(const char *target, const char *type, const char *body, struct request *request,
		 const char **ret_why)
{
	static struct simulator_header header;
	static struct simulator_request raw;

	header = (struct simulator_header){ "Content-Type", type };
	raw = (struct simulator_request){ .method = "POST",
					  .target = target,
					  .headers = &header,
					  .header_count = 1,
					  .body = body,
					  .body_len = strlen(body) };
	return request_parse(&raw, request, ret_why);
}

static void reads_forms(void **state)
{
	static const char form[] = "application/x-www-form-urlencoded";
	AUTO(request_clear) struct request request = { 0 };
	const char *why = NULL;

	(void)state;
	assert_true(post("/oauth2/v1/tokens/bearer?code=query",
			 "Application/X-WWW-Form-Urlencoded; charset=UTF-8",
			 "grant_type=authorization_code&code=a%2Bb+c", &request, &why));
	assert_int_equal(request.form_count, 2);
	assert_string_equal(request_field(&request, "grant_type"), "authorization_code");
	assert_string_equal(request_field(&request, "code"), "a+b c");
	assert_string_equal(request_parameter(&request, "code"), "query");
	assert_string_equal(request_header(&request, "CONTENT-TYPE"),
			    "Application/X-WWW-Form-Urlencoded; charset=UTF-8");
	assert_null(request_header(&request, "Content-Typ"));
	request_clear(&request);
	assert_true(post("/oauth2", "application/json", "code=1", &request, &why));
	assert_int_equal(request.form_count, 0);
	request_clear(&request);
	assert_true(post("/oauth2", form, "", &request, &why));
	assert_int_equal(request.form_count, 0);
	request_clear(&request);
	assert_false(post("/oauth2", form, "a=1&b=%", &request, &why));
	assert_string_equal(why, "The form in the body is malformed.");
	assert_false(post("/oauth2", form, "a=\xff", &request, &why));
	assert_string_equal(why, "The form in the body is malformed.");
}

/* curl -d calls any body a form; the API looks at the body itself. */
static void leaves_other_bodies_alone(void **state)
{
	static const char *const targets[] = { "/v3/company/1/query", "/simulator/clock",
					       "/simulator/as-other-user/v3/company/1/query" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(targets); i++) {
		AUTO(request_clear) struct request request = { 0 };
		const char *why = NULL;

		assert_true(post(targets[i], "application/x-www-form-urlencoded", "like '50%'",
				 &request, &why));
		assert_int_equal(request.form_count, 0);
		assert_string_equal(request.raw->body, "like '50%'");
	}
}

static void strips_the_other_user(void **state)
{
	AUTO(request_clear) struct request request = { 0 };
	struct simulator_request raw = get("/simulator//as-other-user/v3/company/1/invoice/5?x=1");
	const char *why = NULL;

	(void)state;
	assert_true(request_parse(&raw, &request, &why));
	assert_true(request.as_other);
	assert_string_equal(request.path, "/v3/company/1/invoice/5");
	assert_int_equal(request.segment_count, 5);
	assert_string_equal(request.segments[0], "v3");
	assert_string_equal(request.segments[4], "5");
	assert_string_equal(request_parameter(&request, "x"), "1");
	request_clear(&request);
	raw = get("/simulator/as-other-users/v3");
	assert_true(request_parse(&raw, &request, &why));
	assert_false(request.as_other);
	assert_int_equal(request.segment_count, 3);
}

int test_request(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(splits_path_and_query),
		cmocka_unit_test(decodes_segments_apart),
		cmocka_unit_test(refuses_nonsense),
		cmocka_unit_test(limits_parameters),
		cmocka_unit_test(knows_who_wants_xml),
		cmocka_unit_test(reads_forms),
		cmocka_unit_test(leaves_other_bodies_alone),
		cmocka_unit_test(strips_the_other_user),
	};

	return cmocka_run_group_tests_name("request", tests, NULL, NULL);
}
