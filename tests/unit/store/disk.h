/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A disk that fails when it is told to: it stands between SQLite and the system's files, counts
 * what changes them, and from one change on refuses, or ends the process in front of it.
 */
#ifndef LEDGERDECK_TESTS_UNIT_STORE_DISK_H
#define LEDGERDECK_TESTS_UNIT_STORE_DISK_H

#include <stdint.h>

enum disk_trouble {
	DISK_GOOD,
	DISK_FULL, /* writes fail for want of space */
	DISK_BAD,  /* writes and syncs fail */
	DISK_KILL, /* the process is killed */
};

/* From the `nth` change on (the next is 1) there is trouble. The first call puts the disk in place; stores that are
 * opened from then on use it. */
void disk_set(enum disk_trouble trouble, int64_t nth);
int64_t disk_changes(void); /* since the last disk_set() */
int64_t disk_synced(void);  /* of these, syncs */

#endif
