/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Carrying out a checked query over a company's tables. */
#ifndef QUICKBOOKS_SELECT_H
#define QUICKBOOKS_SELECT_H

#include "company.h"
#include "quickbooks/query.h"

/*
 * Append the QueryResponse object ({"Customer":[..],"startPosition":1,"maxResults":2}) to `out`.
 * Pages in update-time order cost what they return, whatever the table's size.
 */
void select_run(struct company *company, const struct query *query, struct str *out);

/* Parse and run: what query, batch and CDC share. */
bool select_text(struct company *company, const char *text, size_t len, struct str *out, struct fault *fault);

#endif
