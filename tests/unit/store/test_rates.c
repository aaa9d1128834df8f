/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of exchange rates: whole versions of one account, with exact digits. */
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/rates.h"
#include "tests.h"

static int64_t put(struct books *books, const char *account, const char *text)
{
	AUTO(store_end) struct store *transaction = books->store;
	AUTO(rates_clear) struct rates rates = { 0 };
	struct error err = { 0 };
	int64_t version = 0;

	expect_ok(rates_read(text, strlen(text), &rates, &err), &err);
	expect_ok(store_begin(transaction, &err) && rates_put(transaction, account, &rates, "ann", "a file", 7, &version, &err) &&
		  store_commit(transaction, &err), &err);
	return version;
}

static void expect_rates(struct books *books, const char *account, int64_t version, const char *text)
{
	AUTO(rates_clear) struct rates rates = { 0 };
	AUTO(str_clear) struct str said = STR_INIT(200);
	char digits[DECIMAL_TEXT_MAX], day[DATE_TEXT_MAX];
	struct error err = { 0 };

	expect_ok(rates_get(books->store, account, version, &rates, &err), &err);
	for (size_t i = 0; i < rates.count; i++)
		str_addf(&said, "%s %s %s;", rates.items[i].currency, date_format(rates.items[i].from, day),
			 decimal_format(rates.items[i].rate, digits));
	assert_string_equal(said.text, text);
}

static bool note(void *ctx, const struct rates_change *change)
{
	struct str *said = ctx;

	str_addf(said, "%lld %s %s %lld;", (long long)change->version, change->who, change->what, (long long)change->count);
	return true;
}

static void versions_are_whole(void **state)
{
	AUTO(books_clear) struct books books;
	AUTO(str_clear) struct str said = STR_INIT(200);
	struct error err = { 0 };
	const char *one, *other;
	int64_t version = 9;

	(void)state;
	books_init(&books);
	one = books.accounts[0].id;
	other = books.accounts[1].id;
	expect_ok(rates_version(books.store, one, &version, &err), &err);
	assert_int_equal(version, 0);
	assert_int_equal(put(&books, one, "currency,from,rate\nEUR,2026-02-01,1.10\nEUR,2026-01-01,1.084200000000001\nNOK,1999-01-01,0.1\n"), 1);
	assert_int_equal(put(&books, one, "currency,from,rate\nEUR,2026-01-01,1.1\n"), 2);
	assert_int_equal(put(&books, other, "currency,from,rate\nSEK,2026-01-01,2\n"), 1);
	expect_rates(&books, one, 1, "EUR 2026-01-01 1.084200000000001;EUR 2026-02-01 1.10;NOK 1999-01-01 0.1;");
	expect_rates(&books, one, 2, "EUR 2026-01-01 1.1;");
	expect_rates(&books, one, 0, "");
	expect_rates(&books, other, 1, "SEK 2026-01-01 2;");
	expect_ok(rates_version(books.store, one, &version, &err), &err);
	assert_int_equal(version, 2);
	expect_ok(rates_history(books.store, one, note, &said, &err), &err);
	assert_string_equal(said.text, "2 ann a file 1;1 ann a file 3;");
}

int test_rates(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(versions_are_whole),
	};

	return cmocka_run_group_tests_name("rates", tests, NULL, NULL);
}
