/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Things that wait for their time: a heap of due times and one thread that watches it, so that
 * thousands of delayed answers hold no thread of their own.
 */
#ifndef ALARMS_H
#define ALARMS_H

#include <stdbool.h>
#include <stdint.h>

#include "ledgerdeck/core/env.h"

struct alarms;

/*
 * `park` is called by the thread that adds an item, just before the item begins to wait; `ring`
 * by the watching thread (or by alarms_end) when it is due. Both run inside the lock, so no item
 * rings before it is parked; they must not call back into here.
 */
struct alarms *alarms_new(struct env env, void (*park)(void *item), void (*ring)(void *item));
void alarms_free(struct alarms *alarms); /* after alarms_end(); NULL does nothing */

/*
 * Park the item until env's ticks reach `due_ms`. False, with nothing done: it is due already, or
 * the end has begun. Any thread.
 */
bool alarms_add(struct alarms *alarms, int64_t due_ms, void *item);

/* Ring everything that waits and take nothing in any more; the thread has ended on return. */
void alarms_end(struct alarms *alarms);
bool alarms_is_ending(struct alarms *alarms); /* any thread */

#endif
