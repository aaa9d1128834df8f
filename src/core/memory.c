/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory that is there, and the one way to end when there is none. The hook's work (giving the
 * terminal back) is left to whoever sets it.
 */
#include "ledgerdeck/core/memory.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#define GROW_START 8
#define LARGE_BLOCK (128 << 10)
#define ARENAS 2

static _Atomic(void (*)(void)) fatal_hook;
static atomic_flag fatal_entered = ATOMIC_FLAG_INIT;
static _Thread_local bool fatal_here;

void *memory_new(size_t size)
{
	void *bytes = calloc(1, size ? size : 1);

	if (!bytes)
		memory_fatal();
	return bytes;
}

void *memory_resize(void *bytes, size_t size)
{
	void *resized = realloc(bytes, size ? size : 1);

	if (!resized)
		memory_fatal();
	return resized;
}

char *memory_copy(const char *bytes, size_t len)
{
	char *copy;

	if (len == SIZE_MAX)
		memory_fatal();
	copy = memory_resize(NULL, len + 1);
	if (len)
		memcpy(copy, bytes, len);
	copy[len] = '\0';
	return copy;
}

char *memory_copy_text(const char *text)
{
	return memory_copy(text, strlen(text));
}

void memory_freep(void *pointer_to_pointer)
{
	void *bytes;

	memcpy(&bytes, pointer_to_pointer, sizeof(bytes));
	free(bytes);
	bytes = NULL;
	memcpy(pointer_to_pointer, &bytes, sizeof(bytes));
}

void memory_grow(void *items, size_t *capacity, size_t needed, size_t item_size)
{
	size_t count = *capacity;
	void *array;

	if (needed <= count)
		return;
	if (count < GROW_START)
		count = GROW_START;
	while (count < needed)
		count = count > SIZE_MAX / 2 ? needed : count * 2;
	if (item_size && count > SIZE_MAX / item_size)
		memory_fatal();
	memcpy(&array, items, sizeof(array));
	array = memory_resize(array, count * item_size);
	memcpy(items, &array, sizeof(array));
	*capacity = count;
}

void memory_give_back(void)
{
#ifdef __GLIBC__
	malloc_trim(0);
#endif
}

void memory_stay_small(void)
{
#ifdef __GLIBC__
	mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK);
	mallopt(M_TRIM_THRESHOLD, LARGE_BLOCK);
	mallopt(M_ARENA_MAX, ARENAS);
#endif
}

void memory_on_fatal(void (*hook)(void))
{
	atomic_store(&fatal_hook, hook);
}

/*
 * The first thread that comes here ends the program. Others wait for that end, so that none
 * leaves while the hook is at work; a hook that itself runs out of memory ends at once.
 */
_Noreturn void memory_fatal(void)
{
	static const char line[] = "fatal: the system refuses memory or another resource\n";
	void (*hook)(void);
	ssize_t written;

	if (!atomic_flag_test_and_set(&fatal_entered)) {
		fatal_here = true;
		hook = atomic_load(&fatal_hook);
		if (hook)
			hook();
	} else if (!fatal_here) {
		for (;;)
			pause();
	}
	written = write(STDERR_FILENO, line, sizeof(line) - 1);
	(void)written;
	_exit(1);
}
