/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fetches pages of records. What the ledger may refuse, and is not needed, is given up on the
 * way and remembered in the position: a list of columns, the word for inactive ones, the size
 * of the page.
 */
#include "read.h"

#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/log.h"
#include "ledgerdeck/core/memory.h"
#include "answer.h"
#include "call.h"
#include "walk.h"

#define TOO_MUCH "10100" /* "result set big" */
#define BODY_HUGE                                                                                  \
	((size_t)32 << 20) /* an answer that failed when it was so long failed for its length */
#define WRONG_QUERY "4001"
#define POSITION_MAX 400

/* ---- passing secrets ---- */

static void blank_member(struct page *page, struct json_slice record, const char *name)
{
	struct json_slice text = json_member(record, name);

	/* The slice points into the page's own body; a text of blanks stays a text. */
	if (text.kind == JSON_STRING && text.len > 2)
		memset(page->body.text + (text.text - page->body.text) + 1, ' ', text.len - 2);
}

void read_mask(const struct type *type, struct page *page)
{
	const char *names;
	size_t len;

	if (!type_extra(type, "mask", &names, &len))
		return;
	while (len > 0) {
		size_t part = strcspn(names, ", \t");
		AUTO(memory_freep) char *name = NULL;

		if (part > len)
			part = len;
		name = memory_copy(names, part);
		for (size_t i = 0; i < page->count && part > 0; i++)
			blank_member(page, page->records[i], name);
		part += part < len ? 1 : 0;
		names += part;
		len -= part;
	}
}

/* ---- a page ---- */

/*
 * {"QueryResponse":{"Invoice":[..],"startPosition":1,"maxResults":2}}; without the array there
 * are none.
 */
bool read_fill(const struct type *type, struct http_answer *answer, struct page *page,
	       struct error *err)
{
	struct json_slice name, value, record;
	struct envelope envelope;

	answer_open(answer, "QueryResponse", &envelope);
	if (envelope.payload.kind != JSON_OBJECT)
		return error_set(err, ERROR_REMOTE,
				 "query %s: the ledger's answer has no QueryResponse", type->name);
	for (size_t at = 0; json_each(envelope.payload, &at, &name, &value);) {
		if (value.kind != JSON_ARRAY)
			continue;
		for (size_t item = 0; json_each(value, &item, NULL, &record);)
			page_add(page, record);
		break;
	}
	page_take(page, answer, envelope.ledger_ms);
	read_mask(type, page);
	return true;
}

/* Has the list of columns brought what was asked for? */
static bool has_columns(const struct type *type, const struct page *page)
{
	for (size_t i = 0; i < page->count; i++) {
		struct json_slice record = page->records[i];

		if (json_member(record, type->key).kind == JSON_NONE ||
		    (*type->time &&
		     json_member(record, type->time).kind == JSON_NONE))
			return false;
	}
	return true;
}

/* Ask for less when the ledger refused; false when there is nothing left to give up. */
static bool give_way(struct walk *walk, const struct query *asked, const struct http_answer *answer,
		     const struct error *error)
{
	bool too_much = strcmp(error->ledger_code, TOO_MUCH) == 0 ||
			(error->code == ERROR_REMOTE && answer->body.len >= BODY_HUGE);

	if (too_much && walk->size / 2 >= WALK_SIZE_MIN) {
		walk->size /= 2;
		return true;
	}
	if (asked->ids_only && error->code == ERROR_INPUT) {
		walk->whole = true;
		return true;
	}
	if (!walk->without_active && strcmp(error->ledger_code, WRONG_QUERY) == 0 &&
	    *asked->type->active && strstr(error->text, asked->type->active) &&
	    strstr(error->text, "ropert")) {
		walk->without_active = true;
		return true;
	}
	return false;
}

static bool fetch(struct connection *connection, const struct read_plan *plan, int64_t to_s,
		  struct walk *walk, struct page *page, struct error *err)
{
	for (;;) {
		AUTO(http_answer_clear) struct http_answer answer = HTTP_ANSWER_INIT;
		struct query query = { .type = plan->type,
				       .ids_only =
					       plan->ids_only && query_can_project(plan->type) };
		struct error error = { 0 };

		call_take_room(page, &answer);
		walk_ask(walk, to_s, &query);
		if (query_send(connection, &query, &answer, &error)) {
			if (!read_fill(plan->type, &answer, page, err))
				return false;
			if (!query.ids_only || has_columns(plan->type, page))
				return true;
			walk->whole = true;
			page_reset(page);
		} else if (!give_way(walk, &query, &answer, &error)) {
			if (err)
				*err = error;
			return false;
		}
	}
}

/* Company info and preferences: no order, no places. */
static bool read_single(struct connection *connection, const struct type *type, struct page *page,
			struct error *err)
{
	AUTO(http_answer_clear) struct http_answer answer = HTTP_ANSWER_INIT;
	struct query query = { .type = type };

	return query_send(connection, &query, &answer, err) && read_fill(type, &answer, page, err);
}

static bool by_places(const struct type *type)
{
	return type->reading == TYPE_WHOLE || *type->time == '\0';
}

/* What was asked for, within what the ledger gives and a walk can do. */
static int page_size(const struct connection *connection)
{
	int size = connection->page_max;

	if (size <= 0 || size > READ_PAGE_MAX)
		return READ_PAGE_MAX;
	return size < WALK_SIZE_MIN ? WALK_SIZE_MIN : size;
}

static void begin(const struct connection *connection, const struct read_plan *plan, const char *position,
		  struct walk *walk)
{
	enum walk_kind kind = by_places(plan->type) ? WALK_PLACES : WALK_KEYSET;
	int64_t from_s = kind == WALK_PLACES ? INT64_MIN : query_from_s(plan->from_ms);

	if (position && walk_parse(position, walk) &&
	    (walk->kind == WALK_PLACES) == (kind == WALK_PLACES))
		return;
	/* Reading again what was read already harms nothing. */
	if (position)
		log_warn("provider", "%s: a place to go on from is not understood, starting over",
			 plan->type->name);
	walk_start(walk, kind, from_s, page_size(connection));
}

bool read_page(struct connection *connection, const struct read_plan *plan, const char *position,
	       struct page *page, struct error *err)
{
	AUTO(str_clear) struct str next = STR_INIT(POSITION_MAX);
	int64_t to_s = by_places(plan->type) ? INT64_MAX : query_to_s(plan->to_ms);
	struct walk walk;
	bool end;

	page_reset(page);
	if (plan->type->reading == TYPE_SINGLE)
		return read_single(connection, plan->type, page, err);
	begin(connection, plan, position, &walk);
	if (!fetch(connection, plan, to_s, &walk, page, err) ||
	    !walk_move(&walk, plan->type, to_s, page, &end, err)) {
		page_clear(page);
		return false;
	}
	if (end)
		return true;
	walk_add_text(&walk, &next);
	page->position = str_take(&next);
	if (walk.kind != WALK_PLACES && walk.lower_s != INT64_MIN)
		page->reached_ms = walk.lower_s * 1000;
	return true;
}

bool quickbooks_read(struct connection *connection, const struct type *type, int64_t from_ms,
		     int64_t to_ms, const char *position, struct page *page, struct error *err)
{
	struct read_plan plan = { .type = type, .from_ms = from_ms, .to_ms = to_ms };

	return read_page(connection, &plan, position, page, err);
}
