/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes next after an attempt, well or not: waits, the breaker, a store that can't be written. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "engine.h"
#include "ledgerdeck/core/memory.h"
#include "tests.h"

static const struct simulator_company one[] = {
	{ .kind = "small", .realm = "1001", .name = "Nine Pins", .customers = -1, .invoices = -1 },
};

static void sync_freep(struct sync **sync)
{
	sync_free(*sync);
}

static void ask(struct sync *sync, const char *const *types)
{
	struct sync_wish wish = { .types = types, .cause = "operator" };
	struct error err = { 0 };
	int64_t run, jobs;

	assert_true(sync_ask(sync, &wish, &run, &jobs, &err));
}

static bool step(struct sync *sync, int64_t *ret_next_ms)
{
	struct error err = { 0 };
	bool worked = false;

	if (!sync_step(sync, &worked, ret_next_ms, &err))
		fail_msg("%s", err.text);
	return worked;
}

static struct breaker breaker_now(struct world *world, const struct account *account)
{
	struct breaker breaker;
	struct error err = { 0 };

	assert_true(breaker_get(world->store, account->id, &breaker, &err));
	return breaker;
}

/* One failed call about all types is one failure; ten calls open the breaker for a minute, and one probe goes first. */
static void test_breaker(void **state)
{
	static const char *const settings[] = { "sync.tries=1", "sync.retry_delay=1s", NULL };
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), settings);
	AUTO(sync_freep) struct sync *sync = world_engine(world);
	struct sync_wish all = { .cause = "operator" };
	struct outcome outcome;
	struct account account;
	struct breaker breaker;
	int64_t next_ms, calls;

	(void)state;
	world_connect(world, "1001", &account);
	world_sync(world, sync, &all, &outcome);
	world_control(world, "POST", "troubles", "{\"kind\":\"status\",\"status\":503,\"times\":1000}");
	world_step(world, 700);
	sync->schedule = true;
	/* The first look asks for the changes of all types at once. */
	calls = world->shared->calls;
	assert_true(step(sync, &next_ms));
	assert_true(world->shared->calls - calls <= 2);
	breaker = breaker_now(world, &account);
	assert_int_equal(breaker.failures, 1);
	assert_int_equal(breaker.openings, 0);
	for (int i = 0; i < 100 && breaker.openings == 0; i++) {
		if (!step(sync, &next_ms))
			world_step(world, 60);
		breaker = breaker_now(world, &account);
	}
	assert_int_equal(breaker.openings, 1);
	assert_true(breaker.open_until_ms - world->shared->now_ms <= 60000);
	/* Open: nothing is called. Then one call, and it opens for longer. */
	calls = world->shared->calls;
	assert_false(step(sync, &next_ms));
	assert_int_equal(world->shared->calls, calls);
	world_step(world, 61);
	assert_true(step(sync, &next_ms));
	breaker = breaker_now(world, &account);
	assert_int_equal(breaker.openings, 2);
	assert_true(breaker.open_until_ms - world->shared->now_ms > 200000);
	/* The ledger is well again: the probe closes it. */
	world_control(world, "DELETE", "troubles", NULL);
	world_step(world, 301);
	assert_true(step(sync, &next_ms));
	assert_int_equal(breaker_now(world, &account).openings, 0);
}

/* While it stands half open a second thread of ours waits for the first one's word. */
static void test_probe(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), NULL);
	AUTO(sync_freep) struct sync *sync = world_engine(world);
	const char *const types[] = { "Customer", "Invoice", NULL };
	struct breaker half_open = { .openings = 1 };
	struct account account;
	struct error err = { 0 };
	int64_t next_ms;

	(void)state;
	world_connect(world, "1001", &account);
	ask(sync, types);
	assert_true(store_begin(world->store, &err) && breaker_set(world->store, account.id, &half_open, &err) &&
		    store_commit(world->store, &err));
	assert_true(step(sync, &next_ms)); /* makes the account known; its end closes the breaker */
	assert_true(store_begin(world->store, &err) && breaker_set(world->store, account.id, &half_open, &err) &&
		    store_commit(world->store, &err));
	sync->accounts[0]->busy = 1;
	assert_false(step(sync, &next_ms));
	sync->accounts[0]->busy = 0;
	assert_true(step(sync, &next_ms));
	assert_int_equal(breaker_now(world, &account).openings, 0);
}

/* Nothing can be written, as on a full disk: no call is made for nothing, nothing spins, and it goes on by itself. */
static void test_full_disk(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), NULL);
	AUTO(sync_freep) struct sync *sync = world_engine(world);
	const char *const types[] = { "Customer", "Invoice", "Item", NULL };
	struct rlimit before, none;
	struct account account;
	int64_t next_ms, calls;

	(void)state;
	world_connect(world, "1001", &account);
	ask(sync, types);
	/* The lease is kept for what is left. */
	assert_true(step(sync, &next_ms));
	calls = world->shared->calls;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	assert_true(step(sync, &next_ms));
	assert_false(step(sync, &next_ms));
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(world->shared->calls, calls);
	assert_true(next_ms > world->shared->now_ms);
	/* Nobody waits for what could not even be begun: it is told in the log. Asked for again, it is done. */
	world_step(world, 16);
	ask(sync, types);
	while (step(sync, &next_ms))
		;
	assert_int_equal(world_object(world, &account, "Item").status, OBJECT_OK);
	assert_int_equal(world_object(world, &account, "Invoice").status, OBJECT_OK);
}

/* The app's keys are missing: no type is given up for that, and all goes on when they are there. */
static void test_app_missing(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), NULL);
	AUTO(sync_freep) struct sync *sync = world_engine(world);
	AUTO(secret_freep) struct secret *secret = secret_copy("simulator-secret", strlen("simulator-secret"));
	const char *const types[] = { "Customer", NULL };
	struct sync_wish wish = { .types = types, .cause = "operator" };
	struct outcome outcome;
	struct account account;
	struct error err = { 0 };

	(void)state;
	world_connect(world, "1001", &account);
	world_step(world, 3601);
	assert_true(store_begin(world->store, &err) && sealed_drop(world->store, "", &err) && store_commit(world->store, &err));
	world_sync(world, sync, &wish, &outcome);
	assert_int_equal(outcome.failed, 1);
	assert_non_null(strstr(outcome.error.text, "--client-id"));
	assert_int_equal(world_object(world, &account, "Customer").status, OBJECT_FAILED);
	if (!connect_app_set(&world->connect, "quickbooks", ENVIRONMENT_LOCAL, "simulator-client", secret, &err))
		fail_msg("%s", err.text);
	world_sync(world, sync, &wish, &outcome);
	assert_int_equal(outcome.failed, 0);
}

/* A disk that is nearly full: reading stops, tokens are renewed. */
static void test_reserve(void **state)
{
	static const char *const settings[] = { "store.reserve=1048576G", NULL };
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), settings);
	AUTO(sync_freep) struct sync *sync = world_engine(world);
	const char *const types[] = { "Customer", NULL };
	struct sync_wish wish = { .types = types, .cause = "operator" };
	struct outcome outcome;
	struct account account, after;
	struct error err = { 0 };
	int64_t calls;

	(void)state;
	world_connect(world, "1001", &account);
	calls = world->shared->calls;
	world_sync(world, sync, &wish, &outcome);
	assert_int_equal(outcome.failed, 1);
	assert_int_equal(outcome.error.code, ERROR_STORE);
	assert_non_null(strstr(outcome.error.text, "make room"));
	assert_int_equal(world->shared->calls, calls);
	assert_int_equal(world_object(world, &account, "Customer").status, OBJECT_FAILED);
	assert_true(connect_refresh(&world->connect, account.id, true, &after, &err));
	assert_int_equal(after.generation, account.generation + 1);
}

/* Stopping leaves a type as it was: one that had failed has failed still, and says why. */
static void test_cancelled(void **state)
{
	static const char *const settings[] = { "sync.tries=1", NULL };
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), settings);
	AUTO(sync_freep) struct sync *sync = world_engine(world);
	const char *const types[] = { "Customer", NULL };
	struct sync_wish wish = { .types = types, .cause = "operator" };
	struct work work = { 0 };
	struct worker worker = { .sync = sync, .store = world->store };
	struct outcome outcome;
	struct account account;
	struct error stopped = { .code = ERROR_CANCELLED };

	(void)state;
	world_connect(world, "1001", &account);
	world_control(world, "POST", "troubles", "{\"kind\":\"status\",\"status\":503,\"times\":1}");
	world_sync(world, sync, &wish, &outcome);
	assert_int_equal(outcome.failed, 1);
	work.worker = &worker;
	work.object = world_object(world, &account, "Customer");
	work.object.status = OBJECT_RUNNING;
	schedule_failure(&work, &stopped);
	assert_int_equal(work.object.status, OBJECT_FAILED);
	assert_int_not_equal(work.object.last_error.code, ERROR_NONE);
	assert_int_equal(work.object.failures, 1);
}

/* A guard that waits stops only the sweep; with no interval nothing is read until somebody asks. */
static void test_guard_waits(void **state)
{
	static const char *const settings[] = { "sync.interval=0", NULL };
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), settings);
	AUTO(sync_freep) struct sync *sync = world_engine(world);
	struct worker worker = { .sync = sync, .store = world->store };
	struct work work = { .worker = &worker };
	struct error guarded = { .code = ERROR_CONFLICT }, network = { .code = ERROR_NETWORK };

	(void)state;
	snprintf(work.object.guard, sizeof(work.object.guard), "a sweep found much gone");
	schedule_failure(&work, &guarded);
	assert_int_equal(work.object.status, OBJECT_WAITING);
	assert_true(work.object.next_ms == INT64_MAX);
	schedule_failure(&work, &network);
	assert_int_equal(work.object.status, OBJECT_FAILED);
	assert_int_equal(work.object.failures, 1);
	assert_true(work.object.next_ms > world->shared->now_ms);
}

/* A month's wait is not drawn out by days. */
static void test_long_wait(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), NULL);
	AUTO(sync_freep) struct sync *sync = world_engine(world);
	struct worker worker = { .sync = sync, .store = world->store };
	struct work work = { .worker = &worker };
	struct error limit = { .code = ERROR_LIMIT, .retry_after_s = 20 * 86400 };

	(void)state;
	schedule_failure(&work, &limit);
	assert_true(work.object.next_ms - world->shared->now_ms >= INT64_C(20) * 86400000);
	assert_true(work.object.next_ms - world->shared->now_ms <= INT64_C(20) * 86400000 + 300000);
}

int test_schedule(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_breaker),
		cmocka_unit_test(test_probe),
		cmocka_unit_test(test_full_disk),
		cmocka_unit_test(test_reserve),
		cmocka_unit_test(test_app_missing),
		cmocka_unit_test(test_cancelled),
		cmocka_unit_test(test_guard_waits),
		cmocka_unit_test(test_long_wait),
	};

	return cmocka_run_group_tests_name("schedule", tests, NULL, NULL);
}
