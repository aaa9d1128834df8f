/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is at work, and who is no more: this process, one that ended, one whose number is another's now. */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledgerdeck/core/holder.h"

#include "tests.h"

static void we_are_alive(void **state)
{
	char name[HOLDER_MAX], longer[HOLDER_MAX + 20];

	(void)state;
	holder_name(name, sizeof(name));
	assert_false(holder_is_dead(name));
	snprintf(longer, sizeof(longer), "%s:3#0123", name);
	assert_false(holder_is_dead(longer));
}

/* The name of a child that waits for our word, and then ends. */
static pid_t make_child(int *ret_word, char *name)
{
	int there[2], word[2];
	pid_t child;
	char byte;

	assert_int_equal(pipe(there), 0);
	assert_int_equal(pipe(word), 0);
	child = fork();
	if (child == 0) {
		close(word[1]);
		holder_name(name, HOLDER_MAX);
		_exit(write(there[1], name, HOLDER_MAX) == HOLDER_MAX && read(word[0], &byte, 1) == 0 ? 0 : 1);
	}
	assert_true(child > 0);
	close(there[1]);
	close(word[0]);
	assert_int_equal(read(there[0], name, HOLDER_MAX), HOLDER_MAX);
	close(there[0]);
	*ret_word = word[1];
	return child;
}

static void one_that_ended_is_dead(void **state)
{
	char name[HOLDER_MAX] = "";
	siginfo_t info;
	int word, status;
	pid_t child = make_child(&word, name);

	(void)state;
	assert_false(holder_is_dead(name));
	close(word);
	/* It has ended, and its number is kept until somebody asks how. */
	assert_int_equal(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT), 0);
	assert_true(holder_is_dead(name));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_true(holder_is_dead(name));
}

static void a_number_used_again_is_another(void **state)
{
	char name[HOLDER_MAX], other[HOLDER_MAX + 1];

	(void)state;
	holder_name(name, sizeof(name));
	snprintf(other, sizeof(other), "%s1", name); /* began at another time */
	assert_true(holder_is_dead(other));
}

/* What can't be told is alive: another machine's, and what is no such name. */
static void the_unknown_is_alive(void **state)
{
	static const char *const names[] = { "", "a", "elsewhere:999999999:5", ":::", "1" };
	char host[64] = "", name[120];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		assert_false(holder_is_dead(names[i]));
	assert_int_equal(gethostname(host, sizeof(host) - 1), 0);
	snprintf(name, sizeof(name), "%s:-1:5", host);
	assert_false(holder_is_dead(name));
	snprintf(name, sizeof(name), "%s:0:5", host);
	assert_false(holder_is_dead(name));
	snprintf(name, sizeof(name), "%s:12x:5", host);
	assert_false(holder_is_dead(name));
}

int test_holder(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(we_are_alive),
		cmocka_unit_test(one_that_ended_is_dead),
		cmocka_unit_test(a_number_used_again_is_another),
		cmocka_unit_test(the_unknown_is_alive),
	};

	return cmocka_run_group_tests_name("holder", tests, NULL, NULL);
}
