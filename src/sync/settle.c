/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What ends an intent without sending it: a person takes it back, accepts how it landed, says what became of it; another takes its place. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/log.h"
#include "ledgerdeck/store/objects.h"
#include "ledgerdeck/store/records.h"
#include "ledgerdeck/sync/push.h"
#include "outbox.h"
#include "plan.h"

const char *intent_state_phrase(enum intent_state state)
{
	static const char *const phrases[] = {
		[INTENT_WAITING] = "waiting for what it points to", [INTENT_QUEUED] = "about to be sent", [INTENT_SENDING] = "being sent",
		[INTENT_RETRY] = "to be sent once more", [INTENT_UNCERTAIN] = "of unknown outcome", [INTENT_CONFIRMED] = "written",
		[INTENT_DIFFERENT] = "written otherwise than planned", [INTENT_REJECTED] = "rejected",
		[INTENT_CONFLICT] = "in conflict with the ledger", [INTENT_DEAD] = "given up", [INTENT_CANCELLED] = "taken back",
		[INTENT_SUPERSEDED] = "replaced by another write", [INTENT_PAUSED] = "paused with its plan",
	};
	_Static_assert(ARRAY_LEN(phrases) == INTENT_STATE_COUNT, "a phrase for each state");

	return phrases[state];
}

struct newest {
	const char *account_id;
	struct intent *intent;
};

static bool take_newest(void *ctx, const struct intent *intent)
{
	struct newest *newest = ctx;

	if (strcmp(intent->account_id, newest->account_id) != 0)
		return true;
	*newest->intent = *intent;
	return false;
}

bool intents_newest(struct store *store, const char *account_id, int64_t resource, struct intent *ret_intent, struct error *err)
{
	struct intent_query query = { .resource = resource };
	struct newest newest = { account_id, ret_intent };

	*ret_intent = (struct intent){ .no = 0 };
	return intents_list(store, &query, take_newest, &newest, err);
}

struct settling {
	struct store *store;
	struct intent intent;
	const char *who, *verb;
	int64_t now_ms;
};

static bool begin(struct settling *settling, int64_t no, struct error *err)
{
	bool found;

	return store_begin(settling->store, err) && intents_get(settling->store, no, &settling->intent, NULL, &found, err) &&
	       (found || error_set(err, ERROR_INPUT, "there is no such intent"));
}

static bool wrong_state(const struct settling *settling, const char *what, struct error *err)
{
	return error_set(err, ERROR_INPUT, "%s %.60s is %s: %s", settling->intent.record_type, settling->intent.number,
			 intent_state_phrase(settling->intent.state), what);
}

static bool finish(struct settling *settling, enum intent_state state, int64_t next_ms, const char *why, struct error *err)
{
	struct intent *intent = &settling->intent;
	char before[60];

	snprintf(before, sizeof(before), "%s", intent_state_word(intent->state));
	intent->state = state;
	intent->next_ms = next_ms;
	snprintf(intent->why, sizeof(intent->why), "%s", why);
	return intents_save(settling->store, intent, settling->who, NULL, NULL, settling->now_ms, err) &&
	       audit_add(settling->store, settling->who, settling->verb, intent->account_id, before, intent->id, settling->now_ms, err) &&
	       ((state != INTENT_CONFIRMED && state != INTENT_CANCELLED) || outbox_release(settling->store, intent->no, settling->now_ms, err)) &&
	       store_commit(settling->store, err);
}

bool intent_is_untold(const struct intent *intent)
{
	return intent->state == INTENT_DEAD && intent->error.outcome_unknown;
}

bool push_cancel(struct store *store, int64_t no, const char *who, int64_t now_ms, struct error *err)
{
	AUTO(store_end) struct store *transaction = store;
	struct settling settling = { .store = transaction, .who = who, .verb = "cancel write", .now_ms = now_ms };

	if (!begin(&settling, no, err))
		return false;
	if (settling.intent.state == INTENT_SENDING || settling.intent.state == INTENT_UNCERTAIN || settling.intent.state == INTENT_CONFIRMED ||
	    settling.intent.state == INTENT_DIFFERENT || settling.intent.state == INTENT_CANCELLED || settling.intent.state == INTENT_SUPERSEDED)
		return wrong_state(&settling, "it can't be taken back", err);
	/* Planned as new it would be there twice. */
	if (intent_is_untold(&settling.intent))
		return wrong_state(&settling, "it may be in the ledger all the same; look there, then say which record it is (--record), or that it "
				   "was not written (--unwritten)", err);
	return finish(&settling, INTENT_CANCELLED, INT64_MAX, "taken back by a person", err);
}

struct cancelling {
	struct intent *items;        /* owned */
	size_t count, room;
};

static bool keep_unsent(void *ctx, const struct intent *intent)
{
	struct cancelling *cancelling = ctx;

	if (intent->state != INTENT_WAITING && intent->state != INTENT_QUEUED && intent->state != INTENT_RETRY)
		return true;
	memory_grow(&cancelling->items, &cancelling->room, cancelling->count + 1, sizeof(*cancelling->items));
	cancelling->items[cancelling->count++] = *intent;
	return true;
}

static bool cancel_all(struct store *store, struct cancelling *cancelling, const char *who, int64_t now_ms, struct error *err)
{
	bool good = true, ended;

	for (size_t i = 0; good && i < cancelling->count; i++) {
		struct intent *intent = &cancelling->items[i];

		intent->state = INTENT_CANCELLED;
		intent->next_ms = INT64_MAX;
		snprintf(intent->why, sizeof(intent->why), "taken back by a person, with the rest of its plan");
		good = intents_save(store, intent, who, NULL, NULL, now_ms, err);
	}
	/* What waits for one of them in another plan. */
	for (size_t i = 0; good && i < cancelling->count; i++)
		good = outbox_release(store, cancelling->items[i].no, now_ms, err);
	return good && (cancelling->count == 0 || plans_resume(store, cancelling->items[0].plan, who, now_ms, &ended, err));
}

bool push_cancel_plan(struct store *store, const char *plan_id, const char *who, int64_t now_ms, int64_t *ret_count, struct error *err)
{
	AUTO(store_end) struct store *transaction = store;
	struct intent_query query = { .plan = plan_id };
	struct cancelling cancelling = { 0 };
	struct plan plan;
	char what[80];
	bool good;

	if (!store_begin(transaction, err) || !plans_find(transaction, NULL, plan_id, &plan, NULL, NULL, err))
		return false;
	good = intents_list(transaction, &query, keep_unsent, &cancelling, err) && cancel_all(transaction, &cancelling, who, now_ms, err);
	*ret_count = (int64_t)cancelling.count;
	free(cancelling.items);
	snprintf(what, sizeof(what), "%s: %lld", plan_id, (long long)*ret_count);
	return good && (*ret_count == 0 || audit_add(transaction, who, "cancel plan", plan.account_id, "", what, now_ms, err)) &&
	       store_commit(transaction, err);
}

/* A plan that is made later leaves it as it landed, too, until either side changes. */
static bool keep_acceptance(const struct settling *settling, struct error *err)
{
	const struct intent *intent = &settling->intent;
	struct decision decision = { .what = "accept", .at_ms = settling->now_ms };
	struct link link;
	bool found;

	if (!links_get(settling->store, intent->account_id, intent->resource, &link, NULL, &found, err))
		return false;
	if (!found)
		return true;
	snprintf(decision.about, sizeof(decision.about), LANDED_ABOUT, link.record_id, link.version, (long long)link.revision);
	snprintf(decision.who, sizeof(decision.who), "%s", settling->who);
	return decisions_put(settling->store, intent->account_id, intent->resource, &decision, err);
}

bool push_accept(struct store *store, int64_t no, const char *who, int64_t now_ms, struct error *err)
{
	AUTO(store_end) struct store *transaction = store;
	struct settling settling = { .store = transaction, .who = who, .verb = "accept write", .now_ms = now_ms };

	if (!begin(&settling, no, err))
		return false;
	if (settling.intent.state != INTENT_DIFFERENT)
		return wrong_state(&settling, "only what landed otherwise than planned is accepted", err);
	return keep_acceptance(&settling, err) && finish(&settling, INTENT_CONFIRMED, INT64_MAX, "accepted as it landed", err);
}

static bool is_in_mirror(const struct settling *settling, const char *record_id, struct error *err)
{
	const struct intent *intent = &settling->intent;
	struct object object;
	int64_t record = 0;
	bool found;

	if (!objects_get(settling->store, intent->account_id, intent->record_type, &object, &found, err) ||
	    (found && !records_find(settling->store, object.no, record_id, &record, err)))
		return false;
	return record > 0 || error_set(err, ERROR_INPUT, "the mirror has no %s with the id '%.60s'; where it is new, 'ledgerdeck sync' reads it",
				       intent->record_type, record_id);
}

bool push_settle(struct store *store, int64_t no, const char *record_id, const char *who, int64_t now_ms, struct error *err)
{
	AUTO(store_end) struct store *transaction = store;
	struct settling settling = { .store = transaction, .who = who, .verb = "settle write", .now_ms = now_ms };
	struct link link = { .at_ms = now_ms, .approved = true };
	char why[120];

	if (!begin(&settling, no, err))
		return false;
	if (settling.intent.state != INTENT_UNCERTAIN && settling.intent.state != INTENT_DEAD)
		return wrong_state(&settling, "its outcome is known", err);
	if (!record_id) {
		settling.intent.looks = 0;
		settling.intent.envelope = 0;
		settling.intent.first_sent_ms = 0;
		settling.intent.error.outcome_unknown = false;
		return finish(&settling, INTENT_QUEUED, now_ms, "a person has found that it was not written; sent anew", err);
	}
	if (!is_in_mirror(&settling, record_id, err))
		return false;
	link.resource = settling.intent.resource;
	link.generation = settling.intent.generation;
	memcpy(link.account_id, settling.intent.account_id, sizeof(link.account_id));
	memcpy(link.record_type, settling.intent.record_type, sizeof(link.record_type));
	snprintf(link.record_id, sizeof(link.record_id), "%s", record_id);
	snprintf(link.how, sizeof(link.how), "assigned");
	snprintf(link.who, sizeof(link.who), "%s", who);
	snprintf(settling.intent.record_id, sizeof(settling.intent.record_id), "%s", record_id);
	snprintf(why, sizeof(why), "a person has found it as %.40s", record_id);
	/* What differs from it shows in the next plan. */
	return links_put(store, &link, "", 0, err) && finish(&settling, INTENT_CONFIRMED, INT64_MAX, why, err);
}

/* ---- what takes another's place */

struct owed_list {
	const char *account_id;
	struct intent items[32];
	size_t count;
};

static bool keep_owed(void *ctx, const struct intent *intent)
{
	struct owed_list *list = ctx;

	if (intent_is_owed(intent->state) && strcmp(intent->account_id, list->account_id) == 0)
		list->items[list->count++] = *intent;
	return list->count < ARRAY_LEN(list->items);
}

bool intents_supersede(struct store *store, const char *account_id, int64_t resource, const char *who, const char *why, int64_t now_ms,
		       struct error *err)
{
	struct intent_query query = { .resource = resource };
	struct owed_list list = { .account_id = account_id };

	if (!intents_list(store, &query, keep_owed, &list, err))
		return false;
	for (size_t i = 0; i < list.count; i++) {
		struct intent *intent = &list.items[i];

		if (intent->state == INTENT_SENDING || intent->state == INTENT_UNCERTAIN)
			return error_set(err, ERROR_CONFLICT, "%s is being written at this moment", intent->number);
		intent->state = INTENT_SUPERSEDED;
		snprintf(intent->why, sizeof(intent->why), "%s", why);
		if (!intents_save(store, intent, who, NULL, NULL, now_ms, err))
			return false;
	}
	return true;
}

struct numbers {
	const char *account_id;
	int64_t *items;              /* owned */
	size_t count, room;
};

static bool keep_ended(void *ctx, const struct intent *intent)
{
	struct numbers *numbers = ctx;

	if (intent_is_open(intent->state) || strcmp(intent->account_id, numbers->account_id) != 0)
		return true;
	memory_grow(&numbers->items, &numbers->room, numbers->count + 1, sizeof(*numbers->items));
	numbers->items[numbers->count++] = intent->no;
	return true;
}

bool intents_linked(struct store *store, const char *account_id, int64_t resource, int64_t now_ms, struct error *err)
{
	struct intent_query query = { .resource = resource };
	struct numbers numbers = { .account_id = account_id };
	bool good = intents_list(store, &query, keep_ended, &numbers, err);

	for (size_t i = 0; good && i < numbers.count; i++)
		good = outbox_release(store, numbers.items[i], now_ms, err);
	free(numbers.items);
	return good;
}
