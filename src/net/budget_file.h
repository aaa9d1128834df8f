/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The side file of the budgets: slots of atomics that all processes map. */
#ifndef LEDGERDECK_NET_BUDGET_FILE_H
#define LEDGERDECK_NET_BUDGET_FILE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "ledgerdeck/core/error.h"

#define BUDGET_FILE_SLOTS 4095

enum budget_bucket { BUDGET_SECOND, BUDGET_MINUTE, BUDGET_BATCH, BUDGET_RETRY, BUDGET_BUCKETS };

/*
 * One account's. Times are microseconds of the slot's own clock, which started with the wall
 * clock's time and only ever goes forward: by ticks while a process lives, see budget.c.
 */
struct budget_slot {
	_Atomic(uint64_t) key;			 /* of the account; 0: nobody's */
	_Atomic(int64_t) now_us;		 /* the latest time that any process has seen */
	_Atomic(int64_t) wall_shift_us;		 /* wall clock less slot clock, then */
	_Atomic(int64_t) ticks_shift_us;	 /* ticks less slot clock, then */
	_Atomic(int64_t) due_us[BUDGET_BUCKETS]; /* when each bucket is full again */
	_Atomic(int64_t) paused_until_us;
	_Atomic(uint64_t) slowed;      /* see budget.c; 0: full rate */
	_Atomic(int64_t) retry_tenths; /* repeats earned by calls */
	_Atomic(int64_t) careful;      /* 1: what was here before is lost, start without a burst */
	uint64_t unused[4];
};
_Static_assert(sizeof(struct budget_slot) == 128, "the layout of the file");
_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "processes share no locks here");

struct budget_file;

/*
 * Map the file, made (mode 0600) if it isn't there. What is no such file, or only a part of one, is
 * made one; the accounts start carefully then. Error STORE: cannot be opened, not ours, no file.
 */
bool budget_file_open(const char *path, int64_t wall_ms, struct budget_file **ret_file,
		      struct error *err);
void budget_file_close(struct budget_file *file);
/* The account's slot, claimed if it has none: then all is 0 but its key, clock and `careful`. */
struct budget_slot *budget_file_slot(struct budget_file *file, uint64_t key, int64_t wall_ms);

#endif
