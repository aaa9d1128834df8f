/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each kind of setting takes, and what it does not. */
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "settings/value.h"

#include "tests.h"

static const struct setting_row any_number = { .kind = SETTING_NUMBER };
static const struct setting_row small_number = { .kind = SETTING_NUMBER, .min = 2, .max = 9 };
static const struct setting_row duration = { .kind = SETTING_DURATION };
static const struct setting_row size = { .kind = SETTING_SIZE, .max = INT64_C(1) << 40 };
static const struct setting_row flag = { .kind = SETTING_FLAG };
static const struct setting_row word = { .kind = SETTING_WORD, .words = "dark|light|mono" };
static const struct setting_row text = { .kind = SETTING_TEXT };
static const struct setting_row path = { .kind = SETTING_PATH };
static const struct setting_row address = { .kind = SETTING_ADDRESS };
static const struct setting_row proxy = { .kind = SETTING_ADDRESS, .words = "http|https|socks5" };

static void numbers(void **state)
{
	static const struct {
		const struct setting_row *row;
		const char *value;
		int64_t number;
	} good[] = {
		{ &any_number, "0", 0 },
		{ &any_number, "007", 7 },
		{ &any_number, "9223372036854775807", INT64_MAX },
		{ &small_number, "2", 2 },
		{ &small_number, "9", 9 },
		{ &duration, "90", 90 },
		{ &duration, "90s", 90 },
		{ &duration, "5m", 300 },
		{ &duration, "2h", 7200 },
		{ &duration, "1d", 86400 },
		{ &duration, "0", 0 },
		{ &size, "12", 12 },
		{ &size, "512K", 524288 },
		{ &size, "64M", 67108864 },
		{ &size, "1G", 1073741824 },
		{ &flag, "yes", 1 },
		{ &flag, "NO", 0 },
		{ &flag, "on", 1 },
		{ &flag, "off", 0 },
		{ &flag, "True", 1 },
		{ &flag, "false", 0 },
		{ &flag, "1", 1 },
		{ &flag, "0", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		const char *want = "";
		int64_t number = -1;

		if (!setting_value_check(good[i].row, good[i].value, &number, &want) || number != good[i].number)
			fail_msg("'%s' is %lld", good[i].value, (long long)number);
	}
}

/* What each kind takes, with its bounds in the greatest unit that leaves no rest. */
static void told_in_words(void **state)
{
	static const struct setting_row times = { "a.b", SETTING_DURATION, "5m", NULL, 90, 604800, 0, "" };
	static const struct {
		const struct setting_row *row;
		const char *words;
	} cases[] = {
		{ &any_number, "a whole number" },      { &small_number, "a whole number, from 2 to 9" },
		{ &word, "dark, light or mono" },       { &flag, "yes or no" },
		{ &size, "a size such as 512K, 64M or 1G, from 0 to 1024G" },
		{ &times, "a time such as 90s, 5m, 2h or 1d, from 90s to 7d" },
	};
	AUTO(str_clear) struct str variable = STR_INIT(100);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(str_clear) struct str words = STR_INIT(200);

		setting_add_allowed(cases[i].row, &words);
		assert_string_equal(words.text, cases[i].words);
	}
	setting_add_variable("sync.per_minute", &variable);
	assert_string_equal(variable.text, "LEDGERDECK__SYNC__PER_MINUTE");
}

static void refused(void **state)
{
	static const struct {
		const struct setting_row *row;
		const char *value, *want; /* NULL: between its limits */
	} bad[] = {
		{ &any_number, "", "a whole number" },
		{ &any_number, "x", "a whole number" },
		{ &any_number, "1x", "a whole number" },
		{ &any_number, "1.5", "a whole number" },
		{ &any_number, "-1", "a whole number" },
		{ &any_number, "+1", "a whole number" },
		{ &any_number, " 1", "a whole number" },
		{ &any_number, "1 ", "a whole number" },
		{ &any_number, "0x10", "a whole number" },
		{ &any_number, "5m", "a whole number" },
		{ &any_number, "9223372036854775808", "a whole number" },
		{ &any_number, "99999999999999999999999999", "a whole number" },
		{ &small_number, "1", NULL },
		{ &small_number, "10", NULL },
		{ &duration, "5x", "a time such as" },
		{ &duration, "5M", "a time such as" },
		{ &duration, "5mm", "a time such as" },
		{ &duration, "5m 3s", "a time such as" },
		{ &duration, "m", "a time such as" },
		{ &duration, "106751991167301d", "a time such as" },
		{ &size, "5k", "a size such as" },
		{ &size, "5MB", "a size such as" },
		{ &size, "8589934592G", "a size such as" },
		{ &size, "1025G", NULL },
		{ &flag, "", "yes or no" },
		{ &flag, "ja", "yes or no" },
		{ &flag, "2", "yes or no" },
		{ &word, "", "dark|light|mono" },
		{ &word, "dar", "dark|light|mono" },
		{ &word, "darks", "dark|light|mono" },
		{ &word, "Dark", "dark|light|mono" },
		{ &word, "dark|light", "dark|light|mono" },
		{ &word, "|", "dark|light|mono" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		const char *want = "";
		int64_t number;

		if (setting_value_check(bad[i].row, bad[i].value, &number, &want))
			fail_msg("'%s' is taken", bad[i].value);
		if (bad[i].want ? !want || !strstr(want, bad[i].want) : want != NULL)
			fail_msg("'%s': '%s'", bad[i].value, want ? want : "between its limits");
	}
}

static void addresses(void **state)
{
	static const char *const good[] = {
		"", "https://example.com", "https://example.com/", "https://example.com:8443/a?b=c#d", "HTTPS://Example.Com",
		"https://1.2.3.4/x", "https://[2001:db8::1]:444/x", "http://127.0.0.1", "http://127.0.0.1:8620/oauth2/code",
		"http://localhost/", "http://LOCALHOST:1", "http://[::1]", "http://[::1]:8620/x", "http://localhost?x=1",
		"https://example.com/@name", "https://example.com/?to=a@b",
	};
	static const char *const bad[] = {
		"x", "example.com", "https", "https:", "https:/example.com", "https://", "https:///path", "https://:443",
		"https://?x", "http://example.com", "http://127.0.0.1.example.com", "http://localhost.example.com",
		"http://127.0.0.12", "http://localhosts", "http://[::1].example.com", "http://127.0.0.1@example.com",
		"http://localhost:80@example.com/", "https://user@example.com", "https://user:word@example.com",
		"https://user:word@127.0.0.1", "http://127.0.0.1:", "http://127.0.0.1:x", "http://127.0.0.1:123456",
		"http://127.0.0.1:80:80", "https://exa mple.com", "https://example.com/\"", "https://example.com\\@evil.com",
		"https://example.com/<script>", "ftp://example.com", "file:///etc/passwd", "javascript://127.0.0.1",
		" https://example.com", "https://[::1", "http://[::1", "http://[", "http://[::1]x",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		const char *want = "";
		int64_t number;

		if (!setting_value_check(&address, good[i], &number, &want))
			fail_msg("'%s' is refused", good[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		const char *want = "";
		int64_t number;

		if (setting_value_check(&address, bad[i], &number, &want))
			fail_msg("'%s' is taken", bad[i]);
		assert_string_equal(want, "an https address or http to this machine, without a password");
	}
}

static void addresses_of_named_schemes(void **state)
{
	static const char *const good[] = { "", "http://proxy.example.com:3128", "https://proxy.example.com", "socks5://[::1]:1080",
					    "SOCKS5://10.0.0.1:1080" };
	static const char *const bad[] = { "proxy:3128", "ftp://proxy", "socks://proxy", "http://", "http://me:word@proxy:3128",
					   "http|https://proxy" };
	const char *want = "";
	int64_t number;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		if (!setting_value_check(&proxy, good[i], &number, &want))
			fail_msg("'%s' is refused", good[i]);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (setting_value_check(&proxy, bad[i], &number, &want))
			fail_msg("'%s' is taken", bad[i]);
	assert_non_null(strstr(want, "without user and password"));
}

/* Nothing that steers a terminal, breaks a line, is no text, or has no end. */
static void texts(void **state)
{
	static const char *const good[] = { "", "a", "a b\xc3\xa9 \"'\\;#", "/etc/x y" };
	static const char *const bad[] = { "a\nb", "a\tb", "\x1b[2J", "\x7f", "\xff", "\xc3", "a\rb" };
	AUTO(memory_freep) char *longest = memory_new(16386);
	const char *want = "";
	int64_t number;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		assert_true(setting_value_check(&text, good[i], &number, &want));
		assert_true(setting_value_check(&path, good[i], &number, &want));
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		want = "";
		if (setting_value_check(&text, bad[i], &number, &want))
			fail_msg("text %zu is taken", i);
		assert_non_null(strstr(want, "one line of text"));
	}
	memset(longest, 'a', 16384);
	assert_true(setting_value_check(&text, longest, &number, &want));
	longest[16384] = 'a';
	assert_false(setting_value_check(&text, longest, &number, &want));
}

static void wiped_texts_can_be_used_again(void **state)
{
	AUTO(value_wipe) struct str secret = STR_INIT(100);

	(void)state;
	value_wipe(&secret);
	str_add(&secret, "secret");
	value_wipe(&secret);
	assert_int_equal(secret.len, 0);
	str_add(&secret, "again");
	assert_string_equal(secret.text, "again");
}

int test_value(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),
		cmocka_unit_test(refused),
		cmocka_unit_test(told_in_words),
		cmocka_unit_test(addresses),
		cmocka_unit_test(addresses_of_named_schemes),
		cmocka_unit_test(texts),
		cmocka_unit_test(wiped_texts_can_be_used_again),
	};

	return cmocka_run_group_tests_name("value", tests, NULL, NULL);
}
