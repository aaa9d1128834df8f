/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The schema by introspection, asked whole in one call: whoever writes a row looks at it again and again, and what is kept
 * answers for every row that he tries. A row is held against it by what document.c would send for it.
 */
#include "ledgerdeck/provider/schema.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/map.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/nearest.h"
#include "graphql.h"
#include "document.h"
#include "xledger.h"

#define TEXT_MAX 300
#define NAME_MAX_BYTES 128 /* of a type or field; longer ones are nobody's */

/* A list of what is, none of which is null: three wraps. */
#define TYPE "{ kind name ofType { kind name ofType { kind name ofType { kind name } } } }"

/* ---- looking things up */

struct schema {
	struct json_map *map;    /* owned: of the text */
	char query[NAME_MAX_BYTES]; /* the type of its roots */
	struct map types;        /* by name: places in `slices` */
	struct json_slice *slices; /* owned */
	size_t count, room;
};

static void schema_clear(struct schema *schema)
{
	map_clear(&schema->types, NULL);
	json_map_free(schema->map);
	memory_freep(&schema->slices);
}

/* Names have no escapes: GraphQL allows letters, digits and "_". */
static size_t copy_name(struct json_slice value, char *out)
{
	size_t len = value.kind == JSON_STRING && value.len - 2 < NAME_MAX_BYTES ? value.len - 2 : 0;

	memcpy(out, value.text ? value.text + 1 : "", len);
	out[len] = '\0';
	return len;
}

static bool schema_read(struct schema *schema, const char *text, size_t len, struct error *err)
{
	struct json_slice whole = { .text = text, .len = len, .kind = JSON_OBJECT }, types, each;
	char name[NAME_MAX_BYTES];

	if (!json_check_map(text, len, &schema->map, NULL))
		return error_set(err, ERROR_INPUT, "what is kept of the ledger's schema is damaged");
	whole.map = schema->map;
	types = json_member(whole, "types");
	for (size_t at = 0; json_each(types, &at, NULL, &each);) {
		memory_grow(&schema->slices, &schema->room, schema->count + 1, sizeof(*schema->slices));
		schema->slices[schema->count++] = each;
	}
	for (size_t i = 0; i < schema->count; i++) {
		size_t name_len = copy_name(json_member(schema->slices[i], "name"), name);

		if (name_len > 0)
			*map_place(&schema->types, name, name_len) = &schema->slices[i];
	}
	copy_name(json_member(whole, "queryType.name"), schema->query);
	if (!map_get(&schema->types, schema->query, strlen(schema->query)))
		return error_set(err, ERROR_INPUT, "what is kept of the ledger's schema names no root");
	return true;
}

bool xledger_schema_fetch(struct connection *connection, struct str *ret_schema, struct error *err)
{
	AUTO(http_answer_clear) struct http_answer answer = HTTP_ANSWER_INIT;
	const struct graphql call = { .what = "ask for the schema",
				      .document = "query { __schema { queryType { name } types { kind name fields { name args { name type " TYPE
						  " } type " TYPE " } inputFields { name type " TYPE " } enumValues { name } } } }" };
	AUTO(schema_clear) struct schema known = { 0 };
	struct json_slice data, schema;
	struct error ignored;

	if (!graphql_send(connection, &call, &answer, &data, err))
		return false;
	schema = json_member(data, "__schema");
	if (schema.kind != JSON_OBJECT || !schema_read(&known, schema.text, schema.len, &ignored))
		return error_set(err, ERROR_REMOTE, "ask for the schema: the ledger's answer holds none");
	str_add_bytes(ret_schema, schema.text, schema.len);
	return true;
}

/* Around a type: lists and "not null" are taken off. */
static struct json_slice bare(struct json_slice type)
{
	struct json_slice inside = json_member(type, "ofType");

	return inside.kind == JSON_OBJECT ? bare(inside) : type;
}

static struct json_slice type_named(const struct schema *schema, const char *name)
{
	const struct json_slice *found = map_get(&schema->types, name, strlen(name));

	return found ? *found : (struct json_slice){ 0 };
}

/* The type of a field or an argument, as the schema describes it, and its name. */
static struct json_slice type_of(const struct schema *schema, struct json_slice of, char *ret_name)
{
	copy_name(json_member(bare(json_member(of, "type")), "name"), ret_name);
	return type_named(schema, ret_name);
}

/* "fields", "args", "inputFields" or "enumValues": the one of that name. */
static struct json_slice member_named(struct json_slice of, const char *list, const char *name, size_t len)
{
	struct json_slice members = json_member(of, list), each;
	char each_name[NAME_MAX_BYTES];

	for (size_t at = 0; members.kind == JSON_ARRAY && json_each(members, &at, NULL, &each);)
		if (copy_name(json_member(each, "name"), each_name) == len && memcmp(each_name, name, len) == 0)
			return each;
	return (struct json_slice){ 0 };
}

/* ", did you mean ..?" of those that are there, or "". */
static const char *hint_of(struct json_slice of, const char *list, const char *name, size_t len, char *out)
{
	struct json_slice members = json_member(of, list), each;
	struct nearest nearest = nearest_start(name, len);
	char each_name[NAME_MAX_BYTES], best[NAME_MAX_BYTES];

	for (size_t at = 0; members.kind == JSON_ARRAY && json_each(members, &at, NULL, &each);) {
		copy_name(json_member(each, "name"), each_name);
		nearest_try(&nearest, each_name);
		if (nearest.best != each_name)
			continue;
		memcpy(best, each_name, sizeof(best));
		nearest.best = best;
	}
	return nearest_hint(&nearest, out);
}

static bool has(struct json_slice of, const char *list, const char *name)
{
	return member_named(of, list, name, strlen(name)).kind == JSON_OBJECT;
}

/* ---- a row */

struct checking {
	const struct schema *schema;
	const struct type *type;
	struct json_slice root;    /* the field of Query */
	void (*misfit)(void *ctx, const struct schema_misfit *misfit);
	void *ctx;
};

static void tell(const struct checking *checking, const char *word, const char *path, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

static void tell(const struct checking *checking, const char *word, const char *path, const char *format, ...)
{
	char text[TEXT_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	checking->misfit(checking->ctx, &(struct schema_misfit){ .word = word, .path = path, .text = text });
}

/* A root of Query; none is told with the nearest. */
static struct json_slice find_root(const struct checking *checking, const char *word, const char *name, const char *instead)
{
	struct json_slice query = type_named(checking->schema, checking->schema->query);
	struct json_slice found = member_named(query, "fields", name, strlen(name));
	char hint[NEAREST_HINT_MAX];

	if (found.kind != JSON_OBJECT)
		tell(checking, word, "", "the ledger has no root '%.80s'%s%s", name, instead,
		     hint_of(query, "fields", name, strlen(name), hint));
	return found;
}

/* The node of a connection; none where the root is no list of records. */
static struct json_slice node_of(const struct checking *checking, struct json_slice root, char *ret_name)
{
	char name[NAME_MAX_BYTES];
	struct json_slice connection = type_of(checking->schema, root, name);
	struct json_slice edges = member_named(connection, "fields", "edges", strlen("edges"));
	struct json_slice edge = type_of(checking->schema, edges, name);

	if (!has(connection, "fields", "pageInfo") || !has(edge, "fields", "cursor"))
		return (struct json_slice){ 0 };
	return type_of(checking->schema, member_named(edge, "fields", "node", strlen("node")), ret_name);
}

/* Is an argument of that name sent? Its value is the row's word, or the usual one. */
static bool sends(const struct checking *checking, const char *word, const char *otherwise, char *ret_value, size_t size)
{
	if (!graphql_extra(checking->type, word, ret_value, size))
		snprintf(ret_value, size, "%s", otherwise);
	return strcmp(ret_value, "no") != 0;
}

static bool check_takes(const struct checking *checking, struct json_slice root, const char *name, const char *argument, const char *word)
{
	if (has(root, "args", argument))
		return true;
	tell(checking, "extra", "", "'%.80s' takes no '%s': it needs %s=no in 'extra'", name, argument, word);
	return false;
}

/* A word of an enumeration, unless the row says that there is no such argument. */
static void check_word(const struct checking *checking, const char *argument, const char *word, const char *otherwise)
{
	struct json_slice values;
	char value[40], type[NAME_MAX_BYTES], hint[NEAREST_HINT_MAX];

	if (!sends(checking, word, otherwise, value, sizeof(value)) ||
	    !check_takes(checking, checking->root, checking->type->query, argument, word))
		return;
	values = type_of(checking->schema, member_named(checking->root, "args", argument, strlen(argument)), type);
	if (!has(values, "enumValues", value))
		tell(checking, "extra", "", "%s=%s: the ledger has no %.60s '%s'%s", word, value, type, value,
		     hint_of(values, "enumValues", value, strlen(value), hint));
}

static void check_argument(const struct checking *checking, struct json_slice root, const char *word, const char *name, const char *argument)
{
	if (!has(root, "args", argument))
		tell(checking, word, "", "'%.80s' takes no '%s', by which its pages are asked for", name, argument);
}

/* ---- filters */

static void check_ids(const struct checking *checking, struct json_slice filter, const char *filter_name)
{
	const struct type *type = checking->type;
	struct json_slice member;
	char name[NAME_MAX_BYTES + 8], has_type[NAME_MAX_BYTES], says[40];

	snprintf(name, sizeof(name), "%.*s_in", (int)(strcspn(type->key, " ") < NAME_MAX_BYTES ? strcspn(type->key, " ") : NAME_MAX_BYTES),
		 type->key);
	member = member_named(filter, "inputFields", name, strlen(name));
	if (member.kind != JSON_OBJECT) {
		tell(checking, "key", "", "'%.60s' has no '%.60s', by which single records are asked for", filter_name, name);
		return;
	}
	type_of(checking->schema, member, has_type);
	document_id_type(type, false, says, sizeof(says));
	if (strcmp(has_type, says) != 0)
		tell(checking, "extra", "", "ids are asked for as '%s', and the ledger takes '%.60s': it needs ids=%.60s in 'extra'", says, has_type,
		     has_type);
}

static void check_since(const struct checking *checking, struct json_slice filter, const char *filter_name)
{
	const struct type *type = checking->type;
	char name[NAME_MAX_BYTES + 8], since[8];

	if (!*type->time || strchr(type->time, '.') || type->reading == TYPE_WHOLE || type->reading == TYPE_SINGLE ||
	    (graphql_extra(type, "since", since, sizeof(since)) && strcmp(since, "no") == 0))
		return;
	snprintf(name, sizeof(name), "%.100s_gte", type->time);
	if (!has(filter, "inputFields", name))
		tell(checking, "extra", "", "'%.60s' has no '%.80s': it needs since=no in 'extra'", filter_name, name);
}

static void check_filter(const struct checking *checking)
{
	struct json_slice argument = member_named(checking->root, "args", "filter", strlen("filter")), filter;
	char name[NAME_MAX_BYTES];

	if (argument.kind != JSON_OBJECT) {
		tell(checking, "query", "", "'%.80s' takes no 'filter', by which single records are asked for", checking->type->query);
		return;
	}
	filter = type_of(checking->schema, argument, name);
	check_ids(checking, filter, name);
	check_since(checking, filter, name);
}

/* ---- paths */

static bool is_object(struct json_slice type)
{
	return json_member(type, "fields").kind == JSON_ARRAY;
}

static bool goes_on(const char *other, const char *path)
{
	size_t len = strlen(path);

	return strncmp(other, path, len) == 0 && other[len] == '.';
}

/* An object that is named whole is asked for by its parts where other lines name these. */
static bool has_parts(const struct type *type, const char *path)
{
	const char *const own[] = { type->key, type->time, type->version, type->title, type->active };

	for (size_t i = 0; i < ARRAY_LEN(own); i++)
		if (goes_on(own[i], path))
			return true;
	for (size_t i = 0; i < type->field_count; i++)
		if (goes_on(type->fields[i].path, path))
			return true;
	for (size_t i = 0; i < type->column_count; i++)
		if (type->columns[i].is_own && goes_on(type->columns[i].path, path))
			return true;
	for (const char *at = type->select; *at; at += strspn(at, " \t")) {
		if (goes_on(at, path))
			return true;
		at += strcspn(at, " \t");
	}
	return false;
}

static void tell_whole(const struct checking *checking, const char *word, const char *path, struct json_slice type, const char *type_name)
{
	static const char *const usual[] = { "description", "name", "code", "dbId" };

	if (has_parts(checking->type, path))
		return;
	for (size_t i = 0; i < ARRAY_LEN(usual); i++)
		if (has(type, "fields", usual[i])) {
			tell(checking, word, path, "'%.80s' is a whole %.60s: name a part of it, such as %.80s.%s", path, type_name, path, usual[i]);
			return;
		}
	tell(checking, word, path, "'%.80s' is a whole %.60s: name a part of it", path, type_name);
}

static void check_path(const struct checking *checking, struct json_slice node, const char *node_name, const char *word, const char *path)
{
	struct json_slice type = node;
	char type_name[NAME_MAX_BYTES];

	snprintf(type_name, sizeof(type_name), "%s", node_name);
	for (const char *at = path;;) {
		size_t len = strcspn(at, ".");
		struct json_slice found = member_named(type, "fields", at, len);
		char hint[NEAREST_HINT_MAX];

		if (found.kind != JSON_OBJECT) {
			tell(checking, word, path, "%s has no '%.*s'%s", type_name, (int)(len > 80 ? 80 : len), at,
			     hint_of(type, "fields", at, len, hint));
			return;
		}
		type = type_of(checking->schema, found, type_name);
		if (at[len] == '\0')
			break;
		at += len + 1;
		if (!is_object(type)) {
			tell(checking, word, path, "'%.*s' is a %s, which has no parts", (int)(at - path - 1), path, type_name);
			return;
		}
	}
	if (is_object(type))
		tell_whole(checking, word, path, type, type_name);
}

static void check_paths(const struct checking *checking, struct json_slice node, const char *node_name)
{
	const struct type *type = checking->type;
	const struct { const char *word, *path; } own[] = {
		{ "key", type->key }, { "version", type->version }, { "time", type->time }, { "title", type->title }, { "active", type->active },
	};

	for (size_t i = 0; i < ARRAY_LEN(own); i++) {
		AUTO(memory_freep) char *first = memory_copy(own[i].path, strcspn(own[i].path, " "));

		if (*first)
			check_path(checking, node, node_name, own[i].word, first);
	}
	for (const char *at = type->select; *at; at += strspn(at, " \t")) {
		AUTO(memory_freep) char *path = memory_copy(at, strcspn(at, " \t"));

		if (*path)
			check_path(checking, node, node_name, "select", path);
		at += strlen(path);
	}
	for (size_t i = 0; i < type->field_count; i++)
		check_path(checking, node, node_name, "field", type->fields[i].path);
	for (size_t i = 0; i < type->column_count; i++)
		if (type->columns[i].is_own)
			check_path(checking, node, node_name, "column", type->columns[i].path);
}

/* ---- the list of changes */

static void check_deltas(const struct checking *checking)
{
	struct json_slice root, node;
	char name[80], value[40], node_name[NAME_MAX_BYTES];

	if (checking->type->deletion != TYPE_DELETED_BY_CHANGES)
		return;
	if (!document_deltas(checking->type, name, sizeof(name)))
		return;
	root = find_root(checking, "deleted", name, ", where its changes are listed: deltas=NAME in 'extra' names another");
	if (root.kind != JSON_OBJECT)
		return;
	check_argument(checking, root, "deleted", name, "first");
	check_argument(checking, root, "deleted", name, "last");
	check_argument(checking, root, "deleted", name, "after");
	if (sends(checking, "owners", "CURRENT", value, sizeof(value)))
		check_takes(checking, root, name, "ownerSet", "owners");
	node = node_of(checking, root, node_name);
	if (!is_object(node))
		tell(checking, "deleted", "", "'%.60s' is no list of changes: it lacks edges, cursor, node or pageInfo", name);
	else if (!has(node, "fields", "mutationType"))
		tell(checking, "deleted", "", "'%.60s' is no list of changes: its %.60s has no 'mutationType'", name, node_name);
}

static void check_type(struct checking *checking)
{
	const struct type *type = checking->type;
	struct json_slice node;
	char node_name[NAME_MAX_BYTES];

	checking->root = find_root(checking, "query", type->query, "");
	if (checking->root.kind == JSON_OBJECT) {
		node = node_of(checking, checking->root, node_name);
		if (!is_object(node)) {
			tell(checking, "query", "", "'%.80s' is no list of records: it lacks edges, cursor, node or pageInfo", type->query);
		} else {
			check_argument(checking, checking->root, "query", type->query, "first");
			check_argument(checking, checking->root, "query", type->query, "after");
			check_word(checking, "ownerSet", "owners", "CURRENT");
			check_word(checking, "objectStatus", "status", "ALL");
			check_filter(checking);
			check_paths(checking, node, node_name);
		}
	}
	check_deltas(checking);
}

bool xledger_schema_check(const char *schema, size_t len, const struct type *type,
			  void (*misfit)(void *ctx, const struct schema_misfit *misfit), void *ctx, struct error *err)
{
	AUTO(schema_clear) struct schema known = { 0 };
	struct checking checking = { .schema = &known, .type = type, .misfit = misfit, .ctx = ctx };

	if (!schema_read(&known, schema, len, err))
		return false;
	check_type(&checking);
	return true;
}
