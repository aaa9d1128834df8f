/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plan on the canvas: whether it can be applied, what it comes to, and its lines. */
#include <stdio.h>
#include <string.h>

#include "deck.h"
#include "format.h"
#include "ledgerdeck/core/memory.h"
#include "plan_view.h"
#include "strip.h"

#define BOTH_FROM_ROWS 12
#define HEAD_FROM_ROWS 4

struct mark mark_of_act(enum plan_act act)
{
	static const struct mark marks[PLAN_ACT_COUNT] = {
		[PLAN_CREATE] = { "+", "create", ROLE_TEXT },    [PLAN_UPDATE] = { "~", "update", ROLE_TEXT },
		[PLAN_LINK] = { ">", "link", ROLE_TEXT },        [PLAN_SAME] = { "=", "same", ROLE_DIM },
		[PLAN_VOID] = { "-", "void", ROLE_WARN },        [PLAN_BLOCKED] = { "!", "blocked", ROLE_FAILED },
		[PLAN_DECIDE] = { "?", "decide", ROLE_WARN },    [PLAN_SKIP] = { ".", "skip", ROLE_DIM },
	};

	return marks[act];
}

const char *plan_money(bool has, int64_t millionths, char *out)
{
	return has ? decimal_format_money(millionths, out) : "";
}

/* ---- what it comes to */

enum { SUM_WHAT, SUM_COUNT, SUM_TYPE, SUM_TOTAL, SUM_CURRENCY, SUM_TAX, SUM_WHY };
static const struct table_column sum_columns[] = {
	[SUM_WHAT] = { "WHAT", 9, 9, 0, 0 },
	[SUM_COUNT] = { "LINES", 5, 8, 1, COLUMN_RIGHT },
	[SUM_TYPE] = { "OF", 8, 14, 3, 0 },
	[SUM_TOTAL] = { "TOTAL", 10, 18, 2, COLUMN_AMOUNT },
	[SUM_CURRENCY] = { "", 3, 3, 2, 0 },
	[SUM_TAX] = { "TAX", 8, 14, 6, COLUMN_AMOUNT | COLUMN_EXTRA },
	[SUM_WHY] = { "WHY", 14, 80, 4, COLUMN_GROWS | COLUMN_ENOUGH(44) },
};

static void sum_cell(void *ctx, int64_t place, size_t column, struct table_cell *cell)
{
	struct plan_view *view = ctx;
	const struct plan_sum *sum = &view->found->sums[listing_row(&view->lists[PANE_SUMS], place)];
	struct mark mark = mark_of_act(sum->act);
	char count[FORMAT_MAX];

	switch (column) {
	case SUM_WHAT:
		if (sum->kind == SUM_EFFECT || sum->kind == SUM_FACT)
			table_format(cell, ROLE_DIM, "  %s", sum->kind == SUM_FACT ? sum->word : "effect");
		else
			table_format(cell, mark.role, "%s %s", mark.glyph, sum->kind == SUM_CAUSE ? "because" : mark.word);
		break;
	case SUM_COUNT:
		table_format(cell, ROLE_TEXT, "%s", sum->kind == SUM_EFFECT ? "" : format_count(sum->count, count));
		break;
	case SUM_TYPE:
		table_text(cell, ROLE_TEXT, sum->type);
		break;
	case SUM_TOTAL:
		table_text(cell, ROLE_TEXT, sum->total);
		break;
	case SUM_CURRENCY:
		table_text(cell, ROLE_DIM, sum->currency);
		break;
	case SUM_TAX:
		table_text(cell, ROLE_DIM, sum->kind == SUM_EFFECT ? "" : sum->tax);
		break;
	default:
		table_text(cell, sum->kind == SUM_CAUSE ? mark.role : ROLE_TEXT, sum->text);
		break;
	}
}

/* ---- its lines */

enum { LINE_WHAT, LINE_TYPE, LINE_NUMBER, LINE_PARTY, LINE_DATE, LINE_TOTAL, LINE_CURRENCY, LINE_WHY };
static const struct table_column line_columns[] = {
	[LINE_WHAT] = { "WHAT", 9, 9, 0, 0 },
	[LINE_TYPE] = { "TYPE", 8, 14, 6, 0 },
	[LINE_NUMBER] = { "NUMBER", 9, 20, 1, 0 },
	[LINE_PARTY] = { "PARTY", 8, 24, 4, COLUMN_ENOUGH(12) },
	[LINE_DATE] = { "DATE", 10, 10, 5, 0 },
	[LINE_TOTAL] = { "TOTAL", 10, 16, 2, COLUMN_AMOUNT },
	[LINE_CURRENCY] = { "", 3, 3, 2, 0 },
	[LINE_WHY] = { "WHY", 14, 80, 3, COLUMN_GROWS },
};

static void line_cell(void *ctx, int64_t place, size_t column, struct table_cell *cell)
{
	struct plan_view *view = ctx;
	const struct plan_brief *line = &view->found->lines[listing_row(&view->lists[PANE_LINES], place)];
	struct mark mark = mark_of_act(line->act);
	char text[DECIMAL_TEXT_MAX];

	switch (column) {
	case LINE_WHAT:
		table_format(cell, mark.role, "%s %s", mark.glyph, mark.word);
		break;
	case LINE_TYPE:
		table_text(cell, ROLE_DIM, plan_view_text(view, line->type));
		break;
	case LINE_NUMBER:
		table_text(cell, ROLE_TEXT, plan_view_text(view, line->number));
		break;
	case LINE_PARTY:
		table_text(cell, ROLE_TEXT, plan_view_text(view, line->party));
		break;
	case LINE_DATE:
		table_format(cell, ROLE_DIM, "%s", line->has_date ? date_format(line->date, text) : "");
		break;
	case LINE_TOTAL:
		table_format(cell, ROLE_TEXT, "%s", plan_money(line->has_total, line->total, text));
		break;
	case LINE_CURRENCY:
		table_text(cell, ROLE_DIM, plan_view_text(view, line->currency));
		break;
	default:
		table_text(cell, plan_act_waits(line->act) ? mark.role : ROLE_DIM, plan_view_text(view, line->why));
		break;
	}
}

static bool is_marked(void *ctx, int64_t place)
{
	const struct plan_view *view = ctx;
	char id[32];

	snprintf(id, sizeof(id), "%lld", (long long)view->found->lines[listing_row(&view->lists[PANE_LINES], place)].line);
	return selection_has(&view->marks, id);
}

/* ---- panes */

static void draw_table(struct plan_view *view, struct canvas *canvas, struct rect rect, enum plan_pane pane)
{
	struct table_source source = { .cell = pane == PANE_SUMS ? sum_cell : line_cell, .marked = pane == PANE_LINES ? is_marked : NULL, .ctx = view };

	if (view->lists[pane].count > 0)
		table_draw(&view->lists[pane].table, canvas, rect, pane == PANE_SUMS ? sum_columns : line_columns,
			   pane == PANE_SUMS ? ARRAY_LEN(sum_columns) : ARRAY_LEN(line_columns), &source, true, view->focus == pane);
	else
		deck_draw(view->view.deck, canvas, rect.y, rect.x + 2, rect.columns - 2, ROLE_DIM, pane == PANE_LINES && *view->filter
			  ? "No line fits the filter; {back} shows all." : "Nothing: all documents are as they should be.");
}

static void draw_title(struct plan_view *view, struct canvas *canvas, int y, int x, int columns, enum plan_pane pane)
{
	char title[60], count[FORMAT_MAX];

	snprintf(title, sizeof(title), "%s %s", pane == PANE_SUMS ? "Comes to" : "Lines", format_count((int64_t)view->lists[pane].count, count));
	canvas_spot(canvas, (struct canvas_spot){ .rect = { y, x, 1, columns }, .table = &view->lists[pane].table, .row = -1 });
	canvas_add(canvas, y, x + 1, columns - 1, view->focus == pane ? ROLE_FOCUS : ROLE_TITLE, title);
}

/* Small screens have the pane that has the keys alone; else the sums stand above, with at most half of the rows. */
static void draw_panes(struct plan_view *view, struct canvas *canvas, struct rect rect)
{
	int sums = (int)view->lists[PANE_SUMS].count + 2;

	if (rect.rows < BOTH_FROM_ROWS) {
		if (rect.rows > 2)
			draw_title(view, canvas, rect.y, rect.x, rect.columns, view->focus);
		draw_table(view, canvas, (struct rect){ rect.y + (rect.rows > 2), rect.x, rect.rows - (rect.rows > 2), rect.columns }, view->focus);
		return;
	}
	if (sums > rect.rows / 2)
		sums = rect.rows / 2;
	draw_title(view, canvas, rect.y, rect.x, rect.columns, PANE_SUMS);
	draw_table(view, canvas, (struct rect){ rect.y + 1, rect.x, sums - 1, rect.columns }, PANE_SUMS);
	draw_title(view, canvas, rect.y + sums, rect.x, rect.columns, PANE_LINES);
	draw_table(view, canvas, (struct rect){ rect.y + sums + 1, rect.x, rect.rows - sums - 1, rect.columns }, PANE_LINES);
}

static bool can_write(const struct plan_answer *found)
{
	for (size_t i = 0; i < found->sum_count; i++)
		if (found->sums[i].kind == SUM_ACT && (plan_act_writes(found->sums[i].act) || found->sums[i].act == PLAN_LINK))
			return true;
	return false;
}

static void draw_head(struct plan_view *view, struct canvas *canvas, struct rect rect)
{
	const struct plan *plan = plan_view_plan(view);
	AUTO(str_clear) struct str line = STR_INIT(400);
	int64_t now_ms = deck_now(view->view.deck);
	char clock[FORMAT_MAX], room[PUSH_MOVED_MAX + 40], said[DECK_TEXT_MAX];
	const char *over = plan_view_over(plan, view->found->moved, now_ms, room, sizeof(room));
	bool paused = view->found->counts.states[INTENT_PAUSED] > 0;
	enum role role = ROLE_OK;
	int x = rect.x + 1;

	if (plan_view_is_planning(view))
		str_add(&line, "Planning anew; {cancel} stops it.");
	else if (paused)
		str_addf(&line, "! Paused: %s; {pause} goes on.", view->found->pause.why);
	else if (over)
		str_addf(&line, "%s %s", plan->state == PLAN_APPLIED ? "=" : "!", over);
	else if (can_write(view->found))
		str_addf(&line, "= It can be applied: {apply}.%s%s%s", *view->found->calls ? " " : "", view->found->calls, *view->found->calls ? "." : "");
	else
		str_add(&line, "! Nothing of it can be written yet.");
	if (paused || (plan->state == PLAN_OPEN && (over || !can_write(view->found))))
		role = ROLE_WARN;
	x += deck_draw(view->view.deck, canvas, rect.y, x, rect.columns - 1, plan_view_is_planning(view) ? ROLE_RUNNING : role, line.text);
	str_reset(&line);
	str_addf(&line, "%s, made %s by %s", plan->id, format_clock(plan->made_ms, now_ms, clock), plan->who);
	for (int i = 0; plan->state == PLAN_APPLIED && i < INTENT_STATE_COUNT; i++)
		if (view->found->counts.states[i] > 0)
			str_addf(&line, "; %lld %s", (long long)view->found->counts.states[i], intent_state_word((enum intent_state)i));
	if (!over && plan->expires_ms != INT64_MAX)
		str_addf(&line, ", good until %s", format_clock(plan->expires_ms, now_ms, clock));
	if (plan->state == PLAN_APPLIED)
		str_add(&line, ": {outbox} shows them");
	canvas_add(canvas, rect.y, x + 2, rect.columns - (x - rect.x) - 2, ROLE_DIM, deck_keyed(view->view.deck, line.text, said, sizeof(said)));
}

static void add_sum(const struct plan_view *view, const struct plan_sum *sum, struct str *first, struct str *second)
{
	const char *act = plan_act_word(sum->act);
	char room[100], money[DECIMAL_TEXT_MAX + 16] = "";

	if (sum->kind == SUM_FACT) {
		str_addf(first, "%s: %lld, %s.", sum->word, (long long)sum->count, sum->text);
		return;
	}
	if (strcmp(sum->total, "0.00") != 0)
		snprintf(money, sizeof(money), ", with %s %s", sum->total, sum->currency);

	if (sum->kind == SUM_EFFECT) {
		str_addf(first, "What is created moves %s by %s %s.", sum->text, sum->total, sum->currency);
		return;
	}
	if (sum->kind == SUM_CAUSE)
		str_addf(first, "%s. It holds up %lld%s.", sum->text, (long long)sum->count, money);
	else
		str_addf(first, "%s: %lld %s%s.", act, (long long)sum->count, sum->type, money);
	str_add(second, deck_keyed(view->view.deck, "{open} shows the lines of it alone.", room, sizeof(room)));
}

static void draw_strip(const struct plan_view *view, struct canvas *canvas, struct rect rect)
{
	AUTO(str_clear) struct str first = STR_INIT(1000);
	AUTO(str_clear) struct str second = STR_INIT(1000);
	const struct plan_brief *line = plan_view_line(view);
	const struct plan_sum *sum = plan_view_sum(view);
	enum role role = ROLE_TEXT;

	if (view->focus == PANE_LINES && line) {
		str_addf(&first, "%s: %s.", plan_act_word(line->act), plan_view_text(view, line->why));
		role = plan_act_waits(line->act) ? mark_of_act(line->act).role : ROLE_TEXT;
		/* The first of them is the reason itself. */
		if (strlen(plan_view_text(view, line->obstacles)) > strlen(plan_view_text(view, line->why)) + 1)
			str_addf(&second, "In all: %s", plan_view_text(view, line->obstacles));
	} else if (view->focus == PANE_SUMS && sum) {
		add_sum(view, sum, &first, &second);
		role = sum->kind == SUM_CAUSE ? mark_of_act(sum->act).role : ROLE_TEXT;
	}
	deck_draw_strip(view->view.deck, canvas, rect, role, &first, &second);
}

static const char *empty_text(const struct plan_view *view)
{
	if (deck_is_new(view->view.deck))
		return VIEW_NO_ACCOUNTS;
	if (plan_view_is_planning(view))
		return "Planning what would be written; {cancel} stops it, {jobs} shows how far it is.";
	return view->found ? "No plan is open for this account. {plan-anew} makes one: it writes nothing, and shows what would be written."
			   : "Reading the plan ...";
}

void plan_view_draw(struct plan_view *view, struct canvas *canvas, struct rect rect)
{
	bool head = rect.rows >= HEAD_FROM_ROWS;

	if (!plan_view_plan(view)) {
		view_draw_empty(&view->view, empty_text(view), canvas, rect);
		return;
	}
	if (head)
		draw_head(view, canvas, rect);
	rect.y += head;
	rect.rows -= head;
	draw_strip(view, canvas, strip_take(&rect));
	draw_panes(view, canvas, rect);
}
