/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Listing all that exists, with as little as the ledger lets. */
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

#include "dialogue.h"
#include "ledger.h"
#include "tests.h"

#define IDS "GET query?query=select Id, SyncToken, MetaData.LastUpdatedTime from Invoice"
#define ALL "GET query?query=select * from Invoice"
#define ORDER(size) " orderby MetaData.LastUpdatedTime startposition 1 maxresults " size
#define TEN "1:0 2:0 3:0 4:0 5:1 6:1 7:2 8:2 9:3 10:3"

static const char no_columns[] =
	"{\"Fault\":{\"Error\":[{\"Message\":\"Error parsing "
	"query\",\"Detail\":\"QueryParserError: "
	"Encountered Id\",\"code\":\"4000\"}],\"type\":\"ValidationFault\"}}";

static bool sweep(struct connection *connection, const char *type, const char *position,
		  struct page *page, struct error *err)
{
	return connection->provider->sweep(connection, type_named(type), position, page, err);
}

static void ids_and_versions_are_enough(void **state)
{
	DIALOGUE(talk, { .request = IDS ORDER("10"), .body = body_of(TEN) },
		 { .request = IDS
		   " where MetaData.LastUpdatedTime >= '2026-01-31T04:00:03-08:00'" ORDER("10"),
		   .body = body_of("9:3 10:3") });
	AUTO(memory_freep) char *position = NULL;
	AUTO(page_clearp) struct page page;

	(void)state;
	page_init(&page);
	assert_true(sweep(&talk.connection, "Invoice", "time 10 .. - 1 0 -", &page, NULL));
	assert_int_equal(page.count, 10);
	position = memory_copy_text(page.position);
	assert_true(sweep(&talk.connection, "Invoice", position, &page, NULL));
	assert_null(page.position);
}

static void a_refused_list_of_columns_is_given_up(void **state)
{
	DIALOGUE(talk, { .request = IDS ORDER("10"), .status = 400, .body = no_columns },
		 { .request = ALL ORDER("10"), .body = body_of(TEN) },
		 /* And not tried again with the next page. */
		 { .request = ALL
		   " where MetaData.LastUpdatedTime >= '2026-01-31T04:00:03-08:00'" ORDER("10"),
		   .body = body_of("9:3 10:3") });
	AUTO(memory_freep) char *position = NULL;
	AUTO(page_clearp) struct page page;

	(void)state;
	page_init(&page);
	assert_true(sweep(&talk.connection, "Invoice", "time 10 .. - 1 0 -", &page, NULL));
	assert_int_equal(page.count, 10);
	position = memory_copy_text(page.position);
	assert_true(sweep(&talk.connection, "Invoice", position, &page, NULL));
	assert_null(page.position);
}

static void columns_that_do_not_come_are_given_up(void **state)
{
	DIALOGUE(talk,
		 { .request = IDS ORDER("1000"),
		   .body = "{\"QueryResponse\":{\"Invoice\":[{\"Id\":\"1\",\"SyncToken\":\"0\","
			   "\"sparse\":true}]}}" },
		 { .request = ALL ORDER("1000"), .body = body_of("1:0") });
	AUTO(page_clearp) struct page page;

	(void)state;
	page_init(&page);
	assert_true(sweep(&talk.connection, "Invoice", NULL, &page, NULL));
	assert_string_equal(page_ids(type_named("Invoice"), &page), "1");
}

static void a_refusal_of_everything_stays_one(void **state)
{
	DIALOGUE(talk, { .request = IDS ORDER("1000"), .status = 400, .body = no_columns },
		 { .request = ALL ORDER("1000"), .status = 400, .body = no_columns });
	AUTO(page_clearp) struct page page;
	struct error err = { 0 };

	(void)state;
	page_init(&page);
	assert_false(sweep(&talk.connection, "Invoice", NULL, &page, &err));
	assert_int_equal(err.code, ERROR_INPUT);
	assert_string_equal(err.ledger_code, "4000");
}

static void records_inside_others_are_listed_whole(void **state)
{
	DIALOGUE(talk, { .request = "GET query?query=select * from RecurringTransaction "
				    "startposition 1 maxresults 1000",
			 .body = "{\"QueryResponse\":{\"RecurringTransaction\":[{\"Invoice\":{"
				 "\"Id\":\"1\"}}]}}" });
	AUTO(page_clearp) struct page page;

	(void)state;
	page_init(&page);
	assert_true(sweep(&talk.connection, "RecurringTransaction", NULL, &page, NULL));
	assert_int_equal(page.count, 1);
	assert_null(page.position);
}

/* ---- from the simulated ledger ---- */

static void sweep_all(struct ledger *ledger, const struct type *type, const char *position,
		      struct copy *copy)
{
	AUTO(memory_freep) char *place = position ? memory_copy_text(position) : NULL;

	for (int pages = 0; pages < 1000; pages++) {
		AUTO(page_clearp) struct page page;
		struct error err = { 0 };

		page_init(&page);
		if (!ledger->connection.provider->sweep(&ledger->connection, type, place, &page,
							&err))
			fail_msg("%s: %s", type->name, err.text);
		if (strcmp(type->key, "Id") == 0)
			copy_take(copy, type, &page);
		if (!page.position)
			return;
		free(place);
		place = memory_copy_text(page.position);
	}
	fail_msg("a sweep without end");
}

static void everything_that_exists_is_listed(void **state)
{
	static const char *const answers[] = { "sparse", "refused" };
	AUTO(catalogue_freep) struct catalogue *catalogue = NULL;
	AUTO(ledger_clear) struct ledger ledger;
	char name[20] = "Customer _";

	(void)state;
	assert_true(catalogue_load(NULL, &catalogue, NULL));
	ledger_init(&ledger);
	ledger_step(&ledger, 5000);
	for (int i = 0; i < 26; i++) {
		name[9] = (char)('a' + i);
		ledger_add_customer(&ledger, name);
		ledger_step(&ledger, i % 13 == 0 ? 1000 : 0);
	}
	for (size_t round = 0; round < ARRAY_LEN(answers); round++) {
		ledger_set(&ledger, "projection", answers[round]);
		for (size_t i = 0; i < catalogue_count(catalogue); i++) {
			const struct type *type = catalogue_at(catalogue, i);
			AUTO(copy_clear) struct copy copy = { 0 }, truth = { 0 };

			if (strcmp(type->provider, "quickbooks") != 0)
				continue;
			sweep_all(&ledger, type,
				  type->reading == TYPE_BY_TIME ? "time 10 .. - 1 0 -" : NULL,
				  &copy);
			if (type->reading != TYPE_BY_TIME)
				continue;
			ledger_truth(&ledger, type, &truth);
			copy_assert_equal(&copy, &truth);
		}
	}
}

static void what_was_deleted_is_missing(void **state)
{
	const struct type *type = type_named("Invoice");
	AUTO(copy_clear) struct copy before = { 0 }, after = { 0 };
	AUTO(ledger_clear) struct ledger ledger;
	char gone[64];

	(void)state;
	ledger_init(&ledger);
	ledger_step(&ledger, 5000);
	ledger_add_invoice(&ledger, ledger_add_customer(&ledger, "Deletes"));
	sweep_all(&ledger, type, NULL, &before);
	memcpy(gone, before.rows[before.count - 1].id, sizeof(gone));
	ledger_delete_invoice(&ledger, gone);
	sweep_all(&ledger, type, NULL, &after);
	assert_int_equal(after.count, before.count - 1);
	assert_false(copy_has(&after, gone));
}

int test_sweep(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_and_versions_are_enough),
		cmocka_unit_test(a_refused_list_of_columns_is_given_up),
		cmocka_unit_test(columns_that_do_not_come_are_given_up),
		cmocka_unit_test(a_refusal_of_everything_stays_one),
		cmocka_unit_test(records_inside_others_are_listed_whole),
		cmocka_unit_test(everything_that_exists_is_listed),
		cmocka_unit_test(what_was_deleted_is_missing),
	};

	return cmocka_run_group_tests_name("sweep", tests, NULL, NULL);
}
