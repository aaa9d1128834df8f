/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules of a mapping as a file. */
#include "ledgerdeck/model/mapping_file.h"

#include <string.h>
#include <strings.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/csv.h"

enum column { COLUMN_TARGET, COLUMN_CODE, COLUMN_ID, COLUMN_NUMBER, COLUMN_NAME, COLUMN_COUNT };
static const char *const names[] = {
	[COLUMN_TARGET] = "target", [COLUMN_CODE] = "code", [COLUMN_ID] = "id", [COLUMN_NUMBER] = "number", [COLUMN_NAME] = "name",
};
_Static_assert(ARRAY_LEN(names) == COLUMN_COUNT, "a name for each column");

/* ---- out */

static const char *value_of(const struct mapping_row *row, size_t column)
{
	const char *const values[COLUMN_COUNT] = { row->target, row->code, row->id, row->number, row->name };

	return values[column];
}

void mapping_file_begin(bool json, struct str *out)
{
	if (json) {
		str_add(out, "{\"rules\":[");
		return;
	}
	for (size_t i = 0; i < COLUMN_COUNT; i++)
		str_addf(out, "%s%s", i ? "," : "", names[i]);
	str_add(out, "\r\n");
}

void mapping_file_add(bool json, bool first, const struct mapping_row *row, struct str *out)
{
	if (json)
		str_add(out, first ? "\n{" : ",\n{");
	for (size_t i = 0; i < COLUMN_COUNT; i++) {
		const char *value = value_of(row, i);

		str_add(out, i ? "," : "");
		if (!json) {
			csv_add_cell(value, out);
			continue;
		}
		str_addf(out, "\"%s\":", names[i]);
		str_add_json(out, value, strlen(value));
	}
	str_add(out, json ? "}" : "\r\n");
}

void mapping_file_end(bool json, struct str *out)
{
	if (json)
		str_add(out, "\n]}\n");
}

/* ---- in */

struct reading {
	bool (*row)(void *ctx, const struct mapping_row *row);
	void *ctx;
	size_t columns[CSV_CELLS_MAX]; /* what each cell of a row is */
	size_t count;                  /* 0: the head is still to come */
	struct str values[COLUMN_COUNT]; /* owned */
	struct error error;
	bool stopped;
};

static bool give(struct reading *reading, size_t line)
{
	struct mapping_row row = {
		.line = line, .target = reading->values[COLUMN_TARGET].text, .code = reading->values[COLUMN_CODE].text,
		.id = reading->values[COLUMN_ID].text, .number = reading->values[COLUMN_NUMBER].text, .name = reading->values[COLUMN_NAME].text,
	};

	reading->stopped = !reading->row(reading->ctx, &row);
	return !reading->stopped;
}

static bool take_head(struct reading *reading, const struct csv_row *row)
{
	bool has[COLUMN_COUNT] = { false };

	for (size_t i = 0; i < row->count; i++) {
		size_t column = 0;

		while (column < COLUMN_COUNT && strcasecmp(names[column], row->cells[i].text) != 0)
			column++;
		if (column == COLUMN_COUNT || has[column])
			return error_set(&reading->error, ERROR_INPUT, "line %zu: the columns of a file of rules are target, code, id, number and name, each "
					 "once; '%.40s' is not", row->line, row->cells[i].text);
		has[column] = true;
		reading->columns[i] = column;
	}
	reading->count = row->count;
	return (has[COLUMN_TARGET] && has[COLUMN_CODE] && (has[COLUMN_ID] || has[COLUMN_NUMBER] || has[COLUMN_NAME])) ||
	       error_set(&reading->error, ERROR_INPUT, "line %zu: a file of rules has columns for target, code, and id, number or name", row->line);
}

static bool take_row(void *ctx, const struct csv_row *row)
{
	struct reading *reading = ctx;

	if (row->fault != CSV_GOOD || (reading->count && row->count > reading->count))
		return error_set(&reading->error, ERROR_INPUT, "line %zu can't be read: its quotes or its number of cells are not right", row->line);
	if (row->count == 1 && row->cells[0].len == 0)
		return true;
	if (!reading->count)
		return take_head(reading, row);
	for (size_t i = 0; i < COLUMN_COUNT; i++)
		str_reset(&reading->values[i]);
	for (size_t i = 0; i < row->count; i++)
		str_add_bytes(&reading->values[reading->columns[i]], row->cells[i].text, row->cells[i].len);
	return give(reading, row->line);
}

static void read_csv(struct reading *reading, const char *text, size_t len)
{
	struct csv csv;

	csv_init(&csv, csv_separator_of(text, len), MAPPING_FILE_MAX, take_row, reading);
	if (csv_feed(&csv, text, len))
		csv_end(&csv);
	csv_clear(&csv);
}

static bool take_object(struct reading *reading, struct json_slice item, size_t line)
{
	if (item.kind != JSON_OBJECT)
		return error_set(&reading->error, ERROR_INPUT, "line %zu: a rule is an object in braces", line);
	for (size_t i = 0; i < COLUMN_COUNT; i++) {
		struct json_slice value = json_member(item, names[i]);

		str_reset(&reading->values[i]);
		if (value.kind == JSON_STRING)
			json_unquote(value, &reading->values[i]);
		else if (value.kind == JSON_NUMBER)
			str_add_bytes(&reading->values[i], value.text, value.len);
		else if (value.kind != JSON_NONE && value.kind != JSON_NULL)
			return error_set(&reading->error, ERROR_INPUT, "line %zu: '%s' of a rule is a text", line, names[i]);
	}
	return give(reading, line);
}

static size_t lines_between(const char *from, const char *to)
{
	size_t lines = 0;

	for (; from < to; from++)
		lines += *from == '\n';
	return lines;
}

static bool read_json(struct reading *reading, const char *text, size_t len)
{
	struct json_slice whole = { .text = text, .len = len, .kind = *text == '[' ? JSON_ARRAY : JSON_OBJECT }, item;
	const char *counted = text;
	size_t at = 0, line = 1, broken;

	if (!json_check(text, len, &broken))
		return error_set(&reading->error, ERROR_INPUT, "line %zu: from here on it is no JSON", 1 + lines_between(text, text + broken));
	if (whole.kind == JSON_OBJECT)
		whole = json_member(whole, "rules");
	if (whole.kind != JSON_ARRAY)
		return error_set(&reading->error, ERROR_INPUT, "line 1: rules are a list, or an object with a member 'rules' that is one");
	while (json_each(whole, &at, NULL, &item)) {
		line += lines_between(counted, item.text);
		counted = item.text;
		if (!take_object(reading, item, line))
			return false;
	}
	return true;
}

bool mapping_file_read(const char *text, size_t len, bool (*row)(void *ctx, const struct mapping_row *row), void *ctx, struct error *err)
{
	struct reading reading = { .row = row, .ctx = ctx };
	bool json;

	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		len -= 3;
	}
	while (len > 0 && strchr(" \t\r\n", *text)) {
		text++;
		len--;
	}
	if (!str_is_utf8(text, len) || memchr(text, '\0', len))
		return error_set(err, ERROR_INPUT, "a file of rules is text in UTF-8");
	if (len == 0)
		return error_set(err, ERROR_INPUT, "a file of rules is CSV or JSON; this one is empty");
	for (size_t i = 0; i < COLUMN_COUNT; i++)
		str_init(&reading.values[i], STR_NO_LIMIT);
	json = *text == '{' || *text == '[';
	if (json)
		read_json(&reading, text, len);
	else
		read_csv(&reading, text, len);
	for (size_t i = 0; i < COLUMN_COUNT; i++)
		str_clear(&reading.values[i]);
	if (reading.error.code != ERROR_NONE && err)
		*err = reading.error;
	return reading.error.code == ERROR_NONE;
}
