/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A table of records as a file: rows go in one after the other, bytes come out. The same rows give the same bytes, whenever and
 * wherever: nothing in a file tells a time or a place but what the caller says of it. One thread.
 */
#ifndef LEDGERDECK_LAKE_TABLE_H
#define LEDGERDECK_LAKE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/error.h"
#include "ledgerdeck/model/columns.h"

enum table_format {
	TABLE_PARQUET, /* format 1, pages of version 1, zstd: docs/guide/lake.md */
	TABLE_CSV,     /* RFC 4180 in UTF-8, a head of names; null is nothing, an empty text is "" */
	TABLE_JSONL,   /* one object a line; decimals keep their digits; `raw` is the record itself, not a text of it */
	TABLE_FORMAT_COUNT
};
const char *table_format_word(enum table_format format); /* "parquet", which is also how files' names end */
bool table_format_parse(const char *word, enum table_format *ret_format);

struct table_sink { /* false ends the file; `err` says why */
	bool (*write)(void *ctx, const char *bytes, size_t len, struct error *err);
	void *ctx;
};

struct table_note { /* said of the file itself, where the format has a place for it */
	const char *key, *value;
};

#define TABLE_LEVEL 3     /* of zstd, unless told otherwise */
#define TABLE_LEVEL_MAX 19
struct table_options {
	enum table_format format;
	const struct column *columns; /* borrowed until the end */
	size_t column_count;
	int level;                    /* 1 to TABLE_LEVEL_MAX: packed by zstd; 0: not packed. Parquet only */
	const struct table_note *notes; /* copied */
	size_t note_count;
};

struct table_writer;
struct table_writer *table_writer_new(const struct table_options *options, const struct table_sink *sink);
void table_writer_free(struct table_writer *writer); /* NULL does nothing. Without an end the file is none */
void table_writer_freep(struct table_writer **writer);
/* A row: one value for each column, which are copied. Errors: those of the sink. */
bool table_writer_add(struct table_writer *writer, const struct column_value *values, struct error *err);
bool table_writer_end(struct table_writer *writer, struct error *err);

#endif
