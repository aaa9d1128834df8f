/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `requests`: sync requests, how far each has come, and what a person does with those that hold the queue. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/sync/request.h"
#include "verbs.h"

static const struct printer_column columns[] = {
	{ "position", false }, { "id", false }, { "organization", true }, { "type", false }, { "external_id", false }, { "number", true },
	{ "operation", false }, { "without_create_confirmation", true }, { "status", false }, { "since", false }, { "made", true },
	{ "why", false }, { NULL, false },
};
static const struct printer_column member_columns[] = {
	{ "type", false }, { "external_id", false }, { "id", true }, { "number", true }, { "root", true }, { "revision", true },
	{ "account", false }, { "account_id", true }, { "record_type", true }, { "record", false }, { "standing", false }, { "why", false },
	{ NULL, false },
};

struct listing {
	struct app *app;
	const struct printer *printer;
	bool all;                    /* those that have ended, too */
	struct request first;        /* the open one at hand's organization's first; position 0: none was looked for */
	int64_t people;              /* that wait for a person */
	struct error error;
};

/* Why it is where it is: what stands before it, else its own message. */
static bool tell_why(struct listing *listing, const struct request *request, char *ret_why, size_t size, struct error *err)
{
	size_t count;

	snprintf(ret_why, size, "%s", request->message);
	if (!request_is_open(request->status) || request->status == REQUEST_FAILED)
		return true;
	if (strcmp(listing->first.organization, request->organization) != 0 &&
	    (!requests_open(listing->app->store, request->organization, 0, &listing->first, 1, &count, err)))
		return false;
	if (listing->first.position && listing->first.position < request->position)
		snprintf(ret_why, size, "it waits for %s, which %s %s", listing->first.id, listing->first.status == REQUEST_FAILED ? "has" : "is",
			 request_status_word(listing->first.status));
	return true;
}

static bool print_request(struct listing *listing, const struct request *request, struct error *err)
{
	const struct printer *printer = listing->printer;
	struct resource resource;
	char why[300];

	if (!tell_why(listing, request, why, sizeof(why), err) ||
	    !resources_by_no(listing->app->store, request->resource, &resource, NULL, err))
		return false;
	listing->people += request->status == REQUEST_BLOCKED || request->status == REQUEST_FAILED;
	printer->row(printer->ctx);
	printer->number(printer->ctx, "position", request->position);
	printer->text(printer->ctx, "id", request->id);
	printer->text(printer->ctx, "organization", request->organization);
	printer->text(printer->ctx, "type", resource.type->name);
	printer->text(printer->ctx, "external_id", resource.external_id);
	verb_text(printer, "number", resource.summary.number);
	printer->text(printer->ctx, "operation", import_method_word(request->method));
	printer->flag(printer->ctx, "without_create_confirmation", request->unconfirmed);
	printer->text(printer->ctx, "status", request_status_word(request->status));
	printer->time(printer->ctx, "since", request->changed_ms);
	printer->time(printer->ctx, "made", request->made_ms);
	verb_text(printer, "why", why);
	return true;
}

static bool print_listed(void *ctx, const struct request *request)
{
	struct listing *listing = ctx;

	if (!listing->all && !request_is_open(request->status))
		return true;
	return print_request(listing, request, &listing->error) && !listing->printer->is_broken(listing->printer->ctx);
}

static enum command_exit list(struct listing *listing, const char *organization, int64_t limit, struct error *err)
{
	const struct printer *printer = listing->printer;

	printer->begin(printer->ctx, "requests", columns);
	if (!requests_list(listing->app->store, organization, 0, limit, print_listed, listing, err))
		return verb_failed(err);
	if (listing->error.code != ERROR_NONE) {
		*err = listing->error;
		return verb_failed(err);
	}
	printer->end(printer->ctx);
	return listing->people > 0 ? EXIT_PERSON : EXIT_DONE;
}

/* ---- one, with its members */

static void print_part(void *ctx, const struct request_part *part)
{
	const struct printer *printer = *(const struct printer *const *)ctx;

	printer->row(printer->ctx);
	printer->text(printer->ctx, "type", part->resource.type->name);
	printer->text(printer->ctx, "external_id", part->resource.external_id);
	printer->text(printer->ctx, "id", part->resource.id);
	verb_text(printer, "number", part->resource.summary.number);
	printer->flag(printer->ctx, "root", part->is_root);
	printer->number(printer->ctx, "revision", part->revision);
	printer->text(printer->ctx, "account", part->account->name);
	printer->text(printer->ctx, "account_id", part->account->id);
	verb_text(printer, "record_type", part->record_type);
	verb_text(printer, "record", part->record_id);
	printer->text(printer->ctx, "standing", request_standing_word(part->standing));
	verb_text(printer, "why", part->why);
}

static enum command_exit one(struct listing *listing, const char *word, struct error *err)
{
	const struct printer *printer = listing->printer;
	struct app *app = listing->app;
	struct request request;
	char why[300];
	bool good;

	if (!requests_find(app->store, word, &request, err) || !tell_why(listing, &request, why, sizeof(why), err) ||
	    !store_read_begin(app->store, err))
		return verb_failed(err);
	printer->begin(printer->ctx, "members", member_columns);
	good = request_look(app->store, app->catalogue, &request, &app->env, print_part, &listing->printer, NULL, err);
	store_read_end(app->store);
	if (!good)
		return verb_failed(err);
	printer->end(printer->ctx);
	verb_note(printer, "Sync request %s (%s) is %s%s%s.", request.id, import_method_word(request.method), request_status_word(request.status),
		  *why ? ": " : "", why);
	return request.status == REQUEST_BLOCKED || request.status == REQUEST_FAILED ? EXIT_PERSON : EXIT_DONE;
}

/* ---- what is asked for */

static bool act(struct app *app, const struct arguments *arguments, bool *ret_acted, struct error *err)
{
	const char *const *retried = argument_all(arguments, "--retry"), *const *skipped = argument_all(arguments, "--skip");

	*ret_acted = retried || skipped;
	if (*ret_acted && !app_store(app, true, err))
		return false;
	for (; retried && *retried; retried++)
		if (!request_retry(app->store, *retried, app->who, verb_now(app), err))
			return false;
	for (; skipped && *skipped; skipped++)
		if (!request_skip(app->store, *skipped, app->who, verb_now(app), err))
			return false;
	return true;
}

static bool take_organization(struct app *app, const struct arguments *arguments, char *ret_id, struct error *err)
{
	const char *word = argument(arguments, "--organization");
	struct organization organization;

	*ret_id = '\0';
	if (!word)
		return true;
	if (!organizations_find(app->store, word, &organization, err))
		return false;
	memcpy(ret_id, organization.id, RESOURCE_ID_MAX);
	return true;
}

static enum command_exit run(struct app *app, const struct arguments *arguments, const struct printer *printer, struct error *err)
{
	struct listing listing = { .app = app, .printer = printer, .all = argument_given(arguments, "--all") };
	const char *limit = argument(arguments, "--limit"), *word = argument(arguments, "ID");
	char organization[RESOURCE_ID_MAX];
	int64_t most = 0;
	bool acted;

	if (app->readonly && (argument(arguments, "--retry") || argument(arguments, "--skip"))) {
		error_set(err, ERROR_INPUT, "that changes things, which --readonly forbids");
		return verb_failed(err);
	}
	if (!take_organization(app, arguments, organization, err) ||
	    (limit && !verb_number(limit, "--limit", 0, INT64_C(1000000000000), &most, err)) || !act(app, arguments, &acted, err))
		return verb_failed(err);
	/* Their statuses follow from what has happened since; where nothing may be written they are as they were last. */
	if (!app->readonly && (!app_store(app, true, err) ||
			       !requests_review(app->store, app->catalogue, *organization ? organization : NULL, &app->env, err)))
		return verb_failed(err);
	return word ? one(&listing, word, err) : list(&listing, *organization ? organization : NULL, most, err);
}

static const struct argument_row rows[] = {
	{ "ID", NULL, false, false, "show the members of this one, and what each waits for, by its id or any unique end of it" },
	{ "--organization", "ORGANIZATION", false, false, "only of this organization, by id, external id or name" },
	{ "--all", NULL, false, false, "also what has succeeded or was skipped" },
	{ "--limit", "N", false, false, "look at the newest so many" },
	{ "--retry", "ID", true, false, "do a failed one once more; may be repeated" },
	{ "--skip", "ID", true, false, "don't do this one any more; may be repeated" },
};
static const char *const examples[] = { "ledgerdeck requests", "ledgerdeck requests 4tq8", "ledgerdeck requests --retry 4tq8", NULL };

const struct command command_requests = {
	.name = "requests", .summary = "list sync requests, and how far each has come", .needs = NEEDS_STORE,
	.arguments = rows, .argument_count = ARRAY_LEN(rows), .examples = examples, .run = run,
};
