/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of exchange rates: what holds on which day, and files that are right or wrong. */
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/rates.h"
#include "tests.h"

static void test_days(void **state)
{
	static const char text[] = "\xef\xbb\xbf" "rate;Currency;FROM\r\n1.0911;eur;2026-02-01\r\n1.0842;EUR;2026-01-01\r\n\r\n0.0952;NOK;2026-01-15\r\n";
	static const struct {
		const char *currency, *day, *rate, *first; /* NULL: none */
	} rows[] = {
		{ "EUR", "2025-12-31", NULL, "2026-01-01" },   { "EUR", "2026-01-01", "1.0842", "2026-01-01" },
		{ "EUR", "2026-01-31", "1.0842", "2026-01-01" }, { "EUR", "2026-02-01", "1.0911", "2026-01-01" },
		{ "EUR", "2099-01-01", "1.0911", "2026-01-01" }, { "NOK", "2026-01-14", NULL, "2026-01-15" },
		{ "NOK", "2026-01-15", "0.0952", "2026-01-15" }, { "SEK", "2026-01-15", NULL, NULL },
		{ "AAA", "2026-01-15", NULL, NULL },
	};
	AUTO(rates_clear) struct rates rates = { 0 };
	struct error err = { 0 };

	(void)state;
	if (!rates_read(text, strlen(text), &rates, &err))
		fail_msg("%s", err.text);
	assert_int_equal(rates.count, 3);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char digits[DECIMAL_TEXT_MAX], from[DATE_TEXT_MAX];
		const struct rate *first, *rate;
		struct date day;

		assert_true(date_parse(rows[i].day, strlen(rows[i].day), &day));
		rate = rates_find(&rates, rows[i].currency, day, &first);
		assert_int_equal(rate != NULL, rows[i].rate != NULL);
		assert_int_equal(first != NULL, rows[i].first != NULL);
		if (rate)
			assert_string_equal(decimal_format(rate->rate, digits), rows[i].rate);
		if (first)
			assert_string_equal(date_format(first->from, from), rows[i].first);
	}
}

static void test_wrong(void **state)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{ "", "there is no rate in it" },
		{ "currency,from,rate\n", "there is no rate in it" },
		{ "currency,from\nEUR,2026-01-01\n", "line 1: a file of rates has the columns currency, from and rate" },
		{ "currency,from,rate,by\nEUR,2026-01-01,1,x\n", "line 1: a file of rates has the columns currency, from and rate" },
		{ "currency,from,rate\nEUR,2026-01-01,1.08\nEURO,2026-01-01,1\n", "line 3: 'EURO' is no currency; three letters such as EUR are" },
		{ "currency,from,rate\nEUR,01/02/2026,1.08\n", "line 2: '01/02/2026' is no day; 2026-01-31 is" },
		{ "currency;from;rate\nEUR;2026-01-01;1,08\n", "line 2: '1,08' is no rate; digits with a point, above zero, such as 1.0842 are" },
		{ "currency,from,rate\nEUR,2026-01-01,0\n", "line 2: '0' is no rate; digits with a point, above zero, such as 1.0842 are" },
		{ "currency,from,rate\nEUR,2026-01-01,-1\n", "line 2: '-1' is no rate; digits with a point, above zero, such as 1.0842 are" },
		{ "currency,from,rate\nEUR,2026-01-01,1,08\n", "line 2: its quotes or its number of cells are not right" },
		{ "currency,from,rate\nEUR,2026-01-01,\"1.08\n", "line 2: its quotes or its number of cells are not right" },
		{ "currency,from,rate\nEUR,2026-01-01,1.08\neur,2026-01-01,1.09\n", "there are two rates of EUR from 2026-01-01" },
		{ "currency,from,rate\nE\xff,2026-01-01,1.08\n", "a file of rates is text in UTF-8" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		AUTO(rates_clear) struct rates rates = { 0 };
		struct error err = { 0 };

		if (rates_read(rows[i].text, strlen(rows[i].text), &rates, &err))
			fail_msg("row %zu was taken", i);
		assert_string_equal(err.text, rows[i].why);
		assert_int_equal(rates.count, 0);
	}
}

int test_rates(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_days),
		cmocka_unit_test(test_wrong),
	};

	return cmocka_run_group_tests_name("rates", tests, NULL, NULL);
}
