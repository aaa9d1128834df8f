/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Steps from page to page; walk.h says why so. */
#include "walk.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/memory.h"

#define NONE "-"
#define ID_TEXT_MAX 200 /* an id, percent-encoded */

static const char *const kind_words[] = {
	[WALK_KEYSET] = "time", [WALK_TIE] = "tie", [WALK_PLACES] = "places"
};

void walk_start(struct walk *walk, enum walk_kind kind, int64_t from_s, int size)
{
	*walk = (struct walk){ .kind = kind, .size = size, .lower_s = from_s, .start = 1 };
}

/*
 * ---- as text: "time 1000 .. 1767225600 1 0 -": kind, size, flags, second, place, restarts, id
 * ----
 */

void walk_add_text(const struct walk *walk, struct str *out)
{
	str_addf(out, "%s %d %c%c ", kind_words[walk->kind], walk->size, walk->whole ? 'w' : '.',
		 walk->without_active ? 'a' : '.');
	if (walk->lower_s == INT64_MIN)
		str_add(out, NONE);
	else
		str_addf(out, "%" PRId64, walk->lower_s);
	str_addf(out, " %" PRId64 " %d ", walk->start, walk->restarts);
	if (*walk->last_id)
		str_add_percent(out, walk->last_id);
	else
		str_add(out, NONE);
}

static bool parse_number(const char *text, int64_t least, int64_t most, int64_t *ret_value)
{
	char *end;
	long long value = strtoll(text, &end, 10);

	if (end == text || *end != '\0' || value < least || value > most)
		return false;
	*ret_value = value;
	return true;
}

static bool parse_id(const char *text, char *out, size_t size)
{
	AUTO(str_clear) struct str id = STR_INIT(ID_TEXT_MAX);

	out[0] = '\0';
	if (strcmp(text, NONE) == 0)
		return true;
	if (!str_add_unpercent(&id, text, strlen(text), false) || id.len >= size || id.len == 0)
		return false;
	memcpy(out, id.text, id.len + 1);
	return true;
}

bool walk_parse(const char *text, struct walk *ret_walk)
{
	char kind[8], flags[3], size[8], lower[24], start[24], restarts[4], id[ID_TEXT_MAX];
	struct walk walk = { 0 };
	int64_t value, count;
	int end = 0;

	if (sscanf(text, "%7s %7s %2s %23s %23s %3s %199s%n", kind, size, flags, lower, start,
		   restarts, id, &end) != 7 ||
	    text[end] != '\0' || strlen(flags) != 2)
		return false;
	while (walk.kind <= WALK_PLACES && strcmp(kind_words[walk.kind], kind) != 0)
		walk.kind++;
	if (walk.kind > WALK_PLACES)
		return false;
	walk.whole = flags[0] == 'w';
	walk.without_active = flags[1] == 'a';
	walk.lower_s = INT64_MIN;
	if (!parse_number(size, WALK_SIZE_MIN, 1000, &value) ||
	    !parse_number(restarts, 0, WALK_RESTARTS_MAX, &count) ||
	    (strcmp(lower, NONE) != 0 &&
	     !parse_number(lower, -INT64_C(100000000000), INT64_C(300000000000), &walk.lower_s)) ||
	    !parse_number(start, 1, INT64_C(1000000000000), &walk.start) ||
	    !parse_id(id, walk.last_id, sizeof(walk.last_id)) ||
	    (walk.kind == WALK_TIE && walk.lower_s == INT64_MIN))
		return false;
	walk.size = (int)value;
	walk.restarts = (int)count;
	*ret_walk = walk;
	return true;
}

/* ---- asking ---- */

void walk_ask(const struct walk *walk, int64_t to_s, struct query *query)
{
	query->by_time = walk->kind != WALK_PLACES;
	query->from_s = walk->lower_s;
	query->to_s = walk->kind == WALK_TIE && walk->lower_s + 1 < to_s ? walk->lower_s + 1 : to_s;
	query->start = walk->start;
	query->size = walk->size;
	query->without_active = walk->without_active;
	query->ids_only = query->ids_only && !walk->whole;
}

/* ---- moving on ---- */

/*
 * Is there more behind a page? A full one says so. One of a round number of records may have been
 * cut to that by somebody whose limit is lower than what was asked for; one call more tells.
 */
static bool page_is_full(const struct walk *walk, size_t count)
{
	return count >= (size_t)walk->size || (count >= 100 && count % 100 == 0);
}

static bool record_second(const struct type *type, struct json_slice record, int64_t *ret_second)
{
	struct json_slice time = json_member(record, type->time);
	bool has_offset;
	int64_t ms;

	if (time.kind != JSON_STRING || !stamp_parse(time.text + 1, time.len - 2, &ms, &has_offset))
		return false;
	*ret_second = ms >= 0 ? ms / 1000 : -((-ms + 999) / 1000);
	return true;
}

/* A key may be of several paths with blanks between them, as that of exchange rates is. */
static bool record_id(const struct type *type, struct json_slice record, char *out, size_t size)
{
	AUTO(str_clear) struct str text = STR_INIT(size - 1);

	for (const char *key = type->key; *key;) {
		size_t len = strcspn(key, " "), before = text.len;
		AUTO(memory_freep) char *path = memory_copy(key, len);
		struct json_slice id = json_member(record, path);

		if (id.kind == JSON_NUMBER)
			str_add_bytes(&text, id.text, id.len);
		else
			json_unquote(id, &text);
		if (text.len == before)
			return false;
		key += len;
		key += strspn(key, " ");
		if (*key)
			str_add_char(&text, ':');
	}
	if (text.len == 0 || str_is_cut(&text) || strlen(text.text) != text.len)
		return false;
	memcpy(out, text.text, text.len + 1);
	return true;
}

/*
 * A record of a wrapping type has no id at a plain path: the one of its first member that is an
 * object.
 */
static bool first_id(const struct type *type, struct json_slice record, char *out, size_t size)
{
	struct json_slice value;

	if (strncmp(type->key, "*.", 2) != 0)
		return record_id(type, record, out, size);
	for (size_t at = 0; json_each(record, &at, NULL, &value);) {
		struct type inner = { .key = type->key + 2 };

		if (value.kind == JSON_OBJECT && record_id(&inner, value, out, size))
			return true;
	}
	return false;
}

static bool refuse(const struct type *type, const char *why, struct error *err)
{
	error_set(err, ERROR_REMOTE, "query %s: %s", type->name, why);
	if (err)
		err->retry_after_s = 60;
	return false;
}

/* Something slid: back to the first place. */
static bool walk_again(struct walk *walk, const struct type *type, struct error *err)
{
	if (walk->restarts == WALK_RESTARTS_MAX)
		return refuse(type,
			      "its records keep moving while they are read, or the ledger gives "
			      "the same page again",
			      err);
	walk->restarts++;
	walk->start = 1;
	walk->last_id[0] = '\0';
	return true;
}

/* TIE and PLACES. */
static bool move_by_places(struct walk *walk, const struct type *type, const struct page *page,
			   bool *ret_end, struct error *err)
{
	char id[sizeof(walk->last_id)];

	if (*walk->last_id &&
	    (page->count == 0 || !first_id(type, page->records[0], id, sizeof(id)) ||
	     strcmp(id, walk->last_id) != 0))
		return walk_again(walk, type, err);
	if (!page_is_full(walk, page->count)) {
		*ret_end = walk->kind == WALK_PLACES;
		walk->kind = walk->kind == WALK_TIE ? WALK_KEYSET : walk->kind;
		if (walk->kind == WALK_KEYSET)
			walk->lower_s++;
		walk->start = 1;
		walk->restarts = 0;
		walk->last_id[0] = '\0';
		return true;
	}
	if (!first_id(type, page->records[page->count - 1], walk->last_id, sizeof(walk->last_id)))
		return refuse(type, "the last record of a page has no id", err);
	walk->start += (int64_t)page->count - 1;
	return true;
}

/*
 * The times of a page that are inside what was asked for. One beyond belongs to a record that
 * changed meanwhile.
 */
struct span {
	int64_t first_s, last_s;
	size_t count;
};

static bool find_span(const struct walk *walk, const struct type *type, int64_t to_s,
		      const struct page *page, struct span *ret_span, struct error *err)
{
	struct span span = { 0 };

	for (size_t i = 0; i < page->count; i++) {
		int64_t second;

		if (!record_second(type, page->records[i], &second) || second >= to_s)
			continue;
		if (walk->lower_s != INT64_MIN && second < walk->lower_s)
			return refuse(type,
				      "the answer holds records from before what was asked for",
				      err);
		if (span.count > 0 && second < span.last_s)
			return refuse(type, "the answer is not in order of time", err);
		if (span.count++ == 0)
			span.first_s = second;
		span.last_s = second;
	}
	*ret_span = span;
	return true;
}

static bool move_by_time(struct walk *walk, const struct type *type, int64_t to_s,
			 const struct page *page, bool *ret_end, struct error *err)
{
	struct span span;

	if (!find_span(walk, type, to_s, page, &span, err))
		return false;
	if (!page_is_full(walk, page->count)) {
		*ret_end = true;
		return true;
	}
	if (span.count == 0)
		return walk_again(walk, type, err);
	walk->restarts = 0;
	if (span.first_s == span.last_s)
		walk->kind = WALK_TIE;
	walk->lower_s = span.last_s;
	return true;
}

bool walk_move(struct walk *walk, const struct type *type, int64_t to_s, const struct page *page,
	       bool *ret_end, struct error *err)
{
	struct span span;

	*ret_end = false;
	if (walk->kind == WALK_KEYSET)
		return move_by_time(walk, type, to_s, page, ret_end, err);
	if (walk->kind == WALK_TIE && !find_span(walk, type, walk->lower_s + 1, page, &span, err))
		return false;
	return move_by_places(walk, type, page, ret_end, err);
}
