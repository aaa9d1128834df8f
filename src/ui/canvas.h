/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A grid of cells in memory: what views draw on. It knows nothing of terminals; screen.c alone copies it
 * to one. Everything outside its size is dropped, so views need not check; a canvas of 1x1 works, and one of 0x0.
 */
#ifndef UI_CANVAS_H
#define UI_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/str.h"
#include "ledgerdeck/core/text.h"

/* What a piece of text means; a theme says how it looks. */
enum role {
	ROLE_TEXT,
	ROLE_DIM,        /* of less weight: frames of mind, hints */
	ROLE_BORDER,
	ROLE_TITLE,      /* a pane's name */
	ROLE_FOCUS,      /* the name of the pane that has the keys */
	ROLE_COLUMN,     /* a table's head */
	ROLE_OK,
	ROLE_RUNNING,
	ROLE_WAITING,
	ROLE_WARN,
	ROLE_FAILED,
	ROLE_STALE,
	ROLE_MARKED,
	ROLE_MATCH,      /* what a search found */
	ROLE_KEY,        /* a key's name in hints */
	ROLE_INPUT,      /* what is being typed */
	ROLE_BAR,        /* the line of identity */
	ROLE_PRODUCTION, /* the word on it that must not be overlooked */
	ROLE_MESSAGE,
	ROLE_ERROR,
	ROLE_LINK,       /* an address */
	ROLE_CODE,       /* a QR code: dark on light on any terminal */
	ROLE_COUNT
};

#define CANVAS_BYTES 16 /* of one cluster; what a terminal cell takes of marks */

struct canvas_cell {
	char bytes[CANVAS_BYTES]; /* UTF-8, zeros behind; "" : the right half of a wide cluster */
	uint8_t width;            /* 1 or 2; 0: a right half */
	uint8_t role;
	uint8_t cursor;           /* on the row under the cursor */
	uint8_t raw;              /* not drawn: written by itself, see canvas_raw() */
};

struct rect {
	int y, x, rows, columns;
};

/* Text that goes to the terminal as it is and all at once, so that it can be selected as one line (an address). */
struct canvas_raw {
	int y, x;
	const char *text; /* borrowed: the view's, until it is drawn anew; printable ASCII */
	int columns;      /* where it wraps: the terminal's width */
};

/* A row that can be chosen by its number, on a plain canvas. */
struct canvas_choice {
	int y;
	int64_t row;         /* of the table */
};

struct table;

/* What is drawn becomes lines that are read out: no rules, and rows that can be chosen. */
struct canvas_plain {
	struct canvas_choice *choices; /* owned */
	size_t count, room;
	struct table *table; /* borrowed, the view's: whose rows they are; NULL: none */
};

/* What stands in a place, for the mouse. */
struct canvas_spot {
	struct rect rect;
	struct table *table; /* borrowed, the view's; NULL: it is none's */
	int64_t row;         /* of the table; -1: it is none */
	int action;          /* without a table: what a click does, one of enum action */
};

struct canvas {
	int rows, columns;
	struct canvas_cell *cells; /* owned; by rows */
	enum text_mode mode;       /* how strangers' text is shown */
	bool ascii;                /* no line drawing, no signs beyond ASCII */
	struct rect clip;          /* nothing is drawn outside */
	int cursor_y, cursor_x;    /* where the terminal's cursor rests; -1: bottom right */
	bool cursor_shown;         /* somebody types there */
	struct canvas_raw raw;     /* text NULL: none */
	struct canvas_plain *plain; /* borrowed; NULL: it is a screen */
	struct canvas_spot *spots; /* owned; what lies above others comes later */
	size_t spot_count, spot_room;
};

void canvas_init(struct canvas *canvas, enum text_mode mode);
void canvas_clear(struct canvas *canvas);                /* releases */
void canvas_resize(struct canvas *canvas, int rows, int columns); /* blank, all of it its clip */
void canvas_blank(struct canvas *canvas);                /* all blank again */
bool canvas_equal(const struct canvas *a, const struct canvas *b); /* nothing visible differs */
struct canvas_cell *canvas_at(const struct canvas *canvas, int y, int x); /* NULL outside */

/* A view draws inside its rectangle: set it as clip, and put the former back. */
struct rect canvas_enter(struct canvas *canvas, struct rect rect); /* returns the former clip */
void canvas_leave(struct canvas *canvas, struct rect former);

void canvas_fill(struct canvas *canvas, struct rect rect, enum role role);
/*
 * Strangers' text, made harmless, in at most `columns` columns; what does not fit ends with a sign of being cut. Gives the
 * columns that were drawn.
 */
int canvas_text(struct canvas *canvas, int y, int x, int columns, enum role role, const char *text, size_t len);
int canvas_add(struct canvas *canvas, int y, int x, int columns, enum role role, const char *text);
/* The same at the right end of the columns. An amount is never cut: without room it shows as "#". */
void canvas_right(struct canvas *canvas, int y, int x, int columns, enum role role, const char *text);
void canvas_amount(struct canvas *canvas, int y, int x, int columns, enum role role, const char *text);
/* Words over several rows; gives the rows that it takes. `draw` false: only count. */
int canvas_wrap(struct canvas *canvas, struct rect rect, enum role role, const char *text, size_t len, bool draw);
void canvas_cursor_row(struct canvas *canvas, int y, int x, int columns); /* the row under the cursor; role kept */
void canvas_hline(struct canvas *canvas, int y, int x, int columns);
void canvas_vline(struct canvas *canvas, int y, int x, int rows);
void canvas_raw(struct canvas *canvas, int y, int x, const char *text);
/* What a click there is for, as far as it is inside of the clip. */
void canvas_spot(struct canvas *canvas, struct canvas_spot spot);
const struct canvas_spot *canvas_spot_at(const struct canvas *canvas, int y, int x); /* NULL: nothing */

/* As text, a line per row without blanks at its end: for tests and :dump. */
void canvas_dump(const struct canvas *canvas, struct str *out);
/* The roles beside it: a letter per cell, "." for ROLE_TEXT, upper case on the cursor's row. */
void canvas_dump_roles(const struct canvas *canvas, struct str *out);

#endif
