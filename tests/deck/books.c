/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Acme's books as they are needed to write to them, and what its operator's own system has. */
#include "tests.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/requests.h"
#include "ledgerdeck/store/resources.h"

static void put_books(struct stage *stage, const char *account_id)
{
	static const struct {
		const char *type, *raw;
	} rows[] = {
		{ "CompanyInfo", "{\"Id\":\"1\",\"SyncToken\":\"4\",\"CompanyName\":\"Acme Bank AS\",\"Country\":\"US\"}" },
		{ "Preferences", "{\"Id\":\"1\",\"SyncToken\":\"0\",\"CurrencyPrefs\":{\"HomeCurrency\":{\"value\":\"USD\"},\"MultiCurrencyEnabled\":false},"
				 "\"SalesFormsPrefs\":{\"CustomTxnNumbers\":true},\"TaxPrefs\":{\"UsingSalesTax\":false},"
				 "\"AccountingInfoPrefs\":{\"BookCloseDate\":\"2026-06-30\"}}" },
		{ "Account", "{\"Id\":\"1\",\"SyncToken\":\"0\",\"Name\":\"Sales\",\"FullyQualifiedName\":\"Sales\",\"AcctNum\":\"4000\","
			     "\"AccountType\":\"Income\",\"AccountSubType\":\"SalesOfProductIncome\",\"CurrentBalance\":0,\"Active\":true}" },
		{ "Account", "{\"Id\":\"2\",\"SyncToken\":\"0\",\"Name\":\"Services\",\"FullyQualifiedName\":\"Sales:Services\",\"AcctNum\":\"4010\","
			     "\"AccountType\":\"Income\",\"AccountSubType\":\"ServiceFeeIncome\",\"CurrentBalance\":0,\"Active\":true}" },
		{ "Account", "{\"Id\":\"3\",\"SyncToken\":\"0\",\"Name\":\"Freight\",\"FullyQualifiedName\":\"Freight\",\"AcctNum\":\"6100\","
			     "\"AccountType\":\"Expense\",\"AccountSubType\":\"ShippingFreightDelivery\",\"CurrentBalance\":0,\"Active\":true}" },
		{ "Item", "{\"Id\":\"11\",\"SyncToken\":\"0\",\"Name\":\"Services\",\"FullyQualifiedName\":\"Services\",\"Type\":\"Category\",\"Active\":true}" },
		{ "Item", "{\"Id\":\"12\",\"SyncToken\":\"0\",\"Name\":\"Design\",\"FullyQualifiedName\":\"Services:Design\",\"Type\":\"Service\","
			  "\"IncomeAccountRef\":{\"value\":\"2\"},\"Active\":true}" },
		{ "Item", "{\"Id\":\"13\",\"SyncToken\":\"0\",\"Name\":\"Freight out\",\"FullyQualifiedName\":\"Freight out\",\"Type\":\"Service\","
			  "\"IncomeAccountRef\":{\"value\":\"1\"},\"Active\":true}" },
		{ "Item", "{\"Id\":\"14\",\"SyncToken\":\"0\",\"Name\":\"Packing\",\"FullyQualifiedName\":\"Packing\",\"Type\":\"Service\",\"Active\":true}" },
		{ "Item", "{\"Id\":\"15\",\"SyncToken\":\"0\",\"Name\":\"Widget old\",\"FullyQualifiedName\":\"Widget old\",\"Type\":\"Service\","
			  "\"IncomeAccountRef\":{\"value\":\"1\"},\"Active\":false}" },
		{ "Item", "{\"Id\":\"16\",\"SyncToken\":\"0\",\"Name\":\"Widget\",\"FullyQualifiedName\":\"Widget\",\"Sku\":\"W-1\",\"Type\":\"Service\","
			  "\"IncomeAccountRef\":{\"value\":\"1\"},\"Active\":true}" },
		{ "Customer", "{\"Id\":\"21\",\"SyncToken\":\"0\",\"DisplayName\":\"Amy's Bird Sanctuary\",\"FullyQualifiedName\":\"Amy's Bird Sanctuary\","
			      "\"Balance\":239.00,\"CurrencyRef\":{\"value\":\"USD\"},\"Active\":true}" },
		{ "Customer", "{\"Id\":\"22\",\"SyncToken\":\"0\",\"DisplayName\":\"Cool Cars\",\"FullyQualifiedName\":\"Cool Cars\",\"Balance\":0,"
			      "\"CurrencyRef\":{\"value\":\"USD\"},\"Active\":true}" },
		{ "Invoice", "{\"Id\":\"900\",\"SyncToken\":\"0\",\"DocNumber\":\"INV-7\",\"TxnDate\":\"2026-09-02\",\"TotalAmt\":90.00,\"Balance\":90.00,"
			     "\"CurrencyRef\":{\"value\":\"USD\"},\"CustomerRef\":{\"value\":\"22\",\"name\":\"Cool Cars\"}}" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		AUTO(str_clear) struct str raw = STR_INIT(4000);

		str_add_bytes(&raw, rows[i].raw, strlen(rows[i].raw) - 1);
		str_add(&raw, ",\"MetaData\":{\"CreateTime\":\"2026-09-01T08:00:00Z\",\"LastUpdatedTime\":\"2026-09-01T08:00:00Z\"}}");
		stage_record(stage, account_id, rows[i].type, raw.text);
	}
}

void stage_resource(struct stage *stage, const char *account_id, const char *type, const char *external_id, const char *data)
{
	AUTO(store_end) struct store *transaction = stage->store;
	AUTO(str_clear) struct str checked = STR_INIT(STR_NO_LIMIT);
	struct resource_problems problems = { .count = 0 };
	struct resource_counts counts = { 0 };
	struct resource resource = { .type = resource_type_find(type, strlen(type)) };
	struct error err = { 0 };

	snprintf(resource.external_id, sizeof(resource.external_id), "%s", external_id);
	if (!resource_check(resource.type, (struct json_slice){ .text = data, .len = strlen(data), .kind = JSON_OBJECT }, &checked, &problems))
		fail_msg("%s %s", problems.items[0].path, problems.items[0].text);
	if (!organization_of_account(stage->store, account_id, resource.organization, &err) || !store_begin(transaction, &err) ||
	    !resources_put(transaction, &resource, checked.text, checked.len, "test", NOW, &counts, &err) || !store_commit(transaction, &err))
		fail_msg("%s", err.text);
}

void stage_document(struct stage *stage, const char *account_id, const char *number, const char *customer, const char *date,
		    const char *item, const char *amount)
{
	AUTO(str_clear) struct str data = STR_INIT(STR_NO_LIMIT);

	str_addf(&data, "{\"number\":\"%s\",\"date\":\"%s\",\"customer\":", number, date);
	str_add_json(&data, customer, strlen(customer));
	str_add(&data, ",\"lines\":[{\"item\":");
	str_add_json(&data, item, strlen(item));
	str_addf(&data, ",\"amount\":\"%s\"}]}", amount);
	stage_resource(stage, account_id, "invoice", number, data.text);
}

void stage_rule(struct stage *stage, const char *account_id, enum target target, const char *code, const char *record_id, const char *name)
{
	struct mapping rule = { .target = target };
	struct error err = { 0 };
	int64_t changed;

	snprintf(rule.code, sizeof(rule.code), "%s", code);
	snprintf(rule.record_id, sizeof(rule.record_id), "%s", record_id);
	snprintf(rule.name, sizeof(rule.name), "%s", name);
	if (!mapping_save(stage->store, account_id, &rule, 1, "ann", "set by hand", NOW - 120000, &changed, &err))
		fail_msg("%s", err.text);
}

/* Their ids go into what is sent: the same in each run. */
static void name_resources(struct stage *stage)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(stage->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "UPDATE resource SET id = printf('rsrc_%026d', no)", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

void stage_books(struct stage *stage, struct account *ret_account)
{
	struct error err = { 0 };
	const char *id = ret_account->id;
	char number[16];

	assert_true(accounts_find(stage->store, "Acme", ret_account, &err));
	put_books(stage, id);
	for (int i = 1; i <= 4; i++) {
		snprintf(number, sizeof(number), "INV-%d", i);
		stage_document(stage, id, number, "C-AMY", "2026-09-10", "DESIGN", "1250.00");
	}
	stage_document(stage, id, "INV-5", "C-COOL", "2026-09-11", "FREIGHT OUT", "80.50");
	stage_document(stage, id, "INV-6", "C-COOL", "2026-09-12", "FREIGHT OUT", "12.00");
	stage_document(stage, id, "INV-7", "C-COOL", "2026-09-12", "WIDGET", "99.00");
	stage_document(stage, id, "INV-8", "C-AMY", "2026-05-02", "WIDGET", "10.00");
	stage_document(stage, id, "INV-9", "C-NEW", "2026-09-13", "OLD", "7.25");
	name_resources(stage);
	stage_rule(stage, id, TARGET_CUSTOMER, "C-AMY", "21", "Amy's Bird Sanctuary");
	stage_rule(stage, id, TARGET_CUSTOMER, "C-COOL", "22", "Cool Cars");
	stage_rule(stage, id, TARGET_ITEM, "OLD", "15", "Widget old");
	stage_rule(stage, id, TARGET_ITEM, "WIDGET", "16", "Widget");
}

static bool take_intent(void *ctx, const struct intent *intent)
{
	struct intents *intents = ctx;

	intents->items[intents->count++] = *intent;
	return intents->count < ARRAY_LEN(intents->items);
}

void stage_intents(struct stage *stage, const char *plan_id, struct intents *ret_intents)
{
	struct intent_query query = { .plan = plan_id };
	struct error err = { 0 };

	ret_intents->count = 0;
	assert_true(intents_list(stage->store, &query, take_intent, ret_intents, &err));
}

static void set_state(struct stage *stage, struct intent *intent, enum intent_state state, const char *why, const char *said, const char *landed)
{
	AUTO(store_end) struct store *transaction = stage->store;
	struct error err = { 0 };

	intent->state = state;
	intent->since_ms = NOW - 60000;
	intent->tries = 1;
	snprintf(intent->why, sizeof(intent->why), "%s", why);
	if (state == INTENT_REJECTED) {
		error_set(&intent->error, ERROR_REMOTE, "the ledger refused it");
		snprintf(intent->error.ledger_code, sizeof(intent->error.ledger_code), "6140");
	}
	if (!store_begin(transaction, &err) || !intents_save(transaction, intent, "engine", said, landed, NOW, &err) ||
	    !store_commit(transaction, &err))
		fail_msg("%s", err.text);
}

void stage_outbox(struct stage *stage, const char *account_id, struct plan *ret_plan)
{
	struct push_apply wish = { .who = "bob", .by_itself = true, .env = stage->app.env };
	AUTO(memory_freep) struct intents *intents = memory_new(sizeof(*intents));
	struct push_applied applied;
	struct error err = { 0 };

	stage_plan(stage, account_id, ret_plan);
	wish.plan_id = ret_plan->id;
	if (!push_apply(stage->store, stage->catalogue, &wish, &applied, &err) || applied.stale)
		fail_msg("%s %s", err.text, applied.moved.text);
	push_applied_clear(&applied);
	stage_intents(stage, ret_plan->id, intents);
	assert_int_equal(intents->count, 4);
	set_state(stage, &intents->items[0], INTENT_UNCERTAIN, "no answer came within 120 s; it is looked up", "", "");
	set_state(stage, &intents->items[1], INTENT_DIFFERENT, "the ledger made something else of it", "", "total: foretold 1250.00, is 1250.01\n");
	set_state(stage, &intents->items[2], INTENT_REJECTED, "the number is taken", "Duplicate Document Number Error", "");
}

void stage_plan(struct stage *stage, const char *account_id, struct plan *ret_plan)
{
	struct push_wish wish = { .account_id = account_id, .who = "ann", .env = stage->app.env };
	struct error err = { 0 };

	if (!push_plan(stage->store, stage->catalogue, &wish, ret_plan, &err))
		fail_msg("%s", err.text);
}

static void name_requests(struct stage *stage)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(stage->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "UPDATE request SET id = printf('sync_%026d', position)", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

void stage_requests(struct stage *stage, const char *account_id)
{
	static const struct {
		const char *document, *message;
		enum import_method method;
		enum request_status status;
	} rows[] = {
		{ "INV-1", "", IMPORT_UPSERT, REQUEST_SUCCEEDED },
		{ "INV-7", "somebody skipped it", IMPORT_CREATE, REQUEST_SKIPPED },
		{ "INV-2", "invoice INV-2 was refused: the number is taken", IMPORT_CREATE, REQUEST_FAILED },
		{ "INV-5", "item 'FREIGHT OUT' is not mapped", IMPORT_UPSERT, REQUEST_BLOCKED },
		{ "INV-3", "", IMPORT_UPDATE, REQUEST_QUEUED },
	};
	struct resource resource;
	struct error err = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		AUTO(store_end) struct store *transaction = stage->store;
		struct request request = { .status = REQUEST_QUEUED, .method = rows[i].method, .made_ms = NOW - 600000, .changed_ms = NOW - 60000 };
		struct request_member member;
		bool found;

		assert_true(organization_of_account(stage->store, account_id, request.organization, &err) &&
			    resources_get(stage->store, request.organization, NULL, rows[i].document, &resource, NULL, &found, &err) && found);
		request.resource = resource.no;
		member = (struct request_member){ resource.no, resource.revision };
		assert_true(store_begin(transaction, &err) && requests_add(transaction, &request, &member, 1, &err));
		request.status = rows[i].status;
		snprintf(request.message, sizeof(request.message), "%s", rows[i].message);
		assert_true(requests_save(transaction, &request, &err) && store_commit(transaction, &err));
	}
	name_requests(stage);
}
