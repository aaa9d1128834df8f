/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A connected account, the unit of everything, and the words for its states. */
#ifndef LEDGERDECK_MODEL_ACCOUNT_H
#define LEDGERDECK_MODEL_ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>

#define ACCOUNT_ID_MAX 32     /* "ldgr_" and 26 letters and digits */
#define ACCOUNT_NAME_MAX 256

enum environment { ENVIRONMENT_PRODUCTION, ENVIRONMENT_SANDBOX, ENVIRONMENT_DEMO, ENVIRONMENT_LOCAL,
		   ENVIRONMENT_COUNT };
const char *environment_word(enum environment environment); /* "production" */
bool environment_parse(const char *word, enum environment *ret_environment);

enum account_state {
	ACCOUNT_OK,
	ACCOUNT_RECONNECT,    /* the ledger no longer takes our tokens: a person connects again */
	ACCOUNT_PAUSED,       /* by an operator */
	ACCOUNT_DISCONNECTED, /* by an operator; mirror, mappings and audit stay */
	ACCOUNT_STATE_COUNT
};
const char *account_state_word(enum account_state state);

#define INTERVAL_ASKED (-1) /* instead of an interval: only when somebody asks */

struct account {
	char id[ACCOUNT_ID_MAX];
	char provider[16];
	enum environment environment;
	char name[ACCOUNT_NAME_MAX];   /* the company's, as the ledger has it */
	char country[8];
	char currency[8];              /* home currency */
	char realm_tail[8];            /* last characters of the company id, for people */
	char created[40];              /* when the company was made, the ledger's word: a canary with name and country */
	char scopes[256];
	char connected_by[64];         /* operating-system login */
	int64_t connected_ms;
	enum account_state state;
	char reason[240];              /* one sentence when not ok */
	int64_t access_expires_ms;     /* 0: unknown */
	int64_t refresh_expires_ms;    /* rolling end; 0: unknown */
	int64_t hard_expires_ms;       /* hard end; 0: unknown */
	int64_t refreshed_ms;          /* last refresh */
	int64_t generation;            /* of the token pair; grows with each refresh */
	int64_t interval_s;            /* between reads of a type that has none of its own; 0: the settings', INTERVAL_ASKED */
};

#endif
