/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The face for shells: arguments in, tables, JSON or CSV out, questions asked in plain lines. */
#ifndef LEDGERDECK_CLI_CLI_H
#define LEDGERDECK_CLI_CLI_H

#include <stdbool.h>

#include "ledgerdeck/command/command.h"

enum cli_format { CLI_TABLE, CLI_JSON, CLI_CSV };

struct cli_options { /* what stands before and behind any command */
	const char *profile, *env_file, *store, *colour; /* NULL: not given; borrowed: the argument list */
	const char **flags;                     /* owned; NULL at the end: NAME=VALUE of --set */
	enum cli_format format;
	bool quiet, readonly, fresh, plain, help, version;
	char **words;                           /* owned: what is left, the command first */
	int word_count;
};
/* Error INPUT. The argument list must outlive the options. Clear them in any case. */
bool cli_options_parse(int argc, char **argv, struct cli_options *ret_options, struct error *err);
void cli_options_clear(struct cli_options *options);

/* Can the words be answered without settings and store: help, version, nothing at all, an unknown command? */
bool cli_needs_app(const struct cli_options *options);

/*
 * Carry out what the words ask for; gives the exit code. `app` has everything but `ask` and `interactive`, which are set
 * here; NULL when cli_needs_app() says no.
 */
int cli_main(struct app *app, const struct cli_options *options);

/* Tell an error that came up before cli_main(), and give its exit code. */
int cli_fail(const struct cli_options *options, const struct error *error);

/* Give the terminal back as it was. For signal handlers and the end by an error; any number of times. */
void cli_restore_terminal(void);

#endif
