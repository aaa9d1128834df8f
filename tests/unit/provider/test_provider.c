/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The registry, pages, and what a provider says of itself and of a company. */
#include <string.h>

#include "ledgerdeck/core/memory.h"

#include "dialogue.h"
#include "ledger.h"
#include "tests.h"

static void providers_are_found_by_name(void **state)
{
	const struct provider *const *all = provider_all();

	(void)state;
	for (size_t i = 0; all[i]; i++) {
		const struct provider *provider = all[i];

		assert_ptr_equal(provider_find(provider->name), provider);
		/* What each MUST have. */
		assert_non_null(provider->addresses);
		assert_non_null(provider->identity);
		assert_non_null(provider->read);
		assert_non_null(provider->sweep);
		assert_non_null(provider->find);
		assert_non_null(provider->now);
		/* And what goes with what it says it can. */
		assert_int_equal(provider->changes != NULL,
				 (provider->can & PROVIDER_CHANGES) != 0);
		assert_int_equal(provider->count != NULL, (provider->can & PROVIDER_COUNTS) != 0);
		assert_int_equal(provider->scopes != NULL, (provider->can & PROVIDER_OAUTH) != 0);
		assert_true(provider->environment_count > 0);
	}
	assert_non_null(provider_find("quickbooks"));
	assert_null(provider_find("QuickBooks"));
	assert_null(provider_find(""));
}

static void each_environment_has_its_addresses(void **state)
{
	const struct provider *provider = provider_find("quickbooks");
	struct provider_addresses addresses = { 0 };
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < provider->environment_count; i++) {
		memset(&addresses, 0, sizeof(addresses));
		assert_true(provider->addresses(provider->environments[i], &addresses, &err));
		assert_int_equal(strncmp(addresses.api, "http", 4), 0);
		assert_int_equal(strncmp(addresses.authorize, "http", 4), 0);
		assert_int_equal(strncmp(addresses.token, "http", 4), 0);
		assert_int_equal(strncmp(addresses.revoke, "http", 4), 0);
		/* Only the one on this machine may do without TLS. */
		if (provider->environments[i] != ENVIRONMENT_LOCAL)
			assert_int_equal(strncmp(addresses.api, "https://", 8), 0);
	}
	assert_string_equal(addresses.api, "http://127.0.0.1:8620");
	assert_true(provider->addresses(ENVIRONMENT_SANDBOX, &addresses, &err));
	assert_string_equal(addresses.api, "https://sandbox-quickbooks.api.intuit.com");
	assert_false(provider->addresses(ENVIRONMENT_DEMO, &addresses, &err));
	assert_int_equal(err.code, ERROR_INPUT);
}

static void limits_are_below_the_ledgers(void **state)
{
	const struct provider *provider = provider_find("quickbooks");

	(void)state;
	assert_in_range(provider->limits.per_second, 1, 9);
	assert_in_range(provider->limits.per_minute, 1, 499);
	assert_in_range(provider->limits.batches_per_minute, 1, 39);
	assert_in_range(provider->limits.in_flight, 1, 9);
	assert_int_equal(provider->changes_max, 1000);
	assert_true(provider->changes_kept_ms < INT64_C(30) * 86400000);
	assert_int_equal(provider->overlap_ms, 600000);
}

static void pages_can_be_used_again(void **state)
{
	static const char text[] = "{\"Id\":\"1\"}";
	struct page page;

	(void)state;
	page_init(&page);
	assert_int_equal(page.ledger_ms, -1);
	for (int i = 0; i < 100; i++) {
		page_add(&page, (struct json_slice){ .text = text, .len = sizeof(text) - 1, .kind = JSON_OBJECT });
		page_add_gone(&page, "77");
	}
	assert_int_equal(page.count, 100);
	assert_ptr_equal(page.records[99].text, text);
	assert_int_equal(page.gone_count, 100);
	assert_string_equal(page.gone[99], "77");
	page.position = memory_copy_text("there");
	page.overflow = true;
	page_clear(&page);
	assert_int_equal(page.count, 0);
	assert_int_equal(page.gone_count, 0);
	assert_null(page.position);
	assert_false(page.overflow);
	/* Ids that no record could have are none. */
	page_add_gone(&page, "");
	page_add_gone(&page, "x123456789x123456789x123456789x123456789x123456789x123456789x123");
	assert_int_equal(page.gone_count, 0);
	page_add_gone(&page, "x123456789x123456789x123456789x123456789x123456789x123456789x12");
	assert_int_equal(page.gone_count, 1);
	page_clear(&page);
}

/* ---- a company ---- */

static void a_company_says_who_it_is(void **state)
{
	DIALOGUE(talk,
		 { .request = "GET companyinfo/" DIALOGUE_REALM,
		   .body = "{\"CompanyInfo\":{\"CompanyName\":\"Birds \\u0026 "
			   "Bees\\u001b[2J\",\"LegalName\":\"x\",\"Country\":\"US\","
			   "\"Id\":\"1\",\"MetaData\":{\"CreateTime\":\"2015-06-05T13:55:54-07:"
			   "00\"}},\"time\":\"x\"}" },
		 { .request = "GET preferences",
		   .body = "{\"Preferences\":{\"CurrencyPrefs\":{\"MultiCurrencyEnabled\":false,"
			   "\"HomeCurrency\":{\"value\":\"USD\"}}}}" });
	struct identity identity;
	struct error err = { 0 };

	(void)state;
	if (!talk.connection.provider->identity(&talk.connection, &identity, &err))
		fail_msg("%s", err.text);
	assert_string_equal(identity.realm, DIALOGUE_REALM);
	assert_int_equal(strncmp(identity.name, "Birds & Bees", 12), 0);
	assert_null(strchr(identity.name, '\x1b'));
	assert_string_equal(identity.country, "US");
	assert_string_equal(identity.currency, "USD");
	assert_string_equal(identity.created, "2015-06-05T13:55:54-07:00");
}

static void a_company_without_a_name_is_none(void **state)
{
	DIALOGUE(talk,
		 { .request = "GET companyinfo/" DIALOGUE_REALM,
		   .body = "{\"CompanyInfo\":{},\"time\":\"x\"}" },
		 { .request = "GET companyinfo/" DIALOGUE_REALM,
		   .status = 403,
		   .body = "<IntuitResponse><Fault type=\"SERVICE\"><Error "
			   "code=\"3100\"/></Fault></IntuitResponse>" });
	struct identity identity = { .name = "untouched" };
	struct error err = { 0 };

	(void)state;
	assert_false(talk.connection.provider->identity(&talk.connection, &identity, &err));
	assert_int_equal(err.code, ERROR_REMOTE);
	assert_false(talk.connection.provider->identity(&talk.connection, &identity, &err));
	assert_int_equal(err.code, ERROR_AUTH);
	assert_string_equal(err.ledger_code, "3100");
	assert_string_equal(identity.name, "untouched");
}

static void the_time_is_the_ledgers(void **state)
{
	DIALOGUE(talk,
		 { .request = "GET companyinfo/" DIALOGUE_REALM,
		   .body = "{\"CompanyInfo\":{},\"time\":\"2026-01-31T04:00:07.125-08:00\"}" },
		 { .request = "GET companyinfo/" DIALOGUE_REALM, .body = "{\"CompanyInfo\":{}}" },
		 { .request = "GET companyinfo/" DIALOGUE_REALM,
		   .body = "{\"CompanyInfo\":{},\"time\":\"soon\"}",
		   .no_date = true });
	int64_t now_ms = 0;
	struct error err = { 0 };

	(void)state;
	assert_true(talk.connection.provider->now(&talk.connection, &now_ms, &err));
	assert_int_equal(now_ms, DIALOGUE_NOW_MS + 7125);
	/* Without the word of its own, the Date header. */
	assert_true(talk.connection.provider->now(&talk.connection, &now_ms, &err));
	assert_int_equal(now_ms, DIALOGUE_NOW_MS);
	assert_false(talk.connection.provider->now(&talk.connection, &now_ms, &err));
	assert_int_equal(err.code, ERROR_REMOTE);
}

static void the_simulated_company_says_who_it_is(void **state)
{
	AUTO(ledger_clear) struct ledger ledger;
	struct identity identity;
	struct error err = { 0 };
	int64_t now_ms;

	(void)state;
	ledger_init(&ledger);
	ledger_step(&ledger, 90000);
	if (!ledger.connection.provider->identity(&ledger.connection, &identity, &err))
		fail_msg("%s", err.text);
	assert_string_equal(identity.realm, LEDGER_REALM);
	assert_string_equal(identity.name, "Nine Pins");
	assert_string_equal(identity.currency, "USD");
	assert_true(strlen(identity.country) > 0);
	assert_true(strlen(identity.created) > 0);
	assert_true(ledger.connection.provider->now(&ledger.connection, &now_ms, &err));
	assert_int_equal(now_ms, ledger.now_ms);
}

static void a_page_is_filled_again_in_the_same_memory(void **state)
{
	static const char text[] = "{\"Id\":\"1\"}";
	struct page page;
	const char *body;

	(void)state;
	page_init(&page);
	str_add(&page.body, text);
	assert_true(json_check_map(page.body.text, page.body.len, &page.map, NULL));
	page_add(&page, (struct json_slice){ .text = page.body.text, .len = page.body.len, .kind = JSON_OBJECT, .map = page.map });
	page_add_gone(&page, "2");
	page.position = memory_copy_text("next");
	body = page.body.text;
	page_reset(&page);
	assert_int_equal(page.count + page.gone_count + page.body.len, 0);
	assert_null(page.position);
	assert_null(page.map);
	str_add(&page.body, text);
	assert_ptr_equal(page.body.text, body);
	page_clear(&page);
}

int test_provider(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_page_is_filled_again_in_the_same_memory),
		cmocka_unit_test(providers_are_found_by_name),
		cmocka_unit_test(each_environment_has_its_addresses),
		cmocka_unit_test(limits_are_below_the_ledgers),
		cmocka_unit_test(pages_can_be_used_again),
		cmocka_unit_test(a_company_says_who_it_is),
		cmocka_unit_test(a_company_without_a_name_is_none),
		cmocka_unit_test(the_time_is_the_ledgers),
		cmocka_unit_test(the_simulated_company_says_who_it_is),
	};

	return cmocka_run_group_tests_name("provider", tests, NULL, NULL);
}
