/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reader: what takes long holds up nothing that is quick, and ends when nobody wants it any more. */
#include "tests.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "reader.h"

#define PATIENCE_MS 20000

static void free_asked(struct question *question)
{
	cancel_free(question->cancel);
	free(question);
}

static bool at_once(struct question *question, struct store *store, struct error *err)
{
	(void)question;
	(void)store;
	(void)err;
	return true;
}

/* Until it is asked to give up. */
static bool for_ever(struct question *question, struct store *store, struct error *err)
{
	struct pollfd asked = { .fd = cancel_fd(question->cancel), .events = POLLIN };

	(void)store;
	poll(&asked, 1, -1);
	return error_set(err, ERROR_CANCELLED, "given up");
}

static void ask(struct reader *reader, uint64_t view, bool slow)
{
	struct question *question = memory_new(sizeof(*question));

	*question = (struct question){ .work = slow ? for_ever : at_once, .free = free_asked, .view = view, .cancel = slow ? cancel_new() : NULL };
	reader_ask(reader, question);
}

static void expect_answer(struct reader *reader, uint64_t view, enum error_code code)
{
	struct pollfd ready = { .fd = reader_fd(reader), .events = POLLIN };
	struct question *question;

	assert_int_equal(poll(&ready, 1, PATIENCE_MS), 1);
	question = reader_answer(reader);
	assert_non_null(question);
	assert_int_equal(question->view, view);
	assert_int_equal(question->error.code, code);
	question_free(question);
}

static void test_quick(void **state)
{
	struct stage stage;
	struct reader *reader;

	(void)state;
	stage_open(&stage, false);
	reader = reader_new(stage.path, 1000, NULL);
	ask(reader, 1, true);
	ask(reader, 2, false);
	expect_answer(reader, 2, ERROR_NONE);
	/* Another view's is not meant. */
	reader_withdraw(reader, 2);
	ask(reader, 2, false);
	expect_answer(reader, 2, ERROR_NONE);
	assert_null(reader_answer(reader));
	reader_free(reader);
	stage_close(&stage);
}

static void test_withdrawn(void **state)
{
	struct stage stage;
	struct reader *reader;

	(void)state;
	stage_open(&stage, false);
	reader = reader_new(stage.path, 1000, NULL);
	/* Whether it is under way already or not. */
	ask(reader, 1, true);
	reader_withdraw(reader, 1);
	expect_answer(reader, 1, ERROR_CANCELLED);
	/* Whoever leaves waits for none, neither one that is under way nor one behind it. */
	ask(reader, 1, true);
	ask(reader, 1, true);
	reader_free(reader);
	stage_close(&stage);
}

int test_reader(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quick),
		cmocka_unit_test(test_withdrawn),
	};

	return cmocka_run_group_tests_name("reader", tests, NULL, NULL);
}
