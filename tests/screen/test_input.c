/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is typed and pasted on a real line, in pieces, in floods, and never ending. */
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledgerdeck/core/memory.h"
#include "terminal.h"
#include "tests.h"

static const struct screen_options colours = { .theme = "dark", .colour = true };
static const struct terminal_options usual = { 0 };

static void type(struct terminal *terminal, const char *bytes)
{
	terminal_type(terminal, bytes, strlen(bytes));
}

static void end(struct terminal *terminal)
{
	terminal_go(terminal);
	assert_int_equal(terminal_wait(terminal), 0);
	terminal_expect_sane(terminal);
}

/* ---- keys ---- */

struct sample {
	const char *bytes;
	const char *names; /* one or several, each a line */
};

static const struct sample samples[] = {
	{ "j", "j" },
	{ "G", "G" },
	{ " ", "Space" },
	{ "\x04", "C-d" },
	{ "\x1a", "C-z" },
	{ "\x03", "C-c" },
	{ "\x1c", "C-\\" },
	{ "\r", "Enter" },
	{ "\n", "Enter" },
	{ "\033OM", "Enter" },
	{ "\x08", "Backspace" },
	{ "\x7f", "Backspace" },
	{ "\t", "Tab" },
	{ "\033[Z", "S-Tab" },
	{ "\033OA", "Up" },
	{ "\033[A", "Up" },
	{ "\033[B", "Down" },
	{ "\033[1;5A", "C-Up" },
	{ "\033[1;2B", "Down" },
	{ "\033[1;3D", "A-Left" },
	{ "\033[5;5~", "C-PgUp" },
	{ "\033[5~", "PgUp" },
	{ "\033[6~", "PgDn" },
	{ "\033OH", "Home" },
	{ "\033[H", "Home" },
	{ "\033[1~", "Home" },
	{ "\033[F", "End" },
	{ "\033[4~", "End" },
	{ "\033[2~", "Ins" },
	{ "\033[3~", "Del" },
	{ "\033OP", "F1" },
	{ "\033[11~", "F1" },
	{ "\033[24~", "F12" },
	{ "\033x", "A-x" },
	{ "\033\r", "A-Enter" },
	{ "\033\x04", "C-A-d" },
	{ "\033\033[A", "A-Up" },
	{ "\033\033x", "Esc\nA-x" },
	{ "\033\033\033OA", "Esc\nA-Up" },
	{ "\033é", "A-é" },
	{ "é", "é" },
	{ "漢", "漢" },
	{ "\xf0\x9f\x8e\x89", "\xf0\x9f\x8e\x89" },
	/* One unknown key each, and what stands behind it is not lost. */
	{ "\033[57414;1:1uj", "an unknown key\nj" },
	{ "\033[?1;2cj", "an unknown key\nj" },
	{ "\033Ozj", "an unknown key\nj" },
	{ "\033[<0;10;20Mj", "an unknown key\nj" },
	{ "\xe9\x20j", "an unknown key\nSpace\nj" },
	{ "\xffj", "an unknown key\nj" },
	{ "\x80j", "an unknown key\nj" },
	{ "\xc2\x85j", "an unknown key\nj" },
	{ "\xed\xa0\x80j", "an unknown key\nj" },
	{ "\xe6\xbc\033OA", "an unknown key\nUp" },
	{ "\033\xc3j", "an unknown key\nj" },
	/* The end of a paste that nobody began. */
	{ "\033[201~j", "j" },
};

static int count_lines(const char *text)
{
	int count = 1;

	for (; *text; text++)
		count += *text == '\n';
	return count;
}

/* What other terminals send, by their descriptions. */
static const struct sample of_linux[] = {
	{ "\033[[A", "F1" },
	{ "\033[[E", "F5" },
	{ "\033[17~", "F6" },
	{ "\033[1~", "Home" },
	{ "\033[B", "Down" },
	{ "\033[[j", "an unknown key\nj" },
	{ "\x7f", "Backspace" },
};
static const struct sample of_vt52[] = {
	{ "\033A", "Up" },
	{ "\033D", "Left" },
	{ "\033x", "A-x" },
};

static void tell_samples(struct child *child, const struct sample *list, size_t count)
{
	child_open(child, &colours);
	for (size_t i = 0; i < count; i++) {
		child_step(child);
		child_tell_keys(child, count_lines(list[i].names));
	}
	child_step(child);
}

static void run_keys(struct child *child)
{
	tell_samples(child, samples, ARRAY_LEN(samples));
}

static void run_linux(struct child *child)
{
	tell_samples(child, of_linux, ARRAY_LEN(of_linux));
}

static void run_vt52(struct child *child)
{
	tell_samples(child, of_vt52, ARRAY_LEN(of_vt52));
}

static void expect_samples(const char *type_of, void (*run)(struct child *child), const struct sample *list, size_t count)
{
	AUTO(terminal_clear) struct terminal terminal;

	terminal_start(&terminal, &(struct terminal_options){ .type = type_of }, run);
	for (size_t i = 0; i < count; i++) {
		const char *name = list[i].names;

		terminal_step(&terminal);
		type(&terminal, list[i].bytes);
		terminal_go(&terminal);
		for (; name; name = strchr(name, '\n') ? strchr(name, '\n') + 1 : NULL) {
			char expected[64] = "";
			const char *told = terminal_told(&terminal);

			memcpy(expected, name, strcspn(name, "\n"));
			if (strcmp(told, expected) != 0)
				fail_msg("sample %zu: '%s' is told as '%s'", i, expected, told);
		}
	}
	terminal_step(&terminal);
	end(&terminal);
}

static void keys_have_their_names(void **state)
{
	(void)state;
	expect_samples(NULL, run_keys, samples, ARRAY_LEN(samples));
}

static void each_terminal_has_keys_of_its_own(void **state)
{
	(void)state;
	expect_samples("linux", run_linux, of_linux, ARRAY_LEN(of_linux));
	expect_samples("vt52", run_vt52, of_vt52, ARRAY_LEN(of_vt52));
}

static void run_flood(struct child *child)
{
	child_open(child, &colours);
	child_step(child);
	child_tell_keys(child, 500);
	child_step(child);
}

static void floods_lose_nothing(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;

	(void)state;
	terminal_start(&terminal, &usual, run_flood);
	terminal_step(&terminal);
	for (int i = 0; i < 250; i++)
		type(&terminal, "\033[Bé");
	terminal_go(&terminal);
	for (int i = 0; i < 250; i++) {
		assert_string_equal(terminal_told(&terminal), "Down");
		assert_string_equal(terminal_told(&terminal), "é");
	}
	terminal_step(&terminal);
	end(&terminal);
}

/* A lone ESC is known after a moment; with something behind it, it is Alt. */
static void run_escape(struct child *child)
{
	child_open(child, &colours);
	for (int i = 0; i < 2; i++) {
		child_step(child);
		child_tell_keys(child, 1);
	}
	child_step(child);
	child_tell_keys(child, 2);
	child_step(child);
}

static void escape_is_a_key(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;

	(void)state;
	terminal_start(&terminal, &usual, run_escape);
	for (int i = 0; i < 2; i++) {
		terminal_step(&terminal);
		type(&terminal, "\033");
		terminal_go(&terminal);
		assert_string_equal(terminal_told(&terminal), "Esc");
	}
	terminal_step(&terminal);
	type(&terminal, "\033\033");
	terminal_go(&terminal);
	assert_string_equal(terminal_told(&terminal), "Esc");
	assert_string_equal(terminal_told(&terminal), "Esc");
	terminal_step(&terminal);
	end(&terminal);
}

/* Over a slow line a character comes in halves, and nothing waits for the other one. */
static void run_halves(struct child *child)
{
	struct key key;

	child_open(child, &colours);
	child_step(child);
	if (screen_key(child->screen, &key))
		child_tell(child, "a key out of half a character");
	child_step(child);
	child_tell_keys(child, 1);
	child_step(child);
}

static void halves_of_characters_wait_for_the_other(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;

	(void)state;
	terminal_start(&terminal, &usual, run_halves);
	terminal_step(&terminal);
	type(&terminal, "\xe6\xbc");
	terminal_next(&terminal);
	type(&terminal, "\xa2");
	terminal_go(&terminal);
	assert_string_equal(terminal_told(&terminal), "漢");
	terminal_step(&terminal);
	end(&terminal);
}

static void run_ascii(struct child *child)
{
	child_open(child, &colours);
	child_step(child);
	child_tell_keys(child, 3);
	child_step(child);
}

static void without_utf8_bytes_are_unknown_keys(void **state)
{
	static const char *const variables[] = { "LC_ALL=C", NULL };
	AUTO(terminal_clear) struct terminal terminal;

	(void)state;
	terminal_start(&terminal, &(struct terminal_options){ .variables = variables }, run_ascii);
	terminal_step(&terminal);
	type(&terminal, "éj");
	terminal_go(&terminal);
	assert_string_equal(terminal_told(&terminal), "an unknown key");
	assert_string_equal(terminal_told(&terminal), "an unknown key");
	assert_string_equal(terminal_told(&terminal), "j");
	terminal_step(&terminal);
	end(&terminal);
}

/* Whatever comes, it is keys: none of it is stuck in, and what comes behind it is read as ever. */
static void run_rubbish(struct child *child)
{
	struct key key;
	int last = 0;

	child_open(child, &colours);
	child_step(child);
	while (last < 8) {
		struct pollfd fd = { .fd = screen_fd(child->screen), .events = POLLIN };

		while (last < 8 && screen_key(child->screen, &key))
			last = key.code == 'Z' && !key.alt ? last + 1 : 0;
		if (last < 8)
			poll(&fd, 1, screen_wait_ms(child->screen));
	}
	child_tell(child, "read");
	child_step(child);
}

static void rubbish_is_survived(void **state)
{
	static const char pieces[][8] = { "\033", "\033[", "\033[200", "\033O", "~", ";", "1", "A", "\xe6", "\x80", "\xff", "\033[<", "\033[M", "é" };
	AUTO(terminal_clear) struct terminal terminal;
	uint32_t number = 20261129;

	(void)state;
	terminal_start(&terminal, &usual, run_rubbish);
	terminal_step(&terminal);
	terminal_go(&terminal);
	for (int i = 0; i < 20000; i++) {
		char byte;

		number = number * 1664525U + 1013904223U;
		byte = (char)(number >> 24);
		if (number >> 8 & 1)
			terminal_type(&terminal, &byte, 1);
		else
			type(&terminal, pieces[(number >> 16) % ARRAY_LEN(pieces)]);
	}
	/* It may have begun a paste. */
	type(&terminal, "\033[201~ZZZZZZZZZZZZZZZZZZZZZZZZ");
	assert_string_equal(terminal_told(&terminal), "read");
	terminal_step(&terminal);
	end(&terminal);
}

/* A sequence comes in pieces, too, and is known as soon as it is whole. */
static void run_pieces(struct child *child)
{
	struct key key;

	child_open(child, &colours);
	for (int i = 0; i < 3; i++) {
		child_step(child);
		poll(&(struct pollfd){ .fd = screen_fd(child->screen), .events = POLLIN }, 1, -1);
		child_tell(child, screen_wait_ms(child->screen) == -1 ? "nothing" : "the start of a key");
		if (screen_key(child->screen, &key))
			child_tell(child, "a key out of half of one");
	}
	child_step(child);
	child_tell_keys(child, 2);
	child_tell(child, screen_wait_ms(child->screen) == -1 ? "nothing" : "the start of a key");
	child_step(child);
}

static void sequences_wait_for_the_rest(void **state)
{
	static const char *const variables[] = { "ESCDELAY=10000", NULL };
	static const char *const pieces[] = { "\033", "[1", ";5" };
	AUTO(terminal_clear) struct terminal terminal;

	(void)state;
	terminal_start(&terminal, &(struct terminal_options){ .variables = variables }, run_pieces);
	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
		terminal_step(&terminal);
		type(&terminal, pieces[i]);
		terminal_go(&terminal);
		assert_string_equal(terminal_told(&terminal), i == 0 ? "nothing" : "the start of a key");
	}
	terminal_step(&terminal);
	type(&terminal, "Aj");
	terminal_go(&terminal);
	assert_string_equal(terminal_told(&terminal), "C-Up");
	assert_string_equal(terminal_told(&terminal), "j");
	assert_string_equal(terminal_told(&terminal), "nothing");
	terminal_step(&terminal);
	end(&terminal);
}

/* What is typed behind the key that leaves is for the shell. */
static void run_leave(struct child *child)
{
	char bytes[8] = "";

	child_open(child, &colours);
	child_step(child);
	child_tell_keys(child, 1);
	screen_leave(child->screen);
	if (read(child->tty, bytes, 3) == 3)
		child_tell(child, bytes);
	screen_return(child->screen);
	child_tell_keys(child, 1);
	child_step(child);
}

static void what_is_typed_ahead_stays_there(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;

	(void)state;
	terminal_start(&terminal, &usual, run_leave);
	terminal_step(&terminal);
	type(&terminal, "qls\n");
	terminal_go(&terminal);
	assert_string_equal(terminal_told(&terminal), "q");
	assert_string_equal(terminal_told(&terminal), "ls");
	assert_string_equal(terminal_told(&terminal), "");
	type(&terminal, "k");
	assert_string_equal(terminal_told(&terminal), "k");
	terminal_step(&terminal);
	end(&terminal);
}

/* ---- pastes ---- */

static void run_pastes(struct child *child)
{
	child_open(child, &colours);
	child_step(child);
	child_tell_keys(child, 3);
	child_step(child);
	child_tell_keys(child, 2);
	child_step(child);
	child_tell_keys(child, 2);
	child_step(child);
}

static void expect_paste(struct terminal *terminal, const char *text)
{
	const char *told = terminal_told(terminal);

	if (strncmp(told, "paste ", 6) != 0 || strcmp(told + 6, text) != 0)
		fail_msg("not the paste that was typed: %.80s", told);
}

static void pastes_come_whole(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;
	AUTO(str_clear) struct str most = STR_INIT(SECRET_MAX);

	(void)state;
	terminal_start(&terminal, &usual, run_pastes);
	terminal_step(&terminal);
	type(&terminal, "a\033[200~https://x.example/?code=1&state=q:j\033[A\033 \x03\x07 é\x9b\033[20\033\033[201~b");
	terminal_go(&terminal);
	assert_string_equal(terminal_told(&terminal), "a");
	/* Nothing in it is a key or a control character; bytes that are no text are left to who reads it. */
	expect_paste(&terminal, "https://x.example/?code=1&state=q:j[A  é\x9b[20");
	assert_string_equal(terminal_told(&terminal), "b");
	terminal_step(&terminal);
	/* As much as there may be, in one flood. */
	while (most.len < SECRET_MAX)
		str_add_char(&most, (char)('a' + most.len % 26));
	terminal_go(&terminal);
	type(&terminal, "\033[200~");
	terminal_type(&terminal, most.text, most.len);
	type(&terminal, "\033[201~c");
	expect_paste(&terminal, most.text);
	assert_string_equal(terminal_told(&terminal), "c");
	/* And one more. */
	terminal_step(&terminal);
	terminal_go(&terminal);
	type(&terminal, "\033[200~x");
	terminal_type(&terminal, most.text, most.len);
	type(&terminal, "\033[201~d");
	expect_paste(&terminal, "(too long)");
	assert_string_equal(terminal_told(&terminal), "d");
	terminal_step(&terminal);
	end(&terminal);
}

static void run_lines(struct child *child)
{
	struct key key;
	int ends = 0;

	child_open(child, &colours);
	child_step(child);
	while (!screen_key(child->screen, &key))
		poll(&(struct pollfd){ .fd = screen_fd(child->screen), .events = POLLIN }, 1, -1);
	if (key.code == INPUT_PASTE) {
		AUTO(secret_freep) struct secret *paste = screen_take_paste(child->screen);

		for (const char *at = secret_reveal(paste); *at; at++)
			ends += *at == '\n' ? 1 : *at == '\r' ? 100 : 0;
		child_tell(child, ends == 4 && secret_len(paste) == 10 ? "right" : "wrong");
		child_tell(child, screen_take_paste(child->screen) ? "still there" : "taken");
	}
	child_step(child);
}

static void line_ends_of_pastes_are_one(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;

	(void)state;
	terminal_start(&terminal, &usual, run_lines);
	terminal_step(&terminal);
	type(&terminal, "\033[200~a\rb\r\nc\nd\r\xe6\xbc\033[201~");
	terminal_go(&terminal);
	assert_string_equal(terminal_told(&terminal), "right");
	assert_string_equal(terminal_told(&terminal), "taken");
	terminal_step(&terminal);
	end(&terminal);
}

static void run_silence(struct child *child)
{
	child_open(child, &colours);
	child_tell(child, screen_wait_ms(child->screen) == -1 ? "no paste" : "a paste");
	child_step(child);
	child_tell_keys(child, 1);
	child_tell(child, screen_wait_ms(child->screen) == -1 ? "no paste" : "a paste");
	child_step(child);
	child_tell_keys(child, 1);
	child_step(child);
}

static void a_paste_without_end_is_ended_by_silence(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;

	(void)state;
	terminal_start(&terminal, &usual, run_silence);
	terminal_step(&terminal);
	assert_string_equal(terminal_told(&terminal), "no paste");
	type(&terminal, "\033[200~half of it");
	terminal_go(&terminal);
	expect_paste(&terminal, "half of it");
	assert_string_equal(terminal_told(&terminal), "no paste");
	terminal_step(&terminal);
	type(&terminal, "\033[201~j");
	terminal_go(&terminal);
	assert_string_equal(terminal_told(&terminal), "j");
	terminal_step(&terminal);
	end(&terminal);
}

/* ---- the end of the line ---- */

static void run_until_gone(struct child *child)
{
	child_open(child, &colours);
	child_step(child);
	child_tell_keys(child, 1);
	if (screen_show(child->screen, &child->canvas))
		child_tell(child, "shown to nobody");
	child_tell(child, screen_is_gone(child->screen) ? "known" : "unknown");
}

/* SIGHUP is ignored, as under nohup: it must not take a signal to notice. */
static void run_deaf(struct child *child)
{
	signal(SIGHUP, SIG_IGN);
	run_until_gone(child);
}

static void hanging_up_ends_it(void **state)
{
	AUTO(terminal_clear) struct terminal terminal;
	int status;

	(void)state;
	terminal_start(&terminal, &usual, run_deaf);
	terminal_step(&terminal);
	terminal_go(&terminal);
	terminal_hang_up(&terminal);
	assert_string_equal(terminal_told(&terminal), "gone");
	assert_string_equal(terminal_told(&terminal), "known");
	status = terminal_wait(&terminal);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int test_input(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_have_their_names),
		cmocka_unit_test(each_terminal_has_keys_of_its_own),
		cmocka_unit_test(floods_lose_nothing),
		cmocka_unit_test(escape_is_a_key),
		cmocka_unit_test(halves_of_characters_wait_for_the_other),
		cmocka_unit_test(without_utf8_bytes_are_unknown_keys),
		cmocka_unit_test(sequences_wait_for_the_rest),
		cmocka_unit_test(what_is_typed_ahead_stays_there),
		cmocka_unit_test(rubbish_is_survived),
		cmocka_unit_test(pastes_come_whole),
		cmocka_unit_test(line_ends_of_pastes_are_one),
		cmocka_unit_test(a_paste_without_end_is_ended_by_silence),
		cmocka_unit_test(hanging_up_ends_it),
	};

	return cmocka_run_group_tests_name("screen_input", tests, NULL, NULL);
}
