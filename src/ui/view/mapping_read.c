/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reader's part of the mapping: a mapper is opened when the store has changed, and goes to and fro with the questions. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deck.h"
#include "ledgerdeck/core/hash.h"
#include "ledgerdeck/core/memory.h"
#include "mapping.h"

#define SUGGESTED_MAX 10

void mapping_answer_free(struct mapping_answer *answer)
{
	if (!answer)
		return;
	mapper_close(answer->mapper);
	free(answer->rows);
	free(answer->items);
	free(answer);
}

static void free_question(struct question *question)
{
	mapping_answer_free((struct mapping_answer *)question);
}

const char *mapping_code_word(const struct mapper_code *code)
{
	return *code->code ? code->code : "(all others)";
}

void mapping_row_id(const struct mapper_code *code, char *out)
{
	/* A long one is known by a number that is made of it. */
	if (strlen(code->code) + strlen(target_word(code->target)) + 2 <= LISTING_ID_MAX)
		snprintf(out, LISTING_ID_MAX, "%s %.80s", target_word(code->target), code->code);
	else
		snprintf(out, LISTING_ID_MAX, "%s %.40s %016llx", target_word(code->target), code->code,
			 (unsigned long long)hash_bytes(code->code, strlen(code->code)));
}

/* ---- the left pane */

static struct mapping_row *add_row(struct mapping_answer *answer)
{
	memory_grow(&answer->rows, &answer->room, answer->row_count + 1, sizeof(*answer->rows));
	answer->rows[answer->row_count] = (struct mapping_row){ .unset = false };
	return &answer->rows[answer->row_count++];
}

static bool add_default(struct mapping_answer *answer, struct store *store, enum target target, struct error *err)
{
	struct mapping rule;
	struct mapping_row *row;
	bool found;

	if (!mappings_get(store, answer->account_id, target, "", &rule, &found, err))
		return false;
	row = add_row(answer);
	row->code.target = target;
	row->code.state = found ? MAPPER_DEFAULT : MAPPER_UNMAPPED;
	row->unset = !found;
	if (!found)
		return true;
	snprintf(row->code.record_id, sizeof(row->code.record_id), "%s", rule.record_id);
	snprintf(row->code.name, sizeof(row->code.name), "%s", rule.name);
	return true;
}

/* Behind the codes that are used, a row for what stands for all others. */
static bool read_rows(struct mapping_answer *answer, struct store *store, struct error *err)
{
	const struct mapper_code *codes;
	bool targets[TARGET_MAPPED_COUNT] = { false };
	size_t count;

	if (!mapper_codes(answer->mapper, TARGET_NONE, NULL, &codes, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		add_row(answer)->code = codes[i];
		answer->open += codes[i].state == MAPPER_UNMAPPED;
		answer->bad += codes[i].state == MAPPER_BAD;
		targets[codes[i].target] = true;
	}
	for (int i = TARGET_NONE + 1; i < TARGET_MAPPED_COUNT; i++)
		if (targets[i] && !add_default(answer, store, (enum target)i, err))
			return false;
	return true;
}

static void widen(struct mapping_answer *answer, enum mapping_wide wide, const char *text)
{
	int width = (int)text_width(TEXT_SAFE, text, strlen(text));

	if (width > answer->widest[wide])
		answer->widest[wide] = width;
}

/* Several amounts don't count: the column says how many they are where it has no room for them. */
static void measure_rows(struct mapping_answer *answer)
{
	for (size_t i = 0; i < answer->row_count; i++) {
		const struct mapper_code *code = &answer->rows[i].code;

		widen(answer, WIDE_CODE, mapping_code_word(code));
		widen(answer, WIDE_TARGET, target_title(code->target));
		if (!strchr(code->amounts, ','))
			widen(answer, WIDE_AMOUNT, code->amounts);
	}
}

static void measure_items(struct mapping_answer *answer)
{
	for (size_t i = 0; i < answer->item_count; i++) {
		widen(answer, WIDE_NUMBER, answer->items[i].number);
		widen(answer, WIDE_KIND, answer->items[i].kind);
		widen(answer, WIDE_BALANCE, answer->items[i].balance);
	}
}

static bool take_first(void *ctx, const struct mapping_change *change)
{
	*(struct mapping_change *)ctx = *change;
	return false;
}

/* A version of one change or more: its first says who and what. */
static bool read_version(struct store *store, const char *account_id, int64_t version, struct mapping_change *change, struct error *err)
{
	return version == 0 || mappings_history(store, account_id, version, take_first, change, err);
}

static bool read_steps(struct mapping_answer *answer, struct store *store, struct error *err)
{
	int64_t undo, redo;

	return mappings_steps(store, answer->account_id, &undo, &redo, err) &&
	       read_version(store, answer->account_id, undo, &answer->undo, err) &&
	       read_version(store, answer->account_id, redo, &answer->redo, err);
}

static bool find_account(struct mapping_answer *answer, struct store *store, struct error *err)
{
	AUTO(account_list_clear) struct account_list accounts = { 0 };
	bool found = false;

	if (!*answer->account_id) {
		if (!accounts_all(store, &accounts, err))
			return false;
		if (accounts.count > 0)
			snprintf(answer->account_id, sizeof(answer->account_id), "%s", accounts.items[0].id);
	}
	if (*answer->account_id && !accounts_get(store, answer->account_id, &answer->account, &found, err))
		return false;
	return found || error_set(err, ERROR_INPUT, "no account is connected whose codes could be mapped");
}

static bool read_anew(struct mapping_answer *answer, struct store *store, struct error *err)
{
	answer->anew = true;
	if (!find_account(answer, store, err) || !mapper_open(store, answer->catalogue, answer->account_id, &answer->mapper, err) ||
	    !read_rows(answer, store, err))
		return false;
	measure_rows(answer);
	return read_steps(answer, store, err);
}

/* ---- the right pane */

static bool read_sight(struct mapping_answer *answer, const struct mapper_code *code, struct error *err)
{
	const struct mapper_candidate *all;
	struct mapping rule = { .target = code->target, .record_id = "?" };
	size_t count;

	if (!mapper_candidates(answer->mapper, code->target, &all, &count, err))
		return false;
	answer->items = memory_new((SUGGESTED_MAX + count + 1) * sizeof(*answer->items));
	if (*code->code && !mapper_suggest(answer->mapper, code, answer->items, SUGGESTED_MAX, &answer->suggested, err))
		return false;
	memcpy(answer->items + answer->suggested, all, count * sizeof(*all));
	answer->item_count = answer->suggested + count;
	snprintf(rule.code, sizeof(rule.code), "%s", code->code);
	mapping_row_id(code, answer->about);
	measure_items(answer);
	return mapper_judge(answer->mapper, code, answer->items + answer->suggested, count, err) &&
	       mapper_effect(answer->mapper, &rule, 1, NULL, &answer->effect, err);
}

static const struct mapper_code *wanted_code(const struct mapping_answer *answer, const struct mapping_row *rows, size_t count)
{
	char id[LISTING_ID_MAX];

	for (size_t i = 0; i < count; i++) {
		mapping_row_id(&rows[i].code, id);
		if (strcmp(id, answer->wanted) == 0)
			return &rows[i].code;
	}
	return count > 0 ? &rows[0].code : NULL;
}

static bool work_anew(struct question *question, struct store *store, struct error *err)
{
	struct mapping_answer *answer = (struct mapping_answer *)question;
	const struct mapper_code *code;

	if (!read_anew(answer, store, err))
		return false;
	code = wanted_code(answer, answer->rows, answer->row_count);
	return !code || read_sight(answer, code, err);
}

/* Only the code that is wanted came along. */
static bool work_sight(struct question *question, struct store *store, struct error *err)
{
	struct mapping_answer *answer = (struct mapping_answer *)question;

	(void)store;
	return read_sight(answer, &answer->rows[0].code, err);
}

void mapping_ask(struct mapping_view *view, bool anew)
{
	const struct mapping_row *row = mapping_row(view);
	struct mapping_answer *asked;

	if (deck_is_new(view->view.deck) || (!anew && (view->view.asking || !row || !view->mapper)))
		return;
	asked = memory_new(sizeof(*asked));
	asked->question = (struct question){ .work = anew ? work_anew : work_sight, .free = free_question };
	asked->catalogue = deck_app(view->view.deck)->catalogue;
	snprintf(asked->account_id, sizeof(asked->account_id), "%s", view->account_id);
	snprintf(asked->wanted, sizeof(asked->wanted), "%s", view->lists[PANE_CODES].cursor);
	if (!anew) {
		asked->mapper = memory_steal(&view->mapper);
		add_row(asked)->code = row->code;
	}
	view_ask(&view->view, &asked->question);
}
