/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of matching share: the items that are left, in one order, with numbers for their texts; and sums. */
#ifndef LEDGERDECK_MODEL_MATCH_IMPL_H
#define LEDGERDECK_MODEL_MATCH_IMPL_H

#include "ledgerdeck/model/match.h"

#define POOL_NONE UINT32_MAX
#define POOL_DIGIT_BITS 11
#define POOL_DIGITS 6 /* of a key's 64 bits */

/* Numbers stand for texts and groups: equal on both sides where those are equal, 0 for what is lacking. */
struct pool_item {
	int64_t amount;
	int32_t day;
	uint32_t place;   /* in the caller's array */
	uint32_t group;   /* kind and currency */
	uint32_t value;   /* group and amount */
	uint32_t link, tag, number, party;
	uint32_t both;    /* number and value */
	/* A match: its owner is its own partner and leads a chain of those of the other side, whose partner it is. */
	uint32_t partner, next;
	int16_t score;    /* of the best that was seen */
	uint8_t claims;   /* sums that the item is in; of scores: another one is as good */
	uint8_t pass;     /* that took it; MATCH_NONE: still there */
};
/* A place in a list that is sorted by key, then as the items are. */
struct pool_entry {
	uint64_t key;
	uint32_t item;
	int32_t day;
};
struct pool {
	const struct match_item *first, *second; /* borrowed */
	/* Owned: the first side's in the order of date, amount, number and all else, then the second's. Not of their places. */
	struct pool_item *items;
	size_t first_count, count;
	size_t groups;                           /* their numbers are 1 to this */
	struct pool_entry *entries, *spare;      /* owned; room for `count` */
	size_t entry_count;
	uint32_t digits[POOL_DIGITS][1 << POOL_DIGIT_BITS];
	bool (*stopped)(void *ctx);              /* may be NULL */
	void *ctx;
	bool is_stopped;
};

/* False: stopped. `pool` is zeroed but for `stopped` and `ctx`. */
bool pool_fill(struct pool *pool, const struct match_item *first, size_t first_count, const struct match_item *second,
	       size_t second_count);
void pool_clear(struct pool *pool);
const struct match_item *pool_source(const struct pool *pool, uint32_t item);
static inline bool pool_is_first(const struct pool *pool, uint32_t item)
{
	return item < pool->first_count;
}
/* How many days the second side may be before and after the first; 0 and more. */
struct pool_span {
	int64_t before, after;
};
/* How items are brought together that have something in common. */
struct pool_join {
	/* False: the item has nothing to go by. Pure. */
	bool (*key)(const struct pool_item *item, uint64_t *ret_key);
	/* Keys tell groups apart where spans do. */
	struct pool_span (*span)(void *ctx, uint32_t group);
	/* `count`, 1 at least, items of the other side with the item's key and within the span, in order. Each item once. */
	void (*visit)(void *ctx, uint32_t item, const struct pool_entry *others, size_t count);
	void *ctx;
};
/* Over all items that are still there. False: stopped. */
bool pool_go(struct pool *pool, const struct pool_join *join);

/* Are two texts one in the form of str_add_alike()? */
bool match_alike(const char *a, const char *b);
/* match_score() without the texts, given what is known of number and party: 1 equal, -1 different, 0 one is lacking. */
int match_score_known(const struct match_item *first, const struct match_item *second, const struct match_rules *rules,
		      const struct match_tolerance *tolerance, int number, int party);
#define MATCH_SCORE_TEXT_MAX 2
int match_score_text(const char *a, const char *b);
bool match_within(int64_t first, int64_t second, const struct match_tolerance *tolerance);
/* The most that may be over an amount, or under it, in millionths. */
int64_t match_allowed(int64_t amount, int64_t most, int32_t share);

/*
 * Is the sum of some of the amounts, at most MATCH_MANY_MAX, from `least` to `most`, and of none but these? Then they are
 * chosen: bit i for amounts[i]. Takes a few hundred steps at most.
 */
bool match_sum_only(const int64_t *amounts, size_t count, __int128 least, __int128 most, uint32_t *ret_chosen);

#endif
