/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The three tables of the dashboard, and the strip that says what is the matter. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "dashboard.h"
#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/memory.h"

#define EXPIRING_MS (14 * DAY_MS)

const char *const dashboard_titles[PANE_COUNT] = { "Accounts", "Types", "Log" };

static const struct table_column account_columns[] = {
	{ "STATE", 11, 12, 0, 0 },            { "COMPANY", 20, 36, 0, COLUMN_GROWS }, { "BOOKS", 5, 8, 8, 0 },
	{ "WHERE", 10, 10, 2, 0 },             { "FAILED", 6, 6, 1, COLUMN_RIGHT },    { "RECORDS", 9, 10, 6, COLUMN_RIGHT },
	{ "LAST OK", 7, 7, 3, COLUMN_RIGHT }, { "NEXT", 6, 6, 4, COLUMN_RIGHT },      { "TOKEN", 5, 6, 5, COLUMN_RIGHT },
};
static const struct table_column type_columns[] = {
	{ "STATE", 9, 9, 0, 0 },              { "TYPE", 20, 24, 0, COLUMN_GROWS }, { "LIVE", 8, 10, 1, COLUMN_RIGHT },
	{ "OFF", 5, 7, 6, COLUMN_RIGHT },     { "GONE", 5, 7, 5, COLUMN_RIGHT },   { "PARKED", 6, 6, 4, COLUMN_RIGHT },
	{ "LAST OK", 7, 7, 2, COLUMN_RIGHT }, { "NEXT", 6, 16, 3, COLUMN_RIGHT },
};
static const struct table_column log_columns[] = {
	{ "TIME", 6, 6, 0, 0 },               { "STATE", 9, 9, 0, 0 },          { "COMPANY", 12, 24, 3, 0 },
	{ "TYPE", 12, 20, 1, 0 },             { "JOB", 7, 7, 6, 0 },             { "READ", 6, 8, 5, COLUMN_RIGHT },
	{ "CHANGED", 7, 8, 4, COLUMN_RIGHT }, { "TOOK", 6, 7, 7, COLUMN_RIGHT }, { "WHAT", 22, 30, 2, COLUMN_GROWS },
};

enum { ACCOUNT_STATE_, ACCOUNT_NAME_, ACCOUNT_BOOKS, ACCOUNT_WHERE, ACCOUNT_FAILED, ACCOUNT_RECORDS, ACCOUNT_LAST, ACCOUNT_NEXT,
       ACCOUNT_TOKEN };
enum { TYPE_STATE, TYPE_NAME, TYPE_LIVE, TYPE_OFF, TYPE_GONE, TYPE_PARKED, TYPE_LAST, TYPE_NEXT };
enum { LOG_TIME, LOG_STATE, LOG_COMPANY, LOG_TYPE, LOG_JOB, LOG_READ, LOG_CHANGED, LOG_TOOK, LOG_WHAT };

static void put_mark(struct table_cell *cell, struct mark mark)
{
	table_format(cell, mark.role, "%s %s", mark.glyph, mark.word);
}

static void put_count(struct table_cell *cell, int64_t count, enum role role)
{
	char text[FORMAT_MAX];

	table_format(cell, count ? role : ROLE_DIM, "%s", count ? format_count(count, text) : "-");
}

static void put_clock(const struct dashboard *view, struct table_cell *cell, int64_t ms)
{
	char text[FORMAT_MAX];

	table_format(cell, ROLE_TEXT, "%s", format_clock(ms, deck_now(view->view.deck), text));
}

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

static bool running_in(const struct dashboard *view, const char *account_id)
{
	int64_t records, of;

	for (size_t i = 0; i < view->snapshot->objects.count; i++)
		if (strcmp(view->snapshot->account_id, account_id) == 0 &&
		    deck_progress(view->view.deck, account_id, view->snapshot->objects.items[i].type, &records, &of))
			return true;
	return false;
}

static void account_cell(void *ctx, int64_t row, size_t column, struct table_cell *cell)
{
	struct dashboard *view = ctx;
	const struct dash_account *account = &view->snapshot->accounts[view->shown[PANE_ACCOUNTS].rows[row]];
	struct mark mark = mark_of_account(account->account.state, account->failed, account->waiting);

	switch (column) {
	case ACCOUNT_STATE_:
		if (mark.role == ROLE_OK && running_in(view, account->account.id))
			mark = (struct mark){ "~", "running", ROLE_RUNNING };
		put_mark(cell, mark);
		break;
	case ACCOUNT_NAME_:
		table_text(cell, ROLE_TEXT, account->account.name);
		break;
	case ACCOUNT_BOOKS:
		table_text(cell, ROLE_DIM, strcmp(account->account.provider, "quickbooks") == 0 ? "QBO" : account->account.provider);
		break;
	case ACCOUNT_WHERE:
		table_text(cell, account->account.environment == ENVIRONMENT_PRODUCTION ? ROLE_WARN : ROLE_DIM,
			   account->account.environment == ENVIRONMENT_PRODUCTION ? "PRODUCTION" : environment_word(account->account.environment));
		break;
	case ACCOUNT_FAILED:
		put_count(cell, account->failed, ROLE_FAILED);
		break;
	case ACCOUNT_RECORDS:
		put_count(cell, account->records, ROLE_TEXT);
		break;
	case ACCOUNT_LAST:
		put_clock(view, cell, account->last_ms);
		break;
	case ACCOUNT_NEXT:
		put_clock(view, cell, account->account.state == ACCOUNT_OK ? account->next_ms : 0);
		break;
	case ACCOUNT_TOKEN:
		put_token(view, cell, &account->account);
		break;
	default:
		break;
	}
}

/* When it runs: how far it is; else when it is read next. */
static void put_next(const struct dashboard *view, struct table_cell *cell, const struct object *object)
{
	char read[FORMAT_MAX], all[FORMAT_MAX];
	int64_t records, of;

	if (!deck_progress(view->view.deck, object->account_id, object->type, &records, &of))
		put_clock(view, cell, object->status == OBJECT_DEAD || !object->wanted ? 0 : object->next_ms);
	else if (of > 0)
		table_format(cell, ROLE_RUNNING, "%s/%s", format_count(records, read), format_count(of, all));
	else
		table_format(cell, ROLE_RUNNING, "%s", format_count(records, read));
}

static void type_cell(void *ctx, int64_t row, size_t column, struct table_cell *cell)
{
	struct dashboard *view = ctx;
	const struct object *object = &view->snapshot->objects.items[view->shown[PANE_TYPES].rows[row]];
	int64_t records, of;

	switch (column) {
	case TYPE_STATE:
		put_mark(cell, mark_of_object(object, deck_progress(view->view.deck, object->account_id, object->type, &records, &of)));
		break;
	case TYPE_NAME:
		table_text(cell, ROLE_TEXT, object->type);
		break;
	case TYPE_LIVE:
		put_count(cell, object->live, ROLE_TEXT);
		break;
	case TYPE_OFF:
		put_count(cell, object->inactive + object->voided, ROLE_TEXT);
		break;
	case TYPE_GONE:
		put_count(cell, object->deleted, ROLE_TEXT);
		break;
	case TYPE_PARKED:
		put_count(cell, object->parked, ROLE_WARN);
		break;
	case TYPE_LAST:
		put_clock(view, cell, object->success_ms);
		break;
	case TYPE_NEXT:
		put_next(view, cell, object);
		break;
	default:
		break;
	}
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
		put_mark(cell, mark_of_attempt(attempt));
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
		put_count(cell, counts->added + counts->changed + counts->unchanged + counts->parked, ROLE_TEXT);
		break;
	case LOG_CHANGED:
		put_count(cell, counts->added + counts->changed + counts->deleted, ROLE_TEXT);
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
	const struct attempt *attempt = &view->snapshot->attempts[view->shown[PANE_LOG].rows[row]];
	const struct account *account = dashboard_account_of(view, attempt->account_id);

	dashboard_log_cell(attempt, account ? account->name : attempt->account_id, deck_now(view->view.deck), column, cell);
}

static const char *empty_text(const struct dashboard *view, enum pane pane)
{
	if (*view->filter[pane])
		return "Nothing fits the filter; {back} shows all.";
	if (pane == PANE_ACCOUNTS)
		return "No accounts yet. Press {connect} to connect one.";
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
	if (view->tables[pane].count == 0)
		deck_draw(view->view.deck, canvas, rect.y + (rect.rows > 1), rect.x + 2, rect.columns - 2, ROLE_DIM, empty_text(view, pane));
	table_draw(&view->tables[pane], canvas, rect, kinds[pane].columns, kinds[pane].count, &source, true, focus);
}

/* ---- the strip */

static void add_token(const struct dashboard *view, const struct account *account, struct str *out)
{
	int64_t now_ms = deck_now(view->view.deck);
	char text[FORMAT_MAX];

	if (account->state == ACCOUNT_DISCONNECTED)
		return;
	if (account->refresh_expires_ms)
		str_addf(out, "  Tokens: %s of idleness left", format_left(account->refresh_expires_ms - now_ms, text));
	if (account->hard_expires_ms)
		str_addf(out, ", hard end in %s", format_left(account->hard_expires_ms - now_ms, text));
	str_add(out, ".");
}

static void strip_account(const struct dashboard *view, const struct dash_account *account, struct str *first, struct str *second,
			  enum role *role)
{
	bool gone = account->account.state == ACCOUNT_RECONNECT || account->account.state == ACCOUNT_DISCONNECTED;
	char text[FORMAT_MAX], more[FORMAT_MAX];

	if (*account->account.reason) {
		*role = account->account.state == ACCOUNT_RECONNECT ? ROLE_FAILED : ROLE_TEXT;
		str_add(first, account->account.reason);
	} else if (*account->problem) {
		*role = account->failed ? ROLE_FAILED : ROLE_WARN;
		str_add(first, account->problem);
	} else if (*account->warning) {
		*role = ROLE_WARN;
		str_add(first, account->warning);
	} else if (account->breaker_ms) {
		*role = ROLE_WARN;
		str_addf(first, "No calls until %s: the ledger failed several times in a row.",
			 format_clock(account->breaker_ms, deck_now(view->view.deck), text));
	} else if (account->types == 0) {
		str_add(first, "Nothing was read yet.");
	} else {
		str_addf(first, "All %" PRId64 " types are well", account->types);
		if (account->parked)
			str_addf(first, "; %" PRId64 " records are parked", account->parked);
		str_add(first, ".");
	}
	str_add(second, deck_keyed(view->view.deck, gone ? "{connect} connects it again." : "{retry} reads it now.", text, sizeof(text)));
	str_addf(second, "  %s calls in %s this month", format_count(account->month.calls, text), environment_word(account->account.environment));
	if (account->month.limit)
		str_addf(second, " of %s, %s expected", format_count(account->month.limit, text), format_count(account->month.forecast, more));
	str_add(second, ".");
	add_token(view, &account->account, second);
}

static void strip_object(const struct dashboard *view, const struct object *object, struct str *first, struct str *second, enum role *role)
{
	const struct account *account = dashboard_account_of(view, object->account_id);
	struct sync_advice advice;
	char text[FORMAT_MAX];

	if (*object->guard) {
		*role = ROLE_WARN;
		str_add(first, object->guard);
		str_add(second, "Look at the records; A lets it delete them.");
	} else if (object->last_error.code != ERROR_NONE && account) {
		advice = sync_advice(account->provider, &object->last_error);
		*role = object->status == OBJECT_OK ? ROLE_WARN : ROLE_FAILED;
		str_addf(first, "%s  %s", advice.what, object->last_error.text);
		str_addf(second, "%s  Why: %s", advice.act, advice.why);
	} else {
		str_addf(first, "Read completely up to %s.", object->cursor_ms > 0
			 ? format_stamp(object->cursor_ms, text) : "nothing yet");
		if (object->ledger_count >= 0)
			str_addf(first, "  The ledger counts %s.", format_count(object->ledger_count, text));
		if (object->sweep_ms)
			str_addf(second, "Existence proven by a sweep at %s.", format_stamp(object->sweep_ms, text));
		if (object->sweep_due)
			str_add(second, "  A sweep is due.");
	}
	if (*object->drift)
		str_addf(second, "  New members: %s", object->drift);
}

static void strip_attempt(const struct dashboard *view, const struct attempt *attempt, struct str *first, struct str *second,
			  enum role *role)
{
	const struct account *account = dashboard_account_of(view, attempt->account_id);
	struct sync_advice advice = sync_advice(account ? account->provider : "", &attempt->error);
	char text[FORMAT_MAX];

	if (attempt->error.code == ERROR_NONE) {
		str_addf(first, "%s of %s by %s: %s", attempt->job, attempt->type, attempt->cause,
			 attempt->took_ms < 0 ? "runs" : "went well.");
		str_addf(second, "%" PRId64 " calls, %" PRId64 " pages, %s.", attempt->calls, attempt->pages,
			 format_bytes(attempt->bytes, text));
		return;
	}
	*role = mark_of_attempt(attempt).role;
	str_addf(first, "%s  %s", advice.what, attempt->error.text);
	str_addf(second, "%s  Enter shows all of it, r tries again.", advice.act);
}

void dashboard_strip(struct dashboard *view, struct canvas *canvas, struct rect rect)
{
	AUTO(str_clear) struct str first = STR_INIT(1000);
	AUTO(str_clear) struct str second = STR_INIT(1000);
	const struct dash_account *account = dashboard_account(view);
	const struct object *object = dashboard_object(view);
	const struct attempt *attempt = dashboard_attempt(view);
	enum role role = ROLE_TEXT;
	int rows;

	if (view->focus == PANE_ACCOUNTS && account)
		strip_account(view, account, &first, &second, &role);
	if (view->focus == PANE_TYPES && object)
		strip_object(view, object, &first, &second, &role);
	if (view->focus == PANE_LOG && attempt)
		strip_attempt(view, attempt, &first, &second, &role);
	rows = canvas_wrap(canvas, (struct rect){ rect.y, rect.x, rect.rows - 1, rect.columns }, role, first.text, first.len, true);
	if (rows > rect.rows - 1)
		rows = rect.rows - 1;
	canvas_wrap(canvas, (struct rect){ rect.y + rows, rect.x, rect.rows - rows, rect.columns }, ROLE_DIM, second.text, second.len, true);
}
