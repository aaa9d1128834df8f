/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The three tables of the dashboard. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "dashboard.h"
#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/memory.h"
#include "object_row.h"
#include "spark.h"

#define EXPIRING_MS (14 * DAY_MS)

const char *const dashboard_titles[PANE_COUNT] = { "Accounts", "Types", "Log" };

static const struct table_column account_columns[] = {
	{ "STATE", 11, 12, 0, 0 },
	{ "COMPANY", 16, 36, 0, COLUMN_GROWS | COLUMN_ENOUGH(22) },
	{ "BOOKS", 5, 8, 8, COLUMN_EXTRA },
	{ "WHERE", 10, 10, 2, 0 },
	{ "FAILED", 6, 6, 1, COLUMN_RIGHT },
	{ "WAIT", 4, 4, 6, COLUMN_RIGHT | COLUMN_EXTRA },
	{ "RECORDS", 9, 10, 7, COLUMN_RIGHT | COLUMN_EXTRA },
	{ "AS OF", 6, 6, 3, COLUMN_RIGHT },
	{ "NEXT", 6, 6, 4, COLUMN_RIGHT | COLUMN_EXTRA },
	{ "TOKEN", 5, 6, 5, COLUMN_RIGHT | COLUMN_EXTRA },
	{ "WHY", 20, 60, 9, COLUMN_GROWS | COLUMN_EXTRA },
};
static const struct table_column type_columns[] = {
	{ "STATE", 9, 9, 0, 0 },
	{ "TYPE", 16, 24, 0, COLUMN_GROWS | COLUMN_ENOUGH(20) },
	{ "LIVE", 8, 10, 1, COLUMN_RIGHT },
	{ "OFF", 5, 7, 5, COLUMN_RIGHT | COLUMN_EXTRA },
	{ "GONE", 5, 7, 6, COLUMN_RIGHT | COLUMN_EXTRA },
	{ "PARKED", 6, 6, 7, COLUMN_RIGHT | COLUMN_EXTRA },
	{ "UP TO", 6, 6, 8, COLUMN_RIGHT | COLUMN_EXTRA },
	{ "LAST OK", 7, 7, 2, COLUMN_RIGHT },
	{ "RUNS", 7, DASHBOARD_RUNS, 3, 0 },
	{ "NEXT", 6, 16, 4, COLUMN_RIGHT },
};
static const struct table_column log_columns[] = {
	{ "TIME", 6, 6, 0, 0 },
	{ "STATE", 8, 9, 0, 0 },
	{ "COMPANY", 12, 36, 3, COLUMN_ENOUGH(16) },
	{ "TYPE", 12, 20, 1, COLUMN_ENOUGH(16) },
	{ "JOB", 7, 7, 6, COLUMN_EXTRA },
	{ "READ", 6, 8, 5, COLUMN_RIGHT | COLUMN_EXTRA },
	{ "CHANGED", 7, 8, 4, COLUMN_RIGHT | COLUMN_EXTRA },
	{ "TOOK", 6, 7, 7, COLUMN_RIGHT | COLUMN_EXTRA },
	{ "WHAT", 16, 30, 2, COLUMN_GROWS },
};

enum { ACCOUNT_STATE_, ACCOUNT_NAME_, ACCOUNT_BOOKS, ACCOUNT_WHERE, ACCOUNT_FAILED, ACCOUNT_WAITS, ACCOUNT_RECORDS, ACCOUNT_AS_OF,
       ACCOUNT_NEXT, ACCOUNT_TOKEN, ACCOUNT_WHY };
enum { TYPE_RUNS = 8, TYPE_NEXT };
enum { LOG_TIME, LOG_STATE, LOG_COMPANY, LOG_TYPE, LOG_JOB, LOG_READ, LOG_CHANGED, LOG_TOOK, LOG_WHAT };

/* How long the tokens last: the nearer of the rolling end and the hard one. */
static int64_t token_end(const struct account *account)
{
	int64_t end = account->refresh_expires_ms;

	if (account->hard_expires_ms && (!end || account->hard_expires_ms < end))
		end = account->hard_expires_ms;
	return end;
}

static void put_token(const struct dashboard *view, struct table_cell *cell, const struct account *account)
{
	int64_t end = token_end(account), left = end - deck_now(view->view.deck);
	char text[FORMAT_MAX];

	if (!end || account->state == ACCOUNT_DISCONNECTED)
		table_text(cell, ROLE_DIM, "-");
	else
		table_format(cell, left < EXPIRING_MS ? ROLE_WARN : ROLE_TEXT, "%s", format_left(left, text));
}

static void put_why(const struct dashboard *view, struct table_cell *cell, const struct dash_account *account)
{
	AUTO(str_clear) struct str why = STR_INIT(sizeof(cell->room) - 1);
	enum role role = ROLE_DIM;

	dashboard_add_why(account, deck_now(view->view.deck), &why, &role);
	table_format(cell, role, "%s", why.text);
}

static bool running_in(const struct dashboard *view, const char *account_id)
{
	int64_t records, of;

	for (size_t i = 0; i < view->snapshot->objects.count; i++)
		if (strcmp(view->snapshot->account_id, account_id) == 0 &&
		    deck_progress(view->view.deck, account_id, view->snapshot->objects.items[i].type, &records, &of))
			return true;
	return false;
}

struct mark dashboard_mark(const struct dash_account *account)
{
	struct mark mark = mark_of_account(account->account.state, account->failed, account->waiting);

	if (mark.role != ROLE_OK)
		return mark;
	if (account->stale)
		return (struct mark){ "?", "stale", ROLE_STALE };
	return account->documents > 0 ? (struct mark){ "!", "waiting", ROLE_WARN } : mark;
}

static void account_cell(void *ctx, int64_t row, size_t column, struct table_cell *cell)
{
	struct dashboard *view = ctx;
	const struct dash_account *account = &view->snapshot->accounts[view->lists[PANE_ACCOUNTS].rows[row]];
	struct mark mark = dashboard_mark(account);

	switch (column) {
	case ACCOUNT_STATE_:
		if (mark_of_account(account->account.state, account->failed, account->waiting).role == ROLE_OK && running_in(view, account->account.id))
			mark = (struct mark){ "~", "running", ROLE_RUNNING };
		cell_mark(cell, mark);
		break;
	case ACCOUNT_NAME_:
		table_text(cell, ROLE_TEXT, account->account.name);
		break;
	case ACCOUNT_BOOKS:
		table_text(cell, ROLE_DIM, provider_word(account->account.provider));
		break;
	case ACCOUNT_WHERE:
		table_text(cell, account->account.environment == ENVIRONMENT_PRODUCTION ? ROLE_WARN : ROLE_DIM,
			   account->account.environment == ENVIRONMENT_PRODUCTION ? "PRODUCTION" : environment_word(account->account.environment));
		break;
	case ACCOUNT_FAILED:
		cell_count(cell, account->failed, ROLE_FAILED);
		break;
	case ACCOUNT_WAITS:
		cell_count(cell, account->waiting + account->documents, ROLE_WARN);
		break;
	case ACCOUNT_RECORDS:
		cell_count(cell, account->records, ROLE_TEXT);
		break;
	case ACCOUNT_AS_OF:
		cell_clock(view->view.deck, cell, account->as_of_ms);
		cell->role = account->stale ? ROLE_STALE : cell->role;
		break;
	case ACCOUNT_NEXT:
		cell_clock(view->view.deck, cell, account->account.state == ACCOUNT_OK ? account->next_ms : 0);
		break;
	case ACCOUNT_TOKEN:
		put_token(view, cell, &account->account);
		break;
	case ACCOUNT_WHY:
		put_why(view, cell, account);
		break;
	default:
		break;
	}
}

void dashboard_add_runs(const struct dashboard *view, size_t object, int columns, struct str *out)
{
	const struct dash_runs *runs = &view->snapshot->runs[object];
	size_t count = columns > 0 && (size_t)columns < runs->count ? (size_t)columns : columns > 0 ? runs->count : 0;
	int64_t values[DASHBOARD_RUNS];

	for (size_t i = 0; i < count; i++) {
		const struct attempt_brief *run = &runs->items[count - 1 - i];
		bool failed = run->code != ERROR_NONE && run->code != ERROR_CANCELLED;

		values[i] = failed ? SPARK_FAILED : run->changed;
	}
	spark_add(out, values, count, view->ascii);
}

static void put_runs(const struct dashboard *view, struct table_cell *cell, size_t object)
{
	AUTO(str_clear) struct str runs = STR_INIT(sizeof(cell->room) - 1);

	dashboard_add_runs(view, object, cell->columns, &runs);
	table_format(cell, ROLE_DIM, "%s", runs.text);
}

static void type_cell(void *ctx, int64_t row, size_t column, struct table_cell *cell)
{
	static const enum object_cell which[] = { CELL_STATE, CELL_TYPE, CELL_LIVE, CELL_OFF, CELL_GONE, CELL_PARKED, CELL_UP_TO, CELL_LAST_OK };
	struct dashboard *view = ctx;
	size_t object = view->lists[PANE_TYPES].rows[row];

	if (column == TYPE_RUNS)
		put_runs(view, cell, object);
	else
		object_put(view->view.deck, &view->snapshot->objects.items[object], column == TYPE_NEXT ? CELL_NEXT : which[column], cell);
}

void dashboard_log_cell(const struct attempt *attempt, const char *company, int64_t now_ms, size_t column, struct table_cell *cell)
{
	const struct put_counts *counts = &attempt->counts;
	char text[FORMAT_MAX];

	switch (column) {
	case LOG_TIME:
		table_format(cell, ROLE_TEXT, "%s", format_clock(attempt->started_ms, now_ms, text));
		break;
	case LOG_STATE:
		cell_mark(cell, mark_of_attempt(attempt));
		break;
	case LOG_COMPANY:
		table_text(cell, ROLE_TEXT, company);
		break;
	case LOG_TYPE:
		table_text(cell, ROLE_TEXT, attempt->type);
		break;
	case LOG_JOB:
		table_text(cell, ROLE_DIM, attempt->job);
		break;
	case LOG_READ:
		cell_count(cell, counts->added + counts->changed + counts->unchanged + counts->parked, ROLE_TEXT);
		break;
	case LOG_CHANGED:
		cell_count(cell, counts->added + counts->changed + counts->deleted, ROLE_TEXT);
		break;
	case LOG_TOOK:
		table_format(cell, ROLE_DIM, "%s", format_took(attempt->took_ms, text));
		break;
	case LOG_WHAT:
		table_text(cell, mark_of_attempt(attempt).role == ROLE_FAILED ? ROLE_FAILED : ROLE_DIM, attempt->error.text);
		break;
	default:
		break;
	}
}

const struct table_column *dashboard_log_columns(size_t *ret_count)
{
	*ret_count = ARRAY_LEN(log_columns);
	return log_columns;
}

static void log_cell(void *ctx, int64_t row, size_t column, struct table_cell *cell)
{
	struct dashboard *view = ctx;
	const struct attempt *attempt = &view->snapshot->attempts[view->lists[PANE_LOG].rows[row]];
	const struct account *account = dashboard_account_of(view, attempt->account_id);

	dashboard_log_cell(attempt, account ? account->name : attempt->account_id, deck_now(view->view.deck), column, cell);
}

static const char *empty_text(const struct dashboard *view, enum pane pane)
{
	if (*view->filter[pane])
		return "Nothing fits the filter; {back} shows all.";
	if (pane == PANE_ACCOUNTS)
		return VIEW_NO_ACCOUNTS;
	if (view->failed_only)
		return pane == PANE_TYPES ? "No type of this account has failed." : "No attempt has failed.";
	return pane == PANE_TYPES ? "Nothing was read yet; {retry} reads this account." : "Nothing was tried yet.";
}

void dashboard_table(struct dashboard *view, struct canvas *canvas, struct rect rect, enum pane pane, bool focus)
{
	static const struct {
		const struct table_column *columns;
		size_t count;
		void (*cell)(void *ctx, int64_t row, size_t column, struct table_cell *cell);
	} kinds[PANE_COUNT] = {
		[PANE_ACCOUNTS] = { account_columns, ARRAY_LEN(account_columns), account_cell },
		[PANE_TYPES] = { type_columns, ARRAY_LEN(type_columns), type_cell },
		[PANE_LOG] = { log_columns, ARRAY_LEN(log_columns), log_cell },
	};
	struct table_source source = { .cell = kinds[pane].cell, .ctx = view };

	if (rect.rows < 1)
		return;
	view->ascii = canvas->ascii;
	if (view->lists[pane].table.count == 0)
		deck_draw(view->view.deck, canvas, rect.y + (rect.rows > 1), rect.x + 2, rect.columns - 2, ROLE_DIM, empty_text(view, pane));
	table_draw(&view->lists[pane].table, canvas, rect, kinds[pane].columns, kinds[pane].count, &source, true, focus);
}
