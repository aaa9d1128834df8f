/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Clocks, sleep, randomness and log lines for the tests of this folder. */
#include "world.h"

#include <string.h>

#include "ledgerdeck/core/log.h"

#define START_MS INT64_C(1769860800000) /* 2026-01-31T12:00:00Z */

void world_init(struct world *world)
{
	memset(world, 0, sizeof(*world));
	atomic_init(&world->wall_ms, START_MS);
	atomic_init(&world->ticks_ms, 5000000);
	random_seed(&world->random, 11);
}

static int64_t wall_ms(void *ctx)
{
	struct world *world = ctx;

	return atomic_load(&world->wall_ms);
}

static int64_t ticks_ms(void *ctx)
{
	struct world *world = ctx;

	return atomic_load(&world->ticks_ms);
}

static void fill(void *ctx, void *bytes, size_t len)
{
	struct world *world = ctx;
	unsigned char *at = bytes;

	for (size_t i = 0; i < len; i++)
		at[i] = (unsigned char)random_next(&world->random);
}

struct env world_env(struct world *world)
{
	return (struct env){
		.wall_ms = wall_ms, .ticks_ms = ticks_ms, .random = fill, .ctx = world
	};
}

void world_pass(struct world *world, int64_t ms)
{
	atomic_fetch_add(&world->wall_ms, ms);
	atomic_fetch_add(&world->ticks_ms, ms);
}

bool world_sleep(void *ctx, int64_t ms, struct cancel *cancel)
{
	struct world *world = ctx;

	world->sleeps++;
	world->slept_ms += ms;
	if (ms > world->longest_ms)
		world->longest_ms = ms;
	if (cancel_asked(cancel) || world->sleeps == world->cancel_at)
		return false;
	world_pass(world, ms);
	return true;
}

static void keep_line(void *ctx, enum log_level level, const char *text)
{
	struct str *out = ctx;

	(void)level;
	str_add(out, text);
	str_add_char(out, '\n');
}

void world_log(struct str *out)
{
	log_open(-1, out ? LOG_LEVEL_DEBUG : LOG_LEVEL_ERROR, out ? keep_line : NULL, out);
}
