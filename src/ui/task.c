/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A thread per task: there are few, and most of them wait. */
#include "task.h"

#include <stdlib.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/thread.h"

#define POSTS_MAX 65536

struct envelope { /* what travels: a post, or NULL when the task's work is over */
	struct task *task;
	void *post;
};

struct tasks {
	struct task **items;   /* owned */
	size_t count, room;
	struct queue *posts;   /* owned */
	int64_t next_no;
};

/* Posts left at the end; those that say that it is over have none. */
static void envelope_free(void *item)
{
	struct envelope *envelope = item;

	if (envelope->post)
		envelope->task->kind->post_free(envelope->post);
	free(envelope);
}

struct tasks *tasks_new(void)
{
	struct tasks *tasks = memory_new(sizeof(*tasks));

	tasks->posts = queue_new(POSTS_MAX, envelope_free);
	return tasks;
}

static void send_post(struct task *task, void *post)
{
	struct envelope *envelope = memory_new(sizeof(*envelope));

	*envelope = (struct envelope){ task, post };
	/* Only a queue that is closed takes no more: the deck is at its end. */
	if (!queue_put_wait(task->tasks->posts, envelope, NULL))
		envelope_free(envelope);
}

void task_post(struct task *task, void *post)
{
	send_post(task, post);
}

/* What only this thread had; vault and engine stay for the deck when they are new. */
static void close_own(struct task *task)
{
	struct app own = task->app;

	own.sync = NULL;
	own.vault = NULL;
	own.events = NULL;
	app_close(&own);
	task->app.store = NULL;
	task->app.transport = (struct transport){ 0 };
}

static void run(void *ctx)
{
	struct task *task = ctx;

	if (!task->kind->work(task, &task->app, &task->error) && task->error.code == ERROR_NONE)
		error_set(&task->error, ERROR_INTERNAL, "it ended without saying why");
	close_own(task);
	send_post(task, NULL);
}

void tasks_start(struct tasks *tasks, struct task *task, const struct app *app)
{
	task->tasks = tasks;
	task->no = ++tasks->next_no;
	task->cancel = cancel_new();
	task->begun_ms = app->env.wall_ms(app->env.ctx);
	task->app = *app;
	task->app.store = NULL;
	task->app.store_writes = false;
	task->app.transport = (struct transport){ 0 };
	task->app.holder[0] = '\0';
	task->app.cancel = task->cancel;
	task->app.events = NULL; /* those are the deck's */
	task->shared_vault = app->vault;
	task->shared_sync = app->sync;
	memory_grow(&tasks->items, &tasks->room, tasks->count + 1, sizeof(struct task *));
	tasks->items[tasks->count++] = task;
	task->thread = thread_new(run, task);
}

static void release(struct task *task)
{
	thread_join(task->thread);
	cancel_free(task->cancel);
	if (task->app.vault == task->shared_vault)
		task->app.vault = NULL;
	if (task->app.sync == task->shared_sync) {
		task->app.sync = NULL;
		task->app.events = NULL;
	}
	app_close(&task->app); /* what nobody took over */
	task->kind->free(task);
}

static void forget(struct tasks *tasks, struct task *task)
{
	size_t kept = 0;

	for (size_t i = 0; i < tasks->count; i++)
		if (tasks->items[i] != task)
			tasks->items[kept++] = tasks->items[i];
	tasks->count = kept;
}

void tasks_deliver(struct tasks *tasks, struct deck *deck)
{
	struct envelope *envelope;

	while ((envelope = queue_take(tasks->posts, 0, NULL)) != NULL) {
		struct task *task = envelope->task;

		if (envelope->post) {
			task->kind->post(task, deck, envelope->post);
		} else {
			task->is_done = true;
			forget(tasks, task);
			task->kind->done(task, deck);
			release(task);
		}
		free(envelope);
	}
}

void tasks_free(struct tasks *tasks)
{
	if (!tasks)
		return;
	for (size_t i = 0; i < tasks->count; i++)
		cancel_ask(tasks->items[i]->cancel);
	queue_close(tasks->posts);
	for (size_t i = 0; i < tasks->count; i++) {
		thread_join(tasks->items[i]->thread);
		tasks->items[i]->thread = NULL;
	}
	queue_free(tasks->posts);
	for (size_t i = 0; i < tasks->count; i++)
		release(tasks->items[i]);
	free(tasks->items);
	free(tasks);
}

int tasks_fd(const struct tasks *tasks)
{
	return queue_fd(tasks->posts);
}

size_t tasks_running(const struct tasks *tasks)
{
	return tasks->count;
}

struct task *tasks_at(const struct tasks *tasks, size_t place)
{
	return place < tasks->count ? tasks->items[place] : NULL;
}
