/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the ledger has said, for people: made harmless, and for the log in full. Of data only its faults are kept, since the
 * rest may be somebody's books; of what is no data, all that came.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/text.h"

#define TOKEN_LEN 48 /* letters and digits in a row that could be a token */

/* ---- made harmless ---- */

static bool is_token_letter(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '_' || c == '.' || c == '/' ||
	       c == '+' || c == '=';
}

/* How long a run of letters that may be a token starts here. */
static size_t token_len(const char *text)
{
	size_t len = 0;

	while (text[len] && is_token_letter(text[len]))
		len++;
	return len;
}

void answer_add_harmless(struct str *out, const char *text, const char *realm)
{
	AUTO(str_clear) struct str clean = STR_INIT(STR_NO_LIMIT);
	size_t realm_len = realm ? strlen(realm) : 0;

	while (*text) {
		size_t token = token_len(text);

		if (realm_len > 0 && strncmp(text, realm, realm_len) == 0) {
			str_add(&clean, "..");
			text += realm_len;
		} else if (token >= TOKEN_LEN && strcspn(text, "0123456789") < token) {
			str_add(&clean, "..");
			text += token;
		} else {
			str_add_char(&clean, *text++);
		}
	}
	text_add_line(out, TEXT_FULL, clean.text, clean.len);
}

bool answer_hides_detail(const struct fault *fault)
{
	return strncmp(fault->message, "message=", 8) == 0 || strcmp(fault->code, "5010") == 0;
}

/* ---- in full ---- */

/* Its line breaks stay. */
static void add_lines(struct str *out, const char *text, const char *realm)
{
	while (*text) {
		size_t len = strcspn(text, "\r\n");
		AUTO(memory_freep) char *line = memory_copy(text, len);

		if (strspn(line, " \t") < len) {
			if (out->len > 0)
				str_add_char(out, '\n');
			answer_add_harmless(out, line, realm);
		}
		text += len;
		text += strspn(text, "\r\n");
	}
}

static void add_member(struct str *out, struct json_slice error, const char *upper, const char *lower, const char *label, const char *realm)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT), line = STR_INIT(STR_NO_LIMIT);
	struct json_slice value = json_find(error.text, error.len, upper);

	if (value.kind == JSON_NONE)
		value = json_find(error.text, error.len, lower);
	if (value.kind == JSON_STRING)
		json_unquote(value, &text);
	else if (value.kind == JSON_NUMBER)
		str_add_bytes(&text, value.text, value.len);
	if (text.len == 0)
		return;
	str_addf(&line, "%s%s", label, text.text);
	add_lines(out, line.text, realm);
}

static void add_error(struct str *out, struct json_slice error, const char *realm)
{
	add_member(out, error, "Message", "message", "", realm);
	add_member(out, error, "Detail", "detail", "", realm);
	add_member(out, error, "Code", "code", "code ", realm);
	add_member(out, error, "Element", "element", "element ", realm);
}

/* All errors of the fault, of which the first one decided. */
static bool add_faults(struct str *out, struct json_slice body, const char *realm)
{
	static const char *const names[][2] = { { "Fault", "Error" }, { "fault", "error" } };
	struct json_slice errors = { 0 }, each;

	for (size_t i = 0; i < ARRAY_LEN(names) && errors.kind == JSON_NONE; i++) {
		struct json_slice fault = json_find(body.text, body.len, names[i][0]);

		if (fault.kind == JSON_OBJECT)
			errors = json_find(fault.text, fault.len, names[i][1]);
	}
	if (errors.kind == JSON_OBJECT)
		add_error(out, errors, realm);
	for (size_t at = 0; errors.kind == JSON_ARRAY && json_each(errors, &at, NULL, &each);)
		add_error(out, each, realm);
	return errors.kind != JSON_NONE;
}

void answer_keep_words(const struct http_answer *answer, const struct fault *fault, const struct asker *asker)
{
	struct json_slice body = { .text = answer->body.text, .len = answer->body.len, .kind = JSON_OBJECT };
	struct str *said = asker->said;

	if (!said)
		return;
	str_reset(said);
	if (answer_hides_detail(fault)) {
		answer_add_harmless(said, fault->message, asker->realm);
		return;
	}
	if (json_check(body.text, body.len, NULL)) {
		if (add_faults(said, body, asker->realm))
			return;
	} else if (answer->status >= 400 || *(body.text + strspn(body.text, " \t\r\n")) == '<') {
		add_lines(said, body.text, asker->realm);
		return;
	}
	/* A fault within a list of changes. */
	add_lines(said, fault->message, asker->realm);
	add_lines(said, fault->detail, asker->realm);
}
