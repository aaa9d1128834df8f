/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The columns that an operator chose for the records of a type: one choice for a type in all accounts, kept over a restart. */
#ifndef UI_CHOSEN_H
#define UI_CHOSEN_H

#include <stdint.h>

#include "ledgerdeck/model/catalogue.h"

struct deck;

#define CHOSEN_MAX 16384 /* bytes of all choices */

/* `names`: "ID,TotalAmt"; "" : the usual ones again. */
void chosen_put(struct deck *deck, const struct type *type, const char *names);
bool chosen_get(const struct deck *deck, const struct type *type, char *out, size_t size); /* false, and "": the usual ones */
uint64_t chosen_version(const struct deck *deck); /* grows with each choice, so that lists that are open see it */
/* As trail.c has kept them, up to the next "[". */
void chosen_load(struct deck *deck, const char *lines);

#endif
