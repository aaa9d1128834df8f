/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The demo's records as files, for those who ask them otherwise. */
#ifndef COMMAND_DEMO_LAKE_H
#define COMMAND_DEMO_LAKE_H

#include "ledgerdeck/command/command.h"

/* What has changed of a company of either ledger since the last time; the first time all of it. */
bool demo_lake(struct app *app, const char *directory, const struct printer *printer, struct error *err);
/* A question that the files answer, as it is typed into a shell. Appended. */
void demo_lake_question(struct app *app, const char *directory, struct str *out);
/* What an earlier demo has written there is removed, and nothing else. */
void demo_lake_forget(const char *directory);

#endif
