/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A canvas onto the terminal: only what differs from what is shown is handed to curses, which sends no more than it has
 * to. Two things are ours: text that must reach the terminal as one piece is written by itself, and the
 * terminal's cursor always rests on the row under the operator's.
 */
#include <string.h>
#include <wchar.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/utf8.h"
#include "screen_impl.h"

#define RUN_MAX 128    /* cells that are handed over at once */
#define LINK_MAX 1023  /* bytes of a hyperlink's target */
#define JOINER L'\u200d'

/* ---- looks ---- */

static struct ink make_ink(const struct screen *screen, struct look look)
{
	struct ink ink = { 0 };

	if (look.attributes & LOOK_BOLD)
		ink.attributes |= WA_BOLD;
	if (look.attributes & LOOK_DIM)
		ink.attributes |= WA_DIM;
	if (look.attributes & LOOK_UNDERLINE)
		ink.attributes |= WA_UNDERLINE;
	if (look.attributes & LOOK_REVERSE)
		ink.attributes |= WA_REVERSE;
	if (screen->coloured && (look.foreground >= 0 || look.background >= 0))
		ink.pair = alloc_pair(look.foreground, look.background);
	if (ink.pair < 0)
		ink.pair = 0;
	return ink;
}

/*
 * The row under the cursor is one bar in reverse video: colours would become backgrounds that nobody chose, and each change
 * along the row would cost bytes with each step. What is reverse elsewhere stands out as a gap.
 */
static struct look under_cursor(struct look look)
{
	look.foreground = look.background = -1;
	look.attributes = (look.attributes & (LOOK_REVERSE | LOOK_UNDERLINE)) ^ LOOK_REVERSE;
	return look;
}

void screen_use_theme(struct screen *screen, const struct theme *theme)
{
	screen->theme = *theme;
	for (int i = 0; i < ROLE_COUNT; i++) {
		struct look look = screen->coloured ? theme->looks[i] : theme->plain[i];

		screen->inks[i][0] = make_ink(screen, look);
		screen->inks[i][1] = make_ink(screen, under_cursor(look));
	}
}

/* ---- cells ---- */

static struct canvas_cell blank_cell(void)
{
	struct canvas_cell cell = { .bytes = " ", .width = 1 };

	return cell;
}

/* What is to stand there: blank where the canvas has nothing. */
static struct canvas_cell wanted_cell(const struct screen *screen, const struct canvas *canvas, int y, int x)
{
	struct canvas_cell cell = blank_cell();
	bool raw;

	if (y >= canvas->rows || x >= canvas->columns || !canvas->cells)
		return cell;
	cell = canvas->cells[(size_t)y * (size_t)canvas->columns + (size_t)x];
	raw = cell.raw;
	/* Half a cluster at the edge, and a right half that has lost its left one, are blank. */
	if (raw || (cell.width == 2 && x + 1 == screen->columns) ||
	    (cell.width == 0 && (x == 0 || canvas->cells[(size_t)y * (size_t)canvas->columns + (size_t)x - 1].width != 2)))
		cell = blank_cell();
	cell.raw = raw;
	if (cell.role >= ROLE_COUNT)
		cell.role = ROLE_TEXT;
	return cell;
}

static struct canvas_cell *shown_cell(const struct screen *screen, int y, int x)
{
	return &screen->shown[(size_t)y * (size_t)screen->columns + (size_t)x];
}

void screen_forget_shown(struct screen *screen)
{
	size_t size = (size_t)screen->rows * (size_t)screen->columns * sizeof(*screen->shown);

	screen->shown = memory_resize(screen->shown, size);
	memset(screen->shown, 0xff, size); /* like no cell there is */
	screen->cursor_y = screen->cursor_x = -1;
}

static void set_character(cchar_t *out, const wchar_t *text, struct ink ink)
{
	setcchar(out, text, ink.attributes, (short)ink.pair, NULL);
}

/* The first character with its marks, as the C library sees it. Gives the bytes it takes. */
static size_t next_character(const char *bytes, size_t len, wchar_t text[CCHARW_MAX + 1], int *ret_columns)
{
	size_t at = 0;
	int count = 0;

	while (at < len) {
		size_t step = utf8_len(bytes + at, len - at);
		wchar_t character = step ? (wchar_t)utf8_decode(bytes + at, step) : L'?';
		int columns = wcwidth(character);

		if (count > 0 && columns != 0)
			break;
		if (count == 0)
			*ret_columns = columns;
		if (count < CCHARW_MAX)
			text[count++] = character;
		at += step ? step : 1;
	}
	while (count > 1 && text[count - 1] == JOINER)
		count--; /* nothing to join: what follows in the terminal is another cell */
	text[count] = L'\0';
	return at;
}

/*
 * A cell for curses: a character, or two that fill it together (flags); of joined pictures the first stands for all.
 * Where the C library counts otherwise than we did, "?" keeps the columns. Gives how many of `out`.
 */
static int make_characters(const struct canvas_cell *cell, struct ink ink, cchar_t out[2])
{
	size_t len = strnlen(cell->bytes, sizeof(cell->bytes));
	int count = 0, left = cell->width;

	for (size_t at = 0; at < len && left > 0 && count < 2;) {
		wchar_t text[CCHARW_MAX + 1];
		int columns = 0;

		at += next_character(cell->bytes + at, len - at, text, &columns);
		if (columns <= 0 || columns > left)
			break;
		set_character(&out[count++], text, ink);
		left -= columns;
	}
	if (left == 0)
		return count;
	set_character(&out[0], len ? L"?" : L" ", ink);
	set_character(&out[1], L" ", ink);
	return cell->width == 2 ? 2 : 1;
}

/* ---- rows ---- */

/* The cells from `x` to before `end`, which are borders of clusters. */
static void draw_run(struct screen *screen, const struct canvas_cell *row, int y, int x, int end)
{
	/* Not the blank of the other rows: curses clears blank ends of the screen in one go, and what is raw with them. */
	const struct ink raw_ink = { .attributes = WA_DIM };
	cchar_t cells[RUN_MAX];
	int count = 0, start = x, former = 0;

	memcpy(shown_cell(screen, y, x), &row[x], (size_t)(end - x) * sizeof(*row));
	for (; x < end; x++) {
		const struct canvas_cell *cell = &row[x];

		if (cell->width == 0)
			continue;
		if (count + 2 > RUN_MAX) {
			mvwadd_wchnstr(stdscr, y, start, cells, count);
			count = former = 0;
			start = x;
		}
		/* As blanks are, and most cells are blank. */
		if (former == 1 && memcmp(cell, cell - 1, sizeof(*cell)) == 0)
			cells[count] = cells[count - 1];
		else
			former = make_characters(cell, cell->raw ? raw_ink : screen->inks[cell->role][cell->cursor != 0], &cells[count]);
		count += former;
	}
	if (count > 0)
		mvwadd_wchnstr(stdscr, y, start, cells, count);
}

static bool differs(const struct screen *screen, const struct canvas_cell *row, int y, int x)
{
	return memcmp(&row[x], shown_cell(screen, y, x), sizeof(row[x])) != 0;
}

static void want_row(const struct screen *screen, const struct canvas *canvas, int y, struct canvas_cell *ret_row)
{
	for (int x = 0; x < screen->columns; x++)
		ret_row[x] = wanted_cell(screen, canvas, y, x);
}

/* False: nothing differed. Runs begin and end on borders of clusters. */
static bool draw_row(struct screen *screen, const struct canvas *canvas, int y)
{
	size_t size = (size_t)screen->columns * sizeof(*screen->shown);
	struct canvas_cell row[SCREEN_SIDE_MAX];
	bool any = false;

	/* As most rows are. */
	if (canvas->cells && y < canvas->rows && canvas->columns == screen->columns &&
	    memcmp(&canvas->cells[(size_t)y * (size_t)canvas->columns], shown_cell(screen, y, 0), size) == 0)
		return false;
	want_row(screen, canvas, y, row);
	for (int x = 0; x < screen->columns; x++) {
		int start = x;

		if (!differs(screen, row, y, x))
			continue;
		if (x > 0 && row[x].width == 0)
			start--;
		while (x < screen->columns && (differs(screen, row, y, x) || row[x].width == 0))
			x++;
		draw_run(screen, row, y, start, x);
		any = true;
	}
	return any;
}

/* ---- raw text ---- */

/* The row behind the last one that the raw text fills. */
static int raw_end(const struct screen *screen, const struct shown_raw *raw)
{
	return raw->y + (raw->x + (int)raw->text.len + screen->columns - 1) / screen->columns;
}

/* What of the canvas' raw text has room; without it an empty one. */
static void want_raw(const struct screen *screen, const struct canvas *canvas, struct shown_raw *ret_raw)
{
	const struct canvas_raw *raw = &canvas->raw;
	size_t room, len;

	str_init(&ret_raw->text, STR_NO_LIMIT);
	ret_raw->y = raw->y;
	ret_raw->x = raw->x;
	if (!raw->text || raw->y < 0 || raw->x < 0 || raw->y >= screen->rows || raw->x >= screen->columns)
		return;
	/* Beyond the last cell the terminal would scroll. */
	room = (size_t)(screen->rows - raw->y) * (size_t)screen->columns - (size_t)raw->x;
	len = strlen(raw->text);
	for (size_t i = 0; i < len && i < room; i++)
		str_add_char(&ret_raw->text, raw->text[i] > ' ' && raw->text[i] < 0x7f ? raw->text[i] : '?');
}

static bool raw_equal(const struct shown_raw *a, const struct shown_raw *b)
{
	return a->text.len == b->text.len && memcmp(a->text.text, b->text.text, a->text.len) == 0 &&
	       (a->text.len == 0 || (a->y == b->y && a->x == b->x));
}

void screen_links_on(struct screen *screen, bool on)
{
	/* What has no pastes for us has no escape sequences of the usual kind. */
	screen->links = on && screen->pastes;
	if (!screen->away)
		screen_arm(screen);
	screen_repaint(screen);
}

/* Some terminals cut a hyperlink at a semicolon, and tmux has none that is longer. */
static bool begin_link(const struct screen *screen, struct str *out)
{
	AUTO(str_clear) struct str target = STR_INIT(LINK_MAX);

	for (const char *at = screen->raw.text.text; *at; at++)
		if (*at == ';')
			str_add(&target, "%3B");
		else
			str_add_char(&target, *at);
	if (!screen->links || str_is_cut(&target))
		return false;
	str_addf(out, "\033]8;id=ledgerdeck;%s\033\\", target.text);
	return true;
}

/* The terminal wraps it itself, so that it stays one line for who selects it. curses is left where it was. */
static void write_raw(struct screen *screen)
{
	AUTO(str_clear) struct str bytes = STR_INIT(STR_NO_LIMIT);
	const char *place = tigetstr("cup"), *plain = tigetstr("sgr0");
	bool linked;

	screen_add_capability(&bytes, plain);
	screen_add_capability(&bytes, tparm(place, (long)screen->raw.y, (long)screen->raw.x, 0L, 0L, 0L, 0L, 0L, 0L, 0L));
	linked = begin_link(screen, &bytes);
	str_add_bytes(&bytes, screen->raw.text.text, screen->raw.text.len);
	if (linked)
		str_add(&bytes, SCREEN_LINK_END);
	screen_add_capability(&bytes, tparm(place, (long)screen->cursor_y, (long)screen->cursor_x, 0L, 0L, 0L, 0L, 0L, 0L, 0L));
	screen_send(screen, bytes.text, bytes.len);
}

/* ---- the whole ---- */

/*
 * The cursor is visible wherever there is a row that it belongs to, not only where somebody types: screen readers and
 * magnifiers follow it, and many do not follow one that is hidden. It is hidden while all is painted.
 */
static void show_cursor(struct screen *screen, bool visible)
{
	if (visible == screen->cursor_visible)
		return;
	curs_set(visible ? 1 : 0);
	screen->cursor_visible = visible;
}

struct frame {
	int y, x;             /* where the cursor comes to rest */
	bool visible;
	struct shown_raw raw;
	bool raw_differs, raw_touched;
	bool any;             /* cells differ */
};

static void frame_clear(struct frame *frame)
{
	str_clear(&frame->raw.text);
}

static void place_cursor(const struct screen *screen, const struct canvas *canvas, struct frame *frame)
{
	frame->visible = canvas->cursor_y >= 0 && canvas->cursor_y < screen->rows && canvas->cursor_x >= 0 &&
			 canvas->cursor_x < screen->columns;
	frame->y = frame->visible ? canvas->cursor_y : screen->rows - 1;
	frame->x = frame->visible ? canvas->cursor_x : screen->columns - 1;
}

static bool row_differs(const struct screen *screen, const struct canvas *canvas, int y)
{
	struct canvas_cell row[SCREEN_SIDE_MAX];

	want_row(screen, canvas, y, row);
	return memcmp(row, shown_cell(screen, y, 0), (size_t)screen->columns * sizeof(*row)) != 0;
}

/* Will row `y` read as row `from` does now? */
static bool row_reads_as(const struct screen *screen, const struct canvas *canvas, int y, int from)
{
	for (int x = 0; x < screen->columns; x++) {
		struct canvas_cell cell = wanted_cell(screen, canvas, y, x);

		if (memcmp(cell.bytes, shown_cell(screen, from, x)->bytes, sizeof(cell.bytes)) != 0)
			return false;
	}
	return true;
}

/*
 * curses lets the terminal scroll where rows have moved, and may take along rows that look blank to it. It cannot be told not
 * to; but it never does so unless one changed row reads as another one did that has changed, too.
 */
static bool may_scroll(const struct screen *screen, const struct canvas *canvas)
{
	bool changed[SCREEN_SIDE_MAX];

	for (int y = 0; y < screen->rows; y++)
		changed[y] = row_differs(screen, canvas, y);
	for (int y = 0; y < screen->rows; y++)
		for (int from = 0; changed[y] && from < screen->rows; from++)
			if (from != y && changed[from] && row_reads_as(screen, canvas, y, from))
				return true;
	return false;
}

static void draw(struct screen *screen, const struct canvas *canvas, struct frame *frame)
{
	frame->raw_touched = frame->raw.text.len > 0 && may_scroll(screen, canvas);
	for (int y = 0; y < screen->rows; y++)
		if (draw_row(screen, canvas, y)) {
			frame->any = true;
			if (y >= frame->raw.y && y < raw_end(screen, &frame->raw))
				frame->raw_touched = true;
		}
	/* Moving along a row, curses may write what it believes to stand there. */
	if (frame->y >= frame->raw.y && frame->y < raw_end(screen, &frame->raw) &&
	    (frame->any || frame->y != screen->cursor_y || frame->x != screen->cursor_x))
		frame->raw_touched = true;
	/* curses does not know what was written past it. */
	if (frame->raw_differs && screen->raw.text.len > 0)
		wredrawln(stdscr, screen->raw.y, raw_end(screen, &screen->raw) - screen->raw.y);
}

static void send_frame(struct screen *screen, struct frame *frame)
{
	bool all = screen->everything;

	if (all) {
		clearok(curscr, TRUE);
		show_cursor(screen, false);
	}
	if (!frame->visible)
		show_cursor(screen, false);
	wmove(stdscr, frame->y, frame->x);
	wnoutrefresh(stdscr);
	doupdate();
	screen->everything = false;
	screen->cursor_y = frame->y;
	screen->cursor_x = frame->x;
	if (frame->raw_differs) {
		struct shown_raw former = screen->raw;

		screen->raw = frame->raw;
		frame->raw = former; /* to be released */
	}
	if (screen->raw.text.len > 0 && (all || frame->raw_differs || frame->raw_touched))
		write_raw(screen);
	show_cursor(screen, frame->visible);
}

bool screen_show(struct screen *screen, const struct canvas *canvas)
{
	AUTO(frame_clear) struct frame frame = { 0 };

	if (screen->gone || screen->away)
		return !screen->gone;
	if (!screen_restore_is_armed())
		return false; /* another thread, or a handler, has given the terminal back: the program is about to end */
	if (screen->everything)
		screen_forget_shown(screen);
	place_cursor(screen, canvas, &frame);
	want_raw(screen, canvas, &frame.raw);
	frame.raw_differs = !raw_equal(&screen->raw, &frame.raw);
	draw(screen, canvas, &frame);
	if (!screen->everything && !frame.any && !frame.raw_differs && frame.y == screen->cursor_y && frame.x == screen->cursor_x &&
	    frame.visible == screen->cursor_visible)
		return true;
	send_frame(screen, &frame);
	return !screen_check_gone(screen);
}
