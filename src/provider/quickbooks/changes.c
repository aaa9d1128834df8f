/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Change data capture: what changed and what was deleted since an instant, for many types in one
 * call. Its answers end after a thousand objects, counted for all types together or for each,
 * nobody knows; there are no further pages. So an answer that comes near is asked for again in
 * halves, and where one type alone fills it, its page says that it was cut.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/log.h"
#include "ledgerdeck/core/memory.h"
#include "answer.h"
#include "call.h"
#include "parts.h"
#include "query.h"
#include "read.h"

#define NEAR (QUICKBOOKS_CHANGES_MAX - 50)
#define PATH_BYTES_MAX 8192
#define TOO_OLD "too old" /* the contract's word */
#define STATUS_URI_TOO_LONG 414

struct asking {
	struct connection *connection;
	const struct type *const *types;
	struct page *pages;
	int64_t since_ms;
	int64_t ledger_ms; /* of the earliest answer; -1: none yet */
	struct error *err;
};

/* ---- marks: an instant, "2026-01-31T12:00:00.000+00:00" ---- */

static bool parse_mark(const char *mark, int64_t *ret_ms)
{
	bool has_offset;

	return stamp_parse(mark, strlen(mark), ret_ms, &has_offset) && has_offset;
}

static char *make_mark(int64_t ledger_ms)
{
	char text[STAMP_TEXT_MAX];

	return memory_copy_text(stamp_format(ledger_ms - QUICKBOOKS_OVERLAP_MS, 0, true, text));
}

/* ---- one answer ---- */

static bool is_asked_for(const struct type *type)
{
	const char *word;
	size_t len;

	return !(type_extra(type, "cdc", &word, &len) && len == 2 && memcmp(word, "no", 2) == 0);
}

static bool type_is_named(const struct type *type, struct json_slice name)
{
	AUTO(str_clear) struct str text = STR_INIT(200);
	const char *word;
	size_t len;

	json_unquote(name, &text);
	if (strcasecmp(text.text, type->query) == 0)
		return true;
	return type_extra(type, "json", &word, &len) && len == text.len &&
	       strncasecmp(word, text.text, len) == 0;
}

static bool refuse(const struct asking *asking, const char *why)
{
	error_set(asking->err, ERROR_REMOTE, "read changes: %s", why);
	if (asking->err)
		asking->err->retry_after_s = 60;
	return false;
}

static void take_item(struct page *page, struct json_slice item)
{
	AUTO(str_clear) struct str id = STR_INIT(100);

	if (!json_equals(json_find(item.text, item.len, "status"), "Deleted")) {
		page_add(page, item);
		return;
	}
	json_unquote(json_find(item.text, item.len, "Id"), &id);
	page_add_gone(page, id.text);
}

/* A type's part of the answer, in a body of its own. */
static bool take_list(const struct asking *asking, size_t index, struct json_slice list,
		      const struct http_answer *answer, int64_t ledger_ms)
{
	struct page *page = &asking->pages[index];
	struct json_slice copy = { .len = list.len, .kind = list.kind }, item;

	if (page->body.len > 0)
		return refuse(asking, "the ledger's answer holds a type twice");
	str_add_bytes(&page->body, list.text, list.len);
	copy.text = page->body.text;
	for (size_t at = 0; json_each(copy, &at, NULL, &item);)
		take_item(page, item);
	page->ledger_ms = ledger_ms;
	snprintf(page->trace_id, sizeof(page->trace_id), "%s", answer->trace_id);
	read_mask(asking->types[index], page);
	return true;
}

/*
 * Which of the types `first` to `last` - 1 a list is of; its place in the order when the name
 * says nothing.
 */
static size_t index_of(const struct asking *asking, size_t first, size_t last,
		       struct json_slice name, size_t place)
{
	for (size_t i = first; i < last; i++)
		if (type_is_named(asking->types[i], name))
			return i;
	return first + place;
}

/*
 * {"QueryResponse":[{"Invoice":[..]},{}]}: a part per type, in the order in which they were
 * named.
 */
static bool take_parts(const struct asking *asking, size_t first, size_t last,
		       const struct http_answer *answer, struct json_slice parts, int64_t ledger_ms,
		       size_t *place)
{
	struct json_slice part, name, value;
	struct asker asker = { .what = "read changes", .realm = asking->connection->realm, .said = asking->connection->said };
	struct fault fault;

	for (size_t at = 0; json_each(parts, &at, NULL, &part); (*place)++) {
		if (*place == last - first)
			return refuse(
				asking,
				"the ledger's answer has more parts than types were asked for");
		if (fault_in(part, &fault))
			return answer_refused(answer, &fault, &asker, asking->err);
		for (size_t member = 0; json_each(part, &member, &name, &value);)
			if (value.kind == JSON_ARRAY &&
			    !take_list(asking, index_of(asking, first, last, name, *place), value,
				       answer, ledger_ms))
				return false;
	}
	return true;
}

static bool take_answer(struct asking *asking, size_t first, size_t last,
			const struct http_answer *answer)
{
	struct asker asker = { .what = "read changes", .realm = asking->connection->realm, .said = asking->connection->said };
	struct envelope envelope;
	struct json_slice response;
	struct fault fault;
	size_t place = 0;

	answer_open(answer, "CDCResponse", &envelope);
	if (envelope.payload.kind != JSON_ARRAY || envelope.ledger_ms < 0)
		return refuse(asking, envelope.payload.kind != JSON_ARRAY
					      ? "the ledger's answer has no CDCResponse"
					      : "the ledger's answer does not say its time");
	for (size_t at = 0; json_each(envelope.payload, &at, NULL, &response);) {
		struct json_slice parts = json_find(response.text, response.len, "QueryResponse");

		if (fault_in(response, &fault))
			return answer_refused(answer, &fault, &asker, asking->err);
		if (!take_parts(asking, first, last, answer, parts, envelope.ledger_ms, &place))
			return false;
	}
	if (place != last - first)
		return refuse(asking, "the ledger's answer lacks types that were asked for");
	if (asking->ledger_ms < 0 || envelope.ledger_ms < asking->ledger_ms)
		asking->ledger_ms = envelope.ledger_ms;
	return true;
}

/* ---- asking ---- */

static bool send(const struct asking *asking, size_t first, size_t last,
		 struct http_answer *ret_answer, struct error *err)
{
	AUTO(str_clear) struct str path = STR_INIT(PATH_BYTES_MAX), since = STR_INIT(64);
	struct call call = { .what = "read changes" };

	str_add(&path, "cdc?entities=");
	for (size_t i = first; i < last; i++) {
		struct query query = { .type = asking->types[i] };

		if (!query_can(&query, err))
			return false;
		str_addf(&path, "%s%s", i == first ? "" : ",", asking->types[i]->query);
	}
	query_add_time(&since, asking->since_ms / 1000);
	str_truncate(&since, since.len - 1);
	str_add(&path, "&changedSince=");
	str_add_percent(&path, since.text + 1);
	if (str_is_cut(&path))
		return error_set(err, ERROR_INPUT, "changes of too many types at once");
	call.path = path.text;
	return call_send(asking->connection, &call, ret_answer, err);
}

static void clear_pages(const struct asking *asking, size_t first, size_t last)
{
	for (size_t i = first; i < last; i++)
		page_clear(&asking->pages[i]);
}

static size_t objects_in(const struct asking *asking, size_t first, size_t last)
{
	size_t count = 0;

	for (size_t i = first; i < last; i++)
		count += asking->pages[i].count + asking->pages[i].gone_count;
	return count;
}

static bool ask(struct asking *asking, size_t first, size_t last);

static bool ask_halves(struct asking *asking, size_t first, size_t last)
{
	size_t middle = first + (last - first) / 2;

	return ask(asking, first, middle) && ask(asking, middle, last);
}

/*
 * Codes that say something about a type: no such name, no such operation for it, not in this
 * company's plan.
 */
static bool is_about_type(const struct error *error)
{
	static const char *const about[] = {
		"500", "2000", "2020", "4000", "4001", "5020", "5030"
	};

	for (size_t i = 0; i < ARRAY_LEN(about); i++)
		if (error->code == ERROR_INPUT && strcmp(error->ledger_code, about[i]) == 0)
			return true;
	return false;
}

static bool is_too_old(const struct error *error)
{
	return strcmp(error->ledger_code, "2190") == 0 || strcmp(error->ledger_code, "2070") == 0;
}

/*
 * Refused: one of the types is not known there and takes the others down with it, or there was too
 * much. A single type that is refused has no list of changes: nothing is known of it.
 */
static bool ask_again(struct asking *asking, size_t first, size_t last, int status,
		      const struct error *error)
{
	bool too_much = strcmp(error->ledger_code, "10100") == 0 ||
			(status == STATUS_URI_TOO_LONG && last - first > 1);

	if (is_too_old(error))
		return error_set(asking->err, ERROR_INPUT, TOO_OLD);
	if (!too_much && !is_about_type(error)) {
		if (asking->err)
			*asking->err = *error;
		return false;
	}
	if (last - first > 1)
		return ask_halves(asking, first, last);
	log_warn("provider", "%s: the ledger lists no changes of it (%s)",
		 asking->types[first]->name, error->ledger_code);
	asking->pages[first].overflow = true;
	return true;
}

static bool ask(struct asking *asking, size_t first, size_t last)
{
	AUTO(http_answer_clear) struct http_answer answer = HTTP_ANSWER_INIT;
	struct error error = { 0 };
	size_t count;

	clear_pages(asking, first, last);
	if (first == last)
		return true;
	if (!send(asking, first, last, &answer, &error))
		return ask_again(asking, first, last, answer.status, &error);
	if (!take_answer(asking, first, last, &answer))
		return false;
	count = objects_in(asking, first, last);
	http_answer_clear(&answer);
	if (last - first > 1 && count >= NEAR)
		return ask_halves(asking, first, last);
	if (count >= QUICKBOOKS_CHANGES_MAX)
		asking->pages[first].overflow = true;
	return true;
}

/*
 * All types but those whose row says that the ledger lists no changes of them; these keep
 * `overflow`.
 */
static bool ask_all(struct asking *all, size_t count)
{
	AUTO(memory_freep)
	const struct type **types = memory_new((count + 1) * sizeof(struct type *));
	AUTO(memory_freep) struct page *pages = memory_new((count + 1) * sizeof(*pages));
	struct asking asking = *all;
	size_t asked = 0;
	bool good;

	for (size_t i = 0; i < count; i++) {
		if (!is_asked_for(all->types[i]))
			continue;
		page_init(&pages[asked]);
		types[asked++] = all->types[i];
	}
	asking.types = types;
	asking.pages = pages;
	good = ask(&asking, 0, asked);
	asked = 0;
	for (size_t i = 0; i < count; i++) {
		if (is_asked_for(all->types[i]))
			all->pages[i] = pages[asked++];
		else
			all->pages[i].overflow = true;
		if (!good)
			page_clear(&all->pages[i]);
	}
	all->ledger_ms = asking.ledger_ms;
	return good;
}

/* One call asks since one instant: the earliest of all. False: one of the marks is none. */
static bool parse_marks(const char *const *marks, size_t count, int64_t *ret_since_ms)
{
	*ret_since_ms = INT64_MAX;
	for (size_t i = 0; i < count; i++) {
		int64_t since_ms;

		if (!parse_mark(marks[i], &since_ms))
			return false;
		if (since_ms < *ret_since_ms)
			*ret_since_ms = since_ms;
	}
	return true;
}

bool quickbooks_changes(struct connection *connection, const struct type *const *types,
			size_t count, const char *const *marks, struct page *pages, char **ret_marks,
			struct error *err)
{
	struct asking asking = { .connection = connection,
				 .types = types,
				 .pages = pages,
				 .ledger_ms = -1,
				 .err = err };
	bool reads = count > 0 && *marks[0] != '\0';

	clear_pages(&asking, 0, count);
	if (reads && !parse_marks(marks, count, &asking.since_ms))
		return error_set(err, ERROR_INPUT, TOO_OLD);
	if (reads && !ask_all(&asking, count))
		return false;
	if (asking.ledger_ms < 0 && !quickbooks_now(connection, &asking.ledger_ms, err)) {
		clear_pages(&asking, 0, count);
		return false;
	}
	/*
	 * By the ledger's clock: ours may be wrong, and what it answered for longer ago may
	 * lack deletions.
	 */
	if (reads && asking.since_ms < asking.ledger_ms - QUICKBOOKS_CHANGES_KEPT_MS) {
		clear_pages(&asking, 0, count);
		return error_set(err, ERROR_INPUT, TOO_OLD);
	}
	for (size_t i = 0; i < count && !reads; i++)
		pages[i].ledger_ms = asking.ledger_ms;
	for (size_t i = 0; i < count; i++)
		ret_marks[i] = make_mark(asking.ledger_ms);
	return true;
}
