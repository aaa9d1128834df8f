/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where files go. A file is made on this machine first (a spool), so that nothing is read while a slow destination takes it, its digest
 * is known, and what was cut off can be sent again; then it comes to stand at its path whole, or not at all. One thread.
 */
#ifndef LEDGERDECK_LAKE_DESTINATION_H
#define LEDGERDECK_LAKE_DESTINATION_H

#include <stdbool.h>
#include <stdint.h>

#include "ledgerdeck/core/digest.h"
#include "ledgerdeck/core/error.h"
#include "ledgerdeck/core/secret.h"
#include "ledgerdeck/core/str.h"

/* The address as it is kept: of a directory its whole path. Appended. Error INPUT: it is none that is known here. */
bool destination_address(const char *given, struct str *out, struct error *err);

/*
 * Whose secret opens a destination: "az://ACCOUNT", "s3://BUCKET"; false: it needs none. Appended. The secret is a JSON object: of
 * Azure "key" (base64) or "sas", of S3 "id" and "key" and, where there are any, "token" and "region"; of both "endpoint", the address
 * of a server that is not the usual one.
 */
bool destination_owner(const char *address, struct str *out);
/* Error INPUT: it is no such secret. */
bool destination_check_secret(const char *owner, const struct secret *secret, struct error *err);

struct http;
/* What destinations in clouds work with. */
struct destination_world {
	struct http *http;           /* borrowed: this thread's */
	const struct secret *secret; /* borrowed: the owner's; NULL: none is known */
	const char *spools;          /* borrowed: a directory of this machine; it is made when absent */
};

struct destination;
/* `world` outlives it; NULL: only directories. Errors: INPUT, STORE, AUTH (what stands in the way, and what to do). A directory is made
 * when it is absent. */
bool destination_open(const char *address, const struct destination_world *world, struct destination **ret_destination, struct error *err);
void destination_free(struct destination *destination); /* NULL does nothing */
void destination_freep(struct destination **destination);

/* Where on this machine the file of a path is made; the directory that it lies in is there. Appended. */
bool destination_spool(struct destination *destination, const char *path, struct str *out, struct error *err);
/* What was made there comes to its path, in place of what stood there; the spool is gone then. Errors: STORE, INPUT, and those of
 * http_send(); it can be tried again. */
bool destination_put(struct destination *destination, const char *path, int64_t bytes, const struct digest *digest, struct error *err);
/* Does a file of these bytes stand at the path? */
bool destination_has(struct destination *destination, const char *path, int64_t bytes, const struct digest *digest, bool *ret_has,
		     struct error *err);

/* A spool on its way: written once from its start, known by its digest at its end. */
struct spool {
	int fd;                        /* -1: none is open */
	struct str path;               /* owned */
	struct digest_stream *digest;  /* owned */
	int64_t bytes;
};
void spool_init(struct spool *spool);
void spool_clear(struct spool *spool); /* what was not ended is removed */
/* Whatever lies there is written over, unless somebody is writing it. Errors: STORE, CONFLICT. */
bool spool_open(struct spool *spool, const char *path, struct error *err);
bool spool_write(void *spool, const char *bytes, size_t len, struct error *err); /* as a table's sink has it */
/* On the disk now, to stay. */
bool spool_end(struct spool *spool, int64_t *ret_bytes, struct digest *ret_digest, struct error *err);

#endif
