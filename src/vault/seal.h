/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Secrets sealed by an account's key and bound to their place; see seal.c for the format. */
#ifndef LEDGERDECK_VAULT_SEAL_H
#define LEDGERDECK_VAULT_SEAL_H

#include <stdbool.h>
#include <stddef.h>

#include "ledgerdeck/vault/vault.h"

/* Where a secret belongs: nowhere else does it open. */
struct seal_place {
	const struct secret *account_key;    /* VAULT_KEY_BYTES; borrowed: the caller */
	const char *store_uuid;              /* borrowed: the vault */
	const struct vault_binding *binding; /* borrowed: the caller */
};

/* Appended. Errors: INPUT (the binding's names are too long). Any thread. */
bool seal_add(const struct seal_place *place, const struct secret *secret, struct str *ret_sealed,
	      struct error *err);
/* Errors: AUTH (any other place, or damaged), INPUT (newer format). Any thread. */
bool seal_open(const struct seal_place *place, const char *sealed, size_t len,
	       struct secret **ret_secret, struct error *err);

#endif
