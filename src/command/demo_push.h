/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The demo's documents: what comes in, is mapped, planned and written, and what is left for a person. */
#ifndef COMMAND_DEMO_PUSH_H
#define COMMAND_DEMO_PUSH_H

#include "ledgerdeck/command/command.h"
#include "ledgerdeck/core/date.h"

#define DEMO_COMPANY "Halloran Event Rentals"
#define DEMO_ENTITY "Nordlys Rådgivning AS"

/* The days that the demo is about: the last thirty whole ones, or as many of them as lie in books that are open: this year's. */
struct demo_days {
	struct date from, to;        /* both included */
};
struct demo_days demo_days(const struct app *app);
/* One of them, as text: 0 is the first, DEMO_DAYS_LAST the last. Returns `out`. */
#define DEMO_DAYS_LAST 10
char *demo_day(const struct demo_days *days, int which, char *out /* DATE_TEXT_MAX */);
/* The rent of the yard, as a document. Appended. */
void demo_bill(const struct demo_days *days, const char *amount, struct str *out);

/*
 * Documents of a made-up system with all kinds of trouble into one of the companies, by the same commands that a user types. What
 * is known is mapped, what can be written is; the rest waits, so that there is something to do. `ret_written` and `ret_waiting`
 * count documents.
 */
bool demo_push(struct app *app, const char *directory, const struct printer *printer, int64_t *ret_written, int64_t *ret_waiting,
	       struct error *err);

/* Adds the writes of a plan that were confirmed. */
bool demo_count(struct app *app, const char *plan, int64_t *written, struct error *err);

/* Some more into the other ledger; adds to `written`. demo_entity.c */
bool demo_entity(struct app *app, const char *directory, const struct printer *printer, int64_t *written, struct error *err);

/* Begins to apply a plan in a process of its own, which is killed while it waits for the first answer. demo_kill.c */
bool demo_kill_apply(struct app *app, const char *company, const char *plan, const struct printer *printer, struct error *err);
/* How many records of the types that are written the ledger has in an account, by its own count. */
bool demo_standing(struct app *app, const char *account_id, int64_t *ret_count, struct error *err);

#endif
