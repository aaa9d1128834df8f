/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Starts libcurl with memory of ours: what it copies of headers, addresses and bodies may be
 * secret, and it frees without wiping. Every block is wiped before it goes back, so nothing of a
 * request is left behind in the heap. TLS itself is left to its library, which wipes its keys.
 */
#include "curl_start.h"

#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/secret.h"

/* What stands before each block, so that it is known how much to wipe. */
union block {
	size_t size;
	max_align_t align;
};

enum { NOT_STARTED, STARTING, STARTED };

static atomic_int curl_state = NOT_STARTED;

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

void curl_start(void)
{
	int expected = NOT_STARTED;

	if (atomic_load(&curl_state) == STARTED)
		return;
	if (atomic_compare_exchange_strong(&curl_state, &expected, STARTING)) {
		if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, block_new, block_free, block_resize,
					 block_copy_text, block_new_zeroed) != CURLE_OK)
			memory_fatal();
		atomic_store(&curl_state, STARTED);
		return;
	}
	while (atomic_load(&curl_state) != STARTED)
		sched_yield();
}
