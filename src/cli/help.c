/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Help for people, written from the same table that commands are run from. */
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "face.h"

#define COLUMN 26

static void add_row(struct str *out, const char *left, const char *right)
{
	size_t start = out->len;

	str_addf(out, "  %s", left);
	if (out->len - start > COLUMN - 2) {
		str_add_char(out, '\n');
		start = out->len;
	}
	while (out->len - start < COLUMN)
		str_add_char(out, ' ');
	str_addf(out, "%s\n", right);
}

static void add_argument(struct str *out, const struct argument_row *row)
{
	AUTO(str_clear) struct str left = STR_INIT(200);

	str_add(&left, row->name);
	if (row->value)
		str_addf(&left, "%s%s", row->value[0] == '[' ? "[=" : " ", row->value[0] == '[' ? row->value + 1 : row->value);
	if (row->many && row->name[0] != '-')
		str_add(&left, "...");
	add_row(out, left.text, row->help);
}

static void add_arguments(struct str *out, const struct argument_row *rows, size_t count, bool options)
{
	for (size_t i = 0; i < count; i++)
		if ((rows[i].name[0] == '-') == options)
			add_argument(out, &rows[i]);
}

void help_add_all(struct str *out)
{
	size_t count, global_count;
	const struct command *const *all = command_all(&count);
	const struct argument_row *globals = command_globals(&global_count);

	str_add(out, "Usage: ledgerdeck [OPTION]... COMMAND [ARGUMENT]...\n"
		     "One terminal for every set of books you keep in step.\n"
		     "\nCommands:\n");
	for (size_t i = 0; i < count; i++)
		add_row(out, all[i]->name, all[i]->summary);
	str_add(out, "\nOptions of all commands:\n");
	add_arguments(out, globals, global_count, true);
	str_add(out, "\n'ledgerdeck help COMMAND' explains one of them; see also ledgerdeck(1).\n"
		     "\nExit status: 0 done, 1 failed, 2 wrong usage or settings, 3 needs a person, 4 partly done,\n"
		     "5 outcome unknown, 6 stale plan, 7 not connected or locked, 8 budget used up,\n"
		     "9 changes are planned, 130 interrupted.\n");
}

void help_add_command(const struct command *command, struct str *out)
{
	bool options = false, words = false;

	str_addf(out, "Usage: ledgerdeck %s", command->name);
	for (size_t i = 0; i < command->argument_count; i++) {
		const struct argument_row *row = &command->arguments[i];

		options = options || row->name[0] == '-';
		if (row->name[0] == '-')
			continue;
		words = true;
		str_addf(out, row->required ? " %s%s" : " [%s%s]", row->name, row->many ? "..." : "");
	}
	str_addf(out, "%s\n%c%s.\n", options ? " [OPTION]..." : "", command->summary[0] - 'a' + 'A', command->summary + 1);
	if (words) {
		str_add_char(out, '\n');
		add_arguments(out, command->arguments, command->argument_count, false);
	}
	if (options) {
		str_add(out, "\nOptions:\n");
		add_arguments(out, command->arguments, command->argument_count, true);
	}
	for (size_t i = 0; command->examples && command->examples[i]; i++)
		str_addf(out, "%s  %s\n", i ? "" : "\nExamples:\n", command->examples[i]);
	str_add(out, "\nOptions of all commands: see 'ledgerdeck help'.\n");
}

/* Commands of two words: "vault init". */
static bool in_group(const struct command *command, const char *group)
{
	size_t len = strlen(group);

	return strncmp(command->name, group, len) == 0 && command->name[len] == ' ';
}

bool help_is_group(const char *word)
{
	size_t count;
	const struct command *const *all = command_all(&count);

	for (size_t i = 0; i < count; i++)
		if (*word && in_group(all[i], word))
			return true;
	return false;
}

void help_add_group(const char *group, struct str *out)
{
	size_t count;
	const struct command *const *all = command_all(&count);

	str_addf(out, "Usage: ledgerdeck %s COMMAND [ARGUMENT]...\n\nCommands:\n", group);
	for (size_t i = 0; i < count; i++)
		if (in_group(all[i], group))
			add_row(out, all[i]->name, all[i]->summary);
	str_addf(out, "\n'ledgerdeck help %s COMMAND' explains one of them.\n", group);
}
