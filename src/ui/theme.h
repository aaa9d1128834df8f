/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How each role looks, by the colours that a terminal has. Themes are data: data/themes, built in. */
#ifndef UI_THEME_H
#define UI_THEME_H

#include "canvas.h"
#include "ledgerdeck/core/error.h"

enum { LOOK_BOLD = 1, LOOK_DIM = 2, LOOK_UNDERLINE = 4, LOOK_REVERSE = 8 };

struct look {
	int foreground, background; /* -1: the terminal's own; else 0 to 255 */
	unsigned attributes;
};

struct theme {
	char name[24];
	struct look looks[ROLE_COUNT];  /* with colours */
	struct look plain[ROLE_COUNT];  /* without */
};

/* NAME.theme in the folder themes of the user's configuration, else "dark", "light", "mono", "clear". `colours`: 0, 8, 16 or 256. Error INPUT: unknown, or a bad row with file and line. */
bool theme_load(const char *name, int colours, struct theme *ret_theme, struct error *err);
bool theme_parse(const char *text, const char *file, int colours, struct theme *ret_theme, struct error *err);
/* The names of those that are built in, in order; NULL at the end. */
const char *const *theme_names(void);

#endif
