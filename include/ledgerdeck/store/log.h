/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sync log: runs, and every attempt on an object, with what it cost and why it failed. And the audit. */
#ifndef LEDGERDECK_STORE_LOG_H
#define LEDGERDECK_STORE_LOG_H

#include "ledgerdeck/model/log_filter.h"
#include "ledgerdeck/store/objects.h"
#include "ledgerdeck/store/records.h"

struct attempt {
	int64_t no;               /* number of its row; grows with time */
	int64_t run;              /* of the run it belongs to */
	char account_id[ACCOUNT_ID_MAX];
	char type[64];
	char job[16];             /* "read", "changes", "sweep", "connect", "refresh", ... */
	char cause[24];           /* "schedule", "operator", "retry", "connect" */
	int64_t started_ms;
	int64_t took_ms;          /* -1 while it runs */
	struct error error;       /* code NONE: good */
	int tries;                /* first is 1 */
	int64_t pages, calls, bytes, throttled;
	int64_t waited_ms;        /* of its time: for the ledger's limits and before retries */
	struct put_counts counts;
	int64_t next_ms;          /* when it is tried again by itself; 0: not */
};

/* A run is a row before it starts. */
bool run_start(struct store *store, const char *cause, const char *what, const char *by, int64_t now_ms, int64_t *ret_run,
	       struct error *err);
bool run_end(struct store *store, int64_t run, int64_t now_ms, const char *result, struct error *err);

bool attempt_start(struct store *store, struct attempt *attempt, struct error *err); /* gives it its number */
/* `detail`: the ledger's own words, verbatim but for controls and secrets; "" none. */
bool attempt_end(struct store *store, const struct attempt *attempt, const char *detail, struct error *err);
/*
 * What an attempt was about, one by one, where that was single records: a write, a look for what became of one, one that was read
 * by itself. By these a record and a document have a log of their own.
 */
struct attempt_item {
	char type[64];
	char record_id[RECORD_ID_MAX]; /* "" : it has none yet */
	int64_t resource;         /* number of the document; 0: none */
	struct error error;       /* its text: what became of it, also where nothing went wrong; "" : nothing yet */
};
/* All of one attempt, in a transaction; put again they take the place of the ones before. Attempts from before a document's record
 * had its id are the record's, too. */
bool attempt_items_put(struct store *store, const struct attempt *attempt, const struct attempt_item *items, size_t count,
		       struct error *err);
bool attempt_items(struct store *store, const struct attempt *attempt, bool (*each)(void *ctx, const struct attempt_item *item),
		   void *ctx, struct error *err);
/* Attempts that a crash left running, of a holder that is gone: ended as interrupted. */
bool attempts_interrupted(struct store *store, const char *account_id, int64_t now_ms, struct error *err);

enum log_state attempt_state(const struct attempt *attempt);

struct attempt_query {
	const char *account_id;   /* NULL: all */
	const char *type;         /* exactly this one; NULL: all */
	/* Only what was about this record, of account_id and type, or this document: with the item's end, and its text in error.text. */
	const char *record_id;    /* NULL: any */
	int64_t resource;         /* 0: any */
	const struct log_filter *filter; /* besides; NULL: all */
	bool failed_only;         /* what did not go well; what was stopped on request is not that */
	bool running_too;         /* also those that run, whatever they will be */
	int64_t since_ms;         /* 0: all */
	int64_t after_no, before_no; /* 0: no bound */
	int64_t limit;            /* 0: all */
	int64_t looked_max;       /* rows that are looked at, whether they fit or not; 0: all */
	bool newest_first;
};
/* How far a look through the log, or the audit, has come. */
struct log_look {
	bool done;                /* nothing is left behind `no`; else it goes on there, by after_no or before_no */
	int64_t no, at_ms;        /* the last row that was looked at; 0: none */
};
/* `detail` is borrowed until the next row. `ret_look` may be NULL. Stops when `each` says false. */
bool attempts_list(struct store *store, const struct attempt_query *query,
		   bool (*each)(void *ctx, const struct attempt *attempt, const char *detail), void *ctx,
		   struct log_look *ret_look, struct error *err);
/* Numbers of the newest that run, or seem to since a crash. */
bool attempts_running(struct store *store, size_t most, int64_t *ret_nos, size_t *ret_count, struct error *err);
/* `ret_detail` is appended to; NULL: not wanted. */
bool attempts_get(struct store *store, int64_t no, struct attempt *ret_attempt, struct str *ret_detail, bool *ret_found,
		  struct error *err);
/* The last attempts of a type, the newest first: by an index of their own, however long the log is. */
struct attempt_brief {
	int64_t started_ms, took_ms; /* took_ms -1 while it runs */
	enum error_code code;
	int64_t read, changed, calls;
};
bool attempts_last(struct store *store, const char *account_id, const char *type, struct attempt_brief *ret_attempts, size_t room,
		   size_t *ret_count, struct error *err);
/* Retention, in a transaction: good attempts older than `before_ms` become daily counts; failures stay until their type was read
 * well since. */
bool attempts_trim(struct store *store, int64_t before_ms, int64_t *ret_trimmed, struct error *err);

/* The audit: append-only, each row's hash covers the row before it, and a mark beside the rows names the last. */
struct audit_row {
	int64_t no;
	int64_t at_ms;
	char who[128];            /* operating-system login, and where from when over SSH */
	char what[64];            /* "connect", "disconnect", "refresh failed", "vault rotate", ... */
	char account_id[ACCOUNT_ID_MAX];
	const char *before, *after; /* JSON or ""; never a secret; borrowed */
	char hash[65];
};
bool audit_add(struct store *store, const char *who, const char *what, const char *account_id, const char *before,
	       const char *after, int64_t at_ms, struct error *err);
struct audit_query {
	const struct log_filter *filter; /* by audit_filter_parse(); NULL: all */
	int64_t after_no, before_no;     /* 0: no bound */
	int64_t limit;                   /* 0: all */
	int64_t looked_max;              /* rows that are looked at, whether they fit or not; 0: all */
	bool newest_first;
};
/* By the rows' numbers, from either end. `ret_look` may be NULL. Stops when `each` says false. */
bool audit_list(struct store *store, const struct audit_query *query, bool (*each)(void *ctx, const struct audit_row *row),
		void *ctx, struct log_look *ret_look, struct error *err);

/*
 * The check of the chain, in pieces, so that nobody waits for all of it: begins as { 0 }. Once it is done it can go on with
 * what was added since. What is added behind a broken place heals nothing.
 */
struct audit_check {
	bool done;
	int64_t rows;                    /* that were looked at so far */
	int64_t broken;                  /* the first row that doesn't fit or is missing at the end; 0: sound so far */
	bool missing;                    /* ... nothing stands there: rows were taken away at the end, or the mark that names the last */
	char last[65];                   /* the hash that the next row's covers */
};
bool audit_check(struct store *store, struct audit_check *check, int64_t most /* rows at once; 0: all */, struct error *err);
/* All of it at once. */
bool audit_verify(struct store *store, int64_t *ret_rows, int64_t *ret_broken, struct error *err);

#endif
