/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The conditions of a query, made ready to be asked of many records. */
#ifndef QUICKBOOKS_FILTER_H
#define QUICKBOOKS_FILTER_H

#include "company.h"
#include "quickbooks/query.h"

struct filter_condition;

struct filter {
	int64_t from_ms, to_ms;  /* LastUpdatedTime: at least, below */
	bool active, inactive;   /* which list records may pass */
	const struct query_condition
		*ids; /* borrowed: Id = or Id IN, which name their records; NULL: none */
	struct filter_condition *conditions; /* owned: all others, the one about ids among them */
	size_t condition_count;
	bool is_empty;           /* nothing can pass */
};

/* `query` must outlive the filter. */
void filter_init(struct filter *filter, const struct company *company, const struct query *query);
void filter_clear(struct filter *filter);

/* Does a record pass? `timed` says whether LastUpdatedTime is still to be asked. */
bool filter_passes(const struct filter *filter, const struct record *record, bool timed);
/* Do all records of the table pass whose time is within the bounds? */
bool filter_is_time_only(const struct filter *filter, const struct table *table);
bool filter_is_timed(const struct filter *filter);

/* The time or date of a record's property that stands in the record itself. False: it does not. */
bool record_instant(const struct record *record, const char *path, int64_t *ret_ms);

#endif
