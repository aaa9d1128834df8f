/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Everything that outlives the program, in one file. A `struct store` is one connection: one
 * thread's own. Changes happen in short transactions; what is committed is on the disk. No type of
 * the database engine shows here, and all its words stand in tables of statements, so that another
 * engine can stand behind the same contract.
 */
#ifndef LEDGERDECK_STORE_STORE_H
#define LEDGERDECK_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/error.h"
#include "ledgerdeck/core/str.h"

struct store;

enum store_mode {
	STORE_CREATE, /* make the file when absent, bring an older one up to date */
	STORE_WRITE,  /* must exist */
	STORE_READ,   /* nothing is ever written */
};

/*
 * Errors, all STORE with what and what to do: absent, not ours, newer than this program, damaged, locked for
 * longer than `busy_ms` (0: 10 s), no permission, disk full, network file system, directory not writable.
 */
bool store_open(const char *path, enum store_mode mode, int busy_ms, struct store **ret_store, struct error *err);
void store_close(struct store *store);              /* rolls back what is open; NULL does nothing */
void store_closep(struct store **store);
const char *store_path(const struct store *store);
const char *store_uuid(const struct store *store);  /* made with the file, never changes */
int64_t store_epoch(const struct store *store);     /* grows when a backup is restored */

/*
 * A transaction for writing; other writers wait. Nothing is kept until store_commit(); store_end(), made for
 * AUTO(), undoes what was not committed. Not nested (asserted).
 */
bool store_begin(struct store *store, struct error *err);
bool store_commit(struct store *store, struct error *err); /* then rings the doorbell */
void store_end(struct store **store);

void store_shed(struct store *store);  /* lets go of the pages that it holds */
/* Nothing is asked of it for a while: it lets go of all that it can read and make again, dictionaries among it. Not in a transaction. */
void store_rest(struct store *store);

/*
 * Connections of one process that write a lot take turns by a lock of theirs (borrowed): each waits as long as it must, and is
 * woken. Without it they ask the file again and again whether it is free, and one of many may never find it so.
 */
struct lock;
void store_take_turns(struct store *store, struct lock *turn);

/* What is read until store_read_end() is of one moment. Nothing is written meanwhile, and nobody has to wait. Not nested. */
bool store_read_begin(struct store *store, struct error *err);
void store_read_end(struct store *store);

/* A file beside the store that changes with each commit of any process: watch it, don't poll. */
const char *store_doorbell(const struct store *store);

/* Move what has been written from the log into the file and make the log short. When idle, and at the end. */
bool store_checkpoint(struct store *store, struct error *err);
/* Look whether the file is sound; appends one line for each thing that is not. */
bool store_check(struct store *store, struct str *out, struct error *err);

/* Among the small values: when the backup was taken that stands in the store's place; what was written since is not known here. */
#define STORE_RESTORED "restored.from_ms"
/* Small values by name ("vault.header"): false with NONE in err->code when absent. */
bool store_get(struct store *store, const char *name, struct str *out, struct error *err);
bool store_set(struct store *store, const char *name, const char *bytes, size_t len, struct error *err);

/* For `sql`: run one reading statement; cells come as text. Error INPUT for anything that writes. */
bool store_inspect(struct store *store, const char *sql,
		   bool (*head)(void *ctx, size_t count, const char *const *names),
		   bool (*row)(void *ctx, size_t count, const char *const *values /* NULL: null */), void *ctx,
		   struct error *err);

#endif
