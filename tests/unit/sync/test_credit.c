/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Invoices that are taken back by a credit note: what is made for it, once, and what becomes of that when somebody changes his mind. */
#include <stdio.h>
#include <string.h>

#include "desk.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/credit_notes.h"
#include "tests.h"

#define INVOICE(amount, more) "{\"number\":\"1042\",\"customer\":\"c\",\"date\":\"2026-01-20\"" more ",\"lines\":[{\"item\":\"W\",\"amount\":\"" \
			      amount "\"}]}"
#define VOIDED ",\"voided\":true"

static int64_t write_invoice(struct desk *desk)
{
	int64_t invoice;

	desk_open(desk);
	desk_map_item(desk);
	desk_set(desk, POLICY_NEW_CUSTOMER, "create");
	desk_put(desk, "customer", "c", "{\"name\":\"Kestrel\"}");
	invoice = desk_put(desk, "invoice", "i", INVOICE("5.00", ""));
	desk_carry_out(desk);
	desk_set(desk, POLICY_VOID, "credit-note");
	return invoice;
}

static struct credit_note note_of(struct desk *desk, int64_t invoice)
{
	struct error err = { 0 };
	struct credit_note note;
	bool found = false;

	if (!credit_notes_get(desk->world->store, desk->account.id, invoice, &note, &found, &err) || !found)
		fail_msg("it has no credit note: %s", err.text);
	return note;
}

/* How many records of a type are of our customer, and what the last of them has there. */
static int count_there(struct desk *desk, const char *type, const char *member, char *ret_value /* 40 */)
{
	AUTO(texts_clear) struct texts truth = { 0 };
	int count = 0;

	world_truth(desk->world, "1001", catalogue_find(desk->world->catalogue, "quickbooks", type), &truth);
	for (size_t i = 0; i < truth.count; i++) {
		struct json_slice name = json_find(truth.items[i], strlen(truth.items[i]), "CustomerRef.name");
		struct json_slice value = json_find(truth.items[i], strlen(truth.items[i]), member);

		if (!json_equals(name, "Kestrel"))
			continue;
		count++;
		snprintf(ret_value, 40, "%.*s", (int)value.len, value.len ? value.text : "");
	}
	return count;
}

static void expect_there(struct desk *desk, const char *type, int count, const char *member, const char *value)
{
	char found[40] = "";

	assert_int_equal(count_there(desk, type, member, found), count);
	assert_string_equal(found, value);
}

/* The invoice stays, the note is made and applied; another plan has nothing to do. */
static void it_is_made_and_applied_once(void **state)
{
	struct credit_note note;
	struct seen found;
	struct desk desk;
	int64_t invoice;

	(void)state;
	invoice = write_invoice(&desk);
	/* Systems that make a document void take its amounts away, too: what was written counts. */
	desk_put(&desk, "invoice", "i", INVOICE("0.00", VOIDED));
	found = desk_expect(&desk, invoice, PLAN_SKIP, REASON_VOIDED);
	assert_string_equal(found.line.why, "void with you; a credit note is to take it back");
	note = note_of(&desk, invoice);
	found = desk_expect(&desk, note.note, PLAN_CREATE, REASON_NEW);
	assert_string_equal(found.line.record_type, "CreditMemo");
	assert_string_equal(found.line.number, "1042");
	assert_non_null(strstr(found.body, "takes back invoice 1042"));
	found = desk_expect(&desk, note.payment, PLAN_CREATE, REASON_NEW);
	assert_non_null(strstr(found.body, "\"TotalAmt\":0"));
	desk_carry_out(&desk);
	expect_there(&desk, "Invoice", 1, "TotalAmt", "5.00");
	expect_there(&desk, "Invoice", 1, "Balance", "0");
	expect_there(&desk, "CreditMemo", 1, "TotalAmt", "5.00");
	expect_there(&desk, "CreditMemo", 1, "Balance", "0");
	found = desk_expect(&desk, invoice, PLAN_SKIP, REASON_VOIDED);
	assert_string_equal(found.line.why, "void with you; a credit note takes it back");
	desk_expect(&desk, note.note, PLAN_SAME, REASON_EQUAL);
	desk_expect(&desk, note.payment, PLAN_SAME, REASON_EQUAL);
	desk_carry_out(&desk);
	expect_there(&desk, "CreditMemo", 1, "TotalAmt", "5.00");
	/* Once it is there, no other policy makes the invoice void besides. */
	desk_set(&desk, POLICY_VOID, "void");
	desk_expect(&desk, invoice, PLAN_SKIP, REASON_VOIDED);
	desk_close(&desk);
}

/* What was paid of it is the customer's credit afterwards. */
static void only_what_is_open_is_applied(void **state)
{
	struct seen found;
	struct desk desk;
	char body[300], customer[40] = "";
	int64_t invoice;

	(void)state;
	invoice = write_invoice(&desk);
	found = desk_expect(&desk, invoice, PLAN_SAME, REASON_EQUAL);
	count_there(&desk, "Invoice", "CustomerRef.value", customer);
	snprintf(body, sizeof(body), "{\"CustomerRef\":{\"value\":%s},\"TotalAmt\":2,\"Line\":[{\"Amount\":2,\"LinkedTxn\":[{\"TxnId\":\"%s\","
		 "\"TxnType\":\"Invoice\"}]}]}", customer, found.line.record_id);
	desk_post(&desk, "payment", body);
	desk_put(&desk, "invoice", "i", INVOICE("5.00", VOIDED));
	desk_expect(&desk, invoice, PLAN_SKIP, REASON_VOIDED);
	desk_expect(&desk, note_of(&desk, invoice).note, PLAN_CREATE, REASON_NEW);
	desk_carry_out(&desk);
	expect_there(&desk, "Invoice", 1, "Balance", "0");
	expect_there(&desk, "CreditMemo", 1, "Balance", "2.00");
	desk_close(&desk);
}

/* Until it is written, it follows the invoice and the policy; nothing is taken back twice, or for nothing. */
static void until_it_is_written_it_follows(void **state)
{
	struct credit_note note;
	struct desk desk;
	int64_t invoice;

	(void)state;
	invoice = write_invoice(&desk);
	desk_put(&desk, "invoice", "i", INVOICE("5.00", VOIDED));
	desk_expect(&desk, invoice, PLAN_SKIP, REASON_VOIDED);
	note = note_of(&desk, invoice);
	desk_set(&desk, POLICY_VOID, "void");
	desk_expect(&desk, invoice, PLAN_VOID, REASON_VOIDED);
	desk_expect(&desk, note.note, PLAN_SKIP, REASON_VOIDED);
	desk_expect(&desk, note.payment, PLAN_SKIP, REASON_VOIDED);
	desk_set(&desk, POLICY_VOID, "credit-note");
	desk_put(&desk, "invoice", "i", INVOICE("5.00", ""));
	desk_expect(&desk, invoice, PLAN_SAME, REASON_EQUAL);
	desk_expect(&desk, note.note, PLAN_SKIP, REASON_VOIDED);
	desk_expect(&desk, note.payment, PLAN_SKIP, REASON_VOIDED);
	desk_put(&desk, "invoice", "i", INVOICE("5.00", VOIDED));
	desk_expect(&desk, note.note, PLAN_CREATE, REASON_NEW);
	desk_expect(&desk, note.payment, PLAN_CREATE, REASON_NEW);
	assert_int_equal(note_of(&desk, invoice).note, note.note);
	desk_close(&desk);
}

/* Written, it can only be taken back where the ledger can: its application is, the note itself waits for a person. */
static void what_is_written_is_taken_back_as_far_as_can_be(void **state)
{
	struct credit_note note;
	struct seen found;
	struct desk desk;
	int64_t invoice;

	(void)state;
	invoice = write_invoice(&desk);
	desk_put(&desk, "invoice", "i", INVOICE("5.00", VOIDED));
	desk_carry_out(&desk);
	note = note_of(&desk, invoice);
	desk_put(&desk, "invoice", "i", INVOICE("5.00", ""));
	desk_expect(&desk, note.payment, PLAN_VOID, REASON_VOIDED);
	found = desk_expect(&desk, note.note, PLAN_BLOCKED, REASON_LINKS);
	assert_non_null(strstr(found.line.why, "QuickBooks makes a CreditMemo void only on its own pages"));
	desk_carry_out(&desk);
	expect_there(&desk, "Invoice", 1, "Balance", "5.00");
	desk_close(&desk);
}

/* Somebody has changed the invoice since we wrote it: a note of another total would leave something of it. */
static void a_note_of_another_total_is_held_back(void **state)
{
	struct seen found;
	struct desk desk;
	int64_t invoice;

	(void)state;
	invoice = write_invoice(&desk);
	found = desk_expect(&desk, invoice, PLAN_SAME, REASON_EQUAL);
	desk_change_there(&desk, "invoice", found.line.record_id, "\"Line\":[{\"Amount\":7,\"DetailType\":\"SalesItemLineDetail\","
			  "\"SalesItemLineDetail\":{\"ItemRef\":{\"value\":\"1\"}}}]");
	desk_put(&desk, "invoice", "i", INVOICE("5.00", VOIDED));
	desk_expect(&desk, invoice, PLAN_SKIP, REASON_VOIDED);
	found = desk_expect(&desk, note_of(&desk, invoice).note, PLAN_BLOCKED, REASON_TOTAL);
	assert_string_equal(found.line.why, "the credit note comes to 5.00, and the invoice that it takes back is 7.00 in the ledger");
	desk_expect(&desk, note_of(&desk, invoice).payment, PLAN_BLOCKED, REASON_PARENT);
	desk_close(&desk);
}

/* What the ledger has made void itself needs none. */
static void what_is_not_open_needs_none(void **state)
{
	struct error err = { 0 };
	struct credit_note note;
	struct seen found;
	struct desk desk;
	char body[100];
	int64_t invoice;
	bool has;

	(void)state;
	invoice = write_invoice(&desk);
	found = desk_expect(&desk, invoice, PLAN_SAME, REASON_EQUAL);
	snprintf(body, sizeof(body), "{\"Id\":\"%s\",\"SyncToken\":\"0\"}", found.line.record_id);
	desk_post(&desk, "invoice?operation=void", body);
	desk_put(&desk, "invoice", "i", INVOICE("5.00", VOIDED));
	found = desk_expect(&desk, invoice, PLAN_SKIP, REASON_VOIDED);
	assert_string_equal(found.line.why, "void with you, and not open in the ledger");
	assert_true(credit_notes_get(desk.world->store, desk.account.id, invoice, &note, &has, &err));
	assert_false(has);
	desk_close(&desk);
}

int test_credit(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_made_and_applied_once),
		cmocka_unit_test(only_what_is_open_is_applied),
		cmocka_unit_test(until_it_is_written_it_follows),
		cmocka_unit_test(what_is_written_is_taken_back_as_far_as_can_be),
		cmocka_unit_test(a_note_of_another_total_is_held_back),
		cmocka_unit_test(what_is_not_open_needs_none),
	};

	return cmocka_run_group_tests_name("credit", tests, NULL, NULL);
}
