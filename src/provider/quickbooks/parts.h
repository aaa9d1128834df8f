/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The functions of struct provider that have no header of their own. */
#ifndef QUICKBOOKS_PARTS_H
#define QUICKBOOKS_PARTS_H

#include "ledgerdeck/provider/provider.h"

#define QUICKBOOKS_OVERLAP_MS INT64_C(600000) /* how late a record may show */
#define QUICKBOOKS_CHANGES_KEPT_MS                                                                 \
	(INT64_C(29) * 86400000) /* a day less than the 30 that are documented */
#define QUICKBOOKS_CHANGES_MAX 1000

bool quickbooks_sweep(struct connection *connection, const struct type *type, const char *position,
		      struct page *page, struct error *err);
bool quickbooks_changes(struct connection *connection, const struct type *const *types,
			size_t count, const char *const *marks, struct page *pages, char **ret_marks,
			struct error *err);
enum found quickbooks_find(struct connection *connection, const struct type *type, const char *id,
			   struct page *page, struct error *err);
bool quickbooks_identity(struct connection *connection, struct identity *ret_identity,
			 struct error *err);
bool quickbooks_now(struct connection *connection, int64_t *ret_ms, struct error *err);

#endif
