/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plays the script of dialogue.h. */
#include "dialogue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/memory.h"

#include "tests.h"

#define API "https://ledger.test"
#define COMPANY API "/v3/company/" DIALOGUE_REALM "/"
#define VERSION "minorversion=75"

/* The request as scripts write it. */
static void add_request(const struct http_request *request, struct str *out)
{
	const char *url = request->url;
	size_t len;

	assert_int_equal(strncmp(url, COMPANY, strlen(COMPANY)), 0);
	url += strlen(COMPANY);
	len = strlen(url);
	assert_true(len > strlen(VERSION));
	len -= strlen(VERSION);
	assert_string_equal(url + len, VERSION);
	str_addf(out, "%s ", request->method);
	assert_true(str_add_unpercent(out, url, len - 1, false));
}

static void check_head(const struct dialogue *dialogue, const struct http_request *request)
{
	assert_string_equal(request->headers[0].name, "Accept");
	assert_string_equal(request->headers[0].value, "application/json");
	assert_int_equal(request->class, strstr(request->url, "/reports/") ? HTTP_REPORT : HTTP_READ);
	assert_true(request->secret_url);
	assert_ptr_equal(request->authorization, dialogue->token);
	/* What stands in logs must not tell whose company it is. */
	assert_null(strstr(request->what, DIALOGUE_REALM));
}

static void fill(const struct dialogue *dialogue, const struct step *step,
		 struct http_answer *answer)
{
	http_answer_reset(answer);
	answer->body.limit = STR_NO_LIMIT;
	str_add(&answer->body, step->body ? step->body : "");
	answer->status = step->status ? step->status : 200;
	answer->date_ms = step->no_date ? -1 : dialogue->now_ms;
	answer->retry_after_ms = -1;
	snprintf(answer->content_type, sizeof(answer->content_type), "%s",
		 step->type ? step->type : "application/json");
	snprintf(answer->trace_id, sizeof(answer->trace_id), "%s",
		 step->trace_id ? step->trace_id : "");
}

static bool perform(void *ctx, const struct http_request *request, struct http_answer *answer,
		    struct cancel *cancel, struct error *err)
{
	struct dialogue *dialogue = ctx;
	const struct step *step = &dialogue->steps[dialogue->at];
	AUTO(str_clear) struct str asked = STR_INIT(STR_NO_LIMIT);

	(void)cancel;
	(void)err;
	add_request(request, &asked);
	if (dialogue->at == dialogue->count)
		fail_msg("not in the script: %s", asked.text);
	assert_string_equal(asked.text, step->request);
	check_head(dialogue, request);
	if (step->sent) {
		assert_int_equal(request->body_len, strlen(step->sent));
		assert_string_equal(request->body, step->sent);
		assert_string_equal(request->headers[1].name, "Content-Type");
		assert_string_equal(request->headers[1].value, "application/text");
	} else {
		assert_null(request->body);
	}
	dialogue->at++;
	fill(dialogue, step, answer);
	return true;
}

static int64_t read_clock(void *ctx)
{
	return ((struct dialogue *)ctx)->now_ms;
}

static void no_random(void *ctx, void *bytes, size_t len)
{
	(void)ctx;
	memset(bytes, 0, len);
}

static bool no_sleep(void *ctx, int64_t ms, struct cancel *cancel)
{
	(void)cancel;
	((struct dialogue *)ctx)->now_ms += ms;
	return true;
}

static bool authorization(void *ctx, bool rejected, const struct secret **ret_value,
			  struct error *err)
{
	struct dialogue *dialogue = ctx;

	(void)err;
	dialogue->renewals += rejected;
	*ret_value = dialogue->token;
	return true;
}

void dialogue_init(struct dialogue *dialogue, const struct step *steps, size_t count)
{
	*dialogue = (struct dialogue){
		.steps = steps,
		.count = count,
		.now_ms = DIALOGUE_NOW_MS,
		.addresses = { .api = API },
		.token = secret_copy("Bearer letmein", 14),
		.http = {
			.transport = { .perform = perform, .ctx = dialogue },
			.env = { .wall_ms = read_clock,
				 .ticks_ms = read_clock,
				 .random = no_random,
				 .ctx = dialogue },
			.sleep = no_sleep,
			.sleep_ctx = dialogue,
			.read_tries = 1,
		},
		.connection = {
			.provider = provider_find("quickbooks"),
			.environment = ENVIRONMENT_SANDBOX,
			.realm = DIALOGUE_REALM,
			.authorization = authorization,
			.ctx = dialogue,
		},
	};
	dialogue->connection.addresses = &dialogue->addresses;
	dialogue->connection.http = &dialogue->http;
}

void dialogue_clear(struct dialogue *dialogue)
{
	secret_free(dialogue->token);
	if (dialogue->at < dialogue->count)
		print_error("never asked: %s\n", dialogue->steps[dialogue->at].request);
	assert_int_equal(dialogue->at, dialogue->count);
}

const char *body_of(const char *records)
{
	static char bodies[16][4096];
	static size_t next;
	char *text = bodies[next++ % ARRAY_LEN(bodies)];
	struct str out = STR_INIT(sizeof(bodies[0]) - 1);
	const char *comma = "";

	str_add(&out, "{\"QueryResponse\":{");
	for (const char *at = records; *at; comma = ",") {
		char *colon, time[STAMP_TEXT_MAX];
		long id = strtol(at, &colon, 10), seconds = strtol(colon + 1, &colon, 10);

		stamp_format(DIALOGUE_NOW_MS + seconds * 1000, -25200, false, time);
		str_addf(&out,
			 "%s{\"Id\":\"%ld\",\"SyncToken\":\"0\",\"MetaData\":{\"LastUpdatedTime\":"
			 "\"%s\"}}",
			 *comma ? comma : "\"Some\":[", id, time);
		at = colon + strspn(colon, " ");
	}
	str_addf(&out, "%s},\"time\":\"2026-01-31T04:00:00.000-08:00\"}",
		 *comma ? "],\"startPosition\":1" : "");
	assert_false(str_is_cut(&out));
	memcpy(text, out.text, out.len + 1);
	str_clear(&out);
	return text;
}

void page_clearp(struct page *page)
{
	page_clear(page);
}
