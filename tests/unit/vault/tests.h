/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The groups of tests of this folder, cmocka with all that its header wants before it, and what
 * the groups share.
 */
#ifndef LEDGERDECK_TESTS_UNIT_VAULT_TESTS_H
#define LEDGERDECK_TESTS_UNIT_VAULT_TESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ledgerdeck/vault/vault.h"

/* Each runs its group and returns how many tests failed. */
int test_header(void);
int test_key(void);
int test_keyfile(void);
int test_seal(void);
int test_vault(void);
int test_vault_keys(void);

#define TEXT_MAX ((size_t)1 << 20)

struct secret *secret_of_vector(const char *digits); /* the caller frees */
struct secret *secret_of_text(const char *text);     /* the caller frees */
bool secret_is_vector(const struct secret *secret, const char *digits);
bool secret_is_text(const struct secret *secret, const char *text);
bool str_holds(const struct str *str, const char *bytes, size_t len);

/* Fails the test unless `ok` is false with this code and a text in which `part` stands. */
void expect_error(bool ok, const struct error *err, enum error_code code, const char *part);

/*
 * Fails the test unless `good` opens and each of these is refused with AUTH or INPUT: `good` with
 * one bit changed, with another byte in one place, cut anywhere, longer by a byte, and nothing.
 */
void expect_only_good(const struct str *good,
		      bool (*opens)(void *ctx, const char *bytes, size_t len, struct error *err),
		      void *ctx);

#endif
