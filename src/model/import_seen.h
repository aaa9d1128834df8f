/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which documents a file had already, and where: a number for each name, and its line. Two names of the same number would be
 * taken for one; among six million that happens once in half a million files.
 */
#ifndef MODEL_IMPORT_SEEN_H
#define MODEL_IMPORT_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct seen {
	uint64_t *names; /* owned; 0: free */
	uint32_t *lines; /* owned, beside the names */
	size_t room, count;
};

void seen_clear(struct seen *seen);
/* The line where it was before; 0: it was not, and is kept. Lines beyond 2^32 - 1 count as that. */
size_t seen_add(struct seen *seen, uint64_t name, size_t line);

#endif
