/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was touched in an account that has prepared or signed sessions. */
#ifndef STORE_TOUCHED_H
#define STORE_TOUCHED_H

#include "ledgerdeck/store/objects.h"

/* Has the account such sessions? Asked once for a page of records. */
bool touched_watched(struct store *store, const char *account_id, bool *ret_watched, struct error *err);
bool touched_note(struct store *store, const struct object *object, const char *id, int64_t seen_ms, struct error *err);

#endif
