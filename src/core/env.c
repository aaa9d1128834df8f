/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The machine's own clocks, randomness and environment: nobody else asks the system for them. */
#include "ledgerdeck/core/env.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/types.h>
#include <time.h>

#include "ledgerdeck/core/memory.h"

static int64_t clock_ms(clockid_t clock)
{
	struct timespec now = { 0 };

	/* Both clocks are there on every system this builds for, so it can't fail. */
	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t real_wall_ms(void *ctx)
{
	(void)ctx;
	return clock_ms(CLOCK_REALTIME);
}

static int64_t real_ticks_ms(void *ctx)
{
	(void)ctx;
	return clock_ms(CLOCK_MONOTONIC);
}

/* Keys are made of this: ending the program is better than going on with predictable bytes. */
static void real_random(void *ctx, void *bytes, size_t len)
{
	unsigned char *at = bytes;

	(void)ctx;
	while (len > 0) {
		ssize_t got = getrandom(at, len, 0);

		if (got < 0) {
			if (errno == EINTR)
				continue;
			memory_fatal();
		}
		at += got;
		len -= (size_t)got;
	}
}

struct env env_real(void)
{
	return (struct env){
		.wall_ms = real_wall_ms,
		.ticks_ms = real_ticks_ms,
		.random = real_random,
	};
}

char *env_id(const struct env *env, const char *prefix, char *out)
{
	/* Without those that are taken for one another. */
	static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";
	uint64_t ms = (uint64_t)env->wall_ms(env->ctx);
	size_t len = strlen(prefix);
	uint8_t bytes[16];

	env->random(env->ctx, bytes, sizeof(bytes));
	memcpy(out, prefix, len);
	for (size_t i = 0; i < 10; i++)
		out[len + i] = letters[(ms >> (5 * (9 - i))) & 31];
	for (size_t i = 0; i < 16; i++)
		out[len + 10 + i] = letters[bytes[i] & 31];
	out[len + 26] = '\0';
	return out;
}

const char *env_variable(const char *name)
{
	return getenv(name);
}
