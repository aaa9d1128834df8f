/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sealed secrets. Where the key comes from is left to key.c and vault.c, where the bytes go to the
 * store.
 *
 * A sealed secret: magic "LDSR", format (2 bytes), suite (1), name of the account's key (16),
 * generation (8), box. Associated data: all before the box, then format, store uuid, account id,
 * realm, environment, kind, name of the key and generation, each as a field of its own.
 */
#include "seal.h"

#include <assert.h>

#include "ledgerdeck/core/memory.h"

#include "bytes.h"
#include "key.h"

#define SEALED_MAGIC "LDSR"
#define SEALED_CLEAR (4 + 2 + 1 + KEY_ID_BYTES + 8)

static void clear_add(const struct seal_place *place, struct str *out)
{
	uint8_t name[KEY_ID_BYTES];

	key_name(secret_reveal(place->account_key), name);
	str_add(out, SEALED_MAGIC);
	bytes_add_number(out, KEY_FORMAT, 2);
	bytes_add_number(out, KEY_SUITE, 1);
	str_add_bytes(out, (const char *)name, sizeof(name));
	bytes_add_number(out, place->binding->generation, 8);
}

static void number_field_add(struct str *out, uint64_t value, int width)
{
	bytes_add_number(out, (uint64_t)width, 4);
	bytes_add_number(out, value, width);
}

static void aad_add(const struct seal_place *place, const struct str *clear, struct str *out)
{
	const struct vault_binding *binding = place->binding;

	bytes_add_field(out, clear->text, clear->len);
	number_field_add(out, KEY_FORMAT, 2);
	bytes_add_text_field(out, place->store_uuid);
	bytes_add_text_field(out, binding->account_id);
	bytes_add_text_field(out, binding->realm);
	bytes_add_text_field(out, binding->environment);
	bytes_add_text_field(out, binding->kind);
	bytes_add_field(out, clear->text + 4 + 2 + 1, KEY_ID_BYTES);
	number_field_add(out, binding->generation, 8);
}

bool seal_add(const struct seal_place *place, const struct secret *secret, struct str *ret_sealed,
	      struct error *err)
{
	AUTO(str_clear) struct str clear = STR_INIT(SEALED_CLEAR);
	AUTO(str_clear) struct str aad = STR_INIT(KEY_AAD_MAX);

	assert(secret_len(place->account_key) == VAULT_KEY_BYTES);
	clear_add(place, &clear);
	aad_add(place, &clear, &aad);
	if (str_is_cut(&aad))
		return error_set(err, ERROR_INPUT,
				 "the names that a secret is bound to are too long");
	str_add_bytes(ret_sealed, clear.text, clear.len);
	key_box_add(secret_reveal(place->account_key), &aad, secret_reveal(secret),
		    secret_len(secret), ret_sealed);
	return true;
}

/* Of another format or suite than ours? Only what carries the magic has one. */
static bool is_foreign(const char *sealed, size_t len, uint64_t *ret_format, uint64_t *ret_suite)
{
	struct bytes from = { .at = sealed, .left = len };
	bool ours = bytes_take_equal(&from, SEALED_MAGIC, 4);

	*ret_format = bytes_take_number(&from, 2);
	*ret_suite = bytes_take_number(&from, 1);
	return ours && !from.cut && (*ret_format != KEY_FORMAT || *ret_suite != KEY_SUITE);
}

bool seal_open(const struct seal_place *place, const char *sealed, size_t len,
	       struct secret **ret_secret, struct error *err)
{
	AUTO(str_clear) struct str clear = STR_INIT(SEALED_CLEAR);
	AUTO(str_clear) struct str aad = STR_INIT(KEY_AAD_MAX);
	AUTO(secret_freep) struct secret *secret = NULL;
	struct bytes from = { .at = sealed, .left = len };
	uint64_t format, suite;

	assert(secret_len(place->account_key) == VAULT_KEY_BYTES);
	if (is_foreign(sealed, len, &format, &suite))
		return error_set(err, ERROR_INPUT,
				 "it was sealed in a format (%u, suite %u) that this version of "
				 "ledgerdeck does not know: upgrade it", (unsigned)format,
				 (unsigned)suite);
	/* All that may stand before the box is known: it is compared, not believed. */
	clear_add(place, &clear);
	aad_add(place, &clear, &aad);
	if (str_is_cut(&aad) || !bytes_take_equal(&from, clear.text, clear.len) ||
	    !key_box_open(secret_reveal(place->account_key), &aad, from.at, from.left, &secret))
		return error_set(err, ERROR_AUTH, "wrong key or damaged");
	*ret_secret = memory_steal(&secret);
	return true;
}
