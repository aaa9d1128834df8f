/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts of queries, and how they travel. */
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"

#include "dialogue.h"
#include "provider/quickbooks/query.h"
#include "tests.h"

#define NOW_S (DIALOGUE_NOW_MS / 1000)

static const char *text_of(const struct query *query)
{
	static char text[4096];
	AUTO(str_clear) struct str out = STR_INIT(sizeof(text) - 1);

	query_add_text(query, &out);
	memcpy(text, out.text, out.len + 1);
	return text;
}

static void queries_ask_for_what_is_wanted(void **state)
{
	struct query invoices = {
		.type = type_named("Invoice"), .by_time = true, .from_s = NOW_S, .to_s = INT64_MAX
	};
	struct query customers = { .type = type_named("Customer"),
				   .by_time = true,
				   .from_s = INT64_MIN,
				   .to_s = NOW_S,
				   .start = 1,
				   .size = 1000 };
	struct query ids = { .type = type_named("Item"),
			     .ids_only = true,
			     .by_time = true,
			     .from_s = NOW_S,
			     .to_s = NOW_S + 1,
			     .start = 1001,
			     .size = 500 };
	struct query count = { .type = type_named("Vendor"), .count = true };
	struct query single = { .type = type_named("CompanyInfo") };

	(void)state;
	assert_string_equal(text_of(&invoices),
			    "select * from Invoice where MetaData.LastUpdatedTime >= "
			    "'2026-01-31T04:00:00-08:00' orderby MetaData.LastUpdatedTime");
	assert_string_equal(
		text_of(&customers),
		"select * from Customer where MetaData.LastUpdatedTime < "
		"'2026-01-31T04:00:00-08:00' and Active in "
		"(true, false) orderby MetaData.LastUpdatedTime startposition 1 maxresults 1000");
	customers.without_active = true;
	assert_null(strstr(text_of(&customers), "Active"));
	assert_string_equal(text_of(&ids),
			    "select Id, SyncToken, MetaData.LastUpdatedTime from Item where "
			    "MetaData.LastUpdatedTime >= "
			    "'2026-01-31T04:00:00-08:00' and MetaData.LastUpdatedTime < "
			    "'2026-01-31T04:00:01-08:00' and Active "
			    "in (true, false) orderby MetaData.LastUpdatedTime startposition 1001 "
			    "maxresults 500");
	assert_string_equal(text_of(&count),
			    "select count(*) from Vendor where Active in (true, false)");
	assert_string_equal(text_of(&single), "select * from CompanyInfo");
}

static void times_are_instants_with_an_offset(void **state)
{
	static const struct {
		int64_t seconds;
		const char *text;
	} cases[] = {
		{ 0, "'1969-12-31T16:00:00-08:00'" },
		{ NOW_S, "'2026-01-31T04:00:00-08:00'" },
		{ INT64_C(951782400), "'2000-02-28T16:00:00-08:00'" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(str_clear) struct str out = STR_INIT(100);

		query_add_time(&out, cases[i].seconds);
		assert_string_equal(out.text, cases[i].text);
	}
}

static void rows_that_are_no_query_are_refused(void **state)
{
	AUTO(catalogue_freep)
	struct catalogue *catalogue =
		catalogue_of("provider = quickbooks\nkey = Id\n"
			     "[A]\nquery = Invoice where\n[B]\nquery = x'y\n[C]\nquery = c\ntime = "
			     "*.Time\n[D]\nquery = d\nactive = a-b\n");
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct query query = { .type = catalogue_at(catalogue, i), .by_time = i == 2 };

		assert_false(query_can(&query, &err));
		assert_int_equal(err.code, ERROR_INPUT);
		assert_int_equal(strncmp(err.text, "rows:", 5), 0);
	}
}

static void counts_are_read(void **state)
{
	DIALOGUE(good,
		 { .request = "GET query?query=select count(*) from Customer where Active in "
			      "(true, false)",
		   .body = "{\"QueryResponse\":{\"totalCount\":1234567},\"time\":\"2026-01-31T04:"
			   "00:00.000-08:00\"}" },
		 { .request = "GET query?query=select count(*) from Invoice",
		   .body = "{\"QueryResponse\":{}}" },
		 { .request = "GET query?query=select count(*) from Invoice",
		   .body = "{\"QueryResponse\":{\"totalCount\":1.5}}" },
		 { .request = "GET query?query=select count(*) from Invoice",
		   .body = "{\"QueryResponse\":{\"totalCount\":-1}}" });
	int64_t count = 0;
	struct error err = { 0 };

	(void)state;
	assert_true(quickbooks_count(&good.connection, type_named("Customer"), INT64_MIN, INT64_MAX, &count, &err));
	assert_int_equal(count, 1234567);
	for (int i = 0; i < 3; i++) {
		assert_false(
			quickbooks_count(&good.connection, type_named("Invoice"), INT64_MIN, INT64_MAX, &count, &err));
		assert_int_equal(err.code, ERROR_REMOTE);
	}
	assert_int_equal(count, 1234567);
}

/* Of a range: the same bounds as those of its pages, outwards to whole seconds. */
static void ranges_are_counted(void **state)
{
	DIALOGUE(good,
		 { .request = "GET query?query=select count(*) from Customer where "
			      "MetaData.LastUpdatedTime >= '2026-01-31T04:00:00-08:00' and "
			      "MetaData.LastUpdatedTime < '2026-01-31T04:00:08-08:00' and Active in "
			      "(true, false)",
		   .body = "{\"QueryResponse\":{\"totalCount\":3}}" },
		 { .request = "GET query?query=select count(*) from Invoice where "
			      "MetaData.LastUpdatedTime >= '2026-01-31T04:00:01-08:00'",
		   .body = "{\"QueryResponse\":{\"totalCount\":4}}" });
	int64_t count = 0;
	struct error err = { 0 };

	(void)state;
	assert_true(quickbooks_count(&good.connection, type_named("Customer"), DIALOGUE_NOW_MS + 999,
				     DIALOGUE_NOW_MS + 7001, &count, &err));
	assert_int_equal(count, 3);
	assert_true(quickbooks_count(&good.connection, type_named("Invoice"), DIALOGUE_NOW_MS + 1000, INT64_MAX,
				     &count, &err));
	assert_int_equal(count, 4);
}

#define LONG_LINE "x123456789x123456789x123456789x123456789x123456789x123456789x123456789x123456789"

static void long_queries_are_posted(void **state)
{
	DIALOGUE(refused,
		 { .request = "GET query?query=select count(*) from Invoice",
		   .status = 414,
		   .body = "<html>URI Too Long</html>",
		   .type = "text/html" },
		 { .request = "POST query",
		   .sent = "select count(*) from Invoice",
		   .body = "{\"QueryResponse\":{\"totalCount\":5}}" });
	int64_t count = 0;
	struct error err = { 0 };

	(void)state;
	assert_true(quickbooks_count(&refused.connection, type_named("Invoice"), INT64_MIN, INT64_MAX, &count, &err));
	assert_int_equal(count, 5);
	{
		AUTO(str_clear)
		struct str rows = STR_INIT(STR_NO_LIMIT),
			   name = STR_INIT(STR_NO_LIMIT), sent = STR_INIT(STR_NO_LIMIT);
		AUTO(catalogue_freep) struct catalogue *catalogue = NULL;
		struct step step = { .request = "POST query",
				     .body = "{\"QueryResponse\":{\"totalCount\":6}}" };
		AUTO(dialogue_clear) struct dialogue posted;

		for (int i = 0; i < 45; i++)
			str_add(&name, LONG_LINE);
		str_addf(&rows, "provider = quickbooks\nkey = Id\n[A]\nquery = %s\n", name.text);
		str_addf(&sent, "select count(*) from %s", name.text);
		step.sent = sent.text;
		catalogue = catalogue_of(rows.text);
		dialogue_init(&posted, &step, 1);
		assert_true(quickbooks_count(&posted.connection, catalogue_at(catalogue, 0), INT64_MIN, INT64_MAX,
					     &count, &err));
		assert_int_equal(count, 6);
	}
}

int test_query(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(queries_ask_for_what_is_wanted),
		cmocka_unit_test(times_are_instants_with_an_offset),
		cmocka_unit_test(rows_that_are_no_query_are_refused),
		cmocka_unit_test(counts_are_read),
		cmocka_unit_test(ranges_are_counted),
		cmocka_unit_test(long_queries_are_posted),
	};

	return cmocka_run_group_tests_name("query", tests, NULL, NULL);
}
