/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An export from within: export.c looks at a resource and hands out, export_csv.c and export_iif.c write its rows. */
#ifndef MODEL_EXPORT_IMPL_H
#define MODEL_EXPORT_IMPL_H

#include "ledgerdeck/model/export.h"

struct export {
	struct export_options options;
	struct export_sink sink;
	struct export_counts counts;
	size_t documents, rows;   /* of this file */
	const char *external_id;  /* borrowed: of the resource at hand */
	struct json_slice data;   /* borrowed */
	struct str out;           /* owned: its rows */
	size_t out_rows;
	struct str text, name;    /* owned: a value at hand */
	bool is_garbled;          /* letters that the file can't have became "?" */
};

/* A column of a file, and the field that stands in it. */
struct export_column {
	const char *header;
	const char *field;   /* NULL: none */
	bool is_of_line;
	bool is_repeated;    /* on each row of a document */
};

/* export.c: the value as people write it, in `export->text`; empty: not given. Codes by their names. */
const char *export_value(struct export *export, struct json_slice object, bool is_line, const char *field);
bool export_note(struct export *export, bool is_left_out, const char *text, struct error *err);
/* "01/31/2026" of "2026-01-31"; returns `out`, DATE_TEXT_MAX bytes. */
const char *export_american_date(const char *date, char *out);

/* The rows of the resource at hand into `export->out`. False: it is left out, for the reason in `ret_why`. */
struct export_writer {
	const struct export_column *columns; /* what is in none of them is told */
	size_t count;
	const char *const *more;             /* further fields of the document that have a place or need none, NULL at the end */
	void (*write_header)(struct export *export);
	bool (*write)(struct export *export, const char **ret_why);
};
extern const struct export_writer export_csv_invoice, export_csv_customer, export_iif_invoice, export_iif_customer;

#endif
