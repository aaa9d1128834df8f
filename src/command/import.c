/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `import`: documents of the operator's own system, out of a file. It is read twice: first to its end, so that one that breaks
 * off changes nothing and names that come twice are known; then what comes in is told, and kept in portions.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/file.h"
#include "ledgerdeck/model/import.h"
#include "ledgerdeck/store/resources.h"
#include "ledgerdeck/sync/request.h"
#include "verbs.h"

#define PORTION 500
#define PROFILE_MAX ((size_t)64 << 10)

static const struct printer_column columns[] = {
	{ "line", false }, { "type", false }, { "external_id", false }, { "what", false }, { "number", true }, { "party", false },
	{ "date", false }, { "currency", true }, { "total", false }, { "column", true }, { "field", false }, { "value", false },
	{ "why", false }, { NULL, false },
};

struct importing {
	struct app *app;
	const struct printer *printer;
	struct source source;
	bool writes;
	struct import_options options;
	struct import_profile *profile; /* owned */
	char organization[RESOURCE_ID_MAX], organization_external[RESOURCE_EXTERNAL_MAX];
	struct resource_counts counts;
	int64_t refused;             /* documents that belong elsewhere */
	int64_t pending;             /* kept in the open transaction */
	bool open;
	bool is_looking;             /* the first pass: nothing is told or kept */
	struct coming {              /* the request at hand */
		size_t no;           /* of the file; 0: none */
		bool is_queued;      /* it says more than what there is: it has a place in the queue */
		bool is_news;        /* something of it was not as it was */
		struct request request;
		int64_t revision;    /* of what it is about */
		struct request_member *members; /* owned */
		size_t count, room;
	} coming;
	int64_t queued;              /* sync requests */
};

static void importing_clear(struct importing *importing)
{
	struct store *transaction = importing->open ? importing->app->store : NULL;

	if (transaction)
		store_end(&transaction);
	import_profile_free(importing->profile);
	free(importing->coming.members);
	source_close(&importing->source);
}

/* ---- what is told */

static void print_head(const struct printer *printer, size_t line, const struct resource_type *type, const char *external_id, const char *what)
{
	printer->row(printer->ctx);
	printer->number(printer->ctx, "line", (int64_t)line);
	printer->text(printer->ctx, "type", type ? type->name : NULL);
	verb_text(printer, "external_id", external_id);
	printer->text(printer->ctx, "what", what);
}

static void print_document(const struct importing *importing, const struct import_document *document, const char *what)
{
	const struct printer *printer = importing->printer;
	struct resource_summary summary;
	char day[DATE_TEXT_MAX], total[DECIMAL_TEXT_MAX];

	resource_summarize(document->type, document->data, &summary);
	print_head(printer, document->line, document->type, document->external_id, what);
	verb_text(printer, "number", summary.number);
	verb_text(printer, "party", summary.party);
	printer->text(printer->ctx, "date", summary.has_date ? date_format(summary.date, day) : NULL);
	verb_text(printer, "currency", summary.currency);
	printer->decimal(printer->ctx, "total", summary.has_total ? decimal_format(summary.total, total) : NULL);
	printer->text(printer->ctx, "column", NULL);
	printer->text(printer->ctx, "field", NULL);
	printer->text(printer->ctx, "value", NULL);
	printer->text(printer->ctx, "why", NULL);
}

static bool refusal(void *ctx, const struct import_refusal *refused, struct error *err)
{
	struct importing *importing = ctx;
	const struct printer *printer = importing->printer;
	char column[24] = "";

	(void)err;
	if (importing->is_looking)
		return true;
	print_head(printer, refused->line, refused->type, refused->external_id, "refused");
	printer->text(printer->ctx, "number", NULL);
	printer->text(printer->ctx, "party", NULL);
	printer->text(printer->ctx, "date", NULL);
	printer->text(printer->ctx, "currency", NULL);
	printer->decimal(printer->ctx, "total", NULL);
	if (refused->column > 0)
		snprintf(column, sizeof(column), "%zu", refused->column);
	printer->decimal(printer->ctx, "column", *column ? column : NULL);
	verb_text(printer, "field", refused->name);
	verb_text(printer, "value", refused->text);
	printer->text(printer->ctx, "why", refused->why);
	return true;
}

/* ---- what is kept */

static bool is_elsewhere(struct importing *importing, const struct import_document *document, struct error *err)
{
	struct import_refusal refused = { .line = document->line, .type = document->type, .external_id = document->external_id,
					  .name = "organization", .text = document->organization,
					  .why = "it is of another organization than the one that is imported into" };

	if (!*document->organization || strcmp(document->organization, importing->organization) == 0 ||
	    strcmp(document->organization, importing->organization_external) == 0)
		return false;
	importing->refused++;
	refusal(importing, &refused, err);
	return true;
}

static bool commit(struct importing *importing, struct error *err)
{
	struct store *transaction = importing->app->store;
	bool good = !importing->open || store_commit(transaction, err);

	store_end(&transaction);
	importing->open = false;
	importing->pending = 0;
	return good;
}

/* All of it is there. One that comes again, and brings nothing new, was queued then. */
static bool end_request(struct importing *importing, struct error *err)
{
	struct coming *coming = &importing->coming;
	struct store *store = importing->app->store;
	bool same = false;

	coming->no = 0;
	if (coming->is_queued && coming->request.resource && !coming->is_news &&
	    !requests_same(store, &coming->request, coming->revision, &same, err))
		return false;
	if (coming->is_queued && coming->request.resource && !same) {
		importing->queued++;
		if (!requests_add(store, &coming->request, coming->members, coming->count, err) ||
		    (coming->request.unconfirmed && !request_confirm(store, &coming->request, coming->members, coming->count,
								      importing->app->who, err)))
			return false;
	}
	return importing->pending < PORTION || commit(importing, err);
}

static void begin_request(struct importing *importing, const struct import_document *document)
{
	struct coming *coming = &importing->coming;
	int64_t now_ms = verb_now(importing->app);

	coming->no = document->request;
	coming->count = 0;
	coming->is_news = false;
	coming->is_queued = document->is_sync || document->without_create_confirmation;
	coming->request = (struct request){ .status = REQUEST_QUEUED, .unconfirmed = document->without_create_confirmation,
					    .made_ms = now_ms, .changed_ms = now_ms };
	memcpy(coming->request.organization, importing->organization, sizeof(coming->request.organization));
}

static void note_member(struct importing *importing, const struct import_document *document, const struct resource *resource,
			bool is_news)
{
	struct coming *coming = &importing->coming;

	memory_grow(&coming->members, &coming->room, coming->count + 1, sizeof(*coming->members));
	coming->members[coming->count++] = (struct request_member){ resource->no, resource->revision };
	coming->is_news |= is_news;
	if (!document->is_root)
		return;
	coming->request.resource = resource->no;
	coming->request.method = document->method;
	coming->revision = resource->revision;
	coming->is_queued |= document->method != IMPORT_UPSERT;
}

/* A request's resources, and its place in the queue, are of one transaction. */
static bool keep(struct importing *importing, const struct import_document *document, struct error *err)
{
	struct resource resource = { .type = document->type };
	int64_t unchanged = importing->counts.unchanged;
	char source[160];

	if (importing->coming.no && importing->coming.no != document->request && !end_request(importing, err))
		return false;
	if (!importing->coming.no)
		begin_request(importing, document);
	if (!importing->open && !store_begin(importing->app->store, err))
		return false;
	importing->open = true;
	snprintf(resource.organization, sizeof(resource.organization), "%s", importing->organization);
	snprintf(resource.external_id, sizeof(resource.external_id), "%s", document->external_id);
	snprintf(source, sizeof(source), "%.120s:%zu", importing->source.name, document->line);
	if (!resources_put(importing->app->store, &resource, document->data.text, document->data.len, source, verb_now(importing->app),
			   &importing->counts, err))
		return false;
	note_member(importing, document, &resource, importing->counts.unchanged == unchanged);
	importing->pending++;
	return true;
}

static const char *what_of(const struct resource_counts *before, const struct resource_counts *after)
{
	if (after->added > before->added)
		return "new";
	return after->changed > before->changed ? "changed" : "same";
}

static bool compare(struct importing *importing, const struct import_document *document, struct error *err)
{
	return resources_compare(importing->app->store, importing->organization, document->type, document->external_id,
				 document->data.text, document->data.len, &importing->counts, err);
}

static bool document(void *ctx, const struct import_document *given, struct error *err)
{
	struct importing *importing = ctx;
	struct resource_counts before = importing->counts;

	if (importing->is_looking || is_elsewhere(importing, given, err))
		return true;
	if (!(importing->writes ? keep : compare)(importing, given, err))
		return false;
	if (!importing->printer->brief || importing->counts.unchanged == before.unchanged)
		print_document(importing, given, what_of(&before, &importing->counts));
	return true;
}

/* ---- the file */

static bool feed(void *ctx, const char *bytes, size_t len, struct error *err)
{
	return import_feed(ctx, bytes, len, err);
}

static bool pass(struct importing *importing, struct import *import, struct error *err)
{
	return source_read(&importing->source, feed, import, err) && import_end(import, err);
}

static bool read_profile(struct importing *importing, const char *path, struct error *err)
{
	AUTO(str_clear) struct str text = STR_INIT(PROFILE_MAX);

	if (!path)
		return true;
	if (!file_read(path, PROFILE_MAX, &text, err) || !import_profile_parse(text.text, path, &importing->profile, err))
		return false;
	importing->options.profile = importing->profile;
	return true;
}

/* The account's organization, or the one that is named. */
static bool find_organization(struct importing *importing, const struct arguments *arguments, struct error *err)
{
	const char *account_word = argument(arguments, "--account"), *word = argument(arguments, "--organization");
	struct organization organization;
	struct account account;

	if (!account_word == !word)
		return error_set(err, ERROR_INPUT, "whose documents are they? name an account (--account) or its organization (--organization)");
	if (account_word && (!accounts_find(importing->app->store, account_word, &account, err) ||
			     !organization_of_account(importing->app->store, account.id, importing->organization, err)))
		return false;
	if (!organizations_find(importing->app->store, word ? word : importing->organization, &organization, err))
		return false;
	snprintf(importing->organization, sizeof(importing->organization), "%s", organization.id);
	snprintf(importing->organization_external, sizeof(importing->organization_external), "%s", organization.external_id);
	return true;
}

static bool take_type(struct importing *importing, const char *word, struct error *err)
{
	if (!word)
		return true;
	importing->options.type = resource_type_find(word, strlen(word));
	return importing->options.type || error_set(err, ERROR_INPUT, "there is no type '%.60s' of documents; there are customers, vendors, items, "
						    "invoices, credit memos, bills, journal entries and payments", word);
}

static bool carry_out(struct importing *importing, struct import_counts *ret_counts, struct error *err)
{
	struct import_sink sink = { .document = document, .refusal = refusal, .ctx = importing };
	AUTO(import_freep) struct import *import = import_new(&importing->options, &sink);

	importing->is_looking = true;
	if (!pass(importing, import, err))
		return false;
	importing->is_looking = false;
	import_again(import);
	if (!pass(importing, import, err) || (importing->coming.no && !end_request(importing, err)) || !commit(importing, err))
		return false;
	*ret_counts = import_counts(import);
	return importing->queued == 0 ||
	       requests_review(importing->app->store, importing->app->catalogue, importing->organization, &importing->app->env, err);
}

static enum command_exit run(struct app *app, const struct arguments *arguments, const struct printer *printer, struct error *err)
{
	AUTO(importing_clear) struct importing importing = { .app = app, .printer = printer,
							     .source = { .fd = -1 }, .writes = argument_given(arguments, "--write") };
	struct import_counts counts = { 0 };
	int64_t refused;

	if (importing.writes && !app_store(app, true, err))
		return verb_failed(err);
	if (!take_type(&importing, argument(arguments, "--type"), err) || !read_profile(&importing, argument(arguments, "--columns"), err) ||
	    !find_organization(&importing, arguments, err) ||
	    !source_open(&importing.source, argument(arguments, "FILE"), app->cancel, err))
		return verb_failed(err);
	printer->begin(printer->ctx, "import", columns);
	if (!carry_out(&importing, &counts, err))
		return verb_failed(err);
	printer->end(printer->ctx);
	refused = (int64_t)counts.refused + importing.refused;
	verb_note(printer, "%lld new, %lld changed, %lld the same, %lld refused.%s", (long long)importing.counts.added,
		  (long long)importing.counts.changed, (long long)importing.counts.unchanged, (long long)refused,
		  importing.writes ? "" : " Nothing was kept: with --write it is.");
	if (importing.queued > 0)
		verb_note(printer, "%lld sync request%s queued: 'ledgerdeck requests' tells how far each has come.", (long long)importing.queued,
			  importing.queued == 1 ? " was" : "s were");
	if (refused > 0)
		return importing.writes && importing.counts.added + importing.counts.changed + importing.counts.unchanged > 0 ? EXIT_PARTLY
														    : EXIT_PERSON;
	return EXIT_DONE;
}

static const struct argument_row rows[] = {
	{ "FILE", NULL, false, true, "CSV, JSON or JSON Lines; '-' reads what comes in" },
	{ "--account", "ACCOUNT", false, false, "into the organization of this account" },
	{ "--organization", "ORGANIZATION", false, false, "into this organization, by id, external id or name" },
	{ "--type", "TYPE", false, false, "what the rows of a CSV file are; otherwise its columns tell" },
	{ "--columns", "PROFILE", false, false, "a file that says what the columns of a CSV file mean" },
	{ "--write", NULL, false, false, "keep them; without it only what would come in is shown" },
};

static const char *const examples[] = { "ledgerdeck import invoices.csv --account Acme", "ledgerdeck import invoices.csv --account Acme --write", NULL };

const struct command command_import = {
	.name = "import", .summary = "take in documents of your own system", .needs = NEEDS_STORE,
	.arguments = rows, .argument_count = ARRAY_LEN(rows), .examples = examples, .run = run,
};
