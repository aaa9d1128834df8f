/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Carrying out a plan: the member "data" of the answer. */
#ifndef XLEDGER_EXECUTE_H
#define XLEDGER_EXECUTE_H

#include "xledger/books.h"
#include "xledger/plan.h"

struct xl_token;

/* A request in work. */
struct gql_run {
	struct xl_entity *entity;
	const struct gql_schema *schema;
	const struct xl_token *token; /* NULL: another user, who may do everything */
	struct arena *arena;
	struct gql_errors *errors;
	struct str *out;
	int64_t nodes;                /* how many were asked for, for credits */
};

/* The object with all roots. Roots that fail are null there, and each has an error. */
void gql_execute(struct gql_run *run, const struct gql_plan *root);
/* How many nodes a plan asks for at most. */
int64_t gql_plan_nodes(const struct gql_plan *root);

/* ---- for those who answer parts of it */

void gql_write_key(struct gql_run *run, const struct gql_plan *field); /* "key": */
void gql_write_text(struct gql_run *run, const char *text);            /* NULL: null */
/* The selections of `plan` for a record; NULL: null. */
void gql_write_record(struct gql_run *run, const struct xl_record *record, const struct gql_plan *plan);
bool gql_switch_is(const struct gql_run *run, int name, const char *word);
int64_t gql_argument_number(const struct gql_plan *field, const char *name, int64_t fallback);
const char *gql_argument_text(const struct gql_plan *field, const char *name); /* NULL: not given */
/* An error of a root field, by its key. */
struct gql_error *gql_fail(struct gql_run *run, const struct gql_plan *field, const char *code, const char *message);

#endif
