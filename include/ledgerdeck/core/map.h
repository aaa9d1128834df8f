/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values found by keys of bytes: a table in memory, one thread's. */
#ifndef LEDGERDECK_CORE_MAP_H
#define LEDGERDECK_CORE_MAP_H

#include <stddef.h>
#include <stdint.h>

struct map_entry {
	uint64_t hash;
	char *key;            /* owned */
	size_t len;
	void *value;
};
struct map {
	struct map_entry *entries; /* owned; those without a key are free */
	size_t count, room;
};

/* NULL: there is none. */
void *map_get(const struct map *map, const void *key, size_t len);
/* The place of a key's value, NULL in it when it is new. Until the next one is made. */
void **map_place(struct map *map, const void *key, size_t len);
/* Every entry, in no order: start with `*at` 0; NULL at the end. */
const struct map_entry *map_each(const struct map *map, size_t *at);
void map_clear(struct map *map, void (*free_value)(void *value) /* NULL: they are not owned */);

#endif
