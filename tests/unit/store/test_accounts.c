/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Accounts, finding them by a word, their keys and sealed secrets, attempts to connect, and refreshing one at a time. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/holder.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/accounts.h"

#include "tests.h"

/* In a transaction of its own; the caller says what happens in it. */
static void begin(struct books *books)
{
	struct error err = { 0 };

	expect_ok(store_begin(books->store, &err), &err);
}

static void commit(struct books *books)
{
	struct error err = { 0 };

	expect_ok(store_commit(books->store, &err), &err);
}

static struct account add(struct books *books, const char *name, enum environment environment)
{
	struct account account = books_account(name, "quickbooks");
	struct error err = { 0 };
	char mark[64];

	account.environment = environment;
	snprintf(mark, sizeof(mark), "%s %d", name, (int)environment);
	begin(books);
	expect_ok(accounts_add(books->store, &account, mark, "key", 3, &err), &err);
	commit(books);
	return account;
}

static void expect_same(const struct account *a, const struct account *b)
{
	assert_string_equal(a->id, b->id);
	assert_string_equal(a->provider, b->provider);
	assert_int_equal(a->environment, b->environment);
	assert_string_equal(a->name, b->name);
	assert_string_equal(a->country, b->country);
	assert_string_equal(a->currency, b->currency);
	assert_string_equal(a->realm_tail, b->realm_tail);
	assert_string_equal(a->created, b->created);
	assert_string_equal(a->scopes, b->scopes);
	assert_string_equal(a->connected_by, b->connected_by);
	assert_true(a->connected_ms == b->connected_ms);
	assert_int_equal(a->state, b->state);
	assert_string_equal(a->reason, b->reason);
	assert_true(a->access_expires_ms == b->access_expires_ms);
	assert_true(a->refresh_expires_ms == b->refresh_expires_ms);
	assert_true(a->hard_expires_ms == b->hard_expires_ms);
	assert_true(a->refreshed_ms == b->refreshed_ms);
	assert_true(a->generation == b->generation);
}

static void all_of_it_comes_back(void **state)
{
	AUTO(books_clear) struct books books;
	struct account account = {
		.provider = "xledger", .environment = ENVIRONMENT_DEMO, .name = "Ærlig & Sønn \"AS\"", .country = "NO",
		.currency = "NOK", .realm_tail = "…482", .created = "2019-05-01T00:00:00Z", .scopes = "a b c",
		.connected_by = "ola", .connected_ms = 1, .state = ACCOUNT_PAUSED, .reason = "while we move",
		.access_expires_ms = 2, .refresh_expires_ms = 3, .hard_expires_ms = INT64_MAX, .refreshed_ms = 5,
		.generation = 6,
	}, read;
	struct error err = { 0 };
	bool found = false;

	(void)state;
	books_init(&books);
	begin(&books);
	expect_ok(accounts_add(books.store, &account, "mark", "key", 3, &err), &err);
	commit(&books);
	expect_ok(accounts_get(books.store, account.id, &read, &found, &err), &err);
	assert_true(found);
	expect_same(&read, &account);
	snprintf(account.name, sizeof(account.name), "other");
	account.state = ACCOUNT_RECONNECT;
	account.generation = 7;
	begin(&books);
	expect_ok(accounts_save(books.store, &account, &err), &err);
	commit(&books);
	expect_ok(accounts_by_mark(books.store, "xledger", ENVIRONMENT_DEMO, "mark", &read, &found, &err), &err);
	assert_true(found);
	expect_same(&read, &account);
	expect_ok(accounts_get(books.store, "ldgr_none", &read, &found, &err), &err);
	assert_false(found);
}

static void ids_are_made(void **state)
{
	AUTO(books_clear) struct books books;

	(void)state;
	books_init(&books);
	for (size_t i = 0; i < BOOKS_ACCOUNTS; i++) {
		const char *id = books.accounts[i].id;

		assert_int_equal(strlen(id), 31);
		assert_memory_equal(id, "ldgr_", 5);
		assert_int_equal(strspn(id + 5, "0123456789abcdefghjkmnpqrstvwxyz"), 26);
	}
	assert_string_not_equal(books.accounts[0].id, books.accounts[1].id);
}

static void a_company_is_connected_once(void **state)
{
	AUTO(books_clear) struct books books;
	struct account again = books_account("Other name", "quickbooks"), read;
	struct error err = { 0 };
	bool found;

	(void)state;
	books_init(&books);
	begin(&books);
	expect_error(accounts_add(books.store, &again, "Acme Trading", "key", 3, &err), &err, ERROR_CONFLICT,
		     "connected already, as 'Acme Trading'");
	/* The same number elsewhere is another company. */
	again.environment = ENVIRONMENT_PRODUCTION;
	expect_ok(accounts_add(books.store, &again, "Acme Trading", "key", 3, &err), &err);
	snprintf(again.provider, sizeof(again.provider), "xledger");
	*again.id = '\0';
	expect_ok(accounts_add(books.store, &again, "Acme Trading", "key", 3, &err), &err);
	commit(&books);
	expect_ok(accounts_by_mark(books.store, "quickbooks", ENVIRONMENT_SANDBOX, "Acme Trading", &read, &found, &err), &err);
	assert_true(found);
	assert_string_equal(read.id, books.accounts[0].id);
	expect_ok(accounts_by_mark(books.store, "quickbooks", ENVIRONMENT_LOCAL, "Acme Trading", &read, &found, &err), &err);
	assert_false(found);
}

static void listed_by_name(void **state)
{
	AUTO(books_clear) struct books books;
	AUTO(account_list_clear) struct account_list list = { 0 };
	static const char *const expected[] = { "Acme Trading", "Bolt Works", "bolt works 2", "Zinc" };
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	add(&books, "Zinc", ENVIRONMENT_SANDBOX);
	add(&books, "bolt works 2", ENVIRONMENT_SANDBOX);
	for (int i = 0; i < 2; i++) {
		expect_ok(accounts_all(books.store, &list, &err), &err);
		assert_int_equal(list.count, ARRAY_LEN(expected));
		for (size_t k = 0; k < list.count; k++)
			assert_string_equal(list.items[k].name, expected[k]);
	}
}

/* ---- finding ---- */

static void expect_found(struct books *books, const char *word, const char *name)
{
	struct account account;
	struct error err = { 0 };

	if (!accounts_find(books->store, word, &account, &err))
		fail_msg("'%s': %s", word, err.text);
	assert_string_equal(account.name, name);
}

static void expect_not_found(struct books *books, const char *word, const char *part)
{
	struct account account;
	struct error err = { 0 };

	expect_error(accounts_find(books->store, word, &account, &err), &err, ERROR_INPUT, part);
}

static void found_by_any_unique_prefix(void **state)
{
	AUTO(books_clear) struct books books;
	struct account lone, acme;

	(void)state;
	books_init(&books);
	lone = add(&books, "ldgr Lone", ENVIRONMENT_SANDBOX);
	acme = add(&books, "Acme", ENVIRONMENT_SANDBOX);
	expect_found(&books, "Bolt Works", "Bolt Works");
	expect_found(&books, "b", "Bolt Works");
	expect_found(&books, "BOLT", "Bolt Works");
	expect_found(&books, books.accounts[1].id, "Bolt Works");
	expect_found(&books, books.accounts[1].id + 5, "Bolt Works");
	expect_found(&books, lone.id, "ldgr Lone");
	/* What all ids begin with says nothing about an id. */
	expect_found(&books, "l", "ldgr Lone");
	expect_found(&books, "ldgr", "ldgr Lone");
	/* A whole name wins over those that it begins. */
	expect_found(&books, "acme", "Acme");
	expect_found(&books, acme.id, "Acme");
	expect_not_found(&books, "Acm", "'Acm' fits 2 accounts: 'Acme', 'Acme Trading'; type more of the name");
	expect_not_found(&books, "ldgr_", "there is no account 'ldgr_'");
}

static void what_is_not_found_names_the_nearest(void **state)
{
	AUTO(books_clear) struct books books;
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	expect_not_found(&books, "works", "there is no account 'works'; there are 'Bolt Works'");
	expect_not_found(&books, "Acne Tradings", "there is no account 'Acne Tradings', did you mean 'Acme Trading'?");
	expect_not_found(&books, "Cobalt", "there are 'Acme Trading', 'Bolt Works'");
	expect_not_found(&books, "", "there is no account ''");
	for (int i = 0; i < 40; i++) {
		char name[200];

		snprintf(name, sizeof(name), "A company with a name of a good length, number %d of them all in one town", i);
		add(&books, name, ENVIRONMENT_SANDBOX);
	}
	expect_not_found(&books, "A company", "and 37 more");
	expect_not_found(&books, "zzz", "and 39 more");
	begin(&books);
	assert_true(store_commit(books.store, &err));
}

static void no_account_at_all(void **state)
{
	AUTO(place_clear) struct place place;
	struct account account;
	struct error err = { 0 };
	struct store *store;

	(void)state;
	place_init(&place);
	store = place_open(&place, STORE_CREATE);
	expect_error(accounts_find(store, "acme", &account, &err), &err, ERROR_INPUT, "none is connected yet");
	store_close(store);
}

/* The same company's books in two environments: never one in the other's place. */
static void two_of_one_name(void **state)
{
	AUTO(books_clear) struct books books;
	struct account one, other, read;
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	one = add(&books, "Same", ENVIRONMENT_SANDBOX);
	other = add(&books, "Same", ENVIRONMENT_PRODUCTION);
	expect_error(accounts_find(books.store, "same", &read, &err), &err, ERROR_INPUT, "'same' fits 2 accounts: ");
	assert_non_null(strstr(err.text, one.id));
	assert_non_null(strstr(err.text, other.id));
	assert_non_null(strstr(err.text, "(production)"));
	assert_non_null(strstr(err.text, "type an id"));
	expect_ok(accounts_find(books.store, other.id, &read, &err), &err);
	assert_int_equal(read.environment, ENVIRONMENT_PRODUCTION);
}

/* ---- keys and sealed bytes ---- */

static void keys(void **state)
{
	AUTO(books_clear) struct books books;
	AUTO(str_clear) struct str key = STR_INIT(100);
	struct account none = { .id = "ldgr_none" };
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	expect_ok(accounts_key(books.store, books.accounts[0].id, &key, &err), &err);
	assert_string_equal(key.text, "key");
	begin(&books);
	expect_ok(accounts_set_key(books.store, books.accounts[0].id, "\0\1\2", 3, &err), &err);
	/* Saving the account leaves key and mark alone. */
	expect_ok(accounts_save(books.store, &books.accounts[0], &err), &err);
	commit(&books);
	str_reset(&key);
	expect_ok(accounts_key(books.store, books.accounts[0].id, &key, &err), &err);
	assert_int_equal(key.len, 3);
	assert_memory_equal(key.text, "\0\1\2", 3);
	str_reset(&key);
	expect_ok(accounts_key(books.store, books.accounts[1].id, &key, &err), &err);
	assert_string_equal(key.text, "key");
	expect_error(accounts_key(books.store, none.id, &key, &err), &err, ERROR_INPUT, "there is no account 'ldgr_none'");
	expect_error(accounts_set_key(books.store, none.id, "x", 1, &err), &err, ERROR_INPUT, "there is no account");
	expect_error(accounts_save(books.store, &none, &err), &err, ERROR_INPUT, "there is no account");
}

static void seal(struct books *books, const char *account, const char *kind, int64_t generation, const char *text)
{
	struct error err = { 0 };

	begin(books);
	expect_ok(sealed_put(books->store, account, kind, generation, text, strlen(text), &err), &err);
	commit(books);
}

static void expect_sealed(struct books *books, const char *account, const char *kind, int which, int64_t generation,
			  const char *text)
{
	AUTO(str_clear) struct str bytes = STR_INIT(100);
	struct error err = { 0 };
	int64_t read = -1;
	bool found;

	expect_ok(sealed_get(books->store, account, kind, which, &read, &bytes, &found, &err), &err);
	assert_int_equal(found, text != NULL);
	assert_int_equal(read, text ? generation : -1);
	assert_string_equal(bytes.text, text ? text : "");
}

static void sealed_bytes_keep_the_one_before(void **state)
{
	AUTO(books_clear) struct books books;
	const char *one, *other;
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	one = books.accounts[0].id;
	other = books.accounts[1].id;
	expect_sealed(&books, one, "refresh", 0, 0, NULL);
	seal(&books, one, "refresh", 1, "a");
	expect_sealed(&books, one, "refresh", 0, 1, "a");
	expect_sealed(&books, one, "refresh", 1, 0, NULL);
	seal(&books, one, "refresh", 2, "b");
	seal(&books, one, "refresh", 3, "c");
	expect_sealed(&books, one, "refresh", 0, 3, "c");
	expect_sealed(&books, one, "refresh", 1, 2, "b");
	expect_sealed(&books, one, "refresh", 2, 0, NULL);
	/* The same generation again replaces, as a rotation does. */
	seal(&books, one, "refresh", 3, "C");
	seal(&books, one, "refresh", 2, "B");
	expect_sealed(&books, one, "refresh", 0, 3, "C");
	expect_sealed(&books, one, "refresh", 1, 2, "B");
	/* Others' are others'. */
	seal(&books, other, "refresh", 9, "x");
	seal(&books, one, "access", 5, "y");
	seal(&books, "", "refresh", 7, "own");
	expect_sealed(&books, one, "refresh", 0, 3, "C");
	expect_sealed(&books, other, "refresh", 0, 9, "x");
	expect_sealed(&books, "", "refresh", 0, 7, "own");
	begin(&books);
	expect_ok(sealed_drop(books.store, one, &err), &err);
	commit(&books);
	expect_sealed(&books, one, "refresh", 0, 0, NULL);
	expect_sealed(&books, one, "access", 0, 0, NULL);
	expect_sealed(&books, other, "refresh", 0, 9, "x");
	expect_sealed(&books, "", "refresh", 0, 7, "own");
}

static void all_sealed_rows_can_be_walked(void **state)
{
	AUTO(books_clear) struct books books;
	AUTO(str_clear) struct str bytes = STR_INIT(100), seen = STR_INIT(1000);
	char account[ACCOUNT_ID_MAX], kind[32];
	struct error err = { .code = ERROR_INTERNAL };
	int64_t row = 0, generation;

	(void)state;
	books_init(&books);
	assert_false(sealed_next(books.store, &row, account, kind, &generation, &bytes, &err));
	assert_int_equal(err.code, ERROR_NONE);
	seal(&books, books.accounts[0].id, "refresh", 1, "a");
	seal(&books, books.accounts[1].id, "access", 2, "b");
	seal(&books, "", "app", 3, "c");
	while (sealed_next(books.store, &row, account, kind, &generation, &bytes, &err)) {
		str_addf(&seen, "%s%s %s %d %s;", *account ? "account" : "own",
			 strcmp(account, books.accounts[0].id) == 0 ? " 0" : *account ? " 1" : "", kind, (int)generation,
			 bytes.text);
		/* Sealed again on the way, as a rotation does: each is met once. */
		seal(&books, account, kind, generation, "new");
	}
	assert_int_equal(err.code, ERROR_NONE);
	assert_string_equal(seen.text, "account 0 refresh 1 a;account 1 access 2 b;own app 3 c;");
	expect_sealed(&books, "", "app", 0, 3, "new");
}

/* ---- attempts to connect ---- */

static void put_attempt(struct books *books, const char *name, int64_t made_ms, const char *text)
{
	struct error err = { 0 };

	begin(books);
	expect_ok(attempt_put(books->store, name, "quickbooks", made_ms, text, strlen(text), &err), &err);
	commit(books);
}

static void expect_attempt(struct books *books, const char *asked, const char *name, int64_t made_ms, const char *text)
{
	AUTO(str_clear) struct str sealed = STR_INIT(100);
	struct error err = { 0 };
	char read[32] = "";
	int64_t made = -1;
	bool found;

	expect_ok(attempt_get(books->store, asked, read, &made, &sealed, &found, &err), &err);
	assert_int_equal(found, text != NULL);
	assert_string_equal(sealed.text, text ? text : "");
	assert_string_equal(read, text ? name : "");
	assert_int_equal(made, text ? made_ms : -1);
}

static void attempts_can_be_taken_up_again(void **state)
{
	AUTO(books_clear) struct books books;
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	expect_attempt(&books, "", NULL, 0, NULL);
	put_attempt(&books, "brave-otter", 100, "one");
	put_attempt(&books, "calm-heron", 300, "two");
	put_attempt(&books, "dull-ibis", 200, "three");
	expect_attempt(&books, "", "calm-heron", 300, "two");
	expect_attempt(&books, "brave-otter", "brave-otter", 100, "one");
	expect_attempt(&books, "brave", NULL, 0, NULL);
	put_attempt(&books, "brave-otter", 400, "again");
	expect_attempt(&books, "", "brave-otter", 400, "again");
	begin(&books);
	expect_ok(attempt_drop(books.store, "brave-otter", &err), &err);
	expect_ok(attempt_drop(books.store, "never", &err), &err);
	commit(&books);
	expect_attempt(&books, "brave-otter", NULL, 0, NULL);
	expect_attempt(&books, "", "calm-heron", 300, "two");
}

/* ---- refreshing ---- */

static bool take(struct books *books, const char *holder, int64_t now, int64_t *wait)
{
	struct error err = { 0 };
	bool taken = false;

	begin(books);
	expect_ok(refresh_lease(books->store, books->accounts[0].id, holder, now, 1000, &taken, wait, &err), &err);
	commit(books);
	return taken;
}

static void release(struct books *books, const char *holder)
{
	struct error err = { 0 };

	begin(books);
	expect_ok(refresh_release(books->store, books->accounts[0].id, holder, &err), &err);
	commit(books);
}

static void one_refreshes_at_a_time(void **state)
{
	AUTO(books_clear) struct books books;
	struct error err = { 0 };
	bool taken = true;
	int64_t wait = -1;

	(void)state;
	books_init(&books);
	assert_true(take(&books, "a", NOW, &wait));
	assert_int_equal(wait, 0);
	assert_false(take(&books, "b", NOW + 1, &wait));
	assert_int_equal(wait, 999);
	assert_true(take(&books, "a", NOW + 500, &wait));
	assert_false(take(&books, "b", NOW + 1499, &wait));
	assert_int_equal(wait, 1);
	/* Somebody else's release does nothing. */
	release(&books, "b");
	assert_false(take(&books, "b", NOW + 600, &wait));
	release(&books, "a");
	assert_true(take(&books, "b", NOW + 601, &wait));
	/* A holder that is gone is in nobody's way for longer than its time. */
	assert_true(take(&books, "c", NOW + 1601, &wait));
	release(&books, "b");
	assert_false(take(&books, "d", NOW + 1700, &wait));
	begin(&books);
	expect_ok(refresh_lease(books.store, books.accounts[1].id, "b", NOW, 1000, &taken, &wait, &err), &err);
	assert_true(taken);
	expect_error(refresh_lease(books.store, "ldgr_none", "b", NOW, 1000, &taken, &wait, &err), &err, ERROR_INPUT,
		     "there is no account");
	commit(&books);
}

/* Killed while it renewed: the next one need not wait until its time has run out. */
static void a_dead_process_is_in_nobodys_way(void **state)
{
	AUTO(books_clear) struct books books;
	char alive[HOLDER_MAX], dead[HOLDER_MAX + 1];
	int64_t wait = -1;

	(void)state;
	books_init(&books);
	holder_name(alive, sizeof(alive));
	snprintf(dead, sizeof(dead), "%s1", alive); /* our number, and another start: whoever had it is gone */
	assert_true(take(&books, dead, NOW, &wait));
	assert_true(take(&books, alive, NOW + 1, &wait));
	assert_false(take(&books, dead, NOW + 2, &wait));
	assert_int_equal(wait, 999);
}

static bool unfinished(struct books *books)
{
	struct error err = { 0 };
	bool result = false;

	expect_ok(refresh_unfinished(books->store, books->accounts[0].id, &result, &err), &err);
	return result;
}

static void an_unfinished_refresh_is_seen(void **state)
{
	AUTO(books_clear) struct books books;
	struct account *account = &books.accounts[0];
	struct error err = { 0 };
	int64_t wait;

	(void)state;
	books_init(&books);
	assert_false(unfinished(&books));
	assert_true(take(&books, "a", NOW, &wait));
	assert_false(unfinished(&books));
	begin(&books);
	expect_ok(refresh_started(books.store, account->id, 0, &err), &err);
	commit(&books);
	assert_true(unfinished(&books));
	/* Saved, but not released before the crash: that one was finished. */
	account->generation = 1;
	begin(&books);
	expect_ok(accounts_save(books.store, account, &err), &err);
	commit(&books);
	assert_false(unfinished(&books));
	begin(&books);
	expect_ok(refresh_started(books.store, account->id, 1, &err), &err);
	commit(&books);
	assert_true(unfinished(&books));
	release(&books, "a");
	assert_false(unfinished(&books));
}

static void a_refresh_of_an_old_pair_is_a_conflict(void **state)
{
	AUTO(books_clear) struct books books;
	struct account *account = &books.accounts[0];
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	account->generation = 4;
	begin(&books);
	expect_ok(accounts_save(books.store, account, &err), &err);
	expect_error(refresh_started(books.store, account->id, 3, &err), &err, ERROR_CONFLICT, "somebody else has renewed");
	assert_false(unfinished(&books));
	expect_ok(refresh_started(books.store, account->id, 4, &err), &err);
	commit(&books);
}

/* ---- over processes ---- */

#define RACERS 8
#define REFRESHES 30

struct race {
	struct place place;
	char account_id[ACCOUNT_ID_MAX];
};

/* Renews as long as the generation is below the limit; two that renew the same one would be a conflict. */
static int refresh_on(const struct race *race, struct store *store, const char *holder)
{
	AUTO(store_end) struct store *transaction = store;
	struct env env = env_real();
	struct account account;
	bool taken, found;
	int64_t wait;

	if (!store_begin(store, NULL) ||
	    !refresh_lease(store, race->account_id, holder, env.wall_ms(env.ctx), 60000, &taken, &wait, NULL) ||
	    !store_commit(transaction, NULL))
		return 2;
	if (!taken)
		return 1;
	if (!store_begin(store, NULL) || !accounts_get(store, race->account_id, &account, &found, NULL) ||
	    (account.generation < REFRESHES && !refresh_started(store, race->account_id, account.generation, NULL)) ||
	    !store_commit(transaction, NULL))
		return 3;
	if (account.generation >= REFRESHES)
		return 0;
	/* Here the ledger would be asked; nobody else may, meanwhile. */
	account.generation++;
	if (!store_begin(store, NULL) || !accounts_save(store, &account, NULL) ||
	    !meter_add(store, race->account_id, "renewed", &(struct meter){ .calls = 1 }, NULL) ||
	    !refresh_release(store, race->account_id, holder, NULL) || !store_commit(transaction, NULL))
		return 4;
	return 1;
}

static int refresh_racer(void *ctx, const struct ends *ends)
{
	const struct race *race = ctx;
	struct store *store;
	char holder[32];
	int result;

	snprintf(holder, sizeof(holder), "? racer");
	ends_say(ends);
	ends_hear(ends);
	if (read(ends->in, holder, 1) != 1 || !store_open(race->place.path, STORE_WRITE, 0, &store, NULL))
		return 5;
	while ((result = refresh_on(race, store, holder)) == 1)
		continue;
	if (result == 0) {
		AUTO(store_end) struct store *transaction = store;

		store_begin(store, NULL);
		refresh_release(store, race->account_id, holder, NULL);
		store_commit(transaction, NULL);
	}
	store_close(store);
	return result;
}

static void eight_processes_refresh_each_pair_once(void **state)
{
	AUTO(books_clear) struct books books;
	struct child children[RACERS];
	struct race race;
	struct meter renewed;
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	race.place = books.place;
	snprintf(race.account_id, sizeof(race.account_id), "%s", books.accounts[0].id);
	store_close(books.store);
	books.store = NULL;
	for (int i = 0; i < RACERS; i++)
		children[i] = child_new(refresh_racer, &race);
	for (int i = 0; i < RACERS; i++)
		assert_true(ends_hear(&children[i].ends));
	for (int i = 0; i < RACERS; i++) {
		char name[2] = { '.', (char)('a' + i) };

		assert_int_equal(write(children[i].ends.out, name, 2), 2);
	}
	for (int i = 0; i < RACERS; i++)
		assert_int_equal(child_wait(&children[i]), 0);
	books.store = place_open(&books.place, STORE_WRITE);
	expect_ok(meter_get(books.store, race.account_id, "renewed", &renewed, &err), &err);
	assert_int_equal(renewed.calls, REFRESHES);
}

int test_accounts(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_it_comes_back),
		cmocka_unit_test(ids_are_made),
		cmocka_unit_test(a_company_is_connected_once),
		cmocka_unit_test(listed_by_name),
		cmocka_unit_test(found_by_any_unique_prefix),
		cmocka_unit_test(what_is_not_found_names_the_nearest),
		cmocka_unit_test(no_account_at_all),
		cmocka_unit_test(two_of_one_name),
		cmocka_unit_test(keys),
		cmocka_unit_test(sealed_bytes_keep_the_one_before),
		cmocka_unit_test(all_sealed_rows_can_be_walked),
		cmocka_unit_test(attempts_can_be_taken_up_again),
		cmocka_unit_test(one_refreshes_at_a_time),
		cmocka_unit_test(a_dead_process_is_in_nobodys_way),
		cmocka_unit_test(an_unfinished_refresh_is_seen),
		cmocka_unit_test(a_refresh_of_an_old_pair_is_a_conflict),
		cmocka_unit_test(eight_processes_refresh_each_pair_once),
	};

	return cmocka_run_group_tests_name("accounts", tests, NULL, NULL);
}
