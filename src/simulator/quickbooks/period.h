/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The span of days that a report is about: from dates or from a name as "This Month-to-date". */
#ifndef QUICKBOOKS_PERIOD_H
#define QUICKBOOKS_PERIOD_H

#include "company.h"
#include "quickbooks/fault.h"
#include "request.h"

struct period {
	struct date start, end; /* both inclusive */
	bool is_all;            /* "All": no bounds */
	char macro[48];         /* in lower case; "" when dates were given */
};

/* From start_date, end_date or date_macro; without any of them the month to date. */
bool period_read(const struct company *company, const struct request *request,
		 struct period *ret_period, struct fault *fault);

/* A date from one parameter, left as it is when there is none. False with a fault. */
bool period_read_date(const struct request *request, const char *name, struct date *date,
		      struct fault *fault);

/* The first day of the fiscal year of a date, years beginning with month `first`. */
struct date period_fiscal_start(struct date date, int first);

#endif
