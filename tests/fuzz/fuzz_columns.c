/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Records of anything, a line each, as rows of tables in all formats: the scratch never moves, texts lie where they may, what is there
 * is in its column's range, and each file comes to its end.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/lake/table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char rows[] = "provider = demo\nkey = Id\nversion = T\ntime = M.C\n[Sale]\nquery = sales\nactive = A\nfield = N text\nfield = X money\n"
			   "field = Q number\nfield = D date\nfield = F flag\nselect = L L.a W W.b\ncolumn = I integer\npersonal = W.b N\n";

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "broken: %s\n", what);
	abort();
}

static bool count(void *ctx, const char *bytes, size_t len, struct error *err)
{
	(void)bytes;
	(void)err;
	*(size_t *)ctx += len;
	return true;
}

static bool lies_in(const struct column_value *value, struct json_slice raw, const struct str *scratch)
{
	return (value->text >= raw.text && value->text + value->len <= raw.text + raw.len) ||
	       (scratch->len > 0 && value->text >= scratch->text && value->text + value->len <= scratch->text + scratch->len) || value->len == 0;
}

static void check_value(const struct column *column, const struct column_value *value, struct json_slice raw, const struct str *scratch)
{
	const int64_t money = INT64_C(1000000000000000000);

	if (!value->is_there || !column->path)
		return;
	if (column->kind == COLUMN_TEXT)
		must(lies_in(value, raw, scratch) && str_is_utf8(value->text, value->len), "a text that is somewhere else, or none");
	if (column->kind == COLUMN_MONEY)
		must(value->integer < money && value->integer > -money, "money of too many digits");
	if (column->kind == COLUMN_FLAG)
		must(value->integer == 0 || value->integer == 1, "a flag that is neither");
	if (column->kind == COLUMN_DATE)
		must(value->integer > -800000 && value->integer < 3000000, "a day that no calendar has");
}

/* A line that is no record is passed over. */
static void add_line(const struct columns *columns, const char *line, size_t len, struct table_writer *writer, struct str *scratch)
{
	struct json_slice raw = { .text = line, .len = len, .kind = JSON_OBJECT };
	struct column_value values[32];
	int64_t unfit[32] = { 0 };
	const char *place;
	struct error err;

	if (len == 0 || *line != '{' || !json_check(line, len, NULL))
		return;
	must(columns_count(columns) <= 32, "more columns than there is room for");
	str_reset(scratch);
	str_reserve(scratch, columns_scratch(columns, raw));
	place = scratch->text;
	columns_read(columns, raw, len % 5 == 0 ? MUTATION_DELETED : MUTATION_UPDATED, scratch, values, unfit);
	must(scratch->text == place, "the scratch has moved");
	for (size_t i = 0; i < columns_count(columns); i++)
		check_value(&columns_all(columns)[i], &values[i], raw, scratch);
	must(table_writer_add(writer, values, &err), "a row that is not taken");
}

static void write_all(const struct columns *columns, enum table_format format, const char *text, size_t size)
{
	AUTO(str_clear) struct str scratch = STR_INIT(STR_NO_LIMIT);
	size_t written = 0;
	const struct table_options options = { .format = format, .columns = columns_all(columns), .column_count = columns_count(columns), .level = 1 };
	const struct table_sink sink = { .write = count, .ctx = &written };
	AUTO(table_writer_freep) struct table_writer *writer = table_writer_new(&options, &sink);
	struct error err;

	for (size_t at = 0; at < size;) {
		const char *end = memchr(text + at, '\n', size - at);
		size_t len = end ? (size_t)(end - (text + at)) : size - at;

		add_line(columns, text + at, len, writer, &scratch);
		at += len + 1;
	}
	must(table_writer_end(writer, &err), "a file that does not end");
	must(format == TABLE_JSONL || written > 0, "a file without a head");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(memory_freep) char *text = memory_copy((const char *)data, size);
	struct catalogue *catalogue = NULL;
	struct error err;

	must(catalogue_parse(rows, "rows", &catalogue, &err), "the rows");
	for (int i = 0; i < TABLE_FORMAT_COUNT; i++) {
		const struct columns_options options = { .names = (enum column_names)(i % COLUMN_NAMES_COUNT), .personal = i == 1 ? PERSONAL_SHOWN : PERSONAL_MASKED,
							 .has_raw = i != 2 };
		AUTO(columns_freep) struct columns *columns = columns_new(catalogue_at(catalogue, 0), &options);

		write_all(columns, (enum table_format)i, text, size);
	}
	catalogue_free(catalogue);
	return 0;
}
