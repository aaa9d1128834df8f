/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "import_seen.h"

#include <stdlib.h>

#include "ledgerdeck/core/memory.h"

#define ROOM_START 1024
#define TWICE UINT32_C(0x80000000)
#define LINE_MAX (TWICE - 1) /* lines beyond it count as that */

void seen_clear(struct seen *seen)
{
	free(seen->names);
	free(seen->lines);
	*seen = (struct seen){ 0 };
}

/* Where the name is, or could be. The room is a power of two. */
static size_t find_place(const struct seen *seen, uint64_t name)
{
	size_t place = (size_t)name & (seen->room - 1);

	while (seen->names[place] && seen->names[place] != name)
		place = (place + 1) & (seen->room - 1);
	return place;
}

static void grow(struct seen *seen)
{
	struct seen larger = { .room = seen->room ? seen->room * 2 : ROOM_START, .count = seen->count };

	larger.names = memory_new(larger.room * sizeof(*larger.names));
	larger.lines = memory_new(larger.room * sizeof(*larger.lines));
	for (size_t i = 0; i < seen->room; i++) {
		size_t place;

		if (!seen->names[i])
			continue;
		place = find_place(&larger, seen->names[i]);
		larger.names[place] = seen->names[i];
		larger.lines[place] = seen->lines[i];
	}
	seen_clear(seen);
	*seen = larger;
}

size_t seen_add(struct seen *seen, uint64_t name, size_t line)
{
	size_t place;

	if (seen->count >= seen->room / 4 * 3)
		grow(seen);
	name = name ? name : 1;
	place = find_place(seen, name);
	if (seen->names[place]) {
		seen->lines[place] |= TWICE;
		return seen->lines[place] & LINE_MAX;
	}
	seen->names[place] = name;
	seen->lines[place] = line < LINE_MAX ? (uint32_t)line : LINE_MAX;
	seen->count++;
	return 0;
}

bool seen_is_twice(const struct seen *seen, uint64_t name, size_t *ret_first)
{
	size_t place;

	if (seen->room == 0)
		return false;
	place = find_place(seen, name ? name : 1);
	*ret_first = seen->lines[place] & LINE_MAX;
	return seen->names[place] && seen->lines[place] & TWICE;
}
