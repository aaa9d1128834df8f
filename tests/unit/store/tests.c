/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of the store share. */
#include "tests.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sqlite3.h>

#include "ledgerdeck/core/digest.h"
#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/memory.h"
#include "store/query.h"

void expect_error(bool ok, const struct error *err, enum error_code code, const char *part)
{
	assert_false(ok);
	if (err->code != code || !strstr(err->text, part))
		fail_msg("expected code %d and '%s', got code %d and '%s'", (int)code, part, (int)err->code,
			 err->text);
}

void expect_ok(bool ok, const struct error *err)
{
	if (!ok)
		fail_msg("expected success, got code %d and '%s'", (int)err->code, err->text);
}

/* ---- places ---- */

void place_init(struct place *place)
{
	const char *base = env_variable("TMPDIR");

	if (!base || strlen(base) > 30)
		base = "/tmp";
	snprintf(place->directory, sizeof(place->directory), "%s/store-test-XXXXXX", base);
	assert_non_null(mkdtemp(place->directory));
	snprintf(place->path, sizeof(place->path), "%s/ledgerdeck.db", place->directory);
}

static void remove_tree(const char *directory)
{
	char path[512];
	DIR *dir = opendir(directory);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name);
		if (unlink(path) < 0 && (errno == EISDIR || errno == EPERM))
			remove_tree(path);
	}
	if (dir)
		closedir(dir);
	rmdir(directory);
}

void place_clear(struct place *place)
{
	if (*place->directory)
		remove_tree(place->directory);
	*place->directory = '\0';
}

struct store *place_open(const struct place *place, enum store_mode mode)
{
	struct error err = { 0 };
	struct store *store = NULL;

	expect_ok(store_open(place->path, mode, 0, &store, &err), &err);
	return store;
}

static sqlite3 *open_raw(const struct place *place)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 5000);
	return db;
}

void place_sql(const struct place *place, const char *sql)
{
	sqlite3 *db = open_raw(place);

	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("'%s': %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

int64_t place_number(const struct place *place, const char *sql)
{
	sqlite3 *db = open_raw(place);
	sqlite3_stmt *statement;
	int64_t number;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	number = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return number;
}

/* ---- books ---- */

struct account books_account(const char *name, const char *provider)
{
	struct account account = { .environment = ENVIRONMENT_SANDBOX, .connected_ms = NOW };

	snprintf(account.name, sizeof(account.name), "%s", name);
	snprintf(account.provider, sizeof(account.provider), "%s", provider);
	return account;
}

void books_init(struct books *books)
{
	static const char *const names[BOOKS_ACCOUNTS] = { "Acme Trading", "Bolt Works" };
	struct error err = { 0 };

	*books = (struct books){ 0 };
	place_init(&books->place);
	books->store = place_open(&books->place, STORE_CREATE);
	expect_ok(store_begin(books->store, &err), &err);
	for (size_t i = 0; i < BOOKS_ACCOUNTS; i++) {
		books->accounts[i] = books_account(names[i], "quickbooks");
		expect_ok(accounts_add(books->store, &books->accounts[i], names[i], "key", 3, &err), &err);
		expect_ok(objects_ensure(books->store, books->accounts[i].id, "Invoice", &books->invoices[i],
					 &err), &err);
	}
	expect_ok(store_commit(books->store, &err), &err);
}

void books_clear(struct books *books)
{
	store_close(books->store);
	place_clear(&books->place);
	*books = (struct books){ 0 };
}

int64_t books_number(const struct books *books, const char *sql)
{
	struct error err = { 0 };
	int64_t number = 0;

	expect_ok(query_number(books->store, sql, &number, &err), &err);
	return number;
}

/* ---- records ---- */

const struct type invoice_type = {
	.provider = "quickbooks",
	.name = "Invoice",
	.query = "Invoice",
	.key = "Id",
	.version = "SyncToken",
	.time = "MetaData.LastUpdatedTime",
	.title = "DocNumber",
	.active = "",
	.extra = "",
	.origin = "tests:1",
	.fields = {
		[INVOICE_NUMBER] = { "DocNumber", "DocNumber", FIELD_TEXT, NULL, true, false },
		[INVOICE_TOTAL] = { "TotalAmt", "TotalAmt", FIELD_MONEY, NULL, true, false },
		[INVOICE_QUANTITY] = { "Quantity", "Quantity", FIELD_NUMBER, NULL, false, false },
		[INVOICE_DATE] = { "TxnDate", "TxnDate", FIELD_DATE, NULL, true, false },
		[INVOICE_SENT] = { "SentTime", "SentTime", FIELD_TIME, NULL, false, false },
		[INVOICE_PAID] = { "Paid", "Paid", FIELD_FLAG, NULL, false, false },
		[INVOICE_MEMO] = { "Memo", "Memo", FIELD_TEXT, NULL, false, false },
	},
	.field_count = 7,
};

void sample_init(struct sample *sample, const char *id, const char *version, const char *text)
{
	struct compress *compress = compress_new();
	struct record *record = &sample->record;

	*sample = (struct sample){ .bytes = STR_INIT(STR_NO_LIMIT) };
	snprintf(sample->raw, sizeof(sample->raw), "{\"Id\":\"%s\",\"SyncToken\":\"%s\",\"DocNumber\":\"%s\"}", id,
		 version, text);
	snprintf(record->id, sizeof(record->id), "%s", id);
	snprintf(record->version, sizeof(record->version), "%s", version);
	record->raw = (struct json_slice){ .text = sample->raw, .len = strlen(sample->raw), .kind = JSON_OBJECT };
	record->hash = digest_short(sample->raw, strlen(sample->raw));
	record->title = text;
	record->title_len = strlen(text);
	record->has_time = true;
	record->time_ms = NOW;
	record->cells[INVOICE_NUMBER] = (struct cell){ CELL_TEXT, 0, text, strlen(text) };
	compress_pack(compress, NULL, sample->raw, strlen(sample->raw), &sample->bytes);
	sample->packed = (struct packed){ .record = record, .bytes = sample->bytes.text, .len = sample->bytes.len,
					  .raw_len = (int64_t)strlen(sample->raw) };
	compress_free(compress);
}

void sample_clear(struct sample *sample)
{
	str_clear(&sample->bytes);
}

struct put_counts books_put(struct books *books, size_t account, const struct sample *sample)
{
	struct put_counts counts = { 0 };
	struct error err = { 0 };

	expect_ok(store_begin(books->store, &err), &err);
	expect_ok(records_put(books->store, &books->invoices[account], &sample->packed, 1, NOW, &counts, &err), &err);
	expect_ok(store_commit(books->store, &err), &err);
	return counts;
}

struct put_counts books_put_text(struct books *books, size_t account, const char *id, const char *version,
				 const char *text)
{
	AUTO(sample_clear) struct sample sample;

	sample_init(&sample, id, version, text);
	return books_put(books, account, &sample);
}

void expect_counts(struct put_counts counts, int64_t added, int64_t changed, int64_t unchanged, int64_t deleted)
{
	if (counts.added != added || counts.changed != changed || counts.unchanged != unchanged ||
	    counts.deleted != deleted)
		fail_msg("expected %d added, %d changed, %d unchanged, %d deleted; got %d, %d, %d, %d", (int)added,
			 (int)changed, (int)unchanged, (int)deleted, (int)counts.added, (int)counts.changed,
			 (int)counts.unchanged, (int)counts.deleted);
}

/* ---- other processes ---- */

struct child child_new(int (*run)(void *ctx, const struct ends *ends), void *ctx)
{
	struct child child;
	int up[2], down[2];

	assert_int_equal(pipe2(up, O_CLOEXEC), 0);
	assert_int_equal(pipe2(down, O_CLOEXEC), 0);
	fflush(NULL);
	child.pid = fork();
	assert_true(child.pid >= 0);
	if (child.pid == 0) {
		const struct ends ends = { down[0], up[1] };

		close(up[0]);
		close(down[1]);
		_exit(run(ctx, &ends));
	}
	close(up[1]);
	close(down[0]);
	child.ends = (struct ends){ up[0], down[1] };
	return child;
}

int child_wait(struct child *child)
{
	int status = 0;

	close(child->ends.out);
	while (waitpid(child->pid, &status, 0) < 0)
		assert_int_equal(errno, EINTR);
	close(child->ends.in);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

bool ends_say(const struct ends *ends)
{
	return write(ends->out, ".", 1) == 1;
}

bool ends_hear(const struct ends *ends)
{
	char byte;
	ssize_t got;

	do {
		got = read(ends->in, &byte, 1);
	} while (got < 0 && errno == EINTR);
	return got == 1;
}
