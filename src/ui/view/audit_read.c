/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the audit's view comes by its rows, and by the check of their chain: piece by piece, when nothing else is wanted. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/utf8.h"

#define CHECKED_AT_ONCE 2000 /* rows: some thousandths of a second, which a key may have to wait for */

/* ---- the reader's thread */

static bool take_row(void *ctx, const struct audit_row *row)
{
	struct audit_brief brief = { .no = row->no, .at_ms = row->at_ms };

	snprintf(brief.who, sizeof(brief.who), "%s", row->who);
	snprintf(brief.what, sizeof(brief.what), "%s", row->what);
	snprintf(brief.account_id, sizeof(brief.account_id), "%s", row->account_id);
	snprintf(brief.before, sizeof(brief.before), "%.*s", utf8_fit(row->before, sizeof(brief.before) - 1), row->before);
	snprintf(brief.after, sizeof(brief.after), "%.*s", utf8_fit(row->after, sizeof(brief.after) - 1), row->after);
	window_add(ctx, &brief);
	return true;
}

static bool list(void *ctx, struct store *store, const struct stretch_bounds *bounds, struct window_rows *rows, struct log_look *ret_look,
		 struct error *err)
{
	const struct audit_question *asked = ctx;
	struct audit_query query = { .filter = bounds->any ? NULL : &asked->filter, .after_no = bounds->after_no, .before_no = bounds->before_no,
				     .limit = bounds->limit, .looked_max = STRETCH_LOOKED_MAX, .newest_first = bounds->newest_first };

	return audit_list(store, &query, take_row, rows, ret_look, err);
}

static bool work(struct question *question, struct store *store, struct error *err)
{
	struct audit_question *asked = (struct audit_question *)question;

	if (question->kind == ASKS_CHECK)
		return audit_check(store, &asked->check, CHECKED_AT_ONCE, err);
	return stretch_read(&asked->ask, list, asked, store, err) && accounts_all(store, &asked->accounts, err);
}

static void free_question(struct question *question)
{
	struct audit_question *asked = (struct audit_question *)question;

	account_list_clear(&asked->accounts);
	window_clear(&asked->ask.rows);
	free(asked);
}

/* ---- what to ask next */

static struct audit_question *question_new(const struct audit_view *view, enum audit_asking asking, struct stretch_ask ask)
{
	struct audit_question *asked = memory_new(sizeof(*asked));

	asked->question = (struct question){ .work = work, .free = free_question, .kind = asking };
	asked->version = view->version;
	asked->filter = view->conditions;
	asked->check = view->check;
	asked->ask = ask;
	asked->ask.rows.size = sizeof(struct audit_brief);
	return asked;
}

static struct audit_question *ask_start(struct audit_view *view)
{
	view->starts = false;
	return question_new(view, ASKS_ROWS, view->starts_last ? stretch_last() : stretch_start(view->start_no));
}

static struct audit_question *ask_hit(struct audit_view *view)
{
	struct audit_question *asked = question_new(view, ASKS_ROWS, hunt_ask(&view->hunt));

	log_filter_add_text(&asked->filter, view->hunt.text);
	return asked;
}

void audit_pump(struct audit_view *view)
{
	struct audit_question *asked = NULL;
	struct stretch_ask more = { 0 };

	view->view.owes = view->held.owed != 0;
	if (view->view.asking || deck_is_new(view->view.deck))
		return;
	if (view->starts || !view->held.loaded)
		asked = ask_start(view);
	else if (view->hunt.places != 0)
		asked = ask_hit(view);
	else if (stretch_wants(&view->held, false, &more))
		asked = question_new(view, ASKS_ROWS, more);
	else if (!view->check.done)
		asked = question_new(view, ASKS_CHECK, more);
	if (asked)
		view_ask(&view->view, &asked->question);
}

void audit_restart(struct audit_view *view, int64_t no)
{
	view->starts = true;
	view->starts_last = false;
	view->start_no = no;
	view->held.owed = 0;
	audit_pump(view);
}

void audit_last(struct audit_view *view)
{
	view->starts = view->starts_last = true;
	view->start_no = 0;
	view->held.owed = 0;
	audit_pump(view);
}

void audit_changed(struct audit_view *view)
{
	const struct audit_brief *here = audit_current(view);

	view->version++;
	view->hunt.places = 0;
	/* Where nothing fits, as with half a word, it is still known where one was. */
	audit_restart(view, !here ? view->start_no : view->held.table.cursor == 0 ? 0 : here->no);
}

/* ---- what came */

const struct audit_brief *audit_current(const struct audit_view *view)
{
	return stretch_row(&view->held, view->held.table.cursor);
}

const struct account *audit_account(const struct audit_view *view, const char *id)
{
	for (size_t i = 0; i < view->accounts.count; i++)
		if (strcmp(view->accounts.items[i].id, id) == 0)
			return &view->accounts.items[i];
	return NULL;
}

static void take_hit(struct audit_view *view, const struct audit_question *answer)
{
	enum hunt_end end = hunt_take(&view->hunt, &view->held, &answer->ask);

	if (end == HUNT_NOWHERE)
		deck_say(view->view.deck, ROLE_WARN, "'%s' stands in no %s entry.", view->hunt.text, answer->ask.backwards ? "newer" : "older");
	else if (end == HUNT_ELSEWHERE)
		audit_restart(view, view->hunt.from);
}

static void take_rows(struct audit_view *view, struct audit_question *answer)
{
	struct account_list accounts = view->accounts;
	/* Who is with the newest stays with the newest. */
	bool top = answer->ask.asking == STRETCH_NEWER && view->held.table.cursor == 0 && view->held.owed == 0;

	view->accounts = answer->accounts;
	answer->accounts = accounts;
	if (answer->ask.asking == STRETCH_HIT)
		take_hit(view, answer);
	else
		stretch_take(&view->held, &answer->ask);
	if (top)
		table_go(&view->held.table, 0);
}

void audit_answer(struct audit_view *view, struct audit_question *answer)
{
	if (answer->question.kind == ASKS_CHECK && !view->rechecks)
		view->check = answer->check;
	else if (answer->question.kind == ASKS_ROWS && answer->version == view->version)
		take_rows(view, answer);
	view->rechecks = false;
	question_free(&answer->question);
	audit_pump(view);
}
