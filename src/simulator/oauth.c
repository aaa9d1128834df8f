/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * OAuth 2.0 and OpenID as Intuit serves them, on one address: which path is whose, the documents
 * that describe it, and what an access token is worth to the API.
 */
#include "oauth.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include "ledgerdeck/core/memory.h"
#include "answer.h"
#include "oauth_impl.h"

#define DEFAULT_CLIENT_ID "simulator-client"
#define DEFAULT_CLIENT_SECRET "simulator-secret"
#define JSON_TYPE "application/json;charset=UTF-8"

struct route {
	const char *path;
	const char *methods; /* "GET", "POST" or both, as the Allow header says */
	void (*get)(struct oauth *oauth, const struct request *request,
		    struct simulator_answer *answer);
	void (*post)(struct oauth *oauth, const struct request *request,
		     struct simulator_answer *answer);
};

struct oauth *oauth_new(struct simulator *simulator, const struct simulator_config *config)
{
	struct oauth *oauth = memory_new(sizeof(*oauth));
	size_t count = 0;

	oauth->simulator = simulator;
	oauth->client_id =
		memory_copy_text(config->client_id ? config->client_id : DEFAULT_CLIENT_ID);
	oauth->client_secret = memory_copy_text(config->client_secret ? config->client_secret
								      : DEFAULT_CLIENT_SECRET);
	oauth->auto_consent = config->auto_consent;
	oauth->next_grant = 1;
	if (!config->redirect_uris)
		return oauth;
	while (config->redirect_uris[count])
		count++;
	oauth->redirect_uris = memory_new((count + 1) * sizeof(*oauth->redirect_uris));
	for (size_t i = 0; i < count; i++)
		oauth->redirect_uris[i] = memory_copy_text(config->redirect_uris[i]);
	oauth->redirect_count = count;
	return oauth;
}

void oauth_free(struct oauth *oauth)
{
	if (!oauth)
		return;
	oauth_lists_clear(oauth);
	free(oauth->consents);
	free(oauth->codes);
	free(oauth->grants);
	free(oauth->accesses);
	for (size_t i = 0; i < oauth->redirect_count; i++)
		free(oauth->redirect_uris[i]);
	free(oauth->redirect_uris);
	free(oauth->client_id);
	free(oauth->client_secret);
	jwt_key_free(oauth->key);
	free(oauth);
}

void oauth_digest(const char *text, unsigned char ret_digest[OAUTH_DIGEST])
{
	static_assert(OAUTH_DIGEST == SHA256_DIGEST_LENGTH, "a digest is a SHA-256");
	SHA256((const unsigned char *)text, strlen(text), ret_digest);
}

bool oauth_same(const char *a, const char *b)
{
	unsigned char a_digest[OAUTH_DIGEST], b_digest[OAUTH_DIGEST];

	/* Digests have one length, so not even the secret's own shows. */
	oauth_digest(a, a_digest);
	oauth_digest(b, b_digest);
	return CRYPTO_memcmp(a_digest, b_digest, OAUTH_DIGEST) == 0;
}

void oauth_add_user(const struct oauth *oauth, struct str *out)
{
	unsigned char digest[OAUTH_DIGEST];
	char seed[64];

	snprintf(seed, sizeof(seed), "user of %llu", (unsigned long long)oauth->simulator->seed);
	oauth_digest(seed, digest);
	digest[6] = (unsigned char)(0x40 | (digest[6] & 0x0f));
	digest[8] = (unsigned char)(0x80 | (digest[8] & 0x3f));
	for (int i = 0; i < 16; i++)
		str_addf(out, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "",
			 digest[i]);
}

/* Status and the headers that every answer about tokens was recorded with. */
static void answer_open(struct simulator_answer *answer, int status)
{
	answer_text(answer, status, JSON_TYPE, "");
	answer_header(answer, "Cache-Control", "no-cache, no-store");
	answer_header(answer, "Pragma", "no-cache");
}

void oauth_open(struct simulator_answer *answer)
{
	answer_open(answer, 200);
}

void oauth_error(struct simulator_answer *answer, int status, const char *error,
		 const char *description)
{
	answer_open(answer, status);
	str_add(&answer->body, "{");
	if (description)
		str_addf(&answer->body, "\"error_description\":\"%s\",", description);
	str_addf(&answer->body, "\"error\":\"%s\"}", error);
}

bool oauth_key(struct oauth *oauth, const struct jwt_key **ret_key, struct error *err)
{
	if (!oauth->key && !jwt_key_make(&oauth->key, err))
		return false;
	*ret_key = oauth->key;
	return true;
}

/* ---- documents */

static void add_address(const struct oauth *oauth, const char *name, const char *path,
			struct str *out)
{
	AUTO(str_clear) struct str address = STR_INIT(STR_NO_LIMIT);

	str_addf(&address, "%s%s", oauth->simulator->base_url, path);
	str_addf(out, "\"%s\":", name);
	str_add_json(out, address.text, address.len);
	str_add_char(out, ',');
}

/* The sandbox differs from production by hosts only, and here there is one. */
static void discovery(struct oauth *oauth, const struct request *request,
		      struct simulator_answer *answer)
{
	AUTO(str_clear) struct str json = STR_INIT(STR_NO_LIMIT);

	(void)request;
	str_add_char(&json, '{');
	add_address(oauth, "issuer", "/op/v1", &json);
	add_address(oauth, "authorization_endpoint", "/connect/oauth2", &json);
	add_address(oauth, "token_endpoint", "/oauth2/v1/tokens/bearer", &json);
	add_address(oauth, "userinfo_endpoint", "/v1/openid_connect/userinfo", &json);
	add_address(oauth, "revocation_endpoint", "/v2/oauth2/tokens/revoke", &json);
	add_address(oauth, "jwks_uri", "/op/v1/jwks", &json);
	str_add(&json,
		"\"response_types_supported\":[\"code\"],"
		"\"subject_types_supported\":[\"public\"],"
		"\"id_token_signing_alg_values_supported\":[\"RS256\"],"
		"\"scopes_supported\":[\"openid\",\"email\",\"profile\",\"address\",\"phone\"],"
		"\"token_endpoint_auth_methods_supported\":"
		"[\"client_secret_post\",\"client_secret_basic\"],"
		"\"claims_supported\":[\"aud\",\"exp\",\"iat\",\"iss\",\"realmid\",\"sub\"]}");
	answer_text(answer, 200, JSON_TYPE, json.text);
}

static void keys(struct oauth *oauth, const struct request *request,
		 struct simulator_answer *answer)
{
	const struct jwt_key *key;

	(void)request;
	if (!oauth_key(oauth, &key, NULL)) {
		oauth_error(answer, 500, "server_error", NULL);
		return;
	}
	answer_text(answer, 200, JSON_TYPE, "");
	jwt_add_keys(key, &answer->body);
}

/* The token of "Authorization: Bearer <token>", NULL without one. Borrowed: the request. */
static const char *bearer_token(const struct request *request)
{
	const char *header = request_header(request, "Authorization");

	if (!header || strncasecmp(header, "Bearer ", 7) != 0)
		return NULL;
	header += 7 + strspn(header + 7, " ");
	return *header ? header : NULL;
}

static void add_person(const struct oauth *oauth, unsigned scopes, struct str *out)
{
	str_add(out, "{\"sub\":\"");
	oauth_add_user(oauth, out);
	str_add_char(out, '"');
	if (scopes & SCOPE_EMAIL)
		str_add(out, ",\"email\":\"robin.vale@example.com\",\"emailVerified\":true");
	if (scopes & SCOPE_PROFILE)
		str_add(out, ",\"givenName\":\"Robin\",\"familyName\":\"Vale\"");
	if (scopes & SCOPE_PHONE)
		str_add(out, ",\"phoneNumber\":\"+1 2025550143\",\"phoneNumberVerified\":false");
	if (scopes & SCOPE_ADDRESS)
		str_add(out, ",\"address\":{\"streetAddress\":\"12 Harbour Street\","
			     "\"locality\":\"Portland\",\"region\":\"OR\",\"postalCode\":\"97205\","
			     "\"country\":\"US\"}");
	str_add_char(out, '}');
}

static void userinfo(struct oauth *oauth, const struct request *request,
		     struct simulator_answer *answer)
{
	const char *token = bearer_token(request);
	const struct oauth_grant *grant = token ? oauth_access_find(oauth, token) : NULL;

	if (!grant) {
		oauth_error(answer, 401, "invalid_token", NULL);
		answer_header(answer, "WWW-Authenticate",
			      "Bearer realm=\"Intuit\", error=\"invalid_token\"");
		return;
	}
	if (!(grant->scopes & SCOPE_OPENID)) {
		oauth_error(answer, 403, "insufficient_scope", NULL);
		return;
	}
	oauth_open(answer);
	add_person(oauth, grant->scopes, &answer->body);
}

/* ---- routing */

static const struct route routes[] = {
	{ "/connect/oauth2", "GET, POST", oauth_authorize, oauth_decide },
	{ "/oauth2/v1/tokens/bearer", "POST", NULL, oauth_token },
	{ "/v2/oauth2/tokens/revoke", "POST", NULL, oauth_revoke },
	{ "/.well-known/openid_configuration", "GET", discovery, NULL },
	{ "/.well-known/openid_sandbox_configuration", "GET", discovery, NULL },
	{ "/v1/openid_connect/userinfo", "GET, POST", userinfo, userinfo },
	{ "/op/v1/jwks", "GET", keys, NULL },
	{ "/oauth2/code", "GET", oauth_code_page, NULL },
	{ "/v2/OAuth2Playground/RedirectUrl", "GET", oauth_code_page, NULL },
};

/* By parts, so that a doubled slash between a configured address and a path does no harm. */
static bool path_is(const struct request *request, const char *path)
{
	for (size_t i = 0; i < request->segment_count; i++) {
		size_t len = strlen(request->segments[i]);

		if (*path++ != '/' || strncmp(path, request->segments[i], len) != 0)
			return false;
		path += len;
	}
	return *path == '\0';
}

static const struct route *route_find(const struct request *request)
{
	for (size_t i = 0; i < ARRAY_LEN(routes); i++)
		if (path_is(request, routes[i].path))
			return &routes[i];
	return NULL;
}

bool oauth_owns(const struct request *request)
{
	return route_find(request) != NULL;
}

void oauth_handle(struct simulator *simulator, const struct request *request,
		  struct simulator_answer *answer)
{
	const struct route *route = route_find(request);

	if (route->get && (request_is(request, "GET") || request_is(request, "HEAD"))) {
		route->get(simulator->oauth, request, answer);
	} else if (route->post && request_is(request, "POST")) {
		route->post(simulator->oauth, request, answer);
	} else {
		oauth_error(answer, 405, "invalid_request", NULL);
		answer_header(answer, "Allow", route->methods);
	}
}

/* ---- what an access token is worth */

enum oauth_verdict oauth_check(struct simulator *simulator, const struct request *request,
			       const char *realm, const char **ret_token)
{
	const struct oauth_grant *grant;

	*ret_token = bearer_token(request);
	if (!*ret_token)
		return OAUTH_MISSING;
	grant = oauth_access_find(simulator->oauth, *ret_token);
	if (!grant)
		return OAUTH_UNKNOWN;
	if (strcmp(grant->realm, realm) != 0 || !(grant->scopes & SCOPE_ACCOUNTING))
		return OAUTH_FOREIGN;
	return OAUTH_GOOD;
}

void oauth_expire(struct simulator *simulator, const char *realm)
{
	struct oauth *oauth = simulator->oauth;

	for (size_t i = 0; i < oauth->grant_count; i++)
		if (strcmp(oauth->grants[i].realm, realm) == 0)
			oauth_access_end(oauth, oauth->grants[i].number);
}

void oauth_disconnect(struct simulator *simulator, const char *realm)
{
	struct oauth *oauth = simulator->oauth;

	for (size_t i = oauth->grant_count; i-- > 0;)
		if (strcmp(oauth->grants[i].realm, realm) == 0)
			oauth_grant_end(oauth, &oauth->grants[i]);
}

bool oauth_take_dirty(struct oauth *oauth)
{
	bool dirty = oauth->dirty;

	oauth->dirty = false;
	return dirty;
}
