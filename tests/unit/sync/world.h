/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A whole world in one process: the simulated ledger, a store in a directory of its own, a clock that
 * moves only when somebody waits, and a network that fails when it is told to. What goes wrong in
 * here fails the test that asked.
 */
#ifndef LEDGERDECK_TESTS_UNIT_SYNC_WORLD_H
#define LEDGERDECK_TESTS_UNIT_SYNC_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ledgerdeck/core/random.h"
#include "ledgerdeck/core/thread.h"
#include "ledgerdeck/simulator.h"
#include "ledgerdeck/sync/sync.h"

#define WORLD_START_MS INT64_C(1769860800000) /* 2026-01-31T12:00:00Z */
#define WORLD_KILLED 77                       /* how a process ends that was to die */

enum breakage { /* what happens to the call that is to fail */
	BREAK_NONE, BREAK_CUT_BEFORE, BREAK_CUT_AFTER, BREAK_STATUS, BREAK_STATUS_AFTER, BREAK_THROTTLE, BREAK_HTML, BREAK_TRUNCATED,
	BREAK_GARBAGE, BREAK_COUNT,
	/* Only where somebody taps the line: the ledger gets it later than whoever sent it has patience for; it gets it twice. */
	BREAK_LATE = BREAK_COUNT, BREAK_TWICE, BREAK_ALL
};

/* A call as it travels, and what the ledger answered, whether that arrives or not. */
struct world_call {
	const char *method, *target, *body, *authorization; /* the last NULL: none */
	size_t body_len;
	int status;                   /* 0: the ledger does not get it, or not yet */
	const struct str *answer;
	bool late;                    /* it was sent some time ago */
};

/* What processes share, so that one clock and one plan hold for all of them. */
struct world_shared {
	_Atomic(int64_t) now_ms;
	_Atomic(int64_t) calls;       /* made so far */
	_Atomic(int64_t) break_at;    /* the number of the call that fails; 0: none */
	_Atomic(int) break_how;
	_Atomic(bool) break_write;    /* not that call, but the first one from it on that writes */
};

struct world {
	struct simulator *simulator;
	struct world_shared *shared;
	char directory[64];
	char store_path[96];
	struct vault *vault;
	struct settings *settings;
	struct catalogue *catalogue;
	struct store *store;          /* the test's own */
	struct cancel *cancel;
	int socket;                   /* to the process that has the ledger; -1: it is here */
	struct lock *line;            /* owned: one call at a time over it, and one answer at a time past the spy */
	bool shuffled;                /* calls end out of order */
	struct lock *door;            /* owned: of what follows */
	int wanted, waiting;          /* world_gather(); calls that have come, -1: the first has not */
	struct random *chance;        /* borrowed: where random bytes come from; NULL: from the machine */
	int64_t skew_s;               /* of what answers say the time is */
	void (*spy)(void *ctx, char *bytes, size_t len); /* sees (and may bend) each answer's body; NULL: nobody does */
	void *spy_ctx;
	void (*tap)(void *ctx, const struct world_call *call); /* sees each call once the ledger has answered it; NULL: nobody does */
	void *tap_ctx;
	struct late_call *late;       /* owned: calls that the ledger gets later */
	struct connect_world connect; /* the test's own thread's */
};

/* Companies as simulator_open() takes them; further settings "name=value", NULL at the end, or NULL. */
struct world *world_new(const struct simulator_company *companies, size_t count, const char *const *settings);
void world_free(struct world *world);
void world_freep(struct world **world);
struct env world_env(struct world *world);
void world_step(struct world *world, int64_t seconds);

/* Behind the first page that is read now, none is answered before so many calls for one wait together: how many there are at once is
 * not for the kernel to choose. After a minute whoever waits is answered all the same. 0: each when it comes. */
void world_gather(struct world *world, int wanted);

/* Through the ledger's own pages: consent, paste, identity, save. */
void world_connect(struct world *world, const char *realm, struct account *ret_account);
/* By a token that the ledger makes for 90 days, to an entity whose provider takes tokens. */
void world_connect_token(struct world *world, const char *provider, const char *realm, struct account *ret_account);
/* The address that the browser ends at; the caller gives it back. `realm` NULL: the page chooses. */
char *world_consent(struct world *world, const char *url, const char *realm);

struct sync_options world_options(struct world *world);
struct sync *world_engine(struct world *world);
/* Ask, and work in this thread until nothing of it is left; counts of all its attempts are added up. */
struct outcome {
	int64_t jobs, attempts, failed;
	struct put_counts counts;
	struct error error;           /* of the last one that failed */
};
void world_sync(struct world *world, struct sync *sync, const struct sync_wish *wish, struct outcome *ret_outcome);

/* As somebody else, who is not counted, limited or troubled: the status. `out` may be NULL. */
int world_other(struct world *world, const char *method, const char *path, const char *body, struct str *out);
/* A switch, a trouble, ...: the control endpoint. */
void world_control(struct world *world, const char *method, const char *name, const char *body);

/* All records of a type that the ledger has, one after the other, sorted; "" when none. */
struct texts {
	char **items;
	size_t count, room;
};
void texts_clear(struct texts *texts);
void world_truth(struct world *world, const char *realm, const struct type *type, struct texts *ret_truth);
/* Byte for byte what the ledger has, and nothing else, with a sound history: false says where not in `ret_difference`. */
bool world_same(struct world *world, const struct account *account, const char *realm, const struct type *type,
		char *ret_difference /* 400 */);
/* All types of the catalogue. Fails when anything differs. */
void world_check(struct world *world, const struct account *account, const char *realm);
struct object world_object(struct world *world, const struct account *account, const char *type);

/* What comes late by now, or (`all`) whatever there is, arrives at the ledger; nobody hears the answer. */
void world_deliver(struct world *world, bool all);
/* Forget it: the world ends. */
void world_forget_late(struct world *world);

/* Answer the calls that come over `socket` until its other end is closed. */
void world_serve(struct world *world, int socket);

#endif
