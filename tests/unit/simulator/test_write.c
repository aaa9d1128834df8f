/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the rules make of what is sent: defaults, updates, names and refusals, as tables of steps.
 * Taxes and money are test_write_money.c's, what holds after any sequence test_write_random.c's.
 */
#include "quickbooks/write.h"

#include "ledgerdeck/core/memory.h"

#include "ledger.h"
#include "test_simulator.h"

/* ---- create and update */

static void creates_with_defaults(void **state)
{
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);

	assert_int_equal(
		ledger_write(*state, SAVE, "Invoice", INVOICE("1", LINE("100", HOURS)), &out), 0);
	assert_text(out.text,
		    "{`AllowIPNPayment`:false,`AllowOnlinePayment`:false,"
		    "`AllowOnlineCreditCardPayment`:false,`AllowOnlineACHPayment`:false,"
		    "`domain`:`QBO`,`sparse`:false,`Id`:`1`,`SyncToken`:`0`,`MetaData`:{"
		    "`CreateTime`:`2026-01-31T12:00:01-08:00`,"
		    "`LastUpdatedTime`:`2026-01-31T12:00:01-08:00`},`CustomField`:[{"
		    "`DefinitionId`:`1`,`Name`:`Crew`,`Type`:`StringType`}],`DocNumber`:`1001`,"
		    "`TxnDate`:`2026-01-31`,`CurrencyRef`:{`value`:`USD`,"
		    "`name`:`United States Dollar`},`LinkedTxn`:[],`Line`:[{`Id`:`1`,`LineNum`:1,"
		    "`Amount`:100.00,`DetailType`:`SalesItemLineDetail`,`SalesItemLineDetail`:{"
		    "`ItemRef`:{`value`:`1`,`name`:`Hours`},`TaxCodeRef`:{`value`:`NON`}}},{"
		    "`Amount`:100.00,`DetailType`:`SubTotalLineDetail`,`SubTotalLineDetail`:{}}],"
		    "`TxnTaxDetail`:{`TotalTax`:0},`CustomerRef`:{`value`:`1`,"
		    "`name`:`Ada's Garden`},`BillAddr`:{`Id`:`1`,`Line1`:`4 Elm St`,`City`:`Byron`,"
		    "`Lat`:`INVALID`,`Long`:`INVALID`},`ShipAddr`:{`Id`:`2`,`Line1`:`4 Elm St`,"
		    "`City`:`Byron`,`Lat`:`INVALID`,`Long`:`INVALID`},`DueDate`:`2026-03-02`,"
		    "`TotalAmt`:100.00,`ApplyTaxAfterDiscount`:false,`PrintStatus`:`NeedToPrint`,"
		    "`EmailStatus`:`NotSet`,`Balance`:100.00}");
	ledger_check(((struct books *)*state)->company);
}

static void other_defaults(void **state)
{
	static const struct step steps[] = {
		/* the customer's term, who is not taxed; the number counts up */
		{ SAVE, "Invoice", INVOICE("2", LINE("8", HOSE)), 0, "`DocNumber`:`1001`\n"
		  "`SalesTermRef`:{`value`:`2`}\n`DueDate`:`2026-02-10`\n`TaxCodeRef`:{"
		  "`value`:`NON`}", NULL },
		{ SAVE, "Invoice", INVOICE("1", LINE("8", HOSE)), 0, "`DocNumber`:`1002`\n"
		  "`TaxCodeRef`:{`value`:`TAX`}\n!`TxnTaxCodeRef`\n`TotalTax`:0", NULL },
		/* a line without an item gets the company's first */
		{ SAVE, "Invoice", INVOICE("1",
		  "{`Amount`:5,`DetailType`:`SalesItemLineDetail`}"), 0,
		  "`ItemRef`:{`value`:`1`,`name`:`Hours`}", NULL },
		{ SAVE, "Customer", "{`GivenName`:`Dee`,`FamilyName`:`Ny`}", 0,
		  "`DisplayName`:`Dee Ny`\n`FullyQualifiedName`:`Dee Ny`\n"
		  "`PrintOnCheckName`:`Dee Ny`\n`Taxable`:true\n`DefaultTaxCodeRef`:{`value`:`1`}\n"
		  "`PreferredDeliveryMethod`:`Print`\n`Active`:true\n`Id`:`8`", NULL },
		{ SAVE, "Payment", "{" FOR("1") ",`TotalAmt`:5}", 0, "`DepositToAccountRef`:{"
		  "`value`:`3`}\n`UnappliedAmt`:5.00\n`ProcessPayment`:false\n`Line`:[]\n"
		  "!`LinkedTxn`", NULL },
		{ SAVE, "Account", "{`Name`:`Van`,`AccountType`:`Fixed Asset`}", 0,
		  "`AccountSubType`:`FurnitureAndFixtures`\n`Classification`:`Asset`\n"
		  "`SubAccount`:false\n`CurrentBalance`:0", NULL },
		{ SAVE, "Term", "{`Name`:`Half`,`DayOfMonthDue`:15}", 0,
		  "`Type`:`DATE_DRIVEN`\n!`DiscountDays`", NULL },
		/* what a client says of what is computed counts for nothing */
		{ SAVE, "Customer", "{`DisplayName`:`Rich`,`Balance`:900,`Level`:4,`Id`:null}",
		  0, "`Balance`:0\n!`Level`", NULL },
		{ SAVE, "SalesReceipt", "{`Line`:[" LINE("4", HOURS) "]}", 0,
		  "`DepositToAccountRef`:{`value`:`3`,`name`:`Undeposited Funds`}\n`Balance`:0\n"
		  "!`CustomerRef`\n!`LinkedTxn`", NULL },
		{ SAVE, "Estimate", INVOICE("1", LINE("4", HOURS)), 0,
		  "`TxnStatus`:`Pending`\n!`Balance`", NULL },
		{ SAVE, "Bill", "{`VendorRef`:{`value`:`5`},`Line`:[" COST("7") "]}", 0,
		  "`APAccountRef`:{`value`:`8`,`name`:`Accounts Payable (A/P)`}\n"
		  "`DueDate`:`2026-01-31`\n`Balance`:7.00\n!`DocNumber`\n"
		  "`BillableStatus`:`NotBillable`\n`TaxCodeRef`:{`value`:`NON`}", NULL },
	};

	RUN(state, steps);
}

static void updates(void **state)
{
	static const struct step steps[] = {
		{ SAVE, "Customer", "{`DisplayName`:`Eve`,`Notes`:`n`,`PrimaryPhone`:{"
		  "`FreeFormNumber`:`1`},`Taxable`:false}", 0, "`Id`:`8`\n`SyncToken`:`0`", NULL },
		/* sparse: what is not sent stays, and null says nothing */
		{ SAVE, "Customer", "{" SPARSE("8", "0") ",`GivenName`:`Eve`,`Notes`:null}", 0,
		  "`SyncToken`:`1`\n`Notes`:`n`\n`FreeFormNumber`:`1`\n`GivenName`:`Eve`\n"
		  "`Taxable`:false\n12:00:02", NULL },
		/* nothing new: no new token and no new time */
		{ SAVE, "Customer", "{" SPARSE("8", "1") ",`GivenName`:`Eve`}", 0,
		  "`SyncToken`:`1`\n12:00:02\n!12:00:03", NULL },
		{ SAVE, "Customer", "{" SPARSE("8", "1") ",`Notes`:``}", 0,
		  "`SyncToken`:`2`\n!`Notes`", NULL },
		/* full: what is not sent is cleared, or reset to its default */
		{ SAVE, "Customer", "{`Id`:`8`,`SyncToken`:`2`,`DisplayName`:`Eve`}", 0,
		  "`SyncToken`:`3`\n!`GivenName`\n!`FreeFormNumber`\n`Taxable`:true\n`Job`:false\n"
		  "`DefaultTaxCodeRef`:{`value`:`1`}\n`CreateTime`:`2026-01-31T12:00:01-08:00`",
		  NULL },
		{ SAVE, "Customer", "{`Id`:`8`,`SyncToken`:`3`,`DisplayName`:`Eve`}", 0,
		  "`SyncToken`:`3`", NULL },
		/* a token that is too old, or too new, or no number */
		{ SAVE, "Customer", "{" SPARSE("8", "2") ",`Notes`:`x`}", 5010,
		  "You and Bo Kettle were working on this at the same time. Bo Kettle finished "
		  "before you did, so your work was not saved.", "" },
		{ SAVE, "Customer", "{" SPARSE("8", "4") ",`Notes`:`x`}", 5010, NULL, "" },
		{ SAVE, "Customer", "{`Id`:`8`,`sparse`:true,`Notes`:`x`}", 2020, "SyncToken",
		  "SyncToken" },
		{ SAVE, "Customer", "{" SPARSE("99", "0") "}", 610, "Object Not Found", "" },
		{ SAVE, "Customer", "{" SPARSE("1.5", "0") "}", 2030, "Supplied value:1.5", "Id" },
		{ SAVE, "Customer", "{" SPARSE("", "0") "}", 2030, NULL, "Id" },
	};

	RUN(state, steps);
}

/* Section 5.1: lines keep the Id that is sent, others get new ones, what is left out goes. */
static void line_ids(void **state)
{
	static const struct step steps[] = {
		{ SAVE, "Invoice", INVOICE("1", LINE("1", HOURS) "," LINE("2", HOURS)), 0,
		  "`Id`:`1`,`LineNum`:1\n`Id`:`2`,`LineNum`:2", NULL },
		{ SAVE, "Invoice", "{" SPARSE("1", "0") ",`Line`:[{`Id`:`2`,`Amount`:2,"
		  "`DetailType`:`SalesItemLineDetail`,`SalesItemLineDetail`:{" HOURS "}}," LINE(
		  "7", HOURS) "]}", 0, "`Id`:`2`,`LineNum`:1,`Amount`:2.00\n`Id`:`3`,`LineNum`:2,"
		  "`Amount`:7.00\n!`Id`:`1`,`LineNum`\n`TotalAmt`:9.00", NULL },
		{ SAVE, "Invoice", "{" SPARSE("1", "1") ",`Line`:[{`Id`:`77`,`Amount`:4,"
		  "`DetailType`:`SalesItemLineDetail`,`SalesItemLineDetail`:{" HOURS
		  "}},{`Amount`:900,`DetailType`:`SubTotalLineDetail`,`SubTotalLineDetail`:{"
		  "}}]}", 0, "`Id`:`4`,`LineNum`:1,`Amount`:4.00\n{`Amount`:4.00,"
		  "`DetailType`:`SubTotalLineDetail`\n`TotalAmt`:4.00", NULL },
		/* a full update without number and date: the number stays, the date is today's */
		{ SAVE, "Invoice", "{`Id`:`1`,`SyncToken`:`2`," FOR("1") ",`Line`:[" LINE("4",
		  HOURS) "]}", 0, "`Id`:`5`,`LineNum`:1\n`DocNumber`:`1001`\n"
		  "`TxnDate`:`2026-01-31`", NULL },
		{ SAVE, "Invoice", "{" SPARSE("1", "3") ",`Line`:[]}", 2020, "Line", "Line" },
		{ SAVE, "Invoice", "{`Id`:`1`,`SyncToken`:`3`," FOR("1") "}", 2020, "Line",
		  "Line" },
	};

	RUN(state, steps);
}

/* ---- refusals */

static void refuses_what_is_malformed(void **state)
{
	static const struct step steps[] = {
		{ SAVE, "Customer", "{`DisplayName`:`X`,`Colour`:`red`}", 2010,
		  "Property Name:Unrecognized field `Colour` (class "
		  "com.intuit.schema.finance.v3.Customer), not marked as ignorable", NULL },
		{ SAVE, "Invoice", INVOICE("1", LINE("1", HOURS ",`Colour`:1")), 2010,
		  "SalesItemLineDetail", NULL },
		{ SAVE, "Invoice", "{" FOR("1") ",`Line`:{}}", 2010, NULL, NULL },
		{ SAVE, "Invoice", "{`CustomerRef`:`1`,`Line`:[" LINE("1", HOURS) "]}", 2010,
		  "ReferenceType", NULL },
		{ SAVE, "Invoice", "[]", 2010, NULL, NULL },
		{ SAVE, "Invoice", "{" FOR("1") ",`Line`:[]}", 2020, "Line", "Line" },
		{ SAVE, "Invoice", "{`Line`:[" LINE("1", HOURS) "]}", 2020, "CustomerRef",
		  "CustomerRef" },
		{ SAVE, "Invoice", INVOICE("1", "{`Amount`:1}"), 2020,
		  "Required parameter Line.DetailType is missing in the request",
		  "Line.DetailType" },
		{ SAVE, "Invoice", INVOICE("1", "{`DetailType`:`SalesItemLineDetail`}"), 2020,
		  "Line.Amount", "Line.Amount" },
		{ SAVE, "Item", "{`Type`:`Service`,`IncomeAccountRef`:{`value`:`4`}}", 2020,
		  "Name", "Name" },
		{ SAVE, "Item", "{`Name`:`No account`}", 2020, "IncomeAccountRef",
		  "IncomeAccountRef" },
		{ SAVE, "Purchase", "{`AccountRef`:{`value`:`1`},`Line`:[" COST("1") "]}", 2020,
		  "PaymentType", "PaymentType" },
		{ SAVE, "BillPayment", "{`VendorRef`:{`value`:`5`},`PayType`:`Check`,`TotalAmt`:1,"
		  "`Line`:[]}", 2020, NULL, "CheckPayment" },
		{ SAVE, "Account", "{`Name`:`a:b`,`AccountType`:`Bank`}", 2040, "colon", "Name" },
		{ SAVE, "Account", "{`Name`:`a\\`b`,`AccountType`:`Bank`}", 2040,
		  "double quotes", "Name" },
		{ SAVE, "Customer", "{`DisplayName`:`a\\tb`}", 2040, NULL, "DisplayName" },
		{ SAVE, "Customer", "{`DisplayName`:{`a`:1}}", 2040, NULL, "DisplayName" },
		{ SAVE, "Invoice", "{" FOR("1") ",`DocNumber`:`1234567890123456789012`,`Line`:["
		  LINE("1", HOURS) "]}", 2050, "Min:0 Max:21 supported. Supplied length:22",
		  "DocNumber" },
		{ SAVE, "Invoice", "{" FOR("1") ",`TxnDate`:`31.01.2026`,`Line`:[" LINE("1",
		  HOURS) "]}", 2060, "31.01.2026", "TxnDate" },
		{ SAVE, "Invoice", "{" FOR("1") ",`TxnDate`:`2026-02-30`,`Line`:[" LINE("1",
		  HOURS) "]}", 2070, "2026-02-30", "TxnDate" },
		{ SAVE, "Invoice", INVOICE("1", LINE("`much`", HOURS)), 2110, "much", NULL },
		{ SAVE, "Payment", "{" FOR("1") ",`TotalAmt`:-1}", 2140, NULL, NULL },
		{ SAVE, "Invoice", INVOICE("1", "{`Amount`:1,`DetailType`:`Sales`}"), 2170,
		  "Sales", NULL },
		{ SAVE, "Invoice", INVOICE("1",
		  "{`Amount`:1,`DetailType`:`DepositLineDetail`,`DepositLineDetail`:{}}"), 2170,
		  "DepositLineDetail", NULL },
		{ SAVE, "Customer", "{`DisplayName`:`X`,`Taxable`:`maybe`}", 2230, "maybe",
		  "Taxable" },
		{ SAVE, "Customer", "{`DisplayName`:`X`,`CurrencyRef`:{`value`:`EUR`}}", 2220,
		  "EUR", NULL },
	};

	RUN(state, steps);
}

static void refuses_wrong_references(void **state)
{
	static const struct step steps[] = {
		{ SAVE, "Invoice", INVOICE("99", LINE("1", HOURS)), 2500,
		  "Invalid Reference Id : Names element id 99 not found", NULL },
		{ SAVE, "Invoice", INVOICE("1", LINE("1", "`ItemRef`:{`value`:`98`}")), 2500,
		  "Items element id 98 not found", NULL },
		{ SAVE, "Invoice", INVOICE("1", LINE("1", HOURS ",`ClassRef`:{`value`:`97`}")),
		  2500, "Klasses element id 97 not found", NULL },
		{ SAVE, "Bill", "{`VendorRef`:{`value`:`5`},`Line`:[{`Amount`:1,"
		  "`DetailType`:`AccountBasedExpenseLineDetail`,`AccountBasedExpenseLineDetail`:{"
		  "`AccountRef`:{`value`:`96`}}}]}", 2500, "Accounts element id 96 not found",
		  NULL },
		{ SAVE, "Bill", "{`VendorRef`:{`value`:`1`},`Line`:[" COST("1") "]}", 2500,
		  "Names element id 1 not found", NULL },
		{ SAVE, "Invoice", "{" FOR("1") ",`DepartmentRef`:{`value`:`9`},`Line`:[" LINE(
		  "1", HOURS) "]}", 2500, "Depts element id 9 not found", NULL },
		{ SAVE, "Invoice", INVOICE("4", LINE("1", HOURS)), 610, "inactive", NULL },
		{ SAVE, "Invoice", INVOICE("1", LINE("1", "`ItemRef`:{`value`:`4`}")), 610,
		  "inactive", NULL },
		{ SAVE, "Customer", "{`DisplayName`:`Job`,`Job`:true}", 6150, NULL, NULL },
		{ SAVE, "Customer", "{" SPARSE("1", "0") ",`ParentRef`:{`value`:`1`}}", 900,
		  NULL, NULL },
		{ SAVE, "Item", "{`Name`:`I`,`IncomeAccountRef`:{`value`:`1`}}", 6430, NULL,
		  "IncomeAccountRef" },
		{ SAVE, "Purchase", "{`AccountRef`:{`value`:`1`},`PaymentType`:`CreditCard`,"
		  "`Line`:[" COST("1") "]}", 6430, NULL, "AccountRef" },
		{ SAVE, "Payment", "{" FOR("1") ",`TotalAmt`:1,`DepositToAccountRef`:{"
		  "`value`:`11`}}", 6430, NULL, NULL },
		{ SAVE, "Deposit", "{`DepositToAccountRef`:{`value`:`8`},`Line`:[{`Amount`:1,"
		  "`DetailType`:`DepositLineDetail`,`DepositLineDetail`:{`AccountRef`:{"
		  "`value`:`4`}}}]}", 6430, NULL, NULL },
		{ SAVE, "Bill",
		  "{`VendorRef`:{`value`:`5`},`APAccountRef`:{`value`:`1`},`Line`:[" COST("1")
		  "]}", 6430, NULL, "APAccountRef" },
		{ SAVE, "Account", "{`Name`:`Nothing`}", 6010, NULL, NULL },
		{ SAVE, "Item", "{`Name`:`St`,`Type`:`Inventory`,`IncomeAccountRef`:{`value`:`4`},"
		  "`ExpenseAccountRef`:{`value`:`6`},`AssetAccountRef`:{`value`:`7`}}", 6520,
		  NULL, NULL },
		{ SAVE, "Item", "{" SPARSE("1", "0") ",`Type`:`NonInventory`}", 6000,
		  "type of an item", NULL },
	};

	RUN(state, steps);
}

static void refuses_what_makes_no_sense(void **state)
{
	static const struct step steps[] = {
		{ SAVE, "Invoice", INVOICE("1", LINE("10.01", HOURS ",`Qty`:2,`UnitPrice`:5")),
		  6070, "Amount is not equal to UnitPrice * Qty. Supplied value:10.01", NULL },
		{ SAVE, "Invoice", INVOICE("1", LINE("10", HOURS
		  ",`Qty`:3,`UnitPrice`:3.33333")), 0, "`UnitPrice`:3.33333", NULL },
		{ SAVE, "Customer", "{`Notes`:`no name`}", 6080, NULL, NULL },
		{ SAVE, "Invoice", INVOICE("1", LINE("1", HOURS ",`TaxCodeRef`:{`value`:`1`}")),
		  6100, "TAX or NON", NULL },
		{ SAVE, "Invoice", "{" FOR("1") ",`DocNumber`:`1001`,`Line`:[" LINE("1", HOURS)
		  "]}", 6140, "DocNumber=1001 is assigned to TxnType=Invoice with TxnId=1", "" },
		{ SAVE, "Invoice", "{" FOR("1") ",`DocNumber`:`R-7`,`Line`:[" LINE("1", HOURS)
		  "]}", 0, "`DocNumber`:`R-7`", NULL },
		{ SAVE, "Invoice", INVOICE("1", LINE("-5", HOURS)), 6000, "0 or greater", NULL },
		{ SAVE, "Invoice", INVOICE("1", LINE("5", HOURS) "," LINE("-2", HOURS)), 0,
		  "`TotalAmt`:3.00", NULL },
		{ SAVE, "JournalEntry", "{`Line`:[]}", 2250, NULL, NULL },
		{ SAVE, "JournalEntry", "{`Line`:[{`Amount`:5,"
		  "`DetailType`:`JournalEntryLineDetail`,`JournalEntryLineDetail`:{"
		  "`PostingType`:`Debit`,`AccountRef`:{`value`:`1`}}}]}", 2300, NULL, NULL },
		{ SAVE, "JournalEntry", "{`Line`:[{`Amount`:5,"
		  "`DetailType`:`JournalEntryLineDetail`,`JournalEntryLineDetail`:{"
		  "`PostingType`:`Debit`,`AccountRef`:{`value`:`2`}}},{`Amount`:5,"
		  "`DetailType`:`JournalEntryLineDetail`,`JournalEntryLineDetail`:{"
		  "`PostingType`:`Credit`,`AccountRef`:{`value`:`4`}}}]}", 6000,
		  "Accounts Receivable", NULL },
		{ SAVE, "Transfer", "{`FromAccountRef`:{`value`:`1`},`ToAccountRef`:{`value`:`1`},"
		  "`Amount`:5}", 6430, NULL, NULL },
		{ SAVE, "Transfer", "{`FromAccountRef`:{`value`:`1`},`ToAccountRef`:{`value`:`12`},"
		  "`Amount`:0}", 2140, NULL, NULL },
		{ SAVE, "TimeActivity", "{`NameOf`:`Employee`,`Hours`:1}", 6290, NULL, NULL },
		{ SAVE, "TimeActivity", "{`NameOf`:`Employee`,`EmployeeRef`:{`value`:`7`}}",
		  6380, NULL, NULL },
		{ SAVE, "TimeActivity", "{`NameOf`:`Employee`,`EmployeeRef`:{`value`:`7`},"
		  "`Hours`:1,`BillableStatus`:`Billable`}", 6300, NULL, NULL },
		{ SAVE, "Attachable", "{`AttachableRef`:[{`EntityRef`:{`type`:`Invoice`,"
		  "`value`:`99`}}],`Note`:`n`}", 6000, "Invoice 99", NULL },
		{ SAVE, "CompanyCurrency", "{`Code`:`EUR`}", 5030, NULL, NULL },
		{ SAVE, "TaxCode", "{`Name`:`T`}", 500, NULL, NULL },
		{ DELETE, "Customer", "{`Id`:`1`,`SyncToken`:`0`}", 500, NULL, NULL },
		{ VOID, "Bill", "{`Id`:`1`,`SyncToken`:`0`}", 500, NULL, NULL },
		/* what a line before the wrong one needed goes with it: an account for shipping */
		{ SAVE, "Invoice", INVOICE("1", LINE("9", "`ItemRef`:{"
		  "`value`:`SHIPPING_ITEM_ID`}") "," LINE("1", HOURS ",`Qty`:2,`UnitPrice`:5")),
		  6070, NULL, NULL },
	};

	RUN(state, steps);
}

/* ---- names */

static void names(void **state)
{
	static const struct step steps[] = {
		{ SAVE, "Vendor", "{`DisplayName`:`ada's GARDEN`}", 6240,
		  "The name supplied already exists.", "" },
		{ SAVE, "Employee", "{`GivenName`:`Pipes`,`FamilyName`:`Ltd`}", 6240, NULL, NULL },
		{ SAVE, "Customer", "{`DisplayName`:`Cy Young`}", 6240, NULL, NULL },
		{ SAVE, "Customer", "{" SPARSE("2", "0") ",`DisplayName`:`Pipes Ltd`}", 6240,
		  NULL, NULL },
		{ SAVE, "Item", "{`Name`:`hours`,`IncomeAccountRef`:{`value`:`4`}}", 6240, NULL,
		  NULL },
		{ SAVE, "Account", "{`Name`:`Till`,`AccountType`:`Bank`,`ParentRef`:{"
		  "`value`:`1`}}", 0, "`FullyQualifiedName`:`Checking:Till`\n`SubAccount`:true\n"
		  "`ParentRef`:{`value`:`1`}", NULL },
		{ SAVE, "Account", "{`Name`:`till`,`AccountType`:`Bank`,`ParentRef`:{"
		  "`value`:`1`}}", 6240, NULL, NULL },
		/* inactive: the name is free again, and gets a mark */
		{ SAVE, "Customer", "{" SPARSE("2", "0") ",`Active`:false}", 0,
		  "`DisplayName`:`Bo Untaxed (deleted)`\n`Active`:false\n`SyncToken`:`1`", NULL },
		{ SAVE, "Vendor", "{`DisplayName`:`Bo Untaxed`}", 0, "`Id`:`8`", NULL },
		{ SAVE, "Customer", "{" SPARSE("2", "1") ",`Active`:true}", 6240, NULL, NULL },
		{ SAVE, "Vendor", "{" SPARSE("8", "0") ",`DisplayName`:`Bo Vendor`}", 0, NULL,
		  NULL },
		{ SAVE, "Customer", "{" SPARSE("2", "1") ",`Active`:true}", 0,
		  "`DisplayName`:`Bo Untaxed`\n`Active`:true", NULL },
		/* who owes something stays */
		{ SAVE, "Invoice", INVOICE("2", LINE("5", HOURS)), 0, "`Id`:`1`", NULL },
		{ SAVE, "Customer", "{" SPARSE("2", "2") ",`Active`:false}", 6220,
		  "customer cannot be deleted", "" },
		{ SAVE, "Payment", "{" FOR("2") ",`TotalAmt`:5,`Line`:[" PAYS("5", "1",
		  "Invoice") "]}", 0, NULL, NULL },
		{ SAVE, "Customer", "{" SPARSE("2", "2") ",`Active`:false}", 0, "(deleted)", NULL },
		/* old documents still show it, under its new name, and can be changed */
		{ SAVE, "Invoice", "{" SPARSE("1", "1") ",`PrivateNote`:`n`}", 0,
		  "`name`:`Bo Untaxed (deleted)`", NULL },
	};

	RUN(state, steps);
}

static void levels(void **state)
{
	static const struct step steps[] = {
		{ SAVE, "Customer", "{`DisplayName`:`L2`,`Job`:true,`ParentRef`:{`value`:`3`}}",
		  0, "`FullyQualifiedName`:`Ada's Garden:Pond:L2`\n`Level`:2\n`Job`:true", NULL },
		{ SAVE, "Customer", "{`DisplayName`:`L3`,`Job`:true,`ParentRef`:{`value`:`8`}}",
		  0, "`Level`:3", NULL },
		{ SAVE, "Customer", "{`DisplayName`:`L4`,`Job`:true,`ParentRef`:{`value`:`9`}}",
		  0, "`Level`:4", NULL },
		{ SAVE, "Customer", "{`DisplayName`:`L5`,`Job`:true,`ParentRef`:{`value`:`10`}}",
		  6180, NULL, NULL },
		/* balances are summed up to the top, and move when a job does */
		{ SAVE, "Invoice", INVOICE("10", LINE("30", HOURS)), 0, NULL, NULL },
		{ SAVE, "Customer", "{" SPARSE("8", "0") ",`ParentRef`:{`value`:`2`}}", 0,
		  "`FullyQualifiedName`:`Bo Untaxed:L2`", NULL },
	};

	RUN(state, steps);
}

/* Another name above is another full name below, and wherever one of them is referred to. */
static void full_names(void **state)
{
	static const struct step steps[] = {
		{ SAVE, "Account", "{`Name`:`Sub`,`AccountType`:`Expense`,`ParentRef`:{"
		  "`value`:`11`}}", 0, "`Id`:`13`", NULL },
		{ SAVE, "Account", "{`Name`:`Leaf`,`AccountType`:`Expense`,`ParentRef`:{"
		  "`value`:`13`}}", 0, "`FullyQualifiedName`:`Rent:Sub:Leaf`", NULL },
		{ SAVE, "Bill", "{`VendorRef`:{`value`:`5`},`Line`:[{`Amount`:1,"
		  "`DetailType`:`AccountBasedExpenseLineDetail`,`AccountBasedExpenseLineDetail`:{"
		  "`AccountRef`:{`value`:`14`}}}]}", 0, "`name`:`Rent:Sub:Leaf`", NULL },
		{ SAVE, "Account", "{" SPARSE("11", "0") ",`Name`:`Lease`}", 0,
		  "`FullyQualifiedName`:`Lease`", NULL },
		{ SAVE, "Account", "{" SPARSE("14", "0") ",`Description`:`d`}", 0,
		  "`FullyQualifiedName`:`Lease:Sub:Leaf`", NULL },
		{ SAVE, "Bill", "{" SPARSE("1", "0") ",`VendorRef`:{`value`:`5`},"
		  "`PrivateNote`:`n`}", 0, "`name`:`Lease:Sub:Leaf`", NULL },
		{ SAVE, "Account", "{" SPARSE("11", "1") ",`ParentRef`:{`value`:`14`}}", 900,
		  NULL, NULL },
		{ SAVE, "Customer", "{" SPARSE("1", "0") ",`DisplayName`:`Ada`}", 0, NULL, NULL },
		{ SAVE, "Customer", "{" SPARSE("3", "0") ",`Notes`:`n`}", 0,
		  "`FullyQualifiedName`:`Ada:Pond`\n`Level`:1", NULL },
	};

	RUN(state, steps);
}

/* Limits count characters, whatever their bytes; nothing is cut inside one. */
static void long_names(void **state)
{
	struct books *books = *state;
	AUTO(str_clear) struct str body = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);

	for (int characters = 499; characters <= 501; characters++) {
		str_reset(&body);
		str_addf(&body, "{`DisplayName`:`%d", characters);
		for (int i = 3; i < characters; i++)
			str_add(&body, "漢");
		str_add(&body, "`}");
		assert_int_equal(ledger_write(books, SAVE, "Customer", body.text, &out),
				 characters > 500 ? 2050 : 0);
		ledger_check(books->company);
	}
	assert_int_equal(ledger_write(books, SAVE, "Customer",
				      "{`Id`:`9`,`SyncToken`:`0`,`sparse`:true,`Active`:false}",
				      &out),
			 0);
	assert_has(out.text, "漢 (deleted)`");
	assert_true(str_is_utf8(out.text, out.len));
}

/* ---- closed books, switches */

static void closed_books(void **state)
{
	static const struct step steps[] = {
		{ SAVE, "Invoice", "{" FOR("1") ",`TxnDate`:`2025-12-31`,`Line`:[" LINE("1",
		  HOURS) "]}", 0, "`Id`:`1`", NULL },
		{ SAVE, "Preferences", "{`AccountingInfoPrefs`:{`BookCloseDate`:`2025-12-31`},"
		  "`Id`:`1`,`SyncToken`:`0`,`sparse`:true}", 0, "`BookCloseDate`:`2025-12-31`",
		  NULL },
		{ SAVE, "Invoice", "{" FOR("1") ",`TxnDate`:`2025-12-31`,`Line`:[" LINE("1",
		  HOURS) "]}", 6210, NULL, NULL },
		{ SAVE, "Invoice", "{" FOR("1") ",`TxnDate`:`2026-01-01`,`Line`:[" LINE("1",
		  HOURS) "]}", 0, "`Id`:`2`", NULL },
		{ SAVE, "Invoice", "{" SPARSE("1", "0") ",`PrivateNote`:`n`}", 6210, NULL, NULL },
		{ SAVE, "Invoice", "{" SPARSE("1", "0") ",`TxnDate`:`2026-01-05`}", 6210, NULL,
		  NULL },
		{ SAVE, "Invoice", "{" SPARSE("2", "0") ",`TxnDate`:`2025-06-01`}", 6210, NULL,
		  NULL },
		{ DELETE, "Invoice", "{`Id`:`1`,`SyncToken`:`0`}", 6210, NULL, NULL },
		{ VOID, "Invoice", "{`Id`:`1`,`SyncToken`:`0`}", 6210, NULL, NULL },
		/* an old invoice may still be paid */
		{ SAVE, "Payment", "{" FOR("1") ",`TotalAmt`:1,`Line`:[" PAYS("1", "1",
		  "Invoice") "]}", 0, "`UnappliedAmt`:0", NULL },
	};

	RUN(state, steps);
}

static void switches(void **state)
{
	static const struct step plain[] = {
		{ SAVE, "Invoice", INVOICE("1",
		  "{`Amount`:5,`DetailType`:`SalesItemLineDetail`}," LINE("2", HOURS)), 0,
		  "`DetailType`:`DescriptionOnly`\n`TotalAmt`:2.00", NULL },
		{ SAVE, "Invoice", "{" FOR("1") ",`DocNumber`:`1001`,`Line`:[" LINE("1", HOURS)
		  "]}", 0, "`DocNumber`:`1002`", NULL },
		{ SAVE, "Customer", "{" SPARSE("2", "0") ",`SalesTermRef`:null}", 0,
		  "!`SalesTermRef`", NULL },
		{ SAVE, "Vendor", "{`DisplayName`:`ADA'S GARDEN`}", 0, NULL, NULL },
		{ SAVE, "Payment", "{" FOR("1") ",`TotalAmt`:1,`Line`:[" PAYS("1", "1",
		  "Invoice") "]}", 0, "`Id`:`3`", NULL },
		{ DELETE, "Invoice", "{`Id`:`1`,`SyncToken`:`1`}", 6000, "has payments", NULL },
		{ SAVE, "CreditMemo", INVOICE("1", LINE("3", HOURS)), 0, "`Id`:`4`", NULL },
		{ VOID, "CreditMemo", "{`Id`:`4`,`SyncToken`:`0`}", 0,
		  "`TotalAmt`:0\n`RemainingCredit`:0", NULL },
	};
	static const char *const set[][2] = {
		{ "line-without-item", "text" }, { "sent-number", "ignored" },
		{ "sparse-null", "clears" },	 { "name-case", "sensitive" },
		{ "delete-paid", "refused" },	 { "void-more", "on" },
	};

	for (size_t i = 0; i < ARRAY_LEN(set); i++)
		books_set(*state, set[i][0], set[i][1]);
	RUN(state, plain);
}

/* ---- what clients should not be able to break */

static void hostile(void **state)
{
	static const struct step steps[] = {
		{ SAVE, "Preferences", "{" SPARSE("1", "0") ",`SalesFormsPrefs`:{`CustomField`:`x`,"
		  "`DefaultTerms`:7}}", 0, NULL, NULL },
		{ SAVE, "Preferences", "{" SPARSE("1", "1") ",`SalesFormsPrefs`:{`CustomField`:[{"
		  "`CustomField`:[{`Name`:`SalesFormsPrefs.SalesCustomName1`,"
		  "`StringValue`:`ずいぶんながいなまえのフィールド`}]}]}}", 0, NULL, NULL },
		{ SAVE, "Invoice", INVOICE("1", LINE("1", HOURS)), 0, "`Name`:`ずいぶんながいなまえのフ",
		  NULL },
		{ SAVE, "TaxAgency", "{`DisplayName`:`A \\`quoted\\`: agency`}", 0, "`Id`:`2`",
		  NULL },
		{ SAVE, "Deposit", "{`DepositToAccountRef`:{`value`:`1`},`Line`:[{`Amount`:1,"
		  "`LinkedTxn`:[]}]}", 2020, NULL, NULL },
		{ SAVE, "Customer", "{`DisplayName`:`\\u0001`}", 0, "\\u0001", NULL },
		{ SAVE, "Invoice", INVOICE("1", "null"), 2010, NULL, NULL },
		{ SAVE, "RecurringTransaction", "{`Invoice`:{`RecurringInfo`:7,`Line`:9}}", 2020,
		  NULL, NULL },
		{ SAVE, "Attachable", "{`Note`:`n`,`AttachableRef`:[{`EntityRef`:[1]}]}", 0,
		  NULL, NULL },
	};
	static const struct {
		const char *body;
		int code;
	} taxes[] = {
		{ "{`TaxCode`:`Q`,`TaxRateDetails`:[{`TaxRateName`:`r1`,`RateValue`:`8`,"
		  "`TaxAgencyId`:2,`TaxApplicableOn`:`Sales`}]}", 0 },
		{ "{`TaxCode`:`R`,`TaxRateDetails`:[{`TaxRateName`:`r2`,`RateValue`:`8,`,"
		  "`TaxAgencyId`:2}]}", 2110 },
		{ "{`TaxCode`:`R`,`TaxRateDetails`:[{`TaxRateName`:`r2`,`RateValue`:8,"
		  "`TaxAgencyId`:2},{`TaxRateName`:`r1`,`RateValue`:8,`TaxAgencyId`:2}]}", 6240 },
		{ "{`TaxCode`:`R`,`TaxRateDetails`:[{`TaxRateName`:`r2`,`RateValue`:8,"
		  "`TaxAgencyId`:9}]}", 2500 },
		{ "{`TaxCode`:{`a`:[]},`TaxRateDetails`:[{`TaxRateName`:`r2`,`RateValue`:8,"
		  "`TaxAgencyId`:2}]}", 2040 },
		{ "{`TaxCode`:`R`,`TaxRateDetails`:7}", 2020 },
	};
	struct books *books = *state;
	AUTO(str_clear) struct str answer = STR_INIT(STR_NO_LIMIT);

	RUN(state, steps);
	for (size_t i = 0; i < ARRAY_LEN(taxes); i++) {
		AUTO(str_clear) struct str before = STR_INIT(STR_NO_LIMIT);
		AUTO(str_clear) struct str after = STR_INIT(STR_NO_LIMIT);
		AUTO(str_clear) struct str body = STR_INIT(STR_NO_LIMIT);
		AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);
		struct fault fault = { 0 };
		json_object *sent;

		books_quote(&body, taxes[i].body);
		sent = json_tokener_parse(body.text);
		ledger_add_all(books->company, &before);
		write_tax_service(books->company, sent, &out, &fault);
		json_object_put(sent);
		assert_int_equal(fault.code, taxes[i].code);
		ledger_add_all(books->company, &after);
		if (taxes[i].code)
			assert_string_equal(before.text, after.text);
	}
	/* a tax of the agency with the odd name: its account's name has no colon and no quotes */
	assert_int_equal(ledger_write(books, SAVE, "Invoice",
				      "{" FOR("1") ",`Line`:[" LINE(
					      "100", HOSE) "],`TxnTaxDetail`:{"
							   "`TxnTaxCodeRef`:{`value`:`3`}}}",
				      &answer),
			 0);
	assert_has(answer.text, "`TotalTax`:8.00");
	ledger_check(books->company);
}

int test_write(void)
{
	const struct CMUnitTest tests[] = {
		US(creates_with_defaults),
		US(other_defaults),
		US(updates),
		US(line_ids),
		US(refuses_what_is_malformed),
		US(refuses_wrong_references),
		US(refuses_what_makes_no_sense),
		US(names),
		US(levels),
		US(full_names),
		US(long_names),
		US(closed_books),
		US(switches),
		US(hostile),
	};

	return cmocka_run_group_tests_name("write", tests, NULL, NULL) + test_write_money() +
	       test_write_random();
}
