/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a person and a browser meet: what the authorize page refuses, the page that asks, what
 * comes back through the redirect, the page with the code, the OpenID documents; and what lasts.
 */
#include "oauth.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"

#include "answer.h"
#include "app.h"
#include "request.h"

/* ---- the authorize page */

static void authorize_refuses(void **state)
{
	static const struct {
		const char *query;
		const char *error;
	} rows[] = {
		{ "", "invalid_request" },
		{ "response_type=code&scope=openid&redirect_uri=http://localhost/&state=s",
		  "invalid_request" },
		{ "client_id=other&response_type=code&scope=openid&redirect_uri=http://localhost/"
		  "&state=s",
		  "invalid_client" },
		{ "client_id=app&response_type=code&scope=openid&state=s", "invalid_request" },
		{ "client_id=app&response_type=code&scope=openid&redirect_uri=https://a.example/"
		  "&state=s",
		  "invalid_request" },
		{ "client_id=app&scope=openid&redirect_uri=http://localhost/&state=s",
		  "invalid_request" },
		{ "client_id=app&response_type=token&scope=openid&redirect_uri=http://localhost/"
		  "&state=s",
		  "unsupported_response_type" },
		{ "client_id=app&response_type=code&redirect_uri=http://localhost/&state=s",
		  "invalid_scope" },
		{ "client_id=app&response_type=code&scope=++&redirect_uri=http://localhost/"
		  "&state=s",
		  "invalid_scope" },
		{ "client_id=app&response_type=code&scope=openid+everything&redirect_uri=http://"
		  "localhost/"
		  "&state=s",
		  "invalid_scope" },
		{ "client_id=app&response_type=code&scope=com.intuit.quickbooks.accountin&redirect_"
		  "uri="
		  "http://localhost/&state=s",
		  "invalid_scope" },
		{ "client_id=app&response_type=code&scope=openid&redirect_uri=http://localhost/",
		  "invalid_request" },
		{ "client_id=app&response_type=code&scope=openid&redirect_uri=http://localhost/"
		  "&state=s"
		  "&realmId=77",
		  "invalid_request" },
	};
	struct app *app = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		AUTO(str_clear) struct str target = STR_INIT(4096);
		AUTO(str_clear) struct str error = STR_INIT(100);

		str_addf(&target, "/connect/oauth2?%s", rows[i].query);
		str_addf(&error, "<code>%s</code>", rows[i].error);
		app_get(app, target.text);
		app_assert_has(app, error.text);
		assert_int_equal(app->answer.status, 400);
		assert_null(answer_get_header(&app->answer, "Location"));
		assert_string_equal(answer_get_header(&app->answer, "Content-Type"),
				    "text/html; charset=utf-8");
	}
	assert_false(oauth_take_dirty(app->simulator->oauth));
}

static bool accepts_redirect(struct app *app, const char *uri)
{
	AUTO(str_clear) struct str target = STR_INIT(8192);

	str_add(&target,
		"/connect/"
		"oauth2?client_id=app&response_type=code&scope=openid&state=s&redirect_uri=");
	str_add_percent(&target, uri);
	app_get(app, target.text);
	if (app->answer.status == 400)
		return false;
	assert_memory_equal(app_location(app), uri, strlen(uri));
	return true;
}

static void redirect_addresses(void **state)
{
	static const char *const good[] = {
		"http://localhost/cb",
		"http://localhost:3000/a/b",
		"http://127.0.0.1:9/x",
		"http://[::1]:80/",
		"http://localhost",
		"http://localhost:65535",
		BASE "/oauth2/code",
		"https://developer.intuit.com/v2/OAuth2Playground/RedirectUrl",
	};
	static const char *const bad[] = {
		"https://localhost/cb",
		"http://localhost.evil.example/",
		"http://localhost:/x",
		"http://localhost:123456/",
		"http://localhost:80@evil.example/",
		"http://localhost/cb?a=1",
		"http://localhost/cb#f",
		"http://localhost/\r\nX-Evil:1",
		"http://localhost/a b",
		"http://127.0.0.1.evil.example/",
		"http://127.0.0.2/",
		"http://localhost\\@evil.example",
		"https://developer.intuit.com/v2/OAuth2Playground/RedirectUrl/",
		"http://localhost/\"><i>",
		"javascript:alert(1)",
		"",
		"http://",
	};
	struct app *app = *state;
	AUTO(str_clear) struct str endless = STR_INIT(4096);

	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		if (!accepts_redirect(app, good[i]))
			fail_msg("refused: %s", good[i]);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (accepts_redirect(app, bad[i]))
			fail_msg("accepted: %s", bad[i]);
	str_add(&endless, "http://localhost/");
	while (endless.len < 3000)
		str_add_char(&endless, 'a');
	assert_false(accepts_redirect(app, endless.text));
}

static void registered_addresses_replace(void **state)
{
	static const char *const uris[] = { "https://a.example/cb", NULL };
	const struct simulator_config config = { .client_id = "app",
						 .redirect_uris = uris,
						 .auto_consent = true };
	struct app *app = app_make(&config, 1);
	void *held = app;

	(void)state;
	assert_true(accepts_redirect(app, "https://a.example/cb"));
	assert_false(accepts_redirect(app, "https://a.example/cb/"));
	assert_false(accepts_redirect(app, "http://localhost/cb"));
	assert_false(accepts_redirect(app, BASE "/oauth2/code"));
	app_free(&held);
}

/* ---- the page on which a person decides */

static void decide(struct app *app, const char *rest)
{
	const struct simulator_header headers[] = { app_form_header, { NULL, NULL } };
	AUTO(str_clear) struct str body = STR_INIT(4096);
	char form[TOKEN_MAX];

	app_get(app, AUTHORIZE(ACCOUNTING "+openid"));
	str_addf(&body, "form=%s&%s",
		 app_take_after(app->answer.body.text, "name=\"form\" value=\"", form), rest);
	app_call(app, "POST", "/connect/oauth2", headers, body.text);
}

static void page_asks(void **state)
{
	struct app *app = *state;

	app_get(app, AUTHORIZE(ACCOUNTING) "&realmId=" REALM_B);
	assert_int_equal(app->answer.status, 200);
	app_assert_has(app, "Quill &amp; &lt;Sons&gt; &quot;R&#39;Us&quot;");
	app_assert_has(app, "Fjord AS");
	app_assert_has(app, "value=\"" REALM_A "\">");
	app_assert_has(app, "value=\"" REALM_B "\" checked>");
	app_assert_has(app, "<code>" BACK "</code>");
	assert_null(strstr(app->answer.body.text, "<script"));
	assert_null(strstr(app->answer.body.text, "src="));
	assert_null(strstr(app->answer.body.text, "href="));
	assert_null(strstr(app->answer.body.text, "hush"));
	assert_string_equal(answer_get_header(&app->answer, "Cache-Control"), "no-store");
}

static void person_connects(void **state)
{
	struct app *app = *state;
	const struct simulator_header headers[] = { app_form_header, { NULL, NULL } };
	char form[TOKEN_MAX], code[TOKEN_MAX];
	AUTO(str_clear) struct str body = STR_INIT(4096);
	AUTO(str_clear) struct str expected = STR_INIT(4096);
	struct tokens tokens;

	app_get(app,
		"/connect/oauth2?client_id=app&response_type=code&scope=" ACCOUNTING
		"&redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fcallback&state=a%26b%3D+%C3%A9%2F");
	str_addf(&body, "form=%s&realmId=" REALM_B "&decision=Connect",
		 app_take_after(app->answer.body.text, "name=\"form\" value=\"", form));
	app_call(app, "POST", "/connect/oauth2", headers, body.text);
	app_take_after(app_location(app), "?code=", code);
	assert_int_equal(strlen(code), 50);
	str_addf(&expected, BACK "?code=%s&state=a%%26b%%3D%%20%%C3%%A9%%2F&realmId=" REALM_B,
		 code);
	assert_string_equal(app_location(app), expected.text);

	/* The form works once. */
	app_call(app, "POST", "/connect/oauth2", headers, body.text);
	assert_int_equal(app->answer.status, 400);
	app_exchange(app, code);
	app_assert_tokens(app, &tokens);
	assert_int_equal(app_check_token(app, tokens.access, REALM_B), OAUTH_GOOD);
	app_get(app, AUTHORIZE(ACCOUNTING));
	app_assert_has(app, "(company id " REALM_B ", connected now)");
	app_assert_has(app, "(company id " REALM_A ")");
}

static void person_cancels(void **state)
{
	const struct simulator_header headers[] = { app_form_header, { NULL, NULL } };
	struct app *app = *state;
	AUTO(str_clear) struct str body = STR_INIT(4096);
	char form[TOKEN_MAX];

	decide(app, "realmId=" REALM_A "&decision=Cancel");
	assert_string_equal(app_location(app), BACK "?error=access_denied&state=s1");
	app_get(app, "/connect/oauth2?client_id=app&response_type=code&scope=openid"
		     "&redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fcallback&state=a%26b%3D");
	str_addf(&body, "decision=Cancel&form=%s",
		 app_take_after(app->answer.body.text, "name=\"form\" value=\"", form));
	app_call(app, "POST", "/connect/oauth2", headers, body.text);
	assert_string_equal(app_location(app), BACK "?error=access_denied&state=a%26b%3D");
	app_set(app, "denied-description", "on");
	decide(app, "realmId=" REALM_A "&decision=Cancel");
	assert_memory_equal(app_location(app),
			    BACK "?error=access_denied&state=s1&error_description=",
			    strlen(BACK "?error=access_denied&state=s1&error_description="));
	assert_false(oauth_take_dirty(app->simulator->oauth));
}

static void decisions_without_sense(void **state)
{
	static const char *const rows[] = {
		"realmId=" REALM_A,	      "decision=Connect",
		"realmId=1&decision=Connect", "realmId=" REALM_A "&decision=perhaps",
		"realmId=&decision=Connect",
	};
	struct app *app = *state;
	const struct simulator_header headers[] = { app_form_header, { NULL, NULL } };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		decide(app, rows[i]);
		assert_int_equal(app->answer.status, 400);
	}
	app_call(app, "POST", "/connect/oauth2", headers,
		 "form=made-up&realmId=" REALM_A "&decision=Connect");
	assert_int_equal(app->answer.status, 400);
	app_call(app, "POST", "/connect/oauth2", NULL, NULL);
	assert_int_equal(app->answer.status, 400);
}

static void auto_consent_goes_round(void **state)
{
	struct app *app = *state;
	struct tokens tokens;
	char realm[TOKEN_MAX];

	app_get(app, AUTHORIZE(ACCOUNTING));
	assert_string_equal(app_take_after(app_location(app), "&realmId=", realm), REALM_A);
	app_get(app, AUTHORIZE(ACCOUNTING));
	assert_string_equal(app_take_after(app_location(app), "&realmId=", realm), REALM_B);
	app_get(app, AUTHORIZE(ACCOUNTING));
	assert_string_equal(app_take_after(app_location(app), "&realmId=", realm), REALM_A);
	/* Connected ones are passed over, and when all are it is the first again. */
	app_connect(app, REALM_B, ACCOUNTING, &tokens);
	app_get(app, AUTHORIZE(ACCOUNTING));
	assert_string_equal(app_take_after(app_location(app), "&realmId=", realm), REALM_A);
	app_connect(app, REALM_A, ACCOUNTING, &tokens);
	app_get(app, AUTHORIZE(ACCOUNTING));
	assert_string_equal(app_take_after(app_location(app), "&realmId=", realm), REALM_A);
	app_get(app, AUTHORIZE(ACCOUNTING) "&realmId=" REALM_B);
	assert_string_equal(app_take_after(app_location(app), "&realmId=", realm), REALM_B);
	app_get(app, AUTHORIZE(ACCOUNTING) "&realmId=5");
	assert_int_equal(app->answer.status, 400);
}

static void code_page(void **state)
{
	struct app *app = *state;

	app_get(app, "/oauth2/code?code=AB1%3Cb%3E&state=s%26t&realmId=" REALM_A);
	assert_int_equal(app->answer.status, 200);
	app_assert_has(app, "<pre>AB1&lt;b&gt;</pre>");
	app_assert_has(app, "<pre>" REALM_A "</pre>");
	app_assert_has(app, "<pre>" BASE
			    "/oauth2/code?code=AB1%3Cb%3E&amp;state=s%26t&amp;realmId=" REALM_A
			    "</pre>");
	app_get(app, "/v2/OAuth2Playground/RedirectUrl?code=AB1&realmId=1");
	app_assert_has(
		app, "<pre>https://developer.intuit.com/v2/OAuth2Playground/RedirectUrl?code=AB1");
	app_get(app, "/oauth2/code?error=access_denied&error_description=%3Cscript%3E&state=s");
	assert_int_equal(app->answer.status, 200);
	app_assert_has(app, "<code>access_denied</code>");
	app_assert_has(app, "&lt;script&gt;");
	assert_null(strstr(app->answer.body.text, "<script"));
	app_get(app, "/oauth2/code");
	assert_int_equal(app->answer.status, 400);
}

/* ---- OpenID */

static void documents(void **state)
{
	struct app *app = *state;
	AUTO(str_clear) struct str first = STR_INIT(4096);

	app_get(app, "/.well-known/openid_configuration");
	app_assert_body(
		app, 200,
		"{\"issuer\":\"" BASE "/op/v1\",\"authorization_endpoint\":\"" BASE
		"/connect/oauth2\","
		"\"token_endpoint\":\"" BASE "/oauth2/v1/tokens/bearer\","
		"\"userinfo_endpoint\":\"" BASE "/v1/openid_connect/userinfo\","
		"\"revocation_endpoint\":\"" BASE "/v2/oauth2/tokens/revoke\","
		"\"jwks_uri\":\"" BASE "/op/v1/jwks\",\"response_types_supported\":[\"code\"],"
		"\"subject_types_supported\":[\"public\"],"
		"\"id_token_signing_alg_values_supported\":[\"RS256\"],"
		"\"scopes_supported\":[\"openid\",\"email\",\"profile\",\"address\",\"phone\"],"
		"\"token_endpoint_auth_methods_supported\":[\"client_secret_post\",\"client_secret_"
		"basic\"],"
		"\"claims_supported\":[\"aud\",\"exp\",\"iat\",\"iss\",\"realmid\",\"sub\"]}");
	str_add(&first, app->answer.body.text);
	app_get(app, "/.well-known/openid_sandbox_configuration");
	app_assert_body(app, 200, first.text);
	app_get(app, "//op/v1//jwks");
	assert_int_equal(app->answer.status, 200);
	app_assert_has(app, "{\"keys\":[{\"kty\":\"RSA\"");
}

/* The claims of an id token, the caller frees. */
static char *claims_of(const char *token)
{
	const char *start = strchr(token, '.') + 1;
	AUTO(str_clear) struct str plain = STR_INIT(TOKEN_MAX);
	char *claims;

	for (const char *at = start; *at != '.'; at++)
		str_add_char(&plain, *at == '-' ? '+' : *at == '_' ? '/' : *at);
	while (plain.len % 4)
		str_add_char(&plain, '=');
	claims = memory_new(plain.len + 1);
	assert_true(EVP_DecodeBlock((unsigned char *)claims, (const unsigned char *)plain.text,
				    (int)plain.len) > 0);
	return claims;
}

static void id_tokens(void **state)
{
	struct app *app = *state;
	AUTO(memory_freep) char *claims = NULL;
	AUTO(str_clear) struct str rest = STR_INIT(1024);
	char token[TOKEN_MAX], subject[TOKEN_MAX];
	struct tokens tokens;
	const char *at;

	app_connect(app, REALM_A, ACCOUNTING "+openid", &tokens);
	assert_int_equal(app_member_count(app), 6);
	claims = claims_of(app_member(app, "id_token", token));
	assert_true(json_check(claims, strlen(claims), NULL));
	at = strstr(claims, "\",\"aud\":");
	assert_non_null(at);
	str_addf(&rest,
		 "\",\"aud\":[\"app\"],\"realmid\":\"" REALM_A "\",\"auth_time\":%lld,"
		 "\"iss\":\"" BASE "/op/v1\",\"exp\":%lld,\"iat\":%lld}",
		 (long long)(START_MS / 1000), (long long)(START_MS / 1000 + 3600),
		 (long long)(START_MS / 1000));
	assert_string_equal(at, rest.text);
	assert_memory_equal(claims, "{\"sub\":\"", 8);
	assert_int_equal(at - claims, 8 + 36);

	/* The same person stands behind the access token. */
	app->now_ms += HOUR_MS / 2;
	app_refresh(app, tokens.refresh);
	assert_int_equal(app_member_count(app), 6);
	app_assert_tokens(app, &tokens);
	str_reset(&rest);
	str_addf(&rest, "Bearer %s", tokens.access);
	app_call(app, "GET", "/v1/openid_connect/userinfo",
		 (struct simulator_header[]){ { "Authorization", rest.text }, { NULL, NULL } },
		 NULL);
	assert_int_equal(app_member_count(app), 1);
	assert_memory_equal(claims + 8, app_member(app, "sub", subject), 36);
}

static void userinfo(void **state)
{
	struct app *app = *state;
	AUTO(str_clear) struct str header = STR_INIT(4096);
	const struct simulator_header headers[] = { { "Authorization", "Bearer x" },
						    { NULL, NULL } };
	struct tokens tokens;
	char text[TOKEN_MAX];

	app_connect(app, REALM_A, "openid+profile+email+phone+address", &tokens);
	str_addf(&header, "Bearer %s", tokens.access);
	app_call(app, "GET", "/v1/openid_connect/userinfo",
		 (struct simulator_header[]){ { "Authorization", header.text }, { NULL, NULL } },
		 NULL);
	assert_int_equal(app->answer.status, 200);
	assert_int_equal(app_member_count(app), 8);
	assert_non_null(strchr(app_member(app, "email", text), '@'));
	assert_string_equal(app_member(app, "address.country", text), "US");
	app_call(app, "GET", "/v1/openid_connect/userinfo", headers, NULL);
	assert_int_equal(app->answer.status, 401);
	assert_non_null(
		strstr(answer_get_header(&app->answer, "WWW-Authenticate"), "invalid_token"));
	app_get(app, "/v1/openid_connect/userinfo");
	assert_int_equal(app->answer.status, 401);
	app_connect(app, REALM_A, ACCOUNTING, &tokens);
	str_reset(&header);
	str_addf(&header, "Bearer %s", tokens.access);
	app_call(app, "GET", "/v1/openid_connect/userinfo",
		 (struct simulator_header[]){ { "Authorization", header.text }, { NULL, NULL } },
		 NULL);
	app_assert_body(app, 403, "{\"error\":\"insufficient_scope\"}");
}

static void paths_are_owned(void **state)
{
	static const char *const foreign[] = { "/",
					       "/connect",
					       "/connect/oauth2/x",
					       "/connect/oauth22",
					       "/oauth2",
					       "/v3/company/1/query",
					       "/op/v1/jwk",
					       "/xop/v1/jwks" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(foreign); i++) {
		const struct simulator_request raw = { .method = "GET", .target = foreign[i] };
		struct request request;
		const char *why;

		assert_true(request_parse(&raw, &request, &why));
		assert_false(oauth_owns(&request));
		request_clear(&request);
	}
}

/* ---- lasting */

static void saved_and_loaded(void **state)
{
	struct app *app = *state;
	struct simulator *simulator = app->simulator;
	AUTO(str_clear) struct str saved = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str again = STR_INIT(STR_NO_LIMIT);
	const struct simulator_config config = { .client_id = "app",
						 .client_secret = "hush",
						 .auto_consent = true };
	struct tokens old, tokens;
	char code[TOKEN_MAX];

	assert_false(oauth_take_dirty(simulator->oauth));
	app_set(app, "rotation", "every-with-grace");
	app_connect(app, REALM_A, ACCOUNTING, &old);
	app_refresh(app, old.refresh);
	app_assert_tokens(app, &tokens);
	app_get(app, AUTHORIZE(ACCOUNTING));
	app_take_after(app_location(app), "?code=", code);
	assert_true(oauth_take_dirty(simulator->oauth));
	assert_false(oauth_take_dirty(simulator->oauth));
	oauth_save(simulator->oauth, &saved);
	assert_true(json_check(saved.text, saved.len, NULL));
	/* Whoever reads the file can't use the access tokens in it. */
	assert_null(strstr(saved.text, tokens.access));

	oauth_free(simulator->oauth);
	simulator->oauth = oauth_new(simulator, &config);
	assert_true(oauth_load(simulator->oauth, saved.text, NULL));
	assert_false(oauth_take_dirty(simulator->oauth));
	oauth_save(simulator->oauth, &again);
	assert_string_equal(again.text, saved.text);
	assert_int_equal(app_check_token(app, old.access, REALM_A), OAUTH_GOOD);
	assert_int_equal(app_check_token(app, tokens.access, REALM_A), OAUTH_GOOD);
	app_refresh(app, old.refresh);
	assert_int_equal(app->answer.status, 200);
	app_set(app, "rotation", "daily");
	app_refresh(app, tokens.refresh);
	app_assert_tokens(app, &old);
	assert_string_equal(old.refresh, tokens.refresh);
	app_exchange(app, code);
	assert_int_equal(app->answer.status, 200);
	assert_true(oauth_take_dirty(simulator->oauth));
}

/* Whatever byte of it is lost, a damaged text is refused or read; it never breaks anything. */
static void damaged_texts(void **state)
{
	struct app *app = *state;
	AUTO(str_clear) struct str saved = STR_INIT(STR_NO_LIMIT);
	static const char start[] = "{\"next_company\":0,\"next_grant\":1,";
	static const char *const bad[] = {
		"\"codes\":[],\"grants\":[]}",
		"\"codes\":[],\"grants\":[],\"accesses\":{}}",
		"\"codes\":[5],\"grants\":[],\"accesses\":[]}",
		"\"codes\":[],\"grants\":[{}],\"accesses\":[]}",
		"\"codes\":[],\"grants\":[],\"accesses\":[null]}",
		("\"codes\":[],\"grants\":[],\"accesses\":[{\"grant\":1,\"expires\":1,\"digest\":"
		 "\"00112233445566778899aabbccddeeff00112233445566778899aabbccddee-f\"}]}"),
	};
	static const char *const other[] = { "", "{}", "[]", "null", "{\"next_company\":-1}" };

	struct tokens tokens;
	struct error err = { 0 };
	size_t refused = 0;

	app_set(app, "rotation", "every");
	app_connect(app, REALM_A, ACCOUNTING, &tokens);
	app_refresh(app, tokens.refresh);
	app_get(app, AUTHORIZE(ACCOUNTING));
	oauth_save(app->simulator->oauth, &saved);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		AUTO(str_clear) struct str text = STR_INIT(4096);

		str_addf(&text, "%s%s", start, bad[i]);
		assert_false(oauth_load(app->simulator->oauth, text.text, &err));
		assert_int_equal(err.code, ERROR_STORE);
	}
	for (size_t i = 0; i < ARRAY_LEN(other); i++)
		assert_false(oauth_load(app->simulator->oauth, other[i], &err));
	for (size_t i = 0; i < saved.len; i++) {
		AUTO(memory_freep) char *copy = memory_copy_text(saved.text);

		memmove(copy + i, copy + i + 1, saved.len - i);
		refused += !oauth_load(app->simulator->oauth, copy, &err);
	}
	assert_true(refused > saved.len / 4);
	assert_true(oauth_load(app->simulator->oauth, saved.text, &err));
}

static size_t count_of(const struct str *text, const char *part)
{
	size_t count = 0;

	for (const char *at = text->text; (at = strstr(at, part)); at++)
		count++;
	return count;
}

/* Thousands that connect and never come back cost bounded memory; the last ones are served. */
static void lists_are_bounded(void **state)
{
	struct app *app = *state;
	AUTO(str_clear) struct str saved = STR_INIT(STR_NO_LIMIT);
	struct tokens first, tokens;
	char code[TOKEN_MAX];

	app_set(app, "reconnect-replaces", "off");
	app_connect(app, REALM_A, ACCOUNTING, &first);
	for (int i = 0; i < 1010; i++) {
		app_get(app, AUTHORIZE(ACCOUNTING));
		app_connect(app, REALM_A, ACCOUNTING, &tokens);
	}
	app_get(app, AUTHORIZE(ACCOUNTING));
	app_take_after(app_location(app), "?code=", code);
	oauth_save(app->simulator->oauth, &saved);
	assert_int_equal(count_of(&saved, "\"redirect\":"), 1000);
	assert_int_equal(count_of(&saved, "\"refresh\":"), 1000);
	assert_int_equal(count_of(&saved, "\"digest\":"), 1000);
	app_refresh(app, first.refresh);
	app_assert_body(app, 400, TOKEN_INVALID);
	assert_int_equal(app_check_token(app, tokens.access, REALM_A), OAUTH_GOOD);
	app_exchange(app, code);
	assert_int_equal(app->answer.status, 200);

	/* What has expired makes room by itself. */
	app->now_ms += HOUR_MS;
	app_connect(app, REALM_A, ACCOUNTING, &tokens);
	str_reset(&saved);
	oauth_save(app->simulator->oauth, &saved);
	assert_int_equal(count_of(&saved, "\"redirect\":"), 0);
	assert_int_equal(count_of(&saved, "\"digest\":"), 1);
}

static void pages_are_bounded(void **state)
{
	struct app *app = *state;
	const struct simulator_header headers[] = { app_form_header, { NULL, NULL } };
	AUTO(str_clear) struct str first = STR_INIT(4096);
	AUTO(str_clear) struct str last = STR_INIT(4096);
	char form[TOKEN_MAX];

	for (int i = 0; i < 1001; i++) {
		app_get(app, AUTHORIZE(ACCOUNTING));
		str_reset(&last);
		str_addf(&last, "form=%s&decision=Cancel",
			 app_take_after(app->answer.body.text, "name=\"form\" value=\"", form));
		if (i == 0)
			str_add(&first, last.text);
	}
	app_call(app, "POST", "/connect/oauth2", headers, first.text);
	assert_int_equal(app->answer.status, 400);
	app_call(app, "POST", "/connect/oauth2", headers, last.text);
	app_location(app);
}

static void tokens_come_from_the_seed(void **state)
{
	const struct simulator_config config = { .client_id = "app",
						 .client_secret = "hush",
						 .auto_consent = true };
	static const uint64_t seeds[] = { 7, 8 };
	struct app *app = *state;
	struct tokens here, there;

	app_connect(app, REALM_A, ACCOUNTING, &here);
	for (size_t i = 0; i < ARRAY_LEN(seeds); i++) {
		struct app *other = app_make(&config, seeds[i]);
		void *held = other;

		app_connect(other, REALM_A, ACCOUNTING, &there);
		assert_int_equal(strcmp(there.access, here.access) == 0, seeds[i] == 7);
		assert_int_equal(strcmp(there.refresh, here.refresh) == 0, seeds[i] == 7);
		app_free(&held);
	}
}

int test_oauth(void)
{
	const struct CMUnitTest tests[] = {
		ASKING(authorize_refuses),
		AUTO_CONSENT(redirect_addresses),
		cmocka_unit_test(registered_addresses_replace),
		ASKING(page_asks),
		ASKING(person_connects),
		ASKING(person_cancels),
		ASKING(decisions_without_sense),
		AUTO_CONSENT(auto_consent_goes_round),
		ASKING(code_page),
		ASKING(documents),
		AUTO_CONSENT(id_tokens),
		AUTO_CONSENT(userinfo),
		cmocka_unit_test(paths_are_owned),
		AUTO_CONSENT(saved_and_loaded),
		AUTO_CONSENT(damaged_texts),
		AUTO_CONSENT(lists_are_bounded),
		ASKING(pages_are_bounded),
		AUTO_CONSENT(tokens_come_from_the_seed),
	};

	return cmocka_run_group_tests_name("oauth", tests, NULL, NULL) + test_oauth_token();
}
