/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bound.h"

#include <curl/curl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zdict.h>
#include <zstd.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/core/thread.h"

#define PATHS 8
#define TRAINING 1000
#define DICTIONARY 32768
#define PAGES_AHEAD 2
#define COLUMN_NAMES_MAX 40

/* ---- the scanner: finds quotes by memchr and believes the rest */

struct span {
	const char *at;
	size_t len;
};

/* "CustomerRef.name": the name in the record, and in its member where it is an object. */
struct path {
	const char *outer, *inner;
};

static const struct path invoice_paths[PATHS] = { { "Id", NULL }, { "SyncToken", NULL }, { "MetaData", "LastUpdatedTime" },
						  { "DocNumber", NULL }, { "TxnDate", NULL }, { "CustomerRef", "name" },
						  { "TotalAmt", NULL }, { "Balance", NULL } };
static const struct path customer_paths[PATHS] = { { "Id", NULL }, { "SyncToken", NULL }, { "MetaData", "LastUpdatedTime" },
						   { "DisplayName", NULL }, { "CompanyName", NULL },
						   { "PrimaryEmailAddr", "Address" }, { "Balance", NULL }, { "Active", NULL } };

static const struct path edge_paths[PATHS] = { { "node", "dbId" }, { "node", "number" }, { "node", "modifiedAt" }, { "node", "code" },
					       { "node", "description" }, { "node", "email" }, { "node", "createdAt" },
					       { "node", "phone" } };

static const char *behind_quote(const char *at, const char *end)
{
	for (;;) {
		at = memchr(at, '"', (size_t)(end - at));
		if (!at)
			return end;
		if (at[-1] != '\\' || at[-2] == '\\')
			return at + 1;
		at++;
	}
}

static struct span value_at(const char *at, const char *end)
{
	const char *start = at;

	if (*at == '"')
		return (struct span){ at + 1, (size_t)(behind_quote(at + 1, end) - at) - 2 };
	while (at < end && *at != ',' && *at != '}')
		at++;
	return (struct span){ start, (size_t)(at - start) };
}

static bool is_name(const char *name, size_t len, const char *text)
{
	return text && strlen(text) == len && memcmp(name, text, len) == 0;
}

/* From a record's brace to behind its closing one. */
static const char *scan_record(const char *at, const char *end, const struct path *paths, struct span *values)
{
	uint8_t within = 0; /* paths whose outer member is open */
	int depth = 0;

	memset(values, 0, PATHS * sizeof(*values));
	for (; at < end; at++) {
		const char *name;
		size_t len;

		if (*at == '{' || *at == '[') {
			depth++;
			continue;
		}
		if (*at == '}' || *at == ']') {
			if (--depth == 0)
				return at + 1;
			continue;
		}
		if (*at != '"')
			continue;
		name = at + 1;
		at = behind_quote(name, end);
		len = (size_t)(at - name) - 1;
		if (*at != ':' || depth > 2) {
			at--;
			continue;
		}
		if (depth == 1)
			within = 0;
		for (int i = 0; i < PATHS; i++) {
			if (depth == 1 && is_name(name, len, paths[i].outer)) {
				if (paths[i].inner)
					within |= (uint8_t)(1 << i);
				else
					values[i] = value_at(at + 1, end);
			} else if (depth == 2 && (within & 1 << i) && is_name(name, len, paths[i].inner)) {
				values[i] = value_at(at + 1, end);
			}
		}
	}
	return end;
}

/* ---- pages between the two threads */

struct row {
	struct span values[PATHS];
	size_t packed_at, packed_len;
};

struct bound_page {
	struct str body, packed;   /* owned */
	struct row rows[LEDGER_PAGE];
	size_t count;
	bool last;
};

struct pipe {
	struct lock *lock;
	struct bound_page *pages[PAGES_AHEAD + 1];
	size_t filled;
	const struct ledger *ledger;
	const struct ledger_type *type;
	ZSTD_CDict *dictionary;    /* owned */
	ZSTD_CCtx *compress;       /* owned */
};

static void give(struct pipe *pipe, struct bound_page *page)
{
	lock_enter(pipe->lock);
	while (pipe->filled > PAGES_AHEAD)
		lock_wait(pipe->lock, -1);
	pipe->pages[pipe->filled++] = page;
	lock_wake(pipe->lock);
	lock_leave(pipe->lock);
}

static struct bound_page *take(struct pipe *pipe)
{
	struct bound_page *page;

	lock_enter(pipe->lock);
	while (pipe->filled == 0)
		lock_wait(pipe->lock, -1);
	page = pipe->pages[0];
	memmove(pipe->pages, pipe->pages + 1, --pipe->filled * sizeof(*pipe->pages));
	lock_wake(pipe->lock);
	lock_leave(pipe->lock);
	return page;
}

/* ---- fetching, scanning and packing */

static void train(struct pipe *pipe, const struct span *records, size_t count)
{
	AUTO(str_clear) struct str samples = STR_INIT(STR_NO_LIMIT);
	size_t lens[TRAINING], len;
	static char bytes[DICTIONARY];

	for (size_t i = 0; i < count && i < TRAINING; i++) {
		str_add_bytes(&samples, records[i].at, records[i].len);
		lens[i] = records[i].len;
	}
	len = ZDICT_trainFromBuffer(bytes, sizeof(bytes), samples.text, lens, (unsigned int)count);
	pipe->dictionary = ZSTD_createCDict(bytes, len, 1);
}

static bool is_xledger(const struct pipe *pipe)
{
	return strcmp(pipe->type->provider, "xledger") == 0;
}

static void scan_page(struct pipe *pipe, struct bound_page *page)
{
	const struct path *paths = is_xledger(pipe) ? edge_paths : strcmp(pipe->type->name, "Invoice") == 0 ? invoice_paths : customer_paths;
	const char *end = page->body.text + page->body.len, *at = memchr(page->body.text, '[', page->body.len);
	static struct span records[LEDGER_PAGE];

	for (at++; *at == '{' && page->count < LEDGER_PAGE; at += *at == ',') {
		const char *start = at;

		at = scan_record(at, end, paths, page->rows[page->count].values);
		records[page->count++] = (struct span){ start, (size_t)(at - start) };
	}
	if (!pipe->dictionary)
		train(pipe, records, page->count);
	for (size_t i = 0; i < page->count; i++) {
		struct row *row = &page->rows[i];

		str_reserve(&page->packed, ZSTD_compressBound(records[i].len));
		row->packed_at = page->packed.len;
		row->packed_len = ZSTD_compress_usingCDict(pipe->compress, page->packed.text + page->packed.len,
							   page->packed.room - page->packed.len - 1, records[i].at, records[i].len,
							   pipe->dictionary);
		page->packed.len += row->packed_len;
	}
}

static size_t on_body(char *bytes, size_t size, size_t count, void *ctx)
{
	str_add_bytes(ctx, bytes, size * count);
	return size * count;
}

static void fetch_all(void *ctx)
{
	struct pipe *pipe = ctx;
	CURL *curl = curl_easy_init();
	size_t body_len = 0, packed_len = 0;
	bool last = false;

	pipe->compress = ZSTD_createCCtx();
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, 512L << 10);
	for (long start = 1; !last; start += LEDGER_PAGE) {
		struct bound_page *page = memory_new(sizeof(*page));
		char url[200], document[300];

		page->body = page->packed = (struct str)STR_INIT(STR_NO_LIMIT);
		str_reserve(&page->body, body_len + body_len / 8);
		str_reserve(&page->packed, packed_len + packed_len / 8);
		snprintf(url, sizeof(url), "http://127.0.0.1:%d/query?query=select%%20*%%20from%%20%s%%20startposition%%20%ld"
			 "%%20maxresults%%20%d", pipe->ledger->port, pipe->type->name, start, LEDGER_PAGE);
		if (is_xledger(pipe)) {
			snprintf(url, sizeof(url), "http://127.0.0.1:%d/graphql", pipe->ledger->port);
			snprintf(document, sizeof(document), "{\"query\":\"query { r: customers(first: %d, after: \\\"%ld\\\") { edges { cursor node { dbId } } } }\"}",
				 LEDGER_PAGE, 20000000 + start - 2);
			curl_easy_setopt(curl, CURLOPT_POSTFIELDS, document);
		}
		curl_easy_setopt(curl, CURLOPT_URL, url);
		curl_easy_setopt(curl, CURLOPT_WRITEDATA, &page->body);
		if (curl_easy_perform(curl) != CURLE_OK)
			exit(1);
		scan_page(pipe, page);
		body_len = page->body.len;
		packed_len = page->packed.len;
		last = page->last = page->count < LEDGER_PAGE;
		give(pipe, page);
	}
	curl_easy_cleanup(curl);
	ZSTD_freeCCtx(pipe->compress);
	ZSTD_freeCDict(pipe->dictionary);
}

/* ---- writing */

static sqlite3 *open_database(const char *path)
{
	sqlite3 *db = NULL;

	if (sqlite3_open(path, &db) != SQLITE_OK ||
	    sqlite3_exec(db, "PRAGMA page_size = 16384; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
			 "PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -64000;"
			 "CREATE TABLE record (no INTEGER PRIMARY KEY, version INTEGER, time TEXT, c0, c1, c2, c3, c4);"
			 "CREATE INDEX record_time ON record (time); CREATE INDEX record_c0 ON record (c0);"
			 "CREATE TABLE raw (no INTEGER PRIMARY KEY, bytes BLOB)", NULL, NULL, NULL) != SQLITE_OK)
		exit(1);
	return db;
}

static int64_t number_of(struct span span)
{
	int64_t number = 0;

	for (size_t i = 0; i < span.len; i++)
		number = number * 10 + span.at[i] - '0';
	return number;
}

static void write_page(const struct bound_page *page, sqlite3_stmt *record, sqlite3_stmt *raw)
{
	for (size_t i = 0; i < page->count; i++) {
		const struct row *row = &page->rows[i];
		int64_t no = number_of(row->values[0]);

		sqlite3_bind_int64(record, 1, no);
		sqlite3_bind_int64(record, 2, number_of(row->values[1]));
		for (int k = 2; k < PATHS; k++)
			sqlite3_bind_text(record, k + 1, row->values[k].at, (int)row->values[k].len, SQLITE_STATIC);
		sqlite3_step(record);
		sqlite3_reset(record);
		sqlite3_bind_int64(raw, 1, no);
		sqlite3_bind_blob(raw, 2, page->packed.text + row->packed_at, (int)row->packed_len, SQLITE_STATIC);
		sqlite3_step(raw);
		sqlite3_reset(raw);
	}
}

void bound_load(const struct ledger *ledger, const struct ledger_type *type, const char *path)
{
	struct pipe pipe = { .lock = lock_new(), .ledger = ledger, .type = type };
	struct thread *fetcher = thread_new(fetch_all, &pipe);
	sqlite3 *db = open_database(path);
	sqlite3_stmt *record = NULL, *raw = NULL;
	bool last = false;

	sqlite3_prepare_v2(db, "INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (no) DO UPDATE SET version = "
			   "excluded.version, time = excluded.time, c0 = excluded.c0, c1 = excluded.c1, c2 = excluded.c2, c3 = "
			   "excluded.c3, c4 = excluded.c4", -1, &record, NULL);
	sqlite3_prepare_v2(db, "INSERT INTO raw VALUES (?, ?) ON CONFLICT (no) DO UPDATE SET bytes = excluded.bytes", -1, &raw, NULL);
	while (!last) {
		struct bound_page *page = take(&pipe);

		sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
		write_page(page, record, raw);
		sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
		last = page->last;
		str_clear(&page->body);
		str_clear(&page->packed);
		free(page);
	}
	sqlite3_finalize(record);
	sqlite3_finalize(raw);
	sqlite3_close(db);
	thread_join(fetcher);
	lock_free(pipe.lock);
}
