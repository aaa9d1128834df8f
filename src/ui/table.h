/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows and columns with a cursor. Rows are virtual: only those on the screen are asked for. The table knows numbers of
 * rows; that a cursor stays with its thing when rows come and go is the view's, by table_keep().
 */
#ifndef UI_TABLE_H
#define UI_TABLE_H

#include "canvas.h"
#include "ledgerdeck/command/actions.h"

enum {
	COLUMN_RIGHT = 1,
	COLUMN_AMOUNT = 2, /* right, and never cut */
	COLUMN_GROWS = 4,  /* takes what is left */
	COLUMN_EXTRA = 8,  /* comes only where those with COLUMN_ENOUGH() have it */
};
/* A name that rows are told apart by: with so many columns it can be read. */
#define COLUMN_ENOUGH(columns) ((unsigned)(columns) << 8)

struct table_column {
	const char *name;
	int least, most;  /* columns it takes */
	int rank;         /* the least gets room first, the greatest goes first when there is none; 0 stays */
	unsigned flags;
};

struct table_cell {
	const char *text; /* borrowed; or `room` */
	size_t len;
	enum role role;
	int columns;      /* that it may take */
	char room[96];
};

struct table_source {
	/* A cell of a row; fill it. */
	void (*cell)(void *ctx, int64_t row, size_t column, struct table_cell *cell);
	/* NULL: none is marked. */
	bool (*marked)(void *ctx, int64_t row);
	void *ctx;
};

#define TABLE_COLUMNS_MAX 32

struct table {
	int64_t count;    /* rows */
	int64_t cursor;   /* row; 0 when there are none */
	int64_t top;      /* row that is drawn first */
	int page;         /* rows that were drawn last */
	size_t first;     /* column behind the first that is drawn: scrolled sideways by so many */
	bool gone;        /* what the cursor stood on is not there any more: a row says so, before the cursor's own */
	size_t hidden;    /* columns that had no room when drawn last */
	const char *match; /* borrowed: what was searched for, shown where it stands; NULL or "" : nothing */
};

/* The table has so many rows now, and the cursor's thing stands at `row`: it stays on its row of the screen. */
void table_keep(struct table *table, int64_t count, int64_t row);
void table_move(struct table *table, int64_t rows);       /* up when negative */
void table_go(struct table *table, int64_t row);
void table_place(struct table *table, int64_t place);     /* the cursor's row is that row of those that are drawn */
int64_t table_step(const struct table *table, enum action action); /* rows that it moves; 0: it is none that does so by a number */
bool table_act(struct table *table, enum action action);   /* moving; false: not its own */
void table_scroll(struct table *table, int columns);      /* sideways */
/* Head and rows; `head` false: rows alone. `focus`: its cursor is the terminal's. */
void table_draw(struct table *table, struct canvas *canvas, struct rect rect, const struct table_column *columns, size_t count,
		const struct table_source *source, bool head, bool focus);

void table_text(struct table_cell *cell, enum role role, const char *text); /* borrowed */
void table_format(struct table_cell *cell, enum role role, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
