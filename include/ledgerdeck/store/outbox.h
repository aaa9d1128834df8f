/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The outbox: intents, durable before anything is sent, and envelopes, the exact bytes that were. An intent's every step is
 * kept with its time and why. All changes stand in the caller's transaction.
 */
#ifndef LEDGERDECK_STORE_OUTBOX_H
#define LEDGERDECK_STORE_OUTBOX_H

#include "ledgerdeck/model/account.h"
#include "ledgerdeck/model/plan.h"
#include "ledgerdeck/model/record.h"
#include "ledgerdeck/model/stop.h"
#include "ledgerdeck/store/store.h"

struct intent {
	int64_t no;
	char id[INTENT_ID_MAX];
	char account_id[ACCOUNT_ID_MAX];
	char plan[PLAN_ID_MAX];
	int64_t line;
	int64_t resource, revision;
	enum plan_act act;           /* create, update or void */
	char record_type[64];
	char record_id[RECORD_ID_MAX]; /* "" : not created yet, as far as is known */
	char version[RECORD_VERSION_MAX]; /* that an update or a void is based on */
	int64_t generation;
	enum intent_state state;
	int64_t since_ms, made_ms;
	int64_t next_ms;             /* when the engine looks at it again; of open ones */
	int64_t first_sent_ms;       /* when it was handed to the network first, the ledger's clock as far as known; 0: never */
	int tries;                   /* sent so often */
	int looks;                   /* looked up, and not found, so often */
	int merges;                  /* of versions that had moved */
	int64_t envelope;            /* that holds it; 0: none */
	bool has_total, has_tax;
	int64_t total, tax;          /* as planned, millionths */
	char currency[8];
	char number[64];
	char who[128];               /* who applied the plan */
	char why[240];               /* why it is where it is, one sentence */
	bool hurried;                /* its plan is sent outside of the account's window, too */
	char pause[240];             /* why it is not sent though its turn may have come: its plan is paused; "" : it is not */
	struct error error;          /* the last; code NONE: none */
};
/* What people are told: the state, or that it is paused; and why. */
enum intent_state intent_shown(const struct intent *intent);
const char *intent_reason(const struct intent *intent); /* borrowed of the intent */

bool intents_add(struct store *store, struct intent *intent /* gets its number */, const char *body, size_t len, struct error *err);
bool intents_add_parent(struct store *store, int64_t intent, int64_t parent, struct error *err);
/* Whoever still waits for an earlier one of a resource's waits from now on for this one. */
bool intents_adopt(struct store *store, const char *account_id, int64_t resource, int64_t to, struct error *err);
bool intents_get(struct store *store, int64_t no, struct intent *ret_intent, struct str *ret_body, bool *ret_found, struct error *err);
bool intents_by_id(struct store *store, const char *word, struct intent *ret_intent, bool *ret_found, struct error *err);
/* Save its state, and when that or `why` has changed a step of it. `said`: the ledger's own words, NULL: as they were;
 * `landed`: JSON, what the ledger made of it otherwise. */
bool intents_save(struct store *store, const struct intent *intent, const char *who, const char *said, const char *landed,
		  int64_t now_ms, struct error *err);
bool intents_set_body(struct store *store, int64_t no, const char *body, size_t len, struct error *err);
bool intents_said(struct store *store, int64_t no, struct str *ret_said, struct str *ret_landed, struct error *err);
bool intents_steps(struct store *store, int64_t no,
		   bool (*each)(void *ctx, int64_t at_ms, enum intent_state state, const char *who, const char *why), void *ctx,
		   struct error *err);

struct intent_query {
	const char *account_id;      /* NULL: all */
	const char *plan;            /* NULL: all */
	int64_t resource;            /* 0: all */
	bool owed_only;              /* open, or waiting for a person */
	int64_t before_no;           /* newest first; 0: from the newest */
	int64_t limit;               /* 0: all */
};
bool intents_list(struct store *store, const struct intent_query *query, bool (*each)(void *ctx, const struct intent *intent),
		  void *ctx, struct error *err);
/* Open ones of an account that are due and not paused, oldest first. Not `open`: of what is new only what is hurried. */
bool intents_due(struct store *store, const char *account_id, int64_t now_ms, bool open, size_t most, struct intent *ret_intents,
		 size_t *ret_count, struct error *err);
/* The account whose outbox is due first, passing over those that `skip` says; INT64_MAX when there is none. */
bool outbox_next(struct store *store, bool (*skip)(void *ctx, const char *account_id), void *ctx,
		 char *ret_account_id /* ACCOUNT_ID_MAX */, int64_t *ret_next_ms, struct error *err);
/* When the first of what does not wait for an account's window is due; INT64_MAX: nothing is. */
bool outbox_next_of(struct store *store, const char *account_id, int64_t *ret_next_ms, struct error *err);
/* Accounts to which something is being sent, as far as is known. */
bool outbox_sending(struct store *store, bool (*each)(void *ctx, const char *account_id), void *ctx, struct error *err);
/* The open one of a resource in an account, if any. */
bool intents_open(struct store *store, const char *account_id, int64_t resource, struct intent *ret_intent, bool *ret_found,
		  struct error *err);
/*
 * Those of an account that were being sent when a crash came: their outcome is unknown. What was unknown before is due as soon as
 * it may be: now where nobody has looked for it yet, else not after `look_ms`.
 */
bool intents_bury(struct store *store, const char *account_id, const char *why, int64_t now_ms, int64_t look_ms, int64_t *ret_count,
		  struct error *err);
/* What was to be tried again later is due now. In a transaction. */
bool intents_hasten(struct store *store, const char *account_id, int64_t now_ms, struct error *err);
/* Parents whose resource is in no record (yet, or any more), and children that wait for one. */
bool intents_parents(struct store *store, int64_t no, bool (*each)(void *ctx, const struct intent *parent), void *ctx,
		     struct error *err);
bool intents_children(struct store *store, int64_t no, bool (*each)(void *ctx, const struct intent *child), void *ctx,
		      struct error *err);
struct intent_counts {
	int64_t states[INTENT_STATE_COUNT]; /* as they are shown */
};
bool intents_count(struct store *store, const char *account_id, const char *plan /* NULL: what is owed, of all plans */,
		   struct intent_counts *ret_counts, struct error *err);

/* How a plan has fared since it was applied, or gone on with after a pause. */
bool intents_seen(struct store *store, const char *plan, struct stop_seen *ret_seen, struct error *err);

/* What was frozen to be sent, with one key for all that is in it. */
struct envelope {
	int64_t no;
	char account_id[ACCOUNT_ID_MAX];
	char key[INTENT_ID_MAX + 8];
	char path[64];               /* the provider's word for where it goes */
	int64_t made_ms, sent_ms;    /* sent_ms 0: not yet */
	int times;                   /* it was handed to the network */
	int members;                 /* intents that it was frozen with; 0: not known */
};
bool envelopes_add(struct store *store, struct envelope *envelope /* gets its number */, const char *body, size_t len,
		   struct error *err);
bool envelopes_get(struct store *store, int64_t no, struct envelope *ret_envelope, struct str *ret_body, struct error *err);
bool envelopes_sent(struct store *store, int64_t no, int64_t now_ms, struct error *err);
bool envelopes_answered(struct store *store, int64_t no, int64_t now_ms, struct error *err);
/* Its intents, in the order in which they stand in it. */
bool envelopes_intents(struct store *store, int64_t no, bool (*each)(void *ctx, const struct intent *intent), void *ctx,
		       struct error *err);

#endif
