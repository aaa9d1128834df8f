/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows become a document: values of the document itself must be the same on each of its rows or stand on one of them, those of
 * lines make a line of it. Only when the last row is there is it looked through as a whole.
 */
#include "import_document.h"

#include <stdlib.h>
#include <string.h>

#include "excerpt.h"
#include "ledgerdeck/core/memory.h"

#define REFUSALS_MAX RESOURCE_PROBLEMS_MAX

void document_init(struct row_document *document, struct import *import, const struct binding *binding, const struct cell_rules *rules)
{
	*document = (struct row_document){ .import = import, .binding = binding, .rules = rules };
	str_init(&document->key, RESOURCE_EXTERNAL_MAX);
	str_init(&document->organization, RESOURCE_EXTERNAL_MAX - 1);
	str_init(&document->texts, RESOURCE_BYTES_MAX);
	str_init(&document->lines, RESOURCE_BYTES_MAX);
	str_init(&document->cell, RESOURCE_BYTES_MAX);
	str_init(&document->value, RESOURCE_BYTES_MAX);
}

void document_clear(struct row_document *document)
{
	str_clear(&document->key);
	str_clear(&document->organization);
	str_clear(&document->texts);
	str_clear(&document->lines);
	str_clear(&document->cell);
	str_clear(&document->value);
	free(document->line_rows);
	document->line_rows = NULL;
}

/* ---- refusals */

static bool tell(struct row_document *document, size_t line, size_t column, const char *field, const char *text, const char *why,
		 struct error *err)
{
	const struct import_refusal refusal = {
		.line = line,
		.column = column,
		.name = column > 0 && column <= document->binding->count ? document->binding->columns[column - 1].header : field,
		.text = text,
		.why = why,
		.type = document->binding->type,
		.external_id = document->key.text,
	};

	return import_refuse(document->import, &refusal, err);
}

/* Of what stands in no column, `field` is the name. */
static bool refuse(struct row_document *document, size_t line, size_t column, const char *field, const char *text, const char *why,
		   struct error *err)
{
	char shown[EXCERPT_MAX];

	if (document->is_open && !document->is_broken)
		document->import->counts.refused++;
	document->is_broken = true;
	if (document->refusals >= REFUSALS_MAX) {
		document->more++;
		return true;
	}
	document->refusals++;
	return tell(document, line, column, field, excerpt(text, strlen(text), shown), why, err);
}

bool document_refuse(struct row_document *document, size_t line, size_t column, const char *text, const char *why, struct error *err)
{
	return refuse(document, line, column, "", text, why, err);
}

static bool tell_more(struct row_document *document, struct error *err)
{
	AUTO(str_clear) struct str why = STR_INIT(100);

	if (document->more == 0)
		return true;
	str_addf(&why, "%zu more things are wrong with it", document->more);
	return tell(document, document->line, 0, "", "", why.text, err);
}

/* ---- cells */

static bool is_number(const struct column *column)
{
	return column->kind == COLUMN_TAX || (column->field && (column->field->kind == VALUE_MONEY || column->field->kind == VALUE_NUMBER));
}

/* The cell as the file has it in `cell`, as resources have it in `value`. False: refused, or `err` is set. */
static bool read_cell(struct row_document *document, const struct column *column, const struct csv_row *row, size_t i, bool *ret_goes_on,
		      struct error *err)
{
	const struct csv_cell *cell = &row->cells[i];
	char why[CELL_WHY_MAX];
	bool is_good;

	*ret_goes_on = true;
	str_reset(&document->cell);
	str_reset(&document->value);
	is_good = cell_read_text(document->rules, cell->text, cell->len, &document->cell, why);
	if (is_good && document->cell.len == 0)
		return false;
	if (!is_good) {
		str_reset(&document->cell);
		str_add_bytes(&document->cell, cell->text, cell->len);
	} else if (is_number(column)) {
		is_good = cell_read_number(document->rules, document->cell.text, document->cell.len, &document->value, why);
	} else if (column->field && column->field->kind == VALUE_DATE) {
		is_good = cell_read_date(document->rules, document->cell.text, document->cell.len, &document->value, why);
	} else {
		str_add_bytes(&document->value, document->cell.text, document->cell.len);
	}
	if (!is_good)
		*ret_goes_on = document_refuse(document, cell->line, i + 1, document->cell.text, why, err);
	return is_good;
}

static bool add_head(struct row_document *document, const struct resource_field *field, size_t line, size_t column, struct error *err)
{
	struct head_value *head = &document->heads[field - document->binding->type->fields];
	AUTO(str_clear) struct str why = STR_INIT(200);
	char shown[EXCERPT_MAX];

	if (!head->is_given) {
		*head = (struct head_value){ .is_given = true, .line = line, .column = column, .at = document->texts.len };
		str_add_bytes(&document->texts, document->value.text, document->value.len + 1);
		return true;
	}
	if (strcmp(document->texts.text + head->at, document->value.text) == 0)
		return true;
	str_addf(&why, "line %zu of the file says '%s' for the same %s", head->line,
		 excerpt(document->texts.text + head->at, strlen(document->texts.text + head->at), shown), document->binding->type->title);
	return document_refuse(document, line, column, document->cell.text, why.text, err);
}

/* A member of the line at hand. */
static void add_member(struct row_document *document, const struct resource_field *field, const char *value, size_t len)
{
	uint64_t bit = UINT64_C(1) << (field - document->binding->type->lines);
	struct str *lines = &document->lines;

	if (document->line_fields & bit)
		return;
	str_add(lines, document->line_fields ? ",\"" : lines->len ? ",{\"" : "{\"");
	document->line_fields |= bit;
	str_add(lines, field->name);
	str_add(lines, "\":");
	str_add_json(lines, value, len);
}

static bool add_tax(struct row_document *document, size_t line, size_t column, struct error *err)
{
	struct decimal tax;

	if (!document->has_tax)
		document->tax = decimal_of(0, 0);
	document->has_tax = true;
	if (decimal_parse(document->value.text, document->value.len, &tax) && decimal_add(document->tax, tax, &document->tax))
		return true;
	return document_refuse(document, line, column, document->cell.text, "makes a sum of taxes that is more than fits", err);
}

static bool add_method(struct row_document *document, size_t line, size_t column, struct error *err)
{
	return import_method_parse(document->value.text, document->value.len, &document->method) ||
	       document_refuse(document, line, column, document->cell.text, "is none of: create, find, update, upsert", err);
}

static bool add_organization(struct row_document *document, size_t line, size_t column, struct error *err)
{
	if (document->organization.len > 0 && strcmp(document->organization.text, document->value.text) != 0)
		return document_refuse(document, line, column, document->cell.text, "is another organization than on the rows before", err);
	str_reset(&document->organization);
	str_add(&document->organization, document->value.text);
	return !str_is_cut(&document->organization) ||
	       document_refuse(document, line, column, document->cell.text, "is longer than an organization's id", err);
}

/* What stands in `value`, wherever that belongs; values of lines are none of this one's business. */
static bool add_value(struct row_document *document, const struct column *column, size_t line, size_t place, struct error *err)
{
	switch (column->kind) {
	case COLUMN_HEAD:
		return add_head(document, column->field, line, place, err);
	case COLUMN_TAX:
		return add_tax(document, line, place, err);
	case COLUMN_METHOD:
		return add_method(document, line, place, err);
	case COLUMN_ORGANIZATION:
		return add_organization(document, line, place, err);
	case COLUMN_EMPTY:
		return document_refuse(document, line, place, document->cell.text,
				       *column->header ? "is not brought in by itself: say in a profile what the column is, or that it is to be ignored"
						       : "stands in a column without a name", err);
	default:
		return true;
	}
}

/* The line that a row began is done with; rows without anything of a line make none. */
static void end_line(struct row_document *document, const struct csv_row *row)
{
	const struct binding *binding = document->binding;

	if (document->line_fields == 0)
		return;
	for (size_t i = 0; i < binding->constant_count; i++)
		if (binding->constants[i].kind == COLUMN_LINE)
			add_member(document, binding->constants[i].field, binding->constants[i].header, strlen(binding->constants[i].header));
	str_add_char(&document->lines, '}');
	memory_grow(&document->line_rows, &document->line_room, document->line_count + 1, sizeof(*document->line_rows));
	document->line_rows[document->line_count++] = row->line;
}

static bool is_cut(const struct row_document *document)
{
	return str_is_cut(&document->lines) || str_is_cut(&document->texts);
}

/* The first row beyond what a document may have is told, the others are passed over. */
static bool refuse_beyond(struct row_document *document, size_t line, struct error *err)
{
	AUTO(str_clear) struct str why = STR_INIT(200);

	if (document->is_beyond)
		return true;
	document->is_beyond = true;
	if (is_cut(document))
		str_addf(&why, "is beyond the %zu MiB that one %s may have", RESOURCE_BYTES_MAX >> 20, document->binding->type->title);
	else
		str_addf(&why, "is beyond the %d lines that one %s may have: split it", RESOURCE_LINES_MAX, document->binding->type->title);
	return document_refuse(document, line, 0, document->key.text, why.text, err);
}

bool document_add_row(struct row_document *document, const struct csv_row *row, struct error *err)
{
	const struct binding *binding = document->binding;
	bool goes_on;

	if (document->line_count >= RESOURCE_LINES_MAX || is_cut(document))
		return refuse_beyond(document, row->line, err);
	document->line_fields = 0;
	for (size_t i = 0; i < row->count && i < binding->count; i++) {
		const struct column *column = &binding->columns[i];

		if (column->kind == COLUMN_IGNORED || column->kind == COLUMN_EXTERNAL_ID)
			continue;
		if (!read_cell(document, column, row, i, &goes_on, err)) {
			if (!goes_on)
				return false;
		} else if (column->kind == COLUMN_LINE) {
			add_member(document, column->field, document->value.text, document->value.len);
		} else if (!add_value(document, column, row->cells[i].line, i + 1, err)) {
			return false;
		}
	}
	end_line(document, row);
	return true;
}

/* ---- the whole */

/* What the profile says where the file says nothing. */
static bool add_constant(struct row_document *document, const struct column *constant, struct error *err)
{
	const struct resource_field *fields = document->binding->type->fields;

	if ((constant->kind == COLUMN_HEAD && document->heads[constant->field - fields].is_given) ||
	    (constant->kind == COLUMN_METHOD && document->binding->method != COLUMN_NONE) ||
	    (constant->kind == COLUMN_ORGANIZATION && document->organization.len > 0))
		return true;
	str_reset(&document->cell);
	str_reset(&document->value);
	str_add(&document->cell, constant->header);
	str_add(&document->value, constant->header);
	return add_value(document, constant, document->line, 0, err);
}

static const struct resource_field *find_field(const struct resource_field *fields, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(fields[i].name, name) == 0)
			return &fields[i];
	return NULL;
}

/*
 * A payment for one invoice is often written on one row, with one amount: where the file has no column for what goes to the
 * invoice, all of it does.
 */
static void add_only_amount(struct row_document *document)
{
	const struct resource_type *type = document->binding->type;
	const struct resource_field *line = type->total ? find_field(type->lines, type->line_count, type->total) : NULL;
	const struct head_value *total = line ? &document->heads[find_field(type->fields, type->field_count, type->total) - type->fields] : NULL;

	if (!line || document->line_count != 1 || !total->is_given || document->line_fields & UINT64_C(1) << (line - type->lines))
		return;
	for (size_t i = 0; i < document->binding->count; i++)
		if (document->binding->columns[i].field == line)
			return;
	str_truncate(&document->lines, document->lines.len - 1);
	add_member(document, line, document->texts.text + total->at, strlen(document->texts.text + total->at));
	str_add_char(&document->lines, '}');
}

static void write_data(struct row_document *document, struct str *out)
{
	const struct resource_type *type = document->binding->type;
	char tax[DECIMAL_TEXT_MAX];

	str_add_char(out, '{');
	for (size_t i = 0; i < type->field_count; i++) {
		const struct head_value *head = &document->heads[i];

		if (!head->is_given)
			continue;
		str_addf(out, "%s\"%s\":", out->len > 1 ? "," : "", type->fields[i].name);
		str_add_json(out, document->texts.text + head->at, strlen(document->texts.text + head->at));
	}
	if (document->has_tax)
		str_addf(out, "%s\"tax_total\":\"%s\"", out->len > 1 ? "," : "", decimal_format(document->tax, tax));
	if (type->line_count > 0) {
		str_addf(out, "%s\"lines\":[", out->len > 1 ? "," : "");
		str_add_bytes(out, document->lines.text, document->lines.len);
		str_add_char(out, ']');
	}
	str_add_char(out, '}');
}

/* The column of a field, from 1; 0: none has it. */
static size_t find_column(const struct row_document *document, enum column_kind kind, const char *name)
{
	for (size_t i = 0; i < document->binding->count; i++)
		if (document->binding->columns[i].kind == kind && strcmp(document->binding->columns[i].field->name, name) == 0)
			return i + 1;
	return 0;
}

/* Where in the file "lines[3].amount" of the resource came from. */
static void find_place(const struct row_document *document, const char *path, size_t *ret_line, size_t *ret_column)
{
	const struct resource_type *type = document->binding->type;
	const char *point = strrchr(path, '.');
	const struct resource_field *field = find_field(type->fields, type->field_count, path);
	size_t number = 0;

	*ret_line = document->line;
	*ret_column = 0;
	if (strncmp(path, "lines[", strlen("lines[")) == 0) {
		number = strtoul(path + strlen("lines["), NULL, 10);
		if (number > 0 && number <= document->line_count)
			*ret_line = document->line_rows[number - 1];
		*ret_column = point ? find_column(document, COLUMN_LINE, point + 1) : 0;
	} else if (field) {
		const struct head_value *head = &document->heads[field - type->fields];

		*ret_line = head->is_given ? head->line : document->line;
		*ret_column = head->is_given ? head->column : find_column(document, COLUMN_HEAD, path);
	}
}

static bool refuse_problems(struct row_document *document, const struct str *data, struct error *err)
{
	const struct resource_problems *problems = &document->import->problems;

	for (size_t i = 0; i < problems->count; i++) {
		const struct resource_problem *problem = &problems->items[i];
		char shown[EXCERPT_MAX];
		size_t line, column;

		find_place(document, problem->path, &line, &column);
		if (!refuse(document, line, column, problem->path, excerpt_json(data->text, data->len, problem->at, shown), problem->text,
			    err))
			return false;
	}
	document->more += problems->more;
	return true;
}

static bool check_name(struct row_document *document, struct error *err)
{
	const struct binding *binding = document->binding;
	size_t column = binding->external_id != COLUMN_NONE ? binding->external_id : binding->number;
	AUTO(str_clear) struct str text = STR_INIT(200);
	char why[EXTERNAL_ID_TEXT_MAX];

	if (!external_id_check(document->key.text, "rsrc", why)) {
		why[strlen(why) - 1] = '\0';
		return document_refuse(document, document->line, column + 1, document->key.text, why, err);
	}
	return import_know(document->import, binding->type, document->organization.text, document->key.text, document->line, &text, err) &&
	       (text.len == 0 || document_refuse(document, document->line, column + 1, document->key.text, text.text, err));
}

static bool give(struct row_document *document, const struct str *data, struct error *err)
{
	const struct import_document given = {
		.type = document->binding->type,
		.external_id = document->key.text,
		.data = { .text = data->text, .len = data->len, .kind = JSON_OBJECT },
		.line = document->line,
		.method = document->method,
		.request = ++document->import->requests,
		.is_root = true,
		.organization = document->organization.text,
	};

	return import_give(document->import, &given, err);
}

/* What its cells make: looked through as a whole where each of them was right. */
static bool check_whole(struct row_document *document, struct str *ret_data, struct error *err)
{
	AUTO(str_clear) struct str data = STR_INIT(RESOURCE_BYTES_MAX * 3);

	for (size_t i = 0; i < document->binding->constant_count; i++)
		if (!add_constant(document, &document->binding->constants[i], err))
			return false;
	if (is_cut(document) && !refuse_beyond(document, document->line, err))
		return false;
	if (!check_name(document, err))
		return false;
	if (document->is_broken)
		return true;
	add_only_amount(document);
	write_data(document, &data);
	return resource_check(document->binding->type, (struct json_slice){ .text = data.text, .len = data.len, .kind = JSON_OBJECT }, ret_data,
			      &document->import->problems) ||
	       refuse_problems(document, &data, err);
}

bool document_finish(struct row_document *document, struct error *err)
{
	AUTO(str_clear) struct str data = STR_INIT(RESOURCE_BYTES_MAX);

	if (!document->is_open)
		return true;
	if (!check_whole(document, &data, err) || !(document->is_broken ? tell_more(document, err) : give(document, &data, err)))
		return false;
	document->is_open = false;
	return true;
}

bool document_open(struct row_document *document, const char *key, size_t line, struct error *err)
{
	if (!document_finish(document, err))
		return false;
	str_reset(&document->key);
	str_add(&document->key, key);
	str_reset(&document->organization);
	str_reset(&document->texts);
	str_reset(&document->lines);
	memset(document->heads, 0, sizeof(document->heads));
	document->is_open = true;
	document->is_broken = document->is_beyond = document->has_tax = false;
	document->line = line;
	document->line_count = document->refusals = document->more = 0;
	document->method = IMPORT_UPSERT;
	return true;
}
