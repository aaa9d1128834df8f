/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What clouds want their requests signed by: base64 as RFC 4648 has it, and AWS Signature Version 4. */
#ifndef LAKE_SIGN_H
#define LAKE_SIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/digest.h"
#include "ledgerdeck/core/secret.h"
#include "ledgerdeck/core/str.h"

void sign_add_base64(struct str *out, const void *bytes, size_t len); /* with padding */
struct secret *sign_from_base64(const char *text); /* NULL: it is none; the caller frees */

/* A path, each of its parts percent-encoded and the slashes left. Appended. */
void sign_add_path(struct str *out, const char *path);
/* "20260131T120000Z" of an instant. Appended. */
void sign_add_stamp(struct str *out, int64_t at_ms);

struct sign_header {
	const char *name, *value; /* name in small letters */
};
struct sign_request {
	const char *method, *path, *query; /* path and query as they are sent; the query's words in their order */
	const struct sign_header *headers; /* in the order of their names; all that are signed */
	size_t header_count;
	const char *body_sha256;           /* hex, as x-amz-content-sha256 says it */
	const char *region, *stamp;        /* sign_add_stamp() */
};
/* The Authorization header's value for S3; the caller frees. */
struct secret *sign_aws(const struct sign_request *request, const char *key_id, const struct secret *key);

#endif
