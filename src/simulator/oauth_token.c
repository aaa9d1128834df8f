/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The token and revocation addresses: who may exchange what for what, and when a refresh token
 * gives way to the next. Texts and statuses are as recorded from, or reported of, Intuit's.
 */
#include "oauth_impl.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <openssl/evp.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "answer.h"

#define SECOND_MS 1000
#define ID_TOKEN_S 3600 /* seconds that an id token lives */
#define BASIC_MAX 4096	/* bytes of encoded credentials */

/* ---- who asks */

/* Client id and secret of "Authorization: Basic ..."; false when there is none that makes sense. */
static bool basic_credentials(const struct request *request, char **ret_id, char **ret_secret)
{
	const char *header = request_header(request, "Authorization");
	AUTO(memory_freep) unsigned char *plain = NULL;
	size_t len;
	char *colon;

	if (!header || strncasecmp(header, "Basic ", 6) != 0)
		return false;
	header += 6 + strspn(header + 6, " ");
	len = strlen(header);
	if (len == 0 || len > BASIC_MAX || len % 4 != 0)
		return false;
	plain = memory_new(len / 4 * 3 + 1);
	/* Padding decodes to NULs, which end the text where it should end. */
	if (EVP_DecodeBlock(plain, (const unsigned char *)header, (int)len) < 0)
		return false;
	colon = strchr((char *)plain, ':');
	if (!colon)
		return false;
	*colon = '\0';
	*ret_id = memory_copy_text((char *)plain);
	*ret_secret = memory_copy_text(colon + 1);
	return true;
}

/* Is it the app, by header or else by form fields? */
static bool is_client(const struct oauth *oauth, const struct request *request)
{
	AUTO(memory_freep) char *id = NULL;
	AUTO(memory_freep) char *secret = NULL;
	const char *form_id = request_field(request, "client_id");
	const char *form_secret = request_field(request, "client_secret");
	bool known;

	if (!basic_credentials(request, &id, &secret)) {
		if (request_header(request, "Authorization") || !form_id || !form_secret)
			return false;
		id = memory_copy_text(form_id);
		secret = memory_copy_text(form_secret);
	}
	known = oauth_same(id, oauth->client_id);
	return oauth_same(secret, oauth->client_secret) && known;
}

/* ---- what is handed out */

static bool add_id_token(struct oauth *oauth, const struct oauth_grant *grant, struct str *out)
{
	AUTO(str_clear) struct str claims = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str issuer = STR_INIT(STR_NO_LIMIT);
	int64_t now_s = world_now_ms(oauth->simulator) / SECOND_MS;
	const struct jwt_key *key;

	if (!oauth_key(oauth, &key, NULL))
		return false;
	str_addf(&issuer, "%s/op/v1", oauth->simulator->base_url);
	str_add(&claims, "{\"sub\":\"");
	oauth_add_user(oauth, &claims);
	str_add(&claims, "\",\"aud\":[");
	str_add_json(&claims, grant->client_id, strlen(grant->client_id));
	str_addf(&claims, "],\"realmid\":\"%s\",\"auth_time\":%lld,\"iss\":", grant->realm,
		 (long long)(grant->consent_ms / SECOND_MS));
	str_add_json(&claims, issuer.text, issuer.len);
	str_addf(&claims, ",\"exp\":%lld,\"iat\":%lld}", (long long)(now_s + ID_TOKEN_S),
		 (long long)now_s);
	return jwt_add_token(key, claims.text, out, NULL);
}

static void answer_tokens(struct oauth *oauth, const struct request *request,
			  const struct oauth_grant *grant, struct simulator_answer *answer)
{
	const char *wish = request_header(request, "x-include-refresh-token-hard-expires-in");
	int64_t now = world_now_ms(oauth->simulator);
	AUTO(str_clear) struct str id_token = STR_INIT(STR_NO_LIMIT);
	struct str *body = &answer->body;

	if (grant->scopes & SCOPE_OPENID && !add_id_token(oauth, grant, &id_token)) {
		oauth_error(answer, 500, "server_error", NULL);
		return;
	}
	oauth_open(answer);
	str_add_char(body, '{');
	if (id_token.len > 0)
		str_addf(body, "\"id_token\":\"%s\",", id_token.text);
	str_addf(body,
		 "\"expires_in\":%lld,\"token_type\":\"bearer\",\"x_refresh_token_expires_in\":%"
		 "lld,",
		 (long long)switches_get(&oauth->simulator->switches, SWITCH_ACCESS_LIFETIME_S),
		 (long long)((grant->refresh_expires_ms - now) / SECOND_MS));
	if (wish && strcasecmp(wish, "true") == 0)
		str_addf(body, "\"x_refresh_token_hard_expires_in\":%lld,",
			 (long long)((grant->consent_ms + OAUTH_HARD_END_MS - now) / SECOND_MS));
	str_addf(body, "\"refresh_token\":\"%s\",\"access_token\":\"", grant->refresh);
	oauth_access_add(oauth, grant, body);
	str_add(body, "\"}");
}

/* ---- grant_type=authorization_code */

static bool verifier_fits(const struct request *request, const char *challenge)
{
	const char *verifier = request_field(request, "code_verifier");
	unsigned char digest[OAUTH_DIGEST];
	AUTO(str_clear) struct str text = STR_INIT(OAUTH_DIGEST * 2);

	if (!*challenge)
		return true;
	if (!verifier)
		return false;
	oauth_digest(verifier, digest);
	jwt_add_base64(&text, digest, sizeof(digest));
	return strcmp(text.text, challenge) == 0;
}

/* One connection per company and app: the older ones end. */
static void replace_older(struct oauth *oauth, const struct oauth_code *code)
{
	if (!switches_is(&oauth->simulator->switches, SWITCH_RECONNECT_REPLACES, "on"))
		return;
	for (size_t i = oauth->grant_count; i-- > 0;)
		if (strcmp(oauth->grants[i].realm, code->realm) == 0 &&
		    strcmp(oauth->grants[i].client_id, code->client_id) == 0)
			oauth_grant_end(oauth, &oauth->grants[i]);
}

static void exchange_code(struct oauth *oauth, const struct request *request,
			  struct simulator_answer *answer)
{
	const char *text = request_field(request, "code");
	const char *redirect_uri = request_field(request, "redirect_uri");
	const struct oauth_grant *grant;
	struct oauth_code *code;

	if (!text || !*text || !redirect_uri) {
		oauth_error(answer, 400, "invalid_request", NULL);
		return;
	}
	code = oauth_code_find(oauth, text);
	if (!code) {
		oauth_error(answer, 400, "invalid_grant", NULL);
		return;
	}
	if (strcmp(code->client_id, oauth->client_id) != 0) {
		oauth_error(answer, 400, "invalid_grant", "Incorrect Token type or clientID");
		return;
	}
	if (strcmp(code->redirect_uri, redirect_uri) != 0) {
		oauth_error(answer, 400, "invalid_request", NULL);
		return;
	}
	if (!verifier_fits(request, code->challenge)) {
		oauth_error(answer, 400, "invalid_grant", NULL);
		return;
	}
	replace_older(oauth, code);
	grant = oauth_grant_add(oauth, code);
	oauth_code_end(oauth, code);
	answer_tokens(oauth, request, grant, answer);
}

/* ---- grant_type=refresh_token */

/* The refresh token's time has come: the next one, if the mode says so. */
static void rotate(struct oauth *oauth, struct oauth_grant *grant)
{
	const struct switches *switches = &oauth->simulator->switches;
	int64_t now = world_now_ms(oauth->simulator);

	if (switches_is(switches, SWITCH_ROTATION, "every-with-grace"))
		oauth_grant_rotate(oauth, grant, now + DAY_MS);
	else if (switches_is(switches, SWITCH_ROTATION, "every") ||
		 now - grant->refresh_made_ms >= DAY_MS)
		oauth_grant_rotate(oauth, grant, 0);
	else
		oauth_grant_extend(oauth, grant);
}

/* The grant that a refresh token opens; NULL: none, and the answer says so. */
static struct oauth_grant *open_grant(struct oauth *oauth, const char *text,
				      struct simulator_answer *answer, bool *ret_is_old)
{
	struct oauth_replaced *replaced;
	struct oauth_grant *grant = oauth_grant_by_refresh(oauth, text, &replaced);
	int64_t now = world_now_ms(oauth->simulator);

	if (!grant && oauth_access_find(oauth, text)) {
		oauth_error(answer, 400, "invalid_grant", "Incorrect or invalid refresh token");
		return NULL;
	}
	if (grant && strcmp(grant->client_id, oauth->client_id) != 0) {
		oauth_error(answer, 400, "invalid_grant", "Incorrect Token type or clientID");
		return NULL;
	}
	*ret_is_old = replaced != NULL;
	if (grant && now < grant->refresh_expires_ms &&
	    (!replaced || now < replaced->good_until_ms))
		return grant;
	/* A dead token that is used again looks like a leak. */
	if (grant && replaced &&
	    switches_is(&oauth->simulator->switches, SWITCH_RACE_REVOKES, "on"))
		oauth_grant_end(oauth, grant);
	oauth_error(answer, 400, "invalid_grant", "Token invalid");
	return NULL;
}

static void refresh(struct oauth *oauth, const struct request *request,
		    struct simulator_answer *answer)
{
	const char *text = request_field(request, "refresh_token");
	const char *scope = request_field(request, "scope");
	struct oauth_grant *grant;
	unsigned wanted;
	bool is_old;

	if (!text || !*text) {
		oauth_error(answer, 400, "invalid_request", NULL);
		return;
	}
	grant = open_grant(oauth, text, answer, &is_old);
	if (!grant)
		return;
	if (scope) {
		wanted = oauth_scopes(scope);
		if (!wanted || wanted & ~grant->scopes) {
			oauth_error(answer, 400, "invalid_scope", NULL);
			return;
		}
	}
	/* An old value in its grace gets the current one, so two that refresh at once both live. */
	if (is_old)
		oauth_grant_extend(oauth, grant);
	else
		rotate(oauth, grant);
	answer_tokens(oauth, request, grant, answer);
}

/* ---- the two addresses */

void oauth_token(struct oauth *oauth, const struct request *request,
		 struct simulator_answer *answer)
{
	const char *type = request_field(request, "grant_type");

	if (request->form_count == 0)
		oauth_error(answer, 400, "invalid_request", NULL);
	else if (!is_client(oauth, request))
		oauth_error(answer,
			    switches_is(&oauth->simulator->switches, SWITCH_INVALID_CLIENT_STATUS,
					"400")
				    ? 400
				    : 401,
			    "invalid_client", NULL);
	else if (!type || !*type)
		oauth_error(answer, 400, "invalid_request", NULL);
	else if (strcmp(type, "authorization_code") == 0)
		exchange_code(oauth, request, answer);
	else if (strcmp(type, "refresh_token") == 0)
		refresh(oauth, request, answer);
	else
		oauth_error(answer, 400, "unsupported_grant_type", NULL);
}

/* The connection behind a refresh or access token that still works; NULL: none. */
static struct oauth_grant *grant_of_token(struct oauth *oauth, const char *text)
{
	struct oauth_replaced *replaced;
	struct oauth_grant *grant = oauth_grant_by_refresh(oauth, text, &replaced);
	int64_t now = world_now_ms(oauth->simulator);

	if (!grant)
		grant = oauth_access_find(oauth, text);
	else if (now >= grant->refresh_expires_ms || (replaced && now >= replaced->good_until_ms))
		return NULL;
	return grant && strcmp(grant->client_id, oauth->client_id) == 0 ? grant : NULL;
}

void oauth_revoke(struct oauth *oauth, const struct request *request,
		  struct simulator_answer *answer)
{
	const char *text = request->raw->body;
	size_t len = request->raw->body_len;
	AUTO(str_clear) struct str token = STR_INIT(4096);
	struct oauth_grant *grant = NULL;
	struct json_slice slice;

	/* Failures were reported with status 400 and nothing in the body, whatever the reason. */
	if (len > 0 && json_check(text, len, NULL) && is_client(oauth, request)) {
		slice = json_find(text, len, "token");
		if (slice.kind == JSON_STRING) {
			json_unquote(slice, &token);
			grant = grant_of_token(oauth, token.text);
		}
	}
	answer->status = grant ? 200 : 400;
	if (grant)
		oauth_grant_end(oauth, grant);
}
