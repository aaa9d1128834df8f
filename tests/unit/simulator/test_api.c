/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The API from request to answer: paths, envelopes, headers, bodies, repeated requests. */
#include "quickbooks/api.h"

#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "books.h"
#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"

#include "test_simulator.h"

#define BASE "/v3/company/" BOOKS_REALM
#define STAMP "2026-01-20T10:00:00-08:00"
#define NOW "2026-01-31T12:00:00-08:00"
#define TIME ",`time`:`2026-01-31T12:00:00.000-08:00`}"
#define NAMED(name) \
	"`Name`:`" name "`,`SubDepartment`:false,`FullyQualifiedName`:`" name "`,`Active`:true"
#define DEPARTMENT(name, id, token, made) \
	"{" NAMED(name) ",`domain`:`QBO`,`sparse`:false,`Id`:`" id "`,`SyncToken`:`" token "`," \
	"`MetaData`:{`CreateTime`:`" made "`,`LastUpdatedTime`:`" made "`}}"
#define NORTH DEPARTMENT("North", "7", "0", STAMP)
#define XML_HEAD \
	"<?xml version=`1.0` encoding=`UTF-8` standalone=`yes`?><IntuitResponse " \
	"xmlns=`http://schema.intuit.com/finance/v3` time=`2026-01-31T12:00:00.000-08:00`>"
#define NOT_FOUND \
	"Object Not Found : Something you're trying to use has been made inactive. Check the " \
	"fields with accounts, customers, items, vendors or employees."
#define NO_PATH "Operation Could not find resource for relative : "
#define NO_METHOD(name) \
	"Operation No resource method found for " name ", return 405 with Allow header is not " \
	"supported."
#define BROKEN \
	"Property Name:failed to parse json object; a property specified is unsupported or invalid"

static int fill(void **state)
{
	books_open(state);
	books_add(*state, "Department", "7", STAMP, NAMED("North"));
	books_add(*state, "CompanyInfo", "1", STAMP, "`CompanyName`:`Kettle & Sons`");
	books_add(*state, "Preferences", "1", STAMP, "`TaxPrefs`:{`UsingSalesTax`:false}");
	return 0;
}

/* ---- dialogues; a body makes a POST of it ---- */

static void ask(struct books *books, const char *target, const char *const *headers,
		const char *body, struct books_answer *got)
{
	AUTO(str_clear) struct str sent = STR_INIT(STR_NO_LIMIT);

	books_quote(&sent, body ? body : "");
	books_ask(books, body ? "POST" : "GET", target, headers, sent.text, sent.len, got);
}

/* The whole answer; `expected` NULL: only its status counts. */
static void assert_says(struct books *books, const char *target, const char *const *headers,
			const char *body, int status, const char *expected)
{
	AUTO(books_answer_clear) struct books_answer got = { 0 };

	ask(books, target, headers, body, &got);
	if (got.answer.status != status)
		fail_msg("%s: expected %d, got %d %s", target, status, got.answer.status, got.text);
	if (expected)
		assert_text(got.text, expected);
}

static void assert_good(struct books *books, const char *target, const char *body,
			const char *expected)
{
	assert_says(books, target, NULL, body, 200, expected);
}

/* A fault of that code whose detail begins so. */
static void assert_fault_of(const struct books_answer *got, int code, const char *detail)
{
	AUTO(str_clear) struct str expected = STR_INIT(STR_NO_LIMIT);
	char code_text[24];

	str_add(&expected, "\"Detail\":");
	str_add_json(&expected, detail, strlen(detail));
	str_truncate(&expected, expected.len - 1);
	assert_has(got->text, expected.text);
	snprintf(code_text, sizeof(code_text), "`code`:`%d`", code);
	assert_has(got->text, code_text);
}

static void assert_refuses(struct books *books, const char *target, const char *const *headers,
			   const char *body, int code, const char *detail)
{
	AUTO(books_answer_clear) struct books_answer got = { 0 };

	ask(books, target, headers, body, &got);
	assert_fault_of(&got, code, detail);
}

static void assert_bad(struct books *books, const char *target, const char *body, int code,
		       const char *detail)
{
	assert_refuses(books, target, NULL, body, code, detail);
}

/* ---- reading ---- */

static void test_reads(void **state)
{
	struct books *books = *state;

	assert_good(books, BASE "/department/7?minorversion=75", NULL, "{`Department`:" NORTH TIME);
	assert_good(books, BASE "/DEPARTMENT/7", NULL, "{`Department`:" NORTH TIME);
	assert_good(books, BASE "/query?query=select+*+from+department", NULL,
		    "{`QueryResponse`:{`Department`:[" NORTH "],`startPosition`:1,"
		    "`maxResults`:1}" TIME);
	assert_good(books, BASE "/query?minorversion=75&query=select%20count(*)%20from%20Term",
		    NULL, "{`QueryResponse`:{`totalCount`:0}" TIME);
	assert_good(books, BASE "/cdc?entities=Department,Bill&changedSince=2026-01-01", NULL,
		    "{`CDCResponse`:[{`QueryResponse`:[{`Department`:[" NORTH "],`startPosition`:1,"
		    "`maxResults`:1},{}]}]" TIME);
	assert_good(books, BASE "/preferences", NULL, NULL);
	assert_good(books, BASE "/preferences/1", NULL, NULL);
	assert_bad(books, BASE "/invoice/7", NULL, 610, NOT_FOUND);
	assert_bad(books, BASE "/department/1.5", NULL, 2030,
		   "Id should be a valid number. Supplied value:1.5");
	assert_bad(books, BASE "/query", NULL, 4000,
		   "QueryParserError: The query provided was empty");
	assert_bad(books, BASE "/query?query=%20", NULL, 4000,
		   "QueryParserError: Encountered \"<EOF>\" at line 1, column 1.");
	assert_bad(books, BASE "/cdc?entities=Bill", NULL, 2020,
		   "Required parameter changedSince is missing");
}

/* The company by its realm, or by the id that the object itself has. */
static void test_company_info(void **state)
{
	static const char *const targets[] = { BASE "/companyinfo/" BOOKS_REALM,
					       BASE "/companyinfo/1" };

	for (size_t i = 0; i < ARRAY_LEN(targets); i++) {
		AUTO(books_answer_clear) struct books_answer got = { 0 };

		ask(*state, targets[i], NULL, NULL, &got);
		assert_json(got.text, "CompanyInfo.CompanyName", "Kettle & Sons");
		assert_json(got.text, "CompanyInfo.Id", "1");
	}
	assert_bad(*state, BASE "/companyinfo/77", NULL, 610, NOT_FOUND);
}

static void test_rates(void **state)
{
	static const char *const days[] = { "2026-01-10", "2026-01-20", "2026-01-30" };
	static const struct {
		const char *query, *day;
	} cases[] = {
		{ "sourcecurrencycode=EUR", "2026-01-30" },
		{ "sourcecurrencycode=eur&asofdate=2026-01-20", "2026-01-20" },
		{ "sourcecurrencycode=EUR&asofdate=2026-01-29", "2026-01-20" },
		{ "sourcecurrencycode=EUR&asofdate=2025-01-01", "2026-01-10" },
	};
	struct books *books = *state;

	for (size_t i = 0; i < ARRAY_LEN(days); i++) {
		AUTO(str_clear) struct str members = STR_INIT(STR_NO_LIMIT);
		char id[4] = { (char)('3' - i), 0 };

		str_addf(&members, "`SourceCurrencyCode`:`EUR`,`Rate`:1.1%zu,`AsOfDate`:`%s`", i,
			 days[i]);
		books_add(books, "ExchangeRate", id, STAMP, members.text);
	}
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(books_answer_clear) struct books_answer got = { 0 };
		AUTO(str_clear) struct str target = STR_INIT(STR_NO_LIMIT);

		str_addf(&target, BASE "/exchangerate?%s", cases[i].query);
		ask(books, target.text, NULL, NULL, &got);
		assert_json(got.text, "ExchangeRate.AsOfDate", cases[i].day);
	}
	assert_bad(books, BASE "/exchangerate", NULL, 2020,
		   "Required parameter sourcecurrencycode is missing");
	assert_bad(books, BASE "/exchangerate?sourcecurrencycode=QQQ", NULL, 2220,
		   "Invalid Currency Type : QQQ");
	assert_bad(books, BASE "/exchangerate?sourcecurrencycode=EUR&asofdate=x", NULL, 2060,
		   "Invalid Date Format : x");
}

static void test_paths(void **state)
{
	AUTO(books_answer_clear) struct books_answer got = { 0 };
	struct books *books = *state;

	assert_bad(books, BASE "/customer/1/5?minorversion=75", NULL, 500,
		   NO_PATH BASE "/customer/1/5 of full path: http://127.0.0.1:8080" BASE
		   "/customer/1/5?minorversion=75 is not supported.");
	assert_bad(books, BASE "/custmoer/1", NULL, 500, NO_PATH);
	assert_bad(books, BASE, NULL, 500, NO_PATH);
	assert_bad(books, "/v3/other/1/customer/1", NULL, 500, NO_PATH);
	assert_bad(books, BASE "/taxservice", "{}", 500, NO_PATH);
	/* the path is known, the method is not */
	assert_bad(books, BASE "/customer", NULL, 500, NO_METHOD("GET"));
	assert_bad(books, BASE "/batch", NULL, 500, NO_METHOD("GET"));
	assert_bad(books, BASE "/customer/1", "{}", 500, NO_METHOD("POST"));
	books_ask(books, "DELETE", BASE "/customer/1", NULL, NULL, 0, &got);
	assert_fault_of(&got, 500, NO_METHOD("DELETE"));
	books_set(books, "path-case", "exact");
	assert_bad(books, BASE "/Department/7", NULL, 500, NO_PATH);
	assert_good(books, BASE "/department/7", NULL, NULL);
}

static void test_foreign_company(void **state)
{
	struct books *books = *state;
	struct company *company = books->company;

	books->company = NULL;
	assert_says(books, "/v3/company/5/customer/1", NULL, NULL, 403, NULL);
	books->company = company;
}

static void test_headers(void **state)
{
	static const struct {
		const char *name, *value;
	} expected[] = {
		{ "Content-Type", "application/json;charset=utf-8" },
		{ "QBO-Version", "1944.190" },
		{ "Service-Time", "total=21, db=7" },
		{ "Expires", "0" },
		{ "Cache-Control", "max-age=0, no-cache, no-store, must-revalidate, private" },
	};
	AUTO(books_answer_clear) struct books_answer got = { 0 }, later = { 0 }, refused = { 0 };
	struct books *books = *state;

	ask(books, BASE "/department/7", NULL, NULL, &got);
	assert_true(got.answer.chunked);
	for (size_t i = 0; i < ARRAY_LEN(expected); i++)
		assert_string_equal(answer_get_header(&got.answer, expected[i].name),
				    expected[i].value);
	assert_int_equal(strlen(answer_get_header(&got.answer, "X-Spanid")), 36);
	books->simulator.trace_count++;
	ask(books, BASE "/department/7", NULL, NULL, &later);
	assert_string_not_equal(answer_get_header(&got.answer, "X-Spanid"),
				answer_get_header(&later.answer, "X-Spanid"));
	ask(books, BASE "/department/8", NULL, NULL, &refused);
	assert_false(refused.answer.chunked);
	assert_string_equal(answer_get_header(&refused.answer, "Content-Type"), "application/json");
	assert_null(answer_get_header(&refused.answer, "QBO-Version"));
	assert_null(answer_get_header(&refused.answer, "Service-Time"));
}

/* What the real service answers to those who do not ask for JSON. */
static void test_forms(void **state)
{
	static const char *const anything[] = { "Accept", "*/*", NULL };
	static const char *const nothing[] = { NULL };
	static const char *const both[] = { "Accept", "application/json, text/plain, */*", NULL };
	AUTO(books_answer_clear) struct books_answer got = { 0 };
	struct books *books = *state;

	ask(books, BASE "/department/7", anything, NULL, &got);
	assert_string_equal(answer_get_header(&got.answer, "Content-Type"),
			    "application/xml;charset=utf-8");
	assert_text(got.text,
		    XML_HEAD "<Department domain=`QBO` sparse=`false`><Id>7</Id>"
		    "<SyncToken>0</SyncToken><MetaData><CreateTime>" STAMP "</CreateTime>"
		    "<LastUpdatedTime>" STAMP "</LastUpdatedTime></MetaData><Name>North</Name>"
		    "<SubDepartment>false</SubDepartment>"
		    "<FullyQualifiedName>North</FullyQualifiedName><Active>true</Active>"
		    "</Department></IntuitResponse>");
	assert_says(books, BASE "/department/8", nothing, NULL, 400,
		    XML_HEAD "<Fault type=`ValidationFault`><Error code=`610` element=``>"
		    "<Message>Object Not Found</Message><Detail>" NOT_FOUND "</Detail></Error>"
		    "</Fault></IntuitResponse>");
	assert_says(books, BASE "/department/7", both, NULL, 200, "{`Department`:" NORTH TIME);
	assert_says(books, BASE "/department/7?format=json", nothing, NULL, 200,
		    "{`Department`:" NORTH TIME);
}

static void test_posted_queries(void **state)
{
	static const char *const types[] = { "application/text", "application/text;charset=UTF-8",
					     "text/plain", NULL };
	static const char *const xml[] = { "Accept", "application/json", "Content-Type",
					   "application/xml", NULL };
	static const char *const text[] = { "Accept", "application/json", "Content-Type",
					    "application/text", NULL };
	static const char *const query = "select count(*) from Department";
	struct books *books = *state;

	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		const char *const headers[] = { "Accept", "application/json",
						types[i] ? "Content-Type" : NULL, types[i], NULL };

		assert_says(books, BASE "/query?minorversion=75", headers, query, 200,
			    "{`QueryResponse`:{`totalCount`:1}" TIME);
	}
	assert_refuses(books, BASE "/query", xml, query, 1050,
		       "Invalid content type: application/xml.");
	assert_refuses(books, BASE "/query", text, "", 4000,
		       "QueryParserError: The query provided was empty");
	assert_refuses(books, BASE "/query", text, "select \xff", 500,
		       "Operation com.sun.org.apache.xerces.internal.impl.io."
		       "MalformedByteSequenceException: Invalid byte 1 of 4-byte UTF-8 sequence. "
		       "is not supported.");
}

/* ---- writing ---- */

static void test_writes(void **state)
{
	struct books *books = *state;

	assert_good(books, BASE "/department?minorversion=75", "{`Name`:`South`}",
		    "{`Department`:" DEPARTMENT("South", "2", "0", NOW) TIME);
	assert_good(books, BASE "/department",
		    "{`Id`:`2`,`SyncToken`:`0`,`sparse`:true,`Name`:`Far South`}",
		    "{`Department`:" DEPARTMENT("Far South", "2", "1", NOW) TIME);
	assert_bad(books, BASE "/department", "{`Id`:`2`,`SyncToken`:`0`,`Name`:`x`}", 5010,
		   "Stale Object Error : You and Bo Kettle were working on this at the same time.");
	assert_bad(books, BASE "/department?operation=update", "{`Name`:`x`}", 2020,
		   "Required parameter Id is missing");
	assert_bad(books, BASE "/department?operation=delete", "{`Id`:`2`,`SyncToken`:`1`}", 500,
		   "Operation delete is not supported.");
	assert_bad(books, BASE "/department?operation=merge", "{}", 500,
		   "Operation merge is not supported.");
	books->company->suspended = true;
	assert_bad(books, BASE "/department", "{`Name`:`W`}", 6190, "Subscription period has");
	assert_bad(books, BASE "/taxservice/taxcode", "{}", 6190, "Subscription period has ended");
	assert_good(books, BASE "/department/7", NULL, NULL);
}

static void test_voids(void **state)
{
	static const char *const body = "{`Id`:`99`,`SyncToken`:`1`}";
	struct books *books = *state;

	assert_bad(books, BASE "/invoice?operation=void", body, 610, NOT_FOUND);
	assert_bad(books, BASE "/payment?operation=update&include=void", body, 610, NOT_FOUND);
	assert_bad(books, BASE "/bill?operation=update&include=x&include=allowduplicatedocnum,VOID",
		   body, 500, "Operation void is not supported.");
}

/* Deleted: the stub, then nothing to be found. */
static void test_delete(void **state)
{
	struct books *books = *state;

	assert_good(books, BASE "/journalcode", "{`Name`:`VT`,`Type`:`Sales`}", NULL);
	assert_good(books, BASE "/journalcode?operation=delete", "{`Id`:`1`,`SyncToken`:`0`}",
		    "{`JournalCode`:{`domain`:`QBO`,`status`:`Deleted`,`Id`:`1`}" TIME);
	assert_bad(books, BASE "/journalcode/1", NULL, 610, NOT_FOUND);
}

static size_t departments(struct books *books)
{
	return company_table(books->company, entity_by_name("Department", false))->count;
}

static void test_broken_bodies(void **state)
{
	static const char *const bodies[] = {
		"", "  \n", "{`Name`:`x`", "{`Name`:`x`}}", "{'Name':'x'}", "[]", "`x`", "5",
		"null", "{`Name`:`\\x`}", "{`Name`:01}",
	};
	AUTO(str_clear) struct str deep = STR_INIT(STR_NO_LIMIT);
	struct books *books = *state;

	for (size_t i = 0; i < ARRAY_LEN(bodies); i++)
		assert_bad(books, BASE "/department", bodies[i], 2010, BROKEN);
	/* deeper than anybody nests */
	str_add(&deep, "{`Name`:");
	for (int i = 0; i < 100000; i++)
		str_add_char(&deep, '[');
	assert_bad(books, BASE "/department", deep.text, 2010, BROKEN);
	assert_bad(books, BASE "/department", " <Department><Name>x</Name></Department>", 1050,
		   "Invalid content type: the body is XML.");
	assert_bad(books, BASE "/department", "{`Name`:`\xe9t\xe9`}", 500,
		   "Operation com.sun.org.apache.xerces.internal.impl.io."
		   "MalformedByteSequenceException: Invalid byte 1 of 3-byte UTF-8 sequence. is "
		   "not supported.");
	assert_int_equal(departments(books), 1);
}

static void test_content_types(void **state)
{
	static const char *const good[] = { NULL, "application/json", "text/plain", "",
					    "Application/JSON; charset=utf-8" };
	static const char *const bad[] = { "application/xml", "text/xml;charset=utf-8",
					   "application/x-www-form-urlencoded",
					   "multipart/form-data; boundary=x", "application/jsonp" };
	struct books *books = *state;

	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		const char *const headers[] = { "Accept", "application/json",
						good[i] ? "Content-Type" : NULL, good[i], NULL };
		char body[40];

		snprintf(body, sizeof(body), " {`Name`:`D%zu`}\n", i);
		assert_says(books, BASE "/department", headers, body, 200, NULL);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		const char *const headers[] = { "Accept", "application/json", "Content-Type",
						bad[i], NULL };

		assert_refuses(books, BASE "/department", headers, "{`Name`:`y`}", 1050,
			       "Invalid content type: ");
	}
	assert_int_equal(departments(books), 1 + ARRAY_LEN(good));
}

static void test_batch_and_tax(void **state)
{
	struct books *books = *state;

	assert_good(books, BASE "/batch",
		    "{`BatchItemRequest`:[{`bId`:`1`,`Query`:`select count(*) from Department`}]}",
		    "{`BatchItemResponse`:[{`QueryResponse`:{`totalCount`:1},`bId`:`1`}]" TIME);
	assert_bad(books, BASE "/batch", "{}", 2020,
		   "Required parameter BatchItemRequest is missing");
	/* refused without anything of an envelope before it */
	assert_says(books, BASE "/taxservice/taxcode", NULL, "{`TaxCode`:7}", 400, NULL);
}

/* ---- requestid ---- */

static void test_repeated(void **state)
{
	AUTO(books_answer_clear) struct books_answer first = { 0 }, in_xml = { 0 };
	static const char *const xml[] = { "Content-Type", "application/json", NULL };
	static const char *const target = BASE "/department?requestid=a_1-B";
	static const char *const south = "{`Name`:`South`}";
	struct books *books = *state;

	ask(books, target, NULL, south, &first);
	assert_int_equal(first.answer.status, 200);
	books->now_ms += 5000;
	/* the first answer to the letter, its time too, but in the form that is asked for now */
	assert_good(books, BASE "/department?minorversion=75&requestid=a_1-B", south, first.text);
	assert_good(books, target, "{`Name`:`Else`}", first.text);
	ask(books, target, xml, south, &in_xml);
	assert_has(in_xml.text, "time=`2026-01-31T12:00:00.000-08:00`><Department domain=");
	assert_int_equal(departments(books), 2);

	books_set(books, "requestid-conflict", "600");
	assert_bad(books, target, "{`Name`:`Else`}", 600, "Duplicate Request ID");
	assert_bad(books, BASE "/department?operation=delete&requestid=a_1-B", south, 600,
		   "Duplicate Request ID");
	assert_good(books, target, south, first.text);
	/* a day later it is forgotten */
	books->now_ms += 86400 * 1000 + 1;
	assert_bad(books, target, south, 6240, "The name supplied already exists.");
}

static void test_not_repeated(void **state)
{
	static const char *const failed = BASE "/department?requestid=f";
	static const char *const empty = BASE "/department?requestid=";
	struct books *books = *state;

	/* what failed is tried again */
	assert_bad(books, failed, "{`Name`:`North`}", 6240, "The name supplied already exists.");
	assert_good(books, failed, "{`Name`:`East`}", NULL);
	/* empty is none */
	assert_good(books, empty, "{`Name`:`E1`}", NULL);
	assert_good(books, empty, "{`Name`:`E2`}", NULL);
	assert_int_equal(departments(books), 4);
	/* batches are repeated as a whole */
	for (int i = 0; i < 2; i++)
		assert_good(books, BASE "/batch?requestid=b",
			    "{`BatchItemRequest`:[{`bId`:`1`,`operation`:`create`,"
			    "`Department`:{`Name`:`West`}}]}", NULL);
	assert_int_equal(departments(books), 5);
}

#define FIFTY "12345678901234567890123456789012345678901234567890"

static void test_request_id_form(void **state)
{
	static const char *const bad[] = { "a%20b", "a.b", "%C3%A9", FIFTY "1" };
	struct books *books = *state;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		AUTO(str_clear) struct str target = STR_INIT(STR_NO_LIMIT);

		str_addf(&target, BASE "/department?requestid=%s", bad[i]);
		assert_bad(books, target.text, "{`Name`:`x`}", 2130,
			   "Invalid Request Id Format : ");
	}
	assert_good(books, BASE "/department?requestid=" FIFTY, "{`Name`:`x`}", NULL);
}

/* Many ids: the oldest go, the newest stay. */
static void test_request_id_bounds(void **state)
{
	struct books *books = *state;
	char target[160];

	for (int i = 0; i < 4200; i++) {
		snprintf(target, sizeof(target), BASE "/batch?requestid=r%d", i);
		assert_good(books, target, "{`BatchItemRequest`:[]}", NULL);
	}
	books_set(books, "requestid-conflict", "600");
	assert_good(books, BASE "/batch?requestid=r0", "{`BatchItemRequest`:[ ]}", NULL);
	assert_bad(books, BASE "/batch?requestid=r4199", "{`BatchItemRequest`:[ ]}", 600,
		   "Duplicate Request ID");
}

int test_api(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_reads, fill, books_close),
		cmocka_unit_test_setup_teardown(test_company_info, fill, books_close),
		cmocka_unit_test_setup_teardown(test_rates, fill, books_close),
		cmocka_unit_test_setup_teardown(test_paths, fill, books_close),
		cmocka_unit_test_setup_teardown(test_foreign_company, fill, books_close),
		cmocka_unit_test_setup_teardown(test_headers, fill, books_close),
		cmocka_unit_test_setup_teardown(test_forms, fill, books_close),
		cmocka_unit_test_setup_teardown(test_posted_queries, fill, books_close),
		cmocka_unit_test_setup_teardown(test_writes, fill, books_close),
		cmocka_unit_test_setup_teardown(test_voids, fill, books_close),
		cmocka_unit_test_setup_teardown(test_delete, fill, books_close),
		cmocka_unit_test_setup_teardown(test_broken_bodies, fill, books_close),
		cmocka_unit_test_setup_teardown(test_content_types, fill, books_close),
		cmocka_unit_test_setup_teardown(test_batch_and_tax, fill, books_close),
		cmocka_unit_test_setup_teardown(test_repeated, fill, books_close),
		cmocka_unit_test_setup_teardown(test_not_repeated, fill, books_close),
		cmocka_unit_test_setup_teardown(test_request_id_form, fill, books_close),
		cmocka_unit_test_setup_teardown(test_request_id_bounds, fill, books_close),
	};

	return cmocka_run_group_tests_name("api", tests, NULL, NULL);
}
