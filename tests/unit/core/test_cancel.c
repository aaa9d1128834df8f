/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The wish to stop, as seen by those who work, sleep and poll; asked by threads and signals. */
#include <errno.h>
#include <poll.h>
#include <signal.h>

#include "ledgerdeck/core/cancel.h"
#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/thread.h"

#include "tests.h"

#define CROWD 4

static bool is_readable(int fd)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };

	return poll(&wait, 1, 0) == 1;
}

static void stays_asked(void **state)
{
	struct cancel *cancel = cancel_new();

	(void)state;
	assert_false(cancel_asked(cancel));
	assert_false(is_readable(cancel_fd(cancel)));
	assert_true(cancel_sleep(cancel, 0));
	for (int i = 0; i < 3; i++) {
		cancel_ask(cancel);
		assert_true(cancel_asked(cancel));
		assert_true(is_readable(cancel_fd(cancel)));
		assert_false(cancel_sleep(cancel, 0));
		assert_false(cancel_sleep(cancel, -1));
		assert_false(cancel_sleep(cancel, INT64_MAX));
	}
	cancel_free(cancel);
}

static void none_is_never_asked(void **state)
{
	(void)state;
	assert_false(cancel_asked(NULL));
	assert_true(cancel_sleep(NULL, INT64_MIN));
	cancel_free(NULL);
}

static void sleeps_last_as_long_as_asked(void **state)
{
	struct cancel *cancel = cancel_new();
	const struct cancel *both[] = { cancel, NULL };
	struct env env = env_real();

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		int64_t start = env.ticks_ms(env.ctx);

		assert_true(cancel_sleep(both[i], 20));
		assert_true(env.ticks_ms(env.ctx) - start >= 20);
	}
	cancel_free(cancel);
}

struct sleeper {
	struct cancel *cancel;
	int64_t ms;
	bool slept;
	bool asked_after;
};

static void run_sleep(void *ctx)
{
	struct sleeper *sleeper = ctx;

	sleeper->slept = cancel_sleep(sleeper->cancel, sleeper->ms);
	sleeper->asked_after = cancel_asked(sleeper->cancel);
}

/* Whoever is not woken sleeps for years. */
static void asking_wakes_all_sleepers(void **state)
{
	struct cancel *cancel = cancel_new();
	struct sleeper sleepers[CROWD];
	struct thread *threads[CROWD];

	(void)state;
	for (size_t i = 0; i < CROWD; i++) {
		sleepers[i] = (struct sleeper){ cancel, i % 2 ? INT64_MAX : INT64_C(1) << 40, true,
						false };
		threads[i] = thread_new(run_sleep, &sleepers[i]);
	}
	cancel_ask(cancel);
	for (size_t i = 0; i < CROWD; i++) {
		thread_join(threads[i]);
		assert_false(sleepers[i].slept);
		assert_true(sleepers[i].asked_after);
	}
	cancel_free(cancel);
}

/* The handler's only way to what it shall ask. */
static struct cancel *signalled;

static void on_signal(int number)
{
	(void)number;
	cancel_ask(signalled);
}

static void signals_may_ask(void **state)
{
	struct sigaction action = { .sa_handler = on_signal }, before;

	(void)state;
	signalled = cancel_new();
	assert_int_equal(sigaction(SIGUSR1, &action, &before), 0);
	errno = ENOTTY;
	raise(SIGUSR1);
	raise(SIGUSR1);
	assert_int_equal(errno, ENOTTY);
	assert_false(cancel_sleep(signalled, INT64_MAX));
	assert_int_equal(sigaction(SIGUSR1, &before, NULL), 0);
	cancel_free(signalled);
	signalled = NULL;
}

int test_cancel(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stays_asked),
		cmocka_unit_test(none_is_never_asked),
		cmocka_unit_test(sleeps_last_as_long_as_asked),
		cmocka_unit_test(asking_wakes_all_sleepers),
		cmocka_unit_test(signals_may_ask),
	};

	return cmocka_run_group_tests_name("cancel", tests, NULL, NULL);
}
