/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What reports look like, row by row, over a few documents; and what they refuse. */
#include <string.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"

#include "ledger.h"
#include "test_simulator.h"

#define URL "/v3/company/" BOOKS_REALM "/reports/"

/* Today is 2026-01-31. Ada pays for Pond, which is below her; Bo has a credit and a payment to come. */
static const struct step us_steps[] = {
	{ SAVE, "Invoice",
	  "{" FOR("1") ",`TxnDate`:`2025-10-01`,`DueDate`:`2025-10-20`,`Line`:[" LINE("50", HOURS) "]}",
	  0, "`Id`:`1`", NULL },
	{ SAVE, "Invoice",
	  "{" FOR("3") ",`TxnDate`:`2026-01-10`,`DueDate`:`2026-01-15`,`PrivateNote`:`for the pond`"
	  ",`Line`:[" LINE("30", HOURS) "]}",
	  0, "`Id`:`2`", NULL },
	{ SAVE, "Invoice",
	  "{" FOR("2") ",`TxnDate`:`2026-01-20`,`DueDate`:`2026-02-20`,`Line`:[" LINE("80", HOURS) "]}",
	  0, "`Id`:`3`", NULL },
	{ SAVE, "CreditMemo",
	  "{" FOR("2") ",`TxnDate`:`2026-01-25`,`Line`:[" LINE("12.5", HOURS) "]}", 0, "`Id`:`4`", NULL },
	{ SAVE, "Payment",
	  "{" FOR("1") ",`TxnDate`:`2026-01-12`,`TotalAmt`:20,`PaymentRefNum`:`7`,`Line`:["
	  PAYS("20", "2", "Invoice") "]}",
	  0, "`Id`:`5`", NULL },
	{ SAVE, "Payment",
	  "{" FOR("2") ",`TxnDate`:`2026-02-10`,`TotalAmt`:80,`Line`:[" PAYS("80", "3", "Invoice") "]}",
	  0, "`Id`:`6`", NULL },
	{ SAVE, "Estimate", "{" FOR("2") ",`TxnDate`:`2026-01-21`,`Line`:[" LINE("9", HOURS) "]}", 0,
	  "`Id`:`7`", NULL },
};

static int open_us(void **state)
{
	if (ledger_open_us(state) != 0)
		return -1;
	ledger_run(*state, us_steps, ARRAY_LEN(us_steps));
	return 0;
}

/*
 * The rows as lines: a cell is its value, with `#` its id; sections are indented and end with what
 * their summaries say.
 */
static void add_cells(struct json_slice cells, struct str *out)
{
	struct json_slice cell;

	for (size_t at = 0, i = 0; json_each(cells, &at, NULL, &cell); i++) {
		struct json_slice id = json_find(cell.text, cell.len, "id");

		str_add(out, i ? "|" : "");
		json_unquote(json_find(cell.text, cell.len, "value"), out);
		if (id.kind == JSON_STRING) {
			str_add_char(out, '#');
			json_unquote(id, out);
		}
	}
	str_add_char(out, '\n');
}

static void add_rows(struct json_slice rows, int depth, struct str *out)
{
	static const char *const parts[] = { "Header.ColData", "ColData", "Rows.Row",
					     "Summary.ColData" };
	struct json_slice row;

	for (size_t at = 0; json_each(rows, &at, NULL, &row);)
		for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
			struct json_slice part = json_find(row.text, row.len, parts[i]);

			if (part.kind == JSON_NONE)
				continue;
			if (i == 2) {
				add_rows(part, depth + 1, out);
				continue;
			}
			for (int k = 0; k < depth; k++)
				str_add(out, "  ");
			str_add(out, i == 3 ? "= " : "");
			add_cells(part, out);
		}
}

/* The columns' keys, then the rows. */
static void assert_report(struct books *books, const char *target, const char *expected)
{
	AUTO(str_clear) struct str url = STR_INIT(STR_NO_LIMIT), out = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	struct json_slice column;

	str_addf(&url, URL "%s", target);
	books_get(books, url.text, &out);
	for (size_t at = 0;
	     json_each(json_find(out.text, out.len, "Columns.Column"), &at, NULL, &column);) {
		struct json_slice type = json_find(column.text, column.len, "ColType");

		json_unquote(json_find(column.text, column.len,
				       json_equals(type, "Money") ? "ColTitle" : "ColType"),
			     &text);
		str_add_char(&text, ' ');
	}
	str_add_char(&text, '\n');
	add_rows(json_find(out.text, out.len, "Rows.Row"), 0, &text);
	assert_text(text.text, expected);
}

static void test_ledger(void **state)
{
	assert_report(*state, "GeneralLedger?account=2,4",
		      "tx_date txn_type doc_num name memo split_acc subt_nat_amount rbal_nat_amount \n"
		      "Accounts Receivable (A/R)#2|||||||\n"
		      "  Beginning Balance|||||||50.00\n"
		      "  2026-01-10|Invoice#2|1002|Ada's Garden:Pond#3|for the pond|Sales#4|30.00|80.00\n"
		      "  2026-01-12|Payment#5|7|Ada's Garden:Pond#3||Undeposited Funds#3|-20.00|60.00\n"
		      "  2026-01-20|Invoice#3|1003|Bo Untaxed#2||Sales#4|80.00|140.00\n"
		      "  2026-01-25|Credit Memo#4|1004|Bo Untaxed#2||Sales#4|-12.50|127.50\n"
		      "= Total for Accounts Receivable (A/R)||||||77.50|\n"
		      "Sales#4|||||||\n"
		      "  2026-01-10|Invoice#2|1002|Ada's Garden:Pond#3|for the pond|Accounts Receivable (A/R)#2|30.00|30.00\n"
		      "  2026-01-20|Invoice#3|1003|Bo Untaxed#2||Accounts Receivable (A/R)#2|80.00|110.00\n"
		      "  2026-01-25|Credit Memo#4|1004|Bo Untaxed#2||Accounts Receivable (A/R)#2|-12.50|97.50\n"
		      "= Total for Sales||||||97.50|\n");
	/* amounts run on from day to day, in whatever order they are shown */
	assert_report(*state, "GeneralLedger?account=2&customer=2&sort_by=subt_nat_amount&sort_order=descend&columns=doc_num,debt_amt,credit_amt,subt_nat_amount,rbal_nat_amount",
		      "doc_num debt_amt credit_amt subt_nat_amount rbal_nat_amount \n"
		      "Accounts Receivable (A/R)#2||||\n"
		      "  1003|80.00||80.00|80.00\n"
		      "  1004||12.50|-12.50|67.50\n"
		      "= Total for Accounts Receivable (A/R)|||67.50|\n");
}

static void test_list(void **state)
{
	assert_report(*state, "TransactionList",
		      "tx_date txn_type doc_num is_no_post name memo account_name other_account subt_nat_amount \n"
		      "2026-01-10|Invoice#2|1002|Yes|Ada's Garden:Pond#3|for the pond|Accounts Receivable (A/R)#2|Sales#4|30.00\n"
		      "2026-01-12|Payment#5|7|Yes|Ada's Garden#1||Undeposited Funds#3|Accounts Receivable (A/R)#2|20.00\n"
		      "2026-01-20|Invoice#3|1003|Yes|Bo Untaxed#2||Accounts Receivable (A/R)#2|Sales#4|80.00\n"
		      "2026-01-21|Estimate#7|1005|No|Bo Untaxed#2||#|#|9.00\n"
		      "2026-01-25|Credit Memo#4|1004|Yes|Bo Untaxed#2||Accounts Receivable (A/R)#2|Sales#4|-12.50\n");
	assert_report(*state, "TransactionList?group_by=Customer&transaction_type=Invoice,Estimate&columns=doc_num,subt_nat_amount",
		      "doc_num subt_nat_amount \n"
		      "Ada's Garden:Pond#3|\n"
		      "  1002|30.00\n"
		      "= Total for Ada's Garden:Pond|30.00\n"
		      "Bo Untaxed#2|\n"
		      "  1003|80.00\n"
		      "  1005|9.00\n"
		      "= Total for Bo Untaxed|89.00\n");
	/* all was written on the day before, as the coast has it */
	assert_report(*state, "TransactionList?start_moddate=2026-02-01&columns=doc_num",
		      "doc_num \n");
}

static void test_aged(void **state)
{
	assert_report(*state, "AgedReceivables",
		      "Customer Current 1 - 30 31 - 60 61 - 90 91 and over Total \n"
		      "Ada's Garden#1|||||50.00|50.00\n"
		      "  Pond#3||10.00||||10.00\n"
		      "= Total Ada's Garden||10.00|||50.00|60.00\n"
		      "Bo Untaxed#2||-12.50||||-12.50\n"
		      "= TOTAL|0.00|-2.50|0.00|0.00|50.00|47.50\n");
	/* what Bo pays in February was open in January */
	assert_report(*state, "AgedReceivables?aging_method=Report_Date&sort_order=descend",
		      "Customer Current 1 - 30 31 - 60 61 - 90 91 and over Total \n"
		      "Bo Untaxed#2|80.00|-12.50||||67.50\n"
		      "Ada's Garden#1|||||50.00|50.00\n"
		      "  Pond#3||10.00||||10.00\n"
		      "= Total Ada's Garden||10.00|||50.00|60.00\n"
		      "= TOTAL|80.00|-2.50|0.00|0.00|50.00|127.50\n");
	assert_report(*state, "AgedReceivables?report_date=2025-01-01",
		      "Customer Current 1 - 30 31 - 60 61 - 90 91 and over Total \n");
	assert_report(*state, "AgedReceivableDetail?aging_method=Report_Date",
		      "tx_date txn_type doc_num cust_name due_date subt_amount subt_open_bal \n"
		      "91 or more days past due||||||\n"
		      "  2025-10-01|Invoice#1|1001|Ada's Garden#1|2025-10-20|50.00|50.00\n"
		      "= Total for 91 or more days past due|||||50.00|50.00\n"
		      "1 - 30 days past due||||||\n"
		      "  2026-01-10|Invoice#2|1002|Ada's Garden:Pond#3|2026-01-15|30.00|10.00\n"
		      "  2026-01-25|Credit Memo#4|1004|Bo Untaxed#2|2026-01-25|-12.50|-12.50\n"
		      "= Total for 1 - 30 days past due|||||17.50|-2.50\n"
		      "Current||||||\n"
		      "  2026-01-20|Invoice#3|1003|Bo Untaxed#2|2026-02-20|80.00|80.00\n"
		      "= Total for Current|||||80.00|80.00\n"
		      "= TOTAL|||||147.50|127.50\n");
	assert_report(*state, "AgedReceivableDetail?aging_period=10&num_periods=2&columns=doc_num,past_due,subt_open_bal&sort_by=subt_open_bal&sort_order=descend",
		      "doc_num past_due subt_open_bal \n"
		      "11 or more days past due||\n"
		      "  1001|103|50.00\n"
		      "  1002|16|10.00\n"
		      "= Total for 11 or more days past due||60.00\n"
		      "1 - 10 days past due||\n"
		      "  1004|6|-12.50\n"
		      "= Total for 1 - 10 days past due||-12.50\n"
		      "= TOTAL||47.50\n");
}

static void test_balances(void **state)
{
	assert_report(*state, "CustomerBalance?customer=2",
		      "Customer Total \n"
		      "Bo Untaxed#2|67.50\n"
		      "= TOTAL|67.50\n");
	assert_report(*state, "CustomerBalance?report_date=2026-02-10",
		      "Customer Total \n"
		      "Ada's Garden#1|50.00\n"
		      "  Pond#3|10.00\n"
		      "= Total Ada's Garden|60.00\n"
		      "Bo Untaxed#2|-12.50\n"
		      "= TOTAL|47.50\n");
}

/* In euros, at the rate of each document; what the rate changed is no receivable any more. */
static void test_currencies(void **state)
{
	static const struct step steps[] = {
		{ SAVE, "Invoice",
		  "{" FOR("2") ",`CurrencyRef`:{`value`:`USD`},`TxnDate`:`2026-01-05`,`DueDate`:`2026-01-05`,"
		  "`Line`:[" LINE("100", "`ItemRef`:{`value`:`2`}") "]}",
		  0, "`ExchangeRate`:0.9", NULL },
		{ SAVE, "Payment",
		  "{" FOR("2") ",`CurrencyRef`:{`value`:`USD`},`TxnDate`:`2026-01-25`,`TotalAmt`:59.5,`Line`:["
		  PAYS("59.5", "1", "Invoice") "]}",
		  0, "`ExchangeRate`:0.8", NULL },
		{ SAVE, "Bill",
		  "{`VendorRef`:{`value`:`3`},`TxnDate`:`2026-01-06`,`Line`:[" COST("50") "]}", 0, "", NULL },
	};

	RUN(state, steps);
	assert_report(*state, "AgedReceivables?report_date=2026-01-31",
		      "Customer Current 1 - 30 31 - 60 61 - 90 91 and over Total \n"
		      "Dollar Inc.#2||53.55||||53.55\n"
		      "= TOTAL|0.00|53.55|0.00|0.00|0.00|53.55\n");
	assert_report(*state, "AgedReceivableDetail?columns=doc_num,subt_amount,subt_home_open_bal",
		      "doc_num subt_home_amount subt_home_open_bal \n"
		      "1 - 30 days past due||\n"
		      "  |107.10|53.55\n"
		      "= Total for 1 - 30 days past due|107.10|53.55\n"
		      "= TOTAL|107.10|53.55\n");
	/* What is still owed, in what it is owed; sums of several currencies there are none. */
	assert_report(*state, "AgedReceivableDetail?columns=currency,exch_rate,foreign_amount,foreign_open_bal,subt_home_open_bal",
		      "currency exch_rate foreign_amount foreign_open_bal subt_home_open_bal \n"
		      "1 - 30 days past due||||\n"
		      "  USD|0.9|119.00|59.50|53.55\n"
		      "= Total for 1 - 30 days past due||||53.55\n"
		      "= TOTAL||||53.55\n");
	assert_report(*state, "TransactionList?columns=doc_num,txn_type,name,subt_nat_amount",
		      "doc_num txn_type name subt_nat_home_amount \n"
		      "|Invoice#1|Dollar Inc.#2|107.10\n"
		      "|Bill#3|Mühle#3|59.50\n"
		      "|Payment#2|Dollar Inc.#2|47.60\n");
	assert_report(*state, "TaxSummary",
		      "String Total \n"
		      "Finanzamt Payable#13|\n"
		      "  Tax on sales|17.10\n"
		      "  Tax on purchases|-9.50\n"
		      "  Payments and adjustments|0.00\n"
		      "= Total Finanzamt Payable|7.60\n"
		      "= TOTAL|7.60\n");
	assert_report(*state, "TaxSummary?start_date=2026-01-06&end_date=2026-01-31&agency_id=1",
		      "String Total \n"
		      "Finanzamt Payable#13|\n"
		      "  Tax on sales|0.00\n"
		      "  Tax on purchases|-9.50\n"
		      "  Payments and adjustments|0.00\n"
		      "= Total Finanzamt Payable|-9.50\n"
		      "= TOTAL|-9.50\n");
}

static void test_refusals(void **state)
{
	static const struct {
		const char *target, *detail, *rest;
	} cases[] = {
		{ "GeneralLedger?account=x", "Id should be a valid number. Supplied value:x",
		  "`code`:`2030`,`element`:`account`" },
		{ "GeneralLedger?account=2,77", "Invalid Reference Id : Accounts element id 77 not found",
		  "`code`:`2500`,`element`:`account`" },
		{ "GeneralLedger?customer=77", "Names element id 77 not found", "`code`:`2500`" },
		{ "GeneralLedger?columns=tx_date,subt_open_bal", "Invalid Enumeration : subt_open_bal",
		  "`code`:`2170`,`element`:`columns`" },
		{ "AgedReceivableDetail?columns=foreign_open_bal", "Invalid Enumeration : foreign_open_bal",
		  "`code`:`2170`,`element`:`columns`" },
		{ "GeneralLedger?sort_by=colour", "Invalid Enumeration : colour",
		  "`code`:`2170`,`element`:`sort_by`" },
		{ "GeneralLedger?sort_order=up", "Invalid Enumeration : up", "`code`:`2170`" },
		{ "GeneralLedger?class=1", "GeneralLedger can't be limited by class",
		  "`code`:`5030`,`element`:`class`" },
		{ "GeneralLedger?accounting_method=Cash", "", "`code`:`5030`" },
		{ "GeneralLedger?start_date=soon", "Invalid Date Format : soon", "`code`:`2060`" },
		{ "TransactionList?transaction_type=Invoice,Gift", "Invalid Enumeration : Gift",
		  "`code`:`2170`,`element`:`transaction_type`" },
		{ "TransactionList?group_by=Colour", "Invalid Enumeration : Colour",
		  "`code`:`2170`,`element`:`group_by`" },
		{ "TransactionList?group_by=Week", "", "`code`:`5030`,`element`:`group_by`" },
		{ "TransactionList?start_moddate=2026-02-02&end_moddate=2026-02-01", "Invalid Date Range",
		  "`code`:`2190`,`element`:`start_moddate`" },
		{ "AgedReceivables?aging_method=Guess", "Invalid Enumeration : Guess",
		  "`code`:`2170`,`element`:`aging_method`" },
		{ "AgedReceivables?report_date=2026-02-30", "Invalid Date : 2026-02-30",
		  "`code`:`2070`,`element`:`report_date`" },
		{ "AgedReceivables?num_periods=0", "from 1 to 50", "`code`:`2240`,`element`:`num_periods`" },
		{ "AgedReceivables?num_periods=99999999999999999999", "from 1 to 50", "`code`:`2240`" },
		{ "AgedReceivableDetail?aging_period=-3", "Invalid Number Format : -3",
		  "`code`:`2080`,`element`:`aging_period`" },
		{ "CustomerBalance?arpaid=Unpaid", "", "`code`:`5030`,`element`:`arpaid`" },
		{ "TaxSummary", "not for companies in the United States", "`code`:`5030`" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(books_answer_clear) struct books_answer got = { 0 };
		AUTO(str_clear) struct str url = STR_INIT(STR_NO_LIMIT);

		str_addf(&url, URL "%s", cases[i].target);
		books_ask(*state, "GET", url.text, NULL, NULL, 0, &got);
		assert_int_equal(got.answer.status, 400);
		assert_has(got.text, cases[i].detail);
		assert_has(got.text, cases[i].rest);
	}
}

/* Each report ends with a sentence when it would have too many cells, and with its last cell not. */
static void test_cells(void **state)
{
	static const struct {
		const char *target, *cells, *fewer;
	} cases[] = {
		{ "GeneralLedger?account=2,4", "96", "95" }, { "TransactionList", "45", "44" },
		{ "AgedReceivables", "35", "34" },           { "AgedReceivableDetail", "56", "55" },
		{ "CustomerBalance", "10", "9" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(str_clear) struct str url = STR_INIT(STR_NO_LIMIT), out = STR_INIT(STR_NO_LIMIT);

		str_addf(&url, URL "%s", cases[i].target);
		books_set(*state, "report-cells", cases[i].cells);
		books_get(*state, url.text, &out);
		assert_null(strstr(out.text, "Unable"));
		books_set(*state, "report-cells", cases[i].fewer);
		books_get(*state, url.text, &out);
		assert_has(out.text, "`Rows`:{`Row`:[{`ColData`:[{`value`:`Unable to display more data. "
				     "Please reduce the date range.`}]}]}");
	}
}

/* Accounts below others: within their section, under their own name, as recorded without an id. */
static void test_sub_accounts(void **state)
{
	static const struct step steps[] = {
		{ SAVE, "Account",
		  "{`Name`:`Corner`,`SubAccount`:true,`ParentRef`:{`value`:`12`},`AccountType`:`Bank`}", 0,
		  "Till:Corner", NULL },
		{ SAVE, "Transfer",
		  "{`FromAccountRef`:{`value`:`13`},`ToAccountRef`:{`value`:`12`},`Amount`:5}", 0, "", NULL },
		{ SAVE, "Transfer",
		  "{`FromAccountRef`:{`value`:`1`},`ToAccountRef`:{`value`:`13`},`Amount`:2}", 0, "", NULL },
	};

	RUN(state, steps);
	assert_report(*state, "GeneralLedger?account=12,13&columns=txn_type,subt_nat_amount,rbal_nat_amount",
		      "txn_type subt_nat_amount rbal_nat_amount \n"
		      "Till#12||\n"
		      "  Transfer#1|5.00|5.00\n"
		      "  Corner||\n"
		      "    Transfer#1|-5.00|-5.00\n"
		      "    Transfer#2|2.00|-3.00\n"
		      "  = Total for Corner|-3.00|\n"
		      "= Total for Till with sub-accounts|2.00|\n");
	books_set(*state, "sub-account-id", "given");
	assert_report(*state, "GeneralLedger?account=13&columns=txn_type,subt_nat_amount,rbal_nat_amount",
		      "txn_type subt_nat_amount rbal_nat_amount \n"
		      "Till#12||\n"
		      "  Corner#13||\n"
		      "    Transfer#1|-5.00|-5.00\n"
		      "    Transfer#2|2.00|-3.00\n"
		      "  = Total for Corner|-3.00|\n"
		      "= Total for Till|-3.00|\n");
}

int test_report_shapes(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_ledger, open_us, books_close),
		cmocka_unit_test_setup_teardown(test_list, open_us, books_close),
		cmocka_unit_test_setup_teardown(test_aged, open_us, books_close),
		cmocka_unit_test_setup_teardown(test_balances, open_us, books_close),
		VAT(test_currencies),
		cmocka_unit_test_setup_teardown(test_refusals, open_us, books_close),
		cmocka_unit_test_setup_teardown(test_cells, open_us, books_close),
		US(test_sub_accounts),
	};

	return cmocka_run_group_tests_name("report_shapes", tests, NULL, NULL);
}
