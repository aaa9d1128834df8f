/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The demo's documents: what comes in, is mapped, planned and written, and what is left for a person. */
#ifndef COMMAND_DEMO_PUSH_H
#define COMMAND_DEMO_PUSH_H

#include "ledgerdeck/command/command.h"

#define DEMO_COMPANY "Halloran Event Rentals"

/*
 * Documents of a made-up system with all kinds of trouble into one of the companies, by the same commands that a user types. What
 * is known is mapped, what can be written is; the rest waits, so that there is something to do. `ret_written` and `ret_waiting`
 * count documents.
 */
bool demo_push(struct app *app, const char *directory, const struct printer *printer, int64_t *ret_written, int64_t *ret_waiting,
	       struct error *err);

/* Begins to apply a plan in a process of its own, which is killed while it waits for the first answer. demo_kill.c */
bool demo_kill_apply(struct app *app, const char *company, const char *plan, const struct printer *printer, struct error *err);
/* How many records of the types that are written the ledger has in an account, by its own count. */
bool demo_standing(struct app *app, const char *account_id, int64_t *ret_count, struct error *err);

#endif
