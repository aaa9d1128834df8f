/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is done outside of the deck's screen, which is left meanwhile and comes back as it was. */
#ifndef UI_OUTSIDE_H
#define UI_OUTSIDE_H

#include "deck.h"

/* A plain screen with the text alone, raw, until Enter is pressed. */
void outside_plain(struct deck *deck, const char *text);
/* The text to a program, by its words; what it says stands on a plain screen until Enter is pressed. */
void outside_pipe(struct deck *deck, char *const *words, const char *text, size_t len);
/* A file in $VISUAL or $EDITOR (vi); waits for its end. False, and told: it could not be run. */
bool outside_editor(struct deck *deck, const char *path);
/* The text in $PAGER (less); waits for its end. */
void outside_pager(struct deck *deck, const char *text, size_t len);

#endif
