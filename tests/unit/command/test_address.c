/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses in the ledger's web pages: whatever an id holds, it stays one value of the address. */
#include "ledgerdeck/command/address.h"

#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "tests.h"

static struct settings *settings_of(const char *flag)
{
	static const char *const nothing[] = { NULL };
	const char *const flags[] = { flag, NULL };
	struct settings_sources sources = { .environment = nothing, .flags = flag ? flags : nothing };
	struct settings *settings;
	struct error err = { 0 };

	if (!settings_load(&sources, &settings, &err))
		fail_msg("%s", err.text);
	return settings;
}

static const struct type *type_of(const struct catalogue *catalogue, const char *name)
{
	const struct type *type = catalogue_find(catalogue, "quickbooks", name);

	assert_non_null(type);
	return type;
}

static void each_has_its_address(void **state)
{
	static const struct {
		enum environment environment;
		const char *type, *id, *address; /* NULL: there is none */
	} cases[] = {
		{ ENVIRONMENT_PRODUCTION, "Invoice", "1024", "https://app.qbo.intuit.com/app/invoice?txnId=1024" },
		{ ENVIRONMENT_SANDBOX, "Customer", "7", "https://app.sandbox.qbo.intuit.com/app/customerdetail?nameId=7" },
		{ ENVIRONMENT_PRODUCTION, "Term", "1", NULL },
		{ ENVIRONMENT_LOCAL, "Invoice", "1024", NULL },
		{ ENVIRONMENT_DEMO, "Invoice", "1024", NULL },
		{ ENVIRONMENT_PRODUCTION, "Invoice", "7&companyId=1#top", "https://app.qbo.intuit.com/app/invoice?txnId=7%26companyId%3D1%23top" },
		{ ENVIRONMENT_PRODUCTION, "Invoice", "../x y\x1b]8;;\n", "https://app.qbo.intuit.com/app/invoice?txnId=..%2Fx%20y%1B%5D8%3B%3B%0A" },
		{ ENVIRONMENT_PRODUCTION, "Invoice", "{id}%41\xc3\xb8", "https://app.qbo.intuit.com/app/invoice?txnId=%7Bid%7D%2541%C3%B8" },
	};
	struct settings *settings = settings_of(NULL);
	struct catalogue *catalogue;
	struct error err = { 0 };

	(void)state;
	if (!catalogue_load(NULL, &catalogue, &err))
		fail_msg("%s", err.text);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct account account = { .environment = cases[i].environment };
		AUTO(str_clear) struct str address = STR_INIT(2000);
		bool known = record_address(settings, &account, type_of(catalogue, cases[i].type), cases[i].id, &address);

		assert_int_equal(known, cases[i].address != NULL);
		assert_string_equal(address.text, cases[i].address ? cases[i].address : "");
	}
	catalogue_free(catalogue);
	settings_free(settings);
}

/* Where the pages are is a setting, and what is behind the id stays. */
static void both_halves_are_data(void **state)
{
	struct settings *settings = settings_of("quickbooks.web_local=https://books.example/app");
	struct type type = { .provider = "quickbooks", .name = "Thing", .web = "thing/{id}/view?plain=1" };
	struct account account = { .environment = ENVIRONMENT_LOCAL };
	AUTO(str_clear) struct str address = STR_INIT(2000);

	(void)state;
	assert_true(record_address(settings, &account, &type, "a/b", &address));
	assert_string_equal(address.text, "https://books.example/app/thing/a%2Fb/view?plain=1");
	settings_free(settings);
}

int test_address(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_has_its_address),
		cmocka_unit_test(both_halves_are_data),
	};

	return cmocka_run_group_tests_name("address", tests, NULL, NULL);
}
