/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `apply`: carry a plan out; `decide`: answer what a plan asks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/sync/push.h"
#include "ledgerdeck/sync/request.h"
#include "verbs.h"

static const struct printer_column columns[] = {
	{ "plan", true }, { "state", false }, { "count", false }, { "example", false }, { "why", false }, { NULL, false },
};

#define PATIENCE_MS INT64_C(300000) /* what is tried again later than this is left to the engine */

struct summing {
	struct intent_counts counts;
	struct intent first[INTENT_STATE_COUNT];
	struct push_window window;
	int64_t held;                /* that wait for it */
	struct error worst;
};

static bool sum_up(void *ctx, const struct intent *intent)
{
	struct summing *summing = ctx;

	summing->counts.states[intent_shown(intent)]++;
	summing->first[intent_shown(intent)] = *intent;
	summing->held += push_window_holds(&summing->window, intent);
	if (intent->error.code != ERROR_NONE)
		summing->worst = intent->error;
	return true;
}

static void print_sum(const struct printer *printer, const char *plan, const struct summing *summing, int64_t links)
{
	char text[160];

	printer->begin(printer->ctx, "apply", columns);
	for (int state = 0; state < INTENT_STATE_COUNT; state++) {
		const struct intent *first = &summing->first[state];

		if (summing->counts.states[state] == 0)
			continue;
		snprintf(text, sizeof(text), "%.60s %.60s", first->record_type, first->number);
		printer->row(printer->ctx);
		printer->text(printer->ctx, "plan", plan);
		printer->text(printer->ctx, "state", intent_state_word((enum intent_state)state));
		printer->number(printer->ctx, "count", summing->counts.states[state]);
		printer->text(printer->ctx, "example", text);
		verb_text(printer, "why", state == INTENT_CONFIRMED ? "" : intent_reason(first));
	}
	if (links > 0) {
		printer->row(printer->ctx);
		printer->text(printer->ctx, "plan", plan);
		printer->text(printer->ctx, "state", "linked");
		printer->number(printer->ctx, "count", links);
		printer->text(printer->ctx, "example", NULL);
		printer->text(printer->ctx, "why", NULL);
	}
	printer->end(printer->ctx);
}

/* What holds the account up; EXIT_DONE: nothing. */
static enum command_exit exit_of_account(struct app *app, const char *account_id, const struct printer *printer)
{
	struct account account;
	struct error ignored;
	bool found;

	if (!accounts_get(app->store, account_id, &account, &found, &ignored) || !found || account.state == ACCOUNT_OK)
		return EXIT_DONE;
	verb_note(printer, "'%s' is %s: what is owed is sent when that is over.", account.name, account_state_word(account.state));
	return account.state == ACCOUNT_PAUSED ? EXIT_PERSON : EXIT_LOCKED;
}

static enum command_exit exit_of(struct app *app, const struct plan *plan, const struct summing *summing, const struct push_left *left,
				 const struct printer *printer)
{
	const int64_t *states = summing->counts.states;
	int64_t good = states[INTENT_CONFIRMED] + left->links, unknown = states[INTENT_UNCERTAIN] + states[INTENT_SENDING];
	int64_t bad = states[INTENT_REJECTED] + states[INTENT_CONFLICT] + states[INTENT_DEAD] + states[INTENT_DIFFERENT];
	int64_t open = states[INTENT_QUEUED] + states[INTENT_RETRY] + states[INTENT_WAITING] + states[INTENT_PAUSED];
	enum command_exit held;

	if (unknown > 0)
		return EXIT_UNKNOWN;
	if (bad + open + left->lines == 0)
		return EXIT_DONE;
	if (good > 0)
		return EXIT_PARTLY;
	if (states[INTENT_PAUSED] > 0 || (summing->held > 0 && bad == 0))
		return EXIT_PERSON;
	if (bad > 0)
		return states[INTENT_REJECTED] == 0 ? EXIT_PERSON : EXIT_FAILED;
	if (open == 0)
		return EXIT_PERSON;
	held = exit_of_account(app, plan->account_id, printer);
	if (held != EXIT_DONE || summing->worst.code == ERROR_NONE)
		return held != EXIT_DONE ? held : EXIT_FAILED;
	return verb_failed(&summing->worst) == EXIT_USAGE ? EXIT_FAILED : verb_failed(&summing->worst);
}

static bool send(struct app *app, const struct plan *plan, const struct printer *printer, struct error *err)
{
	struct policies policies;

	if (!app_sync(app, err) || !policies_get(app->store, plan->account_id, &policies, err) || !sync_push(app->sync, plan->account_id, err))
		return false;
	if (policy_is(&policies, POLICY_DIRECTION, "pull"))
		verb_must(printer, "The account is read-only (its policy 'direction' is pull): what is queued stays so, and nothing is written.");
	sync_push_wait(app->sync, plan->id, PATIENCE_MS, app->cancel);
	if (cancel_asked(app->cancel))
		verb_note(printer, "Interrupted: what was sent is looked up with the next start, what was not is sent by it, unless "
			  "'ledgerdeck apply %s --pause' says otherwise.", plan->id);
	return true;
}

static bool take_numbers(const char *const *words, int64_t **ret_numbers, size_t *ret_count, struct error *err)
{
	*ret_numbers = NULL;
	*ret_count = 0;
	for (; words && *words; words++) {
		*ret_numbers = memory_resize(*ret_numbers, (*ret_count + 1) * sizeof(**ret_numbers));
		if (!verb_number(*words, "--line", 1, INT64_MAX, &(*ret_numbers)[(*ret_count)++], err))
			return false;
	}
	return true;
}

static bool take_acts(const char *const *words, enum plan_act *acts, size_t *ret_count, struct error *err)
{
	*ret_count = 0;
	for (; words && *words; words++)
		if (*ret_count == PLAN_ACT_COUNT || !plan_act_parse(*words, &acts[(*ret_count)++]))
			return error_set(err, ERROR_INPUT, "--only takes create, update, link or void");
	return true;
}

static enum command_exit tell_stale(const struct printer *printer, const struct plan *plan, const struct push_applied *applied,
				    struct error *err)
{
	error_set(err, ERROR_CONFLICT, "plan %s is stale, nothing was written: make a new one", plan->id);
	verb_must(printer, "What has moved since: %.900s", applied->moved.text);
	return EXIT_STALE;
}

/* What came of it says how far sync requests have come. */
static bool review(struct app *app, const char *account_id, struct error *err)
{
	char organization[RESOURCE_ID_MAX];

	return organization_of_account(app->store, account_id, organization, err) &&
	       requests_review(app->store, app->catalogue, organization, &app->env, err);
}

/* What became of a plan, and of what it has left. `waits`: it was waited for. */
static enum command_exit tell(struct app *app, const struct plan *plan, int64_t links, bool waits, const struct printer *printer,
			      struct error *err)
{
	AUTO(memory_freep) struct summing *summing = memory_new(sizeof(*summing));
	struct intent_query query = { .plan = plan->id };
	struct push_left left;

	if (cancel_asked(app->cancel))
		left = (struct push_left){ .links = links };
	else if (!push_left(app->store, app->catalogue, plan->id, app->env, app->cancel, &left, err))
		return verb_failed(err);
	if (!push_window(app->store, plan->account_id, verb_now(app), &summing->window, err) ||
	    !intents_list(app->store, &query, sum_up, summing, err) || !review(app, plan->account_id, err))
		return verb_failed(err);
	print_sum(printer, plan->id, summing, left.links);
	if (summing->counts.states[INTENT_PAUSED] > 0)
		verb_must(printer, "Paused, %lld of it not sent: %.200s. 'ledgerdeck apply %s --resume' goes on with it, --cancel takes the rest back.",
			  (long long)summing->counts.states[INTENT_PAUSED], summing->first[INTENT_PAUSED].pause, plan->id);
	if (summing->held > 0)
		verb_must(printer, "Until %s it is outside of the account's hours (policy window %s): %lld of it wait for them. 'ledgerdeck apply %s "
			  "--now' sends them at once.", summing->window.opens, summing->window.hours, (long long)summing->held, plan->id);
	if (left.lines > 0)
		verb_note(printer, "%lld line%s of the plan %s left: 'ledgerdeck plan' says what holds them up.", (long long)left.lines,
			  left.lines == 1 ? "" : "s", left.lines == 1 ? "is" : "are");
	if (cancel_asked(app->cancel))
		return EXIT_INTERRUPTED;
	return waits ? exit_of(app, plan, summing, &left, printer) : left.lines > 0 ? EXIT_PARTLY : EXIT_DONE;
}

static enum command_exit carry_out(struct app *app, const struct push_apply *wish, const struct plan *plan, bool waits,
				   const struct printer *printer, struct error *err)
{
	AUTO(push_applied_clear) struct push_applied applied = { 0 };

	if (plan->state == PLAN_OPEN && !push_apply(app->store, app->catalogue, wish, &applied, err))
		return verb_failed(err);
	if (applied.stale)
		return tell_stale(printer, plan, &applied, err);
	if (waits && !send(app, plan, printer, err))
		return verb_failed(err);
	return tell(app, plan, applied.links, waits, printer, err);
}

/* ---- what is under way is held up, gone on with, or taken back */

static const char *const moves[] = { "--pause", "--resume", "--cancel", NULL };

static bool makes_sense(const struct arguments *arguments, const struct plan *plan, const char **ret_move, struct error *err)
{
	static const char *const choices[] = { "--only", "--line", "--confirm", NULL };
	size_t count, choice_count;
	const char *choice = verb_given(arguments, choices, &choice_count);

	*ret_move = verb_given(arguments, moves, &count);
	if (count > 1)
		return error_set(err, ERROR_INPUT, "--pause, --resume and --cancel: one at a time");
	if (*ret_move && choice)
		return error_set(err, ERROR_INPUT, "%s is about the plan as a whole, it doesn't go with %s", *ret_move, choice);
	if (*ret_move && strcmp(*ret_move, "--resume") != 0 && (argument_given(arguments, "--queue") || argument_given(arguments, "--now")))
		return error_set(err, ERROR_INPUT, "%s sends nothing, it doesn't go with --queue or --now", *ret_move);
	if (argument_given(arguments, "--queue") && argument_given(arguments, "--now"))
		return error_set(err, ERROR_INPUT, "--queue or --now: one of the two");
	return !*ret_move || plan->state == PLAN_APPLIED ||
	       error_set(err, ERROR_INPUT, "plan %s is %s, nothing of it is under way: %s is for one that was applied", plan->id,
			 plan_state_word(plan->state), *ret_move);
}

static bool move(struct app *app, const struct plan *plan, const char *move, const struct printer *printer, struct error *err)
{
	int64_t count;

	if (strcmp(move, "--pause") == 0)
		return push_pause(app->store, plan->id, app->who, verb_now(app), err);
	if (strcmp(move, "--resume") == 0)
		return push_resume(app->store, plan->id, app->who, verb_now(app), err);
	if (!push_cancel_plan(app->store, plan->id, app->who, verb_now(app), &count, err))
		return false;
	verb_note(printer, "Taken back: %lld. What was sent already stays, and is looked after; a new plan would have the rest again.",
		  (long long)count);
	return true;
}

/* Where the policy asks for it, whoever is there types the sum; of nobody it is asked beforehand. */
static bool confirm(struct app *app, const struct plan *plan, struct push_apply *wish, struct secret **ret_line, struct error *err)
{
	char word[DECIMAL_TEXT_MAX], digits[DECIMAL_TEXT_MAX];
	AUTO(str_clear) struct str question = STR_INIT(2000);
	struct push_window window;
	struct account account;
	struct push_sums sums;
	bool asks, found;

	if (!push_asks(app->store, plan->account_id, &asks, err) || !push_apply_sums(app->store, wish, &sums, err) ||
	    !accounts_get(app->store, plan->account_id, &account, &found, err) ||
	    !push_window(app->store, plan->account_id, verb_now(app), &window, err))
		return false;
	/* What is refused anyhow is not asked about. */
	if (!asks || wish->confirm || sums.writes == 0 || (!window.open && !wish->later && !wish->hurry))
		return true;
	push_sums_word(&sums, word);
	str_addf(&question, "%lld write%s into the %s books of '%.100s'", (long long)sums.writes, sums.writes == 1 ? "" : "s",
		 environment_word(account.environment), account.name);
	for (size_t i = 0; i < sums.count; i++)
		str_addf(&question, "%s %s %s", i ? "," : ":", push_sum_text(sums.items[i].total, digits), sums.items[i].currency);
	str_addf(&question, ".\nType %s to write %s: ", word, sums.writes == 1 ? "it" : "them");
	if (!app->ask(app->ask_ctx, question.text, ASK_LINE, NULL, ret_line, err)) {
		if (err->code == ERROR_INPUT)
			error_set(err, ERROR_CONFLICT, "nobody is there to type the sum that is written; --confirm SUM says it beforehand");
		return false;
	}
	wish->confirm = secret_reveal(*ret_line);
	return true;
}

static enum command_exit apply_run(struct app *app, const struct arguments *arguments, const struct printer *printer, struct error *err)
{
	struct push_apply wish = { .who = app->who, .env = app->env, .cancel = app->cancel };
	AUTO(secret_freep) struct secret *typed = NULL;
	AUTO(memory_freep) int64_t *lines = NULL;
	enum plan_act acts[PLAN_ACT_COUNT];
	const char *moved;
	struct plan plan;
	bool waits;

	if (!take_numbers(argument_all(arguments, "--line"), &lines, &wish.line_count, err) ||
	    !take_acts(argument_all(arguments, "--only"), acts, &wish.act_count, err) ||
	    !plans_find(app->store, NULL, argument(arguments, "PLAN"), &plan, NULL, NULL, err) ||
	    !makes_sense(arguments, &plan, &moved, err))
		return verb_failed(err);
	/* Whoever holds something up has no time for a passphrase. */
	waits = !argument_given(arguments, "--queue") && (!moved || strcmp(moved, "--resume") == 0);
	if ((waits && !app_vault(app, err)) || (moved && !move(app, &plan, moved, printer, err)))
		return verb_failed(err);
	/* That was all that was asked; how the plan stands is told beside. */
	if (moved && !waits) {
		enum command_exit told = tell(app, &plan, 0, false, printer, err);

		return err->code == ERROR_NONE ? EXIT_DONE : told;
	}
	wish.plan_id = plan.id;
	wish.lines = lines;
	wish.acts = wish.act_count > 0 ? acts : NULL;
	/* One that was applied already is gone on with: whoever was interrupted says the same again. */
	if (plan.state == PLAN_DROPPED) {
		error_set(err, ERROR_CONFLICT, "plan %s was dropped", plan.id);
		return verb_failed(err);
	}
	wish.confirm = argument(arguments, "--confirm");
	wish.later = argument_given(arguments, "--queue");
	wish.hurry = argument_given(arguments, "--now");
	if (wish.hurry && plan.state == PLAN_APPLIED && !push_hurry(app->store, plan.id, app->who, verb_now(app), err))
		return verb_failed(err);
	if (plan.state == PLAN_OPEN && !confirm(app, &plan, &wish, &typed, err))
		return verb_failed(err);
	return carry_out(app, &wish, &plan, waits, printer, err);
}

static const struct argument_row apply_rows[] = {
	{ "PLAN", NULL, false, true, "the plan, by its id or any unique part of its start or end" },
	{ "--only", "WHAT", true, false, "only its lines that create, update, link or void; may be repeated" },
	{ "--line", "N", true, false, "only this line; may be repeated" },
	{ "--confirm", "SUM", false, false, "the largest sum of money that it writes, where the policy 'confirm' wants it typed" },
	{ "--queue", NULL, false, false, "only put it into the outbox; a deck or 'ledgerdeck run' sends it" },
	{ "--now", NULL, false, false, "also outside of the hours that the policy 'window' sets" },
	{ "--pause", NULL, false, false, "send no more of it for now; what is being sent is brought to its end" },
	{ "--resume", NULL, false, false, "go on with it after a pause, whoever or whatever has paused it" },
	{ "--cancel", NULL, false, false, "take back what of it was not sent yet" },
};
static const char *const apply_examples[] = { "ledgerdeck apply plan_01k2", "ledgerdeck apply plan_01k2 --only create", NULL };

const struct command command_apply = {
	.name = "apply", .summary = "carry a plan out", .needs = NEEDS_STORE | NEEDS_WRITE | CHANGES_THINGS,
	.arguments = apply_rows, .argument_count = ARRAY_LEN(apply_rows), .examples = apply_examples, .run = apply_run,
};

/* ---- decide */

static const struct printer_column decide_columns[] = {
	{ "line", false }, { "number", false }, { "question", false }, { "decision", false }, { NULL, false },
};

struct deciding {
	struct app *app;
	const struct printer *printer;
	const struct plan *plan;
	const char *what, *reason;
	const int64_t *lines;
	size_t line_count;
	int64_t astray;              /* a line that is meant and does not take the decision; 0: none */
	enum plan_reason astray_reason;
	struct decision_job {
		int64_t resource, line;
		char number[64], why[240];
		struct decision decision;
	} *items;                    /* owned */
	size_t count, room;
};

static bool fits(const char *what, enum plan_reason reason)
{
	const char *words = plan_reason_decisions(reason), *at = strstr(words, what);

	return *what && at && (at == words || at[-1] == ' ') && strchr(" ", at[strlen(what)]);
}

static bool is_meant(const struct deciding *deciding, const struct plan_line *line)
{
	for (size_t i = 0; i < deciding->line_count; i++)
		if (deciding->lines[i] == line->line)
			return true;
	return deciding->line_count == 0 && deciding->reason && strcmp(deciding->reason, plan_reason_word(line->reason)) == 0;
}

static bool has_job(const struct deciding *deciding, int64_t line)
{
	for (size_t i = 0; i < deciding->count; i++)
		if (deciding->items[i].line == line)
			return true;
	return false;
}

static bool note(void *ctx, const struct plan_line *line)
{
	struct deciding *deciding = ctx;
	AUTO(str_clear) struct str question = STR_INIT(119);
	struct decision_job *job;
	const char *id;

	if (!is_meant(deciding, line))
		return true;
	json_unquote(json_find(line->detail, strlen(line->detail), "question"), &question);
	/* What the policy does not let a person decide asks nothing. */
	if (question.len == 0 || !fits(deciding->what, line->reason)) {
		deciding->astray = line->line;
		deciding->astray_reason = question.len > 0 ? line->reason : REASON_NONE;
		return false;
	}
	memory_grow(&deciding->items, &deciding->room, deciding->count + 1, sizeof(*deciding->items));
	job = &deciding->items[deciding->count++];
	*job = (struct decision_job){ .resource = line->resource, .line = line->line, .decision = { .at_ms = verb_now(deciding->app) } };
	snprintf(job->number, sizeof(job->number), "%s", line->number);
	snprintf(job->why, sizeof(job->why), "%s", line->why);
	snprintf(job->decision.about, sizeof(job->decision.about), "%s", question.text);
	snprintf(job->decision.who, sizeof(job->decision.who), "%s", deciding->app->who);
	/* "duplicate:12": to link means to that one. */
	id = strchr(question.text, ':');
	if (strcmp(deciding->what, "link") == 0)
		snprintf(job->decision.what, sizeof(job->decision.what), "link %.60s", id ? id + 1 : "");
	else
		snprintf(job->decision.what, sizeof(job->decision.what), "%s", deciding->what);
	return true;
}

/* All that is meant takes the decision, or nothing is decided. */
static bool check(const struct deciding *deciding, struct error *err)
{
	const char *plan = deciding->plan->id, *decisions = plan_reason_decisions(deciding->astray_reason);

	if (deciding->astray && *decisions)
		return error_set(err, ERROR_INPUT, "line %lld of plan %s (%s) takes one of: %s; not '%.40s'", (long long)deciding->astray, plan,
				 plan_reason_word(deciding->astray_reason), decisions, deciding->what);
	if (deciding->astray)
		return error_set(err, ERROR_INPUT, "line %lld of plan %s asks for no decision; 'ledgerdeck plans %s --what decide' lists what does",
				 (long long)deciding->astray, plan, plan);
	for (size_t i = 0; i < deciding->line_count; i++)
		if (!has_job(deciding, deciding->lines[i]))
			return error_set(err, ERROR_INPUT, "plan %s has no line %lld", plan, (long long)deciding->lines[i]);
	return deciding->count > 0 || error_set(err, ERROR_INPUT, "no line of plan %s has the reason '%s'", plan, deciding->reason);
}

static bool keep(struct deciding *deciding, struct error *err)
{
	AUTO(store_end) struct store *transaction = deciding->app->store;
	const struct printer *printer = deciding->printer;
	char after[160];

	if (!store_begin(transaction, err))
		return false;
	for (size_t i = 0; i < deciding->count; i++) {
		struct decision_job *job = &deciding->items[i];

		if (!decisions_put(transaction, deciding->plan->account_id, job->resource, &job->decision, err))
			return false;
		printer->row(printer->ctx);
		printer->number(printer->ctx, "line", job->line);
		printer->text(printer->ctx, "number", job->number);
		printer->text(printer->ctx, "question", job->why);
		printer->text(printer->ctx, "decision", job->decision.what);
	}
	snprintf(after, sizeof(after), "{\"plan\":\"%s\",\"decision\":\"%.30s\",\"documents\":%zu}", deciding->plan->id, deciding->what,
		 deciding->count);
	return audit_add(transaction, deciding->app->who, "decide", deciding->plan->account_id, "", after, verb_now(deciding->app), err) &&
	       store_commit(transaction, err);
}

static enum command_exit decide_run(struct app *app, const struct arguments *arguments, const struct printer *printer, struct error *err)
{
	struct deciding deciding = { .app = app, .printer = printer, .what = argument(arguments, "DECISION"),
				     .reason = argument(arguments, "--reason") };
	AUTO(memory_freep) int64_t *lines = NULL;
	enum plan_reason reason;
	struct plan plan;
	bool good;

	if (!take_numbers(argument_all(arguments, "--line"), &lines, &deciding.line_count, err) ||
	    !plans_find(app->store, NULL, argument(arguments, "PLAN"), &plan, NULL, NULL, err))
		return verb_failed(err);
	if ((deciding.line_count == 0) == !deciding.reason || (deciding.reason && !plan_reason_parse(deciding.reason, &reason))) {
		error_set(err, ERROR_INPUT, "which lines? --line N, or --reason with duplicate, conflict, gone, approval, closed or tax");
		return verb_failed(err);
	}
	deciding.lines = lines;
	deciding.plan = &plan;
	printer->begin(printer->ctx, "decide", decide_columns);
	good = plans_lines(app->store, plan.id, 1, 0, note, &deciding, err) && check(&deciding, err) && keep(&deciding, err);
	free(deciding.items);
	if (!good)
		return verb_failed(err);
	printer->end(printer->ctx);
	return verb_replan(app, plan.account_id, printer, err) ? EXIT_DONE : verb_failed(err);
}

static const struct argument_row decide_rows[] = {
	{ "PLAN", NULL, false, true, "the plan that asks" },
	{ "DECISION", NULL, false, true, "link, create, skip, ours, theirs, first-open-day or accept, as the question is" },
	{ "--line", "N", true, false, "of this line; may be repeated" },
	{ "--reason", "REASON", false, false, "of all lines with this reason: duplicate, conflict, gone, approval, closed, tax" },
};
static const char *const decide_examples[] = { "ledgerdeck decide plan_01k2 create --reason approval",
					       "ledgerdeck decide plan_01k2 link --line 14", NULL };

const struct command command_decide = {
	.name = "decide", .summary = "answer what a plan asks", .needs = NEEDS_STORE | NEEDS_WRITE | CHANGES_THINGS,
	.arguments = decide_rows, .argument_count = ARRAY_LEN(decide_rows), .examples = decide_examples, .run = decide_run,
};
