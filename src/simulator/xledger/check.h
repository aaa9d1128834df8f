/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values held against the types that arguments and members of inputs have. */
#ifndef XLEDGER_CHECK_H
#define XLEDGER_CHECK_H

#include "xledger/plan.h"

struct gql_checker {
	const struct gql_schema *schema;
	struct arena *arena;
	struct gql_errors *errors;
	const struct gql_variable *declared; /* the first */
	const struct gql_value *sent;        /* the first of the variables that were sent */
	size_t taken;                        /* values so far: a variable may be used many times */
};

/* Are the variables of types that exist, all there that must be, and of the right kind? */
bool gql_check_variables(struct gql_checker *checker);
/*
 * A copy of the value without variables, of the slot's type: NULL when it is left out because a
 * variable is, or wrong (then there is an error more).
 */
struct gql_value *gql_check_value(struct gql_checker *checker, const struct gql_slot *slot,
				  const struct gql_value *value);
/* A Boolean, perhaps by a variable. */
bool gql_check_condition(struct gql_checker *checker, const struct gql_value *value, bool *ret_truth);

#endif
