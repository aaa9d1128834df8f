/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a plan's head foretells beside its sums, held against what comes then. */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "desk.h"
#include "engine.h"
#include "ledgerdeck/core/memory.h"
#include "tests.h"

static struct push_facts facts_of(struct desk *desk)
{
	AUTO(str_clear) struct str head = STR_INIT(STR_NO_LIMIT);
	struct push_facts facts;
	struct error err = { 0 };
	struct plan plan;

	desk_plan(desk, &plan);
	if (!plans_find(desk->world->store, NULL, plan.id, &plan, NULL, &head, &err))
		fail_msg("%s", err.text);
	assert_true(push_facts(head.text, &facts));
	return facts;
}

/* Foretold, then written: the calls that were made are the ones that were foretold. */
static struct push_facts carry_out(struct desk *desk, int64_t batches, int64_t singles)
{
	struct push_facts facts = facts_of(desk);
	int64_t before = atomic_load(&desk->world->shared->calls);

	assert_int_equal(facts.calls.batches, batches);
	assert_int_equal(facts.calls.singles, singles);
	desk_carry_out(desk);
	assert_int_equal(atomic_load(&desk->world->shared->calls) - before, batches + singles);
	facts = facts_of(desk);
	assert_int_equal(facts.calls.batches + facts.calls.singles, 0);
	return facts;
}

static void begin(struct desk *desk)
{
	desk_open(desk);
	desk_map_item(desk);
	desk_set(desk, POLICY_NEW_CUSTOMER, "create");
}

static void put_customer(struct desk *desk, const char *code)
{
	char data[80];

	snprintf(data, sizeof(data), "{\"name\":\"Customer %s\"}", code);
	desk_put(desk, "customer", code, data);
}

static void put_invoice(struct desk *desk, const char *number, const char *customer, const char *day, const char *more)
{
	char data[200];

	snprintf(data, sizeof(data), "{\"number\":\"%s\",\"customer\":\"%s\",\"date\":\"%s\",\"lines\":[{\"item\":\"W\",\"amount\":\"5.00\"}]%s}", number,
		 customer, day, more);
	desk_put(desk, "invoice", number, data);
}

static void what_points_to_others_goes_behind_them(void **state)
{
	struct push_facts facts;
	struct desk desk;

	(void)state;
	begin(&desk);
	put_customer(&desk, "c");
	put_invoice(&desk, "I-1", "c", "2026-01-20", "");
	put_invoice(&desk, "I-2", "c", "2026-01-20", "");
	desk_put(&desk, "payment", "P-1", "{\"reference\":\"P-1\",\"customer\":\"c\",\"date\":\"2026-01-21\",\"amount\":\"5.00\",\"lines\":[{\"invoice\":"
		 "\"I-1\",\"amount\":\"5.00\"}]}");
	facts = facts_of(&desk);
	assert_int_equal(facts.new_lists, 1);
	assert_int_equal(facts.needing, 3);
	facts = carry_out(&desk, 3, 0);
	assert_int_equal(facts.new_lists + facts.needing, 0);
	desk_close(&desk);
}

static void a_batch_takes_so_many(void **state)
{
	struct desk desk;
	char code[16];

	(void)state;
	begin(&desk);
	for (int i = 0; i < 61; i++) {
		snprintf(code, sizeof(code), "c%d", i);
		put_customer(&desk, code);
	}
	/* Not one call more for who joins an envelope that is not full. */
	assert_int_equal(facts_of(&desk).calls.batches, 3);
	for (int i = 61; i < 90; i++) {
		snprintf(code, sizeof(code), "c%d", i);
		put_customer(&desk, code);
	}
	carry_out(&desk, 3, 0);
	desk_close(&desk);
}

static void what_is_made_void_goes_alone(void **state)
{
	struct desk desk;

	(void)state;
	begin(&desk);
	put_customer(&desk, "c");
	put_invoice(&desk, "I-1", "c", "2026-01-20", "");
	put_invoice(&desk, "I-2", "c", "2026-01-20", "");
	carry_out(&desk, 2, 0);
	put_invoice(&desk, "I-1", "c", "2026-01-20", ",\"voided\":true");
	put_invoice(&desk, "I-2", "c", "2026-01-20", ",\"voided\":true");
	put_invoice(&desk, "I-3", "c", "2026-01-20", "");
	carry_out(&desk, 1, 2);
	desk_close(&desk);
}

static void days_are_counted(void **state)
{
	struct push_facts facts;
	struct desk desk;

	(void)state;
	begin(&desk);
	put_customer(&desk, "c");
	for (int day = 1; day <= 5; day++) {
		char number[8], date[16];

		snprintf(number, sizeof(number), "I-%d", day);
		snprintf(date, sizeof(date), "2026-01-0%d", day);
		put_invoice(&desk, number, "c", date, "");
	}
	facts = facts_of(&desk);
	assert_int_equal(facts.closed + facts.before_go_live, 0);
	desk_set(&desk, POLICY_GO_LIVE, "2026-01-02");
	desk_change_there(&desk, "preferences", "1", "\"AccountingInfoPrefs\":{\"BookCloseDate\":\"2026-01-04\"}");
	facts = facts_of(&desk);
	assert_int_equal(facts.before_go_live, 1);
	assert_int_equal(facts.closed, 3);
	assert_int_equal(facts.needing, 1);
	/* Written on another day they are dated in closed books all the same. */
	desk_set(&desk, POLICY_CLOSED, "first-open-day");
	facts = facts_of(&desk);
	assert_int_equal(facts.closed, 3);
	assert_int_equal(facts.needing, 4);
	desk_close(&desk);
}

static void minutes_are_those_of_the_budget(void **state)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	struct push_facts facts = { .calls = { .batches = 73, .singles = 1 } };
	struct desk desk;

	(void)state;
	desk_open(&desk);
	/* 36 batches and 400 calls a minute. */
	assert_int_equal(push_minutes(desk.world->settings, &(struct push_calls){ 36, 0, 0 }), 0);
	assert_int_equal(push_minutes(desk.world->settings, &(struct push_calls){ 37, 0, 0 }), 2);
	assert_int_equal(push_minutes(desk.world->settings, &(struct push_calls){ 0, 400, 0 }), 0);
	assert_int_equal(push_minutes(desk.world->settings, &(struct push_calls){ 1, 800, 0 }), 3);
	assert_int_equal(push_minutes(desk.world->settings, &(struct push_calls){ 1, 0, 400 }), 2);
	assert_int_equal(push_fact(&facts, FACT_CALLS, desk.world->settings, &text), 74);
	assert_string_equal(text.text, "73 batches and 1 to make void, about 3 minutes");
	assert_false(push_facts("{\"acts\":[]}", &facts));
	desk_close(&desk);
}

int test_plan_head(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_points_to_others_goes_behind_them),
		cmocka_unit_test(a_batch_takes_so_many),
		cmocka_unit_test(what_is_made_void_goes_alone),
		cmocka_unit_test(days_are_counted),
		cmocka_unit_test(minutes_are_those_of_the_budget),
	};

	return cmocka_run_group_tests_name("plan_head", tests, NULL, NULL);
}
