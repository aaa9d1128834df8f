/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Below a list: what is to be told of the row under the cursor, in two texts under a rule. What has no room is scrolled to. */
#ifndef UI_STRIP_H
#define UI_STRIP_H

#include "canvas.h"

struct strip {
	int top;   /* rows of the texts above what is shown */
	int below; /* ... and below it, when drawn last */
};

/* Takes its rows from the end of a list's; where those are few it takes none, and has none. */
struct rect strip_take(struct rect *rect);
/* What is the matter, then the rest; `more`: the key that shows what is below. */
void strip_draw(struct strip *strip, struct canvas *canvas, struct rect rect, enum role role, const struct str *first,
		const struct str *second, const char *more);

#endif
