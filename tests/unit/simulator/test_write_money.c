/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the rules make of money: taxes, currencies, payments, credits, deposits and voids. */
#include "quickbooks/write.h"

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"

#include "ledger.h"
#include "test_simulator.h"

/* ---- taxes */

static void us_taxes(void **state)
{
	static const struct step steps[] = {
		{ SAVE, "Invoice", "{" FOR("1") ",`Line`:[" LINE("20", HOSE) "," LINE("24", HOSE)
		  "," LINE("1750", HOSE) "," LINE("400", HOURS ",`TaxCodeRef`:{`value`:`TAX`}")
		  "],`TxnTaxDetail`:{`TxnTaxCodeRef`:{`value`:`1`}}}", 0,
		  "`TxnTaxDetail`:{`TxnTaxCodeRef`:{`value`:`1`},`TotalTax`:175.52,`TaxLine`:[{"
		  "`Amount`:175.52,`DetailType`:`TaxLineDetail`,`TaxLineDetail`:{`TaxRateRef`:{"
		  "`value`:`1`},`PercentBased`:true,`TaxPercent`:8,`NetAmountTaxable`:2194.00}}]}\n"
		  "`TotalAmt`:2369.52", NULL },
		/* two rates, each rounded by itself; NON lines count for neither */
		{ SAVE, "Invoice", "{" FOR("1") ",`Line`:[" LINE("335.25", HOSE) "," LINE("10",
		  HOURS) "],`TxnTaxDetail`:{`TxnTaxCodeRef`:{`value`:`2`}}}", 0,
		  "`Amount`:26.82\n`Amount`:8.38\n`TotalTax`:35.20\n`NetAmountTaxable`:335.25\n"
		  "`TotalAmt`:380.45", NULL },
		/* a tax that is sent is not believed */
		{ SAVE, "Invoice", "{" FOR("1") ",`Line`:[" LINE("100", HOSE)
		  "],`TxnTaxDetail`:{`TxnTaxCodeRef`:{`value`:`1`},`TotalTax`:1}}", 0,
		  "`TotalTax`:8.00", NULL },
		/* new lines get new tax */
		{ SAVE, "Invoice", "{" SPARSE("3", "0") ",`Line`:[" LINE("50", HOSE) "]}", 0,
		  "`TotalTax`:4.00\n`TotalAmt`:54.00", NULL },
		/* discounts after the tax, and before it */
		{ SAVE, "Invoice", "{" FOR("1") ",`Line`:[" LINE("87.50", HOSE)
		  ",{`DetailType`:`DiscountLineDetail`,`DiscountLineDetail`:{`PercentBased`:true,"
		  "`DiscountPercent`:10}}],`TxnTaxDetail`:{`TxnTaxCodeRef`:{`value`:`1`}}}", 0,
		  "`Amount`:8.75\n`DiscountAccountRef`:{`value`:`5`,`name`:`Discounts given`}\n"
		  "`TotalTax`:7.00\n`TotalAmt`:85.75", NULL },
		{ SAVE, "Invoice", "{" FOR("1") ",`ApplyTaxAfterDiscount`:true,`Line`:[" LINE(
		  "87.50", HOSE) ",{`Amount`:7.5,`DetailType`:`DiscountLineDetail`,"
		  "`DiscountLineDetail`:{`PercentBased`:false}}],`TxnTaxDetail`:{`TxnTaxCodeRef`:{"
		  "`value`:`1`}}}", 0, "`NetAmountTaxable`:80.00\n`TotalTax`:6.40\n"
		  "`TotalAmt`:86.40", NULL },
		{ SAVE, "Invoice", "{" FOR("1") ",`Line`:[" LINE("9", HOSE)
		  ",{`DetailType`:`DiscountLineDetail`,`DiscountLineDetail`:{"
		  "`PercentBased`:true}}]}", 6090, NULL, NULL },
		/* stock leaves at cost */
		{ SAVE, "Invoice", "{" FOR("1") ",`Line`:[" LINE("45",
		  "`ItemRef`:{`value`:`3`},`Qty`:3,`UnitPrice`:15") "]}", 0, NULL, NULL },
		{ SAVE, "Item", "{" SPARSE("3", "0") ",`ManPartNum`:`x`}", 0, "`QtyOnHand`:22",
		  NULL },
		{ SAVE, "Bill", "{`VendorRef`:{`value`:`5`},`Line`:[{`Amount`:30,"
		  "`DetailType`:`ItemBasedExpenseLineDetail`,`ItemBasedExpenseLineDetail`:{"
		  "`ItemRef`:{`value`:`3`},`Qty`:3,`UnitPrice`:10}}]}", 0, NULL, NULL },
		{ SAVE, "InventoryAdjustment", "{`AdjustAccountRef`:{`value`:`6`},`Line`:[{"
		  "`DetailType`:`ItemAdjustmentLineDetail`,`ItemAdjustmentLineDetail`:{`ItemRef`:{"
		  "`value`:`3`},`QtyDiff`:-5}}]}", 0, NULL, NULL },
		{ SAVE, "Item", "{" SPARSE("3", "0") ",`Description`:`d`}", 0, "`QtyOnHand`:20",
		  NULL },
	};

	RUN(state, steps);
}

static void vat(void **state)
{
	static const struct step steps[] = {
		/* the item's code, else the company's */
		{ SAVE, "Invoice", INVOICE("1", LINE("10", HOURS) "," LINE("20", HOSE)), 0,
		  "`TaxCodeRef`:{`value`:`2`}\n`TaxCodeRef`:{`value`:`1`}\n"
		  "`GlobalTaxCalculation`:`TaxExcluded`\n`Amount`:0.70\n`Amount`:3.80\n"
		  "`TotalTax`:4.50\n`TotalAmt`:34.50\n`HomeTotalAmt`:34.50\n`ExchangeRate`:1\n"
		  "!`DocNumber`", NULL },
		/* gross amounts: the net is rounded line by line, and nothing is lost */
		{ SAVE, "Invoice", "{" FOR("1") ",`GlobalTaxCalculation`:`TaxInclusive`,`Line`:["
		  LINE("9.99", HOSE) "," LINE("4.99", HOSE) "," LINE("1.99", HOURS) "]}", 0,
		  "`Amount`:8.39\n`TaxInclusiveAmt`:9.99\n`Amount`:4.19\n`Amount`:1.86\n"
		  "`TotalAmt`:16.97\n`TotalTax`:2.53", NULL },
		{ SAVE, "Invoice", "{" FOR("1")
		  ",`GlobalTaxCalculation`:`NotApplicable`,`Line`:[" LINE("10", HOSE) "]}", 0,
		  "!`TaxCodeRef`\n`TotalTax`:0\n`TotalAmt`:10.00", NULL },
		{ SAVE, "Invoice", "{" FOR("1")
		  ",`GlobalTaxCalculation`:`NotApplicable`,`Line`:[" LINE("10", HOSE)
		  "],`TxnTaxDetail`:{`TotalTax`:1.9}}", 6170, NULL, NULL },
		/* a client may state the tax, for every rate in use */
		{ SAVE, "Invoice", "{" FOR("1") ",`Line`:[" LINE("10", HOSE)
		  "],`TxnTaxDetail`:{`TotalTax`:1.91,`TaxLine`:[{`Amount`:1.91,"
		  "`DetailType`:`TaxLineDetail`,`TaxLineDetail`:{`TaxRateRef`:{"
		  "`value`:`1`}}}]}}", 0, "`TotalTax`:1.91\n`TotalAmt`:11.91", NULL },
		{ SAVE, "Invoice", "{" FOR("1") ",`Line`:[" LINE("10", HOSE) "," LINE("10",
		  HOURS) "],`TxnTaxDetail`:{`TaxLine`:[{`Amount`:1.9,`DetailType`:`TaxLineDetail`,"
		  "`TaxLineDetail`:{`TaxRateRef`:{`value`:`1`}}}]}}", 6000, "tax rate 2", NULL },
		/* tax on purchases, reverse charge to nothing */
		{ SAVE, "Bill", "{`VendorRef`:{`value`:`3`},`Line`:[" COST("100") "]}", 0,
		  "`TotalTax`:19.00\n`TotalAmt`:119.00", NULL },
		{ SAVE, "Bill", "{`VendorRef`:{`value`:`3`},`Line`:[{`Amount`:100,"
		  "`DetailType`:`AccountBasedExpenseLineDetail`,`AccountBasedExpenseLineDetail`:{"
		  "`AccountRef`:{`value`:`11`},`TaxCodeRef`:{`value`:`3`}}}]}", 0,
		  "`Amount`:19.00\n`Amount`:-19.00\n`TotalTax`:0\n`TotalAmt`:100.00", NULL },
		{ SAVE, "JournalEntry", "{`Line`:[{`Amount`:5,"
		  "`DetailType`:`JournalEntryLineDetail`,`JournalEntryLineDetail`:{"
		  "`PostingType`:`Debit`,`AccountRef`:{`value`:`11`},`TaxCodeRef`:{"
		  "`value`:`1`}}}]}", 2270, NULL, NULL },
	};

	RUN(state, steps);
}

/* What was posted to the account of that name, in hundredths; a debit is positive. */
static int64_t balance_of(struct books *books, const char *name)
{
	const struct table *table = company_table(books->company, entity_by_name("Account", false));

	for (size_t i = 0; i < table->count; i++)
		if (json_equals(json_find(table->by_id[i]->text, table->by_id[i]->len, "Name"),
				name))
			return table->by_id[i]->balance;
	fail_msg("no account %s", name);
	return 0;
}

static void currencies(void **state)
{
	static const struct step steps[] = {
		/* the rate of the day, the customer's currency, a receivable account of its own */
		{ SAVE, "Invoice", "{" FOR("2") ",`TxnDate`:`2026-01-10`,`Line`:[" LINE("100",
		  HOSE ",`TaxCodeRef`:{`value`:`3`}") "]}", 0, "`CurrencyRef`:{`value`:`USD`,"
		  "`name`:`United States Dollar`}\n`ExchangeRate`:0.9\n`TotalAmt`:100.00\n"
		  "`HomeTotalAmt`:90.00\n`HomeBalance`:90.00", NULL },
		{ SAVE, "Invoice", "{" FOR("2") ",`CurrencyRef`:{`value`:`PLN`},`Line`:[" LINE(
		  "1", HOSE) "]}", 6000, "currency", NULL },
		{ SAVE, "Invoice", "{" FOR("1") ",`CurrencyRef`:{`value`:`GBP`},`Line`:[" LINE(
		  "1", HOSE) "]}", 2220, "GBP", NULL },
		{ SAVE, "Customer", "{" SPARSE("2", "0") ",`CurrencyRef`:{`value`:`EUR`}}", 6000,
		  "currency", NULL },
		/* paid at another rate: what is lost goes to an account of its own */
		{ SAVE, "Payment", "{" FOR("2") ",`TotalAmt`:100,`Line`:[" PAYS("100", "1",
		  "Invoice") "]}", 0, "`ExchangeRate`:0.8\n`UnappliedAmt`:0", NULL },
		{ SAVE, "Invoice", "{" SPARSE("1", "1") ",`PrivateNote`:`n`}", 0,
		  "`Balance`:0\n`HomeBalance`:0", NULL },
		{ SAVE, "Account", "{`Name`:`Exchange Gain or Loss`,"
		  "`AccountType`:`Other Expense`}", 6240, NULL, NULL },
		/* a rate sent with the document, odd enough that home amounts are rounded */
		{ SAVE, "Bill", "{`VendorRef`:{`value`:`4`},`ExchangeRate`:0.87651,`Line`:["
		  COST("33.33") "," COST("0.01") "]}", 0, "`ExchangeRate`:0.87651\n"
		  "`TotalAmt`:39.67", NULL },
		{ SAVE, "ExchangeRate", "{`SourceCurrencyCode`:`USD`,`Rate`:0.85,"
		  "`AsOfDate`:`2026-01-20`}", 0, "`Rate`:0.85\n!`Id`", NULL },
		{ SAVE, "ExchangeRate", "{`SourceCurrencyCode`:`USD`,`Rate`:0}", 2110, NULL, NULL },
	};

	RUN(state, steps);
	assert_int_equal(balance_of(*state, "Exchange Gain or Loss"), 1000);
	assert_int_equal(balance_of(*state, "Accounts Receivable (A/R) - USD"), 0);
}

/* ---- payments */

static void payments(void **state)
{
	static const struct step steps[] = {
		{ SAVE, "Invoice", INVOICE("1", LINE("459", HOURS)), 0, "`Id`:`1`", NULL },
		{ SAVE, "Invoice", INVOICE("1", LINE("41", HOURS)), 0, "`Id`:`2`", NULL },
		{ SAVE, "Payment", "{" FOR("1") ",`TotalAmt`:220,`Line`:[" PAYS("220", "1",
		  "Invoice") "]}", 0, "`Name`:`txnOpenBalance`,`Value`:`459.00`\n"
		  "`Name`:`txnReferenceNumber`,`Value`:`1001`\n`UnappliedAmt`:0", NULL },
		{ SAVE, "Payment", "{" FOR("1") ",`TotalAmt`:300,`Line`:[" PAYS("239", "1",
		  "Invoice") "," PAYS("41", "2", "Invoice") "]}", 0, "`UnappliedAmt`:20.00", NULL },
		{ SAVE, "Invoice", "{" SPARSE("1", "2") ",`PrivateNote`:`n`}", 0,
		  "`LinkedTxn`:[{`TxnId`:`4`,`TxnType`:`Payment`},{`TxnId`:`3`,"
		  "`TxnType`:`Payment`}]\n`Balance`:0", NULL },
		/* closed documents and nothing at all are dropped; too much is not */
		{ SAVE, "Payment", "{" FOR("1") ",`TotalAmt`:5,`Line`:[" PAYS("5", "1",
		  "Invoice") "]}", 0, "`Line`:[]\n`UnappliedAmt`:5.00", NULL },
		{ SAVE, "Invoice", INVOICE("1", LINE("10", HOURS)), 0, "`Id`:`6`", NULL },
		{ SAVE, "Payment", "{" FOR("1") ",`TotalAmt`:50,`Line`:[" PAYS("11", "6",
		  "Invoice") "]}", 6000, "open balance", NULL },
		{ SAVE, "Payment", "{" FOR("1") ",`TotalAmt`:50,`Line`:[" PAYS("6", "6",
		  "Invoice") "," PAYS("6", "6", "Invoice") "]}", 6000, "open balance", NULL },
		{ SAVE, "Payment", "{" FOR("1") ",`TotalAmt`:5,`Line`:[" PAYS("6", "6",
		  "Invoice") "]}", 6000, "applied", NULL },
		{ SAVE, "Payment", "{" FOR("2") ",`TotalAmt`:5,`Line`:[" PAYS("5", "6",
		  "Invoice") "]}", 620, "another customer", NULL },
		{ SAVE, "Payment", "{" FOR("1") ",`TotalAmt`:5,`Line`:[" PAYS("5", "99",
		  "Invoice") "]}", 610, NULL, NULL },
		{ SAVE, "Payment", "{" FOR("1") ",`TotalAmt`:5,`Line`:[{`Amount`:5}]}", 2020,
		  "LinkedTxn", "Line.LinkedTxn" },
		{ SAVE, "Payment", "{" FOR("1") ",`TotalAmt`:5,`Line`:[" PAYS("5", "6", "Gift")
		  "]}", 2170, "Gift", "TxnType" },
		/* a new list of lines replaces the old: the link that is left out is undone */
		{ SAVE, "Payment", "{" SPARSE("4", "0") "," FOR("1") ",`TotalAmt`:300,`Line`:["
		  PAYS("41", "2", "Invoice") "]}", 0, "`UnappliedAmt`:259.00\n`SyncToken`:`1`",
		  NULL },
		{ SAVE, "Invoice", "{" SPARSE("1", "4") ",`PrivateNote`:`m`}", 0,
		  "`Balance`:239.00", NULL },
		{ SAVE, "Invoice", "{" SPARSE("1", "5") ",`Line`:[" LINE("219", HOURS) "]}",
		  6000, "less than what has been paid", NULL },
		/* the parent pays for a job whose bills go to it */
		{ SAVE, "Invoice", INVOICE("3", LINE("70", HOURS)), 0, "`Id`:`7`", NULL },
		{ SAVE, "Payment", "{" FOR("1") ",`TotalAmt`:100,`Line`:[" PAYS("70", "7",
		  "Invoice") "]}", 0, "`UnappliedAmt`:30.00", NULL },
		{ DELETE, "Invoice", "{`Id`:`7`,`SyncToken`:`1`}", 0,
		  "{`domain`:`QBO`,`status`:`Deleted`,`Id`:`7`}", NULL },
		{ SAVE, "Payment", "{" SPARSE("8", "1") ",`PaymentRefNum`:`1`}", 0,
		  "`UnappliedAmt`:100.00\n`Line`:[]", NULL },
	};

	RUN(state, steps);
}

static void credits(void **state)
{
	static const struct step steps[] = {
		{ SAVE, "Invoice", INVOICE("1", LINE("100", HOURS)), 0, "`Id`:`1`", NULL },
		{ SAVE, "CreditMemo", INVOICE("1", LINE("30", HOURS)), 0,
		  "`Id`:`2`\n`RemainingCredit`:30.00\n`Balance`:30.00", NULL },
		{ SAVE, "Payment", "{" FOR("1") ",`TotalAmt`:0,`Line`:[" PAYS("20", "1",
		  "Invoice") "," PAYS("20", "2", "CreditMemo") "]}", 0,
		  "`TotalAmt`:0\n`UnappliedAmt`:0", NULL },
		{ SAVE, "CreditMemo", "{" SPARSE("2", "1") ",`PrivateNote`:`n`}", 0,
		  "`RemainingCredit`:10.00", NULL },
		{ SAVE, "Payment", "{" FOR("1") ",`TotalAmt`:0,`Line`:[" PAYS("10", "2",
		  "CreditMemo") "]}", 6000, "credit", NULL },
		{ SAVE, "Payment", "{" FOR("1") ",`TotalAmt`:70,`Line`:[" PAYS("80", "1",
		  "Invoice") "," PAYS("10", "2", "CreditMemo") "]}", 0, "`UnappliedAmt`:0", NULL },
		/* journal entries: one that opens a receivable, one that is a credit */
		{ SAVE, "JournalEntry", "{`Line`:[{`Amount`:40,"
		  "`DetailType`:`JournalEntryLineDetail`,`JournalEntryLineDetail`:{"
		  "`PostingType`:`Debit`,`Entity`:{`Type`:`Customer`,`EntityRef`:{`value`:`1`}},"
		  "`AccountRef`:{`value`:`2`}}},{`Amount`:40,`DetailType`:`JournalEntryLineDetail`,"
		  "`JournalEntryLineDetail`:{`PostingType`:`Credit`,`AccountRef`:{"
		  "`value`:`10`}}}]}", 0, "`Id`:`5`\n`Id`:`0`\n`Id`:`1`\n!`LineNum`", NULL },
		{ SAVE, "JournalEntry", "{`Line`:[{`Amount`:15,"
		  "`DetailType`:`JournalEntryLineDetail`,`JournalEntryLineDetail`:{"
		  "`PostingType`:`Credit`,`Entity`:{`Type`:`Customer`,`EntityRef`:{`value`:`1`}},"
		  "`AccountRef`:{`value`:`2`}}},{`Amount`:15,`DetailType`:`JournalEntryLineDetail`,"
		  "`JournalEntryLineDetail`:{`PostingType`:`Debit`,`AccountRef`:{"
		  "`value`:`10`}}}]}", 0, "`Id`:`6`", NULL },
		{ SAVE, "Payment", "{" FOR("2") ",`TotalAmt`:9,`Line`:[" PAYS("9", "5",
		  "JournalEntry") "]}", 620, NULL, NULL },
		{ SAVE, "Payment", "{" FOR("1") ",`TotalAmt`:25,`Line`:[" PAYS("40", "5",
		  "JournalEntry") "," PAYS("15", "6", "JournalEntry") "]}", 0,
		  "`UnappliedAmt`:0", NULL },
		{ SAVE, "Payment", "{" FOR("1") ",`TotalAmt`:5,`Line`:[" PAYS("5", "6",
		  "JournalEntry") "]}", 0, "`Line`:[]", NULL },
	};

	RUN(state, steps);
}

static void bills(void **state)
{
	static const struct step steps[] = {
		{ SAVE, "Bill", "{`VendorRef`:{`value`:`5`},`DocNumber`:`A`,`Line`:[" COST("80")
		  "]}", 0, "`Id`:`1`\n`Balance`:80.00", NULL },
		{ SAVE, "Bill", "{`VendorRef`:{`value`:`5`},`DocNumber`:`A`,`Line`:[" COST("20")
		  "]}", 0, "`Id`:`2`\n`DocNumber`:`A`", NULL },
		{ SAVE, "VendorCredit", "{`VendorRef`:{`value`:`5`},`Line`:[" COST("15") "]}", 0,
		  "`Id`:`3`\n`Balance`:15.00", NULL },
		{ SAVE, "BillPayment", "{`VendorRef`:{`value`:`5`},`PayType`:`Check`,`TotalAmt`:85,"
		  "`CheckPayment`:{`BankAccountRef`:{`value`:`1`}},`Line`:[" PAYS("80", "1",
		  "Bill") "," PAYS("20", "2", "Bill") "," PAYS("15", "3", "VendorCredit") "]}",
		  0, "`DocNumber`:`51`\n`PrintStatus`:`NotSet`", NULL },
		{ SAVE, "Bill", "{" SPARSE("1", "1") ",`VendorRef`:{`value`:`5`},"
		  "`PrivateNote`:`n`}", 0, "`Balance`:0\n`LinkedTxn`:[{`TxnId`:`4`,"
		  "`TxnType`:`BillPaymentCheck`}]", NULL },
		{ SAVE, "BillPayment", "{`VendorRef`:{`value`:`6`},`PayType`:`Check`,`TotalAmt`:5,"
		  "`CheckPayment`:{`BankAccountRef`:{`value`:`1`}},`Line`:[" PAYS("5", "2",
		  "Bill") "]}", 620, "another customer or vendor", NULL },
		{ SAVE, "BillPayment", "{`VendorRef`:{`value`:`5`},`PayType`:`Check`,`TotalAmt`:5,"
		  "`CheckPayment`:{},`Line`:[]}", 2020, NULL, "CheckPayment" },
		{ SAVE, "BillPayment", "{`VendorRef`:{`value`:`5`},`PayType`:`Check`,`TotalAmt`:5,"
		  "`CheckPayment`:{`PrintStatus`:`NotSet`},`Line`:[]}", 2020, NULL,
		  "BankAccountRef" },
		{ SAVE, "BillPayment", "{`VendorRef`:{`value`:`5`},`PayType`:`CreditCard`,"
		  "`TotalAmt`:5,`CreditCardPayment`:{`CCAccountRef`:{`value`:`1`}},`Line`:[]}",
		  6430, NULL, NULL },
		/* what cannot be paid so is dropped in silence */
		{ SAVE, "Purchase", "{`AccountRef`:{`value`:`9`},`PaymentType`:`CreditCard`,"
		  "`EntityRef`:{`value`:`5`,`type`:`Vendor`},`Line`:[" COST("12") "]}", 0,
		  "`Id`:`5`\n`Credit`:false\n`type`:`Vendor`", NULL },
		{ SAVE, "BillPayment", "{`VendorRef`:{`value`:`5`},`PayType`:`CreditCard`,"
		  "`TotalAmt`:12,`CreditCardPayment`:{`CCAccountRef`:{`value`:`9`}},`Line`:["
		  PAYS("12", "5", "Purchase") "]}", 0, "`Line`:[]", NULL },
		/* a credit used up without money needs no bank */
		{ SAVE, "Bill", "{`VendorRef`:{`value`:`5`},`Line`:[" COST("8") "]}", 0,
		  "`Id`:`7`", NULL },
		{ SAVE, "VendorCredit", "{`VendorRef`:{`value`:`5`},`Line`:[" COST("8") "]}", 0,
		  "`Id`:`8`", NULL },
		{ SAVE, "BillPayment", "{`VendorRef`:{`value`:`5`},`PayType`:`Check`,`TotalAmt`:0,"
		  "`Line`:[" PAYS("8", "7", "Bill") "," PAYS("8", "8", "VendorCredit") "]}", 0,
		  "`CheckPayment`:{`PrintStatus`:`NotSet`}", NULL },
		{ VOID, "BillPayment", "{`Id`:`4`,`SyncToken`:`0`}", 0,
		  "`PrivateNote`:`Voided`\n`TotalAmt`:0\n`Line`:[]", NULL },
		{ SAVE, "Bill", "{" SPARSE("1", "3") ",`VendorRef`:{`value`:`5`},"
		  "`PrivateNote`:`o`}", 0, "`Balance`:80.00\n!`LinkedTxn`", NULL },
		{ DELETE, "Bill", "{`Id`:`7`,`SyncToken`:`1`}", 0, NULL, NULL },
	};

	RUN(state, steps);
}

static void deposits(void **state)
{
	static const struct step steps[] = {
		{ SAVE, "Payment", "{" FOR("1") ",`TotalAmt`:60}", 0, "`Id`:`1`", NULL },
		{ SAVE, "SalesReceipt", "{`Line`:[" LINE("40", HOURS) "]}", 0, "`Id`:`2`", NULL },
		{ SAVE, "Deposit", "{`DepositToAccountRef`:{`value`:`1`},`CashBack`:{`AccountRef`:{"
		  "`value`:`12`},`Amount`:25},`Line`:[" PAYS("60", "1", "Payment") "," PAYS("40",
		  "2", "SalesReceipt") ",{`Amount`:5,`DetailType`:`DepositLineDetail`,"
		  "`DepositLineDetail`:{`AccountRef`:{`value`:`4`},`Entity`:{`value`:`1`,"
		  "`type`:`CUSTOMER`}}}]}", 0, "`Id`:`3`\n`TotalAmt`:80.00\n`TxnLineId`:`0`\n"
		  "`type`:`Customer`", NULL },
		{ SAVE, "Deposit", "{`DepositToAccountRef`:{`value`:`1`},`Line`:[" PAYS("60",
		  "1", "Payment") "]}", 6000, "deposited already", NULL },
		{ SAVE, "Deposit", "{`DepositToAccountRef`:{`value`:`1`},`CashBack`:{`Amount`:5},"
		  "`Line`:[{`Amount`:9,`DetailType`:`DepositLineDetail`,`DepositLineDetail`:{"
		  "`AccountRef`:{`value`:`4`}}}]}", 2020, NULL, "CashBack.AccountRef" },
		{ SAVE, "Deposit", "{`DepositToAccountRef`:{`value`:`1`},`Line`:[{`Amount`:9}]}",
		  2020, NULL, NULL },
		/* deposited money is frozen, until the deposit goes */
		{ SAVE, "Payment", "{" SPARSE("1", "1") ",`PrivateNote`:`n`}", 6540, NULL, NULL },
		{ DELETE, "Payment", "{`Id`:`1`,`SyncToken`:`1`}", 6540, NULL, NULL },
		{ VOID, "Payment", "{`Id`:`1`,`SyncToken`:`1`}", 6540, NULL, NULL },
		{ SAVE, "SalesReceipt", "{" SPARSE("2", "1") ",`PrivateNote`:`n`}", 6540, NULL,
		  NULL },
		{ DELETE, "Deposit", "{`Id`:`3`,`SyncToken`:`0`}", 0, NULL, NULL },
		{ SAVE, "Payment", "{" SPARSE("1", "2") "," FOR("1") ",`TotalAmt`:60,"
		  "`PrivateNote`:`n`}", 0, "!`LinkedTxn`:[{", NULL },
		{ DELETE, "Payment", "{`Id`:`1`,`SyncToken`:`3`}", 0, NULL, NULL },
	};

	RUN(state, steps);
}

/* ---- void and delete */

static void voids(void **state)
{
	static const struct step steps[] = {
		{ SAVE, "Invoice", "{" FOR("1") ",`PrivateNote`:`mine`,`Line`:[" LINE("20", HOSE
		  ",`Qty`:2,`UnitPrice`:10") "],`TxnTaxDetail`:{`TxnTaxCodeRef`:{`value`:`1`}}}",
		  0, "`Id`:`1`\n`TotalAmt`:21.60", NULL },
		{ SAVE, "Payment", "{" FOR("1") ",`TotalAmt`:20,`Line`:[" PAYS("20", "1",
		  "Invoice") "]}", 0, "`Id`:`2`", NULL },
		{ VOID, "Invoice", "{`Id`:`1`,`SyncToken`:`0`}", 5010, NULL, "" },
		{ VOID, "Invoice", "{`Id`:`1`,`SyncToken`:`1`}", 0, "`SyncToken`:`2`\n"
		  "`PrivateNote`:`Voided - mine`\n`Amount`:0,`DetailType`:`SalesItemLineDetail`\n"
		  "`Qty`:0\n`UnitPrice`:0\n`TotalTax`:0}\n`TotalAmt`:0\n`Balance`:0\n`LinkedTxn`:["
		  "]\n`DocNumber`:`1001`\n!`TaxLine`", NULL },
		{ SAVE, "Payment", "{" SPARSE("2", "1") ",`PaymentRefNum`:`7`}", 0,
		  "`UnappliedAmt`:20.00\n`Line`:[]", NULL },
		{ VOID, "Payment", "{`Id`:`2`,`SyncToken`:`2`}", 0, "`TotalAmt`:0\n"
		  "`UnappliedAmt`:0\n`PrivateNote`:`Voided`", NULL },
		{ SAVE, "SalesReceipt", "{`Line`:[" LINE("40", HOURS) "]}", 0, "`Id`:`3`", NULL },
		{ VOID, "SalesReceipt", "{`Id`:`3`,`SyncToken`:`0`,`sparse`:true}", 0,
		  "`TotalAmt`:0\n`PrivateNote`:`Voided`", NULL },
		{ SAVE, "CreditMemo", INVOICE("1", LINE("3", HOURS)), 0, "`Id`:`4`", NULL },
		{ VOID, "CreditMemo", "{`Id`:`4`,`SyncToken`:`0`}", 500, NULL, NULL },
		{ DELETE, "CreditMemo", "{`Id`:`4`,`SyncToken`:`0`}", 0,
		  "{`domain`:`QBO`,`status`:`Deleted`,`Id`:`4`}", NULL },
		{ DELETE, "CreditMemo", "{`Id`:`4`,`SyncToken`:`0`}", 610, NULL, NULL },
		{ DELETE, "Invoice", "{`Id`:`1`,`SyncToken`:`1`}", 5010, NULL, "" },
		{ DELETE, "Invoice", "{`Id`:`1`}", 2020, NULL, "SyncToken" },
		{ DELETE, "Invoice", "{`Id`:`1`,`SyncToken`:`2`}", 0, NULL, NULL },
		{ SAVE, "Attachable", "{`Note`:`n`}", 0, "`Id`:`200900000000000000001`", NULL },
		{ DELETE, "Attachable", "{`Id`:`200900000000000000001`}", 0, NULL, NULL },
	};

	RUN(state, steps);
}

int test_write_money(void)
{
	const struct CMUnitTest tests[] = {
		US(us_taxes), VAT(vat),	 VAT(currencies), US(payments),
		US(credits),  US(bills), US(deposits),	  US(voids),
	};

	return cmocka_run_group_tests_name("write, money", tests, NULL, NULL);
}
