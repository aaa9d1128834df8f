/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `help`: every command, or the arguments of one, as a table. Prose for people is the face's. */
#include <string.h>

#include "verbs.h"

static const struct printer_column command_columns[] = { { "command", false }, { "summary", false }, { "changes", true },
							 { NULL, false } };
static const struct printer_column argument_columns[] = { { "argument", false }, { "value", false }, { "required", true },
							  { "repeatable", true }, { "help", false }, { NULL, false } };

static void print_all(const struct printer *printer)
{
	size_t count;
	const struct command *const *all = command_all(&count);

	printer->begin(printer->ctx, "commands", command_columns);
	for (size_t i = 0; i < count; i++) {
		printer->row(printer->ctx);
		printer->text(printer->ctx, "command", all[i]->name);
		printer->text(printer->ctx, "summary", all[i]->summary);
		printer->flag(printer->ctx, "changes", all[i]->needs & CHANGES_THINGS);
	}
	printer->end(printer->ctx);
}

static void print_arguments(const struct argument_row *rows, size_t count, const struct printer *printer)
{
	for (size_t i = 0; i < count; i++) {
		printer->row(printer->ctx);
		printer->text(printer->ctx, "argument", rows[i].name);
		printer->text(printer->ctx, "value", rows[i].value);
		printer->flag(printer->ctx, "required", rows[i].required);
		printer->flag(printer->ctx, "repeatable", rows[i].many);
		printer->text(printer->ctx, "help", rows[i].help);
	}
}

static enum command_exit run(struct app *app, const struct arguments *arguments, const struct printer *printer,
			     struct error *err)
{
	const char *const *words = argument_all(arguments, "COMMAND");
	AUTO(str_clear) struct str name = STR_INIT(100);
	const struct command *command;
	const struct argument_row *globals;
	const char *near = NULL;
	size_t count;

	(void)app;
	if (!words) {
		print_all(printer);
		return EXIT_DONE;
	}
	for (size_t i = 0; words[i]; i++)
		str_addf(&name, "%s%s", i ? " " : "", words[i]);
	command = command_find(name.text, &near);
	if (!command) {
		error_set(err, ERROR_INPUT, "there is no command '%.60s'%s%s%s", name.text, near ? "; did you mean '" : "",
			  near ? near : "", near ? "'?" : "; see 'ledgerdeck help'");
		return EXIT_USAGE;
	}
	globals = command_globals(&count);
	printer->begin(printer->ctx, "arguments", argument_columns);
	print_arguments(command->arguments, command->argument_count, printer);
	print_arguments(globals, count, printer);
	printer->end(printer->ctx);
	return EXIT_DONE;
}

static const struct argument_row rows[] = { { "COMMAND", NULL, true, false, "the command to explain" } };

const struct command command_help = {
	.name = "help", .summary = "explain the commands, or one of them", .arguments = rows, .argument_count = ARRAY_LEN(rows),
	.run = run,
};
