/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fingerprints of bytes and their ways of being written, on top of libsodium. */
#include "ledgerdeck/core/digest.h"

#include <assert.h>
#include <stdlib.h>

#include <sodium.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"

/* Base64 turns groups of 3 bytes into 4 characters: chunks of whole groups can stand in line. */
#define CHUNK_BYTES 192
#define CHUNK_CHARS (CHUNK_BYTES / 3 * 4)

_Static_assert(DIGEST_BYTES == crypto_generichash_BYTES, "BLAKE2b as it is used everywhere");
_Static_assert(DIGEST_BYTES == crypto_hash_sha256_BYTES, "both fill a digest");

struct digest digest_blake2b(const void *bytes, size_t len)
{
	struct digest digest;

	crypto_generichash(digest.bytes, sizeof(digest.bytes), bytes, len, NULL, 0);
	return digest;
}

struct digest digest_keyed(const void *key, size_t key_len, const void *bytes, size_t len)
{
	struct digest digest, short_key;

	assert(key_len > 0); /* without a key it would be readable by guessing */
	if (key_len > crypto_generichash_KEYBYTES_MAX) {
		short_key = digest_blake2b(key, key_len);
		key = short_key.bytes;
		key_len = sizeof(short_key.bytes);
	}
	crypto_generichash(digest.bytes, sizeof(digest.bytes), bytes, len, key, key_len);
	if (key == short_key.bytes)
		sodium_memzero(&short_key, sizeof(short_key));
	return digest;
}

struct digest digest_sha256(const void *bytes, size_t len)
{
	struct digest digest;

	crypto_hash_sha256(digest.bytes, bytes, len);
	return digest;
}

struct digest_stream {
	crypto_hash_sha256_state state;
};

struct digest_stream *digest_stream_new(void)
{
	struct digest_stream *stream = memory_new(sizeof(*stream));

	crypto_hash_sha256_init(&stream->state);
	return stream;
}

void digest_stream_add(struct digest_stream *stream, const void *bytes, size_t len)
{
	crypto_hash_sha256_update(&stream->state, bytes, len);
}

struct digest digest_stream_end(struct digest_stream *stream)
{
	struct digest digest;

	crypto_hash_sha256_final(&stream->state, digest.bytes);
	free(stream);
	return digest;
}

char *digest_letters(const struct digest *digest, size_t count, char *out)
{
	static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";

	assert(count <= DIGEST_BYTES);
	for (size_t i = 0; i < count; i++)
		out[i] = letters[digest->bytes[i] & 31];
	out[count] = '\0';
	return out;
}

struct digest digest_hmac_sha256(const void *key, size_t key_len, const void *head, size_t head_len, const void *bytes, size_t len)
{
	crypto_auth_hmacsha256_state state;
	struct digest digest;

	crypto_auth_hmacsha256_init(&state, key, key_len);
	crypto_auth_hmacsha256_update(&state, head, head_len);
	crypto_auth_hmacsha256_update(&state, bytes, len);
	crypto_auth_hmacsha256_final(&state, digest.bytes);
	sodium_memzero(&state, sizeof(state));
	return digest;
}
_Static_assert(crypto_auth_hmacsha256_BYTES == DIGEST_BYTES, "a digest holds it");

_Bool digest_equals(const struct digest *a, const struct digest *b)
{
	return sodium_memcmp(a->bytes, b->bytes, DIGEST_BYTES) == 0;
}

/* The first eight bytes, so that it starts as the long one does when both are written in hex. */
uint64_t digest_short(const void *bytes, size_t len)
{
	struct digest digest = digest_blake2b(bytes, len);
	uint64_t value = 0;

	for (size_t i = 0; i < sizeof(value); i++)
		value = value << 8 | digest.bytes[i];
	return value;
}

char *digest_hex(const struct digest *digest, char *out)
{
	return sodium_bin2hex(out, DIGEST_HEX, digest->bytes, sizeof(digest->bytes));
}

void digest_add_base64url(struct str *out, const void *bytes, size_t len)
{
	const unsigned char *from = bytes;
	char chunk[CHUNK_CHARS + 1];

	while (len > 0) {
		size_t some = len < CHUNK_BYTES ? len : CHUNK_BYTES;

		sodium_bin2base64(chunk, sizeof(chunk), from, some,
				  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
		str_add(out, chunk);
		from += some;
		len -= some;
	}
	sodium_memzero(chunk, sizeof(chunk)); /* keys pass here too */
}

/* libsodium takes bytes beyond ASCII for letters where char is signed. */
static bool is_ascii(const char *text, size_t len)
{
	unsigned char all = 0;

	for (size_t i = 0; i < len; i++)
		all |= (unsigned char)text[i];
	return all < 0x80;
}

_Bool digest_from_base64url(const char *text, size_t len, struct str *out)
{
	unsigned char chunk[CHUNK_BYTES];
	size_t start = out->len;
	bool was_cut = out->cut, ok = is_ascii(text, len);

	while (len > 0 && ok) {
		size_t some = len < CHUNK_CHARS ? len : CHUNK_CHARS, got;
		const char *end;

		ok = sodium_base642bin(chunk, sizeof(chunk), text, some, NULL, &got, &end,
				       sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
		     end == text + some;
		if (ok)
			str_add_bytes(out, (const char *)chunk, got);
		text += some;
		len -= some;
	}
	sodium_memzero(chunk, sizeof(chunk));
	if (!ok) {
		str_truncate(out, start);
		out->cut = was_cut;
	}
	return ok;
}
