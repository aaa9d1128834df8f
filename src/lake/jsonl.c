/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One JSON object a line, all columns in each, null where there is nothing. Numbers stand with all their digits. */
#include <string.h>

#include "lines.h"
#include "values.h"

/* A record's own line breaks stand between its values, never in them. */
static void add_record(struct str *out, const char *text, size_t len)
{
	size_t start = out->len;

	str_add_bytes(out, text, len);
	for (size_t i = start; i < out->len; i++)
		if (out->text[i] == '\n' || out->text[i] == '\r')
			out->text[i] = ' ';
}

static void add_value(struct str *out, const struct column *column, const struct column_value *value)
{
	bool quoted = column->kind == COLUMN_DATE || column->kind == COLUMN_TIME;

	if (!value->is_there) {
		str_add(out, "null");
	} else if (!column->path && strcmp(column->name, COLUMN_RAW) == 0) {
		add_record(out, value->text, value->len);
	} else if (column->kind == COLUMN_TEXT) {
		str_add_json(out, value->text, value->len);
	} else {
		if (quoted)
			str_add_char(out, '"');
		value_add_text(value, column->kind, out);
		if (quoted)
			str_add_char(out, '"');
	}
}

static bool jsonl_add(void *writer, const struct column_value *values, struct error *err)
{
	struct lines *lines = writer;
	const struct table_options *options = lines->options;

	for (size_t i = 0; i < options->column_count; i++) {
		const struct column *column = &options->columns[i];

		str_add_char(&lines->block, i == 0 ? '{' : ',');
		str_add_json(&lines->block, column->name, strlen(column->name));
		str_add_char(&lines->block, ':');
		add_value(&lines->block, column, &values[i]);
	}
	str_add(&lines->block, "}\n");
	return lines_flush_full(lines, err);
}

static bool jsonl_end(void *writer, struct error *err)
{
	return lines_flush(writer, err);
}

const struct format format_jsonl = { .word = "jsonl", .open = lines_open, .close = lines_close, .add = jsonl_add, .end = jsonl_end };
