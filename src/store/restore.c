/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Putting a backup in the store's place. All that takes time happens to a copy beside the store: it is made, looked over,
 * brought up to date, and told that time was lost. Then one rename puts it in place. The store's log must be gone by then:
 * the engine would play it back into whatever file has the store's name.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "copy.h"
#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/holder.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/log.h"

#define KEPT ".before-restore-"
#define MONTHS_BACK 3

struct restoring {
	const char *path, *backup; /* borrowed */
	const struct backup_how *how;
	const char *who;
	struct restored *restored;
	struct str copy;           /* owned: the new store's name until it is in place */
	int64_t format, taken_ms;  /* of the backup */
	int door;                  /* -1: none */
	struct store *old;         /* owned: what is there, if it can be read; a file by itself */
	bool there;                /* something is */
};

/* Names beside the copy that opening it makes. */
static const char *const beside[] = { "", "-wal", "-shm", "-journal", STORE_BELL };

static void remove_copy(const struct restoring *work)
{
	AUTO(str_clear) struct str older = STR_INIT(4400);

	for (size_t i = 0; i < ARRAY_LEN(beside); i++) {
		AUTO(str_clear) struct str name = STR_INIT(4400);

		str_addf(&name, "%s%s", work->copy.text, beside[i]);
		unlink(name.text);
	}
	/* The backup itself is what an older one was. */
	str_addf(&older, "%s-format-%lld", work->copy.text, (long long)work->format);
	unlink(older.text);
}

static void restoring_clear(struct restoring *work)
{
	store_close(work->old);
	if (work->door >= 0) {
		/* Only whoever holds the door may touch it. */
		remove_copy(work);
		close(work->door);
	}
	str_clear(&work->copy);
}

/* ---- nobody else is there */

static bool is_open(const char *path, const char *file, struct error *err)
{
	char who[120];

	if (!holder_of_file(file, who, sizeof(who)))
		snprintf(who, sizeof(who), "a process that can't be seen from here");
	return error_set(err, ERROR_CONFLICT, "'%.80s' is open: %.110s; end it, then restore", path, who);
}

/* From now on nobody can open the store, see open_bell(). */
static bool take_door(struct restoring *work, struct error *err)
{
	AUTO(str_clear) struct str bell = STR_INIT(4200);

	str_addf(&bell, "%s" STORE_BELL, work->path);
	work->door = open(bell.text, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (work->door < 0)
		return error_set(err, ERROR_STORE, "cannot make '%s': %s", bell.text, strerror(errno));
	if (flock(work->door, LOCK_EX | LOCK_NB) == 0)
		return true;
	close(work->door);
	work->door = -1;
	return is_open(work->path, bell.text, err);
}

/* A lease that is alive, though nobody here has the file open: somebody elsewhere may have. */
static bool check_leases(struct restoring *work, struct error *err)
{
	AUTO(memory_freep) struct lease *leases = NULL;
	int64_t now_ms = work->how->now_ms;
	size_t count = 0;

	if (!schema_is_current(work->old) || !lease_all(work->old, &leases, &count, NULL))
		return true;
	for (size_t i = 0; i < count; i++)
		if (leases[i].until_ms > now_ms && leases[i].until_ms - now_ms < 600000 && !holder_is_dead(leases[i].holder))
			return error_set(err, ERROR_CONFLICT, "%s is worked on by %s; stop that, or wait until its lease ends in %lld s",
					 leases[i].account_id, leases[i].holder, (long long)(leases[i].until_ms - now_ms + 999) / 1000);
	return true;
}

/*
 * What is there becomes one file by itself, with all that its log holds. What is damaged is kept as it is; what is not ours
 * is not touched.
 */
static bool settle_old(struct restoring *work, struct error *err)
{
	struct stat info;
	bool ours = true;
	int result;

	work->there = lstat(work->path, &info) == 0;
	if (!work->there || info.st_size == 0)
		return true;
	if (!S_ISREG(info.st_mode))
		return error_set(err, ERROR_STORE, "'%s' is not a file", work->path);
	if (!bare_open(work->path, SQLITE_OPEN_READWRITE, &work->old, err))
		return false;
	if (schema_is_ours(work->old, &ours, NULL) && !ours)
		return error_set(err, ERROR_STORE, "'%s' is not a ledgerdeck file; it was left as it is", work->path);
	if (!check_leases(work, err))
		return false;
	result = bare_settle(work->old) & 0xff;
	if (result == SQLITE_BUSY || result == SQLITE_LOCKED)
		return is_open(work->path, work->path, err);
	if (result == SQLITE_FULL)
		return store_failed(work->old, result, err);
	if (result != SQLITE_OK || !schema_is_current(work->old))
		store_closep(&work->old);
	return true;
}

/* ---- the new store, before it is one */

/* Tokens that were renewed after the backup was taken: the ledgers know no others any more. */
static bool take_tokens(struct store *old, struct store *new, const struct account *newer, struct error *err)
{
	char account_id[ACCOUNT_ID_MAX], kind[32];
	int64_t row = 0, generation;
	AUTO(str_clear) struct str bytes = STR_INIT(65536);
	bool unfinished;

	while (sealed_next(old, &row, account_id, kind, &generation, &bytes, err)) {
		if (strcmp(account_id, newer->id) == 0 && !sealed_put(new, newer->id, kind, generation, bytes.text, bytes.len, err))
			return false;
		str_reset(&bytes);
	}
	return (!err->code) && accounts_save(new, newer, err) && refresh_unfinished(old, newer->id, &unfinished, err) &&
	       (!unfinished || refresh_started(new, newer->id, newer->generation, err));
}

/* The same company under the same key: then what one has sealed the other can open. */
static bool is_same(struct store *old, struct store *new, const char *id)
{
	AUTO(str_clear) struct str before = STR_INIT(1024);
	AUTO(str_clear) struct str after = STR_INIT(1024);

	return accounts_key(old, id, &before, NULL) && accounts_key(new, id, &after, NULL) && before.len == after.len &&
	       memcmp(before.text, after.text, before.len) == 0;
}

static bool carry_account(struct restoring *work, struct store *new, struct account *account, struct error *err)
{
	struct account old;
	bool found = false;

	if (account->state == ACCOUNT_DISCONNECTED)
		return true;
	if (!work->old || !accounts_get(work->old, account->id, &old, &found, NULL) || !found || old.state == ACCOUNT_DISCONNECTED ||
	    !is_same(work->old, new, account->id)) {
		work->restored->untaken++;
		return true;
	}
	if (old.generation <= account->generation)
		return true;
	account->access_expires_ms = old.access_expires_ms;
	account->refresh_expires_ms = old.refresh_expires_ms;
	account->hard_expires_ms = old.hard_expires_ms;
	account->refreshed_ms = old.refreshed_ms;
	account->generation = old.generation;
	if (old.state == ACCOUNT_RECONNECT || account->state == ACCOUNT_RECONNECT) {
		account->state = old.state;
		memcpy(account->reason, old.reason, sizeof(account->reason));
	}
	work->restored->taken_over++;
	return take_tokens(work->old, new, account, err);
}

static int64_t more(int64_t made, int64_t kept)
{
	return made > kept ? made - kept : 0;
}

/* What was used since then was used, for the ledger counts it. */
static bool carry_meter(struct restoring *work, struct store *new, const char *account_id, struct error *err)
{
	struct calendar now = date_calendar(date_of_ms(work->how->now_ms, 0));

	for (int back = 0; work->old && back < MONTHS_BACK; back++) {
		struct calendar at = date_calendar(date_of(now.month > back ? now.year : now.year - 1,
							   now.month > back ? now.month - back : now.month - back + 12, 1));
		struct meter made, kept;
		char month[16];

		snprintf(month, sizeof(month), "%04d-%02d", at.year, at.month);
		if (!meter_get(work->old, account_id, month, &made, err) || !meter_get(new, account_id, month, &kept, err))
			return false;
		made = (struct meter){ more(made.calls, kept.calls), more(made.received_bytes, kept.received_bytes),
				       more(made.sent_bytes, kept.sent_bytes) };
		if ((made.calls || made.received_bytes || made.sent_bytes) && !meter_add(new, account_id, month, &made, err))
			return false;
	}
	return true;
}

static bool note_restore(struct restoring *work, struct store *new, struct error *err)
{
	AUTO(str_clear) struct str after = STR_INIT(4400);
	char at[STAMP_TEXT_MAX];

	str_addf(&after, "the backup of %s, '%s'", work->restored->facts.taken_ms
		 ? stamp_format(work->restored->facts.taken_ms, 0, false, at) : "an unknown time", work->backup);
	return audit_add(new, work->who, "restore", "", work->restored->kept_as, after.text, work->how->now_ms, err);
}

static bool run_statement(struct store *store, enum statement statement, struct error *err)
{
	struct query query = query_start(store, statement);

	return query_run(&query, err);
}

/* Open writes, and from when on the ledgers may have more of ours than the store knows. */
static bool step_back_writes(struct restoring *work, struct store *new, struct error *err)
{
	struct query query = query_start(new, RESTORE_INTENTS);
	char at[24];

	query_integer(&query, work->taken_ms);
	snprintf(at, sizeof(at), "%lld", (long long)work->taken_ms);
	return query_run(&query, err) && store_set(new, STORE_RESTORED, at, strlen(at), err);
}

/* Whoever worked when the backup was taken works no more, and nobody knows what happened since. */
static bool step_back(struct restoring *work, struct store *new, struct error *err)
{
	static const enum statement steps[] = { RESTORE_OBJECTS, RESTORE_LEASES, RESTORE_REFRESHES, RESTORE_BREAKERS };
	AUTO(account_list_clear) struct account_list accounts = { 0 };
	AUTO(store_end) struct store *transaction = new;
	int64_t now_ms = work->how->now_ms;

	if (!store_begin(new, err) || !accounts_all(new, &accounts, err))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(steps); i++)
		if (!run_statement(new, steps[i], err))
			return false;
	if (!step_back_writes(work, new, err))
		return false;
	for (size_t i = 0; i < accounts.count; i++)
		if (!carry_account(work, new, &accounts.items[i], err) || !carry_meter(work, new, accounts.items[i].id, err) ||
		    !attempts_interrupted(new, accounts.items[i].id, now_ms, err))
			return false;
	return note_restore(work, new, err) && store_commit(transaction, err);
}

static bool copy_backup(struct restoring *work, struct error *err)
{
	AUTO(store_closep) struct store *from = NULL;

	if (!bare_open(work->backup, SQLITE_OPEN_READONLY, &from, err) ||
	    !copy_make(from, work->copy.text, work->backup, work->how, &work->restored->facts, err))
		return false;
	work->restored->facts.taken_ms = work->taken_ms;
	return true;
}

/* Opening it for writing brings it up to date and begins the epoch. */
static bool prepare(struct restoring *work, struct error *err)
{
	AUTO(store_closep) struct store *new = NULL;
	AUTO(store_closep) struct store *bare = NULL;
	int result;

	if (!store_open(work->copy.text, STORE_CREATE, 0, &new, err) || !step_back(work, new, err))
		return false;
	work->restored->epoch = store_epoch(new);
	store_closep(&new);
	if (!bare_open(work->copy.text, SQLITE_OPEN_READWRITE, &bare, err))
		return false;
	result = bare_settle(bare);
	return result == SQLITE_OK || store_failed(bare, result, err);
}

/* ---- in place */

/* One of a restore that was killed is the store itself under a second name. */
static void remove_doubles(const struct restoring *work)
{
	const char *slash = strrchr(work->path, '/'), *base = slash ? slash + 1 : work->path;
	AUTO(str_clear) struct str directory = STR_INIT(4200);
	size_t len = strlen(base);
	struct dirent *entry;
	struct stat ours;
	DIR *names;

	str_add_bytes(&directory, work->path, slash ? (size_t)(slash - work->path) + 1 : 0);
	names = opendir(directory.len ? directory.text : ".");
	while (names && stat(work->path, &ours) == 0 && ours.st_nlink > 1 && (entry = readdir(names)) != NULL) {
		struct stat info;

		if (strncmp(entry->d_name, base, len) == 0 && strncmp(entry->d_name + len, KEPT, sizeof(KEPT) - 1) == 0 &&
		    fstatat(dirfd(names), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 && info.st_dev == ours.st_dev &&
		    info.st_ino == ours.st_ino)
			unlinkat(dirfd(names), entry->d_name, 0);
	}
	if (names)
		closedir(names);
}

/* A name that is free: nobody else makes one here while we hold the door. */
static void name_old(struct restoring *work)
{
	char *kept = work->restored->kept_as, stamp[STAMP_TEXT_MAX];
	int len;

	len = snprintf(kept, sizeof(work->restored->kept_as), "%s" KEPT "%s", work->path, stamp_format_name(work->how->now_ms, stamp));
	for (int i = 2; file_exists(kept) && i < 100; i++)
		snprintf(kept + len, sizeof(work->restored->kept_as) - (size_t)len, "-%d", i);
}

/* Logs of what is damaged, which could not be taken into its file: they go with it, never with the new one. */
static bool move_logs(struct restoring *work, struct error *err)
{
	static const char *const logs[] = { "-wal", "-journal", "-shm" };

	for (size_t i = 0; i < ARRAY_LEN(logs); i++) {
		AUTO(str_clear) struct str from = STR_INIT(4400);
		AUTO(str_clear) struct str to = STR_INIT(4400);

		str_addf(&from, "%s%s", work->path, logs[i]);
		str_addf(&to, "%s%s", work->restored->kept_as, logs[i]);
		if ((*work->restored->kept_as ? rename(from.text, to.text) : unlink(from.text)) != 0 && errno != ENOENT)
			return error_set(err, ERROR_STORE, "cannot move '%s': %s", from.text, strerror(errno));
	}
	return true;
}

/*
 * A second name keeps what is there when its first one becomes the new file's: at no moment is there none. Killed between
 * the two, the second name is one too many, see remove_doubles().
 */
static bool swap(struct restoring *work, struct error *err)
{
	const char *kept = work->restored->kept_as;

	store_closep(&work->old);
	if (*kept && link(work->path, kept) != 0)
		return error_set(err, ERROR_STORE, "cannot keep what is there as '%.120s': %s; move it elsewhere, then restore", kept,
				 strerror(errno));
	if (!move_logs(work, err))
		return false;
	if (rename(work->copy.text, work->path) == 0)
		return file_sync_parent(work->path, err);
	error_set(err, ERROR_STORE, "cannot put '%s' in place: %s", work->path, strerror(errno));
	if (*kept)
		unlink(kept);
	return false;
}

static bool carry_out(struct restoring *work, struct error *err)
{
	/* It stands in the audit of the new store. */
	if (work->there)
		name_old(work);
	return prepare(work, err) && swap(work, err);
}

static bool check_backup(struct restoring *work, struct error *err)
{
	struct backup_facts facts;
	struct stat ours, there;

	if (stat(work->path, &ours) == 0 && stat(work->backup, &there) == 0 && ours.st_dev == there.st_dev && ours.st_ino == there.st_ino)
		return error_set(err, ERROR_INPUT, "'%s' is the store itself", work->backup);
	if (!store_backup_facts(work->backup, &facts, err))
		return false;
	work->format = facts.format;
	work->taken_ms = facts.taken_ms;
	return true;
}

bool store_restore(const char *path, const char *backup, const struct backup_how *how, const char *who,
		   struct restored *ret_restored, struct error *err)
{
	AUTO(restoring_clear) struct restoring work = { .path = path, .backup = backup, .how = how, .who = who, .restored = ret_restored,
							.copy = STR_INIT(4300), .door = -1 };
	AUTO(str_clear) struct str directory = STR_INIT(4200);
	const char *slash = strrchr(path, '/');

	*ret_restored = (struct restored){ 0 };
	str_addf(&work.copy, "%s.restoring", path);
	str_add_bytes(&directory, slash ? path : ".", slash ? (size_t)(slash - path) + (slash == path) : 1);
	if (!check_backup(&work, err) || !file_make_private_directory(directory.text, err) || !take_door(&work, err))
		return false;
	remove_copy(&work);
	remove_doubles(&work);
	if (!copy_backup(&work, err) || !settle_old(&work, err) || !carry_out(&work, err))
		return false;
	/* Whoever watches the store's bell looks again. */
	return pwrite(work.door, ".", 1, 0) == 1 || true;
}
