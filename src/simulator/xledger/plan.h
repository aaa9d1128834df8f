/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A document held against the schema: what is to be answered, with fragments, directives and
 * variables resolved; or all that is wrong with it.
 */
#ifndef XLEDGER_PLAN_H
#define XLEDGER_PLAN_H

#include "xledger/parser.h"
#include "xledger/schema.h"

#define GQL_ERRORS_MAX 16
#define GQL_PLAN_MAX 5000 /* fields of a plan, and looks at selections: fragments multiply */

struct gql_error {
	const char *message;   /* in the arena */
	const char *code;      /* NULL: none */
	const char *extension; /* JSON members without braces; NULL: none */
	const char *path;      /* the root field that is null for it; NULL: none */
	int line, column;      /* 0: unknown */
};

struct gql_errors {
	struct gql_error items[GQL_ERRORS_MAX];
	size_t count; /* those that don't fit are left out */
};

struct gql_plan {
	const char *key;             /* in the answer */
	const struct gql_slot *slot; /* NULL: __typename */
	struct gql_value *arguments; /* the first; without variables */
	const struct gql_type *on;   /* the object that has the field */
	struct gql_plan *first, *last, *next;
	int line, column;
};

/* Returns the next free error, or a scratch one when there are too many. */
struct gql_error *gql_errors_add(struct gql_errors *errors, struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The operation that is meant; NULL, with an error: none or several are. */
const struct gql_operation *gql_operation_pick(const struct gql_document *document, const char *name,
					       struct arena *arena, struct gql_errors *errors);
/*
 * `variables`: the first member of the object that was sent; NULL: none. `other_user`: what only
 * another user may is there. On false `errors` has at least one.
 */
bool gql_plan_make(const struct gql_schema *schema, const struct gql_document *document,
		   const struct gql_operation *operation, const struct gql_value *variables, bool other_user,
		   bool without_current, struct arena *arena, struct gql_plan **ret_root, struct gql_errors *errors);

#endif
