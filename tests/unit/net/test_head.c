/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Heads of answers: which headers are kept, how dates are counted, and that rooms hold. */
#include <string.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/memory.h"

#include "head.h"

#include "tests.h"

#define WALL_MS INT64_C(1769860800000) /* Sat, 31 Jan 2026 12:00:00 GMT */

/* One head line, and what comes out. */
static struct http_answer read_one(const char *line)
{
	struct http_answer answer = HTTP_ANSWER_INIT;
	struct head head = HEAD_INIT;

	assert_true(head_add(&head, "HTTP/1.1 200 OK\r\n", 17));
	assert_true(head_add(&head, line, strlen(line)));
	assert_true(head_add(&head, "\r\n", 2));
	head_finish(&head, WALL_MS, &answer);
	return answer;
}

static void trace_ids_in_any_spelling(void **state)
{
	static const char *const lines[] = {
		"intuit_tid: 1-abc\r\n", "Intuit-Tid:1-abc\r\n",    "INTUIT_TID:\t 1-abc \r\n",
		"intuit-tid: 1-abc\n",	 "x-request-id: 1-abc\r\n", "X_Request_Id: 1-abc",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		assert_string_equal(read_one(lines[i]).trace_id, "1-abc");
	assert_string_equal(read_one("intuit_tidy: 1-abc\r\n").trace_id, "");
	assert_string_equal(read_one("intuit_tid\r\n").trace_id, "");
	assert_string_equal(read_one("intuit_tid:\r\n").trace_id, "");
}

static void the_best_trace_id_wins(void **state)
{
	static const char *const lines[] = {
		"X-Amzn-Trace-Id: worst\r\n",
		"Intuit-Tid: best\r\n",
		"X-Request-Id: middle\r\n",
	};

	(void)state;
	for (size_t first = 0; first < ARRAY_LEN(lines); first++) {
		struct http_answer answer = HTTP_ANSWER_INIT;
		struct head head = HEAD_INIT;

		for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
			const char *line = lines[(first + i) % ARRAY_LEN(lines)];

			assert_true(head_add(&head, line, strlen(line)));
		}
		head_finish(&head, WALL_MS, &answer);
		assert_string_equal(answer.trace_id, "best");
	}
}

static void retry_after_in_both_forms(void **state)
{
	static const struct {
		const char *line;
		int64_t ms;
	} rows[] = {
		{ "Retry-After: 0\r\n", 0 },
		{ "retry-after: 120\r\n", 120000 },
		{ "Retry-After: Sat, 31 Jan 2026 12:01:00 GMT\r\n", 60000 },
		{ "Retry-After: Saturday, 31-Jan-26 12:01:00 GMT\r\n", 60000 },
		{ "Retry-After: Sat Jan 31 12:01:00 2026\r\n", 60000 },
		{ "Retry-After: Sat, 31 Jan 2026 11:00:00 GMT\r\n", 0 },
		{ "Retry-After: 99999999999999999999\r\n", 366 * DAY_MS },
		{ "Retry-After: Sat, 31 Jan 2099 11:00:00 GMT\r\n", 366 * DAY_MS },
		{ "Retry-After: 1.5\r\n", -1 },
		{ "Retry-After: -5\r\n", -1 },
		{ "Retry-After: soon\r\n", -1 },
		{ "Retry-After:\r\n", -1 },
		{ "X-Other: 5\r\n", -1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int64_t ms = read_one(rows[i].line).retry_after_ms;

		if (ms != rows[i].ms)
			fail_msg("%s gave %lld", rows[i].line, (long long)ms);
	}
}

/* The ledger's own clock counts where it says what time it is there. */
static void dates_are_counted_from_the_answer(void **state)
{
	static const char date[] = "Date: Sat, 31 Jan 2026 15:00:00 GMT\r\n";
	static const char retry[] = "Retry-After: Sat, 31 Jan 2026 15:00:30 GMT\r\n";
	struct http_answer answer = HTTP_ANSWER_INIT;
	struct head head = HEAD_INIT;

	(void)state;
	assert_true(head_add(&head, retry, strlen(retry)));
	assert_true(head_add(&head, date, strlen(date)));
	head_finish(&head, WALL_MS, &answer);
	assert_int_equal(answer.date_ms, WALL_MS + 3 * 3600000);
	assert_int_equal(answer.retry_after_ms, 30000);
	assert_int_equal(read_one("Date: yesterday or so\r\n").date_ms, -1);
	assert_int_equal(read_one("X: y\r\n").date_ms, -1);
}

static void a_new_head_begins_anew(void **state)
{
	struct http_answer answer = HTTP_ANSWER_INIT;
	struct head head = HEAD_INIT;

	(void)state;
	assert_true(head_add(&head, "HTTP/1.1 100 Continue\r\n", 23));
	assert_true(head_add(&head, "intuit_tid: old\r\n", 17));
	assert_true(head_add(&head, "Content-Type: old\r\n", 19));
	assert_true(head_add(&head, "HTTP/1.1 200 OK\r\n", 17));
	head_finish(&head, WALL_MS, &answer);
	assert_string_equal(answer.trace_id, "");
	assert_string_equal(answer.content_type, "");
}

static void long_and_odd_values_are_cut(void **state)
{
	AUTO(str_clear) struct str line = STR_INIT(10000);
	struct http_answer answer;

	(void)state;
	str_add(&line, "Content-Type: ");
	for (int i = 0; i < 3000; i++)
		str_add(&line, "abc");
	answer = read_one(line.text);
	assert_int_equal(strlen(answer.content_type), sizeof(answer.content_type) - 1);
	assert_string_equal(read_one("intuit_tid: a\x01"
				     "b\x1b[0m\xc3\xa4\r\n")
				    .trace_id,
			    "a?b?[0m??");
}

static void heads_have_an_end(void **state)
{
	static const char line[] =
		"X-More: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n";
	struct head head = HEAD_INIT;
	size_t bytes = 0;

	(void)state;
	while (head_add(&head, line, strlen(line))) {
		bytes += strlen(line);
		assert_true(bytes <= HEAD_BYTES_MAX);
		/* New status lines give no new room. */
		assert_true(head_add(&head, "HTTP/1.1 100 C\r\n", 16) ||
			    bytes + 16 > HEAD_BYTES_MAX / 2);
	}
	assert_true(bytes > HEAD_BYTES_MAX / 2);
}

int test_head(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trace_ids_in_any_spelling),
		cmocka_unit_test(the_best_trace_id_wins),
		cmocka_unit_test(retry_after_in_both_forms),
		cmocka_unit_test(dates_are_counted_from_the_answer),
		cmocka_unit_test(a_new_head_begins_anew),
		cmocka_unit_test(long_and_odd_values_are_cut),
		cmocka_unit_test(heads_have_an_end),
	};

	return cmocka_run_group_tests_name("head", tests, NULL, NULL);
}
