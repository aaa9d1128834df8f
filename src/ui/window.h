/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rows of a long list that are held around a table's cursor, so that steps and pages ask nobody. Whoever has the list asks
 * for more before the cursor comes to an edge, and makes up for keys that came in the way. Which rows they are, and how
 * they are found, is the list's.
 */
#ifndef UI_WINDOW_H
#define UI_WINDOW_H

#include "table.h"

struct window_rows {
	size_t size;               /* bytes of a row */
	void (*release)(void *row); /* what a row owns; NULL: nothing */
	char *items;               /* owned */
	size_t count, room;
};
void window_add(struct window_rows *rows, const void *row);     /* takes what it owns */
void window_clear(struct window_rows *rows);
void window_reverse(struct window_rows *rows, size_t from);
void *window_row(const struct window_rows *rows, int64_t at);   /* NULL: it is not held */

/* Rows come, with what they own, or go: the cursor of the table over them stays with its row, which stays on its row of the screen. */
void window_insert(struct window_rows *rows, struct table *table, size_t at, const void *more, size_t count);
void window_drop(struct window_rows *rows, struct table *table, size_t at, size_t count);
/* Of more than so many, those that are farthest from the cursor go. Gives how many went at the top; negative: at the bottom. */
int64_t window_trim(struct window_rows *rows, struct table *table, size_t most);

/* The cursor goes so many rows down, or up, as far as there are any. Gives what it owes where the list goes on beyond them. */
int64_t window_move(struct table *table, int64_t rows, bool is_top, bool is_bottom);
/* Where more must be asked for, so that a cursor that owes so much meets no edge: 1 behind what is held, -1 before it, 0 nowhere. */
int window_lacks(const struct table *table, int64_t owed, bool is_top, bool is_bottom);

#endif
