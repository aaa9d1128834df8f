/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `resources`: what the operator's own system has, and where each of it is. `organizations`: whose it is. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/sync/push.h"
#include "verbs.h"

static const struct printer_column columns[] = {
	{ "type", false }, { "external_id", false }, { "id", true }, { "number", false }, { "party", false }, { "date", false },
	{ "currency", false }, { "total", false }, { "lines", true }, { "revision", true }, { "changed", true }, { "record_type", true },
	{ "record", false }, { "written_revision", true }, { "state", false }, { "standing", false }, { "open", false }, { "why", false }, { NULL, false },
};

struct listing {
	struct app *app;
	const struct printer *printer;
	const struct account *account;
};

static bool latest(void *ctx, const struct intent *intent)
{
	*(struct intent *)ctx = *intent;
	return false;
}

/* Where it stands with the account: what is owed before where it is. */
static bool print_place(const struct listing *listing, const struct resource *resource, struct error *err)
{
	const struct printer *printer = listing->printer;
	struct intent_query query = { .resource = resource->no, .limit = 1 };
	struct intent intent = { .no = 0 };
	struct link link = { .resource = 0 };
	struct push_standing standing;
	char revision[24], digits[DECIMAL_TEXT_MAX];
	bool found, owed;

	if (!links_get(listing->app->store, listing->account->id, resource->no, &link, NULL, &found, err) ||
	    !intents_list(listing->app->store, &query, latest, &intent, err) ||
	    !push_standing(listing->app->store, listing->app->catalogue, listing->account, &link, &standing, err))
		return false;
	owed = intent.no && strcmp(intent.account_id, listing->account->id) == 0 && intent_is_owed(intent.state);
	snprintf(revision, sizeof(revision), "%lld", (long long)link.revision);
	verb_text(printer, "record_type", link.record_type);
	verb_text(printer, "record", link.record_id);
	printer->decimal(printer->ctx, "written_revision", found ? revision : NULL);
	printer->text(printer->ctx, "state", owed ? intent_state_word(intent_shown(&intent)) : !found || !*link.record_id ? "not written"
		      : link.revision == resource->revision ? "written" : link.revision == 0 ? "linked" : "changed");
	verb_text(printer, "standing", standing.word);
	printer->decimal(printer->ctx, "open", standing.has_open ? decimal_format(standing.open, digits) : NULL);
	verb_text(printer, "why", owed ? intent.why : "");
	return true;
}

static bool print_resource(const struct listing *listing, const struct resource *resource, struct error *err)
{
	const struct printer *printer = listing->printer;
	const struct resource_summary *summary = &resource->summary;
	char day[DATE_TEXT_MAX], total[DECIMAL_TEXT_MAX];
	struct decimal rounded = decimal_money(summary->total);

	printer->row(printer->ctx);
	printer->text(printer->ctx, "type", resource->type->name);
	printer->text(printer->ctx, "external_id", resource->external_id);
	printer->text(printer->ctx, "id", resource->id);
	verb_text(printer, "number", summary->number);
	verb_text(printer, "party", summary->party);
	printer->text(printer->ctx, "date", summary->has_date ? date_format(summary->date, day) : NULL);
	verb_text(printer, "currency", summary->currency);
	printer->decimal(printer->ctx, "total", summary->has_total ? decimal_format(rounded, total) : NULL);
	printer->number(printer->ctx, "lines", (int64_t)summary->lines);
	printer->number(printer->ctx, "revision", resource->revision);
	printer->time(printer->ctx, "changed", resource->changed_ms);
	return print_place(listing, resource, err);
}

struct portion {
	struct resource items[200];
	size_t count;
};

static bool take(void *ctx, const struct resource *resource, const char *data, size_t len)
{
	struct portion *portion = ctx;

	(void)data;
	(void)len;
	portion->items[portion->count++] = *resource;
	return portion->count < ARRAY_LEN(portion->items);
}

static bool list_all(struct listing *listing, struct resource_query *query, int64_t most, struct error *err)
{
	AUTO(memory_freep) struct portion *portion = memory_new(sizeof(*portion));
	int64_t told = 0;

	do {
		portion->count = 0;
		if (!resources_list(listing->app->store, query, take, portion, err))
			return false;
		for (size_t i = 0; i < portion->count && (most == 0 || told < most); i++, told++)
			if (!print_resource(listing, &portion->items[i], err))
				return false;
		if (portion->count > 0)
			query->after_no = portion->items[portion->count - 1].no;
	} while (portion->count == ARRAY_LEN(portion->items) && (most == 0 || told < most) && !listing->printer->is_broken(listing->printer->ctx));
	return true;
}

static enum command_exit resources_run(struct app *app, const struct arguments *arguments, const struct printer *printer, struct error *err)
{
	struct listing listing = { .app = app, .printer = printer };
	const char *word = argument(arguments, "ACCOUNT"), *type = argument(arguments, "--type"), *limit = argument(arguments, "--limit");
	char organization[RESOURCE_ID_MAX];
	struct resource_query query = { .organization = organization };
	struct account account;
	int64_t most = 0;

	if (!accounts_find(app->store, word, &account, err) || !organization_of_account(app->store, account.id, organization, err) ||
	    (limit && !verb_number(limit, "--limit", 0, INT64_C(1000000000000), &most, err)))
		return verb_failed(err);
	if (type && !(query.type = resource_type_find(type, strlen(type)))) {
		error_set(err, ERROR_INPUT, "there is no type '%.60s' of documents", type);
		return verb_failed(err);
	}
	listing.account = &account;
	printer->begin(printer->ctx, "resources", columns);
	if (!list_all(&listing, &query, most, err))
		return verb_failed(err);
	printer->end(printer->ctx);
	return EXIT_DONE;
}

static const struct argument_row resources_rows[] = {
	{ "ACCOUNT", NULL, false, true, "the account whose organization they are of" },
	{ "--type", "TYPE", false, false, "only these: customer, vendor, item, invoice, credit_memo, bill, journal_entry, payment" },
	{ "--limit", "N", false, false, "at most so many" },
};
static const char *const resources_examples[] = { "ledgerdeck resources Acme --type invoice", NULL };

const struct command command_resources = {
	.name = "resources", .summary = "list your own documents, and where each is in an account", .needs = NEEDS_STORE,
	.arguments = resources_rows, .argument_count = ARRAY_LEN(resources_rows), .examples = resources_examples, .run = resources_run,
};

/* ---- organizations */

static const struct printer_column organization_columns[] = {
	{ "name", false }, { "external_id", false }, { "id", false }, { "accounts", false }, { "made", true }, { NULL, false },
};

static bool print_organization(void *ctx, const struct organization *organization)
{
	const struct printer *printer = *(const struct printer *const *)ctx;

	printer->row(printer->ctx);
	printer->text(printer->ctx, "name", organization->name);
	printer->text(printer->ctx, "external_id", organization->external_id);
	printer->text(printer->ctx, "id", organization->id);
	printer->number(printer->ctx, "accounts", organization->accounts);
	printer->time(printer->ctx, "made", organization->made_ms);
	return true;
}

static bool add(struct app *app, const char *external_id, const char *name, struct error *err)
{
	struct organization organization = { .made_ms = verb_now(app) }, other;
	AUTO(store_end) struct store *transaction = NULL;
	char why[100];

	if (!external_id_check(external_id, "org", why))
		return error_set(err, ERROR_INPUT, "the external id %s", why);
	if (!app_store(app, true, err))
		return false;
	transaction = app->store;
	if (organizations_find(app->store, external_id, &other, NULL) &&
	    (strcmp(other.external_id, external_id) == 0 || strcmp(other.id, external_id) == 0))
		return error_set(err, ERROR_INPUT, "the external id '%.60s' has already been taken by '%.60s'", external_id, other.name);
	snprintf(organization.external_id, sizeof(organization.external_id), "%s", external_id);
	snprintf(organization.name, sizeof(organization.name), "%s", name ? name : external_id);
	return store_begin(transaction, err) && organizations_add(transaction, &organization, err) &&
	       audit_add(transaction, app->who, "organization", "", "", organization.id, organization.made_ms, err) &&
	       store_commit(transaction, err);
}

static bool give(struct app *app, const char *account_word, const char *word, struct error *err)
{
	AUTO(store_end) struct store *transaction = NULL;
	struct organization organization;
	struct account account;

	if (!app_store(app, true, err))
		return false;
	transaction = app->store;
	return accounts_find(app->store, account_word, &account, err) && organizations_find(app->store, word, &organization, err) &&
	       store_begin(transaction, err) && organization_give(transaction, account.id, organization.id, err) &&
	       audit_add(transaction, app->who, "organization", account.id, "", organization.id, verb_now(app), err) &&
	       store_commit(transaction, err);
}

static enum command_exit organizations_run(struct app *app, const struct arguments *arguments, const struct printer *printer,
					   struct error *err)
{
	const char *new_id = argument(arguments, "--add"), *account = argument(arguments, "--account"), *to = argument(arguments, "--to");

	if (!account != !to) {
		error_set(err, ERROR_INPUT, "an account goes to an organization: --account ACCOUNT --to ORGANIZATION");
		return verb_failed(err);
	}
	if ((new_id && !add(app, new_id, argument(arguments, "--name"), err)) || (account && !give(app, account, to, err)))
		return verb_failed(err);
	printer->begin(printer->ctx, "organizations", organization_columns);
	if (!organizations_all(app->store, print_organization, &printer, err))
		return verb_failed(err);
	printer->end(printer->ctx);
	return EXIT_DONE;
}

static const struct argument_row organizations_rows[] = {
	{ "--add", "EXTERNAL_ID", false, false, "add one, known by this id of yours" },
	{ "--name", "NAME", false, false, "of the one that is added" },
	{ "--account", "ACCOUNT", false, false, "give this account to another organization, while nothing of it is linked or planned" },
	{ "--to", "ORGANIZATION", false, false, "which one" },
};
static const char *const organizations_examples[] = { "ledgerdeck organizations --add tenant-7 --name 'Acme group'", NULL };

const struct command command_organizations = {
	.name = "organizations", .summary = "list whose documents and accounts there are", .needs = NEEDS_STORE,
	.arguments = organizations_rows, .argument_count = ARRAY_LEN(organizations_rows), .examples = organizations_examples,
	.run = organizations_run,
};
