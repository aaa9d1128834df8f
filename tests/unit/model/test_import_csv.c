/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CSV files: what QuickBooks' and our own columns become, and what is said about rows that are wrong. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

#include "test_import.h"
#include "tests.h"

static const struct tested_import any;

static void test_quickbooks_invoices(void **state)
{
	(void)state;
	assert_import(any,
		      "\xef\xbb\xbf*InvoiceNo,*Customer,*InvoiceDate,*DueDate,Terms,Location,Memo,Item(Product/Service),ItemDescription,ItemQuantity,"
		      "ItemRate,*ItemAmount,Item tax code,Taxable,Currency,Service Date\r\n"
		      "1001,Acme:North,2026-01-31,2026-02-28,Net 30,Hall,Thanks,Widget,\"Blue, \"\"big\"\"\r\n2 m\",2,3.50,7.00,TAX,Y,usd,2026-01-30\r\n"
		      "1001,Acme:North,,,,,,Bolt,,,,1,,N,,\r\n"
		      "\r\n"
		      "1002,Kestrel,2026-02-01,,,,,Widget,,1,5,5,,,,\r\n",
		      "2 invoice 1001 upsert {\"number\":\"1001\",\"customer\":\"Acme:North\",\"date\":\"2026-01-31\",\"currency\":\"USD\",\"memo\":\"Thanks\","
		      "\"department\":\"Hall\",\"due_date\":\"2026-02-28\",\"term\":\"Net 30\",\"lines\":[{\"item\":\"Widget\","
		      "\"description\":\"Blue, \\\"big\\\"\\n2 m\",\"quantity\":\"2\",\"unit_price\":\"3.5\",\"amount\":\"7.00\",\"tax_code\":\"TAX\",\"taxable\":true,"
		      "\"service_date\":\"2026-01-30\"},{\"item\":\"Bolt\",\"amount\":\"1.00\",\"taxable\":false}]}\n"
		      "6 invoice 1002 upsert {\"number\":\"1002\",\"customer\":\"Kestrel\",\"date\":\"2026-02-01\",\"lines\":[{\"item\":\"Widget\","
		      "\"quantity\":\"1\",\"unit_price\":\"5\",\"amount\":\"5.00\"}]}\n");
	/* Other spellings, another separator, another end of lines, letter case. */
	assert_import(any, "invoice number;CUSTOMER NAME;Invoice Date;Product/Service;Qty;Rate;Class;Line tax amount\r7;A;2026/1/5;W;3;2;K;1.20\r7;A;;W;1;1;;0.3\r",
		      "2 invoice 7 upsert {\"number\":\"7\",\"customer\":\"A\",\"date\":\"2026-01-05\",\"tax_total\":\"1.50\","
		      "\"lines\":[{\"item\":\"W\",\"quantity\":\"3\",\"unit_price\":\"2\",\"amount\":\"6.00\",\"class\":\"K\"},"
		      "{\"item\":\"W\",\"quantity\":\"1\",\"unit_price\":\"1\",\"amount\":\"1.00\"}]}\n");
}

static void test_other_types(void **state)
{
	(void)state;
	assert_import(any, "*CreditMemoNo\t*Customer\t*CreditMemoDate\tItem(Product/Service)\tItemAmount\nC1\tA\t2026-01-05\tW\t5\n",
		      "2 credit_memo C1 upsert {\"number\":\"C1\",\"customer\":\"A\",\"date\":\"2026-01-05\",\"lines\":[{\"item\":\"W\",\"amount\":\"5.00\"}]}\n");
	/* All columns of the templates that QuickBooks hands out. */
	assert_import(any, "*CreditMemoNo,*Customer,*CreditMemoDate,*DueDate,Terms,*ItemAmount,*ItemTaxCode,ItemTaxAmount\nC1,A,2026-01-05,,,5,T,1\n",
		      "2 credit_memo C1 upsert {\"number\":\"C1\",\"customer\":\"A\",\"date\":\"2026-01-05\",\"tax_total\":\"1.00\","
		      "\"lines\":[{\"amount\":\"5.00\",\"tax_code\":\"T\"}]}\n");
	assert_import(any, "*JournalNo,*JournalDate,*Currency,Memo,Is Adjustment,*AccountName,Debits,Credits,Description,Name,Location,Class\n"
			   "J,2026-01-05,USD,m,yes,1,5,,,,,\nJ,2026-01-05,USD,m,yes,2,,5,,,,C\n",
		      "2 journal_entry J upsert {\"number\":\"J\",\"date\":\"2026-01-05\",\"currency\":\"USD\",\"memo\":\"m\",\"adjustment\":true,"
		      "\"lines\":[{\"account\":\"1\",\"debit\":\"5.00\"},{\"account\":\"2\",\"credit\":\"5.00\",\"class\":\"C\"}]}\n");
	assert_import(any, "Name,Company,Email,Phone,Mobile,Fax,Website,Street,City,State,ZIP,Country,Opening Balance,Date,Tax ID,Account no.\nV,,,,,,,,,,,,,,,7\n",
		      "2 vendor V upsert {\"name\":\"V\",\"account_number\":\"7\"}\n");
	assert_import(any, "Product/Service Name,Sales Description,SKU,Type,Sales Price/Rate,Taxable,Income Account,Purchase Description,Purchase Cost,"
			   "Expense Account,Quantity On Hand,Reorder Point,Inventory Asset Account,Quantity As-of Date\n"
			   "W,d,s,Inventory,2,y,4000,p,1,5000,3,,1400,2026-01-05\n",
		      "2 item W upsert {\"name\":\"W\",\"sku\":\"s\",\"kind\":\"inventory\",\"description\":\"d\",\"purchase_description\":\"p\","
		      "\"unit_price\":\"2\",\"cost\":\"1\",\"income_account\":\"4000\",\"expense_account\":\"5000\",\"asset_account\":\"1400\","
		      "\"quantity_on_hand\":\"3\",\"inventory_start\":\"2026-01-05\",\"taxable\":true}\n");
	assert_import(any, "*BillNo,*Supplier,*BillDate,*DueDate,*Account,LineDescription,*LineAmount,LineTaxCode\nB1,V,2026-01-05,,6000,x,5,20\n",
		      "2 bill B1 upsert {\"number\":\"B1\",\"vendor\":\"V\",\"date\":\"2026-01-05\",\"lines\":[{\"account\":\"6000\",\"description\":\"x\","
		      "\"amount\":\"5.00\",\"tax_code\":\"20\"}]}\n");
	assert_import(any, "*JournalNo,*JournalDate,*AccountName,*Debits,*Credits,Description,Name,Location\nJ1,2026-01-05,1000,5,,x,,H\nJ1,2026-01-05,2000,0.00,5,,,\n",
		      "2 journal_entry J1 upsert {\"number\":\"J1\",\"date\":\"2026-01-05\",\"lines\":[{\"account\":\"1000\",\"description\":\"x\",\"debit\":\"5.00\","
		      "\"department\":\"H\"},{\"account\":\"2000\",\"credit\":\"5.00\"}]}\n");
	/* Of a payment on one row all goes to its invoice. */
	assert_import(any, "Reference No,Customer,Payment date,Amount received,Invoice No\nP1,A,2026-01-05,5,1001\n",
		      "2 payment P1 upsert {\"reference\":\"P1\",\"customer\":\"A\",\"date\":\"2026-01-05\",\"amount\":\"5.00\","
		      "\"lines\":[{\"invoice\":\"1001\",\"amount\":\"5.00\"}]}\n");
	assert_import(any, "Reference No,Customer,Payment date,Amount received,Invoice No,Amount applied\nP1,A,2026-01-05,5,1001,2\nP1,A,2026-01-05,5,1002,3\n",
		      "2 payment P1 upsert {\"reference\":\"P1\",\"customer\":\"A\",\"date\":\"2026-01-05\",\"amount\":\"5.00\","
		      "\"lines\":[{\"invoice\":\"1001\",\"amount\":\"2.00\"},{\"invoice\":\"1002\",\"amount\":\"3.00\"}]}\n");
	assert_import(any, "Product/Service Name,Type,SKU,Sales Description,Sales Price/Rate,Income Account,Purchase Cost,Quantity On Hand\nW,Service,s,d,2.50,4000,,\n",
		      "2 item W upsert {\"name\":\"W\",\"sku\":\"s\",\"kind\":\"service\",\"description\":\"d\",\"unit_price\":\"2.5\",\"income_account\":\"4000\"}\n");
	assert_import((struct tested_import){ .type = "customer" },
		      "Name,Company,Email,Phone,Mobile,Fax,Website,Street,City,State,ZIP,Country,Opening Balance,Date\nA,Acme,a@example.com,1,,,,S,C,,01234,,,\n",
		      "2 customer A upsert {\"name\":\"A\",\"company\":\"Acme\",\"email\":\"a@example.com\",\"phone\":\"1\",\"street\":\"S\",\"city\":\"C\",\"zip\":\"01234\"}\n");
	/* Our own names. */
	assert_import(any, "external_id,operation_method,organization,display_name,parent,taxable,payment_method\nc1,create,o1,A,c0,no,Cash\n",
		      "2 customer c1 create [1 o1] {\"name\":\"A\",\"parent\":\"c0\",\"payment_method\":\"Cash\",\"taxable\":false}\n");
}

static void test_columns_are_questioned(void **state)
{
	(void)state;
	assert_import(any, "Name,Email\nA,\n", "error: the columns fit customers and vendors alike: say which they are with --type, or 'type =' in a profile\n");
	assert_import(any, "number,customer,date,item,amount\n1,A,2026-01-01,W,1\n",
		      "error: the columns fit invoices and credit memos alike: say which they are with --type, or 'type =' in a profile\n");
	assert_import(any, "a,b\n1,2\n",
		      "error: the columns are not those of any type: the first row must hold their names; say with --type what the rows are, and what is "
		      "missing is named\n");
	assert_import(any, "InvoiceNo,Customer,InvoiceDate,ItemAmount,Colour\n",
		      "error: invoices have no column 'Colour'; say in a profile what it is, as in 'Colour = ignore'\n");
	assert_import(any, "InvoiceNo,Customr,Customer,InvoiceDate,ItemAmount,Shape\n",
		      "error: invoices have no column 'Customr', did you mean 'customer'?, and 1 more are unknown: map them in a profile, or say 'unknown = ignore'\n");
	assert_import(any, "InvoiceNo,Customer,Customer Name,InvoiceDate,ItemAmount\n", "error: columns 2 and 3 are both 'Customer'\n");
	assert_import((struct tested_import){ .type = "invoice" }, "InvoiceNo,InvoiceDate,ItemAmount\n",
		      "error: invoices need a column for 'customer': map it in a profile, or say customer = \"…\" there\n");
	assert_import((struct tested_import){ .type = "journal_entry" }, "Date,Account,Debit,Credit\n",
		      "error: journal entries need a column 'number' or 'external_id', by which they are known\n");
	assert_import(any, "\n\n", "error: the file is empty: its first row must hold the columns' names\n");
	assert_import((struct tested_import){ .type = "customer" }, "Name,Opening Balance,\nA,5,\nB,,x\nC,,,,\n",
		      "2:2 Opening Balance '5' is not brought in by itself: say in a profile what the column is, or that it is to be ignored (customer A)\n"
		      "3:3  'x' is in a row with more cells than the header has columns: text with a separator in it needs quotes (customer B)\n"
		      "4 customer C upsert {\"name\":\"C\"}\n");
}

#define HEAD "InvoiceNo,Customer,InvoiceDate,ItemAmount\n"
#define INVOICE(line, number, amount) \
	line " invoice " number " upsert {\"number\":\"" number "\",\"customer\":\"A\",\"date\":\"2026-01-01\",\"lines\":[{\"amount\":\"" amount "\"}]}\n"

static void test_refused_rows(void **state)
{
	(void)state;
	assert_import(any,
		      HEAD "1,A,2026-01-01,1\n2,A,2026-02-31,2\n2,A,2026-01-01,2.005\n3,A,31.02.2026,3\n4,A,2026-01-01,4\n5,A,2026-01-01,x\n6,A,2026-01-01,6\n",
		      INVOICE("2", "1", "1.00")
		      "3:3 InvoiceDate '2026-02-31' is no day of the calendar (invoice 2)\n"
		      "5:3 InvoiceDate '31.02.2026' is no day: write it like 2026-01-31, or say in a profile how dates are written, as in 'date = DD.MM.YY' (invoice 3)\n"
		      INVOICE("6", "4", "4.00")
		      "7:4 ItemAmount 'x' is no number (invoice 5)\n"
		      INVOICE("8", "6", "6.00"));
	/* What only the whole document shows is told where it stands. */
	assert_import(any, HEAD "1,A,2026-01-01,1\n1,A,2026-01-01,1.005\n1,B,2026-01-01,1\n2,,2026-01-01,2\n3,A,2026-01-01,-3\n",
		      "4:2 Customer 'B' line 2 of the file says 'A' for the same invoice (invoice 1)\n"
		      "5:2 Customer '' 'customer' is missing (invoice 2)\n"
		      "6:0  '' the total is -3.00, and no ledger takes one below zero: make it a credit memo (invoice 3)\n");
	assert_import(any, "InvoiceNo,Customer,InvoiceDate,ItemQuantity,ItemRate,ItemAmount\n1,A,2026-01-01,3,3.33,9.99\n1,A,,3,3.33,10\n1,A,,3,,\n",
		      "3:6 ItemAmount '10' the amount is 10.00, but quantity 3 times unit_price 3.33 is 9.99 (invoice 1)\n"
		      "4:0 lines[3] '' a line needs its amount, or both quantity and unit_price (invoice 1)\n");
	assert_import(any, "JournalNo,JournalDate,Account,Debits,Credits\n1,2026-01-01,1,5,\n1,2026-01-01,2,,4.99\n2,2026-01-01,1,5,\n2,2026-01-01,2,,5\n",
		      "2:0 lines '' debits are 5.00 and credits are 4.99: they differ by 0.01 (journal_entry 1)\n"
		      "4 journal_entry 2 upsert {\"number\":\"2\",\"date\":\"2026-01-01\",\"lines\":[{\"account\":\"1\",\"debit\":\"5.00\"},{\"account\":\"2\",\"credit\":\"5.00\"}]}\n");
	assert_import(any, HEAD ",A,2026-01-01,1\n1,A,2026-01-01,1\n,A,2026-01-01,1\n2,A,2026-01-01,1\n",
		      "2:1 InvoiceNo '' is missing: each row repeats it, since it tells which invoice the row belongs to\n"
		      "4:1 InvoiceNo '' is missing: each row repeats it, since it tells which invoice the row belongs to (invoice 1)\n"
		      INVOICE("5", "2", "1.00"));
	assert_import((struct tested_import){ .type = "vendor" }, "Name,Email\n,x\nB,\n",
		      "2:1 Name '' is missing: the vendor is known by it\n3 vendor B upsert {\"name\":\"B\"}\n");
	assert_import((struct tested_import){ .type = "vendor" }, "Name,external id,operation\nB,rsrc_1,\nC,,merge\nD,d,Find\n",
		      "2:2 external id 'rsrc_1' cannot start with rsrc_ (vendor rsrc_1)\n"
		      "3:3 operation 'merge' is none of: create, find, update, upsert (vendor C)\n"
		      "4 vendor d find {\"name\":\"D\"}\n");
}

static void test_duplicates(void **state)
{
	(void)state;
	assert_import(any, HEAD "1,A,2026-01-01,1\n2,A,2026-01-01,2\n1,A,2026-01-01,3\n1,A,2026-01-01,4\n2,A,2026-01-01,x\n",
		      INVOICE("2", "1", "1.00") INVOICE("3", "2", "2.00")
		      "4:1 InvoiceNo '1' this invoice came on line 2 already: a file has each once, its rows one behind the other (invoice 1)\n"
		      "6:4 ItemAmount 'x' is no number (invoice 2)\n"
		      "6:1 InvoiceNo '2' this invoice came on line 3 already: a file has each once, its rows one behind the other (invoice 2)\n");
	assert_import((struct tested_import){ .type = "customer" }, "Name\nA\nA\n",
		      "2 customer A upsert {\"name\":\"A\"}\n"
		      "3:1 Name 'A' this customer came on line 2 already: a file has each once (customer A)\n");
}

/* Read again, all of them are known from the start: the first may be a part of what follows. */
static void test_duplicates_again(void **state)
{
	static const char text[] = HEAD "1,A,2026-01-01,1\n2,A,2026-01-01,2\n1,A,2026-01-01,3\n3,A,2026-01-01,1\n";
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);
	const struct import_sink sink = { .document = import_write_document, .refusal = import_write_refusal, .ctx = &out };
	const struct import_options options = { 0 };
	AUTO(import_freep) struct import *import = import_new(&options, &sink);

	(void)state;
	assert_true(import_feed(import, text, strlen(text), NULL) && import_end(import, NULL));
	assert_int_equal(import_counts(import).documents, 3);
	str_reset(&out);
	import_again(import);
	assert_true(import_feed(import, text, strlen(text), NULL) && import_end(import, NULL));
	assert_string_equal(out.text,
			    "2:1 InvoiceNo '1' this invoice comes once more further down: a file has each once, its rows one behind the other (invoice 1)\n"
			    INVOICE("3", "2", "2.00")
			    "4:1 InvoiceNo '1' this invoice came on line 2 already: a file has each once, its rows one behind the other (invoice 1)\n"
			    INVOICE("5", "3", "1.00"));
	assert_int_equal(import_counts(import).documents, 2);
	assert_int_equal(import_counts(import).refused, 2);
}

/* A row that can't be read takes with it the documents that it could be of. */
static void test_broken_rows(void **state)
{
	(void)state;
	/* Its number says whose it is. */
	assert_import(any, HEAD "1,A,2026-01-01,1\n1,\"A\"B,2026-01-01,1\n2,A,2026-01-01,2\n",
		      "3:2 Customer 'A' has text behind a closing quote: a quote inside quotes is written twice (invoice 1)\n" INVOICE("4", "2", "2.00"));
	/* Nothing says so: the one before and the one behind. */
	assert_import(any, "Customer,InvoiceNo,InvoiceDate,ItemAmount\nA,1,2026-01-01,1\n\"A\"B,2,2026-01-01,1\nA,2,2026-01-01,2\nA,3,2026-01-01,3\n",
		      "3:1 Customer 'A' has text behind a closing quote: a quote inside quotes is written twice (invoice 1)\n"
		      "3:0  '' this row can't be read, and could be the first one of what follows (invoice 2)\n"
		      "5 invoice 3 upsert {\"number\":\"3\",\"customer\":\"A\",\"date\":\"2026-01-01\",\"lines\":[{\"amount\":\"3.00\"}]}\n");
	/* Between two rows of one document it is of that one. */
	assert_import(any, "Customer,InvoiceNo,InvoiceDate,ItemAmount\nA,1,2026-01-01,1\nA,B,1,2026-01-01,1\nA,1,2026-01-01,2\nA,3,2026-01-01,3\n",
		      "3:5  '1' is in a row with more cells than the header has columns: text with a separator in it needs quotes (invoice 1)\n"
		      "5 invoice 3 upsert {\"number\":\"3\",\"customer\":\"A\",\"date\":\"2026-01-01\",\"lines\":[{\"amount\":\"3.00\"}]}\n");
	assert_import(any, HEAD "1,A,2026-01-01,1\n2,\"A,2026-01-01,1\n3,A,2026-01-01,2\n", INVOICE("2", "1", "1.00")
		      "3:2 Customer 'A,2026-01-01,1 3,A,2026-01-01,2 ' opens a quote that is never closed: all that follows was taken for one cell (invoice 2)\n");
	/* Cells that are missing at the end are empty. */
	assert_import(any, "InvoiceNo,Customer,InvoiceDate,ItemAmount,Memo\n1,A,2026-01-01,1\n", INVOICE("2", "1", "1.00"));
}

static void test_dates(void **state)
{
	(void)state;
	assert_import(any, HEAD "1,A,01/02/2026,1\n",
		      "2:3 InvoiceDate '01/02/2026' can be read with the day first or the month first: say in a profile which, 'date = DD/MM/YYYY' or "
		      "'date = MM/DD/YYYY' (invoice 1)\n");
	/* Another date of the file, even behind it, shows the order. */
	assert_import(any, HEAD "1,A,01/01/2026,1\n2,A,1.1.2026,1\n3,A,01/31/2026,1\n4,A,31/01/2026,1\n",
		      "2:3 InvoiceDate '01/01/2026' has day and month in an order that is not clear: line 5 has the day first, line 4 the month (invoice 1)\n"
		      "3:3 InvoiceDate '1.1.2026' has day and month in an order that is not clear: line 5 has the day first, line 4 the month (invoice 2)\n"
		      "4:3 InvoiceDate '01/31/2026' has day and month in an order that is not clear: line 5 has the day first, line 4 the month (invoice 3)\n"
		      "5:3 InvoiceDate '31/01/2026' has day and month in an order that is not clear: line 5 has the day first, line 4 the month (invoice 4)\n");
	assert_import(any, "InvoiceNo,Customer,InvoiceDate,DueDate,ItemAmount\n1,A,01/02/2026,01/31/2026,1\n",
		      "2 invoice 1 upsert {\"number\":\"1\",\"customer\":\"A\",\"date\":\"2026-01-02\",\"due_date\":\"2026-01-31\",\"lines\":[{\"amount\":\"1.00\"}]}\n");
	assert_import(any, HEAD "1,A,01.01.2026,1\n2,A,31.12.2025,1\n3,A,02-2026,1\n", INVOICE("2", "1", "1.00")
		      "3 invoice 2 upsert {\"number\":\"2\",\"customer\":\"A\",\"date\":\"2025-12-31\",\"lines\":[{\"amount\":\"1.00\"}]}\n"
		      "4:3 InvoiceDate '02-2026' is no day: write it like 2026-01-31, or say in a profile how dates are written, as in 'date = DD.MM.YY' (invoice 3)\n");
	assert_import((struct tested_import){ .profile = "date = MM/DD/YYYY" }, HEAD "1,A,01/01/2026,1\n2,A,31/01/2026,1\n3,A,2026-01-01,1\n",
		      INVOICE("2", "1", "1.00") "3:3 InvoiceDate '31/01/2026' is no day in the form that the profile says (invoice 2)\n"
		      INVOICE("4", "3", "1.00"));
	assert_import((struct tested_import){ .profile = "date = D.M.YY" }, HEAD "1,A,1.1.26,1\n2,A,29.2.26,1\n", INVOICE("2", "1", "1.00")
		      "3:3 InvoiceDate '29.2.26' is no day in the form that the profile says (invoice 2)\n");
	assert_import((struct tested_import){ .profile = "date = YYYYMMDD" }, HEAD "1,A,20260101,1\n", INVOICE("2", "1", "1.00"));
}

static void assert_amount(const char *profile, const char *cell, const char *expected)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT), result = STR_INIT(STR_NO_LIMIT);

	str_addf(&text, "InvoiceNo\tCustomer\tInvoiceDate\tItemAmount\n1\tA\t2026-01-01\t%s\n", cell);
	if (*expected >= '0' && *expected <= '9')
		str_addf(&result, "2 invoice 1 upsert {\"number\":\"1\",\"customer\":\"A\",\"date\":\"2026-01-01\",\"lines\":[{\"amount\":\"%s\"}]}\n", expected);
	else if (*expected == '-')
		str_addf(&result, "2:0  '' the total is %s, and no ledger takes one below zero: make it a credit memo (invoice 1)\n", expected);
	else
		str_addf(&result, "2:4 ItemAmount '%s' %s (invoice 1)\n", cell, expected);
	assert_import((struct tested_import){ .profile = profile }, text.text, result.text);
}

static void test_numbers(void **state)
{
	(void)state;
	assert_amount(NULL, "1234.5", "1234.50");
	assert_amount(NULL, "-3", "-3.00");
	assert_amount(NULL, "1,234.50", "has a comma in it: say in a profile what it is, 'decimal = ,' or 'thousands = ,'");
	assert_amount(NULL, "12,50", "has a comma in it: say in a profile what it is, 'decimal = ,' or 'thousands = ,'");
	assert_amount(NULL, "(5.00)", "is in parentheses: write -12.50, or say 'negative = parentheses' in a profile");
	assert_amount(NULL, "$5", "has a currency sign: leave it out, or name it in a profile, as in 'currency_sign = $'");
	assert_amount(NULL, "5-", "has its minus behind it: write -12.50, or say 'negative = trailing' in a profile");
	assert_amount(NULL, "1e3", "is no number");
	assert_amount(NULL, ".5", "is no number");
	assert_amount(NULL, "99999999999999999999", "has more digits than a number may have");
	assert_amount("thousands = ,", "1,234,567.5", "1234567.50");
	assert_amount("thousands = ,", "1,23", "is no number");
	assert_amount("thousands = ,", "1,2345", "is no number");
	assert_amount("thousands = ,", ",123", "is no number");
	assert_amount("thousands = ,", "1234,567", "is no number");
	assert_amount("decimal = ,", "12,5", "12.50");
	assert_amount("decimal = ,", "1.234,5", "has a point in it, and the profile says 'decimal = ,': say 'thousands = .' too if that is what it is");
	assert_amount("decimal = ,\nthousands = .", "1.234,5", "1234.50");
	assert_amount("decimal = ,\nthousands = .", "12.50", "is no number");
	assert_amount("decimal = ,\nthousands = space", "1\xc2\xa0" "234\xe2\x80\xaf" "567,5", "1234567.50");
	assert_amount("thousands = '", "1'234", "1234.00");
	assert_amount("negative = parentheses\ncurrency_sign = $", "($5)", "-5.00");
	assert_amount("negative = parentheses\ncurrency_sign = $", "$(5)", "is no number");
	assert_amount("currency_sign = $", "-$5", "-5.00");
	assert_amount("currency_sign = $", "$-5", "-5.00");
	assert_amount("currency_sign = \xe2\x82\xac", "5 \xe2\x82\xac", "5.00");
	assert_amount("negative = trailing", "5-", "-5.00");
}

static void test_encodings(void **state)
{
	static const char utf16[] = "\xff\xfeN\0a\0m\0e\0";
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);
	const struct tested_import customers = { .type = "customer" };

	(void)state;
	assert_import(customers, "Name,City\nA,K\xf6ln\nB,K\xc3\xb6ln\n",
		      "2:2 City 'K?ln' is not UTF-8: save the file as UTF-8, or say 'encoding = windows-1252' in a profile (customer A)\n"
		      "3 customer B upsert {\"name\":\"B\",\"city\":\"K\xc3\xb6ln\"}\n");
	assert_import((struct tested_import){ .profile = "type = customer\nencoding = windows-1252\nStra\xc3\x9f" "e = street" }, "Name,Stra\xdf" "e,City\n\x80 5,K\xf6ln,\nB,,\x81\n",
		      "2 customer \xe2\x82\xac 5 upsert {\"name\":\"\xe2\x82\xac 5\",\"street\":\"K\xc3\xb6ln\"}\n"
		      "3:3 City '?' has bytes that are no letters of Windows-1252 (customer B)\n");
	import_whole(customers, utf16, sizeof(utf16) - 1, &out);
	assert_string_equal(out.text, "error: the file is UTF-16: save it as CSV in UTF-8\n");
	str_reset(&out);
	import_whole(customers, "Name\nA\0B\n", 9, &out);
	assert_string_equal(out.text, "error: the file is no text: it has bytes of zero\n");
	str_reset(&out);
	assert_import(customers, "PK\x03\x04 x\n", "error: the file is a workbook or an archive: save its table as CSV in UTF-8\n");
}

static void test_too_many_lines(void **state)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT), out = STR_INIT(STR_NO_LIMIT);

	(void)state;
	str_add(&text, HEAD);
	for (int i = 0; i < 100000; i++)
		str_add(&text, "1,A,2026-01-01,0.01\n");
	str_add(&text, "2,A,2026-01-01,2\n");
	import_whole(any, text.text, text.len, &out);
	assert_string_equal(out.text, "10002:0  '1' is beyond the 10000 lines that one invoice may have: split it (invoice 1)\n" INVOICE("100002", "2", "2.00"));
	/* As many as there may be. */
	str_truncate(&text, strlen(HEAD) + 10000 * strlen("1,A,2026-01-01,0.01\n"));
	str_reset(&out);
	import_whole(any, text.text, text.len, &out);
	assert_memory_equal(out.text, "2 invoice 1 upsert {", 20);
	assert_int_equal(out.len, strlen("2 invoice 1 upsert {\"number\":\"1\",\"customer\":\"A\",\"date\":\"2026-01-01\",\"lines\":[]}\n") +
					  10000 * strlen("{\"amount\":\"0.01\"},") - 1);
	/* A hundred reasons are told of one document, the others are counted. */
	str_reset(&text);
	str_add(&text, HEAD);
	for (int i = 0; i < 150; i++)
		str_add(&text, "1,A,2026-01-01,x\n");
	str_reset(&out);
	import_whole(any, text.text, text.len, &out);
	assert_non_null(strstr(out.text, "101:4 ItemAmount 'x' is no number (invoice 1)\n2:0  '' 50 more things are wrong with it (invoice 1)\n"));
}

static void test_large_rows(void **state)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT), out = STR_INIT(STR_NO_LIMIT);

	(void)state;
	str_add(&text, "InvoiceNo,Customer,InvoiceDate,ItemAmount,ItemDescription\n1,A,2026-01-01,1,\n2,A,2026-01-01,1,\"");
	while (text.len <= RESOURCE_BYTES_MAX + 1000)
		str_add(&text, "01234567890123456789012345678901234567890123456789012345678901234567890123456789");
	str_add(&text, "\"\n3,A,2026-01-01,1,\n");
	import_whole(any, text.text, text.len, &out);
	assert_string_equal(out.text, INVOICE("2", "1", "1.00")
			    "3:5 ItemDescription '0123456789012345678901234567890123456789012345678901…' is in a row of more than 16 MiB: most likely a "
			    "quote is not closed (invoice 2)\n" INVOICE("4", "3", "1.00"));
	str_reset(&text);
	str_add(&text, "InvoiceNo");
	for (int i = 0; i < 600; i++)
		str_addf(&text, ",c%d", i);
	str_add(&text, "\n");
	str_reset(&out);
	import_whole(any, text.text, text.len, &out);
	assert_string_equal(out.text, "error: line 1: the row with the columns' names begins a row of more than 512 columns\n");
}

static bool count_document(void *ctx, const struct import_document *document, struct error *err)
{
	(void)err;
	(void)document;
	++*(size_t *)ctx;
	return true;
}

static bool count_refusal(void *ctx, const struct import_refusal *refusal, struct error *err)
{
	(void)ctx;
	(void)refusal;
	(void)err;
	return true;
}

static void test_counts_and_type(void **state)
{
	static const char text[] = HEAD "1,A,2026-01-01,1\n2,A,2026-01-01,x\n2,A,2026-01-01,y\n,,,1\n";
	size_t documents = 0;
	const struct import_sink sink = { .document = count_document, .refusal = count_refusal, .ctx = &documents };
	const struct import_options options = { 0 };
	AUTO(import_freep) struct import *import = import_new(&options, &sink);

	(void)state;
	assert_true(import_feed(import, text, strlen(text), NULL));
	assert_true(import_end(import, NULL));
	assert_int_equal(documents, 1);
	assert_int_equal(import_counts(import).documents, 1);
	assert_int_equal(import_counts(import).refused, 1);
	assert_int_equal(import_counts(import).refusals, 3);
	assert_string_equal(import_type(import)->name, "invoice");
}

/* Beyond the first MiB dates go by what that showed, and documents of many are known again. */
static void test_long_files(void **state)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	size_t documents = 0;
	const struct import_sink sink = { .document = count_document, .refusal = count_refusal, .ctx = &documents };
	const struct import_options options = { 0 };
	AUTO(import_freep) struct import *import = import_new(&options, &sink);

	(void)state;
	str_add(&text, HEAD "0,A,31/01/2026,1\n");
	for (int i = 1; i < 100000; i++)
		str_addf(&text, "%d,A,01/02/2026,1\n", i);
	str_add(&text, "5000,A,01/02/2026,1\nlast,A,01/31/2026,1\n");
	for (size_t at = 0; at < text.len; at += 65536)
		assert_true(import_feed(import, text.text + at, text.len - at < 65536 ? text.len - at : 65536, NULL));
	assert_true(import_end(import, NULL));
	assert_int_equal(documents, 100000);
	assert_int_equal(import_counts(import).refused, 2);
}

int test_import_csv(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quickbooks_invoices), cmocka_unit_test(test_other_types), cmocka_unit_test(test_columns_are_questioned),
		cmocka_unit_test(test_refused_rows),	    cmocka_unit_test(test_duplicates),	cmocka_unit_test(test_duplicates_again), cmocka_unit_test(test_broken_rows),
		cmocka_unit_test(test_dates),		    cmocka_unit_test(test_numbers),	cmocka_unit_test(test_encodings),
		cmocka_unit_test(test_too_many_lines),	    cmocka_unit_test(test_large_rows),	cmocka_unit_test(test_counts_and_type),
		cmocka_unit_test(test_long_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
