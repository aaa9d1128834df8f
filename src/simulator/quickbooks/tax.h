/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sales tax and VAT of a transaction: which rates its lines' codes mean, on which net, rounded
 * once per rate on the summed net (half away from zero).
 */
#ifndef QUICKBOOKS_TAX_H
#define QUICKBOOKS_TAX_H

#include "quickbooks/rules.h"

#define TAX_RATES_MAX 40

struct tax_row {
	struct record *rate;    /* borrowed */
	struct decimal percent;
	int64_t base, tax;      /* hundredths of the transaction's currency */
};

struct tax {
	struct tax_row rows[TAX_RATES_MAX];
	size_t count;
	int64_t total;
	bool inclusive;         /* GlobalTaxCalculation TaxInclusive: line amounts came gross */
};

/* Fill in a line's TaxCodeRef where none was sent, and refuse one that the company cannot use (6100, 6000). */
bool tax_line_code(struct draft *draft, json_object *detail, const struct record *item, bool purchase,
		   struct fault *fault);
/* Gross to net: with TaxInclusive the line's amount includes the tax of its code. Returns the net. */
int64_t tax_line_net(struct draft *draft, json_object *line, json_object *detail, int64_t amount,
		     bool purchase, struct tax *tax);
/* Count a line's net towards its rates. */
bool tax_add(struct draft *draft, json_object *detail, int64_t net, bool purchase, struct tax *tax,
	     struct fault *fault);
/* Amounts per rate, the TxnTaxDetail of the object, and the total. */
bool tax_finish(struct draft *draft, struct tax *tax, struct fault *fault);
/* Post the tax to each agency's account; `sign` 1 credits them (a sale), -1 debits. */
void tax_post(struct draft *draft, const struct tax *tax, int sign);

#endif
