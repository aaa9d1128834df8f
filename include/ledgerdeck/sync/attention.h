/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What needs a person, over all accounts: grouped by cause, not by row, each with the one fix and the records that it
 * frees. Made of counters and small tables; no record is read.
 */
#ifndef LEDGERDECK_SYNC_ATTENTION_H
#define LEDGERDECK_SYNC_ATTENTION_H

#include "ledgerdeck/sync/sync.h"

enum attention_cause {
	ATTENTION_RECONNECT, /* an account must be connected again */
	ATTENTION_ENDING,    /* a connection ends soon */
	ATTENTION_GUARD,     /* a sweep waits for approval */
	ATTENTION_DEAD,      /* types that are not tried again without a person */
	ATTENTION_FAILING,   /* types that fail, and writes that are put off, and are tried again */
	ATTENTION_CLOCK,     /* this machine's clock is wrong */
	ATTENTION_PARKED,    /* records that could not be kept */
	ATTENTION_DRIFT,     /* members of records that nobody knew */
	ATTENTION_BUDGET,    /* the month's calls are, or will be, used up */
	ATTENTION_BREAKER,   /* no calls for a while, after several failures */
	ATTENTION_BACKUP,    /* scheduled backups fail */
	ATTENTION_EXPORT,    /* scheduled exports fail */
	ATTENTION_REFUSED,   /* writes that ended otherwise than they were to */
	ATTENTION_PAUSED,    /* plans that are paused in the middle */
	ATTENTION_WAITING,   /* documents that can't be written before a person has done something */
	ATTENTION_WINDOW,    /* writes that wait for the account's hours */
	ATTENTION_UNCERTAIN, /* writes whose outcome is being found out */
	ATTENTION_REOPENED,  /* signed periods that were touched */
	ATTENTION_DIFFERS,   /* what does not agree in a period that was compared */
	ATTENTION_COUNT
};
const char *attention_word(enum attention_cause cause); /* "reconnect" */

struct attention_item {
	enum attention_cause cause;
	bool person;              /* somebody must act; else it goes on by itself, and is worth knowing */
	char key[160];            /* what makes it this one, as long as it lasts */
	char what[240], why[240], act[240];
	char command[1000];       /* of the shell, what does it; "" : there is none */
	char names[160];          /* companies: "Acme, Beta and 3 more"; "" : of none */
	int64_t accounts, types;  /* how many of each */
	int64_t frees;            /* records that wait for it, or are not up to date because of it */
	int64_t behind;           /* of these, those that wait for the others only */
	int64_t since_ms;         /* 0: not known */
};

struct attention {
	struct attention_item *items; /* owned; by cause, those with the most records first */
	size_t count, room;
	int64_t accounts, types;      /* that were looked at */
	size_t persons;               /* items that need one */
};
void attention_clear(struct attention *attention);
bool attention_read(struct store *store, const struct settings *settings, int64_t now_ms, struct attention *ret_attention,
		    struct error *err);

#endif
