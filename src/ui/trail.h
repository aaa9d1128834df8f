/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where an operator is, as text: the views that lie on one another, each with its name and lines "name value" of its own.
 * It is kept over a restart, one file for each store and host, and stepped through with the keys of the history.
 */
#ifndef UI_TRAIL_H
#define UI_TRAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/error.h"
#include "ledgerdeck/core/str.h"
#include "table.h"

struct deck;

/* For view_kind's save and load. What is empty is left out; what has control characters, too. */
void trail_put(struct str *out, const char *name, const char *value);
void trail_put_number(struct str *out, const char *name, int64_t value); /* 0 is left out */
bool trail_get(const char *text, const char *name, char *out, size_t size); /* false, and "": it is not there, or is too long */
int64_t trail_get_number(const char *text, const char *name);            /* 0: it is not there, or is no number */
/* The row of the screen that a table's cursor is on: what it stands on is the view's to keep. */
void trail_put_row(struct str *out, const struct table *table);
void trail_get_row(const char *text, struct table *table);

/* The views from the first on, up to one that cannot be opened again. */
void trail_add(const struct deck *deck, struct str *out);
/* Those views instead of the present ones; what has no meaning any more is left out. */
void trail_open(struct deck *deck, const char *text);

/* The file. Loading tells what is wrong with it, and then changes nothing. */
bool trail_save(const struct deck *deck, struct error *err);
void trail_load(struct deck *deck);

/* The history: before the stack of views changes, by a key or a command. Once for each of them; the rest is one step. */
void trail_note(struct deck *deck);
bool trail_step(struct deck *deck, int step); /* -1 back, 1 forward; false: there is nothing */
bool trail_last(struct deck *deck);           /* to where one was before, and back again */

#endif
