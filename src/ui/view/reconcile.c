/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All reconciliation sessions: whose, of which period, how they stand, and who has signed them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deck.h"
#include "format.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/accounts.h"
#include "session_view.h"
#include "strip.h"
#include "trail.h"

#define SHOWN_MAX 300 /* the newest */

struct reconcile_row {
	struct session session;
	size_t owner;               /* its account's place; LISTING_NONE: there is none any more */
	struct reconcile_standing standing;
};

struct reconcile_answer {
	struct question question;
	int64_t now_ms;
	struct account_list accounts;
	struct store *store;        /* borrowed while it is read */
	struct error why;
	struct reconcile_row *rows; /* owned */
	size_t count, room;
	int64_t open;               /* exceptions of all of them */
};

struct reconcile_view {
	struct view view;
	struct reconcile_answer *found; /* owned; NULL: nothing yet */
	struct listing list;
	char filter[VIEW_FILTER_MAX];
};

static struct reconcile_view *of(struct view *view)
{
	return (struct reconcile_view *)view;
}

static const struct reconcile_view *of_const(const struct view *view)
{
	return (const struct reconcile_view *)view;
}

/* ---- the reader's thread */

static void free_answer(struct question *question)
{
	struct reconcile_answer *answer = (struct reconcile_answer *)question;

	account_list_clear(&answer->accounts);
	free(answer->rows);
	free(answer);
}

static bool take(void *ctx, const struct session *session)
{
	struct reconcile_answer *answer = ctx;
	struct reconcile_row *row;

	memory_grow(&answer->rows, &answer->room, answer->count + 1, sizeof(*answer->rows));
	row = &answer->rows[answer->count++];
	*row = (struct reconcile_row){ .session = *session, .owner = LISTING_NONE };
	for (size_t i = 0; i < answer->accounts.count; i++)
		if (strcmp(answer->accounts.items[i].id, session->account_id) == 0)
			row->owner = i;
	if (!reconcile_standing(answer->store, session, date_of_ms(answer->now_ms, 0), &row->standing, &answer->why))
		return false;
	answer->open += session->state == SESSION_DROPPED ? 0 : row->standing.open;
	return true;
}

static bool work(struct question *question, struct store *store, struct error *err)
{
	struct reconcile_answer *answer = (struct reconcile_answer *)question;

	answer->store = store;
	if (!accounts_all(store, &answer->accounts, err) || !sessions_all(store, NULL, SHOWN_MAX, take, answer, err))
		return false;
	if (err)
		*err = answer->why;
	return answer->why.code == ERROR_NONE;
}

static void refresh(struct view *base)
{
	struct reconcile_answer *asked;

	if (deck_is_new(base->deck))
		return;
	asked = memory_new(sizeof(*asked));
	asked->question = (struct question){ .work = work, .free = free_answer };
	asked->now_ms = deck_now(base->deck);
	view_ask(base, &asked->question);
}

/* ---- rows */

static void row_id(const void *ctx, size_t row, char *out)
{
	snprintf(out, LISTING_ID_MAX, "%s", ((const struct reconcile_view *)ctx)->found->rows[row].session.id);
}

static const struct account *account_of(const struct reconcile_view *view, const struct reconcile_row *row)
{
	return row && row->owner != LISTING_NONE ? &view->found->accounts.items[row->owner] : NULL;
}

static bool row_fits(const void *ctx, size_t place)
{
	const struct reconcile_view *view = ctx;
	const struct reconcile_row *row = &view->found->rows[place];
	const struct account *account = account_of(view, row);
	char period[SESSION_PERIOD_MAX];
	const char *const places[] = { account ? account->name : "", session_period(&row->session, period), row->session.source,
				       session_state_word(row->session.state), row->session.preparer, row->session.reviewer, row->session.id };

	return listing_words_fit(view->filter, places, ARRAY_LEN(places));
}

static struct listing_source source_of(const struct reconcile_view *view)
{
	return (struct listing_source){ .count = view->found ? view->found->count : 0, .id = row_id, .fits = row_fits, .ctx = view };
}

static void arrange(struct reconcile_view *view)
{
	struct listing_source source = source_of(view);

	listing_arrange(&view->list, &source);
}

static const struct reconcile_row *current(const struct reconcile_view *view)
{
	size_t row = view->found ? listing_current(&view->list) : LISTING_NONE;

	return row == LISTING_NONE ? NULL : &view->found->rows[row];
}

static void answer(struct view *base, struct question *question)
{
	struct reconcile_view *view = of(base);
	struct listing_source source;
	char was[LISTING_ID_MAX];

	if (!view_keeps(base, question, view->found ? &view->found->question : NULL))
		return;
	view->found = (struct reconcile_answer *)question;
	memcpy(was, view->list.cursor, sizeof(was));
	arrange(view);
	source = source_of(view);
	if (*was && !listing_knows(&source, was))
		view_gone(base, &view->list.table);
}

/* ---- drawing */

enum { ROW_STATE, ROW_COMPANY, ROW_PERIOD, ROW_SOURCE, ROW_OPEN, ROW_TIES, ROW_COMPARED, ROW_SIGNED };
static const struct table_column columns[] = {
	[ROW_STATE] = { "STATE", 10, 10, 0, 0 },
	[ROW_COMPANY] = { "COMPANY", 12, 30, 1, COLUMN_ENOUGH(20) },
	[ROW_PERIOD] = { "PERIOD", 7, 22, 0, 0 },
	[ROW_SOURCE] = { "SOURCE", 9, 24, 5, 0 },
	[ROW_OPEN] = { "OPEN", 6, 8, 2, COLUMN_RIGHT },
	[ROW_TIES] = { "SUMS TIED", 11, 13, 4, COLUMN_RIGHT },
	[ROW_COMPARED] = { "COMPARED", 8, 8, 3, COLUMN_RIGHT },
	[ROW_SIGNED] = { "SIGNED BY", 9, 40, 6, COLUMN_GROWS | COLUMN_EXTRA },
};

static void put_cell(void *ctx, int64_t place, size_t column, struct table_cell *cell)
{
	struct reconcile_view *view = ctx;
	const struct reconcile_row *row = &view->found->rows[listing_row(&view->list, place)];
	const struct session *session = &row->session;
	const struct account *account = account_of(view, row);
	struct mark mark = mark_of_session(session->state);
	char text[SESSION_PERIOD_MAX + FORMAT_MAX];

	switch (column) {
	case ROW_STATE:
		table_format(cell, mark.role, "%s %s", mark.glyph, mark.word);
		break;
	case ROW_COMPANY:
		table_text(cell, ROLE_TEXT, account ? account->name : "-");
		break;
	case ROW_PERIOD:
		table_format(cell, ROLE_TEXT, "%s", session_period(session, text));
		break;
	case ROW_SOURCE:
		table_text(cell, ROLE_DIM, session->source);
		break;
	case ROW_OPEN:
		table_format(cell, row->standing.open ? ROLE_WARN : ROLE_OK, "%s", format_count(row->standing.open, text));
		break;
	case ROW_TIES:
		table_format(cell, row->standing.ties_unequal ? ROLE_WARN : ROLE_DIM, "%lld/%lld", (long long)row->standing.totals.ties_equal,
			     (long long)row->standing.totals.ties);
		break;
	case ROW_COMPARED:
		table_format(cell, ROLE_DIM, "%s", format_clock(session->read_ms, deck_now(view->view.deck), text));
		break;
	default:
		table_format(cell, ROLE_DIM, "%.40s%s%.40s", session->preparer, *session->reviewer ? ", " : "", session->reviewer);
		break;
	}
}

static const char *empty_text(const struct reconcile_view *view)
{
	if (deck_is_new(view->view.deck))
		return VIEW_NO_ACCOUNTS;
	if (!view->found)
		return "Reading the sessions ...";
	return view->found->count > 0 ? "Nothing fits; {back} shows all."
				      : "No period was reconciled yet. {begin} begins with one: nothing is written to a ledger by it.";
}

static void draw_strip(const struct reconcile_view *view, struct canvas *canvas, struct rect rect)
{
	AUTO(str_clear) struct str first = STR_INIT(1000);
	AUTO(str_clear) struct str second = STR_INIT(1000);
	const struct reconcile_row *row = current(view);
	char room[300];

	if (row) {
		const struct session *session = &row->session;
		const char *next = session->state == SESSION_SIGNED ? "{evidence} writes what proves it." : session->state == SESSION_PREPARED
				   ? "A reviewer signs it: {sign}. {unsign} takes the signature back." : session->state == SESSION_DROPPED
				   ? "It was given up." : !row->standing.agrees ? "{open} works through them." : "All agrees: {sign} signs it.";

		if (*session->reopened && session->state == SESSION_OPEN)
			str_addf(&first, "Open again: %s", session->reopened);
		else
			str_addf(&first, "%lld of %lld of the source matched, %lld exception%s open.", (long long)row->standing.totals.matched,
				 (long long)row->standing.totals.items[SIDE_SOURCE], (long long)row->standing.open, row->standing.open == 1 ? "" : "s");
		if (!row->standing.complete)
			str_add(&first, " The ledger itself was not asked yet.");
		str_add(&second, deck_keyed(view->view.deck, next, room, sizeof(room)));
	}
	deck_draw_strip(view->view.deck, canvas, rect, row && row->standing.open ? ROLE_WARN : ROLE_TEXT, &first, &second);
}

static void draw(struct view *base, struct canvas *canvas, struct rect rect)
{
	struct reconcile_view *view = of(base);
	struct table_source source = { .cell = put_cell, .ctx = view };
	bool head = rect.rows >= 3;
	char line[120];

	if (!view->found || view->list.count == 0) {
		view_draw_empty(&view->view, empty_text(view), canvas, rect);
		return;
	}
	snprintf(line, sizeof(line), "%zu session%s, %lld exception%s open", view->found->count, view->found->count == 1 ? "" : "s",
		 (long long)view->found->open, view->found->open == 1 ? "" : "s");
	if (head)
		canvas_add(canvas, rect.y, rect.x + 1, rect.columns - 1, view->found->open ? ROLE_WARN : ROLE_TEXT, line);
	rect.y += head;
	rect.rows -= head;
	draw_strip(view, canvas, strip_take(&rect));
	table_draw(&view->list.table, canvas, rect, columns, ARRAY_LEN(columns), &source, true, true);
}

/* ---- keys */

/* The account of the session under the cursor, or the first there is. */
static const struct account *account_here(const struct reconcile_view *view)
{
	const struct account *account = view->found ? account_of(view, current(view)) : NULL;

	return account || !view->found || view->found->accounts.count == 0 ? account : &view->found->accounts.items[0];
}

static void begin(struct deck *deck, const void *target, const char *text)
{
	const struct account *account = target;

	if (!reconcile_view_begin(deck, account, text))
		deck_say(deck, ROLE_WARN, "'%.60s' is no period: it is a month (2026-01), a year (2026), or two days (2026-01-05..2026-02-04).", text);
}

static void ask_period(struct reconcile_view *view)
{
	const struct account *account = account_here(view);
	char label[80];

	snprintf(label, sizeof(label), "Period of %.40s (2026-01): ", account->name);
	prompt_want(view->view.deck, label, account, sizeof(*account), begin);
}

static bool act(struct view *base, enum action action)
{
	struct reconcile_view *view = of(base);
	struct listing_source source = source_of(view);
	const struct reconcile_row *row = current(view);

	switch (action) {
	case ACTION_BEGIN:
		ask_period(view);
		return true;
	case ACTION_OPEN:
		if (row)
			deck_push(base->deck, session_view_new(row->session.id));
		return true;
	case ACTION_RETRY:
		if (session_compare(base->deck, &row->session))
			deck_say(base->deck, ROLE_MESSAGE, "The period is being compared; {jobs} shows how far it is.");
		return true;
	case ACTION_COPY:
		if (row)
			deck_copy(base->deck, "Session", row->session.id);
		return true;
	case ACTION_LEFT:
	case ACTION_RIGHT:
		table_scroll(&view->list.table, action == ACTION_RIGHT ? 1 : -1);
		return true;
	default:
		return listing_act(&view->list, &source, action) ||
		       (row && account_of(view, row) && session_act_whole(base->deck, &row->session, account_of(view, row), action));
	}
}

static const char *refuses(const struct view *base, enum action action)
{
	const struct reconcile_view *view = of_const(base);
	const struct reconcile_row *row = current(view);

	if (action == ACTION_BEGIN)
		return account_here(view) ? NULL : "there is no account yet; {connect} connects one";
	if (!row)
		return action == ACTION_RETRY || action == ACTION_SIGN || action == ACTION_UNSIGN || action == ACTION_DROP || action == ACTION_EVIDENCE
			       ? "no session is under the cursor" : NULL;
	return action == ACTION_UNDO ? NULL : session_refuses_whole(&row->session, action);
}

static char *filter(struct view *base)
{
	return of(base)->filter;
}

static void filtered(struct view *base)
{
	arrange(of(base));
}

static bool back(struct view *base)
{
	struct reconcile_view *view = of(base);

	if (!*view->filter)
		return false;
	*view->filter = '\0';
	arrange(view);
	return true;
}

/* ---- the view */

static bool subject(const struct view *base, struct account *ret_account)
{
	const struct reconcile_view *view = of_const(base);
	const struct account *account = view->found ? account_of(view, current(view)) : NULL;

	if (account)
		*ret_account = *account;
	return account != NULL;
}

static void cli(const struct view *base, struct str *out)
{
	(void)base;
	str_add(out, "sessions");
}

static void rows(struct view *base, struct str *out)
{
	const struct reconcile_view *view = of(base);
	const struct reconcile_row *row = current(view);
	const struct account *account = account_of(view, row);
	char period[SESSION_PERIOD_MAX];

	if (row)
		rows_add(out, (const char *const[]){ row->session.id, account ? account->name : "", session_period(&row->session, period),
						     row->session.source, session_state_word(row->session.state), NULL });
}

static void save(const struct view *base, struct str *out)
{
	const struct reconcile_view *view = of_const(base);

	trail_put(out, "session", view->list.cursor);
	trail_put(out, "filter", view->filter);
	trail_put_row(out, &view->list.table);
}

static void load(struct view *base, const char *text)
{
	struct reconcile_view *view = of(base);

	trail_get(text, "session", view->list.cursor, sizeof(view->list.cursor));
	trail_get(text, "filter", view->filter, sizeof(view->filter));
	trail_get_row(text, &view->list.table);
}

static void free_view(struct view *base)
{
	struct reconcile_view *view = of(base);

	if (view->found)
		question_free(&view->found->question);
	listing_clear(&view->list);
	free(view);
}

static const struct view_kind kind = {
	.name = "reconcile", .where = WHERE_MOVE | WHERE_LIST | WHERE_SESSION | WHERE_DETAILS, .draw = draw, .act = act, .refuses = refuses, .refresh = refresh,
	.answer = answer, .filter = filter, .filtered = filtered, .back = back, .subject = subject, .cli = cli, .rows = rows, .save = save,
	.load = load, .free = free_view,
};

struct view *reconcile_view_new(struct deck *deck)
{
	struct reconcile_view *view = memory_new(sizeof(*view));

	(void)deck;
	view->view.kind = &kind;
	return &view->view;
}

struct view *reconcile_view_again(struct deck *deck, const char *text)
{
	(void)text;
	return reconcile_view_new(deck);
}
