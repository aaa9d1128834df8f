/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The first so many of any number of records in an order that no index gives: each is shown to it once, and only the best
 * are kept, so that ten million need no more room than ten.
 */
#ifndef UI_SORTER_H
#define UI_SORTER_H

#include "ledgerdeck/store/records.h"

struct sort_key {
	struct cell cell;     /* what the order goes by */
	int64_t no;           /* decides between equals */
};
/* As the store orders them, upwards: nothing before numbers before texts; titles in any case, ids by length first. */
int sort_compare(enum record_order order, const struct sort_key *a, const struct sort_key *b);
void sort_key_copy(struct sort_key *key, const struct sort_key *from); /* its text becomes the key's own */
void sort_key_clear(struct sort_key *key);

struct sorter {
	enum record_order order;
	bool descending;
	size_t most;
	struct sort_key *keys; /* owned, their texts too: a heap, the last in order on top; in order once finished */
	size_t count, room;
};

void sorter_take(struct sorter *sorter, const struct sort_key *key); /* copies it, if it is among the first */
void sorter_finish(struct sorter *sorter);
void sorter_clear(struct sorter *sorter);

#endif
