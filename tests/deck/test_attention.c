/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What needs a person: a row for each cause, its fix behind Enter, and a word for when there is nothing. */
#include "tests.h"

#include <string.h>

#include "job.h"
#include "ledgerdeck/sync/attention.h"

static void test_causes(void **state)
{
	struct attention attention;
	struct stage stage;
	struct error err = { 0 };
	size_t seen = 0;

	(void)state;
	stage_open(&stage, false);
	assert_true(attention_read(stage.store, stage.settings, NOW, &attention, &err));
	for (size_t i = 0; i < attention.count; i++) {
		const struct attention_item *item = &attention.items[i];

		assert_true(*item->what && *item->act && strlen(item->command) > 0);
		/* Those that need a person come first. */
		assert_true(i == 0 || attention.items[i - 1].person || !item->person);
		seen |= (size_t)1 << item->cause;
		if (item->cause == ATTENTION_GUARD)
			assert_non_null(strstr(item->command, "--type Vendor --approve"));
		if (item->cause == ATTENTION_RECONNECT)
			assert_string_equal(item->names, "Beta Rentals");
	}
	assert_int_equal(seen, 1U << ATTENTION_RECONNECT | 1U << ATTENTION_GUARD | 1U << ATTENTION_DEAD | 1U << ATTENTION_FAILING);
	assert_int_equal(attention.persons, attention.count);
	attention_clear(&attention);
	stage_close(&stage);
}

/* The same cause in two companies is one row. */
static void test_grouped(void **state)
{
	struct attention attention;
	struct account account;
	struct stage stage;
	struct error err = { 0 };
	bool found = false;

	(void)state;
	stage_open(&stage, false);
	assert_true(accounts_find(stage.store, "Korn", &account, &err));
	stage_object(&stage, account.id, "Payment", OBJECT_DEAD, ERROR_INPUT, "another text of the same kind");
	stage_object(&stage, account.id, "Bill", OBJECT_DEAD, ERROR_INPUT, "and one more");
	assert_true(attention_read(stage.store, stage.settings, NOW, &attention, &err));
	for (size_t i = 0; i < attention.count; i++) {
		if (attention.items[i].cause != ATTENTION_DEAD)
			continue;
		assert_false(found);
		found = true;
		assert_int_equal(attention.items[i].types, 3);
		assert_int_equal(attention.items[i].accounts, 2);
		assert_string_equal(attention.items[i].names, "Acme Bank AS, Kornblum & S\xc3\xb6hne");
	}
	assert_true(found);
	attention_clear(&attention);
	stage_close(&stage);
}

static void test_view(void **state)
{
	struct stage stage;

	(void)state;
	stage_open(&stage, false);
	stage_deck(&stage, 30, 120, TEXT_SAFE);
	stage_keys(&stage, "2");
	stage_expect(&stage, "attention, 4 need you");
	stage_expect(&stage, "The connection to Beta Rentals is lost");
	stage_keys(&stage, "j");
	stage_expect(&stage, "--type Vendor --approve");
	/* Enter asks; Enter alone does nothing. */
	stage_keys(&stage, "Enter");
	stage_expect(&stage, "Cancel");
	stage_keys(&stage, "Enter");
	assert_int_equal(stage.deck.job_count, 0);
	stage_keys(&stage, "Enter y");
	assert_int_equal(stage.deck.job_count, 1);
	assert_non_null(strstr(stage.deck.jobs[0]->title, "--approve"));
	stage_close(&stage);
}

/* Nothing to do says what was looked at. */
static void test_nothing(void **state)
{
	struct account account;
	struct stage stage;
	struct error err = { 0 };

	(void)state;
	stage_open(&stage, true);
	assert_true(store_open(stage.path, STORE_CREATE, 0, &stage.store, &err));
	stage_account(&stage, "Quiet", ENVIRONMENT_SANDBOX, ACCOUNT_OK, &account);
	stage_object(&stage, account.id, "Invoice", OBJECT_OK, ERROR_NONE, "");
	stage_deck(&stage, 24, 80, TEXT_SAFE);
	stage_keys(&stage, "2");
	stage_expect(&stage, "Nothing needs you.");
	stage_expect(&stage, "1 types of 1 accounts");
	stage_close(&stage);
}

int test_attention(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_causes), cmocka_unit_test(test_grouped), cmocka_unit_test(test_view), cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests_name("attention", tests, NULL, NULL);
}
