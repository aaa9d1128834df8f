/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Answers for clients that do not ask for JSON. The XML form has the same names; what JSON writes
 * as members "domain", "sparse", "status", "name", "code" and the like are attributes here.
 * Works on text that the simulator itself wrote, which is always well-formed.
 */
#include "quickbooks/xml.h"

#include <ctype.h>
#include <string.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"

#define SCALAR_MAX ((size_t)1 << 20)

static void value_add(struct json_slice name, struct json_slice value, struct str *out);

static void escaped_add(struct str *out, const char *text, size_t len)
{
	size_t start = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];
		const char *entity = c == '&'	? "&amp;"
				     : c == '<' ? "&lt;"
				     : c == '>' ? "&gt;"
				     : c == '"' ? "&quot;"
						: NULL;

		/* Control characters cannot be written in XML at all. */
		if (!entity && c < 0x20 && c != '\n' && c != '\r' && c != '\t')
			entity = "\xef\xbf\xbd";
		if (!entity)
			continue;
		str_add_bytes(out, text + start, i - start);
		str_add(out, entity);
		start = i + 1;
	}
	str_add_bytes(out, text + start, len - start);
}

void xml_add_text(struct str *out, const char *text)
{
	escaped_add(out, text, strlen(text));
}

/* A string without its quotes, or a number or truth value as it stands. */
static void scalar_add(struct json_slice value, struct str *out)
{
	AUTO(str_clear) struct str plain = STR_INIT(SCALAR_MAX);

	if (value.kind != JSON_STRING) {
		str_add_bytes(out, value.text, value.len);
		return;
	}
	json_unquote(value, &plain);
	escaped_add(out, plain.text, plain.len);
}

static bool is_scalar(struct json_slice value)
{
	return value.kind == JSON_STRING || value.kind == JSON_NUMBER || value.kind == JSON_BOOL;
}

/* Member names with their quotes; what a client made up in a free object becomes a legal name. */
static void name_add(struct json_slice name, struct str *out)
{
	for (size_t i = 1; i + 1 < name.len; i++) {
		unsigned char c = (unsigned char)name.text[i];
		bool legal =
			isalpha(c) || c == '_' || (i > 1 && (isdigit(c) || c == '-' || c == '.'));

		str_add_char(out, legal ? (char)c : '_');
	}
	if (name.len <= 2)
		str_add_char(out, '_');
}

static void attribute_add(struct json_slice name, struct json_slice value, struct str *out)
{
	str_add_char(out, ' ');
	name_add(name, out);
	str_add(out, "=\"");
	scalar_add(value, out);
	str_add_char(out, '"');
}

static void tag_open(struct json_slice name, struct str *out)
{
	str_add_char(out, '<');
	name_add(name, out);
}

static void tag_end(struct json_slice name, struct str *out)
{
	str_add(out, "</");
	name_add(name, out);
	str_add_char(out, '>');
}

/* Close the tag that is open, or the element when nothing was put into it since `start`. */
static void element_end(struct json_slice name, size_t start, struct str *out)
{
	if (out->len == start) {
		str_truncate(out, start - 1);
		str_add(out, "/>");
	} else {
		tag_end(name, out);
	}
}

static struct json_slice name_of(const char *quoted)
{
	return (struct json_slice){ .text = quoted, .len = strlen(quoted), .kind = JSON_STRING };
}

/* {"value":"1"}, with "name" or "type" at most: a reference or a memo. */
static bool is_reference(struct json_slice object)
{
	struct json_slice name, value;
	bool has_value = false;

	for (size_t at = 0; json_each(object, &at, &name, &value);) {
		if (json_equals(name, "value") && is_scalar(value))
			has_value = true;
		else if (!(json_equals(name, "name") || json_equals(name, "type")) ||
			 !is_scalar(value))
			return false;
	}
	return has_value;
}

static void reference_add(struct json_slice tag, struct json_slice object, struct str *out)
{
	struct json_slice name, value;

	tag_open(tag, out);
	for (size_t at = 0; json_each(object, &at, &name, &value);)
		if (!json_equals(name, "value"))
			attribute_add(name, value, out);
	str_add_char(out, '>');
	scalar_add(json_find(object.text, object.len, "value"), out);
	tag_end(tag, out);
}

/* The members of an entity that are attributes. */
static bool is_entity_mark(struct json_slice name)
{
	return json_equals(name, "domain") || json_equals(name, "status") ||
	       json_equals(name, "sparse");
}

/*
 * An object of the ledger. JSON puts the members of the particular kind before "domain" or
 * "sparse" and those of all kinds behind; XML has the common ones first.
 */
static void entity_add(struct json_slice tag, struct json_slice object, struct str *out)
{
	struct json_slice name, value;
	bool is_common = false;
	size_t start;

	tag_open(tag, out);
	for (size_t at = 0; json_each(object, &at, &name, &value);)
		if (is_entity_mark(name))
			attribute_add(name, value, out);
	str_add_char(out, '>');
	start = out->len;
	for (size_t at = 0; json_each(object, &at, &name, &value);) {
		if (is_entity_mark(name))
			is_common = true;
		else if (is_common)
			value_add(name, value, out);
	}
	for (size_t at = 0; json_each(object, &at, &name, &value) && !is_entity_mark(name);)
		value_add(name, value, out);
	element_end(tag, start, out);
}

static void object_add(struct json_slice tag, struct json_slice object, struct str *out)
{
	struct json_slice name, value;
	size_t start;

	if (is_reference(object)) {
		reference_add(tag, object, out);
		return;
	}
	if (json_find(object.text, object.len, "domain").kind != JSON_NONE ||
	    json_find(object.text, object.len, "sparse").kind != JSON_NONE) {
		entity_add(tag, object, out);
		return;
	}
	tag_open(tag, out);
	str_add_char(out, '>');
	start = out->len;
	for (size_t at = 0; json_each(object, &at, &name, &value);)
		value_add(name, value, out);
	element_end(tag, start, out);
}

static void value_add(struct json_slice name, struct json_slice value, struct str *out)
{
	struct json_slice item;

	switch (value.kind) {
	case JSON_ARRAY:
		for (size_t at = 0; json_each(value, &at, NULL, &item);)
			value_add(name, item, out);
		break;
	case JSON_OBJECT:
		object_add(name, value, out);
		break;
	case JSON_STRING:
	case JSON_NUMBER:
	case JSON_BOOL:
		tag_open(name, out);
		str_add_char(out, '>');
		scalar_add(value, out);
		tag_end(name, out);
		break;
	default:
		break; /* null is not written */
	}
}

static void fault_object_add(struct json_slice tag, struct json_slice fault, struct str *out)
{
	struct json_slice error, name, value;

	tag_open(tag, out);
	attribute_add(name_of("\"type\""), json_find(fault.text, fault.len, "type"), out);
	str_add_char(out, '>');
	for (size_t at = 0, inner;
	     json_each(json_find(fault.text, fault.len, "Error"), &at, NULL, &error);) {
		str_add(out, "<Error");
		for (inner = 0; json_each(error, &inner, &name, &value);)
			if (json_equals(name, "code") || json_equals(name, "element"))
				attribute_add(name, value, out);
		str_add_char(out, '>');
		for (inner = 0; json_each(error, &inner, &name, &value);)
			if (json_equals(name, "Message") || json_equals(name, "Detail"))
				value_add(name, value, out);
		str_add(out, "</Error>");
	}
	tag_end(tag, out);
}

/* {"Customer":[..],"startPosition":1,"maxResults":2}; changes are counted as well. */
static void query_response_add(struct json_slice tag, struct json_slice response, bool counted,
			       struct str *out)
{
	struct json_slice name, value;
	size_t start;

	tag_open(tag, out);
	for (size_t at = 0; json_each(response, &at, &name, &value);) {
		if (!is_scalar(value))
			continue;
		attribute_add(name, value, out);
		if (counted && json_equals(name, "maxResults"))
			attribute_add(name_of("\"totalCount\""), value, out);
	}
	str_add_char(out, '>');
	start = out->len;
	for (size_t at = 0; json_each(response, &at, &name, &value);)
		if (!is_scalar(value))
			value_add(name, value, out);
	element_end(tag, start, out);
}

/* The members of an envelope, of a batch item or of an upload. */
static void envelope_member_add(struct json_slice name, struct json_slice value, struct str *out)
{
	if (json_equals(name, "Fault"))
		fault_object_add(name, value, out);
	else if (json_equals(name, "QueryResponse"))
		query_response_add(name, value, false, out);
	else
		value_add(name, value, out);
}

/* Each item an element of its own, with its bId as an attribute. */
static void items_add(struct json_slice tag, struct json_slice items, struct str *out)
{
	struct json_slice item, name, value, id;

	for (size_t at = 0, inner; json_each(items, &at, NULL, &item);) {
		tag_open(tag, out);
		id = json_find(item.text, item.len, "bId");
		if (id.kind != JSON_NONE)
			attribute_add(name_of("\"bId\""), id, out);
		str_add_char(out, '>');
		for (inner = 0; json_each(item, &inner, &name, &value);)
			if (!json_equals(name, "bId"))
				envelope_member_add(name, value, out);
		tag_end(tag, out);
	}
}

static void changes_add(struct json_slice tag, struct json_slice sets, struct str *out)
{
	struct json_slice set, response;

	for (size_t at = 0, inner; json_each(sets, &at, NULL, &set);) {
		tag_open(tag, out);
		str_add_char(out, '>');
		for (inner = 0; json_each(json_find(set.text, set.len, "QueryResponse"), &inner,
					  NULL, &response);)
			query_response_add(name_of("\"QueryResponse\""), response, true, out);
		tag_end(tag, out);
	}
}

/* Cells and rows of a report carry their scalars as attributes. */
static void report_part_add(struct json_slice tag, struct json_slice part, struct str *out)
{
	bool is_flat = json_equals(tag, "ColData") || json_equals(tag, "Row");
	struct json_slice name, value, item;
	size_t start;

	if (part.kind == JSON_ARRAY) {
		for (size_t at = 0; json_each(part, &at, NULL, &item);)
			report_part_add(tag, item, out);
		return;
	}
	if (part.kind != JSON_OBJECT) {
		value_add(tag, part, out);
		return;
	}
	tag_open(tag, out);
	for (size_t at = 0; is_flat && json_each(part, &at, &name, &value);)
		if (is_scalar(value))
			attribute_add(name, value, out);
	str_add_char(out, '>');
	start = out->len;
	for (size_t at = 0; json_each(part, &at, &name, &value);)
		if (!is_flat || !is_scalar(value))
			report_part_add(name, value, out);
	element_end(tag, start, out);
}

void xml_add_envelope(const char *json, size_t len, struct str *out)
{
	struct json_slice envelope = { .text = json, .len = len, .kind = JSON_OBJECT };
	struct json_slice time = json_find(json, len, "time"), name, value;

	str_add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>"
		     "<IntuitResponse xmlns=\"http://schema.intuit.com/finance/v3\"");
	if (is_scalar(time))
		attribute_add(name_of("\"time\""), time, out);
	str_add_char(out, '>');
	if (json_find(json, len, "Rows").kind != JSON_NONE) {
		report_part_add(name_of("\"Report\""), envelope, out);
	} else {
		for (size_t at = 0; json_each(envelope, &at, &name, &value);) {
			if (json_equals(name, "time"))
				continue;
			if (json_equals(name, "BatchItemResponse") ||
			    json_equals(name, "AttachableResponse"))
				items_add(name, value, out);
			else if (json_equals(name, "CDCResponse"))
				changes_add(name, value, out);
			else
				envelope_member_add(name, value, out);
		}
	}
	str_add(out, "</IntuitResponse>");
}
