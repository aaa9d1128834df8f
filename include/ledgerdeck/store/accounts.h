/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connected accounts, their sealed secrets, and attempts to connect. Transactions are the caller's. */
#ifndef LEDGERDECK_STORE_ACCOUNTS_H
#define LEDGERDECK_STORE_ACCOUNTS_H

#include "ledgerdeck/model/account.h"
#include "ledgerdeck/store/store.h"

struct account_list {
	struct account *items; /* owned */
	size_t count, room;
};
void account_list_clear(struct account_list *list);

bool accounts_all(struct store *store, struct account_list *ret_list, struct error *err); /* by name */
/* By any unique prefix of id or name (letter case aside); a whole name wins over those it begins. Errors INPUT: none (names
 * the nearest), several (names them). */
bool accounts_find(struct store *store, const char *word, struct account *ret_account, struct error *err);
bool accounts_get(struct store *store, const char *id, struct account *ret_account, bool *ret_found, struct error *err);
/* By the mark of its company (vault_mark()), provider and environment. */
bool accounts_by_mark(struct store *store, const char *provider, enum environment environment, const char *realm_mark,
		      struct account *ret_account, bool *ret_found, struct error *err);
/* `realm_mark` is unique per provider and environment (CONFLICT). Makes its id when empty. */
bool accounts_add(struct store *store, struct account *account, const char *realm_mark, const char *wrapped_key,
		  size_t wrapped_len, struct error *err);
/* All but the mark and the key. Error INPUT: there is no such account. */
bool accounts_save(struct store *store, const struct account *account, struct error *err);
bool accounts_key(struct store *store, const char *id, struct str *ret_wrapped, struct error *err);
bool accounts_set_key(struct store *store, const char *id, const char *wrapped, size_t len, struct error *err);

/* Sealed bytes of an account ("" for the program's own) by kind; the newest generation. */
bool sealed_put(struct store *store, const char *account_id, const char *kind, int64_t generation, const char *bytes,
		size_t len, struct error *err); /* keeps the one before it, drops older ones */
bool sealed_get(struct store *store, const char *account_id, const char *kind, int which /* 0 newest, 1 the one before */,
		int64_t *ret_generation, struct str *ret_bytes, bool *ret_found, struct error *err);
bool sealed_drop(struct store *store, const char *account_id, struct error *err); /* all of an account's */
bool sealed_forget(struct store *store, const char *account_id, const char *kind, struct error *err); /* all of one kind */
/* Walk through all sealed rows (for key rotation): after `*row` (0 starts); false at the end or on error. */
bool sealed_next(struct store *store, int64_t *row, char *ret_account_id /* ACCOUNT_ID_MAX */, char *ret_kind /* 32 */,
		 int64_t *ret_generation, struct str *ret_bytes, struct error *err);

/*
 * Refresh of a token pair is single flight over threads and processes: take the lease of the account, and
 * compare-and-swap the generation. `ret_taken` false: somebody else has it for `ret_wait_ms` more at most, and is alive
 * as far as can be told (core/holder.h).
 * refresh_started() is CONFLICT when `generation` is not the account's any more.
 */
bool refresh_lease(struct store *store, const char *account_id, const char *holder, int64_t now_ms, int64_t for_ms,
		   bool *ret_taken, int64_t *ret_wait_ms, struct error *err);
bool refresh_started(struct store *store, const char *account_id, int64_t generation, struct error *err);
bool refresh_unfinished(struct store *store, const char *account_id, bool *ret_unfinished, struct error *err);
bool refresh_release(struct store *store, const char *account_id, const char *holder, struct error *err);

/* Attempts to connect that can be taken up again: sealed state by a short name. */
bool attempt_put(struct store *store, const char *name, const char *provider, int64_t made_ms, const char *sealed,
		 size_t len, struct error *err);
bool attempt_get(struct store *store, const char *name /* "" the newest */, char *ret_name /* 32 */, int64_t *ret_made_ms,
		 struct str *ret_sealed, bool *ret_found, struct error *err);
bool attempt_drop(struct store *store, const char *name, struct error *err);

#endif
