/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The groups of tests of this folder, and cmocka with all that its header wants before it. */
#ifndef LEDGERDECK_TESTS_UNIT_NET_TESTS_H
#define LEDGERDECK_TESTS_UNIT_NET_TESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Each runs its group and returns how many tests failed. */
int test_budget(void);
int test_budget_file(void);
int test_head(void);
int test_http(void);
int test_listener(void);
int test_throttle(void);
int test_transport(void);
int test_transport_tls(void);
int test_url(void);

#endif
