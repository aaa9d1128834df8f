/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a file is, and what comes out of it. JSON is read when it is there as a whole, lines when each is, CSV as it comes. */
#include "ledgerdeck/model/import.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "excerpt.h"
#include "import_impl.h"
#include "ledgerdeck/core/hash.h"
#include "ledgerdeck/core/memory.h"

static const char byte_order_mark[] = "\xef\xbb\xbf";

static const char *const method_words[] = {
	[IMPORT_UPSERT] = "upsert",
	[IMPORT_CREATE] = "create",
	[IMPORT_FIND] = "find",
	[IMPORT_UPDATE] = "update",
};
_Static_assert(ARRAY_LEN(method_words) == IMPORT_METHOD_COUNT, "a word for each method");

const char *import_method_word(enum import_method method)
{
	return method_words[method];
}

bool import_method_parse(const char *word, size_t len, enum import_method *ret_method)
{
	for (int method = 0; method < IMPORT_METHOD_COUNT; method++)
		if (strlen(method_words[method]) == len && strncasecmp(method_words[method], word, len) == 0) {
			*ret_method = (enum import_method)method;
			return true;
		}
	return false;
}

struct import *import_new(const struct import_options *options, const struct import_sink *sink)
{
	struct import *import = memory_new(sizeof(*import));

	import->options = *options;
	import->sink = *sink;
	import->form = options->form;
	import->line = 1;
	str_init(&import->buffer, IMPORT_JSON_MAX);
	return import;
}

void import_free(struct import *import)
{
	if (!import)
		return;
	import_csv_free(import->csv);
	seen_clear(&import->seen);
	str_clear(&import->buffer);
	free(import);
}

void import_freep(struct import **import)
{
	import_free(*import);
	*import = NULL;
}

void import_again(struct import *import)
{
	import_csv_free(import->csv);
	import->csv = NULL;
	str_clear(&import->buffer);
	import->counts = (struct import_counts){ 0 };
	import->has_begun = import->has_ended = import->is_skipping = false;
	import->line = 1;
	import->requests = 0;
	import->is_again = true;
}

struct import_counts import_counts(const struct import *import)
{
	return import->counts;
}

const struct resource_type *import_type(const struct import *import)
{
	return import->csv ? import_csv_type(import->csv) : NULL;
}

/* ---- what comes out */

bool import_give(struct import *import, const struct import_document *document, struct error *err)
{
	import->counts.documents++;
	return import->sink.document(import->sink.ctx, document, err);
}

bool import_refuse(struct import *import, const struct import_refusal *refusal, struct error *err)
{
	import->counts.refusals++;
	return import->sink.refusal(import->sink.ctx, refusal, err);
}

static void tell_twice(const struct import *import, const struct resource_type *type, size_t first, size_t line, struct str *out)
{
	if (first == line)
		str_addf(out, "this %s comes once more further down", type->title);
	else
		str_addf(out, "this %s came on line %zu already", type->title, first);
	str_addf(out, ": a file has each once%s", import->csv && type->line_count > 0 ? ", its rows one behind the other" : "");
}

bool import_know(struct import *import, const struct resource_type *type, const char *organization, const char *external_id,
		 size_t line, struct str *ret_why, struct error *err)
{
	AUTO(str_clear) struct str text = STR_INIT((size_t)RESOURCE_EXTERNAL_MAX * 3);
	uint64_t name;
	size_t first;

	if (!import->is_again && import->seen.count >= IMPORT_DOCUMENTS_MAX)
		return error_set(err, ERROR_INPUT, "line %zu: a file has %zu documents at most: split it", line, IMPORT_DOCUMENTS_MAX);
	str_add_bytes(&text, type->name, strlen(type->name) + 1);
	str_add_bytes(&text, organization, strlen(organization) + 1);
	str_add(&text, external_id);
	name = hash_bytes(text.text, text.len);
	if (import->is_again ? seen_is_twice(&import->seen, name, &first) : (first = seen_add(&import->seen, name, line)) > 0)
		tell_twice(import, type, first, line, ret_why);
	return true;
}

/* ---- JSON Lines */

static bool refuse_line(struct import *import, size_t column, const char *text, const char *why, struct error *err)
{
	const struct import_refusal refusal = {
		.line = import->line, .column = column, .name = "", .text = text, .why = why, .external_id = "",
	};

	import->counts.refused++;
	return import_refuse(import, &refusal, err);
}

static bool is_blank(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] != ' ' && text[i] != '\t' && text[i] != '\r' && text[i] != '\n')
			return false;
	return true;
}

static struct json_slice slice_of(const char *text, size_t len, const struct json_map *map)
{
	struct json_slice slice = { .map = map };

	while (len > 0 && is_blank(text, 1))
		text++, len--;
	while (len > 0 && is_blank(text + len - 1, 1))
		len--;
	slice.text = text;
	slice.len = len;
	slice.kind = len == 0 ? JSON_NONE : *text == '{' ? JSON_OBJECT : *text == '[' ? JSON_ARRAY : JSON_STRING;
	return slice;
}

static bool read_json_line(struct import *import, const char *text, size_t len, struct error *err)
{
	char shown[EXCERPT_MAX];
	size_t at;

	if (is_blank(text, len))
		return true;
	if (!json_check(text, len, &at))
		return refuse_line(import, at + 1, excerpt(text + at, len - at, shown), "from here on this line is no JSON", err);
	return import_json_items(import, text, import->line, slice_of(text, len, NULL), err);
}

static bool feed_json_lines(struct import *import, const char *bytes, size_t len, struct error *err)
{
	while (len > 0) {
		const char *end = memchr(bytes, '\n', len);
		size_t part = end ? (size_t)(end - bytes) : len;
		bool is_whole = end && import->buffer.len == 0 && !import->is_skipping && part <= RESOURCE_BYTES_MAX;

		if (!is_whole && !import->is_skipping && import->buffer.len + part > RESOURCE_BYTES_MAX) {
			import->is_skipping = true;
			str_clear(&import->buffer);
			if (!refuse_line(import, 0, "", "a line of JSON has 16 MiB at most", err))
				return false;
		}
		if (!is_whole && !import->is_skipping)
			str_add_bytes(&import->buffer, bytes, part);
		if (!end)
			return true;
		if (!import->is_skipping && !(is_whole ? read_json_line(import, bytes, part, err)
						       : read_json_line(import, import->buffer.text, import->buffer.len, err)))
			return false;
		str_reset(&import->buffer);
		import->is_skipping = false;
		import->line++;
		bytes += part + 1;
		len -= part + 1;
	}
	return true;
}

/* ---- JSON */

static void json_map_clear(struct json_map **map)
{
	json_map_free(*map);
}

/* The line and the place in it, both from 1. */
static size_t count_lines(const char *text, size_t at, size_t *ret_column)
{
	const char *from = text, *end;
	size_t line = 1;

	while ((end = memchr(from, '\n', (size_t)(text + at - from))) != NULL) {
		line++;
		from = end + 1;
	}
	*ret_column = (size_t)(text + at - from) + 1;
	return line;
}

static bool end_json(struct import *import, struct error *err)
{
	AUTO(json_map_clear) struct json_map *map = NULL;
	const struct str *text = &import->buffer;
	char shown[EXCERPT_MAX];
	size_t at, line, column;

	if (is_blank(text->text, text->len))
		return true;
	if (!json_check_map(text->text, text->len, &map, &at)) {
		line = count_lines(text->text, at, &column);
		return error_set(err, ERROR_INPUT, "line %zu, place %zu: from here on the file is no JSON: '%s'", line, column,
				 excerpt(text->text + at, text->len - at, shown));
	}
	return import_json_items(import, text->text, 1, slice_of(text->text, text->len, map), err);
}

static bool feed_json(struct import *import, const char *bytes, size_t len, struct error *err)
{
	str_add_bytes(&import->buffer, bytes, len);
	if (!str_is_cut(&import->buffer))
		return true;
	return error_set(err, ERROR_INPUT, "a JSON text has %zu MiB at most: give the file as JSON Lines, a document on each line, or as CSV",
			 IMPORT_JSON_MAX >> 20);
}

/* ---- which form it is */

static bool feed_form(struct import *import, const char *bytes, size_t len, struct error *err)
{
	switch (import->form) {
	case IMPORT_CSV:
		if (!import->csv)
			import->csv = import_csv_new(import);
		return import_csv_feed(import->csv, bytes, len, err);
	case IMPORT_JSON_LINES:
		return feed_json_lines(import, bytes, len, err);
	default:
		return feed_json(import, bytes, len, err);
	}
}

/* A list is JSON; so is an object, unless its first line is a whole one. False: more must be there to tell. */
static bool find_form(struct import *import, bool is_all)
{
	const struct str *text = &import->buffer;
	const char *start = text->text, *end, *past = text->text + text->len;

	if (text->len < strlen(byte_order_mark) && !is_all)
		return false;
	if (import->options.form != IMPORT_ANY_FORM) {
		import->form = import->options.form;
		return true;
	}
	if (strncmp(start, byte_order_mark, strlen(byte_order_mark)) == 0)
		start += strlen(byte_order_mark);
	while (start < past && is_blank(start, 1))
		start++;
	if (start == past && !is_all && text->len < RESOURCE_BYTES_MAX)
		return false;
	import->form = *start == '[' ? IMPORT_JSON : IMPORT_CSV;
	if (*start != '{')
		return true;
	end = memchr(start, '\n', (size_t)(past - start));
	if (!end && !is_all && text->len < RESOURCE_BYTES_MAX)
		return false;
	import->form = end && json_check(start, (size_t)(end - start), NULL) ? IMPORT_JSON_LINES : IMPORT_JSON;
	return true;
}

/* Once its beginning says what the file is, that is read in this form. */
static bool begin(struct import *import, bool is_all, struct error *err)
{
	AUTO(str_clear) struct str start = STR_INIT(IMPORT_JSON_MAX);
	size_t skip = 0;

	if (!find_form(import, is_all))
		return true;
	import->has_begun = true;
	start = import->buffer;
	str_init(&import->buffer, IMPORT_JSON_MAX);
	if (import->form != IMPORT_CSV && strncmp(start.text, byte_order_mark, strlen(byte_order_mark)) == 0)
		skip = strlen(byte_order_mark);
	return feed_form(import, start.text + skip, start.len - skip, err);
}

static bool feed(struct import *import, const char *bytes, size_t len, struct error *err)
{
	while (!import->has_begun && len > 0) {
		size_t room = RESOURCE_BYTES_MAX - import->buffer.len, part = len < room ? len : room;

		str_add_bytes(&import->buffer, bytes, part);
		bytes += part;
		len -= part;
		if (!begin(import, false, err))
			return false;
	}
	return len == 0 || feed_form(import, bytes, len, err);
}

bool import_feed(struct import *import, const char *bytes, size_t len, struct error *err)
{
	if (import->has_ended)
		return error_set(err, ERROR_INTERNAL, "the import has ended");
	if (feed(import, bytes, len, err))
		return true;
	import->has_ended = true;
	return false;
}

static bool end(struct import *import, struct error *err)
{
	if (!import->has_begun && !begin(import, true, err))
		return false;
	switch (import->form) {
	case IMPORT_CSV:
		return import_csv_end(import->csv, err);
	case IMPORT_JSON_LINES:
		return import->is_skipping || read_json_line(import, import->buffer.text, import->buffer.len, err);
	default:
		return end_json(import, err);
	}
}

bool import_end(struct import *import, struct error *err)
{
	if (import->has_ended)
		return error_set(err, ERROR_INTERNAL, "the import has ended");
	import->has_ended = true;
	return end(import, err);
}
