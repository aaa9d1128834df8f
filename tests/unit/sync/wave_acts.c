/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people do in a wave: documents come in and are changed, planned and applied; others edit, delete and number in the ledger. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crash.h"
#include "ledgerdeck/core/memory.h"
#include "wave.h"

#define ROUNDS_MAX 10

const struct kind_row kind_rows[KIND_COUNT] = {
	[KIND_CUSTOMER] = { "customer", "Customer", "customer", "notes" }, [KIND_VENDOR] = { "vendor", "Vendor", "vendor", NULL },
	[KIND_INVOICE] = { "invoice", "Invoice", "invoice", "message" }, [KIND_CREDIT_MEMO] = { "credit_memo", "CreditMemo", "creditmemo", "message" },
	[KIND_BILL] = { "bill", "Bill", "bill", NULL }, [KIND_JOURNAL] = { "journal_entry", "JournalEntry", "journalentry", NULL },
	[KIND_PAYMENT] = { "payment", "Payment", "payment", NULL },
};

struct document *wave_document(struct wave *wave, int64_t resource)
{
	for (size_t i = 0; i < wave->count; i++)
		if (wave->documents[i].resource == resource)
			return &wave->documents[i];
	return NULL;
}

/* ---- documents as they come in */

static void add_money(struct str *data, const char *name, int64_t cents)
{
	str_addf(data, ",\"%s\":\"%lld.%02lld\"", name, (long long)cents / 100, (long long)cents % 100);
}

static void write_data(const struct document *document, struct str *data)
{
	const char *party = document->party ? document->party->code : "";

	str_add_char(data, '{');
	switch (document->kind) {
	case KIND_CUSTOMER:
	case KIND_VENDOR:
		str_addf(data, "\"name\":\"%s\"", document->number);
		break;
	case KIND_INVOICE:
	case KIND_CREDIT_MEMO:
		str_addf(data, "\"number\":\"%s\",\"customer\":\"%s\",\"date\":\"2026-01-20\",\"lines\":[{\"item\":\"W\"", document->number, party);
		add_money(data, "amount", document->cents);
		str_add(data, "}]");
		break;
	case KIND_BILL:
		str_addf(data, "\"number\":\"%s\",\"vendor\":\"%s\",\"date\":\"2026-01-20\",\"lines\":[{\"account\":\"RENT\"", document->number, party);
		add_money(data, "amount", document->cents);
		str_add(data, "}]");
		break;
	case KIND_JOURNAL:
		str_addf(data, "\"number\":\"%s\",\"date\":\"2026-01-20\",\"lines\":[{\"account\":\"RENT\"", document->number);
		add_money(data, "debit", document->cents);
		str_add(data, "},{\"account\":\"CASH\"");
		add_money(data, "credit", document->cents);
		str_add(data, "}]");
		break;
	case KIND_PAYMENT:
		str_addf(data, "\"reference\":\"%s\",\"customer\":\"%s\",\"date\":\"2026-01-21\"", document->number, party);
		add_money(data, "amount", document->cents);
		str_addf(data, ",\"lines\":[{\"invoice\":\"%s\"", document->of->code);
		add_money(data, "amount", document->cents);
		str_add(data, "}]");
		break;
	case KIND_COUNT:
		break;
	}
	if (kind_rows[document->kind].words && *document->words)
		str_addf(data, ",\"%s\":\"%s\"", kind_rows[document->kind].words, document->words);
	str_addf(data, "%s}", document->voided ? ",\"voided\":true" : "");
}

static void put(struct wave *wave, struct store *transaction, struct document *document)
{
	const char *type = kind_rows[document->kind].type;
	struct resource resource = { .type = resource_type_find(type, strlen(type)) };
	AUTO(str_clear) struct str data = STR_INIT(1000), checked = STR_INIT(STR_NO_LIMIT);
	struct resource_problems problems = { .count = 0 };
	struct resource_counts counts = { 0 };
	struct error err = { 0 };
	int64_t now_ms = atomic_load(&wave->world->shared->now_ms);

	write_data(document, &data);
	memcpy(resource.organization, wave->organization, sizeof(resource.organization));
	snprintf(resource.external_id, sizeof(resource.external_id), "%s", document->code);
	if (!resource_check(resource.type, (struct json_slice){ .text = data.text, .len = data.len, .kind = JSON_OBJECT }, &checked, &problems))
		wave_fail(wave, "%s: %s", problems.items[0].path, problems.items[0].text);
	wave_must(wave, resources_put(transaction, &resource, checked.text, checked.len, "wave", now_ms, &counts, &err), &err);
	document->resource = resource.no;
}

static struct document *add(struct wave *wave, enum kind kind, const char *letter, const struct document *party, int64_t cents)
{
	struct document *document = &wave->documents[wave->count];

	*document = (struct document){ .kind = kind, .saga = wave->sagas, .party = party, .cents = cents };
	snprintf(document->number, sizeof(document->number), "%s%llx-%zu", letter, (unsigned long long)(wave->seed & 0xffffffff), wave->count);
	memcpy(document->code, document->number, sizeof(document->code));
	wave->count++;
	return document;
}

static void add_sales(struct wave *wave)
{
	const struct document *customer = add(wave, KIND_CUSTOMER, "Kestrel ", NULL, 0);

	for (int64_t invoices = wave_below(wave, 3); invoices > 0; invoices--) {
		const struct document *invoice = add(wave, KIND_INVOICE, "I", customer, 1 + wave_below(wave, 100000));

		if (wave_below(wave, 2))
			add(wave, KIND_PAYMENT, "P", customer, invoice->cents)->of = invoice;
	}
	if (wave_below(wave, 6) == 0)
		add(wave, KIND_CREDIT_MEMO, "C", customer, 1 + wave_below(wave, 1000));
}

static void add_purchases(struct wave *wave)
{
	const struct document *vendor = add(wave, KIND_VENDOR, "Osprey ", NULL, 0);

	add(wave, KIND_BILL, "B", vendor, 1 + wave_below(wave, 100000));
	if (wave_below(wave, 2))
		add(wave, KIND_JOURNAL, "J", NULL, 1 + wave_below(wave, 100000));
}

void acts_begin(struct wave *wave)
{
	AUTO(store_end) struct store *transaction = wave->world->store;
	size_t sagas = 1 + (size_t)wave_below(wave, SAGAS_MAX);
	struct error err = { 0 };

	/* Small ones, too, in which each call is about one or two documents. */
	if (wave_below(wave, 4) == 0)
		sagas = 1 + sagas % 4;
	for (; wave->sagas < sagas; wave->sagas++)
		(wave_below(wave, 5) == 0 ? add_purchases : add_sales)(wave);
	wave->tally[EVENT_SAGA] = (int64_t)sagas;
	wave_must(wave, store_begin(transaction, &err), &err);
	for (size_t i = 0; i < wave->count; i++)
		put(wave, transaction, &wave->documents[i]);
	wave_must(wave, store_commit(transaction, &err), &err);
}

static bool is_paid(const struct wave *wave, const struct document *document)
{
	for (size_t i = 0; i < wave->count; i++)
		if (wave->documents[i].of == document)
			return true;
	return false;
}

/* Only invoices and payments are made void in this ledger; others are deleted, where the policy lets them. */
static bool can_void(const struct wave *wave, const struct document *document)
{
	return document->kind >= KIND_INVOICE && document->kind != KIND_PAYMENT && !is_paid(wave, document) &&
	       (document->kind == KIND_INVOICE || wave->deletes);
}

static void change(struct wave *wave, struct store *transaction, struct document *document)
{
	if (can_void(wave, document) && wave_below(wave, 4) == 0) {
		document->voided = true;
		wave->tally[EVENT_VOID]++;
	} else if (document->cents > 0 && !is_paid(wave, document) && document->kind != KIND_PAYMENT && wave_below(wave, 2)) {
		document->cents = 1 + wave_below(wave, 100000);
	} else if (kind_rows[document->kind].words) {
		snprintf(document->words, sizeof(document->words), "ours %lld", (long long)wave_below(wave, 1000000));
	} else {
		return;
	}
	document->touched = true;
	wave->tally[EVENT_CHANGE]++;
	put(wave, transaction, document);
}

void acts_change(struct wave *wave)
{
	AUTO(store_end) struct store *transaction = wave->world->store;
	struct error err = { 0 };

	wave_must(wave, store_begin(transaction, &err), &err);
	for (size_t i = 0; i < wave->count; i++)
		if (!wave->documents[i].voided && wave_below(wave, 3) == 0)
			change(wave, transaction, &wave->documents[i]);
	wave_must(wave, store_commit(transaction, &err), &err);
}

/* ---- plan and apply */

/* False: it is so already, as after a backup was put back. */
static bool map_item(struct wave *wave, const char *item)
{
	AUTO(store_end) struct store *transaction = wave->world->store;
	struct mapping rule = { .target = TARGET_ITEM, .name = "for all" };
	struct error err = { 0 };
	int64_t changed = 0;

	snprintf(rule.record_id, sizeof(rule.record_id), "%s", item);
	wave_must(wave, store_begin(transaction, &err) &&
		  mappings_change(transaction, wave->account.id, &rule, 1, "wave", "another item", 0, 0, &changed, &err) &&
		  store_commit(transaction, &err), &err);
	return changed > 0;
}

struct line_list {
	struct wave *wave;
	struct plan_line *items;     /* owned; without their texts */
	char (*questions)[120];      /* owned */
	size_t count, room, question_room;
};

static bool keep_line(void *ctx, const struct plan_line *line)
{
	struct line_list *list = ctx;
	AUTO(str_clear) struct str question = STR_INIT(119);

	memory_grow(&list->items, &list->room, list->count + 1, sizeof(*list->items));
	memory_grow(&list->questions, &list->question_room, list->count + 1, sizeof(*list->questions));
	json_unquote(json_find(line->detail, strlen(line->detail), "question"), &question);
	snprintf(list->questions[list->count], sizeof(*list->questions), "%s", question.text);
	list->items[list->count++] = *line;
	return true;
}

static void lines_clear(struct line_list *list)
{
	free(list->items);
	free(list->questions);
}

static void make_plan(struct wave *wave, bool all, struct plan *ret_plan, struct line_list *list)
{
	struct push_wish wish = { .account_id = wave->account.id, .who = "wave", .env = world_env(wave->world), .all_lines = all };
	struct error err = { 0 };

	wave_must(wave, push_plan(wave->world->store, wave->world->catalogue, &wish, ret_plan, &err) &&
		  plans_lines(wave->world->store, ret_plan->id, 1, 0, keep_line, list, &err), &err);
}

/* Of what is written now it is known by which rule, and that ours was chosen where somebody else had changed it. */
static void note_lines(struct wave *wave, const struct line_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct plan_line *line = &list->items[i];
		struct document *document = wave_document(wave, line->resource);

		/* What is linked is known as it is then. */
		if (document && line->act == PLAN_LINK)
			document->theirs[0] = '\0';
		if (!document || !plan_act_writes(line->act))
			continue;
		if (!document->unwritten)
			document->item_before = document->item;
		document->item = wave->item;
		document->unwritten = false;
		if (line->reason == REASON_LEDGER_CHANGED)
			document->overruled = true;
	}
}

static bool apply(struct wave *wave, const struct plan *plan, int64_t *ret_intents)
{
	AUTO(push_applied_clear) struct push_applied applied = { 0 };
	struct push_apply wish = { .plan_id = plan->id, .who = "wave", .env = world_env(wave->world), .later = true, .hurry = wave_below(wave, 3) == 0 };
	struct error err = { 0 };

	wave_must(wave, push_apply(wave->world->store, wave->world->catalogue, &wish, &applied, &err), &err);
	*ret_intents = applied.intents + applied.links;
	return !applied.stale;
}

static bool any_acts(const struct line_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (plan_act_writes(list->items[i].act) || list->items[i].act == PLAN_LINK)
			return true;
	return false;
}

static bool any_writes(const struct line_list *list, enum kind kind)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].act == PLAN_CREATE && strcmp(list->items[i].record_type, kind_rows[kind].record) == 0)
			return true;
	return false;
}

/* What a plan was made by changes before it is applied: then it is not. */
static void apply_too_late(struct wave *wave)
{
	AUTO(lines_clear) struct line_list list = { .wave = wave };
	struct plan plan;
	int64_t intents;

	make_plan(wave, false, &plan, &list);
	wave->item = wave->item == wave->items[0] ? wave->items[1] : wave->items[0];
	if (map_item(wave, wave->item) && any_writes(&list, KIND_INVOICE) && apply(wave, &plan, &intents))
		wave_fail(wave, "a plan was applied by rules that hold no more");
	wave->tally[EVENT_STALE]++;
}

void acts_apply(struct wave *wave)
{
	AUTO(lines_clear) struct line_list list = { .wave = wave };
	struct plan plan;
	int64_t intents;

	if (!wave->calm && wave_below(wave, 4) == 0)
		apply_too_late(wave);
	make_plan(wave, false, &plan, &list);
	note_lines(wave, &list);
	if (!any_acts(&list))
		return;
	if (!apply(wave, &plan, &intents))
		wave_fail(wave, "a plan was stale at once");
	wave->tally[EVENT_WRITE] += intents;
}

/* ---- others, in the ledger */

static struct document *any_document(struct wave *wave)
{
	return &wave->documents[wave_below(wave, wave->count)];
}

bool wave_record(struct wave *wave, const struct document *document, struct str *out, struct json_slice *ret_record)
{
	const struct kind_row *row = &kind_rows[document->kind];
	char path[120];

	snprintf(path, sizeof(path), "as-other-user/v3/company/" REALM "/%s/%s", row->address, document->id);
	if (world_other(wave->world, "GET", path, NULL, out) != 200)
		return false;
	*ret_record = json_find(out->text, out->len, row->record);
	return ret_record->kind == JSON_OBJECT && !json_equals(json_member(*ret_record, "status"), "Deleted");
}

static bool change_there(struct wave *wave, const struct document *document, const char *operation, const char *members)
{
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT), token = STR_INIT(40);
	struct json_slice record;
	char path[120], body[300];

	if (!wave_record(wave, document, &out, &record))
		return false;
	json_unquote(json_member(record, "SyncToken"), &token);
	snprintf(path, sizeof(path), "as-other-user/v3/company/" REALM "/%s%s", kind_rows[document->kind].address, operation);
	snprintf(body, sizeof(body), "{\"Id\":\"%s\",\"SyncToken\":\"%s\"%s}", document->id, token.text, members);
	return world_other(wave->world, "POST", path, body, &out) == 200;
}

/*
 * What is changed while a write of ours is on its way is known as it is when the outcome is: from then on it is not "meanwhile". The
 * same holds before it is known at all.
 */
static bool is_at_rest(struct wave *wave, const struct document *document)
{
	struct store *store = wave->world->store;
	struct intent intent;
	struct link link;
	struct error err = { 0 };
	bool found, open;

	wave_must(wave, links_get(store, wave->account.id, document->resource, &link, NULL, &found, &err) &&
		  intents_open(store, wave->account.id, document->resource, &intent, &open, &err), &err);
	return found && *link.record_id && (!open || intent.first_sent_ms == 0);
}

static void edit_there(struct wave *wave, struct document *document)
{
	bool ours = wave_below(wave, 2) && is_at_rest(wave, document);
	char text[24], members[120];

	if (document->kind != KIND_CUSTOMER && document->kind != KIND_INVOICE)
		return;
	snprintf(text, sizeof(text), "t%lld", (long long)wave_below(wave, 1000000));
	if (ours)
		snprintf(members, sizeof(members), document->kind == KIND_CUSTOMER ? ",\"sparse\":true,\"Notes\":\"%s\""
			 : ",\"sparse\":true,\"CustomerMemo\":{\"value\":\"%s\"}", text);
	else
		snprintf(members, sizeof(members), ",\"sparse\":true,\"%s\":\"%s\"", document->kind == KIND_CUSTOMER ? "Suffix" : "TrackingNum",
			 text);
	if (!change_there(wave, document, "", members))
		return;
	wave->tally[EVENT_EDIT]++;
	document->edits++;
	wave->troubled[document->saga] = wave->troubled[document->saga] || ours;
	memcpy(ours ? document->theirs : document->foreign, text, sizeof(text));
	document->overruled = document->overruled && !ours;
}

static void remove_there(struct wave *wave, struct document *document)
{
	if (document->kind == KIND_CUSTOMER || document->kind == KIND_VENDOR || is_paid(wave, document) ||
	    !change_there(wave, document, "?operation=delete", ""))
		return;
	wave->tally[EVENT_REMOVAL]++;
	wave->troubled[document->saga] = true;
	document->removed = true;
}

/* Somebody else's document with the number of one of ours. */
static void number_there(struct wave *wave, struct document *document)
{
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);
	char body[300];

	if (document->kind != KIND_INVOICE || *document->id || document->twin)
		return;
	snprintf(body, sizeof(body), "{\"DocNumber\":\"%s\",\"CustomerRef\":{\"value\":\"%s\"},\"Line\":[{\"Amount\":7.77,\"DetailType\":"
		 "\"SalesItemLineDetail\",\"SalesItemLineDetail\":{\"ItemRef\":{\"value\":\"%s\"}}}]}", document->number, wave->customer,
		 wave->item);
	if (world_other(wave->world, "POST", "as-other-user/v3/company/" REALM "/invoice", body, &out) != 200)
		return;
	wave->tally[EVENT_TWIN]++;
	wave->troubled[document->saga] = true;
	document->twin = true;
}

/* ---- people with us */

struct intent_list {
	struct intent *items;        /* owned */
	size_t count, room;
};

static bool keep_intent(void *ctx, const struct intent *intent)
{
	struct intent_list *list = ctx;

	memory_grow(&list->items, &list->room, list->count + 1, sizeof(*list->items));
	list->items[list->count++] = *intent;
	return true;
}

static void intents_clear(struct intent_list *list)
{
	free(list->items);
}

static void owed(struct wave *wave, struct intent_list *list)
{
	struct intent_query query = { .account_id = wave->account.id, .owed_only = true };
	struct error err = { 0 };

	wave_must(wave, intents_list(wave->world->store, &query, keep_intent, list, &err), &err);
}

/* What is refused stays as it is: what may be in the ledger can't be taken back, and some commits are a dying process'. */
static void take_back(struct wave *wave)
{
	AUTO(intents_clear) struct intent_list list = { 0 };
	int64_t now_ms = atomic_load(&wave->world->shared->now_ms);
	struct document *document;
	const struct intent *intent;
	struct error err = { 0 };

	owed(wave, &list);
	if (list.count == 0 || crash_has_come())
		return;
	intent = &list.items[wave_below(wave, list.count)];
	document = wave_document(wave, intent->resource);
	wave->troubled[document->saga] = true;
	wave->tally[EVENT_CANCEL] += push_cancel(wave->world->store, intent->no, "wave", now_ms, &err);
}

static bool go_on(struct wave *wave, const char *plan_id, struct error *err)
{
	wave->tally[EVENT_RESUME]++;
	return push_resume(wave->world->store, plan_id, "wave", atomic_load(&wave->world->shared->now_ms), err);
}

bool acts_resume(struct wave *wave)
{
	AUTO(intents_clear) struct intent_list list = { 0 };
	struct error err = { 0 };
	bool any = false;

	owed(wave, &list);
	for (size_t i = 0; i < list.count; i++) {
		if (!*list.items[i].pause)
			continue;
		wave_must(wave, go_on(wave, list.items[i].plan, &err), &err);
		any = true;
	}
	return any;
}

/* Somebody holds up what is under way, or goes on with it; as above, what is refused stays as it is. */
static void pause(struct wave *wave)
{
	AUTO(intents_clear) struct intent_list list = { 0 };
	int64_t now_ms = atomic_load(&wave->world->shared->now_ms);
	const struct intent *intent;
	struct error err = { 0 };

	owed(wave, &list);
	if (list.count == 0 || crash_has_come())
		return;
	intent = &list.items[wave_below(wave, list.count)];
	if (*intent->pause)
		go_on(wave, intent->plan, &err);
	else
		wave->tally[EVENT_PAUSE] += push_pause(wave->world->store, intent->plan, "wave", now_ms, &err);
}

static void act(struct wave *wave)
{
	switch (wave_below(wave, 120)) {
	case 7:
		if (wave_below(wave, 4) == 0)
			pause(wave);
		break;
	case 0:
	case 1:
	case 2:
		edit_there(wave, any_document(wave));
		break;
	case 3:
		remove_there(wave, any_document(wave));
		break;
	case 4:
	case 5:
		number_there(wave, any_document(wave));
		break;
	case 6:
		take_back(wave);
		break;
	default:
		break;
	}
}

void acts_meanwhile(struct wave *wave)
{
	/* What is about to be written is what matters. */
	for (size_t i = 0; i < wave->count; i++)
		if (wave->documents[i].touched && wave_below(wave, 8) == 0)
			edit_there(wave, &wave->documents[i]);
	for (size_t i = 0; i < wave->count; i++)
		wave->documents[i].touched = false;
	for (size_t i = 0; i < 4 + wave->sagas / 2; i++)
		act(wave);
}

/* A write that nobody could tell the outcome of: a person looks into the ledger. */
static void settle(struct wave *wave, const struct intent *intent)
{
	struct document *document = wave_document(wave, intent->resource);
	bool there = *document->id && !document->removed;
	struct error err = { 0 };

	wave->tally[EVENT_SETTLE]++;
	document->theirs[0] = '\0';
	wave_must(wave, push_settle(wave->world->store, intent->no, there ? document->id : NULL, "wave",
				    atomic_load(&wave->world->shared->now_ms), &err), &err);
}

/* Its number is taken, and the ledger lets none be used twice: it gets another one. */
static void renumber(struct wave *wave, struct document *document)
{
	AUTO(store_end) struct store *transaction = wave->world->store;
	struct error err = { 0 };

	snprintf(document->number, sizeof(document->number), "%.38sn", document->code);
	wave_must(wave, store_begin(transaction, &err), &err);
	put(wave, transaction, document);
	wave_must(wave, store_commit(transaction, &err), &err);
}

static void settle_owed(struct wave *wave)
{
	AUTO(intents_clear) struct intent_list list = { 0 };
	int64_t now_ms = atomic_load(&wave->world->shared->now_ms);
	struct error err = { 0 };

	owed(wave, &list);
	for (size_t i = 0; i < list.count; i++) {
		const struct intent *intent = &list.items[i];
		struct document *document = wave_document(wave, intent->resource);

		if (intent->state == INTENT_DIFFERENT)
			wave_must(wave, push_accept(wave->world->store, intent->no, "wave", now_ms, &err), &err);
		else if (intent->state == INTENT_DEAD && intent->error.outcome_unknown && intent->act == PLAN_CREATE)
			settle(wave, intent);
		else if (intent->state == INTENT_CONFLICT && !wave->troubled[document->saga] && !wave->restored && document->edits <= 1 &&
			 !is_paid(wave, document))
			wave_fail(wave, "%s %s is in conflict with nobody: %s", intent->record_type, intent->number, intent->why);
		else if (intent->state == INTENT_CONFLICT || intent->state == INTENT_REJECTED || intent->state == INTENT_DEAD)
			wave->tally[EVENT_REDRIVE]++;
		document->unwritten = document->unwritten || intent->state == INTENT_CONFLICT || intent->state == INTENT_REJECTED ||
				      intent->state == INTENT_DEAD;
		if (intent->state == INTENT_REJECTED && strcmp(intent->error.ledger_code, "6140") == 0)
			renumber(wave, document);
	}
}

static void decide(struct wave *wave, const struct plan_line *line, const char *question)
{
	AUTO(store_end) struct store *transaction = wave->world->store;
	struct document *document = wave_document(wave, line->resource);
	struct decision decision = { .who = "wave" };
	struct error err = { 0 };

	if (line->reason == REASON_CONFLICT && !wave->troubled[document->saga] && !wave->restored)
		wave_fail(wave, "%s %s is in conflict with nobody: %s", line->record_type, line->number, line->why);
	if (line->reason == REASON_APPROVAL)
		snprintf(decision.what, sizeof(decision.what), "create");
	else if (line->reason == REASON_DUPLICATE && *document->id && !document->removed)
		snprintf(decision.what, sizeof(decision.what), "link %.60s", document->id);
	else if (line->reason == REASON_DUPLICATE)
		snprintf(decision.what, sizeof(decision.what), "%s", wave_below(wave, 2) ? "create" : "skip");
	else if (line->reason == REASON_CONFLICT)
		snprintf(decision.what, sizeof(decision.what), "%s", wave_below(wave, 2) ? "ours" : "theirs");
	else
		snprintf(decision.what, sizeof(decision.what), "skip");
	snprintf(decision.about, sizeof(decision.about), "%s", question);
	wave->tally[EVENT_DECISION]++;
	wave_must(wave, store_begin(transaction, &err) &&
		  decisions_put(transaction, wave->account.id, line->resource, &decision, &err) && store_commit(transaction, &err), &err);
}

static size_t decide_all(struct wave *wave)
{
	AUTO(lines_clear) struct line_list list = { .wave = wave };
	struct plan plan;
	size_t open = 0;

	make_plan(wave, true, &plan, &list);
	for (size_t i = 0; i < list.count; i++) {
		struct document *document = wave_document(wave, list.items[i].resource);

		document->act = list.items[i].act;
		document->reason = list.items[i].reason;
		open += plan_act_writes(list.items[i].act) || list.items[i].act == PLAN_LINK || list.items[i].act == PLAN_DECIDE;
		if (list.items[i].act == PLAN_DECIDE)
			decide(wave, &list.items[i], list.questions[i]);
	}
	return open;
}

void acts_settle(struct wave *wave)
{
	for (int round = 0;; round++) {
		if (round == ROUNDS_MAX)
			wave_fail(wave, "people have no end of work with it");
		wave_drive(wave);
		wave_read(wave);
		settle_owed(wave);
		wave_drive(wave);
		if (decide_all(wave) == 0)
			return;
		acts_apply(wave);
	}
}
