/* SPDX-License-Identifier: GPL-3.0-or-later */
/* POST /batch: up to 30 independent items, each with an answer or a fault of its own. */
#ifndef QUICKBOOKS_BATCH_H
#define QUICKBOOKS_BATCH_H

#include <json-c/json.h>

#include "company.h"
#include "quickbooks/fault.h"
#include "quickbooks/write.h"

/* Append "BatchItemResponse":[..] (without braces and time). False with 1040 and the like. */
bool batch_run(struct company *company, json_object *sent, const struct write_options *options,
	       struct str *out, struct fault *fault);

#endif
