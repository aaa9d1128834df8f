/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What destinations in clouds share: addresses, secrets, spools of this machine, parts of a file, and what went wrong in words. */
#ifndef LAKE_CLOUD_H
#define LAKE_CLOUD_H

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/net/http.h"
#include "destination_impl.h"

#define CLOUD_PART_BYTES (8 << 20) /* what is sent, and sent again, at once */
#define CLOUD_NAME_MAX 256

/* "az://ACCOUNT/CONTAINER/PREFIX", "s3://BUCKET/PREFIX" */
struct cloud_place {
	char first[CLOUD_NAME_MAX];  /* account or bucket */
	char second[CLOUD_NAME_MAX]; /* container; "" where there is none */
	char prefix[512];            /* without slashes around; "" : none */
};
/* `parts`: 2 where there is a container. Error INPUT. */
bool cloud_read_place(const char *address, const char *scheme, int parts, struct cloud_place *ret_place, struct error *err);
/* "az://ACCOUNT", "s3://BUCKET": what the address begins with. Appended; true. */
bool cloud_owner(const char *address, struct str *out);
/* The address without a slash at its end. Appended. */
void cloud_add_address(const char *given, struct str *out);

/* "PREFIX/path", appended. */
void cloud_add_key(const struct cloud_place *place, const char *path, struct str *out);

/* A text member of the secret's JSON, which must be there unless `otherwise` is. In locked memory; the caller frees. */
bool cloud_secret(const struct secret *secret, const char *name, const char *otherwise, struct secret **ret_value, struct error *err);
bool cloud_text(const struct secret *secret, const char *name, char *out, size_t size); /* what is no secret; false: it is not there */

/* The spool of a path in the world's directory. Appended. */
bool cloud_spool(const struct destination_world *world, const char *address, const char *path, struct str *out, struct error *err);
/* Part of a file, from `at`; at most CLOUD_PART_BYTES. */
bool cloud_read_part(const char *spool, int64_t at, struct str *ret_bytes, struct error *err);

/* What stands between <name> and </name>, the first one; false: nothing does. */
bool cloud_xml(const struct http_answer *answer, const char *name, char *out, size_t size);
/* An answer that is no success, as an error: what, with the cloud's own code and trace id, and what to do. */
bool cloud_refused(const struct http_answer *answer, const char *what, struct error *err);

#endif
