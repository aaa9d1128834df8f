/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One engine and many threads: they ask, start and stop at any time; stopping does not wait for the network. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "ledgerdeck/core/memory.h"
#include "net.h"
#include "tests.h"

#define ASKERS 4
#define WISHES 5

static const struct simulator_company one[] = {
	{ .kind = "small", .realm = "1001", .name = "Nine Pins", .customers = -1, .invoices = -1 },
};

struct asker {
	struct sync *sync;
	bool failed;
};

static void ask_often(void *ctx)
{
	static const char *const types[] = { "Customer", "Item", NULL };
	struct asker *asker = ctx;
	struct sync_wish wish = { .types = types, .cause = "operator" };
	struct error err = { 0 };
	int64_t run, jobs;

	for (int i = 0; i < WISHES && !asker->failed; i++)
		asker->failed = !sync_start(asker->sync, 2, false, &err) || !sync_ask(asker->sync, &wish, &run, &jobs, &err) ||
				jobs != 2 || !sync_wait(asker->sync, run, -1, NULL);
	if (asker->failed)
		fprintf(stderr, "%s\n", err.text);
}

static void test_askers(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), NULL);
	struct sync_options options = world_options(world);
	struct queue *events = queue_new(3, free); /* soon full: nobody takes anything out */
	struct asker askers[ASKERS];
	struct thread *threads[ASKERS];
	struct account account;
	struct sync *sync = NULL;
	struct error err = { 0 };

	(void)state;
	world_connect(world, "1001", &account);
	world->shuffled = true;
	options.events = events;
	assert_true(sync_new(&options, &sync, &err));
	for (int i = 0; i < ASKERS; i++) {
		askers[i] = (struct asker){ .sync = sync };
		threads[i] = thread_new(ask_often, &askers[i]);
	}
	for (int i = 0; i < ASKERS; i++)
		thread_join(threads[i]);
	for (int i = 0; i < ASKERS; i++)
		assert_false(askers[i].failed);
	/* Two workers and the one that keeps the leases, however often it was started. */
	assert_int_equal(sync->thread_count, 3);
	assert_int_equal(sync->asked_count, 0);
	sync_free(sync);
	queue_free(events);
	assert_int_equal(world_object(world, &account, "Customer").status, OBJECT_OK);
}

/* ---- a network that never answers */

static _Atomic(int) waiting;

static bool never(void *ctx, const struct http_request *request, struct http_answer *answer, struct cancel *cancel,
		  struct error *err)
{
	(void)ctx;
	(void)request;
	(void)answer;
	atomic_fetch_add(&waiting, 1);
	while (cancel_sleep(cancel, 60000))
		;
	return error_set(err, ERROR_CANCELLED, "cancelled");
}

static struct transport never_new(void *ctx)
{
	return (struct transport){ .perform = never, .ctx = ctx };
}

static void await_waiting(struct world *world, int count)
{
	for (int i = 0; i < 2000 && atomic_load(&waiting) < count; i++)
		cancel_sleep(world->cancel, 5);
	assert_int_equal(atomic_load(&waiting), count);
}

static void test_stop(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), NULL);
	struct sync_options options = world_options(world);
	struct env real = env_real();
	struct sync_wish wish = { .cause = "operator" };
	struct sync *sync = NULL;
	struct account account;
	struct error err = { 0 };
	int64_t run, jobs, begun_ms;

	(void)state;
	world_connect(world, "1001", &account);
	options.transport_new = never_new;
	assert_true(sync_new(&options, &sync, &err));
	atomic_store(&waiting, 0);
	assert_true(sync_ask(sync, &wish, &run, &jobs, &err) && sync_start(sync, 4, true, &err));
	await_waiting(world, 4);
	begun_ms = real.ticks_ms(real.ctx);
	sync_stop(sync);
	assert_true(real.ticks_ms(real.ctx) - begun_ms < 500);
	sync_free(sync);
	assert_true(real.ticks_ms(real.ctx) - begun_ms < 1000);
	/* Nothing is lost: nobody holds a lease, and the types are as they were. */
	assert_int_equal(world_object(world, &account, "Customer").status, OBJECT_NEW);
}

/* ---- a network that never answers some */

static const char *unanswered; /* what stands in their addresses */

static bool some_never(void *ctx, const struct http_request *request, struct http_answer *answer, struct cancel *cancel,
		       struct error *err)
{
	return strstr(request->url, unanswered) ? never(ctx, request, answer, cancel, err) : net_perform(ctx, request, answer, cancel, err);
}

static struct transport some_never_new(void *ctx)
{
	return (struct transport){ .perform = some_never, .ctx = ctx };
}

/* A type that takes for ever has a thread of its own, and no more. */
static void test_slow_type(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), NULL);
	static const char *const slow[] = { "Invoice", NULL }, *const others[] = { "Customer", "Item", "Vendor", "Account", NULL };
	struct sync_options options = world_options(world);
	struct sync_wish wish = { .types = slow, .cause = "operator" };
	struct sync *sync = NULL;
	struct account account;
	struct error err = { 0 };
	int64_t run, jobs;

	(void)state;
	world_connect(world, "1001", &account);
	options.transport_new = some_never_new;
	unanswered = "Invoice";
	atomic_store(&waiting, 0);
	assert_true(sync_new(&options, &sync, &err) && sync_ask(sync, &wish, &run, &jobs, &err) && sync_start(sync, 2, false, &err));
	await_waiting(world, 1);
	wish.types = others;
	assert_true(sync_ask(sync, &wish, &run, &jobs, &err));
	assert_true(sync_wait(sync, run, 20000, NULL));
	for (size_t i = 0; others[i]; i++)
		assert_int_equal(world_object(world, &account, others[i]).status, OBJECT_OK);
	sync_free(sync);
}

/* Slices wait for their pages, all of them: that ends as quickly, and what was read before is kept. */
static void test_stop_slices(void **state)
{
	static const struct simulator_company large[] = {
		{ .kind = "small", .realm = "1001", .name = "Nine Pins", .customers = 20, .invoices = 240 },
	};
	static const char *const settings[] = { "sync.max_results=10", "sync.per_second=1000", "sync.per_minute=100000", NULL };
	AUTO(world_freep) struct world *world = world_new(large, ARRAY_LEN(large), settings);
	static const char *const types[] = { "Invoice", NULL };
	struct sync_options options = world_options(world);
	struct sync_wish wish = { .types = types, .cause = "operator" };
	struct env real = env_real();
	struct account account;
	struct object object;
	struct sync *sync = NULL;
	struct error err = { 0 };
	int64_t run, jobs, begun_ms;

	(void)state;
	world_connect(world, "1001", &account);
	options.transport_new = some_never_new;
	unanswered = "%3E%3D"; /* ">=": all but the first page */
	atomic_store(&waiting, 0);
	assert_true(sync_new(&options, &sync, &err) && sync_ask(sync, &wish, &run, &jobs, &err) && sync_start(sync, 2, false, &err));
	await_waiting(world, 8);
	begun_ms = real.ticks_ms(real.ctx);
	sync_free(sync);
	assert_true(real.ticks_ms(real.ctx) - begun_ms < 1000);
	object = world_object(world, &account, "Invoice");
	assert_int_equal(object.status, OBJECT_NEW);
	assert_true(*object.position && object.cursor_ms == INT64_MIN);
	assert_true(objects_count(world->store, &object, &err) && object.live + object.voided == 10);
}

/* All types of a company take for ever: another company has a thread all the same, although the first was first. */
static void test_slow_company(void **state)
{
	static const struct simulator_company two[] = {
		{ .kind = "small", .realm = "1001", .name = "Nine Pins", .customers = -1, .invoices = -1 },
		{ .kind = "small", .realm = "1002", .name = "Ten Pins", .customers = -1, .invoices = -1 },
	};
	AUTO(world_freep) struct world *world = world_new(two, ARRAY_LEN(two), NULL);
	static const char *const some[] = { "Customer", "Item", NULL };
	struct sync_options options = world_options(world);
	struct sync_wish wish = { .cause = "operator" };
	struct account first, second;
	struct sync *sync = NULL;
	struct error err = { 0 };
	int64_t run, jobs;

	(void)state;
	world_connect(world, "1001", &first);
	world_connect(world, "1002", &second);
	options.transport_new = some_never_new;
	unanswered = "/1001/";
	atomic_store(&waiting, 0);
	wish.account_id = first.id;
	assert_true(sync_new(&options, &sync, &err) && sync_ask(sync, &wish, &run, &jobs, &err) && sync_start(sync, 3, false, &err));
	await_waiting(world, 2);
	wish.account_id = second.id;
	wish.types = some;
	assert_true(sync_ask(sync, &wish, &run, &jobs, &err));
	assert_true(sync_wait(sync, run, 20000, NULL));
	assert_int_equal(world_object(world, &second, "Customer").status, OBJECT_OK);
	assert_int_equal(atomic_load(&waiting), 2);
	sync_free(sync);
}

/* What was taken back is not carried out, and the engine goes on for others. */
static void test_withdraw(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), NULL);
	static const char *const first[] = { "Customer", NULL }, *const second[] = { "Item", NULL };
	struct sync_wish wish = { .types = first, .cause = "operator" };
	struct sync *sync = world_engine(world);
	struct account account;
	struct error err = { 0 };
	int64_t run, other, jobs;

	(void)state;
	world_connect(world, "1001", &account);
	assert_true(sync_ask(sync, &wish, &run, &jobs, &err));
	wish.types = second;
	assert_true(sync_ask(sync, &wish, &other, &jobs, &err));
	sync_withdraw(sync, run);
	assert_true(sync_wait(sync, run, 0, NULL));
	world->shuffled = true;
	assert_true(sync_start(sync, 2, false, &err));
	assert_true(sync_wait(sync, other, -1, NULL));
	assert_int_equal(world_object(world, &account, "Customer").status, OBJECT_NEW);
	assert_int_equal(world_object(world, &account, "Item").status, OBJECT_OK);
	assert_int_equal(sync_paused_ms(sync, NULL), 0);
	sync_free(sync);
}

int test_threads(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_askers),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_slow_type),
		cmocka_unit_test(test_slow_company),
		cmocka_unit_test(test_stop_slices),
		cmocka_unit_test(test_withdraw),
	};

	return cmocka_run_group_tests_name("threads", tests, NULL, NULL);
}
