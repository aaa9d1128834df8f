/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One reading statement for people: cells as text, and nothing that writes. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"

#include "tests.h"

/* Heads and rows in one text: "a|b;1|NULL;". */
struct answer {
	struct str text;
	int rows, most; /* stop after so many; 0: never */
	bool no_rows;   /* stop at the head */
};

static void add_cells(struct answer *answer, size_t count, const char *const *cells)
{
	for (size_t i = 0; i < count; i++)
		str_addf(&answer->text, "%s%s", i ? "|" : "", cells[i] ? cells[i] : "NULL");
	str_add(&answer->text, ";");
}

static bool take_head(void *ctx, size_t count, const char *const *names)
{
	struct answer *answer = ctx;

	add_cells(answer, count, names);
	return !answer->no_rows;
}

static bool take_row(void *ctx, size_t count, const char *const *values)
{
	struct answer *answer = ctx;

	add_cells(answer, count, values);
	return ++answer->rows != answer->most;
}

static void answer_clear(struct answer *answer)
{
	str_clear(&answer->text);
}

static void expect_answer(struct store *store, const char *sql, const char *expected)
{
	AUTO(answer_clear) struct answer answer = { .text = STR_INIT(100000) };
	struct error err = { 0 };

	if (!store_inspect(store, sql, take_head, take_row, &answer, &err))
		fail_msg("'%s': %s", sql, err.text);
	assert_string_equal(answer.text.text, expected);
}

static void expect_no_answer(struct store *store, const char *sql, const char *part)
{
	AUTO(answer_clear) struct answer answer = { .text = STR_INIT(100000) };
	struct error err = { 0 };

	if (store_inspect(store, sql, take_head, take_row, &answer, &err))
		fail_msg("'%s' was carried out", sql);
	if (err.code != ERROR_INPUT || !strstr(err.text, part))
		fail_msg("'%s': expected '%s', got code %d and '%s'", sql, part, (int)err.code, err.text);
	assert_int_equal(answer.rows, 0);
}

static void cells_come_as_text(void **state)
{
	AUTO(books_clear) struct books books;

	(void)state;
	books_init(&books);
	expect_answer(books.store, "SELECT 1 AS one, 'x' AS two, NULL AS three, 2.5, x'00ff' AS five",
		      "one|two|three|2.5|five;1|x|NULL|2.5|x'00ff';");
	expect_answer(books.store, "SELECT name FROM account ORDER BY name", "name;Acme Trading;Bolt Works;");
	expect_answer(books.store, "SELECT wrapped_key FROM account LIMIT 1", "wrapped_key;x'6b6579';");
	expect_answer(books.store, "SELECT name FROM account WHERE 0", "name;");
	expect_answer(books.store, "  SELECT 1 AS a ; ; -- and no more\n /* really */", "a;1;");
	expect_answer(books.store, "VALUES (1, 2)", "column1|column2;1|2;");
	expect_answer(books.store, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT i FROM n",
		      "i;1;2;3;");
	expect_answer(books.store, "PRAGMA application_id", "application_id;1279542091;");
	expect_answer(books.store, "PRAGMA table_info(meta)",
		      "cid|name|type|notnull|dflt_value|pk;0|name|TEXT|1|NULL|1;1|value|BLOB|1|NULL|0;");
}

static void who_asks_can_stop(void **state)
{
	AUTO(answer_clear) struct answer answer = { .text = STR_INIT(1000), .most = 2 };
	AUTO(answer_clear) struct answer none = { .text = STR_INIT(1000), .no_rows = true };
	static const char endless[] = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n";
	AUTO(books_clear) struct books books;
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	expect_ok(store_inspect(books.store, endless, take_head, take_row, &answer, &err), &err);
	assert_string_equal(answer.text.text, "i;1;2;");
	expect_ok(store_inspect(books.store, endless, take_head, take_row, &none, &err), &err);
	assert_string_equal(none.text.text, "i;");
}

static const char *const writes[] = {
	"INSERT INTO meta (name, value) VALUES ('a', 'b')",
	"REPLACE INTO meta (name, value) VALUES ('a', 'b')",
	"UPDATE account SET name = 'x'",
	"UPDATE account SET name = 'x' WHERE 0",
	"DELETE FROM account",
	"WITH t AS (SELECT 1) DELETE FROM account",
	"INSERT INTO meta (name, value) VALUES ('a', 'b') RETURNING name",
	"EXPLAIN DELETE FROM account",
	"CREATE TABLE t (a)",
	"CREATE TEMP TABLE t (a)",
	"CREATE VIEW v AS SELECT 1",
	"CREATE TEMP VIEW v AS SELECT 1",
	"CREATE TRIGGER g AFTER INSERT ON meta BEGIN SELECT 1; END",
	"CREATE INDEX i ON meta (value)",
	"CREATE VIRTUAL TABLE t USING fts5 (a)",
	"DROP TABLE meta",
	"DROP INDEX record_time",
	"DROP TRIGGER audit_delete",
	"ALTER TABLE meta ADD COLUMN c",
	"ALTER TABLE meta RENAME TO c",
	"REINDEX",
	"ANALYZE",
	"VACUUM",
	"VACUUM INTO '/nowhere/copy.db'",
	"BEGIN",
	"BEGIN IMMEDIATE",
	"COMMIT",
	"ROLLBACK",
	"SAVEPOINT s",
	"RELEASE s",
	"ATTACH '/nowhere/other.db' AS other",
	"ATTACH ':memory:' AS other",
	"DETACH main",
	"PRAGMA user_version = 7",
	"PRAGMA application_id = 7",
	"PRAGMA journal_mode = DELETE",
	"PRAGMA journal_mode(DELETE)",
	"PRAGMA foreign_keys = OFF",
	"PRAGMA synchronous = OFF",
	"PRAGMA secure_delete = OFF",
	"PRAGMA writable_schema = ON",
	"PRAGMA query_only = OFF",
	"PRAGMA wal_checkpoint",
	"PRAGMA wal_checkpoint(TRUNCATE)",
	"PRAGMA incremental_vacuum",
	"PRAGMA incremental_vacuum(5)",
	"PRAGMA optimize",
	"PRAGMA main.optimize",
	"PRAGMA shrink_memory",
	"SELECT * FROM pragma_optimize",
	"SELECT * FROM pragma_table_info('meta')",
	"SELECT count(*) FROM PRAGMA_OPTIMIZE",
	"SELECT load_extension('/nowhere/x.so')",
	"SELECT writefile('/nowhere/x', 'x')",
};

static void nothing_writes(void **state)
{
	AUTO(books_clear) struct books books;
	AUTO(str_clear) struct str before = STR_INIT(1 << 24), after = STR_INIT(1 << 24);
	static const enum store_mode modes[] = { STORE_WRITE, STORE_READ };
	struct error err = { 0 };
	struct store *store;

	(void)state;
	books_init(&books);
	expect_ok(store_checkpoint(books.store, &err), &err);
	expect_ok(file_read(books.place.path, 1 << 24, &before, &err), &err);
	for (size_t k = 0; k < ARRAY_LEN(modes); k++) {
		store = place_open(&books.place, modes[k]);
		for (size_t i = 0; i < ARRAY_LEN(writes); i++)
			expect_no_answer(store, writes[i], "");
		store_close(store);
	}
	expect_ok(store_checkpoint(books.store, &err), &err);
	expect_ok(file_read(books.place.path, 1 << 24, &after, &err), &err);
	assert_int_equal(before.len, after.len);
	assert_memory_equal(before.text, after.text, before.len);
	/* Nothing of it stays behind for the connection's own work. */
	expect_no_answer(books.store, "DELETE FROM meta", "only reading is allowed here");
	expect_ok(store_set(books.store, "a", "b", 1, &err), &err);
	assert_int_equal(books_number(&books, "PRAGMA foreign_keys"), 1);
	assert_int_equal(books_number(&books, "PRAGMA secure_delete"), 1);
	assert_int_equal(books_number(&books, "PRAGMA synchronous"), 2);
}

static void mistakes_are_the_askers(void **state)
{
	AUTO(books_clear) struct books books;

	(void)state;
	books_init(&books);
	expect_no_answer(books.store, "", "there is no statement");
	expect_no_answer(books.store, " ; -- nothing", "there is no statement");
	expect_no_answer(books.store, "SELEC 1", "syntax error");
	expect_no_answer(books.store, "SELECT * FROM invoices", "no such table");
	expect_no_answer(books.store, "SELECT 1; SELECT 2", "one statement at a time");
	expect_no_answer(books.store, "SELECT 1; DELETE FROM meta", "one statement at a time");
	expect_no_answer(books.store, "SELECT 1; nonsense", "one statement at a time");
	expect_no_answer(books.store, "SELECT abs (-9223372036854775808)", "integer overflow");
	expect_no_answer(books.store, "SELECT zeroblob (1000000000000)", "too big");
}

struct nested {
	struct books *books;
	int rows;
};

static bool ignore_head(void *ctx, size_t count, const char *const *names)
{
	(void)ctx, (void)count, (void)names;
	return true;
}

static bool use_store(void *ctx, size_t count, const char *const *values)
{
	struct nested *nested = ctx;
	struct error err = { 0 };

	(void)count, (void)values;
	nested->rows++;
	expect_ok(store_set(nested->books->store, "nested", "1", 1, &err), &err);
	return true;
}

static void rows_may_use_the_store(void **state)
{
	AUTO(books_clear) struct books books;
	struct nested nested = { .books = &books };
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	expect_ok(store_inspect(books.store, "SELECT id FROM account", ignore_head, use_store, &nested, &err), &err);
	assert_int_equal(nested.rows, BOOKS_ACCOUNTS);
}

int test_inspect(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_come_as_text),
		cmocka_unit_test(who_asks_can_stop),
		cmocka_unit_test(nothing_writes),
		cmocka_unit_test(mistakes_are_the_askers),
		cmocka_unit_test(rows_may_use_the_store),
	};

	return cmocka_run_group_tests_name("inspect", tests, NULL, NULL);
}
