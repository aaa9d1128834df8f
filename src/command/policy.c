/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `policy`: what an account's plans may do by themselves. */
#include <string.h>

#include "ledgerdeck/store/mappings.h"
#include "verbs.h"

static const struct printer_column columns[] = {
	{ "policy", false }, { "value", false }, { "set", false }, { "values", true }, { "title", false }, { "help", true }, { NULL, false },
};

static void print_policy(const struct printer *printer, const struct policies *policies, const struct policies *usual, enum policy policy)
{
	const struct policy_row *row = policy_row(policy);
	AUTO(str_clear) struct str words = STR_INIT(STR_NO_LIMIT);

	policy_words(policy, &words);
	printer->row(printer->ctx);
	printer->text(printer->ctx, "policy", row->name);
	printer->text(printer->ctx, "value", policies->values[policy]);
	printer->flag(printer->ctx, "set", strcmp(policies->values[policy], usual->values[policy]) != 0);
	verb_text(printer, "values", words.text);
	printer->text(printer->ctx, "title", row->title);
	printer->text(printer->ctx, "help", row->help);
}

static bool keep(struct app *app, const struct account *account, enum policy policy, const char *value, bool *ret_changed,
		 struct error *err)
{
	AUTO(store_end) struct store *transaction = app->store;

	return store_begin(transaction, err) &&
	       policies_set(transaction, account->id, policy, value, app->who, verb_now(app), ret_changed, err) &&
	       store_commit(transaction, err);
}

/* What waited may not have to by the new policy. */
static bool change(struct app *app, const struct account *account, enum policy policy, const char *value, const struct printer *printer,
		   struct error *err)
{
	bool changed;

	return app_store(app, true, err) && keep(app, account, policy, value, &changed, err) &&
	       (!changed || !policy_row(policy)->of_plans || verb_replan(app, account->id, printer, err));
}

static enum command_exit run(struct app *app, const struct arguments *arguments, const struct printer *printer, struct error *err)
{
	const char *name = argument(arguments, "POLICY"), *value = argument(arguments, "VALUE");
	struct policies policies, usual;
	struct account account;
	enum policy only = POLICY_COUNT;

	if (!accounts_find(app->store, argument(arguments, "ACCOUNT"), &account, err) || (name && !policy_find(name, &only, err)) ||
	    (value && !change(app, &account, only, value, printer, err)) || !policies_get(app->store, account.id, &policies, err))
		return verb_failed(err);
	policies_init(&usual);
	printer->begin(printer->ctx, "policy", columns);
	for (int i = 0; i < POLICY_COUNT; i++)
		if (!name || (enum policy)i == only)
			print_policy(printer, &policies, &usual, (enum policy)i);
	printer->end(printer->ctx);
	if (name && !value)
		verb_note(printer, "%s", policy_row(only)->help);
	return EXIT_DONE;
}

static const struct argument_row rows[] = {
	{ "ACCOUNT", NULL, false, true, "the account" },
	{ "POLICY", NULL, false, false, "only this one" },
	{ "VALUE", NULL, false, false, "what it is to be; empty: its default" },
};
static const char *const examples[] = { "ledgerdeck policy Acme", "ledgerdeck policy Acme duplicate link-if-exact", NULL };

const struct command command_policy = {
	.name = "policy", .summary = "show or set what plans may do by themselves", .needs = NEEDS_STORE,
	.arguments = rows, .argument_count = ARRAY_LEN(rows), .examples = examples, .run = run,
};
