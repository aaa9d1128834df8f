/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Records as lists and details show them. A list's statement is put together from fixed pieces by
 * filter and order; values are always bound, never written into it.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/records.h"
#include "query.h"
#include "rows.h"

#define CELLS_AT 7 /* column of the first cell in every statement that reads records */

static void read_cell(const struct query *query, int column, struct cell *cell)
{
	int type = sqlite3_column_type(query->statement, column);

	*cell = (struct cell){ .kind = CELL_NONE };
	if (type == SQLITE_INTEGER) {
		cell->kind = CELL_INTEGER;
		cell->integer = row_integer(query, column);
	} else if (type == SQLITE_TEXT) {
		cell->kind = CELL_TEXT;
		cell->text = row_text(query, column);
		cell->len = row_len(query, column);
	}
}

static void read_row(const struct query *query, struct record_row *row)
{
	*row = (struct record_row){ .no = row_integer(query, 0), .id = row_text(query, 1), .version = row_text(query, 2),
				    .state = (enum record_state)row_integer(query, 3), .time_ms = row_integer(query, 4),
				    .seen_ms = row_integer(query, 5), .title = row_text(query, 6) };
	row->title_len = row_len(query, 6);
	for (int i = 0; i < TYPE_FIELDS_MAX; i++)
		read_cell(query, CELLS_AT + i, &row->cells[i]);
}

static void add_subject(const struct filter_condition *condition, struct str *sql)
{
	switch (condition->subject) {
	case FILTER_FIELD:
		assert(condition->field < TYPE_FIELDS_MAX);
		str_addf(sql, "c%zu", condition->field);
		break;
	case FILTER_ID:
		str_add(sql, "id");
		break;
	case FILTER_TITLE:
		str_add(sql, "title");
		break;
	case FILTER_STATE:
		str_add(sql, "state");
		break;
	case FILTER_CHANGED:
		str_add(sql, "time_ms");
		break;
	}
}

static void add_condition(const struct filter_condition *condition, struct str *sql)
{
	static const char *const operators[] = {
		[FILTER_EQUAL] = " = ?",           [FILTER_NOT_EQUAL] = " IS NOT ?",  [FILTER_LESS] = " < ?",
		[FILTER_LESS_EQUAL] = " <= ?",     [FILTER_GREATER] = " > ?",         [FILTER_GREATER_EQUAL] = " >= ?",
		[FILTER_CONTAINS] = " LIKE ? ESCAPE '\\'",
	};

	str_add(sql, " AND ");
	add_subject(condition, sql);
	str_add(sql, operators[condition->op]);
}

/* Everything behind FROM: the account's object first, then the filter. */
static void add_where(const struct record_query *query, struct str *sql)
{
	const struct filter *filter = query->filter;

	str_add(sql, " FROM record WHERE object = ?");
	for (size_t i = 0; filter && i < filter->count; i++)
		add_condition(&filter->conditions[i], sql);
	if (!filter || !filter->names_state)
		str_add(sql, " AND state <> 3");
}

static void add_order(const struct record_query *query, struct str *sql)
{
	const char *way = query->descending ? " DESC" : "";

	str_add(sql, " ORDER BY ");
	switch (query->order) {
	case RECORD_BY_TIME:
		str_addf(sql, "time_ms%s, no%s", way, way);
		break;
	case RECORD_BY_TITLE:
		str_addf(sql, "title COLLATE NOCASE%s, no%s", way, way);
		break;
	case RECORD_BY_ID:
		str_addf(sql, "length (id)%s, id%s", way, way);
		break;
	case RECORD_BY_FIELD:
		assert(query->field < TYPE_FIELDS_MAX);
		str_addf(sql, "c%zu%s, no%s", query->field, way, way);
		break;
	}
	str_addf(sql, " LIMIT %lld OFFSET %lld", query->limit > 0 ? (long long)query->limit : -1LL, (long long)query->offset);
}

/* What the order goes by, before the number that decides between equals. */
static void add_key(const struct record_query *query, struct str *sql)
{
	switch (query->order) {
	case RECORD_BY_TIME:
		str_add(sql, "time_ms");
		break;
	case RECORD_BY_TITLE:
		str_add(sql, "title COLLATE NOCASE");
		break;
	case RECORD_BY_ID:
		str_add(sql, "printf ('%04d', length (id)) || id");
		break;
	case RECORD_BY_FIELD:
		assert(query->field < TYPE_FIELDS_MAX);
		str_addf(sql, "c%zu", query->field);
		break;
	}
}

/* Those that come before one record, which is bound four times; nothing comes before everything. */
static void add_before(const struct record_query *query, struct str *sql)
{
	AUTO(str_clear) struct str key = STR_INIT(200);
	AUTO(str_clear) struct str anchor = STR_INIT(400);
	const char *less = query->descending ? ">" : "<";

	add_key(query, &key);
	str_addf(&anchor, "(SELECT %s FROM record WHERE no = ?)", key.text);
	str_addf(sql, " AND (%s %s %s", key.text, less, anchor.text);
	str_addf(sql, query->descending ? " OR (%s IS NOT NULL AND %s IS NULL)" : " OR (%s IS NULL AND %s IS NOT NULL)", key.text, anchor.text);
	str_addf(sql, " OR (%s IS %s AND no %s ?))", key.text, anchor.text, less);
}

/* LIKE's own characters in what is looked for mean themselves. */
static void add_pattern(const char *text, struct str *out)
{
	str_add_char(out, '%');
	for (; *text; text++) {
		if (*text == '%' || *text == '_' || *text == '\\')
			str_add_char(out, '\\');
		str_add_char(out, *text);
	}
	str_add_char(out, '%');
}

static void bind_filter(struct query *query, int64_t object_no, const struct filter *filter, struct str *patterns)
{
	query_integer(query, object_no);
	for (size_t i = 0; filter && i < filter->count; i++) {
		const struct filter_condition *condition = &filter->conditions[i];

		if (condition->op == FILTER_CONTAINS) {
			str_init(&patterns[i], 500);
			add_pattern(condition->value.kind == CELL_TEXT ? condition->text : "", &patterns[i]);
			query_text(query, patterns[i].text);
		} else if (condition->value.kind == CELL_INTEGER) {
			query_integer(query, condition->value.integer);
		} else {
			query_text(query, condition->text);
		}
	}
}

static void clear_patterns(struct str (*patterns)[FILTER_CONDITIONS_MAX])
{
	for (size_t i = 0; i < FILTER_CONDITIONS_MAX; i++)
		if ((*patterns)[i].text)
			str_clear(&(*patterns)[i]);
}

bool records_list(struct store *store, int64_t object_no, const struct record_query *what,
		  bool (*row)(void *ctx, const struct record_row *row), void *ctx, struct error *err)
{
	AUTO(clear_patterns) struct str patterns[FILTER_CONDITIONS_MAX] = { 0 };
	AUTO(str_clear) struct str sql = STR_INIT(8000);
	struct query query;
	struct record_row each;

	str_add(&sql, "SELECT no, id, version, state, time_ms, seen_ms, title");
	for (int i = 0; i < TYPE_FIELDS_MAX; i++)
		str_addf(&sql, ", c%d", i);
	add_where(what, &sql);
	add_order(what, &sql);
	query = query_of_text(store, sql.text);
	bind_filter(&query, object_no, what->filter, patterns);
	while (query_next(&query)) {
		read_row(&query, &each);
		if (!row(ctx, &each))
			break;
	}
	return query_end(&query, err);
}

bool records_count(struct store *store, int64_t object_no, const struct record_query *what, int64_t *ret_count,
		   struct error *err)
{
	AUTO(clear_patterns) struct str patterns[FILTER_CONDITIONS_MAX] = { 0 };
	AUTO(str_clear) struct str sql = STR_INIT(8000);
	struct query query;

	str_add(&sql, "SELECT count(*)");
	add_where(what, &sql);
	query = query_of_text(store, sql.text);
	bind_filter(&query, object_no, what->filter, patterns);
	*ret_count = query_next(&query) ? row_integer(&query, 0) : 0;
	return query_end(&query, err);
}

bool records_place(struct store *store, int64_t object_no, const struct record_query *what, int64_t no, int64_t *ret_place,
		   bool *ret_found, struct error *err)
{
	AUTO(clear_patterns) struct str patterns[FILTER_CONDITIONS_MAX] = { 0 };
	AUTO(clear_patterns) struct str again[FILTER_CONDITIONS_MAX] = { 0 };
	AUTO(str_clear) struct str sql = STR_INIT(8000);
	struct query query;
	bool found = false;

	/* Is it there, and does it fit? */
	str_add(&sql, "SELECT 1");
	add_where(what, &sql);
	str_add(&sql, " AND no = ?");
	query = query_of_text(store, sql.text);
	bind_filter(&query, object_no, what->filter, patterns);
	query_integer(&query, no);
	found = query_next(&query);
	if (!query_end(&query, err))
		return false;
	str_reset(&sql);
	str_add(&sql, "SELECT count(*)");
	add_where(what, &sql);
	add_before(what, &sql);
	query = query_of_text(store, sql.text);
	bind_filter(&query, object_no, what->filter, again);
	for (int i = 0; i < 4; i++)
		query_integer(&query, no);
	*ret_place = query_next(&query) ? row_integer(&query, 0) : 0;
	*ret_found = found;
	return query_end(&query, err);
}

/* Copy what a row borrows into `texts`, so that it outlives its statement. */
static void keep_texts(struct record_row *row, struct str *texts)
{
	const char **borrowed[] = { &row->id, &row->version, &row->title };
	size_t room = strlen(row->id) + strlen(row->version) + row->title_len + 8;

	for (size_t i = 0; i < TYPE_FIELDS_MAX; i++)
		room += row->cells[i].kind == CELL_TEXT ? row->cells[i].len + 1 : 0;
	str_reserve(texts, room); /* once, so that nothing moves below */
	for (size_t i = 0; i < ARRAY_LEN(borrowed); i++) {
		const char *at = texts->text + texts->len;

		str_add(texts, *borrowed[i]);
		str_add_bytes(texts, "", 1);
		*borrowed[i] = at;
	}
	for (size_t i = 0; i < TYPE_FIELDS_MAX; i++) {
		const char *at = texts->text + texts->len;

		if (row->cells[i].kind != CELL_TEXT)
			continue;
		str_add_bytes(texts, row->cells[i].text, row->cells[i].len);
		str_add_bytes(texts, "", 1);
		row->cells[i].text = at;
	}
}

bool records_get(struct store *store, const struct object *object, const struct type *type, const char *id,
		 struct record_row *ret_row, struct str *ret_raw, struct str *ret_texts, bool *ret_found, struct error *err)
{
	struct query query = query_start(store, RECORD_GET);
	bool found, good = true;

	(void)type;
	query_integer(&query, object->no);
	query_text(&query, id);
	found = query_next(&query);
	if (found) {
		read_row(&query, ret_row);
		keep_texts(ret_row, ret_texts);
		good = !str_is_cut(ret_texts) || error_set(err, ERROR_STORE, "the texts of record '%s' are too long", id);
		good = good && rows_unpack(store, row_integer(&query, CELLS_AT + TYPE_FIELDS_MAX),
				   row_blob(&query, CELLS_AT + TYPE_FIELDS_MAX + 1), row_len(&query, CELLS_AT + TYPE_FIELDS_MAX + 1),
				   ret_raw, err);
	}
	if (!query_end(&query, good ? err : NULL) || !good)
		return false;
	*ret_found = found;
	return true;
}

bool records_raw(struct store *store, const struct object *object, const char *after_id,
		 bool (*each)(void *ctx, const struct record_row *row, const char *raw, size_t len), void *ctx,
		 struct error *err)
{
	struct query query = query_start(store, RECORD_RAW);
	AUTO(str_clear) struct str raw = STR_INIT(STR_NO_LIMIT);
	bool good = true, more = true;

	query_integer(&query, object->no);
	query_text(&query, after_id);
	while (good && more && query_next(&query)) {
		struct record_row row;

		read_row(&query, &row);
		str_reset(&raw);
		good = rows_unpack(store, row_integer(&query, CELLS_AT + TYPE_FIELDS_MAX),
				   row_blob(&query, CELLS_AT + TYPE_FIELDS_MAX + 1), row_len(&query, CELLS_AT + TYPE_FIELDS_MAX + 1),
				   &raw, err);
		if (good)
			more = each(ctx, &row, raw.text, raw.len);
	}
	return query_end(&query, good ? err : NULL) && good;
}
