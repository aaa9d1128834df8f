/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A document that is put together of the rows of a CSV file. */
#ifndef MODEL_IMPORT_DOCUMENT_H
#define MODEL_IMPORT_DOCUMENT_H

#include "import_bind.h"
#include "import_cell.h"
#include "import_impl.h"
#include "ledgerdeck/model/csv.h"

#define DOCUMENT_FIELDS_MAX 32 /* more than any type has; as bits, fields of lines fit 64 */

struct head_value {
	bool is_given;
	size_t line, column; /* where it was first */
	size_t at;           /* in the document's texts */
};

struct row_document {
	struct import *import;               /* borrowed */
	const struct binding *binding;       /* borrowed */
	const struct cell_rules *rules;      /* borrowed */
	bool is_open, is_broken;
	bool is_beyond;                      /* it has more than a document may have: told already */
	size_t line;                         /* of its first row */
	size_t refusals, more;               /* told, and not told */
	struct str key;                      /* owned: what its rows repeat, which is its external id */
	struct str organization;             /* owned */
	enum import_method method;
	struct head_value heads[DOCUMENT_FIELDS_MAX];
	struct str texts;                    /* owned: of the heads, a NUL behind each */
	struct str lines;                    /* owned: JSON objects with commas between them */
	size_t *line_rows, line_room;        /* owned: of each line, its row's line in the file */
	size_t line_count;
	uint64_t line_fields;                /* bits: those that the line at hand has */
	bool has_tax;
	struct decimal tax;
	struct str cell, value;              /* owned: of the cell at hand */
};

void document_init(struct row_document *document, struct import *import, const struct binding *binding, const struct cell_rules *rules);
void document_clear(struct row_document *document);
/* One that is open is finished first. */
bool document_open(struct row_document *document, const char *key, size_t line, struct error *err);
bool document_add_row(struct row_document *document, const struct csv_row *row, struct error *err);
/* It is refused, for what stands on that line; `column` from 1, 0: none. */
bool document_refuse(struct row_document *document, size_t line, size_t column, const char *text, const char *why, struct error *err);
/* Checked, and given out if all is right. Nothing is open: nothing is done. */
bool document_finish(struct row_document *document, struct error *err);

#endif
