/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The state file: everything that outlives the program, in one SQLite file, written after each change. */
#ifndef STATE_H
#define STATE_H

#include "world.h"

struct entity;

/*
 * Open or make the file. Errors: STORE, for a file that is not ours, newer, damaged, locked by
 * another simulator, or not writable.
 */
bool state_open(struct simulator *simulator, const char *path, struct state **ret_state, struct error *err);
void state_close(struct state *state); /* NULL does nothing */

/* Fill the world from the file. `ret_any` says whether it held a company. */
bool state_load(struct simulator *simulator, bool *ret_any, struct error *err);
/* Write what changed since the last save, in one transaction. */
bool state_save(struct simulator *simulator, struct error *err);
/* For company.c: this record is gone. */
void state_forget(struct simulator *simulator, struct company *company, const struct entity *entity, const char *id);

#endif
