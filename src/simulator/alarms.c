/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The heap of due times behind delayed and slow answers. What is woken is not known here. */
#include "alarms.h"

#include <stddef.h>
#include <stdlib.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/thread.h"

struct alarm {
	int64_t due_ms;
	void *item; /* borrowed: whoever added it */
};

struct alarms {
	struct env env;
	void (*park)(void *item);
	void (*ring)(void *item);
	struct lock *lock;     /* owned; guards all below */
	struct thread *thread; /* owned; NULL once ended */
	struct alarm *heap;    /* owned; the earliest comes first */
	size_t count, room;
	bool ending;
};

static void heap_swap(struct alarm *a, struct alarm *b)
{
	struct alarm kept = *a;

	*a = *b;
	*b = kept;
}

static void heap_rise(struct alarm *heap, size_t at)
{
	while (at > 0 && heap[at].due_ms < heap[(at - 1) / 2].due_ms) {
		heap_swap(&heap[at], &heap[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
}

static void heap_sink(struct alarm *heap, size_t count)
{
	size_t at = 0, child;

	while ((child = 2 * at + 1) < count) {
		if (child + 1 < count && heap[child + 1].due_ms < heap[child].due_ms)
			child++;
		if (heap[at].due_ms <= heap[child].due_ms)
			return;
		heap_swap(&heap[at], &heap[child]);
		at = child;
	}
}

/* Take the earliest out and ring it. */
static void alarms_ring_first(struct alarms *alarms)
{
	void *item = alarms->heap[0].item;

	alarms->heap[0] = alarms->heap[--alarms->count];
	heap_sink(alarms->heap, alarms->count);
	alarms->ring(item);
}

static void alarms_watch(void *ctx)
{
	struct alarms *alarms = ctx;

	lock_enter(alarms->lock);
	while (!alarms->ending) {
		int64_t wait_ms = -1;

		if (alarms->count > 0)
			wait_ms = alarms->heap[0].due_ms - alarms->env.ticks_ms(alarms->env.ctx);
		if (alarms->count > 0 && wait_ms <= 0)
			alarms_ring_first(alarms);
		else
			lock_wait(alarms->lock, wait_ms);
	}
	while (alarms->count > 0)
		alarms_ring_first(alarms);
	lock_leave(alarms->lock);
}

struct alarms *alarms_new(struct env env, void (*park)(void *item), void (*ring)(void *item))
{
	struct alarms *alarms = memory_new(sizeof(*alarms));

	alarms->env = env;
	alarms->park = park;
	alarms->ring = ring;
	alarms->lock = lock_new();
	alarms->thread = thread_new(alarms_watch, alarms);
	return alarms;
}

void alarms_free(struct alarms *alarms)
{
	if (!alarms)
		return;
	lock_free(alarms->lock);
	free(alarms->heap);
	free(alarms);
}

bool alarms_add(struct alarms *alarms, int64_t due_ms, void *item)
{
	bool added = false;

	lock_enter(alarms->lock);
	if (!alarms->ending && due_ms > alarms->env.ticks_ms(alarms->env.ctx)) {
		alarms->park(item);
		memory_grow(&alarms->heap, &alarms->room, alarms->count + 1, sizeof(*alarms->heap));
		alarms->heap[alarms->count] = (struct alarm){ due_ms, item };
		heap_rise(alarms->heap, alarms->count++);
		if (alarms->heap[0].item == item)
			lock_wake(alarms->lock);
		added = true;
	}
	lock_leave(alarms->lock);
	return added;
}

void alarms_end(struct alarms *alarms)
{
	lock_enter(alarms->lock);
	alarms->ending = true;
	lock_wake(alarms->lock);
	lock_leave(alarms->lock);
	thread_join(alarms->thread);
	alarms->thread = NULL;
}

bool alarms_is_ending(struct alarms *alarms)
{
	bool ending;

	lock_enter(alarms->lock);
	ending = alarms->ending;
	lock_leave(alarms->lock);
	return ending;
}
