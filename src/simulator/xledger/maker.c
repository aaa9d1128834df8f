/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fields by name; whoever names one that is not there has made a mistake. */
#include "xledger/maker.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/decimal.h"
#include "ledgerdeck/core/memory.h"

struct xl_maker xl_maker_of(const char *type)
{
	struct xl_maker maker = { .type = xl_type_named(type), .pack = STR_INIT(STR_NO_LIMIT) };

	assert(maker.type);
	return maker;
}

static size_t field_at(const struct xl_type *type, const char *name)
{
	const struct xl_field *field = xl_field_named(type, name);

	assert(field);
	return xl_field_index(type, field);
}

void xl_maker_text(struct xl_maker *maker, const char *field, const char *text)
{
	if (text && *text)
		xl_pack_add(&maker->pack, field_at(maker->type, field), text, strlen(text));
}

void xl_maker_number(struct xl_maker *maker, const char *field, int64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)number);
	xl_maker_text(maker, field, text);
}

void xl_maker_money(struct xl_maker *maker, const char *field, int64_t cents)
{
	char text[DECIMAL_TEXT_MAX];

	xl_maker_text(maker, field, decimal_format(decimal_of(cents, 2), text));
}

void xl_maker_flag(struct xl_maker *maker, const char *field, bool flag)
{
	xl_maker_text(maker, field, flag ? "true" : "false");
}

void xl_maker_date(struct xl_maker *maker, const char *field, struct date date)
{
	char text[DATE_TEXT_MAX];

	xl_maker_text(maker, field, date_format(date, text));
}

void xl_maker_ref(struct xl_maker *maker, const char *field, const struct xl_record *record)
{
	if (record)
		xl_maker_number(maker, field, record->dbid);
}

void xl_maker_part(struct xl_maker *maker, const char *field, struct xl_maker *part)
{
	xl_pack_add(&maker->pack, field_at(maker->type, field), part->pack.text, part->pack.len);
	xl_maker_clear(part);
}

void xl_maker_clear(struct xl_maker *maker)
{
	str_clear(&maker->pack);
}

struct xl_record *xl_maker_add(struct xl_maker *maker, struct xl_entity *entity, int64_t owner, int64_t ms)
{
	struct xl_record *record = xl_add_at(entity, maker->type, owner, ms, maker->pack.text, maker->pack.len);

	xl_maker_clear(maker);
	return record;
}

const char *xl_text_of(struct xl_entity *entity, const struct xl_record *record, const char *field, char *out,
		       size_t size)
{
	struct xl_object object = xl_object_of(record);
	char scratch[32];
	struct xl_value value =
		xl_object_get(entity, &object, &record->type->fields[field_at(record->type, field)], scratch);

	if (!value.text)
		value.len = 0;
	if (value.len >= size)
		value.len = size - 1;
	if (value.len > 0)
		memcpy(out, value.text, value.len);
	out[value.len] = '\0';
	return out;
}

int64_t xl_cents_of(struct xl_entity *entity, const struct xl_record *record, const char *field)
{
	char text[DECIMAL_TEXT_MAX];
	struct decimal value;

	xl_text_of(entity, record, field, text, sizeof(text));
	if (!decimal_parse(text, strlen(text), &value) || !decimal_round(value, 2, &value))
		return 0;
	while (value.scale < 2) {
		value.digits *= 10;
		value.scale++;
	}
	return value.digits;
}

struct xl_record *xl_ref_of(struct xl_entity *entity, const struct xl_record *record, const char *field)
{
	const struct xl_field *found = &record->type->fields[field_at(record->type, field)];
	char text[32];

	xl_text_of(entity, record, field, text, sizeof(text));
	return *text ? xl_find(entity, xl_field_of(record->type, found), strtoll(text, NULL, 10)) : NULL;
}

void xl_set_text(struct xl_entity *entity, struct xl_record *record, const char *field, const char *text)
{
	size_t wanted = field_at(record->type, field), at = 0, found;
	AUTO(str_clear) struct str pack = STR_INIT(STR_NO_LIMIT);
	struct xl_value value;

	while (xl_pack_each(record->pack, record->len, &at, &found, &value))
		if (found != wanted)
			xl_pack_add(&pack, found, value.text, value.len);
	if (text)
		xl_pack_add(&pack, wanted, text, strlen(text));
	xl_update(entity, record, pack.text, pack.len);
}
