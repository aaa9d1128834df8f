/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transactions, the doorbell, small values, checkpoints and checks of the file. */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/thread.h"
#include "store/query.h"

#include "tests.h"

static bool has(struct store *store, const char *name, const char *value)
{
	AUTO(str_clear) struct str text = STR_INIT(100);
	struct error err = { .code = ERROR_INTERNAL };

	if (store_get(store, name, &text, &err)) {
		assert_int_equal(text.len, strlen(value));
		return memcmp(text.text, value, text.len) == 0;
	}
	assert_int_equal(err.code, ERROR_NONE);
	return false;
}

static void set(struct store *store, const char *name, const char *value)
{
	struct error err = { 0 };

	expect_ok(store_set(store, name, value, strlen(value), &err), &err);
}

static void small_values(void **state)
{
	AUTO(books_clear) struct books books;
	AUTO(str_clear) struct str text = STR_INIT(100);
	static const char bytes[] = { 'a', 0, 'b', (char)0xff, 0 };
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	assert_false(has(books.store, "vault.header", ""));
	expect_ok(store_set(books.store, "vault.header", bytes, sizeof(bytes), &err), &err);
	expect_ok(store_get(books.store, "vault.header", &text, &err), &err);
	assert_int_equal(text.len, sizeof(bytes));
	assert_memory_equal(text.text, bytes, sizeof(bytes));
	set(books.store, "vault.header", "other");
	assert_true(has(books.store, "vault.header", "other"));
	set(books.store, "vault.header", "");
	assert_true(has(books.store, "vault.header", ""));
	assert_false(has(books.store, "vault", ""));
}

static void try_and_fail(struct store *store)
{
	AUTO(store_end) struct store *transaction = store;
	struct error err = { 0 };

	expect_ok(store_begin(transaction, &err), &err);
	set(store, "kept", "no");
	assert_true(has(store, "kept", "no"));
}

static void what_is_not_committed_is_undone(void **state)
{
	AUTO(books_clear) struct books books;
	struct store *nothing = NULL;
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	try_and_fail(books.store);
	assert_false(has(books.store, "kept", "no"));
	expect_ok(store_begin(books.store, &err), &err);
	set(books.store, "kept", "yes");
	expect_ok(store_commit(books.store, &err), &err);
	store_end(&books.store);
	assert_true(has(books.store, "kept", "yes"));
	expect_ok(store_begin(books.store, &err), &err);
	set(books.store, "kept", "no");
	store_close(books.store);
	books.store = place_open(&books.place, STORE_WRITE);
	assert_true(has(books.store, "kept", "yes"));
	store_end(&nothing);
	store_close(NULL);
	store_closep(&nothing);
}

static void readers_see_whole_transactions(void **state)
{
	AUTO(books_clear) struct books books;
	struct store *other;
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	other = place_open(&books.place, STORE_READ);
	expect_ok(store_begin(books.store, &err), &err);
	set(books.store, "a", "1");
	set(books.store, "b", "1");
	assert_false(has(other, "a", "1"));
	expect_ok(store_commit(books.store, &err), &err);
	assert_true(has(other, "a", "1"));
	assert_true(has(other, "b", "1"));
	store_close(other);
}

static void what_is_read_is_of_one_moment(void **state)
{
	AUTO(books_clear) struct books books;
	struct store *other;
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	other = place_open(&books.place, STORE_READ);
	set(books.store, "a", "1");
	expect_ok(store_read_begin(other, &err), &err);
	assert_true(has(other, "a", "1"));
	set(books.store, "a", "2");
	set(books.store, "b", "2");
	assert_true(has(other, "a", "1"));
	assert_false(has(other, "b", "2"));
	store_read_end(other);
	assert_true(has(other, "a", "2"));
	assert_true(has(other, "b", "2"));
	store_close(other);
}

static void writers_wait_and_then_say_so(void **state)
{
	AUTO(books_clear) struct books books;
	struct env env = env_real();
	struct store *other = NULL;
	struct error err = { 0 };
	int64_t start;

	(void)state;
	books_init(&books);
	expect_ok(store_open(books.place.path, STORE_WRITE, 60, &other, &err), &err);
	expect_ok(store_begin(books.store, &err), &err);
	start = env.ticks_ms(env.ctx);
	expect_error(store_begin(other, &err), &err, ERROR_STORE, "is being written by another process");
	assert_true(env.ticks_ms(env.ctx) - start >= 50);
	expect_error(store_set(other, "a", "1", 1, &err), &err, ERROR_STORE, "is being written");
	expect_ok(store_commit(books.store, &err), &err);
	expect_ok(store_begin(other, &err), &err);
	expect_ok(store_commit(other, &err), &err);
	store_close(other);
}

#define WRITERS 6
#define TURNS 50

struct writer {
	struct store *store;
	int64_t written;
};

/* Nothing but store_begin() may wait, and that no longer than a moment, for which the engine alone would not do. */
static void write_in_turns(void *ctx)
{
	struct writer *writer = ctx;

	for (int i = 0; i < TURNS; i++) {
		AUTO(store_end) struct store *transaction = writer->store;

		if (store_begin(transaction, NULL) && store_set(transaction, "x", "1", 1, NULL) && store_commit(transaction, NULL))
			writer->written++;
	}
}

static void writers_of_a_process_take_turns(void **state)
{
	AUTO(books_clear) struct books books;
	struct writer writers[WRITERS] = { 0 };
	struct thread *threads[WRITERS];
	struct lock *turn = lock_new();
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	for (size_t i = 0; i < WRITERS; i++) {
		expect_ok(store_open(books.place.path, STORE_WRITE, 1, &writers[i].store, &err), &err);
		store_take_turns(writers[i].store, turn);
	}
	for (size_t i = 0; i < WRITERS; i++)
		threads[i] = thread_new(write_in_turns, &writers[i]);
	for (size_t i = 0; i < WRITERS; i++) {
		thread_join(threads[i]);
		assert_int_equal(writers[i].written, TURNS);
	}
	for (size_t i = 0; i < WRITERS; i++)
		store_close(writers[i].store);
	/* What failed, was undone or was left open has given its turn back. */
	lock_enter(turn);
	lock_leave(turn);
	lock_free(turn);
}

/* ---- the doorbell ---- */

enum ring_job { RING_COMMIT = '1', RING_UNDO, RING_ALONE, RING_READ };

static int ring_from_afar(void *ctx, const struct ends *ends)
{
	const struct place *place = ctx;
	struct store *store;
	char job;

	if (!store_open(place->path, STORE_WRITE, 0, &store, NULL))
		return 1;
	ends_say(ends);
	while (read(ends->in, &job, 1) == 1) {
		AUTO(store_end) struct store *transaction = store;
		AUTO(str_clear) struct str text = STR_INIT(100);

		if (job == RING_READ)
			store_get(store, "x", &text, NULL);
		else if (job == RING_ALONE)
			store_set(store, "x", "1", 1, NULL);
		else if (!store_begin(store, NULL) || !store_set(store, "x", "2", 1, NULL) ||
			 (job == RING_COMMIT && !store_commit(transaction, NULL)))
			return 2;
		store_end(&transaction);
		ends_say(ends);
	}
	store_close(store);
	return 0;
}

/* Let it do the job; did the bell ring by the time it was done? */
static bool rings(const struct child *child, int bell, enum ring_job job)
{
	struct pollfd waiting = { .fd = bell, .events = POLLIN };
	char byte = (char)job, events[4096];
	bool rung = false;

	assert_int_equal(write(child->ends.out, &byte, 1), 1);
	assert_true(ends_hear(&child->ends));
	while (poll(&waiting, 1, 0) > 0) {
		assert_true(read(bell, events, sizeof(events)) > 0);
		rung = true;
	}
	return rung;
}

static void the_doorbell_is_heard(void **state)
{
	AUTO(place_clear) struct place place;
	struct child child;
	struct store *store;
	int bell;

	(void)state;
	place_init(&place);
	store_close(place_open(&place, STORE_CREATE));
	child = child_new(ring_from_afar, &place);
	assert_true(ends_hear(&child.ends));
	store = place_open(&place, STORE_READ);
	bell = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	assert_true(inotify_add_watch(bell, store_doorbell(store), IN_MODIFY) >= 0);
	for (int i = 0; i < 3; i++) {
		assert_true(rings(&child, bell, RING_COMMIT));
		assert_true(has(store, "x", "2"));
		assert_false(rings(&child, bell, RING_UNDO));
		assert_true(rings(&child, bell, RING_ALONE));
		assert_true(has(store, "x", "1"));
		assert_false(rings(&child, bell, RING_READ));
	}
	close(bell);
	store_close(store);
	assert_int_equal(child_wait(&child), 0);
}

/* ---- the file as a whole ---- */

static int64_t size_of(const struct place *place, const char *ending)
{
	char path[128];
	struct stat info;

	snprintf(path, sizeof(path), "%s%s", place->path, ending);
	return stat(path, &info) == 0 ? info.st_size : -1;
}

static void a_checkpoint_empties_the_log(void **state)
{
	AUTO(books_clear) struct books books;
	struct error err = { 0 };
	struct store *reader;

	(void)state;
	books_init(&books);
	for (int i = 0; i < 20; i++)
		books_put_text(&books, 0, "1", "0", "A");
	assert_true(size_of(&books.place, "-wal") > 0);
	expect_ok(store_checkpoint(books.store, &err), &err);
	assert_int_equal(size_of(&books.place, "-wal"), 0);
	assert_true(size_of(&books.place, "") > 0);
	/* Somebody who reads holds it up, which is no error. */
	reader = place_open(&books.place, STORE_READ);
	expect_ok(query_execute(reader, "BEGIN; SELECT count(*) FROM meta", &err), &err);
	sqlite3_busy_timeout(books.store->db, 10);
	books_put_text(&books, 0, "2", "0", "B");
	expect_ok(store_checkpoint(books.store, &err), &err);
	assert_true(size_of(&books.place, "-wal") > 0);
	expect_ok(query_execute(reader, "COMMIT", &err), &err);
	expect_ok(store_checkpoint(books.store, &err), &err);
	assert_int_equal(size_of(&books.place, "-wal"), 0);
	store_close(reader);
}

static void a_check_tells_what_is_wrong(void **state)
{
	AUTO(books_clear) struct books books;
	AUTO(str_clear) struct str found = STR_INIT(1000);
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	books_put_text(&books, 0, "1", "0", "A");
	expect_ok(store_check(books.store, &found, &err), &err);
	assert_string_equal(found.text, "");
	place_sql(&books.place, "INSERT INTO raw (no, dictionary, len, bytes) VALUES (77, 0, 0, x'00')");
	expect_ok(store_check(books.store, &found, &err), &err);
	assert_string_equal(found.text, "a row without its parent in table raw\n");
	str_reset(&found);
	place_sql(&books.place, "DELETE FROM raw WHERE no = 77; PRAGMA writable_schema = 1;"
		  "UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master WHERE name = 'raw') WHERE name = 'sweep'");
	store_close(books.store);
	books.store = place_open(&books.place, STORE_READ);
	assert_true(!store_check(books.store, &found, &err) || found.len > 0);
}

static void nothing_deleted_stays_in_the_file(void **state)
{
	AUTO(books_clear) struct books books;
	AUTO(str_clear) struct str bytes = STR_INIT(1 << 24);
	static const char marked[] = "MARKED-SECRET-0123456789";
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	set(books.store, "secret", marked);
	expect_ok(store_checkpoint(books.store, &err), &err);
	expect_ok(file_read(books.place.path, 1 << 24, &bytes, &err), &err);
	assert_non_null(memmem(bytes.text, bytes.len, marked, strlen(marked)));
	set(books.store, "secret", "gone");
	expect_ok(store_checkpoint(books.store, &err), &err);
	str_reset(&bytes);
	expect_ok(file_read(books.place.path, 1 << 24, &bytes, &err), &err);
	assert_null(memmem(bytes.text, bytes.len, marked, strlen(marked)));
}

int test_store(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_values),
		cmocka_unit_test(what_is_not_committed_is_undone),
		cmocka_unit_test(readers_see_whole_transactions),
		cmocka_unit_test(what_is_read_is_of_one_moment),
		cmocka_unit_test(writers_wait_and_then_say_so),
		cmocka_unit_test(writers_of_a_process_take_turns),
		cmocka_unit_test(the_doorbell_is_heard),
		cmocka_unit_test(a_checkpoint_empties_the_log),
		cmocka_unit_test(a_check_tells_what_is_wrong),
		cmocka_unit_test(nothing_deleted_stays_in_the_file),
	};

	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
