/* SPDX-License-Identifier: GPL-3.0-or-later */
/* However it ends or pauses, the terminal is given back whole, and the shell is told the truth. */
#include <assert.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledgerdeck/core/memory.h"
#include "terminal.h"
#include "tests.h"

static const struct screen_options colours = { .theme = "dark", .colour = true };
static const struct terminal_options usual = { 0 };

static void show(struct child *child)
{
	screen_show(child->screen, &child->canvas);
	child_step(child);
}

/* As main does it: the first time in good order, the second time at once. */
static void on_end(int number)
{
	screen_restore();
	signal(number, SIG_DFL);
	raise(number);
}

static void open_shown(struct child *child)
{
	const struct rlimit none = { 0 };

	setrlimit(RLIMIT_CORE, &none);
	signal(SIGTERM, on_end);
	signal(SIGHUP, on_end);
	child_open(child, &colours);
	screen_mouse_on(child->screen, true);
	child_text(child, 3, 3, ROLE_FAILED, "in the middle of it");
	child->canvas.cursor_y = 3;
	child->canvas.cursor_x = 3;
	show(child);
}

/* ---- signals ---- */

/* A handler may come between any two instructions: while it paints without end, too. */
static void run_painting(struct child *child)
{
	open_shown(child);
	for (unsigned i = 0;; i++) {
		child_text(child, (int)(i % 24), (int)(i / 24 % 60), (enum role)(i % ROLE_COUNT), i % 3 ? "abc" : "   ");
		if (i % 1000 == 0)
			screen_repaint(child->screen);
		if (!screen_show(child->screen, &child->canvas))
			_exit(6);
	}
}

static void run_waiting(struct child *child)
{
	open_shown(child);
	child_tell_keys(child, 1);
}

static void expect_end_by(struct terminal *terminal, int number)
{
	int status = terminal_wait(terminal);

	if (!(WIFSIGNALED(status) && WTERMSIG(status) == number) && !(SANITIZED && WIFEXITED(status)))
		fail_msg("signal %d: the wait status is %#x", number, (unsigned)status);
	terminal_expect_sane(terminal);
}

static void signals_give_it_back_and_are_told(void **state)
{
	static const int numbers[] = { SIGTERM, SIGHUP, SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGQUIT };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		for (int painting = 0; painting < 2; painting++) {
			AUTO(terminal_clear) struct terminal terminal;

			terminal_start(&terminal, &usual, painting ? run_painting : run_waiting);
			terminal_step(&terminal);
			assert_true(terminal.second_screen && terminal.mouse);
			terminal_go(&terminal);
			assert_int_equal(kill(terminal.pid, numbers[i]), 0);
			expect_end_by(&terminal, numbers[i]);
		}
}

/* The undefined behaviour sanitizer would end it before the fault comes. */
__attribute__((no_sanitize("undefined"))) static void run_fault(struct child *child)
{
	volatile int *volatile nowhere = NULL;

	open_shown(child);
	*nowhere = 1;
}

static void run_abort(struct child *child)
{
	open_shown(child);
	abort();
}

/* Deeper than any stack. */
static unsigned fill_stack(unsigned depth)
{
	volatile char room[4096];

	room[depth % sizeof(room)] = (char)depth;
	return depth == 0 ? 0 : fill_stack(depth - 1) + (unsigned char)room[depth % sizeof(room)];
}

static void run_stack(struct child *child)
{
	open_shown(child);
	child_tell(child, fill_stack(1000000) ? "deep" : "deeper");
}

static void run_assertion(struct child *child)
{
	open_shown(child);
	fprintf(stderr, "a library says something\n");
	assert(child->control < 0 && "a rule of ours");
}

static void run_no_memory(struct child *child)
{
	memory_on_fatal(screen_restore);
	open_shown(child);
	memory_fatal();
}

static void run_exit(struct child *child)
{
	open_shown(child);
	exit(7);
}

static void run_restore(struct child *child)
{
	open_shown(child);
	screen_restore();
	child_step(child);
	screen_restore();
	screen_restore();
	child_step(child);
	_exit(8);
}

static void faults_give_it_back(void **state)
{
	static const struct {
		void (*run)(struct child *child);
		int number;
	} faults[] = { { run_fault, SIGSEGV }, { run_abort, SIGABRT }, { run_stack, SIGSEGV } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		AUTO(terminal_clear) struct terminal terminal;

		terminal_start(&terminal, &usual, faults[i].run);
		terminal_step(&terminal);
		terminal_go(&terminal);
		expect_end_by(&terminal, faults[i].number);
	}
}

/* Why it ended can be read on the terminal, though nothing could while it ran. */
static void last_words_are_seen(void **state)
{
	static const struct {
		void (*run)(struct child *child);
		const char *words;
	} ends[] = { { run_assertion, "a rule of ours" }, { run_no_memory, "the system refuses memory" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		AUTO(terminal_clear) struct terminal terminal;
		int rows = 0;

		terminal_start(&terminal, &usual, ends[i].run);
		terminal_step(&terminal);
		terminal_go(&terminal);
		terminal_wait(&terminal);
		terminal_expect_sane(&terminal);
		for (int y = 0; y < 24; y++)
			rows += strstr(terminal_row(&terminal, y), ends[i].words) != NULL;
		if (rows != 1)
			fail_msg("'%s' stands on %d rows", ends[i].words, rows);
	}
}

static void exits_give_it_back(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;
	int status;

	(void)state;
	terminal_start(&terminal, &usual, run_exit);
	terminal_step(&terminal);
	terminal_go(&terminal);
	status = terminal_wait(&terminal);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 7);
	terminal_expect_sane(&terminal);
}

static void giving_it_back_twice_does_nothing(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;

	(void)state;
	terminal_start(&terminal, &usual, run_restore);
	terminal_step(&terminal);
	assert_in_range(terminal_next(&terminal), 20, 200);
	terminal_expect_sane(&terminal);
	assert_int_equal(terminal_next(&terminal), 0);
	terminal_go(&terminal);
	assert_int_equal(WEXITSTATUS(terminal_wait(&terminal)), 8);
}

/* A terminal without a second screen keeps what stood there, and the shell goes on below it. */
static void without_a_second_screen_the_shell_goes_on_below(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;

	(void)state;
	terminal_start(&terminal, &(struct terminal_options){ .type = "vt100" }, run_fault);
	terminal_step(&terminal);
	terminal_go(&terminal);
	expect_end_by(&terminal, SIGSEGV);
	assert_int_equal(terminal_cursor(&terminal).row, 23);
	assert_int_equal(terminal_cursor(&terminal).col, 0);
	assert_non_null(strstr(terminal_row(&terminal, 2), "in the middle of it"));
}

static void run_typed(struct child *child)
{
	struct pollfd typed = { .fd = STDIN_FILENO, .events = POLLIN };

	open_shown(child);
	poll(&typed, 1, -1);
	screen_restore();
	child_tell(child, poll(&typed, 1, 0) > 0 ? "left for the shell" : "gone");
	child_step(child);
}

static void what_was_typed_is_not_for_the_shell(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;

	(void)state;
	terminal_start(&terminal, &usual, run_typed);
	terminal_step(&terminal);
	terminal_type(&terminal, "rm -rf x\r", 9);
	terminal_go(&terminal);
	assert_string_equal(terminal_told(&terminal), "gone");
	terminal_step(&terminal);
	terminal_go(&terminal);
	terminal_wait(&terminal);
	terminal_expect_sane(&terminal);
}

/* Nobody reads what is painted until the line is full, then it hangs up: that ends it, also without a signal. */
static void run_unread(struct child *child)
{
	open_shown(child);
	signal(SIGHUP, SIG_IGN);
	for (unsigned i = 0; i < 100000; i++) {
		child_text(child, 3, 3, ROLE_TEXT, i % 2 ? "one" : "two");
		screen_repaint(child->screen);
		if (!screen_show(child->screen, &child->canvas)) {
			child_tell(child, screen_is_gone(child->screen) ? "gone" : "refused");
			return;
		}
		if (i == 100)
			child_tell(child, "painting");
	}
}

static void a_full_line_that_hangs_up_ends_it(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;
	int status;

	(void)state;
	terminal_start(&terminal, &usual, run_unread);
	terminal_step(&terminal);
	terminal_go(&terminal);
	assert_string_equal(terminal_told(&terminal), "painting");
	terminal_hang_up(&terminal);
	assert_string_equal(terminal_told(&terminal), "gone");
	status = terminal_wait(&terminal);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* Another program has left the terminal with calls that do not wait. */
static void run_nonblocking(struct child *child)
{
	fcntl(child->tty, F_SETFL, fcntl(child->tty, F_GETFL) | O_NONBLOCK);
	child_open(child, &colours);
	child_tell(child, fcntl(child->tty, F_GETFL) & O_NONBLOCK ? "does not wait" : "waits");
	show(child);
	child_close(child);
	child_tell(child, fcntl(child->tty, F_GETFL) & O_NONBLOCK ? "does not wait" : "waits");
}

static void the_marks_of_others_are_put_back(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;

	(void)state;
	terminal_start(&terminal, &usual, run_nonblocking);
	assert_string_equal(terminal_told(&terminal), "waits");
	terminal_step(&terminal);
	terminal_go(&terminal);
	assert_string_equal(terminal_told(&terminal), "does not wait");
	assert_int_equal(terminal_wait(&terminal), 0);
	terminal_expect_sane(&terminal);
}

/* ---- pauses ---- */

#define PAUSES 20

static void run_pauses(struct child *child)
{
	int rows, columns;

	open_shown(child);
	for (int i = 0; i < PAUSES; i++) {
		child_tell(child, screen_suspend(child->screen) ? "continued" : "not stopped");
		screen_size(child->screen, &rows, &columns);
		child_size(child, rows, columns);
		child_text(child, 1, 0, ROLE_TITLE, "back again");
		child_bar(child, 1, true);
		show(child);
	}
	child_tell_keys(child, 1);
}

/* Raw again: a ^C is a key. */
static void expect_ours(struct terminal *terminal)
{
	struct termios now;

	assert_int_equal(tcgetattr(terminal->master, &now), 0);
	assert_int_equal(now.c_lflag & (tcflag_t)(ICANON | ECHO | ISIG), 0);
	assert_true(terminal->second_screen);
	assert_true(terminal->pastes && terminal->mouse);
}

static void stops_and_goes_on_as_a_job(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;

	(void)state;
	terminal_start(&terminal, &(struct terminal_options){ .is_job = true }, run_pauses);
	terminal_step(&terminal);
	expect_ours(&terminal);
	for (int i = 0; i < PAUSES; i++) {
		char expected[32];

		terminal_go(&terminal);
		snprintf(expected, sizeof(expected), "stopped %d", SIGTSTP);
		terminal_step(&terminal);
		assert_string_equal(terminal_told(&terminal), expected);
		terminal_expect_sane(&terminal);
		terminal_resize(&terminal, 20 + i, 70 + i);
		terminal_go(&terminal); /* this time for the shell */
		assert_string_equal(terminal_told(&terminal), "continued");
		terminal_step(&terminal);
		expect_ours(&terminal);
		assert_string_equal(terminal_row(&terminal, 1), "back again");
		assert_true(terminal_cell(&terminal, 1, 69 + i).attrs.reverse);
		assert_string_equal(terminal_row(&terminal, 3), "");
	}
	terminal_go(&terminal);
	terminal_type(&terminal, "\003", 1);
	assert_string_equal(terminal_told(&terminal), "C-c");
	assert_int_equal(terminal_wait(&terminal), 0);
	terminal_expect_sane(&terminal);
}

/* Continued in the background it does not touch the terminal, which is the shell's, but stops until it is in front. */
static void in_the_background_it_waits(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;
	char expected[32];

	(void)state;
	terminal_start(&terminal, &(struct terminal_options){ .is_job = true }, run_pauses);
	terminal_step(&terminal);
	terminal_go(&terminal);
	snprintf(expected, sizeof(expected), "stopped %d", SIGTSTP);
	terminal_step(&terminal);
	assert_string_equal(terminal_told(&terminal), expected);
	terminal_go_behind(&terminal);
	snprintf(expected, sizeof(expected), "stopped %d", SIGTTOU);
	assert_int_equal(terminal_step(&terminal), 0);
	assert_string_equal(terminal_told(&terminal), expected);
	terminal_expect_sane(&terminal);
	terminal_go(&terminal);
	assert_string_equal(terminal_told(&terminal), "continued");
	terminal_step(&terminal);
	expect_ours(&terminal);
	assert_string_equal(terminal_row(&terminal, 1), "back again");
}

static void run_orphan(struct child *child)
{
	open_shown(child);
	child_tell(child, screen_suspend(child->screen) ? "continued" : "not stopped");
	show(child);
}

static void orphans_do_not_stop(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;

	(void)state;
	terminal_start(&terminal, &usual, run_orphan);
	terminal_step(&terminal);
	terminal_go(&terminal);
	assert_string_equal(terminal_told(&terminal), "not stopped");
	terminal_step(&terminal);
	expect_ours(&terminal);
	assert_string_equal(terminal_row(&terminal, 3), "   in the middle of it");
	terminal_go(&terminal);
	assert_int_equal(terminal_wait(&terminal), 0);
	terminal_expect_sane(&terminal);
}

/* Stopped by what nobody can catch, while the shell makes the terminal its own; SIGCONT is answered by screen_resize(). */
static void run_stopped(struct child *child)
{
	open_shown(child);
	kill(0, SIGSTOP);
	screen_resize(child->screen);
	show(child);
}

static void stops_that_nobody_catches_are_mended(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;
	char expected[32];

	(void)state;
	terminal_start(&terminal, &(struct terminal_options){ .is_job = true }, run_stopped);
	terminal_step(&terminal);
	terminal_go(&terminal);
	snprintf(expected, sizeof(expected), "stopped %d", SIGSTOP);
	terminal_step(&terminal);
	assert_string_equal(terminal_told(&terminal), expected);
	assert_int_equal(tcsetattr(terminal.master, TCSANOW, &terminal.before), 0);
	terminal_go(&terminal);
	terminal_step(&terminal);
	expect_ours(&terminal);
	assert_string_equal(terminal_row(&terminal, 3), "   in the middle of it");
	terminal_go(&terminal);
	assert_int_equal(terminal_wait(&terminal), 0);
	terminal_expect_sane(&terminal);
}

int test_end(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signals_give_it_back_and_are_told),
		cmocka_unit_test(faults_give_it_back),
		cmocka_unit_test(last_words_are_seen),
		cmocka_unit_test(exits_give_it_back),
		cmocka_unit_test(giving_it_back_twice_does_nothing),
		cmocka_unit_test(without_a_second_screen_the_shell_goes_on_below),
		cmocka_unit_test(what_was_typed_is_not_for_the_shell),
		cmocka_unit_test(a_full_line_that_hangs_up_ends_it),
		cmocka_unit_test(the_marks_of_others_are_put_back),
		cmocka_unit_test(stops_and_goes_on_as_a_job),
		cmocka_unit_test(in_the_background_it_waits),
		cmocka_unit_test(orphans_do_not_stop),
		cmocka_unit_test(stops_that_nobody_catches_are_mended),
	};

	return cmocka_run_group_tests_name("screen_end", tests, NULL, NULL);
}
