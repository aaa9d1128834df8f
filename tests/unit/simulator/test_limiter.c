/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rate limits to the millisecond, and counters. */
#include "limiter.h"

#include <string.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"

#include "test_simulator.h"

#define REALM "4620816365"
#define START_MS INT64_C(1767225600000)

/* A world with nothing in it but limits, and a clock that stands until it is moved. */
struct small_world {
	struct simulator simulator;
	int64_t now_ms;
};

static int64_t read_clock(void *ctx)
{
	return ((struct small_world *)ctx)->now_ms;
}

static int make_world(void **state)
{
	struct small_world *world = memory_new(sizeof(*world));

	world->now_ms = START_MS;
	world->simulator.env = (struct env){ .wall_ms = read_clock, .ctx = world };
	switches_init(&world->simulator.switches);
	world->simulator.limiter = limiter_new();
	*state = world;
	return 0;
}

static int free_world(void **state)
{
	struct small_world *world = *state;

	limiter_free(world->simulator.limiter);
	memory_freep(state);
	return 0;
}

static bool enter(struct small_world *world, enum call_class call)
{
	int wait_s = -1;

	return limiter_enter(&world->simulator, REALM, call, &wait_s);
}

/* 0: it passed. */
static int enter_wait_s(struct small_world *world, const char *realm, enum call_class call)
{
	int wait_s = -1;

	return limiter_enter(&world->simulator, realm, call, &wait_s) ? 0 : wait_s;
}

static void set(struct small_world *world, const char *name, const char *value)
{
	assert_true(switches_set(&world->simulator.switches, name, value, NULL));
}

/* A member of the counters, by its path. */
static int64_t counter(struct small_world *world, const char *path)
{
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);
	struct json_slice slice;
	int64_t value = 0;

	limiter_add_json(world->simulator.limiter, &out);
	assert_true(json_check(out.text, out.len, NULL));
	slice = json_find(out.text, out.len, path);
	if (slice.kind == JSON_NONE)
		return -1;
	for (size_t i = 0; i < slice.len; i++)
		value = value * 10 + (slice.text[i] - '0');
	return value;
}

static void lets_ten_a_second_pass(void **state)
{
	struct small_world *world = *state;

	for (int i = 0; i < 10; i++) {
		assert_true(enter(world, CALL_QUERY));
		world->now_ms += 50;
	}
	/* The first leaves the window a second after it came, not a millisecond before. */
	world->now_ms = START_MS + 999;
	assert_int_equal(enter_wait_s(world, REALM, CALL_QUERY), 1);
	world->now_ms = START_MS + 1000;
	assert_true(enter(world, CALL_QUERY));
	assert_false(enter(world, CALL_QUERY));
	world->now_ms = START_MS + 1049;
	assert_false(enter(world, CALL_QUERY));
	world->now_ms = START_MS + 1050;
	assert_true(enter(world, CALL_QUERY));
}

static void lets_500_a_minute_pass(void **state)
{
	struct small_world *world = *state;

	for (int i = 0; i < 500; i++) {
		assert_true(enter(world, CALL_READ));
		world->now_ms += 100;
	}
	/* 50 seconds have gone by: the first call goes out of the minute in 10. */
	assert_int_equal(enter_wait_s(world, REALM, CALL_READ), 10);
	world->now_ms = START_MS + 59999;
	assert_int_equal(enter_wait_s(world, REALM, CALL_READ), 1);
	world->now_ms = START_MS + 60000;
	assert_true(enter(world, CALL_READ));
	assert_false(enter(world, CALL_READ));
	/* Another company has its own. */
	assert_int_equal(enter_wait_s(world, "99", CALL_READ), 0);
}

static void lets_40_batches_a_minute_pass(void **state)
{
	struct small_world *world = *state;

	for (int i = 0; i < 40; i++) {
		assert_true(enter(world, CALL_BATCH));
		world->now_ms += 200;
	}
	assert_int_equal(enter_wait_s(world, REALM, CALL_BATCH), 52);
	assert_true(enter(world, CALL_QUERY));
	world->now_ms = START_MS + 60000;
	assert_true(enter(world, CALL_BATCH));
}

/* A client that hammers on is let in as soon as one that waits. */
static void refused_calls_do_not_count(void **state)
{
	struct small_world *world = *state;

	for (int i = 0; i < 10; i++)
		assert_true(enter(world, CALL_READ));
	for (int i = 0; i < 1000; i++)
		assert_false(enter(world, CALL_READ));
	world->now_ms += 1000;
	for (int i = 0; i < 10; i++)
		assert_true(enter(world, CALL_READ));
	assert_int_equal(counter(world, "companies." REALM ".calls.read"), 1020);
	assert_int_equal(counter(world, "companies." REALM ".throttled"), 1000);
}

/* No window of any start may hold more than the limit, whenever calls come. */
static void holds_in_every_window(void **state)
{
	struct small_world *world = *state;
	int64_t passed[4000];
	size_t count = 0;
	struct random random;

	random_seed(&random, 7);
	while (count < ARRAY_LEN(passed)) {
		world->now_ms += (int64_t)random_below(&random, 60);
		if (enter(world, CALL_READ))
			passed[count++] = world->now_ms;
	}
	for (size_t i = 10; i < count; i++)
		assert_true(passed[i] - passed[i - 10] >= 1000);
	for (size_t i = 500; i < count; i++)
		assert_true(passed[i] - passed[i - 500] >= 60000);
}

static void obeys_switches(void **state)
{
	struct small_world *world = *state;

	set(world, "limits", "off");
	for (int i = 0; i < 1000; i++)
		assert_true(enter(world, CALL_BATCH));
	set(world, "limits", "on");
	set(world, "limit-per-second", "0");
	set(world, "limit-per-minute", "20");
	for (int i = 0; i < 20; i++)
		assert_true(enter(world, CALL_READ));
	assert_int_equal(enter_wait_s(world, REALM, CALL_READ), 60);
	/* A lower limit holds for calls that passed before it. */
	world->now_ms += 1000;
	set(world, "limit-per-minute", "25");
	for (int i = 0; i < 5; i++)
		assert_true(enter(world, CALL_READ));
	set(world, "limit-per-minute", "3");
	world->now_ms = START_MS + 60999;
	assert_int_equal(enter_wait_s(world, REALM, CALL_READ), 1);
	world->now_ms = START_MS + 61000;
	assert_true(enter(world, CALL_READ));
}

static void limits_calls_at_once(void **state)
{
	struct small_world *world = *state;

	set(world, "limit-concurrent", "2");
	for (int i = 0; i < 2; i++) {
		limiter_in_flight(&world->simulator, REALM, CALL_READ, 1);
		assert_true(enter(world, CALL_READ));
	}
	limiter_in_flight(&world->simulator, REALM, CALL_READ, 1);
	assert_int_equal(enter_wait_s(world, REALM, CALL_READ), 1);
	limiter_in_flight(&world->simulator, REALM, CALL_READ, -1);
	limiter_in_flight(&world->simulator, REALM, CALL_READ, -1);
	limiter_in_flight(&world->simulator, REALM, CALL_READ, 1);
	assert_true(enter(world, CALL_READ));
}

/* Other calls go on beside a report. */
static void limits_reports_at_once(void **state)
{
	struct small_world *world = *state;

	set(world, "limit-reports", "1");
	limiter_in_flight(&world->simulator, REALM, CALL_REPORT, 1);
	assert_true(enter(world, CALL_REPORT));
	limiter_in_flight(&world->simulator, REALM, CALL_READ, 1);
	assert_true(enter(world, CALL_READ));
	limiter_in_flight(&world->simulator, REALM, CALL_REPORT, 1);
	assert_int_equal(enter_wait_s(world, REALM, CALL_REPORT), 1);
	limiter_in_flight(&world->simulator, REALM, CALL_REPORT, -1);
	limiter_in_flight(&world->simulator, REALM, CALL_REPORT, -1);
	limiter_in_flight(&world->simulator, REALM, CALL_REPORT, 1);
	assert_true(enter(world, CALL_REPORT));
}

/* After a step back the calls of what is now the future are forgotten, or all would wait for it. */
static void survives_clock_steps(void **state)
{
	struct small_world *world = *state;

	for (int i = 0; i < 10; i++)
		assert_true(enter(world, CALL_READ));
	world->simulator.clock_offset_ms = -3600000;
	assert_true(enter(world, CALL_READ));
	world->simulator.clock_offset_ms = 3600000;
	for (int i = 0; i < 10; i++)
		assert_true(enter(world, CALL_READ));
	assert_false(enter(world, CALL_READ));
}

static void counts(void **state)
{
	struct small_world *world = *state;
	int wait_s;

	assert_true(enter(world, CALL_READ));
	assert_true(enter(world, CALL_WRITE));
	assert_true(enter(world, CALL_WRITE));
	limiter_in_flight(&world->simulator, REALM, CALL_READ, 1);
	limiter_in_flight(&world->simulator, REALM, CALL_READ, 1);
	limiter_in_flight(&world->simulator, REALM, CALL_READ, 1);
	limiter_in_flight(&world->simulator, REALM, CALL_READ, -1);
	limiter_answered(&world->simulator, REALM, 200);
	limiter_answered(&world->simulator, REALM, 200);
	limiter_answered(&world->simulator, REALM, 429);
	limiter_answered(&world->simulator, REALM, 0);
	assert_true(limiter_enter(&world->simulator, NULL, CALL_OAUTH, &wait_s));
	limiter_answered(&world->simulator, NULL, 302);
	assert_int_equal(counter(world, "companies." REALM ".calls.read"), 1);
	assert_int_equal(counter(world, "companies." REALM ".calls.write"), 2);
	assert_int_equal(counter(world, "companies." REALM ".calls.oauth"), 0);
	assert_int_equal(counter(world, "companies." REALM ".statuses.200"), 2);
	assert_int_equal(counter(world, "companies." REALM ".statuses.429"), 1);
	assert_int_equal(counter(world, "companies." REALM ".statuses.302"), -1);
	assert_int_equal(counter(world, "companies." REALM ".cut"), 1);
	assert_int_equal(counter(world, "companies." REALM ".in_flight"), 2);
	assert_int_equal(counter(world, "companies." REALM ".most_in_flight"), 3);
	assert_int_equal(counter(world, "elsewhere.calls.oauth"), 1);
	assert_int_equal(counter(world, "elsewhere.statuses.302"), 1);
	limiter_reset(world->simulator.limiter);
	assert_int_equal(counter(world, "companies." REALM ".calls.write"), 0);
	assert_int_equal(counter(world, "companies." REALM ".statuses.200"), -1);
	assert_int_equal(counter(world, "companies." REALM ".cut"), 0);
	assert_int_equal(counter(world, "companies." REALM ".in_flight"), 2);
	assert_int_equal(counter(world, "companies." REALM ".most_in_flight"), 2);
	assert_int_equal(counter(world, "elsewhere.calls.oauth"), 0);
}

static void oauth_is_not_limited(void **state)
{
	struct small_world *world = *state;

	for (int i = 0; i < 2000; i++)
		assert_int_equal(enter_wait_s(world, NULL, CALL_OAUTH), 0);
}

static void tells_calls_apart(void **state)
{
	static const struct {
		const char *method, *target;
		enum call_class call;
	} rows[] = {
		{ "GET", "/v3/company/1/query?query=select", CALL_QUERY },
		{ "POST", "/v3/company/1/query", CALL_QUERY },
		{ "GET", "/v3/company/1/Query", CALL_QUERY },
		{ "GET", "/v3/company/1/cdc?entities=Invoice", CALL_CDC },
		{ "GET", "/v3/company/1/reports/TrialBalance", CALL_REPORT },
		{ "POST", "/v3/company/1/batch", CALL_BATCH },
		{ "GET", "/v3/company/1/invoice/5", CALL_READ },
		{ "GET", "/v3/company/1/preferences", CALL_READ },
		{ "POST", "/v3/company/1/invoice", CALL_WRITE },
		{ "POST", "/v3/company/1/invoice?operation=void", CALL_WRITE },
		{ "PUT", "/v3/company/1/invoice", CALL_OTHER },
		{ "GET", "/v3/company/1", CALL_OTHER },
		{ "POST", "/oauth2/v1/tokens/bearer", CALL_OAUTH },
		{ "GET", "/", CALL_OAUTH },
		{ "GET", "/simulator/as-other-user/v3/company/1/query", CALL_QUERY },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		AUTO(request_clear) struct request request = { 0 };
		struct simulator_request raw = { .method = rows[i].method,
						 .target = rows[i].target };
		const char *why;

		assert_true(request_parse(&raw, &request, &why));
		assert_string_equal(limiter_class_name(limiter_class(&request)),
				    limiter_class_name(rows[i].call));
	}
}

int test_limiter(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(lets_ten_a_second_pass, make_world, free_world),
		cmocka_unit_test_setup_teardown(lets_500_a_minute_pass, make_world, free_world),
		cmocka_unit_test_setup_teardown(lets_40_batches_a_minute_pass, make_world,
						free_world),
		cmocka_unit_test_setup_teardown(refused_calls_do_not_count, make_world, free_world),
		cmocka_unit_test_setup_teardown(holds_in_every_window, make_world, free_world),
		cmocka_unit_test_setup_teardown(obeys_switches, make_world, free_world),
		cmocka_unit_test_setup_teardown(limits_calls_at_once, make_world, free_world),
		cmocka_unit_test_setup_teardown(limits_reports_at_once, make_world, free_world),
		cmocka_unit_test_setup_teardown(survives_clock_steps, make_world, free_world),
		cmocka_unit_test_setup_teardown(counts, make_world, free_world),
		cmocka_unit_test_setup_teardown(oauth_is_not_limited, make_world, free_world),
		cmocka_unit_test(tells_calls_apart),
	};

	return cmocka_run_group_tests_name("limiter", tests, NULL, NULL);
}
