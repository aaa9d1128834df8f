/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Accounts, the types of the one under the cursor, and the last lines of the log: one pane at a time on a narrow
 * screen, beside and below one another on a wide one. What the reader finds is in dashboard_read.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dashboard.h"
#include "ledgerdeck/core/memory.h"
#include "object_row.h"
#include "strip.h"

#define TWO_FROM_COLUMNS 120
#define THREE_FROM_COLUMNS 200

static struct dashboard *of(struct view *view)
{
	return (struct dashboard *)view;
}

static const struct dashboard *of_const(const struct view *view)
{
	return (const struct dashboard *)view;
}

/* ---- what is under the cursor */

/* Its number among those that were read; LISTING_NONE: there is none. */
static size_t current(const struct dashboard *view, enum pane pane)
{
	return view->snapshot ? listing_current(&view->lists[pane]) : LISTING_NONE;
}

const struct dash_account *dashboard_account(const struct dashboard *view)
{
	size_t row = current(view, PANE_ACCOUNTS);

	return row == LISTING_NONE ? NULL : &view->snapshot->accounts[row];
}

const struct object *dashboard_object(const struct dashboard *view)
{
	size_t row = current(view, PANE_TYPES);

	return row == LISTING_NONE ? NULL : &view->snapshot->objects.items[row];
}

const struct attempt *dashboard_attempt(const struct dashboard *view)
{
	size_t row = current(view, PANE_LOG);

	return row == LISTING_NONE ? NULL : &view->snapshot->attempts[row];
}

const struct account *dashboard_account_of(const struct dashboard *view, const char *id)
{
	for (size_t i = 0; view->snapshot && i < view->snapshot->account_count; i++)
		if (strcmp(view->snapshot->accounts[i].account.id, id) == 0)
			return &view->snapshot->accounts[i].account;
	return NULL;
}

/* ---- drawing */

/* Below few accounts there is room for all that is known of one. */
static bool draw_with_details(struct dashboard *view, struct canvas *canvas, struct rect rect, bool focus)
{
	int low = rect.rows - DASHBOARD_DETAIL_ROWS - 1;

	if (view->lists[PANE_ACCOUNTS].table.count + 2 > low || !dashboard_account(view))
		return false;
	dashboard_table(view, canvas, (struct rect){ rect.y + 1, rect.x, low - 1, rect.columns }, PANE_ACCOUNTS, focus);
	dashboard_details(view, canvas, (struct rect){ rect.y + low + 1, rect.x + 1, DASHBOARD_DETAIL_ROWS, rect.columns - 1 });
	return true;
}

static void draw_pane(struct dashboard *view, struct canvas *canvas, struct rect rect, enum pane pane)
{
	bool focus = view->focus == pane;
	int x = rect.x + 1;
	char count[FORMAT_MAX];

	if (rect.rows < 1 || rect.columns < 1)
		return;
	x += canvas_add(canvas, rect.y, x, rect.columns - 1, focus ? ROLE_FOCUS : ROLE_TITLE, dashboard_titles[pane]);
	x += 1 + canvas_add(canvas, rect.y, x + 1, rect.columns - (x - rect.x) - 1, ROLE_DIM,
			    format_count(view->lists[pane].table.count, count));
	if (pane == PANE_TYPES && dashboard_account(view))
		x += 2 + canvas_add(canvas, rect.y, x + 2, rect.columns - (x - rect.x) - 2, ROLE_DIM,
				    dashboard_account(view)->account.name);
	if (view->failed_only && pane != PANE_ACCOUNTS)
		canvas_add(canvas, rect.y, x + 2, rect.columns - (x - rect.x) - 2, ROLE_WARN, "failed only");
	if (pane == PANE_ACCOUNTS && draw_with_details(view, canvas, rect, focus))
		return;
	dashboard_table(view, canvas, (struct rect){ rect.y + 1, rect.x, rect.rows - 1, rect.columns }, pane, focus);
}

/* Narrow: the names of all panes in one row, the one that has the keys below. */
static void draw_one(struct dashboard *view, struct canvas *canvas, struct rect rect)
{
	int x = rect.x + 1;

	for (int i = 0; i < PANE_COUNT; i++) {
		char title[60], count[FORMAT_MAX];

		snprintf(title, sizeof(title), "%s %s", dashboard_titles[i], format_count(view->lists[i].table.count, count));
		canvas_spot(canvas, (struct canvas_spot){ .rect = { rect.y, x, 1, (int)strlen(title) }, .table = &view->lists[i].table, .row = -1 });
		x += 3 + canvas_add(canvas, rect.y, x, rect.columns - x, i == (int)view->focus ? ROLE_FOCUS : ROLE_DIM, title);
	}
	if (view->failed_only)
		canvas_add(canvas, rect.y, x, rect.columns - x, ROLE_WARN, "failed only");
	dashboard_table(view, canvas, (struct rect){ rect.y + 1, rect.x, rect.rows - 1, rect.columns }, view->focus, true);
}

static void draw_two(struct dashboard *view, struct canvas *canvas, struct rect rect)
{
	int left = rect.columns * 47 / 100, low = rect.rows / 3;
	int high = rect.rows - low - 1;

	draw_pane(view, canvas, (struct rect){ rect.y, rect.x, high, left }, PANE_ACCOUNTS);
	canvas_vline(canvas, rect.y, rect.x + left, high);
	draw_pane(view, canvas, (struct rect){ rect.y, rect.x + left + 1, high, rect.columns - left - 1 }, PANE_TYPES);
	canvas_hline(canvas, rect.y + high, rect.x, rect.columns);
	draw_pane(view, canvas, (struct rect){ rect.y + high + 1, rect.x, low, rect.columns }, PANE_LOG);
}

static void draw_three(struct dashboard *view, struct canvas *canvas, struct rect rect)
{
	int left = rect.columns * 30 / 100, middle = rect.columns * 36 / 100;
	int right = rect.columns - left - middle - 2;

	draw_pane(view, canvas, (struct rect){ rect.y, rect.x, rect.rows, left }, PANE_ACCOUNTS);
	canvas_vline(canvas, rect.y, rect.x + left, rect.rows);
	draw_pane(view, canvas, (struct rect){ rect.y, rect.x + left + 1, rect.rows, middle }, PANE_TYPES);
	canvas_vline(canvas, rect.y, rect.x + left + 1 + middle, rect.rows);
	draw_pane(view, canvas, (struct rect){ rect.y, rect.x + left + middle + 2, rect.rows, right }, PANE_LOG);
}

static void draw_first_run(struct dashboard *view, struct canvas *canvas, struct rect rect)
{
	static const struct {
		const char *key, *text;
	} lines[] = {
		{ "", "One terminal for every set of books you keep in step." },
		{ "{connect}", "connects a company; first it makes a vault for the keys, then it leads you through" },
		{ ":demo", "opens simulated companies, with nothing to sign up for" },
		{ "{help}", "shows every key, {command} takes every command" },
	};
	int y = rect.y + 2;
	bool absent = deck_is_new(view->view.deck);
	char said[200];

	canvas_add(canvas, rect.y + 1, rect.x + 2, rect.columns - 2, ROLE_TITLE, absent ? "ledgerdeck" : "No accounts yet");
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		int indent = *lines[i].key ? 8 : 0;
		struct rect text = { y, rect.x + 2 + indent, rect.y + rect.rows - y, rect.columns - 3 - indent };

		deck_draw(view->view.deck, canvas, y, rect.x + 2, rect.columns - 2, ROLE_KEY, lines[i].key);
		deck_keyed(view->view.deck, lines[i].text, said, sizeof(said));
		y += canvas_wrap(canvas, text, ROLE_TEXT, said, strlen(said), true);
	}
}

static void draw_waiting(struct dashboard *view, struct canvas *canvas, struct rect rect)
{
	if (view->view.error.code != ERROR_NONE) {
		canvas_wrap(canvas, (struct rect){ rect.y + 1, rect.x + 2, rect.rows - 1, rect.columns - 4 }, ROLE_ERROR, view->view.error.text,
			    strlen(view->view.error.text), true);
		return;
	}
	canvas_add(canvas, rect.y + 1, rect.x + 2, rect.columns - 2, ROLE_DIM, "Reading the store ...");
}

static void draw(struct view *base, struct canvas *canvas, struct rect rect)
{
	struct dashboard *view = of(base);
	struct rect main = rect;

	if (deck_is_new(base->deck) || (view->snapshot && view->snapshot->account_count == 0)) {
		draw_first_run(view, canvas, rect);
		return;
	}
	if (!view->snapshot) {
		draw_waiting(view, canvas, rect);
		return;
	}
	dashboard_strip(view, canvas, strip_take(&main));
	if (rect.columns >= THREE_FROM_COLUMNS)
		draw_three(view, canvas, main);
	else if (rect.columns >= TWO_FROM_COLUMNS)
		draw_two(view, canvas, main);
	else
		draw_one(view, canvas, main);
}

/* ---- acting */

static bool move(struct dashboard *view, enum action action)
{
	if (!dashboard_move(view, action))
		return false;
	/* Another account: its types are others. */
	if (view->focus == PANE_ACCOUNTS)
		dashboard_ask(view);
	return true;
}

static void set_focus(struct dashboard *view, int pane)
{
	view->focus = (enum pane)((pane + PANE_COUNT) % PANE_COUNT);
}

static bool focus(struct view *base, const struct table *table)
{
	struct dashboard *view = of(base);
	enum pane former = view->focus;

	for (int i = 0; i < PANE_COUNT; i++)
		if (&view->lists[i].table == table)
			set_focus(view, i);
	return view->focus == former;
}

static bool open_row(struct dashboard *view)
{
	const struct object *object = dashboard_object(view);
	const struct attempt *attempt = dashboard_attempt(view);
	const struct account *account;
	const struct type *type;

	if (view->focus == PANE_ACCOUNTS) {
		set_focus(view, PANE_TYPES);
	} else if (view->focus == PANE_LOG && attempt) {
		deck_push(view->view.deck, attempt_new(attempt->no));
	} else if (view->focus == PANE_TYPES && object) {
		account = dashboard_account_of(view, object->account_id);
		type = account ? catalogue_find(deck_app(view->view.deck)->catalogue, account->provider, object->type) : NULL;
		if (type)
			deck_push(view->view.deck, records_new(object->account_id, type));
	}
	return true;
}

static void sync_row(struct dashboard *view)
{
	const struct dash_account *account = dashboard_account(view);
	const struct object *object = dashboard_object(view);
	const struct attempt *attempt = dashboard_attempt(view);
	const struct account *of_attempt;

	if (view->focus == PANE_ACCOUNTS && account) {
		deck_sync(view->view.deck, account->account.id, account->account.name, NULL, "operator", false);
	} else if (view->focus == PANE_TYPES && object && account) {
		deck_sync(view->view.deck, object->account_id, account->account.name, object->type, "operator", false);
	} else if (view->focus == PANE_LOG && attempt) {
		of_attempt = dashboard_account_of(view, attempt->account_id);
		deck_retry(view->view.deck, attempt, of_attempt ? of_attempt->name : attempt->account_id);
	}
}

static void renew_row(struct dashboard *view)
{
	const struct dash_account *account = dashboard_account(view);
	const char *words[] = { "refresh", account ? account->account.id : "", NULL };

	if (account)
		deck_command(view->view.deck, words, false);
}

static void approve_row(struct dashboard *view)
{
	const struct dash_account *account = dashboard_account(view);
	const struct object *object = view->focus == PANE_TYPES ? dashboard_object(view) : NULL;

	if (account && (object || view->focus == PANE_ACCOUNTS))
		deck_approve(view->view.deck, &account->account, object ? object->type : NULL);
}

/* A paused one goes on, any other is paused. */
static void pause_row(struct dashboard *view)
{
	const struct dash_account *account = dashboard_account(view);
	const struct object *object = view->focus == PANE_TYPES ? dashboard_object(view) : NULL;

	if (!account || (view->focus == PANE_TYPES && !object))
		return;
	deck_pause(view->view.deck, &account->account, object ? object->type : NULL,
		   object ? object->wanted : account->account.state != ACCOUNT_PAUSED);
}

static void copy_row(struct dashboard *view)
{
	const struct dash_account *account = dashboard_account(view);
	const struct object *object = dashboard_object(view);
	const struct attempt *attempt = dashboard_attempt(view);
	char number[32];

	if (view->focus == PANE_ACCOUNTS && account)
		deck_copy(view->view.deck, "Account id", account->account.id);
	if (view->focus == PANE_TYPES && object)
		deck_copy(view->view.deck, "Type", object->type);
	if (view->focus == PANE_LOG && attempt) {
		snprintf(number, sizeof(number), "%lld", (long long)attempt->no);
		deck_copy(view->view.deck, "Attempt", number);
	}
}

static bool act(struct view *base, enum action action)
{
	struct dashboard *view = of(base);

	if (!view->snapshot || view->snapshot->account_count == 0)
		return false;
	switch (action) {
	case ACTION_NEXT_PANE:
	case ACTION_RIGHT:
		set_focus(view, (int)view->focus + 1);
		return true;
	case ACTION_LAST_PANE:
	case ACTION_LEFT:
		set_focus(view, (int)view->focus - 1);
		return true;
	case ACTION_OPEN:
		return open_row(view);
	case ACTION_RETRY:
		sync_row(view);
		return true;
	case ACTION_APPROVE:
		approve_row(view);
		return true;
	case ACTION_PAUSE:
		pause_row(view);
		return true;
	case ACTION_RENEW:
		renew_row(view);
		return true;
	case ACTION_DISCONNECT:
		if (dashboard_account(view))
			deck_disconnect(base->deck, &dashboard_account(view)->account);
		return true;
	case ACTION_COPY:
		copy_row(view);
		return true;
	case ACTION_FAILED:
		view->failed_only = !view->failed_only;
		dashboard_ask(view);
		return true;
	default:
		return move(view, action);
	}
}

static unsigned places(const struct view *base)
{
	static const unsigned at[PANE_COUNT] = { WHERE_ACCOUNT, WHERE_OBJECT, WHERE_ATTEMPT };
	const struct dashboard *view = of_const(base);

	if (!view->snapshot || view->snapshot->account_count == 0)
		return 0;
	return WHERE_MOVE | WHERE_PANES | WHERE_LIST | WHERE_DETAILS | at[view->focus];
}

static const char *refuses(const struct view *base, enum action action)
{
	const struct dashboard *view = of_const(base);
	const struct dash_account *account = dashboard_account(view);
	const struct object *object = view->focus == PANE_TYPES ? dashboard_object(view) : NULL;

	if (action == ACTION_APPROVE && (view->focus == PANE_TYPES ? !object : !account || account->waiting == 0))
		return "no sweep waits for approval here";
	/* What an attempt was of is asked by itself. */
	if (!account || (action == ACTION_RETRY && view->focus == PANE_LOG))
		return NULL;
	return account_refuses(&account->account, object, action);
}

static char *filter(struct view *base)
{
	struct dashboard *view = of(base);

	return view->filter[view->focus];
}

static void filtered(struct view *base)
{
	struct dashboard *view = of(base);

	dashboard_arrange(view);
	/* Another account may be under the cursor now: its types are others. */
	dashboard_ask(view);
}

static bool back(struct view *base)
{
	struct dashboard *view = of(base);

	if (*view->filter[view->focus]) {
		*view->filter[view->focus] = '\0';
		dashboard_arrange(view);
		dashboard_ask(view);
		return true;
	}
	if (view->failed_only) {
		view->failed_only = false;
		dashboard_ask(view);
		return true;
	}
	if (view->focus == PANE_ACCOUNTS)
		return false;
	view->focus = PANE_ACCOUNTS;
	return true;
}

static bool subject(const struct view *base, struct account *ret_account)
{
	const struct dashboard *view = of_const(base);
	const struct dash_account *account = dashboard_account(view);
	const struct attempt *attempt = view->focus == PANE_LOG ? dashboard_attempt(view) : NULL;
	const struct account *found = attempt ? dashboard_account_of(view, attempt->account_id) : account ? &account->account : NULL;

	if (found)
		*ret_account = *found;
	return found != NULL;
}

static const char *topic(const struct view *base)
{
	const struct dashboard *view = of_const(base);
	const struct object *object = view->focus == PANE_TYPES ? dashboard_object(view) : NULL;
	const struct attempt *attempt = view->focus == PANE_LOG ? dashboard_attempt(view) : NULL;

	return object ? object->type : attempt ? attempt->type : NULL;
}

static void refresh(struct view *base)
{
	dashboard_ask(of(base));
}

static void answer(struct view *base, struct question *question)
{
	dashboard_answer(of(base), question);
}

static void free_view(struct view *base)
{
	struct dashboard *view = of(base);

	if (view->snapshot)
		question_free(&view->snapshot->question);
	for (int i = 0; i < PANE_COUNT; i++)
		listing_clear(&view->lists[i]);
	free(view);
}

static const struct view_kind kind = {
	.name = "dashboard", .places = places, .draw = draw, .act = act, .refuses = refuses, .refresh = refresh, .answer = answer,
	.filter = filter, .filtered = filtered, .back = back, .subject = subject, .topic = topic, .focus = focus, .cli = dashboard_cli, .rows = dashboard_rows,
	.save = dashboard_save, .load = dashboard_load, .free = free_view,
};

struct view *dashboard_new(void)
{
	struct dashboard *view = memory_new(sizeof(*view));

	view->view.kind = &kind;
	/* The top of the log is the newest, whichever that is. */
	view->lists[PANE_LOG].tops = true;
	return &view->view;
}
