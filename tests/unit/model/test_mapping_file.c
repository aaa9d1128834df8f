/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules of a mapping as a file: whatever goes out comes back. */
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/mapping_file.h"

#include "tests.h"

static bool tell(void *ctx, const struct mapping_row *row)
{
	str_addf(ctx, "%zu[%s|%s|%s|%s|%s]", row->line, row->target, row->code, row->id, row->number, row->name);
	return true;
}

static void assert_read(const char *text, const char *expected)
{
	AUTO(str_clear) struct str out = STR_INIT(2000);
	struct error err = { 0 };

	if (!mapping_file_read(text, strlen(text), tell, &out, &err))
		str_addf(&out, "error: %s", err.text);
	assert_string_equal(out.text, expected);
}

static void goes_out_and_comes_back(void **state)
{
	static const struct mapping_row rows[] = {
		{ 0, "item", "FREIGHT", "11", "", "Sales:Freight" },
		{ 0, "item", "", "3", "", " Misc " },
		{ 0, "account", "a,b;c\t\"d\"", "79", "4000", "Zeile\nzwei \xc3\xa9" },
		{ 0, "tax_code", "=1+1", "", "", "" },
	};

	(void)state;
	for (int json = 0; json < 2; json++) {
		AUTO(str_clear) struct str file = STR_INIT(2000), out = STR_INIT(2000), expected = STR_INIT(2000);
		struct error err = { 0 };
		size_t line = 2;

		mapping_file_begin(json, &file);
		for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
			struct mapping_row row = rows[i];

			mapping_file_add(json, i == 0, &row, &file);
			row.line = line++;
			line += !json && i == 2; /* a line break inside a cell */
			tell(&expected, &row);
		}
		mapping_file_end(json, &file);
		assert_true(mapping_file_read(file.text, file.len, tell, &out, &err));
		assert_string_equal(out.text, expected.text);
	}
}

static void other_forms_are_read(void **state)
{
	(void)state;
	assert_read("\xef\xbb\xbfName;Code;TARGET\r\n\"Freight; by \"\"air\"\"\";F;item\r\n\r\nMisc;;item", "2[item|F|||Freight; by \"air\"]4[item||||Misc]");
	assert_read("target\tcode\tid\nitem\tX", "2[item|X|||]");
	assert_read(" [{\"code\":\"X\",\"target\":\"item\",\"id\":7,\n\"more\":[1]},\n\n{\"target\":\"item\",\"number\":null}]", "1[item|X|7||]4[item||||]");
	assert_read("{\"version\":1,\"rules\":[]}", "");
}

static void some_cannot_be_read(void **state)
{
	(void)state;
	assert_read("", "error: a file of rules is CSV or JSON; this one is empty");
	assert_read("\n \n", "error: a file of rules is CSV or JSON; this one is empty");
	assert_read("target,code,id\xff\n", "error: a file of rules is text in UTF-8");
	assert_read("target,code\nitem,X\n", "error: line 1: a file of rules has columns for target, code, and id, number or name");
	assert_read("target,code,name,name\n", "error: line 1: the columns of a file of rules are target, code, id, number and name, each once; 'name' is not");
	assert_read("target,code,name,colour\n",
		    "error: line 1: the columns of a file of rules are target, code, id, number and name, each once; 'colour' is not");
	assert_read("target,code,id\nitem,X,1\nitem,Y,1,2\n", "2[item|X|1||]error: line 3 can't be read: its quotes or its number of cells are not right");
	assert_read("target,code,id\nitem,\"X,1\n", "error: line 2 can't be read: its quotes or its number of cells are not right");
	assert_read("[{\n\"a\":}]", "error: line 2: from here on it is no JSON");
	assert_read("{\"rules\":{}}", "error: line 1: rules are a list, or an object with a member 'rules' that is one");
	assert_read("[\n1]", "error: line 2: a rule is an object in braces");
	assert_read("[{\"code\":true}]", "error: line 1: 'code' of a rule is a text");
}

static bool stop(void *ctx, const struct mapping_row *row)
{
	return tell(ctx, row) && row->line < 3;
}

static void reading_can_be_ended(void **state)
{
	static const char csv[] = "target,code,id\na,1,\nb,2,\nc,3,\n", json[] = "[{\"code\":\"1\"},\n\n{\"code\":\"2\"},{\"code\":\"3\"}]";
	AUTO(str_clear) struct str out = STR_INIT(2000);
	struct error err = { 0 };

	(void)state;
	assert_true(mapping_file_read(csv, strlen(csv), stop, &out, &err));
	assert_string_equal(out.text, "2[a|1|||]3[b|2|||]");
	str_reset(&out);
	assert_true(mapping_file_read(json, strlen(json), stop, &out, &err));
	assert_string_equal(out.text, "1[|1|||]3[|2|||]");
}

int test_mapping_file(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goes_out_and_comes_back),
		cmocka_unit_test(other_forms_are_read),
		cmocka_unit_test(some_cannot_be_read),
		cmocka_unit_test(reading_can_be_ended),
	};

	return cmocka_run_group_tests_name("mapping file", tests, NULL, NULL);
}
