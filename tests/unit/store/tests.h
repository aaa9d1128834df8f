/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The groups of tests of this folder, cmocka with all that its header wants before it, and what
 * the groups share: places for files, books with two accounts, records, other processes.
 */
#ifndef LEDGERDECK_TESTS_UNIT_STORE_TESTS_H
#define LEDGERDECK_TESTS_UNIT_STORE_TESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ledgerdeck/core/compress.h"
#include "ledgerdeck/store/log.h"

/* Each runs its group and returns how many tests failed. */
int test_accounts(void);
int test_audit(void);
int test_backup(void);
int test_crash(void);
int test_feeds(void);
int test_history(void);
int test_inspect(void);
int test_list(void);
int test_log(void);
int test_objects(void);
int test_open(void);
int test_push(void);
int test_query(void);
int test_rates(void);
int test_records(void);
int test_requests(void);
int test_restore(void);
int test_schema(void);
int test_session_round(void);
int test_sessions(void);
int test_statements(void);
int test_store(void);
int test_sweep(void);

#define NOW INT64_C(1790000000000) /* some moment, in ms */
#define DAY INT64_C(86400000)

/* Fails the test unless `ok` is false with this code and a text in which `part` stands. */
void expect_error(bool ok, const struct error *err, enum error_code code, const char *part);
/* Fails the test with the error's text unless `ok`. */
void expect_ok(bool ok, const struct error *err);

/* A directory of its own for each test, and a path in it. */
struct place {
	char directory[64];
	char path[96];
};
void place_init(struct place *place);
void place_clear(struct place *place); /* removes all that is in it */
struct store *place_open(const struct place *place, enum store_mode mode);
/* Run SQL on the file behind the store's back. */
void place_sql(const struct place *place, const char *sql);
int64_t place_number(const struct place *place, const char *sql);

/* A store with two accounts that each have invoices. */
#define BOOKS_ACCOUNTS 2
struct books {
	struct place place;
	struct store *store;
	struct account accounts[BOOKS_ACCOUNTS];
	struct object invoices[BOOKS_ACCOUNTS];
};
void books_init(struct books *books);
void books_clear(struct books *books);
int64_t books_number(const struct books *books, const char *sql); /* through the store's own connection */
struct account books_account(const char *name, const char *provider);

/* Invoices with a field of each kind; no catalogue is needed for what the store does. */
extern const struct type invoice_type;
enum { INVOICE_NUMBER, INVOICE_TOTAL, INVOICE_QUANTITY, INVOICE_DATE, INVOICE_SENT, INVOICE_PAID, INVOICE_MEMO };

/* A record that is its own raw bytes: nothing in it moves while it lives. */
struct sample {
	struct record record;
	struct packed packed;
	struct str bytes; /* packed; owned */
	char raw[320];
};
void sample_init(struct sample *sample, const char *id, const char *version, const char *text);
void sample_clear(struct sample *sample);
/* In a transaction of its own. */
struct put_counts books_put(struct books *books, size_t account, const struct sample *sample);
/* The same in one line; counts are added up in books_counts(). */
struct put_counts books_put_text(struct books *books, size_t account, const char *id, const char *version,
				 const char *text);
void expect_counts(struct put_counts counts, int64_t added, int64_t changed, int64_t unchanged, int64_t deleted);

/*
 * Another process, which ends with what `run` returns. It must not use cmocka, and must be made
 * while no store is open: connections don't survive a fork. child_wait() returns its answer, or
 * -signal.
 */
struct ends {
	int in, out; /* of pipes to the other process */
};
struct child {
	int pid;
	struct ends ends;
};
struct child child_new(int (*run)(void *ctx, const struct ends *ends), void *ctx);
int child_wait(struct child *child);
bool ends_say(const struct ends *ends);  /* one byte to the other side */
bool ends_hear(const struct ends *ends); /* waits for one; false: the other side has ended */

#endif
