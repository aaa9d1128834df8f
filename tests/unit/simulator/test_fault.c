/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Faults in all their spellings; the shapes are those of recorded ones. */
#include "quickbooks/fault.h"

#include <string.h>

#include "answer.h"
#include "books.h"
#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "request.h"

#include "test_simulator.h"

/* Every code of the service's list. */
static const int codes[] = {
	100,  110,  120,  130,	140,  150,  500,  600,	 610,	620,   630,  700,  800,	 900,
	1000, 1010, 1020, 1040, 1050, 2000, 2010, 2020,	 2030,	2040,  2050, 2060, 2070, 2080,
	2090, 2100, 2110, 2120, 2130, 2140, 2150, 2160,	 2170,	2180,  2190, 2200, 2210, 2220,
	2230, 2240, 2250, 2260, 2270, 2280, 2290, 2300,	 2500,	2600,  3000, 3001, 3100, 3200,
	3202, 4000, 4001, 4002, 5000, 5010, 5020, 5030,	 6000,	6010,  6020, 6030, 6040, 6041,
	6050, 6060, 6070, 6080, 6090, 6100, 6110, 6120,	 6130,	6140,  6150, 6160, 6170, 6180,
	6190, 6200, 6210, 6220, 6230, 6240, 6250, 6270,	 6280,	6290,  6300, 6310, 6320, 6330,
	6340, 6350, 6360, 6370, 6380, 6390, 6400, 6420,	 6430,	6440,  6450, 6460, 6470, 6480,
	6490, 6500, 6510, 6520, 6530, 6540, 6560, 10000, 10100, 10200,
};

static void test_all_codes(void **state)
{
	struct books *books = *state;

	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		struct simulator_answer answer;
		struct fault fault;

		if (!fault_known(codes[i]))
			fail_msg("no row for %d", codes[i]);
		assert_false(fault_plain(&fault, codes[i]));
		assert_int_equal(fault.code, codes[i]);
		assert_true(fault.status >= 400 && fault.status < 600);
		answer_init(&answer);
		fault_answer(&books->simulator, NULL, &fault, &answer);
		assert_int_equal(answer.status, fault.status);
		assert_false(answer.chunked);
		if (answer.body.text[0] != '<')
			assert_true(json_check(answer.body.text, answer.body.len, NULL));
		answer_clear(&answer);
	}
	assert_false(fault_known(0));
	assert_false(fault_known(611));
	assert_false(fault_known(99999));
}

/* The whole answer to a client that asks for JSON or not. */
static void answered(struct books *books, const struct fault *fault, bool xml,
		     struct simulator_answer *answer)
{
	struct request request = { .wants_xml = xml };

	answer_init(answer);
	fault_answer(&books->simulator, &request, fault, answer);
}

static void assert_answer(struct books *books, const struct fault *fault, bool xml, int status,
			  const char *content_type, const char *body)
{
	struct simulator_answer answer;

	answered(books, fault, xml, &answer);
	assert_int_equal(answer.status, status);
	assert_string_equal(answer_get_header(&answer, "Content-Type"), content_type);
	assert_text(answer.body.text, body);
	assert_null(answer_get_header(&answer, "QBO-Version"));
	answer_clear(&answer);
}

#define MISSING \
	"Required param missing, need to supply the required value for the API"
#define TIMED "],`type`:`ValidationFault`},`time`:`2026-01-31T12:00:00.000-08:00`}"

static void test_service_json(void **state)
{
	struct fault fault;

	fault_set(&fault, 2020, "Line.DetailType",
		  "Required parameter %s is missing in the request", "Line.DetailType");
	assert_answer(*state, &fault, false, 400, "application/json",
		      "{`Fault`:{`Error`:[{`Message`:`" MISSING "`,`Detail`:`Required parameter "
		      "Line.DetailType is missing in the request`,`code`:`2020`,"
		      "`element`:`Line.DetailType`}" TIMED);
	fault_plain(&fault, 610); /* an empty element is written */
	assert_answer(
		*state, &fault, false, 400, "application/json",
		"{`Fault`:{`Error`:[{`Message`:`Object Not Found`,`Detail`:`Object Not Found : "
		"Something you're trying to use has been made inactive. Check the fields with "
		"accounts, customers, items, vendors or employees.`,`code`:`610`,"
		"`element`:``}" TIMED);
	fault_plain(&fault, 6240); /* no element */
	assert_answer(
		*state, &fault, false, 400, "application/json",
		"{`Fault`:{`Error`:[{`Message`:`Duplicate Name Exists Error`,`Detail`:`The name "
		"supplied already exists. : null`,`code`:`6240`}" TIMED);
	fault_set(&fault, 2030, "Id", "Id should be a valid number. Supplied value:%s", "7.5");
	assert_answer(*state, &fault, false, 400, "application/json", /* no time */
		      "{`Fault`:{`Error`:[{`Message`:`Invalid ID`,`Detail`:`Id should be a valid "
		      "number. Supplied value:7.5`,`code`:`2030`,`element`:`Id`}],"
		      "`type`:`ValidationFault`}}");
}

#define XML_HEAD \
	"<?xml version=`1.0` encoding=`UTF-8` standalone=`yes`?><IntuitResponse " \
	"xmlns=`http://schema.intuit.com/finance/v3` time=`2026-01-31T12:00:00.000-08:00`>"
#define XML_END "</Detail></Error></Fault></IntuitResponse>"

static void test_service_xml(void **state)
{
	struct fault fault;

	fault_set(&fault, 4001, NULL, "QueryValidationError: value %d is too small. \"Min\" <1>",
		  0);
	assert_answer(
		*state, &fault, true, 400, "application/xml",
		XML_HEAD
		"<Fault type=`ValidationFault`><Error code=`4001`>"
		"<Message>Invalid query</Message><Detail>QueryValidationError: value 0 is too "
		"small. &quot;Min&quot; &lt;1&gt;" XML_END);
	fault_set(&fault, 6220, "", "it has a balance");
	assert_answer(
		*state, &fault, true, 400, "application/xml",
		XML_HEAD
		"<Fault type=`ValidationFault`><Error code=`6220` element=``>"
		"<Message>Delete List Has Balance Error</Message><Detail>it has a balance" XML_END);
	fault_plain(&fault, 10000);
	assert_answer(*state, &fault, true, 500, "application/xml",
		      XML_HEAD "<Fault type=`SystemFault`><Error code=`10000`>"
		      "<Message>An application error has occurred while processing your request"
		      "</Message><Detail>System Failure Error: Unexpected Internal Error" XML_END);
}

#define GATEWAY_401 \
	"{`warnings`:null,`intuitObject`:null,`fault`:{`error`:[{" \
	"`message`:`message=AuthenticationFailed; errorCode=003200; statusCode=401`," \
	"`detail`:`Token expired: abc`,`code`:`3200`,`element`:null}],`type`:`AUTHENTICATION`}," \
	"`report`:null,`queryResponse`:null,`batchItemResponse`:[],`attachableResponse`:[]," \
	"`syncErrorResponse`:null,`requestId`:null,`time`:1769889600000,`status`:null," \
	"`cdcresponse`:[]}"

#define GATEWAY_429(status) \
	"<?xml version=`1.0` encoding=`UTF-8` standalone=`yes`?>\n" \
	"<IntuitResponse time=`2026-01-31T12:00:00.000-08:00` " \
	"xmlns=`http://schema.intuit.com/finance/v3`>\n" \
	"    <Fault type=`SERVICE`>\n" \
	"        <Error code=`3001`>\n" \
	"            <Message>message=ThrottleExceeded; errorCode=003001; statusCode=" status \
	"</Message>\n" \
	"            <Detail>The request limit was reached.  Try again later</Detail>\n" \
	"        </Error>\n" \
	"    </Fault>\n" \
	"</IntuitResponse>\n"

static void test_gateway(void **state)
{
	struct books *books = *state;
	struct simulator_answer answer;
	struct fault fault;

	/* JSON, whatever was asked for */
	fault_set(&fault, 3200, NULL, "Token expired: %s", "abc");
	for (int xml = 0; xml < 2; xml++) {
		assert_answer(books, &fault, xml, 401, "application/json", GATEWAY_401);
		answered(books, &fault, xml, &answer);
		assert_string_equal(answer_get_header(&answer, "WWW-Authenticate"),
				    "Bearer realm=\"Intuit\", error=\"invalid_token\"");
		answer_clear(&answer);
	}
	/* XML, whatever was asked for */
	fault_plain(&fault, 3001);
	assert_answer(books, &fault, false, 429, "application/xml", GATEWAY_429("429"));
	fault_plain(&fault, 3100);
	answered(books, &fault, false, &answer);
	assert_int_equal(answer.status, 403);
	assert_has(answer.body.text, "<Message>message=ApplicationAuthorizationFailed; "
				     "errorCode=003100; statusCode=403</Message>\n"
				     "            <Detail></Detail>");
	assert_null(answer_get_header(&answer, "WWW-Authenticate"));
	answer_clear(&answer);
}

static void test_throttle_switches(void **state)
{
	struct books *books = *state;
	struct simulator_answer answer;
	struct fault fault;

	fault_plain(&fault, 3001);
	books_set(books, "throttle-status", "403");
	assert_answer(books, &fault, false, 403, "application/xml", GATEWAY_429("403"));
	books_set(books, "throttle-form", "json");
	answered(books, &fault, true, &answer);
	assert_int_equal(answer.status, 403);
	assert_json(answer.body.text, "fault.type", "SERVICE");
	assert_has(answer.body.text, "errorCode=003001; statusCode=403");
	answer_clear(&answer);
}

/* What was in the answer before goes; what does not fit is cut between characters. */
static void test_limits(void **state)
{
	struct books *books = *state;
	struct simulator_answer answer;
	struct fault fault;
	char name[4000];

	memset(name, 0, sizeof(name));
	for (size_t i = 0; i + 3 < sizeof(name) - 1; i += 3)
		memcpy(name + i, "\xe2\x82\xac", 3);
	for (int shift = 0; shift < 3; shift++) {
		fault_set(&fault, 6000, name + 3, "%.*s%s", shift, "ab", name);
		assert_true(strlen(fault.detail) > sizeof(fault.detail) - 5);
		assert_true(str_is_utf8(fault.detail, strlen(fault.detail)));
		assert_true(str_is_utf8(fault.element, strlen(fault.element)));
	}
	answer_init(&answer);
	answer.chunked = true;
	str_add(&answer.body, "half of an answer");
	fault_plain(&fault, 500);
	fault_answer(&books->simulator, NULL, &fault, &answer);
	assert_false(answer.chunked);
	assert_memory_equal(answer.body.text, "{\"Fault\":", 9);
	answer_clear(&answer);
	/* a fault may quote the one that it replaces */
	fault_set(&fault, 6000, NULL, "first");
	fault_set(&fault, 2500, NULL, "second after %s", fault.detail);
	assert_fault(&fault, 2500, "second after first");
}

int test_fault(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_all_codes, books_open, books_close),
		cmocka_unit_test_setup_teardown(test_service_json, books_open, books_close),
		cmocka_unit_test_setup_teardown(test_service_xml, books_open, books_close),
		cmocka_unit_test_setup_teardown(test_gateway, books_open, books_close),
		cmocka_unit_test_setup_teardown(test_throttle_switches, books_open, books_close),
		cmocka_unit_test_setup_teardown(test_limits, books_open, books_close),
	};

	return cmocka_run_group_tests_name("fault", tests, NULL, NULL);
}
