/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reader's part of a plan's view: its head and its lines, once; what became of it, each time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deck.h"
#include "ledgerdeck/core/memory.h"
#include "plan_view.h"

void plan_answer_free(struct plan_answer *answer)
{
	if (!answer)
		return;
	free(answer->sums);
	free(answer->lines);
	str_clear(&answer->texts);
	free(answer);
}

static void free_question(struct question *question)
{
	plan_answer_free((struct plan_answer *)question);
}

/* ---- the head */

static void copy_text(struct json_slice object, const char *member, char *out, size_t size)
{
	AUTO(str_clear) struct str text = STR_INIT(size - 1);

	json_unquote(json_member(object, member), &text);
	snprintf(out, size, "%s", text.len ? text.text : "");
}

static void copy_number(struct json_slice object, const char *member, char *out, size_t size)
{
	struct json_slice value = json_member(object, member);

	snprintf(out, size, "%.*s", value.kind == JSON_NUMBER ? (int)(value.len < size ? value.len : size - 1) : 0, value.text ? value.text : "");
}

static void add_sum(struct plan_answer *answer, enum plan_sum_kind kind, struct json_slice group)
{
	struct plan_sum *sum;
	char word[40], digits[DECIMAL_TEXT_MAX];

	memory_grow(&answer->sums, &answer->sum_room, answer->sum_count + 1, sizeof(*answer->sums));
	sum = &answer->sums[answer->sum_count++];
	*sum = (struct plan_sum){ .kind = kind };
	copy_text(group, "act", word, sizeof(word));
	plan_act_parse(word, &sum->act);
	copy_text(group, "reason", word, sizeof(word));
	plan_reason_parse(word, &sum->reason);
	copy_text(group, "type", sum->type, sizeof(sum->type));
	copy_text(group, "currency", sum->currency, sizeof(sum->currency));
	copy_text(group, kind == SUM_EFFECT ? "name" : "text", sum->text, sizeof(sum->text));
	copy_number(group, kind == SUM_EFFECT ? "amount" : "total", sum->total, sizeof(sum->total));
	copy_number(group, "tax", sum->tax, sizeof(sum->tax));
	copy_number(group, "count", digits, sizeof(digits));
	sum->count = strtoll(digits, NULL, 10);
}

static void add_facts(struct plan_answer *answer, const struct str *head)
{
	struct push_facts facts;

	if (!push_facts(head->text, &facts))
		return;
	for (int fact = 0; fact < FACT_COUNT; fact++) {
		AUTO(str_clear) struct str text = STR_INIT(sizeof(answer->sums->text) - 1);
		int64_t count = push_fact(&facts, (enum push_fact)fact, answer->settings, &text);
		struct plan_sum *sum;

		if (count == 0)
			continue;
		memory_grow(&answer->sums, &answer->sum_room, answer->sum_count + 1, sizeof(*answer->sums));
		if (fact == FACT_CALLS)
			snprintf(answer->calls, sizeof(answer->calls), "%s", text.text);
		sum = &answer->sums[answer->sum_count++];
		*sum = (struct plan_sum){ .kind = SUM_FACT, .count = count, .word = push_fact_word((enum push_fact)fact) };
		snprintf(sum->text, sizeof(sum->text), "%s", text.text);
	}
}

static void read_sums(struct plan_answer *answer, const struct str *head)
{
	static const char *const members[] = { [SUM_ACT] = "acts", [SUM_CAUSE] = "causes", [SUM_FACT] = "", [SUM_EFFECT] = "effects" };

	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		struct json_slice groups, group;
		size_t at = 0;

		if (i == SUM_FACT) {
			add_facts(answer, head);
			continue;
		}
		groups = json_find(head->text, head->len, members[i]);
		while (groups.kind == JSON_ARRAY && json_each(groups, &at, NULL, &group))
			add_sum(answer, (enum plan_sum_kind)i, group);
	}
}

/* ---- its lines */

static uint32_t keep(struct plan_answer *answer, const char *text)
{
	size_t at = answer->texts.len;

	if (!*text || at > UINT32_MAX - 4096)
		return 0;
	str_add_bytes(&answer->texts, text, strlen(text) + 1);
	return (uint32_t)at;
}

/* All that holds it up, to be searched; the first stands in its reason already. */
static uint32_t keep_obstacles(struct plan_answer *answer, const char *detail)
{
	AUTO(str_clear) struct str all = STR_INIT(4000);
	struct json_slice obstacles = json_find(detail, strlen(detail), "obstacles"), obstacle;
	size_t at = 0;

	while (obstacles.kind == JSON_ARRAY && json_each(obstacles, &at, NULL, &obstacle)) {
		json_unquote(json_member(obstacle, "text"), &all);
		str_add_char(&all, ' ');
	}
	return all.len ? keep(answer, all.text) : 0;
}

static void keep_open(struct plan_answer *answer, const char *detail, struct plan_brief *brief)
{
	struct json_slice codes = json_find(detail, strlen(detail), "mapped"), code;
	char word[40], text[MAPPING_CODE_MAX];
	size_t at = 0;

	while (codes.kind == JSON_ARRAY && json_each(codes, &at, NULL, &code)) {
		copy_text(code, "by", word, sizeof(word));
		if (*word)
			continue;
		copy_text(code, "target", word, sizeof(word));
		copy_text(code, "code", text, sizeof(text));
		if (target_parse(word, &brief->open))
			brief->code = keep(answer, text);
		return;
	}
}

static bool take_line(void *ctx, const struct plan_line *line)
{
	struct plan_answer *answer = ctx;
	struct plan_brief *brief;

	memory_grow(&answer->lines, &answer->line_room, answer->line_count + 1, sizeof(*answer->lines));
	brief = &answer->lines[answer->line_count++];
	*brief = (struct plan_brief){ .line = line->line, .act = line->act, .reason = line->reason, .has_total = line->has_total,
				      .total = line->total, .resource = line->resource, .has_date = line->has_date, .date = line->date };
	brief->type = keep(answer, line->record_type);
	brief->number = keep(answer, line->number);
	brief->party = keep(answer, line->party);
	brief->currency = keep(answer, line->currency);
	brief->why = keep(answer, line->why);
	if (plan_act_waits(line->act)) {
		brief->obstacles = keep_obstacles(answer, line->detail);
		keep_open(answer, line->detail, brief);
	}
	return true;
}

/* ---- which one */

static bool take_newest(void *ctx, const struct plan *plan, const char *head)
{
	struct plan_answer *answer = ctx;

	(void)head;
	if (plan->state == PLAN_OPEN && !*answer->plan_id)
		snprintf(answer->plan_id, sizeof(answer->plan_id), "%s", plan->id);
	return true;
}

static bool find_account(struct plan_answer *answer, struct store *store, struct error *err)
{
	AUTO(account_list_clear) struct account_list accounts = { 0 };
	bool found = false;

	if (*answer->word) {
		if (!accounts_find(store, answer->word, &answer->account, err))
			return false;
		memcpy(answer->account_id, answer->account.id, sizeof(answer->account_id));
		return true;
	}
	if (!*answer->account_id) {
		if (!accounts_all(store, &accounts, err))
			return false;
		if (accounts.count > 0)
			snprintf(answer->account_id, sizeof(answer->account_id), "%s", accounts.items[0].id);
	}
	if (*answer->account_id && !accounts_get(store, answer->account_id, &answer->account, &found, err))
		return false;
	return found || error_set(err, ERROR_INPUT, "no account is connected that could be written to");
}

static bool work(struct question *question, struct store *store, struct error *err)
{
	struct plan_answer *answer = (struct plan_answer *)question;
	AUTO(str_clear) struct str head = STR_INIT(STR_NO_LIMIT);
	bool paused;

	if (!find_account(answer, store, err) ||
	    (!*answer->plan_id && !plans_all(store, answer->account_id, 20, take_newest, answer, err)))
		return false;
	if (!*answer->plan_id)
		return true;
	answer->found = true;
	if (!plans_find(store, answer->account_id, answer->plan_id, &answer->plan, NULL, &head, err) ||
	    !push_moved(store, &answer->plan, answer->moved, err) ||
	    !intents_count(store, answer->account_id, answer->plan_id, &answer->counts, err) ||
	    !plans_paused(store, answer->plan_id, &answer->pause, &paused, err))
		return false;
	if (answer->keeps_lines)
		return true;
	read_sums(answer, &head);
	str_add_char(&answer->texts, '\0'); /* at 0 stands what is not there */
	return plans_lines(store, answer->plan_id, 1, 0, take_line, answer, err);
}

void plan_view_ask(struct plan_view *view)
{
	struct plan_answer *asked;
	const struct plan *plan = plan_view_plan(view);
	bool newest = view->job != 0 && !plan_view_is_planning(view);

	if (deck_is_new(view->view.deck))
		return;
	asked = memory_new(sizeof(*asked));
	asked->question = (struct question){ .work = work, .free = free_question };
	str_init(&asked->texts, STR_NO_LIMIT);
	snprintf(asked->account_id, sizeof(asked->account_id), "%s", view->account_id);
	snprintf(asked->word, sizeof(asked->word), "%s", view->word);
	/* What was planned anew takes the place of what is shown. */
	if (newest)
		view->job = 0;
	else
		snprintf(asked->plan_id, sizeof(asked->plan_id), "%s", view->plan_id);
	asked->settings = view->view.deck->app->settings;
	asked->keeps_lines = plan && *asked->plan_id && strcmp(plan->id, asked->plan_id) == 0;
	view_ask(&view->view, &asked->question);
}
