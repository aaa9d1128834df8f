/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log's lines: their form, one write each, levels, the callback, many threads. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/log.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/core/thread.h"

#include "tests.h"

#define CROWD 4
#define EACH 300
#define LINE_MAX_BYTES 20000
#define STAMP_LEN 24 /* with its Z */

/* Sockets that keep each write apart. */
struct wire {
	int ends[2];
};

static void wire_open(struct wire *wire)
{
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
				    wire->ends), 0);
}

static void wire_close(struct wire *wire)
{
	log_open(-1, LOG_LEVEL_INFO, NULL, NULL);
	close(wire->ends[0]);
	close(wire->ends[1]);
}

/* The next write, without its time and its line end, NULL if there was none. */
static char *wire_next(struct wire *wire, char *line)
{
	ssize_t len = recv(wire->ends[0], line, LINE_MAX_BYTES - 1, 0);

	if (len < 0)
		return NULL;
	assert_true(len > STAMP_LEN + 1);
	assert_int_equal(line[len - 1], '\n');
	line[len - 1] = '\0';
	assert_null(strchr(line, '\n'));
	assert_int_equal(strlen(line), (size_t)len - 1);
	assert_int_equal(line[STAMP_LEN], ' ');
	return line + STAMP_LEN + 1;
}

static void levels_have_names(void **state)
{
	static const struct {
		const char *text;
		enum log_level level;
	} good[] = {
		{ "error", LOG_LEVEL_ERROR }, { "warn", LOG_LEVEL_WARN },
		{ "WARNING", LOG_LEVEL_WARN }, { "Info", LOG_LEVEL_INFO },
		{ "deBug", LOG_LEVEL_DEBUG },
	};
	static const char *const bad[] = { "", "warnings", "err", "info ", "4" };
	enum log_level level;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		assert_true(log_level_parse(good[i].text, &level));
		assert_int_equal(level, good[i].level);
	}
	level = LOG_LEVEL_DEBUG;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(log_level_parse(bad[i], &level));
	assert_int_equal(level, LOG_LEVEL_DEBUG);
}

static void lines_say_when_what_where(void **state)
{
	struct env env = env_real();
	char line[LINE_MAX_BYTES];
	int64_t before, ms;
	struct wire wire;
	bool has_offset;

	(void)state;
	wire_open(&wire);
	log_open(wire.ends[1], LOG_LEVEL_DEBUG, NULL, NULL);
	before = env.wall_ms(env.ctx);
	errno = ENOTTY;
	log_error("sync", "page %d of '%s'", 3, "Harbor");
	assert_int_equal(errno, ENOTTY);
	assert_string_equal(wire_next(&wire, line), "error sync: page 3 of 'Harbor'");
	assert_int_equal(line[STAMP_LEN - 1], 'Z');
	assert_true(stamp_parse(line, STAMP_LEN, &ms, &has_offset));
	assert_true(has_offset);
	assert_in_range(ms, before, env.wall_ms(env.ctx));
	log_warn("net", "%s", "");
	assert_string_equal(wire_next(&wire, line), "warn net: ");
	log_info("store", "100%%");
	assert_string_equal(wire_next(&wire, line), "info store: 100%");
	log_debug("ui", "x");
	assert_string_equal(wire_next(&wire, line), "debug ui: x");
	assert_null(wire_next(&wire, line));
	wire_close(&wire);
}

static void levels_filter(void **state)
{
	char line[LINE_MAX_BYTES];
	struct wire wire;

	(void)state;
	wire_open(&wire);
	for (int level = LOG_LEVEL_ERROR; level <= LOG_LEVEL_DEBUG; level++) {
		int count = 0;

		if (level == LOG_LEVEL_ERROR)
			log_open(wire.ends[1], LOG_LEVEL_ERROR, NULL, NULL);
		log_set_level((enum log_level)level);
		log_debug("a", "d");
		log_info("a", "i");
		log_warn("a", "w");
		log_error("a", "e");
		while (wire_next(&wire, line))
			count++;
		assert_int_equal(count, level + 1);
	}
	wire_close(&wire);
}

static void controls_are_visible(void **state)
{
	static const char *const pairs[][2] = {
		{ "two\nlines\r\n", "two\\nlines\\r\\n" },
		{ "\ttab", "\\ttab" },
		{ "\x1b[31mred\x07", "\\x1b[31mred\\x07" },
		{ "\x7f", "\\x7f" },
		{ "\xc2\x9b" "31m \xe2\x80\xaexyz\xe2\x80\xa8", "\\u009b31m \\u202exyz\\u2028" },
		{ "bad \xff\xc3", "bad \\xff\\xc3" },
		{ "B\xc3\xa5t \xf0\x9f\x92\xb0", "B\xc3\xa5t \xf0\x9f\x92\xb0" },
	};
	char line[LINE_MAX_BYTES];
	struct wire wire;

	(void)state;
	wire_open(&wire);
	log_open(wire.ends[1], LOG_LEVEL_INFO, NULL, NULL);
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		log_info("a", "%s", pairs[i][0]);
		assert_string_equal(wire_next(&wire, line) + strlen("info a: "), pairs[i][1]);
	}
	wire_close(&wire);
}

/* Cut inside of a character at some of these lengths, and then without its half. */
static void long_texts_are_cut(void **state)
{
	char line[LINE_MAX_BYTES];
	struct wire wire;

	(void)state;
	wire_open(&wire);
	log_open(wire.ends[1], LOG_LEVEL_INFO, NULL, NULL);
	for (size_t shift = 0; shift < 5; shift++) {
		AUTO(str_clear) struct str text = STR_INIT(10000);
		const char *got;
		size_t len;

		str_add_bytes(&text, "abcdef", shift);
		for (int i = 0; i < 2000; i++)
			str_add(&text, "\xf0\x9f\x92\xb0");
		log_info("a", "%s", text.text);
		got = wire_next(&wire, line) + strlen("info a: ");
		len = strlen(got);
		assert_in_range(len, 2040, 2055);
		assert_true(str_is_utf8(got, len));
		assert_string_equal(got + len - 3, "\xe2\x80\xa6");
		assert_memory_equal(got, text.text, len - 3);
	}
	wire_close(&wire);
}

struct heard {
	int fd;
	int count;
	enum log_level level;
	char text[200];
};

static void hear(void *ctx, enum log_level level, const char *text)
{
	struct heard *heard = ctx;

	heard->count++;
	heard->level = level;
	snprintf(heard->text, sizeof(heard->text), "%s", text);
	/* Neither hangs nor comes back here. */
	log_error("inner", "heard %d", heard->count);
}

static void callbacks_hear_the_line(void **state)
{
	struct heard heard = { 0 };
	char line[LINE_MAX_BYTES];
	struct wire wire;

	(void)state;
	wire_open(&wire);
	log_open(wire.ends[1], LOG_LEVEL_INFO, hear, &heard);
	log_warn("sync", "late\n");
	log_debug("sync", "not said");
	assert_int_equal(heard.count, 1);
	assert_int_equal(heard.level, LOG_LEVEL_WARN);
	assert_string_equal(heard.text + STAMP_LEN, " warn sync: late\\n");
	assert_string_equal(wire_next(&wire, line), "warn sync: late\\n");
	assert_string_equal(wire_next(&wire, line), "error inner: heard 1");
	assert_null(wire_next(&wire, line));
	log_open(-1, LOG_LEVEL_INFO, hear, &heard);
	log_warn("sync", "only there");
	assert_int_equal(heard.count, 2);
	assert_string_equal(heard.text + STAMP_LEN, " warn sync: only there");
	assert_null(wire_next(&wire, line));
	wire_close(&wire);
	log_error("sync", "nowhere");
	assert_int_equal(heard.count, 2);
}

struct writer {
	int number;
};

static void run_write(void *ctx)
{
	struct writer *writer = ctx;

	for (int i = 0; i < EACH; i++) {
		log_info("crowd", "%d %d end", writer->number, i);
		if (i % 50 == 0)
			log_set_level(LOG_LEVEL_INFO);
	}
}

static void count_lines(void *ctx, enum log_level level, const char *text)
{
	(void)level;
	(void)text;
	++*(int *)ctx;
}

/* All lines are there, whole, and each thread's in its order. */
static void threads_do_not_mix(void **state)
{
	AUTO(memory_freep) char *all = memory_new(CROWD * EACH * 80 + 1);
	int fd = memfd_create("log", MFD_CLOEXEC), lines = 0, next[CROWD] = { 0 }, seen = 0;
	struct writer writers[CROWD];
	struct thread *threads[CROWD];
	ssize_t len;

	(void)state;
	assert_true(fd >= 0);
	log_open(fd, LOG_LEVEL_INFO, count_lines, &seen);
	for (int i = 0; i < CROWD; i++) {
		writers[i].number = i;
		threads[i] = thread_new(run_write, &writers[i]);
	}
	for (int i = 0; i < CROWD; i++)
		thread_join(threads[i]);
	log_open(-1, LOG_LEVEL_INFO, NULL, NULL);
	len = pread(fd, all, CROWD * EACH * 80, 0);
	assert_true(len > 0);
	for (char *at = all; *at; lines++) {
		char *end = strchr(at, '\n');
		int writer, number, used = 0;

		assert_non_null(end);
		*end = '\0';
		assert_int_equal(sscanf(at + STAMP_LEN, " info crowd: %d %d end%n", &writer,
					&number, &used), 2);
		assert_int_equal(STAMP_LEN + used, end - at);
		assert_in_range(writer, 0, CROWD - 1);
		assert_int_equal(number, next[writer]++);
		at = end + 1;
	}
	assert_int_equal(lines, CROWD * EACH);
	assert_int_equal(seen, CROWD * EACH);
	close(fd);
}

int test_log(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(levels_have_names),
		cmocka_unit_test(lines_say_when_what_where),
		cmocka_unit_test(levels_filter),
		cmocka_unit_test(controls_are_visible),
		cmocka_unit_test(long_texts_are_cut),
		cmocka_unit_test(callbacks_hear_the_line),
		cmocka_unit_test(threads_do_not_mix),
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
