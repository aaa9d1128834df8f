/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The groups of tests of the screen on a real pty, and cmocka with all that its header wants before it. */
#ifndef LEDGERDECK_TESTS_SCREEN_TESTS_H
#define LEDGERDECK_TESTS_SCREEN_TESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Each runs its group and returns how many tests failed. */
int test_end(void);
int test_input(void);
int test_raw(void);
int test_show(void);

#endif
