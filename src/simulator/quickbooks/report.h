/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reports computed from the postings. */
#ifndef QUICKBOOKS_REPORT_H
#define QUICKBOOKS_REPORT_H

#include "company.h"
#include "quickbooks/fault.h"
#include "request.h"

/* Append the whole report object. False with a fault (unknown report, bad date, ...). */
bool report_run(struct company *company, const char *name, const struct request *request, struct str *out,
		struct fault *fault);

#endif
