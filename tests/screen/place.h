/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program as its user starts it: on a terminal, with a home of its own. */
#ifndef LEDGERDECK_TESTS_SCREEN_PLACE_H
#define LEDGERDECK_TESTS_SCREEN_PLACE_H

#include "terminal.h"

struct place {
	char directory[64];
	struct terminal terminal;
	pid_t simulator;
	int port;
	const char *type;            /* TERM; NULL: as terminal_start() has it */
};

void place_init(struct place *place);
void place_clear(struct place *place); /* for AUTO(): ends all that was started, removes all files */
void place_start(struct place *place, int rows, int columns, char *const *arguments);
bool place_shows(struct terminal *terminal, const char *text);
void place_await(struct terminal *terminal, const char *text); /* until it stands on the screen */
void place_type(struct terminal *terminal, const char *text);
void place_fail(struct terminal *terminal, const char *what);   /* with the screen */

#endif
