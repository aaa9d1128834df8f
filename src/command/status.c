/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `status`: the state of every type of every account. */
#include <string.h>

#include "verbs.h"

static const struct printer_column columns[] = {
	{ "account", false }, { "account_id", true }, { "provider", true }, { "environment", true }, { "type", false },
	{ "status", false }, { "wanted", true }, { "live", false }, { "inactive", true }, { "voided", true },
	{ "deleted", true }, { "parked", false }, { "ledger_count", true }, { "ledger_count_at", true },
	{ "last_attempt_at", true }, { "last_success_at", false }, { "next_at", false }, { "read_up_to_at", true },
	{ "full_at", true }, { "sweep_at", true }, { "sweep_due", true }, { "under_way", true }, { "failures", false },
	{ "interval_s", true }, VERB_ERROR_COLUMNS, { "guard", true }, { "drift", true }, { NULL, false },
};

static int64_t instant(int64_t ms)
{
	return ms == INT64_MIN || ms == INT64_MAX ? 0 : ms;
}

static void print_counts(const struct object *object, const struct printer *printer)
{
	printer->number(printer->ctx, "live", object->live);
	printer->number(printer->ctx, "inactive", object->inactive);
	printer->number(printer->ctx, "voided", object->voided);
	printer->number(printer->ctx, "deleted", object->deleted);
	printer->number(printer->ctx, "parked", object->parked);
	if (object->ledger_count < 0)
		printer->decimal(printer->ctx, "ledger_count", NULL);
	else
		printer->number(printer->ctx, "ledger_count", object->ledger_count);
	printer->time(printer->ctx, "ledger_count_at", object->ledger_count < 0 ? 0 : object->ledger_count_ms);
}

static void print_object(struct app *app, const struct account *account, const struct object *object, const struct printer *printer)
{
	struct error error = object->last_error;

	/* A sweep that waits for a person is told where errors are told. */
	if (*object->guard && strcmp(object->guard, "approved") != 0)
		error_set(&error, ERROR_CONFLICT, "%s", object->guard);
	printer->row(printer->ctx);
	printer->text(printer->ctx, "account", account->name);
	printer->text(printer->ctx, "account_id", account->id);
	printer->text(printer->ctx, "provider", account->provider);
	printer->text(printer->ctx, "environment", environment_word(account->environment));
	printer->text(printer->ctx, "type", object->type);
	printer->text(printer->ctx, "status", object->wanted ? object_status_word(object->status) : "paused");
	printer->flag(printer->ctx, "wanted", object->wanted);
	print_counts(object, printer);
	printer->time(printer->ctx, "last_attempt_at", object->attempt_ms);
	printer->time(printer->ctx, "last_success_at", object->success_ms);
	printer->time(printer->ctx, "next_at", object->status == OBJECT_DEAD ? 0 : instant(object->next_ms));
	printer->time(printer->ctx, "read_up_to_at", instant(object->cursor_ms));
	printer->time(printer->ctx, "full_at", object->full_ms);
	printer->time(printer->ctx, "sweep_at", object->sweep_ms);
	printer->flag(printer->ctx, "sweep_due", object->sweep_due);
	printer->flag(printer->ctx, "under_way", *object->position != '\0');
	printer->number(printer->ctx, "failures", object->failures);
	printer->number(printer->ctx, "interval_s", sync_interval_s(app->store, app->settings, object));
	verb_error(printer, account->provider, &error);
	verb_text(printer, "guard", object->guard);
	verb_text(printer, "drift", object->drift);
}

static bool shown(const struct object *object, const char *const *types, const char *state)
{
	bool wanted = !types;

	for (; types && *types; types++)
		wanted = wanted || strcmp(*types, object->type) == 0;
	if (!wanted || !state)
		return wanted;
	/* What a person looks for under "failed" is all that did not go well. */
	if (strcmp(state, "failed") == 0)
		return object->status == OBJECT_FAILED || object->status == OBJECT_DEAD || *object->guard;
	return strcmp(state, object_status_word(object->status)) == 0;
}

static bool check_state(const char *state, struct error *err)
{
	AUTO(str_clear) struct str words = STR_INIT(200);

	if (!state)
		return true;
	for (int i = 0; i < OBJECT_STATUS_COUNT; i++) {
		if (strcmp(object_status_word((enum object_status)i), state) == 0)
			return true;
		str_addf(&words, "%s%s", i ? ", " : "", object_status_word((enum object_status)i));
	}
	return error_set(err, ERROR_INPUT, "there is no state '%.40s'; there are %s", state, words.text);
}

/* What fails by itself in the night is told where one looks in the morning. */
static void note_backups(struct app *app, const struct printer *printer)
{
	struct sync_backups backups;
	struct error ignored;

	if (sync_backup_state(app->store, app->settings, &backups, &ignored) && backups.failures > 0)
		verb_note(printer, "The last backup failed: %s. 'ledgerdeck retry %lld' tries it again.", backups.error.text,
			  (long long)backups.failed);
}

static enum command_exit run(struct app *app, const struct arguments *arguments, const struct printer *printer,
			     struct error *err)
{
	AUTO(account_list_clear) struct account_list list = { 0 };
	AUTO(str_clear) struct str text = STR_INIT(400);
	AUTO(memory_freep) const char **types = NULL;
	const char *state = argument(arguments, "--state");

	if (!check_state(state, err) || !verb_accounts(app, argument_all(arguments, "ACCOUNT"), &list, err) ||
	    !verb_types(app, NULL, argument_all(arguments, "--type"), &types, err))
		return verb_failed(err);
	printer->begin(printer->ctx, "status", columns);
	for (size_t i = 0; i < list.count; i++) {
		AUTO(object_list_clear) struct object_list objects = { 0 };

		if (!objects_all(app->store, list.items[i].id, &objects, err))
			return verb_failed(err);
		for (size_t k = 0; k < objects.count; k++)
			if (shown(&objects.items[k], types, state))
				print_object(app, &list.items[i], &objects.items[k], printer);
	}
	printer->end(printer->ctx);
	for (size_t i = 0; i < list.count; i++)
		if (*list.items[i].reason)
			verb_note(printer, "%s: %s", list.items[i].name, list.items[i].reason);
	note_backups(app, printer);
	if (list.count == 0)
		verb_note(printer, "No accounts yet. Connect one with %s.", verb_connect(&text));
	return EXIT_DONE;
}

static const struct argument_row rows[] = {
	{ "ACCOUNT", NULL, true, false, "only these, by any unique prefix of name or id" },
	{ "--type", "TYPE", true, false, "only these types; several with commas between them" },
	{ "--state", "STATE", false, false, "only types in this state; 'failed' is all that needs a look" },
};

static const char *const examples[] = { "ledgerdeck status", "ledgerdeck status Acme --state failed",
					"ledgerdeck status --json --type Invoice,Payment", NULL };

const struct command command_status = {
	.name = "status", .summary = "show the state of every type of every account", .needs = NEEDS_STORE,
	.arguments = rows, .argument_count = ARRAY_LEN(rows), .examples = examples, .run = run,
};
