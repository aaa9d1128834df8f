/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every statement can be prepared, has no gaps in its parameters, and finds its rows by an index. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "store/query.h"

#include "tests.h"

static void prepare_all(struct store *store)
{
	for (int i = 0; i < STATEMENT_COUNT; i++) {
		struct query query = query_start(store, (enum statement)i);
		struct error err = { 0 };

		if (query.result != SQLITE_OK)
			fail_msg("'%s': %s", statement_text((enum statement)i), sqlite3_errmsg(store->db));
		for (int k = 1; k <= sqlite3_bind_parameter_count(query.statement); k++) {
			char name[16];

			snprintf(name, sizeof(name), "?%d", k);
			if (sqlite3_bind_parameter_index(query.statement, name) != k)
				fail_msg("'%s' has no %s", statement_text((enum statement)i), name);
		}
		expect_ok(query_end(&query, &err), &err);
	}
}

static void all_can_be_prepared(void **state)
{
	AUTO(books_clear) struct books books;

	(void)state;
	books_init(&books);
	prepare_all(books.store);
}

/* As a program made it whose newest format that was. */
static void make_older(const struct place *place, size_t format)
{
	AUTO(str_clear) struct str sql = STR_INIT(STR_NO_LIMIT);

	/* The mode of its pages is set while it is empty. */
	str_add(&sql, "PRAGMA page_size = 16384; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA application_id = 0x4c44434b;");
	for (size_t i = 0; i < format; i++)
		str_add(&sql, schema_step(i));
	str_addf(&sql, "INSERT INTO meta (name, value) VALUES ('uuid', x'30'), ('epoch', x'31'); PRAGMA user_version = %zu", format);
	place_sql(place, sql.text);
}

/* Indexes that statements name are there, too. */
static void all_can_be_prepared_in_a_file_of_any_older_format(void **state)
{
	(void)state;
	for (size_t format = 1; schema_step(format); format++) {
		AUTO(place_clear) struct place place;
		AUTO(store_closep) struct store *store = NULL;

		place_init(&place);
		make_older(&place, format);
		store = place_open(&place, STORE_CREATE);
		prepare_all(store);
	}
}

/* These read tables that stay small, or all there is because that is what they are for. */
static bool may_scan(int statement)
{
	switch (statement) {
	case STORE_COUNTS:
	case RESTORE_OBJECTS:
	case RESTORE_LEASES:
	case RESTORE_INTENTS:
	case RESTORE_REFRESHES:
	case ACCOUNT_ALL:
	case OBJECT_ALL:
	case OBJECT_DUE:
	case OBJECT_NEXT:
	case CONNECT_GET:
	case DICTIONARY_OF:
	case HISTORY_SIZE:
	case LEASE_ALL:
	case METER_GET:
	case METER_SUM:
	case ATTEMPT_DAYS:
	case ATTEMPT_TRIM:
	case ATTEMPT_RUNNING:
	case PARKED_CAUSES:
	case AUDIT_LAST:
	case ORGANIZATION_ALL:
	case PLAN_ALL:
	case PLAN_FIND:
	case PLAN_SWEEP:
	case PLAN_SWEEP_LINES:
	case INTENT_BY_ID:
	case REQUEST_FIND:
	case REQUEST_COUNT:
	case INTENT_NEXT:
	case INTENT_SENDING_OF:
	case AUDIT_VERIFY:
	case SEALED_TRIM:
	case SESSION_ALL:
	case SESSION_FIND:
	case FEED_ALL:
	case RECORD_ROW_THEN: /* of that one record */
		return true;
	default:
		return false;
	}
}

static void rows_are_found_by_an_index(void **state)
{
	AUTO(books_clear) struct books books;

	(void)state;
	books_init(&books);
	for (int i = 0; i < STATEMENT_COUNT; i++) {
		AUTO(str_clear) struct str sql = STR_INIT(4000);
		struct query query;

		str_addf(&sql, "EXPLAIN QUERY PLAN %s", statement_text((enum statement)i));
		query = query_of_text(books.store, sql.text);
		while (query_next(&query)) {
			const char *step = row_text(&query, 3);

			/* What has changed is found first, and then all of that is looked at. */
			if (strcmp(step, "SCAN firsts") == 0 || strcmp(step, "SCAN changed") == 0)
				continue;
			if (strncmp(step, "SCAN", 4) == 0 && strncmp(step, "SCAN CONSTANT", 13) != 0 && !may_scan(i))
				fail_msg("'%s': %s", statement_text((enum statement)i), step);
		}
		assert_true(query_end(&query, NULL));
	}
}

/* Whoever reads on, portion by portion, does not wait each time until all that is left is sorted. */
static void portions_come_in_the_order_of_an_index(void **state)
{
	static const enum statement portions[] = { RESOURCE_LIST, RESOURCE_LIST_OF_TYPE, RESOURCE_NUMBERS, RESOURCE_EDITED,
						   PLAN_LINES, INTENT_LIST, INTENT_LIST_OF, INTENT_OWED, INTENT_OWED_OF, INTENT_OF_PLAN,
						   INTENT_OF_RESOURCE, REQUEST_LIST, REQUEST_OPEN, AUDIT_OLDER, AUDIT_NEWER,
						   SESSION_ALL, SESSION_ALL_OF, SESSION_ITEM_LIST, SESSION_ITEM_UNMATCHED,
						   SESSION_MATCH_LIST, SESSION_EXCEPTION_LIST, SESSION_NOTE_LIST_OF, SESSION_ACT_LAST,
						   TOUCHED_NEXT };
	AUTO(books_clear) struct books books;

	(void)state;
	books_init(&books);
	for (size_t i = 0; i < ARRAY_LEN(portions); i++) {
		AUTO(str_clear) struct str sql = STR_INIT(4000);
		struct query query;

		str_addf(&sql, "EXPLAIN QUERY PLAN %s", statement_text(portions[i]));
		query = query_of_text(books.store, sql.text);
		while (query_next(&query))
			if (strstr(row_text(&query, 3), "TEMP B-TREE"))
				fail_msg("'%s': %s", statement_text(portions[i]), row_text(&query, 3));
		assert_true(query_end(&query, NULL));
	}
}

/* What belongs to an account or object asks for it before anything else. */
static void the_account_comes_first(void **state)
{
	static const enum statement of_records[] = { RECORD_FIND, RECORD_GONE, RECORD_GET, RECORD_RAW, HISTORY_LIST, SWEEP_CLEAR,
						     SWEEP_MISSING, SWEEP_MISSING_COUNT, SWEEP_UNKNOWN, OBJECT_COUNTS,
						     OBJECT_PARKED };
	static const enum statement of_accounts[] = { SEALED_TRIM, SEALED_GET, SEALED_DROP, OBJECT_GET, LEASE_GET,
						      LEASE_RENEW, BREAKER_GET, SESSION_GET, SESSION_STATE, SESSION_SAVE,
						      SESSION_SAME, SESSION_WATCHED, SESSION_ROUND, SESSION_READ, TOUCHED_NEXT,
						      TOUCHED_DROP };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(of_records); i++)
		if (!strstr(statement_text(of_records[i]), "WHERE object = ?1"))
			fail_msg("'%s'", statement_text(of_records[i]));
	for (size_t i = 0; i < ARRAY_LEN(of_accounts); i++)
		if (!strstr(statement_text(of_accounts[i]), "WHERE account_id = ?1"))
			fail_msg("'%s'", statement_text(of_accounts[i]));
}

int test_statements(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_can_be_prepared),
		cmocka_unit_test(all_can_be_prepared_in_a_file_of_any_older_format),
		cmocka_unit_test(rows_are_found_by_an_index),
		cmocka_unit_test(portions_come_in_the_order_of_an_index),
		cmocka_unit_test(the_account_comes_first),
	};

	return cmocka_run_group_tests_name("statements", tests, NULL, NULL);
}
