/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Looks through the data of a resource, object by object, and writes it down in the one form that equal data has. Each line is
 * read once, and nothing is kept of it but what it adds up to.
 */
#include "ledgerdeck/model/resource.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "excerpt.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/utf8.h"
#include "ledgerdeck/model/nearest.h"
#include "resource_impl.h"

#define MINOR "_minor"
#define MEMBER_NAME_MAX 64 /* bytes; longer ones are nobody's */

/* ---- problems */

static void write_path(const struct object *object, const char *field, struct resource_problem *problem)
{
	if (object->line == 0)
		snprintf(problem->path, sizeof(problem->path), "%s", field ? field : "");
	else
		snprintf(problem->path, sizeof(problem->path), "lines[%zu]%s%s", object->line, field ? "." : "", field ? field : "");
}

void check_refuse(struct check *check, const struct object *object, const char *field, size_t at, const char *format, ...)
{
	struct resource_problems *problems = check->problems;
	struct resource_problem *problem;
	va_list args;

	if (problems->count == RESOURCE_PROBLEMS_MAX) {
		problems->more++;
		return;
	}
	problem = &problems->items[problems->count++];
	problem->at = at ? at : object->at;
	write_path(object, field, problem);
	va_start(args, format);
	vsnprintf(problem->text, sizeof(problem->text), format, args);
	va_end(args);
}

/* ---- an object's members */

static const struct given *find_given(const struct object *object, const char *field)
{
	for (size_t i = 0; i < object->count; i++)
		if (object->given[i].field && strcmp(object->given[i].field->name, field) == 0)
			return &object->given[i];
	return NULL;
}

bool object_has(const struct object *object, const char *field)
{
	return find_given(object, field) != NULL;
}

struct given *object_find(struct object *object, const char *field)
{
	const struct given *found = find_given(object, field);

	return found && !found->is_broken ? &object->given[found - object->given] : NULL;
}

/* "amount_minor" is the field "amount" in hundredths. */
static const struct resource_field *find_field(const struct check *check, const struct object *object, const char *name, size_t len,
					       bool *ret_is_minor)
{
	const struct resource_field *field = resource_field(check->type, object->line > 0, name, len);
	size_t minor = strlen(MINOR);

	*ret_is_minor = false;
	if (field || len <= minor || strcmp(name + len - minor, MINOR) != 0)
		return field;
	field = resource_field(check->type, object->line > 0, name, len - minor);
	*ret_is_minor = field && field->kind == VALUE_MONEY;
	return *ret_is_minor ? field : NULL;
}

static void refuse_unknown(struct check *check, const struct object *object, const struct str *name, size_t at)
{
	struct nearest nearest = nearest_start(name->text, name->len);
	char hint[NEAREST_HINT_MAX], shown[EXCERPT_MAX];

	for (size_t i = 0; i < object->count; i++) {
		nearest_try(&nearest, object->fields[i].name);
		if (object->fields[i].alias)
			nearest_try(&nearest, object->fields[i].alias);
	}
	check_refuse(check, object, excerpt(name->text, name->len, shown), at, "%s %s has no such field%s",
		     object->line > 0 ? "a line of this" : "this", check->type->title, nearest_hint(&nearest, hint));
}

static void take_member(struct check *check, struct object *object, struct json_slice name, struct json_slice value)
{
	AUTO(str_clear) struct str text = STR_INIT(MEMBER_NAME_MAX);
	const struct resource_field *field;
	struct given *given;
	bool is_minor;

	json_unquote(name, &text);
	field = find_field(check, object, text.text, text.len, &is_minor);
	if (!field) {
		refuse_unknown(check, object, &text, (size_t)(name.text - check->text));
		return;
	}
	if (!value_is_given(check, value))
		return;
	given = &object->given[field - object->fields];
	if (given->field)
		check_refuse(check, object, field->name, (size_t)(name.text - check->text), "'%s' is given twice", field->name);
	else
		*given = (struct given){ .field = field, .value = value, .is_minor = is_minor };
}

/* All members into their places; numbers are read, what is required is looked for. */
static void take_members(struct check *check, struct object *object, struct json_slice value)
{
	struct json_slice name, member;
	size_t at = 0;

	assert(object->count <= RESOURCE_FIELDS_MAX);
	while (json_each(value, &at, &name, &member))
		take_member(check, object, name, member);
	for (size_t i = 0; i < object->count; i++) {
		const struct resource_field *field = &object->fields[i];
		struct given *given = &object->given[i];

		if (!given->field && field->required)
			check_refuse(check, object, field->name, 0, "'%s' is missing", field->name);
		else if (given->field && (field->kind == VALUE_MONEY || field->kind == VALUE_NUMBER))
			value_read_number(check, object, given);
	}
}

static void write_lines(struct check *check, const struct object *whole, struct given *given, struct str *out);

static void write_members(struct check *check, struct object *object, struct str *out)
{
	const char *before = "{\"";
	char number[DECIMAL_TEXT_MAX];

	for (size_t i = 0; i < object->count; i++) {
		struct given *given = &object->given[i];

		if (!given->field)
			continue;
		str_add(out, before);
		str_add(out, given->field->name);
		str_add(out, "\":");
		before = ",\"";
		if (given->field->kind == VALUE_LINES)
			write_lines(check, object, given, out);
		else if (given->field->kind == VALUE_MONEY || given->field->kind == VALUE_NUMBER)
			str_add_json(out, number, strlen(decimal_format(given->number, number)));
		else
			value_write(check, object, given, out);
	}
	str_add(out, *before == '{' ? "{}" : "}");
}

/* ---- lines */

static void write_line(struct check *check, struct json_slice value, size_t number, struct str *out)
{
	struct object line = {
		.line = number,
		.at = (size_t)(value.text - check->text),
		.fields = check->type->lines,
		.count = check->type->line_count,
	};

	if (value.kind != JSON_OBJECT) {
		check_refuse(check, &line, NULL, 0, "a line is an object with fields");
		return;
	}
	take_members(check, &line, value);
	rules_check_line(check, &line);
	write_members(check, &line, out);
}

static size_t count_items(struct json_slice array)
{
	struct json_slice item;
	size_t count = 0, at = 0;

	while (json_each(array, &at, NULL, &item))
		count++;
	return count;
}

static void write_lines(struct check *check, const struct object *whole, struct given *given, struct str *out)
{
	size_t at = 0, place = (size_t)(given->value.text - check->text);
	struct json_slice item;

	given->is_broken = given->value.kind != JSON_ARRAY;
	if (given->is_broken) {
		check_refuse(check, whole, given->field->name, place, "'%s' is a list of lines", given->field->name);
		return;
	}
	check->lines = count_items(given->value);
	if (check->lines > RESOURCE_LINES_MAX) {
		check_refuse(check, whole, given->field->name, place, "it has %zu lines, and %d at most come in as one %s: split it",
			     check->lines, RESOURCE_LINES_MAX, check->type->title);
		return;
	}
	str_add_char(out, '[');
	for (size_t i = 1; json_each(given->value, &at, NULL, &item); i++) {
		if (i > 1)
			str_add_char(out, ',');
		write_line(check, item, i, out);
	}
	str_add_char(out, ']');
}

static void check_clear(struct check *check)
{
	str_clear(&check->scratch);
}

bool resource_check(const struct resource_type *type, struct json_slice data, struct str *ret_data,
		    struct resource_problems *problems)
{
	AUTO(check_clear) struct check check = {
		.type = type,
		.text = data.text,
		.problems = problems,
		.scratch = STR_INIT(RESOURCE_BYTES_MAX),
		.sum = decimal_of(0, MONEY_SCALE),
		.credits = decimal_of(0, MONEY_SCALE),
	};
	struct object whole = { .fields = type->fields, .count = type->field_count };
	size_t before = ret_data->len;

	problems->count = problems->more = 0;
	if (data.kind != JSON_OBJECT) {
		check_refuse(&check, &whole, NULL, 0, "the data of a resource is an object with fields");
		return false;
	}
	if (data.len > RESOURCE_BYTES_MAX) {
		check_refuse(&check, &whole, NULL, 0, "it is larger than the %zu MiB that one %s may have", RESOURCE_BYTES_MAX >> 20,
			     type->title);
		return false;
	}
	take_members(&check, &whole, data);
	write_members(&check, &whole, ret_data);
	rules_check_whole(&check, &whole);
	if (problems->count == 0 && !str_is_cut(ret_data))
		return true;
	if (problems->count == 0)
		check_refuse(&check, &whole, NULL, 0, "it is too large");
	str_truncate(ret_data, before);
	return false;
}

/* ---- what lists show */

/* As much of a string as there is room for, in whole characters. */
static void take_text(struct json_slice value, char *out, size_t room)
{
	AUTO(str_clear) struct str text = STR_INIT(room + 4);
	size_t len = 0;

	*out = '\0';
	if (value.kind != JSON_STRING)
		return;
	json_unquote(value, &text);
	while (len < text.len) {
		size_t step = utf8_len(text.text + len, text.len - len);

		if (step == 0 || len + step >= room)
			break;
		len += step;
	}
	memcpy(out, text.text, len);
	out[len] = '\0';
}

static bool take_number(struct json_slice value, struct decimal *ret_number)
{
	return value.kind == JSON_STRING && value.len > 2 && decimal_parse(value.text + 1, value.len - 2, ret_number);
}

/* The lines' amounts, or debits. */
static void add_lines(struct json_slice lines, struct resource_summary *summary)
{
	struct json_slice line;
	size_t at = 0;

	summary->total = decimal_of(0, MONEY_SCALE);
	summary->has_total = true;
	while (json_each(lines, &at, NULL, &line)) {
		struct decimal amount;

		summary->lines++;
		if (take_number(json_member(line, "amount"), &amount) || take_number(json_member(line, "debit"), &amount))
			summary->has_total &= decimal_add(summary->total, amount, &summary->total);
	}
}

static bool is_above_lines(struct json_slice data)
{
	struct json_slice mode = json_member(data, "tax_mode");

	return mode.kind == JSON_NONE || json_equals(mode, "excluded");
}

static void sum_up(const struct resource_type *type, struct json_slice data, struct resource_summary *summary)
{
	struct decimal given;

	if (type->line_count > 0)
		add_lines(json_member(data, "lines"), summary);
	if (summary->has_total && is_above_lines(data) && take_number(json_member(data, "tax_total"), &given))
		summary->has_total = decimal_add(summary->total, given, &summary->total);
	if (take_number(json_member(data, type->total ? type->total : "total"), &given)) {
		summary->has_total = true;
		summary->total = given;
	}
}

void resource_summarize(const struct resource_type *type, struct json_slice data, struct resource_summary *ret_summary)
{
	*ret_summary = (struct resource_summary){ 0 };
	take_text(json_member(data, type->number), ret_summary->number, sizeof(ret_summary->number));
	if (type->party)
		take_text(json_member(data, type->party), ret_summary->party, sizeof(ret_summary->party));
	take_text(json_member(data, "currency"), ret_summary->currency, sizeof(ret_summary->currency));
	if (type->date) {
		struct json_slice date = json_member(data, type->date);

		ret_summary->has_date = date.kind == JSON_STRING && date.len > 2 &&
					date_parse(date.text + 1, date.len - 2, &ret_summary->date);
	}
	sum_up(type, data, ret_summary);
}

/* ---- external ids */

static bool is_edge_blank(const char *text)
{
	return *text == ' ' || text[strlen(text) - 1] == ' ';
}

static bool has_control(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return true;
	return false;
}

bool external_id_check(const char *external_id, const char *prefix, char *ret_text)
{
	size_t len = strlen(external_id), own = strlen(prefix);

	if (len == 0)
		snprintf(ret_text, EXTERNAL_ID_TEXT_MAX, "is missing.");
	else if (len >= RESOURCE_EXTERNAL_MAX)
		snprintf(ret_text, EXTERNAL_ID_TEXT_MAX, "is longer than %d bytes.", RESOURCE_EXTERNAL_MAX - 1);
	else if (strncmp(external_id, prefix, own) == 0 && external_id[own] == '_')
		snprintf(ret_text, EXTERNAL_ID_TEXT_MAX, "cannot start with %s_.", prefix);
	else if (has_control(external_id) || !str_is_utf8(external_id, len))
		snprintf(ret_text, EXTERNAL_ID_TEXT_MAX, "has line breaks, control characters or broken letters in it.");
	else if (is_edge_blank(external_id))
		snprintf(ret_text, EXTERNAL_ID_TEXT_MAX, "begins or ends with a blank.");
	else
		return true;
	return false;
}
