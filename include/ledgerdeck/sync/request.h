/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How far sync requests have come. An organization's are done in order of their positions: the first open one is looked at, and
 * those behind it wait. What it says comes from the links, decisions and intents of its members in each connected account of
 * the organization, and where these don't say enough, from what a plan would do with them. Plans heed requests: members of one
 * that has failed or stands behind such a one are held, those of a skipped one left out, and its method is kept to.
 */
#ifndef LEDGERDECK_SYNC_REQUEST_H
#define LEDGERDECK_SYNC_REQUEST_H

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/model/catalogue.h"
#include "ledgerdeck/store/accounts.h"
#include "ledgerdeck/store/requests.h"

enum request_standing {
	MEMBER_DONE,     /* it is in the ledger as it was sent, or is not to be */
	MEMBER_READY,    /* the next plan writes it */
	MEMBER_SENT,     /* it is in the outbox */
	MEMBER_WAITS,    /* a person must do something */
	MEMBER_REFUSED,  /* by the ledger, or since the method can't be kept to */
	MEMBER_COUNT
};
const char *request_standing_word(enum request_standing standing);

/* A member in an account. */
struct request_part {
	struct resource resource;
	int64_t revision;            /* as it came in */
	bool is_root;
	const struct account *account; /* borrowed */
	char record_type[64];
	char record_id[RECORD_ID_MAX]; /* "" : not there */
	enum request_standing standing;
	char why[240];
};
/*
 * Look at one, whatever stands before it. `each` (NULL: not wanted) gets all its parts. `ret_request` NULL: not wanted; else
 * its status and message as they would be.
 */
bool request_look(struct store *store, const struct catalogue *catalogue, const struct request *request, const struct env *env,
		  void (*each)(void *ctx, const struct request_part *part), void *ctx, struct request *ret_request, struct error *err);
/* Bring the statuses of an organization's (NULL: all) up to date. Needs a store that can be written. */
bool requests_review(struct store *store, const struct catalogue *catalogue, const char *organization, const struct env *env,
		     struct error *err);
/* Its new ones need nobody's approval: that is decided in each account. In a transaction. */
bool request_confirm(struct store *store, const struct request *request, const struct request_member *members, size_t count,
		     const char *who, struct error *err);
/* Failed ones only: once more. Transactions of their own, with their row in the audit. Error CONFLICT: it is not in a state for it. */
bool request_retry(struct store *store, const char *id, const char *who, int64_t now_ms, struct error *err);
/* Not to be done any more, unless it is done already. What was written of it stays. */
bool request_skip(struct store *store, const char *id, const char *who, int64_t now_ms, struct error *err);

#endif
