/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statements of banks: their columns, dates, amounts and balances, in pieces of any size, and what is wrong with bad ones. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/decimal.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/model/statement.h"

#include "tests.h"

struct reading {
	struct str out;              /* a line each: line, date, amount, currency, number, party, text; refusals begin with "!" */
	size_t lines;
};

static bool take_line(void *ctx, const struct statement_line *line, struct error *err)
{
	struct reading *reading = ctx;
	char date[DATE_TEXT_MAX], amount[DECIMAL_TEXT_MAX];

	(void)err;
	str_addf(&reading->out, "%zu %s %s %s|%s|%s|%s\n", line->line, date_format(line->date, date), decimal_format_money(line->amount, amount),
		 line->currency, line->number, line->party, line->text);
	reading->lines++;
	return true;
}

static bool take_refusal(void *ctx, const struct import_refusal *refusal, struct error *err)
{
	struct reading *reading = ctx;

	(void)err;
	str_addf(&reading->out, "!%zu %s '%s': %s\n", refusal->line, refusal->name, refusal->text, refusal->why);
	return true;
}

static bool pass(struct statement *statement, const char *text, size_t len, size_t piece, struct error *err)
{
	for (size_t at = 0; at < len; at += piece)
		if (!statement_feed(statement, text + at, len - at < piece ? len - at : piece, err))
			return false;
	return statement_end(statement, err);
}

/* What comes out, the same in pieces of every size; `error` NULL: it is read to its end. */
static void expect_bytes(const char *profile_text, const char *text, size_t len, const char *expected, const char *error)
{
	static const size_t pieces[] = { 1, 7, 64, 100000 };

	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
		struct reading reading = { .out = STR_INIT(STR_NO_LIMIT) };
		struct statement_sink sink = { .line = take_line, .refusal = take_refusal, .ctx = &reading };
		AUTO(import_profile_freep) struct import_profile *profile = NULL;
		AUTO(statement_freep) struct statement *statement = NULL;
		struct error err = { 0 };
		bool good;

		if (profile_text)
			assert_true(import_profile_parse(profile_text, "profile", &profile, &err));
		statement = statement_new(profile, &sink);
		good = pass(statement, text, len, pieces[i], &err);
		if (good) {
			statement_again(statement);
			good = pass(statement, text, len, pieces[i], &err);
		}
		if (error) {
			assert_false(good);
			assert_int_equal(err.code, ERROR_INPUT);
			if (!strstr(err.text, error))
				fail_msg("'%s' does not say '%s'", err.text, error);
		} else {
			if (!good)
				fail_msg("%s", err.text);
			assert_string_equal(reading.out.text, expected);
		}
		str_clear(&reading.out);
	}
}

static void expect(const char *profile, const char *text, const char *expected)
{
	expect_bytes(profile, text, strlen(text), expected, NULL);
}

static void expect_error(const char *text, const char *error)
{
	expect_bytes(NULL, text, strlen(text), NULL, error);
}

static void columns_are_known_by_their_names(void **state)
{
	(void)state;
	expect(NULL, "Date,Description,Amount\n2026-01-02,Rent,-640.00\n2026-01-03,\"Sale, cash\",12.5\n",
	       "2 2026-01-02 -640.00 |||Rent\n3 2026-01-03 12.50 |||Sale, cash\n");
	/* Two columns: what went out, what came in, whatever their signs. */
	expect(NULL, "Date;Paid out;Paid in;Reference;Payee;Currency\n2026-01-02;5.00;;A1;Shop;EUR\n2026-01-03;;7.25;;;\n2026-01-04;-3;;;;\n",
	       "2 2026-01-02 -5.00 EUR|A1|Shop|\n3 2026-01-03 7.25 |||\n4 2026-01-04 -3.00 |||\n");
	/* What stands above the names is passed over, and so are blank rows. */
	expect(NULL, "Account;NO12 3456\n\nBokf\xc3\xb8rt dato;Tekst;Inn;Ut\n2026-01-02;Leie;;640\n;;;\n", "4 2026-01-02 -640.00 |||Leie\n");
	/* The first of two days is the one of booking. */
	expect(NULL, "Date\tValue date\tAmount\n2026-01-02\t2026-01-05\t1\n", "2 2026-01-02 1.00 |||\n");
}

static void a_profile_says_what_is_what(void **state)
{
	(void)state;
	expect("decimal = ,\nthousands = .\ndate = DD.MM.YYYY\nencoding = windows-1252\nWann = date\nWieviel = amount\nWer = party\n",
	       "Wann;Wieviel;Wer\n01.02.2026;1.234,56;M\xfcller\n", "2 2026-02-01 1234.56 ||M\xc3\xbcller|\n");
	expect("negative = parentheses\n", "Date,Amount\n2026-01-02,(12.50)\n", "2 2026-01-02 -12.50 |||\n");
}

static void dates_are_seen_and_never_guessed(void **state)
{
	(void)state;
	expect(NULL, "Date,Amount\n03/04/2026,1\n13/04/2026,2\n", "2 2026-04-03 1.00 |||\n3 2026-04-13 2.00 |||\n");
	expect(NULL, "Date,Amount\n03/04/2026,1\n04/13/2026,2\n", "2 2026-03-04 1.00 |||\n3 2026-04-13 2.00 |||\n");
}

static void bad_rows_are_refused_one_by_one(void **state)
{
	struct reading reading = { .out = STR_INIT(STR_NO_LIMIT) };
	struct statement_sink sink = { .line = take_line, .refusal = take_refusal, .ctx = &reading };
	AUTO(statement_freep) struct statement *statement = statement_new(NULL, &sink);
	static const char text[] = "Date,Amount,Currency\n2026-02-30,1,\n2026-02-28,one,\n2026-02-28,,\n2026-02-28,1,euros\n,1,\n2026-02-28,2,EUR\n";
	struct error err = { 0 };

	(void)state;
	assert_true(pass(statement, text, strlen(text), 1000, &err));
	assert_string_equal(reading.out.text, "");
	statement_again(statement);
	assert_true(pass(statement, text, strlen(text), 1000, &err));
	assert_int_equal(reading.lines, 1);
	for (int line = 2; line <= 6; line++) {
		char head[8];

		snprintf(head, sizeof(head), "!%d ", line);
		assert_non_null(strstr(reading.out.text, head));
	}
	assert_non_null(strstr(reading.out.text, "7 2026-02-28 2.00 EUR"));
	str_clear(&reading.out);
}

static void balances_go_on(void **state)
{
	(void)state;
	expect(NULL, "Date,Amount,Balance\n2026-01-02,5,105\n2026-01-03,-10,95\n", "2 2026-01-02 5.00 |||\n3 2026-01-03 -10.00 |||\n");
	/* The newest first. */
	expect(NULL, "Date,Amount,Balance\n2026-01-03,-10,95\n2026-01-02,5,105\n", "2 2026-01-03 -10.00 |||\n3 2026-01-02 5.00 |||\n");
	expect_error("Date,Amount,Balance\n2026-01-02,5,105\n2026-01-03,-10,95\n2026-01-04,1,97\n", "line 4: its balance does not follow");
}

static void what_is_no_statement_is_refused(void **state)
{
	static const char wide[] = "D\0a\0t\0e\0,\0A\0\n\0";

	(void)state;
	expect_error("", "names a column");
	expect_error("Name,Amount\nx,1\n", "names a column");
	expect_error("Date,Paid out\n2026-01-01,1\n", "names a column");
	expect_bytes(NULL, wide, sizeof(wide) - 1, NULL, "no text");
}

int test_statement(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_are_known_by_their_names),
		cmocka_unit_test(a_profile_says_what_is_what),
		cmocka_unit_test(dates_are_seen_and_never_guessed),
		cmocka_unit_test(bad_rows_are_refused_one_by_one),
		cmocka_unit_test(balances_go_on),
		cmocka_unit_test(what_is_no_statement_is_refused),
	};

	return cmocka_run_group_tests_name("statement", tests, NULL, NULL);
}
