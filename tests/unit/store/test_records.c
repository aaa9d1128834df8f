/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages on their way in: what is new, changed, the same, older, deleted and back; parked bytes; dictionaries. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <sqlite3.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/records.h"

#include "tests.h"

static void begin(struct books *books)
{
	struct error err = { 0 };

	expect_ok(store_begin(books->store, &err), &err);
}

static void commit(struct books *books)
{
	struct error err = { 0 };

	expect_ok(store_commit(books->store, &err), &err);
}

static struct put_counts gone(struct books *books, size_t account, const char *id)
{
	char ids[1][RECORD_ID_MAX];
	struct put_counts counts = { 0 };
	struct error err = { 0 };

	snprintf(ids[0], sizeof(ids[0]), "%s", id);
	begin(books);
	expect_ok(records_gone(books->store, &books->invoices[account], (const char(*)[RECORD_ID_MAX])ids, 1, NOW + 9,
			       &counts, &err), &err);
	commit(books);
	return counts;
}

/* What an account has under an id: state, version, title and raw bytes. */
static void expect_record(struct books *books, size_t account, const char *id, enum record_state state,
			  const char *version, const char *title)
{
	AUTO(str_clear) struct str raw = STR_INIT(10000), texts = STR_INIT(10000), expected = STR_INIT(10000);
	struct record_row row;
	struct error err = { 0 };
	bool found = false;

	expect_ok(records_get(books->store, &books->invoices[account], &invoice_type, id, &row, &raw, &texts, &found,
			      &err), &err);
	assert_int_equal(found, title != NULL);
	if (!title)
		return;
	assert_string_equal(row.id, id);
	assert_int_equal(row.state, state);
	assert_string_equal(row.version, version);
	assert_string_equal(row.title, title);
	assert_int_equal(row.title_len, strlen(title));
	str_addf(&expected, "{\"Id\":\"%s\",\"SyncToken\":\"%s\",\"DocNumber\":\"%s\"}", id, version, title);
	assert_string_equal(raw.text, expected.text);
	assert_int_equal(row.cells[INVOICE_NUMBER].kind, CELL_TEXT);
	assert_string_equal(row.cells[INVOICE_NUMBER].text, title);
}

static void new_changed_and_unchanged(void **state)
{
	AUTO(books_clear) struct books books;

	(void)state;
	books_init(&books);
	expect_counts(books_put_text(&books, 0, "1", "0", "A"), 1, 0, 0, 0);
	expect_counts(books_put_text(&books, 0, "1", "0", "A"), 0, 0, 1, 0);
	expect_counts(books_put_text(&books, 0, "1", "1", "B"), 0, 1, 0, 0);
	expect_record(&books, 0, "1", RECORD_LIVE, "1", "B");
	/* The same version with other bytes is a change: not every ledger counts each of them. */
	expect_counts(books_put_text(&books, 0, "1", "1", "C"), 0, 1, 0, 0);
	expect_record(&books, 0, "1", RECORD_LIVE, "1", "C");
	expect_record(&books, 0, "2", RECORD_LIVE, "", NULL);
}

static void unchanged_ones_write_nothing(void **state)
{
	AUTO(books_clear) struct books books;
	char path[128];
	struct error err = { 0 };
	struct stat log;

	(void)state;
	books_init(&books);
	books_put_text(&books, 0, "1", "5", "A");
	expect_ok(store_checkpoint(books.store, &err), &err);
	books_put_text(&books, 0, "1", "5", "A");
	books_put_text(&books, 0, "1", "4", "old");
	snprintf(path, sizeof(path), "%s-wal", books.place.path);
	assert_int_equal(stat(path, &log), 0);
	assert_int_equal(log.st_size, 0);
	books_put_text(&books, 0, "1", "6", "new");
	assert_int_equal(stat(path, &log), 0);
	assert_true(log.st_size > 0);
}

static void what_is_here_already_is_known(void **state)
{
	AUTO(books_clear) struct books books;
	struct record_key keys[6] = { 0 };
	bool same[6] = { 0 };
	struct sample sample;
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	books_put_text(&books, 0, "1", "5", "A");
	books_put_text(&books, 0, "2", "5", "A");
	gone(&books, 0, "2");
	for (size_t i = 0; i < 2; i++) {
		sample_init(&sample, i ? "2" : "1", "5", "A");
		keys[i] = (struct record_key){ .id = { i ? '2' : '1' }, .version = "5", .hash = sample.record.hash };
		sample_clear(&sample);
	}
	for (size_t i = 2; i < ARRAY_LEN(keys); i++)
		keys[i] = keys[0];
	keys[2].hash++;
	keys[3].version[0] = '6';
	keys[4].id[0] = '3';
	keys[5].id[0] = '\0';
	expect_ok(records_same(books.store, &books.invoices[0], keys, ARRAY_LEN(keys), same, &err), &err);
	assert_true(same[0]);
	for (size_t i = 1; i < ARRAY_LEN(keys); i++)
		assert_false(same[i]);
	/* Another account's record is another one. */
	expect_ok(records_same(books.store, &books.invoices[1], keys, 1, same, &err), &err);
	assert_false(same[0]);
}

static void older_versions_are_left_alone(void **state)
{
	static const char *const older[] = { "0", "9", "10", "99", "123455" };
	AUTO(books_clear) struct books books;

	(void)state;
	books_init(&books);
	books_put_text(&books, 0, "1", "123456", "new");
	/* As numbers, not as texts: "9" is older than "123456". */
	for (size_t i = 0; i < ARRAY_LEN(older); i++)
		expect_counts(books_put_text(&books, 0, "1", older[i], "old"), 0, 0, 1, 0);
	expect_record(&books, 0, "1", RECORD_LIVE, "123456", "new");
	expect_counts(books_put_text(&books, 0, "1", "123457", "newer"), 0, 1, 0, 0);
	expect_counts(books_put_text(&books, 0, "1", "99999999999999999999999999999999999999", "far"), 0, 1, 0, 0);
	expect_counts(books_put_text(&books, 0, "1", "99999999999999999999999999999999999998", "far"), 0, 0, 1, 0);
	/* Versions that are no numbers have no order: what comes later is newer. */
	books_put_text(&books, 0, "2", "b", "first");
	expect_counts(books_put_text(&books, 0, "2", "a", "second"), 0, 1, 0, 0);
	expect_counts(books_put_text(&books, 0, "2", "", "third"), 0, 1, 0, 0);
	expect_counts(books_put_text(&books, 0, "2", "1", "fourth"), 0, 1, 0, 0);
	expect_record(&books, 0, "2", RECORD_LIVE, "1", "fourth");
}

static void deleted_and_back(void **state)
{
	AUTO(books_clear) struct books books;

	(void)state;
	books_init(&books);
	books_put_text(&books, 0, "1", "4", "A");
	expect_counts(gone(&books, 0, "1"), 0, 0, 0, 1);
	/* What it was stays readable. */
	expect_record(&books, 0, "1", RECORD_DELETED, "4", "A");
	assert_int_equal(place_number(&books.place, "SELECT seen_ms FROM record"), NOW + 9);
	/* Twice is no news; what was never there is passed over. */
	expect_counts(gone(&books, 0, "1"), 0, 0, 0, 0);
	expect_counts(gone(&books, 0, "none"), 0, 0, 0, 0);
	/* Back, in the same version and bytes, or in a version that started again. */
	expect_counts(books_put_text(&books, 0, "1", "4", "A"), 0, 1, 0, 0);
	expect_record(&books, 0, "1", RECORD_LIVE, "4", "A");
	gone(&books, 0, "1");
	expect_counts(books_put_text(&books, 0, "1", "0", "B"), 0, 1, 0, 0);
	expect_record(&books, 0, "1", RECORD_LIVE, "0", "B");
	expect_counts(books_put_text(&books, 0, "1", "0", "B"), 0, 0, 1, 0);
}

static void a_change_of_state_is_a_change(void **state)
{
	AUTO(books_clear) struct books books;
	AUTO(sample_clear) struct sample sample;

	(void)state;
	books_init(&books);
	sample_init(&sample, "1", "0", "A");
	expect_counts(books_put(&books, 0, &sample), 1, 0, 0, 0);
	sample.record.state = RECORD_INACTIVE;
	expect_counts(books_put(&books, 0, &sample), 0, 1, 0, 0);
	expect_counts(books_put(&books, 0, &sample), 0, 0, 1, 0);
	sample.record.state = RECORD_VOIDED;
	expect_counts(books_put(&books, 0, &sample), 0, 1, 0, 0);
	expect_record(&books, 0, "1", RECORD_VOIDED, "0", "A");
}

static void equal_ids_of_two_accounts_never_meet(void **state)
{
	AUTO(books_clear) struct books books;

	(void)state;
	books_init(&books);
	expect_counts(books_put_text(&books, 0, "1", "5", "of A"), 1, 0, 0, 0);
	expect_counts(books_put_text(&books, 1, "1", "0", "of B"), 1, 0, 0, 0);
	expect_counts(books_put_text(&books, 1, "1", "0", "of B"), 0, 0, 1, 0);
	expect_record(&books, 0, "1", RECORD_LIVE, "5", "of A");
	expect_record(&books, 1, "1", RECORD_LIVE, "0", "of B");
	expect_counts(gone(&books, 1, "1"), 0, 0, 0, 1);
	expect_record(&books, 0, "1", RECORD_LIVE, "5", "of A");
	expect_counts(books_put_text(&books, 0, "1", "6", "of A again"), 0, 1, 0, 0);
	expect_record(&books, 1, "1", RECORD_DELETED, "0", "of B");
}

static void all_kinds_of_cells_come_back(void **state)
{
	AUTO(books_clear) struct books books;
	AUTO(sample_clear) struct sample sample;
	AUTO(str_clear) struct str raw = STR_INIT(10000), texts = STR_INIT(10000);
	static const char text[] = "a\0b'\xc3\xa9";
	struct cell *cells = sample.record.cells;
	struct record_row row;
	struct error err = { 0 };
	bool found;

	(void)state;
	books_init(&books);
	sample_init(&sample, "1", "0", "A");
	cells[0] = (struct cell){ CELL_TEXT, 0, text, sizeof(text) - 1 };
	cells[1] = (struct cell){ .kind = CELL_INTEGER, .integer = INT64_MIN };
	cells[2] = (struct cell){ .kind = CELL_NONE };
	cells[15] = (struct cell){ .kind = CELL_INTEGER, .integer = INT64_MAX };
	sample.record.has_time = false;
	sample.record.hash = UINT64_MAX;
	books_put(&books, 0, &sample);
	expect_counts(books_put(&books, 0, &sample), 0, 0, 1, 0);
	expect_ok(records_get(books.store, &books.invoices[0], &invoice_type, "1", &row, &raw, &texts, &found, &err), &err);
	assert_int_equal(row.cells[0].kind, CELL_TEXT);
	assert_int_equal(row.cells[0].len, sizeof(text) - 1);
	assert_memory_equal(row.cells[0].text, text, sizeof(text) - 1);
	assert_true(row.cells[1].kind == CELL_INTEGER && row.cells[1].integer == INT64_MIN);
	assert_int_equal(row.cells[2].kind, CELL_NONE);
	assert_true(row.cells[15].kind == CELL_INTEGER && row.cells[15].integer == INT64_MAX);
	assert_int_equal(row.time_ms, 0);
	assert_int_equal(place_number(&books.place, "SELECT time_ms IS NULL FROM record"), 1);
}

static void too_little_room_is_no_overflow(void **state)
{
	AUTO(books_clear) struct books books;
	AUTO(str_clear) struct str raw = STR_INIT(10000), texts = STR_INIT(3), small = STR_INIT(5);
	struct record_row row;
	struct error err = { 0 };
	bool found;

	(void)state;
	books_init(&books);
	books_put_text(&books, 0, "1", "0", "A title that is longer");
	expect_error(records_get(books.store, &books.invoices[0], &invoice_type, "1", &row, &raw, &texts, &found, &err), &err,
		     ERROR_STORE, "too long");
	str_clear(&texts);
	str_init(&texts, 1000);
	expect_error(records_get(books.store, &books.invoices[0], &invoice_type, "1", &row, &small, &texts, &found, &err), &err,
		     ERROR_STORE, "too large");
}

static void a_failed_page_leaves_nothing(void **state)
{
	AUTO(books_clear) struct books books;
	AUTO(sample_clear) struct sample one, other;
	struct put_counts counts = { 0 };
	struct object nowhere;
	struct packed rows[2];
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	sample_init(&one, "1", "0", "A");
	sample_init(&other, "2", "0", "B");
	rows[0] = one.packed;
	rows[1] = other.packed;
	begin(&books);
	expect_ok(records_put(books.store, &books.invoices[0], rows, 2, NOW, &counts, &err), &err);
	expect_counts(counts, 2, 0, 0, 0);
	nowhere = books.invoices[0];
	nowhere.no = 4711;
	expect_error(records_put(books.store, &nowhere, rows, 2, NOW, &counts, &err), &err, ERROR_STORE, "FOREIGN KEY");
	store_end(&books.store);
	expect_record(&books, 0, "1", RECORD_LIVE, "", NULL);
	assert_int_equal(place_number(&books.place, "SELECT count(*) FROM raw"), 0);
}

/* ---- parked ---- */

static void park(struct books *books, const char *bytes, const char *why, int64_t seen_ms)
{
	struct error err = { 0 };

	begin(books);
	expect_ok(records_park(books->store, &books->invoices[0], "", bytes, strlen(bytes), why, seen_ms, &err), &err);
	commit(books);
}

static void what_cannot_be_kept_is_parked(void **state)
{
	AUTO(books_clear) struct books books;
	static const char bytes[] = "{\"Id\":null,\"a\":1}";

	(void)state;
	books_init(&books);
	park(&books, bytes, "no Id", NOW);
	park(&books, bytes, "still no Id", NOW + 5);
	park(&books, "{}", "no Id", NOW + 6);
	assert_int_equal(place_number(&books.place, "SELECT count(*) FROM parked"), 2);
	assert_int_equal(place_number(&books.place, "SELECT times FROM parked WHERE len > 2"), 2);
	assert_int_equal(place_number(&books.place, "SELECT first_ms FROM parked WHERE len > 2"), NOW);
	assert_int_equal(place_number(&books.place, "SELECT last_ms FROM parked WHERE len > 2"), NOW + 5);
	assert_int_equal(place_number(&books.place, "SELECT why = 'still no Id' FROM parked WHERE len > 2"), 1);
	assert_int_equal(place_number(&books.place, "SELECT len FROM parked WHERE times = 2"), strlen(bytes));
	assert_int_equal(place_number(&books.place, "SELECT count(*) FROM record"), 0);
}

/* ---- dictionaries ---- */

#define SAMPLES 400

static void train(struct str *out)
{
	AUTO(str_clear) struct str samples = STR_INIT(1 << 20);
	AUTO(memory_freep) size_t *lens = memory_new(SAMPLES * sizeof(*lens));

	for (size_t i = 0; i < SAMPLES; i++) {
		size_t start = samples.len;

		str_addf(&samples, "{\"Id\":\"%zu\",\"SyncToken\":\"0\",\"DocNumber\":\"INV-%zu\",\"CustomerRef\":{\"value\":\"%zu\"},"
			 "\"Line\":[{\"Amount\":%zu.50,\"DetailType\":\"SalesItemLineDetail\"}],\"Balance\":%zu}", i, i * 7919,
			 i % 13, i * 31 % 977, i * 17 % 331);
		lens[i] = samples.len - start;
	}
	assert_true(compress_train(samples.text, lens, SAMPLES, out));
}

static const struct compress_dictionary *known(struct books *books, const char *provider, const char *type, int64_t *no)
{
	struct error err = { .code = ERROR_INTERNAL };
	const struct compress_dictionary *found = records_dictionary(books->store, provider, type, no, &err);

	assert_int_equal(err.code, ERROR_NONE);
	assert_int_equal(found != NULL, *no != 0);
	return found;
}

static int64_t add_dictionary(struct books *books, const char *type, const struct str *bytes)
{
	struct error err = { 0 };
	int64_t no = 0;

	begin(books);
	expect_ok(records_add_dictionary(books->store, "quickbooks", type, bytes->text, bytes->len, &no, &err), &err);
	commit(books);
	assert_true(no > 0);
	return no;
}

/* Put `sample` packed with a dictionary. */
static void put_with(struct books *books, size_t account, struct sample *sample, int64_t no,
		     const struct compress_dictionary *dictionary)
{
	struct compress *compress = compress_new();

	str_reset(&sample->bytes);
	compress_pack(compress, dictionary, sample->raw, strlen(sample->raw), &sample->bytes);
	sample->packed.bytes = sample->bytes.text;
	sample->packed.len = sample->bytes.len;
	sample->packed.dictionary = no;
	books_put(books, account, sample);
	compress_free(compress);
}

static void records_are_packed_with_their_types_dictionary(void **state)
{
	AUTO(books_clear) struct books books;
	AUTO(str_clear) struct str bytes = STR_INIT(1 << 16);
	AUTO(sample_clear) struct sample sample;
	const struct compress_dictionary *dictionary;
	int64_t no, read;

	(void)state;
	books_init(&books);
	train(&bytes);
	assert_null(known(&books, "quickbooks", "Invoice", &read));
	no = add_dictionary(&books, "Invoice", &bytes);
	assert_null(known(&books, "quickbooks", "Bill", &read));
	assert_null(known(&books, "xledger", "Invoice", &read));
	dictionary = known(&books, "quickbooks", "Invoice", &read);
	assert_true(read == no);
	sample_init(&sample, "1", "0", "INV-7919");
	put_with(&books, 0, &sample, no, dictionary);
	expect_record(&books, 0, "1", RECORD_LIVE, "0", "INV-7919");
	/* Another connection, which has not seen it yet, reads it all the same. */
	store_close(books.store);
	books.store = place_open(&books.place, STORE_READ);
	expect_record(&books, 0, "1", RECORD_LIVE, "0", "INV-7919");
}

/* It keeps next to nothing, and is as good as before. */
static void a_store_rests_and_goes_on(void **state)
{
	AUTO(books_clear) struct books books;
	AUTO(str_clear) struct str bytes = STR_INIT(1 << 16);
	AUTO(sample_clear) struct sample sample;
	int64_t no, read, before, fresh;

	(void)state;
	books_init(&books);
	train(&bytes);
	store_rest(books.store);
	fresh = sqlite3_memory_used();
	no = add_dictionary(&books, "Invoice", &bytes);
	sample_init(&sample, "1", "0", "INV-7919");
	put_with(&books, 0, &sample, no, known(&books, "quickbooks", "Invoice", &read));
	expect_record(&books, 0, "1", RECORD_LIVE, "0", "INV-7919");
	before = sqlite3_memory_used();
	store_rest(books.store);
	/* What all connections keep of the tables' form does not count. */
	assert_true(before > fresh && sqlite3_memory_used() - fresh < (before - fresh) / 2);
	expect_record(&books, 0, "1", RECORD_LIVE, "0", "INV-7919");
	sample_clear(&sample);
	sample_init(&sample, "2", "0", "INV-1");
	put_with(&books, 0, &sample, no, known(&books, "quickbooks", "Invoice", &read));
	assert_true(read == no);
	expect_record(&books, 0, "2", RECORD_LIVE, "0", "INV-1");
}

static void the_newest_dictionary_is_used_and_old_ones_stay(void **state)
{
	AUTO(books_clear) struct books books;
	AUTO(str_clear) struct str bytes = STR_INIT(1 << 16);
	AUTO(sample_clear) struct sample one, other;
	const struct compress_dictionary *old, *new;
	int64_t first, second, read;

	(void)state;
	books_init(&books);
	train(&bytes);
	first = add_dictionary(&books, "Invoice", &bytes);
	old = known(&books, "quickbooks", "Invoice", &read);
	sample_init(&one, "1", "0", "INV-1");
	put_with(&books, 0, &one, first, old);
	second = add_dictionary(&books, "Invoice", &bytes);
	new = known(&books, "quickbooks", "Invoice", &read);
	assert_true(read == second);
	/* Others may still be packing with the old one: it lives as long as the store is open. */
	sample_init(&other, "2", "0", "INV-2");
	put_with(&books, 0, &other, first, old);
	expect_record(&books, 0, "1", RECORD_LIVE, "0", "INV-1");
	expect_record(&books, 0, "2", RECORD_LIVE, "0", "INV-2");
	sample_clear(&one);
	sample_init(&one, "3", "0", "INV-3");
	put_with(&books, 0, &one, second, new);
	expect_record(&books, 0, "3", RECORD_LIVE, "0", "INV-3");
}

/* What was undone gave its number back: nothing may be packed with it under that number any more. */
static void an_undone_dictionary_is_forgotten(void **state)
{
	AUTO(books_clear) struct books books;
	AUTO(str_clear) struct str bytes = STR_INIT(1 << 16);
	struct error err = { 0 };
	int64_t no = 0, read;

	(void)state;
	books_init(&books);
	train(&bytes);
	begin(&books);
	expect_ok(records_add_dictionary(books.store, "quickbooks", "Invoice", bytes.text, bytes.len, &no, &err), &err);
	assert_non_null(known(&books, "quickbooks", "Invoice", &read));
	store_end(&books.store);
	assert_null(known(&books, "quickbooks", "Invoice", &read));
	assert_true(add_dictionary(&books, "Bill", &bytes) == no);
	assert_null(known(&books, "quickbooks", "Invoice", &read));
	assert_non_null(known(&books, "quickbooks", "Bill", &read));
	assert_true(read == no);
}

static void a_damaged_dictionary_is_refused(void **state)
{
	AUTO(books_clear) struct books books;
	AUTO(str_clear) struct str bytes = STR_INIT(1 << 16), raw = STR_INIT(10000), texts = STR_INIT(10000);
	struct record_row row;
	AUTO(sample_clear) struct sample sample;
	struct error err = { 0 };
	int64_t no = 0, read;
	bool found;

	(void)state;
	books_init(&books);
	train(&bytes);
	no = add_dictionary(&books, "Invoice", &bytes);
	sample_init(&sample, "1", "0", "INV-1");
	put_with(&books, 0, &sample, no, known(&books, "quickbooks", "Invoice", &read));
	/* Its tables, which stand behind its number, are broken. */
	memset(bytes.text + 8, 0xff, 64);
	begin(&books);
	expect_error(records_add_dictionary(books.store, "quickbooks", "Bill", bytes.text, bytes.len, &read, &err), &err,
		     ERROR_INPUT, "is damaged");
	commit(&books);
	place_sql(&books.place, "UPDATE dictionary SET bytes = CAST (substr (bytes, 1, 8) || zeroblob (64) || substr (bytes, 73) "
		  "AS BLOB)");
	store_close(books.store);
	books.store = place_open(&books.place, STORE_WRITE);
	assert_null(known(&books, "quickbooks", "Invoice", &read));
	expect_error(records_get(books.store, &books.invoices[0], &invoice_type, "1", &row, &raw, &texts, &found, &err), &err,
		     ERROR_STORE, "a dictionary is missing");
}

static void damaged_bytes_are_never_read_as_data(void **state)
{
	static const char *const damages[] = {
		"UPDATE raw SET bytes = x''",
		"UPDATE raw SET bytes = x'00112233'",
		"UPDATE raw SET bytes = substr (bytes, 1, length (bytes) - 1)",
		"UPDATE raw SET bytes = CAST (bytes || x'00' AS BLOB)",
		"UPDATE raw SET bytes = CAST (substr (bytes, 1, length (bytes) - 6) || x'ffffffffffff' AS BLOB)",
		"UPDATE raw SET dictionary = 5",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(damages); i++) {
		AUTO(books_clear) struct books books;
		AUTO(str_clear) struct str raw = STR_INIT(10000), texts = STR_INIT(10000);
		struct record_row row;
		struct error err = { 0 };
		bool found;

		books_init(&books);
		books_put_text(&books, 0, "1", "0", "A");
		place_sql(&books.place, damages[i]);
		if (records_get(books.store, &books.invoices[0], &invoice_type, "1", &row, &raw, &texts, &found, &err))
			fail_msg("'%s' is not noticed", damages[i]);
		assert_int_equal(err.code, ERROR_STORE);
		assert_non_null(strstr(err.text, "damaged"));
		assert_int_equal(raw.len, 0);
	}
}

int test_records(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(new_changed_and_unchanged),
		cmocka_unit_test(unchanged_ones_write_nothing),
		cmocka_unit_test(what_is_here_already_is_known),
		cmocka_unit_test(older_versions_are_left_alone),
		cmocka_unit_test(deleted_and_back),
		cmocka_unit_test(a_change_of_state_is_a_change),
		cmocka_unit_test(equal_ids_of_two_accounts_never_meet),
		cmocka_unit_test(all_kinds_of_cells_come_back),
		cmocka_unit_test(too_little_room_is_no_overflow),
		cmocka_unit_test(a_failed_page_leaves_nothing),
		cmocka_unit_test(what_cannot_be_kept_is_parked),
		cmocka_unit_test(records_are_packed_with_their_types_dictionary),
		cmocka_unit_test(a_store_rests_and_goes_on),
		cmocka_unit_test(the_newest_dictionary_is_used_and_old_ones_stay),
		cmocka_unit_test(an_undone_dictionary_is_forgotten),
		cmocka_unit_test(a_damaged_dictionary_is_refused),
		cmocka_unit_test(damaged_bytes_are_never_read_as_data),
	};

	return cmocka_run_group_tests_name("records", tests, NULL, NULL);
}
