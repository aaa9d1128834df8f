/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Refusals for want of room, in every shape that ledgers have, and what only looks like one. */
#include <string.h>

#include "ledgerdeck/core/memory.h"

#include "throttle.h"

#include "tests.h"

#define NONE (-1)

static const struct row {
	int status;
	const char *body;
	int64_t retry_after_ms;
	int64_t wait_ms; /* NONE: no throttle */
	bool said;
} rows[] = {
	{ 429, "", -1, 60000, false },
	{ 429, "<html>", 5000, 5000, true },
	{ 429, "{}", 0, 0, true },
	{ 403,
	  "<Fault type=\"SERVICE\"><Error code=\"3001\"><Message>message=ThrottleExceeded; "
	  "errorCode=003001; statusCode=403</Message>",
	  -1, 60000, false },
	{ 403, "{\"Fault\":{\"Error\":[{\"Message\":\"x\",\"code\":\"3001\"}]}}", 9000, 9000,
	  true },
	{ 403, "{\"fault\":{\"error\":[{\"message\":\"message=Throttle; errorCode=003001\"}]}}", -1,
	  60000, false },
	{ 403, "<Error code=\"3100\"/>", -1, NONE, false },
	{ 401, "{\"fault\":{\"error\":[{\"code\":\"3200\"}]}}", 5000, NONE, false },
	{ 200, "{\"note\":\"ThrottleExceeded\"}", -1, NONE, false },
	{ 200, "{\"errors\":[{\"code\":\"BAD_REQUEST.BURST_RATE_LIMIT_REACHED\"}],\"data\":null}",
	  -1, 5000, true },
	{ 400,
	  "{\"errors\":[{\"extensions\":{\"code\":\"BAD_REQUEST.CONCURRENCY_LIMIT_REACHED\"}}]}",
	  -1, 1000, true },
	{ 200,
	  "{\"data\":{\"a\":null,\"b\":null},\"errors\":[{\"code\":\"x\"},"
	  "{\"code\":\"BAD_REQUEST.INSUFFICIENT_CREDITS\"},"
	  "{\"code\":\"BAD_REQUEST.BURST_RATE_LIMIT_REACHED\"}]}",
	  -1, 1200000, true },
	{ 200,
	  "{\"errors\":[{\"code\":\"BAD_REQUEST.INSUFFICIENT_CREDITS\","
	  "\"extensions\":{\"resetAt\":\"2026-01-31T12:03:00Z\"}}]}",
	  -1, 180000, true },
	{ 200,
	  "{\"errors\":[{\"code\":\"BAD_REQUEST.INSUFFICIENT_CREDITS\","
	  "\"extensions\":{\"resetAt\":\"2025-01-31T12:03:00Z\"}}]}",
	  -1, 1200000, true },
	{ 200,
	  "{\"errors\":[{\"code\":\"BAD_REQUEST.INSUFFICIENT_CREDITS\","
	  "\"extensions\":{\"resetAt\":17}}]}",
	  -1, 1200000, true },
	/* Some of it was carried out: not to be sent again. */
	{ 200,
	  "{\"data\":{\"a\":{\"id\":1},\"b\":null},"
	  "\"errors\":[{\"code\":\"BAD_REQUEST.BURST_RATE_LIMIT_REACHED\"}]}",
	  -1, NONE, false },
	{ 200, "{\"data\":{\"text\":\"BAD_REQUEST.BURST_RATE_LIMIT_REACHED\"}}", -1, NONE, false },
	{ 200, "{\"errors\":[{\"code\":\"BAD_REQUEST.OTHER\"}]}", -1, NONE, false },
	{ 200, "{\"errors\":\"BAD_REQUEST.BURST_RATE_LIMIT_REACHED\"}", -1, NONE, false },
	{ 200, "{\"errors\":[\"BAD_REQUEST.BURST_RATE_LIMIT_REACHED\", null, 5]}", -1, NONE,
	  false },
	{ 200, "{\"errors\":[{\"code\":\"BAD_REQUEST.BURST_RATE_LIMIT_REACHED\"", -1, NONE, false },
	{ 200, "[\"BAD_REQUEST.\"]", -1, NONE, false },
	{ 200, "", 5000, NONE, false },
	{ 503, "busy", 5000, NONE, false },
	{ 302, "", -1, NONE, false },
};

static void each_shape_is_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct http_answer answer = HTTP_ANSWER_INIT;
		int64_t wait_ms = NONE;
		bool said = false;

		http_answer_clear(&answer);
		answer.body.limit = 1000;
		answer.status = rows[i].status;
		answer.retry_after_ms = rows[i].retry_after_ms;
		answer.date_ms = INT64_C(1769860800000);
		str_add(&answer.body, rows[i].body);
		assert_int_equal(http_is_throttle(&answer), rows[i].wait_ms != NONE);
		throttle_read(&answer, &wait_ms, &said);
		if (wait_ms != rows[i].wait_ms || said != rows[i].said)
			fail_msg("%d %s: %lld", rows[i].status, rows[i].body, (long long)wait_ms);
		http_answer_clear(&answer);
	}
}

/* Big answers are not parsed for it, nor is a fault looked for far behind its beginning. */
static void large_answers_are_left_alone(void **state)
{
	static const char error[] = "{\"code\":\"BAD_REQUEST.BURST_RATE_LIMIT_REACHED\"}";
	struct http_answer answer = HTTP_ANSWER_INIT;

	(void)state;
	answer.body.limit = (size_t)1 << 20;
	answer.status = 200;
	str_addf(&answer.body, "{\"errors\":[%s", error);
	assert_false(http_is_throttle(&answer));
	for (int i = 0; i < 5000; i++)
		str_addf(&answer.body, ",%s", error);
	str_add(&answer.body, "]}");
	assert_false(http_is_throttle(&answer));
	answer.status = 400;
	str_add(&answer.body, "ThrottleExceeded");
	assert_false(http_is_throttle(&answer));
	http_answer_clear(&answer);
}

int test_throttle(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_shape_is_known),
		cmocka_unit_test(large_answers_are_left_alone),
	};

	return cmocka_run_group_tests_name("throttle", tests, NULL, NULL);
}
