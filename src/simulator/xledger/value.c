/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From JSON to values and back; the depth is bounded by those who read the text. */
#include "xledger/value.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct gql_value *value_text(enum gql_kind kind, const char *text, size_t len, struct arena *arena)
{
	struct gql_value *value = arena_new(arena, sizeof(*value));

	value->kind = kind;
	value->text = arena_text(arena, text, len);
	value->len = len;
	return value;
}

static const char *unquoted(struct json_slice slice, struct arena *arena, size_t *ret_len)
{
	struct str out = STR_INIT(STR_NO_LIMIT);
	const char *text;

	json_unquote(slice, &out);
	text = arena_text(arena, out.text, out.len);
	*ret_len = out.len;
	str_clear(&out);
	return text;
}

static enum gql_kind number_kind(struct json_slice slice)
{
	for (size_t i = 0; i < slice.len; i++)
		if (slice.text[i] == '.' || slice.text[i] == 'e' || slice.text[i] == 'E')
			return GQL_FLOAT;
	return GQL_INT;
}

static struct gql_value *container_of_json(struct json_slice slice, struct arena *arena)
{
	struct gql_value *value = value_text(slice.kind == JSON_ARRAY ? GQL_LIST : GQL_OBJECT, "", 0, arena);
	struct gql_value **end = &value->first;
	struct json_slice name, item;
	size_t len;

	for (size_t at = 0; json_each(slice, &at, &name, &item);) {
		*end = gql_value_of_json(item, arena);
		if (slice.kind == JSON_OBJECT)
			(*end)->name = unquoted(name, arena, &len);
		end = &(*end)->next;
	}
	return value;
}

struct gql_value *gql_value_of_json(struct json_slice slice, struct arena *arena)
{
	struct gql_value *value;

	switch (slice.kind) {
	case JSON_BOOL:
		return value_text(GQL_BOOL, slice.text, slice.len, arena);
	case JSON_NUMBER:
		return value_text(number_kind(slice), slice.text, slice.len, arena);
	case JSON_STRING:
		value = value_text(GQL_STRING, "", 0, arena);
		value->text = unquoted(slice, arena, &value->len);
		return value;
	case JSON_ARRAY:
	case JSON_OBJECT:
		return container_of_json(slice, arena);
	default:
		return value_text(GQL_NULL, "null", 4, arena);
	}
}

const struct gql_value *gql_member(const struct gql_value *first, const char *name)
{
	for (; first; first = first->next)
		if (first->name && strcmp(first->name, name) == 0)
			return first;
	return NULL;
}

bool gql_value_number(const struct gql_value *value, int64_t *ret_number)
{
	const char *text = value->text;
	size_t sign = value->len > 0 && *text == '-';
	char *end;

	if ((value->kind != GQL_INT && value->kind != GQL_STRING) || value->len == sign ||
	    strspn(text + sign, "0123456789") != value->len - sign)
		return false;
	errno = 0;
	*ret_number = strtoll(text, &end, 10);
	return errno == 0;
}

void gql_value_add_json(const struct gql_value *value, struct str *out)
{
	bool list = value->kind == GQL_LIST;

	switch (value->kind) {
	case GQL_STRING:
	case GQL_ENUM:
	case GQL_VARIABLE:
		str_add_json(out, value->text, value->len);
		break;
	case GQL_LIST:
	case GQL_OBJECT:
		str_add_char(out, list ? '[' : '{');
		for (const struct gql_value *item = value->first; item; item = item->next) {
			if (!list) {
				str_add_json(out, item->name, strlen(item->name));
				str_add_char(out, ':');
			}
			gql_value_add_json(item, out);
			if (item->next)
				str_add_char(out, ',');
		}
		str_add_char(out, list ? ']' : '}');
		break;
	case GQL_NULL:
		str_add(out, "null");
		break;
	default:
		str_add_bytes(out, value->text, value->len);
		break;
	}
}
