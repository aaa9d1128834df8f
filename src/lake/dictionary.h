/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The different values of a column, each once and in the order that they came in, as Parquet writes them. */
#ifndef LAKE_DICTIONARY_H
#define LAKE_DICTIONARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/str.h"

struct dictionary {
	struct str values;  /* owned: as they stand in the file */
	size_t *ends;       /* owned: of each */
	size_t count, room;
	uint32_t *table;    /* owned: places plus 1, 0 is empty */
	size_t table_size;  /* a power of two, or 0 */
};

#define DICTIONARY_INIT { .values = STR_INIT(STR_NO_LIMIT) }

void dictionary_clear(struct dictionary *dictionary);
void dictionary_reset(struct dictionary *dictionary); /* empty, keeps its room */
/* The place of a value, new or known. The bytes are all that the file has of it. */
uint32_t dictionary_place(struct dictionary *dictionary, const char *bytes, size_t len);
/* Borrowed until the next one is added. */
const char *dictionary_at(const struct dictionary *dictionary, uint32_t place, size_t *ret_len);

#endif
