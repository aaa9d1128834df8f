/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A type of an account as a row: what the dashboard's types and the view of all objects tell of it. */
#ifndef UI_VIEW_OBJECT_ROW_H
#define UI_VIEW_OBJECT_ROW_H

#include "format.h"
#include "ledgerdeck/store/objects.h"
#include "table.h"
#include "view.h"

enum object_cell { CELL_STATE, CELL_TYPE, CELL_LIVE, CELL_OFF, CELL_GONE, CELL_PARKED, CELL_UP_TO, CELL_LAST_RUN, CELL_LAST_OK,
		   CELL_NEXT, CELL_FAILED };
void object_put(const struct deck *deck, const struct object *object, enum object_cell which, struct table_cell *cell);

/* Cells of other rows, too. */
void cell_mark(struct table_cell *cell, struct mark mark);
void cell_count(struct table_cell *cell, int64_t count, enum role role); /* 0: "-" */
void cell_clock(const struct deck *deck, struct table_cell *cell, int64_t ms);

/* Time between two reads, by its own word, its account's or the settings'; 0: only when asked. */
int64_t object_interval_ms(const struct settings *settings, const struct account *account, const struct object *object);
/* So many of them have gone by since it was read. */
bool object_is_stale(const struct object *object, int64_t interval_ms, int64_t now_ms);
bool object_needs(const struct object *object); /* a person: it failed, or waits for approval */

/* What is the matter with it, and what to do; appended. `account` NULL: not known. */
void object_add_words(const struct deck *deck, const struct account *account, const struct object *object, struct str *first,
		      struct str *second, enum role *role);

/* Why an action makes no sense for an account, or for a type of it (NULL: the account itself); NULL: it does. */
const char *account_refuses(const struct account *account, const struct object *object, enum action action);

#endif
