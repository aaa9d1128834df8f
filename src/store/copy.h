/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What backing up and restoring share: files that are opened as they are, and a copy under a name of its own. */
#ifndef STORE_COPY_H
#define STORE_COPY_H

#include "ledgerdeck/store/backup.h"
#include "query.h"

/* A connection and nothing else: nothing is checked, made, locked or rung. `flags` are the engine's. */
bool bare_open(const char *path, int flags, struct store **ret_store, struct error *err);
/* One file by itself, without a log beside it. BUSY and what else goes wrong is the engine's. */
int bare_settle(struct store *store);

/* Of a store or a backup; what it counts takes as long as the records are many. */
bool facts_read(struct store *store, struct backup_facts *ret_facts, struct error *err);

/*
 * Copy the store as it is now to `part`, mark it as a copy and look it over; durable afterwards. `name` is what a person knows
 * it by. What a killed one left there is written over; where it fails nothing is left.
 */
bool copy_make(struct store *from, const char *part, const char *name, const struct backup_how *how,
	       struct backup_facts *ret_facts, struct error *err);

#endif
