/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A Parquet file, written as it comes: "PAR1", the row groups one behind the other, the footer that says where all is, its length,
 * "PAR1". Of a row group all columns are filled side by side and written when it is full; of those behind it only what the footer
 * says of them is kept. Types carry both the old and the new annotation: some readers know only one of them.
 */
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "chunk.h"
#include "format.h"
#include "thrift.h"

#define MAGIC "PAR1"
#define GROUP_ROWS_MAX 100000
#define GROUP_BYTES_MAX (64 << 20)
#define FORMAT_VERSION 1
#define FIXED_BYTES 16

/* How a kind of column stands in the file. */
static const struct column_form {
	enum parquet_type type;
	int converted, logical; /* -1: none */
	int digits, scale;      /* of decimals */
} forms[] = {
	[COLUMN_TEXT] = { PARQUET_BYTE_ARRAY, PARQUET_CONVERTED_UTF8, PARQUET_LOGICAL_STRING, 0, 0 },
	[COLUMN_MONEY] = { PARQUET_INT64, PARQUET_CONVERTED_DECIMAL, PARQUET_LOGICAL_DECIMAL, COLUMN_MONEY_DIGITS, COLUMN_MONEY_SCALE },
	[COLUMN_NUMBER] = { PARQUET_FIXED, PARQUET_CONVERTED_DECIMAL, PARQUET_LOGICAL_DECIMAL, COLUMN_NUMBER_DIGITS, COLUMN_NUMBER_SCALE },
	[COLUMN_INTEGER] = { PARQUET_INT64, -1, -1, 0, 0 },
	[COLUMN_DATE] = { PARQUET_INT32, PARQUET_CONVERTED_DATE, PARQUET_LOGICAL_DATE, 0, 0 },
	[COLUMN_TIME] = { PARQUET_INT64, PARQUET_CONVERTED_TIMESTAMP_MICROS, PARQUET_LOGICAL_TIMESTAMP, 0, 0 },
	[COLUMN_FLAG] = { PARQUET_BOOLEAN, -1, -1, 0, 0 },
};
_Static_assert(ARRAY_LEN(forms) == COLUMN_KIND_COUNT, "a form for each kind");

struct parquet {
	const struct table_options *options; /* borrowed */
	const struct table_sink *sink;       /* borrowed */
	struct compress *compress;           /* owned */
	struct chunk *chunks;                /* owned: a column each */
	size_t group_rows, group_bytes;
	int64_t rows, written;               /* of the file */
	struct str notes;                    /* owned: the footer's list of them, in thrift */
	struct str groups;                   /* owned: the footer's row groups, likewise */
	size_t group_count;
	struct str work;                     /* owned */
};

static void add_notes(struct parquet *parquet)
{
	const struct table_options *options = parquet->options;

	for (size_t i = 0; i < options->note_count; i++) {
		struct thrift thrift = thrift_start(&parquet->notes);

		thrift_text(&thrift, KEY_VALUE_KEY, options->notes[i].key);
		thrift_text(&thrift, KEY_VALUE_VALUE, options->notes[i].value);
		thrift_end(&thrift);
	}
}

static void *parquet_open(const struct table_options *options, const struct table_sink *sink)
{
	struct parquet *parquet = memory_new(sizeof(*parquet));

	*parquet = (struct parquet){
		.options = options,
		.sink = sink,
		.compress = compress_new(),
		.chunks = memory_new(options->column_count * sizeof(*parquet->chunks)),
		.notes = STR_INIT(STR_NO_LIMIT),
		.groups = STR_INIT(STR_NO_LIMIT),
		.work = STR_INIT(STR_NO_LIMIT),
	};
	for (size_t i = 0; i < options->column_count; i++)
		chunk_init(&parquet->chunks[i], &options->columns[i], options->level, parquet->compress);
	add_notes(parquet);
	return parquet;
}

static void parquet_close(void *writer)
{
	struct parquet *parquet = writer;

	for (size_t i = 0; i < parquet->options->column_count; i++)
		chunk_clear(&parquet->chunks[i]);
	compress_free(parquet->compress);
	str_clear(&parquet->notes);
	str_clear(&parquet->groups);
	str_clear(&parquet->work);
	free(parquet->chunks);
	free(parquet);
}

static bool put_bytes(struct parquet *parquet, const char *bytes, size_t len, struct error *err)
{
	if (!parquet->sink->write(parquet->sink->ctx, bytes, len, err))
		return false;
	parquet->written += (int64_t)len;
	return true;
}

static bool put_magic(struct parquet *parquet, struct error *err)
{
	return put_bytes(parquet, MAGIC, strlen(MAGIC), err);
}

/* ---- row groups ---- */

static void add_number(struct str *out, enum column_kind kind, column_wide number)
{
	for (int i = FIXED_BYTES - 1; kind == COLUMN_NUMBER && i >= 0; i--)
		str_add_char(out, (char)(number >> 8 * i & 0xff));
	for (int i = 0; kind != COLUMN_NUMBER && i < (kind == COLUMN_DATE ? 4 : 8); i++)
		str_add_char(out, (char)(number >> 8 * i & 0xff));
}

static void add_statistics(struct thrift *thrift, const struct chunk *chunk)
{
	AUTO(str_clear) struct str least = STR_INIT(STR_NO_LIMIT), greatest = STR_INIT(STR_NO_LIMIT);
	bool least_exact = true, greatest_exact = true, has_least = chunk->bounds.any, has_greatest = has_least;

	thrift_struct(thrift, META_STATISTICS);
	thrift_integer(thrift, STATISTICS_NULLS, THRIFT_I64, chunk->null_count);
	if (chunk->kind == COLUMN_TEXT) {
		has_least = bounds_least_text(&chunk->bounds, &least, &least_exact);
		has_greatest = bounds_greatest_text(&chunk->bounds, &greatest, &greatest_exact);
	} else if (chunk->bounds.any) {
		add_number(&least, chunk->kind, chunk->bounds.least.number);
		add_number(&greatest, chunk->kind, chunk->bounds.greatest.number);
	}
	if (has_greatest)
		thrift_bytes(thrift, STATISTICS_MAX, greatest.text, greatest.len);
	if (has_least)
		thrift_bytes(thrift, STATISTICS_MIN, least.text, least.len);
	if (has_greatest)
		thrift_flag(thrift, STATISTICS_MAX_EXACT, greatest_exact);
	if (has_least)
		thrift_flag(thrift, STATISTICS_MIN_EXACT, least_exact);
	thrift_end(thrift);
}

struct placed { /* where a chunk has come to stand */
	int64_t dictionary, data;    /* -1: it has none */
	int64_t bytes, packed_bytes; /* headers and dictionary included */
};

static void add_chunk(struct thrift *thrift, const struct parquet *parquet, const struct column *column, const struct chunk *chunk,
		      struct placed placed)
{
	const enum parquet_encoding encodings[] = { PARQUET_PLAIN, PARQUET_RLE, PARQUET_RLE_DICTIONARY };
	size_t encoding_count = chunk->by_dictionary ? 3 : 2;

	thrift_begin(thrift);
	thrift_integer(thrift, CHUNK_OFFSET, THRIFT_I64, 0);
	thrift_struct(thrift, CHUNK_META);
	thrift_integer(thrift, META_TYPE, THRIFT_I32, forms[column->kind].type);
	thrift_list(thrift, META_ENCODINGS, THRIFT_I32, encoding_count);
	for (size_t i = 0; i < encoding_count; i++)
		thrift_item(thrift, encodings[i]);
	thrift_list(thrift, META_PATH, THRIFT_BINARY, 1);
	thrift_item_text(thrift, column->name);
	thrift_integer(thrift, META_CODEC, THRIFT_I32, parquet->options->level > 0 ? PARQUET_ZSTD : PARQUET_UNCOMPRESSED);
	thrift_integer(thrift, META_VALUES, THRIFT_I64, chunk->row_count);
	thrift_integer(thrift, META_BYTES, THRIFT_I64, placed.bytes);
	thrift_integer(thrift, META_PACKED_BYTES, THRIFT_I64, placed.packed_bytes);
	thrift_integer(thrift, META_DATA_OFFSET, THRIFT_I64, placed.data);
	if (placed.dictionary >= 0)
		thrift_integer(thrift, META_DICTIONARY_OFFSET, THRIFT_I64, placed.dictionary);
	add_statistics(thrift, chunk);
	thrift_end(thrift);
	thrift_end(thrift);
}

static bool put_chunk(struct parquet *parquet, struct chunk *chunk, struct placed *ret_placed, struct error *err)
{
	struct placed placed = { .dictionary = -1 };
	int64_t start = parquet->written;

	str_reset(&parquet->work);
	chunk_end(chunk);
	placed.bytes = (int64_t)chunk_add_dictionary(chunk, &parquet->work);
	if (placed.bytes > 0)
		placed.dictionary = start;
	if (!put_bytes(parquet, parquet->work.text, parquet->work.len, err))
		return false;
	placed.data = parquet->written;
	placed.bytes += (int64_t)chunk->pages_plain;
	if (!put_bytes(parquet, chunk->pages.text, chunk->pages.len, err))
		return false;
	placed.packed_bytes = parquet->written - start;
	*ret_placed = placed;
	return true;
}

static void add_group(struct parquet *parquet, const struct placed *placed, int64_t start)
{
	const struct table_options *options = parquet->options;
	struct thrift thrift = thrift_start(&parquet->groups);
	int64_t bytes = 0;

	thrift_list(&thrift, GROUP_COLUMNS, THRIFT_STRUCT, options->column_count);
	for (size_t i = 0; i < options->column_count; i++) {
		add_chunk(&thrift, parquet, &options->columns[i], &parquet->chunks[i], placed[i]);
		bytes += placed[i].bytes;
	}
	thrift_integer(&thrift, GROUP_BYTES, THRIFT_I64, bytes);
	thrift_integer(&thrift, GROUP_ROWS, THRIFT_I64, (int64_t)parquet->group_rows);
	thrift_integer(&thrift, GROUP_OFFSET, THRIFT_I64, start);
	thrift_integer(&thrift, GROUP_PACKED_BYTES, THRIFT_I64, parquet->written - start);
	if (parquet->group_count <= INT16_MAX)
		thrift_integer(&thrift, GROUP_ORDINAL, THRIFT_I16, (int64_t)parquet->group_count);
	thrift_end(&thrift);
	parquet->group_count++;
}

static bool end_group(struct parquet *parquet, struct error *err)
{
	size_t count = parquet->options->column_count;
	AUTO(memory_freep) struct placed *placed = memory_new(count * sizeof(*placed));
	int64_t start = parquet->written;

	if (parquet->group_rows == 0)
		return true;
	for (size_t i = 0; i < count; i++)
		if (!put_chunk(parquet, &parquet->chunks[i], &placed[i], err))
			return false;
	add_group(parquet, placed, start);
	for (size_t i = 0; i < count; i++)
		chunk_reset(&parquet->chunks[i]);
	parquet->group_rows = parquet->group_bytes = 0;
	return true;
}

static bool parquet_add(void *writer, const struct column_value *values, struct error *err)
{
	struct parquet *parquet = writer;

	if (parquet->written == 0 && !put_magic(parquet, err))
		return false;
	for (size_t i = 0; i < parquet->options->column_count; i++) {
		struct chunk *chunk = &parquet->chunks[i];
		size_t before = chunk->bytes;

		chunk_add(chunk, &values[i]);
		parquet->group_bytes += chunk->bytes - before;
	}
	parquet->rows++;
	parquet->group_rows++;
	if (parquet->group_rows < GROUP_ROWS_MAX && parquet->group_bytes < GROUP_BYTES_MAX)
		return true;
	return end_group(parquet, err);
}

/* ---- the footer ---- */

static void add_logical(struct thrift *thrift, const struct column_form *form)
{
	if (form->logical < 0)
		return;
	thrift_struct(thrift, SCHEMA_LOGICAL);
	thrift_struct(thrift, form->logical);
	if (form->logical == PARQUET_LOGICAL_DECIMAL) {
		thrift_integer(thrift, DECIMAL_SCALE, THRIFT_I32, form->scale);
		thrift_integer(thrift, DECIMAL_PRECISION, THRIFT_I32, form->digits);
	} else if (form->logical == PARQUET_LOGICAL_TIMESTAMP) {
		thrift_flag(thrift, TIMESTAMP_UTC, true);
		thrift_struct(thrift, TIMESTAMP_UNIT);
		thrift_empty(thrift, PARQUET_MICROS);
		thrift_end(thrift);
	}
	thrift_end(thrift);
	thrift_end(thrift);
}

static void add_column(struct thrift *thrift, const struct column *column)
{
	const struct column_form *form = &forms[column->kind];

	thrift_begin(thrift);
	thrift_integer(thrift, SCHEMA_TYPE, THRIFT_I32, form->type);
	if (form->type == PARQUET_FIXED)
		thrift_integer(thrift, SCHEMA_LENGTH, THRIFT_I32, FIXED_BYTES);
	thrift_integer(thrift, SCHEMA_REPETITION, THRIFT_I32, PARQUET_OPTIONAL);
	thrift_text(thrift, SCHEMA_NAME, column->name);
	if (form->converted >= 0)
		thrift_integer(thrift, SCHEMA_CONVERTED, THRIFT_I32, form->converted);
	if (form->logical == PARQUET_LOGICAL_DECIMAL) {
		thrift_integer(thrift, SCHEMA_SCALE, THRIFT_I32, form->scale);
		thrift_integer(thrift, SCHEMA_PRECISION, THRIFT_I32, form->digits);
	}
	add_logical(thrift, form);
	thrift_end(thrift);
}

static void add_schema(struct thrift *thrift, const struct table_options *options)
{
	thrift_list(thrift, FILE_SCHEMA, THRIFT_STRUCT, options->column_count + 1);
	thrift_begin(thrift);
	thrift_text(thrift, SCHEMA_NAME, "schema");
	thrift_integer(thrift, SCHEMA_CHILDREN, THRIFT_I32, (int64_t)options->column_count);
	thrift_end(thrift);
	for (size_t i = 0; i < options->column_count; i++)
		add_column(thrift, &options->columns[i]);
}

static void add_footer(struct parquet *parquet, struct str *out)
{
	const struct table_options *options = parquet->options;
	struct thrift thrift = thrift_start(out);

	thrift_integer(&thrift, FILE_VERSION, THRIFT_I32, FORMAT_VERSION);
	add_schema(&thrift, options);
	thrift_integer(&thrift, FILE_ROWS, THRIFT_I64, parquet->rows);
	thrift_list(&thrift, FILE_ROW_GROUPS, THRIFT_STRUCT, parquet->group_count);
	str_add_bytes(out, parquet->groups.text, parquet->groups.len);
	if (options->note_count > 0) {
		thrift_list(&thrift, FILE_KEY_VALUES, THRIFT_STRUCT, options->note_count);
		str_add_bytes(out, parquet->notes.text, parquet->notes.len);
	}
	thrift_text(&thrift, FILE_CREATED_BY, "ledgerdeck version " PACKAGE_VERSION);
	/* Without an order readers may not go by the bounds. */
	thrift_list(&thrift, FILE_COLUMN_ORDERS, THRIFT_STRUCT, options->column_count);
	for (size_t i = 0; i < options->column_count; i++) {
		thrift_begin(&thrift);
		thrift_empty(&thrift, ORDER_TYPE);
		thrift_end(&thrift);
	}
	thrift_end(&thrift);
}

static bool parquet_end(void *writer, struct error *err)
{
	struct parquet *parquet = writer;
	size_t len;

	if ((parquet->written == 0 && !put_magic(parquet, err)) || !end_group(parquet, err))
		return false;
	str_reset(&parquet->work);
	add_footer(parquet, &parquet->work);
	len = parquet->work.len;
	for (int i = 0; i < 4; i++)
		str_add_char(&parquet->work, (char)(len >> 8 * i));
	return put_bytes(parquet, parquet->work.text, parquet->work.len, err) && put_magic(parquet, err);
}

const struct format format_parquet = {
	.word = "parquet",
	.open = parquet_open,
	.close = parquet_close,
	.add = parquet_add,
	.end = parquet_end,
};
