/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One thread, one connection for reading. Questions are answered in the order they come. */
#include "reader.h"

#include <stdlib.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/thread.h"

#define QUESTIONS_MAX 1024

struct reader {
	char *path;               /* owned */
	int busy_ms;
	struct store *store;      /* owned; the thread's */
	struct thread *thread;    /* owned */
	struct queue *questions;  /* owned */
	struct queue *answers;    /* owned */
	struct lock *lock;        /* owned: of what follows */
	struct str doorbell;
};

void question_free(void *item)
{
	struct question *question = item;

	if (question)
		question->free(question);
}

static void take_store(struct reader *reader, struct store *store)
{
	reader->store = store;
	lock_enter(reader->lock);
	str_reset(&reader->doorbell);
	str_add(&reader->doorbell, store_doorbell(store));
	lock_leave(reader->lock);
}

static bool ensure_store(struct reader *reader, struct error *err)
{
	struct store *store;

	if (reader->store)
		return true;
	if (!store_open(reader->path, STORE_READ, reader->busy_ms, &store, err))
		return false;
	take_store(reader, store);
	return true;
}

/* Of one moment, however many statements it takes. */
static void answer(struct reader *reader, struct question *question)
{
	bool good;

	error_clear(&question->error);
	if (!ensure_store(reader, &question->error) || !store_read_begin(reader->store, &question->error))
		return;
	good = question->work(question, reader->store, &question->error);
	store_read_end(reader->store);
	if (!good && question->error.code == ERROR_NONE)
		error_set(&question->error, ERROR_INTERNAL, "the store gave no answer");
}

static void run(void *ctx)
{
	struct reader *reader = ctx;
	struct question *question;

	while ((question = queue_take(reader->questions, -1, NULL)) != NULL) {
		answer(reader, question);
		/* The view asks again when it misses an answer. */
		if (!queue_put(reader->answers, question))
			question_free(question);
	}
}

struct reader *reader_new(const char *path, int busy_ms, struct store *store)
{
	struct reader *reader = memory_new(sizeof(*reader));

	reader->path = memory_copy_text(path);
	reader->busy_ms = busy_ms;
	reader->questions = queue_new(QUESTIONS_MAX, question_free);
	reader->answers = queue_new(QUESTIONS_MAX, question_free);
	reader->lock = lock_new();
	str_init(&reader->doorbell, 8192);
	if (store)
		take_store(reader, store);
	reader->thread = thread_new(run, reader);
	return reader;
}

void reader_free(struct reader *reader)
{
	if (!reader)
		return;
	queue_close(reader->questions);
	thread_join(reader->thread);
	queue_free(reader->questions);
	queue_free(reader->answers);
	store_close(reader->store);
	lock_free(reader->lock);
	str_clear(&reader->doorbell);
	free(reader->path);
	free(reader);
}

void reader_ask(struct reader *reader, struct question *question)
{
	if (!queue_put(reader->questions, question))
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
