/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JSON text read in place. json_check() is the one strict pass; everything else trusts its
 * verdict about the grammar and therefore skips strings and brackets without looking inside, but
 * never leaves the text, whatever it is. Of members with the same name the first one counts.
 */
#include "ledgerdeck/core/json.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/core/utf8.h"
#include "json_map.h"

static_assert(JSON_DEPTH_MAX <= 64, "a bit of a word for each open container");

/* What a byte can be inside a string. */
enum string_byte {
	STRING_PLAIN,
	STRING_QUOTE,
	STRING_ESCAPE,
	STRING_HIGH,   /* the first byte of a longer character */
	STRING_CONTROL /* never */
};

#define EIGHT(x) x, x, x, x, x, x, x, x
#define SIXTY_FOUR(x) EIGHT(x), EIGHT(x), EIGHT(x), EIGHT(x), EIGHT(x), EIGHT(x), EIGHT(x), EIGHT(x)

static const unsigned char string_bytes[256] = {
	EIGHT(STRING_CONTROL), EIGHT(STRING_CONTROL), EIGHT(STRING_CONTROL), EIGHT(STRING_CONTROL),
	STRING_PLAIN, STRING_PLAIN, STRING_QUOTE, STRING_PLAIN, STRING_PLAIN, STRING_PLAIN,
	STRING_PLAIN, STRING_PLAIN, EIGHT(STRING_PLAIN), EIGHT(STRING_PLAIN), EIGHT(STRING_PLAIN),
	EIGHT(STRING_PLAIN), EIGHT(STRING_PLAIN), EIGHT(STRING_PLAIN),
	STRING_PLAIN, STRING_PLAIN, STRING_PLAIN, STRING_PLAIN, STRING_ESCAPE, STRING_PLAIN,
	STRING_PLAIN, STRING_PLAIN, EIGHT(STRING_PLAIN), EIGHT(STRING_PLAIN), EIGHT(STRING_PLAIN),
	EIGHT(STRING_PLAIN),
	SIXTY_FOUR(STRING_HIGH), SIXTY_FOUR(STRING_HIGH),
};

/* What ends a run of uninteresting bytes while brackets are counted. */
static const unsigned char structure_bytes[256] = {
	['"'] = 1, ['{'] = 1, ['['] = 1, ['}'] = 1, [']'] = 1,
};

/* A place in a text that is being checked; where it breaks when something was refused. */
struct scan {
	const char *at, *end;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static const char *skip_blanks(const char *at, const char *end)
{
	while (at < end && is_blank(*at))
		at++;
	return at;
}

static int hex_value(char c)
{
	if (is_digit(c))
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The four digits behind "\u"; -1 if they are none. */
static int32_t hex_four(const char *at, const char *end)
{
	int32_t code = 0;

	if (end - at < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		int digit = hex_value(at[i]);

		if (digit < 0)
			return -1;
		code = code << 4 | digit;
	}
	return code;
}

/* At the backslash. */
static bool scan_escape(struct scan *scan)
{
	if (scan->end - scan->at < 2)
		return false;
	switch (scan->at[1]) {
	case '"':
	case '\\':
	case '/':
	case 'b':
	case 'f':
	case 'n':
	case 'r':
	case 't':
		scan->at += 2;
		return true;
	case 'u':
		if (hex_four(scan->at + 2, scan->end) < 0)
			return false;
		scan->at += 6;
		return true;
	default:
		return false;
	}
}

/* Is one of the eight bytes a quote, a backslash, a control character or beyond ASCII? */
static bool word_is_special(uint64_t word)
{
	uint64_t quote = word ^ UTF8_BYTES('"');
	uint64_t escape = word ^ UTF8_BYTES('\\');
	uint64_t found = (word - UTF8_BYTES(0x20)) | (quote - UTF8_BYTES(0x01)) |
			 (escape - UTF8_BYTES(0x01)) | word;

	return utf8_word_has_high(found);
}

/* At the opening quote; leaves behind the closing one. */
static bool scan_string(struct scan *scan)
{
	const char *at = scan->at + 1, *end = scan->end;

	for (;;) {
		size_t step;

		while (end - at >= 8 && !word_is_special(utf8_word(at)))
			at += 8;
		while (at < end && string_bytes[(unsigned char)*at] == STRING_PLAIN)
			at++;
		scan->at = at;
		if (at == end)
			return false;
		switch (string_bytes[(unsigned char)*at]) {
		case STRING_QUOTE:
			scan->at++;
			return true;
		case STRING_ESCAPE:
			if (!scan_escape(scan))
				return false;
			at = scan->at;
			break;
		case STRING_HIGH:
			step = utf8_len(at, (size_t)(end - at));
			if (step == 0)
				return false;
			at += step;
			break;
		default:
			return false;
		}
	}
}

/* At least one digit. */
static bool scan_digits(struct scan *scan)
{
	const char *at = scan->at;

	while (at < scan->end && is_digit(*at))
		at++;
	if (at == scan->at)
		return false;
	scan->at = at;
	return true;
}

static bool scan_number(struct scan *scan)
{
	if (*scan->at == '-')
		scan->at++;
	if (scan->at < scan->end && *scan->at == '0')
		scan->at++;
	else if (!scan_digits(scan))
		return false;
	if (scan->at < scan->end && *scan->at == '.') {
		scan->at++;
		if (!scan_digits(scan))
			return false;
	}
	if (scan->at < scan->end && (*scan->at == 'e' || *scan->at == 'E')) {
		scan->at++;
		if (scan->at < scan->end && (*scan->at == '+' || *scan->at == '-'))
			scan->at++;
		return scan_digits(scan);
	}
	return true;
}

static bool scan_word(struct scan *scan, const char *word, size_t len)
{
	if ((size_t)(scan->end - scan->at) < len || memcmp(scan->at, word, len) != 0)
		return false;
	scan->at += len;
	return true;
}

/* At its first byte. */
static bool scan_scalar(struct scan *scan)
{
	switch (*scan->at) {
	case '"':
		return scan_string(scan);
	case 't':
		return scan_word(scan, "true", 4);
	case 'f':
		return scan_word(scan, "false", 5);
	case 'n':
		return scan_word(scan, "null", 4);
	default:
		return scan_number(scan);
	}
}

/* A member's name and its colon, with blanks before, between and behind. */
static bool scan_name(struct scan *scan)
{
	scan->at = skip_blanks(scan->at, scan->end);
	if (scan->at == scan->end || *scan->at != '"' || !scan_string(scan))
		return false;
	scan->at = skip_blanks(scan->at, scan->end);
	if (scan->at == scan->end || *scan->at != ':')
		return false;
	scan->at++;
	return true;
}

/* The containers that are open at some place. */
struct nest {
	uint64_t objects; /* lowest bit: the innermost; set for an object, clear for an array */
	int depth;
	struct json_map *map;               /* borrowed; NULL: nobody wants one */
	uint32_t numbers[JSON_DEPTH_MAX]; /* of the open ones in the map */
};

static char nest_closer(const struct nest *nest)
{
	return nest->objects & 1 ? '}' : ']';
}

static void nest_open(struct nest *nest, const char *at)
{
	if (nest->map)
		nest->numbers[nest->depth] = (uint32_t)json_map_open(nest->map, at);
	nest->objects = nest->objects << 1 | (*at == '{' ? 1 : 0);
	nest->depth++;
}

/* At the closing bracket; the place behind it. */
static const char *nest_close(struct nest *nest, const char *at)
{
	nest->objects >>= 1;
	nest->depth--;
	if (nest->map)
		json_map_close(nest->map, nest->numbers[nest->depth], at + 1);
	return at + 1;
}

/*
 * A value, or as much of it as comes before its first scalar or the end of an empty container.
 * `ret_complete` says whether a value has ended here.
 */
static bool scan_value(struct scan *scan, struct nest *nest, bool *ret_complete)
{
	char c;

	scan->at = skip_blanks(scan->at, scan->end);
	*ret_complete = true;
	if (scan->at == scan->end)
		return false;
	c = *scan->at;
	if (c != '{' && c != '[')
		return scan_scalar(scan);
	if (nest->depth == JSON_DEPTH_MAX)
		return false;
	nest_open(nest, scan->at);
	scan->at = skip_blanks(scan->at + 1, scan->end);
	if (scan->at < scan->end && *scan->at == nest_closer(nest)) {
		scan->at = nest_close(nest, scan->at);
		return true;
	}
	*ret_complete = false;
	return true;
}

/* Behind a value: what it closes, and a comma if something is still open. */
static bool scan_closers(struct scan *scan, struct nest *nest)
{
	for (;;) {
		scan->at = skip_blanks(scan->at, scan->end);
		if (nest->depth == 0)
			return scan->at == scan->end;
		if (scan->at == scan->end)
			return false;
		if (*scan->at == ',') {
			scan->at++;
			return true;
		}
		if (*scan->at != nest_closer(nest))
			return false;
		scan->at = nest_close(nest, scan->at);
	}
}

static bool scan_text(struct scan *scan, struct json_map *map)
{
	struct nest nest = { .map = map };

	do {
		bool complete;

		if ((nest.objects & 1) && !scan_name(scan))
			return false;
		if (!scan_value(scan, &nest, &complete))
			return false;
		if (complete && !scan_closers(scan, &nest))
			return false;
	} while (nest.depth > 0);
	return true;
}

bool json_check(const char *text, size_t len, size_t *ret_at)
{
	struct scan scan = { text, len ? text + len : text };

	if (scan_text(&scan, NULL))
		return true;
	if (ret_at)
		*ret_at = (size_t)(scan.at - text);
	return false;
}

bool json_check_map(const char *text, size_t len, struct json_map **ret_map, size_t *ret_at)
{
	AUTO(json_map_freep) struct json_map *map = json_map_new(text, len);
	struct scan scan = { text, len ? text + len : text };

	*ret_map = NULL;
	if (scan_text(&scan, map)) {
		*ret_map = memory_steal(&map);
		return true;
	}
	if (ret_at)
		*ret_at = (size_t)(scan.at - text);
	return false;
}

/* Is one of the eight bytes a quote or a backslash? Others beyond ASCII may look so too. */
static bool word_may_end(uint64_t word)
{
	uint64_t quote = word ^ UTF8_BYTES('"');
	uint64_t escape = word ^ UTF8_BYTES('\\');

	return utf8_word_has_high((quote - UTF8_BYTES(0x01)) | (escape - UTF8_BYTES(0x01)));
}

/* From the opening quote to behind the closing one, or to `end`. */
static const char *skip_string(const char *at, const char *end)
{
	for (at++; at < end; at += 2) {
		while (end - at >= 8 && !word_may_end(utf8_word(at)))
			at += 8;
		while (at < end && *at != '"' && *at != '\\')
			at++;
		if (at < end && *at == '"')
			return at + 1;
		if (end - at < 2)
			break;
	}
	return end;
}

/* From the opening bracket to behind its closing one, or to `end`. */
static const char *skip_container(const char *at, const char *end)
{
	size_t depth = 0;

	while (at < end) {
		if (!structure_bytes[(unsigned char)*at]) {
			at++;
			continue;
		}
		if (*at == '"') {
			at = skip_string(at, end);
			continue;
		}
		if (*at == '{' || *at == '[')
			depth++;
		else if (--depth == 0)
			return at + 1;
		at++;
	}
	return end;
}

static const char *skip_word(const char *at, const char *end)
{
	while (at < end && !is_blank(*at) && *at != ',' && *at != ']' && *at != '}')
		at++;
	return at;
}

/* The value that starts at `at`; JSON_NONE where none can start. */
static struct json_slice slice_at(const char *at, const char *end, const struct json_map *map)
{
	struct json_slice slice = { .text = at, .map = map };
	const char *behind;

	if (at == end)
		return (struct json_slice){ 0 };
	switch (*at) {
	case '"':
		slice.kind = JSON_STRING;
		behind = skip_string(at, end);
		break;
	case '{':
	case '[':
		slice.kind = *at == '{' ? JSON_OBJECT : JSON_ARRAY;
		behind = map ? json_map_end(map, at) : skip_container(at, end);
		break;
	case 't':
	case 'f':
		slice.kind = JSON_BOOL;
		behind = skip_word(at, end);
		break;
	case 'n':
		slice.kind = JSON_NULL;
		behind = skip_word(at, end);
		break;
	default:
		if (*at != '-' && !is_digit(*at))
			return (struct json_slice){ 0 };
		slice.kind = JSON_NUMBER;
		behind = skip_word(at, end);
	}
	slice.len = (size_t)(behind - at);
	return slice;
}

bool json_each(struct json_slice container, size_t *at, struct json_slice *ret_name,
	       struct json_slice *ret_value)
{
	bool is_object = container.kind == JSON_OBJECT;
	struct json_slice name = { 0 }, value;
	const char *from, *end;

	if ((!is_object && container.kind != JSON_ARRAY) || *at >= container.len)
		return false;
	end = container.text + container.len;
	/* Blanks before the bracket, then the bracket, or later the comma. */
	from = skip_blanks(container.text + *at, end);
	if (from == end || (*at > 0 && *from != ','))
		return false;
	from = skip_blanks(from + 1, end);
	if (is_object) {
		name = slice_at(from, end, NULL);
		if (name.kind != JSON_STRING)
			return false;
		from = skip_blanks(from + name.len, end);
		if (from == end || *from != ':')
			return false;
		from = skip_blanks(from + 1, end);
	}
	value = slice_at(from, end, container.map);
	if (value.kind == JSON_NONE)
		return false;
	*at = (size_t)(value.text + value.len - container.text);
	if (ret_name)
		*ret_name = name;
	*ret_value = value;
	return true;
}

static struct json_slice find_member(struct json_slice object, const char *name, size_t len)
{
	struct json_slice member, value;
	size_t at = 0;

	if (object.kind != JSON_OBJECT)
		return (struct json_slice){ 0 };
	while (json_each(object, &at, &member, &value)) {
		if (member.len == len + 2 && memcmp(member.text + 1, name, len) == 0)
			return value;
	}
	return (struct json_slice){ 0 };
}

struct json_slice json_find(const char *text, size_t len, const char *path)
{
	const char *end = len ? text + len : text, *at = skip_blanks(text, end);

	if (at == end || *at != '{')
		return (struct json_slice){ 0 };
	/* Where the outermost object ends is not worth looking for: its bracket will tell. */
	return json_member((struct json_slice){ .text = at, .len = (size_t)(end - at), .kind = JSON_OBJECT }, path);
}

struct json_slice json_member(struct json_slice object, const char *path)
{
	struct json_slice found = object;

	for (;;) {
		size_t name_len = strcspn(path, ".");

		found = find_member(found, path, name_len);
		if (path[name_len] == '\0')
			return found;
		path += name_len + 1;
	}
}

/* The character behind the backslash at `at`; returns the place behind the escape. */
static const char *unescape(const char *at, const char *end, uint32_t *ret_code)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *known;
	int32_t high, low;

	*ret_code = UTF8_REPLACEMENT;
	if (end - at < 2)
		return end;
	known = memchr(from, at[1], sizeof(from) - 1);
	if (known) {
		*ret_code = (unsigned char)to[known - from];
		return at + 2;
	}
	high = at[1] == 'u' ? hex_four(at + 2, end) : -1;
	if (high < 0)
		return at + 2;
	at += 6;
	if (high < 0xd800 || high > 0xdfff) {
		*ret_code = (uint32_t)high;
		return at;
	}
	low = high <= 0xdbff && end - at >= 6 && at[0] == '\\' && at[1] == 'u' ?
	      hex_four(at + 2, end) : -1;
	if (low < 0xdc00 || low > 0xdfff)
		return at;
	*ret_code = 0x10000 + ((uint32_t)(high - 0xd800) << 10) + (uint32_t)(low - 0xdc00);
	return at + 6;
}

/* The text between a string's quotes; false if it is no string. */
static bool string_inside(struct json_slice string, struct scan *ret_inside)
{
	if (string.kind != JSON_STRING || string.len < 2)
		return false;
	ret_inside->at = string.text + 1;
	ret_inside->end = string.text + string.len - 1;
	return true;
}

void json_unquote(struct json_slice string, struct str *out)
{
	struct scan inside;

	if (!string_inside(string, &inside))
		return;
	while (inside.at < inside.end) {
		size_t left = (size_t)(inside.end - inside.at);
		const char *escape = memchr(inside.at, '\\', left);
		char bytes[4];
		uint32_t code;

		if (!escape) {
			str_add_bytes(out, inside.at, left);
			return;
		}
		str_add_bytes(out, inside.at, (size_t)(escape - inside.at));
		inside.at = unescape(escape, inside.end, &code);
		str_add_bytes(out, bytes, utf8_encode(code, bytes));
	}
}

bool json_equals(struct json_slice string, const char *text)
{
	struct scan inside;

	if (!string_inside(string, &inside))
		return false;
	while (inside.at < inside.end) {
		char bytes[4];
		uint32_t code;
		size_t len;

		if (*inside.at != '\\') {
			if (*text == '\0' || *inside.at++ != *text++)
				return false;
			continue;
		}
		inside.at = unescape(inside.at, inside.end, &code);
		len = utf8_encode(code, bytes);
		if (strncmp(text, bytes, len) != 0 || code == 0)
			return false;
		text += len;
	}
	return *text == '\0';
}
