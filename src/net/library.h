/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Libraries that are loaded with the first call of them. libcurl and libmicrohttpd bring thirty others along, and loading
 * those takes longer than all that a command does that asks no ledger.
 */
#ifndef LEDGERDECK_NET_LIBRARY_H
#define LEDGERDECK_NET_LIBRARY_H

#include <stdatomic.h>
#include <stddef.h>

struct library_function {
	const char *name;
	size_t offset;            /* of its pointer in the table */
};

struct library {
	const char *file;         /* as the loader finds it */
	const struct library_function *functions;
	size_t count;
	void *table;              /* of pointers, filled with the first use */
	void (*start)(void);      /* called once, behind that; NULL: nothing to start */
	atomic_int state;         /* begins as 0 */
};

/* Loads it unless it is there. It stays. Without it the program ends, and says why. Any thread. */
void library_need(struct library *library);

#endif
