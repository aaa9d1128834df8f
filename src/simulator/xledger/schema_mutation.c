/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The mutations of the schema: which types can be added, updated and removed, by whom, and what
 * their inputs look like. Inputs are made from the fields that a record keeps, and from rows for
 * those that the service names otherwise there.
 */
#include <string.h>

#include "ledgerdeck/core/memory.h"

#include "xledger/mutate.h"
#include "xledger/schema_impl.h"

enum { ADD = 1, UPDATE = 2, REMOVE = 4 };

/* What the real service has; all else of the eight types is for another user. */
static const struct {
	const char *type;
	unsigned can;
} rights[] = {
	{ "Customer", ADD | UPDATE },	     { "Company", ADD | UPDATE },
	{ "Supplier", ADD | UPDATE },	     { "Project", ADD | UPDATE },
	{ "Employee", ADD | UPDATE },	     { "Product", ADD | UPDATE },
	{ "InvoiceBaseItem", ADD | UPDATE }, { "GLImportItem", ADD | UPDATE },
	{ "Webhook", ADD | REMOVE },	     { "BankAccount", ADD | UPDATE | REMOVE },
};

static const struct xl_alias aliases[] = {
	{ "Customer", "streetAddress", "address", "streetAddress" },
	{ "Customer", "zipCode", "address", "zipCode" },
	{ "Customer", "place", "address", "place" },
	{ "Customer", "streetAddress2", "billAddress", "streetAddress" },
	{ "Customer", "zipCode2", "billAddress", "zipCode" },
	{ "Customer", "place2", "billAddress", "place" },
	{ "Customer", "phoneNumber2", "phone2", NULL },
	{ "Customer", "companyNumber", NULL, "companyNumber" },
	{ "Customer", "taxNumber", NULL, "taxNumber" },
	{ "Customer", "companyName", NULL, "description" },
	{ "Customer", "flexiFieldItem", "flexiFieldsItem", NULL },
	{ "Supplier", "streetAddress", "address", "streetAddress" },
	{ "Supplier", "zipCode", "address", "zipCode" },
	{ "Supplier", "place", "address", "place" },
	{ "Supplier", "streetAddress2", "billAddress", "streetAddress" },
	{ "Supplier", "zipCode2", "billAddress", "zipCode" },
	{ "Supplier", "place2", "billAddress", "place" },
	{ "Supplier", "companyNumber", NULL, "companyNumber" },
	{ "Supplier", "taxNumber", NULL, "taxNumber" },
	{ "Supplier", "name", NULL, "description" },
	{ "Supplier", "flexiFieldItem", "flexiFieldsItem", NULL },
	{ "Project", "flexiFieldItem", "flexiFieldsItem", NULL },
};

const struct xl_alias *xl_alias_find(const struct xl_type *type, const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(aliases); i++)
		if (strcmp(aliases[i].type, type->name) == 0 && strcmp(aliases[i].name, name) == 0)
			return &aliases[i];
	return NULL;
}

static unsigned rights_of(const struct xl_type *type)
{
	for (size_t i = 0; i < ARRAY_LEN(rights); i++)
		if (strcmp(rights[i].type, type->name) == 0)
			return rights[i].can;
	return 0;
}

/* ---- inputs */

static const struct gql_type *reference_input(struct gql_schema *schema)
{
	static const char *const members[] = { "code", "description", "name", "bankRouting" };
	struct gql_type *type =
		gql_type_make(schema, "ReferenceInput", GQL_INPUT_TYPE, GQL_SHAPE_NONE, NULL);

	if (type->count > 0)
		return type;
	gql_type_add(schema, type, "dbId", gql_schema_type(schema, "ID"), 0, GQL_ROLE_OTHER);
	gql_type_add(schema, type, "dbSubId", gql_schema_type(schema, "ID"), 0, GQL_ROLE_OTHER);
	gql_type_add(schema, type, "ownerCode", gql_schema_type(schema, "ID"), 0, GQL_ROLE_OTHER);
	for (size_t i = 0; i < ARRAY_LEN(members); i++)
		gql_type_add(schema, type, members[i], gql_schema_type(schema, "String"), 0, GQL_ROLE_OTHER);
	return type;
}

static void add_members(struct gql_schema *schema, struct gql_type *input, const struct xl_type *of);

/* What is sent for a field: a reference, a part's own input, or a scalar. */
static const struct gql_type *input_of(struct gql_schema *schema, const struct xl_type *of,
				       const struct xl_field *field)
{
	const struct xl_type *part = xl_field_of(of, field);
	struct gql_type *input;

	if (field->kind == XL_REF || (part && strcmp(part->name, "Subledger") == 0))
		return reference_input(schema);
	if (field->kind != XL_PART)
		return gql_scalar_of(schema, of, field, false);
	input = gql_type_make(schema, arena_print(&schema->arena, "%sInput", part->name), GQL_INPUT_TYPE,
			      GQL_SHAPE_NONE, part);
	if (input->count == 0)
		add_members(schema, input, part);
	return input;
}

static void add_members(struct gql_schema *schema, struct gql_type *input, const struct xl_type *of)
{
	for (size_t i = 0; i < of->count; i++) {
		const struct xl_field *field = &of->fields[i];
		const struct gql_type *type;

		if (!xl_field_is_kept(field))
			continue;
		type = input_of(schema, of, field);
		gql_type_add(schema, input, field->name, type, 0, GQL_ROLE_FIELD)->field = field;
	}
	/* In a list of members the codes of a flexible field have a name of their own. */
	if (strcmp(of->name, "FlexiFieldsItem") == 0)
		for (int i = 1; i <= 8; i++)
			gql_type_add(schema, input, arena_print(&schema->arena, "code%dDbId", i),
				     gql_schema_type(schema, "ID"), 0, GQL_ROLE_OTHER);
}

static void add_aliases(struct gql_schema *schema, struct gql_type *input, const struct xl_type *of)
{
	for (size_t i = 0; i < ARRAY_LEN(aliases); i++) {
		const struct gql_type *type = gql_schema_type(schema, "String");

		if (strcmp(aliases[i].type, of->name) != 0 || gql_slot_named(input, aliases[i].name))
			continue;
		if (strcmp(aliases[i].name, "flexiFieldItem") == 0)
			type = gql_schema_type(schema, "FlexiFieldsItemInput");
		gql_type_add(schema, input, aliases[i].name, type, 0, GQL_ROLE_OTHER);
	}
}

static const struct gql_type *inputs_of(struct gql_schema *schema, const struct xl_type *of, bool update)
{
	const char *verb = update ? "Update" : "Add";
	struct gql_type *node = gql_type_make(schema,
					      arena_print(&schema->arena, "%s%sInputNode", verb, of->many),
					      GQL_INPUT_TYPE, GQL_SHAPE_NONE, of);
	struct gql_type *input = gql_type_make(schema, arena_print(&schema->arena, "%s%sInput", verb, of->many),
					       GQL_INPUT_TYPE, GQL_SHAPE_NONE, of);

	if (update)
		gql_type_add(schema, node, "dbId", gql_schema_type(schema, "ID"), GQL_REQUIRED, GQL_ROLE_OTHER);
	add_members(schema, node, of);
	add_aliases(schema, node, of);
	gql_type_add(schema, node, "owner", reference_input(schema), 0, GQL_ROLE_OTHER);
	gql_type_add(schema, input, "clientId", gql_schema_type(schema, "String"), 0, GQL_ROLE_OTHER);
	gql_type_add(schema, input, "node", node, GQL_REQUIRED, GQL_ROLE_NODE);
	return input;
}

/* ---- fields of Mutation */

static void add_writer(struct gql_schema *schema, struct gql_type *mutation, const struct xl_type *of, bool update,
		       bool other_user)
{
	const char *verb = update ? "Update" : "Add";
	const struct gql_argument_row inputs[] = {
		{ "inputs", inputs_of(schema, of, update)->name, GQL_REQUIRED | GQL_LIST_OF | GQL_ITEM_REQUIRED },
	};
	struct gql_type *payload = gql_type_make(schema, arena_print(&schema->arena, "%s%sPayload", verb, of->many),
						 GQL_OBJECT_TYPE, GQL_SHAPE_ADDED, of);
	struct gql_type *edge = gql_type_make(schema, arena_print(&schema->arena, "%s%sEdge", verb, of->many),
					      GQL_OBJECT_TYPE, GQL_SHAPE_EDGE, of);
	struct gql_slot *slot;

	gql_type_add(schema, edge, "clientId", gql_schema_type(schema, "String"), 0, GQL_ROLE_CLIENT_ID);
	gql_type_add(schema, edge, "node", gql_schema_type(schema, of->name), 0, GQL_ROLE_NODE);
	gql_type_add(schema, payload, "edges", edge, GQL_LIST_OF, GQL_ROLE_EDGES);
	slot = gql_type_add(schema, mutation,
			    arena_print(&schema->arena, "%s%s", update ? "update" : "add", of->many), payload, 0,
			    update ? GQL_ROLE_UPDATE : GQL_ROLE_ADD);
	slot->of = of;
	slot->other_user = other_user;
	gql_slot_set_arguments(schema, slot, inputs, ARRAY_LEN(inputs));
}

static void add_remover(struct gql_schema *schema, struct gql_type *mutation, const struct xl_type *of,
			bool other_user)
{
	const struct gql_argument_row dbids[] = {
		{ "dbIds", other_user ? "ID" : "Int64String", GQL_REQUIRED | GQL_LIST_OF | GQL_ITEM_REQUIRED },
	};
	struct gql_type *payload =
		gql_type_make(schema, "RemovePayload", GQL_OBJECT_TYPE, GQL_SHAPE_REMOVED, NULL);
	struct gql_slot *slot;

	if (payload->count == 0) {
		gql_type_add(schema, payload, "numAffected", gql_schema_type(schema, "Int"), 0, GQL_ROLE_OTHER);
		gql_type_add(schema, payload, "skippedDbIds", gql_schema_type(schema, "Int64String"), GQL_LIST_OF,
			     GQL_ROLE_OTHER);
	}
	slot = gql_type_add(schema, mutation, arena_print(&schema->arena, "remove%s", of->many), payload, 0,
			    GQL_ROLE_REMOVE);
	slot->of = of;
	slot->other_user = other_user;
	gql_slot_set_arguments(schema, slot, dbids, ARRAY_LEN(dbids));
}

const struct gql_type *gql_schema_add_mutations(struct gql_schema *schema)
{
	struct gql_type *mutation =
		gql_type_make(schema, "Mutation", GQL_OBJECT_TYPE, GQL_SHAPE_MUTATION, NULL);

	for (size_t i = 0; i < xl_type_count(); i++) {
		const struct xl_type *of = xl_type_at(i);
		unsigned can = rights_of(of);
		unsigned all = can | (of->flags & XL_OTHER_USER ? ADD | UPDATE | REMOVE : 0);

		if (all & ADD)
			add_writer(schema, mutation, of, false, !(can & ADD));
		if (all & UPDATE)
			add_writer(schema, mutation, of, true, !(can & UPDATE));
		if (all & REMOVE)
			add_remover(schema, mutation, of, !(can & REMOVE));
	}
	return mutation;
}
