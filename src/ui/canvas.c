/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The grid of cells. All text that is not ours goes through core/text.h here, once, for every view. */
#include "canvas.h"

#include <string.h>

#include "ledgerdeck/core/memory.h"

#define CUT_SIGN "\xe2\x80\xa6" /* U+2026 */
#define SIDE_MAX 2000           /* no terminal is larger */

void canvas_init(struct canvas *canvas, enum text_mode mode)
{
	*canvas = (struct canvas){ .mode = mode, .ascii = mode == TEXT_ASCII, .cursor_y = -1, .cursor_x = -1 };
}

void canvas_clear(struct canvas *canvas)
{
	memory_freep(&canvas->cells);
	memory_freep(&canvas->spots);
	canvas->rows = canvas->columns = 0;
	canvas->spot_count = canvas->spot_room = 0;
}

static int within(int value, int least, int most)
{
	return value < least ? least : value > most ? most : value;
}

void canvas_resize(struct canvas *canvas, int rows, int columns)
{
	rows = within(rows, 0, SIDE_MAX);
	columns = within(columns, 0, SIDE_MAX);
	if (rows != canvas->rows || columns != canvas->columns || !canvas->cells) {
		memory_freep(&canvas->cells);
		canvas->cells = memory_new((size_t)rows * (size_t)columns * sizeof(*canvas->cells));
		canvas->rows = rows;
		canvas->columns = columns;
	}
	canvas_blank(canvas);
}

void canvas_blank(struct canvas *canvas)
{
	static const struct canvas_cell blank = { .bytes = " ", .width = 1, .role = ROLE_TEXT };
	size_t count = (size_t)canvas->rows * (size_t)canvas->columns;

	for (size_t i = 0; i < count; i++)
		canvas->cells[i] = blank;
	canvas->clip = (struct rect){ 0, 0, canvas->rows, canvas->columns };
	canvas->cursor_y = canvas->cursor_x = -1;
	canvas->cursor_shown = false;
	canvas->raw = (struct canvas_raw){ 0 };
	canvas->spot_count = 0;
}

bool canvas_equal(const struct canvas *a, const struct canvas *b)
{
	size_t size = (size_t)a->rows * (size_t)a->columns * sizeof(*a->cells);

	if (a->rows != b->rows || a->columns != b->columns || a->cursor_y != b->cursor_y || a->cursor_x != b->cursor_x ||
	    a->cursor_shown != b->cursor_shown || (a->raw.text != NULL) != (b->raw.text != NULL))
		return false;
	if (a->raw.text && (a->raw.y != b->raw.y || a->raw.x != b->raw.x || strcmp(a->raw.text, b->raw.text) != 0))
		return false;
	return size == 0 || memcmp(a->cells, b->cells, size) == 0;
}

struct canvas_cell *canvas_at(const struct canvas *canvas, int y, int x)
{
	if (y < 0 || x < 0 || y >= canvas->rows || x >= canvas->columns)
		return NULL;
	return &canvas->cells[(size_t)y * (size_t)canvas->columns + (size_t)x];
}

struct rect canvas_enter(struct canvas *canvas, struct rect rect)
{
	struct rect former = canvas->clip;
	int y = rect.y > former.y ? rect.y : former.y, x = rect.x > former.x ? rect.x : former.x;
	int y_end = rect.y + rect.rows, x_end = rect.x + rect.columns;

	if (y_end > former.y + former.rows)
		y_end = former.y + former.rows;
	if (x_end > former.x + former.columns)
		x_end = former.x + former.columns;
	canvas->clip = (struct rect){ y, x, y_end > y ? y_end - y : 0, x_end > x ? x_end - x : 0 };
	return former;
}

void canvas_leave(struct canvas *canvas, struct rect former)
{
	canvas->clip = former;
}

static bool is_open(const struct canvas *canvas, int y, int x)
{
	const struct rect *clip = &canvas->clip;

	return y >= clip->y && x >= clip->x && y < clip->y + clip->rows && x < clip->x + clip->columns;
}

/* Half a wide cluster is none: what stood in the other half becomes blank. */
static void mend_halves(struct canvas *canvas, int y, int x)
{
	struct canvas_cell *cell = canvas_at(canvas, y, x), *other;

	if (!cell || cell->width == 1)
		return;
	other = canvas_at(canvas, y, cell->width == 2 ? x + 1 : x - 1);
	if (other) {
		memset(other->bytes, 0, sizeof(other->bytes));
		other->bytes[0] = ' ';
		other->width = 1;
	}
}

/* The part of a cluster that a cell takes: whole characters. */
static size_t fitting(const char *bytes, size_t len)
{
	if (len < CANVAS_BYTES)
		return len;
	len = CANVAS_BYTES - 1;
	while (len > 0 && ((unsigned char)bytes[len] & 0xc0) == 0x80)
		len--;
	return len;
}

static void put(struct canvas *canvas, int y, int x, const char *bytes, size_t len, int width, enum role role)
{
	struct canvas_cell *cell;

	if (!is_open(canvas, y, x) || (width == 2 && !is_open(canvas, y, x + 1)))
		return;
	mend_halves(canvas, y, x);
	cell = canvas_at(canvas, y, x);
	memset(cell->bytes, 0, sizeof(cell->bytes));
	memcpy(cell->bytes, bytes, fitting(bytes, len));
	cell->width = (uint8_t)width;
	cell->role = (uint8_t)role;
	if (width != 2)
		return;
	mend_halves(canvas, y, x + 1);
	cell[1] = (struct canvas_cell){ .width = 0, .role = (uint8_t)role, .cursor = cell[1].cursor };
}

void canvas_fill(struct canvas *canvas, struct rect rect, enum role role)
{
	for (int y = rect.y; y < rect.y + rect.rows; y++)
		for (int x = rect.x; x < rect.x + rect.columns; x++)
			put(canvas, y, x, " ", 1, 1, role);
}

static const char *cut_sign(const struct canvas *canvas)
{
	return canvas->ascii ? "~" : CUT_SIGN;
}

int canvas_text(struct canvas *canvas, int y, int x, int columns, enum role role, const char *text, size_t len)
{
	struct text_cluster cluster;
	size_t at = 0;
	int used = 0;

	while (text_next(canvas->mode, text, len, &at, &cluster)) {
		bool last = at >= len;

		/* The last column is the sign's unless nothing comes behind it. */
		if (used + cluster.width > columns || (!last && used + cluster.width == columns)) {
			size_t look = at;
			struct text_cluster next;

			if (used + cluster.width == columns && !text_next(canvas->mode, text, len, &look, &next)) {
				put(canvas, y, x + used, cluster.bytes, cluster.len, cluster.width, role);
				return columns;
			}
			if (columns > 0)
				put(canvas, y, x + used, cut_sign(canvas), strlen(cut_sign(canvas)), 1, role);
			return columns > 0 ? used + 1 : 0;
		}
		put(canvas, y, x + used, cluster.bytes, cluster.len, cluster.width, role);
		used += cluster.width;
	}
	return used;
}

int canvas_add(struct canvas *canvas, int y, int x, int columns, enum role role, const char *text)
{
	return canvas_text(canvas, y, x, columns, role, text, strlen(text));
}

void canvas_right(struct canvas *canvas, int y, int x, int columns, enum role role, const char *text)
{
	int width = (int)text_width(canvas->mode, text, strlen(text));

	canvas_add(canvas, y, width < columns ? x + columns - width : x, width < columns ? width : columns, role, text);
}

void canvas_amount(struct canvas *canvas, int y, int x, int columns, enum role role, const char *text)
{
	int width = (int)text_width(canvas->mode, text, strlen(text));

	if (width <= columns)
		canvas_right(canvas, y, x, columns, role, text);
	else
		for (int i = 0; i < columns; i++)
			put(canvas, y, x + i, "#", 1, 1, role);
}

/* How much of the text goes on one row: up to the last blank that fits; `ret_next` is where the next one starts. */
static size_t row_of(const struct canvas *canvas, const char *text, size_t len, int columns, size_t *ret_next)
{
	size_t at = 0, end = 0, blank = 0;
	struct text_cluster cluster;
	int used = 0;

	while (at < len && text[at] != '\n') {
		size_t before = at;

		if (!text_next(canvas->mode, text, len, &at, &cluster))
			break;
		if (used + cluster.width > columns) {
			if (text[before] == ' ')
				blank = before;
			if (blank > 0) {
				*ret_next = blank + 1;
				return blank;
			}
			/* A word longer than the row; at least something of it. */
			*ret_next = before > 0 ? before : at;
			return *ret_next;
		}
		used += cluster.width;
		if (text[before] == ' ')
			blank = before;
		end = at;
	}
	*ret_next = at < len ? at + 1 : len; /* behind the line's end */
	return end;
}

int canvas_wrap(struct canvas *canvas, struct rect rect, enum role role, const char *text, size_t len, bool draw)
{
	size_t at = 0;
	int rows = 0;

	if (rect.columns < 1)
		return 0;
	while (at < len) {
		size_t next, end = row_of(canvas, text + at, len - at, rect.columns, &next);

		if (draw && rows < rect.rows)
			canvas_text(canvas, rect.y + rows, rect.x, rect.columns, role, text + at, end);
		rows++;
		at += next;
	}
	return rows;
}

void canvas_cursor_row(struct canvas *canvas, int y, int x, int columns)
{
	for (int i = x; i < x + columns; i++)
		if (is_open(canvas, y, i))
			canvas_at(canvas, y, i)->cursor = 1;
}

void canvas_hline(struct canvas *canvas, int y, int x, int columns)
{
	const char *sign = canvas->ascii ? "-" : "\xe2\x94\x80";

	for (int i = 0; i < columns && !canvas->plain; i++)
		put(canvas, y, x + i, sign, strlen(sign), 1, ROLE_BORDER);
}

void canvas_vline(struct canvas *canvas, int y, int x, int rows)
{
	const char *sign = canvas->ascii ? "|" : "\xe2\x94\x82";

	for (int i = 0; i < rows && !canvas->plain; i++)
		put(canvas, y + i, x, sign, strlen(sign), 1, ROLE_BORDER);
}

void canvas_raw(struct canvas *canvas, int y, int x, const char *text)
{
	canvas->raw = (struct canvas_raw){ .y = y, .x = x, .text = text, .columns = canvas->columns };
	for (size_t i = 0; text[i] && canvas->columns > 0; i++) {
		size_t at = (size_t)x + i;
		struct canvas_cell *cell =
			canvas_at(canvas, y + (int)(at / (size_t)canvas->columns), (int)(at % (size_t)canvas->columns));

		if (cell)
			cell->raw = 1;
	}
}

void canvas_spot(struct canvas *canvas, struct canvas_spot spot)
{
	struct rect former = canvas_enter(canvas, spot.rect);

	spot.rect = canvas->clip;
	canvas_leave(canvas, former);
	if (canvas->plain || spot.rect.rows == 0 || spot.rect.columns == 0)
		return;
	memory_grow(&canvas->spots, &canvas->spot_room, canvas->spot_count + 1, sizeof(*canvas->spots));
	canvas->spots[canvas->spot_count++] = spot;
}

const struct canvas_spot *canvas_spot_at(const struct canvas *canvas, int y, int x)
{
	for (size_t i = canvas->spot_count; i-- > 0;) {
		const struct rect *rect = &canvas->spots[i].rect;

		if (y >= rect->y && y < rect->y + rect->rows && x >= rect->x && x < rect->x + rect->columns)
			return &canvas->spots[i];
	}
	return NULL;
}

static void trim(struct str *out, size_t from)
{
	while (out->len > from && out->text[out->len - 1] == ' ')
		str_truncate(out, out->len - 1);
	str_add_char(out, '\n');
}

void canvas_dump(const struct canvas *canvas, struct str *out)
{
	for (int y = 0; y < canvas->rows; y++) {
		size_t from = out->len;

		for (int x = 0; x < canvas->columns; x++) {
			size_t place = (size_t)(y - canvas->raw.y) * (size_t)canvas->columns + (size_t)x - (size_t)canvas->raw.x;
			const struct canvas_cell *cell = canvas_at(canvas, y, x);

			if (cell->raw && canvas->raw.text && place < strlen(canvas->raw.text))
				str_add_char(out, canvas->raw.text[place]);
			else
				str_add(out, cell->bytes);
		}
		trim(out, from);
	}
}

void canvas_dump_roles(const struct canvas *canvas, struct str *out)
{
	/* In the order of enum role; upper case is the row under the cursor, so these are lower case and signs. */
	static const char letters[ROLE_COUNT + 1] = ".dbtfcorwyxsmhkiapgelq";

	for (int y = 0; y < canvas->rows; y++) {
		for (int x = 0; x < canvas->columns; x++) {
			const struct canvas_cell *cell = canvas_at(canvas, y, x);
			char letter = letters[cell->role];

			if (cell->cursor)
				letter = letter == '.' ? '#' : (char)(letter - 'a' + 'A');
			str_add_char(out, letter);
		}
		str_add_char(out, '\n');
	}
}
