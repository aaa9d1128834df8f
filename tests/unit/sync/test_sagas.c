/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sagas from seeds: a new customer, her invoices and payments are planned, applied and sent, while calls fail, answers are lost,
 * keys are forgotten, tokens end, and the process dies at its durable steps. Once nothing moves any more each document stands in
 * the ledger once, with its total, and nothing is owed. SAGA=seed repeats one alone.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crash.h"
#include "engine.h"
#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/random.h"
#include "ledgerdeck/sync/push.h"
#include "tests.h"

#define SHORT_MS 10000
#define LONG_MS 60000
#define STEPS_MAX 3000
#define DOCUMENTS_MAX 8
#define PER_WORLD 60

static const struct simulator_company one[] = {
	{ .kind = "small", .realm = "1001", .name = "Nine Pins", .customers = 2, .invoices = 2 },
};

struct document {
	const char *type, *record;   /* "invoice", "Invoice" */
	char external_id[40];
	char number[40];
	int64_t cents;               /* 0: it has no total */
};

struct saga {
	struct world *world;
	struct account account;
	struct random random, chance; /* for what happens to it; for the program */
	uint64_t seed;
	struct sync *sync;
	struct worker worker;
	bool working;
	int64_t died, broken;
	char plan[PLAN_ID_MAX];
	struct document documents[DOCUMENTS_MAX];
	size_t count;
};

static int64_t below(struct saga *saga, uint64_t bound)
{
	return (int64_t)random_below(&saga->random, bound);
}

/* ---- what comes in */

static void put(struct saga *saga, const char *type, const char *record, const char *number, int64_t cents, const char *data)
{
	struct document *document = &saga->documents[saga->count++];
	struct resource resource = { .type = resource_type_find(type, strlen(type)) };
	AUTO(str_clear) struct str checked = STR_INIT(STR_NO_LIMIT);
	struct resource_problems problems = { .count = 0 };
	struct resource_counts counts = { 0 };
	struct json_slice slice = { .text = data, .len = strlen(data), .kind = JSON_OBJECT };
	struct error err = { 0 };

	*document = (struct document){ .type = type, .record = record, .cents = cents };
	snprintf(document->number, sizeof(document->number), "%s", number);
	snprintf(document->external_id, sizeof(document->external_id), "%.1s-%.30s", type, number);
	if (!organization_of_account(saga->world->store, saga->account.id, resource.organization, &err))
		fail_msg("%s", err.text);
	snprintf(resource.external_id, sizeof(resource.external_id), "%s", document->external_id);
	if (!resource_check(resource.type, slice, &checked, &problems))
		fail_msg("%s: %s", problems.items[0].path, problems.items[0].text);
	if (!resources_put(saga->world->store, &resource, checked.text, checked.len, "saga", 0, &counts, &err))
		fail_msg("%s", err.text);
}

static void put_all(struct saga *saga, int64_t number)
{
	AUTO(store_end) struct store *transaction = saga->world->store;
	char name[40], data[400];
	int64_t invoices = 1 + below(saga, 3);
	struct error err = { 0 };

	assert_true(store_begin(transaction, &err));
	snprintf(name, sizeof(name), "Kestrel %lld", (long long)number);
	snprintf(data, sizeof(data), "{\"name\":\"%s\"}", name);
	put(saga, "customer", "Customer", name, 0, data);
	for (int64_t i = 0; i < invoices; i++) {
		int64_t cents = 1 + below(saga, 100000);
		char own[40];

		snprintf(own, sizeof(own), "K%lld-%lld", (long long)number, (long long)i);
		snprintf(data, sizeof(data), "{\"number\":\"%s\",\"customer\":\"c-%s\",\"date\":\"2026-01-20\",\"lines\":[{\"item\":\"W\","
			 "\"amount_minor\":%lld}]}", own, name, (long long)cents);
		put(saga, "invoice", "Invoice", own, cents, data);
		if (below(saga, 2))
			continue;
		snprintf(data, sizeof(data), "{\"reference\":\"P%s\",\"customer\":\"c-%s\",\"date\":\"2026-01-21\",\"amount_minor\":%lld,"
			 "\"lines\":[{\"invoice\":\"i-%s\",\"amount_minor\":%lld}]}", own, name, (long long)cents, own, (long long)cents);
		snprintf(own, sizeof(own), "PK%lld-%lld", (long long)number, (long long)i);
		put(saga, "payment", "Payment", own, cents, data);
	}
	assert_true(store_commit(transaction, &err));
}

/* ---- plan and apply */

static void plan_and_apply(struct saga *saga)
{
	struct push_wish wish = { .account_id = saga->account.id, .who = "saga", .env = world_env(saga->world) };
	AUTO(push_applied_clear) struct push_applied applied = { 0 };
	struct push_apply apply = { .who = "saga", .env = world_env(saga->world) };
	struct error err = { 0 };
	struct plan plan;

	if (!push_plan(saga->world->store, saga->world->catalogue, &wish, &plan, &err))
		fail_msg("seed %llu: %s", (unsigned long long)saga->seed, err.text);
	apply.plan_id = plan.id;
	if (!push_apply(saga->world->store, saga->world->catalogue, &apply, &applied, &err))
		fail_msg("seed %llu: %s", (unsigned long long)saga->seed, err.text);
	memcpy(saga->plan, plan.id, sizeof(saga->plan));
	if (applied.intents != (int64_t)saga->count)
		fail_msg("seed %llu: %lld of %zu documents are to be written", (unsigned long long)saga->seed, (long long)applied.intents,
			 saga->count);
}

/* ---- the engine, which dies now and then */

static void begin(struct saga *saga)
{
	struct error err = { 0 };

	saga->sync = world_engine(saga->world);
	saga->sync->pushes_all = true;
	if (!worker_open(saga->sync, &saga->worker, &err))
		fail_msg("%s", err.text);
	saga->working = true;
	if (below(saga, 2))
		crash_here(1 + below(saga, 16), below(saga, 2));
}

static void end(struct saga *saga)
{
	if (!saga->working)
		return;
	worker_close(&saga->worker);
	sync_free(saga->sync);
	saga->working = false;
	crash_here(0, false);
}

/* Trouble for the call that comes next but so many. */
static void trouble(struct saga *saga)
{
	struct world_shared *shared = saga->world->shared;

	if (atomic_load(&shared->break_at) > atomic_load(&shared->calls) || below(saga, 4))
		return;
	atomic_store(&shared->break_how, 1 + (int)below(saga, BREAK_COUNT - 1));
	atomic_store(&shared->break_at, atomic_load(&shared->calls) + 1 + below(saga, 2));
	saga->broken++;
}

/* True as long as there is something to do. */
static bool is_open(struct saga *saga)
{
	struct intent_counts counts;
	struct error err = { 0 };
	bool open = false;

	if (!intents_count(saga->world->store, saga->account.id, saga->plan, &counts, &err))
		fail_msg("%s", err.text);
	for (int state = 0; state < INTENT_STATE_COUNT; state++)
		open = open || (counts.states[state] > 0 && intent_is_open((enum intent_state)state));
	return open;
}

static void drive(struct saga *saga)
{
	int steps = 0;

	while (is_open(saga)) {
		int64_t next_ms = INT64_MAX, now_ms = atomic_load(&saga->world->shared->now_ms);
		struct error err = { 0 };
		bool worked = false, good;

		if (++steps > STEPS_MAX)
			fail_msg("seed %llu: it does not come to rest", (unsigned long long)saga->seed);
		if (!saga->working)
			begin(saga);
		if (steps < 200)
			trouble(saga);
		/* Its access token ends, and each new one comes with another refresh token. */
		if (below(saga, 30) == 0)
			world_step(saga->world, 3700);
		good = outbox_step(&saga->worker, &worked, &next_ms, &err);
		if (crash_has_come()) {
			saga->died++;
			end(saga);
			/* Its lease runs out: this process is still there. */
			world_step(saga->world, 61);
		} else if (!good || !worked) {
			world_step(saga->world, good && next_ms != INT64_MAX && next_ms > now_ms ? (next_ms - now_ms) / 1000 + 1 : 15);
		}
	}
	end(saga);
}

/* ---- what must hold */

static void query(struct saga *saga, const struct document *document, struct str *out)
{
	static const char *const fields[][2] = { { "Customer", "DisplayName" }, { "Invoice", "DocNumber" }, { "Payment", "PaymentRefNum" } };
	const char *field = "";
	char path[300];

	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		if (strcmp(fields[i][0], document->record) == 0)
			field = fields[i][1];
	snprintf(path, sizeof(path), "as-other-user/v3/company/1001/query?query=select%%20*%%20from%%20%s%%20where%%20%s%%20=%%20'%s'", document->record,
		 field, document->number);
	for (char *at = path; *at; at++)
		if (*at == ' ')
			*at = '+';
	assert_int_equal(world_other(saga->world, "GET", path, NULL, out), 200);
}

static void check(struct saga *saga)
{
	const unsigned long long seed = saga->seed;
	struct intent_counts counts;
	struct error err = { 0 };

	if (!intents_count(saga->world->store, saga->account.id, saga->plan, &counts, &err))
		fail_msg("%s", err.text);
	if (counts.states[INTENT_CONFIRMED] != (int64_t)saga->count)
		fail_msg("seed %llu: %lld of %zu are confirmed (%lld rejected, %lld dead, %lld different)", seed,
			 (long long)counts.states[INTENT_CONFIRMED], saga->count, (long long)counts.states[INTENT_REJECTED],
			 (long long)counts.states[INTENT_DEAD], (long long)counts.states[INTENT_DIFFERENT]);
	for (size_t i = 0; i < saga->count; i++) {
		const struct document *document = &saga->documents[i];
		AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);
		struct json_slice answer, records, record = { 0 }, found;
		size_t at = 0, times = 0;
		struct decimal total;

		query(saga, document, &out);
		answer = (struct json_slice){ .text = out.text, .len = out.len, .kind = JSON_OBJECT };
		records = json_member(json_member(answer, "QueryResponse"), document->record);
		while (records.kind == JSON_ARRAY && json_each(records, &at, NULL, &found)) {
			record = found;
			times++;
		}
		if (times != 1)
			fail_msg("seed %llu: %s %s stands %zu times in the ledger", seed, document->record, document->number, times);
		found = json_member(record, "TotalAmt");
		if (document->cents > 0 && (!decimal_parse(found.text, found.len, &total) ||
					    decimal_compare(total, decimal_of(document->cents, 2)) != 0))
			fail_msg("seed %llu: %s %s has another total", seed, document->record, document->number);
	}
}

static void one_saga(struct world *world, const struct account *account, uint64_t seed, int64_t *died, int64_t *broken)
{
	struct saga saga = { .world = world, .account = *account, .seed = seed };
	char body[140];

	random_seed(&saga.random, seed);
	random_seed(&saga.chance, ~seed);
	world->chance = &saga.chance;
	/* A ledger that refuses what it has already would hide that it was sent twice. */
	snprintf(body, sizeof(body), "{\"requestid-s\":\"%s\",\"duplicate-number\":\"%s\",\"rotation\":\"every-with-grace\"}", below(&saga, 2) ? "86400" : "0",
		 below(&saga, 4) ? "accepted" : "refused");
	world_control(world, "POST", "switches", body);
	put_all(&saga, (int64_t)seed);
	plan_and_apply(&saga);
	drive(&saga);
	atomic_store(&world->shared->break_at, 0);
	check(&saga);
	world->chance = NULL;
	*died += saga.died;
	*broken += saga.broken;
}

static void may_write(struct world *world, const struct account *account)
{
	AUTO(store_end) struct store *transaction = world->store;
	struct mapping rule = { .target = TARGET_ITEM, .record_id = "1", .name = "Tuning" };
	struct error err = { 0 };
	int64_t changed;
	bool set;

	if (!store_begin(transaction, &err) ||
	    !mappings_change(transaction, account->id, &rule, 1, "saga", "a default", 0, 0, &changed, &err) ||
	    !policies_set(transaction, account->id, POLICY_NEW_CUSTOMER, "create", "saga", 0, &set, &err) || !store_commit(transaction, &err))
		fail_msg("%s", err.text);
}

/* Some sagas in one world: the more documents it has, the longer each look takes. */
static int64_t some(uint64_t seed, uint64_t count, int64_t end_ms)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), NULL);
	struct sync_wish wish = { .cause = "operator" };
	struct outcome outcome;
	struct env real = env_real();
	struct account account;
	struct sync *sync;
	int64_t made = 0, died = 0, broken = 0;

	world_connect(world, "1001", &account);
	sync = world_engine(world);
	world_sync(world, sync, &wish, &outcome);
	sync_free(sync);
	assert_int_equal(outcome.failed, 0);
	may_write(world, &account);
	for (; made < (int64_t)count && real.ticks_ms(real.ctx) < end_ms; made++)
		one_saga(world, &account, seed + (uint64_t)made, &died, &broken);
	print_message("%lld sagas from seed %llu on: %lld deaths, %lld calls went wrong\n", (long long)made, (unsigned long long)seed,
		      (long long)died, (long long)broken);
	return made;
}

static void test_seeds(void **state)
{
	struct env real = env_real();
	const char *only = env_variable("SAGA"), *seconds = env_variable("SOAK_SECONDS");
	int64_t now_ms = real.ticks_ms(real.ctx), end_ms = now_ms + SHORT_MS, all = 0;
	uint32_t seed;

	(void)state;
	crash_reset();
	if (env_variable("LEDGERDECK_SOAK"))
		end_ms = now_ms + (seconds ? strtoll(seconds, NULL, 10) * 1000 : LONG_MS);
	real.random(real.ctx, &seed, sizeof(seed));
	if (only) {
		some(strtoull(only, NULL, 10), 1, INT64_MAX);
		return;
	}
	while (real.ticks_ms(real.ctx) < end_ms) {
		all += some(seed, PER_WORLD, end_ms);
		seed += PER_WORLD;
	}
	print_message("%lld sagas\n", (long long)all);
	assert_true(all > 0);
}

int test_sagas(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_seeds),
	};

	return cmocka_run_group_tests_name("sagas", tests, NULL, NULL);
}
