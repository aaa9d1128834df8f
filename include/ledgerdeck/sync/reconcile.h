/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reconciling: a session compares an account's three sides over a period (the operator's documents or a file, the mirror, the
 * ledger as it is now), ties the mirror's sums to the ledger's own reports, and keeps what people do about what does not agree.
 * All functions work on a connection of the caller's, in transactions of their own, unless they say otherwise.
 */
#ifndef LEDGERDECK_SYNC_RECONCILE_H
#define LEDGERDECK_SYNC_RECONCILE_H

#include "ledgerdeck/core/cancel.h"
#include "ledgerdeck/core/env.h"
#include "ledgerdeck/model/catalogue.h"
#include "ledgerdeck/provider/books.h"
#include "ledgerdeck/store/sessions.h"
#include "ledgerdeck/sync/sync.h"

/* ---- a round of comparing ---- */

/* One thing of a file that is compared instead of the organization's resources. Texts owned by whoever made it. */
struct reconcile_line {
	const char *type;            /* resource type; "statement" : a movement of the session's statement account, money in is positive */
	const char *ref;             /* external id; of a statement's line its place in the file */
	struct date date;
	int64_t amount;              /* millionths */
	char currency[4];            /* "" : home */
	const char *number, *party, *memo; /* "" : none. `party`: the code of a document's, the name on a statement */
};

struct reconcile_wish {
	const char *account_id;
	struct date from, to;        /* both included */
	const char *types;           /* resource types with blanks between; "" : all */
	const char *statement;       /* the ledger account (id) whose movements the lines are; NULL: they are documents */
	const char *source;          /* the file's name; NULL: the organization's resources */
	const char *source_digest;   /* of its bytes, DIGEST_HEX */
	const char *path, *profile;  /* where it lies, and what says what its columns mean, to be found again; NULL */
	const struct reconcile_line *lines; /* NULL with `source`: as this session had them before */
	size_t line_count;
	bool offline;                /* source and mirror only: the ledger isn't asked */
	const char *who;
	struct env env;
	struct cancel *cancel;       /* NULL: never */
	void (*progress)(void *ctx, const char *what, int64_t done, int64_t of /* -1: not known */); /* NULL */
	void *ctx;
};

/*
 * Compare everything of a period: a session of the same account, period and source is gone on with, else one begins. The ledger's
 * reports are read, then what has changed in it is taken into the mirror, then the reports are read again: only where both
 * readings agree are sums tied. What is not as the mirror has it is read again and counted against the engine. `sync` does the
 * reading; NULL: offline.
 * Errors: INPUT (no books can be read, a foreign period), CONFLICT (the session is signed; the ledger kept changing), those of
 * reading.
 */
bool reconcile_round(struct sync *sync, struct store *store, const struct catalogue *catalogue, const struct reconcile_wish *wish,
		     struct session *ret_session, struct error *err);

/* The ledger account of the mirror that a statement is of, by its id, number or name. INPUT: none, several. */
bool reconcile_ledger_account(struct store *store, const char *account_id, const char *word, char *ret_id /* RECORD_ID_MAX */,
			      struct error *err);

/* Is everything explained? What it takes to sign: nothing open, no difference that nobody explained. */
struct reconcile_standing {
	struct session_totals totals;
	bool complete;               /* a round came to its end, with the ledger */
	int64_t open;                /* exceptions that a person has to look at */
	int64_t ties_unequal;        /* sums that don't tie; exceptions name what is behind them */
	bool agrees;                 /* nothing is open, all sums tie or are explained */
};
bool reconcile_standing(struct store *store, const struct session *session, struct date today, struct reconcile_standing *ret_standing,
			struct error *err);

/* ---- what people do ---- */

struct reconcile_act {
	const struct session *session;
	const int64_t *exceptions;   /* by their numbers */
	size_t count;
	/* "" : none; where exception_step_needs_note() it must be there (INPUT), but to accept a suggested match to the cent */
	const char *note;
	const char *who;
	struct env env;
	struct cancel *cancel;
};
/*
 * Take a step about some exceptions. STEP_PLAN makes one plan for all of them (`ret_plan`), STEP_LINK links (`record`: to that
 * one, NULL: to the one the exception names), STEP_REREAD reads their records (needs `sync`). All or nothing but for reading.
 * INPUT: a reason doesn't offer that step. CONFLICT: signed.
 */
bool reconcile_step(struct sync *sync, struct store *store, const struct catalogue *catalogue, const struct reconcile_act *act,
		    enum exception_step step, const char *record, char *ret_plan /* PLAN_ID_MAX; NULL */, struct error *err);
bool reconcile_note(struct store *store, const struct reconcile_act *act, struct error *err);
bool reconcile_assign(struct store *store, const struct reconcile_act *act, const char *to /* "" : nobody */, struct error *err);
/* Put two or more things together by hand: items of source and mirror, their sums equal, or the difference explained by the note. */
bool reconcile_match(struct store *store, const struct reconcile_act *act, const int64_t *items, size_t item_count, struct error *err);
#define RECONCILE_WHAT_MAX 200
/* The last act of the session, of whoever; `ret_what` says which. False with NONE: there is none. What a ledger got can't be undone. */
bool reconcile_undo(struct store *store, const struct session *session, const char *who, int64_t now_ms, char *ret_what /* RECONCILE_WHAT_MAX */,
		    struct error *err);

/*
 * Sign: the first signs as preparer, another login as reviewer. INPUT says what is in the way: something is open, a difference is
 * unexplained (policy unexplained), the same person (policy reviewer), no round was made with the ledger, or the mirror has changed
 * since.
 */
bool reconcile_sign(struct store *store, const struct catalogue *catalogue, struct session *session, const char *who, int64_t now_ms,
		    struct error *err);
bool reconcile_unsign(struct store *store, struct session *session, const char *who, int64_t now_ms, struct error *err); /* of a prepared one */
bool reconcile_drop(struct store *store, struct session *session, const char *who, int64_t now_ms, struct error *err);

/* What has changed of signed periods of an account, or dated before its close: sessions re-open and name it. That something was paid
 * afterwards changes nothing of the day that it is dated. Called by the engine after each read. */
bool reconcile_watch(struct store *store, const struct catalogue *catalogue, const char *account_id, int64_t now_ms, struct error *err);

/* ---- evidence ---- */

/*
 * Write all of a session to a directory (absent, or empty): README.txt, summary, items, matches, exceptions, notes, acts, ties, both
 * readings of each report, plans and what became of them, versions, and MANIFEST.sha256, chained to the account's last pack.
 * Text and CSV; the same store gives the same bytes. It is there as a whole or not at all; that it is there already, byte for byte,
 * is as good (INPUT: anything else stands there). `ret_digest`: of the manifest.
 */
bool evidence_write(struct store *store, const struct catalogue *catalogue, const struct session *session, const char *directory,
		    char *ret_digest /* DIGEST_HEX */, struct error *err);
struct evidence_fault { char file[240]; char text[200]; };
/*
 * Read a pack: every byte that is not as it was written, every file that is gone, is no file, or was added. No store is needed;
 * `previous` (NULL) is the pack before, for the chain. Errors: INPUT: no directory, no whole manifest of the pack before.
 */
bool evidence_verify(const char *directory, const char *previous, bool (*each)(void *ctx, const struct evidence_fault *fault), void *ctx,
		     int64_t *ret_files, char *ret_digest, struct error *err);

#endif
