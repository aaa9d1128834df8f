/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A company without its records, as JSON text and back. Members are rows of one table, so that
 * none can be written and not read.
 */
#include "state_impl.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "world.h"

enum field_kind { FIELD_TEXT, FIELD_NUMBER };

struct field {
	const char *name;
	enum field_kind kind;
	size_t offset; /* inside struct company */
	size_t size;   /* bytes there: of a text with its NUL, of a number 1, 4 or 8 */
};

#define FIELD(kind, member)                                                                        \
	{                                                                                          \
#member, kind, offsetof(struct company, member),                                   \
			sizeof(((struct company *)0)->member)                                      \
	}

static const struct field fields[] = {
	FIELD(FIELD_TEXT, kind),
	FIELD(FIELD_TEXT, user_name),
	FIELD(FIELD_TEXT, other_name),
	FIELD(FIELD_TEXT, preferences.country),
	FIELD(FIELD_TEXT, preferences.home_currency),
	FIELD(FIELD_NUMBER, preferences.multicurrency),
	FIELD(FIELD_NUMBER, preferences.tax_mode),
	FIELD(FIELD_NUMBER, preferences.custom_numbers),
	FIELD(FIELD_NUMBER, preferences.uses_discount),
	FIELD(FIELD_NUMBER, preferences.book_close.day),
	FIELD(FIELD_NUMBER, preferences.fiscal_month),
	FIELD(FIELD_TEXT, preferences.default_term),
	FIELD(FIELD_TEXT, preferences.default_tax_code),
	FIELD(FIELD_TEXT, preferences.custom_field),
	FIELD(FIELD_NUMBER, next_name_id),
	FIELD(FIELD_NUMBER, next_txn_id),
	FIELD(FIELD_NUMBER, next_number),
	FIELD(FIELD_NUMBER, next_bill_number),
	FIELD(FIELD_NUMBER, next_address_id),
	FIELD(FIELD_NUMBER, suspended),
	FIELD(FIELD_NUMBER, random.state[0]),
	FIELD(FIELD_NUMBER, random.state[1]),
	FIELD(FIELD_NUMBER, random.state[2]),
	FIELD(FIELD_NUMBER, random.state[3]),
};

static_assert(sizeof(struct preferences) == 116, "a new preference needs a row above");

/* Unsigned members keep their bits: they come back as they went. */
static int64_t number_get(const void *at, size_t size)
{
	int64_t wide = 0;
	int32_t narrow;
	bool flag;

	if (size == sizeof(wide)) {
		memcpy(&wide, at, sizeof(wide));
		return wide;
	}
	if (size == sizeof(narrow)) {
		memcpy(&narrow, at, sizeof(narrow));
		return narrow;
	}
	assert(size == sizeof(flag));
	memcpy(&flag, at, sizeof(flag));
	return flag;
}

/* False when the number does not fit. */
static bool number_set(void *at, size_t size, int64_t number)
{
	int32_t narrow = (int32_t)number;
	bool flag = number != 0;

	if (size == sizeof(number))
		memcpy(at, &number, sizeof(number));
	else if (size == sizeof(narrow) && narrow == number)
		memcpy(at, &narrow, sizeof(narrow));
	else if (size == sizeof(flag) && (int64_t)flag == number)
		memcpy(at, &flag, sizeof(flag));
	else
		return false;
	return true;
}

/* All members that are not records, as one JSON object. */
static void company_add_json(const struct company *company, struct str *out)
{
	str_add(out, "{\"realm\":");
	str_add_json(out, company->realm, strlen(company->realm));
	str_add(out, ",\"name\":");
	str_add_json(out, company->name, strlen(company->name));
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		const char *at = (const char *)company + fields[i].offset;

		str_addf(out, ",\"%s\":", fields[i].name);
		if (fields[i].kind == FIELD_TEXT)
			str_add_json(out, at, strlen(at));
		else
			str_addf(out, "%lld", (long long)number_get(at, fields[i].size));
	}
	str_add(out, ",\"next_list_id\":{");
	for (size_t i = 0; i < entity_count(); i++)
		str_addf(out, "%s\"%s\":%lld", i ? "," : "", entity_at(i)->name,
			 (long long)company->next_list_id[entity_at(i)->index]);
	str_add(out, "}}");
}

void state_texts_freep(char ***texts)
{
	for (char **text = *texts; text && *text; text++)
		free(*text);
	free(*texts);
	*texts = NULL;
}

char **state_texts(const struct simulator *simulator)
{
	char **texts = memory_new((simulator->company_count + 1) * sizeof(*texts));

	for (size_t i = 0; i < simulator->company_count; i++) {
		struct str text = STR_INIT(STR_NO_LIMIT);

		company_add_json(simulator->companies[i], &text);
		texts[i] = str_take(&text);
	}
	return texts;
}

/* ---- back */

static void json_freep(json_object **object)
{
	json_object_put(*object);
}

static void company_freep(struct company **company)
{
	company_free(*company);
}

/* A text without NULs; NULL when the member is something else. Borrowed: the object. */
static const char *text_member(json_object *object, const char *name)
{
	json_object *member;
	const char *text;

	if (!json_object_object_get_ex(object, name, &member) ||
	    !json_object_is_type(member, json_type_string))
		return NULL;
	text = json_object_get_string(member);
	return strlen(text) == (size_t)json_object_get_string_len(member) ? text : NULL;
}

static bool field_read(struct company *company, const struct field *field, json_object *root)
{
	char *at = (char *)company + field->offset;
	json_object *member;
	const char *text;

	if (field->kind == FIELD_TEXT) {
		text = text_member(root, field->name);
		return text && (size_t)snprintf(at, field->size, "%s", text) < field->size;
	}
	return json_object_object_get_ex(root, field->name, &member) &&
	       json_object_is_type(member, json_type_int) &&
	       number_set(at, field->size, json_object_get_int64(member));
}

/* Entities that a later version added start at their beginning. */
static bool list_ids_read(struct company *company, json_object *root)
{
	json_object *ids, *member;

	if (!json_object_object_get_ex(root, "next_list_id", &ids) ||
	    !json_object_is_type(ids, json_type_object))
		return false;
	for (size_t i = 0; i < entity_count(); i++)
		if (json_object_object_get_ex(ids, entity_at(i)->name, &member))
			company->next_list_id[entity_at(i)->index] = json_object_get_int64(member);
	return true;
}

bool state_company_make(struct simulator *simulator, const char *json, struct company **ret_company,
			struct error *err)
{
	AUTO(json_freep) json_object *root = json_tokener_parse(json);
	AUTO(company_freep) struct company *company = NULL;
	const char *realm, *name;

	if (!json_object_is_type(root, json_type_object))
		return error_set(err, ERROR_STORE, "a company is damaged");
	realm = text_member(root, "realm");
	name = text_member(root, "name");
	if (!realm || !*realm || strlen(realm) >= ID_MAX || !name)
		return error_set(err, ERROR_STORE, "a company has no realm or no name");
	company = company_new(simulator, realm, name);
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		if (!field_read(company, &fields[i], root))
			return error_set(err, ERROR_STORE, "company %s lacks '%s'", realm,
					 fields[i].name);
	if (!list_ids_read(company, root))
		return error_set(err, ERROR_STORE, "company %s lacks its next ids", realm);
	*ret_company = memory_steal(&company);
	return true;
}
