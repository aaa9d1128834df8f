/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The screen where there is no terminal. What it does on one is held by tests/screen. */
#include <fcntl.h>
#include <unistd.h>

#include "ui/screen.h"

#include "tests.h"

static void without_a_terminal_there_is_no_screen(void **state)
{
	const struct screen_options options = { .theme = "dark" };
	struct screen *screen = NULL;
	const char *note = "untouched";
	struct error err = { 0 };
	int former = dup(STDIN_FILENO), nothing = open("/dev/null", O_RDONLY);

	(void)state;
	dup2(nothing, STDIN_FILENO);
	assert_false(screen_open(&options, &screen, &note, &err));
	dup2(former, STDIN_FILENO);
	close(former);
	close(nothing);
	assert_null(screen);
	assert_int_equal(err.code, ERROR_INPUT);
	assert_string_equal(err.text, "the deck needs a terminal for input and output");
}

static void nothing_is_given_back_where_nothing_was_taken(void **state)
{
	(void)state;
	screen_close(NULL);
	screen_restore();
	screen_restore();
}

int test_screen(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_terminal_there_is_no_screen),
		cmocka_unit_test(nothing_is_given_back_where_nothing_was_taken),
	};

	return cmocka_run_group_tests_name("screen", tests, NULL, NULL);
}
