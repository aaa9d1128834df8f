/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All objects on the canvas: what they are together, a row for each, and what is the matter with the one under the cursor. */
#include <stdio.h>
#include <string.h>

#include "deck.h"
#include "ledgerdeck/core/memory.h"
#include "objects.h"
#include "strip.h"

#define HEAD_FROM_ROWS 4

static const struct table_column columns[BY_COUNT] = {
	[BY_STATE] = { "STATE", 9, 9, 0, 0 },           [BY_COMPANY] = { "COMPANY", 12, 30, 1, COLUMN_ENOUGH(24) },
	[BY_TYPE] = { "TYPE", 9, 24, 0, COLUMN_ENOUGH(15) },            [BY_LIVE] = { "LIVE", 7, 10, 3, COLUMN_RIGHT },
	[BY_OFF] = { "OFF", 5, 7, 6, COLUMN_RIGHT },    [BY_GONE] = { "GONE", 5, 7, 7, COLUMN_RIGHT },
	[BY_LAG] = { "LAG", 6, 6, 4, COLUMN_RIGHT },    [BY_RAN] = { "RAN", 6, 6, 8, COLUMN_RIGHT | COLUMN_EXTRA },
	[BY_NEXT] = { "NEXT", 6, 16, 5, COLUMN_RIGHT }, [BY_FAILED] = { "FAIL", 4, 6, 2, COLUMN_RIGHT },
	[BY_WHY] = { "WHY", 20, 60, 9, COLUMN_GROWS | COLUMN_EXTRA },
};

const char *objects_column_name(enum objects_column column)
{
	static const char *const names[BY_COUNT] = {
		[BY_STATE] = "state", [BY_COMPANY] = "company", [BY_TYPE] = "type", [BY_LIVE] = "live", [BY_OFF] = "off",
		[BY_GONE] = "gone",   [BY_LAG] = "lag",         [BY_RAN] = "ran",   [BY_NEXT] = "next", [BY_FAILED] = "failed",
		[BY_WHY] = "why",
	};

	return names[column];
}

const char *objects_why(const struct object *object)
{
	return *object->guard ? object->guard : object->last_error.text;
}

/* How long ago all that has changed since is missing; by the minutes of the clock, so that all rows change at once. */
static void put_lag(const struct objects_view *view, size_t row, struct table_cell *cell)
{
	const struct object *object = &view->found->objects.items[row];
	const struct account *account = objects_account(view, row);
	int64_t now_ms = deck_now(view->view.deck), minutes = now_ms / OBJECTS_MINUTE_MS - object->cursor_ms / OBJECTS_MINUTE_MS;
	bool stale = account && object_is_stale(object, object_interval_ms(view->found->settings, account, object), now_ms);
	char text[FORMAT_MAX];

	if (object->cursor_ms <= 0)
		table_text(cell, ROLE_DIM, "-");
	else
		table_format(cell, stale ? ROLE_STALE : ROLE_TEXT, "%s", format_left(minutes > 0 ? minutes * OBJECTS_MINUTE_MS : 0, text));
}

static void put_cell(void *ctx, int64_t place, size_t column, struct table_cell *cell)
{
	static const enum object_cell which[BY_COUNT] = { [BY_STATE] = CELL_STATE, [BY_TYPE] = CELL_TYPE, [BY_LIVE] = CELL_LIVE,
							  [BY_OFF] = CELL_OFF,     [BY_GONE] = CELL_GONE, [BY_RAN] = CELL_LAST_RUN,
							  [BY_NEXT] = CELL_NEXT,   [BY_FAILED] = CELL_FAILED };
	struct objects_view *view = ctx;
	size_t row = listing_row(&view->list, place);
	const struct object *object = &view->found->objects.items[row];
	const struct account *account = objects_account(view, row);

	switch (column) {
	case BY_COMPANY:
		table_text(cell, ROLE_TEXT, account ? account->name : object->account_id);
		break;
	case BY_LAG:
		put_lag(view, row, cell);
		break;
	case BY_WHY:
		table_text(cell, *object->guard ? ROLE_WARN : ROLE_FAILED, objects_why(object));
		break;
	default:
		object_put(view->view.deck, object, which[column], cell);
		break;
	}
}

static bool is_marked(void *ctx, int64_t place)
{
	const struct objects_view *view = ctx;
	char id[LISTING_ID_MAX];

	objects_id(view, listing_row(&view->list, place), id);
	return selection_has(&view->marks, id);
}

static void draw_head(const struct objects_view *view, struct canvas *canvas, struct rect rect)
{
	const struct objects_answer *found = view->found;
	AUTO(str_clear) struct str line = STR_INIT(300);
	char number[FORMAT_MAX];
	int x = rect.x + 1;

	str_addf(&line, "%s object%s%s", format_count((int64_t)view->list.count, number), view->list.count == 1 ? "" : "s",
		 *view->filter ? " that fit" : "");
	if (view->list.count == found->objects.count)
		str_addf(&line, " of %zu account%s", found->accounts.count, found->accounts.count == 1 ? "" : "s");
	else
		str_addf(&line, " of %s", format_count((int64_t)found->objects.count, number));
	str_addf(&line, ", by %s%s", objects_column_name(view->sort), view->descending ? ", the greatest first" : "");
	x += canvas_add(canvas, rect.y, x, rect.columns - 1, ROLE_DIM, line.text);
	str_reset(&line);
	if (view->failed_only)
		str_add(&line, "failed only");
	else if (found->failed)
		str_addf(&line, "%zu failed", found->failed);
	if (!view->failed_only && found->waiting)
		str_addf(&line, "%s%zu to approve", line.len ? ", " : "", found->waiting);
	canvas_add(canvas, rect.y, x + 2, rect.columns - (x - rect.x) - 2, view->failed_only ? ROLE_WARN : found->failed ? ROLE_FAILED : ROLE_WARN, line.text);
}

static const char *empty_text(const struct objects_view *view)
{
	if (deck_is_new(view->view.deck) || (view->found && view->found->accounts.count == 0))
		return VIEW_NO_ACCOUNTS;
	if (!view->found)
		return "Reading the store ...";
	if (*view->filter)
		return "Nothing fits the filter; {back} shows all.";
	if (view->failed_only)
		return "No type of any account has failed; {back} shows all.";
	return "Nothing was read yet. {dashboard} shows the accounts; {retry} reads the one under the cursor.";
}

static void draw_strip(const struct objects_view *view, struct canvas *canvas, struct rect rect)
{
	AUTO(str_clear) struct str first = STR_INIT(1000);
	AUTO(str_clear) struct str second = STR_INIT(1000);
	enum role role = ROLE_TEXT;
	size_t row = listing_current(&view->list);

	if (row != LISTING_NONE)
		object_add_words(view->view.deck, objects_account(view, row), &view->found->objects.items[row], &first, &second, &role);
	deck_draw_strip(view->view.deck, canvas, rect, role, &first, &second);
}

void objects_draw(struct objects_view *view, struct canvas *canvas, struct rect rect)
{
	struct table_source source = { .cell = put_cell, .marked = is_marked, .ctx = view };
	bool head = rect.rows >= HEAD_FROM_ROWS;

	if (!view->found || view->found->objects.count == 0) {
		view_draw_empty(&view->view, empty_text(view), canvas, rect);
		return;
	}
	if (head)
		draw_head(view, canvas, rect);
	rect.y += head;
	rect.rows -= head;
	draw_strip(view, canvas, strip_take(&rect));
	if (view->list.count == 0)
		view_draw_empty(&view->view, empty_text(view), canvas, rect);
	table_draw(&view->list.table, canvas, rect, columns, BY_COUNT, &source, true, true);
}
