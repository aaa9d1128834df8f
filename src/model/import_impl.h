/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An import from within. import.c tells the forms apart and hands out; import_json.c reads requests, import_graph.c puts
 * their resources in order; import_csv.c reads rows, import_document.c makes documents of them, by columns that import_bind.c
 * found and values that import_cell.c reads.
 */
#ifndef MODEL_IMPORT_IMPL_H
#define MODEL_IMPORT_IMPL_H

#include "import_seen.h"
#include "ledgerdeck/model/import.h"

struct import_csv;

struct import {
	struct import_options options;
	struct import_sink sink;
	struct import_counts counts;
	enum import_form form;            /* once it has begun */
	bool has_begun;                   /* its beginning said which form it has */
	struct seen seen;
	struct str buffer;                /* owned: what was fed and is not read yet */
	bool is_skipping;                 /* JSON Lines: the rest of a line that is too long */
	bool has_ended;                   /* by an error, or by its end */
	bool is_again;                    /* all names of the file are known */
	size_t line;                      /* JSON Lines: of what the buffer holds */
	size_t requests;
	struct import_csv *csv;           /* owned; NULL: none */
	struct resource_problems problems; /* of the resource at hand: large, so it is kept */
};

/* import.c */
bool import_give(struct import *import, const struct import_document *document, struct error *err);
bool import_refuse(struct import *import, const struct import_refusal *refusal, struct error *err);
/* `ret_why`: why no document of that name can come in, since there are several; empty: it can. Error INPUT: too many. */
bool import_know(struct import *import, const struct resource_type *type, const char *organization, const char *external_id,
		 size_t line, struct str *ret_why, struct error *err);

/* import_json.c: one item, or a list of them, of a text that was checked and begins with that line of the file. */
bool import_json_items(struct import *import, const char *text, size_t line, struct json_slice items, struct error *err);

/* import_csv.c */
struct import_csv *import_csv_new(struct import *import);
void import_csv_free(struct import_csv *csv); /* NULL does nothing */
bool import_csv_feed(struct import_csv *csv, const char *bytes, size_t len, struct error *err);
bool import_csv_end(struct import_csv *csv, struct error *err);
const struct resource_type *import_csv_type(const struct import_csv *csv);

#endif
