/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the engine share: the engine itself, a worker, and one piece of work. */
#ifndef SYNC_ENGINE_H
#define SYNC_ENGINE_H

#include "ledgerdeck/core/random.h"
#include "ledgerdeck/core/thread.h"
#include "ledgerdeck/sync/sync.h"

#define SYNC_LEASE_MS 60000
#define WORKERS_MAX 64
#define SYNC_GROUP_MAX 64
#define SYNC_NEXT_ASKED (-1)         /* next_ms of what somebody asked for: before all that is merely due */

struct asked { /* an object that somebody wants done now */
	int64_t object;
	char account_id[ACCOUNT_ID_MAX];
	char type[64];
	int64_t run;
	char cause[24];
	enum sync_mode mode;
	bool approve;
	bool taken;                   /* a thread works on it, for this wish */
	bool done;
};

struct sync_account { /* what all threads of this process share of an account */
	char id[ACCOUNT_ID_MAX];
	struct budget *budget;        /* owned */
	int64_t fence, until_ms;      /* of our lease; fence 0: none */
	size_t busy;                  /* objects that threads of ours work on */
	size_t quiet;                 /* of these, without a call to the ledger */
	size_t workers;               /* threads that work on them */
	int64_t outbox_rest_ms;       /* nothing of its outbox is sent before */
	int64_t outbox_fence;         /* lease under which the outbox was looked through for what a crash left; 0: not yet */
};

struct busy {
	int64_t object;
	struct sync_account *account; /* borrowed */
	bool quiet;
};

struct sync {
	struct sync_options options;
	char *store_path, *who;       /* owned: what the options' point to */
	struct lock *lock;
	struct lock *training;        /* held by whoever trains a dictionary */
	struct lock *turn;            /* held by whichever worker writes */
	struct store *store;          /* owned: of whoever calls sync_ask(), under the lock */
	struct cancel *cancel;        /* owned: the end of all workers */
	struct thread *threads[WORKERS_MAX + 10];  /* owned; the last ones keep the leases, make backups, reconcile, export, work in the background, hear, send */
	int thread_count;
	size_t workers;               /* of the threads, those that carry out jobs */
	bool schedule;
	int64_t quiet_ms;             /* when an edited document has been quiet long enough; INT64_MAX: none is known */
	bool debouncing;              /* a thread looks at what was edited */
	bool keeps;                   /* the leases' keeper was started */
	bool fills;                   /* the background's thread was started */
	bool pushes;                  /* the outbox's threads were started */
	bool buried;                  /* what an earlier process was sending when it ended was looked for */
	bool pushes_all;              /* they send for every account, else for these */
	char (*pushed)[ACCOUNT_ID_MAX]; /* owned */
	size_t pushed_count, pushed_room;
	char holder[96];              /* host, pid, its start, engine: one for all threads */
	uint64_t news;                /* grows with all that a waiting thread should look at */
	int worker_count;             /* ever opened: each has a name of its own */
	int64_t house_ms, trim_ms;    /* when the housekeeping is due next */
	bool written;                 /* since the last checkpoint */
	int64_t rest_until_ms;        /* the store could not be written: nothing is begun before; 0: it could */
	struct asked *asked;          /* owned */
	size_t asked_count, asked_room;
	struct busy *busy;            /* owned: objects that some thread works on */
	size_t busy_count, busy_room;
	size_t fetchers;              /* threads that fetch slices, of all reads */
	struct sync_account **accounts; /* owned, and what it holds */
	size_t account_count, account_room;
	struct random random;         /* jitter */
	struct worker *own;           /* owned: of sync_step(); NULL until then */
};

/* One thread's means. */
struct worker {
	struct sync *sync;
	struct store *store;          /* owned */
	struct transport transport;   /* owned */
	struct compress *compress;    /* owned */
	struct connect_world world;
	char name[120];               /* the engine's holder and a number */
};

/* One attempt on one object (or on a group that is asked about together). */
struct work {
	struct worker *worker;
	struct object object;
	struct object kept;              /* as the store has it: what a failure goes back to */
	bool scarce;                     /* the month's calls are nearly used up: what can wait is put off */
	bool was_whole;                  /* what was read last began at the beginning */
	bool is_echo;                    /* failed by a call that another one's failure tells of */
	bool recount;                    /* the attempt before was interrupted: its counts are not to be trusted */
	const struct type *type;
	const struct provider *provider;
	struct connect_session *session; /* borrowed */
	struct budget *budget;           /* borrowed */
	int64_t ledger_ms;               /* the ledger's clock, as it was just told: for the read that follows; 0: not told */
	const struct slice *slices;      /* borrowed: what is saved with the object's state; NULL: it is not read in slices */
	size_t slice_count;
	struct attempt attempt;
	struct http_meter meter;
	int64_t fence;
	struct meter metered;            /* of it, what the month's meter has already */
	struct str detail;               /* owned: what the log says beside the error: the ledger's words, or a note */
	struct str members;              /* owned: names of members that the ledger has shown; see drift.c */
	bool members_loaded, members_changed;
};

int64_t sync_now(const struct sync *sync);
void sync_tell(struct sync *sync, const struct sync_event *event); /* copies */

struct parked {                          /* what cannot be kept as a record */
	struct json_slice raw;           /* borrowed: the intake's texts */
	char id[RECORD_ID_MAX];          /* as far as it has one */
	char why[240];
};

/* intake.c: a page on its way into the store, with what moves beside it. Nothing in it points into the page. */
struct intake {
	struct packed *rows;          /* owned, as all here */
	struct record *records;
	size_t count;
	struct parked *parked;
	size_t parked_count;
	int64_t unchanged;            /* that are here already */
	struct str texts, bytes;
	struct str members;           /* names of members in the new and changed ones: see drift.c */
};
void intake_clear(struct intake *intake);
/* Take a page apart and pack it: by whoever fetched it, with that thread's own means. `intake` is zeroed. */
bool intake_prepare(struct worker *worker, const struct object *object, const struct type *type, const struct page *page,
		    struct intake *intake, struct error *err);
/*
 * Put what was prepared and commit it together with the object's state (which the caller has set). `confirmed` are ids
 * that are gone for certain.
 */
bool intake_put(struct work *work, const struct intake *intake, const char (*confirmed)[RECORD_ID_MAX], size_t confirmed_count,
		struct error *err);
/* Both, in the thread that writes. */
bool intake_page(struct work *work, const struct page *page, const char (*confirmed)[RECORD_ID_MAX],
		 size_t confirmed_count, struct error *err);
/* The id of what could not be kept as a record: RECORD_ID_MAX bytes, "" when it shows none. */
void intake_parked_id(const struct type *type, struct json_slice raw, char *out);
/* What was spent since the last commit goes to the month's meter, within the caller's transaction. */
bool intake_meter(struct work *work, struct error *err);
/* The object's state, under the account's lease, at the end of the caller's transaction. */
bool intake_commit(struct work *work, struct store *transaction, struct error *err);
/* The object's state alone, in a transaction of its own. */
bool intake_state(struct work *work, struct error *err);

/* pull.c, changes.c, sweep.c: the ways to read. False with an error; the object's state is as far as it came. */
bool pull_read(struct work *work, bool full, struct error *err);
bool pull_whole(struct work *work, struct error *err);
/* The read is complete up to its bound: only now the cursor moves. To be committed with the last page. */
void pull_finish(struct work *work);
void pull_progress(struct work *work);
/* Is this machine's clock near the ledger's? STORE when it is too far off. */
bool pull_check_clock(struct work *work, int64_t ledger_ms, struct error *err);
bool changes_ready(const struct sync *sync, const struct object *object, const struct type *type,
		   const struct provider *provider);
/* A mark that is too old to be trusted: deletions since then show only in a sweep. */
bool changes_stale(const struct sync *sync, const struct object *object, const struct provider *provider);
bool changes_mark(struct work *work, struct error *err);         /* a first mark, before the first full read */
/* All of one account, asked about together; each has its own outcome. */
void changes_read(struct work *works, size_t count, struct error *ret_errors);
bool sweep_read(struct work *work, struct error *err);
bool sweep_wanted(const struct sync *sync, const struct object *object, const struct type *type, bool scarce);
/* A sweep found too much missing and waits for a person; until then only changes are read. */
bool sweep_waits(const struct object *object);
/* What the ids noted in the sweep lack: confirmed and marked; CONFLICT when it waits for approval. */
bool sweep_missing_gone(struct work *work, struct error *err);
/* Confirm by direct reads that ids are gone; those that are there after all are put. `ret_gone` has room for all. */
bool confirm_gone(struct work *work, const char (*ids)[RECORD_ID_MAX], size_t count, char (*ret_gone)[RECORD_ID_MAX],
		  size_t *ret_count, struct error *err);

/* slices.c: is the rest of a read behind this page, its first one, to be read in slices? `fresh`: the read began with it. */
bool slices_wanted(struct work *work, const struct page *page, bool fresh, struct slice *ret_rest);
/* Read them side by side, to the end of the read. */
bool slices_read(struct work *work, const struct slice *slices, size_t count, struct error *err);

/* schedule.c: what comes next for an object, after it went well or not. */
int64_t schedule_interval_ms(struct worker *worker, const struct object *object); /* 0: only when asked */
void schedule_success(struct work *work);
void schedule_failure(struct work *work, const struct error *error);
bool schedule_breaker(struct work *work, const struct error *error, struct error *err);

/* extract.c: where the catalogue's row is another than the one by which the columns were filled, fill them anew from what is
 * kept, as an attempt of its own that makes no call. `object`, held by the caller, comes back as the store has it. */
bool extract_run(struct worker *worker, struct object *object, const struct type *type, int64_t fence, struct error *err);
/* The same before a type is read, if need be. */
bool extract_again(struct work *work, struct error *err);

/* background.c */
void background_thread(void *ctx);                           /* a thread's whole life */

/* drift.c: names of members that nobody has seen before, into the object's `drift`. Collected by whoever takes a page apart, a
 * line each; noted before, kept within the transaction. */
#define DRIFT_MEMBERS_MAX ((size_t)64 << 10)
void drift_collect(struct json_slice record, struct str *members);
bool drift_note(struct work *work, const struct str *members, struct error *err);
bool drift_keep(struct work *work, struct error *err);

/* absent.c: which of those that a direct read found absent were so some minutes ago already; the others are noted. */
bool absent_twice(struct work *work, const char (*ids)[RECORD_ID_MAX], size_t count, char (*ret_proven)[RECORD_ID_MAX],
		  size_t *ret_proven_count, struct error *err);
#define ABSENT_GAP_MS 120000
/* Is it still the company that was connected? CONFLICT when not. */
bool absent_check_company(struct work *work, struct error *err);

/* month.c: the month's meter. LIMIT when it is used up. */
void month_of(int64_t ms, char *out, size_t size);
/* What of it a provider's month counts: bytes of all calls, and those calls that the ledger meters. `provider` NULL: not known. */
struct meter month_spent(const struct provider *provider, const struct http_meter *spent);
/* Put into the meter what was spent beyond `metered`, which is that from then on. In a transaction. */
bool month_add(struct store *store, const char *account_id, int64_t now_ms, const struct meter *spent, struct meter *metered,
	       struct error *err);
bool month_check(struct work *work, struct error *err);
bool month_is_scarce(struct worker *worker, const char *account_id);
bool month_is_used_up(struct worker *worker, const char *account_id);

/* lease.c: the lease of an account, under the engine's lock but for the keeper. */
void lease_name(struct sync *sync);                          /* makes sync->holder */
bool lease_get(struct sync *sync, struct store *store, struct sync_account *account, bool *ret_taken, struct error *err);
void lease_give(struct sync *sync, struct store *store, struct sync_account *account);
bool lease_bury(struct sync *sync, struct store *store, struct error *err); /* those of processes that are gone */
bool lease_is_free(struct sync *sync, struct store *store, const char *account_id);
void keep_leases(struct sync *sync);                         /* sync.c: under the lock, start the keeper */
void lease_keeper(void *ctx);                                /* a thread's whole life */

/* house.c: what an idle scheduler does beside: new accounts, tokens that nobody uses, the log's old rows, the write-ahead log. */
void house_keep(struct worker *worker);
bool house_ensure(struct sync *sync, struct store *store, const struct account *account, struct error *err);

/* backup.c: one that is due is made; `ret_next_ms` is when to look again. And a thread's whole life. */
void backup_due(struct sync *sync, struct store *store, int64_t *ret_next_ms);
void backup_keeper(void *ctx);

/* feed_keeper.c: what is due of the feeds is written; `ret_next_ms` is when the next one is due. And a thread's whole life. */
void feed_due(struct sync *sync, struct store *store, struct connect_world *world /* NULL: only directories */, int64_t *ret_next_ms);
void feed_keeper(void *ctx);

/* merged.c: note, within a transaction, that what depends on this list is to be read anew; and do so for this type. */
bool merged_follow(struct work *work, struct error *err);
bool merged_read(struct work *work, struct error *err);

/* rearm.c: what waits longer than it should by now is due at once. */
void rearm_all(struct worker *worker, const struct account_list *accounts);

/* worker.c */
bool worker_open(struct sync *sync, struct worker *worker, struct error *err);
void worker_close(struct worker *worker);
void worker_rest(struct worker *worker);                     /* it has nothing to do for a while */
void worker_thread(void *ctx);
bool worker_step(struct worker *worker, bool *ret_worked, int64_t *ret_next_ms, struct error *err);
/*
 * Have an object to oneself for work without calls, under its account's lease, and let it go again. `ret_held` false: others, of
 * this process or another, work on it.
 */
bool worker_hold(struct worker *worker, const struct object *object, int64_t *ret_fence, bool *ret_held, struct error *err);
void worker_let_go(struct worker *worker, const struct object *object);
/* The same for work on an account's outbox, which several threads may do at once. */
bool worker_hold_account(struct worker *worker, const char *account_id, struct sync_account **ret_account, bool *ret_held,
			 struct error *err);
void worker_leave_account(struct worker *worker, struct sync_account *account);

#define OUTBOX_THREADS 3
/* outbox.c: a thread's whole life; and one unit of its work, for tests. */
void outbox_thread(void *ctx);
void bell_thread(void *ctx);                                  /* bell.c: other processes' commits, as they come; a thread's */
void outbox_keep(struct worker *worker);                     /* whoever follows the schedule sends what stands there */
bool outbox_step(struct worker *worker, bool *ret_worked, int64_t *ret_next_ms, struct error *err);
void debounce_keep(struct worker *worker);                   /* debounce.c: what was edited is pushed by itself */
/* What a wish changes in an object's state. */
void asked_apply(const struct asked *asked, struct object *object);

/* job.c: carry out one due object; `mates` are others of its account that may be asked about with it. */
const char *job_choose(const struct sync *sync, const struct object *object, const struct type *type,
		       const struct provider *provider, bool scarce);
/* Is there room on the disk for what can't be had again? STORE when not. */
bool job_check_room(const struct work *work, struct error *err);
/* False: the store could not take its beginning or its end. */
bool job_run(struct worker *worker, const struct object *object, const struct object_list *mates, int64_t fence,
	     const struct asked *asked);

#endif
