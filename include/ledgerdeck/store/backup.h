/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Copies of the store as it is at one moment, and putting one of them in the store's place. */
#ifndef LEDGERDECK_STORE_BACKUP_H
#define LEDGERDECK_STORE_BACKUP_H

#include "ledgerdeck/core/cancel.h"
#include "ledgerdeck/store/store.h"

struct backup_facts {
	char uuid[40];               /* the store's that it is of */
	int64_t format;
	int64_t taken_ms;            /* 0: a file that was copied by other means */
	int64_t bytes;
	int64_t accounts, records, attempts, acts; /* rows */
};

struct backup_how {
	bool replace;                /* a file of that name is replaced */
	int64_t now_ms;
	int64_t reserve;             /* bytes that must be left on the store's disk */
	void (*progress)(void *ctx, int64_t done, int64_t all); /* bytes; NULL: nobody wants to know */
	void *ctx;
	struct cancel *cancel;       /* NULL: never */
};

/*
 * Online, outside a transaction: the store as it is when this begins; others go on reading and writing. A private file by
 * itself, which gets its name once it is whole and has been looked over. Errors: INPUT (the name is taken, or is the
 * store's own), CONFLICT (somebody writes it right now), STORE (no room, damaged), CANCELLED.
 */
bool store_backup(struct store *store, const char *path, const struct backup_how *how, struct backup_facts *ret_facts,
		  struct error *err);
/* May it have that name? Error INPUT: it is taken, or the store's own; STORE: it can't be looked at. */
bool store_backup_name(const struct store *store, const char *path, bool replace, struct error *err);
/* What a backup says of itself. Errors STORE: not ours, empty, damaged at first sight, of a newer program. */
bool store_backup_facts(const char *path, struct backup_facts *ret_facts, struct error *err);

struct restored {
	struct backup_facts facts;   /* of the backup */
	char kept_as[4200];          /* what was there before; "" nothing */
	int64_t epoch;
	int64_t taken_over;          /* accounts whose newer tokens were taken over from what was there */
	int64_t untaken;             /* connected accounts whose tokens may have been replaced since the backup */
};
/*
 * Put a backup in the place of the store at `path`: whole or not at all, whenever this is killed. What was there stays beside
 * it. A new epoch begins: all types are read on from where the backup was, at once, and swept. Errors: STORE (damaged, not
 * ours, newer, no room), CONFLICT (the store is open, or an account of it is worked on: says by whom), INPUT (it is the
 * store itself), CANCELLED.
 */
bool store_restore(const char *path, const char *backup, const struct backup_how *how, const char *who,
		   struct restored *ret_restored, struct error *err);

#endif
