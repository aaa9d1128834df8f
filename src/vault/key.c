/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keys made from what a person has, boxes (the one use of XChaCha20-Poly1305), and the account
 * keys in such boxes. Which vault key is used, and what an account's key seals, is left to vault.c
 * and seal.c.
 *
 * A wrapped account key: magic "LDWK", format (2 bytes), suite (1), id of the vault key (4), name
 * of the account's key (16), box. Associated data: all before the box, store uuid, account id.
 */
#include "key.h"

#include <assert.h>
#include <sodium.h>

#include "ledgerdeck/core/memory.h"

#include "bytes.h"

#define PASSES_MAX 20
#define MEMORY_KIB_MAX (4u * 1024 * 1024)
#define WRAPPED_MAGIC "LDWK"
#define WRAPPED_CLEAR (4 + 2 + 1 + 4 + KEY_ID_BYTES)
#define WRAPPED_BYTES (WRAPPED_CLEAR + KEY_BOX_MORE + VAULT_KEY_BYTES)

_Static_assert(VAULT_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "keys fit");
_Static_assert(KEY_BOX_NONCE == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, "nonces fit");
_Static_assert(KEY_BOX_TAG == crypto_aead_xchacha20poly1305_ietf_ABYTES, "tags fit");
_Static_assert(KEY_SALT_BYTES == crypto_pwhash_argon2id_SALTBYTES, "salts fit");
_Static_assert(KEY_ID_BYTES >= crypto_generichash_BYTES_MIN, "names are hashes");

/* What another libsodium calls "interactive" may change; what is stored may not. */
static const struct {
	uint32_t passes, memory_kib;
} costs[] = {
	[VAULT_INTERACTIVE] = { 2, 64 * 1024 },
	[VAULT_MODERATE] = { 3, 256 * 1024 },
	[VAULT_SENSITIVE] = { 4, 1024 * 1024 },
};

static bool opener_check(const struct vault_opener *opener, struct error *err)
{
	if (!opener->passphrase == !opener->key)
		return error_set(err, ERROR_INPUT,
				 "a vault is opened by either a passphrase or a key file");
	if (opener->passphrase && secret_len(opener->passphrase) == 0)
		return error_set(err, ERROR_INPUT, "the passphrase is empty");
	if (opener->key && secret_len(opener->key) != VAULT_KEY_BYTES)
		return error_set(err, ERROR_INPUT, "the key of a key file has %d bytes, not %zu",
				 VAULT_KEY_BYTES, secret_len(opener->key));
	return true;
}

bool key_recipe_new(const struct vault_opener *opener, enum vault_cost cost,
		    struct key_recipe *ret_recipe, struct error *err)
{
	struct key_recipe recipe = { .kdf = KEY_KDF_FILE };

	assert((size_t)cost < ARRAY_LEN(costs));
	if (!opener_check(opener, err))
		return false;
	if (opener->passphrase) {
		recipe.kdf = KEY_KDF_ARGON2ID;
		recipe.passes = costs[cost].passes;
		recipe.memory_kib = costs[cost].memory_kib;
	}
	randombytes_buf(recipe.salt, sizeof(recipe.salt));
	*ret_recipe = recipe;
	return true;
}

bool key_recipe_check(const struct key_recipe *recipe, struct error *err)
{
	bool sane;

	switch (recipe->kdf) {
	case KEY_KDF_ARGON2ID:
		sane = recipe->passes >= costs[VAULT_INTERACTIVE].passes &&
		       recipe->passes <= PASSES_MAX &&
		       recipe->memory_kib >= costs[VAULT_INTERACTIVE].memory_kib &&
		       recipe->memory_kib <= MEMORY_KIB_MAX;
		break;
	case KEY_KDF_FILE:
		sane = recipe->passes == 0 && recipe->memory_kib == 0;
		break;
	default:
		return error_set(err, ERROR_INPUT,
				 "the vault derives its key in a way (%u) that this version of "
				 "ledgerdeck does not know: upgrade it", (unsigned)recipe->kdf);
	}
	if (!sane)
		return error_set(err, ERROR_INPUT,
				 "the vault asks for an absurd key derivation (%u passes, %u KiB): "
				 "its header is damaged or forged", (unsigned)recipe->passes,
				 (unsigned)recipe->memory_kib);
	return true;
}

static bool derive_from_passphrase(const struct secret *passphrase,
				   const struct key_recipe *recipe, struct secret *key,
				   struct error *err)
{
	uint64_t memory = (uint64_t)recipe->memory_kib * 1024;

	/* On machines of 32 bits what others may store is more than fits. */
	if (memory > crypto_pwhash_memlimit_max() ||
	    crypto_pwhash((unsigned char *)secret_edit(key), VAULT_KEY_BYTES,
			  secret_reveal(passphrase), secret_len(passphrase), recipe->salt,
			  recipe->passes, (size_t)memory, crypto_pwhash_ALG_ARGON2ID13) != 0)
		return error_set(err, ERROR_INTERNAL,
				 "the passphrase takes %u MiB of memory to open the vault, and the "
				 "system does not give them",
				 (unsigned)(recipe->memory_kib / 1024));
	return true;
}

static void derive_from_file(const struct secret *file_key, const struct key_recipe *recipe,
			     struct secret *key)
{
	static const char context[] = "ledgerdeck vault key file";
	const struct key_piece pieces[] = {
		{ context, sizeof(context) - 1 },
		{ recipe->salt, sizeof(recipe->salt) },
	};

	key_hash(secret_reveal(file_key), pieces, ARRAY_LEN(pieces), secret_edit(key),
		 VAULT_KEY_BYTES);
}

bool key_derive(const struct vault_opener *opener, const struct key_recipe *recipe,
		struct secret **ret_key, struct error *err)
{
	AUTO(secret_freep) struct secret *key = NULL;

	if (!opener_check(opener, err) || !key_recipe_check(recipe, err))
		return false;
	if (recipe->kdf == KEY_KDF_ARGON2ID && !opener->passphrase)
		return error_set(err, ERROR_INPUT,
				 "the vault opens with a passphrase, and a key file was given");
	if (recipe->kdf == KEY_KDF_FILE && !opener->key)
		return error_set(err, ERROR_INPUT,
				 "the vault opens with a key file, and a passphrase was given");
	key = secret_new(VAULT_KEY_BYTES);
	if (opener->key)
		derive_from_file(opener->key, recipe, key);
	else if (!derive_from_passphrase(opener->passphrase, recipe, key, err))
		return false;
	*ret_key = memory_steal(&key);
	return true;
}

void key_hash(const char *key, const struct key_piece *pieces, size_t count, void *out, size_t len)
{
	crypto_generichash_state state;

	crypto_generichash_init(&state, (const unsigned char *)key, key ? VAULT_KEY_BYTES : 0,
				len);
	for (size_t i = 0; i < count; i++)
		crypto_generichash_update(&state, pieces[i].bytes, pieces[i].len);
	crypto_generichash_final(&state, out, len);
	secret_wipe(&state, sizeof(state));
}

void key_commit(uint32_t id, const char *key, uint8_t out[KEY_COMMITMENT_BYTES])
{
	const uint8_t number[] = { (uint8_t)(id >> 24), (uint8_t)(id >> 16), (uint8_t)(id >> 8),
				   (uint8_t)id };
	const struct key_piece pieces[] = {
		{ number, sizeof(number) },
		{ key, VAULT_KEY_BYTES },
	};

	key_hash(NULL, pieces, ARRAY_LEN(pieces), out, KEY_COMMITMENT_BYTES);
}

void key_name(const char *key, uint8_t out[KEY_ID_BYTES])
{
	static const char context[] = "ledgerdeck account key";
	const struct key_piece pieces[] = {
		{ context, sizeof(context) - 1 },
		{ key, VAULT_KEY_BYTES },
	};

	key_hash(NULL, pieces, ARRAY_LEN(pieces), out, KEY_ID_BYTES);
}

void key_box_add(const char *key, const struct str *aad, const char *plain, size_t len,
		 struct str *out)
{
	AUTO(memory_freep) unsigned char *box = memory_new(len + KEY_BOX_MORE);

	randombytes_buf(box, KEY_BOX_NONCE);
	crypto_aead_xchacha20poly1305_ietf_encrypt(box + KEY_BOX_NONCE, NULL,
						   (const unsigned char *)plain, len,
						   (const unsigned char *)aad->text, aad->len, NULL,
						   box, (const unsigned char *)key);
	str_add_bytes(out, (const char *)box, len + KEY_BOX_MORE);
}

bool key_box_open(const char *key, const struct str *aad, const char *box, size_t len,
		  struct secret **ret_plain)
{
	AUTO(secret_freep) struct secret *plain = NULL;
	const unsigned char *bytes = (const unsigned char *)box;

	if (len < KEY_BOX_MORE || len - KEY_BOX_MORE > SECRET_MAX)
		return false;
	plain = secret_new(len - KEY_BOX_MORE);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt((unsigned char *)secret_edit(plain), NULL,
						       NULL, bytes + KEY_BOX_NONCE,
						       len - KEY_BOX_NONCE,
						       (const unsigned char *)aad->text, aad->len,
						       bytes, (const unsigned char *)key) != 0)
		return false;
	*ret_plain = memory_steal(&plain);
	return true;
}

/* What stands before the box of a wrapped key. */
struct wrapped_clear {
	uint32_t vault_key_id;
	uint8_t name[KEY_ID_BYTES];
};

static void wrapped_clear_add(const struct wrapped_clear *clear, struct str *out)
{
	str_add(out, WRAPPED_MAGIC);
	bytes_add_number(out, KEY_FORMAT, 2);
	bytes_add_number(out, KEY_SUITE, 1);
	bytes_add_number(out, clear->vault_key_id, 4);
	str_add_bytes(out, (const char *)clear->name, sizeof(clear->name));
}

/* Errors: AUTH (no wrapped key at all, or cut), INPUT (of a newer program). */
static bool wrapped_clear_read(const char *wrapped, size_t len, struct wrapped_clear *ret_clear,
			       struct error *err)
{
	struct bytes from = { .at = wrapped, .left = len };
	struct wrapped_clear clear = { 0 };
	bool ours = bytes_take_equal(&from, WRAPPED_MAGIC, 4);
	uint64_t format = bytes_take_number(&from, 2);
	uint64_t suite = bytes_take_number(&from, 1);
	const char *name;

	if (ours && !from.cut && (format != KEY_FORMAT || suite != KEY_SUITE))
		return error_set(err, ERROR_INPUT,
				 "it was wrapped in a format (%u, suite %u) that this version of "
				 "ledgerdeck does not know: upgrade it", (unsigned)format,
				 (unsigned)suite);
	clear.vault_key_id = (uint32_t)bytes_take_number(&from, 4);
	name = bytes_take(&from, sizeof(clear.name));
	if (!ours || !name || clear.vault_key_id == 0 || len != WRAPPED_BYTES)
		return error_set(err, ERROR_AUTH, "wrong key or damaged");
	memcpy(clear.name, name, sizeof(clear.name));
	*ret_clear = clear;
	return true;
}

static void wrapped_aad_add(const struct key_wrapper *by, const char *clear, struct str *out)
{
	bytes_add_field(out, clear, WRAPPED_CLEAR);
	bytes_add_text_field(out, by->store_uuid);
	bytes_add_text_field(out, by->account_id);
}

bool key_wrap(const struct key_wrapper *by, const struct secret *account_key,
	      struct str *ret_wrapped, struct error *err)
{
	AUTO(str_clear) struct str wrapped = STR_INIT(WRAPPED_BYTES);
	AUTO(str_clear) struct str aad = STR_INIT(KEY_AAD_MAX);
	struct wrapped_clear clear = { .vault_key_id = by->id };

	assert(secret_len(account_key) == VAULT_KEY_BYTES && by->id > 0);
	key_name(secret_reveal(account_key), clear.name);
	wrapped_clear_add(&clear, &wrapped);
	wrapped_aad_add(by, wrapped.text, &aad);
	if (str_is_cut(&aad))
		return error_set(err, ERROR_INPUT, "the names that a key is bound to are too long");
	key_box_add(by->key, &aad, secret_reveal(account_key), VAULT_KEY_BYTES, &wrapped);
	str_add_bytes(ret_wrapped, wrapped.text, wrapped.len);
	return true;
}

bool key_unwrap(const struct key_wrapper *by, const char *wrapped, size_t len,
		struct secret **ret_account_key, struct error *err)
{
	AUTO(str_clear) struct str aad = STR_INIT(KEY_AAD_MAX);
	AUTO(secret_freep) struct secret *key = NULL;
	struct wrapped_clear clear;
	uint8_t name[KEY_ID_BYTES];

	if (!wrapped_clear_read(wrapped, len, &clear, err))
		return false;
	wrapped_aad_add(by, wrapped, &aad);
	if (clear.vault_key_id != by->id || str_is_cut(&aad) ||
	    !key_box_open(by->key, &aad, wrapped + WRAPPED_CLEAR, len - WRAPPED_CLEAR, &key))
		return error_set(err, ERROR_AUTH, "wrong key or damaged");
	/* The box alone does not commit to its key; the name of what is inside does. */
	key_name(secret_reveal(key), name);
	if (memcmp(name, clear.name, sizeof(name)) != 0)
		return error_set(err, ERROR_AUTH, "wrong key or damaged");
	*ret_account_key = memory_steal(&key);
	return true;
}

uint32_t key_wrapped_by(const char *wrapped, size_t len)
{
	struct wrapped_clear clear;

	return wrapped_clear_read(wrapped, len, &clear, NULL) ? clear.vault_key_id : 0;
}
