/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A destination is one of the kinds, told by how its address begins. */
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "destination_impl.h"

struct destination {
	const struct destination_kind *kind;
	void *state; /* owned: the kind */
};

/* The last one takes whatever no other does. */
static const struct destination_kind *const kinds[] = { &destination_azure, &destination_s3, &destination_local };

static const struct destination_kind *kind_of(const char *address)
{
	size_t i = 0;

	while (strncmp(address, kinds[i]->scheme, strlen(kinds[i]->scheme)) != 0)
		i++;
	return kinds[i];
}

bool destination_address(const char *given, struct str *out, struct error *err)
{
	return kind_of(given)->address(given, out, err);
}

bool destination_owner(const char *address, struct str *out)
{
	const struct destination_kind *kind = kind_of(address);

	return kind->owner && kind->owner(address, out);
}

bool destination_check_secret(const char *owner, const struct secret *secret, struct error *err)
{
	const struct destination_kind *kind = kind_of(owner);

	return !kind->check || kind->check(secret, err);
}

bool destination_open(const char *address, const struct destination_world *world, struct destination **ret_destination, struct error *err)
{
	const struct destination_kind *kind = kind_of(address);
	struct destination *destination;
	AUTO(str_clear) struct str owner = STR_INIT(100);
	void *state;

	if (kind->owner && (!world || !world->secret)) {
		kind->owner(address, &owner);
		return error_set(err, ERROR_AUTH, "no key is known for '%s': 'ledgerdeck destinations --key %s' takes one", owner.text, owner.text);
	}
	if (!kind->open(address, world, &state, err))
		return false;
	destination = memory_new(sizeof(*destination));
	*destination = (struct destination){ kind, state };
	*ret_destination = destination;
	return true;
}

void destination_free(struct destination *destination)
{
	if (!destination)
		return;
	destination->kind->close(destination->state);
	free(destination);
}

void destination_freep(struct destination **destination)
{
	destination_free(*destination);
}

bool destination_spool(struct destination *destination, const char *path, struct str *out, struct error *err)
{
	return destination->kind->spool(destination->state, path, out, err);
}

bool destination_put(struct destination *destination, const char *path, int64_t bytes, const struct digest *digest, struct error *err)
{
	return destination->kind->put(destination->state, path, bytes, digest, err);
}

bool destination_has(struct destination *destination, const char *path, int64_t bytes, const struct digest *digest, bool *ret_has,
		     struct error *err)
{
	return destination->kind->has(destination->state, path, bytes, digest, ret_has, err);
}
