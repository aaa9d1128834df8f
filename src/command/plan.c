/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `plan`: what would be written to an account, without writing it; `plans`: those that were made. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/sync/push.h"
#include "verbs.h"

static const struct printer_column columns[] = {
	{ "plan", true }, { "kind", true }, { "what", false }, { "reason", true }, { "type", false }, { "count", false },
	{ "behind", true }, { "currency", false }, { "total", false }, { "tax", false }, { "why", false }, { NULL, false },
};

/* ---- its head, as rows */

static void text_of(struct json_slice object, const char *member, struct str *out)
{
	str_reset(out);
	json_unquote(json_member(object, member), out);
}

static void print_number(const struct printer *printer, const char *name, struct json_slice object, const char *member)
{
	struct json_slice value = json_member(object, member);
	char digits[64];

	snprintf(digits, sizeof(digits), "%.*s", (int)(value.len < 60 ? value.len : 60), value.kind == JSON_NUMBER ? value.text : "");
	printer->decimal(printer->ctx, name, *digits ? digits : NULL);
}

static void print_text(const struct printer *printer, const char *name, struct json_slice object, const char *member)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);

	text_of(object, member, &text);
	verb_text(printer, name, text.text);
}

/* `kind` "act", "cause" or "effect". */
static void print_group(const struct printer *printer, const char *plan, const char *kind, struct json_slice group)
{
	bool effect = strcmp(kind, "effect") == 0;

	printer->row(printer->ctx);
	printer->text(printer->ctx, "plan", plan);
	printer->text(printer->ctx, "kind", kind);
	if (effect)
		printer->text(printer->ctx, "what", "effect");
	else
		print_text(printer, "what", group, "act");
	print_text(printer, "reason", group, "reason");
	print_text(printer, "type", group, "type");
	print_number(printer, "count", group, "count");
	print_number(printer, "behind", group, "behind");
	print_text(printer, "currency", group, "currency");
	print_number(printer, "total", group, effect ? "amount" : "total");
	print_number(printer, "tax", group, "tax");
	print_text(printer, "why", group, effect ? "name" : "text");
}

static bool is_told_by_cause(struct json_slice group)
{
	static const char *const acts[] = { "blocked", "decide", "skip" };

	for (size_t i = 0; i < ARRAY_LEN(acts); i++)
		if (json_equals(json_member(group, "act"), acts[i]))
			return true;
	return false;
}

static void print_groups(const struct printer *printer, const char *plan, const char *head, const char *member, const char *kind)
{
	struct json_slice groups = json_find(head, strlen(head), member), group;
	size_t at = 0;

	while (groups.kind == JSON_ARRAY && json_each(groups, &at, NULL, &group))
		/* For people what waits is told once, by what holds it up. */
		if (!printer->brief || strcmp(kind, "act") != 0 || !is_told_by_cause(group))
			print_group(printer, plan, kind, group);
}

static void print_fact(const struct printer *printer, const char *plan, const char *what, int64_t count, const char *why)
{
	static const char *const empty[] = { "behind", "currency", "total", "tax" };
	char digits[24];

	snprintf(digits, sizeof(digits), "%lld", (long long)count);
	printer->row(printer->ctx);
	printer->text(printer->ctx, "plan", plan);
	printer->text(printer->ctx, "kind", "fact");
	printer->text(printer->ctx, "what", what);
	printer->text(printer->ctx, "reason", NULL);
	printer->text(printer->ctx, "type", NULL);
	printer->decimal(printer->ctx, "count", digits);
	for (size_t i = 0; i < ARRAY_LEN(empty); i++)
		printer->text(printer->ctx, empty[i], NULL);
	verb_text(printer, "why", why);
}

/* What takes time, and what a person should know before. Of an empty plan there is nothing to tell. */
static void print_facts(const struct app *app, const struct printer *printer, const char *plan, const char *head)
{
	struct push_facts facts;

	if (!push_facts(head, &facts))
		return;
	for (int fact = 0; fact < FACT_COUNT; fact++) {
		AUTO(str_clear) struct str why = STR_INIT(STR_NO_LIMIT);
		int64_t count = push_fact(&facts, (enum push_fact)fact, app->settings, &why);

		if (count > 0)
			print_fact(printer, plan, push_fact_word((enum push_fact)fact), count, why.text);
	}
	if (!printer->brief && facts.calls.batches + facts.calls.singles > 0)
		print_fact(printer, plan, "minutes", push_minutes(app->settings, &facts.calls), "");
}

static void print_plan(const struct app *app, const struct printer *printer, const struct plan *plan, const char *head)
{
	printer->begin(printer->ctx, "plan", columns);
	print_groups(printer, plan->id, head, "acts", "act");
	print_facts(app, printer, plan->id, head);
	print_groups(printer, plan->id, head, "causes", "cause");
	print_groups(printer, plan->id, head, "effects", "effect");
	printer->end(printer->ctx);
}

/* ---- making one */

struct wishing {
	int64_t *resources;          /* owned */
	size_t count, room;
};

static void wishing_clear(struct wishing *wishing)
{
	free(wishing->resources);
}

static bool add_resource(struct app *app, const char *organization, const struct resource_type *type, const char *word,
			 struct wishing *wishing, struct error *err)
{
	struct resource resource;
	bool found;

	if (!resources_get(app->store, organization, type, word, &resource, NULL, &found, err))
		return false;
	if (!found)
		return error_set(err, ERROR_INPUT, "there is no document '%.80s' of that organization; see 'ledgerdeck resources'", word);
	memory_grow(&wishing->resources, &wishing->room, wishing->count + 1, sizeof(*wishing->resources));
	wishing->resources[wishing->count++] = resource.no;
	return true;
}

static bool take_wish(struct app *app, const struct arguments *arguments, const struct account *account, struct wishing *wishing,
		      struct plan *undone, struct push_wish *wish, struct error *err)
{
	const char *const *words = argument_all(arguments, "--resource");
	const char *type = argument(arguments, "--type"), *undo = argument(arguments, "--undo");
	char organization[RESOURCE_ID_MAX];

	*wish = (struct push_wish){ .account_id = account->id, .all_lines = argument_given(arguments, "--all"), .who = app->who,
				    .env = app->env, .cancel = app->cancel };
	if (undo && !plans_find(app->store, account->id, undo, undone, NULL, NULL, err))
		return false;
	wish->undo = undo ? undone->id : NULL;
	if (type && !(wish->type = resource_type_find(type, strlen(type))))
		return error_set(err, ERROR_INPUT, "there is no type '%.60s' of documents", type);
	if (!organization_of_account(app->store, account->id, organization, err))
		return false;
	for (; words && *words; words++)
		if (!add_resource(app, organization, wish->type, *words, wishing, err))
			return false;
	if (wishing->count > 0) {
		wish->resources = wishing->resources;
		wish->resource_count = wishing->count;
	}
	return true;
}

/* What the plan reads is brought up to date first, where it is older than the account's policy lets. */
bool verb_freshen(struct app *app, const struct push_wish *wish, const struct printer *printer, struct error *err)
{
	const char *types[PUSH_READS_MAX];
	struct sync_wish read = { .account_id = wish->account_id, .types = types, .mode = SYNC_CHANGES, .cause = "plan" };
	struct verb_tally tally;

	if (!push_stale(app->store, app->catalogue, wish, types, err))
		return false;
	if (!types[0])
		return true;
	if (!app_sync(app, err) || !verb_sync(app, &read, 1, printer, false, &tally, err))
		return false;
	if (tally.failed == 0 && tally.skipped == 0)
		return true;
	if (tally.failed > 0 && err)
		*err = tally.worst;
	return tally.failed > 0 ? error_prefix(err, "the mirror could not be brought up to date")
				: error_set(err, ERROR_CONFLICT, "the account must be seen to first: 'ledgerdeck attention' says why");
}

static enum command_exit exit_of(const char *head)
{
	struct push_totals totals;

	if (!push_totals(head, &totals))
		return EXIT_FAILED;
	if (totals.acts[PLAN_CREATE] + totals.acts[PLAN_UPDATE] + totals.acts[PLAN_VOID] + totals.acts[PLAN_LINK] > 0)
		return EXIT_CHANGES;
	return totals.acts[PLAN_BLOCKED] + totals.acts[PLAN_DECIDE] > 0 ? EXIT_PERSON : EXIT_DONE;
}

bool verb_replan(struct app *app, const char *account_id, const struct printer *printer, struct error *err)
{
	AUTO(str_clear) struct str head = STR_INIT(STR_NO_LIMIT);
	struct push_totals totals;
	struct plan plan;
	bool made;

	if (!push_replan(app->store, app->catalogue, account_id, app->who, app->env, app->cancel, &plan, &made, err))
		return false;
	if (!made)
		return true;
	if (!plans_find(app->store, NULL, plan.id, &plan, NULL, &head, err) || !push_totals(head.text, &totals))
		return false;
	verb_note(printer, "Planned anew as %s: %lld can be written, %lld still wait.", plan.id,
		  (long long)(totals.acts[PLAN_CREATE] + totals.acts[PLAN_UPDATE] + totals.acts[PLAN_VOID] + totals.acts[PLAN_LINK]),
		  (long long)(totals.acts[PLAN_BLOCKED] + totals.acts[PLAN_DECIDE]));
	return true;
}

#define TELL_MS 100

struct watching { /* how far the planning has come */
	struct app *app;
	const struct printer *printer;
	int64_t begun_ms, told_ms;   /* ticks */
};

static void tell(void *ctx, int64_t done)
{
	struct watching *watching = ctx;
	int64_t now_ms = watching->app->env.ticks_ms(watching->app->env.ctx);
	struct printer_progress progress = { .account = "", .type = "", .planned = done, .took_ms = now_ms - watching->begun_ms, .left_ms = -1 };

	if (now_ms - watching->told_ms < TELL_MS)
		return;
	watching->told_ms = now_ms;
	watching->printer->progress(watching->printer->ctx, &progress);
}

static bool make(struct app *app, struct push_wish *wish, const struct printer *printer, struct plan *plan, struct error *err)
{
	struct watching watching = { app, printer, app->env.ticks_ms(app->env.ctx), 0 };
	bool good;

	wish->progress = printer->progress ? tell : NULL;
	wish->ctx = &watching;
	good = push_plan(app->store, app->catalogue, wish, plan, err);
	if (printer->progress)
		printer->progress(printer->ctx, NULL);
	return good;
}

static enum command_exit plan_run(struct app *app, const struct arguments *arguments, const struct printer *printer, struct error *err)
{
	AUTO(wishing_clear) struct wishing wishing = { 0 };
	AUTO(str_clear) struct str head = STR_INIT(STR_NO_LIMIT);
	struct account account;
	struct push_wish wish;
	struct plan plan, kept, undone;

	if (!accounts_find(app->store, argument(arguments, "ACCOUNT"), &account, err) ||
	    !take_wish(app, arguments, &account, &wishing, &undone, &wish, err) ||
	    (!argument_given(arguments, "--as-is") && !verb_freshen(app, &wish, printer, err)) ||
	    !make(app, &wish, printer, &plan, err) || !plans_find(app->store, NULL, plan.id, &kept, NULL, &head, err))
		return verb_failed(err);
	print_plan(app, printer, &plan, head.text);
	if (exit_of(head.text) == EXIT_CHANGES)
		verb_note(printer, "'ledgerdeck apply %s' carries it out; 'ledgerdeck plans %s' shows its lines.", plan.id, plan.id);
	return exit_of(head.text);
}

static const struct argument_row plan_rows[] = {
	{ "ACCOUNT", NULL, false, true, "the account to write to, by any unique prefix of name or id" },
	{ "--type", "TYPE", false, false, "only documents of this type, and what they need" },
	{ "--resource", "ID", true, false, "only this document, by its id or external id, and what it needs; may be repeated" },
	{ "--all", NULL, false, false, "keep a line also for what is the same" },
	{ "--undo", "PLAN", false, false, "make void what this plan has created, where nobody has touched it since" },
	{ "--as-is", NULL, false, false, "by the mirror as it is, however old" },
};
static const char *const plan_examples[] = { "ledgerdeck plan Acme", "ledgerdeck plan Acme --resource INV-1042", NULL };

const struct command command_plan = {
	.name = "plan", .summary = "see what would be written to an account", .needs = NEEDS_STORE | NEEDS_WRITE | CHANGES_THINGS,
	.arguments = plan_rows, .argument_count = ARRAY_LEN(plan_rows), .examples = plan_examples, .run = plan_run,
};

/* ---- plans */

static const struct printer_column plans_columns[] = {
	{ "plan", false }, { "account", false }, { "account_id", true }, { "state", false }, { "made", false }, { "by", false },
	{ "expires", true }, { "writes", false }, { "waits", false }, { "settled_by", true }, { NULL, false },
};
static const struct printer_column line_columns[] = {
	{ "line", false }, { "sign", false }, { "what", false }, { "reason", true }, { "record_type", false }, { "number", false },
	{ "party", false }, { "date", false }, { "currency", true }, { "total", false }, { "tax", true }, { "record", false },
	{ "why", false }, { "external_id", true }, { "resource", true }, { "revision", true }, { "version", true }, { "detail", true },
	{ "body", true }, { NULL, false },
};

struct telling {
	struct app *app;
	const struct printer *printer;
	const char *act;             /* NULL: all */
	bool body;
	struct error error;
};

static bool print_made(void *ctx, const struct plan *plan, const char *head)
{
	struct telling *telling = ctx;
	const struct printer *printer = telling->printer;
	struct push_totals totals = { 0 };
	struct intent_counts counts = { 0 };
	struct account account;
	struct error ignored;
	bool found;

	push_totals(head, &totals);
	if (plan->state == PLAN_APPLIED && !intents_count(telling->app->store, plan->account_id, plan->id, &counts, &telling->error))
		return false;
	printer->row(printer->ctx);
	printer->text(printer->ctx, "plan", plan->id);
	printer->text(printer->ctx, "account", accounts_get(telling->app->store, plan->account_id, &account, &found, &ignored) && found
		      ? account.name : NULL);
	printer->text(printer->ctx, "account_id", plan->account_id);
	printer->text(printer->ctx, "state", plan->state == PLAN_OPEN && plan->expires_ms <= verb_now(telling->app) ? "expired"
		      : counts.states[INTENT_PAUSED] > 0 ? intent_state_word(INTENT_PAUSED) : plan_state_word(plan->state));
	printer->time(printer->ctx, "made", plan->made_ms);
	printer->text(printer->ctx, "by", plan->who);
	printer->time(printer->ctx, "expires", plan->expires_ms == INT64_MAX ? 0 : plan->expires_ms);
	printer->number(printer->ctx, "writes", totals.acts[PLAN_CREATE] + totals.acts[PLAN_UPDATE] + totals.acts[PLAN_VOID] +
			totals.acts[PLAN_LINK]);
	printer->number(printer->ctx, "waits", totals.acts[PLAN_BLOCKED] + totals.acts[PLAN_DECIDE]);
	verb_text(printer, "settled_by", plan->state_who);
	return true;
}

static const char *money(bool has, int64_t millionths, char *out)
{
	return has ? decimal_format_money(millionths, out) : NULL;
}

static bool print_line(void *ctx, const struct plan_line *line)
{
	struct telling *telling = ctx;
	const struct printer *printer = telling->printer;
	char sign[2] = { plan_act_sign(line->act), '\0' }, day[DATE_TEXT_MAX], total[DECIMAL_TEXT_MAX], tax[DECIMAL_TEXT_MAX];
	struct resource resource;

	if (telling->act && strcmp(telling->act, plan_act_word(line->act)) != 0)
		return true;
	if (!resources_by_no(telling->app->store, line->resource, &resource, NULL, &telling->error))
		return false;
	printer->row(printer->ctx);
	printer->number(printer->ctx, "line", line->line);
	printer->text(printer->ctx, "sign", sign);
	printer->text(printer->ctx, "what", plan_act_word(line->act));
	printer->text(printer->ctx, "reason", plan_reason_word(line->reason));
	verb_text(printer, "record_type", line->record_type);
	verb_text(printer, "number", line->number);
	verb_text(printer, "party", line->party);
	printer->text(printer->ctx, "date", line->has_date ? date_format(line->date, day) : NULL);
	verb_text(printer, "currency", line->currency);
	printer->decimal(printer->ctx, "total", money(line->has_total, line->total, total));
	printer->decimal(printer->ctx, "tax", money(line->has_tax, line->tax, tax));
	verb_text(printer, "record", line->record_id);
	printer->text(printer->ctx, "why", line->why);
	printer->text(printer->ctx, "external_id", resource.external_id);
	printer->text(printer->ctx, "resource", resource.id);
	printer->number(printer->ctx, "revision", line->revision);
	verb_text(printer, "version", line->version);
	printer->json(printer->ctx, "detail", line->detail, strlen(line->detail));
	if (line->body_len > 0 && line->body[0] == '{')
		printer->json(printer->ctx, "body", line->body, line->body_len);
	else
		printer->text(printer->ctx, "body", NULL);
	return !printer->is_broken(printer->ctx);
}

static bool print_lines(struct telling *telling, const char *account_id /* NULL: any */, const char *word, struct error *err)
{
	struct plan plan;

	if (!plans_find(telling->app->store, account_id, word, &plan, NULL, NULL, err))
		return false;
	telling->printer->begin(telling->printer->ctx, "lines", line_columns);
	if (!plans_lines(telling->app->store, plan.id, 1, 0, print_line, telling, err))
		return false;
	if (telling->error.code != ERROR_NONE) {
		*err = telling->error;
		return false;
	}
	telling->printer->end(telling->printer->ctx);
	return true;
}

static enum command_exit plans_run(struct app *app, const struct arguments *arguments, const struct printer *printer, struct error *err)
{
	struct telling telling = { .app = app, .printer = printer, .act = argument(arguments, "--what") };
	const char *word = argument(arguments, "PLAN"), *account_word = argument(arguments, "--account");
	struct account account;
	enum plan_act act;

	if (telling.act && !plan_act_parse(telling.act, &act)) {
		error_set(err, ERROR_INPUT, "--what is create, update, link, same, void, blocked, decide or skip");
		return verb_failed(err);
	}
	if (telling.act && !word) {
		error_set(err, ERROR_INPUT, "of which plan? --what is about the lines of one");
		return verb_failed(err);
	}
	if (account_word && !accounts_find(app->store, account_word, &account, err))
		return verb_failed(err);
	if (word)
		return print_lines(&telling, account_word ? account.id : NULL, word, err) ? EXIT_DONE : verb_failed(err);
	printer->begin(printer->ctx, "plans", plans_columns);
	if (!plans_all(app->store, account_word ? account.id : NULL, 100, print_made, &telling, err))
		return verb_failed(err);
	if (telling.error.code != ERROR_NONE) {
		*err = telling.error;
		return verb_failed(err);
	}
	printer->end(printer->ctx);
	return EXIT_DONE;
}

static const struct argument_row plans_rows[] = {
	{ "PLAN", NULL, false, false, "show the lines of this one" },
	{ "--what", "WHAT", false, false, "only lines that create, update, link, void, are blocked, to decide, or skipped" },
	{ "--account", "ACCOUNT", false, false, "only plans for this account" },
};
static const char *const plans_examples[] = { "ledgerdeck plans", "ledgerdeck plans plan_01k2 --what blocked", NULL };

const struct command command_plans = {
	.name = "plans", .summary = "list the last plans, or the lines of one", .needs = NEEDS_STORE,
	.arguments = plans_rows, .argument_count = ARRAY_LEN(plans_rows), .examples = plans_examples, .run = plans_run,
};
