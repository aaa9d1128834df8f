/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Below a list: what is to be told of the row under the cursor, in two texts under a rule. */
#ifndef UI_STRIP_H
#define UI_STRIP_H

#include "canvas.h"

/* Takes its rows from the end of a list's; where those are few it takes none, and has none. */
struct rect strip_take(struct rect *rect);
/* What is the matter, then the rest. */
void strip_draw(struct canvas *canvas, struct rect strip, enum role role, const struct str *first, const struct str *second);

#endif
