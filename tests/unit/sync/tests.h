/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The groups of tests of this folder. Each runs its group and returns how many tests failed. */
#ifndef LEDGERDECK_TESTS_UNIT_SYNC_TESTS_H
#define LEDGERDECK_TESTS_UNIT_SYNC_TESTS_H

#include "world.h"

int test_attention(void);
int test_credit(void);
int test_extract(void);
int test_merged(void);
int test_operate(void);
int test_parts(void);
int test_plan(void);
int test_outbox(void);
int test_plan_head(void);
int test_auto(void);
int test_stopping(void);
int test_plan_line(void);
int test_plan_policy(void);
int test_reconcile(void);
int test_sagas(void);
int test_scenario(void);
int test_schedule(void);
int test_slices(void);
int test_sync(void);
int test_threads(void);
int test_xledger(void);

#endif
