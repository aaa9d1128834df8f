/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What records were: every version, in order and to the byte, and one as it was at any time. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/records.h"

#include "tests.h"

/* In a transaction of its own, at a time. */
static void put(struct books *books, size_t account, const char *id, const char *version, const char *text, int64_t seen_ms)
{
	AUTO(sample_clear) struct sample sample;
	struct put_counts counts = { 0 };
	struct error err = { 0 };

	sample_init(&sample, id, version, text);
	expect_ok(store_begin(books->store, &err) &&
		  records_put(books->store, &books->invoices[account], &sample.packed, 1, seen_ms, &counts, &err) &&
		  store_commit(books->store, &err), &err);
}

static void delete(struct books *books, size_t account, const char *id, int64_t seen_ms)
{
	struct put_counts counts = { 0 };
	char ids[1][RECORD_ID_MAX];
	struct error err = { 0 };

	snprintf(ids[0], sizeof(ids[0]), "%s", id);
	expect_ok(store_begin(books->store, &err) &&
		  records_gone(books->store, &books->invoices[account], (const char(*)[RECORD_ID_MAX])ids, 1, seen_ms, &counts, &err) &&
		  store_commit(books->store, &err), &err);
}

struct told {
	struct str text; /* owned */
	int most;        /* versions; 0: all */
};

/* "5 live 100-200 A", a line for each; the text is what the raw bytes say. */
static bool tell(void *ctx, const struct record_version *version, const char *raw, size_t len)
{
	struct json_slice number = json_find(raw, len, "DocNumber");
	struct told *told = ctx;

	str_addf(&told->text, "%s %s %lld-%lld ", version->version, record_state_word(version->state),
		 (long long)(version->seen_ms - NOW), version->until_ms ? (long long)(version->until_ms - NOW) : 0LL);
	str_add_bytes(&told->text, number.text, number.len);
	str_add_char(&told->text, '\n');
	return told->most == 0 || --told->most > 0;
}

static void expect_history(struct books *books, size_t account, const char *id, int most, const char *expected)
{
	AUTO(str_clear) struct str text = STR_INIT(10000);
	struct told told = { .text = STR_INIT(10000), .most = most };
	struct error err = { 0 };

	expect_ok(records_history(books->store, &books->invoices[account], id, tell, &told, &err), &err);
	str_add(&text, told.text.text);
	str_clear(&told.text);
	assert_string_equal(text.text, expected);
}

static void every_version_is_kept(void **state)
{
	AUTO(books_clear) struct books books;

	(void)state;
	books_init(&books);
	put(&books, 0, "1", "0", "A", NOW + 10);
	expect_history(&books, 0, "1", 0, "0 live 10-0 \"A\"\n");
	put(&books, 0, "1", "0", "A", NOW + 20); /* the same */
	put(&books, 0, "1", "1", "B", NOW + 30);
	put(&books, 0, "1", "0", "late", NOW + 40); /* an older one that comes late was never the mirror's */
	put(&books, 0, "1", "1", "C", NOW + 50);
	expect_history(&books, 0, "1", 0, "1 live 50-0 \"C\"\n1 live 30-50 \"B\"\n0 live 10-30 \"A\"\n");
	expect_history(&books, 0, "1", 2, "1 live 50-0 \"C\"\n1 live 30-50 \"B\"\n");
	expect_history(&books, 0, "2", 0, "");
	assert_int_equal(books_number(&books, "SELECT count(*) FROM history"), 2);
}

static void the_deleted_keep_their_bytes(void **state)
{
	AUTO(books_clear) struct books books;

	(void)state;
	books_init(&books);
	put(&books, 0, "1", "0", "A", NOW + 10);
	delete(&books, 0, "1", NOW + 20);
	delete(&books, 0, "1", NOW + 25); /* twice is no version */
	expect_history(&books, 0, "1", 0, "0 deleted 20-0 \"A\"\n0 live 10-20 \"A\"\n");
	/* Back as it was, and gone again; then back as another. The bytes of A are there once. */
	put(&books, 0, "1", "0", "A", NOW + 30);
	delete(&books, 0, "1", NOW + 40);
	assert_int_equal(books_number(&books, "SELECT count(*) FROM history WHERE bytes IS NOT NULL"), 0);
	put(&books, 0, "1", "1", "B", NOW + 50);
	expect_history(&books, 0, "1", 0, "1 live 50-0 \"B\"\n0 deleted 40-50 \"A\"\n0 live 30-40 \"A\"\n0 deleted 20-30 \"A\"\n"
		       "0 live 10-20 \"A\"\n");
	assert_int_equal(books_number(&books, "SELECT count(*) FROM history WHERE bytes IS NOT NULL"), 1);
	assert_int_equal(books_number(&books, "SELECT count(*) FROM history WHERE (dictionary IS NULL) <> (bytes IS NULL) OR "
				      "(len IS NULL) <> (bytes IS NULL)"), 0);
}

static void expect_size(struct books *books, int64_t versions)
{
	int64_t found, bytes;
	struct error err = { 0 };

	expect_ok(history_size(books->store, &found, &bytes, &err), &err);
	assert_int_equal(found, versions);
	assert_int_equal(bytes, books_number(books, "SELECT coalesce(sum(length(bytes)), 0) FROM history"));
}

static void equal_ids_of_two_accounts_have_their_own(void **state)
{
	AUTO(books_clear) struct books books;

	(void)state;
	books_init(&books);
	put(&books, 0, "1", "0", "A", NOW + 10);
	put(&books, 1, "1", "0", "X", NOW + 10);
	expect_size(&books, 0);
	put(&books, 0, "1", "1", "B", NOW + 20);
	delete(&books, 1, "1", NOW + 30);
	expect_size(&books, 2);
	expect_history(&books, 0, "1", 0, "1 live 20-0 \"B\"\n0 live 10-20 \"A\"\n");
	expect_history(&books, 1, "1", 0, "0 deleted 30-0 \"X\"\n0 live 10-30 \"X\"\n");
}

static void what_is_undone_leaves_no_version(void **state)
{
	AUTO(books_clear) struct books books;
	AUTO(sample_clear) struct sample sample;
	struct put_counts counts = { 0 };
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	put(&books, 0, "1", "0", "A", NOW + 10);
	sample_init(&sample, "1", "1", "B");
	{
		AUTO(store_end) struct store *transaction = books.store;

		expect_ok(store_begin(transaction, &err) &&
			  records_put(transaction, &books.invoices[0], &sample.packed, 1, NOW + 20, &counts, &err), &err);
		assert_int_equal(counts.changed, 1);
	}
	expect_history(&books, 0, "1", 0, "0 live 10-0 \"A\"\n");
}

static void expect_then(struct books *books, const char *id, int64_t at, enum record_then then, int64_t seen, const char *text)
{
	AUTO(str_clear) struct str raw = STR_INIT(10000);
	struct record_version version;
	enum record_then found;
	struct error err = { 0 };

	expect_ok(records_as_of(books->store, &books->invoices[0], id, NOW + at, &found, &version, &raw, &err), &err);
	if (found != then || version.seen_ms != (seen ? NOW + seen : 0))
		fail_msg("'%s' at %d: answer %d, not %d; seen %lld, not %lld", id, (int)at, (int)found, (int)then,
			 (long long)version.seen_ms, (long long)seen);
	if (text && !strstr(raw.text, text))
		fail_msg("'%s' at %d: no '%s' in '%s'", id, (int)at, text, raw.text);
	if (!text)
		assert_int_equal(raw.len, 0);
}

static void a_record_as_it_was_at_a_time(void **state)
{
	AUTO(books_clear) struct books books;

	(void)state;
	books_init(&books);
	put(&books, 0, "1", "0", "A", NOW + 10);
	put(&books, 0, "1", "1", "B", NOW + 20);
	delete(&books, 0, "1", NOW + 30);
	put(&books, 0, "1", "2", "C", NOW + 40);
	put(&books, 0, "late", "0", "L", NOW + 35);
	books.invoices[0].whole_ms = 0; /* the first read is under way */
	expect_then(&books, "1", 9, RECORD_THEN_UNKNOWN, 10, NULL);
	expect_then(&books, "late", 34, RECORD_THEN_UNKNOWN, 35, NULL);
	expect_then(&books, "never", 34, RECORD_THEN_UNKNOWN, 0, NULL);
	books.invoices[0].whole_ms = NOW + 12;
	expect_then(&books, "1", 9, RECORD_THEN_UNKNOWN, 10, NULL);
	expect_then(&books, "1", 10, RECORD_THEN_THERE, 10, "\"A\"");
	expect_then(&books, "1", 19, RECORD_THEN_THERE, 10, "\"A\"");
	expect_then(&books, "1", 20, RECORD_THEN_THERE, 20, "\"B\"");
	expect_then(&books, "1", 30, RECORD_THEN_DELETED, 30, "\"B\"");
	expect_then(&books, "1", 39, RECORD_THEN_DELETED, 30, "\"B\"");
	expect_then(&books, "1", 40, RECORD_THEN_THERE, 40, "\"C\"");
	expect_then(&books, "1", 4000, RECORD_THEN_THERE, 40, "\"C\"");
	expect_then(&books, "late", 11, RECORD_THEN_UNKNOWN, 35, NULL);
	expect_then(&books, "late", 12, RECORD_THEN_ABSENT, 35, NULL);
	expect_then(&books, "late", 35, RECORD_THEN_THERE, 35, "\"L\"");
	expect_then(&books, "never", 11, RECORD_THEN_UNKNOWN, 0, NULL);
	expect_then(&books, "never", 12, RECORD_THEN_ABSENT, 0, NULL);
}

/* ---- lists of the past ---- */

/* Whose columns are taken out of what has changed since: the first is the number, as in the type of the books. */
static const char invoice_row[] = "provider = quickbooks\nkey = Id\nversion = SyncToken\n[Invoice]\nquery = Invoice\ntitle = DocNumber\n"
				  "deleted = never\nfield = DocNumber text listed\n";

struct listed {
	struct books *books;
	const struct record_moment *moment;
	struct str text; /* owned: "id number state, " of each */
	int skipped;     /* walked by, and does not fit */
};

static bool add_row(void *ctx, const struct record_row *row)
{
	const struct cell *number = &row->cells[INVOICE_NUMBER];
	struct listed *listed = ctx;

	str_addf(&listed->text, "%s ", row->id);
	str_add_bytes(&listed->text, number->text, number->kind == CELL_TEXT ? number->len : 0);
	str_addf(&listed->text, " %s, ", record_state_word(row->state));
	return true;
}

static bool add_step(void *ctx, const struct record_step *step)
{
	struct listed *listed = ctx;
	struct error err = { 0 };

	listed->skipped += !step->fits;
	if (step->fits)
		expect_ok(records_rows(listed->books->store, listed->books->invoices[0].no, listed->moment, &step->place.no, 1, add_row, listed, &err),
			  &err);
	return true;
}

/* As a list, and as a walk from its beginning and back from its end, which passes by what does not fit. */
static void expect_listed(struct books *books, const struct type *type, int64_t at, const char *filter_text, const char *expected, int skipped)
{
	const struct record_moment moment = { NOW + at, &books->invoices[0], type };
	struct record_query query = { .type = &invoice_type, .order = RECORD_BY_ID, .then = &moment };
	struct listed listed = { books, &moment, STR_INIT(10000), 0 };
	struct error err = { 0 };
	struct filter filter;
	bool end;

	expect_ok(filter_parse(&invoice_type, filter_text, PERSONAL_SHOWN, &filter, &err), &err);
	query.filter = &filter;
	expect_ok(records_list(books->store, books->invoices[0].no, &query, add_row, &listed, &err), &err);
	if (strcmp(listed.text.text ? listed.text.text : "", expected) != 0)
		fail_msg("list at %d, '%s': '%s', not '%s'", (int)at, filter_text, listed.text.text, expected);
	for (int back = 0; back < 2; back++) {
		struct record_place from = { .edge = back ? PLACE_LAST : PLACE_FIRST };

		str_reset(&listed.text);
		listed.skipped = 0;
		expect_ok(records_walk(books->store, books->invoices[0].no, &query, &from, back, add_step, &listed, &end, &err), &err);
		assert_true(end);
		assert_int_equal(listed.skipped, skipped);
		if (!back && strcmp(listed.text.text ? listed.text.text : "", expected) != 0)
			fail_msg("walk at %d, '%s': '%s', not '%s'", (int)at, filter_text, listed.text.text, expected);
		assert_int_equal(listed.text.len, strlen(expected));
	}
	str_clear(&listed.text);
}

static void free_catalogue(struct catalogue **catalogue)
{
	catalogue_free(*catalogue);
}

static void a_list_as_it_was_at_a_time(void **state)
{
	AUTO(free_catalogue) struct catalogue *catalogue = NULL;
	AUTO(books_clear) struct books books;
	const struct type *type;
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	expect_ok(catalogue_parse(invoice_row, "rows", &catalogue, &err), &err);
	type = catalogue_find(catalogue, "quickbooks", "Invoice");
	put(&books, 0, "1", "0", "A", NOW + 10);
	put(&books, 0, "1", "1", "B", NOW + 20);
	put(&books, 0, "2", "0", "Z", NOW + 25);
	delete(&books, 0, "1", NOW + 30);
	put(&books, 0, "late", "0", "L", NOW + 35);
	put(&books, 0, "1", "2", "C", NOW + 40);
	books.invoices[0].whole_ms = NOW + 5;
	expect_listed(&books, type, 9, "", "", 3);
	expect_listed(&books, type, 10, "", "1 A live, ", 2);
	expect_listed(&books, type, 29, "", "1 B live, 2 Z live, ", 1);
	expect_listed(&books, type, 30, "", "2 Z live, ", 2);
	expect_listed(&books, type, 30, "state:deleted", "1 B deleted, ", 2);
	expect_listed(&books, type, 35, "", "2 Z live, late L live, ", 1);
	expect_listed(&books, type, 40, "", "1 C live, 2 Z live, late L live, ", 0);
	/* What it is now finds nothing of what it was. */
	expect_listed(&books, type, 29, "DocNumber=B", "1 B live, ", 2);
	expect_listed(&books, type, 29, "DocNumber=C", "", 3);
	expect_listed(&books, type, 29, "id:2", "2 Z live, ", 2);
	expect_listed(&books, type, 29, "id:late", "", 3);
}

static void damaged_bytes_are_an_error(void **state)
{
	AUTO(books_clear) struct books books;
	struct told told = { .text = STR_INIT(10000) };
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	put(&books, 0, "1", "0", "A", NOW + 10);
	put(&books, 0, "1", "1", "B", NOW + 20);
	place_sql(&books.place, "UPDATE history SET bytes = x'0102030405'");
	expect_error(records_history(books.store, &books.invoices[0], "1", tell, &told, &err), &err, ERROR_STORE, "damaged");
	str_clear(&told.text);
}

int test_history(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_version_is_kept),
		cmocka_unit_test(the_deleted_keep_their_bytes),
		cmocka_unit_test(equal_ids_of_two_accounts_have_their_own),
		cmocka_unit_test(what_is_undone_leaves_no_version),
		cmocka_unit_test(a_record_as_it_was_at_a_time),
		cmocka_unit_test(a_list_as_it_was_at_a_time),
		cmocka_unit_test(damaged_bytes_are_an_error),
	};

	return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
