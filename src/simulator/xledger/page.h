/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages of connections: which records, or which entries of the delta log, and what comes beside them. */
#ifndef XLEDGER_PAGE_H
#define XLEDGER_PAGE_H

#include "xledger/execute.h"

#define XL_PAGE_MAX 10000
#define XL_PAGE_USUAL 100 /* when neither first nor last is given: unconfirmed */

struct xl_page {
	struct xl_record **records;        /* in the arena; NULL: a page of deltas, or empty */
	const struct xl_delta **deltas;    /* in the arena; NULL: a page of records, or empty */
	size_t count;
	bool has_next, has_previous;
	const char *stuck;                 /* the cursor that all edges have for a trouble's sake; NULL: their own */
};

/* False: the run has an error more. */
bool xl_page_records(struct gql_run *run, const struct gql_plan *field, struct xl_page *ret_page);
bool xl_page_deltas(struct gql_run *run, const struct gql_plan *field, struct xl_page *ret_page);
/* A position as clients see it; `out` holds 80 bytes. */
void xl_cursor_format(struct gql_run *run, int64_t position, char *out);
/* Does the switch for it hide this record from those who ask by dbId? */
bool xl_has_vanished(const struct gql_run *run, int64_t dbid);

#endif
