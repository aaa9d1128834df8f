/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is asked a ledger beside all jobs, in the caller's thread and out of the account's budget. */
#ifndef SYNC_DIRECT_H
#define SYNC_DIRECT_H

#include "engine.h"
#include "ledgerdeck/provider/books.h"

/* With a living connection to an account: `ask` does what it wants with it. */
bool direct_ask(struct sync *sync, const char *account_id, struct cancel *cancel,
		bool (*ask)(struct connection *connection, void *ctx, struct error *err), void *ctx, struct error *err);

/* reread.c: read records from the ledger again, into the mirror. `ret_changed`, one each: the mirror had another one. */
bool sync_reread(struct sync *sync, struct store *store, const char *account_id, const struct type *type, const char (*ids)[RECORD_ID_MAX],
		 size_t count, struct cancel *cancel, bool *ret_changed, struct error *err);
/* A report, as the ledger answers it. */
bool sync_report(struct sync *sync, const char *account_id, const struct report_wish *wish, struct cancel *cancel, struct page *page,
		 struct error *err);

#endif
