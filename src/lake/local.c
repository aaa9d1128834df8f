/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A directory of this machine. A file is made beside where it will stand, under a hidden name that no pattern for its kind finds, and
 * renamed; what was killed is written over by the run that goes on with it.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"
#include "destination_impl.h"

#define PATH_LIMIT 4000
#define MODE_DIRECTORY 0700

struct local {
	char *directory; /* owned: absolute, without a slash at its end */
};

static bool local_address(const char *given, struct str *out, struct error *err)
{
	AUTO(memory_freep) char *here = NULL;
	size_t len = strlen(given);

	if (strstr(given, "://"))
		return error_set(err, ERROR_INPUT, "'%.60s' is no destination: there are directories, az://ACCOUNT/CONTAINER and s3://BUCKET", given);
	if (len == 0)
		return error_set(err, ERROR_INPUT, "a destination is missing: name a directory");
	while (len > 1 && given[len - 1] == '/')
		len--;
	if (*given != '/') {
		here = getcwd(NULL, 0);
		if (!here)
			return error_set(err, ERROR_STORE, "cannot tell where '%.100s' is: %s", given, strerror(errno));
		str_add(out, strcmp(here, "/") == 0 ? "" : here);
		if (len == 1 && *given == '.')
			return true;
		str_add_char(out, '/');
	}
	if (len > 2 && strncmp(given, "./", 2) == 0)
		str_add_bytes(out, given + 2, len - 2);
	else
		str_add_bytes(out, given, len);
	return !str_is_cut(out) || error_set(err, ERROR_INPUT, "the path of '%.60s' is too long", given);
}

/* All directories down to this one. */
static bool make_directories(const char *path, struct error *err)
{
	AUTO(memory_freep) char *part = memory_copy_text(path);
	size_t len = strlen(part);
	struct stat status;

	for (size_t i = 1; i <= len; i++) {
		if (part[i] != '/' && part[i] != '\0')
			continue;
		part[i] = '\0';
		if (mkdir(part, MODE_DIRECTORY) < 0 && errno != EEXIST && (stat(part, &status) < 0 || !S_ISDIR(status.st_mode)))
			return error_set(err, ERROR_STORE, "cannot make the directory '%.160s': %s", part, strerror(errno));
		if (i < len)
			part[i] = '/';
	}
	if (stat(path, &status) < 0 || !S_ISDIR(status.st_mode))
		return error_set(err, ERROR_STORE, "'%.160s' is in the way: it is no directory", path);
	return true;
}

static bool local_open(const char *address, const struct destination_world *world, void **ret_state, struct error *err)
{
	struct local *local;

	(void)world;
	if (!make_directories(address, err))
		return false;
	if (access(address, W_OK | X_OK) < 0)
		return error_set(err, ERROR_STORE, "cannot write to the directory '%.160s': %s", address, strerror(errno));
	local = memory_new(sizeof(*local));
	local->directory = memory_copy_text(address);
	*ret_state = local;
	return true;
}

static void local_close(void *state)
{
	struct local *local = state;

	free(local->directory);
	free(local);
}

static bool add_path(const struct local *local, const char *path, struct str *out, struct error *err)
{
	str_addf(out, "%s/%s", strcmp(local->directory, "/") == 0 ? "" : local->directory, path);
	return !str_is_cut(out) || error_set(err, ERROR_STORE, "the path of '%.160s' is too long", path);
}

/* "DIR/.NAME.part" */
static bool add_spool(const struct local *local, const char *path, struct str *out, struct error *err)
{
	const char *slash = strrchr(path, '/');
	size_t directory_len = slash ? (size_t)(slash - path) + 1 : 0;
	AUTO(str_clear) struct str hidden = STR_INIT(PATH_LIMIT);

	str_addf(&hidden, "%.*s.%s.part", (int)directory_len, path, path + directory_len);
	return add_path(local, hidden.text, out, err);
}

static bool local_spool(void *state, const char *path, struct str *out, struct error *err)
{
	AUTO(str_clear) struct str directory = STR_INIT(PATH_LIMIT);

	if (!add_path(state, path, &directory, err))
		return false;
	str_truncate(&directory, (size_t)(strrchr(directory.text, '/') - directory.text));
	return (directory.len == 0 || make_directories(directory.text, err)) && add_spool(state, path, out, err);
}

static bool matches(const char *path, int64_t bytes, const struct digest *digest)
{
	struct stat status;
	struct digest found;
	struct error ignored;

	return lstat(path, &status) == 0 && S_ISREG(status.st_mode) && status.st_size == bytes && file_digest(path, &found, &ignored) &&
	       digest_equals(&found, digest);
}

static bool local_put(void *state, const char *path, int64_t bytes, const struct digest *digest, struct error *err)
{
	AUTO(str_clear) struct str from = STR_INIT(PATH_LIMIT), to = STR_INIT(PATH_LIMIT);
	struct stat status;

	(void)bytes;
	(void)digest;
	if (!add_spool(state, path, &from, err) || !add_path(state, path, &to, err))
		return false;
	if (lstat(to.text, &status) == 0 && !S_ISREG(status.st_mode))
		return error_set(err, ERROR_STORE, "'%.160s' is in the way: it is no file", to.text);
	if (rename(from.text, to.text) < 0)
		return error_set(err, ERROR_STORE, "cannot write '%.160s': %s", to.text, strerror(errno));
	return file_sync_parent(to.text, err);
}

static bool local_has(void *state, const char *path, int64_t bytes, const struct digest *digest, bool *ret_has, struct error *err)
{
	AUTO(str_clear) struct str at = STR_INIT(PATH_LIMIT);

	if (!add_path(state, path, &at, err))
		return false;
	*ret_has = matches(at.text, bytes, digest);
	return true;
}

const struct destination_kind destination_local = {
	.scheme = "", .address = local_address, .open = local_open, .close = local_close, .spool = local_spool, .put = local_put, .has = local_has,
};
