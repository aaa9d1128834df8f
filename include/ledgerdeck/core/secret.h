/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bytes that nobody may see: in locked, guarded, undumped memory, wiped when freed. A secret has
 * no text form; only secret_reveal() gives bytes, so every use can be found by its name.
 */
#ifndef LEDGERDECK_CORE_SECRET_H
#define LEDGERDECK_CORE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "ledgerdeck/core/error.h"

#define SECRET_MAX 65536 /* bytes */

struct secret;

/*
 * Once, before threads: no core dumps, not dumpable, libsodium started. False: the process cannot
 * be protected (ERROR_INTERNAL); memory that cannot be locked is told through `ret_warning`
 * (a literal, NULL when all is well) and does not stop the program.
 */
bool secret_start(const char **ret_warning, struct error *err);

struct secret *secret_new(size_t len);                            /* zeroed; len at most SECRET_MAX (asserted) */
struct secret *secret_copy(const void *bytes, size_t len);        /* the caller wipes its own */
struct secret *secret_random(size_t len);
/* The bytes that a secret says in base64url, with padding or without; NULL: it is no such text. */
struct secret *secret_from_base64url(const struct secret *text);
void secret_free(struct secret *secret);                          /* wipes; NULL does nothing */
void secret_freep(struct secret **secret);                        /* for AUTO() */

/* The bytes, with a NUL behind them; valid until the secret is freed. Never print, log or store them. */
const char *secret_reveal(const struct secret *secret);
char *secret_edit(struct secret *secret);                         /* the same, to be filled */
size_t secret_len(const struct secret *secret);
bool secret_equals(const struct secret *a, const struct secret *b); /* in constant time */
void secret_wipe(void *bytes, size_t len);                        /* for stack copies; never optimised away */

#endif
