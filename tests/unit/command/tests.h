/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The groups of tests of this folder, and cmocka with all that its header wants before it. */
#ifndef LEDGERDECK_TESTS_UNIT_COMMAND_TESTS_H
#define LEDGERDECK_TESTS_UNIT_COMMAND_TESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Each runs its group and returns how many tests failed. One more: a line here, and a row in main.c. */
int test_actions(void);
int test_address(void);
int test_key(void);
int test_keymap(void);

#endif
