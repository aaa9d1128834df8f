/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words to named arguments, by a command's rows. What a value means is the command's. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/model/nearest.h"
#include "verbs.h"

struct given { /* what came for one row */
	char **values;   /* owned, and each of them; NULL at the end */
	size_t count, room;
};

struct arguments {
	const struct command *command; /* borrowed */
	struct given *given;           /* owned: one for each row */
};

void arguments_free(struct arguments *arguments)
{
	if (!arguments)
		return;
	for (size_t i = 0; i < arguments->command->argument_count; i++) {
		for (size_t k = 0; k < arguments->given[i].count; k++)
			free(arguments->given[i].values[k]);
		free(arguments->given[i].values);
	}
	free(arguments->given);
	free(arguments);
}

void arguments_freep(struct arguments **arguments)
{
	arguments_free(*arguments);
	*arguments = NULL;
}

static const struct given *find(const struct arguments *arguments, const char *name)
{
	for (size_t i = 0; i < arguments->command->argument_count; i++)
		if (strcmp(arguments->command->arguments[i].name, name) == 0)
			return &arguments->given[i];
	assert(!"an argument that the command has no row for");
	return NULL;
}

const char *argument(const struct arguments *arguments, const char *name)
{
	const struct given *given = find(arguments, name);

	return given->count > 0 ? given->values[given->count - 1] : NULL;
}

const char *const *argument_all(const struct arguments *arguments, const char *name)
{
	const struct given *given = find(arguments, name);

	return given->count > 0 ? (const char *const *)given->values : NULL;
}

bool argument_given(const struct arguments *arguments, const char *name)
{
	return find(arguments, name)->count > 0;
}

static bool is_option(const struct argument_row *row)
{
	return row->name[0] == '-';
}

static bool add(struct arguments *arguments, size_t index, const char *value, struct error *err)
{
	const struct argument_row *row = &arguments->command->arguments[index];
	struct given *given = &arguments->given[index];

	if (given->count > 0 && !row->many)
		return error_set(err, ERROR_INPUT, "'%s' can be given once only", row->name);
	memory_grow(&given->values, &given->room, given->count + 2, sizeof(*given->values));
	given->values[given->count++] = memory_copy_text(value);
	given->values[given->count] = NULL;
	return true;
}

static bool unknown_option(const struct command *command, const char *word, size_t len, struct error *err)
{
	struct nearest nearest = nearest_start(word, len);
	char hint[NEAREST_HINT_MAX];
	size_t count;
	const struct argument_row *globals = command_globals(&count);

	for (size_t i = 0; i < command->argument_count; i++)
		if (is_option(&command->arguments[i]))
			nearest_try(&nearest, command->arguments[i].name);
	for (size_t i = 0; i < count; i++)
		nearest_try(&nearest, globals[i].name);
	return error_set(err, ERROR_INPUT, "'%s' has no option '%.*s'%s see 'ledgerdeck help %s'", command->name,
			 len > 60 ? 60 : (int)len, word, *nearest_hint(&nearest, hint) ? hint : ";", command->name);
}

/* "--name", "--name=value" or "--name value"; `at` moves behind what was taken. */
static bool take_option(struct arguments *arguments, int count, char *const *words, int *at, struct error *err)
{
	const struct command *command = arguments->command;
	const char *word = words[*at], *equals = strchr(word, '=');
	size_t len = equals ? (size_t)(equals - word) : strlen(word), index = 0;
	const struct argument_row *row;

	while (index < command->argument_count && (!is_option(&command->arguments[index]) ||
						   strlen(command->arguments[index].name) != len ||
						   strncmp(command->arguments[index].name, word, len) != 0))
		index++;
	if (index == command->argument_count)
		return unknown_option(command, word, len, err);
	row = &command->arguments[index];
	(*at)++;
	if (!row->value && equals)
		return error_set(err, ERROR_INPUT, "option '%s' takes no value", row->name);
	if (equals)
		return add(arguments, index, equals + 1, err);
	if (!row->value || row->value[0] == '[')
		return add(arguments, index, "", err);
	if (*at == count)
		return error_set(err, ERROR_INPUT, "option '%s' needs a value: %s", row->name, row->value);
	return add(arguments, index, words[(*at)++], err);
}

/* The first word's row that is not filled yet; one that takes many is filled for ever. */
static bool take_word(struct arguments *arguments, const char *word, struct error *err)
{
	const struct command *command = arguments->command;

	for (size_t i = 0; i < command->argument_count; i++)
		if (!is_option(&command->arguments[i]) && (arguments->given[i].count == 0 || command->arguments[i].many))
			return add(arguments, i, word, err);
	return error_set(err, ERROR_INPUT, "'%s' has no place for '%.80s'; see 'ledgerdeck help %s'", command->name, word,
			 command->name);
}

bool command_parse(const struct command *command, int count, char *const *words, struct arguments **ret_arguments,
		   struct error *err)
{
	AUTO(arguments_freep) struct arguments *arguments = memory_new(sizeof(*arguments));
	bool options = true;

	arguments->command = command;
	arguments->given = memory_new((command->argument_count + 1) * sizeof(*arguments->given));
	for (int at = 0; at < count;) {
		if (options && strcmp(words[at], "--") == 0) {
			options = false;
			at++;
		} else if (options && words[at][0] == '-' && words[at][1]) {
			if (!take_option(arguments, count, words, &at, err))
				return false;
		} else if (!take_word(arguments, words[at++], err)) {
			return false;
		}
	}
	for (size_t i = 0; i < command->argument_count; i++)
		if (command->arguments[i].required && arguments->given[i].count == 0)
			return error_set(err, ERROR_INPUT, "'%s' needs %s: %s", command->name, command->arguments[i].name,
					 command->arguments[i].help);
	*ret_arguments = memory_steal(&arguments);
	return true;
}
