/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Making the schema: for each type of record its object, filter, connection, edge and inputs, then
 * the roots. Names that no public client shows are made in the style of those that one does.
 */
#include "xledger/schema.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"

#include "xledger/schema_impl.h"

/* ---- making types and slots */

struct gql_type *gql_type_make(struct gql_schema *schema, const char *name, enum gql_form form, enum gql_shape shape,
			       const struct xl_type *of)
{
	void **place = map_place(&schema->types, name, strlen(name));
	struct gql_type *type = *place;

	if (type)
		return type;
	assert(schema->count < GQL_TYPES_MAX);
	type = arena_new(&schema->arena, sizeof(*type));
	*type = (struct gql_type){ .name = name, .form = form, .shape = shape, .of = of };
	*place = type;
	schema->list[schema->count++] = type;
	return type;
}

struct gql_slot *gql_type_add(struct gql_schema *schema, struct gql_type *type, const char *name,
			      const struct gql_type *of, unsigned wrap, enum gql_role role)
{
	if (type->count == type->room) {
		struct gql_slot *more = arena_new(&schema->arena, (type->room * 2 + 8) * sizeof(*more));

		if (type->count > 0)
			memcpy(more, type->slots, type->count * sizeof(*more));
		type->slots = more;
		type->room = type->room * 2 + 8;
	}
	type->slots[type->count] = (struct gql_slot){ .name = name, .type = of, .wrap = wrap, .role = role };
	return &type->slots[type->count++];
}

const struct gql_type *gql_schema_type(const struct gql_schema *schema, const char *name)
{
	return map_get(&schema->types, name, strlen(name));
}

static const struct gql_slot *slot_among(const struct gql_slot *slots, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(slots[i].name, name) == 0)
			return &slots[i];
	return NULL;
}

const struct gql_slot *gql_slot_named(const struct gql_type *type, const char *name)
{
	return slot_among(type->slots, type->count, name);
}

const struct gql_slot *gql_argument_named(const struct gql_slot *slot, const char *name)
{
	return slot_among(slot->arguments, slot->argument_count, name);
}

void gql_slot_add_type(const struct gql_slot *slot, struct str *out)
{
	str_add(out, slot->wrap & GQL_LIST_OF ? "[" : "");
	str_add(out, slot->type->name);
	str_add(out, slot->wrap & GQL_ITEM_REQUIRED ? "!" : "");
	str_add(out, slot->wrap & GQL_LIST_OF ? "]" : "");
	str_add(out, slot->wrap & GQL_REQUIRED ? "!" : "");
}

/* ---- scalars and enums */

static const struct {
	const char *name;
	enum xl_kind kind;
} scalars[] = {
	{ "Int", XL_INT },	  { "Int64String", XL_DBID }, { "ID", XL_OWNER_DBID },
	{ "String", XL_STRING },  { "Boolean", XL_BOOLEAN },  { "Float", XL_FLOAT },
	{ "DateString", XL_DATE }, { "DateTimeString", XL_TIME }, { "DecimalString", XL_DECIMAL },
};

static const struct {
	const char *name;
	const char *values[6];
} enums[] = {
	{ "OwnerSet", { "CURRENT", "UPPER", "LOWER", "MINE", "ALL" } },
	{ "ObjectStatus", { "OPEN", "CLOSED", "ALL" } },
	{ "MutationType", { "ADDED", "UPDATED", "DELETED", "DELETION" } },
};

static void add_scalars(struct gql_schema *schema)
{
	for (size_t i = 0; i < ARRAY_LEN(scalars); i++)
		gql_type_make(schema, scalars[i].name, GQL_SCALAR_TYPE, GQL_SHAPE_NONE, NULL)->kind = scalars[i].kind;
	for (size_t i = 0; i < ARRAY_LEN(enums); i++) {
		struct gql_type *type =
			gql_type_make(schema, enums[i].name, GQL_ENUM_TYPE, GQL_SHAPE_NONE, NULL);

		for (size_t k = 0; enums[i].values[k]; k++)
			gql_type_add(schema, type, enums[i].values[k], NULL, 0, GQL_ROLE_OTHER);
	}
}

bool gql_dbid_is_text(const struct gql_schema *schema, const struct xl_type *type)
{
	const struct gql_type *object = gql_schema_type(schema, type->name);
	const struct gql_slot *slot = gql_slot_named(object, "dbId");

	return slot && strcmp(slot->type->name, "Int64String") == 0;
}

const struct gql_type *gql_scalar_of(const struct gql_schema *schema, const struct xl_type *type,
				     const struct xl_field *field, bool reversed)
{
	const char *name = "String";

	switch (field->kind) {
	case XL_DBID:
		name = ((type->flags & XL_TEXT_ID) != 0) != reversed ? "Int64String" : "Int";
		break;
	case XL_INT:
	case XL_OWNER_DBID:
		name = "Int";
		/* A part has its dbId as a field of its own. */
		if (strcmp(field->name, "dbId") == 0)
			name = ((type->flags & XL_TEXT_ID) != 0) != reversed ? "Int64String" : "Int";
		break;
	case XL_BOOLEAN:
		name = "Boolean";
		break;
	case XL_DATE:
		name = "DateString";
		break;
	case XL_TIME:
	case XL_CREATED:
	case XL_MODIFIED:
		name = "DateTimeString";
		break;
	case XL_DECIMAL:
		name = "DecimalString";
		break;
	case XL_FLOAT:
		name = "Float";
		break;
	default:
		break;
	}
	return gql_schema_type(schema, name);
}

static bool is_object(const struct xl_field *field)
{
	return field->kind == XL_REF || field->kind == XL_PART || field->kind == XL_OWNER;
}

/* ---- objects and filters */

static void fill_object(struct gql_schema *schema, const struct xl_type *of, bool reversed)
{
	struct gql_type *type = gql_type_make(schema, of->name, GQL_OBJECT_TYPE, GQL_SHAPE_RECORD, of);

	for (size_t i = 0; i < of->count; i++) {
		const struct xl_field *field = &of->fields[i];
		const struct gql_type *target;
		struct gql_slot *slot;

		if (field->flags & XL_FILTER_ONLY)
			continue;
		target = is_object(field) ? gql_schema_type(schema, xl_field_of(of, field)->name)
					  : gql_scalar_of(schema, of, field, reversed);
		slot = gql_type_add(schema, type, field->name, target, 0, GQL_ROLE_FIELD);
		slot->of = of;
		slot->field = field;
	}
}

static struct gql_type *filter_of(struct gql_schema *schema, const struct xl_type *of, bool reversed)
{
	static const struct {
		const char *suffix;
		unsigned wrap;
		enum gql_role role;
	} operators[] = {
		{ "", 0, GQL_ROLE_EQUAL },	{ "_in", GQL_LIST_OF | GQL_ITEM_REQUIRED, GQL_ROLE_IN },
		{ "_gt", 0, GQL_ROLE_GT },	{ "_gte", 0, GQL_ROLE_GTE },
		{ "_lt", 0, GQL_ROLE_LT },	{ "_lte", 0, GQL_ROLE_LTE },
	};
	struct gql_type *type = gql_type_make(schema, arena_print(&schema->arena, "%s_Filter", of->name), GQL_INPUT_TYPE,
					      GQL_SHAPE_NONE, of);

	for (size_t i = 0; i < of->count; i++) {
		const struct xl_field *field = &of->fields[i];

		if (is_object(field))
			continue;
		for (size_t k = 0; k < ARRAY_LEN(operators); k++) {
			struct gql_slot *slot = gql_type_add(
				schema, type, arena_print(&schema->arena, "%s%s", field->name, operators[k].suffix),
				gql_scalar_of(schema, of, field, reversed), operators[k].wrap, operators[k].role);

			slot->of = of;
			slot->field = field;
		}
	}
	gql_type_add(schema, type, "AND", type, GQL_LIST_OF | GQL_ITEM_REQUIRED, GQL_ROLE_AND);
	gql_type_add(schema, type, "OR", type, GQL_LIST_OF | GQL_ITEM_REQUIRED, GQL_ROLE_OR);
	return type;
}

/* ---- connections and roots */

void gql_slot_set_arguments(struct gql_schema *schema, struct gql_slot *slot, const struct gql_argument_row *rows,
			    size_t count)
{
	slot->arguments = arena_new(&schema->arena, count * sizeof(*slot->arguments));
	slot->argument_count = count;
	for (size_t i = 0; i < count; i++) {
		slot->arguments[i] = (struct gql_slot){
			.name = rows[i].name,
			.type = gql_schema_type(schema, rows[i].type),
			.wrap = rows[i].wrap,
			.role = GQL_ROLE_OTHER,
			.of = slot->of,
		};
		assert(slot->arguments[i].type);
	}
}

static struct gql_type *connection_of(struct gql_schema *schema, const char *name, const struct gql_type *node,
				      const struct xl_type *of, bool deltas)
{
	struct gql_type *connection = gql_type_make(schema, arena_print(&schema->arena, "%sConnection", name),
						    GQL_OBJECT_TYPE, GQL_SHAPE_CONNECTION, of);
	struct gql_type *edge = gql_type_make(schema, arena_print(&schema->arena, "%sEdge", name), GQL_OBJECT_TYPE,
					      GQL_SHAPE_EDGE, of);

	gql_type_add(schema, connection, "edges", edge, GQL_LIST_OF, GQL_ROLE_EDGES);
	gql_type_add(schema, connection, "pageInfo", gql_schema_type(schema, "PageInfo"), 0, GQL_ROLE_PAGE_INFO);
	gql_type_add(schema, edge, "cursor", gql_schema_type(schema, "String"), 0, GQL_ROLE_CURSOR);
	gql_type_add(schema, edge, "node", node, 0, GQL_ROLE_NODE);
	if (deltas) {
		gql_type_add(schema, edge, "mutationType", gql_schema_type(schema, "MutationType"), 0,
			     GQL_ROLE_CHANGE);
		gql_type_add(schema, edge, "syncVersion", gql_schema_type(schema, "String"), 0, GQL_ROLE_VERSION);
	}
	return connection;
}

static void add_pages(struct gql_schema *schema, struct gql_type *query, const struct xl_type *of, bool reversed)
{
	const struct gql_type *filter = filter_of(schema, of, reversed);
	const struct gql_argument_row page[] = {
		{ "first", "Int", 0 },	      { "last", "Int", 0 },
		{ "after", "String", 0 },     { "before", "String", 0 },
		{ "filter", filter->name, 0 }, { "ownerSet", "OwnerSet", 0 },
		{ "objectStatus", "ObjectStatus", 0 },
	};
	static const struct gql_argument_row single[] = { { "dbId", "ID", 0 } };
	struct gql_slot *slot;

	slot = gql_type_add(schema, query, of->plural,
			    connection_of(schema, of->name, gql_schema_type(schema, of->name), of, false), 0,
			    GQL_ROLE_PAGE);
	slot->of = of;
	gql_slot_set_arguments(schema, slot, page, ARRAY_LEN(page));
	slot = gql_type_add(schema, query, of->single, gql_schema_type(schema, of->name), 0, GQL_ROLE_SINGLE);
	slot->of = of;
	gql_slot_set_arguments(schema, slot, single, ARRAY_LEN(single));
}

static void add_deltas(struct gql_schema *schema, struct gql_type *query, const struct xl_type *of)
{
	static const struct gql_argument_row arguments[] = {
		{ "first", "Int", 0 },
		{ "last", "Int", 0 },
		{ "after", "String", 0 },
		{ "ownerSet", "OwnerSet", 0 },
	};
	const char *name = arena_print(&schema->arena, "%s_Delta", of->name);
	const struct gql_type *object = gql_schema_type(schema, of->name);
	struct gql_type *node = gql_type_make(schema, name, GQL_OBJECT_TYPE, GQL_SHAPE_DELTA, of);
	struct gql_slot *slot;

	gql_type_add(schema, node, "mutationType", gql_schema_type(schema, "MutationType"), 0, GQL_ROLE_CHANGE);
	gql_type_add(schema, node, "createdAt", gql_schema_type(schema, "DateTimeString"), 0, GQL_ROLE_OTHER);
	gql_type_add(schema, node, "modifiedAt", gql_schema_type(schema, "DateTimeString"), 0, GQL_ROLE_OTHER);
	gql_type_add(schema, node, "syncVersion", gql_schema_type(schema, "String"), 0, GQL_ROLE_VERSION);
	gql_type_add(schema, node, "_current", object, 0, GQL_ROLE_CURRENT);
	for (size_t i = 0; i < object->count; i++)
		if (!gql_slot_named(node, object->slots[i].name))
			*gql_type_add(schema, node, object->slots[i].name, NULL, 0, GQL_ROLE_FIELD) =
				object->slots[i];
	slot = gql_type_add(schema, query, arena_print(&schema->arena, "%s_deltas", of->single),
			    connection_of(schema, name, node, of, true), 0, GQL_ROLE_DELTAS);
	slot->of = of;
	gql_slot_set_arguments(schema, slot, arguments, ARRAY_LEN(arguments));
}

static struct gql_type *add_query(struct gql_schema *schema, bool reversed)
{
	struct gql_type *query = gql_type_make(schema, "Query", GQL_OBJECT_TYPE, GQL_SHAPE_QUERY, NULL);
	struct gql_type *info = gql_type_make(schema, "PageInfo", GQL_OBJECT_TYPE, GQL_SHAPE_PAGE_INFO, NULL);

	gql_type_add(schema, info, "hasNextPage", gql_schema_type(schema, "Boolean"), GQL_REQUIRED, GQL_ROLE_OTHER);
	gql_type_add(schema, info, "hasPreviousPage", gql_schema_type(schema, "Boolean"), GQL_REQUIRED,
		     GQL_ROLE_OTHER);
	/* All objects first: fields of one lead to another. */
	for (size_t i = 0; i < xl_type_count(); i++)
		gql_type_make(schema, xl_type_at(i)->name, GQL_OBJECT_TYPE, GQL_SHAPE_RECORD, xl_type_at(i));
	for (size_t i = 0; i < xl_type_count(); i++)
		fill_object(schema, xl_type_at(i), reversed);
	for (size_t i = 0; i < xl_type_count(); i++) {
		if (xl_type_at(i)->flags & XL_ROOT)
			add_pages(schema, query, xl_type_at(i), reversed);
		if (xl_type_at(i)->flags & XL_DELTAS)
			add_deltas(schema, query, xl_type_at(i));
	}
	return query;
}

struct gql_schema *gql_schema_new(bool reversed)
{
	struct gql_schema *schema = memory_new(sizeof(*schema));

	xl_types_start();
	schema->list = arena_new(&schema->arena, GQL_TYPES_MAX * sizeof(*schema->list));
	add_scalars(schema);
	schema->query = add_query(schema, reversed);
	schema->mutation = gql_schema_add_mutations(schema);
	gql_schema_add_meta(schema);
	return schema;
}

void gql_schema_free(struct gql_schema *schema)
{
	if (!schema)
		return;
	map_clear(&schema->types, NULL);
	arena_clear(&schema->arena);
	free(schema);
}
