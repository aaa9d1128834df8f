/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The token address: exchanging a code, renewing a pair, revoking. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/decimal.h"
#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "world.h"

void tokens_clear(struct tokens *tokens)
{
	secret_free(tokens->access);
	secret_free(tokens->refresh);
	*tokens = (struct tokens){ 0 };
}

/* Answers of the token address hold tokens: their bytes are wiped before they are let go. */
static void wipe_answer(struct http_answer *answer)
{
	if (answer->body.len > 0)
		secret_wipe(answer->body.text, answer->body.len);
	http_answer_clear(answer);
}

static struct secret *secret_member(const struct http_answer *answer, const char *name)
{
	struct json_slice slice = json_find(answer->body.text, answer->body.len, name);

	/* Tokens are plain letters: one with escapes would be none of ours. */
	if (slice.kind != JSON_STRING || slice.len <= 2 || memchr(slice.text, '\\', slice.len))
		return NULL;
	return secret_copy(slice.text + 1, slice.len - 2);
}

static int64_t seconds_member(const struct http_answer *answer, const char *name)
{
	struct json_slice slice = json_find(answer->body.text, answer->body.len, name);
	struct decimal value;

	if (slice.kind != JSON_NUMBER || !decimal_parse(slice.text, slice.len, &value) || value.scale != 0 || value.digits < 0 ||
	    value.digits > INT64_C(10000000000))
		return 0;
	return value.digits;
}

/* The OAuth error of a refused answer, in err->ledger_code, and what it means. */
static bool refused(const struct provider *provider, const struct http_answer *answer, struct error *err)
{
	AUTO(str_clear) struct str word = STR_INIT(60);

	if (json_check(answer->body.text, answer->body.len, NULL))
		json_unquote(json_find(answer->body.text, answer->body.len, "error"), &word);
	if (strcmp(word.text, "invalid_grant") == 0)
		error_set(err, ERROR_AUTH, "the ledger no longer takes this: the code was used or is too old, or the connection was "
			  "ended or renewed elsewhere");
	else if (strcmp(word.text, "invalid_client") == 0 || answer->status == 401)
		error_set(err, ERROR_INPUT, "the ledger does not know the app: client id or secret is wrong for this environment");
	else if (strcmp(word.text, "invalid_request") == 0)
		error_set(err, ERROR_INPUT, "the ledger refused the request; the redirect address may not be the registered one");
	else
		error_set(err, ERROR_REMOTE, "the ledger's sign-in answered with status %d", answer->status);
	snprintf(err->ledger_code, sizeof(err->ledger_code), "%.23s",
		 !*word.text && answer->status == 401 ? "invalid_client" : word.text);
	snprintf(err->trace_id, sizeof(err->trace_id), "%.63s", answer->trace_id);
	if (provider->sign_in_error && err->code != ERROR_AUTH && !*word.text)
		provider->sign_in_error(answer, err);
	return false;
}

/* It said yes, and what it gave is lost: nobody knows what it holds for true now. */
static bool unusable(struct error *err, const char *text)
{
	error_set(err, ERROR_REMOTE, "%s", text);
	if (err)
		err->outcome_unknown = true;
	return false;
}

/* Never replace a good pair by a worse one: shape and lifetimes are looked at before anything is kept. */
static bool take_tokens(struct connect_world *world, const struct provider *provider, const struct http_answer *answer,
			struct tokens *ret_tokens, struct error *err)
{
	int64_t now = world->env.wall_ms(world->env.ctx), seconds;

	if (!json_check(answer->body.text, answer->body.len, NULL))
		return unusable(err, "the ledger's sign-in answered with something that is not JSON");
	ret_tokens->access = secret_member(answer, "access_token");
	ret_tokens->refresh = secret_member(answer, "refresh_token");
	seconds = seconds_member(answer, "expires_in");
	if (!ret_tokens->access || secret_len(ret_tokens->access) < 8 || seconds == 0 ||
	    ((provider->can & PROVIDER_REFRESHES) && (!ret_tokens->refresh || secret_len(ret_tokens->refresh) < 8))) {
		tokens_clear(ret_tokens);
		return unusable(err, "the ledger's sign-in answered without usable tokens");
	}
	ret_tokens->access_expires_ms = now + seconds * 1000;
	seconds = seconds_member(answer, "x_refresh_token_expires_in");
	ret_tokens->refresh_expires_ms = seconds ? now + seconds * 1000 : 0;
	seconds = seconds_member(answer, "x_refresh_token_hard_expires_in");
	ret_tokens->hard_expires_ms = seconds ? now + seconds * 1000 : 0;
	return true;
}

static bool send(struct connect_world *world, struct http_request *request, bool repeatable, struct http_answer *answer,
		 struct error *err)
{
	struct http http = { .transport = world->transport, .env = world->env, .cancel = world->cancel,
			     .read_tries = repeatable ? 3 : 1, .sleep = world->sleep, .sleep_ctx = world->sleep_ctx };

	request->class = HTTP_SIGN_IN;
	request->timeout_ms = 30000;
	request->answer_max = SECRET_MAX;
	return http_send(&http, request, answer, err);
}

bool tokens_ask(struct connect_world *world, const struct provider *provider, enum environment environment,
		const struct secret *form, const char *what, bool repeatable, struct tokens *ret_tokens, struct error *err)
{
	AUTO(secret_freep) struct secret *id = NULL;
	AUTO(secret_freep) struct secret *secret = NULL;
	AUTO(secret_freep) struct secret *basic = NULL;
	AUTO(wipe_answer) struct http_answer answer = HTTP_ANSWER_INIT;
	struct provider_addresses addresses = { 0 };
	struct http_request request = { .method = "POST", .what = what, .secret_body = form };

	*ret_tokens = (struct tokens){ 0 };
	if (!world_addresses(world, provider, environment, &addresses, err) ||
	    !world_app(world, provider->name, environment, &id, &secret, err))
		return false;
	basic = secret_basic(id, secret);
	request.url = addresses.token;
	request.authorization = basic;
	request.headers[request.header_count].name = "Content-Type";
	request.headers[request.header_count++].value = "application/x-www-form-urlencoded";
	request.headers[request.header_count].name = "Accept";
	request.headers[request.header_count++].value = "application/json";
	if (provider->hard_expiry_header) {
		request.headers[request.header_count].name = provider->hard_expiry_header;
		request.headers[request.header_count++].value = "true";
	}
	if (!send(world, &request, repeatable, &answer, err))
		return false;
	if (answer.status != 200)
		return refused(provider, &answer, err);
	return take_tokens(world, provider, &answer, ret_tokens, err);
}

bool tokens_exchange(struct connect_world *world, const struct provider *provider, enum environment environment,
		     const struct secret *code, const char *redirect_uri, struct tokens *ret_tokens, struct error *err)
{
	AUTO(secret_freep) struct secret *escaped = secret_percent(code);
	AUTO(str_clear) struct str redirect = STR_INIT(2048);
	AUTO(secret_freep) struct secret *form = NULL;

	str_add_percent(&redirect, redirect_uri);
	form = secret_join((const char *const[]){ "grant_type=authorization_code&code=", "&redirect_uri=", redirect.text },
			   (const struct secret *const[]){ escaped, NULL, NULL }, 3);
	/* A code that may have been taken is not sent again: that could end the connection it just made. */
	return tokens_ask(world, provider, environment, form, "exchange code", false, ret_tokens, err);
}

bool tokens_renew(struct connect_world *world, const struct provider *provider, enum environment environment,
		  const struct secret *refresh, struct tokens *ret_tokens, struct error *err)
{
	AUTO(secret_freep) struct secret *escaped = secret_percent(refresh);
	AUTO(secret_freep) struct secret *form =
		secret_join((const char *const[]){ "grant_type=refresh_token&refresh_token=" },
			    (const struct secret *const[]){ escaped }, 1);

	return tokens_ask(world, provider, environment, form, "refresh", true, ret_tokens, err);
}

bool tokens_revoke(struct connect_world *world, const struct provider *provider, enum environment environment,
		   const struct secret *token, struct error *err)
{
	AUTO(secret_freep) struct secret *id = NULL;
	AUTO(secret_freep) struct secret *secret = NULL;
	AUTO(secret_freep) struct secret *basic = NULL;
	AUTO(secret_freep) struct secret *body =
		secret_join((const char *const[]){ "{\"token\":\"", "\"}" }, (const struct secret *const[]){ token, NULL }, 2);
	AUTO(wipe_answer) struct http_answer answer = HTTP_ANSWER_INIT;
	struct provider_addresses addresses = { 0 };
	struct http_request request = { .method = "POST", .what = "revoke", .secret_body = body };

	if (!world_addresses(world, provider, environment, &addresses, err) ||
	    !world_app(world, provider->name, environment, &id, &secret, err))
		return false;
	basic = secret_basic(id, secret);
	request.url = addresses.revoke;
	request.authorization = basic;
	request.headers[request.header_count].name = "Content-Type";
	request.headers[request.header_count++].value = "application/json";
	request.headers[request.header_count].name = "Accept";
	request.headers[request.header_count++].value = "application/json";
	if (!send(world, &request, true, &answer, err))
		return false;
	return answer.status == 200 || refused(provider, &answer, err);
}
