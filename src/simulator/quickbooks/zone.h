/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The service writes its times with the offset of the US Pacific coast, summer time included. */
#ifndef QUICKBOOKS_ZONE_H
#define QUICKBOOKS_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/str.h"

/* Seconds east of UTC at that instant: -25200 or -28800 (US rules since 2007). */
int zone_pacific_offset_s(int64_t ms);
/* "2026-01-31T12:00:00-08:00": MetaData, and with milliseconds: the envelope's time. */
void zone_add_stamp(struct str *out, int64_t ms, bool with_ms);

/* As stamp_parse(); a time without an offset is the coast's own when `pacific`, else UTC. */
bool zone_parse_stamp(const char *text, size_t len, bool pacific, int64_t *ret_ms);

#endif
