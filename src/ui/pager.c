/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines are kept as they are; rows are made of them for the width that the screen has. */
#include "pager.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"

#define LABEL_COLUMNS 14
#define SIDEWAYS 8 /* columns that an unwrapped text moves at once */

void pager_clear(struct pager *pager)
{
	for (size_t i = 0; i < pager->line_count; i++)
		free(pager->lines[i].text);
	free(pager->lines);
	free(pager->rows);
	pager->lines = NULL;
	pager->rows = NULL;
	pager->line_count = pager->line_room = pager->row_count = pager->row_room = 0;
	pager->columns = 0;
}

static void add_line(struct pager *pager, enum role role, int label, const char *text, size_t len)
{
	memory_grow(&pager->lines, &pager->line_room, pager->line_count + 1, sizeof(*pager->lines));
	pager->lines[pager->line_count++] =
		(struct pager_line){ .text = memory_copy(text, len), .len = len, .role = role, .label = label };
	pager->columns = 0;
}

void pager_add(struct pager *pager, enum role role, const char *text)
{
	do {
		size_t len = strcspn(text, "\n");

		add_line(pager, role, 0, text, len);
		text += len;
	} while (*text++ == '\n');
}

void pager_addf(struct pager *pager, enum role role, const char *format, ...)
{
	char text[2000];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	pager_add(pager, role, text);
}

void pager_field(struct pager *pager, const char *label, enum role role, const char *value)
{
	AUTO(str_clear) struct str line = STR_INIT(70000);
	int columns = pager->label_columns ? pager->label_columns : LABEL_COLUMNS;

	if (!*value)
		return;
	str_addf(&line, "%-*s", columns, label);
	/* A longer label keeps a blank behind it. */
	if ((int)strlen(label) >= columns)
		str_add_char(&line, ' ');
	columns = (int)line.len;
	str_add(&line, value);
	add_line(pager, role, columns, line.text, line.len);
}

void pager_changes(struct pager *pager, const char *changes)
{
	while (*changes) {
		size_t len = strcspn(changes, "\n"), path = strcspn(changes, "\t");
		AUTO(memory_freep) char *name = memory_copy(changes, path < len ? path : len);
		AUTO(memory_freep) char *values = path < len ? memory_copy(changes + path + 1, len - path - 1) : memory_copy_text("");

		pager_field(pager, name, ROLE_TEXT, values);
		changes += len + (changes[len] == '\n');
	}
}

void pager_link(struct pager *pager, size_t link)
{
	if (pager->line_count > 0)
		pager->lines[pager->line_count - 1].link = link;
}

/* ---- rows */

static void add_row(struct pager *pager, size_t line, size_t from, size_t len)
{
	memory_grow(&pager->rows, &pager->row_room, pager->row_count + 1, sizeof(*pager->rows));
	pager->rows[pager->row_count++] = (struct pager_row){ line, from, len };
}

static void wrap_line(struct pager *pager, enum text_mode mode, size_t number, int columns)
{
	const struct pager_line *line = &pager->lines[number];
	size_t at = 0, from = 0, blank = 0;
	int used = 0, room = columns;

	while (at < line->len) {
		struct text_cluster cluster;
		size_t before = at;

		if (!text_next(mode, line->text, line->len, &at, &cluster))
			break;
		if (used + cluster.width > room && before > from) {
			size_t end;

			if (line->text[before] == ' ')
				blank = before;
			end = blank > from && blank > (from == 0 ? (size_t)line->label : from) ? blank : before;

			add_row(pager, number, from, end - from);
			from = end;
			if (line->text[from] == ' ')
				from++;
			at = from;
			used = 0;
			room = columns > line->label + 4 ? columns - line->label : columns;
			continue;
		}
		if (line->text[before] == ' ')
			blank = before;
		used += cluster.width;
	}
	if (from < line->len || line->len == 0)
		add_row(pager, number, from, line->len - from);
}

static void make_rows(struct pager *pager, enum text_mode mode, int columns)
{
	/* The line at the top stays there. */
	size_t line = pager->top < pager->row_count ? pager->rows[pager->top].line : 0;
	bool known = pager->row_count > 0;

	if (pager->columns == columns)
		return;
	pager->row_count = 0;
	for (size_t i = 0; i < pager->line_count; i++)
		if (pager->unwrapped)
			add_row(pager, i, 0, pager->lines[i].len);
		else
			wrap_line(pager, mode, i, columns);
	pager->columns = columns;
	for (size_t i = 0; known && i < pager->row_count; i++) {
		if (pager->rows[i].line != line)
			continue;
		pager->top = i;
		break;
	}
}

static void bound_top(struct pager *pager)
{
	size_t page = pager->page > 0 ? (size_t)pager->page : 1;
	size_t last = pager->row_count > page ? pager->row_count - page : 0;

	if (pager->top > last)
		pager->top = last;
}

static void draw_matches(const struct pager *pager, struct canvas *canvas, int y, int x, const char *text, size_t len, enum role role)
{
	size_t what = strlen(pager->search), done = 0;

	for (size_t i = 0; what > 0 && i + what <= len; i++) {
		if (strncasecmp(text + i, pager->search, what) != 0)
			continue;
		x += canvas_text(canvas, y, x, canvas->columns, role, text + done, i - done);
		x += canvas_text(canvas, y, x, canvas->columns, ROLE_MATCH, text + i, what);
		i += what - 1;
		done = i + 1;
	}
	canvas_text(canvas, y, x, canvas->columns, role, text + done, len - done);
}

/* The bytes of a line that lie to the left of what is seen. */
static size_t bytes_left_of(const struct pager_line *line, enum text_mode mode, int columns)
{
	size_t at = 0;

	for (int used = 0; used < columns && at < line->len;) {
		struct text_cluster cluster;

		if (!text_next(mode, line->text, line->len, &at, &cluster))
			break;
		used += cluster.width;
	}
	return at;
}

static void draw_unwrapped(const struct pager *pager, struct canvas *canvas, int y, int x, const struct pager_line *line)
{
	size_t from = bytes_left_of(line, canvas->mode, pager->left);

	draw_matches(pager, canvas, y, x, line->text + from, line->len - from, line->role);
}

/* The chosen one is the terminal's cursor, too. */
static void draw_link(const struct pager *pager, struct canvas *canvas, struct rect rect)
{
	for (int i = 0; pager->link && i < rect.rows && pager->top + (size_t)i < pager->row_count; i++) {
		if (pager->lines[pager->rows[pager->top + (size_t)i].line].link != pager->link)
			continue;
		canvas_cursor_row(canvas, rect.y + i, rect.x, rect.columns);
		canvas->cursor_y = rect.y + i;
		canvas->cursor_x = rect.x;
		return;
	}
}

void pager_draw(struct pager *pager, struct canvas *canvas, struct rect rect)
{
	struct rect former = canvas_enter(canvas, rect);

	pager->page = rect.rows;
	make_rows(pager, canvas->mode, rect.columns > 0 ? rect.columns : 1);
	bound_top(pager);
	for (int i = 0; i < rect.rows && pager->top + (size_t)i < pager->row_count; i++) {
		const struct pager_row *row = &pager->rows[pager->top + (size_t)i];
		const struct pager_line *line = &pager->lines[row->line];
		int x = rect.x + (row->from > 0 ? line->label : 0);

		if (pager->unwrapped) {
			draw_unwrapped(pager, canvas, rect.y + i, x, line);
		} else if (row->from == 0 && line->label > 0 && (size_t)line->label <= row->len) {
			canvas_text(canvas, rect.y + i, x, rect.columns, ROLE_DIM, line->text, (size_t)line->label);
			draw_matches(pager, canvas, rect.y + i, x + line->label, line->text + line->label, row->len - (size_t)line->label,
				     line->role);
		} else {
			draw_matches(pager, canvas, rect.y + i, x, line->text + row->from, row->len, line->role);
		}
	}
	draw_link(pager, canvas, rect);
	if (canvas->cursor_y < 0) {
		canvas->cursor_y = rect.y;
		canvas->cursor_x = rect.x;
	}
	canvas_leave(canvas, former);
}

/* ---- moving */

static void move(struct pager *pager, long rows)
{
	if (rows < 0)
		pager->top = pager->top < (size_t)-rows ? 0 : pager->top - (size_t)-rows;
	else
		pager->top += (size_t)rows;
	bound_top(pager);
}

size_t pager_links(const struct pager *pager)
{
	size_t most = 0;

	for (size_t i = 0; i < pager->line_count; i++)
		if (pager->lines[i].link > most)
			most = pager->lines[i].link;
	return most;
}

void pager_step_link(struct pager *pager, int step)
{
	size_t most = pager_links(pager), link;

	if (most == 0)
		return;
	link = step > 0 ? pager->link % most + 1 : pager->link > 1 ? pager->link - 1 : most;
	pager->link = link;
	for (size_t i = 0; i < pager->row_count; i++) {
		if (pager->lines[pager->rows[i].line].link != link)
			continue;
		if (i < pager->top || i >= pager->top + (size_t)pager->page)
			pager->top = i > (size_t)pager->page / 2 ? i - (size_t)pager->page / 2 : 0;
		break;
	}
	bound_top(pager);
}

static bool row_has(const struct pager *pager, size_t row)
{
	const struct pager_row *each = &pager->rows[row];
	const char *text = pager->lines[each->line].text + each->from;
	size_t what = strlen(pager->search);

	for (size_t i = 0; i + what <= each->len; i++)
		if (strncasecmp(text + i, pager->search, what) == 0)
			return true;
	return false;
}

static bool find(struct pager *pager, size_t from, bool back)
{
	for (size_t i = 0; i < pager->row_count; i++) {
		size_t row = back ? (from + pager->row_count - i) % pager->row_count : (from + i) % pager->row_count;

		if (row_has(pager, row)) {
			pager->top = row;
			return true;
		}
	}
	return false;
}

bool pager_search(struct pager *pager, const char *text)
{
	snprintf(pager->search, sizeof(pager->search), "%s", text);
	return !*text || find(pager, pager->top, false);
}

bool pager_act(struct pager *pager, enum action action)
{
	long page = pager->page > 1 ? pager->page - 1 : 1;

	switch (action) {
	case ACTION_UP:
		move(pager, -1);
		return true;
	case ACTION_DOWN:
		move(pager, 1);
		return true;
	case ACTION_FIRST:
		pager->top = 0;
		return true;
	case ACTION_LAST:
		move(pager, (long)pager->row_count);
		return true;
	case ACTION_HALF_UP:
	case ACTION_HALF_DOWN:
		move(pager, action == ACTION_HALF_UP ? -(page + 1) / 2 : (page + 1) / 2);
		return true;
	case ACTION_PAGE_UP:
	case ACTION_PAGE_DOWN:
		move(pager, action == ACTION_PAGE_UP ? -page : page);
		return true;
	case ACTION_WRAP:
		pager->unwrapped = !pager->unwrapped;
		pager->left = 0;
		pager->columns = 0;
		return true;
	case ACTION_LEFT:
	case ACTION_RIGHT:
		if (!pager->unwrapped)
			return false;
		pager->left += action == ACTION_RIGHT ? SIDEWAYS : pager->left < SIDEWAYS ? -pager->left : -SIDEWAYS;
		return true;
	case ACTION_NEXT_MATCH:
		if (*pager->search && pager->row_count)
			find(pager, pager->top + 1, false);
		return true;
	case ACTION_LAST_MATCH:
		if (*pager->search && pager->row_count)
			find(pager, pager->top + pager->row_count - 1, true);
		return true;
	default:
		return false;
	}
}

void pager_add_text(const struct pager *pager, struct str *out)
{
	for (size_t i = 0; i < pager->line_count; i++) {
		str_add_bytes(out, pager->lines[i].text, pager->lines[i].len);
		str_add_char(out, '\n');
	}
}

/* ---- JSON */

static void indent(struct str *line, int depth)
{
	for (int i = 0; i < depth; i++)
		str_add(line, "  ");
}

/* A value, each member and item on a line of its own; its own bytes, not ours. */
static void write_json(struct pager *pager, struct str *line, struct json_slice value, int depth)
{
	struct json_slice name, item;
	size_t at = 0;
	bool open = value.kind == JSON_OBJECT || value.kind == JSON_ARRAY, first = true;

	if (!open) {
		str_add_bytes(line, value.text, value.len);
		return;
	}
	str_add_char(line, value.text[0]);
	while (json_each(value, &at, value.kind == JSON_OBJECT ? &name : NULL, &item)) {
		if (!first)
			str_add_char(line, ',');
		first = false;
		pager_add(pager, ROLE_TEXT, line->text);
		str_reset(line);
		indent(line, depth + 1);
		if (value.kind == JSON_OBJECT) {
			str_add_bytes(line, name.text, name.len);
			str_add(line, ": ");
		}
		write_json(pager, line, item, depth + 1);
	}
	if (!first) {
		pager_add(pager, ROLE_TEXT, line->text);
		str_reset(line);
		indent(line, depth);
	}
	str_add_char(line, value.kind == JSON_OBJECT ? '}' : ']');
}

void pager_json(struct pager *pager, const char *text, size_t len)
{
	AUTO(str_clear) struct str line = STR_INIT(STR_NO_LIMIT);
	struct json_slice value = { .text = text, .len = len, .kind = JSON_OBJECT };

	/* What was kept was checked when it came; what was damaged since is shown as it is. */
	if (!json_check(text, len, NULL) || text[0] != '{') {
		pager_add(pager, ROLE_TEXT, text);
		return;
	}
	write_json(pager, &line, value, 0);
	pager_add(pager, ROLE_TEXT, line.text);
}
