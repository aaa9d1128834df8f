/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Open addressing, a power of two of places, half of them free at least. */
#include "ledgerdeck/core/map.h"

#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/hash.h"
#include "ledgerdeck/core/memory.h"

#define ROOM_FIRST 64

/* Where the key is, or would be. */
static struct map_entry *find(const struct map *map, uint64_t hash, const void *key, size_t len)
{
	size_t at = hash & (map->room - 1);

	while (map->entries[at].key) {
		struct map_entry *entry = &map->entries[at];

		if (entry->hash == hash && entry->len == len && memcmp(entry->key, key, len) == 0)
			break;
		at = (at + 1) & (map->room - 1);
	}
	return &map->entries[at];
}

static void grow(struct map *map)
{
	struct map larger = { .count = map->count, .room = map->room ? 2 * map->room : ROOM_FIRST };

	larger.entries = memory_new(larger.room * sizeof(*larger.entries));
	for (size_t i = 0; i < map->room; i++) {
		struct map_entry *entry = &map->entries[i];

		if (entry->key)
			*find(&larger, entry->hash, entry->key, entry->len) = *entry;
	}
	free(map->entries);
	*map = larger;
}

void *map_get(const struct map *map, const void *key, size_t len)
{
	return map->room ? find(map, hash_bytes(key, len), key, len)->value : NULL;
}

void **map_place(struct map *map, const void *key, size_t len)
{
	uint64_t hash = hash_bytes(key, len);
	struct map_entry *entry;

	if (2 * (map->count + 1) > map->room)
		grow(map);
	entry = find(map, hash, key, len);
	if (!entry->key) {
		*entry = (struct map_entry){ .hash = hash, .key = memory_copy(key, len), .len = len };
		map->count++;
	}
	return &entry->value;
}

const struct map_entry *map_each(const struct map *map, size_t *at)
{
	while (*at < map->room) {
		const struct map_entry *entry = &map->entries[(*at)++];

		if (entry->key)
			return entry;
	}
	return NULL;
}

void map_clear(struct map *map, void (*free_value)(void *value))
{
	for (size_t i = 0; i < map->room; i++) {
		if (!map->entries[i].key)
			continue;
		if (free_value)
			free_value(map->entries[i].value);
		free(map->entries[i].key);
	}
	free(map->entries);
	*map = (struct map){ 0 };
}
