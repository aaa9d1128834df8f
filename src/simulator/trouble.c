/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which trouble hits which call, and what it does to an answer. Troubles that act before the work
 * is done (a fault, a status, a cut, a repeated page) or write themselves are only chosen here:
 * simulator.c obeys.
 */
#include "trouble.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ledgerdeck/core/memory.h"

#include "answer.h"
#include "quickbooks/fault.h"

#define FOREVER (-1)
#define DELAY_MAX_MS 3600000
#define BYTES_MAX ((int64_t)200 << 20) /* below ANSWER_BODY_MAX */

struct troubles {
	struct trouble items[TROUBLES_MAX];
	size_t count;
	int last_id;
};

static const char *const kind_names[] = {
	[TROUBLE_FAULT] = "fault", [TROUBLE_STATUS] = "status", [TROUBLE_CUT_BEFORE] = "cut-before",
	[TROUBLE_CUT_AFTER] = "cut-after", [TROUBLE_STATUS_AFTER] = "status-after",
	[TROUBLE_CUT_BODY] = "cut-body", [TROUBLE_TRUNCATE] = "truncate",
	[TROUBLE_OVERSIZE] = "oversize", [TROUBLE_HTML] = "html",
	[TROUBLE_CONTENT_TYPE] = "content-type", [TROUBLE_GARBAGE] = "garbage",
	[TROUBLE_DELAY] = "delay", [TROUBLE_SLOW] = "slow", [TROUBLE_REPEAT] = "repeat",
	[TROUBLE_MEANWHILE] = "meanwhile",
};
_Static_assert(ARRAY_LEN(kind_names) == TROUBLE_KIND_COUNT, "a name for each kind");

struct troubles *troubles_new(void)
{
	return memory_new(sizeof(struct troubles));
}

void troubles_free(struct troubles *troubles)
{
	free(troubles);
}

void troubles_clear(struct troubles *troubles)
{
	troubles->count = 0;
}

/* ---- which one hits */

static bool trouble_matches(const struct trouble *trouble, const struct request *request,
			    const char *realm, enum call_class call)
{
	if (trouble->left == 0)
		return false;
	if (trouble->call == -1 ? call == CALL_OAUTH : trouble->call != (int)call)
		return false;
	if (trouble->kind == TROUBLE_REPEAT && call != CALL_QUERY)
		return false;
	if (*trouble->realm && (!realm || strcmp(trouble->realm, realm) != 0))
		return false;
	if (*trouble->method && !request_is(request, trouble->method))
		return false;
	return !*trouble->path || strstr(request->path, trouble->path);
}

const struct trouble *troubles_meet(struct simulator *simulator, const struct request *request,
				    const char *realm, enum call_class call)
{
	struct troubles *troubles = simulator->troubles;

	for (size_t i = 0; i < troubles->count; i++) {
		struct trouble *trouble = &troubles->items[i];

		if (!trouble_matches(trouble, request, realm, call))
			continue;
		if (trouble->skip > 0) {
			trouble->skip--;
			continue;
		}
		if (trouble->percent < 100 &&
		    random_below(&simulator->random, 100) >= (uint64_t)trouble->percent)
			continue;
		trouble->hits++;
		if (trouble->left > 0)
			trouble->left--;
		return trouble;
	}
	return NULL;
}

/* ---- what it does */

/* In the middle of a text, so that only the bytes are wrong and not the grammar around them. */
static void body_add_garbage(struct str *body)
{
	static const char garbage[] = "\xff\xfe\xc3(";
	AUTO(str_clear) struct str made = STR_INIT(ANSWER_BODY_MAX);
	const char *text = strstr(body->text, ":\"");
	size_t at = text ? (size_t)(text - body->text) + 2 : body->len;

	str_add_bytes(&made, body->text, at);
	str_add(&made, garbage);
	str_add_bytes(&made, body->text + at, body->len - at);
	str_reset(body);
	str_add_bytes(body, made.text, made.len);
}

static void body_add_blanks(struct str *body, int64_t bytes)
{
	static const char blanks[] =
		"                                                                ";
	AUTO(str_clear) struct str made = STR_INIT(ANSWER_BODY_MAX);

	str_reserve(&made, (size_t)bytes + body->len);
	for (size_t left = (size_t)bytes; left > 0;) {
		size_t step = left < sizeof(blanks) - 1 ? left : sizeof(blanks) - 1;

		str_add_bytes(&made, blanks, step);
		left -= step;
	}
	str_add_bytes(&made, body->text, body->len);
	str_reset(body);
	str_add_bytes(body, made.text, made.len);
}

void trouble_spoil(const struct trouble *trouble, struct simulator_answer *answer)
{
	switch (trouble->kind) {
	case TROUBLE_CUT_AFTER:
		answer->ending = SIMULATOR_CUT_SILENT;
		break;
	case TROUBLE_STATUS_AFTER:
		answer_page(answer, trouble->status, NULL);
		break;
	case TROUBLE_CUT_BODY:
		answer->ending = answer->body.len > 0 ? SIMULATOR_CUT_BODY : SIMULATOR_CUT_SILENT;
		answer->cut_at = answer->body.len / 2;
		break;
	case TROUBLE_TRUNCATE:
		str_truncate(&answer->body, answer->body.len / 2);
		break;
	case TROUBLE_OVERSIZE:
		body_add_blanks(&answer->body, trouble->amount);
		break;
	case TROUBLE_HTML:
		answer_text(answer, 200, "text/html",
			    "<html><head><title>QuickBooks</title></head><body>"
			    "<p>We are doing some maintenance.</p></body></html>\n");
		break;
	case TROUBLE_CONTENT_TYPE:
		answer_header(answer, "Content-Type", trouble->text);
		break;
	case TROUBLE_GARBAGE:
		body_add_garbage(&answer->body);
		break;
	case TROUBLE_DELAY:
		answer->delay_ms += trouble->amount;
		break;
	case TROUBLE_SLOW:
		answer->bytes_per_s = trouble->amount;
		break;
	case TROUBLE_FAULT:
	case TROUBLE_STATUS:
	case TROUBLE_CUT_BEFORE:
	case TROUBLE_REPEAT:
	case TROUBLE_MEANWHILE:
	case TROUBLE_KIND_COUNT:
		break;
	}
}

void trouble_repeat(char *query)
{
	static const char word[] = "startposition";
	bool quoted = false;

	for (char *at = query; *at; at++) {
		if (*at == '\\' && at[1])
			at++;
		else if (*at == '\'')
			quoted = !quoted;
		else if (!quoted && strncasecmp(at, word, sizeof(word) - 1) == 0) {
			char *digits = at + sizeof(word) - 1;

			digits += strspn(digits, " \t\r\n");
			for (size_t i = strspn(digits, "0123456789"); i > 0; i--)
				digits[i - 1] = i == 1 ? '1' : ' ';
			return;
		}
	}
}

/* ---- from JSON */

enum member_name {
	IN_KIND,
	IN_CODE,
	IN_STATUS,
	IN_MS,
	IN_BYTES,
	IN_CONTENT_TYPE,
	IN_TARGET,
	IN_BODY,
	IN_TIMES,
	IN_PERCENT,
	IN_SKIP,
	IN_REALM,
	IN_METHOD,
	IN_PATH,
	IN_CALL,
	IN_COUNT
};

#define KIND(kind) (1u << TROUBLE_##kind)
#define ANY_KIND (~0u)

/* Numbers have bounds, texts have a longest length. */
static const struct {
	const char *name;
	unsigned kinds; /* that take it */
	int64_t least, most;
	size_t longest; /* 0: a number */
} members[] = {
	[IN_KIND] = { "kind", ANY_KIND, 0, 0, 32 },
	[IN_CODE] = { "code", KIND(FAULT), 1, 99999, 0 },
	[IN_STATUS] = { "status", KIND(STATUS) | KIND(STATUS_AFTER), 429, 504, 0 },
	[IN_MS] = { "ms", KIND(DELAY), 1, DELAY_MAX_MS, 0 },
	[IN_BYTES] = { "bytes", KIND(OVERSIZE) | KIND(SLOW), 1, BYTES_MAX, 0 },
	[IN_CONTENT_TYPE] = { "content_type", KIND(CONTENT_TYPE), 0, 0,
			      sizeof((struct trouble){ 0 }.text) - 1 },
	[IN_TARGET] = { "target", KIND(MEANWHILE), 0, 0,
			sizeof((struct trouble){ 0 }.text) - 1 },
	[IN_BODY] = { "body", KIND(MEANWHILE), 0, 0, sizeof((struct trouble){ 0 }.body) - 1 },
	[IN_TIMES] = { "times", ANY_KIND, -1, INT32_MAX, 0 },
	[IN_PERCENT] = { "percent", ANY_KIND, 1, 100, 0 },
	[IN_SKIP] = { "skip", ANY_KIND, 0, INT32_MAX, 0 },
	[IN_REALM] = { "realm", ANY_KIND, 0, 0, sizeof((struct trouble){ 0 }.realm) - 1 },
	[IN_METHOD] = { "method", ANY_KIND, 0, 0, sizeof((struct trouble){ 0 }.method) - 1 },
	[IN_PATH] = { "path", ANY_KIND, 0, 0, sizeof((struct trouble){ 0 }.path) - 1 },
	[IN_CALL] = { "call", ANY_KIND, 0, 0, 16 },
};
_Static_assert(ARRAY_LEN(members) == IN_COUNT, "a row for each member");

/* What was sent, checked by the rows above: absent members are NULL and 0. */
struct sent {
	bool given[IN_COUNT];
	const char *texts[IN_COUNT]; /* borrowed: the JSON object */
	int64_t numbers[IN_COUNT];
};

static bool sent_add(struct sent *sent, const char *name, json_object *value, struct error *err)
{
	for (size_t i = 0; i < IN_COUNT; i++) {
		if (strcmp(members[i].name, name) != 0)
			continue;
		sent->given[i] = true;
		if (members[i].longest > 0) {
			enum json_type type = i == IN_BODY ? json_type_object : json_type_string;

			sent->texts[i] = json_object_get_string(value);
			if (json_object_is_type(value, type) && *sent->texts[i] &&
			    strlen(sent->texts[i]) <= members[i].longest)
				return true;
			return error_set(err, ERROR_INPUT, "'%s' must be %s of 1 to %zu bytes", name,
					 i == IN_BODY ? "an object" : "a text", members[i].longest);
		}
		sent->numbers[i] = json_object_get_int64(value);
		if (json_object_is_type(value, json_type_int) &&
		    sent->numbers[i] >= members[i].least && sent->numbers[i] <= members[i].most)
			return true;
		return error_set(err, ERROR_INPUT, "'%s' must be a whole number from %lld to %lld",
				 name, (long long)members[i].least, (long long)members[i].most);
	}
	return error_set(err, ERROR_INPUT, "a trouble has no '%s'", name);
}

static bool sent_read(struct sent *sent, json_object *json, struct error *err)
{
	if (!json_object_is_type(json, json_type_object))
		return error_set(err, ERROR_INPUT, "a trouble must be a JSON object");
	json_object_object_foreach(json, name, value) {
		if (!sent_add(sent, name, value, err))
			return false;
	}
	return true;
}

/* The place of a text in a list of names; the error lists them all. */
static bool name_find(const char *member, const char *text, const char *const *names, size_t count,
		      int *ret_place, struct error *err)
{
	AUTO(str_clear) struct str all = STR_INIT(200);

	for (size_t i = 0; i < count; i++) {
		if (strcmp(names[i], text) == 0) {
			*ret_place = (int)i;
			return true;
		}
		str_addf(&all, "%s%s", i ? ", " : "", names[i]);
	}
	return error_set(err, ERROR_INPUT, "'%s' must be one of: %s", member, all.text);
}

static bool trouble_set_kind(struct trouble *trouble, const struct sent *sent, struct error *err)
{
	int kind = 0;

	if (!sent->given[IN_KIND])
		return error_set(err, ERROR_INPUT, "a trouble needs a 'kind'");
	if (!name_find("kind", sent->texts[IN_KIND], kind_names, TROUBLE_KIND_COUNT, &kind, err))
		return false;
	trouble->kind = (enum trouble_kind)kind;
	for (size_t i = 0; i < IN_COUNT; i++) {
		bool own = members[i].kinds != ANY_KIND;
		bool taken = members[i].kinds & 1u << kind;

		if (sent->given[i] && !taken)
			return error_set(err, ERROR_INPUT, "kind '%s' takes no '%s'",
					 kind_names[kind], members[i].name);
		if (own && taken && !sent->given[i] && i != IN_STATUS)
			return error_set(err, ERROR_INPUT, "kind '%s' needs '%s'", kind_names[kind],
					 members[i].name);
	}
	return true;
}

/* Texts were checked for their length by the rows. */
static void text_copy(char *out, const char *text)
{
	if (text)
		memcpy(out, text, strlen(text) + 1);
}

static bool trouble_set_call(struct trouble *trouble, const struct sent *sent, struct error *err)
{
	const char *names[CALL_CLASS_COUNT];

	trouble->call = -1;
	if (!sent->given[IN_CALL])
		return true;
	for (size_t i = 0; i < CALL_CLASS_COUNT; i++)
		names[i] = limiter_class_name((enum call_class)i);
	if (!name_find("call", sent->texts[IN_CALL], names, CALL_CLASS_COUNT, &trouble->call, err))
		return false;
	if (trouble->kind == TROUBLE_REPEAT && trouble->call != CALL_QUERY)
		return error_set(err, ERROR_INPUT, "kind 'repeat' is for 'call' \"query\" only");
	return true;
}

static bool trouble_fill(struct trouble *trouble, const struct sent *sent, struct error *err)
{
	if (!trouble_set_kind(trouble, sent, err) || !trouble_set_call(trouble, sent, err))
		return false;
	trouble->code = (int)sent->numbers[IN_CODE];
	if (sent->given[IN_CODE] && !fault_known(trouble->code))
		return error_set(err, ERROR_INPUT, "there is no fault %d", trouble->code);
	trouble->status = sent->given[IN_STATUS] ? (int)sent->numbers[IN_STATUS] : 503;
	if (trouble->status == 501 || (trouble->status > 429 && trouble->status < 500))
		return error_set(err, ERROR_INPUT, "'status' must be 429, 500, 502, 503 or 504");
	trouble->percent = sent->given[IN_PERCENT] ? (int)sent->numbers[IN_PERCENT] : 100;
	trouble->left = sent->given[IN_PERCENT] ? FOREVER : 1;
	if (sent->given[IN_TIMES])
		trouble->left = sent->numbers[IN_TIMES];
	if (trouble->left == 0)
		return error_set(err, ERROR_INPUT, "'times' must be at least 1, or -1 for no end");
	trouble->amount = sent->given[IN_MS] ? sent->numbers[IN_MS] : sent->numbers[IN_BYTES];
	trouble->skip = sent->numbers[IN_SKIP];
	text_copy(trouble->text, sent->texts[IN_CONTENT_TYPE]);
	text_copy(trouble->text, sent->texts[IN_TARGET]);
	text_copy(trouble->body, sent->texts[IN_BODY]);
	text_copy(trouble->realm, sent->texts[IN_REALM]);
	text_copy(trouble->method, sent->texts[IN_METHOD]);
	text_copy(trouble->path, sent->texts[IN_PATH]);
	return true;
}

/* A place for one more: a free one, or that of the oldest that is used up. NULL: all are in use. */
static struct trouble *troubles_place(struct troubles *troubles)
{
	if (troubles->count < TROUBLES_MAX)
		return &troubles->items[troubles->count++];
	for (size_t i = 0; i < troubles->count; i++) {
		if (troubles->items[i].left != 0)
			continue;
		memmove(&troubles->items[i], &troubles->items[i + 1],
			(troubles->count - i - 1) * sizeof(troubles->items[0]));
		return &troubles->items[troubles->count - 1];
	}
	return NULL;
}

bool troubles_add(struct troubles *troubles, json_object *json, int *ret_id, struct error *err)
{
	struct trouble made = { 0 };
	struct sent sent = { 0 };
	struct trouble *place;

	if (!sent_read(&sent, json, err) || !trouble_fill(&made, &sent, err))
		return false;
	place = troubles_place(troubles);
	if (!place)
		return error_set(err, ERROR_INPUT,
				 "there are %d troubles already, delete them first", TROUBLES_MAX);
	made.id = ++troubles->last_id;
	*place = made;
	*ret_id = made.id;
	return true;
}

/* ---- to JSON */

static void text_add_json(struct str *out, const char *name, const char *text)
{
	if (!*text)
		return;
	str_addf(out, ", \"%s\": ", name);
	str_add_json(out, text, strlen(text));
}

static void number_add_json(struct str *out, enum member_name name, const struct trouble *trouble,
			    int64_t number)
{
	if (members[name].kinds & 1u << trouble->kind)
		str_addf(out, ", \"%s\": %lld", members[name].name, (long long)number);
}

void troubles_add_json(const struct troubles *troubles, struct str *out)
{
	str_add_char(out, '[');
	for (size_t i = 0; i < troubles->count; i++) {
		const struct trouble *trouble = &troubles->items[i];

		str_addf(out, "%s\n  {\"id\": %d, \"kind\": \"%s\"", i ? "," : "", trouble->id,
			 kind_names[trouble->kind]);
		number_add_json(out, IN_CODE, trouble, trouble->code);
		number_add_json(out, IN_STATUS, trouble, trouble->status);
		number_add_json(out, IN_MS, trouble, trouble->amount);
		number_add_json(out, IN_BYTES, trouble, trouble->amount);
		text_add_json(out, trouble->kind == TROUBLE_MEANWHILE ? "target" : "content_type",
			      trouble->text);
		if (*trouble->body)
			str_addf(out, ", \"body\": %s", trouble->body);
		text_add_json(out, "realm", trouble->realm);
		text_add_json(out, "method", trouble->method);
		text_add_json(out, "path", trouble->path);
		if (trouble->call >= 0)
			text_add_json(out, "call",
				      limiter_class_name((enum call_class)trouble->call));
		str_addf(out, ", \"percent\": %d, \"skip\": %lld, \"times\": %lld, \"hits\": %lld}",
			 trouble->percent, (long long)trouble->skip, (long long)trouble->left,
			 (long long)trouble->hits);
	}
	str_add(out, troubles->count > 0 ? "\n]" : "]");
}
