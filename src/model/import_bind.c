/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds out what the columns of a CSV file are, and what its rows are if nobody says so. Nothing is guessed: two types that fit as
 * well as each other are a question. */
#include "import_bind.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "excerpt.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/nearest.h"

#define LINES "lines."
#define LINE "line."
#define TYPES_MAX 16

static const struct {
	const char *word;
	enum column_kind kind;
} own_columns[] = {
	{ "externalid", COLUMN_EXTERNAL_ID },
	{ "operation", COLUMN_METHOD },
	{ "operationmethod", COLUMN_METHOD },
	{ "organization", COLUMN_ORGANIZATION },
	{ "organizationexternalid", COLUMN_ORGANIZATION },
	{ "ignore", COLUMN_IGNORED },
};

void header_reduce(const char *header, size_t len, struct str *out)
{
	AUTO(str_clear) struct str folded = STR_INIT(out->limit);

	str_add_folded(&folded, header, len);
	for (size_t i = 0; i < folded.len; i++)
		if (isalnum((unsigned char)folded.text[i]) || (unsigned char)folded.text[i] >= 0x80)
			str_add_char(out, folded.text[i]);
}

/* ---- one name */

/* By our own names of fields and their aliases, whatever stands between their letters. */
static const struct resource_field *find_field(const struct resource_type *type, bool is_line, const char *reduced)
{
	const struct resource_field *fields = is_line ? type->lines : type->fields;
	size_t count = is_line ? type->line_count : type->field_count;

	for (size_t i = 0; i < count; i++) {
		AUTO(str_clear) struct str name = STR_INIT(100), alias = STR_INIT(100);

		if (fields[i].kind == VALUE_LINES)
			continue;
		header_reduce(fields[i].name, strlen(fields[i].name), &name);
		if (fields[i].alias)
			header_reduce(fields[i].alias, strlen(fields[i].alias), &alias);
		if (strcmp(name.text, reduced) == 0 || (fields[i].alias && strcmp(alias.text, reduced) == 0))
			return &fields[i];
	}
	return NULL;
}

static bool set_field(struct column *column, const struct resource_field *field, bool is_line)
{
	column->kind = is_line ? COLUMN_LINE : COLUMN_HEAD;
	column->field = field;
	return field != NULL;
}

/* "due_date", "lines.amount", "external_id": as profiles and our own headers say it. */
static bool find_own(const struct resource_type *type, const char *text, struct column *ret_column)
{
	AUTO(str_clear) struct str reduced = STR_INIT(200);
	size_t lines = strncmp(text, LINES, strlen(LINES)) == 0 ? strlen(LINES) : strncmp(text, LINE, strlen(LINE)) == 0 ? strlen(LINE) : 0;

	header_reduce(text + lines, strlen(text + lines), &reduced);
	if (lines > 0)
		return set_field(ret_column, find_field(type, true, reduced.text), true);
	for (size_t i = 0; i < ARRAY_LEN(own_columns); i++)
		if (strcmp(own_columns[i].word, reduced.text) == 0) {
			*ret_column = (struct column){ .kind = own_columns[i].kind };
			return true;
		}
	return set_field(ret_column, find_field(type, false, reduced.text), false) ||
	       set_field(ret_column, find_field(type, true, reduced.text), true);
}

/* What a header of a file is called by QuickBooks, or by us. */
static bool find_column(const struct resource_type *type, const char *header, struct column *ret_column)
{
	AUTO(str_clear) struct str reduced = STR_INIT(200);
	const char *known;

	header_reduce(header, strlen(header), &reduced);
	known = column_find(type, reduced.text);
	if (!known)
		return find_own(type, header, ret_column) && ret_column->kind != COLUMN_IGNORED;
	if (*known == '!' || *known == '+') {
		*ret_column = (struct column){ .kind = *known == '!' ? COLUMN_EMPTY : COLUMN_TAX };
		return true;
	}
	return find_own(type, known, ret_column);
}

/* ---- a profile's rows */

static bool refuse_row(const struct import_profile *profile, const struct profile_row *row, const struct resource_type *type,
		       struct error *err)
{
	const char *text = row->is_constant ? row->left : row->right;
	struct nearest nearest = nearest_start(text, strlen(text));
	char shown[EXCERPT_MAX], hint[NEAREST_HINT_MAX];

	for (size_t i = 0; i < type->field_count; i++)
		nearest_try(&nearest, type->fields[i].name);
	for (size_t i = 0; i < type->line_count; i++) {
		nearest_try(&nearest, type->lines[i].name);
		if (strncmp(text, LINES, strlen(LINES)) == 0 && !nearest.best) {
			nearest.word = text + strlen(LINES);
			nearest.len = strlen(nearest.word);
			nearest_try(&nearest, type->lines[i].name);
		}
	}
	return error_set(err, ERROR_INPUT, "%s:%zu: %s have no field '%s'%s", profile->name, row->line, type->titles,
			 excerpt(text, strlen(text), shown), nearest_hint(&nearest, hint));
}

bool bind_profile_row(const struct import_profile *profile, const struct profile_row *row, const struct resource_type *type,
		      struct column *ret_column, struct error *err)
{
	struct column column = { 0 };

	if (!find_own(type, row->is_constant ? row->left : row->right, &column) ||
	    (row->is_constant && (column.kind == COLUMN_IGNORED || column.kind == COLUMN_EXTERNAL_ID)))
		return refuse_row(profile, row, type, err);
	*ret_column = column;
	return true;
}

static bool is_same_header(const char *a, const char *b)
{
	AUTO(str_clear) struct str left = STR_INIT(1000), right = STR_INIT(1000);

	header_reduce(a, strlen(a), &left);
	header_reduce(b, strlen(b), &right);
	return left.len > 0 ? strcmp(left.text, right.text) == 0 : strcmp(a, b) == 0;
}

static const struct profile_row *find_row(const struct import_profile *profile, const char *header)
{
	for (size_t i = 0; profile && i < profile->count; i++)
		if (!profile->rows[i].is_constant && is_same_header(profile->rows[i].left, header))
			return &profile->rows[i];
	return NULL;
}

/* ---- all columns, for one type */

static bool is_same_column(const struct column *a, const struct column *b)
{
	bool is_shared = a->kind == COLUMN_IGNORED || a->kind == COLUMN_EMPTY || a->kind == COLUMN_UNKNOWN || a->kind == COLUMN_TAX;

	return !is_shared && a->kind == b->kind && a->field == b->field;
}

static void note_place(struct binding *binding, size_t i)
{
	const struct column *column = &binding->columns[i];

	if (column->kind == COLUMN_EXTERNAL_ID)
		binding->external_id = i;
	else if (column->kind == COLUMN_METHOD)
		binding->method = i;
	else if (column->kind == COLUMN_ORGANIZATION)
		binding->organization = i;
	else if (column->kind == COLUMN_HEAD && strcmp(column->field->name, binding->type->number) == 0)
		binding->number = i;
}

static bool bind_constants(const struct import_profile *profile, struct binding *binding, struct error *err)
{
	binding->constants = memory_new(((profile ? profile->count : 0) + 1) * sizeof(*binding->constants));
	for (size_t i = 0; profile && i < profile->count; i++) {
		struct column *constant = &binding->constants[binding->constant_count];

		if (!profile->rows[i].is_constant)
			continue;
		if (!bind_profile_row(profile, &profile->rows[i], binding->type, constant, err))
			return false;
		constant->header = memory_copy_text(profile->rows[i].right);
		binding->constant_count++;
	}
	return true;
}

static bool bind_columns(const struct import_profile *profile, const char *const *headers, size_t count, struct binding *binding,
			 struct error *err)
{
	binding->number = binding->external_id = binding->method = binding->organization = COLUMN_NONE;
	binding->columns = memory_new((count + 1) * sizeof(*binding->columns));
	for (size_t i = 0; i < count; i++) {
		struct column column = { 0 };
		const struct profile_row *row = find_row(profile, headers[i]);

		if (row && !bind_profile_row(profile, row, binding->type, &column, err))
			return false;
		if (!row && (!*headers[i] || !find_column(binding->type, headers[i], &column)))
			column = (struct column){ .kind = *headers[i] ? COLUMN_UNKNOWN : COLUMN_EMPTY };
		if (column.kind == COLUMN_UNKNOWN && profile && profile->ignores_unknown)
			column.kind = COLUMN_IGNORED;
		column.header = memory_copy_text(headers[i]);
		binding->columns[binding->count++] = column;
		note_place(binding, i);
	}
	return bind_constants(profile, binding, err);
}

void binding_clear(struct binding *binding)
{
	for (size_t i = 0; i < binding->count; i++)
		free(binding->columns[i].header);
	for (size_t i = 0; i < binding->constant_count; i++)
		free(binding->constants[i].header);
	free(binding->columns);
	free(binding->constants);
	*binding = (struct binding){ 0 };
}

/* ---- what is wrong with them */

static bool has_field(const struct binding *binding, const struct resource_field *field)
{
	for (size_t i = 0; i < binding->count; i++)
		if (binding->columns[i].field == field)
			return true;
	for (size_t i = 0; i < binding->constant_count; i++)
		if (binding->constants[i].field == field)
			return true;
	return false;
}

/* A required field that no column has; NULL: all are there. Lines are there if any of their fields is. */
static const struct resource_field *find_missing(const struct binding *binding)
{
	for (size_t i = 0; i < binding->type->field_count; i++) {
		const struct resource_field *field = &binding->type->fields[i];
		bool is_there = has_field(binding, field);

		for (size_t j = 0; field->kind == VALUE_LINES && j < binding->count; j++)
			is_there |= binding->columns[j].kind == COLUMN_LINE;
		if (field->required && !is_there)
			return field;
	}
	return NULL;
}

static bool refuse_unknown(const struct binding *binding, size_t first, struct error *err)
{
	const char *header = binding->columns[first].header;
	struct nearest nearest = nearest_start(header, strlen(header));
	char shown[EXCERPT_MAX], hint[NEAREST_HINT_MAX];
	size_t more = 0;

	for (size_t i = first + 1; i < binding->count; i++)
		more += binding->columns[i].kind == COLUMN_UNKNOWN;
	for (size_t i = 0; i < binding->type->field_count; i++)
		nearest_try(&nearest, binding->type->fields[i].name);
	for (size_t i = 0; i < binding->type->line_count; i++)
		nearest_try(&nearest, binding->type->lines[i].name);
	excerpt(header, strlen(header), shown);
	if (more > 0)
		return error_set(err, ERROR_INPUT, "%s have no column '%s'%s, and %zu more are unknown: map them in a profile, or say 'unknown = ignore'",
				 binding->type->titles, shown, nearest_hint(&nearest, hint), more);
	return error_set(err, ERROR_INPUT, "%s have no column '%s'%s; say in a profile what it is, as in '%s = ignore'", binding->type->titles,
			 shown, nearest_hint(&nearest, hint), shown);
}

static bool check_columns(const struct binding *binding, struct error *err)
{
	const struct resource_field *missing = find_missing(binding);
	char shown[EXCERPT_MAX];

	for (size_t i = 0; i < binding->count; i++)
		for (size_t j = i + 1; j < binding->count; j++)
			if (is_same_column(&binding->columns[i], &binding->columns[j]))
				return error_set(err, ERROR_INPUT, "columns %zu and %zu are both '%s'", i + 1, j + 1,
						 excerpt(binding->columns[i].header, strlen(binding->columns[i].header), shown));
	for (size_t i = 0; i < binding->count; i++)
		if (binding->columns[i].kind == COLUMN_UNKNOWN)
			return refuse_unknown(binding, i, err);
	if (missing)
		return error_set(err, ERROR_INPUT, "%s need a column for '%s': map it in a profile, or say %s = \"…\" there",
				 binding->type->titles, missing->name, missing->name);
	if (binding->number == COLUMN_NONE && binding->external_id == COLUMN_NONE)
		return error_set(err, ERROR_INPUT, "%s need a column '%s' or 'external_id', by which they are known", binding->type->titles,
				 binding->type->number);
	return true;
}

/* ---- which type */

static size_t count_known(const struct binding *binding)
{
	size_t count = 0;

	for (size_t i = 0; i < binding->count; i++) {
		enum column_kind kind = binding->columns[i].kind;

		count += kind == COLUMN_HEAD || kind == COLUMN_LINE || kind == COLUMN_TAX;
	}
	return count;
}

/* How well the columns fit a type; 0: not at all. */
static size_t fit(const struct resource_type *type, const struct import_profile *profile, const char *const *headers, size_t count)
{
	AUTO(binding_clear) struct binding binding = { .type = type };

	if (!bind_columns(profile, headers, count, &binding, NULL) || find_missing(&binding) ||
	    (binding.number == COLUMN_NONE && binding.external_id == COLUMN_NONE))
		return 0;
	return count_known(&binding);
}

static const struct resource_type *find_type(const struct import_profile *profile, const char *const *headers, size_t count,
					     struct error *err)
{
	const struct resource_type *type, *best = NULL, *other = NULL;
	size_t most = 0;

	for (size_t i = 0; (type = resource_type_at(i)) != NULL; i++) {
		size_t fits = fit(type, profile, headers, count);

		if (fits > 0 && fits == most)
			other = type;
		if (fits > most) {
			most = fits;
			best = type;
			other = NULL;
		}
	}
	if (best && !other)
		return best;
	if (best)
		error_set(err, ERROR_INPUT, "the columns fit %s and %s alike: say which they are with --type, or 'type =' in a profile",
			  best->titles, other->titles);
	else
		error_set(err, ERROR_INPUT, "the columns are not those of any type: the first row must hold their names; say with --type what the "
			  "rows are, and what is missing is named");
	return NULL;
}

bool binding_make(const struct resource_type *type, const struct import_profile *profile, const char *const *headers, size_t count,
		  struct binding *ret_binding, struct error *err)
{
	AUTO(binding_clear) struct binding binding = { .type = type };

	if (!binding.type && profile)
		binding.type = profile->type;
	if (!binding.type)
		binding.type = find_type(profile, headers, count, err);
	if (!binding.type || !bind_columns(profile, headers, count, &binding, err) || !check_columns(&binding, err))
		return false;
	*ret_binding = binding;
	binding = (struct binding){ 0 };
	return true;
}
