/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Roots, objects and scalars as JSON. Which records are on a page is page.c's. */
#include "xledger/execute.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

#include "world.h"
#include "xledger/introspect.h"
#include "xledger/mutate.h"
#include "xledger/page.h"
#include "xledger/token.h"
#include "xledger/zone.h"

/* ---- helpers */

void gql_write_text(struct gql_run *run, const char *text)
{
	if (text)
		str_add_json(run->out, text, strlen(text));
	else
		str_add(run->out, "null");
}

void gql_write_key(struct gql_run *run, const struct gql_plan *field)
{
	gql_write_text(run, field->key);
	str_add_char(run->out, ':');
}

bool gql_switch_is(const struct gql_run *run, int name, const char *word)
{
	return switches_is(&run->entity->simulator->switches, (enum switch_name)name, word);
}

int64_t gql_argument_number(const struct gql_plan *field, const char *name, int64_t fallback)
{
	const struct gql_value *value = gql_member(field->arguments, name);
	int64_t number;

	return value && gql_value_number(value, &number) ? number : fallback;
}

const char *gql_argument_text(const struct gql_plan *field, const char *name)
{
	const struct gql_value *value = gql_member(field->arguments, name);

	return value && value->kind != GQL_NULL ? value->text : NULL;
}

struct gql_error *gql_fail(struct gql_run *run, const struct gql_plan *field, const char *code, const char *message)
{
	struct gql_error *error = gql_errors_add(run->errors, run->arena, "%s", message);

	error->code = code;
	error->path = field->key;
	error->line = field->line;
	error->column = field->column;
	return error;
}

int64_t gql_plan_nodes(const struct gql_plan *root)
{
	int64_t nodes = 0;

	for (const struct gql_plan *field = root->first; field; field = field->next) {
		const struct gql_value *inputs = gql_member(field->arguments, "inputs");
		int64_t first = gql_argument_number(field, "first", 0), last = gql_argument_number(field, "last", 0);

		nodes += 1 + (first > 0 ? first : 0) + (last > 0 ? last : 0);
		for (const struct gql_value *input = inputs ? inputs->first : NULL; input; input = input->next)
			nodes++;
	}
	return nodes;
}

/* ---- objects */

static void write_object(struct gql_run *run, const struct xl_object *object, const struct gql_plan *plan);

static bool is_number(struct xl_value value)
{
	size_t start = value.len > 0 && value.text[0] == '-';

	if (value.len == start || value.len > 19 + start || (value.text[start] == '0' && value.len > start + 1))
		return false;
	for (size_t i = start; i < value.len; i++)
		if (value.text[i] < '0' || value.text[i] > '9')
			return false;
	return true;
}

static void write_scalar(struct gql_run *run, const struct gql_slot *slot, struct xl_value value)
{
	char text[CENTRAL_TEXT_MAX];

	if (!value.text) {
		str_add(run->out, "null");
		return;
	}
	switch (slot->type->kind) {
	case XL_INT:
		/* Some numbers are codes, and codes may have letters. */
		if (is_number(value))
			str_add_bytes(run->out, value.text, value.len);
		else
			str_add(run->out, "null");
		break;
	case XL_BOOLEAN:
	case XL_FLOAT:
		str_add_bytes(run->out, value.text, value.len);
		break;
	case XL_TIME:
		if (slot->field->kind == XL_CREATED || slot->field->kind == XL_MODIFIED)
			gql_write_text(run, central_format(strtoll(value.text, NULL, 10), text));
		else
			str_add_json(run->out, value.text, value.len);
		break;
	default:
		str_add_json(run->out, value.text, value.len);
		break;
	}
}

static void write_field(struct gql_run *run, const struct xl_object *object, const struct gql_plan *field)
{
	const struct gql_slot *slot = field->slot;
	struct xl_object inner;
	char scratch[32];

	if (!slot)
		gql_write_text(run, field->on->name);
	else if (slot->type->form != GQL_OBJECT_TYPE)
		write_scalar(run, slot, xl_object_get(run->entity, object, slot->field, scratch));
	else if (xl_object_follow(run->entity, object, slot->field, &inner))
		write_object(run, &inner, field);
	else
		str_add(run->out, "null");
}

static void write_object(struct gql_run *run, const struct xl_object *object, const struct gql_plan *plan)
{
	const char *comma = "";

	str_add_char(run->out, '{');
	for (const struct gql_plan *field = plan->first; field; field = field->next, comma = ",") {
		str_add(run->out, comma);
		gql_write_key(run, field);
		write_field(run, object, field);
	}
	str_add_char(run->out, '}');
}

void gql_write_record(struct gql_run *run, const struct xl_record *record, const struct gql_plan *plan)
{
	struct xl_object object;

	if (!record) {
		str_add(run->out, "null");
		return;
	}
	object = xl_object_of(record);
	write_object(run, &object, plan);
}

/* ---- edges */

/* What edges of both kinds of connection are made of. */
struct edge {
	const struct xl_record *record; /* NULL: gone */
	const struct xl_delta *delta;   /* NULL: of a page of records */
	const char *cursor;
};

static const char *change_name(struct gql_run *run, enum xl_change change)
{
	if (change == XL_DELETED)
		return gql_switch_is(run, SWITCH_XLEDGER_DELETION, "deletion") ? "DELETION" : "DELETED";
	return change == XL_ADDED ? "ADDED" : "UPDATED";
}

/* Opaque to clients: the position under a disguise that changes with each. */
static void write_version(struct gql_run *run, const struct xl_delta *delta)
{
	str_addf(run->out, "\"AAAAA%08llX\"", (unsigned long long)delta->position * 2654435761u % 0x100000000u);
}

/* What the record says now; null when it is gone. */
static void write_own_field(struct gql_run *run, const struct xl_record *record, const struct gql_plan *field)
{
	struct xl_object object;

	if (!record) {
		str_add(run->out, "null");
		return;
	}
	object = xl_object_of(record);
	write_field(run, &object, field);
}

static void write_delta_field(struct gql_run *run, const struct edge *edge, const struct gql_plan *field)
{
	const struct gql_slot *slot = field->slot;
	char text[CENTRAL_TEXT_MAX];

	if (!slot)
		gql_write_text(run, field->on->name);
	else if (slot->role == GQL_ROLE_CHANGE)
		gql_write_text(run, change_name(run, edge->delta->change));
	else if (slot->role == GQL_ROLE_VERSION)
		write_version(run, edge->delta);
	else if (slot->role == GQL_ROLE_CURRENT)
		gql_write_record(run, edge->record, field);
	else if (slot->role != GQL_ROLE_FIELD)
		gql_write_text(run, central_format(edge->delta->ms, text));
	else if (slot->field->kind == XL_DBID)
		str_addf(run->out, slot->type->kind == XL_DBID ? "\"%lld\"" : "%lld", (long long)edge->delta->dbid);
	else
		write_own_field(run, edge->record, field);
}

static void write_node(struct gql_run *run, const struct edge *edge, const struct gql_plan *plan)
{
	const char *comma = "";

	if (!edge->delta) {
		gql_write_record(run, edge->record, plan);
		return;
	}
	str_add_char(run->out, '{');
	for (const struct gql_plan *field = plan->first; field; field = field->next, comma = ",") {
		str_add(run->out, comma);
		gql_write_key(run, field);
		write_delta_field(run, edge, field);
	}
	str_add_char(run->out, '}');
}

static void write_edge(struct gql_run *run, const struct edge *edge, const struct gql_plan *plan)
{
	const char *comma = "";

	str_add_char(run->out, '{');
	for (const struct gql_plan *field = plan->first; field; field = field->next, comma = ",") {
		str_add(run->out, comma);
		gql_write_key(run, field);
		if (!field->slot)
			gql_write_text(run, field->on->name);
		else if (field->slot->role == GQL_ROLE_CURSOR)
			gql_write_text(run, edge->cursor);
		else if (field->slot->role == GQL_ROLE_CHANGE)
			gql_write_text(run, change_name(run, edge->delta->change));
		else if (field->slot->role == GQL_ROLE_VERSION)
			write_version(run, edge->delta);
		else
			write_node(run, edge, field);
	}
	str_add_char(run->out, '}');
}

/* ---- connections */

static void write_edges(struct gql_run *run, const struct xl_page *page, const struct xl_type *type,
			const struct gql_plan *plan)
{
	char cursor[80];

	if (page->count == 0) {
		str_add(run->out, gql_switch_is(run, SWITCH_XLEDGER_EMPTY_EDGES, "null") ? "null" : "[]");
		return;
	}
	str_add_char(run->out, '[');
	for (size_t i = 0; i < page->count && !str_is_cut(run->out); i++) {
		struct edge edge = { .cursor = cursor };

		if (page->deltas) {
			edge.delta = page->deltas[i];
			edge.record = xl_find(run->entity, type, edge.delta->dbid);
			xl_cursor_format(run, edge.delta->position, cursor);
		} else {
			edge.record = page->records[i];
			xl_cursor_format(run, edge.record->dbid, cursor);
		}
		if (page->stuck)
			edge.cursor = page->stuck;
		str_add(run->out, i ? "," : "");
		write_edge(run, &edge, plan);
	}
	str_add_char(run->out, ']');
}

static void write_page_info(struct gql_run *run, const struct xl_page *page, const struct gql_plan *plan)
{
	const char *comma = "";

	str_add_char(run->out, '{');
	for (const struct gql_plan *field = plan->first; field; field = field->next, comma = ",") {
		bool next = field->slot && strcmp(field->slot->name, "hasNextPage") == 0;

		str_add(run->out, comma);
		gql_write_key(run, field);
		if (field->slot)
			str_add(run->out, (next ? page->has_next : page->has_previous) ? "true" : "false");
		else
			gql_write_text(run, field->on->name);
	}
	str_add_char(run->out, '}');
}

static void write_connection(struct gql_run *run, const struct xl_page *page, const struct gql_plan *plan)
{
	const char *comma = "";

	if (page->count == 0 && gql_switch_is(run, SWITCH_XLEDGER_EMPTY_ROOT, "null")) {
		str_add(run->out, "null");
		return;
	}
	str_add_char(run->out, '{');
	for (const struct gql_plan *field = plan->first; field; field = field->next, comma = ",") {
		str_add(run->out, comma);
		gql_write_key(run, field);
		if (!field->slot)
			gql_write_text(run, field->on->name);
		else if (field->slot->role == GQL_ROLE_EDGES)
			write_edges(run, page, plan->slot->of, field);
		else
			write_page_info(run, page, field);
	}
	str_add_char(run->out, '}');
}

/* ---- roots */

static void write_single(struct gql_run *run, const struct gql_plan *field)
{
	int64_t dbid = gql_argument_number(field, "dbId", -1);
	const struct xl_record *record = xl_find(run->entity, field->slot->of, dbid);

	gql_write_record(run, record && !xl_has_vanished(run, dbid) ? record : NULL, field);
}

static void write_pages(struct gql_run *run, const struct gql_plan *field)
{
	struct xl_page page = { 0 };
	bool good = field->slot->role == GQL_ROLE_DELTAS ? xl_page_deltas(run, field, &page)
							 : xl_page_records(run, field, &page);

	if (good)
		write_connection(run, &page, field);
	else
		str_add(run->out, "null");
}

static bool may_ask(struct gql_run *run, const struct gql_plan *field)
{
	const struct xl_type *of = field->slot->of;
	char message[160];

	if (!of || !of->scope || !run->token || xl_token_allows(run->token, of->scope))
		return true;
	snprintf(message, sizeof(message), "The token has no access to %s.", of->scope);
	gql_fail(run, field, "FORBIDDEN", message);
	return false;
}

static void write_root(struct gql_run *run, const struct gql_plan *field)
{
	if (!field->slot) {
		gql_write_text(run, field->on->name);
		return;
	}
	if (!may_ask(run, field)) {
		str_add(run->out, "null");
		return;
	}
	switch (field->slot->role) {
	case GQL_ROLE_META_SCHEMA:
		gql_introspect_schema(run->schema, field, run->out);
		break;
	case GQL_ROLE_META_TYPE:
		gql_introspect_type(run->schema, gql_argument_text(field, "name"), field, run->out);
		break;
	case GQL_ROLE_SINGLE:
		write_single(run, field);
		break;
	case GQL_ROLE_PAGE:
	case GQL_ROLE_DELTAS:
		write_pages(run, field);
		break;
	default:
		xl_mutate(run, field);
		break;
	}
}

void gql_execute(struct gql_run *run, const struct gql_plan *root)
{
	const char *comma = "";

	str_add_char(run->out, '{');
	for (const struct gql_plan *field = root->first; field; field = field->next, comma = ",") {
		str_add(run->out, comma);
		gql_write_key(run, field);
		write_root(run, field);
	}
	str_add_char(run->out, '}');
}
