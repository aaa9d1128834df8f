/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `outbox --redrive`: what ended without being written is planned anew. Nothing is sent: that is for `apply`, as with any plan. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ledgerdeck/sync/push.h"
#include "verbs.h"

static const struct printer_column columns[] = {
	{ "account", false }, { "account_id", true }, { "documents", false }, { "plan", false }, { "create", false }, { "update", false },
	{ "void", false }, { "link", false }, { "same", false }, { "waits", false }, { "skip", false }, { NULL, false },
};

struct redrive {
	struct app *app;
	const struct printer *printer;
	const char *const *codes, *const *states; /* NULL: any */
	const char *reason;          /* NULL: any */
	struct intent_query query;
	int64_t *resources;          /* owned: of one account */
	size_t count, room;
	int64_t writes, waits;       /* of all accounts */
};

static bool is_one_of(const char *const *words, const char *word)
{
	for (size_t i = 0; words && words[i]; i++)
		if (strcasecmp(words[i], word) == 0)
			return true;
	return !words;
}

static bool fits(const struct redrive *redrive, const struct intent *intent)
{
	const char *code = *intent->error.ledger_code ? intent->error.ledger_code : error_word(intent->error.code);

	if (intent->state != INTENT_REJECTED && intent->state != INTENT_CONFLICT && intent->state != INTENT_DEAD)
		return false;
	return is_one_of(redrive->states, intent_state_word(intent->state)) &&
	       is_one_of(redrive->codes, code) &&
	       (!redrive->reason || strcasestr(intent->why, redrive->reason) || strcasestr(intent->error.text, redrive->reason));
}

static bool take(void *ctx, const struct intent *intent)
{
	struct redrive *redrive = ctx;

	if (!fits(redrive, intent))
		return true;
	memory_grow(&redrive->resources, &redrive->room, redrive->count + 1, sizeof(*redrive->resources));
	redrive->resources[redrive->count++] = intent->resource;
	return true;
}

static int by_number(const void *a, const void *b)
{
	const int64_t *one = a, *other = b;

	return *one < *other ? -1 : *one > *other;
}

/* Each once, in the order they came in. */
static void put_in_order(struct redrive *redrive)
{
	size_t kept = 0;

	if (redrive->count > 1)
		qsort(redrive->resources, redrive->count, sizeof(*redrive->resources), by_number);
	for (size_t i = 0; i < redrive->count; i++)
		if (kept == 0 || redrive->resources[kept - 1] != redrive->resources[i])
			redrive->resources[kept++] = redrive->resources[i];
	redrive->count = kept;
}

static void print(struct redrive *redrive, const struct account *account, const char *plan, const struct push_totals *totals)
{
	const struct printer *printer = redrive->printer;
	const int64_t *acts = totals->acts;

	printer->row(printer->ctx);
	printer->text(printer->ctx, "account", account->name);
	printer->text(printer->ctx, "account_id", account->id);
	printer->number(printer->ctx, "documents", (int64_t)redrive->count);
	verb_text(printer, "plan", plan);
	printer->number(printer->ctx, "create", acts[PLAN_CREATE]);
	printer->number(printer->ctx, "update", acts[PLAN_UPDATE]);
	printer->number(printer->ctx, "void", acts[PLAN_VOID]);
	printer->number(printer->ctx, "link", acts[PLAN_LINK]);
	printer->number(printer->ctx, "same", acts[PLAN_SAME]);
	printer->number(printer->ctx, "waits", acts[PLAN_BLOCKED] + acts[PLAN_DECIDE]);
	printer->number(printer->ctx, "skip", acts[PLAN_SKIP]);
	redrive->writes += acts[PLAN_CREATE] + acts[PLAN_UPDATE] + acts[PLAN_VOID] + acts[PLAN_LINK];
	redrive->waits += acts[PLAN_BLOCKED] + acts[PLAN_DECIDE];
}

static bool foresee(struct app *app, const struct push_wish *wish, struct push_totals *ret_totals, struct error *err)
{
	bool good;

	if (!store_read_begin(app->store, err))
		return false;
	good = push_foresee(app->store, app->catalogue, wish, ret_totals, err);
	store_read_end(app->store);
	return good;
}

static bool plan_account(struct redrive *redrive, const struct account *account, bool dry, struct error *err)
{
	AUTO(str_clear) struct str head = STR_INIT(STR_NO_LIMIT);
	struct app *app = redrive->app;
	struct push_wish wish = { .account_id = account->id, .resources = redrive->resources, .resource_count = redrive->count, .all_lines = true,
				  .who = app->who, .env = app->env, .cancel = app->cancel };
	struct push_totals totals;
	struct plan plan = { .id = "" };

	if (dry && !foresee(app, &wish, &totals, err))
		return false;
	if (!dry && (!verb_freshen(app, &wish, redrive->printer, err) || !push_plan(app->store, app->catalogue, &wish, &plan, err) ||
		     !plans_find(app->store, NULL, plan.id, &plan, NULL, &head, err) || !push_totals(head.text, &totals)))
		return false;
	print(redrive, account, plan.id, &totals);
	return true;
}

static bool plan_all(struct redrive *redrive, const char *account_word, bool dry, struct error *err)
{
	AUTO(account_list_clear) struct account_list accounts = { 0 };
	const char *words[] = { account_word, NULL };

	if (!verb_accounts(redrive->app, account_word ? words : NULL, &accounts, err))
		return false;
	for (size_t i = 0; i < accounts.count; i++) {
		redrive->count = 0;
		redrive->query.account_id = accounts.items[i].id;
		if (!intents_list(redrive->app->store, &redrive->query, take, redrive, err))
			return false;
		put_in_order(redrive);
		if (redrive->count > 0 && !plan_account(redrive, &accounts.items[i], dry, err))
			return false;
	}
	return true;
}

static bool check_states(const char *const *words, struct error *err)
{
	for (; words && *words; words++)
		if (strcasecmp(*words, "rejected") != 0 && strcasecmp(*words, "conflict") != 0 && strcasecmp(*words, "dead") != 0)
			return error_set(err, ERROR_INPUT, "--state is rejected, conflict or dead: only what has ended so is planned anew");
	return true;
}

enum command_exit verb_redrive(struct app *app, const struct arguments *arguments, const struct printer *printer, struct error *err)
{
	struct redrive redrive = { .app = app, .printer = printer, .codes = argument_all(arguments, "--code"),
				   .states = argument_all(arguments, "--state"), .reason = argument(arguments, "--reason"),
				   .query = { .owed_only = true } };
	bool dry = argument_given(arguments, "--dry-run"), good;

	if (!check_states(redrive.states, err) || (!dry && !app_store(app, true, err)))
		return verb_failed(err);
	printer->begin(printer->ctx, "redrive", columns);
	good = plan_all(&redrive, argument(arguments, "--account"), dry, err);
	free(redrive.resources);
	if (!good)
		return verb_failed(err);
	printer->end(printer->ctx);
	if (redrive.writes + redrive.waits == 0)
		return EXIT_DONE;
	verb_note(printer, "%lld would be written, %lld wait for a person.%s", (long long)redrive.writes, (long long)redrive.waits,
		  dry ? " Nothing was planned." : redrive.writes > 0 ? " Nothing is sent before 'ledgerdeck apply PLAN'." : "");
	return redrive.writes > 0 ? EXIT_CHANGES : EXIT_PERSON;
}
