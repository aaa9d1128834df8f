/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a value must look like to be taken as an Int, a date, a list of inputs. Variables are
 * checked twice: what was declared against the place where it stands, what was sent against
 * what was declared.
 */
#include "xledger/check.h"

#include <string.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/decimal.h"
#include "ledgerdeck/core/memory.h"

#include "xledger/zone.h"

#define VALUES_MAX 2000000

/* ---- scalars */

static bool is_number(const struct gql_value *value)
{
	struct decimal decimal;

	return (value->kind == GQL_INT || value->kind == GQL_FLOAT) &&
	       decimal_parse(value->text, value->len, &decimal);
}

static bool is_decimal_text(const struct gql_value *value)
{
	struct decimal decimal;

	return value->kind == GQL_STRING && decimal_parse(value->text, value->len, &decimal);
}

static bool fits_scalar(const struct gql_type *type, const struct gql_value *value)
{
	struct date date;
	int64_t number;

	switch (type->kind) {
	case XL_INT:
		return value->kind == GQL_INT && gql_value_number(value, &number);
	case XL_DBID: /* Int64String */
		return value->kind == GQL_STRING && gql_value_number(value, &number);
	case XL_OWNER_DBID: /* ID */
		return value->kind == GQL_STRING || (value->kind == GQL_INT && gql_value_number(value, &number));
	case XL_FLOAT:
		return is_number(value);
	case XL_DECIMAL:
		return is_number(value) || is_decimal_text(value);
	case XL_BOOLEAN:
		return value->kind == GQL_BOOL;
	case XL_DATE:
		return value->kind == GQL_STRING && date_parse(value->text, value->len, &date);
	case XL_TIME:
		return value->kind == GQL_STRING && central_parse(value->text, value->len, &number);
	default:
		return value->kind == GQL_STRING;
	}
}

/* An enum's value is a word in a document and a text in JSON, which has no place in the document. */
static bool fits_enum(const struct gql_type *type, const struct gql_value *value)
{
	bool word = value->kind == GQL_ENUM || (value->kind == GQL_STRING && value->line == 0);

	return word && gql_slot_named(type, value->text);
}

/* ---- values */

static const char *type_text(struct gql_checker *checker, const struct gql_slot *slot)
{
	struct str text = STR_INIT(200);
	const char *copy;

	gql_slot_add_type(slot, &text);
	copy = arena_text(checker->arena, text.text, text.len);
	str_clear(&text);
	return copy;
}

static struct gql_value *refuse(struct gql_checker *checker, const struct gql_slot *slot,
				const struct gql_value *value)
{
	struct str text = STR_INIT(60);
	struct gql_error *error;

	gql_value_add_json(value, &text);
	error = gql_errors_add(checker->errors, checker->arena,
			       "Argument \"%s\" has invalid value %.60s. Expected type \"%s\".", slot->name,
			       str_is_utf8(text.text, text.len) ? text.text : "", type_text(checker, slot));
	error->code = "INVALID_VALUE";
	error->line = value->line;
	error->column = value->column;
	str_clear(&text);
	return NULL;
}

static const struct gql_variable *declared(const struct gql_checker *checker, const char *name)
{
	const struct gql_variable *variable = checker->declared;

	while (variable && strcmp(variable->name, name) != 0)
		variable = variable->next;
	return variable;
}

/* May a variable of that type stand where the slot is? */
static bool may_stand(const struct gql_type_ref *type, const struct gql_slot *slot, bool item, bool has_fallback)
{
	unsigned required = item ? GQL_ITEM_REQUIRED : GQL_REQUIRED;
	bool list = (slot->wrap & GQL_LIST_OF) && !item;

	if ((slot->wrap & required) && !type->required && !has_fallback)
		return false;
	if (list)
		return type->item && may_stand(type->item, slot, true, false);
	return type->name && strcmp(type->name, slot->type->name) == 0;
}

static void add_type_ref(const struct gql_type_ref *type, struct str *out, int depth)
{
	if (depth > 8)
		return;
	if (type->item) {
		str_add_char(out, '[');
		add_type_ref(type->item, out, depth + 1);
		str_add_char(out, ']');
	} else {
		str_add(out, type->name);
	}
	str_add(out, type->required ? "!" : "");
}

static struct gql_value *take(struct gql_checker *checker, const struct gql_slot *slot, bool item,
			      const struct gql_value *value);

/* What a variable stands for; NULL: it is left out, or wrong. */
static struct gql_value *take_variable(struct gql_checker *checker, const struct gql_slot *slot, bool item,
				       const struct gql_value *value)
{
	const struct gql_variable *variable = declared(checker, value->text);
	const struct gql_value *sent;

	if (!variable) {
		gql_errors_add(checker->errors, checker->arena, "Variable \"$%.60s\" is not defined.", value->text);
		return NULL;
	}
	if (!may_stand(variable->type, slot, item, variable->fallback != NULL)) {
		struct str type = STR_INIT(100);

		add_type_ref(variable->type, &type, 0);
		gql_errors_add(checker->errors, checker->arena,
			       "Variable \"$%.60s\" of type \"%.60s\" used in position expecting type \"%s\".",
			       value->text, type.text, type_text(checker, slot));
		str_clear(&type);
		return NULL;
	}
	sent = gql_member(checker->sent, value->text);
	if (!sent)
		sent = variable->fallback;
	return sent ? take(checker, slot, item, sent) : NULL;
}

static struct gql_value *copy_of(struct gql_checker *checker, const struct gql_value *value)
{
	struct gql_value *copy = arena_new(checker->arena, sizeof(*copy));

	*copy = *value;
	copy->next = NULL;
	return copy;
}

/* A single value stands for a list of one. */
static struct gql_value *take_list(struct gql_checker *checker, const struct gql_slot *slot,
				   const struct gql_value *value)
{
	struct gql_value *list = copy_of(checker, value);
	struct gql_value **end = &list->first;

	list->kind = GQL_LIST;
	list->first = NULL;
	if (value->kind != GQL_LIST) {
		list->first = take(checker, slot, true, value);
		return list->first ? list : NULL;
	}
	for (const struct gql_value *item = value->first; item; item = item->next) {
		*end = take(checker, slot, true, item);
		if (!*end)
			return NULL;
		end = &(*end)->next;
	}
	return list;
}

static struct gql_value *take_input(struct gql_checker *checker, const struct gql_type *type,
				    const struct gql_value *value)
{
	struct gql_value *object = copy_of(checker, value);
	struct gql_value **end = &object->first;

	object->first = NULL;
	for (const struct gql_value *member = value->first; member; member = member->next) {
		const struct gql_slot *slot = gql_slot_named(type, member->name);
		size_t errors = checker->errors->count;

		if (!slot) {
			gql_errors_add(checker->errors, checker->arena,
				       "Field \"%.60s\" is not defined by type \"%s\".", member->name, type->name);
			return NULL;
		}
		*end = gql_check_value(checker, slot, member);
		if (!*end) {
			if (checker->errors->count > errors)
				return NULL;
			continue; /* a variable that was left out */
		}
		(*end)->name = slot->name;
		end = &(*end)->next;
	}
	for (size_t i = 0; i < type->count; i++)
		if ((type->slots[i].wrap & GQL_REQUIRED) && !gql_member(object->first, type->slots[i].name)) {
			gql_errors_add(checker->errors, checker->arena,
				       "Field \"%s\" of required type \"%s\" was not provided.", type->slots[i].name,
				       type_text(checker, &type->slots[i]));
			return NULL;
		}
	return object;
}

/* `item`: what stands inside the slot's list. */
static struct gql_value *take(struct gql_checker *checker, const struct gql_slot *slot, bool item,
			      const struct gql_value *value)
{
	unsigned required = item ? GQL_ITEM_REQUIRED : GQL_REQUIRED;

	if (++checker->taken > VALUES_MAX) {
		if (checker->taken == VALUES_MAX + 1)
			gql_errors_add(checker->errors, checker->arena, "The request has more than %d values.", VALUES_MAX);
		return NULL;
	}
	if (value->kind == GQL_VARIABLE)
		return take_variable(checker, slot, item, value);
	if (value->kind == GQL_NULL)
		return slot->wrap & required ? refuse(checker, slot, value) : copy_of(checker, value);
	if ((slot->wrap & GQL_LIST_OF) && !item)
		return take_list(checker, slot, value);
	if (slot->type->form == GQL_INPUT_TYPE)
		return value->kind == GQL_OBJECT ? take_input(checker, slot->type, value)
						 : refuse(checker, slot, value);
	if (slot->type->form == GQL_ENUM_TYPE ? !fits_enum(slot->type, value) : !fits_scalar(slot->type, value))
		return refuse(checker, slot, value);
	return copy_of(checker, value);
}

struct gql_value *gql_check_value(struct gql_checker *checker, const struct gql_slot *slot,
				  const struct gql_value *value)
{
	return take(checker, slot, false, value);
}

bool gql_check_condition(struct gql_checker *checker, const struct gql_value *value, bool *ret_truth)
{
	static const struct gql_type boolean = { .name = "Boolean", .form = GQL_SCALAR_TYPE, .kind = XL_BOOLEAN };
	static const struct gql_slot slot = { .name = "if", .type = &boolean, .wrap = GQL_REQUIRED };
	const struct gql_value *taken = take(checker, &slot, false, value);

	if (!taken)
		return false;
	*ret_truth = strcmp(taken->text, "true") == 0;
	return true;
}

/* ---- what was declared and sent */

static const struct gql_type *ref_type(const struct gql_checker *checker, const struct gql_type_ref *type)
{
	while (type->item)
		type = type->item;
	return gql_schema_type(checker->schema, type->name);
}

/* The declared type as a slot; lists of lists are in no argument of the schema. */
static bool ref_slot(const struct gql_checker *checker, const struct gql_variable *variable, struct gql_slot *slot)
{
	const struct gql_type_ref *type = variable->type;

	*slot = (struct gql_slot){ .name = variable->name, .type = ref_type(checker, type) };
	slot->wrap = type->required ? GQL_REQUIRED : 0;
	if (type->item) {
		slot->wrap |= GQL_LIST_OF | (type->item->required ? GQL_ITEM_REQUIRED : 0);
		if (type->item->item)
			return false;
	}
	return slot->type && slot->type->form != GQL_OBJECT_TYPE;
}

static bool check_variable(struct gql_checker *checker, const struct gql_variable *variable)
{
	const struct gql_value *sent = gql_member(checker->sent, variable->name);
	struct str type = STR_INIT(100);
	struct gql_slot slot;
	size_t errors = checker->errors->count;

	add_type_ref(variable->type, &type, 0);
	if (!ref_slot(checker, variable, &slot))
		gql_errors_add(checker->errors, checker->arena, "Unknown type \"%.60s\" of variable \"$%.60s\".",
			       type.text, variable->name);
	else if (!sent && !variable->fallback && variable->type->required)
		gql_errors_add(checker->errors, checker->arena,
			       "Variable \"$%.60s\" of required type \"%.60s\" was not provided.", variable->name,
			       type.text);
	else if (sent && !take(checker, &slot, false, sent) && checker->errors->count > errors)
		gql_errors_add(checker->errors, checker->arena,
			       "Variable \"$%.60s\" got an invalid value. Expected type \"%.60s\".", variable->name,
			       type.text)
			->code = "INVALID_VALUE";
	else if (!sent && variable->fallback)
		take(checker, &slot, false, variable->fallback);
	str_clear(&type);
	return checker->errors->count == errors;
}

bool gql_check_variables(struct gql_checker *checker)
{
	bool good = true;

	for (const struct gql_variable *variable = checker->declared; variable; variable = variable->next)
		good = check_variable(checker, variable) && good;
	return good;
}
