/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the ledger has already by name or number: per type one look through all titles, kept as sorted hashes. Sixteen bytes a
 * record, so a million take sixteen megabytes while a plan is made.
 */
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/hash.h"
#include "ledgerdeck/core/memory.h"
#include "plan.h"

struct name {
	uint64_t hash;
	int64_t no;
};
struct names {
	struct name *items; /* owned */
	size_t count, room;
};

void plan_names_free(void *freed)
{
	struct names *names = freed;

	if (names)
		free(names->items);
	free(names);
}

static uint64_t name_hash(const char *name, size_t len)
{
	AUTO(str_clear) struct str key = STR_INIT(STR_NO_LIMIT);

	mapping_key(name, len, &key);
	return hash_bytes(key.text, key.len);
}

static bool add(void *ctx, int64_t no, const char *title, size_t len)
{
	struct names *names = ctx;

	if (len == 0)
		return true;
	memory_grow(&names->items, &names->room, names->count + 1, sizeof(*names->items));
	names->items[names->count++] = (struct name){ name_hash(title, len), no };
	return true;
}

static int by_hash(const void *a, const void *b)
{
	const struct name *one = a, *other = b;

	if (one->hash != other->hash)
		return one->hash < other->hash ? -1 : 1;
	return one->no < other->no ? -1 : one->no > other->no;
}

static struct names *names_of(struct planner *planner, const char *type)
{
	void **place = map_place(&planner->names, type, strlen(type));
	const struct object *object;
	struct names *names;

	if (*place)
		return *place;
	names = memory_new(sizeof(*names));
	*place = names;
	object = plan_object(planner, type);
	if (object && planner->error.code == ERROR_NONE &&
	    records_titles(planner->store, object->no, add, names, &planner->error) && names->count > 1)
		qsort(names->items, names->count, sizeof(*names->items), by_hash);
	return names;
}

static size_t first_of(const struct names *names, uint64_t hash)
{
	size_t low = 0, high = names->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (names->items[middle].hash < hash)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t plan_names(struct planner *planner, const char *type, const char *name, char (*ret_ids)[RECORD_ID_MAX])
{
	const struct names *names = names_of(planner, type);
	uint64_t hash = name_hash(name, strlen(name));
	size_t count = 0;

	for (size_t i = first_of(names, hash); i < names->count && names->items[i].hash == hash && count < NAMES_FOUND_MAX; i++)
		if (records_id(planner->store, names->items[i].no, ret_ids[count], &planner->error) && *ret_ids[count])
			count++;
	return count;
}
