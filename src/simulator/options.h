/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line of ledgerdeck-simulator: a table of options, read once, printed by --help. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/error.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/simulator.h"

#include "server.h"
#include "switches.h"

enum options_action { OPTIONS_RUN, OPTIONS_HELP, OPTIONS_VERSION, OPTIONS_SWITCHES };

struct options_setting {
	char *name;        /* owned */
	const char *value; /* borrowed: behind the name */
};

struct options {
	enum options_action action;
	struct server_config server;       /* all but its env */
	struct simulator_config simulator; /* all but its env and base_url */
	struct options_setting *settings;  /* owned: --set, in order, checked */
	size_t setting_count, setting_room;
	struct simulator_company *companies; /* owned; their texts are in `texts` */
	size_t company_count, company_room;
	const char **redirect_uris;        /* owned; the command line's, NULL at the end */
	size_t redirect_count, redirect_room;
	char **texts;                      /* owned, and each of them */
	size_t text_count, text_room;
	int64_t customers, invoices;       /* for all companies; -1: their own numbers */
	const char *port_file;             /* NULL: none */
	const char *secret_file;           /* NULL: none */
	bool exit_with_parent;
	int64_t parent;                    /* its process id; 0: whoever it is at the start */
	bool quiet;
};

/*
 * Read the command line and, for the client secret, the environment. `argv` must outlive the
 * options. Error: INPUT, one sentence. Clear `options` in any case.
 */
bool options_parse(struct options *options, int argc, char **argv, struct error *err);
void options_clear(struct options *options);

void options_add_help(struct str *out);
void options_add_switches(struct str *out);

#endif
