/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Items that move from thread to thread: putting one gives it away. */
#ifndef LEDGERDECK_CORE_QUEUE_H
#define LEDGERDECK_CORE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/cancel.h"

struct queue;

struct queue *queue_new(size_t limit, void (*free_item)(void *item));
void queue_free(struct queue *queue);                   /* frees what is left in it */
bool queue_put(struct queue *queue, void *item);        /* takes the item when true; false: full or closed; never waits */
bool queue_put_wait(struct queue *queue, void *item, struct cancel *cancel); /* waits for room; false: closed or cancelled, not taken */
/* The next item; NULL when cancelled, timed out (-1: no end) or closed and empty. */
void *queue_take(struct queue *queue, int64_t timeout_ms, struct cancel *cancel);
void queue_close(struct queue *queue);                  /* nothing more comes; what is in it can be taken */
size_t queue_count(struct queue *queue);
int queue_fd(struct queue *queue);                      /* readable while items wait; for poll() */

#endif
