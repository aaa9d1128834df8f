/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loading a library when it is needed, once, whoever comes first. */
#include "library.h"

#include <dlfcn.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

enum { ABSENT, LOADING, READY };

/* Much as the system's loader would have said when the program began. */
static _Noreturn void give_up(void)
{
	fprintf(stderr, "ledgerdeck: %s\n", dlerror());
	memory_fatal();
}

static void load(const struct library *library)
{
	void *handle = dlopen(library->file, RTLD_NOW | RTLD_LOCAL);

	if (!handle)
		give_up();
	for (size_t i = 0; i < library->count; i++) {
		void *function = dlsym(handle, library->functions[i].name);

		if (!function)
			give_up();
		memcpy((char *)library->table + library->functions[i].offset, &function, sizeof(function));
	}
	if (library->start)
		library->start();
}

void library_need(struct library *library)
{
	int expected = ABSENT;

	if (atomic_load(&library->state) == READY)
		return;
	if (atomic_compare_exchange_strong(&library->state, &expected, LOADING)) {
		load(library);
		atomic_store(&library->state, READY);
		return;
	}
	while (atomic_load(&library->state) != READY)
		sched_yield();
}
