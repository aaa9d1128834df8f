/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Worlds with a state file, for the tests of it. Whatever goes wrong in a call below fails the
 * test.
 */
#ifndef LEDGERDECK_TESTS_UNIT_SIMULATOR_STATE_WORLD_H
#define LEDGERDECK_TESTS_UNIT_SIMULATOR_STATE_WORLD_H

#include "company.h"
#include "world.h"
#include "test_simulator.h"

#define NOW_MS INT64_C(1769860800000) /* 2026-01-31T12:00:00Z: it always is */

/* A directory of its own for each test, and the path of a state file in it. */
struct fixture {
	char folder[200];
	char path[240];
};

/* For cmocka's setup and teardown; the latter fails when a test has left other files behind. */
int state_world_folder(void **state);
int state_world_folder_end(void **state);

/* A world without companies and without a file. */
struct simulator *state_world_new(void);
void state_world_free(struct simulator *simulator);
struct simulator *state_world_start(const char *path); /* its file was opened and found empty */
struct simulator *state_world_load(const char *path);  /* comes from its file */
void state_world_save(struct simulator *simulator);
/* Opening and loading must fail with an error that says `part`. */
void state_world_refused(const char *path, const char *part);

struct company *state_world_company(struct simulator *simulator, const char *realm,
				    const char *name);
/* `id` NULL: the next one. */
struct record *state_world_record(struct company *company, const char *entity, const char *id,
				  const char *text);
/* Two companies; the first has accounts, names, an invoice, a payment on it, and a deletion. */
void state_world_fill(struct simulator *simulator);

#endif
