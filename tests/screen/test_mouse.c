/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mouse on a real line: its reports whole, in pieces and broken, and who has it when. */
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "terminal.h"
#include "tests.h"

static const struct screen_options colours = { .theme = "dark", .colour = true };
static const struct terminal_options usual = { 0 };

static void type(struct terminal *terminal, const char *bytes)
{
	terminal_type(terminal, bytes, strlen(bytes));
}

static void tell_key(struct child *child, struct key key)
{
	static const char *const kinds[] = { "click", "up", "down" };
	struct mouse mouse = screen_mouse(child->screen);
	char text[64];

	if (key.code == INPUT_MOUSE)
		snprintf(text, sizeof(text), "%s %d %d", kinds[mouse.kind], mouse.y, mouse.x);
	else
		key_text(key, text);
	child_tell(child, text);
}

/* Tells what comes until a "Z". */
static void tell_all(struct child *child)
{
	struct key key = { 0 };

	while (key.code != 'Z') {
		struct pollfd fd = { .fd = screen_fd(child->screen), .events = POLLIN };

		while (key.code != 'Z' && screen_key(child->screen, &key))
			tell_key(child, key);
		if (key.code != 'Z')
			poll(&fd, 1, -1);
	}
}

/* ---- reports */

static const struct {
	const char *bytes;
	const char *told; /* lines; before the "Z" behind it */
} reports[] = {
	{ "\033[<0;10;20M", "click 19 9\n" },
	{ "\033[<0;1;1M\033[<0;1;1m", "click 0 0\n" },
	{ "\033[<64;5;7M", "up 6 4\n" },
	{ "\033[<65;5;7M", "down 6 4\n" },
	{ "\033[<65;300;200M", "down 199 299\n" },
	{ "\033[<20;3;4M", "click 3 2\n" }, /* with Control and Shift */
	/* Other buttons, motion, the wheel that goes sideways: nothing, and no key. */
	{ "\033[<1;2;2M\033[<2;2;2M\033[<32;2;2M\033[<66;2;2M\033[<3;2;2M", "" },
	/* As terminals tell it that know no numbers; a release is button 3. */
	{ "\033[M !!\033[M#!!", "click 0 0\n" },
	{ "\033[M`%'", "up 6 4\n" },
	{ "\033[M j5j", "click 20 73\nj\n" },
	/* Never a key of its digits; what breaks it is one. */
	{ "\033[<0;10x", "an unknown key\nx\n" },
	{ "\033[<0;10;20;30Mj", "an unknown key\n;\n3\n0\nM\nj\n" },
	{ "\033[<M", "an unknown key\nM\n" },
	{ "\033[<0;1\033[A", "an unknown key\nUp\n" },
	{ "\033[<99999999999999999999;1;1M", "" },
	{ "\033[<0;99999999999999999999;1M", "click 0 99999\n" },
	{ "\033\033[<0;2;3M", "Esc\nclick 2 1\n" },
};

static void run_reports(struct child *child)
{
	child_open(child, &colours);
	screen_mouse_on(child->screen, true);
	for (size_t i = 0; i < ARRAY_LEN(reports); i++) {
		child_step(child);
		tell_all(child);
	}
	child_step(child);
}

static void expect_told(struct terminal *terminal, size_t sample, const char *lines)
{
	AUTO(str_clear) struct str got = STR_INIT(1000);
	const char *told;

	while (strcmp(told = terminal_told(terminal), "Z") != 0)
		str_addf(&got, "%s\n", told);
	if (strcmp(got.len ? got.text : "", lines) != 0)
		fail_msg("report %zu is told as:\n%s", sample, got.text);
}

static void reports_are_no_keys(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;

	(void)state;
	terminal_start(&terminal, &usual, run_reports);
	for (size_t i = 0; i < ARRAY_LEN(reports); i++) {
		terminal_step(&terminal);
		type(&terminal, reports[i].bytes);
		type(&terminal, "Z");
		terminal_go(&terminal);
		expect_told(&terminal, i, reports[i].told);
	}
	terminal_step(&terminal);
	terminal_go(&terminal);
	assert_int_equal(terminal_wait(&terminal), 0);
	terminal_expect_sane(&terminal);
}

/* ---- pieces: at every place where a slow line may cut it */

#define WHOLE "\033[<0;10;20M"
#define HEAD 3 /* "ESC [ <" is a key's to curses, and comes within its patience or not at all */

static void run_pieces(struct child *child)
{
	struct key key;

	child_open(child, &colours);
	screen_mouse_on(child->screen, true);
	for (size_t at = HEAD; at < strlen(WHOLE); at++) {
		child_step(child);
		if (screen_key(child->screen, &key))
			child_tell(child, "a key out of half a report");
		child_step(child);
		tell_all(child);
	}
	child_step(child);
}

static void halves_of_reports_wait_for_the_other(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;

	(void)state;
	terminal_start(&terminal, &usual, run_pieces);
	for (size_t at = HEAD; at < strlen(WHOLE); at++) {
		terminal_step(&terminal);
		terminal_type(&terminal, WHOLE, at);
		terminal_next(&terminal);
		type(&terminal, &WHOLE[at]);
		type(&terminal, "Z");
		terminal_go(&terminal);
		expect_told(&terminal, at, "click 19 9\n");
	}
	terminal_step(&terminal);
	terminal_go(&terminal);
	assert_int_equal(terminal_wait(&terminal), 0);
}

/* ---- whose it is */

static void run_turns(struct child *child)
{
	child_open(child, &colours);
	child_step(child);
	tell_all(child);
	screen_mouse_on(child->screen, true);
	child_step(child);
	screen_resize(child->screen);
	child_step(child);
	screen_leave(child->screen);
	child_step(child);
	screen_mouse_on(child->screen, true);
	screen_return(child->screen);
	child_step(child);
	screen_mouse_on(child->screen, false);
	child_step(child);
	screen_mouse_on(child->screen, true);
	screen_leave(child->screen);
	screen_mouse_on(child->screen, false);
	screen_return(child->screen);
	child_step(child);
}

static void it_is_ours_when_asked(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;

	(void)state;
	terminal_start(&terminal, &usual, run_turns);
	terminal_step(&terminal);
	assert_false(terminal.mouse);
	/* Left on by somebody else: it does nothing, as one unknown key. */
	type(&terminal, "\033[<0;10;20M\033[<0;10;20mZ");
	terminal_go(&terminal);
	expect_told(&terminal, 0, "an unknown key\n");
	for (int i = 0; i < 2; i++) { /* when switched on, and after another size */
		terminal_step(&terminal);
		assert_true(terminal.mouse);
		terminal_go(&terminal);
	}
	terminal_step(&terminal);
	assert_false(terminal.mouse);
	terminal_next(&terminal);
	assert_true(terminal.mouse);
	terminal_next(&terminal);
	assert_false(terminal.mouse);
	terminal_next(&terminal);
	assert_false(terminal.mouse);
	terminal_go(&terminal);
	assert_int_equal(terminal_wait(&terminal), 0);
	terminal_expect_sane(&terminal);
}

int test_mouse(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reports_are_no_keys),
		cmocka_unit_test(halves_of_reports_wait_for_the_other),
		cmocka_unit_test(it_is_ours_when_asked),
	};

	return cmocka_run_group_tests_name("screen_mouse", tests, NULL, NULL);
}
