/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Data pages are of version 1: the levels (is there a value?) and then the values, packed together. Whether a dictionary pays is
 * seen after some values, at the end of a page, and where it grows too large; the values that it has by then go back to being plain
 * unless pages were made by it.
 */
#include "chunk.h"

#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "hybrid.h"
#include "thrift.h"

#define DICTIONARY_BYTES (1 << 20)
#define FIRST_LOOK 1024 /* values */
#define PAGE_ROWS (1 << 18)
#define FIXED_BYTES 16

static void start_chunk(struct chunk *chunk)
{
	chunk->has_dictionary = chunk->kind != COLUMN_FLAG && !chunk->is_whole;
	chunk->pages_plain = chunk->bytes = 0;
	chunk->by_dictionary = chunk->by_plain = false;
	chunk->row_count = chunk->null_count = 0;
	bounds_reset(&chunk->bounds);
}

void chunk_init(struct chunk *chunk, const struct column *column, int level, struct compress *compress)
{
	*chunk = (struct chunk){
		.kind = column->kind,
		.is_whole = !column->path && strcmp(column->name, COLUMN_RAW) == 0,
		.level = level,
		.compress = compress,
		.plain = STR_INIT(STR_NO_LIMIT),
		.flags = STR_INIT(STR_NO_LIMIT),
		.present = STR_INIT(STR_NO_LIMIT),
		.dictionary = DICTIONARY_INIT,
		.pages = STR_INIT(STR_NO_LIMIT),
		.work = STR_INIT(STR_NO_LIMIT),
	};
	start_chunk(chunk);
}

void chunk_clear(struct chunk *chunk)
{
	str_clear(&chunk->plain);
	str_clear(&chunk->flags);
	str_clear(&chunk->present);
	str_clear(&chunk->pages);
	str_clear(&chunk->work);
	dictionary_clear(&chunk->dictionary);
	free(chunk->places);
	*chunk = (struct chunk){ 0 };
}

void chunk_reset(struct chunk *chunk)
{
	str_reset(&chunk->pages);
	dictionary_reset(&chunk->dictionary);
	start_chunk(chunk);
}

/* ---- pages ---- */

/* Appends the header and the body, packed; returns the bytes of both before. */
static size_t add_page(struct chunk *chunk, enum parquet_page type, size_t values, enum parquet_encoding encoding, const struct str *body,
		       struct str *out)
{
	AUTO(str_clear) struct str packed = STR_INIT(STR_NO_LIMIT);
	const struct str *stands = body;
	size_t start = out->len;
	struct thrift thrift = thrift_start(out);
	size_t header;

	if (chunk->level > 0) {
		compress_frame(chunk->compress, chunk->level, body->text, body->len, &packed);
		stands = &packed;
	}
	thrift_integer(&thrift, PAGE_TYPE, THRIFT_I32, type);
	thrift_integer(&thrift, PAGE_BYTES, THRIFT_I32, (int64_t)body->len);
	thrift_integer(&thrift, PAGE_PACKED_BYTES, THRIFT_I32, (int64_t)stands->len);
	thrift_struct(&thrift, type == PARQUET_DATA_PAGE ? PAGE_DATA : PAGE_DICTIONARY);
	thrift_integer(&thrift, DATA_VALUES, THRIFT_I32, (int64_t)values);
	thrift_integer(&thrift, DATA_ENCODING, THRIFT_I32, encoding);
	if (type == PARQUET_DATA_PAGE) {
		thrift_integer(&thrift, DATA_DEFINITION, THRIFT_I32, PARQUET_RLE);
		thrift_integer(&thrift, DATA_REPETITION, THRIFT_I32, PARQUET_RLE);
	}
	thrift_end(&thrift);
	thrift_end(&thrift);
	header = out->len - start;
	str_add_bytes(out, stands->text, stands->len);
	return header + body->len;
}

static void add_u32(struct str *out, uint32_t value)
{
	char bytes[4] = { (char)value, (char)(value >> 8), (char)(value >> 16), (char)(value >> 24) };

	str_add_bytes(out, bytes, sizeof(bytes));
}

static void add_levels(const struct chunk *chunk, struct str *out)
{
	size_t start = out->len, len;

	add_u32(out, 0);
	hybrid_add_bits(out, (const uint8_t *)chunk->present.text, chunk->rows, chunk->there);
	len = out->len - start - 4;
	for (int i = 0; i < 4; i++)
		out->text[start + (size_t)i] = (char)(len >> 8 * i);
}

static void end_page(struct chunk *chunk)
{
	bool by_dictionary = chunk->has_dictionary && chunk->place_count > 0;
	struct str *body = &chunk->work;

	if (chunk->rows == 0)
		return;
	str_reset(body);
	add_levels(chunk, body);
	if (by_dictionary) {
		int width = hybrid_width(chunk->dictionary.count);

		str_add_char(body, (char)width);
		hybrid_add(body, chunk->places, chunk->place_count, width);
	} else {
		const struct str *values = chunk->kind == COLUMN_FLAG ? &chunk->flags : &chunk->plain;

		str_add_bytes(body, values->text, values->len);
	}
	chunk->by_dictionary = chunk->by_dictionary || by_dictionary;
	chunk->by_plain = chunk->by_plain || !by_dictionary;
	chunk->pages_plain += add_page(chunk, PARQUET_DATA_PAGE, chunk->rows, by_dictionary ? PARQUET_RLE_DICTIONARY : PARQUET_PLAIN, body,
				       &chunk->pages);
	str_reset(&chunk->plain);
	str_reset(&chunk->flags);
	str_reset(&chunk->present);
	chunk->place_count = 0;
	chunk->rows = chunk->there = 0;
}

size_t chunk_add_dictionary(struct chunk *chunk, struct str *out)
{
	if (!chunk->by_dictionary)
		return 0;
	return add_page(chunk, PARQUET_DICTIONARY_PAGE, chunk->dictionary.count, PARQUET_PLAIN, &chunk->dictionary.values, out);
}

/* The page's values stand plain from now on, and all that follow. */
static void leave_dictionary(struct chunk *chunk)
{
	for (size_t i = 0; i < chunk->place_count; i++) {
		size_t len;
		const char *bytes = dictionary_at(&chunk->dictionary, chunk->places[i], &len);

		str_add_bytes(&chunk->plain, bytes, len);
	}
	chunk->place_count = 0;
	chunk->has_dictionary = false;
	if (!chunk->by_dictionary)
		dictionary_reset(&chunk->dictionary);
}

/* ---- values ---- */

static size_t write_little(char *out, uint64_t value, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		out[i] = (char)(value >> 8 * i);
	return bytes;
}

/* Two's complement, the highest byte first. */
static size_t write_wide(char *out, column_wide value)
{
	for (int i = FIXED_BYTES - 1; i >= 0; i--, value >>= 8)
		out[i] = (char)(value & 0xff);
	return FIXED_BYTES;
}

/* Is it worth going on? Most values must be there more than once. */
static bool pays(const struct chunk *chunk)
{
	size_t values = (size_t)(chunk->row_count - chunk->null_count), distinct = chunk->dictionary.count;

	if (chunk->dictionary.values.len > DICTIONARY_BYTES)
		return false;
	return values < FIRST_LOOK || (values & (values - 1)) != 0 || distinct <= values / 2;
}

/* `bytes` as a value stands plain. */
static void put_value(struct chunk *chunk, const char *bytes, size_t len)
{
	chunk->bytes += len;
	if (!chunk->has_dictionary) {
		str_add_bytes(&chunk->plain, bytes, len);
		return;
	}
	memory_grow(&chunk->places, &chunk->place_room, chunk->place_count + 1, sizeof(*chunk->places));
	chunk->places[chunk->place_count++] = dictionary_place(&chunk->dictionary, bytes, len);
	if (!pays(chunk))
		leave_dictionary(chunk);
}

static void put_text(struct chunk *chunk, const char *text, size_t len)
{
	char head[4];

	if (!chunk->is_whole)
		bounds_add_text(&chunk->bounds, text, len);
	if (!chunk->has_dictionary) {
		write_little(head, len, sizeof(head));
		str_add_bytes(&chunk->plain, head, sizeof(head));
		str_add_bytes(&chunk->plain, text, len);
		chunk->bytes += len + sizeof(head);
		return;
	}
	str_reset(&chunk->work);
	add_u32(&chunk->work, (uint32_t)len);
	str_add_bytes(&chunk->work, text, len);
	put_value(chunk, chunk->work.text, chunk->work.len);
}

static void put_flag(struct chunk *chunk, bool flag)
{
	if (chunk->there % 8 == 0) {
		str_add_char(&chunk->flags, '\0');
		chunk->bytes++;
	}
	if (flag)
		chunk->flags.text[chunk->flags.len - 1] |= (char)(1 << chunk->there % 8);
}

static void put_number(struct chunk *chunk, const struct column_value *value)
{
	char bytes[FIXED_BYTES];
	size_t len;

	if (chunk->kind == COLUMN_NUMBER)
		len = write_wide(bytes, value->wide);
	else
		len = write_little(bytes, (uint64_t)value->integer, chunk->kind == COLUMN_DATE ? 4 : 8);
	bounds_add_number(&chunk->bounds, chunk->kind == COLUMN_NUMBER ? value->wide : value->integer);
	put_value(chunk, bytes, len);
}

static void put_present(struct chunk *chunk, bool is_there)
{
	if (chunk->rows % 8 == 0)
		str_add_char(&chunk->present, '\0');
	if (is_there)
		chunk->present.text[chunk->present.len - 1] |= (char)(1 << chunk->rows % 8);
	chunk->rows++;
	chunk->row_count++;
	chunk->null_count += !is_there;
}

void chunk_add(struct chunk *chunk, const struct column_value *value)
{
	put_present(chunk, value->is_there);
	if (value->is_there) {
		if (chunk->kind == COLUMN_TEXT)
			put_text(chunk, value->text, value->len);
		else if (chunk->kind == COLUMN_FLAG)
			put_flag(chunk, value->integer != 0);
		else
			put_number(chunk, value);
		chunk->there++;
	}
	if (chunk->plain.len >= CHUNK_PAGE_BYTES || chunk->rows == PAGE_ROWS)
		end_page(chunk);
}

void chunk_end(struct chunk *chunk)
{
	size_t values = (size_t)(chunk->row_count - chunk->null_count);

	if (chunk->has_dictionary && !chunk->by_dictionary && chunk->dictionary.count > values / 2)
		leave_dictionary(chunk);
	end_page(chunk);
}
