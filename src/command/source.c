/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file of an operator's, or what comes in, as something that can be read more than once. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledgerdeck/core/file.h"
#include "verbs.h"

#define CHUNK ((size_t)256 << 10)

void source_close(struct source *source)
{
	if (source->fd >= 0)
		close(source->fd);
	source->fd = -1;
}

/* What comes from a pipe is kept in a file without a name. */
static bool copy_stdin(struct source *source, struct error *err)
{
	AUTO(str_clear) struct str path = STR_INIT(4200);
	AUTO(memory_freep) char *bytes = memory_new(CHUNK);
	ssize_t got, put;

	if (!file_add_place(FILE_STATE, &path, err) || !file_make_private_directory(path.text, err))
		return false;
	source->fd = open(path.text, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (source->fd < 0)
		return error_set(err, ERROR_STORE, "no room for what comes in at '%.120s': %s", path.text, strerror(errno));
	while ((got = read(STDIN_FILENO, bytes, CHUNK)) > 0)
		for (ssize_t at = 0; at < got; at += put) {
			put = write(source->fd, bytes + at, (size_t)(got - at));
			if (put < 0)
				return error_set(err, ERROR_STORE, "no room for what comes in at '%.120s': %s", path.text, strerror(errno));
		}
	return got == 0 || error_set(err, ERROR_INPUT, "what comes in can't be read: %s", strerror(errno));
}

bool source_open(struct source *source, const char *path, struct cancel *cancel, struct error *err)
{
	struct stat status;

	*source = (struct source){ .name = path, .fd = -1, .cancel = cancel };
	if (strcmp(path, "-") == 0)
		return copy_stdin(source, err);
	/* A FIFO must not be waited for, and a terminal not be taken. */
	source->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (source->fd < 0 || fstat(source->fd, &status) < 0)
		return error_set(err, ERROR_INPUT, "'%.120s' can't be opened: %s", path, strerror(errno));
	return S_ISREG(status.st_mode) ||
	       error_set(err, ERROR_INPUT, "'%.120s' is not a file; with '-' for its name what comes from a pipe is read", path);
}

bool source_read(struct source *source, bool (*feed)(void *ctx, const char *bytes, size_t len, struct error *err), void *ctx, struct error *err)
{
	AUTO(memory_freep) char *bytes = memory_new(CHUNK);
	ssize_t got;

	if (lseek(source->fd, 0, SEEK_SET) < 0)
		return error_set(err, ERROR_INPUT, "'%.120s' can't be read from its start: %s", source->name, strerror(errno));
	while ((got = read(source->fd, bytes, CHUNK)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_set(err, ERROR_INPUT, "'%.120s' can't be read: %s", source->name, strerror(errno));
		if (cancel_asked(source->cancel))
			return error_set(err, ERROR_CANCELLED, "interrupted, nothing was kept of what was not committed");
		if (!feed(ctx, bytes, (size_t)got, err))
			return false;
	}
	return true;
}
