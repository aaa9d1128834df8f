/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One line that is typed: editing as a shell does it, shown or hidden. Its bytes lie in locked memory always,
 * since nobody can tell beforehand what a person will paste.
 */
#ifndef UI_LINE_H
#define UI_LINE_H

#include "canvas.h"
#include "ledgerdeck/command/key.h"
#include "ledgerdeck/core/secret.h"

#define LINE_MAX_BYTES 4096

struct line {
	struct secret *text;  /* owned; LINE_MAX_BYTES; NULL: empty */
	size_t len, at;       /* bytes; `at` stands on a cluster's border */
	bool hidden;
};

void line_clear(struct line *line);                       /* wipes */
const char *line_text(const struct line *line);           /* terminated; borrowed until the next change */
void line_set(struct line *line, const char *text);
/* Arrows, Home, End, C-a C-e C-b C-f, Backspace, Delete, C-d, C-k C-u C-w, and characters. False: no key of a line. */
bool line_key(struct line *line, struct key key);
/* As if typed, without line breaks and other control characters; false: not all of it had room. */
bool line_insert(struct line *line, const char *text, size_t len);
/* In one row, scrolled so that the cursor is seen, which is put there. */
void line_draw(const struct line *line, struct canvas *canvas, int y, int x, int columns);

#endif
