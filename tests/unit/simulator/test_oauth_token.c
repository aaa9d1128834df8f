/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an app's program meets: every way in which codes and tokens are exchanged, replaced and
 * ended.
 */
#include "oauth.h"

#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"

#include "answer.h"
#include "app.h"
#include "request.h"

#define HARD_HEADER "x-include-refresh-token-hard-expires-in"

/* ---- codes */

static void code_gives_tokens(void **state)
{
	struct app *app = *state;
	char code[TOKEN_MAX];
	struct tokens tokens;

	app_get(app, AUTHORIZE(ACCOUNTING));
	app_exchange(app, app_take_after(app_location(app), "?code=", code));
	app_assert_tokens(app, &tokens);
	assert_int_equal(app_member_count(app), 5);
	app_assert_has(app, "\"token_type\":\"bearer\"");
	assert_int_equal(app_number(app, "expires_in"), 3600);
	assert_int_equal(app_number(app, "x_refresh_token_expires_in"), 8726400);
	assert_string_equal(answer_get_header(&app->answer, "Content-Type"),
			    "application/json;charset=UTF-8");
	assert_string_equal(answer_get_header(&app->answer, "Cache-Control"), "no-cache, no-store");
	assert_string_equal(answer_get_header(&app->answer, "Pragma"), "no-cache");
	assert_int_equal(strlen(tokens.refresh), 50);
	assert_memory_equal(tokens.refresh, "AB1", 3);
	assert_true(strlen(tokens.access) > 900);
	assert_memory_equal(tokens.access, "eyJ", 3);
	assert_int_equal(app_check_token(app, tokens.access, REALM_A), OAUTH_GOOD);

	/* Once only; the tokens that it gave go on. */
	app_exchange(app, code);
	app_assert_body(app, 400, INVALID_GRANT);
	assert_int_equal(app_check_token(app, tokens.access, REALM_A), OAUTH_GOOD);
	app_refresh(app, tokens.refresh);
	assert_int_equal(app->answer.status, 200);
}

static void code_ends(void **state)
{
	struct app *app = *state;
	char first[TOKEN_MAX], second[TOKEN_MAX];

	app_set(app, "code-lifetime-s", "60");
	app_get(app, AUTHORIZE(ACCOUNTING));
	app_take_after(app_location(app), "?code=", first);
	app_get(app, AUTHORIZE(ACCOUNTING));
	app_take_after(app_location(app), "?code=", second);
	app->now_ms += 59999;
	app_exchange(app, first);
	assert_int_equal(app->answer.status, 200);
	app->now_ms += 1;
	app_exchange(app, second);
	app_assert_body(app, 400, INVALID_GRANT);
}

static void code_is_bound(void **state)
{
	struct app *app = *state;
	AUTO(str_clear) struct str body = STR_INIT(4096);
	char code[TOKEN_MAX];

	app_get(app, AUTHORIZE(ACCOUNTING));
	app_take_after(app_location(app), "?code=", code);
	str_addf(&body, "grant_type=authorization_code&code=%s&redirect_uri=" BACK "/", code);
	app_post_token(app, body.text);
	app_assert_body(app, 400, "{\"error\":\"invalid_request\"}");
	str_reset(&body);
	str_addf(&body, "grant_type=authorization_code&code=%s", code);
	app_post_token(app, body.text);
	app_assert_body(app, 400, "{\"error\":\"invalid_request\"}");
	app_exchange(app, code);
	assert_int_equal(app->answer.status, 200);
}

static void pkce_modes(void **state)
{
	/* RFC 7636, appendix B. */
	static const char verifier[] = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
	static const char parameters[] =
		"&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
		"&code_challenge_method=S256";
	static const char base[] = AUTHORIZE(ACCOUNTING);
	struct app *app = *state;
	AUTO(str_clear) struct str target = STR_INIT(4096);
	AUTO(str_clear) struct str body = STR_INIT(4096);
	char code[TOKEN_MAX];

	str_addf(&target, "%s%s", base, parameters);
	app_get(app, target.text);
	app_exchange(app, app_take_after(app_location(app), "?code=", code));
	assert_int_equal(app->answer.status, 200);

	app_set(app, "pkce", "refused");
	app_get(app, target.text);
	assert_int_equal(app->answer.status, 400);
	app_assert_has(app, "<code>invalid_request</code>");
	app_get(app, base);
	app_location(app);

	app_set(app, "pkce", "verified");
	app_get(app,
		AUTHORIZE(ACCOUNTING) "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
				      "&code_challenge_method=plain");
	assert_int_equal(app->answer.status, 400);
	app_get(app, AUTHORIZE(ACCOUNTING) "&code_challenge=abc&code_challenge_method=S256");
	assert_int_equal(app->answer.status, 400);
	app_get(app, target.text);
	app_exchange(app, app_take_after(app_location(app), "?code=", code));
	app_assert_body(app, 400, INVALID_GRANT);
	str_addf(&body,
		 "grant_type=authorization_code&code=%s&redirect_uri=" BACK "&code_verifier=%s",
		 code, verifier);
	app_post_token(app, body.text);
	assert_int_equal(app->answer.status, 200);
}

/* ---- the token address */

static void clients_are_known(void **state)
{
	struct app *app = *state;
	static const char refused[] = "{\"error\":\"invalid_client\"}";
	static const char *const pairs[] = { "app:Hush",  "App:hush", "app:",	 ":hush",    "app",
					     "app:hush:", ":",	      "app:hus", "app:hushh" };
	static const char *const headers[] = { "Basic",
					       "Basic ",
					       "Basic !!!!",
					       "Basic YXBwOmh1c2",
					       "Bearer x",
					       "Basic YXBwOmh1c2g",
					       "Digest YXBwOmh1c2g=" };
	struct tokens tokens;
	AUTO(str_clear) struct str body = STR_INIT(4096);

	app_connect(app, REALM_A, ACCOUNTING, &tokens);
	str_addf(&body, "grant_type=refresh_token&refresh_token=%s", tokens.refresh);
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		app_post_token_as(app, pairs[i], body.text);
		app_assert_body(app, 401, refused);
	}
	for (size_t i = 0; i < ARRAY_LEN(headers); i++) {
		const struct simulator_header list[] = { app_form_header,
							 { "Authorization", headers[i] },
							 { NULL, NULL } };

		app_call(app, "POST", "/oauth2/v1/tokens/bearer", list, body.text);
		app_assert_body(app, 401, refused);
	}
	app_set(app, "invalid-client-status", "400");
	app_post_token_as(app, "app:wrong", body.text);
	app_assert_body(app, 400, refused);
	app_refresh(app, tokens.refresh);
	assert_int_equal(app->answer.status, 200);
}

static void secret_in_the_body(void **state)
{
	const struct simulator_header headers[] = { app_form_header, { NULL, NULL } };
	struct app *app = *state;
	AUTO(str_clear) struct str body = STR_INIT(4096);
	struct tokens tokens;

	app_connect(app, REALM_A, ACCOUNTING, &tokens);
	str_addf(&body, "client_id=app&grant_type=refresh_token&refresh_token=%s&client_secret=",
		 tokens.refresh);
	app_call(app, "POST", "/oauth2/v1/tokens/bearer", headers, body.text);
	app_assert_body(app, 401, "{\"error\":\"invalid_client\"}");
	str_add(&body, "hush");
	app_call(app, "POST", "/oauth2/v1/tokens/bearer", headers, body.text);
	app_assert_tokens(app, &tokens);
}

static void malformed_token_requests(void **state)
{
	static const struct {
		const char *body;
		const char *answer;
	} rows[] = {
		{ "x=1", "{\"error\":\"invalid_request\"}" },
		{ "grant_type=", "{\"error\":\"invalid_request\"}" },
		{ "grant_type=password&username=a", "{\"error\":\"unsupported_grant_type\"}" },
		{ "grant_type=client_credentials", "{\"error\":\"unsupported_grant_type\"}" },
		{ "grant_type=refresh_token", "{\"error\":\"invalid_request\"}" },
		{ "grant_type=refresh_token&refresh_token=", "{\"error\":\"invalid_request\"}" },
		{ "grant_type=refresh_token&refresh_token=AB1", TOKEN_INVALID },
		{ "grant_type=authorization_code&redirect_uri=" BACK,
		  "{\"error\":\"invalid_request\"}" },
		{ "grant_type=authorization_code&code=AB1&redirect_uri=" BACK, INVALID_GRANT },
	};
	const struct simulator_header json[] = { { "Content-Type", "application/json" },
						 { NULL, NULL } };
	struct app *app = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		app_post_token(app, rows[i].body);
		app_assert_body(app, 400, rows[i].answer);
	}
	app_call(app, "POST", "/oauth2/v1/tokens/bearer", json,
		 "{\"grant_type\":\"refresh_token\"}");
	app_assert_body(app, 400, "{\"error\":\"invalid_request\"}");
	app_call(app, "POST", "/oauth2/v1/tokens/bearer", NULL, NULL);
	app_assert_body(app, 400, "{\"error\":\"invalid_request\"}");
	app_get(app, "/oauth2/v1/tokens/bearer");
	assert_int_equal(app->answer.status, 405);
	assert_string_equal(answer_get_header(&app->answer, "Allow"), "POST");
}

static void scopes_of_a_refresh(void **state)
{
	struct app *app = *state;
	AUTO(str_clear) struct str body = STR_INIT(4096);
	struct tokens tokens;

	app_connect(app, REALM_A, ACCOUNTING, &tokens);
	str_addf(&body, "grant_type=refresh_token&refresh_token=%s&scope=openid", tokens.refresh);
	app_post_token(app, body.text);
	app_assert_body(app, 400, "{\"error\":\"invalid_scope\"}");
	str_truncate(&body, body.len - strlen("openid"));
	str_add(&body, ACCOUNTING);
	app_post_token(app, body.text);
	assert_int_equal(app->answer.status, 200);
}

static void hard_end_on_request(void **state)
{
	struct app *app = *state;
	char authorization[200];
	struct simulator_header headers[] = { app_form_header,
					      { "Authorization",
						app_basic("app:hush", authorization) },
					      { HARD_HEADER, "true" },
					      { NULL, NULL } };
	AUTO(str_clear) struct str body = STR_INIT(4096);
	struct tokens tokens;

	app_connect(app, REALM_A, ACCOUNTING, &tokens);
	str_addf(&body, "grant_type=refresh_token&refresh_token=%s", tokens.refresh);
	app_call(app, "POST", "/oauth2/v1/tokens/bearer", headers, body.text);
	assert_int_equal(app_number(app, "x_refresh_token_hard_expires_in"), 157680000);
	app->now_ms += HOUR_MS;
	app_call(app, "POST", "/oauth2/v1/tokens/bearer", headers, body.text);
	assert_int_equal(app_number(app, "x_refresh_token_hard_expires_in"), 157680000 - 3600);
	headers[2].value = "false";
	app_call(app, "POST", "/oauth2/v1/tokens/bearer", headers, body.text);
	assert_int_equal(app_member_count(app), 5);
}

/* ---- rotation */

static void rotation_daily(void **state)
{
	struct app *app = *state;
	struct tokens first, again, next;

	app_connect(app, REALM_A, ACCOUNTING, &first);
	app->now_ms += DAY_MS - 1;
	app_refresh(app, first.refresh);
	app_assert_tokens(app, &again);
	assert_string_equal(again.refresh, first.refresh);
	assert_string_not_equal(again.access, first.access);
	app->now_ms += 1;
	app_refresh(app, first.refresh);
	app_assert_tokens(app, &next);
	assert_string_not_equal(next.refresh, first.refresh);
	/* The old one is dead, but by itself harms nobody. */
	app_refresh(app, first.refresh);
	app_assert_body(app, 400, TOKEN_INVALID);
	app_refresh(app, next.refresh);
	app_assert_tokens(app, &again);
	assert_string_equal(again.refresh, next.refresh);
}

static void rotation_every(void **state)
{
	struct app *app = *state;
	struct tokens first, second, third;

	app_set(app, "rotation", "every");
	app_connect(app, REALM_A, ACCOUNTING, &first);
	app_refresh(app, first.refresh);
	app_assert_tokens(app, &second);
	assert_string_not_equal(second.refresh, first.refresh);
	app_refresh(app, first.refresh);
	app_assert_body(app, 400, TOKEN_INVALID);
	app_refresh(app, second.refresh);
	app_assert_tokens(app, &third);
	assert_int_equal(app_check_token(app, first.access, REALM_A), OAUTH_GOOD);
	assert_int_equal(app_check_token(app, third.access, REALM_A), OAUTH_GOOD);
}

static void rotation_with_grace(void **state)
{
	struct app *app = *state;
	struct tokens first, second, late;

	app_set(app, "rotation", "every-with-grace");
	app_connect(app, REALM_A, ACCOUNTING, &first);
	app_refresh(app, first.refresh);
	app_assert_tokens(app, &second);
	/* A second refresher with the old value gets the current one. */
	app->now_ms += DAY_MS - 1;
	app_refresh(app, first.refresh);
	app_assert_tokens(app, &late);
	assert_string_equal(late.refresh, second.refresh);
	app->now_ms += 1;
	app_refresh(app, first.refresh);
	app_assert_body(app, 400, TOKEN_INVALID);
	app_refresh(app, second.refresh);
	assert_int_equal(app->answer.status, 200);
}

static void race_revokes(void **state)
{
	struct app *app = *state;
	struct tokens first, second;

	app_set(app, "rotation", "every");
	app_set(app, "race-revokes", "on");
	app_connect(app, REALM_A, ACCOUNTING, &first);
	app_refresh(app, first.refresh);
	app_assert_tokens(app, &second);
	app_refresh(app, first.refresh);
	app_assert_body(app, 400, TOKEN_INVALID);
	app_refresh(app, second.refresh);
	app_assert_body(app, 400, TOKEN_INVALID);
	assert_int_equal(app_check_token(app, second.access, REALM_A), OAUTH_UNKNOWN);
}

static void race_spares_the_grace(void **state)
{
	struct app *app = *state;
	struct tokens first, second;

	app_set(app, "rotation", "every-with-grace");
	app_set(app, "race-revokes", "on");
	app_connect(app, REALM_A, ACCOUNTING, &first);
	app_refresh(app, first.refresh);
	app_assert_tokens(app, &second);
	app_refresh(app, first.refresh);
	assert_int_equal(app->answer.status, 200);
	app->now_ms += DAY_MS;
	app_refresh(app, first.refresh);
	app_assert_body(app, 400, TOKEN_INVALID);
	app_refresh(app, second.refresh);
	app_assert_body(app, 400, TOKEN_INVALID);
}

/* Each refresh starts the hundred days again, up to five years after the consent. */
static void refresh_token_ends(void **state)
{
	struct app *app = *state;
	int64_t hard_s = 157680000, rolling_s = 8726400, left_s;
	struct tokens tokens, lost;

	app_connect(app, REALM_B, ACCOUNTING, &lost);
	app_connect(app, REALM_A, ACCOUNTING, &tokens);
	for (int64_t age_s = rolling_s - 1; age_s < hard_s; age_s += rolling_s - 1) {
		app->now_ms = START_MS + age_s * 1000;
		app_refresh(app, tokens.refresh);
		app_assert_tokens(app, &tokens);
		left_s = hard_s - age_s;
		assert_int_equal(app_number(app, "x_refresh_token_expires_in"),
				 left_s < rolling_s ? left_s : rolling_s);
	}
	app_refresh(app, lost.refresh);
	app_assert_body(app, 400, TOKEN_INVALID);
	app->now_ms = START_MS + hard_s * 1000;
	app_refresh(app, tokens.refresh);
	app_assert_body(app, 400, TOKEN_INVALID);
}

static void wrong_kinds_of_token(void **state)
{
	struct app *app = *state;
	AUTO(str_clear) struct str saved = STR_INIT(STR_NO_LIMIT);
	const struct simulator_config config = { .client_id = "other", .client_secret = "hush" };
	struct tokens tokens;

	app_connect(app, REALM_A, ACCOUNTING, &tokens);
	app_refresh(app, tokens.access);
	app_assert_body(app, 400,
			"{\"error_description\":\"Incorrect or invalid refresh token\","
			"\"error\":\"invalid_grant\"}");
	/* The same grants, but now the app has other keys. */
	oauth_save(app->simulator->oauth, &saved);
	oauth_free(app->simulator->oauth);
	app->simulator->oauth = oauth_new(app->simulator, &config);
	assert_true(oauth_load(app->simulator->oauth, saved.text, NULL));
	str_reset(&saved);
	str_addf(&saved, "grant_type=refresh_token&refresh_token=%s", tokens.refresh);
	app_post_token_as(app, "other:hush", saved.text);
	app_assert_body(app, 400,
			"{\"error_description\":\"Incorrect Token type or clientID\","
			"\"error\":\"invalid_grant\"}");
}

/* ---- connections */

static void reconnect_replaces(void **state)
{
	struct app *app = *state;
	struct tokens first, second, other;

	app_connect(app, REALM_B, ACCOUNTING, &other);
	app_connect(app, REALM_A, ACCOUNTING, &first);
	app_connect(app, REALM_A, ACCOUNTING, &second);
	assert_int_equal(app_check_token(app, first.access, REALM_A), OAUTH_UNKNOWN);
	app_refresh(app, first.refresh);
	app_assert_body(app, 400, TOKEN_INVALID);
	assert_int_equal(app_check_token(app, second.access, REALM_A), OAUTH_GOOD);
	assert_int_equal(app_check_token(app, other.access, REALM_B), OAUTH_GOOD);

	app_set(app, "reconnect-replaces", "off");
	app_connect(app, REALM_A, ACCOUNTING, &first);
	assert_int_equal(app_check_token(app, first.access, REALM_A), OAUTH_GOOD);
	assert_int_equal(app_check_token(app, second.access, REALM_A), OAUTH_GOOD);
}

static void revoking(void **state)
{
	struct app *app = *state;
	AUTO(str_clear) struct str body = STR_INIT(4096);
	struct tokens tokens, next;

	app_connect(app, REALM_A, ACCOUNTING, &tokens);
	str_addf(&body, "{\"token\":\"%s\"}", tokens.refresh);
	app_revoke(app, NULL, body.text);
	app_assert_body(app, 400, "");
	app_revoke(app, "app:wrong", body.text);
	app_assert_body(app, 400, "");
	app_revoke(app, "app:hush", "token=x");
	app_assert_body(app, 400, "");
	app_revoke(app, "app:hush", "{\"token\":5}");
	app_assert_body(app, 400, "");
	app_revoke(app, "app:hush", "{\"token\":\"unknown\"}");
	app_assert_body(app, 400, "");
	assert_int_equal(app_check_token(app, tokens.access, REALM_A), OAUTH_GOOD);

	app_refresh(app, tokens.refresh);
	app_assert_tokens(app, &next);
	app_revoke_token(app, tokens.refresh);
	app_assert_body(app, 200, "");
	assert_int_equal(app_check_token(app, tokens.access, REALM_A), OAUTH_UNKNOWN);
	assert_int_equal(app_check_token(app, next.access, REALM_A), OAUTH_UNKNOWN);
	app_refresh(app, tokens.refresh);
	app_assert_body(app, 400, TOKEN_INVALID);
	app_revoke_token(app, tokens.refresh);
	app_assert_body(app, 400, "");

	app_connect(app, REALM_A, ACCOUNTING, &tokens);
	app_revoke_token(app, tokens.access);
	app_assert_body(app, 200, "");
	app_refresh(app, tokens.refresh);
	app_assert_body(app, 400, TOKEN_INVALID);
}

static void verdicts(void **state)
{
	struct app *app = *state;
	struct tokens tokens, narrow;

	app_connect(app, REALM_A, ACCOUNTING, &tokens);
	app_connect(app, REALM_B, "openid", &narrow);
	assert_int_equal(app_check(app, NULL, REALM_A), OAUTH_MISSING);
	assert_int_equal(app_check(app, "", REALM_A), OAUTH_MISSING);
	assert_int_equal(app_check(app, "Bearer", REALM_A), OAUTH_MISSING);
	assert_int_equal(app_check(app, "Bearer  ", REALM_A), OAUTH_MISSING);
	assert_int_equal(app_check(app, "Basic YXBwOmh1c2g=", REALM_A), OAUTH_MISSING);
	assert_int_equal(app_check(app, "Bearer x", REALM_A), OAUTH_UNKNOWN);
	assert_int_equal(app_check_token(app, tokens.refresh, REALM_A), OAUTH_UNKNOWN);
	assert_int_equal(app_check_token(app, tokens.access, REALM_A), OAUTH_GOOD);
	assert_int_equal(app_check_token(app, tokens.access, REALM_B), OAUTH_FOREIGN);
	assert_int_equal(app_check_token(app, tokens.access, "1"), OAUTH_FOREIGN);
	assert_int_equal(app_check_token(app, narrow.access, REALM_B), OAUTH_FOREIGN);
	app->now_ms += HOUR_MS - 1;
	assert_int_equal(app_check_token(app, tokens.access, REALM_A), OAUTH_GOOD);
	app->now_ms += 1;
	assert_int_equal(app_check_token(app, tokens.access, REALM_A), OAUTH_UNKNOWN);
}

static void control_ends_tokens(void **state)
{
	struct app *app = *state;
	struct tokens a, b;

	app_connect(app, REALM_A, ACCOUNTING, &a);
	app_connect(app, REALM_B, ACCOUNTING, &b);
	oauth_expire(app->simulator, REALM_A);
	assert_int_equal(app_check_token(app, a.access, REALM_A), OAUTH_UNKNOWN);
	assert_int_equal(app_check_token(app, b.access, REALM_B), OAUTH_GOOD);
	app_refresh(app, a.refresh);
	app_assert_tokens(app, &a);
	assert_int_equal(app_check_token(app, a.access, REALM_A), OAUTH_GOOD);
	oauth_disconnect(app->simulator, REALM_A);
	assert_int_equal(app_check_token(app, a.access, REALM_A), OAUTH_UNKNOWN);
	app_refresh(app, a.refresh);
	app_assert_body(app, 400, TOKEN_INVALID);
	assert_int_equal(app_check_token(app, b.access, REALM_B), OAUTH_GOOD);
}

int test_oauth_token(void)
{
	const struct CMUnitTest tests[] = {
		AUTO_CONSENT(code_gives_tokens),
		AUTO_CONSENT(code_ends),
		AUTO_CONSENT(code_is_bound),
		AUTO_CONSENT(pkce_modes),
		AUTO_CONSENT(clients_are_known),
		AUTO_CONSENT(secret_in_the_body),
		AUTO_CONSENT(malformed_token_requests),
		AUTO_CONSENT(scopes_of_a_refresh),
		AUTO_CONSENT(hard_end_on_request),
		AUTO_CONSENT(rotation_daily),
		AUTO_CONSENT(rotation_every),
		AUTO_CONSENT(rotation_with_grace),
		AUTO_CONSENT(race_revokes),
		AUTO_CONSENT(race_spares_the_grace),
		AUTO_CONSENT(refresh_token_ends),
		AUTO_CONSENT(wrong_kinds_of_token),
		AUTO_CONSENT(reconnect_replaces),
		AUTO_CONSENT(revoking),
		AUTO_CONSENT(verdicts),
		AUTO_CONSENT(control_ends_tokens),
	};

	return cmocka_run_group_tests_name("oauth-token", tests, NULL, NULL);
}
