/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The format of the vault's header. Deriving the key that opens it is left to key.c, when it
 * changes to vault.c.
 *
 * magic "LDVH", format (2 bytes), suite (1), KDF (1), passes (4), memory in KiB (4), salt (16),
 * number of vault keys (1), then for each its id (4) and BLAKE2b(id, key) (32), then one box with
 * the ring. Associated data: all before the box, and the store's uuid; so nothing can be changed,
 * left out or moved to another store. The commitments make the box say which key it is for, which
 * XChaCha20-Poly1305 by itself does not.
 */
#include "header.h"

#include <assert.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

#include "bytes.h"

#define HEADER_MAGIC "LDVH"
#define CLEAR_FIXED (4 + 2 + 1 + 1 + 4 + 4 + KEY_SALT_BYTES + 1)
#define CLEAR_PER_KEY (4 + KEY_COMMITMENT_BYTES)

static size_t clear_len(size_t count)
{
	return CLEAR_FIXED + count * CLEAR_PER_KEY;
}

static size_t ring_len(size_t count)
{
	return (1 + count) * VAULT_KEY_BYTES;
}

_Static_assert(CLEAR_FIXED + HEADER_KEYS_MAX * (CLEAR_PER_KEY + VAULT_KEY_BYTES) +
	       VAULT_KEY_BYTES + KEY_BOX_MORE <= HEADER_MAX, "every header fits");

struct secret *header_ring_new(size_t count)
{
	assert(count > 0 && count <= HEADER_KEYS_MAX);
	return secret_random(ring_len(count));
}

const char *header_mark_key(const struct secret *ring)
{
	return secret_reveal(ring);
}

const char *header_vault_key(const struct secret *ring, size_t index)
{
	assert(ring_len(index + 1) <= secret_len(ring));
	return secret_reveal(ring) + ring_len(index);
}

void header_set_key(struct header *header, size_t index, uint32_t id, const struct secret *ring)
{
	assert(index < HEADER_KEYS_MAX);
	header->keys[index].id = id;
	key_commit(id, header_vault_key(ring, index), header->keys[index].commitment);
}

static void clear_add(const struct header *header, struct str *out)
{
	const struct key_recipe *recipe = &header->recipe;

	str_add(out, HEADER_MAGIC);
	bytes_add_number(out, KEY_FORMAT, 2);
	bytes_add_number(out, KEY_SUITE, 1);
	bytes_add_number(out, recipe->kdf, 1);
	bytes_add_number(out, recipe->passes, 4);
	bytes_add_number(out, recipe->memory_kib, 4);
	str_add_bytes(out, (const char *)recipe->salt, sizeof(recipe->salt));
	bytes_add_number(out, header->count, 1);
	for (size_t i = 0; i < header->count; i++) {
		bytes_add_number(out, header->keys[i].id, 4);
		str_add_bytes(out, (const char *)header->keys[i].commitment, KEY_COMMITMENT_BYTES);
	}
}

static void aad_add(const char *clear, size_t len, const char *store_uuid, struct str *out)
{
	bytes_add_field(out, clear, len);
	bytes_add_text_field(out, store_uuid);
}

bool header_add(const struct header *header, const char *store_uuid, const struct secret *kek,
		const struct secret *ring, struct str *ret_bytes, struct error *err)
{
	AUTO(str_clear) struct str bytes = STR_INIT(HEADER_MAX);
	AUTO(str_clear) struct str aad = STR_INIT(KEY_AAD_MAX);

	assert(header->count > 0 && header->count <= HEADER_KEYS_MAX);
	assert(secret_len(ring) == ring_len(header->count) && secret_len(kek) == VAULT_KEY_BYTES);
	clear_add(header, &bytes);
	aad_add(bytes.text, bytes.len, store_uuid, &aad);
	if (str_is_cut(&aad))
		return error_set(err, ERROR_INPUT, "the store's uuid is too long");
	key_box_add(secret_reveal(kek), &aad, secret_reveal(ring), secret_len(ring), &bytes);
	str_add_bytes(ret_bytes, bytes.text, bytes.len);
	return true;
}

static bool keys_read(struct bytes *from, struct header *header)
{
	uint32_t last = 0;

	header->count = (size_t)bytes_take_number(from, 1);
	if (header->count == 0 || header->count > HEADER_KEYS_MAX)
		return false;
	for (size_t i = 0; i < header->count; i++) {
		uint32_t id = (uint32_t)bytes_take_number(from, 4);
		const char *commitment = bytes_take(from, KEY_COMMITMENT_BYTES);

		if (!commitment || id <= last)
			return false;
		header->keys[i].id = last = id;
		memcpy(header->keys[i].commitment, commitment, KEY_COMMITMENT_BYTES);
	}
	return true;
}

bool header_read(const char *bytes, size_t len, struct header *ret_header, struct error *err)
{
	struct bytes from = { .at = bytes, .left = len };
	struct header header = { 0 };
	uint64_t format, suite;
	const char *salt;

	if (!bytes_take_equal(&from, HEADER_MAGIC, 4))
		return error_set(err, ERROR_INPUT, "this is not the header of a vault");
	format = bytes_take_number(&from, 2);
	suite = bytes_take_number(&from, 1);
	if (!from.cut && (format != KEY_FORMAT || suite != KEY_SUITE))
		return error_set(err, ERROR_INPUT,
				 "the vault has a format (%u, suite %u) that this version of "
				 "ledgerdeck does not know: upgrade it", (unsigned)format,
				 (unsigned)suite);
	header.recipe.kdf = (enum key_kdf)bytes_take_number(&from, 1);
	header.recipe.passes = (uint32_t)bytes_take_number(&from, 4);
	header.recipe.memory_kib = (uint32_t)bytes_take_number(&from, 4);
	salt = bytes_take(&from, KEY_SALT_BYTES);
	if (!salt)
		return error_set(err, ERROR_INPUT, "the header of the vault is cut");
	memcpy(header.recipe.salt, salt, KEY_SALT_BYTES);
	if (!key_recipe_check(&header.recipe, err))
		return false;
	if (!keys_read(&from, &header) || from.left != KEY_BOX_MORE + ring_len(header.count))
		return error_set(err, ERROR_INPUT, "the header of the vault is damaged or cut");
	*ret_header = header;
	return true;
}

static bool commitments_hold(const struct header *header, const struct secret *ring)
{
	uint8_t commitment[KEY_COMMITMENT_BYTES];

	for (size_t i = 0; i < header->count; i++) {
		key_commit(header->keys[i].id, header_vault_key(ring, i), commitment);
		if (memcmp(commitment, header->keys[i].commitment, sizeof(commitment)) != 0)
			return false;
	}
	return true;
}

bool header_open(const char *bytes, size_t len, const char *store_uuid, const struct secret *kek,
		 struct header *ret_header, struct secret **ret_ring, struct error *err)
{
	AUTO(str_clear) struct str aad = STR_INIT(KEY_AAD_MAX);
	AUTO(secret_freep) struct secret *ring = NULL;
	struct header header;
	size_t clear;

	assert(secret_len(kek) == VAULT_KEY_BYTES);
	if (!header_read(bytes, len, &header, err))
		return false;
	clear = clear_len(header.count);
	aad_add(bytes, clear, store_uuid, &aad);
	if (str_is_cut(&aad) ||
	    !key_box_open(secret_reveal(kek), &aad, bytes + clear, len - clear, &ring) ||
	    !commitments_hold(&header, ring))
		return error_set(err, ERROR_AUTH, "the vault does not open: wrong key or damaged");
	*ret_header = header;
	*ret_ring = memory_steal(&ring);
	return true;
}
