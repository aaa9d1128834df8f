/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A thread beside the workers: while the engine follows the schedule, columns that the catalogue's rows have left behind
 * are filled anew, one type after the other, without waiting for the next read and in nobody's way. It makes no call, so that
 * paused and ended connections are no matter. When all are filled it ends.
 */
#include <string.h>

#include "engine.h"
#include "ledgerdeck/core/log.h"
#include "ledgerdeck/core/memory.h"

#define LOOK_MS 1000       /* others work on what is left */
#define FAILED_MS 60000    /* after a full disk, say; doubled each time */
#define FAILED_MAX_MS 3600000

enum outcome { DONE, LEFT, FAILED };

static enum outcome worse(enum outcome a, enum outcome b)
{
	return a > b ? a : b;
}

/* One object to ourselves, as it is by then. */
static enum outcome fill(struct worker *worker, const struct type *type, struct object *object)
{
	struct error err = { 0 };
	int64_t fence = 0;
	bool held = false, found = false, good;

	if (!worker_hold(worker, object, &fence, &held, &err)) {
		log_error("sync", "%s", err.text);
		return FAILED;
	}
	if (!held)
		return LEFT;
	good = objects_get(worker->store, object->account_id, object->type, object, &found, &err) &&
	       (!found || object_is_current(object, type) || extract_run(worker, object, type, fence, &err));
	worker_let_go(worker, object);
	if (!good && err.code != ERROR_CANCELLED)
		log_error("sync", "%s %s: its columns cannot be filled anew: %s", object->account_id, object->type, err.text);
	return good ? DONE : FAILED;
}

static enum outcome fill_account(struct worker *worker, const struct account *account)
{
	AUTO(object_list_clear) struct object_list objects = { 0 };
	enum outcome outcome = DONE;
	struct error err = { 0 };

	if (!objects_all(worker->store, account->id, &objects, &err))
		return FAILED;
	for (size_t i = 0; i < objects.count && !cancel_asked(worker->sync->cancel); i++) {
		const struct type *type = catalogue_find(worker->sync->options.catalogue, account->provider, objects.items[i].type);

		if (type && !object_is_current(&objects.items[i], type))
			outcome = worse(outcome, fill(worker, type, &objects.items[i]));
	}
	return outcome;
}

static enum outcome fill_all(struct worker *worker)
{
	AUTO(account_list_clear) struct account_list accounts = { 0 };
	enum outcome outcome = DONE;
	struct error err = { 0 };

	if (!accounts_all(worker->store, &accounts, &err))
		return FAILED;
	for (size_t i = 0; i < accounts.count; i++)
		outcome = worse(outcome, fill_account(worker, &accounts.items[i]));
	return outcome;
}

void background_thread(void *ctx)
{
	struct sync *sync = ctx;
	struct worker worker = { .sync = sync };
	int64_t failed_ms = FAILED_MS;
	enum outcome outcome;
	struct error err = { 0 };

	if (!store_open(sync->options.store_path, STORE_WRITE, 0, &worker.store, &err)) {
		log_error("sync", "columns are not filled in the background: %s", err.text);
		return;
	}
	store_take_turns(worker.store, sync->turn);
	worker.compress = compress_new();
	while ((outcome = fill_all(&worker)) != DONE && cancel_sleep(sync->cancel, outcome == LEFT ? LOOK_MS : failed_ms))
		failed_ms = outcome == LEFT ? FAILED_MS : failed_ms * 2 < FAILED_MAX_MS ? failed_ms * 2 : FAILED_MAX_MS;
	compress_free(worker.compress);
	store_close(worker.store);
}
