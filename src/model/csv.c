/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CSV read piece by piece, and cells written. */
#include "ledgerdeck/model/csv.h"

#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

enum {
	STATE_ROW,    /* nothing of the row was seen */
	STATE_CELL,   /* before a cell: nothing of it was seen but blanks */
	STATE_PLAIN,
	STATE_QUOTED,
	STATE_BEHIND, /* behind a quote that closes, unless one more follows */
};

void csv_init(struct csv *csv, char separator, size_t limit, bool (*row)(void *ctx, const struct csv_row *row), void *ctx)
{
	*csv = (struct csv){ .separator = separator, .limit = limit, .row = row, .ctx = ctx, .line = 1, .bytes = STR_INIT(limit) };
	csv->ends[(unsigned char)separator] = csv->ends['"'] = csv->ends['\r'] = csv->ends['\n'] = csv->ends[0] = 1;
}

char csv_separator_of(const char *text, size_t len)
{
	static const char separators[] = ",;\t";
	size_t counts[sizeof(separators)] = { 0 }, best = 0;
	bool is_quoted = false;
	size_t at = 0;

	while (at < len && (text[at] == '\r' || text[at] == '\n' || text[at] == ' '))
		at++;
	for (; at < len && text[at] && (is_quoted || (text[at] != '\n' && text[at] != '\r')); at++) {
		const char *found = strchr(separators, text[at]);

		is_quoted ^= text[at] == '"';
		if (found && !is_quoted)
			counts[found - separators]++;
	}
	for (size_t i = 1; i < strlen(separators); i++)
		if (counts[i] > counts[best])
			best = i;
	return separators[best];
}

void csv_clear(struct csv *csv)
{
	str_clear(&csv->bytes);
	free(csv->starts);
	free(csv->lines);
	free(csv->cells);
	csv->starts = csv->lines = NULL;
	csv->cells = NULL;
	csv->starts_room = csv->lines_room = csv->cells_room = csv->count = 0;
}

static void set_fault(struct csv *csv, enum csv_fault fault)
{
	if (csv->fault)
		return;
	csv->fault = fault;
	csv->fault_cell = csv->count ? csv->count - 1 : 0;
}

static void open_cell(struct csv *csv)
{
	if (csv->count == CSV_CELLS_MAX) {
		set_fault(csv, CSV_TOO_WIDE);
		return;
	}
	memory_grow(&csv->starts, &csv->starts_room, csv->count + 1, sizeof(*csv->starts));
	memory_grow(&csv->lines, &csv->lines_room, csv->count + 1, sizeof(*csv->lines));
	csv->starts[csv->count] = csv->bytes.len;
	csv->lines[csv->count++] = csv->line;
}

static void close_cell(struct csv *csv)
{
	str_add_char(&csv->bytes, '\0');
}

static void add(struct csv *csv, const char *bytes, size_t len)
{
	str_add_bytes(&csv->bytes, bytes, len);
	if (str_is_cut(&csv->bytes))
		set_fault(csv, CSV_TOO_LARGE);
}

static bool end_row(struct csv *csv)
{
	struct csv_row row = { .line = csv->row_line, .count = csv->count };
	bool goes_on;

	close_cell(csv);
	if (str_is_cut(&csv->bytes))
		set_fault(csv, CSV_TOO_LARGE);
	row.fault = csv->fault;
	row.fault_cell = csv->fault_cell;
	memory_grow(&csv->cells, &csv->cells_room, csv->count, sizeof(*csv->cells));
	for (size_t i = 0; i < csv->count; i++) {
		size_t end = i + 1 < csv->count ? csv->starts[i + 1] : csv->bytes.len;

		csv->cells[i] = (struct csv_cell){ .text = csv->bytes.text + csv->starts[i], .line = csv->lines[i] };
		csv->cells[i].len = end > csv->starts[i] ? end - csv->starts[i] - 1 : 0;
	}
	row.cells = csv->cells;
	goes_on = csv->row(csv->ctx, &row);
	str_reset(&csv->bytes);
	csv->count = 0;
	csv->fault = CSV_GOOD;
	csv->state = STATE_ROW;
	return goes_on;
}

/* A separator, or a line's end, outside quotes. */
static bool take_end(struct csv *csv, char c)
{
	if (c == csv->separator) {
		if (csv->state == STATE_ROW)
			open_cell(csv);
		close_cell(csv);
		open_cell(csv);
		csv->state = STATE_CELL;
		return true;
	}
	if (csv->state == STATE_ROW)
		open_cell(csv);
	return end_row(csv);
}

static void take_letter(struct csv *csv, char c)
{
	switch (csv->state) {
	case STATE_ROW:
		open_cell(csv);
		csv->state = STATE_CELL;
		take_letter(csv, c);
		return;
	case STATE_CELL:
		if (c == ' ')
			return;
		csv->state = c == '"' ? STATE_QUOTED : STATE_PLAIN;
		if (c != '"')
			add(csv, &c, 1);
		return;
	case STATE_BEHIND:
		if (c == '"') {
			add(csv, &c, 1);
			csv->state = STATE_QUOTED;
		} else if (c != ' ') {
			set_fault(csv, CSV_BEHIND_QUOTE);
		}
		return;
	default:
		add(csv, &c, 1);
	}
}

/* One byte, whatever it is. */
static bool take(struct csv *csv, char c)
{
	bool is_end = c == '\r' || c == '\n', is_second = c == '\n' && csv->is_behind_cr, goes_on = true;

	csv->is_behind_cr = c == '\r';
	if (c == '\0')
		set_fault(csv, CSV_NUL);
	if (csv->state == STATE_ROW && !is_second)
		csv->row_line = csv->line;
	if (csv->state == STATE_QUOTED && c == '"')
		csv->state = STATE_BEHIND;
	else if (csv->state == STATE_QUOTED)
		add(csv, &c, 1);
	else if (is_second)
		return true;
	else if (is_end || c == csv->separator)
		goes_on = take_end(csv, c);
	else
		take_letter(csv, c);
	if (is_end && !is_second)
		csv->line++;
	return goes_on;
}

bool csv_feed(struct csv *csv, const char *bytes, size_t len)
{
	const char *at = bytes, *end = len ? bytes + len : bytes;

	while (at < end) {
		const char *run = at;

		if (csv->state == STATE_PLAIN || csv->state == STATE_QUOTED)
			while (run < end && !csv->ends[(unsigned char)*run])
				run++;
		if (run > at) {
			add(csv, at, (size_t)(run - at));
			csv->is_behind_cr = false;
			at = run;
			continue;
		}
		if (!take(csv, *at++))
			return false;
	}
	return true;
}

bool csv_end(struct csv *csv)
{
	if (csv->state == STATE_ROW)
		return true;
	if (csv->state == STATE_QUOTED)
		set_fault(csv, CSV_OPEN_QUOTE);
	return end_row(csv);
}

void csv_add_cell(const char *text, struct str *out)
{
	if (!strpbrk(text, ",;\"\r\n\t") && *text != ' ') {
		str_add(out, text);
		return;
	}
	csv_add_quoted(text, strlen(text), out);
}

void csv_add_quoted(const char *text, size_t len, struct str *out)
{
	str_add_char(out, '"');
	for (const char *end = text + len, *next; text < end; text = next) {
		const char *quote = memchr(text, '"', (size_t)(end - text));

		next = quote ? quote + 1 : end;
		str_add_bytes(out, text, (size_t)(next - text));
		if (quote)
			str_add_char(out, '"');
	}
	str_add_char(out, '"');
}
