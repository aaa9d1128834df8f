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

#define TITLE_AT 6 /* column of the title in every statement that reads records */
#define CELLS_AT 7 /* ... and of the first cell */

/* A cell that is a blob, which is empty, reads as the title. */
static void read_cell(const struct query *query, int column, struct cell *cell)
{
	int type = sqlite3_column_type(query->statement, column);

	*cell = (struct cell){ .kind = CELL_NONE };
	if (type == SQLITE_INTEGER) {
		cell->kind = CELL_INTEGER;
		cell->integer = row_integer(query, column);
	} else if (type == SQLITE_TEXT || type == SQLITE_BLOB) {
		column = type == SQLITE_TEXT ? column : TITLE_AT;
		cell->kind = CELL_TEXT;
		cell->text = row_text(query, column);
		cell->len = row_len(query, column);
	}
}

void row_record(const struct query *query, struct record_row *row)
{
	*row = (struct record_row){ .no = row_integer(query, 0), .id = row_text(query, 1), .version = row_text(query, 2),
				    .state = (enum record_state)row_integer(query, 3), .time_ms = row_integer(query, 4),
				    .seen_ms = row_integer(query, 5), .title = row_text(query, TITLE_AT) };
	row->title_len = row_len(query, TITLE_AT);
	row->has_time = !row_is_null(query, 4);
	for (int i = 0; i < TYPE_FIELDS_MAX; i++)
		read_cell(query, CELLS_AT + i, &row->cells[i]);
}

const char *list_then_columns(void)
{
	return "CREATE TABLE record_then (no, id, version, state, time_ms, seen_ms, title, c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, "
	       "c11, c12, c13, c14, c15, of_no HIDDEN, moment HIDDEN)";
}

/* A column's value, in a statement. */
static void add_column(size_t field, struct str *sql)
{
	assert(field < TYPE_FIELDS_MAX);
	str_addf(sql, "CASE c%zu WHEN x'' THEN title ELSE c%zu END", field, field);
}

static void add_subject(const struct filter_condition *condition, struct str *sql)
{
	switch (condition->subject) {
	case FILTER_FIELD:
		add_column(condition->field, sql);
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

	/* The one of the past has the columns of the other. */
	str_add(sql, query->then ? " FROM (SELECT no AS now_no FROM record WHERE object = ?) CROSS JOIN record_then (now_no, ?) WHERE 1"
				 : " FROM record WHERE object = ?");
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
		add_column(query->field, sql);
		str_addf(sql, "%s, no%s", way, way);
		break;
	}
	str_addf(sql, " LIMIT %lld OFFSET %lld", query->limit > 0 ? (long long)query->limit : -1LL, (long long)query->offset);
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

static void bind_condition(struct query *query, const struct filter_condition *condition, struct str *pattern)
{
	if (condition->op == FILTER_CONTAINS) {
		str_init(pattern, 500);
		add_pattern(condition->value.kind == CELL_TEXT ? condition->text : "", pattern);
		query_text(query, pattern->text);
	} else if (condition->value.kind == CELL_INTEGER) {
		query_integer(query, condition->value.integer);
	} else {
		query_text(query, condition->text);
	}
}

static void bind_filter(struct query *query, int64_t object_no, const struct record_query *what, struct str *patterns)
{
	const struct filter *filter = what->filter;

	query_integer(query, object_no);
	if (what->then)
		query_pointer(query, what->then, RECORD_MOMENT);
	for (size_t i = 0; filter && i < filter->count; i++)
		bind_condition(query, &filter->conditions[i], &patterns[i]);
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
	bind_filter(&query, object_no, what, patterns);
	while (query_next(&query)) {
		row_record(&query, &each);
		if (!row(ctx, &each))
			break;
	}
	return query_end(&query, err);
}

/* ---- walking */

/* What the order of change goes by when it goes back from a place, or on; NULL: nothing more. */
static const char *segment_of(const struct record_place *from, bool back, int number)
{
	static const char *const on[][2] = { { " AND time_ms IS NULL AND no > ?", " AND time_ms IS NOT NULL" },
					     { " AND time_ms = ? AND no > ?", " AND time_ms > ?" } };
	static const char *const back_to[][3] = { { " AND time_ms IS NULL AND no < ?", NULL, NULL },
						  { " AND time_ms = ? AND no < ?", " AND time_ms < ?", " AND time_ms IS NULL" } };

	if (from->edge != PLACE_RECORD)
		return number == 0 ? "" : NULL;
	if (back)
		return number < 3 ? back_to[from->has_time][number] : NULL;
	return number < 2 ? on[from->has_time][number] : NULL;
}

static void bind_segment(struct query *query, const struct record_place *from, int number)
{
	if (from->edge != PLACE_RECORD || number > 1)
		return;
	if (from->has_time)
		query_integer(query, from->time_ms);
	if (number == 0)
		query_integer(query, from->no);
}

/* Only these find their rows by an index, or bound the walk; all others are asked of each row. */
static bool is_bound(const struct filter_condition *condition)
{
	return (condition->subject == FILTER_ID && condition->op == FILTER_EQUAL) ||
	       (condition->subject == FILTER_CHANGED && condition->op != FILTER_NOT_EQUAL);
}

static bool is_bound_in(const struct record_query *what, size_t i)
{
	/* By the index one finds what is, not what was. */
	return !what->then && is_bound(&what->filter->conditions[i]);
}

static void add_fits(const struct record_query *what, struct str *sql)
{
	const struct filter *filter = what->filter;

	str_add(sql, !filter || !filter->names_state ? ", state <> 3" : what->then ? ", no IS NOT NULL" : ", 1");
	for (size_t i = 0; filter && i < filter->count; i++)
		if (!is_bound_in(what, i))
			add_condition(&filter->conditions[i], sql);
}

static void add_sort_key(const struct record_query *what, struct str *sql)
{
	if (what->order == RECORD_BY_FIELD) {
		str_add(sql, ", ");
		add_column(what->field, sql);
		return;
	}
	str_add(sql, what->order == RECORD_BY_TITLE ? ", title" : what->order == RECORD_BY_ID ? ", id" : what->then ? ", time_ms" : ", NULL");
}

/* Values in the order in which their conditions stand: those asked of each row first. */
static void bind_walk(struct query *query, int64_t object_no, const struct record_query *what, struct str *patterns)
{
	const struct filter *filter = what->filter;

	for (size_t i = 0; filter && i < filter->count; i++)
		if (!is_bound_in(what, i))
			bind_condition(query, &filter->conditions[i], &patterns[i]);
	query_integer(query, object_no);
	for (size_t i = 0; filter && i < filter->count; i++)
		if (is_bound_in(what, i))
			bind_condition(query, &filter->conditions[i], &patterns[i]);
}

static bool walk_segment(struct store *store, int64_t object_no, const struct record_query *what, const struct record_place *from,
			 bool back, int number, bool (*each)(void *ctx, const struct record_step *step), void *ctx, bool *ret_more,
			 struct error *err)
{
	AUTO(clear_patterns) struct str patterns[FILTER_CONDITIONS_MAX] = { 0 };
	AUTO(str_clear) struct str sql = STR_INIT(8000);
	const char *way = back ? " DESC" : "";
	struct query query;

	str_add(&sql, what->then ? "SELECT now_no, now_ms" : "SELECT no, time_ms");
	add_sort_key(what, &sql);
	add_fits(what, &sql);
	str_add(&sql, what->then ? " FROM (SELECT no AS now_no, time_ms AS now_ms FROM record WHERE object = ?" : " FROM record WHERE object = ?");
	for (size_t i = 0; what->filter && i < what->filter->count; i++)
		if (is_bound_in(what, i))
			add_condition(&what->filter->conditions[i], &sql);
	str_add(&sql, segment_of(from, back, number));
	/* Also what was not there then is walked by: it may be all that there is. */
	if (what->then)
		str_addf(&sql, ") LEFT JOIN record_then (now_no, ?) ORDER BY now_ms%s, now_no%s", way, way);
	else
		str_addf(&sql, " ORDER BY time_ms%s, no%s", way, way);
	query = query_of_text(store, sql.text);
	bind_walk(&query, object_no, what, patterns);
	bind_segment(&query, from, number);
	if (what->then)
		query_pointer(&query, what->then, RECORD_MOMENT);
	*ret_more = true;
	while (*ret_more && query_next(&query)) {
		struct record_step step = { .place = { PLACE_RECORD, !row_is_null(&query, 1), row_integer(&query, 1),
						       row_integer(&query, 0) },
					    .fits = row_integer(&query, 3) != 0 };

		read_cell(&query, 2, &step.key);
		*ret_more = each(ctx, &step);
	}
	return query_end(&query, err);
}

bool records_walk(struct store *store, int64_t object_no, const struct record_query *what, const struct record_place *from, bool back,
		  bool (*each)(void *ctx, const struct record_step *step), void *ctx, bool *ret_end, struct error *err)
{
	bool more = from->edge == PLACE_RECORD || (from->edge == PLACE_LAST) == back;

	for (int number = 0; more && segment_of(from, back, number); number++)
		if (!walk_segment(store, object_no, what, from, back, number, each, ctx, &more, err))
			return false;
	*ret_end = more || (from->edge != PLACE_RECORD && (from->edge == PLACE_LAST) != back);
	return true;
}

bool records_rows(struct store *store, int64_t object_no, const struct record_moment *then, const int64_t *nos, size_t count,
		  bool (*row)(void *ctx, const struct record_row *row), void *ctx, struct error *err)
{
	bool more = true;

	for (size_t i = 0; i < count && more; i++) {
		struct query query = query_start(store, then ? RECORD_ROW_THEN : RECORD_ROW);
		struct record_row each;

		if (!then)
			query_integer(&query, object_no);
		query_integer(&query, nos[i]);
		if (then)
			query_pointer(&query, then, RECORD_MOMENT);
		if (query_next(&query)) {
			row_record(&query, &each);
			more = row(ctx, &each);
		}
		if (!query_end(&query, err))
			return false;
	}
	return true;
}

bool records_titles(struct store *store, int64_t object_no,
		    bool (*each)(void *ctx, int64_t no, const char *title, size_t len), void *ctx, struct error *err)
{
	struct query query = query_start(store, RECORD_TITLES);

	query_integer(&query, object_no);
	while (query_next(&query))
		if (!each(ctx, row_integer(&query, 0), row_text(&query, 1), row_len(&query, 1)))
			break;
	return query_end(&query, err);
}

bool records_seen_since(struct store *store, int64_t object_no, int64_t since_ms, bool (*each)(void *ctx, const char *id), void *ctx,
			struct error *err)
{
	struct query query = query_start(store, RECORD_SEEN_SINCE);

	query_integer(&query, object_no);
	query_integer(&query, since_ms);
	while (query_next(&query))
		if (!each(ctx, row_text(&query, 0)))
			break;
	return query_end(&query, err);
}

bool records_id(struct store *store, int64_t no, char *ret_id, struct error *err)
{
	struct query query = query_start(store, RECORD_ID);

	*ret_id = '\0';
	query_integer(&query, no);
	if (query_next(&query))
		row_copy(&query, 0, ret_id, RECORD_ID_MAX);
	return query_end(&query, err);
}

bool records_find(struct store *store, int64_t object_no, const char *id, int64_t *ret_no, struct error *err)
{
	struct query query = query_start(store, RECORD_FIND);

	query_integer(&query, object_no);
	query_text(&query, id);
	*ret_no = query_next(&query) ? row_integer(&query, 0) : 0;
	return query_end(&query, err);
}

/* Copy what a row borrows into `texts`, so that it outlives its statement. */
void row_record_keep(struct record_row *row, struct str *texts)
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
		row_record(&query, ret_row);
		row_record_keep(ret_row, ret_texts);
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

		row_record(&query, &row);
		str_reset(&raw);
		good = rows_unpack(store, row_integer(&query, CELLS_AT + TYPE_FIELDS_MAX),
				   row_blob(&query, CELLS_AT + TYPE_FIELDS_MAX + 1), row_len(&query, CELLS_AT + TYPE_FIELDS_MAX + 1),
				   &raw, err);
		if (good)
			more = each(ctx, &row, raw.text, raw.len);
	}
	return query_end(&query, good ? err : NULL) && good;
}
