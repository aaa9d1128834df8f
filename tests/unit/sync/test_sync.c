/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole way: connect through the ledger's pages, mirror, compare byte for byte, change, and again. */
#include <stdlib.h>
#include <string.h>

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

static bool count_attempt(void *ctx, const struct attempt *attempt, const char *detail)
{
	(void)attempt;
	(void)detail;
	((struct outcome *)ctx)->attempts++;
	return true;
}

static void test_two_types(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), NULL);
	AUTO(sync_freep) struct sync *sync = NULL;
	const char *const types[] = { "Customer", "Invoice", NULL };
	struct sync_wish wish = { .types = types, .cause = "operator" };
	struct outcome outcome;
	struct account account;
	char difference[400];

	(void)state;
	world_connect(world, "1001", &account);
	assert_string_equal(account.name, "Nine Pins");
	sync = world_engine(world);
	world_sync(world, sync, &wish, &outcome);
	if (outcome.failed)
		fail_msg("%s", outcome.error.text);
	assert_int_equal(outcome.jobs, 2);
	assert_true(outcome.counts.added > 0);
	for (size_t i = 0; types[i]; i++)
		if (!world_same(world, &account, "1001", catalogue_find(world->catalogue, "quickbooks", types[i]), difference))
			fail_msg("%s", difference);
}

/* The month's calls are used up: nothing more is read, it says when it goes on, and then it does. */
static void test_month(void **state)
{
	static const char *const settings[] = { "sync.month_limit=5", NULL };
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), settings);
	AUTO(sync_freep) struct sync *sync = NULL;
	const char *const types[] = { "Customer", "Invoice", "Item", NULL };
	struct sync_wish wish = { .types = types, .cause = "operator" };
	struct sync_options options = world_options(world);
	struct queue *events = queue_new(1000, free);
	struct sync_event *event;
	struct outcome outcome;
	struct account account;
	struct error err = { 0 };
	int64_t calls, waits = 0;

	(void)state;
	world_connect(world, "1001", &account);
	options.events = events;
	assert_true(sync_new(&options, &sync, &err));
	world_sync(world, sync, &wish, &outcome);
	/* Who looks on learns how long it waits. */
	while ((event = queue_take(events, 0, NULL)) != NULL) {
		waits = event->kind == SYNC_WAITING ? event->wait_ms : waits;
		free(event);
	}
	assert_true(waits > 11 * INT64_C(3600000) && waits <= 12 * INT64_C(3600000));
	queue_free(events);
	sync->options.events = NULL;
	assert_true(outcome.failed > 0);
	if (outcome.error.code != ERROR_LIMIT)
		fail_msg("%s", outcome.error.text);
	assert_non_null(strstr(outcome.error.text, "of 5"));
	assert_int_equal(world_object(world, &account, "Invoice").status, OBJECT_WAITING);
	calls = world->shared->calls;
	world_sync(world, sync, &wish, &outcome);
	assert_int_equal(world->shared->calls, calls);
	/* It was the last day of January. */
	world_step(world, 12 * 3600 + 1);
	world_sync(world, sync, &wish, &outcome);
	assert_true(outcome.counts.added > 0);
}

/* What a scheduler does beside: a new account gets its objects, idle tokens are renewed, old rows become counts. */
static void test_house(void **state)
{
	static const char *const settings[] = { "log.keep=1d", NULL };
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), settings);
	AUTO(sync_freep) struct sync *sync = world_engine(world);
	AUTO(object_list_clear) struct object_list objects = { 0 };
	const char *const types[] = { "Customer", NULL };
	struct sync_wish wish = { .types = types, .cause = "operator" };
	struct attempt_query all = { 0 };
	struct account account, after;
	struct outcome outcome = { 0 };
	struct worker worker;
	struct error err = { 0 };
	size_t known = 0;
	bool found;

	(void)state;
	world_connect(world, "1001", &account);
	sync->schedule = true;
	assert_true(worker_open(sync, &worker, &err));
	house_keep(&worker);
	assert_true(objects_all(world->store, account.id, &objects, &err));
	for (size_t i = 0; i < catalogue_count(world->catalogue); i++)
		known += strcmp(catalogue_at(world->catalogue, i)->provider, account.provider) == 0;
	assert_true(known > 30 && known < catalogue_count(world->catalogue));
	assert_int_equal(objects.count, known);
	sync->schedule = false;
	world_sync(world, sync, &wish, &outcome);
	assert_int_equal(outcome.attempts, 1);
	sync->schedule = true;
	world_step(world, 31 * 86400);
	house_keep(&worker);
	assert_true(accounts_get(world->store, account.id, &after, &found, &err) && found);
	assert_int_equal(after.generation, account.generation + 1);
	outcome = (struct outcome){ 0 };
	assert_true(attempts_list(world->store, &all, count_attempt, &outcome, NULL, &err));
	assert_int_equal(outcome.attempts, 0);
	/* And not again at once. */
	world_step(world, 3600);
	house_keep(&worker);
	assert_true(accounts_get(world->store, account.id, &after, &found, &err) && found);
	assert_int_equal(after.generation, account.generation + 1);
	worker_close(&worker);
}

/* By itself: everything is read once, and again when its interval has passed; each type by its own. */
static void test_by_itself(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), NULL);
	AUTO(sync_freep) struct sync *sync = world_engine(world);
	struct object object;
	struct account account;
	struct error err = { 0 };
	int64_t next_ms, first_ms;
	bool worked = true;

	(void)state;
	world_connect(world, "1001", &account);
	assert_true(sync_start(sync, 0, true, &err));
	object = world_object(world, &account, "Vendor");
	object.interval_s = 86400;
	assert_true(store_begin(world->store, &err) && objects_set(world->store, &object, &err) &&
		    store_commit(world->store, &err));
	while (worked)
		assert_true(sync_step(sync, &worked, &next_ms, &err));
	assert_int_equal(world_object(world, &account, "Customer").status, OBJECT_OK);
	assert_true(next_ms > world->shared->now_ms);
	first_ms = world_object(world, &account, "Customer").attempt_ms;
	object = world_object(world, &account, "Vendor");
	world_step(world, 700);
	for (worked = true; worked;)
		assert_true(sync_step(sync, &worked, &next_ms, &err));
	assert_true(world_object(world, &account, "Customer").attempt_ms > first_ms);
	assert_int_equal(world_object(world, &account, "Vendor").attempt_ms, object.attempt_ms);
	world_check(world, &account, "1001");
}

/* The ledger counts more than it showed: nothing is taken for complete, a sweep looks. */
static void miscount(void *ctx, char *bytes, size_t len)
{
	char *at = memmem(bytes, len, "\"totalCount\":", 13);

	(void)ctx;
	if (at)
		at[13] = at[13] == '9' ? '8' : '9';
}

static void test_count(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), NULL);
	AUTO(sync_freep) struct sync *sync = NULL;
	const char *const types[] = { "Customer", NULL };
	struct sync_wish wish = { .types = types, .cause = "operator" };
	char difference[400];
	struct outcome outcome;
	struct account account;

	(void)state;
	world_connect(world, "1001", &account);
	sync = world_engine(world);
	world_sync(world, sync, &wish, &outcome);
	assert_int_equal(outcome.failed, 0);
	assert_false(world_object(world, &account, "Customer").sweep_due);
	world->spy = miscount;
	wish.mode = SYNC_FULL;
	world_sync(world, sync, &wish, &outcome);
	assert_int_equal(outcome.failed, 0);
	assert_true(world_object(world, &account, "Customer").sweep_due);
	world->spy = NULL;
	wish.mode = SYNC_CHANGES;
	world_step(world, 700);
	world_sync(world, sync, &wish, &outcome);
	assert_int_equal(outcome.failed, 0);
	assert_false(world_object(world, &account, "Customer").sweep_due);
	if (!world_same(world, &account, "1001", catalogue_find(world->catalogue, "quickbooks", "Customer"), difference))
		fail_msg("%s", difference);
}

static void last_year(void *ctx, char *bytes, size_t len)
{
	char *at = memmem(bytes, len, "\"time\":\"2026", 12);

	(void)ctx;
	if (at)
		at[11] = '5';
}

/* A clock that is far off is told by the list of changes as well, and goes on by itself when it is right. */
static void test_clock(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), NULL);
	AUTO(sync_freep) struct sync *sync = NULL;
	const char *const types[] = { "Customer", NULL };
	struct sync_wish wish = { .types = types, .cause = "operator" };
	struct outcome outcome;
	struct account account;

	(void)state;
	world_connect(world, "1001", &account);
	sync = world_engine(world);
	world_sync(world, sync, &wish, &outcome);
	world_step(world, 700);
	world->spy = last_year;
	world_sync(world, sync, &wish, &outcome);
	assert_int_equal(outcome.failed, 1);
	assert_non_null(strstr(outcome.error.text, "this machine's clock is"));
	assert_int_equal(world_object(world, &account, "Customer").status, OBJECT_FAILED);
	world->spy = NULL;
	world_sync(world, sync, &wish, &outcome);
	assert_int_equal(outcome.failed, 0);
}

int test_sync(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_types),
		cmocka_unit_test(test_month),
		cmocka_unit_test(test_count),
		cmocka_unit_test(test_clock),
		cmocka_unit_test(test_house),
		cmocka_unit_test(test_by_itself),
	};

	return cmocka_run_group_tests_name("sync", tests, NULL, NULL);
}
