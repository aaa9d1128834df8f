/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The client of ledger_x.h. */
#include "ledger_x.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

#include "test_simulator.h"

struct xclient *xclient_new(const char *state_path, bool resume)
{
	static const struct simulator_company entity = { .kind = "xledger", .realm = ENTITY, .customers = -1,
							  .invoices = -1 };
	struct xclient *client = memory_new(sizeof(*client));
	struct simulator_config config;
	struct error err = { 0 };

	client->client.now_ms = START_MS;
	str_init(&client->body, STR_NO_LIMIT);
	config = client_config(&client->client, state_path);
	if (!resume) {
		config.companies = &entity;
		config.company_count = 1;
	}
	client->client.simulator = simulator_open(&config, &err);
	if (!client->client.simulator)
		print_error("%s\n", err.text);
	assert_non_null(client->client.simulator);
	xclient_set(client, "limits", "off");
	return client;
}

void xclient_free(struct xclient *client)
{
	simulator_close(client->client.simulator);
	str_clear(&client->body);
	free(client);
}

int xclient_setup(void **state)
{
	struct xclient *client = xclient_new(NULL, false);

	xclient_connect(client, "");
	*state = client;
	return 0;
}

int xclient_teardown(void **state)
{
	xclient_free(*state);
	return 0;
}

static void keep(struct xclient *client, struct simulator_answer *answer)
{
	client->status = answer->ending == SIMULATOR_WHOLE ? answer->status : 0;
	str_reset(&client->body);
	str_add_bytes(&client->body, answer->body.text, answer->body.len);
	simulator_done(client->client.simulator, answer);
}

const char *xclient_control(struct xclient *client, const char *method, const char *path, const char *body)
{
	static const char *const headers[] = { LOCAL, NULL };
	AUTO(str_clear) struct str target = STR_INIT(STR_NO_LIMIT);
	struct simulator_answer answer;

	str_addf(&target, "/simulator/%s", path);
	client_send(&client->client, method, target.text, headers, body, &answer);
	keep(client, &answer);
	if (client->status != 200)
		print_error("%s\n", client->body.text);
	assert_int_equal(client->status, 200);
	return client->body.text;
}

void xclient_connect(struct xclient *client, const char *more)
{
	AUTO(str_clear) struct str body = STR_INIT(STR_NO_LIMIT);

	str_addf(&body, "{\"entity\": \"" ENTITY "\"%s}", more);
	xclient_control(client, "POST", "xledger/tokens", body.text);
	snprintf(client->token, sizeof(client->token), "token %s", xclient_text(client, "token", -1, NULL));
}

static const char *send_query(struct xclient *client, const char *target, const char *query, const char *variables)
{
	const char *const headers[] = { "Authorization", client->token, "Content-Type", "application/json",
					LOCAL, NULL };
	AUTO(str_clear) struct str body = STR_INIT(STR_NO_LIMIT);
	struct simulator_answer answer;

	str_add(&body, "{\"query\":");
	str_add_json(&body, query, strlen(query));
	str_addf(&body, ",\"variables\":%s}", variables ? variables : "null");
	client_send(&client->client, "POST", target, headers, body.text, &answer);
	keep(client, &answer);
	return client->body.text;
}

const char *xclient_ask(struct xclient *client, const char *query, const char *variables)
{
	return send_query(client, "/graphql", query, variables);
}

const char *xclient_ask_other(struct xclient *client, const char *query)
{
	return send_query(client, "/simulator/as-other-user/xledger/" ENTITY "/graphql", query, NULL);
}

void xclient_step(struct xclient *client, int64_t seconds)
{
	simulator_step_clock(client->client.simulator, seconds * 1000);
}

void xclient_set(struct xclient *client, const char *name, const char *value)
{
	client_set(&client->client, name, value);
}

void xclient_has(const struct xclient *client, const char *text)
{
	if (!strstr(client->body.text, text))
		print_error("no %s in:\n%.2000s\n", text, client->body.text);
	assert_non_null(strstr(client->body.text, text));
}

void xclient_lacks(const struct xclient *client, const char *text)
{
	if (strstr(client->body.text, text))
		print_error("there is %s in:\n%.2000s\n", text, client->body.text);
	assert_null(strstr(client->body.text, text));
}

void xclient_is(const struct xclient *client, const char *body)
{
	assert_string_equal(client->body.text, body);
}

struct json_slice xclient_find(const struct xclient *client, const char *path, int index, const char *inside)
{
	struct json_slice slice, item = { 0 };
	size_t at = 0;

	assert_true(json_check(client->body.text, client->body.len, NULL));
	slice = json_find(client->body.text, client->body.len, path);
	if (index < 0)
		return slice;
	for (int i = 0; i <= index; i++)
		if (slice.kind != JSON_ARRAY || !json_each(slice, &at, NULL, &item))
			fail_msg("no item %d at %s in %.1000s", index, path, client->body.text);
	return inside ? json_member(item, inside) : item;
}

size_t xclient_count(const struct xclient *client, const char *path)
{
	struct json_slice slice = xclient_find(client, path, -1, NULL), item;
	size_t count = 0;

	for (size_t at = 0; slice.kind == JSON_ARRAY && json_each(slice, &at, NULL, &item);)
		count++;
	return count;
}

const char *xclient_text(const struct xclient *client, const char *path, int index, const char *inside)
{
	static char text[400];
	struct json_slice slice = xclient_find(client, path, index, inside);
	AUTO(str_clear) struct str out = STR_INIT(sizeof(text) - 1);

	if (slice.kind == JSON_STRING)
		json_unquote(slice, &out);
	else
		str_add_bytes(&out, slice.text ? slice.text : "", slice.len);
	memcpy(text, out.text, out.len + 1);
	return text;
}
