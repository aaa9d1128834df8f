/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `types`: what can be mirrored, and what each provider can do with it; or the columns of one type. */
#include <string.h>

#include "ledgerdeck/core/file.h"
#include "verbs.h"

#define CATALOGUE_MAX ((size_t)1 << 20)

static const struct printer_column type_columns[] = {
	{ "provider", false }, { "type", false }, { "reading", false }, { "deletions", false }, { "create", true },
	{ "update", true }, { "delete", true }, { "void", true }, { "operations", false }, { "columns", false },
	{ "title_path", true }, { "key_path", true }, { "time_path", true }, { "depends", true }, { "extra", true },
	{ "personal", true }, { "origin", false }, { NULL, false },
};
static const struct printer_column field_columns[] = {
	{ "column", false }, { "path", false }, { "kind", false }, { "listed", false }, { "personal", false }, { "refers_to", false }, { NULL, false },
};

static const char *const reading_words[] = { [TYPE_BY_TIME] = "by time", [TYPE_BY_DELTA] = "by delta", [TYPE_WHOLE] = "whole",
					     [TYPE_SINGLE] = "single" };
static const char *const deletion_words[] = { [TYPE_DELETED_BY_CHANGES] = "list of changes", [TYPE_DELETED_BY_SWEEP] = "sweep",
					      [TYPE_NEVER_DELETED] = "never deleted" };
static const char *const kind_words[FIELD_KIND_COUNT] = { [FIELD_TEXT] = "text", [FIELD_MONEY] = "money", [FIELD_NUMBER] = "number",
							  [FIELD_DATE] = "date", [FIELD_TIME] = "time", [FIELD_FLAG] = "flag" };

static void print_type(const struct type *type, const struct printer *printer)
{
	static const struct { const char *name; unsigned bit; } operations[] = {
		{ "create", TYPE_CREATE }, { "update", TYPE_UPDATE }, { "delete", TYPE_DELETE }, { "void", TYPE_VOID },
	};
	AUTO(str_clear) struct str words = STR_INIT(100);
	AUTO(str_clear) struct str depends = STR_INIT(1000);

	printer->row(printer->ctx);
	printer->text(printer->ctx, "provider", type->provider);
	printer->text(printer->ctx, "type", type->name);
	printer->text(printer->ctx, "reading", reading_words[type->reading]);
	printer->text(printer->ctx, "deletions", deletion_words[type->deletion]);
	for (size_t i = 0; i < ARRAY_LEN(operations); i++) {
		printer->flag(printer->ctx, operations[i].name, type->operations & operations[i].bit);
		if (type->operations & operations[i].bit)
			str_addf(&words, "%s%s", words.len ? " " : "", operations[i].name);
	}
	verb_text(printer, "operations", words.len ? words.text : "read");
	printer->number(printer->ctx, "columns", (int64_t)type->field_count);
	verb_text(printer, "title_path", type->title);
	verb_text(printer, "key_path", type->key);
	verb_text(printer, "time_path", type->time);
	for (size_t i = 0; i < TYPE_DEPENDS_MAX && type->depends[i]; i++)
		str_addf(&depends, "%s%s", i ? " " : "", type->depends[i]);
	verb_text(printer, "depends", depends.text);
	verb_text(printer, "extra", type->extra);
	verb_text(printer, "personal", type->personal);
	printer->text(printer->ctx, "origin", type->origin);
}

static void print_catalogue(const struct catalogue *catalogue, const struct printer *printer)
{
	printer->begin(printer->ctx, "types", type_columns);
	for (size_t i = 0; i < catalogue_count(catalogue); i++)
		print_type(catalogue_at(catalogue, i), printer);
	printer->end(printer->ctx);
}

static void print_fields(const struct type *type, const struct printer *printer)
{
	printer->begin(printer->ctx, "columns", field_columns);
	for (size_t i = 0; i < type->field_count; i++) {
		const struct type_field *field = &type->fields[i];

		printer->row(printer->ctx);
		printer->text(printer->ctx, "column", field->name);
		printer->text(printer->ctx, "path", field->path);
		printer->text(printer->ctx, "kind", kind_words[field->kind]);
		printer->flag(printer->ctx, "listed", field->listed);
		printer->flag(printer->ctx, "personal", field->personal);
		verb_text(printer, "refers_to", field->refers_to ? field->refers_to : "");
	}
	printer->end(printer->ctx);
}

static void catalogue_freep(struct catalogue **catalogue)
{
	catalogue_free(*catalogue);
}

/* Would this file do in the configuration directory? Nothing is changed. */
static enum command_exit check(const char *path, const struct printer *printer, struct error *err)
{
	AUTO(catalogue_freep) struct catalogue *catalogue = NULL;
	AUTO(str_clear) struct str text = STR_INIT(CATALOGUE_MAX);

	if (!file_read(path, CATALOGUE_MAX, &text, err) || !catalogue_parse(text.text, path, &catalogue, err))
		return verb_failed(err);
	print_catalogue(catalogue, printer);
	verb_note(printer, "'%s' is in order. To use it, put it into the folder 'types' of the configuration directory.", path);
	return EXIT_DONE;
}

static enum command_exit run(struct app *app, const struct arguments *arguments, const struct printer *printer,
			     struct error *err)
{
	const char *word = argument(arguments, "TYPE");
	const struct type *type;

	if (argument_given(arguments, "--check"))
		return check(argument(arguments, "--check"), printer, err);
	if (!word) {
		print_catalogue(app->catalogue, printer);
		return EXIT_DONE;
	}
	type = verb_type(app, NULL, word, err);
	if (!type)
		return verb_failed(err);
	print_fields(type, printer);
	return EXIT_DONE;
}

static const struct argument_row rows[] = {
	{ "TYPE", NULL, false, false, "list the columns of this type instead" },
	{ "--check", "FILE", false, false, "check a catalogue file of one's own instead" },
};

const struct command command_types = {
	.name = "types", .summary = "list what can be mirrored, and the columns of each type", .arguments = rows,
	.argument_count = ARRAY_LEN(rows), .run = run,
};
