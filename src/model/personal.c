/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Masking walks along the personal paths alone, all of them at once: what is left of each is carried down, so that a record is
 * read once however many there are. What lies between masked values is copied as it stands.
 */
#include "ledgerdeck/model/personal.h"

#include <string.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "catalogue_impl.h"

/* What is left of the paths that lead to or through a value; each ends with a blank or the text. */
struct rests {
	const char *texts[TYPE_PERSONAL_MAX]; /* borrowed: the type */
	size_t count;
};

struct mask {
	const char *copied; /* of the text: all before it is in `out` */
	struct str *out;
};

static struct rests rests_of(const struct type *type)
{
	struct rests rests = { .count = 0 };

	for (const char *at = type->personal + strspn(type->personal, " "); *at && rests.count < TYPE_PERSONAL_MAX; at += strspn(at, " ")) {
		rests.texts[rests.count++] = at;
		at += strcspn(at, " ");
	}
	return rests;
}

static bool is_end(const char *rest)
{
	return *rest == '\0' || *rest == ' ';
}

/* The next name of a path is this one, or any: what is left behind it. NULL: it leads elsewhere. */
static const char *step(const char *rest, const char *name, size_t len)
{
	size_t wanted = strcspn(rest, ". ");

	if (!(wanted == 1 && *rest == '*') && (wanted != len || memcmp(rest, name, len) != 0))
		return NULL;
	return rest[wanted] == '.' ? rest + wanted + 1 : rest + wanted;
}

/* ---- paths */

/* "Line[2].Amount" and "Line.Amount" are the same way. */
static bool touches(const char *path, const char *rest)
{
	while (*path && !is_end(rest)) {
		size_t len = strcspn(path, ".");
		size_t name = strcspn(path, "[.");

		rest = step(rest, path, name);
		if (!rest && *path == '*')
			return true;
		if (!rest)
			return false;
		path += len;
		path += *path == '.';
	}
	return true;
}

bool personal_has(const struct type *type, const char *path)
{
	struct rests rests = { .count = 0 };

	if (type && *type->personal)
		rests = rests_of(type);
	for (size_t i = 0; i < rests.count; i++)
		if (touches(path, rests.texts[i]))
			return true;
	return false;
}

/* ---- records */

static void mask_value(struct mask *mask, struct json_slice value, const struct rests *rests);

/* A ledger may write a name with escapes: it is the same name. */
static void mask_member(struct mask *mask, struct json_slice name, struct json_slice value, const struct rests *rests)
{
	AUTO(str_clear) struct str plain = STR_INIT(STR_NO_LIMIT);
	struct rests below = { .count = 0 };
	const char *text = name.text + 1;
	size_t len = name.len - 2;

	if (memchr(text, '\\', len)) {
		json_unquote(name, &plain);
		text = plain.len ? plain.text : "";
		len = plain.len;
	}
	for (size_t i = 0; i < rests->count; i++) {
		const char *rest = step(rests->texts[i], text, len);

		if (rest)
			below.texts[below.count++] = rest;
	}
	if (below.count > 0)
		mask_value(mask, value, &below);
}

static bool says_nothing(struct json_slice value)
{
	return value.kind == JSON_NULL || (value.kind == JSON_STRING && value.len == 2);
}

/* No deeper than the longest path, but for lists in lists, which checked text bounds. */
static void mask_value(struct mask *mask, struct json_slice value, const struct rests *rests)
{
	struct json_slice name = { 0 }, each;

	for (size_t i = 0; i < rests->count; i++) {
		if (!is_end(rests->texts[i]))
			continue;
		if (says_nothing(value))
			return;
		str_add_bytes(mask->out, mask->copied, (size_t)(value.text - mask->copied));
		str_add(mask->out, "\"" PERSONAL_MASK "\"");
		mask->copied = value.text + value.len;
		return;
	}
	for (size_t at = 0; value.kind == JSON_ARRAY && json_each(value, &at, NULL, &each);)
		mask_value(mask, each, rests);
	for (size_t at = 0; value.kind == JSON_OBJECT && json_each(value, &at, &name, &each);)
		mask_member(mask, name, each, rests);
}

static enum json_kind container_kind(const char *text, size_t len)
{
	size_t at = 0;

	while (at < len && strchr(" \t\r\n", text[at]))
		at++;
	return at == len ? JSON_NONE : text[at] == '{' ? JSON_OBJECT : text[at] == '[' ? JSON_ARRAY : JSON_NULL;
}

void personal_add_json(const struct type *type, enum personal personal, const char *text, size_t len, struct str *out)
{
	struct mask mask = { .copied = text, .out = out };
	struct rests rests;

	if (personal == PERSONAL_SHOWN || !*type->personal) {
		str_add_bytes(out, text, len);
		return;
	}
	if (!json_check(text, len, NULL)) {
		str_add(out, "\"" PERSONAL_MASK "\"");
		return;
	}
	rests = rests_of(type);
	mask_value(&mask, (struct json_slice){ .text = text, .len = len, .kind = container_kind(text, len) }, &rests);
	str_add_bytes(out, mask.copied, (size_t)(text + len - mask.copied));
}
