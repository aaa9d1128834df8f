/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What stands around a view: whose books these are (never hidden), where one is, the message, the hints, and the
 * prompt with what it offers.
 */
#include <stdio.h>
#include <string.h>

#include "deck.h"
#include "dialog.h"
#include "format.h"
#include "job.h"
#include "ledgerdeck/connect/connect.h"
#include "ledgerdeck/core/memory.h"

#define HINTS_FROM_ROWS 6    /* smaller screens have no line of hints */
#define PATH_FROM_ROWS 9     /* ... and no line that says where one is */
#define OFFERS_MAX 8
#define NAME_FROM_COLUMNS 30 /* what stands for whose books these are needs so many */
#define TABS_LEAST 5         /* fewer help nobody */

/* ---- the line of identity */

const char *provider_word(const char *provider)
{
	struct connect_way way;

	return connect_way(provider, &way) ? way.word : provider;
}

/* In the columns before `end`. */
static int draw_account(struct canvas *canvas, int x, int end, const struct account *account)
{
	bool production = account->environment == ENVIRONMENT_PRODUCTION;
	char tail[40];

	if (production)
		x += canvas_add(canvas, 0, x, end - x, ROLE_PRODUCTION, " PRODUCTION ");
	else
		x += canvas_add(canvas, 0, x, end - x, ROLE_BAR, environment_word(account->environment));
	x += 1 + canvas_add(canvas, 0, x + 1, end - x - 1, ROLE_BAR, account->name);
	snprintf(tail, sizeof(tail), "%s ..%s", provider_word(account->provider), account->realm_tail);
	if (x + 2 + (int)strlen(tail) > end)
		return x;
	return x + 2 + canvas_add(canvas, 0, x + 2, end - x - 2, ROLE_BAR, tail);
}

/* An answer that does not come: how long already, in whole seconds. */
static void add_reading(const struct deck *deck, struct str *out)
{
	int64_t waited_ms = deck_waited_ms(deck);

	if (waited_ms >= 1000)
		str_addf(out, "reading %lld s  ", (long long)waited_ms / 1000);
	else if (waited_ms >= DECK_WAIT_MS)
		str_add(out, "reading  ");
}

/* The right end: what runs, and whether work can be done at all. */
static void add_state(const struct deck *deck, struct str *out)
{
	size_t running = deck->progress_count;
	char clock[FORMAT_MAX];

	if (running > 0)
		str_addf(out, "%zu running  ", running);
	for (size_t i = 0; i < deck->job_count; i++)
		if (deck->jobs[i]->asks && deck->jobs[i]->views == 0)
			str_add(out, "5 asks  ");
	add_reading(deck, out);
	if (deck->held)
		str_addf(out, "PAUSED %s  ", format_clock(deck->held_ms, deck_now(deck), clock));
	if (deck->ending)
		str_add(out, "ENDING");
	else if (deck->app->readonly)
		str_add(out, "READ-ONLY");
	else if (deck->unlocking && !deck->app->sync)
		str_add(out, "OPENING");
	else if (deck->app->sync)
		str_add(out, "LIVE");
	else
		str_add(out, deck->store_absent ? "NEW" : "LOCKED");
}

static void draw_identity(struct deck *deck, struct canvas *canvas)
{
	struct view *top = deck_top(deck);
	AUTO(str_clear) struct str state = STR_INIT(200);
	struct account account;
	int x = 1, width, end = canvas->columns;

	canvas_fill(canvas, (struct rect){ 0, 0, 1, canvas->columns }, ROLE_BAR);
	add_state(deck, &state);
	width = (int)text_width(canvas->mode, state.text, state.len);
	/* A long name is cut rather than this hidden, as long as enough of it can be read. */
	if (end - width - 3 >= NAME_FROM_COLUMNS)
		end -= width + 3;
	if (top->kind->subject && top->kind->subject(top, &account))
		x = draw_account(canvas, x, end, &account);
	else
		x += canvas_add(canvas, 0, x, end - x, ROLE_BAR, "ledgerdeck");
	if (x > end)
		x = end;
	if (x + 2 + width <= canvas->columns)
		canvas_add(canvas, 0, canvas->columns - width - (x + 3 + width <= canvas->columns), width, ROLE_BAR, state.text);
}

/* Where one can go with one key, at the right end if there is room. */
static void draw_tabs(struct deck *deck, struct canvas *canvas, int from)
{
	static const struct {
		enum action action;
		const char *view;
	} tabs[] = { { ACTION_DASHBOARD, "dashboard" }, { ACTION_ATTENTION, "attention" }, { ACTION_OBJECTS, "objects" },
		    { ACTION_LOG, "log" }, { ACTION_JOBS, "jobs" }, { ACTION_MAPPING, "mapping" }, { ACTION_PLAN, "plan" },
		    { ACTION_RECONCILE, "reconcile" }, { ACTION_MESSAGES, "messages" } };
	int width = 0, x;
	char key[KEYS_NAME_MAX];
	size_t count = 0;

	/* Those at the end give way. */
	for (; count < ARRAY_LEN(tabs); count++) {
		int more = (int)(strlen(keys_name(deck->keys, tabs[count].action, key)) + 1 + strlen(tabs[count].view) + 2);

		if (from + 2 + width + more > canvas->columns)
			break;
		width += more;
	}
	if (count < TABS_LEAST)
		return;
	x = canvas->columns - width;
	for (size_t i = 0; i < count; i++) {
		bool here = strcmp(deck_top(deck)->kind->name, tabs[i].view) == 0;
		int start = x;

		x += canvas_add(canvas, 1, x, canvas->columns - x, ROLE_KEY, keys_name(deck->keys, tabs[i].action, key)) + 1;
		x += canvas_add(canvas, 1, x, canvas->columns - x, here ? ROLE_TITLE : ROLE_DIM, tabs[i].view) + 2;
		canvas_spot(canvas, (struct canvas_spot){ .rect = { 1, start, 1, x - start - 2 }, .action = tabs[i].action });
	}
}

static void draw_path(struct deck *deck, struct canvas *canvas)
{
	AUTO(str_clear) struct str path = STR_INIT(600);
	int x;

	for (size_t i = 0; i < deck->view_count; i++) {
		const struct view *view = deck->views[i];

		str_add(&path, i ? (canvas->ascii ? " > " : " \xe2\x80\xba ") : " ");
		if (view->kind->title)
			view->kind->title(view, &path);
		else
			str_add(&path, view->kind->name);
	}
	x = canvas_text(canvas, 1, 0, canvas->columns, ROLE_DIM, path.text, path.len);
	if (!canvas->plain)
		draw_tabs(deck, canvas, x);
}

/* ---- the lines below */

/* The more useful, the further to the left. */
static const enum action hint_order[] = {
	ACTION_COPY_URL, ACTION_PLAIN, ACTION_SAVE_URL, ACTION_QR, ACTION_AGAIN, ACTION_OPEN, ACTION_RETRY, ACTION_APPROVE,
	ACTION_DECIDE, ACTION_FIX, ACTION_APPLY, ACTION_PLAN_ANEW, ACTION_SETTLE, ACTION_UNWRITTEN, ACTION_ACCEPT, ACTION_ACCEPT_ALL, ACTION_REJECT,
	ACTION_CORRECT, ACTION_NOTE, ACTION_IGNORE, ACTION_ADOPT, ACTION_BEGIN, ACTION_SIGN, ACTION_EVIDENCE, ACTION_TAKE_AWAY, ACTION_RAW, ACTION_CHANGE, ACTION_NEXT_PANE, ACTION_NARROW, ACTION_FILTER, ACTION_FAILED, ACTION_CONNECT, ACTION_HELP, ACTION_PALETTE, ACTION_BACK,
};

/* What a key does here, where the table has one word for several. */
static const char *hint_of(const struct deck *deck, enum action action, unsigned where)
{
	if (action == ACTION_FILTER && deck_searches(deck))
		return "search";
	if (action == ACTION_NEXT_PANE && (where & WHERE_LINKS))
		return "link";
	if (action == ACTION_RETRY && (where & WHERE_OUTBOX))
		return "plan anew";
	if (action == ACTION_RETRY && (where & WHERE_SESSION))
		return "compare";
	if (action == ACTION_SETTLE && (where & WHERE_EXCEPTION))
		return "link";
	if (action == ACTION_RETRY && (where & WHERE_DOCUMENT))
		return "plan it";
	if (action == ACTION_RETRY && (where & WHERE_REQUESTS))
		return "once more";
	return action_row(action)->hint;
}

static void draw_hints(struct deck *deck, struct canvas *canvas, int y)
{
	unsigned where = deck_where(deck);
	int x = 1;

	for (size_t i = 0; i < ARRAY_LEN(hint_order); i++) {
		const struct action_row *row = action_row(hint_order[i]);
		const char *hint = hint_of(deck, hint_order[i], where);
		char key[KEYS_NAME_MAX];
		int width;

		if (!(row->where & where) || !keys_has(deck->keys, hint_order[i]) || deck_refuses(deck, hint_order[i]))
			continue;
		keys_name(deck->keys, hint_order[i], key);
		width = (int)(strlen(key) + 1 + strlen(hint));
		if (x + width > canvas->columns)
			continue;
		x += canvas_add(canvas, y, x, canvas->columns - x, ROLE_KEY, key) + 1;
		x += canvas_add(canvas, y, x, canvas->columns - x, ROLE_DIM, hint) + 2;
	}
}

static void draw_message(struct deck *deck, struct canvas *canvas, int y)
{
	const struct message *message = deck_message(deck, 0);
	struct view *top = deck_top(deck);
	const char *filter = top->kind->filter ? top->kind->filter(top) : "";
	int x;

	if (message && deck->message_shown) {
		canvas_add(canvas, y, 1, canvas->columns - 1, message->role, message->text);
		return;
	}
	if (!*filter)
		return;
	x = 1 + canvas_add(canvas, y, 1, canvas->columns - 1, ROLE_KEY, top->kind->search ? "& " : "/ ");
	x += canvas_add(canvas, y, x, canvas->columns - x, ROLE_WARN, filter);
	deck_draw(deck, canvas, y, x + 2, canvas->columns - x - 2, ROLE_DIM, "{back} shows all again");
}

/* ---- the prompt */

static void draw_offers(struct deck *deck, struct canvas *canvas, int y)
{
	struct prompt_match matches[OFFERS_MAX];
	size_t count = prompt_matches(line_text(&deck->prompt.line), OFFERS_MAX, matches);
	int rows = (int)count < y - 1 ? (int)count : y - 1;

	for (int i = 0; i < rows; i++) {
		int row = y - rows + i;

		canvas_fill(canvas, (struct rect){ row, 0, 1, canvas->columns }, ROLE_TEXT);
		canvas_add(canvas, row, 2, 24, ROLE_KEY, matches[i].name);
		canvas_add(canvas, row, 27, canvas->columns - 27, ROLE_DIM, matches[i].help);
	}
	if (rows > 0 && y - rows - 1 > 0) {
		canvas_fill(canvas, (struct rect){ y - rows - 1, 0, 1, canvas->columns }, ROLE_BORDER);
		canvas_hline(canvas, y - rows - 1, 0, canvas->columns);
	}
}

static void draw_prompt(struct deck *deck, struct canvas *canvas, int y)
{
	const struct prompt *prompt = &deck->prompt;
	int x = 1;

	canvas_fill(canvas, (struct rect){ y, 0, 1, canvas->columns }, ROLE_TEXT);
	if (prompt->kind == PROMPT_COMMAND)
		draw_offers(deck, canvas, y);
	if (prompt->kind == PROMPT_TEXT)
		x = canvas_add(canvas, y, 0, canvas->columns / 2, ROLE_KEY, prompt->label);
	else
		canvas_add(canvas, y, 0, 1, ROLE_KEY, prompt->kind == PROMPT_COMMAND ? ":" : prompt->kind == PROMPT_PIPE ? "|" :
			   prompt->kind == PROMPT_FILTER && deck_top(deck)->kind->search ? "&" : "/");
	line_draw(&prompt->line, canvas, y, x, canvas->columns - x);
	if (*prompt->complaint && y + 1 < canvas->rows)
		canvas_add(canvas, y + 1, 1, canvas->columns - 1, ROLE_ERROR, prompt->complaint);
}

/* ---- all of it */

void deck_draw_strip(struct deck *deck, struct canvas *canvas, struct rect rect, enum role role, const struct str *first,
		     const struct str *second)
{
	char key[KEYS_NAME_MAX] = "";

	if (keys_has(deck->keys, ACTION_DETAILS_DOWN))
		keys_name(deck->keys, ACTION_DETAILS_DOWN, key);
	strip_draw(&deck->strip, canvas, rect, role, first, second, key);
}

void deck_paint(struct deck *deck, struct canvas *canvas)
{
	struct view *top = deck_top(deck);
	int bottom = canvas->rows, y = 1;
	bool hints = canvas->rows >= HINTS_FROM_ROWS && !canvas->plain;
	bool line = hints || (deck->message_shown && canvas->rows > 1) || deck->prompt.kind != PROMPT_NONE;
	struct rect rect, former;

	canvas_blank(canvas);
	deck->painted_view = top->no;
	deck->strip.below = 0;
	if (canvas->rows < 1 || canvas->columns < 1)
		return;
	draw_identity(deck, canvas);
	if (canvas->rows >= PATH_FROM_ROWS) {
		draw_path(deck, canvas);
		y = 2;
	}
	if (hints)
		bottom--;
	if (line)
		bottom--;
	rect = (struct rect){ y, 0, bottom > y ? bottom - y : 0, canvas->columns };
	former = canvas_enter(canvas, rect);
	if (rect.rows > 0)
		top->kind->draw(top, canvas, rect);
	canvas_leave(canvas, former);
	/* Read out, only the dialog counts. */
	if (deck->dialog && canvas->plain) {
		canvas_blank(canvas);
		canvas->plain->count = 0;
	}
	if (deck->dialog) {
		/* An address would show through. */
		canvas->raw.text = NULL;
		dialog_draw(deck, canvas, rect.rows > 0 ? rect : (struct rect){ 0, 0, canvas->rows, canvas->columns });
	}
	if (hints && !deck->dialog)
		draw_hints(deck, canvas, canvas->rows - 1);
	if (deck->prompt.kind != PROMPT_NONE) {
		if (hints && *deck->prompt.complaint)
			canvas_fill(canvas, (struct rect){ canvas->rows - 1, 0, 1, canvas->columns }, ROLE_TEXT);
		draw_prompt(deck, canvas, line && bottom >= 0 ? bottom : canvas->rows - 1);
	} else if (line) {
		draw_message(deck, canvas, bottom);
	}
}
