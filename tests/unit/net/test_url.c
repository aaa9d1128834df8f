/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses: where we go, where we do not, and what an error may say of it. */
#include <string.h>

#include "ledgerdeck/core/memory.h"

#include "url.h"

#include "tests.h"

static void goes_to(const char *text, bool secure, bool loopback, const char *host, int port,
		    const char *shown)
{
	struct error err = { 0 };
	struct url url;

	if (!url_read(text, &url, &err))
		fail_msg("'%s': %s", text, err.text);
	assert_int_equal(url.secure, secure);
	assert_int_equal(url.loopback, loopback);
	assert_string_equal(url.host, host);
	assert_int_equal(url.port, port);
	assert_string_equal(url.shown, shown);
}

static void good_ones_are_read(void **state)
{
	(void)state;
	goes_to("https://Quickbooks.API.example/v3/company/1?x=y#z", true, false,
		"quickbooks.api.example", 443, "quickbooks.api.example");
	goes_to("https://a.example:8443", true, false, "a.example", 8443, "a.example:8443");
	goes_to("HTTPS://127.0.0.1/", true, true, "127.0.0.1", 443, "127.0.0.1");
	goes_to("http://127.9.8.7:8080/x", false, true, "127.9.8.7", 8080, "127.9.8.7:8080");
	goes_to("http://localhost/", false, true, "localhost", 80, "localhost");
	goes_to("http://[::1]:99/", false, true, "::1", 99, "::1:99");
}

static void others_are_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"quickbooks.example",
		"/only/path",
		"https://",
		"ftp://a.example/",
		"file:///etc/passwd",
		"http://a.example/",
		"http://127.0.0.1.example/",
		"http://localhost.example/",
		"http://0.0.0.0/",
		"http://128.0.0.1/",
		"http://[::2]/",
		"https://user@a.example/",
		"https://user:word@a.example/",
		"https://:word@a.example/",
		"https://a.example:99999/",
		"https://a b/",
		"https://a.example/\r\nX: y",
		"gopher://127.0.0.1/",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct error err = { 0 };
		struct url url = { .port = 7 };

		if (url_read(texts[i], &url, &err))
			fail_msg("'%s' was taken", texts[i]);
		assert_int_equal(err.code, ERROR_INPUT);
		assert_int_equal(url.port, 7);
	}
}

static void errors_name_the_host_only(void **state)
{
	static const char *const texts[] = {
		"http://a.example/MARK?MARK=MARK#MARK",
		"https://MARK:MARK@a.example/MARK",
		"ftp://a.example/MARK",
		"https://a.example:MARK/",
		"MARK",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct error err = { 0 };
		struct url url;

		assert_false(url_read(texts[i], &url, &err));
		assert_null(strstr(err.text, "MARK"));
		assert_true(err.text[0] != '\0');
	}
}

static void places_are_compared(void **state)
{
	static const char *const others[] = {
		"http://localhost/",
		"https://localhost:444/",
		"https://127.0.0.1/",
		"https://localhost.b/",
	};
	struct url here, there;

	(void)state;
	assert_true(url_read("https://localhost/a", &here, NULL));
	assert_true(url_read("https://LOCALHOST:443/b?c", &there, NULL));
	assert_true(url_is_same_place(&here, &there));
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		assert_true(url_read(others[i], &there, NULL));
		assert_false(url_is_same_place(&here, &there));
	}
}

int test_url(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_ones_are_read),
		cmocka_unit_test(others_are_refused),
		cmocka_unit_test(errors_name_the_host_only),
		cmocka_unit_test(places_are_compared),
	};

	return cmocka_run_group_tests_name("url", tests, NULL, NULL);
}
