/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What policies with values of the operator's own make of a document: its number, and fields that are left to others. */
#include <stdio.h>
#include <string.h>

#include "desk.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/sync/link.h"
#include "tests.h"

#define INVOICE(number) "{\"number\":\"" number "\",\"customer\":\"c\",\"date\":\"2026-01-20\",\"lines\":[{\"item\":\"W\",\"amount\":\"5.00\"}]}"
#define PAYMENT(invoice) "{\"customer\":\"c\",\"date\":\"2026-01-21\",\"amount\":\"5.00\",\"lines\":[{\"invoice\":\"" invoice "\",\"amount\":\"5.00\"}]}"

static void open_desk(struct desk *desk)
{
	desk_open(desk);
	desk_map_item(desk);
	desk_set(desk, POLICY_NEW_CUSTOMER, "create");
	desk_put(desk, "customer", "c", "{\"name\":\"Kestrel\"}");
}

static void unlink_it(struct desk *desk, int64_t resource)
{
	struct link_wish wish = { .account_id = desk->account.id, .resource = resource, .who = "test" };
	struct error err = { 0 };

	if (!link_remove(desk->world->store, &wish, &err))
		fail_msg("%s", err.text);
}

static void expect_member(const struct seen *found, const char *path, const char *json)
{
	struct json_slice value = json_find(found->body, strlen(found->body), path);

	if (value.len != strlen(json) || memcmp(value.text, json, value.len) != 0)
		fail_msg("%s is not %s in %s", path, json, found->body);
}

/* Written, known again, and told apart, by the number that it has there. */
static void a_prefixed_number_is_what_stands_there(void **state)
{
	int64_t invoice, another;
	struct seen found;
	struct desk desk;

	(void)state;
	open_desk(&desk);
	desk_set(&desk, POLICY_NUMBERING, "prefix=AC-");
	invoice = desk_put(&desk, "invoice", "i", INVOICE("1042"));
	found = desk_expect(&desk, invoice, PLAN_CREATE, REASON_NEW);
	assert_string_equal(found.line.number, "AC-1042");
	desk_carry_out(&desk);
	desk_expect(&desk, invoice, PLAN_SAME, REASON_EQUAL);
	/* By our mark it is ours, though nothing is linked. */
	unlink_it(&desk, invoice);
	desk_expect(&desk, invoice, PLAN_LINK, REASON_FOUND);
	/* Another document of that number would be a second one. */
	desk_carry_out(&desk);
	another = desk_put(&desk, "invoice", "j", INVOICE("1042"));
	desk_expect(&desk, another, PLAN_CREATE, REASON_NEW);
	unlink_it(&desk, invoice);
	found = desk_expect(&desk, another, PLAN_DECIDE, REASON_DUPLICATE);
	assert_non_null(strstr(found.line.why, "has number AC-1042"));
	desk_close(&desk);
}

/* What others have under the plain number is another document, and no payment of ours goes to it while ours is there. */
static void others_have_the_plain_number(void **state)
{
	static const char theirs[] = "{\"DocNumber\":\"1042\",\"CustomerRef\":{\"value\":\"%s\"},\"TxnDate\":\"2026-01-20\",\"Line\":[{\"Amount\":5,"
				     "\"DetailType\":\"SalesItemLineDetail\",\"SalesItemLineDetail\":{\"ItemRef\":{\"value\":\"1\"}}}]}";
	int64_t customer, invoice, payment;
	char id[160], body[400];
	struct seen found;
	struct desk desk;

	(void)state;
	open_desk(&desk);
	customer = desk_put(&desk, "customer", "c", "{\"name\":\"Kestrel\"}");
	desk_carry_out(&desk);
	found = desk_expect(&desk, customer, PLAN_SAME, REASON_EQUAL);
	snprintf(body, sizeof(body), theirs, found.line.record_id);
	desk_post(&desk, "invoice", body);
	invoice = desk_put(&desk, "invoice", "i", INVOICE("1042"));
	desk_expect(&desk, invoice, PLAN_DECIDE, REASON_DUPLICATE);
	desk_set(&desk, POLICY_NUMBERING, "prefix=AC-");
	desk_expect(&desk, invoice, PLAN_CREATE, REASON_NEW);
	desk_carry_out(&desk);
	found = desk_expect(&desk, invoice, PLAN_SAME, REASON_EQUAL);
	payment = desk_put(&desk, "payment", "p", PAYMENT("1042"));
	snprintf(id, sizeof(id), "[{\"Amount\":5.00,\"LinkedTxn\":[{\"TxnId\":\"%s\",\"TxnType\":\"Invoice\"}]}]", found.line.record_id);
	found = desk_expect(&desk, payment, PLAN_CREATE, REASON_NEW);
	expect_member(&found, "Line", id);
	/* By the number that it has there it is the same one. */
	desk_put(&desk, "payment", "p", PAYMENT("AC-1042"));
	found = desk_expect(&desk, payment, PLAN_CREATE, REASON_NEW);
	expect_member(&found, "Line", id);
	desk_close(&desk);
}

/* Nothing that stands in the ledger gets another number by a change of the policy. */
static void numbers_that_stand_there_stay(void **state)
{
	struct seen found;
	int64_t invoice;
	struct desk desk;

	(void)state;
	open_desk(&desk);
	invoice = desk_put(&desk, "invoice", "i", INVOICE("1042"));
	desk_carry_out(&desk);
	desk_set(&desk, POLICY_NUMBERING, "prefix=AC-");
	found = desk_expect(&desk, invoice, PLAN_SAME, REASON_EQUAL);
	assert_string_equal(found.line.number, "1042");
	desk_put(&desk, "invoice", "i", INVOICE("1043"));
	found = desk_expect(&desk, invoice, PLAN_UPDATE, REASON_CHANGED);
	expect_member(&found, "DocNumber", "\"AC-1043\"");
	desk_close(&desk);
}

#define DUE(due, memo) "{\"number\":\"1042\",\"customer\":\"c\",\"date\":\"2026-01-20\",\"due_date\":\"" due "\",\"memo\":\"" memo \
		       "\",\"lines\":[{\"item\":\"W\",\"amount\":\"5.00\"}]}"

static void change_it_there(struct desk *desk, const char *type, int64_t resource, const char *member)
{
	struct seen found = desk_expect(desk, resource, PLAN_SAME, REASON_EQUAL);

	desk_change_there(desk, type, found.line.record_id, member);
}

/* Ours where it is created; then the ledger's stays, whoever changes it, and all else is ours. */
static void a_field_is_left_to_the_ledger(void **state)
{
	struct seen found;
	int64_t invoice;
	struct desk desk;

	(void)state;
	open_desk(&desk);
	desk_set(&desk, POLICY_OWNER, "due_date=ledger");
	invoice = desk_put(&desk, "invoice", "i", DUE("2026-02-01", "one"));
	found = desk_expect(&desk, invoice, PLAN_CREATE, REASON_NEW);
	expect_member(&found, "DueDate", "\"2026-02-01\"");
	desk_carry_out(&desk);
	change_it_there(&desk, "invoice", invoice, "\"DueDate\":\"2026-03-01\"");
	found = desk_expect(&desk, invoice, PLAN_SAME, REASON_EQUAL);
	assert_string_equal(found.line.why, "nothing differs but what is left to the ledger");
	assert_string_equal(found.notes, "due_date: the ledger's '2026-03-01' stays, yours is '2026-02-01' (policy field-owner)\n");
	/* What is ours is written; nothing of what is not, though both sides have changed it. */
	desk_put(&desk, "invoice", "i", DUE("2026-02-09", "two"));
	found = desk_expect(&desk, invoice, PLAN_UPDATE, REASON_CHANGED);
	assert_string_equal(found.line.why, "1 field differs");
	assert_null(strstr(found.body, "DueDate"));
	assert_non_null(strstr(found.body, "PrivateNote"));
	assert_non_null(strstr(found.notes, "due_date: the ledger's '2026-03-01' stays, yours is '2026-02-09'"));
	desk_carry_out(&desk);
	desk_expect(&desk, invoice, PLAN_SAME, REASON_EQUAL);
	/* Of one type it may be otherwise, and as it was before it is a conflict. */
	desk_set(&desk, POLICY_OWNER, "due_date=ledger invoice.due_date=source");
	found = desk_expect(&desk, invoice, PLAN_UPDATE, REASON_CHANGED);
	expect_member(&found, "DueDate", "\"2026-02-09\"");
	desk_close(&desk);
}

/* A conflict is about what is ours, and a field of the ledger's makes none. */
static void conflicts_are_about_what_is_ours(void **state)
{
	struct seen found;
	int64_t invoice;
	struct desk desk;

	(void)state;
	open_desk(&desk);
	invoice = desk_put(&desk, "invoice", "i", DUE("2026-02-01", "one"));
	desk_carry_out(&desk);
	change_it_there(&desk, "invoice", invoice, "\"DueDate\":\"2026-03-01\",\"TxnDate\":\"2026-01-21\"");
	found = desk_expect(&desk, invoice, PLAN_DECIDE, REASON_CONFLICT);
	assert_string_equal(found.line.why, "2 fields were changed in the ledger since it was written");
	desk_set(&desk, POLICY_OWNER, "due_date=ledger");
	found = desk_expect(&desk, invoice, PLAN_DECIDE, REASON_CONFLICT);
	assert_string_equal(found.line.why, "1 field was changed in the ledger since it was written");
	desk_decide(&desk, &found, "ours");
	found = desk_expect(&desk, invoice, PLAN_UPDATE, REASON_LEDGER_CHANGED);
	expect_member(&found, "TxnDate", "\"2026-01-20\"");
	assert_null(strstr(found.body, "DueDate"));
	desk_set(&desk, POLICY_OWNER, "due_date=ledger date=ledger");
	desk_expect(&desk, invoice, PLAN_SAME, REASON_EQUAL);
	desk_close(&desk);
}

/* Asked about each difference, once: another value is another question, another change of the record is not. */
static void a_person_decides_about_a_field(void **state)
{
	struct seen asked, found;
	int64_t invoice;
	struct desk desk;

	(void)state;
	open_desk(&desk);
	desk_set(&desk, POLICY_OWNER, "due_date=manual");
	invoice = desk_put(&desk, "invoice", "i", DUE("2026-02-01", "one"));
	desk_carry_out(&desk);
	desk_put(&desk, "invoice", "i", DUE("2026-02-09", "two"));
	asked = desk_expect(&desk, invoice, PLAN_DECIDE, REASON_OWNER);
	assert_string_equal(asked.line.why, "due_date differs, and a person decides about it");
	desk_decide(&desk, &asked, "theirs");
	found = desk_expect(&desk, invoice, PLAN_UPDATE, REASON_CHANGED);
	assert_null(strstr(found.body, "DueDate"));
	assert_string_equal(found.notes, "due_date: the ledger's '2026-02-01' stays, yours is '2026-02-09' (a person's decision)\n");
	desk_carry_out(&desk);
	desk_expect(&desk, invoice, PLAN_SAME, REASON_EQUAL);
	desk_put(&desk, "invoice", "i", DUE("2026-02-10", "two"));
	asked = desk_expect(&desk, invoice, PLAN_DECIDE, REASON_OWNER);
	desk_decide(&desk, &asked, "ours");
	found = desk_expect(&desk, invoice, PLAN_UPDATE, REASON_CHANGED);
	expect_member(&found, "DueDate", "\"2026-02-10\"");
	desk_carry_out(&desk);
	desk_expect(&desk, invoice, PLAN_SAME, REASON_EQUAL);
	desk_close(&desk);
}

/* Parts of an address stand together in the ledger: one that is its own goes along as it stands. */
static void parts_of_one_member_are_left_alone(void **state)
{
	struct seen found;
	int64_t customer;
	struct desk desk;

	(void)state;
	open_desk(&desk);
	desk_set(&desk, POLICY_OWNER, "street=ledger notes=ledger");
	customer = desk_put(&desk, "customer", "c", "{\"name\":\"Kestrel\",\"street\":\"1 Way\",\"city\":\"Ulm\",\"notes\":\"n\"}");
	desk_carry_out(&desk);
	change_it_there(&desk, "customer", customer, "\"BillAddr\":{\"Line1\":\"9 Way\",\"City\":\"Ulm\"}");
	desk_put(&desk, "customer", "c", "{\"name\":\"Kestrel\",\"street\":\"2 Way\",\"city\":\"Bonn\",\"notes\":\"m\"}");
	found = desk_expect(&desk, customer, PLAN_UPDATE, REASON_CHANGED);
	expect_member(&found, "BillAddr.Line1", "\"9 Way\"");
	expect_member(&found, "BillAddr.City", "\"Bonn\"");
	assert_null(strstr(found.body, "Notes"));
	desk_carry_out(&desk);
	desk_expect(&desk, customer, PLAN_SAME, REASON_EQUAL);
	desk_close(&desk);
}

int test_plan_policy(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_prefixed_number_is_what_stands_there),
		cmocka_unit_test(others_have_the_plain_number),
		cmocka_unit_test(numbers_that_stand_there_stay),
		cmocka_unit_test(a_field_is_left_to_the_ledger),
		cmocka_unit_test(conflicts_are_about_what_is_ours),
		cmocka_unit_test(a_person_decides_about_a_field),
		cmocka_unit_test(parts_of_one_member_are_left_alone),
	};

	return cmocka_run_group_tests_name("plan_policy", tests, NULL, NULL);
}
