/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The line editor. It cuts on the borders of clusters, so a letter with its marks goes as one. */
#include "line.h"

#include <string.h>

#include "ledgerdeck/core/utf8.h"

void line_clear(struct line *line)
{
	secret_free(line->text);
	line->text = NULL;
	line->len = line->at = 0;
}

const char *line_text(const struct line *line)
{
	return line->text ? secret_reveal(line->text) : "";
}

static char *bytes_of(struct line *line)
{
	if (!line->text)
		line->text = secret_new(LINE_MAX_BYTES);
	return secret_edit(line->text);
}

void line_set(struct line *line, const char *text)
{
	line_clear(line);
	line_insert(line, text, strlen(text));
}

static size_t next_border(const struct line *line, size_t at)
{
	struct text_cluster cluster;

	return text_next(TEXT_FULL, line_text(line), line->len, &at, &cluster) ? at : line->len;
}

static size_t last_border(const struct line *line, size_t before)
{
	size_t at = 0, border = 0;

	while (at < before) {
		border = at;
		at = next_border(line, at);
	}
	return border;
}

static size_t last_word(const struct line *line)
{
	const char *text = line_text(line);
	size_t at = line->at;

	while (at > 0 && text[at - 1] == ' ')
		at--;
	while (at > 0 && text[at - 1] != ' ')
		at--;
	return at;
}

static void erase(struct line *line, size_t from, size_t to)
{
	char *bytes = bytes_of(line);

	memmove(bytes + from, bytes + to, line->len - to);
	line->len -= to - from;
	secret_wipe(bytes + line->len, to - from);
	line->at = from;
}

static void add(struct line *line, const char *text, size_t len)
{
	char *bytes = bytes_of(line);

	memmove(bytes + line->at + len, bytes + line->at, line->len - line->at);
	memcpy(bytes + line->at, text, len);
	line->len += len;
	line->at += len;
	bytes[line->len] = '\0';
}

bool line_insert(struct line *line, const char *text, size_t len)
{
	bool whole = true;

	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			continue;
		if (line->len + 1 >= LINE_MAX_BYTES) {
			whole = false;
			break;
		}
		add(line, text + i, 1);
	}
	return whole;
}

static bool control_key(struct line *line, uint32_t code)
{
	switch (code) {
	case 'a':
		line->at = 0;
		return true;
	case 'e':
		line->at = line->len;
		return true;
	case 'b':
		line->at = last_border(line, line->at);
		return true;
	case 'f':
		line->at = next_border(line, line->at);
		return true;
	case 'd':
		if (line->at < line->len)
			erase(line, line->at, next_border(line, line->at));
		return true;
	case 'k':
		erase(line, line->at, line->len);
		return true;
	case 'u':
		erase(line, 0, line->at);
		return true;
	case 'w':
		erase(line, last_word(line), line->at);
		return true;
	default:
		return false;
	}
}

bool line_key(struct line *line, struct key key)
{
	char bytes[4];

	if (key.alt)
		return false;
	if (key.control)
		return control_key(line, key.code);
	switch (key.code) {
	case INPUT_LEFT:
		line->at = last_border(line, line->at);
		return true;
	case INPUT_RIGHT:
		line->at = next_border(line, line->at);
		return true;
	case INPUT_HOME:
		line->at = 0;
		return true;
	case INPUT_END:
		line->at = line->len;
		return true;
	case INPUT_BACKSPACE:
		if (line->at > 0)
			erase(line, last_border(line, line->at), line->at);
		return true;
	case INPUT_DELETE:
		if (line->at < line->len)
			erase(line, line->at, next_border(line, line->at));
		return true;
	default:
		break;
	}
	if (key.code < ' ' || key.code == 0x7f || key.code >= INPUT_NONE)
		return false;
	line_insert(line, bytes, utf8_encode(key.code, bytes));
	return true;
}

void line_draw(const struct line *line, struct canvas *canvas, int y, int x, int columns)
{
	const char *text = line_text(line);
	size_t from = 0;
	int before;

	if (columns < 1)
		return;
	canvas_fill(canvas, (struct rect){ y, x, 1, columns }, ROLE_INPUT);
	canvas->cursor_y = y;
	canvas->cursor_x = x;
	canvas->cursor_shown = true;
	if (line->hidden)
		return;
	/* The cursor keeps the last column at most. */
	while ((before = (int)text_width(canvas->mode, text + from, line->at - from)) >= columns && from < line->at)
		from = next_border(line, from);
	canvas_text(canvas, y, x, columns, ROLE_INPUT, text + from, line->len - from);
	canvas->cursor_x = x + before;
}
