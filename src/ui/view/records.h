/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of records, for the files that make it up: what is held of it, how it is looked for, its columns. */
#ifndef UI_VIEW_RECORDS_H
#define UI_VIEW_RECORDS_H

#include "format.h"
#include "selection.h"
#include "sorter.h"
#include "view.h"
#include "window.h"

struct kept_row {                   /* with all its texts, in one piece */
	size_t size;                /* of it and them */
	struct sort_key key;        /* what the list's order goes by; its text is of this row */
	struct record_place place;
	enum record_state state;
	const char *id, *title, *version;
	const char *cells[TYPE_FIELDS_MAX]; /* as they are shown */
};

/* A window's rows are pointers to them, owned. */
struct window_rows kept_rows(void);
struct kept_row *kept_row_copy(const struct kept_row *row);

/* ---- looking: a question that comes back every few milliseconds with what it has found so far */

enum wish {
	WISH_NONE,
	WISH_TOP,       /* the first rows */
	WISH_BOTTOM,    /* the last */
	WISH_AROUND,    /* those around a row, or around the one so many rows from it */
	WISH_DOWN,      /* those behind a row */
	WISH_UP,        /* those before it */
	WISH_COUNT,     /* none: how many there are */
	WISH_MARK,      /* none: all their ids */
	WISH_STOP,      /* no more of what is looked for */
};

struct looking_for {
	const struct type *type;    /* borrowed: the catalogue */
	struct filter filter;
	bool filtered;
	enum record_order order;
	size_t field;
	bool descending;
	int64_t then_ms;            /* as the mirror had them then; 0: as they are */
	enum personal personal;
};

/* Is each record looked at before the first is shown? No index has them in their order. */
bool looks_at_all(const struct looking_for *what);

enum look_stage { LOOK_BEGIN, LOOK_MOVE, LOOK_UP, LOOK_DOWN, LOOK_SORT, LOOK_DONE };

struct look {
	struct question question;
	struct env env;
	char account_id[ACCOUNT_ID_MAX];
	struct looking_for what;
	enum wish wish;
	struct kept_row *anchor;    /* owned: the row it begins at; NULL: none */
	char anchor_id[RECORD_ID_MAX]; /* instead of the row: it is found first; "" : none */
	int64_t move;               /* WISH_AROUND: rows from the anchor, up when negative */
	size_t rows;                /* wanted, each way */
	/* on its way */
	enum look_stage stage;
	struct record_place at;     /* the walk goes on there */
	struct record_place middle; /* where up and down part */
	struct sorter above, below;
	int64_t until_ms;           /* ticks: then it comes back */

	/* the answer so far */
	bool is_object;             /* the object is there */
	struct account account;
	struct object object;
	struct record_moment moment; /* of what.then_ms */
	struct window_rows up, down;  /* the nearest first; taken by whoever looks */
	bool is_top, is_bottom;     /* the list begins or ends with them */
	bool is_gone;               /* the anchor is not there any more */
	int64_t moved;              /* of `move`, what there was */
	int64_t looked_at, count;   /* records, those that fit among them */
	struct str ids;             /* WISH_MARK: each with a NUL behind it */
	int64_t took_ms;
};

struct look *look_new(const struct env *env, const char *account_id, const struct looking_for *what, enum wish wish, size_t rows);

/* ---- the view */

#define RECORDS_COLUMNS_MAX 24
enum { SHOWS_CHANGED = -1, SHOWS_TITLE = -2, SHOWS_STATE = -3, SHOWS_ID = -4, SHOWS_VERSION = -5 }; /* and fields by their index */

struct records_view {
	struct view view;
	char account_id[ACCOUNT_ID_MAX];
	const struct type *type;    /* borrowed: the catalogue */
	bool is_read;               /* the first answer has come */
	struct account account;
	struct object object;
	bool is_object;
	/* what is held of the list */
	struct window_rows rows;
	bool is_top, is_bottom;
	int64_t first;              /* place of the first row in the whole list; -1: not known */
	bool is_about;              /* the list has changed since that was known */
	struct table table;         /* over the held rows */
	struct selection marks;
	int widths[TYPE_FIELDS_MAX + 1]; /* of the widest texts that were held; the title's last */
	struct amount_width {
		int whole, places;  /* before the decimal mark; from it on */
	} amounts[TYPE_FIELDS_MAX];
	int id_width;
	int shows[RECORDS_COLUMNS_MAX]; /* the columns in their order */
	size_t column_count;
	uint64_t chosen_version;    /* of the deck's choice that these are */
	bool is_chosen;             /* by an operator, not by the catalogue */
	bool is_choosing;           /* the panel of columns has the keys */
	size_t choice;              /* its row */
	/* what is wanted */
	char filter[VIEW_FILTER_MAX];      /* as typed */
	struct filter conditions;   /* of the last text that was right */
	bool filtered;
	int sort;                   /* as the columns: SHOWS_... or a field */
	bool descending;
	int64_t then_ms;            /* as the mirror had them then; 0: as they are */
	enum personal personal;     /* what of a list that is opened again may be filtered and sorted by */
	struct looking_for shown;   /* what the held rows are */
	enum wish doing, wish;      /* under way; next */
	bool is_fresh;              /* what comes replaces what is held */
	bool is_stale;              /* read again when nothing else is wanted */
	bool is_old;                /* the store has changed, and reading again takes long: when asked to */
	bool is_halted;             /* an operator has stopped it: it goes on with the next key */
	char at_id[RECORD_ID_MAX];  /* where the cursor is to be at first; "" : at the top */
	bool is_forced;             /* it was asked to */
	bool is_other;              /* another filter: the columns' widths begin anew */
	bool awaits;                /* the list from its top or bottom: keys are meant for that */
	int64_t owed;               /* rows to move once they are there */
	int64_t asked_at;           /* the cursor's row when it was asked */
	int64_t looked_at;          /* of what is under way */
	int64_t took_ms;            /* the last time that all was read again */
	int64_t count;              /* that fit, as last counted; -1: never */
	int64_t counted;            /* so far */
	int64_t count_ms;
	bool is_counted;
};

/* records_look.c: what is held follows what is wanted. */
void records_want(struct records_view *view, enum wish wish);
void records_follow(struct records_view *view);
void records_move(struct records_view *view, int64_t rows);
void records_answer(struct records_view *view, struct question *question);
void records_refresh(struct records_view *view);
int64_t records_total(const struct records_view *view);
bool records_stop(struct records_view *view);  /* what takes long; false: nothing does */
const struct kept_row *records_row(const struct records_view *view, int64_t row); /* NULL: none */

/* records_choose.c: the columns. */
bool records_choose(struct records_view *view, enum action action); /* false: no action of the panel */
int records_choices_columns(int columns);  /* that the panel takes of so many, at their right end */
void records_draw_choices(const struct records_view *view, struct canvas *canvas, struct rect rect);
bool records_take_columns(struct records_view *view, const char *names, struct error *err); /* "ID,TotalAmt"; "" : the usual ones */
void records_keep_columns(struct records_view *view);   /* for all lists of the type */
void records_follow_columns(struct records_view *view); /* as they were chosen last in one of them */

/* records_draw.c */
const char *records_column_name(const struct type *type, int shows);
size_t records_usual(const struct type *type, int *shows); /* RECORDS_COLUMNS_MAX of them at most */
size_t records_columns(const struct records_view *view, struct table_column *columns);
void records_draw(struct records_view *view, struct canvas *canvas, struct rect rect);

#endif
