/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `run`: the scheduler without a screen. Works on what falls due until it is told to stop, tells of each
 * attempt in the log, and does the house-keeping that nobody asks for: old log rows, tokens that nobody uses.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/log.h"
#include "verbs.h"

#define HOUR_MS INT64_C(3600000)
#define LOOK_MS 500

struct keeper {
	struct app *app;
	struct account_list accounts; /* for their names; read again when one is not known */
	int64_t kept_ms;              /* wall: last house-keeping */
	int64_t attempts, failed;
};

static void keeper_clear(struct keeper *keeper)
{
	account_list_clear(&keeper->accounts);
}

static const char *find_name(const struct account_list *list, const char *id, const char **ret_provider)
{
	for (size_t i = 0; i < list->count; i++) {
		if (strcmp(list->items[i].id, id) == 0) {
			*ret_provider = list->items[i].provider;
			return list->items[i].name;
		}
	}
	return NULL;
}

static const char *name_of(struct keeper *keeper, const char *id, const char **ret_provider)
{
	const char *name = find_name(&keeper->accounts, id, ret_provider);
	struct error ignored;

	if (name)
		return name;
	account_list_clear(&keeper->accounts);
	*ret_provider = "";
	if (!accounts_all(keeper->app->store, &keeper->accounts, &ignored))
		return id;
	name = find_name(&keeper->accounts, id, ret_provider);
	return name ? name : id;
}

static void tell_ended(struct keeper *keeper, const struct sync_event *event)
{
	const struct put_counts *counts = &event->counts;
	const char *provider, *name = name_of(keeper, event->account_id, &provider);

	keeper->attempts++;
	if (event->error.code == ERROR_NONE) {
		log_info("run", "%s %s: %" PRId64 " read, %" PRId64 " added, %" PRId64 " changed, %" PRId64 " deleted, %" PRId64 " parked",
			 name, event->type, counts->added + counts->changed + counts->unchanged, counts->added, counts->changed,
			 counts->deleted, counts->parked);
	} else if (event->error.code != ERROR_CANCELLED) {
		keeper->failed++;
		log_warn("run", "%s %s failed: %s%s%s. %s", name, event->type, event->error.text, *event->error.trace_id ? " trace id " : "",
			 event->error.trace_id, sync_advice(provider, &event->error).act);
	}
}

static void tell(struct keeper *keeper)
{
	struct sync_event *event;

	while ((event = queue_take(keeper->app->events, LOOK_MS, keeper->app->cancel)) != NULL) {
		if (event->kind == SYNC_ENDED)
			tell_ended(keeper, event);
		else if (event->kind == SYNC_WAITING)
			log_info("run", "%s waits for %" PRId64 " s", event->type, event->wait_ms / 1000);
		free(event);
	}
}

/* ---- house-keeping */

static bool trim(struct app *app, int64_t *ret_trimmed, struct error *err)
{
	AUTO(store_end) struct store *transaction = app->store;
	int64_t before_ms = verb_now(app) - settings_number(app->settings, "log.keep") * 1000;

	return store_begin(app->store, err) && attempts_trim(app->store, before_ms, ret_trimmed, err) &&
	       store_commit(transaction, err);
}

/* Tokens of an account that nobody reads would end by themselves. */
static void keep_alive(struct app *app, struct error *err)
{
	AUTO(account_list_clear) struct account_list list = { 0 };
	int64_t idle_ms = settings_number(app->settings, "connect.keep_alive") * 1000;
	struct connect_world world;

	app_world(app, &world);
	if (!accounts_all(app->store, &list, err))
		return;
	for (size_t i = 0; i < list.count && !cancel_asked(app->cancel); i++) {
		struct account account = list.items[i];
		struct error error = { 0 };
		bool lives = account.state == ACCOUNT_OK || account.state == ACCOUNT_PAUSED;

		if (!lives || !account.refresh_expires_ms || verb_now(app) - account.refreshed_ms < idle_ms)
			continue;
		if (!connect_refresh(&world, account.id, true, &account, &error))
			log_warn("run", "cannot renew the idle tokens of %s: %s", list.items[i].name, error.text);
	}
}

static void keep_house(struct keeper *keeper)
{
	int64_t now_ms = verb_now(keeper->app), trimmed = 0;
	struct error err = { 0 };

	if (now_ms - keeper->kept_ms < HOUR_MS && now_ms >= keeper->kept_ms)
		return;
	keeper->kept_ms = now_ms;
	account_list_clear(&keeper->accounts);
	if (trim(keeper->app, &trimmed, &err) && trimmed > 0)
		log_info("run", "%" PRId64 " old attempts of the log became daily counts", trimmed);
	keep_alive(keeper->app, &err);
	if (err.code == ERROR_NONE)
		store_checkpoint(keeper->app->store, &err);
	if (err.code != ERROR_NONE)
		log_warn("run", "house-keeping: %s", err.text);
}

/* ---- the command */

static enum command_exit run(struct app *app, const struct arguments *arguments, const struct printer *printer,
			     struct error *err)
{
	AUTO(keeper_clear) struct keeper keeper = { .app = app };
	int workers = (int)settings_number(app->settings, "sync.workers");

	(void)arguments;
	log_info("run", "the scheduler starts on '%s' with %d workers", app->store_path, workers);
	if (!sync_start(app->sync, workers, true, err))
		return verb_failed(err);
	app->sync_runs = true;
	while (!cancel_asked(app->cancel)) {
		keep_house(&keeper);
		tell(&keeper);
	}
	log_info("run", "asked to stop: reads end, what was read is kept");
	/* app_close() waits for the workers and makes the file's log short. */
	sync_stop(app->sync);
	printer->begin(printer->ctx, "run", NULL);
	printer->number(printer->ctx, "attempts", keeper.attempts);
	printer->number(printer->ctx, "failed", keeper.failed);
	printer->end(printer->ctx);
	return EXIT_DONE;
}

const struct command command_run_headless = {
	.name = "run", .summary = "keep all accounts in step, without a screen, until stopped",
	.needs = NEEDS_STORE | NEEDS_WRITE | NEEDS_VAULT | NEEDS_SYNC | CHANGES_THINGS, .run = run,
};
