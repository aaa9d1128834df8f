/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a plan makes of a resource: each answer of policies and people, what stands in the ledger, and whose it is. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/sync/attention.h"
#include "ledgerdeck/sync/push.h"
#include "tests.h"

static const struct simulator_company one[] = {
	{ .kind = "small", .realm = "1001", .name = "Nine Pins", .customers = 2, .invoices = 2 },
};

struct desk {
	struct world *world;
	struct account account;
	char organization[RESOURCE_ID_MAX];
};

static void desk_open(struct desk *desk)
{
	struct sync_wish wish = { .cause = "operator" };
	struct error err = { 0 };
	struct outcome outcome;
	struct sync *sync;

	desk->world = world_new(one, ARRAY_LEN(one), NULL);
	world_connect(desk->world, "1001", &desk->account);
	sync = world_engine(desk->world);
	world_sync(desk->world, sync, &wish, &outcome);
	sync_free(sync);
	assert_int_equal(outcome.failed, 0);
	if (!organization_of_account(desk->world->store, desk->account.id, desk->organization, &err))
		fail_msg("%s", err.text);
}

static void desk_close(struct desk *desk)
{
	world_free(desk->world);
}

static int64_t put_for(struct desk *desk, const char *organization, const char *type, const char *external_id, const char *data)
{
	AUTO(store_end) struct store *transaction = desk->world->store;
	struct resource resource = { .type = resource_type_find(type, strlen(type)) };
	struct json_slice slice = { .text = data, .len = strlen(data), .kind = JSON_OBJECT };
	AUTO(str_clear) struct str checked = STR_INIT(STR_NO_LIMIT);
	struct resource_problems problems = { .count = 0 };
	struct resource_counts counts = { 0 };
	struct error err = { 0 };

	snprintf(resource.organization, sizeof(resource.organization), "%s", organization);
	snprintf(resource.external_id, sizeof(resource.external_id), "%s", external_id);
	if (!resource_check(resource.type, slice, &checked, &problems))
		fail_msg("%s: %s", problems.items[0].path, problems.items[0].text);
	if (!store_begin(transaction, &err) ||
	    !resources_put(transaction, &resource, checked.text, checked.len, "test", 0, &counts, &err) || !store_commit(transaction, &err))
		fail_msg("%s", err.text);
	return resource.no;
}

static int64_t put(struct desk *desk, const char *type, const char *external_id, const char *data)
{
	return put_for(desk, desk->organization, type, external_id, data);
}

static void set(struct desk *desk, enum policy policy, const char *value)
{
	AUTO(store_end) struct store *transaction = desk->world->store;
	struct error err = { 0 };
	bool changed;

	if (!store_begin(transaction, &err) ||
	    !policies_set(transaction, desk->account.id, policy, value, "test", 0, &changed, &err) || !store_commit(transaction, &err))
		fail_msg("%s", err.text);
}

static void map_item(struct desk *desk)
{
	AUTO(store_end) struct store *transaction = desk->world->store;
	struct mapping rule = { .target = TARGET_ITEM, .record_id = "1", .name = "Tuning" };
	struct error err = { 0 };
	int64_t changed;

	if (!store_begin(transaction, &err) ||
	    !mappings_change(transaction, desk->account.id, &rule, 1, "test", "a default", 0, &changed, &err) || !store_commit(transaction, &err))
		fail_msg("%s", err.text);
}

struct seen {
	int64_t resource;
	int times;
	struct plan_line line;
	char question[120];
};

static bool find_line(void *ctx, const struct plan_line *line)
{
	struct seen *found = ctx;
	AUTO(str_clear) struct str question = STR_INIT(119);

	if (line->resource != found->resource)
		return true;
	found->times++;
	found->line = *line;
	json_unquote(json_find(line->detail, strlen(line->detail), "question"), &question);
	snprintf(found->question, sizeof(found->question), "%s", question.text);
	return true;
}

static void plan(struct desk *desk, struct plan *ret_plan)
{
	struct push_wish wish = { .account_id = desk->account.id, .who = "test", .env = world_env(desk->world), .all_lines = true };
	struct error err = { 0 };

	if (!push_plan(desk->world->store, desk->world->catalogue, &wish, ret_plan, &err))
		fail_msg("%s", err.text);
}

static struct seen expect(struct desk *desk, int64_t resource, enum plan_act act, enum plan_reason reason)
{
	struct seen found = { .resource = resource };
	struct error err = { 0 };
	struct plan made;

	plan(desk, &made);
	if (!plans_lines(desk->world->store, made.id, 1, 0, find_line, &found, &err))
		fail_msg("%s", err.text);
	if (found.times != 1 || found.line.act != act || found.line.reason != reason)
		fail_msg("%d lines, %s because %s (%s), not %s because %s", found.times, plan_act_word(found.line.act),
			 plan_reason_word(found.line.reason), found.line.why, plan_act_word(act), plan_reason_word(reason));
	return found;
}

static void expect_why(struct desk *desk, int64_t resource, enum plan_reason reason, const char *why)
{
	struct seen found = expect(desk, resource, PLAN_BLOCKED, reason);

	assert_string_equal(found.line.why, why);
}

static void decide(struct desk *desk, const struct seen *found, const char *what)
{
	AUTO(store_end) struct store *transaction = desk->world->store;
	struct decision decision = { .who = "test" };
	struct error err = { 0 };

	snprintf(decision.what, sizeof(decision.what), "%s", what);
	snprintf(decision.about, sizeof(decision.about), "%s", found->question);
	if (!store_begin(transaction, &err) || !decisions_put(transaction, desk->account.id, found->resource, &decision, &err) ||
	    !store_commit(transaction, &err))
		fail_msg("%s", err.text);
}

#define INVOICE "{\"number\":\"Z-1\",\"customer\":\"c\",\"date\":\"2026-01-20\",\"lines\":[{\"item\":\"W\",\"amount\":\"5.00\"}]}"

static void test_approval(void **state)
{
	struct desk desk;
	struct seen found;
	int64_t customer, invoice;

	(void)state;
	desk_open(&desk);
	customer = put(&desk, "customer", "c", "{\"name\":\"Kestrel\"}");
	invoice = put(&desk, "invoice", "i", INVOICE);
	expect_why(&desk, invoice, REASON_PARENT, "customer 'c' is not in the ledger yet: it waits for a decision");
	found = expect(&desk, customer, PLAN_DECIDE, REASON_APPROVAL);
	set(&desk, POLICY_NEW_CUSTOMER, "refuse");
	expect(&desk, customer, PLAN_BLOCKED, REASON_APPROVAL);
	set(&desk, POLICY_NEW_CUSTOMER, "");
	decide(&desk, &found, "skip");
	expect(&desk, customer, PLAN_SKIP, REASON_APPROVAL);
	expect_why(&desk, invoice, REASON_PARENT, "customer 'c' is not in the ledger yet: it is left out");
	decide(&desk, &found, "create");
	expect(&desk, customer, PLAN_CREATE, REASON_NEW);
	expect(&desk, invoice, PLAN_BLOCKED, REASON_UNMAPPED);
	map_item(&desk);
	expect(&desk, invoice, PLAN_CREATE, REASON_NEW);
	/* An answer to another question changes nothing. */
	snprintf(found.question, sizeof(found.question), "duplicate:5");
	decide(&desk, &found, "skip");
	expect(&desk, customer, PLAN_CREATE, REASON_NEW);
	desk_close(&desk);
}

static void test_left_out(void **state)
{
	struct desk desk;
	int64_t customer, invoice;

	(void)state;
	desk_open(&desk);
	map_item(&desk);
	set(&desk, POLICY_NEW_CUSTOMER, "create");
	customer = put(&desk, "customer", "c", "{\"name\":\"Kestrel\"}");
	invoice = put(&desk, "invoice", "i", INVOICE);
	set(&desk, POLICY_GO_LIVE, "2026-01-21");
	expect(&desk, invoice, PLAN_SKIP, REASON_GO_LIVE);
	set(&desk, POLICY_GO_LIVE, "2026-01-20");
	expect(&desk, invoice, PLAN_CREATE, REASON_NEW);
	set(&desk, POLICY_DIRECTION, "pull");
	expect(&desk, customer, PLAN_SKIP, REASON_DIRECTION);
	put(&desk, "invoice", "i", "{\"number\":\"Z-1\",\"customer\":\"c\",\"date\":\"2026-01-20\",\"voided\":true,\"lines\":[{\"item\":\"W\","
	    "\"amount\":\"5.00\"}]}");
	set(&desk, POLICY_DIRECTION, "push");
	expect(&desk, invoice, PLAN_SKIP, REASON_VOIDED);
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
	customer = put(&desk, "customer", "c", data);
	found = expect(&desk, customer, PLAN_DECIDE, REASON_DUPLICATE);
	set(&desk, POLICY_DUPLICATE, "block");
	expect(&desk, customer, PLAN_BLOCKED, REASON_DUPLICATE);
	set(&desk, POLICY_DUPLICATE, "skip");
	expect(&desk, customer, PLAN_SKIP, REASON_DUPLICATE);
	set(&desk, POLICY_DUPLICATE, "link-if-exact");
	expect(&desk, customer, PLAN_LINK, REASON_FOUND);
	set(&desk, POLICY_DUPLICATE, "");
	snprintf(link, sizeof(link), "link %.60s", strchr(found.question, ':') + 1);
	decide(&desk, &found, link);
	expect(&desk, customer, PLAN_LINK, REASON_FOUND);
	desk_close(&desk);
}

static void test_circle(void **state)
{
	struct desk desk;
	int64_t a, b;

	(void)state;
	desk_open(&desk);
	set(&desk, POLICY_NEW_CUSTOMER, "create");
	a = put(&desk, "customer", "a", "{\"name\":\"Ada\",\"parent\":\"b\"}");
	b = put(&desk, "customer", "b", "{\"name\":\"Bea\",\"parent\":\"a\"}");
	expect(&desk, a, PLAN_BLOCKED, REASON_PARENT);
	expect(&desk, b, PLAN_BLOCKED, REASON_PARENT);
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
	map_item(&desk);
	set(&desk, POLICY_NEW_CUSTOMER, "create");
	{
		AUTO(store_end) struct store *transaction = desk.world->store;

		if (!store_begin(transaction, &err) || !organizations_add(transaction, &other, &err) || !store_commit(transaction, &err))
			fail_msg("%s", err.text);
	}
	theirs = put_for(&desk, other.id, "customer", "c", "{\"name\":\"Not hers\"}");
	invoice = put(&desk, "invoice", "i", INVOICE);
	found = expect(&desk, invoice, PLAN_BLOCKED, REASON_UNMAPPED);
	assert_null(strstr(found.line.why, "Not hers"));
	wish.account_id = desk.account.id;
	wish.env = world_env(desk.world);
	assert_false(push_plan(desk.world->store, desk.world->catalogue, &wish, &made, &err));
	assert_int_equal(err.code, ERROR_CONFLICT);
	desk_close(&desk);
}

static void carry_out(struct desk *desk)
{
	AUTO(push_applied_clear) struct push_applied applied = { 0 };
	struct push_apply apply = { .who = "test", .env = world_env(desk->world) };
	struct sync *sync = world_engine(desk->world);
	struct error err = { 0 };
	int64_t next_ms;
	struct plan made;
	struct worker worker;
	bool worked = true;

	plan(desk, &made);
	apply.plan_id = made.id;
	sync->pushes_all = true;
	if (!push_apply(desk->world->store, desk->world->catalogue, &apply, &applied, &err) || !worker_open(sync, &worker, &err))
		fail_msg("%s", err.text);
	while (worked)
		if (!outbox_step(&worker, &worked, &next_ms, &err))
			fail_msg("%s", err.text);
	worker_close(&worker);
	sync_free(sync);
}

static void change_there(struct desk *desk, const char *type, const char *id, const char *member)
{
	struct sync *sync = world_engine(desk->world);
	struct sync_wish wish = { .cause = "operator" };
	struct outcome outcome;
	char path[80], body[200];

	snprintf(path, sizeof(path), "as-other-user/v3/company/1001/%s", type);
	snprintf(body, sizeof(body), "{\"Id\":\"%s\",\"SyncToken\":\"0\",\"sparse\":true,%s}", id, member);
	assert_int_equal(world_other(desk->world, "POST", path, body, NULL), 200);
	world_step(desk->world, 60);
	world_sync(desk->world, sync, &wish, &outcome);
	sync_free(sync);
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
	customer = put(&desk, "customer", "c", "{\"name\":\"Kestrel\"}");
	found = expect(&desk, customer, PLAN_DECIDE, REASON_APPROVAL);
	decide(&desk, &found, "create");
	plan(&desk, &made);
	decide(&desk, &found, "skip");
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
	set(&desk, POLICY_NEW_CUSTOMER, "create");
	customer = put(&desk, "customer", "c", "{\"name\":\"Kestrel\",\"notes\":\"old\"}");
	carry_out(&desk);
	found = expect(&desk, customer, PLAN_SAME, REASON_EQUAL);
	put(&desk, "customer", "c", "{\"name\":\"Kestrel\",\"notes\":\"new\"}");
	expect(&desk, customer, PLAN_UPDATE, REASON_CHANGED);
	change_there(&desk, "customer", found.line.record_id, "\"Notes\":\"theirs\"");
	found = expect(&desk, customer, PLAN_DECIDE, REASON_CONFLICT);
	set(&desk, POLICY_CONFLICT, "ours");
	expect(&desk, customer, PLAN_UPDATE, REASON_LEDGER_CHANGED);
	set(&desk, POLICY_CONFLICT, "theirs");
	expect(&desk, customer, PLAN_SKIP, REASON_CONFLICT);
	set(&desk, POLICY_CONFLICT, "");
	decide(&desk, &found, "ours");
	expect(&desk, customer, PLAN_UPDATE, REASON_LEDGER_CHANGED);
	carry_out(&desk);
	expect(&desk, customer, PLAN_SAME, REASON_EQUAL);
	desk_close(&desk);
}

static void test_closed_books(void **state)
{
	struct desk desk;
	struct seen found;
	int64_t invoice;

	(void)state;
	desk_open(&desk);
	set(&desk, POLICY_NEW_CUSTOMER, "create");
	map_item(&desk);
	put(&desk, "customer", "c", "{\"name\":\"Kestrel\"}");
	invoice = put(&desk, "invoice", "i", INVOICE);
	expect(&desk, invoice, PLAN_CREATE, REASON_NEW);
	change_there(&desk, "preferences", "1", "\"AccountingInfoPrefs\":{\"BookCloseDate\":\"2026-01-31\"}");
	found = expect(&desk, invoice, PLAN_BLOCKED, REASON_CLOSED);
	set(&desk, POLICY_CLOSED, "ask");
	expect(&desk, invoice, PLAN_DECIDE, REASON_CLOSED);
	decide(&desk, &found, "skip");
	expect(&desk, invoice, PLAN_SKIP, REASON_CLOSED);
	decide(&desk, &found, "first-open-day");
	expect(&desk, invoice, PLAN_CREATE, REASON_NEW);
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
	set(&desk, POLICY_NEW_CUSTOMER, "create");
	set(&desk, POLICY_CLOSED, "ask");
	set(&desk, POLICY_TAX_VARIANCE, "ask");
	map_item(&desk);
	put(&desk, "customer", "c", "{\"name\":\"Kestrel\"}");
	change_there(&desk, "preferences", "1", "\"AccountingInfoPrefs\":{\"BookCloseDate\":\"2026-01-31\"}");
	invoice = put(&desk, "invoice", "i", UNTAXED("0.01", "5.01"));
	closed = expect(&desk, invoice, PLAN_DECIDE, REASON_CLOSED);
	decide(&desk, &closed, "first-open-day");
	tax = expect(&desk, invoice, PLAN_DECIDE, REASON_TAX);
	assert_string_equal(tax.line.why, "your tax is 0.01, QuickBooks will compute 0.00");
	decide(&desk, &tax, "skip");
	expect(&desk, invoice, PLAN_SKIP, REASON_TAX);
	decide(&desk, &tax, "accept");
	expect(&desk, invoice, PLAN_CREATE, REASON_NEW);
	/* Other figures are another question. */
	put(&desk, "invoice", "i", UNTAXED("0.02", "5.02"));
	expect(&desk, invoice, PLAN_DECIDE, REASON_TAX);
	set(&desk, POLICY_TAX_VARIANCE, "block");
	expect(&desk, invoice, PLAN_BLOCKED, REASON_TAX);
	/* What no decision mends is told first. */
	set(&desk, POLICY_TAX_VARIANCE, "ask");
	put(&desk, "invoice", "i", "{\"number\":\"Z-1\",\"customer\":\"c\",\"date\":\"2026-01-20\",\"department\":\"nowhere\","
	    "\"tax_total\":\"0.02\",\"lines\":[{\"item\":\"W\",\"amount\":\"5.00\"}]}");
	expect(&desk, invoice, PLAN_BLOCKED, REASON_UNMAPPED);
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
	set(&desk, POLICY_NEW_CUSTOMER, "create");
	customer = put(&desk, "customer", "c", "{\"name\":\"Kestrel\"}");
	plan(&desk, &made);
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
	set(&desk, POLICY_NEW_CUSTOMER, "create");
	put(&desk, "customer", "c", "{\"name\":\"Kestrel\"}");
	plan(&desk, &made);
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
	one_of_them = put(&desk, "customer", "c", "{\"name\":\"Kestrel\"}");
	put(&desk, "customer", "d", "{\"name\":\"Merlin\"}");
	put(&desk, "invoice", "i", INVOICE);
	plan(&desk, &made);
	expect_waiting(&desk, 2, 4, 3);
	wish.account_id = desk.account.id;
	wish.env = world_env(desk.world);
	world_step(desk.world, 60);
	if (!push_plan(desk.world->store, desk.world->catalogue, &wish, &made, &err))
		fail_msg("%s", err.text);
	expect_waiting(&desk, 2, 4, 3);
	/* A document whose trouble came with the plan of it alone is told of too. */
	one_of_them = put(&desk, "invoice", "j", "{\"number\":\"Z-2\",\"customer\":\"c\",\"date\":\"2026-01-20\",\"lines\":[{\"item\":\"X\",\"amount\":\"5.00\"}]}");
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
	map_item(&desk);
	customer = put(&desk, "customer", "c", "{\"name\":\"Kestrel\"}");
	put(&desk, "customer", "d", "{\"name\":\"Merlin\",\"parent\":\"c\"}");
	put(&desk, "invoice", "i", BEHIND("Z-1", "c"));
	put(&desk, "invoice", "j", BEHIND("Z-2", "d"));
	parent = expect(&desk, customer, PLAN_DECIDE, REASON_APPROVAL);
	read_first(&desk, &asked, "4 documents wait, 3 of them for the other: a new one is to be approved.");
	assert_int_equal(asked.items[0].frees, 4);
	assert_int_equal(asked.count, 1);
	decide(&desk, &parent, "skip");
	world_step(desk.world, 60);
	expect(&desk, customer, PLAN_SKIP, REASON_APPROVAL);
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
