/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `show`: one record, with what was taken out of it, or its raw bytes as the ledger sent them. */
#include <string.h>

#include "verbs.h"

static void print_fields(const struct type *type, const struct record_row *row, const struct printer *printer)
{
	AUTO(str_clear) struct str text = STR_INIT(1 << 20);

	for (size_t i = 0; i < type->field_count; i++) {
		const struct type_field *field = &type->fields[i];
		const struct cell *cell = &row->cells[i];

		str_reset(&text);
		cell_add_text(cell, field->kind, &text);
		if (cell->kind == CELL_NONE)
			printer->text(printer->ctx, field->name, NULL);
		else if (field->kind == FIELD_MONEY || field->kind == FIELD_NUMBER)
			printer->decimal(printer->ctx, field->name, text.text);
		else if (field->kind == FIELD_FLAG && cell->kind == CELL_INTEGER)
			printer->flag(printer->ctx, field->name, cell->integer != 0);
		else
			printer->text(printer->ctx, field->name, text.text);
	}
}

/* By the row as it is now, whatever the columns were filled by. */
static bool extract(const struct type *type, const struct str *raw, struct str *scratch, struct record_row *row, struct error *err)
{
	struct record record;

	str_reserve(scratch, raw->len + 1);
	if (!record_extract(type, (struct json_slice){ raw->text, raw->len, JSON_OBJECT }, scratch, &record, err))
		return error_prefix(err, "the catalogue's row of %s was changed and does not fit; --raw shows the record", type->name);
	row->title = record.title;
	row->title_len = record.title_len;
	memcpy(row->cells, record.cells, sizeof(row->cells));
	return true;
}

static void print_record(const struct account *account, const struct type *type, const struct record_row *row,
			 const struct str *raw, const struct printer *printer)
{
	printer->begin(printer->ctx, "object", NULL);
	printer->text(printer->ctx, "account", account->name);
	printer->text(printer->ctx, "account_id", account->id);
	printer->text(printer->ctx, "type", type->name);
	printer->text(printer->ctx, "id", row->id);
	printer->text(printer->ctx, "title", row->title);
	printer->text(printer->ctx, "state", record_state_word_of(type, row->state));
	verb_text(printer, "version", row->version);
	printer->time(printer->ctx, "changed_at", row->time_ms);
	printer->time(printer->ctx, "seen_at", row->seen_ms);
	print_fields(type, row, printer);
	printer->json(printer->ctx, "raw", raw->text, raw->len);
	printer->end(printer->ctx);
}

static enum command_exit run(struct app *app, const struct arguments *arguments, const struct printer *printer,
			     struct error *err)
{
	AUTO(str_clear) struct str raw = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str texts = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str scratch = STR_INIT(STR_NO_LIMIT);
	const char *id = argument(arguments, "ID");
	struct record_row row;
	struct account account;
	struct object object;
	const struct type *type;
	bool found;

	if (!accounts_find(app->store, argument(arguments, "ACCOUNT"), &account, err) ||
	    !(type = verb_type(app, account.provider, argument(arguments, "TYPE"), err)) ||
	    !objects_get(app->store, account.id, type->name, &object, &found, err) ||
	    (found && !records_get(app->store, &object, type, id, &row, &raw, &texts, &found, err)))
		return verb_failed(err);
	if (!found) {
		error_set(err, ERROR_INPUT, "'%.80s' has no %s with id '%.60s' in the mirror", account.name, type->name, id);
		return EXIT_USAGE;
	}
	if (argument_given(arguments, "--raw"))
		printer->raw(printer->ctx, raw.text, raw.len);
	else if (!object_is_current(&object, type) && !extract(type, &raw, &scratch, &row, err))
		return verb_failed(err);
	else
		print_record(&account, type, &row, &raw, printer);
	return EXIT_DONE;
}

static const struct argument_row rows[] = {
	{ "ACCOUNT", NULL, false, true, "the account, by any unique prefix of name or id" },
	{ "TYPE", NULL, false, true, "the type, as Invoice" },
	{ "ID", NULL, false, true, "the record's id in the ledger" },
	{ "--raw", NULL, false, false, "nothing but the bytes that the ledger sent" },
};

const struct command command_show = {
	.name = "show", .summary = "show one record", .needs = NEEDS_STORE, .arguments = rows,
	.argument_count = ARRAY_LEN(rows), .run = run,
};
