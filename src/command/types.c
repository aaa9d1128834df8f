/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `types`: what can be mirrored, and what each provider can do with it; or the columns of one type; or whether rows are in order,
 * and fit what a ledger says of itself.
 */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/file.h"
#include "ledgerdeck/sync/fit.h"
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

static void print_catalogue(const struct catalogue *catalogue, bool own, const struct printer *printer)
{
	printer->begin(printer->ctx, "types", type_columns);
	for (size_t i = 0; i < catalogue_count(catalogue); i++)
		if (!own || type_is_own(catalogue_at(catalogue, i)))
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

/* ---- against the ledger */

struct live {
	struct account account;
	const struct catalogue *catalogue;
	bool own;                   /* of its types only those of the file */
	struct str schema;          /* owned */
	int64_t asked_ms;           /* when it was asked; 0: now */
	struct fit_lines lines;  /* owned */
	size_t count;               /* types that were checked */
	bool damaged;               /* what is kept is no schema */
};

static void live_clear(struct live *live)
{
	str_clear(&live->schema);
	fit_lines_clear(&live->lines);
}

static bool read_schema(struct app *app, struct live *live, bool anew, struct error *err)
{
	if (!anew && fit_kept(live->account.id, verb_now(app), &live->schema, &live->asked_ms))
		return true;
	live->asked_ms = 0;
	return app_sync(app, err) && fit_ask(app->sync, live->account.id, app->cancel, &live->schema, err);
}

/* Against what is kept, or what is asked for where that is no schema. */
static bool check_types(struct live *live, const struct type *only, struct error *err)
{
	fit_lines_clear(&live->lines);
	live->count = 0;
	for (size_t i = 0; i < catalogue_count(live->catalogue); i++) {
		const struct type *type = catalogue_at(live->catalogue, i);

		if (strcmp(type->provider, live->account.provider) != 0 || (live->own && !type_is_own(type)) || (only && type != only))
			continue;
		live->damaged = !fit_check(&live->schema, type, &live->lines, err);
		if (live->damaged)
			return false;
		live->count++;
	}
	return live->count > 0 || error_set(err, ERROR_INPUT, "no type of %s is there to be checked", live->account.provider);
}

static void print_lines(const struct live *live, const struct printer *printer)
{
	static const struct printer_column misfit_columns[] = { { "place", false }, { "type", false }, { "word", true }, { "path", true },
								{ "what", false }, { NULL, false } };

	printer->begin(printer->ctx, "misfits", misfit_columns);
	for (size_t i = 0; i < live->lines.count; i++) {
		const struct fit_line *line = &live->lines.items[i];

		printer->row(printer->ctx);
		printer->text(printer->ctx, "place", line->place);
		printer->text(printer->ctx, "type", line->type->name);
		printer->text(printer->ctx, "word", line->word);
		verb_text(printer, "path", line->path);
		printer->text(printer->ctx, "what", line->text);
	}
	printer->end(printer->ctx);
}

static void note_live(struct app *app, const struct live *live, const struct printer *printer)
{
	char age[80] = "";

	if (live->asked_ms)
		snprintf(age, sizeof(age), ", as it was %lld minutes ago; --refresh asks it again",
			 (long long)((verb_now(app) - live->asked_ms) / 60000));
	if (live->lines.count == 0)
		verb_note(printer, "%zu type%s of the catalogue fit%s what '%.80s' says of itself%s.", live->count, live->count == 1 ? "" : "s",
			  live->count == 1 ? "s" : "", live->account.name, age);
	else
		verb_note(printer, "%zu thing%s in %zu type%s do%s not fit what '%.80s' says of itself%s.", live->lines.count,
			  live->lines.count == 1 ? "" : "s", live->count, live->count == 1 ? "" : "s", live->lines.count == 1 ? "es" : "",
			  live->account.name, age);
}

static bool find_misfits(struct app *app, const struct arguments *arguments, struct live *live, struct error *err)
{
	const char *word = argument(arguments, "TYPE");
	const struct type *only = word ? catalogue_find(live->catalogue, live->account.provider, word) : NULL;

	if (word && !only)
		return error_set(err, ERROR_INPUT, "there is no type '%.60s' of %s to be checked", word, live->account.provider);
	if (!read_schema(app, live, argument_given(arguments, "--refresh"), err))
		return false;
	if (check_types(live, only, err))
		return true;
	if (!live->asked_ms || !live->damaged)
		return false;
	error_clear(err);
	str_reset(&live->schema);
	return read_schema(app, live, true, err) && check_types(live, only, err);
}

static enum command_exit check_live(struct app *app, const struct arguments *arguments, const struct catalogue *catalogue, bool own,
				    const struct printer *printer, struct error *err)
{
	AUTO(live_clear) struct live live = { .catalogue = catalogue, .own = own, .schema = STR_INIT(STR_NO_LIMIT) };

	if (!app_store(app, false, err) || !accounts_find(app->store, argument(arguments, "--account"), &live.account, err) ||
	    !fit_can(live.account.provider, err) || !find_misfits(app, arguments, &live, err))
		return verb_failed(err);
	print_lines(&live, printer);
	note_live(app, &live, printer);
	return live.lines.count > 0 ? EXIT_USAGE : EXIT_DONE;
}

/* ---- a file */

/* Would this file do in the configuration directory? Nothing is changed. */
static enum command_exit check(struct app *app, const struct arguments *arguments, const struct printer *printer, struct error *err)
{
	AUTO(catalogue_freep) struct catalogue *catalogue = NULL;
	AUTO(str_clear) struct str text = STR_INIT(CATALOGUE_MAX);
	const char *path = argument(arguments, "--check");

	if (!file_read(path, CATALOGUE_MAX, &text, err) || !catalogue_try(text.text, path, &catalogue, err))
		return verb_failed(err);
	if (argument_given(arguments, "--account"))
		return check_live(app, arguments, catalogue, true, printer, err);
	print_catalogue(catalogue, true, printer);
	verb_note(printer, "'%s' is in order. To use it, put it into the folder 'types' of the configuration directory.", path);
	return EXIT_DONE;
}

static enum command_exit run(struct app *app, const struct arguments *arguments, const struct printer *printer,
			     struct error *err)
{
	const char *word = argument(arguments, "TYPE");
	const struct type *type;

	if (argument_given(arguments, "--refresh") && !argument_given(arguments, "--account")) {
		error_set(err, ERROR_INPUT, "whose ledger shall be asked? name it with --account");
		return verb_failed(err);
	}
	if (argument_given(arguments, "--check"))
		return check(app, arguments, printer, err);
	if (argument_given(arguments, "--account"))
		return check_live(app, arguments, app->catalogue, false, printer, err);
	if (!word) {
		print_catalogue(app->catalogue, false, printer);
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
	{ "--account", "ACCOUNT", false, false, "hold the rows, or those of the file, against what this account's ledger says of itself" },
	{ "--refresh", NULL, false, false, "ask the ledger again, though its answer of this day is kept" },
};
static const char *const examples[] = { "ledgerdeck types --check products.catalogue --account Nordlys", NULL };

const struct command command_types = {
	.name = "types", .summary = "list what can be mirrored, and the columns of each type", .arguments = rows,
	.argument_count = ARRAY_LEN(rows), .examples = examples, .run = run,
};
