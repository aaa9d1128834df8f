/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What single records post, and what they settle; ledger accounts and their kinds. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/tolerance.h"
#include "mirror.h"
#include "provider/quickbooks/books.h"
#include "tests.h"

/* ---- a small company with books in dollars and euros */

#define ACCOUNT(id, name, type, subtype, currency)                                                                       \
	{ "Account", "{\"Id\":\"" id "\",\"FullyQualifiedName\":\"" name "\",\"AccountType\":\"" type                   \
		     "\",\"AccountSubType\":\"" subtype "\",\"CurrencyRef\":{\"value\":\"" currency "\"}}" }

static const struct { const char *type, *raw; } records[] = {
	{ "CompanyInfo", "{\"Id\":\"1\",\"Country\":\"US\",\"FiscalYearStartMonth\":\"April\"}" },
	{ "Preferences", "{\"Id\":\"1\",\"CurrencyPrefs\":{\"HomeCurrency\":{\"value\":\"USD\"}}}" },
	ACCOUNT("1", "Services", "Income", "ServiceFeeIncome", "USD"),
	ACCOUNT("2", "Goods", "Income", "SalesOfProductIncome", "USD"),
	ACCOUNT("4", "Undeposited Funds", "Other Current Asset", "UndepositedFunds", "USD"),
	ACCOUNT("5", "Shipping Income", "Income", "OtherPrimaryIncome", "USD"),
	ACCOUNT("6", "Discounts", "Income", "DiscountsRefundsGiven", "USD"),
	ACCOUNT("7", "Cost of Goods", "Cost of Goods Sold", "SuppliesMaterialsCogs", "USD"),
	ACCOUNT("8", "Stock", "Other Current Asset", "Inventory", "USD"),
	ACCOUNT("9", "Rent", "Expense", "RentOrLeaseOfBuildings", "USD"),
	ACCOUNT("10", "Gains", "Other Expense", "ExchangeGainOrLoss", "USD"),
	ACCOUNT("33", "Payables", "Accounts Payable", "AccountsPayable", "USD"),
	ACCOUNT("35", "Checking", "Bank", "Checking", "USD"),
	ACCOUNT("36", "Petty", "Bank", "CashOnHand", "USD"),
	ACCOUNT("41", "Card", "Credit Card", "CreditCard", "USD"),
	ACCOUNT("84", "Receivables", "Accounts Receivable", "AccountsReceivable", "USD"),
	ACCOUNT("85", "Receivables - EUR", "Accounts Receivable", "AccountsReceivable", "EUR"),
	ACCOUNT("90", "State Office Payable", "Other Current Liability", "GlobalTaxPayable", "USD"),
	ACCOUNT("91", "City Office Payable", "Other Current Liability", "SalesTaxPayable", "USD"),
	ACCOUNT("92", "Other Office Payable", "Other Current Liability", "SalesTaxPayable", "USD"),
	ACCOUNT("93", "County Office Payable", "Other Current Liability", "GlobalTaxPayable", "USD"),
	{ "TaxAgency", "{\"Id\":\"1\",\"DisplayName\":\"State Office\"}" },
	{ "TaxAgency", "{\"Id\":\"2\",\"DisplayName\":\"City Office\"}" },
	{ "TaxAgency", "{\"Id\":\"3\",\"DisplayName\":\"An office without account\"}" },
	{ "TaxRate", "{\"Id\":\"1\",\"AgencyRef\":{\"value\":\"1\"}}" },
	{ "TaxRate", "{\"Id\":\"2\",\"AgencyRef\":{\"value\":\"2\"}}" },
	{ "TaxRate", "{\"Id\":\"3\",\"AgencyRef\":{\"value\":\"3\"}}" },
	{ "Item", "{\"Id\":\"1\",\"Type\":\"Service\",\"IncomeAccountRef\":{\"value\":\"1\"},\"ExpenseAccountRef\":{\"value\":\"9\"}}" },
	{ "Item", "{\"Id\":\"2\",\"Type\":\"Inventory\",\"IncomeAccountRef\":{\"value\":\"2\"},\"ExpenseAccountRef\":{\"value\":\"7\"},"
		  "\"AssetAccountRef\":{\"value\":\"8\"}}" },
	{ "Invoice", "{\"Id\":\"70\",\"CustomerRef\":{\"value\":\"12\"},\"CurrencyRef\":{\"value\":\"EUR\"},\"ExchangeRate\":1.2}" },
	{ "Invoice", "{\"Id\":\"71\",\"CustomerRef\":{\"value\":\"13\"},\"CurrencyRef\":{\"value\":\"USD\"}}" },
	{ "CreditMemo", "{\"Id\":\"72\",\"CustomerRef\":{\"value\":\"12\"},\"CurrencyRef\":{\"value\":\"USD\"}}" },
	{ "Bill", "{\"Id\":\"73\",\"VendorRef\":{\"value\":\"50\"},\"APAccountRef\":{\"value\":\"33\"}}" },
	{ "VendorCredit", "{\"Id\":\"74\",\"VendorRef\":{\"value\":\"50\"},\"APAccountRef\":{\"value\":\"33\"}}" },
	{ "JournalEntry", "{\"Id\":\"75\",\"Line\":[{\"Amount\":50,\"JournalEntryLineDetail\":{\"PostingType\":\"Credit\",\"AccountRef\":"
			  "{\"value\":\"84\"},\"Entity\":{\"Type\":\"Customer\",\"EntityRef\":{\"value\":\"12\"}}}},"
			  "{\"Amount\":50,\"JournalEntryLineDetail\":{\"PostingType\":\"Debit\",\"AccountRef\":{\"value\":\"1\"}}}]}" },
	{ "Payment", "{\"Id\":\"76\",\"DepositToAccountRef\":{\"value\":\"36\"}}" },
};

static int set_up(void **state)
{
	static struct mirror mirror;

	mirror_init(&mirror);
	for (size_t i = 0; i < ARRAY_LEN(records); i++)
		mirror_add(&mirror, records[i].type, records[i].raw, strlen(records[i].raw));
	mirror_sort(&mirror);
	*state = &mirror;
	return 0;
}

static int tear_down(void **state)
{
	mirror_clear(*state);
	return 0;
}

/* "84/12 108.00, 1 -100.00, <tax> -8.00; Invoice 5 10.00; ! why": "?" marks what isn't told. */
static void entry_text(const struct books_entry *entry, struct str *out)
{
	char amount[DECIMAL_TEXT_MAX];

	str_add(out, entry->posts ? "" : "nothing");
	for (size_t i = 0; i < entry->posting_count; i++) {
		const struct books_posting *posting = &entry->postings[i];

		str_add(out, i ? ", " : "");
		if (*posting->account)
			str_add(out, posting->account);
		else
			str_addf(out, "<%s>", account_class_word(posting->class));
		if (*posting->party)
			str_addf(out, "/%s", posting->party);
		str_addf(out, " %s%s", decimal_format(posting->amount, amount), posting->untold ? "?" : "");
	}
	for (size_t i = 0; i < entry->application_count; i++)
		str_addf(out, "; %s %s %s%s", entry->applications[i].type, entry->applications[i].id,
			 decimal_format(entry->applications[i].amount, amount), entry->applications[i].deposit ? " to the bank" : "");
	if (!entry->known)
		str_addf(out, "; ! %s", entry->why);
}

static void expect(void **state, const char *type, const char *raw, const char *wanted)
{
	const struct mirror *mirror = *state;
	struct json_slice slice = { .text = raw, .len = strlen(raw), .kind = JSON_OBJECT };
	struct books_entry entry = { .posts = false };
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);

	assert_true(json_check(raw, strlen(raw), NULL));
	quickbooks_books.entry(&mirror->desk, type, slice, &entry);
	entry_text(&entry, &text);
	books_entry_clear(&entry);
	assert_string_equal(text.text, wanted);
}

#define SALE(amount, item) "{\"Amount\":" amount ",\"DetailType\":\"SalesItemLineDetail\",\"SalesItemLineDetail\":" item "}"
#define SERVICE "{\"ItemRef\":{\"value\":\"1\"}}"
#define STOCK(quantity) "{\"ItemRef\":{\"value\":\"2\"},\"Qty\":" quantity "}"
#define TAX(amount, rate) "{\"Amount\":" amount ",\"TaxLineDetail\":{\"TaxRateRef\":{\"value\":\"" rate "\"}}}"
#define CUSTOMER "\"CustomerRef\":{\"value\":\"12\"}"
#define VENDOR "\"VendorRef\":{\"value\":\"50\"}"

/* ---- sales */

static void a_sale_goes_to_its_items_accounts_and_is_owed_by_its_customer(void **state)
{
	expect(state, "Invoice", "{" CUSTOMER ",\"TotalAmt\":100.00,\"Line\":[" SALE("60", SERVICE) "," SALE("40.00", SERVICE)
	       ",{\"Amount\":100,\"DetailType\":\"SubTotalLineDetail\",\"SubTotalLineDetail\":{}}]}",
	       "1 -100.00, <receivable>/12 100.00"); /* two receivable accounts, and no currency that would tell which */
	expect(state, "Invoice", "{" CUSTOMER ",\"CurrencyRef\":{\"value\":\"USD\"},\"TotalAmt\":10,\"Line\":[" SALE("10", SERVICE) "]}",
	       "1 -10.00, 84/12 10.00");
	expect(state, "Invoice", "{" CUSTOMER ",\"ARAccountRef\":{\"value\":\"85\"},\"TotalAmt\":10,\"Line\":["
	       SALE("10", "{\"ItemRef\":{\"value\":\"1\"},\"ItemAccountRef\":{\"value\":\"2\"}}") "]}", "2 -10.00, 85/12 10.00");
	expect(state, "CreditMemo", "{" CUSTOMER ",\"ARAccountRef\":{\"value\":\"84\"},\"TotalAmt\":10,\"Line\":[" SALE("10", SERVICE) "]}",
	       "1 10.00, 84/12 -10.00");
	expect(state, "SalesReceipt", "{\"TotalAmt\":10,\"Line\":[" SALE("10", SERVICE) "]}", "1 -10.00, 4 10.00");
	expect(state, "RefundReceipt", "{\"DepositToAccountRef\":{\"value\":\"35\"},\"TotalAmt\":10,\"Line\":[" SALE("10", SERVICE) "]}",
	       "1 10.00, 35 -10.00");
}

static void lines_of_other_kinds_go_where_they_belong(void **state)
{
	expect(state, "SalesReceipt", "{\"TotalAmt\":105,\"Line\":[" SALE("100", SERVICE) "," SALE("15", "{\"ItemRef\":{\"value\":"
	       "\"SHIPPING_ITEM_ID\"}}") ",{\"Amount\":10,\"DetailType\":\"DiscountLineDetail\",\"DiscountLineDetail\":{}}]}",
	       "1 -100.00, 5 -15.00, 6 10.00, 4 105.00");
	expect(state, "SalesReceipt", "{\"TotalAmt\":30,\"Line\":[{\"Amount\":30,\"DetailType\":\"GroupLineDetail\",\"GroupLineDetail\":"
	       "{\"Line\":[" SALE("10", SERVICE) "," SALE("20", "{}") "]}}]}", "1 -10.00, <income> -20.00, 4 30.00");
	expect(state, "Invoice", "{" CUSTOMER ",\"ARAccountRef\":{\"value\":\"84\"},\"Deposit\":4,\"TotalAmt\":10,\"Line\":["
	       SALE("10", SERVICE) "]}", "1 -10.00, 4 4.00, 84/12 6.00");
}

static void tax_goes_to_its_agencys_account(void **state)
{
	expect(state, "SalesReceipt", "{\"TotalAmt\":108,\"TxnTaxDetail\":{\"TotalTax\":8,\"TaxLine\":[" TAX("5", "1") "," TAX("3", "2")
	       "]},\"Line\":[" SALE("100", SERVICE) "]}", "1 -100.00, 90 -5.00, 91 -3.00, 4 108.00");
	/* Neither by its name nor as the only one of its kind. */
	expect(state, "SalesReceipt", "{\"TotalAmt\":108,\"TxnTaxDetail\":{\"TotalTax\":8,\"TaxLine\":[" TAX("5", "3")
	       "]},\"Line\":[" SALE("100", SERVICE) "]}", "1 -100.00, <tax> -8.00, 4 108.00");
	expect(state, "Bill", "{" VENDOR ",\"APAccountRef\":{\"value\":\"33\"},\"TotalAmt\":21,\"TxnTaxDetail\":{\"TotalTax\":1,\"TaxLine\":["
	       TAX("1", "1") "]},\"Line\":[{\"Amount\":20,\"DetailType\":\"AccountBasedExpenseLineDetail\","
	       "\"AccountBasedExpenseLineDetail\":{\"AccountRef\":{\"value\":\"9\"}}}]}", "9 20.00, 90 1.00, 33/50 -21.00");
}

static void the_cost_of_stock_is_not_told(void **state)
{
	static const char why[] = "; ! the cost of the stock that it moves doesn't stand in it";
	char wanted[200];

	snprintf(wanted, sizeof(wanted), "2 -10.00, 7 0.00?, 8 0.00?, 4 10.00%s", why);
	expect(state, "SalesReceipt", "{\"TotalAmt\":10,\"Line\":[" SALE("10", STOCK("2")) "]}", wanted);
	expect(state, "SalesReceipt", "{\"TotalAmt\":10,\"Line\":[" SALE("10", STOCK("0")) "]}", "2 -10.00, 4 10.00");
	snprintf(wanted, sizeof(wanted), "8 0.00?, 7 0.00?%s", why);
	expect(state, "InventoryAdjustment", "{\"AdjustAccountRef\":{\"value\":\"7\"},\"Line\":[{\"ItemAdjustmentLineDetail\":{\"QtyDiff\":-3,"
	       "\"ItemRef\":{\"value\":\"2\"}}}]}", wanted);
}

static void what_is_void_posts_nothing(void **state)
{
	expect(state, "Invoice", "{" CUSTOMER ",\"PrivateNote\":\"Voided\",\"TotalAmt\":0,\"TxnTaxDetail\":{\"TotalTax\":0},\"Line\":["
	       SALE("0", STOCK("0")) "]}", "nothing");
	expect(state, "Payment", "{" CUSTOMER ",\"TotalAmt\":0,\"Line\":[]}", "nothing");
	expect(state, "Estimate", "{" CUSTOMER ",\"TotalAmt\":10,\"Line\":[" SALE("10", SERVICE) "]}", "nothing");
}

static void what_does_not_come_out_even_is_said(void **state)
{
	expect(state, "SalesReceipt", "{\"TotalAmt\":11,\"Line\":[" SALE("10", SERVICE) "]}",
	       "1 -10.00, 4 11.00; ! its lines and its total are 1.00 apart");
	expect(state, "SalesReceipt", "{\"TotalAmt\":10,\"Line\":[{\"Amount\":10,\"DetailType\":\"TDSLineDetail\",\"TDSLineDetail\":{}}]}",
	       "4 10.00; ! its lines and its total are 10.00 apart");
	expect(state, "SalesReceipt", "{\"CurrencyRef\":{\"value\":\"EUR\"},\"TotalAmt\":10,\"Line\":[" SALE("10", SERVICE) "]}",
	       "1 -10.00, 4 10.00; ! it has no exchange rate from EUR to USD");
}

/* ---- purchases */

static void purchases_go_to_costs_and_stock(void **state)
{
	static const char line[] = "{\"Amount\":10,\"DetailType\":\"AccountBasedExpenseLineDetail\",\"AccountBasedExpenseLineDetail\":"
				   "{\"AccountRef\":{\"value\":\"9\"}}}";
	static const char items[] = "{\"Amount\":4,\"DetailType\":\"ItemBasedExpenseLineDetail\",\"ItemBasedExpenseLineDetail\":"
				    "{\"ItemRef\":{\"value\":\"2\"},\"Qty\":4}},"
				    "{\"Amount\":6,\"DetailType\":\"ItemBasedExpenseLineDetail\",\"ItemBasedExpenseLineDetail\":"
				    "{\"ItemRef\":{\"value\":\"1\"}}}";
	char raw[1000];

	snprintf(raw, sizeof(raw), "{" VENDOR ",\"TotalAmt\":10,\"Line\":[%s]}", line);
	expect(state, "Bill", raw, "9 10.00, 33/50 -10.00"); /* the only payable account there is */
	expect(state, "VendorCredit", raw, "9 -10.00, 33/50 10.00");
	snprintf(raw, sizeof(raw), "{" VENDOR ",\"TotalAmt\":10,\"Line\":[%s]}", items);
	expect(state, "Bill", raw, "8 4.00, 9 6.00, 33/50 -10.00");
	snprintf(raw, sizeof(raw), "{\"AccountRef\":{\"value\":\"41\"},\"EntityRef\":{\"value\":\"50\"},\"TotalAmt\":10,\"Line\":[%s]}", line);
	expect(state, "Purchase", raw, "9 10.00, 41 -10.00");
	snprintf(raw, sizeof(raw), "{\"Credit\":true,\"AccountRef\":{\"value\":\"41\"},\"TotalAmt\":10,\"Line\":[%s]}", line);
	expect(state, "Purchase", raw, "9 -10.00, 41 10.00");
	expect(state, "Purchase", "{\"AccountRef\":{\"value\":\"35\"},\"EntityRef\":{\"value\":\"50\",\"type\":\"Vendor\"},\"TotalAmt\":10,"
	       "\"Line\":[{\"Amount\":10,\"DetailType\":\"AccountBasedExpenseLineDetail\",\"AccountBasedExpenseLineDetail\":"
	       "{\"AccountRef\":{\"value\":\"33\"}}}]}", "33/50 10.00, 35 -10.00");
}

/* ---- money */

#define LINK(amount, type, id) "{\"Amount\":" amount ",\"LinkedTxn\":[{\"TxnId\":\"" id "\",\"TxnType\":\"" type "\"}]}"
#define EUR "\"CurrencyRef\":{\"value\":\"EUR\"}"
#define USD "\"CurrencyRef\":{\"value\":\"USD\"}"

static void a_payment_settles_and_the_rest_is_not_applied(void **state)
{
	expect(state, "Payment", "{" CUSTOMER "," USD ",\"TotalAmt\":100,\"UnappliedAmt\":0,\"Line\":[" LINK("100.00", "Invoice", "71") "]}",
	       "84/13 -100.00, 4 100.00; Invoice 71 100.00"); /* the invoice is another's, whose bills it pays */
	expect(state, "Payment", "{" CUSTOMER "," USD ",\"DepositToAccountRef\":{\"value\":\"35\"},\"TotalAmt\":100,\"Line\":["
	       LINK("30.00", "Invoice", "71") "]}", "84/13 -30.00, 84/12 -70.00, 35 100.00; Invoice 71 30.00");
	expect(state, "Payment", "{" CUSTOMER "," USD ",\"TotalAmt\":0,\"Line\":[" LINK("30.00", "Invoice", "71") "," LINK("30.00", "CreditMemo", "72")
	       "]}", "84/13 -30.00, 84/12 30.00; Invoice 71 30.00; CreditMemo 72 30.00");
	expect(state, "Payment", "{" CUSTOMER "," USD ",\"TotalAmt\":10,\"Line\":[" LINK("60.00", "Invoice", "71") "," LINK("50.00", "JournalEntry", "75")
	       "]}", "84/13 -60.00, 84/12 50.00, 4 10.00; Invoice 71 60.00; JournalEntry 75 50.00");
	expect(state, "Payment", "{" CUSTOMER "," USD ",\"TotalAmt\":10,\"Line\":[" LINK("10.00", "JournalEntry", "999") "]}",
	       "84/12 -10.00, 4 10.00; JournalEntry 999 10.00; ! JournalEntry 999, which it settles, is not mirrored");
}

static void another_rate_makes_a_gain_or_loss(void **state)
{
	expect(state, "Payment", "{" CUSTOMER "," EUR ",\"ExchangeRate\":1.1,\"DepositToAccountRef\":{\"value\":\"35\"},\"TotalAmt\":100,"
	       "\"Line\":[" LINK("80.00", "Invoice", "70") "]}", "85/12 -118.00, 35 110.00, 10 8.00; Invoice 70 80.00");
	expect(state, "Payment", "{" CUSTOMER "," EUR ",\"ExchangeRate\":1.1,\"TotalAmt\":10,\"Line\":[" LINK("10.00", "Invoice", "999") "]}",
	       "85/12 -11.00, 4 11.00; Invoice 999 10.00; ! the exchange rate of Invoice 999, which it settles, is not mirrored");
	/* Lines become home amounts one by one: a cent is over, and isn't the customer's. */
	expect(state, "Invoice", "{" CUSTOMER "," EUR ",\"ExchangeRate\":1.5,\"TotalAmt\":0.02,\"Line\":[" SALE("0.01", SERVICE) ","
	       SALE("0.01", "{\"ItemRef\":{\"value\":\"1\"},\"ItemAccountRef\":{\"value\":\"2\"}}") "]}",
	       "1 -0.01, 2 -0.02, 85/12 0.03");
}

static void a_bill_payment_is_the_same_on_the_other_side(void **state)
{
	expect(state, "BillPayment", "{" VENDOR ",\"PayType\":\"Check\",\"CheckPayment\":{\"BankAccountRef\":{\"value\":\"35\"}},\"TotalAmt\":15,"
	       "\"Line\":[" LINK("20.00", "Bill", "73") "," LINK("5.00", "VendorCredit", "74") "]}",
	       "33/50 15.00, 35 -15.00; Bill 73 20.00; VendorCredit 74 5.00");
	expect(state, "BillPayment", "{" VENDOR ",\"CreditCardPayment\":{\"CCAccountRef\":{\"value\":\"41\"}},\"TotalAmt\":15,\"Line\":["
	       LINK("15.00", "Bill", "73") "]}", "33/50 15.00, 41 -15.00; Bill 73 15.00");
	expect(state, "BillPayment", "{" VENDOR ",\"CheckPayment\":{},\"TotalAmt\":0,\"Line\":[" LINK("5.00", "Bill", "73") ","
	       LINK("5.00", "VendorCredit", "74") "]}", "; Bill 73 5.00; VendorCredit 74 5.00");
}

static void money_moves_between_accounts(void **state)
{
	struct mirror *mirror = *state;
	struct json_slice journal;

	expect(state, "Deposit", "{\"DepositToAccountRef\":{\"value\":\"35\"},\"TotalAmt\":45,\"CashBack\":{\"AccountRef\":{\"value\":\"36\"},"
	       "\"Amount\":20},\"Line\":[" LINK("10.00", "Payment", "76") "," LINK("15.00", "Payment", "999") ",{\"Amount\":40,"
	       "\"DetailType\":\"DepositLineDetail\",\"DepositLineDetail\":{\"AccountRef\":{\"value\":\"84\"},\"Entity\":{\"value\":\"12\"}}}]}",
	       "36 10.00, 4 -15.00, 84/12 -40.00, 35 45.00; Payment 76 10.00 to the bank; Payment 999 15.00 to the bank");
	expect(state, "Transfer", "{\"FromAccountRef\":{\"value\":\"35\"},\"ToAccountRef\":{\"value\":\"36\"},\"Amount\":5}", "36 5.00, 35 -5.00");
	expect(state, "CreditCardPayment", "{\"CreditCardAccountRef\":{\"value\":\"41\"},\"BankAccountRef\":{\"value\":\"35\"},\"Amount\":5}",
	       "41 5.00, 35 -5.00");
	assert_true(mirror->desk.record(mirror, "JournalEntry", "75", &journal));
	expect(state, "JournalEntry", journal.text, "84/12 -50.00, 1 50.00");
	expect(state, "JournalEntry", "{\"TxnTaxDetail\":{\"TotalTax\":2},\"Line\":[]}",
	       "nothing; ! where the tax of a journal's lines goes doesn't stand in it");
}

/* ---- heads, accounts, words */

static void a_head_is_the_records_own_word(void **state)
{
	const struct mirror *mirror = *state;
	static const char raw[] = "{" CUSTOMER "," EUR ",\"ExchangeRate\":1.1,\"TxnDate\":\"2026-01-31\",\"TotalAmt\":10,\"UnappliedAmt\":4.5}";
	struct json_slice slice = { .text = raw, .len = sizeof(raw) - 1, .kind = JSON_OBJECT };
	struct books_entry entry = { .posts = false };

	quickbooks_books.entry(&mirror->desk, "Payment", slice, &entry);
	assert_true(entry.has_date && entry.date.day == date_of(2026, 1, 31).day);
	assert_string_equal(entry.currency, "EUR");
	assert_string_equal(entry.party, "12");
	assert_true(entry.has_open && decimal_compare(entry.open, decimal_of(45, 1)) == 0);
	assert_int_equal(decimal_compare(entry.total, decimal_of(10, 0)), 0);
	books_entry_clear(&entry);
	assert_int_equal(quickbooks_books.fiscal_month(&mirror->desk), 4);
	assert_true(quickbooks_books.has(&mirror->desk, REPORT_TRIAL_BALANCE));
	assert_false(quickbooks_books.has(&mirror->desk, REPORT_TAX));
}

static void accounts_have_a_kind_and_a_sign(void **state)
{
	static const char bank[] = "{\"Name\":\"Old (deleted)\",\"AcctNum\":\"10\",\"Active\":false,\"AccountType\":\"Bank\"}";
	static const struct { const char *raw; enum account_class class; bool credit; } rows[] = {
		{ "{\"AccountType\":\"Other Current Asset\",\"AccountSubType\":\"UndepositedFunds\"}", CLASS_UNDEPOSITED, false },
		{ "{\"AccountType\":\"Other Current Asset\",\"AccountSubType\":\"Inventory\"}", CLASS_ASSET, false },
		{ "{\"AccountType\":\"Other Current Liability\",\"AccountSubType\":\"GlobalTaxPayable\"}", CLASS_TAX, true },
		{ "{\"AccountType\":\"Other Current Liability\",\"AccountSubType\":\"LoanPayable\"}", CLASS_LIABILITY, true },
		{ "{\"AccountType\":\"Equity\",\"AccountSubType\":\"RetainedEarnings\"}", CLASS_RETAINED, true },
		{ "{\"AccountType\":\"Other Expense\"}", CLASS_COST, false },
		{ "{\"AccountType\":\"Non-Posting\"}", CLASS_UNKNOWN, false },
	};
	struct books_account account;

	(void)state;
	quickbooks_books.account((struct json_slice){ .text = bank, .len = sizeof(bank) - 1, .kind = JSON_OBJECT }, &account);
	assert_string_equal(account.name, "Old (deleted)");
	assert_string_equal(account.number, "10");
	assert_true(account.class == CLASS_BANK && !account.active && !account.credit);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct json_slice raw = { .text = rows[i].raw, .len = strlen(rows[i].raw), .kind = JSON_OBJECT };

		quickbooks_books.account(raw, &account);
		assert_int_equal(account.class, rows[i].class);
		assert_int_equal(account.credit, rows[i].credit);
		assert_true(account.active);
	}
}

static void words_of_links_and_reports_mean_types(void **state)
{
	static const char *const pairs[] = {
		"Invoice", "Invoice", "Bill Payment (Check)", "BillPayment", "BillPaymentCreditCard", "BillPayment", "Sales Receipt",
		"SalesReceipt", "Refund", "RefundReceipt", "Credit Card Credit", "Purchase", "Expense", "Purchase", "Journal Entry",
		"JournalEntry", "Inventory Qty Adjust", "InventoryAdjustment", "Credit Card Payment", "CreditCardPayment",
	};

	char rule[40];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pairs); i += 2)
		assert_string_equal(books_type(pairs[i]), pairs[i + 1]);
	assert_null(books_type("Inventory Starting Value"));
	assert_null(books_type(""));
	for (enum report report = 0; report < REPORT_COUNT; report++)
		assert_true(*report_word(report) && *report_title(report));
	for (enum account_class class = 0; class < CLASS_COUNT; class++) {
		assert_true(*account_class_word(class));
		/* Each can have a tolerance of its own, but what is of none. */
		snprintf(rule, sizeof(rule), "%s=1", account_class_word(class));
		assert_int_equal(tolerance_check(rule, NULL), class != CLASS_UNKNOWN);
	}
}

int test_books(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sale_goes_to_its_items_accounts_and_is_owed_by_its_customer),
		cmocka_unit_test(lines_of_other_kinds_go_where_they_belong),
		cmocka_unit_test(tax_goes_to_its_agencys_account),
		cmocka_unit_test(the_cost_of_stock_is_not_told),
		cmocka_unit_test(what_is_void_posts_nothing),
		cmocka_unit_test(what_does_not_come_out_even_is_said),
		cmocka_unit_test(purchases_go_to_costs_and_stock),
		cmocka_unit_test(a_payment_settles_and_the_rest_is_not_applied),
		cmocka_unit_test(another_rate_makes_a_gain_or_loss),
		cmocka_unit_test(a_bill_payment_is_the_same_on_the_other_side),
		cmocka_unit_test(money_moves_between_accounts),
		cmocka_unit_test(a_head_is_the_records_own_word),
		cmocka_unit_test(accounts_have_a_kind_and_a_sign),
		cmocka_unit_test(words_of_links_and_reports_mean_types),
	};

	return cmocka_run_group_tests_name("books", tests, set_up, tear_down);
}
