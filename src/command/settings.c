/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `settings`: every setting with its value, and where that came from. */
#include <string.h>

#include "ledgerdeck/model/nearest.h"
#include "verbs.h"

static const struct printer_column plain_columns[] = {
	{ "setting", false }, { "value", false }, { "set", true }, { "built_in", true }, { "origin", true }, { "kind", true },
	{ "words", true }, { "min", true }, { "max", true }, { "secret", true }, { "local", true }, { "variables", true },
	{ "file_variables", true }, { "help", false }, { NULL, false },
};
static const struct printer_column origin_columns[] = {
	{ "setting", false }, { "value", false }, { "set", true }, { "built_in", true }, { "origin", false }, { "kind", true },
	{ "words", true }, { "min", true }, { "max", true }, { "secret", true }, { "local", true }, { "variables", true },
	{ "file_variables", true }, { "help", true }, { NULL, false },
};

static void print_bounds(const struct setting_row *setting, const struct printer *printer)
{
	if (setting->min == 0 && setting->max == 0) {
		printer->decimal(printer->ctx, "min", NULL);
		printer->decimal(printer->ctx, "max", NULL);
	} else {
		printer->number(printer->ctx, "min", setting->min);
		printer->number(printer->ctx, "max", setting->max);
	}
}

/* Its names as an environment variable: ours first, then what other services call it. */
static void print_variables(const struct setting_row *setting, bool file_only, const struct printer *printer)
{
	AUTO(str_clear) struct str names = STR_INIT(2000);
	const char *variable;
	size_t at = 0;
	bool only;

	str_add_char(&names, '[');
	if (!file_only) {
		str_add_char(&names, '"');
		setting_add_variable(setting->name, &names);
		str_add_char(&names, '"');
	}
	while ((variable = settings_variable(setting->name, &at, &only)) != NULL)
		if (only == file_only)
			str_addf(&names, "%s\"%s\"", names.len > 1 ? "," : "", variable);
	str_add_char(&names, ']');
	printer->json(printer->ctx, file_only ? "file_variables" : "variables", names.text, names.len);
}

static void print_setting(struct app *app, const struct setting_row *setting, const struct printer *printer)
{
	bool sensitive = setting->flags & SETTING_SENSITIVE;
	const char *value = settings_text(app->settings, setting->name);
	bool is_set = sensitive ? settings_secret(app->settings, setting->name) != NULL
				: strcmp(settings_origin(app->settings, setting->name), "built in") != 0;

	printer->row(printer->ctx);
	printer->text(printer->ctx, "setting", setting->name);
	if (sensitive && is_set)
		printer->text(printer->ctx, "value", printer->brief ? "<hidden>" : NULL);
	else
		verb_text(printer, "value", value);
	printer->flag(printer->ctx, "set", is_set);
	verb_text(printer, "built_in", setting->value);
	printer->text(printer->ctx, "origin", settings_origin(app->settings, setting->name));
	printer->text(printer->ctx, "kind", setting_kind_word(setting->kind));
	verb_text(printer, "words", setting->words ? setting->words : "");
	print_bounds(setting, printer);
	printer->flag(printer->ctx, "secret", sensitive);
	printer->flag(printer->ctx, "local", !(setting->flags & SETTING_NOT_LOCAL));
	print_variables(setting, false, printer);
	print_variables(setting, true, printer);
	printer->text(printer->ctx, "help", setting->help);
}

static bool begins(const char *name, const char *word)
{
	return !word || strncmp(name, word, strlen(word)) == 0;
}

static enum command_exit run(struct app *app, const struct arguments *arguments, const struct printer *printer,
			     struct error *err)
{
	const char *word = argument(arguments, "NAME");
	struct nearest nearest = nearest_start(word ? word : "", word ? strlen(word) : 0);
	char hint[NEAREST_HINT_MAX];
	size_t count, found = 0;
	const struct setting_row *settings = settings_rows(&count);

	for (size_t i = 0; i < count; i++) {
		found += begins(settings[i].name, word);
		nearest_try(&nearest, settings[i].name);
	}
	if (found == 0) {
		error_set(err, ERROR_INPUT, "there is no setting '%.60s'%s see 'ledgerdeck settings'", word,
			  *nearest_hint(&nearest, hint) ? hint : ";");
		return EXIT_USAGE;
	}
	printer->begin(printer->ctx, "settings", argument_given(arguments, "--origin") ? origin_columns : plain_columns);
	for (size_t i = 0; i < count; i++)
		if (begins(settings[i].name, word))
			print_setting(app, &settings[i], printer);
	printer->end(printer->ctx);
	return EXIT_DONE;
}

static const struct argument_row rows[] = {
	{ "NAME", NULL, false, false, "only settings whose names begin so: sync, sync.interval" },
	{ "--origin", NULL, false, false, "show where each value came from" },
};

const struct command command_settings = {
	.name = "settings", .summary = "show the settings and where they come from", .arguments = rows,
	.argument_count = ARRAY_LEN(rows), .run = run,
};
