/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the dashboard asks the store, in the reader's thread, and how the answer finds its way under the cursors. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dashboard.h"
#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/utf8.h"

#define STALE_INTERVALS 3 /* that may go by before what was read is called stale */

/* ---- the reader's thread */

static void free_snapshot(struct question *question)
{
	struct dash_snapshot *snapshot = (struct dash_snapshot *)question;

	object_list_clear(&snapshot->objects);
	free(snapshot->runs);
	free(snapshot->accounts);
	free(snapshot->attempts);
	free(snapshot);
}

/* Seconds between two reads, by the object's own word, its account's or the settings'. 0: only when asked. */
static int64_t interval_of(const struct dash_snapshot *snapshot, const struct account *account, const struct object *object)
{
	int64_t own_s = object->interval_s ? object->interval_s : account->interval_s;

	own_s = own_s ? own_s : settings_number(snapshot->settings, "sync.interval");
	return own_s > 0 ? own_s : 0;
}

/* What is only as fresh as its oldest part, and how old that may get. */
static void add_age(const struct dash_snapshot *snapshot, struct dash_account *account, const struct object *object)
{
	int64_t interval_ms = interval_of(snapshot, &account->account, object) * 1000;

	if (!object->wanted)
		return;
	if (!*account->oldest || object->success_ms < account->as_of_ms) {
		account->as_of_ms = object->success_ms;
		snprintf(account->oldest, sizeof(account->oldest), "%s", object->type);
		account->stale = interval_ms > 0 && object->success_ms > 0 && snapshot->now_ms - object->success_ms > STALE_INTERVALS * interval_ms;
	}
}

static void add_up(struct dash_account *account, const struct object *object)
{
	bool failed = object->status == OBJECT_FAILED || object->status == OBJECT_DEAD;

	account->types++;
	account->failed += failed;
	account->waiting += *object->guard != '\0';
	account->parked += object->parked;
	account->records += object->live + object->inactive + object->voided;
	if (object->wanted && object->status != OBJECT_DEAD && object->next_ms > 0 && object->next_ms != INT64_MAX &&
	    (account->next_ms == 0 || object->next_ms < account->next_ms))
		account->next_ms = object->next_ms;
	if (failed && !*account->problem)
		snprintf(account->problem, sizeof(account->problem), "%.60s: %.*s", object->type,
			 utf8_fit(object->last_error.text, 170), object->last_error.text);
	if (*object->guard && !*account->problem)
		snprintf(account->problem, sizeof(account->problem), "%.60s: %.*s", object->type, utf8_fit(object->guard, 170), object->guard);
}

static bool read_account(struct dash_snapshot *snapshot, struct store *store, struct dash_account *account, struct error *err)
{
	AUTO(object_list_clear) struct object_list objects = { 0 };
	struct breaker breaker;
	if (!objects_all(store, account->account.id, &objects, err) || !breaker_get(store, account->account.id, &breaker, err) ||
	    !sync_month(store, snapshot->settings, account->account.environment, snapshot->now_ms, &account->month, err))
		return false;
	if (!sync_warning(&account->account, snapshot->now_ms, account->warning))
		*account->warning = '\0';
	account->breaker_ms = breaker.open_until_ms > snapshot->now_ms ? breaker.open_until_ms : 0;
	for (size_t i = 0; i < objects.count; i++) {
		add_up(account, &objects.items[i]);
		add_age(snapshot, account, &objects.items[i]);
	}
	if (strcmp(account->account.id, snapshot->account_id) != 0)
		return true;
	snapshot->objects = objects;
	objects = (struct object_list){ 0 };
	return true;
}

/* Those that need a person first, as they are what one looks for. */
static int by_need(const struct object *object)
{
	if (object->status == OBJECT_FAILED || object->status == OBJECT_DEAD || *object->guard)
		return 0;
	return 1;
}

static void keep_failed(struct object_list *objects)
{
	size_t kept = 0;

	for (size_t i = 0; i < objects->count; i++)
		if (by_need(&objects->items[i]) == 0 || objects->items[i].parked > 0)
			objects->items[kept++] = objects->items[i];
	objects->count = kept;
}

static bool take_attempt(void *ctx, const struct attempt *attempt, const char *detail)
{
	struct dash_snapshot *snapshot = ctx;

	(void)detail;
	memory_grow(&snapshot->attempts, &snapshot->attempt_room, snapshot->attempt_count + 1, sizeof(*snapshot->attempts));
	snapshot->attempts[snapshot->attempt_count++] = *attempt;
	return true;
}

static bool read_accounts(struct dash_snapshot *snapshot, struct store *store, struct error *err)
{
	AUTO(account_list_clear) struct account_list accounts = { 0 };
	bool known = false;

	if (!accounts_all(store, &accounts, err))
		return false;
	snapshot->accounts = memory_new((accounts.count + 1) * sizeof(*snapshot->accounts));
	for (size_t i = 0; i < accounts.count; i++)
		known = known || strcmp(accounts.items[i].id, snapshot->account_id) == 0;
	if (!known && accounts.count > 0)
		snprintf(snapshot->account_id, sizeof(snapshot->account_id), "%s", accounts.items[0].id);
	for (size_t i = 0; i < accounts.count; i++) {
		struct dash_account *account = &snapshot->accounts[snapshot->account_count++];

		account->account = accounts.items[i];
		if (!read_account(snapshot, store, account, err))
			return false;
	}
	return true;
}

static bool work(struct question *question, struct store *store, struct error *err)
{
	struct dash_snapshot *snapshot = (struct dash_snapshot *)question;
	struct attempt_query query = { .limit = DASHBOARD_LOG_MAX, .newest_first = true, .failed_only = snapshot->failed_only };

	if (!read_accounts(snapshot, store, err) || !attempts_list(store, &query, take_attempt, snapshot, NULL, err))
		return false;
	if (snapshot->failed_only)
		keep_failed(&snapshot->objects);
	snapshot->runs = memory_new((snapshot->objects.count + 1) * sizeof(*snapshot->runs));
	for (size_t i = 0; i < snapshot->objects.count; i++)
		if (!attempts_last(store, snapshot->account_id, snapshot->objects.items[i].type, snapshot->runs[i].items, DASHBOARD_RUNS,
				   &snapshot->runs[i].count, err))
			return false;
	return true;
}

void dashboard_ask(struct dashboard *view)
{
	struct dash_snapshot *snapshot;

	/* The cursor moves faster than the store answers: the last place counts. */
	if (view->view.asking) {
		view->view.stale = true;
		return;
	}
	snapshot = memory_new(sizeof(*snapshot));
	snapshot->question = (struct question){ .work = work, .free = free_snapshot };
	snapshot->failed_only = view->failed_only;
	snapshot->now_ms = deck_now(view->view.deck);
	snapshot->settings = deck_app(view->view.deck)->settings;
	snprintf(snapshot->account_id, sizeof(snapshot->account_id), "%.31s", view->cursor[PANE_ACCOUNTS]);
	view_ask(&view->view, &snapshot->question);
}

/* ---- under the cursors */

static void id_of(const struct dashboard *view, enum pane pane, size_t row, char *out)
{
	const struct dash_snapshot *snapshot = view->snapshot;

	switch (pane) {
	case PANE_ACCOUNTS:
		snprintf(out, DASHBOARD_ID_MAX, "%s", snapshot->accounts[row].account.id);
		break;
	case PANE_TYPES:
		snprintf(out, DASHBOARD_ID_MAX, "%s", snapshot->objects.items[row].type);
		break;
	default:
		snprintf(out, DASHBOARD_ID_MAX, "%lld", (long long)snapshot->attempts[row].no);
		break;
	}
}

static size_t rows_of(const struct dash_snapshot *snapshot, enum pane pane)
{
	return pane == PANE_ACCOUNTS ? snapshot->account_count
	     : pane == PANE_TYPES    ? snapshot->objects.count
				     : snapshot->attempt_count;
}

static bool fits(const struct dashboard *view, enum pane pane, size_t row)
{
	const struct dash_snapshot *snapshot = view->snapshot;
	const char *what = view->filter[pane];
	const struct account *account;

	if (!*what)
		return true;
	switch (pane) {
	case PANE_ACCOUNTS:
		return strcasestr(snapshot->accounts[row].account.name, what) ||
		       strcasestr(environment_word(snapshot->accounts[row].account.environment), what) ||
		       strcasestr(mark_of_account(snapshot->accounts[row].account.state, snapshot->accounts[row].failed,
					   snapshot->accounts[row].waiting).word, what);
	case PANE_TYPES:
		return strcasestr(snapshot->objects.items[row].type, what) || strcasestr(mark_of_object(&snapshot->objects.items[row], false).word, what);
	default:
		account = dashboard_account_of(view, snapshot->attempts[row].account_id);
		return strcasestr(snapshot->attempts[row].type, what) || strcasestr(snapshot->attempts[row].error.text, what) ||
		       strcasestr(mark_of_attempt(&snapshot->attempts[row]).word, what) || (account && strcasestr(account->name, what));
	}
}

void dashboard_note_cursor(struct dashboard *view, enum pane pane)
{
	struct dash_rows *shown = &view->shown[pane];
	int64_t at = view->tables[pane].cursor;

	*view->cursor[pane] = '\0';
	/* The top of the log is the newest, whichever that is. */
	if (at < (int64_t)shown->count && !(pane == PANE_LOG && at == 0))
		id_of(view, pane, shown->rows[at], view->cursor[pane]);
}

static void arrange_pane(struct dashboard *view, enum pane pane)
{
	struct dash_rows *shown = &view->shown[pane];
	struct table *table = &view->tables[pane];
	char id[DASHBOARD_ID_MAX];
	int64_t place = -1;

	shown->count = 0;
	for (size_t row = 0; row < rows_of(view->snapshot, pane); row++) {
		if (!fits(view, pane, row))
			continue;
		memory_grow(&shown->rows, &shown->room, shown->count + 1, sizeof(*shown->rows));
		id_of(view, pane, row, id);
		if (*view->cursor[pane] && strcmp(id, view->cursor[pane]) == 0)
			place = (int64_t)shown->count;
		shown->rows[shown->count++] = row;
	}
	if (place < 0)
		place = *view->cursor[pane] ? table->cursor : 0;
	table_keep(table, (int64_t)shown->count, place);
	/* The log's top is named by nothing, so that it stays the top. */
	if (pane != PANE_LOG || *view->cursor[pane])
		dashboard_note_cursor(view, pane);
}

void dashboard_arrange(struct dashboard *view)
{
	if (!view->snapshot)
		return;
	for (int pane = 0; pane < PANE_COUNT; pane++)
		arrange_pane(view, (enum pane)pane);
}

static bool is_there(const struct dashboard *view, enum pane pane, const char *what)
{
	char id[DASHBOARD_ID_MAX];

	for (size_t row = 0; row < rows_of(view->snapshot, pane); row++) {
		id_of(view, pane, row, id);
		if (strcmp(id, what) == 0)
			return true;
	}
	return false;
}

void dashboard_answer(struct dashboard *view, struct question *question)
{
	char was[DASHBOARD_ID_MAX];
	bool same;
	struct dash_snapshot *snapshot = (struct dash_snapshot *)question;

	if (question->error.code != ERROR_NONE) {
		view->error = question->error;
		if (view->snapshot)
			deck_tell(view->view.deck, &question->error);
		question_free(question);
		return;
	}
	/* Another account's types: their cursor begins at the top. */
	if (view->snapshot && !view->restored && strcmp(view->snapshot->account_id, snapshot->account_id) != 0) {
		*view->cursor[PANE_TYPES] = '\0';
		view->tables[PANE_TYPES] = (struct table){ 0 };
	}
	/* The same rows were asked for: what is missing now has gone by itself. */
	same = view->snapshot && !view->restored && view->snapshot->failed_only == snapshot->failed_only &&
	       strcmp(view->snapshot->account_id, snapshot->account_id) == 0;
	if (view->snapshot)
		question_free(&view->snapshot->question);
	view->snapshot = snapshot;
	view->restored = false;
	error_clear(&view->error);
	snprintf(was, sizeof(was), "%s", view->cursor[view->focus]);
	dashboard_arrange(view);
	if (same && *was && !is_there(view, view->focus, was))
		view_gone(&view->view, &view->tables[view->focus]);
}
