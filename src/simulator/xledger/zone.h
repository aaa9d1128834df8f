/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Central European time, in which Xledger writes its times without a zone. */
#ifndef XLEDGER_ZONE_H
#define XLEDGER_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/date.h"

#define CENTRAL_TEXT_MAX 24 /* "2026-01-31T12:00:00" and room */

/* Seconds ahead of UTC at an instant: 3600, or 7200 in summer. */
int central_offset_s(int64_t ms);
/* "2026-01-31T12:00:00". Returns `out`, CENTRAL_TEXT_MAX bytes. */
char *central_format(int64_t ms, char *out);
/* A date, or a date and a time; without an offset it is Central European. False: it is neither. */
bool central_parse(const char *text, size_t len, int64_t *ret_ms);
struct date central_today(int64_t ms);

#endif
