/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A stretch of a list whose rows have growing numbers, the newest first: it is held around the table's cursor, so that a
 * million rows cost no more than ten. More is asked for before the cursor comes to an edge. What fits may be far apart: the
 * reader looks at so many rows at once, and goes on when the next question comes.
 */
#ifndef UI_STRETCH_H
#define UI_STRETCH_H

#include "ledgerdeck/store/log.h"
#include "window.h"

#define STRETCH_LOOKED_MAX 10000 /* rows that are looked at for one answer: some hundredths of a second */

/* How far was looked in one direction; what is behind `no` is not known yet, unless `done`. */
struct edge {
	int64_t no, at_ms;
	bool done;
};

/* ---- a question */

enum stretch_asking { STRETCH_START, STRETCH_LAST, STRETCH_OLDER, STRETCH_NEWER, STRETCH_HIT };

struct stretch_ask {
	enum stretch_asking asking;
	int64_t from;           /* START: the row that stays, 0: the newest; else where it goes on */
	int64_t limit;
	bool backwards;         /* HIT: towards the newer ones */
	/* the answer */
	struct window_rows rows; /* each begins with its number, an int64_t, and owns nothing; the newest first */
	struct edge newer, older;
	int64_t hit;            /* 0: none so far */
};

struct stretch_bounds {
	int64_t after_no, before_no; /* 0: no bound */
	int64_t limit;
	bool newest_first;
	bool any;               /* whether it fits or not */
};
/* The reader's thread: rows within the bounds, in their order, of at most STRETCH_LOOKED_MAX that are looked at. */
typedef bool stretch_list(void *ctx, struct store *store, const struct stretch_bounds *bounds, struct window_rows *rows, struct log_look *ret_look,
			  struct error *err);
/* Answers the question. `ctx` is the list's. */
bool stretch_read(struct stretch_ask *ask, stretch_list *list, void *ctx, struct store *store, struct error *err);

/* ---- what is held */

struct stretch {
	struct window_rows rows;
	struct edge newer, older;
	struct table table;     /* its rows are those that are held */
	bool loaded;            /* the first answer has come */
	int64_t owed;           /* rows that the cursor has still to go, beyond what is held */
};
void stretch_clear(struct stretch *stretch);
void *stretch_row(const struct stretch *stretch, int64_t place);   /* NULL: it is not held */
int64_t stretch_no(const struct stretch *stretch, int64_t place);  /* 0: it is not held */
/* Where the row with a number stands, or would stand. */
size_t stretch_place(const struct stretch *stretch, int64_t no, bool *ret_there);
/* So many rows down, or up: as far as there are any, the rest is owed until more are held. */
void stretch_move(struct stretch *stretch, int64_t rows);
/* What is to be asked so that the cursor meets no edge; false: nothing. `follows`: the newest are wanted wherever it is. */
bool stretch_wants(const struct stretch *stretch, bool follows, struct stretch_ask *ret_ask);
struct stretch_ask stretch_start(int64_t no /* that stays; 0: the newest */);
struct stretch_ask stretch_last(void);
/* Takes what was answered to any of these. */
void stretch_take(struct stretch *stretch, const struct stretch_ask *ask);

/* What is being looked for still, where that may take a while: fewer than so many rows are there, or a text is hunted. Nothing
 * otherwise. Appended, with "{back}" for its key. */
struct hunt;
void stretch_add_search(const struct stretch *stretch, const struct hunt *hunt, int rows, struct str *out);

/* ---- looking for a text */

struct hunt {
	char text[100];         /* "" : for nothing */
	int places;             /* to go to: older ones, negative: newer */
	int64_t from;           /* it has come to this row */
};
/* So many places more, from the cursor on. */
void hunt_go(struct hunt *hunt, const struct stretch *stretch, int places);
/* What is to be asked; the list looks for the text besides. `places` must not be 0. */
struct stretch_ask hunt_ask(const struct hunt *hunt);
enum hunt_end { HUNT_GOES_ON, HUNT_NOWHERE, HUNT_THERE /* the cursor has gone there */, HUNT_ELSEWHERE /* `from` is not held */ };
enum hunt_end hunt_take(struct hunt *hunt, struct stretch *stretch, const struct stretch_ask *ask);

#endif
