/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The program behind a slow line: 1 KB in a second, 300 ms each way. The line's time goes by in steps of 50 ms, each once the
 * program waits for nothing but the line; nobody waits for a clock. What the line has not taken stands in the kernel.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledgerdeck/core/memory.h"
#include "place.h"
#include "tests.h"

#define STEP_BYTES 51   /* in 50 ms */
#define LATENCY 6       /* steps */
#define KERNEL_MAX 32768 /* bytes that a terminal's line may hold back, and those of the frame behind it */
#define REPAINT "\x0c"
#define STEPS_MAX 4000
#define PATIENCE 20000
#ifdef __x86_64__
#define MACHINE "x86-64"
#else
#define MACHINE "another"
#endif
/* Its calls. */
#define WRITE 1
#define POLL 7
#define IOCTL 16 /* the terminal's former settings, once all is out */

struct line {
	struct place place;
	struct str typed[LATENCY], coming[LATENCY]; /* on their way, by the step at which they arrive */
	size_t step, bytes;      /* steps so far; bytes that have left the program */
	bool stands;             /* takes nothing */
	int rest;                /* of the program, see enum rest */
};

static void line_clear(struct line *line)
{
	for (size_t i = 0; i < LATENCY; i++) {
		str_clear(&line->typed[i]);
		str_clear(&line->coming[i]);
	}
	place_clear(&line->place);
}

enum rest { WORKS, IDLE, BLOCKED /* the line takes no more */, ENDED };

/* What the kernel tells of the program. */
static bool read_about(const struct line *line, const char *what, char *out, size_t size)
{
	char path[64];
	ssize_t len = -1;
	int fd;

	snprintf(path, sizeof(path), "/proc/%ld/%s", (long)line->place.terminal.job, what);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		len = read(fd, out, size - 1);
		close(fd);
	}
	out[len > 0 ? len : 0] = '\0';
	return len > 0;
}

/* Does it wait for news without an end, or for the line? */
static enum rest rest_of(const struct line *line)
{
	unsigned long wait_ms = 0;
	long number = -1;
	char text[400];

	if (!read_about(line, "stat", text, sizeof(text)) || strstr(text, ") Z "))
		return ENDED;
	read_about(line, "syscall", text, sizeof(text));
	sscanf(text, "%ld %*s %*s %lx", &number, &wait_ms);
	if (number == POLL && (wait_ms & 0xffffffff) == 0xffffffff)
		return IDLE;
	return number == WRITE || number == IOCTL ? BLOCKED : WORKS;
}

/* How often it has gone to sleep. */
static long sleeps_of(const struct line *line)
{
	static const char name[] = "\nvoluntary_ctxt_switches:";
	char text[4000];
	const char *at;

	read_about(line, "status", text, sizeof(text));
	at = strstr(text, name);
	return at ? strtol(at + strlen(name), NULL, 10) : -1;
}

/* It has seen what was typed, and rests. */
static enum rest settle(const struct line *line, bool typed, long slept)
{
	enum rest rest = rest_of(line);

	for (int looks = 0; rest == WORKS || (rest == IDLE && typed && sleeps_of(line) == slept); rest = rest_of(line)) {
		if (++looks > PATIENCE)
			fail_msg("the program does not come to rest");
		poll(NULL, 0, 1);
	}
	return rest;
}

/* 50 ms go by; `keys` are typed at their beginning. False: nothing was on its way. */
static bool line_step(struct line *line, const char *keys)
{
	struct str *typed = &line->typed[line->step % LATENCY], *coming = &line->coming[line->step % LATENCY];
	struct terminal *terminal = &line->place.terminal;
	bool any = typed->len > 0 || coming->len > 0 || *keys;
	long slept = sleeps_of(line);
	char bytes[STEP_BYTES];
	ssize_t got = 0;

	terminal_type(terminal, typed->text, typed->len);
	line->rest = settle(line, typed->len > 0, slept);
	str_reset(typed);
	str_add(typed, keys);
	vterm_input_write(terminal->vterm, coming->text, coming->len);
	str_reset(coming);
	if (!line->stands)
		got = read(terminal->master, bytes, sizeof(bytes));
	if (got > 0) {
		str_add_bytes(coming, bytes, (size_t)got);
		str_add_bytes(&terminal->bytes, bytes, (size_t)got);
		line->bytes += (size_t)got;
	}
	line->step++;
	return any || got > 0 || line->rest == BLOCKED;
}

/* Until nothing is on its way any more; the bytes that came. */
static size_t line_rest(struct line *line)
{
	size_t before = line->bytes, step = line->step;

	for (int quiet = 0; quiet <= LATENCY && line->rest != ENDED;) {
		quiet = line_step(line, "") ? 0 : quiet + 1;
		if (line->step - step > STEPS_MAX)
			fail_msg("the line does not come to rest");
	}
	return line->bytes - before;
}

/* The demo with its list of invoices, at the first one; the line is a quick one up to here. */
static void line_open(struct line *line)
{
	struct terminal *terminal = &line->place.terminal;
	struct line self = { .place.terminal.job = getpid() };
	char directory[100];
	char *arguments[] = { (char[]){ "demo" }, (char[]){ "--dir" }, directory, (char[]){ "--set" }, (char[]){ "sync.interval=1d" }, NULL };

	memset(line, 0, sizeof(*line));
	line->place.terminal.master = -1;
	/* What a process waits in can't be seen everywhere. */
	if (strcmp(MACHINE, "x86-64") != 0 || rest_of(&self) == ENDED)
		skip();
	for (size_t i = 0; i < LATENCY; i++) {
		str_init(&line->typed[i], STR_NO_LIMIT);
		str_init(&line->coming[i], STR_NO_LIMIT);
	}
	place_init(&line->place);
	snprintf(directory, sizeof(directory), "%s/demo", line->place.directory);
	place_start(&line->place, 24, 80, arguments);
	place_await(terminal, "LIVE");
	place_await(terminal, "Tidewater Bicycle");
	place_type(terminal, "\t/Invoice\r\r");
	place_await(terminal, "by time of change");
	settle(line, false, 0);
	terminal_read(terminal);
}

/* What stands there stands there painted anew, too. */
static void expect_right(struct line *line)
{
	AUTO(str_clear) struct str before = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str after = STR_INIT(STR_NO_LIMIT);
	struct terminal *terminal = &line->place.terminal;

	for (int y = 0; y < 24; y++)
		str_addf(&before, "%s\n", terminal_row(terminal, y));
	line_step(line, REPAINT);
	line_rest(line);
	for (int y = 0; y < 24; y++)
		str_addf(&after, "%s\n", terminal_row(terminal, y));
	assert_string_equal(before.text, after.text);
}

/* Keys for ten seconds of the line that paint all of it each: what they lead to is shown, not all that they have led past. */
static void frames_are_skipped(void **state)
{
	AUTO(line_clear) struct line line;
	size_t frame, before, rest;

	(void)state;
	line_open(&line);
	line_step(&line, REPAINT);
	frame = line_rest(&line);
	before = line.bytes;
	for (int i = 0; i < 200; i++)
		line_step(&line, i % 2 ? REPAINT : "\x06");
	rest = line_rest(&line);
	print_message("a frame is %zu bytes; 100 of them took %zu, and %zu of it behind the last key\n", frame, line.bytes - before, rest);
	assert_in_range(frame, 1000, 10000);
	assert_true(line.bytes - before <= 200 * STEP_BYTES + KERNEL_MAX);
	assert_true(rest <= KERNEL_MAX);
	expect_right(&line);
}

/* The line stands for a while: what was typed meanwhile is done in order, all of it, and shown in few frames. */
static void keys_typed_ahead_are_not_lost(void **state)
{
	AUTO(line_clear) struct line line;
	size_t rest;

	(void)state;
	line_open(&line);
	line.stands = true;
	for (int i = 0; i < 20; i++)
		line_step(&line, REPAINT);
	for (int i = 0; i < 150; i++)
		line_step(&line, i % 50 == 49 ? "jjjkk" REPAINT : "j");
	for (int i = 0; i <= LATENCY; i++)
		line_step(&line, "");
	assert_int_equal(line.rest, BLOCKED);
	line.stands = false;
	rest = line_rest(&line);
	print_message("%zu bytes behind 170 keys and 23 frames\n", rest);
	assert_true(rest <= KERNEL_MAX);
	assert_true(place_shows(&line.place.terminal, " 151"));
	expect_right(&line);
}

/* A line that takes nothing any more: asked twice, or hung up, the program does not wait for it. */
static void nobody_waits_for_a_dead_line(void **state)
{
	(void)state;
	for (int hangs_up = 0; hangs_up < 2; hangs_up++) {
		AUTO(line_clear) struct line line;
		struct terminal *terminal = &line.place.terminal;

		line_open(&line);
		line.stands = true;
		for (int i = 0; i < 20 || line.rest != BLOCKED; i++)
			line_step(&line, REPAINT);
		if (hangs_up) {
			terminal_hang_up(terminal);
		} else {
			/* Not the same one, which could be taken for one. */
			kill(terminal->job, SIGTERM);
			kill(terminal->job, SIGINT);
		}
		/* Nothing is read of what stands in the line. */
		for (int looks = 0; rest_of(&line) != ENDED; looks++) {
			if (looks > PATIENCE)
				fail_msg("the program waits for a line that is dead");
			poll(NULL, 0, 1);
		}
		if (hangs_up)
			continue;
		assert_int_equal(WEXITSTATUS(terminal_wait(terminal)), 130);
		terminal_expect_sane(terminal);
	}
}

/* Leaving is behind what was typed before it, and the terminal is whole at its end. */
static void leaving_is_behind_the_rest(void **state)
{
	AUTO(line_clear) struct line line;

	(void)state;
	line_open(&line);
	for (int i = 0; i < 20; i++)
		line_step(&line, i % 2 ? REPAINT : "jj");
	line_step(&line, "Q");
	line_rest(&line);
	assert_int_equal(line.rest, ENDED);
	assert_int_equal(terminal_wait(&line.place.terminal), 0);
	terminal_expect_sane(&line.place.terminal);
}

int test_slow(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_are_skipped),
		cmocka_unit_test(keys_typed_ahead_are_not_lost),
		cmocka_unit_test(leaving_is_behind_the_rest),
		cmocka_unit_test(nobody_waits_for_a_dead_line),
	};

	return cmocka_run_group_tests_name("slow", tests, NULL, NULL);
}
