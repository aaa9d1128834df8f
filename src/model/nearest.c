/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compares words by how many letters must be put in, taken out, changed or swapped. */
#include "ledgerdeck/model/nearest.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define NONE ((size_t)-1)

struct nearest nearest_start(const char *word, size_t len)
{
	return (struct nearest){ .word = word, .len = len, .distance = NONE };
}

static char fold(char c)
{
	return (char)tolower((unsigned char)c);
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Damerau's distance with neighbours swapped once; three rows of its table are enough. */
static size_t distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t rows[3][NEAREST_WORD_MAX + 1];

	for (size_t j = 0; j <= b_len; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t *row = rows[i % 3], *above = rows[(i - 1) % 3], *second = rows[(i + 1) % 3];

		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			bool same = fold(a[i - 1]) == fold(b[j - 1]);

			row[j] = least(least(above[j] + 1, row[j - 1] + 1),
				       above[j - 1] + (same ? 0 : 1));
			if (i > 1 && j > 1 && fold(a[i - 1]) == fold(b[j - 2]) &&
			    fold(a[i - 2]) == fold(b[j - 1]))
				row[j] = least(row[j], second[j - 2] + 1);
		}
	}
	return rows[a_len % 3][b_len];
}

void nearest_try(struct nearest *nearest, const char *candidate)
{
	size_t len = strlen(candidate), most = nearest->len / 3 > 2 ? nearest->len / 3 : 2, found;

	if (nearest->len == 0 || nearest->len > NEAREST_WORD_MAX || len > NEAREST_WORD_MAX)
		return;
	found = distance(nearest->word, nearest->len, candidate, len);
	/* A short word is not meant by another one that shares no letter with it. */
	if (found > most || found >= len || found >= nearest->distance)
		return;
	nearest->best = candidate;
	nearest->distance = found;
}

const char *nearest_hint(const struct nearest *nearest, char *out)
{
	out[0] = '\0';
	if (nearest->best)
		snprintf(out, NEAREST_HINT_MAX, ", did you mean '%s'?", nearest->best);
	return out;
}
