/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Worker threads: each takes something due that nobody works on, under its account's lease, carries it
 * out, and looks again. What was asked for comes before what is merely due.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "ledgerdeck/core/log.h"
#include "ledgerdeck/core/memory.h"

#define DUE_MAX 512
#define LOOK_MS 1000   /* how often leases and other processes' wishes are looked at while something is near */
#define IDLE_MS 60000
#define QUIET_MS 1000  /* so long with nothing to do, and it lets go of what it holds */
#define REST_MS 15000  /* after the store could not be written */

struct choice {
	struct object object;
	struct object_list mates;   /* owned: what else is due; once claimed: what may go with it */
	struct sync_account *account;
	struct asked asked;
	bool was_asked;
	int64_t fence;
};

void asked_apply(const struct asked *asked, struct object *object)
{
	object->next_ms = SYNC_NEXT_ASKED;
	if (object->status == OBJECT_DEAD)
		object->status = OBJECT_FAILED;
	if (asked->mode == SYNC_FULL) {
		object->cursor_ms = INT64_MIN;
		object->position[0] = '\0';
		object->drift[0] = '\0'; /* who reads all of it again has seen what was told */
	}
	if (asked->mode == SYNC_SWEEP) {
		object->sweep_due = true;
		if (strcmp(object->guard, "approved") != 0 && !asked->approve)
			object->guard[0] = '\0'; /* looked at anew: it may wait again */
	}
	if (asked->approve && *object->guard)
		snprintf(object->guard, sizeof(object->guard), "approved");
}

/* ---- choosing; under the lock */

static struct asked *find_asked(struct sync *sync, int64_t object)
{
	for (size_t i = 0; i < sync->asked_count; i++)
		if (sync->asked[i].object == object && !sync->asked[i].done)
			return &sync->asked[i];
	return NULL;
}

static bool is_busy(const struct sync *sync, int64_t object)
{
	for (size_t i = 0; i < sync->busy_count; i++)
		if (sync->busy[i].object == object)
			return true;
	return false;
}

static void hold(struct sync *sync, int64_t object, struct sync_account *account, bool quiet)
{
	memory_grow(&sync->busy, &sync->busy_room, sync->busy_count + 1, sizeof(*sync->busy));
	sync->busy[sync->busy_count++] = (struct busy){ .object = object, .account = account, .quiet = quiet };
	account->busy++;
	account->quiet += quiet;
}

static void claim(struct sync *sync, const struct object *object, struct sync_account *account)
{
	struct asked *asked = find_asked(sync, object->no);

	hold(sync, object->no, account, false);
	if (asked)
		asked->taken = true;
}

/* Whose it was. */
static struct sync_account *let_go(struct sync *sync, int64_t object)
{
	for (size_t i = 0; i < sync->busy_count; i++) {
		struct sync_account *account = sync->busy[i].account;

		if (sync->busy[i].object != object)
			continue;
		account->busy--;
		account->quiet -= sync->busy[i].quiet;
		sync->busy[i] = sync->busy[--sync->busy_count];
		return account;
	}
	return NULL;
}

/* The account's shared means; made when first needed. */
static struct sync_account *ensure_account(struct sync *sync, struct store *store, const char *account_id, struct error *err)
{
	AUTO(str_clear) struct str path = STR_INIT(4200);
	const struct settings *settings = sync->options.settings;
	struct budget_limits limits = {
		.per_second = (int)settings_number(settings, "sync.per_second"),
		.per_minute = (int)settings_number(settings, "sync.per_minute"),
		.batches_per_minute = (int)settings_number(settings, "sync.batches_per_minute"),
		.in_flight = (int)settings_number(settings, "sync.in_flight"),
	};
	struct sync_account *account;

	for (size_t i = 0; i < sync->account_count; i++)
		if (strcmp(sync->accounts[i]->id, account_id) == 0)
			return sync->accounts[i];
	account = memory_new(sizeof(*account));
	snprintf(account->id, sizeof(account->id), "%s", account_id);
	str_addf(&path, "%s-budget", store_path(store));
	if (!budget_open(path.text, account_id, &limits, sync->options.env, &account->budget, err)) {
		/* A full disk, say. What the store can't do it tells itself; calls are counted all the same. */
		log_warn("sync", "%s; the calls to %s are counted by this process alone", err->text, account_id);
		error_clear(err);
		if (!budget_open(NULL, account_id, &limits, sync->options.env, &account->budget, err)) {
			free(account);
			return NULL;
		}
	}
	memory_grow(&sync->accounts, &sync->account_room, sync->account_count + 1, sizeof(struct sync_account *));
	sync->accounts[sync->account_count++] = account;
	return account;
}

/* While the breaker stands half open, one call tells whether it may be closed. */
static bool is_probed(struct worker *worker, const struct sync_account *account)
{
	struct breaker breaker;
	struct error ignored;

	return account->busy > account->quiet && breaker_get(worker->store, account->id, &breaker, &ignored) && breaker.openings > 0;
}

/* One worker is left to other accounts, where there are any, so that no account's slow types hold up all. */
static bool has_enough(struct worker *worker, const struct sync_account *account)
{
	AUTO(account_list_clear) struct account_list accounts = { 0 };
	struct error ignored;
	size_t well = 0;

	if (worker->sync->workers < 2 || account->workers + 1 < worker->sync->workers ||
	    !accounts_all(worker->store, &accounts, &ignored))
		return false;
	for (size_t i = 0; i < accounts.count; i++)
		well += accounts.items[i].state == ACCOUNT_OK;
	return well > 1;
}

/* Before others: what was asked for; then whose account fewest work for; then what is overdue longest. */
static bool find_first(struct worker *worker, const struct choice *choice, const bool *refused, size_t *ret_first, struct error *err)
{
	struct sync *sync = worker->sync;
	const struct sync_account *first = NULL;
	bool first_asked = false;

	for (size_t i = 0; i < choice->mates.count; i++) {
		const struct object *object = &choice->mates.items[i];
		const struct sync_account *account;
		bool asked = find_asked(sync, object->no) != NULL;

		if (refused[i] || is_busy(sync, object->no) || (!sync->schedule && !asked))
			continue;
		account = ensure_account(sync, worker->store, object->account_id, err);
		if (!account)
			return false;
		if (first && (asked < first_asked || (asked == first_asked && account->workers >= first->workers)))
			continue;
		if (has_enough(worker, account) || is_probed(worker, account))
			continue;
		first = account;
		first_asked = asked;
		*ret_first = i;
	}
	return true;
}

static bool choose_from(struct worker *worker, struct choice *choice, bool *ret_found, struct error *err)
{
	struct sync *sync = worker->sync;
	AUTO(memory_freep) bool *refused = memory_new((choice->mates.count + 1) * sizeof(*refused));

	for (;;) {
		size_t first = choice->mates.count;
		const struct object *object;
		const struct asked *asked;
		bool taken = false;

		if (!find_first(worker, choice, refused, &first, err))
			return false;
		if (first == choice->mates.count)
			return true;
		object = &choice->mates.items[first];
		asked = find_asked(sync, object->no);
		choice->account = ensure_account(sync, worker->store, object->account_id, err);
		if (!choice->account || !lease_get(sync, worker->store, choice->account, &taken, err))
			return false;
		refused[first] = !taken;
		if (!taken)
			continue;
		choice->fence = choice->account->fence;
		choice->object = *object;
		choice->was_asked = asked != NULL;
		if (asked) {
			choice->asked = *asked;
			asked_apply(asked, &choice->object);
		}
		claim(sync, &choice->object, choice->account);
		choice->account->workers++;
		*ret_found = true;
		return true;
	}
}

/*
 * Wishes that got lost: whoever worked on the object when it was wished has written its own next time since. It is made
 * due again.
 */
static void insist(struct worker *worker)
{
	struct sync *sync = worker->sync;

	for (size_t i = 0; i < sync->asked_count; i++) {
		AUTO(store_end) struct store *transaction = worker->store;
		struct asked *asked = &sync->asked[i];
		struct object object;
		struct error ignored;
		bool found;

		if (asked->done || asked->taken || is_busy(sync, asked->object) ||
		    !lease_is_free(sync, worker->store, asked->account_id))
			continue;
		if (!store_begin(transaction, &ignored) ||
		    !objects_get(transaction, asked->account_id, asked->type, &object, &found, &ignored) || !found ||
		    object.next_ms <= sync_now(sync))
			continue;
		asked_apply(asked, &object);
		if (objects_save(transaction, &object, 0, &ignored))
			store_commit(transaction, &ignored);
	}
}

/* A full disk, say: to call the ledger for what can't be kept would be a waste, and again and again without end. */
static bool rests(struct sync *sync, int64_t *ret_next_ms)
{
	int64_t left_ms = sync->rest_until_ms - sync_now(sync);

	if (left_ms <= 0 || left_ms > REST_MS)
		return false;
	*ret_next_ms = sync->rest_until_ms;
	return true;
}

static bool pick(struct worker *worker, struct choice *choice, int64_t *ret_next_ms, bool *ret_found, struct error *err)
{
	struct sync *sync = worker->sync;

	*ret_found = false;
	if (rests(sync, ret_next_ms))
		return true;
	for (int tries = 0; tries < 2 && !*ret_found; tries++) {
		if (tries > 0) {
			if (!lease_bury(sync, worker->store, err))
				return false;
			insist(worker);
			object_list_clear(&choice->mates);
		}
		if (!objects_due(worker->store, sync_now(sync), sync->holder, DUE_MAX, &choice->mates, ret_next_ms, err) ||
		    !choose_from(worker, choice, ret_found, err))
			return false;
	}
	return true;
}

/* Only what is due for the same kind of work and nobody works on may go together with the chosen one. */
static void claim_mates(struct worker *worker, struct choice *choice)
{
	struct sync *sync = worker->sync;
	const struct provider *provider;
	const struct type *type;
	struct account account;
	struct error ignored;
	size_t kept = 0;
	bool found, together, scarce = month_is_scarce(worker, choice->object.account_id);

	together = accounts_get(worker->store, choice->object.account_id, &account, &found, &ignored) && found;
	provider = together ? provider_find(account.provider) : NULL;
	type = provider ? catalogue_find(sync->options.catalogue, provider->name, choice->object.type) : NULL;
	together = type && strcmp(job_choose(sync, &choice->object, type, provider, scarce), "changes") == 0;
	for (size_t i = 0; together && i < choice->mates.count && kept + 1 < SYNC_GROUP_MAX; i++) {
		const struct object *mate = &choice->mates.items[i];
		const struct asked *asked = find_asked(sync, mate->no);

		type = catalogue_find(sync->options.catalogue, provider->name, mate->type);
		if (strcmp(mate->account_id, choice->object.account_id) != 0 || is_busy(sync, mate->no) ||
		    (!sync->schedule && !asked) || (asked && (asked->mode != SYNC_CHANGES || asked->approve)) || !type ||
		    strcmp(job_choose(sync, mate, type, provider, scarce), "changes") != 0)
			continue;
		choice->mates.items[kept] = *mate;
		claim(sync, &choice->mates.items[kept++], choice->account);
	}
	choice->mates.count = kept;
	/* It is held as long as the job lasts; what else is due fills a megabyte. */
	choice->mates.items = memory_resize(choice->mates.items, kept * sizeof(*choice->mates.items));
	choice->mates.room = kept;
}

/* ---- afterwards; under the lock */

/* Can nothing more be done for an account for the time being? Then nobody waits for the rest of it. */
static bool is_shut(struct worker *worker, const char *account_id)
{
	struct account account;
	struct breaker breaker;
	struct error ignored;
	bool found;

	return !accounts_get(worker->store, account_id, &account, &found, &ignored) || !found || account.state != ACCOUNT_OK ||
	       (breaker_get(worker->store, account_id, &breaker, &ignored) && breaker.open_until_ms > sync_now(worker->sync));
}

static bool was_attempted(struct worker *worker, const struct object *before)
{
	struct object after;
	struct error ignored;
	bool found;

	return objects_get(worker->store, before->account_id, before->type, &after, &found, &ignored) && found &&
	       after.attempt_ms != before->attempt_ms && after.status != OBJECT_RUNNING;
}

/* When nobody works for the account, others may. But what was asked for goes on at once. */
static void rest(struct worker *worker, struct sync_account *account)
{
	struct sync *sync = worker->sync;

	if (account->busy > 0)
		return;
	for (size_t i = 0; i < sync->asked_count && !cancel_asked(sync->cancel); i++)
		if (!sync->asked[i].done && strcmp(sync->asked[i].account_id, account->id) == 0)
			return;
	lease_give(sync, worker->store, account);
}

/* What was asked for and has been attempted since is done, however it ended. */
static void settle(struct worker *worker, struct choice *choice, bool kept)
{
	struct sync *sync = worker->sync;

	for (size_t i = 0; i <= choice->mates.count; i++) {
		const struct object *object = i ? &choice->mates.items[i - 1] : &choice->object;
		struct asked *asked = find_asked(sync, object->no);

		let_go(sync, object->no);
		if (!asked || !asked->taken)
			continue;
		/* The first one that could not even be begun is done as well: the log says why. */
		asked->done = i == 0 || was_attempted(worker, object);
		asked->taken = false;
	}
	choice->account->workers--;
	sync->written = true;
	/* What the store can't take is tried again by itself, but nobody waits for it. */
	if (!kept || is_shut(worker, choice->object.account_id))
		for (size_t i = 0; i < sync->asked_count; i++)
			if ((!kept || strcmp(sync->asked[i].account_id, choice->object.account_id) == 0) && !is_busy(sync, sync->asked[i].object))
				sync->asked[i].done = true;
	rest(worker, choice->account);
}

bool worker_hold(struct worker *worker, const struct object *object, int64_t *ret_fence, bool *ret_held, struct error *err)
{
	struct sync *sync = worker->sync;
	struct sync_account *account = NULL;
	bool good = true;

	*ret_held = false;
	lock_enter(sync->lock);
	if (!is_busy(sync, object->no)) {
		account = ensure_account(sync, worker->store, object->account_id, err);
		good = account && lease_get(sync, worker->store, account, ret_held, err);
		*ret_held = good && *ret_held;
	}
	if (*ret_held) {
		*ret_fence = account->fence;
		hold(sync, object->no, account, true);
	}
	lock_leave(sync->lock);
	return good;
}

void worker_let_go(struct worker *worker, const struct object *object)
{
	struct sync *sync = worker->sync;

	lock_enter(sync->lock);
	rest(worker, let_go(sync, object->no));
	sync->written = true;
	sync->news++;
	lock_wake(sync->lock);
	lock_leave(sync->lock);
}

bool worker_hold_account(struct worker *worker, const char *account_id, struct sync_account **ret_account, bool *ret_held,
			 struct error *err)
{
	struct sync_account *account;
	bool good;

	lock_enter(worker->sync->lock);
	*ret_held = false;
	account = ensure_account(worker->sync, worker->store, account_id, err);
	good = account && lease_get(worker->sync, worker->store, account, ret_held, err);
	*ret_held = good && *ret_held;
	if (*ret_held)
		account->busy++;
	*ret_account = account;
	lock_leave(worker->sync->lock);
	return good;
}

void worker_leave_account(struct worker *worker, struct sync_account *account)
{
	struct sync *sync = worker->sync;

	lock_enter(sync->lock);
	account->busy--;
	rest(worker, account);
	sync->written = true;
	sync->news++;
	lock_wake(sync->lock);
	lock_leave(sync->lock);
}

bool worker_step(struct worker *worker, bool *ret_worked, int64_t *ret_next_ms, struct error *err)
{
	struct sync *sync = worker->sync;
	struct choice choice = { 0 };
	bool good;

	error_clear(err);
	lock_enter(sync->lock);
	good = pick(worker, &choice, ret_next_ms, ret_worked, err);
	if (good && *ret_worked)
		claim_mates(worker, &choice);
	lock_leave(sync->lock);
	if (good && *ret_worked) {
		bool kept = job_run(worker, &choice.object, &choice.mates, choice.fence, choice.was_asked ? &choice.asked : NULL);

		lock_enter(sync->lock);
		sync->rest_until_ms = kept ? 0 : sync_now(sync) + REST_MS;
		settle(worker, &choice, kept);
		sync->news++;
		lock_wake(sync->lock);
		lock_leave(sync->lock);
	}
	object_list_clear(&choice.mates);
	return good;
}

bool worker_open(struct sync *sync, struct worker *worker, struct error *err)
{
	int number;

	*worker = (struct worker){ .sync = sync };
	if (!store_open(sync->options.store_path, STORE_WRITE, 0, &worker->store, err))
		return false;
	store_take_turns(worker->store, sync->turn);
	lock_enter(sync->lock);
	number = ++sync->worker_count;
	lock_leave(sync->lock);
	snprintf(worker->name, sizeof(worker->name), "%s:%d", sync->holder, number);
	worker->transport = sync->options.transport_new(sync->options.ctx);
	worker->compress = compress_new();
	worker->world = (struct connect_world){ .store = worker->store, .vault = sync->options.vault,
						.settings = sync->options.settings, .env = sync->options.env,
						.transport = worker->transport, .cancel = sync->cancel,
						.who = sync->options.who, .holder = worker->name,
						.sleep = sync->options.sleep, .sleep_ctx = sync->options.ctx };
	return true;
}

void worker_close(struct worker *worker)
{
	if (!worker->store)
		return;
	store_close(worker->store);
	compress_free(worker->compress);
	worker->sync->options.transport_free(worker->sync->options.ctx, worker->transport);
}

/* What a backfill took is nobody's business afterwards. */
void worker_rest(struct worker *worker)
{
	store_rest(worker->store);
	compress_rest(worker->compress);
	memory_give_back();
}

static uint64_t read_news(struct sync *sync)
{
	uint64_t news;

	lock_enter(sync->lock);
	news = sync->news;
	lock_leave(sync->lock);
	return news;
}

/* Until something is due, or somebody says that there is news since `news`; true: there was neither for so long. */
static bool wait_for_news(struct sync *sync, uint64_t news, int64_t next_ms, int64_t most_ms)
{
	int64_t wait_ms;
	bool quiet;

	lock_enter(sync->lock);
	if (sync->quiet_ms < next_ms)
		next_ms = sync->quiet_ms;
	wait_ms = next_ms == INT64_MAX ? IDLE_MS : next_ms - sync_now(sync);
	for (size_t i = 0; i < sync->asked_count; i++)
		if (!sync->asked[i].done && !sync->asked[i].taken)
			wait_ms = LOOK_MS; /* somebody waits, and another process may be done with it soon */
	wait_ms = wait_ms < LOOK_MS ? LOOK_MS : wait_ms > IDLE_MS ? IDLE_MS : wait_ms;
	if (!cancel_asked(sync->cancel) && sync->news == news)
		lock_wait(sync->lock, wait_ms < most_ms ? wait_ms : most_ms);
	quiet = wait_ms > most_ms && sync->news == news && !cancel_asked(sync->cancel);
	lock_leave(sync->lock);
	return quiet;
}

void worker_thread(void *ctx)
{
	struct sync *sync = ctx;
	struct worker worker;
	struct error err = { 0 };

	if (!worker_open(sync, &worker, &err)) {
		log_error("sync", "a worker cannot start: %s", err.text);
		return;
	}
	while (!cancel_asked(sync->cancel)) {
		uint64_t news = read_news(sync);
		int64_t next_ms = INT64_MAX;
		bool worked = false;

		if (!worker_step(&worker, &worked, &next_ms, &err))
			log_error("sync", "%s", err.text);
		if (worked)
			continue;
		house_keep(&worker);
		/* To look takes something, too; but others' news, many a second while they read, shall find it ready. */
		if (wait_for_news(sync, news, next_ms, QUIET_MS)) {
			worker_rest(&worker);
			wait_for_news(sync, news, next_ms, IDLE_MS);
		}
	}
	worker_close(&worker);
}
