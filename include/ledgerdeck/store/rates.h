/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of exchange rates, an account's own, in every version: each is a whole table, and the newest counts. */
#ifndef LEDGERDECK_STORE_RATES_H
#define LEDGERDECK_STORE_RATES_H

#include "ledgerdeck/model/rates.h"
#include "ledgerdeck/store/store.h"

/* 0: there is none yet. */
bool rates_version(struct store *store, const char *account_id, int64_t *ret_version, struct error *err);
/* Appended; of a version that is not there nothing is. */
bool rates_get(struct store *store, const char *account_id, int64_t version, struct rates *rates, struct error *err);
/* As a new version, in a transaction (asserted), with its row in the audit. `what` says where it comes from. */
bool rates_put(struct store *store, const char *account_id, const struct rates *rates, const char *who, const char *what, int64_t now_ms,
	       int64_t *ret_version, struct error *err);

struct rates_change {
	int64_t version, at_ms, count;
	char who[128], what[120];
};
/* Newest first. */
bool rates_history(struct store *store, const char *account_id, bool (*each)(void *ctx, const struct rates_change *change), void *ctx,
		   struct error *err);

#endif
