/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of a document that was written already: its record is gone, it is made void, the books are closed behind it. */
#include <stdio.h>
#include <string.h>

#include "desk.h"
#include "engine.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/records.h"
#include "tests.h"

#define KESTREL "{\"name\":\"Kestrel\"}"
#define INVOICE(more) "{\"number\":\"Z-1\",\"customer\":\"c\",\"date\":\"2026-01-20\"" more ",\"lines\":[{\"item\":\"W\",\"amount\":\"5.00\"}]}"
#define VOIDED ",\"voided\":true"

static int64_t write_invoice(struct desk *desk)
{
	int64_t invoice;

	desk_open(desk);
	desk_map_item(desk);
	desk_set(desk, POLICY_NEW_CUSTOMER, "create");
	desk_put(desk, "customer", "c", KESTREL);
	invoice = desk_put(desk, "invoice", "i", INVOICE(""));
	desk_carry_out(desk);
	desk_expect(desk, invoice, PLAN_SAME, REASON_EQUAL);
	return invoice;
}

static void do_there(struct desk *desk, int64_t resource, const char *operation)
{
	struct error err = { 0 };
	struct link link;
	char path[100], body[200];
	bool found;

	assert_true(links_get(desk->world->store, desk->account.id, resource, &link, NULL, &found, &err) && found);
	snprintf(path, sizeof(path), "invoice?operation=%s", operation);
	snprintf(body, sizeof(body), "{\"Id\":\"%s\",\"SyncToken\":\"%s\",\"sparse\":true}", link.record_id, link.version);
	desk_post(desk, path, body);
}

/* `times` it was done before. */
static void close_books(struct desk *desk, const char *day, int times)
{
	char body[200];

	snprintf(body, sizeof(body), "{\"Id\":\"1\",\"SyncToken\":\"%d\",\"sparse\":true,\"AccountingInfoPrefs\":{\"BookCloseDate\":\"%s\"}}", times, day);
	desk_post(desk, "preferences", body);
}

static void a_deleted_one_is_asked_about(void **state)
{
	struct desk desk;
	struct seen gone;
	int64_t invoice;

	(void)state;
	invoice = write_invoice(&desk);
	do_there(&desk, invoice, "delete");
	gone = desk_expect(&desk, invoice, PLAN_DECIDE, REASON_GONE);
	assert_non_null(strstr(gone.line.why, "was deleted in the ledger"));
	desk_decide(&desk, &gone, "skip");
	desk_expect(&desk, invoice, PLAN_SKIP, REASON_GONE);
	desk_decide(&desk, &gone, "create");
	desk_expect(&desk, invoice, PLAN_CREATE, REASON_NEW);
	desk_carry_out(&desk);
	desk_expect(&desk, invoice, PLAN_SAME, REASON_EQUAL);
	desk_close(&desk);
}

static void a_voided_one_is_asked_about(void **state)
{
	struct desk desk;
	struct seen gone;
	int64_t invoice;

	(void)state;
	invoice = write_invoice(&desk);
	do_there(&desk, invoice, "void");
	gone = desk_expect(&desk, invoice, PLAN_DECIDE, REASON_GONE);
	assert_non_null(strstr(gone.line.why, "was made void in the ledger"));
	/* Void on both sides nothing is to be done. */
	desk_put(&desk, "invoice", "i", INVOICE(VOIDED));
	desk_expect(&desk, invoice, PLAN_SKIP, REASON_VOIDED);
	desk_close(&desk);
}

static bool take_first(void *ctx, const struct intent *intent)
{
	*(struct intent *)ctx = *intent;
	return false;
}

/* Written otherwise than planned, as far as anybody can tell: the record is not what we sent, and nobody else has touched it. */
static int64_t let_it_land_differently(struct desk *desk, int64_t invoice)
{
	struct store *store = desk->world->store;
	AUTO(str_clear) struct str raw = STR_INIT(STR_NO_LIMIT), texts = STR_INIT(STR_NO_LIMIT);
	const struct type *type = catalogue_find(desk->world->catalogue, "quickbooks", "Invoice");
	struct error err = { 0 };
	struct record_row row;
	struct intent_query query = { .account_id = desk->account.id, .resource = invoice };
	struct intent intent = { .no = 0 };
	struct object object;
	struct link link;
	char body[300];
	bool found;

	assert_true(links_get(store, desk->account.id, invoice, &link, NULL, &found, &err) && found);
	snprintf(body, sizeof(body), "{\"Id\":\"%s\",\"SyncToken\":\"%s\",\"sparse\":true,\"TxnDate\":\"2026-01-21\"}", link.record_id, link.version);
	desk_post(desk, "invoice", body);
	assert_true(objects_get(store, desk->account.id, "Invoice", &object, &found, &err) && found);
	assert_true(records_get(store, &object, type, link.record_id, &row, &raw, &texts, &found, &err) && found);
	snprintf(link.version, sizeof(link.version), "%s", row.version);
	assert_true(intents_list(store, &query, take_first, &intent, &err) && intent.no);
	intent.state = INTENT_DIFFERENT;
	assert_true(store_begin(store, &err) && links_put(store, &link, raw.text, raw.len, &err) &&
		    intents_save(store, &intent, "engine", NULL, "TxnDate", WORLD_START_MS, &err) && store_commit(store, &err));
	return intent.no;
}

static void accepted_as_it_landed_it_stays_so(void **state)
{
	struct error err = { 0 };
	struct desk desk;
	int64_t invoice, intent;

	(void)state;
	invoice = write_invoice(&desk);
	intent = let_it_land_differently(&desk, invoice);
	assert_true(push_accept(desk.world->store, intent, "anna", WORLD_START_MS, &err));
	desk_expect(&desk, invoice, PLAN_SAME, REASON_EQUAL);
	/* Until it changes with us. */
	desk_put(&desk, "invoice", "i", INVOICE(",\"memo\":\"two\""));
	desk_expect(&desk, invoice, PLAN_UPDATE, REASON_CHANGED);
	desk_close(&desk);
}

static void made_void_with_us_it_is_made_void_there(void **state)
{
	struct desk desk;
	int64_t invoice;

	(void)state;
	invoice = write_invoice(&desk);
	desk_put(&desk, "invoice", "i", INVOICE(VOIDED));
	desk_expect(&desk, invoice, PLAN_VOID, REASON_VOIDED);
	desk_set(&desk, POLICY_VOID, "block");
	desk_expect(&desk, invoice, PLAN_BLOCKED, REASON_VOIDED);
	desk_set(&desk, POLICY_VOID, "delete");
	desk_expect(&desk, invoice, PLAN_VOID, REASON_VOIDED);
	desk_set(&desk, POLICY_VOID, "");
	/* In closed books it is held back, whatever the policy of new ones: there is no other day to make it void on. */
	close_books(&desk, "2026-01-31", 0);
	desk_expect(&desk, invoice, PLAN_BLOCKED, REASON_CLOSED);
	close_books(&desk, "2026-01-19", 1);
	desk_expect(&desk, invoice, PLAN_VOID, REASON_VOIDED);
	desk_carry_out(&desk);
	desk_expect(&desk, invoice, PLAN_SKIP, REASON_VOIDED);
	desk_close(&desk);
}

static void a_change_in_closed_books_is_held_back(void **state)
{
	struct desk desk;
	struct seen closed;
	int64_t invoice;

	(void)state;
	invoice = write_invoice(&desk);
	close_books(&desk, "2026-01-31", 0);
	desk_put(&desk, "invoice", "i", INVOICE(",\"memo\":\"late\""));
	closed = desk_expect(&desk, invoice, PLAN_BLOCKED, REASON_CLOSED);
	assert_string_equal(closed.line.why, "the books are closed to 2026-01-31");
	close_books(&desk, "2026-01-19", 1);
	desk_expect(&desk, invoice, PLAN_UPDATE, REASON_CHANGED);
	desk_close(&desk);
}

int test_plan_line(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_deleted_one_is_asked_about),
		cmocka_unit_test(a_voided_one_is_asked_about),
		cmocka_unit_test(accepted_as_it_landed_it_stays_so),
		cmocka_unit_test(made_void_with_us_it_is_made_void_there),
		cmocka_unit_test(a_change_in_closed_books_is_held_back),
	};

	return cmocka_run_group_tests_name("plan_line", tests, NULL, NULL);
}
