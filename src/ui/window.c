/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows that are held around a cursor: how they come, stay and go. */
#include "window.h"

#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

#define PAGE_ROWS 24 /* of a table that was not drawn yet */

static char *place_of(const struct window_rows *rows, size_t at)
{
	return rows->items + at * rows->size;
}

void window_add(struct window_rows *rows, const void *row)
{
	memory_grow(&rows->items, &rows->room, rows->count + 1, rows->size);
	memcpy(place_of(rows, rows->count++), row, rows->size);
}

static void release(struct window_rows *rows, size_t at, size_t count)
{
	for (size_t i = at; rows->release && i < at + count; i++)
		rows->release(place_of(rows, i));
}

void window_clear(struct window_rows *rows)
{
	release(rows, 0, rows->count);
	free(rows->items);
	*rows = (struct window_rows){ .size = rows->size, .release = rows->release };
}

void window_reverse(struct window_rows *rows, size_t from)
{
	AUTO(memory_freep) char *kept = memory_new(rows->size);

	for (size_t i = from, k = rows->count; i + 1 < k; i++) {
		memcpy(kept, place_of(rows, i), rows->size);
		memcpy(place_of(rows, i), place_of(rows, --k), rows->size);
		memcpy(place_of(rows, k), kept, rows->size);
	}
}

void *window_row(const struct window_rows *rows, int64_t at)
{
	return at >= 0 && at < (int64_t)rows->count ? place_of(rows, (size_t)at) : NULL;
}

void window_insert(struct window_rows *rows, struct table *table, size_t at, const void *more, size_t count)
{
	if (count == 0)
		return;
	memory_grow(&rows->items, &rows->room, rows->count + count, rows->size);
	memmove(place_of(rows, at + count), place_of(rows, at), (rows->count - at) * rows->size);
	memcpy(place_of(rows, at), more, count * rows->size);
	if (rows->count > 0 && (int64_t)at <= table->cursor)
		table_keep(table, (int64_t)(rows->count + count), table->cursor + (int64_t)count);
	rows->count += count;
	table->count = (int64_t)rows->count;
}

void window_drop(struct window_rows *rows, struct table *table, size_t at, size_t count)
{
	release(rows, at, count);
	memmove(place_of(rows, at), place_of(rows, at + count), (rows->count - at - count) * rows->size);
	rows->count -= count;
	table_keep(table, (int64_t)rows->count, table->cursor - ((int64_t)at < table->cursor ? (int64_t)count : 0));
}

int64_t window_trim(struct window_rows *rows, struct table *table, size_t most)
{
	bool above = table->cursor > (int64_t)rows->count / 2;
	size_t over = rows->count > most ? rows->count - most : 0;
	size_t apart = above ? (size_t)table->top : rows->count - (size_t)table->top - 1;

	/* Nothing of what is seen. */
	over = over < apart ? over : apart;
	if (over > 0)
		window_drop(rows, table, above ? 0 : rows->count - over, over);
	return above ? (int64_t)over : -(int64_t)over;
}

int64_t window_move(struct table *table, int64_t rows, bool is_top, bool is_bottom)
{
	int64_t to = table->cursor + rows;

	table_go(table, to);
	if (to < 0)
		return is_top ? 0 : to;
	return to >= table->count && !is_bottom ? to - table->cursor : 0;
}

int window_lacks(const struct table *table, int64_t owed, bool is_top, bool is_bottom)
{
	int64_t page = 1 + (table->page > 0 ? table->page : PAGE_ROWS);

	if (owed < 0 && !is_top)
		return -1;
	if (!is_bottom && (owed > 0 || table->top + 2 * page > table->count))
		return 1;
	return !is_top && table->top < page ? -1 : 0;
}
