/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Recognises refusals for want of room: status 429; QuickBooks' fault 3001, which came with status
 * 403 in its time, in XML, JSON or a gateway's shape; Xledger's GraphQL errors, which come with
 * status 200.
 * None of these requests was carried out, so writes may be sent again as well.
 */
#include "throttle.h"

#include <string.h>

#include <json-c/json.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/memory.h"

#define WAIT_MS (INT64_C(60) * 1000)
#define FAULT_BYTES 4096		 /* a fault's code stands near its beginning */
#define GRAPHQL_BYTES ((size_t)64 << 10) /* an answer that is refused is small */

/* What Xledger's clients wait when it names no time. */
static const struct graphql_code {
	const char *name;
	int64_t wait_ms;
} graphql_codes[] = {
	{ "BAD_REQUEST.BURST_RATE_LIMIT_REACHED", INT64_C(5) * 1000 },
	{ "BAD_REQUEST.CONCURRENCY_LIMIT_REACHED", INT64_C(1) * 1000 },
	{ "BAD_REQUEST.INSUFFICIENT_CREDITS", INT64_C(20) * 60 * 1000 },
};

static void json_freep(struct json_object **json)
{
	json_object_put(*json);
	*json = NULL;
}

static bool contains(const char *text, size_t len, const char *part)
{
	return memmem(text, len, part, strlen(part)) != NULL;
}

/* QuickBooks: "ThrottleExceeded", in all the shapes that a fault has. */
static bool is_fault(const struct http_answer *answer)
{
	size_t len = answer->body.len < FAULT_BYTES ? answer->body.len : FAULT_BYTES;

	return answer->status >= 400 && (contains(answer->body.text, len, "ThrottleExceeded") ||
					 contains(answer->body.text, len, "errorCode=003001") ||
					 contains(answer->body.text, len, "code=\"3001\"") ||
					 contains(answer->body.text, len, "\"code\":\"3001\"") ||
					 contains(answer->body.text, len, "\"code\": \"3001\""));
}

/* Did any of the roots that were asked for come to something? */
static bool has_data(const struct json_object *root)
{
	struct json_object *data = NULL;

	if (!json_object_object_get_ex(root, "data", &data) ||
	    !json_object_is_type(data, json_type_object))
		return data != NULL;
	json_object_object_foreach(data, name, value)
	{
		(void)name;
		if (value)
			return true;
	}
	return false;
}

static const struct graphql_code *find_code(const struct json_object *error)
{
	struct json_object *code = NULL, *extensions = NULL;

	if (!json_object_object_get_ex(error, "code", &code) &&
	    json_object_object_get_ex(error, "extensions", &extensions))
		json_object_object_get_ex(extensions, "code", &code);
	if (!json_object_is_type(code, json_type_string))
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(graphql_codes); i++) {
		if (strcmp(json_object_get_string(code), graphql_codes[i].name) == 0)
			return &graphql_codes[i];
	}
	return NULL;
}

/* extensions.resetAt, when credits are there again; else what is usual for the code. */
static int64_t graphql_wait(const struct http_answer *answer, const struct json_object *error,
			    const struct graphql_code *code)
{
	struct json_object *extensions = NULL, *reset = NULL;
	int64_t at_ms;
	bool has_offset;

	if (answer->date_ms < 0 || !json_object_object_get_ex(error, "extensions", &extensions) ||
	    !json_object_object_get_ex(extensions, "resetAt", &reset) ||
	    !json_object_is_type(reset, json_type_string) ||
	    !stamp_parse(json_object_get_string(reset), (size_t)json_object_get_string_len(reset),
			 &at_ms, &has_offset))
		return code->wait_ms;
	/* Its times are those of Central Europe; whether this one is, too, no source says. One that is over is no answer. */
	if (!has_offset)
		at_ms = central_european_to_utc(at_ms);
	return at_ms > answer->date_ms ? at_ms - answer->date_ms : code->wait_ms;
}

/* All of it refused, and one of the reasons is a limit: then the longest wait. */
static bool read_graphql(const struct http_answer *answer, int64_t *ret_wait_ms)
{
	AUTO(json_freep) struct json_object *root = NULL;
	struct json_object *errors = NULL;
	int64_t wait_ms = -1;

	if (answer->body.len > GRAPHQL_BYTES ||
	    !contains(answer->body.text, answer->body.len, "BAD_REQUEST."))
		return false;
	root = json_tokener_parse(answer->body.text);
	if (!json_object_is_type(root, json_type_object) || has_data(root) ||
	    !json_object_object_get_ex(root, "errors", &errors) ||
	    !json_object_is_type(errors, json_type_array))
		return false;
	for (size_t i = 0; i < json_object_array_length(errors); i++) {
		const struct json_object *error = json_object_array_get_idx(errors, i);
		const struct graphql_code *code =
			json_object_is_type(error, json_type_object) ? find_code(error) : NULL;
		int64_t ms = code ? graphql_wait(answer, error, code) : -1;

		if (ms > wait_ms)
			wait_ms = ms;
	}
	*ret_wait_ms = wait_ms;
	return wait_ms >= 0;
}

bool throttle_read(const struct http_answer *answer, int64_t *ret_wait_ms, bool *ret_said)
{
	int64_t wait_ms = WAIT_MS;
	bool said = false;

	if ((answer->status == 200 || answer->status == 400 || answer->status == 429) &&
	    read_graphql(answer, &wait_ms))
		said = true;
	else if (answer->status != 429 && !is_fault(answer))
		return false;
	if (answer->retry_after_ms >= 0) {
		wait_ms = answer->retry_after_ms;
		said = true;
	}
	*ret_wait_ms = wait_ms;
	*ret_said = said;
	return true;
}
