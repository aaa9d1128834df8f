/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes the options that any command has out of the argument list, wherever they stand. */
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "face.h"

void cli_options_clear(struct cli_options *options)
{
	free(options->flags);
	free(options->words);
	*options = (struct cli_options){ 0 };
}

/* Which global option is it? Its length without a value; NULL: none. */
static const struct argument_row *find_global(const char *word, const char **ret_value)
{
	const char *equals = strchr(word, '=');
	size_t count, len = equals ? (size_t)(equals - word) : strlen(word);
	const struct argument_row *rows = command_globals(&count);
	const char *name = strcmp(word, "-h") == 0 ? "--help" : strcmp(word, "-V") == 0 ? "--version"
			   : strcmp(word, "-q") == 0 ? "--quiet" : word;

	*ret_value = equals ? equals + 1 : NULL;
	if (name != word)
		len = strlen(name);
	for (size_t i = 0; i < count; i++)
		if (strlen(rows[i].name) == len && strncmp(rows[i].name, name, len) == 0)
			return &rows[i];
	return NULL;
}

static void add_flag(struct cli_options *options, const char *text)
{
	size_t count = 0;

	while (options->flags && options->flags[count])
		count++;
	options->flags = memory_resize(options->flags, (count + 2) * sizeof(*options->flags));
	options->flags[count] = text;
	options->flags[count + 1] = NULL;
}

static void set_option(struct cli_options *options, const char *name, const char *value)
{
	const struct { const char *name; const char **text; bool *flag; } places[] = {
		{ "--profile", &options->profile, NULL }, { "--env-file", &options->env_file, NULL },
		{ "--store", &options->store, NULL },     { "--quiet", NULL, &options->quiet },
		{ "--color", &options->colour, NULL },    { "--fresh", NULL, &options->fresh },
		{ "--plain", NULL, &options->plain },
		{ "--readonly", NULL, &options->readonly }, { "--help", NULL, &options->help },
		{ "--version", NULL, &options->version },
	};

	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		if (strcmp(places[i].name, name) != 0)
			continue;
		if (places[i].text)
			*places[i].text = value;
		else
			*places[i].flag = true;
	}
	if (strcmp(name, "--set") == 0)
		add_flag(options, value);
	if (strcmp(name, "--json") == 0)
		options->format = CLI_JSON;
	if (strcmp(name, "--csv") == 0)
		options->format = CLI_CSV;
}

bool cli_options_parse(int argc, char **argv, struct cli_options *ret_options, struct error *err)
{
	struct cli_options *options = ret_options;
	bool more = true;

	*options = (struct cli_options){ 0 };
	options->words = memory_new(((size_t)argc + 1) * sizeof(*options->words));
	for (int i = 1; i < argc; i++) {
		const char *value;
		const struct argument_row *row = more ? find_global(argv[i], &value) : NULL;

		more = more && strcmp(argv[i], "--") != 0;
		if (!row) {
			options->words[options->word_count++] = argv[i];
			continue;
		}
		if (!row->value && value)
			return error_set(err, ERROR_INPUT, "option '%s' takes no value", row->name);
		if (row->value && !value && ++i == argc)
			return error_set(err, ERROR_INPUT, "option '%s' needs a value: %s", row->name, row->value);
		if (row->value && !value)
			value = argv[i];
		if (row->value && !*value)
			return error_set(err, ERROR_INPUT, "option '%s' needs a value: %s", row->name, row->value);
		set_option(options, row->name, value);
	}
	return true;
}
