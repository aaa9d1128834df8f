/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The deck: the face for a terminal. One thread draws and reads keys and never waits; a reader thread
 * asks the store for it, commands run in threads of their own, the engine's workers do the rest.
 */
#ifndef LEDGERDECK_UI_UI_H
#define LEDGERDECK_UI_UI_H

#include "ledgerdeck/command/command.h"

/* Can the deck be opened here: are input and output a terminal? */
bool ui_possible(void);

/*
 * Open the deck and stay until the operator leaves or `app->cancel` is asked. `app` is this thread's alone meanwhile; its
 * store may be absent, its vault locked: both can be mended in the deck. Gives the exit code. Errors: INPUT (no
 * terminal that can be used), STORE. Main thread; handles SIGWINCH and SIGCONT while it runs.
 */
enum command_exit ui_run(struct app *app, struct error *err);

/* What the terminal is like, as long as no deck is open. */
void ui_terminal(struct terminal_facts *ret_facts);

/* Give the terminal back as it was. For signal handlers and the end by an error; any number of times. */
void ui_restore_terminal(void);

#endif
