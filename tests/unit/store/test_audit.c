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
	expect_ok(audit_list(books.store, &(struct audit_query){ 0 }, add_row, &all, NULL, &err), &err);
	assert_int_equal(all.rows, ROWS);
	expect_ok(audit_list(books.store, &(struct audit_query){ .after_no = 4, .limit = 1 }, add_row, &some, NULL, &err), &err);
	assert_string_equal(some.text.text, "5 5 ola from 10.0.0.7/act 5/ldgr_1/{}/{\"n\":5};");
	one.most = 1;
	expect_ok(audit_list(books.store, &(struct audit_query){ 0 }, add_row, &one, NULL, &err), &err);
	assert_string_equal(one.text.text, "1 1 ola from 10.0.0.7/act 1/ldgr_1//{\"n\":1};");
	for (int i = 1; i < ROWS; i++)
		assert_string_not_equal(all.hashes[i], all.hashes[i - 1]);
	str_clear(&all.text);
	str_clear(&some.text);
	str_clear(&one.text);
}

/* From either end, from any row, in pieces that go on where the one before has ended. */
static void rows_come_from_either_end(void **state)
{
	AUTO(books_clear) struct books books;
	struct error err = { 0 };

	(void)state;
	audit_init(&books);
	for (int newest = 0; newest < 2; newest++) {
		for (int64_t limit = 1; limit <= ROWS + 1; limit++) {
			struct listing all = { .text = STR_INIT(2000) }, pieces = { .text = STR_INIT(2000) };
			struct audit_query query = { .newest_first = newest };
			struct log_look look = { 0 };
			int asked = 0;

			expect_ok(audit_list(books.store, &query, add_row, &all, &look, &err), &err);
			assert_true(look.done);
			query.limit = limit;
			do {
				expect_ok(audit_list(books.store, &query, add_row, &pieces, &look, &err), &err);
				*(newest ? &query.before_no : &query.after_no) = look.no;
				asked++;
			} while (!look.done);
			assert_string_equal(pieces.text.text, all.text.text);
			assert_int_equal(asked, (ROWS + limit - 1) / limit);
			assert_int_equal(look.no, newest ? 1 : ROWS);
			str_clear(&all.text);
			str_clear(&pieces.text);
		}
	}
}

static struct log_filter filter_of(const char *text)
{
	struct log_filter filter;
	struct error err = { 0 };

	expect_ok(audit_filter_parse(text, NOW + 100, &filter, &err), &err);
	return filter;
}

/* What does not fit is looked at all the same, and counts as that. */
static void rows_are_narrowed(void **state)
{
	static const struct {
		const char *filter;
		int rows;
	} cases[] = {
		{ "", ROWS },           { "who:OLA", ROWS },       { "who=ola", 0 },         { "who:kari", 0 },
		{ "what:act", ROWS },   { "what:\"act 3\"", 1 },   { "account:ldgr_1", ROWS }, { "account:ldgr_2", 0 },
		{ "\"{\\\"n\\\":4\"", 1 },       { "10.0.0.7 act", ROWS },  { "act 9", 0 },           { "since:1d", ROWS },
		{ "until:1d", 0 },
	};
	AUTO(books_clear) struct books books;
	struct error err = { 0 };

	(void)state;
	audit_init(&books);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct log_filter filter = filter_of(cases[i].filter);
		struct audit_query query = { .filter = &filter, .newest_first = i % 2, .looked_max = 4 };
		struct listing found = { .text = STR_INIT(2000) };
		struct log_look look;

		expect_ok(audit_list(books.store, &query, add_row, &found, &look, &err), &err);
		assert_false(look.done);
		assert_int_equal(look.no, i % 2 ? ROWS - 3 : 4);
		*(i % 2 ? &query.before_no : &query.after_no) = look.no;
		expect_ok(audit_list(books.store, &query, add_row, &found, &look, &err), &err);
		assert_true(look.done);
		if (found.rows != cases[i].rows)
			fail_msg("'%s': expected %d rows, got %d", cases[i].filter, cases[i].rows, found.rows);
		str_clear(&found.text);
	}
}

/* The name of an account fits as well as its id. */
static void an_account_is_known_by_its_name(void **state)
{
	AUTO(books_clear) struct books books;
	struct log_filter filter = filter_of("account:\"bolt w\"");
	struct audit_query query = { .filter = &filter };
	struct listing found = { .text = STR_INIT(2000) };
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	expect_ok(store_begin(books.store, &err), &err);
	for (int i = 0; i < BOOKS_ACCOUNTS; i++)
		expect_ok(audit_add(books.store, "ola", "pause", books.accounts[i].id, "ok", "paused", NOW, &err), &err);
	expect_ok(audit_add(books.store, "ola", "vault rotate", "", "", "", NOW, &err), &err);
	expect_ok(store_commit(books.store, &err), &err);
	expect_ok(audit_list(books.store, &query, add_row, &found, NULL, &err), &err);
	assert_int_equal(found.rows, 1);
	str_clear(&found.text);
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
	expect_ok(audit_list(books.store, &(struct audit_query){ 0 }, add_row, &one, NULL, &err), &err);
	expect_ok(audit_list(other.store, &(struct audit_query){ 0 }, add_row, &two, NULL, &err), &err);
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

/* A check in pieces finds what one in one go finds, and goes on with what is added. */
static void pieces_find_the_same(void **state)
{
	static const char *const acts[] = {
		"", "UPDATE audit SET who = 'kari' WHERE no = 1", "UPDATE audit SET who = 'kari' WHERE no = 4", "UPDATE audit SET no = -no",
		"DELETE FROM audit WHERE no = 3", "DELETE FROM audit WHERE no = 6", "DELETE FROM audit", "DELETE FROM meta WHERE name = 'audit.head'",
		"UPDATE audit SET no = 7 WHERE no = 6",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(acts); i++) {
		for (int64_t most = 1; most <= ROWS + 2; most++) {
			AUTO(books_clear) struct books books;
			AUTO(str_clear) struct str sql = STR_INIT(1000);
			struct audit_check check = { 0 };
			struct error err = { 0 };
			int64_t rows, broken;

			audit_init(&books);
			str_addf(&sql, UNLOCK "%s", acts[i]);
			place_sql(&books.place, sql.text);
			expect_ok(audit_verify(books.store, &rows, &broken, &err), &err);
			while (!check.done)
				expect_ok(audit_check(books.store, &check, most, &err), &err);
			if (check.rows != rows || check.broken != broken)
				fail_msg("'%s' by %d: %d rows, broken at %d instead of %d, %d", acts[i], (int)most, (int)check.rows, (int)check.broken,
					 (int)rows, (int)broken);
			assert_true(add(books.store, "later", "", "", NOW));
			check.done = false;
			while (!check.done)
				expect_ok(audit_check(books.store, &check, most, &err), &err);
			assert_int_equal(check.broken, broken);
			assert_int_equal(check.rows, broken ? rows : rows + 1);
		}
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
		cmocka_unit_test(rows_come_from_either_end),
		cmocka_unit_test(rows_are_narrowed),
		cmocka_unit_test(an_account_is_known_by_its_name),
		cmocka_unit_test(a_sound_chain_is_sound),
		cmocka_unit_test(fields_cannot_be_moved_into_each_other),
		cmocka_unit_test(what_is_undone_was_never_there),
		cmocka_unit_test(rows_are_only_added),
		cmocka_unit_test(tampering_shows),
		cmocka_unit_test(pieces_find_the_same),
		cmocka_unit_test(processes_keep_one_chain),
	};

	return cmocka_run_group_tests_name("audit", tests, NULL, NULL);
}
