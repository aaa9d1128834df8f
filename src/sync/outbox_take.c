/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an answer means: the intent's end, where the resource is, the record in the mirror, and whoever waited for it. What came
 * back is compared with what was asked for and with what was foretold: a write that landed differently is not called done.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/log.h"
#include "ledgerdeck/core/memory.h"
#include "mirror.h"
#include "outbox.h"
#include "plan.h"

#define TRIES_MIN 10 /* before anything is given up, however long it took */

/* What was refused for the time being again and again, for as long as the operator lets. A ledger that is only busy is waited for. */
static bool is_hopeless(const struct taking *taking, const struct intent *intent)
{
	int64_t patience_ms = settings_number(taking->outbox->worker->sync->options.settings, "push.give_up") * 1000;

	return patience_ms > 0 && intent->tries >= TRIES_MIN && intent->first_sent_ms > 0 && intent->error.code != ERROR_LIMIT &&
	       outbox_now(taking->outbox) - (intent->first_sent_ms - taking->outbox->skew_ms) > patience_ms;
}

static bool tell_children(struct taking *taking, const struct intent *parent, struct error *err);

bool take_state(struct taking *taking, struct flight *flight, enum intent_state state, int64_t next_ms, const char *why, struct error *err)
{
	struct intent *intent = &flight->intent;
	bool hopeless = state == INTENT_RETRY && is_hopeless(taking, intent);

	intent->state = hopeless ? INTENT_DEAD : state;
	intent->next_ms = hopeless ? OUTBOX_FAR_MS : next_ms;
	if (hopeless)
		snprintf(intent->why, sizeof(intent->why), "given up after %d tries: %.180s", intent->tries, why);
	else
		snprintf(intent->why, sizeof(intent->why), "%s", why);
	return intents_save(taking->transaction, intent, "engine", NULL, NULL, outbox_now(taking->outbox), err) &&
	       (!hopeless || tell_children(taking, intent, err));
}

/* ---- the mirror */

bool take_mirror(struct taking *taking, const char *record_type, struct json_slice raw, bool deleted, const char *id, struct error *err)
{
	const struct mirror_one one = { .store = taking->transaction, .compress = taking->outbox->worker->compress,
					.account_id = taking->outbox->account.id, .type = outbox_type(taking->outbox, record_type),
					.now_ms = outbox_now(taking->outbox), .counts = &taking->counts };
	struct error why = { 0 };

	if (!one.type || mirror_take(&one, id, deleted ? (struct json_slice){ .kind = JSON_NONE } : raw, &why))
		return true;
	if (why.code != ERROR_INPUT)
		return err ? (*err = why, false) : false;
	log_warn("push", "%s: the record that came back is not mirrored: %s", record_type, why.text);
	return true;
}

/* ---- whoever waited */

struct family {
	struct intent *items;        /* owned */
	size_t count, room;
};

static bool note(void *ctx, const struct intent *intent)
{
	struct family *family = ctx;

	memory_grow(&family->items, &family->room, family->count + 1, sizeof(*family->items));
	family->items[family->count++] = *intent;
	return true;
}

struct missing { /* what an intent points to and that is not in the ledger */
	bool any;
	bool owed;                   /* some of it is still to be written, or somebody is told of it */
};

static bool note_missing(void *ctx, const struct intent *intent)
{
	struct missing *missing = ctx;

	missing->any = true;
	missing->owed = missing->owed || intent_is_owed(intent->state);
	return true;
}

bool outbox_await(struct store *transaction, struct intent *child, int64_t now_ms, struct error *err)
{
	struct missing missing = { 0 };

	if (!intents_parents(transaction, child->no, note_missing, &missing, err))
		return false;
	child->state = missing.owed ? INTENT_WAITING : INTENT_CONFLICT;
	child->next_ms = OUTBOX_FAR_MS;
	snprintf(child->why, sizeof(child->why), "%s", missing.owed ? "waits for what it points to"
		 : "what it points to was taken back, or is not linked any more; plan it again");
	return intents_save(transaction, child, "engine", NULL, NULL, now_ms, err);
}

bool outbox_release(struct store *transaction, int64_t parent, int64_t now_ms, struct error *err)
{
	struct family family = { 0 };
	bool good = intents_children(transaction, parent, note, &family, err);

	for (size_t i = 0; good && i < family.count; i++) {
		struct intent *child = &family.items[i];
		struct missing missing = { 0 };

		good = intents_parents(transaction, child->no, note_missing, &missing, err);
		if (!good || missing.owed)
			continue;
		if (missing.any) {
			good = outbox_await(transaction, child, now_ms, err);
			continue;
		}
		child->state = INTENT_QUEUED;
		child->next_ms = now_ms;
		snprintf(child->why, sizeof(child->why), "what it points to is there");
		good = intents_save(transaction, child, "engine", NULL, NULL, now_ms, err);
	}
	free(family.items);
	return good;
}

static bool tell_children(struct taking *taking, const struct intent *parent, struct error *err)
{
	struct family family = { 0 };
	int64_t now_ms = outbox_now(taking->outbox);
	bool good = intents_children(taking->transaction, parent->no, note, &family, err);

	for (size_t i = 0; good && i < family.count; i++) {
		struct intent *child = &family.items[i];

		snprintf(child->why, sizeof(child->why), "waits for %.40s %.60s, which was not written: %.40s", parent->record_type,
			 parent->number, intent_state_phrase(parent->state));
		good = intents_save(taking->transaction, child, "engine", NULL, NULL, now_ms, err);
	}
	free(family.items);
	return good;
}

/* ---- written */

static bool keep_link(struct taking *taking, const struct flight *flight, struct json_slice raw, const char *version, struct error *err)
{
	const struct intent *intent = &flight->intent;
	struct link link = { .resource = intent->resource, .at_ms = outbox_now(taking->outbox), .approved = true,
			     .generation = intent->generation, .revision = intent->revision };

	memcpy(link.account_id, intent->account_id, sizeof(link.account_id));
	memcpy(link.record_type, intent->record_type, sizeof(link.record_type));
	memcpy(link.record_id, intent->record_id, sizeof(link.record_id));
	snprintf(link.version, sizeof(link.version), "%s", version);
	snprintf(link.how, sizeof(link.how), "%s", intent->act == PLAN_CREATE ? "created" : "written");
	snprintf(link.who, sizeof(link.who), "%s", intent->who);
	return links_put(taking->transaction, &link, raw.text, raw.kind == JSON_OBJECT ? raw.len : 0, err) &&
	       decisions_drop(taking->transaction, intent->account_id, intent->resource, OWNER_ABOUT " " TAX_ABOUT, err);
}

/* Its total against what was foretold: a cent a line is the ledger's rounding, more is something else. */
static void compare_total(struct taking *taking, const struct flight *flight, struct json_slice raw, struct str *landed, bool *different)
{
	const struct intent *intent = &flight->intent;
	struct likeness likeness;
	struct decimal foretold = decimal_of(intent->total, 6), off;
	char asked[DECIMAL_TEXT_MAX], came[DECIMAL_TEXT_MAX];

	taking->outbox->push->likeness(intent->record_type, raw, &likeness);
	if (!intent->has_total || !likeness.has_total || decimal_compare(likeness.total, foretold) == 0 ||
	    !decimal_subtract(likeness.total, foretold, &off))
		return;
	decimal_round(foretold, 2, &foretold);
	str_addf(landed, "total: foretold %s, is %s\n", decimal_format(foretold, asked), decimal_format(likeness.total, came));
	if (off.digits < 0)
		off = decimal_negate(off);
	*different = *different || decimal_compare(off, decimal_of(1, 2)) > 0;
}

static void look_at_landing(struct taking *taking, const struct flight *flight, struct json_slice raw, struct str *landed, bool *different)
{
	struct json_slice body = { .text = flight->body.text, .len = flight->body.len, .kind = JSON_OBJECT };

	*different = false;
	if (flight->intent.act == PLAN_VOID || raw.kind != JSON_OBJECT)
		return;
	taking->outbox->push->landed(flight->intent.record_type, body, raw, landed);
	*different = landed->len > 0;
	compare_total(taking, flight, raw, landed, different);
}

static bool read_key(struct taking *taking, struct flight *flight, struct json_slice raw, struct record_key *key, struct error *err)
{
	AUTO(str_clear) struct str scratch = STR_INIT(STR_NO_LIMIT);
	const struct type *type = outbox_type(taking->outbox, flight->intent.record_type);

	if (!type)
		return error_set(err, ERROR_INPUT, "the catalogue has no type '%s'", flight->intent.record_type);
	*key = (struct record_key){ 0 };
	if (raw.kind == JSON_OBJECT)
		record_key(type, raw, &scratch, key);
	else
		snprintf(key->id, sizeof(key->id), "%s", flight->intent.record_id);
	return true;
}

bool take_record(struct taking *taking, struct flight *flight, struct json_slice raw, const char *note_text, struct error *err)
{
	AUTO(str_clear) struct str landed = STR_INIT(8000);
	struct intent *intent = &flight->intent;
	struct record_key key;
	bool different;

	if (!read_key(taking, flight, raw, &key, err))
		return false;
	look_at_landing(taking, flight, raw, &landed, &different);
	snprintf(intent->record_id, sizeof(intent->record_id), "%s", key.id);
	snprintf(intent->version, sizeof(intent->version), "%s", key.version);
	error_clear(&intent->error);
	intent->state = different ? INTENT_DIFFERENT : INTENT_CONFIRMED;
	intent->next_ms = OUTBOX_FAR_MS;
	if (different)
		snprintf(intent->why, sizeof(intent->why), "written, but not as asked: %.*s", (int)strcspn(landed.text, "\n"), landed.text);
	else
		snprintf(intent->why, sizeof(intent->why), "%s%s", *note_text ? note_text : "written",
			 landed.len > 0 ? ", the ledger rounds otherwise" : "");
	return take_mirror(taking, intent->record_type, raw, raw.kind != JSON_OBJECT, intent->record_id, err) &&
	       keep_link(taking, flight, raw, key.version, err) &&
	       intents_save(taking->transaction, intent, "engine", NULL, landed.text, outbox_now(taking->outbox), err) &&
	       outbox_release(taking->transaction, intent->no, outbox_now(taking->outbox), err);
}

/* ---- not written */

bool take_refusal(struct taking *taking, struct flight *flight, const struct error *refusal, const char *said, struct error *err)
{
	struct intent *intent = &flight->intent;

	taking->refused++;
	intent->error = *refusal;
	intent->state = INTENT_REJECTED;
	intent->next_ms = OUTBOX_FAR_MS;
	snprintf(intent->why, sizeof(intent->why), "%s", refusal->text);
	return intents_save(taking->transaction, intent, "engine", said, NULL, outbox_now(taking->outbox), err) &&
	       tell_children(taking, intent, err);
}

bool take_unknown(struct taking *taking, struct flight *flight, const struct error *error, struct error *err)
{
	const struct settings *settings = taking->outbox->worker->sync->options.settings;
	int64_t window_ms = settings_number(settings, "push.replay_window") * 1000, now_ms = outbox_now(taking->outbox);
	int64_t age_ms = now_ms - (flight->intent.first_sent_ms - taking->outbox->skew_ms);
	int64_t wait_ms = 5000, look_ms = settings_number(settings, "push.look_delay") * 1000;

	for (int i = 1; i < flight->intent.tries && wait_ms < 60000; i++)
		wait_ms *= 2;
	flight->intent.error = *error;
	flight->intent.error.outcome_unknown = true;
	/* A look at what the ledger has, soon where the same bytes may be sent under the same key then. */
	return take_state(taking, flight, INTENT_UNCERTAIN, now_ms + (age_ms < window_ms && wait_ms < look_ms ? wait_ms : look_ms),
			  "no answer came back; whether it was written is being found out", err);
}
