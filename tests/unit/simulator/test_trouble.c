/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Troubles: which calls they hit, what they do to answers, how they are asked for. */
#include "trouble.h"

#include <string.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"

#include "answer.h"
#include "test_simulator.h"

static int make_world(void **state)
{
	struct simulator *simulator = memory_new(sizeof(*simulator));

	random_seed(&simulator->random, 1);
	simulator->troubles = troubles_new();
	*state = simulator;
	return 0;
}

static int free_world(void **state)
{
	struct simulator *simulator = *state;

	troubles_free(simulator->troubles);
	memory_freep(state);
	return 0;
}

/* The new trouble's id; 0 and the reason when it is refused. */
static int add(struct simulator *simulator, const char *json, struct error *err)
{
	json_object *parsed = json_tokener_parse(json);
	int id = 0;
	bool good;

	assert_non_null(parsed);
	good = troubles_add(simulator->troubles, parsed, &id, err);
	json_object_put(parsed);
	assert_int_equal(good, id > 0);
	return id;
}

static const struct trouble *meet(struct simulator *simulator, const char *method,
				  const char *target)
{
	AUTO(request_clear) struct request request = { 0 };
	struct simulator_request raw = { .method = method, .target = target };
	const char *why;

	assert_true(request_parse(&raw, &request, &why));
	return troubles_meet(simulator, &request,
			     request.segment_count > 2 ? request.segments[2] : NULL,
			     limiter_class(&request));
}

#define QUERY "GET", "/v3/company/1/query?query=select"
#define WRITE "POST", "/v3/company/1/invoice"
#define TOKEN "POST", "/oauth2/v1/tokens/bearer"

static void hits_the_next_calls(void **state)
{
	struct simulator *simulator = *state;
	const struct trouble *trouble;

	assert_null(meet(simulator, QUERY));
	assert_int_equal(add(simulator, "{\"kind\":\"fault\",\"code\":6000,\"times\":2}", NULL), 1);
	trouble = meet(simulator, QUERY);
	assert_non_null(trouble);
	assert_int_equal(trouble->kind, TROUBLE_FAULT);
	assert_int_equal(trouble->code, 6000);
	assert_non_null(meet(simulator, WRITE));
	assert_null(meet(simulator, QUERY));
	/* Once when nothing is said, for ever when asked for. */
	assert_int_equal(add(simulator, "{\"kind\":\"status\"}", NULL), 2);
	trouble = meet(simulator, QUERY);
	assert_non_null(trouble);
	assert_int_equal(trouble->status, 503);
	assert_null(meet(simulator, QUERY));
	assert_int_equal(add(simulator, "{\"kind\":\"cut-before\",\"times\":-1}", NULL), 3);
	for (int i = 0; i < 1000; i++)
		assert_non_null(meet(simulator, QUERY));
	troubles_clear(simulator->troubles);
	assert_null(meet(simulator, QUERY));
}

static void hits_what_it_is_meant_for(void **state)
{
	static const struct {
		const char *json, *method, *target;
		bool hit;
	} rows[] = {
		{ "{\"kind\":\"html\"}", QUERY, true },
		{ "{\"kind\":\"html\"}", TOKEN, false },
		{ "{\"kind\":\"html\",\"call\":\"oauth\"}", TOKEN, true },
		{ "{\"kind\":\"html\",\"call\":\"oauth\"}", QUERY, false },
		{ "{\"kind\":\"html\",\"call\":\"write\"}", QUERY, false },
		{ "{\"kind\":\"html\",\"call\":\"write\"}", WRITE, true },
		{ "{\"kind\":\"html\",\"method\":\"POST\"}", QUERY, false },
		{ "{\"kind\":\"html\",\"method\":\"post\"}", WRITE, true },
		{ "{\"kind\":\"html\",\"realm\":\"1\"}", QUERY, true },
		{ "{\"kind\":\"html\",\"realm\":\"2\"}", QUERY, false },
		{ "{\"kind\":\"html\",\"realm\":\"1\",\"call\":\"oauth\"}", TOKEN, false },
		{ "{\"kind\":\"html\",\"path\":\"/invoice\"}", WRITE, true },
		{ "{\"kind\":\"html\",\"path\":\"/invoice\"}", QUERY, false },
		{ "{\"kind\":\"html\",\"path\":\"tokens/\",\"call\":\"oauth\"}", TOKEN, true },
		{ "{\"kind\":\"repeat\"}", QUERY, true },
		{ "{\"kind\":\"repeat\"}", WRITE, false },
	};
	struct simulator *simulator = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_true(add(simulator, rows[i].json, NULL) > 0);
		assert_int_equal(meet(simulator, rows[i].method, rows[i].target) != NULL,
				 rows[i].hit);
		troubles_clear(simulator->troubles);
	}
}

/* One that is skipped lets others have the call. */
static void skips_first(void **state)
{
	struct simulator *simulator = *state;
	const struct trouble *trouble;

	add(simulator, "{\"kind\":\"html\",\"skip\":2}", NULL);
	add(simulator, "{\"kind\":\"delay\",\"ms\":5,\"times\":-1}", NULL);
	for (int i = 0; i < 2; i++) {
		trouble = meet(simulator, QUERY);
		assert_non_null(trouble);
		assert_int_equal(trouble->kind, TROUBLE_DELAY);
	}
	trouble = meet(simulator, QUERY);
	assert_non_null(trouble);
	assert_int_equal(trouble->kind, TROUBLE_HTML);
	trouble = meet(simulator, QUERY);
	assert_non_null(trouble);
	assert_int_equal(trouble->kind, TROUBLE_DELAY);
}

static int hits_of_a_thousand(uint64_t seed)
{
	struct simulator simulator = { .troubles = troubles_new() };
	int hits = 0;

	random_seed(&simulator.random, seed);
	add(&simulator, "{\"kind\":\"status\",\"status\":504,\"percent\":20}", NULL);
	for (int i = 0; i < 1000; i++)
		hits += meet(&simulator, QUERY) != NULL;
	troubles_free(simulator.troubles);
	return hits;
}

static void hits_with_a_chance(void **state)
{
	int hits = hits_of_a_thousand(42);

	(void)state;
	assert_in_range(hits, 150, 250);
	assert_int_equal(hits_of_a_thousand(42), hits);
}

/* The answer as it is after that trouble; the caller clears it. */
static struct simulator_answer spoil(struct simulator *simulator, const char *json,
				     const char *body)
{
	const struct trouble *trouble;
	struct simulator_answer answer;

	troubles_clear(simulator->troubles);
	assert_true(add(simulator, json, NULL) > 0);
	trouble = meet(simulator, QUERY);
	assert_non_null(trouble);
	answer_init(&answer);
	answer_text(&answer, 200, "application/json;charset=utf-8", body);
	answer.chunked = true;
	trouble_spoil(trouble, &answer);
	return answer;
}

static const char page[] = "{\"QueryResponse\":{\"Customer\":[{\"Id\":\"1\"}]}}";

static void spoils_delivery(void **state)
{
	AUTO(answer_clear)
	struct simulator_answer cut = spoil(*state, "{\"kind\":\"cut-after\"}", page);
	AUTO(answer_clear)
	struct simulator_answer half = spoil(*state, "{\"kind\":\"cut-body\"}", page);
	AUTO(answer_clear)
	struct simulator_answer none = spoil(*state, "{\"kind\":\"cut-body\"}", "");
	AUTO(answer_clear)
	struct simulator_answer late = spoil(*state, "{\"kind\":\"delay\",\"ms\":1500}", page);
	AUTO(answer_clear)
	struct simulator_answer slow = spoil(*state, "{\"kind\":\"slow\",\"bytes\":10}", page);

	assert_int_equal(cut.ending, SIMULATOR_CUT_SILENT);
	assert_int_equal(half.ending, SIMULATOR_CUT_BODY);
	assert_int_equal(half.cut_at, strlen(page) / 2);
	assert_string_equal(half.body.text, page);
	assert_int_equal(none.ending, SIMULATOR_CUT_SILENT);
	assert_int_equal(late.delay_ms, 1500);
	assert_int_equal(late.bytes_per_s, 0);
	assert_int_equal(slow.bytes_per_s, 10);
	assert_string_equal(slow.body.text, page);
}

static void spoils_bodies(void **state)
{
	AUTO(answer_clear) struct simulator_answer status =
		spoil(*state, "{\"kind\":\"status-after\",\"status\":500}", page);
	AUTO(answer_clear)
	struct simulator_answer cut = spoil(*state, "{\"kind\":\"truncate\"}", page);
	AUTO(answer_clear)
	struct simulator_answer html = spoil(*state, "{\"kind\":\"html\"}", page);
	AUTO(answer_clear) struct simulator_answer type =
		spoil(*state, "{\"kind\":\"content-type\",\"content_type\":\"text/plain\"}", page);
	AUTO(answer_clear)
	struct simulator_answer garbage = spoil(*state, "{\"kind\":\"garbage\"}", page);
	AUTO(answer_clear) struct simulator_answer big =
		spoil(*state, "{\"kind\":\"oversize\",\"bytes\":100001}", page);

	assert_int_equal(status.status, 500);
	assert_string_equal(answer_get_header(&status, "Content-Type"), "text/html");
	assert_false(status.chunked);
	assert_int_equal(cut.body.len, strlen(page) / 2);
	assert_memory_equal(cut.body.text, page, cut.body.len);
	assert_int_equal(cut.ending, SIMULATOR_WHOLE);
	assert_int_equal(html.status, 200);
	assert_string_equal(answer_get_header(&html, "Content-Type"), "text/html");
	assert_int_equal(strncmp(html.body.text, "<html>", 6), 0);
	assert_string_equal(answer_get_header(&type, "Content-Type"), "text/plain");
	assert_string_equal(type.body.text, page);
	assert_false(str_is_utf8(garbage.body.text, garbage.body.len));
	assert_int_equal(garbage.body.len, strlen(page) + 4);
	assert_string_equal(garbage.body.text,
			    "{\"QueryResponse\":{\"Customer\":[{\"Id\":\"\xff\xfe\xc3(1\"}]}}");
	assert_int_equal(big.body.len, strlen(page) + 100001);
	assert_int_equal(strspn(big.body.text, " "), 100001);
	assert_string_equal(big.body.text + 100001, page);
}

static void repeats_the_first_page(void **state)
{
	static const struct {
		const char *query, *changed;
	} rows[] = {
		{ "select * from Customer startposition 1001 maxresults 1000",
		  "select * from Customer startposition 1    maxresults 1000" },
		{ "select * from Customer STARTPOSITION  21",
		  "select * from Customer STARTPOSITION  1 " },
		{ "select * from Customer StartPosition 1",
		  "select * from Customer StartPosition 1" },
		{ "select * from Customer where Name = 'startposition 7' startposition 7",
		  "select * from Customer where Name = 'startposition 7' startposition 1" },
		{ "select * from Customer where Name = 'it\\'s' startposition 9",
		  "select * from Customer where Name = 'it\\'s' startposition 1" },
		{ "select * from Customer", "select * from Customer" },
		{ "select * from Customer startposition", "select * from Customer startposition" },
		{ "startposition x", "startposition x" },
		{ "'\\", "'\\" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		AUTO(memory_freep) char *query = memory_copy_text(rows[i].query);

		trouble_repeat(query);
		assert_string_equal(query, rows[i].changed);
	}
}

static void refuses_what_makes_no_sense(void **state)
{
	static const struct {
		const char *json, *text;
	} rows[] = {
		{ "[]", "a trouble must be a JSON object" },
		{ "{}", "a trouble needs a 'kind'" },
		{ "{\"kind\":7}", "'kind' must be a text of 1 to 32 bytes" },
		{ "{\"kind\":null}", "'kind' must be a text of 1 to 32 bytes" },
		{ "{\"kind\":\"flood\"}",
		  "'kind' must be one of: fault, status, cut-before, cut-after, status-after, "
		  "cut-body, truncate, "
		  "oversize, html, content-type, garbage, delay, slow, repeat, "
		  "meanwhile" },
		{ "{\"kind\":\"html\",\"colour\":1}", "a trouble has no 'colour'" },
		{ "{\"kind\":\"html\",\"code\":6000}", "kind 'html' takes no 'code'" },
		{ "{\"kind\":\"fault\"}", "kind 'fault' needs 'code'" },
		{ "{\"kind\":\"fault\",\"code\":1}", "there is no fault 1" },
		{ "{\"kind\":\"fault\",\"code\":\"6000\"}",
		  "'code' must be a whole number from 1 to 99999" },
		{ "{\"kind\":\"fault\",\"code\":6000.5}",
		  "'code' must be a whole number from 1 to 99999" },
		{ "{\"kind\":\"fault\",\"code\":1e300}",
		  "'code' must be a whole number from 1 to 99999" },
		{ "{\"kind\":\"fault\",\"code\":99999999999999999999999}",
		  "'code' must be a whole number from 1 to 99999" },
		{ "{\"kind\":\"status\",\"status\":404}",
		  "'status' must be a whole number from 429 to 504" },
		{ "{\"kind\":\"status\",\"status\":501}", "'status' must be 429, 500, 502, 503 or 504" },
		{ "{\"kind\":\"delay\"}", "kind 'delay' needs 'ms'" },
		{ "{\"kind\":\"delay\",\"ms\":-5}",
		  "'ms' must be a whole number from 1 to 3600000" },
		{ "{\"kind\":\"oversize\"}", "kind 'oversize' needs 'bytes'" },
		{ "{\"kind\":\"oversize\",\"bytes\":1000000000}",
		  "'bytes' must be a whole number from 1 to 209715200" },
		{ "{\"kind\":\"content-type\"}", "kind 'content-type' needs 'content_type'" },
		{ "{\"kind\":\"meanwhile\",\"body\":{}}", "kind 'meanwhile' needs 'target'" },
		{ "{\"kind\":\"meanwhile\",\"target\":\"bill\",\"body\":\"x\"}",
		  "'body' must be an object of 1 to 2047 bytes" },
		{ "{\"kind\":\"html\",\"percent\":101}",
		  "'percent' must be a whole number from 1 to 100" },
		{ "{\"kind\":\"html\",\"times\":0}",
		  "'times' must be at least 1, or -1 for no end" },
		{ "{\"kind\":\"html\",\"path\":\"\"}", "'path' must be a text of 1 to 63 bytes" },
		{ "{\"kind\":\"html\",\"method\":\"PROPFIND\"}",
		  "'method' must be a text of 1 to 7 bytes" },
		{ "{\"kind\":\"html\",\"call\":\"fetch\"}",
		  "'call' must be one of: read, query, cdc, report, write, batch, other, oauth" },
		{ "{\"kind\":\"repeat\",\"call\":\"read\"}",
		  "kind 'repeat' is for 'call' \"query\" only" },
	};
	struct simulator *simulator = *state;
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct error err = { 0 };

		assert_int_equal(add(simulator, rows[i].json, &err), 0);
		assert_int_equal(err.code, ERROR_INPUT);
		assert_string_equal(err.text, rows[i].text);
	}
	troubles_add_json(simulator->troubles, &out);
	assert_string_equal(out.text, "[]");
}

/* Used up ones make room; without any the next is refused. */
static void keeps_sixty_four(void **state)
{
	struct simulator *simulator = *state;
	struct error err = { 0 };

	for (int i = 0; i < TROUBLES_MAX; i++)
		assert_int_equal(add(simulator, "{\"kind\":\"cut-after\"}", NULL), i + 1);
	assert_int_equal(add(simulator, "{\"kind\":\"html\"}", &err), 0);
	assert_string_equal(err.text, "there are 64 troubles already, delete them first");
	assert_non_null(meet(simulator, QUERY));
	assert_int_equal(add(simulator, "{\"kind\":\"html\",\"call\":\"write\"}", NULL),
			 TROUBLES_MAX + 1);
	assert_int_equal(add(simulator, "{\"kind\":\"html\"}", NULL), 0);
	for (int i = 1; i < TROUBLES_MAX; i++)
		assert_non_null(meet(simulator, QUERY));
	assert_null(meet(simulator, QUERY));
	assert_non_null(meet(simulator, WRITE));
}

static void tells_them_as_json(void **state)
{
	struct simulator *simulator = *state;
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);

	add(simulator,
	    "{\"kind\":\"fault\",\"code\":5010,\"times\":3,\"path\":\"/\\\"x\",\"call\":\"write\"}",
	    NULL);
	add(simulator, "{\"kind\":\"slow\",\"bytes\":100,\"percent\":5,\"realm\":\"1\",\"skip\":1}",
	    NULL);
	add(simulator,
	    "{\"kind\":\"meanwhile\",\"target\":\"customer\",\"body\":{\"Id\":\"7\"},"
	    "\"call\":\"report\"}",
	    NULL);
	meet(simulator, WRITE);
	meet(simulator, "POST", "/v3/company/1/\"x");
	troubles_add_json(simulator->troubles, &out);
	assert_true(json_check(out.text, out.len, NULL));
	assert_string_equal(
		out.text,
		"[\n  {\"id\": 1, \"kind\": \"fault\", \"code\": 5010, \"path\": \"/\\\"x\", "
		"\"call\": \"write\", \"percent\": 100, \"skip\": 0, \"times\": 2, \"hits\": 1},\n"
		"  {\"id\": 2, \"kind\": \"slow\", \"bytes\": 100, \"realm\": \"1\", \"percent\": "
		"5, "
		"\"skip\": 0, \"times\": -1, \"hits\": 0},\n"
		"  {\"id\": 3, \"kind\": \"meanwhile\", \"target\": \"customer\", \"body\": { \"Id\": "
		"\"7\" }, \"call\": \"report\", \"percent\": 100, \"skip\": 0, \"times\": 1, \"hits\": "
		"0}\n]");
}

int test_trouble(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(hits_the_next_calls, make_world, free_world),
		cmocka_unit_test_setup_teardown(hits_what_it_is_meant_for, make_world, free_world),
		cmocka_unit_test_setup_teardown(skips_first, make_world, free_world),
		cmocka_unit_test(hits_with_a_chance),
		cmocka_unit_test_setup_teardown(spoils_delivery, make_world, free_world),
		cmocka_unit_test_setup_teardown(spoils_bodies, make_world, free_world),
		cmocka_unit_test(repeats_the_first_page),
		cmocka_unit_test_setup_teardown(refuses_what_makes_no_sense, make_world,
						free_world),
		cmocka_unit_test_setup_teardown(keeps_sixty_four, make_world, free_world),
		cmocka_unit_test_setup_teardown(tells_them_as_json, make_world, free_world),
	};

	return cmocka_run_group_tests_name("trouble", tests, NULL, NULL);
}
