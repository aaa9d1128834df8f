/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one way to send a request: it waits for the budget, carries the request over, and decides by
 * the table of retry classes what becomes of the answer. What an answer means is left to the
 * providers, and opening the way for an account that keeps failing to the engine.
 */
#include "ledgerdeck/net/http.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/log.h"
#include "ledgerdeck/core/memory.h"

#include "budget.h"
#include "throttle.h"

#define READ_TRIES 8
#define ECHO_LEN 8
#define JITTER_FIRST_MS (INT64_C(1) * 1000)
#define JITTER_MAX_MS (INT64_C(300) * 1000)
#define WAIT_MAX_MS (INT64_C(300) * 1000)     /* longer ones are the caller's to plan */
#define PATIENCE_MS (INT64_C(15) * 60 * 1000) /* for all throttles of one request */
#define RETRIES_ALONE 8			      /* without a budget: so many, and a tenth */
#define ANSWER_MAX ((size_t)64 << 20)
#define RETRY_AFTER_S 60 /* when nothing better is known */

static const char *const class_words[] = {
	[HTTP_READ] = "read",	[HTTP_REPORT] = "report",   [HTTP_WRITE] = "write",
	[HTTP_BATCH] = "batch", [HTTP_SIGN_IN] = "sign-in",
};
_Static_assert(ARRAY_LEN(class_words) == HTTP_CLASS_COUNT, "a word for each class");

const char *http_class_word(enum http_class class)
{
	return class_words[class];
}

void http_answer_clear(struct http_answer *answer)
{
	/* Answers of sign-ins are tokens. */
	if (answer->body.room)
		secret_wipe(answer->body.text, answer->body.room);
	str_clear(&answer->body);
	json_map_free(answer->map);
	*answer = (struct http_answer){
		.body = STR_INIT(0),
		.retry_after_ms = -1,
		.date_ms = -1,
	};
}

void http_answer_reset(struct http_answer *answer)
{
	struct str body = answer->body;

	json_map_free(answer->map);
	str_reset(&body);
	*answer = (struct http_answer){ .body = body, .retry_after_ms = -1, .date_ms = -1 };
}

bool http_is_throttle(const struct http_answer *answer)
{
	int64_t wait_ms;
	bool said;

	return throttle_read(answer, &wait_ms, &said);
}

/* ---- one request on its way */

struct sending {
	struct http *http;
	const struct http_request *request;
	struct http_answer *answer;
	int tries;			    /* without those that were throttled */
	int64_t sent_bytes, received_bytes; /* of all tries */
	int64_t started_ms;		    /* ticks */
	int64_t throttled_ms;		    /* waited for throttles */
};

enum verdict {
	VERDICT_DONE,	   /* an answer for the caller */
	VERDICT_THROTTLED, /* refused, nothing was carried out */
	VERDICT_REPEAT,	   /* failed, and another try may do better */
	VERDICT_FAILED,	   /* failed, and it ends here */
};

static int64_t now_ms(const struct sending *sending)
{
	return sending->http->env.ticks_ms(sending->http->env.ctx);
}

static bool wait_for(const struct sending *sending, int64_t ms)
{
	struct http *http = sending->http;
	int64_t since_ms = now_ms(sending);
	bool whole = http->sleep ? http->sleep(http->sleep_ctx, ms, http->cancel)
				 : cancel_sleep(http->cancel, ms);

	if (http->meter)
		http->meter->waited_ms += now_ms(sending) - since_ms;
	return whole;
}

/* 0 to `most`, evenly enough. */
static int64_t random_to(const struct sending *sending, int64_t most)
{
	const struct env *env = &sending->http->env;
	uint64_t number = 0;

	env->random(env->ctx, &number, sizeof(number));
	return (int64_t)(number % ((uint64_t)most + 1));
}

static bool is_write(const struct http_request *request)
{
	return request->class == HTTP_WRITE || request->class == HTTP_BATCH;
}

static bool fail_cancelled(const struct sending *sending, struct error *err)
{
	return error_set(err, ERROR_CANCELLED, "%.100s: cancelled", sending->request->what);
}

static int seconds_of(int64_t ms)
{
	int64_t seconds = (ms + 999) / 1000;

	return seconds < INT_MAX ? (int)seconds : INT_MAX;
}

static bool fail_limit(const struct sending *sending, int64_t wait_ms, struct error *err)
{
	error_set(err, ERROR_LIMIT, "%.100s: too many calls, the ledger wants %d s of quiet",
		  sending->request->what, seconds_of(wait_ms));
	if (err) {
		err->retry_after_s = seconds_of(wait_ms);
		snprintf(err->trace_id, sizeof(err->trace_id), "%.*s",
			 (int)sizeof(err->trace_id) - 1, sending->answer->trace_id);
	}
	return false;
}

/* A place in the account's budget. Errors: CANCELLED, LIMIT when it is paused for long. */
static bool enter(struct sending *sending, struct error *err)
{
	struct http *http = sending->http;
	int64_t wait_ms;

	while (http->budget) {
		if (!budget_try(http->budget, sending->request->class, http->cancel, &wait_ms))
			return fail_cancelled(sending, err);
		if (wait_ms == 0)
			break;
		if (wait_ms > WAIT_MAX_MS)
			return fail_limit(sending, wait_ms, err);
		if (!wait_for(sending, wait_ms))
			return fail_cancelled(sending, err);
	}
	return true;
}

static void meter(struct sending *sending)
{
	struct http_meter *spent = sending->http->meter;
	const struct http_answer *answer = sending->answer;

	sending->sent_bytes += answer->sent_bytes;
	sending->received_bytes += answer->received_bytes;
	if (!spent)
		return;
	spent->calls[sending->request->class]++;
	spent->sent_bytes += answer->sent_bytes;
	spent->received_bytes += answer->received_bytes;
}

/* One line per call: no address, no header, nothing of a body. */
static void tell(const struct sending *sending, bool answered, int64_t took_ms,
		 const struct error *trouble)
{
	const struct http_request *request = sending->request;
	const struct http_answer *answer = sending->answer;

	if (answered)
		log_debug("net", "%s (%s): %d in %lld ms, %lld bytes out, %lld in, trace %s",
			  request->what, http_class_word(request->class), answer->status,
			  (long long)took_ms, (long long)answer->sent_bytes,
			  (long long)answer->received_bytes,
			  answer->trace_id[0] ? answer->trace_id : "none");
	else
		log_debug("net", "%s (%s): %s after %lld ms, %lld bytes out, %lld in%s",
			  request->what, http_class_word(request->class), trouble->text,
			  (long long)took_ms, (long long)answer->sent_bytes,
			  (long long)answer->received_bytes,
			  trouble->outcome_unknown ? ", outcome unknown" : "");
}

/* Do so many bytes in a row of what was sent stand in the text? */
static bool holds_part(const char *text, const char *sent, size_t sent_len)
{
	size_t len = strlen(text);

	for (size_t at = 0; at + ECHO_LEN <= len; at++)
		if (memmem(sent, sent_len, text + at, ECHO_LEN))
			return true;
	return false;
}

/* Trace ids are shown and kept. One that throws a secret of ours back at us is none. */
static void drop_echo(const struct http_request *request, struct http_answer *answer)
{
	const struct secret *secrets[] = { request->authorization, request->secret_body };
	bool echo = request->secret_url && holds_part(answer->trace_id, request->url, strlen(request->url));

	for (size_t i = 0; i < ARRAY_LEN(secrets); i++)
		echo = echo || (secrets[i] && holds_part(answer->trace_id, secret_reveal(secrets[i]), secret_len(secrets[i])));
	if (echo)
		answer->trace_id[0] = '\0';
}

/* Over and back, once. */
static bool carry(struct sending *sending, struct error *trouble)
{
	const struct http_request *request = sending->request;
	struct http *http = sending->http;
	int64_t start_ms = now_ms(sending);
	bool answered;

	http_answer_reset(sending->answer);
	sending->answer->body.limit = request->answer_max ? request->answer_max : ANSWER_MAX;
	error_clear(trouble);
	if (http->budget && sending->tries == 0)
		budget_earn_retry(http->budget);
	answered = http->transport.perform(http->transport.ctx, request, sending->answer,
					   http->cancel, trouble);
	drop_echo(request, sending->answer);
	if (answered && str_is_cut(&sending->answer->body))
		answered = error_set(trouble, ERROR_REMOTE, "the answer is larger than %zu bytes",
				     sending->answer->body.limit);
	if (http->budget)
		budget_leave(http->budget);
	sending->tries++;
	meter(sending);
	tell(sending, answered, now_ms(sending) - start_ms, trouble);
	return answered;
}

/* ---- what becomes of it */

/*
 * May it be sent again although it failed? Reads always. A sign-in when the ledger answered, or
 * never had it: after a lost answer a code may be used up and a token replaced. Writes never.
 */
static bool is_repeatable(const struct http_request *request, bool outcome_unknown)
{
	switch (request->class) {
	case HTTP_READ:
	case HTTP_REPORT:
		return true;
	case HTTP_SIGN_IN:
		return !outcome_unknown || strcmp(request->method, "GET") == 0;
	default:
		return false;
	}
}

/* An answer 5xx as an error. For a write it says nothing about what was done. */
static bool fail_status(const struct sending *sending, struct error *err)
{
	const struct http_answer *answer = sending->answer;

	error_set(err, ERROR_REMOTE, "the ledger answered %d%s", answer->status,
		  is_write(sending->request) ? ", and may have done it all the same" : "");
	err->outcome_unknown = is_write(sending->request);
	snprintf(err->trace_id, sizeof(err->trace_id), "%.*s", (int)sizeof(err->trace_id) - 1,
		 answer->trace_id);
	return false;
}

static enum verdict judge(const struct sending *sending, bool answered, int64_t *ret_wait_ms,
			  bool *ret_said, struct error *trouble)
{
	const struct http_request *request = sending->request;

	if (answered && throttle_read(sending->answer, ret_wait_ms, ret_said))
		return VERDICT_THROTTLED;
	if (answered && sending->answer->status < 500)
		return VERDICT_DONE;
	if (answered) {
		fail_status(sending, trouble);
		return is_repeatable(request, false) ? VERDICT_REPEAT : VERDICT_FAILED;
	}
	if (trouble->code != ERROR_NETWORK)
		return VERDICT_FAILED;
	return is_repeatable(request, trouble->outcome_unknown) ? VERDICT_REPEAT : VERDICT_FAILED;
}

/* Everybody of the account waits; so do we. Errors: LIMIT, CANCELLED. */
static bool wait_throttle(struct sending *sending, int64_t wait_ms, bool said, struct error *err)
{
	struct http *http = sending->http;

	sending->tries--;
	if (http->meter)
		http->meter->throttled++;
	if (wait_ms < JITTER_FIRST_MS)
		wait_ms = JITTER_FIRST_MS;
	if (http->budget && sending->request->class != HTTP_SIGN_IN)
		budget_throttled(http->budget, wait_ms);
	/* Where nobody said how long, not all should come back at the same moment. */
	if (!said)
		wait_ms += random_to(sending, wait_ms / 10);
	sending->throttled_ms += wait_ms;
	if (wait_ms > WAIT_MAX_MS || sending->throttled_ms > PATIENCE_MS)
		return fail_limit(sending, wait_ms, err);
	return wait_for(sending, wait_ms) || fail_cancelled(sending, err);
}

static bool may_repeat(const struct sending *sending)
{
	const struct http *http = sending->http;
	int most = http->read_tries > 0 ? http->read_tries : READ_TRIES;
	int64_t calls = 0;

	if (sending->tries >= most)
		return false;
	if (http->budget)
		return budget_spend_retry(http->budget);
	if (!http->meter)
		return true;
	for (int i = 0; i < HTTP_CLASS_COUNT; i++)
		calls += http->meter->calls[i];
	return http->meter->retries < RETRIES_ALONE + (calls - http->meter->retries) / 10;
}

/* Full jitter: anywhere between nothing and a bound that grows with each try. */
static int64_t repeat_wait(const struct sending *sending)
{
	int64_t most_ms = JITTER_FIRST_MS, wait_ms;
	int64_t asked_ms = sending->answer->retry_after_ms;

	for (int i = 1; i < sending->tries && most_ms < JITTER_MAX_MS; i++)
		most_ms *= 2;
	wait_ms = random_to(sending, most_ms < JITTER_MAX_MS ? most_ms : JITTER_MAX_MS);
	/* A ledger under repair may say when to come back. */
	return asked_ms > wait_ms ? asked_ms : wait_ms;
}

/* The end: who was asked for what goes before the words. */
static bool fail(const struct sending *sending, const struct error *trouble, struct error *err)
{
	int64_t asked_ms = sending->answer->retry_after_ms;

	if (!err)
		return false;
	*err = *trouble;
	error_prefix(err, "%.100s", sending->request->what);
	/* Repeating what changes nothing does no harm, whatever became of it. */
	if (sending->request->class == HTTP_READ || sending->request->class == HTTP_REPORT)
		err->outcome_unknown = false;
	if (err->retry_after_s < 0 && is_repeatable(sending->request, err->outcome_unknown) &&
	    (err->code == ERROR_NETWORK || sending->answer->status >= 500))
		err->retry_after_s =
			asked_ms > RETRY_AFTER_S * 1000 ? seconds_of(asked_ms) : RETRY_AFTER_S;
	return false;
}

static bool repeat(struct sending *sending, const struct error *trouble, struct error *err)
{
	int64_t wait_ms;

	if (!may_repeat(sending))
		return fail(sending, trouble, err);
	wait_ms = repeat_wait(sending);
	if (wait_ms > WAIT_MAX_MS)
		return fail(sending, trouble, err);
	if (sending->http->meter)
		sending->http->meter->retries++;
	return wait_for(sending, wait_ms) || fail_cancelled(sending, err);
}

static bool send_until_done(struct sending *sending, struct error *err)
{
	for (;;) {
		struct error trouble = { 0 };
		int64_t wait_ms = 0;
		bool answered, said = false;

		if (!enter(sending, err))
			return false;
		answered = carry(sending, &trouble);
		switch (judge(sending, answered, &wait_ms, &said, &trouble)) {
		case VERDICT_DONE:
			return true;
		case VERDICT_THROTTLED:
			if (!wait_throttle(sending, wait_ms, said, err))
				return false;
			break;
		case VERDICT_REPEAT:
			if (!repeat(sending, &trouble, err))
				return false;
			break;
		case VERDICT_FAILED:
			return fail(sending, &trouble, err);
		}
	}
}

bool http_send(struct http *http, const struct http_request *request, struct http_answer *answer,
	       struct error *err)
{
	struct sending sending = { .http = http, .request = request, .answer = answer };
	bool done;

	/* Tokens leave no trace in memory that others use; pages are large, and their memory is worth keeping. */
	if (request->class == HTTP_SIGN_IN)
		http_answer_clear(answer);
	sending.started_ms = now_ms(&sending);
	done = send_until_done(&sending, err);
	answer->tries = sending.tries;
	answer->sent_bytes = sending.sent_bytes;
	answer->received_bytes = sending.received_bytes;
	answer->took_ms = now_ms(&sending) - sending.started_ms;
	return done;
}
