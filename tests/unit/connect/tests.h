/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The groups of tests of this folder. Each runs its group and returns how many tests failed. */
#ifndef LEDGERDECK_TESTS_UNIT_CONNECT_TESTS_H
#define LEDGERDECK_TESTS_UNIT_CONNECT_TESTS_H

#include "unit/sync/world.h"

int test_attempt(void);
int test_paste(void);
int test_refresh(void);
int test_secrets(void);

#endif
