/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The thread that asks the store, so that the screen never waits for it. Views hand it questions; what it has
 * answered comes back through a queue that the loop polls. What takes seconds is worked out by a second thread, so that
 * nothing that is shown waits for it either, and is given up when nobody wants it any more.
 */
#ifndef UI_READER_H
#define UI_READER_H

#include "ledgerdeck/core/cancel.h"
#include "ledgerdeck/core/queue.h"
#include "ledgerdeck/store/store.h"

/* A question, and its answer behind it: the first member of what a view asks with. */
struct question {
	/* Reader thread. False with an error. */
	bool (*work)(struct question *question, struct store *store, struct error *err);
	void (*free)(struct question *question);
	uint64_t view;        /* number of the view that asks; the answer to a closed one is dropped */
	int kind;             /* the view's own word for it */
	struct cancel *cancel; /* owned by the question: it may take seconds, and gives up when this is asked; NULL: it is quick */
	struct error error;   /* code NONE: it was answered */
};
void question_free(void *question); /* struct question *; NULL does nothing */

struct reader;

/*
 * `path` and `busy_ms` as store_open(). `store`: opened already, taken; NULL: it is opened with the first question, again with
 * each as long as it is absent.
 */
struct reader *reader_new(const char *path, int busy_ms, struct store *store);
void reader_free(struct reader *reader);                             /* waits for quick questions that are under way */
void reader_withdraw(struct reader *reader, uint64_t view);          /* what the view has asked that takes long gives up */
void reader_ask(struct reader *reader, struct question *question);   /* takes it */
int reader_fd(const struct reader *reader);                          /* readable while answers wait */
struct question *reader_answer(struct reader *reader);               /* the next one, the caller's; NULL: none waits */
/* The doorbell of the store, once it was opened; "" before. Appended. */
void reader_add_doorbell(struct reader *reader, struct str *out);

#endif
