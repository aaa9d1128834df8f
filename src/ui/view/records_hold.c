/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is held of the list: some pages around the cursor, so that steps and pages ask nobody. More is asked for before the
 * cursor comes to its end; what came in the way of keys is made up for. The rows belong to their ids: read again, the one
 * under the cursor stays where it is on the screen.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "records.h"

#define ASK_ROWS 60      /* asked for at a time, or two pages where a page is long */
#define ASK_SORTED 1000  /* where each time all records are looked at */
#define HOLD_TIMES 8     /* so many times what is asked for is held at most */
#define SLOW_MS 200      /* what takes longer is not read again by itself */

const struct kept_row *records_row(const struct records_view *view, int64_t row)
{
	struct kept_row **kept = window_row(&view->rows, row);

	return kept ? *kept : NULL;
}

/* How many there are is known of the whole list as it is. */
static bool counts(const struct records_view *view)
{
	return view->filtered || view->then_ms;
}

static size_t ask_rows(const struct records_view *view)
{
	size_t pages = 2 * (size_t)(view->table.page > 0 ? view->table.page : 1);

	if (looks_at_all(&view->shown))
		return ASK_SORTED;
	return pages > ASK_ROWS ? pages : ASK_ROWS;
}

/* ---- asking */

static void start(struct records_view *view, enum wish wish)
{
	const struct kept_row *row = NULL;
	struct app *app = deck_app(view->view.deck);
	struct look *look;

	if (wish == WISH_TOP || wish == WISH_BOTTOM || wish == WISH_AROUND)
		view->shown = (struct looking_for){ .type = view->type, .filter = view->conditions, .filtered = view->filtered,
						    .order = view->sort == SHOWS_TITLE ? RECORD_BY_TITLE : view->sort == SHOWS_ID
							     ? RECORD_BY_ID : view->sort < 0 ? RECORD_BY_TIME : RECORD_BY_FIELD,
						    .field = view->sort >= 0 ? (size_t)view->sort : 0, .descending = view->descending, .then_ms = view->then_ms,
						    .personal = app_personal(app) };
	if (wish == WISH_AROUND)
		row = records_row(view, view->table.cursor);
	else if (wish == WISH_DOWN || wish == WISH_UP)
		row = records_row(view, wish == WISH_DOWN ? (int64_t)view->rows.count - 1 : 0);
	look = look_new(&app->env, view->account_id, &view->shown, wish, ask_rows(view));
	if (row)
		look->anchor = kept_row_copy(row);
	else if (wish == WISH_AROUND && *view->at_id)
		snprintf(look->anchor_id, sizeof(look->anchor_id), "%s", view->at_id);
	else if (wish == WISH_AROUND || wish == WISH_DOWN || wish == WISH_UP)
		look->wish = WISH_TOP;
	look->move = wish == WISH_AROUND ? view->owed : 0;
	view->doing = look->wish;
	view->wish = WISH_NONE;
	view->is_fresh = look->wish == WISH_TOP || look->wish == WISH_BOTTOM || view->rows.count == 0;
	view->asked_at = view->table.cursor;
	view->looked_at = 0;
	view_ask(&view->view, &look->question);
}

void records_want(struct records_view *view, enum wish wish)
{
	view->is_halted = false;
	/* Keys that come until the new list is there are meant for it. */
	if (wish == WISH_TOP || wish == WISH_BOTTOM) {
		view->awaits = true;
		view->owed = 0;
	}
	if (view->view.asking)
		view->wish = wish;
	else
		start(view, wish);
}

/* What the cursor lacks where it is, or is on its way to. */
static enum wish lacks(const struct records_view *view)
{
	static const enum wish wishes[] = { WISH_UP, WISH_NONE, WISH_DOWN };
	int64_t far = (int64_t)ask_rows(view);

	if (view->owed > far || view->owed < -far)
		return WISH_AROUND;
	return wishes[1 + window_lacks(&view->table, view->owed, view->is_top, view->is_bottom)];
}

void records_follow(struct records_view *view)
{
	enum wish need = lacks(view);

	view->view.owes = view->owed != 0;

	if (!view->is_read || view->is_halted)
		return;
	if (view->view.asking) {
		/* Counting can wait, and what is looked for just now will do. */
		if (view->doing == WISH_COUNT && need != WISH_NONE)
			view->wish = need;
		return;
	}
	if (need == WISH_NONE && view->is_stale) {
		view->is_stale = false;
		need = view->rows.count == 0 ? WISH_TOP : WISH_AROUND;
	}
	if (need == WISH_NONE && counts(view) && !view->is_counted)
		need = WISH_COUNT;
	if (need != WISH_NONE)
		start(view, need);
}

/* ---- moving */

/* What could not be moved for want of rows, as far as there are some now. */
static void make_up(struct records_view *view)
{
	if (view->owed != 0)
		view->owed = window_move(&view->table, view->owed, view->is_top, view->is_bottom);
}

void records_move(struct records_view *view, int64_t rows)
{
	view->owed += rows;
	if (!view->awaits)
		make_up(view);
	records_follow(view);
}

/* ---- taking what was found */

static void widen_to(int *width, int columns)
{
	if (columns > *width)
		*width = columns;
}

/* Columns grow with what is held and never shrink: they stand still while one steps through the list. */
static void widen(struct records_view *view, const struct kept_row *row)
{
	for (size_t i = 0; i < view->type->field_count; i++) {
		const char *mark = strchr(row->cells[i], '.');
		int columns = (int)text_width(TEXT_SAFE, row->cells[i], strlen(row->cells[i])), places = mark ? (int)strlen(mark) : 0;

		widen_to(&view->widths[i], columns);
		widen_to(&view->amounts[i].whole, columns - places);
		widen_to(&view->amounts[i].places, places);
	}
	widen_to(&view->widths[TYPE_FIELDS_MAX], (int)text_width(TEXT_SAFE, row->title, strlen(row->title)));
	widen_to(&view->id_width, (int)text_width(TEXT_SAFE, row->id, strlen(row->id)));
}

/* What was found goes in before the row at a place. */
static void insert(struct records_view *view, size_t at, struct window_rows *found)
{
	window_insert(&view->rows, &view->table, at, found->items, found->count);
	for (size_t i = at; i < at + found->count; i++)
		widen(view, records_row(view, (int64_t)i));
	found->count = 0;
}

/* What lies far from the cursor is given back. */
static void trim(struct records_view *view)
{
	int64_t dropped = window_trim(&view->rows, &view->table, HOLD_TIMES * ask_rows(view));

	view->is_top = view->is_top && dropped <= 0;
	view->is_bottom = view->is_bottom && dropped >= 0;
	view->first += view->first >= 0 && dropped > 0 ? dropped : 0;
}

static int64_t all_of(const struct object *object)
{
	return object->live + object->inactive + object->voided;
}

/* How many rows the list has; -1: nobody knows. */
int64_t records_total(const struct records_view *view)
{
	if (view->is_top && view->is_bottom)
		return (int64_t)view->rows.count;
	return counts(view) ? view->count : all_of(&view->object);
}

static void place(struct records_view *view, int64_t first, bool about)
{
	if (view->is_top) {
		first = 0;
		about = false;
	} else if (first < 0 && view->is_bottom && records_total(view) >= 0) {
		first = records_total(view) - (int64_t)view->rows.count;
		about = false;
	}
	view->first = first;
	view->is_about = about;
}

/* The cursor's row once those that are held are others: it was asked for `cursor`, but has moved on meanwhile. */
static int64_t moved_on(const struct records_view *view, int64_t cursor, int64_t no, int64_t by)
{
	for (size_t i = 0; by != 0 && i < view->rows.count; i++)
		if (records_row(view, (int64_t)i)->place.no == no)
			return (int64_t)i;
	return cursor + by;
}

static void take_around(struct records_view *view, struct look *look)
{
	const struct kept_row *row = records_row(view, view->table.cursor);
	int64_t no = row ? row->place.no : 0, by = view->table.cursor - view->asked_at;
	int64_t cursor = (int64_t)look->up.count, first = view->first < 0 ? -1 : view->first + view->asked_at;
	struct table place_of;
	bool sticks = view->rows.count > 0 && view->asked_at == 0 && view->is_top && look->move == 0 && !look->is_gone;

	view->is_fresh = false;
	/* Sorted ones are moved through here; others were by whoever looked. */
	if (looks_at_all(&look->what))
		cursor += look->moved;
	place_of = view->table;
	window_clear(&view->rows);
	insert(view, 0, &look->down);
	window_reverse(&look->up, 0);
	insert(view, 0, &look->up);
	view->table = place_of; /* which row of the screen the cursor is on */
	first = first < 0 ? -1 : first + look->moved - cursor;
	cursor = moved_on(view, cursor, no, by);
	view->is_top = look->is_top;
	view->is_bottom = look->is_bottom;
	if (look->moved == look->move)
		view->owed -= look->move;
	else
		view->owed = 0;
	table_keep(&view->table, (int64_t)view->rows.count, cursor);
	/* Who looks at the first row looks at what is first. */
	if (sticks && by == 0 && view->is_top)
		table_go(&view->table, 0);
	if (look->is_gone && by == 0)
		view_gone(&view->view, &view->table);
	place(view, first >= 0 ? first : -1, look->move == 0 || view->is_about);
}

static void take_down(struct records_view *view, struct look *look)
{
	insert(view, view->rows.count, &look->down);
	view->is_bottom = look->is_bottom;
	place(view, view->first, view->is_about);
}

static void take_up(struct records_view *view, struct look *look)
{
	int64_t more = (int64_t)look->up.count;

	window_reverse(&look->up, 0);
	insert(view, 0, &look->up);
	view->is_top = look->is_top;
	/* From the bottom, the cursor is there until it is moved. */
	if (view->table.cursor < 0 && more > 0)
		table_go(&view->table, more - 1);
	place(view, view->first >= more ? view->first - more : -1, view->is_about);
}

/* The first of a new list: what was held goes. */
static void begin(struct records_view *view, struct look *look)
{
	view->is_fresh = view->awaits = false;
	window_clear(&view->rows);
	view->table.count = 0;
	if (view->is_other)
		memset(view->widths, 0, sizeof(view->widths));
	view->is_other = false;
	view->first = -1;
	view->is_about = false;
	view->is_top = look->wish == WISH_TOP;
	view->is_bottom = look->wish == WISH_BOTTOM;
	view->table.cursor = look->wish == WISH_TOP ? 0 : -1;
	view->table.top = 0;
}

static void take(struct records_view *view, struct look *look)
{
	bool done = look->stage == LOOK_DONE, streams = !looks_at_all(&look->what) && look->wish != WISH_AROUND;

	view->account = look->account;
	view->object = look->object;
	view->is_object = look->is_object;
	view->looked_at = done ? 0 : look->looked_at;
	if (look->wish == WISH_COUNT) {
		view->counted = look->count;
		if (done)
			view->count = look->count;
		view->is_counted = done;
		view->count_ms = look->took_ms;
		return;
	}
	if (look->wish == WISH_MARK || (!streams && !done))
		return;
	if (look->wish == WISH_AROUND) {
		take_around(view, look);
		return;
	}
	if (view->is_fresh)
		begin(view, look);
	if (look->wish == WISH_TOP || look->wish == WISH_DOWN)
		take_down(view, look);
	else
		take_up(view, look);
}

static void take_marks(struct records_view *view, const struct look *look)
{
	for (size_t at = 0; at < look->ids.len; at += strlen(look->ids.text + at) + 1)
		selection_add(&view->marks, look->ids.text + at);
	deck_say(view->view.deck, ROLE_MESSAGE, look->count >= SELECTION_MAX ? "The first %zu are marked; for more, use a filter."
									      : "%zu are marked.", view->marks.count);
}

static void note_change(struct records_view *view)
{
	if (view->took_ms > SLOW_MS && !view->is_forced)
		view->is_old = true;
	else
		view->is_stale = true;
	view->is_forced = false;
}

static void fail(struct records_view *view, const struct error *error)
{
	view->view.error = *error;
	view->doing = WISH_NONE;
	view->awaits = false;
	view->owed = 0;
	/* Nobody shall look at what is not so any more. */
	if (error->code == ERROR_CONFLICT) {
		window_clear(&view->rows);
		view->is_read = false;
	}
	if (view->is_read || view->then_ms)
		deck_tell(view->view.deck, error);
	/* What nobody knows is not shown as if it were what is. */
	view->then_ms = 0;
}

static void finish(struct records_view *view, const struct look *look)
{
	view->doing = WISH_NONE;
	if (look->wish == WISH_TOP || look->wish == WISH_AROUND || look->wish == WISH_BOTTOM) {
		view->took_ms = look->took_ms;
		view->is_old = false;
		/* What is counted in no time is counted again. */
		view->is_counted = view->is_counted && view->count_ms > SLOW_MS;
	}
	if (look->wish == WISH_MARK)
		take_marks(view, look);
	make_up(view);
	trim(view);
	records_follow(view);
}

void records_answer(struct records_view *view, struct question *question)
{
	struct look *look = (struct look *)question;
	enum wish wish = view->wish;
	bool was_then = view->then_ms != 0;

	/* Changes of the store while it looks are kept in mind here. */
	if (view->view.stale)
		note_change(view);
	view->view.stale = false;
	if (question->error.code != ERROR_NONE) {
		fail(view, &question->error);
		question_free(question);
		if (was_then)
			records_want(view, WISH_TOP);
		return;
	}
	error_clear(&view->view.error);
	if (wish == WISH_NONE) {
		view->is_read = true;
		take(view, look);
		if (look->stage != LOOK_DONE) {
			view_ask(&view->view, question);
			return;
		}
		finish(view, look);
	}
	question_free(question);
	if (wish == WISH_STOP) {
		view->wish = view->doing = WISH_NONE;
		view->looked_at = view->owed = 0;
	} else if (wish != WISH_NONE) {
		start(view, wish);
	}
}

void records_refresh(struct records_view *view)
{
	if (!view->is_read) {
		records_want(view, *view->at_id ? WISH_AROUND : WISH_TOP);
		return;
	}
	note_change(view);
	records_follow(view);
}

bool records_stop(struct records_view *view)
{
	if (view->doing == WISH_NONE || view->looked_at == 0)
		return false;
	view->wish = WISH_STOP;
	view->is_halted = true;
	return true;
}
