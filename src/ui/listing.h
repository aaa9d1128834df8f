/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A list all of whose rows are at hand: which of them are shown and in which order, and a cursor that belongs to an id. What
 * the rows are is told by their source, which a view makes whenever it asks for something; its rows have numbers from 0 on.
 */
#ifndef UI_LISTING_H
#define UI_LISTING_H

#include "selection.h"

#define LISTING_ID_MAX SELECTION_ID_MAX /* bytes of an id with its NUL */
#define LISTING_NONE SIZE_MAX           /* no row */

struct listing_source {
	size_t count;
	void (*id)(const void *ctx, size_t row, char *out /* LISTING_ID_MAX */);
	bool (*fits)(const void *ctx, size_t row);            /* NULL: all do */
	int (*compare)(const void *ctx, size_t a, size_t b);  /* NULL, and between equals: by their numbers */
	const void *ctx;
};

struct listing {
	struct table table;
	size_t *rows;                /* owned: the numbers of those that are shown, in their order */
	size_t count, room;
	char cursor[LISTING_ID_MAX]; /* id of what the cursor stands on; "" : on the first, whichever that is */
	bool tops;                   /* on the first row it stands on whichever that is */
};

/* Each of a filter's words, with blanks between, stands in one of the places; letter case aside. */
bool listing_words_fit(const char *filter, const char *const *places, size_t count);
bool listing_knows(const struct listing_source *source, const char *id); /* it has such a row, shown or not */

void listing_clear(struct listing *listing); /* releases; empty again */
/* Anew from the source; the cursor stays with what it stood on. False: that is not shown any more. */
bool listing_arrange(struct listing *listing, const struct listing_source *source);
size_t listing_row(const struct listing *listing, int64_t place); /* LISTING_NONE: there is none */
size_t listing_current(const struct listing *listing);            /* under the cursor */
void listing_note(struct listing *listing, const struct listing_source *source); /* the cursor was moved */
bool listing_act(struct listing *listing, const struct listing_source *source, enum action action); /* moving; false: not its own */
/* To the next place up (-1) or down (1) that has it, round the end; `here`: the cursor's own row counts. False: none has. */
bool listing_find(struct listing *listing, const struct listing_source *source, int step, bool here,
		  bool (*has)(const void *ctx, size_t row));

#endif
