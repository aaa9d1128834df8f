/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ends a process at a durable step: store_commit() is wrapped by the linker. Steps are counted over all
 * processes that come from the same one, but only those of children end any.
 */
#ifndef LEDGERDECK_TESTS_UNIT_SYNC_CRASH_H
#define LEDGERDECK_TESTS_UNIT_SYNC_CRASH_H

#include <stdbool.h>
#include <stdint.h>

void crash_reset(void);
void crash_at(int64_t number);   /* this step, counted from the reset, ends its process; 0: none */
int64_t crash_count(void);       /* so many were there */

/*
 * The same without a process that ends: this step from now on, and all that follow, fail, with the step itself done (`after`) or
 * not, until the next call. 0: none. For one thread.
 */
void crash_here(int64_t number, bool after);
bool crash_has_come(void);

/*
 * Connections to one store are handed on from whoever closes one to whoever opens the next: an engine dies often here, and what it
 * would do most is to read the schema. `keep` false: those that nobody has are closed. For one thread.
 */
void crash_keep_stores(bool keep);

#endif
