/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages of records: by script, and from the simulated ledger while it changes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/random.h"

#include "dialogue.h"
#include "ledger.h"
#include "provider/quickbooks/read.h"
#include "tests.h"

#define TEN "1:0 2:0 3:0 4:0 5:1 6:1 7:2 8:2 9:3 10:3"
#define SMALL "time 10 .. - 1 0 -" /* a position as any other, but for pages of ten */
#define FROM_START "GET query?query=select * from Invoice"
#define ORDER " orderby MetaData.LastUpdatedTime startposition 1 maxresults "
#define SINCE(time) " where MetaData.LastUpdatedTime >= '2026-01-31T04:00:" time "-08:00'"

static bool read(struct dialogue *dialogue, const char *type, const char *position,
		 struct page *page, struct error *err)
{
	return provider_find("quickbooks")
		->read(&dialogue->connection, type_named(type), INT64_MIN, INT64_MAX, position,
		       page, err);
}

static void must_read(struct dialogue *dialogue, const char *type, const char *position,
		      struct page *page)
{
	struct error err = { 0 };

	if (!read(dialogue, type, position, page, &err))
		fail_msg("%s", err.text);
}

/* ---- by script ---- */

static void a_short_page_is_all(void **state)
{
	DIALOGUE(talk, { .request = FROM_START ORDER "1000",
			 .body = body_of("5:0 6:1"),
			 .trace_id = "1-2-3" });
	AUTO(page_clearp) struct page page;

	(void)state;
	page_init(&page);
	must_read(&talk, "Invoice", NULL, &page);
	assert_string_equal(page_ids(type_named("Invoice"), &page), "5 6");
	assert_null(page.position);
	assert_int_equal(page.ledger_ms, DIALOGUE_NOW_MS);
	assert_string_equal(page.trace_id, "1-2-3");
	assert_int_equal(page.gone_count, 0);
	assert_false(page.overflow);
	/* The bytes are the ledger's own. */
	assert_int_equal(strncmp(page.records[0].text, "{\"Id\":\"5\",", 10), 0);
	assert_true(page.records[0].text > page.body.text &&
		    page.records[0].text < page.body.text + page.body.len);
}

static void pages_are_as_large_as_wanted(void **state)
{
	/* wanted, and what is asked for: at least what a position can hold, at most what the ledger gives */
	static const struct { int wanted; const char *asked; } sizes[] = {
		{ 0, FROM_START ORDER "1000" }, { 25, FROM_START ORDER "25" }, { 3, FROM_START ORDER "10" },
		{ 5000, FROM_START ORDER "1000" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		DIALOGUE(talk, { .request = sizes[i].asked, .body = body_of("5:0 6:1") });
		AUTO(page_clearp) struct page page;

		page_init(&page);
		talk.connection.page_max = sizes[i].wanted;
		must_read(&talk, "Invoice", NULL, &page);
		assert_int_equal(page.count, 2);
		assert_null(page.position);
	}
}

static void nothing_there_is_an_empty_page(void **state)
{
	DIALOGUE(talk,
		 { .request =
			   "GET query?query=select * from Term where Active in (true, false)" ORDER
			   "1000",
		   .body = "{\"QueryResponse\":{},\"time\":\"2026-01-31T04:00:01.000-08:00\"}" });
	AUTO(page_clearp) struct page page;

	(void)state;
	page_init(&page);
	must_read(&talk, "Term", NULL, &page);
	assert_int_equal(page.count, 0);
	assert_null(page.position);
	assert_int_equal(page.ledger_ms, DIALOGUE_NOW_MS + 1000);
}

static void bounds_are_whole_seconds_outwards(void **state)
{
	DIALOGUE(talk, { .request = FROM_START
			 " where MetaData.LastUpdatedTime >= '2026-01-31T04:00:00-08:00' and "
			 "MetaData.LastUpdatedTime < '2026-01-31T04:00:11-08:00'" ORDER "1000",
			 .body = body_of("1:3") });
	AUTO(page_clearp) struct page page;

	(void)state;
	page_init(&page);
	assert_true(quickbooks_read(&talk.connection, type_named("Invoice"), DIALOGUE_NOW_MS + 999,
				    DIALOGUE_NOW_MS + 10001, NULL, &page, NULL));
}

static void pages_go_on_from_the_last_second(void **state)
{
	DIALOGUE(
		talk, { .request = FROM_START ORDER "10", .body = body_of(TEN) },
		{ .request = FROM_START SINCE("03") ORDER "10", .body = body_of("9:3 10:3 11:4") });
	AUTO(page_clearp) struct page page;

	(void)state;
	page_init(&page);
	must_read(&talk, "Invoice", SMALL, &page);
	assert_int_equal(page.count, 10);
	assert_non_null(page.position);
	assert_true(page.reached_ms == DIALOGUE_NOW_MS + 3000);
	{
		AUTO(memory_freep) char *position = memory_copy_text(page.position);

		must_read(&talk, "Invoice", position, &page);
	}
	assert_string_equal(page_ids(type_named("Invoice"), &page), "9 10 11");
	assert_null(page.position);
	assert_true(page.reached_ms == INT64_MIN);
}

/* A range may be cut while it is read: from then on it ends earlier. */
static void the_end_may_come_nearer(void **state)
{
	DIALOGUE(talk,
		 { .request = FROM_START " where MetaData.LastUpdatedTime < '2026-01-31T04:00:50-08:00'" ORDER
					 "10", .body = body_of(TEN) },
		 { .request = FROM_START SINCE("03") " and MetaData.LastUpdatedTime < '2026-01-31T04:00:05-08:00'" ORDER
						    "10", .body = body_of("9:3 10:3 11:4") });
	AUTO(page_clearp) struct page page;
	AUTO(memory_freep) char *position = NULL;

	(void)state;
	page_init(&page);
	assert_true(quickbooks_read(&talk.connection, type_named("Invoice"), INT64_MIN, DIALOGUE_NOW_MS + 50000, SMALL, &page,
				    NULL));
	position = memory_copy_text(page.position);
	assert_true(quickbooks_read(&talk.connection, type_named("Invoice"), INT64_MIN, DIALOGUE_NOW_MS + 5000, position, &page,
				    NULL));
	assert_int_equal(page.count, 3);
	assert_null(page.position);
}

static void a_foreign_position_starts_over(void **state)
{
	DIALOGUE(talk, { .request = FROM_START ORDER "1000", .body = body_of("1:0") },
		 { .request = FROM_START ORDER "1000", .body = body_of("1:0") });
	AUTO(page_clearp) struct page page;

	(void)state;
	page_init(&page);
	must_read(&talk, "Invoice", "of an older version", &page);
	must_read(&talk, "Invoice", "places 1000 .. - 5 0 3", &page);
	assert_int_equal(page.count, 1);
}

static const char too_big[] = "{\"Fault\":{\"Error\":[{\"Message\":\"Result Set "
			      "Big\",\"Detail\":\"The result is too large\",\"code\":\"10100\"}]}}";

static void a_page_that_is_too_big_is_halved(void **state)
{
	DIALOGUE(talk, { .request = FROM_START ORDER "1000", .status = 400, .body = too_big },
		 { .request = FROM_START ORDER "500", .status = 500, .body = too_big },
		 { .request = FROM_START ORDER "250", .body = body_of("1:0") },
		 { .request = FROM_START ORDER "10", .status = 400, .body = too_big });
	AUTO(page_clearp) struct page page;
	struct error err = { 0 };

	(void)state;
	page_init(&page);
	must_read(&talk, "Invoice", NULL, &page);
	assert_int_equal(page.count, 1);
	assert_false(read(&talk, "Invoice", SMALL, &page, &err));
	assert_string_equal(err.ledger_code, "10100");
	assert_int_equal(page.count, 0);
}

static void a_type_that_knows_no_active_is_asked_without(void **state)
{
	DIALOGUE(talk,
		 { .request =
			   "GET query?query=select * from Term where Active in (true, false)" ORDER
			   "10",
		   .status = 400,
		   .body = "{\"Fault\":{\"Error\":[{\"Message\":\"Invalid "
			   "query\",\"Detail\":\"QueryValidationError: Property Active "
			   "not found for Entity Term\",\"code\":\"4001\"}]}}" },
		 { .request = "GET query?query=select * from Term" ORDER "10",
		   .body = body_of(TEN) },
		 { .request = "GET query?query=select * from Term" SINCE("03") ORDER "10",
		   .body = body_of("10:3") },
		 /* Any other mistake is not mended by asking for less. */
		 { .request =
			   "GET query?query=select * from Term where Active in (true, false)" ORDER
			   "10",
		   .status = 400,
		   .body = "{\"Fault\":{\"Error\":[{\"Message\":\"Invalid "
			   "query\",\"Detail\":\"invalid context declaration: "
			   "Term\",\"code\":\"4001\"}]}}" });
	AUTO(memory_freep) char *position = NULL;
	AUTO(page_clearp) struct page page;
	struct error err = { 0 };

	(void)state;
	page_init(&page);
	must_read(&talk, "Term", SMALL, &page);
	position = memory_copy_text(page.position);
	must_read(&talk, "Term", position, &page);
	assert_null(page.position);
	assert_false(read(&talk, "Term", SMALL, &page, &err));
	assert_int_equal(err.code, ERROR_INPUT);
}

static void a_refused_token_is_renewed_once(void **state)
{
	static const char refused[] =
		"{\"fault\":{\"error\":[{\"message\":\"message=AuthenticationFailed; "
		"errorCode=003200; "
		"statusCode=401\",\"code\":\"3200\"}],\"type\":\"AUTHENTICATION\"}}";
	DIALOGUE(talk, { .request = FROM_START ORDER "1000", .status = 401, .body = refused },
		 { .request = FROM_START ORDER "1000", .body = body_of("1:0") },
		 { .request = FROM_START ORDER "1000", .status = 401, .body = refused },
		 { .request = FROM_START ORDER "1000",
		   .status = 401,
		   .body = refused,
		   .trace_id = "t" });
	AUTO(page_clearp) struct page page;
	struct error err = { 0 };

	(void)state;
	page_init(&page);
	must_read(&talk, "Invoice", NULL, &page);
	assert_int_equal(talk.renewals, 1);
	assert_int_equal(page.count, 1);
	assert_false(read(&talk, "Invoice", NULL, &page, &err));
	assert_int_equal(talk.renewals, 2);
	assert_int_equal(err.code, ERROR_AUTH);
	assert_string_equal(err.ledger_code, "3200");
	assert_string_equal(err.trace_id, "t");
	assert_int_equal(page.count, 0);
}

static void a_failed_read_is_never_empty(void **state)
{
	DIALOGUE(talk,
		 { .request = FROM_START ORDER "1000",
		   .body = "{\"time\":\"2026-01-31T04:00:00.000-08:00\"}" },
		 { .request = FROM_START ORDER "1000", .body = "{\"QueryResponse\":[]}" },
		 { .request = FROM_START ORDER "1000",
		   .body = "{\"QueryResponse\":{\"Invoice\":[{\"Id\":\"1\"}" },
		 { .request = FROM_START ORDER "1000",
		   .body = "<html></html>",
		   .type = "text/html" },
		 { .request = FROM_START ORDER "1000",
		   .status = 503,
		   .body = "<html></html>",
		   .type = "text/html" },
		 { .request = FROM_START ORDER "10", .body = body_of("1:5 2:4") });
	AUTO(page_clearp) struct page page;

	(void)state;
	page_init(&page);
	for (int i = 0; i < 6; i++) {
		struct error err = { 0 };

		assert_false(read(&talk, "Invoice", i == 5 ? SMALL : NULL, &page, &err));
		assert_int_equal(err.code, ERROR_REMOTE);
		assert_int_equal(page.count, 0);
		assert_null(page.position);
	}
}

static void single_records_have_no_order(void **state)
{
	DIALOGUE(talk, { .request = "GET query?query=select * from Preferences",
			 .body = "{\"QueryResponse\":{\"Preferences\":[{\"Id\":\"1\"}],"
				 "\"maxResults\":1}}" });
	AUTO(page_clearp) struct page page;

	(void)state;
	page_init(&page);
	must_read(&talk, "Preferences", NULL, &page);
	assert_string_equal(page_ids(type_named("Preferences"), &page), "1");
	assert_null(page.position);
	assert_int_equal(page.ledger_ms, DIALOGUE_NOW_MS);
}

static void types_without_time_are_walked_by_places(void **state)
{
	DIALOGUE(talk,
		 { .request = "GET query?query=select * from JournalCode where Active in (true, "
			      "false) startposition 1 maxresults 10",
		   .body = body_of(TEN) },
		 { .request = "GET query?query=select * from JournalCode where Active in (true, "
			      "false) startposition 10 maxresults 10",
		   .body = body_of("10:0 11:0") });
	AUTO(memory_freep) char *position = NULL;
	AUTO(page_clearp) struct page page;

	(void)state;
	page_init(&page);
	must_read(&talk, "JournalCode", "places 10 .. - 1 0 -", &page);
	position = memory_copy_text(page.position);
	must_read(&talk, "JournalCode", position, &page);
	assert_string_equal(page_ids(type_named("JournalCode"), &page), "10 11");
	assert_null(page.position);
}

static void passing_secrets_are_blanked(void **state)
{
	DIALOGUE(talk, { .request = "GET query?query=select * from Attachable" ORDER "1000",
			 .body = "{\"QueryResponse\":{\"Attachable\":[{\"Id\":\"1\","
				 "\"TempDownloadUri\":\"https://s/?sig=secret\","
				 "\"FileName\":\"a\",\"MetaData\":{\"LastUpdatedTime\":\"2026-01-"
				 "31T04:00:00-08:00\"}},{\"Id\":\"2\","
				 "\"ThumbnailTempDownloadUri\":\"\",\"MetaData\":{"
				 "\"LastUpdatedTime\":\"2026-01-31T04:00:00-08:00\"}}]}}" });
	AUTO(page_clearp) struct page page;

	(void)state;
	page_init(&page);
	must_read(&talk, "Attachable", NULL, &page);
	assert_int_equal(page.count, 2);
	assert_null(strstr(page.body.text, "secret"));
	assert_non_null(strstr(page.body.text,
			       "\"TempDownloadUri\":\"                     \",\"FileName\":\"a\""));
	assert_true(json_check(page.body.text, page.body.len, NULL));
}

/* ---- from the simulated ledger ---- */

/* Read all pages between two instants; `between` runs after each page. */
static void pull(struct ledger *ledger, const struct type *type, int64_t from_ms, int64_t to_ms,
		 const char *position, void (*between)(struct ledger *ledger), struct copy *copy)
{
	AUTO(memory_freep) char *place = position ? memory_copy_text(position) : NULL;

	for (int pages = 0;; pages++) {
		AUTO(page_clearp) struct page page;
		struct error err = { 0 };

		page_init(&page);
		if (!quickbooks_read(&ledger->connection, type, from_ms, to_ms, place, &page, &err))
			fail_msg("%s", err.text);
		copy_take(copy, type, &page);
		assert_true(pages < 1000);
		if (!page.position)
			return;
		free(place);
		place = memory_copy_text(page.position);
		if (between)
			between(ledger);
	}
}

static void add_customers(struct ledger *ledger, int count, int per_second)
{
	for (int i = 0; i < count; i++) {
		char name[40];

		snprintf(name, sizeof(name), "Customer %d at %lld", i, (long long)ledger->now_ms);
		ledger_add_customer(ledger, name);
		if (i % per_second == per_second - 1)
			ledger_step(ledger, 1000);
	}
}

static void all_types_of_the_ledger_are_read(void **state)
{
	AUTO(ledger_clear) struct ledger ledger;
	AUTO(catalogue_freep) struct catalogue *catalogue = NULL;
	size_t records = 0;

	(void)state;
	ledger_init(&ledger);
	ledger_step(&ledger, 1000);
	assert_true(catalogue_load(NULL, &catalogue, NULL));
	for (size_t i = 0; i < catalogue_count(catalogue); i++) {
		const struct type *type = catalogue_at(catalogue, i);
		AUTO(page_clearp) struct page page;
		struct error err = { 0 };
		int64_t count = -1;

		page_init(&page);
		if (strcmp(type->provider, "quickbooks") != 0)
			continue;
		if (!quickbooks_read(&ledger.connection, type, INT64_MIN, ledger.now_ms, NULL,
				     &page, &err))
			fail_msg("%s: %s", type->name, err.text);
		assert_true(
			provider_find("quickbooks")->count(&ledger.connection, type, INT64_MIN, INT64_MAX, &count, &err));
		assert_null(page.position);
		assert_int_equal(page.count, count);
		records += page.count;
	}
	assert_true(records > 40);
}

static void ties_larger_than_a_page_are_read(void **state)
{
	const struct type *type = type_named("Customer");
	AUTO(copy_clear) struct copy copy = { 0 }, truth = { 0 };
	AUTO(ledger_clear) struct ledger ledger;

	(void)state;
	ledger_init(&ledger);
	ledger_step(&ledger, 5000);
	add_customers(&ledger, 7, 1);
	add_customers(&ledger, 35, 35);
	add_customers(&ledger, 20, 20);
	add_customers(&ledger, 10, 10);
	add_customers(&ledger, 9, 2);
	ledger_step(&ledger, 5000);
	pull(&ledger, type, INT64_MIN, ledger.now_ms, SMALL, NULL, &copy);
	ledger_truth(&ledger, type, &truth);
	assert_true(truth.count >= 81);
	copy_assert_equal(&copy, &truth);
}

static void bounds_are_kept(void **state)
{
	const struct type *type = type_named("Customer");
	AUTO(copy_clear) struct copy before = { 0 }, copy = { 0 };
	AUTO(ledger_clear) struct ledger ledger;
	int64_t from_ms, to_ms;

	(void)state;
	ledger_init(&ledger);
	ledger_step(&ledger, 5000);
	from_ms = ledger.now_ms;
	add_customers(&ledger, 12, 1);
	to_ms = ledger.now_ms;
	add_customers(&ledger, 5, 1);
	pull(&ledger, type, from_ms, to_ms, NULL, NULL, &copy);
	assert_int_equal(copy.count, 12);
	pull(&ledger, type, INT64_MIN, from_ms, NULL, NULL, &before);
	for (size_t i = 0; i < copy.count; i++)
		assert_false(copy_has(&before, copy.rows[i].id));
}

static struct random dice;

/* Somebody else works meanwhile: changes, adds, switches off. */
static void disturb(struct ledger *ledger)
{
	AUTO(copy_clear) struct copy truth = { 0 };

	ledger_truth(ledger, type_named("Customer"), &truth);
	for (int i = 0; i < 4; i++) {
		const char *id = truth.rows[random_below(&dice, truth.count)].id;

		ledger_touch_customer(ledger, id, random_below(&dice, 8) > 0);
	}
	if (random_below(&dice, 3) == 0)
		add_customers(ledger, 2, 2);
	if (random_below(&dice, 2) == 0)
		ledger_step(ledger, 1000);
}

/*
 * The pull as an engine does it: all up to a frozen bound while records change, then what changed
 * since, with an overlap. At the end nothing is missing and nothing is old.
 */
static void nothing_is_lost_while_records_change(void **state)
{
	const struct type *type = type_named("Customer");

	(void)state;
	for (uint64_t seed = 1; seed <= 8; seed++) {
		AUTO(copy_clear) struct copy copy = { 0 }, truth = { 0 };
		AUTO(ledger_clear) struct ledger ledger;
		int64_t bound_ms, next_ms;

		random_seed(&dice, seed);
		ledger_init(&ledger);
		ledger_step(&ledger, 3600000);
		add_customers(&ledger, 60, seed % 2 ? 1 : 25);
		ledger_step(&ledger, 3600000);
		bound_ms = ledger.now_ms;
		pull(&ledger, type, INT64_MIN, bound_ms, SMALL, disturb, &copy);
		ledger_step(&ledger, 1000);
		next_ms = ledger.now_ms;
		pull(&ledger, type, bound_ms - provider_find("quickbooks")->overlap_ms, next_ms,
		     NULL, NULL, &copy);
		ledger_truth(&ledger, type, &truth);
		copy_assert_equal(&copy, &truth);
	}
}

static void troubles_are_waited_out(void **state)
{
	static const char *const troubles[] = {
		"{\"kind\":\"status\",\"times\":3}",
		"{\"kind\":\"fault\",\"code\":3001,\"times\":2}",
		"{\"kind\":\"cut-before\",\"times\":2}",
		"{\"kind\":\"cut-body\",\"times\":2}",
		"{\"kind\":\"fault\",\"code\":3200,\"times\":1}",
		"{\"kind\":\"fault\",\"code\":10000,\"times\":2}",
		"{\"kind\":\"fault\",\"code\":10100,\"times\":3}",
		"{\"kind\":\"oversize\",\"bytes\":100000}",
		"{\"kind\":\"content-type\",\"content_type\":\"text/plain\"}",
	};
	static const char *const switches[][2] = {
		{ "throttle-form", "json" },	  { "throttle-status", "403" },
		{ "maxresults-over", "refused" }, { "order-by-words", "refused" },
		{ "order-by-id", "refused" },	  { "entity-case", "exact" },
		{ "path-case", "exact" },	  { "url-max", "100" },
		{ "date-zone", "utc" },		  { "retry-after", "on" },
	};
	const struct type *type = type_named("Customer");
	AUTO(copy_clear) struct copy truth = { 0 };
	AUTO(ledger_clear) struct ledger ledger;

	(void)state;
	ledger_init(&ledger);
	ledger_step(&ledger, 5000);
	ledger_truth(&ledger, type, &truth);
	for (size_t round = 0; round <= ARRAY_LEN(switches); round++) {
		if (round > 0)
			ledger_set(&ledger, switches[round - 1][0], switches[round - 1][1]);
		for (size_t i = 0; i < ARRAY_LEN(troubles); i++) {
			AUTO(copy_clear) struct copy copy = { 0 };

			ledger_trouble(&ledger, troubles[i]);
			pull(&ledger, type, INT64_MIN, INT64_MAX, NULL, NULL, &copy);
			copy_assert_equal(&copy, &truth);
		}
	}
	assert_true(ledger.waited_ms > 60000);
	assert_true(ledger.renewals > 0);
}

static void a_page_that_repeats_for_ever_ends(void **state)
{
	const struct type *type = type_named("Customer");
	AUTO(page_clearp) struct page page;
	AUTO(memory_freep) char *place = NULL;
	AUTO(ledger_clear) struct ledger ledger;
	struct error err = { 0 };

	(void)state;
	ledger_init(&ledger);
	ledger_step(&ledger, 5000);
	add_customers(&ledger, 40, 40);
	add_customers(&ledger, 40, 1);
	ledger_trouble(&ledger, "{\"kind\":\"repeat\",\"times\":-1}");
	place = memory_copy_text(SMALL);
	page_init(&page);
	for (int pages = 0;
	     quickbooks_read(&ledger.connection, type, INT64_MIN, INT64_MAX, place, &page, &err);
	     pages++) {
		assert_non_null(page.position);
		assert_true(pages < 50);
		free(place);
		place = memory_copy_text(page.position);
	}
	assert_int_equal(err.code, ERROR_REMOTE);
}

int test_read(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_short_page_is_all),
		cmocka_unit_test(pages_are_as_large_as_wanted),
		cmocka_unit_test(nothing_there_is_an_empty_page),
		cmocka_unit_test(bounds_are_whole_seconds_outwards),
		cmocka_unit_test(pages_go_on_from_the_last_second),
		cmocka_unit_test(the_end_may_come_nearer),
		cmocka_unit_test(a_foreign_position_starts_over),
		cmocka_unit_test(a_page_that_is_too_big_is_halved),
		cmocka_unit_test(a_type_that_knows_no_active_is_asked_without),
		cmocka_unit_test(a_refused_token_is_renewed_once),
		cmocka_unit_test(a_failed_read_is_never_empty),
		cmocka_unit_test(single_records_have_no_order),
		cmocka_unit_test(types_without_time_are_walked_by_places),
		cmocka_unit_test(passing_secrets_are_blanked),
		cmocka_unit_test(all_types_of_the_ledger_are_read),
		cmocka_unit_test(ties_larger_than_a_page_are_read),
		cmocka_unit_test(bounds_are_kept),
		cmocka_unit_test(nothing_is_lost_while_records_change),
		cmocka_unit_test(troubles_are_waited_out),
		cmocka_unit_test(a_page_that_repeats_for_ever_ends),
	};

	return cmocka_run_group_tests_name("read", tests, NULL, NULL);
}
