/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plan of an account: what would be written, what holds the rest up, line by line; to be applied, decided about, made anew. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deck.h"
#include "format.h"
#include "job.h"
#include "ledgerdeck/core/memory.h"
#include "outbox_view.h"
#include "plan_view.h"
#include "trail.h"

static struct plan_view *of(struct view *view)
{
	return (struct plan_view *)view;
}

static const struct plan_view *of_const(const struct view *view)
{
	return (const struct plan_view *)view;
}

/* ---- what is shown */

const struct plan *plan_view_plan(const struct plan_view *view)
{
	return view->found && view->found->found ? &view->found->plan : NULL;
}

const char *plan_view_text(const struct plan_view *view, uint32_t text)
{
	return view->found->texts.text + text;
}

const struct plan_brief *plan_view_line(const struct plan_view *view)
{
	size_t row = plan_view_plan(view) ? listing_current(&view->lists[PANE_LINES]) : LISTING_NONE;

	return row == LISTING_NONE ? NULL : &view->found->lines[row];
}

const struct plan_sum *plan_view_sum(const struct plan_view *view)
{
	size_t row = plan_view_plan(view) ? listing_current(&view->lists[PANE_SUMS]) : LISTING_NONE;

	return row == LISTING_NONE ? NULL : &view->found->sums[row];
}

static const struct job *job_of(const struct plan_view *view)
{
	const struct deck *deck = view->view.deck;

	for (size_t i = 0; view->job && i < deck->job_count; i++)
		if (deck->jobs[i]->no == view->job)
			return deck->jobs[i];
	return NULL;
}

bool plan_view_is_planning(const struct plan_view *view)
{
	const struct job *job = job_of(view);

	return job && job_is_running(job);
}

const char *plan_view_over(const struct plan *plan, const char *moved, int64_t now_ms, char *room, size_t size)
{
	char clock[FORMAT_MAX];

	if (plan->state != PLAN_OPEN)
		snprintf(room, size, "It was %s at %s by %.80s.", plan_state_word(plan->state), format_clock(plan->state_ms, now_ms, clock),
			 plan->state_who);
	else if (plan->expires_ms <= now_ms)
		snprintf(room, size, "It expired at %s: make a new one.", format_clock(plan->expires_ms, now_ms, clock));
	else if (*moved)
		snprintf(room, size, "It is stale: %s. Make a new one.", moved);
	else
		return NULL;
	return room;
}

/* ---- rows */

static void sum_id(const void *ctx, size_t row, char *out)
{
	(void)ctx;
	snprintf(out, LISTING_ID_MAX, "%zu", row);
}

static void line_id(const void *ctx, size_t row, char *out)
{
	const struct plan_view *view = ctx;

	snprintf(out, LISTING_ID_MAX, "%lld", (long long)view->found->lines[row].line);
}

static bool line_fits(const void *ctx, size_t row)
{
	const struct plan_view *view = ctx;
	const struct plan_brief *line = &view->found->lines[row];
	const char *const places[] = { plan_act_word(line->act), plan_reason_word(line->reason), plan_view_text(view, line->type),
				       plan_view_text(view, line->number), plan_view_text(view, line->party), plan_view_text(view, line->why),
				       plan_view_text(view, line->obstacles) };

	if (view->waits_only && !plan_act_waits(line->act))
		return false;
	return listing_words_fit(view->filter, places, ARRAY_LEN(places));
}

struct listing_source plan_view_source(const struct plan_view *view, enum plan_pane pane)
{
	bool has = plan_view_plan(view);

	if (pane == PANE_SUMS)
		return (struct listing_source){ .count = has ? view->found->sum_count : 0, .id = sum_id, .ctx = view };
	return (struct listing_source){ .count = has ? view->found->line_count : 0, .id = line_id, .fits = line_fits, .ctx = view };
}

static void arrange(struct plan_view *view, enum plan_pane pane)
{
	struct listing_source source = plan_view_source(view, pane);

	listing_arrange(&view->lists[pane], &source);
}

/* ---- answers */

/* A plan never changes: what was read of it stays. */
static void keep_lines(struct plan_answer *found, struct plan_answer *before)
{
	memcpy(found->calls, before->calls, sizeof(found->calls));
	found->sums = memory_steal(&before->sums);
	found->sum_count = before->sum_count;
	found->lines = memory_steal(&before->lines);
	found->line_count = before->line_count;
	str_clear(&found->texts);
	found->texts = before->texts;
	str_init(&before->texts, 1);
}

static void answer(struct view *base, struct question *question)
{
	struct plan_view *view = of(base);
	struct plan_answer *found = (struct plan_answer *)question;

	if (view_failed(base, question, view->found))
		return;
	if (found->keeps_lines)
		keep_lines(found, view->found);
	plan_answer_free(view->found);
	view->found = found;
	snprintf(view->account_id, sizeof(view->account_id), "%s", found->account_id);
	*view->word = '\0';
	if (strcmp(view->plan_id, found->plan_id) != 0)
		selection_clear(&view->marks);
	snprintf(view->plan_id, sizeof(view->plan_id), "%s", found->plan_id);
	arrange(view, PANE_SUMS);
	arrange(view, PANE_LINES);
}

static void refresh(struct view *base)
{
	plan_view_ask(of(base));
}

/* ---- keys */

static bool focus(struct view *base, const struct table *table)
{
	struct plan_view *view = of(base);
	enum plan_pane former = view->focus;

	for (int i = 0; i < PLAN_PANES; i++)
		if (&view->lists[i].table == table)
			view->focus = (enum plan_pane)i;
	return view->focus == former;
}

static char *filter(struct view *base)
{
	return of(base)->filter;
}

static void filtered(struct view *base)
{
	arrange(of(base), PANE_LINES);
}

/* Of a group its lines; of a cause those that it holds up. */
static void narrow(struct plan_view *view, const struct plan_sum *sum)
{
	char text[320];
	struct error ignored = { 0 };
	bool own = sum->kind == SUM_CAUSE && *plan_reason_decisions(sum->reason);

	if (sum->kind == SUM_EFFECT || sum->kind == SUM_FACT)
		return;
	if (sum->kind == SUM_CAUSE && !own)
		snprintf(text, sizeof(text), "%s %s", plan_act_word(sum->act), sum->text);
	else
		snprintf(text, sizeof(text), "%s %s", plan_act_word(sum->act), sum->kind == SUM_CAUSE ? plan_reason_word(sum->reason) : "");
	view_filter(&view->view, text, &ignored);
	view->focus = PANE_LINES;
}

static void open_row(struct plan_view *view)
{
	const struct plan_brief *line = plan_view_line(view);
	const struct plan_sum *sum = plan_view_sum(view);

	if (view->focus == PANE_SUMS && sum)
		narrow(view, sum);
	else if (view->focus == PANE_LINES && line)
		deck_push(view->view.deck, plan_line_new(view->account_id, view->plan_id, line->line));
}

/* The line that a jump to the mapping is about: the one under the cursor, or the first that the cause holds up. */
static const struct plan_brief *open_line(const struct plan_view *view)
{
	const struct plan_brief *line = plan_view_line(view);
	const struct plan_sum *sum = plan_view_sum(view);

	if (view->focus == PANE_LINES)
		return line && line->open != TARGET_NONE ? line : NULL;
	for (size_t i = 0; sum && sum->kind == SUM_CAUSE && i < view->found->line_count; i++) {
		line = &view->found->lines[i];
		if (line->open != TARGET_NONE && strstr(plan_view_text(view, line->why), sum->text))
			return line;
	}
	return NULL;
}

static void decide(struct plan_view *view)
{
	const struct plan_brief *line = plan_view_line(view);

	plan_decide(view->view.deck, &view->found->account, &view->found->plan, line->reason, line->line, plan_view_text(view, line->number),
		    plan_view_text(view, line->why));
}

static bool act_plan(struct plan_view *view, enum action action)
{
	const struct plan_brief *line = open_line(view);

	switch (action) {
	case ACTION_APPLY:
		plan_view_apply(view);
		return true;
	case ACTION_PAUSE:
		plan_pause(view->view.deck, view->plan_id, view->found->counts.states[INTENT_PAUSED] > 0);
		return true;
	case ACTION_DECIDE:
		decide(view);
		return true;
	case ACTION_FIX:
		mapping_view_open(view->view.deck, view->account_id, target_word(line->open), plan_view_text(view, line->code));
		return true;
	case ACTION_DOCUMENT:
		deck_push(view->view.deck, document_new(view->account_id, plan_view_line(view)->resource));
		return true;
	case ACTION_LOG_OF:
		line = view->focus == PANE_LINES ? plan_view_line(view) : NULL;
		if (line && line->resource)
			deck_push(view->view.deck, attempts_of_document(view->account_id, line->resource, ""));
		return line && line->resource;
	case ACTION_COPY:
		deck_copy(view->view.deck, "Plan", view->plan_id);
		return true;
	default:
		return false;
	}
}

static bool id_at(void *ctx, int64_t place, char *out)
{
	const struct plan_view *view = ctx;

	line_id(view, listing_row(&view->lists[PANE_LINES], place), out);
	return true;
}

static bool act(struct view *base, enum action action)
{
	struct plan_view *view = of(base);
	struct listing_source source = plan_view_source(view, view->focus);
	const struct job *job = job_of(view);

	switch (action) {
	case ACTION_FAILED:
		view->waits_only = !view->waits_only;
		arrange(view, PANE_LINES);
		return true;
	case ACTION_PLAN_ANEW:
		plan_view_anew(view, NULL);
		return true;
	case ACTION_CANCEL:
		if (!job || !job_is_running(job))
			return false;
		job_cancel((struct job *)(uintptr_t)job);
		return true;
	case ACTION_NEXT_PANE:
	case ACTION_LAST_PANE:
		view->focus = view->focus == PANE_SUMS ? PANE_LINES : PANE_SUMS;
		return true;
	case ACTION_OPEN:
		open_row(view);
		return true;
	case ACTION_LEFT:
	case ACTION_RIGHT:
		table_scroll(&view->lists[view->focus].table, action == ACTION_RIGHT ? 1 : -1);
		return true;
	default:
		break;
	}
	if (!plan_view_plan(view))
		return false;
	if (view->focus == PANE_LINES && selection_act(&view->marks, &view->lists[PANE_LINES].table, action, id_at, view)) {
		listing_note(&view->lists[PANE_LINES], &source);
		return true;
	}
	return act_plan(view, action) || listing_act(&view->lists[view->focus], &source, action);
}

static const char *refuses(const struct view *base, enum action action)
{
	static char room[PUSH_MOVED_MAX + 40];
	const struct plan_view *view = of_const(base);
	const struct plan *plan = plan_view_plan(view);
	const struct plan_brief *line = view->focus == PANE_LINES ? plan_view_line(view) : NULL;

	if ((action == ACTION_APPLY || action == ACTION_DECIDE || action == ACTION_FIX) && !plan)
		return "there is no plan yet; {plan-anew} makes one";
	switch (action) {
	case ACTION_APPLY:
		return plan_view_over(plan, view->found->moved, deck_now(base->deck), room, sizeof(room));
	case ACTION_DECIDE:
		return line && *plan_reason_decisions(line->reason) && line->act == PLAN_DECIDE ? NULL : "nothing is to be decided about it";
	case ACTION_PAUSE:
		return plan && plan->state == PLAN_APPLIED ? NULL : "nothing of it is under way: it was not applied";
	case ACTION_DOCUMENT:
		return line ? NULL : "no line of it is under the cursor ({next-pane})";
	case ACTION_FIX:
		return open_line(view) ? NULL : "no code of it stands for nothing";
	default:
		return NULL;
	}
}

static bool back(struct view *base)
{
	struct plan_view *view = of(base);
	struct error ignored = { 0 };

	if (view->marks.count > 0)
		selection_clear(&view->marks);
	else if (*view->filter)
		view_filter(base, "", &ignored);
	else if (view->waits_only)
		act(base, ACTION_FAILED);
	else
		return false;
	return true;
}

/* ---- the view */

static void draw(struct view *base, struct canvas *canvas, struct rect rect)
{
	plan_view_draw(of(base), canvas, rect);
}

static void title(const struct view *base, struct str *out)
{
	str_add(out, "plan");
	selection_add_title(&of_const(base)->marks, out);
}

static bool subject(const struct view *base, struct account *ret_account)
{
	const struct plan_view *view = of_const(base);

	if (view->found)
		*ret_account = view->found->account;
	return view->found != NULL;
}

static void cli(const struct view *base, struct str *out)
{
	str_addf(out, "plans %s", of_const(base)->plan_id);
}

static void rows(struct view *base, struct str *out)
{
	const struct plan_view *view = of(base);
	char id[LISTING_ID_MAX], total[DECIMAL_TEXT_MAX];

	for (size_t i = 0; plan_view_plan(view) && i < view->found->line_count; i++) {
		const struct plan_brief *line = &view->found->lines[i];

		line_id(view, i, id);
		if (view->marks.count > 0 ? selection_has(&view->marks, id) : line == plan_view_line(view))
			rows_add(out, (const char *const[]){ id, plan_act_word(line->act), plan_view_text(view, line->type),
							     plan_view_text(view, line->number), plan_view_text(view, line->party),
							     plan_money(line->has_total, line->total, total), plan_view_text(view, line->why), NULL });
	}
}

/* It grows stale by the minutes of the clock. */
static int64_t ages_ms(const struct view *base)
{
	const struct plan *plan = plan_view_plan(of_const(base));
	int64_t now_ms = deck_now(base->deck);

	return plan && plan->state == PLAN_OPEN && plan->expires_ms > now_ms && plan->expires_ms != INT64_MAX ? plan->expires_ms - now_ms : -1;
}

static void save(const struct view *base, struct str *out)
{
	const struct plan_view *view = of_const(base);

	trail_put(out, "account", view->account_id);
	trail_put(out, "plan", view->plan_id);
	trail_put(out, "line", view->lists[PANE_LINES].cursor);
	trail_put(out, "filter", view->filter);
	trail_put_number(out, "pane", view->focus);
	trail_put_row(out, &view->lists[PANE_LINES].table);
}

static void load(struct view *base, const char *text)
{
	struct plan_view *view = of(base);

	trail_get(text, "account", view->account_id, sizeof(view->account_id));
	trail_get(text, "plan", view->plan_id, sizeof(view->plan_id));
	trail_get(text, "line", view->lists[PANE_LINES].cursor, sizeof(view->lists[PANE_LINES].cursor));
	trail_get(text, "filter", view->filter, sizeof(view->filter));
	view->focus = trail_get_number(text, "pane") ? PANE_LINES : PANE_SUMS;
	trail_get_row(text, &view->lists[PANE_LINES].table);
}

static void free_view(struct view *base)
{
	struct plan_view *view = of(base);

	plan_answer_free(view->found);
	for (int i = 0; i < PLAN_PANES; i++)
		listing_clear(&view->lists[i]);
	selection_clear(&view->marks);
	free(view);
}

static const struct view_kind kind = {
	.name = "plan", .where = WHERE_MOVE | WHERE_LIST | WHERE_PANES | WHERE_MARKS | WHERE_PLAN | WHERE_DETAILS, .title = title, .draw = draw, .act = act,
	.refuses = refuses, .refresh = refresh, .answer = answer, .ages_ms = ages_ms, .filter = filter, .filtered = filtered, .back = back,
	.subject = subject, .focus = focus, .cli = cli, .rows = rows, .save = save, .load = load, .free = free_view,
};

struct view *plan_view_new(struct deck *deck)
{
	struct plan_view *view = memory_new(sizeof(*view));

	(void)deck;
	view->view.kind = &kind;
	return &view->view;
}

void plan_view_place(struct view *base, const char *account_id, const char *plan_id)
{
	struct plan_view *view = of(base);

	if (strcmp(view->account_id, account_id) == 0 && !plan_id)
		return;
	snprintf(view->account_id, sizeof(view->account_id), "%s", account_id);
	snprintf(view->plan_id, sizeof(view->plan_id), "%s", plan_id ? plan_id : "");
	*view->lists[PANE_LINES].cursor = *view->filter = '\0';
	selection_clear(&view->marks);
	view_ask_anew(base);
}

void plan_view_command(struct deck *deck, const char *const *words)
{
	size_t before = deck->job_count ? (size_t)deck->jobs[deck->job_count - 1]->no : 0;
	struct view *view = plan_view_new(deck);

	snprintf(of(view)->word, sizeof(of(view)->word), "%s", words[1]);
	deck_push(deck, view);
	deck_command(deck, words, false);
	if (deck->job_count && (size_t)deck->jobs[deck->job_count - 1]->no != before)
		of(view)->job = deck->jobs[deck->job_count - 1]->no;
}

void plan_view_document(struct deck *deck, const char *account_id, const char *resource_id)
{
	struct view *view = plan_view_new(deck);

	snprintf(of(view)->account_id, sizeof(of(view)->account_id), "%s", account_id);
	deck_push(deck, view);
	plan_view_anew(of(view), resource_id);
}

struct view *plan_view_again(struct deck *deck, const char *text)
{
	(void)text;
	return plan_view_new(deck);
}
