/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Plans that are paused while they are carried out: by a person, or by the account's stop rule once too much of one has gone wrong.
 * A pause is a row about the plan, not about its writes: what was not sent stays as it is and is passed over; what was sent is
 * looked after to its end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/log.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/log.h"
#include "ledgerdeck/sync/push.h"
#include "outbox.h"

/* ---- by the rule */

static bool pause_by_rule(struct outbox *outbox, struct store *transaction, const char *plan_id, const char *why, struct error *err)
{
	int64_t now_ms = outbox_now(outbox);
	struct intent_counts counts;
	bool changed;

	if (!intents_count(transaction, outbox->account.id, plan_id, &counts, err))
		return false;
	/* The last of a plan has no rest: whoever settles it would have to go on with the plan, too, for nothing. */
	if (counts.states[INTENT_WAITING] + counts.states[INTENT_QUEUED] + counts.states[INTENT_RETRY] == 0)
		return true;
	if (!plans_pause(transaction, plan_id, "engine", why, now_ms, &changed, err))
		return false;
	if (!changed)
		return true;
	log_warn("push", "plan %s for '%s' is paused: %s", plan_id, outbox->account.name, why);
	return audit_add(transaction, "engine", "pause plan", outbox->account.id, plan_id, why, now_ms, err);
}

bool stop_look(struct outbox *outbox, struct store *transaction, const char *plan_id, struct error *err)
{
	struct policies policies;
	struct stop_rule rule;
	struct stop_seen seen;
	char why[STOP_WHY_MAX];

	if (!policies_get(transaction, outbox->account.id, &policies, err))
		return false;
	/* A policy that is kept was checked. */
	if (!stop_parse(policies.values[POLICY_STOP], &rule) || !intents_seen(transaction, plan_id, &seen, err))
		return false;
	return !stop_is_met(&rule, &seen, why) || pause_by_rule(outbox, transaction, plan_id, why, err);
}

struct doubtful { /* plans of which something is uncertain */
	char (*ids)[PLAN_ID_MAX];    /* owned */
	size_t count, room;
};

static bool note_plan(void *ctx, const struct intent *intent)
{
	struct doubtful *doubtful = ctx;

	if (intent->state != INTENT_UNCERTAIN)
		return true;
	for (size_t i = 0; i < doubtful->count; i++)
		if (strcmp(doubtful->ids[i], intent->plan) == 0)
			return true;
	memory_grow(&doubtful->ids, &doubtful->room, doubtful->count + 1, sizeof(*doubtful->ids));
	snprintf(doubtful->ids[doubtful->count++], PLAN_ID_MAX, "%s", intent->plan);
	return true;
}

bool stop_look_all(struct outbox *outbox, struct store *transaction, struct error *err)
{
	struct intent_query query = { .account_id = outbox->account.id, .owed_only = true };
	struct doubtful doubtful = { 0 };
	bool good = intents_list(transaction, &query, note_plan, &doubtful, err);

	for (size_t i = 0; good && i < doubtful.count; i++)
		good = stop_look(outbox, transaction, doubtful.ids[i], err);
	free(doubtful.ids);
	return good;
}

/* ---- by a person */

struct moving {
	struct store *store;
	struct plan plan;
	const char *who;
	int64_t now_ms;
};

static bool begin(struct moving *moving, const char *plan_id, struct intent_counts *ret_counts, struct error *err)
{
	return store_begin(moving->store, err) && plans_find(moving->store, NULL, plan_id, &moving->plan, NULL, NULL, err) &&
	       intents_count(moving->store, moving->plan.account_id, moving->plan.id, ret_counts, err);
}

static bool finish(struct moving *moving, const char *verb, bool changed, struct error *err)
{
	return (!changed || audit_add(moving->store, moving->who, verb, moving->plan.account_id, "", moving->plan.id, moving->now_ms, err)) &&
	       store_commit(moving->store, err);
}

bool push_pause(struct store *store, const char *plan_id, const char *who, int64_t now_ms, struct error *err)
{
	AUTO(store_end) struct store *transaction = store;
	struct moving moving = { .store = transaction, .who = who, .now_ms = now_ms };
	struct intent_counts counts;
	char why[STOP_WHY_MAX];
	int64_t open;
	bool changed;

	if (!begin(&moving, plan_id, &counts, err))
		return false;
	open = counts.states[INTENT_PAUSED];
	for (int state = 0; state < INTENT_STATE_COUNT; state++)
		open += intent_is_open((enum intent_state)state) ? counts.states[state] : 0;
	if (open == 0)
		return error_set(err, ERROR_INPUT, "nothing of plan %s is still to be sent, so there is nothing to pause", moving.plan.id);
	snprintf(why, sizeof(why), "paused by %.100s", who);
	return plans_pause(transaction, moving.plan.id, who, why, now_ms, &changed, err) && finish(&moving, "pause plan", changed, err);
}

bool push_resume(struct store *store, const char *plan_id, const char *who, int64_t now_ms, struct error *err)
{
	AUTO(store_end) struct store *transaction = store;
	struct moving moving = { .store = transaction, .who = who, .now_ms = now_ms };
	struct intent_counts counts;
	bool changed;

	return begin(&moving, plan_id, &counts, err) && plans_resume(transaction, moving.plan.id, who, now_ms, &changed, err) &&
	       finish(&moving, "resume plan", changed, err);
}

bool push_hurry(struct store *store, const char *plan_id, const char *who, int64_t now_ms, struct error *err)
{
	AUTO(store_end) struct store *transaction = store;
	struct moving moving = { .store = transaction, .who = who, .now_ms = now_ms };
	struct intent_counts counts;
	bool changed;

	return begin(&moving, plan_id, &counts, err) && plans_hurry(transaction, moving.plan.id, who, now_ms, &changed, err) &&
	       finish(&moving, "hurry plan", changed, err);
}
