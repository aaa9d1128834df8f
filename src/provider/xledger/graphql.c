/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sends one document and takes the answer apart. Most refusals come with status 200 and a list "errors", whose members
 * have words and mostly a code; what is refused for now is waited for by the one HTTP path, as it does for 429.
 */
#include "graphql.h"

#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/text.h"

#define LIMIT_WAIT_S 60 /* of one root among others: the rest was answered, so it is not waited for here */
#define TROUBLE_WAIT_S 60
#define WORDS_MAX 1000

/* ---- what a refusal says ---- */

struct refusal {
	char code[80];         /* "BAD_REQUEST.BURST_RATE_LIMIT_REACHED"; "" : none */
	char message[600];
};

static void copy_text(struct json_slice value, char *out, size_t size)
{
	AUTO(str_clear) struct str text = STR_INIT(size - 1);

	if (value.kind == JSON_STRING)
		json_unquote(value, &text);
	while (text.len > 0 && !str_is_utf8(text.text, text.len))
		str_truncate(&text, text.len - 1);
	memcpy(out, text.text, text.len + 1);
}

static void read_refusal(struct json_slice error, struct refusal *ret_refusal)
{
	*ret_refusal = (struct refusal){ 0 };
	copy_text(json_member(error, "message"), ret_refusal->message, sizeof(ret_refusal->message));
	copy_text(json_member(error, "code"), ret_refusal->code, sizeof(ret_refusal->code));
	if (!*ret_refusal->code)
		copy_text(json_member(error, "extensions.code"), ret_refusal->code, sizeof(ret_refusal->code));
}

/* The first of {"errors":[{"message":..,"code":..,"extensions":{..}}]}; false: there is none. */
static bool refusal_in(struct json_slice body, struct refusal *ret_refusal)
{
	struct json_slice errors = json_member(body, "errors"), first = { 0 };
	size_t at = 0;

	if (errors.kind != JSON_ARRAY || !json_each(errors, &at, NULL, &first))
		return false;
	read_refusal(first, ret_refusal);
	return true;
}

static struct json_slice body_of(const struct http_answer *answer)
{
	return (struct json_slice){ .text = answer->body.text, .len = answer->body.len, .kind = JSON_OBJECT, .map = answer->map };
}

/* ---- what it means ---- */

static const struct meaning {
	const char *words;     /* in the code or the message */
	enum error_code error;
	const char *code;      /* ours instead of the ledger's; NULL: the ledger's */
	const char *says;
} meanings[] = {
	{ "BURST_RATE_LIMIT", ERROR_LIMIT, NULL, "too many calls in a short time" },
	{ "CONCURRENCY_LIMIT", ERROR_LIMIT, NULL, "too many calls at once" },
	{ "INSUFFICIENT_CREDITS", ERROR_LIMIT, NULL, "the entity's credits are used up" },
	{ "query timed out", ERROR_REMOTE, GRAPHQL_TIMED_OUT, "it took the ledger too long" },
	{ "API Token", ERROR_AUTH, NULL, "the ledger refused the token" },
	{ "UNAUTHORIZED", ERROR_AUTH, NULL, "the ledger refused the token" },
	{ "UNAUTHENTICATED", ERROR_AUTH, NULL, "the ledger refused the token" },
	/* Of one type among others, which go on. */
	{ "FORBIDDEN", ERROR_INPUT, NULL, "the token has no right to it, which an administrator of Xledger gives" },
	{ "Cannot query field", ERROR_INPUT, NULL, "the ledger does not know a field that the type's row names" },
	{ "INTERNAL", ERROR_REMOTE, NULL, "the ledger broke" },
};

static const struct meaning *meaning_of(const struct refusal *refusal)
{
	static const struct meaning plain = { "", ERROR_INPUT, NULL, "the ledger refused" };

	for (size_t i = 0; i < ARRAY_LEN(meanings); i++)
		if (strcasestr(refusal->code, meanings[i].words) || strcasestr(refusal->message, meanings[i].words))
			return &meanings[i];
	return &plain;
}

/* ---- one call ---- */

static void keep_words(struct str *said, const struct refusal *refusal)
{
	if (!said)
		return;
	str_reset(said);
	if (*refusal->code)
		str_addf(said, "%s: ", refusal->code);
	text_add_line(said, TEXT_FULL, refusal->message, strlen(refusal->message));
}

static void tell(const char *what, int status, const struct refusal *refusal, struct error *err)
{
	const struct meaning *meaning = meaning_of(refusal);
	AUTO(str_clear) struct str words = STR_INIT(WORDS_MAX);

	text_add_line(&words, TEXT_FULL, refusal->message, strlen(refusal->message));
	error_set(err, status == 401 ? ERROR_AUTH : meaning->error, "%s: %s: %s", what,
		  status == 401 ? "the ledger refused the token" : meaning->says, words.len > 0 ? words.text : refusal->code);
	if (err->code == ERROR_LIMIT || err->code == ERROR_REMOTE)
		err->retry_after_s = err->code == ERROR_LIMIT ? LIMIT_WAIT_S : TROUBLE_WAIT_S;
	snprintf(err->ledger_code, sizeof(err->ledger_code), "%.*s", (int)sizeof(err->ledger_code) - 1,
		 meaning->code ? meaning->code : refusal->code);
}

static bool refuse(const struct connection *connection, const struct graphql *call, const struct http_answer *answer,
		   const struct refusal *refusal, struct error *err)
{
	struct error ignored;

	keep_words(connection->said, refusal);
	tell(call->what, answer->status, refusal, err ? err : &ignored);
	if (err)
		snprintf(err->trace_id, sizeof(err->trace_id), "%.*s", (int)sizeof(err->trace_id) - 1, answer->trace_id);
	return false;
}

void graphql_refused(struct json_slice error, const char *what, struct str *said, struct error *ret_error)
{
	struct refusal refusal;

	read_refusal(error, &refusal);
	keep_words(said, &refusal);
	tell(what, 200, &refusal, ret_error);
}

struct json_slice graphql_errors(const struct http_answer *answer)
{
	return json_member(body_of(answer), "errors");
}

/* An answer without a word that could be understood. */
static bool refuse_plainly(const struct graphql *call, const struct http_answer *answer, struct error *err)
{
	if (answer->status == 401 || answer->status == 403)
		return error_set(err, ERROR_AUTH, "%s: the ledger refused the token (status %d)", call->what, answer->status);
	error_set(err, ERROR_REMOTE, "%s: the ledger's answer is no data (status %d, %zu bytes)", call->what, answer->status,
		  answer->body.len);
	if (err)
		err->retry_after_s = TROUBLE_WAIT_S;
	return false;
}

static bool accept(const struct connection *connection, const struct graphql *call, struct http_answer *answer,
		   struct json_slice *ret_data, struct error *err)
{
	bool good = answer->status >= 200 && answer->status < 300;
	struct refusal refusal;
	bool refused;

	json_map_free(answer->map);
	answer->map = NULL;
	if (!json_check_map(answer->body.text, answer->body.len, &answer->map, NULL) ||
	    answer->body.text[strspn(answer->body.text, " \t\r\n")] != '{')
		return refuse_plainly(call, answer, err);
	refused = refusal_in(body_of(answer), &refusal);
	*ret_data = json_member(body_of(answer), "data");
	if (good && ret_data->kind == JSON_OBJECT && (!refused || call->partial))
		return true;
	return refused ? refuse(connection, call, answer, &refusal, err) : refuse_plainly(call, answer, err);
}

static void make_body(const struct graphql *call, struct str *body)
{
	if (call->body)
		return;
	str_add(body, "{\"query\":");
	str_add_json(body, call->document, strlen(call->document));
	str_addf(body, ",\"variables\":%s,\"operationName\":null}", call->variables ? call->variables : "{}");
}

bool graphql_send(struct connection *connection, const struct graphql *call, struct http_answer *ret_answer,
	       struct json_slice *ret_data, struct error *err)
{
	AUTO(str_clear) struct str body = STR_INIT(STR_NO_LIMIT);
	struct http_request request = {
		.method = "POST",
		.url = connection->addresses->api,
		.what = call->what,
		.class = call->class,
		.headers = { { "Accept", "application/json" }, { "Content-Type", "application/json" } },
		.header_count = 2,
	};
	bool rejected = false;

	make_body(call, &body);
	request.body = call->body ? call->body : body.text;
	request.body_len = call->body ? call->body_len : body.len;
	for (;;) {
		http_answer_reset(ret_answer);
		if (connection->said)
			str_reset(connection->said);
		if (!connection->authorization(connection->ctx, rejected, &request.authorization, err) ||
		    !http_send(connection->http, &request, ret_answer, err))
			return false;
		if (ret_answer->status != 401 || rejected)
			return accept(connection, call, ret_answer, ret_data, err);
		rejected = true; /* there is nothing to renew: this tells what to do */
	}
}

bool graphql_extra(const struct type *type, const char *word, char *ret_value, size_t size)
{
	const char *value;
	size_t len;

	if (!type_extra(type, word, &value, &len) || len == 0 || len >= size)
		return false;
	memcpy(ret_value, value, len);
	ret_value[len] = '\0';
	return true;
}
