/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two sides with few items, and what matching tells of them. */
#ifndef LEDGERDECK_TESTS_UNIT_MODEL_TEST_MATCH_H
#define LEDGERDECK_TESTS_UNIT_MODEL_TEST_MATCH_H

#include "tests.h"

#include "ledgerdeck/model/match.h"

#define SIDE_MAX 40
#define CENT INT64_C(10000)

/* Two sides, and what a tolerance is for them. */
struct sides {
	struct match_item items[2][SIDE_MAX];
	size_t counts[2];
	struct match_tolerance tolerance;
};

/* One more item, of kind 1 and in EUR; `number` and `party` are borrowed, or NULL. */
struct match_item *match_put(struct sides *sides, int side, int32_t day, int64_t cents, const char *number,
			     const char *party);
/* What `ctx` points to, whatever is asked. */
struct match_tolerance match_tolerance_of(void *ctx, uint32_t kind, const char *currency);
/* "party 0=2; many 1=0+3 by -5", with places as put; items are shuffled unless `seed` is 0. The caller frees. */
char *match_told(const struct sides *sides, uint64_t seed);
/* Fails unless that is told, as they are put and in other orders. */
void assert_told(const struct sides *sides, const char *told);

#endif
