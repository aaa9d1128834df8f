/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The engine: what is asked for is a row before it starts; worker threads take what is due. All
 * threads of a process are one holder of an account's lease; an object is one thread's at a time.
 */
#include "ledgerdeck/sync/sync.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "reconcile/nightly.h"
#include "ledgerdeck/core/log.h"
#include "ledgerdeck/core/memory.h"

#define LOOK_MS 250

int64_t sync_now(const struct sync *sync)
{
	return sync->options.env.wall_ms(sync->options.env.ctx);
}

void sync_tell(struct sync *sync, const struct sync_event *event)
{
	struct sync_event *copy;

	if (!sync->options.events)
		return;
	copy = memory_new(sizeof(*copy));
	*copy = *event;
	/* Nobody reads so fast: progress may be dropped, the store has what happened. */
	if (!queue_put(sync->options.events, copy))
		free(copy);
}

bool sync_new(const struct sync_options *options, struct sync **ret_sync, struct error *err)
{
	struct sync *sync = memory_new(sizeof(*sync));
	uint64_t seed;

	/* Whoever asked for the engine may be gone long before it: a task of the deck. */
	sync->options = *options;
	sync->store_path = memory_copy_text(options->store_path);
	sync->who = memory_copy_text(options->who);
	sync->options.store_path = sync->store_path;
	sync->options.who = sync->who;
	sync->lock = lock_new();
	sync->training = lock_new();
	sync->turn = lock_new();
	sync->cancel = cancel_new();
	sync->quiet_ms = INT64_MAX;
	options->env.random(options->env.ctx, &seed, sizeof(seed));
	random_seed(&sync->random, seed);
	lease_name(sync);
	if (!store_open(options->store_path, STORE_WRITE, 0, &sync->store, err)) {
		sync_free(sync);
		return false;
	}
	store_take_turns(sync->store, sync->turn);
	*ret_sync = sync;
	return true;
}

void sync_stop(struct sync *sync)
{
	cancel_ask(sync->cancel);
	lock_enter(sync->lock);
	sync->news++;
	lock_wake(sync->lock);
	lock_leave(sync->lock);
}

/* Leases, and what the write-ahead log holds: both would wait for nothing. */
static void leave_store(struct sync *sync)
{
	struct error err = { 0 };

	if (!sync->store)
		return;
	for (size_t i = 0; i < sync->account_count; i++)
		lease_give(sync, sync->store, sync->accounts[i]);
	if (!store_checkpoint(sync->store, &err))
		log_debug("sync", "%s", err.text);
	store_close(sync->store);
}

void sync_free(struct sync *sync)
{
	if (!sync)
		return;
	sync_stop(sync);
	for (int i = 0; i < sync->thread_count; i++)
		thread_join(sync->threads[i]);
	if (sync->own)
		worker_close(sync->own);
	free(sync->own);
	leave_store(sync);
	for (size_t i = 0; i < sync->account_count; i++) {
		budget_close(sync->accounts[i]->budget);
		free(sync->accounts[i]);
	}
	cancel_free(sync->cancel);
	lock_free(sync->lock);
	lock_free(sync->training);
	lock_free(sync->turn);
	free(sync->accounts);
	free(sync->asked);
	free(sync->pushed);
	free(sync->busy);
	free(sync->store_path);
	free(sync->who);
	free(sync);
}

/* ---- asking */

static const char *const mode_words[] = { [SYNC_CHANGES] = "changes", [SYNC_FULL] = "full", [SYNC_SWEEP] = "sweep" };

static bool type_wanted(const struct sync_wish *wish, const char *type)
{
	for (size_t i = 0; wish->types && wish->types[i]; i++)
		if (strcmp(wish->types[i], type) == 0)
			return true;
	return !wish->types;
}

static bool ask_one(struct sync *sync, const struct sync_wish *wish, struct object *object, int64_t run, struct error *err)
{
	struct asked *asked;

	memory_grow(&sync->asked, &sync->asked_room, sync->asked_count + 1, sizeof(*sync->asked));
	asked = &sync->asked[sync->asked_count++];
	*asked = (struct asked){ .object = object->no, .run = run, .mode = wish->mode, .approve = wish->approve_guard };
	memcpy(asked->account_id, object->account_id, sizeof(asked->account_id));
	memcpy(asked->type, object->type, sizeof(asked->type));
	snprintf(asked->cause, sizeof(asked->cause), "%s", wish->cause);
	if (wish->approve_guard && *object->guard &&
	    !audit_add(sync->store, sync->options.who, "deletions approved", object->account_id, object->guard, object->type,
		       sync_now(sync), err))
		return false;
	asked_apply(asked, object);
	return objects_save(sync->store, object, 0, err);
}

/* What an operator asked for: before, which of the types were in which trouble; after, what shall be done with them. */
static bool note_act(struct sync *sync, const struct sync_wish *wish, const struct account *account,
		     const struct object_list *objects, struct error *err)
{
	AUTO(str_clear) struct str before = STR_INIT(400);
	AUTO(str_clear) struct str after = STR_INIT(400);

	for (size_t i = 0; i < objects->count; i++) {
		const struct object *object = &objects->items[i];

		if (type_wanted(wish, object->type) && (object->status == OBJECT_FAILED || object->status == OBJECT_DEAD || *object->guard))
			str_addf(&before, "%s%s %s", before.len ? ", " : "", object->type,
				 *object->guard ? "waiting" : object_status_word(object->status));
	}
	str_addf(&after, "%s of ", mode_words[wish->mode]);
	for (size_t i = 0; wish->types && wish->types[i]; i++)
		str_addf(&after, "%s%s", i ? ", " : "", wish->types[i]);
	if (!wish->types)
		str_add(&after, "all types");
	return audit_add(sync->store, sync->options.who, strcmp(wish->cause, "retry") == 0 ? "retry" : "sync", account->id,
			 before.text, after.text, sync_now(sync), err);
}

static bool ask_account(struct sync *sync, const struct sync_wish *wish, const struct account *account, int64_t run,
			int64_t *jobs, struct error *err)
{
	bool by_person = strcmp(wish->cause, "operator") == 0 || strcmp(wish->cause, "retry") == 0;
	AUTO(object_list_clear) struct object_list objects = { 0 };
	struct breaker closed = { 0 };

	/* A person must act first: its state says what to do. */
	if (account->state != ACCOUNT_OK) {
		log_warn("sync", "%s is left out: %s%s%s", account->id, account_state_word(account->state),
			 *account->reason ? ", " : "", account->reason);
		return true;
	}
	if (!house_ensure(sync, sync->store, account, err) || !objects_all(sync->store, account->id, &objects, err) ||
	    !breaker_set(sync->store, account->id, &closed, err) ||
	    (by_person && !note_act(sync, wish, account, &objects, err)))
		return false;
	for (size_t i = 0; i < objects.count; i++) {
		struct object *object = &objects.items[i];

		if (!type_wanted(wish, object->type) || !object->wanted ||
		    !catalogue_find(sync->options.catalogue, account->provider, object->type))
			continue;
		if (!ask_one(sync, wish, object, run, err))
			return false;
		(*jobs)++;
	}
	return true;
}

bool sync_ask(struct sync *sync, const struct sync_wish *wish, int64_t *ret_run, int64_t *ret_jobs, struct error *err)
{
	AUTO(account_list_clear) struct account_list accounts = { 0 };
	struct store *transaction;
	size_t before;
	bool good;

	lock_enter(sync->lock);
	transaction = sync->store;
	before = sync->asked_count;
	*ret_jobs = 0;
	good = store_begin(transaction, err) && accounts_all(transaction, &accounts, err) &&
	       run_start(transaction, wish->cause, mode_words[wish->mode], sync->options.who, sync_now(sync), ret_run, err);
	for (size_t i = 0; good && i < accounts.count; i++)
		if (!wish->account_id || strcmp(wish->account_id, accounts.items[i].id) == 0)
			good = ask_account(sync, wish, &accounts.items[i], *ret_run, ret_jobs, err);
	good = good && store_commit(transaction, err);
	if (!good) {
		store_end(&transaction);
		sync->asked_count = before;
	}
	sync->news++;
	lock_wake(sync->lock);
	lock_leave(sync->lock);
	return good;
}

/* ---- working */

static bool ensure_objects(struct sync *sync, struct error *err)
{
	AUTO(account_list_clear) struct account_list accounts = { 0 };
	AUTO(store_end) struct store *transaction = sync->store;

	if (!store_begin(transaction, err) || !accounts_all(transaction, &accounts, err))
		return false;
	for (size_t i = 0; i < accounts.count; i++)
		if (accounts.items[i].state != ACCOUNT_DISCONNECTED && !house_ensure(sync, transaction, &accounts.items[i], err))
			return false;
	return store_commit(transaction, err);
}

/* Under the lock. */
void keep_leases(struct sync *sync)
{
	if (!sync->keeps)
		sync->threads[sync->thread_count++] = thread_new(lease_keeper, sync);
	sync->keeps = true;
}

static bool start(struct sync *sync, int workers, bool schedule, struct error *err)
{
	if (sync->workers == 0 && !ensure_objects(sync, err))
		return false;
	sync->schedule = sync->schedule || schedule;
	keep_leases(sync);
	if (sync->workers == 0) {
		for (int i = 0; i < workers && sync->workers < WORKERS_MAX; i++) {
			sync->threads[sync->thread_count++] = thread_new(worker_thread, sync);
			sync->workers++;
		}
		if (*settings_text(sync->options.settings, "backup.directory"))
			sync->threads[sync->thread_count++] = thread_new(backup_keeper, sync);
	}
	if (sync->schedule && !sync->fills && strcmp(settings_text(sync->options.settings, "reconcile.hour"), "never") != 0)
		sync->threads[sync->thread_count++] = thread_new(nightly_keeper, sync);
	if (sync->schedule && !sync->fills) {
		sync->threads[sync->thread_count++] = thread_new(feed_keeper, sync);
		sync->threads[sync->thread_count++] = thread_new(background_thread, sync);
		sync->threads[sync->thread_count++] = thread_new(bell_thread, sync);
	}
	sync->fills = sync->schedule;
	return true;
}

bool sync_start(struct sync *sync, int workers, bool schedule, struct error *err)
{
	bool good;

	lock_enter(sync->lock);
	good = start(sync, workers, schedule, err);
	sync->news++;
	lock_wake(sync->lock);
	lock_leave(sync->lock);
	return good;
}

void sync_withdraw(struct sync *sync, int64_t run)
{
	lock_enter(sync->lock);
	for (size_t i = 0; i < sync->asked_count; i++)
		if (sync->asked[i].run == run && !sync->asked[i].taken)
			sync->asked[i].done = true;
	sync->news++;
	lock_wake(sync->lock);
	lock_leave(sync->lock);
}

int64_t sync_paused_ms(struct sync *sync, const char *account_id)
{
	int64_t most = 0;

	lock_enter(sync->lock);
	for (size_t i = 0; i < sync->account_count; i++) {
		const struct sync_account *account = sync->accounts[i];
		int64_t ms = !account_id || strcmp(account->id, account_id) == 0 ? budget_paused_ms(account->budget) : 0;

		if (account->busy > 0 && ms > most)
			most = ms;
	}
	lock_leave(sync->lock);
	return most;
}

static bool run_done(const struct sync *sync, int64_t run)
{
	for (size_t i = 0; i < sync->asked_count; i++)
		if (sync->asked[i].run == run && !sync->asked[i].done)
			return false;
	return true;
}

static void forget_run(struct sync *sync, int64_t run)
{
	AUTO(store_end) struct store *transaction = sync->store;
	struct error err = { 0 };
	size_t kept = 0;

	for (size_t i = 0; i < sync->asked_count; i++)
		if (sync->asked[i].run != run)
			sync->asked[kept++] = sync->asked[i];
	sync->asked_count = kept;
	if (!store_begin(transaction, &err) || !run_end(transaction, run, sync_now(sync), "done", &err) ||
	    !store_commit(transaction, &err))
		log_warn("sync", "cannot note the end of run %lld: %s", (long long)run, err.text);
}

bool sync_wait(struct sync *sync, int64_t run, int64_t patience_ms, struct cancel *cancel)
{
	int64_t begun_ms = sync->options.env.ticks_ms(sync->options.env.ctx);
	bool done;

	lock_enter(sync->lock);
	while (!(done = run_done(sync, run)) && !cancel_asked(cancel) && !cancel_asked(sync->cancel)) {
		if (patience_ms >= 0 && sync->options.env.ticks_ms(sync->options.env.ctx) - begun_ms >= patience_ms)
			break;
		lock_wait(sync->lock, LOOK_MS);
	}
	if (done)
		forget_run(sync, run);
	lock_leave(sync->lock);
	return done;
}

bool sync_step(struct sync *sync, bool *ret_worked, int64_t *ret_next_ms, struct error *err)
{
	*ret_worked = false;
	*ret_next_ms = INT64_MAX;
	if (!sync->own) {
		sync->own = memory_new(sizeof(*sync->own));
		if (!worker_open(sync, sync->own, err)) {
			memory_freep(&sync->own);
			return false;
		}
	}
	return worker_step(sync->own, ret_worked, ret_next_ms, err);
}
