/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The bound: the least that a mirror can do with a page, in two threads, to see what ours costs beside it. Pages
 * are downloaded over a kept connection, cut into records by a scanner that trusts them, packed with a trained
 * dictionary in that thread, and upserted into a tuned database by the other one, a transaction a page. No
 * grammar is checked, nothing is hashed, nobody asks what was there before.
 */
#ifndef LEDGERDECK_TESTS_BENCH_BOUND_H
#define LEDGERDECK_TESTS_BENCH_BOUND_H

#include "ledger.h"

void bound_load(const struct ledger *ledger, const struct ledger_type *type, const char *path);

#endif
