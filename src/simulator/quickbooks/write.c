/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writing: create, full and sparse update, delete, void, for every entity by one path. A draft is
 * checked and completed as a whole before anything of it reaches the books.
 */
#include "quickbooks/write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "quickbooks/draft.h"
#include "quickbooks/rules.h"
#include "quickbooks/value.h"
#include "world.h"

#define LEVELS_MAX 8 /* nothing stands so deep; where going down ends in any case */

/* Is `id` a number? Pseudo codes of taxes are the only other ids. */
static bool check_id(const char *id, struct fault *fault)
{
	if (*id && strspn(id, "0123456789") == strlen(id))
		return true;
	fault_set(fault, 2030, "Id", "Id should be a valid number. Supplied value:%.100s", id);
	fault->has_time = false;
	return false;
}

/* The record that an update, deletion or void is about, with the SyncToken that it must have. */
static bool find_old(struct company *company, const struct entity *entity, json_object *sent,
		     const struct write_options *options, struct record **ret_record, struct fault *fault)
{
	const char *id = object_text(sent, "Id"), *token = object_text(sent, "SyncToken");
	const char *other = options->as_other ? company->user_name : company->other_name;
	struct record *record;
	char current[16];

	if (!check_id(id, fault))
		return false;
	record = company_find(company, entity, id);
	if (!record)
		return fault_plain(fault, 610);
	if (!*token && strcmp(entity->name, "Attachable") != 0)
		return fault_set(fault, 2020, "SyncToken", "Required parameter SyncToken is missing in the request");
	snprintf(current, sizeof(current), "%d", (int)record->sync_token);
	if (*token && strcmp(token, current) != 0)
		return fault_set(fault, 5010, "",
				 "Stale Object Error : You and %s were working on this at the same time. %s finished "
				 "before you did, so your work was not saved.", other, other);
	*ret_record = record;
	return true;
}

/* One member of the draft: as sent, as it was (sparse, read-only), or missing. */
static bool take_member(struct draft *draft, const struct member *member, json_object *sent,
			struct fault *fault)
{
	json_object *given = NULL, *value = NULL, *old = object_get(draft->before, member->name);
	bool is_sent = json_object_object_get_ex(sent, member->name, &given);
	bool clears = switches_is(&draft->company->simulator->switches, SWITCH_SPARSE_NULL, "clears");

	if (member->flags & MEMBER_HIDDEN)
		return true;
	if (is_sent && !given && draft->sparse && !clears)
		is_sent = false; /* null in a sparse update says nothing */
	if ((member->flags & MEMBER_READONLY) || (draft->sparse && !is_sent)) {
		/* What nothing computes (a company's country) sample data says itself. */
		if (given && draft->company->loading)
			old = given;
		if (old)
			object_set(draft->object, member->name, json_object_get(old));
		return true;
	}
	if (!value_check(draft->company, member, given, member->name, old, &value, fault))
		return false;
	if (value)
		object_set(draft->object, member->name, value);
	else if (member->flags & MEMBER_REQUIRED)
		return fault_set(fault, 2020, member->name, "Required parameter %s is missing in the request",
				 member->name);
	return true;
}

/* Fill the draft's object from what was sent and what was there. */
static bool build_object(struct draft *draft, json_object *sent, struct fault *fault)
{
	const struct shape *shape = &draft->entity->shape;

	draft->sparse = draft->old && object_flag(sent, "sparse", false);
	if (!value_known(shape, sent, fault))
		return false;
	draft->object = json_object_new_object();
	for (size_t i = 0; i < shape->count; i++) {
		const char *name = shape->members[i].name;

		if (strcmp(name, "domain") == 0 || strcmp(name, "sparse") == 0 || strcmp(name, "Id") == 0 ||
		    strcmp(name, "SyncToken") == 0 || strcmp(name, "MetaData") == 0)
			continue;
		if (!take_member(draft, &shape->members[i], sent, fault))
			return false;
	}
	/* New lines get their tax computed anew unless the client sent tax as well. */
	if (draft->sparse && object_get(sent, "Line") && !object_get(sent, "TxnTaxDetail")) {
		json_object *tax = object_get(draft->object, "TxnTaxDetail");

		if (tax) {
			json_object_object_del(tax, "TaxLine");
			json_object_object_del(tax, "TotalTax");
		}
	}
	return true;
}

/* Would the draft leave the record as it is? Then the service answers with the stored one. */
static bool changes_nothing(struct draft *draft)
{
	struct record shadow = *draft->old;
	bool same;

	shadow.text = NULL;
	shadow.len = 0;
	shadow.balance = draft->entity->kind == ENTITY_TXN ? draft->balance : shadow.balance;
	record_write(draft->company, &shadow, draft->object);
	same = shadow.len == draft->old->len && memcmp(shadow.text, draft->old->text, shadow.len) == 0;
	free(shadow.text);
	return same;
}

static void set_active(struct company *company, struct record *record, bool active)
{
	struct table *table = company_table(company, record->entity);

	if (record->active == active)
		return;
	record->active = active;
	table->inactive_count += active ? (size_t)-1 : 1;
}

/* The text that references to a record show. */
static char *shown_name(struct company *company, const struct record *record)
{
	json_object *reference = value_reference(company, record);
	char *name = memory_copy_text(object_text(reference, "name"));

	json_object_put(reference);
	return name;
}

/* References carry the name as it is when read: a new name is seen wherever the record is meant. */
static void rename_everywhere(struct company *company, const struct record *record, const char *before)
{
	AUTO(memory_freep) char *after = shown_name(company, record);
	AUTO(str_clear) struct str old_text = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str new_text = STR_INIT(STR_NO_LIMIT);

	if (strcmp(before, after) == 0)
		return;
	str_addf(&old_text, "{\"value\":\"%s\",\"name\":", record->id);
	str_add(&new_text, old_text.text);
	str_add_json(&old_text, before, strlen(before));
	str_add_json(&new_text, after, strlen(after));
	for (size_t i = 0; i < entity_count(); i++) {
		struct table *table = company_table(company, entity_at(i));

		for (size_t k = 0; k < table->count; k++) {
			struct record *each = table->by_id[k];
			const char *from = each->text, *end = each->text + each->len, *hit;
			AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);

			hit = memmem(from, each->len, old_text.text, old_text.len);
			if (!hit)
				continue;
			for (; hit; hit = memmem(from, (size_t)(end - from), old_text.text, old_text.len)) {
				str_add_bytes(&text, from, (size_t)(hit - from));
				str_add(&text, new_text.text);
				from = hit + old_text.len;
			}
			str_add_bytes(&text, from, (size_t)(end - from));
			{
				size_t len = text.len;

				record_set_text(each, str_take(&text), len);
			}
			company_mark_dirty(company, each);
		}
	}
}

/* The full names of those below begin with the full name of what stands above them. */
static void rename_below(struct company *company, const struct record *parent, int level)
{
	const struct table *table = company_table(company, parent->entity);
	AUTO(str_clear) struct str above = STR_INIT(STR_NO_LIMIT);

	json_unquote(json_find(parent->text, parent->len, "FullyQualifiedName"), &above);
	for (size_t i = 0; i < table->count; i++) {
		struct record *child = table->by_id[i];
		AUTO(memory_freep) char *before = NULL;
		AUTO(str_clear) struct str full = STR_INIT(STR_NO_LIMIT);
		json_object *object;

		if (child->above != parent || level >= LEVELS_MAX)
			continue;
		before = shown_name(company, child);
		object = record_read(child);
		str_addf(&full, "%s:%s", above.text, object_text(object, child->entity->name_member));
		if (strcmp(full.text, object_text(object, "FullyQualifiedName")) != 0) {
			object_set_text(object, "FullyQualifiedName", full.text);
			if (shape_member(&child->entity->shape, "Level"))
				object_set(object, "Level", json_object_new_int(level));
			draft_mark(company, child, false);
			record_write(company, child, object);
			rename_everywhere(company, child, before);
			rename_below(company, child, level + 1);
		}
		json_object_put(object);
	}
}

static int level_of(const struct record *record)
{
	int level = 0;

	for (; record->above; record = record->above)
		level++;
	return level;
}

/* What other lists derive from a name: the names of those below, the references everywhere. */
static void names_changed(struct company *company, struct record *record, const char *before)
{
	company_table(company, record->entity)->name_count = SIZE_MAX;
	if (record->entity->kind != ENTITY_LIST)
		return;
	rename_everywhere(company, record, before);
	if (shape_member(&record->entity->shape, "FullyQualifiedName"))
		rename_below(company, record, level_of(record) + 1);
}

/* A record got another parent: both trees' totals are shown anew. */
static void place(struct company *company, struct record *record)
{
	struct record *before = record->above;

	company_place(company, record);
	if (record->above == before)
		return;
	for (struct record *each = before; each; each = each->above)
		draft_mark(company, each, false);
	for (struct record *each = record->above; each && (record->balance || record->below); each = each->above)
		draft_mark(company, each, false);
}

static void store(struct draft *draft, struct record *record)
{
	struct company *company = draft->company;
	const struct entity_rules *rules = draft->entity->rules;
	AUTO(memory_freep) char *before = draft->old ? shown_name(company, record) : memory_copy_text("");

	if (draft->old) {
		draft_withdraw(company, record);
		record->sync_token++;
	}
	draft_commit(draft, record);
	if (draft->entity->kind == ENTITY_LIST && draft->old)
		set_active(company, record, object_flag(draft->object, "Active", true));
	else
		record->active = object_flag(draft->object, "Active", true);
	if (draft->old)
		company_touch(company, record, company_stamp_ms(company));
	record_write(company, record, draft->object);
	if (!draft->old)
		company_add(company, record);
	if (draft->entity->kind == ENTITY_LIST)
		place(company, record);
	if (draft->old)
		names_changed(company, record, before);
	if (rules && rules->stored)
		rules->stored(company, record, draft->object);
	if (!company->loading)
		draft_render(company);
}

static void draft_clearp(struct draft *draft)
{
	draft_clear(draft);
}

/* What rules use up while they complete a draft: numbers, ids of addresses, accounts that they need. */
struct used {
	int64_t next_number, next_bill_number, next_address_id, next_account;
};

static void used_start(struct used *used, const struct company *company)
{
	*used = (struct used){ company->next_number, company->next_bill_number, company->next_address_id,
			       company->next_list_id[entity_by_name("Account", false)->index] };
}

/* Nothing came of the draft: all of that as it was. */
static void used_take_back(const struct used *used, struct company *company)
{
	company->next_number = used->next_number;
	company->next_bill_number = used->next_bill_number;
	company->next_address_id = used->next_address_id;
	company_take_back(company, entity_by_name("Account", false), used->next_account);
}

/* Let the entity's rules complete a draft whose members are checked. False: refused, nothing is used up. */
static bool complete(struct draft *draft, bool *ret_same, struct fault *fault)
{
	const struct entity_rules *rules = draft->entity->rules;
	struct used used;
	bool good;

	used_start(&used, draft->company);
	draft->date = object_date(draft->object, "TxnDate", (struct date){ 0 });
	good = !rules || !rules->complete || rules->complete(draft, fault);
	*ret_same = good && draft->old && changes_nothing(draft);
	if (!good || *ret_same)
		used_take_back(&used, draft->company);
	return good;
}

static bool save(struct company *company, const struct entity *entity, json_object *sent,
		 const struct write_options *options, struct record **ret_record, struct fault *fault)
{
	AUTO(draft_clearp) struct draft draft = {
		.company = company, .entity = entity, .options = options, .rate = { 1, 0 },
	};
	bool update = object_get(sent, "Id") != NULL && strcmp(entity->name, "ExchangeRate") != 0, same;
	const struct entity_rules *rules = entity->rules;

	if (!(entity->can & (update ? ENTITY_CAN_UPDATE : ENTITY_CAN_CREATE)) &&
	    strcmp(entity->name, "ExchangeRate") != 0 && !company->loading)
		return fault_set(fault, 500, NULL, "Operation %s is not supported.", update ? "update" : "create");
	if (update && !find_old(company, entity, sent, options, &draft.old, fault))
		return false;
	if (!update && rules && rules->find)
		draft.old = rules->find(company, sent);
	if (draft.old)
		draft.before = record_read(draft.old);
	if (!build_object(&draft, sent, fault) || !complete(&draft, &same, fault))
		return false;
	if (same) {
		*ret_record = draft.old;
		return true;
	}
	*ret_record = draft.old ? draft.old : company_make(company, entity);
	if (!draft.old && options->id)
		snprintf((*ret_record)->id, ID_MAX, "%s", options->id);
	store(&draft, *ret_record);
	return true;
}

/* A record goes or is voided: whatever settled it is free again. */
static void release_payers(struct company *company, struct record *record)
{
	while (record->link_count > 0) {
		struct record *payer = record->links[record->link_count - 1].from;
		json_object *object = record_read(payer), *lines = object_get(object, "Line");
		json_object *kept = json_object_new_array();

		for (size_t i = 0; lines && i < json_object_array_length(lines); i++) {
			json_object *line = json_object_array_get_idx(lines, i);
			json_object *link = object_first(line, "LinkedTxn");
			const struct entity *entity = link ? link_entity(object_text(link, "TxnType")) : NULL;

			if (entity != record->entity || strcmp(object_text(link, "TxnId"), record->id) != 0)
				json_object_array_add(kept, json_object_get(line));
		}
		object_set(object, "Line", kept);
		draft_release(company, payer, record, payment_left(company, payer, object));
		draft_mark(company, payer, true);
		record_write(company, payer, object);
		json_object_put(object);
		for (uint32_t i = 0, count = record->link_count, to = 0; i < count; i++) {
			if (record->links[i].from != payer)
				record->links[to++] = record->links[i];
			record->link_count = to;
		}
	}
}

/* May it be changed at all: the closing date, and what its rules say. */
static bool may_remove(struct company *company, struct record *record, struct fault *fault)
{
	const struct entity_rules *rules = record->entity->rules;

	if (record->entity->kind == ENTITY_TXN && record->date.day <= company->preferences.book_close.day)
		return fault_plain(fault, 6210);
	return !rules || !rules->may_delete || rules->may_delete(company, record, fault);
}

static bool delete_record(struct company *company, const struct entity *entity, json_object *sent,
			  const struct write_options *options, struct str *out, struct fault *fault)
{
	struct record *record;

	if (!(entity->can & ENTITY_CAN_DELETE))
		return fault_set(fault, 500, NULL, "Operation delete is not supported.");
	if (!find_old(company, entity, sent, options, &record, fault) || !may_remove(company, record, fault))
		return false;
	if (record->link_count > 0 && (entity->can & ENTITY_CAN_VOID) &&
	    switches_is(&company->simulator->switches, SWITCH_DELETE_PAID, "refused"))
		return fault_set(fault, 6000, "", "Business Validation Error: This transaction has payments and "
						  "cannot be deleted. Delete the payments first.");
	str_addf(out, "{\"domain\":\"QBO\",\"status\":\"Deleted\",\"Id\":\"%s\"}", record->id);
	release_payers(company, record);
	draft_withdraw(company, record);
	draft_render(company);
	company_remove(company, record, company_stamp_ms(company));
	return true;
}

static bool may_void(const struct company *company, const struct entity *entity)
{
	static const char *const always[] = { "Invoice", "Payment", "SalesReceipt", "BillPayment" };

	for (size_t i = 0; i < ARRAY_LEN(always); i++)
		if (strcmp(entity->name, always[i]) == 0)
			return true;
	return (entity->can & ENTITY_CAN_VOID) &&
	       switches_is(&company->simulator->switches, SWITCH_VOID_MORE, "on");
}

static void void_lines(json_object *lines)
{
	static const char *const amounts[] = { "Qty", "UnitPrice", "TaxInclusiveAmt" };

	for (size_t i = 0; lines && i < json_object_array_length(lines); i++) {
		json_object *line = json_object_array_get_idx(lines, i);
		json_object *detail = object_get(line, object_text(line, "DetailType"));

		object_set_cents(line, "Amount", 0);
		for (size_t k = 0; k < ARRAY_LEN(amounts); k++)
			if (object_get(detail, amounts[k]))
				object_set_cents(detail, amounts[k], 0);
		void_lines(object_get(detail, "Line"));
	}
}

static void void_object(struct company *company, const struct entity *entity, json_object *object)
{
	AUTO(str_clear) struct str note = STR_INIT(5000);
	const char *before = object_text(object, "PrivateNote");
	json_object *tax = object_get(object, "TxnTaxDetail");

	str_add(&note, "Voided");
	if (*before && switches_is(&company->simulator->switches, SWITCH_VOID_NOTE, "before"))
		str_addf(&note, " - %s", before);
	object_set_text(object, "PrivateNote", note.text);
	if (entity->can & ENTITY_PAYS)
		object_set(object, "Line", json_object_new_array());
	else
		void_lines(object_get(object, "Line"));
	if (tax) {
		object_set(tax, "TaxLine", NULL);
		object_set_cents(tax, "TotalTax", 0);
	}
	if (shape_member(&entity->shape, "TotalAmt"))
		object_set_cents(object, "TotalAmt", 0);
	if (shape_member(&entity->shape, "HomeTotalAmt") && object_get(object, "HomeTotalAmt"))
		object_set_cents(object, "HomeTotalAmt", 0);
	if (shape_member(&entity->shape, "Amount"))
		object_set_cents(object, "Amount", 0);
	if (object_get(object, "Deposit"))
		object_set_cents(object, "Deposit", 0);
}

static bool void_record(struct company *company, const struct entity *entity, json_object *sent,
			const struct write_options *options, struct str *out, struct fault *fault)
{
	AUTO(draft_clearp) struct draft draft = { .company = company, .entity = entity, .options = options };
	struct record *record;

	if (!may_void(company, entity))
		return fault_set(fault, 500, NULL, "Operation void is not supported.");
	if (!find_old(company, entity, sent, options, &record, fault) || !may_remove(company, record, fault))
		return false;
	draft.old = record;
	draft.before = record_read(record);
	draft.object = record_read(record);
	draft.voiding = true;
	draft.date = record->date;
	void_object(company, entity, draft.object);
	release_payers(company, record);
	store(&draft, record);
	str_add_bytes(out, record->text, record->len);
	return true;
}

bool write_run(struct company *company, const struct entity *entity, enum write_operation operation,
	       json_object *sent, const struct write_options *options, struct str *out, struct fault *fault)
{
	struct record *record = NULL;

	if (!json_object_is_type(sent, json_type_object))
		return fault_set(fault, 2010, NULL, "Property Name:The body is no object specified is unsupported or invalid");
	if (company->suspended && !options->as_other)
		return fault_plain(fault, 6190);
	if (operation == WRITE_DELETE)
		return delete_record(company, entity, sent, options, out, fault);
	if (operation == WRITE_VOID)
		return void_record(company, entity, sent, options, out, fault);
	if (strcmp(entity->name, "RecurringTransaction") == 0)
		return recurring_save(company, sent, out, fault);
	if (!save(company, entity, sent, options, &record, fault))
		return false;
	str_add_bytes(out, record->text, record->len);
	return true;
}

struct record *write_sample(struct company *company, const char *entity, const char *json)
{
	return write_sample_as(company, entity, NULL, json);
}

struct record *write_sample_as(struct company *company, const char *entity, const char *id, const char *json)
{
	const struct write_options options = { .allow_duplicate_number = true, .id = id };
	json_object *sent = json_tokener_parse(json);
	struct fault fault = { 0 };
	struct record *record = NULL;

	if (!sent || !save(company, entity_by_name(entity, false), sent, &options, &record, &fault)) {
		fprintf(stderr, "sample data is refused: %s: %d %s: %s\n%s\n", entity, fault.code,
			fault.message ? fault.message : "no JSON", fault.detail, json);
		abort();
	}
	json_object_put(sent);
	return record;
}

struct record *write_own(struct company *company, const char *entity, const char *json)
{
	bool loading = company->loading;
	int64_t loading_ms = company->loading_ms;
	struct record *made;

	company->loading_ms = company_stamp_ms(company);
	company->loading = true; /* the service's own act: any entity, no closing date, nothing rendered in between */
	made = write_sample(company, entity, json);
	company->loading = loading;
	company->loading_ms = loading_ms;
	return made;
}
