/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Starts libcurl with memory of ours: what it copies of headers, addresses and bodies may be
 * secret, and it frees without wiping. Every block is wiped before it goes back, so nothing of a
 * request is left behind in the heap. TLS itself is left to its library, which wipes its keys.
 */
#include "libcurl.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/secret.h"
#include "library.h"

#define ROW(name) { "curl_" #name, offsetof(struct libcurl, name) },

/* What stands before each block, so that it is known how much to wipe. */
union block {
	size_t size;
	max_align_t align;
};

static struct libcurl table;

static void *block_new(size_t size)
{
	union block *block;

	if (size > SIZE_MAX - sizeof(*block))
		return NULL;
	block = malloc(sizeof(*block) + size);
	if (!block)
		return NULL;
	block->size = size;
	return block + 1;
}

static void block_free(void *bytes)
{
	union block *block = bytes;

	if (!block)
		return;
	block--;
	secret_wipe(block, sizeof(*block) + block->size);
	free(block);
}

/* Never in place: what it leaves behind is wiped, too. */
static void *block_resize(void *bytes, size_t size)
{
	const union block *block = bytes;
	void *fresh = block_new(size);
	size_t kept;

	if (!fresh || !block)
		return fresh;
	kept = block[-1].size < size ? block[-1].size : size;
	memcpy(fresh, bytes, kept);
	block_free(bytes);
	return fresh;
}

static char *block_copy_text(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = block_new(size);

	return copy ? memcpy(copy, text, size) : NULL;
}

static void *block_new_zeroed(size_t count, size_t size)
{
	void *bytes;

	if (size > 0 && count > SIZE_MAX / size)
		return NULL;
	bytes = block_new(count * size);
	return bytes ? memset(bytes, 0, count * size) : NULL;
}

static void start(void)
{
	if (table.global_init_mem(CURL_GLOBAL_DEFAULT, block_new, block_free, block_resize, block_copy_text, block_new_zeroed) !=
	    CURLE_OK)
		memory_fatal();
}

const struct libcurl *libcurl(void)
{
	static const struct library_function functions[] = { LIBCURL_FUNCTIONS(ROW) };
	static struct library library = { LIBCURL_FILE, functions, ARRAY_LEN(functions), &table, start, 0 };

	library_need(&library);
	return &table;
}
