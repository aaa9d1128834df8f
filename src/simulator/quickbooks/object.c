/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Members of a draft's object, read and set the way the rules speak of them. */
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "quickbooks/rules.h"
#include "world.h"

json_object *object_get(json_object *object, const char *path)
{
	while (object && *path) {
		size_t len = strcspn(path, ".");
		AUTO(memory_freep) char *name = memory_copy(path, len);

		if (!json_object_is_type(object, json_type_object) ||
		    !json_object_object_get_ex(object, name, &object))
			return NULL;
		path += len + (path[len] == '.');
	}
	return object;
}

json_object *object_first(json_object *object, const char *path)
{
	json_object *list = object_get(object, path);

	return json_object_is_type(list, json_type_array) ? json_object_array_get_idx(list, 0) : NULL;
}

const char *object_text(json_object *object, const char *path)
{
	json_object *value = object_get(object, path);

	return value ? json_object_get_string(value) : "";
}

bool object_flag(json_object *object, const char *path, bool otherwise)
{
	json_object *value = object_get(object, path);

	return value ? json_object_get_boolean(value) : otherwise;
}

bool object_number(json_object *object, const char *path, struct decimal *ret_value)
{
	json_object *value = object_get(object, path);
	const char *text;

	if (!value)
		return false;
	text = json_object_get_string(value);
	return decimal_parse(text, strlen(text), ret_value);
}

int64_t object_cents(json_object *object, const char *path)
{
	struct decimal value;

	if (!object_number(object, path, &value) || !decimal_round(value, 2, &value))
		return 0;
	return value.digits;
}

struct date object_date(json_object *object, const char *path, struct date otherwise)
{
	const char *text = object_text(object, path);
	struct date date;

	return date_parse(text, strlen(text), &date) ? date : otherwise;
}

void object_set(json_object *object, const char *name, json_object *value)
{
	if (value)
		json_object_object_add(object, name, value);
	else
		json_object_object_del(object, name);
}

void object_set_text(json_object *object, const char *name, const char *text)
{
	object_set(object, name, json_object_new_string(text));
}

void object_set_flag(json_object *object, const char *name, bool flag)
{
	object_set(object, name, json_object_new_boolean(flag));
}

void object_set_cents(json_object *object, const char *name, int64_t cents)
{
	object_set(object, name, value_cents(cents));
}

void object_set_default(json_object *object, const char *name, json_object *value)
{
	if (json_object_object_get_ex(object, name, NULL))
		json_object_put(value);
	else
		object_set(object, name, value);
}

void object_set_date(json_object *object, const char *name, struct date date)
{
	char text[DATE_TEXT_MAX];

	object_set_text(object, name, date_format(date, text));
}

/* A JSON number with exactly these digits; the library keeps the text beside its own value. */
static json_object *number_of_text(const char *text)
{
	return json_object_new_double_s(0, text);
}

json_object *value_cents(int64_t cents)
{
	char text[DECIMAL_TEXT_MAX];

	return number_of_text(cents == 0 ? "0" : decimal_format(decimal_of(cents, 2), text));
}

json_object *value_decimal(struct decimal value)
{
	char text[DECIMAL_TEXT_MAX];

	return number_of_text(decimal_format(decimal_trim(value), text));
}

json_object *value_reference(struct company *company, const struct record *record)
{
	static const char *const labels[] = { "DisplayName", "FullyQualifiedName", "Name" };
	bool is_account = strcmp(record->entity->name, "Account") == 0;
	bool short_name = is_account && switches_is(&company->simulator->switches,
						    SWITCH_ACCOUNT_REF_NAME, "short");
	json_object *reference = json_object_new_object();
	struct str name = STR_INIT(STR_NO_LIMIT);

	for (size_t i = short_name ? 2 : 0; i < ARRAY_LEN(labels) && name.len == 0; i++) {
		struct json_slice slice = json_find(record->text, record->len, labels[i]);

		if (slice.kind == JSON_STRING)
			json_unquote(slice, &name);
	}
	object_set_text(reference, "value", record->id);
	if (name.len > 0)
		object_set_text(reference, "name", name.text);
	str_clear(&name);
	return reference;
}

struct record *object_target(struct company *company, json_object *object, const char *path,
			     const char *list)
{
	const char *id = object_text(object_get(object, path), "value");

	while (*id && *list) {
		size_t len = strcspn(list, "|");
		AUTO(memory_freep) char *name = memory_copy(list, len);
		struct record *record = company_get(company, name, id);

		if (record)
			return record;
		list += len + (list[len] == '|');
	}
	return NULL;
}
