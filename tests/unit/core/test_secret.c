/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Secrets: their bytes, and that what must not be done with them ends a process. Such processes,
 * and those that give up their rights, are children.
 */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/secret.h"

#include "tests.h"

/* How a child that runs `run` ends: as waitpid() says it. */
static int end_of(void (*run)(void))
{
	pid_t child = fork();
	int status = 0;

	assert_true(child >= 0);
	if (child == 0) {
		int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

		signal(SIGSEGV, SIG_DFL);
		signal(SIGBUS, SIG_DFL);
		dup2(null, STDERR_FILENO);
		run();
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static void hold_their_bytes(void **state)
{
	static const char bytes[] = "to\0ken";
	AUTO(secret_freep) struct secret *secret = secret_copy(bytes, sizeof(bytes) - 1);
	AUTO(secret_freep) struct secret *empty = secret_new(0);
	AUTO(secret_freep) struct secret *largest = secret_new(SECRET_MAX);

	(void)state;
	assert_int_equal(secret_len(secret), 6);
	assert_memory_equal(secret_reveal(secret), bytes, 7);
	secret_edit(secret)[2] = '-';
	assert_string_equal(secret_reveal(secret), "to-ken");
	assert_int_equal(secret_len(empty), 0);
	assert_string_equal(secret_reveal(empty), "");
	assert_int_equal(secret_len(largest), SECRET_MAX);
	for (size_t i = 0; i <= SECRET_MAX; i++)
		assert_int_equal(secret_reveal(largest)[i], 0);
	secret_edit(largest)[SECRET_MAX - 1] = 'x';
}

static void compare(void **state)
{
	AUTO(secret_freep) struct secret *a = secret_copy("abc", 3);
	AUTO(secret_freep) struct secret *same = secret_copy("abc", 3);
	AUTO(secret_freep) struct secret *other = secret_copy("abd", 3);
	AUTO(secret_freep) struct secret *longer = secret_copy("abcd", 4);
	AUTO(secret_freep) struct secret *empty = secret_new(0);

	(void)state;
	assert_true(secret_equals(a, same));
	assert_true(secret_equals(empty, empty));
	assert_false(secret_equals(a, other));
	assert_false(secret_equals(a, longer));
	assert_false(secret_equals(longer, a));
	assert_false(secret_equals(a, empty));
}

static void random_ones_differ(void **state)
{
	AUTO(secret_freep) struct secret *a = secret_random(32);
	AUTO(secret_freep) struct secret *b = secret_random(32);

	(void)state;
	assert_int_equal(secret_len(a), 32);
	assert_int_equal(secret_reveal(a)[32], 0);
	assert_false(secret_equals(a, b));
}

static void freed_and_forgotten(void **state)
{
	struct secret *secret = secret_new(8);

	(void)state;
	secret_freep(&secret);
	assert_null(secret);
	secret_freep(&secret);
	secret_free(NULL);
}

static void wiped_copies_are_zero(void **state)
{
	char copy[16] = "very-hidden-text";

	(void)state;
	secret_wipe(copy, 0);
	assert_int_equal(copy[0], 'v');
	secret_wipe(copy, 15);
	for (size_t i = 0; i < 15; i++)
		assert_int_equal(copy[i], 0);
	assert_int_equal(copy[15], 't');
}

static void write_behind(void)
{
	struct secret *secret = secret_new(20);
	volatile char *bytes = secret_edit(secret);

	bytes[21] = 'x';
}

static void read_freed(void)
{
	struct secret *secret = secret_new(20);
	const volatile char *bytes = secret_reveal(secret);
	char byte;

	secret_free(secret);
	byte = *bytes;
	(void)byte;
}

static void ask_too_much(void)
{
	secret_free(secret_new(SECRET_MAX + 1));
}

static void mistakes_end_the_process(void **state)
{
	int behind = end_of(write_behind), freed = end_of(read_freed), much = end_of(ask_too_much);

	(void)state;
	assert_true(WIFSIGNALED(behind) && WTERMSIG(behind) == SIGSEGV);
	assert_true(WIFSIGNALED(freed) && WTERMSIG(freed) == SIGSEGV);
	assert_true(WIFSIGNALED(much) && WTERMSIG(much) == SIGABRT);
}

static void start_and_look(void)
{
	const char *warning = "untouched";
	struct error err = { 0 };
	struct rlimit core;

	if (!secret_start(&warning, &err))
		_exit(1);
	if (getrlimit(RLIMIT_CORE, &core) < 0 || core.rlim_cur != 0 || core.rlim_max != 0)
		_exit(2);
	if (prctl(PR_GET_DUMPABLE, 0L, 0L, 0L, 0L) != 0)
		_exit(3);
	if (warning && !*warning)
		_exit(4);
	/* A second time does no harm. */
	if (!secret_start(&warning, NULL))
		_exit(5);
}

/* Without the right to lock memory there is a warning, and secrets nevertheless. */
static void start_without_locking(void)
{
	const struct rlimit none = { 0 };
	const char *warning = NULL;
	struct secret *secret;
	void *page;

	if (setrlimit(RLIMIT_MEMLOCK, &none) < 0)
		_exit(1);
	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED || !secret_start(&warning, NULL))
		_exit(2);
	/* Some may lock whatever the limit says. */
	if ((mlock(page, 4096) < 0) != (warning != NULL))
		_exit(3);
	secret = secret_copy("abc", 3);
	if (strcmp(secret_reveal(secret), "abc") != 0)
		_exit(4);
	secret_free(secret);
}

static void start_protects_the_process(void **state)
{
	(void)state;
	assert_int_equal(end_of(start_and_look), 0);
	assert_int_equal(end_of(start_without_locking), 0);
}

static void are_read_from_base64url(void **state)
{
	static const struct {
		const char *text, *bytes;
	} cases[] = {
		{ "Zm9vYmFy", "foobar" }, { "Zm9vYg", "foob" }, { "Zm9vYg==", "foob" }, { "Zm9vYmE=", "fooba" }, { "w7jCvw", "\xc3\xb8\xc2\xbf" },
		{ "", NULL }, { "=", NULL }, { "Zm9vYg===", NULL }, { "Zm9 vYg", NULL }, { "Zm9v+g", NULL }, { "Z", NULL }, { "Zm9vYh", NULL },
		{ "Zm9v\xc3\xb8", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct secret *text = secret_copy(cases[i].text, strlen(cases[i].text)), *bytes = secret_from_base64url(text);

		if (!cases[i].bytes != !bytes)
			fail_msg("'%s' %s", cases[i].text, bytes ? "was read" : "was refused");
		if (bytes) {
			assert_int_equal(secret_len(bytes), strlen(cases[i].bytes));
			assert_string_equal(secret_reveal(bytes), cases[i].bytes);
		}
		secret_free(bytes);
		secret_free(text);
	}
}

int test_secret(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hold_their_bytes),
		cmocka_unit_test(compare),
		cmocka_unit_test(are_read_from_base64url),
		cmocka_unit_test(random_ones_differ),
		cmocka_unit_test(freed_and_forgotten),
		cmocka_unit_test(wiped_copies_are_zero),
		cmocka_unit_test(mistakes_end_the_process),
		cmocka_unit_test(start_protects_the_process),
	};

	return cmocka_run_group_tests_name("secret", tests, NULL, NULL);
}
