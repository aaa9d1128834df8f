/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `outbox`: what is owed to the ledgers, and what an operator does with it. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/sync/push.h"
#include "verbs.h"

static const struct printer_column columns[] = {
	{ "id", false }, { "account", false }, { "account_id", true }, { "what", false }, { "type", false }, { "number", false },
	{ "currency", true }, { "total", false }, { "state", false }, { "since", false }, { "tries", true }, { "next", false }, { "record", true },
	{ "plan", true }, { "line", true }, { "reason", false }, VERB_ERROR_COLUMNS, { NULL, false },
};
static const struct printer_column step_columns[] = {
	{ "at", false }, { "state", false }, { "by", false }, { "why", false }, { NULL, false },
};

struct listing {
	struct app *app;
	const struct printer *printer;
	int64_t people;              /* that need a person */
	char account_id[ACCOUNT_ID_MAX]; /* whose window that is; "" : nobody's yet */
	struct push_window window;
};

/* Most are of the same account one after the other. */
static bool look_at_window(struct listing *listing, const struct intent *intent, struct error *err)
{
	if (strcmp(listing->account_id, intent->account_id) == 0)
		return true;
	snprintf(listing->account_id, sizeof(listing->account_id), "%s", intent->account_id);
	return push_window(listing->app->store, intent->account_id, verb_now(listing->app), &listing->window, err);
}

static bool print_intent(void *ctx, const struct intent *intent)
{
	struct listing *listing = ctx;
	const struct printer *printer = listing->printer;
	struct decimal total = decimal_money(decimal_of(intent->total, 6));
	char digits[DECIMAL_TEXT_MAX];
	struct account account = { 0 };
	struct error ignored;
	char why[60];
	bool found, held;

	if (!accounts_get(listing->app->store, intent->account_id, &account, &found, &ignored) || !look_at_window(listing, intent, &ignored))
		return false;
	held = push_window_holds(&listing->window, intent);
	snprintf(why, sizeof(why), "waits for %s (policy window)", listing->window.opens);
	listing->people += intent_needs_person(intent_shown(intent));
	printer->row(printer->ctx);
	printer->text(printer->ctx, "id", intent->id);
	printer->text(printer->ctx, "account", account.name);
	printer->text(printer->ctx, "account_id", intent->account_id);
	printer->text(printer->ctx, "what", plan_act_word(intent->act));
	printer->text(printer->ctx, "type", intent->record_type);
	verb_text(printer, "number", intent->number);
	verb_text(printer, "currency", intent->currency);
	printer->decimal(printer->ctx, "total", intent->has_total ? decimal_format(total, digits) : NULL);
	printer->text(printer->ctx, "state", intent_state_word(intent_shown(intent)));
	printer->time(printer->ctx, "since", intent->since_ms);
	printer->number(printer->ctx, "tries", intent->tries);
	printer->time(printer->ctx, "next", held ? listing->window.opens_ms
		      : intent_is_open(intent->state) && !*intent->pause && intent->next_ms != INT64_MAX ? intent->next_ms : 0);
	verb_text(printer, "record", intent->record_id);
	printer->text(printer->ctx, "plan", intent->plan);
	printer->number(printer->ctx, "line", intent->line);
	verb_text(printer, "reason", held ? why : intent_reason(intent));
	verb_error(printer, account.provider, &intent->error);
	return !printer->is_broken(printer->ctx);
}

static bool print_step(void *ctx, int64_t at_ms, enum intent_state state, const char *who, const char *why)
{
	const struct printer *printer = *(const struct printer *const *)ctx;

	printer->row(printer->ctx);
	printer->time(printer->ctx, "at", at_ms);
	printer->text(printer->ctx, "state", intent_state_word(state));
	printer->text(printer->ctx, "by", who);
	verb_text(printer, "why", why);
	return true;
}

static bool find(struct app *app, const char *word, struct intent *ret_intent, struct error *err)
{
	bool found;

	return intents_by_id(app->store, word, ret_intent, &found, err) &&
	       (found || error_set(err, ERROR_INPUT, "there is no intent '%.40s'; 'ledgerdeck outbox' lists what is owed", word));
}

static bool act(struct app *app, const struct arguments *arguments, const struct intent *intent, bool *ret_acted, struct error *err)
{
	const char *record = argument(arguments, "--record");
	int64_t now_ms = verb_now(app);

	*ret_acted = true;
	if ((argument_given(arguments, "--cancel") || argument_given(arguments, "--accept") || argument_given(arguments, "--unwritten") || record) &&
	    !app_store(app, true, err))
		return false;
	if (argument_given(arguments, "--cancel"))
		return push_cancel(app->store, intent->no, app->who, now_ms, err);
	if (argument_given(arguments, "--accept"))
		return push_accept(app->store, intent->no, app->who, now_ms, err);
	if (argument_given(arguments, "--unwritten"))
		return push_settle(app->store, intent->no, NULL, app->who, now_ms, err);
	if (record)
		return push_settle(app->store, intent->no, record, app->who, now_ms, err);
	*ret_acted = false;
	return true;
}

static enum command_exit one(struct app *app, const struct arguments *arguments, const struct printer *printer, struct error *err)
{
	AUTO(str_clear) struct str said = STR_INIT(STR_NO_LIMIT), landed = STR_INIT(STR_NO_LIMIT);
	struct listing listing = { .app = app, .printer = printer };
	struct intent intent;
	bool acted;

	if (!find(app, argument(arguments, "ID"), &intent, err) || !act(app, arguments, &intent, &acted, err))
		return verb_failed(err);
	if (acted) {
		if (!find(app, intent.id, &intent, err))
			return verb_failed(err);
		printer->begin(printer->ctx, "outbox", columns);
		print_intent(&listing, &intent);
		printer->end(printer->ctx);
		return EXIT_DONE;
	}
	if (!intents_said(app->store, intent.no, &said, &landed, err))
		return verb_failed(err);
	printer->begin(printer->ctx, "steps", step_columns);
	if (!intents_steps(app->store, intent.no, print_step, &printer, err))
		return verb_failed(err);
	printer->end(printer->ctx);
	if (landed.len > 0)
		verb_note(printer, "What landed otherwise: %.900s", landed.text);
	if (said.len > 0)
		verb_note(printer, "The ledger's words: %.900s", said.text);
	return EXIT_DONE;
}

/* What would be passed over in silence is refused: somebody expects something of it. */
static bool makes_sense(const struct arguments *arguments, struct error *err)
{
	static const char *const acts[] = { "--cancel", "--accept", "--record", "--unwritten", NULL };
	static const char *const filters[] = { "--state", "--code", "--reason", "--dry-run", NULL };
	size_t act_count, filter_count;
	const char *act = verb_given(arguments, acts, &act_count), *filter = verb_given(arguments, filters, &filter_count);
	bool redrives = argument_given(arguments, "--redrive");

	if (filter && !redrives)
		return error_set(err, ERROR_INPUT, "%s goes with --redrive only", filter);
	if (redrives && (act || argument(arguments, "ID") || argument(arguments, "--plan")))
		return error_set(err, ERROR_INPUT, "--redrive chooses by --account, --state, --code and --reason, not by an intent or a plan");
	if (act_count > 1)
		return error_set(err, ERROR_INPUT, "--cancel, --accept, --record and --unwritten: one at a time");
	return !act || argument(arguments, "ID") || error_set(err, ERROR_INPUT, "%s of which intent? 'ledgerdeck outbox' lists their ids", act);
}

static enum command_exit run(struct app *app, const struct arguments *arguments, const struct printer *printer, struct error *err)
{
	struct listing listing = { .app = app, .printer = printer };
	const char *word = argument(arguments, "--account"), *plan_word = argument(arguments, "--plan");
	struct intent_query query = { .owed_only = !argument_given(arguments, "--all") };
	struct account account;
	struct plan plan;

	if (!makes_sense(arguments, err))
		return verb_failed(err);
	if (argument_given(arguments, "--redrive"))
		return verb_redrive(app, arguments, printer, err);
	if (argument(arguments, "ID"))
		return one(app, arguments, printer, err);
	if ((word && !accounts_find(app->store, word, &account, err)) || (plan_word && !plans_find(app->store, word ? account.id : NULL, plan_word, &plan, NULL, NULL, err)))
		return verb_failed(err);
	query.account_id = word ? account.id : NULL;
	query.plan = plan_word ? plan.id : NULL;
	printer->begin(printer->ctx, "outbox", columns);
	if (!intents_list(app->store, &query, print_intent, &listing, err))
		return verb_failed(err);
	printer->end(printer->ctx);
	return listing.people > 0 ? EXIT_PERSON : EXIT_DONE;
}

static const struct argument_row rows[] = {
	{ "ID", NULL, false, false, "show the steps of this intent, by its id or any unique end of it" },
	{ "--account", "ACCOUNT", false, false, "only of this account" },
	{ "--plan", "PLAN", false, false, "only of this plan, settled ones too" },
	{ "--all", NULL, false, false, "also what is settled" },
	{ "--cancel", NULL, false, false, "take the intent back, as long as it was not sent" },
	{ "--accept", NULL, false, false, "it is well as the ledger has it, though it landed otherwise than planned" },
	{ "--record", "RECORD", false, false, "it is this record of the ledger, after an outcome that could not be told" },
	{ "--unwritten", NULL, false, false, "it was not written, after an outcome that could not be told" },
	{ "--redrive", NULL, false, false, "plan anew what was rejected, is in conflict or dead; nothing is sent before 'apply'" },
	{ "--state", "STATE", true, false, "redrive only what is rejected, conflict or dead; may be repeated" },
	{ "--code", "CODE", true, false, "redrive only what failed with this code of the ledger, as 6240, or of this kind, as remote; may be repeated" },
	{ "--reason", "TEXT", false, false, "redrive only what has this in its reason or in its message" },
	{ "--dry-run", NULL, false, false, "redrive: only tell what a plan would come to" },
};
static const char *const examples[] = { "ledgerdeck outbox", "ledgerdeck outbox 4tq8 --accept", "ledgerdeck outbox --redrive --code 6240", NULL };

const struct command command_outbox = {
	.name = "outbox", .summary = "list what is still owed to the ledgers", .needs = NEEDS_STORE,
	.arguments = rows, .argument_count = ARRAY_LEN(rows), .examples = examples, .run = run,
};
