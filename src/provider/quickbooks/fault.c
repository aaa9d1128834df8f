/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds a fault in a body of unknown form. Well-formed JSON is read as such; XML, and JSON that was
 * cut, are searched for the few words that matter, since half a fault still says what to do.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "answer.h"

#define SEARCHED_MAX ((size_t)64 << 10) /* faults stand at the start */

/* Leading zeros go, as in "003200"; what is no number is no code. */
static void set_code(struct fault *fault, const char *text, size_t len)
{
	while (len > 1 && *text == '0') {
		text++;
		len--;
	}
	if (len == 0 || len >= sizeof(fault->code))
		return;
	for (size_t i = 0; i < len; i++)
		if (!isdigit((unsigned char)text[i]))
			return;
	memcpy(fault->code, text, len);
	fault->code[len] = '\0';
}

/*
 * As much as fits; a character that is cut by that is error_set()'s and text_add_line()'s to
 * mend.
 */
static void set_text(char *out, size_t size, const char *text, size_t len)
{
	len = strnlen(text, len);
	if (len >= size)
		len = size - 1;
	memcpy(out, text, len);
	out[len] = '\0';
}

/* "errorCode=003001" inside the gateway's message, where the code itself was not said. */
static void code_from_message(struct fault *fault)
{
	const char *at = strstr(fault->message, "errorCode=");

	if (at && *fault->code == '\0')
		set_code(fault, at + 10, strspn(at + 10, "0123456789"));
}

/* ---- JSON ---- */

static void take_member(struct fault *fault, struct json_slice name, struct json_slice value)
{
	const struct {
		const char *upper, *lower;
		char *out;
		size_t size;
	} members[] = {
		{ "Message", "message", fault->message, sizeof(fault->message) },
		{ "Detail", "detail", fault->detail, sizeof(fault->detail) },
		{ "Element", "element", fault->element, sizeof(fault->element) },
		{ "Code", "code", NULL, 0 },
	};
	AUTO(str_clear) struct str text = STR_INIT(4000);

	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		if (!json_equals(name, members[i].upper) && !json_equals(name, members[i].lower))
			continue;
		if (value.kind == JSON_NUMBER)
			str_add_bytes(&text, value.text, value.len);
		else
			json_unquote(value, &text);
		if (members[i].out)
			set_text(members[i].out, members[i].size, text.text, text.len);
		else
			set_code(fault, text.text, text.len);
	}
}

/* {"Error":[{..}],"type":".."} in either letter case; the first error counts. */
static void take_fault(struct fault *fault, struct json_slice object)
{
	struct json_slice name, value, member, text;

	for (size_t at = 0; json_each(object, &at, &name, &value);) {
		size_t first = 0, inside = 0;
		struct json_slice item;

		if (value.kind == JSON_STRING &&
		    (json_equals(name, "type") || json_equals(name, "Type")))
			set_text(fault->type, sizeof(fault->type), value.text + 1, value.len - 2);
		if (!json_equals(name, "Error") && !json_equals(name, "error"))
			continue;
		if (value.kind == JSON_ARRAY && !json_each(value, &first, NULL, &item))
			continue;
		if (value.kind == JSON_ARRAY)
			value = item;
		while (json_each(value, &inside, &member, &text))
			take_member(fault, member, text);
	}
	code_from_message(fault);
}

bool fault_in(struct json_slice object, struct fault *ret_fault)
{
	struct json_slice name, value;

	for (size_t at = 0; json_each(object, &at, &name, &value);) {
		if (value.kind != JSON_OBJECT ||
		    (!json_equals(name, "Fault") && !json_equals(name, "fault")))
			continue;
		*ret_fault = (struct fault){ 0 };
		take_fault(ret_fault, value);
		return true;
	}
	return false;
}

/* ---- texts that are no JSON ---- */

struct part {
	const char *at, *end;
};

static const char *find(struct part in, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = in.at; (size_t)(in.end - at) >= len; at++) {
		at = memchr(at, *word, (size_t)(in.end - at));
		if (!at || (size_t)(in.end - at) < len)
			return NULL;
		if (memcmp(at, word, len) == 0)
			return at;
	}
	return NULL;
}

/*
 * The inside of the first <name ..> or <x:name ..>: `ret_head` its attributes, `ret_inside` all
 * behind it.
 */
static bool find_tag(struct part in, const char *name, struct part *ret_head,
		     struct part *ret_inside)
{
	size_t len = strlen(name);

	for (const char *at; (at = find(in, name)) != NULL; in.at = at + len) {
		const char *behind = at + len, *close;

		if (at == in.at || (at[-1] != '<' && at[-1] != ':') || behind == in.end ||
		    (*behind != '>' && !isspace((unsigned char)*behind)))
			continue;
		close = memchr(behind, '>', (size_t)(in.end - behind));
		*ret_head = (struct part){ behind, close ? close : in.end };
		*ret_inside = (struct part){ close ? close + 1 : in.end, in.end };
		return true;
	}
	return false;
}

static void unescape_xml(struct part in, struct str *out)
{
	static const struct {
		const char *name;
		char c;
	} entities[] = {
		{ "&lt;", '<' },   { "&gt;", '>' },    { "&amp;", '&' },
		{ "&quot;", '"' }, { "&apos;", '\'' },
	};

	while (in.at < in.end) {
		size_t i = 0, len = 0;

		for (; i < ARRAY_LEN(entities) && len == 0; i++)
			if ((size_t)(in.end - in.at) >= strlen(entities[i].name) &&
			    memcmp(in.at, entities[i].name, strlen(entities[i].name)) == 0)
				len = strlen(entities[i].name);
		str_add_char(out, len ? entities[i - 1].c : *in.at);
		in.at += len ? len : 1;
	}
}

/* The text of an element up to its end, or to the end of what there is. */
static void take_element(struct part in, const char *name, char *out, size_t size)
{
	AUTO(str_clear) struct str text = STR_INIT(2000);
	struct part head, inside;
	const char *end;

	if (!find_tag(in, name, &head, &inside))
		return;
	end = memchr(inside.at, '<', (size_t)(inside.end - inside.at));
	unescape_xml((struct part){ inside.at, end ? end : inside.end }, &text);
	set_text(out, size, text.text, text.len);
}

/* name="value" among a tag's attributes. */
static struct part find_attribute(struct part head, const char *name)
{
	AUTO(str_clear) struct str pattern = STR_INIT(40);
	struct part value = { 0 };
	const char *at, *end;

	str_addf(&pattern, " %s=\"", name);
	at = find(head, pattern.text);
	if (!at)
		return value;
	at += pattern.len;
	end = memchr(at, '"', (size_t)(head.end - at));
	return (struct part){ at, end ? end : head.end };
}

static bool take_xml(struct part body, struct fault *fault)
{
	struct part head, inside, value;

	if (!find_tag(body, "Fault", &head, &inside))
		return false;
	value = find_attribute(head, "type");
	if (value.at)
		set_text(fault->type, sizeof(fault->type), value.at,
			 (size_t)(value.end - value.at));
	if (!find_tag(inside, "Error", &head, &inside))
		return true;
	value = find_attribute(head, "code");
	if (value.at)
		set_code(fault, value.at, (size_t)(value.end - value.at));
	value = find_attribute(head, "element");
	if (value.at)
		set_text(fault->element, sizeof(fault->element), value.at,
			 (size_t)(value.end - value.at));
	take_element(inside, "Message", fault->message, sizeof(fault->message));
	take_element(inside, "Detail", fault->detail, sizeof(fault->detail));
	code_from_message(fault);
	return true;
}

/* The text behind "name": in JSON that breaks off somewhere. */
static void take_loose(struct part in, const char *name, char *out, size_t size)
{
	AUTO(str_clear) struct str pattern = STR_INIT(40), text = STR_INIT(4000);
	const char *at, *end;

	str_addf(&pattern, "\"%s\"", name);
	at = find(in, pattern.text);
	if (!at)
		return;
	at += pattern.len;
	while (at < in.end && (isspace((unsigned char)*at) || *at == ':'))
		at++;
	if (at == in.end || *at != '"')
		return;
	for (end = at + 1; end < in.end && *end != '"'; end++)
		if (*end == '\\' && end + 1 < in.end)
			end++;
	if (end < in.end)
		json_unquote((struct json_slice){ .text = at, .len = (size_t)(end + 1 - at), .kind = JSON_STRING }, &text);
	else
		str_add_bytes(&text, at + 1, (size_t)(in.end - at - 1));
	set_text(out, size, text.text, text.len);
}

static bool take_cut_json(struct part body, struct fault *fault)
{
	char code[24] = "";
	const char *at = find(body, "\"Fault\"");
	bool gateway = !at;

	if (gateway)
		at = find(body, "\"fault\"");
	if (!at)
		return false;
	body.at = at;
	take_loose(body, gateway ? "message" : "Message", fault->message, sizeof(fault->message));
	take_loose(body, gateway ? "detail" : "Detail", fault->detail, sizeof(fault->detail));
	take_loose(body, "code", code, sizeof(code));
	take_loose(body, "type", fault->type, sizeof(fault->type));
	set_code(fault, code, strlen(code));
	code_from_message(fault);
	return true;
}

bool fault_find(const char *body, size_t len, struct fault *ret_fault)
{
	struct part part = { body, body + (len < SEARCHED_MAX ? len : SEARCHED_MAX) };
	struct json_slice object = { .text = body, .len = len, .kind = JSON_OBJECT };
	struct fault fault = { 0 };

	if (json_check(body, len, NULL)) {
		if (body[strspn(body, " \t\r\n")] != '{')
			return false;
		return fault_in(object, ret_fault);
	}
	if (!take_xml(part, &fault) && !take_cut_json(part, &fault))
		return false;
	*ret_fault = fault;
	return true;
}
