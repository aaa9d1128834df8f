/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How fast tables are written: rows like a company's invoices, made by chance, into each format. Only the writer's own processor time
 * counts. With a directory the Parquet file and a CSV of the same rows are left there, for tests/lake/bench.mjs, which has DuckDB write
 * the same table.
 *
 * usage: bench-lake [ROWS [DIRECTORY]]. Without a directory the bytes go nowhere.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/random.h"
#include "ledgerdeck/lake/table.h"

#define BATCH 4096
#define CUSTOMERS 5000

static const struct column columns[] = {
	{ .name = "id", .path = "Id", .kind = COLUMN_TEXT },
	{ .name = "sync_token", .path = "SyncToken", .kind = COLUMN_INTEGER },
	{ .name = "meta_data_last_updated_time", .path = "MetaData.LastUpdatedTime", .kind = COLUMN_TIME },
	{ .name = "doc_number", .path = "DocNumber", .kind = COLUMN_TEXT },
	{ .name = "customer_ref_value", .path = "CustomerRef.value", .kind = COLUMN_TEXT },
	{ .name = "customer_ref_name", .path = "CustomerRef.name", .kind = COLUMN_TEXT },
	{ .name = "txn_date", .path = "TxnDate", .kind = COLUMN_DATE },
	{ .name = "due_date", .path = "DueDate", .kind = COLUMN_DATE },
	{ .name = "total_amt", .path = "TotalAmt", .kind = COLUMN_MONEY },
	{ .name = "balance", .path = "Balance", .kind = COLUMN_MONEY },
	{ .name = "txn_tax_detail_total_tax", .path = "TxnTaxDetail.TotalTax", .kind = COLUMN_MONEY },
	{ .name = "currency_ref_value", .path = "CurrencyRef.value", .kind = COLUMN_TEXT },
	{ .name = "exchange_rate", .path = "ExchangeRate", .kind = COLUMN_NUMBER },
	{ .name = "sales_term_ref_value", .path = "SalesTermRef.value", .kind = COLUMN_TEXT },
	{ .name = "email_status", .path = "EmailStatus", .kind = COLUMN_TEXT },
	{ .name = "private_note", .path = "PrivateNote", .kind = COLUMN_TEXT },
	{ .name = "apply_tax_after_discount", .path = "ApplyTaxAfterDiscount", .kind = COLUMN_FLAG },
	{ .name = COLUMN_MUTATION, .kind = COLUMN_TEXT },
};
#define COUNT ARRAY_LEN(columns)

struct made {
	struct random random;
	struct column_value (*rows)[COUNT]; /* BATCH of them */
	struct str texts;
	size_t places[BATCH][COUNT];
	int64_t next;
};

static struct column_value number(int64_t value)
{
	return (struct column_value){ .is_there = true, .integer = value, .wide = value };
}

static void text(struct made *made, size_t row, size_t column, const char *format, int64_t value)
{
	size_t start = made->texts.len;
	char out[80];

	snprintf(out, sizeof(out), "%" PRId64, value);
	for (; *format; format++)
		if (*format == '#')
			str_add(&made->texts, out);
		else
			str_add_char(&made->texts, *format);
	made->places[row][column] = start;
	made->rows[row][column] = (struct column_value){ .is_there = true, .len = made->texts.len - start };
}

static void make_row(struct made *made, size_t row)
{
	static const char *const notes[] = { "Delivered with thanks, see order #", "Second reminder #", "Rent of the hall", "Bracket, steel, # pieces" };
	struct random *random = &made->random;
	int64_t customer = (int64_t)random_below(random, CUSTOMERS), id = made->next++, day = 20000 + id / 800 % 900;
	int64_t total = (int64_t)random_below(random, 900000) * 100, open = random_below(random, 4) ? 0 : total;

	memset(made->rows[row], 0, sizeof(made->rows[row]));
	text(made, row, 0, "#", id);
	made->rows[row][1] = number((int64_t)random_below(random, 4));
	made->rows[row][2] = number((day * 86400 + (int64_t)random_below(random, 86400)) * 1000000);
	text(made, row, 3, "INV-#", 100000 + id);
	text(made, row, 4, "#", customer);
	text(made, row, 5, "Customer number # and Sons Limited", customer);
	made->rows[row][6] = number(day);
	made->rows[row][7] = number(day + 30);
	made->rows[row][8] = number(total);
	made->rows[row][9] = number(open);
	made->rows[row][10] = number(total / 5);
	text(made, row, 11, random_below(random, 9) ? "EUR" : "NOK", 0);
	made->rows[row][12] = number(INT64_C(10000000000) + (int64_t)random_below(random, 30) * 1000000);
	text(made, row, 13, "#", (int64_t)random_below(random, 6));
	text(made, row, 14, random_below(random, 3) ? "EmailSent" : "NotSet", 0);
	if (random_below(random, 3) == 0)
		text(made, row, 15, notes[random_below(random, ARRAY_LEN(notes))], (int64_t)random_below(random, 100000));
	made->rows[row][16] = number(0);
	text(made, row, 17, "ADDED", 0);
}

static void make_batch(struct made *made, size_t count)
{
	str_reset(&made->texts);
	for (size_t row = 0; row < count; row++)
		make_row(made, row);
	for (size_t row = 0; row < count; row++)
		for (size_t column = 0; column < COUNT; column++)
			if (columns[column].kind == COLUMN_TEXT && made->rows[row][column].is_there)
				made->rows[row][column].text = made->texts.text + made->places[row][column];
}

struct sink {
	FILE *file; /* NULL: to nowhere */
	int64_t bytes;
};

static bool take(void *ctx, const char *bytes, size_t len, struct error *err)
{
	struct sink *sink = ctx;

	sink->bytes += (int64_t)len;
	return !sink->file || fwrite(bytes, 1, len, sink->file) == len || error_set(err, ERROR_STORE, "cannot write");
}

static int64_t processor_us(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * INT64_C(1000000) + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

static bool write_table(struct made *made, enum table_format format, int64_t rows, const char *path, int64_t *ret_bytes, int64_t *ret_us)
{
	struct sink to = { .file = path ? fopen(path, "wb") : NULL };
	const struct table_options options = { .format = format, .columns = columns, .column_count = COUNT, .level = TABLE_LEVEL };
	const struct table_sink sink = { .write = take, .ctx = &to };
	AUTO(table_writer_freep) struct table_writer *writer = table_writer_new(&options, &sink);
	struct error err;
	int64_t start;
	bool good = true;

	*ret_us = 0;
	made->next = 1;
	random_seed(&made->random, 7);
	for (int64_t done = 0; good && done < rows; done += BATCH) {
		size_t count = rows - done < BATCH ? (size_t)(rows - done) : BATCH;

		make_batch(made, count);
		start = processor_us();
		for (size_t i = 0; good && i < count; i++)
			good = table_writer_add(writer, made->rows[i], &err);
		*ret_us += processor_us() - start;
	}
	start = processor_us();
	good = good && table_writer_end(writer, &err);
	*ret_us += processor_us() - start;
	*ret_bytes = to.bytes;
	return (!to.file || fclose(to.file) == 0) && good;
}

int main(int argc, char **argv)
{
	int64_t rows = argc > 1 ? strtoll(argv[1], NULL, 10) : 1000000, csv_bytes = 0;
	static const enum table_format order[] = { TABLE_CSV, TABLE_JSONL, TABLE_PARQUET };
	struct made made = { .texts = STR_INIT(STR_NO_LIMIT) };
	struct rusage usage;

	made.rows = memory_new(BATCH * sizeof(*made.rows));
	for (size_t i = 0; i < ARRAY_LEN(order); i++) {
		AUTO(str_clear) struct str path = STR_INIT(4000);
		int64_t bytes, us;

		if (argc > 2)
			str_addf(&path, "%s/bench.%s", argv[2], table_format_word(order[i]));
		if (!write_table(&made, order[i], rows, argc > 2 ? path.text : NULL, &bytes, &us)) {
			fprintf(stderr, "bench-lake: cannot write '%s'\n", path.text);
			return 1;
		}
		if (order[i] == TABLE_CSV)
			csv_bytes = bytes;
		getrusage(RUSAGE_SELF, &usage);
		printf("lake %-8s %9" PRId64 " rows %11" PRId64 " bytes %8" PRId64 " us %8" PRId64 " rows/s %4" PRId64 " MB/s of CSV; resident at most %ld MB\n",
		       table_format_word(order[i]), rows, bytes, us, rows * 1000000 / us, csv_bytes / us, usage.ru_maxrss / 1024);
	}
	free(made.rows);
	str_clear(&made.texts);
	return 0;
}
