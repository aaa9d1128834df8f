/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JSON: {"what":[{..},..]} for a table, {"what":{..}} for one object, each on one line but for a table's
 * rows. docs/json.md says what stands in them. When rows are shown as they come, each is a line of its own.
 */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/memory.h"
#include "face.h"

static void add(struct face *face, const char *text)
{
	out_add(&face->out, text, strlen(text));
}

static void add_string(struct face *face, const char *text)
{
	AUTO(str_clear) struct str quoted = STR_INIT(STR_NO_LIMIT);

	str_add_json(&quoted, text, strlen(text));
	out_add(&face->out, quoted.text, quoted.len);
}

static void begin(void *ctx, const char *what, const struct printer_column *columns)
{
	struct face *face = ctx;

	face->columns = columns;
	face->open = true;
	face->row_count = face->value_count = 0;
	face->lines = false;
	add(face, "{");
	add_string(face, what);
	add(face, columns ? ":[" : ":{");
}

static void flush(void *ctx)
{
	struct face *face = ctx;

	/* Nothing was shown yet: what begin() wrote is taken back. */
	if (!face->lines && face->columns && face->row_count == 0) {
		str_reset(&face->out.text);
		face->lines = true;
	}
	if (face->lines && face->row_count > 0) {
		add(face, "}\n");
		face->row_count = 0;
	}
	out_flush(&face->out);
}

static void row(void *ctx)
{
	struct face *face = ctx;

	if (face->row_count++ > 0)
		add(face, face->lines ? "}\n" : "},\n");
	else if (!face->lines)
		add(face, "\n");
	add(face, "{");
	face->value_count = 0;
}

static void name_value(struct face *face, const char *name)
{
	if (face->value_count++ > 0)
		add(face, ",");
	add_string(face, name);
	add(face, ":");
}

static void text(void *ctx, const char *name, const char *value)
{
	struct face *face = ctx;

	name_value(face, name);
	if (value)
		add_string(face, value);
	else
		add(face, "null");
}

static void number(void *ctx, const char *name, int64_t value)
{
	struct face *face = ctx;
	char digits[24];

	snprintf(digits, sizeof(digits), "%lld", (long long)value);
	name_value(face, name);
	add(face, digits);
}

static void decimal(void *ctx, const char *name, const char *digits)
{
	struct face *face = ctx;

	name_value(face, name);
	/* What is no number, however it came here, must not break the document. */
	if (digits && !json_check(digits, strlen(digits), NULL))
		add_string(face, digits);
	else
		add(face, digits ? digits : "null");
}

static void time_value(void *ctx, const char *name, int64_t ms)
{
	char stamp[STAMP_TEXT_MAX];

	face_stamp(ms, stamp);
	text(ctx, name, ms ? stamp : NULL);
}

static void flag(void *ctx, const char *name, bool value)
{
	struct face *face = ctx;

	name_value(face, name);
	add(face, value ? "true" : "false");
}

static void json(void *ctx, const char *name, const char *value, size_t len)
{
	struct face *face = ctx;

	name_value(face, name);
	if (len == 0 || !json_check(value, len, NULL))
		add(face, "null");
	else
		out_add(&face->out, value, len);
}

static void end(void *ctx)
{
	struct face *face = ctx;

	face->open = false;
	if (face->lines) {
		flush(face);
		return;
	}
	if (face->columns)
		add(face, face->row_count > 0 ? "}\n]}\n" : "]}\n");
	else
		add(face, "}}\n");
}

void print_json_init(struct face *face, struct printer *printer)
{
	*printer = (struct printer){ .begin = begin, .row = row, .text = text, .number = number, .decimal = decimal,
				     .time = time_value, .flag = flag, .json = json, .end = end, .flush = flush, .ctx = face };
}
