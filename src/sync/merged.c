/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A record of a list that is gone was merged into another one: no list's record can be deleted. What pointed to it points
 * to the other one now, whether its time of change moved or not; so what depends on the list is read anew, whole. The
 * wish stands in the store until it is fulfilled.
 */
#include <stdio.h>
#include <string.h>

#include "engine.h"
#include "ledgerdeck/core/log.h"
#include "ledgerdeck/core/memory.h"

static void make_name(const struct object *object, char *out, size_t size)
{
	snprintf(out, size, "again:%lld", (long long)object->no);
}

static bool depends_on(const struct type *type, const struct type *other)
{
	for (size_t i = 0; i < TYPE_DEPENDS_MAX && type->depends[i]; i++)
		if (strcmp(type->depends[i], other->name) == 0)
			return strcmp(type->provider, other->provider) == 0;
	return false;
}

/* Within a transaction. */
static bool wish_again(struct work *work, const struct type *type, struct error *err)
{
	struct store *store = work->worker->store;
	struct object object;
	char name[40];
	bool found;

	if (!objects_get(store, work->object.account_id, type->name, &object, &found, err))
		return false;
	if (!found || object.cursor_ms == INT64_MIN || object.no == work->object.no)
		return true;
	make_name(&object, name, sizeof(name));
	return store_set(store, name, "1", 1, err);
}

bool merged_follow(struct work *work, struct error *err)
{
	const struct catalogue *catalogue = work->worker->sync->options.catalogue;

	if (!type_merges(work->type))
		return true;
	for (size_t i = 0; i < catalogue_count(catalogue); i++)
		if (depends_on(catalogue_at(catalogue, i), work->type) && !wish_again(work, catalogue_at(catalogue, i), err))
			return false;
	return true;
}

static bool is_wished(struct store *store, const char *name)
{
	AUTO(str_clear) struct str wish = STR_INIT(8);
	struct error ignored = { 0 };

	return store_get(store, name, &wish, &ignored) && wish.len > 0;
}

bool merged_read(struct work *work, struct error *err)
{
	AUTO(store_end) struct store *transaction = work->worker->store;
	char name[40];

	make_name(&work->object, name, sizeof(name));
	if (!is_wished(work->worker->store, name))
		return true;
	log_info("sync", "%s %s is read anew: records that it may point to were merged", work->object.account_id, work->object.type);
	/* A type that comes as a whole has just been read so. */
	if (work->type->reading == TYPE_BY_TIME && !pull_read(work, true, err))
		return false;
	return store_begin(transaction, err) && store_set(transaction, name, "", 0, err) && store_commit(transaction, err);
}
