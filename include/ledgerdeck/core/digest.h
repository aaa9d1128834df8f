/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fingerprints of bytes. */
#ifndef LEDGERDECK_CORE_DIGEST_H
#define LEDGERDECK_CORE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#define DIGEST_BYTES 32
#define DIGEST_HEX (2 * DIGEST_BYTES + 1)

struct digest {
	uint8_t bytes[DIGEST_BYTES];
};

struct digest digest_blake2b(const void *bytes, size_t len);
/* Keyed: for uniqueness of what must not be readable (realm ids). */
struct digest digest_keyed(const void *key, size_t key_len, const void *bytes, size_t len);
/* HMAC (RFC 2104) by SHA-256 of two pieces, one behind the other: what a sender has signed with a shared key. */
struct digest digest_hmac_sha256(const void *key, size_t key_len, const void *head, size_t head_len, const void *bytes, size_t len);
_Bool digest_equals(const struct digest *a, const struct digest *b); /* in constant time */
struct digest digest_sha256(const void *bytes, size_t len);   /* for manifests and PKCE */
/* The same for bytes that come in pieces. */
struct digest_stream;
struct digest_stream *digest_stream_new(void);
void digest_stream_add(struct digest_stream *stream, const void *bytes, size_t len);
struct digest digest_stream_end(struct digest_stream *stream); /* and frees it */
uint64_t digest_short(const void *bytes, size_t len);         /* 64 bits of the first */
char *digest_hex(const struct digest *digest, char *out);     /* DIGEST_HEX bytes; returns `out` */

/* So many letters and digits of it, at most DIGEST_BYTES, none that is taken for another; `out` holds one more. Returns `out`. */
char *digest_letters(const struct digest *digest, size_t count, char *out);

/* base64url without padding, appended; and back (false: not base64url). */
struct str;
void digest_add_base64url(struct str *out, const void *bytes, size_t len);
_Bool digest_from_base64url(const char *text, size_t len, struct str *out);

#endif
