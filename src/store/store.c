/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening and closing the one file, transactions, the doorbell, and what concerns the file as a whole. */
#include "ledgerdeck/store/store.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "ledgerdeck/core/compress.h"
#include "copy.h"
#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/thread.h"
#include "rows.h"

#define BUSY_MS 10000

/* Locks of network file systems lie; the file would be damaged sooner or later. */
static bool on_network(const char *path)
{
	static const long kinds[] = { 0x6969 /* NFS */, 0x517b /* SMB */, (long)0xff534d42 /* CIFS */, (long)0xfe534d42 /* SMB2 */,
				      0x73757245 /* Coda */, 0x5346414f /* AFS */, 0x00c36400 /* Ceph */ };
	struct statfs info;

	if (statfs(path, &info) != 0)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if ((long)info.f_type == kinds[i])
			return true;
	return false;
}

static void add_directory(const char *path, struct str *out)
{
	const char *slash = strrchr(path, '/');

	str_add_bytes(out, path, slash ? (size_t)(slash - path) : 0);
	if (out->len == 0)
		str_add(out, slash ? "/" : ".");
}

/* The file and its directory are nobody else's business. */
static bool prepare_path(const char *path, enum store_mode mode, struct error *err)
{
	AUTO(str_clear) struct str directory = STR_INIT(4096);
	struct stat info;

	add_directory(path, &directory);
	if (mode == STORE_CREATE && !file_make_private_directory(directory.text, err))
		return error_prefix(err, "cannot keep '%s'", path);
	if (on_network(directory.text))
		return error_set(err, ERROR_STORE, "'%s' is on a network file system, where locks can't be trusted; "
				 "put it on a local disk", path);
	if (stat(path, &info) == 0) {
		if (!S_ISREG(info.st_mode))
			return error_set(err, ERROR_STORE, "'%s' is not a file", path);
		/* The engine takes a single byte for nothing. */
		return info.st_size != 1 ||
		       error_set(err, ERROR_STORE, "'%s' is not a ledgerdeck file; it was left as it is", path);
	}
	if (errno != ENOENT && errno != ENOTDIR)
		return error_set(err, ERROR_STORE, "'%s' cannot be reached: %s", path, strerror(errno));
	if (mode != STORE_CREATE)
		return error_set(err, ERROR_STORE, "there is no file '%s'; begin with 'ledgerdeck vault init' or 'ledgerdeck demo'",
				 path);
	/* Without a descriptor: closing one would end the locks that another thread has on the file by now. */
	if (mknod(path, S_IFREG | 0600, 0) < 0 && errno != EEXIST)
		return error_set(err, ERROR_STORE, "cannot make '%s': %s", path, strerror(errno));
	return true;
}

/* What concerns this connection alone. */
static bool set_up(struct store *store, int busy_ms, struct error *err)
{
	sqlite3_extended_result_codes(store->db, 1);
	sqlite3_busy_timeout(store->db, busy_ms);
	return query_execute(store, "PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY;"
			     "PRAGMA cache_size = -2000; PRAGMA synchronous = FULL;", err) &&
	       (store->writes || query_execute(store, "PRAGMA query_only = ON", err));
}

/* One step of use_log(): the file's way of writing is changed only when nobody else has it open for a moment. */
static int try_log(struct store *store, bool *ret_done)
{
	sqlite3_stmt *statement = NULL;
	int result = sqlite3_prepare_v2(store->db, "PRAGMA journal_mode = WAL", -1, &statement, NULL);

	*ret_done = false;
	if (result == SQLITE_OK)
		result = sqlite3_step(statement);
	if (result == SQLITE_ROW) {
		*ret_done = strcmp((const char *)sqlite3_column_text(statement, 0), "wal") == 0;
		result = SQLITE_OK;
	}
	sqlite3_finalize(statement);
	return result;
}

/* Write by a log of its own, so that readers and the one writer never wait for each other. */
static bool use_log(struct store *store, bool create, int busy_ms, struct error *err)
{
	struct env env = env_real();
	int64_t end = env.ticks_ms(env.ctx) + busy_ms;
	bool done;
	int result;

	/* Heeded only while the file is still empty. */
	if (create && !query_execute(store, "PRAGMA page_size = 16384; PRAGMA auto_vacuum = INCREMENTAL", err))
		return false;
	/* The engine doesn't wait here by itself when others are about to do the same. */
	while ((result = try_log(store, &done), (result & 0xff) == SQLITE_BUSY) && env.ticks_ms(env.ctx) < end)
		sqlite3_sleep(5);
	if (result != SQLITE_OK)
		return store_failed(store, result, err);
	if (!done)
		return error_set(err, ERROR_STORE, "'%s' is on a file system without shared memory; put it on a local disk",
				 store->path);
	return query_execute(store, "PRAGMA journal_size_limit = 4194304", err);
}

static bool make_ready(struct store *store, enum store_mode mode, int busy_ms, struct error *err)
{
	bool create = mode == STORE_CREATE;
	struct stat info;

	/* First look whose file it is: what isn't ours is not touched. */
	if (!set_up(store, busy_ms, err) || !schema_check(store, create, err))
		return false;
	if (store->writes && sqlite3_db_readonly(store->db, "main") == 1)
		return store_failed(store, SQLITE_READONLY, err);
	if (store->writes && !use_log(store, create, busy_ms, err))
		return false;
	if (!schema_prepare(store, create, err))
		return false;
	/* It may come from elsewhere; a file of ours that isn't private can still be worked with. */
	if (store->writes && stat(store->path, &info) == 0 && (info.st_mode & 077) && chmod(store->path, 0600) < 0)
		return errno == EPERM || error_set(err, ERROR_STORE, "cannot make '%s' private: %s", store->path, strerror(errno));
	return true;
}

/*
 * The doorbell is a small file of its own: watching the store's files themselves would break their locks. It is the door,
 * too: whoever has the store open holds it shared, whoever puts another file in the store's place (restore.c) alone.
 */
static bool open_bell(struct store *store, int create, struct error *err)
{
	struct env env = env_real();
	int64_t end = env.ticks_ms(env.ctx) + store->busy_ms;

	store->bell = open(store->bell_path, create | (store->writes ? O_WRONLY : O_RDONLY) | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (store->bell < 0)
		return true;
	while (flock(store->bell, LOCK_SH | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return true; /* a file system without such locks */
		if (env.ticks_ms(env.ctx) >= end)
			return error_set(err, ERROR_STORE, "a backup is being put in the place of '%s'; try again when it is done",
					 store->path);
		sqlite3_sleep(5);
	}
	return true;
}

/* A restore that was killed may leave a change half done, which whoever only reads can't undo. */
static void undo_half_done(const char *path)
{
	AUTO(str_clear) struct str journal = STR_INIT(4200);
	AUTO(store_closep) struct store *bare = NULL;
	struct error ignored;
	int64_t tables;

	str_addf(&journal, "%s-journal", path);
	if (file_exists(journal.text) && bare_open(path, SQLITE_OPEN_READWRITE, &bare, &ignored))
		query_number(bare, "SELECT count(*) FROM sqlite_master", &tables, &ignored);
}

/* Pages are taken one by one: those that the engine would take with a connection's first one are more than most need. */
static void take_pages_singly(void)
{
	static atomic_flag done = ATOMIC_FLAG_INIT;

	if (!atomic_flag_test_and_set(&done))
		sqlite3_config(SQLITE_CONFIG_PAGECACHE, NULL, 0, 0);
}

bool store_open(const char *path, enum store_mode mode, int busy_ms, struct store **ret_store, struct error *err)
{
	AUTO(store_closep) struct store *store = memory_new(sizeof(*store));
	AUTO(str_clear) struct str bell = STR_INIT(4200);
	int flags = mode == STORE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE, result;

	/* Heeded only before the engine is used at all. */
	take_pages_singly();
	store->bell = -1;
	store->path = memory_copy_text(path);
	store->writes = mode != STORE_READ;
	store->busy_ms = busy_ms ? busy_ms : BUSY_MS;
	str_addf(&bell, "%s" STORE_BELL, path);
	store->bell_path = str_take(&bell);
	if (!prepare_path(path, mode, err) || !open_bell(store, 0, err))
		return false;
	if (mode == STORE_READ)
		undo_half_done(path);
	result = sqlite3_open_v2(path, &store->db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE, NULL);
	if (result != SQLITE_OK)
		return store_failed(store, result, err);
	/* Beside a file that is not ours nothing is made. */
	if (!make_ready(store, mode, store->busy_ms, err) || !then_register(store, err) ||
	    (store->bell < 0 && store->writes && !open_bell(store, O_CREAT, err)))
		return false;
	*ret_store = memory_steal(&store);
	return true;
}

static void leave_transaction(struct store *store)
{
	store->in_transaction = false;
	if (store->turn)
		lock_leave(store->turn);
}

/* All that is made again when it is needed. */
static void forget(struct store *store)
{
	for (size_t i = 0; i < STATEMENT_COUNT; i++) {
		sqlite3_finalize(store->statements[i]);
		store->statements[i] = NULL;
	}
	records_forget_dictionaries(store);
}

void store_close(struct store *store)
{
	if (!store)
		return;
	if (store->in_transaction) {
		sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
		leave_transaction(store);
	}
	forget(store);
	compress_free(store->compress);
	sqlite3_close(store->db);
	if (store->bell >= 0)
		close(store->bell);
	free(store->bell_path);
	free(store->path);
	free(store);
}

void store_closep(struct store **store)
{
	store_close(*store);
	*store = NULL;
}

const char *store_path(const struct store *store)
{
	return store->path;
}

const char *store_uuid(const struct store *store)
{
	return store->uuid;
}

int64_t store_epoch(const struct store *store)
{
	return store->epoch;
}

const char *store_doorbell(const struct store *store)
{
	return store->bell_path;
}

void store_take_turns(struct store *store, struct lock *turn)
{
	assert(!store->in_transaction);
	store->turn = turn;
}

bool store_begin(struct store *store, struct error *err)
{
	int result;

	assert(!store->in_transaction);
	if (store->turn)
		lock_enter(store->turn);
	store->in_transaction = true;
	result = sqlite3_exec(store->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	if (result != SQLITE_OK) {
		leave_transaction(store);
		return store_failed(store, result, err);
	}
	store->dictionaries_kept = store->dictionary_count;
	return true;
}

void store_ring(struct store *store)
{
	static const char stroke[1] = { '.' };

	/* Nobody needs to know what; a bell that cannot be rung is looked at when somebody next reads. */
	if (store->bell >= 0 && pwrite(store->bell, stroke, 1, 0) < 0)
		return;
}

bool store_commit(struct store *store, struct error *err)
{
	int result;

	assert(store->in_transaction);
	result = sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL);
	if (result != SQLITE_OK)
		return store_failed(store, result, err);
	leave_transaction(store);
	store_ring(store);
	return true;
}

void store_end(struct store **store)
{
	if (!*store || !(*store)->in_transaction)
		return;
	sqlite3_exec((*store)->db, "ROLLBACK", NULL, NULL, NULL);
	leave_transaction(*store);
	records_undo_dictionaries(*store);
}

void store_shed(struct store *store)
{
	sqlite3_db_release_memory(store->db);
}

void store_rest(struct store *store)
{
	assert(!store->in_transaction);
	forget(store);
	if (store->compress)
		compress_rest(store->compress);
	store_shed(store);
}

bool store_read_begin(struct store *store, struct error *err)
{
	int result = sqlite3_exec(store->db, "BEGIN", NULL, NULL, NULL);

	return result == SQLITE_OK || store_failed(store, result, err);
}

void store_read_end(struct store *store)
{
	sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
}

bool store_checkpoint(struct store *store, struct error *err)
{
	int result;

	/* Waiting for a reader (a backup, say) would keep all writers out meanwhile. */
	sqlite3_busy_timeout(store->db, 0);
	result = sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	sqlite3_busy_timeout(store->db, store->busy_ms);
	/* Somebody reads: the next time will do. */
	return result == SQLITE_OK || (result & 0xff) == SQLITE_BUSY || (result & 0xff) == SQLITE_LOCKED ||
	       store_failed(store, result, err);
}

bool store_check(struct store *store, struct str *out, struct error *err)
{
	static const char *const checks[] = { "PRAGMA quick_check(20)", "PRAGMA foreign_key_check" };

	for (size_t i = 0; i < ARRAY_LEN(checks); i++) {
		struct query query = query_of_text(store, checks[i]);

		while (query_next(&query))
			if (strcmp(row_text(&query, 0), "ok") != 0)
				str_addf(out, "%s%s\n", i == 1 ? "a row without its parent in table " : "", row_text(&query, 0));
		if (!query_end(&query, err))
			return false;
	}
	return true;
}

bool store_get(struct store *store, const char *name, struct str *out, struct error *err)
{
	struct query query = query_start(store, META_GET);
	bool found = false;

	error_clear(err);
	query_text(&query, name);
	if (query_next(&query)) {
		str_add_bytes(out, row_blob(&query, 0), row_len(&query, 0));
		found = true;
	}
	return query_end(&query, err) && found;
}

bool store_set(struct store *store, const char *name, const char *bytes, size_t len, struct error *err)
{
	struct query query = query_start(store, META_SET);

	query_text(&query, name);
	query_blob(&query, bytes, len);
	return query_run(&query, err);
}

/* Pragmas that only look, with or without a name behind them. */
static bool pragma_reads(const char *name, const char *argument)
{
	static const char *const with[] = { "table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo",
					    "foreign_key_list", "quick_check", "integrity_check" };
	static const char *const without[] = { "table_list", "database_list", "collation_list", "compile_options", "encoding",
					       "user_version", "application_id", "page_count", "page_size", "freelist_count",
					       "journal_mode", "auto_vacuum", "quick_check", "integrity_check" };
	const char *const *names = argument ? with : without;
	size_t count = argument ? ARRAY_LEN(with) : ARRAY_LEN(without);

	for (size_t i = 0; i < count; i++)
		if (strcasecmp(names[i], name) == 0)
			return true;
	return false;
}

/* Only what reads may pass: no writing, attaching, or pragma that changes. */
static int read_only(void *ctx, int action, const char *a, const char *b, const char *c, const char *d)
{
	(void)ctx, (void)c, (void)d;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_FUNCTION:
	case SQLITE_RECURSIVE:
		return SQLITE_OK;
	case SQLITE_READ:
		/* Pragmas as tables, some of which write. */
		return !a || strncasecmp(a, "pragma_", 7) != 0 ? SQLITE_OK : SQLITE_DENY;
	case SQLITE_PRAGMA:
		return a && pragma_reads(a, b) ? SQLITE_OK : SQLITE_DENY;
	default:
		return SQLITE_DENY;
	}
}

/* Bytes that are no text are shown as SQL writes them. */
static const char *cell_text(sqlite3_stmt *statement, int column, struct str *out)
{
	const unsigned char *bytes;
	int len;

	if (sqlite3_column_type(statement, column) != SQLITE_BLOB)
		return (const char *)sqlite3_column_text(statement, column);
	bytes = sqlite3_column_blob(statement, column);
	len = sqlite3_column_bytes(statement, column);
	str_reset(out);
	str_add(out, "x'");
	for (int i = 0; i < len; i++)
		str_addf(out, "%02x", bytes[i]);
	str_add(out, "'");
	return out->text;
}

struct inspection {
	size_t columns;
	const char **values; /* owned */
	struct str *texts;   /* owned: one a column */
};

static void inspection_clear(struct inspection *inspection)
{
	for (size_t i = 0; inspection->texts && i < inspection->columns; i++)
		str_clear(&inspection->texts[i]);
	free(inspection->texts);
	free(inspection->values);
}

static bool inspect(struct store *store, sqlite3_stmt *statement, bool (*head)(void *, size_t, const char *const *),
		    bool (*row)(void *, size_t, const char *const *), void *ctx, struct error *err)
{
	AUTO(inspection_clear) struct inspection all = { 0 };
	int result;

	all.columns = (size_t)sqlite3_column_count(statement);
	all.values = memory_new((all.columns + 1) * sizeof(*all.values));
	all.texts = memory_new((all.columns + 1) * sizeof(*all.texts));
	for (size_t i = 0; i < all.columns; i++) {
		str_init(&all.texts[i], STR_NO_LIMIT);
		all.values[i] = sqlite3_column_name(statement, (int)i);
	}
	if (!head(ctx, all.columns, all.values))
		return true;
	while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
		for (size_t i = 0; i < all.columns; i++)
			all.values[i] = cell_text(statement, (int)i, &all.texts[i]);
		if (!row(ctx, all.columns, all.values))
			return true;
	}
	/* What the statement itself cannot do is the asker's; the rest is the file's. */
	if ((result & 0xff) == SQLITE_ERROR || (result & 0xff) == SQLITE_TOOBIG || (result & 0xff) == SQLITE_MISMATCH)
		return error_set(err, ERROR_INPUT, "%s", sqlite3_errmsg(store->db));
	return result == SQLITE_DONE || store_failed(store, result, err);
}

static void statement_clear(sqlite3_stmt **statement)
{
	sqlite3_finalize(*statement);
}

static bool is_alone(struct store *store, const char *rest)
{
	AUTO(statement_clear) sqlite3_stmt *next = NULL;

	/* Blanks, semicolons and comments make no statement. */
	while (*rest) {
		if (sqlite3_prepare_v2(store->db, rest, -1, &next, &rest) != SQLITE_OK || next)
			return false;
	}
	return true;
}

/* A statement that reads; NULL when there is none, or more than one. */
static sqlite3_stmt *prepare_reading(struct store *store, const char *sql, struct error *err)
{
	AUTO(statement_clear) sqlite3_stmt *statement = NULL;
	const char *rest = NULL;
	int result = sqlite3_prepare_v2(store->db, sql, -1, &statement, &rest);

	if ((result & 0xff) == SQLITE_AUTH || (statement && !sqlite3_stmt_readonly(statement)))
		error_set(err, ERROR_INPUT, "only reading is allowed here");
	else if ((result & 0xff) == SQLITE_ERROR || (result & 0xff) == SQLITE_TOOBIG)
		error_set(err, ERROR_INPUT, "%s", sqlite3_errmsg(store->db));
	else if (result != SQLITE_OK)
		store_failed(store, result, err);
	else if (!statement)
		error_set(err, ERROR_INPUT, "there is no statement in that");
	else if (!is_alone(store, rest))
		error_set(err, ERROR_INPUT, "one statement at a time");
	else
		return memory_steal(&statement);
	return NULL;
}

bool store_inspect(struct store *store, const char *sql, bool (*head)(void *ctx, size_t count, const char *const *names),
		   bool (*row)(void *ctx, size_t count, const char *const *values), void *ctx, struct error *err)
{
	AUTO(statement_clear) sqlite3_stmt *statement = NULL;

	sqlite3_set_authorizer(store->db, read_only, NULL);
	statement = prepare_reading(store, sql, err);
	sqlite3_set_authorizer(store->db, NULL, NULL);
	return statement && inspect(store, statement, head, row, ctx, err);
}
