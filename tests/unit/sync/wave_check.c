/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What must hold once nothing moves any more: each document is in the ledger once, or it is visible why not; what is there is what
 * was planned, to the cent; what others wrote stands; the mirror has what the ledger has; nothing secret is in any file.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "wave.h"

static const char *title(const struct document *document)
{
	return kind_rows[document->kind].record;
}

/* ---- each document */

/* By the last plan, which had nothing to write. */
static void check_state(const struct wave *wave, const struct document *document)
{
	enum plan_act act = document->act;
	enum plan_reason reason = document->reason;

	if (plan_act_writes(act) || act == PLAN_LINK)
		wave_fail(wave, "%s %s is to be written, and it is silent", title(document), document->number);
	if (wave->troubled[document->saga] || wave->restored)
		return;
	if (document->voided ? !document->removed && *document->id : !*document->id || document->removed)
		wave_fail(wave, "%s %s is lost: %s because %s", title(document), document->number, plan_act_word(act), plan_reason_word(reason));
	if (act != (document->voided ? PLAN_SKIP : PLAN_SAME))
		wave_fail(wave, "%s %s is not what it is with us: %s because %s", title(document), document->number, plan_act_word(act),
			  plan_reason_word(reason));
}

static bool is_text(struct json_slice record, const char *path, const char *text)
{
	return json_equals(json_member(record, path), text);
}

static bool is_total(struct json_slice record, int64_t cents)
{
	struct json_slice found = json_member(record, "TotalAmt");
	struct decimal total;

	return decimal_parse(found.text, found.len, &total) && decimal_compare(total, decimal_of(cents, 2)) == 0;
}

/* As it is with us, where nobody else has had a hand in it. */
static void check_ours(const struct wave *wave, const struct document *document, struct json_slice record)
{
	if (document->kind == KIND_JOURNAL || document->cents == 0 || is_total(record, document->cents))
		return;
	wave_fail(wave, "%s %s has another total", title(document), document->number);
}

static void check_item(const struct wave *wave, const struct document *document, struct json_slice record)
{
	struct json_slice lines = json_member(record, "Line"), line;
	size_t at = 0;

	if (document->kind != KIND_INVOICE && document->kind != KIND_CREDIT_MEMO)
		return;
	while (json_each(lines, &at, NULL, &line))
		if (is_text(line, "DetailType", "SalesItemLineDetail") && !is_text(line, "SalesItemLineDetail.ItemRef.value", document->item) &&
		    !(document->unwritten && document->item_before && is_text(line, "SalesItemLineDetail.ItemRef.value", document->item_before)))
			wave_fail(wave, "%s %s has another item than it was mapped to", title(document), document->number);
}

/* What others wrote stands, unless ours was chosen. */
void wave_check_theirs(const struct wave *wave, const struct document *document, struct json_slice record)
{
	bool list = document->kind == KIND_CUSTOMER;

	if (*document->foreign && !is_text(record, list ? "Suffix" : "TrackingNum", document->foreign))
		wave_fail(wave, "%s %s: what somebody wrote into another field is gone", title(document), document->number);
	if (*document->theirs && !document->overruled && !is_text(record, list ? "Notes" : "CustomerMemo.value", document->theirs))
		wave_fail(wave, "%s %s: what somebody wrote meanwhile was written over", title(document), document->number);
}

static void check_document(struct wave *wave, const struct document *document)
{
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);
	struct json_slice record;

	check_state(wave, document);
	if (!*document->id || document->removed)
		return;
	if (!wave_record(wave, document, &out, &record))
		wave_fail(wave, "%s %s was written, and the ledger does not have it", title(document), document->number);
	wave_check_theirs(wave, document, record);
	if (wave->troubled[document->saga] || wave->restored)
		return;
	check_ours(wave, document, record);
	check_item(wave, document, record);
}

/* ---- all together */

/* How often the ledger has that name or number, of ours. */
static void count_standing(struct wave *wave)
{
	for (int kind = 0; kind < KIND_COUNT; kind++) {
		static const char *const fields[KIND_COUNT] = { "DisplayName", "DisplayName", "DocNumber", "DocNumber", "DocNumber", "DocNumber",
								"PaymentRefNum" };
		AUTO(texts_clear) struct texts truth = { 0 };
		size_t ours = 0, theirs = 0, expected = 0;
		char mark[24];

		world_truth(wave->world, REALM, catalogue_find(wave->world->catalogue, "quickbooks", kind_rows[kind].record), &truth);
		snprintf(mark, sizeof(mark), "%llx-", (unsigned long long)(wave->seed & 0xffffffff));
		for (size_t i = 0; i < truth.count; i++) {
			struct json_slice name = json_find(truth.items[i], strlen(truth.items[i]), fields[kind]);

			ours += name.kind == JSON_STRING && memmem(name.text, name.len, mark, strlen(mark)) != NULL;
		}
		for (size_t i = 0; i < wave->count; i++) {
			const struct document *document = &wave->documents[i];

			theirs += document->kind == (enum kind)kind && document->twin;
			expected += document->kind == (enum kind)kind && *document->id && (!document->removed || document->voided);
		}
		/* What was made void stands there still, what was deleted does not. */
		if (ours > expected + theirs)
			wave_fail(wave, "the ledger has %zu %s of ours, and %zu were written", ours - theirs, kind_rows[kind].record, expected);
	}
}

static bool keep_newest(void *ctx, const struct intent *intent)
{
	*(struct intent *)ctx = *intent;
	return false;
}

/* Money: what all plans together say is there, and what is. */
static void check_money(struct wave *wave)
{
	struct intent_query query = { .account_id = wave->account.id };
	int64_t planned = 0, written = 0; /* cents */
	struct error err = { 0 };

	for (size_t i = 0; i < wave->count; i++) {
		const struct document *document = &wave->documents[i];
		AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);
		struct intent intent = { .no = 0 };
		struct json_slice record;
		struct decimal total;

		if (!*document->id || document->removed || document->cents == 0 || document->kind == KIND_JOURNAL ||
		    wave->troubled[document->saga] || wave->restored)
			continue;
		query.resource = document->resource;
		wave_must(wave, intents_list(wave->world->store, &query, keep_newest, &intent, &err), &err);
		planned += intent.total / 10000;
		if (!wave_record(wave, document, &out, &record))
			continue;
		record = json_member(record, "TotalAmt");
		if (!decimal_parse(record.text, record.len, &total) || !decimal_multiply(total, decimal_of(100, 0), 0, &total))
			wave_fail(wave, "%s %s has no total", title(document), document->number);
		written += total.digits;
	}
	if (planned != written)
		wave_fail(wave, "%lld cents were planned, and %lld are in the ledger", (long long)planned, (long long)written);
}

static bool check_settled(void *ctx, const struct intent *intent)
{
	if (intent_is_open(intent->state) && intent->state != INTENT_WAITING)
		wave_fail(ctx, "%s %s is owed still: %s, %s", intent->record_type, intent->number, intent_state_word(intent->state), intent->why);
	return true;
}

/* Nothing moves by itself any more. */
static void check_outbox(struct wave *wave)
{
	struct intent_query query = { .account_id = wave->account.id };
	struct error err = { 0 };

	wave_must(wave, intents_list(wave->world->store, &query, check_settled, wave, &err), &err);
}

static void check_mirror(struct wave *wave)
{
	char difference[400];

	for (int kind = 0; kind < KIND_COUNT; kind++)
		if (!world_same(wave->world, &wave->account, REALM,
				catalogue_find(wave->world->catalogue, "quickbooks", kind_rows[kind].record), difference))
			wave_fail(wave, "%s", difference);
}

void wave_check(struct wave *wave)
{
	check_outbox(wave);
	for (size_t i = 0; i < wave->count; i++)
		check_document(wave, &wave->documents[i]);
	count_standing(wave);
	check_money(wave);
	wave_read(wave);
	check_mirror(wave);
	if (wave->seed % 4 == 0)
		wire_search_secrets(wave);
}
