/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows of the catalogue against what a ledger says of itself. That is large and each question may cost, so the answer is kept
 * for a day in a file of the cache directory that only its owner reads; without it, it is asked again.
 */
#ifndef LEDGERDECK_SYNC_FIT_H
#define LEDGERDECK_SYNC_FIT_H

#include "ledgerdeck/sync/sync.h"

#define FIT_KEPT_MS (INT64_C(24) * 3600000)

/* Does a provider's ledger say what can be asked of it? Error INPUT: it doesn't. */
bool fit_can(const char *provider, struct error *err);

/* What is kept of an account's ledger; false: nothing, or it is damaged or older than FIT_KEPT_MS. */
bool fit_kept(const char *account_id, int64_t now_ms, struct str *ret_schema, int64_t *ret_asked_ms);
/* Ask the ledger, in this thread, and keep the answer where that can be done. Errors: as of any call to an account. */
bool fit_ask(struct sync *sync, const char *account_id, struct cancel *cancel, struct str *ret_schema, struct error *err);

/* One thing in a type's row that does not fit. */
struct fit_line {
	const struct type *type; /* borrowed: the catalogue */
	char *place;             /* owned: "FILE:LINE" */
	char *word, *path;       /* owned: of the row; path "" : none */
	char *text;              /* owned */
};
struct fit_lines {
	struct fit_line *items; /* owned */
	size_t count, room;
};
void fit_lines_clear(struct fit_lines *lines);
/* Hold a type's row against it; what does not fit is added. Error INPUT: that is no schema. */
bool fit_check(const struct str *schema, const struct type *type, struct fit_lines *lines, struct error *err);

#endif
