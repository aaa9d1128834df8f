/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tables for people: columns as wide as what stands in them, numbers to the right, nothing of a stranger's
 * text that a terminal would obey. Widths come from the first rows; on a terminal wide texts are cut to fit,
 * numbers never.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "face.h"

#define WIDTH_ROWS 1000 /* rows that are held back to find the widths */
#define TEXT_LEAST 8    /* a text column is never made narrower */
#define GAP 2
#define NAME_COLUMN 20  /* of one object's names */

enum side { LEFT, RIGHT };

struct column {
	size_t width;
	enum side side;
	char *heading;    /* owned */
	bool shown;
	bool has_value;
};

struct cell_text {
	char *text;       /* owned; harmless */
	enum side side;
};

struct table {
	struct column *columns;    /* owned */
	size_t column_count;
	struct cell_text *cells;   /* owned: rows one behind the other, shown columns or not */
	size_t cell_count, cell_room;
	size_t at;                 /* the value that comes next */
	bool settled;              /* widths are fixed, the heading is out */
	bool instant;              /* each row at once */
	bool object;               /* one object: name and value on a line */
};

static void forget_cells(struct table *table)
{
	for (size_t i = 0; i < table->cell_count; i++)
		free(table->cells[i].text);
	table->cell_count = 0;
}

static void forget(struct table *table)
{
	forget_cells(table);
	for (size_t i = 0; i < table->column_count; i++)
		free(table->columns[i].heading);
	free(table->columns);
	free(table->cells);
	*table = (struct table){ 0 };
}

void print_table_free(struct table *table)
{
	if (!table)
		return;
	forget(table);
	free(table);
}

/* Our own names in capitals and without what only programs need; the ledger's names as they are. */
static char *heading_of(const char *name)
{
	char *heading = memory_copy_text(name);
	size_t len = strlen(heading);
	bool ours = true;

	for (size_t i = 0; i < len; i++)
		ours = ours && ((name[i] >= 'a' && name[i] <= 'z') || name[i] == '_');
	if (!ours)
		return heading;
	if (len > 3 && strcmp(heading + len - 3, "_at") == 0)
		heading[len - 3] = '\0';
	if (len > 3 && strcmp(heading + len - 3, "_ms") == 0)
		heading[len - 3] = '\0';
	for (char *c = heading; *c; c++)
		*c = *c == '_' ? ' ' : (char)(*c - 'a' + 'A');
	return heading;
}

static void begin(void *ctx, const char *what, const struct printer_column *columns)
{
	struct face *face = ctx;
	struct table *table;

	(void)what;
	if (!face->table)
		face->table = memory_new(sizeof(*face->table));
	table = face->table;
	forget(table);
	table->object = columns == NULL;
	while (columns && columns[table->column_count].name)
		table->column_count++;
	table->columns = memory_new((table->column_count + 1) * sizeof(*table->columns));
	for (size_t i = 0; i < table->column_count; i++)
		table->columns[i] = (struct column){ .shown = !columns[i].detail, .heading = heading_of(columns[i].name) };
}

/* ---- writing rows */

/* Cut the widest texts until all fits; what is left over, the terminal wraps. */
static void fit(struct face *face, struct table *table)
{
	for (;;) {
		size_t sum = 0;
		struct column *widest = NULL;

		for (size_t i = 0; i < table->column_count; i++) {
			struct column *column = &table->columns[i];

			if (!column->shown)
				continue;
			sum += column->width + GAP;
			if (column->side == LEFT && column->width > TEXT_LEAST && (!widest || column->width > widest->width))
				widest = column;
		}
		if (!widest || sum <= (size_t)face->out.columns + GAP)
			return;
		widest->width--;
	}
}

static void add_aligned(struct face *face, struct str *line, const struct column *column, const char *text, enum side side, bool last)
{
	size_t len = strlen(text), width = text_width(face->mode, text, len);

	if (side == RIGHT && width < column->width)
		for (size_t i = width; i < column->width; i++)
			str_add_char(line, ' ');
	if (width > column->width && side == LEFT)
		text_add(line, face->mode, text, len, column->width, !last);
	else
		str_add(line, text);
	if (side == LEFT && !last)
		for (size_t i = width; i < column->width; i++)
			str_add_char(line, ' ');
	if (!last)
		for (int i = 0; i < GAP; i++)
			str_add_char(line, ' ');
}

static void write_line(struct face *face, struct table *table, const struct cell_text *cells)
{
	AUTO(str_clear) struct str line = STR_INIT(STR_NO_LIMIT);
	size_t last = 0;

	for (size_t i = 0; i < table->column_count; i++)
		if (table->columns[i].shown)
			last = i;
	for (size_t i = 0; i <= last && i < table->column_count; i++) {
		const struct column *column = &table->columns[i];

		if (!column->shown)
			continue;
		add_aligned(face, &line, column, cells ? cells[i].text : column->heading, column->side, i == last);
	}
	while (line.len > 0 && line.text[line.len - 1] == ' ')
		str_truncate(&line, line.len - 1);
	str_add_char(&line, '\n');
	out_add(&face->out, line.text, line.len);
}

static void settle(struct face *face, struct table *table)
{
	if (table->settled)
		return;
	table->settled = true;
	for (size_t i = 0; i < table->column_count; i++) {
		size_t width = strlen(table->columns[i].heading);

		if (table->columns[i].width < width)
			table->columns[i].width = width;
	}
	if (face->out.columns > 0)
		fit(face, table);
	write_line(face, table, NULL);
}

/* Whole rows only. */
static void write_rows(struct face *face, struct table *table)
{
	size_t rows = table->column_count ? table->cell_count / table->column_count : 0;

	if (rows == 0)
		return;
	settle(face, table);
	for (size_t i = 0; i < rows; i++)
		write_line(face, table, &table->cells[i * table->column_count]);
	forget_cells(table);
}

static void row(void *ctx)
{
	struct face *face = ctx;
	struct table *table = face->table;

	if (table->instant || table->settled || table->cell_count >= WIDTH_ROWS * table->column_count)
		write_rows(face, table);
	table->at = 0;
}

/* ---- values */

static void add_object_line(struct face *face, const char *name, const char *value)
{
	AUTO(str_clear) struct str line = STR_INIT(STR_NO_LIMIT);
	AUTO(memory_freep) char *heading = heading_of(name);

	for (char *c = heading; strcmp(heading, name) != 0 && *c; c++)
		*c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
	str_addf(&line, "%s: ", heading);
	while (line.len < NAME_COLUMN)
		str_add_char(&line, ' ');
	str_add(&line, value);
	while (line.len > 0 && line.text[line.len - 1] == ' ')
		str_truncate(&line, line.len - 1);
	str_add_char(&line, '\n');
	out_add(&face->out, line.text, line.len);
}

static void add_value(struct face *face, const char *name, const char *value, size_t len, enum side side)
{
	AUTO(str_clear) struct str safe = STR_INIT(STR_NO_LIMIT);
	struct table *table = face->table;
	struct column *column;
	size_t width;

	text_add_line(&safe, face->mode, value, len);
	if (table->object) {
		add_object_line(face, name, safe.text);
		return;
	}
	if (table->at == table->column_count)
		return;
	column = &table->columns[table->at++];
	width = text_width(face->mode, safe.text, safe.len);
	if (!table->settled && width > column->width)
		column->width = width;
	if (side == RIGHT)
		column->side = RIGHT;
	memory_grow(&table->cells, &table->cell_room, table->cell_count + 1, sizeof(*table->cells));
	table->cells[table->cell_count++] = (struct cell_text){ .text = str_take(&safe), .side = side };
}

static void text(void *ctx, const char *name, const char *value)
{
	add_value(ctx, name, value ? value : "", value ? strlen(value) : 0, LEFT);
}

static void number(void *ctx, const char *name, int64_t value)
{
	char digits[24];
	size_t len = strlen(name);

	snprintf(digits, sizeof(digits), "%" PRId64, value);
	if (len > 3 && strcmp(name + len - 3, "_ms") == 0)
		snprintf(digits, sizeof(digits), "%" PRId64 ".%" PRId64 " s", value / 1000, value % 1000 / 100);
	add_value(ctx, name, digits, strlen(digits), RIGHT);
}

static void decimal(void *ctx, const char *name, const char *digits)
{
	add_value(ctx, name, digits ? digits : "", digits ? strlen(digits) : 0, RIGHT);
}

/* "3m ago", "in 2h"; beyond two days the date, and where the moment itself counts (column "at") all of it. */
static void add_age(int64_t ms, int64_t now_ms, bool exact, char *out, size_t size)
{
	static const struct { int64_t below_ms, unit_ms; char letter; } units[] = {
		{ 120000, 1000, 's' }, { 7200000, 60000, 'm' }, { 2 * DAY_MS, 3600000, 'h' },
	};
	int64_t far = ms > now_ms ? ms - now_ms : now_ms - ms;
	char stamp[STAMP_TEXT_MAX];

	stamp_format(ms, 0, false, stamp);
	for (size_t i = 0; !exact && i < ARRAY_LEN(units); i++) {
		if (far < units[i].below_ms) {
			snprintf(out, size, "%s%" PRId64 "%c%s", ms > now_ms ? "in " : "", far / units[i].unit_ms, units[i].letter,
				 ms > now_ms ? "" : " ago");
			return;
		}
	}
	if (exact)
		snprintf(out, size, "%.10s %.8sZ", stamp, stamp + 11);
	else
		snprintf(out, size, "%.10s", stamp);
}

static void time_value(void *ctx, const char *name, int64_t ms)
{
	struct face *face = ctx;
	char age[STAMP_TEXT_MAX] = "";

	if (ms)
		add_age(ms, face->env.wall_ms(face->env.ctx), strcmp(name, "at") == 0, age, sizeof(age));
	text(ctx, name, age);
}

static void flag(void *ctx, const char *name, bool value)
{
	text(ctx, name, value ? "yes" : "no");
}

/* ---- JSON for people: a member or item a line */

static void add_pretty(struct face *face, struct json_slice value, size_t depth)
{
	static const char blanks[] = "                                                                "
				     "                                                                ";
	struct json_slice name, inner;
	bool first = true;
	char open = value.text[0], close = value.len ? value.text[value.len - 1] : ' ';
	size_t indent = 2 * depth < sizeof(blanks) ? 2 * depth : sizeof(blanks) - 1;

	if (value.kind != JSON_OBJECT && value.kind != JSON_ARRAY) {
		out_add(&face->out, value.text, value.len);
		return;
	}
	out_add(&face->out, &open, 1);
	for (size_t at = 0; json_each(value, &at, &name, &inner); first = false) {
		out_add(&face->out, first ? "\n" : ",\n", first ? 1 : 2);
		out_add(&face->out, blanks, indent + 2 < sizeof(blanks) ? indent + 2 : indent);
		if (value.kind == JSON_OBJECT) {
			out_add(&face->out, name.text, name.len);
			out_add(&face->out, ": ", 2);
		}
		add_pretty(face, inner, depth + 1);
	}
	if (!first) {
		out_add(&face->out, "\n", 1);
		out_add(&face->out, blanks, indent);
	}
	out_add(&face->out, &close, 1);
}

static void json(void *ctx, const char *name, const char *value, size_t len)
{
	struct face *face = ctx;
	struct json_slice slice = { .text = value, .len = len, .kind = JSON_OBJECT };

	while (slice.len > 0 && strchr(" \t\r\n", slice.text[0])) {
		slice.text++;
		slice.len--;
	}
	while (slice.len > 0 && strchr(" \t\r\n", slice.text[slice.len - 1]))
		slice.len--;
	if (!face->table->object || !json_check(value, len, NULL) || (slice.text[0] != '{' && slice.text[0] != '[')) {
		add_value(face, name, value, len, LEFT);
		return;
	}
	slice.kind = slice.text[0] == '{' ? JSON_OBJECT : JSON_ARRAY;
	add_object_line(face, name, "");
	add_pretty(face, slice, 0);
	out_add(&face->out, "\n", 1);
}

static void flush(void *ctx)
{
	struct face *face = ctx;

	face->table->instant = true;
	write_rows(face, face->table);
	out_flush(&face->out);
}

static void end(void *ctx)
{
	struct face *face = ctx;

	write_rows(face, face->table);
}

void print_table_init(struct face *face, struct printer *printer)
{
	*printer = (struct printer){ .begin = begin, .row = row, .text = text, .number = number, .decimal = decimal,
				     .time = time_value, .flag = flag, .json = json, .end = end, .flush = flush,
				     .brief = true, .ctx = face };
}
