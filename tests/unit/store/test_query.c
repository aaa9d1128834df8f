/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Binding, reading, failures that are asked for once, and what they say to a person. */
#include <errno.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "store/query.h"

#include "tests.h"

static void what_is_bound_comes_back(void **state)
{
	static const int64_t numbers[] = { 0, 1, -1, INT64_MAX, INT64_MIN };
	AUTO(books_clear) struct books books;
	struct error err = { 0 };
	struct query query;

	(void)state;
	books_init(&books);
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		query = query_of_text(books.store, "SELECT ?, ?, ?, ?, ?, ?");
		query_integer(&query, numbers[i]);
		query_text(&query, "text");
		query_text(&query, NULL);
		query_text_len(&query, "cut here", 3);
		query_blob(&query, "\0\1\2", 3);
		query_blob(&query, NULL, 0);
		assert_true(query_next(&query));
		assert_true(row_integer(&query, 0) == numbers[i]);
		assert_string_equal(row_text(&query, 1), "text");
		assert_true(row_is_null(&query, 2));
		assert_string_equal(row_text(&query, 2), "");
		assert_int_equal(row_len(&query, 2), 0);
		assert_string_equal(row_text(&query, 3), "cut");
		assert_int_equal(row_len(&query, 4), 3);
		assert_memory_equal(row_blob(&query, 4), "\0\1\2", 3);
		assert_false(row_is_null(&query, 5));
		assert_int_equal(row_len(&query, 5), 0);
		assert_non_null(row_blob(&query, 5));
		assert_false(query_next(&query));
		expect_ok(query_end(&query, &err), &err);
	}
}

static void texts_are_copied_as_far_as_they_fit(void **state)
{
	AUTO(books_clear) struct books books;
	struct error err = { 0 };
	struct query query;
	char out[5];

	(void)state;
	books_init(&books);
	query = query_of_text(books.store, "SELECT '1234', '12345', NULL");
	assert_true(query_next(&query));
	row_copy(&query, 0, out, sizeof(out));
	assert_string_equal(out, "1234");
	row_copy(&query, 1, out, sizeof(out));
	assert_string_equal(out, "1234");
	row_copy(&query, 2, out, sizeof(out));
	assert_string_equal(out, "");
	expect_ok(query_end(&query, &err), &err);
}

/* A statement of the table is used again and again; nothing of the last time is left in it. */
static void statements_are_used_again(void **state)
{
	AUTO(books_clear) struct books books;
	struct error err = { 0 };
	struct query query;

	(void)state;
	books_init(&books);
	expect_ok(store_set(books.store, "a", "1", 1, &err), &err);
	for (int i = 0; i < 3; i++) {
		query = query_start(books.store, META_GET);
		query_text(&query, "a");
		assert_true(query_next(&query));
		expect_ok(query_end(&query, &err), &err);
		query = query_start(books.store, META_GET);
		assert_false(query_next(&query));
		expect_ok(query_end(&query, &err), &err);
	}
}

static void the_first_failure_is_told_at_the_end(void **state)
{
	AUTO(books_clear) struct books books;
	struct error err = { 0 };
	struct query query;

	(void)state;
	books_init(&books);
	query = query_of_text(books.store, "SELECT absent FROM nowhere");
	query_integer(&query, 1);
	query_text(&query, "x");
	assert_false(query_next(&query));
	assert_false(query_next(&query));
	expect_error(query_end(&query, &err), &err, ERROR_STORE, "no such table: nowhere");
	query = query_of_text(books.store, "SELECT ?");
	query_integer(&query, 1);
	query_integer(&query, 2);
	assert_false(query_next(&query));
	assert_false(query_end(&query, &err));
	assert_int_equal(err.code, ERROR_STORE);
	query = query_of_text(books.store, "INSERT INTO object (account_id, type) VALUES ('nobody', 'x')");
	expect_error(query_run(&query, &err), &err, ERROR_STORE, "FOREIGN KEY");
	query = query_of_text(books.store, "SELECT 1");
	assert_true(query_next(&query));
	expect_ok(query_end(&query, &err), &err);
}

static void changes_are_counted(void **state)
{
	AUTO(books_clear) struct books books;
	struct error err = { 0 };
	struct query query;

	(void)state;
	books_init(&books);
	query = query_of_text(books.store, "UPDATE account SET state = 2");
	assert_false(query_next(&query));
	assert_int_equal(query_changes(&query), BOOKS_ACCOUNTS);
	expect_ok(query_end(&query, &err), &err);
	query = query_of_text(books.store, "UPDATE account SET state = 2 WHERE id = 'x'");
	assert_false(query_next(&query));
	assert_int_equal(query_changes(&query), 0);
	expect_ok(query_end(&query, &err), &err);
}

static void numbers_and_plain_statements(void **state)
{
	AUTO(books_clear) struct books books;
	struct error err = { 0 };
	int64_t number = 7;

	(void)state;
	books_init(&books);
	expect_ok(query_number(books.store, "SELECT 42", &number, &err), &err);
	assert_int_equal(number, 42);
	expect_ok(query_number(books.store, "SELECT 1 WHERE 0", &number, &err), &err);
	assert_int_equal(number, 0);
	number = 7;
	expect_error(query_number(books.store, "SELECT absent", &number, &err), &err, ERROR_STORE, "absent");
	assert_int_equal(number, 7);
	expect_ok(query_execute(books.store, "UPDATE account SET state = 1; UPDATE account SET state = 2", &err), &err);
	expect_error(query_execute(books.store, "UPDATE nowhere SET a = 1", &err), &err, ERROR_STORE, "nowhere");
}

static void failures_say_what_to_do(void **state)
{
	static const struct {
		int result;
		const char *part;
	} cases[] = {
		{ SQLITE_BUSY, "is being written by another process; try again" },
		{ SQLITE_BUSY_SNAPSHOT, "is being written by another process" },
		{ SQLITE_LOCKED, "is being written by another process" },
		{ SQLITE_FULL, "is full; nothing was lost, free some space" },
		{ SQLITE_READONLY, "cannot be written; check its permissions" },
		{ SQLITE_READONLY_DBMOVED, "cannot be written" },
		{ SQLITE_CANTOPEN, "cannot be opened; check its permissions" },
		{ SQLITE_CANTOPEN_ISDIR, "cannot be opened" },
		{ SQLITE_CORRUPT, "is damaged; restore a backup" },
		{ SQLITE_CORRUPT_INDEX, "is damaged" },
		{ SQLITE_NOTADB, "is not a ledgerdeck file" },
		{ SQLITE_IOERR_READ, "the disk that holds" },
		{ SQLITE_PERM, "no permission" },
		{ SQLITE_AUTH, "no permission" },
		{ SQLITE_ERROR, "'" },
	};
	AUTO(books_clear) struct books books;

	(void)state;
	books_init(&books);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct error err = { 0 };

		expect_error(store_failed(books.store, cases[i].result, &err), &err, ERROR_STORE, cases[i].part);
		assert_non_null(strstr(err.text, books.place.path));
	}
}

int test_query(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_bound_comes_back),
		cmocka_unit_test(texts_are_copied_as_far_as_they_fit),
		cmocka_unit_test(statements_are_used_again),
		cmocka_unit_test(the_first_failure_is_told_at_the_end),
		cmocka_unit_test(changes_are_counted),
		cmocka_unit_test(numbers_and_plain_statements),
		cmocka_unit_test(failures_say_what_to_do),
	};

	return cmocka_run_group_tests_name("query", tests, NULL, NULL);
}
