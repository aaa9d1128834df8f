/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A chain of blocks from which pieces are cut; a large piece gets a block of its own. */
#include "xledger/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

#define BLOCK_BYTES ((size_t)16 << 10)
#define ALIGN 16
#define PRINT_MAX 401

struct arena_block {
	struct arena_block *next; /* owned */
	size_t used, room;
	_Alignas(ALIGN) char bytes[];
};

void *arena_new(struct arena *arena, size_t size)
{
	struct arena_block *block = arena->blocks;
	size_t need = (size + ALIGN - 1) / ALIGN * ALIGN;
	void *piece;

	if (!block || block->room - block->used < need) {
		size_t room = need > BLOCK_BYTES ? need : BLOCK_BYTES;

		block = memory_new(sizeof(*block) + room);
		block->room = room;
		block->next = arena->blocks;
		arena->blocks = block;
	}
	piece = block->bytes + block->used;
	block->used += need;
	return piece;
}

char *arena_text(struct arena *arena, const char *bytes, size_t len)
{
	char *text = arena_new(arena, len + 1);

	if (len > 0)
		memcpy(text, bytes, len);
	return text;
}

char *arena_print(struct arena *arena, const char *format, ...)
{
	char text[PRINT_MAX];
	va_list list;

	va_start(list, format);
	vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	return arena_text(arena, text, strlen(text));
}

void arena_clear(struct arena *arena)
{
	while (arena->blocks) {
		struct arena_block *next = arena->blocks->next;

		free(arena->blocks);
		arena->blocks = next;
	}
}
