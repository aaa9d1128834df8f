/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The second text begins where the first has ended. */
#include "strip.h"

#include <stdio.h>

#define FROM_ROWS 10
#define ROWS 4 /* the rule is one of them */

struct rect strip_take(struct rect *rect)
{
	struct rect strip = *rect;

	strip.rows = rect->rows >= FROM_ROWS ? ROWS : 0;
	rect->rows -= strip.rows;
	strip.y += rect->rows;
	return strip;
}

static void draw_more(struct canvas *canvas, struct rect rect, int below, const char *key)
{
	char text[40];

	snprintf(text, sizeof(text), " %.16s %d more ", key, below);
	if (below > 0 && *key && !canvas->plain)
		canvas_right(canvas, rect.y, rect.x, rect.columns - 1, ROLE_DIM, text);
}

void strip_draw(struct strip *strip, struct canvas *canvas, struct rect rect, enum role role, const struct str *first,
		const struct str *second, const char *more)
{
	struct rect text = { rect.y + 1, rect.x + 1, rect.rows - 1, rect.columns - 2 }, former;
	int rows, all;

	*strip = (struct strip){ .top = strip->top };
	if (rect.rows == 0)
		return;
	rows = canvas_wrap(canvas, text, role, first->text, first->len, false);
	all = rows + canvas_wrap(canvas, text, ROLE_DIM, second->text, second->len, false);
	if (strip->top > all - text.rows)
		strip->top = all > text.rows ? all - text.rows : 0;
	strip->below = all > text.rows ? all - text.rows - strip->top : 0;
	/* Unmoved, the second text begins at the latest in the last row. */
	if (strip->top == 0 && rows > text.rows - 1)
		rows = text.rows - (second->len > 0);
	canvas_hline(canvas, rect.y, rect.x, rect.columns);
	draw_more(canvas, rect, strip->below, more);
	former = canvas_enter(canvas, text);
	canvas_wrap(canvas, (struct rect){ text.y - strip->top, text.x, rows, text.columns }, role, first->text, first->len, true);
	canvas_wrap(canvas, (struct rect){ text.y - strip->top + rows, text.x, all, text.columns }, ROLE_DIM, second->text, second->len, true);
	canvas_leave(canvas, former);
}
