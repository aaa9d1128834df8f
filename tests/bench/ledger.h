/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A ledger for measuring: records that are made beforehand, and a process that hands out pages of them over
 * loopback as QuickBooks' queries ask for them, and does nothing else, so that what is measured is the client.
 */
#ifndef LEDGERDECK_TESTS_BENCH_LEDGER_H
#define LEDGERDECK_TESTS_BENCH_LEDGER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "ledgerdeck/core/str.h"

#define LEDGER_PAGE 1000
#define LEDGER_TYPES 2

struct ledger_type {
	const char *name;      /* "Invoice" */
	struct str text;       /* owned: records with commas between them */
	size_t *starts;        /* owned: of each record, and one behind the last comma */
	long count;
};

struct ledger {
	struct ledger_type types[LEDGER_TYPES];
	int port;
	pid_t process;
};

void ledger_make(struct ledger *ledger, long invoices, long customers);
void ledger_start(struct ledger *ledger); /* forks the process that answers */
void ledger_stop(struct ledger *ledger);
void ledger_clear(struct ledger *ledger);
const struct ledger_type *ledger_type(const struct ledger *ledger, const char *name);
int64_t ledger_bytes(const struct ledger_type *type); /* of all its records */

#endif
