/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Copying where there is no desktop: tmux drops such sequences of programs unless it is told otherwise, so it is asked by its
 * own command; everywhere else the terminal is sent one and nobody can know what became of it, so that is what is said.
 */
#include "copy.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/memory.h"

#define TMUX_MS 500
#define SEQUENCE_MAX ((size_t)74000)        /* of base64: what terminals take */
#define TEXT_MAX (SEQUENCE_MAX / 4 * 3)
#define SCREEN_PIECE ((size_t)240)          /* GNU screen drops longer strings */

extern char **environ;

/* ---- tmux ---- */

static int64_t ticks_ms(void)
{
	struct env env = env_real();

	return env.ticks_ms(env.ctx);
}

/* Give the text to the child and wait until it closes its end, which it does by ending. False: not in time. */
static bool feed(int fd, const char *text, size_t len)
{
	int64_t until = ticks_ms() + TMUX_MS;

	for (;;) {
		struct pollfd ready = { .fd = fd, .events = len > 0 ? POLLOUT : POLLIN };
		int64_t left = until - ticks_ms();
		char byte;
		ssize_t done;

		if (left <= 0 || (poll(&ready, 1, (int)left) <= 0 && errno != EINTR))
			return false;
		done = len > 0 ? send(fd, text, len, MSG_NOSIGNAL | MSG_DONTWAIT) : recv(fd, &byte, 1, MSG_DONTWAIT);
		if (len == 0 && done == 0)
			return true;
		if (done < 0 && errno != EAGAIN && errno != EINTR)
			return len == 0;
		if (len == 0 || done < 0)
			continue; /* what it says is of no interest */
		text += done;
		len -= (size_t)done;
		if (len == 0)
			shutdown(fd, SHUT_WR);
	}
}

static pid_t start_tmux(int fd)
{
	char *const arguments[] = { (char[]){ "tmux" }, (char[]){ "load-buffer" }, (char[]){ "-w" }, (char[]){ "-" }, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, usual;
	pid_t child = -1;

	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	sigemptyset(&none);
	sigemptyset(&usual);
	sigaddset(&usual, SIGPIPE);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &usual);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawn_file_actions_adddup2(&actions, fd, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, fd, STDOUT_FILENO);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	if (posix_spawnp(&child, "tmux", &actions, &attributes, arguments, environ) != 0)
		child = -1;
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return child;
}

bool copy_through_tmux(const char *text, size_t len)
{
	int ends[2], status = -1;
	pid_t child;
	bool fed;

	/* A socket: writing to one whose reader is gone can be told not to raise a signal. */
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return false;
	child = start_tmux(ends[1]);
	close(ends[1]);
	fed = child > 0 && feed(ends[0], text, len);
	close(ends[0]);
	if (child <= 0)
		return false;
	if (!fed)
		kill(child, SIGKILL);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return fed && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* ---- the terminal's own sequence ---- */

static void add_base64(struct str *out, const char *text, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < len; i += 3) {
		uint32_t bits = (uint32_t)(unsigned char)text[i] << 16;

		if (i + 1 < len)
			bits |= (uint32_t)(unsigned char)text[i + 1] << 8;
		if (i + 2 < len)
			bits |= (unsigned char)text[i + 2];
		str_add_char(out, digits[bits >> 18]);
		str_add_char(out, digits[bits >> 12 & 63]);
		str_add_char(out, i + 1 < len ? digits[bits >> 6 & 63] : '=');
		str_add_char(out, i + 2 < len ? digits[bits & 63] : '=');
	}
}

/* Consoles show what they do not understand. */
static bool has_clipboard(const char *terminal)
{
	static const char *const without[] = { "linux", "vt", "cons", "dumb", "sun", "hurd" };

	for (size_t i = 0; terminal && i < ARRAY_LEN(without); i++)
		if (strncmp(terminal, without[i], strlen(without[i])) == 0)
			return false;
	return true;
}

/* GNU screen passes on what is wrapped for it, in pieces; an end mark with an ESC would end the wrapping. */
static void add_wrapped(struct str *out, const struct str *sequence)
{
	for (size_t at = 0; at < sequence->len; at += SCREEN_PIECE) {
		size_t left = sequence->len - at;

		str_add(out, "\033P");
		str_add_bytes(out, sequence->text + at, left < SCREEN_PIECE ? left : SCREEN_PIECE);
		str_add(out, "\033\\");
	}
}

bool copy_sequence(const struct copy_place *place, const char *text, size_t len, struct str *out, char *report, size_t size)
{
	AUTO(str_clear) struct str sequence = STR_INIT(SEQUENCE_MAX + 32);
	bool wrap = place->screen && *place->screen && !(place->tmux && *place->tmux);

	if (!has_clipboard(place->terminal)) {
		snprintf(report, size, "not copied: the terminal '%.40s' has no clipboard", place->terminal);
		return false;
	}
	if (len > TEXT_MAX) {
		snprintf(report, size, "not copied: %zu bytes are more than terminals take (%zu)", len, TEXT_MAX);
		return false;
	}
	str_add(&sequence, "\033]52;c;");
	add_base64(&sequence, text, len);
	str_add(&sequence, wrap ? "\007" : "\033\\");
	if (wrap)
		add_wrapped(out, &sequence);
	else
		str_add_bytes(out, sequence.text, sequence.len);
	return true;
}

void copy_text(struct screen *screen, const char *text, char *report, size_t size)
{
	const struct copy_place place = { env_variable("TMUX"), env_variable("STY"), env_variable("TERM") };
	AUTO(str_clear) struct str bytes = STR_INIT(STR_NO_LIMIT);
	size_t len = strlen(text);

	if (len == 0) {
		snprintf(report, size, "not copied: there is nothing");
	} else if (place.tmux && *place.tmux && copy_through_tmux(text, len)) {
		snprintf(report, size, "copied into tmux, and sent on to the terminal, not confirmed");
	} else if (copy_sequence(&place, text, len, &bytes, report, size)) {
		screen_send(screen, bytes.text, bytes.len);
		snprintf(report, size, "sent to the terminal (OSC 52), not confirmed");
	}
}
