/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes next: intervals spread by account, waits that grow, and the breaker that spares a dead account. */
#include <stdio.h>
#include <string.h>

#include "engine.h"
#include "ledgerdeck/core/digest.h"
#include "ledgerdeck/core/utf8.h"

#define HOUR_MS INT64_C(3600000)
#define BREAKER_FAILURES 10
#define JITTER_MAX_MS INT64_C(300000)

/* As if by chance, but the same for all types of an account in a round: the list of changes is asked about all that are due, in one call. */
static int64_t spread(const char *account_id, int64_t slot_ms, int64_t most_ms)
{
	char text[ACCOUNT_ID_MAX + 24];

	snprintf(text, sizeof(text), "%s %lld", account_id, (long long)slot_ms);
	return most_ms > 0 ? (int64_t)(digest_short(text, strlen(text)) % (uint64_t)most_ms) : 0;
}

/* A random share of a time, so that not all wake at once. */
static int64_t jitter(struct sync *sync, int64_t most_ms)
{
	int64_t part;

	lock_enter(sync->lock);
	part = most_ms > 0 ? (int64_t)random_below(&sync->random, (uint64_t)most_ms) : 0;
	lock_leave(sync->lock);
	return part;
}

int64_t sync_account_interval_s(const struct settings *settings, const struct account *account, const struct object *object)
{
	int64_t interval_s = object->interval_s ? object->interval_s : account->interval_s;

	if (!interval_s)
		interval_s = settings_number(settings, settings_of_provider(account->provider, "interval"));
	return interval_s > 0 ? interval_s : 0;
}

int64_t sync_interval_s(struct store *store, const struct settings *settings, const struct object *object)
{
	struct account account;
	struct error ignored;
	bool found;

	if (!accounts_get(store, object->account_id, &account, &found, &ignored) || !found)
		account = (struct account){ 0 };
	return sync_account_interval_s(settings, &account, object);
}

int64_t schedule_interval_ms(struct worker *worker, const struct object *object)
{
	return sync_interval_s(worker->store, worker->sync->options.settings, object) * 1000;
}

void schedule_success(struct work *work)
{
	struct sync *sync = work->worker->sync;
	struct object *object = &work->object;
	int64_t interval_ms = schedule_interval_ms(work->worker, object);
	int64_t now_ms = sync_now(sync), slot;

	object->status = sweep_waits(object) ? OBJECT_WAITING : OBJECT_OK;
	object->failures = 0;
	object->success_ms = now_ms;
	error_clear(&object->last_error);
	if (interval_ms == 0) {
		object->next_ms = object->sweep_due && !sweep_waits(object) ? now_ms + ABSENT_GAP_MS : INT64_MAX; /* only when asked */
		return;
	}
	/* Each account has its own place in the interval: many accounts don't call at the same moment. */
	slot = (int64_t)(digest_short(object->account_id, strlen(object->account_id)) % (uint64_t)interval_ms);
	object->next_ms = (now_ms - slot + interval_ms) / interval_ms * interval_ms + slot;
	if (object->next_ms <= now_ms)
		object->next_ms += interval_ms;
	object->next_ms += spread(object->account_id, object->next_ms, interval_ms / 20);
	/* A proof that is begun is ended as soon as it may be. */
	if (object->sweep_due && !sweep_waits(object) && object->next_ms > now_ms + ABSENT_GAP_MS)
		object->next_ms = now_ms + ABSENT_GAP_MS;
	work->attempt.next_ms = object->next_ms;
}

/*
 * Will it ever go well by itself? What concerns the whole account (tokens, the app's keys) is not a matter of this
 * object: the account's state holds it up, and it goes on when that is mended.
 */
static bool needs_person(const struct error *error)
{
	if (strcmp(error->ledger_code, "invalid_client") == 0)
		return false;
	return error->code == ERROR_INPUT || error->code == ERROR_CONFLICT || error->code == ERROR_INTERNAL;
}

void schedule_failure(struct work *work, const struct error *error)
{
	struct sync *sync = work->worker->sync;
	struct object *object = &work->object;
	int64_t wait_ms = settings_number(sync->options.settings, "sync.retry_delay") * 1000;

	/* Whoever asked it to stop learns nothing about the type: it is as it was before. */
	if (error->code == ERROR_CANCELLED) {
		object->status = object->failures > 0 ? OBJECT_FAILED : object->cursor_ms == INT64_MIN ? OBJECT_NEW : OBJECT_OK;
		object->next_ms = sync_now(sync);
		return;
	}
	object->last_error = *error;
	/* A guard that waits for a person stops the sweep and not the reading. */
	if (sweep_waits(object) && error->code == ERROR_CONFLICT) {
		int64_t interval_ms = schedule_interval_ms(work->worker, object);

		object->status = OBJECT_WAITING;
		object->next_ms = interval_ms ? sync_now(sync) + interval_ms : INT64_MAX;
		work->attempt.next_ms = interval_ms ? object->next_ms : 0;
		return;
	}
	if (error->code != ERROR_LIMIT)
		object->failures++;
	for (int i = 1; i < object->failures && wait_ms < HOUR_MS; i++)
		wait_ms *= 2;
	wait_ms = wait_ms > HOUR_MS ? HOUR_MS : wait_ms;
	if (error->retry_after_s > 0 && (int64_t)error->retry_after_s * 1000 > wait_ms)
		wait_ms = (int64_t)error->retry_after_s * 1000;
	object->status = needs_person(error) ? OBJECT_DEAD : error->code == ERROR_LIMIT ? OBJECT_WAITING : OBJECT_FAILED;
	object->next_ms = sync_now(sync) + wait_ms + jitter(sync, wait_ms / 10 < JITTER_MAX_MS ? wait_ms / 10 : JITTER_MAX_MS);
	work->attempt.next_ms = object->status == OBJECT_DEAD ? 0 : object->next_ms;
}

/*
 * The ledger refuses the account's token although it was renewed, or the app as such: a person must look. What only
 * this type is refused (it has a code of its own) is this type's trouble.
 */
static bool stop_account(struct work *work, const struct error *error, struct error *err)
{
	struct store *store = work->worker->store;
	const struct sync *sync = work->worker->sync;
	struct account account;
	bool found;

	if (!error || error->code != ERROR_AUTH || strcmp(error->ledger_code, "invalid_client") == 0)
		return true;
	if (!accounts_get(store, work->object.account_id, &account, &found, err))
		return false;
	if (!found || account.state != ACCOUNT_OK)
		return true;
	account.state = ACCOUNT_RECONNECT;
	snprintf(account.reason, sizeof(account.reason), "%.*s", utf8_fit(error->text, 200), error->text);
	return accounts_save(store, &account, err) &&
	       audit_add(store, sync->options.who, "access refused", account.id, "ok", "reconnect", sync_now(sync), err);
}

bool schedule_breaker(struct work *work, const struct error *error, struct error *err)
{
	static const int64_t open_ms[] = { 60000, 300000, 900000, HOUR_MS };
	struct store *store = work->worker->store;
	int64_t now_ms = sync_now(work->worker->sync);
	struct breaker breaker;

	if (!stop_account(work, error, err) || !breaker_get(store, work->object.account_id, &breaker, err))
		return false;
	/* One failed call is one failure, for however many types it was made; and what was under way when it opened is no news. */
	if (error && (work->is_echo || breaker.open_until_ms > now_ms))
		return true;
	if (!error || (error->code != ERROR_NETWORK && error->code != ERROR_REMOTE)) {
		if (!breaker.failures && !breaker.openings)
			return true;
		if (!error)
			breaker = (struct breaker){ 0 };
	} else if (++breaker.failures >= BREAKER_FAILURES || breaker.openings > 0) {
		int at = breaker.openings < 3 ? breaker.openings : 3;

		breaker.failures = 0;
		breaker.openings++;
		breaker.open_until_ms = now_ms + open_ms[at];
	}
	return breaker_set(store, work->object.account_id, &breaker, err);
}
