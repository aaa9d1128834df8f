/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which ledger account a statement is of. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "ledgerdeck/provider/books.h"
#include "ledgerdeck/store/accounts.h"
#include "ledgerdeck/store/records.h"
#include "ledgerdeck/sync/reconcile.h"

struct looking {
	const struct provider_books *books;
	const char *word;
	char id[RECORD_ID_MAX];
	size_t count;
	bool exact;                  /* by its id */
};

/* "Checking", or the end of "Assets:Checking". */
static bool is_named(const char *name, const char *word)
{
	const char *last = strrchr(name, ':');

	return strcasecmp(name, word) == 0 || (last && strcasecmp(last + 1, word) == 0);
}

static bool look_at(void *ctx, const struct record_row *row, const char *raw, size_t len)
{
	struct looking *looking = ctx;
	struct books_account account = { .class = CLASS_UNKNOWN };
	bool exact = strcmp(row->id, looking->word) == 0;

	if (row->state == RECORD_DELETED)
		return true;
	looking->books->account((struct json_slice){ .text = raw, .len = len, .kind = JSON_OBJECT }, &account);
	if (!exact && strcasecmp(account.number, looking->word) != 0 && !is_named(account.name, looking->word))
		return true;
	if (exact)
		looking->count = 0;
	looking->count++;
	looking->exact = exact;
	snprintf(looking->id, sizeof(looking->id), "%s", row->id);
	return !exact;
}

bool reconcile_ledger_account(struct store *store, const char *account_id, const char *word, char *ret_id, struct error *err)
{
	struct looking looking = { .word = word };
	const struct provider *provider;
	struct account account;
	struct object object;
	bool found;

	if (!accounts_get(store, account_id, &account, &found, err))
		return false;
	provider = found ? provider_find(account.provider) : NULL;
	looking.books = provider ? provider->books : NULL;
	if (!looking.books)
		return error_set(err, ERROR_INPUT, "the books of that account can't be read by this program");
	if (!objects_get(store, account_id, looking.books->account_type, &object, &found, err) ||
	    (found && !records_raw(store, &object, "", look_at, &looking, err)))
		return false;
	if (looking.count != 1)
		return error_set(err, ERROR_INPUT, looking.count == 0 ? "there is no ledger account '%.60s' in the mirror of '%.60s'"
				 : "several ledger accounts are called '%.60s' in '%.60s': name one by its id", word, account.name);
	snprintf(ret_id, RECORD_ID_MAX, "%s", looking.id);
	return true;
}
