/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libmicrohttpd's functions. */
#include "libmicrohttpd.h"

#include "ledgerdeck/core/memory.h"
#include "library.h"

#define ROW(name) { "MHD_" #name, offsetof(struct libmicrohttpd, name) },

const struct libmicrohttpd *libmicrohttpd(void)
{
	static const struct library_function functions[] = { LIBMICROHTTPD_FUNCTIONS(ROW) };
	static struct libmicrohttpd table;
	static struct library library = { LIBMICROHTTPD_FILE, functions, ARRAY_LEN(functions), &table, NULL, 0 };

	library_need(&library);
	return &table;
}
