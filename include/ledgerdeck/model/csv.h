/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows of a CSV text (RFC 4180) that comes in pieces: any separator, lines ended by LF, CR or both, line breaks inside quotes;
 * and cells of a text that is written.
 * Blanks around a quoted cell are none of it; a quote inside a cell without quotes is a letter like others.
 */
#ifndef LEDGERDECK_MODEL_CSV_H
#define LEDGERDECK_MODEL_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "ledgerdeck/core/str.h"

#define CSV_CELLS_MAX 512 /* of a row */

enum csv_fault {
	CSV_GOOD,
	CSV_BEHIND_QUOTE, /* text behind a closing quote */
	CSV_OPEN_QUOTE,   /* a quote that is never closed */
	CSV_TOO_WIDE,
	CSV_TOO_LARGE,
	CSV_NUL,          /* a byte that is in no text */
};

struct csv_cell {
	const char *text; /* borrowed for the call; a NUL behind it */
	size_t len;
	size_t line;      /* where it begins */
};

struct csv_row {
	size_t line;
	const struct csv_cell *cells; /* borrowed for the call; those before `fault_cell` are good */
	size_t count;
	enum csv_fault fault;
	size_t fault_cell;
};

struct csv {
	char separator;
	size_t limit;     /* bytes of a row */
	bool (*row)(void *ctx, const struct csv_row *row); /* false: stop */
	void *ctx;

	int state;
	bool is_behind_cr;
	size_t line, row_line;
	enum csv_fault fault;
	size_t fault_cell;
	struct str bytes; /* owned: the cells of this row, a NUL behind each */
	size_t *starts, *lines; /* owned: where each begins, in `bytes` and in the text */
	struct csv_cell *cells; /* owned */
	size_t count, starts_room, lines_room, cells_room;
	unsigned char ends[256]; /* what ends a run of letters that mean nothing */
};

void csv_init(struct csv *csv, char separator, size_t limit, bool (*row)(void *ctx, const struct csv_row *row), void *ctx);
void csv_clear(struct csv *csv);
/* What most likely stands between the cells: of comma, semicolon and tab the one that is most in the first line, outside of quotes. */
char csv_separator_of(const char *text, size_t len);
bool csv_feed(struct csv *csv, const char *bytes, size_t len); /* false: row() said stop */
bool csv_end(struct csv *csv);
/* A cell of a row that is written: in quotes when any reader could take a part of it for something else. Appended. */
void csv_add_cell(const char *text, struct str *out);
void csv_add_quoted(const char *text, size_t len, struct str *out); /* in quotes, whatever it is. Appended */

#endif
