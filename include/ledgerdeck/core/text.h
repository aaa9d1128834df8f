/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text of strangers on a terminal: no control sequence, no reordering, and as wide as it says. All
 * names and messages of ledgers pass here before they reach a terminal, in the deck and on stdout.
 */
#ifndef LEDGERDECK_CORE_TEXT_H
#define LEDGERDECK_CORE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/str.h"

enum text_mode {
	TEXT_SAFE,  /* clusters whose width terminals dispute are replaced by what all agree on */
	TEXT_FULL,  /* as they are */
	TEXT_ASCII, /* nothing beyond ASCII: "?" for the rest */
};

/* One thing that a terminal draws in one place: a character with its marks. */
struct text_cluster {
	const char *bytes; /* borrowed; for what is shown otherwise, a literal */
	uint8_t len;       /* bytes */
	uint8_t width;     /* columns: 1 or 2, never 0 */
};

/*
 * The cluster at `*at`, which moves behind it; false at the end. Invalid bytes come as U+FFFD, control
 * characters as "^A"-like clusters of one column each call ("·"), bidi and other format characters vanish.
 */
bool text_next(enum text_mode mode, const char *text, size_t len, size_t *at, struct text_cluster *ret_cluster);

size_t text_width(enum text_mode mode, const char *text, size_t len); /* columns */
/* Append at most `columns` of the text, cut on a cluster's border ("…" when cut), filled up with blanks when `fill`. */
void text_add(struct str *out, enum text_mode mode, const char *text, size_t len, size_t columns, bool fill);
/* Append all of it, made harmless; line breaks become blanks. */
void text_add_line(struct str *out, enum text_mode mode, const char *text, size_t len);

#endif
