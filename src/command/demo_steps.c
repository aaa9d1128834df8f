/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Steps of the demo. */
#include "demo_steps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/store/accounts.h"
#include "verbs.h"

/* ---- a printer that lets only notes through */

static void no_begin(void *ctx, const char *what, const struct printer_column *columns)
{
	(void)ctx;
	(void)what;
	(void)columns;
}

static void no_row(void *ctx)
{
	(void)ctx;
}

static void no_text(void *ctx, const char *name, const char *value)
{
	(void)ctx;
	(void)name;
	(void)value;
}

static void no_number(void *ctx, const char *name, int64_t value)
{
	(void)ctx;
	(void)name;
	(void)value;
}

static void no_flag(void *ctx, const char *name, bool value)
{
	(void)ctx;
	(void)name;
	(void)value;
}

static void no_json(void *ctx, const char *name, const char *json, size_t len)
{
	(void)ctx;
	(void)name;
	(void)json;
	(void)len;
}

static void no_raw(void *ctx, const char *bytes, size_t len)
{
	(void)ctx;
	(void)bytes;
	(void)len;
}

static struct printer notes_only(const struct printer *printer)
{
	struct printer notes = *printer;

	notes.begin = no_begin;
	notes.row = no_row;
	notes.text = no_text;
	notes.number = no_number;
	notes.decimal = no_text;
	notes.time = no_number;
	notes.flag = no_flag;
	notes.json = no_json;
	notes.end = no_row;
	notes.flush = no_row;
	notes.raw = no_raw;
	return notes;
}

/* ---- commands */

bool steps_do(struct steps *steps, const char *const *words, struct error *err)
{
	int count = 0;
	AUTO(arguments_freep) struct arguments *arguments = NULL;
	const struct command *command = command_find(words[0], NULL);
	char **copies = NULL;
	size_t room = 0;
	AUTO(str_clear) struct str line = STR_INIT(4000);
	enum command_exit code;
	bool parsed;

	for (; words[count]; count++) {
		memory_grow(&copies, &room, (size_t)count + 1, sizeof(*copies));
		copies[count] = memory_copy_text(words[count]);
		str_addf(&line, strchr(words[count], ' ') ? " '%s'" : " %s", words[count]);
	}
	verb_note(&steps->printer, "$ ledgerdeck%s", line.text);
	parsed = command_parse(command, count - 1, copies + 1, &arguments, err);
	code = parsed ? command_run(steps->app, command, arguments, &steps->printer, err) : EXIT_USAGE;
	for (int i = 0; i < count; i++)
		free(copies[i]);
	free(copies);
	if (code == EXIT_DONE || code == EXIT_PERSON || code == EXIT_CHANGES || code == EXIT_PARTLY) {
		error_clear(err);
		return true;
	}
	return err->code != ERROR_NONE ? false : error_set(err, ERROR_INTERNAL, "'%s' of the demo ended with %d", words[0], (int)code);
}

bool steps_begin(struct steps *steps, struct app *app, const char *company, const struct printer *printer, struct error *err)
{
	struct account account;

	*steps = (struct steps){ .app = app, .printer = notes_only(printer) };
	if (!app_store(app, true, err) || !accounts_find(app->store, company, &account, err))
		return false;
	snprintf(steps->account, sizeof(steps->account), "%s", account.id);
	snprintf(steps->company, sizeof(steps->company), "%s", account.name);
	return true;
}
