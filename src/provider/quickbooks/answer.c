/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads refusals. Codes decide what an error is, never messages, which change; the status decides
 * before the code where the gateway speaks. The ledger's words go into the text for people: without
 * what controls terminals, without company ids and without anything that could be a token.
 */
#include "answer.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/text.h"

#define THROTTLE_WAIT_S 60
#define TROUBLE_WAIT_S 60
#define COMPANY_WAIT_S 900 /* locked out, or under maintenance */
#define TEXT_MAX 220

/* Codes that are no plain INPUT. */
static const struct {
	const char *code;
	enum error_code error;
	int retry_after_s;
} codes[] = {
	{ "100", ERROR_AUTH, -1 },
	{ "110", ERROR_AUTH, -1 },
	{ "120", ERROR_AUTH, -1 },
	{ "3100", ERROR_AUTH, -1 },
	{ "3200", ERROR_AUTH, -1 },
	{ "3201", ERROR_AUTH, -1 },
	{ "3202", ERROR_AUTH, -1 },
	{ "3001", ERROR_LIMIT, THROTTLE_WAIT_S },
	{ "600", ERROR_CONFLICT, -1 },
	{ "610", ERROR_CONFLICT, -1 },
	{ "5010", ERROR_CONFLICT, 0 },
	{ "6140", ERROR_CONFLICT, -1 },
	{ "6240", ERROR_CONFLICT, -1 },
	{ "10200", ERROR_CONFLICT, -1 },
	{ "130", ERROR_REMOTE, COMPANY_WAIT_S },
	{ "140", ERROR_REMOTE, COMPANY_WAIT_S },
	{ "150", ERROR_REMOTE, COMPANY_WAIT_S },
	{ "1000", ERROR_REMOTE, TROUBLE_WAIT_S },
	{ "1010", ERROR_REMOTE, TROUBLE_WAIT_S },
	{ "1020", ERROR_REMOTE, TROUBLE_WAIT_S },
	{ "4002", ERROR_REMOTE, TROUBLE_WAIT_S },
	{ "10000", ERROR_REMOTE, TROUBLE_WAIT_S },
	{ "10100", ERROR_REMOTE, TROUBLE_WAIT_S },
};

/* ---- the ledger's words in one sentence ---- */

/*
 * "message=AuthenticationFailed; errorCode=003200; statusCode=401" is "AuthenticationFailed" to
 * people.
 */
static void add_message(struct str *out, const struct fault *fault, const char *realm)
{
	char text[sizeof(fault->message)];
	size_t len;

	if (strncmp(fault->message, "message=", 8) != 0) {
		answer_add_harmless(out, fault->message, realm);
		return;
	}
	len = strcspn(fault->message + 8, ";");
	memcpy(text, fault->message + 8, len);
	text[len] = '\0';
	answer_add_harmless(out, text, realm);
}

static void add_words(struct str *out, const struct fault *fault, const char *realm)
{
	size_t len = strlen(fault->message);
	bool repeats = len > 0 && strncmp(fault->detail, fault->message, len) == 0;
	bool hidden = answer_hides_detail(fault);

	if (!repeats || hidden)
		add_message(out, fault, realm);
	if (*fault->detail == '\0' || hidden)
		return;
	if (out->len > 0 && !repeats)
		str_add(out, ": ");
	answer_add_harmless(out, fault->detail, realm);
}

/* ---- what a refusal is ---- */

struct verdict {
	enum error_code error;
	int retry_after_s;
	const char *says; /* our own words before the ledger's */
};

static struct verdict verdict_of_code(const struct fault *fault)
{
	for (size_t i = 0; i < ARRAY_LEN(codes); i++)
		if (strcmp(codes[i].code, fault->code) == 0)
			return (struct verdict){ codes[i].error, codes[i].retry_after_s,
						 "the ledger refused" };
	if (strcmp(fault->type, "SystemFault") == 0)
		return (struct verdict){ ERROR_REMOTE, TROUBLE_WAIT_S, "the ledger broke" };
	return (struct verdict){ ERROR_INPUT, -1, "the ledger refused" };
}

static struct verdict verdict_of(const struct http_answer *answer, const struct fault *fault)
{
	static const struct verdict token = { ERROR_AUTH, -1,
					      "the ledger refused the access token" };
	static const struct verdict shut = { ERROR_AUTH, -1,
					     "the ledger does not let this app into the company" };
	static const struct verdict limit = { ERROR_LIMIT, THROTTLE_WAIT_S,
					      "the ledger's limit of requests is reached" };
	static const struct verdict broken = { ERROR_REMOTE, TROUBLE_WAIT_S,
					       "the ledger could not answer" };
	bool throttled = strcmp(fault->code, "3001") == 0 ||
			 (answer->status == 403 && http_is_throttle(answer));
	struct verdict verdict;

	if (answer->status == 429 || throttled)
		return limit;
	if (answer->status == 401)
		return token;
	if (answer->status == 403)
		return shut;
	if (answer->status >= 500) {
		verdict = verdict_of_code(fault);
		verdict.says = broken.says;
		return verdict.error == ERROR_INPUT ? broken : verdict;
	}
	return verdict_of_code(fault);
}

static const char *start_of(const struct http_answer *answer)
{
	return answer->body.text + strspn(answer->body.text, " \t\r\n");
}

static const char *form_of(const struct http_answer *answer)
{
	const char *at = start_of(answer);

	if (*at == '\0')
		return "an empty answer";
	if (*at != '<')
		return "something that is no data";
	return strncasecmp(at, "<html", 5) == 0 || at[1] == '!' ? "a web page instead of data"
								: "XML instead of JSON";
}

static void set_trace(struct error *err, const struct http_answer *answer)
{
	if (err)
		snprintf(err->trace_id, sizeof(err->trace_id), "%.*s",
			 (int)sizeof(err->trace_id) - 1, answer->trace_id);
}

bool answer_refused(const struct http_answer *answer, const struct fault *fault,
		    const struct asker *asker, struct error *err)
{
	AUTO(str_clear) struct str words = STR_INIT(TEXT_MAX);
	struct verdict verdict = verdict_of(answer, fault);

	answer_keep_words(answer, fault, asker);
	add_words(&words, fault, asker->realm);
	if (words.len > 0)
		error_set(err, verdict.error, "%s: %s: %s", asker->what, verdict.says, words.text);
	else
		error_set(err, verdict.error, "%s: %s (status %d)", asker->what, verdict.says,
			  answer->status);
	if (!err)
		return false;
	err->retry_after_s = verdict.retry_after_s;
	if (verdict.error == ERROR_LIMIT && answer->retry_after_ms >= 0)
		err->retry_after_s =
			(int)((answer->retry_after_ms < DAY_MS ? answer->retry_after_ms : DAY_MS) +
			      999) /
			1000;
	snprintf(err->ledger_code, sizeof(err->ledger_code), "%s", fault->code);
	set_trace(err, answer);
	return false;
}

/* A refusal without a word that could be understood. */
static bool refused_plainly(const struct http_answer *answer, const struct asker *asker,
			    struct error *err)
{
	static const struct fault none;

	if (answer->status == 401 || answer->status == 403 || answer->status == 429)
		return answer_refused(answer, &none, asker, err);
	answer_keep_words(answer, &none, asker);
	error_set(err, ERROR_REMOTE, "%s: the ledger answered with %s (status %d)", asker->what,
		  form_of(answer), answer->status);
	if (err)
		err->retry_after_s = TROUBLE_WAIT_S;
	set_trace(err, answer);
	return false;
}

/* Does it break at its end, within a word, a sign or a character? A whole answer ends with a brace. */
static bool is_cut(const struct http_answer *answer, size_t at)
{
	size_t len = answer->body.len;

	return at >= len || (len - at < 12 && answer->body.text[len - 1] != '}' && answer->body.text[len - 1] != '\n');
}

static bool broken(const struct http_answer *answer, const struct asker *asker, size_t at,
		   struct error *err)
{
	static const struct fault none;

	answer_keep_words(answer, &none, asker);
	if (*start_of(answer) == '\0' || *start_of(answer) == '<')
		return refused_plainly(answer, asker, err);
	if (is_cut(answer, at))
		error_set(err, ERROR_REMOTE, "%s: the ledger's answer is cut off, it ends within the data after %zu bytes",
			  asker->what, answer->body.len);
	else
		error_set(err, ERROR_REMOTE, "%s: the ledger's answer is no valid %s, it breaks at byte %zu of %zu", asker->what,
			  (unsigned char)answer->body.text[at] >= 0x80 ? "UTF-8" : "JSON", at, answer->body.len);
	if (err)
		err->retry_after_s = TROUBLE_WAIT_S;
	set_trace(err, answer);
	return false;
}

/* All of the body, with the map of the one that has checked it. */
static struct json_slice body_of(const struct http_answer *answer)
{
	return (struct json_slice){ .text = answer->body.text, .len = answer->body.len, .kind = JSON_OBJECT, .map = answer->map };
}

bool answer_accept(struct http_answer *answer, const struct asker *asker, struct error *err)
{
	bool success = answer->status >= 200 && answer->status < 300;
	struct fault fault;
	size_t at = 0;

	if (!success)
		return fault_find(answer->body.text, answer->body.len, &fault)
			       ? answer_refused(answer, &fault, asker, err)
			       : refused_plainly(answer, asker, err);
	json_map_free(answer->map);
	if (!json_check_map(answer->body.text, answer->body.len, &answer->map, &at))
		return fault_find(answer->body.text, answer->body.len, &fault)
			       ? answer_refused(answer, &fault, asker, err)
			       : broken(answer, asker, at, err);
	if (*start_of(answer) != '{')
		return refused_plainly(answer, asker, err);
	if (fault_in(body_of(answer), &fault))
		return answer_refused(answer, &fault, asker, err);
	return true;
}

void answer_open(const struct http_answer *answer, const char *name, struct envelope *ret_envelope)
{
	struct json_slice body = body_of(answer), member, value;
	bool named = false, has_offset;

	*ret_envelope = (struct envelope){ .ledger_ms = answer->date_ms };
	for (size_t at = 0; json_each(body, &at, &member, &value);) {
		bool holds = value.kind == JSON_OBJECT || value.kind == JSON_ARRAY;

		if (value.kind == JSON_STRING && json_equals(member, "time")) {
			int64_t ms;

			if (stamp_parse(value.text + 1, value.len - 2, &ms, &has_offset))
				ret_envelope->ledger_ms = ms;
		} else if (holds && !named &&
			   (ret_envelope->payload.kind == JSON_NONE ||
			    (name && json_equals(member, name)))) {
			ret_envelope->payload = value;
			named = name && json_equals(member, name);
		}
	}
	if (name && !named)
		ret_envelope->payload = (struct json_slice){ 0 };
}

/* ---- signing in ---- */

static const struct {
	const char *word;
	enum error_code error;
	const char *says;
} sign_in_words[] = {
	{ "invalid_grant", ERROR_AUTH,
	  "the ledger no longer takes this connection's key (withdrawn, too old, or replaced "
	  "elsewhere): connect again" },
	{ "invalid_client", ERROR_AUTH,
	  "the ledger refused the app's client id or secret: check the app's keys and their "
	  "environment" },
	{ "unauthorized_client", ERROR_AUTH,
	  "this app may not sign in this way: check the app's keys" },
	{ "access_denied", ERROR_AUTH, "the person at the ledger did not agree to the connection" },
	{ "invalid_request", ERROR_INPUT,
	  "the ledger did not understand the sign-in: the redirect address must be one of the "
	  "app's, to the letter" },
	{ "invalid_scope", ERROR_INPUT, "the app may not ask for this scope" },
	{ "unsupported_grant_type", ERROR_INPUT,
	  "the ledger does not know this way of signing in" },
};

static bool sign_in_word(const struct http_answer *answer, const char *word, struct error *err)
{
	for (size_t i = 0; i < ARRAY_LEN(sign_in_words); i++)
		if (strcmp(sign_in_words[i].word, word) == 0)
			return error_set(err, sign_in_words[i].error, "%s", sign_in_words[i].says);
	return error_set(err,
			 answer->status == 401 || answer->status == 403 ? ERROR_AUTH : ERROR_REMOTE,
			 "the ledger refused the sign-in: %s", word);
}

bool quickbooks_sign_in_error(const struct http_answer *answer, struct error *err)
{
	static const struct asker asker = { .what = "sign in" };
	AUTO(str_clear) struct str word = STR_INIT(100), clean = STR_INIT(100);
	struct json_slice code = { 0 };
	struct fault fault;

	if (json_check(answer->body.text, answer->body.len, NULL))
		code = json_find(answer->body.text, answer->body.len, "error");
	json_unquote(code, &word);
	if (word.len > 0) {
		answer_add_harmless(&clean, word.text, NULL);
		sign_in_word(answer, clean.text, err);
		if (err)
			snprintf(err->ledger_code, sizeof(err->ledger_code), "%.23s", clean.text);
		set_trace(err, answer);
		return false;
	}
	if (fault_find(answer->body.text, answer->body.len, &fault))
		return answer_refused(answer, &fault, &asker, err);
	return refused_plainly(answer, &asker, err);
}
