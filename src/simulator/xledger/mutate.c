/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Inputs are read first, all of a call, and carried out only when nothing is wrong with any. There
 * is no protection from repeats: the same input sent twice makes two records.
 */
#include "xledger/mutate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/decimal.h"
#include "ledgerdeck/core/memory.h"

#include "world.h"
#include "xledger/import.h"
#include "xledger/ledger.h"

#define COMPANY_FIELDS_MAX 8

/* An input that was read. */
struct draft {
	const char *client_id;
	struct xl_record *record; /* of an update: the record; then what was made */
	int64_t owner;
	const char *pack;
	size_t len;
	struct {
		const char *field, *text;
	} company[COMPANY_FIELDS_MAX]; /* what is to be set in the company behind it */
	size_t company_count;
};

struct reader {
	struct gql_run *run;
	const struct gql_plan *field;
	const struct xl_type *type;
	struct draft *draft;
};

/* ---- references */

static void fail_reference(struct reader *reader, const char *path, const char *by, const char *text)
{
	char message[300];

	snprintf(message, sizeof(message), "%s.%s: No value matching owner %lld, %s '%.100s'.", path, by,
		 (long long)reader->run->entity->dbid, by, text);
	gql_fail(reader->run, reader->field, "INVALID_VALUE", message);
}

static struct xl_record *scan(struct xl_entity *entity, const struct xl_type *type, const char *by, const char *text)
{
	const struct xl_field *field = xl_field_named(type, strcmp(by, "ownerCode") == 0 ? "ownerCode" : by);
	const struct xl_table *table = xl_table_of(entity, type);

	for (size_t i = 0; field && i < table->count; i++) {
		struct xl_object object = xl_object_of(table->records[i]);
		char scratch[32];
		struct xl_value value = xl_object_get(entity, &object, field, scratch);

		if (value.text && value.len == strlen(text) && memcmp(value.text, text, value.len) == 0)
			return table->records[i];
	}
	return NULL;
}

static struct xl_record *look_up(struct xl_entity *entity, const struct xl_type *type, const char *by,
				 const char *text)
{
	if (strcmp(by, "dbId") == 0)
		return xl_find(entity, type, strtoll(text, NULL, 10));
	if (strcmp(by, "code") == 0)
		return xl_find_code(entity, type, text);
	return scan(entity, type, by, text);
}

/* The first member that is given says which record is meant; NULL, with an error: none is. */
static struct xl_record *find_reference(struct reader *reader, const struct xl_type *type, const struct xl_type *other,
					const struct gql_value *value, const char *path, bool lenient)
{
	const struct gql_value *member = value->first;
	struct xl_record *record = NULL;

	while (member && member->kind == GQL_NULL)
		member = member->next;
	if (member)
		record = look_up(reader->run->entity, type, member->name, member->text);
	if (member && !record && other)
		record = look_up(reader->run->entity, other, member->name, member->text);
	if (!record && !lenient)
		fail_reference(reader, path, member ? member->name : "dbId", member ? member->text : "");
	return record;
}

/* ---- values */

static struct xl_value keep(struct reader *reader, const char *text, size_t len)
{
	return (struct xl_value){ arena_text(reader->run->arena, text, len), len };
}

static struct xl_value keep_number(struct reader *reader, int64_t number)
{
	const char *text = arena_print(reader->run->arena, "%lld", (long long)number);

	return (struct xl_value){ text, strlen(text) };
}

static struct xl_value keep_scalar(struct reader *reader, const struct xl_field *field, const struct gql_value *value)
{
	struct decimal decimal;
	char text[DECIMAL_TEXT_MAX];

	if (field->kind == XL_DECIMAL && decimal_parse(value->text, value->len, &decimal))
		return keep(reader, decimal_format(decimal, text), strlen(decimal_format(decimal, text)));
	return keep(reader, value->text, value->len);
}

static struct xl_value keep_pack(struct reader *reader, const struct xl_type *type, const struct xl_value *values)
{
	AUTO(str_clear) struct str pack = STR_INIT(STR_NO_LIMIT);

	for (size_t i = 0; i < type->count; i++)
		if (values[i].text)
			xl_pack_add(&pack, i, values[i].text, values[i].len);
	return keep(reader, pack.text, pack.len);
}

static void unpack(const char *pack, size_t len, struct xl_value *values)
{
	struct xl_value value;
	size_t at = 0, field;

	while (xl_pack_each(pack, len, &at, &field, &value))
		values[field] = value;
}

/* What a letter says is made of the rest. */
static void complete_address(struct reader *reader, const struct xl_type *type, struct xl_value *values)
{
	static const char *const parts[] = { "streetAddress", "zipCode", "place" };
	AUTO(str_clear) struct str full = STR_INIT(1000);

	if (strcmp(type->name, "Address") != 0)
		return;
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		struct xl_value part = values[xl_field_index(type, xl_field_named(type, parts[i]))];

		if (!part.text)
			continue;
		str_add(&full, full.len == 0 ? "" : i == 2 ? " " : ", ");
		str_add_bytes(&full, part.text, part.len);
	}
	values[xl_field_index(type, xl_field_named(type, "fullAddress"))] = keep(reader, full.text, full.len);
}

static void read_members(struct reader *reader, const struct xl_type *type, const struct gql_value *first,
			 struct xl_value *values);

static struct xl_value read_part(struct reader *reader, const struct xl_type *part, const struct gql_value *value,
				 struct xl_value before)
{
	struct xl_value *values = arena_new(reader->run->arena, XL_FIELD_MAX * sizeof(*values));

	if (before.text)
		unpack(before.text, before.len, values);
	read_members(reader, part, value->first, values);
	complete_address(reader, part, values);
	return keep_pack(reader, part, values);
}

/* Who an order or a line is for: a customer, or a supplier of that code. */
static struct xl_value read_subledger(struct reader *reader, const struct gql_value *value, const char *path)
{
	struct xl_record *party = find_reference(reader, xl_type_named("Customer"), xl_type_named("Supplier"), value,
						 path, false);
	struct xl_maker maker;
	struct xl_value kept;

	if (!party)
		return (struct xl_value){ 0 };
	maker = xl_subledger_of(reader->run->entity, party);
	kept = keep(reader, maker.pack.text, maker.pack.len);
	xl_maker_clear(&maker);
	return kept;
}

/* Unknown accounts of journal lines are told later when the switch says so. */
static bool is_lenient(const struct reader *reader, const struct xl_field *field)
{
	return strcmp(reader->type->name, "GLImportItem") == 0 && strcmp(field->name, "account") == 0 &&
	       !gql_switch_is(reader->run, SWITCH_XLEDGER_IMPORT_CHECK, "refused");
}

static struct xl_value read_field(struct reader *reader, const struct xl_type *type, const struct xl_field *field,
				  const struct gql_value *value, struct xl_value before)
{
	const struct xl_type *of = xl_field_of(type, field);
	const struct xl_record *record;

	if (value->kind == GQL_NULL)
		return (struct xl_value){ 0 };
	if (field->kind == XL_REF) {
		record = find_reference(reader, of, NULL, value, field->name, is_lenient(reader, field));
		return record ? keep_number(reader, record->dbid) : (struct xl_value){ 0 };
	}
	if (field->kind == XL_PART)
		return strcmp(of->name, "Subledger") == 0 ? read_subledger(reader, value, field->name)
							  : read_part(reader, of, value, before);
	return keep_scalar(reader, field, value);
}

static void read_owner(struct reader *reader, const struct gql_value *value)
{
	const struct xl_record *owner;

	if (value->kind == GQL_NULL)
		return;
	owner = find_reference(reader, xl_type_named("Owner"), NULL, value, "owner", false);
	if (owner)
		reader->draft->owner = owner->dbid;
}

/* A member that the service calls otherwise in inputs than in nodes. */
static void read_alias(struct reader *reader, const struct xl_type *type, const struct xl_alias *alias,
		       const struct gql_value *value, struct xl_value *values)
{
	const struct xl_field *field = alias->field ? xl_field_named(type, alias->field) : NULL;
	struct gql_value member = *value, part = { .kind = GQL_OBJECT, .first = &member };
	struct draft *draft = reader->draft;
	size_t at;

	if (!field) {
		if (draft->company_count < COMPANY_FIELDS_MAX && value->kind != GQL_NULL) {
			draft->company[draft->company_count].field = alias->inner;
			draft->company[draft->company_count++].text = value->text;
		}
		return;
	}
	at = xl_field_index(type, field);
	member.next = NULL;
	member.name = alias->inner;
	values[at] = read_field(reader, type, field, alias->inner ? &part : value, values[at]);
}

/* "code3DbId" of flexible fields. */
static void read_code(struct reader *reader, const struct xl_type *type, const struct gql_value *value,
		      struct xl_value *values)
{
	char name[8];
	const struct xl_field *field;

	if (strlen(value->name) != strlen("code1DbId") || strcmp(value->name + 5, "DbId") != 0)
		return;
	snprintf(name, sizeof(name), "%.5s", value->name);
	field = xl_field_named(type, name);
	if (field)
		values[xl_field_index(type, field)] =
			value->kind == GQL_NULL ? (struct xl_value){ 0 } : keep(reader, value->text, value->len);
}

static void read_members(struct reader *reader, const struct xl_type *type, const struct gql_value *first,
			 struct xl_value *values)
{
	for (; first; first = first->next) {
		const struct xl_field *field = xl_field_named(type, first->name);
		const struct xl_alias *alias = xl_alias_find(type, first->name);

		if (field && xl_field_is_kept(field)) {
			size_t at = xl_field_index(type, field);

			values[at] = read_field(reader, type, field, first, values[at]);
		} else if (alias) {
			read_alias(reader, type, alias, first, values);
		} else if (type == reader->type && strcmp(first->name, "owner") == 0) {
			read_owner(reader, first);
		} else {
			read_code(reader, type, first, values);
		}
	}
}

/* ---- what is not sent */

static void set_if_null(struct reader *reader, struct xl_value *values, const char *name, const char *text)
{
	const struct xl_field *field = xl_field_named(reader->type, name);
	struct xl_value *value = field ? &values[xl_field_index(reader->type, field)] : NULL;

	if (value && !value->text)
		*value = keep(reader, text, strlen(text));
}

/* Lists of parties and projects number themselves. */
static void set_code(struct reader *reader, struct xl_value *values)
{
	struct xl_entity *entity = reader->run->entity;
	struct {
		const char *type;
		int64_t *next;
	} numbers[] = {
		{ "Customer", &entity->next_customer },
		{ "Supplier", &entity->next_supplier },
		{ "Project", &entity->next_project },
	};
	const struct xl_field *code = xl_field_named(reader->type, "code");

	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		char text[24];

		if (strcmp(numbers[i].type, reader->type->name) != 0 || values[xl_field_index(reader->type, code)].text)
			continue;
		do
			snprintf(text, sizeof(text), "%lld", (long long)(*numbers[i].next)++);
		while (xl_find_code(entity, reader->type, text));
		set_if_null(reader, values, "code", text);
	}
}

static void set_amount(struct reader *reader, struct xl_value *values)
{
	const struct xl_type *type = reader->type;
	const struct xl_value quantity = values[xl_field_index(type, xl_field_named(type, "quantity"))];
	const struct xl_value price = values[xl_field_index(type, xl_field_named(type, "unitPrice"))];
	struct decimal a = decimal_of(1, 0), b;
	char text[DECIMAL_TEXT_MAX];

	if (!price.text || !decimal_parse(price.text, price.len, &b))
		return;
	if (quantity.text)
		decimal_parse(quantity.text, quantity.len, &a);
	if (decimal_multiply(a, b, 2, &a))
		set_if_null(reader, values, "amount", decimal_format(a, text));
}

static void set_defaults(struct reader *reader, struct xl_value *values)
{
	struct xl_entity *entity = reader->run->entity;

	set_code(reader, values);
	if (strcmp(reader->type->name, "InvoiceBaseItem") == 0)
		set_amount(reader, values);
	if (strcmp(reader->type->name, "Webhook") == 0) {
		char text[24];

		snprintf(text, sizeof(text), "%lld", (long long)xl_find_code(entity, xl_type_named("Definition"), "RUNNING")->dbid);
		set_if_null(reader, values, "state", text);
	}
}

/* ---- one input, all inputs */

static bool read_target(struct reader *reader, const struct gql_value *node)
{
	const struct gql_value *dbid = gql_member(node->first, "dbId");
	int64_t number = -1;

	gql_value_number(dbid, &number);
	reader->draft->record = xl_find(reader->run->entity, reader->type, number);
	if (reader->draft->record)
		return true;
	fail_reference(reader, "node", "dbId", dbid->text);
	return false;
}

static bool read_input(struct reader *reader, const struct gql_value *input, bool update)
{
	const struct gql_value *node = gql_member(input->first, "node"), *id = gql_member(input->first, "clientId");
	struct xl_value *values = arena_new(reader->run->arena, XL_FIELD_MAX * sizeof(*values));
	size_t errors = reader->run->errors->count;
	struct xl_value pack;

	reader->draft->client_id = id && id->kind != GQL_NULL ? id->text : NULL;
	reader->draft->owner = reader->run->entity->dbid;
	if (update) {
		if (!read_target(reader, node))
			return false;
		reader->draft->owner = reader->draft->record->owner;
		unpack(reader->draft->record->pack, reader->draft->record->len, values);
	}
	read_members(reader, reader->type, node->first, values);
	if (!update)
		set_defaults(reader, values);
	pack = keep_pack(reader, reader->type, values);
	reader->draft->pack = pack.text;
	reader->draft->len = pack.len;
	return reader->run->errors->count == errors;
}

/* A company is what a party's name, numbers and address are of; one that has none gets one. */
static void set_company(struct xl_entity *entity, struct draft *draft)
{
	const struct xl_field *field = xl_field_named(draft->record->type, "company");
	struct xl_record *company;
	char text[256];

	if (!field || field->kind != XL_REF || !xl_field_named(draft->record->type, "companyNumber"))
		return;
	company = xl_ref_of(entity, draft->record, "company");
	if (!company) {
		struct xl_maker maker = xl_maker_of("Company");

		xl_maker_text(&maker, "description",
			      xl_text_of(entity, draft->record, "description", text, sizeof(text)));
		xl_maker_text(&maker, "email", xl_text_of(entity, draft->record, "email", text, sizeof(text)));
		xl_maker_text(&maker, "phone", xl_text_of(entity, draft->record, "phone", text, sizeof(text)));
		company = xl_maker_add(&maker, entity, draft->owner, xl_now_ms(entity));
		snprintf(text, sizeof(text), "%lld", (long long)company->dbid);
		/* It was made with the party: the party was not changed. */
		entity->loading = true;
		xl_set_text(entity, draft->record, "company", text);
		entity->loading = false;
	}
	for (size_t i = 0; i < draft->company_count; i++)
		xl_set_text(entity, company, draft->company[i].field, draft->company[i].text);
}

static void carry_out(struct gql_run *run, const struct xl_type *type, struct draft *draft, bool update)
{
	if (update) {
		draft->record->owner = draft->owner;
		xl_update(run->entity, draft->record, draft->pack, draft->len);
		if (draft->company_count > 0)
			set_company(run->entity, draft);
		return;
	}
	draft->record = xl_add(run->entity, type, draft->owner, draft->pack, draft->len);
	set_company(run->entity, draft);
}

static void write_edges(struct gql_run *run, const struct draft *drafts, size_t count, const struct gql_plan *plan)
{
	str_add_char(run->out, '[');
	for (size_t i = 0; i < count; i++) {
		const char *comma = "";

		str_add(run->out, i ? ",{" : "{");
		for (const struct gql_plan *field = plan->first; field; field = field->next, comma = ",") {
			str_add(run->out, comma);
			gql_write_key(run, field);
			if (!field->slot)
				gql_write_text(run, field->on->name);
			else if (field->slot->role == GQL_ROLE_CLIENT_ID)
				gql_write_text(run, drafts[i].client_id);
			else
				gql_write_record(run, drafts[i].record, field);
		}
		str_add_char(run->out, '}');
	}
	str_add_char(run->out, ']');
}

static void write_added(struct gql_run *run, const struct gql_plan *plan, const struct draft *drafts, size_t count)
{
	const char *comma = "";

	str_add_char(run->out, '{');
	for (const struct gql_plan *field = plan->first; field; field = field->next, comma = ",") {
		str_add(run->out, comma);
		gql_write_key(run, field);
		if (field->slot)
			write_edges(run, drafts, count, field);
		else
			gql_write_text(run, field->on->name);
	}
	str_add_char(run->out, '}');
}

/* What the service makes of new lines. */
static void follow_up(struct gql_run *run, const struct xl_type *type, const struct draft *drafts, size_t count)
{
	struct xl_record **records = arena_new(run->arena, (count + 1) * sizeof(struct xl_record *));

	for (size_t i = 0; i < count; i++)
		records[i] = drafts[i].record;
	if (strcmp(type->name, "InvoiceBaseItem") == 0)
		xl_import_order(run->entity, records, count);
	else if (strcmp(type->name, "GLImportItem") == 0)
		xl_import_post_due(run->entity);
}

static void mutate_nodes(struct gql_run *run, const struct gql_plan *field, bool update)
{
	const struct gql_value *inputs = gql_member(field->arguments, "inputs");
	const struct xl_type *type = field->slot->of;
	struct draft *drafts = arena_new(run->arena, (XL_NODES_MAX + 1) * sizeof(*drafts));
	size_t count = 0;
	bool good = true;

	for (const struct gql_value *input = inputs->first; input && good; input = input->next) {
		struct reader reader = { .run = run, .field = field, .type = type };

		if (count == XL_NODES_MAX) {
			gql_fail(run, field, "INVALID_VALUE", "At most 500 nodes can be sent at once.");
			good = false;
			break;
		}
		reader.draft = &drafts[count++];
		good = read_input(&reader, input, update) && good;
	}
	if (good && !update && strcmp(type->name, "GLImportItem") == 0)
		good = xl_import_check(run, field, inputs);
	if (!good) {
		str_add(run->out, "null");
		return;
	}
	for (size_t i = 0; i < count; i++)
		carry_out(run, type, &drafts[i], update);
	if (!update)
		follow_up(run, type, drafts, count);
	write_added(run, field, drafts, count);
}

static void mutate_remove(struct gql_run *run, const struct gql_plan *plan)
{
	const struct gql_value *dbids = gql_member(plan->arguments, "dbIds");
	AUTO(str_clear) struct str skipped = STR_INIT(STR_NO_LIMIT);
	const char *comma = "";
	long affected = 0;

	for (const struct gql_value *item = dbids->first; item; item = item->next) {
		int64_t dbid = -1;
		struct xl_record *record = NULL;

		if (gql_value_number(item, &dbid))
			record = xl_find(run->entity, plan->slot->of, dbid);
		if (record) {
			xl_remove(run->entity, record);
			affected++;
		} else {
			str_addf(&skipped, "%s", skipped.len ? "," : "");
			str_add_json(&skipped, item->text, item->len);
		}
	}
	str_add_char(run->out, '{');
	for (const struct gql_plan *field = plan->first; field; field = field->next, comma = ",") {
		str_add(run->out, comma);
		gql_write_key(run, field);
		if (!field->slot)
			gql_write_text(run, field->on->name);
		else if (strcmp(field->slot->name, "numAffected") == 0)
			str_addf(run->out, "%ld", affected);
		else
			str_addf(run->out, "[%s]", skipped.text);
	}
	str_add_char(run->out, '}');
}

void xl_mutate(struct gql_run *run, const struct gql_plan *field)
{
	if (field->slot->role == GQL_ROLE_REMOVE)
		mutate_remove(run, field);
	else
		mutate_nodes(run, field, field->slot->role == GQL_ROLE_UPDATE);
}
