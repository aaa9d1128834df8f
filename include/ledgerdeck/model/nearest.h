/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The word that somebody most likely meant. */
#ifndef LEDGERDECK_MODEL_NEAREST_H
#define LEDGERDECK_MODEL_NEAREST_H

#include <stddef.h>

#define NEAREST_WORD_MAX 64 /* longer words have no nearest one */

struct nearest {
	const char *word; /* borrowed: what was written; need not end at `len` */
	size_t len;
	const char *best; /* borrowed: the candidate that fits best so far; NULL: none comes near */
	size_t distance;
};

/* A third of the letters may differ, two at least; letter case does not count. */
struct nearest nearest_start(const char *word, size_t len);
void nearest_try(struct nearest *nearest, const char *candidate);

/* ", did you mean 'X'?" for an error's text, or "". `out` holds NEAREST_HINT_MAX bytes; returns it. */
#define NEAREST_HINT_MAX (NEAREST_WORD_MAX + 24)
const char *nearest_hint(const struct nearest *nearest, char *out);

#endif
