/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program ledgerdeck-simulator as a child of this one, for the demo. */
#ifndef COMMAND_SIMULATOR_H
#define COMMAND_SIMULATOR_H

#include <sys/types.h>

#include "ledgerdeck/core/cancel.h"
#include "ledgerdeck/core/error.h"

struct simulator_child {
	pid_t pid;          /* 0: none */
	int port;
};

/*
 * Start it beside our own program (else from PATH) with its state, log and port file in `directory`; waits until it
 * listens. It ends with this process. Errors: STORE, INTERNAL, CANCELLED.
 */
bool simulator_start(const char *directory, struct cancel *cancel, struct simulator_child *ret_child, struct error *err);
void simulator_end(struct simulator_child *child); /* asks it to end and waits; none does nothing */

/* What a child needs of our environment: nothing of what its user keeps there for us, which may be secret. The caller frees the array. */
char **child_environment(void);

#endif
