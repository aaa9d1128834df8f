/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a scheduler does while nothing is due: objects for accounts that were connected since, tokens that
 * would die of idleness, rows of the log that are old enough, how far sync requests have come, and a short write-ahead log.
 */
#include <stdio.h>
#include <string.h>

#include "engine.h"
#include "ledgerdeck/core/log.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/utf8.h"
#include "ledgerdeck/sync/request.h"

#define EVERY_MS INT64_C(60000)
#define TRIM_MS INT64_C(86400000)
#define HARD_WARN_MS (INT64_C(30) * 86400000)
#define LAST_DAYS_MS (INT64_C(14) * 86400000) /* a refresh token with less left is renewed at once */

/* A type that the account has not had yet, with the interval that its row gives it. */
static bool ensure(struct store *store, const struct account *account, const struct type *type, struct error *err)
{
	struct object object;
	bool found;

	if (!objects_get(store, account->id, type->name, &object, &found, err))
		return false;
	if (found)
		return true;
	if (!objects_ensure(store, account->id, type->name, &object, err))
		return false;
	object.interval_s = type->every_s;
	return object.interval_s == 0 || objects_set(store, &object, err);
}

bool house_ensure(struct sync *sync, struct store *store, const struct account *account, struct error *err)
{
	const struct catalogue *catalogue = sync->options.catalogue;

	for (size_t i = 0; i < catalogue_count(catalogue); i++) {
		const struct type *type = catalogue_at(catalogue, i);

		if (strcmp(type->provider, account->provider) == 0 && !ensure(store, account, type, err))
			return false;
	}
	return true;
}

static bool ensure_all(struct worker *worker, const struct account_list *accounts, struct error *err)
{
	AUTO(store_end) struct store *transaction = worker->store;
	const struct catalogue *catalogue = worker->sync->options.catalogue;
	bool good = true;

	for (size_t i = 0; i < accounts->count && good; i++) {
		AUTO(object_list_clear) struct object_list objects = { 0 };
		size_t types = 0;

		if (accounts->items[i].state == ACCOUNT_DISCONNECTED)
			continue;
		if (!objects_all(worker->store, accounts->items[i].id, &objects, err))
			return false;
		for (size_t j = 0; j < catalogue_count(catalogue); j++)
			types += strcmp(catalogue_at(catalogue, j)->provider, accounts->items[i].provider) == 0;
		if (objects.count < types)
			good = store_begin(transaction, err) && house_ensure(worker->sync, transaction, &accounts->items[i], err) &&
			       store_commit(transaction, err);
	}
	return good;
}

/* Refresh tokens age even while the access token is not needed. */
static void keep_alive(struct worker *worker, const struct account *account)
{
	const struct provider *provider = provider_find(account->provider);
	int64_t idle_ms = settings_number(worker->sync->options.settings, "connect.keep_alive") * 1000;
	int64_t now_ms = sync_now(worker->sync);
	struct account after;
	struct error err = { 0 };

	if ((account->state != ACCOUNT_OK && account->state != ACCOUNT_PAUSED) || !provider || !(provider->can & PROVIDER_REFRESHES))
		return;
	if (now_ms - account->refreshed_ms < idle_ms &&
	    (account->refresh_expires_ms == 0 || account->refresh_expires_ms - now_ms > LAST_DAYS_MS))
		return;
	if (now_ms - account->refreshed_ms < TRIM_MS)
		return; /* once a day is enough, whatever it says */
	if (!connect_refresh(&worker->world, account->id, true, &after, &err))
		log_warn("sync", "%s", err.text);
}

bool sync_warning(const struct account *account, int64_t now_ms, char *ret_text)
{
	int64_t hard_ms = account->hard_expires_ms ? account->hard_expires_ms - now_ms : INT64_MAX;
	int64_t idle_ms = account->refresh_expires_ms ? account->refresh_expires_ms - now_ms : INT64_MAX;
	bool hard = hard_ms <= HARD_WARN_MS && hard_ms <= idle_ms;

	ret_text[0] = '\0';
	if ((account->state != ACCOUNT_OK && account->state != ACCOUNT_PAUSED) || (!hard && idle_ms > LAST_DAYS_MS))
		return false;
	snprintf(ret_text, 240, hard ? "The connection of '%.*s' ends in %lld days, whatever is done; connect it again before: ledgerdeck "
				       "connect %s --account %s"
				     : "The tokens of '%.*s' end in %lld days; renew them: ledgerdeck refresh %.0s%s",
		 utf8_fit(account->name, 60), account->name, (long long)((hard ? hard_ms : idle_ms) < 0 ? 0 : (hard ? hard_ms : idle_ms) / TRIM_MS), account->provider,
		 account->id);
	return true;
}

/* Into the log 30, 14, 7 days and one day before, once a day at most. */
static void warn_of_end(struct worker *worker, const struct account *account)
{
	static const int days[] = { 30, 14, 7, 1, 0 };
	int64_t now_ms = sync_now(worker->sync);
	char text[240];

	if (!sync_warning(account, now_ms, text))
		return;
	for (size_t i = 0; i < ARRAY_LEN(days); i++)
		if ((account->hard_expires_ms - now_ms) / TRIM_MS == days[i] || (account->refresh_expires_ms - now_ms) / TRIM_MS == days[i]) {
			log_warn("sync", "%s", text);
			return;
		}
}

static void trim(struct worker *worker)
{
	AUTO(store_end) struct store *transaction = worker->store;
	int64_t keep_ms = settings_number(worker->sync->options.settings, "log.keep") * 1000, trimmed = 0;
	struct error err = { 0 };

	if (!store_begin(transaction, &err) ||
	    !attempts_trim(transaction, sync_now(worker->sync) - keep_ms, &trimmed, &err) || !store_commit(transaction, &err))
		log_warn("sync", "the log's old rows stay for now: %s", err.text);
	else if (trimmed > 0)
		log_info("sync", "%lld old rows of the log are counts now", (long long)trimmed);
}

/* One thread at a time, and not more often than every minute. */
static bool is_due(struct sync *sync, bool *ret_trim, bool *ret_checkpoint)
{
	int64_t now_ms = sync_now(sync);
	bool due;

	lock_enter(sync->lock);
	due = sync->schedule && (now_ms >= sync->house_ms || sync->house_ms - now_ms > 2 * EVERY_MS);
	if (due)
		sync->house_ms = now_ms + EVERY_MS;
	*ret_trim = due && now_ms >= sync->trim_ms;
	if (*ret_trim)
		sync->trim_ms = now_ms + TRIM_MS;
	*ret_checkpoint = sync->busy_count == 0 && sync->written;
	if (*ret_checkpoint)
		sync->written = false;
	lock_leave(sync->lock);
	return due;
}

void house_keep(struct worker *worker)
{
	AUTO(account_list_clear) struct account_list accounts = { 0 };
	bool trims, checkpoints, due = is_due(worker->sync, &trims, &checkpoints);
	struct error err = { 0 };

	debounce_keep(worker);
	outbox_keep(worker);
	if (due) {
		if (!accounts_all(worker->store, &accounts, &err) || !ensure_all(worker, &accounts, &err))
			log_warn("sync", "%s", err.text);
		for (size_t i = 0; i < accounts.count && !cancel_asked(worker->sync->cancel); i++)
			keep_alive(worker, &accounts.items[i]);
		rearm_all(worker, &accounts);
		if (!requests_review(worker->store, worker->sync->options.catalogue, NULL, &worker->sync->options.env, &err))
			log_warn("sync", "sync requests: %s", err.text);
	}
	for (size_t i = 0; trims && i < accounts.count; i++)
		warn_of_end(worker, &accounts.items[i]);
	if (trims)
		trim(worker);
	/* Others may be reading: then it is done another time. */
	if (checkpoints && !store_checkpoint(worker->store, &err))
		log_debug("sync", "%s", err.text);
}
