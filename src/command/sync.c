/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `sync`: read now what is new, or all of it, or prove what exists; then say what came of it, type by type. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verbs.h"

static const struct printer_column columns[] = {
	{ "account", false }, { "account_id", true }, { "type", false }, { "result", false }, { "read", false },
	{ "added", false }, { "changed", false }, { "unchanged", true }, { "deleted", false }, { "parked", false },
	{ "pages", true }, { "calls", true }, { "bytes", true }, { "took_ms", true }, { "attempts", true },
	VERB_ERROR_COLUMNS, { NULL, false },
};

/* What all attempts of one object in our runs did together. */
struct outcome {
	char account_id[ACCOUNT_ID_MAX];
	char type[64];
	struct attempt sum;   /* of the last: its error */
	int64_t attempts;
};

struct outcomes {
	const int64_t *runs;
	size_t run_count;
	struct outcome *items; /* owned */
	size_t count, room;
};

static void outcomes_clear(struct outcomes *outcomes)
{
	free(outcomes->items);
}

static struct outcome *find_outcome(struct outcomes *outcomes, const char *account_id, const char *type)
{
	for (size_t i = 0; i < outcomes->count; i++)
		if (strcmp(outcomes->items[i].account_id, account_id) == 0 && strcmp(outcomes->items[i].type, type) == 0)
			return &outcomes->items[i];
	return NULL;
}

/* Attempts come oldest first. */
static bool take_attempt(void *ctx, const struct attempt *attempt, const char *detail)
{
	struct outcomes *outcomes = ctx;
	struct outcome *outcome;
	bool ours = false;

	(void)detail;
	for (size_t i = 0; i < outcomes->run_count; i++)
		ours = ours || outcomes->runs[i] == attempt->run;
	if (!ours)
		return true;
	outcome = find_outcome(outcomes, attempt->account_id, attempt->type);
	if (!outcome) {
		memory_grow(&outcomes->items, &outcomes->room, outcomes->count + 1, sizeof(*outcomes->items));
		outcome = &outcomes->items[outcomes->count++];
		*outcome = (struct outcome){ 0 };
		snprintf(outcome->account_id, sizeof(outcome->account_id), "%s", attempt->account_id);
		snprintf(outcome->type, sizeof(outcome->type), "%s", attempt->type);
	}
	outcome->attempts++;
	outcome->sum.pages += attempt->pages;
	outcome->sum.calls += attempt->calls;
	outcome->sum.bytes += attempt->bytes;
	outcome->sum.took_ms += attempt->took_ms > 0 ? attempt->took_ms : 0;
	outcome->sum.counts.added += attempt->counts.added;
	outcome->sum.counts.changed += attempt->counts.changed;
	outcome->sum.counts.unchanged += attempt->counts.unchanged;
	outcome->sum.counts.deleted += attempt->counts.deleted;
	outcome->sum.counts.parked += attempt->counts.parked;
	outcome->sum.error = attempt->error;
	if (attempt->took_ms < 0)
		error_set(&outcome->sum.error, ERROR_STORE, "how it ended could not be written down; the program's own log says why");
	return true;
}

/* ---- carrying it out */

/* Show what the workers tell; the last word has the store, so nothing is lost by a missed event. */
static void show_progress(struct app *app, struct progress_sum *sum, const struct printer *printer)
{
	struct printer_progress progress;
	struct sync_event *event;

	while (app->events && (event = queue_take(app->events, 0, NULL)) != NULL) {
		progress_sum_take(sum, event);
		free(event);
	}
	progress_sum_give(sum, app->env.ticks_ms(app->env.ctx), &progress);
	if (progress.wait_ms == 0)
		progress.wait_ms = sync_paused_ms(app->sync, NULL);
	if (printer->progress)
		printer->progress(printer->ctx, &progress);
}

static bool wait_for_runs(struct app *app, const int64_t *runs, size_t count, struct progress_sum *sum,
			  const struct printer *printer)
{
	for (size_t i = 0; i < count; i++)
		while (!sync_wait(app->sync, runs[i], 100, app->cancel)) {
			show_progress(app, sum, printer);
			if (cancel_asked(app->cancel))
				return false;
		}
	show_progress(app, sum, printer);
	return true;
}

static bool wait_for(struct app *app, const int64_t *runs, size_t count, int64_t jobs, const struct printer *printer,
		     struct error *err)
{
	AUTO(account_list_clear) struct account_list accounts = { 0 };
	AUTO(progress_sum_clear) struct progress_sum sum = { .accounts = &accounts, .all = jobs };
	bool finished;

	sum.begun_ms = app->env.ticks_ms(app->env.ctx);
	if (!accounts_all(app->store, &accounts, err))
		return false;
	finished = wait_for_runs(app, runs, count, &sum, printer);
	if (printer->progress)
		printer->progress(printer->ctx, NULL);
	if (finished)
		return true;
	/* Not the engine's end: others may work with it. It stops when the program closes it. */
	for (size_t i = 0; i < count; i++)
		sync_withdraw(app->sync, runs[i]);
	return error_set(err, ERROR_CANCELLED, "interrupted; what was read is kept, and the next sync goes on where this one was");
}

static bool start(struct app *app, struct error *err)
{
	if (app->sync_runs)
		return true;
	app->sync_runs = true;
	return sync_start(app->sync, (int)settings_number(app->settings, "sync.workers"), false, err);
}

/* ---- what came of it */

static bool wish_has(const struct sync_wish *wish, const char *account_id, const struct object *object)
{
	bool wanted = !wish->types && object->wanted;

	if (wish->account_id && strcmp(wish->account_id, account_id) != 0)
		return false;
	for (size_t i = 0; wish->types && wish->types[i]; i++)
		wanted = wanted || strcmp(wish->types[i], object->type) == 0;
	return wanted;
}

/* How one object fared; `ret_error` says why when it did not fare well. */
static const char *judge(const struct account *account, const struct object *object, const struct outcome *outcome,
			 struct verb_tally *tally, struct error *ret_error)
{
	error_clear(ret_error);
	if (outcome && outcome->sum.error.code == ERROR_NONE) {
		tally->good++;
		return "ok";
	}
	if (outcome)
		*ret_error = outcome->sum.error;
	else if (account->state != ACCOUNT_OK)
		error_set(ret_error, ERROR_AUTH, "%.200s", *account->reason ? account->reason : "the account is not connected");
	else if (object->last_error.code != ERROR_NONE)
		*ret_error = object->last_error;
	else
		error_set(ret_error, ERROR_NETWORK, "not tried: the account rests after too many failures");
	if (ret_error->code == ERROR_CONFLICT) {
		tally->waiting++;
		return "waiting";
	}
	tally->failed++;
	tally->worst = *ret_error;
	return outcome ? "failed" : "skipped";
}

static void print_outcome(const struct account *account, const struct object *object, const struct outcome *outcome,
			  const char *result, const struct error *error, const struct printer *printer)
{
	static const struct outcome none;
	const struct outcome *it = outcome ? outcome : &none;
	const struct put_counts *counts = &it->sum.counts;

	if (printer->brief && error->code == ERROR_NONE && !counts->added && !counts->changed && !counts->deleted && !counts->parked)
		return;
	printer->row(printer->ctx);
	printer->text(printer->ctx, "account", account->name);
	printer->text(printer->ctx, "account_id", account->id);
	printer->text(printer->ctx, "type", object->type);
	printer->text(printer->ctx, "result", result);
	printer->number(printer->ctx, "read", counts->added + counts->changed + counts->unchanged + counts->parked);
	printer->number(printer->ctx, "added", counts->added);
	printer->number(printer->ctx, "changed", counts->changed);
	printer->number(printer->ctx, "unchanged", counts->unchanged);
	printer->number(printer->ctx, "deleted", counts->deleted);
	printer->number(printer->ctx, "parked", counts->parked);
	printer->number(printer->ctx, "pages", it->sum.pages);
	printer->number(printer->ctx, "calls", it->sum.calls);
	printer->number(printer->ctx, "bytes", it->sum.bytes);
	printer->number(printer->ctx, "took_ms", it->sum.took_ms);
	printer->number(printer->ctx, "attempts", it->attempts);
	verb_error(printer, account->provider, error);
}

struct report {
	struct app *app;
	const struct sync_wish *wishes;
	size_t wish_count;
	struct outcomes *outcomes;
	const struct printer *printer;
	bool table;
	struct verb_tally *tally;
	int64_t read, changed;
};

static bool report_account(struct report *report, const struct account *account, struct error *err)
{
	AUTO(object_list_clear) struct object_list objects = { 0 };
	bool any = false;

	if (!objects_all(report->app->store, account->id, &objects, err))
		return false;
	for (size_t i = 0; i < objects.count; i++) {
		const struct object *object = &objects.items[i];
		const struct outcome *outcome = find_outcome(report->outcomes, account->id, object->type);
		struct error error;
		const char *result;
		bool wanted = false;

		for (size_t k = 0; k < report->wish_count; k++)
			wanted = wanted || wish_has(&report->wishes[k], account->id, object);
		if (!wanted || account->state == ACCOUNT_DISCONNECTED || account->state == ACCOUNT_PAUSED ||
		    !catalogue_find(report->app->catalogue, account->provider, object->type))
			continue;
		any = true;
		result = judge(account, object, outcome, report->tally, &error);
		if (outcome) {
			const struct put_counts *counts = &outcome->sum.counts;

			report->read += counts->added + counts->changed + counts->unchanged + counts->parked;
			report->changed += counts->added + counts->changed + counts->deleted;
		}
		if (report->table)
			print_outcome(account, object, outcome, result, &error, report->printer);
	}
	report->tally->skipped += any && account->state == ACCOUNT_RECONNECT;
	return true;
}

static bool print_report(struct report *report, int64_t took_ms, struct error *err)
{
	AUTO(account_list_clear) struct account_list accounts = { 0 };
	const struct printer *printer = report->printer;
	struct verb_tally *tally = report->tally;

	if (!accounts_all(report->app->store, &accounts, err))
		return false;
	if (report->table)
		printer->begin(printer->ctx, "sync", columns);
	for (size_t i = 0; i < accounts.count; i++)
		if (!report_account(report, &accounts.items[i], err))
			return false;
	if (report->table)
		printer->end(printer->ctx);
	verb_note(printer, "%lld types read: %lld records, %lld of them new, changed or deleted; %lld types failed, %lld wait for "
		  "approval; %lld.%lld s", (long long)(tally->good + tally->failed + tally->waiting), (long long)report->read,
		  (long long)report->changed, (long long)tally->failed, (long long)tally->waiting, (long long)(took_ms / 1000),
		  (long long)(took_ms % 1000 / 100));
	return true;
}

static bool take_no(void *ctx, const struct attempt *attempt, const char *detail)
{
	(void)detail;
	*(int64_t *)ctx = attempt->no;
	return true;
}

/* What is asked for comes behind it. */
static bool find_newest(struct app *app, int64_t *ret_no, struct error *err)
{
	struct attempt_query newest = { .newest_first = true, .limit = 1 };

	return attempts_list(app->store, &newest, take_no, ret_no, NULL, err);
}

bool verb_sync(struct app *app, const struct sync_wish *wishes, size_t count, const struct printer *printer, bool table,
	       struct verb_tally *ret_tally, struct error *err)
{
	AUTO(memory_freep) int64_t *runs = memory_new((count + 1) * sizeof(*runs));
	AUTO(outcomes_clear) struct outcomes outcomes = { .runs = runs, .run_count = count };
	struct attempt_query query = { 0 };
	struct report report = { .app = app, .wishes = wishes, .wish_count = count, .outcomes = &outcomes, .printer = printer,
				 .table = table, .tally = ret_tally };
	int64_t begun_ms = app->env.ticks_ms(app->env.ctx), jobs = 0, more;

	*ret_tally = (struct verb_tally){ 0 };
	if (!find_newest(app, &query.after_no, err))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!sync_ask(app->sync, &wishes[i], &runs[i], &more, err))
			return false;
		else
			jobs += more;
	return start(app, err) && wait_for(app, runs, count, jobs, printer, err) && attempts_list(app->store, &query, take_attempt, &outcomes, NULL, err) &&
	       print_report(&report, app->env.ticks_ms(app->env.ctx) - begun_ms, err);
}

enum command_exit verb_tally_exit(const struct verb_tally *tally)
{
	if (tally->failed > 0 && tally->good > 0)
		return EXIT_PARTLY;
	/* What the ledger refuses is no wrong usage. */
	if (tally->failed > 0)
		return verb_failed(&tally->worst) == EXIT_USAGE ? EXIT_FAILED : verb_failed(&tally->worst);
	return tally->waiting > 0 || tally->skipped > 0 ? EXIT_PERSON : EXIT_DONE;
}

/* ---- the command */

static bool check_words(const struct arguments *arguments, struct error *err)
{
	if (argument_given(arguments, "--all") && argument_given(arguments, "ACCOUNT"))
		return error_set(err, ERROR_INPUT, "name accounts or say --all, not both");
	if (!argument_given(arguments, "--all") && !argument_given(arguments, "ACCOUNT"))
		return error_set(err, ERROR_INPUT, "which accounts? name them, or say --all; see 'ledgerdeck accounts'");
	if (argument_given(arguments, "--full") && argument_given(arguments, "--sweep"))
		return error_set(err, ERROR_INPUT, "--full reads everything and --sweep proves what exists; one at a time");
	return true;
}

/* An account that was named must be able to sync. */
static bool check_account(const struct account *account, struct error *err)
{
	if (account->state == ACCOUNT_OK)
		return true;
	if (account->state == ACCOUNT_PAUSED)
		return error_set(err, ERROR_CONFLICT, "'%.80s' is %.120s; 'ledgerdeck resume %s' goes on with it", account->name,
				 *account->reason ? account->reason : "paused", account->id);
	return error_set(err, ERROR_AUTH, "'%.80s' %s; run 'ledgerdeck connect %s --account %s'", account->name,
			 account->state == ACCOUNT_RECONNECT ? "must be connected again" : "is not connected",
			 account->provider, account->id);
}

static enum command_exit run(struct app *app, const struct arguments *arguments, const struct printer *printer,
			     struct error *err)
{
	AUTO(account_list_clear) struct account_list list = { 0 };
	AUTO(memory_freep) struct sync_wish *wishes = NULL;
	AUTO(memory_freep) const char **types = NULL;
	struct sync_wish wish = { .cause = "operator", .approve_guard = argument_given(arguments, "--approve") };
	AUTO(str_clear) struct str text = STR_INIT(400);
	struct verb_tally tally;

	if (!check_words(arguments, err) || !verb_types(app, NULL, argument_all(arguments, "--type"), &types, err) ||
	    !verb_accounts(app, argument_all(arguments, "ACCOUNT"), &list, err))
		return verb_failed(err);
	if (list.count == 0) {
		error_set(err, ERROR_AUTH, "no accounts are connected yet; run %s", verb_connect(&text));
		return EXIT_LOCKED;
	}
	wish.mode = argument_given(arguments, "--full") ? SYNC_FULL
		    : argument_given(arguments, "--sweep") || wish.approve_guard ? SYNC_SWEEP : SYNC_CHANGES;
	wish.types = types;
	wishes = memory_new(list.count * sizeof(*wishes));
	for (size_t i = 0; i < list.count; i++) {
		if (argument_given(arguments, "ACCOUNT") && !check_account(&list.items[i], err))
			return verb_failed(err);
		wishes[i] = wish;
		wishes[i].account_id = list.items[i].id;
	}
	if (!verb_sync(app, wishes, list.count, printer, true, &tally, err))
		return verb_failed(err);
	return verb_tally_exit(&tally);
}

static const struct argument_row rows[] = {
	{ "ACCOUNT", NULL, true, false, "these accounts, by any unique prefix of name or id" },
	{ "--all", NULL, false, false, "all accounts" },
	{ "--type", "TYPE", true, false, "only these types; several with commas between them" },
	{ "--full", NULL, false, false, "read everything again, not only what is new" },
	{ "--sweep", NULL, false, false, "list all ids and prove what exists and what is gone" },
	{ "--approve", NULL, false, false, "go on where a sweep waits because it would delete much" },
};

static const char *const examples[] = { "ledgerdeck sync --all", "ledgerdeck sync Acme --type Invoice,Payment",
					"ledgerdeck sync Acme --type Customer --sweep --approve", NULL };

const struct command command_sync = {
	.name = "sync", .summary = "read what is new in the ledgers", .needs = NEEDS_STORE | NEEDS_WRITE | NEEDS_VAULT | NEEDS_SYNC | CHANGES_THINGS,
	.arguments = rows, .argument_count = ARRAY_LEN(rows), .examples = examples, .run = run,
};
