/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engine with the other ledger: a month of calls and bytes. */
#include <stdio.h>
#include <string.h>

#include "engine.h"
#include "ledgerdeck/core/memory.h"
#include "tests.h"

#define ENTITY "4711"
#define MEGABYTE INT64_C(1000000)

static const struct simulator_company entity[] = {
	{ .kind = "xledger", .realm = ENTITY, .name = "Fjord AS", .customers = 30, .invoices = 40 },
};

static void sync_freep(struct sync **sync)
{
	sync_free(*sync);
}

static struct meter used(struct world *world, const struct account *account, const char *month)
{
	struct meter meter;
	struct error err = { 0 };

	if (!meter_get(world->store, account->id, month, &meter, &err))
		fail_msg("%s", err.text);
	return meter;
}

static void use(struct world *world, const struct account *account, const char *month, struct meter meter)
{
	AUTO(store_end) struct store *transaction = world->store;
	struct error err = { 0 };

	if (!store_begin(transaction, &err) || !meter_add(transaction, account->id, month, &meter, &err) || !store_commit(transaction, &err))
		fail_msg("%s", err.text);
}

/*
 * What is charged for by the megabyte is not read beyond what the subscription has: within a read, too, which goes on
 * where it was once the next month has begun. The clock stands at noon of January 31st.
 */
static void a_month_of_bytes(void **state)
{
	static const char *const settings[] = { "xledger.month_megabytes=1", "sync.max_results=10", NULL };
	AUTO(world_freep) struct world *world = world_new(entity, ARRAY_LEN(entity), settings);
	AUTO(sync_freep) struct sync *sync = world_engine(world);
	const char *const types[] = { "customers", NULL };
	struct sync_wish wish = { .types = types, .cause = "operator" };
	struct account account;
	struct outcome outcome;
	struct object object;
	int64_t calls;

	(void)state;
	world_connect_token(world, "xledger", ENTITY, &account);
	use(world, &account, "2026-01", (struct meter){ .received_bytes = MEGABYTE - 1 });
	world_sync(world, sync, &wish, &outcome);
	assert_int_equal(outcome.error.code, ERROR_LIMIT);
	assert_non_null(strstr(outcome.error.text, "the month's megabytes down are used up: 1 of 1, at this pace 2 by its end; reading goes on in 1 day"));
	assert_int_equal(outcome.counts.added, 10); /* the page that was paid for is kept */
	assert_true(used(world, &account, "2026-01").received_bytes > MEGABYTE + 100);
	assert_in_range(used(world, &account, "2026-01").sent_bytes, 100, MEGABYTE / 10);
	object = world_object(world, &account, "customers");
	assert_int_equal(object.status, OBJECT_WAITING);
	assert_true(*object.position);
	assert_true(month_is_used_up(sync->own, account.id));
	calls = world->shared->calls;
	world_sync(world, sync, &wish, &outcome);
	assert_int_equal(world->shared->calls, calls);
	world_step(world, 12 * 3600 + 1);
	assert_false(month_is_used_up(sync->own, account.id));
	world_sync(world, sync, &wish, &outcome);
	assert_int_equal(outcome.failed, 0);
	assert_int_equal(outcome.counts.added, world_object(world, &account, "customers").live - 10);
	assert_true(used(world, &account, "2026-02").received_bytes > 1000);
	/* Up is a way of its own, and what can wait is put off when nine tenths are used. */
	use(world, &account, "2026-02", (struct meter){ .sent_bytes = MEGABYTE - used(world, &account, "2026-02").sent_bytes - 1 });
	assert_false(month_is_scarce(sync->own, account.id));
	use(world, &account, "2026-02", (struct meter){ .sent_bytes = 1 });
	assert_true(month_is_scarce(sync->own, account.id));
	world_sync(world, sync, &wish, &outcome);
	assert_non_null(strstr(outcome.error.text, "megabytes up"));
}

/* Writes are of a month that counts all; of one that counts reads they are not, whatever they weigh. */
static void what_a_month_counts(void **state)
{
	const struct http_meter spent = { .calls = { 1, 20, 300, 4000, 50000 }, .sent_bytes = 7, .received_bytes = 8 };
	struct meter all = month_spent(provider_find("xledger"), &spent), reads = month_spent(provider_find("quickbooks"), &spent);

	(void)state;
	assert_int_equal(all.calls, 4321);
	assert_int_equal(reads.calls, 21);
	assert_true(all.sent_bytes == 7 && all.received_bytes == 8 && reads.sent_bytes == 7 && reads.received_bytes == 8);
}

#define DAY_MS INT64_C(86400000)

/* A day as the scheduler has it, from each time that something is due to the next. */
static void run_a_day(struct world *world, struct sync *sync)
{
	int64_t end_ms = world->shared->now_ms + DAY_MS, next_ms = 0;
	struct error err = { 0 };
	bool worked;

	while (world->shared->now_ms < end_ms) {
		if (!sync_step(sync, &worked, &next_ms, &err))
			fail_msg("%s", err.text);
		if (!worked)
			world_step(world, ((next_ms < end_ms ? next_ms : end_ms) - world->shared->now_ms) / 1000 + 1);
	}
}

/*
 * Eight types that don't change cost one call a round, for they are due together: at Xledger's own interval that leaves 40 of 100
 * calls of a month for what changes, and at the interval of others a month would not last.
 */
static void a_quiet_day(void **state)
{
	static const char *const at_others[] = { "xledger.interval=5m", NULL };
	const struct {
		const char *const *settings;
		int64_t rounds;
	} rows[] = { { NULL, 96 }, { at_others, 288 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		AUTO(world_freep) struct world *world = world_new(entity, ARRAY_LEN(entity), rows[i].settings);
		AUTO(sync_freep) struct sync *sync = world_engine(world);
		struct sync_wish wish = { .cause = "operator" };
		struct account account;
		struct outcome outcome;
		struct sync_month month;
		struct error err = { 0 };
		int64_t calls;

		world_connect_token(world, "xledger", ENTITY, &account);
		world_sync(world, sync, &wish, &outcome);
		assert_int_equal(outcome.failed, 0);
		assert_true(sync_start(sync, 0, true, &err));
		world_step(world, DAY_MS / 1000 / 2);
		run_a_day(world, sync);
		calls = world->shared->calls;
		run_a_day(world, sync);
		assert_in_range(world->shared->calls - calls, rows[i].rounds - 1, rows[i].rounds + 1);
		assert_true(sync_month(world->store, world->settings, "xledger", ENVIRONMENT_LOCAL, world->shared->now_ms, &month, &err));
		assert_int_equal(quota_is_short(&month.quotas[QUOTA_CALLS]), i > 0);
		assert_false(quota_is_short(&month.quotas[QUOTA_RECEIVED]));
	}
}

int test_xledger(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_month_of_bytes),
		cmocka_unit_test(what_a_month_counts),
		cmocka_unit_test(a_quiet_day),
	};

	return cmocka_run_group_tests_name("xledger", tests, NULL, NULL);
}
