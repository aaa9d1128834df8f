/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Raw records made small: zstd at level 1 with a dictionary trained per type. */
#ifndef LEDGERDECK_CORE_COMPRESS_H
#define LEDGERDECK_CORE_COMPRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "ledgerdeck/core/error.h"
#include "ledgerdeck/core/str.h"

#define COMPRESS_DICTIONARY_MAX 32768
#define COMPRESS_RECORD_MAX ((size_t)16 << 20)

struct compress_dictionary; /* shared by threads once made */

struct compress_dictionary *compress_dictionary_new(const void *bytes, size_t len); /* copies; NULL: damaged */
void compress_dictionary_free(struct compress_dictionary *dictionary);
/* Train one from samples that lie one behind the other; appends its bytes. False: too little or too uniform. */
bool compress_train(const char *samples, const size_t *lens, size_t count, struct str *out);

struct compress; /* one thread's working memory */
struct compress *compress_new(void);
void compress_free(struct compress *compress);
void compress_rest(struct compress *compress);  /* gives its memory back until it is needed again */
/* Append the compressed form, whole or (beyond a limit, then marked as cut) not at all. `dictionary` may be NULL. */
void compress_pack(struct compress *compress, const struct compress_dictionary *dictionary, const char *bytes,
		   size_t len, struct str *out);
/* The same for other programs: a frame that says its size, without dictionary and checksum, at a level from 1 on; of any length. */
void compress_frame(struct compress *compress, int level, const char *bytes, size_t len, struct str *out);
/* Append the original. Error STORE: damaged, or of another dictionary. */
bool compress_unpack(struct compress *compress, const struct compress_dictionary *dictionary, const char *bytes,
		     size_t len, struct str *out, struct error *err);

#endif
