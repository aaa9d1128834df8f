/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever people paste: each form that is taken, and each mistake, which is named. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/digest.h"
#include "ledgerdeck/core/memory.h"
#include "tests.h"

#define REDIRECT "https://relay.example.com/oauth2/code"
#define CODE "AB11700000000abcdefGHIJKLmnop0123456789qrstuvw"
#define STATE "0123456789abcdefghijABCDEFGHIJ0123456789-_A"
#define REALM "4620816365012345678"
#define QUERY "code=" CODE "&state=" STATE "&realmId=" REALM
#define FULL REDIRECT "?" QUERY

struct row {
	const char *text;
	enum paste_kind kind;
	const char *realm; /* NULL: not looked at */
	bool state;
	const char *says;  /* a part of the error; NULL: none */
};

static const struct row rows[] = {
	{ FULL, PASTE_ANSWER, REALM, true, NULL },
	{ "  \"" FULL "\"\n", PASTE_ANSWER, REALM, true, NULL },
	{ "<" FULL ">", PASTE_ANSWER, REALM, true, NULL },
	{ "\xef\xbb\xbf\xe2\x80\x8b" FULL, PASTE_ANSWER, REALM, true, NULL },
	{ "$ " FULL, PASTE_ANSWER, REALM, true, NULL },
	{ "https://relay.example.com/oauth2/co\nde?code=AB11700000000abcdefGHIJKL\r\n\tmnop0123456789qrstuvw&state=" STATE
	  "&realm Id=" REALM, PASTE_ANSWER, REALM, true, NULL },
	{ "HTTPS://Relay.Example.com/oauth2/code?" QUERY, PASTE_ANSWER, REALM, true, NULL },
	{ "https://relay.example.com/oauth2/code/?" QUERY, PASTE_ANSWER, REALM, true, NULL },
	{ REDIRECT "#" QUERY, PASTE_ANSWER, REALM, true, NULL },
	{ "?" QUERY, PASTE_ANSWER, REALM, true, NULL },
	{ QUERY, PASTE_ANSWER, REALM, true, NULL },
	{ "realmId=" REALM "&unknown=1&state=" STATE "&code=" CODE, PASTE_ANSWER, REALM, true, NULL },
	{ "code=AB1170000%30000abcdef&state=x%2Dy", PASTE_ANSWER, "", true, NULL },
	{ CODE "#" STATE, PASTE_ANSWER, "", true, NULL },
	{ CODE " " STATE, PASTE_ANSWER, "", true, NULL },
	{ CODE, PASTE_BARE_CODE, "", false, NULL },
	{ "AB11700000000abcdefGHIJKL\nmnop0123456789qrstuvw", PASTE_BARE_CODE, "", false, NULL },
	{ REDIRECT "?error=access_denied&state=" STATE, PASTE_ERROR, "", true, NULL },
	{ "", PASTE_INCOMPLETE, "", false, NULL },
	{ " \n ", PASTE_INCOMPLETE, "", false, NULL },
	{ "ACC1.Y29kZT1B", PASTE_INCOMPLETE, "", false, NULL },
	{ "ACC1.Y29kZT1B.00000000", PASTE_MISTAKE, NULL, false, "checksum" },
	{ "https://appcenter.intuit.com/connect/oauth2?client_id=a&response_type=code&redirect_uri=b&state=" STATE, PASTE_MISTAKE,
	  NULL, false, "address to open" },
	{ "https://accounts.intuit.com/app/sign-in?x=1", PASTE_MISTAKE, NULL, false, "sign-in page" },
	{ "https://other.example.com/oauth2/code?" QUERY, PASTE_MISTAKE, NULL, false, "other.example.com" },
	{ "https://relay.example.com.evil.example/oauth2/code?" QUERY, PASTE_MISTAKE, NULL, false, "evil.example" },
	{ "https://relay.example.com/OAUTH2/code?" QUERY, PASTE_MISTAKE, NULL, false, "relay.example.com" },
	{ "https://" CODE "?x=1", PASTE_MISTAKE, NULL, false, "another one" },
	{ REDIRECT "?state=" STATE, PASTE_MISTAKE, NULL, false, "no code" },
	{ REDIRECT "?code=a+b+c+d+e&state=" STATE, PASTE_MISTAKE, NULL, false, "'+'" },
	{ REDIRECT "?code=" CODE "&code=" CODE, PASTE_MISTAKE, NULL, false, "twice" },
	{ REDIRECT "?" QUERY "&state=" STATE, PASTE_MISTAKE, NULL, false, "twice" },
	{ REDIRECT "?code=" CODE "%4&state=" STATE, PASTE_MISTAKE, NULL, false, "'%'" },
	{ REDIRECT "?code=" CODE "&realmId=12a", PASTE_MISTAKE, NULL, false, "company id" },
	{ REDIRECT "?code=short&realmId=12", PASTE_MISTAKE, NULL, false, "no code" },
	{ "hello there", PASTE_MISTAKE, NULL, false, "neither" },
	{ "eyJlbmMiOiJBMTI4Q0JDLUhTMjU2IiwiYWxnIjoiZGlyIn0..x8hdLiqyUFkCj3I2dQbSzA.q5p8JtVxVtSx8hdLiqyUFkCj3I2dQbSzAabcdefghijklmnop",
	  PASTE_MISTAKE, NULL, false, "access token" },
};

/* Nothing of a code or state is said again. */
static void assert_silent(const char *text)
{
	for (size_t i = 0; i + 8 <= strlen(CODE); i++) {
		char window[9] = { 0 };

		memcpy(window, &CODE[i], 8);
		assert_null(strstr(text, window));
	}
	assert_null(strstr(text, STATE));
}

static void test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *row = &rows[i];
		struct error err = { 0 };
		struct paste paste;
		bool good = paste_parse(row->text, strlen(row->text), REDIRECT, &paste, &err);

		if (paste.kind != row->kind || good != !row->says || (row->realm && strcmp(paste.realm, row->realm) != 0) ||
		    (paste.state != NULL) != row->state || (row->says && !strstr(err.text, row->says)))
			fail_msg("'%s': kind %d, good %d, realm '%s', '%s'", row->text, paste.kind, good, paste.realm, err.text);
		if (paste.kind == PASTE_ANSWER && strstr(row->text, CODE))
			assert_memory_equal(secret_reveal(paste.code), CODE, strlen(CODE));
		assert_silent(err.text);
		assert_silent(paste.summary);
		paste_clear(&paste);
	}
}

static uint32_t crc_of(const char *text)
{
	uint32_t crc = 0xffffffff;

	for (; *text; text++) {
		crc ^= (unsigned char)*text;
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

/* The line of the redirect page: whole it is taken, cut anywhere it is never taken for something else. */
static void test_line(void **state)
{
	AUTO(str_clear) struct str line = STR_INIT(4096), body = STR_INIT(4096);
	struct error err = { 0 };
	struct paste paste;

	(void)state;
	digest_add_base64url(&body, QUERY, strlen(QUERY));
	str_addf(&line, "ACC1.%s.%08x", body.text, (unsigned)crc_of(body.text));
	assert_true(paste_parse(line.text, line.len, REDIRECT, &paste, &err));
	assert_int_equal(paste.kind, PASTE_ANSWER);
	assert_string_equal(paste.realm, REALM);
	assert_string_equal(secret_reveal(paste.code), CODE);
	paste_clear(&paste);
	for (size_t len = 5; len < line.len; len++) {
		paste_parse(line.text, len, REDIRECT, &paste, &err);
		assert_null(paste.code);
		assert_true(paste.kind == PASTE_INCOMPLETE || paste.kind == PASTE_MISTAKE);
		paste_clear(&paste);
	}
}

static void test_sizes(void **state)
{
	AUTO(memory_freep) char *huge = memory_new(70000);
	struct error err = { 0 };
	struct paste paste;

	(void)state;
	memset(huge, 'a', 69999);
	assert_false(paste_parse(huge, 69999, REDIRECT, &paste, &err));
	assert_int_equal(paste.kind, PASTE_MISTAKE);
	paste_clear(&paste);
	assert_false(paste_parse(huge, 60000, REDIRECT, &paste, &err));
	assert_int_equal(paste.kind, PASTE_MISTAKE);
	paste_clear(&paste);
}

int test_paste(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_line),
		cmocka_unit_test(test_sizes),
	};

	return cmocka_run_group_tests_name("paste", tests, NULL, NULL);
}
