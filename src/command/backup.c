/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `backup` and `restore`: a copy of the store while others work on it, and putting one back. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/date.h"
#include "verbs.h"

struct copying {
	const struct printer *printer;
	const struct app *app;
	int64_t begun_ms; /* ticks */
};

static void tell(void *ctx, int64_t done, int64_t all)
{
	const struct copying *copying = ctx;
	int64_t took_ms = copying->app->env.ticks_ms(copying->app->env.ctx) - copying->begun_ms;
	struct printer_progress progress = { .account = "", .type = "", .copied = done, .to_copy = all, .took_ms = took_ms, .left_ms = -1 };

	if (done > 0 && took_ms > 1000)
		progress.left_ms = (all - done) / (done / took_ms + 1);
	copying->printer->progress(copying->printer->ctx, &progress);
}

static void tell_end(const struct printer *printer)
{
	if (printer->progress)
		printer->progress(printer->ctx, NULL);
}

static void print_facts(const struct backup_facts *facts, const struct printer *printer)
{
	printer->number(printer->ctx, "bytes", facts->bytes);
	printer->number(printer->ctx, "records", facts->records);
	printer->number(printer->ctx, "accounts", facts->accounts);
	printer->time(printer->ctx, "taken_at", facts->taken_ms);
}

/* ---- backup */

bool verb_backup(struct app *app, const char *path, bool replace, const char *cause, const struct printer *printer, struct error *err)
{
	struct copying copying = { .printer = printer, .app = app, .begun_ms = app->env.ticks_ms(app->env.ctx) };
	struct sync_backup wish = { .path = path, .cause = cause, .replace = replace, .noted = app->store_writes, .env = app->env,
				    .progress = printer->progress ? tell : NULL, .ctx = &copying, .cancel = app->cancel };
	struct sync_backup_result result;
	bool good = sync_backup(app->store, app->settings, &wish, &result, err);

	tell_end(printer);
	if (!good)
		return false;
	printer->begin(printer->ctx, "backup", NULL);
	printer->text(printer->ctx, "file", result.path);
	print_facts(&result.facts, printer);
	printer->number(printer->ctx, "took_ms", app->env.ticks_ms(app->env.ctx) - copying.begun_ms);
	printer->number(printer->ctx, "removed", result.removed);
	if (result.attempt)
		printer->number(printer->ctx, "attempt", result.attempt);
	else
		printer->decimal(printer->ctx, "attempt", NULL);
	printer->end(printer->ctx);
	return true;
}

static enum command_exit backup_run(struct app *app, const struct arguments *arguments, const struct printer *printer,
				    struct error *err)
{
	struct error unwritten = { 0 };

	/* It is told in the log where that can be written; where not, it is needed all the more. */
	if (!app->readonly && !app_store(app, true, &unwritten))
		verb_note(printer, "The log does not tell of this backup: %s", unwritten.text);
	if (!verb_backup(app, argument(arguments, "FILE"), argument_given(arguments, "--force"), "operator", printer, err))
		return verb_failed(err);
	verb_note(printer, "It is whole: what was copied was looked over and counted. It opens with what opens the vault now, so keep that, too.");
	return EXIT_DONE;
}

static const struct argument_row backup_rows[] = {
	{ "FILE", NULL, false, false, "where to; without it into the directory of the setting backup.directory" },
	{ "--force", NULL, false, false, "replace a file that has that name" },
};

static const char *const backup_examples[] = { "ledgerdeck backup /mnt/stick/books.db", "ledgerdeck backup", NULL };

const struct command command_backup = {
	.name = "backup", .summary = "copy the store while others work on it", .needs = NEEDS_STORE, .arguments = backup_rows,
	.argument_count = ARRAY_LEN(backup_rows), .examples = backup_examples, .run = backup_run,
};

/* ---- restore */

static bool confirm(struct app *app, const struct backup_facts *facts, struct error *err)
{
	AUTO(secret_freep) struct secret *line = NULL;
	char at[STAMP_TEXT_MAX], question[300];

	snprintf(question, sizeof(question), "Put the backup of %s (%lld accounts, %lld records) in the place of '%.100s'?\n"
		 "Type restore to do so: ", facts->taken_ms ? stamp_format(facts->taken_ms, 0, false, at) : "an unknown time",
		 (long long)facts->accounts, (long long)facts->records, app->store_path);
	if (!app->ask(app->ask_ctx, question, ASK_LINE, NULL, &line, err)) {
		if (err->code == ERROR_INPUT)
			error_set(err, ERROR_INPUT, "nobody is there to agree; --yes agrees beforehand");
		return false;
	}
	return strcmp(secret_reveal(line), "restore") == 0 || error_set(err, ERROR_INPUT, "not confirmed; nothing was changed");
}

static void print_restored(const struct app *app, const char *file, const struct restored *restored, const struct printer *printer)
{
	printer->begin(printer->ctx, "restore", NULL);
	printer->text(printer->ctx, "store", app->store_path);
	printer->text(printer->ctx, "file", file);
	print_facts(&restored->facts, printer);
	verb_text(printer, "kept_as", restored->kept_as);
	printer->number(printer->ctx, "epoch", restored->epoch);
	printer->number(printer->ctx, "tokens_taken_over", restored->taken_over);
	printer->number(printer->ctx, "tokens_unsure", restored->untaken);
	printer->end(printer->ctx);
}

static void advise(const struct restored *restored, const struct printer *printer)
{
	if (*restored->kept_as)
		verb_note(printer, "What was there is kept as '%s'.", restored->kept_as);
	verb_note(printer, "Every type is read on from where the backup was and then swept, so what happened in the ledgers since is found: "
		  "'ledgerdeck sync --all' does it now.");
	verb_note(printer, "The vault opens with what opened it when the backup was taken.");
	if (restored->taken_over > 0)
		verb_note(printer, "%lld accounts go on with the newer tokens of what was there.", (long long)restored->taken_over);
	if (restored->untaken > 0)
		verb_note(printer, "%lld accounts have the tokens of that time. Ledgers take only the newest: 'ledgerdeck refresh --all' tries "
			  "them, and what is refused must be connected again with 'ledgerdeck connect'.", (long long)restored->untaken);
}

static enum command_exit restore_run(struct app *app, const struct arguments *arguments, const struct printer *printer,
				     struct error *err)
{
	struct copying copying = { .printer = printer, .app = app, .begun_ms = app->env.ticks_ms(app->env.ctx) };
	struct backup_how how = { .now_ms = verb_now(app), .progress = printer->progress ? tell : NULL, .ctx = &copying,
				  .cancel = app->cancel };
	const char *file = argument(arguments, "FILE");
	struct restored restored;
	struct backup_facts facts;
	bool good;

	if (!app_find(app, err) || !store_backup_facts(file, &facts, err) ||
	    (!argument_given(arguments, "--yes") && !confirm(app, &facts, err)))
		return verb_failed(err);
	good = store_restore(app->store_path, file, &how, app->who, &restored, err);
	tell_end(printer);
	if (!good)
		return verb_failed(err);
	print_restored(app, file, &restored, printer);
	advise(&restored, printer);
	return EXIT_DONE;
}

static const struct argument_row restore_rows[] = {
	{ "FILE", NULL, false, true, "the backup" },
	{ "--yes", NULL, false, false, "do not ask" },
};

static const char *const restore_examples[] = { "ledgerdeck restore /mnt/stick/books.db", NULL };

const struct command command_restore = {
	.name = "restore", .summary = "put a backup in the place of the store", .needs = CHANGES_THINGS, .arguments = restore_rows,
	.argument_count = ARRAY_LEN(restore_rows), .examples = restore_examples, .run = restore_run,
};
