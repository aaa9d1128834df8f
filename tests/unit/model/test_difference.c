/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two versions of a record beside each other: what is told as changed, and what is not. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/difference.h"

#include "tests.h"

static struct json_slice slice(const char *text)
{
	assert_true(json_check(text, strlen(text), NULL));
	return (struct json_slice){ .text = text, .len = strlen(text),
				    .kind = *text == '{' ? JSON_OBJECT : *text == '[' ? JSON_ARRAY : JSON_NUMBER };
}

/* "path: before > after", a line for each; "-" is nothing, "!" before it is bookkeeping. */
static void told(const struct type *type, const char *before, const char *after, struct str *out)
{
	AUTO(differences_clear) struct differences found = { 0 };

	differences_find(type, slice(before), slice(after), &found);
	for (size_t i = 0; i < found.count; i++) {
		const struct difference *each = &found.items[i];

		str_addf(out, "%s%s: ", each->bookkeeping ? "!" : "", each->path);
		str_add_bytes(out, each->before.kind ? each->before.text : "-", each->before.kind ? each->before.len : 1);
		str_add(out, " > ");
		str_add_bytes(out, each->after.kind ? each->after.text : "-", each->after.kind ? each->after.len : 1);
		str_add_char(out, '\n');
	}
	assert_int_equal(found.more, 0);
}

static void expect(const struct type *type, const char *before, const char *after, const char *expected)
{
	AUTO(str_clear) struct str text = STR_INIT(10000);

	told(type, before, after, &text);
	assert_string_equal(text.text, expected);
}

static void values_are_compared_as_what_they_are(void **state)
{
	(void)state;
	expect(NULL, "{\"A\":1}", "{\"A\":1}", "");
	expect(NULL, "{\"A\":75}", "{\"A\": 75.00 }", "");
	expect(NULL, "{\"A\":7.5e1}", "{\"A\":75}", "");
	expect(NULL, "{\"A\":0.10}", "{\"A\":0.11}", "A: 0.10 > 0.11\n");
	/* More digits than a decimal has: by the letters. */
	expect(NULL, "{\"A\":9193357183957111950}", "{\"A\":9193357183957111951}", "A: 9193357183957111950 > 9193357183957111951\n");
	expect(NULL, "{\"A\":123456789012345678901234567890}", "{\"A\":123456789012345678901234567891}",
	       "A: 123456789012345678901234567890 > 123456789012345678901234567891\n");
	expect(NULL, "{\"A\":\"Zo\\u00eb\\/x\"}", "{\"A\":\"Zo\xc3\xab/x\"}", "");
	expect(NULL, "{\"A\":\"x\"}", "{\"A\":\"X\"}", "A: \"x\" > \"X\"\n");
	expect(NULL, "{\"A\":\"75\"}", "{\"A\":75}", "A: \"75\" > 75\n");
	expect(NULL, "{\"A\":true,\"B\":null}", "{\"A\":false,\"B\":\"\"}", "A: true > false\nB: null > \"\"\n");
	expect(NULL, "{\"A\":null}", "{}", "A: null > -\n");
	expect(NULL, "{}", "{\"A\":\"x\"}", "A: - > \"x\"\n");
}

static void members_have_no_order(void **state)
{
	(void)state;
	expect(NULL, "{\"A\":1,\"B\":{\"C\":2,\"D\":3}}", "{\"B\":{\"D\":3,\"C\":2},\"A\":1}", "");
	expect(NULL, "{\"A\":1,\"B\":2,\"C\":3}", "{\"D\":4,\"C\":5,\"A\":1}", "D: - > 4\nC: 3 > 5\nB: 2 > -\n");
	/* A name is what it says, however it is written. */
	expect(NULL, "{\"\\u0041\":1}", "{\"A\":2}", "A: 1 > 2\n");
	expect(NULL, "{\"AB\":1,\"A\":2}", "{\"A\":2,\"AB\":1}", "");
}

static void objects_are_told_by_their_fields(void **state)
{
	(void)state;
	expect(NULL, "{}", "{\"Bill\":{\"Line1\":\"x\",\"Geo\":{\"Lat\":1}}}", "Bill.Line1: - > \"x\"\nBill.Geo.Lat: - > 1\n");
	expect(NULL, "{\"Bill\":{\"Line1\":\"x\"}}", "{\"Bill\":{}}", "Bill.Line1: \"x\" > -\n");
	expect(NULL, "{\"Bill\":{}}", "{}", "Bill: {} > -\n");
	expect(NULL, "{}", "{\"Line\":[]}", "Line: - > []\n");
	expect(NULL, "{\"A\":{\"B\":1}}", "{\"A\":\"B\"}", "A: {\"B\":1} > \"B\"\n");
	expect(NULL, "{\"A\":[1]}", "{\"A\":{\"B\":1}}", "A: [1] > {\"B\":1}\n");
	expect(NULL, "[1]", "[2]", "[1]: 1 > 2\n");
	expect(NULL, "1", "2", ": 1 > 2\n");
}

static void lines_are_matched_by_their_id(void **state)
{
	(void)state;
	expect(NULL, "{\"Line\":[{\"Id\":\"1\",\"Amount\":5},{\"Id\":\"2\",\"Amount\":75},{\"Id\":\"3\",\"Amount\":9}]}",
	       "{\"Line\":[{\"Amount\":80,\"Id\":\"2\"},{\"Id\":\"3\",\"Amount\":9.0},{\"Id\":\"4\",\"Amount\":1}]}",
	       "Line[1].Amount: 75 > 80\nLine[3].Id: - > \"4\"\nLine[3].Amount: - > 1\nLine[1].Id: \"1\" > -\nLine[1].Amount: 5 > -\n");
	/* Another order alone is no change; one without an Id goes with the ones without. */
	expect(NULL, "{\"Line\":[{\"Id\":\"1\",\"N\":1},{\"Id\":\"2\",\"N\":2},{\"Amount\":3}]}",
	       "{\"Line\":[{\"Amount\":4},{\"Id\":\"2\",\"N\":2},{\"Id\":\"1\",\"N\":1}]}", "Line[1].Amount: 3 > 4\n");
	/* Equal Ids are matched in their order. */
	expect(NULL, "[{\"Id\":1,\"A\":1},{\"Id\":1,\"A\":2}]", "[{\"Id\":1,\"A\":1},{\"Id\":1,\"A\":3}]", "[2].A: 2 > 3\n");
	expect(NULL, "[{\"dbId\":7,\"A\":1},{\"dbId\":8,\"A\":2}]", "[{\"dbId\":8,\"A\":2}]", "[1].dbId: 7 > -\n[1].A: 1 > -\n");
}

static void items_without_an_id_keep_their_neighbours(void **state)
{
	(void)state;
	expect(NULL, "[1,2,3,4]", "[1,3,4]", "[2]: 2 > -\n");
	expect(NULL, "[1,2,3]", "[0,1,2,3]", "[1]: - > 0\n");
	expect(NULL, "[{\"TxnId\":\"4\"},{\"TxnId\":\"5\"}]", "[{\"TxnId\":\"5\"}]", "[1].TxnId: \"4\" > -\n");
	expect(NULL, "[[1,2],[3]]", "[[1,2.0],[4]]", "[2][1]: 3 > 4\n");
	expect(NULL, "[1,2,3]", "[4,5,6]", "[1]: 1 > 4\n[2]: 2 > 5\n[3]: 3 > 6\n");
}

static void versions_and_their_times_are_bookkeeping(void **state)
{
	AUTO(catalogue_freep) struct catalogue *catalogue = catalogue_of(
		"provider = demo\nkey = Id\n[Sale]\nquery = sales\nversion = SyncToken\ntime = MetaData.LastUpdatedTime\nfield = A text\n"
		"[Wrapped]\nquery = w\nversion = *.SyncToken\ntime = *.MetaData.LastUpdatedTime\nfield = A text\n"
		"[Plain]\nquery = p\ntime = modifiedAt\nfield = A text\n");
	const char *before = "{\"SyncToken\":\"0\",\"MetaData\":{\"LastUpdatedTime\":\"a\",\"By\":1},\"MetaDatum\":1,\"modifiedAt\":1}";
	const char *after = "{\"SyncToken\":\"1\",\"MetaData\":{\"LastUpdatedTime\":\"b\",\"By\":2},\"MetaDatum\":2,\"modifiedAt\":2}";

	(void)state;
	expect(catalogue_at(catalogue, 0), before, after,
	       "!SyncToken: \"0\" > \"1\"\n!MetaData.LastUpdatedTime: \"a\" > \"b\"\n!MetaData.By: 1 > 2\nMetaDatum: 1 > 2\nmodifiedAt: 1 > 2\n");
	expect(catalogue_at(catalogue, 2), before, after,
	       "SyncToken: \"0\" > \"1\"\nMetaData.LastUpdatedTime: \"a\" > \"b\"\nMetaData.By: 1 > 2\nMetaDatum: 1 > 2\n!modifiedAt: 1 > 2\n");
	expect(catalogue_at(catalogue, 1), "{\"TaxCode\":{\"SyncToken\":\"0\",\"MetaData\":{\"LastUpdatedTime\":1},\"A\":1}}",
	       "{\"TaxCode\":{\"SyncToken\":\"1\",\"MetaData\":{\"LastUpdatedTime\":2},\"A\":2}}",
	       "!TaxCode.SyncToken: \"0\" > \"1\"\n!TaxCode.MetaData.LastUpdatedTime: 1 > 2\nTaxCode.A: 1 > 2\n");
}

/* Whatever a stranger sends: the time is bounded, and so is what is kept. */
static void too_much_is_counted(void **state)
{
	AUTO(differences_clear) struct differences found = { 0 };
	AUTO(str_clear) struct str many = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str deep = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str other = STR_INIT(STR_NO_LIMIT);

	(void)state;
	str_add(&many, "[");
	for (int i = 0; i < 20000; i++)
		str_addf(&many, "%s{\"Id\":\"%d\"}", i ? "," : "", i);
	str_add(&many, "]");
	differences_find(NULL, slice("[]"), slice(many.text), &found);
	assert_int_equal(found.count, DIFFERENCES_MAX);
	assert_int_equal(found.more, 20000 - DIFFERENCES_MAX);
	/* Lists in lists in lists, unlike at the innermost. */
	for (int i = 0; i < JSON_DEPTH_MAX - 1; i++)
		str_add(&deep, "[0,");
	str_add(&other, deep.text);
	str_add(&deep, "[1]");
	str_add(&other, "[2]");
	for (int i = 0; i < JSON_DEPTH_MAX - 1; i++) {
		str_add(&deep, ",0]");
		str_add(&other, ",0]");
	}
	differences_find(NULL, slice(deep.text), slice(other.text), &found);
	assert_int_equal(found.count, 1);
	assert_int_equal(found.more, 0);
}

static void a_long_path_is_cut_between_characters(void **state)
{
	AUTO(differences_clear) struct differences found = { 0 };
	AUTO(str_clear) struct str text = STR_INIT(2000);

	(void)state;
	str_add(&text, "{\"");
	for (int i = 0; i < 199; i++)
		str_add_char(&text, 'n');
	str_add(&text, "\xc3\xab\":1}");
	differences_find(NULL, slice("{}"), slice(text.text), &found);
	assert_int_equal(found.count, 1);
	assert_int_equal(strlen(found.items[0].path), 199 + strlen("…"));
	assert_string_equal(found.items[0].path + 198, "n…");
}

static void values_are_read_by_people(void **state)
{
	AUTO(str_clear) struct str text = STR_INIT(100);

	(void)state;
	difference_add_text((struct json_slice){ .text = "\"a\\u0041\\\"\"", .len = 11, .kind = JSON_STRING }, &text);
	difference_add_text((struct json_slice){ .text = "75.00", .len = 5, .kind = JSON_NUMBER }, &text);
	difference_add_text((struct json_slice){ 0 }, &text);
	assert_string_equal(text.text, "aA\"75.00");
}

int test_difference(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_compared_as_what_they_are),
		cmocka_unit_test(members_have_no_order),
		cmocka_unit_test(objects_are_told_by_their_fields),
		cmocka_unit_test(lines_are_matched_by_their_id),
		cmocka_unit_test(items_without_an_id_keep_their_neighbours),
		cmocka_unit_test(versions_and_their_times_are_bookkeeping),
		cmocka_unit_test(too_much_is_counted),
		cmocka_unit_test(a_long_path_is_cut_between_characters),
		cmocka_unit_test(values_are_read_by_people),
	};

	return cmocka_run_group_tests_name("difference", tests, NULL, NULL);
}
