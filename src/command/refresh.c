/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `refresh`: renew the tokens of accounts now. */
#include "verbs.h"

static const struct printer_column columns[] = {
	{ "account", false }, { "account_id", true }, { "result", false }, { "access_expires_at", false },
	{ "refresh_expires_at", false }, { "hard_expires_at", true }, { "generation", true }, VERB_ERROR_COLUMNS, { NULL, false },
};

static void print_account(const struct account *account, const struct error *error, const struct printer *printer)
{
	printer->row(printer->ctx);
	printer->text(printer->ctx, "account", account->name);
	printer->text(printer->ctx, "account_id", account->id);
	printer->text(printer->ctx, "result", error->code == ERROR_NONE ? "ok" : "failed");
	printer->time(printer->ctx, "access_expires_at", account->access_expires_ms);
	printer->time(printer->ctx, "refresh_expires_at", account->refresh_expires_ms);
	printer->time(printer->ctx, "hard_expires_at", account->hard_expires_ms);
	printer->number(printer->ctx, "generation", account->generation);
	verb_error(printer, account->provider, error);
}

static enum command_exit run(struct app *app, const struct arguments *arguments, const struct printer *printer,
			     struct error *err)
{
	AUTO(account_list_clear) struct account_list list = { 0 };
	struct verb_tally tally = { 0 };
	struct connect_world world;

	app_world(app, &world);
	if (argument_given(arguments, "--all") == argument_given(arguments, "ACCOUNT")) {
		error_set(err, ERROR_INPUT, "which accounts? name them, or say --all; see 'ledgerdeck accounts'");
		return EXIT_USAGE;
	}
	if (!verb_accounts(app, argument_all(arguments, "ACCOUNT"), &list, err))
		return verb_failed(err);
	printer->begin(printer->ctx, "refresh", columns);
	for (size_t i = 0; i < list.count; i++) {
		struct account account = list.items[i];
		struct error error = { 0 };

		if (argument_given(arguments, "--all") && account.state != ACCOUNT_OK) {
			tally.skipped += account.state == ACCOUNT_RECONNECT;
			continue;
		}
		if (connect_refresh(&world, account.id, true, &account, &error)) {
			tally.good++;
		} else {
			tally.failed++;
			tally.worst = error;
			if (error.code == ERROR_CANCELLED) {
				*err = error;
				return EXIT_INTERRUPTED;
			}
		}
		print_account(&account, &error, printer);
	}
	printer->end(printer->ctx);
	return verb_tally_exit(&tally);
}

static const struct argument_row rows[] = {
	{ "ACCOUNT", NULL, true, false, "these accounts, by any unique prefix of name or id" },
	{ "--all", NULL, false, false, "all accounts that are connected" },
};

const struct command command_refresh = {
	.name = "refresh", .summary = "renew the tokens of accounts now",
	.needs = NEEDS_STORE | NEEDS_WRITE | NEEDS_VAULT | CHANGES_THINGS, .arguments = rows, .argument_count = ARRAY_LEN(rows),
	.run = run,
};
