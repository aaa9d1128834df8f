/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looks at each resource before it is written: whether the file has a place for all of it, and whether this file has room left. */
#include "ledgerdeck/model/export.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "export_impl.h"
#include "ledgerdeck/core/memory.h"

#define ROWS_BYTES_MAX ((size_t)64 << 20) /* of one resource */

static const char *const format_words[] = { [EXPORT_QUICKBOOKS_CSV] = "quickbooks-csv", [EXPORT_IIF] = "iif" };
_Static_assert(ARRAY_LEN(format_words) == EXPORT_FORMAT_COUNT, "a word for each format");

const char *export_format_word(enum export_format format)
{
	return format_words[format];
}

bool export_format_parse(const char *word, enum export_format *ret_format)
{
	for (int i = 0; i < EXPORT_FORMAT_COUNT; i++)
		if (strcasecmp(format_words[i], word) == 0) {
			*ret_format = (enum export_format)i;
			return true;
		}
	return false;
}

static const struct {
	enum export_format format;
	enum target type;
	const struct export_writer *writer;
} writers[] = {
	{ EXPORT_QUICKBOOKS_CSV, TARGET_INVOICE, &export_csv_invoice },
	{ EXPORT_QUICKBOOKS_CSV, TARGET_CUSTOMER, &export_csv_customer },
	{ EXPORT_IIF, TARGET_INVOICE, &export_iif_invoice },
	{ EXPORT_IIF, TARGET_CUSTOMER, &export_iif_customer },
};

static const struct export_writer *find_writer(enum export_format format, const struct resource_type *type)
{
	for (size_t i = 0; i < ARRAY_LEN(writers); i++)
		if (writers[i].format == format && writers[i].type == type->target)
			return writers[i].writer;
	return NULL;
}

bool export_takes(enum export_format format, const struct resource_type *type)
{
	return find_writer(format, type) != NULL;
}

static const char *or_usual(const char *given, const char *usual)
{
	return given ? given : usual;
}

struct export *export_new(const struct export_options *options, const struct export_sink *sink)
{
	struct export *export = memory_new(sizeof(*export));

	assert(export_takes(options->format, options->type));
	export->options = *options;
	export->options.receivable = or_usual(options->receivable, "Accounts Receivable");
	export->options.income = or_usual(options->income, "Sales");
	export->options.tax_account = or_usual(options->tax_account, "Sales Tax Payable");
	export->options.tax_item = or_usual(options->tax_item, "Sales Tax");
	export->options.tax_agency = or_usual(options->tax_agency, "Sales Tax Agency");
	export->sink = *sink;
	str_init(&export->out, ROWS_BYTES_MAX);
	str_init(&export->text, RESOURCE_BYTES_MAX);
	str_init(&export->name, RESOURCE_BYTES_MAX);
	return export;
}

void export_free(struct export *export)
{
	if (!export)
		return;
	str_clear(&export->out);
	str_clear(&export->text);
	str_clear(&export->name);
	free(export);
}

void export_freep(struct export **export)
{
	export_free(*export);
	*export = NULL;
}

struct export_counts export_counts(const struct export *export)
{
	return export->counts;
}

/* ---- values */

const char *export_value(struct export *export, struct json_slice object, bool is_line, const char *field)
{
	const struct resource_field *known = resource_field(export->options.type, is_line, field, strlen(field));
	struct json_slice value = json_member(object, field);
	const char *name;

	str_reset(&export->text);
	if (value.kind == JSON_BOOL)
		str_add(&export->text, *value.text == 't' ? "Y" : "N");
	else if (value.kind == JSON_STRING)
		json_unquote(value, &export->text);
	if (!export->text.len || !known || known->kind != VALUE_CODE || !export->options.name)
		return export->text.text;
	name = export->options.name(export->options.ctx, known->target, export->text.text);
	if (name) {
		str_reset(&export->text);
		str_add(&export->text, name);
	}
	return export->text.text;
}

const char *export_american_date(const char *date, char *out)
{
	struct date day;
	char text[DATE_TEXT_MAX];

	*out = '\0';
	if (!date_parse(date, strlen(date), &day))
		return out;
	date_format(day, text);
	memcpy(out, text + 5, 2);
	out[2] = '/';
	memcpy(out + 3, text + 8, 2);
	out[5] = '/';
	memcpy(out + 6, text, 4);
	out[10] = '\0';
	return out;
}

/* ---- what the file has no place for */

bool export_note(struct export *export, bool is_left_out, const char *text, struct error *err)
{
	const struct export_note note = { .external_id = export->external_id, .is_left_out = is_left_out, .text = text };

	export->counts.left_out += is_left_out;
	return export->sink.note(export->sink.ctx, &note, err);
}

/* What is not void, and what is active, needs no place. */
static bool is_usual(struct json_slice name, struct json_slice value)
{
	return value.kind == JSON_BOOL && json_equals(name, *value.text == 't' ? "active" : "voided");
}

static bool has_place(const struct export_writer *writer, bool is_line, struct json_slice name)
{
	for (size_t i = 0; i < writer->count; i++)
		if (writer->columns[i].field && writer->columns[i].is_of_line == is_line && json_equals(name, writer->columns[i].field))
			return true;
	for (size_t i = 0; !is_line && writer->more[i]; i++)
		if (json_equals(name, writer->more[i]))
			return true;
	return false;
}

static void add_places(const struct export_writer *writer, struct json_slice object, bool is_line, uint64_t *told,
		       const struct resource_type *type, struct str *out)
{
	const struct resource_field *fields = is_line ? type->lines : type->fields;
	struct json_slice name, value, line;
	size_t at = 0, in_lines = 0;

	while (json_each(object, &at, &name, &value)) {
		const struct resource_field *field = resource_field(type, is_line, name.text + 1, name.len - 2);
		uint64_t bit = field ? UINT64_C(1) << (field - fields) : 0;

		while (!is_line && value.kind == JSON_ARRAY && json_each(value, &in_lines, NULL, &line))
			add_places(writer, line, true, told + 1, type, out);
		if (!field || field->kind == VALUE_LINES || has_place(writer, is_line, name) || is_usual(name, value) || *told & bit)
			continue;
		*told |= bit;
		str_addf(out, "%s%s%s", out->len ? ", " : "", is_line ? "lines." : "", field->name);
	}
}

static bool note_places(struct export *export, const struct export_writer *writer, struct error *err)
{
	AUTO(str_clear) struct str names = STR_INIT(1000), text = STR_INIT(1200);
	uint64_t told[2] = { 0 };

	add_places(writer, export->data, false, told, export->options.type, &names);
	if (names.len > 0) {
		str_addf(&text, "the file has no place for %s", names.text);
		if (!export_note(export, false, text.text, err))
			return false;
	}
	return !export->is_garbled || export_note(export, false, "the file has no place for some letters: they became ?", err);
}

static bool lacks(const struct export *export, const char *field)
{
	return export->options.type->target == TARGET_INVOICE && json_member(export->data, field).kind != JSON_STRING;
}

static bool note_lacks(struct export *export, struct error *err)
{
	if (lacks(export, "number") && !export_note(export, false, "it has no number: its external id stands for it", err))
		return false;
	return !lacks(export, "due_date") || export->options.format != EXPORT_QUICKBOOKS_CSV ||
	       export_note(export, false, "it has no due date, and QuickBooks asks for one", err);
}

/* ---- files */

static bool is_full(const struct export *export)
{
	if (export->options.format != EXPORT_QUICKBOOKS_CSV)
		return false;
	return export->rows + export->out_rows > EXPORT_CSV_ROWS_MAX ||
	       (export->options.type->target == TARGET_INVOICE && export->documents == EXPORT_CSV_INVOICES_MAX);
}

/* The rows at hand stay where they are: behind the header, which goes out first. */
static bool begin_file(struct export *export, const struct export_writer *writer, struct error *err)
{
	struct str rows = export->out;
	bool is_good;

	if (!export->sink.begin(export->sink.ctx, ++export->counts.files, err))
		return false;
	str_init(&export->out, ROWS_BYTES_MAX);
	writer->write_header(export);
	is_good = export->sink.write(export->sink.ctx, export->out.text, export->out.len, err);
	str_clear(&export->out);
	export->out = rows;
	export->documents = export->rows = 0;
	return is_good;
}

bool export_add(struct export *export, const char *external_id, struct json_slice data, struct error *err)
{
	const struct export_writer *writer = find_writer(export->options.format, export->options.type);
	struct json_slice voided = json_member(data, "voided");
	const char *why = "it is void";

	str_reset(&export->out);
	export->out_rows = 0;
	export->is_garbled = false;
	export->external_id = external_id;
	export->data = data;
	if ((voided.kind == JSON_BOOL && *voided.text == 't') || !writer->write(export, &why))
		return export_note(export, true, why, err);
	if (str_is_cut(&export->out))
		return export_note(export, true, "it is larger than a file may be", err);
	if (!note_places(export, writer, err) || !note_lacks(export, err))
		return false;
	if ((export->counts.files == 0 || (export->documents > 0 && is_full(export))) && !begin_file(export, writer, err))
		return false;
	if (export->options.format == EXPORT_QUICKBOOKS_CSV && export->out_rows > EXPORT_CSV_ROWS_MAX &&
	    !export_note(export, false, "it has more rows than QuickBooks Online takes in one file: split it there", err))
		return false;
	export->documents++;
	export->counts.documents++;
	export->rows += export->out_rows;
	return export->sink.write(export->sink.ctx, export->out.text, export->out.len, err);
}
