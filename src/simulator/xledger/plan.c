/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Validation and preparation in one walk: unknown fields, arguments and types, missing and
 * surplus selections, then variables put in their places. Checking values is check.c's.
 */
#include "xledger/plan.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

#include "xledger/check.h"

struct planner {
	const struct gql_schema *schema;
	const struct gql_document *document;
	struct gql_checker checker;
	struct arena *arena;
	struct gql_errors *errors;
	bool other_user, without_current;
	int steps, depth;
};

struct gql_error *gql_errors_add(struct gql_errors *errors, struct arena *arena, const char *format, ...)
{
	size_t at = errors->count < GQL_ERRORS_MAX ? errors->count++ : GQL_ERRORS_MAX - 1;
	char text[401];
	va_list list;

	va_start(list, format);
	vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	errors->items[at] = (struct gql_error){ .message = arena_text(arena, text, strlen(text)) };
	return &errors->items[at];
}

static void place_error(struct gql_error *error, const struct gql_selection *selection)
{
	error->line = selection->line;
	error->column = selection->column;
}

const struct gql_operation *gql_operation_pick(const struct gql_document *document, const char *name,
					       struct arena *arena, struct gql_errors *errors)
{
	const struct gql_operation *operation = document->operations;

	if (!name || !*name) {
		if (!operation->next)
			return operation;
		gql_errors_add(errors, arena, "Must provide operation name if query contains multiple operations.");
		return NULL;
	}
	for (; operation; operation = operation->next)
		if (operation->name && strcmp(operation->name, name) == 0)
			return operation;
	gql_errors_add(errors, arena, "Unknown operation named \"%.100s\".", name);
	return NULL;
}

/* ---- directives */

/* @skip and @include; others are mistakes. Returns whether the selection stays. */
static bool stays(struct planner *planner, const struct gql_selection *selection)
{
	bool stay = true;

	for (const struct gql_directive *directive = selection->directives; directive; directive = directive->next) {
		bool skip = strcmp(directive->name, "skip") == 0;
		const struct gql_value *condition = gql_member(directive->arguments, "if");
		bool truth = false;

		if (!skip && strcmp(directive->name, "include") != 0)
			place_error(gql_errors_add(planner->errors, planner->arena, "Unknown directive \"@%.60s\".",
						   directive->name),
				    selection);
		else if (!condition || !gql_check_condition(&planner->checker, condition, &truth))
			place_error(gql_errors_add(planner->errors, planner->arena,
						   "Directive \"@%s\" argument \"if\" of type \"Boolean!\" is required.",
						   directive->name),
				    selection);
		else if (truth == skip)
			stay = false;
	}
	return stay;
}

/* ---- fields */

static void plan_selections(struct planner *planner, const struct gql_type *type,
			    const struct gql_selection *selections, struct gql_plan *parent);

static const struct gql_slot *find_slot(const struct planner *planner, const struct gql_type *type, const char *name)
{
	const struct gql_slot *slot = gql_slot_named(type, name);

	if (slot && ((slot->other_user && !planner->other_user) ||
		     (slot->role == GQL_ROLE_CURRENT && planner->without_current)))
		return NULL;
	return slot;
}

static void plan_arguments(struct planner *planner, const struct gql_selection *selection, struct gql_plan *field)
{
	const struct gql_slot *slot = field->slot;
	struct gql_value **end = &field->arguments;

	for (const struct gql_value *sent = selection->arguments; sent; sent = sent->next) {
		const struct gql_slot *argument = gql_argument_named(slot, sent->name);
		struct gql_value *value;

		if (!argument) {
			place_error(gql_errors_add(planner->errors, planner->arena,
						   "Unknown argument \"%.60s\" on field \"%s\" of type \"%s\".",
						   sent->name, slot->name, field->on->name),
				    selection);
			continue;
		}
		value = gql_check_value(&planner->checker, argument, sent);
		if (!value)
			continue;
		value->name = argument->name;
		*end = value;
		end = &value->next;
	}
	for (size_t i = 0; i < slot->argument_count; i++) {
		const struct gql_slot *argument = &slot->arguments[i];
		const struct gql_value *value = gql_member(field->arguments, argument->name);

		if ((argument->wrap & GQL_REQUIRED) && !value && planner->errors->count == 0)
			place_error(gql_errors_add(planner->errors, planner->arena,
						   "Field \"%s\" argument \"%s\" is required, but it was not provided.",
						   slot->name, argument->name),
				    selection);
	}
}

/* The field with that key, new or (when it is the same field) the one that is there. */
static struct gql_plan *plan_place(struct planner *planner, struct gql_plan *parent, const char *key,
				   const struct gql_slot *slot, bool *ret_is_new)
{
	struct gql_plan *field;

	for (field = parent->first; field; field = field->next)
		if (strcmp(field->key, key) == 0)
			break;
	*ret_is_new = !field;
	if (field && field->slot != slot)
		return NULL;
	if (field)
		return field;
	field = arena_new(planner->arena, sizeof(*field));
	field->key = key;
	field->slot = slot;
	if (parent->last)
		parent->last->next = field;
	else
		parent->first = field;
	parent->last = field;
	return field;
}

static void plan_inside(struct planner *planner, const struct gql_selection *selection, struct gql_plan *field)
{
	const struct gql_type *type = field->slot ? field->slot->type : NULL;
	bool leaf = !type || type->form != GQL_OBJECT_TYPE;
	struct str name = STR_INIT(100);

	if (type)
		gql_slot_add_type(field->slot, &name);
	if (leaf && selection->selections)
		place_error(gql_errors_add(planner->errors, planner->arena,
					   "Field \"%s\" must not have a selection since type \"%s\" has no subfields.",
					   selection->name, type ? name.text : "String!"),
			    selection);
	else if (!leaf && !selection->selections)
		place_error(gql_errors_add(planner->errors, planner->arena,
					   "Field \"%s\" of type \"%s\" must have a selection of subfields. Did you mean "
					   "\"%s { ... }\"?",
					   selection->name, name.text, selection->name),
			    selection);
	else if (!leaf)
		plan_selections(planner, type, selection->selections, field);
	str_clear(&name);
}

static bool is_meta_root(const struct planner *planner, const struct gql_type *type, const char *name)
{
	return type == planner->schema->query || strncmp(name, "__", 2) != 0;
}

static void refuse_conflict(struct planner *planner, const struct gql_selection *selection, const char *key,
			    const char *why)
{
	place_error(gql_errors_add(planner->errors, planner->arena,
				   "Fields \"%.60s\" conflict because they have different %s. Use different aliases on "
				   "the fields to fetch both if this was intentional.",
				   key, why),
		    selection);
}

/* A field that is asked for twice must be asked for in the same way. */
static void check_again(struct planner *planner, const struct gql_selection *selection, const struct gql_plan *field)
{
	struct gql_plan again = { .slot = field->slot, .on = field->on };
	struct gql_value before = { .kind = GQL_OBJECT, .first = field->arguments };
	struct gql_value now = { .kind = GQL_OBJECT };
	AUTO(str_clear) struct str a = STR_INIT(STR_NO_LIMIT), b = STR_INIT(STR_NO_LIMIT);

	plan_arguments(planner, selection, &again);
	now.first = again.arguments;
	gql_value_add_json(&before, &a);
	gql_value_add_json(&now, &b);
	if (strcmp(a.text, b.text) != 0)
		refuse_conflict(planner, selection, field->key, "arguments");
}

static void plan_field(struct planner *planner, const struct gql_type *type, const struct gql_selection *selection,
		       struct gql_plan *parent)
{
	const char *key = selection->alias ? selection->alias : selection->name;
	const struct gql_slot *slot = NULL;
	struct gql_plan *field;
	bool is_new;

	if (strcmp(selection->name, "__typename") != 0) {
		slot = is_meta_root(planner, type, selection->name) ? find_slot(planner, type, selection->name) : NULL;
		if (!slot) {
			place_error(gql_errors_add(planner->errors, planner->arena,
						   "Cannot query field \"%.100s\" on type \"%s\".", selection->name,
						   type->name),
				    selection);
			return;
		}
	}
	field = plan_place(planner, parent, key, slot, &is_new);
	if (!field) {
		refuse_conflict(planner, selection, key, "names");
		return;
	}
	field->on = type;
	field->line = selection->line;
	field->column = selection->column;
	if (slot && is_new)
		plan_arguments(planner, selection, field);
	else if (slot)
		check_again(planner, selection, field);
	plan_inside(planner, selection, field);
}

/* ---- fragments */

static void plan_fragment(struct planner *planner, const struct gql_type *type, const char *on,
			  const struct gql_selection *inside, const struct gql_selection *selection,
			  struct gql_plan *parent)
{
	const struct gql_type *wanted = on ? gql_schema_type(planner->schema, on) : type;

	if (!wanted)
		place_error(gql_errors_add(planner->errors, planner->arena, "Unknown type \"%.60s\".", on), selection);
	else if (wanted != type)
		place_error(gql_errors_add(planner->errors, planner->arena,
					   "Fragment cannot be spread here as objects of type \"%s\" can never be of type "
					   "\"%s\".",
					   type->name, wanted->name),
			    selection);
	else
		plan_selections(planner, type, inside, parent);
}

static void plan_spread(struct planner *planner, const struct gql_type *type, const struct gql_selection *selection,
			struct gql_plan *parent)
{
	const struct gql_fragment *fragment = planner->document->fragments;

	while (fragment && strcmp(fragment->name, selection->name) != 0)
		fragment = fragment->next;
	if (fragment)
		plan_fragment(planner, type, fragment->on, fragment->selections, selection, parent);
	else
		place_error(gql_errors_add(planner->errors, planner->arena, "Unknown fragment \"%.60s\".",
					   selection->name),
			    selection);
}

/* A fragment that spreads itself never comes to an end: the depth ends it. */
static void plan_selections(struct planner *planner, const struct gql_type *type,
			    const struct gql_selection *selections, struct gql_plan *parent)
{
	if (++planner->depth > GQL_DEPTH_MAX) {
		place_error(gql_errors_add(planner->errors, planner->arena,
					   "The selections are nested deeper than %d levels, or a fragment spreads itself.",
					   GQL_DEPTH_MAX),
			    selections);
		planner->steps = GQL_PLAN_MAX;
	}
	for (; selections && planner->errors->count < GQL_ERRORS_MAX; selections = selections->next) {
		if (++planner->steps > GQL_PLAN_MAX) {
			if (planner->errors->count == 0)
				gql_errors_add(planner->errors, planner->arena,
					       "The document asks for more than %d fields.", GQL_PLAN_MAX);
			break;
		}
		if (!stays(planner, selections))
			continue;
		if (selections->kind == GQL_FIELD)
			plan_field(planner, type, selections, parent);
		else if (selections->kind == GQL_SPREAD)
			plan_spread(planner, type, selections, parent);
		else
			plan_fragment(planner, type, selections->on, selections->selections, selections, parent);
	}
	planner->depth--;
}

bool gql_plan_make(const struct gql_schema *schema, const struct gql_document *document,
		   const struct gql_operation *operation, const struct gql_value *variables, bool other_user,
		   bool without_current, struct arena *arena, struct gql_plan **ret_root, struct gql_errors *errors)
{
	struct planner planner = {
		.schema = schema, .document = document, .arena = arena, .errors = errors,
		.other_user = other_user, .without_current = without_current,
		.checker = { .schema = schema, .arena = arena, .errors = errors,
			     .declared = operation->variables, .sent = variables },
	};
	struct gql_plan *root = arena_new(arena, sizeof(*root));

	if (!gql_check_variables(&planner.checker))
		return false;
	plan_selections(&planner, operation->is_mutation ? schema->mutation : schema->query, operation->selections,
			root);
	*ret_root = root;
	return errors->count == 0;
}
