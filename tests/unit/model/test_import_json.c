/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests in JSON: their forms, what refers to what, and what is said about those that are wrong. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

#include "test_import.h"
#include "tests.h"

static const struct tested_import any;

static void test_forms(void **state)
{
	static const char one[] = "{\"type\":\"customer\",\"external_id\":\"c1\",\"data\":{\"name\":\"A\"}}";
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);

	(void)state;
	assert_import(any, one, "1 customer c1 upsert {\"name\":\"A\"}\n");
	str_addf(&text, "\xef\xbb\xbf\n%s\n", one);
	assert_import(any, text.text, "2 customer c1 upsert {\"name\":\"A\"}\n");
	str_reset(&text);
	str_addf(&text, "[\n\n%s,\n{\"type\":\"Vendors\",\"external_id\":7,\"operation_method\":\"CREATE\",\n\"data\":{\"name\":\"B\"}}]", one);
	assert_import(any, text.text, "3 customer c1 upsert {\"name\":\"A\"}\n4 vendor 7 create {\"name\":\"B\"}\n");
	/* JSON Lines: the first line is a whole document. */
	assert_import(any,
		      "{\"type\":\"customer\",\"external_id\":\"c1\",\"data\":{\"name\":\"A\"}}\r\n\n{\"type\":\"customer\",\"external_id\":\"c2\",\"data\":{\"nam\":\"B\"}}\n"
		      "{\"type\"\n[{\"type\":\"customer\",\"external_id\":\"c3\",\"data\":{\"name\":\"C\"},\"organization\":\"o\"}]",
		      "1 customer c1 upsert {\"name\":\"A\"}\n"
		      "3:47 nam 'nam' this customer has no such field, did you mean 'name'? (customer c2)\n"
		      "3:46 name '' 'name' is missing (customer c2)\n"
		      "4:8  '' from here on this line is no JSON\n"
		      "5 customer c3 upsert [2 o] {\"name\":\"C\"}\n");
	assert_import(any, "[]", "");
	assert_import(any, "", "error: the file is empty: its first row must hold the columns' names\n");
	assert_import((struct tested_import){ .form = IMPORT_JSON }, " \n", "");
	assert_import(any, "[\n  {\"type\" 3}]", "error: line 2, place 11: from here on the file is no JSON: '3}]'\n");
	assert_import(any, "[3]", "1:2  '3' a document is an object in braces\n");
}

static void test_plain_refusals(void **state)
{
	(void)state;
	assert_import(any, "[{\"type\":\"invoic\",\"external_id\":\"1\",\"data\":{}}]",
		      "1:10 type 'invoic' there is no such type of resource, did you mean 'invoice'? (? 1)\n");
	assert_import(any, "[{\"type\":\"spaceship\",\"external_id\":\"1\",\"data\":{}}]",
		      "1:10 type 'spaceship' there is no such type of resource: there are customer, vendor, item, invoice, credit_memo, bill, "
		      "journal_entry, payment (? 1)\n");
	assert_import(any, "[{\"type\":\"customer\",\"external_id\":\"rsrc_1\",\"data\":{\"name\":1}}]",
		      "1:35 external_id 'rsrc_1' cannot start with rsrc_ (customer rsrc_1)\n");
	assert_import(any, "[{\"type\":\"customer\",\"data\":{\"name\":1}}]", "1:2 external_id '' is missing\n");
	assert_import(any, "[{\"type\":\"customer\",\"external_id\":\"1\",\"dta\":{\"name\":1}}]",
		      "1:39  'dta' a resource has no such member beside its data, did you mean 'data'? (customer 1)\n"
		      "1:2 data '' its data is missing (customer 1)\n");
	assert_import(any, "[{\"type\":\"customer\",\"external_id\":\"1\",\"operation_method\":\"merge\",\"data\":{\"name\":1}}]",
		      "1:58 operation_method 'merge' this is create, find, update or upsert (customer 1)\n");
	assert_import(any,
		      "[{\"type\":\"customer\",\"external_id\":\"1\",\"data\":{\"name\":1}},\n{\"type\":\"customer\",\"external_id\":\"1\",\"data\":{\"name\":2}},\n"
		      "{\"type\":\"vendor\",\"external_id\":\"1\",\"data\":{\"name\":2}},\n{\"type\":\"customer\",\"external_id\":\"1\",\"organization\":\"o\",\"data\":{\"name\":2}}]",
		      "1 customer 1 upsert {\"name\":\"1\"}\n"
		      "2:1 external_id '' this customer came on line 1 already: a file has each once (customer 1)\n"
		      "3 vendor 1 upsert {\"name\":\"2\"}\n"
		      "4 customer 1 upsert [3 o] {\"name\":\"2\"}\n");
	assert_import(any, "{\"type\":\"invoice\",\"external_id\":\"1\",\"data\":{\n\"customer\":\"c\",\"date\":\"2026-02-31\",\n\"lines\":[\n{\"amount\":1},\n"
			   "{\"amount\":1.005}]}}",
		      "2:23 date '2026-02-31' '2026-02-31' is no day of the calendar (invoice 1)\n"
		      "5:11 lines[2].amount '1.005' '1.005' has more than two decimal places: amounts of money have two (invoice 1)\n");
}

#define PAYMENT "{\"data\":{\"amount_minor\":1999,\"date\":\"2026-01-31\",\"customer\":\"c1\",\"lines\":[{\"invoice\":\"i1\",\"amount\":\"19.99\"}]}}"
#define INVOICE "{\"data\":{\"customer\":\"c1\",\"date\":\"2026-01-01\",\"lines\":[{\"item\":\"w\",\"amount\":19.99}]},\"ledger_id\":null}"

static void test_sync_requests(void **state)
{
	(void)state;
	assert_import(any,
		      "{\"resource_type\":\"payment\",\n\"resource_external_id\":\"p1\",\"operation_method\":\"create\",\"organization_external_id\":\"acme\",\n"
		      "\"without_create_confirmation\":true,\"references\":{\"payment\":{\"p1\":" PAYMENT "},\n\"Invoice\":{\"i1\":" INVOICE "},\n"
		      "\"customer\":{\"c1\":{\"data\":{\"name\":\"C\",\"parent\":\"c0\"}},\"c0\":{\"data\":{\"name\":\"P\"}}}}}",
		      "5 customer c0 upsert [1 reference sure acme] sync {\"name\":\"P\"}\n"
		      "5 customer c1 upsert [1 reference sure acme] sync {\"name\":\"C\",\"parent\":\"c0\"}\n"
		      "4 invoice i1 upsert [1 reference sure acme] sync "
		      "{\"customer\":\"c1\",\"date\":\"2026-01-01\",\"lines\":[{\"item\":\"w\",\"amount\":\"19.99\"}]}\n"
		      "3 payment p1 create [1 sure acme] sync {\"customer\":\"c1\",\"date\":\"2026-01-31\",\"amount\":\"19.99\","
		      "\"lines\":[{\"invoice\":\"i1\",\"amount\":\"19.99\"}]}\n");
	/* A reference may come in many requests; what a request is about, once. */
	assert_import(any,
		      "[{\"resource_type\":\"customer\",\"resource_external_id\":\"c1\",\"references\":{\"customer\":{\"c1\":{\"data\":{\"name\":\"C\"}}}}},\n"
		      "{\"resource_type\":\"invoice\",\"resource_external_id\":\"i1\",\"references\":{\"invoice\":{\"i1\":" INVOICE "},"
		      "\"customer\":{\"c1\":{\"data\":{\"name\":\"C\"}}}}},\n"
		      "{\"resource_type\":\"customer\",\"resource_external_id\":\"c1\",\"references\":{\"customer\":{\"c1\":{\"data\":{\"name\":\"C\"}}}}}]",
		      "1 customer c1 upsert sync {\"name\":\"C\"}\n"
		      "2 customer c1 upsert [2 reference ] sync {\"name\":\"C\"}\n"
		      "2 invoice i1 upsert sync {\"customer\":\"c1\",\"date\":\"2026-01-01\",\"lines\":[{\"item\":\"w\",\"amount\":\"19.99\"}]}\n"
		      "3:1 external_id '' this customer came on line 1 already: a file has each once (customer c1)\n");
}

static void test_sync_refusals(void **state)
{
	(void)state;
	assert_import(any, "{\"resource_type\":\"customer\",\"resource_external_id\":\"c9\",\"references\":{\"customer\":{\"c1\":{\"data\":{\"name\":\"C\"}}}}}",
		      "1:1 references '' 'references' has no customer 'c9', which the request is about (customer c9)\n");
	assert_import(any, "{\"resource_type\":\"customer\",\"resource_external_id\":\"c1\"}",
		      "1:1 references '' an object is needed here: type, then external id, then {\"data\": {…}} (customer c1)\n");
	assert_import(any, "{\"resource_type\":\"customer\",\"resource_external_id\":\"c1\",\"references\":{\"customer\":{\"c1\":{}}}}",
		      "1:83 data 'c1' its data is missing (customer c1)\n");
	assert_import(any,
		      "{\"resource_type\":\"customer\",\"resource_external_id\":\"c1\",\"references\":{\"customer\":{\"c1\":{\"data\":{\"name\":\"C\"}},"
		      "\"c1\":{\"data\":{\"name\":\"D\"}}}}}",
		      "1:123 references '' it is in 'references' twice (customer c1)\n");
	/* One that is wrong refuses all. */
	assert_import(any,
		      "{\"resource_type\":\"customer\",\"resource_external_id\":\"c1\",\"references\":{\"customer\":{\"c1\":{\"data\":{\"name\":\"C\"}},"
		      "\"c2\":{\"data\":{\"name\":\"\"}}}}}",
		      "1:123 name '' 'name' is missing (customer c2)\n");
	assert_import(any,
		      "{\"resource_type\":\"customer\",\"resource_external_id\":\"c1\",\"references\":{\"customer\":{"
		      "\"c1\":{\"data\":{\"name\":\"C\",\"parent\":\"c2\"}},\"c2\":{\"data\":{\"name\":\"D\",\"parent\":\"c3\"}},"
		      "\"c3\":{\"data\":{\"name\":\"E\",\"parent\":\"c2\"}}}}}",
		      "1:1 references '' they refer to each other: customer 'c2' -> customer 'c3' -> customer 'c2' (customer c1)\n");
	assert_import(any,
		      "{\"resource_type\":\"customer\",\"resource_external_id\":\"c1\",\"references\":{\"customer\":{"
		      "\"c1\":{\"data\":{\"name\":\"C\",\"parent\":\"c1\"}}}}}",
		      "1:1 references '' they refer to each other: customer 'c1' -> customer 'c1' (customer c1)\n");
}

/* A chain of as many as there may be, each the parent of the one before. */
static void test_long_chain(void **state)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT), out = STR_INIT(STR_NO_LIMIT);

	(void)state;
	str_add(&text, "{\"resource_type\":\"customer\",\"resource_external_id\":\"c0\",\"references\":{\"customer\":{");
	for (int i = 0; i < IMPORT_REFERENCES_MAX; i++)
		str_addf(&text, "%s\"c%d\":{\"data\":{\"name\":\"N\",\"parent\":\"c%d\"}}", i ? "," : "", i, i + 1);
	str_add(&text, "}}}");
	import_run(any, text.text, text.len, text.len, &out);
	assert_memory_equal(out.text, "1 customer c9999 upsert [1 reference ] sync {\"name\":\"N\",\"parent\":\"c10000\"}\n1 customer c9998 ", 85);
	str_truncate(&text, text.len - 3);
	str_add(&text, ",\"d\":{\"data\":{\"name\":\"N\"}}}}}");
	str_reset(&out);
	import_run(any, text.text, text.len, text.len, &out);
	assert_non_null(strstr(out.text, "a sync request refers to 10000 resources at most"));
	assert_null(strchr(out.text, '{'));
}

static void test_limits(void **state)
{
	static const char long_line[] = "1 customer c1 upsert {\"name\":\"A\"}\n2:0  '' a line of JSON has 16 MiB at most\n3 customer c3 upsert {\"name\":\"C\"}\n";
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT), out = STR_INIT(STR_NO_LIMIT);

	(void)state;
	str_add(&text, "{\"type\":\"customer\",\"external_id\":\"c1\",\"data\":{\"name\":\"A\"}}\n{\"type\":\"");
	while (text.len <= RESOURCE_BYTES_MAX + 1000)
		str_add(&text, "01234567890123456789012345678901234567890123456789012345678901234567890123456789");
	str_add(&text, "\"}\n{\"type\":\"customer\",\"external_id\":\"c3\",\"data\":{\"name\":\"C\"}}\n");
	for (size_t piece = 65536; piece <= (size_t)1 << 26; piece <<= 10) {
		str_reset(&out);
		import_run(any, text.text, text.len, piece, &out);
		assert_string_equal(out.text, long_line);
	}
	str_reset(&text);
	str_add(&text, "[\"");
	while (text.len <= IMPORT_JSON_MAX)
		str_add(&text, "01234567890123456789012345678901234567890123456789012345678901234567890123456789");
	str_reset(&out);
	import_run(any, text.text, text.len, 1 << 20, &out);
	assert_string_equal(out.text, "error: a JSON text has 64 MiB at most: give the file as JSON Lines, a document on each line, or as CSV\n");
}

static bool stop(void *ctx, const struct import_document *document, struct error *err)
{
	(void)ctx;
	(void)document;
	return error_set(err, ERROR_STORE, "the disk is full");
}

static void test_sink_ends_it(void **state)
{
	static const char text[] = "[{\"type\":\"customer\",\"external_id\":\"c1\",\"data\":{\"name\":\"A\"}},{\"type\":\"x\"}]";
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);
	const struct import_sink sink = { .document = stop, .refusal = import_write_refusal, .ctx = &out };
	const struct import_options options = { 0 };
	AUTO(import_freep) struct import *import = import_new(&options, &sink);
	struct error err = { 0 };

	(void)state;
	assert_true(import_feed(import, text, strlen(text), &err));
	assert_false(import_end(import, &err));
	assert_int_equal(err.code, ERROR_STORE);
	assert_string_equal(out.text, "");
	assert_null(import_type(import));
}

static void test_counts(void **state)
{
	static const char text[] = "{\"type\":\"customer\",\"external_id\":\"c1\",\"data\":{\"name\":\"A\"}}\n{}\n[\n";
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);
	const struct import_sink sink = { .document = import_write_document, .refusal = import_write_refusal, .ctx = &out };
	const struct import_options options = { 0 };
	AUTO(import_freep) struct import *import = import_new(&options, &sink);

	(void)state;
	assert_true(import_feed(import, text, strlen(text), NULL) && import_end(import, NULL));
	assert_int_equal(import_counts(import).documents, 1);
	assert_int_equal(import_counts(import).refused, 2);
	assert_int_equal(import_counts(import).refusals, 4); /* of {}: no type, no external id, no data */
}

int test_import_json(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),	       cmocka_unit_test(test_plain_refusals), cmocka_unit_test(test_sync_requests),
		cmocka_unit_test(test_sync_refusals),  cmocka_unit_test(test_long_chain),     cmocka_unit_test(test_limits),
		cmocka_unit_test(test_sink_ends_it),   cmocka_unit_test(test_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
