/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a command gives, kept as text: a table of named columns, one object of named values, or bytes as they are. */
#ifndef UI_RESULT_H
#define UI_RESULT_H

#include "ledgerdeck/command/command.h"
#include "ledgerdeck/core/str.h"

struct result_column {
	char *name;           /* owned */
	bool right;           /* numbers */
	bool detail;          /* for programs: not shown in tables */
	int width;            /* of its widest cell, in columns */
};

struct result {
	char what[40];        /* "accounts" */
	bool object;          /* one object: its columns are shown one below the other */
	struct result_column *columns; /* owned */
	size_t column_count, column_room;
	char **cells;         /* owned, and what they hold; by rows; NULL: nothing */
	size_t cell_count, cell_room;
	struct str raw;       /* instead of all that */
};

struct result *result_new(void);
void result_free(void *result); /* NULL does nothing */
size_t result_rows(const struct result *result);
const char *result_cell(const struct result *result, size_t row, size_t column); /* "" when nothing */

/* A printer that fills `*result`, which is made by its begin or raw; the rest of its functions are the caller's to set. */
void result_printer(struct printer *printer);
/* What result_printer() finds behind `ctx`: the first member of the caller's. */
struct result_maker {
	struct result *result; /* owned; NULL: none yet */
	void (*ready)(struct result_maker *maker); /* it is complete, or shown before it is: take it */
};

#endif
