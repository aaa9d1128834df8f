/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What records were at a time, as a table beside theirs: record_then (no, moment) has the one row that the record of that number
 * was then, or none. So a list of the past is filtered and sorted by the same statements as one of now, and nothing is copied:
 * what has not changed since is the record's own row, and only what has is unpacked and taken apart, one at a time.
 */
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/records.h"
#include "query.h"
#include "rows.h"

enum { AT_NO, AT_ID, AT_VERSION, AT_STATE, AT_TIME, AT_SEEN, AT_TITLE, AT_CELLS, AT_OF = AT_CELLS + TYPE_FIELDS_MAX, AT_MOMENT };

struct then_table {
	sqlite3_vtab base;      /* the first member */
	struct store *store;    /* borrowed */
};

struct then_cursor {
	sqlite3_vtab_cursor base; /* the first member */
	bool there;
	struct record_row row;  /* borrows from what follows */
	struct str raw, texts, scratch; /* owned */
	struct record_version version;
};

static int connect(sqlite3 *db, void *store, int count, const char *const *words, sqlite3_vtab **ret_table, char **ret_error)
{
	struct then_table *table;
	int result = sqlite3_declare_vtab(db, list_then_columns());

	(void)count;
	(void)words;
	(void)ret_error;
	if (result != SQLITE_OK)
		return result;
	table = memory_new(sizeof(*table));
	table->store = store;
	*ret_table = &table->base;
	return SQLITE_OK;
}

static int disconnect(sqlite3_vtab *table)
{
	free(table);
	return SQLITE_OK;
}

/* Both arguments are known, or it can't be asked so. */
static int plan(sqlite3_vtab *table, sqlite3_index_info *info)
{
	int found = 0;

	(void)table;
	for (int i = 0; i < info->nConstraint; i++) {
		int column = info->aConstraint[i].iColumn;

		if (column < AT_OF || info->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ)
			continue;
		if (!info->aConstraint[i].usable)
			return SQLITE_CONSTRAINT;
		info->aConstraintUsage[i].argvIndex = column - AT_OF + 1;
		info->aConstraintUsage[i].omit = 1;
		found |= 1 << (column - AT_OF);
	}
	info->estimatedCost = 1;
	info->estimatedRows = 1;
	info->idxFlags = SQLITE_INDEX_SCAN_UNIQUE;
	return found == 3 ? SQLITE_OK : SQLITE_CONSTRAINT;
}

static int open_cursor(sqlite3_vtab *table, sqlite3_vtab_cursor **ret_cursor)
{
	struct then_cursor *cursor = memory_new(sizeof(*cursor));

	(void)table;
	str_init(&cursor->raw, STR_NO_LIMIT);
	str_init(&cursor->texts, STR_NO_LIMIT);
	str_init(&cursor->scratch, STR_NO_LIMIT);
	*ret_cursor = &cursor->base;
	return SQLITE_OK;
}

static int close_cursor(sqlite3_vtab_cursor *base)
{
	struct then_cursor *cursor = (struct then_cursor *)base;

	str_clear(&cursor->raw);
	str_clear(&cursor->texts);
	str_clear(&cursor->scratch);
	free(cursor);
	return SQLITE_OK;
}

/* By the catalogue's row as it is now, like all that is listed. A version that it can't take apart has no columns, but is there. */
static void take_apart(struct then_cursor *cursor, const struct type *type)
{
	struct record_row *row = &cursor->row;
	struct error ignored = { 0 };
	struct record record;

	row->version = cursor->version.version;
	row->state = cursor->version.state;
	row->has_time = cursor->version.has_time;
	row->time_ms = cursor->version.time_ms;
	row->seen_ms = cursor->version.seen_ms;
	row->title = "";
	row->title_len = 0;
	memset(row->cells, 0, sizeof(row->cells));
	str_reserve(&cursor->scratch, cursor->raw.len + 1);
	if (!record_extract(type, (struct json_slice){ .text = cursor->raw.text, .len = cursor->raw.len, .kind = JSON_OBJECT },
			    &cursor->scratch, &record, &ignored))
		return;
	row->title = record.title;
	row->title_len = record.title_len;
	memcpy(row->cells, record.cells, sizeof(row->cells));
}

static bool find(struct then_cursor *cursor, struct store *store, const struct record_moment *moment, int64_t no, struct error *err)
{
	struct query query = query_start(store, RECORD_ROW);
	enum record_then then;

	query_integer(&query, moment->object->no);
	query_integer(&query, no);
	cursor->there = query_next(&query);
	if (cursor->there) {
		row_record(&query, &cursor->row);
		row_record_keep(&cursor->row, &cursor->texts);
	}
	if (!query_end(&query, err))
		return false;
	if (!cursor->there || cursor->row.seen_ms <= moment->at_ms)
		return true;
	if (!records_as_of(store, moment->object, cursor->row.id, moment->at_ms, &then, &cursor->version, &cursor->raw, err))
		return false;
	cursor->there = then == RECORD_THEN_THERE || then == RECORD_THEN_DELETED;
	if (cursor->there)
		take_apart(cursor, moment->type);
	return true;
}

static int filter(sqlite3_vtab_cursor *base, int number, const char *name, int count, sqlite3_value **values)
{
	struct then_cursor *cursor = (struct then_cursor *)base;
	struct then_table *table = (struct then_table *)base->pVtab;
	const struct record_moment *moment = count == 2 ? sqlite3_value_pointer(values[1], RECORD_MOMENT) : NULL;
	struct error err = { 0 };

	(void)number;
	(void)name;
	str_reset(&cursor->raw);
	str_reset(&cursor->texts);
	str_reset(&cursor->scratch);
	cursor->there = false;
	if (!moment || find(cursor, table->store, moment, sqlite3_value_int64(values[0]), &err))
		return SQLITE_OK;
	sqlite3_free(table->base.zErrMsg);
	table->base.zErrMsg = sqlite3_mprintf("%s", err.text);
	return SQLITE_ERROR;
}

static int next(sqlite3_vtab_cursor *base)
{
	((struct then_cursor *)base)->there = false;
	return SQLITE_OK;
}

static int is_over(sqlite3_vtab_cursor *base)
{
	return !((struct then_cursor *)base)->there;
}

static void tell_text(sqlite3_context *context, const char *text, size_t len)
{
	sqlite3_result_text(context, text, (int)len, SQLITE_TRANSIENT);
}

static void tell_cell(sqlite3_context *context, const struct cell *cell)
{
	if (cell->kind == CELL_INTEGER)
		sqlite3_result_int64(context, cell->integer);
	else if (cell->kind == CELL_TEXT)
		tell_text(context, cell->text, cell->len);
}

static int column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
	const struct record_row *row = &((struct then_cursor *)base)->row;

	switch (column) {
	case AT_NO:
		sqlite3_result_int64(context, row->no);
		break;
	case AT_ID:
		tell_text(context, row->id, strlen(row->id));
		break;
	case AT_VERSION:
		tell_text(context, row->version, strlen(row->version));
		break;
	case AT_STATE:
		sqlite3_result_int64(context, row->state);
		break;
	case AT_TIME:
		if (row->has_time)
			sqlite3_result_int64(context, row->time_ms);
		break;
	case AT_SEEN:
		sqlite3_result_int64(context, row->seen_ms);
		break;
	case AT_TITLE:
		tell_text(context, row->title, row->title_len);
		break;
	default:
		if (column < AT_OF)
			tell_cell(context, &row->cells[column - AT_CELLS]);
		break;
	}
	return SQLITE_OK;
}

static int row_number(sqlite3_vtab_cursor *base, sqlite3_int64 *ret_number)
{
	*ret_number = ((struct then_cursor *)base)->row.no;
	return SQLITE_OK;
}

bool then_register(struct store *store, struct error *err)
{
	static const sqlite3_module module = {
		.xConnect = connect, .xBestIndex = plan, .xDisconnect = disconnect, .xOpen = open_cursor, .xClose = close_cursor,
		.xFilter = filter, .xNext = next, .xEof = is_over, .xColumn = column, .xRowid = row_number,
	};
	int result = sqlite3_create_module(store->db, "record_then", &module, store);

	return result == SQLITE_OK || store_failed(store, result, err);
}
