/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RFC 4180: lines end with CR LF. What is not there is nothing at all, an empty text has its quotes: readers can tell them apart. */
#include <string.h>

#include "ledgerdeck/model/csv.h"
#include "lines.h"
#include "values.h"

static void add_text(struct str *out, const char *text, size_t len)
{
	bool quoted = len == 0;

	for (size_t i = 0; i < len && !quoted; i++)
		quoted = text[i] == ',' || text[i] == '"' || text[i] == '\n' || text[i] == '\r' || text[i] == ' ' || text[i] == '\0';
	if (quoted)
		csv_add_quoted(text, len, out);
	else
		str_add_bytes(out, text, len);
}

static void start(struct lines *lines)
{
	const struct table_options *options = lines->options;

	if (lines->is_started)
		return;
	lines->is_started = true;
	for (size_t i = 0; i < options->column_count; i++) {
		if (i > 0)
			str_add_char(&lines->block, ',');
		add_text(&lines->block, options->columns[i].name, strlen(options->columns[i].name));
	}
	str_add(&lines->block, "\r\n");
}

static bool table_csv_add(void *writer, const struct column_value *values, struct error *err)
{
	struct lines *lines = writer;
	const struct table_options *options = lines->options;

	start(lines);
	for (size_t i = 0; i < options->column_count; i++) {
		if (i > 0)
			str_add_char(&lines->block, ',');
		if (!values[i].is_there)
			continue;
		if (options->columns[i].kind == COLUMN_TEXT)
			add_text(&lines->block, values[i].text, values[i].len);
		else
			value_add_text(&values[i], options->columns[i].kind, &lines->block);
	}
	str_add(&lines->block, "\r\n");
	return lines_flush_full(lines, err);
}

static bool table_csv_end(void *writer, struct error *err)
{
	start(writer);
	return lines_flush(writer, err);
}

const struct format format_csv = { .word = "csv", .open = lines_open, .close = lines_close, .add = table_csv_add, .end = table_csv_end };
