/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The control endpoint: who may use it, what it tells, what it changes and what it refuses. */
#include "control.h"

#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"

#include "answer.h"
#include "company.h"
#include "limiter.h"
#include "oauth.h"
#include "quickbooks/entity.h"
#include "trouble.h"
#include "test_simulator.h"

#define NOW_MS INT64_C(1769860800000) /* 2026-01-31T12:00:00Z */

static int64_t read_clock(void *ctx)
{
	(void)ctx;
	return NOW_MS;
}

static void add_record(struct company *company, const char *entity, const char *json, bool active)
{
	struct record *record = company_make(company, entity_by_name(entity, false));

	record_set_text(record, memory_copy_text(json), strlen(json));
	record->active = active;
	company_add(company, record);
}

/* Two companies with three customers, one of them inactive and one more deleted. */
static int make_world(void **state)
{
	struct simulator *simulator = memory_new(sizeof(*simulator));
	const struct simulator_config config = { 0 };
	struct company *company;

	entity_start();
	simulator->env.wall_ms = read_clock;
	simulator->base_url = memory_copy_text("http://127.0.0.1:8080");
	simulator->client_id = memory_copy_text("my<app>");
	switches_init(&simulator->switches);
	simulator->limiter = limiter_new();
	simulator->troubles = troubles_new();
	simulator->oauth = oauth_new(simulator, &config);
	simulator->companies = memory_new(2 * sizeof(*simulator->companies));
	simulator->companies[0] = company = company_new(simulator, "4620816365", "Quill & <Sons>");
	simulator->companies[1] = company_new(simulator, "9130347", "Closed \"GmbH\"");
	simulator->company_count = 2;
	memcpy(company->kind, "small", sizeof("small"));
	memcpy(company->preferences.country, "US", 3);
	memcpy(company->preferences.home_currency, "USD", 4);
	simulator->companies[1]->preferences.book_close = date_of(2025, 12, 31);
	add_record(company, "Customer", "{\"Id\":\"1\",\"DisplayName\":\"A\"}", true);
	add_record(company, "Customer", "{\"Id\":\"2\",\"DisplayName\":\"B\"}", false);
	add_record(company, "Customer", "{\"Id\":\"3\",\"DisplayName\":\"C\"}", true);
	add_record(company, "Customer", "{\"Id\":\"4\",\"DisplayName\":\"D\"}", true);
	company_remove(company, company_get(company, "Customer", "4"), NOW_MS);
	*state = simulator;
	return 0;
}

static int free_world(void **state)
{
	struct simulator *simulator = *state;

	for (size_t i = 0; i < simulator->company_count; i++)
		company_free(simulator->companies[i]);
	free(simulator->companies);
	oauth_free(simulator->oauth);
	troubles_free(simulator->troubles);
	limiter_free(simulator->limiter);
	free(simulator->client_id);
	free(simulator->base_url);
	memory_freep(state);
	return 0;
}

/* Ask; returns the status, the body goes to `out`. */
static int ask(struct simulator *simulator, const char *method, const char *target,
	       const char *body, struct str *out)
{
	AUTO(answer_clear) struct simulator_answer answer;
	AUTO(request_clear) struct request request = { 0 };
	struct simulator_request raw = { .method = method, .target = target, .body = body,
					 .body_len = body ? strlen(body) : 0 };
	const char *why;

	answer_init(&answer);
	assert_true(request_parse(&raw, &request, &why));
	assert_true(control_owns(&request));
	control_handle(simulator, &request, &answer);
	str_reset(out);
	str_add_bytes(out, answer.body.text, answer.body.len);
	if (strcmp(answer_get_header(&answer, "Content-Type"), "application/json") == 0)
		assert_true(json_check(out->text, out->len, NULL));
	else
		assert_string_equal(answer_get_header(&answer, "Content-Type"),
				    "text/html;charset=utf-8");
	return answer.status;
}

static bool admits(const char *host, const char *origin)
{
	AUTO(answer_clear) struct simulator_answer answer;
	AUTO(request_clear) struct request request = { 0 };
	struct simulator_header headers[] = { { "host", host }, { "Origin", origin } };
	struct simulator_request raw = { .method = "GET",
					 .target = "/simulator",
					 .headers = headers,
					 .header_count = origin ? 2 : 1 };
	const char *why;
	bool good;

	if (!host)
		raw.header_count = 0;
	answer_init(&answer);
	assert_true(request_parse(&raw, &request, &why));
	good = control_admits(&request, &answer);
	assert_int_equal(answer.status, good ? 200 : 403);
	assert_int_equal(answer.body.len > 0, !good);
	return good;
}

static void admits_this_machine_only(void **state)
{
	static const char *const good[] = { "localhost",      "LOCALHOST:8080", "127.0.0.1",
					    "127.0.0.1:8080", "127.1.2.3:1",	"[::1]",
					    "[::1]:8080",     "localhost:" };
	static const char *const bad[] = {
		"",
		":8080",
		"example.com",
		"localhost.example.com",
		"127.0.0.1.example.com",
		"127.evil.com:80",
		"192.168.0.1",
		"0.0.0.0",
		"[::2]:80",
		"[::1",
		"::1",
		"[::1]x",
		"localhost:80x",
		"localhost/",
		"127.0.0.1:80@example.com",
		"evil.com:127.0.0.1",
		"127.0.0.0000000000000000000000000000000000000000000000000001"
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		assert_true(admits(good[i], NULL));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(admits(bad[i], NULL));
	assert_false(admits(NULL, NULL));
	assert_true(admits("localhost:8080", "http://127.0.0.1:8080"));
	assert_true(admits("localhost:8080", "https://[::1]"));
	assert_false(admits("localhost:8080", "https://example.com"));
	assert_false(admits("localhost:8080", "null"));
	assert_false(admits("localhost:8080", ""));
}

static void explains_itself(void **state)
{
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);

	assert_int_equal(ask(*state, "GET", "/simulator", NULL, &out), 200);
	assert_non_null(strstr(out.text, "4620816365"));
	assert_non_null(strstr(out.text, "Quill &amp; &lt;Sons&gt;"));
	assert_non_null(strstr(out.text, "my&lt;app&gt;"));
	assert_null(strstr(out.text, "<Sons>"));
	assert_null(strstr(out.text, "<app>"));
	assert_non_null(strstr(out.text, "POST /simulator/clock"));
	assert_non_null(strstr(out.text, "DELETE /simulator/troubles"));
	assert_non_null(
		strstr(out.text, "http://127.0.0.1:8080/connect/oauth2?response_type=code"));
	assert_int_equal(ask(*state, "GET", "/simulator/", NULL, &out), 200);
}

static void lists_companies(void **state)
{
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);
	size_t at = 0;
	struct json_slice first = { 0 }, second = { 0 };

	assert_int_equal(ask(*state, "GET", "/simulator/companies", NULL, &out), 200);
	assert_true(json_each(json_find(out.text, out.len, "companies"), &at, NULL, &first));
	assert_true(json_each(json_find(out.text, out.len, "companies"), &at, NULL, &second));
	assert_true(json_equals(json_find(first.text, first.len, "realm"), "4620816365"));
	assert_true(json_equals(json_find(first.text, first.len, "name"), "Quill & <Sons>"));
	assert_true(json_equals(json_find(first.text, first.len, "kind"), "small"));
	assert_true(json_equals(json_find(first.text, first.len, "country"), "US"));
	assert_true(json_equals(json_find(first.text, first.len, "home_currency"), "USD"));
	assert_int_equal(json_find(first.text, first.len, "book_close").kind, JSON_NULL);
	assert_memory_equal(json_find(first.text, first.len, "suspended").text, "false", 5);
	assert_non_null(
		strstr(out.text, "\"Customer\": {\"live\": 2, \"inactive\": 1, \"deleted\": 1}"));
	assert_int_equal(json_find(first.text, first.len, "entities.Vendor").kind, JSON_NONE);
	assert_true(json_equals(json_find(second.text, second.len, "name"), "Closed \"GmbH\""));
	assert_true(json_equals(json_find(second.text, second.len, "book_close"), "2025-12-31"));
}

static void reads_and_resets_counters(void **state)
{
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);

	limiter_in_flight(*state, "4620816365", CALL_READ, 1);
	limiter_answered(*state, "4620816365", 200);
	assert_int_equal(ask(*state, "GET", "/simulator/counters", NULL, &out), 200);
	assert_non_null(strstr(out.text, "\"statuses\": {\"200\": 1}"));
	assert_int_equal(ask(*state, "DELETE", "/simulator/counters", NULL, &out), 200);
	assert_null(strstr(out.text, "\"200\""));
	assert_non_null(strstr(out.text, "\"in_flight\": 1"));
}

static void sets_switches_all_or_none(void **state)
{
	struct simulator *simulator = *state;
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);

	assert_int_equal(ask(simulator, "POST", "/simulator/switches",
			     "{\"latency-ms\":\"50\",\"limits\":\"off\",\"jitter-ms\":3}", &out),
			 200);
	assert_int_equal(switches_get(&simulator->switches, SWITCH_LATENCY_MS), 50);
	assert_int_equal(switches_get(&simulator->switches, SWITCH_JITTER_MS), 3);
	assert_true(json_equals(json_find(out.text, out.len, "limits.value"), "off"));
	assert_int_equal(ask(simulator, "POST", "/simulator/switches",
			     "{\"latency-ms\":\"70\",\"limits\":\"sometimes\"}", &out), 400);
	assert_string_equal(out.text,
			    "{\"error\": \"switch 'limits' takes on|off, not 'sometimes'\"}\n");
	assert_int_equal(switches_get(&simulator->switches, SWITCH_LATENCY_MS), 50);
	assert_int_equal(ask(simulator, "POST", "/simulator/switches", "{\"limits\":false}", &out),
			 400);
	assert_string_equal(
		out.text,
		"{\"error\": \"the value of 'limits' must be a text or a whole number\"}\n");
	assert_int_equal(ask(simulator, "GET", "/simulator/switches", NULL, &out), 200);
	assert_true(json_equals(json_find(out.text, out.len, "latency-ms.value"), "50"));
}

static void takes_troubles(void **state)
{
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);

	assert_int_equal(ask(*state, "POST", "/simulator/troubles",
			     "{\"kind\":\"cut-after\",\"call\":\"write\"}", &out),
			 200);
	assert_string_equal(out.text, "{\"id\": 1}\n");
	assert_int_equal(ask(*state, "GET", "/simulator/troubles", NULL, &out), 200);
	assert_non_null(
		strstr(out.text, "{\"troubles\": [\n  {\"id\": 1, \"kind\": \"cut-after\""));
	assert_int_equal(ask(*state, "POST", "/simulator/troubles", "{\"kind\":\"\"}", &out), 400);
	assert_int_equal(ask(*state, "DELETE", "/simulator/troubles", NULL, &out), 200);
	assert_string_equal(out.text, "{\"troubles\": []}\n");
}

static void moves_the_clock(void **state)
{
	struct simulator *simulator = *state;
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);

	assert_int_equal(ask(simulator, "GET", "/simulator/clock", NULL, &out), 200);
	assert_string_equal(
		out.text,
		"{\"now\": \"2026-01-31T12:00:00.000+00:00\", \"now_ms\": 1769860800000}\n");
	assert_int_equal(ask(simulator, "POST", "/simulator/clock", "{\"step_s\":3600}", &out),
			 200);
	assert_int_equal(world_now_ms(simulator), NOW_MS + 3600000);
	assert_int_equal(ask(simulator, "POST", "/simulator/clock", "{\"step_s\":-7200}", &out),
			 200);
	assert_int_equal(world_now_ms(simulator), NOW_MS - 3600000);
	assert_int_equal(ask(simulator, "POST", "/simulator/clock",
			     "{\"set\":\"2026-02-01T00:00:00+02:00\"}", &out),
			 200);
	assert_string_equal(
		out.text,
		"{\"now\": \"2026-01-31T22:00:00.000+00:00\", \"now_ms\": 1769896800000}\n");
}

static void refuses_wrong_times(void **state)
{
	static const struct {
		const char *body, *error;
	} rows[] = {
		{ "{}", "the clock takes either 'step_s' or 'set'" },
		{ "{\"step_s\":1,\"set\":\"2026-01-31\"}",
		  "the clock takes either 'step_s' or 'set'" },
		{ "{\"step\":1}", "there is no member 'step' here" },
		{ "{\"set\":\"yesterday\"}", "'set' must be a time as 2026-01-31T12:00:00Z" },
		{ "{\"set\":5}", "'set' must be a time as 2026-01-31T12:00:00Z" },
		{ "{\"set\":\"0001-01-01\"}", "the clock runs from the year 1970 to 9999 only" },
		{ "{\"step_s\":-6311520000}", "the clock runs from the year 1970 to 9999 only" },
		{ "{\"step_s\":\"1\"}",
		  "'step_s' must be a whole number of seconds from -6311520000 to 6311520000" },
		{ "{\"step_s\":1.5}",
		  "'step_s' must be a whole number of seconds from -6311520000 to 6311520000" },
		{ "{\"step_s\":9223372036854775807}",
		  "'step_s' must be a whole number of seconds from -6311520000 to 6311520000" },
	};
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_int_equal(ask(*state, "POST", "/simulator/clock", rows[i].body, &out), 400);
		assert_true(json_equals(json_find(out.text, out.len, "error"), rows[i].error));
		assert_int_equal(world_now_ms(*state), NOW_MS);
	}
}

static void suspends(void **state)
{
	struct simulator *simulator = *state;
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);

	assert_int_equal(ask(simulator, "POST", "/simulator/suspend",
			     "{\"realm\":\"9130347\",\"suspended\":true}", &out), 200);
	assert_true(simulator->companies[1]->suspended);
	assert_false(simulator->companies[0]->suspended);
	assert_int_equal(
		ask(simulator, "POST", "/simulator/suspend", "{\"realm\":\"9130347\"}", &out), 400);
	assert_string_equal(out.text, "{\"error\": \"'suspended' must be true or false\"}\n");
	assert_int_equal(ask(simulator, "POST", "/simulator/suspend",
			     "{\"realm\":\"9130347\",\"suspended\":false}", &out), 200);
	assert_false(simulator->companies[1]->suspended);
}

static void names_what_is_wrong(void **state)
{
	static const struct {
		const char *method, *target, *body;
		int status;
		const char *error;
	} rows[] = {
		{ "GET", "/simulator/nothing", NULL, 404,
		  "there is no such thing here, see /simulator" },
		{ "GET", "/simulator/clock/now", NULL, 404,
		  "there is no such thing here, see /simulator" },
		{ "PUT", "/simulator/clock", "{}", 405, "this can't be done here, see /simulator" },
		{ "POST", "/simulator", "{}", 405, "this can't be done here, see /simulator" },
		{ "POST", "/simulator/clock", NULL, 400,
		  "the body must be a JSON object, but it is empty" },
		{ "POST", "/simulator/clock", "[]", 400, "the body must be a JSON object" },
		{ "POST", "/simulator/clock", "null", 400, "the body must be a JSON object" },
		{ "POST", "/simulator/clock", "{\"a\":1,}", 400,
		  "the body is not JSON: it breaks at byte 7" },
		{ "POST", "/simulator/expire", "{}", 400, "'realm' must be a company id as text" },
		{ "POST", "/simulator/expire", "{\"realm\":9130347}", 400,
		  "'realm' must be a company id as text" },
		{ "POST", "/simulator/expire", "{\"realm\":\"5\"}", 400,
		  "there is no company '5'" },
		{ "POST", "/simulator/expire", "{\"realm\":\"9130347\",\"x\":1}", 400,
		  "there is no member 'x' here" },
		{ "POST", "/simulator/disconnect", "{\"realm\":\"5\"}", 400,
		  "there is no company '5'" },
		{ "POST", "/simulator/suspend", "{\"realm\":\"5\",\"suspended\":true}", 400,
		  "there is no company '5'" },
		{ "POST", "/simulator/switches", "{\"x\":\"1\"}", 400, "there is no switch 'x'" },
	};
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_int_equal(ask(*state, rows[i].method, rows[i].target, rows[i].body, &out),
				 rows[i].status);
		assert_true(json_equals(json_find(out.text, out.len, "error"), rows[i].error));
	}
}

static void bounds_bodies(void **state)
{
	AUTO(str_clear) struct str body = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);

	while (body.len < 70000)
		str_add(&body, "[[[[[[[[");
	assert_int_equal(ask(*state, "POST", "/simulator/clock", body.text, &out), 400);
	assert_string_equal(out.text, "{\"error\": \"the body is longer than 65536 bytes\"}\n");
	str_truncate(&body, 60000);
	assert_int_equal(ask(*state, "POST", "/simulator/clock", body.text, &out), 400);
	assert_non_null(strstr(out.text, "the body is not JSON"));
}

static void says_what_is_allowed(void **state)
{
	AUTO(answer_clear) struct simulator_answer answer;
	AUTO(request_clear) struct request request = { 0 };
	struct simulator_request raw = { .method = "PATCH", .target = "/simulator/troubles" };
	const char *why;

	answer_init(&answer);
	assert_true(request_parse(&raw, &request, &why));
	control_handle(*state, &request, &answer);
	assert_int_equal(answer.status, 405);
	assert_string_equal(answer_get_header(&answer, "Allow"), "GET, POST, DELETE");
}

static void owns_its_paths(void **state)
{
	static const struct {
		const char *target;
		bool owned;
	} rows[] = {
		{ "/simulator", true },
		{ "/simulator/x", true },
		{ "/simulator/as-other-user/v3/company/1/query", false },
		{ "/simulators", false },
		{ "/", false },
		{ "/v3/simulator", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		AUTO(request_clear) struct request request = { 0 };
		struct simulator_request raw = { .method = "GET", .target = rows[i].target };
		const char *why;

		assert_true(request_parse(&raw, &request, &why));
		assert_int_equal(control_owns(&request), rows[i].owned);
	}
}

int test_control(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(admits_this_machine_only),
		cmocka_unit_test_setup_teardown(explains_itself, make_world, free_world),
		cmocka_unit_test_setup_teardown(lists_companies, make_world, free_world),
		cmocka_unit_test_setup_teardown(reads_and_resets_counters, make_world, free_world),
		cmocka_unit_test_setup_teardown(sets_switches_all_or_none, make_world, free_world),
		cmocka_unit_test_setup_teardown(takes_troubles, make_world, free_world),
		cmocka_unit_test_setup_teardown(moves_the_clock, make_world, free_world),
		cmocka_unit_test_setup_teardown(refuses_wrong_times, make_world, free_world),
		cmocka_unit_test_setup_teardown(suspends, make_world, free_world),
		cmocka_unit_test_setup_teardown(names_what_is_wrong, make_world, free_world),
		cmocka_unit_test_setup_teardown(bounds_bodies, make_world, free_world),
		cmocka_unit_test_setup_teardown(says_what_is_allowed, make_world, free_world),
		cmocka_unit_test(owns_its_paths),
	};

	return cmocka_run_group_tests_name("control", tests, NULL, NULL);
}
