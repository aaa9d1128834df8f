/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The second text begins where the first has ended. */
#include "strip.h"

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

void strip_draw(struct canvas *canvas, struct rect strip, enum role role, const struct str *first, const struct str *second)
{
	struct rect text = { strip.y + 1, strip.x + 1, strip.rows - 1, strip.columns - 2 };
	int rows;

	if (strip.rows == 0)
		return;
	canvas_hline(canvas, strip.y, strip.x, strip.columns);
	rows = canvas_wrap(canvas, (struct rect){ text.y, text.x, text.rows - 1, text.columns }, role, first->text, first->len, true);
	if (rows > text.rows - 1)
		rows = text.rows - 1;
	canvas_wrap(canvas, (struct rect){ text.y + rows, text.x, text.rows - rows, text.columns }, ROLE_DIM, second->text, second->len, true);
}
