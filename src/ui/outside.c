/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plain screens and pagers. Programs are started by their words, never by a shell. */
#include "outside.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/memory.h"

extern char **environ;

/* Where there are only lines the program's go among ours. */
static void leave(struct deck *deck)
{
	if (deck->screen)
		screen_leave(deck->screen);
}

static void come_back(struct deck *deck)
{
	if (deck->screen)
		screen_return(deck->screen);
	deck_dirty(deck);
}

static const char hint[] = "\n\nEnter goes back to the deck.\n";

static bool write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t written = write(fd, bytes, len);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return false;
		bytes += written;
		len -= (size_t)written;
	}
	return true;
}

/* Until a line has ended, nobody is there any more, or the program is asked to end. */
static void wait_for_enter(struct deck *deck)
{
	struct pollfd fds[] = { { .fd = STDIN_FILENO, .events = POLLIN },
				{ .fd = deck->app->cancel ? cancel_fd(deck->app->cancel) : -1, .events = POLLIN } };
	char bytes[256];
	ssize_t got;

	for (;;) {
		if (poll(fds, ARRAY_LEN(fds), -1) < 0 && errno != EINTR)
			return;
		if (cancel_asked(deck->app->cancel))
			return;
		if (!fds[0].revents)
			continue;
		got = read(STDIN_FILENO, bytes, sizeof(bytes));
		if (got <= 0 || memchr(bytes, '\n', (size_t)got) || memchr(bytes, '\r', (size_t)got))
			return;
	}
}

void outside_plain(struct deck *deck, const char *text)
{
	leave(deck);
	if (write_all(STDOUT_FILENO, "\n", 1) && write_all(STDOUT_FILENO, text, strlen(text)) &&
	    write_all(STDOUT_FILENO, hint, sizeof(hint) - 1))
		wait_for_enter(deck);
	come_back(deck);
}

/* Feed it and wait for its end. Keys such as C-c are its own now. */
static int feed(pid_t pid, int fd, const char *text, size_t len)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, interrupt, quit;
	int status = -1;

	sigemptyset(&ignore.sa_mask);
	sigaction(SIGINT, &ignore, &interrupt);
	sigaction(SIGQUIT, &ignore, &quit);
	if (fd >= 0) {
		write_all(fd, text, len); /* it may end before it has read all */
		close(fd);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	sigaction(SIGINT, &interrupt, NULL);
	sigaction(SIGQUIT, &quit, NULL);
	return status;
}

/* A program on the terminal, with the text as its input (NULL: the terminal is). False, and told: it did not go well. */
static bool run(struct deck *deck, char *const *words, const char *text, size_t len)
{
	posix_spawn_file_actions_t actions;
	int ends[2] = { -1, -1 }, failed, status;
	pid_t pid;

	if (text && pipe2(ends, O_CLOEXEC) != 0) {
		deck_say(deck, ROLE_WARN, "No pipe can be made: %s.", strerror(errno));
		return false;
	}
	posix_spawn_file_actions_init(&actions);
	if (text)
		posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO);
	failed = posix_spawnp(&pid, words[0], &actions, NULL, words, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (text)
		close(ends[0]);
	if (failed) {
		if (text)
			close(ends[1]);
		deck_say(deck, ROLE_WARN, "'%s' cannot be run: %s.", words[0], strerror(failed));
		return false;
	}
	status = feed(pid, ends[1], text, len);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	if (WIFEXITED(status))
		deck_say(deck, ROLE_WARN, "'%s' ended with %d.", words[0], WEXITSTATUS(status));
	else
		deck_say(deck, ROLE_WARN, "'%s' ended badly.", words[0]);
	return false;
}

void outside_pager(struct deck *deck, const char *text, size_t len)
{
	AUTO(words_free) char **words = NULL;
	const char *pager = env_variable("PAGER");
	size_t count;

	if (!words_split(pager && *pager ? pager : "less", &words, &count) || count == 0) {
		deck_say(deck, ROLE_WARN, "$PAGER is not a command that can be run.");
		return;
	}
	leave(deck);
	run(deck, words, text, len);
	come_back(deck);
}

void outside_pipe(struct deck *deck, char *const *words, const char *text, size_t len)
{
	if (!deck->screen && !deck->plain)
		return;
	leave(deck);
	run(deck, words, text, len);
	if (deck->screen && write_all(STDOUT_FILENO, hint, sizeof(hint) - 1))
		wait_for_enter(deck);
	come_back(deck);
}

bool outside_editor(struct deck *deck, const char *path)
{
	AUTO(memory_freep) char **line = NULL;
	AUTO(words_free) char **words = NULL;
	const char *editor = env_variable("VISUAL");
	size_t count;
	bool good;

	editor = editor && *editor ? editor : env_variable("EDITOR");
	if (!words_split(editor && *editor ? editor : "vi", &words, &count) || count == 0) {
		deck_say(deck, ROLE_WARN, "$EDITOR is not a command that can be run.");
		return false;
	}
	if (!deck->screen && !deck->plain)
		return false;
	line = memory_new((count + 2) * sizeof(*line));
	memcpy(line, words, count * sizeof(*line));
	/* The program does not write its words. */
	line[count] = (char *)(uintptr_t)path;
	leave(deck);
	good = run(deck, line, NULL, 0);
	come_back(deck);
	return good;
}
