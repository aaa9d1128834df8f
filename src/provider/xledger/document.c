/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes what is asked: a type's paths become nested fields, its row's words the arguments. */
#include "document.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/log.h"
#include "ledgerdeck/core/memory.h"
#include "graphql.h"

/* ---- the fields of a record ---- */

struct paths {
	char **items; /* owned, each too */
	size_t count, room;
};

static void paths_clear(struct paths *paths)
{
	for (size_t i = 0; i < paths->count; i++)
		free(paths->items[i]);
	free(paths->items);
}

static void add_path(struct paths *paths, const char *path, size_t len)
{
	if (len == 0)
		return;
	for (size_t i = 0; i < paths->count; i++)
		if (strlen(paths->items[i]) == len && memcmp(paths->items[i], path, len) == 0)
			return;
	memory_grow(&paths->items, &paths->room, paths->count + 1, sizeof(char *));
	paths->items[paths->count++] = memory_copy(path, len);
}

static void add_paths(struct paths *paths, const char *list)
{
	for (const char *at = list ? list : ""; *at; at += strspn(at, " \t")) {
		size_t len = strcspn(at, " \t");

		add_path(paths, at, len);
		at += len;
	}
}

static void collect(struct paths *paths, const struct type *type)
{
	const char *const own[] = { type->key, type->time, type->version, type->title, type->active };

	for (size_t i = 0; i < ARRAY_LEN(own); i++)
		add_path(paths, own[i], strcspn(own[i], " "));
	for (size_t i = 0; i < type->field_count; i++)
		add_path(paths, type->fields[i].path, strlen(type->fields[i].path));
	add_paths(paths, type->select);
	for (size_t i = 0; i < type->column_count; i++)
		if (type->columns[i].is_own)
			add_path(paths, type->columns[i].path, strlen(type->columns[i].path));
}

static bool starts_with(const char *path, const char *start, size_t len)
{
	return strncmp(path, start, len) == 0 && (len == 0 || path[len] == '.');
}

/* Has a path before this one brought the same name at this place? */
static bool was_named(const struct paths *paths, size_t index, size_t len)
{
	for (size_t i = 0; i < index; i++)
		if (strncmp(paths->items[i], paths->items[index], len) == 0 && (paths->items[i][len] == '.' || paths->items[i][len] == '\0'))
			return true;
	return false;
}

/* All that goes on behind the first `len` bytes of `start`. */
static void add_below(struct str *out, const struct paths *paths, const char *start, size_t len)
{
	size_t skip = len ? len + 1 : 0;

	str_add(out, "{");
	for (size_t i = 0; i < paths->count; i++) {
		const char *path = paths->items[i];
		size_t name_len, end;
		bool has_parts = false;

		if (!starts_with(path, start, len) || (len > 0 && !path[len]))
			continue;
		name_len = strcspn(path + skip, ".");
		end = skip + name_len;
		if (was_named(paths, i, end))
			continue;
		str_add_char(out, ' ');
		str_add_bytes(out, path + skip, name_len);
		/* An object that is named whole, too, can only be asked for by its parts. */
		for (size_t j = 0; j < paths->count; j++)
			has_parts = has_parts || (strncmp(paths->items[j], path, end) == 0 && paths->items[j][end] == '.');
		if (has_parts) {
			str_add_char(out, ' ');
			add_below(out, paths, path, end);
		}
	}
	str_add(out, " }");
}

void document_add_fields(struct str *out, const struct type *type, bool ids_only, const char *also)
{
	AUTO(paths_clear) struct paths paths = { 0 };

	if (ids_only)
		add_path(&paths, type->key, strcspn(type->key, " "));
	else
		collect(&paths, type);
	add_paths(&paths, also);
	add_below(out, &paths, "", 0);
}

/* ---- connections ---- */

static void add_word(struct str *out, const struct type *type, const char *argument, const char *word, const char *otherwise)
{
	char value[40];

	if (!graphql_extra(type, word, value, sizeof(value)))
		snprintf(value, sizeof(value), "%s", otherwise);
	if (strcmp(value, "no") != 0)
		str_addf(out, ", %s: %s", argument, value);
}

void document_add_list(struct str *out, const struct type *type, const struct document_list *list)
{
	str_addf(out, "%s: %s(first: %d", list->alias, type->query, list->first);
	if (list->after) {
		str_add(out, ", after: ");
		str_add_json(out, list->after, strlen(list->after));
	}
	/* Their defaults nobody knows: they are said. */
	add_word(out, type, "ownerSet", "owners", "CURRENT");
	add_word(out, type, "objectStatus", "status", "ALL");
	if (list->filter)
		str_addf(out, ", filter: %s", list->filter);
	str_add(out, ") { edges { cursor node ");
	document_add_fields(out, type, list->ids_only, list->also);
	str_add(out, " } pageInfo { hasNextPage } }");
}

bool document_deltas(const struct type *type, char *ret_name, size_t size)
{
	size_t len = strlen(type->query);

	if (type->deletion != TYPE_DELETED_BY_CHANGES)
		return false;
	if (graphql_extra(type, "deltas", ret_name, size))
		return true;
	if (len > 0 && type->query[len - 1] == 's')
		len--;
	return (size_t)snprintf(ret_name, size, "%.*s_deltas", (int)len, type->query) < size;
}

void document_add_deltas(struct str *out, const struct type *type, const char *alias, const char *after, bool from_start, int first)
{
	char name[80];

	if (!document_deltas(type, name, sizeof(name)))
		return;
	str_addf(out, "%s: %s(", alias, name);
	if (after || from_start)
		str_addf(out, "first: %d", first);
	else
		str_add(out, "last: 1");
	if (after) {
		str_add(out, ", after: ");
		str_add_json(out, after, strlen(after));
	}
	add_word(out, type, "ownerSet", "owners", "CURRENT");
	str_addf(out, ") { edges { cursor node { %s mutationType } } pageInfo { hasNextPage } }", type->key);
}

void document_id_type(const struct type *type, bool other, char *ret_name, size_t size)
{
	if (!graphql_extra(type, "ids", ret_name, size))
		snprintf(ret_name, size, "Int");
	if (other)
		snprintf(ret_name, size, "%s", strcmp(ret_name, "Int") == 0 ? "Int64String" : "Int");
}

void document_add_id(struct str *out, const struct type *type, bool other, const char *id)
{
	char name[40];

	document_id_type(type, other, name, sizeof(name));
	if (strcmp(name, "Int") == 0 && *id && strspn(id, "0123456789") == strlen(id))
		str_add(out, id);
	else
		str_add_json(out, id, strlen(id));
}

bool document_is_id_type(const struct type *type, const char *variable, const struct error *error)
{
	char quoted[40], name[40];

	snprintf(quoted, sizeof(quoted), "\"$%.30s\"", variable);
	if (error->code != ERROR_INPUT || !strstr(error->text, quoted) || !strstr(error->text, "expecting type"))
		return false;
	document_id_type(type, true, name, sizeof(name));
	log_warn("provider", "%s: the ledger takes its ids as another type than its row says; ids=%s in the row's 'extra' saves a call each time",
		 type->name, name);
	return true;
}
