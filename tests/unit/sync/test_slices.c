/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A large type is read in several slices at once, and the mirror is what reading page by page would have made of it. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "ledgerdeck/core/memory.h"
#include "tests.h"

#define INVOICES 240
#define HOUR 3600

static const struct simulator_company one[] = {
	{ .kind = "small", .realm = "1001", .name = "Nine Pins", .customers = 20, .invoices = INVOICES },
};
static const char *const fast[] = { "sync.max_results=10", "sync.per_second=5000", "sync.per_minute=100000", NULL };
static const char *const alone[] = { "sync.max_results=10", "sync.per_second=5000", "sync.per_minute=100000", "sync.in_flight=1", NULL };

static void sync_freep(struct sync **sync)
{
	sync_free(*sync);
}

/* ---- somebody else at the ledger */

struct other {
	struct world *world;
	struct texts invoices; /* owned: as they were once; ids stay */
	int calls;             /* answers seen */
	int acts;
};

static void other_clear(struct other *other)
{
	texts_clear(&other->invoices);
}

static void other_init(struct other *other, struct world *world)
{
	*other = (struct other){ .world = world };
	world_control(world, "POST", "switches", "{\"limits\":\"off\"}");
	world_truth(world, "1001", catalogue_find(world->catalogue, "quickbooks", "Invoice"), &other->invoices);
	assert_true(other->invoices.count >= INVOICES);
}

/* Of the record as it is now; false: it is gone. */
static bool get(struct other *other, size_t number, struct str *ret_answer)
{
	const char *text = other->invoices.items[number % other->invoices.count];
	struct json_slice id = json_find(text, strlen(text), "Id");
	AUTO(str_clear) struct str path = STR_INIT(200);

	str_addf(&path, "as-other-user/v3/company/1001/invoice/%.*s?minorversion=75", (int)id.len - 2, id.text + 1);
	return world_other(other->world, "GET", path.text, NULL, ret_answer) == 200;
}

static void write_one(struct other *other, size_t number, const char *operation, const char *members)
{
	AUTO(str_clear) struct str answer = STR_INIT(STR_NO_LIMIT), body = STR_INIT(4096), path = STR_INIT(200);
	struct json_slice id, token, customer;

	if (!get(other, number, &answer))
		return;
	id = json_find(answer.text, answer.len, "Invoice.Id");
	token = json_find(answer.text, answer.len, "Invoice.SyncToken");
	customer = json_find(answer.text, answer.len, "Invoice.CustomerRef");
	str_addf(&body, "{\"Id\":%.*s,\"SyncToken\":%.*s,\"sparse\":true,\"CustomerRef\":%.*s%s}", (int)id.len, id.text, (int)token.len,
		 token.text, (int)customer.len, customer.text, members);
	str_addf(&path, "as-other-user/v3/company/1001/invoice?minorversion=75%s", operation);
	if (world_other(other->world, "POST", path.text, body.text, &answer) != 200)
		fail_msg("%s: %s", body.text, answer.text);
	other->acts++;
}

static void change(struct other *other, size_t number)
{
	char members[80];

	snprintf(members, sizeof(members), ",\"PrivateNote\":\"act %d\"", other->acts);
	write_one(other, number, "", members);
}

/* A copy of another one, with lines and all. */
static void add(struct other *other, size_t number)
{
	AUTO(str_clear) struct str answer = STR_INIT(STR_NO_LIMIT), body = STR_INIT(STR_NO_LIMIT);
	struct json_slice customer;

	if (!get(other, number, &answer))
		return;
	customer = json_find(answer.text, answer.len, "Invoice.CustomerRef");
	str_addf(&body, "{\"CustomerRef\":%.*s,\"Line\":[{\"Amount\":%d.25,\"DetailType\":\"SalesItemLineDetail\","
		 "\"SalesItemLineDetail\":{\"ItemRef\":{\"value\":\"1\"}}}]}", (int)customer.len, customer.text, ++other->acts);
	if (world_other(other->world, "POST", "as-other-user/v3/company/1001/invoice?minorversion=75", body.text, &answer) != 200)
		fail_msg("%s: %s", body.text, answer.text);
}

/* Each at a time of its own. */
static void spread(struct other *other, int step_s)
{
	for (size_t i = 0; i < other->invoices.count; i++) {
		world_step(other->world, step_s);
		change(other, i);
	}
	world_step(other->world, 3600);
}

/* ---- reading */

static const char *const invoice[] = { "Invoice", NULL };

static bool last_attempt(void *ctx, const struct attempt *attempt, const char *detail)
{
	(void)detail;
	*(struct attempt *)ctx = *attempt;
	return false;
}

static struct attempt read_invoices(struct world *world, struct sync *sync, enum sync_mode mode, struct outcome *ret_outcome)
{
	struct sync_wish wish = { .types = invoice, .mode = mode, .cause = "operator" };
	struct attempt_query newest = { .limit = 1, .newest_first = true };
	struct attempt attempt = { 0 };
	struct error err = { 0 };

	world_sync(world, sync, &wish, ret_outcome);
	if (!attempts_list(world->store, &newest, last_attempt, &attempt, NULL, &err))
		fail_msg("%s", err.text);
	return attempt;
}

static void must_read(struct world *world, struct sync *sync, enum sync_mode mode, struct attempt *ret_attempt)
{
	struct outcome outcome;
	struct attempt attempt = read_invoices(world, sync, mode, &outcome);

	if (outcome.failed)
		fail_msg("%s", outcome.error.text);
	if (ret_attempt)
		*ret_attempt = attempt;
}

static void expect_same(struct world *world, const struct account *account)
{
	char difference[400];

	if (!world_same(world, account, "1001", catalogue_find(world->catalogue, "quickbooks", "Invoice"), difference))
		fail_msg("%s", difference);
}

static size_t slices_left(struct world *world, const struct account *account)
{
	struct object object = world_object(world, account, "Invoice");
	struct slice slices[SLICES_MAX];
	struct error err = { 0 };
	size_t count;

	if (!slices_get(world->store, &object, slices, &count, &err))
		fail_msg("%s", err.text);
	return count;
}

/* How many slices there were, by the attempt's words; 0: it was read page by page. */
static int slices_of(struct world *world, const struct attempt *attempt)
{
	AUTO(str_clear) struct str detail = STR_INIT(1000);
	struct attempt again;
	struct error err = { 0 };
	int made = 0;
	bool found;

	if (!attempts_get(world->store, attempt->no, &again, &detail, &found, &err))
		fail_msg("%s", err.text);
	return sscanf(detail.text, "read in %d slices", &made) == 1 ? made : 0;
}

/* The same records, as many of them new, in hardly more calls than page by page; and the log says what was done. */
static void test_same(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), fast);
	AUTO(world_freep) struct world *slow = world_new(one, ARRAY_LEN(one), alone);
	struct world *worlds[] = { world, slow };
	struct attempt attempts[2];
	struct account account;

	(void)state;
	for (int i = 0; i < 2; i++) {
		AUTO(other_clear) struct other other;
		AUTO(sync_freep) struct sync *sync = world_engine(worlds[i]);

		world_connect(worlds[i], "1001", &account);
		other_init(&other, worlds[i]);
		spread(&other, HOUR);
		world_gather(worlds[i], i == 0 ? 8 : 0);
		must_read(worlds[i], sync, SYNC_FULL, &attempts[i]);
		expect_same(worlds[i], &account);
		assert_int_equal(slices_left(worlds[i], &account), 0);
		assert_int_equal(attempts[i].calls >= attempts[i].pages, 1);
	}
	assert_true(slices_of(worlds[0], &attempts[0]) >= 8);
	assert_int_equal(slices_of(worlds[1], &attempts[1]), 0);
	assert_int_equal(attempts[0].counts.added, attempts[1].counts.added);
	/* Where one ends and the next begins a page is not full, that is all. */
	if (attempts[0].pages > attempts[1].pages + 2 * slices_of(worlds[0], &attempts[0]))
		fail_msg("%lld pages in %d slices, %lld one by one", (long long)attempts[0].pages, slices_of(worlds[0], &attempts[0]),
			 (long long)attempts[1].pages);
}

/* Between any two answers something is changed, added or deleted. */
static void disturb(void *ctx, char *bytes, size_t len)
{
	struct other *other = ctx;
	size_t number = (size_t)other->calls * 37;

	(void)bytes;
	(void)len;
	if (++other->calls % 2)
		return;
	switch (other->calls / 2 % 4) {
	case 0:
		add(other, number);
		break;
	case 1:
		write_one(other, number, "&operation=delete", "");
		break;
	default:
		change(other, number);
		change(other, number + 111);
		break;
	}
}

static void test_disturbed(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), fast);
	AUTO(sync_freep) struct sync *sync = world_engine(world);
	AUTO(other_clear) struct other other;
	struct attempt attempt;
	struct account account;

	(void)state;
	world_connect(world, "1001", &account);
	other_init(&other, world);
	spread(&other, HOUR);
	world->spy_ctx = &other;
	for (int round = 0; round < 4; round++) {
		world->spy = disturb;
		world->shuffled = true;
		world_gather(world, 2);
		must_read(world, sync, SYNC_FULL, &attempt);
		assert_true(slices_of(world, &attempt) > 1);
		world_gather(world, 0);
		world->spy = NULL;
		world->shuffled = false;
		/* What moved on meanwhile is behind the bound. */
		world_step(world, 180);
		must_read(world, sync, SYNC_CHANGES, NULL);
		world_step(world, 180);
		must_read(world, sync, SYNC_CHANGES, NULL);
		expect_same(world, &account);
		/* Records that were changed lie close together by now. */
		spread(&other, round % 2 ? 1 : 600);
	}
	assert_true(other.acts > 4 * INVOICES);
}

/* More records than a page at one second, before, between and behind others: that second is walked, all else is cut. */
static void test_clusters(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), fast);
	AUTO(sync_freep) struct sync *sync = world_engine(world);
	AUTO(other_clear) struct other other;
	struct attempt attempt;
	struct account account;

	(void)state;
	world_connect(world, "1001", &account);
	other_init(&other, world);
	for (size_t i = 0; i < other.invoices.count; i++) {
		world_step(world, i % 60 == 0 ? 30 * HOUR : 0);
		change(&other, i);
	}
	for (size_t i = 0; i < 40; i++) {
		world_step(world, 5 * HOUR);
		change(&other, i * 3);
	}
	world_step(world, 60 * HOUR);
	world_gather(world, 2);
	must_read(world, sync, SYNC_FULL, &attempt);
	expect_same(world, &account);
	assert_true(slices_of(world, &attempt) > 1);
	/* All in one second. */
	for (size_t i = 0; i < other.invoices.count; i++)
		change(&other, i);
	world_step(world, 60 * HOUR);
	must_read(world, sync, SYNC_FULL, &attempt);
	expect_same(world, &account);
	if (attempt.pages > 2 * INVOICES / 9)
		fail_msg("%lld pages for a second that can't be cut", (long long)attempt.pages);
}

/* A catch-up is as large as a first read when everything was changed meanwhile, and more than the list of changes holds. */
static void test_catch_up(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), fast);
	AUTO(sync_freep) struct sync *sync = world_engine(world);
	AUTO(other_clear) struct other other;
	struct attempt attempt;
	struct account account;

	(void)state;
	world_connect(world, "1001", &account);
	other_init(&other, world);
	must_read(world, sync, SYNC_FULL, NULL);
	spread(&other, HOUR);
	world_gather(world, 2);
	must_read(world, sync, SYNC_CHANGES, &attempt);
	assert_true(slices_of(world, &attempt) > 1);
	expect_same(world, &account);
}

/* ---- what goes wrong */

/* An answer with this record is spoilt. */
static char spoilt[80];

static void spoil(void *ctx, char *bytes, size_t len)
{
	(void)ctx;
	if (memmem(bytes, len, spoilt, strlen(spoilt)))
		memset(bytes, '#', len < 20 ? len : 20);
}

/* One slice never goes well: the others come as far as they come, nothing moves the cursor, and once it is mended the rest
 * is read and no more. */
static void test_one_fails(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), fast);
	AUTO(sync_freep) struct sync *sync = world_engine(world);
	AUTO(other_clear) struct other other;
	struct outcome outcome;
	struct attempt attempt;
	struct account account;
	struct object object;
	struct json_slice id;
	int64_t cursor_ms, added = 0;

	(void)state;
	world_connect(world, "1001", &account);
	other_init(&other, world);
	spread(&other, HOUR);
	id = json_find(other.invoices.items[150], strlen(other.invoices.items[150]), "Id");
	snprintf(spoilt, sizeof(spoilt), "\"sparse\":false,\"Id\":%.*s,", (int)id.len, id.text);
	cursor_ms = INT64_MIN;
	world->spy = spoil;
	for (int i = 0; i < 3; i++) {
		world_step(world, 4000);
		attempt = read_invoices(world, sync, SYNC_CHANGES, &outcome);
		assert_int_equal(outcome.failed, 1);
		assert_int_equal(attempt.error.code, ERROR_REMOTE);
		added += attempt.counts.added;
		object = world_object(world, &account, "Invoice");
		assert_int_equal(object.status, OBJECT_FAILED);
		assert_true(object.cursor_ms == cursor_ms);
		assert_true(slices_left(world, &account) > 0);
	}
	assert_true(added > 10);
	world->spy = NULL;
	world_step(world, 4000);
	must_read(world, sync, SYNC_CHANGES, &attempt);
	assert_true(attempt.counts.added > 0 && attempt.counts.added < INVOICES);
	assert_int_equal(slices_left(world, &account), 0);
	expect_same(world, &account);
	assert_true(world_object(world, &account, "Invoice").cursor_ms > cursor_ms);
}

/* Asked for anew while a read is under way: from the start, and nothing of the old slices is left. */
static void test_anew(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), fast);
	AUTO(sync_freep) struct sync *sync = world_engine(world);
	AUTO(other_clear) struct other other;
	struct outcome outcome;
	struct attempt attempt;
	struct account account;

	(void)state;
	world_connect(world, "1001", &account);
	other_init(&other, world);
	spread(&other, HOUR);
	snprintf(spoilt, sizeof(spoilt), "\"PrivateNote\":\"act 100\"");
	world->spy = spoil;
	read_invoices(world, sync, SYNC_CHANGES, &outcome);
	assert_true(slices_left(world, &account) > 0);
	world->spy = NULL;
	world_step(world, 4000);
	must_read(world, sync, SYNC_FULL, &attempt);
	assert_true(attempt.counts.added + attempt.counts.unchanged >= INVOICES);
	expect_same(world, &account);
}

/* Access ends for all at once: one of them renews. */
static void expire(void *ctx, char *bytes, size_t len)
{
	struct other *other = ctx;

	(void)bytes;
	(void)len;
	if (++other->calls == 12)
		world_control(other->world, "POST", "expire", "{\"realm\":\"1001\"}");
}

static void test_renewal(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), fast);
	AUTO(sync_freep) struct sync *sync = world_engine(world);
	AUTO(other_clear) struct other other;
	struct account account, after;
	struct attempt attempt;
	struct error err = { 0 };
	bool found;

	(void)state;
	world_connect(world, "1001", &account);
	other_init(&other, world);
	spread(&other, 60);
	must_read(world, sync, SYNC_FULL, NULL);
	assert_true(accounts_get(world->store, account.id, &account, &found, &err) && found);
	world->spy = expire;
	world->spy_ctx = &other;
	world->shuffled = true;
	world_gather(world, 2);
	must_read(world, sync, SYNC_FULL, &attempt);
	assert_true(slices_of(world, &attempt) > 1);
	assert_true(accounts_get(world->store, account.id, &after, &found, &err) && found);
	assert_int_equal(after.generation, account.generation + 1);
	expect_same(world, &account);
}

/* The ledger says that it is too much: all of them wait, and go on. */
static void test_throttled(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), fast);
	AUTO(sync_freep) struct sync *sync = world_engine(world);
	AUTO(other_clear) struct other other;
	struct attempt attempt;
	struct account account;

	(void)state;
	world_connect(world, "1001", &account);
	other_init(&other, world);
	spread(&other, HOUR);
	world_control(world, "POST", "troubles", "{\"kind\":\"fault\",\"code\":3001,\"times\":3,\"skip\":15,\"call\":\"query\"}");
	world->shuffled = true;
	world_gather(world, 2);
	must_read(world, sync, SYNC_FULL, &attempt);
	assert_int_equal(attempt.throttled, 3);
	assert_true(slices_of(world, &attempt) > 1);
	expect_same(world, &account);
}

/* ---- stopping */

static struct sync *to_stop;

static void stop_soon(void *ctx, char *bytes, size_t len)
{
	struct other *other = ctx;

	(void)bytes;
	(void)len;
	if (++other->calls == 20)
		cancel_ask(to_stop->cancel);
}

static void test_stopped(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), fast);
	AUTO(other_clear) struct other other;
	struct sync *sync = world_engine(world);
	struct sync_wish wish = { .types = invoice, .cause = "operator" };
	struct account account;
	struct attempt attempt;
	struct object object;
	struct error err = { 0 };
	int64_t run, jobs, next_ms, here;
	bool worked;

	(void)state;
	world_connect(world, "1001", &account);
	other_init(&other, world);
	spread(&other, HOUR);
	world->spy = stop_soon;
	world->spy_ctx = &other;
	to_stop = sync;
	assert_true(sync_ask(sync, &wish, &run, &jobs, &err) && sync_step(sync, &worked, &next_ms, &err));
	sync_free(sync);
	object = world_object(world, &account, "Invoice");
	assert_int_equal(object.status, OBJECT_NEW);
	assert_true(slices_left(world, &account) > 0);
	assert_true(objects_count(world->store, &object, &err));
	here = object.live + object.voided;
	assert_true(here > 0 && here < INVOICES);
	world->spy = NULL;
	sync = world_engine(world);
	must_read(world, sync, SYNC_CHANGES, &attempt);
	assert_true(attempt.counts.added + here >= INVOICES);
	/* What was fetched before is not fetched again, but for the seconds between. */
	assert_true(attempt.counts.unchanged < 2 * 10 + 20);
	expect_same(world, &account);
	sync_free(sync);
}

int test_slices(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_disturbed),
		cmocka_unit_test(test_clusters),
		cmocka_unit_test(test_catch_up),
		cmocka_unit_test(test_one_fails),
		cmocka_unit_test(test_anew),
		cmocka_unit_test(test_renewal),
		cmocka_unit_test(test_throttled),
		cmocka_unit_test(test_stopped),
	};

	return cmocka_run_group_tests_name("slices", tests, NULL, NULL);
}
