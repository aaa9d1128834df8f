/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alarms: what waits rings when it is due, in that order, and all of it at the end. */
#include "alarms.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/random.h"
#include "ledgerdeck/core/thread.h"

#include "test_simulator.h"

#define ITEMS 500
#define ADDERS 4

static atomic_llong ticks;
static struct lock *seen;
static size_t rung_count; /* under `seen` */

/* Something that waits. */
struct item {
	int64_t due_ms;
	size_t place; /* 0: has not rung; else the how manyth */
	bool parked;
	bool wrong; /* it rang twice, or before it was parked */
};

static int64_t test_ticks(void *ctx)
{
	(void)ctx;
	return atomic_load(&ticks);
}

static void park(void *item)
{
	((struct item *)item)->parked = true;
}

static void ring(void *ctx)
{
	struct item *item = ctx;

	lock_enter(seen);
	item->wrong = item->wrong || !item->parked || item->place != 0;
	item->place = ++rung_count;
	lock_wake(seen);
	lock_leave(seen);
}

static void wait_for(size_t count)
{
	lock_enter(seen);
	while (rung_count < count)
		lock_wait(seen, -1);
	lock_leave(seen);
}

static int set_up(void **state)
{
	atomic_store(&ticks, 1000);
	rung_count = 0;
	seen = lock_new();
	*state = alarms_new((struct env){ .ticks_ms = test_ticks }, park, ring);
	return 0;
}

/* cmocka's own asserts are for the main thread. */
static void assert_rung(const struct item *item, size_t place)
{
	assert_false(item->wrong);
	assert_int_equal(item->place, place);
}

static int tear_down(void **state)
{
	alarms_free(*state);
	lock_free(seen);
	return 0;
}

static void rings_in_the_order_of_due_times(void **state)
{
	struct alarms *alarms = *state;
	struct item *items = memory_new(ITEMS * sizeof(*items));
	struct random random;

	random_seed(&random, 1);
	for (size_t i = 0; i < ITEMS; i++) {
		items[i].due_ms = 1001 + (int64_t)random_below(&random, 300);
		assert_true(alarms_add(alarms, items[i].due_ms, &items[i]));
		assert_true(items[i].parked);
	}
	atomic_store(&ticks, 1150);
	for (size_t due = 0; due == 0;) {
		for (size_t i = 0; i < ITEMS; i++)
			due += items[i].due_ms <= 1150;
		wait_for(due);
	}
	for (size_t i = 0; i < ITEMS; i++)
		assert_int_equal(items[i].place != 0, items[i].due_ms <= 1150);
	atomic_store(&ticks, 2000);
	wait_for(ITEMS);
	for (size_t i = 0; i < ITEMS; i++) {
		assert_false(items[i].wrong);
		for (size_t j = 0; j < ITEMS; j++)
			if (items[i].due_ms < items[j].due_ms)
				assert_true(items[i].place < items[j].place);
	}
	alarms_end(alarms);
	free(items);
}

static void an_earlier_one_does_not_wait_for_a_later_one(void **state)
{
	struct alarms *alarms = *state;
	struct item late = { .due_ms = INT64_C(1) << 60 }, soon = { .due_ms = 1001 };

	assert_true(alarms_add(alarms, late.due_ms, &late));
	assert_true(alarms_add(alarms, soon.due_ms, &soon));
	atomic_store(&ticks, 1001);
	wait_for(1);
	assert_rung(&soon, 1);
	alarms_end(alarms);
	assert_rung(&late, 2);
}

static void what_is_due_is_not_parked(void **state)
{
	struct item item = { .due_ms = 1000 };

	assert_false(alarms_add(*state, 1000, &item));
	assert_false(alarms_add(*state, 999, &item));
	assert_false(item.parked);
	alarms_end(*state);
	assert_rung(&item, 0);
}

static void the_end_rings_all_and_takes_no_more(void **state)
{
	struct item items[3] = { { .due_ms = 5000 }, { .due_ms = 4000 }, { .due_ms = 6000 } };
	struct item more = { .due_ms = 5000 };

	for (size_t i = 0; i < ARRAY_LEN(items); i++)
		assert_true(alarms_add(*state, items[i].due_ms, &items[i]));
	assert_false(alarms_is_ending(*state));
	alarms_end(*state);
	assert_true(alarms_is_ending(*state));
	assert_rung(&items[0], 2);
	assert_rung(&items[1], 1);
	assert_rung(&items[2], 3);
	assert_false(alarms_add(*state, more.due_ms, &more));
	assert_false(more.parked);
}

struct adder {
	struct alarms *alarms;
	struct item items[ITEMS];
	size_t added;
};

static void add_items(void *ctx)
{
	struct adder *adder = ctx;

	for (size_t i = 0; i < ITEMS; i++) {
		adder->items[i].due_ms = atomic_fetch_add(&ticks, 1) + (int64_t)(i % 7);
		adder->added += alarms_add(adder->alarms, adder->items[i].due_ms, &adder->items[i]);
	}
}

static void threads_may_add_at_once(void **state)
{
	struct adder *adders = memory_new(ADDERS * sizeof(*adders));
	struct thread *threads[ADDERS];
	size_t added = 0;

	for (size_t i = 0; i < ADDERS; i++) {
		adders[i].alarms = *state;
		threads[i] = thread_new(add_items, &adders[i]);
	}
	for (size_t i = 0; i < ADDERS; i++) {
		thread_join(threads[i]);
		added += adders[i].added;
	}
	alarms_end(*state);
	assert_int_equal(rung_count, added);
	for (size_t i = 0; i < ADDERS; i++)
		for (size_t j = 0; j < ITEMS; j++) {
			assert_false(adders[i].items[j].wrong);
			assert_int_equal(adders[i].items[j].parked, adders[i].items[j].place != 0);
		}
	free(adders);
}

int test_alarms(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(rings_in_the_order_of_due_times, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_earlier_one_does_not_wait_for_a_later_one, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_due_is_not_parked, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_end_rings_all_and_takes_no_more, set_up, tear_down),
		cmocka_unit_test_setup_teardown(threads_may_add_at_once, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("alarms", tests, NULL, NULL);
}
