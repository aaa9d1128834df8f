/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What rules would do, before they are saved. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "mapper.h"

bool mapper_judge(struct mapper *mapper, const struct mapper_code *code, struct mapper_candidate *candidates, size_t count,
		  struct error *err)
{
	const struct use *use = mapper_use(mapper, code->target, code->code);
	char why[FITS_WHY_MAX];

	for (size_t i = 0; i < count; i++) {
		struct mapper_candidate *candidate = &candidates[i];

		*why = '\0';
		if (!candidate->active)
			snprintf(why, sizeof(why), "it is inactive");
		candidate->fits = candidate->active && (!use || mapper_record_fits(mapper, use, candidate->record_id, why));
		if (!candidate->fits)
			snprintf(candidate->why, sizeof(candidate->why), "%.79s", why);
	}
	return !mapper_failed(mapper, err);
}

/* ---- the effect */

static bool is_open(const struct use *use)
{
	return use->code.state == MAPPER_UNMAPPED || use->code.state == MAPPER_BAD;
}

static bool judge_all(struct mapper *mapper, struct cancel *cancel, struct error *err)
{
	const struct map_entry *entry;
	size_t at = 0;

	if (!mapper_look(mapper, cancel, err))
		return false;
	while ((entry = map_each(&mapper->uses, &at))) {
		struct use *use = entry->value;

		use->rule = NULL;
		if (!use->judged)
			mapper_judge_use(mapper, use);
	}
	return !mapper_failed(mapper, err);
}

/* A default takes what has no rule of its own. */
static void choose(struct mapper *mapper, const struct mapping *rule)
{
	struct use *use = mapper_use(mapper, rule->target, rule->code);
	const struct map_entry *entry;
	size_t at = 0;

	if (use)
		use->rule = rule;
	while (!*rule->code && (entry = map_each(&mapper->uses, &at))) {
		use = entry->value;
		if (use->code.target == rule->target && !use->rule &&
		    (use->code.state == MAPPER_UNMAPPED || use->code.state == MAPPER_DEFAULT))
			use->rule = rule;
	}
}

/* Taken away, where there is no default either? */
static bool is_taken_away(const struct mapper *mapper, const struct use *use)
{
	char key[16];

	if (*use->rule->record_id || !*use->rule->code)
		return !*use->rule->record_id;
	snprintf(key, sizeof(key), "%d ", (int)use->code.target);
	return !map_get(&mapper->planner.rules, key, strlen(key));
}

static void count_document(const struct mapper *mapper, const struct document *document, struct mapper_effect *effect, struct amounts *freed)
{
	bool uses = false, open = false, stays_open = false, moves = false;

	for (size_t i = 0; i < document->count; i++) {
		const struct use *use = mapper->document_uses[document->first + i];

		uses = uses || use->rule;
		open = open || is_open(use);
		stays_open = stays_open || (use->rule ? is_taken_away(mapper, use) : is_open(use));
		moves = moves || (use->rule && *use->code.record_id && strcmp(use->code.record_id, use->rule->record_id) != 0);
	}
	if (!uses)
		return;
	effect->documents++;
	effect->moves += moves;
	effect->holds += !open && stays_open;
	if (!open || stays_open)
		return;
	effect->frees++;
	amounts_add(freed, document->currency, document->total);
}

static bool has_use(const struct mapper *mapper, const struct document *document, const struct use *use)
{
	for (size_t i = 0; i < document->count; i++)
		if (mapper->document_uses[document->first + i] == use)
			return true;
	return false;
}

bool mapper_documents(struct mapper *mapper, enum target target, const char *code, void (*each)(void *ctx, int64_t no), void *ctx,
		      struct cancel *cancel, struct error *err)
{
	const struct use *use;

	if (!mapper_look(mapper, cancel, err))
		return false;
	use = mapper_use(mapper, target, code);
	for (size_t i = 0; use && i < mapper->document_count; i++)
		if (has_use(mapper, &mapper->documents[i], use))
			each(ctx, mapper->documents[i].no);
	return true;
}

static void sum_moved(const struct mapper *mapper, struct amounts *moved)
{
	const struct map_entry *entry;
	size_t at = 0;

	while ((entry = map_each(&mapper->uses, &at))) {
		const struct use *use = entry->value;

		if (!use->rule || !*use->code.record_id || strcmp(use->code.record_id, use->rule->record_id) == 0)
			continue;
		for (size_t i = 0; i < use->amounts.count; i++)
			amounts_add(moved, use->amounts.items[i].currency, use->amounts.items[i].sum);
	}
}

bool mapper_effect(struct mapper *mapper, const struct mapping *rules, size_t count, struct cancel *cancel,
		   struct mapper_effect *ret_effect, struct error *err)
{
	struct amounts freed = { .count = 0 }, moved = { .count = 0 };

	*ret_effect = (struct mapper_effect){ 0 };
	if (!judge_all(mapper, cancel, err))
		return false;
	/* Rules for a code come before the default. */
	for (size_t i = 0; i < count; i++)
		if (*rules[i].code)
			choose(mapper, &rules[i]);
	for (size_t i = 0; i < count; i++)
		if (!*rules[i].code)
			choose(mapper, &rules[i]);
	for (size_t i = 0; i < mapper->document_count; i++)
		count_document(mapper, &mapper->documents[i], ret_effect, &freed);
	sum_moved(mapper, &moved);
	amounts_print(&freed, ret_effect->freed, sizeof(ret_effect->freed));
	amounts_print(&moved, ret_effect->moved, sizeof(ret_effect->moved));
	return true;
}

/* ---- accepting */

void mapping_of(enum target target, const char *code, const struct mapper_candidate *candidate, struct mapping *ret_rule)
{
	*ret_rule = (struct mapping){ .target = target };
	snprintf(ret_rule->code, sizeof(ret_rule->code), "%s", code);
	if (!candidate)
		return;
	snprintf(ret_rule->record_id, sizeof(ret_rule->record_id), "%s", candidate->record_id);
	snprintf(ret_rule->name, sizeof(ret_rule->name), "%s", candidate->name);
	snprintf(ret_rule->number, sizeof(ret_rule->number), "%s", candidate->number);
}

bool mapper_accept(struct mapper *mapper, enum target only, int least, struct cancel *cancel, struct mapping **ret_rules,
		   size_t *ret_count, struct error *err)
{
	AUTO(memory_freep) struct mapping *rules = NULL;
	const struct mapper_code *codes;
	struct mapper_candidate best[2];
	size_t count, found, kept = 0, room = 0;

	if (!mapper_codes(mapper, only, cancel, &codes, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (codes[i].state != MAPPER_UNMAPPED && codes[i].state != MAPPER_BAD)
			continue;
		if (!mapper_suggest(mapper, &codes[i], best, ARRAY_LEN(best), &found, err))
			return false;
		if (found == 0 || best[0].score < least || (found == 2 && best[1].score == best[0].score))
			continue;
		memory_grow(&rules, &room, kept + 1, sizeof(*rules));
		mapping_of(codes[i].target, codes[i].code, &best[0], &rules[kept++]);
	}
	*ret_rules = memory_steal(&rules);
	*ret_count = kept;
	return true;
}
