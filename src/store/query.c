/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One statement being carried out, and what its failures mean to a person. */
#include "query.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

/* The engine has a word for "no space" alone: quotas and limits are found in the system's number of the file's last failure. */
static bool is_full(const struct store *store, int result)
{
	static const int files[] = { SQLITE_FCNTL_FILE_POINTER, SQLITE_FCNTL_JOURNAL_POINTER };
	int number = sqlite3_system_errno(store->db);

	/* As for the shared memory beside the file, which keeps no number of its own. */
	if ((result & 0xff) == SQLITE_IOERR && (number == ENOSPC || number == EDQUOT || number == EFBIG))
		return true;
	for (size_t i = 0; result == SQLITE_IOERR_WRITE && i < ARRAY_LEN(files); i++) {
		sqlite3_file *file = NULL;

		number = 0;
		if (sqlite3_file_control(store->db, "main", files[i], &file) == SQLITE_OK && file && file->pMethods &&
		    file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &number) == SQLITE_OK &&
		    (number == ENOSPC || number == EDQUOT || number == EFBIG))
			return true;
	}
	return false;
}

bool store_failed(const struct store *store, int result, struct error *err)
{
	const char *path = store->path;

	switch (is_full(store, result) ? SQLITE_FULL : result & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return error_set(err, ERROR_STORE, "'%s' is being written by another process; try again when it is done", path);
	case SQLITE_FULL:
		return error_set(err, ERROR_STORE, "the disk that holds '%s' is full; nothing was lost, free some space", path);
	case SQLITE_READONLY:
		return error_set(err, ERROR_STORE, "'%s' cannot be written; check its permissions and its directory's", path);
	case SQLITE_CANTOPEN:
		return error_set(err, ERROR_STORE, "'%s' cannot be opened; check its permissions and its directory's", path);
	case SQLITE_CORRUPT:
		return error_set(err, ERROR_STORE, "'%s' is damaged; restore a backup", path);
	case SQLITE_NOTADB:
		return error_set(err, ERROR_STORE, "'%s' is not a ledgerdeck file; it was left as it is", path);
	case SQLITE_IOERR:
		return error_set(err, ERROR_STORE, "the disk that holds '%s' fails: %s", path, sqlite3_errmsg(store->db));
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return error_set(err, ERROR_STORE, "no permission for '%s'", path);
	default:
		return error_set(err, ERROR_STORE, "'%s': %s", path, sqlite3_errmsg(store->db));
	}
}

struct query query_start(struct store *store, enum statement statement)
{
	struct query query = { .store = store, .result = SQLITE_OK };
	sqlite3_stmt **prepared = &store->statements[statement];

	if (!*prepared)
		query.result = sqlite3_prepare_v3(store->db, statement_text(statement), -1, SQLITE_PREPARE_PERSISTENT,
						  prepared, NULL);
	query.statement = *prepared;
	return query;
}

struct query query_of_text(struct store *store, const char *sql)
{
	struct query query = { .store = store };

	query.result = sqlite3_prepare_v2(store->db, sql, -1, &query.statement, NULL);
	query.at = INT_MIN;
	return query;
}

static int next_parameter(struct query *query)
{
	if (query->at < 0) { /* of a text: bound from the first on as well */
		int count = query->at - INT_MIN + 1;

		query->at++;
		return count;
	}
	return ++query->at;
}

static void note(struct query *query, int result)
{
	if (query->result == SQLITE_OK && result != SQLITE_OK)
		query->result = result;
}

void query_integer(struct query *query, int64_t value)
{
	note(query, sqlite3_bind_int64(query->statement, next_parameter(query), value));
}

void query_text_len(struct query *query, const char *text, size_t len)
{
	assert(len <= INT_MAX);
	note(query, sqlite3_bind_text(query->statement, next_parameter(query), text, (int)len, SQLITE_STATIC));
}

void query_text(struct query *query, const char *text)
{
	if (text)
		query_text_len(query, text, strlen(text));
	else
		query_null(query);
}

void query_blob(struct query *query, const void *bytes, size_t len)
{
	assert(len <= INT_MAX);
	note(query, sqlite3_bind_blob(query->statement, next_parameter(query), len ? bytes : "", (int)len, SQLITE_STATIC));
}

void query_pointer(struct query *query, const void *pointer, const char *kind)
{
	/* It is only read, whatever the interface says. */
	note(query, sqlite3_bind_pointer(query->statement, next_parameter(query), (void *)(uintptr_t)pointer, kind, NULL));
}

void query_null(struct query *query)
{
	note(query, sqlite3_bind_null(query->statement, next_parameter(query)));
}

void query_integer_or_null(struct query *query, bool has, int64_t value)
{
	if (has)
		query_integer(query, value);
	else
		query_null(query);
}

bool query_next(struct query *query)
{
	int result;

	if (query->result != SQLITE_OK)
		return false;
	result = sqlite3_step(query->statement);
	if (result == SQLITE_ROW)
		return true;
	if (result != SQLITE_DONE)
		query->result = result;
	return false;
}

bool query_end(struct query *query, struct error *err)
{
	int result = query->result;
	bool good = result == SQLITE_OK || store_failed(query->store, result, err);
	bool wrote = query->statement && !sqlite3_stmt_readonly(query->statement);

	if (query->at < 0) {
		sqlite3_finalize(query->statement);
	} else if (query->statement) {
		sqlite3_reset(query->statement);
		sqlite3_clear_bindings(query->statement);
	}
	/* Without a transaction around it, that was the commit. */
	if (good && wrote && sqlite3_get_autocommit(query->store->db))
		store_ring(query->store);
	query->statement = NULL;
	return good;
}

bool query_run(struct query *query, struct error *err)
{
	while (query_next(query))
		continue;
	return query_end(query, err);
}

bool query_number(struct store *store, const char *sql, int64_t *ret_number, struct error *err)
{
	struct query query = query_of_text(store, sql);
	int64_t number = query_next(&query) ? row_integer(&query, 0) : 0;

	if (!query_end(&query, err))
		return false;
	*ret_number = number;
	return true;
}

bool query_execute(struct store *store, const char *sql, struct error *err)
{
	int result = sqlite3_exec(store->db, sql, NULL, NULL, NULL);

	return result == SQLITE_OK || store_failed(store, result, err);
}

int64_t query_changes(const struct query *query)
{
	return sqlite3_changes(query->store->db);
}

int64_t row_integer(const struct query *query, int column)
{
	return sqlite3_column_int64(query->statement, column);
}

const char *row_text(const struct query *query, int column)
{
	const char *text = (const char *)sqlite3_column_text(query->statement, column);

	return text ? text : "";
}

size_t row_len(const struct query *query, int column)
{
	return (size_t)sqlite3_column_bytes(query->statement, column);
}

const void *row_blob(const struct query *query, int column)
{
	const void *bytes = sqlite3_column_blob(query->statement, column);

	return bytes ? bytes : "";
}

bool row_is_null(const struct query *query, int column)
{
	return sqlite3_column_type(query->statement, column) == SQLITE_NULL;
}

void row_copy(const struct query *query, int column, char *out, size_t size)
{
	const char *text = row_text(query, column);
	size_t len = strlen(text);

	if (len >= size)
		len = size - 1;
	memcpy(out, text, len);
	out[len] = '\0';
}
