/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET /cdc: what changed and what was deleted since an instant. */
#ifndef QUICKBOOKS_CDC_H
#define QUICKBOOKS_CDC_H

#include "company.h"
#include "quickbooks/fault.h"

/* Append "CDCResponse":[{"QueryResponse":[..]}] (without braces and time). Either text may be NULL. */
bool cdc_run(struct company *company, const char *entities, const char *changed_since, struct str *out,
	     struct fault *fault);

#endif
