/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threads, locks and conditions: the only place where pthread appears. All calls end the program when the system refuses. */
#ifndef LEDGERDECK_CORE_THREAD_H
#define LEDGERDECK_CORE_THREAD_H

#include <stdbool.h>
#include <stdint.h>

struct lock;
struct lock *lock_new(void);
void lock_free(struct lock *lock);   /* must not be held; NULL does nothing */
void lock_enter(struct lock *lock);
void lock_leave(struct lock *lock);
/* Leave, sleep until somebody wakes or `timeout_ms` passed (-1: no end), enter again. */
void lock_wait(struct lock *lock, int64_t timeout_ms);
void lock_wake(struct lock *lock);   /* wakes all that wait; call it inside */

struct thread;
struct thread *thread_new(void (*run)(void *ctx), void *ctx);
void thread_join(struct thread *thread); /* waits for its end, then frees; NULL does nothing */

#endif
