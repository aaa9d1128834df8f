/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * XXH64 as Yann Collet's xxHash specification describes it: four lanes of 32 bytes at a time, then what is left,
 * then an avalanche. A page's records go through it each time they are read, where a digest would cost as much as
 * all of their scanning.
 */
#include "ledgerdeck/core/hash.h"

#include <string.h>

#define PRIME_1 UINT64_C(0x9e3779b185ebca87)
#define PRIME_2 UINT64_C(0xc2b2ae3d27d4eb4f)
#define PRIME_3 UINT64_C(0x165667b19e3779f9)
#define PRIME_4 UINT64_C(0x85ebca77c2b2ae63)
#define PRIME_5 UINT64_C(0x27d4eb2f165667c5)

static uint64_t turn(uint64_t value, int bits)
{
	return value << bits | value >> (64 - bits);
}

/* The specification's words are little-endian. */
static uint64_t read_word(const unsigned char *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof(word));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	return word;
}

static uint32_t read_half(const unsigned char *at)
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static uint64_t mix(uint64_t lane, uint64_t word)
{
	return turn(lane + word * PRIME_2, 31) * PRIME_1;
}

static uint64_t merge(uint64_t hash, uint64_t lane)
{
	return (hash ^ mix(0, lane)) * PRIME_1 + PRIME_4;
}

static uint64_t hash_lanes(const unsigned char *at, const unsigned char *end)
{
	uint64_t a = PRIME_1 + PRIME_2, b = PRIME_2, c = 0, d = 0 - PRIME_1;

	for (; end - at >= 32; at += 32) {
		a = mix(a, read_word(at));
		b = mix(b, read_word(at + 8));
		c = mix(c, read_word(at + 16));
		d = mix(d, read_word(at + 24));
	}
	return merge(merge(merge(merge(turn(a, 1) + turn(b, 7) + turn(c, 12) + turn(d, 18), a), b), c), d);
}

uint64_t hash_bytes(const void *bytes, size_t len)
{
	const unsigned char *at = bytes, *end = len ? at + len : at;
	uint64_t hash = PRIME_5;

	if (len >= 32) {
		hash = hash_lanes(at, end);
		at = end - len % 32;
	}
	hash += len;
	for (; end - at >= 8; at += 8)
		hash = turn(hash ^ mix(0, read_word(at)), 27) * PRIME_1 + PRIME_4;
	if (end - at >= 4) {
		hash = turn(hash ^ read_half(at) * PRIME_1, 23) * PRIME_2 + PRIME_3;
		at += 4;
	}
	for (; at < end; at++)
		hash = turn(hash ^ *at * PRIME_5, 11) * PRIME_1;
	hash = (hash ^ hash >> 33) * PRIME_2;
	hash = (hash ^ hash >> 29) * PRIME_3;
	return hash ^ hash >> 32;
}
