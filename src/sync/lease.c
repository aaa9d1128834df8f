/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An account's work belongs to one process at a time. Its lease is kept while any thread works for the
 * account and given back when none does. A holder that is gone is known by its process: what it held
 * need not run out first, since its writes fail by the number of the lease anyhow.
 */
#include <stdio.h>
#include <string.h>

#include "engine.h"
#include "ledgerdeck/core/holder.h"
#include "ledgerdeck/core/log.h"
#include "ledgerdeck/core/memory.h"

#define KEEP_MS 15000 /* how often the keeper renews, by the machine's clock */

void lease_name(struct sync *sync)
{
	char process[HOLDER_MAX];
	uint32_t number;

	holder_name(process, sizeof(process));
	sync->options.env.random(sync->options.env.ctx, &number, sizeof(number));
	snprintf(sync->holder, sizeof(sync->holder), "%s:%08x", process, (unsigned)number);
}

bool lease_bury(struct sync *sync, struct store *store, struct error *err)
{
	AUTO(store_end) struct store *transaction = store;
	AUTO(memory_freep) struct lease *leases = NULL;
	size_t count = 0;
	bool any = false, good = true;

	if (!lease_all(store, &leases, &count, err))
		return false;
	for (size_t i = 0; i < count; i++)
		any = any || (strcmp(leases[i].holder, sync->holder) != 0 && holder_is_dead(leases[i].holder));
	if (!any)
		return true;
	if (!store_begin(transaction, err))
		return false;
	/* Looked at again: the number is that of the dead one, or nothing is released. */
	for (size_t i = 0; good && i < count; i++)
		if (strcmp(leases[i].holder, sync->holder) != 0 && holder_is_dead(leases[i].holder))
			good = lease_release(transaction, leases[i].account_id, leases[i].fence, err);
	return good && store_commit(transaction, err);
}

bool lease_is_free(struct sync *sync, struct store *store, const char *account_id)
{
	AUTO(memory_freep) struct lease *leases = NULL;
	struct error ignored;
	size_t count = 0;

	if (!lease_all(store, &leases, &count, &ignored))
		return false;
	for (size_t i = 0; i < count; i++)
		if (strcmp(leases[i].account_id, account_id) == 0)
			return strcmp(leases[i].holder, sync->holder) == 0 || leases[i].until_ms <= sync_now(sync) ||
			       leases[i].until_ms - sync_now(sync) > 10 * SYNC_LEASE_MS;
	return true;
}

bool lease_get(struct sync *sync, struct store *store, struct sync_account *account, bool *ret_taken, struct error *err)
{
	AUTO(store_end) struct store *transaction = store;
	int64_t now_ms = sync_now(sync);
	bool held = false;

	*ret_taken = true;
	if (account->fence && account->until_ms - now_ms > SYNC_LEASE_MS / 2)
		return true;
	if (!store_begin(transaction, err))
		return false;
	/* One that ran out and that nobody took goes on under its number: our own threads write with it. */
	if (account->fence && !lease_renew(transaction, account->id, account->fence, now_ms + SYNC_LEASE_MS, &held, err))
		return false;
	if (!held) {
		account->fence = 0;
		if (!lease_take(transaction, account->id, sync->holder, now_ms, SYNC_LEASE_MS, ret_taken, &account->fence, err) ||
		    (*ret_taken && !attempts_interrupted(transaction, account->id, now_ms, err))) {
			account->fence = 0;
			return false;
		}
	}
	if (!*ret_taken || !store_commit(transaction, err)) {
		account->fence = 0;
		return !*ret_taken;
	}
	account->until_ms = now_ms + SYNC_LEASE_MS;
	return true;
}

void lease_give(struct sync *sync, struct store *store, struct sync_account *account)
{
	AUTO(store_end) struct store *transaction = store;
	struct error ignored;

	(void)sync;
	/* What can't be given back runs out by itself. */
	if (account->fence && store_begin(transaction, &ignored) &&
	    lease_release(transaction, account->id, account->fence, &ignored))
		store_commit(transaction, &ignored);
	account->fence = 0;
}

static void renew_all(struct sync *sync, struct store *store)
{
	for (size_t i = 0; i < sync->account_count; i++) {
		AUTO(store_end) struct store *transaction = store;
		struct sync_account *account = sync->accounts[i];
		int64_t until_ms = sync_now(sync) + SYNC_LEASE_MS;
		struct error err = { 0 };
		bool held = false;

		if (!account->busy || !account->fence)
			continue;
		if (!store_begin(transaction, &err) ||
		    !lease_renew(transaction, account->id, account->fence, until_ms, &held, &err) || !store_commit(transaction, &err))
			log_warn("sync", "cannot renew the lease of %s: %s", account->id, err.text);
		else if (held)
			account->until_ms = until_ms;
	}
}

void lease_keeper(void *ctx)
{
	struct sync *sync = ctx;
	struct store *store = NULL;
	struct error err = { 0 };

	if (!store_open(sync->options.store_path, STORE_WRITE, 0, &store, &err)) {
		log_error("sync", "leases cannot be kept: %s", err.text);
		return;
	}
	store_take_turns(store, sync->turn);
	while (cancel_sleep(sync->cancel, KEEP_MS)) {
		lock_enter(sync->lock);
		renew_all(sync, store);
		lock_leave(sync->lock);
		store_rest(store);
	}
	store_close(store);
}
