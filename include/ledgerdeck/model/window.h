/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Windows: at which hours, of which days, something may be done, as "22:00-05:00" or "Mon-Fri,Sun 22:00-05:00". A window that goes
 * over midnight belongs to the day that it begins on. Times are those of a wall clock; whose is the caller's. Pure.
 */
#ifndef LEDGERDECK_MODEL_WINDOW_H
#define LEDGERDECK_MODEL_WINDOW_H

#include <stdbool.h>

struct window {
	unsigned days;       /* bit 0 is Sunday, as tm_wday has it */
	int from, to;        /* minutes of the day; `to` up to 1440, and at or before `from`: of the next day */
};
bool window_parse(const char *text, struct window *ret_window); /* false: it is none */
/* Minutes from a moment of the week until it is open: 0: it is. */
int window_opens_in(const struct window *window, int weekday, int minute);

#endif
