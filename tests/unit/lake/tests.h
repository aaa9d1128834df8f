/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The groups of tests of this folder, and cmocka with all that its header wants before it. */
#ifndef LEDGERDECK_TESTS_UNIT_LAKE_TESTS_H
#define LEDGERDECK_TESTS_UNIT_LAKE_TESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Each runs its group and returns how many tests failed. */
int test_bounds(void);
int test_hybrid(void);
int test_layout(void);
int test_sign(void);
int test_table(void);
int test_thrift(void);

#endif
