/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signed id tokens (JSON Web Tokens, RS256) and the key document that proves them. The key comes
 * from the machine's randomness, lives as long as the program and is never written anywhere.
 */
#ifndef JWT_H
#define JWT_H

#include <stdbool.h>
#include <stddef.h>

#include "ledgerdeck/core/error.h"
#include "ledgerdeck/core/str.h"

struct jwt_key;

/* A new RSA key of 2048 bits: takes a tenth of a second or more. Error: INTERNAL. Any thread. */
bool jwt_key_make(struct jwt_key **ret_key, struct error *err);
void jwt_key_free(struct jwt_key *key); /* NULL does nothing */

/* "header.claims.signature" for claims that are a JSON object. Error: INTERNAL. */
bool jwt_add_token(const struct jwt_key *key, const char *claims, struct str *out,
		   struct error *err);
/* The public half as a JSON Web Key Set: {"keys":[{..}]}. */
void jwt_add_keys(const struct jwt_key *key, struct str *out);

/* base64url without padding (RFC 4648 section 5), as all parts of a token are written. */
void jwt_add_base64(struct str *out, const void *bytes, size_t len);

#endif
