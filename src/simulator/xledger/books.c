/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records in tables, and the log of what changed. What a record means is others' business. */
#include "xledger/books.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

#include "world.h"

#define FIRST_DBID 20000001 /* eight digits, as the service's are */

struct xl_entity *xl_entity_new(struct simulator *simulator, const char *realm, const char *name)
{
	struct xl_entity *entity = memory_new(sizeof(*entity));

	entity->simulator = simulator;
	snprintf(entity->realm, sizeof(entity->realm), "%s", realm);
	entity->dbid = strtoll(realm, NULL, 10);
	entity->name = memory_copy_text(name);
	entity->owners[entity->owner_count++] = entity->dbid;
	entity->next_dbid = FIRST_DBID;
	entity->next_position = 8001;
	entity->next_voucher = entity->next_order = 1;
	entity->next_invoice = 100001;
	entity->next_customer = 10001;
	entity->next_supplier = 50001;
	entity->next_project = 1001;
	entity->open_orders = -1;
	entity->changed = true;
	return entity;
}

void xl_record_free(struct xl_record *record)
{
	if (!record)
		return;
	free(record->pack);
	free(record);
}

void xl_entity_free(struct xl_entity *entity)
{
	if (!entity)
		return;
	for (size_t i = 0; i < XL_TYPE_MAX; i++) {
		struct xl_table *table = &entity->tables[i];

		for (size_t k = 0; k < table->count; k++)
			xl_record_free(table->records[k]);
		free(table->records);
		free(table->deltas);
		map_clear(&table->codes, NULL);
	}
	free(entity->gone);
	free(entity->name);
	free(entity);
}

int64_t xl_now_ms(const struct xl_entity *entity)
{
	int64_t ms = world_now_ms(entity->simulator);

	return ms - ms % 1000;
}

struct xl_table *xl_table_of(struct xl_entity *entity, const struct xl_type *type)
{
	return &entity->tables[xl_type_index(type)];
}

size_t xl_table_bound(const struct xl_table *table, int64_t dbid)
{
	size_t low = 0, high = table->count;

	if (high > 0 && table->records[high - 1]->dbid < dbid)
		return high;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (table->records[middle]->dbid < dbid)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct xl_record *xl_find(struct xl_entity *entity, const struct xl_type *type, int64_t dbid)
{
	const struct xl_table *table = xl_table_of(entity, type);
	size_t at = xl_table_bound(table, dbid);

	return at < table->count && table->records[at]->dbid == dbid ? table->records[at] : NULL;
}

static void codes_add(struct xl_table *table, size_t field, struct xl_record *record)
{
	struct xl_value code = xl_pack_get(record->pack, record->len, field);
	void **place;

	if (!code.text || code.len == 0)
		return;
	place = map_place(&table->codes, code.text, code.len);
	if (!*place)
		*place = record;
}

static void codes_drop(struct xl_table *table)
{
	if (table->has_codes)
		map_clear(&table->codes, NULL);
	table->has_codes = false;
}

struct xl_record *xl_find_code(struct xl_entity *entity, const struct xl_type *type, const char *code)
{
	struct xl_table *table = xl_table_of(entity, type);
	const struct xl_field *field = xl_field_named(type, "code");

	if (!field || !*code)
		return NULL;
	if (!table->has_codes) {
		for (size_t i = 0; i < table->count; i++)
			codes_add(table, xl_field_index(type, field), table->records[i]);
		table->has_codes = true;
	}
	return map_get(&table->codes, code, strlen(code));
}

/* ---- packed fields: one byte for the field, four for the length, the text */

#define PACK_HEAD 5

void xl_pack_add(struct str *pack, size_t field, const char *text, size_t len)
{
	uint32_t narrow = (uint32_t)len;
	char head[PACK_HEAD] = { (char)(unsigned char)field };

	assert(field < XL_FIELD_MAX);
	memcpy(head + 1, &narrow, sizeof(narrow));
	str_add_bytes(pack, head, sizeof(head));
	str_add_bytes(pack, text, len);
}

bool xl_pack_each(const char *pack, size_t len, size_t *at, size_t *ret_field, struct xl_value *ret_value)
{
	uint32_t length;

	if (len - *at < PACK_HEAD)
		return false;
	*ret_field = (unsigned char)pack[*at];
	memcpy(&length, pack + *at + 1, sizeof(length));
	*ret_value = (struct xl_value){ pack + *at + PACK_HEAD, length };
	*at += PACK_HEAD + length;
	return true;
}

struct xl_value xl_pack_get(const char *pack, size_t len, size_t field)
{
	struct xl_value value;
	size_t at = 0, found;

	while (xl_pack_each(pack, len, &at, &found, &value))
		if (found == field)
			return value;
	return (struct xl_value){ 0 };
}

bool xl_pack_check(const struct xl_type *type, const char *pack, size_t len, int depth)
{
	size_t at = 0;

	while (at < len) {
		const struct xl_field *field;
		uint32_t length;

		if (len - at < PACK_HEAD || (unsigned char)pack[at] >= type->count)
			return false;
		field = &type->fields[(unsigned char)pack[at]];
		memcpy(&length, pack + at + 1, sizeof(length));
		at += PACK_HEAD;
		if (length > len - at || !xl_field_is_kept(field))
			return false;
		if (field->kind == XL_PART &&
		    (depth == 0 || !xl_pack_check(xl_field_of(type, field), pack + at, length, depth - 1)))
			return false;
		at += length;
	}
	return true;
}

struct xl_object xl_object_of(const struct xl_record *record)
{
	return (struct xl_object){ record->type, record, record->pack, record->len };
}

static struct xl_value number_value(int64_t number, char *scratch)
{
	int len = snprintf(scratch, 32, "%lld", (long long)number);

	return (struct xl_value){ scratch, (size_t)len };
}

/* A field of the object itself. */
static struct xl_value own_value(const struct xl_object *object, const struct xl_field *field, char *scratch)
{
	switch (field->kind) {
	case XL_DBID:
		return number_value(object->record->dbid, scratch);
	case XL_CREATED:
		return number_value(object->record->created_ms, scratch);
	case XL_MODIFIED:
		return number_value(object->record->modified_ms, scratch);
	case XL_OWNER:
	case XL_OWNER_DBID:
		return number_value(object->record->owner, scratch);
	default:
		return xl_pack_get(object->pack, object->len, xl_field_index(object->type, field));
	}
}

static bool own_follow(struct xl_entity *entity, const struct xl_object *object, const struct xl_field *field,
		       struct xl_object *ret_object)
{
	const struct xl_type *of = xl_field_of(object->type, field);
	char scratch[32];
	struct xl_value value = own_value(object, field, scratch);
	const struct xl_record *record;

	if (!value.text || !of)
		return false;
	if (field->kind == XL_PART) {
		*ret_object = (struct xl_object){ of, object->record, value.text, value.len };
		return true;
	}
	if (value.len >= sizeof(scratch))
		return false;
	if (value.text != scratch) {
		memcpy(scratch, value.text, value.len);
		scratch[value.len] = '\0';
	}
	record = xl_find(entity, of, strtoll(scratch, NULL, 10));
	if (!record)
		return false;
	*ret_object = xl_object_of(record);
	return true;
}

/* The object in which the field's value stands, and which field of it. False: there is none. */
static bool path_walk(struct xl_entity *entity, const struct xl_object *object, const struct xl_field *field,
		      struct xl_object *ret_object, const struct xl_field **ret_field)
{
	const struct xl_path *path = xl_field_path(object->type, field);

	*ret_object = *object;
	for (uint8_t i = 0; i + 1 < path->count; i++)
		if (!own_follow(entity, ret_object, &ret_object->type->fields[path->steps[i]], ret_object))
			return false;
	*ret_field = &ret_object->type->fields[path->steps[path->count - 1]];
	return true;
}

struct xl_value xl_object_get(struct xl_entity *entity, const struct xl_object *object,
			      const struct xl_field *field, char *scratch)
{
	struct xl_object at;

	if (!path_walk(entity, object, field, &at, &field))
		return (struct xl_value){ 0 };
	return own_value(&at, field, scratch);
}

bool xl_object_follow(struct xl_entity *entity, const struct xl_object *object, const struct xl_field *field,
		      struct xl_object *ret_object)
{
	struct xl_object at;

	return path_walk(entity, object, field, &at, &field) && own_follow(entity, &at, field, ret_object);
}

/* ---- changes */

static void mark_dirty(struct xl_entity *entity, struct xl_record *record)
{
	if (record->dirty)
		return;
	record->dirty = true;
	record->next_dirty = entity->dirty;
	entity->dirty = record;
}

static void record_set(struct xl_record *record, const char *pack, size_t len)
{
	char *copy = memory_copy(len > 0 ? pack : "", len);

	free(record->pack);
	record->pack = copy;
	record->len = (uint32_t)len;
}

void xl_restore(struct xl_entity *entity, struct xl_record *record)
{
	struct xl_table *table = xl_table_of(entity, record->type);
	const struct xl_field *code = xl_field_named(record->type, "code");
	size_t at = xl_table_bound(table, record->dbid);

	memory_grow(&table->records, &table->room, table->count + 1, sizeof(struct xl_record *));
	memmove(&table->records[at + 1], &table->records[at], (table->count - at) * sizeof(struct xl_record *));
	table->records[at] = record;
	table->count++;
	if (table->has_codes && code)
		codes_add(table, xl_field_index(record->type, code), record);
}

struct xl_record *xl_add_as(struct xl_entity *entity, const struct xl_type *type, int64_t dbid, int64_t owner,
			    int64_t ms, const char *pack, size_t len)
{
	struct xl_record *record = memory_new(sizeof(*record));

	record->type = type;
	record->dbid = dbid;
	record->owner = owner;
	record->created_ms = record->modified_ms = ms;
	record_set(record, pack, len);
	xl_restore(entity, record);
	mark_dirty(entity, record);
	entity->changed = true;
	if (!entity->loading)
		xl_delta_add(entity, type, dbid, owner, XL_ADDED, ms);
	return record;
}

struct xl_record *xl_add_at(struct xl_entity *entity, const struct xl_type *type, int64_t owner, int64_t ms,
			    const char *pack, size_t len)
{
	return xl_add_as(entity, type, entity->next_dbid++, owner, ms, pack, len);
}

struct xl_record *xl_add(struct xl_entity *entity, const struct xl_type *type, int64_t owner, const char *pack,
			 size_t len)
{
	return xl_add_at(entity, type, owner, xl_now_ms(entity), pack, len);
}

void xl_touch(struct xl_entity *entity, struct xl_record *record)
{
	record->modified_ms = xl_now_ms(entity);
	mark_dirty(entity, record);
	if (!entity->loading)
		xl_delta_add(entity, record->type, record->dbid, record->owner, XL_UPDATED, record->modified_ms);
}

void xl_update(struct xl_entity *entity, struct xl_record *record, const char *pack, size_t len)
{
	record_set(record, pack, len);
	codes_drop(xl_table_of(entity, record->type));
	xl_touch(entity, record);
}

static void forget_dirty(struct xl_entity *entity, const struct xl_record *record)
{
	struct xl_record **place = &entity->dirty;

	while (*place && *place != record)
		place = &(*place)->next_dirty;
	if (*place)
		*place = (*place)->next_dirty;
}

void xl_remove(struct xl_entity *entity, struct xl_record *record)
{
	struct xl_table *table = xl_table_of(entity, record->type);
	size_t at = xl_table_bound(table, record->dbid);

	memmove(&table->records[at], &table->records[at + 1],
		(table->count - at - 1) * sizeof(struct xl_record *));
	table->count--;
	codes_drop(table);
	if (record->dirty)
		forget_dirty(entity, record);
	memory_grow(&entity->gone, &entity->gone_room, entity->gone_count + 1, sizeof(*entity->gone));
	entity->gone[entity->gone_count++] = (struct xl_gone){ xl_type_index(record->type), record->dbid };
	if (!entity->loading)
		xl_delta_add(entity, record->type, record->dbid, record->owner, XL_DELETED, xl_now_ms(entity));
	xl_record_free(record);
}

/* ---- deltas */

void xl_delta_add(struct xl_entity *entity, const struct xl_type *type, int64_t dbid, int64_t owner,
		  enum xl_change change, int64_t ms)
{
	struct xl_table *table = xl_table_of(entity, type);

	if (!(type->flags & XL_DELTAS))
		return;
	/* The clock may be put back; the log's order stays. */
	if (ms < entity->last_delta_ms)
		ms = entity->last_delta_ms;
	entity->last_delta_ms = ms;
	entity->changed = true;
	memory_grow(&table->deltas, &table->delta_room, table->delta_count + 1, sizeof(*table->deltas));
	table->deltas[table->delta_count++] = (struct xl_delta){
		.position = entity->next_position++, .ms = ms, .dbid = dbid, .owner = owner, .change = change,
	};
}

size_t xl_delta_first(const struct xl_entity *entity, const struct xl_table *table)
{
	int64_t since_ms = world_now_ms(entity->simulator) - XL_DELTA_KEPT_MS;
	size_t low = 0, high = table->delta_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (table->deltas[middle].ms < since_ms)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}
