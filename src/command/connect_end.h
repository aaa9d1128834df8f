/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How connecting ends, whichever way it went: whose books these are is agreed to, and what was saved is told. */
#ifndef COMMAND_CONNECT_END_H
#define COMMAND_CONNECT_END_H

#include "verbs.h"

/* Shows who answered; false with an error when it is not the one that was meant. */
bool connect_end_agree(struct app *app, const struct arguments *arguments, const struct printer *printer,
		       const struct connect_result *result, struct error *err);
void connect_end_print(const struct printer *printer, const struct account *account, bool known);

/* The way without a browser: a token that a person brings. */
enum command_exit connect_by_token(struct app *app, const struct arguments *arguments, const struct printer *printer,
				   const struct attempt_options *options, struct error *err);

#endif
