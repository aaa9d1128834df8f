/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of resources on their way into QuickBooks, what a record lacks of them, and what came back. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "provider/quickbooks/push.h"
#include "tests.h"

/* ---- a company at a desk */

static const struct {
	const char *type, *id, *raw;
} records[] = {
	{ "Item", "2", "{\"Id\":\"2\",\"IncomeAccountRef\":{\"value\":\"4\"},\"ExpenseAccountRef\":{\"value\":\"5\"}}" },
	{ "TaxCode", "20", "{\"Id\":\"20\",\"SalesTaxRateList\":{\"TaxRateDetail\":[{\"TaxRateRef\":{\"value\":\"7\"}}]},"
			   "\"PurchaseTaxRateList\":{\"TaxRateDetail\":[{\"TaxRateRef\":{\"value\":\"7\"}}]}}" },
	{ "TaxRate", "7", "{\"Id\":\"7\",\"RateValue\":20}" },
	{ "Account", "9", "{\"Id\":\"9\",\"AccountType\":\"Accounts Receivable\"}" },
	{ "Invoice", "30", "{\"Id\":\"30\",\"CustomerRef\":{\"value\":\"1\"},\"Balance\":7.00}" },
	{ "Invoice", "31", "{\"Id\":\"31\",\"CustomerRef\":{\"value\":\"8\"},\"Balance\":7.00}" },
};

static const struct {
	const char *code, *id;
} codes[] = {
	{ "acme", "1" }, { "W", "2" }, { "EUR", "EUR" }, { "NOK", "NOK" }, { "USD", "USD" }, { "sales", "4" }, { "rent", "5" }, { "ar", "9" }, { "vat", "20" }, { "smith", "6" },
	{ "i1", "30" }, { "i2", "31" }, { "new", "@rsrc_00000000000000000000000001@" },
};

static bool find_record(void *ctx, const char *type, const char *id, struct json_slice *ret_raw)
{
	(void)ctx;
	for (size_t i = 0; i < ARRAY_LEN(records); i++)
		if (strcmp(records[i].type, type) == 0 && strcmp(records[i].id, id) == 0) {
			*ret_raw = (struct json_slice){ .text = records[i].raw, .len = strlen(records[i].raw), .kind = JSON_OBJECT };
			return true;
		}
	return false;
}

static bool find_code(void *ctx, const struct resource_field *field, bool line, const char *code, size_t len, char *ret_id)
{
	(void)field;
	(void)line;
	for (size_t i = 0; i < ARRAY_LEN(codes); i++)
		if (strlen(codes[i].code) == len && memcmp(codes[i].code, code, len) == 0) {
			snprintf(ret_id, RECORD_ID_MAX, "%s", codes[i].id);
			return true;
		}
	translation_obstacle(ctx, REASON_UNMAPPED, "'%.*s' is not mapped", (int)len, code);
	return false;
}

/* One table: 1.0842 dollars a euro from the second day of the year on. */
static bool find_rate(void *ctx, const char *currency, struct date day, struct decimal *ret_rate, struct date *ret_from, char *ret_why)
{
	(void)ctx;
	snprintf(ret_why, 160, "no %s then", currency);
	*ret_from = date_of(2026, 1, 2);
	*ret_rate = decimal_of(10842, 4);
	return strcmp(currency, "EUR") == 0 && day.day >= ret_from->day;
}

static void translate_by(const struct company *company, const struct policies *policies, const char *stands, const char *type,
			 const char *data, struct translation *to)
{
	struct json_slice slice = { .text = data, .len = strlen(data), .kind = JSON_OBJECT };
	const struct resource_type *resource = resource_type_find(type, strlen(type));
	AUTO(str_clear) struct str checked = STR_INIT(STR_NO_LIMIT);
	struct resource_problems problems = { .count = 0 };
	struct desk desk = { .company = company, .policies = policies, .code = find_code, .rate = find_rate,
			     .record = find_record, .ctx = to };

	if (stands)
		desk.stands = (struct json_slice){ .text = stands, .len = strlen(stands), .kind = JSON_OBJECT };
	translation_init(to);
	if (!resource_check(resource, slice, &checked, &problems))
		fail_msg("%s: %s", problems.items[0].path, problems.items[0].text);
	slice = (struct json_slice){ .text = checked.text, .len = checked.len, .kind = JSON_OBJECT };
	quickbooks_push.translate(&desk, resource, slice, resource->family == FAMILY_DOCUMENT ? "rsrc_00000000000000000000000009" : NULL, to);
}

static void translate(const struct company *company, const char *type, const char *data, struct translation *to)
{
	struct policies policies;

	policies_init(&policies);
	translate_by(company, &policies, NULL, type, data, to);
}

static const struct company us = { .home = "USD", .country = "US", .keeps_numbers = true };
static const struct company vat = { .home = "EUR", .country = "DE", .keeps_numbers = true, .tax = COMPANY_TAX_LINE };

static void expect_member(const struct translation *to, const char *path, const char *json)
{
	struct json_slice body = { .text = to->body.text, .len = to->body.len, .kind = JSON_OBJECT };
	struct json_slice value = json_member(body, path);

	if (value.kind == JSON_NONE || value.len != strlen(json) || memcmp(value.text, json, value.len) != 0)
		fail_msg("%s is not %s in %s", path, json, to->body.text);
}

static void expect_in(const struct translation *to, const char *text)
{
	if (!strstr(to->body.text, text))
		fail_msg("%s is not in %s", text, to->body.text);
}

static void expect_good(const struct translation *to)
{
	if (to->obstacle_count > 0)
		fail_msg("%s", to->obstacles[0].text);
}

static void expect_decimal(struct decimal value, const char *text)
{
	char digits[DECIMAL_TEXT_MAX];

	assert_string_equal(decimal_format(value, digits), text);
}

#define CLEAR AUTO(translation_clear)

/* ---- what is written */

static void test_lists(void **state)
{
	CLEAR struct translation customer, item;

	(void)state;
	translate(&us, "customer", "{\"name\":\"Kestrel \\\"Joinery\\\"\",\"email\":\"a@b.cc\",\"street\":\"1 Way\"}", &customer);
	expect_good(&customer);
	expect_member(&customer, "DisplayName", "\"Kestrel \\\"Joinery\\\"\"");
	expect_member(&customer, "PrimaryEmailAddr.Address", "\"a@b.cc\"");
	expect_member(&customer, "BillAddr.Line1", "\"1 Way\"");
	assert_null(strstr(customer.body.text, "rsrc_"));
	translate(&us, "item", "{\"name\":\"Work\",\"kind\":\"service\",\"unit_price\":\"3.50\",\"income_account\":\"sales\"}", &item);
	expect_good(&item);
	expect_member(&item, "Type", "\"Service\"");
	expect_member(&item, "IncomeAccountRef.value", "\"4\"");
}

static void test_invoice(void **state)
{
	CLEAR struct translation to;

	(void)state;
	translate(&us, "invoice", "{\"number\":\"A-1\",\"customer\":\"new\",\"date\":\"2026-01-31\",\"lines\":[{\"item\":\"W\",\"quantity\":3,"
		  "\"unit_price\":\"3.335\"},{\"item\":\"W\",\"amount\":\"0.10\"}]}", &to);
	expect_good(&to);
	expect_member(&to, "DocNumber", "\"A-1\"");
	expect_member(&to, "CustomerRef.value", "\"@rsrc_00000000000000000000000001@\"");
	expect_in(&to, "\"Amount\":10.01");
	expect_in(&to, "\"DetailType\":\"SalesItemLineDetail\"");
	expect_in(&to, PUSH_TAG "rsrc_00000000000000000000000009");
	assert_true(to.has_total);
	expect_decimal(to.total, "10.11");
}

#define NUMBERED(number) "{\"number\":\"" number "\",\"customer\":\"acme\",\"date\":\"2026-01-31\",\"lines\":[{\"item\":\"W\",\"amount\":\"5.00\"}]}"
#define BILLED "{\"number\":\"1042\",\"vendor\":\"smith\",\"date\":\"2026-01-31\",\"lines\":[{\"account\":\"rent\",\"amount\":\"5.00\"}]}"
#define TWENTY "12345678901234567890"

/* The number as it is to stand in the ledger; of what stands there already it changes nothing. */
static void test_numbering(void **state)
{
	static const struct {
		const char *numbering, *truncate, *stands, *type, *data;
		const char *number;          /* NULL: none is sent */
		const char *said;            /* of an obstacle, or of a note; NULL: nothing is */
	} rows[] = {
		{ "keep", "block", NULL, "invoice", NUMBERED("1042"), "\"1042\"", NULL },
		{ "ledger", "block", NULL, "invoice", NUMBERED("1042"), NULL, NULL },
		{ "prefix=AC-", "block", NULL, "invoice", NUMBERED("1042"), "\"AC-1042\"", NULL },
		{ "prefix=AC-", "block", NULL, "invoice", NUMBERED("AC-1042"), "\"AC-1042\"", NULL },
		{ "prefix=A", "block", NULL, "invoice", NUMBERED(TWENTY), "\"A" TWENTY "\"", NULL },
		{ "prefix=AC-", "block", NULL, "invoice", NUMBERED(TWENTY), NULL, "number is longer than the 21 characters that QuickBooks takes" },
		{ "prefix=AC-", "shorten", NULL, "invoice", NUMBERED(TWENTY), "\"AC-123456789012345678\"", "number is cut to 21 characters" },
		{ "prefix=AC-", "block", "{\"Id\":\"7\",\"DocNumber\":\"1042\"}", "invoice", NUMBERED("1042"), "\"1042\"", NULL },
		{ "prefix=AC-", "block", "{\"Id\":\"7\",\"DocNumber\":\"1042\"}", "invoice", NUMBERED("1043"), "\"AC-1043\"", NULL },
		{ "prefix=AC-", "block", "{\"Id\":\"7\"}", "invoice", NUMBERED("1042"), "\"AC-1042\"", NULL },
		{ "prefix=AC-", "block", NULL, "bill", BILLED, "\"1042\"", NULL },
		{ "ledger", "block", NULL, "bill", BILLED, "\"1042\"", NULL },
	};
	struct policies policies;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		CLEAR struct translation to;

		policies_init(&policies);
		snprintf(policies.values[POLICY_NUMBERING], POLICY_VALUE_MAX, "%s", rows[i].numbering);
		snprintf(policies.values[POLICY_TRUNCATE], POLICY_VALUE_MAX, "%s", rows[i].truncate);
		translate_by(&us, &policies, rows[i].stands, rows[i].type, rows[i].data, &to);
		if (rows[i].number)
			expect_member(&to, "DocNumber", rows[i].number);
		else
			assert_null(strstr(to.body.text, "DocNumber"));
		if (!rows[i].said) {
			expect_good(&to);
			assert_string_equal(to.notes.text, "");
		} else if (to.obstacle_count > 0) {
			assert_int_equal(to.obstacles[0].reason, REASON_LIMIT);
			assert_string_equal(to.obstacles[0].text, rows[i].said);
		} else {
			assert_non_null(strstr(to.notes.text, rows[i].said));
		}
	}
}

#define FOREIGN(currency, day, more) "{\"customer\":\"acme\",\"currency\":\"" currency "\",\"date\":\"" day "\"" more \
				     ",\"lines\":[{\"item\":\"W\",\"amount\":\"5.00\"}]}"

/* Where a rate comes from: the document, the ledger, or the account's table, of the day on which it is dated there. */
static void test_rate_sources(void **state)
{
	static const struct {
		const char *rate, *data;
		const char *sent;            /* NULL: none is */
		const char *said;            /* of an obstacle, or of a note; NULL: nothing is */
	} rows[] = {
		{ "document", FOREIGN("EUR", "2026-01-31", ""), NULL, "there is no exchange rate from EUR to USD, and QuickBooks might take 1" },
		{ "document", FOREIGN("EUR", "2026-01-31", ",\"exchange_rate\":\"1.10000000001\""), "1.10000000001", NULL },
		{ "ledger", FOREIGN("EUR", "2026-01-31", ""), NULL, NULL },
		{ "table", FOREIGN("EUR", "2026-01-31", ""), "1.0842", "rate 1.0842 by the table of 2026-01-02\n" },
		{ "table", FOREIGN("EUR", "2026-01-31", ",\"exchange_rate\":\"1.1\""), "1.1", NULL },
		{ "table", FOREIGN("EUR", "2026-01-01", ""), NULL, "no EUR then" },
		{ "table", FOREIGN("NOK", "2026-01-31", ""), NULL, "no NOK then" },
		{ "table", FOREIGN("USD", "2026-01-31", ""), NULL, NULL },
	};
	struct company several = us;
	struct policies policies;

	(void)state;
	several.currencies = true;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		CLEAR struct translation to;
		const char *said = "";

		policies_init(&policies);
		snprintf(policies.values[POLICY_RATE], POLICY_VALUE_MAX, "%s", rows[i].rate);
		translate_by(&several, &policies, NULL, "invoice", rows[i].data, &to);
		if (rows[i].sent)
			expect_member(&to, "ExchangeRate", rows[i].sent);
		else
			assert_null(strstr(to.body.text, "ExchangeRate"));
		if (to.obstacle_count > 0) {
			assert_int_equal(to.obstacles[0].reason, REASON_RATE);
			said = to.obstacles[0].text;
		} else {
			said = to.notes.text;
		}
		assert_string_equal(said, rows[i].said ? rows[i].said : "");
	}
}

static void test_payment(void **state)
{
	CLEAR struct translation good, other, much;

	(void)state;
	translate(&us, "payment", "{\"customer\":\"acme\",\"date\":\"2026-01-31\",\"amount\":\"7.00\",\"lines\":[{\"invoice\":\"i1\","
		  "\"amount\":\"7.00\"}]}", &good);
	expect_good(&good);
	expect_member(&good, "TotalAmt", "7.00");
	expect_in(&good, "\"LinkedTxn\":[{\"TxnId\":\"30\",\"TxnType\":\"Invoice\"}]");
	translate(&us, "payment", "{\"customer\":\"acme\",\"date\":\"2026-01-31\",\"amount\":\"7.00\",\"lines\":[{\"invoice\":\"i2\","
		  "\"amount\":\"7.00\"}]}", &other);
	assert_int_equal(other.obstacle_count, 1);
	assert_int_equal(other.obstacles[0].reason, REASON_LINKS);
	translate(&us, "payment", "{\"customer\":\"acme\",\"date\":\"2026-01-31\",\"amount\":\"8.00\",\"lines\":[{\"invoice\":\"i1\","
		  "\"amount\":\"7.01\"}]}", &much);
	assert_int_equal(much.obstacle_count, 1);
}

static void test_bill_and_journal(void **state)
{
	CLEAR struct translation bill, journal, lonely;

	(void)state;
	translate(&us, "bill", "{\"vendor\":\"smith\",\"date\":\"2026-01-31\",\"lines\":[{\"account\":\"rent\",\"amount\":\"5.00\"}]}", &bill);
	expect_good(&bill);
	expect_member(&bill, "VendorRef.value", "\"6\"");
	expect_in(&bill, "\"AccountBasedExpenseLineDetail\":{\"AccountRef\":{\"value\":\"5\"}");
	translate(&us, "journal_entry", "{\"date\":\"2026-01-31\",\"lines\":[{\"account\":\"rent\",\"debit\":\"5.00\"},{\"account\":\"sales\","
		  "\"credit\":\"5.00\"}]}", &journal);
	expect_good(&journal);
	expect_in(&journal, "\"PostingType\":\"Debit\"");
	expect_in(&journal, "\"PostingType\":\"Credit\"");
	translate(&us, "journal_entry", "{\"date\":\"2026-01-31\",\"lines\":[{\"account\":\"ar\",\"debit\":\"5.00\"},{\"account\":\"sales\","
		  "\"credit\":\"5.00\"}]}", &lonely);
	assert_int_equal(lonely.obstacle_count, 1);
	assert_non_null(strstr(lonely.obstacles[0].text, "names no customer"));
}

#define TAXED "{\"customer\":\"acme\",\"date\":\"2026-01-31\",\"lines\":[{\"item\":\"W\",\"amount\":\"0.12\",\"tax_code\":\"vat\"}," \
	      "{\"item\":\"W\",\"amount\":\"0.12\",\"tax_code\":\"vat\"},{\"item\":\"W\",\"amount\":\"0.12\",\"tax_code\":\"vat\"}]"

/* Three times 0.12: 0.07 of all of it, 0.06 line by line. */
static void test_tax(void **state)
{
	CLEAR struct translation whole, by_line, wrong, inclusive, automated;
	struct company sales_tax = us;

	(void)state;
	translate(&vat, "invoice", TAXED ",\"tax_total\":\"0.07\"}", &whole);
	expect_good(&whole);
	expect_decimal(whole.tax, "0.07");
	expect_decimal(whole.total, "0.43");
	translate(&vat, "invoice", TAXED ",\"tax_total\":\"0.06\"}", &by_line);
	expect_good(&by_line);
	assert_non_null(strstr(by_line.notes.text, "0.06"));
	translate(&vat, "invoice", TAXED ",\"tax_total\":\"0.20\"}", &wrong);
	assert_int_equal(wrong.obstacle_count, 1);
	assert_int_equal(wrong.obstacles[0].reason, REASON_TAX);
	translate(&vat, "invoice", TAXED ",\"tax_mode\":\"inclusive\"}", &inclusive);
	expect_good(&inclusive);
	expect_decimal(inclusive.total, "0.36");
	expect_decimal(inclusive.tax, "0.06");
	sales_tax.tax = COMPANY_TAX_AUTOMATED;
	translate(&sales_tax, "invoice", "{\"customer\":\"acme\",\"date\":\"2026-01-31\",\"lines\":[{\"item\":\"W\",\"amount\":\"1.00\","
		  "\"taxable\":true}]}", &automated);
	expect_good(&automated);
	assert_false(automated.has_tax);
	expect_in(&automated, "\"TaxCodeRef\":{\"value\":\"TAX\"}");
}

static void translate_own_tax(const struct company *company, const char *data, struct translation *to)
{
	struct json_slice slice = { .text = data, .len = strlen(data), .kind = JSON_OBJECT };
	struct policies policies;
	struct desk desk = { .company = company, .policies = &policies, .code = find_code, .record = find_record, .ctx = to, .own_tax = true };

	policies_init(&policies);
	translation_init(to);
	quickbooks_push.translate(&desk, resource_type_find("invoice", 7), slice, NULL, to);
}

/* A person wants ours: each rate is told its part, the total follows; where the ledger takes none that is said. */
static void test_own_tax(void **state)
{
	static const char untaxed[] = "{\"customer\":\"acme\",\"date\":\"2026-01-31\",\"tax_total\":\"0.01\",\"lines\":[{\"item\":\"W\","
				      "\"amount\":\"5.00\"}]}";
	CLEAR struct translation by_line, wrong, inclusive, same, us_one;

	(void)state;
	translate_own_tax(&vat, TAXED ",\"tax_total\":\"0.06\",\"total\":\"0.42\"}", &by_line);
	expect_good(&by_line);
	expect_decimal(by_line.tax, "0.06");
	expect_decimal(by_line.total, "0.42");
	expect_member(&by_line, "TxnTaxDetail.TotalTax", "0.06");
	expect_member(&by_line, "TxnTaxDetail.TaxLine", "[{\"DetailType\":\"TaxLineDetail\",\"Amount\":0.06,\"TaxLineDetail\":{\"TaxRateRef\":"
		      "{\"value\":\"7\"}}}]");
	assert_non_null(strstr(by_line.notes.text, "tax: yours is kept, 0.06, where QuickBooks would compute 0.07"));
	translate_own_tax(&vat, TAXED ",\"tax_total\":\"0.20\"}", &wrong);
	expect_good(&wrong);
	expect_decimal(wrong.total, "0.56");
	translate_own_tax(&vat, TAXED ",\"tax_total\":\"0.07\"}", &same);
	assert_null(strstr(same.body.text, "TxnTaxDetail"));
	translate_own_tax(&vat, TAXED ",\"tax_mode\":\"inclusive\",\"tax_total\":\"0.05\"}", &inclusive);
	assert_int_equal(inclusive.obstacle_count, 1);
	assert_string_equal(inclusive.obstacles[0].text, "your tax is 0.05, QuickBooks will compute 0.06, and takes none of yours here");
	translate_own_tax(&us, untaxed, &us_one);
	assert_int_equal(us_one.obstacle_count, 1);
	assert_null(strstr(us_one.body.text, "TxnTaxDetail"));
}

/* By rates: as each line is rounded, or what is off goes to the rate with the most. */
static void test_share(void **state)
{
	static const struct {
		int64_t tax, parts[2];       /* hundredths */
	} rows[] = { { 26, { 6, 20 } }, { 27, { 7, 20 } }, { 28, { 7, 21 } }, { 0, { 7, -7 } } };
	struct taxing taxing = { .count = 2, .rates = {
		{ .id = "7", .percent = { 19, 0 }, .net = { 36, 2 }, .by_line = { 6, 2 } },
		{ .id = "8", .percent = { 10, 0 }, .net = { 200, 2 }, .by_line = { 20, 2 } } } };
	struct decimal parts[TAXING_RATES];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		taxing_share(&taxing, decimal_of(rows[i].tax, 2), parts);
		for (size_t k = 0; k < 2; k++)
			if (decimal_compare(parts[k], decimal_of(rows[i].parts[k], 2)) != 0)
				fail_msg("row %zu, rate %zu: %lld", i, k, (long long)parts[k].digits);
	}
}

/* ---- what a record has otherwise */

static struct json_slice object(const char *text)
{
	return (struct json_slice){ .text = text, .len = strlen(text), .kind = JSON_OBJECT };
}

#define OURS "{\"DocNumber\":\"A-1\",\"Line\":[{\"DetailType\":\"SalesItemLineDetail\",\"Amount\":5.00,\"SalesItemLineDetail\":" \
	     "{\"ItemRef\":{\"value\":\"2\"}}}]}"
#define LINE(amount, more) "{\"Id\":\"1\",\"LineNum\":1,\"Description\":\"theirs\",\"Amount\":" amount ",\"DetailType\":\"SalesItemLineDetail\"," \
	     "\"SalesItemLineDetail\":{\"ItemRef\":{\"value\":\"2\",\"name\":\"Work\"},\"ClassRef\":{\"value\":\"3\"},\"UnitPrice\":9}}" more
#define THEIRS(line) "{\"Id\":\"30\",\"SyncToken\":\"4\",\"DocNumber\":\"A-1\",\"Line\":[" line \
	     ",{\"Amount\":9,\"DetailType\":\"SubTotalLineDetail\",\"SubTotalLineDetail\":{}}]}"

static void test_compare(void **state)
{
	AUTO(push_changes_clear) struct push_changes changes = { 0 };

	(void)state;
	quickbooks_compare("Invoice", object(OURS), object(THEIRS(LINE("5.0", ""))), &changes);
	assert_int_equal(changes.count, 0);
	quickbooks_compare("Invoice", object(OURS), object(THEIRS(LINE("9.00", ""))), &changes);
	assert_int_equal(changes.count, 1);
	assert_string_equal(changes.items[0].field, "Line[1].Amount");
	assert_false(changes.foreign_lines);
	quickbooks_compare("Invoice", object(OURS), object(THEIRS(LINE("5", ",{\"Amount\":1,\"DetailType\":\"DiscountLineDetail\"}"))), &changes);
	assert_true(changes.foreign_lines);
}

static void test_update(void **state)
{
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);

	(void)state;
	/* What people have set on the line stays; its old price does not. */
	quickbooks_update("Invoice", object(OURS), object(THEIRS(LINE("9.00", ""))), &out);
	assert_string_equal(out.text, "{\"sparse\":true,\"Id\":\"30\",\"SyncToken\":\"4\",\"Line\":[{\"DetailType\":\"SalesItemLineDetail\","
			    "\"Amount\":5.00,\"SalesItemLineDetail\":{\"ItemRef\":{\"value\":\"2\"},\"ClassRef\":{\"value\":\"3\"}},"
			    "\"Id\":\"1\",\"Description\":\"theirs\"}]}");
}

#define TAX_BODY(amount) "{\"Line\":[{\"DetailType\":\"SalesItemLineDetail\",\"Amount\":" amount "}],\"TxnTaxDetail\":{\"TotalTax\":0.06,\"TaxLine\":[{" \
			 "\"DetailType\":\"TaxLineDetail\",\"Amount\":0.06,\"TaxLineDetail\":{\"TaxRateRef\":{\"value\":\"7\"}}}]}}"
#define TAX_THERE "{\"Id\":\"1\",\"SyncToken\":\"0\",\"Line\":[{\"Id\":\"1\",\"DetailType\":\"SalesItemLineDetail\",\"Amount\":5}],\"TxnTaxDetail\":{" \
		  "\"TotalTax\":0.06,\"TaxLine\":[{\"Amount\":0.06,\"DetailType\":\"TaxLineDetail\",\"TaxLineDetail\":{\"TaxRateRef\":{\"value\":\"7\"}," \
		  "\"TaxPercent\":20}}]}}"

/* Our tax is no line of others, and goes along with new lines, or the ledger would compute one. */
static void test_tax_lines(void **state)
{
	AUTO(push_changes_clear) struct push_changes changes = { 0 };
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);

	(void)state;
	quickbooks_compare("Invoice", object(TAX_BODY("5.00")), object(TAX_THERE), &changes);
	assert_int_equal(changes.count, 0);
	assert_false(changes.foreign_lines);
	quickbooks_update("Invoice", object(TAX_BODY("6.00")), object(TAX_THERE), &out);
	assert_non_null(strstr(out.text, "\"TxnTaxDetail\":{\"TotalTax\":0.06"));
}

#define OUR_LINE(item, amount) "{\"DetailType\":\"SalesItemLineDetail\",\"Amount\":" amount ",\"SalesItemLineDetail\":{\"ItemRef\":{\"value\":\"" \
			       item "\"}}}"
#define THEIR_LINE(id, item, amount) "{\"Id\":\"" id "\",\"Description\":\"of " id "\",\"Amount\":" amount ",\"DetailType\":" \
				     "\"SalesItemLineDetail\",\"SalesItemLineDetail\":{\"ItemRef\":{\"value\":\"" item "\"}}}"
#define LINES(lines) "{\"Id\":\"30\",\"SyncToken\":\"4\",\"Line\":[" lines "]}"

/* What people have set on a line goes with that line, wherever it comes to stand. */
static void test_lines(void **state)
{
	static const char have[] = LINES(THEIR_LINE("1", "2", "5.00") "," THEIR_LINE("2", "2", "6.00") "," THEIR_LINE("3", "4", "6.00"));
	static const struct {
		const char *want;
		const char *ids;             /* of the lines that are sent; "-": a new one */
		const char *changes;
	} rows[] = {
		{ LINES(OUR_LINE("2", "5") "," OUR_LINE("2", "6") "," OUR_LINE("4", "6")), "", "" },
		{ LINES(OUR_LINE("2", "9") "," OUR_LINE("2", "5") "," OUR_LINE("2", "6") "," OUR_LINE("4", "6")), "-123", "Line[1] " },
		{ LINES(OUR_LINE("2", "5") "," OUR_LINE("4", "6")), "13", "Line[3] " },
		{ LINES(OUR_LINE("2", "5") "," OUR_LINE("2", "7") "," OUR_LINE("4", "6")), "123", "Line[2].Amount " },
		{ LINES(OUR_LINE("7", "1") "," OUR_LINE("2", "5") "," OUR_LINE("2", "7") "," OUR_LINE("4", "6")), "-123",
		  "Line[1] Line[3].Amount " },
		{ LINES(OUR_LINE("2", "5") "," OUR_LINE("7", "1") "," OUR_LINE("4", "6")), "123",
		  "Line[2].Amount Line[2].SalesItemLineDetail.ItemRef.value " },
		{ LINES(OUR_LINE("4", "6") "," OUR_LINE("2", "5") "," OUR_LINE("2", "6")), "312", "Line[2] Line[3] " },
		{ LINES("{\"Id\":\"2\",\"Amount\":5},{\"Id\":\"1\",\"Amount\":6},{\"Id\":\"3\",\"Amount\":6}"), "213",
		  "Line[1].Amount Line[2] Line[2].Amount " },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		AUTO(push_changes_clear) struct push_changes changes = { 0 };
		AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT), said = STR_INIT(STR_NO_LIMIT), ids = STR_INIT(STR_NO_LIMIT);
		struct json_slice lines, line, id;
		size_t at = 0;

		quickbooks_compare("Invoice", object(rows[i].want), object(have), &changes);
		for (size_t k = 0; k < changes.count; k++)
			str_addf(&said, "%s ", changes.items[k].field);
		if (strcmp(said.text, rows[i].changes) != 0)
			fail_msg("row %zu: %s", i, said.text);
		quickbooks_update("Invoice", object(rows[i].want), object(have), &out);
		lines = json_member(object(out.text), "Line");
		while (lines.kind == JSON_ARRAY && json_each(lines, &at, NULL, &line)) {
			id = json_member(line, "Id");
			str_add_char(&ids, id.kind == JSON_STRING ? id.text[1] : '-');
			if (id.kind == JSON_STRING && json_member(line, "Description").text[4] != id.text[1])
				fail_msg("row %zu: %s", i, out.text);
		}
		if (strcmp(ids.text, rows[i].ids) != 0)
			fail_msg("row %zu: %s", i, out.text);
	}
}

static void test_landed(void **state)
{
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);

	(void)state;
	quickbooks_landed("Invoice", object(OURS), object(THEIRS(LINE("5.00", ""))), &out);
	assert_string_equal(out.text, "");
	quickbooks_landed("Invoice", object(OURS), object(THEIRS(LINE("9.00", ""))), &out);
	assert_string_equal(out.text, "Line[1].Amount: asked 5.00, is 9.00\n");
	str_reset(&out);
	quickbooks_landed("Payment", object("{\"TotalAmt\":7.00,\"Line\":[{\"Amount\":7.00}]}"),
			  object("{\"TotalAmt\":7,\"UnappliedAmt\":7,\"Line\":[{\"Amount\":7}]}"), &out);
	assert_non_null(strstr(out.text, "unapplied: asked 0.00, is 7"));
}

static void test_likeness(void **state)
{
	struct likeness likeness;

	(void)state;
	quickbooks_likeness("Invoice", object("{\"DocNumber\":\"A-1\",\"CustomerRef\":{\"value\":\"1\"},\"TxnDate\":\"2026-01-31\",\"TotalAmt\":7.5,"
			    "\"PrivateNote\":\"Voided - a memo " PUSH_TAG "rsrc_00000000000000000000000009\"}"), &likeness);
	assert_string_equal(likeness.number, "A-1");
	assert_string_equal(likeness.party, "1");
	assert_string_equal(likeness.tag, "rsrc_00000000000000000000000009");
	assert_true(likeness.has_date && likeness.has_total);
	quickbooks_likeness("Customer", object("{\"DisplayName\":\"Acme\"}"), &likeness);
	assert_string_equal(likeness.number, "Acme");
	assert_string_equal(likeness.tag, "");
	assert_false(likeness.has_date);
}

static void test_voidable(void **state)
{
	char why[200];

	(void)state;
	assert_true(quickbooks_voidable("Invoice", false, object("{\"LinkedTxn\":[]}"), why));
	assert_false(quickbooks_voidable("Invoice", false, object("{\"LinkedTxn\":[{\"TxnId\":\"5\",\"TxnType\":\"Payment\"}]}"), why));
	assert_non_null(strstr(why, "Payment 5"));
	assert_true(quickbooks_voidable("Invoice", false, object("{\"LinkedTxn\":[{\"TxnId\":\"5\",\"TxnType\":\"Estimate\"}]}"), why));
	assert_false(quickbooks_voidable("Bill", false, object("{}"), why));
	assert_true(quickbooks_voidable("Bill", true, object("{}"), why));
}

/* ---- sending */

static void test_envelope(void **state)
{
	AUTO(str_clear) struct str body = STR_INIT(STR_NO_LIMIT);
	struct push_item items[] = {
		{ .act = PLAN_CREATE, .type = "Customer", .mark = "m1", .body = "{\"DisplayName\":\"A\"}", .body_len = 19 },
		{ .act = PLAN_VOID, .delete = true, .type = "Bill", .mark = "m2", .body = "delete", .body_len = 6, .record_id = "5", .version = "0" },
		{ .act = PLAN_VOID, .type = "Invoice", .mark = "m3", .body = "", .record_id = "6", .version = "2" },
	};
	char path[64];

	(void)state;
	/* What is made void goes alone. */
	assert_int_equal(quickbooks_envelope(items, ARRAY_LEN(items), path, &body), 2);
	assert_string_equal(path, "batch");
	assert_string_equal(body.text, "{\"BatchItemRequest\":[{\"bId\":\"m1\",\"operation\":\"create\",\"Customer\":{\"DisplayName\":\"A\"}},"
			    "{\"bId\":\"m2\",\"operation\":\"delete\",\"Bill\":{\"Id\":\"5\",\"SyncToken\":\"0\"}}]}");
	str_reset(&body);
	assert_int_equal(quickbooks_envelope(items + 2, 1, path, &body), 1);
	assert_string_equal(path, "invoice?operation=void");
}

static void test_refusal(void **state)
{
	static const struct {
		const char *code;
		enum error_code kind;
		bool unknown;
		enum push_refusal refusal;
	} rows[] = {
		{ "5010", ERROR_CONFLICT, false, PUSH_STALE },     { "6140", ERROR_CONFLICT, false, PUSH_TAKEN },
		{ "6240", ERROR_CONFLICT, false, PUSH_TAKEN },     { "600", ERROR_INPUT, false, PUSH_MAYBE_DONE },
		{ "10000", ERROR_REMOTE, true, PUSH_MAYBE_DONE },  { "6190", ERROR_INPUT, false, PUSH_LATER },
		{ "6210", ERROR_INPUT, false, PUSH_REFUSED },      { "2500", ERROR_INPUT, false, PUSH_REFUSED },
		{ "", ERROR_NETWORK, true, PUSH_MAYBE_DONE },      { "", ERROR_LIMIT, false, PUSH_LATER },
		{ "", ERROR_AUTH, false, PUSH_LATER },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct error error = { .code = rows[i].kind, .outcome_unknown = rows[i].unknown };

		snprintf(error.ledger_code, sizeof(error.ledger_code), "%s", rows[i].code);
		if (quickbooks_refusal(&error) != rows[i].refusal)
			fail_msg("%s, row %zu", rows[i].code, i);
	}
}

int test_push(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lists), cmocka_unit_test(test_invoice), cmocka_unit_test(test_numbering), cmocka_unit_test(test_rate_sources),
		cmocka_unit_test(test_payment),
		cmocka_unit_test(test_bill_and_journal), cmocka_unit_test(test_tax), cmocka_unit_test(test_own_tax), cmocka_unit_test(test_share),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_update), cmocka_unit_test(test_tax_lines), cmocka_unit_test(test_lines), cmocka_unit_test(test_landed), cmocka_unit_test(test_likeness),
		cmocka_unit_test(test_voidable), cmocka_unit_test(test_envelope), cmocka_unit_test(test_refusal),
	};

	return cmocka_run_group_tests_name("push", tests, NULL, NULL);
}
