/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One statement being carried out. Texts of statements stand in statements.c only; call sites use
 * their names. The first failure of a query is kept and asked for once, by query_end().
 */
#ifndef STORE_QUERY_H
#define STORE_QUERY_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/error.h"
#include "ledgerdeck/core/str.h"
#include "statements.h"

#define STORE_BELL "-bell"
#define STORE_COPIED "copied_ms" /* in meta: when a backup was taken */

struct store {
	sqlite3 *db;                           /* owned */
	sqlite3_stmt *statements[STATEMENT_COUNT]; /* owned: prepared when first used */
	char *path;                            /* owned */
	char *bell_path;                       /* owned */
	int bell;                              /* descriptor, locked while this is open; -1: none */
	int busy_ms;
	char uuid[40];
	int64_t epoch;
	bool writes;                           /* may write */
	bool in_transaction;
	struct lock *turn;                     /* borrowed: held within transactions; NULL: nobody else here writes */
	struct dictionary *dictionaries;       /* owned: records.c */
	size_t dictionary_count, dictionary_room;
	size_t dictionaries_kept;              /* of these, what the file had before the open transaction */
	struct compress *compress;             /* owned: to pack and unpack with */
};

struct query {
	struct store *store;
	sqlite3_stmt *statement;               /* borrowed: the store's */
	int result;                            /* SQLITE_OK, or the first failure */
	int at;                                /* last bound parameter */
};

/* Start one; that each can be prepared is tested. Binding goes from the first parameter on. */
struct query query_start(struct store *store, enum statement statement);
/* A statement that is put together at run time (records_list); finalised by query_end(). */
struct query query_of_text(struct store *store, const char *sql);
void query_integer(struct query *query, int64_t value);
void query_text(struct query *query, const char *text);                   /* NULL: null */
void query_text_len(struct query *query, const char *text, size_t len);
void query_blob(struct query *query, const void *bytes, size_t len);
void query_pointer(struct query *query, const void *pointer, const char *kind /* a literal */); /* borrowed until it ends */
void query_null(struct query *query);
void query_integer_or_null(struct query *query, bool has, int64_t value);
bool query_next(struct query *query);      /* a row; false: done, or failed */
/* Carry out, reset, and tell: false with STORE once something failed. */
bool query_end(struct query *query, struct error *err);
bool query_run(struct query *query, struct error *err); /* carry out without rows, then end */
int64_t query_changes(const struct query *query);       /* rows that the last statement changed */

int64_t row_integer(const struct query *query, int column);
const char *row_text(const struct query *query, int column);              /* "" for null; until the next row */
size_t row_len(const struct query *query, int column);
const void *row_blob(const struct query *query, int column);
bool row_is_null(const struct query *query, int column);
void row_copy(const struct query *query, int column, char *out, size_t size); /* cut to fit */

/* What went wrong with the file, for a person; false always. */
bool store_failed(const struct store *store, int result, struct error *err);

/* The first row's first number; 0 when there is no row. */
bool query_number(struct store *store, const char *sql, int64_t *ret_number, struct error *err);
/* Statements without parameters and rows. */
bool query_execute(struct store *store, const char *sql, struct error *err);

/* Is it ours and of a format that is known here? Looks, and changes nothing. */
bool schema_check(struct store *store, bool create, struct error *err);   /* schema.c */
bool schema_prepare(struct store *store, bool create, struct error *err); /* schema.c, after schema_check() */
/* schema.c: a copy of that moment; put in the store's place it gets a new epoch. */
bool schema_mark_copy(struct store *copy, int64_t now_ms, struct error *err);
/* schema.c, within the caller's transaction: one of ours, whatever its format; of a format that is known; of the present one. */
bool schema_is_ours(struct store *store, bool *ret_ours, struct error *err);
bool schema_format(struct store *store, int64_t *ret_format, struct error *err);
bool schema_is_current(struct store *store);
const char *schema_step(size_t no);        /* schema.c: what brings a file of format `no` to the next; NULL: `no` is the newest */
void store_ring(struct store *store);      /* store.c: something was committed */
void records_forget_dictionaries(struct store *store);                    /* records.c */
void records_undo_dictionaries(struct store *store); /* records.c: the transaction that added some was undone */

#endif
