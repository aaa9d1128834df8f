/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `map`: what an account's organization uses of codes, what each stands for, and rules for them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/sync/mapping.h"
#include "verbs.h"

static const struct printer_column columns[] = {
	{ "target", false }, { "code", false }, { "state", false }, { "record", false }, { "name", false }, { "documents", false },
	{ "amounts", false }, { "field", true }, { "suggestion", false }, { "suggested_name", false }, { "score", false }, { "why", false },
	{ NULL, false },
};
static const struct printer_column candidate_columns[] = {
	{ "record", false }, { "number", false }, { "name", false }, { "kind", false }, { "balance", false }, { "active", false }, { NULL, false },
};
static const struct printer_column change_columns[] = {
	{ "version", false }, { "at", false }, { "by", false }, { "what", false }, { "target", false }, { "code", false }, { "before", false },
	{ "after", false }, { "before_id", true }, { "after_id", true }, { NULL, false },
};

struct mapping_work {
	struct app *app;
	const struct arguments *arguments;
	const struct printer *printer;
	struct account account;
	struct mapper *mapper;       /* owned */
	enum target target;          /* TARGET_NONE: all */
	struct mapping *rules;       /* owned: to be saved */
	size_t count, room;
};

static void work_clear(struct mapping_work *work)
{
	mapper_close(work->mapper);
	free(work->rules);
}

static void add_rule(struct mapping_work *work, enum target target, const char *code, const struct mapper_candidate *candidate)
{
	memory_grow(&work->rules, &work->room, work->count + 1, sizeof(*work->rules));
	mapping_of(target, code, candidate, &work->rules[work->count++]);
}

static bool save(struct mapping_work *work, const char *what, struct error *err)
{
	int64_t changed;

	if (!app_store(work->app, true, err) ||
	    !mapping_save(work->app->store, work->account.id, work->rules, work->count, work->app->who, what, verb_now(work->app), &changed, err))
		return false;
	verb_note(work->printer, "%lld rule%s changed.", (long long)changed, changed == 1 ? "" : "s");
	return changed == 0 || verb_replan(work->app, work->account.id, work->printer, err);
}

/* ---- listing */

static bool print_code(struct mapping_work *work, const struct mapper_code *code, struct error *err)
{
	const struct printer *printer = work->printer;
	struct mapper_candidate best;
	bool suggests = code->state == MAPPER_UNMAPPED || code->state == MAPPER_BAD;
	size_t count = 0;
	char score[16];

	if (suggests && !mapper_suggest(work->mapper, code, &best, 1, &count, err))
		return false;
	snprintf(score, sizeof(score), "%d", count ? best.score : 0);
	printer->row(printer->ctx);
	printer->text(printer->ctx, "target", target_word(code->target));
	printer->text(printer->ctx, "code", code->code);
	printer->text(printer->ctx, "state", mapper_state_word(code->state));
	verb_text(printer, "record", code->record_id);
	verb_text(printer, "name", code->name);
	printer->number(printer->ctx, "documents", code->documents);
	verb_text(printer, "amounts", code->amounts);
	printer->text(printer->ctx, "field", code->field);
	verb_text(printer, "suggestion", count ? best.record_id : "");
	verb_text(printer, "suggested_name", count ? best.name : "");
	printer->decimal(printer->ctx, "score", count ? score : NULL);
	verb_text(printer, "why", count ? best.why : code->why);
	return true;
}

static enum command_exit list(struct mapping_work *work, struct error *err)
{
	const struct mapper_code *codes;
	int64_t open = 0;
	size_t count;

	if (!mapper_codes(work->mapper, work->target, work->app->cancel, &codes, &count, err))
		return verb_failed(err);
	work->printer->begin(work->printer->ctx, "map", columns);
	for (size_t i = 0; i < count; i++) {
		open += codes[i].state == MAPPER_UNMAPPED || codes[i].state == MAPPER_BAD;
		if (!print_code(work, &codes[i], err))
			return verb_failed(err);
	}
	work->printer->end(work->printer->ctx);
	if (count == 0)
		verb_note(work->printer, "No document of the organization uses a code yet; 'ledgerdeck import' brings documents in.");
	return open > 0 ? EXIT_PERSON : EXIT_DONE;
}

static enum command_exit list_candidates(struct mapping_work *work, struct error *err)
{
	const struct printer *printer = work->printer;
	const struct mapper_candidate *items;
	size_t count;

	if (!target_parse(argument(work->arguments, "--candidates"), &work->target)) {
		error_set(err, ERROR_INPUT, "codes stand for: account, item, tax_code, class, department, term, payment_method, customer, vendor, "
			  "currency");
		return verb_failed(err);
	}
	if (!mapper_candidates(work->mapper, work->target, &items, &count, err))
		return verb_failed(err);
	printer->begin(printer->ctx, "candidates", candidate_columns);
	for (size_t i = 0; i < count; i++) {
		printer->row(printer->ctx);
		printer->text(printer->ctx, "record", items[i].record_id);
		verb_text(printer, "number", items[i].number);
		printer->text(printer->ctx, "name", items[i].name);
		verb_text(printer, "kind", items[i].kind);
		printer->decimal(printer->ctx, "balance", *items[i].balance ? items[i].balance : NULL);
		printer->flag(printer->ctx, "active", items[i].active);
	}
	printer->end(printer->ctx);
	return EXIT_DONE;
}

static bool print_change(void *ctx, const struct mapping_change *change)
{
	const struct printer *printer = *(const struct printer *const *)ctx;

	printer->row(printer->ctx);
	printer->number(printer->ctx, "version", change->version);
	printer->time(printer->ctx, "at", change->at_ms);
	printer->text(printer->ctx, "by", change->who);
	printer->text(printer->ctx, "what", change->what);
	printer->text(printer->ctx, "target", target_word(change->target));
	printer->text(printer->ctx, "code", change->code);
	verb_text(printer, "before", change->before_name);
	verb_text(printer, "after", change->after_name);
	verb_text(printer, "before_id", change->before_id);
	verb_text(printer, "after_id", change->after_id);
	return !printer->is_broken(printer->ctx);
}

static enum command_exit list_history(struct mapping_work *work, struct error *err)
{
	work->printer->begin(work->printer->ctx, "changes", change_columns);
	if (!mappings_history(work->app->store, work->account.id, 0, print_change, &work->printer, err))
		return verb_failed(err);
	work->printer->end(work->printer->ctx);
	return EXIT_DONE;
}

/* ---- changing */

/* Is it of the right kind where documents use the code? */
static bool can_stand(struct mapping_work *work, enum target target, const char *code, struct mapper_candidate *candidate,
		      struct error *err)
{
	AUTO(str_clear) struct str key = STR_INIT(STR_NO_LIMIT);
	const struct mapper_code *codes;
	size_t count;

	mapping_key(code, strlen(code), &key);
	if (!mapper_codes(work->mapper, target, work->app->cancel, &codes, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		AUTO(str_clear) struct str other = STR_INIT(STR_NO_LIMIT);

		mapping_key(codes[i].code, strlen(codes[i].code), &other);
		if (strcmp(key.text, other.text) != 0)
			continue;
		if (!mapper_judge(work->mapper, &codes[i], candidate, 1, err))
			return false;
		return candidate->fits || error_set(err, ERROR_INPUT, "%s '%.60s' can't be used as %.40s: %.80s", target_title(target),
						    candidate->name, codes[i].field, candidate->why);
	}
	return true;
}

/* "item:FREIGHT=Freight": a target, a code of yours ("" the default), and what it stands for in the ledger ("" nothing). */
static bool take_rule(struct mapping_work *work, const char *text, struct error *err)
{
	AUTO(memory_freep) char *copy = memory_copy_text(text);
	char *colon = strchr(copy, ':'), *equals = strrchr(copy, '=');
	struct mapper_candidate candidate;
	enum target target;

	if (!colon || !equals || equals < colon)
		return error_set(err, ERROR_INPUT, "a rule is TARGET:CODE=RECORD, as in item:FREIGHT=Freight; '%.60s' is not", text);
	*colon = *equals = '\0';
	if (!target_parse(copy, &target) || target >= TARGET_MAPPED_COUNT)
		return error_set(err, ERROR_INPUT, "nothing is mapped to a '%.40s'", copy);
	if (strlen(colon + 1) >= MAPPING_CODE_MAX)
		return error_set(err, ERROR_INPUT, "a code has at most %d bytes", MAPPING_CODE_MAX - 1);
	if (!equals[1]) {
		add_rule(work, target, colon + 1, NULL);
		return true;
	}
	if (!mapper_find(work->mapper, target, equals + 1, &candidate, err))
		return false;
	if (!candidate.active)
		return error_set(err, ERROR_INPUT, "%s '%.60s' is inactive in the ledger", target_title(target), candidate.name);
	if (!can_stand(work, target, colon + 1, &candidate, err))
		return false;
	add_rule(work, target, colon + 1, &candidate);
	return true;
}

static bool accept_all(struct mapping_work *work, const char *text, struct error *err)
{
	AUTO(memory_freep) struct mapping *rules = NULL;
	int64_t least;
	size_t count;

	if (!verb_number(text, "--accept", 1, 100, &least, err) ||
	    !mapper_accept(work->mapper, work->target, (int)least, work->app->cancel, &rules, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		memory_grow(&work->rules, &work->room, work->count + 1, sizeof(*work->rules));
		work->rules[work->count++] = rules[i];
	}
	return true;
}

struct copying {
	struct mapping_work *work;
	int64_t missing;
};

static bool copy_rule(void *ctx, const struct mapping *mapping)
{
	struct copying *copying = ctx;
	struct mapping_work *work = copying->work;
	struct mapper_candidate candidate;
	struct error ignored;

	if ((*mapping->number && mapper_find(work->mapper, mapping->target, mapping->number, &candidate, &ignored)) ||
	    mapper_find(work->mapper, mapping->target, mapping->name, &candidate, &ignored))
		add_rule(work, mapping->target, mapping->code, &candidate);
	else
		copying->missing++;
	return true;
}

/* Ids of another account mean nothing here: what a rule leads to is found again by its number or name. */
static bool copy_from(struct mapping_work *work, const char *word, struct error *err)
{
	struct copying copying = { .work = work };
	struct account other;

	if (!accounts_find(work->app->store, word, &other, err) || !mappings_all(work->app->store, other.id, copy_rule, &copying, err))
		return false;
	if (copying.missing > 0)
		verb_note(work->printer, "%lld rules of '%s' lead to nothing of that number or name here.", (long long)copying.missing, other.name);
	return true;
}

static bool change(struct mapping_work *work, bool *ret_changed, struct error *err)
{
	const char *const *rules = argument_all(work->arguments, "--rule");
	const char *least = argument(work->arguments, "--accept"), *from = argument(work->arguments, "--from");
	char what[120];

	*ret_changed = rules || least || from;
	for (; rules && *rules; rules++)
		if (!take_rule(work, *rules, err))
			return false;
	if ((least && !accept_all(work, least, err)) || (from && !copy_from(work, from, err)))
		return false;
	if (!*ret_changed)
		return true;
	snprintf(what, sizeof(what), "%s", from ? "copied from another account" : least ? "accepted suggestions" : "set by hand");
	return save(work, what, err);
}

static enum command_exit take_back(struct mapping_work *work, int64_t version, struct error *err)
{
	int64_t changed;

	if (!mapping_undo(work->app->store, work->account.id, version, work->app->who, verb_now(work->app), &changed, err) ||
	    (changed > 0 && !verb_replan(work->app, work->account.id, work->printer, err)))
		return verb_failed(err);
	return list_history(work, err);
}

static enum command_exit undo(struct mapping_work *work, struct error *err)
{
	const char *text = argument(work->arguments, "--undo");
	int64_t version = 0;

	if ((strcmp(text, "last") != 0 && !verb_number(text, "--undo", 1, INT64_MAX, &version, err)) || !app_store(work->app, true, err))
		return verb_failed(err);
	return take_back(work, version, err);
}

/* What took a version back is taken back itself. */
static enum command_exit redo(struct mapping_work *work, struct error *err)
{
	int64_t undo, version;

	if (!app_store(work->app, true, err) || !mappings_steps(work->app->store, work->account.id, &undo, &version, err))
		return verb_failed(err);
	if (version == 0) {
		error_set(err, ERROR_INPUT, "nothing was taken back that could be made again");
		return verb_failed(err);
	}
	return take_back(work, version, err);
}

static bool open_mapper(struct mapping_work *work, struct error *err)
{
	mapper_close(work->mapper);
	work->mapper = NULL;
	return mapper_open(work->app->store, work->app->catalogue, work->account.id, &work->mapper, err);
}

/* What would be passed over in silence is refused: somebody expects something of it. */
static bool makes_sense(const struct arguments *arguments, struct error *err)
{
	static const char *const ways[] = { "--import", "--export", "--candidates", "--history", "--undo", "--redo", NULL };
	static const char *const changes[] = { "--rule", "--accept", "--from", NULL };
	size_t way_count, change_count;
	const char *way = verb_given(arguments, ways, &way_count), *change = verb_given(arguments, changes, &change_count);

	if (way_count > 1)
		return error_set(err, ERROR_INPUT, "--import, --export, --candidates, --history, --undo and --redo: one at a time");
	if (way && change)
		return error_set(err, ERROR_INPUT, "%s goes without %s", way, change);
	if (argument_given(arguments, "--write") && !argument_given(arguments, "--import"))
		return error_set(err, ERROR_INPUT, "--write goes with --import only");
	return !argument_given(arguments, "--force") || argument_given(arguments, "--export") ||
	       error_set(err, ERROR_INPUT, "--force goes with --export only");
}

static enum command_exit run(struct app *app, const struct arguments *arguments, const struct printer *printer, struct error *err)
{
	AUTO(work_clear) struct mapping_work work = { .app = app, .arguments = arguments, .printer = printer };
	const char *target = argument(arguments, "--target");
	bool changed;

	if (!makes_sense(arguments, err) || !accounts_find(app->store, argument(arguments, "ACCOUNT"), &work.account, err))
		return verb_failed(err);
	if (target && (!target_parse(target, &work.target) || work.target >= TARGET_MAPPED_COUNT)) {
		error_set(err, ERROR_INPUT, "nothing is mapped to a '%.40s'", target);
		return verb_failed(err);
	}
	if (argument_given(arguments, "--history"))
		return list_history(&work, err);
	if (argument(arguments, "--undo"))
		return undo(&work, err);
	if (argument_given(arguments, "--redo"))
		return redo(&work, err);
	if (argument(arguments, "--export"))
		return verb_map_export(app, work.account.id, argument(arguments, "--export"), argument_given(arguments, "--force"), printer, err);
	if (!open_mapper(&work, err))
		return verb_failed(err);
	if (argument(arguments, "--candidates"))
		return list_candidates(&work, err);
	if (argument(arguments, "--import"))
		return verb_map_import(app, work.account.id, work.mapper, argument(arguments, "--import"), argument_given(arguments, "--write"),
				       printer, err);
	if (!change(&work, &changed, err) || (changed && !open_mapper(&work, err)))
		return verb_failed(err);
	return list(&work, err);
}

static const struct argument_row rows[] = {
	{ "ACCOUNT", NULL, false, true, "the account, by any unique prefix of name or id" },
	{ "--target", "TARGET", false, false, "only codes for: account, item, tax_code, class, department, term, payment_method, customer, vendor, currency" },
	{ "--rule", "RULE", true, false, "a rule as item:FREIGHT=Freight, by the ledger's id, number or name; 'item:=Misc' is the default, "
					"'item:FREIGHT=' takes the rule away; may be repeated" },
	{ "--accept", "SCORE", false, false, "take all suggestions of at least this score, 1 to 100" },
	{ "--from", "ACCOUNT", false, false, "copy the rules of another account, by number and name" },
	{ "--export", "FILE", false, false, "write all rules to a file, JSON if its name ends so, else CSV; '-' prints them" },
	{ "--force", NULL, false, false, "replace a file that is there" },
	{ "--import", "FILE", false, false, "read rules from such a file, by id, number or name; '-' reads what comes in" },
	{ "--write", NULL, false, false, "keep what was read; without it only what would change is shown" },
	{ "--candidates", "TARGET", false, false, "list what codes for it can stand for" },
	{ "--history", NULL, false, false, "list every change of the rules" },
	{ "--undo", "VERSION", false, false, "take a version of the rules back; 'last' the newest that stands" },
	{ "--redo", NULL, false, false, "make again what was taken back last" },
};
static const char *const examples[] = { "ledgerdeck map Acme", "ledgerdeck map Acme --rule item:FREIGHT=Freight", "ledgerdeck map Acme --accept 95", NULL };

const struct command command_map = {
	.name = "map", .summary = "say what your codes mean in an account", .needs = NEEDS_STORE,
	.arguments = rows, .argument_count = ARRAY_LEN(rows), .examples = examples, .run = run,
};
