/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Raw bytes of rows made readable again, for the files that read records. */
#ifndef STORE_ROWS_H
#define STORE_ROWS_H

#include "query.h"

/* Append the original of packed bytes; dictionaries are loaded when needed. */
bool rows_unpack(struct store *store, int64_t dictionary_no, const void *bytes, size_t len, struct str *out,
		 struct error *err);

#endif
