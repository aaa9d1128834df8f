/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The unlocked vault: which key is used for what, and how the keys change. Formats are left to
 * header.c, key.c and seal.c.
 *
 * A vault can be used by many threads at once. A change of keys or opener holds for the vault as
 * soon as its function returns, and for the next start as soon as the store has kept the header
 * that it returned; a caller that cannot keep it frees the vault and unlocks the old header.
 */
#include "ledgerdeck/vault/vault.h"

#include <assert.h>
#include <string.h>

#include "ledgerdeck/core/digest.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/thread.h"

#include "header.h"
#include "key.h"
#include "seal.h"

struct vault {
	char *store_uuid;     /* owned; never changes */
	struct lock *lock;    /* owned; held for what stands below */
	struct header header; /* the newest, its part in the clear */
	struct str bytes;     /* and all of it, which a given opener is held against */
	struct secret *ring;  /* owned; the keys that the header names */
	struct secret *kek;   /* owned; opens the headers that other processes make */
};

/* Held until vault_leavep(). */
static struct lock *vault_enter(const struct vault *vault)
{
	lock_enter(vault->lock);
	return vault->lock;
}

static void vault_leavep(struct lock **lock)
{
	if (*lock)
		lock_leave(*lock);
}

void vault_free(struct vault *vault)
{
	if (!vault)
		return;
	secret_free(vault->ring);
	secret_free(vault->kek);
	str_clear(&vault->bytes);
	lock_free(vault->lock);
	memory_freep(&vault->store_uuid);
	memory_freep(&vault);
}

void vault_freep(struct vault **vault)
{
	vault_free(*vault);
	*vault = NULL;
}

/* Takes the ring and the key-encryption key. */
static struct vault *vault_of(const char *store_uuid, const struct header *header,
			      const char *bytes, size_t len, struct secret **ring,
			      struct secret **kek)
{
	struct vault *vault = memory_new(sizeof(*vault));

	vault->store_uuid = memory_copy_text(store_uuid);
	vault->lock = lock_new();
	vault->header = *header;
	str_init(&vault->bytes, HEADER_MAX);
	str_add_bytes(&vault->bytes, bytes, len);
	vault->ring = memory_steal(ring);
	vault->kek = memory_steal(kek);
	return vault;
}

/* Append all of `bytes` or nothing. Errors: INTERNAL (the caller's text has too small a limit). */
static bool give(struct str *out, const struct str *bytes, struct error *err)
{
	if (str_is_cut(out) || out->limit < out->len || out->limit - out->len < bytes->len)
		return error_set(err, ERROR_INTERNAL, "no room for %zu bytes of the vault",
				 bytes->len);
	str_add_bytes(out, bytes->text, bytes->len);
	return true;
}

bool vault_new(const char *store_uuid, const struct vault_opener *opener, enum vault_cost cost,
	       struct str *ret_header, struct vault **ret_vault, struct error *err)
{
	AUTO(str_clear) struct str bytes = STR_INIT(HEADER_MAX);
	AUTO(secret_freep) struct secret *ring = NULL, *kek = NULL;
	struct header header = { .count = 1 };

	if (!*store_uuid)
		return error_set(err, ERROR_INPUT, "a vault needs the uuid of its store");
	if (!key_recipe_new(opener, cost, &header.recipe, err) ||
	    !key_derive(opener, &header.recipe, &kek, err))
		return false;
	ring = header_ring_new(1);
	header_set_key(&header, 0, 1, ring);
	if (!header_add(&header, store_uuid, kek, ring, &bytes, err) ||
	    !give(ret_header, &bytes, err))
		return false;
	*ret_vault = vault_of(store_uuid, &header, bytes.text, bytes.len, &ring, &kek);
	return true;
}

/* Everything that an opener gives out of a header. Errors: as vault_unlock(). */
static bool header_unlock(const char *store_uuid, const struct vault_opener *opener,
			  const char *bytes, size_t len, struct header *ret_header,
			  struct secret **ret_kek, struct secret **ret_ring, struct error *err)
{
	AUTO(secret_freep) struct secret *kek = NULL;
	struct header header;

	if (!header_read(bytes, len, &header, err) ||
	    !key_derive(opener, &header.recipe, &kek, err) ||
	    !header_open(bytes, len, store_uuid, kek, ret_header, ret_ring, err))
		return false;
	*ret_kek = memory_steal(&kek);
	return true;
}

bool vault_unlock(const char *store_uuid, const struct vault_opener *opener, const char *header,
		  size_t len, struct vault **ret_vault, struct error *err)
{
	AUTO(secret_freep) struct secret *ring = NULL, *kek = NULL;
	struct header clear;

	if (!header_unlock(store_uuid, opener, header, len, &clear, &kek, &ring, err))
		return false;
	*ret_vault = vault_of(store_uuid, &clear, header, len, &ring, &kek);
	return true;
}

bool vault_describe(const char *header, size_t len, struct vault_description *ret_description,
		    struct error *err)
{
	struct header clear;

	if (!header_read(header, len, &clear, err))
		return false;
	*ret_description = (struct vault_description){
		.passphrase = clear.recipe.kdf == KEY_KDF_ARGON2ID,
		.passes = clear.recipe.passes,
		.memory_kib = clear.recipe.memory_kib,
		.key_id = clear.keys[clear.count - 1].id,
		.keys = clear.count,
	};
	return true;
}

/*
 * From now on the vault has this header and ring, which it takes; the new header is appended. The
 * lock is held. Errors: as header_add() and give(); then nothing has changed.
 */
static bool vault_change(struct vault *vault, const struct header *header, const struct secret *kek,
			 struct secret **ring, struct str *ret_header, struct error *err)
{
	AUTO(str_clear) struct str bytes = STR_INIT(HEADER_MAX);

	if (!header_add(header, vault->store_uuid, kek, *ring, &bytes, err) ||
	    !give(ret_header, &bytes, err))
		return false;
	vault->header = *header;
	str_reset(&vault->bytes);
	str_add_bytes(&vault->bytes, bytes.text, bytes.len);
	secret_free(vault->ring);
	vault->ring = memory_steal(ring);
	secret_free(vault->kek);
	vault->kek = secret_copy(secret_reveal(kek), secret_len(kek));
	return true;
}

/* Do both name the same vault keys? Their commitments say so. */
static bool same_keys(const struct header *a, const struct header *b)
{
	for (size_t i = 0; i < a->count && i < b->count; i++) {
		if (a->keys[i].id != b->keys[i].id ||
		    memcmp(a->keys[i].commitment, b->keys[i].commitment, KEY_COMMITMENT_BYTES) != 0)
			return false;
	}
	return a->count == b->count;
}

bool vault_follow(struct vault *vault, const char *bytes, size_t len, struct error *err)
{
	AUTO(secret_freep) struct secret *ring = NULL;
	AUTO(vault_leavep) struct lock *held = NULL;
	struct header header;

	held = vault_enter(vault);
	if (len == vault->bytes.len && memcmp(bytes, vault->bytes.text, len) == 0)
		return true;
	if (!header_read(bytes, len, &header, err))
		return false;
	if (same_keys(&header, &vault->header))
		return true;
	if (!header_open(bytes, len, vault->store_uuid, vault->kek, &header, &ring, err))
		return error_set(err, ERROR_AUTH, "the vault's keys and what opens it were changed by another process: "
				 "unlock it again");
	vault->header = header;
	str_reset(&vault->bytes);
	str_add_bytes(&vault->bytes, bytes, len);
	secret_free(vault->ring);
	vault->ring = memory_steal(&ring);
	return true;
}

bool vault_rewrap(struct vault *vault, const struct vault_opener *opener, enum vault_cost cost,
		  struct str *ret_header, struct error *err)
{
	AUTO(secret_freep) struct secret *ring = NULL, *kek = NULL;
	AUTO(vault_leavep) struct lock *held = NULL;
	struct key_recipe recipe;
	struct header header;

	/* May take a second, in which others go on. */
	if (!key_recipe_new(opener, cost, &recipe, err) || !key_derive(opener, &recipe, &kek, err))
		return false;
	held = vault_enter(vault);
	header = vault->header;
	header.recipe = recipe;
	ring = secret_copy(secret_reveal(vault->ring), secret_len(vault->ring));
	return vault_change(vault, &header, kek, &ring, ret_header, err);
}

/* The vault's bytes as they are now, appended. */
static void bytes_copy(const struct vault *vault, struct str *out)
{
	AUTO(vault_leavep) struct lock *held = NULL;

	held = vault_enter(vault);
	str_add_bytes(out, vault->bytes.text, vault->bytes.len);
}

/*
 * Is this what opens the vault? A header made with a mistyped passphrase would lock everybody out.
 * Gives the key-encryption key, and the header's bytes that it was held against. The lock is not
 * held. Errors: as vault_unlock().
 */
static bool opener_prove(const struct vault *vault, const struct vault_opener *opener,
			 struct str *ret_bytes, struct secret **ret_kek, struct error *err)
{
	AUTO(secret_freep) struct secret *ring = NULL;
	struct header header;

	bytes_copy(vault, ret_bytes);
	return header_unlock(vault->store_uuid, opener, ret_bytes->text, ret_bytes->len, &header,
			     ret_kek, &ring, err);
}

/* Has another thread changed the vault since these bytes were taken? The lock is held. */
static bool vault_moved(const struct vault *vault, const struct str *bytes)
{
	return vault->bytes.len != bytes->len ||
	       memcmp(vault->bytes.text, bytes->text, bytes->len) != 0;
}

static bool error_set_moved(struct error *err)
{
	return error_set(err, ERROR_CONFLICT, "the vault's keys were changed at the same time");
}

bool vault_rotate(struct vault *vault, const struct vault_opener *opener, struct str *ret_header,
		  struct error *err)
{
	AUTO(str_clear) struct str before = STR_INIT(HEADER_MAX);
	AUTO(secret_freep) struct secret *ring = NULL, *kek = NULL;
	AUTO(vault_leavep) struct lock *held = NULL;
	struct header header;
	uint32_t last;

	if (!opener_prove(vault, opener, &before, &kek, err))
		return false;
	held = vault_enter(vault);
	if (vault_moved(vault, &before))
		return error_set_moved(err);
	header = vault->header;
	last = header.keys[header.count - 1].id;
	if (header.count == HEADER_KEYS_MAX || last == UINT32_MAX)
		return error_set(err, ERROR_INPUT,
				 "the vault has %zu keys already: retire the old ones first",
				 header.count);
	/* The last key of the new ring stays as random as it was made. */
	ring = header_ring_new(header.count + 1);
	memcpy(secret_edit(ring), secret_reveal(vault->ring), secret_len(vault->ring));
	header_set_key(&header, header.count, last + 1, ring);
	header.count++;
	return vault_change(vault, &header, kek, &ring, ret_header, err);
}

bool vault_retire(struct vault *vault, const struct vault_opener *opener, struct str *ret_header,
		  struct error *err)
{
	AUTO(str_clear) struct str before = STR_INIT(HEADER_MAX);
	AUTO(secret_freep) struct secret *ring = NULL, *kek = NULL;
	AUTO(vault_leavep) struct lock *held = NULL;
	struct header header;
	size_t newest;

	if (!opener_prove(vault, opener, &before, &kek, err))
		return false;
	held = vault_enter(vault);
	if (vault_moved(vault, &before))
		return error_set_moved(err);
	newest = vault->header.count - 1;
	header = (struct header){
		.recipe = vault->header.recipe,
		.count = 1,
		.keys = { vault->header.keys[newest] },
	};
	ring = header_ring_new(1);
	memcpy(secret_edit(ring), header_mark_key(vault->ring), VAULT_KEY_BYTES);
	memcpy(secret_edit(ring) + VAULT_KEY_BYTES, header_vault_key(vault->ring, newest),
	       VAULT_KEY_BYTES);
	return vault_change(vault, &header, kek, &ring, ret_header, err);
}

uint32_t vault_key_id(const struct vault *vault)
{
	AUTO(vault_leavep) struct lock *held = NULL;

	held = vault_enter(vault);
	return vault->header.keys[vault->header.count - 1].id;
}

/* The vault key at `index`, to wrap for that account. The lock is held, as long as this is used. */
static struct key_wrapper wrapper_of(const struct vault *vault, size_t index,
				     const char *account_id)
{
	return (struct key_wrapper){
		.key = header_vault_key(vault->ring, index),
		.id = vault->header.keys[index].id,
		.store_uuid = vault->store_uuid,
		.account_id = account_id,
	};
}

/* The account's key wrapped by the newest vault key, appended whole or not at all. */
static bool account_key_wrap(const struct vault *vault, const char *account_id,
			     const struct secret *key, struct str *ret_wrapped, struct error *err)
{
	AUTO(str_clear) struct str wrapped = STR_INIT(HEADER_MAX);
	AUTO(vault_leavep) struct lock *held = NULL;
	struct key_wrapper by;

	held = vault_enter(vault);
	by = wrapper_of(vault, vault->header.count - 1, account_id);
	return key_wrap(&by, key, &wrapped, err) && give(ret_wrapped, &wrapped, err);
}

/* Whichever vault key wrapped it. Errors: AUTH, INPUT (newer format). */
static bool account_key_unwrap(const struct vault *vault, const char *account_id,
			       const char *wrapped, size_t len, struct secret **ret_key,
			       struct error *err)
{
	AUTO(vault_leavep) struct lock *held = NULL;
	uint32_t id = key_wrapped_by(wrapped, len);
	struct key_wrapper by;
	size_t index = 0;

	held = vault_enter(vault);
	for (size_t i = 0; i < vault->header.count; i++) {
		if (vault->header.keys[i].id == id)
			index = i;
	}
	/* Of an unknown id the oldest key says what is wrong. */
	by = wrapper_of(vault, index, account_id);
	if (!key_unwrap(&by, wrapped, len, ret_key, err))
		return error_prefix(err, "the key of account '%s' does not open", account_id);
	return true;
}

bool vault_account_key(struct vault *vault, const char *account_id, struct str *ret_wrapped,
		       struct error *err)
{
	AUTO(secret_freep) struct secret *key = secret_random(VAULT_KEY_BYTES);

	return account_key_wrap(vault, account_id, key, ret_wrapped, err);
}

bool vault_rewrap_account_key(struct vault *vault, const char *account_id, const char *wrapped,
			      size_t len, struct str *ret_wrapped, struct error *err)
{
	AUTO(secret_freep) struct secret *key = NULL;

	return account_key_unwrap(vault, account_id, wrapped, len, &key, err) &&
	       account_key_wrap(vault, account_id, key, ret_wrapped, err);
}

uint32_t vault_wrapped_by(const char *wrapped, size_t len)
{
	return key_wrapped_by(wrapped, len);
}

bool vault_seal(struct vault *vault, const char *wrapped_key, size_t wrapped_len,
		const struct vault_binding *binding, const struct secret *secret,
		struct str *ret_sealed, struct error *err)
{
	AUTO(str_clear) struct str sealed = STR_INIT(STR_NO_LIMIT);
	AUTO(secret_freep) struct secret *key = NULL;
	struct seal_place place = { .store_uuid = vault->store_uuid, .binding = binding };

	if (!account_key_unwrap(vault, binding->account_id, wrapped_key, wrapped_len, &key, err))
		return false;
	place.account_key = key;
	return seal_add(&place, secret, &sealed, err) && give(ret_sealed, &sealed, err);
}

bool vault_open(struct vault *vault, const char *wrapped_key, size_t wrapped_len,
		const struct vault_binding *binding, const char *sealed, size_t len,
		struct secret **ret_secret, struct error *err)
{
	AUTO(secret_freep) struct secret *key = NULL;
	struct seal_place place = { .store_uuid = vault->store_uuid, .binding = binding };

	if (!account_key_unwrap(vault, binding->account_id, wrapped_key, wrapped_len, &key, err))
		return false;
	place.account_key = key;
	if (!seal_open(&place, sealed, len, ret_secret, err))
		return error_prefix(err, "the '%s' secret of account '%s' does not open",
				    binding->kind, binding->account_id);
	return true;
}

bool vault_mark(struct vault *vault, const char *purpose, const char *text, char *ret_hex,
		struct error *err)
{
	AUTO(vault_leavep) struct lock *held = NULL;
	const size_t purpose_len = strlen(purpose);
	const uint8_t prefix[] = { (uint8_t)(purpose_len >> 24), (uint8_t)(purpose_len >> 16),
				   (uint8_t)(purpose_len >> 8), (uint8_t)purpose_len };
	const struct key_piece pieces[] = {
		{ prefix, sizeof(prefix) },
		{ purpose, purpose_len },
		{ text, strlen(text) },
	};
	struct digest digest;

	if (purpose_len == 0 || purpose_len > KEY_AAD_MAX)
		return error_set(err, ERROR_INPUT, "a mark needs a short purpose");
	held = vault_enter(vault);
	key_hash(header_mark_key(vault->ring), pieces, ARRAY_LEN(pieces), digest.bytes,
		 sizeof(digest.bytes));
	digest_hex(&digest, ret_hex);
	return true;
}
