/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An app as the tests of OAuth need it: it calls the simulated service and looks at the answers. */
#include "app.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"

#include "answer.h"
#include "company.h"
#include "request.h"

static int64_t read_clock(void *ctx)
{
	return ((struct app *)ctx)->now_ms;
}

struct app *app_make(const struct simulator_config *config, uint64_t seed)
{
	struct app *app = memory_new(sizeof(*app));
	struct simulator *simulator = memory_new(sizeof(*simulator));

	app->simulator = simulator;
	app->now_ms = START_MS;
	simulator->env.wall_ms = read_clock;
	simulator->env.ctx = app;
	simulator->seed = seed;
	random_seed(&simulator->random, seed);
	simulator->base_url = memory_copy_text(BASE);
	switches_init(&simulator->switches);
	simulator->companies = memory_new(2 * sizeof(*simulator->companies));
	simulator->companies[0] = company_new(simulator, REALM_A, "Quill & <Sons> \"R'Us\"");
	simulator->companies[1] = company_new(simulator, REALM_B, "Fjord AS");
	simulator->company_count = 2;
	simulator->oauth = oauth_new(simulator, config);
	answer_init(&app->answer);
	return app;
}

int app_make_asking(void **state)
{
	*state = app_make(&(struct simulator_config){ .client_id = "app", .client_secret = "hush" },
			  7);
	return 0;
}

int app_make_auto(void **state)
{
	*state = app_make(&(struct simulator_config){ .client_id = "app",
						      .client_secret = "hush",
						      .auto_consent = true },
			  7);
	return 0;
}

int app_free(void **state)
{
	struct app *app = *state;

	answer_clear(&app->answer);
	oauth_free(app->simulator->oauth);
	for (size_t i = 0; i < app->simulator->company_count; i++)
		company_free(app->simulator->companies[i]);
	free(app->simulator->companies);
	free(app->simulator->base_url);
	free(app->simulator);
	free(app);
	return 0;
}

void app_set(struct app *app, const char *name, const char *value)
{
	assert_true(switches_set(&app->simulator->switches, name, value, NULL));
}

/* ---- calling */

void app_call(struct app *app, const char *method, const char *target,
	      const struct simulator_header *headers, const char *body)
{
	struct simulator_request raw = { .method = method,
					 .target = target,
					 .headers = headers,
					 .body = body,
					 .body_len = body ? strlen(body) : 0 };
	struct request request;
	const char *why;

	while (headers && headers[raw.header_count].name)
		raw.header_count++;
	answer_clear(&app->answer);
	assert_true(request_parse(&raw, &request, &why));
	assert_true(oauth_owns(&request));
	oauth_handle(app->simulator, &request, &app->answer);
	request_clear(&request);
}

void app_get(struct app *app, const char *target)
{
	app_call(app, "GET", target, NULL, NULL);
}

const struct simulator_header app_form_header = { "Content-Type",
						  "application/x-www-form-urlencoded" };

const char *app_basic(const char *pair, char *out)
{
	memcpy(out, "Basic ", 6);
	EVP_EncodeBlock((unsigned char *)out + 6, (const unsigned char *)pair, (int)strlen(pair));
	return out;
}

void app_post_token_as(struct app *app, const char *pair, const char *body)
{
	char authorization[200];
	const struct simulator_header headers[] = {
		app_form_header,
		{ "Authorization", app_basic(pair, authorization) },
		{ NULL, NULL },
	};

	app_call(app, "POST", "/oauth2/v1/tokens/bearer", headers, body);
}

void app_post_token(struct app *app, const char *body)
{
	app_post_token_as(app, "app:hush", body);
}

void app_exchange(struct app *app, const char *code)
{
	AUTO(str_clear) struct str body = STR_INIT(4096);

	str_addf(&body, "grant_type=authorization_code&code=%s&redirect_uri=", code);
	str_add_percent(&body, BACK);
	app_post_token(app, body.text);
}

void app_refresh(struct app *app, const char *token)
{
	AUTO(str_clear) struct str body = STR_INIT(4096);

	str_addf(&body, "grant_type=refresh_token&refresh_token=%s", token);
	app_post_token(app, body.text);
}

void app_revoke(struct app *app, const char *pair, const char *body)
{
	char authorization[200];
	const struct simulator_header headers[] = {
		{ "Content-Type", "application/json" },
		{ pair ? "Authorization" : "X-None", pair ? app_basic(pair, authorization) : "" },
		{ NULL, NULL },
	};

	app_call(app, "POST", "/v2/oauth2/tokens/revoke", headers, body);
}

void app_revoke_token(struct app *app, const char *token)
{
	AUTO(str_clear) struct str body = STR_INIT(4096);

	str_addf(&body, "{\"token\":\"%s\"}", token);
	app_revoke(app, "app:hush", body.text);
}

/* ---- looking at answers */

void app_assert_body(const struct app *app, int status, const char *body)
{
	assert_string_equal(app->answer.body.text, body);
	assert_int_equal(app->answer.status, status);
}

void app_assert_has(const struct app *app, const char *text)
{
	if (!strstr(app->answer.body.text, text))
		fail_msg("'%s' is not in: %s", text, app->answer.body.text);
}

const char *app_location(const struct app *app)
{
	const char *value = answer_get_header(&app->answer, "Location");

	assert_int_equal(app->answer.status, 302);
	assert_non_null(value);
	return value;
}

char *app_take_after(const char *text, const char *name, char *out)
{
	const char *start = strstr(text, name);
	size_t len;

	assert_non_null(start);
	start += strlen(name);
	len = strcspn(start, "&\",}");
	assert_true(len < TOKEN_MAX);
	memcpy(out, start, len);
	out[len] = '\0';
	return out;
}

int64_t app_number(const struct app *app, const char *name)
{
	struct json_slice slice = json_find(app->answer.body.text, app->answer.body.len, name);

	assert_int_equal(slice.kind, JSON_NUMBER);
	return strtoll(slice.text, NULL, 10);
}

char *app_member(const struct app *app, const char *name, char *out)
{
	const struct str *body = &app->answer.body;
	struct json_slice slice;

	assert_true(json_check(body->text, body->len, NULL));
	slice = json_find(body->text, body->len, name);
	assert_int_equal(slice.kind, JSON_STRING);
	assert_true(slice.len < TOKEN_MAX);
	memcpy(out, slice.text + 1, slice.len - 2);
	out[slice.len - 2] = '\0';
	return out;
}

size_t app_member_count(const struct app *app)
{
	struct json_slice root = { .text = app->answer.body.text, .len = app->answer.body.len, .kind = JSON_OBJECT };
	struct json_slice value;
	size_t at = 0, count = 0;

	while (json_each(root, &at, NULL, &value))
		count++;
	return count;
}

void app_assert_tokens(const struct app *app, struct tokens *ret_tokens)
{
	assert_int_equal(app->answer.status, 200);
	app_member(app, "access_token", ret_tokens->access);
	app_member(app, "refresh_token", ret_tokens->refresh);
}

void app_connect(struct app *app, const char *realm, const char *scope, struct tokens *ret_tokens)
{
	AUTO(str_clear) struct str target = STR_INIT(4096);
	char code[TOKEN_MAX];

	str_addf(&target,
		 "/connect/oauth2?client_id=app&response_type=code&scope=%s&redirect_uri=", scope);
	str_add_percent(&target, BACK);
	str_addf(&target, "&state=x&realmId=%s", realm);
	app_get(app, target.text);
	app_exchange(app, app_take_after(app_location(app), "?code=", code));
	app_assert_tokens(app, ret_tokens);
}

enum oauth_verdict app_check(struct app *app, const char *authorization, const char *realm)
{
	const struct simulator_header header = { "authorization", authorization };
	const struct simulator_request raw = { .method = "GET",
					       .target = "/v3/company/1/query",
					       .headers = &header,
					       .header_count = authorization ? 1 : 0 };
	enum oauth_verdict verdict;
	struct request request;
	const char *why, *token;

	assert_true(request_parse(&raw, &request, &why));
	verdict = oauth_check(app->simulator, &request, realm, &token);
	assert_true((token == NULL) == (verdict == OAUTH_MISSING));
	request_clear(&request);
	return verdict;
}

enum oauth_verdict app_check_token(struct app *app, const char *token, const char *realm)
{
	AUTO(str_clear) struct str header = STR_INIT(4096);

	str_addf(&header, "Bearer %s", token);
	return app_check(app, header.text, realm);
}
