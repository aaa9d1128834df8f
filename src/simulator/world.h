/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The whole simulated world behind its one lock. Each member belongs to the file of its name;
 * all functions that take a `struct simulator *` expect the lock to be held, but for those of
 * ledgerdeck/simulator.h, which take it.
 */
#ifndef WORLD_H
#define WORLD_H

#include "ledgerdeck/core/random.h"
#include "ledgerdeck/core/thread.h"
#include "ledgerdeck/simulator.h"
#include "switches.h"

struct company;
struct oauth;
struct limiter;
struct troubles;
struct state;
struct xledger;

struct simulator {
	struct lock *lock;          /* owned */
	struct env env;
	int64_t clock_offset_ms;    /* simulated time minus env's wall time */
	uint64_t seed;
	struct random random;       /* tokens, codes, jitter: repeatable */
	char *base_url;             /* owned */
	char *client_id;            /* owned: the app that may connect */
	struct switches switches;
	struct company **companies; /* owned */
	size_t company_count;
	struct xledger *xledger;    /* owned: the other service; NULL: nothing of it yet */
	struct oauth *oauth;        /* owned */
	struct limiter *limiter;    /* owned: rate limits and counters */
	struct troubles *troubles;  /* owned: injected faults */
	struct state *state;        /* owned; NULL: memory only */
	uint64_t trace_count;       /* for intuit_tid */
};

/* The simulated time, milliseconds since 1970 UTC. */
int64_t world_now_ms(const struct simulator *simulator);
/* By realm; NULL when there is none. */
struct company *world_company(const struct simulator *simulator, const char *realm);

#endif
