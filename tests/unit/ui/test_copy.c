/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The clipboard's two ways: the sequence to the byte, and a tmux that takes it, refuses, is absent, or hangs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"
#include "ui/copy.h"

#include "tests.h"

#define LONGEST 55500 /* bytes; 74,000 of base64 */

/* ---- the sequence ---- */

static void the_sequence_is_right_to_the_byte(void **state)
{
	static const struct {
		const char *text, *bytes;
	} samples[] = {
		{ "f", "\033]52;c;Zg==\033\\" },	  { "fo", "\033]52;c;Zm8=\033\\" },
		{ "foo", "\033]52;c;Zm9v\033\\" },	  { "foob", "\033]52;c;Zm9vYg==\033\\" },
		{ "fooba", "\033]52;c;Zm9vYmE=\033\\" }, { "foobar", "\033]52;c;Zm9vYmFy\033\\" },
		{ "\xc3\xbf\xc3\xbe?>", "\033]52;c;w7/Dvj8+\033\\" },
	};
	const struct copy_place place = { .terminal = "xterm-256color" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		AUTO(str_clear) struct str bytes = STR_INIT(STR_NO_LIMIT);
		char report[100] = "untouched";

		assert_true(copy_sequence(&place, samples[i].text, strlen(samples[i].text), &bytes, report, sizeof(report)));
		assert_string_equal(bytes.text, samples[i].bytes);
		assert_string_equal(report, "untouched");
	}
}

static void a_clipboard_takes_so_much(void **state)
{
	const struct copy_place place = { .terminal = "foot" };
	AUTO(str_clear) struct str bytes = STR_INIT(STR_NO_LIMIT);
	AUTO(memory_freep) char *text = memory_new(LONGEST + 1);
	char report[100] = "";

	(void)state;
	memset(text, 'x', LONGEST + 1);
	assert_false(copy_sequence(&place, text, LONGEST + 1, &bytes, report, sizeof(report)));
	assert_string_equal(report, "not copied: 55501 bytes are more than terminals take (55500)");
	assert_int_equal(bytes.len, 0);
	assert_true(copy_sequence(&place, text, LONGEST, &bytes, report, sizeof(report)));
	assert_int_equal(bytes.len, 74000 + 9);
}

/* GNU screen shows strings of more than 768 bytes; what it passes on is what stands between the wrappings. */
static void gnu_screen_gets_it_in_pieces(void **state)
{
	const struct copy_place place = { .screen = "1234.pts-0.host", .terminal = "screen" };
	const struct copy_place bare = { .terminal = "xterm" };
	AUTO(str_clear) struct str wrapped = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str passed = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str expected = STR_INIT(STR_NO_LIMIT);
	char text[2000], report[100];

	(void)state;
	memset(text, 'y', sizeof(text));
	assert_true(copy_sequence(&place, text, sizeof(text), &wrapped, report, sizeof(report)));
	for (const char *at = wrapped.text; *at;) {
		const char *end = strstr(at, "\033\\");

		assert_memory_equal(at, "\033P", 2);
		assert_non_null(end);
		assert_in_range(end - at, 3, 700);
		str_add_bytes(&passed, at + 2, (size_t)(end - at - 2));
		at = end + 2;
	}
	assert_true(copy_sequence(&bare, text, sizeof(text), &expected, report, sizeof(report)));
	assert_int_equal(passed.text[passed.len - 1], '\007');
	assert_int_equal(passed.len, expected.len - 1);
	assert_memory_equal(passed.text, expected.text, passed.len - 1);
}

static void consoles_have_none(void **state)
{
	static const char *const consoles[] = { "linux", "linux-16color", "vt100", "vt220", "dumb", "cons25" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(consoles); i++) {
		const struct copy_place place = { .terminal = consoles[i] };
		AUTO(str_clear) struct str bytes = STR_INIT(STR_NO_LIMIT);
		char report[100], said[100];

		assert_false(copy_sequence(&place, "x", 1, &bytes, report, sizeof(report)));
		snprintf(said, sizeof(said), "not copied: the terminal '%s' has no clipboard", consoles[i]);
		assert_string_equal(report, said);
		assert_int_equal(bytes.len, 0);
	}
}

/* ---- tmux ---- */

struct world {
	char directory[64];
	char script[80], got[80];
	char *path; /* owned: PATH as it was */
};

static int enter_world(void **state)
{
	struct world *world = memory_new(sizeof(*world));

	snprintf(world->directory, sizeof(world->directory), "/tmp/test-copy-XXXXXX");
	if (!mkdtemp(world->directory))
		return -1;
	snprintf(world->script, sizeof(world->script), "%s/tmux", world->directory);
	snprintf(world->got, sizeof(world->got), "%s/got", world->directory);
	world->path = memory_copy_text(env_variable("PATH"));
	*state = world;
	return 0;
}

static int leave_world(void **state)
{
	struct world *world = *state;

	setenv("PATH", world->path, 1);
	unlink(world->script);
	unlink(world->got);
	rmdir(world->directory);
	free(world->path);
	free(world);
	return 0;
}

/* A tmux of ours, first on the path. */
static void put_tmux(const struct world *world, const char *body)
{
	AUTO(str_clear) struct str path = STR_INIT(STR_NO_LIMIT);
	FILE *file = fopen(world->script, "w");

	assert_non_null(file);
	fprintf(file, "#!/bin/sh\ncd '%s' || exit 9\n%s\n", world->directory, body);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(world->script, 0700), 0);
	str_addf(&path, "%s:%s", world->directory, world->path);
	setenv("PATH", path.text, 1);
}

static void tmux_gets_all_of_it(void **state)
{
	const struct world *world = *state;
	AUTO(str_clear) struct str got = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str expected = STR_INIT(STR_NO_LIMIT);
	struct error err = { 0 };
	size_t start;

	put_tmux(world, "echo \"$*\" >got && cat >>got && echo 'something it says'");
	str_add(&expected, "load-buffer -w -\n");
	start = expected.len;
	/* More than a socket takes at once. */
	while (expected.len < 1000000)
		str_addf(&expected, "%zu ", expected.len);
	assert_true(copy_through_tmux(expected.text + start, expected.len - start));
	assert_true(file_read(world->got, 2000000, &got, &err));
	assert_int_equal(got.len, expected.len);
	assert_memory_equal(got.text, expected.text, got.len);
}

static void a_tmux_that_refuses_is_believed(void **state)
{
	const struct world *world = *state;
	AUTO(memory_freep) char *text = memory_new(300000);

	memset(text, 'x', 300000);
	put_tmux(world, "cat >/dev/null; exit 1");
	assert_false(copy_through_tmux("text", 4));
	/* It ends without reading: nothing is raised here. */
	put_tmux(world, "exec 0<&- 1>&-; exit 0");
	copy_through_tmux(text, 300000);
	put_tmux(world, "kill -9 $$");
	assert_false(copy_through_tmux("text", 4));
}

static void without_tmux_there_is_none(void **state)
{
	const struct world *world = *state;

	setenv("PATH", world->directory, 1);
	assert_false(copy_through_tmux("text", 4));
}

static void a_tmux_that_hangs_is_left(void **state)
{
	const struct world *world = *state;
	struct env env = env_real();
	int64_t began = env.ticks_ms(env.ctx);

	put_tmux(world, "exec tail -f /dev/null");
	assert_false(copy_through_tmux("text", 4));
	assert_in_range(env.ticks_ms(env.ctx) - began, 400, 5000);
}

int test_copy(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_sequence_is_right_to_the_byte),
		cmocka_unit_test(a_clipboard_takes_so_much),
		cmocka_unit_test(gnu_screen_gets_it_in_pieces),
		cmocka_unit_test(consoles_have_none),
		cmocka_unit_test_setup_teardown(tmux_gets_all_of_it, enter_world, leave_world),
		cmocka_unit_test_setup_teardown(a_tmux_that_refuses_is_believed, enter_world, leave_world),
		cmocka_unit_test_setup_teardown(without_tmux_there_is_none, enter_world, leave_world),
		cmocka_unit_test_setup_teardown(a_tmux_that_hangs_is_left, enter_world, leave_world),
	};

	return cmocka_run_group_tests_name("copy", tests, NULL, NULL);
}
