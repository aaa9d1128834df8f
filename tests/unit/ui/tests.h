/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The groups of tests of this folder, and cmocka with all that its header wants before it. */
#ifndef LEDGERDECK_TESTS_UNIT_UI_TESTS_H
#define LEDGERDECK_TESTS_UNIT_UI_TESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Each runs its group and returns how many tests failed. One more: a line here, and a row in main.c. */
int test_canvas(void);
int test_copy(void);
int test_format(void);
int test_line(void);
int test_listing(void);
int test_pager(void);
int test_screen(void);
int test_selection(void);
int test_sorter(void);
int test_spark(void);
int test_table(void);
int test_theme(void);
int test_window(void);

#endif
