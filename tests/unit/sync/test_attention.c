/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What needs a person: for each cause what it says, why, what to do, the command that does so, and how many records wait for
 * it. On a store alone: what is there was put there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/log.h"
#include "ledgerdeck/sync/attention.h"
#include "tests.h"

#define NOW WORLD_START_MS
#define DAY_MS INT64_C(86400000)
#define ACME "ldgr_00000000000000000000000001"
#define BETA "ldgr_00000000000000000000000002"

struct books {
	char directory[64], path[96];
	struct store *store;
	struct settings *settings;
	struct attention attention; /* as it was read last */
	int accounts;
};

static void good(bool ok, const struct error *err)
{
	if (!ok)
		fail_msg("expected success, got code %d and '%s'", (int)err->code, err->text);
}

static void books_open(struct books *books)
{
	static const char *const nothing[] = { NULL }, *const flags[] = { "sync.month_limit=1000", "backup.directory=/backups", NULL };
	struct settings_sources sources = { .environment = nothing, .flags = flags };
	struct error err = { 0 };

	*books = (struct books){ 0 };
	snprintf(books->directory, sizeof(books->directory), "/tmp/attention-test-XXXXXX");
	assert_non_null(mkdtemp(books->directory));
	snprintf(books->path, sizeof(books->path), "%s/books.db", books->directory);
	good(settings_load(&sources, &books->settings, &err) && store_open(books->path, STORE_CREATE, 0, &books->store, &err), &err);
}

static void books_close(struct books *books)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-bell", "-lock", "-door" };

	attention_clear(&books->attention);
	store_close(books->store);
	settings_free(books->settings);
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		char path[120];

		snprintf(path, sizeof(path), "%s%s", books->path, ends[i]);
		unlink(path);
	}
	rmdir(books->directory);
}

/* The first is ACME, the second BETA. */
static struct account add_account(struct books *books, const char *name)
{
	AUTO(store_end) struct store *transaction = books->store;
	struct account account = { .provider = "quickbooks", .environment = ENVIRONMENT_PRODUCTION, .country = "US", .currency = "USD",
				   .refresh_expires_ms = NOW + 90 * DAY_MS, .hard_expires_ms = NOW + 900 * DAY_MS };
	char mark[80];
	struct error err = { 0 };

	snprintf(account.id, sizeof(account.id), "ldgr_%026d", ++books->accounts);
	snprintf(account.name, sizeof(account.name), "%s", name);
	snprintf(mark, sizeof(mark), "mark %d", books->accounts);
	good(store_begin(books->store, &err) && accounts_add(books->store, &account, mark, "key", 3, &err) &&
	     store_commit(transaction, &err), &err);
	return account;
}

static void save_account(struct books *books, const struct account *account)
{
	AUTO(store_end) struct store *transaction = books->store;
	struct error err = { 0 };

	good(store_begin(books->store, &err) && accounts_save(books->store, account, &err) && store_commit(transaction, &err), &err);
}

/* An object as that: with so many records, and what `change` makes of it. */
static void add_object(struct books *books, const char *account_id, const char *type, int64_t live, void (*change)(struct object *object))
{
	AUTO(store_end) struct store *transaction = books->store;
	struct object object;
	struct error err = { 0 };

	good(store_begin(books->store, &err) && objects_ensure(books->store, account_id, type, &object, &err), &err);
	object.live = live;
	object.status = OBJECT_OK;
	object.success_ms = NOW - 3600000;
	if (change)
		change(&object);
	good(objects_save(books->store, &object, 0, &err) && store_commit(transaction, &err), &err);
}

static void park(struct books *books, const char *account_id, const char *type, const char *id, const char *why)
{
	AUTO(store_end) struct store *transaction = books->store;
	struct object object;
	struct error err = { 0 };

	good(store_begin(books->store, &err) && objects_ensure(books->store, account_id, type, &object, &err) &&
	     records_park(books->store, &object, id, id, strlen(id), why, NOW, &err) && store_commit(transaction, &err), &err);
}

static void look(struct books *books)
{
	struct error err = { 0 };

	attention_clear(&books->attention);
	good(attention_read(books->store, books->settings, NOW, &books->attention, &err), &err);
}

/* The only one there is. */
static const struct attention_item *only(struct books *books, enum attention_cause cause)
{
	look(books);
	assert_int_equal(books->attention.count, 1);
	assert_int_equal(books->attention.items[0].cause, cause);
	assert_int_equal(books->attention.persons, books->attention.items[0].person);
	return &books->attention.items[0];
}

static void expect_words(const struct attention_item *item, const char *what, const char *why, const char *act, const char *command)
{
	assert_string_equal(item->what, what);
	assert_string_equal(item->why, why);
	assert_string_equal(item->act, act);
	assert_string_equal(item->command, command);
}

/* ---- each cause */

static void parked(void **state)
{
	static const char act[] = "Their bytes are kept. Mend the catalogue's row or the record in the ledger, then read them again.";
	struct books books;
	struct account beta;
	const struct attention_item *item;

	(void)state;
	books_open(&books);
	add_account(&books, "Acme");
	beta = add_account(&books, "Beta");
	park(&books, ACME, "Invoice", "1", "TotalAmt is no number");
	park(&books, ACME, "Invoice", "2", "TotalAmt is no number");
	park(&books, BETA, "Invoice", "1", "TotalAmt is no number");
	item = only(&books, ATTENTION_PARKED);
	expect_words(item, "Records of Invoice could not be kept as such.", "TotalAmt is no number", act, "sync --full --type Invoice " ACME " " BETA);
	assert_true(item->person);
	assert_int_equal(item->frees, 3);
	assert_int_equal(item->types, 2);
	assert_int_equal(item->accounts, 2);
	assert_string_equal(item->names, "Acme, Beta");
	/* Another type is another fix, and so is another reason. */
	park(&books, ACME, "Bill", "1", "TotalAmt is no number");
	park(&books, ACME, "Invoice", "3", "it has no id");
	look(&books);
	assert_int_equal(books.attention.count, 3);
	/* Those with the most records come first. */
	assert_int_equal(books.attention.items[0].frees, 3);
	assert_string_equal(books.attention.items[1].command, "sync --full --type Bill " ACME);
	assert_string_equal(books.attention.items[2].why, "it has no id");
	/* What is not read cannot be read again. */
	beta.state = ACCOUNT_PAUSED;
	save_account(&books, &beta);
	look(&books);
	assert_string_equal(books.attention.items[0].names, "Acme");
	assert_int_equal(books.attention.items[0].frees, 2);
	books_close(&books);
}

/* More accounts than a command has room for: of all there are. */
static void many_accounts(void **state)
{
	struct books books;
	const struct attention_item *item;

	(void)state;
	books_open(&books);
	for (int i = 1; i <= 40; i++) {
		char name[40];
		struct account account;

		snprintf(name, sizeof(name), "Company %d", i);
		account = add_account(&books, name);
		park(&books, account.id, "Invoice", "1", "it has no id");
	}
	item = only(&books, ATTENTION_PARKED);
	assert_string_equal(item->command, "sync --full --type Invoice --all");
	assert_string_equal(item->names, "Company 1, Company 2, Company 3 and 37 more");
	assert_int_equal(item->frees, 40);
	assert_int_equal(item->accounts, 40);
	books_close(&books);
}

static void make_drift(struct object *object)
{
	snprintf(object->drift, sizeof(object->drift), "NewMember, Other.Thing");
}

static void drift(void **state)
{
	struct books books;
	const struct attention_item *item;

	(void)state;
	books_open(&books);
	add_account(&books, "Acme");
	add_account(&books, "Beta");
	add_object(&books, ACME, "Invoice", 10, make_drift);
	add_object(&books, BETA, "Invoice", 20, make_drift);
	add_object(&books, BETA, "Bill", 30, NULL);
	item = only(&books, ATTENTION_DRIFT);
	expect_words(item, "The ledger has new members in Invoice.", "Nobody knew: NewMember, Other.Thing",
		     "They are kept. Add a field to the catalogue to see them, or read all of it again to take note.",
		     "sync --full --type Invoice " ACME " " BETA);
	/* Nothing waits for it. */
	assert_false(item->person);
	assert_int_equal(item->frees, 0);
	assert_int_equal(item->types, 2);
	assert_int_equal(item->accounts, 2);
	books_close(&books);
}

static void add_used(struct books *books, const char *month, struct meter used)
{
	AUTO(store_end) struct store *transaction = books->store;
	struct error err = { 0 };

	good(store_begin(books->store, &err) && meter_add(books->store, ACME, month, &used, &err) && store_commit(transaction, &err), &err);
}

static void add_calls(struct books *books, const char *month, int64_t calls)
{
	add_used(books, month, (struct meter){ .calls = calls });
}

/* The clock stands at noon of January 31st: what is expected is what was made. */
static void budget(void **state)
{
	static const char act[] = "Read less often ('interval'), or raise sync.month_limit.";
	struct books books;
	const struct attention_item *item;

	(void)state;
	books_open(&books);
	add_account(&books, "Acme");
	add_calls(&books, "2025-12", 5000);
	add_calls(&books, "2026-01", 999);
	look(&books);
	assert_int_equal(books.attention.count, 0);
	add_calls(&books, "2026-01", 1);
	item = only(&books, ATTENTION_BUDGET);
	expect_words(item, "The month's calls of quickbooks production are used up.", "1000 of 1000 calls are used, 1000 expected by the month's end.", act,
		     "");
	assert_true(item->person);
	assert_int_equal(item->frees, 0);
	assert_string_equal(item->names, "");
	books_close(&books);
}

/* ... ten days into a month three times as many are expected. */
static void budget_ahead(void **state)
{
	struct books books;
	struct error err = { 0 };

	(void)state;
	books_open(&books);
	add_account(&books, "Acme");
	add_calls(&books, "2026-02", 400);
	good(attention_read(books.store, books.settings, NOW + 10 * DAY_MS, &books.attention, &err), &err);
	assert_int_equal(books.attention.count, 1);
	assert_string_equal(books.attention.items[0].what, "The month's calls of quickbooks production will be used up.");
	assert_string_equal(books.attention.items[0].why, "400 of 1000 calls are used, 1120 expected by the month's end.");
	books_close(&books);
}

/* Megabytes have a limit where a provider's subscription has one: each way its own. */
static void budget_of_bytes(void **state)
{
	static const char act[] = "Read less often ('interval'), or raise xledger.month_megabytes.";
	const int64_t most = INT64_C(1000000000);
	const struct attention_item *item;
	struct account account;
	struct error err = { 0 };
	struct books books;

	(void)state;
	books_open(&books);
	account = add_account(&books, "Acme");
	add_used(&books, "2026-01", (struct meter){ 2, most - 1, most - 1 });
	look(&books);
	assert_int_equal(books.attention.count, 0);
	add_used(&books, "2026-01", (struct meter){ 0, 1, 0 });
	look(&books);
	assert_int_equal(books.attention.count, 0); /* of QuickBooks nobody limits them */
	snprintf(account.provider, sizeof(account.provider), "xledger");
	save_account(&books, &account);
	item = only(&books, ATTENTION_BUDGET);
	expect_words(item, "The month's megabytes down of xledger production are used up.",
		     "1000 of 1000 megabytes down are used, 1000 expected by the month's end.", act, "");
	add_used(&books, "2026-01", (struct meter){ 0, 0, 1 });
	look(&books);
	assert_int_equal(books.attention.count, 2);
	/* A new month begins with nothing, and on its tenth day what was used is not half of what will be. */
	attention_clear(&books.attention);
	add_used(&books, "2026-02", (struct meter){ 9, 300 * 1000000, 400 * 1000000 });
	good(attention_read(books.store, books.settings, NOW + 10 * DAY_MS, &books.attention, &err), &err);
	assert_int_equal(books.attention.count, 1);
	assert_string_equal(books.attention.items[0].what, "The month's megabytes up of xledger production will be used up.");
	assert_string_equal(books.attention.items[0].why, "400 of 1000 megabytes up are used, 1120 expected by the month's end.");
	books_close(&books);
}

static void set_breaker(struct books *books, int openings, int64_t until_ms)
{
	AUTO(store_end) struct store *transaction = books->store;
	const struct breaker breaker = { .failures = 5, .openings = openings, .open_until_ms = until_ms };
	struct error err = { 0 };

	good(store_begin(books->store, &err) && breaker_set(books->store, ACME, &breaker, &err) && store_commit(transaction, &err), &err);
}

static void breaker(void **state)
{
	struct books books;
	struct account account;
	const struct attention_item *item;

	(void)state;
	books_open(&books);
	account = add_account(&books, "Acme");
	add_account(&books, "Beta");
	add_object(&books, ACME, "Invoice", 10, NULL);
	add_object(&books, ACME, "Bill", 7, NULL);
	add_object(&books, BETA, "Bill", 100, NULL);
	set_breaker(&books, 1, NOW + 60000);
	item = only(&books, ATTENTION_BREAKER);
	expect_words(item, "No calls to Acme for a while.", "Calls failed 5 times in a row.",
		     "Nothing: it is tried again by itself. Look at the network and the ledger's status if it stays.", "sync " ACME);
	/* The records of that account wait; somebody must look only once it opens again and again. */
	assert_int_equal(item->frees, 17);
	assert_false(item->person);
	assert_string_equal(item->names, "Acme");
	set_breaker(&books, 3, NOW + 60000);
	assert_true(only(&books, ATTENTION_BREAKER)->person);
	set_breaker(&books, 3, NOW);
	look(&books);
	assert_int_equal(books.attention.count, 0);
	/* Paused: nobody calls it. */
	set_breaker(&books, 3, NOW + 60000);
	account.state = ACCOUNT_PAUSED;
	save_account(&books, &account);
	look(&books);
	assert_int_equal(books.attention.count, 0);
	books_close(&books);
}

static void make_clock(struct object *object)
{
	object->status = OBJECT_FAILED;
	object->failures = 1;
	error_set(&object->last_error, ERROR_STORE, "this machine's clock is 7200 seconds ahead of the ledger's: set it");
}

static void clock_off(void **state)
{
	struct books books;
	const struct attention_item *item;

	(void)state;
	books_open(&books);
	add_account(&books, "Acme");
	add_object(&books, ACME, "Invoice", 10, make_clock);
	add_object(&books, ACME, "Bill", 7, make_clock);
	item = only(&books, ATTENTION_CLOCK);
	expect_words(item, "This machine's clock is wrong.", "this machine's clock is 7200 seconds ahead of the ledger's: set it",
		     "Set it, or let it be set: timedatectl set-ntp true. Reading goes on by itself then.", "retry --code store");
	assert_true(item->person);
	assert_int_equal(item->frees, 17);
	assert_int_equal(item->types, 2);
	assert_int_equal(item->accounts, 1);
	assert_int_equal(item->since_ms, NOW - 3600000);
	books_close(&books);
}

static int64_t add_backup(struct books *books, int64_t ago_ms, const char *cause, const char *failure)
{
	AUTO(store_end) struct store *transaction = books->store;
	struct attempt attempt = { .run = 1, .started_ms = NOW - ago_ms, .tries = 1 };
	struct error err = { 0 };

	snprintf(attempt.type, sizeof(attempt.type), "%s", SYNC_BACKUP);
	snprintf(attempt.job, sizeof(attempt.job), "%s", SYNC_BACKUP);
	snprintf(attempt.cause, sizeof(attempt.cause), "%s", cause);
	good(store_begin(books->store, &err) && attempt_start(books->store, &attempt, &err), &err);
	attempt.took_ms = 1000;
	if (failure)
		error_set(&attempt.error, ERROR_STORE, "%s", failure);
	good(attempt_end(books->store, &attempt, "/backups/one.db", &err) && store_commit(transaction, &err), &err);
	return attempt.no;
}

static void backup(void **state)
{
	struct books books;
	const struct attention_item *item;
	char command[40];
	int64_t no;

	(void)state;
	books_open(&books);
	add_account(&books, "Acme");
	add_backup(&books, 3 * DAY_MS, "schedule", NULL);
	add_backup(&books, 2 * DAY_MS, "schedule", "the disk is full");
	no = add_backup(&books, DAY_MS, "schedule", "the disk is still full");
	/* One that somebody made by hand is theirs. */
	add_backup(&books, DAY_MS / 2, "operator", "there is no such folder");
	item = only(&books, ATTENTION_BACKUP);
	snprintf(command, sizeof(command), "retry %lld", (long long)no);
	expect_words(item, "Scheduled backups fail, 2 in a row.", "the disk is still full", "Mend what the message names, then make one.", command);
	assert_true(item->person);
	assert_int_equal(item->since_ms, NOW - 3 * DAY_MS);
	assert_int_equal(item->frees, 0);
	add_backup(&books, 1000, "retry", NULL);
	look(&books);
	assert_int_equal(books.attention.count, 0);
	books_close(&books);
}

/* What ends whatever is done is connected again; what ends for want of renewal is renewed. */
static void ending(void **state)
{
	struct books books;
	struct account account;
	const struct attention_item *item;

	(void)state;
	books_open(&books);
	account = add_account(&books, "Acme");
	account.hard_expires_ms = NOW + 20 * DAY_MS;
	save_account(&books, &account);
	item = only(&books, ATTENTION_ENDING);
	assert_string_equal(item->what, "The connection to Acme ends soon.");
	assert_non_null(strstr(item->why, "ends in 20 days, whatever is done"));
	assert_string_equal(item->act, "Connect it again before it ends.");
	assert_string_equal(item->command, "connect quickbooks --account " ACME);
	account.hard_expires_ms = NOW + 900 * DAY_MS;
	account.refresh_expires_ms = NOW + 3 * DAY_MS;
	save_account(&books, &account);
	item = only(&books, ATTENTION_ENDING);
	assert_non_null(strstr(item->why, "end in 3 days"));
	assert_string_equal(item->act, "Renew its tokens.");
	assert_string_equal(item->command, "refresh " ACME);
	books_close(&books);
}

static void make_hostile_code(struct object *object)
{
	object->status = OBJECT_DEAD;
	error_set(&object->last_error, ERROR_INPUT, "refused");
	snprintf(object->last_error.ledger_code, sizeof(object->last_error.ledger_code), "x' --all '; reboot");
}

static void make_network(struct object *object)
{
	object->status = OBJECT_FAILED;
	object->failures = 1;
	error_set(&object->last_error, ERROR_NETWORK, "no route");
}

/* A command names exactly what fails so, whatever a ledger has written; what is stopped or unwanted fails not. */
static void failing(void **state)
{
	struct books books;

	(void)state;
	books_open(&books);
	add_account(&books, "Acme");
	add_object(&books, ACME, "Invoice", 10, make_hostile_code);
	add_object(&books, ACME, "Bill", 7, make_network);
	add_object(&books, ACME, "Payment", 5, make_network);
	look(&books);
	assert_int_equal(books.attention.count, 2);
	assert_int_equal(books.attention.items[0].cause, ATTENTION_DEAD);
	assert_string_equal(books.attention.items[0].command, "retry --code 'x'\\'' --all '\\''; reboot'");
	assert_int_equal(books.attention.items[0].frees, 10);
	assert_int_equal(books.attention.items[1].cause, ATTENTION_FAILING);
	assert_string_equal(books.attention.items[1].command, "retry --code network");
	assert_int_equal(books.attention.items[1].frees, 12);
	assert_false(books.attention.items[1].person);
	books_close(&books);
}

int test_attention(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parked),  cmocka_unit_test(many_accounts), cmocka_unit_test(drift), cmocka_unit_test(budget),
		cmocka_unit_test(budget_ahead), cmocka_unit_test(budget_of_bytes), cmocka_unit_test(breaker), cmocka_unit_test(clock_off), cmocka_unit_test(backup),
		cmocka_unit_test(ending), cmocka_unit_test(failing),
	};

	return cmocka_run_group_tests_name("attention", tests, NULL, NULL);
}
