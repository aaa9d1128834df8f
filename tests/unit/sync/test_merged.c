/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A customer that is gone was merged into another: it is called so, and what points to customers is read anew, once. */
#include <stdio.h>
#include <string.h>

#include "engine.h"
#include "ledgerdeck/core/memory.h"
#include "tests.h"

static const struct simulator_company one[] = {
	{ .kind = "small", .realm = "1001", .name = "Nine Pins", .customers = -1, .invoices = -1 },
};

static void sync_freep(struct sync **sync)
{
	sync_free(*sync);
}

/* The simulator can't merge: each record of an answer becomes the stub that is left of a merged one. */
static void merge(void *ctx, char *bytes, size_t len)
{
	static const char live[] = "\"domain\":\"QBO\",\"sparse\":false", stub[] = "\"status\":\"Deleted\"           ";
	char *end = bytes + len;

	(void)ctx;
	assert_int_equal(sizeof(live), sizeof(stub));
	for (char *at; (at = memmem(bytes, (size_t)(end - bytes), live, sizeof(live) - 1)) != NULL; bytes = at + sizeof(live) - 1)
		memcpy(at, stub, sizeof(stub) - 1);
}

static void read_type(struct world *world, struct sync *sync, const char *type, struct outcome *ret_outcome)
{
	const char *const types[] = { type, NULL };
	struct sync_wish wish = { .types = types, .cause = "operator" };

	world_sync(world, sync, &wish, ret_outcome);
	if (ret_outcome->failed)
		fail_msg("%s", ret_outcome->error.text);
}

static void put(struct world *world, const char *body, struct str *ret_id)
{
	AUTO(str_clear) struct str answer = STR_INIT(STR_NO_LIMIT);

	if (world_other(world, "POST", "as-other-user/v3/company/1001/customer?minorversion=75", body, &answer) != 200)
		fail_msg("%s", answer.text);
	str_reset(ret_id);
	json_unquote(json_find(answer.text, answer.len, "Customer.Id"), ret_id);
}

static void test_dependants(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), NULL);
	AUTO(sync_freep) struct sync *sync = world_engine(world);
	AUTO(str_clear) struct str id = STR_INIT(40), body = STR_INIT(200);
	char difference[400];
	struct outcome outcome;
	struct account account;
	struct object invoices;
	int64_t vendor_ms;

	(void)state;
	world_connect(world, "1001", &account);
	put(world, "{\"DisplayName\":\"Written twice\"}", &id);
	read_type(world, sync, "Customer", &outcome);
	read_type(world, sync, "Invoice", &outcome);
	read_type(world, sync, "Vendor", &outcome);
	vendor_ms = world_object(world, &account, "Vendor").full_ms;
	invoices = world_object(world, &account, "Invoice");
	world_step(world, 700);
	/* The list of changes names it. */
	str_addf(&body, "{\"Id\":\"%s\",\"SyncToken\":\"0\",\"sparse\":true,\"Notes\":\"x\"}", id.text);
	put(world, body.text, &id);
	world->spy = merge;
	read_type(world, sync, "Customer", &outcome);
	world->spy = NULL;
	assert_true(outcome.counts.deleted > 0);
	/* Invoices have customers: all of them once. Vendors have none. */
	read_type(world, sync, "Invoice", &outcome);
	assert_true(outcome.counts.unchanged >= invoices.live);
	assert_true(world_object(world, &account, "Invoice").full_ms > invoices.full_ms);
	assert_int_equal(invoices.whole_ms, invoices.full_ms);
	assert_int_equal(world_object(world, &account, "Invoice").whole_ms, invoices.full_ms); /* the first time counts */
	if (!world_same(world, &account, "1001", catalogue_find(world->catalogue, "quickbooks", "Invoice"), difference))
		fail_msg("%s", difference);
	read_type(world, sync, "Vendor", &outcome);
	assert_int_equal(world_object(world, &account, "Vendor").full_ms, vendor_ms);
	invoices = world_object(world, &account, "Invoice");
	world_step(world, 700);
	read_type(world, sync, "Invoice", &outcome);
	assert_int_equal(world_object(world, &account, "Invoice").full_ms, invoices.full_ms);
}

static void test_words(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), NULL);
	const struct type *customer = catalogue_find(world->catalogue, "quickbooks", "Customer");
	const struct type *invoice = catalogue_find(world->catalogue, "quickbooks", "Invoice");
	struct filter merged, deleted;
	struct error err = { 0 };

	(void)state;
	assert_string_equal(record_state_word_of(customer, RECORD_DELETED), "merged");
	assert_string_equal(record_state_word_of(customer, RECORD_INACTIVE), "inactive");
	assert_string_equal(record_state_word_of(invoice, RECORD_DELETED), "deleted");
	assert_true(filter_parse(customer, "state:merged", PERSONAL_SHOWN, &merged, &err));
	assert_true(filter_parse(customer, "state:deleted", PERSONAL_SHOWN, &deleted, &err));
	assert_int_equal(merged.count, deleted.count);
	assert_false(filter_parse(invoice, "state:merged", PERSONAL_SHOWN, &merged, &err));
}

int test_merged(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dependants),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests_name("merged", tests, NULL, NULL);
}
