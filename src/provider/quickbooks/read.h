/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading a type's records page by page, whole or only their ids. */
#ifndef QUICKBOOKS_READ_H
#define QUICKBOOKS_READ_H

#include "ledgerdeck/provider/provider.h"

#define READ_PAGE_MAX 1000 /* records; the ledger gives no more */

struct read_plan {
	const struct type *type;
	int64_t from_ms, to_ms; /* as struct provider's read() */
	bool ids_only;		/* a list of columns if the ledger lets, else whole records */
};

/* The next page; see struct provider's read() for position, page and errors. */
bool read_page(struct connection *connection, const struct read_plan *plan, const char *position,
	       struct page *page, struct error *err);

/*
 * Fill a page with the records of a query's answer, whose body it takes. Error REMOTE: there is
 * no QueryResponse in it.
 */
bool read_fill(const struct type *type, struct http_answer *answer, struct page *page,
	       struct error *err);

/*
 * Blank the texts that the type's row calls passing secrets ("mask=..") in each of the page's
 * records.
 */
void read_mask(const struct type *type, struct page *page);

/* For struct provider. */
bool quickbooks_read(struct connection *connection, const struct type *type, int64_t from_ms,
		     int64_t to_ms, const char *position, struct page *page, struct error *err);

#endif
