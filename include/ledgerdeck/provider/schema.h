/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A ledger that says itself what can be asked of it: rows of the catalogue are held against that before they are used. */
#ifndef LEDGERDECK_PROVIDER_SCHEMA_H
#define LEDGERDECK_PROVIDER_SCHEMA_H

#include "ledgerdeck/provider/provider.h"

struct schema_misfit {
	const char *word;     /* of the type's row, where it is said: "query", "select", "field", "extra" ... */
	const char *path;     /* that is meant, where the word has several; "" : none */
	const char *text;     /* what does not fit, and what to say instead as far as it is known */
};

struct provider_schema {
	/*
	 * MUST. All of it in the ledger's own words, appended: what check() takes, now or later. Few calls, since each may cost;
	 * errors as of any read, REMOTE where the answer is none.
	 */
	bool (*fetch)(struct connection *connection, struct str *ret_schema, struct error *err);
	/*
	 * MUST. What of a type's row does not fit, in the order of the row; `misfit` borrows. Pure, any thread. Error INPUT: the text
	 * is no schema, then nothing was told.
	 */
	bool (*check)(const char *schema, size_t len, const struct type *type, void (*misfit)(void *ctx, const struct schema_misfit *misfit),
		      void *ctx, struct error *err);
};

#endif
