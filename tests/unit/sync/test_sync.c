/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole way: connect through the ledger's pages, mirror, compare byte for byte, change, and again. */
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "tests.h"

static const struct simulator_company one[] = {
	{ .kind = "small", .realm = "1001", .name = "Nine Pins", .customers = -1, .invoices = -1 },
};

static void sync_freep(struct sync **sync)
{
	sync_free(*sync);
}

static void test_two_types(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), NULL);
	AUTO(sync_freep) struct sync *sync = NULL;
	const char *const types[] = { "Customer", "Invoice", NULL };
	struct sync_wish wish = { .types = types, .cause = "operator" };
	struct outcome outcome;
	struct account account;
	char difference[400];

	(void)state;
	world_connect(world, "1001", &account);
	assert_string_equal(account.name, "Nine Pins");
	sync = world_engine(world);
	world_sync(world, sync, &wish, &outcome);
	if (outcome.failed)
		fail_msg("%s", outcome.error.text);
	assert_int_equal(outcome.jobs, 2);
	assert_true(outcome.counts.added > 0);
	for (size_t i = 0; types[i]; i++)
		if (!world_same(world, &account, "1001", catalogue_find(world->catalogue, "quickbooks", types[i]), difference))
			fail_msg("%s", difference);
}

int test_sync(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_types),
	};

	return cmocka_run_group_tests_name("sync", tests, NULL, NULL);
}
