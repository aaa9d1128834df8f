/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the ledger has already by name or number: per type one look through all titles, kept as sorted hashes. Sixteen bytes a
 * record, so a million take sixteen megabytes while a plan is made.
 */
#include <stdio.h>
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

/* ---- our marks, after a restore */

#define SLACK_MS INT64_C(600000) /* between the clocks */

struct tagging {
	struct planner *planner;
	const struct object *object;
	const struct type *type;
	struct map *tags;
};

void plan_tags_free(void *freed)
{
	struct map *tags = freed;

	if (tags)
		map_clear(tags, free);
	free(tags);
}

static bool note_tag(void *ctx, const struct record_row *row)
{
	struct tagging *tagging = ctx;
	const struct known *known;
	struct likeness likeness;
	void **place;

	if (row->has_time && row->time_ms < tagging->planner->restored_ms - SLACK_MS)
		return false;
	known = plan_record(tagging->planner, tagging->type->name, row->id);
	if (!known || !known->raw)
		return known != NULL;
	tagging->planner->push->likeness(tagging->type->name, plan_slice(known), &likeness);
	if (!*likeness.tag)
		return true;
	place = map_place(tagging->tags, likeness.tag, strlen(likeness.tag));
	if (!*place)
		*place = memory_copy_text(row->id);
	return true;
}

static struct map *tags_of(struct planner *planner, const char *type)
{
	void **place = map_place(&planner->tags, type, strlen(type));
	struct tagging tagging = { .planner = planner, .object = plan_object(planner, type),
				   .type = catalogue_find(planner->catalogue, planner->provider->name, type) };
	struct record_query query = { .type = tagging.type, .order = RECORD_BY_TIME, .descending = true };

	if (*place)
		return *place;
	tagging.tags = memory_new(sizeof(*tagging.tags));
	*place = tagging.tags;
	if (tagging.object && tagging.type && planner->error.code == ERROR_NONE)
		records_list(planner->store, tagging.object->no, &query, note_tag, &tagging, &planner->error);
	return tagging.tags;
}

bool plan_tagged(struct planner *planner, const char *type, const char *tag, char *ret_id)
{
	const char *id = planner->restored_ms > 0 ? map_get(tags_of(planner, type), tag, strlen(tag)) : NULL;

	if (id)
		snprintf(ret_id, RECORD_ID_MAX, "%s", id);
	return id != NULL;
}
