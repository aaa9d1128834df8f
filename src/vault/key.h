/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keys: made from a passphrase or a key file, named by hashes, and put into boxes by other keys.
 * A key without a type of its own is VAULT_KEY_BYTES inside a secret, borrowed.
 */
#ifndef LEDGERDECK_VAULT_KEY_H
#define LEDGERDECK_VAULT_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/vault/vault.h"

#define KEY_FORMAT 1           /* of headers, wrapped keys and sealed secrets */
#define KEY_SUITE 1            /* XChaCha20-Poly1305 (IETF), BLAKE2b */
#define KEY_SALT_BYTES 16
#define KEY_ID_BYTES 16        /* what an account's key is called: a hash of it */
#define KEY_COMMITMENT_BYTES 32
#define KEY_BOX_NONCE 24
#define KEY_BOX_TAG 16
#define KEY_BOX_MORE (KEY_BOX_NONCE + KEY_BOX_TAG) /* a box is longer than its contents by this */
#define KEY_AAD_MAX 65536      /* bytes of associated data, so of all names in it together */

enum key_kdf {
	KEY_KDF_ARGON2ID = 1, /* Argon2id version 1.3, one lane, from a passphrase */
	KEY_KDF_FILE = 2      /* keyed BLAKE2b, from a key that is random already */
};

/* How an opener becomes the key-encryption key; stored in the clear. */
struct key_recipe {
	enum key_kdf kdf;
	uint32_t passes;     /* 0 for KEY_KDF_FILE */
	uint32_t memory_kib; /* 0 for KEY_KDF_FILE */
	uint8_t salt[KEY_SALT_BYTES];
};

/*
 * A recipe for that opener, with a new salt. Errors: INPUT (not exactly one of the two, or one that
 * is empty or of another length).
 */
bool key_recipe_new(const struct vault_opener *opener, enum vault_cost cost,
		    struct key_recipe *ret_recipe, struct error *err);
/* Refuse what is weaker than VAULT_INTERACTIVE or would stop the machine. Errors: INPUT. */
bool key_recipe_check(const struct key_recipe *recipe, struct error *err);
/*
 * The key-encryption key. Takes the time and memory that the recipe says. Errors: INPUT (the
 * opener is of another kind than the recipe), INTERNAL (not enough memory). Any thread.
 */
bool key_derive(const struct vault_opener *opener, const struct key_recipe *recipe,
		struct secret **ret_key, struct error *err);

struct key_piece {
	const void *bytes; /* borrowed: the caller */
	size_t len;
};
/* BLAKE2b over the pieces, keyed by VAULT_KEY_BYTES unless `key` is NULL; `len` is 16 to 64. */
void key_hash(const char *key, const struct key_piece *pieces, size_t count, void *out, size_t len);
/* What the header says of a vault key, so that a wrong one is seen: BLAKE2b(id, key). */
void key_commit(uint32_t id, const char *key, uint8_t out[KEY_COMMITMENT_BYTES]);
/* What an account's key is called in the records that it seals. */
void key_name(const char *key, uint8_t out[KEY_ID_BYTES]);

/* A box, appended: random nonce, ciphertext, tag. */
void key_box_add(const char *key, const struct str *aad, const char *plain, size_t len,
		 struct str *out);
/* False for another key, other associated data, damage, and contents above SECRET_MAX. */
bool key_box_open(const char *key, const struct str *aad, const char *box, size_t len,
		  struct secret **ret_plain);

/* A vault key and what it wraps for. */
struct key_wrapper {
	const char *key;        /* borrowed: the vault */
	uint32_t id;            /* of that vault key, at least 1 */
	const char *store_uuid; /* borrowed: the vault */
	const char *account_id; /* borrowed: the caller */
};
/* An account's key, wrapped and appended. Errors: INPUT (the names are too long). */
bool key_wrap(const struct key_wrapper *by, const struct secret *account_key,
	      struct str *ret_wrapped, struct error *err);
/* And back. Errors: AUTH (another key, store or account, or damaged), INPUT (newer format). */
bool key_unwrap(const struct key_wrapper *by, const char *wrapped, size_t len,
		struct secret **ret_account_key, struct error *err);
/* The id of the vault key that wrapped it, unchecked; 0 if it is no wrapped key of this format. */
uint32_t key_wrapped_by(const char *wrapped, size_t len);

#endif
