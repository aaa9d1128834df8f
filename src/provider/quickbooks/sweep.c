/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Listing all that exists: read as everything is, but without bounds and with as few columns as the
 * ledger lets. What changes meanwhile moves to the end of the order and is met there.
 */
#include "parts.h"
#include "read.h"

bool quickbooks_sweep(struct connection *connection, const struct type *type, const char *position,
		      struct page *page, struct error *err)
{
	struct read_plan plan = {
		.type = type, .from_ms = INT64_MIN, .to_ms = INT64_MAX, .ids_only = true
	};

	return read_page(connection, &plan, position, page, err);
}
