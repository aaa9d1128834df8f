/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A draft's way into the books. A change of one record moves others: ledger accounts' balances,
 * what a customer owes, what an invoice still lacks. Those get a new LastUpdatedTime; only a
 * transaction that was settled or unsettled also gets a new SyncToken, as in the service.
 */
#include "quickbooks/draft.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "quickbooks/value.h"
#include "quickbooks/zone.h"
#include "world.h"

void draft_clear(struct draft *draft)
{
	free(draft->postings);
	free(draft->links);
	json_object_put(draft->before);
	json_object_put(draft->object);
	*draft = (struct draft){ 0 };
}

int64_t draft_home(const struct draft *draft, int64_t foreign)
{
	struct decimal home;

	if (!decimal_multiply(decimal_of(foreign, 2), draft->rate, 2, &home))
		return foreign;
	return home.digits;
}

void draft_post_home(struct draft *draft, struct record *account, struct record *party, int64_t cents,
		     int64_t foreign)
{
	if (cents == 0 && foreign == 0)
		return;
	for (size_t i = 0; i < draft->posting_count; i++) {
		struct posting *posting = &draft->postings[i];

		if (posting->account == account && posting->party == party) {
			posting->cents += cents;
			posting->foreign += foreign;
			return;
		}
	}
	memory_grow(&draft->postings, &draft->posting_room, draft->posting_count + 1, sizeof(*draft->postings));
	draft->postings[draft->posting_count++] =
		(struct posting){ .account = account, .party = party, .cents = cents, .foreign = foreign };
}

void draft_post(struct draft *draft, struct record *account, struct record *party, int64_t foreign)
{
	draft_post_home(draft, account, party, draft_home(draft, foreign), foreign);
}

void draft_balance(struct draft *draft)
{
	int64_t sum = 0;
	struct posting *largest = NULL;

	for (size_t i = 0; i < draft->posting_count; i++) {
		struct posting *posting = &draft->postings[i];

		sum += posting->cents;
		if (!posting->party && (!largest || llabs(posting->cents) > llabs(largest->cents)))
			largest = posting;
	}
	if (sum == 0)
		return;
	assert(largest);
	largest->cents -= sum;
}

void draft_settle(struct draft *draft, struct record *target, int64_t cents)
{
	memory_grow(&draft->links, &draft->link_room, draft->link_count + 1, sizeof(*draft->links));
	draft->links[draft->link_count++] = (struct draft_link){ .target = target, .cents = cents };
}

int64_t record_open(const struct record *record)
{
	int64_t open = record->balance;

	for (size_t i = 0; i < record->link_count; i++)
		open -= record->links[i].cents;
	return open;
}

void draft_mark(struct company *company, struct record *record, bool bump)
{
	if (bump)
		record->sync_token++;
	company_touch(company, record, company_stamp_ms(company));
	if (record->stale)
		return;
	record->stale = true;
	record->next_stale = company->stale;
	company->stale = record;
}

/* A balance moves: its own, and the totals of all that stand above. */
static void move_balance(struct company *company, struct record *record, int64_t amount)
{
	record->balance += amount;
	draft_mark(company, record, false);
	for (struct record *above = record->above; above; above = above->above) {
		above->below += amount;
		draft_mark(company, above, false);
	}
}

static void apply_posting(struct company *company, const struct posting *posting, int sign)
{
	move_balance(company, posting->account, sign * posting->cents);
	if (posting->party)
		move_balance(company, posting->party, sign * posting->foreign);
}

static void add_link(struct record *target, struct record *from, int64_t cents)
{
	target->links = memory_resize(target->links, (target->link_count + 1) * sizeof(*target->links));
	target->links[target->link_count++] = (struct link){ .from = from, .cents = cents };
}

static void remove_links(struct record *target, const struct record *from)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < target->link_count; i++)
		if (target->links[i].from != from)
			target->links[kept++] = target->links[i];
	target->link_count = kept;
}

/* The record that a LinkedTxn of somebody's line names; NULL when there is none. */
static struct record *linked_record(struct company *company, json_object *link)
{
	const struct entity *entity = link_entity(object_text(link, "TxnType"));

	return entity ? company_find(company, entity, object_text(link, "TxnId")) : NULL;
}

static void unlink_targets(struct company *company, struct record *record)
{
	json_object *object, *lines;

	if (!(record->entity->can & ENTITY_PAYS))
		return;
	object = record_read(record);
	lines = object_get(object, "Line");
	for (size_t i = 0; lines && i < json_object_array_length(lines); i++) {
		json_object *links = object_get(json_object_array_get_idx(lines, i), "LinkedTxn");

		for (size_t k = 0; links && k < json_object_array_length(links); k++) {
			struct record *target = linked_record(company, json_object_array_get_idx(links, k));

			if (!target)
				continue;
			remove_links(target, record);
			draft_mark(company, target, true);
		}
	}
	json_object_put(object);
}

void draft_withdraw(struct company *company, struct record *record)
{
	if (record->entity->kind == ENTITY_LIST)
		return;
	for (uint32_t i = 0; i < record->posting_count; i++)
		apply_posting(company, &record->postings[i], -1);
	record->posting_count = 0;
	unlink_targets(company, record);
}

/* Who pays or is paid: the payment's own customer or vendor. */
static struct record *payer_party(struct company *company, const struct record *payer)
{
	bool customer = strcmp(payer->entity->name, "Payment") == 0;
	struct json_slice slice = json_find(payer->text, payer->len, customer ? "CustomerRef.value" : "VendorRef.value");
	AUTO(str_clear) struct str id = STR_INIT(ID_MAX);

	if (slice.kind != JSON_STRING)
		return NULL;
	json_unquote(slice, &id);
	return company_get(company, customer ? "Customer" : "Vendor", id.text);
}

static struct posting *posting_of(struct record *record, const struct record *account, const struct record *party)
{
	for (uint32_t i = 0; i < record->posting_count; i++)
		if (record->postings[i].account == account && record->postings[i].party == party)
			return &record->postings[i];
	return NULL;
}

static int64_t at_rate_of(const struct record *record, int64_t cents)
{
	struct json_slice slice = json_find(record->text, record->len, "ExchangeRate");
	struct decimal rate = { 1, 0 }, home = decimal_of(cents, 2);

	if (slice.kind == JSON_NUMBER && decimal_parse(slice.text, slice.len, &rate))
		decimal_multiply(decimal_of(cents, 2), rate, 2, &home);
	return home.digits;
}

/* Where the payer's posting for the document lies: with its own customer or vendor, else with whom it paid for. */
static struct posting *posting_for(struct record *payer, const struct record *document, const struct record *own)
{
	struct posting *found = NULL;

	for (uint32_t i = 0; i < document->posting_count; i++) {
		const struct posting *posting = &document->postings[i];
		struct posting *each = posting->party ? posting_of(payer, posting->account, posting->party) : NULL;

		if (each && (!found || posting->party == own))
			found = each;
	}
	return found;
}

/* More of an account's posting; one is made, or goes, as needed. */
static void adjust_posting(struct company *company, struct record *record, struct record *account, struct record *party,
			   int64_t cents, int64_t foreign)
{
	struct posting *posting = posting_of(record, account, party);

	apply_posting(company, &(struct posting){ .account = account, .party = party, .cents = cents, .foreign = foreign }, 1);
	if (!posting) {
		record->postings = memory_resize(record->postings, (record->posting_count + 1) * sizeof(*record->postings));
		posting = &record->postings[record->posting_count++];
		*posting = (struct posting){ .account = account, .party = party };
	}
	posting->cents += cents;
	posting->foreign += foreign;
	if (posting->cents == 0 && posting->foreign == 0)
		*posting = record->postings[--record->posting_count];
}

void draft_release(struct company *company, struct record *payer, const struct record *document, int64_t left)
{
	struct record *own = payer_party(company, payer), *account, *party;
	const struct posting *from = own ? posting_for(payer, document, own) : NULL;
	int direction = payment_direction(payer), sign = payment_sign(payer, document);
	int64_t settled = 0, before, after;

	if (!from)
		return;
	account = from->account;
	party = from->party;
	for (uint32_t i = 0; i < document->link_count; i++)
		if (document->links[i].from == payer)
			settled += sign * llabs(document->links[i].cents);
	/* What it took of the document, at the document's rate; then as part of what the payer has left, at its own. */
	before = -direction * at_rate_of(document, settled);
	after = -direction * (at_rate_of(payer, left) - at_rate_of(payer, left - settled));
	settled *= -direction;
	adjust_posting(company, payer, account, party, -before, -settled);
	adjust_posting(company, payer, account, own, after, settled);
	if (after != before)
		adjust_posting(company, payer, account_exchange(company), NULL, before - after, 0);
}

void draft_commit(struct draft *draft, struct record *record)
{
	if (draft->old && draft->entity->kind == ENTITY_LIST)
		return; /* what an item's opening stock posted stays posted */
	free(record->postings);
	record->postings = memory_new((draft->posting_count + 1) * sizeof(*record->postings));
	record->posting_count = 0;
	for (size_t i = 0; i < draft->posting_count; i++) {
		if (draft->postings[i].cents == 0 && draft->postings[i].foreign == 0)
			continue;
		record->postings[record->posting_count++] = draft->postings[i];
		apply_posting(draft->company, &draft->postings[i], 1);
	}
	for (size_t i = 0; i < draft->link_count; i++) {
		add_link(draft->links[i].target, record, draft->links[i].cents);
		draft_mark(draft->company, draft->links[i].target, true);
	}
	record->balance = draft->balance;
	record->date = draft->date;
}

json_object *record_read(const struct record *record)
{
	struct json_tokener *tokener = json_tokener_new();
	json_object *object = json_tokener_parse_ex(tokener, record->text, (int)record->len);

	json_tokener_free(tokener);
	assert(object);
	return object;
}

void record_write(struct company *company, struct record *record, json_object *object)
{
	AUTO(str_clear) struct str created = STR_INIT(64);
	AUTO(str_clear) struct str updated = STR_INIT(64);
	json_object *meta = json_object_new_object(), *arranged;
	char token[16];
	const char *text;
	size_t len;

	zone_add_stamp(&created, record->created_ms, false);
	zone_add_stamp(&updated, record->updated_ms, false);
	object_set_text(meta, "CreateTime", created.text);
	object_set_text(meta, "LastUpdatedTime", updated.text);
	object_set(object, "MetaData", meta);
	if (shape_member(&record->entity->shape, "domain")->flags & MEMBER_HIDDEN) {
		object_set(meta, "CreateTime", NULL); /* exchange rates have nothing else */
	} else {
		snprintf(token, sizeof(token), "%d", (int)record->sync_token);
		object_set_text(object, "domain", "QBO");
		object_set_flag(object, "sparse", false);
		object_set_text(object, "Id", record->id);
		object_set_text(object, "SyncToken", token);
	}
	if (record->entity->rules && record->entity->rules->derive)
		record->entity->rules->derive(company, record, object);
	arranged = value_arrange(&record->entity->shape, object);
	text = json_object_to_json_string_length(arranged, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE,
						 &len);
	record_set_text(record, memory_copy(text, len), len);
	json_object_put(arranged);
}

void draft_render(struct company *company)
{
	while (company->stale) {
		struct record *record = company->stale;
		json_object *object = record_read(record);

		company->stale = record->next_stale;
		record->next_stale = NULL;
		record->stale = false;
		record_write(company, record, object);
		company_mark_dirty(company, record);
		json_object_put(object);
	}
}
