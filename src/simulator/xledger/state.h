/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Xledger's part of the state file: tables of its own beside those of companies. */
#ifndef XLEDGER_STATE_H
#define XLEDGER_STATE_H

#include <sqlite3.h>

#include "world.h"

struct xl_entity;

/* Does the file lack anything? */
bool xl_entity_is_dirty(const struct xl_entity *entity);
bool xl_state_is_dirty(const struct simulator *simulator);
/* Write it, inside the caller's transaction. False: SQLite tells why. */
bool xl_state_put(const struct simulator *simulator, sqlite3 *db);
/* The transaction was committed. */
void xl_state_settle(const struct simulator *simulator);
/* Read everything. False, `ret_damaged` tells that the rows make no sense, otherwise SQLite tells why. */
bool xl_state_load(struct simulator *simulator, sqlite3 *db, bool *ret_damaged);

#endif
