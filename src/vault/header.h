/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The vault's header: what the store keeps so that an opener gives the vault keys; see header.c. */
#ifndef LEDGERDECK_VAULT_HEADER_H
#define LEDGERDECK_VAULT_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/error.h"
#include "ledgerdeck/core/secret.h"
#include "ledgerdeck/core/str.h"

#include "key.h"

#define HEADER_KEYS_MAX 16  /* vault keys at one time */
#define HEADER_MAX 2048     /* bytes of a header */

/* The part in the clear. */
struct header {
	struct key_recipe recipe;
	size_t count; /* 1 to HEADER_KEYS_MAX */
	struct header_key {
		uint32_t id; /* at least 1, ascending */
		uint8_t commitment[KEY_COMMITMENT_BYTES];
	} keys[HEADER_KEYS_MAX]; /* oldest first */
};

/*
 * The part that is boxed is the ring: the mark key, which stays the same for the vault's whole
 * life, then the vault keys as the header names them, VAULT_KEY_BYTES each.
 */
/* With a mark key and `count` vault keys, all random; the caller frees. */
struct secret *header_ring_new(size_t count);
/* Borrowed: the ring. */
const char *header_mark_key(const struct secret *ring);
const char *header_vault_key(const struct secret *ring, size_t index);

/* Name the ring's key at `index` by that id, with its commitment. */
void header_set_key(struct header *header, size_t index, uint32_t id, const struct secret *ring);

/* The whole header, appended. Errors: INPUT (the uuid is too long). Any thread. */
bool header_add(const struct header *header, const char *store_uuid, const struct secret *kek,
		const struct secret *ring, struct str *ret_bytes, struct error *err);
/*
 * The part in the clear, checked for sense only. Errors: INPUT (no header, cut, of a newer program,
 * or absurd). Any thread.
 */
bool header_read(const char *bytes, size_t len, struct header *ret_header, struct error *err);
/* And the ring. Errors: as header_read(), AUTH (wrong key or store, or damaged). Any thread. */
bool header_open(const char *bytes, size_t len, const char *store_uuid, const struct secret *kek,
		 struct header *ret_header, struct secret **ret_ring, struct error *err);

#endif
