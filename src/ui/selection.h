/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The marks of a list. They belong to ids, not to rows: whatever is sorted, filtered or read again, the same things stay
 * marked, also those that are not shown just now.
 */
#ifndef UI_SELECTION_H
#define UI_SELECTION_H

#include "table.h"

#define SELECTION_ID_MAX 96     /* bytes of an id with its NUL; longer ones are not marked */
#define SELECTION_MAX 100000    /* who means more than that means a filter */

struct selection {
	char **slots;           /* owned, and what they point to: a hash table, NULL is free */
	size_t room, count;
	char last[SELECTION_ID_MAX]; /* marked last: where a range begins; "" none */
};

void selection_clear(struct selection *selection);   /* releases: nothing is marked */
bool selection_has(const struct selection *selection, const char *id);
/* False: there is no room for more, or the id is too long. */
bool selection_add(struct selection *selection, const char *id);
void selection_remove(struct selection *selection, const char *id);
/* One after the other in no order; `at` starts as 0. NULL: no more. Nothing may be added or removed meanwhile. */
const char *selection_next(const struct selection *selection, size_t *at);
void selection_add_lines(const struct selection *selection, struct str *out); /* a line for each; numbers in their order */
void selection_add_title(const struct selection *selection, struct str *out); /* ", 3 marked"; nothing when none is */

/*
 * What Space and its kind do in a list. `id` gives a row's id into SELECTION_ID_MAX bytes, false: it is not at hand, and
 * not marked. A list that has not all its rows at hand carries out ACTION_MARK_ALL and ACTION_MARK_RANGE itself. False:
 * not an action of marks.
 */
bool selection_act(struct selection *selection, struct table *table, enum action action,
		   bool (*id)(void *ctx, int64_t row, char *out), void *ctx);

#endif
