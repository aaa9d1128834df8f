/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * xoshiro256** of Blackman and Vigna, its state filled by their splitmix64, as they advise. The
 * sequence of a seed never changes: sample data depend on it. Keys come from env.c.
 */
#include "ledgerdeck/core/random.h"

#include <assert.h>

static uint64_t rotate_left(uint64_t value, int bits)
{
	return value << bits | value >> (64 - bits);
}

static uint64_t splitmix_next(uint64_t *state)
{
	uint64_t mixed = *state += UINT64_C(0x9e3779b97f4a7c15);

	mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
	return mixed ^ mixed >> 31;
}

void random_seed(struct random *random, uint64_t seed)
{
	for (int i = 0; i < 4; i++)
		random->state[i] = splitmix_next(&seed);
}

uint64_t random_next(struct random *random)
{
	uint64_t *state = random->state;
	uint64_t result = rotate_left(state[1] * 5, 7) * 9;
	uint64_t shifted = state[1] << 17;

	state[2] ^= state[0];
	state[3] ^= state[1];
	state[1] ^= state[2];
	state[0] ^= state[3];
	state[2] ^= shifted;
	state[3] = rotate_left(state[3], 45);
	return result;
}

uint64_t random_below(struct random *random, uint64_t limit)
{
	uint64_t unfair, value;

	assert(limit >= 1);
	/* The lowest 2^64 % limit numbers would give some results one chance more. */
	unfair = (0 - limit) % limit;
	do
		value = random_next(random);
	while (value < unfair);
	return value % limit;
}
