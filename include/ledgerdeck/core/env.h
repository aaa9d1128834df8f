/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The outside world, passed in: clocks and randomness. main.c makes the real one; tests and the
 * simulator make others, whose clock is a counter and whose random bytes come from a seed.
 */
#ifndef LEDGERDECK_CORE_ENV_H
#define LEDGERDECK_CORE_ENV_H

#include <stddef.h>
#include <stdint.h>

struct env {
	int64_t (*wall_ms)(void *ctx);                       /* since 1970 UTC */
	int64_t (*ticks_ms)(void *ctx);                      /* monotonic, from anywhere */
	void (*random)(void *ctx, void *bytes, size_t len);  /* unguessable in the real one */
	void *ctx;
};

/* The machine's own clocks and the kernel's randomness. Any thread. */
struct env env_real(void);

/*
 * An id: the prefix, then ten letters and digits that grow with time and sixteen that nobody can guess. `out` holds the prefix and
 * ENV_ID_LEN more, with the NUL; returns it.
 */
#define ENV_ID_LEN 27
char *env_id(const struct env *env, const char *prefix, char *out);

/* A setting of the process's environment, NULL if unset; borrowed until the next change. */
const char *env_variable(const char *name);

#endif
