/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Change data capture: order, deletions, limits, and what it does not know. */
#include "quickbooks/cdc.h"

#include <stdio.h>
#include <string.h>

#include "books.h"
#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"

#include "test_simulator.h"

#define AT(time) "2026-01-" time ":00-08:00"
#define FIRST AT("01T00:00")

#define RECORD(id, stamp) \
	"{`domain`:`QBO`,`sparse`:false,`Id`:`" id "`,`SyncToken`:`0`," \
	"`MetaData`:{`CreateTime`:`" stamp "`,`LastUpdatedTime`:`" stamp "`}}"
#define STUB(id, stamp) \
	"{`domain`:`QBO`,`status`:`Deleted`,`Id`:`" id "`," \
	"`MetaData`:{`LastUpdatedTime`:`" stamp "`}}"
#define SET(entity, list, count) \
	"{`" entity "`:[" list "],`startPosition`:1,`maxResults`:" count "}"

#define INVOICE_7 RECORD("7", AT("20T10:00"))
#define INVOICE_5 RECORD("5", AT("21T10:00"))
#define GONE_6 STUB("6", AT("20T11:00"))
#define GONE_4 STUB("4", AT("22T11:00"))
#define BILL_8 SET("Bill", RECORD("8", AT("22T10:00")), "1")

static void assert_changes(struct books *books, const char *entities, const char *since,
			   const char *expected)
{
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT), whole = STR_INIT(STR_NO_LIMIT);
	struct fault fault;

	if (!cdc_run(books->company, entities, since, &out, &fault))
		fail_msg("%s: %d %s", entities, fault.code, fault.detail);
	str_addf(&whole, "`CDCResponse`:[{`QueryResponse`:[%s]}]", expected);
	assert_text(out.text, whole.text);
}

static void assert_refused(struct books *books, const char *entities, const char *since, int code,
			   const char *detail)
{
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);
	struct fault fault = { 0 };

	assert_false(cdc_run(books->company, entities, since, &out, &fault));
	assert_fault(&fault, code, detail);
	assert_int_equal(out.len, 0);
}

/* An invoice that was there, and was deleted at `stamp`. */
static void add_deleted(struct books *books, const char *entity, const char *id, const char *stamp)
{
	struct record *record = books_add(books, entity, id, AT("19T10:00"), "");
	bool has_offset;
	int64_t ms;

	assert_true(stamp_parse(stamp, strlen(stamp), &ms, &has_offset));
	company_remove(books->company, record, ms);
}

static int fill(void **state)
{
	books_open(state);
	books_add(*state, "Invoice", "7", AT("20T10:00"), "");
	books_add(*state, "Invoice", "5", AT("21T10:00"), "");
	add_deleted(*state, "Invoice", "6", AT("20T11:00"));
	add_deleted(*state, "Invoice", "4", AT("22T11:00"));
	books_add(*state, "Bill", "8", AT("22T10:00"), "");
	return 0;
}

static void test_changes(void **state)
{
	struct books *books = *state;

	/* in the order of the request; changes by time, deletions behind them */
	assert_changes(books, "Bill,Estimate,Invoice", FIRST,
		       BILL_8 ",{},"
		       SET("Invoice", INVOICE_7 "," INVOICE_5 "," GONE_6 "," GONE_4, "4"));
	/* inclusive to the second; any letter case, blanks, no offset */
	assert_changes(books, " invoice , BILL", "2026-01-21T10:00:00",
		       SET("Invoice", INVOICE_5 "," GONE_4, "2") "," BILL_8);
	assert_changes(books, "Invoice", "2026-01-21T10:00:01-08:00", SET("Invoice", GONE_4, "1"));
	assert_changes(books, "Invoice,Bill", "2026-01-23", "{},{}");
	books_set(books, "date-zone", "utc");
	assert_changes(books, "Bill", "2026-01-22T18:00:01", "{}");
	assert_changes(books, "Bill", "2026-01-22T18:00:00", BILL_8);
}

static void test_refusals(void **state)
{
	struct books *books = *state;

	assert_refused(books, NULL, FIRST, 2020,
		       "Required parameter entities is missing in the request");
	assert_refused(books, "", FIRST, 2020,
		       "Required parameter entities is missing in the request");
	assert_refused(books, "Bill", NULL, 2020,
		       "Required parameter changedSince is missing in the request");
	assert_refused(books, "Bill", "soon", 2060, "Invalid Date Format : soon");
	/* one wrong name is enough */
	assert_refused(books, "Bill,Bull", FIRST, 4001,
		       "QueryValidationError: invalid context declaration: Bull");
	assert_refused(books, "Bill,", FIRST, 4001,
		       "QueryValidationError: invalid context declaration: ");
	assert_refused(books, "Bill,TaxCode", FIRST, 500,
		       "Operation CDC for entity TaxCode is not supported.");
	assert_refused(books, "TimeActivity", FIRST, 500,
		       "Operation CDC for entity TimeActivity is not supported.");
	/* the unconfirmed ones */
	assert_changes(books, "Budget,CompanyInfo", FIRST, "{},{}");
	books_set(books, "cdc-extra", "off");
	assert_refused(books, "Budget", FIRST, 500,
		       "Operation CDC for entity Budget is not supported.");
}

static void test_look_back(void **state)
{
	struct books *books = *state;

	assert_changes(books, "Bill", "2011-10-10T09:00:00-07:00", BILL_8);
	books_set(books, "cdc-old", "refused");
	assert_refused(books, "Bill", "2026-01-01T11:59:59-08:00", 2190,
		       "Invalid Date Range : changedSince must not be more than 30 days ago. "
		       "Supplied value:2026-01-01T11:59:59-08:00");
	assert_changes(books, "Bill", "2026-01-01T12:00:00-08:00", BILL_8);
}

/* How many objects each entity of an answer has: "3 0 2"; and the first object's id. */
static void counts_of(struct books *books, const char *entities, struct str *ret_counts,
		      struct str *ret_first)
{
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT), whole = STR_INIT(STR_NO_LIMIT);
	struct json_slice sets, response, list, item;
	struct fault fault;

	assert_true(cdc_run(books->company, entities, "2026-01-01", &out, &fault));
	str_addf(&whole, "{%s}", out.text);
	assert_true(json_check(whole.text, whole.len, NULL));
	str_reset(ret_counts);
	str_reset(ret_first);
	sets = json_find(whole.text, whole.len, "CDCResponse");
	/* one set of one list of responses */
	for (size_t at = 0; json_each(sets, &at, NULL, &item);)
		sets = json_find(item.text, item.len, "QueryResponse");
	for (size_t at = 0; json_each(sets, &at, NULL, &response);) {
		int count = 0;

		for (size_t in = 0, k; json_each(response, &in, NULL, &list);)
			for (k = 0; list.kind == JSON_ARRAY && json_each(list, &k, NULL, &item);) {
				if (count++ == 0 && ret_first->len == 0)
					json_unquote(json_find(item.text, item.len, "Id"),
						     ret_first);
			}
		str_addf(ret_counts, "%s%d", ret_counts->len ? " " : "", count);
	}
}

static void test_cap(void **state)
{
	struct books *books = *state;
	AUTO(str_clear) struct str counts = STR_INIT(STR_NO_LIMIT), first = STR_INIT(STR_NO_LIMIT);
	char id[16], stamp[40];

	for (int i = 0; i < 1300; i++) {
		snprintf(id, sizeof(id), "%d", 2000 + i);
		snprintf(stamp, sizeof(stamp), "2026-01-24T%02d:%02d:00-08:00", i / 60, i % 60);
		books_add(books, i < 700 ? "Estimate" : "Purchase", id, stamp, "");
	}
	counts_of(books, "Estimate,Purchase,Bill", &counts, &first);
	assert_string_equal(counts.text, "700 300 0");
	counts_of(books, "Bill,Purchase,Estimate", &counts, &first);
	assert_string_equal(counts.text, "1 600 399");
	books_set(books, "cdc-cap", "entity");
	counts_of(books, "Estimate,Purchase,Bill", &counts, &first);
	assert_string_equal(counts.text, "700 600 1");
	/* of one entity the oldest changes, deletions among them */
	for (int i = 0; i < 400; i++) {
		snprintf(id, sizeof(id), "%d", 5000 + i);
		add_deleted(books, "Estimate", id, AT("23T11:00"));
	}
	counts_of(books, "Estimate", &counts, &first);
	assert_string_equal(counts.text, "1000");
	assert_string_equal(first.text, "2000");
}

static void test_false_deleted(void **state)
{
	struct books *books = *state;
	AUTO(str_clear) struct str once = STR_INIT(STR_NO_LIMIT), again = STR_INIT(STR_NO_LIMIT);
	struct fault fault;
	int stubs = 0;

	for (int i = 0; i < 100; i++) {
		char id[16];

		snprintf(id, sizeof(id), "%d", 300 + i);
		books_add(books, "Estimate", id, AT("24T10:00"), "");
	}
	assert_true(cdc_run(books->company, "Estimate", "2026-01-01", &once, &fault));
	assert_null(strstr(once.text, "Deleted"));
	books_set(books, "cdc-false-deleted", "on");
	str_reset(&once);
	assert_true(cdc_run(books->company, "Estimate", "2026-01-01", &once, &fault));
	assert_true(cdc_run(books->company, "Estimate", "2026-01-01", &again, &fault));
	assert_string_equal(once.text, again.text);
	for (const char *at = once.text; (at = strstr(at, "Deleted")); at++)
		stubs++;
	assert_true(stubs > 3 && stubs < 40);
}

int test_cdc(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_changes, fill, books_close),
		cmocka_unit_test_setup_teardown(test_refusals, fill, books_close),
		cmocka_unit_test_setup_teardown(test_look_back, fill, books_close),
		cmocka_unit_test_setup_teardown(test_cap, fill, books_close),
		cmocka_unit_test_setup_teardown(test_false_deleted, fill, books_close),
	};

	return cmocka_run_group_tests_name("cdc", tests, NULL, NULL);
}
