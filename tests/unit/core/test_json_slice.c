/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What json.c hands out of checked text: json_find(), json_each() and json_unquote() against
 * json-c's trees and by hand.
 */
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/random.h"
#include "ledgerdeck/core/str.h"

#include "tests.h"
#include "texts.h"

struct text {
	const char *bytes;
	size_t len;
};

#define TEXT(literal) { literal, sizeof(literal) - 1 }

static void assert_same(struct json_slice slice, struct json_object *tree);

static void assert_same_object(struct json_slice slice, struct json_object *tree)
{
	AUTO(str_clear) struct str name = STR_INIT(TEXTS_MAX);
	struct json_slice member, value;
	size_t at = 0;
	int count = 0;

	while (json_each(slice, &at, &member, &value)) {
		struct json_object *expected;
		struct json_slice found;

		str_reset(&name);
		json_unquote(member, &name);
		assert_true(json_equals(member, name.text));
		if (!json_object_object_get_ex(tree, name.text, &expected))
			fail_msg("json-c has no '%s'", name.text);
		assert_same(value, expected);
		found = json_find(slice.text, slice.len, name.text);
		assert_ptr_equal(found.text, value.text);
		assert_int_equal(found.len, value.len);
		assert_int_equal(found.kind, value.kind);
		count++;
	}
	assert_int_equal(count, json_object_object_length(tree));
	assert_false(json_each(slice, &at, &member, &value));
}

static void assert_same_array(struct json_slice slice, struct json_object *tree)
{
	struct json_slice name, value;
	size_t at = 0, count = 0;

	while (json_each(slice, &at, &name, &value)) {
		assert_int_equal(name.kind, JSON_NONE);
		assert_true(count < json_object_array_length(tree));
		assert_same(value, json_object_array_get_idx(tree, count++));
	}
	assert_int_equal(count, json_object_array_length(tree));
	assert_false(json_each(slice, &at, NULL, &value));
}

static void assert_same_scalar(struct json_slice slice, struct json_object *tree)
{
	AUTO(str_clear) struct str text = STR_INIT(TEXTS_MAX);

	if (slice.kind == JSON_STRING) {
		assert_int_equal(json_object_get_type(tree), json_type_string);
		json_unquote(slice, &text);
		assert_int_equal(text.len, json_object_get_string_len(tree));
		assert_memory_equal(text.text, json_object_get_string(tree), text.len);
		return;
	}
	str_add_bytes(&text, slice.text, slice.len);
	assert_string_equal(text.text, tree ? json_object_get_string(tree) : "null");
}

/* The generated texts are shallow, so this may call itself. */
static void assert_same(struct json_slice slice, struct json_object *tree)
{
	static const enum json_kind kinds[] = {
		[json_type_null] = JSON_NULL, [json_type_boolean] = JSON_BOOL,
		[json_type_double] = JSON_NUMBER, [json_type_int] = JSON_NUMBER,
		[json_type_object] = JSON_OBJECT, [json_type_array] = JSON_ARRAY,
		[json_type_string] = JSON_STRING,
	};

	assert_int_equal(slice.kind, kinds[json_object_get_type(tree)]);
	if (slice.kind == JSON_OBJECT)
		assert_same_object(slice, tree);
	else if (slice.kind == JSON_ARRAY)
		assert_same_array(slice, tree);
	else
		assert_same_scalar(slice, tree);
}

/* Each text is wrapped, so that json_find() yields its outermost value as a slice. */
static void slices_are_what_trees_hold(void **state)
{
	AUTO(texts_clear) struct texts texts = TEXTS_INIT;

	(void)state;
	for (uint64_t seed = 10001; seed <= 14000; seed++) {
		AUTO(str_clear) struct str text = STR_INIT(TEXTS_MAX);
		struct json_object *tree;
		bool ok;

		texts_make(&texts, seed);
		str_addf(&text, " { \"all\" :%s}", texts.text.text);
		assert_true(json_check(text.text, text.len, NULL));
		tree = texts_tree(texts.text.text, texts.text.len, &ok);
		assert_true(ok);
		assert_same(json_find(text.text, text.len, "all"), tree);
		json_object_put(tree);
	}
}

/* Step for step the same, with the map and without. */
static void assert_mapped(struct json_slice mapped, struct json_slice plain)
{
	struct json_slice name, value, plain_name, plain_value;
	size_t at = 0, plain_at = 0;

	assert_ptr_equal(mapped.text, plain.text);
	assert_int_equal(mapped.len, plain.len);
	assert_int_equal(mapped.kind, plain.kind);
	while (json_each(plain, &plain_at, &plain_name, &plain_value)) {
		assert_true(json_each(mapped, &at, &name, &value));
		assert_int_equal(at, plain_at);
		assert_ptr_equal(name.text, plain_name.text);
		assert_non_null(value.map);
		assert_mapped(value, plain_value);
	}
	assert_false(json_each(mapped, &at, &name, &value));
}

static void check_mapped(const char *text, size_t len)
{
	AUTO(json_map_freep) struct json_map *map = NULL;
	struct json_slice whole = { .text = text, .len = len, .kind = JSON_OBJECT }, mapped = whole;

	assert_true(json_check_map(text, len, &map, NULL));
	assert_non_null(map);
	mapped.map = map;
	assert_mapped(mapped, whole);
	assert_ptr_equal(json_member(mapped, "all").text, json_find(text, len, "all").text);
}

static void maps_lead_to_the_same(void **state)
{
	AUTO(texts_clear) struct texts texts = TEXTS_INIT;

	(void)state;
	check_mapped(texts_invoice, strlen(texts_invoice));
	for (uint64_t seed = 30001; seed <= 31000; seed++) {
		AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);

		/* Long enough for several blocks of the map, with wide gaps between brackets. */
		texts_make(&texts, seed);
		str_addf(&text, "{ \"one\" :[{}, [ ] ,%s],", texts.text.text);
		str_addf(&text, "\"gap\":\"%*s\",\"all\" :%s}", (int)(seed % 5000), "", texts.text.text);
		check_mapped(text.text, text.len);
	}
}

static void broken_texts_have_no_map(void **state)
{
	static const char *const texts[] = { "", "{", "[1,]", "{\"a\":[}", "[[]", "{} {}" };
	AUTO(json_map_freep) struct json_map *map = NULL;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		size_t at = SIZE_MAX, plain_at = SIZE_MAX;

		assert_false(json_check_map(texts[i], strlen(texts[i]), &map, &at));
		assert_null(map);
		assert_false(json_check(texts[i], strlen(texts[i]), &plain_at));
		assert_int_equal(at, plain_at);
	}
	json_map_free(NULL);
}

static void assert_found(const char *path, enum json_kind kind, const char *text)
{
	struct json_slice found = json_find(texts_invoice, strlen(texts_invoice), path);

	if (found.kind != kind || found.len != strlen(text) ||
	    (found.len && memcmp(found.text, text, found.len) != 0))
		fail_msg("'%s' is kind %d '%.*s', expected %d '%s'", path, (int)found.kind,
			 (int)found.len, found.text ? found.text : "", (int)kind, text);
}

static void members_are_found(void **state)
{
	(void)state;
	assert_found("Id", JSON_STRING, "\"301\"");
	assert_found("Line", JSON_ARRAY,
		     "[ {\"Amount\": 12.50, \"Tags\":[ ]}, {\"Amount\":-1e-2} ]");
	assert_found("Note", JSON_STRING, "\"a \\\"quoted\\\" \\\\\"");
	assert_found("Ref.value", JSON_STRING, "\"9\"");
	assert_found("Ref.name", JSON_STRING, "\"B\xc3\xa5t }],\\\\\"");
	assert_found("None", JSON_NULL, "null");
	assert_found("Yes", JSON_BOOL, "true");
	assert_found("No", JSON_BOOL, "false");
	assert_found("Zero", JSON_NUMBER, "0");
	assert_found("", JSON_NONE, "");
	assert_found("I", JSON_NONE, "");
	assert_found("Idx", JSON_NONE, "");
	assert_found("id", JSON_NONE, "");
	assert_found("value", JSON_NONE, "");
	assert_found("Amount", JSON_NONE, "");
	assert_found("Ref.", JSON_NONE, "");
	assert_found("Ref..value", JSON_NONE, "");
	assert_found(".Ref", JSON_NONE, "");
	assert_found("Ref.value.more", JSON_NONE, "");
	assert_found("Id.value", JSON_NONE, "");
	assert_found("Line.Amount", JSON_NONE, "");
	assert_found("None.value", JSON_NONE, "");
	assert_found("Nowhere.value", JSON_NONE, "");
}

static void finding_elsewhere(void **state)
{
	static const char *const no_objects[] = { "[{\"a\":1}]", "1",
						   "\"a\"", "null", "", " ", "{}" };

	(void)state;
	/* A slice that is not there has no text at all. */
	assert_false(json_check(NULL, 0, NULL));
	assert_int_equal(json_find(NULL, 0, "a").kind, JSON_NONE);
	for (size_t i = 0; i < ARRAY_LEN(no_objects); i++)
		assert_int_equal(json_find(no_objects[i], strlen(no_objects[i]), "a").kind,
				 JSON_NONE);
	/* The first of two, and the empty name. */
	assert_true(json_find("{\"a\":1,\"a\":2}", 13, "a").text[0] == '1');
	assert_true(json_find("{\"\":{\"\":3}}", 11, ".").text[0] == '3');
}

static void walking_by_hand(void **state)
{
	struct json_slice line = json_find(texts_invoice, strlen(texts_invoice), "Line");
	struct json_slice none = { 0 }, name, value, inner;
	struct json_slice whole = { .text = "\n[ 1 ]", .len = 6, .kind = JSON_ARRAY };
	size_t at = 0, inner_at = 0;

	(void)state;
	assert_true(json_each(line, &at, &name, &value));
	assert_int_equal(value.kind, JSON_OBJECT);
	assert_true(json_each(value, &inner_at, &name, &inner));
	assert_true(json_equals(name, "Amount"));
	assert_int_equal(inner.len, 5);
	assert_memory_equal(inner.text, "12.50", 5);
	assert_true(json_each(value, &inner_at, NULL, &inner));
	assert_int_equal(inner.kind, JSON_ARRAY);
	assert_false(json_each(value, &inner_at, NULL, &inner));
	assert_int_equal(inner.kind, JSON_ARRAY);
	inner_at = 0;
	assert_false(json_each(inner, &inner_at, NULL, &value));
	at = 0;
	assert_false(json_each(none, &at, &name, &value));
	line = json_find(texts_invoice, strlen(texts_invoice), "Id");
	assert_false(json_each(line, &at, &name, &value));
	assert_true(json_each(whole, &at, &name, &value));
	assert_true(value.kind == JSON_NUMBER && value.text[0] == '1' && value.len == 1);
	assert_false(json_each(whole, &at, &name, &value));
}

static void strings_are_unquoted(void **state)
{
	static const struct {
		struct text quoted, plain;
	} rows[] = {
		{ TEXT("\"\""), TEXT("") },
		{ TEXT("\"plain\""), TEXT("plain") },
		{ TEXT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), TEXT("\"\\/\b\f\n\r\t") },
		{ TEXT("\"a\\nb\\nc\""), TEXT("a\nb\nc") },
		{ TEXT("\"\\u0041\\u007f\""), TEXT("A\x7f") },
		{ TEXT("\"\\u0080\\u00e5\\u07FF\""), TEXT("\xc2\x80\xc3\xa5\xdf\xbf") },
		{ TEXT("\"\\u0800\\u20aC\\uffff\""), TEXT("\xe0\xa0\x80\xe2\x82\xac\xef\xbf\xbf") },
		{ TEXT("\"\\ud800\\udc00\\uD83D\\uDCB0\\udbff\\udfff\""),
		  TEXT("\xf0\x90\x80\x80\xf0\x9f\x92\xb0\xf4\x8f\xbf\xbf") },
		{ TEXT("\"x\\u0000y\""), TEXT("x\0y") },
		{ TEXT("\"\\ud800\""), TEXT("\xef\xbf\xbd") },
		{ TEXT("\"\\udc00\""), TEXT("\xef\xbf\xbd") },
		{ TEXT("\"\\ud800x\""), TEXT("\xef\xbf\xbdx") },
		{ TEXT("\"\\ud800\\n\""), TEXT("\xef\xbf\xbd\n") },
		{ TEXT("\"\\ud800\\u0041\""), TEXT("\xef\xbf\xbd" "A") },
		{ TEXT("\"\\ud800\\ud83d\\udcb0\""), TEXT("\xef\xbf\xbd\xf0\x9f\x92\xb0") },
		{ TEXT("\"\\ud800xxdc00\""), TEXT("\xef\xbf\xbdxxdc00") },
		{ TEXT("\"\\ud800xudc00\""), TEXT("\xef\xbf\xbdxudc00") },
		{ TEXT("\"\\ud800\\\\dc00\""), TEXT("\xef\xbf\xbd\\dc00") },
		{ TEXT("\"\\udcb0\\udcb0\""), TEXT("\xef\xbf\xbd\xef\xbf\xbd") },
		{ TEXT("\"\\udcb0\\ud83d\""), TEXT("\xef\xbf\xbd\xef\xbf\xbd") },
		{ TEXT("\"\xc3\xa5\\\\u0041\""), TEXT("\xc3\xa5\\u0041") },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct json_slice slice = { .text = rows[i].quoted.bytes, .len = rows[i].quoted.len, .kind = JSON_STRING };
		AUTO(str_clear) struct str text = STR_INIT(200);

		assert_true(json_check(slice.text, slice.len, NULL));
		str_add(&text, "before:");
		json_unquote(slice, &text);
		assert_int_equal(text.len, rows[i].plain.len + 7);
		assert_memory_equal(text.text + 7, rows[i].plain.bytes, rows[i].plain.len);
		/* Plain text ends at its NUL, so a string with one inside equals none. */
		assert_int_equal(json_equals(slice, text.text + 7), i != 8);
		str_add_char(&text, '!');
		assert_false(json_equals(slice, text.text + 7));
		assert_false(json_equals(slice, "nothing of this kind"));
	}
}

static void other_kinds_are_no_strings(void **state)
{
	struct json_slice number = { .text = "12", .len = 2, .kind = JSON_NUMBER }, none = { 0 };
	AUTO(str_clear) struct str text = STR_INIT(200);

	(void)state;
	json_unquote(number, &text);
	json_unquote(none, &text);
	assert_int_equal(text.len, 0);
	assert_false(json_equals(number, "12"));
	assert_false(json_equals(none, ""));
	assert_true(json_equals((struct json_slice){ .text = "\"\"", .len = 2, .kind = JSON_STRING }, ""));
	assert_false(json_equals((struct json_slice){ .text = "\"\"", .len = 2, .kind = JSON_STRING }, "a"));
	assert_false(json_equals((struct json_slice){ .text = "\"a\"", .len = 3, .kind = JSON_STRING }, ""));
	assert_false(json_equals((struct json_slice){ .text = "\"ab\"", .len = 4, .kind = JSON_STRING }, "a"));
}

/* str_add_json() and json_unquote() undo each other for any UTF-8, NUL included. */
static void writing_and_reading_meet(void **state)
{
	static const char *const pieces[] = {
		"\"", "\\", "\n", "\x01", "\x1f", "a", "/", "\xc3\xa5",
		"\xf0\x9f\x92\xb0", "\\u0041", "\t",
	};
	struct random random;

	(void)state;
	random_seed(&random, 5);
	for (int i = 0; i < 20000; i++) {
		AUTO(str_clear) struct str plain = STR_INIT(1000);
		AUTO(str_clear) struct str quoted = STR_INIT(1000);
		AUTO(str_clear) struct str back = STR_INIT(1000);
		size_t count = random_below(&random, 12);

		for (size_t j = 0; j < count; j++) {
			if (random_below(&random, 10) == 0)
				str_add_char(&plain, '\0');
			else
				str_add(&plain, pieces[random_below(&random, ARRAY_LEN(pieces))]);
		}
		str_add_json(&quoted, plain.text, plain.len);
		assert_true(json_check(quoted.text, quoted.len, NULL));
		json_unquote((struct json_slice){ .text = quoted.text, .len = quoted.len, .kind = JSON_STRING }, &back);
		assert_int_equal(back.len, plain.len);
		assert_memory_equal(back.text, plain.text, plain.len);
	}
}

/* Walk whatever is there; everything must lie inside `all`. */
static void walk_inside(struct json_slice all, int depth)
{
	AUTO(str_clear) struct str text = STR_INIT(TEXTS_MAX);
	struct json_slice name, value;
	size_t at = 0;

	while (json_each(all, &at, &name, &value)) {
		assert_true(at <= all.len);
		assert_true(value.text >= all.text);
		assert_true(value.text + value.len <= all.text + all.len);
		json_unquote(name, &text);
		json_unquote(value, &text);
		json_equals(value, "Harbor");
		if (depth > 0)
			walk_inside(value, depth - 1);
	}
}

/* Unchecked text gives nonsense, but no step beyond its end, which the sanitizer would see. */
static void broken_texts_are_not_left(void **state)
{
	AUTO(texts_clear) struct texts texts = TEXTS_INIT;

	(void)state;
	for (uint64_t seed = 20001; seed <= 24000; seed++) {
		AUTO(memory_freep) char *exact = NULL;
		struct json_slice all = { .kind = JSON_OBJECT };

		texts_make(&texts, seed);
		for (int i = 0; i < 4; i++)
			texts_mutate(&texts);
		all.len = random_below(&texts.random, texts.text.len + 1);
		exact = memory_resize(NULL, all.len);
		memcpy(exact, texts.text.text, all.len);
		all.text = exact;
		walk_inside(all, 20);
		all.kind = JSON_ARRAY;
		walk_inside(all, 20);
		json_find(all.text, all.len, "n0a.n1a");
		json_find(all.text, all.len, "n0Harbor");
	}
}

int test_json_slice(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slices_are_what_trees_hold),
		cmocka_unit_test(maps_lead_to_the_same),
		cmocka_unit_test(broken_texts_have_no_map),
		cmocka_unit_test(members_are_found),
		cmocka_unit_test(finding_elsewhere),
		cmocka_unit_test(walking_by_hand),
		cmocka_unit_test(strings_are_unquoted),
		cmocka_unit_test(other_kinds_are_no_strings),
		cmocka_unit_test(writing_and_reading_meet),
		cmocka_unit_test(broken_texts_are_not_left),
	};

	return cmocka_run_group_tests_name("json_slice", tests, NULL, NULL);
}
