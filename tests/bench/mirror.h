/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shipped engine with everything it does, over a store of its own, connected to the ledger of ledger.h. */
#ifndef LEDGERDECK_TESTS_BENCH_MIRROR_H
#define LEDGERDECK_TESTS_BENCH_MIRROR_H

#include "ledger.h"
#include "ledgerdeck/sync/sync.h"

struct mirror;

/* A store at `path` with so many accounts of a provider, all of the same company; ends the program when that fails. */
struct mirror *mirror_new(const struct ledger *ledger, const char *provider, const char *path, int accounts, int workers);
void mirror_free(struct mirror *mirror);
/* Read these types of all accounts (names, NULL at the end) until done; what its attempts counted. */
void mirror_sync(struct mirror *mirror, const char *const *types, enum sync_mode mode, struct put_counts *ret_counts);

#endif
