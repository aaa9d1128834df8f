/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `disconnect`: give the permission back. Mirror, mappings and audit stay. */
#include <string.h>
#include <strings.h>

#include "verbs.h"

/* Hard to take back: the company's name is typed, not a single letter. */
static bool confirm(struct app *app, const struct account *account, struct error *err)
{
	AUTO(secret_freep) struct secret *line = NULL;
	AUTO(str_clear) struct str question = STR_INIT(700);

	str_add(&question, "To disconnect '");
	str_add(&question, account->name);
	str_add(&question, "' type its name: ");
	if (!app->ask(app->ask_ctx, question.text, ASK_LINE, NULL, &line, err))
		return error_prefix(err, "not confirmed (--yes does it without a question)");
	if (strcasecmp(secret_reveal(line), account->name) == 0)
		return true;
	return error_set(err, ERROR_INPUT, "that is not its name; nothing was changed");
}

static enum command_exit run(struct app *app, const struct arguments *arguments, const struct printer *printer,
			     struct error *err)
{
	struct connect_world world;
	struct account account;
	char note[240];

	app_world(app, &world);
	if (!accounts_find(app->store, argument(arguments, "ACCOUNT"), &account, err))
		return verb_failed(err);
	if (account.state == ACCOUNT_DISCONNECTED) {
		verb_note(printer, "'%s' is disconnected already.", account.name);
	} else {
		if (!argument_given(arguments, "--yes") && !confirm(app, &account, err))
			return verb_failed(err);
		if (!connect_disconnect(&world, account.id, note, err))
			return verb_failed(err);
		if (*note)
			verb_note(printer, "%s", note);
	}
	printer->begin(printer->ctx, "disconnected", NULL);
	printer->text(printer->ctx, "id", account.id);
	printer->text(printer->ctx, "name", account.name);
	printer->end(printer->ctx);
	verb_note(printer, "Its mirror stays. To connect it again: ledgerdeck connect %s --account %s", account.provider, account.id);
	return EXIT_DONE;
}

static const struct argument_row rows[] = {
	{ "ACCOUNT", NULL, false, true, "the account, by any unique prefix of name or id" },
	{ "--yes", NULL, false, false, "without a question" },
};

const struct command command_disconnect = {
	.name = "disconnect", .summary = "give a company's permission back; its mirror stays",
	.needs = NEEDS_STORE | NEEDS_WRITE | NEEDS_VAULT | CHANGES_THINGS, .arguments = rows, .argument_count = ARRAY_LEN(rows),
	.run = run,
};
