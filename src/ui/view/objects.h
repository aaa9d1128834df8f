/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All objects of all accounts, for the files of their view. */
#ifndef UI_VIEW_OBJECTS_H
#define UI_VIEW_OBJECTS_H

#include "listing.h"
#include "object_row.h"
#include "view.h"

struct objects_answer {
	struct question question;
	const struct settings *settings;  /* borrowed */
	int64_t now_ms;
	struct account_list accounts;
	struct object_list objects;
	size_t *owners;                   /* owned: of each object its account's place; LISTING_NONE: it has none any more */
	size_t failed, waiting;           /* types: not read; with a sweep that waits for approval */
};

#define OBJECTS_MINUTE_MS 60000

enum objects_column { BY_STATE, BY_COMPANY, BY_TYPE, BY_LIVE, BY_OFF, BY_GONE, BY_LAG, BY_RAN, BY_NEXT, BY_FAILED, BY_WHY, BY_COUNT };

struct objects_view {
	struct view view;
	struct objects_answer *found;     /* owned; NULL: nothing yet */
	struct listing list;
	struct selection marks;
	char filter[VIEW_FILTER_MAX];
	bool failed_only;
	enum objects_column sort;
	bool descending;
	char at_account[ACCOUNT_ID_MAX], at_type[64]; /* where the cursor is to be with the next answer; "" : where it is */
};

/* Borrowed until the next answer; NULL: there is none. */
const struct object *objects_current(const struct objects_view *view);
const struct account *objects_account(const struct objects_view *view, size_t row);

/* objects_list.c: which of them are shown, in which order */
struct listing_source objects_source(const struct objects_view *view);
void objects_id(const void *ctx, size_t row, char *out);

/* objects_draw.c */
const char *objects_column_name(enum objects_column column); /* as the order is called */
const char *objects_why(const struct object *object);        /* "" : it is well */
void objects_draw(struct objects_view *view, struct canvas *canvas, struct rect rect);

#endif
