/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A vault with one account and one secret, made with a key file and opened again. */
#include "books.h"

#include "ledgerdeck/core/memory.h"

#include "tests.h"
#include "vectors.h"

const struct vault_binding books_refresh = {
	.account_id = VECTOR_ACCOUNT,
	.realm = VECTOR_REALM,
	.environment = "production",
	.kind = "refresh",
	.generation = 7,
};

struct vault_opener books_opener(const struct secret *key)
{
	return (struct vault_opener){ .key = key };
}

void books_init(struct books *books)
{
	AUTO(secret_freep) struct secret *secret = secret_of_text(VECTOR_SECRET);
	struct vault_opener opener;

	str_init(&books->header, TEXT_MAX);
	str_init(&books->wrapped, TEXT_MAX);
	str_init(&books->sealed, TEXT_MAX);
	books->key = secret_random(VAULT_KEY_BYTES);
	opener = books_opener(books->key);
	assert_true(vault_new(VECTOR_STORE, &opener, VAULT_MODERATE, &books->header,
			      &books->vault, NULL));
	assert_true(vault_account_key(books->vault, VECTOR_ACCOUNT, &books->wrapped, NULL));
	assert_true(vault_seal(books->vault, books->wrapped.text, books->wrapped.len,
			       &books_refresh, secret, &books->sealed, NULL));
}

void books_clear(struct books *books)
{
	vault_freep(&books->vault);
	secret_freep(&books->key);
	str_clear(&books->header);
	str_clear(&books->wrapped);
	str_clear(&books->sealed);
}

void books_unlock(const struct secret *key, const struct str *header, struct vault **ret_vault)
{
	const struct vault_opener opener = books_opener(key);
	struct error err = { 0 };

	if (!vault_unlock(VECTOR_STORE, &opener, header->text, header->len, ret_vault, &err))
		fail_msg("does not unlock: %s", err.text);
}

bool books_open(struct vault *vault, const struct str *wrapped, const struct str *sealed)
{
	AUTO(secret_freep) struct secret *secret = NULL;
	struct error err = { 0 };

	if (vault_open(vault, wrapped->text, wrapped->len, &books_refresh, sealed->text,
		       sealed->len, &secret, &err)) {
		assert_true(secret_is_text(secret, VECTOR_SECRET));
		return true;
	}
	assert_null(secret);
	expect_error(false, &err, ERROR_AUTH, "wrong key or damaged");
	return false;
}

bool books_unlocks(void *ctx, const char *bytes, size_t len, struct error *err)
{
	const struct vault_opener opener = books_opener(ctx);
	AUTO(vault_freep) struct vault *vault = NULL;

	return vault_unlock(VECTOR_STORE, &opener, bytes, len, &vault, err);
}
