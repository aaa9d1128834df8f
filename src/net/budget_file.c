/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The file below the budgets. It is written whole when it is made, so that no full disk can take
 * a page away from those who have mapped it, and it never shrinks. Making it and claiming slots
 * are under flock(), which ends with its holder; all else is atomics, of which a crash leaves
 * nothing half done.
 */
#include "budget_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledgerdeck/core/log.h"
#include "ledgerdeck/core/memory.h"

#define MAGIC UINT64_C(0x3130746764754244) /* "DBudgt01" */
#define CAREFUL_MS (INT64_C(60) * 1000)
#define STALE_US (INT64_C(7) * 86400 * 1000000) /* unused for so long: all of it has run out */

/* The place of the first slot. */
struct header {
	_Atomic(uint64_t) magic;
	uint64_t size;
	_Atomic(int64_t) careful_until_ms; /* wall: slots that are claimed before start carefully */
	uint64_t unused[13];
};
_Static_assert(sizeof(struct header) == sizeof(struct budget_slot), "the layout of the file");

struct layout {
	struct header header;
	struct budget_slot slots[BUDGET_FILE_SLOTS];
};

struct budget_file {
	int fd;		       /* for the lock */
	struct layout *layout; /* mapped; NULL: not yet */
};

static void file_lock(int fd)
{
	while (flock(fd, LOCK_EX) != 0 && errno == EINTR)
		;
}

static void file_unlock(int fd)
{
	flock(fd, LOCK_UN);
}

static bool write_whole(int fd, const struct layout *layout)
{
	const char *bytes = (const char *)layout;
	size_t done = 0;

	while (done < sizeof(*layout)) {
		ssize_t written = pwrite(fd, bytes + done, sizeof(*layout) - done, (off_t)done);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return false;
		done += (size_t)written;
	}
	return true;
}

/* Is it one of ours, whole? */
static bool is_good(int fd, off_t size)
{
	struct header header;

	return size == (off_t)sizeof(struct layout) &&
	       pread(fd, &header, sizeof(header), 0) == (ssize_t)sizeof(header) &&
	       atomic_load(&header.magic) == MAGIC && header.size == sizeof(struct layout);
}

/* Under the lock. In place: who has it mapped already goes on with the same file. */
static bool make(const char *path, int fd, const struct stat *status, int64_t wall_ms,
		 struct error *err)
{
	AUTO(memory_freep) struct layout *layout = NULL;

	if (is_good(fd, status->st_size))
		return true;
	layout = memory_new(sizeof(*layout));
	layout->header.size = sizeof(*layout);
	atomic_init(&layout->header.magic, MAGIC);
	if (status->st_size > 0) {
		log_warn("net", "the file of call budgets was damaged and starts anew");
		atomic_init(&layout->header.careful_until_ms, wall_ms + CAREFUL_MS);
	}
	if (!write_whole(fd, layout) || (status->st_size > (off_t)sizeof(*layout) &&
					 ftruncate(fd, (off_t)sizeof(*layout)) != 0))
		return error_set(err, ERROR_STORE, "cannot write '%.120s': %s", path,
				 strerror(errno));
	return true;
}

static bool check(const char *path, int fd, struct stat *ret_status, struct error *err)
{
	if (fstat(fd, ret_status) != 0)
		return error_set(err, ERROR_STORE, "cannot read '%.120s': %s", path,
				 strerror(errno));
	if (!S_ISREG(ret_status->st_mode))
		return error_set(err, ERROR_STORE, "'%.120s' is not a file", path);
	if (ret_status->st_uid != geteuid())
		return error_set(err, ERROR_STORE, "'%.120s' belongs to somebody else", path);
	if ((ret_status->st_mode & (S_IRWXG | S_IRWXO)) && fchmod(fd, S_IRUSR | S_IWUSR) != 0)
		return error_set(err, ERROR_STORE, "'%.120s' cannot be kept from others: %s", path,
				 strerror(errno));
	return true;
}

static bool map(struct budget_file *file, const char *path, int64_t wall_ms, struct error *err)
{
	struct stat status;
	void *bytes;
	bool good;

	file->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY,
			S_IRUSR | S_IWUSR);
	if (file->fd < 0)
		return error_set(err, ERROR_STORE, "cannot open '%.120s': %s", path,
				 strerror(errno));
	file_lock(file->fd);
	good = check(path, file->fd, &status, err) && make(path, file->fd, &status, wall_ms, err);
	file_unlock(file->fd);
	if (!good)
		return false;
	bytes = mmap(NULL, sizeof(struct layout), PROT_READ | PROT_WRITE, MAP_SHARED, file->fd, 0);
	if (bytes == MAP_FAILED)
		return error_set(err, ERROR_STORE, "cannot map '%.120s': %s", path,
				 strerror(errno));
	file->layout = bytes;
	return true;
}

bool budget_file_open(const char *path, int64_t wall_ms, struct budget_file **ret_file,
		      struct error *err)
{
	struct budget_file *file = memory_new(sizeof(*file));

	if (!map(file, path, wall_ms, err)) {
		budget_file_close(file);
		return false;
	}
	*ret_file = file;
	return true;
}

void budget_file_close(struct budget_file *file)
{
	if (!file)
		return;
	if (file->layout)
		munmap(file->layout, sizeof(*file->layout));
	if (file->fd >= 0)
		close(file->fd);
	free(file);
}

static bool is_stale(const struct budget_slot *slot, int64_t wall_us)
{
	int64_t used_us = atomic_load(&slot->now_us);
	int64_t shift_us = atomic_load(&slot->wall_shift_us);
	int64_t sum;

	if (__builtin_add_overflow(used_us, shift_us, &sum) ||
	    __builtin_sub_overflow(wall_us, sum, &sum))
		return true;
	return sum > STALE_US;
}

static void claim(struct budget_slot *slot, uint64_t key, int64_t wall_us, bool careful)
{
	for (int i = 0; i < BUDGET_BUCKETS; i++)
		atomic_store(&slot->due_us[i], 0);
	atomic_store(&slot->paused_until_us, 0);
	atomic_store(&slot->slowed, 0);
	atomic_store(&slot->retry_tenths, 0);
	atomic_store(&slot->wall_shift_us, 0);
	atomic_store(&slot->ticks_shift_us, 0);
	atomic_store(&slot->now_us, wall_us);
	atomic_store(&slot->careful, careful);
	/* Last: a crash before leaves it nobody's. */
	atomic_store(&slot->key, key);
}

/*
 * Its own; else the first that is nobody's; else, in a file full of accounts, one that nobody has
 * used for days; else the one it would like best, shared with another account, which is slow for
 * both but within all limits. `ret_free` says that it has to be claimed.
 */
static struct budget_slot *find(struct layout *layout, uint64_t key, int64_t wall_us,
				bool *ret_free)
{
	size_t first = (size_t)(key % BUDGET_FILE_SLOTS);
	struct budget_slot *stale = NULL;

	*ret_free = false;
	for (size_t i = 0; i < BUDGET_FILE_SLOTS; i++) {
		struct budget_slot *slot = &layout->slots[(first + i) % BUDGET_FILE_SLOTS];
		uint64_t other = atomic_load(&slot->key);

		if (other == key)
			return slot;
		if (other == 0) {
			*ret_free = true;
			return slot;
		}
		if (!stale && is_stale(slot, wall_us))
			stale = slot;
	}
	*ret_free = stale != NULL;
	return stale ? stale : &layout->slots[first];
}

struct budget_slot *budget_file_slot(struct budget_file *file, uint64_t key, int64_t wall_ms)
{
	struct layout *layout = file->layout;
	struct budget_slot *slot;
	bool is_free;

	file_lock(file->fd);
	slot = find(layout, key, wall_ms * 1000, &is_free);
	if (is_free)
		claim(slot, key, wall_ms * 1000,
		      wall_ms < atomic_load(&layout->header.careful_until_ms));
	file_unlock(file->fd);
	return slot;
}
