/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `attention`: what needs a person, over all accounts, each with its one fix. */
#include "ledgerdeck/sync/attention.h"
#include "verbs.h"

static const struct printer_column columns[] = {
	{ "cause", false }, { "person", false }, { "accounts", false }, { "account_count", true }, { "types", true },
	{ "records", false }, { "since_at", false }, { "what", false }, { "why", true }, { "do", true }, { "command", true },
	{ NULL, false },
};

static void print_item(const struct attention_item *item, const struct printer *printer)
{
	printer->row(printer->ctx);
	printer->text(printer->ctx, "cause", attention_word(item->cause));
	printer->flag(printer->ctx, "person", item->person);
	verb_text(printer, "accounts", item->names);
	printer->number(printer->ctx, "account_count", item->accounts);
	printer->number(printer->ctx, "types", item->types);
	printer->number(printer->ctx, "records", item->frees);
	printer->time(printer->ctx, "since_at", item->since_ms);
	printer->text(printer->ctx, "what", item->what);
	verb_text(printer, "why", item->why);
	verb_text(printer, "do", item->act);
	verb_text(printer, "command", item->command);
}

/* Three lines for each: what, why, what to do; a table has no room for them. */
static void advise(const struct attention_item *item, const struct printer *printer)
{
	verb_note(printer, "%s %s %s%s%s", item->what, item->why, item->act, *item->command ? "\n  ledgerdeck " : "", item->command);
}

static enum command_exit run(struct app *app, const struct arguments *arguments, const struct printer *printer, struct error *err)
{
	AUTO(attention_clear) struct attention attention = { 0 };

	(void)arguments;
	if (!attention_read(app->store, app->settings, verb_now(app), &attention, err))
		return verb_failed(err);
	printer->begin(printer->ctx, "attention", columns);
	for (size_t i = 0; i < attention.count; i++)
		print_item(&attention.items[i], printer);
	printer->end(printer->ctx);
	for (size_t i = 0; i < attention.count; i++)
		advise(&attention.items[i], printer);
	if (attention.count == 0)
		verb_note(printer, "Nothing needs you: %lld types of %lld accounts, their connections, the month's calls, backups and exports were looked at.",
			  (long long)attention.types, (long long)attention.accounts);
	return attention.persons > 0 ? EXIT_PERSON : EXIT_DONE;
}

const struct command command_attention = {
	.name = "attention", .summary = "show what needs a person, grouped by cause, with the fix", .needs = NEEDS_STORE, .run = run,
};
