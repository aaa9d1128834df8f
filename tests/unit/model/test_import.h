/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An import whose results are written down as lines of text, so that a test compares texts. */
#ifndef LEDGERDECK_TESTS_UNIT_MODEL_TEST_IMPORT_H
#define LEDGERDECK_TESTS_UNIT_MODEL_TEST_IMPORT_H

#include "ledgerdeck/core/str.h"
#include "ledgerdeck/model/import.h"

struct tested_import {
	const char *profile; /* NULL: none */
	const char *type;    /* NULL: the columns tell */
	enum import_form form;
};

/*
 * "LINE TYPE ID METHOD [request N root] DATA" for each document, "LINE:COLUMN NAME 'TEXT' WHY" for each refusal, "error: …" at the
 * end of one that fails, whatever the pieces in which the bytes come: several sizes are tried and must say the same.
 */
void import_whole(struct tested_import how, const char *bytes, size_t len, struct str *out);
void import_run(struct tested_import how, const char *bytes, size_t len, size_t piece, struct str *out); /* pieces of one size */
/* For a sink of one's own; `ctx` is a struct str. */
bool import_write_document(void *ctx, const struct import_document *document, struct error *err);
bool import_write_refusal(void *ctx, const struct import_refusal *refusal, struct error *err);
void assert_import(struct tested_import how, const char *text, const char *expected);

#endif
