/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reconciliation sessions as they are kept: what was compared, matched, found, said and signed. Changes stand in the caller's
 * transaction (asserted). What a session holds changes only while it is open: whether it is, is read from the file each time,
 * not from the struct, and every change of one that is prepared, signed or dropped is refused (CONFLICT). Amounts are
 * millionths. Texts may be NULL where they are put in, which is "".
 */
#ifndef LEDGERDECK_STORE_SESSIONS_H
#define LEDGERDECK_STORE_SESSIONS_H

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/digest.h"
#include "ledgerdeck/model/account.h"
#include "ledgerdeck/model/match.h"
#include "ledgerdeck/model/record.h"
#include "ledgerdeck/model/session.h"
#include "ledgerdeck/store/store.h"

#define SESSION_PATH_MAX 512 /* of a file; a longer one is not kept */

struct session {
	int64_t no;
	char id[SESSION_ID_MAX];
	char account_id[ACCOUNT_ID_MAX];
	struct date from, to;
	char types[400];             /* that are compared, blank-separated; "" : all */
	char source[240];            /* "resources", or the file's name */
	char source_digest[DIGEST_HEX]; /* SHA-256 of the file; "" : resources */
	char path[SESSION_PATH_MAX], profile[SESSION_PATH_MAX]; /* where the file lay, and the one that says what its columns mean; "" : not known, none */
	char statement[RECORD_ID_MAX]; /* the ledger account that the source is a statement of; "" : of none */
	char currency[8];            /* home */
	enum session_state state;
	char who[128];               /* who began it */
	int64_t made_ms, changed_ms;
	int64_t rounds;              /* so often was everything read and compared */
	int64_t read_ms;             /* the last time; 0: never to the end */
	char preparer[128], reviewer[128];
	int64_t prepared_ms, signed_ms;
	char reopened[240];          /* after it was signed: what changed, one sentence; "" */
	int64_t reopened_ms;
	char evidence[DIGEST_HEX];   /* of the manifest of its last pack; "" : none was written */
};
bool sessions_add(struct store *store, struct session *session /* gets number and id */, struct error *err);
/*
 * All but number, id, account, and what belongs to the rounds. CONFLICT: it is prepared, and more than its state and signatures
 * has changed; or it is signed, and more than `evidence` has.
 */
bool sessions_save(struct store *store, const struct session *session, struct error *err);
/* By id or any unique start or end of it, of one account or (NULL) all; "" : the newest that isn't dropped. INPUT: none, several. */
bool sessions_find(struct store *store, const char *account_id, const char *word, struct session *ret_session, struct error *err);
/* The newest that is not dropped with the same account, period, types, source and statement; it is gone on with. */
bool sessions_same(struct store *store, const struct session *like, struct session *ret_session, bool *ret_found,
		   struct error *err);
/* Newest first. */
bool sessions_all(struct store *store, const char *account_id /* NULL: all */, int64_t limit,
		  bool (*each)(void *ctx, const struct session *session), void *ctx, struct error *err);

/* ---- one round of comparing: what it found takes the place of what the last one found ---- */

/* A thing of one side; texts borrowed. */
struct session_item {
	int64_t no;                  /* from 1, within the session; given by the store */
	enum side side;
	const char *type;            /* resource type, or the ledger's type */
	const char *ref;             /* external id or line of a file; record id */
	const char *version;         /* of a record */
	struct date date;
	int64_t amount;
	const char *currency, *number, *party, *party_name, *memo;
	int64_t match;               /* its match, by session_add_match(); 0: none, or rejected */
};
struct session_match {
	int64_t no;                  /* from 1, within the session; given by the store */
	enum match_pass pass;
	int score;
	int64_t difference;
	char currency[8];
	enum { SESSION_MATCH_SURE, SESSION_MATCH_SUGGESTED, SESSION_MATCH_ACCEPTED, SESSION_MATCH_REJECTED } state;
	char who[128];               /* of a decision */
	int64_t at_ms;
};
struct session_exception {
	int64_t no;                  /* stays the same from round to round, by `key` */
	char key[400];               /* what makes it this one: reason, side, type and ref */
	enum exception_reason reason;
	enum exception_state state;
	char cause[120];             /* what it is grouped by: "customer 42 is not mapped", the reason's title when nothing better */
	char text[240];              /* one sentence */
	char type[64], ref[RECORD_ID_MAX + 200]; /* of the thing that it is about */
	char record[RECORD_ID_MAX];  /* the ledger's record concerned; "" */
	int64_t resource;            /* 0: none */
	int64_t match;               /* EXCEPTION_SUGGESTED: its match */
	int64_t source_item, mirror_item; /* 0: none */
	bool has_date;
	struct date date;
	int64_t amount;              /* the difference */
	char currency[8];
	char assignee[128];
	char plan[32];               /* of a correction; "" */
	int64_t since_ms, changed_ms;
	int64_t round;               /* the last that found it */
	char who[128];               /* who changed its state last */
};
struct session_tie {
	int64_t no;
	enum tie tie;
	char key[RECORD_ID_MAX];     /* ledger account, customer, type, rate */
	char name[200];
	char currency[8];
	int64_t mirror, ledger;
	bool equal;
	const char *detail;          /* JSON: how far it was narrowed, see docs/json.md; borrowed; "" */
};
struct session_report {
	int64_t no;
	char report[32];             /* report_word() */
	char args[240];              /* JSON */
	int reading;                 /* 1, 2: before and after the lists; more while it was narrowed */
	int64_t read_ms, ledger_ms;
	char trace_id[96];
	char digest[DIGEST_HEX];
};

/*
 * Begin a round: items, unanswered matches, ties and reports of the last one are let go of; answered matches (accepted,
 * rejected) and exceptions with all that people said stay. All until session_round_end() in one transaction.
 */
bool session_round_begin(struct store *store, struct session *session, struct error *err);
bool session_add_item(struct store *store, const struct session *session, struct session_item *item, struct error *err);
/*
 * A match of these items, none of which may be of another (CONFLICT). With a number it is an answered one, found again: its
 * answer stays, and it is of these items now. Answered ones that nobody finds again stay without items.
 */
bool session_add_match(struct store *store, const struct session *session, struct session_match *match,
		       const int64_t *items, size_t count, struct error *err);
/*
 * New (number, state and times are given by the store), or found again by its key: then number, state, assignee, plan and notes
 * are as they were, and `exception` gets them. A person's word about another amount doesn't count: if the amount moved it is
 * open again (assigned, where it has an assignee), and a note says so; likewise if it was closed. Each key once a round
 * (INTERNAL).
 */
bool session_add_exception(struct store *store, const struct session *session, struct session_exception *exception,
			   int64_t now_ms, struct error *err);
bool session_add_tie(struct store *store, const struct session *session, struct session_tie *tie, struct error *err);
bool session_add_report(struct store *store, const struct session *session, struct session_report *report,
			const char *raw, size_t len /* of any size; packed by the store */, struct error *err);
/* What this round did not find again agrees now: closed, by "engine"; of ties and what can't be told only a whole round knows. Sums and counts of items are of rounds that have ended. */
bool session_round_end(struct store *store, struct session *session, bool whole /* the ledger itself was read, too */, int64_t now_ms,
		       struct error *err);

/* ---- looking ---- */

struct session_totals {
	int64_t items[SIDE_COUNT];
	int64_t matched, suggested;      /* items of the source */
	int64_t passes[MATCH_PASS_COUNT]; /* matches of this round but rejected ones, by pass */
	int64_t exceptions[EXCEPTION_REASON_COUNT]; /* open ones */
	int64_t states[EXCEPTION_STATE_COUNT];
	int64_t ages[EXCEPTION_AGES];    /* open ones, by their date, or else since they were found */
	int64_t ties, ties_equal;
};
bool session_totals(struct store *store, int64_t session, struct date today, struct session_totals *ret_totals,
		    struct error *err);
/*
 * A sum for each currency, in their order: of both sides, and of the open exceptions' amounts, which is the difference that
 * nothing explains. Two of them may cancel each other out: nothing is left to explain only where none is open. INPUT: a sum is
 * beyond 9,223,372,036,854.
 */
struct session_sum {
	char currency[8];
	int64_t source, mirror, unexplained;
};
bool session_sums(struct store *store, int64_t session, bool (*each)(void *ctx, const struct session_sum *sum), void *ctx,
		  struct error *err);

struct session_exception_query {
	int64_t session;
	bool open_only;
	const char *cause, *assignee;    /* NULL: all */
	int reason;                      /* -1: all */
	int64_t after_no, limit;         /* keyset by number; 0: from the first, all */
};
bool session_exceptions(struct store *store, const struct session_exception_query *query,
			bool (*each)(void *ctx, const struct session_exception *exception), void *ctx, struct error *err);
bool session_exception(struct store *store, int64_t session, int64_t no, struct session_exception *ret_exception, bool *ret_found,
		       struct error *err);
/* Lists go on behind `after_no` (0: from the first) for `limit` rows (0: all), in the order of their numbers. */
bool session_item(struct store *store, int64_t session, int64_t no, bool (*each)(void *ctx, const struct session_item *item),
		  void *ctx, struct error *err);
bool session_items(struct store *store, int64_t session, bool unmatched_only, int64_t after_no, int64_t limit,
		   bool (*each)(void *ctx, const struct session_item *item), void *ctx, struct error *err);
/* Also of a rejected one, as far as this round found them. */
bool session_items_of_match(struct store *store, int64_t session, int64_t match,
			    bool (*each)(void *ctx, const struct session_item *item), void *ctx, struct error *err);
bool session_matches(struct store *store, int64_t session, int64_t after_no, int64_t limit,
		     bool (*each)(void *ctx, const struct session_match *match), void *ctx, struct error *err);
/*
 * What answered matches were of when they were answered, match by match: whoever begins a round looks here which of its items a
 * person has put together or kept apart. An answer about another amount doesn't count.
 */
struct session_answer {
	const struct session_match *match;
	enum side side;
	const char *type, *ref;
	int64_t amount;
};
bool session_answers(struct store *store, int64_t session, bool (*each)(void *ctx, const struct session_answer *answer),
		     void *ctx, struct error *err);
bool session_ties(struct store *store, int64_t session, bool (*each)(void *ctx, const struct session_tie *tie), void *ctx,
		  struct error *err);
bool session_reports(struct store *store, int64_t session,
		     bool (*each)(void *ctx, const struct session_report *report, const char *raw, size_t len), void *ctx,
		     struct error *err);

/* ---- what people do ---- */

/* Save state, assignee, plan, `who` and `changed_ms` of an exception. INPUT: there is none of its number. */
bool session_save_exception(struct store *store, const struct session *session, const struct session_exception *exception,
			    struct error *err);
/*
 * Save state, `who` and `at_ms` of a match. Items of a rejected one are free for others; to take the rejection back is a
 * CONFLICT once one of them is of another match. INPUT: there is none of its number.
 */
bool session_save_match(struct store *store, const struct session *session, const struct session_match *match,
			struct error *err);
/* Notes are only ever added; their numbers are given by the store. */
struct session_note {
	int64_t no, exception /* 0: of the session */, at_ms;
	const char *who, *text;
};
bool session_add_note(struct store *store, const struct session *session, const struct session_note *note, struct error *err);
bool session_notes(struct store *store, int64_t session, int64_t exception /* 0: of the session; -1: all */,
		   bool (*each)(void *ctx, const struct session_note *note), void *ctx, struct error *err);
/* What was done, with what undoes it (JSON); the newest that isn't undone. */
struct session_act {
	int64_t no, at_ms;           /* the number is given by the store */
	const char *who, *what, *before;
	bool undone;
};
bool session_add_act(struct store *store, const struct session *session, const struct session_act *act, struct error *err);
bool session_last_act(struct store *store, int64_t session, bool (*each)(void *ctx, const struct session_act *act), void *ctx,
		      struct error *err);
bool session_act_undone(struct store *store, const struct session *session, int64_t no, struct error *err);
bool session_acts(struct store *store, int64_t session, bool (*each)(void *ctx, const struct session_act *act), void *ctx,
		  struct error *err);

/* ---- after it was signed ---- */

/*
 * While an account has prepared or signed sessions, each record of it that is added, changed or deleted is noted in the same
 * transaction as the record itself. Whoever looks takes the notes, oldest first, and drops them when it is done with them.
 */
struct touched {
	int64_t no;
	char type[64], id[RECORD_ID_MAX];
	int64_t seen_ms;
};
bool touched_next(struct store *store, const char *account_id, size_t most, struct touched *ret_touched, size_t *ret_count,
		  struct error *err);
bool touched_drop(struct store *store, const char *account_id, int64_t up_to_no, struct error *err);
/*
 * A prepared or signed session is open again, because of this (a whole sentence). A note of the session tells who had signed it,
 * and the signatures are gone: it is to be signed anew. CONFLICT: it is neither.
 */
bool session_reopen(struct store *store, struct session *session, const char *why, int64_t now_ms, struct error *err);

#endif
