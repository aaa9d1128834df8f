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
	uint32_t *lines; /* owned, beside the names: the first line of each, and whether there was another */
	size_t room, count;
};

void seen_clear(struct seen *seen);
/* The line where it was first; 0: it was not, and is kept. One that was is marked as having come twice. */
size_t seen_add(struct seen *seen, uint64_t name, size_t line);
/* The same, when all were added before: did it come twice? */
bool seen_is_twice(const struct seen *seen, uint64_t name, size_t *ret_first);

#endif
