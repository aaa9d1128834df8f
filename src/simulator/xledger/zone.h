/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Central European time, in which Xledger writes its times without a zone. */
#ifndef XLEDGER_ZONE_H
#define XLEDGER_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/date.h"

#define CENTRAL_TEXT_MAX 24 /* "2026-01-31T12:00:00" and room */

/* "2026-01-31T12:00:00". Returns `out`, CENTRAL_TEXT_MAX bytes. */
char *central_format(int64_t ms, char *out);
/*
 * What the clock there shows at an instant, as if it were UTC. Times are kept so and compared so: in the hour that October has
 * twice a later one may be the lesser.
 */
int64_t central_local(int64_t ms);
/* The same of a text: a date, or a date and a time; one with an offset is an instant. False: it is neither. */
bool central_parse(const char *text, size_t len, int64_t *ret_local_ms);
struct date central_today(int64_t ms);

#endif
