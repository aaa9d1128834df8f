/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `who`: which processes work on the store just now, each by the account that it holds, and who has its file open. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/holder.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/objects.h"
#include "verbs.h"

static const struct printer_column columns[] = {
	{ "account", false }, { "account_id", true }, { "host", false }, { "process", false }, { "state", false }, { "until", false }, { NULL, false },
};

/* "host:pid:start:number" */
static void print_lease(const struct app *app, const struct printer *printer, const struct lease *lease)
{
	char host[sizeof(lease->holder)], process[sizeof(lease->holder)];
	size_t len = strcspn(lease->holder, ":"), next = lease->holder[len] ? strcspn(lease->holder + len + 1, ":") : 0;
	struct account account;
	struct error ignored;
	bool found;

	snprintf(host, sizeof(host), "%.*s", (int)len, lease->holder);
	snprintf(process, sizeof(process), "%.*s", (int)next, lease->holder[len] ? lease->holder + len + 1 : "");
	printer->row(printer->ctx);
	printer->text(printer->ctx, "account",
		      accounts_get(app->store, lease->account_id, &account, &found, &ignored) && found ? account.name : lease->account_id);
	printer->text(printer->ctx, "account_id", lease->account_id);
	printer->text(printer->ctx, "host", host);
	printer->text(printer->ctx, "process", process);
	printer->text(printer->ctx, "state", holder_is_dead(lease->holder) ? "gone" : lease->until_ms <= verb_now(app) ? "late" : "works");
	printer->time(printer->ctx, "until", lease->until_ms);
}

static enum command_exit run(struct app *app, const struct arguments *arguments, const struct printer *printer, struct error *err)
{
	AUTO(memory_freep) struct lease *leases = NULL;
	char processes[400];
	size_t count = 0;

	(void)arguments;
	if (!lease_all(app->store, &leases, &count, err))
		return verb_failed(err);
	printer->begin(printer->ctx, "who", columns);
	for (size_t i = 0; i < count; i++)
		print_lease(app, printer, &leases[i]);
	printer->end(printer->ctx);
	if (count == 0)
		verb_note(printer, "Nobody works on it just now.");
	if (holder_of_file(store_path(app->store), processes, sizeof(processes)))
		verb_note(printer, "Open on this machine by %s.", processes);
	return EXIT_DONE;
}

static const char *const examples[] = { "ledgerdeck who", NULL };

const struct command command_who = {
	.name = "who", .summary = "list which processes work on the store, and for which accounts", .needs = NEEDS_STORE,
	.examples = examples, .run = run,
};
