/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A ledger for measuring: records that are made beforehand, and a process that hands out pages of them over
 * loopback as QuickBooks' queries and Xledger's documents ask for them, and does nothing else, so that what is measured is the client.
 */
#ifndef LEDGERDECK_TESTS_BENCH_LEDGER_H
#define LEDGERDECK_TESTS_BENCH_LEDGER_H

#include <stdint.h>
#include <sys/types.h>

#define LEDGER_PAGE 1000
#define LEDGER_TYPES 3

struct ledger_type {
	const char *provider;  /* "quickbooks" */
	const char *name;      /* "Invoice" */
	long count;
	int64_t bytes;         /* of all its records */
};

struct ledger {
	struct ledger_type types[LEDGER_TYPES];
	int port;
	pid_t process;
};

/* Start the process that has the records and answers; ends this one when that fails. */
void ledger_start(struct ledger *ledger, long invoices, long customers, long entity_customers /* Xledger's; 0: none */);
void ledger_stop(struct ledger *ledger);

#endif
