/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The audit: rows that are only added, and a chain that shows whatever somebody did to them. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/log.h"
#include "store/query.h"

#include "tests.h"

#define ROWS 6

static bool add(struct store *store, const char *what, const char *before, const char *after, int64_t at_ms)
{
	AUTO(store_end) struct store *transaction = store;
	struct error err = { 0 };

	return store_begin(store, &err) && audit_add(store, "ola from 10.0.0.7", what, "ldgr_1", before, after, at_ms, &err) &&
	       store_commit(transaction, &err);
}

static void audit_init(struct books *books)
{
	char what[64], after[64];

	books_init(books);
	for (int i = 1; i <= ROWS; i++) {
		snprintf(what, sizeof(what), "act %d", i);
		snprintf(after, sizeof(after), "{\"n\":%d}", i);
		assert_true(add(books->store, what, i == 1 ? NULL : "{}", after, NOW + i));
	}
}

static void expect_audit(struct store *store, int64_t rows, int64_t broken)
{
	struct error err = { 0 };
	int64_t found_rows = -1, found_broken = -1;

	expect_ok(audit_verify(store, &found_rows, &found_broken, &err), &err);
	if ((rows >= 0 && found_rows != rows) || found_broken != broken)
		fail_msg("expected %d rows, broken at %d; got %d, %d", (int)rows, (int)broken, (int)found_rows,
			 (int)found_broken);
}

/* ---- adding and listing ---- */

struct listing {
	struct str text;
	int rows, most;
	char hashes[ROWS + 1][65];
};

static bool add_row(void *ctx, const struct audit_row *row)
{
	struct listing *listing = ctx;

	str_addf(&listing->text, "%d %d %s/%s/%s/%s/%s;", (int)row->no, (int)(row->at_ms - NOW), row->who, row->what,
		 row->account_id, row->before, row->after);
	assert_int_equal(strlen(row->hash), 64);
	assert_int_equal(strspn(row->hash, "0123456789abcdef"), 64);
	if (listing->rows <= ROWS)
		snprintf(listing->hashes[listing->rows], sizeof(listing->hashes[0]), "%s", row->hash);
	return ++listing->rows != listing->most;
}

static void rows_come_back_in_order(void **state)
{
	AUTO(books_clear) struct books books;
	struct listing all = { .text = STR_INIT(2000) }, some = { .text = STR_INIT(2000) }, one = { .text = STR_INIT(2000) };
	struct error err = { 0 };

	(void)state;
	audit_init(&books);
	expect_ok(audit_list(books.store, 0, 0, add_row, &all, &err), &err);
	assert_int_equal(all.rows, ROWS);
	expect_ok(audit_list(books.store, 4, 1, add_row, &some, &err), &err);
	assert_string_equal(some.text.text, "5 5 ola from 10.0.0.7/act 5/ldgr_1/{}/{\"n\":5};");
	one.most = 1;
	expect_ok(audit_list(books.store, 0, 0, add_row, &one, &err), &err);
	assert_string_equal(one.text.text, "1 1 ola from 10.0.0.7/act 1/ldgr_1//{\"n\":1};");
	for (int i = 1; i < ROWS; i++)
		assert_string_not_equal(all.hashes[i], all.hashes[i - 1]);
	str_clear(&all.text);
	str_clear(&some.text);
	str_clear(&one.text);
}

static void a_sound_chain_is_sound(void **state)
{
	AUTO(books_clear) struct books books;

	(void)state;
	books_init(&books);
	expect_audit(books.store, 0, 0);
	books_clear(&books);
	audit_init(&books);
	expect_audit(books.store, ROWS, 0);
	/* Longer than its columns: what is kept is what is covered. */
	assert_true(add(books.store, "a deed whose name is a great deal longer than the sixty-four bytes that there are for it", "b",
			"a", NOW));
	expect_audit(books.store, ROWS + 1, 0);
	store_close(books.store);
	books.store = place_open(&books.place, STORE_READ);
	expect_audit(books.store, ROWS + 1, 0);
}

static void fields_cannot_be_moved_into_each_other(void **state)
{
	AUTO(books_clear) struct books books, other;
	struct listing one = { .text = STR_INIT(2000) }, two = { .text = STR_INIT(2000) };
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	books_init(&other);
	assert_true(add(books.store, "act", "ab", "c", NOW));
	assert_true(add(other.store, "act", "a", "bc", NOW));
	expect_ok(audit_list(books.store, 0, 0, add_row, &one, &err), &err);
	expect_ok(audit_list(other.store, 0, 0, add_row, &two, &err), &err);
	assert_string_not_equal(one.hashes[0], two.hashes[0]);
	str_clear(&one.text);
	str_clear(&two.text);
}

static void what_is_undone_was_never_there(void **state)
{
	AUTO(books_clear) struct books books;
	struct error err = { 0 };

	(void)state;
	audit_init(&books);
	expect_ok(store_begin(books.store, &err), &err);
	expect_ok(audit_add(books.store, "ola", "undone", "", "", "", NOW, &err), &err);
	expect_ok(audit_add(books.store, "ola", "undone too", NULL, NULL, NULL, NOW, &err), &err);
	expect_audit(books.store, ROWS + 2, 0);
	store_end(&books.store);
	expect_audit(books.store, ROWS, 0);
	assert_true(add(books.store, "after", "", "", NOW));
	expect_audit(books.store, ROWS + 1, 0);
}

/* ---- tampering ---- */

#define UNLOCK "DROP TRIGGER audit_insert; DROP TRIGGER audit_update; DROP TRIGGER audit_delete; "

static void rows_are_only_added(void **state)
{
	static const char *const acts[] = {
		"UPDATE audit SET who = 'nobody' WHERE no = 3", "DELETE FROM audit WHERE no = 6", "DELETE FROM audit",
		"REPLACE INTO audit (no, at_ms, who, what, account_id, before, after, hash) VALUES (3, 0, '', '', '', '', '', '')",
		"UPDATE OR REPLACE audit SET no = 2 WHERE no = 3",
	};
	AUTO(books_clear) struct books books;

	(void)state;
	audit_init(&books);
	for (size_t i = 0; i < ARRAY_LEN(acts); i++) {
		sqlite3 *db;
		char *why = NULL;

		assert_int_equal(sqlite3_open(books.place.path, &db), SQLITE_OK);
		if (sqlite3_exec(db, acts[i], NULL, NULL, &why) == SQLITE_OK)
			fail_msg("'%s' was carried out", acts[i]);
		assert_string_equal(why, "the audit is append-only");
		sqlite3_free(why);
		sqlite3_close(db);
	}
	expect_audit(books.store, ROWS, 0);
}

/* Whatever is done to the rows by somebody who takes the triggers away first, and where it shows. */
static void tampering_shows(void **state)
{
	static const struct {
		const char *sql;
		int64_t broken;
	} cases[] = {
		{ "UPDATE audit SET at_ms = at_ms + 1 WHERE no = 3", 3 },
		{ "UPDATE audit SET who = 'kari' WHERE no = 3", 3 },
		{ "UPDATE audit SET what = 'nothing' WHERE no = 3", 3 },
		{ "UPDATE audit SET account_id = 'ldgr_2' WHERE no = 3", 3 },
		{ "UPDATE audit SET before = '' WHERE no = 3", 3 },
		{ "UPDATE audit SET after = '' WHERE no = 3", 3 },
		{ "UPDATE audit SET before = after, after = before WHERE no = 3", 3 },
		{ "UPDATE audit SET hash = '' WHERE no = 3", 3 },
		{ "UPDATE audit SET hash = (SELECT hash FROM audit WHERE no = 2) WHERE no = 3", 3 },
		{ "UPDATE audit SET who = 'kari' WHERE no = 1", 1 },
		{ "UPDATE audit SET who = 'kari' WHERE no = 6", 6 },
		/* Order. */
		{ "UPDATE audit SET no = 99 WHERE no = 3; UPDATE audit SET no = 3 WHERE no = 4; UPDATE audit SET no = 4 WHERE no = 99", 3 },
		{ "UPDATE audit SET no = 7 WHERE no = 6", 7 },
		{ "UPDATE audit SET no = -no", -6 },
		/* Taken out at the start, in the middle, at the end. */
		{ "DELETE FROM audit WHERE no = 1", 2 },
		{ "DELETE FROM audit WHERE no = 1; UPDATE audit SET no = no - 1", 1 },
		{ "DELETE FROM audit WHERE no = 3", 4 },
		{ "DELETE FROM audit WHERE no = 6", 6 },
		{ "DELETE FROM audit WHERE no >= 4", 4 },
		{ "DELETE FROM audit", 1 },
		{ "DELETE FROM audit; DELETE FROM meta WHERE name = 'audit.head'", 1 },
		{ "DELETE FROM audit WHERE no = 6; DELETE FROM meta WHERE name = 'audit.head'", 6 },
		{ "DELETE FROM meta WHERE name = 'audit.head'", 7 },
		{ "UPDATE meta SET value = '5:' || (SELECT hash FROM audit WHERE no = 5) WHERE name = 'audit.head'", 7 },
		{ "UPDATE meta SET value = '9223372036854775807:' WHERE name = 'audit.head'", 7 },
		{ "UPDATE meta SET value = 'x' WHERE name = 'audit.head'", 7 },
		/* Put in. */
		{ "INSERT INTO audit SELECT 7, at_ms, who, what, account_id, before, after, hash FROM audit WHERE no = 6", 7 },
		{ "UPDATE audit SET no = no + 100 WHERE no > 3; UPDATE audit SET no = no - 99 WHERE no > 100;"
		  "INSERT INTO audit SELECT 4, at_ms, who, what, account_id, before, after, hash FROM audit WHERE no = 3", 4 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(books_clear) struct books books;
		AUTO(str_clear) struct str sql = STR_INIT(1000);
		struct error err = { 0 };
		int64_t rows, broken = -1;

		audit_init(&books);
		str_addf(&sql, UNLOCK "%s", cases[i].sql);
		place_sql(&books.place, sql.text);
		expect_ok(audit_verify(books.store, &rows, &broken, &err), &err);
		if (broken != cases[i].broken)
			fail_msg("'%s': expected %d, got %d", cases[i].sql, (int)cases[i].broken, (int)broken);
		/* It stays so, whatever is added behind it. */
		assert_true(add(books.store, "later", "", "", NOW));
		expect_ok(audit_verify(books.store, &rows, &broken, &err), &err);
		if (broken == 0)
			fail_msg("'%s': healed by the next row", cases[i].sql);
	}
}

/* ---- many at once ---- */

#define WRITERS 4
#define EACH 25

static int add_many(void *ctx, const struct ends *ends)
{
	const struct place *place = ctx;
	struct store *store;

	ends_say(ends);
	ends_hear(ends);
	if (!store_open(place->path, STORE_WRITE, 0, &store, NULL))
		return 1;
	for (int i = 0; i < EACH; i++)
		if (!add(store, "race", "", "", NOW + i))
			return 2;
	store_close(store);
	return 0;
}

static void processes_keep_one_chain(void **state)
{
	AUTO(books_clear) struct books books;
	struct child children[WRITERS];
	struct error err = { 0 };
	int64_t rows = 0, broken;

	(void)state;
	books_init(&books);
	store_close(books.store);
	books.store = NULL;
	for (int i = 0; i < WRITERS; i++)
		children[i] = child_new(add_many, &books.place);
	for (int i = 0; i < WRITERS; i++)
		assert_true(ends_hear(&children[i].ends));
	books.store = place_open(&books.place, STORE_READ);
	for (int i = 0; i < WRITERS; i++)
		assert_true(ends_say(&children[i].ends));
	/* It is sound at every moment in between. */
	while (rows < WRITERS * EACH / 2) {
		expect_ok(audit_verify(books.store, &rows, &broken, &err), &err);
		assert_int_equal(broken, 0);
	}
	for (int i = 0; i < WRITERS; i++)
		assert_int_equal(child_wait(&children[i]), 0);
	expect_audit(books.store, WRITERS * EACH, 0);
}

int test_audit(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_come_back_in_order),
		cmocka_unit_test(a_sound_chain_is_sound),
		cmocka_unit_test(fields_cannot_be_moved_into_each_other),
		cmocka_unit_test(what_is_undone_was_never_there),
		cmocka_unit_test(rows_are_only_added),
		cmocka_unit_test(tampering_shows),
		cmocka_unit_test(processes_keep_one_chain),
	};

	return cmocka_run_group_tests_name("audit", tests, NULL, NULL);
}
