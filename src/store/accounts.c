/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connected accounts, their sealed secrets, and attempts to connect. */
#include "ledgerdeck/store/accounts.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/holder.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/nearest.h"
#include "query.h"

void account_list_clear(struct account_list *list)
{
	free(list->items);
	*list = (struct account_list){ 0 };
}

static void read_account(const struct query *query, struct account *account)
{
	*account = (struct account){ 0 };
	row_copy(query, 0, account->id, sizeof(account->id));
	row_copy(query, 1, account->provider, sizeof(account->provider));
	account->environment = (enum environment)row_integer(query, 2);
	row_copy(query, 3, account->name, sizeof(account->name));
	row_copy(query, 4, account->country, sizeof(account->country));
	row_copy(query, 5, account->currency, sizeof(account->currency));
	row_copy(query, 6, account->realm_tail, sizeof(account->realm_tail));
	row_copy(query, 7, account->created, sizeof(account->created));
	row_copy(query, 8, account->scopes, sizeof(account->scopes));
	row_copy(query, 9, account->connected_by, sizeof(account->connected_by));
	account->connected_ms = row_integer(query, 10);
	account->state = (enum account_state)row_integer(query, 11);
	row_copy(query, 12, account->reason, sizeof(account->reason));
	account->access_expires_ms = row_integer(query, 13);
	account->refresh_expires_ms = row_integer(query, 14);
	account->hard_expires_ms = row_integer(query, 15);
	account->refreshed_ms = row_integer(query, 16);
	account->generation = row_integer(query, 17);
	account->interval_s = row_integer(query, 18);
}

static void bind_account(struct query *query, const struct account *account)
{
	query_text(query, account->id);
	query_text(query, account->provider);
	query_integer(query, account->environment);
	query_text(query, account->name);
	query_text(query, account->country);
	query_text(query, account->currency);
	query_text(query, account->realm_tail);
	query_text(query, account->created);
	query_text(query, account->scopes);
	query_text(query, account->connected_by);
	query_integer(query, account->connected_ms);
	query_integer(query, account->state);
	query_text(query, account->reason);
	query_integer(query, account->access_expires_ms);
	query_integer(query, account->refresh_expires_ms);
	query_integer(query, account->hard_expires_ms);
	query_integer(query, account->refreshed_ms);
	query_integer(query, account->generation);
	query_integer(query, account->interval_s);
}

bool accounts_all(struct store *store, struct account_list *ret_list, struct error *err)
{
	struct query query = query_start(store, ACCOUNT_ALL);

	ret_list->count = 0;
	while (query_next(&query)) {
		memory_grow(&ret_list->items, &ret_list->room, ret_list->count + 1, sizeof(*ret_list->items));
		read_account(&query, &ret_list->items[ret_list->count++]);
	}
	return query_end(&query, err);
}

static bool get_one(struct query *query, struct account *ret_account, bool *ret_found, struct error *err)
{
	bool found = query_next(query);

	if (found)
		read_account(query, ret_account);
	if (!query_end(query, err))
		return false;
	*ret_found = found;
	return true;
}

bool accounts_get(struct store *store, const char *id, struct account *ret_account, bool *ret_found, struct error *err)
{
	struct query query = query_start(store, ACCOUNT_GET);

	query_text(&query, id);
	return get_one(&query, ret_account, ret_found, err);
}

bool accounts_by_mark(struct store *store, const char *provider, enum environment environment, const char *realm_mark,
		      struct account *ret_account, bool *ret_found, struct error *err)
{
	struct query query = query_start(store, ACCOUNT_BY_MARK);

	query_text(&query, provider);
	query_integer(&query, environment);
	query_text(&query, realm_mark);
	return get_one(&query, ret_account, ret_found, err);
}

#define ID_START "ldgr_"
#define NAMED_MAX 3 /* accounts that an error names */

static bool begins(const char *text, const char *word)
{
	return strncasecmp(text, word, strlen(word)) == 0;
}

/* How well a word fits an account: 3 whole, 2 as a start, 1 somewhere inside, 0 not at all. */
static int fit_of(const struct account *account, const char *word)
{
	size_t start = strlen(ID_START);

	if (!*word)
		return 0;
	if (strcmp(account->id, word) == 0 || strcasecmp(account->name, word) == 0)
		return 3;
	/* What all ids start with tells nothing. */
	if (begins(account->name, word) || begins(account->id + start, word) ||
	    (strlen(word) > start && begins(account->id, word)))
		return 2;
	return strcasestr(account->name, word) ? 1 : 0;
}

/* "'Acme', 'Bolt' and 3 more" of those that fit so well, or better; by ids where the names are the same. */
static void add_names(const struct account_list *list, const char *word, int fit, struct str *out)
{
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct account *account = &list->items[i];

		if (fit_of(account, word) < fit || ++count > NAMED_MAX)
			continue;
		if (fit == 3)
			str_addf(out, "%s%s (%s)", count > 1 ? ", " : "", account->id, environment_word(account->environment));
		else
			str_addf(out, "%s'%.40s'", count > 1 ? ", " : "", account->name);
	}
	if (count > NAMED_MAX)
		str_addf(out, " and %zu more", count - NAMED_MAX);
}

/* Names those that hold the word somewhere; else the one that somebody most likely meant; else what there is. */
static bool no_such_name(const struct account_list *list, const char *word, bool some_hold_it, struct error *err)
{
	struct nearest nearest = nearest_start(word, strlen(word));
	AUTO(str_clear) struct str names = STR_INIT(400);
	char hint[NEAREST_HINT_MAX];

	for (size_t i = 0; i < list->count && !some_hold_it; i++)
		nearest_try(&nearest, list->items[i].name);
	if (nearest.best)
		return error_set(err, ERROR_INPUT, "there is no account '%.60s'%s", word, nearest_hint(&nearest, hint));
	add_names(list, word, some_hold_it ? 1 : 0, &names);
	return error_set(err, ERROR_INPUT, "there is no account '%.60s'; there %s %s", word,
			 list->count == 1 ? "is" : "are", names.text);
}

bool accounts_find(struct store *store, const char *word, struct account *ret_account, struct error *err)
{
	AUTO(account_list_clear) struct account_list list = { 0 };
	AUTO(str_clear) struct str names = STR_INIT(400);
	size_t counts[4] = { 0 }, last[4] = { 0 };

	if (!accounts_all(store, &list, err))
		return false;
	if (list.count == 0)
		return error_set(err, ERROR_INPUT, "there is no account '%.60s': none is connected yet", word);
	for (size_t i = 0; i < list.count; i++) {
		int fit = fit_of(&list.items[i], word);

		counts[fit]++;
		last[fit] = i;
	}
	/* Two companies may have one name, and one's name may be the start of another's. */
	for (int fit = 3; fit >= 2; fit--) {
		if (counts[fit] == 1) {
			*ret_account = list.items[last[fit]];
			return true;
		}
		if (counts[fit] == 0)
			continue;
		add_names(&list, word, fit, &names);
		return error_set(err, ERROR_INPUT, "'%.40s' fits %zu accounts: %s; type %s", word, counts[fit], names.text,
				 fit == 3 ? "an id" : "more of the name");
	}
	return no_such_name(&list, word, counts[1] > 0, err);
}

bool accounts_add(struct store *store, struct account *account, const char *realm_mark, const char *wrapped_key,
		  size_t wrapped_len, struct error *err)
{
	struct env env = env_real();
	struct account other;
	struct query query;
	bool found;

	assert(store->in_transaction);
	if (!accounts_by_mark(store, account->provider, account->environment, realm_mark, &other, &found, err))
		return false;
	if (found)
		return error_set(err, ERROR_CONFLICT, "that company is connected already, as '%s'", other.name);
	if (!*account->id)
		env_id(&env, ID_START, account->id);
	query = query_start(store, ACCOUNT_ADD);
	bind_account(&query, account);
	query_text(&query, realm_mark);
	query_blob(&query, wrapped_key, wrapped_len);
	return query_run(&query, err);
}

static bool no_account(const char *id, struct error *err)
{
	return error_set(err, ERROR_INPUT, "there is no account '%s'", id);
}

/* Carry out a change of one account, which must be there. */
static bool run_for(struct query *query, const char *id, struct error *err)
{
	bool changed;

	while (query_next(query))
		continue;
	changed = query_changes(query) > 0;
	return query_end(query, err) && (changed || no_account(id, err));
}

bool accounts_save(struct store *store, const struct account *account, struct error *err)
{
	struct query query = query_start(store, ACCOUNT_SAVE);

	bind_account(&query, account);
	return run_for(&query, account->id, err);
}

bool accounts_key(struct store *store, const char *id, struct str *ret_wrapped, struct error *err)
{
	struct query query = query_start(store, ACCOUNT_KEY);
	bool found;

	query_text(&query, id);
	found = query_next(&query);
	if (found)
		str_add_bytes(ret_wrapped, row_blob(&query, 0), row_len(&query, 0));
	if (!query_end(&query, err))
		return false;
	return found || no_account(id, err);
}

bool accounts_set_key(struct store *store, const char *id, const char *wrapped, size_t len, struct error *err)
{
	struct query query = query_start(store, ACCOUNT_SET_KEY);

	query_text(&query, id);
	query_blob(&query, wrapped, len);
	return run_for(&query, id, err);
}

bool sealed_put(struct store *store, const char *account_id, const char *kind, int64_t generation, const char *bytes,
		size_t len, struct error *err)
{
	struct query query = query_start(store, SEALED_PUT);

	assert(store->in_transaction);
	query_text(&query, account_id);
	query_text(&query, kind);
	query_integer(&query, generation);
	query_blob(&query, bytes, len);
	if (!query_run(&query, err))
		return false;
	query = query_start(store, SEALED_TRIM);
	query_text(&query, account_id);
	query_text(&query, kind);
	return query_run(&query, err);
}

bool sealed_get(struct store *store, const char *account_id, const char *kind, int which, int64_t *ret_generation,
		struct str *ret_bytes, bool *ret_found, struct error *err)
{
	struct query query = query_start(store, SEALED_GET);
	bool found;

	query_text(&query, account_id);
	query_text(&query, kind);
	query_integer(&query, which);
	found = query_next(&query);
	if (found) {
		*ret_generation = row_integer(&query, 0);
		str_add_bytes(ret_bytes, row_blob(&query, 1), row_len(&query, 1));
	}
	if (!query_end(&query, err))
		return false;
	*ret_found = found;
	return true;
}

bool sealed_drop(struct store *store, const char *account_id, struct error *err)
{
	struct query query = query_start(store, SEALED_DROP);

	query_text(&query, account_id);
	return query_run(&query, err);
}

bool sealed_forget(struct store *store, const char *account_id, const char *kind, struct error *err)
{
	struct query query = query_start(store, SEALED_FORGET);

	query_text(&query, account_id);
	query_text(&query, kind);
	return query_run(&query, err);
}

bool sealed_next(struct store *store, int64_t *row, char *ret_account_id, char *ret_kind, int64_t *ret_generation,
		 struct str *ret_bytes, struct error *err)
{
	struct query query = query_start(store, SEALED_NEXT);
	bool found;

	error_clear(err);
	query_integer(&query, *row);
	found = query_next(&query);
	if (found) {
		*row = row_integer(&query, 0);
		row_copy(&query, 1, ret_account_id, ACCOUNT_ID_MAX);
		row_copy(&query, 2, ret_kind, 32);
		*ret_generation = row_integer(&query, 3);
		str_reset(ret_bytes);
		str_add_bytes(ret_bytes, row_blob(&query, 4), row_len(&query, 4));
	}
	return query_end(&query, err) && found;
}

bool refresh_lease(struct store *store, const char *account_id, const char *holder, int64_t now_ms, int64_t for_ms,
		   bool *ret_taken, int64_t *ret_wait_ms, struct error *err)
{
	struct query query = query_start(store, REFRESH_STATE);
	bool found, taken = false;
	int64_t until = 0;

	assert(store->in_transaction); /* between looking and taking nobody else may */
	query_text(&query, account_id);
	found = query_next(&query);
	if (found) {
		until = row_integer(&query, 1);
		/* A process that was killed while it renewed is in nobody's way; one that would end much later than leases do was
		 * given before the clock was set back. */
		taken = until <= now_ms || (for_ms > 0 && until - now_ms > 10 * for_ms) || strcmp(row_text(&query, 0), holder) == 0 ||
			holder_is_dead(row_text(&query, 0));
	}
	if (!query_end(&query, err))
		return false;
	if (!found)
		return no_account(account_id, err);
	if (taken) {
		query = query_start(store, REFRESH_TAKE);
		query_text(&query, account_id);
		query_text(&query, holder);
		query_integer(&query, now_ms + for_ms);
		if (!query_run(&query, err))
			return false;
	}
	*ret_taken = taken;
	*ret_wait_ms = taken ? 0 : until - now_ms;
	return true;
}

bool refresh_started(struct store *store, const char *account_id, int64_t generation, struct error *err)
{
	struct query query = query_start(store, REFRESH_STARTED);
	bool same;

	query_text(&query, account_id);
	query_integer(&query, generation);
	while (query_next(&query))
		continue;
	same = query_changes(&query) > 0;
	return query_end(&query, err) &&
	       (same || error_set(err, ERROR_CONFLICT, "somebody else has renewed the tokens of '%s'", account_id));
}

bool refresh_unfinished(struct store *store, const char *account_id, bool *ret_unfinished, struct error *err)
{
	struct query query = query_start(store, REFRESH_STATE);
	bool unfinished = false;

	query_text(&query, account_id);
	if (query_next(&query))
		unfinished = row_integer(&query, 2) >= 0 && row_integer(&query, 2) == row_integer(&query, 3);
	if (!query_end(&query, err))
		return false;
	*ret_unfinished = unfinished;
	return true;
}

bool refresh_release(struct store *store, const char *account_id, const char *holder, struct error *err)
{
	struct query query = query_start(store, REFRESH_RELEASE);

	query_text(&query, account_id);
	query_text(&query, holder);
	return query_run(&query, err);
}

bool attempt_put(struct store *store, const char *name, const char *provider, int64_t made_ms, const char *sealed,
		 size_t len, struct error *err)
{
	struct query query = query_start(store, CONNECT_PUT);

	query_text(&query, name);
	query_text(&query, provider);
	query_integer(&query, made_ms);
	query_blob(&query, sealed, len);
	return query_run(&query, err);
}

bool attempt_get(struct store *store, const char *name, char *ret_name, int64_t *ret_made_ms, struct str *ret_sealed,
		 bool *ret_found, struct error *err)
{
	struct query query = query_start(store, CONNECT_GET);
	bool found;

	query_text(&query, name);
	found = query_next(&query);
	if (found) {
		row_copy(&query, 0, ret_name, 32);
		*ret_made_ms = row_integer(&query, 1);
		str_add_bytes(ret_sealed, row_blob(&query, 2), row_len(&query, 2));
	}
	if (!query_end(&query, err))
		return false;
	*ret_found = found;
	return true;
}

bool attempt_drop(struct store *store, const char *name, struct error *err)
{
	struct query query = query_start(store, CONNECT_DROP);

	query_text(&query, name);
	return query_run(&query, err);
}
