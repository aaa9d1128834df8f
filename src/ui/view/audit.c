/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The audit: who did what to which account, the newest first, and whether the record of it is sound. */
#include "audit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deck.h"
#include "format.h"
#include "ledgerdeck/core/memory.h"
#include "trail.h"

#define HEAD_FROM_ROWS 3

static const struct table_column columns[] = {
	{ "TIME", 6, 6, 0, 0 },
	{ "WHAT", 11, 20, 0, COLUMN_ENOUGH(15) },
	{ "COMPANY", 12, 30, 2, COLUMN_ENOUGH(16) },
	{ "WHO", 8, 20, 3, 0 },
	{ "BEFORE AND AFTER", 16, 30, 1, COLUMN_GROWS },
};

static struct audit_view *of(struct view *view)
{
	return (struct audit_view *)view;
}

static const struct audit_view *of_const(const struct view *view)
{
	return (const struct audit_view *)view;
}

static void refresh(struct view *base)
{
	struct audit_view *view = of(base);

	/* It only grows: what is newer is looked for, and goes through the check as what went before. */
	view->held.newer.done = false;
	view->check.done = view->check.broken != 0;
	error_clear(&view->view.error);
	audit_pump(view);
}

static void answer(struct view *base, struct question *question)
{
	struct audit_view *view = of(base);

	if (question->error.code == ERROR_NONE) {
		audit_answer(view, (struct audit_question *)question);
		return;
	}
	view->view.error = question->error;
	view->hunt.places = 0;
	view->check.done = true;
	if (view->held.loaded)
		deck_tell(base->deck, &question->error);
	question_free(question);
}

/* ---- rows */

static void put_change(struct audit_view *view, const struct audit_brief *row, struct table_cell *cell)
{
	if (view->check.broken == row->no) {
		table_text(cell, ROLE_FAILED, "x does not fit");
		return;
	}
	snprintf(view->line, sizeof(view->line), "%s%s%s", row->before, *row->before && *row->after ? " -> " : *row->before ? " ->" : "", row->after);
	table_text(cell, ROLE_DIM, view->line);
}

static void put_cell(void *ctx, int64_t place, size_t column, struct table_cell *cell)
{
	struct audit_view *view = ctx;
	const struct audit_brief *row = stretch_row(&view->held, place);
	const struct account *account = audit_account(view, row->account_id);
	char text[FORMAT_MAX];

	switch (column) {
	case 0:
		table_format(cell, ROLE_TEXT, "%s", format_clock(row->at_ms, deck_now(view->view.deck), text));
		break;
	case 1:
		table_text(cell, view->check.broken == row->no ? ROLE_FAILED : ROLE_TEXT, row->what);
		break;
	case 2:
		table_text(cell, ROLE_TEXT, account ? account->name : *row->account_id ? row->account_id : "-");
		break;
	case 3:
		table_text(cell, ROLE_DIM, row->who);
		break;
	default:
		put_change(view, row, cell);
		break;
	}
}

/* ---- drawing */

/* Whether it is sound, in one sentence. */
static enum role add_check(const struct audit_view *view, struct str *out)
{
	char count[FORMAT_MAX];

	format_count(view->check.rows, count);
	if (view->check.missing) {
		str_addf(out, "x Something is missing behind entry %s: the end of the record was changed outside this program. Compare it with that "
			 "of a backup.", count);
		return ROLE_FAILED;
	}
	if (view->check.broken) {
		str_addf(out, "x Entry %lld does not fit to the one before it: it, or one before it, was changed outside this program. Compare it "
			 "with that of a backup.", (long long)view->check.broken);
		return ROLE_FAILED;
	}
	if (!view->check.done) {
		str_addf(out, "%s entries were checked so far, each fits to the one before.", count);
		return ROLE_DIM;
	}
	if (view->view.error.code != ERROR_NONE) {
		str_add(out, "? It could not be checked; {re-read} tries again.");
		return ROLE_STALE;
	}
	str_addf(out, "= %s entr%s, each fits to the one before: none was changed or removed.", count, view->check.rows == 1 ? "y" : "ies");
	return ROLE_OK;
}

static const char *empty_text(const struct audit_view *view)
{
	if (deck_is_new(view->view.deck))
		return "Nothing was done yet. {connect} makes a vault and connects a company; that will be told here.";
	if (!view->held.loaded)
		return "Reading the audit ...";
	if (!view->held.older.done)
		return "";
	return *view->filter ? "Nothing fits the filter; {back} shows all." : "Nothing was done yet that is kept here: connecting, pausing, retrying, keys.";
}

/* One line, or two for what somebody must know. Gives how many. */
static int draw_head(const struct audit_view *view, struct canvas *canvas, struct rect rect)
{
	AUTO(str_clear) struct str line = STR_INIT(DECK_TEXT_MAX);
	char text[DECK_TEXT_MAX];
	enum role role = add_check(view, &line);
	int rows = view->check.broken && rect.rows > 2 * HEAD_FROM_ROWS ? 2 : 1;

	deck_keyed(view->view.deck, line.text, text, sizeof(text));
	rows = canvas_wrap(canvas, (struct rect){ rect.y, rect.x + 1, rows, rect.columns - 1 }, role, text, strlen(text), true) < rows ? 1 : rows;
	return rows;
}

static void draw_search(const struct audit_view *view, struct canvas *canvas, struct rect rect)
{
	AUTO(str_clear) struct str line = STR_INIT(200);

	if (!view->held.loaded || !view->view.asking || rect.rows < 3)
		return;
	stretch_add_search(&view->held, &view->hunt, rect.rows - 1, &line);
	if (line.len == 0)
		return;
	canvas_fill(canvas, (struct rect){ rect.y + rect.rows - 1, rect.x, 1, rect.columns }, ROLE_TEXT);
	deck_draw(view->view.deck, canvas, rect.y + rect.rows - 1, rect.x + 2, rect.columns - 2, ROLE_DIM, line.text);
}

static void draw(struct view *base, struct canvas *canvas, struct rect rect)
{
	struct audit_view *view = of(base);
	struct table_source source = { .cell = put_cell, .ctx = view };
	int head = 0;

	if (view->held.loaded && rect.rows >= HEAD_FROM_ROWS)
		head = draw_head(view, canvas, rect);
	rect.y += head;
	rect.rows -= head;
	if (view->held.rows.count == 0)
		view_draw_empty(&view->view, empty_text(view), canvas, rect);
	view->held.table.match = view->hunt.text;
	table_draw(&view->held.table, canvas, rect, columns, ARRAY_LEN(columns), &source, true, true);
	draw_search(view, canvas, rect);
}

static void title(const struct view *base, struct str *out)
{
	const struct audit_view *view = of_const(base);

	str_add(out, "audit");
	if (view->check.broken)
		str_add(out, ", not sound");
}

/* ---- keys */

static void look_for(struct audit_view *view, int places)
{
	if (!*view->hunt.text) {
		deck_say(view->view.deck, ROLE_MESSAGE, "Nothing is looked for; {filter} begins.");
		return;
	}
	hunt_go(&view->hunt, &view->held, places);
	audit_pump(view);
}

static bool act_move(struct audit_view *view, enum action action)
{
	int64_t rows = table_step(&view->held.table, action);

	if (action == ACTION_FIRST && !view->held.newer.done) {
		audit_restart(view, 0);
	} else if (action == ACTION_LAST && !view->held.older.done) {
		audit_last(view);
	} else if (rows != 0) {
		stretch_move(&view->held, rows);
		audit_pump(view);
	} else {
		return table_act(&view->held.table, action);
	}
	return true;
}

static bool act(struct view *base, enum action action)
{
	struct audit_view *view = of(base);
	const struct audit_brief *row = audit_current(view);
	char number[32];

	switch (action) {
	case ACTION_OPEN:
		if (row)
			deck_push(base->deck, audit_entry_new(row->no));
		return true;
	case ACTION_COPY:
		snprintf(number, sizeof(number), "%lld", row ? (long long)row->no : 0);
		if (row)
			deck_copy(base->deck, "Entry", number);
		return true;
	case ACTION_NEXT_MATCH:
	case ACTION_LAST_MATCH:
		look_for(view, action == ACTION_NEXT_MATCH ? 1 : -1);
		return true;
	case ACTION_REREAD:
		/* All of it, from the first row on. */
		view->check = (struct audit_check){ 0 };
		view->rechecks = base->asking;
		return false;
	case ACTION_LEFT:
	case ACTION_RIGHT:
		table_scroll(&view->held.table, action == ACTION_RIGHT ? 1 : -1);
		return true;
	default:
		return act_move(view, action);
	}
}

static char *filter(struct view *base)
{
	return of(base)->filter;
}

/* Half a condition is wrong until it is whole: the last right one goes on counting. */
static const char *conditions(struct view *base, const char *text, struct error *err)
{
	struct log_filter read;

	if (!audit_filter_parse(text, deck_now(base->deck), &read, err))
		return err->text;
	of(base)->conditions = read;
	return NULL;
}

static void filtered(struct view *base)
{
	audit_changed(of(base));
}

static void search(struct view *base, const char *text, bool go)
{
	struct audit_view *view = of(base);

	snprintf(view->hunt.text, sizeof(view->hunt.text), "%s", text);
	view->hunt.places = 0;
	if (go && *text)
		look_for(view, 1);
}

static bool back(struct view *base)
{
	struct audit_view *view = of(base);
	struct error ignored = { 0 };

	if (view->hunt.places != 0)
		view->hunt.places = 0;
	else if (*view->hunt.text)
		*view->hunt.text = '\0';
	else if (*view->filter)
		view_filter(base, "", &ignored);
	else
		return false;
	return true;
}

/* ---- the view */

static bool subject(const struct view *base, struct account *ret_account)
{
	const struct audit_brief *row = audit_current(of_const(base));
	const struct account *account = row ? audit_account(of_const(base), row->account_id) : NULL;

	if (account)
		*ret_account = *account;
	return account != NULL;
}

static void cli(const struct view *base, struct str *out)
{
	str_add(out, "audit --newest");
	if (!*of_const(base)->filter)
		return;
	str_add(out, " --where");
	words_add(out, of_const(base)->filter);
}

static void rows(struct view *base, struct str *out)
{
	const struct audit_view *view = of(base);
	const struct audit_brief *row = audit_current(view);
	const struct account *account = row ? audit_account(view, row->account_id) : NULL;
	char number[32], stamp[FORMAT_MAX];

	if (!row)
		return;
	snprintf(number, sizeof(number), "%lld", (long long)row->no);
	rows_add(out, (const char *const[]){ number, format_stamp(row->at_ms, stamp), row->who, row->what, account ? account->name : row->account_id,
					     row->before, row->after, NULL });
}

static void save(const struct view *base, struct str *out)
{
	const struct audit_view *view = of_const(base);
	const struct audit_brief *row = audit_current(view);

	trail_put(out, "filter", view->filter);
	/* Who is with the newest will be again; before the first answer it is where it was to be. */
	trail_put_number(out, "entry", !view->held.loaded ? view->start_no : row && view->held.table.cursor > 0 ? row->no : 0);
	trail_put_row(out, &view->held.table);
}

static void load(struct view *base, const char *text)
{
	struct audit_view *view = of(base);
	struct error ignored = { 0 };

	if (!trail_get(text, "filter", view->filter, sizeof(view->filter)) ||
	    !audit_filter_parse(view->filter, deck_now(base->deck), &view->conditions, &ignored)) {
		*view->filter = '\0';
		log_filter_init(&view->conditions);
	}
	view->start_no = trail_get_number(text, "entry");
	if (view->start_no > 0)
		trail_get_row(text, &view->held.table);
	else
		view->start_no = 0;
}

static void free_view(struct view *base)
{
	struct audit_view *view = of(base);

	account_list_clear(&view->accounts);
	stretch_clear(&view->held);
	free(view);
}

static const struct view_kind kind = {
	.name = "audit", .where = WHERE_MOVE | WHERE_LIST | WHERE_SEARCHED, .title = title, .draw = draw, .act = act, .refresh = refresh,
	.answer = answer, .filter = filter, .conditions = conditions, .filtered = filtered, .search = search, .back = back, .subject = subject, .cli = cli,
	.rows = rows, .save = save, .load = load, .free = free_view,
};

struct view *audit_view_new(struct deck *deck)
{
	struct audit_view *view = memory_new(sizeof(*view));

	view->view.kind = &kind;
	view->view.deck = deck; /* its filter is read before it is pushed, and asks what time it is */
	view->held.rows.size = sizeof(struct audit_brief);
	log_filter_init(&view->conditions);
	return &view->view;
}

struct view *audit_view_again(struct deck *deck, const char *text)
{
	(void)text;
	return audit_view_new(deck);
}
