/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as JSON: json_check() must agree with json-c, a checked text must be walked without
 * leaving it and hold what json-c's tree holds, value for value, with its map as without; and even an
 * unchecked one must not be left.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"

#define TREE_DEPTH_MAX 1000
#define MEMBERS_COMPARED 64 /* of an object: each looks at all the others */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "broken: %s\n", what);
	abort();
}

static void tree_freep(struct json_object **tree)
{
	json_object_put(*tree);
}

/* A tree, or NULL; `ret_ok` because null is NULL too. */
static struct json_object *tree_of(const char *text, size_t len, bool *ret_ok)
{
	AUTO(memory_freep) char *copy = memory_copy(text, len);
	struct json_tokener *tokener = json_tokener_new_ex(TREE_DEPTH_MAX);
	AUTO(tree_freep) struct json_object *tree = NULL;

	/* With its NUL, for without it a number might go on; an earlier NUL is no end. */
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	tree = json_tokener_parse_ex(tokener, copy, (int)len + 1);
	*ret_ok = json_tokener_get_error(tokener) == json_tokener_success &&
		  json_tokener_get_parse_end(tokener) >= len;
	json_tokener_free(tokener);
	return *ret_ok ? memory_steal(&tree) : NULL;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/*
 * Might json-c take this text although RFC 8259 does not? Even when strict it takes NaN and
 * Infinity, control characters inside strings, names in single quotes, points without digits on
 * both sides, zeros before a number, and UTF-8 that is overlong, a surrogate or too great. It is
 * nowhere stricter, so what is accepted here it must accept, too.
 */
static bool tree_is_lax(const char *text, size_t len)
{
	if (!str_is_utf8(text, len) || memmem(text, len, "NaN", 3) ||
	    memmem(text, len, "Infinity", 8) || memchr(text, '\'', len))
		return true;
	for (size_t i = 0; i < len; i++) {
		char before = i > 0 ? text[i - 1] : ' ', after = i + 1 < len ? text[i + 1] : ' ';

		if ((unsigned char)text[i] < 0x20)
			return true;
		if (text[i] == '.' && !(is_digit(before) && is_digit(after)))
			return true;
		if (text[i] == '0' && is_digit(after) && !is_digit(before) && before != '.')
			return true;
	}
	return false;
}

/* Does something lie more than JSON_DEPTH_MAX brackets deep? Counted on text that json-c took. */
static bool is_deep(const char *text, size_t len)
{
	bool in_string = false;
	int depth = 0;

	for (size_t i = 0; i < len; i++) {
		if (in_string && text[i] == '\\')
			i++;
		else if (text[i] == '"')
			in_string = !in_string;
		else if (!in_string && (text[i] == '[' || text[i] == '{'))
			depth++;
		else if (!in_string && (text[i] == ']' || text[i] == '}'))
			depth--;
		if (depth > JSON_DEPTH_MAX)
			return true;
	}
	return false;
}

/* Names and values of any text, checked or not, lie inside it. */
static void walk_inside(struct json_slice all, int depth)
{
	struct json_slice name, value;
	size_t at = 0;

	while (json_each(all, &at, &name, &value)) {
		must(at <= all.len, "json_each() passed the end");
		must(value.text >= all.text && value.text + value.len <= all.text + all.len,
		     "a value lies outside");
		must(name.kind == JSON_NONE || (name.text >= all.text &&
		     name.text + name.len <= value.text), "a name lies outside");
		if (depth > 0)
			walk_inside(value, depth - 1);
	}
}

/* Lone surrogates aside, where the two need not agree, both read the same text. */
static void compare_string(struct json_slice slice, struct json_object *tree)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str quoted = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str again = STR_INIT(STR_NO_LIMIT);

	json_unquote(slice, &text);
	must(str_is_utf8(text.text, text.len), "unquoted text is no UTF-8");
	must(json_equals(slice, text.text) == (strlen(text.text) == text.len),
	     "json_equals() and json_unquote() differ");
	str_add_json(&quoted, text.text, text.len);
	must(json_check(quoted.text, quoted.len, NULL), "written text is no JSON");
	json_unquote((struct json_slice){ .text = quoted.text, .len = quoted.len, .kind = JSON_STRING }, &again);
	must(again.len == text.len && memcmp(again.text, text.text, text.len) == 0,
	     "written text reads differently");
	if (memmem(slice.text, slice.len, "\\ud", 3) || memmem(slice.text, slice.len, "\\uD", 3))
		return;
	must((size_t)json_object_get_string_len(tree) == text.len &&
	     memcmp(json_object_get_string(tree), text.text, text.len) == 0,
	     "json-c reads another text");
}

static void compare_value(struct json_slice slice, struct json_object *tree);

/* A number's digits read by json-c as a text of their own are the value that it has in the tree. */
static void compare_number(struct json_slice slice, struct json_object *tree)
{
	AUTO(tree_freep) struct json_object *alone = NULL;
	bool ok;

	alone = tree_of(slice.text, slice.len, &ok);
	must(ok, "json-c takes no number for a number");
	must(json_object_equal(alone, tree), "json-c reads another number");
}

/* json-c keeps the last of several members with one name; json_find() gives the first. */
static void compare_member(struct json_slice object, struct json_slice name,
			   struct json_slice value, struct json_object *tree)
{
	AUTO(str_clear) struct str plain = STR_INIT(STR_NO_LIMIT);
	struct json_slice found;

	json_unquote(name, &plain);
	if (plain.len + 2 != name.len || memchr(plain.text, '.', plain.len) ||
	    memchr(plain.text, '\0', plain.len) || memchr(name.text, '\\', name.len))
		return;
	found = json_find(object.text, object.len, plain.text);
	must(found.kind != JSON_NONE && found.text <= value.text, "json_find() finds nothing");
	must(json_object_object_get_ex(tree, plain.text, NULL), "json-c has no such member");
}

/* How often an object has a member of that name, however it is written. */
static size_t count_name(struct json_slice object, const char *name)
{
	struct json_slice member, value;
	size_t at = 0, count = 0;

	while (json_each(object, &at, &member, &value))
		count += json_equals(member, name);
	return count;
}

/* Where a name is there once, both have the same value under it. Lone surrogates aside, as in texts. */
static void compare_only_member(struct json_slice object, struct json_slice name, struct json_slice value,
				struct json_object *tree)
{
	AUTO(str_clear) struct str plain = STR_INIT(STR_NO_LIMIT);
	struct json_object *member;

	json_unquote(name, &plain);
	if (strlen(plain.text) != plain.len || memmem(name.text, name.len, "\\ud", 3) || memmem(name.text, name.len, "\\uD", 3) ||
	    count_name(object, plain.text) != 1)
		return;
	must(json_object_object_get_ex(tree, plain.text, &member), "json-c has no such member");
	compare_value(value, member);
}

static void compare_container(struct json_slice slice, struct json_object *tree)
{
	bool is_object = slice.kind == JSON_OBJECT;
	struct json_slice name, value;
	size_t at = 0, count = 0;

	while (json_each(slice, &at, &name, &value)) {
		if (is_object) {
			compare_member(slice, name, value, tree);
			if (count < MEMBERS_COMPARED)
				compare_only_member(slice, name, value, tree);
		} else
			compare_value(value, json_object_array_get_idx(tree, count));
		count++;
	}
	must(slice.text[at + strspn(slice.text + at, at ? " \t\r\n" : " \t\r\n[{")] ==
	     (is_object ? '}' : ']'), "json_each() stopped before the end");
	if (is_object)
		must(count >= (size_t)json_object_object_length(tree), "members are missing");
	else
		must(count == json_object_array_length(tree), "items are missing");
}

static void compare_value(struct json_slice slice, struct json_object *tree)
{
	static const enum json_kind kinds[] = {
		[json_type_null] = JSON_NULL, [json_type_boolean] = JSON_BOOL,
		[json_type_double] = JSON_NUMBER, [json_type_int] = JSON_NUMBER,
		[json_type_object] = JSON_OBJECT, [json_type_array] = JSON_ARRAY,
		[json_type_string] = JSON_STRING,
	};

	must(slice.kind == kinds[json_object_get_type(tree)], "json-c sees another kind");
	must(json_check(slice.text, slice.len, NULL), "a value is no whole text");
	if (slice.kind == JSON_STRING)
		compare_string(slice, tree);
	else if (slice.kind == JSON_NUMBER)
		compare_number(slice, tree);
	else if (slice.kind == JSON_BOOL)
		must((*slice.text == 't') == json_object_get_boolean(tree), "json-c reads the other flag");
	else if (slice.kind == JSON_OBJECT || slice.kind == JSON_ARRAY)
		compare_container(slice, tree);
}

/* Step for step the same with the map. */
static void compare_mapped(struct json_slice mapped, struct json_slice plain)
{
	struct json_slice name, value, plain_name, plain_value;
	size_t at = 0, plain_at = 0;

	must(mapped.text == plain.text && mapped.len == plain.len && mapped.kind == plain.kind, "the map leads elsewhere");
	while (json_each(plain, &plain_at, &plain_name, &plain_value)) {
		must(json_each(mapped, &at, &name, &value) && at == plain_at && name.text == plain_name.text, "the map loses the way");
		compare_mapped(value, plain_value);
	}
	must(!json_each(mapped, &at, &name, &value), "the map leads too far");
}

static void check_map(const char *text, size_t len)
{
	AUTO(json_map_freep) struct json_map *map = NULL;
	bool is_array = text[strspn(text, " \t\r\n")] == '[';
	struct json_slice whole = { .text = text, .len = len, .kind = is_array ? JSON_ARRAY : JSON_OBJECT }, mapped = whole;

	must(json_check_map(text, len, &map, NULL) && map, "a good text has no map");
	mapped.map = map;
	compare_mapped(mapped, whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Its own memory, so that a byte too far is seen. */
	AUTO(memory_freep) char *text = memory_resize(NULL, size);
	AUTO(tree_freep) struct json_object *tree = NULL;
	size_t at = SIZE_MAX;
	bool ok, tree_ok;

	if (size > INT32_MAX / 2)
		return 0;
	if (size)
		memcpy(text, data, size);
	ok = json_check(text, size, &at);
	tree = tree_of(text, size, &tree_ok);
	must(ok ? at == SIZE_MAX : at <= size, "the place lies outside");
	must(tree_ok || !ok, "json-c refuses what was accepted");
	must(ok || !tree_ok || tree_is_lax(text, size) || is_deep(text, size),
	     "json-c accepts what was refused");
	walk_inside((struct json_slice){ .text = text, .len = size, .kind = JSON_OBJECT }, JSON_DEPTH_MAX);
	walk_inside((struct json_slice){ .text = text, .len = size, .kind = JSON_ARRAY }, JSON_DEPTH_MAX);
	json_find(text, size, "Line.Amount");
	if (ok) {
		AUTO(str_clear) struct str whole = STR_INIT(STR_NO_LIMIT);
		struct json_slice value;

		str_add(&whole, "{\"all\":");
		str_add_bytes(&whole, text, size);
		str_add(&whole, "}");
		value = json_find(whole.text, whole.len, "all");
		compare_value(value, tree);
		check_map(text, size);
	}
	return 0;
}
