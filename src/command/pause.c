/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `pause` and `resume`: an account, single types of it, or everything is left alone for a while. */
#include <string.h>

#include "verbs.h"

static const struct printer_column columns[] = {
	{ "account", false }, { "account_id", true }, { "type", false }, { "state", false }, { "changed", true }, { NULL, false },
};

static void print_change(const struct printer *printer, const struct account *account, const char *type, bool on, bool changed)
{
	printer->row(printer->ctx);
	printer->text(printer->ctx, "account", account->name);
	printer->text(printer->ctx, "account_id", account->id);
	printer->text(printer->ctx, "type", type);
	printer->text(printer->ctx, "state", on ? "ok" : "paused");
	printer->flag(printer->ctx, "changed", changed);
}

static bool change(struct app *app, const struct account *account, const char *const *types, bool on,
		   const struct printer *printer, struct error *err)
{
	bool changed;

	if (!types) {
		if (!sync_pause(app->store, account->id, !on, app->who, verb_now(app), &changed, err))
			return false;
		print_change(printer, account, NULL, on, changed);
	}
	for (; types && *types; types++) {
		if (!sync_want(app->store, account->id, *types, on, app->who, verb_now(app), &changed, err))
			return false;
		print_change(printer, account, *types, on, changed);
	}
	return true;
}

/* Every account has the types that are named, or nothing is changed. */
static bool check_types(struct app *app, const struct account_list *list, const struct arguments *arguments, struct error *err)
{
	for (size_t i = 0; i < list->count; i++) {
		AUTO(memory_freep) const char **types = NULL;

		if (!verb_types(app, list->items[i].provider, argument_all(arguments, "--type"), &types, err))
			return false;
	}
	return true;
}

/* Whoever says "all" means those that could be read: the others have nothing that goes on. */
static void keep_connected(struct account_list *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].state == ACCOUNT_OK || list->items[i].state == ACCOUNT_PAUSED)
			list->items[kept++] = list->items[i];
	list->count = kept;
}

static enum command_exit carry_out(struct app *app, const struct arguments *arguments, bool on, const struct printer *printer,
				   struct error *err)
{
	AUTO(account_list_clear) struct account_list list = { 0 };

	if (argument_given(arguments, "--all") == argument_given(arguments, "ACCOUNT")) {
		error_set(err, ERROR_INPUT, "which accounts? name them, or say --all; see 'ledgerdeck accounts'");
		return EXIT_USAGE;
	}
	if (!verb_accounts(app, argument_all(arguments, "ACCOUNT"), &list, err) || !check_types(app, &list, arguments, err))
		return verb_failed(err);
	if (argument_given(arguments, "--all"))
		keep_connected(&list);
	printer->begin(printer->ctx, on ? "resume" : "pause", columns);
	for (size_t i = 0; i < list.count; i++) {
		AUTO(memory_freep) const char **types = NULL;

		if (!verb_types(app, list.items[i].provider, argument_all(arguments, "--type"), &types, err) ||
		    !change(app, &list.items[i], types, on, printer, err))
			return verb_failed(err);
	}
	printer->end(printer->ctx);
	return EXIT_DONE;
}

static enum command_exit pause_run(struct app *app, const struct arguments *arguments, const struct printer *printer,
				   struct error *err)
{
	return carry_out(app, arguments, false, printer, err);
}

static enum command_exit resume_run(struct app *app, const struct arguments *arguments, const struct printer *printer,
				    struct error *err)
{
	return carry_out(app, arguments, true, printer, err);
}

static const struct argument_row rows[] = {
	{ "ACCOUNT", NULL, true, false, "these accounts, by any unique prefix of name or id" },
	{ "--all", NULL, false, false, "all accounts that are connected" },
	{ "--type", "TYPE", true, false, "only these types of them; several with commas between them" },
};

static const char *const examples[] = { "ledgerdeck pause Acme", "ledgerdeck pause Acme --type TimeActivity,Estimate", "ledgerdeck pause --all", NULL };

const struct command command_pause = {
	.name = "pause", .summary = "leave an account or types of it alone for a while",
	.needs = NEEDS_STORE | NEEDS_WRITE | CHANGES_THINGS, .arguments = rows, .argument_count = ARRAY_LEN(rows),
	.examples = examples, .run = pause_run,
};

const struct command command_resume = {
	.name = "resume", .summary = "go on with what was paused",
	.needs = NEEDS_STORE | NEEDS_WRITE | CHANGES_THINGS, .arguments = rows, .argument_count = ARRAY_LEN(rows),
	.run = resume_run,
};
