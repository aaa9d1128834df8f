/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each kind of destination is made of; the slots mean what destination.h says. */
#ifndef LAKE_DESTINATION_IMPL_H
#define LAKE_DESTINATION_IMPL_H

#include "ledgerdeck/lake/destination.h"

struct destination_kind {
	const char *scheme; /* "s3://"; "" : a directory */
	bool (*address)(const char *given, struct str *out, struct error *err);
	bool (*owner)(const char *address, struct str *out);  /* NULL: it needs no secret */
	bool (*check)(const struct secret *secret, struct error *err); /* likewise */
	bool (*open)(const char *address, const struct destination_world *world, void **ret_state, struct error *err);
	void (*close)(void *state);
	bool (*spool)(void *state, const char *path, struct str *out, struct error *err);
	bool (*put)(void *state, const char *path, int64_t bytes, const struct digest *digest, struct error *err);
	bool (*has)(void *state, const char *path, int64_t bytes, const struct digest *digest, bool *ret_has, struct error *err);
};

extern const struct destination_kind destination_azure, destination_local, destination_s3;

#endif
