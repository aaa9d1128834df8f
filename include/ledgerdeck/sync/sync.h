/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The engine: durable jobs carried out by worker threads. Every screen and command asks it through
 * this contract and sees what it does in the store and in its events.
 *
 * One engine may serve many threads, each with a store of its own: every function here may be called by any thread at any time
 * but sync_free(), which comes last, and sync_step(), which is one thread's. Those that write (sync_ask(), sync_start() the
 * first time, and what an operator sets) wait for other writers of the file, as long as `store.busy` at most: a thread that
 * must not wait lets another one call them. sync_stop(), sync_withdraw() and sync_paused_ms() wait for nothing longer than
 * another thread's look at what is due.
 */
#ifndef LEDGERDECK_SYNC_SYNC_H
#define LEDGERDECK_SYNC_SYNC_H

#include "ledgerdeck/connect/connect.h"
#include "ledgerdeck/core/queue.h"
#include "ledgerdeck/store/backup.h"
#include "ledgerdeck/store/log.h"

struct sync;

struct sync_options {
	const char *store_path;
	struct vault *vault;              /* unlocked; must outlive the engine */
	const struct settings *settings;
	const struct catalogue *catalogue;
	struct env env;
	const char *who;
	/* A transport for a new worker thread, and its end. */
	struct transport (*transport_new)(void *ctx);
	void (*transport_free)(void *ctx, struct transport transport);
	void *ctx;
	/*
	 * Takes struct sync_event *; NULL: none. Borrowed, and taken from by one thread. A full one takes no more: events are
	 * for what is seen meanwhile, the store has what happened.
	 */
	struct queue *events;
	bool (*sleep)(void *ctx, int64_t ms, struct cancel *cancel); /* NULL: cancel_sleep(); `ctx` as above */
};

/* Starts no thread yet; copies the path and `who`. Errors: STORE, INPUT. */
bool sync_new(const struct sync_options *options, struct sync **ret_sync, struct error *err);
void sync_free(struct sync *sync);        /* stops and joins */

enum sync_mode {
	SYNC_CHANGES,  /* what is new since the cursor */
	SYNC_FULL,     /* all of it again */
	SYNC_SWEEP,    /* prove what exists */
};
struct sync_wish {
	const char *account_id;           /* NULL: all accounts */
	const char *const *types;         /* NULL: all; names, NULL at the end */
	enum sync_mode mode;
	const char *cause;                /* "operator", "retry", ... */
	bool approve_guard;               /* go on where a sweep waits for approval */
};
/* Make jobs due now; durable when it returns. `ret_run` names them in the log. */
bool sync_ask(struct sync *sync, const struct sync_wish *wish, int64_t *ret_run, int64_t *ret_jobs, struct error *err);

/* Take back what was asked for in a run and nobody has begun; what is under way goes on, also for others who asked for it. */
void sync_withdraw(struct sync *sync, int64_t run);
/* How long calls of an account (NULL: of any) that is worked on wait still because the ledger wants quiet; 0: they don't. */
int64_t sync_paused_ms(struct sync *sync, const char *account_id);

/*
 * Work with so many threads until sync_stop(); also what falls due by itself when `schedule`. Once they work, a further call
 * can only add `schedule`.
 */
bool sync_start(struct sync *sync, int workers, bool schedule, struct error *err);
/* Stop for good: reads end within a second, writes finish. Does not wait; sync_free() does. */
void sync_stop(struct sync *sync);
/* Wait until all asked-for jobs of a run are done (or waiting for more than `patience_ms`); false: cancelled. */
bool sync_wait(struct sync *sync, int64_t run, int64_t patience_ms, struct cancel *cancel);
/* One job in this thread, for tests and one-off commands; false when nothing is due. */
bool sync_step(struct sync *sync, bool *ret_worked, int64_t *ret_next_ms, struct error *err);

/* How many records of a type the ledger holds now, asked directly. The caller's thread; waits. */
bool sync_count(struct sync *sync, const char *account_id, const struct type *type, struct cancel *cancel, int64_t *ret_count,
		struct error *err);

/* Can the ledger be reached for an account? One cheap call, tried once; and how far our clock is ahead of its. */
bool sync_reach(struct sync *sync, const char *account_id, struct cancel *cancel, int64_t *ret_skew_ms, struct error *err);

/*
 * What an operator sets, over the store alone: no engine is needed, and one that works (of any process) follows. Each is a
 * transaction with its row in the audit. `ret_changed` false: it was so already. INPUT: there is no such account.
 */
/* An account that is paused is not read by anybody until it goes on; its tokens are kept alive. INPUT: it must be connected. */
bool sync_pause(struct store *store, const char *account_id, bool paused, const char *who, int64_t now_ms, bool *ret_changed,
		struct error *err);
/* Leave a type of an account out, or take it in again. */
bool sync_want(struct store *store, const char *account_id, const char *type, bool wanted, const char *who, int64_t now_ms,
	       bool *ret_changed, struct error *err);
/* The time between two reads of a type, or (NULL) of the account's types that have none of their own: seconds, 0 as the
 * account's or the settings', INTERVAL_ASKED. */
bool sync_every(struct store *store, const struct settings *settings, const char *account_id, const char *type,
		int64_t interval_s, const char *who, int64_t now_ms, bool *ret_changed, struct error *err);
/* What holds for an object: its own, its account's or the settings' for its provider. 0: only when asked. */
int64_t sync_interval_s(struct store *store, const struct settings *settings, const struct object *object);
/* The same for whoever has its account already. */
int64_t sync_account_interval_s(const struct settings *settings, const struct account *account, const struct object *object);

/* Does the connection end within 30 days although its tokens are renewed, or within 14 for want of that? Then what to do. */
bool sync_warning(const struct account *account, int64_t now_ms, char *ret_text /* 240 */);

/* What a month allows so much of. */
enum sync_quota_kind { QUOTA_CALLS, QUOTA_RECEIVED, QUOTA_SENT, QUOTA_COUNT };
struct sync_quota {
	const char *what;                 /* its unit: "calls", "megabytes down" (a million bytes each) */
	int64_t used, forecast;           /* so far, in whole ones; by the month's end at this pace, begun ones counted */
	int64_t limit;                    /* 0: none */
	const char *setting;              /* that has the limit: "xledger.month_limit", else "sync.month_limit"; "": nobody limits it */
};
bool quota_is_used_up(const struct sync_quota *quota);
bool quota_is_short(const struct sync_quota *quota); /* used up, or at this pace before the month's end */

/* The month of all accounts of a provider's environment, which share what the ledger allows. */
struct sync_month {
	struct sync_quota quotas[QUOTA_COUNT];
	char label[40];                   /* "quickbooks production" */
};
bool sync_month(struct store *store, const struct settings *settings, const char *provider, enum environment environment,
		int64_t now_ms, struct sync_month *ret_month, struct error *err);

/*
 * A backup, in the log like all that is done: its row has no account, and SYNC_BACKUP for job and type. Needs no engine. While
 * one works with `schedule`, those into the settings' directory are made when they are due.
 */
#define SYNC_BACKUP "backup"
struct sync_backup {
	const char *path;                 /* NULL: under a name of its own in `backup.directory`, and the oldest of those are removed */
	const char *cause;                /* "operator", "schedule", "retry" */
	bool replace;                     /* what has that name */
	bool noted;                       /* false: the store can't be written */
	bool if_due;                      /* nothing is done when none is due any more: the result has no path */
	struct env env;
	void (*progress)(void *ctx, int64_t done, int64_t all); /* bytes; NULL */
	void *ctx;
	struct cancel *cancel;
};
struct sync_backup_result {
	char path[4200];
	struct backup_facts facts;
	int64_t removed;                  /* older ones */
	int64_t attempt;                  /* its row; 0: none */
};
/* Errors: as store_backup(); INPUT where no directory is set. */
bool sync_backup(struct store *store, const struct settings *settings, const struct sync_backup *wish,
		 struct sync_backup_result *ret_result, struct error *err);
struct sync_backups {
	bool scheduled;                   /* a directory is set */
	int64_t last_ms;                  /* the last that went well, of whatever cause; 0: none is known */
	int64_t next_ms;                  /* when the next one is due by itself; 0: at once */
	int failures;                     /* of those into the directory, since the last that went well */
	int64_t failed;                   /* the last of these, its row in the log */
	struct error error;               /* and why */
};
bool sync_backup_state(struct store *store, const struct settings *settings, struct sync_backups *ret_backups, struct error *err);

struct sync_event {
	enum { SYNC_STARTED, SYNC_PROGRESS, SYNC_ENDED, SYNC_WAITING } kind;
	char account_id[ACCOUNT_ID_MAX];
	char type[64];
	int64_t run, attempt;
	int64_t records, of;              /* read so far; of how many, -1 unknown */
	int64_t bytes;
	struct put_counts counts;
	struct error error;               /* SYNC_ENDED: code NONE when good */
	int64_t wait_ms;                  /* SYNC_WAITING */
};

/* What stands in a table of advice for an error: "what", "why", "do" in an operator's words. Borrowed, never NULL. */
struct sync_advice {
	const char *what, *why, *act;
};
struct sync_advice sync_advice(const char *provider, const struct error *error);

#endif
