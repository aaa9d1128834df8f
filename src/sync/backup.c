/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Backups as work: each is in the log, those that are due are made while the engine works, and of those that were made here
 * only some stay. A thread of its own does them, so that no type waits for them to be read.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine.h"
#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/log.h"
#include "ledgerdeck/core/memory.h"

#define LOOK_MS INT64_C(60000)
#define RETRY_MS INT64_C(60000)  /* first wait after one that failed; doubles */
#define RETRY_MAX_MS INT64_C(3600000)
#define UUID_PART 8              /* of the store's, in the names of its backups */

/* ---- how they stand */

struct look {
	struct sync_backups *backups;
	int64_t interval_ms;
	bool known;                  /* the last scheduled one was seen */
	int64_t ended_ms;            /* of the last scheduled one */
};

/* The newest comes first. */
static bool look_at(void *ctx, const struct attempt *attempt, const char *detail)
{
	struct look *look = ctx;
	struct sync_backups *backups = look->backups;
	bool good = attempt->error.code == ERROR_NONE, ours = strcmp(attempt->cause, "operator") != 0;

	(void)detail;
	if (attempt->took_ms < 0)
		return true;
	if (good && backups->last_ms == 0)
		backups->last_ms = attempt->started_ms;
	if (good && ours && !look->known && backups->failures == 0)
		backups->next_ms = attempt->started_ms + look->interval_ms;
	look->known = look->known || (good && ours);
	if (!good && ours && !look->known && attempt->error.code != ERROR_CANCELLED && backups->failures++ == 0) {
		backups->error = attempt->error;
		backups->failed = attempt->no;
		look->ended_ms = attempt->started_ms + attempt->took_ms;
	}
	return !look->known || backups->last_ms == 0;
}

bool sync_backup_state(struct store *store, const struct settings *settings, struct sync_backups *ret_backups, struct error *err)
{
	struct look look = { .backups = ret_backups, .interval_ms = settings_number(settings, "backup.interval") * 1000 };
	struct attempt_query query = { .account_id = "", .type = SYNC_BACKUP, .newest_first = true, .limit = 200 };
	int64_t wait_ms = RETRY_MS;

	*ret_backups = (struct sync_backups){ .scheduled = *settings_text(settings, "backup.directory") };
	if (!attempts_list(store, &query, look_at, &look, NULL, err))
		return false;
	for (int i = 1; i < ret_backups->failures && wait_ms < RETRY_MAX_MS; i++)
		wait_ms *= 2;
	wait_ms = wait_ms < RETRY_MAX_MS ? wait_ms : RETRY_MAX_MS;
	if (ret_backups->failures > 0)
		ret_backups->next_ms = look.ended_ms + (wait_ms < look.interval_ms ? wait_ms : look.interval_ms);
	return true;
}

/* ---- names of our own: ledgerdeck-1a2b3c4d-20260131T120000Z.db */

static void add_prefix(struct str *out, const struct store *store)
{
	str_addf(out, "ledgerdeck-%.*s-", UUID_PART, store_uuid(store));
}

static void add_name(struct str *out, const struct store *store, int64_t now_ms)
{
	char stamp[STAMP_TEXT_MAX];

	add_prefix(out, store);
	str_addf(out, "%s.db", stamp_format_name(now_ms, stamp));
}

static bool is_stamp(const char *text)
{
	static const char form[] = "00000000T000000Z.db";
	size_t len = strlen(text);

	for (size_t i = 0; i < sizeof(form) - 1; i++)
		if (i >= len || (form[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != form[i]))
			return false;
	return len == sizeof(form) - 1 || strcmp(text + sizeof(form) - 1, ".part") == 0;
}

/* Ours by name is not enough to delete it: it must be ours, alone, and a store. A part is nobody's who writes it no more. */
static bool is_ours(int directory, const char *name)
{
	static const char magic[] = "SQLite format 3", id[] = "LDCK";
	int fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	bool part = strcmp(name + strlen(name) - 2, "db") != 0, ours;
	struct stat info;
	char head[72];

	if (fd < 0)
		return false;
	ours = fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_uid == geteuid();
	if (part)
		ours = ours && flock(fd, LOCK_EX | LOCK_NB) == 0;
	else
		ours = ours && pread(fd, head, sizeof(head), 0) == sizeof(head) && memcmp(head, magic, sizeof(magic)) == 0 &&
		       memcmp(head + 68, id, 4) == 0;
	close(fd);
	return ours;
}

static int newest_first(const void *a, const void *b)
{
	return strcmp(*(char *const *)b, *(char *const *)a);
}

struct names {
	char **items;   /* owned, and each */
	size_t count, room;
};

static void names_clear(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->items[i]);
	free(names->items);
}

/* Of those that were made here, all but the newest `keep`; and what killed ones left. */
static int64_t remove_old(const struct store *store, int directory, int64_t keep)
{
	AUTO(str_clear) struct str prefix = STR_INIT(100);
	AUTO(names_clear) struct names names = { 0 };
	int copy = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *entries = copy >= 0 ? fdopendir(copy) : NULL;
	int64_t kept = 0, removed = 0;
	struct dirent *entry;

	add_prefix(&prefix, store);
	while (entries && (entry = readdir(entries)) != NULL) {
		if (strncmp(entry->d_name, prefix.text, prefix.len) != 0 || !is_stamp(entry->d_name + prefix.len) ||
		    !is_ours(directory, entry->d_name))
			continue;
		memory_grow(&names.items, &names.room, names.count + 1, sizeof(*names.items));
		names.items[names.count++] = memory_copy_text(entry->d_name);
	}
	if (entries)
		closedir(entries);
	qsort(names.items, names.count, sizeof(*names.items), newest_first);
	for (size_t i = 0; i < names.count; i++) {
		bool part = strcmp(names.items[i] + strlen(names.items[i]) - 2, "db") != 0;

		kept += !part;
		if (part || kept > keep)
			removed += unlinkat(directory, names.items[i], 0) == 0 && !part;
	}
	return removed;
}

/* ---- one of them */

struct backing {
	struct store *store;
	const struct settings *settings;
	const struct sync_backup *wish;
	struct attempt attempt;
	char path[1000];      /* as the log keeps it */
	int directory;        /* locked, so that one at a time is made in it; -1: a name was given */
	int64_t now_ms;
};

struct running {
	struct attempt items[8];
	char paths[8][1000];
	size_t count;
};

static bool find_running(void *ctx, const struct attempt *attempt, const char *path)
{
	struct running *running = ctx;

	if (attempt->took_ms < 0) {
		snprintf(running->paths[running->count], sizeof(running->paths[0]), "%s", path);
		running->items[running->count++] = *attempt;
	}
	return running->count < ARRAY_LEN(running->items);
}

/* Whoever writes a backup holds its part. */
static bool is_written(const char *path)
{
	AUTO(str_clear) struct str part = STR_INIT(4300);
	bool held;
	int fd;

	str_addf(&part, "%s.part", path);
	fd = open(part.text, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return false;
	held = flock(fd, LOCK_SH | LOCK_NB) != 0;
	close(fd);
	return held;
}

/* Within a transaction: rows of those that were killed, or that could not tell how they ended. */
static bool bury(struct store *store, struct error *err)
{
	struct attempt_query query = { .account_id = "", .type = SYNC_BACKUP, .newest_first = true, .limit = 50 };
	struct running running = { .count = 0 };

	if (!attempts_list(store, &query, find_running, &running, NULL, err))
		return false;
	for (size_t i = 0; i < running.count; i++) {
		struct attempt *attempt = &running.items[i];

		if (is_written(running.paths[i]))
			continue;
		attempt->took_ms = 0;
		error_set(&attempt->error, ERROR_CANCELLED, "the program ended while this ran");
		if (!attempt_end(store, attempt, running.paths[i], err))
			return false;
	}
	return true;
}

static bool note_start(struct backing *work, const char *path, struct error *err)
{
	AUTO(store_end) struct store *transaction = work->store;

	snprintf(work->attempt.type, sizeof(work->attempt.type), SYNC_BACKUP);
	snprintf(work->attempt.job, sizeof(work->attempt.job), SYNC_BACKUP);
	snprintf(work->attempt.cause, sizeof(work->attempt.cause), "%s", work->wish->cause);
	work->attempt.started_ms = work->now_ms;
	work->attempt.tries = 1;
	snprintf(work->path, sizeof(work->path), "%.900s", path);
	/* Its end with -1 for the time that it took: where it goes is seen from the beginning. */
	return store_begin(work->store, err) && bury(work->store, err) && attempt_start(work->store, &work->attempt, err) &&
	       attempt_end(work->store, &work->attempt, work->path, err) && store_commit(transaction, err);
}

static bool note_end(struct backing *work, const struct sync_backup_result *result, const struct error *error, struct error *err)
{
	AUTO(store_end) struct store *transaction = work->store;
	struct attempt *attempt = &work->attempt;

	attempt->took_ms = work->wish->env.wall_ms(work->wish->env.ctx) - attempt->started_ms;
	attempt->took_ms = attempt->took_ms < 0 ? 0 : attempt->took_ms;
	attempt->error = *error;
	attempt->bytes = result->facts.bytes;
	return store_begin(work->store, err) && attempt_end(work->store, attempt, work->path, err) && store_commit(transaction, err);
}

/* Where one of our own goes, and nobody else's at the same time. */
static bool find_place(struct backing *work, char *ret_path, size_t size, struct error *err)
{
	const char *directory = work->wish->path ? "" : settings_text(work->settings, "backup.directory");
	AUTO(str_clear) struct str path = STR_INIT(size - 1);

	if (work->wish->path) {
		str_add(&path, work->wish->path);
	} else {
		if (!*directory)
			return error_set(err, ERROR_INPUT, "where to? name a file, or set a directory: [backup] directory = PATH");
		if (!file_make_private_directory(directory, err))
			return error_prefix(err, "cannot keep backups");
		work->directory = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (work->directory < 0)
			return error_set(err, ERROR_STORE, "cannot use the directory '%s': %s", directory, strerror(errno));
		if (flock(work->directory, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
			return error_set(err, ERROR_CONFLICT, "another process makes a backup in '%s' right now", directory);
		str_addf(&path, "%s/", directory);
		add_name(&path, work->store, work->now_ms);
	}
	snprintf(ret_path, size, "%s", path.text);
	if (str_is_cut(&path))
		return error_set(err, ERROR_INPUT, "the name of the backup is too long");
	return store_backup_name(work->store, ret_path, work->wish->replace, err);
}

static void place_leave(struct backing *work)
{
	if (work->directory >= 0)
		close(work->directory);
	work->directory = -1;
}

static bool is_done(struct backing *work)
{
	struct sync_backups backups;

	return work->wish->if_due && sync_backup_state(work->store, work->settings, &backups, NULL) && backups.next_ms > work->now_ms;
}

static bool back_up(struct backing *work, struct sync_backup_result *result, struct error *err)
{
	struct backup_how how = { .replace = work->wish->replace, .now_ms = work->now_ms, .progress = work->wish->progress,
				  .ctx = work->wish->ctx, .cancel = work->wish->cancel,
				  .reserve = settings_number(work->settings, "store.reserve") };

	if (!store_backup(work->store, result->path, &how, &result->facts, err))
		return false;
	/* Only now: what is there is not given up for what may come. */
	if (work->directory >= 0)
		result->removed = remove_old(work->store, work->directory, settings_number(work->settings, "backup.keep"));
	return true;
}

bool sync_backup(struct store *store, const struct settings *settings, const struct sync_backup *wish,
		 struct sync_backup_result *ret_result, struct error *err)
{
	struct backing work = { .store = store, .settings = settings, .wish = wish, .directory = -1,
				.now_ms = wish->env.wall_ms(wish->env.ctx) };
	struct error unnoted = { 0 }, error = { 0 };
	bool good, noted;

	*ret_result = (struct sync_backup_result){ 0 };
	good = find_place(&work, ret_result->path, sizeof(ret_result->path), &error);
	/* Somebody else is at it, or has just been; and what nobody can do was never tried. */
	if (good ? is_done(&work) : error.code == ERROR_CONFLICT || error.code == ERROR_INPUT) {
		*ret_result->path = '\0';
		if (!good && err)
			*err = error;
		place_leave(&work);
		return good;
	}
	/* A disk that is full, say, is all the more a reason for a backup on another one. */
	noted = wish->noted && note_start(&work, ret_result->path, &unnoted);
	good = good && back_up(&work, ret_result, &error);
	if (noted)
		noted = note_end(&work, ret_result, &error, &unnoted);
	if (wish->noted && !noted)
		log_warn("backup", "the log of the store does not tell of this backup: %s", unnoted.text);
	place_leave(&work);
	ret_result->attempt = work.attempt.no;
	if (!good && err)
		*err = error;
	return good;
}

/* ---- when they are due */

void backup_due(struct sync *sync, struct store *store, int64_t *ret_next_ms)
{
	struct sync_backup wish = { .cause = "schedule", .env = sync->options.env, .noted = true, .if_due = true,
				    .cancel = sync->cancel };
	struct sync_backup_result result;
	struct sync_backups backups;
	struct error err = { 0 };

	*ret_next_ms = sync_now(sync) + LOOK_MS;
	if (!sync_backup_state(store, sync->options.settings, &backups, &err)) {
		log_warn("backup", "%s", err.text);
		return;
	}
	if (backups.next_ms > sync_now(sync)) {
		*ret_next_ms = backups.next_ms;
		return;
	}
	if (sync_backup(store, sync->options.settings, &wish, &result, &err) && *result.path)
		log_info("backup", "'%s': %lld records, %lld bytes; %lld older ones removed", result.path, (long long)result.facts.records,
			 (long long)result.facts.bytes, (long long)result.removed);
	else if (err.code != ERROR_NONE && err.code != ERROR_CANCELLED && err.code != ERROR_CONFLICT)
		log_warn("backup", "%s; it is tried again", err.text);
	if (sync_backup_state(store, sync->options.settings, &backups, &err))
		*ret_next_ms = backups.next_ms;
}

static bool is_scheduled(struct sync *sync)
{
	bool scheduled;

	lock_enter(sync->lock);
	scheduled = sync->schedule;
	lock_leave(sync->lock);
	return scheduled;
}

void backup_keeper(void *ctx)
{
	struct sync *sync = ctx;
	struct store *store = NULL;
	struct error err = { 0 };
	int64_t next_ms = 0, wait_ms = 0;

	if (!store_open(sync->options.store_path, STORE_WRITE, 0, &store, &err)) {
		log_error("backup", "no backups are made: %s", err.text);
		return;
	}
	while (cancel_sleep(sync->cancel, wait_ms)) {
		if (is_scheduled(sync))
			backup_due(sync, store, &next_ms);
		/* Clocks are set, and other processes make backups: more than a minute is never slept. */
		wait_ms = next_ms - sync_now(sync);
		wait_ms = wait_ms < 1000 ? 1000 : wait_ms > LOOK_MS ? LOOK_MS : wait_ms;
	}
	store_close(store);
}
