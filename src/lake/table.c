/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table's writer is one of the formats; what it was told lives here as long as it does. */
#include "ledgerdeck/lake/table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "format.h"

struct table_writer {
	struct table_options options;
	struct table_sink sink;
	const struct format *format;
	void *writer; /* owned: the format */
};

static const struct format *const formats[] = {
	[TABLE_PARQUET] = &format_parquet,
	[TABLE_CSV] = &format_csv,
	[TABLE_JSONL] = &format_jsonl,
};
_Static_assert(ARRAY_LEN(formats) == TABLE_FORMAT_COUNT, "a row for each format");

const char *table_format_word(enum table_format format)
{
	assert(format < TABLE_FORMAT_COUNT);
	return formats[format]->word;
}

bool table_format_parse(const char *word, enum table_format *ret_format)
{
	for (size_t i = 0; i < ARRAY_LEN(formats); i++)
		if (strcmp(formats[i]->word, word) == 0) {
			*ret_format = (enum table_format)i;
			return true;
		}
	return false;
}

struct table_writer *table_writer_new(const struct table_options *options, const struct table_sink *sink)
{
	struct table_writer *writer = memory_new(sizeof(*writer));

	assert(options->column_count > 0 && options->level >= 0 && options->level <= TABLE_LEVEL_MAX);
	*writer = (struct table_writer){ .options = *options, .sink = *sink, .format = formats[options->format] };
	writer->writer = writer->format->open(&writer->options, &writer->sink);
	return writer;
}

void table_writer_free(struct table_writer *writer)
{
	if (!writer)
		return;
	writer->format->close(writer->writer);
	free(writer);
}

void table_writer_freep(struct table_writer **writer)
{
	table_writer_free(*writer);
}

bool table_writer_add(struct table_writer *writer, const struct column_value *values, struct error *err)
{
	return writer->format->add(writer->writer, values, err);
}

bool table_writer_end(struct table_writer *writer, struct error *err)
{
	return writer->format->end(writer->writer, err);
}
