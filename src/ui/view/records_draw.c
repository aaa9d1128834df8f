/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of records on the canvas: its columns, which the catalogue knows and an operator chooses from, and its state. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "moment.h"
#include "records.h"

/* As wide as the widest, within bounds. */
static int at_least(int least, int width, int most)
{
	width = width < most ? width : most;
	return width > least ? width : least;
}

static bool is_amount(const struct records_view *view, int shows)
{
	return shows >= 0 && (view->type->fields[shows].kind == FIELD_MONEY || view->type->fields[shows].kind == FIELD_NUMBER);
}

const char *records_column_name(const struct type *type, int shows)
{
	static const char *const own[] = { [-SHOWS_CHANGED] = "CHANGED", [-SHOWS_TITLE] = "TITLE", [-SHOWS_STATE] = "STATE",
					   [-SHOWS_ID] = "ID", [-SHOWS_VERSION] = "VERSION" };

	return shows < 0 ? own[-shows] : type->fields[shows].name;
}

static struct table_column field_column(const struct records_view *view, size_t field)
{
	const char *name = view->type->fields[field].name;
	const struct amount_width *amount = &view->amounts[field];
	int width = view->widths[field], length = (int)strlen(name);

	/* Amounts are what one looks for: they come first, and all of them is shown. */
	if (is_amount(view, (int)field))
		return (struct table_column){ name, at_least(length < 12 ? length : 12, amount->whole + amount->places, 60),
					      at_least(length, amount->whole + amount->places, 60), 1, COLUMN_AMOUNT };
	return (struct table_column){ name, at_least(4, width, 12), at_least(length, width, 40), (int)field + 4, 0 };
}

static struct table_column column_of(const struct records_view *view, int shows)
{
	int title = view->widths[TYPE_FIELDS_MAX];
	const char *name = records_column_name(view->type, shows);

	if (shows >= 0)
		return field_column(view, (size_t)shows);
	switch (shows) {
	case SHOWS_STATE:
		return (struct table_column){ name, 10, 10, 3, 0 };
	case SHOWS_TITLE:
		return (struct table_column){ name, at_least(5, title, 24), at_least(5, title, 60), 0, 0 };
	case SHOWS_CHANGED:
		return (struct table_column){ name, 16, 16, 2, 0 };
	case SHOWS_ID:
		return (struct table_column){ name, at_least(4, view->id_width, RECORD_ID_MAX), at_least(4, view->id_width, RECORD_ID_MAX), 1, 0 };
	default:
		return (struct table_column){ name, 8, 20, 2, 0 };
	}
}

/* What is shown until an operator chooses: the title, what the catalogue lists, and when it was changed. */
size_t records_usual(const struct type *type, int *shows)
{
	size_t count = 0;

	shows[count++] = SHOWS_STATE;
	shows[count++] = SHOWS_TITLE;
	for (size_t i = 0; i < type->field_count; i++)
		if (type->fields[i].listed && strcmp(type->fields[i].path, type->title) != 0)
			shows[count++] = (int)i;
	shows[count++] = SHOWS_CHANGED;
	return count;
}

size_t records_columns(const struct records_view *view, struct table_column *columns)
{
	for (size_t i = 0; i < view->column_count; i++)
		columns[i] = column_of(view, view->shows[i]);
	/* Of chosen ones the first are wanted most. */
	for (size_t i = 0; view->is_chosen && i < view->column_count; i++)
		columns[i].rank = (int)i;
	return view->column_count;
}

/* ---- cells */

/* So that the decimal marks of a column stand below one another. */
static void put_amount(const struct records_view *view, int shows, const char *text, struct table_cell *cell)
{
	const char *mark = strchr(text, '.');
	int places = mark ? (int)strlen(mark) : 0, room = view->amounts[shows].places - places;

	if (!*text || room <= 0 || strlen(text) + (size_t)room >= sizeof(cell->room))
		table_text(cell, *text == '-' ? ROLE_FAILED : cell->role, text);
	else
		table_format(cell, *text == '-' ? ROLE_FAILED : cell->role, "%s%*s", text, room, "");
}

static void put_own(const struct records_view *view, const struct kept_row *row, int shows, struct table_cell *cell)
{
	struct mark mark = mark_of_record(view->type, row->state);
	char text[FORMAT_MAX];

	switch (shows) {
	case SHOWS_STATE:
		table_format(cell, mark.role, "%s %s", mark.glyph, mark.word);
		break;
	case SHOWS_TITLE:
		table_text(cell, cell->role, row->title);
		break;
	case SHOWS_CHANGED:
		table_format(cell, ROLE_DIM, "%.16s", row->place.has_time ? format_stamp(row->place.time_ms, text) : "");
		break;
	case SHOWS_ID:
		table_text(cell, cell->role, row->id);
		break;
	default:
		table_text(cell, ROLE_DIM, row->version);
		break;
	}
}

static void put_cell(void *ctx, int64_t number, size_t column, struct table_cell *cell)
{
	const struct records_view *view = ctx;
	const struct kept_row *row = records_row(view, number);
	int shows = view->shows[column];

	cell->role = row->state == RECORD_LIVE ? ROLE_TEXT : ROLE_DIM;
	if (shows < 0)
		put_own(view, row, shows, cell);
	else if (is_amount(view, shows))
		put_amount(view, shows, row->cells[shows], cell);
	else
		table_text(cell, cell->role, row->cells[shows]);
}

static bool is_marked(void *ctx, int64_t number)
{
	const struct records_view *view = ctx;

	return selection_has(&view->marks, records_row(view, number)->id);
}

/* ---- the line above */

static void add_state(const struct records_view *view, struct str *line)
{
	int64_t all = view->object.live + view->object.inactive + view->object.voided + view->object.deleted;
	const char *what = view->doing == WISH_COUNT ? "counting" : view->doing == WISH_MARK ? "marking"
			   : looks_at_all(&view->shown) ? "sorting" : "looking";

	if (view->looked_at > 0)
		str_addf(line, "; %s, %d %%, {back} stops it", what,
			 (int)(all > view->looked_at ? view->looked_at * 100 / all : 99));
	else if (view->is_halted)
		str_add(line, "; stopped");
	else if (view->is_old)
		str_add(line, "; changed since, {re-read} reads it again");
}

static void draw_head(const struct records_view *view, struct canvas *canvas, struct rect rect)
{
	AUTO(str_clear) struct str line = STR_INIT(300);
	int64_t total = records_total(view), at = view->first + view->table.cursor + 1;
	char number[FORMAT_MAX], place[2 * FORMAT_MAX + 8] = "";
	int used;

	if (total >= 0)
		str_addf(&line, "%s %s", format_count(total, number), view->type->name);
	else
		str_addf(&line, "%s+ %s", format_count(view->counted > (int64_t)view->rows.count ? view->counted : (int64_t)view->rows.count,
						      number), view->type->name);
	str_add(&line, view->shown.filtered ? " that fit" : "");
	moment_add(view->shown.then_ms, &line);
	/* What goes on has the room: the order is known to who asked for it. */
	if (view->looked_at == 0)
		str_addf(&line, ", by %s%s", view->shown.order == RECORD_BY_TITLE ? "title" : view->shown.order == RECORD_BY_ID ? "id"
			 : view->shown.order == RECORD_BY_TIME ? "time of change" : view->type->fields[view->shown.field].name,
			 view->shown.descending ? ", the greatest first" : "");
	add_state(view, &line);
	used = deck_draw(view->view.deck, canvas, rect.y, rect.x + 1, rect.columns - 1, ROLE_DIM, line.text);
	if (view->first >= 0 && view->rows.count > 0)
		snprintf(place, sizeof(place), "%s%s", view->is_about ? "~" : "", format_count(at, number));
	if (used + 4 + (int)strlen(place) < rect.columns)
		canvas_right(canvas, rect.y, rect.x, rect.columns - 1, ROLE_DIM, place);
}

void records_draw(struct records_view *view, struct canvas *canvas, struct rect rect)
{
	struct table_source source = { .cell = put_cell, .marked = is_marked, .ctx = view };
	struct table_column columns[RECORDS_COLUMNS_MAX];
	size_t count = records_columns(view, columns);
	int panel = view->is_choosing ? records_choices_columns(rect.columns) : 0;

	if (panel > 0)
		records_draw_choices(view, canvas, (struct rect){ rect.y, rect.x + rect.columns - panel, rect.rows, panel });
	/* Beside the panel, not below it: nothing of an amount may be covered. */
	rect.columns -= panel;
	draw_head(view, canvas, rect);
	if (view->rows.count == 0 && view->looked_at == 0)
		deck_draw(view->view.deck, canvas, rect.y + 2, rect.x + 2, rect.columns - 2, ROLE_DIM,
			  view->shown.filtered ? "Nothing fits the filter; {back} shows all." : view->shown.then_ms ? "The mirror had none then; {back} shows what it has."
					       : view->object.success_ms ? "The ledger has none." : "Nothing was read yet; {retry} reads it.");
	table_draw(&view->table, canvas, (struct rect){ rect.y + 1, rect.x, rect.rows - 1, rect.columns }, columns, count, &source, true,
		   !view->is_choosing);
}
