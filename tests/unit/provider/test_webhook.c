/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Deliveries of Xledger: signatures that another library made, everything that must not pass, and what a body says. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"

#include "provider/xledger/webhook.h"

#include "tests.h"

#define TOKEN "FqUnzimdhQRmx1XlHvAvR5BCK8nQlvZs"
#define THEN_MS INT64_C(784111777000) /* 1994-11-06T08:49:37Z */
#define DATE "Sun, 06 Nov 1994 08:49:37 GMT"
#define BODY "{\"data\":{\"projects\":{\"edges\":[{\"syncVersion\":\"AAAA-1\",\"node\":{\"dbId\":7,\"description\":\"Bru \xc3\xb8st\"}}]}}}"
/* base64.urlsafe_b64encode(hmac.new(base64.urlsafe_b64decode(TOKEN), b"784111777." + BODY, "sha256").digest()) */
#define SIGNATURE "jOQN_FOlRDHqzx869wX17X0gLlSDTk2hS6lUCYqUGtM"

static bool check(const char *token, const char *signature, const char *date, const char *body, int64_t now_ms, struct error *err)
{
	const struct webhook_delivery delivery = { .date = date, .signature = signature, .body = body, .len = strlen(body) };
	AUTO(secret_freep) struct secret *secret = secret_copy(token, strlen(token));

	error_clear(err);
	return webhook_check(secret, &delivery, now_ms, err);
}

static void known_signatures_pass(void **state)
{
	static const struct {
		const char *token, *signature, *date, *body;
		int64_t now_ms;
	} cases[] = {
		{ TOKEN, SIGNATURE, DATE, BODY, THEN_MS },
		{ TOKEN, SIGNATURE "=", DATE, BODY, THEN_MS },
		{ TOKEN, "aipn-GXeiElbJSjOu9L2bxhWEvqGw22qhkEphwJiM3I=", DATE, "", THEN_MS },
		/* A token with padding, and one of two bytes. */
		{ "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=", "TDlkBbRkqvf4U6EW3YPzSqVrXEQSCw1u7odexBWJJgk=", "Mon, 21 Sep 2026 14:13:20 GMT", "{}",
		  INT64_C(1790000000000) },
		{ "_-8", "TVjsk-Bsv1_yH-Hp2m2W5FyZHvMLAPuPmYhoannSIyU=", "2026-09-21T14:13:20Z", "x", INT64_C(1790000000000) },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct error err;

		if (!check(cases[i].token, cases[i].signature, cases[i].date, cases[i].body, cases[i].now_ms, &err))
			fail_msg("%zu: %s", i, err.text);
	}
}

/* The same instant in every form that a date may have. */
static void dates_have_many_forms(void **state)
{
	static const char *const good[] = { DATE, "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:37 UTC",
					    "Sun, 06 Nov 1994 08:49:37 +0000", "1994-11-06T08:49:37Z", "1994-11-06T09:49:37+01:00" };
	static const char *const bad[] = { "", "yesterday", "784111777", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET", "1994-11-06T08:49:37",
					   "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT x",
					   "Sun, 06 Nov 0000 08:49:37 GMT", "Fri, 01 Jan 1904 00:00:00 GMT" };
	struct error err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		if (!check(TOKEN, SIGNATURE, good[i], BODY, THEN_MS, &err))
			fail_msg("'%s': %s", good[i], err.text);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		if (check(TOKEN, SIGNATURE, bad[i], BODY, THEN_MS, &err))
			fail_msg("'%s' passed", bad[i]);
		assert_int_equal(err.code, ERROR_AUTH);
	}
}

static void nothing_else_passes(void **state)
{
	static const struct {
		const char *token, *signature, *date, *body;
	} cases[] = {
		{ "FqUnzimdhQRmx1XlHvAvR5BCK8nQlvZt", SIGNATURE, DATE, BODY }, /* another token, a body with one byte more, a second later */
		{ TOKEN, SIGNATURE, DATE, BODY " " },
		{ TOKEN, SIGNATURE, "Sun, 06 Nov 1994 08:49:38 GMT", BODY },
		{ TOKEN, "jOQN_FOlRDHqzx869wX17X0gLlSDTk2hS6lUCYqUGtI", DATE, BODY },
		{ TOKEN, "", DATE, BODY },
		{ TOKEN, "jOQN_FOlRDHqzx869wX17X0gLlSDTk2hS6lUCYqUGt", DATE, BODY },
		{ TOKEN, SIGNATURE "===", DATE, BODY },
		{ TOKEN, SIGNATURE SIGNATURE, DATE, BODY },
		{ TOKEN, " " SIGNATURE, DATE, BODY },
		{ TOKEN, "jOQN/FOlRDHqzx869wX17X0gLlSDTk2hS6lUCYqUGtM", DATE, BODY },
		{ TOKEN, "8ce40dfc53a54431eacf1f3af705f5ed7d202e54834e4da14ba954098a941ad3", DATE, BODY },
		{ "", SIGNATURE, DATE, BODY },
		{ "not base64url!", SIGNATURE, DATE, BODY },
		{ "F\xc3\xb8", SIGNATURE, DATE, BODY },
		{ "====", SIGNATURE, DATE, BODY },
		/* What the empty key would have signed: no token may mean it. */
		{ "", "ky58yRJcxUnx0_CBRpB9gb9H4OjzYcJazUot8Gf9zm0", DATE, BODY },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct error err;

		if (check(cases[i].token, cases[i].signature, cases[i].date, cases[i].body, THEN_MS, &err))
			fail_msg("%zu passed", i);
		assert_int_equal(err.code, ERROR_AUTH);
		assert_null(strstr(err.text, "jOQN"));
		assert_null(strstr(err.text, "FqUn"));
	}
}

static void only_these_minutes_pass(void **state)
{
	struct error err;

	(void)state;
	assert_true(check(TOKEN, SIGNATURE, DATE, BODY, THEN_MS + WEBHOOK_LATE_MS, &err));
	assert_true(check(TOKEN, SIGNATURE, DATE, BODY, THEN_MS - WEBHOOK_LATE_MS, &err));
	assert_false(check(TOKEN, SIGNATURE, DATE, BODY, THEN_MS + WEBHOOK_LATE_MS + 1, &err));
	assert_string_equal(err.text, "a delivery of another time was refused: it is dated 900 seconds ago");
	assert_false(check(TOKEN, SIGNATURE, DATE, BODY, THEN_MS - WEBHOOK_LATE_MS - 1, &err));
	assert_string_equal(err.text, "a delivery of another time was refused: it is dated 900 seconds ahead");
	/* Who has no signature is not told what time it is here. */
	assert_false(check(TOKEN, SIGNATURE SIGNATURE, DATE, BODY, THEN_MS + 10 * WEBHOOK_LATE_MS, &err));
	assert_non_null(strstr(err.text, "signature"));
}

/* ---- bodies */

static struct catalogue *catalogue;

/* "root type: id@version=node id=node (left out); ..." */
static bool told(const char *body, struct str *out, struct error *err)
{
	struct webhook webhook = { .count = 0 };
	bool good;

	error_clear(err);
	good = webhook_read(catalogue, body, strlen(body), &webhook, err);
	for (size_t i = 0; i < webhook.count; i++) {
		const struct webhook_page *page = &webhook.pages[i];

		str_addf(out, "%s %s:", page->root, page->type ? page->type->name : "-");
		for (size_t j = 0; j < page->count; j++) {
			str_addf(out, " %s@%s=", page->changes[j].id, page->changes[j].sync_version);
			str_add_bytes(out, page->changes[j].node.text, page->changes[j].node.len);
			/* What is borrowed can be looked into when all else is gone. */
			assert_int_equal(json_member(page->changes[j].node, "dbId").kind != JSON_NONE, true);
		}
		str_addf(out, " (%zu);", page->left_out);
	}
	if (!good)
		assert_int_equal(webhook.count, 0);
	webhook_clear(&webhook);
	webhook_clear(&webhook);
	return good;
}

static void bodies_become_pages(void **state)
{
	static const struct {
		const char *body, *told;
	} cases[] = {
		{ BODY, "projects projects: 7@AAAA-1={\"dbId\":7,\"description\":\"Bru \xc3\xb8st\"} (0);" },
		/* Ids are texts or numbers, versions too; several roots, names of every kind. */
		{ "{\"data\":{\"timesheets\":{\"edges\":[{\"node\":{\"dbId\":\"501\"},\"syncVersion\":12},{\"node\":{\"dbId\":502,\"syncVersion\":\"n\"}}]},"
		  "\"projectsMutated\":{\"edges\":[{\"node\":{\"dbId\":9}}]}}}",
		  "timesheets timesheets: 501@12={\"dbId\":\"501\"} 502@n={\"dbId\":502,\"syncVersion\":\"n\"} (0);projectsMutated projects: 9@={\"dbId\":9} (0);" },
		{ "{\"data\":{\"somethingElse\":{\"edges\":[{\"syncVersion\":\"x\",\"node\":{\"dbId\":1}}]}}}", "somethingElse -: 1@x={\"dbId\":1} (0);" },
		/* Nothing in it. */
		{ "{\"data\":{}}", "" },
		{ "{\"data\":{\"projects\":null}}", "projects projects: (0);" },
		{ "{\"data\":{\"projects\":{}}}", "projects projects: (0);" },
		{ "{\"data\":{\"projects\":{\"edges\":null}}}", "projects projects: (0);" },
		{ "{\"data\":{\"projects\":{\"edges\":[]}},\"errors\":[]}", "projects projects: (0);" },
		/* What can't be told from others is counted, and the rest goes on. */
		{ "{\"data\":{\"projects\":{\"edges\":[null,17,{},{\"node\":null},{\"node\":{}},{\"node\":{\"dbId\":null}},{\"node\":{\"dbId\":\"\"}},"
		  "{\"node\":[1]},{\"node\":{\"dbId\":\"a\\u0000b\"}},{\"node\":{\"dbId\":8}}]}}}",
		  "projects projects: 8@={\"dbId\":8} (9);" },
		/* The same record twice stays twice, in order: whoever keeps it lets the last one count. */
		{ "{\"data\":{\"projects\":{\"edges\":[{\"syncVersion\":\"1\",\"node\":{\"dbId\":8}},{\"syncVersion\":\"2\",\"node\":{\"dbId\":8}}]}}}",
		  "projects projects: 8@1={\"dbId\":8} 8@2={\"dbId\":8} (0);" },
		/* A version that is none is not said. */
		{ "{\"data\":{\"projects\":{\"edges\":[{\"syncVersion\":{\"a\":1},\"node\":{\"dbId\":8}},{\"syncVersion\":\"a b\",\"node\":{\"dbId\":9}}]}}}",
		  "projects projects: 8@={\"dbId\":8} 9@={\"dbId\":9} (0);" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
		struct error err;

		if (!told(cases[i].body, &text, &err))
			fail_msg("%zu: %s", i, err.text);
		assert_string_equal(text.text, cases[i].told);
	}
}

static void garbage_is_refused(void **state)
{
	static const char *const bodies[] = {
		"", "nonsense", "{", "null", "17", "[]", "[{\"data\":{}}]", "{}", "{\"data\":null}", "{\"data\":[]}", "{\"data\":\"x\"}",
		"{\"data\":{\"projects\":17}}", "{\"data\":{\"projects\":[]}}", "{\"data\":{\"projects\":{\"edges\":{}}}}",
		"{\"data\":{\"projects\":{\"edges\":\"x\"}}}", "{\"data\":{\"\":{\"edges\":[]}}}", "{\"data\":{\"a b\":null}}",
		"{\"data\":{\"projects\":{\"edges\":[{\"node\":{\"dbId\":1}}]},\"customers\":1}}",
		"{\"errors\":[{\"message\":\"no\"}]}", "{\"data\":{}} x", "{\"data\":{\"projects\":{\"edges\":[{\"node\":{\"dbId\":1}}]}}",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
		struct error err;

		if (told(bodies[i], &text, &err))
			fail_msg("'%s' was taken: %s", bodies[i], text.text);
		assert_int_equal(err.code, ERROR_INPUT);
	}
}

static void names_and_bodies_have_limits(void **state)
{
	AUTO(str_clear) struct str body = STR_INIT(STR_NO_LIMIT), text = STR_INIT(STR_NO_LIMIT);
	struct webhook webhook = { .count = 0 };
	struct error err;

	(void)state;
	str_add(&body, "{\"data\":{\"");
	for (size_t i = 0; i < WEBHOOK_ROOT_MAX; i++)
		str_add_char(&body, 'r');
	str_add(&body, "\":null}}");
	assert_false(told(body.text, &text, &err));
	str_reset(&body);
	for (size_t i = 0; i <= WEBHOOK_BODY_MAX; i++)
		str_add_char(&body, ' ');
	assert_false(webhook_read(catalogue, body.text, body.len, &webhook, &err));
	assert_non_null(strstr(err.text, "longer than 16777216 bytes"));
}

static int load(void **state)
{
	struct error err = { 0 };

	(void)state;
	return catalogue_load(NULL, &catalogue, &err) ? 0 : -1;
}

static int unload(void **state)
{
	(void)state;
	catalogue_free(catalogue);
	return 0;
}

int test_webhook(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_signatures_pass),
		cmocka_unit_test(dates_have_many_forms),
		cmocka_unit_test(nothing_else_passes),
		cmocka_unit_test(only_these_minutes_pass),
		cmocka_unit_test(bodies_become_pages),
		cmocka_unit_test(garbage_is_refused),
		cmocka_unit_test(names_and_bodies_have_limits),
	};

	return cmocka_run_group_tests_name("webhook", tests, load, unload);
}
