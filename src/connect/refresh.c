/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Renewing a pair of tokens: one renews, all others wait and take what it saved. The lease is a row of the
 * store, so it holds over threads and processes; the new pair is on the disk before it is used; a
 * crash in between is seen by the next one, which tries the pair it finds and, when the ledger has
 * moved on, says so instead of trying again and again.
 */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/log.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/log.h"
#include "world.h"

#define LEASE_MS 120000  /* longer than a sign-in call with its tries; throttles may outlast it, see save() */
#define LOOK_MS 100

static int64_t now_ms(const struct connect_world *world)
{
	return world->env.wall_ms(world->env.ctx);
}

static bool load_access(struct connect_world *world, const struct account *account, const char *realm,
			struct secret **access, struct error *err)
{
	int64_t generation;

	secret_free(*access);
	*access = NULL;
	return world_load(world, account->id, realm, account->environment, "access", 0, &generation, access, err);
}

/* Is the stored access token good for longer than the lead? */
static bool is_fresh(const struct connect_world *world, const struct account *account)
{
	int64_t lead_ms = settings_number(world->settings, "connect.refresh_lead") * 1000;

	return account->access_expires_ms - now_ms(world) > lead_ms;
}

/* Whoever renews: of several threads of one process each is its own. */
struct holder {
	char name[120];
};

static struct holder make_holder(const struct connect_world *world)
{
	struct holder holder;
	uint64_t number;

	world->env.random(world->env.ctx, &number, sizeof(number));
	snprintf(holder.name, sizeof(holder.name), "%.90s#%016llx", world->holder, (unsigned long long)number);
	return holder;
}

static bool read_account(struct connect_world *world, struct account *account, struct error *err)
{
	bool found;

	if (!accounts_get(world->store, account->id, account, &found, err))
		return false;
	if (!found)
		return error_set(err, ERROR_INPUT, "there is no account '%s' any more", account->id);
	if (account->state == ACCOUNT_OK || account->state == ACCOUNT_PAUSED)
		return true;
	return error_set(err, ERROR_AUTH, "'%s' %s; run 'ledgerdeck connect %s'", account->name,
			 account->state == ACCOUNT_DISCONNECTED ? "is disconnected" : "must be connected again", account->provider);
}

static bool take_lease(struct connect_world *world, const struct account *account, const struct holder *holder,
		       bool *ret_taken, struct error *err)
{
	AUTO(store_end) struct store *transaction = world->store;
	int64_t wait_ms = 0;

	return store_begin(world->store, err) &&
	       refresh_lease(world->store, account->id, holder->name, now_ms(world), LEASE_MS, ret_taken, &wait_ms, err) &&
	       store_commit(transaction, err);
}

/* A lease that can't be given back runs out by itself. `lost` keeps the note that a renewal was begun and not ended. */
static void release(struct connect_world *world, const struct account *account, const struct holder *holder, bool lost)
{
	AUTO(store_end) struct store *transaction = world->store;
	struct error ignored;
	int64_t wait_ms;
	bool taken;

	if (store_begin(world->store, &ignored) &&
	    (lost ? refresh_lease(world->store, account->id, holder->name, now_ms(world), 0, &taken, &wait_ms, &ignored)
		  : refresh_release(world->store, account->id, holder->name, &ignored)))
		store_commit(transaction, &ignored);
}

static bool note_start(struct connect_world *world, const struct account *account, struct error *err)
{
	AUTO(store_end) struct store *transaction = world->store;

	return store_begin(world->store, err) && refresh_started(world->store, account->id, account->generation, err) &&
	       store_commit(transaction, err);
}

/*
 * Has somebody else renewed or reconnected since? Then theirs are the tokens. Within a transaction; `account` is as the
 * store has it then.
 */
static bool overtaken(struct connect_world *world, struct account *account, bool *ret_overtaken, struct error *err)
{
	int64_t generation = account->generation;
	bool found;

	if (!accounts_get(world->store, account->id, account, &found, err))
		return false;
	if (!found)
		return error_set(err, ERROR_INPUT, "there is no account '%s' any more", account->id);
	*ret_overtaken = account->generation != generation;
	return true;
}

/* The pair, the account and the end of the lease in one transaction: durable before anybody uses it. */
static bool save(struct connect_world *world, struct account *account, const char *realm, const struct holder *holder,
		 const struct tokens *tokens, struct error *err)
{
	AUTO(store_end) struct store *transaction = world->store;
	struct account after;
	bool late;

	if (!store_begin(world->store, err) || !overtaken(world, account, &late, err))
		return false;
	if (late || account->state == ACCOUNT_DISCONNECTED) {
		if (!refresh_release(world->store, account->id, holder->name, err) || !store_commit(transaction, err))
			return false;
		return late || error_set(err, ERROR_AUTH, "'%s' was disconnected meanwhile", account->name);
	}
	after = *account;
	/* Somebody who found our lease run out may have taken the old pair for dead: these are what the ledger gave since. */
	if (after.state == ACCOUNT_RECONNECT) {
		after.state = ACCOUNT_OK;
		after.reason[0] = '\0';
	}
	after.generation++;
	after.refreshed_ms = now_ms(world);
	after.access_expires_ms = tokens->access_expires_ms;
	after.refresh_expires_ms = tokens->refresh_expires_ms ? tokens->refresh_expires_ms : account->refresh_expires_ms;
	after.hard_expires_ms = tokens->hard_expires_ms ? tokens->hard_expires_ms : account->hard_expires_ms;
	if (!world_save(world, account->id, realm, account->environment, "access", after.generation, tokens->access, err) ||
	    !world_save(world, account->id, realm, account->environment, "refresh", after.generation, tokens->refresh, err) ||
	    !accounts_save(world->store, &after, err) || !refresh_release(world->store, account->id, holder->name, err) ||
	    !store_commit(transaction, err))
		return error_prefix(err, "cannot keep the renewed tokens of '%s'", account->name);
	*account = after;
	return true;
}

/* The ledger has ended it: mark the account, tell in the audit, and never try by ourselves again. */
static bool mark_lost(struct connect_world *world, struct account *account, const struct holder *holder, bool interrupted,
		      struct error *err)
{
	AUTO(store_end) struct store *transaction = world->store;
	struct error cause = *err, ignored;
	bool late = false;

	if (!store_begin(world->store, err) || !overtaken(world, account, &late, err))
		return false;
	if (late || account->state == ACCOUNT_DISCONNECTED)
		return late;
	account->state = ACCOUNT_RECONNECT;
	snprintf(account->reason, sizeof(account->reason), "%s",
		 interrupted ? "a renewal of its tokens was interrupted and the ledger has moved on; connect it again"
			     : "the ledger no longer takes its tokens: permission was withdrawn, they are too old, or another program "
			       "renewed them; connect it again");
	if (accounts_save(world->store, account, &ignored) &&
	    refresh_release(world->store, account->id, holder->name, &ignored) &&
	    audit_add(world->store, world->who, "refresh failed", account->id, "ok", "reconnect", now_ms(world), &ignored))
		store_commit(transaction, &ignored);
	*err = cause;
	return error_prefix(err, "'%s' must be connected again", account->name);
}

static bool renew_with(struct connect_world *world, const struct account *account, const char *realm, int which,
		       struct tokens *ret_tokens, bool *ret_tried, struct error *err)
{
	const struct provider *provider = provider_find(account->provider);
	AUTO(secret_freep) struct secret *refresh = NULL;
	int64_t generation;

	*ret_tried = false;
	if (!world_load(world, account->id, realm, account->environment, "refresh", which, &generation, &refresh, err))
		return false;
	if (!refresh)
		return error_set(err, ERROR_AUTH, "there is no refresh token");
	*ret_tried = true;
	return tokens_renew(world, provider, account->environment, refresh, ret_tokens, err);
}

/* Under the lease. The newest pair first; when it is refused, the one before it once: an answer may have been lost. */
static bool renew(struct connect_world *world, struct account *account, const char *realm, const struct holder *holder,
		  struct error *err)
{
	AUTO(tokens_clear) struct tokens tokens = { 0 };
	struct error first;
	bool interrupted = false, tried;

	if (!refresh_unfinished(world->store, account->id, &interrupted, err) || !note_start(world, account, err))
		return false;
	if (renew_with(world, account, realm, 0, &tokens, &tried, err))
		return save(world, account, realm, holder, &tokens, err);
	if (err->code != ERROR_AUTH)
		return error_prefix(err, "cannot renew the tokens of '%s'", account->name);
	first = *err;
	if (renew_with(world, account, realm, 1, &tokens, &tried, err))
		return save(world, account, realm, holder, &tokens, err);
	if (tried && err->code != ERROR_AUTH)
		return error_prefix(err, "cannot renew the tokens of '%s'", account->name);
	*err = first;
	return mark_lost(world, account, holder, interrupted, err);
}

bool refresh_access(struct connect_world *world, struct account *account, const char *realm, bool rejected, bool force,
		    struct secret **access, struct error *err)
{
	int64_t held = account->generation, first = account->generation;
	struct holder holder = make_holder(world);
	bool taken = false, good;

	for (;;) {
		if (!read_account(world, account, err))
			return false;
		/* Somebody else was faster, or nothing has to be done. */
		if (account->generation > first || (!rejected && !force && is_fresh(world, account)))
			return load_access(world, account, realm, access, err);
		if (!take_lease(world, account, &holder, &taken, err))
			return false;
		if (taken)
			break;
		if (!world_sleep(world, LOOK_MS))
			return error_set(err, ERROR_CANCELLED, "stopped while waiting for tokens");
	}
	/* What was read before the lease may be old by now. */
	if (!read_account(world, account, err)) {
		release(world, account, &holder, false);
		return false;
	}
	if (account->generation > held) {
		release(world, account, &holder, false);
		return load_access(world, account, realm, access, err);
	}
	good = renew(world, account, realm, &holder, err);
	if (good) {
		log_info("connect", "renewed the tokens of %s", account->id);
		return load_access(world, account, realm, access, err);
	}
	if (account->state != ACCOUNT_RECONNECT)
		release(world, account, &holder, err->outcome_unknown);
	/* The old token may still live: a ledger that can't renew right now can perhaps be read. */
	if (!rejected && !force && err->code != ERROR_AUTH && account->access_expires_ms > now_ms(world)) {
		log_warn("connect", "%s", err->text);
		return load_access(world, account, realm, access, err);
	}
	return false;
}

/* By hand it is an act of the operator, whoever was fastest. */
static bool note_act(struct connect_world *world, const struct account *account, int64_t before, struct error *err)
{
	AUTO(store_end) struct store *transaction = world->store;
	char old_words[40], new_words[40];

	snprintf(old_words, sizeof(old_words), "generation %lld", (long long)before);
	snprintf(new_words, sizeof(new_words), "generation %lld", (long long)account->generation);
	return store_begin(world->store, err) &&
	       audit_add(world->store, world->who, "refresh", account->id, old_words, new_words, now_ms(world), err) &&
	       store_commit(transaction, err);
}

bool connect_refresh(struct connect_world *world, const char *account_id, bool now, struct account *ret_account,
		     struct error *err)
{
	AUTO(secret_freep) struct secret *access = NULL;
	struct account account = { 0 };
	const struct provider *provider;
	int64_t before;
	char realm[64];

	snprintf(account.id, sizeof(account.id), "%s", account_id);
	if (!read_account(world, &account, err) || !world_realm(world, &account, realm, err))
		return false;
	provider = provider_find(account.provider);
	if (!provider || !(provider->can & PROVIDER_REFRESHES))
		return error_set(err, ERROR_INPUT, "the token of '%s' can't be renewed; enter a new one with 'ledgerdeck connect %s'",
				 account.name, account.provider);
	before = account.generation;
	if (!refresh_access(world, &account, realm, false, now, &access, err) || (now && !note_act(world, &account, before, err)))
		return false;
	*ret_account = account;
	return true;
}
