/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes of rows packed and made readable again, and the rows of records and attempts. */
#ifndef STORE_ROWS_H
#define STORE_ROWS_H

#include "ledgerdeck/store/log.h"
#include "ledgerdeck/store/records.h"
#include "query.h"

/* Append the packed form, without a dictionary; of no bytes nothing. */
bool rows_pack(struct store *store, const char *bytes, size_t len, struct str *out, struct error *err);
/* Append the original of packed bytes; dictionaries are loaded when needed. */
bool rows_unpack(struct store *store, int64_t dictionary_no, const void *bytes, size_t len, struct str *out,
		 struct error *err);

/* The first columns of every statement that reads records (list.c); texts are borrowed until the next row, or kept. */
void row_record(const struct query *query, struct record_row *row);
void row_record_keep(struct record_row *row, struct str *texts /* empty */);

/* then.c: the table record_then, whose columns list.c has; its second argument is a pointer to a struct record_moment. */
#define RECORD_MOMENT "moment"
const char *list_then_columns(void);
bool then_register(struct store *store, struct error *err);

/* The columns of every statement that reads attempts. */
#define ROW_ATTEMPT_DETAIL 26
void row_attempt(const struct query *query, struct attempt *attempt);

#endif
