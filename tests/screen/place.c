/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program in a directory of its own, on the terminal. */
#include "place.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/memory.h"
#include "tests.h"

#define PATIENCE_MS 40000
#define WORDS_MAX 24

/* What the child executes; set before it is started, since it gets no argument. */
static char *words[WORDS_MAX];

static void remove_tree(const char *directory)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;
	char path[1200];

	while (dir && (entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		snprintf(path, sizeof(path), "%.900s/%.255s", directory, entry->d_name);
		if (unlink(path) != 0)
			remove_tree(path);
	}
	if (dir)
		closedir(dir);
	rmdir(directory);
}

void place_init(struct place *place)
{
	memset(place, 0, sizeof(*place));
	place->terminal.master = -1;
	snprintf(place->directory, sizeof(place->directory), "/tmp/program-test-XXXXXX");
	assert_non_null(mkdtemp(place->directory));
}

void place_clear(struct place *place)
{
	terminal_clear(&place->terminal);
	if (place->simulator > 0) {
		kill(place->simulator, SIGTERM);
		waitpid(place->simulator, NULL, 0);
	}
	remove_tree(place->directory);
}

static void run(struct child *child)
{
	const struct rlimit none = { 0 };

	setrlimit(RLIMIT_CORE, &none);
	/* So that its end shows on the control connection. */
	fcntl(child->control, F_SETFD, 0);
	close(child->tty);
	execv(words[0], words);
	_exit(127);
}

static char *program(void)
{
	const char *path = env_variable("LEDGERDECK_PROGRAM");

	if (!path)
		fail_msg("LEDGERDECK_PROGRAM is not set");
	return memory_copy_text(path);
}

void place_start(struct place *place, int rows, int columns, char *const *arguments)
{
	AUTO(memory_freep) char *path = program();
	char home[100], data[100], state[100], config[100];
	const char *variables[] = { home, data, state, config, "no_proxy=*", NULL };
	struct terminal_options options = { .rows = rows, .columns = columns, .type = place->type, .variables = variables };
	size_t count = 0;

	snprintf(home, sizeof(home), "HOME=%s", place->directory);
	snprintf(data, sizeof(data), "XDG_DATA_HOME=%s/data", place->directory);
	snprintf(state, sizeof(state), "XDG_STATE_HOME=%s/state", place->directory);
	snprintf(config, sizeof(config), "XDG_CONFIG_HOME=%s/config", place->directory);
	words[count++] = path;
	for (; *arguments && count + 1 < WORDS_MAX; arguments++)
		words[count++] = *arguments;
	words[count] = NULL;
	terminal_start(&place->terminal, &options, run);
}

bool place_shows(struct terminal *terminal, const char *text)
{
	int rows, columns;

	vterm_get_size(terminal->vterm, &rows, &columns);
	for (int y = 0; y < rows; y++)
		if (strstr(terminal_row(terminal, y), text))
			return true;
	return false;
}

void place_fail(struct terminal *terminal, const char *what)
{
	int rows, columns;

	vterm_get_size(terminal->vterm, &rows, &columns);
	for (int y = 0; y < rows; y++)
		print_message("| %s\n", terminal_row(terminal, y));
	fail_msg("%s", what);
}

/* Until it stands on the screen. */
void place_await(struct terminal *terminal, const char *text)
{
	while (!place_shows(terminal, text)) {
		struct pollfd fd = { .fd = terminal->master, .events = POLLIN };
		char what[200];

		snprintf(what, sizeof(what), "'%s' never came", text);
		if (poll(&fd, 1, PATIENCE_MS) <= 0 || !terminal_read(terminal))
			place_fail(terminal, what);
	}
}

void place_type(struct terminal *terminal, const char *text)
{
	terminal_type(terminal, text, strlen(text));
}
