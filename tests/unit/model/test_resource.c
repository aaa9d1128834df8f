/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Resources: what equal data becomes, what is said about data that is wrong, and where. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/resource.h"

#include "tests.h"

static const struct resource_type *type_of(const char *name)
{
	const struct resource_type *type = resource_type_find(name, strlen(name));

	assert_non_null(type);
	return type;
}

static struct json_slice slice_of(const char *text, size_t len)
{
	assert_true(json_check(text, len, NULL));
	return (struct json_slice){ .text = text, .len = len, .kind = *text == '{' ? JSON_OBJECT : JSON_ARRAY };
}

static bool check(const char *type, const char *data, struct str *ret_data, struct resource_problems *problems)
{
	return resource_check(type_of(type), slice_of(data, strlen(data)), ret_data, problems);
}

static void assert_becomes(const char *type, const char *data, const char *expected)
{
	AUTO(str_clear) struct str out = STR_INIT(RESOURCE_BYTES_MAX);
	struct resource_problems problems;

	str_add(&out, "before");
	if (!check(type, data, &out, &problems))
		fail_msg("'%s': %s: %s", data, problems.items[0].path, problems.items[0].text);
	assert_string_equal(out.text + strlen("before"), expected);
	/* What was checked is checked to itself. */
	str_truncate(&out, 0);
	assert_true(check(type, expected, &out, &problems));
	assert_string_equal(out.text, expected);
}

static void assert_refused(const char *type, const char *data, const char *path, const char *text)
{
	AUTO(str_clear) struct str out = STR_INIT(RESOURCE_BYTES_MAX);
	struct resource_problems problems;

	str_add(&out, "before");
	if (check(type, data, &out, &problems))
		fail_msg("'%s' became '%s'", data, out.text);
	assert_string_equal(out.text, "before");
	assert_int_equal(problems.count, 1);
	assert_int_equal(problems.more, 0);
	assert_string_equal(problems.items[0].path, path);
	assert_string_equal(problems.items[0].text, text);
	assert_true(problems.items[0].at < strlen(data));
}

static const char invoice[] = "{\"number\":\"1001\",\"customer\":\"acme\",\"date\":\"2026-01-31\",\"currency\":\"EUR\",\"due_date\":\"2026-02-28\","
			      "\"lines\":[{\"item\":\"W1\",\"description\":\"a\\nb\",\"quantity\":\"3\",\"unit_price\":\"3.333\","
			      "\"amount\":\"10.00\",\"taxable\":true},{\"description\":\"words\"}]}";

static void test_equal_data_becomes_equal(void **state)
{
	(void)state;
	assert_becomes("invoice", invoice, invoice);
	assert_becomes("invoice",
		       "{ \"lines\" : [ {\"taxable\":\" Yes \",\"amount\":10.0,\"rate\":3.3330,\"quantity\":3e0,\"product\":\" W1\","
		       "\"description\":\"a\\r\\nb\", \"class\":\"\"}, {\"description\":\"words\",\"amount\":null} ], \"DUE-DATE\":\"2026-02-28 \","
		       "\"currency\":\"eur\", \"Doc Number\": 1001, \"issued_at\": \"2026-01-31\", \"customer\":\"ac\\u006de\", \"memo\":\"  \" }",
		       invoice);
	/* The amount is worked out, half away from zero. */
	assert_becomes("credit_memo",
		       "{\"customer\":1,\"date\":\"2024-02-29\",\"lines\":[{\"quantity\":1,\"unit_price\":2.675},{\"quantity\":-1,\"unit_price\":\"0.005\"}]}",
		       "{\"customer\":\"1\",\"date\":\"2024-02-29\",\"lines\":[{\"quantity\":\"1\",\"unit_price\":\"2.675\",\"amount\":\"2.68\"},"
		       "{\"quantity\":\"-1\",\"unit_price\":\"0.005\",\"amount\":\"-0.01\"}]}");
	/* Either of quantity and price may be missing. */
	assert_becomes("bill", "{\"vendor\":\"v\",\"date\":\"2026-01-01\",\"lines\":[{\"account\":\"6000\",\"quantity\":7,\"amount\":5},{\"unit_price\":3,\"amount\":1}]}",
		       "{\"vendor\":\"v\",\"date\":\"2026-01-01\",\"lines\":[{\"account\":\"6000\",\"quantity\":\"7\",\"amount\":\"5.00\"},"
		       "{\"unit_price\":\"3\",\"amount\":\"1.00\"}]}");
	assert_becomes("payment", "{\"total_minor\":1999,\"customer\":\"c\",\"date\":\"2026-01-01\",\"lines\":[]}",
		       "{\"customer\":\"c\",\"date\":\"2026-01-01\",\"amount\":\"19.99\"}");
	assert_becomes("journal_entry",
		       "{\"date\":\"2026-01-01\",\"lines\":[{\"account\":\"1\",\"debit\":\"5.00\",\"credit\":\"0.00\"},{\"account\":\"2\",\"debit\":0,\"credit\":5}]}",
		       "{\"date\":\"2026-01-01\",\"lines\":[{\"account\":\"1\",\"debit\":\"5.00\"},{\"account\":\"2\",\"credit\":\"5.00\"}]}");
	assert_becomes("item", "{\"type\":\"Non-Inventory\",\"name\":\"W\",\"price\":\"-0\",\"active\":0}",
		       "{\"name\":\"W\",\"kind\":\"noninventory\",\"unit_price\":\"0\",\"active\":false}");
}

#define HEAD "\"customer\":\"c\",\"date\":\"2026-01-31\""
#define LINE "\"lines\":[{\"amount\":1}]"

static void test_fields(void **state)
{
	(void)state;
	assert_refused("invoice", "{\"custmer\":\"d\"," HEAD "," LINE "}", "custmer", "this invoice has no such field, did you mean 'customer'?");
	assert_refused("invoice", "{" HEAD ",\"lines\":[{\"amout\":1,\"amount\":2}]}", "lines[1].amout",
		       "a line of this invoice has no such field, did you mean 'amount'?");
	assert_refused("invoice", "{\"date\":\"2026-01-31\"," LINE "}", "customer", "'customer' is missing");
	assert_refused("invoice", "{" HEAD ",\"lines\":null}", "lines", "'lines' is missing");
	assert_refused("invoice", "{\"customer\":\" \",\"date\":\"2026-01-31\"," LINE "}", "customer", "'customer' is missing");
	assert_refused("invoice", "{\"customer\":{\"id\":1},\"date\":\"2026-01-31\"," LINE "}", "customer", "'{\"id\":1}' is no text");
	assert_refused("invoice", "{" HEAD ",\"lines\":{\"amount\":1}}", "lines", "'lines' is a list of lines");
	assert_refused("invoice", "{" HEAD ",\"lines\":[3]}", "lines[1]", "a line is an object with fields");
	assert_refused("invoice", "{\"number\":1,\"doc_number\":2," HEAD "," LINE "}", "number", "'number' is given twice");
	assert_refused("invoice", "{\"voided\":\"perhaps\"," HEAD "," LINE "}", "voided", "'perhaps' is neither yes nor no");
	assert_refused("invoice", "{\"tax_mode\":\"Net\"," HEAD "," LINE "}", "tax_mode", "'Net' is none of: excluded inclusive none");
	assert_refused("invoice", "{\"memo\":\"a\\u0000b\"," HEAD "," LINE "}", "memo", "'a b' has control characters in it");
	assert_refused("invoice", "{\"term\":\"a\\nb\"," HEAD "," LINE "}", "term",
		       "'a b' has line breaks or control characters, which no code has");
	assert_refused("customer", "[]", "", "the data of a resource is an object with fields");
	assert_refused("customer", "{}", "name", "'name' is missing");
}

static void test_dates_and_decimals(void **state)
{
	(void)state;
	assert_refused("invoice", "{\"customer\":\"c\",\"date\":\"2026-02-31\"," LINE "}", "date", "'2026-02-31' is no day of the calendar");
	assert_refused("invoice", "{\"customer\":\"c\",\"date\":\"31.02.2026\"," LINE "}", "date",
		       "'31.02.2026' is no date: write year, month and day like 2026-01-31");
	assert_refused("invoice", "{\"customer\":\"c\",\"date\":\"2026-01-31T00:00:00Z\"," LINE "}", "date",
		       "'2026-01-31T00:00:00Z' is no date: write year, month and day like 2026-01-31");
	assert_refused("invoice", "{" HEAD ",\"lines\":[{\"amount\":\"12,50\"}]}", "lines[1].amount",
		       "'12,50' is no number: write a point before the decimal places, and no comma between thousands");
	assert_refused("invoice", "{" HEAD ",\"lines\":[{\"amount\":\"$12\"}]}", "lines[1].amount",
		       "'$12' is no number: write one like 12.50, of at most 18 digits");
	assert_refused("invoice", "{" HEAD ",\"lines\":[{\"amount\":12.505}]}", "lines[1].amount",
		       "'12.505' has more than two decimal places: amounts of money have two");
	assert_refused("invoice", "{" HEAD ",\"lines\":[{\"amount\":true}]}", "lines[1].amount", "'true' is no number: write one like 12.50");
	assert_refused("invoice", "{" HEAD ",\"lines\":[{\"amount\":123456789012345678}]}", "lines[1].amount",
		       "'123456789012345678' is too large an amount");
	assert_refused("payment", "{" HEAD ",\"amount_minor\":19.99}", "amount",
		       "'19.99' is no integer: an amount named '_minor' counts hundredths, 1250 is 12.50");
	assert_refused("payment", "{" HEAD ",\"amount\":1,\"amount_minor\":100}", "amount", "'amount' is given twice");
	assert_refused("invoice", "{\"exchange_rate\":0," HEAD "," LINE "}", "exchange_rate", "an exchange rate is above zero");
}

static void test_sums(void **state)
{
	(void)state;
	assert_refused("invoice", "{" HEAD ",\"lines\":[{\"quantity\":3,\"unit_price\":3.33,\"amount\":10}]}", "lines[1].amount",
		       "the amount is 10.00, but quantity 3 times unit_price 3.33 is 9.99");
	assert_refused("invoice", "{" HEAD ",\"lines\":[{\"item\":\"W\",\"quantity\":3}]}", "lines[1]",
		       "a line needs its amount, or both quantity and unit_price");
	assert_refused("invoice", "{" HEAD ",\"lines\":[{\"amount\":1},{\"amount\":-2}]}", "",
		       "the total is -1.00, and no ledger takes one below zero: make it a credit memo");
	assert_refused("invoice", "{" HEAD ",\"tax_total\":2,\"total\":13,\"lines\":[{\"amount\":10}]}", "total",
		       "the total is 13.00, but the lines and the tax make 12.00");
	assert_refused("invoice", "{" HEAD ",\"tax_mode\":\"inclusive\",\"tax_total\":2,\"total\":12,\"lines\":[{\"amount\":10}]}", "total",
		       "the total is 12.00, but the lines make 10.00");
	assert_refused("invoice", "{" HEAD ",\"tax_mode\":\"none\",\"tax_total\":2,\"lines\":[{\"amount\":10}]}", "tax_total",
		       "there is a tax_total, but tax_mode says none");
	assert_refused("bill", "{\"vendor\":\"v\",\"date\":\"2026-01-31\",\"lines\":[{\"account\":1,\"item\":2,\"amount\":3}]}", "lines[1].item",
		       "a line is for an account or for an item, not for both");
	assert_refused("payment", "{" HEAD ",\"amount\":10,\"lines\":[{\"invoice\":1,\"amount\":8},{\"invoice\":2,\"amount\":3}]}", "amount",
		       "the lines use 11.00, but the payment is 10.00");
	assert_refused("payment", "{" HEAD ",\"amount\":10,\"lines\":[{\"amount\":8}]}", "lines[1]",
		       "a line names the invoice or the credit_memo that it is for");
	assert_refused("payment", "{" HEAD ",\"amount\":-10}", "amount", "a payment is not below zero");
	assert_becomes("payment", "{" HEAD ",\"amount\":0,\"lines\":[{\"invoice\":1,\"amount\":8},{\"credit_memo\":2,\"amount\":8}]}",
		       "{" HEAD ",\"amount\":\"0.00\",\"lines\":[{\"invoice\":\"1\",\"amount\":\"8.00\"},{\"credit_memo\":\"2\",\"amount\":\"8.00\"}]}");
	/* What tax comes to, only the ledger knows here. */
	assert_becomes("invoice", "{" HEAD ",\"total\":13,\"lines\":[{\"amount\":10}]}",
		       "{" HEAD ",\"total\":\"13.00\",\"lines\":[{\"amount\":\"10.00\"}]}");
}

#define JOURNAL "{\"date\":\"2026-01-31\",\"lines\":["

static void test_journals(void **state)
{
	(void)state;
	assert_refused("journal_entry", JOURNAL "{\"account\":1,\"debit\":5},{\"account\":2,\"credit\":4.99}]}", "lines",
		       "debits are 5.00 and credits are 4.99: they differ by 0.01");
	assert_refused("journal_entry", JOURNAL "{\"account\":1,\"debit\":5,\"credit\":5},{\"account\":2,\"credit\":0}]}", "lines[1].credit",
		       "a line has a debit or a credit, not both");
	assert_refused("journal_entry", JOURNAL "{\"account\":1,\"debit\":5},{\"account\":2,\"credit\":5},{\"account\":3}]}", "lines[3]",
		       "a line needs a debit or a credit");
	assert_refused("journal_entry", JOURNAL "{\"account\":1,\"debit\":-5},{\"account\":2,\"credit\":5}]}", "lines[1].debit",
		       "a debit is not below zero: put it on the other side");
	assert_refused("journal_entry", JOURNAL "{\"account\":1,\"debit\":0}]}", "lines", "a journal entry has two lines at least");
	assert_refused("journal_entry", JOURNAL "{\"account\":1,\"debit\":\"x\"},{\"account\":2,\"credit\":5}]}", "lines[1].debit",
		       "'x' is no number: write one like 12.50, of at most 18 digits");
}

static void add_lines(struct str *data, size_t count, const char *line)
{
	str_add(data, "{" HEAD ",\"lines\":[");
	for (size_t i = 0; i < count; i++)
		str_addf(data, "%s%s", i ? "," : "", line);
	str_add(data, "]}");
}

static void test_limits(void **state)
{
	AUTO(str_clear) struct str data = STR_INIT(STR_NO_LIMIT), out = STR_INIT(RESOURCE_BYTES_MAX);
	struct resource_problems problems;
	struct resource_summary summary;

	(void)state;
	add_lines(&data, RESOURCE_LINES_MAX, "{\"amount\":0.01}");
	assert_true(resource_check(type_of("invoice"), slice_of(data.text, data.len), &out, &problems));
	resource_summarize(type_of("invoice"), slice_of(out.text, out.len), &summary);
	assert_int_equal(summary.lines, RESOURCE_LINES_MAX);
	assert_int_equal(decimal_compare(summary.total, decimal_of(100, 0)), 0);

	str_reset(&data);
	add_lines(&data, 100000, "{\"amount\":\"x\"}");
	assert_false(resource_check(type_of("invoice"), slice_of(data.text, data.len), &out, &problems));
	assert_int_equal(problems.count, 1);
	assert_string_equal(problems.items[0].text, "it has 100000 lines, and 10000 at most come in as one invoice: split it");

	str_reset(&data);
	add_lines(&data, RESOURCE_LINES_MAX, "{\"amount\":\"x\"}");
	assert_false(resource_check(type_of("invoice"), slice_of(data.text, data.len), &out, &problems));
	assert_int_equal(problems.count, RESOURCE_PROBLEMS_MAX);
	assert_int_equal(problems.more, RESOURCE_LINES_MAX - RESOURCE_PROBLEMS_MAX);
	assert_string_equal(problems.items[99].path, "lines[100].amount");
	assert_memory_equal(data.text + problems.items[99].at, "\"x\"", 3);

	str_reset(&data);
	add_lines(&data, 2, "{\"amount\":90000000000000000.00}");
	assert_false(resource_check(type_of("invoice"), slice_of(data.text, data.len), &out, &problems));
	assert_string_equal(problems.items[0].text, "the amounts add up to more than fits");
}

static void test_larger_than_one_may_be(void **state)
{
	AUTO(str_clear) struct str data = STR_INIT(STR_NO_LIMIT), out = STR_INIT(RESOURCE_BYTES_MAX);
	struct resource_problems problems;

	(void)state;
	str_add(&data, "{\"name\":\"");
	while (data.len <= RESOURCE_BYTES_MAX)
		str_add(&data, "0123456789012345678901234567890123456789012345678901234567890123456789");
	str_add(&data, "\"}");
	assert_false(resource_check(type_of("customer"), slice_of(data.text, data.len), &out, &problems));
	assert_string_equal(problems.items[0].text, "it is larger than the 16 MiB that one customer may have");
}

static struct resource_summary summary_of(const char *type, const char *data)
{
	AUTO(str_clear) struct str out = STR_INIT(RESOURCE_BYTES_MAX);
	struct resource_problems problems;
	struct resource_summary summary;

	if (!check(type, data, &out, &problems))
		fail_msg("%s: %s", data, problems.items[0].text);
	resource_summarize(type_of(type), slice_of(out.text, out.len), &summary);
	return summary;
}

static void test_summary(void **state)
{
	struct resource_summary summary = summary_of("invoice", invoice);
	char text[DECIMAL_TEXT_MAX];

	(void)state;
	assert_string_equal(summary.number, "1001");
	assert_string_equal(summary.party, "acme");
	assert_string_equal(summary.currency, "EUR");
	assert_true(summary.has_date && summary.date.day == date_of(2026, 1, 31).day);
	assert_int_equal(summary.lines, 2);
	assert_string_equal(decimal_format(summary.total, text), "10.00");
	summary = summary_of("invoice", "{" HEAD ",\"tax_total\":2,\"lines\":[{\"amount\":10}]}");
	assert_string_equal(decimal_format(summary.total, text), "12.00");
	summary = summary_of("invoice", "{" HEAD ",\"tax_total\":2,\"tax_mode\":\"inclusive\",\"lines\":[{\"amount\":10}]}");
	assert_string_equal(decimal_format(summary.total, text), "10.00");
	summary = summary_of("payment", "{" HEAD ",\"amount\":7,\"lines\":[{\"invoice\":1,\"amount\":2}]}");
	assert_string_equal(decimal_format(summary.total, text), "7.00");
	assert_int_equal(summary.lines, 1);
	summary = summary_of("journal_entry", JOURNAL "{\"account\":1,\"debit\":5},{\"account\":2,\"credit\":5}]}");
	assert_string_equal(decimal_format(summary.total, text), "5.00");
	summary = summary_of("customer", "{\"name\":\"1234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890"
				     "12345678901234567890123456\xc3\xa4\xc3\xa4\"}");
	assert_false(summary.has_total || summary.has_date);
	assert_int_equal(strlen(summary.number), 126);
}

static void assert_external(const char *external_id, const char *text)
{
	char why[EXTERNAL_ID_TEXT_MAX] = "";

	assert_int_equal(external_id_check(external_id, "rsrc", why), *text == '\0');
	assert_string_equal(why, text);
}

static void test_external_ids(void **state)
{
	char longest[RESOURCE_EXTERNAL_MAX + 1];

	(void)state;
	assert_external("INV-1", "");
	assert_external("org_1", "");
	assert_external("rsrc", "");
	assert_external("", "is missing.");
	assert_external("rsrc_1", "cannot start with rsrc_.");
	assert_external(" a", "begins or ends with a blank.");
	assert_external("a\nb", "has line breaks, control characters or broken letters in it.");
	assert_external("a\xff", "has line breaks, control characters or broken letters in it.");
	memset(longest, 'a', sizeof(longest));
	longest[RESOURCE_EXTERNAL_MAX - 1] = '\0';
	assert_external(longest, "");
	longest[RESOURCE_EXTERNAL_MAX - 1] = 'a';
	longest[RESOURCE_EXTERNAL_MAX] = '\0';
	assert_external(longest, "is longer than 255 bytes.");
}

/* Each type is found by what people call it, and its rows fit what code expects of them. */
static void test_types(void **state)
{
	const struct resource_type *type;
	size_t count = 0;

	(void)state;
	for (; (type = resource_type_at(count)) != NULL; count++) {
		assert_ptr_equal(resource_type_find(type->name, strlen(type->name)), type);
		assert_ptr_equal(resource_type_find(type->titles, strlen(type->titles)), type);
		assert_non_null(resource_field(type, false, type->number, strlen(type->number)));
		assert_true(!type->date || resource_field(type, false, type->date, strlen(type->date)));
		assert_true(type->field_count <= 32 && type->line_count <= 32);
		assert_true(count == 0 || type->rank >= resource_type_at(count - 1)->rank);
	}
	assert_int_equal(count, 8);
	assert_ptr_equal(resource_type_find("Journal-Entries", 15), resource_type_find("journal entry", 13));
	assert_null(resource_type_find("invoic", 6));
}

static void assert_told(const struct str *page, const char *row, const struct resource_field *field)
{
	AUTO(str_clear) struct str word = STR_INIT(100);
	const char *at = strstr(page->text, row), *found;

	str_addf(&word, "`%s`", field->name);
	if (!at)
		fail_msg("docs/import.md has no row '%s'", row);
	found = strstr(at, word.text);
	if (!found || found > strchr(at, '\n'))
		fail_msg("docs/import.md, row '%s', says nothing of %s", row, word.text);
}

/* The page for people has a row for each type and one behind it for its lines, which name all fields. */
static void test_page_tells_all_fields(void **state)
{
	static const struct {
		const char *type, *row, *lines;
	} rows[] = {
		{ "customer", "| `customer`, `vendor` |", NULL },
		{ "vendor", "| `customer`, `vendor` |", NULL },
		{ "item", "| `item` |", NULL },
		{ "invoice", "| `invoice`, `credit_memo` |", "| lines of invoices and credit memos |" },
		{ "credit_memo", "| `invoice`, `credit_memo` |", "| lines of invoices and credit memos |" },
		{ "bill", "| `bill` |", "| lines of bills |" },
		{ "journal_entry", "| `journal_entry` |", "| lines of journal entries |" },
		{ "payment", "| `payment` |", "| lines of payments |" },
	};
	AUTO(str_clear) struct str page = STR_INIT(1 << 20);
	struct error err = { 0 };

	(void)state;
	if (!file_read(source_file("docs/import.md"), 1 << 20, &page, &err))
		fail_msg("%s", err.text);
	assert_null(resource_type_at(ARRAY_LEN(rows)));
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct resource_type *type = type_of(rows[i].type);

		for (size_t j = 0; j < type->field_count; j++)
			assert_told(&page, rows[i].row, &type->fields[j]);
		for (size_t j = 0; j < type->line_count; j++)
			assert_told(&page, rows[i].lines, &type->lines[j]);
	}
}

int test_resource(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_equal_data_becomes_equal),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_dates_and_decimals),
		cmocka_unit_test(test_sums),
		cmocka_unit_test(test_journals),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_larger_than_one_may_be),
		cmocka_unit_test(test_summary),
		cmocka_unit_test(test_external_ids),
		cmocka_unit_test(test_page_tells_all_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
