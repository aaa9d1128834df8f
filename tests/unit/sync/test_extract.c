/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A changed row of the catalogue: columns are filled anew from what is kept; what was parked gets another chance. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sqlite3.h>

#include "crash.h"
#include "engine.h"
#include "ledgerdeck/core/memory.h"
#include "tests.h"

#define HEAD "provider = quickbooks\n[Customer]\nquery = Customer\nversion = SyncToken\n" \
	     "time = MetaData.LastUpdatedTime\nactive = Active\ndeleted = changes\n"
#define ROW_NAMES HEAD "key = Id\ntitle = DisplayName\nfield = DisplayName text\nfield = Balance money\n"
#define ROW_TURNED HEAD "key = Id\ntitle = FullyQualifiedName\nfield = Balance money\nfield = DisplayName text\nfield = Active flag\n"
#define ROW_DATES HEAD "key = Id\ntitle = DisplayName\nfield = Suffix date\n"
#define ROW_KEY HEAD "key = DisplayName\ntitle = DisplayName\nfield = DisplayName text\n"

static const struct simulator_company one[] = {
	{ .kind = "small", .realm = "1001", .name = "Nine Pins", .customers = -1, .invoices = -1 },
};

/* Several pieces. */
static const struct simulator_company many[] = {
	{ .kind = "small", .realm = "1001", .name = "Nine Pins", .customers = 1200, .invoices = 0 },
};

static void sync_freep(struct sync **sync)
{
	sync_free(*sync);
}

static void use_row(struct world *world, const char *text)
{
	struct error err = { 0 };

	catalogue_free(world->catalogue);
	if (!catalogue_parse(text, "rows", &world->catalogue, &err))
		fail_msg("%s", err.text);
}

static const struct type *customer(const struct world *world)
{
	return catalogue_find(world->catalogue, "quickbooks", "Customer");
}

/* By an engine of its own, as by the next start of the program. */
static void read_in_mode(struct world *world, enum sync_mode mode, struct outcome *ret_outcome)
{
	AUTO(sync_freep) struct sync *sync = world_engine(world);
	const char *const types[] = { "Customer", NULL };
	struct sync_wish wish = { .types = types, .mode = mode, .cause = "operator" };

	world_sync(world, sync, &wish, ret_outcome);
}

static void read_customers(struct world *world, struct outcome *ret_outcome)
{
	read_in_mode(world, SYNC_CHANGES, ret_outcome);
}

struct look {
	const struct type *type;
	int64_t rows;
};

/* Each column is what the row takes out of the record's own bytes. */
static bool check_row(void *ctx, const struct record_row *row, const char *raw, size_t len)
{
	AUTO(str_clear) struct str scratch = STR_INIT(STR_NO_LIMIT);
	struct look *look = ctx;
	struct record record;
	struct error err = { 0 };

	str_reserve(&scratch, len + 1);
	if (!record_extract(look->type, (struct json_slice){ .text = raw, .len = len, .kind = JSON_OBJECT }, &scratch, &record, &err))
		fail_msg("%s", err.text);
	assert_string_equal(row->id, record.id);
	assert_memory_equal(row->title, record.title, record.title_len);
	for (size_t i = 0; i < TYPE_FIELDS_MAX; i++) {
		assert_int_equal(row->cells[i].kind, record.cells[i].kind);
		assert_true(row->cells[i].kind != CELL_INTEGER || row->cells[i].integer == record.cells[i].integer);
		assert_true(row->cells[i].kind != CELL_TEXT || (row->cells[i].len == record.cells[i].len &&
			    memcmp(row->cells[i].text, record.cells[i].text, row->cells[i].len) == 0));
	}
	look->rows++;
	return true;
}

static int64_t check_columns(struct world *world, const struct account *account)
{
	struct object object = world_object(world, account, "Customer");
	struct look look = { .type = customer(world) };
	struct error err = { 0 };

	if (!records_raw(world->store, &object, "", check_row, &look, &err))
		fail_msg("%s", err.text);
	assert_true(object_is_current(&object, look.type));
	return look.rows;
}

static void test_other_columns(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), NULL);
	struct account account;
	struct outcome outcome;
	struct object object;
	int64_t rows;

	(void)state;
	world_connect(world, "1001", &account);
	use_row(world, ROW_NAMES);
	read_customers(world, &outcome);
	rows = check_columns(world, &account);
	assert_true(rows > 4);
	use_row(world, ROW_TURNED);
	object = world_object(world, &account, "Customer");
	assert_false(object_is_current(&object, customer(world)));
	world_step(world, 700);
	read_customers(world, &outcome);
	assert_int_equal(outcome.failed, 0);
	/* Nothing of the ledger has changed: it is not told as a change. */
	assert_int_equal(outcome.counts.added + outcome.counts.changed, 0);
	assert_int_equal(check_columns(world, &account), rows);
}

/* One record of many has what the row can't take; the others go on, and it comes back when row or record are mended. */
static void test_parked(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), NULL);
	struct account account;
	struct outcome outcome;
	int64_t rows;

	(void)state;
	world_connect(world, "1001", &account);
	assert_int_equal(world_other(world, "POST", "as-other-user/v3/company/1001/customer?minorversion=75",
				     "{\"DisplayName\":\"Parked\",\"Suffix\":\"Jr.\"}", NULL), 200);
	use_row(world, ROW_DATES);
	read_customers(world, &outcome);
	assert_int_equal(outcome.counts.parked, 1);
	assert_int_equal(world_object(world, &account, "Customer").parked, 1);
	rows = check_columns(world, &account);
	/* The row is mended: nothing is read again, and it is there. */
	use_row(world, ROW_NAMES);
	world_step(world, 700);
	read_customers(world, &outcome);
	assert_int_equal(outcome.failed, 0);
	assert_int_equal(world_object(world, &account, "Customer").parked, 0);
	assert_int_equal(check_columns(world, &account), rows + 1);
}

static void test_mended_there(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), NULL);
	AUTO(str_clear) struct str answer = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str id = STR_INIT(40), body = STR_INIT(400);
	struct account account;
	struct outcome outcome;

	(void)state;
	world_connect(world, "1001", &account);
	assert_int_equal(world_other(world, "POST", "as-other-user/v3/company/1001/customer?minorversion=75",
				     "{\"DisplayName\":\"Parked\",\"Suffix\":\"Jr.\"}", &answer), 200);
	json_unquote(json_find(answer.text, answer.len, "Customer.Id"), &id);
	use_row(world, ROW_DATES);
	read_customers(world, &outcome);
	assert_int_equal(world_object(world, &account, "Customer").parked, 1);
	/* In other bytes it is the same parked record, not a second one. */
	str_addf(&body, "{\"Id\":\"%s\",\"SyncToken\":\"0\",\"sparse\":true,\"Suffix\":\"Sr.\"}", id.text);
	assert_int_equal(world_other(world, "POST", "as-other-user/v3/company/1001/customer?minorversion=75", body.text, NULL), 200);
	world_step(world, 700);
	read_customers(world, &outcome);
	assert_int_equal(world_object(world, &account, "Customer").parked, 1);
	str_reset(&body);
	str_addf(&body, "{\"Id\":\"%s\",\"SyncToken\":\"1\",\"sparse\":true,\"Suffix\":\"\"}", id.text);
	assert_int_equal(world_other(world, "POST", "as-other-user/v3/company/1001/customer?minorversion=75", body.text, NULL), 200);
	world_step(world, 700);
	read_customers(world, &outcome);
	assert_int_equal(outcome.failed, 0);
	assert_int_equal(world_object(world, &account, "Customer").parked, 0);
}

/* Another key makes other records: all is read again, and nothing of the old is left for a live one. */
static void test_other_key(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), NULL);
	struct account account;
	struct outcome outcome;
	int64_t live;

	(void)state;
	world_connect(world, "1001", &account);
	use_row(world, ROW_NAMES);
	read_customers(world, &outcome);
	live = world_object(world, &account, "Customer").live;
	use_row(world, ROW_KEY);
	world_step(world, 700);
	read_customers(world, &outcome);
	assert_int_equal(outcome.counts.added, live + world_object(world, &account, "Customer").inactive / 2);
	assert_true(world_object(world, &account, "Customer").sweep_due);
}

/* Hashes of an older program, as a store brings them along: they are made anew, and nothing is taken for changed. */
static void test_other_hashes(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), NULL);
	struct account account;
	struct outcome outcome;
	sqlite3 *db = NULL;

	(void)state;
	world_connect(world, "1001", &account);
	read_customers(world, &outcome);
	assert_int_equal(sqlite3_open(world->store_path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "UPDATE record SET hash = hash + 1; UPDATE object SET digest = '-'", NULL, NULL, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	world_step(world, 700);
	read_in_mode(world, SYNC_FULL, &outcome);
	assert_int_equal(outcome.failed, 0);
	assert_int_equal(outcome.counts.added + outcome.counts.changed, 0);
	assert_true(outcome.counts.unchanged >= check_columns(world, &account));
}

/* ---- ended in the middle */

/* As the next start of the program would; it must make no call, and ends at the `at`-th durable step. `before`: as it was chosen. */
static int extract_in_child(struct world *world, const struct object *before, int64_t at)
{
	struct sync_options options = world_options(world);
	int status = 0;
	pid_t pid;

	/* No connection to the store may live on in another process. */
	store_close(world->store);
	crash_at(at ? crash_count() + at : 0);
	pid = fork();
	if (pid == 0) {
		struct object object = *before;
		struct sync *sync = NULL;
		struct worker worker;
		struct error err = { 0 };

		if (!sync_new(&options, &sync, &err) || !worker_open(sync, &worker, &err))
			_exit(3);
		_exit(extract_run(&worker, &object, customer(world), 0, &err) ? 0 : 4);
	}
	assert_true(pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status));
	if (!store_open(world->store_path, STORE_WRITE, 0, &world->store, NULL))
		fail_msg("the store cannot be opened again");
	world->connect.store = world->store;
	return WEXITSTATUS(status);
}

static bool keep_last(void *ctx, const struct attempt *attempt, const char *detail)
{
	(void)detail;
	*(struct attempt *)ctx = *attempt;
	return false;
}

static struct attempt last_attempt(const struct world *world)
{
	struct attempt_query query = { .newest_first = true, .limit = 1 };
	struct attempt attempt = { 0 };
	struct error err = { 0 };

	if (!attempts_list(world->store, &query, keep_last, &attempt, NULL, &err))
		fail_msg("%s", err.text);
	return attempt;
}

/* What an operator sets while it runs stays. */
static void set_next(struct world *world, struct object object, int64_t next_ms)
{
	AUTO(store_end) struct store *transaction = world->store;
	struct error err = { 0 };

	object.next_ms = next_ms;
	object.interval_s = 77;
	if (!store_begin(transaction, &err) || !objects_set(transaction, &object, &err) || !store_commit(transaction, &err))
		fail_msg("%s", err.text);
}

static void read_many(struct world *world, struct account *account, int64_t *ret_rows)
{
	struct outcome outcome;

	world_connect(world, "1001", account);
	use_row(world, ROW_NAMES);
	read_customers(world, &outcome);
	*ret_rows = check_columns(world, account);
	assert_true(*ret_rows >= 1200);
}

static void test_goes_on(void **state)
{
	AUTO(world_freep) struct world *world = world_new(many, ARRAY_LEN(many), NULL);
	struct account account;
	struct object before, object;
	int64_t rows, at = 0;
	int ended;

	(void)state;
	read_many(world, &account, &rows);
	use_row(world, ROW_TURNED);
	before = world_object(world, &account, "Customer");
	crash_reset();
	/* One step further each time: it begins, then it has some, then more. */
	do {
		ended = extract_in_child(world, &before, ++at);
		object = world_object(world, &account, "Customer");
		if (ended != WORLD_KILLED)
			continue;
		assert_false(object_is_current(&object, customer(world)));
		if (!*object.filled_id)
			continue;
		/* Changed back in the middle: the columns are of both rows, and nobody takes them for the old ones. */
		use_row(world, ROW_NAMES);
		assert_false(object_is_current(&object, customer(world)));
		use_row(world, ROW_TURNED);
		set_next(world, object, 1234567);
	} while (ended == WORLD_KILLED);
	assert_int_equal(ended, 0);
	assert_true(at > 3);
	assert_int_equal(check_columns(world, &account), rows);
	assert_string_equal(object.filling, "");
	assert_string_equal(object.filled_id, "");
	assert_int_equal(object.next_ms, 1234567);
	assert_int_equal(object.interval_s, 77);
	assert_string_equal(last_attempt(world).job, "extract");
	assert_string_equal(last_attempt(world).cause, "catalogue");
	assert_in_range((uintmax_t)last_attempt(world).counts.unchanged, 1, (uintmax_t)rows - 500);
	assert_int_equal(last_attempt(world).calls, 0);
}

/* That all must be read again is known from the piece on that shows it. */
static void test_strange_goes_on(void **state)
{
	AUTO(world_freep) struct world *world = world_new(many, ARRAY_LEN(many), NULL);
	struct account account;
	struct object object;
	int64_t rows, at = 0;
	int ended;

	(void)state;
	read_many(world, &account, &rows);
	use_row(world, ROW_KEY);
	object = world_object(world, &account, "Customer");
	crash_reset();
	do {
		ended = extract_in_child(world, &object, ++at);
		object = world_object(world, &account, "Customer");
		assert_int_equal(object.cursor_ms == INT64_MIN, ended == 0 || *object.filled_id);
		assert_int_equal(object.sweep_due, object.cursor_ms == INT64_MIN);
	} while (ended == WORLD_KILLED);
	assert_int_equal(ended, 0);
	assert_int_equal(object.cursor_ms, INT64_MIN);
}

struct stopper {
	struct sync *sync;
	int pages;
};

/* A person ends the program when some pages have come. */
static void stop_at_page(void *ctx, char *bytes, size_t len)
{
	struct stopper *stopper = ctx;

	if (json_find(bytes, len, "QueryResponse.Customer").kind == JSON_ARRAY && --stopper->pages == 0)
		sync_stop(stopper->sync);
}

/* The row is changed while the first read is under way: what was read by the old one is not taken for the new one's. */
static void test_in_the_first_read(void **state)
{
	AUTO(world_freep) struct world *world = world_new(many, ARRAY_LEN(many), (const char *const[]){ "sync.max_results=100",
											"sync.in_flight=1", NULL });
	struct stopper stopper = { .pages = 4 };
	const char *const types[] = { "Customer", NULL };
	struct sync_wish wish = { .types = types, .cause = "operator" };
	struct account account;
	struct outcome outcome;
	struct object object;

	(void)state;
	world_connect(world, "1001", &account);
	use_row(world, ROW_NAMES);
	stopper.sync = world_engine(world);
	world->spy = stop_at_page;
	world->spy_ctx = &stopper;
	world_sync(world, stopper.sync, &wish, &outcome);
	world->spy = NULL;
	sync_free(stopper.sync);
	object = world_object(world, &account, "Customer");
	assert_true(outcome.counts.added > 100 && outcome.counts.added < 1200 && object.cursor_ms == INT64_MIN);
	use_row(world, ROW_TURNED);
	assert_false(object_is_current(&object, customer(world)));
	read_customers(world, &outcome);
	assert_int_equal(outcome.failed, 0);
	assert_true(check_columns(world, &account) >= 1200);
}

/* In this thread, by an engine of its own; `stopped`: it is asked to end before it begins. */
static bool extract_here(struct world *world, const struct account *account, bool stopped, struct error *err)
{
	struct object object = world_object(world, account, "Customer");
	struct sync *sync = world_engine(world);
	struct worker worker;
	bool good;

	assert_true(worker_open(sync, &worker, err));
	if (stopped)
		sync_stop(sync);
	good = extract_run(&worker, &object, customer(world), 0, err);
	worker_close(&worker);
	sync_free(sync);
	return good;
}

/* Who asks it to stop waits for one piece, and finds it in the log; it goes on behind that. */
static void test_stopped(void **state)
{
	AUTO(world_freep) struct world *world = world_new(many, ARRAY_LEN(many), NULL);
	struct account account;
	struct object object;
	struct error err = { 0 };
	int64_t rows;

	(void)state;
	read_many(world, &account, &rows);
	use_row(world, ROW_TURNED);
	assert_false(extract_here(world, &account, true, &err));
	assert_int_equal(err.code, ERROR_CANCELLED);
	object = world_object(world, &account, "Customer");
	assert_string_not_equal(object.filled_id, "");
	assert_false(object_is_current(&object, customer(world)));
	assert_int_equal(last_attempt(world).error.code, ERROR_CANCELLED);
	assert_int_equal(last_attempt(world).counts.unchanged, 500);
	assert_true(extract_here(world, &account, false, &err));
	assert_int_equal(last_attempt(world).counts.unchanged, rows - 500);
	assert_int_equal(check_columns(world, &account), rows);
}

/* A type without records: the row is followed without a word in the log. */
static void test_nothing_there(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), NULL);
	struct account account;
	struct object object;
	struct error err = { 0 };
	int64_t last;

	(void)state;
	world_connect(world, "1001", &account);
	use_row(world, ROW_NAMES);
	{
		AUTO(store_end) struct store *transaction = world->store;

		assert_true(store_begin(transaction, &err) && objects_ensure(transaction, account.id, "Customer", &object, &err));
		snprintf(object.digest, sizeof(object.digest), "-");
		assert_true(objects_save(transaction, &object, 0, &err) &&
			    store_commit(transaction, &err));
	}
	assert_false(object_is_current(&object, customer(world)));
	last = last_attempt(world).no;
	assert_true(extract_here(world, &account, false, &err));
	object = world_object(world, &account, "Customer");
	assert_true(object_is_current(&object, customer(world)));
	assert_int_equal(last_attempt(world).no, last);
}

/* ---- in the background */

static void await_end(struct queue *events, const char *type)
{
	for (;;) {
		AUTO(memory_freep) struct sync_event *event = queue_take(events, 60000, NULL);

		if (!event)
			fail_msg("it does not end");
		if (event->kind == SYNC_ENDED && strcmp(event->type, type) == 0) {
			assert_int_equal(event->error.code, ERROR_NONE);
			assert_int_equal(event->records, event->of);
			return;
		}
	}
}

/* Nobody asks, nothing is due, and the ledger may not even be called: the scheduler alone does it. */
static void test_in_the_background(void **state)
{
	AUTO(world_freep) struct world *world = world_new(many, ARRAY_LEN(many), NULL);
	struct sync_options options;
	struct queue *events = queue_new(1000, free);
	struct sync *sync = NULL;
	struct account account;
	struct error err = { 0 };
	int64_t rows, calls;
	bool changed;

	(void)state;
	read_many(world, &account, &rows);
	assert_true(sync_pause(world->store, account.id, true, "tester", WORLD_START_MS, &changed, &err));
	use_row(world, ROW_TURNED);
	options = world_options(world);
	options.events = events;
	calls = atomic_load(&world->shared->calls);
	assert_true(sync_new(&options, &sync, &err));
	/* A one-off command leaves it alone; a scheduler that is started later does not. */
	assert_true(sync_start(sync, 1, false, &err));
	assert_true(sync_start(sync, 1, true, &err));
	assert_true(sync_start(sync, 1, true, &err));
	await_end(events, "Customer");
	assert_int_equal(check_columns(world, &account), rows);
	assert_int_equal(sync->thread_count, 5); /* a worker, the keeper of the leases, the background, the bell, who exports */
	sync_free(sync);
	queue_free(events);
	assert_int_equal(atomic_load(&world->shared->calls), calls);
	assert_string_equal(last_attempt(world).job, "extract");
}

int test_extract(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_other_columns),
		cmocka_unit_test(test_parked),
		cmocka_unit_test(test_mended_there),
		cmocka_unit_test(test_other_key),
		cmocka_unit_test(test_other_hashes),
		cmocka_unit_test(test_goes_on),
		cmocka_unit_test(test_strange_goes_on),
		cmocka_unit_test(test_in_the_first_read),
		cmocka_unit_test(test_stopped),
		cmocka_unit_test(test_nothing_there),
		cmocka_unit_test(test_in_the_background),
	};

	return cmocka_run_group_tests_name("extract", tests, NULL, NULL);
}
