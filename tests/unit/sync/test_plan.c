/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a plan makes of a resource: each answer of policies and people, what stands in the ledger, and whose it is. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk.h"
#include "engine.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/sync/attention.h"
#include "ledgerdeck/sync/push.h"
#include "tests.h"

static void expect_why(struct desk *desk, int64_t resource, enum plan_reason reason, const char *why)
{
	struct seen found = desk_expect(desk, resource, PLAN_BLOCKED, reason);

	assert_string_equal(found.line.why, why);
}

#define INVOICE "{\"number\":\"Z-1\",\"customer\":\"c\",\"date\":\"2026-01-20\",\"lines\":[{\"item\":\"W\",\"amount\":\"5.00\"}]}"

static void test_approval(void **state)
{
	struct desk desk;
	struct seen found;
	int64_t customer, invoice;

	(void)state;
	desk_open(&desk);
	customer = desk_put(&desk, "customer", "c", "{\"name\":\"Kestrel\"}");
	invoice = desk_put(&desk, "invoice", "i", INVOICE);
	expect_why(&desk, invoice, REASON_PARENT, "customer 'c' is not in the ledger yet: it waits for a decision");
	found = desk_expect(&desk, customer, PLAN_DECIDE, REASON_APPROVAL);
	desk_set(&desk, POLICY_NEW_CUSTOMER, "refuse");
	desk_expect(&desk, customer, PLAN_BLOCKED, REASON_APPROVAL);
	desk_set(&desk, POLICY_NEW_CUSTOMER, "");
	desk_decide(&desk, &found, "skip");
	desk_expect(&desk, customer, PLAN_SKIP, REASON_APPROVAL);
	expect_why(&desk, invoice, REASON_PARENT, "customer 'c' is not in the ledger yet: it is left out");
	desk_decide(&desk, &found, "create");
	desk_expect(&desk, customer, PLAN_CREATE, REASON_NEW);
	desk_expect(&desk, invoice, PLAN_BLOCKED, REASON_UNMAPPED);
	desk_map_item(&desk);
	desk_expect(&desk, invoice, PLAN_CREATE, REASON_NEW);
	/* An answer to another question changes nothing. */
	snprintf(found.question, sizeof(found.question), "duplicate:5");
	desk_decide(&desk, &found, "skip");
	desk_expect(&desk, customer, PLAN_CREATE, REASON_NEW);
	desk_close(&desk);
}

static void test_left_out(void **state)
{
	struct desk desk;
	int64_t customer, invoice;

	(void)state;
	desk_open(&desk);
	desk_map_item(&desk);
	desk_set(&desk, POLICY_NEW_CUSTOMER, "create");
	customer = desk_put(&desk, "customer", "c", "{\"name\":\"Kestrel\"}");
	invoice = desk_put(&desk, "invoice", "i", INVOICE);
	desk_set(&desk, POLICY_GO_LIVE, "2026-01-21");
	desk_expect(&desk, invoice, PLAN_SKIP, REASON_GO_LIVE);
	desk_set(&desk, POLICY_GO_LIVE, "2026-01-20");
	desk_expect(&desk, invoice, PLAN_CREATE, REASON_NEW);
	desk_set(&desk, POLICY_DIRECTION, "pull");
	desk_expect(&desk, customer, PLAN_SKIP, REASON_DIRECTION);
	desk_put(&desk, "invoice", "i", "{\"number\":\"Z-1\",\"customer\":\"c\",\"date\":\"2026-01-20\",\"voided\":true,\"lines\":[{\"item\":\"W\","
	    "\"amount\":\"5.00\"}]}");
	desk_set(&desk, POLICY_DIRECTION, "push");
	desk_expect(&desk, invoice, PLAN_SKIP, REASON_VOIDED);
	desk_close(&desk);
}

static void test_duplicate(void **state)
{
	AUTO(texts_clear) struct texts truth = { 0 };
	AUTO(str_clear) struct str name = STR_INIT(200);
	char data[300], link[100];
	struct seen found;
	struct desk desk;
	int64_t customer;

	(void)state;
	desk_open(&desk);
	world_truth(desk.world, "1001", catalogue_find(desk.world->catalogue, "quickbooks", "Customer"), &truth);
	assert_true(truth.count > 0);
	json_unquote(json_find(truth.items[0], strlen(truth.items[0]), "DisplayName"), &name);
	snprintf(data, sizeof(data), "{\"name\":\"%s\"}", name.text);
	customer = desk_put(&desk, "customer", "c", data);
	found = desk_expect(&desk, customer, PLAN_DECIDE, REASON_DUPLICATE);
	desk_set(&desk, POLICY_DUPLICATE, "block");
	desk_expect(&desk, customer, PLAN_BLOCKED, REASON_DUPLICATE);
	desk_set(&desk, POLICY_DUPLICATE, "skip");
	desk_expect(&desk, customer, PLAN_SKIP, REASON_DUPLICATE);
	desk_set(&desk, POLICY_DUPLICATE, "link-if-exact");
	desk_expect(&desk, customer, PLAN_LINK, REASON_FOUND);
	desk_set(&desk, POLICY_DUPLICATE, "");
	snprintf(link, sizeof(link), "link %.60s", strchr(found.question, ':') + 1);
	desk_decide(&desk, &found, link);
	desk_expect(&desk, customer, PLAN_LINK, REASON_FOUND);
	desk_close(&desk);
}

static void test_circle(void **state)
{
	struct desk desk;
	int64_t a, b;

	(void)state;
	desk_open(&desk);
	desk_set(&desk, POLICY_NEW_CUSTOMER, "create");
	a = desk_put(&desk, "customer", "a", "{\"name\":\"Ada\",\"parent\":\"b\"}");
	b = desk_put(&desk, "customer", "b", "{\"name\":\"Bea\",\"parent\":\"a\"}");
	desk_expect(&desk, a, PLAN_BLOCKED, REASON_PARENT);
	desk_expect(&desk, b, PLAN_BLOCKED, REASON_PARENT);
	desk_close(&desk);
}

/* By no name does a plan reach what belongs to another organization. */
static void test_other_organization(void **state)
{
	struct organization other = { .name = "Others", .external_id = "others" };
	struct error err = { 0 };
	struct seen found;
	struct desk desk;
	struct plan made;
	int64_t theirs, invoice;
	struct push_wish wish = { .resources = &theirs, .resource_count = 1, .who = "test" };

	(void)state;
	desk_open(&desk);
	desk_map_item(&desk);
	desk_set(&desk, POLICY_NEW_CUSTOMER, "create");
	{
		AUTO(store_end) struct store *transaction = desk.world->store;

		if (!store_begin(transaction, &err) || !organizations_add(transaction, &other, &err) || !store_commit(transaction, &err))
			fail_msg("%s", err.text);
	}
	theirs = desk_put_for(&desk, other.id, "customer", "c", "{\"name\":\"Not hers\"}");
	invoice = desk_put(&desk, "invoice", "i", INVOICE);
	found = desk_expect(&desk, invoice, PLAN_BLOCKED, REASON_UNMAPPED);
	assert_null(strstr(found.line.why, "Not hers"));
	wish.account_id = desk.account.id;
	wish.env = world_env(desk.world);
	assert_false(push_plan(desk.world->store, desk.world->catalogue, &wish, &made, &err));
	assert_int_equal(err.code, ERROR_CONFLICT);
	desk_close(&desk);
}

/* What has become of a line since it was planned is told, and nothing is written. */
static void test_moved(void **state)
{
	AUTO(push_applied_clear) struct push_applied applied = { 0 };
	struct error err = { 0 };
	struct push_apply apply = { .who = "test" };
	struct desk desk;
	struct plan made;
	struct seen found;
	int64_t customer;

	(void)state;
	desk_open(&desk);
	customer = desk_put(&desk, "customer", "c", "{\"name\":\"Kestrel\"}");
	found = desk_expect(&desk, customer, PLAN_DECIDE, REASON_APPROVAL);
	desk_decide(&desk, &found, "create");
	desk_plan(&desk, &made);
	desk_decide(&desk, &found, "skip");
	apply.plan_id = made.id;
	apply.env = world_env(desk.world);
	assert_true(push_apply(desk.world->store, desk.world->catalogue, &apply, &applied, &err));
	assert_true(applied.stale);
	assert_string_equal(applied.moved.text, "Kestrel: would now be left out: left out by a person\n");
	desk_close(&desk);
}

/* Ours, theirs, and both: only what both sides changed is asked. */
static void test_three_ways(void **state)
{
	struct desk desk;
	struct seen found;
	int64_t customer;

	(void)state;
	desk_open(&desk);
	desk_set(&desk, POLICY_NEW_CUSTOMER, "create");
	customer = desk_put(&desk, "customer", "c", "{\"name\":\"Kestrel\",\"notes\":\"old\"}");
	desk_carry_out(&desk);
	found = desk_expect(&desk, customer, PLAN_SAME, REASON_EQUAL);
	desk_put(&desk, "customer", "c", "{\"name\":\"Kestrel\",\"notes\":\"new\"}");
	desk_expect(&desk, customer, PLAN_UPDATE, REASON_CHANGED);
	desk_change_there(&desk, "customer", found.line.record_id, "\"Notes\":\"theirs\"");
	found = desk_expect(&desk, customer, PLAN_DECIDE, REASON_CONFLICT);
	desk_set(&desk, POLICY_CONFLICT, "ours");
	desk_expect(&desk, customer, PLAN_UPDATE, REASON_LEDGER_CHANGED);
	desk_set(&desk, POLICY_CONFLICT, "theirs");
	desk_expect(&desk, customer, PLAN_SKIP, REASON_CONFLICT);
	desk_set(&desk, POLICY_CONFLICT, "");
	desk_decide(&desk, &found, "ours");
	desk_expect(&desk, customer, PLAN_UPDATE, REASON_LEDGER_CHANGED);
	desk_carry_out(&desk);
	desk_expect(&desk, customer, PLAN_SAME, REASON_EQUAL);
	desk_close(&desk);
}

static void test_closed_books(void **state)
{
	struct desk desk;
	struct seen found;
	int64_t invoice;

	(void)state;
	desk_open(&desk);
	desk_set(&desk, POLICY_NEW_CUSTOMER, "create");
	desk_map_item(&desk);
	desk_put(&desk, "customer", "c", "{\"name\":\"Kestrel\"}");
	invoice = desk_put(&desk, "invoice", "i", INVOICE);
	desk_expect(&desk, invoice, PLAN_CREATE, REASON_NEW);
	desk_change_there(&desk, "preferences", "1", "\"AccountingInfoPrefs\":{\"BookCloseDate\":\"2026-01-31\"}");
	found = desk_expect(&desk, invoice, PLAN_BLOCKED, REASON_CLOSED);
	desk_set(&desk, POLICY_CLOSED, "ask");
	desk_expect(&desk, invoice, PLAN_DECIDE, REASON_CLOSED);
	desk_decide(&desk, &found, "skip");
	desk_expect(&desk, invoice, PLAN_SKIP, REASON_CLOSED);
	desk_decide(&desk, &found, "first-open-day");
	desk_expect(&desk, invoice, PLAN_CREATE, REASON_NEW);
	desk_close(&desk);
}

#define UNTAXED(tax, total) "{\"number\":\"Z-1\",\"customer\":\"c\",\"date\":\"2026-01-20\",\"tax_total\":\"" tax "\",\"total\":\"" \
			    total "\",\"lines\":[{\"item\":\"W\",\"amount\":\"5.00\"}]}"

/* Two questions about one document: each has its answer. */
static void test_two_questions(void **state)
{
	struct seen closed, tax;
	struct desk desk;
	int64_t invoice;

	(void)state;
	desk_open(&desk);
	desk_set(&desk, POLICY_NEW_CUSTOMER, "create");
	desk_set(&desk, POLICY_CLOSED, "ask");
	desk_set(&desk, POLICY_TAX_VARIANCE, "ask");
	desk_map_item(&desk);
	desk_put(&desk, "customer", "c", "{\"name\":\"Kestrel\"}");
	desk_change_there(&desk, "preferences", "1", "\"AccountingInfoPrefs\":{\"BookCloseDate\":\"2026-01-31\"}");
	invoice = desk_put(&desk, "invoice", "i", UNTAXED("0.01", "5.01"));
	closed = desk_expect(&desk, invoice, PLAN_DECIDE, REASON_CLOSED);
	desk_decide(&desk, &closed, "first-open-day");
	tax = desk_expect(&desk, invoice, PLAN_DECIDE, REASON_TAX);
	assert_string_equal(tax.line.why, "your tax is 0.01, QuickBooks will compute 0.00");
	desk_decide(&desk, &tax, "skip");
	desk_expect(&desk, invoice, PLAN_SKIP, REASON_TAX);
	desk_decide(&desk, &tax, "accept");
	desk_expect(&desk, invoice, PLAN_CREATE, REASON_NEW);
	/* Other figures are another question. */
	desk_put(&desk, "invoice", "i", UNTAXED("0.02", "5.02"));
	desk_expect(&desk, invoice, PLAN_DECIDE, REASON_TAX);
	desk_set(&desk, POLICY_TAX_VARIANCE, "block");
	desk_expect(&desk, invoice, PLAN_BLOCKED, REASON_TAX);
	/* What no decision mends is told first. */
	desk_set(&desk, POLICY_TAX_VARIANCE, "ask");
	desk_put(&desk, "invoice", "i", "{\"number\":\"Z-1\",\"customer\":\"c\",\"date\":\"2026-01-20\",\"department\":\"nowhere\","
	    "\"tax_total\":\"0.02\",\"lines\":[{\"item\":\"W\",\"amount\":\"5.00\"}]}");
	desk_expect(&desk, invoice, PLAN_BLOCKED, REASON_UNMAPPED);
	desk_close(&desk);
}

struct settling {
	struct store *store;
	int64_t intent;              /* 0: not yet, or done */
	char record_id[RECORD_ID_MAX];
};

static bool find_uncertain(void *ctx, const struct intent *intent)
{
	struct settling *settling = ctx;

	if (intent->state == INTENT_UNCERTAIN)
		settling->intent = intent->no;
	return true;
}

/* While the look at the ledger goes on. */
static void settle(void *ctx, char *bytes, size_t len)
{
	struct settling *settling = ctx;
	struct error err = { 0 };

	(void)bytes;
	(void)len;
	if (settling->intent && !push_settle(settling->store, settling->intent, settling->record_id, "bob", 0, &err))
		fail_msg("%s", err.text);
	settling->intent = 0;
}

/* One of those that the ledger has. */
static void take_customer(struct desk *desk, char *ret_id)
{
	AUTO(texts_clear) struct texts truth = { 0 };
	AUTO(str_clear) struct str id = STR_INIT(RECORD_ID_MAX - 1);

	world_truth(desk->world, "1001", catalogue_find(desk->world->catalogue, "quickbooks", "Customer"), &truth);
	assert_true(truth.count > 0);
	json_unquote(json_find(truth.items[0], strlen(truth.items[0]), "Id"), &id);
	snprintf(ret_id, RECORD_ID_MAX, "%s", id.text);
}

/* What a person says of a write stands, though it is being looked for at this moment: it is not sent again. */
static void test_settled_meanwhile(void **state)
{
	AUTO(push_applied_clear) struct push_applied applied = { 0 };
	struct push_apply apply = { .who = "test" };
	struct settling settling = { 0 };
	struct error err = { 0 };
	struct desk desk;
	struct world_shared *shared;
	struct intent_query query = { .limit = 0 };
	struct worker worker;
	struct sync *sync;
	struct plan made;
	struct link link;
	int64_t customer, next_ms, calls;
	bool worked, found;

	(void)state;
	desk_open(&desk);
	take_customer(&desk, settling.record_id);
	desk_set(&desk, POLICY_NEW_CUSTOMER, "create");
	customer = desk_put(&desk, "customer", "c", "{\"name\":\"Kestrel\"}");
	desk_plan(&desk, &made);
	apply.plan_id = made.id;
	apply.env = world_env(desk.world);
	assert_true(push_apply(desk.world->store, desk.world->catalogue, &apply, &applied, &err));
	shared = desk.world->shared;
	sync = world_engine(desk.world);
	sync->pushes_all = true;
	assert_true(worker_open(sync, &worker, &err));
	atomic_store(&shared->break_how, BREAK_STATUS);
	atomic_store(&shared->break_at, atomic_load(&shared->calls) + 1);
	assert_true(outbox_step(&worker, &worked, &next_ms, &err));
	settling.store = desk.world->store;
	assert_true(intents_list(desk.world->store, &query, find_uncertain, &settling, &err));
	assert_true(settling.intent > 0);
	atomic_store(&shared->break_how, BREAK_NONE);
	desk.world->spy = settle;
	desk.world->spy_ctx = &settling;
	world_step(desk.world, 600);
	assert_true(outbox_step(&worker, &worked, &next_ms, &err));
	assert_int_equal(settling.intent, 0);
	calls = atomic_load(&shared->calls);
	world_step(desk.world, 600);
	assert_true(outbox_step(&worker, &worked, &next_ms, &err));
	assert_int_equal(atomic_load(&shared->calls), calls);
	assert_true(links_get(desk.world->store, desk.account.id, customer, &link, NULL, &found, &err) && found);
	assert_string_equal(link.record_id, settling.record_id);
	desk.world->spy = NULL;
	worker_close(&worker);
	sync_free(sync);
	desk_close(&desk);
}

struct hearer {
	struct sync *sync;
	struct cancel *cancel;
	uint64_t before;
	bool heard;
};

static void hear(void *ctx)
{
	struct hearer *hearer = ctx;

	lock_enter(hearer->sync->lock);
	for (int i = 0; i < 40 && hearer->sync->news == hearer->before; i++)
		lock_wait(hearer->sync->lock, 250);
	hearer->heard = hearer->sync->news != hearer->before;
	lock_leave(hearer->sync->lock);
	cancel_ask(hearer->cancel);
}

/* What another process has left unsent is told to those who send here, however long they meant to sleep. */
static void test_left_by_another(void **state)
{
	AUTO(push_applied_clear) struct push_applied applied = { 0 };
	struct push_apply apply = { .who = "test" };
	struct hearer hearer = { .cancel = cancel_new() };
	struct error err = { 0 };
	struct thread *thread;
	struct desk desk;
	struct plan made;

	(void)state;
	desk_open(&desk);
	desk_set(&desk, POLICY_NEW_CUSTOMER, "create");
	desk_put(&desk, "customer", "c", "{\"name\":\"Kestrel\"}");
	desk_plan(&desk, &made);
	apply.plan_id = made.id;
	apply.env = world_env(desk.world);
	assert_true(push_apply(desk.world->store, desk.world->catalogue, &apply, &applied, &err));
	hearer.sync = world_engine(desk.world);
	hearer.before = hearer.sync->news;
	thread = thread_new(hear, &hearer);
	assert_false(sync_push_wait(hearer.sync, made.id, 60000, hearer.cancel));
	thread_join(thread);
	assert_true(hearer.heard);
	cancel_free(hearer.cancel);
	sync_free(hearer.sync);
	desk_close(&desk);
}

/* Causes that documents wait for, and how many do, those behind others with them; by the attention, and by the count that the dashboard has. */
static void expect_waiting(struct desk *desk, int64_t causes, int64_t frees, int64_t documents)
{
	AUTO(attention_clear) struct attention attention = { 0 };
	struct error err = { 0 };
	int64_t found = 0, freed = 0, count;

	if (!attention_read(desk->world->store, desk->world->settings, world_env(desk->world).wall_ms(desk->world), &attention, &err) ||
	    !push_waiting(desk->world->store, desk->account.id, &count, &err))
		fail_msg("%s", err.text);
	for (size_t i = 0; i < attention.count; i++) {
		if (attention.items[i].cause != ATTENTION_WAITING)
			continue;
		found++;
		freed += attention.items[i].frees;
		assert_int_equal(attention.items[i].accounts, 1);
	}
	assert_int_equal(found, causes);
	assert_int_equal(freed, frees);
	assert_int_equal(count, documents);
}

/* What was planned for one document alone, afterwards, hides nothing of what holds the others up. */
static void test_waiting(void **state)
{
	struct desk desk;
	struct error err = { 0 };
	struct plan made;
	int64_t one_of_them;
	struct push_wish wish = { .resources = &one_of_them, .resource_count = 1, .who = "test" };

	(void)state;
	desk_open(&desk);
	expect_waiting(&desk, 0, 0, 0);
	one_of_them = desk_put(&desk, "customer", "c", "{\"name\":\"Kestrel\"}");
	desk_put(&desk, "customer", "d", "{\"name\":\"Merlin\"}");
	desk_put(&desk, "invoice", "i", INVOICE);
	desk_plan(&desk, &made);
	expect_waiting(&desk, 2, 4, 3);
	wish.account_id = desk.account.id;
	wish.env = world_env(desk.world);
	world_step(desk.world, 60);
	if (!push_plan(desk.world->store, desk.world->catalogue, &wish, &made, &err))
		fail_msg("%s", err.text);
	expect_waiting(&desk, 2, 4, 3);
	/* A document whose trouble came with the plan of it alone is told of too. */
	one_of_them = desk_put(&desk, "invoice", "j", "{\"number\":\"Z-2\",\"customer\":\"c\",\"date\":\"2026-01-20\",\"lines\":[{\"item\":\"X\",\"amount\":\"5.00\"}]}");
	world_step(desk.world, 60);
	if (!push_plan(desk.world->store, desk.world->catalogue, &wish, &made, &err))
		fail_msg("%s", err.text);
	expect_waiting(&desk, 3, 5, 3);
	desk_close(&desk);
}

static void read_first(struct desk *desk, struct attention *attention, const char *what)
{
	struct error err = { 0 };

	if (!attention_read(desk->world->store, desk->world->settings, world_env(desk->world).wall_ms(desk->world), attention, &err))
		fail_msg("%s", err.text);
	assert_true(attention->count > 0);
	assert_string_equal(attention->items[0].what, what);
}

#define BEHIND(number, customer) "{\"number\":\"" number "\",\"customer\":\"" customer "\",\"date\":\"2026-01-20\",\"lines\":[{\"item\":" \
				 "\"W\",\"amount\":\"5.00\"}]}"

/* What waits for a document is freed with it, through however many; with one that is left out it is told of by itself. */
static void test_behind(void **state)
{
	AUTO(attention_clear) struct attention asked = { 0 }, left = { 0 };
	struct seen parent;
	struct desk desk;
	int64_t customer;

	(void)state;
	desk_open(&desk);
	desk_map_item(&desk);
	customer = desk_put(&desk, "customer", "c", "{\"name\":\"Kestrel\"}");
	desk_put(&desk, "customer", "d", "{\"name\":\"Merlin\",\"parent\":\"c\"}");
	desk_put(&desk, "invoice", "i", BEHIND("Z-1", "c"));
	desk_put(&desk, "invoice", "j", BEHIND("Z-2", "d"));
	parent = desk_expect(&desk, customer, PLAN_DECIDE, REASON_APPROVAL);
	read_first(&desk, &asked, "4 documents wait, 3 of them for the other: a new one is to be approved.");
	assert_int_equal(asked.items[0].frees, 4);
	assert_int_equal(asked.count, 1);
	desk_decide(&desk, &parent, "skip");
	world_step(desk.world, 60);
	desk_expect(&desk, customer, PLAN_SKIP, REASON_APPROVAL);
	read_first(&desk, &left, "3 documents wait, 1 of them for the others: customer 'c' is not in the ledger yet: it is left out.");
	assert_int_equal(left.count, 1);
	desk_close(&desk);
}

int test_plan(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_approval), cmocka_unit_test(test_left_out), cmocka_unit_test(test_duplicate),
		cmocka_unit_test(test_circle), cmocka_unit_test(test_other_organization), cmocka_unit_test(test_three_ways),
		cmocka_unit_test(test_closed_books), cmocka_unit_test(test_two_questions), cmocka_unit_test(test_moved), cmocka_unit_test(test_settled_meanwhile),
		cmocka_unit_test(test_left_by_another),
		cmocka_unit_test(test_waiting), cmocka_unit_test(test_behind),
	};

	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
