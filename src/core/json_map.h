/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the containers of a text end: filled by the one strict pass over it, asked by all who step over one. */
#ifndef CORE_JSON_MAP_H
#define CORE_JSON_MAP_H

#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/json.h"

#define JSON_MAP_BLOCK 256

struct json_span {
	uint32_t at, end;   /* of the opening bracket, and behind the closing one */
};

struct json_map {
	const char *text;         /* borrowed: what was checked */
	struct json_span *spans;  /* owned: in the order in which they open */
	uint32_t *firsts;         /* owned: for each block of the text the first span that opens in or behind it */
	size_t count, room, blocks;
};

struct json_map *json_map_new(const char *text, size_t len); /* NULL: a text too long to be mapped */
/* A container opens at `at`: its number. Brackets come in the order of the text. */
size_t json_map_open(struct json_map *map, const char *at);
void json_map_close(struct json_map *map, size_t number, const char *behind);
/* Behind the container that opens at `at`, which is one of the map's. */
const char *json_map_end(const struct json_map *map, const char *at);

#endif
