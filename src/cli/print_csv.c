/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CSV as RFC 4180 has it: a line of names, then a line for each row; one object is one row. */
#include <stdio.h>
#include <stdlib.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/memory.h"
#include "face.h"
#include "ledgerdeck/model/csv.h"

/* Without columns (one object) the names come with the values: they are kept in a line of their own. */
enum { NAMES, VALUES, LINES };

static void add_cell(struct str *out, const char *value, bool first)
{
	if (!first)
		str_add_char(out, ',');
	csv_add_cell(value, out);
}

static void end_line(struct face *face, struct str *line)
{
	str_add(line, "\r\n");
	out_add(&face->out, line->text, line->len);
	str_reset(line);
}

static void begin(void *ctx, const char *what, const struct printer_column *columns)
{
	struct face *face = ctx;

	(void)what;
	face->columns = columns;
	face->open = true;
	face->row_count = face->value_count = 0;
	if (!face->cells) {
		face->cells = memory_new(LINES * sizeof(*face->cells));
		for (size_t i = 0; i < LINES; i++)
			str_init(&face->cells[i], STR_NO_LIMIT);
	}
	for (size_t i = 0; columns && columns[i].name; i++)
		add_cell(&face->cells[NAMES], columns[i].name, i == 0);
	if (columns)
		end_line(face, &face->cells[NAMES]);
}

static void row(void *ctx)
{
	struct face *face = ctx;

	if (face->row_count++ > 0)
		end_line(face, &face->cells[VALUES]);
	face->value_count = 0;
}

static void text(void *ctx, const char *name, const char *value)
{
	struct face *face = ctx;

	if (!face->columns)
		add_cell(&face->cells[NAMES], name, face->value_count == 0);
	add_cell(&face->cells[VALUES], value ? value : "", face->value_count == 0);
	face->value_count++;
}

static void number(void *ctx, const char *name, int64_t value)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%lld", (long long)value);
	text(ctx, name, digits);
}

static void time_value(void *ctx, const char *name, int64_t ms)
{
	char stamp[STAMP_TEXT_MAX];

	face_stamp(ms, stamp);
	text(ctx, name, ms ? stamp : NULL);
}

static void flag(void *ctx, const char *name, bool value)
{
	text(ctx, name, value ? "true" : "false");
}

static void json(void *ctx, const char *name, const char *value, size_t len)
{
	AUTO(memory_freep) char *copy = memory_copy(value, len);

	text(ctx, name, copy);
}

static void flush(void *ctx)
{
	struct face *face = ctx;

	if (face->row_count > 0 && face->columns) {
		end_line(face, &face->cells[VALUES]);
		face->row_count = 0;
	}
	out_flush(&face->out);
}

static void end(void *ctx)
{
	struct face *face = ctx;

	face->open = false;
	if (!face->columns)
		end_line(face, &face->cells[NAMES]);
	if (!face->columns || face->row_count > 0)
		end_line(face, &face->cells[VALUES]);
}

void print_csv_free(struct face *face)
{
	for (size_t i = 0; face->cells && i < LINES; i++)
		str_clear(&face->cells[i]);
	free(face->cells);
	face->cells = NULL;
}

void print_csv_init(struct face *face, struct printer *printer)
{
	*printer = (struct printer){ .begin = begin, .row = row, .text = text, .number = number, .decimal = text,
				     .time = time_value, .flag = flag, .json = json, .end = end, .flush = flush, .ctx = face };
}
