/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the routes of the API have in common: bodies and parameters. */
#include "quickbooks/call.h"

#include <limits.h>
#include <string.h>
#include <strings.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"

void call_bare(struct call *call)
{
	str_reset(call->out);
	call->form = CALL_BARE;
}

bool call_has_type(const struct call *call, const char *const *types)
{
	const char *type = request_header(call->request, "Content-Type");
	size_t len;

	if (!type)
		return true;
	type += strspn(type, " \t");
	len = strcspn(type, "; \t");
	if (len == 0)
		return true;
	for (; *types; types++)
		if (strlen(*types) == len && strncasecmp(*types, type, len) == 0)
			return true;
	return false;
}

bool call_includes(const struct call *call, const char *word)
{
	size_t word_len = strlen(word);

	for (size_t i = 0; i < call->request->parameter_count; i++) {
		const struct parameter *parameter = &call->request->parameters[i];

		if (strcasecmp(parameter->name, "include") != 0)
			continue;
		for (const char *at = parameter->value; *at;) {
			size_t len = strcspn(at, ",");

			if (len == word_len && strncasecmp(at, word, len) == 0)
				return true;
			at += len + (at[len] == ',');
		}
	}
	return false;
}

struct write_options call_options(const struct call *call)
{
	return (struct write_options){
		.allow_duplicate_number = call_includes(call, "allowduplicatedocnum"),
		.as_other = call->request->as_other,
	};
}

bool call_is_utf8(struct call *call)
{
	const char *text = call->request->raw->body;
	size_t len = call->request->raw->body_len, at = 0, step = 1;

	if (len == 0 || str_is_utf8(text, len))
		return true;
	/* Where the reader of the real service would stop: the first byte that fits nowhere. */
	while (at < len) {
		unsigned char c = (unsigned char)text[at];

		step = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
		if (at + step > len || !str_is_utf8(text + at, step))
			break;
		at += step;
	}
	return fault_set(&call->fault, 500, NULL,
			 "Operation com.sun.org.apache.xerces.internal.impl.io."
			 "MalformedByteSequenceException: Invalid byte 1 of %zu-byte UTF-8 "
			 "sequence. is not supported.", step);
}

bool call_json(struct call *call, json_object **ret_sent)
{
	static const char *const types[] = { "application/json", "text/json", "text/plain", NULL };
	const char *body = call->request->raw->body ? call->request->raw->body : "";
	size_t len = call->request->raw->body_len, blanks, bad_at;
	struct json_tokener *tokener;
	json_object *sent;

	for (blanks = 0; blanks < len && strchr(" \t\r\n", body[blanks]) && body[blanks]; blanks++)
		;
	if (!call_has_type(call, types))
		return fault_set(&call->fault, 1050, NULL,
				 "Invalid content type: %.200s. Only JSON is accepted.",
				 request_header(call->request, "Content-Type"));
	if (blanks < len && body[blanks] == '<')
		return fault_set(&call->fault, 1050, NULL,
				 "Invalid content type: the body is XML. Only JSON is accepted.");
	if (!call_is_utf8(call))
		return false;
	if (blanks == len || len > INT_MAX || !json_check(body, len, &bad_at))
		return fault_plain(&call->fault, 2010);
	tokener = json_tokener_new_ex(JSON_DEPTH_MAX + 1);
	if (!tokener)
		memory_fatal();
	sent = json_tokener_parse_ex(tokener, body, (int)len);
	/* A number alone may go on behind the end as far as the tokener knows. */
	json_tokener_free(tokener);
	if (!json_object_is_type(sent, json_type_object)) {
		json_object_put(sent);
		return fault_plain(&call->fault, 2010);
	}
	*ret_sent = sent;
	return true;
}
