/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fetches pages of records: behind a cursor, as many as the ledger can bear. One that took it too long is asked for again by
 * halves, and the size goes on in the position. What no source says stays possible: no edges instead of an empty list, a
 * record on two pages, a next page that is promised and does not come.
 */
#include "read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/log.h"
#include "ledgerdeck/core/memory.h"
#include "graphql.h"
#include "document.h"
#include "xledger.h"

#define PAGE_USUAL 1000
#define PAGE_LEAST 10

/* ---- a connection in an answer ---- */

bool read_list(struct json_slice data, const char *alias, const char *what, struct read_list *ret_list, struct error *err)
{
	struct json_slice root = json_member(data, alias), edge;
	struct json_slice more = json_member(root, "pageInfo.hasNextPage");

	*ret_list = (struct read_list){ .edges = json_member(root, "edges") };
	if (root.kind == JSON_NULL)
		return true;
	if (root.kind != JSON_OBJECT || (ret_list->edges.kind != JSON_ARRAY && ret_list->edges.kind != JSON_NULL))
		return error_set(err, ERROR_REMOTE, "%s: the ledger's answer holds no list of records", what);
	ret_list->more = more.kind == JSON_BOOL && more.text[0] == 't';
	for (size_t at = 0; ret_list->edges.kind == JSON_ARRAY && json_each(ret_list->edges, &at, NULL, &edge);) {
		AUTO(str_clear) struct str cursor = STR_INIT(sizeof(ret_list->cursor) - 1);
		struct json_slice value = json_member(edge, "cursor");

		if (value.kind == JSON_STRING)
			json_unquote(value, &cursor);
		else if (value.kind == JSON_NUMBER)
			str_add_bytes(&cursor, value.text, value.len);
		if (str_is_cut(&cursor))
			return error_set(err, ERROR_REMOTE, "%s: a cursor of the ledger is longer than %zu bytes", what, sizeof(ret_list->cursor) - 1);
		memcpy(ret_list->cursor, cursor.text, cursor.len + 1);
		ret_list->count++;
	}
	return true;
}

void read_take(const struct read_list *list, struct page *page)
{
	struct json_slice edge;

	for (size_t at = 0; list->edges.kind == JSON_ARRAY && json_each(list->edges, &at, NULL, &edge);) {
		struct json_slice node = json_member(edge, "node");

		if (node.kind == JSON_OBJECT)
			page_add(page, node);
	}
}

/* ---- pages ---- */

struct place {
	int size;
	char cursor[256]; /* "" : at the start */
};

static int page_size(const struct connection *connection, const struct type *type)
{
	char text[16];
	long size = PAGE_USUAL;

	if (graphql_extra(type, "page", text, sizeof(text)))
		size = strtol(text, NULL, 10);
	if (connection->page_max > 0 && size > connection->page_max)
		size = connection->page_max;
	return size < PAGE_LEAST ? PAGE_LEAST : size > DOCUMENT_FIRST_MAX ? DOCUMENT_FIRST_MAX : (int)size;
}

/* "1000 CURSOR". */
static void begin(const struct connection *connection, const struct type *type, const char *position, struct place *place)
{
	char *end = NULL;
	long size = position ? strtol(position, &end, 10) : 0;

	*place = (struct place){ .size = page_size(connection, type) };
	if (!position)
		return;
	if (size < PAGE_LEAST || size > DOCUMENT_FIRST_MAX || *end != ' ' || strlen(end + 1) >= sizeof(place->cursor)) {
		/* Reading again what was read already harms nothing. */
		log_warn("provider", "%s: a place to go on from is not understood, starting over", type->name);
		return;
	}
	/* What was too much once is too much again. */
	if (size < place->size)
		place->size = (int)size;
	snprintf(place->cursor, sizeof(place->cursor), "%s", end + 1);
}

/* A page, or as much of it as the ledger can bear. */
static bool fetch(struct connection *connection, const struct type *type, struct place *place, const char *filter, bool ids_only,
		  struct http_answer *answer, struct json_slice *ret_data, struct error *err)
{
	char what[100];

	snprintf(what, sizeof(what), "%s %.80s", ids_only ? "list" : "read", type->name);
	for (;;) {
		AUTO(str_clear) struct str document = STR_INIT(STR_NO_LIMIT);
		const struct document_list list = { .alias = "r", .after = *place->cursor ? place->cursor : NULL, .filter = filter,
						    .first = place->size, .ids_only = ids_only };
		struct graphql call = { .what = what };
		struct error error = { 0 };

		str_add(&document, "query { ");
		document_add_list(&document, type, &list);
		str_add(&document, " }");
		call.document = document.text;
		if (graphql_send(connection, &call, answer, ret_data, &error))
			return true;
		if (strcmp(error.ledger_code, GRAPHQL_TIMED_OUT) != 0 || place->size / 2 < PAGE_LEAST) {
			if (err)
				*err = error;
			return false;
		}
		place->size /= 2;
		log_info("provider", "%s: a page took the ledger too long, it is asked for %d records now", type->name, place->size);
	}
}

/* Some roots are not confirmed by any source: a row may say that one that is not there is no failure. */
static bool is_missing(const struct type *type, const struct error *error)
{
	char word[8], root[100];

	snprintf(root, sizeof(root), "\"%.90s\"", type->query);
	return graphql_extra(type, "missing", word, sizeof(word)) && strcmp(word, "ok") == 0 && error->code == ERROR_INPUT &&
	       strstr(error->text, "Cannot query field") && strstr(error->text, root);
}

static bool read_page(struct connection *connection, const struct type *type, const char *filter, bool ids_only, const char *position,
		      struct page *page, struct error *err)
{
	AUTO(http_answer_clear) struct http_answer answer = HTTP_ANSWER_INIT;
	AUTO(str_clear) struct str next = STR_INIT(sizeof(((struct place *)0)->cursor) + 20);
	struct error error = { 0 };
	struct json_slice data;
	struct read_list list;
	struct place place;

	page_reset(page);
	begin(connection, type, position, &place);
	if (!fetch(connection, type, &place, filter, ids_only, &answer, &data, &error) || !read_list(data, "r", type->name, &list, &error)) {
		if (is_missing(type, &error)) {
			log_warn("provider", "%s: the ledger has no such list, so there are none of them here", type->name);
			return true;
		}
		return err ? (*err = error, false) : false;
	}
	read_take(&list, page);
	page_take(page, &answer, answer.date_ms);
	if (!list.more)
		return true;
	if (list.count == 0 || !*list.cursor) {
		log_warn("provider", "%s: the ledger promises a next page and gives no place to find it: taken for the last one", type->name);
		return true;
	}
	if (strcmp(list.cursor, place.cursor) == 0)
		return error_set(err, ERROR_REMOTE, "read %s: the ledger gives the same page again and again; nothing was lost", type->name);
	str_addf(&next, "%d %s", place.size, list.cursor);
	page->position = str_take(&next);
	return true;
}

/* "{modifiedAt_gte:\"2026-01-31T12:00:00\"}", local time there; no text: the type can't be asked so. */
static void make_filter(const struct type *type, int64_t from_ms, struct str *out)
{
	char since[8], text[STAMP_TEXT_MAX];
	int64_t hour_ms = INT64_C(3600000), local_ms;

	if (from_ms == INT64_MIN || !*type->time || strchr(type->time, '.') ||
	    (graphql_extra(type, "since", since, sizeof(since)) && strcmp(since, "no") == 0))
		return;
	local_ms = from_ms + central_european_offset_s(from_ms) * INT64_C(1000);
	/* An hour of October comes twice: what was changed in the second has the times of the first, from its start on. */
	if (central_european_offset_s(from_ms + hour_ms) < central_european_offset_s(from_ms))
		local_ms -= local_ms % hour_ms;
	stamp_format(local_ms, 0, false, text);
	str_addf(out, "{%s_gte: \"%.19s\"}", type->time, text);
}

bool xledger_read(struct connection *connection, const struct type *type, int64_t from_ms, int64_t to_ms, const char *position,
		  struct page *page, struct error *err)
{
	AUTO(str_clear) struct str filter = STR_INIT(200);

	(void)to_ms; /* what is newer than asked for does no harm */
	make_filter(type, from_ms, &filter);
	return read_page(connection, type, filter.len ? filter.text : NULL, false, position, page, err);
}

bool xledger_sweep(struct connection *connection, const struct type *type, const char *position, struct page *page, struct error *err)
{
	return read_page(connection, type, NULL, true, position, page, err);
}

/* ---- by id ---- */

static bool ask_one(struct connection *connection, const struct type *type, bool other_ids, const char *id, const char *what,
		    struct http_answer *answer, struct json_slice *ret_data, struct error *err)
{
	AUTO(str_clear) struct str document = STR_INIT(STR_NO_LIMIT), variables = STR_INIT(STR_NO_LIMIT), filter = STR_INIT(100);
	struct document_list list = { .alias = "r", .first = 2 }; /* two would tell that the filter was not obeyed */
	struct graphql call = { .what = what };
	char id_type[40];

	document_id_type(type, other_ids, id_type, sizeof(id_type));
	str_addf(&filter, "{%s_in: $ids}", type->key);
	list.filter = filter.text;
	str_addf(&document, "query($ids: [%s!]) { ", id_type);
	document_add_list(&document, type, &list);
	str_add(&document, " }");
	str_add(&variables, "{\"ids\":[");
	document_add_id(&variables, type, other_ids, id);
	str_add(&variables, "]}");
	call.document = document.text;
	call.variables = variables.text;
	return graphql_send(connection, &call, answer, ret_data, err);
}

enum found xledger_find(struct connection *connection, const struct type *type, const char *id, struct page *page, struct error *err)
{
	AUTO(http_answer_clear) struct http_answer answer = HTTP_ANSWER_INIT;
	struct error error = { 0 };
	struct json_slice data;
	struct read_list found;
	char what[100];
	bool good;

	page_reset(page);
	snprintf(what, sizeof(what), "find %.80s", type->name);
	good = ask_one(connection, type, false, id, what, &answer, &data, &error);
	if (!good && document_is_id_type(type, "ids", &error))
		good = ask_one(connection, type, true, id, what, &answer, &data, &error);
	if (!good) {
		if (err)
			*err = error;
		return UNKNOWN_FOUND;
	}
	if (!read_list(data, "r", what, &found, err))
		return UNKNOWN_FOUND;
	if (found.count > 1) {
		error_set(err, ERROR_REMOTE, "%s: the ledger answers with more records than were asked for", what);
		return UNKNOWN_FOUND;
	}
	read_take(&found, page);
	page_take(page, &answer, answer.date_ms);
	return page->count > 0 ? FOUND : ABSENT;
}
