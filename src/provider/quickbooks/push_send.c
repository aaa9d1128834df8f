/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sending what was frozen. All but making void goes in batches, whose requestid covers the whole: the items have marks only, are
 * carried out one by one, and come back mixed under status 200. Nothing is repeated here.
 */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "answer.h"
#include "call.h"
#include "push.h"

#define BODY_MAX ((size_t)1 << 20) /* of a batch, unless one item alone is larger */
#define BATCH "batch"

static bool goes_alone(const struct push_item *item)
{
	return item->act == PLAN_VOID && !item->delete;
}

static void add_stub(const struct push_item *item, const char *more, struct str *body)
{
	str_add(body, "{\"Id\":");
	str_add_json(body, item->record_id, strlen(item->record_id));
	str_add(body, ",\"SyncToken\":");
	str_add_json(body, item->version, strlen(item->version));
	str_addf(body, "%s}", more);
}

static void add_item(const struct push_item *item, struct str *body)
{
	str_add(body, "{\"bId\":");
	str_add_json(body, item->mark, strlen(item->mark));
	str_addf(body, ",\"operation\":\"%s\",\"%s\":", item->act == PLAN_CREATE ? "create" : item->act == PLAN_UPDATE ? "update" : "delete",
		 item->type);
	if (item->act == PLAN_VOID)
		add_stub(item, "", body);
	else
		str_add_bytes(body, item->body, item->body_len);
	str_add_char(body, '}');
}

/* Invoices have an operation of their own for it, the others an update that includes it. */
static size_t void_alone(const struct push_item *item, char *path, struct str *body)
{
	bool invoice = strcmp(item->type, "Invoice") == 0;

	snprintf(path, 64, "%s", invoice ? "invoice?operation=void" : "payment?operation=update&include=void");
	add_stub(item, invoice ? "" : ",\"sparse\":true", body);
	return 1;
}

size_t quickbooks_envelope(const struct push_item *items, size_t count, char *path, struct str *body)
{
	size_t taken = 0;

	if (goes_alone(&items[0]))
		return void_alone(&items[0], path, body);
	snprintf(path, 64, "%s", BATCH);
	str_add(body, "{\"BatchItemRequest\":[");
	while (taken < count && taken < PUSH_ITEMS_MAX && !goes_alone(&items[taken]) &&
	       (taken == 0 || body->len + items[taken].body_len < BODY_MAX)) {
		if (taken > 0)
			str_add_char(body, ',');
		add_item(&items[taken++], body);
	}
	str_add(body, "]}");
	return taken;
}

/* ---- what came back */

struct sending {
	struct connection *connection;
	const struct push_item *items;
	struct push_answer *answers;
	size_t count;
	struct http_answer *answer;
	struct page *page;
};

static void say(const struct sending *sending, struct push_answer *to, const struct push_item *item, const struct fault *fault)
{
	char what[80];
	struct asker asker = { .what = what, .realm = sending->connection->realm, .said = &to->said };

	snprintf(what, sizeof(what), "%s %.40s", plan_act_word(item->act), item->type);
	answer_refused(sending->answer, fault, &asker, &to->error);
}

static void take_item(const struct sending *sending, size_t index, struct json_slice item)
{
	struct push_answer *to = &sending->answers[index];
	struct json_slice record = json_member(item, sending->items[index].type);
	struct fault fault;

	error_clear(&to->error);
	if (fault_in(item, &fault))
		say(sending, to, &sending->items[index], &fault);
	else if (record.kind != JSON_OBJECT)
		error_set(&to->error, ERROR_REMOTE, "%s: the ledger's answer says nothing of what became of it", sending->items[index].type);
	else if (!json_equals(json_member(record, "status"), "Deleted"))
		to->record = record;
	to->error.outcome_unknown = to->error.code == ERROR_REMOTE && !*to->error.ledger_code;
	snprintf(to->error.trace_id, sizeof(to->error.trace_id), "%.63s", sending->answer->trace_id);
}

static bool take_batch(const struct sending *sending, struct error *err)
{
	struct envelope envelope;
	struct json_slice item;
	size_t at = 0;

	answer_open(sending->answer, "BatchItemResponse", &envelope);
	if (envelope.payload.kind != JSON_ARRAY)
		return error_set(err, ERROR_REMOTE, "the ledger's answer to a batch has no items in it");
	sending->page->ledger_ms = envelope.ledger_ms;
	for (size_t i = 0; i < sending->count; i++) {
		error_set(&sending->answers[i].error, ERROR_REMOTE, "the ledger's answer leaves it out");
		sending->answers[i].error.outcome_unknown = true;
	}
	while (json_each(envelope.payload, &at, NULL, &item))
		for (size_t i = 0; i < sending->count; i++)
			if (json_equals(json_member(item, "bId"), sending->items[i].mark))
				take_item(sending, i, item);
	return true;
}

static bool take_one(const struct sending *sending, struct error *err)
{
	struct envelope envelope;

	answer_open(sending->answer, sending->items[0].type, &envelope);
	if (envelope.payload.kind != JSON_OBJECT)
		return error_set(err, ERROR_REMOTE, "the ledger's answer has no %s in it", sending->items[0].type);
	sending->page->ledger_ms = envelope.ledger_ms;
	sending->answers[0].record = envelope.payload;
	return true;
}

/* Was it carried out? What was refused as a whole was not; what was answered beyond understanding may have been. */
static void judge(const struct http_answer *answer, struct error *err)
{
	bool understood = (answer->status >= 400 && answer->status < 500) || err->code == ERROR_AUTH || err->code == ERROR_LIMIT;

	if (answer->status > 0 && !understood && err->code != ERROR_CANCELLED)
		err->outcome_unknown = true;
}

bool quickbooks_send(struct connection *connection, const char *path, const char *key, const char *body, size_t len,
		     const struct push_item *items, size_t count, struct page *page, struct push_answer *answers, struct error *err)
{
	AUTO(http_answer_clear) struct http_answer answer = HTTP_ANSWER_INIT;
	AUTO(str_clear) struct str address = STR_INIT(200);
	struct sending sending = { connection, items, answers, count, &answer, page };
	bool batch = strcmp(path, BATCH) == 0;
	struct error error = { 0 };

	page_reset(page);
	str_addf(&address, "%s%crequestid=%s", path, strchr(path, '?') ? '&' : '?', key);
	if (!call_send(connection, &(struct call){ .what = batch ? "write a batch" : "make void", .path = address.text, .body = body,
						   .body_len = len, .content_type = "application/json",
						   .class = batch ? HTTP_BATCH : HTTP_WRITE }, &answer, &error) ||
	    !(batch ? take_batch : take_one)(&sending, &error)) {
		judge(&answer, &error);
		if (err)
			*err = error;
		return false;
	}
	/* The records point into the body, which moves along. */
	page_take(page, &answer, page->ledger_ms);
	return true;
}

enum push_refusal quickbooks_refusal(const struct error *error)
{
	static const struct {
		const char *code;
		enum push_refusal refusal;
	} codes[] = {
		{ "5010", PUSH_STALE },       { "600", PUSH_MAYBE_DONE },   { "6140", PUSH_TAKEN },      { "1000", PUSH_MAYBE_DONE },
		{ "1010", PUSH_MAYBE_DONE },  { "1020", PUSH_MAYBE_DONE },  { "10000", PUSH_MAYBE_DONE }, { "130", PUSH_LATER },
		{ "140", PUSH_LATER },        { "150", PUSH_LATER },        { "6190", PUSH_LATER },      { "3001", PUSH_LATER },
		{ "6240", PUSH_TAKEN },
	};

	for (size_t i = 0; i < ARRAY_LEN(codes); i++)
		if (strcmp(codes[i].code, error->ledger_code) == 0)
			return codes[i].refusal;
	if (error->outcome_unknown)
		return PUSH_MAYBE_DONE;
	return error->code == ERROR_LIMIT || error->code == ERROR_AUTH || error->code == ERROR_REMOTE ? PUSH_LATER : PUSH_REFUSED;
}
