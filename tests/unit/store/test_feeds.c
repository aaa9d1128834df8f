/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Feeds: what has changed since a mark, and runs that are rows before they are files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/random.h"
#include "ledgerdeck/store/feeds.h"

#include "tests.h"

static void put(struct books *books, size_t account, const char *id, const char *version, const char *text)
{
	books_put_text(books, account, id, version, text);
}

static void delete(struct books *books, size_t account, const char *id)
{
	struct put_counts counts = { 0 };
	char ids[1][RECORD_ID_MAX];
	struct error err = { 0 };

	snprintf(ids[0], sizeof(ids[0]), "%s", id);
	expect_ok(store_begin(books->store, &err) &&
		  records_gone(books->store, &books->invoices[account], (const char(*)[RECORD_ID_MAX])ids, 1, NOW, &counts, &err) &&
		  store_commit(books->store, &err), &err);
}

static struct feed_mark mark_of(struct books *books)
{
	struct feed_mark mark;
	struct error err = { 0 };

	expect_ok(feed_mark_now(books->store, &mark, &err), &err);
	return mark;
}

static bool note(void *ctx, const struct feed_change *change, const char *raw, size_t len)
{
	struct json_slice id = json_find(raw, len, "Id"), text = json_find(raw, len, "DocNumber");

	str_addf(ctx, "%.*s %s%s%s %.*s;", (int)id.len, id.text, change->is_new ? "new" : "known", change->is_gone ? " gone" : "",
		 change->never ? " never" : "", (int)text.len, text.text);
	return true;
}

static void expect_changes(struct books *books, size_t account, struct feed_mark since, const char *wanted)
{
	AUTO(str_clear) struct str said = STR_INIT(5000);
	int64_t objects[2] = { books->invoices[0].no, books->invoices[1].no };
	struct error err = { 0 };
	bool any[2];

	expect_ok(feed_changes(books->store, &books->invoices[account], &since, note, &said, &err), &err);
	assert_string_equal(said.text, wanted);
	expect_ok(feed_changed(books->store, books->accounts[account].id, &since, objects, 2, any, &err), &err);
	assert_int_equal(any[account], *wanted != '\0');
	assert_false(any[1 - account]);
}

static void what_changed_since_a_mark(void **state)
{
	AUTO(books_clear) struct books books;
	struct feed_mark none = { 0 }, first, second;

	(void)state;
	books_init(&books);
	expect_changes(&books, 0, none, "");
	put(&books, 0, "1", "0", "a");
	put(&books, 1, "1", "0", "other");
	put(&books, 0, "2", "0", "b");
	put(&books, 0, "3", "0", "c");
	first = mark_of(&books);
	expect_changes(&books, 0, none, "\"1\" new \"a\";\"2\" new \"b\";\"3\" new \"c\";");
	expect_changes(&books, 0, first, "");
	put(&books, 0, "1", "0", "a"); /* the same again */
	expect_changes(&books, 0, first, "");
	put(&books, 0, "3", "1", "c1");
	put(&books, 0, "3", "2", "c2");
	delete(&books, 0, "2");
	put(&books, 0, "4", "0", "d");
	put(&books, 0, "4", "1", "d1");
	put(&books, 0, "5", "0", "e");
	delete(&books, 0, "5");
	second = mark_of(&books);
	expect_changes(&books, 0, first, "\"2\" known gone \"b\";\"3\" known \"c2\";\"4\" new \"d1\";\"5\" new gone never \"e\";");
	expect_changes(&books, 1, first, "");
	expect_changes(&books, 0, second, "");
	/* Back, and gone and back: it is new to who read that it was gone, and only changed to who did not. */
	put(&books, 0, "2", "1", "b1");
	expect_changes(&books, 0, second, "\"2\" new \"b1\";");
	expect_changes(&books, 0, first, "\"2\" known \"b1\";\"3\" known \"c2\";\"4\" new \"d1\";\"5\" new gone never \"e\";");
	delete(&books, 0, "2");
	expect_changes(&books, 0, second, "\"2\" new gone never \"b1\";");
}

/* Whoever follows the changes has at each mark what the store has. */
#define IDS 12
struct follower {
	bool there[IDS];
	int version[IDS];
};

static bool follow(void *ctx, const struct feed_change *change, const char *raw, size_t len)
{
	struct json_slice id = json_find(raw, len, "Id"), token = json_find(raw, len, "DocNumber");
	struct follower *follower = ctx;
	size_t at = (size_t)strtol(id.text + 1, NULL, 10);

	if (change->never)
		return true;
	if (change->is_new == follower->there[at])
		fail_msg("record %zu is told as %s", at, change->is_new ? "new, and was there" : "known, and was not");
	follower->there[at] = !change->is_gone;
	follower->version[at] = (int)strtol(token.text + 1, NULL, 10);
	return true;
}

static void a_follower_has_what_the_store_has(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 12; seed++) {
		AUTO(books_clear) struct books books;
		struct follower follower = { 0 }, truth = { 0 };
		struct feed_mark mark = { 0 };
		struct error err = { 0 };
		struct random random;

		books_init(&books);
		random_seed(&random, seed);
		mark.epoch = store_epoch(books.store);
		for (int step = 1; step < 150; step++) {
			size_t at = (size_t)random_below(&random, IDS);
			char id[8], version[8];

			snprintf(id, sizeof(id), "%zu", at);
			snprintf(version, sizeof(version), "%d", step);
			if (random_below(&random, 3) == 0) {
				delete(&books, 0, id);
				truth.there[at] = false;
			} else {
				put(&books, 0, id, version, version);
				truth.there[at] = true;
				truth.version[at] = step;
			}
			put(&books, 1, id, version, version);
			if (random_below(&random, 9) > 0)
				continue;
			expect_ok(feed_changes(books.store, &books.invoices[0], &mark, follow, &follower, &err), &err);
			mark = mark_of(&books);
			for (size_t i = 0; i < IDS; i++)
				if (truth.there[i] != follower.there[i] || (truth.there[i] && truth.version[i] != follower.version[i]))
					fail_msg("seed %llu, step %d: record %zu is not as it is", (unsigned long long)seed, step, i);
		}
	}
}

static struct feed feed_of(struct books *books, size_t account, const char *destination)
{
	AUTO(store_end) struct store *transaction = books->store;
	struct feed feed = { .interval_s = 60, .next_ms = NOW };
	struct error err = { 0 };

	snprintf(feed.account_id, sizeof(feed.account_id), "%s", books->accounts[account].id);
	snprintf(feed.destination, sizeof(feed.destination), "%s", destination);
	snprintf(feed.layout, sizeof(feed.layout), "{type}/{time}");
	snprintf(feed.format, sizeof(feed.format), "parquet");
	snprintf(feed.types, sizeof(feed.types), "Invoice Bill");
	snprintf(feed.who, sizeof(feed.who), "ann");
	expect_ok(store_begin(books->store, &err) && feeds_ensure(books->store, &feed, NOW, &err) && store_commit(transaction, &err), &err);
	return feed;
}

static bool count_feed(void *ctx, const struct feed *feed)
{
	str_addf(ctx, "%s ", feed->destination);
	return true;
}

static void expect_feeds(struct books *books, const char *account_id, const char *wanted)
{
	AUTO(str_clear) struct str said = STR_INIT(500);
	struct error err = { 0 };

	expect_ok(feeds_all(books->store, account_id, count_feed, &said, &err), &err);
	assert_string_equal(said.text, wanted);
}

static void a_feed_is_made_once(void **state)
{
	AUTO(books_clear) struct books books;
	struct feed one, again, other;
	struct error err = { 0 };
	bool found;

	(void)state;
	books_init(&books);
	one = feed_of(&books, 0, "/a");
	one.interval_s = 0;
	one.failures = 2;
	error_set(&one.last_error, ERROR_STORE, "full");
	snprintf(one.types, sizeof(one.types), "Invoice");
	expect_ok(feeds_save(books.store, &one, &err), &err);
	again = feed_of(&books, 0, "/a");
	assert_int_equal(again.no, one.no);
	assert_string_equal(again.id, one.id);
	assert_string_equal(again.types, "Invoice");
	assert_int_equal(again.interval_s, 0);
	assert_int_equal(again.failures, 2);
	assert_string_equal(again.last_error.text, "full");
	other = feed_of(&books, 1, "/a");
	assert_string_not_equal(other.id, one.id);
	feed_of(&books, 0, "/b");
	expect_feeds(&books, NULL, "/a /a /b ");
	expect_feeds(&books, books.accounts[0].id, "/a /b ");
	expect_ok(store_begin(books.store, &err) && feeds_drop(books.store, &one, &err) && store_commit(books.store, &err), &err);
	expect_feeds(&books, NULL, "/a /b ");
	expect_ok(feeds_get(books.store, one.id, &again, &found, &err), &err);
	assert_false(found);
}

static bool taken(struct books *books, int64_t feed_no, const char *holder, int64_t now_ms)
{
	AUTO(store_end) struct store *transaction = books->store;
	struct error err = { 0 };
	bool is_taken = false;

	expect_ok(store_begin(books->store, &err) && feed_take(books->store, feed_no, holder, now_ms, now_ms + 100, &is_taken, &err) &&
		  store_commit(transaction, &err), &err);
	return is_taken;
}

static void a_run_is_one_holder_s(void **state)
{
	AUTO(books_clear) struct books books;
	struct error err = { 0 };
	struct feed feed;

	(void)state;
	books_init(&books);
	feed = feed_of(&books, 0, "/a");
	assert_true(taken(&books, feed.no, "me", NOW));
	assert_true(taken(&books, feed.no, "me", NOW + 50));
	assert_false(taken(&books, feed.no, "you", NOW + 149));
	assert_true(taken(&books, feed.no, "you", NOW + 150));
	assert_false(taken(&books, feed.no, "me", NOW + 151));
	expect_ok(feed_release(books.store, feed.no, "me", &err), &err); /* it is not mine any more */
	assert_false(taken(&books, feed.no, "me", NOW + 151));
	expect_ok(feed_release(books.store, feed.no, "you", &err), &err);
	assert_true(taken(&books, feed.no, "me", NOW + 151));
}

static void begin(struct books *books, int64_t feed_no, int64_t run_ms, size_t count, const struct feed_file *files)
{
	AUTO(store_end) struct store *transaction = books->store;
	struct error err = { 0 };

	expect_ok(store_begin(books->store, &err) && feed_run_begin(books->store, feed_no, run_ms, files, count, &err) &&
		  store_commit(transaction, &err), &err);
}

static void end(struct books *books, int64_t feed_no)
{
	AUTO(store_end) struct store *transaction = books->store;
	struct error err = { 0 };

	expect_ok(store_begin(books->store, &err) && feed_run_end(books->store, feed_no, &err) && store_commit(transaction, &err), &err);
}

static void marks_move_with_the_end_of_a_run(void **state)
{
	AUTO(books_clear) struct books books;
	AUTO(memory_freep) struct feed_file *files = NULL;
	struct feed_file planned = { .is_full = true, .path = "Invoice/1" };
	struct error err = { 0 };
	struct feed_mark mark;
	struct feed feed;
	char columns[20];
	size_t count;
	bool found;

	(void)state;
	books_init(&books);
	feed = feed_of(&books, 0, "/a");
	planned.object_no = books.invoices[0].no;
	begin(&books, feed.no, NOW, 1, &planned);
	expect_ok(feed_run_files(books.store, feed.no, &files, &count, &err), &err);
	assert_int_equal(count, 1);
	assert_string_equal(files[0].path, "Invoice/1");
	assert_string_equal(files[0].type, books.invoices[0].type);
	assert_int_equal(files[0].state, FEED_FILE_PLANNED);
	assert_true(files[0].is_full);
	files[0].state = FEED_FILE_MADE;
	files[0].mark = (struct feed_mark){ 7, 8, 9 };
	files[0].rows = 10;
	files[0].gone = 1;
	files[0].unfit = 2;
	files[0].bytes = 300;
	snprintf(files[0].columns, sizeof(files[0].columns), "abc");
	snprintf(files[0].digest, sizeof(files[0].digest), "def");
	expect_ok(feed_file_save(books.store, feed.no, &files[0], &err), &err);
	memory_freep(&files);
	expect_ok(feed_run_files(books.store, feed.no, &files, &count, &err), &err);
	assert_int_equal(files[0].state, FEED_FILE_MADE);
	assert_true(files[0].rows == 10 && files[0].gone == 1 && files[0].unfit == 2 && files[0].bytes == 300 && files[0].mark.history == 9);
	assert_string_equal(files[0].digest, "def");
	expect_ok(feed_mark_get(books.store, feed.no, planned.object_no, &mark, columns, &found, &err), &err);
	assert_false(found);
	end(&books, feed.no);
	expect_ok(feed_mark_get(books.store, feed.no, planned.object_no, &mark, columns, &found, &err), &err);
	assert_true(found && mark.epoch == 7 && mark.record == 8 && mark.history == 9);
	assert_string_equal(columns, "abc");
	expect_ok(feeds_get(books.store, feed.id, &feed, &found, &err), &err);
	assert_true(feed.run_ms == 0 && feed.last_ms == NOW);
	/* An end twice changes nothing, and another run starts with its own files. */
	end(&books, feed.no);
	expect_ok(feeds_get(books.store, feed.id, &feed, &found, &err), &err);
	assert_true(feed.last_ms == NOW);
	begin(&books, feed.no, NOW + 5, 0, NULL);
	memory_freep(&files);
	expect_ok(feed_run_files(books.store, feed.no, &files, &count, &err), &err);
	assert_int_equal(count, 0);
}

int test_feeds(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_changed_since_a_mark),
		cmocka_unit_test(a_follower_has_what_the_store_has),
		cmocka_unit_test(a_feed_is_made_once),
		cmocka_unit_test(a_run_is_one_holder_s),
		cmocka_unit_test(marks_move_with_the_end_of_a_run),
	};

	return cmocka_run_group_tests_name("feeds", tests, NULL, NULL);
}
