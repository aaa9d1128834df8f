/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is planned and owed: whose a document is, one open write for each, an answer for each question, rules with their past. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/mappings.h"
#include "ledgerdeck/store/outbox.h"
#include "ledgerdeck/store/plans.h"
#include "ledgerdeck/store/resources.h"

#include "tests.h"

struct office { /* two organizations, each with an account of its own and a customer */
	struct books books;
	struct organization organizations[2];
	struct resource customers[2];
	struct plan plan;
};

static void office_init(struct office *office)
{
	AUTO(store_end) struct store *transaction = NULL;
	struct resource_counts counts = { 0 };
	struct error err = { 0 };

	*office = (struct office){ .organizations = { { .external_id = "one", .name = "One" }, { .external_id = "other", .name = "Other" } } };
	books_init(&office->books);
	transaction = office->books.store;
	expect_ok(store_begin(transaction, &err), &err);
	for (size_t i = 0; i < 2; i++) {
		struct resource *customer = &office->customers[i];

		expect_ok(organizations_add(transaction, &office->organizations[i], &err) &&
			  organization_give(transaction, office->books.accounts[i].id, office->organizations[i].id, &err), &err);
		customer->type = resource_type_find("customer", 8);
		memcpy(customer->organization, office->organizations[i].id, sizeof(customer->organization));
		snprintf(customer->external_id, sizeof(customer->external_id), "c");
		expect_ok(resources_put(transaction, customer, "{\"name\":\"Kestrel\"}", 18, "test", NOW, &counts, &err), &err);
	}
	office->plan = (struct plan){ .id = "plan_1", .who = "bob", .made_ms = NOW, .expires_ms = NOW + DAY };
	memcpy(office->plan.account_id, office->books.accounts[0].id, sizeof(office->plan.account_id));
	expect_ok(plans_add(transaction, &office->plan, "{}", "{}", &err) && store_commit(transaction, &err), &err);
}

static void office_clear(struct office *office)
{
	books_clear(&office->books);
}

/* ---- links */

static bool put_link(struct office *office, size_t account, size_t customer, const char *record_id, struct error *err)
{
	AUTO(store_end) struct store *transaction = office->books.store;
	struct link link = { .resource = office->customers[customer].no, .at_ms = NOW, .record_type = "Customer", .how = "found", .who = "bob" };

	memcpy(link.account_id, office->books.accounts[account].id, sizeof(link.account_id));
	snprintf(link.record_id, sizeof(link.record_id), "%s", record_id);
	return store_begin(transaction, err) && links_put(transaction, &link, "", 0, err) && store_commit(transaction, err);
}

static void a_link_stays_within_its_organization(void **state)
{
	AUTO(office_clear) struct office office;
	struct error err = { 0 };
	struct link link;
	bool found;

	(void)state;
	office_init(&office);
	expect_ok(put_link(&office, 0, 0, "7", &err), &err);
	expect_error(put_link(&office, 0, 1, "8", &err), &err, ERROR_CONFLICT, "another organization");
	expect_error(put_link(&office, 1, 0, "7", &err), &err, ERROR_CONFLICT, "another organization");
	/* The same id in another account is another record. */
	expect_ok(put_link(&office, 1, 1, "7", &err), &err);
	expect_ok(links_of_record(office.books.store, office.books.accounts[1].id, "Customer", "7", &link, &found, &err), &err);
	assert_true(found && link.resource == office.customers[1].no);
}

static void a_record_is_one_document(void **state)
{
	AUTO(office_clear) struct office office;
	AUTO(store_end) struct store *transaction = NULL;
	struct resource second = { .external_id = "d" };
	struct resource_counts counts = { 0 };
	struct error err = { 0 };

	(void)state;
	office_init(&office);
	transaction = office.books.store;
	second.type = office.customers[0].type;
	memcpy(second.organization, office.organizations[0].id, sizeof(second.organization));
	expect_ok(store_begin(transaction, &err) && resources_put(transaction, &second, "{\"name\":\"Merlin\"}", 17, "test", NOW, &counts, &err) &&
		  store_commit(transaction, &err), &err);
	expect_ok(put_link(&office, 0, 0, "7", &err), &err);
	office.customers[0] = second;
	expect_error(put_link(&office, 0, 0, "7", &err), &err, ERROR_CONFLICT, "is linked to another resource already");
}

/* ---- decisions */

static void each_question_has_its_answer(void **state)
{
	AUTO(office_clear) struct office office;
	AUTO(store_end) struct store *transaction = NULL;
	struct decision closed = { .about = "closed:7", .what = "skip", .who = "bob" }, tax = { .about = "tax:1", .what = "accept", .who = "ann" }, now;
	const char *account;
	struct error err = { 0 };
	int64_t no;
	bool found;

	(void)state;
	office_init(&office);
	transaction = office.books.store;
	account = office.books.accounts[0].id;
	no = office.customers[0].no;
	expect_ok(store_begin(transaction, &err) && decisions_put(transaction, account, no, &closed, &err) &&
		  decisions_put(transaction, account, no, &tax, &err), &err);
	snprintf(closed.what, sizeof(closed.what), "first-open-day");
	expect_ok(decisions_put(transaction, account, no, &closed, &err), &err);
	expect_ok(decisions_get(transaction, account, no, "closed:7", &now, &found, &err) && found, &err);
	assert_string_equal(now.what, "first-open-day");
	expect_ok(decisions_get(transaction, account, no, "tax:1", &now, &found, &err) && found, &err);
	assert_string_equal(now.what, "accept");
	assert_string_equal(now.who, "ann");
	expect_ok(decisions_get(transaction, account, no, "tax:2", &now, &found, &err), &err);
	assert_false(found);
	expect_ok(decisions_get(transaction, office.books.accounts[1].id, no, "tax:1", &now, &found, &err), &err);
	assert_false(found);
	expect_ok(decisions_drop(transaction, account, no, "tax:", &err) &&
		  decisions_get(transaction, account, no, "closed:7", &now, &found, &err), &err);
	assert_false(found);
	expect_ok(decisions_get(transaction, account, no, "tax:1", &now, &found, &err) && found, &err);
	expect_ok(decisions_drop(transaction, account, no, "", &err) && decisions_get(transaction, account, no, "tax:1", &now, &found, &err), &err);
	assert_false(found);
}

/* ---- writes */

static bool add_intent(struct office *office, const char *id, struct intent *intent, struct error *err)
{
	AUTO(store_end) struct store *transaction = office->books.store;

	*intent = (struct intent){ .resource = office->customers[0].no, .act = PLAN_CREATE, .state = INTENT_QUEUED, .made_ms = NOW,
				   .since_ms = NOW, .next_ms = NOW, .record_type = "Customer", .number = "Kestrel", .who = "bob", .line = 1 };
	snprintf(intent->id, sizeof(intent->id), "%s", id);
	memcpy(intent->account_id, office->books.accounts[0].id, sizeof(intent->account_id));
	memcpy(intent->plan, office->plan.id, sizeof(intent->plan));
	return store_begin(transaction, err) && intents_add(transaction, intent, "{}", 2, err) && store_commit(transaction, err);
}

static void save(struct office *office, struct intent *intent, enum intent_state to)
{
	AUTO(store_end) struct store *transaction = office->books.store;
	struct error err = { 0 };

	intent->state = to;
	expect_ok(store_begin(transaction, &err) && intents_save(transaction, intent, "bob", NULL, NULL, NOW, &err) &&
		  store_commit(transaction, &err), &err);
}

static void a_document_has_one_open_write(void **state)
{
	static const enum intent_state open[] = { INTENT_WAITING, INTENT_QUEUED, INTENT_SENDING, INTENT_RETRY, INTENT_UNCERTAIN };
	AUTO(office_clear) struct office office;
	struct intent first, second;
	struct error err = { 0 };

	(void)state;
	office_init(&office);
	expect_ok(add_intent(&office, "a", &first, &err), &err);
	for (size_t i = 0; i < ARRAY_LEN(open); i++) {
		save(&office, &first, open[i]);
		assert_false(add_intent(&office, "b", &second, &err));
		error_clear(&err);
	}
	save(&office, &first, INTENT_REJECTED);
	expect_ok(add_intent(&office, "b", &second, &err), &err);
}

struct list {
	char ids[200];
};

static bool note(void *ctx, const struct intent *intent)
{
	struct list *list = ctx;
	size_t len = strlen(list->ids);

	snprintf(list->ids + len, sizeof(list->ids) - len, "%s", intent->id);
	return true;
}

static void what_is_owed_is_listed_newest_first(void **state)
{
	static const char *const expected[] = { "cb", "cb", "cba" };
	AUTO(office_clear) struct office office;
	struct intent_query queries[] = { { .owed_only = true }, { .owed_only = true, .account_id = office.books.accounts[0].id },
					  { .plan = office.plan.id } };
	struct intent intents[3];
	struct error err = { 0 };

	(void)state;
	office_init(&office);
	expect_ok(add_intent(&office, "a", &intents[0], &err), &err);
	save(&office, &intents[0], INTENT_CONFIRMED);
	expect_ok(add_intent(&office, "b", &intents[1], &err), &err);
	save(&office, &intents[1], INTENT_DEAD);
	expect_ok(add_intent(&office, "c", &intents[2], &err), &err);
	for (size_t i = 0; i < ARRAY_LEN(queries); i++) {
		struct list list = { "" };

		expect_ok(intents_list(office.books.store, &queries[i], note, &list, &err), &err);
		assert_string_equal(list.ids, expected[i]);
	}
}

static void what_waits_for_another_try_is_hastened(void **state)
{
	AUTO(office_clear) struct office office;
	AUTO(store_end) struct store *transaction = NULL;
	struct intent intent, due[2];
	struct error err = { 0 };
	size_t count;

	(void)state;
	office_init(&office);
	expect_ok(add_intent(&office, "a", &intent, &err), &err);
	intent.next_ms = NOW + DAY;
	save(&office, &intent, INTENT_RETRY);
	expect_ok(intents_due(office.books.store, office.books.accounts[0].id, NOW, true, 2, due, &count, &err), &err);
	assert_int_equal(count, 0);
	transaction = office.books.store;
	expect_ok(store_begin(transaction, &err) && intents_hasten(transaction, office.books.accounts[1].id, NOW, &err) &&
		  intents_due(transaction, office.books.accounts[0].id, NOW, true, 2, due, &count, &err), &err);
	assert_int_equal(count, 0);
	expect_ok(intents_hasten(transaction, office.books.accounts[0].id, NOW, &err) &&
		  intents_due(transaction, office.books.accounts[0].id, NOW, true, 2, due, &count, &err), &err);
	assert_int_equal(count, 1);
}

/* ---- rules */

static void map_item(struct office *office, const char *record_id, int64_t expected)
{
	AUTO(store_end) struct store *transaction = office->books.store;
	struct mapping rule = { .target = TARGET_ITEM, .code = "FREIGHT" };
	struct error err = { 0 };
	int64_t changed = -1;

	snprintf(rule.record_id, sizeof(rule.record_id), "%s", record_id);
	expect_ok(store_begin(transaction, &err) &&
		  mappings_change(transaction, office->books.accounts[0].id, &rule, 1, "bob", "by hand", 0, NOW, &changed, &err) &&
		  store_commit(transaction, &err), &err);
	assert_int_equal(changed, expected);
}

static bool tell(void *ctx, const struct mapping_change *change)
{
	struct list *list = ctx;
	size_t len = strlen(list->ids);

	snprintf(list->ids + len, sizeof(list->ids) - len, "%lld %s>%s;", (long long)change->version, change->before_id, change->after_id);
	return true;
}

static void rules_have_a_past(void **state)
{
	AUTO(office_clear) struct office office;
	struct list all = { "" }, second = { "" };
	struct error err = { 0 };
	struct mapping now;
	int64_t version;
	bool found;

	(void)state;
	office_init(&office);
	map_item(&office, "1", 1);
	map_item(&office, "1", 0); /* nothing new is no version */
	map_item(&office, "2", 1);
	map_item(&office, "", 1);
	expect_ok(mappings_version(office.books.store, office.books.accounts[0].id, &version, &err), &err);
	assert_int_equal(version, 3);
	expect_ok(mappings_get(office.books.store, office.books.accounts[0].id, TARGET_ITEM, "freight", &now, &found, &err), &err);
	assert_false(found);
	expect_ok(mappings_history(office.books.store, office.books.accounts[0].id, 0, tell, &all, &err), &err);
	assert_string_equal(all.ids, "3 2>;2 1>2;1 >1;");
	expect_ok(mappings_history(office.books.store, office.books.accounts[0].id, 2, tell, &second, &err), &err);
	assert_string_equal(second.ids, "2 1>2;");
	expect_ok(mappings_version(office.books.store, office.books.accounts[1].id, &version, &err), &err);
	assert_int_equal(version, 0);
}

int test_push(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_link_stays_within_its_organization),
		cmocka_unit_test(a_record_is_one_document),
		cmocka_unit_test(each_question_has_its_answer),
		cmocka_unit_test(a_document_has_one_open_write),
		cmocka_unit_test(what_is_owed_is_listed_newest_first),
		cmocka_unit_test(what_waits_for_another_try_is_hastened),
		cmocka_unit_test(rules_have_a_past),
	};

	return cmocka_run_group_tests_name("push", tests, NULL, NULL);
}
