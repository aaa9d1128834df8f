/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an operator sets, and clocks that are set: pause, left out, intervals; the month's calls; times too far off. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "ledgerdeck/core/memory.h"
#include "tests.h"

#define HOUR_MS INT64_C(3600000)

static const struct simulator_company one[] = {
	{ .kind = "small", .realm = "1001", .name = "Nine Pins", .customers = -1, .invoices = -1 },
};

static void sync_freep(struct sync **sync)
{
	sync_free(*sync);
}

/* All that is due, as a scheduler does it. */
static int64_t run_due(struct sync *sync)
{
	struct error err = { 0 };
	int64_t next_ms = 0;
	bool worked = true;

	while (worked)
		if (!sync_step(sync, &worked, &next_ms, &err))
			fail_msg("%s", err.text);
	return next_ms;
}

static void start(struct world *world, struct sync *sync, struct account *ret_account)
{
	struct error err = { 0 };

	world_connect(world, "1001", ret_account);
	if (!sync_start(sync, 0, true, &err))
		fail_msg("%s", err.text);
	run_due(sync);
}

struct audit_look {
	const char *what;
	int64_t rows;
	char after[120];
};

static bool look_at(void *ctx, const struct audit_row *row)
{
	struct audit_look *look = ctx;

	if (strcmp(row->what, look->what) == 0) {
		look->rows++;
		snprintf(look->after, sizeof(look->after), "%s", row->after);
	}
	return true;
}

static struct audit_look audited(struct world *world, const char *what)
{
	struct audit_look look = { .what = what };
	struct error err = { 0 };

	assert_true(audit_list(world->store, &(struct audit_query){ 0 }, look_at, &look, NULL, &err));
	return look;
}

static void test_pause(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), NULL);
	AUTO(sync_freep) struct sync *sync = world_engine(world);
	struct account account;
	struct error err = { 0 };
	int64_t calls;
	bool changed, found;

	(void)state;
	start(world, sync, &account);
	assert_true(sync_pause(world->store, account.id, true, "ana (from 10.0.0.1)", world->shared->now_ms, &changed, &err));
	assert_true(changed);
	assert_true(accounts_get(world->store, account.id, &account, &found, &err));
	assert_int_equal(account.state, ACCOUNT_PAUSED);
	assert_string_equal(account.reason, "paused by ana");
	assert_string_equal(audited(world, "pause").after, "paused");
	/* Once more changes nothing and is no act. */
	assert_true(sync_pause(world->store, account.id, true, "ana", world->shared->now_ms, &changed, &err));
	assert_false(changed);
	assert_int_equal(audited(world, "pause").rows, 1);
	calls = world->shared->calls;
	world_step(world, 700);
	run_due(sync);
	assert_int_equal(world->shared->calls, calls);
	/* Its tokens live on. */
	world_step(world, 31 * 86400);
	house_keep(sync->own);
	assert_true(accounts_get(world->store, account.id, &account, &found, &err));
	assert_true(world->shared->now_ms - account.refreshed_ms < HOUR_MS);
	assert_int_equal(account.state, ACCOUNT_PAUSED);
	assert_true(sync_pause(world->store, account.id, false, "ana", world->shared->now_ms, &changed, &err));
	assert_int_equal(audited(world, "resume").rows, 1);
	run_due(sync);
	assert_true(world->shared->calls > calls + 1);
	world_check(world, &account, "1001");
}

static void test_pause_refused(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), NULL);
	struct account account;
	struct error err = { 0 };
	char note[240];
	bool changed;

	(void)state;
	world_connect(world, "1001", &account);
	assert_true(connect_disconnect(&world->connect, account.id, note, &err));
	assert_false(sync_pause(world->store, account.id, true, "ana", 1, &changed, &err));
	assert_non_null(strstr(err.text, "must be connected first"));
	assert_false(sync_pause(world->store, "ldgr_none", true, "ana", 1, &changed, &err));
	assert_int_equal(err.code, ERROR_INPUT);
}

/* A worker that saves what it knows of the object takes nothing of it back. */
static void test_left_out(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), NULL);
	AUTO(sync_freep) struct sync *sync = world_engine(world);
	struct object before;
	struct account account;
	struct error err = { 0 };
	bool changed;

	(void)state;
	start(world, sync, &account);
	before = world_object(world, &account, "Vendor");
	assert_true(sync_want(world->store, account.id, "Vendor", false, "ana", world->shared->now_ms, &changed, &err));
	assert_true(store_begin(world->store, &err) && objects_save(world->store, &before, 0, &err) && store_commit(world->store, &err));
	assert_false(world_object(world, &account, "Vendor").wanted);
	assert_string_equal(audited(world, "type left out").after, "Vendor");
	world_step(world, 700);
	run_due(sync);
	assert_int_equal(world_object(world, &account, "Vendor").attempt_ms, before.attempt_ms);
	assert_true(sync_want(world->store, account.id, "Vendor", true, "ana", world->shared->now_ms, &changed, &err));
	run_due(sync);
	assert_true(world_object(world, &account, "Vendor").attempt_ms > before.attempt_ms);
}

static void every(struct world *world, const struct account *account, const char *type, int64_t interval_s)
{
	struct error err = { 0 };
	bool changed;

	if (!sync_every(world->store, world->settings, account->id, type, interval_s, "ana", world->shared->now_ms, &changed, &err))
		fail_msg("%s", err.text);
	assert_true(changed);
}

static int64_t wait_ms(struct world *world, const struct account *account, const char *type)
{
	return world_object(world, account, type).next_ms - world->shared->now_ms;
}

static void test_intervals(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), NULL);
	AUTO(sync_freep) struct sync *sync = world_engine(world);
	struct account account;

	(void)state;
	start(world, sync, &account);
	every(world, &account, NULL, 86400);
	every(world, &account, "Invoice", 60);
	every(world, &account, "Vendor", INTERVAL_ASKED);
	world_step(world, 400);
	run_due(sync);
	assert_true(wait_ms(world, &account, "Customer") > 400000);
	assert_true(wait_ms(world, &account, "Customer") <= 86400000 / 20 * 21);
	assert_true(wait_ms(world, &account, "Invoice") <= 63000);
	assert_true(world_object(world, &account, "Vendor").next_ms == INT64_MAX);
	assert_string_equal(audited(world, "interval").after, "Vendor: when asked");
	/* Shorter again: it counts at once. */
	every(world, &account, NULL, 300);
	assert_true(wait_ms(world, &account, "Customer") <= 0);
	every(world, &account, "Vendor", 0);
	assert_true(wait_ms(world, &account, "Vendor") <= 0);
	world_check(world, &account, "1001");
}

/* The clock is set back by a year, and the setting is made shorter: nobody waits for a year. */
static void test_rearm(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), NULL);
	AUTO(sync_freep) struct sync *sync = world_engine(world);
	struct breaker breaker = { .openings = 1 };
	struct account account;
	struct error err = { 0 };
	struct lease *leases = NULL;
	size_t count = 0;
	bool taken = false;
	int64_t fence;

	(void)state;
	start(world, sync, &account);
	breaker.open_until_ms = world->shared->now_ms + HOUR_MS;
	assert_true(store_begin(world->store, &err) && breaker_set(world->store, account.id, &breaker, &err) &&
		    lease_take(world->store, account.id, "gone:1", world->shared->now_ms, SYNC_LEASE_MS, &taken, &fence, &err) &&
		    store_commit(world->store, &err));
	assert_true(taken);
	/* Only ours is set back: the ledger's clock is right, so the attempt itself will say what is wrong. */
	world_step(world, -40 * 86400);
	assert_true(wait_ms(world, &account, "Customer") > 30 * 24 * HOUR_MS);
	house_keep(sync->own);
	assert_true(wait_ms(world, &account, "Customer") <= 0);
	assert_true(breaker_get(world->store, account.id, &breaker, &err));
	assert_true(breaker.open_until_ms <= world->shared->now_ms);
	run_due(sync);
	assert_true(lease_all(world->store, &leases, &count, &err));
	for (size_t i = 0; i < count; i++)
		assert_string_not_equal(leases[i].holder, "gone:1");
	free(leases);
	assert_true(world_object(world, &account, "Customer").attempt_ms <= world->shared->now_ms);
}

/* Each environment has a month of its own; what can wait is put off when nine tenths are used. */
static void test_month_of_environment(void **state)
{
	static const char *const settings[] = { "sync.month_limit=1000", "sync.sweep_interval=1d", NULL };
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), settings);
	AUTO(sync_freep) struct sync *sync = world_engine(world);
	struct object object;
	struct account account;
	struct sync_month month;
	const struct sync_quota *calls = &month.quotas[QUOTA_CALLS];
	struct error err = { 0 };
	char name[16];

	(void)state;
	start(world, sync, &account);
	assert_true(sync_month(world->store, world->settings, "quickbooks", ENVIRONMENT_LOCAL, world->shared->now_ms, &month, &err));
	assert_int_equal(calls->limit, 1000);
	assert_true(calls->used > 0);
	assert_int_equal(calls->forecast, calls->used); /* the month's last day */
	assert_string_equal(month.label, "quickbooks local");
	assert_string_equal(calls->setting, "sync.month_limit");
	/* Nobody limits its bytes. */
	assert_true(month.quotas[QUOTA_RECEIVED].forecast > 0 && month.quotas[QUOTA_RECEIVED].limit == 0);
	assert_string_equal(month.quotas[QUOTA_RECEIVED].setting, "");
	assert_true(sync_month(world->store, world->settings, "quickbooks", ENVIRONMENT_PRODUCTION, world->shared->now_ms, &month, &err));
	assert_int_equal(calls->used, 0);
	/* Another provider has a month of its own, and a limit. */
	assert_true(sync_month(world->store, world->settings, "xledger", ENVIRONMENT_LOCAL, world->shared->now_ms, &month, &err));
	assert_int_equal(calls->used, 0);
	assert_int_equal(calls->limit, 5000);
	assert_string_equal(calls->setting, "xledger.month_limit");
	assert_int_equal(month.quotas[QUOTA_SENT].limit, 1000);
	assert_string_equal(month.quotas[QUOTA_SENT].setting, "xledger.month_megabytes");
	world_step(world, 2 * 86400);
	object = world_object(world, &account, "Customer");
	assert_string_equal(job_choose(sync, &object, catalogue_find(world->catalogue, "quickbooks", "Customer"),
				       provider_find("quickbooks"), false), "sweep");
	month_of(world->shared->now_ms, name, sizeof(name));
	assert_true(store_begin(world->store, &err) && meter_add(world->store, account.id, name, &(struct meter){ .calls = 900 }, &err) &&
		    store_commit(world->store, &err));
	assert_true(month_is_scarce(sync->own, account.id));
	assert_false(month_is_used_up(sync->own, account.id));
	run_due(sync);
	assert_int_equal(world_object(world, &account, "Customer").sweep_ms, object.sweep_ms);
	assert_true(world_object(world, &account, "Customer").success_ms > object.success_ms);
}

/* The end of a connection is told in time, with what to do. */
static void test_warnings(void **state)
{
	struct account account = { .id = "ldgr_1", .provider = "quickbooks", .name = "Acme" };
	const int64_t day = 24 * HOUR_MS, now = WORLD_START_MS;
	char text[240];

	(void)state;
	account.refresh_expires_ms = now + 90 * day;
	account.hard_expires_ms = now + 31 * day;
	assert_false(sync_warning(&account, now, text));
	account.hard_expires_ms = now + 29 * day + 5;
	assert_true(sync_warning(&account, now, text));
	assert_string_equal(text, "The connection of 'Acme' ends in 29 days, whatever is done; connect it again before: ledgerdeck connect "
				  "quickbooks --account ldgr_1");
	account.hard_expires_ms = 0;
	assert_false(sync_warning(&account, now, text));
	account.refresh_expires_ms = now + 3 * day;
	assert_true(sync_warning(&account, now, text));
	assert_string_equal(text, "The tokens of 'Acme' end in 3 days; renew them: ledgerdeck refresh ldgr_1");
	account.state = ACCOUNT_RECONNECT;
	assert_false(sync_warning(&account, now, text));
}

/* The codes that QuickBooks Online documents, and those of its tokens. */
static const char *const ledger_codes[] = {
	"invalid_grant", "invalid_client", "100", "110", "120", "130", "140", "150", "500", "600", "610", "620", "630", "700", "800",
	"900", "1000", "1010", "1020", "1040", "1050", "2000", "2010", "2020", "2030", "2040", "2050", "2060", "2070", "2080", "2090",
	"2100", "2110", "2120", "2130", "2140", "2150", "2160", "2170", "2180", "2190", "2200", "2210", "2220", "2230", "2240", "2250",
	"2260", "2270", "2280", "2290", "2300", "2500", "2600", "3000", "3001", "3100", "3200", "3201", "3202", "4000", "4001", "4002",
	"5000", "5010", "5020", "5030", "6000", "6010", "6020", "6030", "6040", "6041", "6050", "6060", "6070", "6080", "6090", "6100",
	"6110", "6120", "6130", "6140", "6150", "6160", "6170", "6180", "6190", "6200", "6210", "6220", "6230", "6240", "6250", "6270",
	"6280", "6290", "6300", "6310", "6320", "6330", "6340", "6350", "6360", "6370", "6380", "6390", "6400", "6420", "6430", "6440",
	"6450", "6460", "6470", "6480", "6490", "6500", "6510", "6520", "6530", "6540", "6560", "10000", "10100", "10200",
};

/* Every code has its own words; what has no code, those of its kind, which are never empty. */
static void test_advice(void **state)
{
	struct error error = { .code = ERROR_INPUT };
	struct sync_advice plain = sync_advice("quickbooks", &error), advice;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ledger_codes); i++) {
		snprintf(error.ledger_code, sizeof(error.ledger_code), "%s", ledger_codes[i]);
		advice = sync_advice("quickbooks", &error);
		if (strcmp(advice.what, plain.what) == 0)
			fail_msg("code %s has no advice", ledger_codes[i]);
		assert_true(*advice.what && *advice.why && *advice.act);
		assert_string_equal(sync_advice("another", &error).what, plain.what);
	}
	error.ledger_code[0] = '\0';
	for (int code = 0; code < ERROR_CODE_COUNT; code++) {
		error.code = (enum error_code)code;
		assert_true(*sync_advice("quickbooks", &error).what != '\0');
	}
}

int test_operate(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pause),
		cmocka_unit_test(test_pause_refused),
		cmocka_unit_test(test_left_out),
		cmocka_unit_test(test_intervals),
		cmocka_unit_test(test_rearm),
		cmocka_unit_test(test_month_of_environment),
		cmocka_unit_test(test_warnings),
		cmocka_unit_test(test_advice),
	};

	return cmocka_run_group_tests_name("operate", tests, NULL, NULL);
}
