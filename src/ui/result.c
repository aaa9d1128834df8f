/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The printer of the deck: it keeps what a command gives until a view shows it. */
#include "result.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/text.h"

#define CELL_MAX 4000
#define RAW_MAX ((size_t)16 << 20)

struct result *result_new(void)
{
	struct result *result = memory_new(sizeof(*result));

	str_init(&result->raw, RAW_MAX);
	return result;
}

void result_free(void *item)
{
	struct result *result = item;

	if (!result)
		return;
	for (size_t i = 0; i < result->column_count; i++)
		free(result->columns[i].name);
	for (size_t i = 0; i < result->cell_count; i++)
		free(result->cells[i]);
	free(result->columns);
	free(result->cells);
	str_clear(&result->raw);
	free(result);
}

size_t result_rows(const struct result *result)
{
	return result->column_count ? result->cell_count / result->column_count : 0;
}

const char *result_cell(const struct result *result, size_t row, size_t column)
{
	const char *cell = result->cells[row * result->column_count + column];

	return cell ? cell : "";
}

static struct result *result_of(void *ctx)
{
	struct result_maker *maker = ctx;

	if (!maker->result)
		maker->result = result_new();
	return maker->result;
}

static struct result_column *add_column(struct result *result, const char *name)
{
	memory_grow(&result->columns, &result->column_room, result->column_count + 1, sizeof(*result->columns));
	result->columns[result->column_count] =
		(struct result_column){ .name = memory_copy_text(name), .width = (int)text_width(TEXT_SAFE, name, strlen(name)) };
	return &result->columns[result->column_count++];
}

static void begin(void *ctx, const char *what, const struct printer_column *columns)
{
	struct result *result = result_of(ctx);

	snprintf(result->what, sizeof(result->what), "%s", what);
	result->object = columns == NULL;
	for (; columns && columns->name; columns++)
		add_column(result, columns->name)->detail = columns->detail;
}

/* Cells of a row come in any order; each goes to its column. */
static void row(void *ctx)
{
	struct result *result = result_of(ctx);

	for (size_t i = 0; i < result->column_count; i++) {
		memory_grow(&result->cells, &result->cell_room, result->cell_count + 1, sizeof(char *));
		result->cells[result->cell_count++] = NULL;
	}
}

static void set(struct result *result, const char *name, const char *text, bool right)
{
	size_t at = 0;
	int width;

	if (!text)
		text = "";
	if (result->object) {
		memory_grow(&result->cells, &result->cell_room, result->cell_count + 1, sizeof(char *));
		result->cells[result->cell_count++] = memory_copy(text, strnlen(text, CELL_MAX));
		add_column(result, name)->right = right;
		return;
	}
	while (at < result->column_count && strcmp(result->columns[at].name, name) != 0)
		at++;
	if (at == result->column_count || result->cell_count == 0)
		return;
	width = (int)text_width(TEXT_SAFE, text, strlen(text));
	if (width > result->columns[at].width)
		result->columns[at].width = width;
	result->columns[at].right = result->columns[at].right || right;
	free(result->cells[result->cell_count - result->column_count + at]);
	result->cells[result->cell_count - result->column_count + at] = memory_copy(text, strnlen(text, CELL_MAX));
}

static void text(void *ctx, const char *name, const char *value)
{
	set(result_of(ctx), name, value, false);
}

static void number(void *ctx, const char *name, int64_t value)
{
	char digits[32];

	snprintf(digits, sizeof(digits), "%" PRId64, value);
	set(result_of(ctx), name, digits, true);
}

static void decimal(void *ctx, const char *name, const char *digits)
{
	set(result_of(ctx), name, digits, true);
}

static void time_of(void *ctx, const char *name, int64_t ms)
{
	char stamp[FORMAT_MAX];

	if (ms)
		format_stamp(ms, stamp);
	/* To the minute: what is exact to the second is in --json. */
	stamp[ms ? 16 : 0] = '\0';
	set(result_of(ctx), name, stamp, false);
}

static void flag(void *ctx, const char *name, bool value)
{
	set(result_of(ctx), name, value ? "yes" : "no", false);
}

static void json(void *ctx, const char *name, const char *bytes, size_t len)
{
	AUTO(memory_freep) char *copy = memory_copy(bytes, len < CELL_MAX ? len : CELL_MAX);

	set(result_of(ctx), name, copy, false);
}

static void end(void *ctx)
{
	struct result_maker *maker = ctx;

	result_of(ctx);
	maker->ready(maker);
}

static void raw(void *ctx, const char *bytes, size_t len)
{
	struct result_maker *maker = ctx;

	str_add_bytes(&result_of(ctx)->raw, bytes, len);
	maker->ready(maker);
}

void result_printer(struct printer *printer)
{
	printer->begin = begin;
	printer->row = row;
	printer->text = text;
	printer->number = number;
	printer->decimal = decimal;
	printer->time = time_of;
	printer->flag = flag;
	printer->json = json;
	printer->end = end;
	printer->raw = raw;
	printer->brief = true;
}
