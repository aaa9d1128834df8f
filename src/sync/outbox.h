/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The outbox at work. outbox.c: threads, and whose turn it is. outbox_send.c: what is frozen, sent and answered. outbox_take.c:
 * what an answer means for an intent. outbox_look.c: what became of that which got no answer. outbox_log.c: what the log tells of it.
 * stop.c: plans that are paused. The law of all of them: before anything is sent its exact bytes and their key are on the disk; what
 * may have been carried out is looked for, never repeated under another key, until it is found or proven absent.
 */
#ifndef SYNC_OUTBOX_H
#define SYNC_OUTBOX_H

#include "engine.h"
#include "ledgerdeck/provider/push.h"
#include "ledgerdeck/store/log.h"
#include "ledgerdeck/store/outbox.h"
#include "ledgerdeck/store/resources.h"

#define OUTBOX_FAR_MS INT64_MAX      /* next_ms of what waits for something else than time */
#define OUTBOX_DUE_MAX 64            /* intents that are looked at together */
#define SENDING_MS 60000             /* after which it is asked whether whoever sends is still there */

/* One thread's way to one account's outbox. */
struct outbox {
	struct worker *worker;
	struct sync_account *held;       /* borrowed: the account, leased */
	int64_t fence;
	struct account account;
	const struct provider *provider;
	const struct provider_push *push;
	struct connect_session *session; /* owned; NULL until the first call */
	struct http_meter meter;
	struct meter metered;            /* of it, what the month's meter has */
	bool stopped;                    /* the way to the ledger is barred for the time being */
	int64_t skew_ms;                 /* the ledger's clock less ours, as last heard */
};

/* An intent on its way, with what was sent. */
struct flight {
	struct intent intent;
	struct str body;                 /* owned: as it was, or will be, sent */
};
struct flights {
	struct flight *items;            /* owned */
	size_t count, room;
};
void flights_clear(struct flights *flights);
bool flights_add(struct flights *flights, struct store *store, const struct intent *intent, struct error *err);
void flight_item(const struct outbox *outbox, const struct flight *flight, struct push_item *ret_item);

/* In a transaction: is it still as we last knew it? A person may have settled it or taken it back meanwhile, and that stands. */
bool flight_is_open(const struct outbox *outbox, const struct flight *flight, bool *ret_open, struct error *err);

int64_t outbox_now(const struct outbox *outbox);
bool outbox_connect(struct outbox *outbox, struct error *err);
const struct type *outbox_type(const struct outbox *outbox, const char *record_type);
/* Commit under the account's lease; CONFLICT when another process has it. */
bool outbox_commit(struct outbox *outbox, struct store *transaction, struct error *err);

/* outbox_send.c */
bool outbox_send_new(struct outbox *outbox, const struct intent *due, size_t count, struct error *err);
bool outbox_send_again(struct outbox *outbox, int64_t envelope, struct flights *flights, struct error *err);

/* stop.c: in a transaction, after something of a plan ended badly or is uncertain: paused, if the account's rule says so. */
bool stop_look(struct outbox *outbox, struct store *transaction, const char *plan_id, struct error *err);
bool stop_look_all(struct outbox *outbox, struct store *transaction, struct error *err); /* at plans with something uncertain */

/* outbox_log.c: an attempt of the log, with a line for each write that it is about. */
struct outbox_telling {
	struct outbox *outbox;           /* borrowed */
	struct attempt attempt;
	struct http_meter before;
	const bool *absent;              /* borrowed: writes that were looked for and not found; NULL: none */
	bool failed;                     /* as a whole: what is known of each write is older than it */
};
/* `job`: "push", "look" or "merge". At least one flight. */
bool telling_start(struct outbox_telling *telling, struct outbox *outbox, const char *job, int tries, const struct flights *flights,
		   struct error *err);
void telling_count(struct outbox_telling *telling); /* what it cost */
bool telling_end(struct store *transaction, struct outbox_telling *telling, const struct flights *flights, const char *said,
		 struct error *err);
/* The end of one that has kept what came of it: false, with the error, where it was not good or can't be told. */
bool telling_look(struct outbox_telling *telling, const struct flights *flights, bool good, struct error *err);

/* outbox_take.c: within a transaction. */
struct taking {
	struct outbox *outbox;
	struct store *transaction;
	struct put_counts counts;        /* of records */
	int64_t refused;
	bool again;                      /* it was sent before, and nobody knows what became of it: a "not now" is no answer to that */
};
bool take_record(struct taking *taking, struct flight *flight, struct json_slice record, const char *note, struct error *err);
bool take_refusal(struct taking *taking, struct flight *flight, const struct error *refusal, const char *said, struct error *err);
bool take_unknown(struct taking *taking, struct flight *flight, const struct error *error, struct error *err);
/* Back to a state, with a reason; `next_ms` OUTBOX_FAR_MS: not by itself. What was tried for too long is given up instead. */
bool take_state(struct taking *taking, struct flight *flight, enum intent_state state, int64_t next_ms, const char *why,
		struct error *err);
/* Children whose parents are all there go on; those that wait for what nobody will write need a person. */
bool outbox_release(struct store *transaction, int64_t parent, int64_t now_ms, struct error *err);
/* It can't be sent yet, since something that it points to is not there: it waits, or needs a person. */
bool outbox_await(struct store *transaction, struct intent *child, int64_t now_ms, struct error *err);
/* A record as the ledger has it now, into the mirror. */
bool take_mirror(struct taking *taking, const char *record_type, struct json_slice record, bool deleted, const char *id,
		 struct error *err);

/* outbox_look.c */
bool outbox_look(struct outbox *outbox, const struct intent *intent, struct error *err);
/* The ledger's record moved on since: read it, merge, queue once more, or leave it to a person. */
bool outbox_merge(struct outbox *outbox, struct flight *flight, const struct error *refusal, struct error *err);

#endif
