/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A world for tests: clocks that are counters, sleep that moves them, randomness from a seed. */
#ifndef LEDGERDECK_TESTS_UNIT_NET_WORLD_H
#define LEDGERDECK_TESTS_UNIT_NET_WORLD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "ledgerdeck/core/cancel.h"
#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/random.h"
#include "ledgerdeck/core/str.h"

/* May lie in memory that processes share; all but `random` is safe for several. */
struct world {
	_Atomic(int64_t) wall_ms, ticks_ms;
	struct random random;
	int sleeps; /* by world_sleep() */
	int64_t slept_ms;
	int64_t longest_ms;
	int cancel_at; /* the sleep that is answered with "cancelled"; 0: none */
};

void world_init(struct world *world);
struct env world_env(struct world *world);
void world_pass(struct world *world, int64_t ms);
bool world_sleep(void *world, int64_t ms, struct cancel *cancel);

/* All log lines from now on, at any level, into `out`; NULL: nowhere again. */
void world_log(struct str *out);

#endif
