/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The state file: opened so that nobody else can, and written after each change, changed records
 * only. Killing the program at any point leaves the last whole save. Reading is state_load.c's.
 */
#include "state.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledgerdeck/core/memory.h"
#include "oauth.h"
#include "state_impl.h"
#include "xledger/state.h"

#define APPLICATION_ID 0x4c44534d
#define VERSION 1

static_assert(APPLICATION_ID == 1279546189 && VERSION == 1, "the texts below say the same");

/*
 * Records stand in the order in which they were first written, nearly that of their ids. `moved`
 * orders those of one second as company_touch() does: a later change in the same second moves
 * nothing.
 */
static const char schema_sql[] =
	"BEGIN EXCLUSIVE;"
	"PRAGMA application_id = 1279546189;"
	"PRAGMA user_version = 1;"
	"CREATE TABLE world (number INTEGER PRIMARY KEY, seed INTEGER NOT NULL,"
	" clock_offset_ms INTEGER NOT NULL, trace_count INTEGER NOT NULL, random BLOB NOT NULL);"
	"CREATE TABLE oauth (number INTEGER PRIMARY KEY, text TEXT NOT NULL);"
	"CREATE TABLE company (number INTEGER PRIMARY KEY, text TEXT NOT NULL);"
	"CREATE TABLE record (number INTEGER PRIMARY KEY, company INTEGER NOT NULL,"
	" entity TEXT NOT NULL, id TEXT NOT NULL, moved INTEGER NOT NULL,"
	" sync_token INTEGER NOT NULL, created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL,"
	" day INTEGER NOT NULL, active INTEGER NOT NULL, balance INTEGER NOT NULL,"
	" postings TEXT NOT NULL, links TEXT NOT NULL, text TEXT NOT NULL,"
	" UNIQUE (company, entity, id));"
	"CREATE TABLE tombstone (number INTEGER PRIMARY KEY, company INTEGER NOT NULL,"
	" entity TEXT NOT NULL, id TEXT NOT NULL, deleted_ms INTEGER NOT NULL,"
	" UNIQUE (company, entity, id));"
	"COMMIT";

static const char *const statement_sql[STATEMENT_COUNT] = {
	[STATEMENT_BEGIN] = "BEGIN IMMEDIATE",
	[STATEMENT_COMMIT] = "COMMIT",
	[STATEMENT_ROLLBACK] = "ROLLBACK",
	[STATEMENT_WORLD_PUT] = "INSERT OR REPLACE INTO world (number, seed, clock_offset_ms, "
				"trace_count, random) VALUES (1, ?, ?, ?, ?)",
	[STATEMENT_WORLD_GET] = "SELECT seed, clock_offset_ms, trace_count, random FROM world",
	[STATEMENT_OAUTH_PUT] = "INSERT OR REPLACE INTO oauth (number, text) VALUES (1, ?)",
	[STATEMENT_OAUTH_GET] = "SELECT text FROM oauth",
	[STATEMENT_COMPANY_PUT] = "INSERT OR REPLACE INTO company (number, text) VALUES (?, ?)",
	[STATEMENT_COMPANY_LIST] = "SELECT number, text FROM company ORDER BY number",
	[STATEMENT_RECORD_PUT] =
		"INSERT INTO record (company, entity, id, moved, sync_token, created_ms, "
		"updated_ms, day, active, balance, postings, links, text) "
		"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
		"ON CONFLICT (company, entity, id) DO UPDATE SET "
		"moved = CASE updated_ms WHEN excluded.updated_ms THEN moved "
		"ELSE excluded.moved END, "
		"sync_token = excluded.sync_token, created_ms = excluded.created_ms, "
		"updated_ms = excluded.updated_ms, day = excluded.day, active = excluded.active, "
		"balance = excluded.balance, postings = excluded.postings, links = excluded.links, "
		"text = excluded.text",
	[STATEMENT_RECORD_DELETE] =
		"DELETE FROM record WHERE company = ? AND entity = ? AND id = ?",
	[STATEMENT_RECORD_LIST] =
		"SELECT company, entity, id, moved, sync_token, created_ms, updated_ms, day, "
		"active, balance, postings, links, text FROM record ORDER BY number",
	[STATEMENT_RECORD_LAST] = "SELECT coalesce(max(moved), 0) FROM record",
	[STATEMENT_TOMBSTONE_PUT] =
		"INSERT OR REPLACE INTO tombstone (company, entity, id, deleted_ms) "
		"VALUES (?, ?, ?, ?)",
	[STATEMENT_TOMBSTONE_LIST] =
		"SELECT company, entity, id, deleted_ms FROM tombstone ORDER BY number",
};

/* ---- statements */

sqlite3_stmt *state_start(struct state *state, enum statement_name name)
{
	return state->statements[name];
}

void state_end(sqlite3_stmt **statement)
{
	sqlite3_reset(*statement);
	sqlite3_clear_bindings(*statement);
}

static bool fail_code(const char *path, int code, const char *message, struct error *err)
{
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return error_set(err, ERROR_STORE,
				 "the state file '%s' is in use by another simulator", path);
	case SQLITE_NOTADB:
		return error_set(err, ERROR_STORE, "'%s' is not a state file of this simulator",
				 path);
	case SQLITE_CORRUPT:
	case SQLITE_ERROR: /* a table that should be there is not */
		return error_set(err, ERROR_STORE, "the state file '%s' is damaged", path);
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_CANTOPEN:
		return error_set(err, ERROR_STORE, "the state file '%s' cannot be written", path);
	default:
		return error_set(err, ERROR_STORE, "the state file '%s' cannot be used: %s", path,
				 message);
	}
}

bool state_fail(const struct state *state, struct error *err)
{
	return fail_code(state->path, sqlite3_errcode(state->db), sqlite3_errmsg(state->db), err);
}

bool state_damaged(const struct state *state, struct error *err)
{
	return fail_code(state->path, SQLITE_CORRUPT, "", err);
}

/* Carry out a statement that has no rows. */
static bool run(struct state *state, enum statement_name name, struct error *err)
{
	AUTO(state_end) sqlite3_stmt *statement = state_start(state, name);

	return sqlite3_step(statement) == SQLITE_DONE || state_fail(state, err);
}

static bool run_text(struct state *state, const char *sql, struct error *err)
{
	return sqlite3_exec(state->db, sql, NULL, NULL, NULL) == SQLITE_OK ||
	       state_fail(state, err);
}

/* ---- opening */

static void db_close(sqlite3 **db)
{
	sqlite3_close(*db);
}

/* As a URI no path means anything special to SQLite. */
static int db_open(const char *path, const char *options, int flags, sqlite3 **ret_db)
{
	AUTO(str_clear) struct str uri = STR_INIT(STR_NO_LIMIT);

	str_add(&uri, "file:");
	str_add_percent(&uri, path);
	str_add(&uri, options);
	return sqlite3_open_v2(uri.text, ret_db, flags | SQLITE_OPEN_URI, NULL);
}

static bool pragma_get(sqlite3 *db, const char *sql, int64_t *ret_value)
{
	sqlite3_stmt *statement = NULL;
	bool good = sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
		    sqlite3_step(statement) == SQLITE_ROW;

	if (good)
		*ret_value = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return good;
}

/*
 * Is a file that is not empty ours? Looks without locks and without a trace: somebody else's
 * database must stay as it is.
 */
static bool file_check(const char *path, struct error *err)
{
	AUTO(db_close) sqlite3 *db = NULL;
	int64_t id, version;
	int code = db_open(path, "?immutable=1", SQLITE_OPEN_READONLY, &db);

	if (code != SQLITE_OK)
		return error_set(err, ERROR_STORE, "the state file '%s' cannot be read", path);
	if (!pragma_get(db, "PRAGMA application_id", &id) || id != APPLICATION_ID)
		return fail_code(path, SQLITE_NOTADB, "", err);
	if (!pragma_get(db, "PRAGMA user_version", &version) || version < 1)
		return fail_code(path, SQLITE_CORRUPT, "", err);
	if (version > VERSION)
		return error_set(err, ERROR_STORE,
				 "the state file '%s' was made by a newer simulator", path);
	return true;
}

/* Make the file when there is none. `ret_is_new`: nothing is in it yet. */
static bool file_make(const char *path, bool *ret_is_new, struct error *err)
{
	struct stat status;
	int fd;

	if (stat(path, &status) == 0) {
		if (!S_ISREG(status.st_mode))
			return error_set(err, ERROR_STORE,
					 "the state file '%s' is not a regular file", path);
		*ret_is_new = status.st_size == 0;
		return true;
	}
	if (errno != ENOENT)
		return error_set(err, ERROR_STORE, "cannot look at the state file '%s': %m", path);
	/* It holds tokens: nobody else reads them. */
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_set(err, ERROR_STORE, "cannot make the state file '%s': %m", path);
	close(fd);
	*ret_is_new = true;
	return true;
}

/* Take the file for this program alone, and see that it can be written. */
static bool file_take(struct state *state, bool is_new, struct error *err)
{
	int code = db_open(state->path, "", SQLITE_OPEN_READWRITE, &state->db);
	int64_t tables;

	if (code != SQLITE_OK)
		return fail_code(state->path, code, sqlite3_errstr(code), err);
	if (sqlite3_db_readonly(state->db, "main") == 1)
		return fail_code(state->path, SQLITE_READONLY, "", err);
	/*
	 * Killing the program loses nothing with synchronous=NORMAL; a power cut may lose the last
	 * saves, but not the file.
	 */
	if (!run_text(state,
		      "PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = NORMAL; "
		      "PRAGMA cache_size = -16384",
		      err))
		return false;
	if (!is_new)
		return run_text(state, "BEGIN EXCLUSIVE; PRAGMA user_version = 1; COMMIT", err);
	/* Somebody else may have begun to fill it since we looked. */
	if (!run_text(state, "BEGIN EXCLUSIVE; COMMIT", err))
		return false;
	if (!pragma_get(state->db, "SELECT count(*) FROM sqlite_master", &tables))
		return state_fail(state, err);
	return tables > 0 || run_text(state, schema_sql, err);
}

static void state_closep(struct state **state)
{
	state_close(*state);
}

bool state_open(struct simulator *simulator, const char *path, struct state **ret_state,
		struct error *err)
{
	AUTO(state_closep) struct state *state = memory_new(sizeof(*state));
	bool is_new = false;

	(void)simulator;
	state->path = memory_copy_text(path);
	if (!file_make(path, &is_new, err) || (!is_new && !file_check(path, err)) ||
	    !file_take(state, is_new, err))
		return false;
	for (size_t i = 0; i < STATEMENT_COUNT; i++)
		if (sqlite3_prepare_v3(state->db, statement_sql[i], -1, SQLITE_PREPARE_PERSISTENT,
				       &state->statements[i], NULL) != SQLITE_OK)
			return state_fail(state, err);
	*ret_state = memory_steal(&state);
	return true;
}

void state_close(struct state *state)
{
	if (!state)
		return;
	for (size_t i = 0; i < STATEMENT_COUNT; i++)
		sqlite3_finalize(state->statements[i]);
	sqlite3_close(state->db);
	state_texts_freep(&state->texts);
	free(state->forgotten);
	free(state->path);
	free(state);
}

/* ---- writing */

static void bind_text(sqlite3_stmt *statement, int at, const char *text, size_t len)
{
	sqlite3_bind_text64(statement, at, text, len, SQLITE_STATIC, SQLITE_UTF8);
}

static bool world_put(struct simulator *simulator, struct error *err)
{
	struct state *state = simulator->state;
	AUTO(state_end) sqlite3_stmt *statement = state_start(state, STATEMENT_WORLD_PUT);

	sqlite3_bind_int64(statement, 1, (int64_t)simulator->seed);
	sqlite3_bind_int64(statement, 2, simulator->clock_offset_ms);
	sqlite3_bind_int64(statement, 3, (int64_t)simulator->trace_count);
	sqlite3_bind_blob(statement, 4, simulator->random.state, sizeof(simulator->random.state),
			  SQLITE_STATIC);
	return sqlite3_step(statement) == SQLITE_DONE || state_fail(state, err);
}

static bool oauth_put(struct simulator *simulator, struct error *err)
{
	struct state *state = simulator->state;
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	AUTO(state_end) sqlite3_stmt *statement = state_start(state, STATEMENT_OAUTH_PUT);

	oauth_save(simulator->oauth, &text);
	bind_text(statement, 1, text.text, text.len);
	return sqlite3_step(statement) == SQLITE_DONE || state_fail(state, err);
}

static bool company_put(struct state *state, size_t number, const char *text, struct error *err)
{
	AUTO(state_end) sqlite3_stmt *statement = state_start(state, STATEMENT_COMPANY_PUT);

	sqlite3_bind_int64(statement, 1, (int64_t)number);
	bind_text(statement, 2, text, strlen(text));
	return sqlite3_step(statement) == SQLITE_DONE || state_fail(state, err);
}

/* "account,cents,foreign[,entity,party];" for each */
static void add_postings(const struct record *record, struct str *out)
{
	for (uint32_t i = 0; i < record->posting_count; i++) {
		const struct posting *posting = &record->postings[i];

		str_addf(out, "%s,%lld,%lld", posting->account->id, (long long)posting->cents,
			 (long long)posting->foreign);
		if (posting->party)
			str_addf(out, ",%s,%s", posting->party->entity->name, posting->party->id);
		str_add_char(out, ';');
	}
}

/* "entity,id,cents;" for each */
static void add_links(const struct record *record, struct str *out)
{
	for (uint32_t i = 0; i < record->link_count; i++)
		str_addf(out, "%s,%s,%lld;", record->links[i].from->entity->name,
			 record->links[i].from->id, (long long)record->links[i].cents);
}

static bool record_put(struct state *state, size_t company, const struct record *record,
		       struct str *scratch, struct error *err)
{
	AUTO(state_end) sqlite3_stmt *statement = state_start(state, STATEMENT_RECORD_PUT);
	size_t links_at;

	str_reset(scratch);
	add_postings(record, scratch);
	links_at = scratch->len;
	add_links(record, scratch);
	sqlite3_bind_int64(statement, 1, (int64_t)company);
	bind_text(statement, 2, record->entity->name, strlen(record->entity->name));
	bind_text(statement, 3, record->id, strlen(record->id));
	sqlite3_bind_int64(statement, 4, ++state->moved);
	sqlite3_bind_int64(statement, 5, record->sync_token);
	sqlite3_bind_int64(statement, 6, record->created_ms);
	sqlite3_bind_int64(statement, 7, record->updated_ms);
	sqlite3_bind_int64(statement, 8, record->date.day);
	sqlite3_bind_int64(statement, 9, record->active);
	sqlite3_bind_int64(statement, 10, record->balance);
	bind_text(statement, 11, scratch->text, links_at);
	bind_text(statement, 12, scratch->text + links_at, scratch->len - links_at);
	bind_text(statement, 13, record->text, record->len);
	return sqlite3_step(statement) == SQLITE_DONE || state_fail(state, err);
}

static int compare_places(const void *a, const void *b)
{
	const struct record *const *x = a, *const *y = b;

	if ((*x)->entity != (*y)->entity)
		return (*x)->entity->index < (*y)->entity->index ? -1 : 1;
	if ((*x)->updated_ms != (*y)->updated_ms)
		return (*x)->updated_ms < (*y)->updated_ms ? -1 : 1;
	return 0;
}

/*
 * Write `count` changed records of one table and one second, in the order of the table: a client
 * that pages by time must not see another order after a restart.
 */
static bool second_put(struct state *state, struct company *company, size_t number,
		       struct record *const *records, size_t count, struct str *scratch,
		       struct error *err)
{
	const struct table *table = company_table(company, records[0]->entity);
	size_t written = 0;

	if (count == 1)
		return record_put(state, number, records[0], scratch, err);
	for (size_t i = table_time_bound(table, records[0]->updated_ms); written < count; i++) {
		assert(i < table->count);
		if (!table->by_time[i]->dirty)
			continue;
		if (!record_put(state, number, table->by_time[i], scratch, err))
			return false;
		written++;
	}
	return true;
}

static bool records_put(struct state *state, struct company *company, size_t number,
			struct error *err)
{
	AUTO(memory_freep) struct record **records = NULL;
	AUTO(str_clear) struct str scratch = STR_INIT(STR_NO_LIMIT);
	size_t count = 0, room = 0, end;

	for (struct record *record = company->dirty; record; record = record->next_dirty) {
		memory_grow(&records, &room, count + 1, sizeof(*records));
		records[count++] = record;
	}
	if (count > 1)
		qsort(records, count, sizeof(*records), compare_places);
	for (size_t start = 0; start < count; start = end) {
		end = start + 1;
		while (end < count && compare_places(&records[start], &records[end]) == 0)
			end++;
		if (!second_put(state, company, number, records + start, end - start, &scratch,
				err))
			return false;
	}
	return true;
}

/* INT64_MIN when there is none. */
static int64_t tombstone_ms(const struct forgotten *forgotten)
{
	const struct table *table = company_table(forgotten->company, forgotten->entity);

	for (size_t i = table->tombstone_count; i-- > 0;)
		if (strcmp(table->tombstones[i].id, forgotten->id) == 0)
			return table->tombstones[i].deleted_ms;
	return INT64_MIN;
}

static bool forgotten_put(struct state *state, size_t number, const struct forgotten *forgotten,
			  struct error *err)
{
	AUTO(state_end) sqlite3_stmt *delete = state_start(state, STATEMENT_RECORD_DELETE);
	AUTO(state_end) sqlite3_stmt *insert = state_start(state, STATEMENT_TOMBSTONE_PUT);
	const char *entity = forgotten->entity->name;
	int64_t deleted_ms = tombstone_ms(forgotten);

	sqlite3_bind_int64(delete, 1, (int64_t)number);
	bind_text(delete, 2, entity, strlen(entity));
	bind_text(delete, 3, forgotten->id, strlen(forgotten->id));
	if (sqlite3_step(delete) != SQLITE_DONE)
		return state_fail(state, err);
	if (deleted_ms == INT64_MIN)
		return true;
	sqlite3_bind_int64(insert, 1, (int64_t)number);
	bind_text(insert, 2, entity, strlen(entity));
	bind_text(insert, 3, forgotten->id, strlen(forgotten->id));
	sqlite3_bind_int64(insert, 4, deleted_ms);
	return sqlite3_step(insert) == SQLITE_DONE || state_fail(state, err);
}

static bool is_other_text(const struct state *state, size_t number, const char *text)
{
	return number >= state->text_count || strcmp(state->texts[number], text) != 0;
}

/* Everything that is not in the file yet, inside a transaction. */
static bool changes_put(struct simulator *simulator, char *const *texts, struct error *err)
{
	struct state *state = simulator->state;

	if (!world_put(simulator, err) || (state->is_oauth_dirty && !oauth_put(simulator, err)))
		return false;
	for (size_t i = 0; i < simulator->company_count; i++) {
		struct company *company = simulator->companies[i];

		for (size_t k = 0; k < state->forgotten_count; k++)
			if (state->forgotten[k].company == company &&
			    !forgotten_put(state, i, &state->forgotten[k], err))
				return false;
		if (is_other_text(state, i, texts[i]) && !company_put(state, i, texts[i], err))
			return false;
		if (!records_put(state, company, i, err))
			return false;
	}
	return xl_state_put(simulator, state->db) || state_fail(state, err);
}

/* The file holds everything now. Takes `texts`. */
static void changes_settle(struct simulator *simulator, char **texts)
{
	struct state *state = simulator->state;

	for (size_t i = 0; i < simulator->company_count; i++) {
		struct company *company = simulator->companies[i];

		while (company->dirty) {
			struct record *record = company->dirty;

			company->dirty = record->next_dirty;
			record->next_dirty = NULL;
			record->dirty = false;
		}
	}
	xl_state_settle(simulator);
	state_texts_freep(&state->texts);
	state->texts = texts;
	state->text_count = simulator->company_count;
	state->forgotten_count = 0;
	state->is_oauth_dirty = false;
	state->clock_offset_ms = simulator->clock_offset_ms;
	state->holds_world = true;
}

/* Ticks of the random numbers and of the trace id alone are no reason to write. */
static bool has_changes(const struct simulator *simulator, char *const *texts)
{
	const struct state *state = simulator->state;

	if (!state->holds_world || state->is_oauth_dirty || state->forgotten_count > 0 ||
	    state->clock_offset_ms != simulator->clock_offset_ms || xl_state_is_dirty(simulator))
		return true;
	for (size_t i = 0; i < simulator->company_count; i++)
		if (simulator->companies[i]->dirty || is_other_text(state, i, texts[i]))
			return true;
	return false;
}

/* Roll back what was not committed. */
static void transaction_end(struct state **state)
{
	if (!sqlite3_get_autocommit((*state)->db))
		run(*state, STATEMENT_ROLLBACK, NULL);
}

bool state_save(struct simulator *simulator, struct error *err)
{
	struct state *state = simulator->state;
	AUTO(state_texts_freep) char **texts = state_texts(simulator);
	AUTO(transaction_end) struct state *transaction = state;

	if (oauth_take_dirty(simulator->oauth))
		state->is_oauth_dirty = true;
	if (!has_changes(simulator, texts))
		return true;
	if (!run(transaction, STATEMENT_BEGIN, err) || !changes_put(simulator, texts, err) ||
	    !run(transaction, STATEMENT_COMMIT, err))
		return false;
	changes_settle(simulator, memory_steal(&texts));
	/*
	 * The first save may be a gigabyte, which a log would write twice; the small ones that
	 * follow need not wait for the disk with it. Without it the journal does as well.
	 */
	if (!state->has_log)
		sqlite3_exec(state->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
	state->has_log = true;
	return true;
}

void state_forget(struct simulator *simulator, struct company *company, const struct entity *entity,
		  const char *id)
{
	struct state *state = simulator->state;
	struct forgotten *forgotten;

	if (!state)
		return;
	memory_grow(&state->forgotten, &state->forgotten_room, state->forgotten_count + 1,
		    sizeof(*state->forgotten));
	forgotten = &state->forgotten[state->forgotten_count++];
	*forgotten = (struct forgotten){ .company = company, .entity = entity };
	snprintf(forgotten->id, sizeof(forgotten->id), "%s", id);
}
