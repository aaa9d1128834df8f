/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an operator sets for an account or a type: pause and go on, left out or taken in, how often it is read. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "engine.h"
#include "ledgerdeck/core/memory.h"

static bool find_account(struct store *store, const char *id, struct account *account, struct error *err)
{
	bool found;

	if (!accounts_get(store, id, account, &found, err))
		return false;
	return found || error_set(err, ERROR_INPUT, "there is no account '%s'", id);
}

/* The login alone, without where from. */
static int login_len(const char *who)
{
	return (int)strcspn(who, " @(");
}

static bool set_paused(struct account *account, bool paused, const char *who, bool *ret_changed, struct error *err)
{
	*ret_changed = (account->state == ACCOUNT_PAUSED) != paused;
	if (!*ret_changed)
		return true;
	if (account->state != ACCOUNT_OK && account->state != ACCOUNT_PAUSED)
		return error_set(err, ERROR_INPUT, "'%.80s' is %s; it must be connected first: ledgerdeck connect %s --account %s",
				 account->name, account_state_word(account->state), account->provider, account->id);
	account->state = paused ? ACCOUNT_PAUSED : ACCOUNT_OK;
	account->reason[0] = '\0';
	if (paused)
		snprintf(account->reason, sizeof(account->reason), "paused by %.*s", login_len(who), who);
	return true;
}

bool sync_pause(struct store *store, const char *account_id, bool paused, const char *who, int64_t now_ms, bool *ret_changed,
		struct error *err)
{
	AUTO(store_end) struct store *transaction = store;
	struct account account;
	const char *before;

	if (!store_begin(store, err) || !find_account(store, account_id, &account, err))
		return false;
	before = account_state_word(account.state);
	if (!set_paused(&account, paused, who, ret_changed, err))
		return false;
	return !*ret_changed ||
	       (accounts_save(store, &account, err) &&
		audit_add(store, who, paused ? "pause" : "resume", account.id, before, account_state_word(account.state), now_ms, err) &&
		store_commit(transaction, err));
}

bool sync_want(struct store *store, const char *account_id, const char *type, bool wanted, const char *who, int64_t now_ms,
	       bool *ret_changed, struct error *err)
{
	AUTO(store_end) struct store *transaction = store;
	struct account account;
	struct object object;

	if (!store_begin(store, err) || !find_account(store, account_id, &account, err) ||
	    !objects_ensure(store, account_id, type, &object, err))
		return false;
	*ret_changed = object.wanted != wanted;
	if (!*ret_changed)
		return true;
	object.wanted = wanted;
	if (wanted)
		object.next_ms = 0;
	return objects_set(store, &object, err) &&
	       audit_add(store, who, wanted ? "type taken in" : "type left out", account_id, "", type, now_ms, err) &&
	       store_commit(transaction, err);
}

static void interval_text(int64_t interval_s, char *out, size_t size)
{
	if (interval_s > 0)
		snprintf(out, size, "%" PRId64 " s", interval_s);
	else
		snprintf(out, size, "%s", interval_s == 0 ? "default" : "when asked");
}

/* Let the new interval count from now on: nobody waits the old one out. */
static bool rearm(struct store *store, const struct settings *settings, struct object *object, int64_t now_ms, struct error *err)
{
	int64_t interval_ms = sync_interval_s(store, settings, object) * 1000;

	if (interval_ms == 0)
		object->next_ms = object->success_ms ? INT64_MAX : object->next_ms;
	else if (object->next_ms == INT64_MAX || object->next_ms - now_ms > interval_ms)
		object->next_ms = now_ms;
	return objects_set(store, object, err);
}

static bool set_account(struct store *store, const struct settings *settings, struct account *account, int64_t interval_s,
			int64_t now_ms, struct error *err)
{
	AUTO(object_list_clear) struct object_list objects = { 0 };

	account->interval_s = interval_s;
	if (!accounts_save(store, account, err) || !objects_all(store, account->id, &objects, err))
		return false;
	for (size_t i = 0; i < objects.count; i++)
		if (objects.items[i].interval_s == 0 && !rearm(store, settings, &objects.items[i], now_ms, err))
			return false;
	return true;
}

bool sync_every(struct store *store, const struct settings *settings, const char *account_id, const char *type,
		int64_t interval_s, const char *who, int64_t now_ms, bool *ret_changed, struct error *err)
{
	AUTO(store_end) struct store *transaction = store;
	char before[40], after[120], text[40];
	struct account account;
	struct object object = { 0 };
	int64_t now_s;

	if (!store_begin(store, err) || !find_account(store, account_id, &account, err) ||
	    (type && !objects_ensure(store, account_id, type, &object, err)))
		return false;
	now_s = type ? object.interval_s : account.interval_s;
	*ret_changed = now_s != interval_s;
	if (!*ret_changed)
		return true;
	object.interval_s = interval_s;
	interval_text(now_s, before, sizeof(before));
	interval_text(interval_s, text, sizeof(text));
	snprintf(after, sizeof(after), "%.70s%s%s", type ? type : "", type ? ": " : "", text);
	return (type ? rearm(store, settings, &object, now_ms, err) : set_account(store, settings, &account, interval_s, now_ms, err)) &&
	       audit_add(store, who, "interval", account_id, before, after, now_ms, err) && store_commit(transaction, err);
}
