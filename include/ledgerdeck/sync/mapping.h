/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Mapping codes: what an account's organization uses, what each stands for, and what could stand for it. A mapper reads by a
 * connection of the caller's and keeps in memory what it has read: one thread's, and as old as when it was opened.
 */
#ifndef LEDGERDECK_SYNC_MAPPING_H
#define LEDGERDECK_SYNC_MAPPING_H

#include "ledgerdeck/core/cancel.h"
#include "ledgerdeck/model/catalogue.h"
#include "ledgerdeck/store/mappings.h"

struct mapper;

/* Errors INPUT: nothing can be written to the account, its settings are not mirrored yet. */
bool mapper_open(struct store *store, const struct catalogue *catalogue, const char *account_id, struct mapper **ret_mapper,
		 struct error *err);
void mapper_close(struct mapper *mapper); /* NULL does nothing */
void mapper_closep(struct mapper **mapper);

enum mapper_state {
	MAPPER_UNMAPPED,  /* what uses it is blocked */
	MAPPER_BAD,       /* what it stands for is inactive, gone, or of the wrong kind */
	MAPPER_DEFAULT,   /* the default rule takes it */
	MAPPER_MAPPED,
	MAPPER_LINKED,    /* a resource of the organization that is in the ledger, or will be written */
	MAPPER_STATE_COUNT
};
const char *mapper_state_word(enum mapper_state state);

struct mapper_code {
	enum target target;
	char code[MAPPING_CODE_MAX];
	enum mapper_state state;
	char record_id[RECORD_ID_MAX], name[MAPPING_NAME_MAX]; /* what it stands for; "" nothing */
	char why[160];               /* MAPPER_BAD */
	char field[40];              /* where it is used first: "lines.item" */
	int64_t documents;           /* that use it */
	char amounts[120];           /* at stake, "12300.00 USD, 90.00 EUR" */
};
/* All that the organization's resources use, unmapped and bad ones first, then by documents. Owned by the mapper; the rules as
 * they are now. */
bool mapper_codes(struct mapper *mapper, enum target only /* TARGET_NONE: all */, struct cancel *cancel,
		  const struct mapper_code **ret_codes, size_t *ret_count, struct error *err);

/* Those that use one code, by their numbers in the store, the oldest first. */
bool mapper_documents(struct mapper *mapper, enum target target, const char *code, void (*each)(void *ctx, int64_t no), void *ctx,
		      struct cancel *cancel, struct error *err);

struct mapper_candidate {
	char record_id[RECORD_ID_MAX];
	char name[MAPPING_NAME_MAX]; /* with what it stands below: "Sales:Services" */
	char number[64];
	char kind[64];               /* its type in the ledger's words, "Income" */
	char balance[DECIMAL_TEXT_MAX]; /* of an item its price; "" : it has none */
	bool active;
	int level;                   /* below how many others */
	int score;                   /* 0 to 100; of suggestions */
	char why[80];                /* of the score, or why it does not fit */
	bool fits;                   /* where the code is used */
};
/* What a target's codes can stand for, in the order of a tree (by number, else name). Owned by the mapper. */
bool mapper_candidates(struct mapper *mapper, enum target target, const struct mapper_candidate **ret_candidates, size_t *ret_count,
		       struct error *err);
/* The best for a code, by score; those that don't fit where it is used are left out. */
bool mapper_suggest(struct mapper *mapper, const struct mapper_code *code, struct mapper_candidate *ret_candidates, size_t room,
		    size_t *ret_count, struct error *err);
/* Of candidates for a code: whether each fits where that is used, and why not. */
bool mapper_judge(struct mapper *mapper, const struct mapper_code *code, struct mapper_candidate *candidates, size_t count,
		  struct error *err);
/* By id, number or name, whole or as the only one that has it in it. INPUT: none, several. */
bool mapper_find(struct mapper *mapper, enum target target, const char *word, struct mapper_candidate *ret_candidate,
		 struct error *err);

/* What rules would do if they were saved, by the codes alone: other things may hold a document up, too. */
struct mapper_effect {
	int64_t documents;           /* that use a code of theirs */
	int64_t frees;               /* that would have no code left that stands for nothing */
	char freed[120];             /* what those come to, "12300.00 USD, 90.00 EUR" */
	int64_t holds;               /* that would have one, and have none now */
	int64_t moves;               /* whose codes stand for something else then */
	char moved[120];             /* the lines and documents with those codes */
};
bool mapper_effect(struct mapper *mapper, const struct mapping *rules, size_t count, struct cancel *cancel,
		   struct mapper_effect *ret_effect, struct error *err);
/* The best suggestion of each code that stands for nothing, of at least that score; where two are as good a person chooses. The
 * rules are the caller's to free. */
bool mapper_accept(struct mapper *mapper, enum target only, int least, struct cancel *cancel, struct mapping **ret_rules,
		   size_t *ret_count, struct error *err);
void mapping_of(enum target target, const char *code, const struct mapper_candidate *candidate /* NULL: takes it away */,
		struct mapping *ret_rule);

/* Make rules as one version, with their row in the audit; see mappings_change(). Needs a store that can be written. */
bool mapping_save(struct store *store, const char *account_id, const struct mapping *mappings, size_t count, const char *who,
		  const char *what, int64_t now_ms, int64_t *ret_changed, struct error *err);
/* Take a version back, where nothing newer stands on it: as a version of its own, which can be taken back likewise. INPUT: there is
 * none. CONFLICT: newer rules. */
bool mapping_undo(struct store *store, const char *account_id, int64_t version /* 0: the newest that stands */, const char *who, int64_t now_ms,
		  int64_t *ret_changed, struct error *err);

#endif
