/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The end in the middle of it: killed at a random moment or in front of any change of the disk, or
 * the disk full or failing from any change on. What is there afterwards are whole transactions.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/random.h"
#include "store/query.h"

#include "disk.h"
#include "tests.h"

#define PAGE 20   /* records of one transaction */
#define KILLS 40

/* One page: PAGE records (all of version `page`), the cursor, the count and an act, in one transaction. */
static bool put_page(struct store *store, struct object *object, int64_t page, struct error *err)
{
	AUTO(store_end) struct store *transaction = store;
	struct put_counts counts = { 0 };
	char id[24], version[24];

	if (!store_begin(store, err))
		return false;
	for (int i = 0; i < PAGE; i++) {
		AUTO(sample_clear) struct sample sample;

		/* Half of them new, half of them changed. */
		snprintf(id, sizeof(id), "%d", (int)(i % 2 ? page * PAGE + i : i));
		snprintf(version, sizeof(version), "%d", (int)page);
		sample_init(&sample, id, version, "some text that is long enough to fill pages");
		if (!records_put(store, object, &sample.packed, 1, NOW, &counts, err))
			return false;
	}
	object->cursor_ms = page;
	object->live += counts.added;
	return audit_add(store, "test", "page", object->account_id, "", version, NOW, err) &&
	       objects_save(store, object, 0, err) && store_commit(transaction, err);
}

/* Whole pages up to the cursor and nothing else; returns the cursor. */
static int64_t expect_whole(const struct books *books, struct store *store)
{
	AUTO(str_clear) struct str found = STR_INIT(4000);
	struct object object, counted;
	struct error err = { 0 };
	int64_t rows, broken, page;
	bool there;

	expect_ok(store_check(store, &found, &err), &err);
	assert_string_equal(found.text, "");
	expect_ok(objects_get(store, books->accounts[0].id, "Invoice", &object, &there, &err), &err);
	page = object.cursor_ms == INT64_MIN ? 0 : object.cursor_ms;
	counted = object;
	expect_ok(objects_count(store, &counted, &err), &err);
	assert_true(counted.live == object.live);
	assert_true(counted.live == (page > 0 ? PAGE / 2 : 0) + page * (PAGE / 2));
	expect_ok(audit_verify(store, &rows, &broken, &err), &err);
	assert_int_equal(broken, 0);
	assert_true(rows == page);
	expect_ok(query_number(store, "SELECT count(*) FROM record WHERE no NOT IN (SELECT no FROM raw)", &rows, &err), &err);
	assert_int_equal(rows, 0);
	/* Each page but the first has changed half of its records: what they were is there, once. */
	expect_ok(query_number(store, "SELECT count(*) FROM history", &rows, &err), &err);
	assert_true(rows == (page > 0 ? (page - 1) * (PAGE / 2) : 0));
	expect_ok(query_number(store, "SELECT count(DISTINCT record * 1000000 + version) FROM history WHERE bytes NOT NULL", &broken,
			       &err), &err);
	assert_true(rows == broken);
	expect_ok(query_number(store, "SELECT count(*) FROM record WHERE id = '0' OR id = '2'", &rows, &err), &err);
	assert_int_equal(rows, page > 0 ? 2 : 0);
	expect_ok(query_number(store, "SELECT coalesce(max(CAST (version AS INTEGER)), 0) FROM record", &rows, &err), &err);
	assert_true(rows == page);
	return page;
}

/* ---- kill -9 ---- */

static int write_pages(void *ctx, const struct ends *ends)
{
	const struct books *books = ctx;
	struct object object;
	struct store *store;
	bool found;

	if (!store_open(books->place.path, STORE_WRITE, 0, &store, NULL) ||
	    !objects_get(store, books->accounts[0].id, "Invoice", &object, &found, NULL))
		return 1;
	for (int64_t page = object.cursor_ms == INT64_MIN ? 1 : object.cursor_ms + 1;; page++) {
		if (!put_page(store, &object, page, NULL) || !ends_say(ends))
			return 2;
	}
}

static void killed_at_random_moments(void **state)
{
	AUTO(books_clear) struct books books;
	struct env env = env_real();
	struct random random;
	uint64_t seed;
	int64_t page = 0;

	(void)state;
	env.random(env.ctx, &seed, sizeof(seed));
	random_seed(&random, seed);
	print_message("seed %llu\n", (unsigned long long)seed);
	books_init(&books);
	store_close(books.store);
	books.store = NULL;
	for (int round = 0; round < KILLS; round++) {
		struct child child = child_new(write_pages, &books);
		int64_t told = 0;

		/* Some pages, and then some moments that nobody counts. */
		for (uint64_t i = 1 + random_below(&random, 4); i > 0; i--)
			told += ends_hear(&child.ends);
		for (uint64_t i = random_below(&random, 400); i > 0; i--)
			sched_yield();
		assert_int_equal(kill(child.pid, SIGKILL), 0);
		while (ends_hear(&child.ends))
			told++;
		assert_int_equal(child_wait(&child), -SIGKILL);
		books.store = place_open(&books.place, round % 2 ? STORE_READ : STORE_WRITE);
		/* What it had told of is there; one more may be. */
		assert_in_range((uintmax_t)(expect_whole(&books, books.store) - page), (uintmax_t)told, (uintmax_t)told + 1);
		page = expect_whole(&books, books.store);
		store_close(books.store);
		books.store = NULL;
	}
}

/* ---- every change of the disk ---- */

struct trouble {
	const struct books *books;
	enum disk_trouble kind;
	int64_t nth;
};

/* 0: nothing happened; 1: an error, after which the same connection goes on when the trouble is over. */
static int write_in_trouble(void *ctx, const struct ends *ends)
{
	const struct trouble *trouble = ctx;
	const struct books *books = trouble->books;
	struct error err = { 0 };
	struct object object;
	struct store *store;
	int64_t page, rows, broken;
	bool found;

	(void)ends;
	disk_set(DISK_GOOD, 0);
	if (!store_open(books->place.path, STORE_WRITE, 0, &store, &err) ||
	    !objects_get(store, books->accounts[0].id, "Invoice", &object, &found, &err))
		return 2;
	disk_set(trouble->kind, trouble->nth);
	page = object.cursor_ms + 1;
	if (put_page(store, &object, page, &err) && store_checkpoint(store, &err))
		return disk_changes() < trouble->nth ? 0 : 1;
	if (err.code != ERROR_STORE || !strstr(err.text, trouble->kind == DISK_FULL ? "is full" : "the disk that holds")) {
		fprintf(stderr, "code %d and '%s'\n", (int)err.code, err.text);
		return 3;
	}
	disk_set(DISK_GOOD, 0);
	if (!objects_get(store, books->accounts[0].id, "Invoice", &object, &found, &err) ||
	    (object.cursor_ms != page && object.cursor_ms != page - 1))
		return 4;
	if (object.cursor_ms < page && !put_page(store, &object, page, &err)) {
		fprintf(stderr, "does not go on: '%s'\n", err.text);
		return 5;
	}
	if (!audit_verify(store, &rows, &broken, &err) || rows != page || broken != 0)
		return 6;
	store_close(store);
	return 1;
}

static void trouble_at_every_change(enum disk_trouble kind)
{
	AUTO(books_clear) struct books books;
	struct trouble trouble = { .books = &books, .kind = kind };
	struct error err = { 0 };
	struct child child;
	int result;

	books_init(&books);
	expect_ok(put_page(books.store, &books.invoices[0], 1, &err), &err);
	store_close(books.store);
	books.store = NULL;
	do {
		trouble.nth++;
		child = child_new(write_in_trouble, &trouble);
		result = child_wait(&child);
		if (result != 0 && result != 1 && !(result == -SIGKILL && kind == DISK_KILL))
			fail_msg("trouble %d at change %d: %d", (int)kind, (int)trouble.nth, result);
		books.store = place_open(&books.place, STORE_WRITE);
		expect_whole(&books, books.store);
		store_close(books.store);
		books.store = NULL;
	} while (result != 0);
	assert_true(trouble.nth > 5);
}

static void killed_in_front_of_every_change(void **state)
{
	(void)state;
	trouble_at_every_change(DISK_KILL);
}

static void a_full_disk_at_every_change(void **state)
{
	(void)state;
	trouble_at_every_change(DISK_FULL);
}

static void a_failing_disk_at_every_change(void **state)
{
	(void)state;
	trouble_at_every_change(DISK_BAD);
}

/* A commit has been synced when it returns, and syncs once: one page, one wait for the disk. */
static int count_syncs(void *ctx, const struct ends *ends)
{
	const struct books *books = ctx;
	struct object object;
	struct store *store;
	bool found;

	(void)ends;
	disk_set(DISK_GOOD, 0);
	if (!store_open(books->place.path, STORE_WRITE, 0, &store, NULL) ||
	    !objects_get(store, books->accounts[0].id, "Invoice", &object, &found, NULL) ||
	    !put_page(store, &object, 1, NULL))
		return 100;
	disk_set(DISK_GOOD, 0);
	if (!put_page(store, &object, 2, NULL))
		return 101;
	return (int)disk_synced();
}

static void a_commit_is_on_the_disk(void **state)
{
	AUTO(books_clear) struct books books;
	struct child child;

	(void)state;
	books_init(&books);
	store_closep(&books.store);
	books.store = NULL;
	child = child_new(count_syncs, &books);
	assert_int_equal(child_wait(&child), 1);
}

/* ---- a disk that is really full ---- */

/* Fill until it is full, free some space, and go on. 0: as it should be. */
static int fill_up(const struct books *books, const char *why, void (*give_room)(const char *directory))
{
	struct error err = { 0 };
	struct object object;
	struct store *store;
	int64_t page = 0, reached;
	bool found;

	if (!store_open(books->place.path, STORE_WRITE, 0, &store, &err) ||
	    !objects_get(store, books->accounts[0].id, "Invoice", &object, &found, &err))
		return 1;
	while (page < 100000 && put_page(store, &object, page + 1, &err))
		page++;
	if (page == 0 || page == 100000 || err.code != ERROR_STORE || !strstr(err.text, why)) {
		fprintf(stderr, "page %d, '%s'\n", (int)page, err.text);
		return 2;
	}
	if (!objects_get(store, books->accounts[0].id, "Invoice", &object, &found, &err) || object.cursor_ms != page)
		return 3;
	reached = page;
	give_room(books->place.directory);
	if (!put_page(store, &object, reached + 1, &err)) {
		fprintf(stderr, "does not go on: '%s'\n", err.text);
		return 4;
	}
	store_close(store);
	return 0;
}

static void lift_limit(const char *directory)
{
	struct rlimit limit;

	(void)directory;
	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_FSIZE, &limit);
}

static int fill_to_the_limit(void *ctx, const struct ends *ends)
{
	struct rlimit limit;

	(void)ends;
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = 1 << 20;
	setrlimit(RLIMIT_FSIZE, &limit);
	return fill_up(ctx, "is full; nothing was lost, free some space", lift_limit);
}

static void a_limit_for_files_is_a_full_disk(void **state)
{
	AUTO(books_clear) struct books books;
	struct child child;

	(void)state;
	books_init(&books);
	store_close(books.store);
	books.store = NULL;
	child = child_new(fill_to_the_limit, &books);
	assert_int_equal(child_wait(&child), 0);
	books.store = place_open(&books.place, STORE_WRITE);
	assert_true(expect_whole(&books, books.store) > 1);
}

static void add_room(const char *directory)
{
	mount("none", directory, "tmpfs", MS_REMOUNT, "size=64m");
}

#define CANNOT_MOUNT 77

/* A small disk of its own, which ends with this process. */
static int fill_a_disk(void *ctx, const struct ends *ends)
{
	struct books *books = ctx;
	struct store *store;
	int result;

	(void)ends;
	if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("none", books->place.directory, "tmpfs", 0, "size=4m,mode=0700") < 0)
		return CANNOT_MOUNT;
	if (!store_open(books->place.path, STORE_CREATE, 0, &store, NULL) || !store_begin(store, NULL) ||
	    !accounts_add(store, &books->accounts[0], "mark", "key", 3, NULL) ||
	    !objects_ensure(store, books->accounts[0].id, "Invoice", &books->invoices[0], NULL) || !store_commit(store, NULL))
		return 70;
	store_close(store);
	result = fill_up(books, "is full; nothing was lost, free some space", add_room);
	umount(books->place.directory);
	return result;
}

static void a_full_disk(void **state)
{
	AUTO(books_clear) struct books books = { 0 };
	struct child child;
	int result;

	(void)state;
	place_init(&books.place);
	books.accounts[0] = books_account("Acme", "quickbooks");
	child = child_new(fill_a_disk, &books);
	result = child_wait(&child);
	/* Without the right to mount there is none; the limit above is the next best. */
	if (result == CANNOT_MOUNT)
		skip();
	assert_int_equal(result, 0);
}

int test_crash(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(killed_at_random_moments),
		cmocka_unit_test(killed_in_front_of_every_change),
		cmocka_unit_test(a_full_disk_at_every_change),
		cmocka_unit_test(a_failing_disk_at_every_change),
		cmocka_unit_test(a_commit_is_on_the_disk),
		cmocka_unit_test(a_limit_for_files_is_a_full_disk),
		cmocka_unit_test(a_full_disk),
	};

	return cmocka_run_group_tests_name("crash", tests, NULL, NULL);
}
