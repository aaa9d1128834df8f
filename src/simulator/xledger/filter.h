/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filters made ready: each record is then held against them without looking anything up. */
#ifndef XLEDGER_FILTER_H
#define XLEDGER_FILTER_H

#include "ledgerdeck/core/decimal.h"

#include "xledger/execute.h"

struct xl_operand {
	const char *text;   /* NULL: null */
	size_t len;
	int64_t number;     /* of numbers; of times in milliseconds */
	struct decimal decimal;
};

struct xl_filter;

struct xl_test {
	const struct xl_field *field;
	enum gql_role role;
	struct xl_operand *operands;
	size_t count;
	bool settled;             /* only records that pass it are looked at */
	struct xl_filter *groups; /* of AND and OR: the first */
	struct xl_test *next;
};

/* All of its tests must hold. */
struct xl_filter {
	struct xl_test *tests;  /* the first */
	struct xl_filter *next; /* beside it, in AND or OR */
};

/* From an argument that was checked; NULL stays NULL. All in the run's arena. */
struct xl_filter *xl_filter_make(struct gql_run *run, const struct gql_type *type, const struct gql_value *value);
/* NULL filters let everything pass. */
bool xl_filter_passes(struct xl_entity *entity, const struct xl_filter *filter, const struct xl_record *record);
/* The dbIds that can pass at all, ascending and without doubles; false: any can. */
bool xl_filter_dbids(struct gql_run *run, struct xl_filter *filter, int64_t **ret_dbids, size_t *ret_count);
/* The least dbId that can pass; INT64_MIN: any can. */
int64_t xl_filter_least(const struct xl_filter *filter);

#endif
