/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sweeps: what was not seen, what was seen and is not here, and what survives a crash in between. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/records.h"

#include "tests.h"

#define IDS_MAX 10

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

static void start(struct books *books, size_t account)
{
	struct error err = { 0 };

	begin(books);
	expect_ok(sweep_begin(books->store, &books->invoices[account], &err), &err);
	commit(books);
}

/* One id and its version: "1 5". */
static void note(struct books *books, size_t account, const char *id, const char *version)
{
	char ids[1][RECORD_ID_MAX], versions[1][RECORD_VERSION_MAX];
	struct error err = { 0 };

	snprintf(ids[0], sizeof(ids[0]), "%s", id);
	snprintf(versions[0], sizeof(versions[0]), "%s", version);
	begin(books);
	expect_ok(sweep_note(books->store, &books->invoices[account], (const char(*)[RECORD_ID_MAX])ids,
			     (const char(*)[RECORD_VERSION_MAX])versions, 1, &err), &err);
	commit(books);
}

static void join(const char (*ids)[RECORD_ID_MAX], size_t count, struct str *out)
{
	for (size_t i = 0; i < count; i++)
		str_addf(out, "%s%s", i ? " " : "", ids[i]);
}

static void expect_missing(struct books *books, size_t account, size_t most, int64_t missing, const char *expected)
{
	AUTO(str_clear) struct str text = STR_INIT(1000);
	char ids[IDS_MAX][RECORD_ID_MAX];
	struct error err = { 0 };
	int64_t counted = -1;
	size_t listed = 99;

	expect_ok(sweep_missing(books->store, &books->invoices[account], most, ids, &listed, &counted, &err), &err);
	join((const char(*)[RECORD_ID_MAX])ids, listed, &text);
	assert_string_equal(text.text, expected);
	assert_true(counted == missing);
}

static void expect_unknown(struct books *books, size_t account, size_t most, const char *expected)
{
	AUTO(str_clear) struct str text = STR_INIT(1000);
	char ids[IDS_MAX][RECORD_ID_MAX];
	struct error err = { 0 };
	size_t listed = 99;

	expect_ok(sweep_unknown(books->store, &books->invoices[account], most, ids, &listed, &err), &err);
	join((const char(*)[RECORD_ID_MAX])ids, listed, &text);
	assert_string_equal(text.text, expected);
}

static void put_state(struct books *books, const char *id, enum record_state state)
{
	AUTO(sample_clear) struct sample sample;

	sample_init(&sample, id, "0", id);
	sample.record.state = state;
	books_put(books, 0, &sample);
}

static void what_was_not_seen_is_missing(void **state)
{
	AUTO(books_clear) struct books books;
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	put_state(&books, "1", RECORD_LIVE);
	put_state(&books, "2", RECORD_INACTIVE);
	put_state(&books, "3", RECORD_VOIDED);
	put_state(&books, "4", RECORD_DELETED);
	put_state(&books, "5", RECORD_LIVE);
	start(&books, 0);
	/* What is known to be deleted cannot go missing. */
	expect_missing(&books, 0, IDS_MAX, 4, "1 2 3 5");
	note(&books, 0, "2", "0");
	note(&books, 0, "5", "0");
	note(&books, 0, "5", "0");
	expect_missing(&books, 0, IDS_MAX, 2, "1 3");
	expect_missing(&books, 0, 1, 2, "1");
	expect_missing(&books, 0, 0, 2, "");
	note(&books, 0, "1", "0");
	note(&books, 0, "3", "0");
	expect_missing(&books, 0, IDS_MAX, 0, "");
	begin(&books);
	expect_ok(sweep_end(books.store, &books.invoices[0], &err), &err);
	commit(&books);
	assert_int_equal(books_number(&books, "SELECT count(*) FROM sweep"), 0);
}

static void what_was_seen_and_is_not_here_is_unknown(void **state)
{
	AUTO(books_clear) struct books books;

	(void)state;
	books_init(&books);
	books_put_text(&books, 0, "1", "3", "A");
	books_put_text(&books, 0, "2", "3", "B");
	put_state(&books, "4", RECORD_DELETED);
	start(&books, 0);
	expect_unknown(&books, 0, IDS_MAX, "");
	note(&books, 0, "1", "3");
	note(&books, 0, "2", "4"); /* another version */
	note(&books, 0, "3", "0"); /* never read */
	note(&books, 0, "4", "0"); /* thought deleted */
	expect_unknown(&books, 0, IDS_MAX, "2 3 4");
	expect_unknown(&books, 0, 2, "2 3");
	/* A ledger that tells no versions in its list. */
	note(&books, 0, "2", "");
	note(&books, 0, "3", "");
	expect_unknown(&books, 0, IDS_MAX, "3 4");
	books_put_text(&books, 0, "3", "0", "C");
	expect_unknown(&books, 0, IDS_MAX, "4");
}

static void a_sweep_of_one_account_tells_nothing_of_another(void **state)
{
	AUTO(books_clear) struct books books;

	(void)state;
	books_init(&books);
	books_put_text(&books, 0, "1", "0", "A");
	books_put_text(&books, 1, "1", "0", "B");
	start(&books, 0);
	start(&books, 1);
	note(&books, 0, "1", "0");
	note(&books, 0, "2", "0");
	expect_missing(&books, 0, IDS_MAX, 0, "");
	expect_missing(&books, 1, IDS_MAX, 1, "1");
	expect_unknown(&books, 0, IDS_MAX, "2");
	expect_unknown(&books, 1, IDS_MAX, "");
	start(&books, 1);
	expect_unknown(&books, 0, IDS_MAX, "2");
}

static void it_goes_on_after_a_crash(void **state)
{
	AUTO(books_clear) struct books books;

	(void)state;
	books_init(&books);
	books_put_text(&books, 0, "1", "0", "A");
	books_put_text(&books, 0, "2", "0", "B");
	start(&books, 0);
	note(&books, 0, "1", "0");
	store_close(books.store);
	books.store = place_open(&books.place, STORE_WRITE);
	expect_missing(&books, 0, IDS_MAX, 1, "2");
	note(&books, 0, "2", "0");
	expect_missing(&books, 0, IDS_MAX, 0, "");
	/* Beginning again forgets what was seen. */
	start(&books, 0);
	expect_missing(&books, 0, IDS_MAX, 2, "1 2");
}

int test_sweep(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_not_seen_is_missing),
		cmocka_unit_test(what_was_seen_and_is_not_here_is_unknown),
		cmocka_unit_test(a_sweep_of_one_account_tells_nothing_of_another),
		cmocka_unit_test(it_goes_on_after_a_crash),
	};

	return cmocka_run_group_tests_name("sweep", tests, NULL, NULL);
}
