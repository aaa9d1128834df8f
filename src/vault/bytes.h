/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the vault's formats are written and read: numbers with the greatest byte first, and fields
 * with their length (4 bytes) before them, so that no two lists of fields give the same bytes.
 */
#ifndef LEDGERDECK_VAULT_BYTES_H
#define LEDGERDECK_VAULT_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "ledgerdeck/core/str.h"

/* What is still to be read; `cut` once more was asked for than there was. */
struct bytes {
	const char *at; /* borrowed: whoever made it */
	size_t left;
	bool cut;
};

static inline void bytes_add_number(struct str *out, uint64_t value, int width)
{
	for (int i = width - 1; i >= 0; i--)
		str_add_char(out, (char)(value >> (8 * i) & 0xff));
}

/* A field of 4 GiB or more does not fit into any `out` of the vault, which then is cut. */
static inline void bytes_add_field(struct str *out, const void *bytes, size_t len)
{
	bytes_add_number(out, len, 4);
	str_add_bytes(out, bytes, len);
}

static inline void bytes_add_text_field(struct str *out, const char *text)
{
	bytes_add_field(out, text, strlen(text));
}

/* The next `len` bytes, borrowed; NULL when they are not there. */
static inline const char *bytes_take(struct bytes *from, size_t len)
{
	const char *taken = from->at;

	if (from->cut || len > from->left) {
		from->cut = true;
		return NULL;
	}
	from->at += len;
	from->left -= len;
	return taken;
}

/* The next `width` bytes as a number; 0 when they are not there. */
static inline uint64_t bytes_take_number(struct bytes *from, int width)
{
	const char *taken = bytes_take(from, (size_t)width);
	uint64_t value = 0;

	for (int i = 0; taken && i < width; i++)
		value = value << 8 | (unsigned char)taken[i];
	return value;
}

/* Are the next bytes these? They are taken in any case. */
static inline bool bytes_take_equal(struct bytes *from, const void *bytes, size_t len)
{
	const char *taken = bytes_take(from, len);

	return taken && memcmp(taken, bytes, len) == 0;
}

#endif
