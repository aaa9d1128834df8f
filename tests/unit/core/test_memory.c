/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory: zeroed, copied, grown, stolen; and how the program ends when there is none. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/core/thread.h"

#include "tests.h"

#define FATAL_LINE "fatal: the system refuses memory or another resource\n"

static void new_is_zeroed(void **state)
{
	(void)state;
	for (size_t size = 0; size < 300; size++) {
		AUTO(memory_freep) unsigned char *bytes = memory_new(size);

		assert_non_null(bytes);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(bytes[i], 0);
		memset(bytes, 0xff, size);
	}
}

static void resize_keeps_bytes(void **state)
{
	AUTO(memory_freep) char *bytes = memory_resize(NULL, 4);

	(void)state;
	memcpy(bytes, "abc", 4);
	bytes = memory_resize(bytes, 4000);
	assert_string_equal(bytes, "abc");
	bytes = memory_resize(bytes, 0);
	assert_non_null(bytes);
}

static void copies_end_with_nul(void **state)
{
	AUTO(memory_freep) char *text = memory_copy_text("ledger");
	AUTO(memory_freep) char *part = memory_copy("a\0bcd", 4);
	AUTO(memory_freep) char *empty = memory_copy(NULL, 0);

	(void)state;
	assert_string_equal(text, "ledger");
	assert_memory_equal(part, "a\0bc", 5);
	assert_string_equal(empty, "");
}

static void freep_and_steal_leave_null(void **state)
{
	char *text = memory_copy_text("x");
	char *taken = memory_steal(&text);

	(void)state;
	assert_null(text);
	assert_string_equal(taken, "x");
	memory_freep(&text);
	memory_freep(&taken);
	assert_null(taken);
}

static void grow_doubles(void **state)
{
	AUTO(memory_freep) int *items = NULL;
	size_t capacity = 0, moves = 0;

	(void)state;
	for (int i = 0; i < 100000; i++) {
		size_t before = capacity;

		memory_grow(&items, &capacity, (size_t)i + 1, sizeof(*items));
		assert_true(capacity > (size_t)i);
		moves += capacity != before;
		items[i] = i;
	}
	assert_true(moves <= 15);
	for (int i = 0; i < 100000; i++)
		assert_int_equal(items[i], i);
	memory_grow(&items, &capacity, 1000000, sizeof(*items));
	assert_true(capacity >= 1000000);
	assert_int_equal(items[99999], 99999);
}

/* Run `body` in a child; what it wrote to stderr lands in `ret_said`. It must end with 1. */
static void child_said(void (*body)(void), struct str *ret_said)
{
	char bytes[256]; /* a piece at a time */
	int ends[2], status;
	ssize_t got;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		dup2(ends[1], STDERR_FILENO);
		close(ends[0]);
		close(ends[1]);
		body();
		_exit(7);
	}
	close(ends[1]);
	while ((got = read(ends[0], bytes, sizeof(bytes))) > 0)
		str_add_bytes(ret_said, bytes, (size_t)got);
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
}

static void say_hook(void)
{
	ssize_t written = write(STDERR_FILENO, "hook ", 5);

	(void)written;
}

static void body_plain(void)
{
	memory_fatal();
}

static void body_hook(void)
{
	memory_on_fatal(say_hook);
	memory_fatal();
}

static void fail_again(void)
{
	say_hook();
	memory_fatal();
}

static void body_failing_hook(void)
{
	memory_on_fatal(fail_again);
	memory_fatal();
}

static void body_no_hook_again(void)
{
	memory_on_fatal(say_hook);
	memory_on_fatal(NULL);
	memory_fatal();
}

static void body_impossible_array(void)
{
	int *items = NULL;
	size_t capacity = 0;

	memory_on_fatal(say_hook);
	memory_grow(&items, &capacity, SIZE_MAX / 2, sizeof(*items));
}

static void body_impossible_copy(void)
{
	memory_on_fatal(say_hook);
	memory_copy("", SIZE_MAX);
}

static void run_fatal(void *ctx)
{
	(void)ctx;
	memory_fatal();
}

static void body_many_threads(void)
{
	memory_on_fatal(say_hook);
	for (int i = 0; i < 8; i++)
		thread_new(run_fatal, NULL);
	memory_fatal();
}

static void fatal_ends(void **state)
{
	static const struct {
		void (*body)(void);
		const char *said;
	} rows[] = {
		{ body_plain, FATAL_LINE },
		{ body_hook, "hook " FATAL_LINE },
		{ body_failing_hook, "hook " FATAL_LINE },
		{ body_no_hook_again, FATAL_LINE },
		{ body_impossible_array, "hook " FATAL_LINE },
		{ body_impossible_copy, "hook " FATAL_LINE },
		{ body_many_threads, "hook " FATAL_LINE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		AUTO(str_clear) struct str said = STR_INIT(4096);

		child_said(rows[i].body, &said);
		assert_string_equal(said.text, rows[i].said);
		assert_int_equal(said.len, strlen(rows[i].said));
	}
}

int test_memory(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(new_is_zeroed),
		cmocka_unit_test(resize_keeps_bytes),
		cmocka_unit_test(copies_end_with_nul),
		cmocka_unit_test(freep_and_steal_leave_null),
		cmocka_unit_test(grow_doubles),
		cmocka_unit_test(fatal_ends),
	};

	return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
