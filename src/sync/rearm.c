/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Times that were set for later by the wall clock, looked at again: after the clock was set back, or the interval was made
 * shorter, nobody waits for an instant that nobody means any more.
 */
#include <string.h>

#include "engine.h"
#include "ledgerdeck/core/log.h"
#include "ledgerdeck/core/memory.h"

#define SLACK_MS INT64_C(60000)
#define HOUR_MS INT64_C(3600000)
#define BREAKER_MAX_MS HOUR_MS

static int64_t more(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* The longest that an object may have to wait, by what it waits for; INT64_MAX: as long as it wants. */
static int64_t longest_ms(struct worker *worker, const struct object *object)
{
	int64_t interval_ms = schedule_interval_ms(worker, object), retry_ms = (int64_t)object->last_error.retry_after_s * 1000;

	switch (object->status) {
	case OBJECT_NEW:
	case OBJECT_OK:
		return interval_ms ? interval_ms + interval_ms / 20 : INT64_MAX;
	case OBJECT_FAILED:
		return more(HOUR_MS, retry_ms) / 10 * 11;
	case OBJECT_WAITING:
		if (sweep_waits(object))
			return interval_ms ? interval_ms : INT64_MAX;
		/* For next month, unless the limit was raised. */
		return retry_ms > HOUR_MS && !month_is_used_up(worker, object->account_id) ? HOUR_MS : more(HOUR_MS, retry_ms) / 10 * 11;
	default:
		return INT64_MAX;
	}
}

static bool rearm_account(struct worker *worker, const char *account_id, struct error *err)
{
	AUTO(object_list_clear) struct object_list objects = { 0 };
	AUTO(store_end) struct store *transaction = worker->store;
	int64_t now_ms = sync_now(worker->sync);
	size_t count = 0;

	if (!store_begin(transaction, err) || !objects_all(transaction, account_id, &objects, err))
		return false;
	for (size_t i = 0; i < objects.count; i++) {
		struct object *object = &objects.items[i];
		int64_t most_ms = longest_ms(worker, object);

		if (most_ms == INT64_MAX || (object->next_ms != INT64_MAX && object->next_ms - now_ms <= most_ms + SLACK_MS))
			continue;
		object->next_ms = now_ms;
		if (!objects_set(transaction, object, err))
			return false;
		count++;
	}
	if (count == 0)
		return true;
	log_info("sync", "%s: %zu types are due earlier than was planned: the clock or an interval was changed", account_id, count);
	return store_commit(transaction, err);
}

static bool rearm_breaker(struct worker *worker, const char *account_id, struct error *err)
{
	AUTO(store_end) struct store *transaction = worker->store;
	int64_t now_ms = sync_now(worker->sync);
	struct breaker breaker;

	if (!breaker_get(worker->store, account_id, &breaker, err))
		return false;
	if (breaker.open_until_ms - now_ms <= BREAKER_MAX_MS + SLACK_MS)
		return true;
	breaker.open_until_ms = now_ms;
	return store_begin(transaction, err) && breaker_set(transaction, account_id, &breaker, err) && store_commit(transaction, err);
}

void rearm_all(struct worker *worker, const struct account_list *accounts)
{
	for (size_t i = 0; i < accounts->count && !cancel_asked(worker->sync->cancel); i++) {
		const struct account *account = &accounts->items[i];
		struct error err = { 0 };

		if (account->state == ACCOUNT_OK &&
		    (!rearm_breaker(worker, account->id, &err) || !rearm_account(worker, account->id, &err)))
			log_warn("sync", "%s", err.text);
	}
}
