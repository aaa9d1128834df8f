/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The groups of tests of this folder, and cmocka with all that its header wants before it. */
#ifndef LEDGERDECK_TESTS_UNIT_CORE_TESTS_H
#define LEDGERDECK_TESTS_UNIT_CORE_TESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Each runs its group and returns how many tests failed. */
int test_cancel(void);
int test_compress(void);
int test_date(void);
int test_decimal(void);
int test_digest(void);
int test_env(void);
int test_error(void);
int test_file(void);
int test_hash(void);
int test_holder(void);
int test_json(void);
int test_json_slice(void);
int test_log(void);
int test_memory(void);
int test_queue(void);
int test_random(void);
int test_secret(void);
int test_str(void);
int test_text(void);
int test_thread(void);

#endif
