/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table of retry classes, against a transport that plays a list of answers and failures, in
 * virtual time; and that nothing secret gets into log lines and errors.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/cancel.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/net/http.h"

#include "budget.h"
#include "server.h"
#include "tests.h"
#include "world.h"

#define SECOND 1000
#define MINUTE 60000
#define MARK "MARKED-SECRET"

/* One thing that the transport does; a status of 0 is a failure. */
struct step {
	int status;
	int64_t retry_after_ms; /* 0: not said, as a header never says it here */
	enum error_code code;
	bool outcome_unknown;
	const char *body;
};

struct script {
	struct world world;
	struct step steps[20]; /* the last one goes on for ever */
	int count, played;
	struct http_meter meter;
	struct http http;
};

static bool play(void *ctx, const struct http_request *request, struct http_answer *answer,
		 struct cancel *cancel, struct error *err)
{
	struct script *script = ctx;
	int last = script->count - 1;
	const struct step *step = &script->steps[script->played < last ? script->played : last];

	(void)request;
	(void)cancel;
	script->played++;
	answer->sent_bytes = 100;
	answer->received_bytes = 1000;
	world_pass(&script->world, 20);
	if (step->status == 0) {
		error_set(err, step->code, "the double says no");
		err->outcome_unknown = step->outcome_unknown;
		return false;
	}
	answer->status = step->status;
	if (step->retry_after_ms)
		answer->retry_after_ms = step->retry_after_ms;
	snprintf(answer->trace_id, sizeof(answer->trace_id), "tid-%d", script->played);
	str_add(&answer->body, step->body ? step->body : "body");
	return true;
}

static int set_up(void **state)
{
	struct script *script = memory_new(sizeof(*script));

	world_init(&script->world);
	script->http = (struct http){
		.transport = { .perform = play, .ctx = script },
		.env = world_env(&script->world),
		.meter = &script->meter,
		.sleep = world_sleep,
		.sleep_ctx = &script->world,
	};
	*state = script;
	return 0;
}

static int tear_down(void **state)
{
	struct script *script = *state;

	budget_close(script->http.budget);
	free(script);
	return 0;
}

static void add_step(struct script *script, struct step step)
{
	assert_true((size_t)script->count < ARRAY_LEN(script->steps));
	script->steps[script->count++] = step;
}

static void add_status(struct script *script, int status)
{
	add_step(script, (struct step){ .status = status });
}

static void restart(struct script *script)
{
	script->count = script->played = 0;
	script->world.sleeps = 0;
	script->world.slept_ms = script->world.longest_ms = 0;
	script->meter = (struct http_meter){ 0 };
}

static void give_budget(struct script *script)
{
	static const struct budget_limits limits = { .per_second = 8,
						     .per_minute = 400,
						     .in_flight = 4 };

	assert_true(budget_open(NULL, "ldgr_1", &limits, world_env(&script->world),
				&script->http.budget, NULL));
}

/* Send one of a class; the answer is looked at and given back. */
static bool send_as(struct script *script, enum http_class class, const char *method,
		    struct http_answer *answer, struct error *err)
{
	struct http_request request = {
		.method = method,
		.url = "https://ledger.example/v3?" MARK,
		.what = "query Invoice",
		.class = class,
	};

	return http_send(&script->http, &request, answer, err);
}

/* It ends with this status after so many calls. */
static void answers(struct script *script, enum http_class class, int status, int calls)
{
	struct http_answer answer = HTTP_ANSWER_INIT;
	struct error err = { 0 };

	if (!send_as(script, class, "POST", &answer, &err))
		fail_msg("%s: %s", http_class_word(class), err.text);
	assert_int_equal(answer.status, status);
	assert_int_equal(script->played, calls);
	assert_string_equal(answer.body.text, "body");
	http_answer_clear(&answer);
}

/* It ends with this error after so many calls. */
static struct error fails(struct script *script, enum http_class class, enum error_code code,
			  bool outcome_unknown, int calls)
{
	struct http_answer answer = HTTP_ANSWER_INIT;
	struct error err = { 0 };

	assert_false(send_as(script, class, "POST", &answer, &err));
	if (err.code != code || err.outcome_unknown != outcome_unknown || script->played != calls)
		fail_msg("%s: code %d, unknown %d, %d calls: %s", http_class_word(class), err.code,
			 err.outcome_unknown, script->played, err.text);
	assert_non_null(strstr(err.text, "query Invoice: "));
	http_answer_clear(&answer);
	return err;
}

/* ---- answers that no retry would better */

static void answers_are_handed_out(void **state)
{
	static const int statuses[] = { 200, 204, 302, 304, 400, 401, 403, 404, 409, 412 };
	struct script *script = *state;

	for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
		for (int class = 0; class < HTTP_CLASS_COUNT; class ++) {
			restart(script);
			add_status(script, statuses[i]);
			answers(script, class, statuses[i], 1);
			assert_int_equal(script->meter.calls[class], 1);
			assert_int_equal(script->world.sleeps, 0);
		}
	}
}

static void answers_are_counted(void **state)
{
	struct script *script = *state;
	struct http_answer answer = HTTP_ANSWER_INIT;

	add_status(script, 503);
	add_step(script, (struct step){ .code = ERROR_NETWORK });
	add_status(script, 200);
	assert_true(send_as(script, HTTP_READ, "GET", &answer, NULL));
	assert_int_equal(answer.tries, 3);
	assert_int_equal(answer.sent_bytes, 300);
	assert_int_equal(answer.received_bytes, 3000);
	assert_int_equal(answer.took_ms, 60 + script->world.slept_ms);
	assert_string_equal(answer.trace_id, "tid-3");
	assert_int_equal(script->meter.calls[HTTP_READ], 3);
	assert_int_equal(script->meter.sent_bytes, 300);
	assert_int_equal(script->meter.received_bytes, 3000);
	assert_int_equal(script->meter.retries, 2);
	assert_int_equal(script->meter.throttled, 0);
	http_answer_clear(&answer);
}

/* ---- transient */

static void reads_are_repeated(void **state)
{
	static const struct step troubles[] = {
		{ .status = 500 },	   { .status = 502 },
		{ .status = 503 },	   { .status = 504 },
		{ .code = ERROR_NETWORK }, { .code = ERROR_NETWORK, .outcome_unknown = true },
	};
	struct script *script = *state;

	for (size_t i = 0; i < ARRAY_LEN(troubles); i++) {
		enum http_class class = i % 2 ? HTTP_READ : HTTP_REPORT;

		restart(script);
		add_step(script, troubles[i]);
		add_step(script, troubles[i]);
		add_status(script, 200);
		answers(script, class, 200, 3);
		restart(script);
		add_step(script, troubles[i]);
		fails(script, class, troubles[i].status ? ERROR_REMOTE : ERROR_NETWORK, false, 8);
		assert_int_equal(script->meter.retries, 7);
		assert_int_equal(script->world.sleeps, 7);
	}
}

static void the_number_of_tries_can_be_set(void **state)
{
	struct script *script = *state;
	struct error err;

	script->http.read_tries = 2;
	add_status(script, 502);
	err = fails(script, HTTP_READ, ERROR_REMOTE, false, 2);
	assert_non_null(strstr(err.text, "502"));
	assert_string_equal(err.trace_id, "tid-2");
	assert_true(err.retry_after_s > 0);
}

/* The waits: never above 1 s, 2 s, 4 s and so on to 5 min, and all over that range. */
static void jitter_is_full(void **state)
{
	struct script *script = *state;
	int64_t least = INT64_MAX, most = 0;

	script->http.read_tries = 2;
	script->http.meter = NULL;
	for (int i = 0; i < 300; i++) {
		restart(script);
		add_status(script, 500);
		fails(script, HTTP_READ, ERROR_REMOTE, false, 2);
		least = script->world.slept_ms < least ? script->world.slept_ms : least;
		most = script->world.slept_ms > most ? script->world.slept_ms : most;
	}
	assert_true(least < 100 && most > 900 && most <= SECOND);
	script->http.read_tries = 30;
	restart(script);
	add_status(script, 500);
	fails(script, HTTP_READ, ERROR_REMOTE, false, 30);
	assert_true(script->world.longest_ms <= 300 * SECOND);
	assert_true(script->world.longest_ms > 100 * SECOND);
}

static void a_ledger_under_repair_says_when(void **state)
{
	struct script *script = *state;
	struct error err;

	add_step(script, (struct step){ .status = 503, .retry_after_ms = 90 * SECOND });
	add_status(script, 200);
	answers(script, HTTP_READ, 200, 2);
	assert_int_equal(script->world.slept_ms, 90 * SECOND);
	restart(script);
	add_step(script, (struct step){ .status = 503, .retry_after_ms = 3600 * SECOND });
	err = fails(script, HTTP_READ, ERROR_REMOTE, false, 1);
	assert_int_equal(err.retry_after_s, 3600);
}

/* ---- unknown outcomes */

static void writes_are_never_repeated(void **state)
{
	static const enum http_class classes[] = { HTTP_WRITE, HTTP_BATCH };
	struct script *script = *state;
	struct error err;

	for (size_t i = 0; i < ARRAY_LEN(classes); i++) {
		restart(script);
		add_status(script, 500);
		err = fails(script, classes[i], ERROR_REMOTE, true, 1);
		assert_string_equal(err.trace_id, "tid-1");
		assert_int_equal(err.retry_after_s, -1);
		restart(script);
		add_status(script, 504);
		fails(script, classes[i], ERROR_REMOTE, true, 1);
		restart(script);
		add_step(script, (struct step){ .code = ERROR_NETWORK, .outcome_unknown = true });
		fails(script, classes[i], ERROR_NETWORK, true, 1);
		restart(script);
		add_step(script, (struct step){ .code = ERROR_NETWORK });
		fails(script, classes[i], ERROR_NETWORK, false, 1);
		restart(script);
		add_step(script, (struct step){ .code = ERROR_REMOTE, .outcome_unknown = true });
		fails(script, classes[i], ERROR_REMOTE, true, 1);
		assert_int_equal(script->world.sleeps, 0);
	}
}

/* What became of a code or a token is unknown after a lost answer, and only then. */
static void sign_ins_are_repeated_with_care(void **state)
{
	struct script *script = *state;
	struct http_answer answer = HTTP_ANSWER_INIT;

	add_status(script, 503);
	add_step(script, (struct step){ .code = ERROR_NETWORK });
	add_status(script, 200);
	answers(script, HTTP_SIGN_IN, 200, 3);
	restart(script);
	add_step(script, (struct step){ .code = ERROR_NETWORK, .outcome_unknown = true });
	fails(script, HTTP_SIGN_IN, ERROR_NETWORK, true, 1);
	restart(script);
	add_step(script, (struct step){ .code = ERROR_NETWORK, .outcome_unknown = true });
	add_status(script, 200);
	assert_true(send_as(script, HTTP_SIGN_IN, "GET", &answer, NULL));
	http_answer_clear(&answer);
}

static void other_failures_end_it(void **state)
{
	static const enum error_code codes[] = { ERROR_REMOTE, ERROR_INPUT, ERROR_CANCELLED,
						 ERROR_INTERNAL };
	struct script *script = *state;

	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		restart(script);
		add_step(script, (struct step){ .code = codes[i] });
		fails(script, HTTP_READ, codes[i], false, 1);
	}
}

/* ---- throttles */

static void throttles_wait_and_are_no_tries(void **state)
{
	struct script *script = *state;

	for (int class = 0; class < HTTP_CLASS_COUNT; class ++) {
		restart(script);
		script->http.read_tries = 1;
		add_step(script, (struct step){ .status = 429, .retry_after_ms = 5 * SECOND });
		add_step(script, (struct step){ .status = 403,
						.body = "errorCode=003001",
						.retry_after_ms = 4 * SECOND });
		add_status(script, 200);
		answers(script, class, 200, 3);
		assert_int_equal(script->world.slept_ms, 9 * SECOND);
		assert_int_equal(script->meter.throttled, 2);
		assert_true(script->meter.waited_ms > 0);
		assert_int_equal(script->meter.retries, 0);
		assert_int_equal(script->meter.calls[class], 3);
	}
}

/* What failed has all of its tries, however often it was throttled in between. */
static void throttles_take_no_try_away(void **state)
{
	struct script *script = *state;
	struct http_answer answer = HTTP_ANSWER_INIT;

	script->http.read_tries = 2;
	for (int i = 0; i < 5; i++)
		add_step(script, (struct step){ .status = 429, .retry_after_ms = SECOND });
	add_status(script, 500);
	add_status(script, 200);
	assert_true(send_as(script, HTTP_READ, "GET", &answer, NULL));
	assert_int_equal(answer.tries, 2);
	assert_int_equal(script->meter.retries, 1);
	http_answer_clear(&answer);
}

/* A minute, and not for all of them the same. */
static void unsaid_throttles_wait_a_minute(void **state)
{
	struct script *script = *state;
	int64_t most = 0;

	for (int i = 0; i < 50; i++) {
		restart(script);
		add_status(script, 429);
		add_status(script, 200);
		answers(script, HTTP_READ, 200, 2);
		assert_true(script->world.slept_ms >= MINUTE &&
			    script->world.slept_ms <= MINUTE * 11 / 10);
		most = script->world.slept_ms > most ? script->world.slept_ms : most;
	}
	assert_true(most > MINUTE * 21 / 20);
}

static void throttles_pause_the_account(void **state)
{
	struct script *script = *state;

	give_budget(script);
	add_step(script, (struct step){ .status = 429, .retry_after_ms = 30 * SECOND });
	script->world.cancel_at = 1;
	fails(script, HTTP_READ, ERROR_CANCELLED, false, 1);
	assert_int_equal(budget_paused_ms(script->http.budget), 30 * SECOND);
	assert_int_equal(budget_in_flight(script->http.budget), 0);
	/* The next one waits for the rest of it, signing in does not. */
	restart(script);
	script->world.cancel_at = 0;
	add_status(script, 200);
	answers(script, HTTP_SIGN_IN, 200, 1);
	assert_int_equal(script->world.slept_ms, 0);
	answers(script, HTTP_READ, 200, 2);
	assert_true(script->world.slept_ms >= 29 * SECOND && script->world.slept_ms <= 31 * SECOND);
}

static void sign_in_throttles_are_not_the_accounts(void **state)
{
	struct script *script = *state;

	give_budget(script);
	add_step(script, (struct step){ .status = 429, .retry_after_ms = 30 * SECOND });
	script->world.cancel_at = 1;
	fails(script, HTTP_SIGN_IN, ERROR_CANCELLED, false, 1);
	assert_int_equal(budget_paused_ms(script->http.budget), 0);
}

static void long_throttles_are_told(void **state)
{
	struct script *script = *state;
	struct error err;

	give_budget(script);
	add_step(script, (struct step){ .status = 429, .retry_after_ms = 600 * SECOND });
	err = fails(script, HTTP_WRITE, ERROR_LIMIT, false, 1);
	assert_int_equal(err.retry_after_s, 600);
	assert_string_equal(err.trace_id, "tid-1");
	assert_int_equal(script->world.sleeps, 0);
	/* Others of the account hear of it without a call. */
	err = fails(script, HTTP_READ, ERROR_LIMIT, false, 1);
	assert_true(err.retry_after_s > 590);
}

/* A ledger that always throttles: a quarter of an hour, then it is the caller's. */
static void patience_ends(void **state)
{
	struct script *script = *state;

	add_step(script, (struct step){ .status = 429, .retry_after_ms = MINUTE });
	fails(script, HTTP_READ, ERROR_LIMIT, false, 16);
	assert_int_equal(script->world.slept_ms, 15 * MINUTE);
	restart(script);
	add_step(script, (struct step){ .status = 429, .retry_after_ms = 1 });
	fails(script, HTTP_READ, ERROR_LIMIT, false, 901);
}

/* ---- the retry budget */

/* In a storm of failures repeats come to a tenth of the calls. */
static void storms_are_not_amplified(void **state)
{
	struct script *script = *state;
	int64_t retries;

	for (int with_budget = 0; with_budget < 2; with_budget++) {
		int64_t start;

		restart(script);
		if (with_budget)
			give_budget(script);
		add_status(script, 500);
		start = script->world.ticks_ms;
		for (int i = 0; i < 2000; i++) {
			struct http_answer answer = HTTP_ANSWER_INIT;

			assert_false(send_as(script, HTTP_READ, "GET", &answer, NULL));
			http_answer_clear(&answer);
		}
		retries = script->played - 2000;
		/* With a budget a few more come back by the minute. */
		start = with_budget ? (script->world.ticks_ms - start) / (20 * SECOND) : 0;
		assert_true(retries >= 200 && retries <= 200 + 30 + start);
	}
}

/* ---- the budget of calls */

static void calls_keep_to_the_rate(void **state)
{
	struct script *script = *state;
	int64_t start = script->world.ticks_ms;

	give_budget(script);
	add_status(script, 200);
	for (int i = 1; i <= 800; i++)
		answers(script, HTTP_READ, 200, i);
	/* 800 calls at 400 a minute, less one burst. */
	assert_true(script->world.ticks_ms - start >= 2 * MINUTE * 95 / 100);
	assert_int_equal(budget_in_flight(script->http.budget), 0);
}

static void places_are_given_back(void **state)
{
	static const struct step troubles[] = {
		{ .status = 200 },
		{ .status = 500 },
		{ .code = ERROR_NETWORK },
		{ .code = ERROR_CANCELLED },
		{ .status = 429, .retry_after_ms = 3600 * SECOND },
	};
	struct script *script = *state;

	give_budget(script);
	for (size_t i = 0; i < ARRAY_LEN(troubles); i++) {
		struct http_answer answer = HTTP_ANSWER_INIT;

		restart(script);
		add_step(script, troubles[i]);
		send_as(script, HTTP_WRITE, "POST", &answer, NULL);
		assert_int_equal(script->played, 1);
		assert_int_equal(budget_in_flight(script->http.budget), 0);
		http_answer_clear(&answer);
	}
}

static void cancelled_ones_are_not_sent(void **state)
{
	struct script *script = *state;
	struct cancel *cancel = cancel_new();

	give_budget(script);
	script->http.cancel = cancel;
	cancel_ask(cancel);
	add_status(script, 200);
	fails(script, HTTP_WRITE, ERROR_CANCELLED, false, 0);
	cancel_free(cancel);
}

static void answers_of_doubles_have_a_limit(void **state)
{
	struct script *script = *state;
	struct http_request request = {
		.method = "GET",
		.url = "https://ledger.example/",
		.what = "query Invoice",
		.answer_max = 3,
	};
	struct http_answer answer = HTTP_ANSWER_INIT;
	struct error err = { 0 };

	add_status(script, 200);
	assert_false(http_send(&script->http, &request, &answer, &err));
	assert_int_equal(err.code, ERROR_REMOTE);
	http_answer_clear(&answer);
}

/* ---- log and secrets */

static void each_call_is_a_line(void **state)
{
	AUTO(str_clear) struct str log = STR_INIT(100000);
	struct script *script = *state;

	add_step(script, (struct step){ .code = ERROR_NETWORK, .outcome_unknown = true });
	add_status(script, 200);
	world_log(&log);
	answers(script, HTTP_READ, 200, 2);
	world_log(NULL);
	assert_non_null(strstr(
		log.text, "query Invoice (read): the double says no after 20 ms, 100 bytes out, "
			  "1000 in, outcome unknown\n"));
	assert_non_null(strstr(log.text,
			       "query Invoice (read): 200 in 20 ms, 100 bytes out, 1000 in, "
			       "trace tid-2\n"));
	assert_null(strstr(log.text, MARK));
	assert_null(strstr(log.text, "https:"));
}

/* The real transport and a server that fails in all ways, with secrets in all places. */
static void secrets_stay_secret(void **state)
{
	static const char *const paths[] = {
		"/ok",	     "/echo",	      "/status/401", "/status/500", "/status/429",
		"/redirect", "/away",	      "/close",	     "/cut-body",   "/garbage",
		"/bad-gzip", "/endless-body", "/html",
	};
	struct script *script = *state;
	AUTO(str_clear) struct str log = STR_INIT(1000000);
	AUTO(secret_freep) struct secret *secret = secret_copy("Bearer " MARK, 7 + strlen(MARK));
	struct server *server = server_new();
	struct transport_curl *curl = transport_curl_new(&(struct transport_curl_options){ 0 });
	char path[100];

	script->http.transport = transport_of_curl(curl);
	world_log(&log);
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		struct http_request request = {
			.method = "POST",
			.what = "refresh",
			.class = i % 2 ? HTTP_SIGN_IN : HTTP_READ,
			.secret_url = true,
			.authorization = secret,
			.secret_body = secret,
			.timeout_ms = 60000,
			.answer_max = 1 << 16,
			.redirects = true,
		};
		struct http_answer answer = HTTP_ANSWER_INIT;
		struct error err = { 0 };

		snprintf(path, sizeof(path), "%s?code=" MARK, paths[i]);
		request.url = server_url(server, path);
		http_send(&script->http, &request, &answer, &err);
		assert_null(strstr(err.text, MARK));
		assert_null(strstr(err.trace_id, MARK));
		http_answer_clear(&answer);
	}
	world_log(NULL);
	assert_non_null(strstr(log.text, "refresh (sign-in): 200"));
	assert_null(strstr(log.text, MARK));
	assert_null(strstr(log.text, "code="));
	transport_curl_free(curl);
	server_free(server);
}

static void classes_have_words(void **state)
{
	(void)state;
	assert_string_equal(http_class_word(HTTP_READ), "read");
	assert_string_equal(http_class_word(HTTP_REPORT), "report");
	assert_string_equal(http_class_word(HTTP_WRITE), "write");
	assert_string_equal(http_class_word(HTTP_BATCH), "batch");
	assert_string_equal(http_class_word(HTTP_SIGN_IN), "sign-in");
}

#define SCRIPTED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int test_http(void)
{
	const struct CMUnitTest tests[] = {
		SCRIPTED(answers_are_handed_out),
		SCRIPTED(answers_are_counted),
		SCRIPTED(reads_are_repeated),
		SCRIPTED(the_number_of_tries_can_be_set),
		SCRIPTED(jitter_is_full),
		SCRIPTED(a_ledger_under_repair_says_when),
		SCRIPTED(writes_are_never_repeated),
		SCRIPTED(sign_ins_are_repeated_with_care),
		SCRIPTED(other_failures_end_it),
		SCRIPTED(throttles_wait_and_are_no_tries),
		SCRIPTED(throttles_take_no_try_away),
		SCRIPTED(unsaid_throttles_wait_a_minute),
		SCRIPTED(throttles_pause_the_account),
		SCRIPTED(sign_in_throttles_are_not_the_accounts),
		SCRIPTED(long_throttles_are_told),
		SCRIPTED(patience_ends),
		SCRIPTED(storms_are_not_amplified),
		SCRIPTED(calls_keep_to_the_rate),
		SCRIPTED(places_are_given_back),
		SCRIPTED(cancelled_ones_are_not_sent),
		SCRIPTED(answers_of_doubles_have_a_limit),
		SCRIPTED(each_call_is_a_line),
		SCRIPTED(secrets_stay_secret),
		cmocka_unit_test(classes_have_words),
	};

	return cmocka_run_group_tests_name("http", tests, NULL, NULL);
}
