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

/* Sanitizers have handlers of their own for crashes. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* Each runs its group and returns how many tests failed. */
int test_cost(void);
int test_end(void);
int test_frames(void);
int test_input(void);
int test_mouse(void);
int test_program(void);
int test_raw(void);
int test_show(void);
int test_slow(void);
int test_views(void);

#endif
