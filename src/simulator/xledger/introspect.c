/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Introspection: __schema and __type, as far as a client needs them to check what it asks for. */
#include "xledger/introspect.h"

#include <string.h>

#include "ledgerdeck/core/memory.h"

#include "xledger/schema_impl.h"

/* What a type looks like from outside: itself, or wrapped in lists and "not null". */
struct view {
	const struct gql_type *type;
	unsigned wrap; /* what is still around it */
};

/* ---- the schema's own part */

static const struct {
	const char *type, *name, *of;
	unsigned wrap;
} meta_fields[] = {
	{ "__Schema", "queryType", "__Type", GQL_REQUIRED },
	{ "__Schema", "mutationType", "__Type", 0 },
	{ "__Schema", "subscriptionType", "__Type", 0 },
	{ "__Schema", "types", "__Type", GQL_REQUIRED | GQL_LIST_OF | GQL_ITEM_REQUIRED },
	{ "__Schema", "directives", "__Directive", GQL_REQUIRED | GQL_LIST_OF | GQL_ITEM_REQUIRED },
	{ "__Type", "kind", "String", GQL_REQUIRED },
	{ "__Type", "name", "String", 0 },
	{ "__Type", "description", "String", 0 },
	{ "__Type", "fields", "__Field", GQL_LIST_OF | GQL_ITEM_REQUIRED },
	{ "__Type", "interfaces", "__Type", GQL_LIST_OF | GQL_ITEM_REQUIRED },
	{ "__Type", "possibleTypes", "__Type", GQL_LIST_OF | GQL_ITEM_REQUIRED },
	{ "__Type", "enumValues", "__EnumValue", GQL_LIST_OF | GQL_ITEM_REQUIRED },
	{ "__Type", "inputFields", "__InputValue", GQL_LIST_OF | GQL_ITEM_REQUIRED },
	{ "__Type", "ofType", "__Type", 0 },
	{ "__Field", "name", "String", GQL_REQUIRED },
	{ "__Field", "description", "String", 0 },
	{ "__Field", "args", "__InputValue", GQL_REQUIRED | GQL_LIST_OF | GQL_ITEM_REQUIRED },
	{ "__Field", "type", "__Type", GQL_REQUIRED },
	{ "__Field", "isDeprecated", "Boolean", GQL_REQUIRED },
	{ "__Field", "deprecationReason", "String", 0 },
	{ "__InputValue", "name", "String", GQL_REQUIRED },
	{ "__InputValue", "description", "String", 0 },
	{ "__InputValue", "type", "__Type", GQL_REQUIRED },
	{ "__InputValue", "defaultValue", "String", 0 },
	{ "__EnumValue", "name", "String", GQL_REQUIRED },
	{ "__EnumValue", "description", "String", 0 },
	{ "__EnumValue", "isDeprecated", "Boolean", GQL_REQUIRED },
	{ "__EnumValue", "deprecationReason", "String", 0 },
	{ "__Directive", "name", "String", GQL_REQUIRED },
	{ "__Directive", "description", "String", 0 },
	{ "__Directive", "locations", "String", GQL_REQUIRED | GQL_LIST_OF | GQL_ITEM_REQUIRED },
	{ "__Directive", "args", "__InputValue", GQL_REQUIRED | GQL_LIST_OF | GQL_ITEM_REQUIRED },
};

void gql_schema_add_meta(struct gql_schema *schema)
{
	static const struct gql_argument_row name[] = { { "name", "String", GQL_REQUIRED } };
	static const struct gql_argument_row deprecated[] = { { "includeDeprecated", "Boolean", 0 } };
	struct gql_type *query = gql_type_make(schema, "Query", GQL_OBJECT_TYPE, GQL_SHAPE_QUERY, NULL);
	struct gql_slot *slot;

	for (size_t i = 0; i < ARRAY_LEN(meta_fields); i++)
		gql_type_make(schema, meta_fields[i].type, GQL_OBJECT_TYPE, GQL_SHAPE_META, NULL);
	for (size_t i = 0; i < ARRAY_LEN(meta_fields); i++) {
		struct gql_type *type =
			gql_type_make(schema, meta_fields[i].type, GQL_OBJECT_TYPE, GQL_SHAPE_META, NULL);

		slot = gql_type_add(schema, type, meta_fields[i].name, gql_schema_type(schema, meta_fields[i].of),
				    meta_fields[i].wrap, GQL_ROLE_OTHER);
		if (strcmp(slot->name, "fields") == 0 || strcmp(slot->name, "enumValues") == 0)
			gql_slot_set_arguments(schema, slot, deprecated, ARRAY_LEN(deprecated));
	}
	gql_type_add(schema, query, "__schema", gql_schema_type(schema, "__Schema"), GQL_REQUIRED,
		     GQL_ROLE_META_SCHEMA);
	slot = gql_type_add(schema, query, "__type", gql_schema_type(schema, "__Type"), 0, GQL_ROLE_META_TYPE);
	gql_slot_set_arguments(schema, slot, name, ARRAY_LEN(name));
}

/* ---- answers */

static void add_text(const char *text, struct str *out)
{
	if (text)
		str_add_json(out, text, strlen(text));
	else
		str_add(out, "null");
}

static bool is_hidden(const struct gql_slot *slot)
{
	return slot->other_user || strncmp(slot->name, "__", 2) == 0;
}

static void add_type(const struct gql_schema *schema, struct view view, const struct gql_plan *plan, struct str *out);

/* The members of a field, an argument, a member of an input or an enum's value. */
static void add_slot(const struct gql_schema *schema, const struct gql_slot *slot, const struct gql_plan *plan,
		     struct str *out)
{
	const char *comma = "";

	if (str_is_cut(out))
		return;
	str_add_char(out, '{');
	for (const struct gql_plan *field = plan->first; field; field = field->next, comma = ",") {
		const char *name = field->slot ? field->slot->name : "__typename";

		str_add(out, comma);
		add_text(field->key, out);
		str_add_char(out, ':');
		if (strcmp(name, "__typename") == 0) {
			add_text(field->on->name, out);
		} else if (strcmp(name, "name") == 0) {
			add_text(slot->name, out);
		} else if (strcmp(name, "isDeprecated") == 0) {
			str_add(out, "false");
		} else if (strcmp(name, "type") == 0) {
			add_type(schema, (struct view){ slot->type, slot->wrap }, field, out);
		} else if (strcmp(name, "args") == 0) {
			str_add_char(out, '[');
			for (size_t i = 0; i < slot->argument_count; i++) {
				str_add(out, i ? "," : "");
				add_slot(schema, &slot->arguments[i], field, out);
			}
			str_add_char(out, ']');
		} else {
			str_add(out, "null");
		}
	}
	str_add_char(out, '}');
}

static void add_slots(const struct gql_schema *schema, const struct gql_type *type, const struct gql_plan *plan,
		      struct str *out)
{
	const char *comma = "";

	str_add_char(out, '[');
	for (size_t i = 0; i < type->count; i++) {
		if (is_hidden(&type->slots[i]))
			continue;
		str_add(out, comma);
		add_slot(schema, &type->slots[i], plan, out);
		comma = ",";
	}
	str_add_char(out, ']');
}

/* The outermost thing around a type: "not null" around a list around "not null". */
static const char *view_kind(struct view view)
{
	static const char *const kinds[] = { "SCALAR", "ENUM", "INPUT_OBJECT", "OBJECT" };

	if (view.wrap & GQL_REQUIRED)
		return "NON_NULL";
	if (view.wrap & GQL_LIST_OF)
		return "LIST";
	return view.wrap & GQL_ITEM_REQUIRED ? "NON_NULL" : kinds[view.type->form];
}

static struct view view_inside(struct view view)
{
	if (view.wrap & GQL_REQUIRED)
		view.wrap &= ~(unsigned)GQL_REQUIRED;
	else if (view.wrap & GQL_LIST_OF)
		view.wrap &= ~(unsigned)GQL_LIST_OF;
	else
		view.wrap = 0;
	return view;
}

static void add_type_member(const struct gql_schema *schema, struct view view, const char *name,
			    const struct gql_plan *plan, struct str *out)
{
	enum gql_form form = view.type->form;
	bool object = view.wrap == 0 && form == GQL_OBJECT_TYPE;

	if (strcmp(name, "kind") == 0)
		add_text(view_kind(view), out);
	else if (strcmp(name, "name") == 0)
		add_text(view.wrap ? NULL : view.type->name, out);
	else if (strcmp(name, "ofType") == 0 && view.wrap)
		add_type(schema, view_inside(view), plan, out);
	else if ((strcmp(name, "fields") == 0 && object) ||
		 (strcmp(name, "inputFields") == 0 && !view.wrap && form == GQL_INPUT_TYPE) ||
		 (strcmp(name, "enumValues") == 0 && !view.wrap && form == GQL_ENUM_TYPE))
		add_slots(schema, view.type, plan, out);
	else if (strcmp(name, "interfaces") == 0 && object)
		str_add(out, "[]");
	else
		str_add(out, "null");
}

/* Types lead to types: an answer that is too long already ends here. */
static void add_type(const struct gql_schema *schema, struct view view, const struct gql_plan *plan, struct str *out)
{
	const char *comma = "";

	if (str_is_cut(out))
		return;
	str_add_char(out, '{');
	for (const struct gql_plan *field = plan->first; field; field = field->next, comma = ",") {
		str_add(out, comma);
		add_text(field->key, out);
		str_add_char(out, ':');
		if (field->slot)
			add_type_member(schema, view, field->slot->name, field, out);
		else
			add_text("__Type", out);
	}
	str_add_char(out, '}');
}

static void add_types(const struct gql_schema *schema, const struct gql_plan *plan, struct str *out)
{
	str_add_char(out, '[');
	for (size_t i = 0; i < schema->count; i++) {
		str_add(out, i ? "," : "");
		add_type(schema, (struct view){ schema->list[i], 0 }, plan, out);
	}
	str_add_char(out, ']');
}

void gql_introspect_schema(const struct gql_schema *schema, const struct gql_plan *plan, struct str *out)
{
	const char *comma = "";

	str_add_char(out, '{');
	for (const struct gql_plan *field = plan->first; field; field = field->next, comma = ",") {
		const char *name = field->slot ? field->slot->name : "";

		str_add(out, comma);
		add_text(field->key, out);
		str_add_char(out, ':');
		if (!field->slot)
			add_text("__Schema", out);
		else if (strcmp(name, "queryType") == 0)
			add_type(schema, (struct view){ schema->query, 0 }, field, out);
		else if (strcmp(name, "mutationType") == 0)
			add_type(schema, (struct view){ schema->mutation, 0 }, field, out);
		else if (strcmp(name, "types") == 0)
			add_types(schema, field, out);
		else
			str_add(out, strcmp(name, "directives") == 0 ? "[]" : "null");
	}
	str_add_char(out, '}');
}

void gql_introspect_type(const struct gql_schema *schema, const char *name, const struct gql_plan *plan,
			 struct str *out)
{
	const struct gql_type *type = gql_schema_type(schema, name);

	if (type)
		add_type(schema, (struct view){ type, 0 }, plan, out);
	else
		str_add(out, "null");
}
