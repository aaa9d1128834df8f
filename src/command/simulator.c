/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Starts and ends the simulator as a child process. */
#include "simulator.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"

#define PROGRAM "ledgerdeck-simulator"
#define START_MS 60000
#define LOOK_MS 20

extern char **environ;

/* Beside our own program; its bare name when there is none, which is looked for in PATH. */
static void find_program(struct str *out)
{
	char self[4096];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	self[len > 0 ? len : 0] = '\0';
	slash = strrchr(self, '/');
	if (slash) {
		slash[1] = '\0';
		str_addf(out, "%s" PROGRAM, self);
		if (access(out->text, X_OK) == 0)
			return;
	}
	str_reset(out);
	str_add(out, PROGRAM);
}

char **child_environment(void)
{
	static const char *const names[] = { "PATH", "HOME", "TMPDIR", "TZ", "LANG", "LD_LIBRARY_PATH", "ASAN_OPTIONS",
					     "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS" };
	char **kept;
	size_t count = 0, at = 0;

	while (environ[count])
		count++;
	kept = memory_new((count + 1) * sizeof(*kept));
	for (size_t i = 0; i < count; i++) {
		size_t len = strcspn(environ[i], "=");
		bool wanted = strncmp(environ[i], "LC_", 3) == 0;

		for (size_t k = 0; k < ARRAY_LEN(names); k++)
			wanted = wanted || (strlen(names[k]) == len && strncmp(environ[i], names[k], len) == 0);
		if (wanted)
			kept[at++] = environ[i];
	}
	return kept;
}

/* A group of its own, so that ^C stops us first; its words go to a file. */
static int spawn(const char *program, char *const *words, const char *log_path, pid_t *ret_pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	AUTO(memory_freep) char **environment = child_environment();
	sigset_t none, all;
	int result;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &all);
	result = posix_spawnp(ret_pid, program, &actions, &attributes, words, environment);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return result;
}

static bool read_port(const char *path, int *ret_port)
{
	AUTO(str_clear) struct str text = STR_INIT(100);
	struct error ignored;
	long port;

	if (!file_exists(path) || !file_read(path, 100, &text, &ignored))
		return false;
	port = strtol(text.text, NULL, 10);
	if (port <= 0 || port > 65535 || text.text[text.len - 1] != '\n')
		return false;
	*ret_port = (int)port;
	return true;
}

/* What it said before it ended, in one line. */
static bool say_why(const char *log_path, struct error *err)
{
	AUTO(str_clear) struct str text = STR_INIT(4096);
	struct error ignored;

	if (!file_read(log_path, 4096, &text, &ignored))
		str_add(&text, "it said nothing");
	text.text[strcspn(text.text, "\n")] = '\0';
	return error_set(err, ERROR_INTERNAL, "the simulator did not start: %.180s", text.text);
}

static bool await_port(struct simulator_child *child, const char *port_path, const char *log_path, struct cancel *cancel,
		       struct error *err)
{
	for (int waited_ms = 0; waited_ms < START_MS; waited_ms += LOOK_MS) {
		int status;

		if (read_port(port_path, &child->port))
			return true;
		if (waitpid(child->pid, &status, WNOHANG) == child->pid) {
			child->pid = 0;
			return say_why(log_path, err);
		}
		if (!cancel_sleep(cancel, LOOK_MS))
			return error_set(err, ERROR_CANCELLED, "interrupted");
	}
	return error_set(err, ERROR_INTERNAL, "the simulator does not come up; see '%s'", log_path);
}

bool simulator_start(const char *directory, struct cancel *cancel, struct simulator_child *ret_child, struct error *err)
{
	AUTO(str_clear) struct str program = STR_INIT(5000);
	AUTO(str_clear) struct str port_path = STR_INIT(5000);
	AUTO(str_clear) struct str log_path = STR_INIT(5000);
	AUTO(str_clear) struct str state_path = STR_INIT(5000);
	struct simulator_child child = { 0 };
	int result;

	find_program(&program);
	str_addf(&port_path, "%s/simulator.port", directory);
	str_addf(&log_path, "%s/simulator.log", directory);
	str_addf(&state_path, "%s/simulator.db", directory);
	unlink(port_path.text);
	{
		char company[] = "--company", us[] = "us", eu[] = "eu", small[] = "small", closed[] = "closed", xledger[] = "xledger";
		char *words[] = { program.text, (char[]){ "--auto-consent" }, (char[]){ "--exit-with-parent" }, (char[]){ "--quiet" },
				  (char[]){ "--port" }, (char[]){ "0" }, (char[]){ "--port-file" }, port_path.text,
				  (char[]){ "--state" }, state_path.text, (char[]){ "--set" }, (char[]){ "limits=off" },
				  company, us, company, eu, company, small, company, closed, company, xledger, NULL };

		/* One that is gone on with has its companies. */
		if (access(state_path.text, F_OK) == 0)
			words[ARRAY_LEN(words) - 11] = NULL;

		result = spawn(program.text, words, log_path.text, &child.pid);
	}
	if (result == ENOENT)
		return error_set(err, ERROR_INTERNAL, "the program " PROGRAM " is neither beside this one nor in PATH; install it");
	if (result != 0)
		return error_set(err, ERROR_INTERNAL, "cannot start '%.160s': %s", program.text, strerror(result));
	if (!await_port(&child, port_path.text, log_path.text, cancel, err)) {
		simulator_end(&child);
		return false;
	}
	*ret_child = child;
	return true;
}

void simulator_end(struct simulator_child *child)
{
	int status;

	if (child->pid <= 0)
		return;
	kill(child->pid, SIGTERM);
	while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
		;
	child->pid = 0;
}
