/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the columns of a CSV file are: by a profile, by QuickBooks' names, by our own. */
#ifndef MODEL_IMPORT_BIND_H
#define MODEL_IMPORT_BIND_H

#include "import_profile.h"

enum column_kind {
	COLUMN_UNKNOWN,
	COLUMN_HEAD,        /* a field of the document */
	COLUMN_LINE,        /* a field of its lines */
	COLUMN_TAX,         /* tax of a line; the document's tax_total is their sum */
	COLUMN_EXTERNAL_ID,
	COLUMN_METHOD,
	COLUMN_ORGANIZATION,
	COLUMN_EMPTY,       /* nothing that is brought in: it must be empty */
	COLUMN_IGNORED,
};

struct column {
	enum column_kind kind;
	const struct resource_field *field; /* COLUMN_HEAD and COLUMN_LINE */
	char *header;                       /* owned; of a constant: its text */
};

#define COLUMN_NONE ((size_t)-1)

struct binding {
	const struct resource_type *type;
	struct column *columns; /* owned: of the file */
	size_t count;
	struct column *constants; /* owned */
	size_t constant_count;
	size_t number, external_id, method, organization; /* columns; COLUMN_NONE: there is none */
};

/* Small letters and digits alone, as headers are compared: "*Invoice No." is "invoiceno". */
void header_reduce(const char *header, size_t len, struct str *out);
/* import_columns.c: what QuickBooks calls a column of that type: "due_date", "lines.amount", "+tax", "!"; NULL: nothing. */
const char *column_find(const struct resource_type *type, const char *reduced);

/* A row of a profile for a type. `ret_column` has no header. Error INPUT names file and line. */
bool bind_profile_row(const struct import_profile *profile, const struct profile_row *row, const struct resource_type *type,
		      struct column *ret_column, struct error *err);
/* `type` NULL: the columns tell. Error INPUT says which columns are wrong and what can be done. */
bool binding_make(const struct resource_type *type, const struct import_profile *profile, const char *const *headers, size_t count,
		  struct binding *ret_binding, struct error *err);
void binding_clear(struct binding *binding);

#endif
