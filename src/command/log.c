/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `log`: every attempt on every type, with what it cost and why it failed. */
#include <string.h>

#include "ledgerdeck/store/resources.h"
#include "verbs.h"

#define LIMIT_DEFAULT "100"
#define FOLLOW_MS 500

static const struct printer_column all_columns[] = {
	{ "id", false }, { "run", true }, { "at", false }, { "account", false }, { "account_id", true }, { "type", false },
	{ "job", false }, { "cause", true }, { "result", false }, { "took_ms", false }, { "read", false }, { "added", true },
	{ "changed", false }, { "unchanged", true }, { "deleted", false }, { "parked", true }, { "pages", true },
	{ "calls", false }, { "bytes", true }, { "throttled", true }, { "waited_ms", true }, { "tries", true }, { "next_at", true },
	VERB_ERROR_COLUMNS, { "detail", true }, { NULL, false },
};

struct listing {
	struct printer_column columns[ARRAY_LEN(all_columns)];
	const struct account_list *accounts;
	const struct printer *printer;
	int64_t printed;
	/* --follow: all up to here are told; running ones are waited for. */
	int64_t told;
	bool gap;                 /* one that runs was met: `told` stays before it */
	int64_t *late;            /* owned: told already, behind one that still ran */
	size_t late_count, late_room;
};

static void listing_clear(struct listing *listing)
{
	memory_freep(&listing->late);
}

static void print_costs(const struct attempt *attempt, const struct printer *printer)
{
	const struct put_counts *counts = &attempt->counts;

	if (attempt->took_ms < 0)
		printer->decimal(printer->ctx, "took_ms", NULL);
	else
		printer->number(printer->ctx, "took_ms", attempt->took_ms);
	printer->number(printer->ctx, "read", counts->added + counts->changed + counts->unchanged + counts->parked);
	printer->number(printer->ctx, "added", counts->added);
	printer->number(printer->ctx, "changed", counts->changed);
	printer->number(printer->ctx, "unchanged", counts->unchanged);
	printer->number(printer->ctx, "deleted", counts->deleted);
	printer->number(printer->ctx, "parked", counts->parked);
	printer->number(printer->ctx, "pages", attempt->pages);
	printer->number(printer->ctx, "calls", attempt->calls);
	printer->number(printer->ctx, "bytes", attempt->bytes);
	printer->number(printer->ctx, "throttled", attempt->throttled);
	printer->number(printer->ctx, "waited_ms", attempt->waited_ms);
	printer->number(printer->ctx, "tries", attempt->tries);
	printer->time(printer->ctx, "next_at", attempt->next_ms == INT64_MAX ? 0 : attempt->next_ms);
}

static const struct account *account_of(const struct account_list *accounts, const char *id)
{
	for (size_t i = 0; i < accounts->count; i++)
		if (strcmp(accounts->items[i].id, id) == 0)
			return &accounts->items[i];
	return NULL;
}

static void print_attempt(struct listing *listing, const struct attempt *attempt, const char *detail)
{
	const struct account *account = account_of(listing->accounts, attempt->account_id);
	const struct printer *printer = listing->printer;

	printer->row(printer->ctx);
	printer->number(printer->ctx, "id", attempt->no);
	printer->number(printer->ctx, "run", attempt->run);
	printer->time(printer->ctx, "at", attempt->started_ms);
	printer->text(printer->ctx, "account", account ? account->name : attempt->account_id);
	printer->text(printer->ctx, "account_id", attempt->account_id);
	printer->text(printer->ctx, "type", attempt->type);
	printer->text(printer->ctx, "job", attempt->job);
	printer->text(printer->ctx, "cause", attempt->cause);
	printer->text(printer->ctx, "result", log_state_word(attempt_state(attempt)));
	print_costs(attempt, printer);
	verb_error(printer, account ? account->provider : "", &attempt->error);
	/* Of one record or document, what became of it. */
	verb_text(printer, "detail", *detail || attempt->error.code != ERROR_NONE ? detail : attempt->error.text);
	listing->printed++;
}

static bool each(void *ctx, const struct attempt *attempt, const char *detail)
{
	struct listing *listing = ctx;

	print_attempt(listing, attempt, detail);
	return !listing->printer->is_broken(listing->printer->ctx);
}

/* Attempts oldest first: those that have ended and were not told yet. */
static bool each_new(void *ctx, const struct attempt *attempt, const char *detail)
{
	struct listing *listing = ctx;
	bool told = false;

	if (attempt->took_ms < 0) {
		listing->gap = true;
		return true;
	}
	for (size_t i = 0; i < listing->late_count; i++)
		told = told || listing->late[i] == attempt->no;
	if (!told)
		print_attempt(listing, attempt, detail);
	if (!listing->gap) {
		listing->told = attempt->no;
	} else if (!told) {
		memory_grow(&listing->late, &listing->late_room, listing->late_count + 1, sizeof(*listing->late));
		listing->late[listing->late_count++] = attempt->no;
	}
	return !listing->printer->is_broken(listing->printer->ctx);
}

static void forget_late(struct listing *listing)
{
	size_t kept = 0;

	for (size_t i = 0; i < listing->late_count; i++)
		if (listing->late[i] > listing->told)
			listing->late[kept++] = listing->late[i];
	listing->late_count = kept;
}

/* Until interrupted, or nobody reads any more. */
static enum command_exit follow(struct app *app, struct attempt_query *query, struct listing *listing, struct error *err)
{
	const struct printer *printer = listing->printer;

	printer->begin(printer->ctx, "log", listing->columns);
	printer->flush(printer->ctx);
	query->newest_first = false;
	query->limit = 0;
	query->running_too = true;
	do {
		query->after_no = listing->told;
		listing->gap = false;
		if (!attempts_list(app->store, query, each_new, listing, NULL, err))
			return verb_failed(err);
		forget_late(listing);
		printer->flush(printer->ctx);
	} while (!printer->is_broken(printer->ctx) && cancel_sleep(app->cancel, FOLLOW_MS));
	printer->end(printer->ctx);
	return EXIT_DONE;
}

static bool take_no(void *ctx, const struct attempt *attempt, const char *detail)
{
	(void)detail;
	*(int64_t *)ctx = attempt->no - 1;
	return true;
}

/* --follow begins with what was written just before. */
static bool find_start(struct app *app, const struct attempt_query *query, int64_t *ret_no, struct error *err)
{
	struct attempt_query last = *query;

	last.newest_first = true;
	last.limit = 10;
	*ret_no = 0;
	return attempts_list(app->store, &last, take_no, ret_no, NULL, err);
}

/* "Invoice/1024": ids may hold anything, types no slash. */
static bool take_record(struct app *app, const struct account *account, const char *record, struct attempt_query *query, struct error *err)
{
	size_t len = strcspn(record, "/");
	AUTO(memory_freep) char *type_name = memory_copy(record, len);
	const struct type *type;

	if (!account)
		return error_set(err, ERROR_INPUT, "--record goes with --account: ids count within one company");
	if (!record[len] || !record[len + 1])
		return error_set(err, ERROR_INPUT, "--record takes a type and an id, as Invoice/1024, not '%.60s'", record);
	type = verb_type(app, account->provider, type_name, err);
	if (!type)
		return false;
	query->type = type->name;
	query->record_id = record + len + 1;
	return true;
}

static bool take_document(struct app *app, const struct account *account, const char *word, struct attempt_query *query, struct error *err)
{
	char organization[RESOURCE_ID_MAX];
	struct resource resource;
	bool found;

	if (!account)
		return error_set(err, ERROR_INPUT, "--document goes with --account: whose document is it?");
	if (!organization_of_account(app->store, account->id, organization, err) ||
	    !resources_get(app->store, organization, NULL, word, &resource, NULL, &found, err))
		return false;
	query->resource = resource.no;
	return found || error_set(err, ERROR_INPUT, "there is no document '%.80s' of that organization; see 'ledgerdeck resources'", word);
}

/* What it is the log of, where that is one thing. */
static bool take_one(struct app *app, const struct arguments *arguments, const struct account *account, struct attempt_query *query,
		     struct error *err)
{
	static const char *const options[] = { "--type", "--record", "--document", NULL };
	const char *record = argument(arguments, "--record"), *document = argument(arguments, "--document");
	size_t count;

	verb_given(arguments, options, &count);
	if (count > 1)
		return error_set(err, ERROR_INPUT, "--type, --record and --document: one at a time");
	return (!record || take_record(app, account, record, query, err)) && (!document || take_document(app, account, document, query, err));
}

static bool make_query(struct app *app, const struct arguments *arguments, struct account *account, struct log_filter *filter,
		       struct attempt_query *query, struct error *err)
{
	const char *since = argument(arguments, "--since"), *limit = argument(arguments, "--limit");
	const char *name = argument(arguments, "--account"), *type_name = argument(arguments, "--type");
	const struct type *type = NULL;

	*query = (struct attempt_query){ .newest_first = true, .filter = filter };
	if (!verb_log_filter(app, argument_all(arguments, "--where"), argument(arguments, "--state"), filter, err) ||
	    (name && !accounts_find(app->store, name, account, err)) ||
	    (type_name && !(type = verb_type(app, name ? account->provider : NULL, type_name, err))) ||
	    (since && !verb_time(app, "--since", since, &query->since_ms, err)) ||
	    !verb_number(limit ? limit : LIMIT_DEFAULT, "--limit", 0, 1000000000, &query->limit, err))
		return false;
	query->account_id = name ? account->id : NULL;
	query->type = type ? type->name : NULL;
	return take_one(app, arguments, name ? account : NULL, query, err);
}

static enum command_exit run(struct app *app, const struct arguments *arguments, const struct printer *printer,
			     struct error *err)
{
	AUTO(account_list_clear) struct account_list accounts = { 0 };
	AUTO(listing_clear) struct listing listing = { .accounts = &accounts, .printer = printer };
	struct attempt_query query;
	struct log_filter filter;
	struct account account;

	if (!make_query(app, arguments, &account, &filter, &query, err) || !accounts_all(app->store, &accounts, err))
		return verb_failed(err);
	memcpy(listing.columns, all_columns, sizeof(all_columns));
	listing.columns[ARRAY_LEN(all_columns) - 2].detail = !query.record_id && !query.resource;
	if (argument_given(arguments, "--follow")) {
		if (!query.since_ms && !find_start(app, &query, &listing.told, err))
			return verb_failed(err);
		return follow(app, &query, &listing, err);
	}
	printer->begin(printer->ctx, "log", listing.columns);
	if (!attempts_list(app->store, &query, each, &listing, NULL, err))
		return verb_failed(err);
	printer->end(printer->ctx);
	if (query.limit && listing.printed == query.limit)
		verb_note(printer, "The newest %lld; more with --limit N (0: all) or --since.", (long long)query.limit);
	return EXIT_DONE;
}

static const struct argument_row rows[] = {
	{ "--follow", NULL, false, false, "go on and show what comes, until interrupted" },
	{ "--where", "FILTER", true, false, "only attempts that fit: 'account:acme state:failed code:3100 since:2h timeout'" },
	{ "--state", "STATE", false, false, "only running, ok, failed, decide or stopped" },
	{ "--account", "ACCOUNT", false, false, "only this account" },
	{ "--type", "TYPE", false, false, "only this type" },
	{ "--record", "TYPE/ID", false, false, "only what was about this record alone, as Invoice/1024: writes of it, and looks for it" },
	{ "--document", "ID", false, false, "only what was about this document of yours, by its id in your own system, or here" },
	{ "--since", "TIME", false, false, "only since then: 2026-01-31, a time, or 15m, 2h, 3d ago" },
	{ "--limit", "N", false, false, "at most so many, the newest first (" LIMIT_DEFAULT "; 0: all)" },
};

static const char *const examples[] = { "ledgerdeck log --state failed --since 1d", "ledgerdeck log --account Acme --record Invoice/1024",
					"ledgerdeck log --follow --json", NULL };

const struct command command_log = {
	.name = "log", .summary = "show the attempts: what was read, what failed and why", .needs = NEEDS_STORE,
	.arguments = rows, .argument_count = ARRAY_LEN(rows), .examples = examples, .run = run,
};
