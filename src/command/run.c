/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `run`: the scheduler without a screen. The engine works on what falls due until it is told to stop; each
 * attempt is told in the log.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/log.h"
#include "verbs.h"

#define LOOK_MS 500

struct keeper {
	struct app *app;
	struct account_list accounts; /* for their names; read again when one is not known */
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
	while (!cancel_asked(app->cancel))
		tell(&keeper);
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
