/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files that gather what needs a person have in common. */
#ifndef SYNC_ATTENTION_H
#define SYNC_ATTENTION_H

#include "ledgerdeck/sync/attention.h"

struct gather {
	struct store *store;
	const struct settings *settings;
	int64_t now_ms;
	struct attention *attention;
	struct account_list accounts;
	char last_account[ACCOUNT_ID_MAX]; /* of the item that was touched last: so that an account counts once */
	size_t last_item;
};

/* The item of a cause and a key, made when there is none; `person` is true until somebody says otherwise. */
struct attention_item *attention_ensure(struct gather *gather, enum attention_cause cause, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void attention_say(char *out, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* It is of this account, too; of several of its types it counts once. */
void attention_add_account(struct gather *gather, struct attention_item *item, const struct account *account);
/* A stranger's word behind the command, as a shell and the deck's prompt take it. */
void attention_add_quoted(struct attention_item *item, const char *word);

/* attention_push.c: what is planned and owed in an account. */
bool attention_push(struct gather *gather, const struct account *account, struct error *err);
/* attention_feeds.c: exports that are to be made by themselves, and fail. */
bool attention_feeds(struct gather *gather, struct error *err);
/* attention_books.c: what does not agree in an account. */
bool attention_books(struct gather *gather, const struct account *account, struct error *err);

#endif
