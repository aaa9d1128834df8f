/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Scenarios as text, a line a step; "#" begins a comment. First the world:
 *   company REALM KIND [CUSTOMERS INVOICES]
 *   setting NAME=VALUE
 * then what happens:
 *   connect REALM
 *   sync [full|sweep] [approve] [TYPE...]
 *   add REALM TYPE JSON                  as somebody else, in a browser
 *   change REALM TYPE N MEMBERS          the N-th record by id: {"Id":..,"SyncToken":..,"sparse":true,MEMBERS}
 *   delete|void REALM TYPE N|all
 *   control NAME JSON                    of the simulator: switches, troubles, clock, expire, ...
 *   step SECONDS
 * and, where nothing goes wrong beside, what is to be seen:
 *   expect REALM TYPE live|inactive|voided|deleted|parked N
 *   expect REALM TYPE status|guard|drift TEXT
 *   expect REALM state WORD
 *   expect failed N
 *   expect error TEXT
 * At the end the mirror is what the ledger has, and one more sync changes nothing: always.
 */
#ifndef LEDGERDECK_TESTS_UNIT_SYNC_SCRIPT_H
#define LEDGERDECK_TESTS_UNIT_SYNC_SCRIPT_H

#include "world.h"

enum way {
	WAY_STRAIGHT,
	WAY_KILLED,   /* at the `at`-th durable step of all, then taken up again; 0: each process a step later than the one before */
	WAY_FAILING,  /* the `at`-th call fails as `how` says */
	WAY_SHUFFLED, /* several threads at once */
};

struct plan {
	enum way way;
	int64_t at;
	enum breakage how;
};

/* Run a scenario; fails the test. `ret_calls` and `ret_commits`: how many there were; may be NULL. */
void script_run(const char *path, const struct plan *plan, int64_t *ret_calls, int64_t *ret_commits);

#endif
