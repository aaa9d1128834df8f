/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reports of a company, read from their JSON as a client reads them, and held against each other. */
#ifndef LEDGERDECK_TESTS_UNIT_SIMULATOR_REPORT_CHECK_H
#define LEDGERDECK_TESTS_UNIT_SIMULATOR_REPORT_CHECK_H

#include "company.h"

/*
 * Fail the test unless, on that day: the trial balance is even; the general ledger of the weeks
 * before closes with it; the list of transactions has what posted in these weeks; receivables by
 * age, with and without details, and customers' balances are what was posted to receivables for
 * each customer, and by the other method what the documents say is open now; and taxes are what
 * was posted to their accounts. The switch sub-account-id must be "given".
 */
void report_check_day(struct company *company, struct date day);

/* A member of a record in hundredths; 0 when it is not there. */
int64_t record_cents(const struct record *record, const char *member);

#endif
