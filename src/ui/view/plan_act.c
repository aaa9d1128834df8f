/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is done with a plan: applied, decided about, made anew. Each is a command; to apply asks first, with what is written. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deck.h"
#include "dialog.h"
#include "job.h"
#include "ledgerdeck/core/memory.h"
#include "plan_view.h"

#define MARKED_MAX 2000 /* lines that one command takes */

/* ---- applying */

struct applying { /* of a dialog: plain bytes */
	char account_id[ACCOUNT_ID_MAX], plan_id[PLAN_ID_MAX];
	int64_t now_ms;
	char word[DECIMAL_TEXT_MAX]; /* that was typed, where the books are real; else "" */
	size_t count;           /* 0: all lines */
	int64_t lines[];
};

struct summing {
	const struct applying *applying;
	struct {
		enum plan_act act;
		char type[64], currency[8];
		int64_t count;
		struct decimal total;
	} items[64];
	size_t count;
	int64_t writes;
};

static bool is_meant(const struct applying *applying, int64_t line)
{
	for (size_t i = 0; i < applying->count; i++)
		if (applying->lines[i] == line)
			return true;
	return applying->count == 0;
}

static bool sum_up(void *ctx, const struct plan_line *line)
{
	struct summing *summing = ctx;
	struct decimal sum;
	size_t i = 0;

	if ((!plan_act_writes(line->act) && line->act != PLAN_LINK) || !is_meant(summing->applying, line->line))
		return true;
	summing->writes++;
	while (i < summing->count && (summing->items[i].act != line->act || strcmp(summing->items[i].type, line->record_type) != 0 ||
				      strcmp(summing->items[i].currency, line->currency) != 0))
		i++;
	if (i == ARRAY_LEN(summing->items))
		return true;
	if (i == summing->count) {
		summing->count++;
		summing->items[i].act = line->act;
		snprintf(summing->items[i].type, sizeof(summing->items[i].type), "%s", line->record_type);
		snprintf(summing->items[i].currency, sizeof(summing->items[i].currency), "%s", line->currency);
	}
	summing->items[i].count++;
	if (line->has_total && decimal_add(summing->items[i].total, decimal_of(line->total, 6), &sum))
		summing->items[i].total = sum;
	return true;
}

static void add_sums(const struct summing *summing, struct str *out)
{
	char digits[DECIMAL_TEXT_MAX];

	for (size_t i = 0; i < summing->count; i++) {
		struct decimal total = decimal_money(summing->items[i].total);

		str_addf(out, "%c %s %lld %s", plan_act_sign(summing->items[i].act), plan_act_word(summing->items[i].act),
			 (long long)summing->items[i].count, summing->items[i].type);
		if (total.digits != 0)
			str_addf(out, ", %s %s", decimal_format(total, digits), summing->items[i].currency);
		str_add_char(out, '\n');
	}
}

static bool describe(const void *ctx, struct store *store, struct str *out, struct error *err)
{
	const struct applying *applying = ctx;
	AUTO(memory_freep) struct summing *summing = memory_new(sizeof(*summing));
	struct push_window window;
	struct account account;
	struct plan plan;
	char moved[PUSH_MOVED_MAX], room[PUSH_MOVED_MAX + 40];
	const char *over;
	bool found;

	summing->applying = applying;
	if (!push_window(store, applying->account_id, applying->now_ms, &window, err))
		return false;
	if (!window.open)
		return error_set(err, ERROR_CONFLICT, "It is outside of the account's hours (policy window %s) until %s. ':apply %s --queue' has it sent "
				 "then, --now at once.", window.hours, window.opens, applying->plan_id);
	if (!plans_find(store, applying->account_id, applying->plan_id, &plan, NULL, NULL, err) ||
	    !accounts_get(store, applying->account_id, &account, &found, err) || !push_moved(store, &plan, moved, err))
		return false;
	over = plan_view_over(&plan, moved, applying->now_ms, room, sizeof(room));
	if (over)
		return error_set(err, ERROR_CONFLICT, "%s", over);
	if (!plans_lines(store, plan.id, 1, 0, sum_up, summing, err))
		return false;
	if (summing->writes == 0)
		return error_set(err, ERROR_CONFLICT, "Nothing of it can be written yet: all of it waits for a person, or is the same.");
	str_addf(out, "This is written into the %s books of %s:\n", environment_word(account.environment), found ? account.name : "");
	add_sums(summing, out);
	str_add(out, "What has changed since it was planned is looked at once more before; then nothing is written, and it says what moved. What is "
		     "written can be made void by another plan, not taken back.");
	return true;
}

/* The words of the command: all lines, or each of the marked ones. */
static void apply(struct deck *deck, const void *ctx)
{
	const struct applying *applying = ctx;
	AUTO(memory_freep) const char **words = memory_new((2 * applying->count + 5) * sizeof(*words));
	AUTO(memory_freep) char(*numbers)[24] = memory_new((applying->count + 1) * sizeof(*numbers));
	size_t count = 0, before = deck->job_count ? (size_t)deck->jobs[deck->job_count - 1]->no : 0;
	struct job *job;

	words[count++] = "apply";
	words[count++] = applying->plan_id;
	/* Elsewhere the command asks by itself, if the policy wants it. */
	if (*applying->word) {
		words[count++] = "--confirm";
		words[count++] = applying->word;
	}
	for (size_t i = 0; i < applying->count; i++) {
		snprintf(numbers[i], sizeof(numbers[i]), "%lld", (long long)applying->lines[i]);
		words[count++] = "--line";
		words[count++] = numbers[i];
	}
	deck_command(deck, words, false);
	job = deck->job_count ? deck->jobs[deck->job_count - 1] : NULL;
	if (job && (size_t)job->no != before) {
		snprintf(job->done.act, sizeof(job->done.act), "apply %s", applying->plan_id);
		snprintf(job->done.what, sizeof(job->done.what), "The plan was applied; what waits for a person was left");
	}
	deck_push(deck, outbox_view_of_plan(applying->plan_id));
}

/* What is typed where the books are real. */
static void add_word(const struct plan_view *view, const struct applying *applying, char *out)
{
	AUTO(memory_freep) struct push_sums *sums = memory_new(sizeof(*sums));

	for (size_t i = 0; i < view->found->line_count; i++) {
		const struct plan_brief *line = &view->found->lines[i];

		if (is_meant(applying, line->line))
			push_sums_add(sums, line->act, plan_view_text(view, line->currency), line->has_total, line->total);
	}
	push_sums_word(sums, out);
}

void plan_view_apply(struct plan_view *view)
{
	AUTO(memory_freep) struct applying *applying = memory_new(sizeof(*applying) + (view->marks.count + 1) * sizeof(applying->lines[0]));
	bool production = view->found->account.environment == ENVIRONMENT_PRODUCTION;
	struct dialog_wish wish = { .kind = production ? DIALOG_NAME : DIALOG_KEY, .title = "Apply", .verb = "write it",
				    .account = &view->found->account, .target = applying, .describe = describe, .act = apply };
	const char *id;
	size_t at = 0;

	if (view->marks.count > MARKED_MAX) {
		deck_say(view->view.deck, ROLE_WARN, "More than %d lines are marked; apply all, or fewer at a time.", MARKED_MAX);
		return;
	}
	snprintf(applying->account_id, sizeof(applying->account_id), "%s", view->account_id);
	snprintf(applying->plan_id, sizeof(applying->plan_id), "%s", view->plan_id);
	applying->now_ms = deck_now(view->view.deck);
	while ((id = selection_next(&view->marks, &at)) != NULL)
		applying->lines[applying->count++] = strtoll(id, NULL, 10);
	wish.size = sizeof(*applying) + applying->count * sizeof(applying->lines[0]);
	if (production)
		add_word(view, applying, applying->word);
	wish.word = production ? applying->word : NULL;
	dialog_open(view->view.deck, &wish);
}

/* ---- making it anew */

void plan_view_anew(struct plan_view *view, const char *resource_id)
{
	struct deck *deck = view->view.deck;
	size_t before = deck->job_count ? (size_t)deck->jobs[deck->job_count - 1]->no : 0;
	char line[160];

	if (plan_view_is_planning(view)) {
		deck_say(deck, ROLE_MESSAGE, "It is being planned; {cancel} stops that.");
		return;
	}
	snprintf(line, sizeof(line), "plan %s%s%s", view->account_id, resource_id ? " --resource " : "", resource_id ? resource_id : "");
	deck_do(deck, line, "", "The plan was made");
	if (deck->job_count && (size_t)deck->jobs[deck->job_count - 1]->no != before)
		view->job = deck->jobs[deck->job_count - 1]->no;
}

/* ---- deciding */

struct deciding { /* of a dialog: plain bytes */
	char key;               /* that was pressed: the decision's first letter, upper case for all */
	char plan_id[PLAN_ID_MAX];
	int64_t line;
	enum plan_reason reason;
};

static void decide(struct deck *deck, const void *ctx)
{
	const struct deciding *deciding = ctx;
	bool all = deciding->key >= 'A' && deciding->key <= 'Z';
	char letter = all ? (char)(deciding->key - 'A' + 'a') : deciding->key, line[200], what[120];

	for (const char *word = plan_reason_decisions(deciding->reason); *word; word += strcspn(word, " "), word += strspn(word, " ")) {
		int len = (int)strcspn(word, " ");

		if (*word != letter)
			continue;
		if (all)
			snprintf(line, sizeof(line), "decide %s %.*s --reason %s", deciding->plan_id, len, word, plan_reason_word(deciding->reason));
		else
			snprintf(line, sizeof(line), "decide %s %.*s --line %lld", deciding->plan_id, len, word, (long long)deciding->line);
		snprintf(what, sizeof(what), "Decided: %.*s%s. The next plan heeds it", len, word, all ? ", for all of them" : "");
		deck_do(deck, line, "", what);
		return;
	}
}

void plan_decide(struct deck *deck, const struct account *account, const struct plan *plan, enum plan_reason reason, int64_t line,
		 const char *number, const char *why)
{
	struct deciding deciding = { .line = line, .reason = reason };
	struct dialog_choice choices[8];
	char verbs[ARRAY_LEN(choices)][40], text[500];
	size_t count = 0;
	const struct dialog_wish wish = { .kind = DIALOG_KEY, .title = "Decide", .verb = "", .account = account, .target = &deciding,
					  .size = sizeof(deciding), .text = text, .act = decide, .choices = choices };
	struct dialog_wish asked = wish;

	snprintf(deciding.plan_id, sizeof(deciding.plan_id), "%s", plan->id);
	for (int all = 0; all < 2; all++)
		for (const char *word = plan_reason_decisions(reason); *word && count < ARRAY_LEN(choices);) {
			int len = (int)strcspn(word, " ");

			snprintf(verbs[count], sizeof(verbs[0]), "%.*s%s", len, word, all ? " all" : "");
			choices[count] = (struct dialog_choice){ .key = all ? (char)(*word - 'a' + 'A') : *word, .verb = verbs[count] };
			count++;
			word += len;
			word += strspn(word, " ");
		}
	snprintf(text, sizeof(text), "%.60s: %.240s\nThe capital letter decides so for all lines with this reason. Nothing is written by it; the next "
		 "plan heeds it.", number, why);
	asked.choice_count = count;
	dialog_open(deck, &asked);
}
