/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes queries: keywords as the documentation has them (ORDERBY in one word), values in single
 * quotes, times with an offset that has no "+" in it, inactive records always asked for.
 */
#include "query.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/memory.h"
#include "answer.h"
#include "call.h"

#define TEXT_MAX 4096
#define GET_MAX 3500 /* bytes of the text when percent-encoded; 8 KB addresses are said to pass */
#define OFFSET_S                                                                                   \
	(-8 *                                                                                      \
	 3600) /* the instant is the same in any offset, but "+" is mistaken for a blank by some */
#define STATUS_URI_TOO_LONG 414

/* Years 0001 to 9999, with room for the offset. */
#define SECONDS_MIN INT64_C(-62135500000)
#define SECONDS_MAX INT64_C(253402200000)

int64_t query_from_s(int64_t from_ms)
{
	return from_ms < 0 ? INT64_MIN : from_ms / 1000;
}

int64_t query_to_s(int64_t to_ms)
{
	if (to_ms < 0)
		return 0;
	return to_ms > INT64_C(250000000000000) ? INT64_MAX : (to_ms + 999) / 1000;
}

void query_add_time(struct str *out, int64_t seconds)
{
	char text[STAMP_TEXT_MAX];

	if (seconds < SECONDS_MIN)
		seconds = SECONDS_MIN;
	if (seconds > SECONDS_MAX)
		seconds = SECONDS_MAX;
	str_addf(out, "'%s'", stamp_format(seconds * 1000, OFFSET_S, false, text));
}

/* Names of properties as queries take them: nothing that could end the query or begin another. */
static bool is_property(const char *text)
{
	if (!isalpha((unsigned char)*text))
		return false;
	for (; *text; text++)
		if (!isalnum((unsigned char)*text) && *text != '_' && *text != '.')
			return false;
	return true;
}

/* A key is one property, or two with a blank between them. */
static bool key_is_good(const char *key)
{
	size_t len = strcspn(key, " ");
	AUTO(memory_freep) char *first = memory_copy(key, len);

	return is_property(first) && (key[len] == '\0' || is_property(key + len + 1));
}

bool query_can(const struct query *query, struct error *err)
{
	const struct type *type = query->type;

	if (!is_property(type->query) || strchr(type->query, '.'))
		return error_set(err, ERROR_INPUT, "%s: '%.60s' is no name of a type of QuickBooks",
				 type->origin, type->query);
	if (query->by_time && !is_property(type->time))
		return error_set(err, ERROR_INPUT, "%s: QuickBooks can't order by '%.60s'",
				 type->origin, type->time);
	if (query->key && !key_is_good(type->key))
		return error_set(err, ERROR_INPUT, "%s: QuickBooks can't look for '%.60s'",
				 type->origin, type->key);
	if (*type->active && !is_property(type->active))
		return error_set(err, ERROR_INPUT, "%s: QuickBooks can't ask for '%.60s'",
				 type->origin, type->active);
	return true;
}

bool query_can_project(const struct type *type)
{
	return is_property(type->key) && (*type->version == '\0' || is_property(type->version)) &&
	       (*type->time == '\0' || is_property(type->time));
}

static void add_columns(const struct query *query, struct str *out)
{
	const struct type *type = query->type;

	if (query->count) {
		str_add(out, "count(*)");
	} else if (query->ids_only) {
		str_add(out, type->key);
		if (*type->version)
			str_addf(out, ", %s", type->version);
		if (*type->time)
			str_addf(out, ", %s", type->time);
	} else {
		str_add_char(out, '*');
	}
}

/* Quoted; what would end the quotes has a backslash before it. */
static void add_quoted(struct str *out, const char *text)
{
	str_add_char(out, '\'');
	for (; *text; text++) {
		if (*text == '\'' || *text == '\\')
			str_add_char(out, '\\');
		str_add_char(out, *text);
	}
	str_add_char(out, '\'');
}

static void add_condition(struct str *out, bool *has_where)
{
	str_add(out, *has_where ? " and " : " where ");
	*has_where = true;
}

/* "Code = 'EUR' and AsOfDate = '2026-01-31'" for the id "EUR:2026-01-31" of a key of two parts. */
static void add_key(const struct query *query, struct str *out, bool *has_where)
{
	const char *key = query->type->key;
	size_t key_len = strcspn(key, " ");
	size_t id_len = key[key_len] ? strcspn(query->key, ":") : strlen(query->key);
	AUTO(memory_freep) char *first = memory_copy(query->key, id_len);

	add_condition(out, has_where);
	str_add_bytes(out, key, key_len);
	str_add(out, " = ");
	add_quoted(out, first);
	if (!key[key_len])
		return;
	add_condition(out, has_where);
	str_addf(out, "%s = ", key + key_len + 1);
	add_quoted(out, query->key + id_len + (query->key[id_len] == ':'));
}

void query_add_text(const struct query *query, struct str *out)
{
	const struct type *type = query->type;
	bool has_where = false;

	str_add(out, "select ");
	add_columns(query, out);
	str_addf(out, " from %s", type->query);
	if (query->key)
		add_key(query, out, &has_where);
	if (query->by_time && query->from_s != INT64_MIN) {
		add_condition(out, &has_where);
		str_addf(out, "%s >= ", type->time);
		query_add_time(out, query->from_s);
	}
	if (query->by_time && query->to_s != INT64_MAX) {
		add_condition(out, &has_where);
		str_addf(out, "%s < ", type->time);
		query_add_time(out, query->to_s);
	}
	if (*type->active && !query->without_active) {
		add_condition(out, &has_where);
		str_addf(out, "%s in (true, false)", type->active);
	}
	if (query->by_time && !query->count)
		str_addf(out, " orderby %s", type->time);
	if (query->start > 0)
		str_addf(out, " startposition %lld", (long long)query->start);
	if (query->size > 0)
		str_addf(out, " maxresults %d", query->size);
}

static bool send_get(struct connection *connection, const char *what, const struct str *text,
		     struct http_answer *ret_answer, struct error *err)
{
	AUTO(str_clear) struct str path = STR_INIT(TEXT_MAX * 3 + 16);
	struct call call = { .what = what };

	str_add(&path, "query?query=");
	str_add_percent(&path, text->text);
	call.path = path.text;
	return call_send(connection, &call, ret_answer, err);
}

static bool send_post(struct connection *connection, const char *what, const struct str *text,
		      struct http_answer *ret_answer, struct error *err)
{
	struct call call = {
		.what = what,
		.path = "query",
		.body = text->text,
		.body_len = text->len,
		.content_type = "application/text",
	};

	return call_send(connection, &call, ret_answer, err);
}

bool query_send(struct connection *connection, const struct query *query,
		struct http_answer *ret_answer, struct error *err)
{
	AUTO(str_clear) struct str text = STR_INIT(TEXT_MAX), encoded = STR_INIT(TEXT_MAX * 3);
	char what[80];

	if (!query_can(query, err))
		return false;
	query_add_text(query, &text);
	if (str_is_cut(&text))
		return error_set(err, ERROR_INPUT, "%s: a query of more than %d bytes",
				 query->type->origin, TEXT_MAX);
	snprintf(what, sizeof(what), "%s %.60s",
		 query->count	   ? "count"
		 : query->ids_only ? "sweep"
				   : "query",
		 query->type->name);
	str_add_percent(&encoded, text.text);
	if (encoded.len <= GET_MAX) {
		if (send_get(connection, what, &text, ret_answer, err))
			return true;
		if (ret_answer->status != STATUS_URI_TOO_LONG)
			return false;
	}
	return send_post(connection, what, &text, ret_answer, err);
}

bool quickbooks_count(struct connection *connection, const struct type *type, int64_t from_ms,
		      int64_t to_ms, int64_t *ret_count, struct error *err)
{
	AUTO(http_answer_clear) struct http_answer answer = HTTP_ANSWER_INIT;
	struct query query = { .type = type, .count = true,
			       .from_s = query_from_s(from_ms), .to_s = query_to_s(to_ms) };
	struct envelope envelope;
	struct json_slice total;
	int64_t count = 0;

	query.by_time = *type->time && (query.from_s != INT64_MIN || query.to_s != INT64_MAX);
	if (!query_send(connection, &query, &answer, err))
		return false;
	answer_open(&answer, "QueryResponse", &envelope);
	total = json_find(envelope.payload.text, envelope.payload.len, "totalCount");
	if (total.kind != JSON_NUMBER || total.len > 15 || total.text[0] == '-')
		return error_set(err, ERROR_REMOTE,
				 "count %s: the ledger's answer has no totalCount", type->name);
	for (size_t i = 0; i < total.len; i++) {
		if (!isdigit((unsigned char)total.text[i]))
			return error_set(err, ERROR_REMOTE,
					 "count %s: the ledger's totalCount is no whole number",
					 type->name);
		count = count * 10 + (total.text[i] - '0');
	}
	*ret_count = count;
	return true;
}
