/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Refusals in all their forms, and what becomes of them. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"

#include "dialogue.h"
#include "provider/quickbooks/answer.h"
#include "tests.h"

static const struct asker asker = { .what = "query Invoice", .realm = DIALOGUE_REALM };

/* An answer of a status and a text; the caller clears it. */
static struct http_answer answer_of(int status, const char *body)
{
	struct http_answer answer = HTTP_ANSWER_INIT;

	http_answer_clear(&answer);
	str_init(&answer.body, STR_NO_LIMIT);
	str_add(&answer.body, body);
	answer.status = status;
	answer.date_ms = DIALOGUE_NOW_MS;
	snprintf(answer.trace_id, sizeof(answer.trace_id), "1-abc-def");
	return answer;
}

static const struct {
	int status;
	const char *body;
	enum error_code code;
	int retry_after_s;
	const char *ledger_code, *text;
} refusals[] = {
	/* The service's own JSON. */
	{ 400,
	  "{\"Fault\":{\"Error\":[{\"Message\":\"Object Not Found\",\"Detail\":\"Object Not Found "
	  ": gone it is\","
	  "\"code\":\"610\",\"element\":\"\"}],\"type\":\"ValidationFault\"},\"time\":\"2026-01-"
	  "31T04:00:00.000-08:00\"}",
	  ERROR_CONFLICT, -1, "610",
	  "query Invoice: the ledger refused: Object Not Found : gone it is" },
	{ 400,
	  "{\"time\":\"x\",\"Fault\":{\"type\":\"ValidationFault\",\"Error\":[{\"element\":\"Id\","
	  "\"code\":\"2030\","
	  "\"Message\":\"Invalid ID\",\"Detail\":\"Id should be a number\"}]}}",
	  ERROR_INPUT, -1, "2030",
	  "query Invoice: the ledger refused: Invalid ID: Id should be a number" },
	{ 200,
	  "{\"Fault\":{\"Error\":[{\"Message\":\"Error parsing "
	  "query\",\"Detail\":\"QueryParserError: Encountered\","
	  "\"code\":\"4000\"}],\"type\":\"ValidationFault\"}}",
	  ERROR_INPUT, -1, "4000",
	  "query Invoice: the ledger refused: Error parsing query: QueryParserError: Encountered" },
	{ 400,
	  "{\"Fault\":{\"Error\":[{\"Message\":\"Stale Object Error\",\"Detail\":\"You and Ada "
	  "Lovelace were working\","
	  "\"code\":\"5010\"}],\"type\":\"ValidationFault\"}}",
	  ERROR_CONFLICT, 0, "5010", "query Invoice: the ledger refused: Stale Object Error" },
	{ 400,
	  "{\"Fault\":{\"Error\":[{\"Message\":\"Result Set "
	  "Big\",\"code\":\"10100\"}],\"type\":\"ValidationFault\"}}",
	  ERROR_REMOTE, 60, "10100", "query Invoice: the ledger refused: Result Set Big" },
	{ 400, "{\"Fault\":{\"Error\":[],\"type\":\"SystemFault\"}}", ERROR_REMOTE, 60, "",
	  "query Invoice: the ledger broke (status 400)" },
	{ 400,
	  "{\"Fault\":{\"Error\":{\"Message\":\"m\",\"code\":2020},\"type\":\"ValidationFault\"}}",
	  ERROR_INPUT, -1, "2020", "query Invoice: the ledger refused: m" },
	{ 400, "{\"Fault\":{}}", ERROR_INPUT, -1, "",
	  "query Invoice: the ledger refused (status 400)" },
	{ 503,
	  "{\"Fault\":{\"Error\":[{\"Message\":\"Company Under "
	  "Maintenance\",\"code\":\"150\"}],\"type\":\"SystemFault\"}}",
	  ERROR_REMOTE, 900, "150",
	  "query Invoice: the ledger could not answer: Company Under Maintenance" },
	/* The gateway's, whose details hold tokens. */
	{ 401,
	  "{\"warnings\":null,\"fault\":{\"error\":[{\"message\":\"message=AuthenticationFailed; "
	  "errorCode=003200; "
	  "statusCode=401\",\"detail\":\"Token expired: "
	  "eyJlbmMiOiJBMTI4\",\"code\":\"3200\",\"element\":null}],"
	  "\"type\":\"AUTHENTICATION\"},\"time\":1769860800000,\"cdcresponse\":[]}",
	  ERROR_AUTH, -1, "3200",
	  "query Invoice: the ledger refused the access token: AuthenticationFailed" },
	{ 429,
	  "{\"fault\":{\"error\":[{\"message\":\"message=ThrottleExceeded; errorCode=003001; "
	  "statusCode=429\","
	  "\"detail\":\"later\",\"element\":null}],\"type\":\"SERVICE\"}}",
	  ERROR_LIMIT, 60, "3001",
	  "query Invoice: the ledger's limit of requests is reached: ThrottleExceeded" },
	/* XML, whatever was asked for. */
	{ 403,
	  "<IntuitResponse time=\"2026-01-31T04:00:00.000-08:00\" "
	  "xmlns=\"http://schema.intuit.com/finance/v3\">\n"
	  "  <Fault type=\"SERVICE\">\n    <Error code=\"3001\">\n      "
	  "<Message>message=ThrottleExceeded; errorCode=003001; "
	  "statusCode=403</Message>\n      <Detail>Try again later</Detail>\n    </Error>\n  "
	  "</Fault>\n</IntuitResponse>\n",
	  ERROR_LIMIT, 60, "3001",
	  "query Invoice: the ledger's limit of requests is reached: ThrottleExceeded" },
	{ 403,
	  "<?xml version=\"1.0\"?>\n<IntuitResponse><Fault type=\"SERVICE\"><Error "
	  "code=\"3100\"><Message>"
	  "message=ApplicationAuthorizationFailed; errorCode=003100; "
	  "statusCode=403</Message><Detail></Detail></Error></Fault>"
	  "</IntuitResponse>",
	  ERROR_AUTH, -1, "3100",
	  "query Invoice: the ledger does not let this app into the company: "
	  "ApplicationAuthorizationFailed" },
	{ 400,
	  "<n:IntuitResponse><n:Fault type=\"ValidationFault\"><n:Error code=\"6220\" "
	  "element=\"a\"><n:Message>Tom &amp; "
	  "&quot;Jerry&quot;</n:Message><n:Detail>x &lt; "
	  "y</n:Detail></n:Error></n:Fault></n:IntuitResponse>",
	  ERROR_INPUT, -1, "6220", "query Invoice: the ledger refused: Tom & \"Jerry\": x < y" },
	/* Neither. */
	{ 502, "<html><head><title>Bad Gateway</title></head></html>", ERROR_REMOTE, 60, "",
	  "query Invoice: the ledger answered with a web page instead of data (status 502)" },
	{ 200, "\n<!DOCTYPE html>signed out", ERROR_REMOTE, 60, "",
	  "query Invoice: the ledger answered with a web page instead of data (status 200)" },
	{ 200, "<IntuitResponse><QueryResponse/></IntuitResponse>", ERROR_REMOTE, 60, "",
	  "query Invoice: the ledger answered with XML instead of JSON (status 200)" },
	{ 200, "", ERROR_REMOTE, 60, "",
	  "query Invoice: the ledger answered with an empty answer (status 200)" },
	{ 404, "", ERROR_REMOTE, 60, "",
	  "query Invoice: the ledger answered with an empty answer (status 404)" },
	{ 200, "[]", ERROR_REMOTE, 60, "",
	  "query Invoice: the ledger answered with something that is no data (status 200)" },
	{ 403, "Forbidden", ERROR_AUTH, -1, "",
	  "query Invoice: the ledger does not let this app into the company (status 403)" },
	{ 403, "ThrottleExceeded", ERROR_LIMIT, 60, "",
	  "query Invoice: the ledger's limit of requests is reached (status 403)" },
	{ 401, "", ERROR_AUTH, -1, "",
	  "query Invoice: the ledger refused the access token (status 401)" },
	/* Broken off. */
	{ 200, "{\"QueryResponse\":{\"Invoice\":[{\"Id\":\"1\"", ERROR_REMOTE, 60, "",
	  "query Invoice: the ledger's answer is cut off, it ends within the data after 38 bytes" },
	{ 200, "{\"QueryResponse\":{\"Invoice\":[{\"Id\":\"\xff\"}]}}", ERROR_REMOTE, 60, "",
	  "query Invoice: the ledger's answer is no valid UTF-8, it breaks at byte 36 of 42" },
	{ 400,
	  "{\"Fault\":{\"Error\":[{\"Message\":\"Invalid query\",\"Detail\":\"value 0 is \\\"too",
	  ERROR_INPUT, -1, "",
	  "query Invoice: the ledger refused: Invalid query: value 0 is \\\"too" },
	{ 400, "{\"Fault\":{\"Error\":[{\"code\" : \"4001\",\"Message\":\"a\\u0041\",\"Det",
	  ERROR_INPUT, -1, "4001", "query Invoice: the ledger refused: aA" },
	{ 403,
	  "<IntuitResponse><Fault type=\"SERVICE\"><Error code=\"3100\"><Message>message=Applic",
	  ERROR_AUTH, -1, "3100",
	  "query Invoice: the ledger does not let this app into the company: Applic" },
};

static void each_refusal_becomes_its_error(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		AUTO(http_answer_clear)
		struct http_answer answer = answer_of(refusals[i].status, refusals[i].body);
		struct error err = { 0 };

		if (answer_accept(&answer, &asker, &err))
			fail_msg("accepted: %s", refusals[i].body);
		assert_string_equal(err.text, refusals[i].text);
		assert_int_equal(err.code, refusals[i].code);
		assert_int_equal(err.retry_after_s, refusals[i].retry_after_s);
		assert_string_equal(err.ledger_code, refusals[i].ledger_code);
		assert_string_equal(err.trace_id, "1-abc-def");
		assert_false(err.outcome_unknown);
		/* Nobody need listen. */
		assert_false(answer_accept(&answer, &asker, NULL));
	}
}

static void retry_after_is_obeyed(void **state)
{
	AUTO(http_answer_clear) struct http_answer answer = answer_of(429, "");
	struct error err = { 0 };

	(void)state;
	answer.retry_after_ms = 7200;
	assert_false(answer_accept(&answer, &asker, &err));
	assert_int_equal(err.retry_after_s, 8);
	answer.retry_after_ms = INT64_MAX;
	assert_false(answer_accept(&answer, &asker, &err));
	assert_int_equal(err.retry_after_s, 86400);
}

/* What strangers write must reach neither a terminal nor a log as it is. */
static void words_are_made_harmless(void **state)
{
	AUTO(http_answer_clear)
	struct http_answer answer = answer_of(
		400, "{\"Fault\":{\"Error\":[{\"Message\":\"no "
		     "\\u001b[31mred\\u001b[0m\\r\\nlines\",\"Detail\":\"/company/" DIALOGUE_REALM
		     "/x "
		     "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4Q0JDLUhTMjU2IiwieC5vcmciOiJIMCJ9.abc\","
		     "\"code\":\"2020\"}]}}");
	struct error err = { 0 };

	(void)state;
	assert_false(answer_accept(&answer, &asker, &err));
	assert_null(strchr(err.text, '\x1b'));
	assert_null(strchr(err.text, '\n'));
	assert_null(strstr(err.text, DIALOGUE_REALM));
	assert_null(strstr(err.text, "eyJ"));
	assert_non_null(strstr(err.text, "red"));
	assert_non_null(strstr(err.text, "/company/../x .."));
}

static void long_words_are_cut_between_characters(void **state)
{
	AUTO(str_clear) struct str body = STR_INIT(STR_NO_LIMIT);
	struct error err = { 0 };

	(void)state;
	str_add(&body, "{\"Fault\":{\"Error\":[{\"Message\":\"x");
	for (int i = 0; i < 2000; i++)
		str_add(&body, "\xc3\xa9");
	str_add(&body, "\",\"Detail\":\"y\",\"code\":\"2020\"}]}}");
	{
		AUTO(http_answer_clear) struct http_answer answer = answer_of(400, body.text);

		assert_false(answer_accept(&answer, &asker, &err));
	}
	assert_true(strlen(err.text) > 150);
	assert_true(str_is_utf8(err.text, strlen(err.text)));
}

/* For the log: all that was said, line by line, and nothing that is a secret. */
static void words_are_kept_in_full(void **state)
{
	static const struct {
		int status;
		const char *body, *words;
	} cases[] = {
		{ 400,
		  "{\"Fault\":{\"Error\":[{\"Message\":\"Invalid\",\"Detail\":\"one\\ntwo " DIALOGUE_REALM " three\",\"code\":\"2020\",\"element\":\"Line.Amount\"},"
		  "{\"Message\":\"Another\",\"code\":2030}],\"type\":\"ValidationFault\"}}",
		  "Invalid\none\ntwo .. three\ncode 2020\nelement Line.Amount\nAnother\ncode 2030" },
		{ 400, "{\"fault\":{\"error\":{\"message\":\"lower\",\"code\":\"7\"}}}", "lower\ncode 7" },
		/* Neither the token that a gateway shows, nor who else was working. */
		{ 401,
		  "{\"fault\":{\"error\":[{\"message\":\"message=AuthenticationFailed; errorCode=003200; statusCode=401\",\"detail\":\"Token "
		  "expired: eyJlbmMiOiJBMTI4Q0JDLUhTMjU2IiwiYWxnIjoiZGlyIn0secret\",\"code\":\"3200\"}]}}",
		  "message=AuthenticationFailed; errorCode=003200; statusCode=401" },
		{ 400, "{\"Fault\":{\"Error\":[{\"Message\":\"Stale Object Error\",\"Detail\":\"You and Ada were\",\"code\":\"5010\"}]}}",
		  "Stale Object Error" },
		{ 503, "<html>\r\n<body>We are \033[31mdown</body>\n\n</html>", "<html>\n<body>We are \xc2\xb7[31mdown</body>\n</html>" },
		/* Somebody's books are not the ledger's words. */
		{ 200, "{\"QueryResponse\":{\"Invoice\":[{\"Id\":\"1\"", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(http_answer_clear) struct http_answer answer = answer_of(cases[i].status, cases[i].body);
		AUTO(str_clear) struct str said = STR_INIT(16384);
		struct asker keeps = { .what = "query Invoice", .realm = DIALOGUE_REALM, .said = &said };
		struct error err = { 0 };

		str_add(&said, "of the call before");
		assert_false(answer_accept(&answer, &keeps, &err));
		assert_string_equal(said.text, cases[i].words);
		assert_null(strstr(said.text, "Invoice"));
	}
}

static void good_answers_are_opened(void **state)
{
	AUTO(http_answer_clear)
	struct http_answer answer =
		answer_of(200, " {\"fault\":null,\"QueryResponse\":{\"totalCount\":29},\"time\":"
			       "\"2026-01-31T04:00:00.250-08:00\"}\n");
	AUTO(http_answer_clear)
	struct http_answer gateway =
		answer_of(200, "{\"Item\":{\"Id\":\"1\"},\"time\":1769860800000}");
	struct envelope envelope;
	struct error err = { 0 };

	(void)state;
	assert_true(answer_accept(&answer, &asker, &err));
	answer_open(&answer, "QueryResponse", &envelope);
	assert_int_equal(envelope.payload.kind, JSON_OBJECT);
	assert_int_equal(envelope.ledger_ms, DIALOGUE_NOW_MS + 250);
	answer_open(&answer, "CDCResponse", &envelope);
	assert_int_equal(envelope.payload.kind, JSON_NONE);
	assert_true(answer_accept(&gateway, &asker, &err));
	answer_open(&gateway, NULL, &envelope);
	assert_int_equal(envelope.payload.len, strlen("{\"Id\":\"1\"}"));
	assert_int_equal(envelope.ledger_ms, DIALOGUE_NOW_MS);
}

static void sign_in_refusals_say_what_to_do(void **state)
{
	static const struct {
		int status;
		const char *body;
		enum error_code code;
		const char *ledger_code, *part;
	} cases[] = {
		{ 400, "{\"error_description\":\"Token invalid\",\"error\":\"invalid_grant\"}",
		  ERROR_AUTH, "invalid_grant", "connect again" },
		{ 401, "{\"error\":\"invalid_client\"}", ERROR_AUTH, "invalid_client",
		  "client id or secret" },
		{ 400, "{\"error\":\"invalid_request\"}", ERROR_INPUT, "invalid_request",
		  "redirect address" },
		{ 400, "{\"error\":\"something_else\"}", ERROR_REMOTE, "something_else",
		  "something_else" },
		{ 503, "<html></html>", ERROR_REMOTE, "", "a web page" },
		{ 429, "", ERROR_LIMIT, "", "limit of requests" },
		{ 400, "{\"error\":{}}", ERROR_REMOTE, "", "status 400" },
		{ 401,
		  "{\"fault\":{\"error\":[{\"message\":\"message=AuthenticationFailed; "
		  "errorCode=003200; statusCode=401\"}],"
		  "\"type\":\"AUTHENTICATION\"}}",
		  ERROR_AUTH, "3200", "AuthenticationFailed" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(http_answer_clear)
		struct http_answer answer = answer_of(cases[i].status, cases[i].body);
		struct error err = { 0 };

		assert_false(provider_find("quickbooks")->sign_in_error(&answer, &err));
		assert_int_equal(err.code, cases[i].code);
		assert_string_equal(err.ledger_code, cases[i].ledger_code);
		assert_non_null(strstr(err.text, cases[i].part));
		assert_string_equal(err.trace_id, "1-abc-def");
	}
}

int test_answer(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_refusal_becomes_its_error),
		cmocka_unit_test(retry_after_is_obeyed),
		cmocka_unit_test(words_are_made_harmless),
		cmocka_unit_test(words_are_kept_in_full),
		cmocka_unit_test(long_words_are_cut_between_characters),
		cmocka_unit_test(good_answers_are_opened),
		cmocka_unit_test(sign_in_refusals_say_what_to_do),
	};

	return cmocka_run_group_tests_name("answer", tests, NULL, NULL);
}
