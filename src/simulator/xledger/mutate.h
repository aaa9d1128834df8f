/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Carrying out mutations: inputs become records, all of a call or none. */
#ifndef XLEDGER_MUTATE_H
#define XLEDGER_MUTATE_H

#include "xledger/execute.h"

#define XL_NODES_MAX 500 /* of one call */

/* A member of an input that stands for something inside a field, or (`field` NULL) of its company. */
struct xl_alias {
	const char *type, *name, *field, *inner;
};
const struct xl_alias *xl_alias_find(const struct xl_type *type, const char *name); /* NULL: none */

/* A field of Mutation, answered into the run's output; null when there are errors. */
void xl_mutate(struct gql_run *run, const struct gql_plan *field);

#endif
