/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Threads, locks and conditions on top of pthread. Who owns what between threads is left to the
 * queues and workers that are built from these.
 */
#include "ledgerdeck/core/thread.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "ledgerdeck/core/memory.h"

/* Longer waits (35 years) have no end. */
#define TIMEOUT_MS_MAX (INT64_C(1) << 40)

struct lock {
	pthread_mutex_t mutex;
	pthread_cond_t woken;
};

struct thread {
	pthread_t id;
	void (*run)(void *ctx);
	void *ctx; /* borrowed: whoever started the thread */
};

/* End the program when a call was refused: nothing here can be done without. */
static void must(int result)
{
	if (result != 0)
		memory_fatal();
}

struct lock *lock_new(void)
{
	struct lock *lock = memory_new(sizeof(*lock));
	pthread_condattr_t attributes;

	must(pthread_mutex_init(&lock->mutex, NULL));
	must(pthread_condattr_init(&attributes));
	/* Timeouts count real time passed: setting the wall clock must not move them. */
	must(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC));
	must(pthread_cond_init(&lock->woken, &attributes));
	pthread_condattr_destroy(&attributes);
	return lock;
}

void lock_free(struct lock *lock)
{
	if (!lock)
		return;
	pthread_cond_destroy(&lock->woken);
	pthread_mutex_destroy(&lock->mutex);
	free(lock);
}

void lock_enter(struct lock *lock)
{
	must(pthread_mutex_lock(&lock->mutex));
}

void lock_leave(struct lock *lock)
{
	must(pthread_mutex_unlock(&lock->mutex));
}

void lock_wait(struct lock *lock, int64_t timeout_ms)
{
	struct timespec until;
	int result;

	if (timeout_ms < 0 || timeout_ms > TIMEOUT_MS_MAX) {
		must(pthread_cond_wait(&lock->woken, &lock->mutex));
		return;
	}
	must(clock_gettime(CLOCK_MONOTONIC, &until));
	until.tv_sec += (time_t)(timeout_ms / 1000);
	until.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	result = pthread_cond_timedwait(&lock->woken, &lock->mutex, &until);
	must(result == ETIMEDOUT ? 0 : result);
}

void lock_wake(struct lock *lock)
{
	must(pthread_cond_broadcast(&lock->woken));
}

static void *thread_main(void *ctx)
{
	struct thread *thread = ctx;

	thread->run(thread->ctx);
	return NULL;
}

/* A new thread inherits the mask, so it is set here: signals are the main thread's alone. */
struct thread *thread_new(void (*run)(void *ctx), void *ctx)
{
	struct thread *thread = memory_new(sizeof(*thread));
	sigset_t all, before;

	thread->run = run;
	thread->ctx = ctx;
	sigfillset(&all);
	must(pthread_sigmask(SIG_SETMASK, &all, &before));
	must(pthread_create(&thread->id, NULL, thread_main, thread));
	must(pthread_sigmask(SIG_SETMASK, &before, NULL));
	return thread;
}

void thread_join(struct thread *thread)
{
	if (!thread)
		return;
	must(pthread_join(thread->id, NULL));
	free(thread);
}
