/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Processes by names that outlive them: "host:pid:start". Who holds a lease is written down by such a name, with
 * anything behind another colon, so that the next one can tell whether the holder still can be at work.
 */
#ifndef LEDGERDECK_CORE_HOLDER_H
#define LEDGERDECK_CORE_HOLDER_H

#include <stdbool.h>
#include <stddef.h>

#define HOLDER_MAX 80

/* This process. Any thread. */
void holder_name(char *out, size_t size);
/* Is it a process of this machine that is no more? What can't be told is alive. Any thread. */
bool holder_is_dead(const char *name);
/* Which processes, three at most, have a file open: "process 1234 (ledgerdeck)". False: none that we may look at. Any thread. */
bool holder_of_file(const char *path, char *out, size_t size);

#endif
