/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spans in order, and for each block of the text the first of them: a span is found within few steps. */
#include "json_map.h"

#include <assert.h>
#include <stdlib.h>

#include "ledgerdeck/core/memory.h"

struct json_map *json_map_new(const char *text, size_t len)
{
	struct json_map *map;

	if (len > UINT32_MAX)
		return NULL;
	map = memory_new(sizeof(*map));
	map->text = text;
	map->firsts = memory_resize(NULL, (len / JSON_MAP_BLOCK + 1) * sizeof(*map->firsts));
	return map;
}

void json_map_free(struct json_map *map)
{
	if (!map)
		return;
	free(map->spans);
	free(map->firsts);
	free(map);
}

void json_map_freep(struct json_map **map)
{
	json_map_free(*map);
	*map = NULL;
}

size_t json_map_open(struct json_map *map, const char *at)
{
	size_t place = (size_t)(at - map->text);

	while (map->blocks <= place / JSON_MAP_BLOCK)
		map->firsts[map->blocks++] = (uint32_t)map->count;
	memory_grow(&map->spans, &map->room, map->count + 1, sizeof(*map->spans));
	map->spans[map->count].at = (uint32_t)place;
	return map->count++;
}

void json_map_close(struct json_map *map, size_t number, const char *behind)
{
	map->spans[number].end = (uint32_t)(behind - map->text);
}

const char *json_map_end(const struct json_map *map, const char *at)
{
	size_t place = (size_t)(at - map->text);
	const struct json_span *span = map->spans + map->firsts[place / JSON_MAP_BLOCK];

	while (span->at < place)
		span++;
	assert(span->at == place);
	return map->text + span->end;
}
