/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One record by its id: there, proven absent, or unknown. */
#include <string.h>

#include "ledgerdeck/core/memory.h"

#include "dialogue.h"
#include "ledger.h"
#include "tests.h"

static enum found find(struct connection *connection, const char *type, const char *id,
		       struct page *page, struct error *err)
{
	return connection->provider->find(connection, type_named(type), id, page, err);
}

static const char not_found[] =
	"{\"Fault\":{\"Error\":[{\"Message\":\"Object Not Found\",\"Detail\":\"Object Not Found : "
	"Something you're trying to use "
	"has been made "
	"inactive.\",\"code\":\"610\",\"element\":\"\"}],\"type\":\"ValidationFault\"}}";

static void a_record_is_found(void **state)
{
	DIALOGUE(talk,
		 { .request = "GET creditmemo/12",
		   .body = "{\"CreditMemo\":{\"Id\":\"12\",\"SyncToken\":\"3\"},\"time\":\"2026-01-"
			   "31T04:00:00.000-08:00\"}" },
		 { .request = "GET recurringtransaction/7",
		   .body = "{\"RecurringTransaction\":{\"Invoice\":{\"Id\":\"7\"}},\"time\":"
			   "\"x\"}" },
		 { .request = "GET companyinfo/" DIALOGUE_REALM,
		   .body = "{\"CompanyInfo\":{\"Id\":\"1\"}}" },
		 { .request = "GET preferences", .body = "{\"Preferences\":{\"Id\":\"1\"}}" },
		 { .request = "GET item/a/b c", .body = "{\"Item\":{\"Id\":\"a/b c\"}}" });
	AUTO(page_clearp) struct page page;

	(void)state;
	page_init(&page);
	assert_int_equal(find(&talk.connection, "CreditMemo", "12", &page, NULL), FOUND);
	assert_int_equal(page.count, 1);
	assert_int_equal(page.records[0].len, strlen("{\"Id\":\"12\",\"SyncToken\":\"3\"}"));
	assert_int_equal(page.ledger_ms, DIALOGUE_NOW_MS);
	assert_int_equal(find(&talk.connection, "RecurringTransaction", "7", &page, NULL), FOUND);
	assert_int_equal(page.records[0].len, strlen("{\"Invoice\":{\"Id\":\"7\"}}"));
	assert_int_equal(find(&talk.connection, "CompanyInfo", "1", &page, NULL), FOUND);
	assert_int_equal(find(&talk.connection, "Preferences", "1", &page, NULL), FOUND);
	assert_int_equal(find(&talk.connection, "Item", "a/b c", &page, NULL), FOUND);
}

static void absent_is_what_the_ledger_says_is(void **state)
{
	DIALOGUE(talk, { .request = "GET invoice/12", .status = 400, .body = not_found },
		 { .request = "GET invoice/12", .body = not_found },
		 { .request = "GET invoice/12",
		   .body = "{\"Invoice\":{\"domain\":\"QBO\",\"status\":\"Deleted\",\"Id\":\"12\"},"
			   "\"time\":\"x\"}" });
	AUTO(page_clearp) struct page page;

	(void)state;
	page_init(&page);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(find(&talk.connection, "Invoice", "12", &page, NULL), ABSENT);
		assert_int_equal(page.count, 0);
	}
}

static void all_else_is_unknown(void **state)
{
	static const enum error_code codes[] = { ERROR_AUTH,   ERROR_AUTH,   ERROR_REMOTE,
						 ERROR_REMOTE, ERROR_REMOTE, ERROR_INPUT,
						 ERROR_REMOTE, ERROR_REMOTE };
	DIALOGUE(talk, { .request = "GET invoice/12", .status = 401, .body = not_found },
		 { .request = "GET invoice/12", .status = 401, .body = not_found },
		 { .request = "GET invoice/12", .status = 403, .body = not_found },
		 { .request = "GET invoice/12", .status = 500, .body = not_found },
		 { .request = "GET invoice/12", .status = 404, .body = "<html>not here</html>" },
		 { .request = "GET invoice/12", .body = "{\"QueryResponse\":" },
		 { .request = "GET invoice/12",
		   .status = 400,
		   .body = "{\"Fault\":{\"Error\":[{\"Message\":\"Invalid "
			   "ID\",\"code\":\"2030\"}]}}" },
		 { .request = "GET invoice/12", .body = "{\"time\":\"x\"}" },
		 { .request = "GET invoice/12", .body = "{}" });
	AUTO(page_clearp) struct page page;

	(void)state;
	page_init(&page);
	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		struct error err = { 0 };

		assert_int_equal(find(&talk.connection, "Invoice", "12", &page, &err),
				 UNKNOWN_FOUND);
		assert_int_equal(err.code, codes[i]);
		assert_int_equal(page.count, 0);
	}
}

static void what_has_no_id_is_asked_for_by_its_key(void **state)
{
	DIALOGUE(talk,
		 { .request = "GET query?query=select * from ExchangeRate where SourceCurrencyCode "
			      "= 'EUR' and AsOfDate = '2026-01-31'",
		   .body = "{\"QueryResponse\":{\"ExchangeRate\":[{\"SourceCurrencyCode\":\"EUR\","
			   "\"AsOfDate\":\"2026-01-31\",\"Rate\":1.1}]}}" },
		 { .request = "GET query?query=select * from ExchangeRate where SourceCurrencyCode "
			      "= 'a\\'b\\\\' and AsOfDate = ''",
		   .body = "{\"QueryResponse\":{}}" });
	AUTO(page_clearp) struct page page;
	struct error err = { 0 };

	(void)state;
	page_init(&page);
	assert_int_equal(find(&talk.connection, "ExchangeRate", "EUR:2026-01-31", &page, &err), FOUND);
	assert_int_equal(page.count, 1);
	assert_int_equal(find(&talk.connection, "ExchangeRate", "a'b\\", &page, &err),
			 UNKNOWN_FOUND);
	assert_int_equal(err.code, ERROR_REMOTE);
}

static void the_simulated_ledger_tells_them_apart(void **state)
{
	AUTO(copy_clear) struct copy invoices = { 0 };
	AUTO(page_clearp) struct page page;
	AUTO(ledger_clear) struct ledger ledger;
	struct error err = { 0 };
	char customer[64], gone[64];

	(void)state;
	ledger_init(&ledger);
	page_init(&page);
	memcpy(customer, ledger_add_customer(&ledger, "Sleeps"), sizeof(customer));
	ledger_touch_customer(&ledger, customer, false);
	assert_int_equal(find(&ledger.connection, "Customer", customer, &page, &err), FOUND);
	assert_string_equal(page_ids(type_named("Customer"), &page), customer);
	ledger_add_invoice(&ledger, ledger_add_customer(&ledger, "Buys"));
	ledger_truth(&ledger, type_named("Invoice"), &invoices);
	for (size_t i = 0; i < invoices.count; i++)
		assert_int_equal(
			find(&ledger.connection, "Invoice", invoices.rows[i].id, &page, &err),
			FOUND);
	memcpy(gone, invoices.rows[0].id, sizeof(gone));
	ledger_delete_invoice(&ledger, gone);
	assert_int_equal(find(&ledger.connection, "Invoice", gone, &page, &err), ABSENT);
	assert_int_equal(find(&ledger.connection, "Invoice", "999999", &page, &err), ABSENT);
	assert_int_equal(find(&ledger.connection, "Invoice", "x", &page, &err), UNKNOWN_FOUND);
	ledger_trouble(&ledger, "{\"kind\":\"html\"}");
	assert_int_equal(find(&ledger.connection, "Invoice", gone, &page, &err), UNKNOWN_FOUND);
}

int test_find(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_is_found),
		cmocka_unit_test(absent_is_what_the_ledger_says_is),
		cmocka_unit_test(all_else_is_unknown),
		cmocka_unit_test(what_has_no_id_is_asked_for_by_its_key),
		cmocka_unit_test(the_simulated_ledger_tells_them_apart),
	};

	return cmocka_run_group_tests_name("find", tests, NULL, NULL);
}
