/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Budgets in virtual time: no window sees more calls than the limits say, whoever makes them, and
 * whatever clocks, restarts and throttles do meanwhile.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledgerdeck/core/cancel.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/thread.h"
#include "ledgerdeck/net/http.h"

#include "budget.h"
#include "tests.h"
#include "world.h"

#define SECOND 1000
#define MINUTE 60000

static const struct budget_limits usual = { .per_second = 8,
					    .per_minute = 400,
					    .batches_per_minute = 36 };

struct setup {
	struct world world;
	char folder[64], path[96];
};

static int set_up(void **state)
{
	struct setup *setup = memory_new(sizeof(*setup));

	world_init(&setup->world);
	snprintf(setup->folder, sizeof(setup->folder), "/tmp/test-net-XXXXXX");
	if (!mkdtemp(setup->folder))
		return 1;
	snprintf(setup->path, sizeof(setup->path), "%s/budget", setup->folder);
	*state = setup;
	return 0;
}

static int tear_down(void **state)
{
	struct setup *setup = *state;

	unlink(setup->path);
	rmdir(setup->folder);
	free(setup);
	return 0;
}

static struct budget *open_as(struct setup *setup, const char *path, const char *account,
			      const struct budget_limits *limits)
{
	struct budget *budget = NULL;
	struct error err = { 0 };

	if (!budget_open(path, account, limits, world_env(&setup->world), &budget, &err))
		fail_msg("%s", err.text);
	return budget;
}

static struct budget *open_usual(struct setup *setup)
{
	return open_as(setup, setup->path, "ldgr_1", &usual);
}

/* 0: a call was made, else how long to wait. */
static int64_t call(struct budget *budget, enum http_class class)
{
	int64_t wait_ms = -1;

	assert_true(budget_try(budget, class, NULL, &wait_ms));
	assert_true(wait_ms >= 0);
	if (wait_ms == 0)
		budget_leave(budget);
	return wait_ms;
}

/* Calls at once, until one has to wait. */
static int burst(struct budget *budget, enum http_class class)
{
	int count = 0;

	while (call(budget, class) == 0)
		count++;
	return count;
}

/* As many calls as possible within so long; their times. */
static int call_greedily(struct setup *setup, struct budget *budget, enum http_class class,
			 int64_t for_ms, int64_t *times, int room)
{
	int64_t start = setup->world.ticks_ms;
	int count = 0;

	while (setup->world.ticks_ms - start < for_ms && count < room) {
		int64_t wait_ms = call(budget, class);

		if (wait_ms == 0)
			times[count++] = setup->world.ticks_ms;
		world_pass(&setup->world, wait_ms);
	}
	return count;
}

/* The most calls in any window of that length. */
static int busiest(const int64_t *times, int count, int64_t window_ms)
{
	int most = 0, first = 0;

	for (int i = 0; i < count; i++) {
		while (times[i] - times[first] >= window_ms)
			first++;
		if (i - first + 1 > most)
			most = i - first + 1;
	}
	return most;
}

static void no_window_sees_too_many(void **state)
{
	static const struct budget_limits limits[] = {
		{ .per_second = 8, .per_minute = 400 },
		{ .per_second = 1 },
		{ .per_second = 3 },
		{ .per_second = 10 },
		{ .per_second = 100 },
		{ .per_minute = 1 },
		{ .per_minute = 7 },
		{ .per_minute = 500 },
		{ .per_second = 4, .per_minute = 3000 },
	};
	static int64_t times[40000];
	struct setup *setup = *state;

	for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
		struct budget *budget = open_as(setup, NULL, "ldgr_1", &limits[i]);
		int count = call_greedily(setup, budget, HTTP_READ, 5 * MINUTE, times,
					  ARRAY_LEN(times));
		int least = limits[i].per_minute ? 5 * limits[i].per_minute
						 : 300 * limits[i].per_second;

		if (limits[i].per_second && 300 * limits[i].per_second < least)
			least = 300 * limits[i].per_second;
		if (limits[i].per_second)
			assert_true(busiest(times, count, SECOND) <= limits[i].per_second);
		if (limits[i].per_minute)
			assert_true(busiest(times, count, MINUTE) <= limits[i].per_minute);
		/* And it is no slower than it needs to be. */
		if (count < least * 3 / 4)
			fail_msg("limits %zu: %d calls, expected about %d", i, count, least);
		budget_close(budget);
	}
}

static void without_limits_nobody_waits(void **state)
{
	struct setup *setup = *state;
	struct budget *budget = open_as(setup, NULL, "ldgr_1", &(struct budget_limits){ 0 });

	for (int i = 0; i < 1000; i++)
		assert_int_equal(call(budget, HTTP_BATCH), 0);
	budget_close(budget);
}

static void batches_have_their_own(void **state)
{
	static const struct budget_limits limits = { .per_second = 100, .batches_per_minute = 36 };
	static int64_t times[1000];
	struct setup *setup = *state;
	struct budget *budget = open_as(setup, NULL, "ldgr_1", &limits);
	int count = call_greedily(setup, budget, HTTP_BATCH, 5 * MINUTE, times, ARRAY_LEN(times));

	assert_true(busiest(times, count, MINUTE) <= 36);
	assert_true(count >= 5 * 30);
	while (call(budget, HTTP_BATCH) == 0)
		;
	assert_int_equal(call(budget, HTTP_READ), 0);
	budget_close(budget);
}

/* OAuth is not of the account's budget: neither its rate nor its pause. */
static void signing_in_goes_ahead(void **state)
{
	struct setup *setup = *state;
	struct budget *budget = open_as(setup, NULL, "ldgr_1", &usual);

	burst(budget, HTTP_READ);
	budget_throttled(budget, MINUTE);
	assert_true(call(budget, HTTP_READ) > 0);
	for (int i = 0; i < 100; i++)
		assert_int_equal(call(budget, HTTP_SIGN_IN), 0);
	budget_close(budget);
}

/* ---- restarts, clocks */

static void a_restart_does_not_burst(void **state)
{
	struct setup *setup = *state;
	struct budget *budget = open_usual(setup);

	assert_int_equal(burst(budget, HTTP_READ), 2);
	for (int i = 0; i < 20; i++) {
		budget_close(budget);
		budget = open_usual(setup);
		assert_true(call(budget, HTTP_READ) > 0);
	}
	world_pass(&setup->world, MINUTE);
	assert_int_equal(call(budget, HTTP_READ), 0);
	budget_close(budget);
}

static void accounts_do_not_share(void **state)
{
	struct setup *setup = *state;
	struct budget *one = open_usual(setup);
	struct budget *two = open_as(setup, setup->path, "ldgr_2", &usual);
	struct budget *same = open_usual(setup);

	burst(one, HTTP_READ);
	assert_true(call(same, HTTP_READ) > 0);
	assert_int_equal(call(two, HTTP_READ), 0);
	budget_throttled(one, MINUTE);
	assert_true(budget_paused_ms(same) > 0);
	assert_int_equal(budget_paused_ms(two), 0);
	budget_close(one);
	budget_close(two);
	budget_close(same);
}

/*
 * The machine starts anew: ticks begin from nothing. Nothing bursts, and no one waits for times
 * that the old ticks would have shown.
 */
static void reboots_are_lived_through(void **state)
{
	static const struct {
		int64_t ticks_ms, away_ms;
		int burst; /* that the time away has earned */
	} rows[] = {
		{ 100, 0, 0 },	       { 100, 500, 2 },	   { 4999000, 100, 0 }, { 6000000, 0, 0 },
		{ 6000000, 60000, 2 }, { 1, -3600000, 0 }, { 1, 86400000, 2 },
	};
	struct setup *setup = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct budget *budget = open_usual(setup);
		int64_t waited = 0;

		setup->world.ticks_ms = 5000000;
		burst(budget, HTTP_READ);
		budget_close(budget);
		setup->world.ticks_ms = rows[i].ticks_ms;
		setup->world.wall_ms += rows[i].away_ms;
		budget = open_usual(setup);
		assert_int_equal(burst(budget, HTTP_READ), rows[i].burst);
		for (int64_t wait_ms = 1; wait_ms > 0; waited += wait_ms) {
			wait_ms = call(budget, HTTP_READ);
			world_pass(&setup->world, wait_ms);
		}
		assert_true(waited <= 1000);
		budget_close(budget);
		world_pass(&setup->world, MINUTE);
		unlink(setup->path);
	}
}

/* Somebody sets the wall clock, while we live and while we don't. */
static void wall_clock_steps_change_nothing(void **state)
{
	static const int64_t steps_ms[] = { 3600000, 3600000, -86400000, -86400000,
					    6000,    6000,    -6000,	 86400000 };
	static int64_t times[4000];
	AUTO(str_clear) struct str log = STR_INIT(100000);
	struct setup *setup = *state;
	struct budget *budget = open_usual(setup);
	int count = 0;

	world_log(&log);
	for (size_t i = 0; i < ARRAY_LEN(steps_ms); i++) {
		count += call_greedily(setup, budget, HTTP_READ, 20 * SECOND, times + count,
				       (int)ARRAY_LEN(times) - count);
		setup->world.wall_ms += steps_ms[i];
		/* Half of them over a restart. */
		if (i % 2) {
			budget_close(budget);
			budget = open_usual(setup);
		}
	}
	world_log(NULL);
	assert_true(busiest(times, count, SECOND) <= usual.per_second);
	assert_true(busiest(times, count, MINUTE) <= usual.per_minute);
	assert_true(count > 900);
	assert_non_null(strstr(log.text, "wall clock moved by 3600 s"));
	budget_close(budget);
}

/* ---- throttles */

static void throttles_pause_everybody(void **state)
{
	struct setup *setup = *state;
	struct budget *budget = open_usual(setup);
	struct budget *other = open_usual(setup);

	assert_int_equal(budget_paused_ms(budget), 0);
	budget_throttled(budget, 30 * SECOND);
	assert_int_equal(budget_paused_ms(other), 30 * SECOND);
	assert_int_equal(call(other, HTTP_READ), 30 * SECOND);
	budget_throttled(other, 10 * SECOND); /* a shorter one takes nothing back */
	assert_int_equal(budget_paused_ms(budget), 30 * SECOND);
	budget_throttled(other, 40 * SECOND);
	world_pass(&setup->world, 15 * SECOND);
	budget_close(other);
	other = open_usual(setup);
	assert_int_equal(budget_paused_ms(other), 25 * SECOND);
	world_pass(&setup->world, 25 * SECOND);
	assert_int_equal(budget_paused_ms(other), 0);
	assert_int_equal(call(other, HTTP_READ), 0);
	/* Nobody is shut out for days. */
	budget_throttled(budget, INT64_MAX);
	assert_int_equal(budget_paused_ms(budget), 3600 * SECOND);
	budget_close(budget);
	budget_close(other);
}

/* Calls of the next half minute, at the rate there is. */
static int rate_now(struct setup *setup, struct budget *budget)
{
	static int64_t times[1000];

	return call_greedily(setup, budget, HTTP_READ, 30 * SECOND, times, ARRAY_LEN(times));
}

static void throttles_halve_the_rate_for_a_while(void **state)
{
	static const struct budget_limits limits = { .per_second = 10 };
	struct setup *setup = *state;
	struct budget *budget = open_as(setup, NULL, "ldgr_1", &limits);
	int full = rate_now(setup, budget), slow;

	/* Three calls that were on their way together: one event. */
	for (int i = 0; i < 3; i++)
		budget_throttled(budget, SECOND);
	world_pass(&setup->world, SECOND);
	slow = rate_now(setup, budget);
	assert_true(slow > full * 4 / 10 && slow < full * 6 / 10);
	/* Again and again: never below an eighth. */
	for (int i = 0; i < 20; i++) {
		budget_throttled(budget, SECOND);
		world_pass(&setup->world, SECOND);
	}
	slow = rate_now(setup, budget);
	assert_true(slow > full / 10 && slow < full / 5);
	/* It comes back by itself. */
	world_pass(&setup->world, 10 * MINUTE);
	assert_true(rate_now(setup, budget) >= full - 2);
	budget_close(budget);
}

/* ---- repeats */

static void repeats_are_a_tenth(void **state)
{
	struct setup *setup = *state;
	struct budget *budget = open_usual(setup);
	int few = 0, more = 0;

	while (budget_spend_retry(budget))
		few++;
	assert_int_equal(few, 8);
	for (int i = 0; i < 500; i++)
		budget_earn_retry(budget);
	while (budget_spend_retry(budget))
		more++;
	assert_int_equal(more, 50);
	/* What is earned has a limit. */
	for (int i = 0; i < 5000; i++)
		budget_earn_retry(budget);
	for (more = 0; budget_spend_retry(budget); more++)
		;
	assert_int_equal(more, 100);
	/* And the few come back with time. */
	world_pass(&setup->world, MINUTE);
	for (more = 0; budget_spend_retry(budget); more++)
		;
	assert_int_equal(more, 3);
	budget_close(budget);
}

/* ---- places in flight */

struct worker {
	struct budget *budget;
	struct cancel *cancel;
	atomic_int *inside, *most;
	int calls;
	bool refused;
};

static void work(void *ctx)
{
	struct worker *worker = ctx;

	for (int i = 0; i < worker->calls; i++) {
		int now, most;

		if (!budget_enter(worker->budget, HTTP_READ, worker->cancel)) {
			worker->refused = true;
			return;
		}
		now = atomic_fetch_add(worker->inside, 1) + 1;
		most = atomic_load(worker->most);
		while (now > most && !atomic_compare_exchange_weak(worker->most, &most, now))
			;
		assert_true(budget_in_flight(worker->budget) >= 1);
		atomic_fetch_sub(worker->inside, 1);
		budget_leave(worker->budget);
	}
}

static void places_are_limited(void **state)
{
	static const struct budget_limits limits = { .in_flight = 2 };
	struct setup *setup = *state;
	struct budget *budget = open_as(setup, NULL, "ldgr_1", &limits);
	struct worker workers[6];
	struct thread *threads[6];
	atomic_int inside = 0, most = 0;

	for (size_t i = 0; i < ARRAY_LEN(workers); i++) {
		workers[i] = (struct worker){
			.budget = budget, .inside = &inside, .most = &most, .calls = 500
		};
		threads[i] = thread_new(work, &workers[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(workers); i++) {
		thread_join(threads[i]);
		assert_false(workers[i].refused);
	}
	assert_true(atomic_load(&most) <= 2);
	assert_int_equal(budget_in_flight(budget), 0);
	budget_close(budget);
}

static void who_waits_holds_no_place(void **state)
{
	static const struct budget_limits limits = { .per_second = 1, .in_flight = 1 };
	struct setup *setup = *state;
	struct budget *budget = open_as(setup, NULL, "ldgr_1", &limits);

	assert_int_equal(call(budget, HTTP_READ), 0);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(call(budget, HTTP_READ), SECOND);
		assert_int_equal(budget_in_flight(budget), 0);
	}
	assert_int_equal(call(budget, HTTP_SIGN_IN), 0);
	budget_close(budget);
}

static void cancel_ends_the_wait(void **state)
{
	static const struct budget_limits limits = { .in_flight = 1 };
	struct setup *setup = *state;
	struct budget *budget = open_as(setup, NULL, "ldgr_1", &limits);
	struct cancel *cancel = cancel_new();
	struct worker worker = { .budget = budget, .cancel = cancel, .calls = 1 };
	struct thread *thread;

	assert_true(budget_enter(budget, HTTP_READ, NULL));
	thread = thread_new(work, &worker);
	cancel_ask(cancel);
	thread_join(thread);
	assert_true(worker.refused);
	assert_int_equal(budget_in_flight(budget), 1);
	budget_leave(budget);
	assert_false(budget_enter(budget, HTTP_READ, cancel));
	/* A pause would last for a minute. */
	budget_throttled(budget, MINUTE);
	assert_false(budget_enter(budget, HTTP_READ, cancel));
	assert_int_equal(budget_in_flight(budget), 0);
	cancel_free(cancel);
	budget_close(budget);
}

/* ---- processes */

#define PROCESSES 4
#define CALLS 3000

struct shared {
	struct world world;
	atomic_int calls, ready;
};

/* Time goes on for all when one of them waits, to where its wait ends. */
static void pass_to(struct world *world, int64_t until_ms)
{
	int64_t now_ms = atomic_load(&world->ticks_ms);

	/* Left alone by others, `now_ms` is what it was before. */
	while (now_ms < until_ms &&
	       !atomic_compare_exchange_weak(&world->ticks_ms, &now_ms, until_ms))
		;
	if (now_ms < until_ms)
		atomic_fetch_add(&world->wall_ms, until_ms - now_ms);
}

static _Noreturn void call_with_others(struct shared *shared, const char *path)
{
	struct budget *budget = NULL;

	bool opened = budget_open(path, "ldgr_1", &usual, world_env(&shared->world), &budget, NULL);

	/* Nobody shall wait for one that has failed. */
	atomic_fetch_add(&shared->ready, 1);
	if (!opened) {
		atomic_store(&shared->calls, CALLS);
		_exit(1);
	}
	while (atomic_load(&shared->ready) < PROCESSES + 1)
		;
	while (atomic_load(&shared->calls) < CALLS) {
		int64_t now_ms = atomic_load(&shared->world.ticks_ms), wait_ms;

		if (!budget_try(budget, HTTP_READ, NULL, &wait_ms))
			_exit(2);
		if (wait_ms > 0) {
			pass_to(&shared->world, now_ms + wait_ms);
			continue;
		}
		atomic_fetch_add(&shared->calls, 1);
		budget_leave(budget);
	}
	_exit(0);
}

/*
 * Four processes call as fast as they may, and a fifth is killed at it. All times lie between the
 * first and the last reading of the shared clock, so that counting is enough.
 */
static void processes_share_one_budget(void **state)
{
	struct setup *setup = *state;
	struct shared *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pids[PROCESSES + 1];
	int64_t took_ms, calls;
	int status;

	assert_true(shared != MAP_FAILED);
	world_init(&shared->world);
	took_ms = -shared->world.ticks_ms;
	for (int i = 0; i <= PROCESSES; i++) {
		pids[i] = fork();
		assert_true(pids[i] >= 0);
		if (pids[i] == 0)
			call_with_others(shared, setup->path);
	}
	while (atomic_load(&shared->calls) < CALLS / 4)
		;
	kill(pids[PROCESSES], SIGKILL);
	for (int i = 0; i <= PROCESSES; i++) {
		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_true(i == PROCESSES || (WIFEXITED(status) && WEXITSTATUS(status) == 0));
	}
	took_ms += shared->world.ticks_ms;
	calls = atomic_load(&shared->calls);
	assert_true(calls >= CALLS);
	/* In any time: its share of the minute's limit, and one burst. */
	if (calls > took_ms * usual.per_minute / MINUTE + usual.per_minute / 40)
		fail_msg("%lld calls in %lld ms", (long long)calls, (long long)took_ms);
	if (took_ms > calls * MINUTE / usual.per_minute * 12 / 10)
		fail_msg("only %lld calls in %lld ms", (long long)calls, (long long)took_ms);
	munmap(shared, sizeof(*shared));
}

#define STOPPED_LIMIT 20000000

static _Noreturn void take_all(struct shared *shared, const char *path)
{
	static const struct budget_limits limits = { .per_minute = STOPPED_LIMIT };
	struct budget *budget = NULL;
	bool opened =
		budget_open(path, "ldgr_1", &limits, world_env(&shared->world), &budget, NULL);
	int64_t wait_ms = 0;

	atomic_fetch_add(&shared->ready, 1);
	while (atomic_load(&shared->ready) < PROCESSES)
		;
	while (opened && wait_ms == 0 && budget_try(budget, HTTP_READ, NULL, &wait_ms)) {
		if (wait_ms == 0)
			atomic_fetch_add(&shared->calls, 1);
	}
	_exit(opened ? 0 : 1);
}

/* While time stands still there is one burst for all of them together, to the last call. */
static void processes_take_each_token_once(void **state)
{
	struct setup *setup = *state;
	struct shared *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pids[PROCESSES];
	int status;

	assert_true(shared != MAP_FAILED);
	world_init(&shared->world);
	for (int i = 0; i < PROCESSES; i++) {
		pids[i] = fork();
		assert_true(pids[i] >= 0);
		if (pids[i] == 0)
			take_all(shared, setup->path);
	}
	for (int i = 0; i < PROCESSES; i++) {
		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
	assert_int_equal(atomic_load(&shared->calls), STOPPED_LIMIT / 40);
	munmap(shared, sizeof(*shared));
}

#define WITH_FILE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int test_budget(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FILE(no_window_sees_too_many),
		WITH_FILE(without_limits_nobody_waits),
		WITH_FILE(batches_have_their_own),
		WITH_FILE(signing_in_goes_ahead),
		WITH_FILE(a_restart_does_not_burst),
		WITH_FILE(accounts_do_not_share),
		WITH_FILE(reboots_are_lived_through),
		WITH_FILE(wall_clock_steps_change_nothing),
		WITH_FILE(throttles_pause_everybody),
		WITH_FILE(throttles_halve_the_rate_for_a_while),
		WITH_FILE(repeats_are_a_tenth),
		WITH_FILE(places_are_limited),
		WITH_FILE(who_waits_holds_no_place),
		WITH_FILE(cancel_ends_the_wait),
		WITH_FILE(processes_share_one_budget),
		WITH_FILE(processes_take_each_token_once),
	};

	return cmocka_run_group_tests_name("budget", tests, NULL, NULL);
}
