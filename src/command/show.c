/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `show`: one record as it is or was, with what was taken out of it, or its raw bytes as the ledger sent them. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/command/address.h"
#include "ledgerdeck/command/then.h"
#include "ledgerdeck/store/references.h"
#include "verbs.h"

/* "Invoice/67 Invoice/71": as `log --record` takes them. */
static void print_references(const struct references *references, const struct printer *printer)
{
	AUTO(str_clear) struct str there = STR_INIT(STR_NO_LIMIT), back = STR_INIT(STR_NO_LIMIT);

	for (size_t i = 0; i < references->count; i++) {
		const struct reference *each = &references->items[i];
		const char *type = each->type ? each->type->name : each->to.type;

		str_addf(&there, "%s%s/%s", there.len ? " " : "", type, each->to.id);
		if (each->points_back)
			str_addf(&back, "%s%s/%s", back.len ? " " : "", type, each->to.id);
	}
	if (there.len || !printer->brief)
		verb_text(printer, "points_to", there.text);
	if (back.len || !printer->brief)
		verb_text(printer, "pointed_to_by", back.text);
}

static void print_record(const struct account *account, const struct type *type, const struct record_row *row,
			 int64_t until_ms, const struct str *seen, enum personal personal, const struct references *references,
			 const struct printer *printer)
{
	AUTO(memory_freep) char *title = memory_copy(row->title, row->title_len);

	printer->begin(printer->ctx, "object", NULL);
	printer->text(printer->ctx, "account", account->name);
	printer->text(printer->ctx, "account_id", account->id);
	printer->text(printer->ctx, "type", type->name);
	printer->text(printer->ctx, "id", row->id);
	printer->text(printer->ctx, "title", title);
	printer->text(printer->ctx, "state", record_state_word_of(type, row->state));
	verb_text(printer, "version", row->version);
	printer->time(printer->ctx, "changed_at", row->time_ms);
	printer->time(printer->ctx, "seen_at", row->seen_ms);
	if (until_ms || !printer->brief)
		printer->time(printer->ctx, "until_at", until_ms);
	for (size_t i = 0; i < type->field_count; i++)
		verb_cell(printer, &type->fields[i], &row->cells[i], personal);
	print_references(references, printer);
	printer->json(printer->ctx, "raw", seen->text, seen->len);
	printer->end(printer->ctx);
}

/* What is asked for, found: the record as it is, or as it was. */
struct shown {
	struct account account;
	struct object object;
	const struct type *type;
	const char *id;              /* borrowed: the arguments */
	struct record_row row;
	struct record_version version;
	struct str raw, texts, scratch; /* owned; the row borrows from the last two */
	bool found;
};

static void shown_clear(struct shown *shown)
{
	str_clear(&shown->raw);
	str_clear(&shown->texts);
	str_clear(&shown->scratch);
}

static bool find_then(struct app *app, const char *text, struct shown *shown, struct error *err)
{
	int64_t at_ms;

	return then_parse(app, "--as-of", text, &at_ms, err) &&
	       then_find(app->store, &shown->account, &shown->object, shown->type, shown->id, at_ms, &shown->version, &shown->raw, &shown->row,
			 &shown->found, err);
}

static bool find(struct app *app, const struct arguments *arguments, struct shown *shown, struct error *err)
{
	const char *as_of = argument(arguments, "--as-of");

	shown->id = argument(arguments, "ID");
	if (argument_given(arguments, "--history") && (as_of || argument_given(arguments, "--raw")))
		return error_set(err, ERROR_INPUT, "--history shows every version: it goes without --as-of and --raw");
	if (!accounts_find(app->store, argument(arguments, "ACCOUNT"), &shown->account, err) ||
	    !(shown->type = verb_type(app, shown->account.provider, argument(arguments, "TYPE"), err)) ||
	    !objects_get(app->store, shown->account.id, shown->type->name, &shown->object, &shown->found, err))
		return false;
	if (shown->found && as_of && !find_then(app, as_of, shown, err))
		return false;
	if (shown->found && !as_of && !records_get(app->store, &shown->object, shown->type, shown->id, &shown->row, &shown->raw,
						   &shown->texts, &shown->found, err))
		return false;
	return shown->found || error_set(err, ERROR_INPUT, "'%.80s' has no %s with id '%.60s' in the mirror", shown->account.name,
					 shown->type->name, shown->id);
}

static bool print_address(struct app *app, const struct shown *shown, const struct printer *printer, struct error *err)
{
	AUTO(str_clear) struct str address = STR_INIT(2000);

	if (!record_address(app->settings, &shown->account, shown->type, shown->id, &address))
		return error_set(err, ERROR_INPUT, "no address is known for %s in the %s environment", shown->type->name,
				 environment_word(shown->account.environment));
	str_add_char(&address, '\n');
	printer->raw(printer->ctx, address.text, address.len);
	return true;
}

static enum command_exit run(struct app *app, const struct arguments *arguments, const struct printer *printer,
			     struct error *err)
{
	AUTO(shown_clear) struct shown shown = { .raw = STR_INIT(STR_NO_LIMIT), .texts = STR_INIT(STR_NO_LIMIT),
						 .scratch = STR_INIT(STR_NO_LIMIT) };
	AUTO(references_clear) struct references references = { 0 };
	AUTO(str_clear) struct str seen = STR_INIT(STR_NO_LIMIT);
	enum personal personal = verb_personal(app, arguments);

	if (!find(app, arguments, &shown, err))
		return verb_failed(err);
	if (argument_given(arguments, "--history"))
		return verb_history(app, &shown.object, shown.type, shown.id, personal, printer, err) ? EXIT_DONE : verb_failed(err);
	if (argument_given(arguments, "--url"))
		return print_address(app, &shown, printer, err) ? EXIT_DONE : verb_failed(err);
	personal_add_json(shown.type, personal, shown.raw.text, shown.raw.len, &seen);
	if (argument_given(arguments, "--raw")) {
		printer->raw(printer->ctx, seen.text, seen.len);
		return EXIT_DONE;
	}
	if ((argument_given(arguments, "--as-of") || !object_is_current(&shown.object, shown.type)) &&
	    !then_fill(shown.type, &shown.raw, &shown.scratch, &shown.row, err))
		return verb_failed(err);
	if (!references_find(app->store, app->catalogue, shown.account.id, shown.type, shown.id, &shown.raw, &references, err))
		return verb_failed(err);
	print_record(&shown.account, shown.type, &shown.row, shown.version.until_ms, &seen, personal, &references, printer);
	return EXIT_DONE;
}

static const struct argument_row rows[] = {
	{ "ACCOUNT", NULL, false, true, "the account, by any unique prefix of name or id" },
	{ "TYPE", NULL, false, true, "the type, as Invoice" },
	{ "ID", NULL, false, true, "the record's id in the ledger" },
	{ "--as-of", "TIME", false, false, "as the mirror had it then: 2026-01-31 (its end), a time, or 15m, 2h, 3d ago" },
	{ "--history", NULL, false, false, "every version that the mirror had, and what changed in each" },
	{ "--raw", NULL, false, false, "nothing but the bytes that the ledger sent" },
	VERB_PERSONAL_ROW,
	{ "--url", NULL, false, false, "nothing but its address in the ledger's own web pages" },
};

static const char *const examples[] = { "ledgerdeck show Acme Invoice 1024 --history", "ledgerdeck show Acme Invoice 1024 --as-of 2026-01-31",
					NULL };

const struct command command_show = {
	.name = "show", .summary = "show one record", .needs = NEEDS_STORE, .arguments = rows,
	.argument_count = ARRAY_LEN(rows), .examples = examples, .run = run,
};
