/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One type in one account: how far it has been read, how it fares. The unit of sync state. */
#ifndef LEDGERDECK_STORE_OBJECTS_H
#define LEDGERDECK_STORE_OBJECTS_H

#include "ledgerdeck/model/catalogue.h"
#include "ledgerdeck/model/record.h"
#include "ledgerdeck/store/accounts.h"

enum object_status {
	OBJECT_NEW,      /* never read */
	OBJECT_OK,
	OBJECT_RUNNING,
	OBJECT_WAITING,  /* for a limit, a retry, the breaker */
	OBJECT_FAILED,   /* will be tried again by itself */
	OBJECT_DEAD,     /* not without a person */
	OBJECT_STATUS_COUNT
};
const char *object_status_word(enum object_status status);

struct object {
	int64_t no;                  /* the store's own number */
	char account_id[ACCOUNT_ID_MAX];
	char type[64];
	enum object_status status;
	bool wanted;                 /* false: the operator left this type out */
	int64_t interval_s;          /* time between two reads; 0: the account's, INTERVAL_ASKED: only when asked */
	int64_t next_ms;             /* next run; 0: at once */
	/* How far: everything changed before cursor_ms (the ledger's clock) has been read. */
	int64_t cursor_ms;           /* INT64_MIN: nothing yet */
	/* A read under way, taken up again after a crash. */
	int64_t reading_from_ms, reading_to_ms;
	char position[512];          /* "" : not under way */
	char mark[512];              /* of the list of changes; "" : none */
	int64_t mark_ms;             /* when it was last moved, our clock; 0: never */
	int64_t full_ms, sweep_ms;   /* last complete full read and sweep; 0: never */
	int64_t whole_ms;            /* when all of it was here for the first time: what is told of earlier times may lack records */
	bool sweep_due;              /* a gap: absence is not proven until a sweep */
	int64_t live, inactive, voided, deleted, parked; /* counts of records */
	int64_t ledger_count;        /* the ledger's own count, -1: not known */
	int64_t ledger_count_ms;
	int64_t attempt_ms, success_ms; /* last attempt, last success; 0: never */
	int failures;                /* one after the other */
	struct error last_error;     /* code NONE when the last attempt was good */
	char guard[240];             /* a sweep that would delete too much waits for approval: what it says; "" none */
	char drift[240];             /* member names that the ledger has and nobody knew, until all is read again on request; "" none */
	char digest[20];             /* of the type's row when the cells were made; "" : none were made yet */
	/* Cells on their way to another row: its digest ("" : they are not), and the last record's id that is there. */
	char filling[20];
	char filled_id[RECORD_ID_MAX];
};

/* A part of a read under way that is read by itself, beside others; each is a time range of the ledger's clock. */
struct slice {
	int64_t from_ms, to_ms;      /* what is still to be read of it */
	char position[512];          /* "" : at its start */
	int64_t expected;            /* about so many records */
};
#define SLICES_MAX 64

struct object_list {
	struct object *items; /* owned */
	size_t count, room;
};
void object_list_clear(struct object_list *list);

/* The object of a type in an account, made when absent. */
bool objects_ensure(struct store *store, const char *account_id, const char *type, struct object *ret_object,
		    struct error *err);
bool objects_get(struct store *store, const char *account_id, const char *type, struct object *ret_object,
		 bool *ret_found, struct error *err);
/* Do its columns mean what the type's row says now? Else nothing may be read out of them: the next sync fills them anew. */
bool object_is_current(const struct object *object, const struct type *type);
/* Of one account, or of all (NULL) by account, in the order they were made. */
bool objects_all(struct store *store, const char *account_id, struct object_list *ret_list, struct error *err);
/*
 * Save the state. `fence` is the lease's number under which the work is done (0: no lease); a newer lease makes
 * it CONFLICT and writes nothing. With a lease the counts are left as they are: objects_count() and objects_moved() keep them.
 */
bool objects_save(struct store *store, const struct object *object, int64_t fence, struct error *err);
/* Save what an operator sets, `wanted` and `interval_s`, which objects_save() leaves alone, and `next_ms`. */
bool objects_set(struct store *store, const struct object *object, struct error *err);
/* What is due at `now_ms`, the longest overdue first, of accounts that are well, whose breaker is closed, and that
 * nobody but `holder` has a lease of. */
bool objects_due(struct store *store, int64_t now_ms, const char *holder, size_t most, struct object_list *ret_list,
		 int64_t *ret_next_ms /* when the next one not in the list is due, INT64_MAX: never */, struct error *err);
/*
 * The parts of a read under way that are not complete. What is saved, in the transaction that moves the rest, are all that
 * there are; none of them outlives the object's `position`.
 */
bool slices_get(struct store *store, const struct object *object, struct slice *ret_slices /* SLICES_MAX */, size_t *ret_count,
		struct error *err);
bool slices_save(struct store *store, const struct object *object, const struct slice *slices, size_t count, struct error *err);
/* Count the records again: live, inactive, voided, deleted, parked. In a transaction the counts are saved, too. */
bool objects_count(struct store *store, struct object *object, struct error *err);
/* One record went from a state to another (-1: it was not here), while others may work on the object. */
bool objects_moved(struct store *store, int64_t object_no, int from, int to, struct error *err);

/* What was parked, by why: of a table that stays small, over an index. */
struct parked_cause {
	const char *account_id, *type, *why; /* borrowed */
	int64_t count;
};
bool parked_causes(struct store *store, bool (*each)(void *ctx, const struct parked_cause *parked), void *ctx, struct error *err);

/* An account's work is leased to one holder at a time; each lease has a greater number than the one before. Taken in a
 * transaction (asserted), as is objects_save() with a fence. */
bool lease_take(struct store *store, const char *account_id, const char *holder, int64_t now_ms, int64_t for_ms,
		bool *ret_taken, int64_t *ret_fence, struct error *err);
bool lease_renew(struct store *store, const char *account_id, int64_t fence, int64_t until_ms, bool *ret_held,
		 struct error *err);
bool lease_release(struct store *store, const char *account_id, int64_t fence, struct error *err);
struct lease {
	char account_id[ACCOUNT_ID_MAX];
	char holder[96];
	int64_t until_ms, fence;
};
bool lease_all(struct store *store, struct lease **ret_leases /* owned */, size_t *ret_count, struct error *err);

/* The month's meter: what an account has used, by month ("2026-11"): metered calls, and bytes of all calls on the wire. */
struct meter {
	int64_t calls;
	int64_t received_bytes, sent_bytes;
};
bool meter_add(struct store *store, const char *account_id, const char *month, const struct meter *used, struct error *err);
/* `account_id` NULL: of all. */
bool meter_get(struct store *store, const char *account_id, const char *month, struct meter *ret_used, struct error *err);

/* Of all accounts of an environment. */
bool meter_sum(struct store *store, const char *provider, enum environment environment, const char *month, struct meter *ret_used,
	       struct error *err);

/* The breaker of an account: open until, and how often one after the other it opened. */
struct breaker {
	int failures, openings;
	int64_t open_until_ms;   /* 0: closed */
};
bool breaker_get(struct store *store, const char *account_id, struct breaker *ret_breaker, struct error *err);
bool breaker_set(struct store *store, const char *account_id, const struct breaker *breaker, struct error *err);

#endif
