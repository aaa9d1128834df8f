/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files that are read and written as a whole, and the directories they live in. What stands in
 * them is left to the callers.
 */
#include "ledgerdeck/core/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/types.h>
#include <unistd.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/memory.h"

#define PATH_LIMIT 4096
#define READ_BYTES 65536
#define MODE_PRIVATE 0600

static void fd_closep(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Read to the end into `out`, which grows by at most `limit` bytes. */
static bool read_all(int fd, const char *path, size_t limit, struct str *out, struct error *err)
{
	AUTO(memory_freep) char *bytes = memory_resize(NULL, READ_BYTES);
	size_t start = out->len;

	for (;;) {
		ssize_t got = read(fd, bytes, READ_BYTES);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_set(err, ERROR_STORE, "cannot read '%s': %s", path,
					 strerror(errno));
		if (got == 0)
			return true;
		/* Its size may have changed since it was asked for. */
		if ((size_t)got > limit - (out->len - start))
			return error_set(err, ERROR_INPUT, "'%s' is larger than %zu bytes", path,
					 limit);
		str_add_bytes(out, bytes, (size_t)got);
		if (str_is_cut(out))
			return error_set(err, ERROR_INPUT, "'%s' is larger than %zu bytes", path,
					 out->limit);
	}
}

bool file_read(const char *path, size_t limit, struct str *out, struct error *err)
{
	/* A FIFO must not be waited for, and a terminal not be taken. */
	AUTO(fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	size_t start = out->len;
	bool was_cut = out->cut;
	struct stat status;

	if (fd < 0)
		return error_set(err, errno == ENOENT || errno == ENOTDIR || errno == ENXIO ?
				 ERROR_INPUT : ERROR_STORE, "cannot open '%s': %s", path,
				 strerror(errno));
	if (fstat(fd, &status) < 0)
		return error_set(err, ERROR_STORE, "cannot read '%s': %s", path, strerror(errno));
	if (!S_ISREG(status.st_mode))
		return error_set(err, ERROR_INPUT, "'%s' is not a file", path);
	if ((uintmax_t)status.st_size > limit)
		return error_set(err, ERROR_INPUT, "'%s' is larger than %zu bytes", path, limit);
	if (read_all(fd, path, limit, out, err))
		return true;
	str_truncate(out, start);
	out->cut = was_cut;
	return false;
}

bool file_digest(const char *path, struct digest *ret_digest, struct error *err)
{
	AUTO(fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
	AUTO(memory_freep) char *bytes = memory_resize(NULL, READ_BYTES);
	struct digest_stream *stream;
	struct digest digest;
	struct stat status;
	ssize_t got;

	if (fd < 0 && errno == ELOOP)
		return error_set(err, ERROR_INPUT, "'%s' is a symbolic link", path);
	if (fd < 0 || fstat(fd, &status) < 0)
		return error_set(err, errno == ENOENT || errno == ENXIO ? ERROR_INPUT : ERROR_STORE, "cannot open '%s': %s", path,
				 strerror(errno));
	if (!S_ISREG(status.st_mode))
		return error_set(err, ERROR_INPUT, "'%s' is not a file", path);
	stream = digest_stream_new();
	while ((got = read(fd, bytes, READ_BYTES)) > 0 || (got < 0 && errno == EINTR))
		if (got > 0)
			digest_stream_add(stream, bytes, (size_t)got);
	digest = digest_stream_end(stream);
	if (got < 0)
		return error_set(err, ERROR_STORE, "cannot read '%s': %s", path, strerror(errno));
	*ret_digest = digest;
	return true;
}

/* The directory that a path lies in, appended: "." if it names none. */
static void add_parent(struct str *out, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		str_add(out, ".");
	else
		str_add_bytes(out, path, slash == path ? 1 : (size_t)(slash - path));
}

bool file_sync_parent(const char *path, struct error *err)
{
	AUTO(str_clear) struct str parent = STR_INIT(PATH_LIMIT);
	AUTO(fd_closep) int fd = -1;

	add_parent(&parent, path);
	fd = open(parent.text, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* Some file systems can't sync directories and say so. */
	if (fd < 0 || (fsync(fd) < 0 && errno != EINVAL && errno != EROFS))
		return error_set(err, ERROR_STORE, "cannot write the directory '%s': %s",
				 parent.text, strerror(errno));
	return true;
}

static bool write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t written = write(fd, bytes, len);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return false;
		bytes += written;
		len -= (size_t)written;
	}
	return true;
}

void file_draft_init(struct file_draft *draft)
{
	draft->fd = -1;
	str_init(&draft->path, PATH_LIMIT);
	str_init(&draft->temporary, PATH_LIMIT);
}

void file_draft_clear(struct file_draft *draft)
{
	fd_closep(&draft->fd);
	draft->fd = -1;
	if (draft->temporary.len > 0)
		unlink(draft->temporary.text);
	str_clear(&draft->path);
	str_clear(&draft->temporary);
}

static bool draft_failed(const struct file_draft *draft, struct error *err)
{
	return error_set(err, ERROR_STORE, "cannot write '%s': %s", draft->path.text, strerror(errno));
}

bool file_draft_open(struct file_draft *draft, const char *path, struct error *err)
{
	str_reset(&draft->path);
	str_add(&draft->path, path);
	str_addf(&draft->temporary, "%s.XXXXXX", path);
	if (str_is_cut(&draft->temporary)) {
		str_reset(&draft->temporary);
		return error_set(err, ERROR_STORE, "cannot write '%s': the path is too long", path);
	}
	/* Created here and by nobody else, mode 0600: no link of others is followed. */
	draft->fd = mkostemp(draft->temporary.text, O_CLOEXEC);
	if (draft->fd >= 0)
		return true;
	str_reset(&draft->temporary);
	return draft_failed(draft, err);
}

bool file_draft_write(struct file_draft *draft, const char *bytes, size_t len, struct error *err)
{
	return write_all(draft->fd, bytes, len) || draft_failed(draft, err);
}

bool file_draft_commit(struct file_draft *draft, unsigned mode, struct error *err)
{
	bool closed;

	if (fchmod(draft->fd, mode ? mode : MODE_PRIVATE) < 0 || fsync(draft->fd) < 0)
		return draft_failed(draft, err);
	/* Network file systems tell of a full disk only now. */
	closed = close(draft->fd) == 0 || errno == EINTR;
	draft->fd = -1;
	if (!closed || rename(draft->temporary.text, draft->path.text) < 0)
		return draft_failed(draft, err);
	str_reset(&draft->temporary);
	return file_sync_parent(draft->path.text, err);
}

bool file_write(const char *path, const char *bytes, size_t len, unsigned mode, struct error *err)
{
	AUTO(file_draft_clear) struct file_draft draft;

	file_draft_init(&draft);
	return file_draft_open(&draft, path, err) && file_draft_write(&draft, bytes, len, err) && file_draft_commit(&draft, mode, err);
}

/* What is there already must be ours alone to change, or others could swap our files. */
static bool check_directory(const char *path, struct error *err)
{
	AUTO(fd_closep) int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat status;

	if (fd < 0 || fstat(fd, &status) < 0)
		return error_set(err, ERROR_STORE, "cannot use the directory '%s': %s", path,
				 strerror(errno));
	if (status.st_uid != geteuid())
		return error_set(err, ERROR_STORE, "the directory '%s' belongs to somebody else",
				 path);
	if (status.st_mode & (S_IWGRP | S_IWOTH))
		return error_set(err, ERROR_STORE,
				 "others can write to the directory '%s': chmod go-w would help",
				 path);
	return true;
}

bool file_make_private_directory(const char *path, struct error *err)
{
	AUTO(memory_freep) char *part = memory_copy_text(path);
	size_t len = strlen(part);

	while (len > 1 && part[len - 1] == '/')
		part[--len] = '\0';
	/* Those above first. All that is made is private, as the XDG specification wants it. */
	for (size_t i = 1; i < len; i++) {
		if (part[i] != '/')
			continue;
		part[i] = '\0';
		if (mkdir(part, 0700) < 0 && errno != EEXIST && errno != EROFS && errno != EACCES)
			return error_set(err, ERROR_STORE, "cannot make the directory '%s': %s",
					 part, strerror(errno));
		part[i] = '/';
	}
	if (mkdir(part, 0700) < 0 && errno != EEXIST)
		return error_set(err, ERROR_STORE, "cannot make the directory '%s': %s", part,
				 strerror(errno));
	return check_directory(part, err);
}

/* ---- a directory that is written as a whole */

bool directory_each(const char *path, bool (*each)(void *ctx, const char *name), void *ctx, struct error *err)
{
	DIR *dir = opendir(path);
	const struct dirent *entry = NULL;
	bool good;

	if (!dir)
		return error_set(err, errno == ENOENT || errno == ENOTDIR ? ERROR_INPUT : ERROR_STORE, "cannot read '%s': %s", path,
				 strerror(errno));
	do {
		errno = 0;
		entry = readdir(dir);
	} while (entry && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 || each(ctx, entry->d_name)));
	good = entry || errno == 0 || error_set(err, ERROR_STORE, "cannot read '%s': %s", path, strerror(errno));
	closedir(dir);
	return good;
}

void directory_draft_init(struct directory_draft *draft)
{
	str_init(&draft->path, PATH_LIMIT);
	str_init(&draft->temporary, PATH_LIMIT);
}

static bool remove_file(void *ctx, const char *name)
{
	AUTO(str_clear) struct str path = STR_INIT(PATH_LIMIT);

	str_addf(&path, "%s/%s", (const char *)ctx, name);
	unlink(path.text);
	return true;
}

void directory_draft_clear(struct directory_draft *draft)
{
	if (draft->temporary.len > 0) {
		directory_each(draft->temporary.text, remove_file, draft->temporary.text, NULL);
		rmdir(draft->temporary.text);
	}
	str_clear(&draft->path);
	str_clear(&draft->temporary);
}

bool directory_draft_open(struct directory_draft *draft, const char *path, struct error *err)
{
	size_t len = strlen(path);

	while (len > 1 && path[len - 1] == '/')
		len--;
	if (!file_make_private_directory(path, err))
		return false;
	str_reset(&draft->path);
	str_add_bytes(&draft->path, path, len);
	str_addf(&draft->temporary, "%s.XXXXXX", draft->path.text);
	if (!str_is_cut(&draft->temporary) && mkdtemp(draft->temporary.text))
		return true;
	str_reset(&draft->temporary);
	return error_set(err, ERROR_STORE, "cannot make a directory beside '%s': %s", path, strerror(errno));
}

bool directory_draft_commit(struct directory_draft *draft, struct error *err)
{
	if (rename(draft->temporary.text, draft->path.text) < 0)
		return error_set(err, errno == ENOTEMPTY || errno == EEXIST ? ERROR_INPUT : ERROR_STORE, "cannot write '%s': %s",
				 draft->path.text, strerror(errno));
	str_reset(&draft->temporary);
	return file_sync_parent(draft->path.text, err);
}

bool file_check_private(const char *path, struct error *err)
{
	/* No link as the last part: others may own where it points from. */
	AUTO(fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK |
				      O_NOCTTY);
	struct stat status;

	if (fd < 0 && errno == ELOOP)
		return error_set(err, ERROR_INPUT, "'%s' is a symbolic link", path);
	if (fd < 0 || fstat(fd, &status) < 0)
		return error_set(err, ERROR_INPUT, "cannot open '%s': %s", path, strerror(errno));
	if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode))
		return error_set(err, ERROR_INPUT, "'%s' is not a file", path);
	if (status.st_uid != geteuid())
		return error_set(err, ERROR_INPUT, "'%s' belongs to somebody else", path);
	if (status.st_mode & (S_IRWXG | S_IRWXO))
		return error_set(err, ERROR_INPUT, "others can use '%s': chmod go= would help",
				 path);
	return true;
}

bool file_check_not_public(const char *path, struct error *err)
{
	struct stat status;

	if (stat(path, &status) < 0)
		return error_set(err, ERROR_INPUT, "cannot open '%s': %s", path, strerror(errno));
	if (status.st_mode & S_IRWXO)
		return error_set(err, ERROR_INPUT, "everybody can use '%s': chmod o= would help", path);
	return true;
}

int64_t file_room(const char *path)
{
	struct statvfs info;

	if (statvfs(path, &info) != 0 || info.f_frsize == 0 || info.f_bavail > (unsigned long long)INT64_MAX / info.f_frsize)
		return INT64_MAX;
	return (int64_t)(info.f_bavail * info.f_frsize);
}

bool file_exists(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0;
}

struct place {
	const char *variable; /* of the XDG base directory specification */
	const char *below_home;
};

static const struct place places[] = {
	[FILE_CONFIG] = { "XDG_CONFIG_HOME", ".config" },
	[FILE_DATA] = { "XDG_DATA_HOME", ".local/share" },
	[FILE_STATE] = { "XDG_STATE_HOME", ".local/state" },
	[FILE_CACHE] = { "XDG_CACHE_HOME", ".cache" },
};

bool file_add_place(enum file_place place, struct str *out, struct error *err)
{
	const char *base = env_variable(places[place].variable);
	const char *home = env_variable("HOME");

	/* Relative values are to be ignored, says the specification; empty ones are as if unset. */
	if (base && base[0] == '/') {
		str_addf(out, "%s/ledgerdeck", base);
		return true;
	}
	if (!home || home[0] != '/')
		return error_set(err, ERROR_INPUT,
				 "no home directory: HOME is not set to an absolute path");
	str_addf(out, "%s/%s/ledgerdeck", home, places[place].below_home);
	return true;
}
