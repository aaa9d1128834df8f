/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Repeatable numbers from a seed (xoshiro256**): for sample data, jitter and tests, never for keys. */
#ifndef LEDGERDECK_CORE_RANDOM_H
#define LEDGERDECK_CORE_RANDOM_H

#include <stdint.h>

struct random {
	uint64_t state[4];
};

void random_seed(struct random *random, uint64_t seed);
uint64_t random_next(struct random *random);
/* 0 to limit - 1, evenly; limit at least 1. */
uint64_t random_below(struct random *random, uint64_t limit);

#endif
