/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory that lives as long as one request, or one schema, and is released all at once. */
#ifndef XLEDGER_ARENA_H
#define XLEDGER_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *blocks; /* owned: the newest first */
};

void *arena_new(struct arena *arena, size_t size); /* zeroed, for any type */
char *arena_text(struct arena *arena, const char *bytes, size_t len); /* with a NUL behind it */
/* printf into the arena; the text has at most 400 bytes. */
char *arena_print(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
void arena_clear(struct arena *arena); /* releases; can be used again */

#endif
