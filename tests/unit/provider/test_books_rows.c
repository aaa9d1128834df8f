/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking for reports, and reading their answers in all the shapes in which they come. */
#include <stdio.h>
#include <string.h>

#include "dialogue.h"
#include "ledgerdeck/core/memory.h"
#include "mirror.h"
#include "provider/quickbooks/books.h"
#include "tests.h"

#define ACCOUNT(id, name, type) "{\"Id\":\"" id "\",\"FullyQualifiedName\":\"" name "\",\"AccountType\":\"" type "\"}"

static const char *const accounts[] = {
	ACCOUNT("35", "Checking", "Bank"), ACCOUNT("37", "Truck", "Fixed Asset"), ACCOUNT("38", "Truck:Cost", "Fixed Asset"),
	ACCOUNT("1", "Services", "Income"), ACCOUNT("41", "Card", "Credit Card"),
};

static int set_up(void **state)
{
	static struct mirror mirror;

	mirror_init(&mirror);
	for (size_t i = 0; i < ARRAY_LEN(accounts); i++)
		mirror_add(&mirror, "Account", accounts[i], strlen(accounts[i]));
	mirror_sort(&mirror);
	*state = &mirror;
	return 0;
}

static int tear_down(void **state)
{
	mirror_clear(*state);
	return 0;
}

/* "opening account=35 Checking amount=10.00": a line a row, with what it has. */
static bool row_text(void *ctx, const struct report_row *row)
{
	static const char *const kinds[] = { "row", "opening", "total" };
	const struct { const char *word, *id, *name; } pairs[] = {
		{ "account", row->account, row->account_name }, { "party", row->party, row->party_name }, { "", row->type, row->id },
		{ "number", row->number, "" }, { "memo", row->memo, "" },
	};
	char text[DECIMAL_TEXT_MAX], date[DATE_TEXT_MAX];
	struct str *out = ctx;

	str_add(out, kinds[row->kind]);
	if (row->has_date)
		str_addf(out, " %s", date_format(row->date, date));
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
		if (*pairs[i].id || *pairs[i].name)
			str_addf(out, " %s%s%s%s%s", pairs[i].word, *pairs[i].word ? "=" : "", pairs[i].id, *pairs[i].name ? " " : "",
				 pairs[i].name);
	if (row->has_amount)
		str_addf(out, " amount=%s", decimal_format(row->amount, text));
	if (row->has_open)
		str_addf(out, " open=%s", decimal_format(row->open, text));
	if (row->has_foreign)
		str_addf(out, " %s=%s", row->currency, decimal_format(row->foreign, text));
	str_add_char(out, '\n');
	return true;
}

static bool read_report(const struct mirror *mirror, enum report report, const char *raw, struct report_head *ret_head, struct str *out,
			struct error *err)
{
	struct report_wish wish = { .report = report, .from = date_of(2026, 1, 1), .to = date_of(2026, 1, 31) };

	return quickbooks_books.rows(&mirror->desk, &wish, raw, strlen(raw), ret_head, row_text, out, err);
}

static void expect(void **state, enum report report, const char *raw, const char *wanted)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	struct report_head head;
	struct error err = { 0 };

	if (!read_report(*state, report, raw, &head, &text, &err))
		fail_msg("%s", err.text);
	assert_string_equal(text.text, wanted);
}

#define HEAD(name) "{\"Header\":{\"ReportName\":\"" name "\",\"ReportBasis\":\"Accrual\",\"Currency\":\"USD\",\"StartPeriod\":" \
		   "\"2026-01-02\",\"EndPeriod\":\"2026-01-30\",\"Option\":[{\"Name\":\"NoReportData\",\"Value\":\"false\"}]},"
#define TYPE(type) "{\"ColTitle\":\"\",\"ColType\":\"" type "\"}"
#define KEY(key) "{\"ColTitle\":\"\",\"ColType\":\"Money\",\"MetaData\":[{\"Name\":\"ColKey\",\"Value\":\"" key "\"}]}"
#define COLUMNS(list) "\"Columns\":{\"Column\":[" list "]},"
#define ROWS(list) "\"Rows\":{\"Row\":[" list "]}}"
#define V(value) "{\"value\":\"" value "\"}"
#define I(value, id) "{\"value\":\"" value "\",\"id\":\"" id "\"}"
#define DATA(cells) "{\"ColData\":[" cells "],\"type\":\"Data\"}"
#define SECTION(head, rows, sum) "{\"Header\":{\"ColData\":[" head "]},\"Rows\":{\"Row\":[" rows "]},\"Summary\":{\"ColData\":[" sum \
				 "]},\"type\":\"Section\"}"
#define GRAND(cells) "{\"Summary\":{\"ColData\":[" cells "]},\"type\":\"Section\",\"group\":\"GrandTotal\"}"

/* ---- balances */

#define BALANCE_COLUMNS COLUMNS("{\"ColTitle\":\"\",\"ColType\":\"Account\"},{\"ColTitle\":\"Debit\",\"ColType\":\"Money\"}," \
				"{\"ColTitle\":\"Credit\",\"ColType\":\"Money\"}")

static void a_trial_balance_is_debit_less_credit(void **state)
{
	expect(state, REPORT_TRIAL_BALANCE, HEAD("TrialBalance") BALANCE_COLUMNS ROWS(
	       "{\"ColData\":[" I("Checking", "35") "," V("10.00") "," V("") "]},"
	       "{\"ColData\":[" I("Services (deleted)", "1") "," V("") "," V("10.00") "," V("more") "]},"
	       "{\"ColData\":[" I("Too short", "9") "]},"
	       GRAND(V("TOTAL") "," V("10.00") "," V("10.00"))),
	       "row account=35 Checking amount=10.00\nrow account=1 Services (deleted) amount=-10.00\ntotal amount=0.00\n");
}

#define CASH(name) "{\"Header\":{\"ReportName\":\"" name "\",\"ReportBasis\":\"Cash\"}}"

static void no_other_basis_than_the_one_that_was_asked_for(void **state)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	struct report_head head;
	struct error err = { 0 };

	assert_false(read_report(*state, REPORT_TRIAL_BALANCE, CASH("TrialBalance"), &head, &text, &err));
	assert_int_equal(err.code, ERROR_REMOTE);
	assert_non_null(strstr(err.text, "'Cash'"));
	/* What has no basis may say what the company prefers. */
	assert_true(read_report(*state, REPORT_TRANSACTIONS, CASH("TransactionList"), &head, &text, NULL));
}

static void a_head_says_what_the_ledger_understood(void **state)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	struct report_head head;

	assert_true(read_report(*state, REPORT_TRIAL_BALANCE, HEAD("TrialBalance") BALANCE_COLUMNS "\"Rows\":{}}", &head, &text, NULL));
	assert_string_equal(head.name, "TrialBalance");
	assert_string_equal(head.currency, "USD");
	assert_int_equal(head.from.day, date_of(2026, 1, 2).day);
	assert_int_equal(head.to.day, date_of(2026, 1, 30).day);
	assert_false(head.empty || head.cut);
	assert_true(read_report(*state, REPORT_CUSTOMER_BALANCE, "{\"Header\":{\"ReportName\":\"CustomerBalance\",\"Option\":["
				"{\"Name\":\"report_date\",\"Value\":\"2026-01-20\"},{\"Name\":\"NoReportData\",\"Value\":\"true\"}]}}",
				&head, &text, NULL));
	assert_int_equal(head.to.day, date_of(2026, 1, 20).day);
	assert_true(head.empty);
	assert_string_equal(text.text, "");
}

static void what_was_cut_is_known_for_it(void **state)
{
	static const char *const cuts[] = {
		HEAD("TrialBalance") BALANCE_COLUMNS ROWS("{\"ColData\":[" V("Unable to display more data. Please reduce the date range.") "]}"),
		"Unable to display more data. Please reduce the date range.",
	};
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	struct report_head head;

	for (size_t i = 0; i < ARRAY_LEN(cuts); i++) {
		assert_true(read_report(*state, REPORT_TRIAL_BALANCE, cuts[i], &head, &text, NULL));
		assert_true(head.cut);
		assert_string_equal(text.text, "");
	}
}

static void what_is_no_report_is_refused(void **state)
{
	static const char *const bad[] = { "", "[]", "{}", "null", "\"x\"", "{\"Header\":", "{\"Header\":1}", "{\"Header\":{}}",
					   HEAD("ProfitAndLoss") BALANCE_COLUMNS ROWS("") };
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	struct report_head head;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct error err = { 0 };

		assert_false(read_report(*state, REPORT_TRIAL_BALANCE, bad[i], &head, &text, &err));
		assert_int_equal(err.code, ERROR_REMOTE);
	}
}

/* ---- the general ledger */

#define LEDGER_COLUMNS COLUMNS(TYPE("tx_date") "," TYPE("txn_type") "," TYPE("doc_num") "," TYPE("name") "," TYPE("memo") "," \
			       TYPE("subt_nat_amount") "," TYPE("rbal_nat_amount"))
#define POSTING(date, type, id, amount) DATA(V(date) "," I(type, id) "," V("7") "," I("Ann", "12") "," V("") "," V(amount) "," V("0.00"))
#define OPENING(balance) DATA(V("Beginning Balance") "," V("") "," V("") "," V("") "," V("") "," V("") "," V(balance))

static void ledger_amounts_become_debits(void **state)
{
	expect(state, REPORT_GENERAL_LEDGER, HEAD("GeneralLedger") LEDGER_COLUMNS ROWS(
	       SECTION(I("Checking", "35") "," V(""), OPENING("9.00") "," POSTING("2026-01-05", "Sales Receipt", "17", "10.00"),
		       V("Total for Checking") "," V("") "," V("") "," V("") "," V("") "," V("10.00")) ","
	       SECTION(I("Services", "1"), POSTING("2026-01-05", "Sales Receipt", "17", "10.00"), V("")) ","
	       SECTION(I("Card", "41"), OPENING("-3.00"), V(""))),
	       "opening account=35 Checking amount=9.00\n"
	       "row 2026-01-05 account=35 Checking party=12 Ann SalesReceipt 17 number=7 amount=10.00\n"
	       "total account=35 Checking amount=10.00\n"
	       "row 2026-01-05 account=1 Services party=12 Ann SalesReceipt 17 number=7 amount=-10.00\n"
	       "total account=1 Services\n"
	       "opening account=41 Card amount=3.00\n"
	       "total account=41 Card\n");
}

static void an_account_below_another_is_found_by_its_name(void **state)
{
	expect(state, REPORT_GENERAL_LEDGER, HEAD("GeneralLedger") LEDGER_COLUMNS ROWS(
	       SECTION(I("Truck", "37"), OPENING("1.00") "," SECTION(V("Cost"), OPENING("5.00"), V("Total for Cost")), V("Total")) ","
	       SECTION(V("Gone (deleted)"), POSTING("2026-01-05", "Inventory Starting Value", "", "4.00"), V(""))),
	       "opening account=37 Truck amount=1.00\n"
	       "opening account=38 Truck:Cost amount=5.00\n"
	       "total account=38 Truck:Cost\n"
	       "row 2026-01-05 account= Gone (deleted) party=12 Ann Inventory Starting Value number=7\n" /* whose sign nobody knows */
	       "total account= Gone (deleted)\n");
}

static void debit_and_credit_columns_and_home_amounts_come_first(void **state)
{
	expect(state, REPORT_GENERAL_LEDGER, HEAD("GeneralLedger")
	       COLUMNS(TYPE("tx_date") "," KEY("txn_type") "," TYPE("subt_nat_amount") "," KEY("subt_nat_home_amount")) ROWS(
	       SECTION(I("Checking", "35"), DATA(V("2026-01-05") "," I("Transfer", "3") "," V("10.00") "," V("12.00")), "")),
	       "row 2026-01-05 account=35 Checking Transfer 3 amount=12.00\n");
	expect(state, REPORT_GENERAL_LEDGER, HEAD("GeneralLedger")
	       COLUMNS(TYPE("tx_date") ",{\"ColTitle\":\"Amounts\",\"Columns\":{\"Column\":[" TYPE("debt_amt") "," TYPE("credit_amt") "]}},"
		       KEY("txn_type")) ROWS(
	       SECTION(V("Unknown"), DATA(V("2026-01-05") "," V("") "," V("12.00") "," I("Transfer", "3")), "")),
	       "row 2026-01-05 account= Unknown Transfer 3 amount=-12.00\n");
}

/* ---- transactions and customers */

static void a_transaction_has_its_total_and_its_type(void **state)
{
	expect(state, REPORT_TRANSACTIONS, HEAD("TransactionList")
	       COLUMNS(KEY("tx_date") "," KEY("txn_type") "," KEY("doc_num") "," KEY("name") "," KEY("memo") "," KEY("subt_nat_amount")) ROWS(
	       DATA(V("2026-01-05") "," I("Bill Payment (Check)", "9") "," V("1041") "," I("Two\\nlines \\u0007", "50") "," V("rent") "," V("-5.00")) ","
	       DATA(V("") "," V("") "," V("")) ","
	       DATA(V("2026-01-06") "," I("Statement", "10"))),
	       "row 2026-01-05 party=50 Two lines \xc2\xb7 BillPayment 9 number=1041 memo=rent amount=5.00\n"
	       "row 2026-01-06 Statement 10\n");
}

static void what_is_open_is_debit_positive(void **state)
{
	expect(state, REPORT_RECEIVABLES_DETAIL, HEAD("AgedReceivableDetail")
	       COLUMNS(KEY("tx_date") "," KEY("txn_type") "," KEY("doc_num") "," KEY("cust_name") "," KEY("subt_amount") "," KEY("subt_open_bal"))
	       ROWS(SECTION(V("1 - 30 days past due"), DATA(V("2026-01-05") "," I("Invoice", "9") "," V("1") "," I("Ann", "12") "," V("8.00") ","
			    V("5.00")) "," DATA(V("2026-01-06") "," I("Credit Memo", "10") "," V("") "," I("Ann", "12") "," V("-3.00") ","
			    V("-2.00")), V("Total") "," V("") "," V("") "," V("") "," V("5.00") "," V("3.00")) ","
		    GRAND(V("TOTAL") "," V("") "," V("") "," V("") "," V("5.00") "," V("3.00"))),
	       "row 2026-01-05 party=12 Ann Invoice 9 number=1 amount=8.00 open=5.00\n"
	       "row 2026-01-06 party=12 Ann CreditMemo 10 amount=3.00 open=-2.00\n");
}

static void what_is_open_is_told_in_its_own_currency(void **state)
{
	expect(state, REPORT_RECEIVABLES_DETAIL, HEAD("AgedReceivableDetail")
	       COLUMNS(KEY("txn_type") "," KEY("currency") "," KEY("subt_home_open_bal") "," KEY("foreign_open_bal"))
	       ROWS(DATA(I("Invoice", "9") "," V("EUR") "," V("5.35") "," V("5.00")) "," DATA(I("Credit Memo", "10") "," V("USD") "," V("-2.00") ","
		    V("-2.00")) "," DATA(I("Invoice", "11") "," V("EUR") "," V("1.00") "," V("")) ","
		    GRAND(V("TOTAL") "," V("") "," V("4.35") "," V(""))),
	       "row Invoice 9 open=5.35 EUR=5.00\nrow CreditMemo 10 open=-2.00 USD=-2.00\nrow Invoice 11 open=1.00\n");
}

static void a_customer_owes_what_the_last_column_says(void **state)
{
	expect(state, REPORT_RECEIVABLES, HEAD("AgedReceivables")
	       COLUMNS("{\"ColTitle\":\"\",\"ColType\":\"Customer\"}," KEY("current") "," KEY("0") "," KEY("total")) ROWS(
	       "{\"ColData\":[" I("Ann", "12") "," V("5.00") "," V("") "," V("5.00") "]},"
	       SECTION(I("Bob", "13") "," V("1.00") "," V("") "," V("1.00"), "{\"ColData\":[" I("Job", "14") "," V("") "," V("2.00") "," V("2.00") "]}",
		       V("Total Bob") "," V("1.00") "," V("2.00") "," V("3.00")) ","
	       GRAND(V("TOTAL") "," V("6.00") "," V("2.00") "," V("8.00"))),
	       "row party=12 Ann amount=5.00 open=5.00\nrow party=13 Bob amount=1.00 open=1.00\nrow party=14 Job amount=2.00 open=2.00\n"
	       "total amount=8.00 open=8.00\n");
	expect(state, REPORT_CUSTOMER_BALANCE, HEAD("CustomerBalance")
	       COLUMNS("{\"ColTitle\":\"\",\"ColType\":\"Customer\"},{\"ColTitle\":\"Total\",\"ColType\":\"Money\"}") ROWS(
	       "{\"ColData\":[" I("Ann", "12") "," V("-5.00") "]}," GRAND(V("TOTAL") "," V("-5.00"))),
	       "row party=12 Ann amount=-5.00 open=-5.00\ntotal amount=-5.00 open=-5.00\n");
}

static void tax_is_told_by_account_or_by_rate(void **state)
{
	expect(state, REPORT_TAX, HEAD("TaxSummary") COLUMNS("{\"ColTitle\":\"\",\"ColType\":\"String\"}," KEY("total")) ROWS(
	       SECTION(I("Office Payable", "90") "," V(""), DATA(V("Tax on sales") "," V("5.00")) "," DATA(V("Tax on purchases") "," V("-1.00")),
		       V("Total Office Payable") "," V("4.00")) "," GRAND(V("TOTAL") "," V("4.00"))),
	       "row account=90 Office Payable memo=Tax on sales amount=5.00\nrow account=90 Office Payable memo=Tax on purchases amount=-1.00\n"
	       "total account=90 Office Payable amount=4.00\ntotal amount=4.00\n");
	expect(state, REPORT_TAX, HEAD("TaxSummary") COLUMNS("{\"ColTitle\":\"Tax Name\",\"ColType\":\"Account\"}," KEY("taxable_amount") ","
	       KEY("tax_collected")) ROWS(DATA(I("State", "3") "," V("100.00") "," V("7.00"))),
	       "row  3 memo=State amount=7.00\n");
}

/* ---- asking */

static void fetch_expecting(const struct report_wish *wish, const char *request)
{
	DIALOGUE(talk, { .request = request, .body = "{\"Header\":{\"Time\":\"2026-01-31T04:00:09-08:00\"}}", .trace_id = "t-1" });
	AUTO(page_clearp) struct page page;
	struct error err = { 0 };

	page_init(&page);
	if (!quickbooks_books.fetch(&talk.connection, wish, &page, &err))
		fail_msg("%s", err.text);
	assert_string_equal(page.body.text, "{\"Header\":{\"Time\":\"2026-01-31T04:00:09-08:00\"}}");
	assert_string_equal(page.trace_id, "t-1");
	assert_int_equal(page.ledger_ms, DIALOGUE_NOW_MS + 9000);
}

static void reports_are_asked_for_with_dates_and_columns(void **state)
{
	struct report_wish wish = { .report = REPORT_TRIAL_BALANCE, .from = date_of(2026, 1, 1), .to = date_of(2026, 1, 31) };

	(void)state;
	fetch_expecting(&wish, "GET reports/TrialBalance?start_date=2026-01-01&end_date=2026-01-31&accounting_method=Accrual");
	wish.report = REPORT_RECEIVABLES;
	wish.party = "12";
	fetch_expecting(&wish, "GET reports/AgedReceivables?report_date=2026-01-31&aging_method=Report_Date&customer=12");
	wish = (struct report_wish){ .report = REPORT_GENERAL_LEDGER, .from = wish.from, .to = wish.to, .account = "35",
				     .currencies = true };
	fetch_expecting(&wish, "GET reports/GeneralLedger?start_date=2026-01-01&end_date=2026-01-31&accounting_method=Accrual&columns="
			       "tx_date,txn_type,doc_num,name,memo,subt_nat_home_amount,rbal_nat_home_amount&account=35");
}

static void a_sentence_in_place_of_a_report_is_no_failure(void **state)
{
	static const char sentence[] = "Unable to display more data. Please reduce the date range.";
	struct report_wish wish = { .report = REPORT_CUSTOMER_BALANCE, .to = date_of(2026, 1, 31) };
	DIALOGUE(talk, { .request = "GET reports/CustomerBalance?report_date=2026-01-31", .body = sentence, .type = "text/plain" });
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	AUTO(page_clearp) struct page page;
	struct report_head head;
	struct error err = { 0 };

	page_init(&page);
	assert_true(quickbooks_books.fetch(&talk.connection, &wish, &page, &err));
	assert_int_equal(err.code, ERROR_NONE);
	assert_true(read_report(*state, REPORT_CUSTOMER_BALANCE, page.body.text, &head, &text, NULL));
	assert_true(head.cut);
}

int test_books_rows(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_trial_balance_is_debit_less_credit),
		cmocka_unit_test(a_head_says_what_the_ledger_understood),
		cmocka_unit_test(no_other_basis_than_the_one_that_was_asked_for),
		cmocka_unit_test(what_was_cut_is_known_for_it),
		cmocka_unit_test(what_is_no_report_is_refused),
		cmocka_unit_test(ledger_amounts_become_debits),
		cmocka_unit_test(an_account_below_another_is_found_by_its_name),
		cmocka_unit_test(debit_and_credit_columns_and_home_amounts_come_first),
		cmocka_unit_test(a_transaction_has_its_total_and_its_type),
		cmocka_unit_test(what_is_open_is_debit_positive),
		cmocka_unit_test(what_is_open_is_told_in_its_own_currency),
		cmocka_unit_test(a_customer_owes_what_the_last_column_says),
		cmocka_unit_test(tax_is_told_by_account_or_by_rate),
		cmocka_unit_test(reports_are_asked_for_with_dates_and_columns),
		cmocka_unit_test(a_sentence_in_place_of_a_report_is_no_failure),
	};

	return cmocka_run_group_tests_name("books_rows", tests, set_up, tear_down);
}
