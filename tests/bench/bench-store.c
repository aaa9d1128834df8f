/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What it costs to keep records: pages of 1,000 put into the mirror for the first time, put again
 * unchanged and put again changed, beside a plain loop of INSERT statements that puts the same rows
 * into the same tables without asking anything; and a page of a list. Times are of the processor,
 * since disks differ. A run of its own: `bench-store 20000` is a quick one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledgerdeck/core/digest.h"
#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/random.h"
#include "ledgerdeck/store/records.h"
#include "store/query.h"

#define RECORDS 200000
#define PAGE 1000
#define TRAINING 1000
#define LINES 8
#define NOW INT64_C(1790000000000)

struct bench {
	char directory[64], path[96];
	struct store *store;
	struct account account;
	struct object object;
	long count;
	struct record *records;  /* owned */
	struct packed *packed;   /* owned */
	struct str bytes;        /* what all packed ones point into */
	int64_t raw_bytes;
};

static void must(bool good, const struct error *err)
{
	if (good)
		return;
	fprintf(stderr, "bench-store: %s\n", err->text);
	exit(1);
}

static void begin(struct bench *bench)
{
	struct error err = { 0 };

	must(store_begin(bench->store, &err), &err);
}

static void commit(struct bench *bench)
{
	struct error err = { 0 };

	must(store_commit(bench->store, &err), &err);
}

static int64_t cpu_us(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * INT64_C(1000000) + usage.ru_utime.tv_usec +
	       usage.ru_stime.tv_usec;
}

/* An invoice as ledgers send them: much that is always the same, and some numbers and names. */
static void add_raw(struct random *random, long no, int version, struct str *out)
{
	str_addf(out, "{\"Id\":\"%ld\",\"SyncToken\":\"%d\",\"domain\":\"QBO\",\"sparse\":false,\"DocNumber\":\"%ld\",\"TxnDate\":"
		 "\"2026-%02d-%02d\",\"CurrencyRef\":{\"value\":\"USD\",\"name\":\"United States Dollar\"},\"MetaData\":{\"CreateTime\":"
		 "\"2026-01-01T00:00:00-08:00\",\"LastUpdatedTime\":\"2026-11-%02dT%02d:%02d:%02d-08:00\"},\"CustomerRef\":{\"value\":"
		 "\"%ld\",\"name\":\"Customer %ld\"},\"Line\":[", no, version, no + 1000, (int)(no % 12) + 1, (int)(no % 28) + 1,
		 (int)(no % 28) + 1, (int)(no % 24), (int)(no % 60), (int)(no % 59), no % 997, no % 997);
	for (int i = 0; i < LINES; i++)
		str_addf(out, "%s{\"Id\":\"%d\",\"LineNum\":%d,\"Description\":\"Work, order %07d\",\"Amount\":%d.%02d,"
			 "\"DetailType\":\"SalesItemLineDetail\",\"SalesItemLineDetail\":{\"ItemRef\":{\"value\":\"%d\",\"name\":"
			 "\"Services:Hours\"},\"UnitPrice\":75,\"Qty\":%d,\"ItemAccountRef\":{\"value\":\"45\",\"name\":\"Services\"},"
			 "\"TaxCodeRef\":{\"value\":\"NON\"}}}", i ? "," : "", i + 1, i + 1, (int)random_below(random, 10000000),
			 (int)random_below(random, 900),
			 (int)random_below(random, 100), (int)random_below(random, 40), (int)random_below(random, 9) + 1);
	str_addf(out, "],\"TotalAmt\":%ld.00,\"Balance\":%ld.00,\"EmailStatus\":\"NotSet\",\"PrintStatus\":\"NeedToPrint\","
		 "\"ApplyTaxAfterDiscount\":false,\"GlobalTaxCalculation\":\"NotApplicable\",\"DueDate\":\"2026-12-31\"}", no % 5000,
		 no % 3000);
}

static void train(struct random *random, struct str *out)
{
	AUTO(str_clear) struct str samples = STR_INIT(STR_NO_LIMIT);
	AUTO(memory_freep) size_t *lens = memory_new(TRAINING * sizeof(*lens));

	for (long i = 0; i < TRAINING; i++) {
		size_t start = samples.len;

		add_raw(random, i * 7, 0, &samples);
		lens[i] = samples.len - start;
	}
	if (!compress_train(samples.text, lens, TRAINING, out))
		exit(1);
}

/* One record, extracted by hand: extraction and packing are not measured here. */
static void make_record(struct record *record, long no, int version, const struct str *raw)
{
	*record = (struct record){ .has_time = true, .time_ms = NOW + no, .title = "", .title_len = 0,
				   .hash = digest_short(raw->text, raw->len) };
	snprintf(record->id, sizeof(record->id), "%ld", no);
	snprintf(record->version, sizeof(record->version), "%d", version);
	record->title = record->id;
	record->title_len = strlen(record->id);
	record->cells[0] = (struct cell){ CELL_TEXT, 0, record->id, record->title_len };
	for (int i = 1; i < 8; i++)
		record->cells[i] = (struct cell){ .kind = CELL_INTEGER, .integer = no * i };
}

static void make_records(struct bench *bench, int version, int64_t dictionary, const struct compress_dictionary *known)
{
	AUTO(str_clear) struct str raw = STR_INIT(STR_NO_LIMIT);
	struct compress *compress = compress_new();
	struct random random;

	random_seed(&random, 1);
	str_reset(&bench->bytes);
	bench->raw_bytes = 0;
	for (long i = 0; i < bench->count; i++) {
		size_t start = bench->bytes.len;

		str_reset(&raw);
		add_raw(&random, i + 1, version, &raw);
		make_record(&bench->records[i], i + 1, version, &raw);
		compress_pack(compress, known, raw.text, raw.len, &bench->bytes);
		bench->packed[i] = (struct packed){ .record = &bench->records[i], .len = bench->bytes.len - start,
						    .dictionary = dictionary, .raw_len = (int64_t)raw.len };
		bench->raw_bytes += (int64_t)raw.len;
	}
	/* Only now, since the text has moved while it grew. */
	for (long i = 0, at = 0; i < bench->count; at += (long)bench->packed[i++].len)
		bench->packed[i].bytes = bench->bytes.text + at;
	compress_free(compress);
}

/* All of them in pages; returns what it cost. */
static int64_t put_all(struct bench *bench, struct put_counts *counts)
{
	struct error err = { 0 };
	int64_t start = cpu_us();

	*counts = (struct put_counts){ 0 };
	for (long i = 0; i < bench->count; i += PAGE) {
		size_t page = (size_t)(bench->count - i < PAGE ? bench->count - i : PAGE);

		begin(bench);
		must(records_put(bench->store, &bench->object, &bench->packed[i], page, NOW, counts, &err), &err);
		bench->object.cursor_ms = NOW + i;
		must(objects_save(bench->store, &bench->object, 0, &err), &err);
		commit(bench);
	}
	return cpu_us() - start;
}

static void insert_plainly(sqlite3_stmt *record, sqlite3_stmt *raw, const struct packed *row, int64_t object)
{
	const struct record *from = row->record;

	sqlite3_bind_int64(record, 1, object);
	sqlite3_bind_text(record, 2, from->id, -1, SQLITE_STATIC);
	sqlite3_bind_text(record, 3, from->version, -1, SQLITE_STATIC);
	sqlite3_bind_int64(record, 4, from->state);
	sqlite3_bind_int64(record, 5, from->time_ms);
	sqlite3_bind_int64(record, 6, NOW);
	sqlite3_bind_int64(record, 7, (int64_t)from->hash);
	sqlite3_bind_text(record, 8, from->title, (int)from->title_len, SQLITE_STATIC);
	sqlite3_bind_text(record, 9, from->cells[0].text, (int)from->cells[0].len, SQLITE_STATIC);
	for (int i = 1; i < 8; i++)
		sqlite3_bind_int64(record, 9 + i, from->cells[i].integer);
	sqlite3_step(record);
	sqlite3_reset(record);
	sqlite3_bind_int64(raw, 1, sqlite3_last_insert_rowid(sqlite3_db_handle(record)));
	sqlite3_bind_int64(raw, 2, row->dictionary);
	sqlite3_bind_int64(raw, 3, row->raw_len);
	sqlite3_bind_blob(raw, 4, row->bytes, (int)row->len, SQLITE_STATIC);
	sqlite3_step(raw);
	sqlite3_reset(raw);
}

/* The same rows into the same tables of another account, by nothing but INSERT. */
static int64_t insert_all(struct bench *bench, int64_t object)
{
	sqlite3 *db = bench->store->db;
	sqlite3_stmt *record = NULL, *raw = NULL;
	int64_t start = cpu_us();

	sqlite3_prepare_v2(db, "INSERT INTO record (object, id, version, state, time_ms, seen_ms, hash, title, c0, c1, c2, c3, c4, "
			   "c5, c6, c7) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", -1, &record, NULL);
	sqlite3_prepare_v2(db, "INSERT INTO raw (no, dictionary, len, bytes) VALUES (?, ?, ?, ?)", -1, &raw, NULL);
	for (long i = 0; i < bench->count; i++) {
		if (i % PAGE == 0)
			begin(bench);
		insert_plainly(record, raw, &bench->packed[i], object);
		if ((i + 1) % PAGE == 0 || i + 1 == bench->count)
			commit(bench);
	}
	sqlite3_finalize(record);
	sqlite3_finalize(raw);
	return cpu_us() - start;
}

static bool count_row(void *ctx, const struct record_row *row)
{
	long *rows = ctx;

	*rows += row->no > 0;
	return true;
}

/* A page of 50 by time, somewhere near the top. */
static int64_t list_pages(struct bench *bench, long pages)
{
	struct record_query query = { .order = RECORD_BY_TIME, .descending = true, .limit = 50 };
	struct error err = { 0 };
	int64_t start = cpu_us();
	long rows = 0;

	for (long i = 0; i < pages; i++) {
		query.offset = i % 10 * 50;
		must(records_list(bench->store, bench->object.no, &query, count_row, &rows, &err), &err);
	}
	return cpu_us() - start;
}

static void open_store(struct bench *bench)
{
	struct error err = { 0 };

	snprintf(bench->directory, sizeof(bench->directory), "/tmp/bench-store-XXXXXX");
	if (!mkdtemp(bench->directory))
		exit(1);
	snprintf(bench->path, sizeof(bench->path), "%s/ledgerdeck.db", bench->directory);
	must(store_open(bench->path, STORE_CREATE, 0, &bench->store, &err), &err);
	snprintf(bench->account.provider, sizeof(bench->account.provider), "quickbooks");
	snprintf(bench->account.name, sizeof(bench->account.name), "Bench");
	begin(bench);
	must(accounts_add(bench->store, &bench->account, "mark", "key", 3, &err), &err);
	must(objects_ensure(bench->store, bench->account.id, "Invoice", &bench->object, &err), &err);
	commit(bench);
}

static void close_store(struct bench *bench)
{
	static const char *const endings[] = { "", "-wal", "-shm", "-bell" };
	char path[128];

	store_close(bench->store);
	for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
		snprintf(path, sizeof(path), "%s%s", bench->path, endings[i]);
		unlink(path);
	}
	rmdir(bench->directory);
	free(bench->records);
	free(bench->packed);
	str_clear(&bench->bytes);
}

/* "12.3", in hundredths so that no binary fraction is needed. */
static void print_line(const char *what, int64_t us, long count, int64_t beside_us)
{
	int64_t each = us * 100 / (count ? count : 1), ratio = beside_us ? us * 100 / beside_us : 0;

	printf("%-28s %5lld.%02lld us each", what, (long long)(each / 100), (long long)(each % 100));
	if (ratio)
		printf("   %lld.%02lld of a plain INSERT loop", (long long)(ratio / 100), (long long)(ratio % 100));
	printf("\n");
}

/* Of the file, with all that was written in it. */
static int64_t file_bytes(const struct bench *bench)
{
	struct error err = { 0 };
	struct stat file;

	must(store_checkpoint(bench->store, &err), &err);
	return stat(bench->path, &file) == 0 ? (int64_t)file.st_size : 0;
}

static void run(struct bench *bench)
{
	AUTO(str_clear) struct str bytes = STR_INIT(STR_NO_LIMIT);
	const struct compress_dictionary *known;
	struct put_counts counts;
	struct object plain;
	struct random random;
	struct error err = { 0 };
	int64_t no = 0, inserted, loaded, again, changed, before;

	random_seed(&random, 2);
	train(&random, &bytes);
	begin(bench);
	must(records_add_dictionary(bench->store, "quickbooks", "Invoice", bytes.text, bytes.len, &no, &err), &err);
	must(objects_ensure(bench->store, bench->account.id, "Plain", &plain, &err), &err);
	commit(bench);
	known = records_dictionary(bench->store, "quickbooks", "Invoice", &no, &err);
	make_records(bench, 0, no, known);
	printf("%ld records of %lld bytes, packed %zu\n", bench->count, (long long)(bench->raw_bytes / bench->count),
	       bench->bytes.len / (size_t)bench->count);
	inserted = insert_all(bench, plain.no);
	print_line("plain INSERT loop", inserted, bench->count, 0);
	loaded = put_all(bench, &counts);
	print_line("first time", loaded, bench->count, inserted);
	again = put_all(bench, &counts);
	print_line("again, unchanged", again, (long)counts.unchanged, inserted);
	printf("%-28s %lld %% of the first time\n", "", (long long)(again * 100 / loaded));
	make_records(bench, 1, no, known);
	before = file_bytes(bench);
	changed = put_all(bench, &counts);
	print_line("again, changed", changed, (long)counts.changed, inserted);
	printf("%-28s %lld bytes of file for each version that was\n", "", (long long)((file_bytes(bench) - before) / counts.changed));
	print_line("50 rows by time", list_pages(bench, 2000), 2000, 0);
}

int main(int argc, char **argv)
{
	struct bench bench = { .count = argc > 1 ? strtol(argv[1], NULL, 10) : RECORDS, .bytes = STR_INIT(STR_NO_LIMIT) };

	if (bench.count < PAGE || bench.count > 100000000) {
		fprintf(stderr, "usage: bench-store [RECORDS]\n");
		return 2;
	}
	bench.records = memory_new((size_t)bench.count * sizeof(*bench.records));
	bench.packed = memory_new((size_t)bench.count * sizeof(*bench.packed));
	open_store(&bench);
	run(&bench);
	close_store(&bench);
	return 0;
}
