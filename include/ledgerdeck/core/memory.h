/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory that is there: out of memory ends the program through memory_fatal(), which first runs
 * a hook that gives the terminal back. Sizes that come from outside are limited before they get
 * here. Ownership is in the names: AUTO() releases at the end of the scope, steal() hands out.
 */
#ifndef LEDGERDECK_CORE_MEMORY_H
#define LEDGERDECK_CORE_MEMORY_H

#include <stddef.h>

/* Release at the end of the scope; `fn` takes a pointer to the variable. */
#define AUTO(fn) __attribute__((cleanup(fn)))
#define ARRAY_LEN(array) (sizeof(array) / sizeof((array)[0]))

void *memory_new(size_t size);                              /* zeroed */
void *memory_resize(void *bytes, size_t size);              /* as realloc; `bytes` may be NULL */
char *memory_copy_text(const char *text);                   /* the caller frees */
char *memory_copy(const char *bytes, size_t len);           /* with a NUL behind it */
void memory_freep(void *pointer_to_pointer);                /* for AUTO(): frees, leaves NULL */

/* Take the pointer out of an AUTO variable. */
static inline void *memory_steal(void *pointer_to_pointer)
{
	void **from = pointer_to_pointer;
	void *taken = *from;

	*from = NULL;
	return taken;
}

/*
 * Room for one more item in a growing array: `items` points to the array pointer, `capacity` to
 * its size in items. Doubles.
 */
void memory_grow(void *items, size_t *capacity, size_t needed, size_t item_size);

/* Hand what is free back to the system: for who has worked and now waits. Takes milliseconds. Any thread. */
void memory_give_back(void);

/*
 * For a program whose threads take up pages of records all the time and let them go again: large blocks go back to the system
 * at once, and threads share what small ones leave behind. Before the first thread.
 */
void memory_stay_small(void);

/* Called once before the program ends for want of memory; NULL: none. */
void memory_on_fatal(void (*hook)(void));
_Noreturn void memory_fatal(void);

#endif
