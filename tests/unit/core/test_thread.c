/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Threads, locks and wake-ups. Nothing sleeps: each side waits for what the other one does, so a
 * lost wake-up hangs the program instead of passing.
 */
#include <signal.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/thread.h"

#include "tests.h"

#define CROWD 6

struct shared {
	struct lock *lock;
	int turn;
	int count;
	int waiting;
	bool open;
	int64_t timeout_ms;
	sigset_t mask;
};

static void run_count(void *ctx)
{
	struct shared *shared = ctx;

	for (int i = 0; i < 20000; i++) {
		lock_enter(shared->lock);
		shared->count++;
		lock_leave(shared->lock);
	}
}

static void locks_exclude(void **state)
{
	struct shared shared = { .lock = lock_new() };
	struct thread *threads[CROWD];

	(void)state;
	for (size_t i = 0; i < CROWD; i++)
		threads[i] = thread_new(run_count, &shared);
	for (size_t i = 0; i < CROWD; i++)
		thread_join(threads[i]);
	assert_int_equal(shared.count, CROWD * 20000);
	lock_free(shared.lock);
}

/* Take turns: the thread waits for odd ones. */
static void run_odd(void *ctx)
{
	struct shared *shared = ctx;

	lock_enter(shared->lock);
	for (int i = 0; i < 5000; i++) {
		while (shared->turn % 2 == 0)
			lock_wait(shared->lock, shared->timeout_ms);
		shared->turn++;
		lock_wake(shared->lock);
	}
	lock_leave(shared->lock);
}

static void wakes_reach_the_other(void **state)
{
	static const int64_t timeouts_ms[] = { -1, INT64_MIN, INT64_MAX, INT64_C(3600000) };

	(void)state;
	for (size_t t = 0; t < ARRAY_LEN(timeouts_ms); t++) {
		struct shared shared = { .lock = lock_new(), .timeout_ms = timeouts_ms[t] };
		struct thread *thread = thread_new(run_odd, &shared);

		lock_enter(shared.lock);
		for (int i = 0; i < 5000; i++) {
			shared.turn++;
			lock_wake(shared.lock);
			while (shared.turn % 2 == 1)
				lock_wait(shared.lock, timeouts_ms[t]);
		}
		lock_leave(shared.lock);
		thread_join(thread);
		assert_int_equal(shared.turn, 10000);
		lock_free(shared.lock);
	}
}

static void run_gate(void *ctx)
{
	struct shared *shared = ctx;

	lock_enter(shared->lock);
	shared->waiting++;
	lock_wake(shared->lock);
	while (!shared->open)
		lock_wait(shared->lock, -1);
	shared->count++;
	lock_leave(shared->lock);
}

static void one_wake_reaches_all(void **state)
{
	struct shared shared = { .lock = lock_new() };
	struct thread *threads[CROWD];

	(void)state;
	for (size_t i = 0; i < CROWD; i++)
		threads[i] = thread_new(run_gate, &shared);
	lock_enter(shared.lock);
	while (shared.waiting < CROWD)
		lock_wait(shared.lock, -1);
	/* All have left the lock to wait, or this thread could not hold it. */
	shared.open = true;
	lock_wake(shared.lock);
	lock_leave(shared.lock);
	for (size_t i = 0; i < CROWD; i++)
		thread_join(threads[i]);
	assert_int_equal(shared.count, CROWD);
	lock_free(shared.lock);
}

/* Nobody wakes: only the clock can end these waits. A wait may end early, never for good. */
static void waits_time_out(void **state)
{
	static const int64_t timeouts_ms[] = { 0, 1, 15, 990 };
	struct env env = env_real();
	struct lock *lock = lock_new();

	(void)state;
	lock_enter(lock);
	for (size_t t = 0; t < ARRAY_LEN(timeouts_ms); t++) {
		int64_t until = env.ticks_ms(env.ctx) + timeouts_ms[t];
		int rounds = 0;

		do {
			lock_wait(lock, timeouts_ms[t]);
			rounds++;
		} while (env.ticks_ms(env.ctx) < until);
		assert_in_range(rounds, 1, 100);
	}
	lock_leave(lock);
	lock_free(lock);
}

static void run_mask(void *ctx)
{
	struct shared *shared = ctx;

	pthread_sigmask(SIG_BLOCK, NULL, &shared->mask);
}

static void signals_stay_with_main(void **state)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGWINCH, SIGHUP, SIGPIPE, SIGCHLD };
	struct shared shared = { 0 };
	sigset_t before, after;

	(void)state;
	pthread_sigmask(SIG_BLOCK, NULL, &before);
	thread_join(thread_new(run_mask, &shared));
	pthread_sigmask(SIG_BLOCK, NULL, &after);
	for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
		assert_int_equal(sigismember(&shared.mask, signals[i]), 1);
		assert_int_equal(sigismember(&before, signals[i]),
				 sigismember(&after, signals[i]));
		assert_int_equal(sigismember(&after, signals[i]), 0);
	}
}

static void nothing_to_free(void **state)
{
	(void)state;
	lock_free(NULL);
	thread_join(NULL);
}

int test_thread(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(locks_exclude),
		cmocka_unit_test(wakes_reach_the_other),
		cmocka_unit_test(one_wake_reaches_all),
		cmocka_unit_test(waits_time_out),
		cmocka_unit_test(signals_stay_with_main),
		cmocka_unit_test(nothing_to_free),
	};

	return cmocka_run_group_tests_name("thread", tests, NULL, NULL);
}
