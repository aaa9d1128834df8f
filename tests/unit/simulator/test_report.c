/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reports over postings made by hand. */
#include "quickbooks/report.h"

#include <string.h>

#include "books.h"
#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "quickbooks/period.h"

#include "test_simulator.h"

#define STAMP "2026-01-20T10:00:00-08:00"

struct accounts {
	struct record *bank, *payable, *kept, *sales, *rent, *old_bank;
};

static struct record *account(struct books *books, const char *id, const char *name,
			      const char *members)
{
	AUTO(str_clear) struct str all = STR_INIT(STR_NO_LIMIT);

	str_addf(&all, "`Name`:`x`,`FullyQualifiedName`:`%s`,%s", name, members);
	return books_add(books, "Account", id, STAMP, all.text);
}

static void entry(struct books *books, const char *id, const char *date, struct record *debit,
		  struct record *credit, int64_t cents)
{
	AUTO(str_clear) struct str members = STR_INIT(STR_NO_LIMIT);
	struct record *record;

	str_addf(&members, "`TxnDate`:`%s`", date);
	record = books_add(books, "JournalEntry", id, STAMP, members.text);
	books_post(record, debit, cents);
	books_post(record, credit, -cents);
}

static void make_accounts(struct books *books, struct accounts *made, bool with_kept)
{
	made->bank = account(books, "35", "Shop:Till \\`A\\`", "`AccountType`:`Bank`");
	made->old_bank = account(books, "36", "Chest (deleted)",
				 "`AccountType`:`Bank`,`Active`:false");
	made->payable = account(books, "33", "Payables", "`AccountType`:`Accounts Payable`");
	made->sales = account(books, "1", "Sales", "`AccountType`:`Income`");
	made->rent = account(books, "2", "Rent", "`AccountType`:`Expense`");
	made->kept = NULL;
	if (with_kept)
		made->kept = account(books, "9", "Profit kept",
				     "`AccountType`:`Equity`,`AccountSubType`:`RetainedEarnings`");
}

static void make_entries(struct books *books, const struct accounts *made)
{
	entry(books, "101", "2024-06-30", made->bank, made->sales, 100000);  /* two years ago */
	entry(books, "102", "2025-12-31", made->rent, made->payable, 25050); /* last year */
	entry(books, "103", "2026-01-01", made->bank, made->sales, 4000);
	entry(books, "104", "2026-01-15", made->rent, made->bank, 99);
	entry(books, "105", "2026-01-16", made->old_bank, made->bank, 1);
	entry(books, "106", "2026-02-28", made->bank, made->sales, 777);     /* to come */
}

static int fill(void **state)
{
	struct accounts made;

	books_open(state);
	make_accounts(*state, &made, true);
	make_entries(*state, &made);
	return 0;
}

#define URL "/v3/company/" BOOKS_REALM "/reports/TrialBalance"
#define COLUMN(title, type) "{`ColTitle`:`" title "`,`ColType`:`" type "`}"
#define COLUMNS \
	"`Columns`:{`Column`:[" COLUMN("", "Account") "," COLUMN("Debit", "Money") "," \
	COLUMN("Credit", "Money") "]}"
#define ROW(name, id, debit, credit) \
	"{`ColData`:[{`value`:`" name "`,`id`:`" id "`}," \
	"{`value`:`" debit "`},{`value`:`" credit "`}]}"
#define TILL(sum) ROW("Shop:Till \\`A\\`", "35", sum, "")
#define CHEST(sum) ROW("Chest (deleted)", "36", sum, "")
#define PAYABLES(sum) ROW("Payables", "33", "", sum)
#define KEPT(sum) ROW("Profit kept", "9", "", sum)
#define SALES(sum) ROW("Sales", "1", "", sum)
#define RENT(sum) ROW("Rent", "2", sum, "")
#define TOTAL(sum) \
	"{`Summary`:{`ColData`:[{`value`:`TOTAL`},{`value`:`" sum "`},{`value`:`" sum "`}]}," \
	"`type`:`Section`,`group`:`GrandTotal`}"

/* The list of rows, as it stands in the answer. */
static void assert_rows(struct books *books, const char *parameters, const char *expected)
{
	AUTO(str_clear) struct str target = STR_INIT(STR_NO_LIMIT), out = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str rows = STR_INIT(STR_NO_LIMIT);
	struct json_slice slice;

	str_addf(&target, "%s?%s", URL, parameters);
	books_get(books, target.text, &out);
	slice = json_find(out.text, out.len, "Rows.Row");
	str_add_bytes(&rows, slice.text, slice.len);
	assert_text(rows.text, expected);
}

static void test_shape(void **state)
{
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);

	books_get(*state, URL, &out);
	assert_text(out.text, "{`Header`:{`Time`:`2026-01-31T12:00:00-08:00`,"
			      "`ReportName`:`TrialBalance`,`DateMacro`:`this month-to-date`,"
			      "`ReportBasis`:`Accrual`,`StartPeriod`:`2026-01-01`,"
			      "`EndPeriod`:`2026-01-31`,`Currency`:`USD`,"
			      "`Option`:[{`Name`:`NoReportData`,`Value`:`false`}]},"
			      COLUMNS ",`Rows`:{`Row`:["
			      CHEST("0.01") "," TILL("1039.00") "," PAYABLES("250.50") ","
			      KEPT("749.50") "," SALES("40.00") "," RENT("0.99") ","
			      TOTAL("1040.00") "]}}");
	books_get(*state, URL "?start_date=2020-01-01&end_date=2020-12-31"
			      "&summarize_column_by=Total&accounting_method=accrual", &out);
	assert_text(out.text, "{`Header`:{`Time`:`2026-01-31T12:00:00-08:00`,"
			      "`ReportName`:`TrialBalance`,`ReportBasis`:`Accrual`,"
			      "`StartPeriod`:`2020-01-01`,`EndPeriod`:`2020-12-31`,"
			      "`SummarizeColumnsBy`:`Total`,`Currency`:`USD`,"
			      "`Option`:[{`Name`:`NoReportData`,`Value`:`true`}]},"
			      COLUMNS ",`Rows`:{}}");
}

static void test_years(void **state)
{
	struct books *books = *state;

	/* within a year income and expense stand by themselves */
	assert_rows(books, "end_date=2024-12-31",
		    "[" TILL("1000.00") "," SALES("1000.00") "," TOTAL("1000.00") "]");
	assert_rows(books, "end_date=2025-12-31",
		    "[" TILL("1000.00") "," PAYABLES("250.50") "," KEPT("1000.00") ","
		    RENT("250.50") "," TOTAL("1250.50") "]");
	/* the start does not matter, only the day at the end */
	assert_rows(books, "start_date=2026-01-20&end_date=2026-01-20&sort_order=descend",
		    "[" RENT("0.99") "," SALES("40.00") "," KEPT("749.50") "," PAYABLES("250.50")
		    "," TILL("1039.00") "," CHEST("0.01") "," TOTAL("1040.00") "]");
	/* years that begin in February */
	books->company->preferences.fiscal_month = 2;
	assert_rows(books, "end_date=2026-01-31",
		    "[" CHEST("0.01") "," TILL("1039.00") "," PAYABLES("250.50") ","
		    KEPT("1000.00") "," SALES("40.00") "," RENT("251.49") "," TOTAL("1290.50") "]");
	/* all of it, what is dated tomorrow too */
	books->company->preferences.fiscal_month = 1;
	assert_rows(books, "date_macro=All",
		    "[" CHEST("0.01") "," TILL("1046.77") "," PAYABLES("250.50") ","
		    KEPT("749.50") "," SALES("47.77") "," RENT("0.99") "," TOTAL("1047.77") "]");
}

/* Profit has a row even in books without an account for it. */
static void test_no_account_for_profit(void **state)
{
	struct accounts made;

	make_accounts(*state, &made, false);
	entry(*state, "1", "2024-06-30", made.bank, made.sales, 500);
	assert_rows(*state, "end_date=2025-06-30",
		    "[" TILL("5.00") "," ROW("Retained Earnings", "", "", "5.00") ","
		    TOTAL("5.00") "]");
}

static void test_cells(void **state)
{
	struct books *books = *state;

	books_set(books, "report-cells", "20");
	assert_rows(books, "end_date=2026-01-31",
		    "[{`ColData`:[{`value`:`Unable to display more data. Please reduce the date "
		    "range.`}]}]");
	books_set(books, "report-cells", "21");
	assert_rows(books, "end_date=2024-12-31",
		    "[" TILL("1000.00") "," SALES("1000.00") "," TOTAL("1000.00") "]");
}

static void test_refusals(void **state)
{
	static const struct {
		const char *target, *detail, *rest;
	} cases[] = {
		{ URL "?end_date=31.12.2025", "Invalid Date Format : 31.12.2025",
		  "`code`:`2060`,`element`:`end_date`" },
		{ URL "?start_date=2025-02-30", "Invalid Date : 2025-02-30",
		  "`code`:`2070`,`element`:`start_date`" },
		{ URL "?start_date=2026-02-01&end_date=2026-01-01",
		  "Invalid Date Range : start_date is later than end_date",
		  "`code`:`2190`,`element`:`start_date`" },
		{ URL "?date_macro=Some%20Day", "Invalid Enumeration : Some Day", "`code`:`2170`" },
		{ URL "?accounting_method=Cash", "",
		  "`code`:`5030`,`element`:`accounting_method`" },
		{ URL "?accounting_method=Barter", "Invalid Enumeration : Barter",
		  "`code`:`2170`" },
		{ URL "?sort_order=up", "Invalid Enumeration : up", "`code`:`2170`" },
		{ URL "?summarize_column_by=Month", "",
		  "`code`:`5030`,`element`:`summarize_column_by`" },
		{ "/v3/company/" BOOKS_REALM "/reports/Cashflow",
		  "Permission Denied Error : You do not have the access rights to use this "
		  "feature.",
		  "`code`:`5020`,`element`:`ReportName`" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(books_answer_clear) struct books_answer got = { 0 };

		books_ask(*state, "GET", cases[i].target, NULL, NULL, 0, &got);
		assert_int_equal(got.answer.status, 400);
		assert_has(got.text, cases[i].detail);
		assert_has(got.text, cases[i].rest);
	}
}

static void test_macros(void **state)
{
	static const struct {
		const char *macro, *start, *end;
	} cases[] = {
		/* on Saturday, 2026-01-31, with fiscal years from April */
		{ "Today", "2026-01-31", "2026-01-31" },
		{ "yesterday", "2026-01-30", "2026-01-30" },
		{ "This Week", "2026-01-25", "2026-01-31" },
		{ "Last Week", "2026-01-18", "2026-01-24" },
		{ "This Week-to-date", "2026-01-25", "2026-01-31" },
		{ "Last Week-to-date", "2026-01-18", "2026-01-24" },
		{ "Next Week", "2026-02-01", "2026-02-07" },
		{ "Next 4 Weeks", "2026-02-01", "2026-02-28" },
		{ "This Month", "2026-01-01", "2026-01-31" },
		{ "Next Month", "2026-02-01", "2026-02-28" },
		{ "Last Month-to-date", "2025-12-01", "2025-12-31" },
		{ "Next Month-to-date", "2026-02-01", "2026-02-28" },
		{ "This Calendar Quarter", "2026-01-01", "2026-03-31" },
		{ "Last Calendar Quarter", "2025-10-01", "2025-12-31" },
		{ "This Calendar Quarter-to-date", "2026-01-01", "2026-01-31" },
		{ "Last Calendar Quarter-to-date", "2025-10-01", "2025-10-31" },
		{ "This Fiscal Quarter", "2026-01-01", "2026-03-31" },
		{ "Next Fiscal Quarter", "2026-04-01", "2026-06-30" },
		{ "This Fiscal Year", "2025-04-01", "2026-03-31" },
		{ "Last Fiscal Year", "2024-04-01", "2025-03-31" },
		{ "This Fiscal Year-to-date", "2025-04-01", "2026-01-31" },
		{ "Last Fiscal Year-to-date", "2024-04-01", "2025-01-31" },
		{ "This Calendar Year-to-date", "2026-01-01", "2026-01-31" },
		{ "Next Calendar Year", "2027-01-01", "2027-12-31" },
	};
	struct books *books = *state;

	books->company->preferences.fiscal_month = 4;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(str_clear) struct str target = STR_INIT(STR_NO_LIMIT);
		AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);

		str_add(&target, URL "?date_macro=");
		str_add_percent(&target, cases[i].macro);
		books_get(books, target.text, &out);
		assert_json(out.text, "Header.StartPeriod", cases[i].start);
		assert_json(out.text, "Header.EndPeriod", cases[i].end);
	}
}

static void test_fiscal_years(void **state)
{
	(void)state;
	assert_int_equal(period_fiscal_start(date_of(2026, 3, 31), 4).day,
			 date_of(2025, 4, 1).day);
	assert_int_equal(period_fiscal_start(date_of(2026, 4, 1), 4).day, date_of(2026, 4, 1).day);
	assert_int_equal(period_fiscal_start(date_of(2026, 1, 1), 1).day, date_of(2026, 1, 1).day);
}

int test_report(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_shape, fill, books_close),
		cmocka_unit_test_setup_teardown(test_years, fill, books_close),
		cmocka_unit_test_setup_teardown(test_no_account_for_profit, books_open,
						books_close),
		cmocka_unit_test_setup_teardown(test_cells, fill, books_close),
		cmocka_unit_test_setup_teardown(test_refusals, fill, books_close),
		cmocka_unit_test_setup_teardown(test_macros, fill, books_close),
		cmocka_unit_test(test_fiscal_years),
	};

	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
