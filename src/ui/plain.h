/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The deck as lines, for screen readers, terminals that cannot be drawn on, and pipes: the same views, actions and
 * questions. Nothing that was written is changed again; rows have numbers, and a line is typed to choose or to act.
 */
#ifndef UI_PLAIN_H
#define UI_PLAIN_H

#include "deck.h"

/* Lines from `in`, lines to `out`, until the operator leaves, the input ends, or the program is asked to end. */
bool plain_run(struct deck *deck, int in, int out, struct error *err);
/* Show again what is typed. From a signal handler, any number of times. */
void plain_restore(void);

#endif
