/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A bounded ring of pointers under a lock. Everybody waits in poll(), since a wish to stop comes
 * by descriptor; the two event descriptors follow the ring's state and change only under the lock.
 */
#include "ledgerdeck/core/queue.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/thread.h"

#define ROOM_START 16

struct queue {
	struct lock *lock;
	struct cancel *closed; /* asked once nothing more comes */
	int items_fd;          /* readable while count > 0 */
	int room_fd;           /* readable while count < limit */
	void (*free_item)(void *item);
	size_t limit;
	/* under the lock */
	void **items;          /* a ring, owned; so are the items in it */
	size_t room;           /* size of the ring, at most the limit */
	size_t first, count;
};

static int event_new(bool set)
{
	int fd = eventfd(set, EFD_CLOEXEC | EFD_NONBLOCK);

	if (fd < 0)
		memory_fatal();
	return fd;
}

/* Make the descriptor readable, or not any more; it must be the other way now. */
static void event_turn(int fd, bool set)
{
	uint64_t value = 1;
	ssize_t done = set ? write(fd, &value, sizeof(value)) : read(fd, &value, sizeof(value));

	if (done != (ssize_t)sizeof(value))
		memory_fatal();
}

struct queue *queue_new(size_t limit, void (*free_item)(void *item))
{
	struct queue *queue = memory_new(sizeof(*queue));

	assert(limit > 0);
	queue->lock = lock_new();
	queue->closed = cancel_new();
	queue->items_fd = event_new(false);
	queue->room_fd = event_new(true);
	queue->free_item = free_item;
	queue->limit = limit;
	return queue;
}

void queue_free(struct queue *queue)
{
	if (!queue)
		return;
	for (size_t i = 0; i < queue->count && queue->free_item; i++)
		queue->free_item(queue->items[(queue->first + i) % queue->room]);
	free(queue->items);
	close(queue->room_fd);
	close(queue->items_fd);
	cancel_free(queue->closed);
	lock_free(queue->lock);
	free(queue);
}

/* A larger ring, which starts with the first item. */
static void queue_grow(struct queue *queue)
{
	size_t room = queue->room ? queue->room : ROOM_START / 2;
	void **items;

	room = room > queue->limit / 2 ? queue->limit : room * 2;
	if (room > SIZE_MAX / sizeof(*items))
		memory_fatal();
	items = memory_resize(NULL, room * sizeof(*items));
	for (size_t i = 0; i < queue->count; i++)
		items[i] = queue->items[(queue->first + i) % queue->room];
	free(queue->items);
	queue->items = items;
	queue->room = room;
	queue->first = 0;
}

bool queue_put(struct queue *queue, void *item)
{
	bool taken;

	assert(item);
	lock_enter(queue->lock);
	taken = queue->count < queue->limit && !cancel_asked(queue->closed);
	if (taken) {
		if (queue->count == queue->room)
			queue_grow(queue);
		queue->items[(queue->first + queue->count) % queue->room] = item;
		queue->count++;
		if (queue->count == 1)
			event_turn(queue->items_fd, true);
		if (queue->count == queue->limit)
			event_turn(queue->room_fd, false);
	}
	lock_leave(queue->lock);
	return taken;
}

/* The first item, NULL if there is none; never waits. */
static void *queue_pop(struct queue *queue)
{
	void *item = NULL;

	lock_enter(queue->lock);
	if (queue->count > 0) {
		item = queue->items[queue->first];
		queue->first = (queue->first + 1) % queue->room;
		if (queue->count == queue->limit)
			event_turn(queue->room_fd, true);
		queue->count--;
		if (queue->count == 0)
			event_turn(queue->items_fd, false);
	}
	lock_leave(queue->lock);
	return item;
}

/* Until the event, the end of the queue, the wish to stop or the instant; it may return early. */
static void queue_wait(struct queue *queue, int fd, struct cancel *cancel, int64_t timeout_ms)
{
	struct pollfd waits[] = {
		{ .fd = fd, .events = POLLIN },
		{ .fd = cancel_fd(queue->closed), .events = POLLIN },
		{ .fd = cancel ? cancel_fd(cancel) : -1, .events = POLLIN },
	};
	int ms = timeout_ms < 0 ? -1 : timeout_ms > INT_MAX ? INT_MAX : (int)timeout_ms;

	if (poll(waits, ARRAY_LEN(waits), ms) < 0 && errno != EINTR)
		memory_fatal();
}

bool queue_put_wait(struct queue *queue, void *item, struct cancel *cancel)
{
	while (!cancel_asked(cancel)) {
		if (queue_put(queue, item))
			return true;
		if (cancel_asked(queue->closed))
			return false;
		queue_wait(queue, queue->room_fd, cancel, -1);
	}
	return false;
}

void *queue_take(struct queue *queue, int64_t timeout_ms, struct cancel *cancel)
{
	struct env env = env_real();
	int64_t now = env.ticks_ms(env.ctx), until = INT64_MAX;

	if (timeout_ms >= 0 && timeout_ms < INT64_MAX - now)
		until = now + timeout_ms;
	while (!cancel_asked(cancel)) {
		/* Asked before looking: what was put before the end is still found. */
		bool closed = cancel_asked(queue->closed);
		void *item = queue_pop(queue);

		if (item || closed || now >= until)
			return item;
		queue_wait(queue, queue->items_fd, cancel, until == INT64_MAX ? -1 : until - now);
		now = env.ticks_ms(env.ctx);
	}
	return NULL;
}

void queue_close(struct queue *queue)
{
	/* Under the lock, so that no item is put after somebody has seen the end. */
	lock_enter(queue->lock);
	cancel_ask(queue->closed);
	lock_leave(queue->lock);
}

size_t queue_count(struct queue *queue)
{
	size_t count;

	lock_enter(queue->lock);
	count = queue->count;
	lock_leave(queue->lock);
	return count;
}

int queue_fd(struct queue *queue)
{
	return queue->items_fd;
}
