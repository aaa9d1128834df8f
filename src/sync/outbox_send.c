/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Freezing, sending, answering. An envelope's bytes and key are committed before they are handed to the network, and what came
 * back is committed in one transaction: each intent's outcome, its link, the record in the mirror.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/log.h"
#include "ledgerdeck/core/memory.h"
#include "outbox.h"

#define RETRY_FIRST_MS 30000
#define RETRY_MAX_MS 1800000
#define MERGE_MS 60000 /* to read and merge a record */
#define REST_MS 15000 /* of an account's outbox, when the ledger could not be reached */

void flight_item(const struct outbox *outbox, const struct flight *flight, struct push_item *ret_item)
{
	const struct intent *intent = &flight->intent;

	*ret_item = (struct push_item){ .act = intent->act, .type = intent->record_type, .row = outbox_type(outbox, intent->record_type),
					.tries = intent->tries, .mark = intent->id, .body = flight->body.text,
					.body_len = flight->body.len, .record_id = intent->record_id, .version = intent->version,
					.delete = intent->act == PLAN_VOID && strcmp(flight->body.text, "delete") == 0 };
}

/* ---- ids that were still to come */

/* "@rsrc_..@" becomes the id of the record that the resource is in by now. False: one is not there. */
static bool fill_ids(struct outbox *outbox, struct str *body, bool *ret_whole, struct error *err)
{
	AUTO(str_clear) struct str filled = STR_INIT(STR_NO_LIMIT);
	const char *at = body->text, *from = at, *mark, *end;
	struct resource resource;
	struct link link;
	char id[RESOURCE_ID_MAX];
	bool found;

	*ret_whole = true;
	while ((mark = strstr(from, "\"@rsrc_")) != NULL) {
		end = mark + 2 + strcspn(mark + 2, "@\"");
		from = end;
		/* A text that only begins like one. */
		if (end - mark - 2 != RESOURCE_ID_MAX - 1 || strncmp(end, "@\"", 2) != 0)
			continue;
		snprintf(id, sizeof(id), "%.*s", (int)(end - mark - 2), mark + 2);
		if (!resources_by_id(outbox->worker->store, id, &resource, &found, err))
			return false;
		/* Somebody's own words that look like it stay as they are. */
		if (!found) {
			str_add_bytes(&filled, at, (size_t)(end + 1 - at));
			at = end + 1;
			continue;
		}
		if (!links_get(outbox->worker->store, outbox->account.id, resource.no, &link, NULL, &found, err))
			return false;
		if (!found || !*link.record_id) {
			*ret_whole = false;
			return true;
		}
		str_add_bytes(&filled, at, (size_t)(mark + 1 - at));
		str_add(&filled, link.record_id);
		at = end + 1;
	}
	str_add(&filled, at);
	str_reset(body);
	str_add_bytes(body, filled.text, filled.len);
	return true;
}

/* ---- freezing */

static bool freeze_intents(struct outbox *outbox, struct store *transaction, struct flights *flights, int64_t envelope, struct error *err)
{
	int64_t now_ms = outbox_now(outbox);

	for (size_t i = 0; i < flights->count; i++) {
		struct intent *intent = &flights->items[i].intent;

		intent->state = INTENT_SENDING;
		intent->envelope = envelope;
		intent->next_ms = now_ms + SENDING_MS;
		intent->tries++;
		if (intent->first_sent_ms == 0)
			intent->first_sent_ms = now_ms + outbox->skew_ms;
		snprintf(intent->why, sizeof(intent->why), "sent in envelope %lld", (long long)envelope);
		if (!intents_set_body(transaction, intent->no, flights->items[i].body.text, flights->items[i].body.len, err) ||
		    !intents_save(transaction, intent, "engine", NULL, NULL, now_ms, err))
			return false;
	}
	return true;
}

/*
 * The intents of one envelope, as they are still to be sent; those that became something else meanwhile are left out. Where
 * other threads have left less than fills it, and there is more than was looked at, nothing is taken: it is looked at anew.
 */
static bool gather(struct outbox *outbox, const struct intent *due, size_t count, struct flights *flights, struct error *err)
{
	bool others = false;

	for (size_t i = 0; i < count && flights->count < PUSH_ITEMS_MAX; i++) {
		struct flight *flight;
		bool whole, open;

		if (!flights_add(flights, outbox->worker->store, &due[i], err))
			return false;
		flight = &flights->items[flights->count - 1];
		open = intent_shown(&flight->intent) == INTENT_QUEUED || intent_shown(&flight->intent) == INTENT_RETRY;
		if (!fill_ids(outbox, &flight->body, &whole, err))
			return false;
		if (open && !whole && !outbox_await(outbox->worker->store, &flight->intent, outbox_now(outbox), err))
			return false;
		/* Another thread or a person was faster, or it waits after all. */
		if (!open || !whole) {
			others = others || !open;
			str_clear(&flight->body);
			flights->count--;
		}
	}
	while (others && count == OUTBOX_DUE_MAX && flights->count > 0 && flights->count < PUSH_ITEMS_MAX)
		str_clear(&flights->items[--flights->count].body);
	return true;
}

/* Within a transaction: what goes into the next envelope, and the envelope itself. Nothing in it: `ret_envelope->no` is 0. */
static bool freeze(struct outbox *outbox, const struct intent *due, size_t count, struct flights *flights,
		   struct envelope *ret_envelope, struct str *body, struct error *err)
{
	AUTO(store_end) struct store *transaction = outbox->worker->store;
	struct push_item items[PUSH_ITEMS_MAX];
	size_t taken;

	*ret_envelope = (struct envelope){ .made_ms = outbox_now(outbox) };
	if (!store_begin(transaction, err) || !gather(outbox, due, count, flights, err))
		return false;
	if (flights->count == 0)
		return outbox_commit(outbox, transaction, err);
	for (size_t i = 0; i < flights->count; i++)
		flight_item(outbox, &flights->items[i], &items[i]);
	taken = outbox->push->envelope(items, flights->count, ret_envelope->path, body);
	while (flights->count > taken)
		str_clear(&flights->items[--flights->count].body);
	ret_envelope->members = (int)flights->count;
	memcpy(ret_envelope->account_id, outbox->account.id, sizeof(ret_envelope->account_id));
	env_id(&outbox->worker->sync->options.env, "", ret_envelope->key);
	return envelopes_add(transaction, ret_envelope, body->text, body->len, err) &&
	       envelopes_sent(transaction, ret_envelope->no, ret_envelope->made_ms, err) &&
	       freeze_intents(outbox, transaction, flights, ret_envelope->no, err) && outbox_commit(outbox, transaction, err);
}

/* ---- answers */

/* How long until the next try: doubles, with a little of everybody's own. */
static int64_t backoff(const struct outbox *outbox, const struct intent *intent, const struct error *error)
{
	int64_t wait_ms = RETRY_FIRST_MS;
	uint32_t chance;

	for (int i = 1; i < intent->tries && wait_ms < RETRY_MAX_MS; i++)
		wait_ms *= 2;
	if (error->retry_after_s > 0)
		wait_ms = (int64_t)error->retry_after_s * 1000;
	outbox->worker->sync->options.env.random(outbox->worker->sync->options.env.ctx, &chance, sizeof(chance));
	return outbox_now(outbox) + (wait_ms < RETRY_MAX_MS ? wait_ms : RETRY_MAX_MS) + chance % 2000;
}

static bool take_stale(struct taking *taking, struct flight *flight, struct error *err)
{
	return take_state(taking, flight, INTENT_RETRY, outbox_now(taking->outbox) + MERGE_MS, "the record has moved on; it is read and merged", err);
}

/* Nothing of it was carried out: all of it again, later, unless the ledger's word is final. */
static bool refuse_all(struct taking *taking, struct flights *flights, const struct error *refusal, const char *said, bool *stale,
		       struct error *err)
{
	struct outbox *outbox = taking->outbox;
	enum push_refusal kind = outbox->push->refusal(refusal);

	for (size_t i = 0; i < flights->count; i++) {
		struct flight *flight = &flights->items[i];

		flight->intent.error = *refusal;
		if (taking->again || kind == PUSH_MAYBE_DONE) {
			if (!take_unknown(taking, flight, refusal, err))
				return false;
		} else if (refusal->code == ERROR_CANCELLED) {
			/* Whoever comes next sends it at once. */
			if (!take_state(taking, flight, INTENT_QUEUED, outbox_now(outbox), "not sent: the program was ended", err))
				return false;
		} else if (kind == PUSH_STALE) {
			stale[i] = true;
			if (!take_stale(taking, flight, err))
				return false;
		} else if (kind == PUSH_REFUSED && refusal->code != ERROR_NETWORK) {
			if (!take_refusal(taking, flight, refusal, said, err))
				return false;
		} else if (!take_state(taking, flight, INTENT_RETRY, backoff(outbox, &flight->intent, refusal), refusal->text, err)) {
			return false;
		}
	}
	return true;
}

static bool take_answer(struct taking *taking, struct flight *flight, const struct push_answer *answer, bool *ret_stale, struct error *err)
{
	*ret_stale = false;
	if (answer->error.code == ERROR_NONE)
		return take_record(taking, flight, answer->record, "", err);
	flight->intent.error = answer->error;
	switch (taking->outbox->push->refusal(&answer->error)) {
	case PUSH_STALE:
		*ret_stale = true;
		return take_stale(taking, flight, err);
	case PUSH_MAYBE_DONE:
		return take_unknown(taking, flight, &answer->error, err);
	case PUSH_LATER:
		return taking->again ? take_unknown(taking, flight, &answer->error, err)
				     : take_state(taking, flight, INTENT_RETRY, backoff(taking->outbox, &flight->intent, &answer->error),
						  answer->error.text, err);
	case PUSH_TAKEN:
		/* With its first try it is somebody else's. */
		if (flight->intent.tries > 1)
			return take_unknown(taking, flight, &answer->error, err);
		break;
	case PUSH_REFUSED:
		break;
	}
	return take_refusal(taking, flight, &answer->error, answer->said.text, err);
}

struct answered {
	struct push_answer answers[PUSH_ITEMS_MAX];
	struct page page;
	struct page *read;           /* owned: what was read once more, one page each; NULL: none */
	struct error error;          /* of the whole; code NONE: the answers count */
	bool good;
};

static void answered_clear(struct answered *answered)
{
	for (size_t i = 0; i < PUSH_ITEMS_MAX; i++)
		str_clear(&answered->answers[i].said);
	page_clear(&answered->page);
	for (size_t i = 0; answered->read && i < PUSH_ITEMS_MAX; i++)
		page_clear(&answered->read[i]);
	free(answered->read);
}

static void send(struct outbox *outbox, const struct envelope *envelope, const struct str *body, const struct flights *flights,
		 struct answered *answered)
{
	struct push_item items[PUSH_ITEMS_MAX];

	page_init(&answered->page);
	for (size_t i = 0; i < PUSH_ITEMS_MAX; i++)
		str_init(&answered->answers[i].said, CONNECTION_SAID_MAX);
	for (size_t i = 0; i < flights->count; i++)
		flight_item(outbox, &flights->items[i], &items[i]);
	error_clear(&answered->error);
	answered->good = outbox_connect(outbox, &answered->error) &&
			 outbox->push->send(connect_connection(outbox->session), envelope->path, envelope->key, body->text, body->len, items,
					    flights->count, &answered->page, answered->answers, &answered->error);
	if (answered->page.ledger_ms >= 0)
		outbox->skew_ms = answered->page.ledger_ms - outbox_now(outbox);
}

/*
 * What a repetition was answered may be the first answer, from before somebody deleted or changed the record: it is read as it
 * is now.
 */
static void read_again(struct outbox *outbox, const struct flights *flights, struct answered *answered)
{
	answered->read = memory_new(PUSH_ITEMS_MAX * sizeof(*answered->read));
	for (size_t i = 0; i < PUSH_ITEMS_MAX; i++)
		page_init(&answered->read[i]);
	for (size_t i = 0; answered->good && i < flights->count; i++) {
		const struct type *type = outbox_type(outbox, flights->items[i].intent.record_type);
		struct push_answer *answer = &answered->answers[i];
		AUTO(str_clear) struct str scratch = STR_INIT(STR_NO_LIMIT);
		struct record_key key;
		enum found found;

		if (!type || answer->error.code != ERROR_NONE || answer->record.kind != JSON_OBJECT)
			continue;
		record_key(type, answer->record, &scratch, &key);
		found = outbox->provider->find(connect_connection(outbox->session), type, key.id, &answered->read[i], &answer->error);
		if (found == FOUND)
			answer->record = answered->read[i].records[0];
		else if (found == ABSENT)
			error_set(&answer->error, ERROR_INPUT, "%s %s was written, and has been deleted in the ledger since", type->name, key.id);
		else
			answer->error.outcome_unknown = true;
	}
}

static bool take_all(struct taking *taking, struct flights *flights, const struct answered *answered, bool *stale, struct error *err)
{
	const struct outbox *outbox = taking->outbox;
	const struct str *said = outbox->session ? connect_connection(outbox->session)->said : NULL;

	if (!answered->good && !answered->error.outcome_unknown)
		return refuse_all(taking, flights, &answered->error, said ? said->text : "", stale, err);
	for (size_t i = 0; i < flights->count; i++)
		if (answered->good ? !take_answer(taking, &flights->items[i], &answered->answers[i], &stale[i], err)
				   : !take_unknown(taking, &flights->items[i], &answered->error, err))
			return false;
	return true;
}

/* Is the rest of their plans, mostly of one, to be paused? */
static bool look_at_rules(struct taking *taking, const struct flights *flights, struct error *err)
{
	const char *looked = "";

	for (size_t i = 0; i < flights->count; i++) {
		const struct intent *intent = &flights->items[i].intent;

		if ((!intent_needs_person(intent->state) && intent->state != INTENT_UNCERTAIN) || strcmp(looked, intent->plan) == 0)
			continue;
		looked = intent->plan;
		if (!stop_look(taking->outbox, taking->transaction, looked, err))
			return false;
	}
	return true;
}

static bool settle(struct outbox *outbox, const struct envelope *envelope, struct flights *flights, const struct answered *answered,
		   struct outbox_telling *telling, bool *stale, struct error *err)
{
	AUTO(store_end) struct store *transaction = outbox->worker->store;
	struct taking taking = { .outbox = outbox, .transaction = transaction, .again = answered->read != NULL };
	const struct str *said = outbox->session ? connect_connection(outbox->session)->said : NULL;
	struct attempt *attempt = &telling->attempt;

	attempt->error = answered->error;
	attempt->took_ms = outbox_now(outbox) - attempt->started_ms;
	if (!store_begin(transaction, err) || !take_all(&taking, flights, answered, stale, err) || !look_at_rules(&taking, flights, err))
		return false;
	attempt->counts = taking.counts;
	if (taking.refused > 0 && attempt->error.code == ERROR_NONE)
		error_set(&attempt->error, ERROR_REMOTE, "%lld of %zu writes were refused", (long long)taking.refused, flights->count);
	return (!answered->good || envelopes_answered(transaction, envelope->no, outbox_now(outbox), err)) &&
	       telling_end(transaction, telling, flights, said && !answered->good ? said->text : "", err) &&
	       outbox_commit(outbox, transaction, err);
}

/* Not longer than until what is unknown is looked for. */
static int64_t rest_ms(const struct outbox *outbox, const struct error *error)
{
	int64_t look_ms = settings_number(outbox->worker->sync->options.settings, "push.look_delay") * 1000;

	return error->retry_after_s > 0 && !error->outcome_unknown ? (int64_t)error->retry_after_s * 1000
	       : look_ms < REST_MS ? look_ms : REST_MS;
}

/* A read of the record by itself, told as what it is. */
static bool merge(struct outbox *outbox, struct flight *flight, const struct error *refusal, struct error *err)
{
	const struct flights one = { .items = flight, .count = 1 };
	struct outbox_telling telling;

	return telling_start(&telling, outbox, "merge", flight->intent.merges + 1, &one, err) &&
	       telling_look(&telling, &one, outbox_merge(outbox, flight, refusal, err), err);
}

static bool fly(struct outbox *outbox, const struct envelope *envelope, const struct str *body, struct flights *flights, bool again,
		struct error *err)
{
	AUTO(answered_clear) struct answered answered = { 0 };
	bool stale[PUSH_ITEMS_MAX] = { false };
	struct outbox_telling telling;

	if (!telling_start(&telling, outbox, "push", flights->items[0].intent.tries, flights, err))
		return false;
	send(outbox, envelope, body, flights, &answered);
	if (again)
		read_again(outbox, flights, &answered);
	telling_count(&telling);
	if (!settle(outbox, envelope, flights, &answered, &telling, stale, err))
		return false;
	for (size_t i = 0; i < flights->count; i++)
		if (stale[i] && !merge(outbox, &flights->items[i], answered.good ? &answered.answers[i].error : &answered.error, err))
			return false;
	/* Without a way to the ledger the rest would fail alike. */
	if (!answered.good && !stale[0] && answered.error.code != ERROR_INPUT) {
		outbox->stopped = true;
		lock_enter(outbox->worker->sync->lock);
		outbox->held->outbox_rest_ms = outbox_now(outbox) + rest_ms(outbox, &answered.error);
		lock_leave(outbox->worker->sync->lock);
	}
	return true;
}

bool outbox_send_new(struct outbox *outbox, const struct intent *due, size_t count, struct error *err)
{
	AUTO(flights_clear) struct flights flights = { 0 };
	AUTO(str_clear) struct str body = STR_INIT(STR_NO_LIMIT);
	struct envelope envelope;

	if (!freeze(outbox, due, count, &flights, &envelope, &body, err))
		return false;
	return envelope.no == 0 || fly(outbox, &envelope, &body, &flights, false, err);
}

bool outbox_send_again(struct outbox *outbox, int64_t no, struct flights *flights, struct error *err)
{
	AUTO(str_clear) struct str body = STR_INIT(STR_NO_LIMIT);
	AUTO(store_end) struct store *transaction = outbox->worker->store;
	struct envelope envelope;
	bool good, open;

	good = envelopes_get(outbox->worker->store, no, &envelope, &body, err) && store_begin(transaction, err) &&
	       envelopes_sent(transaction, no, outbox_now(outbox), err);
	for (size_t i = 0; good && i < flights->count; i++) {
		struct intent *intent = &flights->items[i].intent;

		if (!flight_is_open(outbox, &flights->items[i], &open, err))
			return false;
		if (!open)
			return true; /* the others are looked at without it */
		intent->state = INTENT_SENDING;
		intent->next_ms = outbox_now(outbox) + SENDING_MS;
		intent->tries++;
		snprintf(intent->why, sizeof(intent->why), "sent once more, the same bytes with the same key");
		good = intents_save(transaction, intent, "engine", NULL, NULL, outbox_now(outbox), err);
	}
	return good && outbox_commit(outbox, transaction, err) && fly(outbox, &envelope, &body, flights, true, err);
}
