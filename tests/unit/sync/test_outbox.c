/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes that are owed and go on by nobody: each ends with somebody who is told of it. */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "desk.h"
#include "engine.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/sync/attention.h"
#include "ledgerdeck/sync/link.h"
#include "tests.h"

#define KESTREL "{\"name\":\"Kestrel\"}"
#define INVOICE "{\"number\":\"Z-1\",\"customer\":\"c\",\"date\":\"2026-01-20\",\"lines\":[{\"item\":\"W\",\"amount\":\"5.00\"}]}"

struct office { /* a desk, and one thread that sends */
	struct desk desk;
	struct sync *sync;
	struct worker worker;
	int64_t customer, invoice;
};

static void office_open(struct office *office)
{
	struct error err = { 0 };

	desk_open(&office->desk);
	desk_map_item(&office->desk);
	desk_set(&office->desk, POLICY_NEW_CUSTOMER, "create");
	office->customer = desk_put(&office->desk, "customer", "c", KESTREL);
	office->sync = world_engine(office->desk.world);
	office->sync->pushes_all = true;
	if (!worker_open(office->sync, &office->worker, &err))
		fail_msg("%s", err.text);
}

static void office_close(struct office *office)
{
	worker_close(&office->worker);
	sync_free(office->sync);
	desk_close(&office->desk);
}

static void apply(struct office *office)
{
	AUTO(push_applied_clear) struct push_applied applied = { 0 };
	struct push_apply wish = { .who = "test", .env = world_env(office->desk.world) };
	struct error err = { 0 };
	struct plan made;

	desk_plan(&office->desk, &made);
	wish.plan_id = made.id;
	if (!push_apply(office->desk.world->store, office->desk.world->catalogue, &wish, &applied, &err))
		fail_msg("%s", err.text);
	assert_false(applied.stale);
}

static void step(struct office *office)
{
	struct error err = { 0 };
	int64_t next_ms;
	bool worked;

	if (!outbox_step(&office->worker, &worked, &next_ms, &err))
		fail_msg("%s", err.text);
}

static bool take(void *ctx, const struct intent *intent)
{
	*(struct intent *)ctx = *intent;
	return false;
}

static struct intent newest(struct office *office, int64_t resource)
{
	struct intent_query query = { .resource = resource };
	struct intent intent = { .no = 0 };
	struct error err = { 0 };

	if (!intents_list(office->desk.world->store, &query, take, &intent, &err))
		fail_msg("%s", err.text);
	assert_true(intent.no > 0);
	return intent;
}

static void expect_state(struct office *office, int64_t resource, enum intent_state state, const char *why)
{
	struct intent intent = newest(office, resource);

	if (intent.state != state || !strstr(intent.why, why))
		fail_msg("%s: %s, not %s: %s", intent_state_word(intent.state), intent.why, intent_state_word(state), why);
}

/* Its only item: what it says, and the command. */
static void expect_attention(struct office *office, const char *what, const char *command)
{
	AUTO(attention_clear) struct attention attention = { 0 };
	struct world *world = office->desk.world;
	struct error err = { 0 };

	if (!attention_read(world->store, world->settings, world_env(world).wall_ms(world), &attention, &err))
		fail_msg("%s", err.text);
	assert_int_equal(attention.count, 1);
	assert_non_null(strstr(attention.items[0].what, what));
	assert_non_null(strstr(attention.items[0].command, command));
	assert_true(attention.items[0].person);
}

static struct link_wish of_customer(struct office *office)
{
	struct world *world = office->desk.world;

	return (struct link_wish){ .account_id = office->desk.account.id, .resource = office->customer, .who = "bob",
				   .now_ms = world_env(world).wall_ms(world) };
}

/* ---- whoever waits for what nobody will write */

static void write_customer(struct office *office)
{
	office_open(office);
	office->invoice = desk_put(&office->desk, "invoice", "i", INVOICE);
	apply(office);
	assert_int_equal(newest(office, office->invoice).state, INTENT_WAITING);
	step(office);
	assert_int_equal(newest(office, office->customer).state, INTENT_CONFIRMED);
	assert_int_equal(newest(office, office->invoice).state, INTENT_QUEUED);
}

static void an_unlinked_parent_is_asked_for(void **state)
{
	struct office office;
	struct link_wish wish;
	struct error err = { 0 };

	(void)state;
	write_customer(&office);
	wish = of_customer(&office);
	if (!link_remove(office.desk.world->store, &wish, &err))
		fail_msg("%s", err.text);
	step(&office);
	expect_state(&office, office.invoice, INTENT_CONFLICT, "is not linked any more");
	expect_attention(&office, "1 write in conflict with the ledger: Invoice Z-1.", "outbox --account");
	/* Planned anew both go on: the customer is found by our mark or name, the invoice with her. */
	desk_set(&office.desk, POLICY_DUPLICATE, "link-if-exact");
	apply(&office);
	step(&office);
	assert_int_equal(newest(&office, office.invoice).state, INTENT_CONFIRMED);
	office_close(&office);
}

static void a_parent_that_is_taken_back_is_told(void **state)
{
	struct office office;
	struct error err = { 0 };

	(void)state;
	office_open(&office);
	office.invoice = desk_put(&office.desk, "invoice", "i", INVOICE);
	apply(&office);
	if (!push_cancel(office.desk.world->store, newest(&office, office.customer).no, "bob", 0, &err))
		fail_msg("%s", err.text);
	expect_state(&office, office.invoice, INTENT_CONFLICT, "was taken back");
	step(&office);
	assert_int_equal(newest(&office, office.invoice).state, INTENT_CONFLICT);
	apply(&office);
	step(&office);
	step(&office);
	assert_int_equal(newest(&office, office.customer).state, INTENT_CONFIRMED);
	assert_int_equal(newest(&office, office.invoice).state, INTENT_CONFIRMED);
	office_close(&office);
}

/* ---- what a look finds, and what a person says meanwhile */

struct saying {
	struct office *office;
	const char *record_id;       /* NULL: not written */
	bool said;
};

static void say(void *ctx, char *bytes, size_t len)
{
	struct saying *saying = ctx;
	struct error err = { 0 };
	bool said = saying->said;

	(void)bytes;
	(void)len;
	saying->said = true;
	if (!said && !push_settle(saying->office->desk.world->store, newest(saying->office, saying->office->customer).no, saying->record_id,
				  "bob", 0, &err))
		fail_msg("%s", err.text);
}

/* A customer that the ledger has. */
static void take_customer(struct office *office, struct str *id)
{
	AUTO(texts_clear) struct texts truth = { 0 };
	const struct catalogue *catalogue = office->desk.world->catalogue;

	world_truth(office->desk.world, "1001", catalogue_find(catalogue, "quickbooks", "Customer"), &truth);
	assert_true(truth.count > 0);
	json_unquote(json_find(truth.items[0], strlen(truth.items[0]), "Id"), id);
}

static void say_meanwhile(bool another, const char *why)
{
	AUTO(str_clear) struct str id = STR_INIT(RECORD_ID_MAX - 1);
	struct office office;
	struct saying saying = { .office = &office };
	struct world_shared *shared;
	int64_t calls;

	office_open(&office);
	take_customer(&office, &id);
	saying.record_id = another ? id.text : NULL;
	shared = office.desk.world->shared;
	apply(&office);
	atomic_store(&shared->break_how, BREAK_CUT_AFTER);
	atomic_store(&shared->break_at, atomic_load(&shared->calls) + 1);
	step(&office);
	assert_int_equal(newest(&office, office.customer).state, INTENT_UNCERTAIN);
	atomic_store(&shared->break_how, BREAK_NONE);
	office.desk.world->spy = say;
	office.desk.world->spy_ctx = &saying;
	world_step(office.desk.world, 600);
	step(&office);
	office.desk.world->spy = NULL;
	assert_true(saying.said);
	expect_state(&office, office.customer, INTENT_DEAD, why);
	expect_attention(&office, "1 write given up: Customer Kestrel.", "outbox --account");
	/* Nothing is sent before it is told. */
	calls = atomic_load(&shared->calls);
	world_step(office.desk.world, 600);
	step(&office);
	assert_int_equal(atomic_load(&shared->calls), calls);
	office_close(&office);
}

static void another_one_than_a_person_named_is_asked_about(void **state)
{
	(void)state;
	say_meanwhile(true, "a person has said that it is ");
}

static void one_that_a_person_called_unwritten_is_asked_about(void **state)
{
	(void)state;
	say_meanwhile(false, "a person has said that it was not written, and");
}

/* ---- what is tried again and again */

/* Once it has been tried for hours, somebody can know, who need not do anything. */
static void expect_told(struct office *office, bool told)
{
	AUTO(attention_clear) struct attention attention = { 0 };
	struct world *world = office->desk.world;
	struct error err = { 0 };

	if (!attention_read(world->store, world->settings, world_env(world).wall_ms(world), &attention, &err))
		fail_msg("%s", err.text);
	assert_int_equal(attention.count, told ? 1 : 0);
	if (!told)
		return;
	assert_int_equal(attention.items[0].cause, ATTENTION_FAILING);
	assert_non_null(strstr(attention.items[0].what, "1 write is put off again and again: Customer Kestrel, "));
	assert_false(attention.items[0].person);
}

static void it_is_given_up_after_days(void **state)
{
	struct office office;
	int hours = 0;

	(void)state;
	office_open(&office);
	office.invoice = desk_put(&office.desk, "invoice", "i", INVOICE);
	apply(&office);
	/* The company's subscription has ended. */
	world_control(office.desk.world, "POST", "troubles", "{\"kind\":\"fault\",\"code\":6190,\"path\":\"/batch\",\"times\":1000}");
	for (; hours < 100 && newest(&office, office.customer).state != INTENT_DEAD; hours++) {
		expect_told(&office, hours >= 8);
		step(&office);
		world_step(office.desk.world, 3600);
	}
	if (hours < 72 || hours > 75)
		fail_msg("after %d hours it is %s: %s", hours, intent_state_word(newest(&office, office.customer).state),
			 newest(&office, office.customer).why);
	expect_state(&office, office.customer, INTENT_DEAD, "given up after 7");
	expect_state(&office, office.invoice, INTENT_WAITING, "which was not written: given up");
	expect_attention(&office, "1 write given up: Customer Kestrel.", "outbox --redrive --account");
	/* Planned anew it begins anew. */
	world_control(office.desk.world, "DELETE", "troubles", NULL);
	apply(&office);
	step(&office);
	step(&office);
	assert_int_equal(newest(&office, office.customer).state, INTENT_CONFIRMED);
	assert_int_equal(newest(&office, office.invoice).state, INTENT_CONFIRMED);
	office_close(&office);
}

int test_outbox(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_unlinked_parent_is_asked_for),
		cmocka_unit_test(a_parent_that_is_taken_back_is_told),
		cmocka_unit_test(another_one_than_a_person_named_is_asked_about),
		cmocka_unit_test(one_that_a_person_called_unwritten_is_asked_about),
		cmocka_unit_test(it_is_given_up_after_days),
	};

	return cmocka_run_group_tests_name("outbox", tests, NULL, NULL);
}
