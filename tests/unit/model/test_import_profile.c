/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Profiles: what their rows make of a file's columns, and what is said about rows that are wrong. */
#include <string.h>

#include "ledgerdeck/core/memory.h"

#include "test_import.h"
#include "tests.h"

static const char profile[] = "# What the shop writes.\n"
			      "type = invoice\r\n"
			      "date = DD.MM.YYYY\n"
			      "  decimal   = ,  \n"
			      "separator = ;\n"
			      "\n"
			      "Rechnungsnr. = number\n"
			      "Kunde = customer\n"
			      "Datum = date\n"
			      "\"type\" = lines.item\n"
			      "\"Betrag \"\"netto\"\"\" = lines.amount\n"
			      "Farbe = ignore\n"
			      "currency = \"EUR\"\n"
			      "lines.tax_code = \"20\"\n"
			      "operation_method = \"create\"\n"
			      "memo = \"from; the = shop\"\n";

static void test_maps_columns(void **state)
{
	(void)state;
	assert_import((struct tested_import){ .profile = profile },
		      "RECHNUNGSNR;Kunde;Datum;Type;Betrag netto;Farbe;Currency;Item tax code\n1;A;31.01.2026;W;12,50;red;;\n1;A;31.01.2026;;;;;\n"
		      "2;B;01.02.2026;W;1;;usd;5\n",
		      "2 invoice 1 create {\"number\":\"1\",\"customer\":\"A\",\"date\":\"2026-01-31\",\"currency\":\"EUR\",\"memo\":\"from; the = shop\","
		      "\"lines\":[{\"item\":\"W\",\"amount\":\"12.50\",\"tax_code\":\"20\"}]}\n"
		      "4 invoice 2 create {\"number\":\"2\",\"customer\":\"B\",\"date\":\"2026-02-01\",\"currency\":\"USD\",\"memo\":\"from; the = shop\","
		      "\"lines\":[{\"item\":\"W\",\"amount\":\"1.00\",\"tax_code\":\"5\"}]}\n");
	assert_import((struct tested_import){ .profile = "unknown = ignore\nexternal_id = number" }, "external_id,Customer,Date,InvoiceDate,Amount,X,Y\n1,A,,2026-01-01,1,x,y\n",
		      "error: columns 3 and 4 are both 'Date'\n");
	assert_import((struct tested_import){ .profile = "unknown = ignore\ntype = invoice\nthousands = \",\"\ndate = \"31.12.2025\"\ncustomer = \"A\"" }, "Invoice No,Amount,X\n1,1,x\n",
		      "2:0 date '31.12.2025' '31.12.2025' is no date: write year, month and day like 2026-01-31 (invoice 1)\n");
}

static void assert_refused(const char *text, const char *why)
{
	struct import_profile *parsed = NULL;
	struct error err = { 0 };

	if (import_profile_parse(text, "shop.profile", &parsed, &err))
		fail_msg("'%s' is let through", text);
	assert_null(parsed);
	assert_int_equal(err.code, ERROR_INPUT);
	assert_string_equal(err.text, why);
}

static void test_refusals(void **state)
{
	(void)state;
	assert_refused("\n\nCustomer", "shop.profile:3: 'Customer' is no row of a profile: write 'column = field', 'setting = value' or 'field = \"text\"'");
	assert_refused("a =", "shop.profile:1: 'a =' has nothing on one side of the '='");
	assert_refused("a = \"b", "shop.profile:1: 'a = \"b' has something wrong behind the '='");
	assert_refused("a = \"b\" c", "shop.profile:1: 'a = \"b\" c' has something wrong behind the '='");
	assert_refused("type = invoic", "shop.profile:1: 'invoic' is no type: there are customer, vendor, item, invoice, credit_memo, bill, journal_entry, payment");
	assert_refused("date = DD.MM", "shop.profile:1: 'DD.MM' is no form of dates: write one like DD.MM.YYYY, MM/DD/YYYY or YYYYMMDD");
	assert_refused("date = DD.MM/YYYY", "shop.profile:1: 'DD.MM/YYYY' is no form of dates: write one like DD.MM.YYYY, MM/DD/YYYY or YYYYMMDD");
	assert_refused("decimal = ;", "shop.profile:1: ';' is no decimal separator: it is . or ,");
	assert_refused("thousands = x", "shop.profile:1: 'x' is no separator of thousands: it is . or , or ' or space");
	assert_refused("negative = red", "shop.profile:1: 'red' is no form of negative numbers: it is minus, parentheses or trailing");
	assert_refused("encoding = latin9", "shop.profile:1: 'latin9' is no encoding that can be read: it is utf-8 or windows-1252");
	assert_refused("separator = |", "shop.profile:1: '|' is no separator of columns: it is comma, semicolon or tab");
	assert_refused("unknown = perhaps", "shop.profile:1: 'perhaps' is neither refuse nor ignore");
	assert_refused("currency_sign = 123456789", "shop.profile:1: '123456789' is no currency sign: write one like $");
	assert_refused("decimal = ,\nthousands = ,", "shop.profile: thousands and decimal places have the same separator ','");
	assert_refused("thousands = .", "shop.profile: thousands and decimal places have the same separator '.'");
	assert_refused("Kunde = custmer\ntype = invoice", "shop.profile:1: invoices have no field 'custmer', did you mean 'customer'?");
	assert_refused("type = invoice\nKunde = lines.amout", "shop.profile:2: invoices have no field 'lines.amout', did you mean 'amount'?");
	assert_refused("type = invoice\nexternal_id = \"1\"", "shop.profile:2: invoices have no field 'external_id'");
	assert_refused("a\xff = b", "shop.profile: a profile is a text in UTF-8");
}

/* Of a type that only the file shows, rows are looked at then. */
static void test_fields_of_a_type_that_is_found(void **state)
{
	(void)state;
	assert_import((struct tested_import){ .profile = "Kunde = custmer", .type = "invoice" }, "InvoiceNo,Kunde,InvoiceDate,Amount\n",
		      "error: profile:1: invoices have no field 'custmer', did you mean 'customer'?\n");
	assert_import((struct tested_import){ .profile = "Kunde = customer" }, "InvoiceNo,Kunde,InvoiceDate,Amount\n1,A,2026-01-01,1\n",
		      "2 invoice 1 upsert {\"number\":\"1\",\"customer\":\"A\",\"date\":\"2026-01-01\",\"lines\":[{\"amount\":\"1.00\"}]}\n");
}

int test_import_profile(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_maps_columns),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_fields_of_a_type_that_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
