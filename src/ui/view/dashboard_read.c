/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the dashboard asks the store, in the reader's thread, and how the answer finds its way under the cursors. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dashboard.h"
#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/utf8.h"
#include "ledgerdeck/sync/push.h"
#include "object_row.h"

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

/* What is only as fresh as its oldest part, and how old that may get. */
static void add_age(const struct dash_snapshot *snapshot, struct dash_account *account, const struct object *object)
{
	if (!object->wanted)
		return;
	if (!*account->oldest || object->success_ms < account->as_of_ms) {
		account->as_of_ms = object->success_ms;
		snprintf(account->oldest, sizeof(account->oldest), "%s", object->type);
		account->stale = object_is_stale(object, object_interval_ms(snapshot->settings, &account->account, object), snapshot->now_ms);
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
	struct policies policies;
	struct breaker breaker;

	if (!objects_all(store, account->account.id, &objects, err) || !breaker_get(store, account->account.id, &breaker, err) ||
	    !push_waiting(store, account->account.id, &account->documents, err) || !policies_get(store, account->account.id, &policies, err) ||
	    !sync_month(store, snapshot->settings, account->account.provider, account->account.environment, snapshot->now_ms, &account->month, err))
		return false;
	if (!sync_warning(&account->account, snapshot->now_ms, account->warning))
		*account->warning = '\0';
	account->reads_only = policy_is(&policies, POLICY_DIRECTION, "pull");
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

static void keep_failed(struct object_list *objects)
{
	size_t kept = 0;

	for (size_t i = 0; i < objects->count; i++)
		if (object_needs(&objects->items[i]) || objects->items[i].parked > 0)
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
	snprintf(snapshot->account_id, sizeof(snapshot->account_id), "%.31s", view->lists[PANE_ACCOUNTS].cursor);
	view_ask(&view->view, &snapshot->question);
}

/* ---- under the cursors */

struct pane_rows { /* what a listing's source is of */
	const struct dashboard *view;
	enum pane pane;
};

static void id_of(const void *ctx, size_t row, char *out)
{
	const struct pane_rows *rows = ctx;
	const struct dash_snapshot *snapshot = rows->view->snapshot;

	switch (rows->pane) {
	case PANE_ACCOUNTS:
		snprintf(out, LISTING_ID_MAX, "%s", snapshot->accounts[row].account.id);
		break;
	case PANE_TYPES:
		snprintf(out, LISTING_ID_MAX, "%s", snapshot->objects.items[row].type);
		break;
	default:
		snprintf(out, LISTING_ID_MAX, "%lld", (long long)snapshot->attempts[row].no);
		break;
	}
}

static size_t rows_of(const struct dash_snapshot *snapshot, enum pane pane)
{
	return pane == PANE_ACCOUNTS ? snapshot->account_count
	     : pane == PANE_TYPES    ? snapshot->objects.count
				     : snapshot->attempt_count;
}

static bool fits(const void *ctx, size_t row)
{
	const struct pane_rows *rows = ctx;
	const struct dashboard *view = rows->view;
	const struct dash_snapshot *snapshot = view->snapshot;
	const char *what = view->filter[rows->pane];
	const struct account *account;

	if (!*what)
		return true;
	switch (rows->pane) {
	case PANE_ACCOUNTS:
		return strcasestr(snapshot->accounts[row].account.name, what) ||
		       strcasestr(environment_word(snapshot->accounts[row].account.environment), what) ||
		       strcasestr(dashboard_mark(&snapshot->accounts[row]).word, what);
	case PANE_TYPES:
		return strcasestr(snapshot->objects.items[row].type, what) || strcasestr(mark_of_object(&snapshot->objects.items[row], false).word, what);
	default:
		account = dashboard_account_of(view, snapshot->attempts[row].account_id);
		return strcasestr(snapshot->attempts[row].type, what) || strcasestr(snapshot->attempts[row].error.text, what) ||
		       strcasestr(mark_of_attempt(&snapshot->attempts[row]).word, what) || (account && strcasestr(account->name, what));
	}
}

static struct listing_source source_of(const struct pane_rows *rows)
{
	return (struct listing_source){ .count = rows_of(rows->view->snapshot, rows->pane), .id = id_of, .fits = fits, .ctx = rows };
}

bool dashboard_move(struct dashboard *view, enum action action)
{
	struct pane_rows rows = { view, view->focus };
	struct listing_source source = source_of(&rows);

	return listing_act(&view->lists[view->focus], &source, action);
}

void dashboard_arrange(struct dashboard *view)
{
	for (int pane = 0; view->snapshot && pane < PANE_COUNT; pane++) {
		struct pane_rows rows = { view, (enum pane)pane };
		struct listing_source source = source_of(&rows);

		listing_arrange(&view->lists[pane], &source);
	}
}

/* Shown or not. */
static bool is_there(const struct dashboard *view, enum pane pane, const char *id)
{
	struct pane_rows rows = { view, pane };
	struct listing_source source = source_of(&rows);

	return listing_knows(&source, id);
}

void dashboard_answer(struct dashboard *view, struct question *question)
{
	char was[LISTING_ID_MAX];
	bool same;
	struct dash_snapshot *snapshot = (struct dash_snapshot *)question;

	if (view_failed(&view->view, question, view->snapshot))
		return;
	/* Another account's types: their cursor begins at the top. */
	if (view->snapshot && !view->restored && strcmp(view->snapshot->account_id, snapshot->account_id) != 0) {
		*view->lists[PANE_TYPES].cursor = '\0';
		view->lists[PANE_TYPES].table = (struct table){ 0 };
	}
	/* The same rows were asked for: what is missing now has gone by itself. */
	same = view->snapshot && !view->restored && view->snapshot->failed_only == snapshot->failed_only &&
	       strcmp(view->snapshot->account_id, snapshot->account_id) == 0;
	if (view->snapshot)
		question_free(&view->snapshot->question);
	view->snapshot = snapshot;
	view->restored = false;
	snprintf(was, sizeof(was), "%s", view->lists[view->focus].cursor);
	dashboard_arrange(view);
	if (same && *was && !is_there(view, view->focus, was))
		view_gone(&view->view, &view->lists[view->focus].table);
}
