/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The child on the pty: a screen, a canvas, and a test that tells it when to go on. */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ledgerdeck/core/memory.h"
#include "terminal.h"

#define MARK "\033]7777;step\007"

static void send_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t written = write(fd, bytes, len);

		if (written <= 0)
			_exit(4);
		bytes += written;
		len -= (size_t)written;
	}
}

void child_tell(struct child *child, const char *text)
{
	send_all(child->control, text, strlen(text));
	send_all(child->control, "\n", 1);
}

void child_step(struct child *child)
{
	char go;

	send_all(child->tty, MARK, strlen(MARK));
	if (read(child->control, &go, 1) != 1)
		_exit(5);
}

void child_open(struct child *child, const struct screen_options *options)
{
	struct error err = { 0 };
	int rows, columns;

	if (!screen_open(options, &child->screen, &child->note, &err)) {
		child_tell(child, err.text);
		_exit(3);
	}
	screen_size(child->screen, &rows, &columns);
	child_size(child, rows, columns);
}

void child_close(struct child *child)
{
	screen_close(child->screen);
	child->screen = NULL;
	free(child->canvas.cells);
	child->canvas.cells = NULL;
}

static void tell_key(struct child *child, struct key key)
{
	char name[KEY_NAME_MAX];

	if (key.code == INPUT_PASTE) {
		AUTO(secret_freep) struct secret *paste = screen_take_paste(child->screen);

		send_all(child->control, "paste ", 6);
		child_tell(child, paste ? secret_reveal(paste) : "(too long)");
		return;
	}
	child_tell(child, key_text(key, name));
}

void child_tell_keys(struct child *child, int count)
{
	struct key key;

	while (count > 0) {
		struct pollfd fd = { .fd = screen_fd(child->screen), .events = POLLIN };

		while (count > 0 && screen_key(child->screen, &key)) {
			tell_key(child, key);
			count--;
		}
		if (count > 0 && !screen_is_gone(child->screen))
			poll(&fd, 1, screen_wait_ms(child->screen));
		if (screen_is_gone(child->screen)) {
			child_tell(child, "gone");
			return;
		}
	}
}

/* ---- the canvas ---- */

void child_size(struct child *child, int rows, int columns)
{
	struct canvas *canvas = &child->canvas;

	free(canvas->cells);
	canvas->rows = rows;
	canvas->columns = columns;
	canvas->cells = memory_new((size_t)rows * (size_t)columns * sizeof(*canvas->cells));
	canvas->cursor_y = canvas->cursor_x = -1;
	canvas->raw.text = NULL;
	for (int y = 0; y < rows; y++)
		for (int x = 0; x < columns; x++)
			child_cell(child, y, x, ROLE_TEXT, " ", 1);
}

void child_cell(struct child *child, int y, int x, enum role role, const char *bytes, int width)
{
	struct canvas *canvas = &child->canvas;
	struct canvas_cell cell = { .width = (uint8_t)width, .role = (uint8_t)role };

	if (y >= canvas->rows || x >= canvas->columns)
		return;
	memcpy(cell.bytes, bytes, strlen(bytes));
	canvas->cells[y * canvas->columns + x] = cell;
	if (width == 2 && x + 1 < canvas->columns)
		canvas->cells[y * canvas->columns + x + 1] = (struct canvas_cell){ .role = (uint8_t)role };
}

void child_text(struct child *child, int y, int x, enum role role, const char *text)
{
	for (; *text; text++)
		child_cell(child, y, x++, role, (char[]){ *text, '\0' }, 1);
}

void child_bar(struct child *child, int y, bool on)
{
	struct canvas *canvas = &child->canvas;

	for (int x = 0; x < canvas->columns; x++)
		canvas->cells[y * canvas->columns + x].cursor = on;
	if (on) {
		canvas->cursor_y = y;
		canvas->cursor_x = 0;
	}
}
