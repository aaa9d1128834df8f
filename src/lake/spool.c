/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that are being made: private, and removed unless they come to their end. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledgerdeck/lake/destination.h"

#define PATH_LIMIT 4000
#define MODE_PRIVATE 0600

void spool_init(struct spool *spool)
{
	*spool = (struct spool){ .fd = -1, .path = STR_INIT(PATH_LIMIT) };
}

void spool_clear(struct spool *spool)
{
	if (spool->fd >= 0) {
		close(spool->fd);
		unlink(spool->path.text);
	}
	if (spool->digest)
		digest_stream_end(spool->digest);
	str_clear(&spool->path);
	spool_init(spool);
}

static bool failed(const struct spool *spool, struct error *err)
{
	return error_set(err, ERROR_STORE, "cannot write '%.160s': %s", spool->path.text, strerror(errno));
}

bool spool_open(struct spool *spool, const char *path, struct error *err)
{
	struct stat status;

	str_add(&spool->path, path);
	if (str_is_cut(&spool->path))
		return error_set(err, ERROR_STORE, "cannot write '%.160s': the path is too long", path);
	/* A pipe or a link that somebody has put there is not written to. */
	spool->fd = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, MODE_PRIVATE);
	if (spool->fd < 0)
		return failed(spool, err);
	if (fstat(spool->fd, &status) < 0 || !S_ISREG(status.st_mode) || status.st_uid != geteuid()) {
		close(spool->fd);
		spool->fd = -1;
		return error_set(err, ERROR_STORE, "'%.160s' is in the way: it is no file of yours", path);
	}
	/* Whose time was up may still be writing: what he makes is as good. */
	if (flock(spool->fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK) {
		close(spool->fd);
		spool->fd = -1;
		return error_set(err, ERROR_CONFLICT, "another program is writing '%.160s' right now", path);
	}
	if (ftruncate(spool->fd, 0) < 0 || fchmod(spool->fd, MODE_PRIVATE) < 0)
		return failed(spool, err);
	spool->digest = digest_stream_new();
	return true;
}

bool spool_write(void *ctx, const char *bytes, size_t len, struct error *err)
{
	struct spool *spool = ctx;

	digest_stream_add(spool->digest, bytes, len);
	spool->bytes += (int64_t)len;
	while (len > 0) {
		ssize_t written = write(spool->fd, bytes, len);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return failed(spool, err);
		bytes += written;
		len -= (size_t)written;
	}
	return true;
}

bool spool_end(struct spool *spool, int64_t *ret_bytes, struct digest *ret_digest, struct error *err)
{
	bool closed;

	if (fsync(spool->fd) < 0)
		return failed(spool, err);
	/* Network file systems tell of a full disk only now. */
	closed = close(spool->fd) == 0 || errno == EINTR;
	spool->fd = -1;
	if (!closed) {
		failed(spool, err);
		unlink(spool->path.text);
		return false;
	}
	*ret_bytes = spool->bytes;
	*ret_digest = digest_stream_end(spool->digest);
	spool->digest = NULL;
	return true;
}
