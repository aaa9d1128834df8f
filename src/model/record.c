/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes records apart by their types: one walk through the raw text finds all that is wanted. */
#include "ledgerdeck/model/record.h"

#include <assert.h>
#include <string.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/decimal.h"
#include "ledgerdeck/core/hash.h"
#include "ledgerdeck/core/memory.h"
#include "catalogue_impl.h"
#include "cell.h"

static const char *const state_words[] = {
	[RECORD_LIVE] = "live",
	[RECORD_INACTIVE] = "inactive",
	[RECORD_VOIDED] = "voided",
	[RECORD_DELETED] = "deleted",
};
_Static_assert(ARRAY_LEN(state_words) == RECORD_STATE_COUNT, "a word for each state");

const char *record_state_word(enum record_state state)
{
	assert(state < RECORD_STATE_COUNT);
	return state_words[state];
}

const char *record_state_word_of(const struct type *type, enum record_state state)
{
	return state == RECORD_DELETED && type_merges(type) ? "merged" : record_state_word(state);
}

/* What one record's paths led to; texts are unescaped once, whoever asks for them. */
struct reading {
	const struct catalogue_type *type;
	struct json_slice values[PATH_SLOTS_MAX];
	struct str *scratch;
};

static struct json_slice value_of(const struct reading *reading, uint8_t slot)
{
	return slot == PATH_NO_SLOT ? (struct json_slice){ 0 } : reading->values[slot];
}

/* Ids and versions: texts or numbers, as they stand, into an array of `size` bytes. */
static bool copy_name(struct json_slice value, struct str *scratch, char *out, size_t size)
{
	struct cell_text text = cell_text_of(value, scratch);

	if (text.len == 0 || text.len >= size)
		return false;
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.bytes[i] < ' ' || text.bytes[i] == 0x7f)
			return false;
	memcpy(out, text.bytes, text.len);
	out[text.len] = '\0';
	return true;
}

/* Behind the first part of the id and a colon. */
static bool add_second_key(struct reading *reading, struct record *record, struct error *err)
{
	const struct type *type = &reading->type->type;
	size_t len = strlen(record->id);

	if (len + 1 < sizeof(record->id))
		record->id[len++] = ':';
	if (copy_name(value_of(reading, reading->type->second_key), reading->scratch, record->id + len,
		      sizeof(record->id) - len))
		return true;
	return error_set(err, ERROR_INPUT, "a record of %s lacks a part of its key, or it is too long: %s", type->name,
			 type->key);
}

static bool read_id(struct reading *reading, struct record *record, struct error *err)
{
	const struct type *type = &reading->type->type;
	struct json_slice value = value_of(reading, reading->type->key);

	if (value.kind != JSON_STRING && value.kind != JSON_NUMBER)
		return error_set(err, ERROR_INPUT, "a record of %s has no %s", type->name,
				 type->key);
	if (!copy_name(value, reading->scratch, record->id, sizeof(record->id)))
		return error_set(err, ERROR_INPUT,
				 "a record of %s has an %s that is empty, longer than %d bytes or "
				 "not printable",
				 type->name, type->key, RECORD_ID_MAX - 1);
	return reading->type->second_key == PATH_NO_SLOT || add_second_key(reading, record, err);
}

static bool read_version(struct reading *reading, struct record *record, struct error *err)
{
	const struct type *type = &reading->type->type;
	struct json_slice value = value_of(reading, reading->type->version);

	record->version[0] = '\0';
	if (value.kind != JSON_STRING && value.kind != JSON_NUMBER)
		return true;
	if (!copy_name(value, reading->scratch, record->version, sizeof(record->version)))
		return error_set(
			err, ERROR_INPUT,
			"%s %s has a %s that is empty, longer than %d bytes or not printable",
			type->name, record->id, type->version, RECORD_VERSION_MAX - 1);
	return true;
}

static bool read_time(struct reading *reading, struct record *record, struct error *err)
{
	const struct type *type = &reading->type->type;
	struct json_slice value = value_of(reading, reading->type->time);
	struct cell_text text;

	record->has_time = false;
	record->time_ms = 0;
	if (reading->type->time == PATH_NO_SLOT)
		return true;
	/* Whose changes are told by the ledger need not say when they were. */
	if (value.kind != JSON_STRING && type->reading == TYPE_BY_DELTA)
		return true;
	if (value.kind != JSON_STRING)
		return error_set(err, ERROR_INPUT, "%s %s has no %s", type->name, record->id,
				 type->time);
	text = cell_text_of(value, reading->scratch);
	if (!cell_read_stamp(text, type->zone, &record->time_ms))
		return error_set(err, ERROR_INPUT, "%s %s has a %s that is no time: '%.*s'",
				 type->name, record->id, type->time,
				 (int)(text.len > 40 ? 40 : text.len), text.bytes);
	record->has_time = true;
	return true;
}

static bool holds(const struct reading *reading, const struct type_condition *condition)
{
	/* Only looked at: there may be no room for the same text once more. */
	AUTO(str_clear) struct str own = STR_INIT(STR_NO_LIMIT);
	struct cell_text text = cell_text_of(reading->values[condition->slot], &own);
	size_t len = strlen(condition->text);
	struct decimal number;

	if (condition->begins)
		return text.len >= len && memcmp(text.bytes, condition->text, len) == 0;
	if (condition->is_number && decimal_parse(text.bytes, text.len, &number))
		return decimal_compare(number, condition->number) == 0;
	return text.len == len && memcmp(text.bytes, condition->text, len) == 0;
}

static enum record_state state_of(const struct reading *reading)
{
	const struct catalogue_type *type = reading->type;
	struct json_slice active = value_of(reading, type->active);
	size_t held = 0;

	if (active.kind == JSON_BOOL && active.text[0] == 'f')
		return RECORD_INACTIVE;
	while (held < type->condition_count && holds(reading, &type->conditions[held]))
		held++;
	return type->condition_count > 0 && held == type->condition_count ? RECORD_VOIDED
									  : RECORD_LIVE;
}

static uint64_t bit_of(uint8_t slot)
{
	return slot == PATH_NO_SLOT ? 0 : UINT64_C(1) << slot;
}

void record_key(const struct type *type, struct json_slice raw, struct str *scratch, struct record_key *ret_key)
{
	struct reading reading = { .type = (const struct catalogue_type *)type, .scratch = scratch };
	const struct catalogue_type *known = reading.type;
	struct record record = { 0 };
	struct error ignored;

	*ret_key = (struct record_key){ 0 };
	if (raw.kind != JSON_OBJECT)
		return;
	path_tree_find(&known->paths, raw, bit_of(known->key) | bit_of(known->second_key) | bit_of(known->version), reading.values);
	if (!read_id(&reading, &record, &ignored) || !read_version(&reading, &record, &ignored))
		return;
	memcpy(ret_key->id, record.id, sizeof(ret_key->id));
	memcpy(ret_key->version, record.version, sizeof(ret_key->version));
	ret_key->hash = hash_bytes(raw.text, raw.len);
}

/* Of the texts only those stay that the record borrows, each once: together they are no longer than the record itself. */
static bool read_cells(const struct reading *reading, struct record *record, struct error *err)
{
	const struct type *type = &reading->type->type;

	for (size_t i = 0; i < type->field_count; i++) {
		size_t before = reading->scratch->len;

		if (!cell_read(value_of(reading, reading->type->fields[i]), type->fields[i].kind, type->zone, reading->scratch, &record->cells[i]))
			return error_set(err, ERROR_INPUT, "%s %s has a %s that is no %s", type->name, record->id, type->fields[i].path,
					 cell_kind_word(type->fields[i].kind));
		if (record->cells[i].kind != CELL_TEXT)
			str_truncate(reading->scratch, before);
	}
	for (size_t i = type->field_count; i < TYPE_FIELDS_MAX; i++)
		record->cells[i] = (struct cell){ 0 };
	return true;
}

static struct cell_text read_title(const struct reading *reading, const struct record *record)
{
	const struct catalogue_type *type = reading->type;

	for (size_t i = 0; i < type->type.field_count; i++)
		if (type->fields[i] == type->title && record->cells[i].kind == CELL_TEXT)
			return (struct cell_text){ record->cells[i].text, record->cells[i].len };
	return cell_text_of(value_of(reading, type->title), reading->scratch);
}

bool record_extract(const struct type *type, struct json_slice raw, struct str *scratch,
		    struct record *ret_record, struct error *err)
{
	struct reading reading = { .type = (const struct catalogue_type *)type,
				   .scratch = scratch };
	const char *place = scratch->text;
	size_t room = scratch->room, before = scratch->len;
	struct record *record = ret_record;
	struct cell_text title;

	if (raw.kind != JSON_OBJECT)
		return error_set(err, ERROR_INPUT, "a record of %s is no JSON object", type->name);
	path_tree_walk(&reading.type->paths, raw, reading.values);
	if (!read_id(&reading, record, err) || !read_version(&reading, record, err) ||
	    !read_time(&reading, record, err))
		return false;
	str_truncate(scratch, before);
	if (!read_cells(&reading, record, err))
		return false;
	title = read_title(&reading, record);
	record->title = title.len ? title.bytes : record->id;
	record->title_len = title.len ? title.len : strlen(record->id);
	record->state = state_of(&reading);
	/* The texts of the records before would dangle. */
	assert(!room || (scratch->text == place && scratch->room == room));
	record->raw = raw;
	record->hash = hash_bytes(raw.text, raw.len);
	return true;
}
