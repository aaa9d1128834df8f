/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening what is there, what is not, and what is somebody else's. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/backup.h"

#include "tests.h"

#define ALL_MODES { STORE_CREATE, STORE_WRITE, STORE_READ }

static void write_file(const char *path, const char *bytes, size_t len)
{
	struct error err = { 0 };

	expect_ok(file_write(path, bytes, len, 0, &err), &err);
}

static void expect_refused(const char *path, enum store_mode mode, const char *part)
{
	struct error err = { 0 };
	struct store *store = NULL;

	expect_error(store_open(path, mode, 50, &store, &err), &err, ERROR_STORE, part);
	assert_null(store);
}

/* Refused in the given mode, without a byte changed and without a file left beside it. */
static void expect_untouched(const struct place *place, enum store_mode mode, const char *part)
{
	static const char *const endings[] = { "-wal", "-shm", "-bell", "-journal" };
	AUTO(str_clear) struct str before = STR_INIT(1 << 20), after = STR_INIT(1 << 20);
	char beside[128];

	assert_true(file_read(place->path, 1 << 20, &before, NULL));
	expect_refused(place->path, mode, part);
	assert_true(file_read(place->path, 1 << 20, &after, NULL));
	assert_int_equal(before.len, after.len);
	assert_memory_equal(before.text, after.text, before.len);
	for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
		snprintf(beside, sizeof(beside), "%s%s", place->path, endings[i]);
		if (file_exists(beside))
			fail_msg("'%s' was left", beside);
	}
}

static void makes_a_private_file(void **state)
{
	AUTO(place_clear) struct place place;
	struct stat info;
	char path[160], directory[128];
	struct error err = { 0 };
	struct store *store;

	(void)state;
	place_init(&place);
	snprintf(directory, sizeof(directory), "%s/below/here", place.directory);
	snprintf(path, sizeof(path), "%s/x.db", directory);
	expect_ok(store_open(path, STORE_CREATE, 0, &store, &err), &err);
	assert_string_equal(store_path(store), path);
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 07777, 0600);
	assert_int_equal(stat(directory, &info), 0);
	assert_int_equal(info.st_mode & 07777, 0700);
	assert_int_equal(stat(store_doorbell(store), &info), 0);
	assert_int_equal(info.st_mode & 07777, 0600);
	snprintf(path, sizeof(path), "%s/x.db-wal", directory);
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 07777, 0600);
	store_close(store);
}

static void a_file_of_others_becomes_private(void **state)
{
	AUTO(place_clear) struct place place;
	struct stat info;

	(void)state;
	place_init(&place);
	store_close(place_open(&place, STORE_CREATE));
	assert_int_equal(chmod(place.path, 0644), 0);
	store_close(place_open(&place, STORE_READ));
	assert_int_equal(stat(place.path, &info), 0);
	assert_int_equal(info.st_mode & 07777, 0644);
	store_close(place_open(&place, STORE_WRITE));
	assert_int_equal(stat(place.path, &info), 0);
	assert_int_equal(info.st_mode & 07777, 0600);
}

static void absent(void **state)
{
	AUTO(place_clear) struct place place;
	char path[160];

	(void)state;
	place_init(&place);
	expect_refused(place.path, STORE_WRITE, "there is no file");
	expect_refused(place.path, STORE_READ, "vault init");
	assert_false(file_exists(place.path));
	snprintf(path, sizeof(path), "%s/no/such/place.db", place.directory);
	expect_refused(path, STORE_WRITE, "there is no file");
	expect_refused(path, STORE_READ, "there is no file");
	snprintf(path, sizeof(path), "%s/no", place.directory);
	assert_false(file_exists(path));
}

static void what_is_no_file(void **state)
{
	static const enum store_mode modes[] = ALL_MODES;
	AUTO(place_clear) struct place place;
	char path[160];

	(void)state;
	place_init(&place);
	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		expect_refused(place.directory, modes[i], i == 0 ? place.directory : "is not a file");
		expect_refused("/dev/null", modes[i], i == 0 ? "/dev/null" : "is not a file");
	}
	snprintf(path, sizeof(path), "%s/directory", place.directory);
	assert_int_equal(mkdir(path, 0700), 0);
	for (size_t i = 0; i < ARRAY_LEN(modes); i++)
		expect_refused(path, modes[i], "is not a file");
	/* A file where a directory should be. */
	write_file(place.path, "x", 1);
	snprintf(path, sizeof(path), "%s/store.db", place.path);
	for (size_t i = 0; i < ARRAY_LEN(modes); i++)
		expect_refused(path, modes[i], path);
}

static void a_foreign_database(void **state)
{
	static const enum store_mode modes[] = ALL_MODES;
	AUTO(place_clear) struct place place;

	(void)state;
	place_init(&place);
	place_sql(&place, "CREATE TABLE song (name TEXT); INSERT INTO song VALUES ('la')");
	for (size_t i = 0; i < ARRAY_LEN(modes); i++)
		expect_untouched(&place, modes[i], "is not a ledgerdeck file; it was left as it is");
	place_sql(&place, "DROP TABLE song; PRAGMA application_id = 77");
	for (size_t i = 0; i < ARRAY_LEN(modes); i++)
		expect_untouched(&place, modes[i], "is not a ledgerdeck file");
	place_sql(&place, "PRAGMA application_id = 0; PRAGMA user_version = 3");
	for (size_t i = 0; i < ARRAY_LEN(modes); i++)
		expect_untouched(&place, modes[i], "is not a ledgerdeck file");
}

static void a_text_file(void **state)
{
	static const enum store_mode modes[] = ALL_MODES;
	AUTO(place_clear) struct place place;
	char text[9000];

	(void)state;
	place_init(&place);
	memset(text, 'a', sizeof(text));
	for (size_t len = 1; len <= sizeof(text); len = len * 3 + 7) {
		write_file(place.path, text, len);
		for (size_t i = 0; i < ARRAY_LEN(modes); i++)
			expect_untouched(&place, modes[i], "is not a ledgerdeck file");
	}
}

static void an_empty_file(void **state)
{
	AUTO(place_clear) struct place place;
	struct store *store;

	(void)state;
	place_init(&place);
	write_file(place.path, "", 0);
	expect_untouched(&place, STORE_WRITE, "is empty");
	expect_untouched(&place, STORE_READ, "vault init");
	store = place_open(&place, STORE_CREATE);
	assert_int_equal(strlen(store_uuid(store)), 32);
	store_close(store);
	assert_int_equal(place_number(&place, "PRAGMA page_size"), 16384);
}

static void a_newer_format(void **state)
{
	static const enum store_mode modes[] = ALL_MODES;
	AUTO(place_clear) struct place place;

	(void)state;
	place_init(&place);
	store_close(place_open(&place, STORE_CREATE));
	place_sql(&place, "PRAGMA user_version = 99");
	for (size_t i = 0; i < ARRAY_LEN(modes); i++)
		expect_refused(place.path, modes[i], "written by a newer ledgerdeck (format 99");
	assert_int_equal(place_number(&place, "PRAGMA user_version"), 99);
}

static void a_damaged_file(void **state)
{
	AUTO(place_clear) struct place place;
	AUTO(str_clear) struct str bytes = STR_INIT(1 << 24);
	struct error err = { 0 };
	struct store *store;

	(void)state;
	place_init(&place);
	store_close(place_open(&place, STORE_CREATE));
	place_sql(&place, "DELETE FROM meta WHERE name = 'uuid'");
	expect_refused(place.path, STORE_WRITE, "is damaged");
	place_sql(&place, "PRAGMA journal_mode = DELETE");
	/* The header stays, what follows is overwritten. */
	expect_ok(file_read(place.path, 1 << 24, &bytes, &err), &err);
	memset(bytes.text + 100, 0xee, bytes.len - 100);
	write_file(place.path, bytes.text, bytes.len);
	expect_refused(place.path, STORE_WRITE, "is damaged; restore a backup");
	/* Cut in half: what is gone is missed at the latest when it is looked for. */
	place_clear(&place);
	place_init(&place);
	store_close(place_open(&place, STORE_CREATE));
	place_sql(&place, "PRAGMA journal_mode = DELETE");
	str_reset(&bytes);
	expect_ok(file_read(place.path, 1 << 24, &bytes, &err), &err);
	write_file(place.path, bytes.text, bytes.len / 2);
	if (store_open(place.path, STORE_READ, 0, &store, &err)) {
		str_reset(&bytes);
		assert_true(!store_check(store, &bytes, &err) || bytes.len > 0);
		store_close(store);
	} else {
		expect_error(false, &err, ERROR_STORE, "damaged");
	}
}

static int hold_exclusively(void *ctx, const struct ends *ends)
{
	const struct place *place = ctx;
	sqlite3 *db;

	if (sqlite3_open(place->path, &db) != SQLITE_OK ||
	    sqlite3_exec(db, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; DELETE FROM meta", NULL, NULL, NULL) !=
		    SQLITE_OK)
		return 1;
	ends_say(ends);
	ends_hear(ends);
	sqlite3_close(db);
	return 0;
}

static void locked_by_another_process(void **state)
{
	static const enum store_mode modes[] = ALL_MODES;
	AUTO(place_clear) struct place place;
	struct child child;

	(void)state;
	place_init(&place);
	store_close(place_open(&place, STORE_CREATE));
	place_sql(&place, "PRAGMA journal_mode = DELETE");
	child = child_new(hold_exclusively, &place);
	assert_true(ends_hear(&child.ends));
	for (size_t i = 0; i < ARRAY_LEN(modes); i++)
		expect_refused(place.path, modes[i], "is being written by another process");
	assert_int_equal(child_wait(&child), 0);
	store_close(place_open(&place, STORE_WRITE));
}

/* Rights mean nothing to root: become somebody else first. */
static bool become_nobody(const struct place *place)
{
	const uid_t nobody = 65534;
	char beside[128];

	snprintf(beside, sizeof(beside), "%s-bell", place->path);
	if (geteuid() != 0)
		return true;
	return chown(place->directory, nobody, nobody) == 0 &&
	       (chown(place->path, nobody, nobody) == 0 || errno == ENOENT) &&
	       (chown(beside, nobody, nobody) == 0 || errno == ENOENT) && setgid(nobody) == 0 && setuid(nobody) == 0;
}

struct refusal {
	struct place place;
	mode_t directory, file;
	enum store_mode mode;
	const char *part;  /* of the error; NULL: it opens */
	bool then_writes;  /* and writing fails */
};

/* 0: as expected. */
static int opens_without_rights(void *ctx, const struct ends *ends)
{
	const struct refusal *refusal = ctx;
	struct error err = { 0 };
	struct store *store;

	(void)ends;
	if (!become_nobody(&refusal->place))
		return 2;
	if (chmod(refusal->place.path, refusal->file) < 0 && errno != ENOENT)
		return 3;
	if (chmod(refusal->place.directory, refusal->directory) < 0)
		return 4;
	if (store_open(refusal->place.path, refusal->mode, 50, &store, &err)) {
		store_close(store);
		return refusal->part ? 5 : 0;
	}
	if (refusal->part && err.code == ERROR_STORE && strstr(err.text, refusal->part))
		return 0;
	fprintf(stderr, "expected '%s', got code %d and '%s'\n", refusal->part ? refusal->part : "success", (int)err.code,
		err.text);
	return 6;
}

static void without_rights(void **state)
{
	static const struct {
		mode_t directory, file;
		enum store_mode mode;
		bool absent;
		const char *part;
	} cases[] = {
		{ 0700, 0600, STORE_WRITE, false, NULL },
		{ 0500, 0600, STORE_WRITE, false, "check its permissions and its directory's" },
		{ 0500, 0600, STORE_CREATE, true, "Permission denied" },
		{ 0700, 0400, STORE_WRITE, false, "cannot be written" },
		{ 0700, 0400, STORE_CREATE, false, "cannot be written" },
		{ 0700, 0400, STORE_READ, false, NULL },
		{ 0700, 0000, STORE_READ, false, "cannot be opened" },
		{ 0000, 0600, STORE_WRITE, false, "cannot be reached: Permission denied" },
		{ 0000, 0600, STORE_CREATE, false, "Permission denied" },
		{ 0777, 0600, STORE_CREATE, false, "others can write" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct refusal refusal = { .directory = cases[i].directory, .file = cases[i].file, .mode = cases[i].mode,
					   .part = cases[i].part };
		struct child child;
		int result;

		place_init(&refusal.place);
		if (!cases[i].absent)
			store_close(place_open(&refusal.place, STORE_CREATE));
		child = child_new(opens_without_rights, &refusal);
		result = child_wait(&child);
		chmod(refusal.place.directory, 0700);
		place_clear(&refusal.place);
		if (result != 0)
			fail_msg("case %zu: %d", i, result);
	}
}

/* A backup is one file by itself: it can be read from where nothing can be written. */
static void a_backup_in_a_directory_that_cannot_be_written(void **state)
{
	struct refusal refusal = { .directory = 0500, .file = 0400, .mode = STORE_READ };
	struct backup_how how = { .now_ms = NOW };
	struct backup_facts facts;
	struct error err = { 0 };
	struct store *store;
	struct place place;
	struct child child;

	(void)state;
	place_init(&place);
	place_init(&refusal.place);
	store = place_open(&place, STORE_CREATE);
	expect_ok(store_backup(store, refusal.place.path, &how, &facts, &err), &err);
	store_close(store);
	child = child_new(opens_without_rights, &refusal);
	assert_int_equal(child_wait(&child), 0);
	chmod(refusal.place.directory, 0700);
	place_clear(&refusal.place);
	place_clear(&place);
}

static void reading_writes_nothing(void **state)
{
	AUTO(books_clear) struct books books;
	struct error err = { 0 };
	struct store *reader;

	(void)state;
	books_init(&books);
	books_put_text(&books, 0, "1", "0", "A");
	reader = place_open(&books.place, STORE_READ);
	expect_error(store_set(reader, "x", "y", 1, &err), &err, ERROR_STORE, "cannot be written");
	expect_error(store_begin(reader, &err), &err, ERROR_STORE, "cannot be written");
	assert_int_equal(books_number(&books, "SELECT count(*) FROM meta WHERE name = 'x'"), 0);
	store_close(reader);
}

int test_open(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(makes_a_private_file),
		cmocka_unit_test(a_file_of_others_becomes_private),
		cmocka_unit_test(absent),
		cmocka_unit_test(what_is_no_file),
		cmocka_unit_test(a_foreign_database),
		cmocka_unit_test(a_text_file),
		cmocka_unit_test(an_empty_file),
		cmocka_unit_test(a_newer_format),
		cmocka_unit_test(a_damaged_file),
		cmocka_unit_test(locked_by_another_process),
		cmocka_unit_test(without_rights),
		cmocka_unit_test(a_backup_in_a_directory_that_cannot_be_written),
		cmocka_unit_test(reading_writes_nothing),
	};

	return cmocka_run_group_tests_name("open", tests, NULL, NULL);
}
