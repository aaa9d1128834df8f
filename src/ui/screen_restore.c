/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The terminal comes back whole however the program ends: one prepared string and the former settings, written by a
 * handler that may run at any instant, then the signal itself, so that the shell is told the truth.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "ledgerdeck/core/memory.h"
#include "screen_impl.h"

#define BYTES_MAX 512
#define STACK_BYTES 65536
#define CHATTER_TOLD 2048 /* bytes of the end of what was said */

/* Two, so that a handler never finds one half written: the other one is filled, then they change places. */
struct undo {
	int fd;
	int error_fd;   /* what descriptor 2 was; -1: it was left alone */
	int chatter_fd; /* what was said on 1 and 2; -1: it is kept elsewhere */
	bool diverted;
	size_t len;
	struct termios settings;
	bool has_settings;
	char bytes[BYTES_MAX];
};

/* A process has one terminal, and handlers get no context. */
static struct undo undos[2];
static _Atomic(struct undo *) armed;

static const int crashes[] = { SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGQUIT };
static struct sigaction former[ARRAY_LEN(crashes)];
static volatile sig_atomic_t catching;
static void *stack;          /* owned */
static stack_t former_stack;

void screen_restore_arm(const struct screen *screen, const char *bytes, size_t len)
{
	struct undo *now = atomic_load(&armed);
	struct undo *next = &undos[now == &undos[0]];

	next->fd = screen->out_fd;
	next->error_fd = screen->error_fd;
	next->chatter_fd = screen->owns_chatter ? screen->chatter_fd : -1;
	next->diverted = screen->diverted;
	next->len = len < BYTES_MAX ? len : BYTES_MAX;
	memcpy(next->bytes, bytes, next->len);
	if (now) {
		/* Only the bytes are others: the settings of the terminal are ours by now. */
		next->settings = now->settings;
		next->has_settings = now->has_settings;
	} else {
		next->has_settings = tcgetattr(next->fd, &next->settings) == 0;
	}
	atomic_store(&armed, next);
}

void screen_restore_disarm(void)
{
	atomic_store(&armed, NULL);
}

bool screen_restore_is_armed(void)
{
	return atomic_load(&armed) != NULL;
}

static void write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t written = write(fd, bytes, len);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return;
		bytes += written;
		len -= (size_t)written;
	}
}

/*
 * A line that takes nothing is not waited for: frames that still stand in it are thrown away, which makes room; a line that is
 * dead has none even then.
 */
static void write_at_once(int fd, const char *bytes, size_t len)
{
	int flags = fcntl(fd, F_GETFL);
	bool thrown_away = false;

	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
		return;
	while (len > 0) {
		ssize_t written = write(fd, bytes, len);

		if (written > 0) {
			bytes += written;
			len -= (size_t)written;
		} else if (written < 0 && errno == EAGAIN && !thrown_away) {
			thrown_away = true;
			tcflush(fd, TCOFLUSH);
		} else if (written == 0 || errno != EINTR) {
			break;
		}
	}
	fcntl(fd, F_SETFL, flags);
}

/* What is said from now on is for people again: why the program ends. */
static void give_back_descriptors(const struct undo *undo)
{
	if (!undo->diverted)
		return;
	dup2(undo->fd, STDOUT_FILENO);
	if (undo->error_fd >= 0)
		dup2(undo->error_fd, STDERR_FILENO);
}

/* What was armed; NULL: nothing, or another one was faster. */
static const struct undo *restore(void)
{
	struct undo *undo = atomic_exchange(&armed, NULL);
	pid_t foreground;

	if (!undo)
		return NULL;
	foreground = tcgetpgrp(undo->fd);
	/* A job in the background leaves the terminal to whom it belongs by now; touching it would stop us, too. */
	if (foreground < 0 || foreground == getpgrp()) {
		write_at_once(undo->fd, undo->bytes, undo->len);
		/* What was typed for us is not a command line for the shell, least of all a paste. */
		tcflush(undo->fd, TCIFLUSH);
		if (undo->has_settings)
			tcsetattr(undo->fd, TCSANOW, &undo->settings);
	}
	give_back_descriptors(undo);
	return undo;
}

void screen_restore(void)
{
	int kept = errno;

	restore();
	errno = kept;
}

/* The end of what was said while nobody could see it: the text of an assertion, if it was one. */
static void tell_chatter(const struct undo *undo)
{
	char bytes[1024];
	off_t size = undo->chatter_fd >= 0 && undo->diverted ? lseek(undo->chatter_fd, 0, SEEK_CUR) : 0;
	off_t at = size > CHATTER_TOLD ? size - CHATTER_TOLD : 0;
	ssize_t got;

	while (at < size && (got = pread(undo->chatter_fd, bytes, sizeof(bytes), at)) > 0) {
		write_all(STDERR_FILENO, bytes, (size_t)got);
		at += got;
	}
}

/*
 * Who stood here before takes over: a sanitizer with its report, or the system. A fault happens again on return; what
 * somebody sent is sent again.
 */
static void on_crash(int number, siginfo_t *info, void *context)
{
	bool is_fault = number != SIGABRT && number != SIGQUIT && info->si_code > 0;
	const struct undo *undo = restore();

	(void)context;
	if (undo && number == SIGABRT)
		tell_chatter(undo);
	for (size_t i = 0; i < ARRAY_LEN(crashes); i++)
		if (crashes[i] == number)
			sigaction(number, &former[i], NULL);
	if (!is_fault)
		raise(number);
}

/* The stack for handlers is one thread's: this one's. Another thread that runs out of its own dies without a word. */
void screen_restore_catch(void)
{
	struct sigaction action = { .sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK | (int)SA_RESETHAND };
	static bool at_exit;
	stack_t own = { .ss_size = STACK_BYTES };

	if (catching)
		return;
	if (!at_exit)
		at_exit = atexit(screen_restore) == 0;
	stack = memory_new(STACK_BYTES);
	own.ss_sp = stack;
	sigaltstack(&own, &former_stack);
	sigfillset(&action.sa_mask);
	for (size_t i = 0; i < ARRAY_LEN(crashes); i++) {
		sigaction(crashes[i], NULL, &former[i]);
		/* What was ignored when the program was started stays so. */
		if (former[i].sa_handler != SIG_IGN)
			sigaction(crashes[i], &action, NULL);
	}
	catching = 1;
}

void screen_restore_end(void)
{
	screen_restore_disarm();
	if (!catching)
		return;
	for (size_t i = 0; i < ARRAY_LEN(crashes); i++)
		sigaction(crashes[i], &former[i], NULL);
	sigaltstack(&former_stack, NULL);
	free(stack);
	stack = NULL;
	catching = 0;
}
