/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values about persons are on no screen, in nothing that is copied, and can't be found, unless the setting shows them. */
#include "tests.h"

#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

/* It stands in all that is personal, and nowhere else. */
#define MARK "zzsecret"

static void put_employee(struct stage *stage, const char *account_id, int version)
{
	char raw[1000];

	snprintf(raw, sizeof(raw),
		 "{\"Id\":\"3\",\"SyncToken\":\"%d\",\"DisplayName\":\"Ada Lund\",\"Active\":true,\"EmployeeNumber\":\"E-%d\",\"SSN\":\"" MARK "1%d\","
		 "\"BirthDate\":\"" MARK "2\",\"Gender\":\"" MARK "3\",\"PrimaryAddr\":{\"Line1\":\"" MARK "4%d\"},"
		 "\"PrimaryEmailAddr\":{\"Address\":\"" MARK "5%d@home\"},\"PrimaryPhone\":{\"FreeFormNumber\":\"" MARK "6\"},\"CostRate\":\"" MARK "7\","
		 "\"MetaData\":{\"CreateTime\":\"2026-09-01T08:00:00Z\",\"LastUpdatedTime\":\"2026-09-0%dT08:00:00Z\"}}",
		 version, version, version, version, version, version + 1);
	stage_record(stage, account_id, "Employee", raw);
}

static void open_employees(struct stage *stage, const char *setting, struct account *ret_account)
{
	const char *const flags[] = { setting, NULL };
	static const char *const nothing[] = { NULL };
	struct settings_sources sources = { .environment = nothing, .flags = flags };
	struct error err = { 0 };

	stage_open(stage, false);
	settings_free(stage->settings);
	stage->settings = NULL;
	assert_true(settings_load(&sources, &stage->settings, &err));
	stage->app.settings = stage->settings;
	assert_true(accounts_find(stage->store, "Kornblum", ret_account, &err));
	put_employee(stage, ret_account->id, 0);
	put_employee(stage, ret_account->id, 1);
	stage_break(stage, "UPDATE object SET success_ms = 1790000000000, whole_ms = 1790000000000 WHERE type = 'Employee'");
	stage_deck(stage, 40, 200, TEXT_ASCII);
	deck_paint(&stage->deck, &stage->deck.canvas);
	stage_settle(stage);
	deck_push(&stage->deck, records_new(ret_account->id, catalogue_find(stage->catalogue, "quickbooks", "Employee")));
	stage_settle(stage);
}

/* The list with the column, the record, its raw text, its history, an old version as a whole: `look` at each. */
static void look_everywhere(struct stage *stage, void (*look)(struct stage *stage, const char *part))
{
	stage_keys(stage, ": 'columns ID,EmployeeNumber,PrimaryEmailAddr.Address' Enter");
	stage_expect(stage, "E-1");
	look(stage, MARK "51@home");
	stage_keys(stage, "Enter");
	stage_expect(stage, "Ada Lund");
	look(stage, MARK "51@home");
	look(stage, MARK "6");
	stage_keys(stage, "Enter");
	stage_expect(stage, "\"EmployeeNumber\"");
	look(stage, MARK "11");
	look(stage, MARK "2");
	look(stage, MARK "3");
	look(stage, MARK "41");
	look(stage, MARK "7");
	stage_keys(stage, "H");
	stage_expect(stage, "E-0 -> E-1");
	stage_expect(stage, "SSN");
	look(stage, MARK "10 -> " MARK "11");
	stage_keys(stage, "Tab Tab Enter");
	stage_expect(stage, "\"E-0\"");
	look(stage, MARK "10");
	stage_keys(stage, "Esc Esc : 'as-of 1m' Enter");
	stage_expect(stage, "Ada Lund");
	look(stage, MARK "51@home");
	stage_keys(stage, ": 'as-of now' Enter");
}

static void nothing_of_it(struct stage *stage, const char *part)
{
	(void)part;
	stage_expect(stage, "***");
	stage_expect_not(stage, MARK);
}

static void test_masked(void **state)
{
	struct account account;
	struct stage stage;

	(void)state;
	open_employees(&stage, NULL, &account);
	look_everywhere(&stage, nothing_of_it);
	stage_close(&stage);
}

static void test_shown(void **state)
{
	struct account account;
	struct stage stage;

	(void)state;
	open_employees(&stage, "ui.personal=shown", &account);
	look_everywhere(&stage, stage_expect);
	stage_keys(&stage, "Esc / 'PrimaryEmailAddr.Address~" MARK "' Enter");
	stage_expect(&stage, "1 Employee that fit");
	stage_close(&stage);
}

static void test_copied(void **state)
{
	struct account account;
	struct stage stage;

	(void)state;
	open_employees(&stage, NULL, &account);
	stage.deck.plain = true;
	/* From the list, which reads the record for it, from the record, and as it is on the screen. */
	stage_keys(&stage, "Y j");
	stage_expect(&stage, "JSON: {\"Id\":\"3\"");
	nothing_of_it(&stage, "");
	stage_keys(&stage, "Y t");
	stage_expect(&stage, "Ada Lund");
	stage_expect_not(&stage, MARK);
	stage_keys(&stage, "Enter Y j");
	stage_expect(&stage, "JSON: {\"Id\":\"3\"");
	nothing_of_it(&stage, "");
	stage.deck.plain = false;
	stage_close(&stage);
}

/* What can't be seen is not found, whatever one asks, and no order gives it away. */
static void test_not_found(void **state)
{
	struct account account;
	struct stage stage;

	(void)state;
	open_employees(&stage, NULL, &account);
	stage_keys(&stage, "/ 'PrimaryEmailAddr.Address~" MARK "'");
	stage_expect(&stage, "'PrimaryEmailAddr.Address' is personal and masked");
	stage_keys(&stage, "Enter");
	stage_expect_not(&stage, "1 Employee that fit");
	stage_keys(&stage, "Esc");
	stage_keys(&stage, ": 'columns ID,PrimaryEmailAddr.Address,EmployeeNumber' Enter");
	for (int i = 0; i < 6; i++) {
		stage_keys(&stage, ">");
		stage_expect_not(&stage, "by PrimaryEmailAddr.Address");
	}
	stage_close(&stage);
}

int test_personal(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_masked),
		cmocka_unit_test(test_shown),
		cmocka_unit_test(test_copied),
		cmocka_unit_test(test_not_found),
	};

	return cmocka_run_group_tests_name("personal", tests, NULL, NULL);
}
