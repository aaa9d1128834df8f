/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A plan: an immutable list of intended writes to one account, to be looked through before `apply` carries it out. Its words,
 * and those of the intents that it becomes. Pure.
 */
#ifndef LEDGERDECK_MODEL_PLAN_H
#define LEDGERDECK_MODEL_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#define PLAN_ID_MAX 32    /* "plan_" and 26 letters and digits, with the NUL */
#define INTENT_ID_MAX 32  /* 26 letters and digits, in order of time: what an idempotency key is made of */

enum plan_act {
	PLAN_CREATE,   /* + */
	PLAN_UPDATE,   /* ~ the ledger's record gets our fields */
	PLAN_LINK,     /* > a record that is there already is it */
	PLAN_SAME,     /* = nothing to do */
	PLAN_VOID,     /* - */
	PLAN_BLOCKED,  /* ! something must be put right first */
	PLAN_DECIDE,   /* ? a person chooses */
	PLAN_SKIP,     /* . a policy or a person leaves it out */
	PLAN_ACT_COUNT
};
const char *plan_act_word(enum plan_act act);   /* "create" */
char plan_act_sign(enum plan_act act);          /* '+'; '.' for skipped */
bool plan_act_parse(const char *word, enum plan_act *ret_act);
bool plan_act_writes(enum plan_act act);        /* it becomes an intent that is sent */
bool plan_act_waits(enum plan_act act);         /* a person has to do something: blocked, decide */

enum plan_reason {
	REASON_NONE,
	REASON_NEW,          /* never written before */
	REASON_CHANGED,      /* the resource has changed since */
	REASON_LEDGER_CHANGED, /* the ledger's record has, and ours is to win */
	REASON_EQUAL,
	REASON_FOUND,        /* the same record stands in the ledger already */
	REASON_NEEDED,       /* others of this plan point to it */
	REASON_VOIDED,       /* the operator's system made it void */
	REASON_UNMAPPED,     /* a code without a rule */
	REASON_TARGET,       /* what a rule leads to is inactive, gone or of the wrong kind */
	REASON_PARENT,       /* what it points to is not in the ledger and not in the plan */
	REASON_APPROVAL,     /* the policy wants a person to approve new ones */
	REASON_DUPLICATE,    /* something in the ledger has its number */
	REASON_NAME_TAKEN,   /* a name in another list or with another meaning */
	REASON_CLOSED,       /* dated in closed books */
	REASON_CURRENCY,
	REASON_RATE,         /* a foreign currency without its rate */
	REASON_TAX,
	REASON_TOTAL,        /* its own total is not what its lines make */
	REASON_LIMIT,        /* longer, or more, than the ledger takes */
	REASON_CONFLICT,     /* both sides changed the same field */
	REASON_GONE,         /* its record was deleted or made void in the ledger */
	REASON_LINKS,        /* what is paid, deposited or linked can't be changed so */
	REASON_GO_LIVE,      /* dated before the account went live */
	REASON_DIRECTION,    /* the policy lets nothing of this type be pushed */
	REASON_UNFIT,        /* the ledger has no such thing */
	REASON_BUSY,         /* an intent of it is under way */
	REASON_REQUEST,      /* its sync request is held, was skipped, or wants something else done */
	REASON_OWNER,        /* a field differs that a person decides about */
	REASON_COUNT
};
const char *plan_reason_word(enum plan_reason reason); /* "unmapped" */
/* What a person can decide, in words with blanks between: "link create skip"; "" : nothing. */
const char *plan_reason_decisions(enum plan_reason reason);
bool plan_reason_parse(const char *word, enum plan_reason *ret_reason);

enum intent_state {
	INTENT_WAITING,      /* for what it points to */
	INTENT_QUEUED,       /* to be sent */
	INTENT_SENDING,      /* its key and bytes are kept, the answer is not */
	INTENT_RETRY,        /* refused for the time being: sent again by itself */
	INTENT_UNCERTAIN,    /* sent, and nobody knows what became of it: resolved, never blindly repeated */
	INTENT_CONFIRMED,
	INTENT_DIFFERENT,    /* written, but the ledger made something else of it than was planned */
	INTENT_REJECTED,     /* the ledger's last word, nothing was written: a person puts it right */
	INTENT_CONFLICT,     /* somebody changed the record meanwhile, in the same fields */
	INTENT_DEAD,         /* given up after all tries: a person decides */
	INTENT_CANCELLED,    /* taken back by a person before it was sent */
	INTENT_SUPERSEDED,   /* a newer plan took its place */
	INTENT_PAUSED,       /* shown of one that waits for its turn while its plan is paused; never kept */
	INTENT_STATE_COUNT
};
const char *intent_state_word(enum intent_state state);
bool intent_state_parse(const char *word, enum intent_state *ret_state);
bool intent_is_open(enum intent_state state);   /* the engine still has something to do */
bool intent_is_owed(enum intent_state state);   /* open, or waiting for a person: not settled */
bool intent_needs_person(enum intent_state state);

#endif
