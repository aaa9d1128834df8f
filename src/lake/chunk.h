/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One column of a row group: values go in, Parquet's pages come out, packed. Values are kept once each as long as that pays (a
 * dictionary), and as they are from then on. All but the page that is being filled is packed already.
 */
#ifndef LAKE_CHUNK_H
#define LAKE_CHUNK_H

#include "ledgerdeck/core/compress.h"
#include "ledgerdeck/model/columns.h"
#include "bounds.h"
#include "dictionary.h"
#include "parquet_words.h"

#define CHUNK_PAGE_BYTES (1 << 20) /* of plain values in a page */

struct chunk {
	enum column_kind kind;
	bool is_whole;            /* texts are records: too long and too different for bounds and dictionaries */
	int level;                /* of zstd; 0: pages are not packed */
	struct compress *compress; /* borrowed */

	/* The page that is being filled. */
	struct str plain;         /* owned: its values, one behind the other */
	struct str flags;         /* owned: of FLAG, its values as bits */
	uint32_t *places;         /* owned: its values' places in the dictionary */
	size_t place_count, place_room;
	struct str present;       /* owned: a bit for each row */
	size_t rows, there;       /* there: of them have a value */

	/* The chunk so far. */
	struct dictionary dictionary;
	bool has_dictionary;      /* values go by the dictionary */
	struct str pages;         /* owned: with their headers */
	size_t pages_plain;       /* the bytes of `pages` before they were packed, with headers */
	bool by_dictionary, by_plain; /* there are such pages */
	size_t bytes;             /* of all values as they would stand plain */
	int64_t row_count, null_count;
	struct bounds bounds;
	struct str work;          /* owned */
};

void chunk_init(struct chunk *chunk, const struct column *column, int level, struct compress *compress);
void chunk_clear(struct chunk *chunk);
void chunk_reset(struct chunk *chunk); /* for the next row group */
void chunk_add(struct chunk *chunk, const struct column_value *value);
/* Ends the last page. */
void chunk_end(struct chunk *chunk);
/* The page of the dictionary, appended; returns its bytes before it was packed, header included. 0: there is none. */
size_t chunk_add_dictionary(struct chunk *chunk, struct str *out);

#endif
