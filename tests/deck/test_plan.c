/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plan: what it comes to, what holds it up, and that nothing is written unasked or from a plan that is over. */
#include "tests.h"

#include <stdio.h>
#include <string.h>

#include "dialog.h"
#include "job.h"
#include "ledgerdeck/core/memory.h"

static void open_plan(struct stage *stage, struct account *ret_account, struct plan *ret_plan, const char *keys)
{
	stage_open(stage, false);
	stage_books(stage, ret_account);
	stage_rule(stage, ret_account->id, TARGET_ITEM, "DESIGN", "12", "Services:Design");
	stage_plan(stage, ret_account->id, ret_plan);
	stage_deck(stage, 43, 132, TEXT_SAFE);
	deck_paint(&stage->deck, &stage->deck.canvas);
	stage_keys(stage, keys);
	deck_paint(&stage->deck, &stage->deck.canvas);
}

static enum plan_state state_of(struct stage *stage, const struct plan *plan)
{
	struct plan now;
	struct error err = { 0 };

	assert_true(plans_find(stage->store, NULL, plan->id, &now, NULL, NULL, &err));
	return now.state;
}

static int64_t owed(struct stage *stage, const struct plan *plan)
{
	struct intent_counts counts = { 0 };
	struct error err = { 0 };
	int64_t all = 0;

	assert_true(intents_count(stage->store, plan->account_id, plan->id, &counts, &err));
	for (int i = 0; i < INTENT_STATE_COUNT; i++)
		all += counts.states[i];
	return all;
}

/* Groups, causes with how many each holds up, effects; and from each to its lines. */
static void test_sums(void **state)
{
	struct stage stage;
	struct account account;
	struct plan plan;

	(void)state;
	open_plan(&stage, &account, &plan, "7");
	stage_expect(&stage, "= It can be applied: A.");
	stage_expect(&stage, "+ create         4 invoice                   5000.00 USD");
	stage_expect(&stage, "item 'FREIGHT OUT' is not mapped");
	stage_expect(&stage, "effect");
	stage_keys(&stage, "Enter");
	stage_expect(&stage, "Lines 4");
	stage_expect(&stage, "INV-1");
	stage_expect_not(&stage, "INV-5");
	stage_close(&stage);
}

/* The dashboard says that documents wait, and where they are told of. */
static void test_waiting(void **state)
{
	struct stage stage;
	struct account account;
	struct plan plan;

	(void)state;
	open_plan(&stage, &account, &plan, "1");
	stage_resize(&stage, 50, 200);
	stage_expect(&stage, "x failed; 5 documents wait for a person");
	stage_close(&stage);
}

/* All that is known of a line; from a code that stands for nothing to where it is mapped. */
static void test_line(void **state)
{
	struct stage stage;
	struct account account;
	struct plan plan;

	(void)state;
	open_plan(&stage, &account, &plan, "7 Tab / 'inv-1' Enter L");
	stage_expect(&stage, "log of INV-1 in Acme");
	stage_keys(&stage, "q Enter");
	stage_expect(&stage, "'DESIGN' stands for Services:Design, by rule 5");
	stage_expect(&stage, "What would be sent");
	stage_expect(&stage, "\"DocNumber\": \"INV-1\"");
	stage_keys(&stage, "m");
	stage_expect(&stage, "no code of it stands for nothing");
	stage_keys(&stage, "Esc Esc / 'inv-6' Enter m");
	stage_expect(&stage, "dashboard \xe2\x80\xba plan \xe2\x80\xba mapping");
	stage_expect(&stage, "> x unmapped FREIGHT OUT");
	stage_close(&stage);
}

/* Nothing is written before it is asked, and where the books are real before the sum is typed. */
static void test_apply(void **state)
{
	struct stage stage;
	struct account account;
	struct plan plan;

	(void)state;
	open_plan(&stage, &account, &plan, "7 A");
	stage_expect(&stage, "This is written into the production books of Acme Bank AS:");
	stage_expect(&stage, "+ create 4 Invoice, 5000.00 USD");
	stage_expect(&stage, "type 5000.00:");
	stage_keys(&stage, "y Enter");
	assert_int_equal(state_of(&stage, &plan), PLAN_OPEN);
	stage_keys(&stage, "Esc Tab / 'inv-2' Enter Space A");
	stage_expect(&stage, "+ create 1 Invoice, 1250.00 USD");
	stage_expect(&stage, "type 1250.00:");
	stage_keys(&stage, "Esc");
	assert_int_equal(owed(&stage, &plan), 0);
	stage_close(&stage);
}

/* A plan that is over is not applied, and says what has moved. */
static void test_over(void **state)
{
	struct stage stage;
	struct account account;
	struct plan plan;

	(void)state;
	open_plan(&stage, &account, &plan, "7");
	stage_rule(&stage, account.id, TARGET_ITEM, "FREIGHT OUT", "13", "Freight out");
	stage_news(&stage);
	stage_expect(&stage, "! It is stale: the mapping has version 6 since, it was made by version 5.");
	stage_keys(&stage, "A");
	assert_null(stage.deck.dialog);
	stage.now_ms += 2 * 3600000;
	stage_keys(&stage, "R");
	stage_expect(&stage, "! It expired at");
	stage_close(&stage);
}

static void set_policy(struct stage *stage, const char *account_id, enum policy policy, const char *value)
{
	AUTO(store_end) struct store *transaction = stage->store;
	struct error err = { 0 };
	bool changed;

	if (!store_begin(transaction, &err) || !policies_set(transaction, account_id, policy, value, "bob", NOW, &changed, &err) ||
	    !store_commit(transaction, &err))
		fail_msg("%s", err.text);
}

/* An account that is only to be read says so wherever it is looked at, and no plan of it is applied. */
static void test_reads_only(void **state)
{
	struct push_apply wish = { .who = "bob" };
	struct push_applied applied;
	struct error err = { 0 };
	struct stage stage;
	struct account account;
	struct plan plan;

	(void)state;
	open_plan(&stage, &account, &plan, "1");
	set_policy(&stage, account.id, POLICY_DIRECTION, "pull");
	stage_news(&stage);
	stage_expect(&stage, "READ-ONLY, nothing is written to it.");
	stage_keys(&stage, "7");
	stage_expect(&stage, "! It is stale: what plans may do (policy) was changed since.");
	wish.plan_id = plan.id;
	wish.env = stage.app.env;
	assert_false(push_apply(stage.store, stage.catalogue, &wish, &applied, &err));
	push_applied_clear(&applied);
	assert_non_null(strstr(err.text, "nothing was written: the account is read-only"));
	assert_int_equal(owed(&stage, &plan), 0);
	stage_close(&stage);
}

/* Not only the rules: what a plan may do, a document, and a record that it would change are looked at, too. */
static void test_stale(void **state)
{
	struct stage stage;
	struct account account;
	struct plan plan;

	(void)state;
	open_plan(&stage, &account, &plan, "7");
	stage_document(&stage, account.id, "INV-5", "C-COOL", "2026-09-11", "FREIGHT OUT", "81.50");
	stage_news(&stage);
	stage_expect(&stage, "= It can be applied: A.");
	stage_document(&stage, account.id, "INV-2", "C-AMY", "2026-09-10", "DESIGN", "1251.00");
	stage_news(&stage);
	stage_expect(&stage, "! It is stale: Invoice INV-2 was changed on your side since. Make a new one.");
	stage_keys(&stage, "A");
	assert_null(stage.deck.dialog);
	set_policy(&stage, account.id, POLICY_NEW_CUSTOMER, "create");
	stage_news(&stage);
	stage_expect(&stage, "! It is stale: what plans may do (policy) was changed since. Make a new one.");
	stage_close(&stage);
}

/* The command's plan is shown where plans are, whatever account the deck was at. */
static void test_command(void **state)
{
	struct stage stage;
	struct account account;
	struct plan plan;

	(void)state;
	open_plan(&stage, &account, &plan, ": 'plan Acme' Enter");
	stage_expect(&stage, "dashboard \xe2\x80\xba plan");
	stage_expect(&stage, "= It can be applied: A.");
	stage_expect(&stage, "Lines ");
	stage_keys(&stage, ": 'plan nobody' Enter");
	stage_expect(&stage, "nobody");
	stage_close(&stage);
}

/* The document behind a line: what holds it up first, and one key that plans it alone. */
static void test_document(void **state)
{
	struct stage stage;
	struct account account;
	struct plan plan;

	(void)state;
	open_plan(&stage, &account, &plan, "7 i");
	stage_expect(&stage, "no line of it is under the cursor (Tab)");
	stage_keys(&stage, "Tab / 'inv-6' Enter i");
	stage_expect(&stage, "! blocked in Acme Bank AS: item 'FREIGHT OUT' is not mapped");
	stage_expect(&stage, "put that right; r plans it anew");
	stage_expect(&stage, "not there yet");
	stage_expect(&stage, "\"number\": \"INV-6\"");
	stage_keys(&stage, "Enter");
	stage_expect(&stage, "nothing of it was put into the outbox yet");
	stage_keys(&stage, "r");
	stage_expect(&stage, "invoice INV-6 \xe2\x80\xba plan");
	assert_non_null(strstr(stage.deck.jobs[stage.deck.job_count - 1]->title, "--resource rsrc_00000000000000000000000006"));
	stage_close(&stage);
}

/* What moved between the asking and the answer is told, and nothing is done. */
static void test_moved_meanwhile(void **state)
{
	struct stage stage;
	struct account account;
	struct plan plan;

	(void)state;
	open_plan(&stage, &account, &plan, "7 A");
	stage_rule(&stage, account.id, TARGET_ITEM, "FREIGHT OUT", "13", "Freight out");
	stage_keys(&stage, "'5000.00' Enter");
	stage_expect(&stage, "It is stale: the mapping has version 6");
	assert_int_equal(state_of(&stage, &plan), PLAN_OPEN);
	assert_int_equal(owed(&stage, &plan), 0);
	stage_close(&stage);
}

/* However many causes there are, one that is told is counted to the end. */
static void test_many_causes(void **state)
{
	AUTO(str_clear) struct str head = STR_INIT(STR_NO_LIMIT);
	struct error err = { 0 };
	struct stage stage;
	struct account account;
	struct plan plan, kept;
	char number[16];

	(void)state;
	stage_open(&stage, false);
	stage_books(&stage, &account);
	for (int i = 0; i < 42; i++) {
		AUTO(str_clear) struct str data = STR_INIT(STR_NO_LIMIT);

		snprintf(number, sizeof(number), "MANY-%d", i);
		str_addf(&data, "{\"number\":\"%s\",\"date\":\"2026-09-10\",\"customer\":\"C-AMY\",\"lines\":[", number);
		for (int k = 0; k < 13; k++)
			str_addf(&data, "%s{\"item\":\"X-%d\",\"amount\":\"1.00\"}", k ? "," : "", 13 * i + k);
		str_add(&data, "]}");
		stage_resource(&stage, account.id, "invoice", number, data.text);
	}
	stage_document(&stage, account.id, "LAST", "C-AMY", "2026-09-10", "X-1", "3.00");
	stage_plan(&stage, account.id, &plan);
	assert_true(plans_find(stage.store, NULL, plan.id, &kept, NULL, &head, &err));
	assert_non_null(strstr(head.text, "\"item 'X-1' is not mapped\",\"type\":\"invoice\",\"currency\":\"USD\",\"count\":2,"));
	assert_non_null(strstr(head.text, "\"other causes\""));
	stage_close(&stage);
}

/* Applied by somebody else, it says so, and what became of it. */
static void test_applied(void **state)
{
	struct push_applied applied;
	struct push_apply wish = { .who = "bob", .confirm = "5000.00" };
	struct error err = { 0 };
	struct stage stage;
	struct account account;
	struct plan plan;

	(void)state;
	open_plan(&stage, &account, &plan, "7");
	wish.plan_id = plan.id;
	wish.env = stage.app.env;
	assert_true(push_apply(stage.store, stage.catalogue, &wish, &applied, &err) && !applied.stale);
	push_applied_clear(&applied);
	stage_news(&stage);
	stage_expect(&stage, "= It was applied at 14:13 by bob.");
	stage_expect(&stage, "; 4 queued: B shows them");
	stage_keys(&stage, "A");
	assert_null(stage.deck.dialog);
	stage_close(&stage);
}

/* Planned anew by a command; what was made takes the place of what is shown. */
static void test_anew(void **state)
{
	struct stage stage;
	struct account account;
	struct plan plan;

	(void)state;
	open_plan(&stage, &account, &plan, "7");
	stage_rule(&stage, account.id, TARGET_ITEM, "FREIGHT OUT", "13", "Freight out");
	stage_keys(&stage, ": 'plan Acme --as-is' Enter Esc 1 7");
	stage_expect(&stage, "= It can be applied: A.");
	stage_expect(&stage, "+ create         6 invoice                   5092.50 USD");
	stage_close(&stage);
}

struct asked {
	int64_t resource;
	char question[120];
};

static bool find_question(void *ctx, const struct plan_line *line)
{
	struct asked *asked = ctx;
	AUTO(str_clear) struct str question = STR_INIT(119);

	json_unquote(json_find(line->detail, strlen(line->detail), "question"), &question);
	if (line->resource == asked->resource)
		snprintf(asked->question, sizeof(asked->question), "%s", question.text);
	return true;
}

/* What is asked can be answered for one line or for all like it; the next plan heeds it. */
static void test_decide(void **state)
{
	struct asked asked = { 0 };
	struct decision decision;
	struct error err = { 0 };
	struct stage stage;
	struct account account;
	struct plan plan;
	struct resource resource;
	char organization[RESOURCE_ID_MAX];
	bool found;

	(void)state;
	open_plan(&stage, &account, &plan, "7 Tab / 'inv-7' Enter d");
	stage_expect(&stage, "l link  c create  s skip  L link all");
	stage_keys(&stage, "s");
	stage_expect(&stage, "Decided: skip. The next plan heeds it.");
	assert_true(organization_of_account(stage.store, account.id, organization, &err));
	assert_true(resources_get(stage.store, organization, NULL, "INV-7", &resource, NULL, &found, &err) && found);
	asked.resource = resource.no;
	assert_true(plans_lines(stage.store, plan.id, 1, 0, find_question, &asked, &err));
	assert_true(decisions_get(stage.store, account.id, resource.no, asked.question, &decision, &found, &err) && found);
	assert_string_equal(decision.what, "skip");
	stage_keys(&stage, "Esc / 'inv-1' Enter d");
	stage_expect(&stage, "nothing is to be decided about it");
	stage_close(&stage);
}

static void test_readonly(void **state)
{
	struct stage stage;
	struct account account;
	struct plan plan;

	(void)state;
	stage_open(&stage, false);
	stage_books(&stage, &account);
	stage_plan(&stage, account.id, &plan);
	stage.app.readonly = true;
	stage_deck(&stage, 43, 132, TEXT_SAFE);
	deck_paint(&stage.deck, &stage.deck.canvas);
	stage_keys(&stage, "7 A");
	stage_expect(&stage, "--readonly forbids it");
	stage_keys(&stage, "p d");
	assert_null(stage.deck.dialog);
	assert_int_equal(stage.deck.job_count, 0);
	stage_close(&stage);
}

/* Where there is none it says how to make one. */
static void test_none(void **state)
{
	struct stage stage;
	struct account account;

	(void)state;
	stage_open(&stage, false);
	stage_books(&stage, &account);
	stage_deck(&stage, 24, 80, TEXT_SAFE);
	deck_paint(&stage.deck, &stage.deck.canvas);
	stage_keys(&stage, "7");
	stage_expect(&stage, "No plan is open for this account. p makes one");
	stage_keys(&stage, "A");
	stage_expect(&stage, "there is no plan yet; p makes one");
	stage_close(&stage);
}

int test_plan(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sums), cmocka_unit_test(test_waiting),   cmocka_unit_test(test_line),           cmocka_unit_test(test_apply), cmocka_unit_test(test_stale), cmocka_unit_test(test_reads_only), cmocka_unit_test(test_command), cmocka_unit_test(test_document),
		cmocka_unit_test(test_over),
		cmocka_unit_test(test_anew),   cmocka_unit_test(test_moved_meanwhile), cmocka_unit_test(test_decide),
		cmocka_unit_test(test_readonly), cmocka_unit_test(test_none),        cmocka_unit_test(test_applied), cmocka_unit_test(test_many_causes),
	};

	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
