/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Backups: whole, private, in nobody's way and held up by nobody. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/backup.h"
#include "store/query.h"

#include "tests.h"

static bool has(struct store *store, const char *name, const char *value)
{
	AUTO(str_clear) struct str text = STR_INIT(100);

	return store_get(store, name, &text, NULL) && strcmp(text.text, value) == 0;
}

static void set(struct store *store, const char *name, const char *value)
{
	struct error err = { 0 };

	expect_ok(store_set(store, name, value, strlen(value), &err), &err);
}

static int64_t size_of(const struct place *place, const char *ending)
{
	char path[128];
	struct stat info;

	snprintf(path, sizeof(path), "%s%s", place->path, ending);
	return stat(path, &info) == 0 ? info.st_size : -1;
}

static bool back_up(struct store *store, const char *path, struct error *err)
{
	struct backup_how how = { .now_ms = NOW };
	struct backup_facts facts;

	return store_backup(store, path, &how, &facts, err);
}

static void a_backup_is_whole_and_private(void **state)
{
	AUTO(books_clear) struct books books;
	AUTO(str_clear) struct str found = STR_INIT(1000);
	AUTO(place_clear) struct place to;
	struct error err = { 0 };
	struct store *copy, *writer;
	struct stat info;

	(void)state;
	books_init(&books);
	place_init(&to);
	books_put_text(&books, 0, "1", "0", "A");
	/* Somebody writes meanwhile: what is not committed is not in it. */
	writer = place_open(&books.place, STORE_WRITE);
	expect_ok(store_begin(writer, &err), &err);
	set(writer, "half", "done");
	expect_ok(back_up(books.store, to.path, &err), &err);
	expect_ok(store_commit(writer, &err), &err);
	store_close(writer);
	assert_int_equal(stat(to.path, &info), 0);
	assert_int_equal(info.st_mode & 07777, 0600);
	assert_int_equal(size_of(&to, ".part"), -1);
	assert_int_equal(size_of(&to, ".part-journal"), -1);
	assert_int_equal(size_of(&to, "-wal"), -1);
	copy = place_open(&to, STORE_READ);
	assert_string_equal(store_uuid(copy), store_uuid(books.store));
	assert_false(has(copy, "half", "done"));
	expect_ok(store_check(copy, &found, &err), &err);
	assert_string_equal(found.text, "");
	store_close(copy);
	assert_int_equal(place_number(&to, "SELECT count(*) FROM record"), 1);
	/* The store itself goes on as it was. */
	assert_true(has(books.store, "half", "done"));
	assert_int_equal(store_epoch(books.store), 1);
}

static void a_backup_replaces_nothing(void **state)
{
	AUTO(books_clear) struct books books;
	AUTO(str_clear) struct str text = STR_INIT(100);
	struct error err = { 0 };
	char path[160];

	(void)state;
	books_init(&books);
	expect_error(back_up(books.store, books.place.path, &err), &err, ERROR_INPUT, "is the store's own");
	snprintf(path, sizeof(path), "%s/other", books.place.directory);
	expect_ok(file_write(path, "mine", 4, 0, &err), &err);
	expect_error(back_up(books.store, path, &err), &err, ERROR_INPUT, "choose another name");
	expect_ok(file_read(path, 100, &text, &err), &err);
	assert_string_equal(text.text, "mine");
	snprintf(path, sizeof(path), "%s/no/where", books.place.directory);
	expect_error(back_up(books.store, path, &err), &err, ERROR_STORE, "No such file or directory");
	/* What a killed one left is in nobody's way. */
	snprintf(path, sizeof(path), "%s/copy.part", books.place.directory);
	expect_ok(file_write(path, "half", 4, 0, &err), &err);
	snprintf(path, sizeof(path), "%s/copy", books.place.directory);
	expect_ok(back_up(books.store, path, &err), &err);
	assert_int_equal(books_number(&books, "SELECT count(*) FROM account"), BOOKS_ACCOUNTS);
}

/* Put the backup in the store's place, as an operator would. */
static int64_t restored_epoch(const struct books *books, const char *backup, int64_t rounds)
{
	AUTO(str_clear) struct str bytes = STR_INIT(1 << 24);
	struct error err = { 0 };
	struct store *store;
	int64_t epoch = 0;

	expect_ok(file_read(backup, 1 << 24, &bytes, &err), &err);
	expect_ok(file_write(books->place.path, bytes.text, bytes.len, 0, &err), &err);
	for (int64_t i = 0; i < rounds; i++) {
		store = place_open(&books->place, STORE_WRITE);
		assert_true(i == 0 || epoch == store_epoch(store));
		epoch = store_epoch(store);
		store_close(store);
	}
	return epoch;
}

static void a_restored_backup_begins_an_epoch(void **state)
{
	AUTO(books_clear) struct books books;
	struct error err = { 0 };
	char backup[160], again[160];
	int64_t first, second, third;
	struct store *reader;

	(void)state;
	books_init(&books);
	snprintf(backup, sizeof(backup), "%s/backup", books.place.directory);
	snprintf(again, sizeof(again), "%s/again", books.place.directory);
	expect_ok(back_up(books.store, backup, &err), &err);
	store_closep(&books.store);
	books.store = NULL;
	first = restored_epoch(&books, backup, 3);
	assert_true(first > 1);
	second = restored_epoch(&books, backup, 2);
	assert_true(second >= first);
	/* A backup of what was restored, looked at and restored. */
	books.store = place_open(&books.place, STORE_WRITE);
	expect_ok(back_up(books.store, again, &err), &err);
	store_close(books.store);
	books.store = NULL;
	expect_ok(store_open(again, STORE_READ, 0, &reader, &err), &err);
	assert_int_equal(store_epoch(reader), second);
	store_close(reader);
	third = restored_epoch(&books, again, 2);
	assert_true(third > second);
}

/* A file of several steps, so that something can happen between them. */
static void fill(struct store *store)
{
	AUTO(memory_freep) char *bytes = memory_new(1 << 20);
	struct env env = env_real();
	struct error err = { 0 };
	char name[8];

	for (int i = 0; i < 12; i++) {
		env.random(env.ctx, bytes, 1 << 20);
		snprintf(name, sizeof(name), "big%d", i);
		expect_ok(store_set(store, name, bytes, 1 << 20, &err), &err);
	}
}

struct busy {
	struct store *writer;
	struct cancel *cancel;
	int steps, stop_at;
	int64_t all;
};

static void write_between(void *ctx, int64_t done, int64_t all)
{
	struct busy *busy = ctx;

	assert_true(done >= 0 && done <= all);
	busy->all = all;
	busy->steps++;
	set(busy->writer, "between", "yes");
	set(busy->writer, "big0", "small by now");
	if (busy->steps == busy->stop_at)
		cancel_ask(busy->cancel);
}

/* However busy the others are: it copies each page once, of the moment at which it began. */
static void others_write_between_its_steps(void **state)
{
	AUTO(books_clear) struct books books;
	AUTO(place_clear) struct place to;
	struct busy busy = { .stop_at = -1 };
	struct backup_how how = { .now_ms = NOW, .progress = write_between, .ctx = &busy };
	struct backup_facts facts, again;
	struct error err = { 0 };
	struct store *copy;

	(void)state;
	books_init(&books);
	place_init(&to);
	books_put_text(&books, 0, "1", "0", "A");
	fill(books.store);
	busy.writer = place_open(&books.place, STORE_WRITE);
	expect_ok(store_backup(books.store, to.path, &how, &facts, &err), &err);
	store_close(busy.writer);
	assert_true(busy.steps > 2);
	assert_int_equal(busy.steps, (busy.all / 16384 + 255) / 256);
	assert_int_equal(facts.bytes, busy.all);
	assert_int_equal(facts.records, 1);
	assert_int_equal(facts.accounts, BOOKS_ACCOUNTS);
	assert_int_equal(facts.taken_ms, NOW);
	assert_string_equal(facts.uuid, store_uuid(books.store));
	expect_ok(store_backup_facts(to.path, &again, &err), &err);
	assert_memory_equal(&facts, &again, sizeof(facts));
	copy = place_open(&to, STORE_READ);
	assert_false(has(copy, "between", "yes"));
	store_close(copy);
	assert_true(has(books.store, "between", "yes"));
	/* And can go on. */
	set(books.store, "after", "yes");
}

static void one_that_is_stopped_leaves_nothing(void **state)
{
	AUTO(books_clear) struct books books;
	AUTO(place_clear) struct place to;
	struct busy busy = { .stop_at = 2, .cancel = cancel_new() };
	struct backup_how how = { .now_ms = NOW, .progress = write_between, .ctx = &busy, .cancel = busy.cancel };
	struct backup_facts facts;
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	place_init(&to);
	fill(books.store);
	busy.writer = place_open(&books.place, STORE_WRITE);
	expect_error(store_backup(books.store, to.path, &how, &facts, &err), &err, ERROR_CANCELLED, "nothing was changed");
	assert_int_equal(busy.steps, 2);
	/* And where it is stopped while it looks the copy over. */
	busy.stop_at = 1000;
	how.progress = NULL;
	expect_error(store_backup(books.store, to.path, &how, &facts, &err), &err, ERROR_CANCELLED, "nothing was changed");
	assert_int_equal(size_of(&to, ""), -1);
	assert_int_equal(size_of(&to, ".part"), -1);
	store_close(busy.writer);
	cancel_free(busy.cancel);
}

static void what_is_asked_for_is_replaced(void **state)
{
	AUTO(books_clear) struct books books;
	struct backup_how how = { .now_ms = NOW, .replace = true };
	struct backup_facts facts;
	struct error err = { 0 };
	char path[160];

	(void)state;
	books_init(&books);
	snprintf(path, sizeof(path), "%s/copy", books.place.directory);
	expect_ok(file_write(path, "mine", 4, 0644, &err), &err);
	expect_ok(store_backup(books.store, path, &how, &facts, &err), &err);
	expect_ok(store_backup_facts(path, &facts, &err), &err);
	/* The store's own files never are, by whatever name. */
	snprintf(path, sizeof(path), "%s/link", books.place.directory);
	assert_int_equal(symlink(books.place.path, path), 0);
	expect_error(store_backup(books.store, path, &how, &facts, &err), &err, ERROR_INPUT, "the store's own");
	snprintf(path, sizeof(path), "%s-wal", books.place.path);
	expect_error(store_backup(books.store, path, &how, &facts, &err), &err, ERROR_INPUT, "the store's own");
	expect_error(store_backup(books.store, books.place.directory, &how, &facts, &err), &err, ERROR_INPUT, "is not a file");
}

static void two_do_not_write_the_same(void **state)
{
	AUTO(books_clear) struct books books;
	AUTO(place_clear) struct place to;
	struct error err = { 0 };
	char part[160];
	int fd;

	(void)state;
	books_init(&books);
	place_init(&to);
	snprintf(part, sizeof(part), "%s.part", to.path);
	fd = open(part, O_CREAT | O_RDWR, 0600);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	expect_error(back_up(books.store, to.path, &err), &err, ERROR_CONFLICT, "is being written by another process");
	assert_int_equal(size_of(&to, ".part"), 0);
	close(fd);
	expect_ok(back_up(books.store, to.path, &err), &err);
}

static void without_room_it_is_not_begun(void **state)
{
	AUTO(books_clear) struct books books;
	AUTO(place_clear) struct place to;
	struct backup_how how = { .now_ms = NOW, .reserve = INT64_C(1) << 60 };
	struct backup_facts facts;
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	place_init(&to);
	expect_error(store_backup(books.store, to.path, &how, &facts, &err), &err, ERROR_STORE, "there is no room for");
	assert_int_equal(size_of(&to, ".part"), -1);
}

static void what_is_no_backup_is_told(void **state)
{
	AUTO(place_clear) struct place place;
	struct backup_facts facts;
	struct error err = { 0 };

	(void)state;
	place_init(&place);
	expect_error(store_backup_facts(place.path, &facts, &err), &err, ERROR_INPUT, "No such file");
	expect_error(store_backup_facts(place.directory, &facts, &err), &err, ERROR_INPUT, "is not a file");
	expect_ok(file_write(place.path, "", 0, 0, &err), &err);
	expect_error(store_backup_facts(place.path, &facts, &err), &err, ERROR_STORE, "is not a ledgerdeck file");
	expect_ok(file_write(place.path, "some other text\n", 16, 0, &err), &err);
	expect_error(store_backup_facts(place.path, &facts, &err), &err, ERROR_STORE, "is not a ledgerdeck file");
}

int test_backup(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_backup_is_whole_and_private),
		cmocka_unit_test(a_backup_replaces_nothing),
		cmocka_unit_test(a_restored_backup_begins_an_epoch),
		cmocka_unit_test(others_write_between_its_steps),
		cmocka_unit_test(one_that_is_stopped_leaves_nothing),
		cmocka_unit_test(what_is_asked_for_is_replaced),
		cmocka_unit_test(two_do_not_write_the_same),
		cmocka_unit_test(without_room_it_is_not_begun),
		cmocka_unit_test(what_is_no_backup_is_told),
	};

	return cmocka_run_group_tests_name("backup", tests, NULL, NULL);
}
