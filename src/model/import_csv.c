/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows of a CSV file. Its beginning is kept until there is enough of it to tell what separates columns, what they are, and in
 * which order its dates have day and month; then it is read, and all else as it comes.
 *
 * A row that can't be read belongs to some document, and if nothing says to which, then to the one before it or the one behind
 * it: both are refused, so that none comes without a line.
 */
#include <stdlib.h>
#include <string.h>

#include "excerpt.h"
#include "import_bind.h"
#include "import_cell.h"
#include "import_document.h"
#include "import_impl.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/csv.h"

#define SAMPLE_MAX ((size_t)1 << 20)

struct import_csv {
	struct import *import;       /* borrowed */
	struct str sample;           /* owned: the beginning, until it is read */
	bool is_begun;
	struct csv csv;
	bool has_csv;                /* there is something to clear */
	bool has_header;
	struct binding binding;
	struct cell_rules rules;
	struct row_document document;
	size_t lost_line;            /* of a row that could be of the next document; 0: none */
	struct error *err;           /* borrowed: of the call at hand */
	/* Only while the sample is looked at. */
	size_t day_first_line, month_first_line; /* of a date that is a day in no other order; 0: none */
};

struct import_csv *import_csv_new(struct import *import)
{
	struct import_csv *csv = memory_new(sizeof(*csv));

	csv->import = import;
	csv->rules.profile = import->options.profile;
	str_init(&csv->sample, SAMPLE_MAX);
	document_init(&csv->document, import, &csv->binding, &csv->rules);
	return csv;
}

void import_csv_free(struct import_csv *csv)
{
	if (!csv)
		return;
	str_clear(&csv->sample);
	if (csv->has_csv)
		csv_clear(&csv->csv);
	document_clear(&csv->document);
	binding_clear(&csv->binding);
	free(csv);
}

const struct resource_type *import_csv_type(const struct import_csv *csv)
{
	return csv->binding.type;
}

static bool is_blank_row(const struct csv_row *row)
{
	for (size_t i = 0; i < row->count; i++)
		for (size_t j = 0; j < row->cells[i].len; j++)
			if (!strchr(" \t\r\n", row->cells[i].text[j]) || !row->cells[i].text[j])
				return false;
	return row->fault == CSV_GOOD;
}

static const char *fault_text(enum csv_fault fault)
{
	switch (fault) {
	case CSV_BEHIND_QUOTE:
		return "has text behind a closing quote: a quote inside quotes is written twice";
	case CSV_OPEN_QUOTE:
		return "opens a quote that is never closed: all that follows was taken for one cell";
	case CSV_TOO_WIDE:
		return "begins a row of more than 512 columns";
	case CSV_TOO_LARGE:
		return "is in a row of more than 16 MiB: most likely a quote is not closed";
	default:
		return "has bytes of zero, which are in no text";
	}
}

/* ---- the header */

static void free_texts(char ***texts)
{
	for (size_t i = 0; *texts && (*texts)[i]; i++)
		free((*texts)[i]);
	free(*texts);
}

static bool fail_header(struct import_csv *csv, const struct csv_row *row, const char *why)
{
	return error_set(csv->err, ERROR_INPUT, "line %zu: the row with the columns' names %s", row->line, why);
}

/* Empty columns at the end are none. */
static bool take_header(struct import_csv *csv, const struct csv_row *row)
{
	AUTO(free_texts) char **headers = memory_new((row->count + 1) * sizeof(*headers));
	size_t count = 0;
	char why[CELL_WHY_MAX];

	if (row->fault)
		return fail_header(csv, row, fault_text(row->fault));
	for (size_t i = 0; i < row->count; i++) {
		AUTO(str_clear) struct str text = STR_INIT(RESOURCE_BYTES_MAX);

		if (!cell_read_text(&csv->rules, row->cells[i].text, row->cells[i].len, &text, why))
			return fail_header(csv, row, why);
		headers[i] = str_take(&text);
		if (*headers[i])
			count = i + 1;
	}
	binding_clear(&csv->binding);
	csv->has_header = binding_make(csv->import->options.type, csv->rules.profile, (const char *const *)headers, count, &csv->binding, csv->err);
	return csv->has_header;
}

/* ---- the sample */

static char find_separator(const struct import_csv *csv)
{
	if (csv->rules.profile && csv->rules.profile->separator)
		return csv->rules.profile->separator;
	return csv_separator_of(csv->sample.text, csv->sample.len);
}

static void look_at_date(struct import_csv *csv, const struct csv_cell *cell)
{
	AUTO(str_clear) struct str text = STR_INIT(100);
	char why[CELL_WHY_MAX];
	unsigned orders;

	if (!cell_read_text(&csv->rules, cell->text, cell->len, &text, why))
		return;
	orders = date_orders(text.text, text.len);
	if (orders == 1U << DATE_DMY && !csv->day_first_line)
		csv->day_first_line = cell->line;
	else if (orders == 1U << DATE_MDY && !csv->month_first_line)
		csv->month_first_line = cell->line;
}

static bool look_at_row(void *ctx, const struct csv_row *row)
{
	struct import_csv *csv = ctx;

	if (is_blank_row(row))
		return true;
	if (!csv->has_header)
		return take_header(csv, row);
	for (size_t i = 0; i < row->count && i < csv->binding.count && !row->fault; i++) {
		const struct column *column = &csv->binding.columns[i];

		if (column->field && column->field->kind == VALUE_DATE)
			look_at_date(csv, &row->cells[i]);
	}
	return true;
}

/* Which day and month is first, if the dates that can be only one thing agree. */
static void conclude(struct import_csv *csv)
{
	csv->rules.is_mixed = csv->day_first_line && csv->month_first_line;
	csv->rules.mixed_lines[0] = csv->day_first_line;
	csv->rules.mixed_lines[1] = csv->month_first_line;
	if (!csv->rules.is_mixed && csv->day_first_line)
		csv->rules.order = DATE_DMY;
	else if (!csv->rules.is_mixed && csv->month_first_line)
		csv->rules.order = DATE_MDY;
}

static bool check_bytes(const struct str *sample, struct error *err)
{
	if (strncmp(sample->text, "\xff\xfe", 2) == 0 || strncmp(sample->text, "\xfe\xff", 2) == 0)
		return error_set(err, ERROR_INPUT, "the file is UTF-16: save it as CSV in UTF-8");
	if (strncmp(sample->text, "PK\x03\x04", 4) == 0)
		return error_set(err, ERROR_INPUT, "the file is a workbook or an archive: save its table as CSV in UTF-8");
	if (memchr(sample->text, '\0', sample->len))
		return error_set(err, ERROR_INPUT, "the file is no text: it has bytes of zero");
	return true;
}

static bool look_at_sample(struct import_csv *csv, char separator, bool is_all, struct error *err)
{
	struct csv look;
	bool goes_on;

	csv_init(&look, separator, RESOURCE_BYTES_MAX, look_at_row, csv);
	goes_on = csv_feed(&look, csv->sample.text, csv->sample.len) && (!is_all || csv_end(&look));
	csv_clear(&look);
	if (goes_on && !csv->has_header)
		return error_set(err, ERROR_INPUT, is_all ? "the file is empty: its first row must hold the columns' names"
							  : "the first row is larger than 1 MiB: it must hold the columns' names");
	conclude(csv);
	return goes_on;
}

/* ---- rows */

static bool refuse_row(struct import_csv *csv, size_t line, size_t column, const char *text, const char *why)
{
	return document_refuse(&csv->document, line, column, text, why, csv->err);
}

/* A refusal of no document that is known. */
static bool refuse_alone(struct import_csv *csv, size_t line, size_t column, const char *text, const char *why)
{
	char shown[EXCERPT_MAX];
	const struct import_refusal refusal = {
		.line = line,
		.column = column,
		.name = column > 0 && column <= csv->binding.count ? csv->binding.columns[column - 1].header : "",
		.text = excerpt(text, strlen(text), shown),
		.why = why,
		.type = csv->binding.type,
		.external_id = "",
	};

	return import_refuse(csv->import, &refusal, csv->err);
}

static size_t key_column(const struct import_csv *csv, const struct csv_row *row)
{
	size_t column = csv->binding.external_id;

	if (column == COLUMN_NONE || column >= row->count || row->cells[column].len == 0)
		column = csv->binding.number != COLUMN_NONE ? csv->binding.number : column;
	return column;
}

/* What the row repeats of its document; empty: nothing. */
static void read_key(const struct import_csv *csv, const struct csv_row *row, size_t column, struct str *out)
{
	char why[CELL_WHY_MAX];

	if (column < row->count && !cell_read_text(&csv->rules, row->cells[column].text, row->cells[column].len, out, why))
		str_reset(out);
	if (memchr(out->text, '\0', out->len))
		str_reset(out);
}

/* The document that a row belongs to is open. */
static bool open_for(struct import_csv *csv, const struct csv_row *row, const struct str *key)
{
	bool has_lines = csv->binding.type->line_count > 0;

	if (csv->document.is_open && has_lines && strcmp(csv->document.key.text, key->text) == 0) {
		csv->lost_line = 0;
		return true;
	}
	if (!document_open(&csv->document, key->text, row->line, csv->err))
		return false;
	if (csv->lost_line && has_lines &&
	    !refuse_row(csv, csv->lost_line, 0, "", "this row can't be read, and could be the first one of what follows"))
		return false;
	csv->lost_line = 0;
	return true;
}

static bool is_of_open(const struct import_csv *csv, const struct str *key)
{
	return csv->document.is_open && strcmp(csv->document.key.text, key->text) == 0;
}

/* A row that is broken at one cell, so that only the first `sure` ones are surely what they seem. */
static bool take_broken(struct import_csv *csv, const struct csv_row *row, size_t broken, size_t sure, const char *why)
{
	AUTO(str_clear) struct str key = STR_INIT(RESOURCE_EXTERNAL_MAX);
	const struct csv_cell *cell = broken < row->count ? &row->cells[broken] : NULL;
	size_t column = key_column(csv, row), line = cell ? cell->line : row->line;
	const char *text = cell ? cell->text : "";

	read_key(csv, row, column, &key);
	if (key.len > 0 && (column < sure || is_of_open(csv, &key)))
		return open_for(csv, row, &key) && refuse_row(csv, line, broken + 1, text, why);
	csv->lost_line = row->line;
	if (csv->binding.type->line_count > 0 && csv->document.is_open)
		return refuse_row(csv, line, broken + 1, text, why);
	csv->import->counts.refused++;
	return refuse_alone(csv, line, broken + 1, text, why);
}

/* The first cell behind those that have a column; the row's count: none has anything in it. */
static size_t find_beyond(const struct import_csv *csv, const struct csv_row *row)
{
	for (size_t i = csv->binding.count; i < row->count; i++)
		if (strspn(row->cells[i].text, " \t") < row->cells[i].len)
			return i;
	return row->count;
}

static bool take_nameless(struct import_csv *csv, const struct csv_row *row, size_t column)
{
	AUTO(str_clear) struct str why = STR_INIT(200);
	bool has_lines = csv->binding.type->line_count > 0;

	str_addf(&why, has_lines ? "is missing: each row repeats it, since it tells which %s the row belongs to" : "is missing: the %s is known by it",
		 csv->binding.type->title);
	if (has_lines && csv->document.is_open)
		return refuse_row(csv, row->line, column + 1, "", why.text);
	csv->import->counts.refused++;
	return refuse_alone(csv, row->line, column + 1, "", why.text);
}

static bool take_row(void *ctx, const struct csv_row *row)
{
	AUTO(str_clear) struct str key = STR_INIT(RESOURCE_EXTERNAL_MAX);
	struct import_csv *csv = ctx;
	size_t beyond, column;

	if (is_blank_row(row))
		return true;
	if (!csv->has_header) {
		csv->has_header = true;
		return true;
	}
	if (row->fault)
		return take_broken(csv, row, row->fault_cell, row->fault_cell, fault_text(row->fault));
	beyond = find_beyond(csv, row);
	if (beyond < row->count)
		return take_broken(csv, row, beyond, 1, "is in a row with more cells than the header has columns: text with a separator in it needs quotes");
	column = key_column(csv, row);
	read_key(csv, row, column, &key);
	if (key.len == 0)
		return take_nameless(csv, row, column);
	if (!open_for(csv, row, &key))
		return false;
	return document_add_row(&csv->document, row, csv->err);
}

/* ---- bytes */

static bool begin(struct import_csv *csv, bool is_all, struct error *err)
{
	char separator;

	if (!check_bytes(&csv->sample, err))
		return false;
	separator = find_separator(csv);
	if (!look_at_sample(csv, separator, is_all, err))
		return false;
	csv->is_begun = true;
	csv->has_header = false;
	csv_init(&csv->csv, separator, RESOURCE_BYTES_MAX, take_row, csv);
	csv->has_csv = true;
	if (!csv_feed(&csv->csv, csv->sample.text, csv->sample.len))
		return false;
	str_clear(&csv->sample);
	return true;
}

bool import_csv_feed(struct import_csv *csv, const char *bytes, size_t len, struct error *err)
{
	size_t part;

	csv->err = err;
	if (csv->is_begun)
		return csv_feed(&csv->csv, bytes, len);
	part = SAMPLE_MAX - csv->sample.len;
	part = len < part ? len : part;
	if (csv->sample.len == 0 && part >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
		bytes += 3;
		len -= 3;
		part -= 3;
	}
	str_add_bytes(&csv->sample, bytes, part);
	if (csv->sample.len < SAMPLE_MAX)
		return true;
	return begin(csv, false, err) && csv_feed(&csv->csv, bytes + part, len - part);
}

bool import_csv_end(struct import_csv *csv, struct error *err)
{
	csv->err = err;
	if (!csv->is_begun && !begin(csv, true, err))
		return false;
	return csv_end(&csv->csv) && document_finish(&csv->document, err);
}
