/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Entities, records, deltas and tokens as rows. Fields are written by their names, so that a
 * simulator whose types have more fields reads the file all the same.
 */
#include "xledger/state.h"

#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"

#include "xledger/xledger.h"

#define DEPTH_MAX 4 /* of parts inside parts */

static const char schema_sql[] =
	"CREATE TABLE IF NOT EXISTS xledger_entity (number INTEGER PRIMARY KEY, realm TEXT NOT NULL,"
	" name TEXT NOT NULL, numbers TEXT NOT NULL);"
	"CREATE TABLE IF NOT EXISTS xledger_record (entity INTEGER NOT NULL, type TEXT NOT NULL,"
	" dbid INTEGER NOT NULL, owner INTEGER NOT NULL, created_ms INTEGER NOT NULL,"
	" modified_ms INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (entity, dbid, type)) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS xledger_delta (entity INTEGER NOT NULL, position INTEGER NOT NULL,"
	" type TEXT NOT NULL, dbid INTEGER NOT NULL, owner INTEGER NOT NULL, change INTEGER NOT NULL,"
	" ms INTEGER NOT NULL, PRIMARY KEY (entity, position)) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS xledger_token (text TEXT PRIMARY KEY, entity INTEGER NOT NULL,"
	" expires_ms INTEGER NOT NULL, revoked INTEGER NOT NULL, scopes TEXT) WITHOUT ROWID;";

/* ---- the entity's own numbers: rows, so that none can be written and not read */

#define NUMBER(member) { #member, offsetof(struct xl_entity, member) }

static const struct {
	const char *name;
	size_t offset;
} numbers[] = {
	NUMBER(next_dbid),	 NUMBER(next_position), NUMBER(next_voucher),  NUMBER(next_invoice),
	NUMBER(next_order),	 NUMBER(next_customer), NUMBER(next_supplier), NUMBER(next_project),
	NUMBER(last_delta_ms),   NUMBER(imported),
};

static void numbers_add(const struct xl_entity *entity, struct str *out)
{
	str_add_char(out, '{');
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		int64_t number;

		memcpy(&number, (const char *)entity + numbers[i].offset, sizeof(number));
		str_addf(out, "\"%s\":%lld,", numbers[i].name, (long long)number);
	}
	str_add(out, "\"owners\":[");
	for (size_t i = 0; i < entity->owner_count; i++)
		str_addf(out, "%s%lld", i ? "," : "", (long long)entity->owners[i]);
	str_add(out, "]}");
}

static bool numbers_read(struct xl_entity *entity, const char *text, size_t len)
{
	struct json_slice owners, item;

	if (!json_check(text, len, NULL) || *text != '{')
		return false;
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		struct json_slice slice = json_find(text, len, numbers[i].name);
		int64_t number;

		if (slice.kind != JSON_NUMBER)
			return false;
		number = strtoll(slice.text, NULL, 10);
		memcpy((char *)entity + numbers[i].offset, &number, sizeof(number));
	}
	owners = json_find(text, len, "owners");
	entity->owner_count = 0;
	for (size_t at = 0; owners.kind == JSON_ARRAY && json_each(owners, &at, NULL, &item);)
		if (entity->owner_count < XL_OWNERS_MAX)
			entity->owners[entity->owner_count++] = strtoll(item.text, NULL, 10);
	return entity->owner_count > 0;
}

/* ---- packed fields as JSON and back */

static void pack_to_json(const struct xl_type *type, const char *pack, size_t len, struct str *out)
{
	struct xl_value value;
	size_t at = 0, field;
	const char *comma = "";

	str_add_char(out, '{');
	for (; xl_pack_each(pack, len, &at, &field, &value); comma = ",") {
		str_addf(out, "%s\"%s\":", comma, type->fields[field].name);
		if (type->fields[field].kind == XL_PART)
			pack_to_json(xl_field_of(type, &type->fields[field]), value.text, value.len, out);
		else
			str_add_json(out, value.text, value.len);
	}
	str_add_char(out, '}');
}

/* Fields that the type has no longer are left out. */
static bool pack_of_json(const struct xl_type *type, struct json_slice object, int depth, struct str *out)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	struct json_slice name, value;

	for (size_t at = 0; json_each(object, &at, &name, &value);) {
		const struct xl_field *field;
		bool part;

		str_reset(&text);
		json_unquote(name, &text);
		field = xl_field_named(type, text.text);
		if (!field || !xl_field_is_kept(field))
			continue;
		part = field->kind == XL_PART;
		if (value.kind != (part ? JSON_OBJECT : JSON_STRING) || (part && depth == 0))
			return false;
		str_reset(&text);
		if (!part)
			json_unquote(value, &text);
		else if (!pack_of_json(xl_field_of(type, field), value, depth - 1, &text))
			return false;
		xl_pack_add(out, xl_field_index(type, field), text.text, text.len);
	}
	return true;
}

/* ---- writing */

bool xl_entity_is_dirty(const struct xl_entity *entity)
{
	return entity->changed || entity->dirty || entity->gone_count > 0;
}

bool xl_state_is_dirty(const struct simulator *simulator)
{
	for (size_t i = 0; i < xledger_count(simulator->xledger); i++)
		if (xl_entity_is_dirty(simulator->xledger->entities[i]))
			return true;
	return simulator->xledger && simulator->xledger->tokens.changed;
}

static void finalize(sqlite3_stmt **statement)
{
	sqlite3_finalize(*statement);
}

static bool prepare(sqlite3 *db, const char *sql, sqlite3_stmt **ret_statement)
{
	return sqlite3_prepare_v2(db, sql, -1, ret_statement, NULL) == SQLITE_OK;
}

static bool run(sqlite3_stmt *statement)
{
	bool good = sqlite3_step(statement) == SQLITE_DONE;

	sqlite3_reset(statement);
	return good;
}

static void bind_text(sqlite3_stmt *statement, int at, const char *text, size_t len)
{
	sqlite3_bind_text64(statement, at, text, len, SQLITE_STATIC, SQLITE_UTF8);
}

static bool put_entity(const struct xl_entity *entity, size_t number, sqlite3 *db)
{
	AUTO(finalize) sqlite3_stmt *statement = NULL;
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);

	numbers_add(entity, &text);
	if (!prepare(db, "INSERT OR REPLACE INTO xledger_entity VALUES (?, ?, ?, ?)", &statement))
		return false;
	sqlite3_bind_int64(statement, 1, (int64_t)number);
	bind_text(statement, 2, entity->realm, strlen(entity->realm));
	bind_text(statement, 3, entity->name, strlen(entity->name));
	bind_text(statement, 4, text.text, text.len);
	return run(statement);
}

static bool put_gone(const struct xl_entity *entity, size_t number, sqlite3 *db)
{
	AUTO(finalize) sqlite3_stmt *statement = NULL;

	if (!prepare(db, "DELETE FROM xledger_record WHERE entity = ? AND type = ? AND dbid = ?", &statement))
		return false;
	for (size_t i = 0; i < entity->gone_count; i++) {
		const char *type = xl_type_at(entity->gone[i].type)->name;

		sqlite3_bind_int64(statement, 1, (int64_t)number);
		bind_text(statement, 2, type, strlen(type));
		sqlite3_bind_int64(statement, 3, entity->gone[i].dbid);
		if (!run(statement))
			return false;
	}
	return true;
}

static int compare_dbids(const void *a, const void *b)
{
	const struct xl_record *const *x = a, *const *y = b;

	return (*x)->dbid < (*y)->dbid ? -1 : (*x)->dbid > (*y)->dbid;
}

static bool put_record(const struct xl_record *record, size_t number, sqlite3_stmt *statement, struct str *text)
{
	str_reset(text);
	pack_to_json(record->type, record->pack, record->len, text);
	sqlite3_bind_int64(statement, 1, (int64_t)number);
	bind_text(statement, 2, record->type->name, strlen(record->type->name));
	sqlite3_bind_int64(statement, 3, record->dbid);
	sqlite3_bind_int64(statement, 4, record->owner);
	sqlite3_bind_int64(statement, 5, record->created_ms);
	sqlite3_bind_int64(statement, 6, record->modified_ms);
	bind_text(statement, 7, text->text, text->len);
	return run(statement);
}

/* In the order of the file: millions go in without a search. */
static bool put_records(const struct xl_entity *entity, size_t number, sqlite3 *db)
{
	AUTO(finalize) sqlite3_stmt *statement = NULL;
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	AUTO(memory_freep) const struct xl_record **records = NULL;
	size_t count = 0, room = 0;

	for (const struct xl_record *record = entity->dirty; record; record = record->next_dirty) {
		memory_grow(&records, &room, count + 1, sizeof(struct xl_record *));
		records[count++] = record;
	}
	if (count > 1)
		qsort(records, count, sizeof(struct xl_record *), compare_dbids);
	if (!prepare(db, "INSERT OR REPLACE INTO xledger_record VALUES (?, ?, ?, ?, ?, ?, ?)", &statement))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!put_record(records[i], number, statement, &text))
			return false;
	return true;
}

static bool put_deltas(const struct xl_entity *entity, size_t number, sqlite3 *db)
{
	AUTO(finalize) sqlite3_stmt *statement = NULL;

	if (!prepare(db, "INSERT OR REPLACE INTO xledger_delta VALUES (?, ?, ?, ?, ?, ?, ?)", &statement))
		return false;
	for (size_t i = 0; i < xl_type_count(); i++) {
		const struct xl_table *table = &entity->tables[i];
		const char *type = xl_type_at(i)->name;

		for (size_t k = table->delta_saved; k < table->delta_count; k++) {
			const struct xl_delta *delta = &table->deltas[k];

			sqlite3_bind_int64(statement, 1, (int64_t)number);
			sqlite3_bind_int64(statement, 2, delta->position);
			bind_text(statement, 3, type, strlen(type));
			sqlite3_bind_int64(statement, 4, delta->dbid);
			sqlite3_bind_int64(statement, 5, delta->owner);
			sqlite3_bind_int64(statement, 6, delta->change);
			sqlite3_bind_int64(statement, 7, delta->ms);
			if (!run(statement))
				return false;
		}
	}
	return true;
}

static bool put_tokens(const struct xledger *xledger, sqlite3 *db)
{
	AUTO(finalize) sqlite3_stmt *statement = NULL;

	if (!xledger->tokens.changed)
		return true;
	if (!prepare(db, "INSERT OR REPLACE INTO xledger_token VALUES (?, ?, ?, ?, ?)", &statement))
		return false;
	for (size_t i = 0; i < xledger->tokens.count; i++) {
		const struct xl_token *token = xledger->tokens.items[i];
		size_t number = 0;

		while (xledger->entities[number] != token->entity)
			number++;
		bind_text(statement, 1, token->text, strlen(token->text));
		sqlite3_bind_int64(statement, 2, (int64_t)number);
		sqlite3_bind_int64(statement, 3, token->expires_ms);
		sqlite3_bind_int64(statement, 4, token->revoked);
		if (token->scopes)
			bind_text(statement, 5, token->scopes, strlen(token->scopes));
		else
			sqlite3_bind_null(statement, 5);
		if (!run(statement))
			return false;
	}
	return true;
}

bool xl_state_put(const struct simulator *simulator, sqlite3 *db)
{
	const struct xledger *xledger = simulator->xledger;

	if (!xl_state_is_dirty(simulator))
		return true;
	if (sqlite3_exec(db, schema_sql, NULL, NULL, NULL) != SQLITE_OK)
		return false;
	for (size_t i = 0; i < xledger->count; i++) {
		const struct xl_entity *entity = xledger->entities[i];

		if (xl_entity_is_dirty(entity) && (!put_entity(entity, i, db) || !put_gone(entity, i, db) ||
						   !put_records(entity, i, db) || !put_deltas(entity, i, db)))
			return false;
	}
	return put_tokens(xledger, db);
}

void xl_state_settle(const struct simulator *simulator)
{
	struct xledger *xledger = simulator->xledger;

	for (size_t i = 0; i < xledger_count(xledger); i++) {
		struct xl_entity *entity = xledger->entities[i];

		while (entity->dirty) {
			struct xl_record *record = entity->dirty;

			entity->dirty = record->next_dirty;
			record->next_dirty = NULL;
			record->dirty = false;
		}
		for (size_t k = 0; k < XL_TYPE_MAX; k++)
			entity->tables[k].delta_saved = entity->tables[k].delta_count;
		entity->gone_count = 0;
		entity->changed = false;
	}
	if (xledger)
		xledger->tokens.changed = false;
}

/* ---- reading */

static bool column_text(sqlite3_stmt *row, int column, const char **ret_text, size_t *ret_len)
{
	*ret_text = (const char *)sqlite3_column_text(row, column);
	*ret_len = (size_t)sqlite3_column_bytes(row, column);
	return *ret_text && strlen(*ret_text) == *ret_len;
}

static struct xl_entity *column_entity(const struct xledger *xledger, sqlite3_stmt *row, int column)
{
	int64_t number = sqlite3_column_int64(row, column);

	return number >= 0 && (size_t)number < xledger->count ? xledger->entities[number] : NULL;
}

static bool load_entity(struct simulator *simulator, sqlite3_stmt *row)
{
	const char *realm, *name, *text;
	size_t realm_len, name_len, len;
	struct xl_entity *entity;

	if (!column_text(row, 1, &realm, &realm_len) || realm_len == 0 || realm_len > 18 ||
	    strspn(realm, "0123456789") != realm_len || !column_text(row, 2, &name, &name_len) ||
	    !column_text(row, 3, &text, &len) ||
	    (size_t)sqlite3_column_int64(row, 0) != simulator->xledger->count)
		return false;
	entity = xl_entity_new(simulator, realm, name);
	xledger_add(simulator->xledger, entity);
	entity->changed = false;
	return numbers_read(entity, text, len);
}

static bool load_record(struct simulator *simulator, sqlite3_stmt *row)
{
	struct xl_entity *entity = column_entity(simulator->xledger, row, 0);
	AUTO(str_clear) struct str pack = STR_INIT(STR_NO_LIMIT);
	const struct xl_type *type;
	struct xl_record *record;
	const char *name, *text;
	size_t name_len, len;

	if (!entity || !column_text(row, 1, &name, &name_len) || !column_text(row, 6, &text, &len))
		return false;
	type = xl_type_named(name);
	if (!type || !json_check(text, len, NULL) || *text != '{' ||
	    !pack_of_json(type, (struct json_slice){ .text = text, .len = len, .kind = JSON_OBJECT }, DEPTH_MAX, &pack))
		return false;
	record = memory_new(sizeof(*record));
	record->type = type;
	record->dbid = sqlite3_column_int64(row, 2);
	record->owner = sqlite3_column_int64(row, 3);
	record->created_ms = sqlite3_column_int64(row, 4);
	record->modified_ms = sqlite3_column_int64(row, 5);
	record->pack = memory_copy(pack.len ? pack.text : "", pack.len);
	record->len = (uint32_t)pack.len;
	xl_restore(entity, record);
	return true;
}

static bool load_delta(struct simulator *simulator, sqlite3_stmt *row)
{
	struct xl_entity *entity = column_entity(simulator->xledger, row, 0);
	const struct xl_type *type;
	struct xl_table *table;
	const char *name;
	size_t len;

	if (!entity || !column_text(row, 2, &name, &len))
		return false;
	type = xl_type_named(name);
	if (!type || sqlite3_column_int64(row, 5) < XL_ADDED || sqlite3_column_int64(row, 5) > XL_DELETED)
		return false;
	table = xl_table_of(entity, type);
	memory_grow(&table->deltas, &table->delta_room, table->delta_count + 1, sizeof(*table->deltas));
	table->deltas[table->delta_count++] = (struct xl_delta){
		.position = sqlite3_column_int64(row, 1), .dbid = sqlite3_column_int64(row, 3),
		.owner = sqlite3_column_int64(row, 4), .change = (enum xl_change)sqlite3_column_int64(row, 5),
		.ms = sqlite3_column_int64(row, 6),
	};
	table->delta_saved = table->delta_count;
	return true;
}

static bool load_token(struct simulator *simulator, sqlite3_stmt *row)
{
	struct xl_entity *entity = column_entity(simulator->xledger, row, 1);
	const char *text, *scopes = (const char *)sqlite3_column_text(row, 4);
	size_t len;

	if (!entity || !column_text(row, 0, &text, &len) || len >= XL_TOKEN_MAX)
		return false;
	xl_token_restore(&simulator->xledger->tokens, entity, text, sqlite3_column_int64(row, 2),
			 sqlite3_column_int64(row, 3) != 0, scopes ? memory_copy_text(scopes) : NULL);
	return true;
}

static const struct {
	const char *sql;
	bool (*load)(struct simulator *simulator, sqlite3_stmt *row);
} loads[] = {
	{ "SELECT number, realm, name, numbers FROM xledger_entity ORDER BY number", load_entity },
	{ "SELECT entity, type, dbid, owner, created_ms, modified_ms, text FROM xledger_record "
	  "ORDER BY entity, dbid", load_record },
	{ "SELECT entity, position, type, dbid, owner, change, ms FROM xledger_delta ORDER BY entity, position",
	  load_delta },
	{ "SELECT text, entity, expires_ms, revoked, scopes FROM xledger_token ORDER BY text", load_token },
};

/* Files of simulators that knew no Xledger have none of the tables. */
static bool has_tables(sqlite3 *db, bool *ret_has)
{
	AUTO(finalize) sqlite3_stmt *statement = NULL;

	if (!prepare(db, "SELECT count(*) FROM sqlite_master WHERE name = 'xledger_entity'", &statement) ||
	    sqlite3_step(statement) != SQLITE_ROW)
		return false;
	*ret_has = sqlite3_column_int64(statement, 0) > 0;
	return true;
}

bool xl_state_load(struct simulator *simulator, sqlite3 *db, bool *ret_damaged)
{
	bool has;

	*ret_damaged = false;
	if (!has_tables(db, &has))
		return false;
	if (has && !simulator->xledger)
		simulator->xledger = xledger_new();
	for (size_t i = 0; has && i < ARRAY_LEN(loads); i++) {
		AUTO(finalize) sqlite3_stmt *row = NULL;
		int code;

		if (!prepare(db, loads[i].sql, &row))
			return false;
		while ((code = sqlite3_step(row)) == SQLITE_ROW)
			if (!loads[i].load(simulator, row)) {
				*ret_damaged = true;
				return false;
			}
		if (code != SQLITE_DONE)
			return false;
	}
	return true;
}
