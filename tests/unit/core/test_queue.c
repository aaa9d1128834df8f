/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Queues: order, limits, the descriptor, the end, and many threads on both sides. */
#include <poll.h>
#include <stdlib.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/queue.h"
#include "ledgerdeck/core/random.h"
#include "ledgerdeck/core/thread.h"

#include "tests.h"

#define CROWD 3
#define EACH 2000

static bool is_readable(int fd)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };

	return poll(&wait, 1, 0) == 1;
}

static int *item_new(int value)
{
	int *item = memory_new(sizeof(*item));

	*item = value;
	return item;
}

static void put(struct queue *queue, int value)
{
	assert_true(queue_put(queue, item_new(value)));
}

static int take(struct queue *queue)
{
	int *item = queue_take(queue, 0, NULL);
	int value = item ? *item : -1;

	free(item);
	return value;
}

static void first_in_first_out(void **state)
{
	struct queue *queue = queue_new(1000, free);
	struct random random;
	int put_next = 0, take_next = 0;

	(void)state;
	random_seed(&random, 7);
	/* Back and forth, so that the ring goes round and grows with its start anywhere. */
	for (int round = 0; round < 300; round++) {
		for (uint64_t i = random_below(&random, 12); i > 0; i--)
			put(queue, put_next++);
		for (uint64_t i = random_below(&random, 9); i > 0 && take_next < put_next; i--)
			assert_int_equal(take(queue), take_next++);
		assert_int_equal(queue_count(queue), put_next - take_next);
		assert_int_equal(is_readable(queue_fd(queue)), put_next > take_next);
	}
	assert_true(put_next - take_next > 64);
	while (take_next < put_next)
		assert_int_equal(take(queue), take_next++);
	assert_int_equal(take(queue), -1);
	assert_false(is_readable(queue_fd(queue)));
	queue_free(queue);
}

static void full_ones_refuse(void **state)
{
	static const size_t limits[] = { 1, 2, 15, 16, 17, 100 };

	(void)state;
	for (size_t l = 0; l < ARRAY_LEN(limits); l++) {
		struct queue *queue = queue_new(limits[l], free);
		int extra = 0;

		for (int round = 0; round < 3; round++) {
			for (size_t i = 0; i < limits[l]; i++)
				put(queue, (int)i);
			assert_false(queue_put(queue, &extra));
			for (size_t i = 0; i < limits[l]; i++)
				assert_int_equal(take(queue), (int)i);
		}
		queue_free(queue);
	}
}

static int freed;

static void count_free(void *item)
{
	freed++;
	free(item);
}

static void what_is_left_is_freed(void **state)
{
	struct queue *queue = queue_new(10, count_free);
	struct queue *borrowed = queue_new(10, NULL);

	(void)state;
	freed = 0;
	for (int i = 0; i < 5; i++)
		put(queue, i);
	assert_int_equal(take(queue), 0);
	assert_int_equal(freed, 0);
	queue_free(queue);
	assert_int_equal(freed, 4);
	assert_true(queue_put(borrowed, &freed));
	queue_free(borrowed);
	queue_free(NULL);
}

static void closed_ones_run_dry(void **state)
{
	struct queue *queue = queue_new(10, free);
	int item = 0;

	(void)state;
	put(queue, 1);
	put(queue, 2);
	queue_close(queue);
	queue_close(queue);
	assert_false(queue_put(queue, &item));
	assert_false(queue_put_wait(queue, &item, NULL));
	assert_true(is_readable(queue_fd(queue)));
	assert_int_equal(take(queue), 1);
	assert_int_equal(take(queue), 2);
	assert_false(is_readable(queue_fd(queue)));
	assert_null(queue_take(queue, -1, NULL));
	queue_free(queue);
}

static void waits_end_in_time(void **state)
{
	static const int64_t timeouts_ms[] = { 0, 1, 20 };
	struct queue *queue = queue_new(1, free);
	struct cancel *cancel = cancel_new();
	struct env env = env_real();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(timeouts_ms); i++) {
		int64_t start = env.ticks_ms(env.ctx);

		assert_null(queue_take(queue, timeouts_ms[i], i % 2 ? cancel : NULL));
		assert_true(env.ticks_ms(env.ctx) - start >= timeouts_ms[i]);
	}
	cancel_free(cancel);
	queue_free(queue);
}

static void the_cancelled_get_nothing(void **state)
{
	struct queue *queue = queue_new(2, free);
	struct cancel *cancel = cancel_new();
	int item = 0;

	(void)state;
	put(queue, 1);
	cancel_ask(cancel);
	assert_null(queue_take(queue, -1, cancel));
	assert_false(queue_put_wait(queue, &item, cancel));
	assert_int_equal(queue_count(queue), 1);
	assert_int_equal(take(queue), 1);
	cancel_free(cancel);
	queue_free(queue);
}

struct side {
	struct queue *queue;
	struct cancel *cancel;
	int first;
	int64_t timeout_ms;
	int64_t sum;
	int count;
	bool refused;
};

static void run_take(void *ctx)
{
	struct side *side = ctx;
	int *item;

	while ((item = queue_take(side->queue, side->timeout_ms, side->cancel))) {
		side->sum += *item;
		side->count++;
		free(item);
	}
}

static void run_put(void *ctx)
{
	struct side *side = ctx;

	for (int i = 0; i < EACH; i++) {
		int *item = item_new(side->first + i);

		if (!queue_put_wait(side->queue, item, side->cancel)) {
			side->refused = true;
			free(item);
			return;
		}
	}
}

/* Nothing is lost and nothing comes twice, even where everybody waits for everybody. */
static void crowds_share(void **state)
{
	static const size_t limits[] = { 1, 3, 64 };

	(void)state;
	for (size_t l = 0; l < ARRAY_LEN(limits); l++) {
		struct queue *queue = queue_new(limits[l], free);
		struct cancel *cancel = cancel_new();
		struct side putters[CROWD] = { 0 }, takers[CROWD] = { 0 };
		struct thread *put_threads[CROWD], *take_threads[CROWD];
		int64_t sum = 0, expected = 0;
		int count = 0;

		for (int i = 0; i < CROWD; i++) {
			putters[i] = (struct side){ .queue = queue, .first = 1 + i * EACH };
			takers[i] = (struct side){ .queue = queue, .cancel = i ? cancel : NULL,
						   .timeout_ms = i == 2 ? INT64_MAX : -1 };
			take_threads[i] = thread_new(run_take, &takers[i]);
			put_threads[i] = thread_new(run_put, &putters[i]);
		}
		for (int i = 0; i < CROWD; i++)
			thread_join(put_threads[i]);
		queue_close(queue);
		for (int i = 0; i < CROWD; i++) {
			thread_join(take_threads[i]);
			sum += takers[i].sum;
			count += takers[i].count;
			assert_false(putters[i].refused);
		}
		for (int i = 1; i <= CROWD * EACH; i++)
			expected += i;
		assert_int_equal(count, CROWD * EACH);
		assert_int_equal(sum, expected);
		cancel_free(cancel);
		queue_free(queue);
	}
}

/* Both would wait for ever: one for an item, the other for room. */
static void cancel_and_close_wake(void **state)
{
	(void)state;
	for (int way = 0; way < 2; way++) {
		struct queue *empty = queue_new(1, free), *full = queue_new(1, free);
		struct cancel *cancel = cancel_new();
		struct side taker = { .queue = empty, .cancel = cancel, .timeout_ms = -1 };
		struct side putter = { .queue = full, .cancel = cancel };
		struct thread *threads[2];

		put(full, 1);
		threads[0] = thread_new(run_take, &taker);
		threads[1] = thread_new(run_put, &putter);
		if (way == 0) {
			cancel_ask(cancel);
		} else {
			queue_close(empty);
			queue_close(full);
		}
		thread_join(threads[0]);
		thread_join(threads[1]);
		assert_int_equal(taker.count, 0);
		assert_true(putter.refused);
		assert_int_equal(queue_count(full), 1);
		cancel_free(cancel);
		queue_free(empty);
		queue_free(full);
	}
}

int test_queue(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_in_first_out),
		cmocka_unit_test(full_ones_refuse),
		cmocka_unit_test(what_is_left_is_freed),
		cmocka_unit_test(closed_ones_run_dry),
		cmocka_unit_test(waits_end_in_time),
		cmocka_unit_test(the_cancelled_get_nothing),
		cmocka_unit_test(crowds_share),
		cmocka_unit_test(cancel_and_close_wake),
	};

	return cmocka_run_group_tests_name("queue", tests, NULL, NULL);
}
