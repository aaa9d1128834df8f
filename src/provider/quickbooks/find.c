/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Looking for one record. The ledger says of a deleted or unknown one that it is not found (610);
 * whatever else it says, nothing is known.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "answer.h"
#include "call.h"
#include "parts.h"
#include "query.h"
#include "read.h"

#define NOT_FOUND "610"
#define PATH_MAX_BYTES 600

/* Its part of an address: "invoice", or what its row says. */
static void add_segment(struct str *path, const struct type *type)
{
	const char *text;
	size_t len;

	if (type_extra(type, "path", &text, &len)) {
		str_add_bytes(path, text, len);
		return;
	}
	for (text = type->query; *text; text++)
		str_add_char(path, (char)tolower((unsigned char)*text));
}

static void add_path(struct str *path, const struct connection *connection, const struct type *type,
		     const char *id)
{
	add_segment(path, type);
	/* The company's own record is addressed by the company, the preferences by nothing. */
	if (strcmp(type->query, "CompanyInfo") == 0)
		id = connection->realm;
	if (strcmp(type->query, "Preferences") == 0)
		return;
	str_add_char(path, '/');
	str_add_percent(path, id);
}

/* {"Invoice":{..},"time":".."}: the record, or a stub that says that it was deleted. */
static enum found take(const struct type *type, struct http_answer *answer, struct page *page,
		       struct error *err)
{
	struct envelope envelope;
	struct json_slice record, status;

	answer_open(answer, NULL, &envelope);
	record = envelope.payload;
	if (record.kind != JSON_OBJECT) {
		error_set(err, ERROR_REMOTE, "read %s: the ledger's answer has no record in it",
			  type->name);
		return UNKNOWN_FOUND;
	}
	status = json_find(record.text, record.len, "status");
	page_add(page, record);
	page_take(page, answer, envelope.ledger_ms);
	read_mask(type, page);
	if (!json_equals(status, "Deleted"))
		return FOUND;
	page_clear(page);
	return ABSENT;
}

/*
 * A type whose records have no Id has no addresses for them: a query finds one, or leaves it
 * unknown.
 */
static enum found find_by_query(struct connection *connection, const struct type *type,
				const char *id, struct page *page, struct error *err)
{
	AUTO(http_answer_clear) struct http_answer answer = HTTP_ANSWER_INIT;
	struct query query = { .type = type, .key = id };

	if (!query_send(connection, &query, &answer, err) || !read_fill(type, &answer, page, err))
		return UNKNOWN_FOUND;
	if (page->count > 0)
		return FOUND;
	error_set(err, ERROR_REMOTE, "read %s: the ledger shows none with this %s", type->name,
		  type->key);
	return UNKNOWN_FOUND;
}

enum found quickbooks_find(struct connection *connection, const struct type *type, const char *id,
			   struct page *page, struct error *err)
{
	AUTO(http_answer_clear) struct http_answer answer = HTTP_ANSWER_INIT;
	AUTO(str_clear) struct str path = STR_INIT(PATH_MAX_BYTES);
	struct query query = { .type = type };
	struct error error = { 0 };
	char what[80];

	page_clear(page);
	if (!query_can(&query, err))
		return UNKNOWN_FOUND;
	if (strcmp(type->key, "Id") != 0 && strncmp(type->key, "*.", 2) != 0)
		return find_by_query(connection, type, id, page, err);
	add_path(&path, connection, type, id);
	snprintf(what, sizeof(what), "read %.60s", type->name);
	if (call_send(connection, &(struct call){ .what = what, .path = path.text }, &answer,
		      &error))
		return take(type, &answer, page, err);
	/*
	 * Only the service's own word counts, not one that came with trouble of the token, the
	 * gateway or the service.
	 */
	if (answer.status < 500 && error.code == ERROR_CONFLICT &&
	    strcmp(error.ledger_code, NOT_FOUND) == 0)
		return ABSENT;
	if (err)
		*err = error;
	return UNKNOWN_FOUND;
}
