/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `link`: a document of one's own is that record of a ledger, or may be created there; `unlink`: it is not. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/sync/link.h"
#include "verbs.h"

static bool find(struct app *app, const struct arguments *arguments, struct account *ret_account, struct resource *ret_resource,
		 struct error *err)
{
	const char *word = argument(arguments, "EXTERNAL_ID"), *type_word = argument(arguments, "--type");
	const struct resource_type *type = type_word ? resource_type_find(type_word, strlen(type_word)) : NULL;
	char organization[RESOURCE_ID_MAX];
	bool found;

	if (type_word && !type)
		return error_set(err, ERROR_INPUT, "there is no type '%.60s' of documents", type_word);
	if (!accounts_find(app->store, argument(arguments, "ACCOUNT"), ret_account, err) ||
	    !organization_of_account(app->store, ret_account->id, organization, err) ||
	    !resources_get(app->store, organization, type, word, ret_resource, NULL, &found, err))
		return false;
	if (!found && resources_by_id(app->store, word, ret_resource, &found, err) && found)
		return error_set(err, ERROR_CONFLICT, "that resource belongs to another organization than the account");
	return found || error_set(err, ERROR_INPUT, "there is no document '%.80s' of that organization; see 'ledgerdeck resources'", word);
}

static void print(const struct printer *printer, const struct account *account, const struct resource *resource, const struct link *link,
		  const char *state)
{
	printer->begin(printer->ctx, "link", NULL);
	printer->text(printer->ctx, "account", account->name);
	printer->text(printer->ctx, "account_id", account->id);
	printer->text(printer->ctx, "type", resource->type->name);
	printer->text(printer->ctx, "external_id", resource->external_id);
	printer->text(printer->ctx, "id", resource->id);
	verb_text(printer, "record_type", link->record_type);
	verb_text(printer, "record", link->record_id);
	printer->text(printer->ctx, "state", state);
	printer->end(printer->ctx);
}

static enum command_exit link_run(struct app *app, const struct arguments *arguments, const struct printer *printer, struct error *err)
{
	const char *record = argument(arguments, "RECORD");
	struct resource resource;
	struct account account;
	struct link_wish wish = { .account_id = account.id, .who = app->who, .now_ms = verb_now(app) };
	struct link link = { .no = 0 };

	if (!record == !argument_given(arguments, "--approve")) {
		error_set(err, ERROR_INPUT, "which record is it? name it, or let it be created with --approve");
		return verb_failed(err);
	}
	if (!find(app, arguments, &account, &resource, err))
		return verb_failed(err);
	wish.resource = resource.no;
	if (record ? !link_assign(app->store, app->catalogue, &wish, record, &link, err) : !link_approve(app->store, &wish, err))
		return verb_failed(err);
	print(printer, &account, &resource, &link, record ? "linked" : "approved");
	return EXIT_DONE;
}

static const struct argument_row link_rows[] = {
	{ "ACCOUNT", NULL, false, true, "the account, by any unique prefix of name or id" },
	{ "EXTERNAL_ID", NULL, false, true, "the document, by its id in your own system, or here" },
	{ "RECORD", NULL, false, false, "the ledger's record, by its id, or by the number or name that it alone has" },
	{ "--type", "TYPE", false, false, "of the document, where several have that id" },
	{ "--approve", NULL, false, false, "no record: it may be created, before a plan asks" },
};
static const char *const link_examples[] = { "ledgerdeck link Acme C-1042 'Kestrel Joinery'", "ledgerdeck link Acme C-1043 --approve", NULL };

const struct command command_link = {
	.name = "link", .summary = "say which record of a ledger a document is", .needs = NEEDS_STORE | NEEDS_WRITE | CHANGES_THINGS,
	.arguments = link_rows, .argument_count = ARRAY_LEN(link_rows), .examples = link_examples, .run = link_run,
};

static enum command_exit unlink_run(struct app *app, const struct arguments *arguments, const struct printer *printer, struct error *err)
{
	struct resource resource;
	struct account account;
	struct link_wish wish = { .account_id = account.id, .who = app->who, .now_ms = verb_now(app) };
	struct link link = { .no = 0 };

	if (!find(app, arguments, &account, &resource, err))
		return verb_failed(err);
	wish.resource = resource.no;
	if (!link_remove(app->store, &wish, err))
		return verb_failed(err);
	print(printer, &account, &resource, &link, "not linked");
	verb_note(printer, "The next plan looks for it anew: a record with our mark is taken for it again.");
	return EXIT_DONE;
}

static const struct argument_row unlink_rows[] = {
	{ "ACCOUNT", NULL, false, true, "the account, by any unique prefix of name or id" },
	{ "EXTERNAL_ID", NULL, false, true, "the document, by its id in your own system, or here" },
	{ "--type", "TYPE", false, false, "of the document, where several have that id" },
};
static const char *const unlink_examples[] = { "ledgerdeck unlink Acme C-1042", NULL };

const struct command command_unlink = {
	.name = "unlink", .summary = "say that a document is not that record", .needs = NEEDS_STORE | NEEDS_WRITE | CHANGES_THINGS,
	.arguments = unlink_rows, .argument_count = ARRAY_LEN(unlink_rows), .examples = unlink_examples, .run = unlink_run,
};
