/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules of a mapping as a file, CSV or JSON, out and back in: see docs/import.md. Pure: opens nothing, knows no ledger. */
#ifndef LEDGERDECK_MODEL_MAPPING_FILE_H
#define LEDGERDECK_MODEL_MAPPING_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "ledgerdeck/core/error.h"
#include "ledgerdeck/core/str.h"

#define MAPPING_FILE_MAX ((size_t)16 << 20)

/* One rule. What it leads to is empty where it takes the rule away. Borrowed for the call. */
struct mapping_row {
	size_t line;              /* of the file, from 1 */
	const char *target;       /* the word, as it stands there */
	const char *code;         /* "" : the default */
	const char *id, *number, *name; /* of the ledger's record; "" : not said */
};

/* Rules one behind the other, between a head and an end. All appended. */
void mapping_file_begin(bool json, struct str *out);
void mapping_file_add(bool json, bool first, const struct mapping_row *row, struct str *out);
void mapping_file_end(bool json, struct str *out);

/*
 * Read one; its beginning tells which form it has. `row` returning false ends it. Errors INPUT: it is no text of these forms, or
 * has columns that nobody knows, with the line.
 */
bool mapping_file_read(const char *text, size_t len, bool (*row)(void *ctx, const struct mapping_row *row), void *ctx, struct error *err);

#endif
