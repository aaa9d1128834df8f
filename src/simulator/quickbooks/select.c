/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finding the records of a page and writing them. A page walks an order that the table keeps
 * (by time, id or name) wherever there is one; it is reached directly when nothing but update
 * times decides, else by looking at one record after the other. Any other order is sorted.
 */
#include "quickbooks/select.h"

#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "quickbooks/filter.h"
#include "quickbooks/zone.h"

#define TEXT_MAX ((size_t)1 << 16)
#define PAGE_MAX 1000

/* ---- walking a table in an order that it keeps ---- */

enum walk_order { WALK_NAME, WALK_TIME, WALK_TIME_DOWN, WALK_ID, WALK_ID_DOWN, WALK_NONE };

struct walk {
	enum walk_order order;
	struct table *table; /* borrowed */
	struct record **by;  /* borrowed: what is walked */
	size_t low, high;    /* places in it */
	size_t at;           /* steps done */
	size_t group_low, group_high; /* WALK_TIME_DOWN: records of one time, walked upwards */
};

static void walk_init(struct walk *walk, enum walk_order order, struct table *table,
		      const struct filter *filter)
{
	bool by_time = order == WALK_TIME || order == WALK_TIME_DOWN;

	*walk = (struct walk){ .order = order, .table = table, .high = table->count };
	walk->by = by_time		? table->by_time
		   : order == WALK_NAME ? table_by_name(table)
					: table->by_id;
	if (by_time && filter->from_ms != INT64_MIN)
		walk->low = table_time_bound(table, filter->from_ms);
	if (by_time && filter->to_ms != INT64_MAX)
		walk->high = table_time_bound(table, filter->to_ms);
	if (walk->high < walk->low)
		walk->high = walk->low;
}

static size_t walk_left(const struct walk *walk)
{
	return walk->high - walk->low - walk->at;
}

/*
 * Latest first, but records of the same second in the order in which they came: of a group
 * [low, high) in by_time, `high` is as far from the end as the group's first step from the start.
 */
static struct record *walk_down(struct walk *walk)
{
	size_t from_top = walk->high - walk->at;

	if (from_top <= walk->group_low || walk->group_high == 0) {
		int64_t ms = walk->by[from_top - 1]->updated_ms;

		walk->group_low = table_time_bound(walk->table, ms);
		walk->group_high = table_time_bound(walk->table, ms + 1);
		if (walk->group_low < walk->low)
			walk->group_low = walk->low;
		if (walk->group_high > walk->high)
			walk->group_high = walk->high;
	}
	return walk->by[walk->group_low + (walk->group_high - from_top)];
}

static struct record *walk_next(struct walk *walk)
{
	struct record *record;

	if (walk_left(walk) == 0)
		return NULL;
	if (walk->order == WALK_TIME_DOWN)
		record = walk_down(walk);
	else if (walk->order == WALK_ID_DOWN)
		record = walk->by[walk->high - walk->at - 1];
	else
		record = walk->by[walk->low + walk->at];
	walk->at++;
	return record;
}

/* ---- the order that was asked for, or the usual one ---- */

static enum walk_order order_of(const struct query *query)
{
	if (query->order_count == 0)
		return query->entity->kind == ENTITY_LIST  ? WALK_NAME
		       : query->entity->kind == ENTITY_TXN ? WALK_TIME_DOWN
							   : WALK_ID;
	/* Ids differ, so that whatever comes behind them cannot matter. */
	if (strcmp(query->orders[0].path, "Id") == 0)
		return query->orders[0].descending ? WALK_ID_DOWN : WALK_ID;
	if (query->order_count == 1 &&
	    strcmp(query->orders[0].path, "MetaData.LastUpdatedTime") == 0)
		return query->orders[0].descending ? WALK_TIME_DOWN : WALK_TIME;
	return WALK_NONE;
}

/* ---- sorting ---- */

enum key_kind { KEY_NULL, KEY_INSTANT, KEY_NUMBER, KEY_TEXT };

struct key {
	enum key_kind kind;
	int64_t ms;
	struct decimal number;
	char *text; /* owned */
};

struct row {
	struct record *record;
	const struct query *query;
	struct key *keys; /* borrowed: one block for all rows */
};

/* What a list object is sorted by when nothing was asked for. */
static struct json_slice name_slice(const struct record *record)
{
	static const char *const names[] = { "FullyQualifiedName", "DisplayName", "Name" };
	struct json_slice slice = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(names) && slice.kind == JSON_NONE; i++)
		slice = json_find(record->text, record->len, names[i]);
	return slice;
}

static void key_from_slice(struct key *key, struct json_slice slice, enum value_kind kind)
{
	AUTO(str_clear) struct str plain = STR_INIT(TEXT_MAX), folded = STR_INIT(TEXT_MAX);
	bool is_number = kind == VALUE_NUMBER || kind == VALUE_MONEY || kind == VALUE_INTEGER;

	if (slice.kind == JSON_STRING)
		json_unquote(slice, &plain);
	else if (slice.kind == JSON_NUMBER || slice.kind == JSON_BOOL)
		str_add_bytes(&plain, slice.text, slice.len);
	if (plain.len == 0)
		return;
	if (is_number && decimal_parse(plain.text, plain.len, &key->number)) {
		key->kind = KEY_NUMBER;
	} else if ((kind == VALUE_DATE || kind == VALUE_TIME) &&
		   zone_parse_stamp(plain.text, plain.len, false, &key->ms)) {
		key->kind = KEY_INSTANT;
	} else {
		key->kind = KEY_TEXT;
		str_add_folded(&folded, plain.text, plain.len);
		key->text = str_take(&folded);
	}
}

static void row_fill(struct row *row)
{
	const struct query *query = row->query;

	if (query->order_count == 0 && query->entity->kind == ENTITY_LIST)
		key_from_slice(&row->keys[0], name_slice(row->record), VALUE_TEXT);
	for (size_t i = 0; i < query->order_count; i++) {
		const struct query_order *order = &query->orders[i];
		struct key *key = &row->keys[i];

		if (record_instant(row->record, order->path, &key->ms))
			key->kind = KEY_INSTANT;
		else if (strcmp(order->path, "Id") != 0)
			key_from_slice(key,
				       json_find(row->record->text, row->record->len, order->path),
				       order->member->kind);
	}
}

/* Nulls first; keys of one property are of one kind, but for what is malformed. */
static int compare_keys(const struct key *a, const struct key *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	switch (a->kind) {
	case KEY_INSTANT:
		return a->ms < b->ms ? -1 : a->ms > b->ms;
	case KEY_NUMBER:
		return decimal_compare(a->number, b->number);
	case KEY_TEXT:
		return strcmp(a->text, b->text);
	default:
		return 0;
	}
}

static int compare_rows(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	const struct query *query = x->query;
	int order = 0;

	if (query->order_count == 0 && query->entity->kind == ENTITY_TXN)
		order = x->record->updated_ms > y->record->updated_ms ? -1
			: x->record->updated_ms < y->record->updated_ms;
	else if (query->order_count == 0)
		order = compare_keys(&x->keys[0], &y->keys[0]);
	for (size_t i = 0; order == 0 && i < query->order_count; i++) {
		order = strcmp(query->orders[i].path, "Id") == 0
				? id_compare(x->record->id, y->record->id)
				: compare_keys(&x->keys[i], &y->keys[i]);
		if (query->orders[i].descending)
			order = -order;
	}
	return order ? order : id_compare(x->record->id, y->record->id);
}

static void records_sort(struct record **records, size_t count, const struct query *query)
{
	size_t width = query->order_count ? query->order_count : 1;
	AUTO(memory_freep) struct row *rows = memory_new((count + 1) * sizeof(*rows));
	AUTO(memory_freep) struct key *keys = memory_new((count + 1) * width * sizeof(*keys));

	for (size_t i = 0; i < count; i++) {
		rows[i] = (struct row){ .record = records[i],
					.query = query,
					.keys = &keys[i * width] };
		row_fill(&rows[i]);
	}
	if (count > 1)
		qsort(rows, count, sizeof(*rows), compare_rows);
	for (size_t i = 0; i < count; i++)
		records[i] = rows[i].record;
	for (size_t i = 0; i < count * width; i++)
		free(keys[i].text);
}

/* ---- finding the page ---- */

struct page {
	struct record *records[PAGE_MAX];
	size_t count;
	int64_t total; /* all that pass; -1: nobody counted */
};

struct found {
	struct record **records; /* owned */
	size_t count, room;
};

static void found_add(struct found *found, struct record *record)
{
	memory_grow(&found->records, &found->room, found->count + 1, sizeof(*found->records));
	found->records[found->count++] = record;
}

static int compare_ids(const void *a, const void *b)
{
	const struct record *const *x = a, *const *y = b;

	return id_compare((*x)->id, (*y)->id);
}

/* The records that the query names by id. */
static void find_by_ids(struct company *company, const struct query *query,
			const struct filter *filter, struct found *found)
{
	size_t kept = 0;

	for (size_t i = 0; i < filter->ids->value_count; i++) {
		struct record *record =
			company_find(company, query->entity, filter->ids->values[i].text);

		company->query_plan_scans++;
		if (record && filter_passes(filter, record, true))
			found_add(found, record);
	}
	if (found->count < 2)
		return;
	qsort(found->records, found->count, sizeof(*found->records), compare_ids);
	for (size_t i = 0; i < found->count; i++)
		if (i == 0 || found->records[i] != found->records[kept - 1])
			found->records[kept++] = found->records[i];
	found->count = kept;
}

static void find_all(struct company *company, struct table *table, const struct filter *filter,
		     struct found *found)
{
	struct walk walk;
	struct record *record;

	walk_init(&walk, WALK_TIME, table, filter);
	while ((record = walk_next(&walk))) {
		company->query_plan_scans++;
		if (filter_passes(filter, record, false))
			found_add(found, record);
	}
}

static void page_from_found(struct page *page, const struct query *query, const struct found *found)
{
	page->total = (int64_t)found->count;
	for (int64_t i = query->start - 1;
	     i < (int64_t)found->count && (int64_t)page->count < query->max; i++)
		page->records[page->count++] = found->records[i];
}

static void page_sorted(struct page *page, struct company *company, struct table *table,
			const struct query *query, const struct filter *filter)
{
	struct found found = { 0 };
	AUTO(memory_freep) void *guard = NULL;

	if (filter->ids)
		find_by_ids(company, query, filter, &found);
	else
		find_all(company, table, filter, &found);
	guard = found.records;
	if (!query->count)
		records_sort(found.records, found.count, query);
	page_from_found(page, query, &found);
}

/* Walk an order that the table keeps; `passed` records come before the page. */
static void page_walked(struct page *page, struct company *company, struct table *table,
			enum walk_order order, const struct query *query,
			const struct filter *filter)
{
	bool by_time = order == WALK_TIME || order == WALK_TIME_DOWN;
	bool direct = filter_is_time_only(filter, table) && (by_time || !filter_is_timed(filter));
	bool counts = query->count || query->max == 0;
	int64_t passed = 0;
	struct walk walk;
	struct record *record;

	walk_init(&walk, order, table, filter);
	if (direct) {
		page->total = (int64_t)walk_left(&walk);
		walk.at = query->start > page->total ? walk_left(&walk) : (size_t)query->start - 1;
		passed = query->start - 1;
		if (counts)
			return;
	}
	while ((counts || (int64_t)page->count < query->max) && (record = walk_next(&walk))) {
		company->query_plan_scans++;
		if (!direct && !filter_passes(filter, record, !by_time))
			continue;
		passed++;
		if (!counts && passed >= query->start)
			page->records[page->count++] = record;
	}
	if (counts)
		page->total = passed;
}

/* ---- writing ---- */

/* Is the member at `path` asked for: 2 as a whole, 1 in part, 0 not at all? */
static int column_wants(const struct query *query, const char *path)
{
	size_t len = strlen(path);
	int wants = 0;

	for (size_t i = 0; i < query->column_count; i++) {
		const char *column = query->columns[i].path;

		if (strcmp(column, path) == 0)
			return 2;
		if (strncmp(column, path, len) == 0 && column[len] == '.')
			wants = 1;
	}
	return wants;
}

static void project(const struct query *query, struct json_slice value, const char *path,
		    struct str *out);

static void project_object(const struct query *query, struct json_slice object, const char *path,
			   struct str *out)
{
	struct json_slice name, value;
	const char *comma = "";

	str_add_char(out, '{');
	for (size_t at = 0; json_each(object, &at, &name, &value);) {
		AUTO(str_clear) struct str inner = STR_INIT(192);
		bool is_sparse = *path == '\0' && json_equals(name, "sparse");
		bool is_id = *path == '\0' && json_equals(name, "Id");
		int wants;

		str_addf(&inner, "%s%s%.*s", path, *path ? "." : "", (int)name.len - 2,
			 name.text + 1);
		wants = is_id || is_sparse ? 2 : column_wants(query, inner.text);
		if (wants == 0)
			continue;
		str_add(out, comma);
		comma = ",";
		str_add_bytes(out, name.text, name.len);
		str_add_char(out, ':');
		if (is_sparse)
			str_add(out, "true");
		else if (wants == 2)
			str_add_bytes(out, value.text, value.len);
		else
			project(query, value, inner.text, out);
	}
	str_add_char(out, '}');
}

static void project(const struct query *query, struct json_slice value, const char *path,
		    struct str *out)
{
	struct json_slice item;
	const char *comma = "";

	if (value.kind == JSON_OBJECT) {
		project_object(query, value, path, out);
	} else if (value.kind == JSON_ARRAY) {
		str_add_char(out, '[');
		for (size_t at = 0; json_each(value, &at, NULL, &item); comma = ",") {
			str_add(out, comma);
			project(query, item, path, out);
		}
		str_add_char(out, ']');
	} else {
		str_add_bytes(out, value.text, value.len);
	}
}

/* One of a kind, these are answered without a startPosition. */
static bool is_singular(const struct entity *entity)
{
	return strcmp(entity->name, "Preferences") == 0 || strcmp(entity->name, "CompanyInfo") == 0;
}

static void page_add(const struct page *page, const struct query *query, struct str *out)
{
	size_t bytes = 128;

	for (size_t i = 0; i < page->count; i++)
		bytes += page->records[i]->len + 1;
	if (query->column_count == 0)
		str_reserve(out, bytes);
	str_addf(out, "{\"%s\":[", query->entity->key);
	for (size_t i = 0; i < page->count; i++) {
		const struct record *record = page->records[i];
		struct json_slice whole = { .text = record->text,
					    .len = record->len,
					    .kind = JSON_OBJECT };

		if (i)
			str_add_char(out, ',');
		if (query->column_count == 0)
			str_add_bytes(out, record->text, record->len);
		else
			project_object(query, whole, "", out);
	}
	str_add_char(out, ']');
	if (!is_singular(query->entity))
		str_addf(out, ",\"startPosition\":%lld", (long long)query->start);
	str_addf(out, ",\"maxResults\":%zu}", page->count);
}

void select_run(struct company *company, const struct query *query, struct str *out)
{
	struct table *table = company_table(company, query->entity);
	enum walk_order order = order_of(query);
	AUTO(filter_clear) struct filter filter = { 0 };
	struct page page = { .total = -1 };

	filter_init(&filter, company, query);
	if (filter.is_empty)
		page.total = 0;
	else if (filter.ids || order == WALK_NONE)
		page_sorted(&page, company, table, query, &filter);
	else
		page_walked(&page, company, table, order, query, &filter);
	if (query->count)
		str_addf(out, "{\"totalCount\":%lld}", (long long)page.total);
	else if (query->max == 0)
		str_addf(out, "{\"startPosition\":%lld,\"maxResults\":0,\"totalCount\":%lld}",
			 (long long)query->start, (long long)page.total);
	else if (page.count == 0)
		str_add(out, "{}");
	else
		page_add(&page, query, out);
}

bool select_text(struct company *company, const char *text, size_t len, struct str *out,
		 struct fault *fault)
{
	AUTO(query_clear) struct query query = { 0 };

	if (!query_parse(company->simulator, text, len, &query, fault))
		return false;
	select_run(company, &query, out);
	return true;
}
