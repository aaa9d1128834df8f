/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Restoring: whole or not at all, by nobody while the store is used, and time that was lost is known. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/backup.h"
#include "store/query.h"

#include "tests.h"

struct scene { /* books, and a backup of them */
	struct books books;
	char backup[96];
	struct restored restored;
	struct backup_how how;
	struct error err;
};

static void scene_init(struct scene *scene)
{
	struct backup_facts facts;

	*scene = (struct scene){ .how = { .now_ms = NOW } };
	books_init(&scene->books);
	books_put_text(&scene->books, 0, "1", "0", "before");
	place_sql(&scene->books.place, "UPDATE object SET cursor_ms = 5000, next_ms = 9223372036854775807, sweep_due = 0 WHERE no = 1");
	snprintf(scene->backup, sizeof(scene->backup), "%s/backup", scene->books.place.directory);
	expect_ok(store_backup(scene->books.store, scene->backup, &scene->how, &facts, &scene->err), &scene->err);
	books_put_text(&scene->books, 0, "2", "0", "after");
}

static void scene_leave(struct scene *scene)
{
	store_closep(&scene->books.store);
}

static void scene_clear(struct scene *scene)
{
	books_clear(&scene->books);
}

static bool restore(struct scene *scene)
{
	error_clear(&scene->err);
	scene->how.now_ms = NOW + 2 * DAY;
	return store_restore(scene->books.place.path, scene->backup, &scene->how, "anna", &scene->restored, &scene->err);
}

static void expect_refused(struct scene *scene, enum error_code code, const char *part)
{
	expect_error(restore(scene), &scene->err, code, part);
	assert_int_equal(place_number(&scene->books.place, "SELECT count(*) FROM record"), 2);
}

static int64_t number_in(const char *path, const char *sql)
{
	struct place place = { "", "" };

	snprintf(place.path, sizeof(place.path), "%.95s", path);
	return place_number(&place, sql);
}

static bool ends_as(const struct scene *scene, const char *ending)
{
	char path[160];

	snprintf(path, sizeof(path), "%s%s", scene->books.place.path, ending);
	return file_exists(path);
}

static void the_backup_is_in_place(void **state)
{
	AUTO(scene_clear) struct scene scene;
	AUTO(str_clear) struct str found = STR_INIT(1000);
	struct object object;
	int64_t rows, broken;
	bool there;

	(void)state;
	scene_init(&scene);
	scene_leave(&scene);
	expect_ok(restore(&scene), &scene.err);
	assert_int_equal(scene.restored.facts.records, 1);
	assert_int_equal(scene.restored.facts.taken_ms, NOW);
	assert_int_equal(scene.restored.taken_over, 0);
	assert_int_equal(scene.restored.untaken, 0);
	/* What was there is beside it, whole, a file by itself. */
	assert_int_equal(number_in(scene.restored.kept_as, "SELECT count(*) FROM record"), 2);
	assert_non_null(strstr(scene.restored.kept_as, ".before-restore-20260923T141320Z"));
	assert_false(ends_as(&scene, "-wal") || ends_as(&scene, "-shm") || ends_as(&scene, "-journal"));
	assert_false(ends_as(&scene, ".restoring") || ends_as(&scene, ".restoring-bell") || ends_as(&scene, ".restoring-wal"));
	scene.books.store = place_open(&scene.books.place, STORE_WRITE);
	assert_int_equal(books_number(&scene.books, "SELECT count(*) FROM record"), 1);
	assert_true(scene.restored.epoch > 1);
	assert_true(store_epoch(scene.books.store) == scene.restored.epoch);
	expect_ok(store_check(scene.books.store, &found, &scene.err), &scene.err);
	assert_string_equal(found.text, "");
	/* Read on from there, at once, and proven; what was never read begins as ever. */
	expect_ok(objects_get(scene.books.store, scene.books.accounts[0].id, "Invoice", &object, &there, &scene.err), &scene.err);
	assert_true(there && object.cursor_ms == 5000 && object.next_ms == 0 && object.sweep_due);
	expect_ok(objects_get(scene.books.store, scene.books.accounts[1].id, "Invoice", &object, &there, &scene.err), &scene.err);
	assert_true(there && !object.sweep_due);
	expect_ok(audit_verify(scene.books.store, &rows, &broken, &scene.err), &scene.err);
	assert_int_equal(broken, 0);
	assert_int_equal(books_number(&scene.books, "SELECT count(*) FROM audit WHERE what = 'restore' AND who = 'anna' AND "
				      "instr(before, 'before-restore') AND instr(after, '/backup')"), 1);
}

/* Killed with a log beside it: what the log holds is of what was there, and of nothing else. */
static int writes_and_is_gone(void *ctx, const struct ends *ends)
{
	struct store *store;
	struct error err = { 0 };
	const char *path = ctx;

	(void)ends;
	return !store_open(path, STORE_WRITE, 0, &store, &err) || !store_set(store, "last", "word", 4, &err);
}

static void a_log_goes_with_what_it_is_of(void **state)
{
	AUTO(scene_clear) struct scene scene;
	struct child child;

	(void)state;
	scene_init(&scene);
	scene_leave(&scene);
	child = child_new(writes_and_is_gone, scene.books.place.path);
	assert_int_equal(child_wait(&child), 0);
	assert_true(ends_as(&scene, "-wal"));
	expect_ok(restore(&scene), &scene.err);
	assert_false(ends_as(&scene, "-wal"));
	assert_int_equal(number_in(scene.restored.kept_as, "SELECT count(*) FROM meta WHERE name = 'last'"), 1);
	assert_int_equal(place_number(&scene.books.place, "SELECT count(*) FROM meta WHERE name = 'last'"), 0);
	assert_int_equal(place_number(&scene.books.place, "SELECT count(*) FROM record"), 1);
}

static void what_is_damaged_is_kept_as_it_is(void **state)
{
	AUTO(scene_clear) struct scene scene;
	AUTO(str_clear) struct str kept = STR_INIT(1 << 20);
	static char noise[100000];
	struct child child;
	char wal[4300];
	int fd;

	(void)state;
	scene_init(&scene);
	scene_leave(&scene);
	child = child_new(writes_and_is_gone, scene.books.place.path);
	assert_int_equal(child_wait(&child), 0);
	memset(noise, 0x5a, sizeof(noise));
	fd = open(scene.books.place.path, O_WRONLY | O_TRUNC);
	assert_int_equal(write(fd, noise, sizeof(noise)), sizeof(noise));
	close(fd);
	expect_ok(restore(&scene), &scene.err);
	expect_ok(file_read(scene.restored.kept_as, 1 << 20, &kept, &scene.err), &scene.err);
	assert_int_equal(kept.len, sizeof(noise));
	assert_memory_equal(kept.text, noise, sizeof(noise));
	snprintf(wal, sizeof(wal), "%s-wal", scene.restored.kept_as);
	assert_true(file_exists(wal));
	assert_int_equal(place_number(&scene.books.place, "SELECT count(*) FROM record"), 1);
	/* Whose tokens are the newest nobody can say now. */
	assert_int_equal(scene.restored.untaken, BOOKS_ACCOUNTS);
}

static void where_nothing_is_it_is_put(void **state)
{
	AUTO(scene_clear) struct scene scene;
	struct store *store;

	(void)state;
	scene_init(&scene);
	scene_leave(&scene);
	assert_int_equal(unlink(scene.books.place.path), 0);
	expect_ok(restore(&scene), &scene.err);
	assert_string_equal(scene.restored.kept_as, "");
	store = place_open(&scene.books.place, STORE_WRITE);
	assert_true(store_epoch(store) == scene.restored.epoch);
	store_close(store);
	/* Twice within a second: neither is lost. */
	expect_ok(restore(&scene), &scene.err);
	expect_ok(restore(&scene), &scene.err);
	assert_non_null(strstr(scene.restored.kept_as, "Z-2"));
}

static void not_while_it_is_open(void **state)
{
	AUTO(scene_clear) struct scene scene;
	struct store *reader;
	char who[60];

	(void)state;
	scene_init(&scene);
	snprintf(who, sizeof(who), "is open: process %ld", (long)getpid());
	expect_refused(&scene, ERROR_CONFLICT, who);
	scene_leave(&scene);
	reader = place_open(&scene.books.place, STORE_READ);
	expect_refused(&scene, ERROR_CONFLICT, who);
	store_close(reader);
	expect_ok(restore(&scene), &scene.err);
}

static void not_while_somebody_elsewhere_works(void **state)
{
	AUTO(scene_clear) struct scene scene;
	char sql[300];

	(void)state;
	scene_init(&scene);
	scene_leave(&scene);
	snprintf(sql, sizeof(sql), "INSERT INTO lease VALUES ('%s', 'elsewhere:1:1:x', %lld, 7)", scene.books.accounts[0].id,
		 (long long)(NOW + 2 * DAY + 30000));
	place_sql(&scene.books.place, sql);
	expect_refused(&scene, ERROR_CONFLICT, "is worked on by elsewhere:1:1:x; stop that, or wait until its lease ends in 30 s");
	place_sql(&scene.books.place, "UPDATE lease SET until_ms = 1");
	expect_ok(restore(&scene), &scene.err);
}

static void nobody_opens_it_meanwhile(void **state)
{
	AUTO(scene_clear) struct scene scene;
	struct store *store;
	char bell[128];
	int fd;

	(void)state;
	scene_init(&scene);
	scene_leave(&scene);
	snprintf(bell, sizeof(bell), "%s-bell", scene.books.place.path);
	fd = open(bell, O_RDWR | O_CLOEXEC);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	expect_error(store_open(scene.books.place.path, STORE_WRITE, 20, &store, &scene.err), &scene.err, ERROR_STORE,
		     "a backup is being put in the place of");
	expect_error(store_open(scene.books.place.path, STORE_READ, 20, &store, &scene.err), &scene.err, ERROR_STORE,
		     "a backup is being put in the place of");
	close(fd);
	scene.books.store = place_open(&scene.books.place, STORE_WRITE);
}

static void what_is_no_backup_changes_nothing(void **state)
{
	AUTO(scene_clear) struct scene scene;

	(void)state;
	scene_init(&scene);
	scene_leave(&scene);
	place_sql(&scene.books.place, "PRAGMA wal_checkpoint(TRUNCATE)");
	{
		struct place backup = { "", "" };

		snprintf(backup.path, sizeof(backup.path), "%s", scene.backup);
		place_sql(&backup, "PRAGMA user_version = 1000");
		expect_refused(&scene, ERROR_STORE, "written by a newer ledgerdeck (format 1000");
		place_sql(&backup, "PRAGMA application_id = 1");
		expect_refused(&scene, ERROR_STORE, "is not a ledgerdeck file");
	}
	expect_ok(file_write(scene.backup, "text", 4, 0, &scene.err), &scene.err);
	expect_refused(&scene, ERROR_STORE, "is not a ledgerdeck file");
	expect_ok(file_write(scene.backup, "", 0, 0, &scene.err), &scene.err);
	expect_refused(&scene, ERROR_STORE, "is not a ledgerdeck file");
	assert_int_equal(unlink(scene.backup), 0);
	expect_refused(&scene, ERROR_INPUT, "No such file");
	assert_int_equal(symlink(scene.books.place.path, scene.backup), 0);
	expect_refused(&scene, ERROR_INPUT, "is the store itself");
	assert_false(ends_as(&scene, ".restoring"));
}

/* A page of noise in the middle: it opens, and is found out all the same. */
static void a_damaged_backup_changes_nothing(void **state)
{
	AUTO(scene_clear) struct scene scene;
	static char noise[16384];
	int fd;

	(void)state;
	scene_init(&scene);
	scene_leave(&scene);
	memset(noise, 0x5a, sizeof(noise));
	fd = open(scene.backup, O_WRONLY);
	for (off_t page = 3; page < 40; page += 2)
		assert_int_equal(pwrite(fd, noise, sizeof(noise), page * 16384), sizeof(noise));
	close(fd);
	expect_refused(&scene, ERROR_STORE, "damaged");
	assert_false(ends_as(&scene, ".restoring"));
}

static void nothing_foreign_is_replaced(void **state)
{
	AUTO(scene_clear) struct scene scene;

	(void)state;
	scene_init(&scene);
	scene_leave(&scene);
	assert_int_equal(unlink(scene.books.place.path), 0);
	place_sql(&scene.books.place, "CREATE TABLE theirs (a)");
	expect_error(restore(&scene), &scene.err, ERROR_STORE, "is not a ledgerdeck file; it was left as it is");
	assert_int_equal(place_number(&scene.books.place, "SELECT count(*) FROM sqlite_master WHERE name = 'theirs'"), 1);
}

/* Tokens that were renewed since are the only ones that ledgers take; calls that were made since were made. */
static void what_ledgers_know_is_not_turned_back(void **state)
{
	AUTO(scene_clear) struct scene scene;
	AUTO(str_clear) struct str bytes = STR_INIT(100);
	struct account account;
	struct meter used;
	int64_t generation;
	bool found;

	(void)state;
	scene_init(&scene);
	account = scene.books.accounts[0];
	account.generation = 9;
	account.refreshed_ms = NOW + DAY;
	account.refresh_expires_ms = NOW + 100 * DAY;
	expect_ok(store_begin(scene.books.store, &scene.err) &&
		  sealed_put(scene.books.store, account.id, "refresh", 9, "newest", 6, &scene.err) &&
		  accounts_save(scene.books.store, &account, &scene.err) &&
		  meter_add(scene.books.store, account.id, "2026-09", &(struct meter){ 40, 1000, 200 }, &scene.err) &&
		  store_commit(scene.books.store, &scene.err), &scene.err);
	scene_leave(&scene);
	expect_ok(restore(&scene), &scene.err);
	assert_int_equal(scene.restored.taken_over, 1);
	assert_int_equal(scene.restored.untaken, 0);
	scene.books.store = place_open(&scene.books.place, STORE_WRITE);
	expect_ok(accounts_get(scene.books.store, account.id, &account, &found, &scene.err), &scene.err);
	assert_true(account.generation == 9 && account.refreshed_ms == NOW + DAY && account.refresh_expires_ms == NOW + 100 * DAY);
	expect_ok(sealed_get(scene.books.store, account.id, "refresh", 0, &generation, &bytes, &found, &scene.err), &scene.err);
	assert_true(found && generation == 9 && strcmp(bytes.text, "newest") == 0);
	expect_ok(meter_get(scene.books.store, account.id, "2026-09", &used, &scene.err), &scene.err);
	assert_int_equal(used.calls, 40);
	assert_int_equal(used.received_bytes, 1000);
	assert_int_equal(used.sent_bytes, 200);
}

int test_restore(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_backup_is_in_place),
		cmocka_unit_test(a_log_goes_with_what_it_is_of),
		cmocka_unit_test(what_is_damaged_is_kept_as_it_is),
		cmocka_unit_test(where_nothing_is_it_is_put),
		cmocka_unit_test(not_while_it_is_open),
		cmocka_unit_test(not_while_somebody_elsewhere_works),
		cmocka_unit_test(nobody_opens_it_meanwhile),
		cmocka_unit_test(what_is_no_backup_changes_nothing),
		cmocka_unit_test(a_damaged_backup_changes_nothing),
		cmocka_unit_test(nothing_foreign_is_replaced),
		cmocka_unit_test(what_ledgers_know_is_not_turned_back),
	};

	return cmocka_run_group_tests_name("restore", tests, NULL, NULL);
}
