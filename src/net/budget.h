/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What http.c needs of an account's budget besides the contract: to wait in its own way. */
#ifndef LEDGERDECK_NET_BUDGET_H
#define LEDGERDECK_NET_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

#include "ledgerdeck/core/cancel.h"
#include "ledgerdeck/net/http.h"

/*
 * Take a place as budget_enter() does, but don't wait for the rate: `ret_wait_ms` is 0 when the
 * place is taken, else how long to wait before the next try. A free place of those in flight is
 * waited for; false: cancelled meanwhile. Any thread.
 */
bool budget_try(struct budget *budget, enum http_class class, struct cancel *cancel,
		int64_t *ret_wait_ms);

/*
 * Repeats are a tenth of the calls, and at least a few: each call earns a tenth, each repeat
 * spends one. Shared like the rest. False: no repeat now. Any thread.
 */
void budget_earn_retry(struct budget *budget);
bool budget_spend_retry(struct budget *budget);

#endif
