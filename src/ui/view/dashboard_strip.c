/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is told of the row under the cursor: in the strip below the dashboard what is the matter and what to do; beside few
 * accounts all of one.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "dashboard.h"
#include "ledgerdeck/core/memory.h"
#include "object_row.h"
#include "strip.h"

#define DETAIL_LABEL 10 /* columns */
#define READS_ONLY "READ-ONLY, nothing is written to it"

static void add_token(const struct dashboard *view, const struct account *account, struct str *out)
{
	int64_t now_ms = deck_now(view->view.deck);
	char text[FORMAT_MAX];

	if (account->state == ACCOUNT_DISCONNECTED)
		return;
	if (account->refresh_expires_ms)
		str_addf(out, "  Tokens: %s of idleness left", format_left(account->refresh_expires_ms - now_ms, text));
	if (account->hard_expires_ms)
		str_addf(out, account->refresh_expires_ms ? ", hard end in %s" : "  Its token ends in %s",
			 format_left(account->hard_expires_ms - now_ms, text));
	if (!account->refresh_expires_ms && !account->hard_expires_ms)
		str_add(out, "  Nobody has said when its token ends");
	str_add(out, ".");
}

void dashboard_add_why(const struct dash_account *account, int64_t now_ms, struct str *out, enum role *role)
{
	char text[FORMAT_MAX];

	if (*account->account.reason) {
		*role = account->account.state == ACCOUNT_RECONNECT ? ROLE_FAILED : ROLE_TEXT;
		str_add(out, account->account.reason);
	} else if (*account->problem) {
		*role = account->failed ? ROLE_FAILED : ROLE_WARN;
		str_add(out, account->problem);
	} else if (*account->warning) {
		*role = ROLE_WARN;
		str_add(out, account->warning);
	} else if (account->breaker_ms) {
		*role = ROLE_WARN;
		str_addf(out, "No calls until %s: the ledger failed several times in a row.", format_clock(account->breaker_ms, now_ms, text));
	} else if (account->stale) {
		*role = ROLE_STALE;
		str_addf(out, "%s was last read at %s.", account->oldest, format_stamp(account->as_of_ms, text));
	} else if (account->documents) {
		*role = ROLE_WARN;
		str_addf(out, "%s document%s for a person; the attention view says what for.", format_count(account->documents, text),
			 account->documents == 1 ? " waits" : "s wait");
	}
}

/* "12 of 1,000 megabytes down this month, 30 expected" */
static void add_quota(const struct sync_quota *quota, const char *before, struct str *out)
{
	char text[FORMAT_MAX];

	str_addf(out, "%s%s", before, format_count(quota->used, text));
	if (quota->limit)
		str_addf(out, " of %s", format_count(quota->limit, text));
	str_addf(out, " %s this month, %s expected", quota->what, format_count(quota->forecast, text));
}

static void strip_account(const struct dashboard *view, const struct dash_account *account, struct str *first, struct str *second,
			  enum role *role)
{
	bool gone = account->account.state == ACCOUNT_RECONNECT || account->account.state == ACCOUNT_DISCONNECTED;
	const struct sync_quota *calls = &account->month.quotas[QUOTA_CALLS];
	char text[FORMAT_MAX], more[FORMAT_MAX];

	dashboard_add_why(account, deck_now(view->view.deck), first, role);
	if (first->len == 0 && account->types == 0) {
		str_add(first, "Nothing was read yet.");
	} else if (first->len == 0) {
		str_addf(first, "All %" PRId64 " types are well", account->types);
		if (account->parked)
			str_addf(first, "; %" PRId64 " records are parked", account->parked);
		str_add(first, ".");
	}
	if (account->reads_only)
		str_add(second, READS_ONLY ".  ");
	str_add(second, deck_keyed(view->view.deck, gone ? "{connect} connects it again." : "{retry} reads it now.", text, sizeof(text)));
	str_addf(second, "  %s calls in %s this month", format_count(calls->used, text), environment_word(account->account.environment));
	if (calls->limit)
		str_addf(second, " of %s, %s expected", format_count(calls->limit, text), format_count(calls->forecast, more));
	/* Of bytes there is mostly enough. */
	for (int i = QUOTA_CALLS + 1; i < QUOTA_COUNT; i++)
		if (quota_is_short(&account->month.quotas[i]))
			add_quota(&account->month.quotas[i], second->text[second->len - 1] == '.' ? "  " : ", ", second);
	str_add(second, ".");
	add_token(view, &account->account, second);
}

static void add_last_run(const struct dashboard *view, struct str *out)
{
	size_t row = listing_current(&view->lists[PANE_TYPES]);
	const struct dash_runs *runs = &view->snapshot->runs[row];
	const struct attempt_brief *last = runs->items;
	char text[FORMAT_MAX];

	if (runs->count == 0)
		return;
	dashboard_add_runs(view, row, DASHBOARD_RUNS, out);
	if (last->took_ms < 0)
		str_add(out, "  It runs now.  ");
	else
		str_addf(out, "  Last run: %" PRId64 " read, %" PRId64 " changed, %" PRId64 " calls, %s.  ", last->read, last->changed,
			 last->calls, format_took(last->took_ms, text));
}

static void strip_object(const struct dashboard *view, const struct object *object, struct str *first, struct str *second, enum role *role)
{
	if (!*object->guard && object->last_error.code == ERROR_NONE)
		add_last_run(view, second);
	object_add_words(view->view.deck, dashboard_account_of(view, object->account_id), object, first, second, role);
}

static void strip_attempt(const struct dashboard *view, const struct attempt *attempt, struct str *first, struct str *second,
			  enum role *role)
{
	const struct account *account = dashboard_account_of(view, attempt->account_id);
	struct sync_advice advice = sync_advice(account ? account->provider : "", &attempt->error);
	char text[FORMAT_MAX];

	if (attempt->error.code == ERROR_NONE && !*attempt->account_id) {
		str_addf(first, "A %s by %s %s", attempt->type, attempt->cause, attempt->took_ms < 0 ? "runs." : "went well.");
		if (attempt->took_ms >= 0)
			str_addf(second, "%s.  Enter shows where it is.", format_bytes(attempt->bytes, text));
		return;
	}
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

/* ---- the details */

static void detail(struct canvas *canvas, struct rect *rest, const char *label, enum role role, const struct str *text)
{
	if (rest->rows < 1 || text->len == 0)
		return;
	canvas_add(canvas, rest->y, rest->x, DETAIL_LABEL - 1, ROLE_DIM, label);
	canvas_text(canvas, rest->y, rest->x + DETAIL_LABEL, rest->columns - DETAIL_LABEL, role, text->text, text->len);
	rest->y++;
	rest->rows--;
}

static void add_types(const struct dash_account *account, struct str *out)
{
	char text[FORMAT_MAX];

	str_addf(out, "%" PRId64, account->types);
	if (account->failed)
		str_addf(out, ", %" PRId64 " failed", account->failed);
	if (account->waiting)
		str_addf(out, ", %" PRId64 " wait for approval", account->waiting);
	str_addf(out, "; %s records", format_count(account->records, text));
	if (account->parked)
		str_addf(out, ", %s parked", format_count(account->parked, text));
}

static void add_as_of(const struct dash_account *account, struct str *out)
{
	char text[FORMAT_MAX];

	if (account->as_of_ms)
		str_addf(out, "%s, %s", format_stamp(account->as_of_ms, text), account->oldest);
	else if (*account->oldest)
		str_addf(out, "%s was never read", account->oldest);
}

static void add_ends(const struct dashboard *view, const struct account *account, struct str *out)
{
	int64_t now_ms = deck_now(view->view.deck);
	char text[FORMAT_MAX];

	if (account->refresh_expires_ms)
		str_addf(out, "idle %s", format_left(account->refresh_expires_ms - now_ms, text));
	if (account->hard_expires_ms)
		str_addf(out, "%shard end %s", out->len ? ", " : "", format_left(account->hard_expires_ms - now_ms, text));
}

/* One line of its own making after the other, each by what is known. */
void dashboard_details(const struct dashboard *view, struct canvas *canvas, struct rect rect)
{
	const struct dash_account *account = dashboard_account(view);
	struct mark mark = dashboard_mark(account);
	bool production = account->account.environment == ENVIRONMENT_PRODUCTION;
	AUTO(str_clear) struct str text = STR_INIT(400);
	enum role role = ROLE_TEXT;
	char stamp[FORMAT_MAX];

	canvas_add(canvas, rect.y, rect.x, rect.columns, ROLE_TITLE, account->account.name);
	rect.y++;
	rect.rows--;
	str_addf(&text, "%s, %s, company ..%s", provider_word(account->account.provider),
		 production ? "PRODUCTION" : environment_word(account->account.environment), account->account.realm_tail);
	detail(canvas, &rect, "Books", production ? ROLE_WARN : ROLE_TEXT, &text);
	str_reset(&text);
	str_addf(&text, "%s %s", mark.glyph, mark.word);
	if (account->documents)
		str_addf(&text, "; %s document%s for a person", format_count(account->documents, stamp), account->documents == 1 ? " waits" : "s wait");
	if (account->reads_only)
		str_add(&text, "; " READS_ONLY);
	detail(canvas, &rect, "State", mark.role, &text);
	str_reset(&text);
	dashboard_add_why(account, deck_now(view->view.deck), &text, &role);
	detail(canvas, &rect, "Why", role, &text);
	str_reset(&text);
	add_as_of(account, &text);
	detail(canvas, &rect, "As of", account->stale ? ROLE_STALE : ROLE_TEXT, &text);
	str_reset(&text);
	add_types(account, &text);
	detail(canvas, &rect, "Types", ROLE_TEXT, &text);
	str_reset(&text);
	if (account->account.state == ACCOUNT_OK && account->next_ms)
		str_add(&text, format_stamp(account->next_ms, stamp));
	detail(canvas, &rect, "Next run", ROLE_TEXT, &text);
	str_reset(&text);
	add_ends(view, &account->account, &text);
	detail(canvas, &rect, "Tokens", *account->warning ? ROLE_WARN : ROLE_TEXT, &text);
	for (int i = 0; i < QUOTA_COUNT; i++) {
		const struct sync_quota *quota = &account->month.quotas[i];

		str_reset(&text);
		if (i == QUOTA_CALLS || quota->limit)
			add_quota(quota, "", &text);
		detail(canvas, &rect, i == QUOTA_CALLS ? "Budget" : "", quota_is_short(quota) ? ROLE_WARN : ROLE_TEXT, &text);
	}
}

/* ---- the strip */

void dashboard_strip(struct dashboard *view, struct canvas *canvas, struct rect rect)
{
	AUTO(str_clear) struct str first = STR_INIT(1000);
	AUTO(str_clear) struct str second = STR_INIT(1000);
	const struct dash_account *account = dashboard_account(view);
	const struct object *object = dashboard_object(view);
	const struct attempt *attempt = dashboard_attempt(view);
	enum role role = ROLE_TEXT;

	if (view->focus == PANE_ACCOUNTS && account)
		strip_account(view, account, &first, &second, &role);
	if (view->focus == PANE_TYPES && object)
		strip_object(view, object, &first, &second, &role);
	if (view->focus == PANE_LOG && attempt)
		strip_attempt(view, attempt, &first, &second, &role);
	deck_draw_strip(view->view.deck, canvas, rect, role, &first, &second);
}
