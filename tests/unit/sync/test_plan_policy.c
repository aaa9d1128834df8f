/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What policies with values of the operator's own make of a document: its number. */
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

int test_plan_policy(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_prefixed_number_is_what_stands_there),
		cmocka_unit_test(others_have_the_plain_number),
		cmocka_unit_test(numbers_that_stand_there_stay),
	};

	return cmocka_run_group_tests_name("plan_policy", tests, NULL, NULL);
}
