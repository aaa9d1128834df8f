/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The accounting API under /v3/company/<realm>: routing, envelopes, headers. */
#ifndef QUICKBOOKS_API_H
#define QUICKBOOKS_API_H

#include "request.h"
#include "world.h"

/*
 * Answer a request whose path begins with /v3. `company` is the one in the path (NULL: unknown
 * realm). Token, limits and injected faults have been dealt with by the caller.
 */
void api_handle(struct simulator *simulator, struct company *company, const struct request *request,
		struct simulator_answer *answer);

#endif
