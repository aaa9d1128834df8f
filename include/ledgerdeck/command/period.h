/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A period as it is typed: "2026-01", "2026", "2026-01-05..2026-02-04", both days included. */
#ifndef LEDGERDECK_COMMAND_PERIOD_H
#define LEDGERDECK_COMMAND_PERIOD_H

#include <stdbool.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/error.h"

/* INPUT: it is none. */
bool verb_period(const char *text, struct date *ret_from, struct date *ret_to, struct error *err);

#endif
