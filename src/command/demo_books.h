/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The demo's days: compared, worked through, signed and proven. */
#ifndef COMMAND_DEMO_BOOKS_H
#define COMMAND_DEMO_BOOKS_H

#include "ledgerdeck/command/command.h"

/*
 * The days of what demo_push() brought in are reconciled by the same commands that a user types: a bill that was changed at its
 * source is found and corrected by a plan, what the ledger alone has is adopted, what waits is explained; then both sign, and the
 * evidence is written and verified. `ret_tied`, `ret_ties`: sums that tie to the ledger's reports, of how many.
 */
bool demo_books(struct app *app, const char *directory, const struct printer *printer, int64_t *ret_tied, int64_t *ret_ties,
		struct error *err);

#endif
