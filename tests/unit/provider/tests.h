/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The groups of tests of this folder, and cmocka with all that its header wants before it. */
#ifndef LEDGERDECK_TESTS_UNIT_PROVIDER_TESTS_H
#define LEDGERDECK_TESTS_UNIT_PROVIDER_TESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ledgerdeck/provider/provider.h"

/* Each runs its group and returns how many tests failed. */
int test_answer(void);
int test_books(void);
int test_books_ledger(void);
int test_books_rows(void);
int test_changes(void);
int test_find(void);
int test_provider(void);
int test_push(void);
int test_query(void);
int test_read(void);
int test_schema(void);
int test_sweep(void);
int test_walk(void);
int test_webhook(void);
int test_xledger(void);

/* A type of the catalogue that is built in; lives until the program ends. */
const struct type *type_named(const char *name);
/* The types of rows that must be good, for "quickbooks"; the caller frees it. */
struct catalogue *catalogue_of(const char *rows);
void catalogue_freep(struct catalogue **catalogue);

/* The ids of a page's records, with blanks between: "1 2 3". Until the next call. */
const char *page_ids(const struct type *type, const struct page *page);
/* The ids that it says are gone. */
const char *page_gone(const struct page *page);

#endif
