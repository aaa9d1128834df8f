/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files for QuickBooks: what is written comes back equal through the reader, IIF makes zero, and what is left out is told. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/export.h"

#include "test_import.h"
#include "tests.h"

#define FILES_MAX 8

struct files {
	struct str files[FILES_MAX];
	size_t count;
	struct str notes;
};

static void files_clear(struct files *files)
{
	for (size_t i = 0; i < files->count; i++)
		str_clear(&files->files[i]);
	str_clear(&files->notes);
}

static bool begin_file(void *ctx, size_t file, struct error *err)
{
	struct files *files = ctx;

	if (file > FILES_MAX)
		return error_set(err, ERROR_INTERNAL, "more files than the test holds");
	assert_int_equal(file, files->count + 1);
	str_init(&files->files[files->count++], STR_NO_LIMIT);
	return true;
}

static bool write_bytes(void *ctx, const char *bytes, size_t len, struct error *err)
{
	struct files *files = ctx;

	(void)err;
	str_add_bytes(&files->files[files->count - 1], bytes, len);
	return true;
}

static bool write_note(void *ctx, const struct export_note *note, struct error *err)
{
	struct files *files = ctx;

	(void)err;
	str_addf(&files->notes, "%s%s: %s\n", note->external_id, note->is_left_out ? " left out" : "", note->text);
	return true;
}

static struct json_slice slice_of(const char *text)
{
	assert_true(json_check(text, strlen(text), NULL));
	return (struct json_slice){ .text = text, .len = strlen(text), .kind = JSON_OBJECT };
}

static const struct resource_type *type_of(const char *name)
{
	return resource_type_find(name, strlen(name));
}

static struct export *start(struct export_options options, const char *type, struct files *files)
{
	const struct export_sink sink = { .begin = begin_file, .write = write_bytes, .note = write_note, .ctx = files };

	str_init(&files->notes, STR_NO_LIMIT);
	options.type = type_of(type);
	return export_new(&options, &sink);
}

static void add(struct export *export, const char *type, const char *external_id, const char *data)
{
	AUTO(str_clear) struct str checked = STR_INIT(RESOURCE_BYTES_MAX);
	struct resource_problems problems;
	struct error err = { 0 };

	if (!resource_check(type_of(type), slice_of(data), &checked, &problems))
		fail_msg("%s: %s", problems.items[0].path, problems.items[0].text);
	if (!export_add(export, external_id, slice_of(checked.text), &err))
		fail_msg("%s", err.text);
}

static const char *const invoices[] = {
	"{\"number\":\"1001\",\"customer\":\"Acme:North\",\"date\":\"2026-01-02\",\"currency\":\"EUR\",\"memo\":\"=1+1, \\\"so\\\"\\nand on\","
	"\"department\":\"Hall\",\"due_date\":\"2026-02-03\",\"term\":\"Net 30\",\"lines\":[{\"item\":\"W,1\",\"description\":\"\xc3\xa4 \\\"x\\\"\","
	"\"quantity\":\"2.5\",\"unit_price\":\"3.333\",\"amount\":\"8.33\",\"tax_code\":\"TAX\",\"taxable\":true,\"service_date\":\"2026-01-01\"},"
	"{\"description\":\"-words\"},{\"item\":\"D\",\"amount\":\"-0.33\",\"taxable\":false}]}",
	"{\"number\":\"1002\",\"customer\":\"'\",\"date\":\"2026-12-31\",\"due_date\":\"2027-01-01\",\"lines\":[{\"amount\":\"0.00\"}]}",
};

static void assert_comes_back(bool has_iso_dates, const char *profile)
{
	AUTO(files_clear) struct files files = { 0 };
	AUTO(export_freep) struct export *export = start((struct export_options){ .has_iso_dates = has_iso_dates }, "invoice", &files);
	AUTO(str_clear) struct str expected = STR_INIT(STR_NO_LIMIT), out = STR_INIT(STR_NO_LIMIT);

	for (size_t i = 0; i < ARRAY_LEN(invoices); i++) {
		add(export, "invoice", "x", invoices[i]);
		str_addf(&expected, "%d invoice %d upsert %s\n", i == 0 ? 2 : 6, 1001 + (int)i, invoices[i]);
	}
	assert_int_equal(files.count, 1);
	assert_string_equal(files.notes.text, "");
	import_whole((struct tested_import){ .profile = profile }, files.files[0].text, files.files[0].len, &out);
	assert_string_equal(out.text, expected.text);
}

static void test_csv_comes_back(void **state)
{
	(void)state;
	assert_comes_back(true, NULL);
	assert_comes_back(false, "date = MM/DD/YYYY");
}

static void test_csv_bytes(void **state)
{
	AUTO(files_clear) struct files files = { 0 };
	AUTO(export_freep) struct export *export = start((struct export_options){ 0 }, "invoice", &files);

	(void)state;
	add(export, "invoice", "x", invoices[1]);
	assert_string_equal(files.files[0].text,
			    "\xef\xbb\xbf*InvoiceNo,*Customer,*InvoiceDate,*DueDate,Terms,Location,Memo,Item(Product/Service),ItemDescription,"
			    "ItemQuantity,ItemRate,*ItemAmount,Item tax code,Taxable,Currency,Service Date\r\n"
			    "1002,',12/31/2026,01/01/2027,,,,,,,,0.00,,,,\r\n");
}

/* A hundred invoices a file, a thousand rows, whichever comes first; none is torn. */
static void test_csv_is_split(void **state)
{
	AUTO(files_clear) struct files files = { 0 };
	AUTO(export_freep) struct export *export = start((struct export_options){ .has_iso_dates = true }, "invoice", &files);
	AUTO(str_clear) struct str many = STR_INIT(STR_NO_LIMIT), out = STR_INIT(STR_NO_LIMIT);
	size_t back = 0;
	char data[300];

	(void)state;
	for (int i = 0; i < 101; i++) {
		snprintf(data, sizeof(data), "{\"number\":\"%d\",\"customer\":\"c\",\"date\":\"2026-01-01\",\"due_date\":\"2026-01-01\",\"lines\":[{\"amount\":1}]}", i);
		add(export, "invoice", "x", data);
	}
	assert_int_equal(files.count, 2);
	str_add(&many, "{\"number\":\"many\",\"customer\":\"c\",\"date\":\"2026-01-01\",\"due_date\":\"2026-01-01\",\"lines\":[{\"amount\":1}");
	for (int i = 1; i < 1000; i++)
		str_add(&many, ",{\"amount\":1}");
	str_add(&many, "]}");
	add(export, "invoice", "x", many.text);
	assert_int_equal(files.count, 3);
	assert_string_equal(files.notes.text, "");
	str_truncate(&many, many.len - 2);
	str_add(&many, ",{\"amount\":1}]}");
	memcpy(strstr(many.text, "many"), "more", 4);
	add(export, "invoice", "x", many.text);
	assert_int_equal(files.count, 4);
	assert_string_equal(files.notes.text, "x: it has more rows than QuickBooks Online takes in one file: split it there\n");
	assert_int_equal(export_counts(export).documents, 103);
	assert_int_equal(export_counts(export).files, 4);
	/* Each is a file by itself, and all that went out comes back. */
	for (size_t i = 0; i < 4; i++) {
		str_reset(&out);
		import_whole((struct tested_import){ 0 }, files.files[i].text, files.files[i].len, &out);
		assert_null(strstr(out.text, "''"));
		for (const char *at = out.text; (at = strchr(at, '\n')) != NULL; at++)
			back++;
	}
	assert_int_equal(back, 103);
}

static const char *name_of(void *ctx, enum target target, const char *code)
{
	(void)ctx;
	return target == TARGET_CUSTOMER && strcmp(code, "c1") == 0 ? "Kestrel" : target == TARGET_ITEM ? "Widget" : NULL;
}

static void test_what_has_no_place_is_told(void **state)
{
	AUTO(files_clear) struct files files = { 0 };
	AUTO(export_freep) struct export *export = start((struct export_options){ .name = name_of }, "invoice", &files);

	(void)state;
	add(export, "invoice", "i1",
	    "{\"customer\":\"c1\",\"date\":\"2026-01-01\",\"class\":\"K\",\"tax_mode\":\"excluded\",\"tax_total\":1,\"voided\":false,"
	    "\"lines\":[{\"item\":\"w\",\"amount\":1,\"class\":\"L\"},{\"amount\":1,\"class\":\"L\"}]}");
	add(export, "invoice", "i2", "{\"customer\":\"c2\",\"date\":\"2026-01-01\",\"voided\":true,\"lines\":[{\"amount\":1}]}");
	assert_string_equal(files.notes.text, "i1: the file has no place for class, tax_mode, tax_total, lines.class\n"
					      "i1: it has no number: its external id stands for it\n"
					      "i1: it has no due date, and QuickBooks asks for one\n"
					      "i2 left out: it is void\n");
	assert_non_null(strstr(files.files[0].text, "\r\ni1,Kestrel,01/01/2026,,,,,Widget,,,,1.00,,,,\r\n"));
	assert_int_equal(export_counts(export).left_out, 1);
	assert_int_equal(export_counts(export).documents, 1);
}

static void test_customers(void **state)
{
	static const char full[] = "{\"name\":\"A, B\",\"company\":\"Acme\",\"email\":\"a@example.com\",\"phone\":\"1\",\"mobile\":\"2\",\"fax\":\"3\","
				   "\"website\":\"w\",\"street\":\"S 1\",\"city\":\"C\",\"state\":\"ST\",\"zip\":\"01\",\"country\":\"US\"}";
	AUTO(files_clear) struct files files = { 0 }, other = { 0 };
	AUTO(export_freep) struct export *export = start((struct export_options){ 0 }, "customer", &files);
	AUTO(export_freep) struct export *iif = start((struct export_options){ .format = EXPORT_IIF }, "customer", &other);
	AUTO(str_clear) struct str expected = STR_INIT(STR_NO_LIMIT), out = STR_INIT(STR_NO_LIMIT);

	(void)state;
	add(export, "customer", "c1", full);
	add(export, "customer", "c2", "{\"name\":\"N\",\"active\":false,\"notes\":\"x\"}");
	assert_string_equal(files.notes.text, "c2: the file has no place for notes, active\n");
	import_whole((struct tested_import){ .type = "customer" }, files.files[0].text, files.files[0].len, &out);
	str_addf(&expected, "2 customer A, B upsert %s\n3 customer N upsert {\"name\":\"N\"}\n", full);
	assert_string_equal(out.text, expected.text);

	add(iif, "customer", "c1", full);
	add(iif, "customer", "c2", "{\"name\":\"M\\\"\\tN \xc4\x8d \xe2\x82\xac\"}");
	assert_string_equal(other.files[0].text,
			    "!CUST\tNAME\tBADDR1\tBADDR2\tBADDR3\tBADDR4\tBADDR5\tPHONE1\tPHONE2\tFAXNUM\tEMAIL\tTERMS\tTAXABLE\tCOMPANYNAME\t"
			    "FIRSTNAME\tLASTNAME\tNOTEPAD\r\n"
			    "CUST\tA, B\tAcme\tS 1\t\tC, ST 01\tUS\t1\t2\t3\ta@example.com\t\t\tAcme\t\t\t\r\n"
			    "CUST\t\"M\"\" N ? \x80\"\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\r\n");
	assert_string_equal(other.notes.text, "c1: the file has no place for website\nc2: the file has no place for some letters: they became ?\n");
}

/* The cell of a row, from 0; rows end with CR and LF. */
static void take_cell(const char *row, size_t number, struct str *out)
{
	str_reset(out);
	for (size_t i = 0; i < number; i++)
		row += strcspn(row, "\t\r") + 1;
	str_add_bytes(out, row, strcspn(row, "\t\r"));
}

static void test_iif_makes_zero(void **state)
{
	AUTO(files_clear) struct files files = { 0 };
	AUTO(export_freep) struct export *export = start((struct export_options){ .format = EXPORT_IIF, .income = "Income:Goods" }, "invoice", &files);
	AUTO(str_clear) struct str cell = STR_INIT(STR_NO_LIMIT);
	struct decimal sum = decimal_of(0, 2), amount;
	size_t rows = 0, ends = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(invoices); i++)
		add(export, "invoice", "x", invoices[i]);
	add(export, "invoice", "t", "{\"customer\":\"c\",\"date\":\"2026-01-31\",\"tax_total\":\"0.07\",\"lines\":[{\"quantity\":\"-1\",\"unit_price\":\"-1\"}]}");
	add(export, "invoice", "g", "{\"customer\":\"c\",\"date\":\"2026-01-31\",\"tax_mode\":\"inclusive\",\"lines\":[{\"amount\":1}]}");
	for (const char *row = files.files[0].text; *row; row = strchr(row, '\n') + 1) {
		if (*row == '!')
			continue;
		if (strncmp(row, "ENDTRNS", 7) == 0) {
			assert_int_equal(sum.digits, 0);
			ends++;
			continue;
		}
		rows++;
		take_cell(row, 7, &cell);
		assert_true(decimal_parse(cell.text, cell.len, &amount) && decimal_add(sum, amount, &sum));
	}
	assert_int_equal(ends, 3);
	assert_int_equal(rows, 4 + 2 + 3);
	assert_non_null(strstr(files.files[0].text, "TRNS\t\tINVOICE\t01/31/2026\tAccounts Receivable\tc\t\t1.07\tt\t\t\t\r\n"
						    "SPL\t\tINVOICE\t01/31/2026\tIncome:Goods\tc\t\t-1.00\tt\t\t1\t-1\t\t\t\r\n"
						    "SPL\t\tINVOICE\t01/31/2026\tSales Tax Payable\tSales Tax Agency\t\t-0.07\tt\t\t\t\tSales Tax\tN\tAUTOSTAX\r\n"
						    "ENDTRNS\r\n"));
	assert_non_null(strstr(files.notes.text, "x: the file has no place for currency, department, lines.tax_code, lines.service_date\n"));
	assert_non_null(strstr(files.notes.text, "g left out: its prices include the tax, which this kind of file can't say\n"));
}

/* Each row has as many cells as the header of its keyword. */
static void test_iif_rows_fit_their_headers(void **state)
{
	AUTO(files_clear) struct files files = { 0 };
	AUTO(export_freep) struct export *export = start((struct export_options){ .format = EXPORT_IIF }, "invoice", &files);
	size_t cells[3] = { 0 }, count;

	(void)state;
	add(export, "invoice", "x", invoices[0]);
	add(export, "invoice", "t", "{\"customer\":\"c\",\"date\":\"2026-01-31\",\"tax_total\":\"0.07\",\"lines\":[{\"amount\":\"1\"}]}");
	for (const char *row = files.files[0].text; *row; row = strchr(row, '\n') + 1) {
		size_t kind = *row == '!' ? (row[1] == 'T' ? 0 : row[1] == 'S' ? 1 : 2) : *row == 'T' ? 0 : *row == 'S' ? 1 : 2;

		count = 0;
		for (const char *at = row; *at != '\n'; at++)
			count += *at == '\t';
		if (*row == '!')
			cells[kind] = count;
		assert_int_equal(count, cells[kind]);
	}
}

static void test_words(void **state)
{
	enum export_format format;

	(void)state;
	assert_true(export_format_parse("IIF", &format) && format == EXPORT_IIF);
	assert_true(export_format_parse(export_format_word(EXPORT_QUICKBOOKS_CSV), &format) && format == EXPORT_QUICKBOOKS_CSV);
	assert_false(export_format_parse("csv", &format));
	assert_false(export_takes(EXPORT_IIF, type_of("bill")));
}

int test_export(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_csv_comes_back), cmocka_unit_test(test_csv_bytes), cmocka_unit_test(test_csv_is_split),
		cmocka_unit_test(test_what_has_no_place_is_told), cmocka_unit_test(test_customers), cmocka_unit_test(test_iif_makes_zero),
		cmocka_unit_test(test_iif_rows_fit_their_headers), cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
