/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A reconciliation session: one account, one period, three sides (source, mirror, ledger), what agrees and what does not, and
 * what people did about it. Its words. Pure.
 */
#ifndef LEDGERDECK_MODEL_SESSION_H
#define LEDGERDECK_MODEL_SESSION_H

#include <stdbool.h>
#include <stddef.h>

#define SESSION_ID_MAX 32   /* "rcn_" and 26 letters and digits, with the NUL */

enum session_state {
	SESSION_OPEN,       /* being worked on; also again after it was signed, see session.reopened */
	SESSION_PREPARED,   /* signed by who prepared it: a reviewer is to look */
	SESSION_SIGNED,     /* both signed: it does not change any more, but for being re-opened */
	SESSION_DROPPED,    /* given up by a person */
	SESSION_STATE_COUNT
};
const char *session_state_word(enum session_state state); /* "open" */
bool session_state_parse(const char *word, enum session_state *ret_state);

enum side { SIDE_SOURCE, SIDE_MIRROR, SIDE_LEDGER, SIDE_COUNT };
const char *side_word(enum side side); /* "source" */
bool side_parse(const char *word, enum side *ret_side);

/* Why something does not agree: rows of one table. */
enum exception_reason {
	EXCEPTION_SUGGESTED,       /* a match that a person has to accept or reject */
	EXCEPTION_NOT_IN_LEDGER,   /* the source has it, the ledger not: blocked, dead or never planned */
	EXCEPTION_NOT_IN_SOURCE,   /* entered in the ledger by somebody else */
	EXCEPTION_AMOUNT,
	EXCEPTION_DATE,            /* another date, or another period */
	EXCEPTION_PARTY,
	EXCEPTION_CURRENCY,        /* or rate */
	EXCEPTION_DUPLICATE,       /* two of one thing on one side */
	EXCEPTION_APPLIED,         /* a payment's links and the open balance don't fit together: unapplied, over-applied */
	EXCEPTION_GONE,            /* deleted or voided in the ledger, live in the source */
	EXCEPTION_TIMING,          /* in transit over the period's end */
	EXCEPTION_ENGINE,          /* the mirror was not what the ledger has: read again, counted against us */
	EXCEPTION_TIE,             /* a sum of the mirror is not the ledger's report's, and no record explains it */
	EXCEPTION_UNKNOWN,         /* what a record does to the books can't be told */
	EXCEPTION_REASON_COUNT
};
struct exception_row {
	const char *word;    /* "not-in-ledger" */
	const char *title;   /* "is not in the ledger" */
	const char *cause;   /* usual causes, a sentence */
	const char *steps;   /* what is offered, the usual first, blank-separated: "plan outbox ignore" */
};
const struct exception_row *exception_row(enum exception_reason reason);
bool exception_reason_parse(const char *word, enum exception_reason *ret_reason);

/* What can be done about an exception. */
enum exception_step {
	STEP_REREAD,     /* read the record from the ledger again */
	STEP_LINK,       /* it is that record: link the resource to it */
	STEP_PLAN,       /* plan a correction (or the missing write) */
	STEP_ADOPT,      /* take what the ledger has as the source's own: known and wanted */
	STEP_ACCEPT,     /* accept the difference (or the suggested match), with a reason */
	STEP_REJECT,     /* reject the suggested match */
	STEP_IGNORE,     /* leave it out, with a reason */
	STEP_OUTBOX,     /* look at its write in the outbox */
	STEP_COUNT
};
const char *exception_step_word(enum exception_step step);   /* "reread" */
const char *exception_step_title(enum exception_step step);  /* "read it again from the ledger" */
bool exception_step_parse(const char *word, enum exception_step *ret_step);
bool exception_offers(enum exception_reason reason, enum exception_step step);
bool exception_step_needs_note(enum exception_step step); /* accept, ignore: with a reason */

enum exception_state {
	EXCEPTION_OPEN,
	EXCEPTION_ASSIGNED,
	EXCEPTION_EXPLAINED,  /* has a reason in words, and still counts as a difference that is explained */
	EXCEPTION_CORRECTED,  /* a plan puts it right; closes itself when the next read agrees */
	EXCEPTION_ACCEPTED,   /* a person took the difference, or left it out */
	EXCEPTION_CLOSED,     /* agrees now */
	EXCEPTION_STATE_COUNT
};
const char *exception_state_word(enum exception_state state);
bool exception_state_parse(const char *word, enum exception_state *ret_state);
bool exception_is_open(enum exception_state state);        /* somebody has to do something: open, assigned */
bool exception_is_explained(enum exception_state state);   /* does not count as unexplained */

/* The ageing of an exception by its date: 0-7, 8-30, 31-60, over 60 days. */
#define EXCEPTION_AGES 4
size_t exception_age(int days);           /* dated later than today: among the youngest */
const char *exception_age_title(size_t age); /* "8-30", in days */

/* Tie-out: which sum is compared with which report. */
enum tie {
	TIE_ACCOUNT,       /* a ledger account's balance at the end: trial balance */
	TIE_MOVEMENT,      /* a ledger account's movement in the period: general ledger */
	TIE_RECEIVABLES,   /* a customer's open balance: aged receivables by report date */
	TIE_CONTROL,       /* all receivables: aged receivables against the control account */
	TIE_CUSTOMER,      /* a customer's balance: customer balance */
	TIE_TRANSACTIONS,  /* count and total of transactions of a type: transaction list */
	TIE_TAX,           /* tax of a rate or agency: tax report */
	TIE_ZERO,          /* the trial balance sums to zero */
	TIE_COUNT
};
const char *tie_word(enum tie tie);    /* "account" */
const char *tie_title(enum tie tie);
bool tie_parse(const char *word, enum tie *ret_tie);

#endif
