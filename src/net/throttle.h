/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ways in which ledgers say "not so fast". */
#ifndef LEDGERDECK_NET_THROTTLE_H
#define LEDGERDECK_NET_THROTTLE_H

#include <stdbool.h>
#include <stdint.h>

#include "ledgerdeck/net/http.h"

/*
 * Was the request refused because there were too many? Then how long to wait: as the answer says
 * (`ret_said`), else as is usual for that ledger: a minute.
 */
bool throttle_read(const struct http_answer *answer, int64_t *ret_wait_ms, bool *ret_said);

#endif
