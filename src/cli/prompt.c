/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asking a person. On a terminal a line is read byte by byte without the terminal's own line editing, since that
 * cuts lines at 4096 bytes; what is secret is not shown. Elsewhere the answers come from standard input: one
 * line each, for a paste all lines up to an empty one, the end, or a moment of silence.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "ledgerdeck/core/memory.h"
#include "face.h"

#define ANSWER_MAX ((size_t)65536)
#define SILENCE_MS 200

/* The terminal is one per process; signal handlers must be able to give it back. */
static struct termios saved;
static volatile sig_atomic_t is_saved;

/* What was read behind the end of an answer: the next one's beginning. Locked memory, since it may be a secret. */
static struct secret *rest;
static size_t rest_at, rest_end;

void cli_restore_terminal(void)
{
	if (!is_saved)
		return;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &saved);
	is_saved = 0;
}

static void restore(int *unused)
{
	(void)unused;
	cli_restore_terminal();
}

/* Signals stay the terminal's: ^C interrupts, ^Z stops. */
static bool make_raw(struct error *err)
{
	struct termios raw;

	if (tcgetattr(STDIN_FILENO, &saved) != 0)
		return error_set(err, ERROR_INPUT, "the terminal cannot be read: %s", strerror(errno));
	raw = saved;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ECHOE | ECHOK | ECHONL | IEXTEN);
	raw.c_iflag &= ~(tcflag_t)(ISTRIP | INLCR | IGNCR);
	raw.c_iflag |= ICRNL;
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	is_saved = 1;
	/* What was typed before the question stays: it may be a paste that came early. */
	if (tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0)
		return true;
	is_saved = 0;
	return error_set(err, ERROR_INPUT, "the terminal cannot be prepared: %s", strerror(errno));
}

/* Our own bytes, for the terminal itself. */
static void say_raw(const char *bytes)
{
	if (write(STDERR_FILENO, bytes, strlen(bytes)) < 0)
		return; /* nobody can be asked who can't be reached; the answer decides */
}

static void say(const char *text)
{
	AUTO(str_clear) struct str safe = STR_INIT(4096);

	text_add_line(&safe, TEXT_SAFE, text, strlen(text));
	say_raw(safe.text);
}

struct answer {
	enum ask_kind kind;
	bool terminal;
	struct secret *text;    /* owned: ANSWER_MAX bytes */
	size_t len;
	bool line_ended;
	bool bracketed;         /* between the marks of a paste */
	bool quoted;            /* the end mark was seen */
	bool full;
};

/* How the next byte is waited for. */
enum got { GOT_BYTE, GOT_SILENCE, GOT_END, GOT_CANCEL };

static enum got fill(const struct app *app, struct cancel *until, int timeout_ms)
{
	struct pollfd fds[3] = { { .fd = STDIN_FILENO, .events = POLLIN },
				 { .fd = app->cancel ? cancel_fd(app->cancel) : -1, .events = POLLIN },
				 { .fd = until ? cancel_fd(until) : -1, .events = POLLIN } };
	ssize_t got;
	int ready;

	do
		ready = poll(fds, 3, timeout_ms);
	while (ready < 0 && errno == EINTR && !cancel_asked(app->cancel) && !(until && cancel_asked(until)));
	if (cancel_asked(app->cancel) || (until && cancel_asked(until)))
		return GOT_CANCEL;
	if (ready == 0)
		return GOT_SILENCE;
	if (!rest)
		rest = secret_new(4096);
	got = read(STDIN_FILENO, secret_edit(rest), 4096);
	if (got <= 0)
		return GOT_END;
	rest_at = 0;
	rest_end = (size_t)got;
	return GOT_BYTE;
}

static enum got next_byte(const struct app *app, struct cancel *until, int timeout_ms, char *ret_byte)
{
	if (rest_at == rest_end) {
		enum got got = fill(app, until, timeout_ms);

		if (got != GOT_BYTE)
			return got;
	}
	*ret_byte = secret_reveal(rest)[rest_at];
	secret_edit(rest)[rest_at++] = '\0';
	return GOT_BYTE;
}

/* Does the answer end with these bytes? Then they are taken off. */
static bool take_mark(struct answer *answer, const char *mark)
{
	size_t len = strlen(mark);

	if (answer->len < len || memcmp(secret_reveal(answer->text) + answer->len - len, mark, len) != 0)
		return false;
	answer->len -= len;
	return true;
}

static void erase_last(struct answer *answer)
{
	const char *text = secret_reveal(answer->text);

	if (answer->len == 0)
		return;
	do
		answer->len--;
	while (answer->len > 0 && ((unsigned char)text[answer->len] & 0xc0) == 0x80);
	if (answer->kind == ASK_LINE)
		say_raw("\b \b");
}

static void echo(const struct answer *answer, char byte)
{
	if (answer->kind == ASK_LINE && answer->terminal && write(STDERR_FILENO, &byte, 1) < 0)
		return;
}

static void keep(struct answer *answer, char byte)
{
	if (answer->len == ANSWER_MAX) {
		answer->full = true;
		return;
	}
	secret_edit(answer->text)[answer->len++] = byte;
}

/* A byte that a person typed. True: the answer is complete. */
static bool take_key(struct answer *answer, char byte)
{
	if (!answer->bracketed) {
		if (byte == '\b' || byte == 0x7f) {
			erase_last(answer);
			return false;
		}
		if (byte == 0x15) { /* ^U */
			while (answer->len > 0)
				erase_last(answer);
			return false;
		}
		if (byte == 0x04) /* ^D */
			return true;
	}
	if (byte == '\n' || byte == '\r') {
		answer->line_ended = true;
		if (answer->kind != ASK_PASTE)
			return true;
	}
	keep(answer, byte);
	if (take_mark(answer, "\033[200~")) {
		answer->bracketed = true;
	} else if (take_mark(answer, "\033[201~")) {
		answer->bracketed = false;
		return answer->kind == ASK_PASTE;
	} else if ((unsigned char)byte >= ' ') {
		echo(answer, byte);
	}
	return false;
}

/* A byte of a pipe or file. */
static bool take_byte(struct answer *answer, char byte)
{
	const char *text = secret_reveal(answer->text);

	if (byte != '\n') {
		keep(answer, byte);
		return false;
	}
	answer->line_ended = true;
	if (answer->len > 0 && text[answer->len - 1] == '\r')
		answer->len--;
	if (answer->kind != ASK_PASTE)
		return true;
	if (answer->len > 0 && text[answer->len - 1] == '\n') {
		answer->len--;
		return true; /* an empty line */
	}
	keep(answer, byte);
	return false;
}

static bool collect(const struct app *app, struct cancel *until, struct answer *answer, struct error *err)
{
	for (;;) {
		bool may_end = answer->kind == ASK_PASTE && answer->line_ended && !answer->bracketed;
		char byte = 0;

		switch (next_byte(app, until, may_end ? SILENCE_MS : -1, &byte)) {
		case GOT_BYTE:
			if (answer->terminal ? take_key(answer, byte) : take_byte(answer, byte))
				return true;
			break;
		case GOT_SILENCE:
			return true;
		case GOT_END:
			if (answer->len > 0)
				return true;
			return error_set(err, ERROR_INPUT, "nobody is there to answer");
		case GOT_CANCEL:
			return error_set(err, ERROR_CANCELLED, "interrupted");
		}
	}
}

bool prompt_ask(void *ctx, const char *prompt, enum ask_kind kind, struct cancel *until, struct secret **ret_text,
		struct error *err)
{
	const struct app *app = ctx;
	AUTO(secret_freep) struct secret *text = secret_new(ANSWER_MAX);
	struct answer answer = { .kind = kind, .terminal = isatty(STDIN_FILENO), .text = text };
	AUTO(restore) int raw = 0;
	bool good;

	(void)raw;
	if (answer.terminal) {
		if (!make_raw(err))
			return false;
		say(prompt);
		if (kind == ASK_PASTE)
			say_raw("\033[?2004h");
	}
	good = collect(app, until, &answer, err);
	if (answer.terminal) {
		if (kind == ASK_PASTE)
			say_raw("\033[?2004l");
		say_raw("\n");
	}
	if (!good)
		return false;
	if (answer.full)
		return error_set(err, ERROR_INPUT, "the answer is longer than %zu bytes", ANSWER_MAX);
	while (kind != ASK_PASTE && answer.len > 0 && strchr("\r\n", secret_reveal(text)[answer.len - 1]))
		answer.len--;
	*ret_text = secret_copy(secret_reveal(text), answer.len);
	return true;
}
