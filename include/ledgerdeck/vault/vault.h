/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keys and sealed bytes. A passphrase or a key file gives the key-encryption key, which wraps a
 * random vault key, which wraps one key per account, which seals each secret with
 * XChaCha20-Poly1305. The vault opens nothing and keeps nothing: bytes in, bytes out; who stores
 * them is the store. Wrong keys and damaged bytes are the same clear error and lose nothing.
 */
#ifndef LEDGERDECK_VAULT_VAULT_H
#define LEDGERDECK_VAULT_VAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/error.h"
#include "ledgerdeck/core/secret.h"
#include "ledgerdeck/core/str.h"

#define VAULT_KEY_BYTES 32

enum vault_cost { VAULT_INTERACTIVE, VAULT_MODERATE, VAULT_SENSITIVE }; /* Argon2id: 64 MiB, 256 MiB, 1 GiB */

struct vault; /* unlocked: holds the vault keys in locked memory */

/* What opens a vault: one of the two. */
struct vault_opener {
	const struct secret *passphrase; /* any length from 1; NULL: none */
	const struct secret *key;        /* VAULT_KEY_BYTES of a key file or credential; NULL: none */
};

/*
 * Make a new vault for the store with that uuid. Appends the header, which the store keeps: format,
 * KDF parameters and salt, key ids, the wrapped vault key, a commitment. Errors: INPUT, INTERNAL.
 */
bool vault_new(const char *store_uuid, const struct vault_opener *opener, enum vault_cost cost,
	       struct str *ret_header, struct vault **ret_vault, struct error *err);
/* Errors: AUTH (wrong key or damaged; never says which), INPUT (unknown format, absurd parameters). May take a second. */
bool vault_unlock(const char *store_uuid, const struct vault_opener *opener, const char *header, size_t len,
		  struct vault **ret_vault, struct error *err);
void vault_free(struct vault *vault); /* locks: wipes all keys. NULL does nothing */
void vault_freep(struct vault **vault);

/* What a header says to everybody. Error INPUT: no header, or of a newer program. */
struct vault_description {
	bool passphrase;          /* false: opened by a key file or credential */
	uint32_t passes, memory_kib; /* of Argon2id; 0 without a passphrase */
	uint32_t key_id;          /* of the newest vault key */
	size_t keys;              /* vault keys; more than one while a rotation is under way */
};
bool vault_describe(const char *header, size_t len, struct vault_description *ret_description, struct error *err);

/* Another passphrase or key file for the same vault keys: a new header, nothing is sealed anew. */
bool vault_rewrap(struct vault *vault, const struct vault_opener *opener, enum vault_cost cost,
		  struct str *ret_header, struct error *err);
/* A new vault key beside the old: the header names both until vault_retire(). */
bool vault_rotate(struct vault *vault, const struct vault_opener *opener, struct str *ret_header,
		  struct error *err);
/* Forget all vault keys but the newest. */
bool vault_retire(struct vault *vault, const struct vault_opener *opener, struct str *ret_header,
		  struct error *err);
/*
 * Another process may have rotated the keys: take over the header that the store has now. Does nothing when it names
 * the keys that are known. Errors: AUTH (its keys are others, and what opens it has changed, too: unlock anew), INPUT.
 */
bool vault_follow(struct vault *vault, const char *header, size_t len, struct error *err);
uint32_t vault_key_id(const struct vault *vault); /* of the newest vault key */

/* A key for an account, wrapped by the newest vault key; appended. Kept by the store beside the account. */
bool vault_account_key(struct vault *vault, const char *account_id, struct str *ret_wrapped, struct error *err);
/* The same account key wrapped anew by the newest vault key. */
bool vault_rewrap_account_key(struct vault *vault, const char *account_id, const char *wrapped, size_t len,
			      struct str *ret_wrapped, struct error *err);
/* By which vault key is it wrapped? 0: not a wrapped key. */
uint32_t vault_wrapped_by(const char *wrapped, size_t len);

/* What a sealed secret is bound to: all of it is associated data, so that rows can't be swapped or turned back. */
struct vault_binding {
	const char *account_id;   /* "" for the program's own (app credentials) */
	const char *realm;        /* company id; "" where there is none */
	const char *environment;  /* "production" */
	const char *kind;         /* "access", "refresh", "client-secret", ... */
	uint64_t generation;
};
bool vault_seal(struct vault *vault, const char *wrapped_key, size_t wrapped_len,
		const struct vault_binding *binding, const struct secret *secret, struct str *ret_sealed,
		struct error *err);
/* Error AUTH: wrong key, other binding, or damaged; never says which. */
bool vault_open(struct vault *vault, const char *wrapped_key, size_t wrapped_len,
		const struct vault_binding *binding, const char *sealed, size_t len,
		struct secret **ret_secret, struct error *err);

/* A key for uniqueness marks (realm ids): derived from the vault key, the same for the vault's whole life. */
bool vault_mark(struct vault *vault, const char *purpose, const char *text, char *ret_hex /* DIGEST_HEX */,
		struct error *err);

/* 32 random bytes as a key file's text ("ledgerdeck-key-1 BASE64URL\n"), and back. */
void vault_key_file_text(const struct secret *key, struct secret **ret_text);
bool vault_key_file_parse(const char *text, size_t len, struct secret **ret_key, struct error *err);

#endif
