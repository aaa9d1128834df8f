/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules are made and taken away by commands. Where documents go elsewhere by that, or many at once are decided, it is asked. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deck.h"
#include "dialog.h"
#include "ledgerdeck/core/memory.h"
#include "mapping.h"

#define LISTED_MAX 200 /* rules that a dialog names */

struct ruling { /* of a dialog: plain bytes */
	char account_id[ACCOUNT_ID_MAX];
	const struct catalogue *catalogue; /* borrowed; it outlives the deck */
	int least;                         /* all suggestions of at least this score; 0: the rule alone */
	struct mapping rule;
	char instead[MAPPING_NAME_MAX];    /* of what the code stands for now; "" : nothing */
};

/* ---- what would be done */

static void add_effect(const struct mapper_effect *effect, const char *instead, struct str *out)
{
	str_addf(out, "\n%lld document%s use%s %s.", (long long)effect->documents, effect->documents == 1 ? "" : "s",
		 effect->documents == 1 ? "s" : "", *instead ? "it" : "what changes by that");
	if (effect->frees > 0)
		str_addf(out, "\nIt frees %lld of them, %s, as far as codes hold them up.", (long long)effect->frees, effect->freed);
	if (effect->moves > 0)
		str_addf(out, "\nIn %lld of them, with %s, it stands for something else than now%s%s. What is written already stays as it is.",
			 (long long)effect->moves, effect->moved, *instead ? ": not for " : "", instead);
	if (effect->holds > 0)
		str_addf(out, "\n%lld of them would be held up until their codes stand for something.", (long long)effect->holds);
	str_add(out, "\nNothing is written to the ledger by this; it can be taken back.");
}

static void add_rule(const struct mapping *rule, struct str *out)
{
	const char *title = target_title(rule->target);

	if (!*rule->record_id && *rule->code)
		str_addf(out, "The rule for %s '%s' is taken away.", title, rule->code);
	else if (!*rule->record_id)
		str_addf(out, "The default for all %ss is taken away.", title);
	else if (*rule->code)
		str_addf(out, "%s '%s' stands for %s%s%s.", title, rule->code, rule->number, *rule->number ? " " : "", rule->name);
	else
		str_addf(out, "Every %s without a rule of its own stands for %s%s%s.", title, rule->number, *rule->number ? " " : "", rule->name);
}

static bool add_accepted(const struct ruling *target, struct mapper *mapper, struct str *out, struct error *err)
{
	AUTO(memory_freep) struct mapping *rules = NULL;
	struct mapper_effect effect;
	size_t count;

	if (!mapper_accept(mapper, TARGET_NONE, target->least, NULL, &rules, &count, err))
		return false;
	if (count == 0)
		return error_set(err, ERROR_CONFLICT, "No code has one suggestion of %d or more that is better than all others.", target->least);
	if (!mapper_effect(mapper, rules, count, NULL, &effect, err))
		return false;
	str_addf(out, "%zu rule%s %s made, by suggestions of %d or more:", count, count == 1 ? "" : "s", count == 1 ? "is" : "are", target->least);
	for (size_t i = 0; i < count && i < LISTED_MAX; i++)
		str_addf(out, "\n  %s '%s' -> %s", target_title(rules[i].target), rules[i].code, rules[i].name);
	if (count > LISTED_MAX)
		str_addf(out, "\n  and %zu more", count - LISTED_MAX);
	add_effect(&effect, "", out);
	return true;
}

static bool describe(const void *ctx, struct store *store, struct str *out, struct error *err)
{
	const struct ruling *target = ctx;
	AUTO(mapper_closep) struct mapper *mapper = NULL;
	struct mapper_effect effect;

	if (!mapper_open(store, target->catalogue, target->account_id, &mapper, err))
		return false;
	if (target->least > 0)
		return add_accepted(target, mapper, out, err);
	if (!mapper_effect(mapper, &target->rule, 1, NULL, &effect, err))
		return false;
	add_rule(&target->rule, out);
	add_effect(&effect, target->instead, out);
	return true;
}

/* ---- doing it */

static void say_done(const struct ruling *target, char *out, size_t size)
{
	if (target->least > 0)
		snprintf(out, size, "The suggestions of %d or more were accepted", target->least);
	else if (!*target->rule.code)
		snprintf(out, size, "The default for all %ss %s%.80s", target_title(target->rule.target), *target->rule.record_id ? "is now " : "was taken away",
			 target->rule.name);
	else if (*target->rule.record_id)
		snprintf(out, size, "%s '%.60s' stands for %.80s now", target_title(target->rule.target), target->rule.code, target->rule.name);
	else
		snprintf(out, size, "%s '%.60s' has no rule any more", target_title(target->rule.target), target->rule.code);
}

static void save(struct deck *deck, const void *ctx)
{
	const struct ruling *target = ctx;
	AUTO(str_clear) struct str line = STR_INIT(DECK_LINE_MAX - 1);
	AUTO(str_clear) struct str rule = STR_INIT(DECK_LINE_MAX / 2);
	char what[200];

	str_addf(&line, "map %s", target->account_id);
	if (target->least > 0) {
		str_addf(&line, " --accept %d", target->least);
	} else {
		str_addf(&rule, "%s:%s=%s", target_word(target->rule.target), target->rule.code, target->rule.record_id);
		str_add(&line, " --rule");
		words_add(&line, rule.text);
	}
	say_done(target, what, sizeof(what));
	deck_do(deck, line.text, "", what);
}

static void ask(struct mapping_view *view, const struct ruling *target, const char *title, const char *verb)
{
	const struct dialog_wish wish = { .kind = DIALOG_KEY, .title = title, .verb = verb, .account = &view->found->account, .target = target,
					  .size = sizeof(*target), .describe = describe, .act = save };

	dialog_open(view->view.deck, &wish);
}

static struct ruling ruling_of(const struct mapping_view *view)
{
	struct ruling target = { .catalogue = deck_app(view->view.deck)->catalogue };

	snprintf(target.account_id, sizeof(target.account_id), "%s", view->found->account_id);
	return target;
}

void mapping_map(struct mapping_view *view, const struct mapper_candidate *candidate)
{
	const struct mapping_row *row = mapping_row(view);
	struct ruling target = ruling_of(view);
	const struct mapper_code *code;

	if (view->view.deck->app->readonly || !row)
		return;
	code = &row->code;
	mapping_of(code->target, code->code, candidate, &target.rule);
	snprintf(target.instead, sizeof(target.instead), "%s", code->name);
	if (candidate && strcmp(candidate->record_id, code->record_id) == 0 && code->state != MAPPER_DEFAULT)
		deck_say(view->view.deck, ROLE_MESSAGE, "It stands for that already.");
	else if (candidate && *code->code && !*code->record_id)
		save(view->view.deck, &target);
	else
		ask(view, &target, candidate ? "Map" : "Take the rule away", candidate ? "map it" : "take it away");
}

void mapping_accept_all(struct mapping_view *view)
{
	struct ruling target = ruling_of(view);

	target.least = mapping_suggestion(view)->score;
	ask(view, &target, "Accept suggestions", "accept them");
}

void mapping_take_back(struct mapping_view *view, bool again)
{
	const struct mapping_change *change = again ? &view->found->redo : &view->found->undo;
	AUTO(str_clear) struct str line = STR_INIT(DECK_LINE_MAX - 1);
	char what[200];

	str_addf(&line, "map %s --undo %lld", view->found->account_id, (long long)change->version);
	if (again)
		snprintf(what, sizeof(what), "Version %lld of the rules was made again", (long long)change->undoes);
	else
		snprintf(what, sizeof(what), "Version %lld of the rules, '%.100s', was taken back", (long long)change->version, change->what);
	deck_do(view->view.deck, line.text, "", what);
}
