/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One session: what does not agree is worked through, from one to the next; the sums that were tied to the ledger's reports. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deck.h"
#include "job.h"
#include "ledgerdeck/command/period.h"
#include "ledgerdeck/core/memory.h"
#include "session_view.h"
#include "trail.h"

static struct session_view *of(struct view *view)
{
	return (struct session_view *)view;
}

static const struct session_view *of_const(const struct view *view)
{
	return (const struct session_view *)view;
}

/* ---- what is shown */

const struct session *session_of(const struct session_view *view)
{
	return view->found && view->found->found ? &view->found->session : NULL;
}

const char *session_text(const struct session_view *view, uint32_t text)
{
	return view->found->texts.text + text;
}

const struct finding *session_finding(const struct session_view *view)
{
	size_t row = session_of(view) ? listing_current(&view->lists[PANE_EXCEPTIONS]) : LISTING_NONE;

	return row == LISTING_NONE ? NULL : &view->found->findings[row];
}

const struct tied *session_tied(const struct session_view *view)
{
	size_t row = session_of(view) ? listing_current(&view->lists[PANE_TIES]) : LISTING_NONE;

	return row == LISTING_NONE ? NULL : &view->found->ties[row];
}

bool session_is_at_hand(const struct session_view *view)
{
	const struct finding *finding = session_finding(view);

	return finding && view->sight && view->sight->about == finding->no;
}

const struct job *session_job(const struct deck *deck, int64_t no)
{
	for (size_t i = 0; no && i < deck->job_count; i++)
		if (deck->jobs[i]->no == no)
			return job_is_running(deck->jobs[i]) ? deck->jobs[i] : NULL;
	return NULL;
}

/* The finding that the keys are about: none while the sums have them. */
static const struct finding *aim(const struct session_view *view)
{
	return view->focus == PANE_EXCEPTIONS ? session_finding(view) : NULL;
}

/* ---- answers */

static void ask_sight(struct session_view *view)
{
	if (session_finding(view) && !session_is_at_hand(view))
		session_ask(view, false);
}

/* What puts it right was planned: that is looked at next, unless the operator went elsewhere. */
static void show_plan(struct session_view *view)
{
	struct deck *deck = view->view.deck;

	for (size_t i = 0; view->planned && i < view->found->finding_count; i++) {
		const struct finding *finding = &view->found->findings[i];

		if (finding->no != view->planned || !finding->plan || finding->state != EXCEPTION_CORRECTED)
			continue;
		view->planned = 0;
		if (deck_top(deck) != &view->view || deck->dialog || deck->prompt.kind != PROMPT_NONE)
			return;
		deck_push(deck, plan_view_new(deck));
		plan_view_place(deck_top(deck), view->found->account.id, session_text(view, finding->plan));
	}
}

static void show_all(struct session_view *view, struct session_found *found)
{
	struct listing_source source;
	char was[LISTING_ID_MAX];
	bool first = !view->found;

	session_found_free(view->found);
	view->found = found;
	if (!found->found)
		return;
	snprintf(view->id, sizeof(view->id), "%s", found->session.id);
	snprintf(view->account_id, sizeof(view->account_id), "%s", found->account_id);
	for (int pane = 0; pane < SESSION_PANES; pane++) {
		memcpy(was, view->lists[pane].cursor, sizeof(was));
		session_arrange(view, (enum session_pane)pane);
		source = session_source(view, (enum session_pane)pane);
		if (!first && *was && view->focus == (enum session_pane)pane && !listing_knows(&source, was))
			view_gone(&view->view, &view->lists[pane].table);
	}
	show_plan(view);
}

static void answer(struct view *base, struct question *question)
{
	struct session_view *view = of(base);
	struct session_found *found = (struct session_found *)question;

	if (view_failed(base, question, view->found))
		return;
	session_sight_free(view->sight);
	view->sight = memory_steal(&found->sight);
	if (found->anew)
		show_all(view, found);
	else
		session_found_free(found);
	if (!base->stale)
		ask_sight(view);
}

static void refresh(struct view *base)
{
	session_ask(of(base), true);
}

/* ---- acts */

static bool has_open(const void *ctx, size_t row)
{
	const struct session_view *view = ctx;

	return exception_is_open(view->found->findings[row].state);
}

static void step_on(struct session_view *view)
{
	struct listing_source source = session_source(view, PANE_EXCEPTIONS);

	listing_find(&view->lists[PANE_EXCEPTIONS], &source, 1, false, has_open);
	ask_sight(view);
}

static int by_no(const void *a, const void *b)
{
	const struct finding *one = a, *other = b;

	return (one->no > other->no) - (one->no < other->no);
}

static const struct finding *by_number(const struct session_view *view, int64_t no)
{
	const struct session_found *found = view->found;
	const struct finding like = { .no = no }, *one = NULL;

	if (found->open_count > 0)
		one = bsearch(&like, found->findings, found->open_count, sizeof(like), by_no);
	if (!one && found->finding_count > found->open_count)
		one = bsearch(&like, found->findings + found->open_count, found->finding_count - found->open_count, sizeof(like), by_no);
	return one;
}

static void add_number(const struct session_view *view, struct session_deed *deed, int64_t no)
{
	const struct finding *finding = by_number(view, no);

	if (!finding)
		return;
	deed->numbers[deed->count++] = no;
	deed->suggested = deed->suggested && finding->reason == EXCEPTION_SUGGESTED && finding->amount == 0;
}

static int by_size(const void *a, const void *b)
{
	int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;

	return (one > other) - (one < other);
}

/* Of what is marked, or else of what is under the cursor. */
static void do_deed(struct session_view *view, enum action action)
{
	AUTO(memory_freep) struct session_deed *deed = memory_new(session_deed_size(view->marks.count + 1));
	const char *id;
	size_t at = 0;

	snprintf(deed->session, sizeof(deed->session), "%s", view->id);
	deed->account = view->found->account;
	deed->action = action;
	deed->suggested = true;
	while ((id = selection_next(&view->marks, &at)) != NULL)
		add_number(view, deed, strtoll(id, NULL, 10));
	if (view->marks.count == 0)
		add_number(view, deed, aim(view)->no);
	qsort(deed->numbers, deed->count, sizeof(deed->numbers[0]), by_size);
	view->planned = action == ACTION_CORRECT && deed->count > 0 ? deed->numbers[0] : 0;
	session_do(view->view.deck, deed);
	if ((action == ACTION_REJECT || (action == ACTION_ACCEPT && deed->suggested)) && view->marks.count == 0)
		step_on(view);
}

/* There is a plan for it already. */
static bool open_plan(struct session_view *view)
{
	const struct finding *finding = aim(view);

	if (view->marks.count > 0 || !finding || !finding->plan || finding->state != EXCEPTION_CORRECTED)
		return false;
	deck_push(view->view.deck, plan_view_new(view->view.deck));
	plan_view_place(deck_top(view->view.deck), view->found->account.id, session_text(view, finding->plan));
	return true;
}

static void mark_cause(struct session_view *view)
{
	const struct finding *here = aim(view);
	struct listing *list = &view->lists[PANE_EXCEPTIONS];

	for (size_t i = 0; here && i < list->count; i++) {
		const struct finding *finding = &view->found->findings[list->rows[i]];
		char id[32];

		if (finding->reason != here->reason || strcmp(session_text(view, finding->cause), session_text(view, here->cause)) != 0 ||
		    exception_is_open(finding->state) != exception_is_open(here->state))
			continue;
		snprintf(id, sizeof(id), "%lld", (long long)finding->no);
		selection_add(&view->marks, id);
	}
	deck_say(view->view.deck, ROLE_MESSAGE, "%zu are marked; {accept}, {ignore}, {note} and the like are done to all of them.", view->marks.count);
}

static void open_row(struct session_view *view)
{
	const struct finding *finding = aim(view);
	const struct tied *tied = session_tied(view);

	if (finding)
		deck_push(view->view.deck, exception_view_new(view->id, finding->no));
	else if (view->focus == PANE_TIES && tied)
		deck_push(view->view.deck, tie_view_new(view->id, tied->tie, session_text(view, tied->key), session_text(view, tied->currency)));
}

static void sort_by(struct session_view *view, enum action action)
{
	unsigned step = action == ACTION_SORT_RIGHT ? 1 : SESSION_COLUMNS - 1;

	if (action == ACTION_SORT_INVERT) {
		view->descending = !view->descending;
	} else {
		view->sort = (view->sort + step) % SESSION_COLUMNS;
		view->descending = view->sort == BY_AMOUNT || view->sort == BY_AGE;
	}
	session_arrange(view, PANE_EXCEPTIONS);
	ask_sight(view);
}

static bool act_finding(struct session_view *view, enum action action)
{
	if (action == ACTION_CORRECT && open_plan(view))
		return true;
	if (session_is_deed(action)) {
		do_deed(view, action);
		return true;
	}
	switch (action) {
	case ACTION_UNDO:
		return session_take_back(view->view.deck, view->id);
	case ACTION_MARK_CAUSE:
		mark_cause(view);
		return true;
	case ACTION_RAW:
		deck_push(view->view.deck, record_new(view->account_id, view->sight->type, view->sight->exception.record));
		return true;
	case ACTION_DOCUMENT:
		deck_push(view->view.deck, document_new(view->account_id, view->sight->exception.resource));
		return true;
	case ACTION_SORT_LEFT:
	case ACTION_SORT_RIGHT:
	case ACTION_SORT_INVERT:
		sort_by(view, action);
		return true;
	case ACTION_COPY:
		if (aim(view))
			deck_copy(view->view.deck, "Reference", session_text(view, aim(view)->ref));
		else
			deck_copy(view->view.deck, "Session", view->id);
		return true;
	default:
		return false;
	}
}

static bool id_at(void *ctx, int64_t place, char *out)
{
	const struct session_view *view = ctx;

	snprintf(out, SELECTION_ID_MAX, "%lld", (long long)view->found->findings[listing_row(&view->lists[PANE_EXCEPTIONS], place)].no);
	return true;
}

static bool act_list(struct session_view *view, enum action action)
{
	struct listing_source source = session_source(view, view->focus);

	if (view->focus == PANE_EXCEPTIONS && selection_act(&view->marks, &view->lists[PANE_EXCEPTIONS].table, action, id_at, view))
		listing_note(&view->lists[PANE_EXCEPTIONS], &source);
	else if (!listing_act(&view->lists[view->focus], &source, action))
		return false;
	ask_sight(view);
	return true;
}

static bool act(struct view *base, enum action action)
{
	struct session_view *view = of(base);
	const struct job *job = session_job(base->deck, view->job);

	if (action == ACTION_CANCEL && job) {
		job_cancel((struct job *)(uintptr_t)job);
		return true;
	}
	if (!session_of(view))
		return false;
	switch (action) {
	case ACTION_RETRY:
		if (job)
			deck_say(base->deck, ROLE_MESSAGE, "It is being compared; {cancel} stops that.");
		else
			view->job = session_compare(base->deck, session_of(view));
		return true;
	case ACTION_FAILED:
		view->open_only = !view->open_only;
		session_arrange(view, PANE_EXCEPTIONS);
		session_arrange(view, PANE_TIES);
		ask_sight(view);
		return true;
	case ACTION_NEXT_PANE:
	case ACTION_LAST_PANE:
		view->focus = view->focus == PANE_EXCEPTIONS ? PANE_TIES : PANE_EXCEPTIONS;
		return true;
	case ACTION_OPEN:
		open_row(view);
		return true;
	case ACTION_LEFT:
	case ACTION_RIGHT:
		table_scroll(&view->lists[view->focus].table, action == ACTION_RIGHT ? 1 : -1);
		return true;
	default:
		return act_list(view, action) || act_finding(view, action) ||
		       session_act_whole(base->deck, session_of(view), &view->found->account, action);
	}
}

/* The first reason why one of those that are meant can't be dealt with so. */
static const char *refuses_deed(const struct session_view *view, enum action action)
{
	const struct finding *here = aim(view);
	const char *id, *why = NULL;
	size_t at = 0;

	if (view->marks.count == 0)
		return !here ? "no exception is under the cursor" : action == ACTION_CORRECT && here->plan && here->state == EXCEPTION_CORRECTED
			       ? NULL : session_refuses(session_of(view), here->reason, here->state, action);
	while (!why && (id = selection_next(&view->marks, &at)) != NULL) {
		const struct finding *finding = by_number(view, strtoll(id, NULL, 10));

		why = finding ? session_refuses(session_of(view), finding->reason, finding->state, action) : NULL;
	}
	return why;
}

static const char *refuses(const struct view *base, enum action action)
{
	const struct session_view *view = of_const(base);
	const struct session *session = session_of(view);

	if (!session)
		return session_is_deed(action) || action == ACTION_SIGN || action == ACTION_UNSIGN || action == ACTION_DROP || action == ACTION_EVIDENCE ||
		       action == ACTION_RETRY ? "there is no session yet" : NULL;
	if (session_is_deed(action))
		return refuses_deed(view, action);
	if (action == ACTION_RAW)
		return !aim(view) || !session_is_at_hand(view) || !view->sight->type || !*view->sight->exception.record
			       ? "it is about no record that is known" : NULL;
	if (action == ACTION_DOCUMENT)
		return aim(view) && session_is_at_hand(view) && view->sight->exception.resource ? NULL : "no document of yours stands behind it";
	if (action == ACTION_BEGIN)
		return "that is done from the list of all sessions: {reconcile}";
	return session_refuses_whole(session, action);
}

/* ---- the view */

static bool focus(struct view *base, const struct table *table)
{
	struct session_view *view = of(base);
	enum session_pane former = view->focus;

	for (int i = 0; i < SESSION_PANES; i++)
		if (&view->lists[i].table == table)
			view->focus = (enum session_pane)i;
	return view->focus == former;
}

static char *filter(struct view *base)
{
	struct session_view *view = of(base);

	return view->filters[view->focus];
}

static void filtered(struct view *base)
{
	session_arrange(of(base), of(base)->focus);
	ask_sight(of(base));
}

static bool back(struct view *base)
{
	struct session_view *view = of(base);
	struct error ignored = { 0 };

	if (view->marks.count > 0)
		selection_clear(&view->marks);
	else if (*view->filters[view->focus])
		view_filter(base, "", &ignored);
	else if (view->focus == PANE_TIES)
		view->focus = PANE_EXCEPTIONS;
	else if (view->open_only)
		act(base, ACTION_FAILED);
	else
		return false;
	return true;
}

static void title(const struct view *base, struct str *out)
{
	const struct session_view *view = of_const(base);
	const struct session like = { .from = view->from, .to = view->to };
	char period[SESSION_PERIOD_MAX];

	str_add(out, session_period(session_of(view) ? session_of(view) : &like, period));
	selection_add_title(&view->marks, out);
}

static bool subject(const struct view *base, struct account *ret_account)
{
	const struct session_view *view = of_const(base);

	if (view->found)
		*ret_account = view->found->account;
	return view->found != NULL;
}

/* ":evidence DIR", and the names of what is done to a session alone, which are commands' names too. */
static bool words(struct view *base, const char *const *words, size_t count)
{
	struct session_view *view = of(base);
	AUTO(str_clear) struct str line = STR_INIT(DECK_LINE_MAX - 1);
	enum action action = count == 1 ? action_by_id(words[0]) : ACTION_NONE;

	if (action == ACTION_SIGN || action == ACTION_EVIDENCE) {
		deck_act(base->deck, action);
		return true;
	}
	if (!session_of(view) || count != 2 || strcmp(words[0], "evidence") != 0 || *words[1] == '-')
		return false;
	str_addf(&line, "evidence %s", view->id);
	words_add(&line, words[1]);
	deck_do(base->deck, line.text, "", "The evidence is written");
	return true;
}

static void cli(const struct view *base, struct str *out)
{
	const struct session_view *view = of_const(base);

	str_addf(out, view->focus == PANE_TIES ? "ties %s" : "exceptions %s --all", view->id);
}

static void copies(struct view *base, struct copies *out)
{
	const struct session_view *view = of(base);

	if (aim(view) && session_is_at_hand(view))
		session_copies(base->deck, &view->found->account, view->sight, out);
}

static void rows(struct view *base, struct str *out)
{
	const struct session_view *view = of(base);
	char amount[DECIMAL_TEXT_MAX], id[32];

	for (size_t i = 0; session_of(view) && i < view->found->finding_count; i++) {
		const struct finding *finding = &view->found->findings[i];

		snprintf(id, sizeof(id), "%lld", (long long)finding->no);
		if (view->marks.count > 0 ? selection_has(&view->marks, id) : finding == session_finding(view))
			rows_add(out, (const char *const[]){ id, exception_state_word(finding->state), exception_row(finding->reason)->word,
							     session_text(view, finding->ref), decimal_format_money(finding->amount, amount),
							     session_text(view, finding->currency), session_text(view, finding->text), NULL });
	}
}

static void save(const struct view *base, struct str *out)
{
	const struct session_view *view = of_const(base);

	trail_put(out, "session", view->id);
	trail_put(out, "exception", view->lists[PANE_EXCEPTIONS].cursor);
	trail_put(out, "tie", view->lists[PANE_TIES].cursor);
	trail_put(out, "filter", view->filters[PANE_EXCEPTIONS]);
	trail_put_number(out, "pane", view->focus);
	trail_put_number(out, "sort", (int64_t)view->sort);
	trail_put_number(out, "descending", view->descending);
	trail_put_number(out, "open", view->open_only);
	trail_put_row(out, &view->lists[PANE_EXCEPTIONS].table);
}

static void load(struct view *base, const char *text)
{
	struct session_view *view = of(base);
	int64_t sort = trail_get_number(text, "sort");

	trail_get(text, "exception", view->lists[PANE_EXCEPTIONS].cursor, sizeof(view->lists[PANE_EXCEPTIONS].cursor));
	trail_get(text, "tie", view->lists[PANE_TIES].cursor, sizeof(view->lists[PANE_TIES].cursor));
	trail_get(text, "filter", view->filters[PANE_EXCEPTIONS], sizeof(view->filters[PANE_EXCEPTIONS]));
	view->focus = trail_get_number(text, "pane") ? PANE_TIES : PANE_EXCEPTIONS;
	view->sort = sort > 0 && sort < SESSION_COLUMNS ? (enum session_column)sort : BY_STATE;
	view->descending = trail_get_number(text, "descending");
	view->open_only = trail_get_number(text, "open");
	trail_get_row(text, &view->lists[PANE_EXCEPTIONS].table);
}

static void draw(struct view *base, struct canvas *canvas, struct rect rect)
{
	session_draw(of(base), canvas, rect);
}

static void free_view(struct view *base)
{
	struct session_view *view = of(base);

	session_found_free(view->found);
	session_sight_free(view->sight);
	for (int i = 0; i < SESSION_PANES; i++)
		listing_clear(&view->lists[i]);
	selection_clear(&view->marks);
	free(view);
}

static const struct view_kind kind = {
	.name = "session",
	.where = WHERE_MOVE | WHERE_LIST | WHERE_PANES | WHERE_MARKS | WHERE_SESSION | WHERE_EXCEPTION | WHERE_EXCEPTIONS |
		 WHERE_DETAILS,
	.title = title, .draw = draw, .act = act, .refuses = refuses, .refresh = refresh, .answer = answer, .filter = filter,
	.filtered = filtered, .back = back, .words = words, .subject = subject, .focus = focus, .cli = cli, .rows = rows, .copies = copies,
	.save = save, .load = load, .free = free_view,
};

void session_unmark(struct deck *deck, const char *id)
{
	for (size_t i = 0; i < deck->view_count; i++)
		if (deck->views[i]->kind == &kind && strcmp(of(deck->views[i])->id, id) == 0)
			selection_clear(&of(deck->views[i])->marks);
}

struct view *session_view_new(const char *id)
{
	struct session_view *view = memory_new(sizeof(*view));

	view->view.kind = &kind;
	snprintf(view->id, sizeof(view->id), "%s", id);
	return &view->view;
}

struct view *session_view_again(struct deck *deck, const char *text)
{
	char id[SESSION_ID_MAX];

	(void)deck;
	return trail_get(text, "session", id, sizeof(id)) ? session_view_new(id) : NULL;
}

bool reconcile_view_begin(struct deck *deck, const struct account *account, const char *period)
{
	struct session like = { .source = "resources" };
	struct error err = { 0 };
	struct session_view *view;

	if (!verb_period(period, &like.from, &like.to, &err))
		return false;
	snprintf(like.account_id, sizeof(like.account_id), "%s", account->id);
	view = of(session_view_new(""));
	memcpy(view->account_id, like.account_id, sizeof(view->account_id));
	view->from = like.from;
	view->to = like.to;
	view->job = session_compare(deck, &like);
	deck_push(deck, &view->view);
	return true;
}
