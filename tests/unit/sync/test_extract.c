/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A changed row of the catalogue: columns are filled anew from what is kept; what was parked gets another chance. */
#include <stdio.h>
#include <string.h>

#include <sqlite3.h>

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

	if (!records_raw(world->store, &object, 0, check_row, &look, &err))
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

int test_extract(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_other_columns),
		cmocka_unit_test(test_parked),
		cmocka_unit_test(test_mended_there),
		cmocka_unit_test(test_other_key),
		cmocka_unit_test(test_other_hashes),
	};

	return cmocka_run_group_tests_name("extract", tests, NULL, NULL);
}
