/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `interval`: how often an account or a type of it is read; shown, or set. */
#include <string.h>

#include "ledgerdeck/core/date.h"
#include "verbs.h"

#define INTERVAL_MAX_S (30 * 86400)

static const struct printer_column columns[] = {
	{ "account", false }, { "account_id", true }, { "type", false }, { "interval_s", false }, { "set_by", false },
	{ "next_at", false }, { NULL, false },
};

static bool is_shown(const struct object *object, const char *const *types)
{
	bool shown = !types;

	for (; types && *types; types++)
		shown = shown || strcmp(*types, object->type) == 0;
	return shown;
}

static bool print_account(struct app *app, const struct account *account, const char *const *types,
			  const struct printer *printer, struct error *err)
{
	AUTO(object_list_clear) struct object_list objects = { 0 };

	if (!objects_all(app->store, account->id, &objects, err))
		return false;
	for (size_t i = 0; i < objects.count; i++) {
		const struct object *object = &objects.items[i];

		if (!is_shown(object, types))
			continue;
		printer->row(printer->ctx);
		printer->text(printer->ctx, "account", account->name);
		printer->text(printer->ctx, "account_id", account->id);
		printer->text(printer->ctx, "type", object->type);
		printer->number(printer->ctx, "interval_s", sync_interval_s(app->store, app->settings, object));
		printer->text(printer->ctx, "set_by", object->interval_s ? "type" : account->interval_s ? "account" : "settings");
		printer->time(printer->ctx, "next_at", object->next_ms == INT64_MAX || object->status == OBJECT_DEAD ? 0 : object->next_ms);
	}
	return true;
}

static bool take_every(const char *text, int64_t *ret_s, struct error *err)
{
	if (strcmp(text, "default") == 0)
		*ret_s = 0;
	else if (strcmp(text, "asked") == 0)
		*ret_s = INTERVAL_ASKED;
	else if (!duration_parse(text, strlen(text), ret_s) || *ret_s < 1 || *ret_s > INTERVAL_MAX_S)
		return error_set(err, ERROR_INPUT, "--every takes a time from 1s to 30d, such as 15m, 2h or 1d, or 'default', or 'asked' for "
				 "only when asked, not '%.40s'", text);
	return true;
}

static bool set(struct app *app, const struct account *account, const char *const *types, int64_t every_s, struct error *err)
{
	bool changed;

	if (!types)
		return sync_every(app->store, app->settings, account->id, NULL, every_s, app->who, verb_now(app), &changed, err);
	for (; *types; types++)
		if (!sync_every(app->store, app->settings, account->id, *types, every_s, app->who, verb_now(app), &changed, err))
			return false;
	return true;
}

static bool carry_out(struct app *app, struct account *account, const struct arguments *arguments, const int64_t *every_s,
		      const struct printer *printer, struct error *err)
{
	AUTO(memory_freep) const char **types = NULL;

	return verb_types(app, account->provider, argument_all(arguments, "--type"), &types, err) &&
	       (!every_s || set(app, account, types, *every_s, err)) && accounts_find(app->store, account->id, account, err) &&
	       print_account(app, account, types, printer, err);
}

static enum command_exit run(struct app *app, const struct arguments *arguments, const struct printer *printer,
			     struct error *err)
{
	AUTO(account_list_clear) struct account_list list = { 0 };
	const char *every = argument(arguments, "--every");
	int64_t every_s = 0;

	if (every && !take_every(every, &every_s, err))
		return EXIT_USAGE;
	if (every && app->readonly) {
		error_set(err, ERROR_INPUT, "'interval --every' changes things, which --readonly forbids");
		return EXIT_USAGE;
	}
	if ((every && !app_store(app, true, err)) || !verb_accounts(app, argument_all(arguments, "ACCOUNT"), &list, err))
		return verb_failed(err);
	printer->begin(printer->ctx, "interval", columns);
	for (size_t i = 0; i < list.count; i++)
		if (!carry_out(app, &list.items[i], arguments, every ? &every_s : NULL, printer, err))
			return verb_failed(err);
	printer->end(printer->ctx);
	return EXIT_DONE;
}

static const struct argument_row rows[] = {
	{ "ACCOUNT", NULL, true, true, "these accounts, by any unique prefix of name or id" },
	{ "--type", "TYPE", true, false, "only these types of them; several with commas between them" },
	{ "--every", "TIME", false, false, "read so often: 15m, 2h, 1d; 'default', or 'asked' for only when asked" },
};

static const char *const examples[] = { "ledgerdeck interval Acme --every 1h", "ledgerdeck interval Acme --type Invoice,Payment --every 2m",
					"ledgerdeck interval Acme --type TimeActivity --every asked", NULL };

const struct command command_interval = {
	.name = "interval", .summary = "show or set how often an account or a type of it is read", .needs = NEEDS_STORE,
	.arguments = rows, .argument_count = ARRAY_LEN(rows), .examples = examples, .run = run,
};
