/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands as a user types them, one after the other: what the parts of the demo are made of. */
#ifndef COMMAND_DEMO_STEPS_H
#define COMMAND_DEMO_STEPS_H

#include "ledgerdeck/command/command.h"

struct steps {
	struct app *app;
	struct printer printer;      /* lets only notes through */
	char account[ACCOUNT_ID_MAX], company[ACCOUNT_NAME_MAX];
};

/* For the company of that name. Opens the store for writing. */
bool steps_begin(struct steps *steps, struct app *app, const char *company, const struct printer *printer, struct error *err);
/* The words, NULL at the end, are told, then done. One that ends otherwise than expected ends the demo; what waits for a person is
 * expected. */
bool steps_do(struct steps *steps, const char *const *words, struct error *err);

#endif
