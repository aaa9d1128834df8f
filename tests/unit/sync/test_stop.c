/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Plans that are paused in the middle, by a rule or by a person: what was not sent is not, whoever comes next, until it goes on. And
 * those that wait for the hours of their account.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "desk.h"
#include "engine.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/sync/attention.h"
#include "tests.h"

#define DOCUMENTS 34 /* of which 30 go into an envelope */
#define FIRST 30
#define REST (DOCUMENTS - FIRST)

struct office { /* a desk, a plan that is applied, and one thread that sends */
	struct desk desk;
	struct plan plan;
	int64_t last;                /* the resource that came in last */
	struct sync *sync;
	struct worker worker;
};

static void begin(struct office *office)
{
	struct error err = { 0 };

	office->sync = world_engine(office->desk.world);
	office->sync->pushes_all = true;
	if (!worker_open(office->sync, &office->worker, &err))
		fail_msg("%s", err.text);
}

static void end(struct office *office)
{
	worker_close(&office->worker);
	sync_free(office->sync);
}

static void apply(struct office *office)
{
	AUTO(push_applied_clear) struct push_applied applied = { 0 };
	struct push_apply wish = { .who = "test", .env = world_env(office->desk.world) };
	struct error err = { 0 };

	desk_plan(&office->desk, &office->plan);
	wish.plan_id = office->plan.id;
	if (!push_apply(office->desk.world->store, office->desk.world->catalogue, &wish, &applied, &err))
		fail_msg("%s", err.text);
	assert_int_equal(applied.intents, DOCUMENTS);
}

static void office_open(struct office *office, const char *stop)
{
	desk_open(&office->desk);
	desk_set(&office->desk, POLICY_NEW_CUSTOMER, "create");
	desk_set(&office->desk, POLICY_STOP, stop);
	for (int i = 0; i < DOCUMENTS; i++) {
		char id[16], data[60];

		snprintf(id, sizeof(id), "c%d", i);
		snprintf(data, sizeof(data), "{\"name\":\"Customer %02d\"}", i);
		office->last = desk_put(&office->desk, "customer", id, data);
	}
	apply(office);
	begin(office);
}

static void office_close(struct office *office)
{
	end(office);
	desk_close(&office->desk);
}

static void step(struct office *office)
{
	struct error err = { 0 };
	int64_t next_ms;
	bool worked;

	if (!outbox_step(&office->worker, &worked, &next_ms, &err))
		fail_msg("%s", err.text);
}

static int64_t count(struct office *office, enum intent_state state)
{
	struct intent_counts counts;
	struct error err = { 0 };

	if (!intents_count(office->desk.world->store, office->desk.account.id, office->plan.id, &counts, &err))
		fail_msg("%s", err.text);
	return counts.states[state];
}

/* Nothing is sent, also by a process that comes next, also days after. */
static void expect_rest(struct office *office, int64_t rest)
{
	struct world_shared *shared = office->desk.world->shared;
	int64_t calls;

	assert_int_equal(count(office, INTENT_PAUSED), rest);
	calls = atomic_load(&shared->calls);
	step(office);
	end(office);
	begin(office);
	step(office);
	world_step(office->desk.world, 300000);
	step(office);
	assert_int_equal(atomic_load(&shared->calls), calls);
	assert_int_equal(count(office, INTENT_PAUSED), rest);
}

static void expect_attention(struct office *office, const char *what, const char *why)
{
	AUTO(attention_clear) struct attention attention = { 0 };
	struct world *world = office->desk.world;
	struct error err = { 0 };
	char command[80];

	snprintf(command, sizeof(command), "apply %s --resume", office->plan.id);
	if (!attention_read(world->store, world->settings, world_env(world).wall_ms(world), &attention, &err))
		fail_msg("%s", err.text);
	for (size_t i = 0; i < attention.count; i++) {
		if (attention.items[i].cause != ATTENTION_PAUSED)
			continue;
		assert_non_null(strstr(attention.items[i].what, what));
		assert_non_null(strstr(attention.items[i].why, why));
		assert_string_equal(attention.items[i].command, command);
		assert_true(attention.items[i].person && attention.items[i].since_ms > 0);
		return;
	}
	fail_msg("it is nowhere told");
}

static void resume(struct office *office)
{
	struct world *world = office->desk.world;
	struct error err = { 0 };

	world_step(world, 60);
	if (!push_resume(world->store, office->plan.id, "anna", world_env(world).wall_ms(world), &err))
		fail_msg("%s", err.text);
	world_step(world, 60);
}

static bool take(void *ctx, const struct intent *intent)
{
	*(struct intent *)ctx = *intent;
	return intent->state != INTENT_QUEUED;
}

/* ---- by the rule */

static void the_first_error_pauses_the_rest(void **state)
{
	struct office office;
	struct intent intent;
	struct intent_query query = { .plan = office.plan.id };
	struct error err = { 0 };

	(void)state;
	office_open(&office, "1");
	world_control(office.desk.world, "POST", "troubles", "{\"kind\":\"fault\",\"code\":2020,\"path\":\"/batch\",\"times\":1}");
	step(&office);
	assert_int_equal(count(&office, INTENT_REJECTED), FIRST);
	expect_rest(&office, REST);
	expect_attention(&office, "is paused: 4 writes are not sent", "30 writes have gone wrong (policy stop: 1)");
	/* It says so of itself. */
	if (!intents_list(office.desk.world->store, &query, take, &intent, &err))
		fail_msg("%s", err.text);
	assert_int_equal(intent_shown(&intent), INTENT_PAUSED);
	assert_string_equal(intent_reason(&intent), "30 writes have gone wrong (policy stop: 1)");
	/* What has gone wrong before counts no more. */
	resume(&office);
	step(&office);
	assert_int_equal(count(&office, INTENT_CONFIRMED), REST);
	assert_int_equal(count(&office, INTENT_PAUSED), 0);
	office_close(&office);
}

static void what_counts_after_a_pause_is_what_comes_then(void **state)
{
	struct office office;

	(void)state;
	office_open(&office, "1");
	world_control(office.desk.world, "POST", "troubles", "{\"kind\":\"fault\",\"code\":2020,\"path\":\"/batch\",\"times\":2}");
	step(&office);
	resume(&office);
	step(&office);
	/* Nothing is left of it that could be paused. */
	assert_int_equal(count(&office, INTENT_REJECTED), DOCUMENTS);
	assert_int_equal(count(&office, INTENT_PAUSED), 0);
	office_close(&office);
}

static void what_is_uncertain_is_found_out_while_the_rest_is_paused(void **state)
{
	struct office office;
	struct world_shared *shared;

	(void)state;
	office_open(&office, "uncertain");
	shared = office.desk.world->shared;
	atomic_store(&shared->break_how, BREAK_CUT_AFTER);
	atomic_store(&shared->break_write, true);
	atomic_store(&shared->break_at, atomic_load(&shared->calls) + 1);
	step(&office);
	atomic_store(&shared->break_at, 0);
	atomic_store(&shared->break_write, false);
	assert_int_equal(count(&office, INTENT_UNCERTAIN), FIRST);
	assert_int_equal(count(&office, INTENT_PAUSED), REST);
	for (int i = 0; i < 5; i++) {
		world_step(office.desk.world, 120);
		step(&office);
	}
	assert_int_equal(count(&office, INTENT_CONFIRMED), FIRST);
	expect_rest(&office, REST);
	expect_attention(&office, "4 writes are not sent", "the outcome of a write is not known (policy stop: uncertain)");
	resume(&office);
	step(&office);
	assert_int_equal(count(&office, INTENT_CONFIRMED), DOCUMENTS);
	office_close(&office);
}

/* The default: it is found out by itself, so nobody is needed. */
static void an_answer_that_is_lost_pauses_nothing(void **state)
{
	struct office office;
	struct world_shared *shared;

	(void)state;
	office_open(&office, "");
	shared = office.desk.world->shared;
	atomic_store(&shared->break_how, BREAK_CUT_AFTER);
	atomic_store(&shared->break_write, true);
	atomic_store(&shared->break_at, atomic_load(&shared->calls) + 1);
	step(&office);
	atomic_store(&shared->break_at, 0);
	atomic_store(&shared->break_write, false);
	assert_int_equal(count(&office, INTENT_UNCERTAIN), FIRST);
	assert_int_equal(count(&office, INTENT_PAUSED), 0);
	for (int i = 0; i < 9; i++) {
		world_step(office.desk.world, 120);
		step(&office);
	}
	assert_int_equal(count(&office, INTENT_CONFIRMED), DOCUMENTS);
	office_close(&office);
}

/* What died while it sent is uncertain for whoever comes next, and the strict rule holds for that, too. */
static void a_program_that_died_pauses_by_the_strict_rule(void **state)
{
	struct office office;
	struct world *world;
	struct error err = { 0 };

	(void)state;
	office_open(&office, "uncertain");
	world = office.desk.world;
	assert_true(store_begin(world->store, &err));
	{
		AUTO(store_end) struct store *transaction = world->store;
		struct intent intent;
		struct intent_query query = { .plan = office.plan.id };

		if (!intents_list(transaction, &query, take, &intent, &err))
			fail_msg("%s", err.text);
		intent.state = INTENT_SENDING;
		if (!intents_save(transaction, &intent, "engine", NULL, NULL, world_env(world).wall_ms(world), &err) ||
		    !store_commit(transaction, &err))
			fail_msg("%s", err.text);
	}
	step(&office);
	assert_int_equal(count(&office, INTENT_UNCERTAIN), 1);
	expect_attention(&office, "33 writes are not sent", "is not known");
	office_close(&office);
}

/* ---- by a person */

static void a_person_pauses_it_and_goes_on(void **state)
{
	struct office office;
	struct world *world;
	struct error err = { 0 };

	(void)state;
	office_open(&office, "never");
	world = office.desk.world;
	if (!push_pause(world->store, office.plan.id, "anna", world_env(world).wall_ms(world), &err) ||
	    !push_pause(world->store, office.plan.id, "anna", world_env(world).wall_ms(world), &err))
		fail_msg("%s", err.text);
	expect_rest(&office, DOCUMENTS);
	expect_attention(&office, "34 writes are not sent", "paused by anna");
	resume(&office);
	step(&office);
	step(&office);
	assert_int_equal(count(&office, INTENT_CONFIRMED), DOCUMENTS);
	assert_false(push_pause(world->store, office.plan.id, "anna", world_env(world).wall_ms(world), &err));
	assert_non_null(strstr(err.text, "nothing of plan"));
	office_close(&office);
}

static void another_plan_goes_on_meanwhile(void **state)
{
	AUTO(push_applied_clear) struct push_applied applied = { 0 };
	struct push_apply wish = { .who = "test" };
	struct office office;
	struct world *world;
	struct plan other;
	int64_t resource;
	struct push_wish alone = { .resources = &resource, .resource_count = 1, .who = "test" };
	struct error err = { 0 };

	(void)state;
	office_open(&office, "never");
	world = office.desk.world;
	alone.env = wish.env = world_env(world);
	alone.account_id = office.desk.account.id;
	assert_true(push_pause(world->store, office.plan.id, "anna", world_env(world).wall_ms(world), &err));
	resource = desk_put(&office.desk, "customer", "later", "{\"name\":\"Later\"}");
	assert_true(push_plan(world->store, world->catalogue, &alone, &other, &err));
	wish.plan_id = other.id;
	assert_true(push_apply(world->store, world->catalogue, &wish, &applied, &err));
	step(&office);
	expect_rest(&office, DOCUMENTS);
	memcpy(office.plan.id, other.id, sizeof(other.id));
	assert_int_equal(count(&office, INTENT_CONFIRMED), 1);
	office_close(&office);
}

static enum plan_act plan_paused(struct office *office, const char *who)
{
	struct world *world = office->desk.world;
	struct push_wish alone = { .account_id = office->desk.account.id, .resources = &office->last, .resource_count = 1, .who = who,
				   .env = world_env(world) };
	struct plan_line line;
	struct plan made;
	struct error err = { 0 };
	bool found = false;

	if (!push_plan(world->store, world->catalogue, &alone, &made, &err) || !plans_line_of(world->store, made.id, office->last, &line, &found, &err))
		fail_msg("%s", err.text);
	assert_true(found);
	return line.act;
}

/* A person may plan past a pause, to write it otherwise. */
static void what_goes_by_itself_does_not_go_past_a_pause(void **state)
{
	struct office office;
	struct world *world;
	struct error err = { 0 };

	(void)state;
	office_open(&office, "never");
	world = office.desk.world;
	assert_int_equal(plan_paused(&office, PUSH_ENGINE), PLAN_CREATE);
	assert_true(push_pause(world->store, office.plan.id, "anna", world_env(world).wall_ms(world), &err));
	assert_int_equal(plan_paused(&office, PUSH_ENGINE), PLAN_BLOCKED);
	assert_int_equal(plan_paused(&office, "anna"), PLAN_CREATE);
	office_close(&office);
}

static void the_rest_is_taken_back(void **state)
{
	struct office office;
	struct world *world;
	int64_t cancelled;
	struct error err = { 0 };

	(void)state;
	office_open(&office, "never");
	world = office.desk.world;
	step(&office);
	assert_true(push_pause(world->store, office.plan.id, "anna", world_env(world).wall_ms(world), &err));
	assert_true(push_cancel_plan(world->store, office.plan.id, "anna", world_env(world).wall_ms(world), &cancelled, &err));
	assert_int_equal(cancelled, REST);
	assert_int_equal(count(&office, INTENT_CANCELLED), REST);
	assert_int_equal(count(&office, INTENT_CONFIRMED), FIRST);
	expect_rest(&office, 0);
	/* Nothing is lost: the next plan has it. */
	desk_expect(&office.desk, office.last, PLAN_CREATE, REASON_NEW);
	desk_carry_out(&office.desk);
	desk_expect(&office.desk, office.last, PLAN_SAME, REASON_EQUAL);
	office_close(&office);
}

/* ---- the account's hours */

/* Open from so many minutes from now on, for an hour, by the machine's own clock. */
static void set_window(struct office *office, int minutes)
{
	struct world *world = office->desk.world;
	time_t seconds = (time_t)(atomic_load(&world->shared->now_ms) / 1000 + (int64_t)minutes * 60);
	struct tm from, to;
	char window[24];

	localtime_r(&seconds, &from);
	seconds += 3600;
	localtime_r(&seconds, &to);
	snprintf(window, sizeof(window), "%02d:%02d-%02d:%02d", from.tm_hour % 100, from.tm_min % 100, to.tm_hour % 100, to.tm_min % 100);
	desk_set(&office->desk, POLICY_WINDOW, window);
}

static int64_t next_step(struct office *office)
{
	struct error err = { 0 };
	int64_t next_ms;
	bool worked;

	if (!outbox_step(&office->worker, &worked, &next_ms, &err))
		fail_msg("%s", err.text);
	assert_false(worked);
	return next_ms;
}

static void what_is_queued_waits_for_its_hours(void **state)
{
	AUTO(attention_clear) struct attention attention = { 0 };
	struct office office;
	struct world *world;
	struct error err = { 0 };
	int64_t wait_ms;

	(void)state;
	office_open(&office, "never");
	world = office.desk.world;
	set_window(&office, 30);
	wait_ms = next_step(&office) - atomic_load(&world->shared->now_ms);
	assert_true(wait_ms > 29 * 60000 && wait_ms <= 30 * 60000);
	assert_int_equal(count(&office, INTENT_QUEUED), DOCUMENTS);
	if (!attention_read(world->store, world->settings, atomic_load(&world->shared->now_ms), &attention, &err))
		fail_msg("%s", err.text);
	assert_int_equal(attention.count, 1);
	assert_int_equal(attention.items[0].cause, ATTENTION_WINDOW);
	assert_false(attention.items[0].person);
	assert_non_null(strstr(attention.items[0].what, "34 writes to "));
	world_step(world, 30 * 60);
	step(&office);
	assert_int_equal(count(&office, INTENT_CONFIRMED), FIRST);
	/* They are over before all of it is sent. */
	world_step(world, 60 * 60);
	next_step(&office);
	assert_int_equal(count(&office, INTENT_QUEUED), REST);
	world_step(world, 23 * 60 * 60);
	step(&office);
	assert_int_equal(count(&office, INTENT_CONFIRMED), DOCUMENTS);
	office_close(&office);
}

static void what_is_uncertain_does_not_wait(void **state)
{
	struct office office;
	struct world_shared *shared;

	(void)state;
	office_open(&office, "never");
	shared = office.desk.world->shared;
	atomic_store(&shared->break_how, BREAK_CUT_AFTER);
	atomic_store(&shared->break_write, true);
	atomic_store(&shared->break_at, atomic_load(&shared->calls) + 1);
	step(&office);
	atomic_store(&shared->break_at, 0);
	atomic_store(&shared->break_write, false);
	set_window(&office, 300);
	for (int i = 0; i < 5; i++) {
		world_step(office.desk.world, 120);
		step(&office);
	}
	assert_int_equal(count(&office, INTENT_CONFIRMED), FIRST);
	assert_int_equal(count(&office, INTENT_QUEUED), REST);
	office_close(&office);
}

static void a_person_applies_outside_of_them_only_knowingly(void **state)
{
	AUTO(push_applied_clear) struct push_applied applied = { 0 };
	struct push_apply wish = { .who = "test" };
	struct office office;
	struct world *world;
	struct plan other;
	int64_t resource;
	struct push_wish alone = { .resources = &resource, .resource_count = 1, .who = "test" };
	struct error err = { 0 };

	(void)state;
	office_open(&office, "never");
	world = office.desk.world;
	alone.env = wish.env = world_env(world);
	alone.account_id = office.desk.account.id;
	resource = desk_put(&office.desk, "customer", "later", "{\"name\":\"Later\"}");
	assert_true(push_plan(world->store, world->catalogue, &alone, &other, &err));
	/* A plan isn't stale for it. */
	set_window(&office, 30);
	wish.plan_id = other.id;
	assert_false(push_apply(world->store, world->catalogue, &wish, &applied, &err));
	assert_int_equal(err.code, ERROR_CONFLICT);
	assert_non_null(strstr(err.text, "outside of the account's hours"));
	push_applied_clear(&applied);
	wish.hurry = true;
	if (!push_apply(world->store, world->catalogue, &wish, &applied, &err))
		fail_msg("%s", err.text);
	assert_false(applied.stale);
	/* That one, and no other of the account. */
	step(&office);
	next_step(&office);
	assert_int_equal(count(&office, INTENT_QUEUED), DOCUMENTS);
	assert_true(push_hurry(world->store, office.plan.id, "anna", world_env(world).wall_ms(world), &err));
	memcpy(office.plan.id, other.id, sizeof(other.id));
	assert_int_equal(count(&office, INTENT_CONFIRMED), 1);
	step(&office);
	step(&office);
	next_step(&office);
	office_close(&office);
}

int test_stopping(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_error_pauses_the_rest),
		cmocka_unit_test(what_counts_after_a_pause_is_what_comes_then),
		cmocka_unit_test(what_is_uncertain_is_found_out_while_the_rest_is_paused),
		cmocka_unit_test(an_answer_that_is_lost_pauses_nothing),
		cmocka_unit_test(a_program_that_died_pauses_by_the_strict_rule),
		cmocka_unit_test(a_person_pauses_it_and_goes_on),
		cmocka_unit_test(another_plan_goes_on_meanwhile),
		cmocka_unit_test(what_goes_by_itself_does_not_go_past_a_pause),
		cmocka_unit_test(the_rest_is_taken_back),
		cmocka_unit_test(what_is_queued_waits_for_its_hours),
		cmocka_unit_test(what_is_uncertain_does_not_wait),
		cmocka_unit_test(a_person_applies_outside_of_them_only_knowingly),
	};

	return cmocka_run_group_tests_name("stop", tests, NULL, NULL);
}
