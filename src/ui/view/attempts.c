/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log: every attempt, the newest first; filtered by words, by failure, and retried where it is seen. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dashboard.h"
#include "ledgerdeck/core/memory.h"
#include "trail.h"

#define ATTEMPTS_MAX 5000

struct log_answer {
	struct question question;
	bool failed_only;
	char filter[200];
	struct account_list accounts;
	struct attempt *attempts;   /* owned */
	size_t count, room;
};

struct log_view {
	struct view view;
	struct log_answer *found;   /* owned; NULL: nothing yet */
	struct error error;
	struct table table;
	int64_t cursor_no;          /* attempt under the cursor; 0: the newest, whichever that is */
	bool failed_only;
	char filter[200];
};

static struct log_view *of(struct view *view)
{
	return (struct log_view *)view;
}

static const struct account *account_of(const struct account_list *accounts, const char *id)
{
	for (size_t i = 0; i < accounts->count; i++)
		if (strcmp(accounts->items[i].id, id) == 0)
			return &accounts->items[i];
	return NULL;
}

/* ---- the reader's thread */

static void free_answer(struct question *question)
{
	struct log_answer *found = (struct log_answer *)question;

	account_list_clear(&found->accounts);
	free(found->attempts);
	free(found);
}

static bool take_attempt(void *ctx, const struct attempt *attempt)
{
	struct log_answer *found = ctx;
	const struct account *account = account_of(&found->accounts, attempt->account_id);
	const char *what = found->filter;

	/* What was stopped on request has not failed. */
	if (found->failed_only && attempt->error.code == ERROR_CANCELLED)
		return true;
	if (*what && !strcasestr(attempt->type, what) && !strcasestr(attempt->error.text, what) && !strcasestr(attempt->job, what) &&
	    !strcasestr(attempt->cause, what) && !strcasestr(attempt->error.ledger_code, what) && !strcasestr(mark_of_attempt(attempt).word, what) &&
	    !(account && strcasestr(account->name, what)))
		return true;
	memory_grow(&found->attempts, &found->room, found->count + 1, sizeof(*found->attempts));
	found->attempts[found->count++] = *attempt;
	return found->count < ATTEMPTS_MAX;
}

static bool work(struct question *question, struct store *store, struct error *err)
{
	struct log_answer *found = (struct log_answer *)question;
	struct attempt_query query = { .newest_first = true, .failed_only = found->failed_only };

	return accounts_all(store, &found->accounts, err) && attempts_list(store, &query, take_attempt, found, err);
}

static void refresh(struct view *base)
{
	struct log_view *view = of(base);
	struct log_answer *found;

	if (base->asking) {
		base->stale = true;
		return;
	}
	found = memory_new(sizeof(*found));
	found->question = (struct question){ .work = work, .free = free_answer };
	found->failed_only = view->failed_only;
	snprintf(found->filter, sizeof(found->filter), "%s", view->filter);
	view_ask(base, &found->question);
}

/* ---- the view */

static void note_cursor(struct log_view *view)
{
	view->cursor_no = 0;
	if (view->found && view->table.cursor > 0 && view->table.cursor < (int64_t)view->found->count)
		view->cursor_no = view->found->attempts[view->table.cursor].no;
}

static void answer(struct view *base, struct question *question)
{
	struct log_view *view = of(base);
	struct log_answer *found = (struct log_answer *)question;
	int64_t place = 0;
	bool gone;

	if (question->error.code != ERROR_NONE) {
		view->error = question->error;
		question_free(question);
		return;
	}
	for (size_t i = 0; i < found->count; i++)
		if (view->cursor_no && found->attempts[i].no == view->cursor_no)
			place = (int64_t)i;
	gone = view->found && view->cursor_no && view->found->failed_only == found->failed_only && strcmp(view->found->filter, found->filter) == 0 &&
	       (place >= (int64_t)found->count || found->attempts[place].no != view->cursor_no);
	if (gone)
		place = view->table.cursor;
	if (view->found)
		question_free(&view->found->question);
	view->found = found;
	table_keep(&view->table, (int64_t)found->count, place);
	if (gone)
		view_gone(base, &view->table);
	note_cursor(view);
}

static const struct attempt *current(const struct log_view *view)
{
	if (!view->found || view->table.cursor >= (int64_t)view->found->count)
		return NULL;
	return &view->found->attempts[view->table.cursor];
}

static void cell(void *ctx, int64_t row, size_t column, struct table_cell *cell)
{
	struct log_view *view = ctx;
	const struct attempt *attempt = &view->found->attempts[row];
	const struct account *account = account_of(&view->found->accounts, attempt->account_id);

	dashboard_log_cell(attempt, account ? account->name : attempt->account_id, deck_now(view->view.deck), column, cell);
}

static void draw(struct view *base, struct canvas *canvas, struct rect rect)
{
	struct log_view *view = of(base);
	struct table_source source = { .cell = cell, .ctx = view };
	size_t count;
	const struct table_column *columns = dashboard_log_columns(&count);

	if (!view->found) {
		canvas_add(canvas, rect.y, rect.x + 2, rect.columns - 2, view->error.code ? ROLE_ERROR : ROLE_DIM,
			   view->error.code ? view->error.text : "Reading the log ...");
		return;
	}
	if (view->found->count == 0)
		deck_draw(base->deck, canvas, rect.y + 1, rect.x + 2, rect.columns - 2, ROLE_DIM,
			  *view->filter ? "Nothing fits the filter; {back} shows all." : view->failed_only ? "No attempt has failed."
											       : "Nothing was tried yet.");
	table_draw(&view->table, canvas, rect, columns, count, &source, true, true);
}

static bool act(struct view *base, enum action action)
{
	struct log_view *view = of(base);
	const struct attempt *attempt = current(view);
	const struct account *account = attempt ? account_of(&view->found->accounts, attempt->account_id) : NULL;
	char number[32];

	switch (action) {
	case ACTION_OPEN:
		if (attempt)
			deck_push(base->deck, attempt_new(attempt->no));
		return true;
	case ACTION_RETRY:
		if (attempt)
			deck_sync(base->deck, attempt->account_id, account ? account->name : attempt->account_id, attempt->type, "retry", false);
		return true;
	case ACTION_COPY:
		snprintf(number, sizeof(number), "%lld", attempt ? (long long)attempt->no : 0LL);
		deck_copy(base->deck, "Attempt", number);
		return true;
	case ACTION_FAILED:
		view->failed_only = !view->failed_only;
		refresh(base);
		return true;
	case ACTION_FOLLOW:
		table_go(&view->table, 0);
		view->cursor_no = 0;
		return true;
	default:
		if (!table_act(&view->table, action))
			return false;
		note_cursor(view);
		return true;
	}
}

static const char *filter(struct view *base, const char *text, struct error *err)
{
	struct log_view *view = of(base);

	(void)err;
	snprintf(view->filter, sizeof(view->filter), "%s", text);
	refresh(base);
	return NULL;
}

static const char *filter_text(const struct view *base)
{
	const struct log_view *view = (const struct log_view *)base;

	return view->filter;
}

static bool back(struct view *base)
{
	struct log_view *view = of(base);

	if (!*view->filter && !view->failed_only)
		return false;
	*view->filter = '\0';
	view->failed_only = false;
	refresh(base);
	return true;
}

static bool subject(const struct view *base, struct account *ret_account)
{
	const struct log_view *view = (const struct log_view *)base;
	const struct attempt *attempt = current(view);
	const struct account *account = attempt ? account_of(&view->found->accounts, attempt->account_id) : NULL;

	if (account)
		*ret_account = *account;
	return account != NULL;
}

static void title(const struct view *base, struct str *out)
{
	const struct log_view *view = (const struct log_view *)base;

	str_add(out, view->failed_only ? "log, failed only" : "log");
}

static void save(const struct view *base, struct str *out)
{
	const struct log_view *view = (const struct log_view *)base;

	trail_put_number(out, "attempt", view->cursor_no);
	trail_put_number(out, "failed", view->failed_only);
	trail_put(out, "filter", view->filter);
	trail_put_row(out, &view->table);
}

static void load(struct view *base, const char *text)
{
	struct log_view *view = of(base);

	view->cursor_no = trail_get_number(text, "attempt");
	view->failed_only = trail_get_number(text, "failed");
	trail_get(text, "filter", view->filter, sizeof(view->filter));
	if (view->cursor_no)
		trail_get_row(text, &view->table);
}

static void cli(const struct view *base, struct str *out)
{
	str_add(out, ((const struct log_view *)base)->failed_only ? "log --state failed" : "log");
}

static void rows(struct view *base, struct str *out)
{
	const struct log_view *view = of(base);
	const struct attempt *attempt = current(view);
	const struct account *account = attempt ? account_of(&view->found->accounts, attempt->account_id) : NULL;
	char number[32];

	if (!attempt)
		return;
	snprintf(number, sizeof(number), "%lld", (long long)attempt->no);
	rows_add(out, (const char *const[]){ number, account ? account->name : attempt->account_id, attempt->type, mark_of_attempt(attempt).word,
					     attempt->error.text, NULL });
}

static void free_view(struct view *base)
{
	struct log_view *view = of(base);

	if (view->found)
		question_free(&view->found->question);
	free(view);
}

static const struct view_kind kind = {
	.name = "log", .where = WHERE_MOVE | WHERE_LIST | WHERE_ATTEMPT | WHERE_LOG, .title = title, .draw = draw, .act = act,
	.refresh = refresh, .answer = answer, .filter = filter, .filter_text = filter_text, .back = back, .subject = subject,
	.cli = cli, .rows = rows, .save = save, .load = load, .free = free_view,
};

struct view *attempts_new(void)
{
	struct log_view *view = memory_new(sizeof(*view));

	view->view.kind = &kind;
	return &view->view;
}

struct view *attempts_again(struct deck *deck, const char *text)
{
	(void)deck;
	(void)text;
	return attempts_new();
}
