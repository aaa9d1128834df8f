/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Secrets of places that are no accounts: the program's own, sealed each under a name that is made of the place's. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/digest.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/log.h"
#include "world.h"

#define KIND_LEN 32

static void kind_of(const char *place, char *out)
{
	snprintf(out, KIND_LEN, "place:%016llx", (unsigned long long)digest_short(place, strlen(place)));
}

/* The newest generation counts, and the one before it goes. */
bool connect_secret_set(struct connect_world *world, const char *place, const struct secret *secret, struct error *err)
{
	AUTO(store_end) struct store *transaction = world->store;
	AUTO(secret_freep) struct secret *before = NULL;
	int64_t generation;
	char kind[KIND_LEN];

	kind_of(place, kind);
	return store_begin(world->store, err) &&
	       world_load(world, "", "", ENVIRONMENT_PRODUCTION, kind, 0, &generation, &before, err) &&
	       sealed_forget(world->store, "", kind, err) &&
	       world_save(world, "", "", ENVIRONMENT_PRODUCTION, kind, generation + 1, secret, err) &&
	       audit_add(world->store, world->who, "destination key", "", "", place, world->env.wall_ms(world->env.ctx), err) &&
	       store_commit(transaction, err);
}

bool connect_secret_get(struct connect_world *world, const char *place, struct secret **ret_secret, struct error *err)
{
	int64_t generation;
	char kind[KIND_LEN];

	kind_of(place, kind);
	return world_load(world, "", "", ENVIRONMENT_PRODUCTION, kind, 0, &generation, ret_secret, err);
}

bool connect_secret_known(struct store *store, const char *place, bool *ret_known, struct error *err)
{
	AUTO(str_clear) struct str sealed = STR_INIT(2 * SECRET_MAX);
	int64_t generation;
	char kind[KIND_LEN];

	kind_of(place, kind);
	return sealed_get(store, "", kind, 0, &generation, &sealed, ret_known, err);
}

bool connect_secret_forget(struct connect_world *world, const char *place, struct error *err)
{
	AUTO(store_end) struct store *transaction = world->store;
	char kind[KIND_LEN];

	kind_of(place, kind);
	return store_begin(world->store, err) && sealed_forget(world->store, "", kind, err) &&
	       audit_add(world->store, world->who, "destination key forgotten", "", place, "", world->env.wall_ms(world->env.ctx), err) &&
	       store_commit(transaction, err);
}
