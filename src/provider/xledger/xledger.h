/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Xledger: the provider, and its functions that have no header of their own. */
#ifndef XLEDGER_H
#define XLEDGER_H

#include "ledgerdeck/provider/schema.h"

extern const struct provider xledger_provider;

/* Deltas are kept for three days; trusted for two and a half, which is the engine's share of it. */
#define XLEDGER_CHANGES_KEPT_MS (INT64_C(72) * 3600000)
/* How late a record may show with an older time: its clock has seconds, and pages are read while others write. */
#define XLEDGER_OVERLAP_MS INT64_C(900000)

bool xledger_read(struct connection *connection, const struct type *type, int64_t from_ms, int64_t to_ms,
		  const char *position, struct page *page, struct error *err);
bool xledger_sweep(struct connection *connection, const struct type *type, const char *position, struct page *page,
		   struct error *err);
enum found xledger_find(struct connection *connection, const struct type *type, const char *id, struct page *page,
			struct error *err);
bool xledger_changes(struct connection *connection, const struct type *const *types, size_t count,
		     const char *const *marks, struct page *pages, char **ret_marks, struct error *err);
bool xledger_identity(struct connection *connection, struct identity *ret_identity, struct error *err);
bool xledger_schema_fetch(struct connection *connection, struct str *ret_schema, struct error *err);
bool xledger_schema_check(const char *schema, size_t len, const struct type *type,
			  void (*misfit)(void *ctx, const struct schema_misfit *misfit), void *ctx, struct error *err);
bool xledger_now(struct connection *connection, int64_t *ret_ms, struct error *err);

#endif
