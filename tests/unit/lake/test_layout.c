/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Paths of files: what may stand in a layout, what comes of it, and that nothing leads out. */
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/lake/destination.h"
#include "ledgerdeck/lake/layout.h"

#include "tests.h"

static const struct layout_values values = {
	.account = "ldgr_1", .name = "../Smørg & S\xc3\xb8n!", .provider = "quickbooks", .environment = "production", .type = "Invoice",
	.kind = LAYOUT_FULL, .time_ms = INT64_C(1769903999000), .format = "parquet",
};

static void expect_path(const char *layout, const char *path, const char *root)
{
	AUTO(str_clear) struct str out = STR_INIT(500);
	struct error err;

	assert_true(layout_check(layout, &err));
	layout_add(layout, &values, &out);
	assert_string_equal(out.text, path);
	str_reset(&out);
	layout_add_root(layout, &values, &out);
	assert_string_equal(out.text, root);
}

static void words_are_filled_in(void **state)
{
	(void)state;
	expect_path(LAYOUT_DEFAULT, "ldgr_1/Invoice/full_sync-20260131_23_59_59-Invoice.parquet", "ldgr_1/");
	expect_path("{type}/{time}", "Invoice/20260131_23_59_59", "");
	expect_path("a/{environment}-{provider}/b/{kind}/{type}{time}.{format}", "a/production-quickbooks/b/full_sync/Invoice20260131_23_59_59.parquet",
		    "a/production-quickbooks/b/");
	/* What a company is called never makes a directory. */
	expect_path("{name}/{type}-{time}", "Sm-rg-S-n/Invoice-20260131_23_59_59", "Sm-rg-S-n/");
	assert_true(layout_has(LAYOUT_DEFAULT, "account"));
	assert_false(layout_has("{type}/{time}", "account"));
	assert_false(layout_has("account/{type}/{time}", "account"));
}

static void others_are_refused(void **state)
{
	static const char *const bad[] = { "", "{type}", "{time}", "/{type}/{time}", "{type}/{time}/", "{type}//{time}", "../{type}{time}", "{type}/..{time}",
					   "{type}/{time}.", " {type}{time}", "{typ}{time}{type}", "{type}{time", "{type}\\{time}", "{type}{time}\n", "{{type}}{time}" };
	struct error err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		err = (struct error){ 0 };
		if (layout_check(bad[i], &err))
			fail_msg("'%s' was taken", bad[i]);
		assert_int_equal(err.code, ERROR_INPUT);
	}
}

static void expect_address(const char *given, const char *address, const char *owner)
{
	AUTO(str_clear) struct str out = STR_INIT(1000), whose = STR_INIT(200);
	struct error err = { 0 };

	if (!destination_address(given, &out, &err))
		fail_msg("'%s': %s", given, err.text);
	assert_string_equal(out.text, address);
	assert_int_equal(destination_owner(out.text, &whose), *owner != '\0');
	assert_string_equal(whose.text, owner);
}

static void addresses_of_destinations(void **state)
{
	static const char *const bad[] = { "", "az://", "az://acme", "az://acme/", "az:///lake", "az://a b/c", "s3://", "s3:///x", "s3://a/b//c", "s3://a/../b", "s3://../x", "s3://a./x", "ftp://x/y",
					   "http://x" };
	AUTO(str_clear) struct str out = STR_INIT(1000);
	struct error err;

	(void)state;
	expect_address("/srv/lake//", "/srv/lake", "");
	expect_address("/", "/", "");
	expect_address("az://acme/lake/", "az://acme/lake", "az://acme");
	expect_address("az://acme/lake/a/b", "az://acme/lake/a/b", "az://acme");
	expect_address("s3://acme.lake/a/", "s3://acme.lake/a", "s3://acme.lake");
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		str_reset(&out);
		if (destination_address(bad[i], &out, &err))
			fail_msg("'%s' was taken", bad[i]);
		assert_int_equal(err.code, ERROR_INPUT);
	}
}

static bool is_secret(const char *owner, const char *text)
{
	AUTO(secret_freep) struct secret *secret = secret_copy(text, strlen(text));
	struct error err;

	return destination_check_secret(owner, secret, &err);
}

static void secrets_are_looked_at(void **state)
{
	(void)state;
	assert_true(is_secret("az://a", "{\"key\":\"Zm9vYmFy\"}"));
	assert_true(is_secret("az://a", "{\"sas\":\"sv=1&sig=x\"}  "));
	assert_false(is_secret("az://a", "{\"sas\":\"sv=1&sig=x\",\"key\":\"Zm9vYmFy\"}"));
	assert_false(is_secret("az://a", "{\"key\":\"no base64!\"}"));
	assert_false(is_secret("az://a", "{}"));
	assert_false(is_secret("az://a", "nonsense"));
	assert_true(is_secret("s3://a", "{\"id\":\"x\",\"key\":\"y\"}"));
	assert_false(is_secret("s3://a", "{\"id\":\"x\"}"));
	assert_false(is_secret("s3://a", "{\"id\":\"x\",\"key\":7}"));
}

int test_layout(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_filled_in),
		cmocka_unit_test(others_are_refused),
		cmocka_unit_test(addresses_of_destinations),
		cmocka_unit_test(secrets_are_looked_at),
	};

	return cmocka_run_group_tests_name("layout", tests, NULL, NULL);
}
