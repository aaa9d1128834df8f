/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of the vault act on: one store with one account that has one secret. */
#ifndef LEDGERDECK_TESTS_UNIT_VAULT_BOOKS_H
#define LEDGERDECK_TESTS_UNIT_VAULT_BOOKS_H

#include "ledgerdeck/core/str.h"
#include "ledgerdeck/vault/vault.h"

struct books {
	struct secret *key; /* of the key file; owned, as all here */
	struct vault *vault;
	struct str header, wrapped, sealed;
};

/* Where the secret belongs. */
extern const struct vault_binding books_refresh;

void books_init(struct books *books);
void books_clear(struct books *books);

struct vault_opener books_opener(const struct secret *key);
/* The vault of that header; a failure fails the test. */
void books_unlock(const struct secret *key, const struct str *header, struct vault **ret_vault);
/* The same as an answer; `ctx` is the key. */
bool books_unlocks(void *ctx, const char *bytes, size_t len, struct error *err);
/* Does the secret open? Anything but the right answer and the right error fails the test. */
bool books_open(struct vault *vault, const struct str *wrapped, const struct str *sealed);

#endif
