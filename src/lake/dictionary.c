/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Open addressing in a table that is never more than half full. */
#include "dictionary.h"

#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/hash.h"
#include "ledgerdeck/core/memory.h"

#define TABLE_START 1024

void dictionary_clear(struct dictionary *dictionary)
{
	str_clear(&dictionary->values);
	free(dictionary->ends);
	free(dictionary->table);
	*dictionary = (struct dictionary)DICTIONARY_INIT;
}

void dictionary_reset(struct dictionary *dictionary)
{
	str_reset(&dictionary->values);
	dictionary->count = 0;
	if (dictionary->table)
		memset(dictionary->table, 0, dictionary->table_size * sizeof(*dictionary->table));
}

const char *dictionary_at(const struct dictionary *dictionary, uint32_t place, size_t *ret_len)
{
	size_t start = place ? dictionary->ends[place - 1] : 0;

	*ret_len = dictionary->ends[place] - start;
	return dictionary->values.text + start;
}

/* Where it stands in the table, or where it would. */
static size_t find(const struct dictionary *dictionary, const char *bytes, size_t len)
{
	size_t mask = dictionary->table_size - 1, at = (size_t)hash_bytes(bytes, len) & mask, known_len;
	const char *known;

	for (; dictionary->table[at]; at = (at + 1) & mask) {
		known = dictionary_at(dictionary, dictionary->table[at] - 1, &known_len);
		if (known_len == len && memcmp(known, bytes, len) == 0)
			break;
	}
	return at;
}

static void grow_table(struct dictionary *dictionary)
{
	free(dictionary->table);
	dictionary->table_size = dictionary->table_size ? 2 * dictionary->table_size : TABLE_START;
	dictionary->table = memory_new(dictionary->table_size * sizeof(*dictionary->table));
	for (size_t i = 0; i < dictionary->count; i++) {
		size_t len;
		const char *bytes = dictionary_at(dictionary, (uint32_t)i, &len);

		dictionary->table[find(dictionary, bytes, len)] = (uint32_t)i + 1;
	}
}

uint32_t dictionary_place(struct dictionary *dictionary, const char *bytes, size_t len)
{
	size_t at;

	if (2 * (dictionary->count + 1) > dictionary->table_size)
		grow_table(dictionary);
	at = find(dictionary, bytes, len);
	if (dictionary->table[at])
		return dictionary->table[at] - 1;
	memory_grow(&dictionary->ends, &dictionary->room, dictionary->count + 1, sizeof(*dictionary->ends));
	str_add_bytes(&dictionary->values, bytes, len);
	dictionary->ends[dictionary->count++] = dictionary->values.len;
	dictionary->table[at] = (uint32_t)dictionary->count;
	return (uint32_t)dictionary->count - 1;
}
