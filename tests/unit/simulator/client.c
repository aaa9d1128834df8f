/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The client of client.h: what a program does over the network, by plain calls. */
#include "client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"

#include "answer.h"
#include "test_simulator.h"

static int64_t read_clock(void *ctx)
{
	return ((struct client *)ctx)->now_ms;
}

static void no_random(void *ctx, void *bytes, size_t len)
{
	(void)ctx;
	memset(bytes, 7, len);
}

struct simulator_config client_config(struct client *client, const char *state_path)
{
	return (struct simulator_config){
		.seed = 5,
		.state_path = state_path,
		.env = { .wall_ms = read_clock,
			 .ticks_ms = read_clock,
			 .random = no_random,
			 .ctx = client },
		.start_ms = -1,
		.base_url = "http://127.0.0.1:8080",
		.auto_consent = true,
	};
}

struct simulator *client_open(struct client *client, const char *state_path, struct error *err)
{
	static const struct simulator_company companies[] = {
		{ .kind = "small",
		  .realm = REALM,
		  .name = "Nine Pins",
		  .customers = -1,
		  .invoices = -1 },
		{ .kind = "small",
		  .realm = OTHER,
		  .name = "Ten Pins",
		  .customers = -1,
		  .invoices = -1 },
	};
	struct simulator_config config = client_config(client, state_path);

	config.start_ms = START_MS;
	config.companies = companies;
	config.company_count = ARRAY_LEN(companies);
	return simulator_open(&config, err);
}

struct simulator *client_reopen(struct client *client, const char *state_path, struct error *err)
{
	const struct simulator_config config = client_config(client, state_path);

	return simulator_open(&config, err);
}

int client_setup(void **state)
{
	struct client *client = memory_new(sizeof(*client));
	struct error err = { 0 };

	*state = client;
	client->simulator = client_open(client, NULL, &err);
	if (!client->simulator) {
		print_error("%s\n", err.text);
		return -1;
	}
	client_connect(client);
	return 0;
}

int client_teardown(void **state)
{
	simulator_close(((struct client *)*state)->simulator);
	memory_freep(state);
	return 0;
}

void client_send(struct client *client, const char *method, const char *target,
		 const char *const *headers, const char *body, struct simulator_answer *answer)
{
	struct simulator_header list[8];
	struct simulator_request request = { .method = method, .target = target, .headers = list,
					     .body = body, .body_len = body ? strlen(body) : 0 };

	for (; headers && headers[2 * request.header_count]; request.header_count++) {
		assert_true(request.header_count < ARRAY_LEN(list));
		list[request.header_count].name = headers[2 * request.header_count];
		list[request.header_count].value = headers[2 * request.header_count + 1];
	}
	simulator_handle(client->simulator, &request, answer);
}

int client_ask(struct client *client, const char *method, const char *target, const char *body,
	       struct str *out)
{
	const char *type = strstr(target, "/query") ? "application/text" : "application/json";
	const char *const headers[] = { "Authorization", client->bearer,
					"Accept",	 "application/json",
					"Content-Type",	 type,
					LOCAL,		 NULL };
	struct simulator_answer answer;
	int status;

	client_send(client, method, target, headers, body, &answer);
	status = answer.ending == SIMULATOR_WHOLE ? answer.status : 0;
	if (out) {
		str_reset(out);
		str_add_bytes(out, answer.body.text, answer.body.len);
	}
	simulator_done(client->simulator, &answer);
	return status;
}

void client_connect(struct client *client)
{
	static const char consent[] =
		"/connect/"
		"oauth2?client_id=simulator-client&response_type=code&state=1&realmId=" REALM
		"&scope=com.intuit.quickbooks.accounting&redirect_uri=http%3A%2F%2Flocalhost%2Fcb";
	static const char *const headers[] = {
		"Authorization", "Basic c2ltdWxhdG9yLWNsaWVudDpzaW11bGF0b3Itc2VjcmV0",
		"Content-Type", "application/x-www-form-urlencoded", NULL };
	struct simulator_answer answer;
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str token = STR_INIT(STR_NO_LIMIT);
	const char *code;

	client_send(client, "GET", consent, NULL, NULL, &answer);
	assert_int_equal(answer.status, 302);
	code = strstr(answer_get_header(&answer, "Location"), "code=");
	assert_non_null(code);
	str_add(&form, "grant_type=authorization_code&redirect_uri=http%3A%2F%2Flocalhost%2Fcb&");
	str_add_bytes(&form, code, strcspn(code, "&"));
	simulator_done(client->simulator, &answer);
	client_send(client, "POST", "/oauth2/v1/tokens/bearer", headers, form.text, &answer);
	assert_int_equal(answer.status, 200);
	json_unquote(json_find(answer.body.text, answer.body.len, "access_token"), &token);
	assert_true(token.len > 0 && token.len < sizeof(client->bearer) - 10);
	snprintf(client->bearer, sizeof(client->bearer), "Bearer %s", token.text);
	simulator_done(client->simulator, &answer);
}

int client_control(struct client *client, const char *method, const char *path, const char *body)
{
	AUTO(str_clear) struct str target = STR_INIT(STR_NO_LIMIT);

	str_addf(&target, "/simulator/%s", path);
	return client_ask(client, method, target.text, body, NULL);
}

void client_trouble(struct client *client, const char *json)
{
	assert_int_equal(client_control(client, "DELETE", "troubles", NULL), 200);
	assert_int_equal(client_control(client, "POST", "troubles", json), 200);
}

void client_set(struct client *client, const char *name, const char *value)
{
	assert_true(simulator_set(client->simulator, name, value, NULL));
}

int64_t client_counter(struct client *client, const char *member)
{
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str path = STR_INIT(STR_NO_LIMIT);
	struct json_slice slice;

	assert_int_equal(client_ask(client, "GET", "/simulator/counters", NULL, &out), 200);
	str_addf(&path, "companies." REALM ".%s", member);
	slice = json_find(out.text, out.len, path.text);
	return slice.kind == JSON_NUMBER ? strtoll(slice.text, NULL, 10) : 0;
}

long client_customers(struct client *client)
{
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);
	struct json_slice count;

	assert_int_equal(client_ask(client, "GET", "/simulator/as-other-user" COUNT, NULL, &out),
			 200);
	count = json_find(out.text, out.len, "QueryResponse.totalCount");
	assert_int_equal(count.kind, JSON_NUMBER);
	return strtol(count.text, NULL, 10);
}
