/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Copying the store while others work on it, and what a copy says of itself. */
#include "ledgerdeck/store/backup.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "copy.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"

#define STEP_PAGES 256        /* between two looks at the wish to stop */
#define STEP_INSTRUCTIONS 10000

/* ---- bare files */

bool bare_open(const char *path, int flags, struct store **ret_store, struct error *err)
{
	AUTO(store_closep) struct store *store = memory_new(sizeof(*store));
	int result;

	store->bell = -1;
	store->path = memory_copy_text(path);
	store->writes = flags & SQLITE_OPEN_READWRITE;
	result = sqlite3_open_v2(path, &store->db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE, NULL);
	if (result != SQLITE_OK)
		return store_failed(store, result, err);
	sqlite3_extended_result_codes(store->db, 1);
	*ret_store = memory_steal(&store);
	return true;
}

int bare_settle(struct store *store)
{
	return sqlite3_exec(store->db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
}

static int64_t number_of(struct store *store, const char *name)
{
	AUTO(str_clear) struct str text = STR_INIT(24);

	return store_get(store, name, &text, NULL) ? strtoll(text.text, NULL, 10) : 0;
}

static bool count_rows(struct store *store, struct backup_facts *facts, struct error *err)
{
	struct query query = query_start(store, STORE_COUNTS);

	if (query_next(&query)) {
		facts->accounts = row_integer(&query, 0);
		facts->records = row_integer(&query, 1);
		facts->attempts = row_integer(&query, 2);
		facts->acts = row_integer(&query, 3);
	}
	return query_end(&query, err);
}

bool facts_read(struct store *store, struct backup_facts *ret_facts, struct error *err)
{
	AUTO(str_clear) struct str uuid = STR_INIT(sizeof(ret_facts->uuid) - 1);
	struct stat info;

	*ret_facts = (struct backup_facts){ 0 };
	if (!schema_format(store, &ret_facts->format, err) || !count_rows(store, ret_facts, err))
		return false;
	if (!store_get(store, "uuid", &uuid, err))
		return error_set(err, ERROR_STORE, "'%s' is damaged: it has no identity", store->path);
	snprintf(ret_facts->uuid, sizeof(ret_facts->uuid), "%s", uuid.text);
	ret_facts->taken_ms = number_of(store, STORE_COPIED);
	ret_facts->bytes = stat(store->path, &info) == 0 ? info.st_size : 0;
	return true;
}

bool store_backup_facts(const char *path, struct backup_facts *ret_facts, struct error *err)
{
	AUTO(store_closep) struct store *store = NULL;
	struct stat info;

	if (stat(path, &info) != 0)
		return error_set(err, ERROR_INPUT, "cannot open '%s': %s", path, strerror(errno));
	if (!S_ISREG(info.st_mode))
		return error_set(err, ERROR_INPUT, "'%s' is not a file", path);
	return bare_open(path, SQLITE_OPEN_READONLY, &store, err) && facts_read(store, ret_facts, err);
}

/* ---- one copy */

struct part { /* a file that is being written, locked so that nobody else does */
	const char *path, *name;  /* borrowed */
	int fd;                   /* -1: none */
	struct store *store;      /* owned */
	bool whole;
};

/* The lock goes last: closing any descriptor of a file ends what the engine has locked in it. */
static void part_clear(struct part *part)
{
	store_close(part->store);
	if (part->fd >= 0 && !part->whole)
		unlink(part->path);
	if (part->fd >= 0)
		close(part->fd);
}

static bool same_file(int fd, const char *path)
{
	struct stat here, there;

	return fstat(fd, &here) == 0 && stat(path, &there) == 0 && here.st_dev == there.st_dev && here.st_ino == there.st_ino;
}

/* Empty, private, and ours alone. */
static bool part_open(struct part *part, struct error *err)
{
	static const char *const logs[] = { "-journal", "-wal", "-shm" };

	for (int tries = 0; tries < 3; tries++) {
		part->fd = open(part->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
		if (part->fd < 0)
			return error_set(err, ERROR_STORE, "cannot make '%s': %s", part->path, strerror(errno));
		if (flock(part->fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
			close(part->fd);
			part->fd = -1;
			return error_set(err, ERROR_CONFLICT, "'%s' is being written by another process right now", part->name);
		}
		/* Whoever had it has just given it its name: that is a whole one, and none of ours. */
		if (same_file(part->fd, part->path))
			break;
		close(part->fd);
		part->fd = -1;
	}
	/* Of one that was killed: they would be played back into the new one. */
	for (size_t i = 0; i < ARRAY_LEN(logs) && part->fd >= 0; i++) {
		AUTO(str_clear) struct str log = STR_INIT(4400);

		str_addf(&log, "%s%s", part->path, logs[i]);
		unlink(log.text);
	}
	if (part->fd >= 0 && ftruncate(part->fd, 0) == 0 && fchmod(part->fd, 0600) == 0)
		return bare_open(part->path, SQLITE_OPEN_READWRITE, &part->store, err);
	return error_set(err, ERROR_STORE, "cannot make '%s': %s", part->path, strerror(errno));
}

static bool check_room(struct store *from, const struct part *part, const struct backup_how *how, struct error *err)
{
	int64_t pages, page_bytes, room = file_room(part->path);
	struct stat ours, there;

	/* What is kept free beside the store needs not be free elsewhere. */
	if (stat(from->path, &ours) == 0 && fstat(part->fd, &there) == 0 && ours.st_dev == there.st_dev)
		room -= how->reserve;
	if (!query_number(from, "PRAGMA page_count", &pages, err) || !query_number(from, "PRAGMA page_size", &page_bytes, err))
		return false;
	if (room >= pages * page_bytes)
		return true;
	return error_set(err, ERROR_STORE, "there is no room for '%.140s': it takes %lld MB, %lld MB may be taken; free some space",
			 part->name, (long long)((pages * page_bytes >> 20) + 1), (long long)(room > 0 ? room >> 20 : 0));
}

static bool cancelled(struct error *err)
{
	return error_set(err, ERROR_CANCELLED, "stopped; nothing was changed");
}

/*
 * The caller's transaction keeps `from` as it was at one moment, so that what others write meanwhile is no reason to begin
 * again, however busy they are.
 */
static bool copy_pages(struct store *from, struct part *part, const struct backup_how *how, struct error *err)
{
	sqlite3_backup *backup = sqlite3_backup_init(part->store->db, "main", from->db, "main");
	int64_t page_bytes;
	int result;

	if (!backup)
		return store_failed(part->store, sqlite3_errcode(part->store->db), err);
	if (!query_number(from, "PRAGMA page_size", &page_bytes, err)) {
		sqlite3_backup_finish(backup);
		return false;
	}
	do {
		int64_t all, left;

		result = sqlite3_backup_step(backup, STEP_PAGES);
		all = sqlite3_backup_pagecount(backup);
		left = sqlite3_backup_remaining(backup);
		if (how->progress)
			how->progress(how->ctx, (all - left) * page_bytes, all * page_bytes);
	} while (result == SQLITE_OK && !cancel_asked(how->cancel));
	if (result == SQLITE_OK) {
		sqlite3_backup_finish(backup);
		return cancelled(err);
	}
	result = sqlite3_backup_finish(backup);
	return result == SQLITE_OK || store_failed(part->store, result, err);
}

static int look_up(void *ctx)
{
	return cancel_asked(ctx);
}

/* Is it sound, and is in it what was in the store? */
static bool look_over(struct part *part, const struct backup_facts *wanted, const struct backup_how *how,
		      struct backup_facts *ret_facts, struct error *err)
{
	AUTO(str_clear) struct str wrong = STR_INIT(160);
	struct query query;
	bool good;

	sqlite3_progress_handler(part->store->db, STEP_INSTRUCTIONS, look_up, how->cancel);
	query = query_of_text(part->store, "PRAGMA quick_check(1)");
	while (query_next(&query))
		if (strcmp(row_text(&query, 0), "ok") != 0)
			str_add(&wrong, row_text(&query, 0));
	good = query_end(&query, err) && facts_read(part->store, ret_facts, err);
	sqlite3_progress_handler(part->store->db, 0, NULL, NULL);
	if (!good)
		return cancel_asked(how->cancel) ? cancelled(err) : false;
	if (wrong.len > 0)
		return error_set(err, ERROR_STORE, "what was copied to '%.100s' is damaged: %.100s", part->name, wrong.text);
	if (strcmp(wanted->uuid, ret_facts->uuid) != 0 || wanted->format != ret_facts->format || wanted->accounts != ret_facts->accounts ||
	    wanted->records != ret_facts->records || wanted->attempts != ret_facts->attempts || wanted->acts != ret_facts->acts)
		return error_set(err, ERROR_STORE, "what was copied to '%.140s' is not what is in the store; is something wrong with that disk?",
				 part->name);
	return true;
}

static bool fill(struct store *from, struct part *part, const struct backup_how *how, struct backup_facts *ret_facts,
		 struct error *err)
{
	struct backup_facts wanted;

	if (!facts_read(from, &wanted, err) || !part_open(part, err) || !check_room(from, part, how, err) ||
	    !copy_pages(from, part, how, err) || !schema_mark_copy(part->store, how->now_ms, err) ||
	    !look_over(part, &wanted, how, ret_facts, err))
		return false;
	part->whole = fsync(part->fd) == 0;
	return part->whole || error_set(err, ERROR_STORE, "cannot write '%s': %s", part->name, strerror(errno));
}

bool copy_make(struct store *from, const char *part_path, const char *name, const struct backup_how *how,
	       struct backup_facts *ret_facts, struct error *err)
{
	AUTO(part_clear) struct part part = { .path = part_path, .name = name, .fd = -1 };
	bool good;

	assert(!from->in_transaction);
	if (!store_read_begin(from, err))
		return false;
	good = fill(from, &part, how, ret_facts, err);
	store_read_end(from);
	return good;
}

/* ---- a backup */

/* Not the store, and none of the files that the engine and we keep beside it. */
bool store_backup_name(const struct store *store, const char *path, bool replace, struct error *err)
{
	static const char *const beside[] = { "", "-wal", "-shm", "-journal", STORE_BELL, "-budget" };
	struct stat there, ours;

	if (lstat(path, &there) != 0)
		return errno == ENOENT || error_set(err, ERROR_STORE, "cannot make '%s': %s", path, strerror(errno));
	if (!S_ISREG(there.st_mode) && !S_ISLNK(there.st_mode))
		return error_set(err, ERROR_INPUT, "'%s' is not a file; choose another name for the backup", path);
	for (size_t i = 0; i < ARRAY_LEN(beside) && stat(path, &there) == 0; i++) {
		AUTO(str_clear) struct str name = STR_INIT(4200);

		str_addf(&name, "%s%s", store->path, beside[i]);
		if (stat(name.text, &ours) == 0 && ours.st_dev == there.st_dev && ours.st_ino == there.st_ino)
			return error_set(err, ERROR_INPUT, "'%s' is the store's own; choose another name for the backup", path);
	}
	return replace || error_set(err, ERROR_INPUT, "'%s' is there already; choose another name for the backup, or replace it with "
					 "--force", path);
}

bool store_backup(struct store *store, const char *path, const struct backup_how *how, struct backup_facts *ret_facts,
		  struct error *err)
{
	AUTO(str_clear) struct str part = STR_INIT(4200);

	str_addf(&part, "%s.part", path);
	if (str_is_cut(&part))
		return error_set(err, ERROR_INPUT, "the name of the backup is too long");
	if (!store_backup_name(store, path, how->replace, err) || !copy_make(store, part.text, path, how, ret_facts, err))
		return false;
	if (renameat2(AT_FDCWD, part.text, AT_FDCWD, path, how->replace ? 0 : RENAME_NOREPLACE) != 0) {
		error_set(err, ERROR_STORE, "cannot make '%s': %s", path, strerror(errno));
		unlink(part.text);
		return false;
	}
	return file_sync_parent(path, err);
}
