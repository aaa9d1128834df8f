/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A mapper from inside: which codes are used by which documents, and what could stand for them. */
#ifndef SYNC_MAPPER_H
#define SYNC_MAPPER_H

#include "ledgerdeck/sync/mapping.h"
#include "plan.h"

#define FITS_WHY_MAX 200

struct amounts { /* at stake, by currency */
	struct {
		char currency[8];
		struct decimal sum;
	} items[6];
	size_t count;
};
struct use {
	struct mapper_code code;
	const struct resource_type *type;    /* of the first document that uses it, for what fits there */
	const struct resource_field *field;
	bool line;
	struct amounts amounts;
	size_t last;                         /* document that was counted last, from 1 */
	bool judged;
	const struct mapping *rule;          /* that it is to have, while its effect is looked at; NULL: none */
};
struct document { /* that uses codes */
	int64_t no;
	size_t first, count;                 /* of its codes, in `document_uses` */
	char currency[8];
	struct decimal total;
};
struct candidates {
	struct mapper_candidate *items;      /* owned */
	size_t count, room;
	bool loaded;
};
struct mapper {
	struct planner planner;
	struct push_wish wish;
	char account_id[ACCOUNT_ID_MAX];
	struct map uses;                     /* owned: "TARGET KEY" to struct use */
	bool used;                           /* the resources were looked through */
	struct document *documents;          /* owned */
	size_t document_count, document_room;
	struct use **document_uses;          /* owned; what it points to is in `uses` */
	size_t document_use_count, document_use_room;
	struct mapper_code *codes;           /* owned: in order, as asked for last */
	size_t code_count;
	struct candidates candidates[TARGET_MAPPED_COUNT];
	struct map elsewhere;                /* owned: "TARGET KEY" to the name that another account's rule leads to */
	bool looked_elsewhere;
};

/* mapping.c */
bool mapper_failed(struct mapper *mapper, struct error *err); /* has the store failed meanwhile? */
bool mapper_look(struct mapper *mapper, struct cancel *cancel, struct error *err); /* through all resources, and what their codes are */
struct use *mapper_use(const struct mapper *mapper, enum target target, const char *code); /* NULL: nobody uses it */
void mapper_judge_use(struct mapper *mapper, struct use *use); /* once: what its code stands for */
/* Does a record fit where the code is used? `ret_why` (FITS_WHY_MAX) says why not. */
bool mapper_record_fits(struct mapper *mapper, const struct use *use, const char *record_id, char *ret_why);
void amounts_add(struct amounts *amounts, const char *currency, struct decimal amount);
void amounts_print(const struct amounts *amounts, char *out, size_t size);

#endif
