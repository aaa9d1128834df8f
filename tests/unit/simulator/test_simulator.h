/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The groups of tests of this folder, and cmocka with all that its header wants before it. */
#ifndef LEDGERDECK_TESTS_UNIT_SIMULATOR_TEST_SIMULATOR_H
#define LEDGERDECK_TESTS_UNIT_SIMULATOR_TEST_SIMULATOR_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Each runs its group and returns how many tests failed. */
int test_answer(void);
int test_write_random(void);
int test_options(void);
int test_alarms(void);
int test_api(void);
int test_batch(void);
int test_cdc(void);
int test_company(void);
int test_control(void);
int test_fault(void);
int test_graphql(void);
int test_jwt(void);
int test_limiter(void);
int test_oauth(void);
int test_query(void);
int test_report(void);
int test_report_books(void);
int test_report_shapes(void);
int test_request(void);
int test_sample(void);
int test_select(void);
int test_simulator(void);
int test_state(void);
int test_switches(void);
int test_trouble(void);
int test_write(void);
int test_xledger(void);
int test_xledger_write(void);
int test_xml(void);
int test_zone(void);

#endif
