/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a table fits its columns to the room there is, and draws the rows that are seen. */
#include "table.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

#define GAP 1 /* columns between two */
#define SIGN 2 /* before the first column: the cursor's and the mark's */

void table_text(struct table_cell *cell, enum role role, const char *text)
{
	cell->text = text;
	cell->len = strlen(text);
	cell->role = role;
}

void table_format(struct table_cell *cell, enum role role, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(cell->room, sizeof(cell->room), format, args);
	va_end(args);
	table_text(cell, role, cell->room);
}

static void show_cursor(struct table *table)
{
	int64_t last;

	if (table->cursor >= table->count)
		table->cursor = table->count - 1;
	if (table->cursor < 0)
		table->cursor = 0;
	if (table->cursor < table->top)
		table->top = table->cursor;
	if (table->page > 0 && table->cursor >= table->top + table->page)
		table->top = table->cursor - table->page + 1;
	last = table->count - (table->page > 0 ? table->page : 1);
	if (table->top > last)
		table->top = last;
	if (table->top < 0)
		table->top = 0;
}

void table_keep(struct table *table, int64_t count, int64_t row)
{
	int64_t place = table->cursor - table->top;

	table->count = count;
	table->cursor = row;
	table->top = row - place;
	show_cursor(table);
}

void table_go(struct table *table, int64_t row)
{
	table->cursor = row < 0 ? 0 : row;
	show_cursor(table);
}

void table_place(struct table *table, int64_t place)
{
	table->top = table->cursor - place;
	show_cursor(table);
}

void table_move(struct table *table, int64_t rows)
{
	table_go(table, table->cursor + rows);
}

int64_t table_step(const struct table *table, enum action action)
{
	int64_t page = table->page > 1 ? table->page - 1 : 1;

	switch (action) {
	case ACTION_UP:
		return -1;
	case ACTION_DOWN:
		return 1;
	case ACTION_HALF_UP:
		return -(page + 1) / 2;
	case ACTION_HALF_DOWN:
		return (page + 1) / 2;
	case ACTION_PAGE_UP:
		return -page;
	case ACTION_PAGE_DOWN:
		return page;
	default:
		return 0;
	}
}

bool table_act(struct table *table, enum action action)
{
	int64_t rows = table_step(table, action);

	if (action == ACTION_FIRST)
		table_go(table, 0);
	else if (action == ACTION_LAST)
		table_go(table, table->count);
	else if (rows != 0)
		table_move(table, rows);
	else
		return false;
	return true;
}

void table_scroll(struct table *table, int columns)
{
	if (columns < 0)
		table->first = table->first < (size_t)-columns ? 0 : table->first - (size_t)-columns;
	else if (table->hidden > 0)
		table->first += (size_t)columns;
}

/* ---- columns */

struct layout {
	int widths[TABLE_COLUMNS_MAX]; /* 0: has no room */
	size_t count;
};

static int sum(const struct layout *layout)
{
	int total = 0;

	for (size_t i = 0; i < layout->count; i++)
		total += layout->widths[i] ? layout->widths[i] + GAP : 0;
	return total ? total - GAP : 0;
}

/* Of those with all of the flags. */
static bool drop_one(struct layout *layout, const struct table_column *columns, unsigned flags)
{
	size_t worst = layout->count;

	for (size_t i = 0; i < layout->count; i++)
		if (layout->widths[i] && columns[i].rank > 0 && (columns[i].flags & flags) == flags &&
		    (worst == layout->count || columns[i].rank >= columns[worst].rank))
			worst = i;
	if (worst == layout->count)
		return false;
	layout->widths[worst] = 0;
	return true;
}

static int enough(const struct table_column *column)
{
	return (int)(column->flags >> 8);
}

static int most(const struct table_column *column)
{
	return column->most;
}

/* What names lack to be read. */
static int lacking(const struct layout *layout, const struct table_column *columns)
{
	int total = 0;

	for (size_t i = 0; i < layout->count; i++)
		if (layout->widths[i] && enough(&columns[i]) > layout->widths[i])
			total += enough(&columns[i]) - layout->widths[i];
	return total;
}

/* In the order of their rank they get what is wanted. */
static void widen_to(struct layout *layout, const struct table_column *columns, int (*wanted)(const struct table_column *column), int room)
{
	for (int rank = 0; rank <= TABLE_COLUMNS_MAX; rank++) {
		for (size_t i = 0; i < layout->count; i++) {
			int wish = layout->widths[i] && columns[i].rank == rank ? wanted(&columns[i]) - layout->widths[i] : 0;
			int more = wish > 0 ? room - sum(layout) : 0;

			if (more > 0)
				layout->widths[i] += wish < more ? wish : more;
		}
	}
}

/* Names first, then all as they would like; then those that grow get the rest. */
static void widen(struct layout *layout, const struct table_column *columns, int room)
{
	widen_to(layout, columns, enough, room);
	widen_to(layout, columns, most, room);
	for (size_t i = 0; i < layout->count; i++)
		if (layout->widths[i] && (columns[i].flags & COLUMN_GROWS) && room > sum(layout))
			layout->widths[i] += room - sum(layout);
}

static void fit(struct table *table, struct layout *layout, const struct table_column *columns, size_t count, int room)
{
	layout->count = count < TABLE_COLUMNS_MAX ? count : TABLE_COLUMNS_MAX;
	for (size_t i = 0; i < layout->count; i++)
		layout->widths[i] = i > 0 && i <= table->first ? 0 : columns[i].least;
	table->hidden = 0;
	while (sum(layout) > room && drop_one(layout, columns, 0))
		table->hidden++;
	while (sum(layout) + lacking(layout, columns) > room && drop_one(layout, columns, COLUMN_EXTRA))
		table->hidden++;
	widen(layout, columns, room);
}

/* ---- drawing */

/* What was searched for, where it is seen whole. */
static void draw_matches(struct canvas *canvas, int y, int x, int width, const struct table_cell *cell, const char *match)
{
	const char *end = cell->text + cell->len, *at = cell->text;
	int wide = (int)text_width(canvas->mode, match, strlen(match));

	while ((at = strcasestr(at, match)) != NULL && at < end) {
		int from = (int)text_width(canvas->mode, cell->text, (size_t)(at - cell->text));

		if (from + wide > width)
			return;
		for (int i = from; i < from + wide; i++) {
			struct canvas_cell *seen = canvas_at(canvas, y, x + i);

			if (seen)
				seen->role = ROLE_MATCH;
		}
		at += strlen(match);
	}
}

static void draw_cell(struct canvas *canvas, int y, int x, int width, unsigned flags, const struct table_cell *cell, const char *match)
{
	if (flags & COLUMN_AMOUNT) {
		canvas_amount(canvas, y, x, width, cell->role, cell->text);
	} else if (flags & COLUMN_RIGHT) {
		canvas_right(canvas, y, x, width, cell->role, cell->text);
	} else {
		canvas_text(canvas, y, x, width, cell->role, cell->text, cell->len);
		if (match && *match)
			draw_matches(canvas, y, x, width, cell, match);
	}
}

static void draw_head(struct canvas *canvas, int y, int x, const struct layout *layout, const struct table_column *columns)
{
	for (size_t i = 0; i < layout->count; i++) {
		if (!layout->widths[i])
			continue;
		if (columns[i].flags & (COLUMN_RIGHT | COLUMN_AMOUNT))
			canvas_right(canvas, y, x, layout->widths[i], ROLE_COLUMN, columns[i].name);
		else
			canvas_add(canvas, y, x, layout->widths[i], ROLE_COLUMN, columns[i].name);
		x += layout->widths[i] + GAP;
	}
}

static void draw_row(struct canvas *canvas, int y, int x, int64_t row, const struct layout *layout, const struct table_column *columns,
		     const struct table_source *source, const char *match)
{
	for (size_t i = 0; i < layout->count; i++) {
		struct table_cell cell = { .text = "", .role = ROLE_TEXT, .columns = layout->widths[i] };

		if (!layout->widths[i])
			continue;
		source->cell(source->ctx, row, i, &cell);
		draw_cell(canvas, y, x, layout->widths[i], columns[i].flags, &cell, match);
		x += layout->widths[i] + GAP;
	}
}

static void draw_gone(struct canvas *canvas, struct rect rect, bool focus)
{
	canvas_add(canvas, rect.y, rect.x, 1, focus ? ROLE_TEXT : ROLE_DIM, ">");
	canvas_add(canvas, rect.y, rect.x + SIGN, rect.columns - SIGN, ROLE_WARN, "gone");
	if (!focus)
		return;
	canvas_cursor_row(canvas, rect.y, rect.x, rect.columns);
	canvas->cursor_y = rect.y;
	canvas->cursor_x = rect.x;
}

static void add_choice(struct canvas_plain *plain, struct table *table, int y, int64_t row)
{
	memory_grow(&plain->choices, &plain->room, plain->count + 1, sizeof(*plain->choices));
	plain->choices[plain->count++] = (struct canvas_choice){ y, row };
	plain->table = table;
}

void table_draw(struct table *table, struct canvas *canvas, struct rect rect, const struct table_column *columns, size_t count,
		const struct table_source *source, bool head, bool focus)
{
	struct rect former = canvas_enter(canvas, rect);
	int y = rect.y + (head && rect.rows > 1);
	struct layout layout;

	table->page = rect.rows - (y - rect.y);
	show_cursor(table);
	fit(table, &layout, columns, count, rect.columns - SIGN);
	canvas_spot(canvas, (struct canvas_spot){ .rect = rect, .table = table, .row = -1 });
	if (y > rect.y)
		draw_head(canvas, rect.y, rect.x + SIGN, &layout, columns);
	for (int64_t row = table->top; row < table->count && y < rect.y + rect.rows; row++, y++) {
		bool here = row == table->cursor && !table->gone;

		if (row == table->cursor && table->gone)
			draw_gone(canvas, (struct rect){ y++, rect.x, 1, rect.columns }, focus);
		canvas_spot(canvas, (struct canvas_spot){ .rect = { y, rect.x, 1, rect.columns }, .table = table, .row = row });
		if (focus && canvas->plain)
			add_choice(canvas->plain, table, y, row);
		draw_row(canvas, y, rect.x + SIGN, row, &layout, columns, source, table->match);
		if (source->marked && source->marked(source->ctx, row))
			canvas_add(canvas, y, rect.x + 1, 1, ROLE_MARKED, "*");
		if (!here)
			continue;
		canvas_add(canvas, y, rect.x, 1, focus ? ROLE_TEXT : ROLE_DIM, ">");
		if (focus) {
			canvas_cursor_row(canvas, y, rect.x, rect.columns);
			canvas->cursor_y = y;
			canvas->cursor_x = rect.x;
		}
	}
	if (table->count == 0 && table->gone && y < rect.y + rect.rows)
		draw_gone(canvas, (struct rect){ y, rect.x, 1, rect.columns }, focus);
	canvas_leave(canvas, former);
}
