/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes of rows packed and made readable again, and the rows of attempts. */
#ifndef STORE_ROWS_H
#define STORE_ROWS_H

#include "ledgerdeck/store/log.h"
#include "query.h"

/* Append the packed form, without a dictionary; of no bytes nothing. */
bool rows_pack(struct store *store, const char *bytes, size_t len, struct str *out, struct error *err);
/* Append the original of packed bytes; dictionaries are loaded when needed. */
bool rows_unpack(struct store *store, int64_t dictionary_no, const void *bytes, size_t len, struct str *out,
		 struct error *err);

/* The columns of every statement that reads attempts. */
#define ROW_ATTEMPT_DETAIL 26
void row_attempt(const struct query *query, struct attempt *attempt);

#endif
