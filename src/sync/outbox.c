/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threads that send: each takes an account whose outbox has something due, under its lease, and works as long as there is more. */
#include "outbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/log.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/sync/push.h"

#define IDLE_MS 60000
#define LOOK_MS 1000
#define TROUBLE_MS 60000    /* after the way to the ledger failed as a whole */

int64_t outbox_now(const struct outbox *outbox)
{
	return sync_now(outbox->worker->sync);
}

void flights_clear(struct flights *flights)
{
	for (size_t i = 0; i < flights->count; i++)
		str_clear(&flights->items[i].body);
	free(flights->items);
	*flights = (struct flights){ 0 };
}

bool flights_add(struct flights *flights, struct store *store, const struct intent *intent, struct error *err)
{
	struct flight *flight;
	bool found;

	memory_grow(&flights->items, &flights->room, flights->count + 1, sizeof(*flights->items));
	flight = &flights->items[flights->count++];
	*flight = (struct flight){ .intent = *intent, .body = STR_INIT(STR_NO_LIMIT) };
	return intents_get(store, intent->no, &flight->intent, &flight->body, &found, err) &&
	       (found || error_set(err, ERROR_STORE, "intent %s is gone", intent->id));
}

bool flight_is_open(const struct outbox *outbox, const struct flight *flight, bool *ret_open, struct error *err)
{
	struct intent now;
	bool found;

	if (!intents_get(outbox->worker->store, flight->intent.no, &now, NULL, &found, err))
		return false;
	*ret_open = found && now.state == flight->intent.state;
	return true;
}

const struct type *outbox_type(const struct outbox *outbox, const char *record_type)
{
	return catalogue_find(outbox->worker->sync->options.catalogue, outbox->provider->name, record_type);
}

bool outbox_connect(struct outbox *outbox, struct error *err)
{
	return outbox->session || connect_open(&outbox->worker->world, outbox->account.id, outbox->held->budget, &outbox->meter,
					       &outbox->session, err);
}

static bool meter(struct outbox *outbox, struct error *err)
{
	struct meter spent = month_spent(outbox->provider, &outbox->meter);

	return month_add(outbox->worker->store, outbox->account.id, outbox_now(outbox), &spent, &outbox->metered, err);
}

bool outbox_commit(struct outbox *outbox, struct store *transaction, struct error *err)
{
	bool held;

	if (!lease_renew(transaction, outbox->account.id, outbox->fence, outbox_now(outbox) + SYNC_LEASE_MS, &held, err))
		return false;
	if (!held)
		return error_set(err, ERROR_CONFLICT, "another process has taken over this account");
	return meter(outbox, err) && store_commit(transaction, err);
}

/* ---- whose turn it is */

/* Under the lock. */
static bool is_pushed(const struct sync *sync, const char *account_id)
{
	if (sync->pushes_all || sync->schedule)
		return true;
	for (size_t i = 0; i < sync->pushed_count; i++)
		if (strcmp(sync->pushed[i], account_id) == 0)
			return true;
	return false;
}

static bool rests(const struct sync *sync, const char *account_id)
{
	for (size_t i = 0; i < sync->account_count; i++)
		if (strcmp(sync->accounts[i]->id, account_id) == 0)
			return sync->accounts[i]->outbox_rest_ms > sync_now(sync);
	return false;
}

struct skipping {
	struct worker *worker;
	const char *refused;         /* blank-separated ids of accounts that others hold */
	int64_t next_ms;             /* when an account that waits for its window is to be looked at; INT64_MAX: none does */
};

/* Outside of its window only what is looked after, or hurried, is a reason to take it. */
static bool is_shut(struct skipping *skipping, const char *account_id)
{
	struct store *store = skipping->worker->store;
	int64_t now_ms = sync_now(skipping->worker->sync), next_ms;
	struct push_window window;
	struct error ignored;

	if (!push_window(store, account_id, now_ms, &window, &ignored) || window.open || !outbox_next_of(store, account_id, &next_ms, &ignored))
		return false;
	if (next_ms <= now_ms)
		return false;
	if (window.opens_ms < next_ms)
		next_ms = window.opens_ms;
	if (next_ms < skipping->next_ms)
		skipping->next_ms = next_ms;
	return true;
}

/* What was queued before somebody forbade it stays where it is. */
static bool reads_only(struct store *store, const char *account_id)
{
	struct policies policies;
	struct error ignored;

	return !policies_get(store, account_id, &policies, &ignored) || policy_is(&policies, POLICY_DIRECTION, "pull");
}

/* Paused, to be connected again, only to be read, nobody's wish, or another process's. */
static bool is_barred_to(struct skipping *skipping, const char *account_id)
{
	struct sync *sync = skipping->worker->sync;
	struct account account;
	struct breaker breaker;
	struct error ignored;
	bool found, wished;

	lock_enter(sync->lock);
	wished = is_pushed(sync, account_id) && !rests(sync, account_id);
	lock_leave(sync->lock);
	if (!wished || strstr(skipping->refused, account_id))
		return true;
	if (!accounts_get(skipping->worker->store, account_id, &account, &found, &ignored) || !found || account.state != ACCOUNT_OK ||
	    reads_only(skipping->worker->store, account_id))
		return true;
	return breaker_get(skipping->worker->store, account_id, &breaker, &ignored) && breaker.open_until_ms > sync_now(sync);
}

static bool skip(void *ctx, const char *account_id)
{
	return is_barred_to(ctx, account_id) || is_shut(ctx, account_id);
}

static bool bury_unknown(struct outbox *outbox, int64_t *ret_left, struct error *err)
{
	AUTO(store_end) struct store *transaction = outbox->worker->store;
	int64_t now_ms = outbox_now(outbox);
	int64_t look_ms = now_ms + settings_number(outbox->worker->sync->options.settings, "push.look_delay") * 1000;

	return store_begin(transaction, err) &&
	       intents_bury(transaction, outbox->account.id, "the program ended before the answer came", now_ms, look_ms, ret_left, err) &&
	       (*ret_left == 0 || stop_look_all(outbox, transaction, err)) && outbox_commit(outbox, transaction, err);
}

/*
 * A crash has left intents whose answer nobody has: under a new lease, before the first thread of ours sends anything under it,
 * there can't be any that one of them waits for. Under the lock, so that the others wait for it.
 */
static bool bury(struct outbox *outbox, struct error *err)
{
	struct sync *sync = outbox->worker->sync;
	int64_t left = 0;
	bool good = true;

	lock_enter(sync->lock);
	if (outbox->held->outbox_fence != outbox->fence)
		good = bury_unknown(outbox, &left, err);
	if (good)
		outbox->held->outbox_fence = outbox->fence;
	lock_leave(sync->lock);
	if (left > 0)
		log_warn("push", "%lld writes to '%s' were under way when the program ended: their outcome is looked up", (long long)left,
			 outbox->account.name);
	return good;
}

static bool open_outbox(struct outbox *outbox, struct worker *worker, struct sync_account *held, const char *account_id, struct error *err)
{
	bool found;

	*outbox = (struct outbox){ .worker = worker, .held = held, .fence = held->fence };
	if (!accounts_get(worker->store, account_id, &outbox->account, &found, err) || !found)
		return false;
	outbox->provider = provider_find(outbox->account.provider);
	outbox->push = outbox->provider ? outbox->provider->push : NULL;
	if (!outbox->push)
		return error_set(err, ERROR_INPUT, "nothing can be written to '%.60s' by this program", outbox->account.name);
	return bury(outbox, err);
}

/* ---- one unit of work */

/* A thread of ours still waits for the answer, or else the lease would be another one. */
static bool wait_on(struct outbox *outbox, const struct intent *due, size_t count, struct error *err)
{
	AUTO(store_end) struct store *transaction = outbox->worker->store;
	struct intent intent;
	bool found, any = false;

	for (size_t i = 0; i < count; i++)
		any = any || due[i].state == INTENT_SENDING;
	if (!any || !store_begin(transaction, err))
		return !any;
	for (size_t i = 0; i < count; i++) {
		if (!intents_get(transaction, due[i].no, &intent, NULL, &found, err))
			return false;
		if (!found || intent.state != INTENT_SENDING)
			continue;
		intent.next_ms = outbox_now(outbox) + SENDING_MS;
		if (!intents_save(transaction, &intent, "engine", NULL, NULL, outbox_now(outbox), err))
			return false;
	}
	return outbox_commit(outbox, transaction, err);
}

/* Of those that are due: the first that must be looked up, else all that can be sent. */
static bool work_on(struct outbox *outbox, bool *ret_worked, struct error *err)
{
	struct intent *due = memory_new(OUTBOX_DUE_MAX * sizeof(*due));
	struct intent look = { .no = 0 };
	struct push_window window;
	size_t count = 0, kept = 0;
	bool good;

	good = push_window(outbox->worker->store, outbox->account.id, outbox_now(outbox), &window, err) &&
	       intents_due(outbox->worker->store, outbox->account.id, outbox_now(outbox), window.open, OUTBOX_DUE_MAX, due, &count, err);
	/* What is unknown comes first: what is new may depend on it. */
	for (size_t i = 0; good && look.no == 0 && i < count; i++)
		if (due[i].state == INTENT_UNCERTAIN)
			look = due[i];
	*ret_worked = good && count > 0;
	if (good && look.no > 0)
		good = outbox_look(outbox, &look, err);
	else if (good && count > 0 && (good = wait_on(outbox, due, count, err))) {
		for (size_t i = 0; i < count; i++)
			if (due[i].state == INTENT_QUEUED || due[i].state == INTENT_RETRY)
				due[kept++] = due[i];
		good = kept == 0 || outbox_send_new(outbox, due, kept, err);
	}
	free(due);
	return good;
}

/* One account's outbox as long as something of it is due. */
static bool run(struct worker *worker, struct sync_account *held, const char *account_id, bool one, bool *ret_worked, struct error *err)
{
	struct outbox outbox;
	bool good, more = true;

	good = open_outbox(&outbox, worker, held, account_id, err);
	while (good && more && !cancel_asked(worker->sync->cancel)) {
		good = work_on(&outbox, &more, err);
		*ret_worked = *ret_worked || more;
		more = more && !one && !outbox.stopped && !reads_only(worker->store, account_id);
	}
	connect_close(outbox.session);
	return good;
}

/* Have an account's lease; one of a process that is gone is in nobody's way. */
static bool hold(struct worker *worker, const char *account_id, struct sync_account **ret_held, bool *ret_is_held, struct error *err)
{
	return worker_hold_account(worker, account_id, ret_held, ret_is_held, err) &&
	       (*ret_is_held || (lease_bury(worker->sync, worker->store, err) &&
				 worker_hold_account(worker, account_id, ret_held, ret_is_held, err)));
}

struct sending_list {
	char (*ids)[ACCOUNT_ID_MAX]; /* owned */
	size_t count, room;
};

static bool note_account(void *ctx, const char *account_id)
{
	struct sending_list *list = ctx;

	memory_grow(&list->ids, &list->room, list->count + 1, sizeof(*list->ids));
	snprintf(list->ids[list->count++], ACCOUNT_ID_MAX, "%s", account_id);
	return true;
}

/* What a process that is gone was sending is nobody's any more: the first step of the next one finds it at once. */
static bool bury_left(struct worker *worker, struct error *err)
{
	struct skipping skipping = { .worker = worker, .refused = "", .next_ms = INT64_MAX };
	struct sync *sync = worker->sync;
	struct sending_list list = { 0 };
	struct sync_account *held;
	struct outbox outbox;
	bool good, is_held, done;

	lock_enter(sync->lock);
	done = sync->buried;
	sync->buried = true;
	lock_leave(sync->lock);
	good = done || outbox_sending(worker->store, note_account, &list, err);
	for (size_t i = 0; good && i < list.count; i++) {
		if (is_barred_to(&skipping, list.ids[i]))
			continue;
		good = hold(worker, list.ids[i], &held, &is_held, err);
		if (!good || !is_held)
			continue;
		good = open_outbox(&outbox, worker, held, list.ids[i], err);
		worker_leave_account(worker, held);
	}
	free(list.ids);
	return good;
}

/* Nothing to do now: when what was passed over is to be looked at again. */
static void look_again(struct sync *sync, bool refused, int64_t *next_ms)
{
	int64_t now_ms = sync_now(sync);

	if (refused && *next_ms > now_ms + LOOK_MS)
		*next_ms = now_ms + LOOK_MS;
	lock_enter(sync->lock);
	for (size_t i = 0; i < sync->account_count; i++) {
		int64_t until_ms = sync->accounts[i]->outbox_rest_ms;

		if (until_ms > now_ms && until_ms < *next_ms)
			*next_ms = until_ms;
	}
	lock_leave(sync->lock);
}

static bool step(struct worker *worker, bool one, bool *ret_worked, int64_t *ret_next_ms, struct error *err)
{
	AUTO(str_clear) struct str refused = STR_INIT(STR_NO_LIMIT);
	struct skipping skipping = { .worker = worker, .next_ms = INT64_MAX };
	struct sync_account *held;
	char account_id[ACCOUNT_ID_MAX];
	bool good = true, is_held = false;

	*ret_worked = false;
	if (!bury_left(worker, err))
		return false;
	do {
		skipping.refused = refused.text;
		if (!outbox_next(worker->store, skip, &skipping, account_id, ret_next_ms, err))
			return false;
		if (!*account_id || *ret_next_ms > sync_now(worker->sync)) {
			look_again(worker->sync, refused.len > 0, ret_next_ms);
			if (skipping.next_ms < *ret_next_ms)
				*ret_next_ms = skipping.next_ms;
			return true;
		}
		if (!hold(worker, account_id, &held, &is_held, err))
			return false;
		if (!is_held)
			str_addf(&refused, "%s ", account_id);
	} while (!is_held);
	good = run(worker, held, account_id, one, ret_worked, err);
	worker_leave_account(worker, held);
	return good;
}

bool outbox_step(struct worker *worker, bool *ret_worked, int64_t *ret_next_ms, struct error *err)
{
	return step(worker, true, ret_worked, ret_next_ms, err);
}

/* ---- threads */

static void wait_for_news(struct sync *sync, uint64_t news, int64_t next_ms)
{
	int64_t left_ms = next_ms == INT64_MAX ? IDLE_MS : next_ms - sync_now(sync);

	lock_enter(sync->lock);
	if (sync->news == news && !cancel_asked(sync->cancel))
		lock_wait(sync->lock, left_ms < 1 ? 1 : left_ms < IDLE_MS ? left_ms : IDLE_MS);
	lock_leave(sync->lock);
}

void outbox_thread(void *ctx)
{
	struct sync *sync = ctx;
	struct worker worker;
	struct error err = { 0 };
	bool works = false;

	if (!worker_open(sync, &worker, &err)) {
		log_error("push", "nothing is sent: %s", err.text);
		return;
	}
	while (!cancel_asked(sync->cancel)) {
		int64_t next_ms = INT64_MAX;
		bool worked = false;
		uint64_t news;

		lock_enter(sync->lock);
		news = sync->news;
		lock_leave(sync->lock);
		if (!step(&worker, false, &worked, &next_ms, &err)) {
			if (err.code != ERROR_CANCELLED)
				log_error("push", "%s", err.text);
			cancel_sleep(sync->cancel, err.code == ERROR_STORE ? LOOK_MS : TROUBLE_MS);
		} else if (!worked) {
			if (works)
				worker_rest(&worker);
			wait_for_news(sync, news, next_ms);
		}
		works = worked;
	}
	worker_close(&worker);
}

static void want(struct sync *sync, const char *account_id)
{
	if (!account_id) {
		sync->pushes_all = true;
		return;
	}
	memory_grow(&sync->pushed, &sync->pushed_room, sync->pushed_count + 1, sizeof(*sync->pushed));
	snprintf(sync->pushed[sync->pushed_count++], ACCOUNT_ID_MAX, "%s", account_id);
}

/* Under the lock. Its threads are started with the first thing to send: most who read never write. */
static void begin(struct sync *sync)
{
	keep_leases(sync);
	for (int i = 0; !sync->pushes && i < OUTBOX_THREADS; i++)
		sync->threads[sync->thread_count++] = thread_new(outbox_thread, sync);
	sync->pushes = true;
}

void outbox_keep(struct worker *worker)
{
	struct sync *sync = worker->sync;
	char account_id[ACCOUNT_ID_MAX];
	struct error ignored;
	int64_t next_ms;

	lock_enter(sync->lock);
	if (sync->schedule && !cancel_asked(sync->cancel) &&
	    outbox_next(worker->store, NULL, NULL, account_id, &next_ms, &ignored) && *account_id) {
		if (!sync->pushes)
			begin(sync);
		/* Another process has put it there. */
		if (next_ms <= sync_now(sync)) {
			sync->news++;
			lock_wake(sync->lock);
		}
	}
	lock_leave(sync->lock);
}

bool sync_push(struct sync *sync, const char *account_id, struct error *err)
{
	(void)err;
	lock_enter(sync->lock);
	want(sync, account_id);
	begin(sync);
	sync->news++;
	lock_wake(sync->lock);
	lock_leave(sync->lock);
	return true;
}

/* ---- waiting for a plan */

struct waiting {
	char account_id[ACCOUNT_ID_MAX];
	struct push_window window;
	int64_t now_ms, patience_ms;
	bool more;                   /* something can still be done, soon enough */
	bool due;                    /* now */
	bool sending;
};

static bool look_at(void *ctx, const struct intent *intent)
{
	struct waiting *waiting = ctx;

	memcpy(waiting->account_id, intent->account_id, sizeof(waiting->account_id));
	if (!intent_is_open(intent->state))
		return true;
	waiting->sending = waiting->sending || intent->state == INTENT_SENDING;
	/* What waits for others is done when they are; what is paused when a person says so; outside of its hours nothing is begun. */
	if (intent->state == INTENT_WAITING || *intent->pause || push_window_holds(&waiting->window, intent))
		return true;
	if (intent->state == INTENT_SENDING || intent->next_ms - waiting->now_ms <= waiting->patience_ms)
		waiting->more = true;
	waiting->due = waiting->due || (intent->state != INTENT_SENDING && intent->next_ms <= waiting->now_ms);
	return true;
}

/* Nothing is sent to an account that is paused, only to be read, or to be connected again, nor while its breaker is open. */
static bool is_barred(struct sync *sync, const struct waiting *waiting)
{
	struct account account;
	struct breaker breaker;
	struct error ignored;
	bool found;

	if (!accounts_get(sync->store, waiting->account_id, &account, &found, &ignored) || !found || account.state != ACCOUNT_OK ||
	    reads_only(sync->store, waiting->account_id))
		return true;
	return breaker_get(sync->store, waiting->account_id, &breaker, &ignored) &&
	       breaker.open_until_ms - waiting->now_ms > waiting->patience_ms;
}

bool sync_push_wait(struct sync *sync, const char *plan_id, int64_t patience_ms, struct cancel *cancel)
{
	struct intent_query query = { .plan = plan_id };
	struct waiting waiting = { .more = true };
	struct error ignored;
	struct plan plan;

	lock_enter(sync->lock);
	waiting.more = plans_find(sync->store, NULL, plan_id, &plan, NULL, NULL, &ignored);
	lock_leave(sync->lock);
	if (!waiting.more)
		return false;
	while (waiting.more && !cancel_asked(cancel) && !cancel_asked(sync->cancel)) {
		bool good;

		waiting = (struct waiting){ .now_ms = sync_now(sync), .patience_ms = patience_ms };
		lock_enter(sync->lock);
		good = push_window(sync->store, plan.account_id, waiting.now_ms, &waiting.window, &ignored) &&
		       intents_list(sync->store, &query, look_at, &waiting, &ignored);
		if (good && waiting.more && !waiting.sending && is_barred(sync, &waiting))
			waiting.more = false;
		/* Another process that was sending it has left it to whoever comes next. */
		if (good && waiting.due) {
			sync->news++;
			lock_wake(sync->lock);
		}
		if (good && waiting.more)
			lock_wait(sync->lock, 250);
		lock_leave(sync->lock);
		if (!good)
			return false;
	}
	return !waiting.more;
}
