/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The beginning of somebody's text, for a sentence about it. */
#ifndef MODEL_EXCERPT_H
#define MODEL_EXCERPT_H

#include <stddef.h>

#define EXCERPT_MAX 56 /* bytes with the NUL */

/* Well-formed UTF-8 in one line whatever the text is, with "…" where it goes on. Returns `out`, EXCERPT_MAX bytes. */
const char *excerpt(const char *text, size_t len, char *out);
/* The string or number that stands at that place of a JSON text; nothing of others. */
const char *excerpt_json(const char *text, size_t len, size_t at, char *out);

#endif
