/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A large read, cut into parts that take about equally long. Pure: nothing here waits, calls or keeps.
 *
 * Nobody can say beforehand where in time a ledger's records lie, and asking costs calls. So a read is not planned: whoever
 * has nothing to do shares out what is expected to be the largest rest, and each page tells anew what to expect. A wrong guess
 * costs one call, whose page is short or empty.
 */
#ifndef SYNC_PARTS_H
#define SYNC_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/provider/provider.h"
#include "ledgerdeck/store/objects.h"

enum part_state {
	PART_NONE,    /* the place is free */
	PART_OPEN,    /* nobody reads it */
	PART_TAKEN,   /* a thread reads it */
	PART_FETCHED, /* to its end, but not all of it is in the store */
};

struct part {
	enum part_state state;
	int64_t from_ms, to_ms;   /* the end comes nearer when something is cut off */
	int64_t reached_ms;       /* all from before has been fetched */
	char position[512];       /* of the next page; "" : the first one */
	int64_t records;          /* fetched */
	int64_t dense, dense_ms;  /* so many records in so long: by its last page, before that by what it was cut off from */
	bool cut;                 /* no more before its next page, which tells what to expect */
	bool tied;                /* its last two pages are of one and the same time */
	bool waits;               /* its last page is not in the store yet */
	struct slice kept;        /* as the store has it, but for its end */
};

struct parts {
	struct part items[SLICES_MAX];
	int64_t left, fetched;    /* records: not yet, by the ledger's own count; so far */
	int64_t page;             /* records of a page, the largest so far */
	size_t made;              /* ever */
};

/* From these on, as the store has them; a page has at most so many records. */
void parts_begin(struct parts *parts, const struct slice *slices, size_t count, int64_t page);

/* One that nobody reads; when there is none, others are cut. `idle` look for one, this one among them. NULL: not now. */
struct part *parts_take(struct parts *parts, size_t idle);
/* Behind a page of it. Errors: INTERNAL (the position is too long), REMOTE (it does not move on). */
bool parts_move(struct parts *parts, struct part *part, const struct page *page, struct error *err);
/* That page goes to the store now. */
void part_keep(struct part *part);
/* All that is not in the store as a whole; `ret_slices` has room for SLICES_MAX. */
size_t parts_list(const struct parts *parts, struct slice *ret_slices);
size_t parts_count(const struct parts *parts, enum part_state state);

#endif
