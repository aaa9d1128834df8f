/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checking what was sent against the schema, kind by kind. */
#include "quickbooks/value.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "quickbooks/rules.h"

#define LIST_MAX 10000
#define KNOWN_SHOWN 60

bool value_known(const struct shape *shape, json_object *sent, struct fault *fault)
{
	json_object_object_foreach(sent, name, unused) {
		AUTO(str_clear) struct str list = STR_INIT(1300);

		(void)unused;
		if (shape_member(shape, name))
			continue;
		for (size_t i = 0; i < shape->count && i < KNOWN_SHOWN; i++)
			str_addf(&list, "%s\"%s\"", i ? ", " : "", shape->members[i].name);
		return fault_set(fault, 2010, NULL,
				 "Property Name:Unrecognized field \"%.80s\" (class com.intuit.schema.finance.v3.%s), "
				 "not marked as ignorable (%zu known properties: %s%s])\n specified is unsupported or invalid",
				 name, shape->name, shape->count, list.text,
				 shape->count > KNOWN_SHOWN || str_is_cut(&list) ? " [truncated]" : "");
	}
	return true;
}

/* Characters, not bytes, of UTF-8. */
static int character_count(const char *text)
{
	int count = 0;

	for (; *text; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

static bool check_text(const struct member *member, json_object *sent, const char *path,
		       json_object **ret_value, struct fault *fault)
{
	const char *text = json_object_get_string(sent);

	if (json_object_is_type(sent, json_type_object) || json_object_is_type(sent, json_type_array))
		return fault_set(fault, 2040, path, "%s : a text is needed. Supplied value:%.100s", path, text);
	if (member->max > 0 && character_count(text) > member->max)
		return fault_set(fault, 2050, path, "Min:0 Max:%d supported. Supplied length:%d", member->max,
				 character_count(text));
	if (*text)
		*ret_value = json_object_new_string_len(text, json_object_get_string_len(sent));
	if (*text && json_object_is_type(sent, json_type_string) == 0) {
		json_object_put(*ret_value);
		*ret_value = json_object_new_string(text);
	}
	return true;
}

static bool check_flag(json_object *sent, const char *path, json_object **ret_value, struct fault *fault)
{
	const char *text = json_object_get_string(sent);

	if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
		return fault_set(fault, 2230, path, "Boolean value should be true or false. Supplied value:%.100s", text);
	*ret_value = json_object_new_boolean(text[0] == 't');
	return true;
}

static bool check_number(const struct member *member, json_object *sent, const char *path,
			 json_object **ret_value, struct fault *fault)
{
	const char *text = json_object_get_string(sent);
	struct decimal value;

	if (json_object_is_type(sent, json_type_object) || json_object_is_type(sent, json_type_array) ||
	    json_object_is_type(sent, json_type_boolean) || !decimal_parse(text, strlen(text), &value))
		return fault_set(fault, member->kind == VALUE_INTEGER ? 2090 : 2110, path,
				 "%s should be a number. Supplied value:%.100s", path, text);
	if (member->kind == VALUE_MONEY) {
		if (!decimal_round(value, 2, &value) || value.digits > INT64_C(99999999999999) ||
		    value.digits < -INT64_C(99999999999999))
			return fault_set(fault, 2140, path, "Amount is out of range. Supplied value:%.100s", text);
		*ret_value = value_cents(value.digits);
		return true;
	}
	if (member->kind == VALUE_INTEGER) {
		value = decimal_trim(value);
		if (value.scale > 0 || value.digits > INT32_MAX || value.digits < INT32_MIN)
			return fault_set(fault, 2090, path, "%s should be a whole number. Supplied value:%.100s", path,
					 text);
	}
	*ret_value = value_decimal(value);
	return true;
}

static bool check_date(json_object *sent, const char *path, json_object **ret_value, struct fault *fault)
{
	const char *text = json_object_get_string(sent);
	size_t len = strcspn(text, "T"); /* a time behind the date is cut off, as the service does */
	struct date date;

	if (date_parse(text, len, &date)) {
		*ret_value = json_object_new_string_len(text, (int)len);
		return true;
	}
	if (len == 10 && text[4] == '-' && text[7] == '-' && strspn(text, "0123456789-") == len)
		return fault_set(fault, 2070, path, "Date value is not valid. Supplied value:%.100s", text);
	return fault_set(fault, 2060, path, "Date should be in the format yyyy-MM-dd. Supplied value:%.100s", text);
}

static bool check_time(json_object *sent, const char *path, json_object **ret_value, struct fault *fault)
{
	const char *text = json_object_get_string(sent);
	int64_t ms;
	bool has_offset;

	if (!stamp_parse(text, strlen(text), &ms, &has_offset))
		return fault_set(fault, 2060, path, "Time should be in the format yyyy-MM-ddTHH:mm:ss. Supplied value:%.100s",
				 text);
	*ret_value = json_object_new_string(text);
	return true;
}

static bool check_word(const struct member *member, json_object *sent, const char *path,
		       json_object **ret_value, struct fault *fault)
{
	const char *text = json_object_get_string(sent), *list = member->values;
	size_t text_len = strlen(text);

	if (text_len == 0)
		return true;
	for (;;) {
		size_t len = strcspn(list, "|");

		if (len == text_len && memcmp(list, text, len) == 0) {
			*ret_value = json_object_new_string(text);
			return true;
		}
		if (!list[len])
			break;
		list += len + 1;
	}
	return fault_set(fault, 2170, path, "%s : value is not one of %s. Supplied value:%.100s", path,
			 member->values, text);
}

/* Ids that stand for something of the service itself, not for a record. */
static bool is_pseudo_id(const struct member *member, const char *id)
{
	if (strcmp(member->name, "ItemRef") == 0)
		return strcmp(id, "SHIPPING_ITEM_ID") == 0 || strcmp(id, "GRATUITY_ITEM_ID") == 0;
	return false;
}

static struct record *reference_target(struct company *company, const struct member *member,
				       json_object *sent, const char *id)
{
	const char *type = object_text(sent, "type");
	const char *list = member->values;

	if (strcmp(list, "CompanyCurrency") == 0)
		return NULL;
	while (*list) {
		size_t len = strcspn(list, "|");
		AUTO(memory_freep) char *name = memory_copy(list, len);
		struct record *record = NULL;

		if (!*type || !strchr(member->values, '|') || strcasecmp(type, name) == 0)
			record = company_get(company, name, id);
		if (record)
			return record;
		list += len + (list[len] == '|');
	}
	return NULL;
}

/* A currency is named by its code: the home currency, or one of the company's list. */
static bool check_currency(struct company *company, const char *code, const char *path,
			   json_object **ret_value, struct fault *fault)
{
	json_object *name = currency_name(company, code);

	if (!name)
		return fault_set(fault, 2220, path, "Currency code is not valid for this company. Supplied value:%.20s", code);
	*ret_value = json_object_new_object();
	object_set_text(*ret_value, "value", code);
	object_set(*ret_value, "name", name);
	return true;
}

static const char *internal_name(const struct member *member)
{
	AUTO(memory_freep) char *first = memory_copy(member->values, strcspn(member->values, "|"));

	return entity_by_name(first, false)->internal;
}

static bool check_reference(struct company *company, const struct member *member, json_object *sent,
			    const char *path, json_object *old, json_object **ret_value, struct fault *fault)
{
	const char *id = json_object_is_type(sent, json_type_object) ? object_text(sent, "value") : "";
	struct record *target;

	if (!json_object_is_type(sent, json_type_object))
		return fault_set(fault, 2010, NULL,
				 "Property Name:Can not construct instance of com.intuit.schema.finance.v3.ReferenceType "
				 "from %.60s (%s) specified is unsupported or invalid", json_object_get_string(sent), path);
	if (!*id)
		return true;
	if (strcmp(member->values, "CompanyCurrency") == 0)
		return check_currency(company, id, path, ret_value, fault);
	if (is_pseudo_id(member, id)) {
		*ret_value = json_object_new_object();
		object_set_text(*ret_value, "value", id);
		return true;
	}
	target = reference_target(company, member, sent, id);
	if (!target)
		return fault_set(fault, 2500, path, "Invalid Reference Id : %s element id %.40s not found",
				 internal_name(member), id);
	if (!target->active && strcmp(object_text(old, "value"), id) != 0)
		return fault_plain(fault, 610);
	*ret_value = value_reference(company, target);
	if (member->flags & MEMBER_BARE)
		object_set(*ret_value, "name", NULL);
	if (member->flags & MEMBER_TYPED)
		object_set_text(*ret_value, "type", target->entity->name);
	return true;
}

/* The item of an old list that has the same Id, or the same place when there are no ids. */
static json_object *old_item(json_object *old, json_object *sent, size_t place)
{
	const char *id = object_text(sent, "Id");

	if (!old || !json_object_is_type(old, json_type_array))
		return NULL;
	for (size_t i = 0; *id && i < json_object_array_length(old); i++)
		if (strcmp(object_text(json_object_array_get_idx(old, i), "Id"), id) == 0)
			return json_object_array_get_idx(old, i);
	return *id ? NULL : json_object_array_get_idx(old, place);
}

static bool check_members(struct company *company, const struct shape *shape, json_object *sent,
			  const char *path, json_object *old, json_object *result, struct fault *fault)
{
	if (!value_known(shape, sent, fault))
		return false;
	for (size_t i = 0; i < shape->count; i++) {
		const struct member *member = &shape->members[i];
		AUTO(str_clear) struct str inner = STR_INIT(200);
		json_object *value = NULL, *given = NULL;

		if (!json_object_object_get_ex(sent, member->name, &given) && !(member->flags & MEMBER_REQUIRED))
			continue;
		str_addf(&inner, "%s.%s", path, member->name);
		if (!value_check(company, member, given, inner.text, object_get(old, member->name), &value, fault))
			return false;
		if (value)
			object_set(result, member->name, value);
		else if (member->flags & MEMBER_REQUIRED)
			return fault_set(fault, 2020, inner.text, "Required parameter %s is missing in the request",
					 inner.text);
	}
	return true;
}

static void put_object(json_object **object)
{
	json_object_put(*object);
}

static bool check_object(struct company *company, const struct member *member, json_object *sent,
			 const char *path, json_object *old, json_object **ret_value, struct fault *fault)
{
	AUTO(put_object) json_object *result = json_object_new_object();
	bool detail = strstr(member->name, "Detail") != NULL; /* {} says something: which kind of line */

	if (!json_object_is_type(sent, json_type_object))
		return fault_set(fault, 2010, NULL,
				 "Property Name:Can not construct instance of com.intuit.schema.finance.v3.%s (%s) "
				 "specified is unsupported or invalid", member->shape->name, path);
	if (!check_members(company, member->shape, sent, path, old, result, fault))
		return false;
	if (json_object_object_length(result) > 0 || detail)
		*ret_value = json_object_get(result);
	return true;
}

static bool check_list(struct company *company, const struct member *member, json_object *sent,
		       const char *path, json_object *old, json_object **ret_value, struct fault *fault)
{
	AUTO(put_object) json_object *result = json_object_new_array();

	if (!json_object_is_type(sent, json_type_array))
		return fault_set(fault, 2010, NULL,
				 "Property Name:Can not deserialize instance of java.util.ArrayList (%s) "
				 "specified is unsupported or invalid", path);
	if (json_object_array_length(sent) > LIST_MAX)
		return fault_set(fault, 6000, NULL,
				 "Business Validation Error: A transaction can have at most %d lines", LIST_MAX);
	for (size_t i = 0; i < json_object_array_length(sent); i++) {
		json_object *item = json_object_array_get_idx(sent, i), *made = json_object_new_object();

		json_object_array_add(result, made);
		if (!json_object_is_type(item, json_type_object))
			return fault_set(fault, 2010, NULL,
					 "Property Name:%s[%zu] is no object specified is unsupported or invalid", path, i);
		if (!check_members(company, member->shape, item, path, old_item(old, item, i), made, fault))
			return false;
	}
	*ret_value = json_object_get(result);
	return true;
}

bool value_check(struct company *company, const struct member *member, json_object *sent,
		 const char *path, json_object *old, json_object **ret_value, struct fault *fault)
{
	*ret_value = NULL;
	if (!sent || (member->flags & (MEMBER_READONLY | MEMBER_HIDDEN)))
		return true;
	switch (member->kind) {
	case VALUE_TEXT:
		return check_text(member, sent, path, ret_value, fault);
	case VALUE_BOOL:
		return check_flag(sent, path, ret_value, fault);
	case VALUE_NUMBER:
	case VALUE_MONEY:
	case VALUE_INTEGER:
		return check_number(member, sent, path, ret_value, fault);
	case VALUE_DATE:
		return check_date(sent, path, ret_value, fault);
	case VALUE_TIME:
		return check_time(sent, path, ret_value, fault);
	case VALUE_ENUM:
		return check_word(member, sent, path, ret_value, fault);
	case VALUE_REF:
		return check_reference(company, member, sent, path, old, ret_value, fault);
	case VALUE_OBJECT:
		return check_object(company, member, sent, path, old, ret_value, fault);
	case VALUE_LIST:
		return check_list(company, member, sent, path, old, ret_value, fault);
	case VALUE_ANY:
		*ret_value = json_object_get(sent);
		return true;
	}
	return true;
}

json_object *value_arrange(const struct shape *shape, json_object *object)
{
	json_object *result = json_object_new_object();

	for (size_t i = 0; i < shape->count; i++) {
		const struct member *member = &shape->members[i];
		json_object *value = NULL, *arranged;

		if (!json_object_object_get_ex(object, member->name, &value))
			continue;
		if (member->kind == VALUE_OBJECT && json_object_is_type(value, json_type_object)) {
			arranged = value_arrange(member->shape, value);
		} else if (member->kind == VALUE_LIST && json_object_is_type(value, json_type_array)) {
			arranged = json_object_new_array();
			for (size_t k = 0; k < json_object_array_length(value); k++)
				json_object_array_add(arranged,
						      value_arrange(member->shape,
								    json_object_array_get_idx(value, k)));
		} else {
			arranged = json_object_get(value);
		}
		json_object_object_add(result, member->name, arranged);
	}
	return result;
}
