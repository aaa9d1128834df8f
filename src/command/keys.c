/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `keys`: what can be done in the deck, by which keys, and where those came from. */
#include "ledgerdeck/command/keys.h"

#include <string.h>

#include "ledgerdeck/model/nearest.h"
#include "verbs.h"

static const struct printer_column columns[] = {
	{ "action", false }, { "keys", false }, { "built_in", true }, { "origin", false }, { "places", true }, { "changes", true },
	{ "help", false }, { NULL, false },
};

static void print_action(const struct keys *keys, enum action action, const struct printer *printer)
{
	const struct action_row *row = action_row(action);
	AUTO(str_clear) struct str names = STR_INIT(400);
	AUTO(str_clear) struct str origin = STR_INIT(5000);
	AUTO(str_clear) struct str places = STR_INIT(400);

	keys_add_names(keys, action, &names);
	keys_add_origin(keys, action, &origin);
	for (unsigned place = 1; where_word(place); place <<= 1)
		if (row->where & place)
			str_addf(&places, "%s%s", places.len ? " " : "", where_word(place));
	printer->row(printer->ctx);
	printer->text(printer->ctx, "action", row->id);
	verb_text(printer, "keys", names.text);
	verb_text(printer, "built_in", row->keys);
	printer->text(printer->ctx, "origin", origin.text);
	printer->text(printer->ctx, "places", places.text);
	printer->flag(printer->ctx, "changes", row->changes);
	printer->text(printer->ctx, "help", row->help);
}

static enum command_exit print_keys(const struct keys *keys, const char *word, const struct printer *printer, struct error *err)
{
	struct nearest nearest = nearest_start(word ? word : "", word ? strlen(word) : 0);
	char hint[NEAREST_HINT_MAX];
	size_t found = 0;

	for (int i = 1; i < ACTION_COUNT; i++) {
		found += !word || strncmp(action_row((enum action)i)->id, word, strlen(word)) == 0;
		nearest_try(&nearest, action_row((enum action)i)->id);
	}
	if (found == 0) {
		error_set(err, ERROR_INPUT, "there is no action '%.60s'%s see 'ledgerdeck keys'", word,
			  *nearest_hint(&nearest, hint) ? hint : ";");
		return EXIT_USAGE;
	}
	printer->begin(printer->ctx, "keys", columns);
	for (int i = 1; i < ACTION_COUNT; i++)
		if (action_row((enum action)i)->where && (!word || strncmp(action_row((enum action)i)->id, word, strlen(word)) == 0))
			print_action(keys, (enum action)i, printer);
	printer->end(printer->ctx);
	return EXIT_DONE;
}

static enum command_exit run(struct app *app, const struct arguments *arguments, const struct printer *printer, struct error *err)
{
	AUTO(keys_freep) struct keys *keys = NULL;
	const char *path = argument(arguments, "--check");

	if (path ? !keys_load_file(path, &keys, err) : !keys_load(app->settings, &keys, err))
		return verb_failed(err);
	if (path)
		verb_note(printer, "'%s' is in order. To use it, put it into the configuration directory as 'keys'.", path);
	return print_keys(keys, argument(arguments, "ACTION"), printer, err);
}

static const struct argument_row rows[] = {
	{ "ACTION", NULL, false, false, "only actions whose ids begin so: sort" },
	{ "--check", "FILE", false, false, "check a keys file and show what it would do; nothing is changed" },
};

const struct command command_keys = {
	.name = "keys", .summary = "show the deck's keys and where they come from", .arguments = rows,
	.argument_count = ARRAY_LEN(rows), .run = run,
};
