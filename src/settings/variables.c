/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Variables as services and shells write them: NAME=value, from the environment or a file. */
#include "variables.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"
#include "value.h"

void variables_clear(struct variables *variables)
{
	value_wipe(&variables->text);
	free(variables->items);
	*variables = (struct variables)VARIABLES_INIT;
}

static void add_variable(struct variables *variables, struct variable variable)
{
	memory_grow(&variables->items, &variables->room, variables->count + 1, sizeof(variable));
	variables->items[variables->count++] = variable;
}

void variables_add_environment(struct variables *variables, const char *const *environment)
{
	for (size_t i = 0; environment && environment[i]; i++) {
		size_t len = strcspn(environment[i], "=");

		if (environment[i][len])
			add_variable(variables, (struct variable){ environment[i], len, environment[i] + len + 1, 0 });
	}
}

/* The value in place, without quotes and what stands behind it. False: quotes that do not close, or more behind them. */
static bool unquote(char *value)
{
	char quote = *value, *in = value, *out = value;

	if (quote != '"' && quote != '\'') {
		while (*in && !(*in == '#' && (in == value || isspace((unsigned char)in[-1]))))
			in++;
		while (in > value && isspace((unsigned char)in[-1]))
			in--;
		*in = '\0';
		return true;
	}
	for (in++; *in && *in != quote; in++) {
		if (quote == '"' && *in == '\\' && in[1] && strchr("\"\\$`", in[1]))
			in++;
		*out++ = *in;
	}
	if (*in != quote)
		return false;
	in++;
	in += strspn(in, " \t\r");
	if (*in && *in != '#')
		return false;
	*out = '\0';
	return true;
}

/* One line of --env-file, "export" and quotes allowed, as shells and containers have them. */
static bool read_line(char *line, int number, struct variables *variables)
{
	size_t len;

	line += strspn(line, " \t");
	if (strncmp(line, "export", 6) == 0 && (line[6] == ' ' || line[6] == '\t'))
		line += 6 + strspn(line + 6, " \t");
	len = strcspn(line, "=");
	if (*line == '#' || !line[len])
		return true;
	if (!unquote(line + len + 1))
		return false;
	add_variable(variables, (struct variable){ line, len, line + len + 1, number });
	return true;
}

bool variables_add_file(struct variables *variables, const char *path, struct error *err)
{
	struct str *text = &variables->text;
	int number = 0;

	variables->path = path;
	if (!file_read(path, SETTINGS_FILE_MAX, text, err))
		return error_prefix(err, "cannot read --env-file");
	if (strlen(text->text) != text->len)
		return error_set(err, ERROR_INPUT, "'%s' is no text: it holds a NUL byte", path);
	for (char *line = text->text, *next; *line; line = next) {
		size_t len = strcspn(line, "\n");

		next = line + len + (line[len] == '\n');
		line[len] = '\0';
		if (!read_line(line, ++number, variables))
			return error_set(err, ERROR_INPUT, "%s:%d: the value's quotes do not close at the end of the line", path,
					 number);
	}
	return true;
}
