/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The query language: text in, a checked statement out, with the service's own refusals. */
#ifndef QUICKBOOKS_QUERY_H
#define QUICKBOOKS_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/decimal.h"
#include "quickbooks/entity.h"
#include "quickbooks/fault.h"

#define QUERY_CONDITIONS_MAX 32
#define QUERY_ORDERS_MAX 8
#define QUERY_COLUMNS_MAX 64

enum query_operator { QUERY_EQUAL, QUERY_LESS, QUERY_GREATER, QUERY_LESS_EQUAL, QUERY_GREATER_EQUAL,
		      QUERY_LIKE, QUERY_IN };

struct query_value {
	char *text;            /* owned: without quotes and escapes */
	struct decimal number; /* of number members */
	int64_t ms;            /* of time members */
};

struct query_condition {
	const struct member *member;   /* borrowed: the schema */
	char path[96];                 /* in records: "CustomerRef.value" */
	enum query_operator op;
	struct query_value *values;    /* owned; one, or the IN list */
	size_t value_count;
};

struct query_order {
	const struct member *member;
	char path[96];
	bool descending;
};

struct query {
	const struct entity *entity;
	bool count;                    /* SELECT COUNT(*) */
	struct { const struct member *member; char path[96]; } columns[QUERY_COLUMNS_MAX];
	size_t column_count;           /* 0: all of them */
	struct query_condition conditions[QUERY_CONDITIONS_MAX];
	size_t condition_count;
	struct query_order orders[QUERY_ORDERS_MAX];
	size_t order_count;
	int64_t start;                 /* STARTPOSITION, from 1 */
	int64_t max;                   /* MAXRESULTS, 1 to 1000 (0 allowed: none asked for but the count) */
	bool names_active;             /* a condition is about Active: inactive ones are not left out */
};

struct simulator;

/* Parse and check. False with 4000 (grammar) or 4001 (meaning). `query` must be zeroed; clear it in any case. */
bool query_parse(const struct simulator *simulator, const char *text, size_t len, struct query *query,
		 struct fault *fault);
void query_clear(struct query *query);

#endif
