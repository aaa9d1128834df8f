/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The policy field-owner: "due_date=ledger invoice.term=manual" says whose value of a field stays once its record is there. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/nearest.h"
#include "ledgerdeck/model/policy.h"

static const char *const words[] = { [OWNER_SOURCE] = "source", [OWNER_LEDGER] = "ledger", [OWNER_MANUAL] = "manual" };

const char *field_owner_word(enum field_owner owner)
{
	return words[owner];
}

/* What money depends on, what a document is, and what is computed of it, is always written as we have it. */
static bool can_be_left(const struct resource_type *type, const struct resource_field *field)
{
	switch (field->kind) {
	case VALUE_MONEY:
	case VALUE_WORD:
	case VALUE_LINES:
		return false;
	case VALUE_CODE:
		return field->target != TARGET_CURRENCY && (field->target != TARGET_TAX_CODE || type->family == FAMILY_LIST);
	default:
		return strcmp(field->name, "voided") != 0;
	}
}

struct owning { /* one of the value's words */
	const struct resource_type *type;  /* NULL: all */
	const char *field;
	size_t field_len;
	enum field_owner owner;
};

static bool parse_owner(const char *word, size_t len, enum field_owner *ret_owner)
{
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strlen(words[i]) == len && strncmp(words[i], word, len) == 0) {
			*ret_owner = (enum field_owner)i;
			return true;
		}
	return false;
}

/* Is there such a field, and can it be left to others? */
static bool check_field(const struct owning *owning, struct error *err)
{
	struct nearest nearest = nearest_start(owning->field, owning->field_len);
	const struct resource_type *type;
	const struct resource_field *field;
	char hint[NEAREST_HINT_MAX];
	bool found = false;

	for (size_t i = 0; (type = resource_type_at(i)); i++) {
		if (owning->type && owning->type != type)
			continue;
		field = resource_field(type, false, owning->field, owning->field_len);
		if (field && can_be_left(type, field))
			return true;
		found = found || field;
		for (size_t k = 0; k < type->field_count; k++)
			if (can_be_left(type, &type->fields[k]))
				nearest_try(&nearest, type->fields[k].name);
	}
	if (found)
		return error_set(err, ERROR_INPUT, "'%.*s' is always yours", (int)owning->field_len, owning->field);
	return error_set(err, ERROR_INPUT, "%s have no field '%.*s'%s", owning->type ? owning->type->titles : "documents", (int)owning->field_len,
			 owning->field, nearest_hint(&nearest, hint));
}

/* One of the words, blanks before it passed over. False: there is none, or it is none (then `err` says why). */
static bool next_owning(const char **at, struct owning *ret_owning, struct error *err)
{
	const char *word = *at + strspn(*at, " "), *sign, *point;
	size_t len = strcspn(word, " "), name;

	*at = word + len;
	if (len == 0)
		return false;
	sign = memchr(word, '=', len);
	name = sign ? (size_t)(sign - word) : len;
	*ret_owning = (struct owning){ .field = word, .field_len = name };
	if (!sign || !parse_owner(sign + 1, len - name - 1, &ret_owning->owner))
		return error_set(err, ERROR_INPUT, "field-owner takes words such as due_date=ledger, each with source, ledger or manual");
	point = memchr(word, '.', name);
	if (!point)
		return true;
	ret_owning->type = resource_type_find(word, (size_t)(point - word));
	ret_owning->field = point + 1;
	ret_owning->field_len = name - (size_t)(point - word) - 1;
	return ret_owning->type || error_set(err, ERROR_INPUT, "there is no type '%.*s' of documents", (int)(point - word), word);
}

/* Of two words for one field nobody knows which is meant. */
static bool is_said_before(const char *value, const char *end, const struct owning *owning)
{
	struct owning other;

	for (const char *at = value; at < end && next_owning(&at, &other, NULL) && at < end;)
		if (other.type == owning->type && other.field_len == owning->field_len &&
		    strncmp(other.field, owning->field, other.field_len) == 0)
			return true;
	return false;
}

bool field_owner_check(const char *value, struct error *err)
{
	struct error why = { 0 };
	struct owning owning;

	for (const char *at = value; next_owning(&at, &owning, &why);) {
		if (!check_field(&owning, err))
			return false;
		if (is_said_before(value, at, &owning))
			return error_set(err, ERROR_INPUT, "'%.*s' stands there twice", (int)owning.field_len, owning.field);
	}
	if (why.code != ERROR_NONE && err)
		*err = why;
	return why.code == ERROR_NONE;
}

enum field_owner field_owner(const struct policies *policies, const struct resource_type *type, const struct resource_field *field)
{
	enum field_owner owner = OWNER_SOURCE;
	struct owning owning;

	for (const char *at = policies->values[POLICY_OWNER]; next_owning(&at, &owning, NULL);) {
		if ((owning.type && owning.type != type) || resource_field(type, false, owning.field, owning.field_len) != field ||
		    !can_be_left(type, field))
			continue;
		owner = owning.owner;
		/* What is said of its type alone counts, wherever it stands. */
		if (owning.type)
			break;
	}
	return owner;
}

void field_owner_words(struct str *out)
{
	const struct resource_type *type;

	for (size_t i = 0; (type = resource_type_at(i)); i++)
		for (size_t k = 0; k < type->field_count; k++) {
			AUTO(str_clear) struct str word = STR_INIT(80);

			str_addf(&word, " %s=", type->fields[k].name);
			if (can_be_left(type, &type->fields[k]) && !strstr(out->text, word.text))
				str_add(out, word.text);
		}
}
