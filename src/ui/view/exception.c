/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One exception: what it is and why, both sides, who said what about it, and the way to its record and its plan. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deck.h"
#include "format.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/accounts.h"
#include "pager.h"
#include "session_view.h"
#include "trail.h"

struct exception_answer {
	struct question question;
	char session_id[SESSION_ID_MAX];
	int64_t no;
	const struct catalogue *catalogue; /* borrowed */
	struct session session;
	struct account account;
	struct session_sight *sight; /* owned */
};

enum lead { LEAD_RECORD, LEAD_PLAN };

struct exception_view {
	struct view view;
	char session_id[SESSION_ID_MAX];
	int64_t no;
	bool planned;                /* its plan is shown once it is made */
	struct exception_answer *found; /* owned; NULL: nothing yet */
	struct pager pager;
	enum lead leads[2];          /* by its links */
};

static struct exception_view *of(struct view *view)
{
	return (struct exception_view *)view;
}

static const struct exception_view *of_const(const struct view *view)
{
	return (const struct exception_view *)view;
}

/* ---- the reader's thread */

static void free_answer(struct question *question)
{
	struct exception_answer *answer = (struct exception_answer *)question;

	session_sight_free(answer->sight);
	free(answer);
}

static bool work(struct question *question, struct store *store, struct error *err)
{
	struct exception_answer *answer = (struct exception_answer *)question;
	struct error why = { 0 };
	bool found;

	if (!sessions_find(store, NULL, answer->session_id, &answer->session, err) ||
	    !accounts_get(store, answer->session.account_id, &answer->account, &found, err))
		return false;
	answer->sight = session_sight_read(store, answer->catalogue, &answer->session, &answer->account, answer->no, &why);
	if (answer->sight)
		return true;
	if (why.code == ERROR_NONE)
		error_set(&why, ERROR_INPUT, "the session has no exception %lld", (long long)answer->no);
	if (err)
		*err = why;
	return false;
}

static void refresh(struct view *base)
{
	struct exception_answer *answer = memory_new(sizeof(*answer));

	answer->question = (struct question){ .work = work, .free = free_answer };
	memcpy(answer->session_id, of(base)->session_id, sizeof(answer->session_id));
	answer->no = of(base)->no;
	answer->catalogue = deck_app(base->deck)->catalogue;
	view_ask(base, &answer->question);
}

/* ---- its text */

static void write_head(struct exception_view *view)
{
	const struct session_exception *exception = &view->found->sight->exception;
	const struct exception_row *row = exception_row(exception->reason);
	AUTO(str_clear) struct str steps = STR_INIT(1000);
	struct pager *pager = &view->pager;
	struct mark mark = mark_of_exception(exception->state);
	int64_t now_ms = deck_now(view->view.deck);
	char text[DECIMAL_TEXT_MAX + 200], digits[DECIMAL_TEXT_MAX], day[FORMAT_MAX];

	pager_addf(pager, ROLE_TITLE, "%s %s", exception->type, exception->ref);
	snprintf(text, sizeof(text), "%s %s, since %s%s%.100s", mark.glyph, mark.word, format_clock(exception->changed_ms, now_ms, day),
		 *exception->who ? ", by " : "", exception->who);
	pager_field(pager, "State", mark.role, text);
	snprintf(text, sizeof(text), "it %s", row->title);
	pager_field(pager, "What", mark.role, text);
	pager_field(pager, "Exactly", ROLE_TEXT, exception->text);
	pager_field(pager, "Why", ROLE_TEXT, row->cause);
	session_add_steps(view->view.deck, exception->reason, &steps);
	pager_field(pager, "Do", ROLE_TEXT, exception_is_open(exception->state) ? steps.text : "");
	snprintf(text, sizeof(text), "%s %s", decimal_format_money(exception->amount, digits), exception->currency);
	pager_field(pager, "Difference", ROLE_TEXT, text);
	if (exception->has_date)
		snprintf(text, sizeof(text), "%s, %d days ago", date_format(exception->date, day),
			 session_age(true, exception->date, exception->since_ms, now_ms));
	pager_field(pager, "Date", ROLE_TEXT, exception->has_date ? text : "");
	pager_field(pager, "Cause", ROLE_TEXT, exception->cause);
	pager_field(pager, "For", ROLE_TEXT, exception->assignee);
	pager_field(pager, "Match", ROLE_TEXT, view->found->sight->match);
}

static void write_sides(struct pager *pager, const struct session_sight *sight)
{
	struct sight_line lines[SIGHT_LINES];
	size_t count = session_sight_lines(sight, lines);
	bool one = !session_sight_of(sight, SIDE_SOURCE) || !session_sight_of(sight, SIDE_MIRROR);
	char digits[DECIMAL_TEXT_MAX], day[DATE_TEXT_MAX];

	if (sight->count == 0)
		return;
	pager_add(pager, ROLE_COLUMN, one ? session_sight_of(sight, SIDE_SOURCE) ? "In the source" : "In the ledger" : "Source -> ledger, as they were compared");
	for (size_t i = 0; i < count; i++) {
		AUTO(str_clear) struct str line = STR_INIT(2000);

		if (one)
			str_addf(&line, "%s%s", lines[i].sides[0], lines[i].sides[1]);
		else
			str_addf(&line, "%s -> %s", *lines[i].sides[0] ? lines[i].sides[0] : "-", *lines[i].sides[1] ? lines[i].sides[1] : "-");
		pager_field(pager, lines[i].label, lines[i].differs ? ROLE_WARN : ROLE_TEXT, line.text);
	}
	if (sight->count > 2)
		pager_add(pager, ROLE_COLUMN, "All of them");
	for (size_t i = 0; i < sight->count && sight->count > 2; i++)
		pager_addf(pager, ROLE_TEXT, "  %s %s %s, %s, %s %s  %s", side_word(sight->items[i].side), sight->items[i].type, sight->items[i].ref,
			   date_format(sight->items[i].date, day), decimal_format_money(sight->items[i].amount, digits), sight->items[i].currency,
			   sight->items[i].party);
}

/* Where the chosen link leads; without one it is the record. */
static enum lead lead_of(const struct exception_view *view)
{
	return view->pager.link ? view->leads[view->pager.link - 1] : LEAD_RECORD;
}

static void write_links(struct exception_view *view)
{
	const struct session_sight *sight = view->found->sight;
	struct pager *pager = &view->pager;
	char text[RECORD_ID_MAX + 260];
	size_t count = 0;

	if (sight->type && *sight->exception.record) {
		pager_add(pager, ROLE_TEXT, "");
		snprintf(text, sizeof(text), "%s %s%s%s", sight->type->name, sight->exception.record, *sight->now ? ": " : "", sight->now);
		pager_field(pager, "Record", ROLE_TEXT, text);
		view->leads[count] = LEAD_RECORD;
		pager_link(pager, ++count);
	}
	if (*sight->exception.plan) {
		pager_field(pager, "Plan", ROLE_TEXT, sight->exception.plan);
		view->leads[count] = LEAD_PLAN;
		pager_link(pager, ++count);
	}
}

static void write(struct exception_view *view)
{
	const struct session_sight *sight = view->found->sight;
	struct pager *pager = &view->pager;

	pager_clear(pager);
	write_head(view);
	write_sides(pager, sight);
	write_links(view);
	if (sight->notes.len > 0) {
		pager_add(pager, ROLE_COLUMN, "Notes");
		pager_add(pager, ROLE_TEXT, sight->notes.text);
	}
}

static bool open_plan(struct exception_view *view)
{
	const struct session_exception *exception = &view->found->sight->exception;

	if (!*exception->plan || exception->state != EXCEPTION_CORRECTED)
		return false;
	deck_push(view->view.deck, plan_view_new(view->view.deck));
	plan_view_place(deck_top(view->view.deck), view->found->account.id, exception->plan);
	return true;
}

static void answer(struct view *base, struct question *question)
{
	struct exception_view *view = of(base);
	struct deck *deck = base->deck;

	if (!view_keeps(base, question, view->found ? &view->found->question : NULL))
		return;
	view->found = (struct exception_answer *)question;
	write(view);
	if (view->planned && deck_top(deck) == base && !deck->dialog && deck->prompt.kind == PROMPT_NONE && open_plan(view))
		view->planned = false;
}

/* ---- the view */

static void draw(struct view *base, struct canvas *canvas, struct rect rect)
{
	view_draw_text(base, of(base)->found ? &of(base)->pager : NULL, canvas, rect);
}

static void do_deed(struct exception_view *view, enum action action)
{
	AUTO(memory_freep) struct session_deed *deed = memory_new(session_deed_size(1));

	if (action == ACTION_CORRECT && open_plan(view))
		return;
	snprintf(deed->session, sizeof(deed->session), "%s", view->found->session.id);
	deed->account = view->found->account;
	deed->action = action;
	deed->suggested = view->found->sight->exception.reason == EXCEPTION_SUGGESTED && view->found->sight->exception.amount == 0;
	deed->count = 1;
	deed->numbers[0] = view->no;
	view->planned = action == ACTION_CORRECT;
	session_do(view->view.deck, deed);
}

static void show_record(struct exception_view *view)
{
	const struct session_sight *sight = view->found->sight;

	deck_push(view->view.deck, record_new(view->found->account.id, sight->type, sight->exception.record));
}

static bool act(struct view *base, enum action action)
{
	struct exception_view *view = of(base);

	if (pager_act(&view->pager, action))
		return true;
	if (!view->found)
		return false;
	if (session_is_deed(action)) {
		do_deed(view, action);
		return true;
	}
	switch (action) {
	case ACTION_OPEN:
		if (lead_of(view) == LEAD_PLAN)
			open_plan(view);
		else
			show_record(view);
		return true;
	case ACTION_RAW:
		show_record(view);
		return true;
	case ACTION_DOCUMENT:
		deck_push(base->deck, document_new(view->found->account.id, view->found->sight->exception.resource));
		return true;
	case ACTION_NEXT_PANE:
	case ACTION_LAST_PANE:
		pager_step_link(&view->pager, action == ACTION_NEXT_PANE ? 1 : -1);
		return true;
	case ACTION_UNDO:
		return session_take_back(base->deck, view->found->session.id);
	case ACTION_COPY:
		deck_copy(base->deck, "Reference", view->found->sight->exception.ref);
		return true;
	default:
		return false;
	}
}

static const char *refuses_record(const struct exception_view *view)
{
	return view->found && view->found->sight->type && *view->found->sight->exception.record ? NULL : "it is about no record that is known";
}

static const char *refuses(const struct view *base, enum action action)
{
	const struct exception_view *view = of_const(base);
	const struct session_exception *exception = view->found ? &view->found->sight->exception : NULL;

	if (session_is_deed(action))
		return !exception ? "it is still being read" : action == ACTION_CORRECT && *exception->plan && exception->state == EXCEPTION_CORRECTED
				    ? NULL : session_refuses(&view->found->session, exception->reason, exception->state, action);
	switch (action) {
	case ACTION_OPEN:
		if (exception && lead_of(view) == LEAD_PLAN)
			return exception->state == EXCEPTION_CORRECTED ? NULL : "that plan is not what puts it right any more";
		return refuses_record(view);
	case ACTION_RAW:
		return refuses_record(view);
	case ACTION_DOCUMENT:
		return exception && exception->resource ? NULL : "no document of yours stands behind it";
	case ACTION_UNDO:
		return exception ? session_refuses_whole(&view->found->session, action) : NULL;
	case ACTION_NEXT_PANE:
	case ACTION_LAST_PANE:
		return pager_links(&view->pager) == 0 ? "nothing here leads further" : NULL;
	default:
		return NULL;
	}
}

static void title(const struct view *base, struct str *out)
{
	str_addf(out, "exception %lld", (long long)of_const(base)->no);
}

static bool subject(const struct view *base, struct account *ret_account)
{
	const struct exception_view *view = of_const(base);

	if (view->found)
		*ret_account = view->found->account;
	return view->found != NULL;
}

static const char *topic(const struct view *base)
{
	const struct exception_view *view = of_const(base);

	return view->found && view->found->sight->type ? view->found->sight->type->name : NULL;
}

static struct pager *pager_of(struct view *base)
{
	return &of(base)->pager;
}

static void copies(struct view *base, struct copies *out)
{
	const struct exception_view *view = of(base);

	if (view->found)
		session_copies(base->deck, &view->found->account, view->found->sight, out);
}

static void cli(const struct view *base, struct str *out)
{
	str_addf(out, "exceptions %s --all", of_const(base)->session_id);
}

static void save(const struct view *base, struct str *out)
{
	trail_put(out, "session", of_const(base)->session_id);
	trail_put_number(out, "exception", of_const(base)->no);
}

static void load(struct view *base, const char *text)
{
	(void)base;
	(void)text;
}

static void free_view(struct view *base)
{
	struct exception_view *view = of(base);

	if (view->found)
		question_free(&view->found->question);
	pager_clear(&view->pager);
	free(view);
}

static const struct view_kind kind = {
	.name = "exception", .where = WHERE_MOVE | WHERE_TEXT | WHERE_LINKS | WHERE_EXCEPTION, .title = title, .draw = draw, .act = act,
	.refuses = refuses, .refresh = refresh, .answer = answer, .subject = subject, .topic = topic, .pager = pager_of, .cli = cli, .copies = copies,
	.save = save, .load = load, .free = free_view,
};

struct view *exception_view_new(const char *session, int64_t no)
{
	struct exception_view *view = memory_new(sizeof(*view));

	view->view.kind = &kind;
	snprintf(view->session_id, sizeof(view->session_id), "%s", session);
	view->no = no;
	return &view->view;
}

struct view *exception_view_again(struct deck *deck, const char *text)
{
	char session[SESSION_ID_MAX];
	int64_t no = trail_get_number(text, "exception");

	(void)deck;
	return trail_get(text, "session", session, sizeof(session)) && no > 0 ? exception_view_new(session, no) : NULL;
}
