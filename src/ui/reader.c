/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One thread for what is quick and, from the first of them on, one for what is long, each with a connection for reading. Questions of
 * either kind are answered in the order they come.
 */
#include "reader.h"

#include <stdlib.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/thread.h"

#define QUESTIONS_MAX 1024

struct lane { /* a thread and its questions */
	struct reader *reader;    /* borrowed */
	struct store *store;      /* owned; the thread's */
	struct thread *thread;    /* owned; NULL: not started yet */
	struct queue *questions;  /* owned */
};

struct reader {
	char *path;               /* owned */
	int busy_ms;
	struct lane quick, slow;
	struct queue *answers;    /* owned */
	struct lock *lock;        /* owned: of what follows */
	struct question **asked;  /* owned, borrowed what is in it: slow ones that wait or are under way */
	size_t asked_count, asked_room;
	struct str doorbell;
};

void question_free(void *item)
{
	struct question *question = item;

	if (question)
		question->free(question);
}

static void take_store(struct lane *lane, struct store *store)
{
	struct reader *reader = lane->reader;

	lane->store = store;
	lock_enter(reader->lock);
	if (lane == &reader->quick) {
		str_reset(&reader->doorbell);
		str_add(&reader->doorbell, store_doorbell(store));
	}
	lock_leave(reader->lock);
}

static bool ensure_store(struct lane *lane, struct error *err)
{
	struct store *store;

	if (lane->store)
		return true;
	if (!store_open(lane->reader->path, STORE_READ, lane->reader->busy_ms, &store, err))
		return false;
	take_store(lane, store);
	return true;
}

/* Of one moment, however many statements it takes. */
static void answer(struct lane *lane, struct question *question)
{
	bool good;

	error_clear(&question->error);
	if (!ensure_store(lane, &question->error) || !store_read_begin(lane->store, &question->error))
		return;
	good = question->work(question, lane->store, &question->error);
	store_read_end(lane->store);
	if (!good && question->error.code == ERROR_NONE)
		error_set(&question->error, ERROR_INTERNAL, "the store gave no answer");
}

static void note(struct reader *reader, struct question *question)
{
	lock_enter(reader->lock);
	memory_grow(&reader->asked, &reader->asked_room, reader->asked_count + 1, sizeof(struct question *));
	reader->asked[reader->asked_count++] = question;
	lock_leave(reader->lock);
}

static void forget(struct reader *reader, const struct question *question)
{
	lock_enter(reader->lock);
	for (size_t i = 0; i < reader->asked_count; i++)
		if (reader->asked[i] == question)
			reader->asked[i] = reader->asked[--reader->asked_count];
	lock_leave(reader->lock);
}

static void run(void *ctx)
{
	struct lane *lane = ctx;
	struct question *question;

	while ((question = queue_take(lane->questions, -1, NULL)) != NULL) {
		answer(lane, question);
		forget(lane->reader, question);
		/* The view asks again when it misses an answer. */
		if (!queue_put(lane->reader->answers, question))
			question_free(question);
	}
}

static void lane_init(struct reader *reader, struct lane *lane)
{
	*lane = (struct lane){ .reader = reader, .questions = queue_new(QUESTIONS_MAX, question_free) };
}

static void lane_end(struct lane *lane)
{
	queue_close(lane->questions);
	if (lane->thread)
		thread_join(lane->thread);
	queue_free(lane->questions);
	store_close(lane->store);
}

struct reader *reader_new(const char *path, int busy_ms, struct store *store)
{
	struct reader *reader = memory_new(sizeof(*reader));

	reader->path = memory_copy_text(path);
	reader->busy_ms = busy_ms;
	lane_init(reader, &reader->quick);
	lane_init(reader, &reader->slow);
	reader->answers = queue_new(QUESTIONS_MAX, question_free);
	reader->lock = lock_new();
	str_init(&reader->doorbell, 8192);
	if (store)
		take_store(&reader->quick, store);
	reader->quick.thread = thread_new(run, &reader->quick);
	return reader;
}

static void withdraw(struct reader *reader, bool all, uint64_t view)
{
	lock_enter(reader->lock);
	for (size_t i = 0; i < reader->asked_count; i++)
		if (all || reader->asked[i]->view == view)
			cancel_ask(reader->asked[i]->cancel);
	lock_leave(reader->lock);
}

void reader_withdraw(struct reader *reader, uint64_t view)
{
	withdraw(reader, false, view);
}

void reader_free(struct reader *reader)
{
	if (!reader)
		return;
	queue_close(reader->slow.questions);
	withdraw(reader, true, 0);
	lane_end(&reader->quick);
	lane_end(&reader->slow);
	queue_free(reader->answers);
	lock_free(reader->lock);
	str_clear(&reader->doorbell);
	free(reader->asked);
	free(reader->path);
	free(reader);
}

void reader_ask(struct reader *reader, struct question *question)
{
	struct lane *lane = question->cancel ? &reader->slow : &reader->quick;

	/* Most decks never ask anything that takes long. */
	if (!lane->thread)
		lane->thread = thread_new(run, lane);
	if (question->cancel)
		note(reader, question);
	if (queue_put(lane->questions, question))
		return;
	forget(reader, question);
	question_free(question);
}

int reader_fd(const struct reader *reader)
{
	return queue_fd(reader->answers);
}

struct question *reader_answer(struct reader *reader)
{
	return queue_take(reader->answers, 0, NULL);
}

void reader_add_doorbell(struct reader *reader, struct str *out)
{
	lock_enter(reader->lock);
	str_add(out, reader->doorbell.text);
	lock_leave(reader->lock);
}
