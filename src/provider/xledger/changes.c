/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Deltas: for each type a list of ids that were added, updated or deleted, in order, kept for three days. All types are asked
 * in one document, then all records that changed, by their ids; so nothing new costs one call, whatever the number of types.
 * The last word on an id counts: one that was deleted and added again is there. An id that is not shown when it is asked for
 * is asked for once more, and then said to be gone; the engine looks itself before it believes that.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ledgerdeck/core/log.h"
#include "ledgerdeck/core/map.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/record.h"
#include "graphql.h"
#include "document.h"
#include "read.h"
#include "xledger.h"

#define DELTAS_FIRST 1000
#define ROUNDS_MAX 100     /* pages of deltas in one go: what is left comes next time */
#define IDS_MAX 500        /* of one document, of all types together */
#define IDS_LEAST 10
#define TRIES 2            /* for a record that is said to have changed */
#define WINDOW_EMPTY "-"   /* a mark: there was nothing, so all that comes is new */
#define TOO_OLD "too old"  /* the contract's word */

struct id {
	char text[RECORD_ID_MAX];
	bool gone;       /* the ledger says that it was deleted */
	bool replaced;   /* something was said of it later */
	bool found;
	int tries;       /* how often it was asked for */
};

struct asked { /* one type */
	const struct type *type;
	struct page *page;
	char cursor[256];      /* "" : from the start of the window */
	struct id *ids;        /* owned, in order */
	size_t count, room;
	struct map last;       /* the last word on each id: borrows of `ids`, once all are there */
	bool done;             /* no more deltas */
	bool refused;          /* the ledger tells no changes of it */
	bool other_ids;        /* its ids are of another type than its row says */
	struct str records;    /* owned: "{..},{..}" */
};

struct asking {
	struct connection *connection;
	struct asked *items;   /* owned */
	size_t count;
	int64_t ledger_ms;
	char trace_id[96];
	size_t ids_max;        /* of one document: less once they took the ledger too long */
	bool alone;            /* a document asks for the records of one type, since some type's are refused */
	struct error *err;
};

static void asking_clear(struct asking *asking)
{
	for (size_t i = 0; i < asking->count; i++) {
		free(asking->items[i].ids);
		map_clear(&asking->items[i].last, NULL);
		str_clear(&asking->items[i].records);
	}
	free(asking->items);
}

/* ---- deltas ---- */

static bool is_deletion(struct json_slice mutation)
{
	return json_equals(mutation, "DELETED") || json_equals(mutation, "DELETION");
}

static void add_id(struct asked *asked, struct json_slice node, struct json_slice edge)
{
	AUTO(str_clear) struct str scratch = STR_INIT(STR_NO_LIMIT);
	struct json_slice mutation = json_member(node, "mutationType");
	struct record_key key;
	struct id *id;

	if (mutation.kind != JSON_STRING)
		mutation = json_member(edge, "mutationType");
	record_key(asked->type, node, &scratch, &key);
	if (!*key.id)
		return;
	if (!is_deletion(mutation) && !json_equals(mutation, "ADDED") && !json_equals(mutation, "UPDATED"))
		log_warn("provider", "%s: a change of an unknown kind (%.*s) is taken for an update", asked->type->name,
			 (int)(mutation.len > 40 ? 40 : mutation.len), mutation.len ? mutation.text : "");
	memory_grow(&asked->ids, &asked->room, asked->count + 1, sizeof(*asked->ids));
	id = &asked->ids[asked->count++];
	*id = (struct id){ .gone = is_deletion(mutation) };
	memcpy(id->text, key.id, sizeof(id->text));
}

static bool take_deltas(struct asking *asking, struct asked *asked, struct json_slice data, const char *alias)
{
	struct read_list list;
	struct json_slice edge;

	if (!read_list(data, alias, asked->type->name, &list, asking->err))
		return false;
	for (size_t at = 0; list.edges.kind == JSON_ARRAY && json_each(list.edges, &at, NULL, &edge);)
		add_id(asked, json_member(edge, "node"), edge);
	/* A place that does not move would be the same page for ever. */
	asked->done = !list.more || list.count == 0 || !*list.cursor || strcmp(list.cursor, asked->cursor) == 0;
	if (*list.cursor)
		memcpy(asked->cursor, list.cursor, sizeof(asked->cursor));
	return true;
}

static bool send(struct asking *asking, const char *what, const char *document, const char *variables, struct http_answer *answer,
		 struct json_slice *ret_data, struct error *err)
{
	const struct graphql call = { .what = what, .document = document, .variables = variables };

	if (!graphql_send(asking->connection, &call, answer, ret_data, err))
		return false;
	/* The earliest answer of all: what came later may be missing in it. */
	if (asking->ledger_ms < 0)
		asking->ledger_ms = answer->date_ms;
	snprintf(asking->trace_id, sizeof(asking->trace_id), "%s", answer->trace_id);
	return true;
}

static bool ask_once(struct asking *asking, size_t first, size_t last, bool newest, struct error *err)
{
	AUTO(http_answer_clear) struct http_answer answer = HTTP_ANSWER_INIT;
	AUTO(str_clear) struct str document = STR_INIT(STR_NO_LIMIT);
	struct json_slice data;
	char alias[24];

	str_add(&document, "query {");
	for (size_t i = first; i < last; i++) {
		const struct asked *asked = &asking->items[i];

		if (asked->done)
			continue;
		snprintf(alias, sizeof(alias), "t%zu", i);
		str_add_char(&document, ' ');
		document_add_deltas(&document, asked->type, alias, *asked->cursor ? asked->cursor : NULL, !newest, DELTAS_FIRST);
	}
	str_add(&document, " }");
	if (!send(asking, "read changes", document.text, NULL, &answer, &data, err))
		return false;
	for (size_t i = first; i < last; i++) {
		snprintf(alias, sizeof(alias), "t%zu", i);
		if (!asking->items[i].done && !take_deltas(asking, &asking->items[i], data, alias)) {
			if (asking->err)
				*err = *asking->err;
			return false;
		}
	}
	return true;
}

static bool all_done(const struct asking *asking, size_t first, size_t last)
{
	for (size_t i = first; i < last; i++)
		if (!asking->items[i].done)
			return false;
	return true;
}

/*
 * Deltas of the types `first` to `last` - 1. One that is refused takes all of its document down: they are asked again in halves,
 * and of one that is refused alone nothing is known.
 */
static bool ask(struct asking *asking, size_t first, size_t last, bool newest)
{
	struct error error = { 0 };

	for (int round = 0; round < ROUNDS_MAX && !all_done(asking, first, last); round++) {
		size_t middle = first + (last - first) / 2;

		if (ask_once(asking, first, last, newest, &error)) {
			if (newest)
				break;
			continue;
		}
		if (error.code == ERROR_INPUT && last - first > 1)
			return ask(asking, first, middle, newest) && ask(asking, middle, last, newest);
		/* No source says what becomes of a place that is no longer kept. */
		if (error.code == ERROR_INPUT && strcasestr(error.text, "cursor"))
			return error_set(asking->err, ERROR_INPUT, TOO_OLD);
		if (error.code != ERROR_INPUT)
			return asking->err ? (*asking->err = error, false) : false;
		log_warn("provider", "%s: the ledger tells no changes of it (%s)", asking->items[first].type->name, error.text);
		asking->items[first].refused = asking->items[first].done = true;
	}
	return true;
}

/* ---- the records that changed ---- */

static void find_last(struct asked *asked)
{
	for (size_t i = 0; i < asked->count; i++) {
		struct id *id = &asked->ids[i];
		struct id **last = (struct id **)map_place(&asked->last, id->text, strlen(id->text));

		if (*last)
			(*last)->replaced = true;
		*last = id;
	}
}

static bool is_wanted(const struct id *id, int tries)
{
	return !id->gone && !id->replaced && !id->found && id->tries == tries;
}

struct wanting { /* one document: its text, its variables, and the types in it */
	struct str roots, names, values;
	size_t first, last;    /* items[first] to items[last - 1] */
	size_t ids;
};

/* As many ids of a type as there is room for; false: there are more. */
static bool want(const struct asking *asking, struct wanting *wanting, size_t index, int tries)
{
	struct asked *asked = &asking->items[index];
	struct document_list list = { 0 };
	char alias[24], filter[100], id_type[40];
	size_t before = wanting->ids;
	bool more = false;

	if (asked->refused)
		return true;
	for (size_t i = 0; i < asked->count && !more; i++) {
		if (!is_wanted(&asked->ids[i], tries))
			continue;
		more = wanting->ids == asking->ids_max;
		if (more)
			break;
		if (wanting->ids > 0)
			str_add_char(&wanting->values, ',');
		if (wanting->ids == before)
			str_addf(&wanting->values, "\"i%zu\":[", index);
		document_add_id(&wanting->values, asked->type, asked->other_ids, asked->ids[i].text);
		asked->ids[i].tries++;
		wanting->ids++;
	}
	if (wanting->ids == before)
		return !more;
	str_add(&wanting->values, "]");
	document_id_type(asked->type, asked->other_ids, id_type, sizeof(id_type));
	str_addf(&wanting->names, "%s$i%zu: [%s!]", wanting->names.len ? ", " : "", index, id_type);
	snprintf(alias, sizeof(alias), "t%zu", index);
	snprintf(filter, sizeof(filter), "{%.60s_in: $i%zu}", asked->type->key, index);
	list = (struct document_list){ .alias = alias, .filter = filter, .first = (int)(wanting->ids - before) };
	str_add_char(&wanting->roots, ' ');
	document_add_list(&wanting->roots, asked->type, &list);
	return !more;
}

static void wanting_clear(struct wanting *wanting)
{
	str_clear(&wanting->roots);
	str_clear(&wanting->names);
	str_clear(&wanting->values);
}

static bool take_records(struct asking *asking, size_t index, struct json_slice data)
{
	struct asked *asked = &asking->items[index];
	AUTO(page_clear) struct page page;
	struct read_list list;
	char alias[24];

	page_init(&page);
	snprintf(alias, sizeof(alias), "t%zu", index);
	if (json_member(data, alias).kind == JSON_NONE)
		return true;
	if (!read_list(data, alias, asked->type->name, &list, asking->err))
		return false;
	read_take(&list, &page);
	for (size_t i = 0; i < page.count; i++) {
		AUTO(str_clear) struct str scratch = STR_INIT(STR_NO_LIMIT);
		struct record_key key;
		struct id *id;

		record_key(asked->type, page.records[i], &scratch, &key);
		id = map_get(&asked->last, key.id, strlen(key.id));
		if (!id || id->found)
			continue; /* not asked for, or there already */
		id->found = true;
		str_add(&asked->records, asked->records.len ? "," : "[");
		str_add_bytes(&asked->records, page.records[i].text, page.records[i].len);
	}
	return true;
}

/* The ids of a document that failed are still to be asked for. */
static void want_again(const struct asking *asking, const struct wanting *wanting, int tries)
{
	for (size_t i = wanting->first; i < wanting->last; i++)
		for (size_t j = 0; j < asking->items[i].count; j++)
			if (is_wanted(&asking->items[i].ids[j], tries + 1))
				asking->items[i].ids[j].tries = tries;
}

/* Is it a variable's type that was refused? Then the other one is tried, once for each type. */
static bool swap_ids(struct asking *asking, const struct wanting *wanting, const struct error *error)
{
	char variable[24];

	for (size_t i = wanting->first; i < wanting->last; i++) {
		struct asked *asked = &asking->items[i];

		snprintf(variable, sizeof(variable), "i%zu", i);
		if (!asked->other_ids && document_is_id_type(asked->type, variable, error)) {
			asked->other_ids = true;
			return true;
		}
	}
	return false;
}

/* What could be given up after a refusal; false: nothing. */
static bool give_way(struct asking *asking, const struct wanting *wanting, int tries, const struct error *error)
{
	if (swap_ids(asking, wanting, error))
		;
	else if (strcmp(error->ledger_code, GRAPHQL_TIMED_OUT) == 0 && asking->ids_max / 2 >= IDS_LEAST)
		asking->ids_max /= 2;
	else if (error->code == ERROR_INPUT && !asking->alone)
		asking->alone = true;
	else if (error->code == ERROR_INPUT)
		/* The type is read by itself then, which tells what is wrong with its row. */
		asking->items[wanting->first].refused = true;
	else
		return false;
	want_again(asking, wanting, tries);
	return true;
}

/* One document of what is still to be asked for the so many-th time; `ret_any`: there was something. */
static bool fetch_some(struct asking *asking, int tries, bool *ret_any)
{
	AUTO(http_answer_clear) struct http_answer answer = HTTP_ANSWER_INIT;
	AUTO(wanting_clear) struct wanting wanting = { .roots = STR_INIT(STR_NO_LIMIT), .names = STR_INIT(STR_NO_LIMIT),
						       .values = STR_INIT(STR_NO_LIMIT) };
	AUTO(str_clear) struct str document = STR_INIT(STR_NO_LIMIT), variables = STR_INIT(STR_NO_LIMIT);
	struct error error = { 0 };
	struct json_slice data;

	for (wanting.last = 0; wanting.last < asking->count;) {
		size_t before = wanting.ids;
		bool whole = want(asking, &wanting, wanting.last, tries);

		if (before == 0 && wanting.ids > 0)
			wanting.first = wanting.last;
		wanting.last++;
		if (!whole || (asking->alone && wanting.ids > 0))
			break;
	}
	*ret_any = wanting.ids > 0;
	if (!*ret_any)
		return true;
	str_addf(&document, "query(%s) {", wanting.names.text);
	str_addf(&document, "%s }", wanting.roots.text);
	str_addf(&variables, "{%s}", wanting.values.text);
	if (!send(asking, "read what changed", document.text, variables.text, &answer, &data, &error))
		return give_way(asking, &wanting, tries, &error) || (asking->err ? (*asking->err = error, false) : false);
	for (size_t i = wanting.first; i < wanting.last; i++)
		if (!take_records(asking, i, data))
			return false;
	return true;
}

static bool fetch_all(struct asking *asking)
{
	for (int tries = 0; tries < TRIES; tries++)
		for (bool any = true; any;)
			if (!fetch_some(asking, tries, &any))
				return false;
	return true;
}

/* ---- pages ---- */

static bool fill_page(const struct asking *asking, struct asked *asked)
{
	struct page *page = asked->page;
	struct json_slice all, record;

	snprintf(page->trace_id, sizeof(page->trace_id), "%s", asking->trace_id);
	page->overflow = asked->refused;
	for (size_t i = 0; i < asked->count; i++) {
		const struct id *id = &asked->ids[i];

		if (!id->replaced && (id->gone || (!id->found && !asked->refused)))
			page_add_gone(page, id->text);
	}
	if (asked->records.len == 0)
		return true;
	str_add(&asked->records, "]");
	str_clear(&page->body);
	page->body = asked->records;
	str_init(&asked->records, STR_NO_LIMIT);
	if (!json_check_map(page->body.text, page->body.len, &page->map, NULL))
		return error_set(asking->err, ERROR_INTERNAL, "the changes of %s were put together wrongly", asked->type->name);
	all = (struct json_slice){ .text = page->body.text, .len = page->body.len, .kind = JSON_ARRAY, .map = page->map };
	for (size_t at = 0; json_each(all, &at, NULL, &record);)
		page_add(page, record);
	return true;
}

/* What stays as it is gets no new mark: one that is refused is asked for again. */
static char *make_mark(const struct asked *asked)
{
	return asked->refused ? NULL : memory_copy_text(*asked->cursor ? asked->cursor : WINDOW_EMPTY);
}

bool xledger_changes(struct connection *connection, const struct type *const *types, size_t count, const char *const *marks,
		     struct page *pages, char **ret_marks, struct error *err)
{
	AUTO(asking_clear) struct asking asking = { .connection = connection, .count = count, .ledger_ms = -1, .ids_max = IDS_MAX, .err = err };
	bool newest = count > 0 && *marks[0] == '\0';

	asking.items = memory_new((count + 1) * sizeof(*asking.items));
	for (size_t i = 0; i < count; i++) {
		struct asked *asked = &asking.items[i];

		page_reset(&pages[i]);
		*asked = (struct asked){ .type = types[i], .page = &pages[i], .records = STR_INIT(STR_NO_LIMIT) };
		if (strcmp(marks[i], WINDOW_EMPTY) != 0)
			snprintf(asked->cursor, sizeof(asked->cursor), "%s", marks[i]);
	}
	if (!ask(&asking, 0, count, newest))
		return false;
	for (size_t i = 0; i < count; i++)
		find_last(&asking.items[i]);
	if (!newest && !fetch_all(&asking))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!newest && !fill_page(&asking, &asking.items[i]))
			return false;
		/* While some are left the type has not come as far as now. */
		pages[i].ledger_ms = newest || asking.items[i].done ? asking.ledger_ms : -1;
		ret_marks[i] = make_mark(&asking.items[i]);
	}
	return true;
}
