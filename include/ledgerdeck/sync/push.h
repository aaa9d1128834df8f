/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pushing: a plan of what would be written, made from resources, mappings, policies and the mirror alone, without a call; and
 * carrying it out through the outbox. Planning is the caller's thread's and may take seconds for very many resources.
 */
#ifndef LEDGERDECK_SYNC_PUSH_H
#define LEDGERDECK_SYNC_PUSH_H

#include "ledgerdeck/store/mappings.h"
#include "ledgerdeck/store/outbox.h"
#include "ledgerdeck/store/plans.h"
#include "ledgerdeck/store/resources.h"
#include "ledgerdeck/sync/sync.h"

struct push_wish {
	const char *account_id;
	const struct resource_type *type; /* NULL: all */
	const int64_t *resources;     /* only these, and what they need; NULL: all of the account's organization */
	size_t resource_count;
	const char *undo;             /* instead: make void what this plan created; NULL */
	bool all_lines;               /* lines also for what is the same */
	const struct policies *policies; /* foreseen by these instead of the account's; NULL: by those */
	const char *who;
	struct env env;
	struct cancel *cancel;        /* NULL: never */
	void (*progress)(void *ctx, int64_t done); /* resources looked at; NULL */
	void *ctx;
};

/* Types of the account whose mirror is older than its policy lets for such a plan: to be synced before. NULL at the end, borrowed. */
bool push_stale(struct store *store, const struct catalogue *catalogue, const struct push_wish *wish,
		const char **ret_types /* PUSH_READS_MAX */, struct error *err);
#define PUSH_READS_MAX 40

/*
 * Make a plan and keep it. Errors INPUT: the account is not connected, its ledger can't be written to, its settings are not
 * mirrored; CANCELLED.
 */
bool push_plan(struct store *store, const struct catalogue *catalogue, const struct push_wish *wish, struct plan *ret_plan,
	       struct error *err);

/*
 * Make the newest plan of an account again, with the same scope, since what it waited for has been put right; an open one is
 * dropped. `ret_made` false: there is none that anything waited in, or it was an undoing.
 */
bool push_replan(struct store *store, const struct catalogue *catalogue, const char *account_id, const char *who, struct env env,
		 struct cancel *cancel, struct plan *ret_plan, bool *ret_made, struct error *err);

/* What a plan comes to, for whoever shows it: its head, as docs/json.md has it under `plan`. */
struct push_totals {
	int64_t acts[PLAN_ACT_COUNT];
	int64_t lines;
};
bool push_totals(const char *head, struct push_totals *ret_totals);
/* What else a plan's head tells. */
struct push_calls {
	int64_t batches, singles;     /* calls that it takes: of several writes; of one that is made void */
	int64_t asks;                 /* and of those that ask what became of them, where the ledger takes in first and posts later */
};
struct push_facts {
	struct push_calls calls;
	int64_t before_go_live;       /* documents that are left out as older */
	int64_t closed;               /* dated in closed books, written or not */
	int64_t new_lists;            /* customers, vendors and items that it creates, */
	int64_t needing;              /* and documents that need one of them */
};
bool push_facts(const char *head, struct push_facts *ret_facts); /* false: it is of an older program, or damaged */
/* How long the calls take by the account's budget, in whole minutes; 0: less than one. */
int64_t push_minutes(const struct settings *settings, const struct push_calls *calls);
/* The same, one by one: what there is of it, and a few words; 0: it is not worth a line. */
enum push_fact { FACT_CALLS, FACT_NEW, FACT_CLOSED, FACT_GO_LIVE, FACT_COUNT };
const char *push_fact_word(enum push_fact fact); /* "calls" */
int64_t push_fact(const struct push_facts *facts, enum push_fact fact, const struct settings *settings, struct str *out);
/* What of a plan, by its head, goes by itself by the account's policies, and what waits for a person to apply it. */
struct push_auto {
	int64_t goes, waits;          /* lines that write or link */
	char why[160];                /* they wait: a sentence without its full stop; "" : none does */
};
void push_auto(const char *head, const struct policies *policies, struct push_auto *ret_auto);
#define PUSH_ENGINE "engine"          /* who made the plan */
/* Documents of an account that wait for a person: in the newest plan of all of them, and writes that need one. */
bool push_waiting(struct store *store, const char *account_id, int64_t *ret_count, struct error *err);
/* What a plan would come to now, by the mirror as it is, within a read of the caller's (store_read_begin()); none is kept. */
bool push_foresee(struct store *store, const struct catalogue *catalogue, const struct push_wish *wish, struct push_totals *ret_totals,
		  struct error *err);

/* What lines come to that write, by currency. */
struct push_sums {
	struct push_sum {
		char currency[8];
		struct decimal total;
	} items[16];                  /* of more currencies nothing is told */
	size_t count;
	int64_t writes;
};
void push_sums_add(struct push_sums *sums, enum plan_act act, const char *currency, bool has_total, int64_t total /* millionths */);
/* What is typed by whoever has read it: the largest sum as "1234.50"; where there is no money how many are written. */
void push_sums_word(const struct push_sums *sums, char *out /* DECIMAL_TEXT_MAX */);
bool push_sums_confirm(const struct push_sums *sums, const char *word);
const char *push_sum_text(struct decimal total, char *out /* DECIMAL_TEXT_MAX */); /* out */
/* Does the account's policy want it typed? */
bool push_asks(struct store *store, const char *account_id, bool *ret_asks, struct error *err);

struct push_apply {
	const char *plan_id;
	const enum plan_act *acts;    /* only these; NULL: all that write or link */
	size_t act_count;
	const int64_t *lines;         /* only these lines; NULL: all */
	size_t line_count;
	const char *confirm;          /* what a person has typed; NULL: nothing */
	bool by_itself;               /* by a policy: nobody is asked */
	bool later;                   /* it may wait for the account's window */
	bool hurry;                   /* it is sent outside of it, too; neither of the two: then nothing is done */
	const char *who;
	struct env env;
	struct cancel *cancel;
};
/* What it would write of its plan. */
bool push_apply_sums(struct store *store, const struct push_apply *wish, struct push_sums *ret_sums, struct error *err);
struct push_applied {
	int64_t intents, links;       /* queued; linked at once */
	int64_t left;                 /* lines that were not chosen, or wait for a person; what is skipped is neither */
	bool stale;                   /* nothing was done: something has moved since */
	struct str moved;             /* owned: a line each of what has, the first twenty */
};
/*
 * What has moved since an open plan was made, as a part of a sentence ("the mapping has version 6 since, not 5"); "" : nothing that
 * can be told without planning again, which push_apply() does.
 */
bool push_moved(struct store *store, const struct plan *plan, char *ret_what /* PUSH_MOVED_MAX */, struct error *err);
#define PUSH_MOVED_MAX 200
void push_applied_clear(struct push_applied *applied);
/*
 * Check that the plan is still what would be planned now, then make its writes intents, durable before anything is sent, in one
 * transaction. Errors: CONFLICT (not open, expired, needs a second person or the sum typed), INPUT (another sum was typed).
 */
bool push_apply(struct store *store, const struct catalogue *catalogue, const struct push_apply *wish,
		struct push_applied *ret_applied, struct error *err);

/* What an applied plan has left, as it would be planned now: what has been settled otherwise since is not left. */
struct push_left {
	int64_t lines;                /* that wait for a person, or were not chosen */
	int64_t links;                /* of the plan that stand */
};
bool push_left(struct store *store, const struct catalogue *catalogue, const char *plan_id, struct env env, struct cancel *cancel,
	       struct push_left *ret_left, struct error *err);

/* The hours in which what is queued for an account may be sent, by its policy, in this machine's own time. */
struct push_window {
	bool open;
	int64_t opens_ms;             /* while it is closed: when it opens next, */
	char opens[16];               /* the same as "22:00" or "Mon 22:00", */
	char hours[POLICY_VALUE_MAX]; /* and the policy */
};
bool push_window(struct store *store, const char *account_id, int64_t now_ms, struct push_window *ret_window, struct error *err);
/* Is that why the intent, which is of that account, waits? */
bool push_window_holds(const struct push_window *window, const struct intent *intent);
/* What of an applied plan waits for its account's window is sent all the same. In a transaction of its own. */
bool push_hurry(struct store *store, const char *plan_id, const char *who, int64_t now_ms, struct error *err);

/* The engine sends what stands in the outbox of an account (NULL: all), until sync_stop(). */
bool sync_push(struct sync *sync, const char *account_id, struct error *err);
/* Wait until nothing of a plan can be done any more without a person (for the account, too) or without waiting for more than
 * `patience_ms`. */
bool sync_push_wait(struct sync *sync, const char *plan_id, int64_t patience_ms, struct cancel *cancel);

/* How a resource stands in an account by what is mirrored of its record: "open", "partly paid", "paid", "voided", "deleted",
 * "inactive", "live"; "" : it is not there. */
struct push_standing {
	char word[16];
	bool has_open;
	struct decimal open;
};
bool push_standing(struct store *store, const struct catalogue *catalogue, const struct account *account, const struct link *link,
		   struct push_standing *ret_standing, struct error *err);

/*
 * What an operator does with an intent. Errors INPUT: it is not in a state for that, the mirror has no such record; what may be in the
 * ledger can't be cancelled. In transactions of their own.
 */
bool push_cancel(struct store *store, int64_t intent, const char *who, int64_t now_ms, struct error *err);
/* All of a plan that was not sent yet; what is being sent, or was, is not touched. */
bool push_cancel_plan(struct store *store, const char *plan_id, const char *who, int64_t now_ms, int64_t *ret_count, struct error *err);
/*
 * While a plan is paused nothing of it is sent that was not yet; what is under way is brought to its end. A stop rule (policy stop)
 * pauses one, too. Whether it is already does not matter. INPUT: nothing of it is still to be sent.
 */
bool push_pause(struct store *store, const char *plan_id, const char *who, int64_t now_ms, struct error *err);
bool push_resume(struct store *store, const char *plan_id, const char *who, int64_t now_ms, struct error *err);
bool push_accept(struct store *store, int64_t intent, const char *who, int64_t now_ms, struct error *err); /* landed different */
/* It is that record after all, or (NULL) it was never written: after an outcome that nobody could tell. */
bool push_settle(struct store *store, int64_t intent, const char *record_id, const char *who, int64_t now_ms, struct error *err);

#endif
