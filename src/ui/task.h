/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Work that waits, away from the screen: each task has a thread and an `app` of its own, which shares what the deck has
 * unlocked. What it has to tell comes to the UI thread as posts.
 */
#ifndef UI_TASK_H
#define UI_TASK_H

#include "ledgerdeck/command/command.h"

struct deck;
struct task;
struct tasks;

struct task_kind {
	/* Its own thread. */
	bool (*work)(struct task *task, struct app *app, struct error *err);
	/* UI thread, once, after work; what the task made for the deck (vault, engine) is in `task->app` still. */
	void (*done)(struct task *task, struct deck *deck);
	/* UI thread: a post that the task sent. Takes it. */
	void (*post)(struct task *task, struct deck *deck, void *post);
	void (*post_free)(void *post);
	void (*free)(struct task *task);
};

struct task { /* the first member of what a task is */
	const struct task_kind *kind;
	struct tasks *tasks;
	int64_t no;               /* grows */
	char title[160];          /* for people: "sync Acme" */
	int64_t begun_ms;         /* wall */
	struct cancel *cancel;    /* owned */
	struct app app;           /* its own */
	struct thread *thread;    /* owned */
	struct error error;       /* once done; code NONE: it went well */
	/* What the deck had already when it began: not the task's to free. */
	const struct vault *shared_vault;
	const struct sync *shared_sync;
	bool is_done;
};

struct tasks *tasks_new(void);
void tasks_free(struct tasks *tasks);                      /* cancels all and waits for them */
int tasks_fd(const struct tasks *tasks);                   /* readable while posts wait */
size_t tasks_running(const struct tasks *tasks);
/* By place, the oldest first; NULL behind the last. */
struct task *tasks_at(const struct tasks *tasks, size_t place);
/* Begin; takes the task. Its app becomes a sibling of `app`: the same settings, store, vault and engine. */
void tasks_start(struct tasks *tasks, struct task *task, const struct app *app);
/* UI thread: hand all posts that wait to their tasks; those that are done are told and freed. */
void tasks_deliver(struct tasks *tasks, struct deck *deck);
/* The task's thread: to the UI thread. Takes the post. */
void task_post(struct task *task, void *post);

#endif
