/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Taking an invoice back by a credit note (policy void=credit-note): the note, and the payment that applies it to what is open of the
 * invoice, are documents like others, made before a plan and written by it. So they are written exactly once, tried again, linked
 * and undone as all documents are. Which belong together stands in the store.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/credit_notes.h"
#include "plan.h"

struct crediting {
	struct planner planner;      /* of the account; it plans nothing */
	struct store *store;         /* borrowed: to be written */
	int64_t *voided;             /* owned: invoices that are void with us */
	size_t voided_count, voided_room;
	struct credit_note *notes;   /* owned: that were made before */
	size_t note_count, note_room;
};

static void crediting_clear(struct crediting *crediting)
{
	free(crediting->voided);
	free(crediting->notes);
	planner_close(&crediting->planner);
}

static struct json_slice object_of(const struct str *text)
{
	return (struct json_slice){ .text = text->text, .len = text->len, .kind = JSON_OBJECT };
}

static bool is_voided(struct json_slice data)
{
	struct json_slice flag = json_member(data, "voided");

	return flag.kind == JSON_BOOL && flag.text[0] == 't';
}

/* ---- an invoice as the ledger has it */

struct credited {
	struct resource resource;
	struct str data;             /* owned: as it is with us */
	struct str written;          /* owned: as it was written last, which is what the ledger has */
	struct link link;
	const struct known *known;   /* borrowed; NULL: it is not open in the ledger */
};

static void credited_clear(struct credited *credited)
{
	str_clear(&credited->data);
	str_clear(&credited->written);
}

static bool load(struct crediting *crediting, int64_t no, struct credited *credited, struct error *err)
{
	struct planner *planner = &crediting->planner;
	bool found;

	*credited = (struct credited){ .data = STR_INIT(STR_NO_LIMIT), .written = STR_INIT(STR_NO_LIMIT) };
	if (!resources_by_no(crediting->store, no, &credited->resource, &credited->data, err) ||
	    !links_get(crediting->store, planner->account.id, no, &credited->link, NULL, &found, err))
		return false;
	if (!found || !*credited->link.record_id)
		return true;
	credited->known = plan_record(planner, credited->link.record_type, credited->link.record_id);
	if (credited->known && (!credited->known->raw || credited->known->state != RECORD_LIVE))
		credited->known = NULL;
	if (credited->link.revision > 0)
		return resources_revision(crediting->store, no, credited->link.revision, &credited->written, err);
	str_add_bytes(&credited->written, credited->data.text, credited->data.len);
	return true;
}

/* ---- what the documents say */

static void add_member(const char *name, struct json_slice value, struct str *out)
{
	if (value.kind == JSON_NONE)
		return;
	str_addf(out, "%s\"%s\":", out->text[out->len - 1] == '{' ? "" : ",", name);
	str_add_bytes(out, value.text, value.len);
}

static void add_text(const char *name, const char *text, struct str *out)
{
	str_addf(out, "%s\"%s\":", out->text[out->len - 1] == '{' ? "" : ",", name);
	str_add_json(out, text, strlen(text));
}

/* Today, and not before the invoice. */
static void add_day(const struct crediting *crediting, const struct credited *credited, struct str *out)
{
	struct date today = date_of_ms(crediting->planner.now_ms, 0);
	char text[DATE_TEXT_MAX];

	if (credited->resource.summary.has_date && credited->resource.summary.date.day > today.day)
		today = credited->resource.summary.date;
	add_text("date", date_format(today, text), out);
}

/* The rate that the invoice has in the ledger: by another one something would be left of it. */
static void add_rate(const struct crediting *crediting, const struct credited *credited, struct str *out)
{
	const struct planner *planner = &crediting->planner;
	const char *place = planner->push->place(credited->resource.type, "exchange_rate");
	struct likeness likeness;

	planner->push->likeness(credited->link.record_type, plan_slice(credited->known), &likeness);
	if (place && *likeness.currency && strcmp(likeness.currency, planner->company.home) != 0)
		add_member("exchange_rate", json_member(plan_slice(credited->known), place), out);
}

static void make_note(const struct crediting *crediting, const struct credited *credited, struct str *out)
{
	static const char *const same[] = { "number", "customer", "currency", "email", "message", "class", "department", "tax_code", "tax_mode",
					    "lines" };
	AUTO(str_clear) struct str memo = STR_INIT(STR_NO_LIMIT);

	str_add_char(out, '{');
	for (size_t i = 0; i < ARRAY_LEN(same); i++)
		add_member(same[i], json_member(object_of(&credited->written), same[i]), out);
	add_day(crediting, credited, out);
	add_rate(crediting, credited, out);
	str_addf(&memo, "takes back invoice %s", *credited->resource.summary.number ? credited->resource.summary.number
		 : credited->resource.external_id);
	add_text("memo", memo.text, out);
	str_add_char(out, '}');
}

static void add_applied(const char *field, const char *id, const char *amount, struct str *out)
{
	str_addf(out, "{\"%s\":\"%s\",\"amount\":\"%s\"}", field, id, amount);
}

/* A payment of nothing: the note pays what is open of the invoice. */
static void make_payment(const struct crediting *crediting, const struct credited *credited, const char *note_id, struct decimal open,
			 struct str *out)
{
	char amount[DECIMAL_TEXT_MAX];

	decimal_format(decimal_money(open), amount);
	str_add_char(out, '{');
	add_member("customer", json_member(object_of(&credited->written), "customer"), out);
	add_member("currency", json_member(object_of(&credited->written), "currency"), out);
	add_day(crediting, credited, out);
	add_rate(crediting, credited, out);
	add_text("amount", "0.00", out);
	str_add(out, ",\"lines\":[");
	add_applied("invoice", credited->resource.id, amount, out);
	str_add_char(out, ',');
	add_applied("credit_memo", note_id, amount, out);
	str_add(out, "]}");
}

/* As it is, but void with us, or not any more. */
static void make_voided(struct json_slice data, bool voided, struct str *out)
{
	struct json_slice name, value;
	size_t at = 0;

	str_add_char(out, '{');
	while (json_each(data, &at, &name, &value)) {
		if (json_equals(name, "voided"))
			continue;
		str_add_bytes(out, name.text, name.len);
		str_add_char(out, ':');
		str_add_bytes(out, value.text, value.len);
		str_add_char(out, ',');
	}
	str_addf(out, "\"voided\":%s}", voided ? "true" : "false");
}

/* ---- into the store */

static bool put(struct crediting *crediting, struct resource *resource, const struct str *data, struct error *err)
{
	AUTO(str_clear) struct str checked = STR_INIT(STR_NO_LIMIT);
	struct resource_problems problems = { .count = 0 };
	struct resource_counts counts = { 0 };

	if (!resource_check(resource->type, object_of(data), &checked, &problems))
		return error_set(err, ERROR_INPUT, "the %s that takes an invoice back can't be made: %.100s", resource->type->title,
				 problems.items[0].text);
	return resources_put(crediting->store, resource, checked.text, checked.len, "credit note", crediting->planner.now_ms, &counts, err);
}

static bool put_new(struct crediting *crediting, const char *type, const struct str *data, struct resource *ret_resource, struct error *err)
{
	*ret_resource = (struct resource){ .type = resource_type_find(type, strlen(type)) };
	memcpy(ret_resource->organization, crediting->planner.organization, sizeof(ret_resource->organization));
	/* A name that no document of anybody's has. */
	env_id(&crediting->planner.wish->env, "credit-note-", ret_resource->external_id);
	return put(crediting, ret_resource, data, err);
}

static bool add_payment(struct crediting *crediting, const struct credited *credited, const char *note_id, struct decimal open,
			struct credit_note *note, struct error *err)
{
	AUTO(str_clear) struct str data = STR_INIT(STR_NO_LIMIT);
	struct resource payment;

	make_payment(crediting, credited, note_id, open, &data);
	if (!put_new(crediting, "payment", &data, &payment, err))
		return false;
	note->payment = payment.no;
	return true;
}

/* How much of the note can be applied; false: nothing, or the ledger does it by itself, or a person does, in the ledger. */
static bool open_of(const struct crediting *crediting, const struct credited *credited, struct decimal *ret_open)
{
	static const char payment[] = "payment";
	struct standing standing = { 0 };

	if (!credited->known || crediting->planner.company.applies_credits ||
	    !crediting->planner.push->type(resource_type_find(payment, strlen(payment))))
		return false;
	crediting->planner.push->standing(credited->link.record_type, plan_slice(credited->known), &standing);
	*ret_open = standing.open;
	return standing.has_open && standing.open.digits > 0;
}

static bool add_note(struct crediting *crediting, int64_t invoice, struct error *err)
{
	AUTO(store_end) struct store *transaction = NULL;
	AUTO(credited_clear) struct credited credited;
	AUTO(str_clear) struct str data = STR_INIT(STR_NO_LIMIT);
	struct credit_note note = { .invoice = invoice };
	struct resource resource;
	struct decimal open;

	if (!load(crediting, invoice, &credited, err))
		return false;
	if (!credited.known)
		return true;
	make_note(crediting, &credited, &data);
	memcpy(note.account_id, crediting->planner.account.id, sizeof(note.account_id));
	transaction = crediting->store;
	if (!store_begin(transaction, err) || !put_new(crediting, "credit_memo", &data, &resource, err))
		return false;
	note.note = resource.no;
	return (!open_of(crediting, &credited, &open) || add_payment(crediting, &credited, resource.id, open, &note, err)) &&
	       credit_notes_put(transaction, &note, err) && store_commit(transaction, err);
}

/* ---- those that were made before */

/* Nothing of it is written, and nothing is on its way. */
static bool is_to_come(struct crediting *crediting, int64_t resource, bool *ret_comes, struct error *err)
{
	const char *account_id = crediting->planner.account.id;
	struct intent intent;
	struct link link;
	bool linked, open;

	if (!links_get(crediting->store, account_id, resource, &link, NULL, &linked, err) ||
	    !intents_open(crediting->store, account_id, resource, &intent, &open, err))
		return false;
	*ret_comes = !(linked && *link.record_id) && !open;
	return true;
}

static bool follow(struct crediting *crediting, int64_t no, bool voided, struct error *err)
{
	AUTO(str_clear) struct str data = STR_INIT(STR_NO_LIMIT), new = STR_INIT(STR_NO_LIMIT);
	struct resource resource;

	if (!resources_by_no(crediting->store, no, &resource, &data, err))
		return false;
	if (is_voided(object_of(&data)) == voided)
		return true;
	make_voided(object_of(&data), voided, &new);
	return put(crediting, &resource, &new, err);
}

/* What is open of the invoice may have changed until it is applied. */
static bool follow_payment(struct crediting *crediting, const struct credited *credited, struct credit_note *note, struct error *err)
{
	AUTO(str_clear) struct str data = STR_INIT(STR_NO_LIMIT);
	struct resource payment, memo;
	struct decimal open;
	bool comes, opens = open_of(crediting, credited, &open) && is_voided(object_of(&credited->data));

	if (note->payment == 0) {
		if (!opens || !resources_by_no(crediting->store, note->note, &memo, NULL, err))
			return !opens;
		return add_payment(crediting, credited, memo.id, open, note, err) && credit_notes_put(crediting->store, note, err);
	}
	if (!is_to_come(crediting, note->payment, &comes, err))
		return false;
	if (!comes)
		return follow(crediting, note->payment, !is_voided(object_of(&credited->data)), err);
	if (!opens)
		return follow(crediting, note->payment, true, err);
	if (!resources_by_no(crediting->store, note->payment, &payment, NULL, err) ||
	    !resources_by_no(crediting->store, note->note, &memo, NULL, err))
		return false;
	make_payment(crediting, credited, memo.id, open, &data);
	return put(crediting, &payment, &data, err);
}

/* With us the invoice may not be void any more, or void again. */
static bool follow_invoice(struct crediting *crediting, struct credit_note *note, struct error *err)
{
	AUTO(store_end) struct store *transaction = NULL;
	AUTO(credited_clear) struct credited credited;

	if (!load(crediting, note->invoice, &credited, err))
		return false;
	transaction = crediting->store;
	return store_begin(transaction, err) && follow(crediting, note->note, !is_voided(object_of(&credited.data)), err) &&
	       follow_payment(crediting, &credited, note, err) && store_commit(transaction, err);
}

/* ---- all of them */

static bool keep_voided(void *ctx, const struct resource *resource, const char *text, size_t len)
{
	struct crediting *crediting = ctx;

	if (!is_voided((struct json_slice){ .text = text, .len = len, .kind = JSON_OBJECT }))
		return true;
	memory_grow(&crediting->voided, &crediting->voided_room, crediting->voided_count + 1, sizeof(*crediting->voided));
	crediting->voided[crediting->voided_count++] = resource->no;
	return true;
}

static bool keep_note(void *ctx, const struct credit_note *note)
{
	struct crediting *crediting = ctx;

	memory_grow(&crediting->notes, &crediting->note_room, crediting->note_count + 1, sizeof(*crediting->notes));
	crediting->notes[crediting->note_count++] = *note;
	return true;
}

static bool is_wished(const struct push_wish *wish, int64_t resource)
{
	for (size_t i = 0; i < wish->resource_count; i++)
		if (wish->resources[i] == resource)
			return true;
	return !wish->resources;
}

static bool carry_out(struct crediting *crediting, struct error *err)
{
	struct planner *planner = &crediting->planner;
	struct resource_query query = { .organization = planner->organization, .type = resource_type_of(TARGET_INVOICE) };
	struct credit_note note;
	bool found;

	if (!credit_notes_all(crediting->store, planner->account.id, keep_note, crediting, err) ||
	    !resources_list(crediting->store, &query, keep_voided, crediting, err))
		return false;
	for (size_t i = 0; i < crediting->note_count; i++)
		if (!follow_invoice(crediting, &crediting->notes[i], err))
			return false;
	for (size_t i = 0; i < crediting->voided_count; i++) {
		int64_t invoice = crediting->voided[i];

		if (!credit_notes_get(crediting->store, planner->account.id, invoice, &note, &found, err) ||
		    (!found && is_wished(planner->wish, invoice) && !add_note(crediting, invoice, err)))
			return false;
	}
	return true;
}

bool credit_prepare(struct store *store, const struct catalogue *catalogue, const struct push_wish *wish, struct error *err)
{
	AUTO(crediting_clear) struct crediting crediting = { .store = store };
	struct policies policies;

	if (!policies_get(store, wish->account_id, &policies, err))
		return false;
	if (!policy_is(&policies, POLICY_VOID, "credit-note") || wish->undo)
		return true;
	return planner_open(&crediting.planner, store, catalogue, wish, err) && carry_out(&crediting, err);
}

/* ---- in a plan */

static bool is_there(struct planner *planner, int64_t resource)
{
	struct intent intent;
	struct link link;
	bool linked = false, open = false;

	return links_get(planner->store, planner->account.id, resource, &link, NULL, &linked, &planner->error) &&
	       intents_open(planner->store, planner->account.id, resource, &intent, &open, &planner->error) &&
	       ((linked && *link.record_id) || open);
}

bool plan_credits(struct planner *planner, int64_t invoice, bool *ret_written)
{
	struct credit_note note;
	bool found = false;

	if (!credit_notes_get(planner->store, planner->account.id, invoice, &note, &found, &planner->error) || !found)
		return false;
	*ret_written = is_there(planner, note.note);
	/* Their lines come before its own. */
	if (!plan_resource(planner, note.note) || (note.payment > 0 && !plan_resource(planner, note.payment)))
		return false;
	return true;
}

const char *plan_uncredited(struct planner *planner, const struct resource *resource, bool linked)
{
	struct credit_note note;
	const struct known *known;
	struct link link;
	bool found = false;

	if (resource->type->target != TARGET_CREDIT_MEMO && strcmp(resource->type->name, "payment") != 0)
		return NULL;
	if (!credit_notes_of(planner->store, resource->no, &note, &found, &planner->error) || !found)
		return NULL;
	if (strcmp(note.account_id, planner->account.id) != 0)
		return "it takes an invoice back in another account";
	if (linked || is_there(planner, resource->no))
		return NULL;
	if (!policy_is(&planner->policies, POLICY_VOID, "credit-note"))
		return "the policy takes no invoice back by a credit note any more";
	if (!links_get(planner->store, planner->account.id, note.invoice, &link, NULL, &found, &planner->error))
		return NULL;
	known = found && *link.record_id ? plan_record(planner, link.record_type, link.record_id) : NULL;
	return known && known->raw && known->state == RECORD_LIVE ? NULL : "the invoice that it takes back is not open in the ledger any more";
}

bool plan_credited_total(struct planner *planner, const struct resource *resource, struct decimal *ret_total)
{
	struct credit_note note;
	struct likeness likeness;
	const struct known *known;
	struct link link;
	bool found = false;

	if (resource->type->target != TARGET_CREDIT_MEMO ||
	    !credit_notes_of(planner->store, resource->no, &note, &found, &planner->error) || !found ||
	    !links_get(planner->store, planner->account.id, note.invoice, &link, NULL, &found, &planner->error) || !found)
		return false;
	known = plan_record(planner, link.record_type, link.record_id);
	if (!known || !known->raw)
		return false;
	planner->push->likeness(link.record_type, plan_slice(known), &likeness);
	*ret_total = likeness.total;
	return likeness.has_total;
}
